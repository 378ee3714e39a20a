/* codec: objects as bytes and as text, and back.
 *
 * In:   objects (stele/message.h).   Out: protobuf's binary format, text
 * format, and the frame that Kafka records of a schema registry have.
 * What is decoded may come from anybody: every reader has limits, and errors
 * name the field and the byte.
 * Deps: stele/message.h. */
#ifndef STELE_CODEC_H
#define STELE_CODEC_H

#include "stele/message.h"

enum {
  STELE_DECODE_DEPTH = 100,     /* messages inside messages, unless told otherwise */
  STELE_CODEC_MAX = 0x7fffffff, /* bytes of one message, either way */
};

/* ---- Any ------------------------------------------------------------------ */

/* What a google.protobuf.Any holds, for text and JSON: the layout of the type
 * that `type_url` names ("type.googleapis.com/pkg.Type"), or NULL with
 * NOT_FOUND. It need not be of the same schema. */
typedef struct stele_any_resolver {
  const stele_layout *(*find)(void *arg, stele_str type_url, stele_err *err);
  void *arg;
} stele_any_resolver;

/* The answer where no resolver is given: what is behind the last '/', among
 * the types that the schema of `layouts` reaches. */
STELE_API const stele_layout *stele_any_find(stele_layouts *layouts, stele_str type_url,
                                             stele_err *err) STELE_MUST_USE;

/* ---- Binary: protobuf.dev, "Encoding" ---------------------------------------- */

typedef struct stele_decode_options {
  bool alias_input;     /* texts and bytes point into the input, which must stay; else they
                           are copied into the arena, short ones that come again once */
  bool allow_partial;   /* required fields may be missing */
  bool discard_unknown; /* forget fields that the type does not have */
  uint32_t depth;       /* 0: STELE_DECODE_DEPTH */
} stele_decode_options;

/* The object that `in` encodes. `options` may be NULL.
 *
 * Last wins, messages merge, packed and unpacked are both taken, and unknown
 * values of closed enums are kept as unknown fields.
 * Errors: INVALID: "byte 17, field \"orders[2].symbol\": not valid UTF-8";
 * LIMIT (too deep, too large, over the arena's limit), NO_MEMORY.
 * Memory: all in `arena`. To decode many messages fast, reset the arena
 * between them: it keeps its memory. */
STELE_API stele_object *stele_binary_decode(stele_arena *arena, const stele_layout *layout,
                                            stele_bytes in, const stele_decode_options *options,
                                            stele_err *err) STELE_MUST_USE;

/* The same into an object that may hold something already; after an error it
 * holds what came before the error, too. */
STELE_API bool stele_binary_merge(stele_object *into, stele_arena *arena, stele_bytes in,
                                  const stele_decode_options *options,
                                  stele_err *err) STELE_MUST_USE;

typedef struct stele_encode_options {
  bool deterministic; /* maps sorted by key: equal objects, equal bytes */
  bool allow_partial; /* required fields may be missing */
  stele_bytes header; /* put in front, as it is: a frame */
} stele_encode_options;

/* The bytes of an object, fields by number, unknown ones behind. `options` may
 * be NULL. Errors: INVALID (a required field is missing), LIMIT (over 2 GiB,
 * over 10,000 deep), NO_MEMORY. Memory: in `arena`. */
STELE_API bool stele_binary_encode(stele_arena *arena, const stele_object *object,
                                   const stele_encode_options *options, stele_bytes *out,
                                   stele_err *err) STELE_MUST_USE;

/* A buffer that encodes one message after another without asking for memory
 * again. */
typedef struct stele_encoder stele_encoder;
STELE_API stele_encoder *stele_encoder_new(stele_err *err) STELE_MUST_USE;
STELE_API void stele_encoder_free(stele_encoder *encoder); /* NULL is fine */
/* As above; `out` holds until the next call. */
STELE_API bool stele_encoder_binary(stele_encoder *encoder, const stele_object *object,
                                    const stele_encode_options *options, stele_bytes *out,
                                    stele_err *err) STELE_MUST_USE;

/* ---- Text: protobuf.dev, "Text Format Language Specification" ------------------- */

typedef struct stele_text_read_options {
  bool allow_partial;     /* required fields may be missing */
  bool ignore_unknown;    /* skip fields and extensions that the type does not have */
  bool strings_as_protoc; /* with all that the specification forbids and protoc's reader takes:
                             bytes that are no UTF-8, halves of surrogate pairs, codes over
                             10ffff (which become the text of their escape) */
  uint32_t depth;         /* 0: STELE_DECODE_DEPTH */
  stele_any_resolver any; /* for [domain/type] { … }; find NULL: stele_any_find */
} stele_text_read_options;

/* The object that a text describes. A singular field may come once; reserved
 * names are skipped. Errors: INVALID: "3:14, field \"orders[2].price\": expected
 * a number" (line and column, both from 1); LIMIT, NO_MEMORY.
 * Memory: all in `arena`. `options` may be NULL. */
STELE_API stele_object *stele_text_read(stele_arena *arena, const stele_layout *layout,
                                        stele_str text, const stele_text_read_options *options,
                                        stele_err *err) STELE_MUST_USE;

typedef struct stele_text_write_options {
  bool one_line;          /* "a: 1 b { c: 2 }" */
  bool expand_any;        /* an Any as what it holds, where that is known */
  bool print_unknown;     /* by number; such text cannot be read again */
  stele_any_resolver any; /* find NULL: stele_any_find */
} stele_text_write_options;

/* The text of an object, as protoc --decode prints it: fields by number, maps by
 * key, groups by the names of their types. Errors: LIMIT (over 10,000 deep),
 * NO_MEMORY. Memory: in `arena`. `options` may be NULL. */
STELE_API bool stele_text_write(stele_arena *arena, const stele_object *object,
                                const stele_text_write_options *options, stele_str *out,
                                stele_err *err) STELE_MUST_USE;

/* Records of no known type as text, as protoc --decode_raw prints them. INVALID
 * when the bytes are not a message. */
STELE_API bool stele_text_write_raw(stele_arena *arena, stele_bytes records, stele_str *out,
                                    stele_err *err) STELE_MUST_USE;

/* ---- Frames of Kafka records ---------------------------------------------------- */

/* 0x00, the schema's id as four bytes, big-endian, and which message of the
 * file it is: the number of indexes and the indexes from the outside in, as
 * zigzag varints; for the first message one byte 0. Then the message. */
STELE_API bool stele_frame_header(stele_arena *arena, int32_t schema_id, const stele_message *type,
                                  stele_bytes *out, stele_err *err) STELE_MUST_USE;

/* The id in a frame; INVALID where there is no frame. */
STELE_API bool stele_frame_id(stele_bytes record, int32_t *schema_id,
                              stele_err *err) STELE_MUST_USE;

/* The type that a frame names in the file of its schema, and what follows the
 * frame; NULL with INVALID when it names none. */
STELE_API const stele_message *stele_frame_type(stele_bytes record, const stele_file *file,
                                                stele_bytes *payload,
                                                stele_err *err) STELE_MUST_USE;

#endif
