/* Writing objects: the names come ready from the layout, quoted and with their
 * colon, so a field is a copy of its name and a value. */
#include <math.h>
#include <stdio.h>

#include "base/guard.h"
#include "base/num.h"
#include "base/shortest.h"
#include "fmt/base64.h"
#include "proto/json/json_internal.h"

enum { DEEPEST = 1000, MOST_INDENT = 16, KEY_PAD = 32 };

bool json_out_fail(json_out *w, stele_code code, const char *format, ...) {
  va_list args;
  va_start(args, format);
  w->failed = true;
  bool failed = stele_fail_v(w->err, code, format, args);
  va_end(args);
  return failed;
}

/* ---- Layout of the text ------------------------------------------------------ */

static void new_line(json_out *w) {
  stele_buf_add_byte(&w->buf, '\n');
  stele_buf_add_spaces(&w->buf, (size_t)w->indent * w->level);
}

void json_put_open(json_out *w, char bracket) {
  stele_buf_add_byte(&w->buf, (uint8_t)bracket);
  w->level++;
}

void json_put_close(json_out *w, char bracket, bool has_member) {
  w->level--;
  if (w->indent && has_member) new_line(w);
  stele_buf_add_byte(&w->buf, (uint8_t)bracket);
}

void json_put_next(json_out *w, bool has_member) {
  if (has_member) stele_buf_add_byte(&w->buf, ',');
  if (w->indent) new_line(w);
}

void json_put_colon(json_out *w) {
  stele_buf_add(&w->buf, ": ", w->indent ? 2 : 1);
}

/* `"name":` from the layout; short ones in one copy of fixed length. */
static void put_key(json_out *w, const layout_info *info) {
  stele_str key = w->options->proto_names ? info->proto_key : info->json_key;
  size_t len = key.len;
  if (!stele_buf_reserve(&w->buf, len + KEY_PAD)) return;
  char *to = w->buf.ptr + w->buf.len;
  memcpy(to, key.ptr, KEY_PAD);
  if (len > KEY_PAD) memcpy(to + KEY_PAD, key.ptr + KEY_PAD, len - KEY_PAD);
  w->buf.len += len;
  if (w->indent) stele_buf_add_byte(&w->buf, ' ');
}

/* ---- Scalars ------------------------------------------------------------------ */

static void put_word(json_out *w, stele_str word) {
  stele_buf_add_str(&w->buf, word);
}

static void put_nonfinite(json_out *w, double value) {
  if (isnan(value)) {
    put_word(w, STELE_STR("\"NaN\""));
  } else {
    put_word(w, value > 0 ? STELE_STR("\"Infinity\"") : STELE_STR("\"-Infinity\""));
  }
}

static void put_double(json_out *w, double value) {
  if (!isfinite(value)) {
    put_nonfinite(w, value);
  } else if (stele_buf_reserve(&w->buf, STELE_SHORTEST_TEXT)) {
    w->buf.len += stele_shortest_double(w->buf.ptr + w->buf.len, value);
  }
}

static void put_float(json_out *w, float value) {
  if (!isfinite(value)) {
    put_nonfinite(w, (double)value);
  } else if (stele_buf_reserve(&w->buf, STELE_SHORTEST_TEXT)) {
    w->buf.len += stele_shortest_float(w->buf.ptr + w->buf.len, value);
  }
}

static void put_i32(json_out *w, int32_t value) {
  if (!stele_buf_reserve(&w->buf, STELE_NUM_DIGITS)) return;
  w->buf.len += stele_num_print_i64(w->buf.ptr + w->buf.len, value);
}

static void put_u32(json_out *w, uint32_t value) {
  if (!stele_buf_reserve(&w->buf, STELE_NUM_DIGITS)) return;
  w->buf.len += stele_num_print_u64(w->buf.ptr + w->buf.len, value);
}

/* 64-bit integers are strings: JavaScript has no room for them. */
static void put_i64(json_out *w, int64_t value) {
  if (!stele_buf_reserve(&w->buf, STELE_NUM_DIGITS + 2)) return;
  char *to = w->buf.ptr + w->buf.len;
  size_t len = stele_num_print_i64(to + 1, value);
  to[0] = to[len + 1] = '"';
  w->buf.len += len + 2;
}

