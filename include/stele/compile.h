/* compile: from import paths to a linked schema.
 *
 * In:   paths, and a resolver that knows what an import means.   Out: a frozen
 * schema of the files that had to be built, or findings.
 * Pure: it asks the resolver for bytes and never opens anything itself.
 * Deps: stele/report.h, stele/schema.h. */
#ifndef STELE_COMPILE_H
#define STELE_COMPILE_H

#include <stdbool.h>
#include <stddef.h>

#include "stele/err.h"
#include "stele/report.h"
#include "stele/schema.h"
#include "stele/str.h"

typedef enum stele_found_kind {
  STELE_FOUND_NOTHING,
  STELE_FOUND_TEXT,       /* bytes: .proto text */
  STELE_FOUND_DESCRIPTOR, /* bytes: a FileDescriptorProto */
  STELE_FOUND_FILE,       /* file: already linked; its schema is kept alive */
} stele_found_kind;

typedef struct stele_found {
  stele_found_kind kind;
  stele_bytes bytes; /* must live until release, or until the compile returns */
  const stele_file *file;
  stele_str reason; /* of NOTHING: what the report says instead of "File not found." */
  bool is_builtin;  /* set by the compile, not by resolvers */
} stele_found;

/* What an import means.
 *
 * find: answers false only when the machine failed. A path is asked for once.
 * release: what was found is not needed any more: called for each TEXT and
 *   DESCRIPTOR in the reverse order of finding, so that a stack of bytes is
 *   enough; not called when the compile is left early. May be NULL. */
typedef struct stele_resolver {
  bool (*find)(struct stele_resolver *self, stele_str path, stele_found *out, stele_err *err);
  void (*release)(struct stele_resolver *self, const stele_found *found);
} stele_resolver;

typedef struct stele_compile_options {
  bool source_info;         /* keep SourceCodeInfo in each file */
  bool lenient;             /* duplicate tags and unused unresolved imports pass: what
                               other registries accepted; the file says so */
  bool use_builtin;         /* an import that the resolver does not find is looked up
                               among the built-in files */
  bool warn_unused_imports; /* for the named files */
  bool any_edition;         /* take files whose edition is still being made */
  bool any_extension;       /* take extensions that their range does not declare */
  bool any_style;           /* take descriptors whatever the style and the visibility of their
                               names: the features that say what is wanted are for the source
                               alone, and protoc leaves them out of what it writes */
  /* Says that a file counts as named although it is not among `paths`: where
   * one of several compiles covers a part of them. NULL: none does. */
  bool (*is_named)(void *arg, stele_str path);
  void *is_named_arg;
  /* Which file has a name that is in none of those that were read (no path when
   * nobody knows): it is then read too, so that a finding can say where the name is.
   * protoc does so with the files of descriptor sets. NULL: nobody is asked. */
  stele_str (*find_symbol)(void *arg, stele_str full_name);
  void *find_symbol_arg;
  size_t limit_bytes;            /* of memory; 0: 1 GiB */
  size_t limit_files;            /* 0: 100,000 */
  size_t limit_text_bytes;       /* of one file; 0: 64 MiB */
  size_t limit_errors;           /* a compile with more ends with STELE_LIMIT; 0: none */
  unsigned limit_depth;          /* of messages and groups in each other; 0: what protoc allows */
  const _Atomic bool *cancelled; /* looked at every few hundred microseconds, inside a huge file
                                    too: the compile ends with STELE_CANCELLED; may be NULL */
  /* A linked google/protobuf/descriptor.proto to interpret options with where
   * none is imported; its schema is kept alive. NULL: the built-in text is
   * compiled for it, once and only when a file has options (about 2 ms). */
  const stele_file *descriptor;
  /* Called for each file as soon as it is linked, imports first, each once:
   * for the files that were named and for those they import. After the call
   * the file's source info is forgotten, so that a whole tree can be emitted
   * in little memory. NULL: source info stays. */
  bool (*emit)(void *arg, const stele_file *file, bool is_named, stele_err *err);
  void *emit_arg;
  /* A file with errors does not end the compile: all named files are tried, the
   * report tells what is wrong with which, and the schema is that of the files
   * without errors (it may be empty). Who wants to know which they are gives
   * `settled`: called at the end for each file that was compiled, named or
   * imported; `file` is NULL for those with errors. */
  bool keep_good;
  void (*settled)(void *arg, stele_str path, const stele_file *file);
  void *settled_arg;
} stele_compile_options;

