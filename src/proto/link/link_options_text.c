/* Aggregate values: protobuf text format, read from the tokens of the file.
 *
 * A field becomes a record on the wire as soon as it is read, in the order of
 * the text; when the message is whole, the records are normalised (sorted,
 * packed as declared) as if a message had been read and written. protoc has
 * the text lexed anew; the tokens are the same but for `#`, which starts a
 * comment there and is a symbol here.
 *
 *   fields = field*
 *   field  = name (":" value | ":"? message | ":"? "[" list "]") (";" | ",")?
 *   name   = identifier | "[" extension "]" | "[" url "/" type "]"          */
#include <ctype.h>

#include "proto/link/link_options_internal.h"

enum { MAX_DEPTH = 100 };

/* ---- Tokens ---------------------------------------------------------------- */

/* `#` hides the rest of its line. */
static void skip_comment(options_text *t) {
  const stele_token *tokens = t->tokens->at;
  while (t->at < t->end && tokens[t->at].kind == STELE_TOKEN_SYMBOL &&
         tokens[t->at].sym == STELE_SYM_OF('#')) {
    uint32_t line = tokens[t->at].line;
    while (t->at < t->end && tokens[t->at].line == line) t->at++;
  }
}

bool options_text_at_end(const options_text *t) {
  return t->at >= t->end;
}

bool options_text_at(const options_text *t, char symbol) {
  return t->at < t->end && t->tokens->at[t->at].kind == STELE_TOKEN_SYMBOL &&
         t->tokens->at[t->at].sym == STELE_SYM_OF(symbol);
}

bool options_text_at_kind(const options_text *t, stele_token_kind kind) {
  return t->at < t->end && t->tokens->at[t->at].kind == kind;
}

stele_str options_text_token(const options_text *t) {
  return t->at < t->end ? stele_token_text(t->tokens, t->at) : STELE_STR("");
}

void options_text_next(options_text *t) {
  if (t->at < t->end) t->at++;
  skip_comment(t);
}

bool options_text_take(options_text *t, char symbol) {
  if (!options_text_at(t, symbol)) return false;
  options_text_next(t);
  return true;
}

bool options_text_fail(options_text *t, const char *format, ...) {
  va_list args;
  va_start(args, format);
  char text[1024];
  int len = vsnprintf(text, sizeof text, format, args);
  va_end(args);
  if (t->error.len) stele_buf_add_cstr(&t->error, "; ");
  if (len > 0) {
    stele_buf_add(&t->error, text, (size_t)len < sizeof text ? (size_t)len : sizeof text - 1);
  }
  return false;
}

bool options_text_expect(options_text *t, char symbol) {
  if (options_text_take(t, symbol)) return true;
  return options_text_fail(t, "Expected \"%c\", found \"%.*s\".", symbol,
                           STELE_STR_ARG(options_text_token(t)));
}

/* ---- What was set in a message ----------------------------------------------- */

typedef STELE_VEC(const stele_field *) field_list;

/* One level: a bit per field of the type, the extensions one by one, and the
 * member that each oneof holds. */
typedef struct level {
  const stele_message *type;
  uint8_t *seen;
  field_list extensions;
  const stele_field **members;
} level;

static level level_of(options_text *t, const stele_message *type) {
  return (level){
      .type = type,
      .seen = STELE_NEW_ARRAY(t->state->scratch, uint8_t, (type->field_count + 7) / 8),
      .members = STELE_NEW_ARRAY(t->state->scratch, const stele_field *, type->oneof_count),
  };
}

static bool was_seen(const level *l, const stele_field *field) {
  if (!field->is_extension) {
    size_t at = (size_t)(field - l->type->fields);
    return (l->seen[at / 8] >> (at % 8)) & 1;
  }
  for (size_t i = 0; i < l->extensions.count; i++) {
    if (l->extensions.at[i] == field) return true;
  }
  return false;
}

