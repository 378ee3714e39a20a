/* Reading text: recursive descent over the layout.
 *
 *   message = { field }
 *   field   = name [":"] ( "{" message "}" | "<" message ">" | list ) [","|";"]
 *           | name ":" ( value | list ) [","|";"]
 *   name    = word | "[" extension or URL of an Any's type "]"
 *
 * A mistake is false all the way out; the frames on the way are the path. */
#include <math.h>

#include "base/guard.h"
#include "base/num.h"
#include "base/utf8.h"
#include "proto/binary/binary.h"
#include "proto/text/text_internal.h"

typedef struct reader {
  text_lexer x;
  stele_arena *arena;
  const stele_text_read_options *options;
  uint32_t depth; /* levels left */
  stele_err *err;
} reader;

static bool read_message(reader *r, stele_object *o, const object_path *up, char close);

/* ---- Mistakes ------------------------------------------------------------------- */

static bool fail_at(reader *r, const object_path *path, const char *where, stele_code code,
                    const char *what) {
  size_t line = 1;
  const char *line_start = r->x.start;
  for (const char *at = line_start; at < where;) {
    const char *end = memchr(at, '\n', (size_t)(where - at));
    if (!end) break;
    line++;
    at = line_start = end + 1;
  }
  stele_buf field;
  stele_buf_init(&field, r->arena, 0);
  object_path_print(path, &field);
  size_t column = (size_t)(where - line_start) + 1;
  if (field.len == 0) return stele_fail(r->err, code, "%zu:%zu: %s", line, column, what);
  return stele_fail(r->err, code, "%zu:%zu, field \"" STELE_STR_FMT "\": %s", line, column,
                    STELE_STR_ARG(stele_buf_str(&field)), what);
}

/* At the current token; a bad one says itself what is wrong. */
static bool fail(reader *r, const object_path *path, const char *what) {
  if (r->x.kind == TEXT_BAD) what = r->x.what;
  return fail_at(r, path, r->x.token.ptr, STELE_INVALID, what);
}

static bool take_symbol(reader *r, char symbol) {
  if (!text_is(&r->x, symbol)) return false;
  text_next(&r->x);
  return true;
}

/* ---- Numbers ---------------------------------------------------------------------- */

static bool is_hex_token(stele_str token) {
  return token.len > 1 && token.ptr[0] == '0' && (token.ptr[1] == 'x' || token.ptr[1] == 'X');
}

/* The value of an INTEGER token; false when it has over 64 bits. */
static bool magnitude(stele_str token, uint64_t *out) {
  unsigned base = is_hex_token(token) ? 16 : token.len > 1 && token.ptr[0] == '0' ? 8 : 10;
  uint64_t value = 0;
  for (size_t i = base == 16 ? 2 : base == 8 ? 1 : 0; i < token.len; i++) {
    char c = token.ptr[i];
    unsigned digit = c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a' + 10);
    if (value > (UINT64_MAX - digit) / base) return false;
    value = value * base + digit;
  }
  *out = value;
  return true;
}

static bool read_signed(reader *r, const object_path *at, uint64_t most, int64_t *out) {
  uint64_t value = 0;
  bool negative = take_symbol(r, '-');
  if (r->x.kind != TEXT_INTEGER) return fail(r, at, "expected an integer");
  if (!magnitude(r->x.token, &value) || value > most + negative) {
    return fail(r, at, "the integer is out of range");
  }
  *out = negative ? (int64_t)(0 - value) : (int64_t)value;
  text_next(&r->x);
  return true;
}

static bool read_unsigned(reader *r, const object_path *at, uint64_t most, uint64_t *out) {
  if (r->x.kind != TEXT_INTEGER) return fail(r, at, "expected an integer that is not negative");
  if (!magnitude(r->x.token, out) || *out > most) {
    return fail(r, at, "the integer is out of range");
  }
  text_next(&r->x);
  return true;
}

static bool same_word(stele_str word, const char *lower) {
  size_t len = strlen(lower);
  if (word.len != len) return false;
  for (size_t i = 0; i < len; i++) {
    char c = word.ptr[i];
    if ((c >= 'A' && c <= 'Z' ? c + 0x20 : c) != lower[i]) return false;
  }
  return true;
}

static bool float_word(stele_str word, double *out) {
  if (same_word(word, "inf") || same_word(word, "infinity")) {
    *out = INFINITY;
  } else if (same_word(word, "nan")) {
    *out = NAN;
  } else {
    return false;
  }
  return true;
}

