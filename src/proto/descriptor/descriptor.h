/* descriptor: linked files as google.protobuf.FileDescriptorProto bytes.
 *
 * In:   a linked file.   Out: the bytes protoc 36.2 writes for it.
 * Deps: base, proto/schema, proto/wire. */
#ifndef STELE_PROTO_DESCRIPTOR_DESCRIPTOR_H
#define STELE_PROTO_DESCRIPTOR_DESCRIPTOR_H

#include "base/buf.h"
#include "base/err.h"
#include "proto/schema/schema.h"

typedef struct stele_descriptor_options {
  bool source_info;        /* --include_source_info: needs a file compiled with it */
  bool retain_options;     /* --retain_options: each option statement its own record; else
                              custom options are merged, sorted and repacked, and those
                              with source retention are dropped, as protoc does */
  bool written_json_names; /* json_name only where the source gives one: what generated
                              code embeds */
} stele_descriptor_options;

/* Appends the FileDescriptorProto of `file`. Inside a guard of `arena`. */
void stele_descriptor_encode(stele_arena *arena, const stele_file *file,
                             const stele_descriptor_options *options, stele_buf *out);

/* Appends one entry of a FileDescriptorSet: tag, length and the file. */
void stele_descriptor_encode_entry(stele_arena *arena, const stele_file *file,
                                   const stele_descriptor_options *options, stele_buf *out);

/* The order of a FileDescriptorSet: for each of `named[0, count)` in turn the
 * files it imports before it, each file once; without `imports` only the named
 * ones, and then what lies behind a file that is not named does not count.
 * Answers how many; `*order` lives in `arena`. */
size_t stele_descriptor_order(stele_arena *arena, const stele_file *const *named, size_t count,
                              bool imports, const stele_file *const **order);

/* Where each element's bytes lie within an encoded descriptor without source
 * info is found by encoding the element alone: */
void stele_descriptor_encode_message(stele_arena *arena, const stele_message *message,
                                     const stele_descriptor_options *options, stele_buf *out);
void stele_descriptor_encode_enum(stele_arena *arena, const stele_enum *type,
                                  const stele_descriptor_options *options, stele_buf *out);
void stele_descriptor_encode_service(stele_arena *arena, const stele_service *service,
                                     const stele_descriptor_options *options, stele_buf *out);

/* The options message of an element as the descriptor carries it (default or
 * retained form); empty when there are none. `file` is where it stands. The
 * result lives in `arena`, or is the options' own bytes. */
stele_bytes stele_descriptor_options_of(stele_arena *arena, const stele_file *file,
                                        const stele_options *options, bool retain);

#endif