static void mark_seen(options_text *t, level *l, const stele_field *field) {
  if (field->is_extension) {
    STELE_VEC_PUSH(t->state->scratch, &l->extensions, field);
    return;
  }
  size_t at = (size_t)(field - l->type->fields);
  l->seen[at / 8] = (uint8_t)(l->seen[at / 8] | 1u << (at % 8));
  if (field->oneof) l->members[field->oneof - l->type->oneofs] = field;
}

/* A singular field is set once, and one member of a oneof. */
static bool may_set(options_text *t, const level *l, const stele_field *field, stele_str name) {
  if (field->label != STELE_LABEL_REPEATED && was_seen(l, field)) {
    return options_text_fail(t, "Non-repeated field \"%.*s\" is specified multiple times.",
                             STELE_STR_ARG(name));
  }
  const stele_field *other =
      field->oneof && !field->is_extension ? l->members[field->oneof - l->type->oneofs] : NULL;
  if (!other) return true;
  return options_text_fail(t,
                           "Field \"%.*s\" is specified along with field \"%.*s\", another member "
                           "of oneof \"%.*s\".",
                           STELE_STR_ARG(name), STELE_STR_ARG(other->name),
                           STELE_STR_ARG(field->oneof->name));
}

/* ---- Skipping: fields whose name is reserved ---------------------------------- */

static bool skip_message(options_text *t);
static bool bracket_name(options_text *t, stele_str *url, stele_str *name);

static bool too_deep(options_text *t) {
  return !options_text_fail(t,
                            "Message is too deep, the parser exceeded the configured recursion "
                            "limit of %d.",
                            MAX_DEPTH);
}

static bool at_message(const options_text *t) {
  return options_text_at(t, '{') || options_text_at(t, '<');
}

static bool skip_value(options_text *t);

static bool skip_list(options_text *t) {
  if (options_text_take(t, ']')) return true;
  for (;;) {
    if (!(at_message(t) ? skip_message(t) : skip_value(t))) return false;
    if (options_text_take(t, ']')) return true;
    if (!options_text_expect(t, ',')) return false;
  }
}

static bool skip_scalar(options_text *t) {
  bool minus = options_text_take(t, '-');
  stele_str token = options_text_token(t);
  bool is_word = options_text_at_kind(t, STELE_TOKEN_IDENTIFIER);
  if (!is_word && !options_text_at_kind(t, STELE_TOKEN_INTEGER) &&
      !options_text_at_kind(t, STELE_TOKEN_FLOAT)) {
    return options_text_fail(t, "Cannot skip field value, unexpected token: %.*s",
                             STELE_STR_ARG(token));
  }
  if (minus && is_word && !options_text_float_word(token, NULL)) {
    stele_str lower = options_text_lower(t, token);
    return options_text_fail(t, "Invalid float number: %.*s", STELE_STR_ARG(lower));
  }
  options_text_next(t);
  return true;
}

static bool skip_value(options_text *t) {
  if (++t->depth > MAX_DEPTH && too_deep(t)) return false;
  bool ok = true;
  if (options_text_at_kind(t, STELE_TOKEN_STRING)) {
    while (options_text_at_kind(t, STELE_TOKEN_STRING)) options_text_next(t);
  } else {
    ok = options_text_take(t, '[') ? skip_list(t) : skip_scalar(t);
  }
  t->depth--;
  return ok;
}

static void take_separator(options_text *t) {
  if (!options_text_take(t, ';')) (void)options_text_take(t, ',');
}

static bool identifier(options_text *t, stele_str *name) {
  *name = options_text_token(t);
  if (!options_text_at_kind(t, STELE_TOKEN_IDENTIFIER)) {
    return options_text_fail(t, "Expected identifier, got: %.*s", STELE_STR_ARG(*name));
  }
  options_text_next(t);
  return true;
}

/* A ":" before anything but a message makes it a value. */
static bool skip_after_name(options_text *t) {
  bool colon = options_text_take(t, ':');
  return colon && !at_message(t) ? skip_value(t) : skip_message(t);
}