static bool read_double(reader *r, const object_path *at, double *out) {
  bool negative = take_symbol(r, '-');
  stele_str token = r->x.token;
  if (r->x.kind == TEXT_WORD) {
    if (!float_word(token, out)) return fail(r, at, "expected a number");
  } else if (r->x.kind == TEXT_INTEGER || r->x.kind == TEXT_FLOAT) {
    if (is_hex_token(token) ||
        (r->x.kind == TEXT_INTEGER && token.len > 1 && token.ptr[0] == '0')) {
      return fail(r, at, "a float is written in decimal");
    }
    char last = token.ptr[token.len - 1];
    if (last == 'f' || last == 'F') token.len--;
    if (!stele_num_parse_double(token, out)) return fail(r, at, "expected a number");
  } else {
    return fail(r, at, "expected a number");
  }
  if (negative) *out = -*out;
  text_next(&r->x);
  return true;
}

/* ---- Other values -------------------------------------------------------------------- */

static bool read_bool(reader *r, const object_path *at, bool *out) {
  static const char *const words[2][3] = {{"false", "False", "f"}, {"true", "True", "t"}};
  uint64_t value = 0;
  if (r->x.kind == TEXT_INTEGER) {
    if (!magnitude(r->x.token, &value) || value > 1) return fail(r, at, "expected true or false");
    *out = value != 0;
    text_next(&r->x);
    return true;
  }
  for (int is_true = 0; is_true < 2 && r->x.kind == TEXT_WORD; is_true++) {
    for (int i = 0; i < 3; i++) {
      if (!stele_str_eq(r->x.token, stele_cstr(words[is_true][i]))) continue;
      *out = is_true;
      text_next(&r->x);
      return true;
    }
  }
  return fail(r, at, "expected true or false");
}

static bool read_enum(reader *r, const object_path *at, const layout_enum *type, int32_t *out) {
  int64_t number = 0;
  const char *where = r->x.token.ptr;
  if (r->x.kind == TEXT_WORD) {
    const stele_enum_value *value = layout_enum_find_name(type, r->x.token);
    if (!value) return fail(r, at, "the enum has no value of this name");
    *out = value->number;
    text_next(&r->x);
    return true;
  }
  if (r->x.kind != TEXT_INTEGER && !text_is(&r->x, '-')) {
    return fail(r, at, "expected a name or number of an enum's value");
  }
  if (!read_signed(r, at, INT32_MAX, &number)) return false;
  *out = (int32_t)number;
  if (!type->type->is_closed || layout_enum_find(type, *out)) return true;
  return fail_at(r, at, where, STELE_INVALID, "the enum has no value of this number");
}

static bool read_string(reader *r, const object_path *at, bool utf8, stele_str *out) {
  const char *where = r->x.token.ptr;
  stele_buf text;
  bool as_protoc = r->options->strings_as_protoc;
  if (r->x.kind != TEXT_STRING) return fail(r, at, "expected a string");
  stele_buf_init(&text, r->arena, 0);
  (void)stele_buf_reserve(&text, r->x.token.len);
  while (r->x.kind == TEXT_STRING) {
    const char *what = NULL;
    if (!text_unquote(r->x.token, as_protoc, &text, &what)) return fail(r, at, what);
    text_next(&r->x);
  }
  *out = stele_buf_str(&text);
  if (!utf8 || as_protoc || stele_utf8_is_valid(*out)) return true;
  return fail_at(r, at, where, STELE_INVALID, "not valid UTF-8");
}

/* Opens a message: "{" or "<"; answers what must close it, or 0. */
static char open_message(reader *r) {
  if (take_symbol(r, '{')) return '}';
  return take_symbol(r, '<') ? '>' : 0;
}

static bool read_sub(reader *r, stele_object *sub, const object_path *at) {
  const char *where = r->x.token.ptr;
  char close = open_message(r);
  if (!close) return fail(r, at, "expected a message in { }");
  if (r->depth == 0) {
    return fail_at(r, at, where, STELE_LIMIT, "messages are nested too deeply");
  }
  r->depth--;
  bool ok = read_message(r, sub, at, close);
  r->depth++;
  return ok;
}