static void put_u64(json_out *w, uint64_t value) {
  if (!stele_buf_reserve(&w->buf, STELE_NUM_DIGITS + 2)) return;
  char *to = w->buf.ptr + w->buf.len;
  size_t len = stele_num_print_u64(to + 1, value);
  to[0] = to[len + 1] = '"';
  w->buf.len += len + 2;
}

void json_put_enum(json_out *w, const layout_enum *type, int32_t number) {
  if (type->is_null_value) {
    put_word(w, STELE_STR("null"));
    return;
  }
  const stele_enum_value *value = w->options->enum_numbers ? NULL : layout_enum_find(type, number);
  if (!value) {
    put_i32(w, number);
    return;
  }
  if (!stele_buf_reserve(&w->buf, value->name.len + 2)) return;
  char *to = w->buf.ptr + w->buf.len; /* names need no escapes */
  *to++ = '"';
  memcpy(to, value->name.ptr, value->name.len);
  to[value->name.len] = '"';
  w->buf.len += value->name.len + 2;
}

static void put_bytes(json_out *w, stele_str bytes) {
  stele_buf_add_byte(&w->buf, '"');
  stele_base64_encode(&w->buf, stele_str_bytes(bytes));
  stele_buf_add_byte(&w->buf, '"');
}

void json_put_value(json_out *w, const stele_layout *layout, const layout_field *f,
                    const void *at) {
  switch (layout->info[f->index].field->type) {
  case STELE_TYPE_DOUBLE: put_double(w, *(const double *)at); break;
  case STELE_TYPE_FLOAT: put_float(w, *(const float *)at); break;
  case STELE_TYPE_INT64:
  case STELE_TYPE_SINT64:
  case STELE_TYPE_SFIXED64: put_i64(w, *(const int64_t *)at); break;
  case STELE_TYPE_UINT64:
  case STELE_TYPE_FIXED64: put_u64(w, *(const uint64_t *)at); break;
  case STELE_TYPE_INT32:
  case STELE_TYPE_SINT32:
  case STELE_TYPE_SFIXED32: put_i32(w, *(const int32_t *)at); break;
  case STELE_TYPE_UINT32:
  case STELE_TYPE_FIXED32: put_u32(w, *(const uint32_t *)at); break;
  case STELE_TYPE_BOOL:
    put_word(w, *(const bool *)at ? STELE_STR("true") : STELE_STR("false"));
    break;
  case STELE_TYPE_STRING: json_put_str(w, *(const stele_str *)at); break;
  case STELE_TYPE_BYTES: put_bytes(w, *(const stele_str *)at); break;
  case STELE_TYPE_ENUM: json_put_enum(w, f->sub.enumeration, *(const int32_t *)at); break;
  default: json_put_object(w, *(const stele_object *const *)at); break;
  }
}

/* ---- Fields --------------------------------------------------------------------- */

void json_put_list(json_out *w, const stele_layout *layout, const layout_field *f,
                   layout_array array) {
  uint32_t bytes = layout_code_bytes[layout_code_of(f)];
  json_put_open(w, '[');
  for (uint32_t i = 0; i < array.count; i++) {
    json_put_next(w, i > 0);
    json_put_value(w, layout, f, (const uint8_t *)array.at + (size_t)i * bytes);
    if (!w->failed) continue;
    json_trail_index(&w->trail, w->arena, layout, f, i);
    return;
  }
  json_put_close(w, ']', array.count > 0);
}

/* Keys are strings, whatever they are. */
static void put_map_key(json_out *w, const stele_layout *entry, const layout_field *key,
                        const stele_value *value) {
  stele_field_type type = (stele_field_type)entry->info[key->index].field->type;
  bool has_quotes = type == STELE_TYPE_STRING || layout_code_bytes[layout_code_of(key)] == 8;
  if (!has_quotes) stele_buf_add_byte(&w->buf, '"');
  json_put_value(w, entry, key, value);
  if (!has_quotes) stele_buf_add_byte(&w->buf, '"');
  json_put_colon(w);
}

