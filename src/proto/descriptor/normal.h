/* descriptor/normal: the bytes that protobuf's reference implementation would
 * write for a message that it has read.
 *
 * In:   wire bytes and the message's type.   Out: fields by number, pieces of
 * one message merged, repeated numbers packed as declared.
 * Deps: base, proto/schema, proto/wire. */
#ifndef STELE_PROTO_DESCRIPTOR_NORMAL_H
#define STELE_PROTO_DESCRIPTOR_NORMAL_H

#include "base/vec.h"
#include "proto/schema/schema.h"
#include "proto/wire/writer.h"

/* Which extensions the reader knows. */
typedef enum descriptor_known {
  DESCRIPTOR_KNOWN_COMPILED, /* only those linked into protoc: `--retain_options` */
  DESCRIPTOR_KNOWN_POOL,     /* all of the pool: the default mode */
} descriptor_known;

/* Finds the extension `number` of `extendee`, or NULL. */
typedef const stele_field *descriptor_find(void *arg, const stele_message *extendee,
                                           int32_t number);

typedef STELE_VEC(uint32_t) descriptor_path;
typedef STELE_VEC(stele_bytes) descriptor_paths; /* each: numbers as varints */

typedef struct descriptor_normal {
  stele_arena *scratch;
  descriptor_find *find;
  void *find_arg;
  descriptor_known known;
  bool is_generated; /* the message is one of descriptor.proto as protoc has it compiled in:
                        what its own code does not know is written last */
  bool strip;        /* drop what has retention RETENTION_SOURCE */
  /* With `strip`: the path from the file to the message, and where the paths
   * of what was dropped go. Both may be NULL. */
  descriptor_path *path;
  descriptor_paths *stripped;
} descriptor_normal;

/* Writes the message whose bytes are `pieces` put together, back to front.
 * What does not parse is written as it stands; nesting is bounded, and what
 * lies deeper is copied. Scratch memory is the caller's to rewind. */
void descriptor_normal_write(const descriptor_normal *n, const stele_message *type,
                             const stele_bytes *pieces, size_t piece_count, stele_back *out);

/* The same for one piece; the result lives in `arena`. */
stele_bytes descriptor_normal_bytes(const descriptor_normal *n, stele_arena *arena,
                                    const stele_message *type, stele_bytes bytes);

/* Adds the path as it stands to what was stripped. */
void descriptor_note_stripped(const descriptor_normal *n);

/* Whether the field is declared with retention = RETENTION_SOURCE. */
bool descriptor_has_source_retention(const stele_field *field);

/* Whether the field is one of the few extensions that are linked into protoc. */
bool descriptor_is_compiled_in(const stele_field *extension);

/* The fields of a message of descriptor.proto, by its full name, that protoc's
 * own code knows; of another message, all. */
uint64_t descriptor_known_numbers(stele_str message);

/* Whether the field, no extension, is among them. */
bool descriptor_is_known(uint64_t numbers, const stele_field *field);

/* The wire type of one value of a field. */
stele_wire_type descriptor_wire_type(const stele_field *field);

/* Writes one number of a field, without its tag; of floats, their bits. */
void descriptor_put_number(stele_back *out, const stele_field *field, uint64_t value);

#endif
