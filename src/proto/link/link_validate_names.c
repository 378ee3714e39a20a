/* Names that differ and still clash: as JSON names, as enum values without
 * their enum's name, as the entry of a map. */
#include "base/hash.h"
#include "base/num.h"
#include "proto/link/link_validate.h"

/* ---- JSON names --------------------------------------------------------- */

typedef struct json_name {
  stele_sym sym;
  bool is_custom;
} json_name;

/* The JSON name of a field as one pass sees it: the given one counts only in
 * the second, and only when it is not the usual one. */
static json_name json_name_of(link_file_state *state, const stele_field *field, bool with_custom) {
  stele_interner *interner = state->job->interner;
  stele_sym usual = state->field_json_syms[link_field_at(state, field)];
  if (!with_custom || !field->has_json_name) return (json_name){usual, false};
  stele_sym given = stele_intern(interner, field->json_name);
  return (json_name){given, given != usual};
}

static void tell_json(link_file_state *state, const stele_field *field, json_name name,
                      const stele_field *other, json_name taken) {
  const stele_message *message = field->message;
  bool lax = stele_features_get(message->features, STELE_FEATURE_JSON_FORMAT) ==
                 STELE_JSON_LEGACY_BEST_EFFORT &&
             !(name.is_custom && taken.is_custom);
  stele_str text = stele_sym_str(state->job->interner, name.sym);
  void (*tell)(link_file_state *, uint32_t, const char *, ...) = lax ? link_warning : link_error;
  tell(state, link_token_of_field(state, field),
       "The %s JSON name of field \"" STELE_STR_FMT "\" (\"" STELE_STR_FMT
       "\") conflicts with the %s JSON name of field \"" STELE_STR_FMT "\".",
       name.is_custom ? "custom" : "default", STELE_STR_ARG(field->name), STELE_STR_ARG(text),
       taken.is_custom ? "custom" : "default", STELE_STR_ARG(other->name));
}

/* Names must be alone both with and without the given ones: field masks know
 * only the usual names. */
static void json_pass(link_file_state *state, const stele_message *message, bool with_custom) {
  link_job *job = state->job;
  link_mark_all(job);
  for (uint32_t i = 0; i < message->field_count; i++) {
    const stele_field *field = &message->fields[i];
    json_name name = json_name_of(state, field, with_custom);
    stele_str text = stele_sym_str(job->interner, name.sym);
    if (name.is_custom && text.len && text.ptr[0] == '[' && text.ptr[text.len - 1] == ']') {
      link_error(state, link_token_of_field(state, field),
                 "The custom JSON name of field \"" STELE_STR_FMT "\" (\"" STELE_STR_FMT
                 "\") is invalid: JSON names may not start with '[' and end with ']'.",
                 STELE_STR_ARG(field->name), STELE_STR_ARG(text));
      continue;
    }
    const uint32_t *taken = link_mark_find(job, name.sym);
    if (!taken) {
      *link_mark_put(job, name.sym) = i;
      continue;
    }
    const stele_field *other = &message->fields[*taken];
    json_name others = json_name_of(state, other, with_custom);
    if (with_custom && !name.is_custom && !others.is_custom) continue; /* told already */
    tell_json(state, field, name, other, others);
  }
}

void link_validate_json_names(link_file_state *state, const stele_message *message) {
  if (stele_options_varint(message->options, MESSAGE_JSON_CONFLICTS, 0)) return;
  json_pass(state, message, false);
  bool any = false;
  for (uint32_t i = 0; i < message->field_count; i++) any |= message->fields[i].has_json_name;
  if (any) json_pass(state, message, true);
}

/* ---- Enum values -------------------------------------------------------- */