void json_put_map(json_out *w, const stele_layout *layout, const layout_field *f,
                  const object_dict *dict) {
  const stele_layout *entry = layout_sub_layout(f);
  const layout_field *key = &entry->fields[0], *value = &entry->fields[1];
  const stele_entry **sorted = NULL;
  if (w->options->deterministic && dict) {
    sorted = dict_sorted(w->arena, dict, entry->info[0].field);
  }
  json_put_open(w, '{');
  for (uint32_t i = 0; dict && i < dict->count; i++) {
    const stele_entry *e = sorted ? sorted[i] : &dict->entries[i];
    json_put_next(w, i > 0);
    put_map_key(w, entry, key, &e->key);
    json_put_value(w, entry, value, &e->value);
    if (!w->failed) continue;
    json_trail_key(&w->trail, w->arena, layout, f, e->key);
    return;
  }
  json_put_close(w, '}', dict && dict->count > 0);
}

static void put_field(json_out *w, const stele_object *o, const layout_field *f, bool has_member) {
  const stele_layout *layout = object_layout(o);
  stele_value value;
  json_put_next(w, has_member);
  put_key(w, &layout->info[f->index]);
  switch (layout_shape_of(f)) {
  case LAYOUT_ONE:
    value = object_get(o, f);
    json_put_value(w, layout, f, &value);
    if (w->failed) json_trail_field(&w->trail, w->arena, layout, f);
    break;
  case LAYOUT_MANY:
  case LAYOUT_PACKED: json_put_list(w, layout, f, object_array(o, f)); break;
  case LAYOUT_MAP: json_put_map(w, layout, f, object_dict_of(o, f)); break;
  }
}

/* Fields that are written although they are not set. */
static bool has_default(const layout_field *f) {
  if (f->flags & LAYOUT_EXTENSION) return false;
  return layout_shape_of(f) != LAYOUT_ONE || f->flags & LAYOUT_IMPLICIT;
}

static bool put_all_fields(json_out *w, const stele_object *o, bool has_member) {
  for (uint32_t i = 0; i < object_layout(o)->field_count && !w->failed; i++) {
    const layout_field *f = &object_layout(o)->fields[i];
    if (!object_has(o, f) && !has_default(f)) continue;
    put_field(w, o, f, has_member);
    has_member = true;
  }
  return has_member;
}

static bool put_set_fields(json_out *w, const stele_object *o, bool has_member) {
  OBJECT_EACH(o, f) {
    put_field(w, o, f, has_member);
    if (w->failed) break;
    has_member = true;
  }
  return has_member;
}

void json_put_members(json_out *w, const stele_object *o, bool has_member) {
  bool all = w->options->always_print_defaults;
  has_member = (all ? put_all_fields : put_set_fields)(w, o, has_member);
  if (!w->failed) json_put_close(w, '}', has_member);
}

void json_put_object(json_out *w, const stele_object *o) {
  if (w->is_compact && stele_buf_reserve(&w->buf, 1)) {
    char *end = json_put_compact(w, w->buf.ptr + w->buf.len, o);
    w->buf.len = (size_t)(end - w->buf.ptr);
  } else {
    json_put_special(w, o);
  }
}

void json_put_special(json_out *w, const stele_object *o) {
  if (w->depth == 0) {
    (void)json_out_fail(w, STELE_LIMIT, "nested more than %d deep", DEEPEST);
    return;
  }
  w->depth--;
  if (object_layout(o)->well_known) {
    json_put_well_known(w, o);
  } else {
    json_put_open(w, '{');
    json_put_members(w, o, false);
  }
  w->depth++;
}

/* ---- The face ---------------------------------------------------------------------- */

typedef struct encode_job {
  json_out w;
  const stele_object *object;
} encode_job;

static void run(void *arg) {
  encode_job *job = arg;
  json_put_object(&job->w, job->object);
  if (job->w.failed) json_trail_tell(&job->w.trail, job->w.arena, job->w.err);
}

bool stele_json_encode(stele_arena *arena, const stele_object *object,
                       const stele_json_encode_options *options, stele_str *out, stele_err *err) {
  static const stele_json_encode_options none = {0};
  encode_job job = {.w = {.arena = arena, .options = options ? options : &none, .depth = DEEPEST},
                    .object = object};
  job.w.err = err;
  job.w.indent = job.w.options->indent < MOST_INDENT ? job.w.options->indent : MOST_INDENT;
  job.w.is_compact = job.w.indent == 0 && !job.w.options->always_print_defaults;
  stele_buf_init(&job.w.buf, arena, 0);
  if (!stele_guard_run(arena, run, &job, err) || job.w.failed) return false;
  *out = stele_buf_str(&job.w.buf);
  return true;
}