static bool skip_field(options_text *t) {
  stele_str url, name;
  bool ok = options_text_at(t, '[') ? bracket_name(t, &url, &name) : identifier(t, &name);
  if (!ok || !skip_after_name(t)) return false;
  take_separator(t);
  return true;
}

static bool open_message(options_text *t, char *close) {
  *close = '>';
  if (options_text_take(t, '<')) return true;
  *close = '}';
  return options_text_expect(t, '{');
}

static bool skip_message(options_text *t) {
  char close;
  if (++t->depth > MAX_DEPTH && too_deep(t)) return false;
  if (!open_message(t, &close)) return false;
  while (!options_text_at(t, '>') && !options_text_at(t, '}')) {
    if (!skip_field(t)) return false;
  }
  t->depth--;
  return options_text_expect(t, close);
}

/* ---- Names ------------------------------------------------------------------- */

/* What may stand in a type URL: letters, digits, marks and percent codes. */
static bool is_url_text(stele_str text) {
  static const char marks[] = "-_.~!$&()*+,;=%/";
  for (size_t i = 0; i < text.len; i++) {
    unsigned char c = (unsigned char)text.ptr[i];
    if (!isalnum(c) && !(c && strchr(marks, c))) return false;
  }
  return text.len > 0;
}

static bool is_identifier(stele_str text) {
  if (text.len == 0 || isdigit((unsigned char)text.ptr[0])) return false;
  for (size_t i = 0; i < text.len; i++) {
    unsigned char c = (unsigned char)text.ptr[i];
    if (c >= 0x80 || (!isalnum(c) && c != '_')) return false;
  }
  return true;
}

static bool check_prefix(options_text *t, stele_str url) {
  if (url.len == 1) return options_text_fail(t, "Type URL prefix is empty");
  if (url.ptr[0] == '/') return options_text_fail(t, "Type URL starts with \"/\"");
  for (size_t i = 0; i < url.len; i++) {
    if (url.ptr[i] != '%') continue;
    if (i + 2 >= url.len || !isxdigit((unsigned char)url.ptr[i + 1]) ||
        !isxdigit((unsigned char)url.ptr[i + 2])) {
      size_t len = url.len - i < 3 ? url.len - i : 3;
      return options_text_fail(t, "Invalid percent encode, got: \"%.*s\"", (int)len, url.ptr + i);
    }
  }
  return true;
}

static bool check_type_name(options_text *t, stele_str name) {
  for (size_t at = 0; at <= name.len;) {
    const char *dot = at < name.len ? memchr(name.ptr + at, '.', name.len - at) : NULL;
    size_t end = dot ? (size_t)(dot - name.ptr) : name.len;
    stele_str part = {name.ptr + at, end - at};
    if (!is_identifier(part)) {
      return options_text_fail(t, "Invalid identifier in type name, got: \"%.*s\"",
                               STELE_STR_ARG(part));
    }
    at = end + 1;
  }
  return true;
}

/* "[" extension "]" or "[" url "/" type "]"; `url` keeps its last slash. */
static bool bracket_name(options_text *t, stele_str *url, stele_str *name) {
  stele_buf text;
  stele_buf_init(&text, t->state->scratch, 0);
  options_text_next(t);
  while (!options_text_at_end(t) && is_url_text(options_text_token(t))) {
    stele_buf_add_str(&text, options_text_token(t));
    options_text_next(t);
  }
  if (!options_text_expect(t, ']')) return false;

  stele_str all = stele_buf_str(&text);
  size_t slash = all.len;
  while (slash > 0 && all.ptr[slash - 1] != '/') slash--;
  *url = (stele_str){all.ptr, slash};
  *name = (stele_str){slash ? all.ptr + slash : all.ptr, all.len - slash};
  if (url->len && !check_prefix(t, *url)) return false;
  return check_type_name(t, *name);
}

/* In a MessageSet an item may be called by the name of its message. */
static const stele_field *set_item(const stele_message *set, const stele_message *item) {
  for (uint32_t i = 0; i < item->extension_count; i++) {
    const stele_field *field = &item->extensions[i];
    if (field->message == set && field->type == STELE_TYPE_MESSAGE &&
        field->label == STELE_LABEL_OPTIONAL && field->type_message == item) {
      return field;
    }
  }
  return NULL;
}