static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static char upper(char c) {
  return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

/* A value's name without its enum's, if that is how it begins: letter by
 * letter, '_' and case apart. "MY_ENUM_FOO" in MyEnum is "FOO". */
static stele_str without_prefix(stele_str type, stele_str value) {
  size_t i = 0, j = 0;
  while (j < type.len && type.ptr[j] == '_') j++;
  for (; i < value.len && j < type.len; i++) {
    if (value.ptr[i] == '_') continue;
    if (lower(value.ptr[i]) != lower(type.ptr[j])) return value;
    do j++;
    while (j < type.len && type.ptr[j] == '_');
  }
  if (j < type.len) return value;
  while (i < value.len && value.ptr[i] == '_') i++;
  if (i == value.len) return value;
  return (stele_str){value.ptr + i, value.len - i};
}

/* "FOO_bar" as "FooBar", into `out`. */
static stele_str pascal_case(stele_str name, char *out) {
  size_t len = 0;
  bool raise = true;
  for (size_t i = 0; i < name.len; i++) {
    if (name.ptr[i] == '_') {
      raise = true;
      continue;
    }
    out[len++] = raise ? upper(name.ptr[i]) : lower(name.ptr[i]);
    raise = false;
  }
  return (stele_str){out, len};
}

typedef struct short_name {
  stele_str text;
  uint32_t value; /* index + 1; 0: free */
} short_name;

static void tell_same_short(link_file_state *state, const stele_enum *type,
                            const stele_enum_value *value, const stele_enum_value *first) {
  bool lax = stele_options_varint(type->options, ENUM_JSON_CONFLICTS, 0) != 0 &&
             type->file->edition == STELE_EDITION_PROTO2;
  void (*tell)(link_file_state *, uint32_t, const char *, ...) = lax ? link_warning : link_error;
  tell(state, link_token_of_value(state, value),
       "Enum name " STELE_STR_FMT " has the same name as " STELE_STR_FMT
       " if you ignore case and strip out the enum name prefix (if any). (If you are using "
       "allow_alias, please assign the same number to each enum value name.)",
       STELE_STR_ARG(value->name), STELE_STR_ARG(first->name));
}

/* Generators leave the enum's name out of its values', so what is left must
 * be different, unless it is the same number. */
static void validate_short_names(link_file_state *state, const stele_enum *type) {
  stele_arena *scratch = state->scratch;
  stele_mark mark = stele_arena_mark(scratch);
  uint32_t slots = 8;
  size_t bytes = 0;
  while (slots < type->value_count * 2) slots *= 2;
  for (uint32_t i = 0; i < type->value_count; i++) bytes += type->values[i].name.len;
  short_name *table = STELE_NEW_ARRAY(scratch, short_name, slots);
  char *texts = stele_arena_alloc(scratch, bytes, 1);
  for (uint32_t i = 0; i < type->value_count; i++) {
    const stele_enum_value *value = &type->values[i];
    stele_str text = pascal_case(without_prefix(type->name, value->name), texts);
    uint32_t at = (uint32_t)stele_hash_str(text, (uintptr_t)table) & (slots - 1);
    while (table[at].value && !stele_str_eq(table[at].text, text)) at = (at + 1) & (slots - 1);
    if (!table[at].value) {
      table[at] = (short_name){text, i + 1};
      texts += text.len;
      continue;
    }
    const stele_enum_value *first = &type->values[table[at].value - 1];
    if (first->number == value->number || stele_str_eq(first->name, value->name)) continue;
    tell_same_short(state, type, value, first);
  }
  stele_arena_rewind(scratch, mark);
}

/* ---- Numbers of enum values --------------------------------------------- */

static bool is_ascending(const stele_enum *type) {
  for (uint32_t i = 1; i < type->value_count; i++) {
    if (type->values[i - 1].number >= type->values[i].number) return false;
  }
  return true;
}

/* `count` in a map is not enough to know what was first: the map keeps the
 * first value of each number. */
static void validate_numbers(link_file_state *state, const stele_enum *type) {
  stele_mark mark = stele_arena_mark(state->scratch);
  stele_map firsts;
  stele_map_init(&firsts, state->scratch, 0);
  for (uint32_t i = 0; i < type->value_count; i++) {
    void **place = stele_map_add_u64(&firsts, (uint32_t)type->values[i].number);
    if (!*place) *place = &type->values[i];
  }
  for (uint32_t i = 0; i < type->value_count && state->error_count < 2000; i++) {
    const stele_enum_value *value = &type->values[i];
    const stele_enum_value *first = stele_map_find_u64(&firsts, (uint32_t)value->number);
    if (first == value) continue;
    int64_t next = (int64_t)value->number + 1;
    while (next <= INT32_MAX && stele_map_find_u64(&firsts, (uint32_t)next)) next++;
    char available[64] = "";
    if (next < INT32_MAX) {
      (void)snprintf(available, sizeof available, " The next available enum value is %lld.",
                     (long long)next);
    }
    stele_str name = stele_enum_value_full_name(state->scratch, value);
    stele_str other = stele_enum_value_full_name(state->scratch, first);
    link_error(
        state, link_token_of_value_number(state, value),
        "\"" STELE_STR_FMT "\" uses the same enum value as \"" STELE_STR_FMT
        "\". If this is intended, set 'option allow_alias = true;' to the enum definition.%s",
        STELE_STR_ARG(name), STELE_STR_ARG(other), available);
    link_also(state, link_token_of_value_number(state, first), "it is used here");
  }
  stele_arena_rewind(state->scratch, mark);
}

/* ---- JSON strings of enum values ---------------------------------------- */

/* (pb.enumvalue.json).string; false when the option is not there at all. */
static bool json_string(const stele_enum_value *value, stele_str *text, bool *is_set) {
  *text = (stele_str){NULL, 0};
  *is_set = false;
  if (!value->options) return false;
  stele_bytes in = value->options->wire, message, string;
  bool found = false;
  while (link_wire_find(&in, VALUE_JSON, &message)) {
    found = true;
    while (link_wire_find(&message, 1, &string)) {
      *text = stele_bytes_str(string);
      *is_set = true;
    }
  }
  return found;
}

static stele_str quoted(link_file_state *state, bool is_set, stele_str text) {
  if (!is_set) return STELE_STR("unset");
  return stele_str_printf(state->scratch, "\"" STELE_STR_FMT "\"", STELE_STR_ARG(text));
}

static void validate_alias_string(link_file_state *state, const stele_enum_value *value,
                                  const stele_enum_value *first) {
  stele_str one, other;
  bool one_set, other_set;
  (void)json_string(value, &one, &one_set);
  (void)json_string(first, &other, &other_set);
  if (one_set == other_set && stele_str_eq(one, other)) return;
  stele_str has = quoted(state, one_set, one), had = quoted(state, other_set, other);
  link_error(state, LINK_NONE,
             "Alias values for number %d must have the same custom JSON string. \"" STELE_STR_FMT
             "\" has " STELE_STR_FMT " but primary alias \"" STELE_STR_FMT "\" has " STELE_STR_FMT
             ".",
             value->number, STELE_STR_ARG(value->name), STELE_STR_ARG(has),
             STELE_STR_ARG(first->name), STELE_STR_ARG(had));
}

static void take_string(link_file_state *state, stele_map *names, stele_str name,
                        const stele_enum_value *value, const char *kind) {
  void **place = stele_map_add(names, name);
  const stele_enum_value *taken = *place;
  if (!taken) {
    *place = (void *)(uintptr_t)value;
    return;
  }
  if (taken == value || taken->number == value->number) return;
  link_error(state, LINK_NONE,
             "%s JSON string \"" STELE_STR_FMT
             "\" conflicts with %s JSON string of \"" STELE_STR_FMT "\".",
             kind, STELE_STR_ARG(name), stele_str_eq(taken->name, name) ? "default" : "custom",
             STELE_STR_ARG(taken->name));
}

static void validate_json_strings(link_file_state *state, const stele_enum *type) {
  bool any = false, is_set;
  stele_str text;
  for (uint32_t i = 0; i < type->value_count && !any; i++) {
    any = json_string(&type->values[i], &text, &is_set);
  }
  if (!any) return;
  stele_map names, numbers;
  stele_map_init(&names, state->scratch, 0);
  stele_map_init(&numbers, state->scratch, 0);
  for (uint32_t i = 0; i < type->value_count; i++) {
    const stele_enum_value *value = &type->values[i];
    void **first = stele_map_add_u64(&numbers, (uint32_t)value->number);
    if (!*first) {
      *first = (void *)(uintptr_t)value;
    } else if (type->allow_alias) {
      validate_alias_string(state, value, *first);
    }
    take_string(state, &names, value->name, value, "Default");
    if (json_string(value, &text, &is_set)) take_string(state, &names, text, value, "Custom");
  }
}

void link_validate_value(link_file_state *state, const stele_enum_value *value) {
  stele_str text;
  bool is_set;
  link_validate_value_support(state, value);
  if (!json_string(value, &text, &is_set)) return;
  if (text.len && memchr(text.ptr, 0, text.len)) {
    link_error(state, LINK_NONE, "Custom JSON strings cannot contain embedded null characters.");
  }
  int64_t number;
  stele_str digits = text;
  if (digits.len > 1 && digits.ptr[0] == '+') digits.ptr++, digits.len--;
  if (!stele_num_parse_i64(digits, &number) || number < INT32_MIN || number > INT32_MAX) return;
  if (number == value->number) return;
  link_error(state, LINK_NONE,
             "Custom JSON string \"" STELE_STR_FMT
             "\" parses as integer %d, which does not match the enum value's number %d.",
             STELE_STR_ARG(text), (int)number, value->number);
}

void link_validate_enum(link_file_state *state, const stele_enum *type) {
  validate_short_names(state, type);
  validate_json_strings(state, type);
  if (!type->is_closed && type->value_count && type->values[0].number != 0) {
    link_error(state, link_token_of_value_number(state, &type->values[0]),
               "The first enum value must be zero for open enums.");
  }
  if (!type->allow_alias && !is_ascending(type)) validate_numbers(state, type);
}

/* ---- Map entries -------------------------------------------------------- */

static void error_entry(link_file_state *state, const stele_message *message,
                        const stele_message *entry, const char *what) {
  link_error(state, link_token_of_message(state, message),
             "Expanded map entry type " STELE_STR_FMT " conflicts with an existing %s.",
             STELE_STR_ARG(entry->name), what);
}

/* A name that an entry has, too. */
static void check_entry(link_file_state *state, const stele_message *message,
                        const stele_map *types, stele_str name, const char *what) {
  const stele_message *entry = stele_map_find(types, name);
  if (entry && entry->is_map_entry) error_entry(state, message, entry, what);
}

/* Runs only when there are errors: the name that clashed was never written,
 * so its message says little by itself. */
void link_validate_map_conflicts(link_file_state *state, const stele_message *message) {
  stele_map types;
  stele_map_init(&types, state->scratch, 0);
  for (uint32_t i = 0; i < message->message_count; i++) {
    const stele_message *nested = &message->messages[i];
    void **place = stele_map_add(&types, nested->name);
    const stele_message *first = *place;
    if (first && (first->is_map_entry || nested->is_map_entry)) {
      error_entry(state, message, nested, "nested message type");
      break;
    }
    if (!first) *place = (void *)(uintptr_t)nested;
    link_validate_map_conflicts(state, nested);
  }
  for (uint32_t i = 0; i < message->field_count; i++) {
    check_entry(state, message, &types, message->fields[i].name, "field");
  }
  for (uint32_t i = 0; i < message->enum_count; i++) {
    check_entry(state, message, &types, message->enums[i].name, "enum type");
  }
  for (uint32_t i = 0; i < message->oneof_count; i++) {
    check_entry(state, message, &types, message->oneofs[i].name, "oneof type");
  }
}
