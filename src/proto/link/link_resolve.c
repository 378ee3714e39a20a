/* Resolving: written names become pointers.
 *
 * Order as in protoc: of a message its nested messages first, then fields,
 * then extensions, then oneofs; after all messages the file's extensions and
 * services. Numbers that are used twice show here too, since an extension
 * knows only now whose number it takes. */
#include <stdlib.h>

#include "proto/link/link_internal.h"
#include "proto/schema/schema_internal.h"

/* A name in the source or in a descriptor: its parts, its text for messages,
 * and the token that is cited. */
typedef struct written_name {
  link_name name;
  stele_str text; /* filled when something is wrong: see name_text */
  uint32_t first, last;
  uint32_t token;
} written_name;

static written_name from_tokens(link_file_state *state, uint32_t first, uint32_t last,
                                uint32_t token) {
  return (written_name){.name = link_name_from_tokens(state, first, last),
                        .first = first,
                        .last = last,
                        .token = token};
}

static written_name from_text(link_file_state *state, stele_str text) {
  return (written_name){.name = link_name_from_text(state, text), .text = text, .token = LINK_NONE};
}

static stele_str name_text(const link_file_state *state, const written_name *name) {
  return state->ast ? link_name_text(state, name->name) : name->text;
}

/* ---- Visibility --------------------------------------------------------- */

static bool is_local(const stele_file *file, uint8_t keyword, bool is_nested) {
  if (keyword != STELE_VISIBILITY_UNSET) return keyword == STELE_VISIBILITY_LOCAL;
  unsigned rule = stele_features_get(file->features, STELE_FEATURE_DEFAULT_SYMBOL_VISIBILITY);
  if (rule == STELE_VISIBILITY_EXPORT_TOP_LEVEL) return is_nested;
  return rule == STELE_VISIBILITY_LOCAL_ALL || rule == STELE_VISIBILITY_STRICT;
}

/* Types may be kept to their file. Answers false when this one is, and tells. */
static bool check_visible(link_file_state *state, link_symbol_id id, const char *usage,
                          uint32_t token) {
  static const char *const rules[] = {"DEFAULT_SYMBOL_VISIBILITY_UNKNOWN", "EXPORT_ALL",
                                      "EXPORT_TOP_LEVEL", "LOCAL_ALL", "STRICT"};
  const link_symbol *symbol = link_symbol_get(state->job, id);
  if (symbol->file == state->file_index) return true;
  const stele_file *file = state->job->files.at[symbol->file].file;
  uint8_t keyword;
  bool is_nested;
  if (symbol->kind == STELE_SYMBOL_MESSAGE) {
    const stele_message *message = symbol->element;
    keyword = message->visibility, is_nested = message->parent != NULL;
  } else if (symbol->kind == STELE_SYMBOL_ENUM) {
    const stele_enum *type = symbol->element;
    keyword = type->visibility, is_nested = type->parent != NULL;
  } else {
    return true;
  }
  bool is_marked = keyword == STELE_VISIBILITY_LOCAL;
  bool is_any = state->job->takes_any_style && state->job->files.at[symbol->file].is_described;
  if (!is_local(file, keyword, is_nested) || (is_any && !is_marked)) return true;
  stele_str name = link_symbol_name(state, id);
  unsigned rule = stele_features_get(file->features, STELE_FEATURE_DEFAULT_SYMBOL_VISIBILITY);
  link_error(state, token,
             "Symbol \"" STELE_STR_FMT "\", defined in \"" STELE_STR_FMT
             "\" %s is not visible from \"" STELE_STR_FMT
             "\". %s%s%s and cannot be accessed outside its own file",
             STELE_STR_ARG(name), STELE_STR_ARG(file->name), usage,
             STELE_STR_ARG(state->file->name),
             is_marked ? "It is explicitly marked 'local'"
                       : "It defaulted to local from file-level 'option "
                         "features.default_symbol_visibility = '",
             is_marked ? "" : rules[rule < STELE_COUNT(rules) ? rule : 0], is_marked ? "" : "';");
  return false;
}

