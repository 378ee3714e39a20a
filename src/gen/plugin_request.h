/* gen/plugin_request: what a protoc plugin reads: CodeGeneratorRequest.
 *
 * In:   linked files and a parameter.   Out: the bytes that protoc 36.2 sends.
 * Source: google/protobuf/compiler/plugin.proto.
 * Deps: base, proto/schema, proto/descriptor. */
#ifndef STELE_GEN_PLUGIN_REQUEST_H
#define STELE_GEN_PLUGIN_REQUEST_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

typedef struct stele_file stele_file;

typedef struct stele_plugin_request {
  const stele_file *const *files; /* to generate for, in the order they were named; compiled
                                     with source info and without an `emit` */
  size_t count;
  stele_str parameter;
  /* The plugins that were once part of protoc ("protoc-gen-python") get json_name
   * only where it was written, in what it generates for. */
  stele_str plugin;
} stele_plugin_request;

/* Appends the request: the files and all they need, imports first; those to
 * generate for twice, without and with options that have source retention. A
 * parameter with the word "bootstrap" leaves comments and places out of them.
 * Fails with STELE_NO_MEMORY or STELE_LIMIT of `arena`, which is scratch here. */
bool stele_plugin_request_encode(stele_arena *arena, const stele_plugin_request *request,
                                 stele_buf *out, stele_err *err) STELE_MUST_USE;

#endif
