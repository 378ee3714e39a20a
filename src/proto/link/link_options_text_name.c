/* Names in text format: of fields, of extensions, of the types in an Any. */
#include <ctype.h>

#include "proto/link/link_options_internal.h"

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

/* What ends the name is lexed byte by byte: a string there is but its quote. */
static bool close_bracket(options_text *t) {
  if (options_text_take(t, ']')) return true;
  stele_str found = options_text_token(t);
  return options_text_fail(t, "Expected \"]\", found \"%.*s\".", found.len > 0, found.ptr);
}

/* "[" extension "]" or "[" url "/" type "]"; `url` keeps its last slash. */
bool options_text_bracket(options_text *t, stele_str *url, stele_str *name) {
  stele_buf text;
  stele_buf_init(&text, t->state->scratch, 0);
  options_text_next(t);
  while (!options_text_at_end(t) && is_url_text(options_text_token(t))) {
    stele_buf_add_str(&text, options_text_token(t));
    options_text_next(t);
  }
  if (!close_bracket(t)) return false;

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
                  field->type_message->file == stele_field_file(field) &&
                  field->type_message->parent == field->message;
  return is_group ? field : NULL;
}

static bool is_reserved(const stele_message *type, stele_str name) {
  for (uint32_t i = 0; i < type->reserved_name_count; i++) {
    if (stele_str_eq(type->reserved_names[i], name)) return true;
  }
  return false;
}

const stele_message *options_text_any_type(options_text *t, stele_str url, stele_str name) {
  bool known = stele_str_eq(url, STELE_STR("type.googleapis.com/")) ||
               stele_str_eq(url, STELE_STR("type.googleprod.com/"));
  if (!known) return NULL;
  stele_str absolute = stele_str_printf(t->state->scratch, ".%.*s", STELE_STR_ARG(name));
  link_symbol_id id =
      link_lookup(t->state, LINK_ROOT, link_name_from_text(t->state, absolute), LINK_ALL);
  const link_symbol *symbol = link_symbol_get(t->state->job, id);
  return id != LINK_ROOT && symbol->kind == STELE_SYMBOL_MESSAGE ? symbol->element : NULL;
}

bool options_text_extension(options_text *t, const stele_message *type, stele_str *name,
                            const stele_field **field) {
  stele_str url;
  if (!options_text_bracket(t, &url, name)) return false;
  if (url.len) return options_text_fail(t, "Extension name contains \"/\"");
  *field = find_extension(t, type, *name);
  if (*field) return true;
  return options_text_fail(t,
                           "Extension \"%.*s\" is not defined or is not an extension of \"%.*s\".",
                           STELE_STR_ARG(*name), STELE_STR_ARG(type->full_name));
}

/* `*field` stays NULL for a reserved name, whose value is skipped. */
bool options_text_field(options_text *t, const stele_message *type, stele_str *name,
                        const stele_field **field) {
  if (!options_text_identifier(t, name)) return false;
  *field = stele_message_field_by_name(type, *name);
  if (!*field) *field = find_group(t, type, *name);
  if (*field || is_reserved(type, *name)) return true;
  return options_text_fail(t, "Message type \"%.*s\" has no field named \"%.*s\".",
                           STELE_STR_ARG(type->full_name), STELE_STR_ARG(*name));
}