/* A message by name, or NULL and an error. */
static const stele_message *find_message(link_file_state *state, link_symbol_id scope,
                                         const written_name *name, const char *usage) {
  link_symbol_id id = link_lookup(state, scope, name->name, LINK_ALL);
  if (id == LINK_ROOT) {
    link_error_undefined(state, name->token, name_text(state, name));
    return NULL;
  }
  const link_symbol *symbol = link_symbol_get(state->job, id);
  if (symbol->kind != STELE_SYMBOL_MESSAGE) {
    stele_str text = name_text(state, name);
    link_error(state, name->token, "\"" STELE_STR_FMT "\" is not a message type.",
               STELE_STR_ARG(text));
    return NULL;
  }
  return check_visible(state, id, usage, name->token) ? symbol->element : NULL;
}

/* How much of a dotted full name was written: as many parts from its end, or all
 * of it. 0 when there is no text, or too much. */
static uint16_t written_len(const link_file_state *state, const written_name *name,
                            stele_str full_name) {
  if (!state->ast) return 0;
  size_t at = name->name.is_absolute ? 0 : full_name.len;
  for (uint32_t parts = name->name.count; at > 0 && parts > 0; parts--) {
    while (at > 0 && full_name.ptr[at - 1] != '.') at--;
    if (parts > 1 && at > 0) at--;
  }
  size_t len = full_name.len - at;
  return len <= UINT16_MAX ? (uint16_t)len : 0;
}

/* ---- Numbers that are used twice ---------------------------------------- */

typedef struct number_span {
  int64_t first, last;
} number_span;

static int by_first(const void *a, const void *b) {
  const number_span *x = a, *y = b;
  if (x->first != y->first) return x->first < y->first ? -1 : 1;
  return x->last < y->last ? -1 : x->last > y->last;
}

/* The number that protoc offers: it follows the taken ones from 1 on, and
 * stops at the first that does not join, be it a number that is no number. */
static int64_t next_number(link_file_state *state, const stele_message *message) {
  if (state->next_of == message) return state->next_number;
  uint32_t most =
      message->field_count + message->extension_range_count + message->reserved_range_count;
  number_span *spans = STELE_NEW_ARRAY(state->scratch, number_span, most);
  uint32_t count = 0;
  for (uint32_t i = 0; i < message->field_count; i++) {
    spans[count++] = (number_span){message->fields[i].number, message->fields[i].number};
  }
  for (int kind = 0; kind < 2; kind++) {
    const stele_range *ranges = kind ? message->reserved_ranges : message->extension_ranges;
    uint32_t n = kind ? message->reserved_range_count : message->extension_range_count;
    for (uint32_t i = 0; i < n; i++) {
      spans[count++] = (number_span){ranges[i].start, (int64_t)ranges[i].end - 1};
    }
  }
  qsort(spans, count, sizeof *spans, by_first);
  int64_t number = 1;
  for (uint32_t i = 0; i < count; i++) {
    bool is_same = i && by_first(&spans[i - 1], &spans[i]) == 0;
    if (is_same) continue;
    if (spans[i].first > number || spans[i].last < number) break;
    number = spans[i].last + 1;
  }
  state->next_of = message;
  state->next_number = number;
  return number;
}

static bool is_typed(const stele_field *field) {
  bool needs_name = field->type == STELE_TYPE_MESSAGE || field->type == STELE_TYPE_GROUP ||
                    field->type == STELE_TYPE_ENUM || field->type == STELE_TYPE_UNRESOLVED;
  return !needs_name || field->type_message || field->type_enum;
}

/* The field before this one that has its number, or NULL. protoc enters a
 * field's number when its type is known, so one without a type takes none;
 * except that fields numbered 1, 2, 3, … from the first on need no entering. */
static const stele_field *taker(const stele_field *field) {
  const stele_message *message = field->message;
  const stele_field *first = stele_message_field(message, field->number);
  if (!first || first == field) return NULL;
  uint32_t run = 0;
  while (run < message->field_count && message->fields[run].number == (int64_t)run + 1) run++;
  if (first < message->fields + run) return first;
  for (; first < field; first++) {
    if (first->number == field->number && is_typed(first)) return first;
  }
  return NULL;
}