/* Compiles `paths[0, count)` and all they import, in protoc's order: depth
 * first over imports as declared, for each path in turn. The built-in
 * descriptor.proto is always at hand for options.
 *
 * Mistakes go to `report` in protoc's words; the result is then NULL with
 * STELE_INVALID. Any other code means the machine failed or a limit was met.
 * Memory: the caller owns one reference to the result; the report's findings
 * live in the report's own arena. Threads: safe side by side.
 * Cost: the size of what is not already linked. */
STELE_API const stele_schema *stele_compile(stele_resolver *resolver, const stele_str *paths,
                                            size_t count, const stele_compile_options *options,
                                            stele_report *report, stele_err *err) STELE_MUST_USE;

/* The same of the files of a FileDescriptorSet, as `stele build --include-imports` and protoc's
 * --descriptor_set_out write it: the schema that a program carries with it.
 * `options` may be NULL: built-in files are then taken where the set has none.
 * INVALID without a finding: the bytes are not a set. */
STELE_API const stele_schema *stele_compile_set(stele_bytes set,
                                                const stele_compile_options *options,
                                                stele_report *report,
                                                stele_err *err) STELE_MUST_USE;

/* ---- On several threads ---------------------------------------------------- */

/* How a caller with threads lends them.
 *
 * run: calls fn(arg, i) for each i in [0, count), each on a thread of its own where
 *   it can, and comes back when all calls have.
 * alone: calls fn(arg) while no other thread does; it takes less than a millisecond. */
typedef struct stele_runner {
  void (*run)(struct stele_runner *self, size_t count, void (*fn)(void *arg, size_t i), void *arg);
  void (*alone)(struct stele_runner *self, void (*fn)(void *arg), void *arg);
} stele_runner;

/* One of the compiles that go side by side. */
typedef struct stele_part {
  /* In. */
  stele_resolver *resolver; /* its own: it is asked on the part's thread */
  void *emit_arg;           /* for options->emit, which is called on the part's thread */
  stele_report *report;     /* its own, in an arena of its own, without a bound */
  /* Out. */
  const stele_schema *schema; /* one reference; NULL when the part failed, or had nothing to do */
} stele_part;

/* The parts, and the runs of names that they take, in order, as they come free. The
 * first runs may be long; the last ones should be short, so that all parts end at
 * about the same time; and as little as may be should be imported across their ends. */
typedef struct stele_parts {
  stele_part *at;
  size_t count;
  const size_t *ends; /* run i is paths[ends[i - 1], ends[i]) */
  size_t run_count;
  /* The part with this emit_arg has emitted all of the run that it had and takes
   * another (run_count: none is left): what is emitted from now on belongs to that one.
   * On the part's thread. May be NULL. */
  bool (*take)(void *emit_arg, size_t run, stele_err *err);
} stele_parts;

/* Compiles `paths[0, count)` in parts, one call of the runner each. Files that
 * several parts import are compiled by each of them; emit is called for each.
 *
 * What protoc says of one pool must be true of the parts together: no name, no
 * extension number stands in two of them. True: it is, and the runs' files,
 * in order, each path once where it comes first, are what one compile gives;
 * `report` has its findings, in its order. False with STELE_CONFLICT: there are
 * mistakes, or it cannot be told; then one stele_compile has to say what it is.
 * False with another code: the machine failed, or was cancelled.
 * Memory: the caller lets go of each part's schema, whatever the answer. Source
 * info is forgotten after emit, as in one compile that has one. */
STELE_API bool stele_compile_parts(stele_runner *runner, const stele_parts *parts,
                                   const stele_str *paths, size_t count,
                                   const stele_compile_options *options, stele_report *report,
                                   stele_err *err) STELE_MUST_USE;

#endif