/* One value that is not a message. */
static bool read_scalar(reader *r, const stele_layout *layout, const layout_field *f,
                        const object_path *at, stele_value *out) {
  const stele_field *field = layout_schema_field(layout, f);
  int64_t number = 0;
  uint64_t size = 0;
  bool ok = true;
  *out = (stele_value){.str = {NULL, 0}};
  switch ((int)field->type) {
  case STELE_TYPE_DOUBLE: return read_double(r, at, &out->d);
  case STELE_TYPE_FLOAT: {
    double value = 0;
    ok = read_double(r, at, &value);
    out->f = stele_num_narrow(value);
    return ok;
  }
  case STELE_TYPE_INT64:
  case STELE_TYPE_SINT64:
  case STELE_TYPE_SFIXED64: return read_signed(r, at, INT64_MAX, &out->i64);
  case STELE_TYPE_UINT64:
  case STELE_TYPE_FIXED64: return read_unsigned(r, at, UINT64_MAX, &out->u64);
  case STELE_TYPE_INT32:
  case STELE_TYPE_SINT32:
  case STELE_TYPE_SFIXED32:
    ok = read_signed(r, at, INT32_MAX, &number);
    out->i32 = (int32_t)number;
    return ok;
  case STELE_TYPE_UINT32:
  case STELE_TYPE_FIXED32:
    ok = read_unsigned(r, at, UINT32_MAX, &size);
    out->u32 = (uint32_t)size;
    return ok;
  case STELE_TYPE_BOOL: return read_bool(r, at, &out->b);
  case STELE_TYPE_ENUM: return read_enum(r, at, f->sub.enumeration, &out->i32);
  default: return read_string(r, at, layout_code_of(f) == LAYOUT_STRING, &out->str);
  }
}

/* ---- Skipping ---------------------------------------------------------------------------- */

static bool skip_field(reader *r, const object_path *at);

static bool skip_message(reader *r, const object_path *at, char close) {
  if (r->depth == 0) {
    return fail_at(r, at, r->x.token.ptr, STELE_LIMIT, "messages are nested too deeply");
  }
  r->depth--;
  while (!text_is(&r->x, close)) {
    if (!skip_field(r, at)) return false;
  }
  r->depth++;
  text_next(&r->x);
  return true;
}

/* Anything that can stand behind a colon, but a list. */
static bool skip_value(reader *r, const object_path *at) {
  char close = open_message(r);
  if (close) return skip_message(r, at, close);
  if (r->x.kind == TEXT_STRING) {
    stele_str text;
    return read_string(r, at, false, &text);
  }
  bool negative = take_symbol(r, '-');
  bool is_number = r->x.kind == TEXT_INTEGER || r->x.kind == TEXT_FLOAT;
  double value = 0;
  if (r->x.kind == TEXT_WORD && negative && !float_word(r->x.token, &value)) {
    return fail(r, at, "expected a number behind '-'");
  }
  if (!is_number && r->x.kind != TEXT_WORD) return fail(r, at, "expected a value");
  text_next(&r->x);
  return true;
}

static bool skip_list(reader *r, const object_path *at) {
  if (take_symbol(r, ']')) return true;
  do {
    if (!skip_value(r, at)) return false;
  } while (take_symbol(r, ','));
  return take_symbol(r, ']') || fail(r, at, "expected ',' or ']'");
}

/* What follows a field's name. */
static bool skip_rest(reader *r, const object_path *at) {
  bool colon = take_symbol(r, ':');
  if (!colon && !text_is(&r->x, '{') && !text_is(&r->x, '<') && !text_is(&r->x, '[')) {
    return fail(r, at, "expected ':'");
  }
  if (!(take_symbol(r, '[') ? skip_list(r, at) : skip_value(r, at))) return false;
  if (!take_symbol(r, ',')) (void)take_symbol(r, ';');
  return true;
}

static bool skip_field(reader *r, const object_path *at) {
  stele_buf name;
  stele_buf_init(&name, r->arena, 0);
  if (text_is(&r->x, '[')) {
    if (!text_bracketed(&r->x, &name)) return fail(r, at, "");
  } else if (r->x.kind == TEXT_WORD || r->x.kind == TEXT_INTEGER) {
    text_next(&r->x);
  } else {
    return fail(r, at, "expected a field");
  }
  return skip_rest(r, at);
}

/* ---- Fields -------------------------------------------------------------------------------- */

/* A map's entry is read as the message that it is. */
static bool read_entry(reader *r, stele_object *o, const layout_field *f, const object_path *at) {
  const stele_layout *layout = layout_sub_layout(f);
  const layout_field *key = &layout->fields[0], *value = &layout->fields[1];
  stele_object *entry = object_new(r->arena, layout);
  bool was_in = false;
  if (!read_sub(r, entry, at)) return false;
  stele_value made = layout_is_object(layout_code_of(value))
                         ? (stele_value){.object = object_sub(r->arena, entry, value)}
                         : object_get(entry, value);
  object_dict *dict = object_dict_new(r->arena, o, f);
  dict_put(r->arena, dict, dict_key(layout_code_of(key), object_get(entry, key)), &was_in)->value =
      made;
  return true;
}