static void check_field_number(link_file_state *state, const stele_field *field) {
  enum { ENOUGH_ERRORS = 1000 };
  const stele_message *message = field->message;
  if (!message->numbers || state->in->lenient) return; /* ascending: all differ */
  const stele_field *first = state->error_count > ENOUGH_ERRORS ? NULL : taker(field);
  if (!first) return;
  int64_t next = next_number(state, message);
  stele_str available =
      next <= 536870911
          ? stele_str_printf(state->scratch, "Next available field number is %lld", (long long)next)
          : STELE_STR("There are no available field numbers");
  link_error(state, link_token_of_field_number(state, field),
             "Field number %d has already been used in \"" STELE_STR_FMT
             "\" by field \"" STELE_STR_FMT "\". " STELE_STR_FMT ".",
             field->number, STELE_STR_ARG(message->full_name), STELE_STR_ARG(first->name),
             STELE_STR_ARG(available));
  link_also(state, link_token_of_field_number(state, first), "it is used here");
}

/* The field `number` of those that a message numbers 1, 2, 3 from its start. */
static const stele_field *sequential(const stele_message *message, int32_t number) {
  if (number < 1 || (uint32_t)number > message->field_count) return NULL;
  for (int32_t i = 0; i < number; i++) {
    if (message->fields[i].number != i + 1) return NULL;
  }
  return &message->fields[number - 1];
}

static void error_extension_number(link_file_state *state, const stele_field *field,
                                   const stele_field *other) {
  stele_str name = stele_field_full_name(state->scratch, other);
  link_error(state, link_token_of_field_number(state, field),
             "Extension number %d has already been used in \"" STELE_STR_FMT
             "\" by extension \"" STELE_STR_FMT "\".",
             field->number, STELE_STR_ARG(field->message->full_name), STELE_STR_ARG(name));
  if (stele_field_file(other) == state->file) {
    link_also(state, link_token_of_field_number(state, other), "it is used here");
  }
}

/* In one file a number used twice is an error, among files a warning; protoc
 * finds the first fields of a message in every file. */
static void check_extension_number(link_file_state *state, stele_field *field,
                                   link_symbol_id extendee) {
  uint32_t token = link_token_of_field_number(state, field);
  const stele_field *taken = sequential(field->message, field->number);
  if (taken && stele_field_file(taken) != state->file) {
    error_extension_number(state, field, taken);
    return;
  }
  const stele_field **place = link_extension_place(state->job, extendee, field->number);
  const stele_field *other = *place;
  if (!other) {
    *place = field;
    if (field->message->file != state->file) return;
    other = stele_message_field(field->message, field->number);
    if (!other) return;
  }
  if (stele_field_file(other) == state->file) {
    error_extension_number(state, field, other);
  } else {
    stele_str name = stele_field_full_name(state->scratch, other);
    link_warning(state, token,
                 "Extension number %d has already been used in \"" STELE_STR_FMT
                 "\" by extension \"" STELE_STR_FMT "\" defined in " STELE_STR_FMT ".",
                 field->number, STELE_STR_ARG(field->message->full_name), STELE_STR_ARG(name),
                 STELE_STR_ARG(stele_field_file(other)->name));
  }
}

/* ---- Fields ------------------------------------------------------------- */

static bool takes_number(const stele_message *message, int32_t number) {
  for (uint32_t i = 0; i < message->extension_range_count; i++) {
    if (number >= message->extension_ranges[i].start && number < message->extension_ranges[i].end) {
      return true;
    }
  }
  return false;
}

/* An extension says whom it extends; a descriptor may forget that. */
static bool has_extendee(const link_file_state *state, const stele_field *field) {
  return field->is_extension && (state->ast || link_raw_field_of(state, field)->has_extendee);
}

/* Whom an extension extends; false ends the field. */
static bool resolve_extendee(link_file_state *state, stele_field *field, link_symbol_id scope) {
  uint32_t token = link_token_of_extendee(state, field);
  const stele_ast_decl *block = link_decl(state, state->field_extends[link_field_at(state, field)]);
  written_name name = block ? from_tokens(state, block->type, block->type_last, token)
                            : from_text(state, stele_field_extendee_name(field));
  field->message = find_message(state, scope, &name, "target of extend");
  if (!field->message) return false;
  field->more->extendee_written = written_len(state, &name, stele_field_extendee_name(field));
  if (!takes_number(field->message, field->number)) {
    link_error(state, link_token_of_field_number(state, field),
               "\"" STELE_STR_FMT "\" does not declare %d as an extension number.",
               STELE_STR_ARG(field->message->full_name), field->number);
  }
  return true;
}

