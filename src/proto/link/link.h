/* link: turns parsed files (or decoded descriptors) into one schema with every
 * name resolved.
 *
 * In:   a syntax tree or a raw file, after the files it imports.
 * Out:  an immutable stele_file in the job's schema.
 * Deps: base, proto/ast, proto/schema, proto/report, proto/wire. Never net,
 * store, sys. */
#ifndef STELE_PROTO_LINK_LINK_H
#define STELE_PROTO_LINK_LINK_H

#include "base/buf.h"
#include "base/err.h"
#include "proto/ast/ast.h"
#include "proto/report/report.h"
#include "proto/schema/schema.h"

/* One pool: all files of one compile, in which a full name is defined once. */
typedef struct link_job link_job;

/* A job whose schema will own everything that is linked in it.
 * Memory: `arena` dies with the schema, and holds the interner's texts too;
 * `tables` lives as long as the job; `scratch` is rewound after each file. */
link_job *link_job_new(stele_arena *arena, stele_arena *tables, stele_arena *scratch,
                       stele_interner *interner, stele_report *report);

/* Where descriptor.proto comes from when a file has options and the pool has
 * no descriptor.proto of its own. Asked at most once; may leave the guard. */
typedef const stele_file *link_descriptor_source(void *arg);
void link_job_use_descriptor(link_job *job, link_descriptor_source *source, void *arg);

/* Where a name may be that no file has which was linked so far. `source` links the
 * file that has it, if there is one, with the same job, in the middle of linking
 * the file that asks: true when it did. Asked once for each name. */
typedef bool link_symbol_source(void *arg, stele_str full_name);
void link_job_use_symbols(link_job *job, link_symbol_source *source, void *arg);

/* The file that is being linked, half made: for files that its source of names
 * links meanwhile and that import it. */
const stele_file *link_job_linking(const link_job *job);

/* A file of another schema takes part: its names count, and it is kept alive. */
void link_job_add(link_job *job, const stele_file *file);

typedef struct link_file_in {
  const stele_ast_file *ast; /* from text, or */
  stele_bytes descriptor;    /* from a FileDescriptorProto */
  stele_str name;
  const stele_file *const *imports; /* one per import of the file, in order; NULL: not found */
  uint32_t import_count;
  stele_buf *source_info; /* where the encoded SourceCodeInfo goes; NULL: not wanted */
  bool lenient;
  bool warn_unused_imports;
} link_file_in;

/* Links one file: declare, resolve, features, options, validate, in that
 * order; a phase with errors ends it as protoc's does. NULL when the file has
 * errors (they are in the report). Must run inside a guard. */
stele_file *link_file(link_job *job, const link_file_in *in);

/* Lets files pass whose edition is still being made. */
void link_job_take_any_edition(link_job *job);

/* Lets extensions pass that an extension range with declarations does not
 * declare so. */
void link_job_take_any_extension(link_job *job);

/* Lets descriptors pass whatever the style and the visibility of their names. */
void link_job_take_any_style(link_job *job);

/* The last checks, of the files that were named: false when they, or checks
 * that were put off until everything is linked, have found errors. */
bool link_check_named(link_job *job, const stele_file *const *files, size_t count);

/* Were there errors that ended no file? */
bool link_job_has_late_errors(const link_job *job);

/* The same of one file of the job's own. */
bool link_file_has_late_errors(const link_job *job, const stele_file *file);

/* The name and the import paths of a FileDescriptorProto, in the order in which
 * link_file wants its imports; the texts are borrowed from the bytes. The last
 * ones, from `*option_from` on, are there for options only, and need not exist.
 * None when the bytes are bad. */
uint32_t link_descriptor_imports(stele_arena *arena, stele_bytes descriptor, stele_str *name,
                                 stele_str **paths, uint32_t *option_from);

/* The schema being made, to be let go of with stele_schema_unref when the job
 * comes to nothing. */
stele_schema *link_job_schema(link_job *job);

/* Freezes: the caller owns the one reference. */
const stele_schema *link_job_finish(link_job *job);

#endif
