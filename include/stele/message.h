/* message: values of any message type of any linked schema, without generated code.
 *
 * In:   a schema.   Out: objects (values of message types), read, changed,
 * merged, compared and copied field by field. The codecs are in stele/codec.h.
 *
 * An object and all that is in it lives in an arena: there is nothing to free.
 * Texts and bytes that are set are borrowed, never copied: they must live as
 * long as the object does. A field is named by its stele_field, extensions
 * too; a field that is not one of the object's type is refused by the calls
 * that change something, and absent to those that ask.
 *
 * Presence: a field that has presence is set or not; one that has none
 * (proto3's plain scalars) counts as set when it is not zero; repeated fields
 * and maps count as set when they are not empty. Setting a member of a oneof
 * clears the others.
 * `[lazy = true]` changes nothing here: such a message is decoded with the others.
 * The option allows to put decoding off, it does not ask for it; put off, bytes
 * that are no message would be found by whoever reads the field, an object that
 * many threads read would change under them, and it would keep its input alive.
 * Threads: objects that nobody changes may be read by any number of threads.
 * Deps: stele/arena.h, stele/err.h, stele/schema.h, stele/str.h. */
#ifndef STELE_MESSAGE_H
#define STELE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stele/arena.h"
#include "stele/err.h"
#include "stele/schema.h"
#include "stele/str.h"

typedef struct stele_layouts stele_layouts; /* of the message types of a schema */
typedef struct stele_layout stele_layout;   /* of one message type */
typedef struct stele_object stele_object;   /* a value of a message type */

/* One value; which member holds is said by the field's type:
 * bool: b. int32, sint32, sfixed32, enum: i32. uint32, fixed32: u32. int64,
 * sint64, sfixed64: i64. uint64, fixed64: u64. float: f. double: d. string,
 * bytes: str. message, group: object. */
typedef union stele_value {
  bool b;
  int32_t i32;
  uint32_t u32;
  int64_t i64;
  uint64_t u64;
  float f;
  double d;
  stele_str str;
  stele_object *object;
} stele_value;

/* One entry of a map. */
typedef struct stele_entry {
  stele_value key, value;
} stele_entry;

/* ---- Layouts ------------------------------------------------------------- */

/* Where the fields of each type lie. A layout is made when its type is first
 * asked for, together with the types that can be inside it, so a process that
 * holds thousands of schemas pays for those that it uses. Extensions in any
 * file that the schema reaches are known.
 * Memory: one reference for the caller; keeps `schema` alive. NULL: out of
 * memory. Threads: one object may be shared; finding takes a lock, a layout
 * that was found is immutable. */
STELE_API stele_layouts *stele_layouts_new(const stele_schema *schema,
                                           stele_err *err) STELE_MUST_USE;
STELE_API stele_layouts *stele_layouts_ref(stele_layouts *layouts);
STELE_API void stele_layouts_unref(stele_layouts *layouts); /* NULL is fine */
STELE_API const stele_schema *stele_layouts_schema(const stele_layouts *layouts);

/* The layout of a type that the schema reaches; it lives as long as `layouts`.
 * Errors: NOT_FOUND (find: no such name), LIMIT (over 65,535 fields with all
 * extensions), NO_MEMORY. */
STELE_API const stele_layout *stele_layouts_get(stele_layouts *layouts, const stele_message *type,
                                                stele_err *err) STELE_MUST_USE;
STELE_API const stele_layout *stele_layouts_find(stele_layouts *layouts, stele_str full_name,
                                                 stele_err *err) STELE_MUST_USE;

STELE_API const stele_message *stele_layout_type(const stele_layout *layout);
STELE_API stele_layouts *stele_layout_owner(const stele_layout *layout);

/* A field or known extension of the type by number; NULL if there is none. */
STELE_API const stele_field *stele_layout_field(const stele_layout *layout, int32_t number);
/* A field by its name in the source, or by that or its JSON name. */
STELE_API const stele_field *stele_layout_field_by_name(const stele_layout *layout, stele_str name);
STELE_API const stele_field *stele_layout_field_by_json_name(const stele_layout *layout,
                                                             stele_str name);
/* A known extension of the type by its full name. */
STELE_API const stele_field *stele_layout_extension(const stele_layout *layout,
                                                    stele_str full_name);
/* All fields and known extensions, by number. */
STELE_API size_t stele_layout_field_count(const stele_layout *layout);
STELE_API const stele_field *stele_layout_field_at(const stele_layout *layout, size_t index);

/* ---- Reading ------------------------------------------------------------- */

STELE_API const stele_layout *stele_object_layout(const stele_object *object);

/* Set, see above. */
STELE_API bool stele_object_has(const stele_object *object, const stele_field *field);

/* The value of a singular field; its default when it is not set (a NULL
 * object for messages). */
STELE_API stele_value stele_object_get(const stele_object *object, const stele_field *field);

/* Elements of a repeated field, or entries of a map. */
STELE_API size_t stele_object_count(const stele_object *object, const stele_field *field);

/* An element of a repeated field; all zero past the end. */
STELE_API stele_value stele_object_item(const stele_object *object, const stele_field *field,
                                        size_t index);

/* The elements themselves, side by side: bool, int32_t, …, stele_str or
 * stele_object *. Borrowed until the field changes; NULL when there are none. */