static bool read_element(reader *r, stele_object *o, const layout_field *f, object_path *at) {
  layout_code code = layout_code_of(f);
  at->kind = PATH_INDEX;
  at->index = layout_shape_of(f) == LAYOUT_MAP
                  ? object_dict_of(o, f) ? object_dict_of(o, f)->count : 0
                  : object_array(o, f).count;
  if (layout_shape_of(f) == LAYOUT_MAP) return read_entry(r, o, f, at);
  stele_value value = {.object = NULL};
  if (layout_is_object(code)) {
    value.object = object_new(r->arena, layout_sub_layout(f));
    if (!read_sub(r, value.object, at)) return false;
  } else if (!read_scalar(r, object_layout(o), f, at, &value)) {
    return false;
  }
  layout_array *array = object_array_new(r->arena, o, f);
  object_store(code, array_add(r->arena, array, layout_code_bytes[code]), value);
  return true;
}

static bool read_list(reader *r, stele_object *o, const layout_field *f, object_path *at) {
  if (take_symbol(r, ']')) return true;
  do {
    if (!read_element(r, o, f, at)) return false;
  } while (take_symbol(r, ','));
  return take_symbol(r, ']') || fail(r, at, "expected ',' or ']'");
}

/* A singular field comes once, and of a oneof comes one member. */
static bool is_free(reader *r, const stele_object *o, const layout_field *f, const object_path *at,
                    const char *where) {
  if (object_has(o, f)) {
    return fail_at(r, at, where, STELE_INVALID, "it is not repeated, and was set before");
  }
  if (f->oneof && o->head[object_layout(o)->bit_words + f->oneof - 1]) {
    return fail_at(r, at, where, STELE_INVALID, "another member of its oneof was set before");
  }
  return true;
}

static bool read_singular(reader *r, stele_object *o, const layout_field *f,
                          const object_path *at) {
  stele_value value;
  if (layout_is_object(layout_code_of(f))) return read_sub(r, object_sub(r->arena, o, f), at);
  if (!read_scalar(r, object_layout(o), f, at, &value)) return false;
  object_set(r->arena, o, f, value);
  return true;
}

/* What follows the name of a field that there is. */
static bool read_value(reader *r, stele_object *o, const layout_field *f, const object_path *up,
                       const char *where) {
  object_path at = {.up = up, .layout = object_layout(o), .field = f, .kind = PATH_FIELD};
  layout_shape shape = layout_shape_of(f);
  bool is_object = layout_is_object(layout_code_of(f));
  bool colon = take_symbol(r, ':');
  if (!colon && !is_object) return fail(r, &at, "expected ':'");
  bool ok = false;
  if (shape == LAYOUT_ONE) {
    ok = is_free(r, o, f, &at, where) && read_singular(r, o, f, &at);
  } else {
    ok = take_symbol(r, '[') ? read_list(r, o, f, &at) : read_element(r, o, f, &at);
  }
  if (ok && !take_symbol(r, ',')) (void)take_symbol(r, ';');
  return ok;
}

/* ---- Names --------------------------------------------------------------------------------- */

/* By name; a group also by that of its type. */
static const layout_field *find_word(reader *r, const stele_layout *layout, stele_str word) {
  const layout_field *f = layout_find_name(layout, word);
  if (f) return f;
  stele_str lower = stele_str_copy(r->arena, word);
  char *bytes = (char *)(uintptr_t)lower.ptr;
  for (size_t i = 0; i < lower.len; i++) {
    if (bytes[i] >= 'A' && bytes[i] <= 'Z') bytes[i] = (char)(bytes[i] + 0x20);
  }
  f = layout_find_name(layout, lower);
  if (!f) return NULL;
  const stele_field *field = layout_schema_field(layout, f);
  bool is_called_so = text_is_group(field) && stele_str_eq(field->type_message->name, word);
  return is_called_so ? f : NULL;
}

static bool is_reserved(const stele_message *type, stele_str word) {
  for (uint32_t i = 0; i < type->reserved_name_count; i++) {
    if (stele_str_eq(type->reserved_names[i], word)) return true;
  }
  return false;
}

/* By full name; in a MessageSet also by that of the type that it is in. */
static const layout_field *find_extension(const stele_layout *layout, stele_str name) {
  const layout_field *f = layout_find_extension(layout, name);
  for (uint32_t i = 0; !f && layout->is_message_set && i < layout->field_count; i++) {
    const stele_field *field = layout->info[i].field;
    if (stele_field_scope(field) && stele_field_scope(field) == field->type_message &&
        stele_str_eq(stele_field_scope(field)->full_name, name)) {
      f = &layout->fields[i];
    }
  }
  return f;
}

