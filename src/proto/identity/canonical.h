/* canonical: a file as bytes that every spelling of the same meaning shares.
 *
 * In:   a linked file.   Out: tagged records, see canonical.c.
 * Internal to proto/identity. Deps: base, proto/schema. */
#ifndef STELE_PROTO_IDENTITY_CANONICAL_H
#define STELE_PROTO_IDENTITY_CANONICAL_H

#include "base/buf.h"
#include "proto/schema/schema.h"

/* What a record is about. Stored inside identities: numbers never change. */
typedef enum canonical_tag {
  CANONICAL_PACKAGE = 1,
  CANONICAL_EDITION = 2,
  CANONICAL_IMPORT = 3,
  CANONICAL_OPTIONS = 4,
  CANONICAL_MESSAGE = 5,
  CANONICAL_ENUM = 6,
  CANONICAL_SERVICE = 7,
  CANONICAL_EXTENSION = 8,
  CANONICAL_FIELD = 9,
  CANONICAL_ONEOF = 10,
  CANONICAL_EXTENSION_RANGE = 11,
  CANONICAL_RESERVED_RANGE = 12,
  CANONICAL_RESERVED_NAME = 13,
  CANONICAL_VALUE = 14,
  CANONICAL_METHOD = 15,
  CANONICAL_NAME = 16,
  CANONICAL_NUMBER = 17,
  CANONICAL_TYPE = 18,
  CANONICAL_LABEL = 19,
  CANONICAL_DEFAULT = 20,
  CANONICAL_JSON_NAME = 21,
  CANONICAL_EXTENDEE = 22,
  CANONICAL_MAP = 23,
  CANONICAL_VISIBILITY = 24,
  CANONICAL_STREAMING = 25,
  CANONICAL_REFERENCE = 26,
  CANONICAL_METADATA = 27,
  CANONICAL_RULE_SET = 28,
  CANONICAL_END = 29,
} canonical_tag;

void canonical_file(stele_arena *arena, const stele_file *file, stele_buf *out);

/* A record of text, of a number, of a nested record's begin and end. */
void canonical_text(stele_buf *out, canonical_tag tag, stele_str text);
void canonical_number(stele_buf *out, canonical_tag tag, int64_t number);
void canonical_begin(stele_buf *out, canonical_tag tag);
void canonical_end(stele_buf *out);

/* Fields of a message, and extensions of a scope, in canonical order. */
void canonical_fields(stele_arena *arena, const stele_message *message, stele_buf *out);
void canonical_extensions(stele_arena *arena, const stele_field *extensions, uint32_t count,
                          stele_buf *out);
void canonical_options(stele_arena *arena, const stele_file *file, const stele_options *options,
                       stele_buf *out);

/* Ranges sorted and merged; `end_inclusive` for enums. */
void canonical_ranges(stele_arena *arena, const stele_range *ranges, uint32_t count,
                      bool end_inclusive, canonical_tag tag, const stele_file *file,
                      stele_buf *out);
void canonical_reserved_names(stele_arena *arena, const stele_str *names, uint32_t count,
                              stele_buf *out);

#endif
