/* Reading the types that JSON has a form of its own for: one function each. */
#include <math.h>

#include "proto/json/json_internal.h"

static const layout_field *field_at(const stele_object *o, uint32_t index) {
  return &object_layout(o)->fields[index];
}

/* A singular field gets a value that is known to fit. */
static void set_at(json_in *r, stele_object *o, uint32_t index, stele_value value) {
  object_set(r->arena, o, field_at(o, index), value);
}

/* ---- Any -------------------------------------------------------------------------- */

/* Looks for "@type", which mostly comes first but may stand anywhere, and goes
 * back; `url` is an empty text without a place where there are no members. */
static bool find_type(json_in *r, stele_str *url) {
  stele_json_cursor *c = &r->c, before = *c;
  *url = (stele_str){0};
  stele_json_skip_space(c);
  bool is_empty = c->at < c->end && *c->at == '}';
  for (bool more = !is_empty; more;) {
    stele_str name;
    if (!json_read_name(r, &name)) return false;
    if (stele_str_eq(name, STELE_STR("@type"))) {
      if (!json_read_text(r, url)) return false;
      break;
    }
    if (!stele_json_skip_value(c, r->depth)) return false;
    stele_json_skip_space(c);
    more = stele_json_take(c, ',');
    stele_json_skip_space(c);
  }
  *c = before;
  return url->ptr || is_empty || stele_json_fail_here(c, "an Any has no \"@type\"");
}

/* One member of {"@type": …, "value": X}; `stood` tells which have been there. */
static bool read_wrapped_member(json_in *r, stele_object *inner, bool stood[2]) {
  stele_str name;
  const char *at = r->c.at;
  if (!json_read_name(r, &name)) return false;
  bool is_type = stele_str_eq(name, STELE_STR("@type"));
  bool is_value = stele_str_eq(name, STELE_STR("value"));
  if (is_type || is_value) {
    if (stood[is_value]) return stele_json_fail_at(&r->c, at, "a member of an Any stands twice");
    stood[is_value] = true;
  } else if (!r->options->ignore_unknown) {
    return stele_json_fail_at(&r->c, at, "expected \"value\"");
  }
  return is_value ? json_read_object(r, inner) : stele_json_skip_value(&r->c, r->depth);
}

static bool read_wrapped(json_in *r, stele_object *inner) {
  bool stood[2] = {false, false};
  do {
    stele_json_skip_space(&r->c);
    if (!read_wrapped_member(r, inner, stood)) return false;
    stele_json_skip_space(&r->c);
  } while (stele_json_take(&r->c, ','));
  if (!stele_json_take(&r->c, '}')) return stele_json_fail_here(&r->c, "expected ',' or '}'");
  bool may_lack = object_layout(inner)->well_known == LAYOUT_WKT_EMPTY;
  return stood[1] || may_lack || stele_json_fail_at(&r->c, r->c.at - 1, "an Any has no \"value\"");
}

/* What another codec said of the value that begins at `at`. */
static bool fail_as(json_in *r, const char *at, const stele_err *err) {
  stele_code code = err->code == STELE_NOT_FOUND ? STELE_INVALID : err->code;
  return stele_json_fail_place(&r->c, stele_json_place_at(&r->c, at), code, err->msg);
}

static const stele_layout *resolve(json_in *r, const stele_object *any, stele_str url,
                                   const char *at) {
  const stele_any_resolver *resolver = &r->options->any;
  stele_err err = {0};
  const stele_layout *layout = resolver->find
                                   ? resolver->find(resolver->arg, url, &err)
                                   : stele_any_find(object_layout(any)->owner, url, &err);
  if (!layout) (void)fail_as(r, at, &err);
  return layout;
}

static bool read_any(json_in *r, stele_object *o) {
  const char *at = r->c.at;
  stele_str url;
  if (!stele_json_take(&r->c, '{')) return stele_json_fail_here(&r->c, "expected an object");
  if (!find_type(r, &url)) return false;
  if (!url.ptr) { /* {} */
    stele_json_skip_space(&r->c);
    return stele_json_take(&r->c, '}');
  }
  const stele_layout *layout = resolve(r, o, url, at);
  if (!layout) return false;
  stele_object *inner = object_new(r->arena, layout);
  bool ok = layout->well_known ? read_wrapped(r, inner) : json_read_members(r, inner, true);
  if (!ok) return false;
  stele_encode_options options = {.deterministic = true,
                                  .allow_partial = r->options->allow_partial};
  stele_bytes bytes;
  stele_err err = {0};
  if (!stele_binary_encode(r->arena, inner, &options, &bytes, &err)) {
    return fail_as(r, at, &err);
  }
  set_at(r, o, 0, (stele_value){.str = json_keep_text(r, url)});
  set_at(r, o, 1, (stele_value){.str = stele_bytes_str(bytes)});
  return true;
}

/* ---- Times ------------------------------------------------------------------------- */

static bool read_time(json_in *r, stele_object *o,
                      const char *(*parse)(stele_str text, json_time *out)) {
  const char *at = r->c.at;
  stele_str text;
  json_time time;
  if (!json_read_text(r, &text)) return false;
  const char *wrong = parse(text, &time);
  if (wrong) return stele_json_fail_at(&r->c, at, wrong);
  set_at(r, o, 0, (stele_value){.i64 = time.seconds});
  set_at(r, o, 1, (stele_value){.i32 = time.nanos});
  return true;
}