/* The name of a field's type; false when its type needs none. */
static bool type_name_of(link_file_state *state, const stele_field *field, written_name *out) {
  if (!state->ast) {
    if (!link_raw_field_of(state, field)->has_type_name) return false;
    *out = from_text(state, stele_field_type_name(field));
    return true;
  }
  const stele_ast_decl *decl = &state->ast->decls[state->field_decls[link_field_at(state, field)]];
  const stele_message *in = field->is_extension ? NULL : field->message;
  uint32_t token = link_token_of_field_type(state, field);
  if (decl->kind == STELE_AST_MAP_FIELD && in && in->is_map_entry) {
    if (field->type != STELE_TYPE_UNRESOLVED) return false;
    *out = field->number == 1 ? from_tokens(state, decl->type, decl->type_last, token)
                              : from_tokens(state, decl->type2, decl->type2_last, token);
    return true;
  }
  if (decl->kind == STELE_AST_MAP_FIELD) return false; /* its entry: see resolve_map */
  if (decl->kind == STELE_AST_GROUP) {
    *out = from_tokens(state, decl->name, decl->name, token);
    return true;
  }
  if (field->type != STELE_TYPE_UNRESOLVED) return false;
  *out = from_tokens(state, decl->type, decl->type_last, token);
  return true;
}

/* A map field names its entry as it would any type: protoc looks the name up,
 * and may find something else. */
static written_name entry_name_of(link_file_state *state, const stele_field *field) {
  stele_str name = link_entry_name(state->scratch, field->name);
  stele_sym *part = STELE_NEW(state->scratch, stele_sym);
  *part = stele_intern(state->job->interner, name);
  return (written_name){.name = {.parts = part, .count = 1},
                        .token = link_token_of_field_type(state, field)};
}

static void error_kind(link_file_state *state, const written_name *name, const char *what) {
  stele_str text = name_text(state, name);
  link_error(state, name->token, "\"" STELE_STR_FMT "\" is not %s.", STELE_STR_ARG(text), what);
}