/* [domain/type] { … } in an Any: the message is read as what it is, and kept
 * as its bytes. */
static bool read_any(reader *r, stele_object *o, stele_str url, const object_path *up,
                     const char *where) {
  stele_any_resolver resolver = r->options->any;
  stele_err err = {0};
  const layout_field *url_field = layout_find(object_layout(o), 1),
                     *bytes_field = layout_find(object_layout(o), 2);
  if (object_layout(o)->well_known != LAYOUT_WKT_ANY) {
    return fail_at(r, up, where, STELE_INVALID, "only an Any has the URL of a type");
  }
  if (object_has(o, url_field) || object_has(o, bytes_field)) {
    return fail_at(r, up, where, STELE_INVALID, "the Any was set before");
  }
  const stele_layout *layout = resolver.find ? resolver.find(resolver.arg, url, &err)
                                             : stele_any_find(object_layout(o)->owner, url, &err);
  if (!layout) return fail_at(r, up, where, STELE_INVALID, err.msg);
  stele_object *inner = object_new(r->arena, layout);
  (void)take_symbol(r, ':');
  if (!read_sub(r, inner, up)) return false;
  static const stele_encode_options as_it_is;
  stele_bytes bytes;
  bool may_stay = binary_encode(r->arena, inner, &as_it_is, &bytes) || r->options->allow_partial;
  if (!may_stay && !stele_object_check_required(inner, &err)) {
    return fail_at(r, up, where, STELE_INVALID, err.msg);
  }
  object_set(r->arena, o, url_field, (stele_value){.str = url});
  object_set(r->arena, o, bytes_field, (stele_value){.str = stele_bytes_str(bytes)});
  if (!take_symbol(r, ',')) (void)take_symbol(r, ';');
  return true;
}

static bool read_bracketed(reader *r, stele_object *o, const object_path *up) {
  const char *where = r->x.token.ptr;
  stele_buf name;
  stele_buf_init(&name, r->arena, 0);
  if (!text_bracketed(&r->x, &name)) return fail(r, up, "");
  stele_str text = stele_buf_str(&name);
  if (text.len && memchr(text.ptr, '/', text.len)) return read_any(r, o, text, up, where);
  const layout_field *f = text.len ? find_extension(object_layout(o), text) : NULL;
  if (f) return read_value(r, o, f, up, where);
  if (r->options->ignore_unknown && text.len) return skip_rest(r, up);
  return fail_at(r, up, where, STELE_INVALID, "there is no such extension of the message");
}

static bool read_field(reader *r, stele_object *o, const object_path *up) {
  if (text_is(&r->x, '[')) return read_bracketed(r, o, up);
  stele_str word = r->x.token;
  if (r->x.kind == TEXT_INTEGER && r->options->ignore_unknown) {
    text_next(&r->x);
    return skip_rest(r, up);
  }
  if (r->x.kind != TEXT_WORD) return fail(r, up, "expected a field");
  const layout_field *f = find_word(r, object_layout(o), word);
  bool may_skip = !f && (r->options->ignore_unknown || is_reserved(object_layout(o)->type, word));
  if (!f && !may_skip) {
    stele_str what =
        stele_str_printf(r->arena, STELE_STR_FMT " has no field \"" STELE_STR_FMT "\"",
                         STELE_STR_ARG(object_layout(o)->type->full_name), STELE_STR_ARG(word));
    return fail(r, up, what.ptr);
  }
  text_next(&r->x);
  return f ? read_value(r, o, f, up, word.ptr) : skip_rest(r, up);
}

/* Fields up to the symbol `close`, or to the end of the text when it is 0. */
static bool read_message(reader *r, stele_object *o, const object_path *up, char close) {
  for (;;) {
    if (r->x.kind == TEXT_END) {
      return !close || fail(r, up, close == '}' ? "expected '}'" : "expected '>'");
    }
    if (close && take_symbol(r, close)) return true;
    if (!read_field(r, o, up)) return false;
  }
}

bool text_read(stele_arena *arena, stele_object *o, stele_str text,
               const stele_text_read_options *options, stele_err *err) {
  reader r = {.arena = arena,
              .options = options,
              .depth = options->depth ? options->depth : STELE_DECODE_DEPTH,
              .err = err};
  if (text.len > STELE_CODEC_MAX) {
    return stele_fail(err, STELE_LIMIT, "%zu bytes are more than a message may have", text.len);
  }
  text_lexer_init(&r.x, text);
  return read_message(&r, o, NULL, 0);
}
