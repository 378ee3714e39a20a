/* harness/proto: compiling from memory, for tests and fuzz targets of what
 * stands on linked files.
 *
 * In:   texts and descriptors under import paths.   Out: linked files, their
 * print and their fingerprint.
 * Deps: proto/{compile,print,identity,report}. */
#ifndef STELE_TESTS_HARNESS_PROTO_H
#define STELE_TESTS_HARNESS_PROTO_H

#include "base/digest.h"
#include "proto/compile/compile.h"
#include "proto/print/print.h"

typedef struct proto_source {
  const char *path;
  stele_bytes bytes;
  bool is_descriptor;     /* a FileDescriptorProto, else text */
  const stele_file *file; /* instead of bytes: already linked */
} proto_source;

/* What a compile came to. */
typedef struct proto_made {
  const stele_schema *schema; /* NULL when it failed; give it back with proto_release */
  const stele_file *file;     /* the one that was asked for */
  stele_str findings;         /* as protoc prints them; in the arena */
  stele_str told;             /* with all that is said beyond that */
} proto_made;

/* Compiles `path` out of `sources[0, count)` and the built-in files. */
proto_made proto_compile(stele_arena *arena, const proto_source *sources, size_t count,
                         const char *path);

/* The same out of a resolver. */
proto_made proto_compile_from(stele_arena *arena, stele_resolver *resolver, const char *path);

/* The same, with `file` under its own name replaced by `source`, and with what
 * `file` imports as it is linked already. */
proto_made proto_compile_again(stele_arena *arena, const stele_file *file,
                               const proto_source *source);

void proto_release(proto_made *made);

/* Text in the arena; NULL `ptr` when printing failed. */
stele_str proto_print(stele_arena *arena, const stele_file *file, stele_print_form form,
                      stele_err *err);

stele_str proto_print_as(stele_arena *arena, const stele_file *file,
                         const stele_print_options *options, stele_err *err);

bool proto_fingerprint(stele_arena *arena, const stele_file *file, stele_sha256 *out);

/* protoc's default descriptor of `file`. */
stele_bytes proto_descriptor(stele_arena *arena, const stele_file *file);

/* Prints `file` and looks at what came of it: the text compiles, prints as itself
 * again (with the comments that its own source info gives), has the fingerprint of
 * the file but where extensions are left out, and in the exact form the bytes of
 * its descriptor. NULL when all holds, else what does not, with the texts. */
const char *proto_print_fault(stele_arena *arena, const stele_file *file,
                              const stele_print_options *options);

/* The same in each form, with comments and without. */
const char *proto_print_faults(stele_arena *arena, const stele_file *file);

#endif
