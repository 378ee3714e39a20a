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
  bool source_info;    /* --include_source_info: needs a file compiled with it */
  bool retain_options; /* --retain_options: each option statement its own record; else
                          custom options are merged, sorted and repacked, and those
                          with source retention are dropped, as protoc does */
} stele_descriptor_options;

/* Appends the FileDescriptorProto of `file`. Inside a guard of `arena`. */
void stele_descriptor_encode(stele_arena *arena, const stele_file *file,
                             const stele_descriptor_options *options, stele_buf *out);

/* Appends one entry of a FileDescriptorSet: tag, length and the file. */
void stele_descriptor_encode_entry(stele_arena *arena, const stele_file *file,
                                   const stele_descriptor_options *options, stele_buf *out);

/* Where each element's bytes lie within an encoded descriptor without source
 * info is found by encoding the element alone: */
void stele_descriptor_encode_message(stele_arena *arena, const stele_message *message,
                                     const stele_descriptor_options *options, stele_buf *out);
void stele_descriptor_encode_enum(stele_arena *arena, const stele_enum *type,
                                  const stele_descriptor_options *options, stele_buf *out);
void stele_descriptor_encode_service(stele_arena *arena, const stele_service *service,
                                     const stele_descriptor_options *options, stele_buf *out);

/* The options message of an element as the descriptor carries it (default or
 * retained form); empty when there are none. `options_type` is the full name,
 * "google.protobuf.FieldOptions". */
stele_bytes stele_descriptor_options_of(stele_arena *arena, const stele_file *file,
                                        const stele_options *options, stele_str options_type,
                                        bool retain);

#endif
