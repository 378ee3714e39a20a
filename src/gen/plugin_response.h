/* gen/plugin_response: what a protoc plugin answers: CodeGeneratorResponse.
 *
 * In:   bytes of a program that may be anything.   Out: files, or that the
 * bytes are no response; and what the plugin cannot do with some files.
 * Source: google/protobuf/compiler/plugin.proto.
 * Deps: base, proto/wire, proto/schema. */
#ifndef STELE_GEN_PLUGIN_RESPONSE_H
#define STELE_GEN_PLUGIN_RESPONSE_H

#include "base/arena.h"
#include "base/err.h"
#include "gen/output.h"

typedef struct stele_file stele_file;

/* A file, or more of the one before (no name), or something to insert. */
typedef struct stele_plugin_file {
  stele_str name, insertion_point, content;
  const stele_gen_annotation *annotations; /* of generated_code_info */
  size_t annotation_count;
} stele_plugin_file;

typedef struct stele_plugin_response {
  stele_str error; /* empty: none */
  uint64_t supported_features;
  int32_t minimum_edition, maximum_edition;
  const stele_plugin_file *files;
  size_t count;
} stele_plugin_response;

/* Reads a response. Texts are borrowed from `bytes`, arrays live in `arena`.
 * STELE_INVALID when the bytes are none. */
bool stele_plugin_response_decode(stele_arena *arena, stele_bytes bytes, stele_plugin_response *out,
                                  stele_err *err) STELE_MUST_USE;

/* Adds the response's files to `output`. False, with protoc's words in `*why`,
 * when it begins with a file without a name; what the output itself objects to
 * goes to its own complaints. */
bool stele_plugin_response_write(stele_arena *arena, const stele_plugin_response *response,
                                 stele_str plugin, stele_gen_output *output, stele_str *why);

/* Whether a file comes with protobuf itself: its edition is nobody's business. */
bool stele_plugin_is_exempt(stele_str file_name);

/* What a generator says it can do. */
typedef struct stele_plugin_support {
  stele_str name; /* as protoc would call it: "protoc-gen-x", "--python_out" */
  uint64_t features;
  int32_t minimum_edition, maximum_edition;
} stele_plugin_support;

enum { STELE_PLUGIN_PROTO3_OPTIONAL = 1, STELE_PLUGIN_EDITIONS = 2 };

/* Why a generator may not be asked for these files, in protoc's words and with
 * its line ends; empty when it may. `any_edition` is --experimental_editions. */
stele_str stele_plugin_objections(stele_arena *arena, const stele_plugin_support *support,
                                  const stele_file *const *files, size_t count, bool any_edition);

#endif
