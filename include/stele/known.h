/* known: what one does with protobuf's well-known types.
 *
 * In:   objects of google.protobuf's Timestamp, Duration, FieldMask, Any,
 * Struct and Value.   Out: their sums, unions, contents.
 * Wrappers need nothing of their own: their value is field 1.
 * An object of another type is refused with INVALID.
 * Deps: stele/codec.h. */
#ifndef STELE_KNOWN_H
#define STELE_KNOWN_H

#include "stele/codec.h"

/* ---- Timestamp and Duration ------------------------------------------------------- */

/* What both consist of. */
typedef struct stele_span {
  int64_t seconds;
  int32_t nanos;
} stele_span;

/* From 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z, nanos from 0 to
 * 999,999,999 (timestamp.proto). */
STELE_API bool stele_timestamp_is_valid(stele_span timestamp);
/* At most 315,576,000,000 s either way, nanos of the same sign (duration.proto). */
STELE_API bool stele_duration_is_valid(stele_span duration);

/* timestamp + duration, timestamp - timestamp, duration + duration, -duration.
 * Errors: INVALID (an argument is not valid), LIMIT (the result would not be). */
STELE_API bool stele_timestamp_add(stele_span timestamp, stele_span duration, stele_span *out,
                                   stele_err *err) STELE_MUST_USE;
STELE_API bool stele_timestamp_subtract(stele_span from, stele_span timestamp, stele_span *out,
                                        stele_err *err) STELE_MUST_USE;
STELE_API bool stele_duration_add(stele_span a, stele_span b, stele_span *out,
                                  stele_err *err) STELE_MUST_USE;
STELE_API stele_span stele_duration_negate(stele_span duration);

/* Negative, zero or positive, as memcmp. */
STELE_API int stele_span_compare(stele_span a, stele_span b);

/* Out of and into a Timestamp or Duration object; into one only what is valid. */
STELE_API bool stele_span_get(const stele_object *object, stele_span *out,
                              stele_err *err) STELE_MUST_USE;
STELE_API bool stele_span_set(stele_object *object, stele_span span, stele_err *err) STELE_MUST_USE;

/* ---- FieldMask ---------------------------------------------------------------------- */

/* Paths of field names, "user.address.city", in any order. A path covers all
 * that is below it. */
typedef struct stele_mask {
  const stele_str *paths;
  size_t count;
} stele_mask;

/* The paths of a FieldMask object, borrowed. */
STELE_API bool stele_mask_get(const stele_object *object, stele_mask *out,
                              stele_err *err) STELE_MUST_USE;

/* Does each path name a field of the type? Below repeated fields and maps there
 * is none. INVALID names the path. */
STELE_API bool stele_mask_check(const stele_layout *layout, stele_mask mask,
                                stele_err *err) STELE_MUST_USE;

/* Sorted, without paths that others cover; what is in either; what is in both.
 * The texts are borrowed from the arguments. */
STELE_API bool stele_mask_normal(stele_arena *arena, stele_mask mask, stele_mask *out,
                                 stele_err *err) STELE_MUST_USE;
STELE_API bool stele_mask_union(stele_arena *arena, stele_mask a, stele_mask b, stele_mask *out,
                                stele_err *err) STELE_MUST_USE;
STELE_API bool stele_mask_intersect(stele_arena *arena, stele_mask a, stele_mask b, stele_mask *out,
                                    stele_err *err) STELE_MUST_USE;
STELE_API bool stele_mask_covers(stele_mask mask, stele_str path);

/* Clears all fields that the mask does not cover, unknown ones too; an empty
 * mask leaves nothing. */
STELE_API bool stele_mask_trim(stele_arena *scratch, stele_object *object, stele_mask mask,
                               stele_err *err) STELE_MUST_USE;

typedef struct stele_mask_merge_options {
  bool replace_messages; /* a message that the mask names is replaced, not merged */
  bool replace_repeated; /* a list or map that it names is replaced, not added to */
} stele_mask_merge_options;

/* Brings what the mask covers from `from` to `into`. A scalar that is not set in
 * `from` is cleared. `options` may be NULL. */
STELE_API bool stele_mask_merge(stele_object *into, stele_arena *arena, const stele_object *from,
                                stele_mask mask, const stele_mask_merge_options *options,
                                stele_err *err) STELE_MUST_USE;

/* ---- Any -------------------------------------------------------------------------------- */

/* Puts a message into an Any, under "type.googleapis.com/" and its name. */
STELE_API bool stele_any_pack(stele_object *any, stele_arena *arena, const stele_object *message,
                              stele_err *err) STELE_MUST_USE;
/* What an Any holds; NOT_FOUND when its type is not known. `resolver` may be
 * NULL: stele_any_find. Its texts point into the Any. */
STELE_API stele_object *stele_any_unpack(stele_arena *arena, const stele_object *any,
                                         const stele_any_resolver *resolver,
                                         stele_err *err) STELE_MUST_USE;
/* Does it hold a message of this full name? */
STELE_API bool stele_any_is(const stele_object *any, stele_str full_name);

/* ---- Struct, Value and ListValue --------------------------------------------------------- */

typedef enum stele_struct_kind {
  STELE_STRUCT_NOTHING, /* no member is set, or it is no Value */
  STELE_STRUCT_NULL,
  STELE_STRUCT_NUMBER,
  STELE_STRUCT_STRING,
  STELE_STRUCT_BOOL,
  STELE_STRUCT_STRUCT,
  STELE_STRUCT_LIST,
} stele_struct_kind;

/* What a Value is, and that: `d`, `str`, `b` or `object` (a Struct or a
 * ListValue) of `out`. */
STELE_API stele_struct_kind stele_struct_value_get(const stele_object *value, stele_value *out);

/* Makes a Value this kind; of structs and lists `value.object` is not looked
 * at: an empty one is made, and can be had with stele_struct_value_get. */
STELE_API bool stele_struct_value_set(stele_object *value, stele_arena *arena,
                                      stele_struct_kind kind, stele_value to,
                                      stele_err *err) STELE_MUST_USE;

/* The Value of a key, or NULL; of a key that is added when it is not there. */
STELE_API stele_object *stele_struct_find(const stele_object *structure, stele_str key);
STELE_API stele_object *stele_struct_put(stele_object *structure, stele_arena *arena, stele_str key,
                                         stele_err *err) STELE_MUST_USE;
/* A new Value at the end of a ListValue. */
STELE_API stele_object *stele_struct_list_add(stele_object *list, stele_arena *arena,
                                              stele_err *err) STELE_MUST_USE;

#endif