static bool read_timestamp(json_in *r, stele_object *o) {
  return read_time(r, o, json_timestamp_parse);
}

static bool read_duration(json_in *r, stele_object *o) {
  return read_time(r, o, json_duration_parse);
}

/* ---- FieldMask ------------------------------------------------------------------------ */

/* "fooBar.baz" as "foo_bar.baz"; false where it has an underscore, or nothing. */
static bool mask_path(json_in *r, stele_str camel, stele_str *out) {
  stele_buf path;
  stele_buf_init(&path, r->arena, 0);
  for (size_t i = 0; i < camel.len; i++) {
    char c = camel.ptr[i];
    bool is_upper = c >= 'A' && c <= 'Z';
    if (c == '_') return false;
    if (is_upper) stele_buf_add_byte(&path, '_');
    stele_buf_add_byte(&path, (uint8_t)(is_upper ? c - 'A' + 'a' : c));
  }
  *out = stele_buf_str(&path);
  return camel.len > 0;
}

static bool read_field_mask(json_in *r, stele_object *o) {
  const char *at = r->c.at;
  const layout_field *paths = field_at(o, 0);
  stele_str text;
  if (!json_read_text(r, &text)) return false;
  for (bool more = text.len > 0; more;) {
    const char *comma = memchr(text.ptr, ',', text.len);
    stele_str one = {text.ptr, comma ? (size_t)(comma - text.ptr) : text.len}, path;
    if (!mask_path(r, one, &path)) {
      return stele_json_fail_at(&r->c, at, "not the camelCase paths of a FieldMask");
    }
    layout_array *array = object_array_new(r->arena, o, paths);
    *(stele_str *)array_add(r->arena, array, sizeof(stele_str)) = path;
    more = comma != NULL;
    if (more) text = (stele_str){comma + 1, text.len - one.len - 1};
  }
  return true;
}

/* ---- Struct, Value, ListValue ---------------------------------------------------------- */

static bool read_struct(json_in *r, stele_object *o) {
  return json_read_map(r, o, field_at(o, 0));
}

static bool read_list_value(json_in *r, stele_object *o) {
  return json_read_list(r, o, field_at(o, 0));
}

enum { VALUE_NULL, VALUE_NUMBER, VALUE_STRING, VALUE_BOOL, VALUE_STRUCT, VALUE_LIST };

/* Which field of a Value a first byte begins. */
static uint32_t value_kind(char first) {
  switch (first) {
  case 'n': return VALUE_NULL;
  case '"': return VALUE_STRING;
  case 't':
  case 'f': return VALUE_BOOL;
  case '{': return VALUE_STRUCT;
  case '[': return VALUE_LIST;
  default: return VALUE_NUMBER;
  }
}

static bool read_value(json_in *r, stele_object *o) {
  if (r->c.at == r->c.end) return stele_json_fail_here(&r->c, "");
  const layout_field *f = field_at(o, value_kind(*r->c.at));
  if (f->index == VALUE_NUMBER && *r->c.at != '-' && (uint8_t)(*r->c.at - '0') > 9) {
    return stele_json_fail_here(&r->c, "expected a value");
  }
  return json_read_field(r, o, f) == JSON_READ;
}

/* ---- Wrappers ---------------------------------------------------------------------------- */

static bool read_wrapper(json_in *r, stele_object *o) {
  return json_read_field(r, o, field_at(o, 0)) == JSON_READ;
}

static bool read_empty(json_in *r, stele_object *o) {
  if (!stele_json_take(&r->c, '{')) return stele_json_fail_here(&r->c, "expected an object");
  return json_read_members(r, o, false);
}

typedef bool read_fn(json_in *r, stele_object *o);

bool json_read_well_known(json_in *r, stele_object *o) {
  static read_fn *const forms[] = {
      [LAYOUT_WKT_ANY] = read_any,
      [LAYOUT_WKT_TIMESTAMP] = read_timestamp,
      [LAYOUT_WKT_DURATION] = read_duration,
      [LAYOUT_WKT_FIELD_MASK] = read_field_mask,
      [LAYOUT_WKT_STRUCT] = read_struct,
      [LAYOUT_WKT_VALUE] = read_value,
      [LAYOUT_WKT_LIST_VALUE] = read_list_value,
      [LAYOUT_WKT_EMPTY] = read_empty,
      [LAYOUT_WKT_DOUBLE_VALUE] = read_wrapper,
      [LAYOUT_WKT_FLOAT_VALUE] = read_wrapper,
      [LAYOUT_WKT_INT64_VALUE] = read_wrapper,
      [LAYOUT_WKT_UINT64_VALUE] = read_wrapper,
      [LAYOUT_WKT_INT32_VALUE] = read_wrapper,
      [LAYOUT_WKT_UINT32_VALUE] = read_wrapper,
      [LAYOUT_WKT_BOOL_VALUE] = read_wrapper,
      [LAYOUT_WKT_STRING_VALUE] = read_wrapper,
      [LAYOUT_WKT_BYTES_VALUE] = read_wrapper,
  };
  return forms[object_layout(o)->well_known](r, o);
}