STELE_API const void *stele_object_items(const stele_object *object, const stele_field *field,
                                         size_t *count);

/* The entries of a map in the order in which their keys came; no key twice. */
STELE_API const stele_entry *stele_object_entries(const stele_object *object,
                                                  const stele_field *field, size_t *count);
/* The entry of a key, or NULL. */
STELE_API const stele_entry *stele_object_find(const stele_object *object, const stele_field *field,
                                               stele_value key);

/* The member of a oneof that is set, or NULL. */
STELE_API const stele_field *stele_object_which(const stele_object *object,
                                                const stele_oneof *oneof);

/* Walks the fields that are set, by number, extensions too: start with NULL,
 * then give the last answer; NULL is the end. */
STELE_API const stele_field *stele_object_next(const stele_object *object,
                                               const stele_field *after);

/* Runs of raw wire records that no field took, in the order they came. */
STELE_API const stele_bytes *stele_object_unknown(const stele_object *object, size_t *count);

/* ---- Changing ------------------------------------------------------------ */

/* New memory comes from `arena`, which should be the one of the object. Errors:
 * INVALID (not a field of this type, or not of this kind), LIMIT, NO_MEMORY. */

/* An empty object of a type. */
STELE_API stele_object *stele_object_new(stele_arena *arena, const stele_layout *layout,
                                         stele_err *err) STELE_MUST_USE;

/* Sets a singular field. A message that is set is shared, not copied. */
STELE_API bool stele_object_set(stele_object *object, stele_arena *arena, const stele_field *field,
                                stele_value value, stele_err *err) STELE_MUST_USE;

/* The message in a singular field, to change; made when it is not set. */
STELE_API stele_object *stele_object_sub(stele_object *object, stele_arena *arena,
                                         const stele_field *field, stele_err *err) STELE_MUST_USE;

/* Appends to a repeated field; the second makes an empty message there. */
STELE_API bool stele_object_add(stele_object *object, stele_arena *arena, const stele_field *field,
                                stele_value value, stele_err *err) STELE_MUST_USE;
STELE_API stele_object *stele_object_add_object(stele_object *object, stele_arena *arena,
                                                const stele_field *field,
                                                stele_err *err) STELE_MUST_USE;

/* Replaces an element; cuts a repeated field to its first `count` elements. */
STELE_API bool stele_object_set_item(stele_object *object, const stele_field *field, size_t index,
                                     stele_value value, stele_err *err) STELE_MUST_USE;
STELE_API bool stele_object_truncate(stele_object *object, const stele_field *field, size_t count,
                                     stele_err *err) STELE_MUST_USE;

/* Sets the value of a key in a map, and takes a key out (false: was not in). */
STELE_API bool stele_object_put(stele_object *object, stele_arena *arena, const stele_field *field,
                                stele_value key, stele_value value, stele_err *err) STELE_MUST_USE;
STELE_API bool stele_object_remove(stele_object *object, const stele_field *field, stele_value key);

/* Makes a field, or everything (unknown fields too), as if never set. */
STELE_API void stele_object_clear(stele_object *object, const stele_field *field);
STELE_API void stele_object_clear_all(stele_object *object);

/* Appends raw wire records, borrowed; forgets them, here and in all that is
 * inside. */
STELE_API bool stele_object_add_unknown(stele_object *object, stele_arena *arena,
                                        stele_bytes records, stele_err *err) STELE_MUST_USE;
STELE_API void stele_object_clear_unknown(stele_object *object);

/* ---- Whole objects ------------------------------------------------------- */

/* Merges as decoding the bytes of `from` behind those of `into` would: what is
 * set in `from` replaces scalars, is appended to repeated fields, is put into
 * maps and is merged into messages. Nothing of `from` is shared but texts. */
STELE_API bool stele_object_merge(stele_object *into, stele_arena *arena, const stele_object *from,
                                  stele_err *err) STELE_MUST_USE;

/* A copy with no memory in common: texts and bytes are copied too. */
STELE_API stele_object *stele_object_copy(stele_arena *arena, const stele_object *object,
                                          stele_err *err) STELE_MUST_USE;

/* The same type, the same fields set to the same values, the same unknown
 * bytes. Maps compare by key in any order; floats by their bits. */
STELE_API bool stele_object_equal(const stele_object *a, const stele_object *b);

/* One place in which two objects differ: "orders[3].price", "by_id[\"x\"]",
 * "[pkg.ext].name"; "" for unknown fields of the object itself. */
typedef enum stele_difference_kind {
  STELE_DIFFERENCE_ADDED,
  STELE_DIFFERENCE_REMOVED,
  STELE_DIFFERENCE_CHANGED
} stele_difference_kind;
typedef struct stele_difference {
  stele_str path;
  stele_difference_kind change; /* from `a` to `b` */
} stele_difference;

/* Where `b` differs from `a`, by field number, then index, then order in the
 * map; at most `most` (0: all). Both must be of one layout, else INVALID. */
STELE_API bool stele_object_diff(stele_arena *arena, const stele_object *a, const stele_object *b,
                                 size_t most, const stele_difference **out, size_t *count,
                                 stele_err *err) STELE_MUST_USE;

/* Are all required fields set, here and in all that is inside? If not, INVALID
 * with the path of the first that is missing. */
STELE_API bool stele_object_check_required(const stele_object *object,
                                           stele_err *err) STELE_MUST_USE;

#endif