static const stele_field *find_extension(options_text *t, const stele_message *type,
                                         stele_str name) {
  link_file_state *state = t->state;
  link_symbol_id scope = link_symbol_of_message(state->job, type);
  if (scope != LINK_ROOT) scope = link_symbol_get(state->job, scope)->parent;
  link_symbol_id id = link_lookup(state, scope, link_name_from_text(state, name), LINK_ALL);
  const link_symbol *symbol = link_symbol_get(state->job, id);
  if (id == LINK_ROOT) return NULL;
  if (symbol->kind == STELE_SYMBOL_FIELD) {
    const stele_field *field = symbol->element;
    return field->message == type ? field : NULL;
  }
  bool is_item = symbol->kind == STELE_SYMBOL_MESSAGE && type->is_message_set;
  return is_item ? set_item(type, symbol->element) : NULL;
}

/* A group, or a field that looks like one, may be called by its type's name. */
static const stele_field *find_group(options_text *t, const stele_message *type, stele_str name) {
  const stele_field *field = stele_message_field_by_name(type, options_text_lower(t, name));
  bool is_group = field && field->is_delimited && field->type_message &&
                  stele_str_eq(field->type_message->name, name) &&
                  field->type_message->file == field->file &&
                  field->type_message->parent == field->message;
  return is_group ? field : NULL;
}

static bool is_reserved(const stele_message *type, stele_str name) {
  for (uint32_t i = 0; i < type->reserved_name_count; i++) {
    if (stele_str_eq(type->reserved_names[i], name)) return true;
  }
  return false;
}

/* ---- Values -------------------------------------------------------------------- */

static bool fields(options_text *t, const stele_message *type, char close);

/* A length can be written only when what it counts is there: the content moves
 * up to make room for it. */
static void insert_len(options_text *t, size_t start) {
  size_t len = t->out.len - start, room = stele_wire_varint_len(len);
  uint8_t bytes[STELE_WIRE_VARINT_MAX];
  stele_buf_add(&t->out, bytes, room);
  memmove(t->out.ptr + start + room, t->out.ptr + start, len);
  t->out.len = start;
  stele_write_varint(&t->out, len);
  t->out.len += len;
}

static bool message_value(options_text *t, const stele_field *field) {
  char close;
  bool is_group = field->is_delimited;
  if (!open_message(t, &close)) return false;
  stele_write_tag(&t->out, (uint32_t)field->number,
                  is_group ? STELE_WIRE_GROUP : STELE_WIRE_DELIMITED);
  size_t start = t->out.len;
  if (!fields(t, field->type_message, close)) return false;
  if (is_group) {
    stele_write_tag(&t->out, (uint32_t)field->number, STELE_WIRE_GROUP_END);
  } else {
    insert_len(t, start);
  }
  return true;
}

static bool one_value(options_text *t, const stele_field *field, bool *is_zero) {
  *is_zero = false;
  return field->type_message ? message_value(t, field) : options_text_scalar(t, field, is_zero);
}

static bool value_list(options_text *t, const stele_field *field) {
  bool is_zero;
  if (options_text_take(t, ']')) return true;
  for (;;) {
    if (!one_value(t, field, &is_zero)) return false;
    if (options_text_take(t, ']')) return true;
    if (!options_text_expect(t, ',')) return false;
  }
}

/* ---- google.protobuf.Any -------------------------------------------------------- */

static bool is_any(const stele_message *type) {
  return stele_str_eq(type->full_name, STELE_STR("google.protobuf.Any"));
}

