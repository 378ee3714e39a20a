/* Writing the types that JSON has a form of its own for: one function each. */
#include <math.h>
#include <stdio.h>

#include "proto/json/json_internal.h"
#include "proto/message/layout.h"

static stele_value value_at(const stele_object *o, uint32_t index) {
  return object_get(o, &object_layout(o)->fields[index]);
}

/* ---- Any ----------------------------------------------------------------------- */

static const stele_layout *resolve(json_out *w, const stele_object *any, stele_str url) {
  const stele_any_resolver *resolver = &w->options->any;
  return resolver->find ? resolver->find(resolver->arg, url, w->err)
                        : stele_any_find(object_layout(any)->owner, url, w->err);
}

/* What the Any holds; NULL: failed. */
static stele_object *unpack(json_out *w, const stele_object *any, stele_str url) {
  const stele_layout *layout = resolve(w, any, url);
  stele_value bytes = value_at(any, 1);
  stele_decode_options options = {.alias_input = true, .allow_partial = true};
  stele_object *inner = NULL;
  if (layout) {
    inner = stele_binary_decode(w->arena, layout, stele_str_bytes(bytes.str), &options, w->err);
  }
  if (!inner) w->failed = true;
  return inner;
}

/* {"@type": url, and its fields} or {"@type": url, "value": its own form} */
static void put_any(json_out *w, const stele_object *o) {
  stele_str url = value_at(o, 0).str;
  json_put_open(w, '{');
  if (url.len == 0 && value_at(o, 1).str.len == 0) {
    json_put_close(w, '}', false);
    return;
  }
  stele_object *inner = unpack(w, o, url);
  if (!inner) return;
  json_put_next(w, false);
  stele_buf_add_cstr(&w->buf, "\"@type\"");
  json_put_colon(w);
  json_put_str(w, url);
  if (!object_layout(inner)->well_known) {
    json_put_members(w, inner, true);
    return;
  }
  json_put_next(w, true);
  stele_buf_add_cstr(&w->buf, "\"value\"");
  json_put_colon(w);
  json_put_object(w, inner);
  if (!w->failed) json_put_close(w, '}', true);
}

/* ---- Times ------------------------------------------------------------------------ */

static void put_time(json_out *w, const stele_object *o,
                     const char *(*print)(json_time time, stele_buf *out)) {
  json_time time = {value_at(o, 0).i64, value_at(o, 1).i32};
  stele_buf_add_byte(&w->buf, '"');
  const char *wrong = print(time, &w->buf);
  stele_buf_add_byte(&w->buf, '"');
  if (wrong) (void)json_out_fail(w, STELE_INVALID, "%s", wrong);
}

static void put_timestamp(json_out *w, const stele_object *o) {
  put_time(w, o, json_timestamp_print);
}

static void put_duration(json_out *w, const stele_object *o) {
  put_time(w, o, json_duration_print);
}

/* ---- FieldMask --------------------------------------------------------------------- */

/* "foo_bar.baz" as "fooBar.baz"; false where that would not lead back. */
static bool add_mask_path(stele_buf *out, stele_str path) {
  bool raise = false;
  for (size_t i = 0; i < path.len; i++) {
    char c = path.ptr[i];
    bool is_lower = c >= 'a' && c <= 'z';
    if ((c >= 'A' && c <= 'Z') || c == ',' || (raise && !is_lower)) return false;
    bool is_mark = c == '_';
    if (!is_mark) stele_buf_add_byte(out, (uint8_t)(raise ? c - 'a' + 'A' : c));
    raise = is_mark;
  }
  return !raise && path.len > 0;
}

static void put_field_mask(json_out *w, const stele_object *o) {
  layout_array paths = object_array(o, &object_layout(o)->fields[0]);
  stele_buf text;
  stele_buf_init(&text, w->arena, 0);
  for (uint32_t i = 0; i < paths.count; i++) {
    stele_str path = ((const stele_str *)paths.at)[i];
    if (i > 0) stele_buf_add_byte(&text, ',');
    if (add_mask_path(&text, path)) continue;
    (void)json_out_fail(w, STELE_INVALID, "path \"%.*s\" of a FieldMask has no camelCase form",
                        path.len > 60 ? 60 : (int)path.len, path.ptr ? path.ptr : "");
    return;
  }
  json_put_str(w, stele_buf_str(&text));
}

/* ---- Struct, Value, ListValue -------------------------------------------------------- */

/* The only field of the type is a map or a list, and the object is its value. */
static void put_struct(json_out *w, const stele_object *o) {
  const layout_field *f = &object_layout(o)->fields[0];
  json_put_map(w, object_layout(o), f, object_dict_of(o, f));
}

static void put_list_value(json_out *w, const stele_object *o) {
  const layout_field *f = &object_layout(o)->fields[0];
  json_put_list(w, object_layout(o), f, object_array(o, f));
}

static void put_value(json_out *w, const stele_object *o) {
  const layout_field *f = object_next(o, 0);
  if (!f) {
    stele_buf_add_cstr(&w->buf, "null");
    return;
  }
  stele_value value = object_get(o, f);
  bool is_number = layout_schema_field(object_layout(o), f)->type == STELE_TYPE_DOUBLE;
  if (is_number && !isfinite(value.d)) {
    (void)json_out_fail(w, STELE_INVALID, "a Value can be neither NaN nor infinite");
  } else {
    json_put_value(w, object_layout(o), f, &value);
  }
  if (w->failed) json_trail_field(&w->trail, w->arena, object_layout(o), f);
}

/* ---- Wrappers -------------------------------------------------------------------------- */

static void put_wrapper(json_out *w, const stele_object *o) {
  const layout_field *f = &object_layout(o)->fields[0];
  stele_value value = object_get(o, f);
  json_put_value(w, object_layout(o), f, &value);
}

static void put_empty(json_out *w, const stele_object *o) {
  (void)o;
  json_put_open(w, '{');
  json_put_close(w, '}', false);
}

typedef void put_fn(json_out *w, const stele_object *o);

void json_put_well_known(json_out *w, const stele_object *o) {
  static put_fn *const forms[] = {
      [LAYOUT_WKT_ANY] = put_any,
      [LAYOUT_WKT_TIMESTAMP] = put_timestamp,
      [LAYOUT_WKT_DURATION] = put_duration,
      [LAYOUT_WKT_FIELD_MASK] = put_field_mask,
      [LAYOUT_WKT_STRUCT] = put_struct,
      [LAYOUT_WKT_VALUE] = put_value,
      [LAYOUT_WKT_LIST_VALUE] = put_list_value,
      [LAYOUT_WKT_EMPTY] = put_empty,
      [LAYOUT_WKT_DOUBLE_VALUE] = put_wrapper,
      [LAYOUT_WKT_FLOAT_VALUE] = put_wrapper,
      [LAYOUT_WKT_INT64_VALUE] = put_wrapper,
      [LAYOUT_WKT_UINT64_VALUE] = put_wrapper,
      [LAYOUT_WKT_INT32_VALUE] = put_wrapper,
      [LAYOUT_WKT_UINT32_VALUE] = put_wrapper,
      [LAYOUT_WKT_BOOL_VALUE] = put_wrapper,
      [LAYOUT_WKT_STRING_VALUE] = put_wrapper,
      [LAYOUT_WKT_BYTES_VALUE] = put_wrapper,
  };
  forms[object_layout(o)->well_known](w, o);
}
