/* json: objects as JSON and back, by protobuf.dev, "ProtoJSON Format".
 *
 * In:   objects, or UTF-8 text that may come from anybody.   Out: compact or
 * indented JSON; objects. The reader is strict, goes through the text once and
 * builds nothing in between.
 * Deps: stele/codec.h. */
#ifndef STELE_JSON_H
#define STELE_JSON_H

#include "stele/codec.h"

typedef struct stele_json_encode_options {
  uint32_t indent;            /* spaces a level, at most 16; 0: one line without spaces */
  bool always_print_defaults; /* fields without presence are written when they are zero or
                                 empty, too */
  bool proto_names;           /* names as in the source, not lowerCamelCase */
  bool enum_numbers;          /* numbers of enum values, not their names */
  bool deterministic;         /* maps sorted by key: equal objects, equal text */
  stele_any_resolver any;     /* find NULL: stele_any_find in the object's own schema */
} stele_json_encode_options;

/* Writes an object. Fields by number; 64-bit integers, NaN and infinities as
 * strings; floats with the fewest digits that read back. Unknown fields are
 * left out, bytes that are no UTF-8 become U+FFFD, required fields may be
 * missing. `options` may be NULL.
 * Errors: INVALID where a well-known type has no JSON (a Timestamp out of
 * range, NaN in a Value, an Any that does not decode: "field \"a.b[2]\": …"),
 * NOT_FOUND (an Any of an unknown type), LIMIT (over 1,000 deep), NO_MEMORY.
 * Memory: in `arena`. */
STELE_API bool stele_json_encode(stele_arena *arena, const stele_object *object,
                                 const stele_json_encode_options *options, stele_str *out,
                                 stele_err *err) STELE_MUST_USE;

typedef struct stele_json_decode_options {
  bool alias_input;       /* texts point into the input, which must stay; else those that the
                             object has are copied into the arena */
  bool ignore_unknown;    /* skip members and enum names that the type does not have */
  bool allow_partial;     /* required fields may be missing */
  uint32_t depth;         /* messages, structs and lists inside each other; 0: STELE_DECODE_DEPTH */
  stele_any_resolver any; /* as above */
} stele_json_decode_options;

/* The object that a text spells. `options` may be NULL. Both names of a field
 * are taken; null means not set.
 * Refused: members that stand twice (under either name), two members of one
 * oneof, numbers out of range or with a fraction where there is none, lone
 * surrogates, what RFC 8259 refuses.
 * Errors: INVALID: "line 1, column 9 (byte 8), field \"orders[2].price\": not a
 * number"; LIMIT (too deep, over the arena's limit), NO_MEMORY.
 * Memory: all in `arena`. */
STELE_API stele_object *stele_json_decode(stele_arena *arena, const stele_layout *layout,
                                          stele_str text, const stele_json_decode_options *options,
                                          stele_err *err) STELE_MUST_USE;

#endif