static const stele_message *find_any_type(options_text *t, stele_str url, stele_str name) {
  bool known = stele_str_eq(url, STELE_STR("type.googleapis.com/")) ||
               stele_str_eq(url, STELE_STR("type.googleprod.com/"));
  if (!known) return NULL;
  stele_str absolute = stele_str_printf(t->state->scratch, ".%.*s", STELE_STR_ARG(name));
  link_symbol_id id =
      link_lookup(t->state, LINK_ROOT, link_name_from_text(t->state, absolute), LINK_ALL);
  const link_symbol *symbol = link_symbol_get(t->state->job, id);
  return id != LINK_ROOT && symbol->kind == STELE_SYMBOL_MESSAGE ? symbol->element : NULL;
}

/* The content of an Any is bytes to the message around it, so it is normalised
 * here and now. */
static bool any_content(options_text *t, const stele_message *type, stele_bytes *content) {
  char close;
  size_t start = t->out.len;
  if (!open_message(t, &close) || !fields(t, type, close)) return false;
  stele_bytes raw = {(const uint8_t *)t->out.ptr + start, t->out.len - start};
  descriptor_normal n = link_options_normal(t->state, DESCRIPTOR_KNOWN_POOL);
  *content = descriptor_normal_bytes(&n, t->state->scratch, type, raw);
  t->out.len = start;
  stele_str missing = link_options_missing(t->state, type, *content);
  if (missing.len == 0) return true;
  return options_text_fail(t,
                           "Value of type \"%.*s\" stored in google.protobuf.Any has missing "
                           "required fields: %.*s",
                           STELE_STR_ARG(type->full_name), STELE_STR_ARG(missing));
}

/* any = "[" url "/" type "]" ":"? message */
static bool any_field(options_text *t, level *l) {
  enum { TYPE_URL = 1, VALUE = 2 };
  stele_str url, name;
  if (!bracket_name(t, &url, &name)) return false;
  if (url.len == 0) return options_text_fail(t, "Type URL prefix is missing");
  (void)options_text_take(t, ':');

  const stele_message *type = find_any_type(t, url, name);
  stele_bytes content;
  if (!type) {
    return options_text_fail(t, "Could not find type \"%.*s%.*s\" stored in google.protobuf.Any.",
                             STELE_STR_ARG(url), STELE_STR_ARG(name));
  }
  if (!any_content(t, type, &content)) return false;
  for (uint32_t i = 0; i < l->type->field_count && i < 2; i++) {
    if (was_seen(l, &l->type->fields[i])) {
      return options_text_fail(t, "Non-repeated Any specified multiple times.");
    }
    mark_seen(t, l, &l->type->fields[i]);
  }
  stele_write_bytes_field(&t->out, TYPE_URL,
                          (stele_bytes){(const uint8_t *)url.ptr, url.len + name.len});
  stele_write_bytes_field(&t->out, VALUE, content);
  return true;
}

/* ---- Fields --------------------------------------------------------------------- */

static bool extension_name(options_text *t, const stele_message *type, stele_str *name,
                           const stele_field **field) {
  stele_str url;
  if (!bracket_name(t, &url, name)) return false;
  if (url.len) return options_text_fail(t, "Extension name contains \"/\"");
  *field = find_extension(t, type, *name);
  if (*field) return true;
  return options_text_fail(t,
                           "Extension \"%.*s\" is not defined or is not an extension of \"%.*s\".",
                           STELE_STR_ARG(*name), STELE_STR_ARG(type->full_name));
}

/* `*field` stays NULL for a reserved name, whose value is skipped. */
static bool field_name(options_text *t, const stele_message *type, stele_str *name,
                       const stele_field **field) {
  if (!identifier(t, name)) return false;
  *field = stele_message_field_by_name(type, *name);
  if (!*field) *field = find_group(t, type, *name);
  if (*field || is_reserved(type, *name)) return true;
  return options_text_fail(t, "Message type \"%.*s\" has no field named \"%.*s\".",
                           STELE_STR_ARG(type->full_name), STELE_STR_ARG(*name));
}

