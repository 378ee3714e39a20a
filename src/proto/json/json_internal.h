/* proto/json: objects as ProtoJSON and back; the face is stele/json.h.
 *
 * In:   objects, text.   Out: text, objects. Numbers, strings and places come
 * from fmt/json_cursor and base; what a field is, from the layout tables.
 * Deps: base, fmt, proto/message, proto/binary (inside of an Any). */
#ifndef STELE_PROTO_JSON_JSON_INTERNAL_H
#define STELE_PROTO_JSON_JSON_INTERNAL_H

#include "base/buf.h"
#include "fmt/json_cursor.h"
#include "proto/message/object.h"
#include "proto/message/texts.h"
#include "stele/json.h"

/* ---- Where something failed ------------------------------------------------ */

/* The path to a failure, put together from the inside out while the functions
 * return: what goes well pays nothing for it. */
typedef struct json_trail {
  object_path *inner, *outer;
} json_trail;

/* One more step on the way out; of an element or an entry, with its index or
 * key. */
void json_trail_field(json_trail *trail, stele_arena *arena, const stele_layout *layout,
                      const layout_field *f);
void json_trail_index(json_trail *trail, stele_arena *arena, const stele_layout *layout,
                      const layout_field *f, size_t index);
void json_trail_key(json_trail *trail, stele_arena *arena, const stele_layout *layout,
                    const layout_field *f, stele_value key);

/* Puts the field into the message of `err`, behind the place, if it has one. */
void json_trail_tell(const json_trail *trail, stele_arena *arena, stele_err *err);

/* ---- Times as text ------------------------------------------------------------- */

typedef struct json_time {
  int64_t seconds;
  int32_t nanos;
} json_time;

/* Text without quotes; NULL when it went well, else what is wrong. Ranges are
 * those of google/protobuf/{timestamp,duration}.proto. */
const char *json_timestamp_print(json_time time, stele_buf *out);
const char *json_timestamp_parse(stele_str text, json_time *out);
const char *json_duration_print(json_time time, stele_buf *out);
const char *json_duration_parse(stele_str text, json_time *out);

/* ---- Writing ------------------------------------------------------------------- */

typedef struct json_out {
  stele_buf buf;
  stele_arena *arena;
  const stele_json_encode_options *options;
  uint32_t indent, level; /* spaces a level; levels */
  uint32_t depth;         /* objects that may still be inside each other */
  bool is_compact;        /* neither spaces nor defaults */
  bool failed;
  json_trail trail;
  stele_err *err;
} json_out;

/* Any JSON that an object is. */
void json_put_object(json_out *w, const stele_object *o);
/* The members of an object; `has_member`: one stands before them. */
void json_put_members(json_out *w, const stele_object *o, bool has_member);
/* The same as json_put_object, from `p` in the buffer on, where there are neither spaces nor
 * defaults; answers where it ends. */
char *json_put_compact(json_out *w, char *p, const stele_object *o);
/* An object of a well-known type, or one that is too deep. */
void json_put_special(json_out *w, const stele_object *o);
void json_put_enum(json_out *w, const layout_enum *type, int32_t number);
/* One value of a field, from memory. */
void json_put_value(json_out *w, const stele_layout *layout, const layout_field *f, const void *at);
/* A repeated field; a map (NULL: an empty one). */
void json_put_list(json_out *w, const stele_layout *layout, const layout_field *f,
                   layout_array array);
void json_put_map(json_out *w, const stele_layout *layout, const layout_field *f,
                  const object_dict *dict);
/* Objects of well-known types. */
void json_put_well_known(json_out *w, const stele_object *o);

void json_put_open(json_out *w, char bracket);
void json_put_close(json_out *w, char bracket, bool has_member);
/* What goes before a member or an element. */
void json_put_next(json_out *w, bool has_member);
void json_put_colon(json_out *w);
bool json_out_fail(json_out *w, stele_code code, const char *format, ...) STELE_PRINTF(3, 4);

static inline void json_put_str(json_out *w, stele_str text) {
  stele_buf_add_byte(&w->buf, '"');
  stele_json_escape(&w->buf, text);
  stele_buf_add_byte(&w->buf, '"');
}

/* ---- Reading --------------------------------------------------------------------- */

enum { JSON_LAST_VALUES = 16 };

typedef struct json_in {
  stele_json_cursor c;
  stele_arena *arena;
  const stele_json_decode_options *options;
  uint32_t depth;  /* objects that may still be inside each other */
  bool is_partial; /* an object lacks a required field */
  json_trail trail;
  stele_str fleeting; /* the input, when it goes away: its texts are copied */
  object_texts texts; /* when there is such an input */
  /* Of some enums the value that came last, as an index into their names: it comes again. */
  uint32_t last_values[JSON_LAST_VALUES];
} json_in;

/* A value that was read, or was left out because it is unknown and that is
 * allowed, or failed. */
typedef enum json_got { JSON_FAILED, JSON_READ, JSON_LEFT_OUT } json_got;

/* An object of any type, with the cursor on its first byte. */
bool json_read_object(json_in *r, stele_object *o);
/* The members of an object, with the cursor behind the brace; `skip_type`: all
 * but "@type". */
bool json_read_members(json_in *r, stele_object *o, bool skip_type);
/* One value of a field into memory. */
json_got json_read_value(json_in *r, const stele_layout *layout, const layout_field *f, void *at);
/* The value of a singular field into its slot. */
json_got json_read_field(json_in *r, stele_object *o, const layout_field *f);
/* A repeated field, a map. */
bool json_read_list(json_in *r, stele_object *o, const layout_field *f);
bool json_read_map(json_in *r, stele_object *o, const layout_field *f);
/* Objects of well-known types. */
bool json_read_well_known(json_in *r, stele_object *o);

/* A text that an object is going to hold: one with escapes is in the arena already. */
static inline stele_str json_keep_text(json_in *r, stele_str text) {
  size_t at = (size_t)((uintptr_t)text.ptr - (uintptr_t)r->fleeting.ptr);
  if (at >= r->fleeting.len) return text;
  const uint8_t *from = (const uint8_t *)text.ptr;
  return (stele_str){texts_keep(&r->texts, from, text.len, r->fleeting.len - at), text.len};
}

/* Scalars. */
bool json_read_text(json_in *r, stele_str *out);
json_got json_read_scalar(json_in *r, const stele_layout *layout, const layout_field *f, void *at);
/* A map's key, from the name of a member. */
bool json_key_of(json_in *r, const stele_field *field, stele_str text, const char *at,
                 stele_value *out);

/* Is null a value of this field, and not its absence? */
bool json_has_null(const stele_layout *layout, const layout_field *f);

/* Steps over "name": with the spaces around; the name of a member. */
bool json_read_name(json_in *r, stele_str *name);
/* One object deeper, until it is left again. */
bool json_enter(json_in *r);

#endif
