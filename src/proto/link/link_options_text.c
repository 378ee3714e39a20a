/* Aggregate values: protobuf text format, read from the tokens of the file.
 *
 * A field becomes a record on the wire as soon as it is read, in the order of
 * the text; when the message is whole, the records are normalised (sorted,
 * packed as declared) as if a message had been read and written, unless they are as they
 * should be already, which most values are. protoc has
 * the text lexed anew; the tokens are the same but for `#`, which starts a
 * comment there and is a symbol here.
 *
 *   fields = field*
 *   field  = name (":" value | ":"? message | ":"? "[" list "]") (";" | ",")?
 *   name   = identifier | "[" extension "]" | "[" url "/" type "]"          */
#include "proto/link/link_options_internal.h"

/* ---- What was set in a message ----------------------------------------------- */

typedef STELE_VEC(const stele_field *) field_list;

/* One level: a bit per field of the type, the extensions one by one, and the
 * member that each oneof holds. */
typedef struct level {
  const stele_message *type;
  uint8_t *seen;
  field_list extensions;
  const stele_field **members;
  int32_t last; /* number of the last field */
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
  if (!options_text_open(t, &close)) return false;
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

/* The content of an Any is bytes to the message around it, so it is normalised
 * here and now. */
static bool any_content(options_text *t, const stele_message *type, stele_bytes *content) {
  char close;
  size_t start = t->out.len;
  if (!options_text_open(t, &close) || !fields(t, type, close)) return false;
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
  t->is_abnormal = true;
  if (!options_text_bracket(t, &url, &name)) return false;
  if (url.len == 0) return options_text_fail(t, "Type URL prefix is missing");
  (void)options_text_take(t, ':');

  const stele_message *type = options_text_any_type(t, url, name);
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

/* Whether the records so far, with those that the field has got now, are what the
 * normal form has: in the order of numbers, nothing to pack, to sort or to leave out. */
static bool goes_on_normal(const level *l, const stele_field *field, bool is_zero) {
  bool is_text = field->type == STELE_TYPE_STRING || field->type == STELE_TYPE_BYTES;
  if (field->is_extension || field->is_delimited) return false;
  if (field->label != STELE_LABEL_REPEATED) {
    return field->number > l->last && (field->has_presence || !is_zero);
  }
  if (field->type_message && field->type_message->is_map_entry) return false;
  return field->number >= l->last && (is_text || field->type_message);
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
  t->is_abnormal |= !goes_on_normal(l, field, is_zero);
  l->last = field->number;
  return true;
}

static bool one_field(options_text *t, level *l) {
  stele_str name;
  const stele_field *field = NULL;
  bool ok;
  if (options_text_at(t, '[') && is_any(l->type)) {
    ok = any_field(t, l);
  } else {
    ok = options_text_at(t, '[') ? options_text_extension(t, l->type, &name, &field)
                                 : options_text_field(t, l->type, &name, &field);
    if (ok) ok = field ? field_value(t, l, field, name) : options_text_skip(t);
  }
  if (ok) options_text_separator(t);
  return ok;
}

/* Fields up to `close`, or to the end of the text when it is 0. */
static bool fields(options_text *t, const stele_message *type, char close) {
  if (!options_text_enter(t)) return false;
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
  options_text_mistakes(t);
  *content = stele_buf_bytes(&t->out);
  if (t->is_abnormal || type->is_map_entry) { /* an entry always has both its fields */
    descriptor_normal n = link_options_normal(t->state, DESCRIPTOR_KNOWN_POOL);
    *content = descriptor_normal_bytes(&n, t->state->scratch, type, *content);
  }
  stele_str missing = link_options_missing(t->state, type, *content);
  if (missing.len == 0) return true;
  return options_text_fail(t, "Message missing required fields: %.*s", STELE_STR_ARG(missing));
}

bool link_options_put_message(options_run *run, const stele_field *field) {
  const options_value *value = &run->statement->value;
  if (!options_has(value, OPTIONS_AGGREGATE)) return fail_not_aggregate(run, field);

  options_text t = {.state = run->state,
                    .tokens = value->tokens,
                    .at = value->first,
                    .end = value->end,
                    .mistakes = value->mistakes,
                    .touches_source = run->touches_source};
  stele_buf_init(&t.out, run->state->scratch, 0);
  stele_buf_init(&t.error, run->state->scratch, 0);
  options_text_comment(&t);
  stele_bytes content;
  if (!parse(&t, field->type_message, &content) || t.error.len) {
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