static bool field_value(options_text *t, level *l, const stele_field *field, stele_str name) {
  bool is_zero = false;
  if (!may_set(t, l, field, name)) return false;
  if (descriptor_has_source_retention(field)) t->touches_source = true;
  if (field->type_message) {
    (void)options_text_take(t, ':'); /* may be left out before messages */
  } else if (!options_text_expect(t, ':')) {
    return false;
  }
  bool is_list = field->label == STELE_LABEL_REPEATED && options_text_take(t, '[');
  if (!(is_list ? value_list(t, field) : one_value(t, field, &is_zero))) return false;
  if (field->label != STELE_LABEL_REPEATED && (field->has_presence || !is_zero)) {
    mark_seen(t, l, field);
  }
  return true;
}

static bool one_field(options_text *t, level *l) {
  stele_str name;
  const stele_field *field = NULL;
  bool ok;
  if (options_text_at(t, '[') && is_any(l->type)) {
    ok = any_field(t, l);
  } else {
    ok = options_text_at(t, '[') ? extension_name(t, l->type, &name, &field)
                                 : field_name(t, l->type, &name, &field);
    if (ok) ok = field ? field_value(t, l, field, name) : skip_after_name(t);
  }
  if (ok) take_separator(t);
  return ok;
}

/* Fields up to `close`, or to the end of the text when it is 0. */
static bool fields(options_text *t, const stele_message *type, char close) {
  if (++t->depth > MAX_DEPTH && too_deep(t)) return false;
  level l = level_of(t, type);
  while (close ? !options_text_at(t, '>') && !options_text_at(t, '}') : !options_text_at_end(t)) {
    if (!one_field(t, &l)) return false;
  }
  t->depth--;
  return close ? options_text_expect(t, close) : true;
}

/* ---- The whole value ------------------------------------------------------------- */

static bool fail_not_aggregate(options_run *run, const stele_field *field) {
  stele_str full_name = stele_field_full_name(run->state->scratch, field);
  link_error(run->state, run->statement->value_token,
             "Option \"%.*s\" is a message. To set the entire message, use syntax like \"%.*s = { "
             "<proto text format> }\". To set fields within it, use syntax like \"%.*s.foo = "
             "value\".",
             STELE_STR_ARG(full_name), STELE_STR_ARG(field->name), STELE_STR_ARG(field->name));
  return false;
}

static bool parse(options_text *t, const stele_message *type, stele_bytes *content) {
  if (!fields(t, type, 0)) return false;
  descriptor_normal n = link_options_normal(t->state, DESCRIPTOR_KNOWN_POOL);
  *content = descriptor_normal_bytes(&n, t->state->scratch, type, stele_buf_bytes(&t->out));
  stele_str missing = link_options_missing(t->state, type, *content);
  if (missing.len == 0) return true;
  return options_text_fail(t, "Message missing required fields: %.*s", STELE_STR_ARG(missing));
}

bool link_options_put_message(options_run *run, const stele_field *field) {
  const options_value *value = &run->statement->value;
  if (value->kind != OPTIONS_AGGREGATE) return fail_not_aggregate(run, field);

  options_text t = {.state = run->state,
                    .tokens = value->tokens,
                    .at = value->first,
                    .end = value->end,
                    .touches_source = run->touches_source};
  stele_buf_init(&t.out, run->state->scratch, 0);
  stele_buf_init(&t.error, run->state->scratch, 0);
  skip_comment(&t);
  stele_bytes content;
  if (!parse(&t, field->type_message, &content)) {
    link_error(run->state, run->statement->value_token,
               "Error while parsing option value for \"%.*s\": %.*s", STELE_STR_ARG(field->name),
               STELE_STR_ARG(stele_buf_str(&t.error)));
    return false;
  }
  run->touches_source = t.touches_source;
  if (field->is_delimited) {
    stele_back_tag(&run->out, (uint32_t)field->number, STELE_WIRE_GROUP_END);
    stele_back_add(&run->out, content.ptr, content.len);
    stele_back_tag(&run->out, (uint32_t)field->number, STELE_WIRE_GROUP);
  } else {
    stele_back_bytes_field(&run->out, (uint32_t)field->number, content);
  }
  return true;
}