static void resolve_enum_default(link_file_state *state, stele_field *field) {
  stele_str word = stele_field_default(field);
  uint32_t token = link_token_of_default(state, field);
  bool is_word = word.len && !(word.ptr[0] >= '0' && word.ptr[0] <= '9');
  for (size_t i = 0; i < word.len && is_word; i++) {
    char c = word.ptr[i];
    is_word =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
  if (!is_word) {
    link_error(state, token, "Default value for an enum field must be an identifier.");
  } else if (!stele_enum_value_by_name(field->type_enum, word)) {
    link_error(state, token,
               "Enum type \"" STELE_STR_FMT "\" has no value named \"" STELE_STR_FMT "\".",
               STELE_STR_ARG(field->type_enum->full_name), STELE_STR_ARG(word));
  }
}

/* Puts what a name meant into the field; false ends the field. */
static bool take_type(link_file_state *state, stele_field *field, const written_name *name,
                      link_symbol_id id) {
  const link_symbol *symbol = link_symbol_get(state->job, id);
  if (field->type == STELE_TYPE_UNRESOLVED) {
    if (symbol->kind == STELE_SYMBOL_MESSAGE) field->type = STELE_TYPE_MESSAGE;
    if (symbol->kind == STELE_SYMBOL_ENUM) field->type = STELE_TYPE_ENUM;
    if (field->type == STELE_TYPE_UNRESOLVED) {
      error_kind(state, name, "a type");
      return false;
    }
  }
  if (field->type == STELE_TYPE_MESSAGE || field->type == STELE_TYPE_GROUP) {
    if (symbol->kind != STELE_SYMBOL_MESSAGE) {
      error_kind(state, name, "a message type");
      return false;
    }
    field->type_message = symbol->element;
    field->type_written = written_len(state, name, stele_field_type_name(field));
    if (field->has_default) {
      link_error(state, link_token_of_default(state, field), "Messages can't have default values.");
    }
  } else if (field->type == STELE_TYPE_ENUM) {
    if (symbol->kind != STELE_SYMBOL_ENUM) {
      error_kind(state, name, "an enum type");
      return false;
    }
    field->type_enum = symbol->element;
    field->type_written = written_len(state, name, stele_field_type_name(field));
    if (field->has_default) resolve_enum_default(state, field);
  } else {
    link_error(state, name->token, "Field with primitive type has type_name.");
  }
  return true;
}

static bool resolve_type(link_file_state *state, stele_field *field, link_symbol_id scope) {
  written_name name;
  bool named = type_name_of(state, field, &name);
  const stele_ast_decl *decl = link_decl(state, state->field_decls[link_field_at(state, field)]);
  const stele_message *in = field->is_extension ? NULL : field->message;
  bool is_map = decl && decl->kind == STELE_AST_MAP_FIELD && !(in && in->is_map_entry);
  if (is_map) {
    name = entry_name_of(state, field);
    field->type = STELE_TYPE_UNRESOLVED;
    named = true;
  }
  if (!named) {
    if (field->type == STELE_TYPE_MESSAGE || field->type == STELE_TYPE_GROUP ||
        field->type == STELE_TYPE_ENUM || field->type == STELE_TYPE_UNRESOLVED) {
      link_error(state, link_token_of_field_type(state, field),
                 "Field with message or enum type missing type_name.");
    }
    return true;
  }
  link_symbol_id id = link_lookup(state, scope, name.name, LINK_TYPES);
  if (id == LINK_ROOT && state->in->lenient && in && in->is_map_entry && field->number == 2) {
    /* Other registries never look at what a map holds. */
    stele_field_more *more = schema_field_more(state->arena, field);
    more->type_name = stele_str_copy(state->arena, name_text(state, &name));
    return true;
  }
  if (id == LINK_ROOT) {
    link_error_undefined(state, name.token, name_text(state, &name));
    return false;
  }
  return check_visible(state, id, "", name.token) && take_type(state, field, &name, id);
}

static void resolve_field(link_file_state *state, stele_field *field, link_symbol_id scope) {
  if (has_extendee(state, field) && !resolve_extendee(state, field, scope)) return;
  if (field->oneof_index >= 0 && field->label != STELE_LABEL_OPTIONAL) {
    link_error(state, link_token_of_field(state, field),
               "Fields of oneofs must themselves have label LABEL_OPTIONAL.");
  }
  if (!resolve_type(state, field, scope)) return;
  if (field->is_extension) {
    if (!field->message) return; /* told already */
    check_extension_number(state, field, link_symbol_of_message(state->job, field->message));
  } else {
    check_field_number(state, field);
  }
}

/* ---- Oneofs ------------------------------------------------------------- */

/* The fields of a oneof stand together, so they are a run of the message's
 * fields; a descriptor may break that, and hears of it. */
static void resolve_oneofs(link_file_state *state, stele_message *message) {
  if (message->oneof_count == 0) return;
  const stele_field **members =
      STELE_NEW_ARRAY(state->arena, const stele_field *, message->field_count);
  uint32_t *counts = STELE_NEW_ARRAY(state->scratch, uint32_t, message->oneof_count);
  for (uint32_t i = 0; i < message->field_count; i++) {
    stele_field *field = &message->fields[i];
    if (field->oneof_index < 0) continue;
    field->oneof = &message->oneofs[field->oneof_index];
    counts[field->oneof_index]++;
    const stele_field *before = i ? &message->fields[i - 1] : NULL;
    if (counts[field->oneof_index] == 1 || before->oneof == field->oneof) continue;
    link_error(state, link_token_of_field_type(state, before),
               "Fields in the same oneof must be defined consecutively. \"" STELE_STR_FMT
               "\" cannot be defined before the completion of the \"" STELE_STR_FMT
               "\" oneof definition.",
               STELE_STR_ARG(before->name), STELE_STR_ARG(field->oneof->name));
  }
  for (uint32_t i = 0; i < message->oneof_count; i++) {
    message->oneofs[i].fields = members;
    members += counts[i];
    if (counts[i]) continue;
    link_error(state, link_token_of_oneof(state, &message->oneofs[i]),
               "Oneof must have at least one field.");
  }
  for (uint32_t i = 0; i < message->field_count; i++) {
    stele_field *field = &message->fields[i];
    if (field->oneof_index < 0) continue;
    stele_oneof *oneof = &message->oneofs[field->oneof_index];
    ((const stele_field **)(uintptr_t)oneof->fields)[oneof->field_count++] = field;
  }
}

static void check_optional(link_file_state *state, const stele_message *message) {
  for (uint32_t i = 0; i < message->field_count; i++) {
    const stele_field *field = &message->fields[i];
    if (!field->is_proto3_optional || (field->oneof && field->oneof->is_synthetic)) continue;
    link_error(state, LINK_NONE,
               "Fields with proto3_optional set must be a member of a one-field oneof");
  }
}

/* proto3 optional stands on a oneof of its own, and those come last. */
static void check_synthetic(link_file_state *state, stele_message *message) {
  for (uint32_t i = 0; i < message->oneof_count && !state->ast; i++) {
    stele_oneof *oneof = &message->oneofs[i];
    oneof->is_synthetic = oneof->field_count == 1 && oneof->fields[0]->is_proto3_optional;
  }
  check_optional(state, message);
  if (state->ast) return; /* link_take_tree puts them last */
  message->real_oneof_count = message->oneof_count;
  for (uint32_t i = 0; i < message->oneof_count; i++) {
    if (message->oneofs[i].is_synthetic) {
      if (message->real_oneof_count == message->oneof_count) message->real_oneof_count = i;
    } else if (message->real_oneof_count < i) {
      link_error(state, LINK_NONE, "Synthetic oneofs must be after all other oneofs");
    }
  }
}

/* ---- All of it ---------------------------------------------------------- */

static void resolve_message(link_file_state *state, stele_message *message) {
  link_symbol_id scope = state->message_symbols[link_message_at(state, message)];
  stele_arena_check(state->scratch);
  for (uint32_t i = 0; i < message->message_count; i++) {
    resolve_message(state, &message->messages[i]);
  }
  schema_index_numbers(state->arena, message);
  for (uint32_t i = 0; i < message->field_count; i++) {
    resolve_field(state, &message->fields[i], scope);
  }
  for (uint32_t i = 0; i < message->extension_count; i++) {
    resolve_field(state, &message->extensions[i], scope);
  }
  resolve_oneofs(state, message);
  check_synthetic(state, message);
}

static const stele_message *resolve_half(link_file_state *state, link_symbol_id scope,
                                         uint32_t first, uint32_t last, stele_str *text,
                                         uint16_t *written) {
  written_name name = state->ast ? from_tokens(state, first, last, first) : from_text(state, *text);
  const stele_message *message = find_message(state, scope, &name, "");
  if (!message) return NULL;
  *text = stele_dotted_name(message->full_name);
  *written = written_len(state, &name, *text);
  return message;
}

static void resolve_method(link_file_state *state, stele_method *method, link_symbol_id scope) {
  static const stele_ast_decl none = {0};
  const stele_ast_decl *decl = link_decl(state, state->method_decls[link_method_at(state, method)]);
  if (!decl) decl = &none;
  method->input = resolve_half(state, scope, decl->type, decl->type_last, &method->input_name,
                               &method->input_written);
  method->output = resolve_half(state, scope, decl->type2, decl->type2_last, &method->output_name,
                                &method->output_written);
}

void link_resolve(link_file_state *state) {
  stele_file *file = state->file;
  for (uint32_t i = 0; i < file->message_count; i++) resolve_message(state, &file->messages[i]);
  for (uint32_t i = 0; i < file->extension_count; i++) {
    resolve_field(state, &file->extensions[i], state->package);
  }
  for (uint32_t i = 0; i < file->service_count; i++) {
    stele_service *service = &file->services[i];
    link_symbol_id scope = state->service_symbols[link_service_at(state, service)];
    for (uint32_t k = 0; k < service->method_count; k++) {
      resolve_method(state, &service->methods[k], scope);
    }
  }
  link_suggest_numbers(state);
}
