/* Declaring: every name goes into the table, every element with options into
 * the list of targets, and what can be judged without types is judged.
 *
 * The order is protoc's: in a message oneofs, fields, enums, extension ranges,
 * extensions, its options, nested messages, and last its own name; so errors
 * come in the same order, and options are interpreted in the same order. */
#include "proto/link/link_options_internal.h"

/* Messages inside messages: as protoc, which stops here too. */
enum {
  MOST_DEPTH = 32,
  MOST_FIELDS = 65535,
  MOST_NAME = 65535,
  MOST_PACKAGE = 511,
  MOST_PACKAGE_DOTS = 100
};

/* ---- Names -------------------------------------------------------------- */

static bool is_identifier(stele_str name) {
  for (size_t i = 0; i < name.len; i++) {
    char c = name.ptr[i];
    bool ok =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (!ok) return false;
  }
  return true;
}

static void check_name(link_file_state *state, stele_str name, size_t scope_len, uint32_t token) {
  if (scope_len + 1 + name.len > MOST_NAME) link_error(state, token, "Name too long.");
  link_check_identifier(state, name, token);
}

void link_check_identifier(link_file_state *state, stele_str name, uint32_t token) {
  if (state->ast) return;
  if (name.len == 0) {
    link_error(state, token, "Missing name.");
  } else if (!is_identifier(name)) {
    link_error(state, token, "\"" STELE_STR_FMT "\" is not a valid identifier.",
               STELE_STR_ARG(name));
  }
}

/* ---- Targets ------------------------------------------------------------ */

static link_target *add_target(link_file_state *state, link_target_kind kind, const void *element,
                               const stele_options **slot, stele_features *features,
                               link_symbol_id scope, uint32_t decl) {
  link_target *target = STELE_VEC_ADD(state->scratch, &state->targets);
  *target = (link_target){
      .element = element,
      .slot = slot,
      .features = features,
      .scope = scope,
      .decl = state->ast ? decl : LINK_NONE,
      .ref_start = (uint32_t)state->option_refs.count,
      .kind = (uint8_t)kind,
  };
  return target;
}

static bool is_pseudo(const link_file_state *state, const stele_ast_option *option) {
  stele_sym word = state->ast->tokens.at[option->name_first].sym;
  return word == STELE_SYM_default || word == STELE_SYM_json_name;
}

static void add_refs(link_file_state *state, uint32_t start, uint32_t count, bool is_field) {
  for (uint32_t i = 0; i < count; i++) {
    if (is_field && is_pseudo(state, &state->ast->options[start + i])) continue;
    STELE_VEC_PUSH(state->scratch, &state->option_refs, start + i);
  }
}

/* `()` is a name to the parser, and to nobody after it. */
static bool has_empty_name(const link_file_state *state, const stele_ast_option *option) {
  const stele_token *tokens = state->ast->tokens.at;
  for (uint32_t i = option->name_first; i < option->name_last; i++) {
    if (tokens[i].sym == STELE_SYM_OF('(') && tokens[i + 1].sym == STELE_SYM_OF(')')) return true;
  }
  return false;
}

/* protoc says it once for an element, and not where. */
static void check_names_of_refs(link_file_state *state, size_t from) {
  for (size_t i = from; i < state->option_refs.count; i++) {
    if (!has_empty_name(state, &state->ast->options[state->option_refs.at[i]])) continue;
    link_error(state, LINK_NONE, "Uninterpreted option is missing name or value.");
    return;
  }
}

/* An element whose options stand in its declaration: in brackets, or as
 * statements of its body. From a descriptor they are the bytes in `raws`. */
static void target(link_file_state *state, link_target_kind kind, const void *element,
                   const stele_options **slot, stele_features *features, link_symbol_id scope,
                   uint32_t index) {
  if (!state->ast) {
    if (!link_raw_has(state, element)) return;
    add_target(state, kind, element, slot, features, scope, LINK_NONE)->raw =
        link_raw_of(state, element);
    return;
  }
  const stele_ast_decl *decl = &state->ast->decls[index];
  size_t before = state->option_refs.count;
  if (kind == LINK_TARGET_FIELD || kind == LINK_TARGET_ENUM_VALUE ||
      kind == LINK_TARGET_EXTENSION_RANGE) {
    if (decl->option_count == 0) return;
    add_refs(state, decl->option_start, decl->option_count, kind == LINK_TARGET_FIELD);
  } else {
    for (uint32_t i = 0; i < decl->child_count; i++) {
      const stele_ast_decl *child = stele_ast_child(state->ast, decl, i);
      if (child->kind == STELE_AST_OPTION) add_refs(state, child->option_start, 1, false);
    }
  }
  uint32_t count = (uint32_t)(state->option_refs.count - before);
  if (count == 0) return;
  check_names_of_refs(state, before);
  link_target *added = add_target(state, kind, element, slot, features, scope, index);
  added->ref_start = (uint32_t)before;
  added->ref_count = count;
}

/* A map field's features are its key's and its value's too, and so is the old
 * option enforce_utf8 where they are strings. */
static void target_entry_field(link_file_state *state, stele_field *field, link_symbol_id scope,
                               uint32_t index) {
  const stele_ast_decl *decl = &state->ast->decls[index];
  size_t before = state->option_refs.count;
  for (uint32_t i = 0; i < decl->option_count; i++) {
    const stele_ast_option *option = &state->ast->options[decl->option_start + i];
    stele_sym word = state->ast->tokens.at[option->name_first].sym;
    bool utf8 = word == STELE_SYM_enforce_utf8 && option->name_first == option->name_last &&
                field->type == STELE_TYPE_STRING;
    if (word != STELE_SYM_features && !utf8) continue;
    STELE_VEC_PUSH(state->scratch, &state->option_refs, decl->option_start + i);
  }
  uint32_t count = (uint32_t)(state->option_refs.count - before);
  if (count == 0) return;
  link_target *added =
      add_target(state, LINK_TARGET_FIELD, field, &field->options, &field->features, scope, index);
  added->ref_start = (uint32_t)before;
  added->ref_count = count;
}

/* ---- Names ahead -------------------------------------------------------- */

enum { AHEAD = 6 };

/* The first names of a row of siblings, and while they are declared one by one,
 * the one that comes AHEAD of the i-th. */
static void fetch_names(const link_file_state *state, link_symbol_id scope, const stele_sym *names,
                        uint32_t count) {
  for (uint32_t i = 0; i < count && i < AHEAD; i++) link_symbol_fetch(state->job, scope, names[i]);
}

static void fetch_ahead(const link_file_state *state, link_symbol_id scope, const stele_sym *names,
                        uint32_t i, uint32_t count) {
  if (i + AHEAD < count) link_symbol_fetch(state->job, scope, names[i + AHEAD]);
}

/* ---- Fields ------------------------------------------------------------- */

static bool check_oneof_index(link_file_state *state, const stele_field *field, int32_t index) {
  if (index >= 0 && (uint32_t)index < field->message->oneof_count) return true;
  link_error(state, LINK_NONE,
             "FieldDescriptorProto.oneof_index %d is out of range for type \"" STELE_STR_FMT "\".",
             index, STELE_STR_ARG(field->message->name));
  return false;
}

/* The parser knows where it is: only a descriptor can mix these up. */
static void check_home(link_file_state *state, stele_field *field) {
  if (state->ast) return;
  const link_raw_field *raw = link_raw_field_of(state, field);
  if (field->is_extension) {
    if (!raw->has_extendee) {
      link_error(state, LINK_NONE, "FieldDescriptorProto.extendee not set for extension field.");
    }
    if (raw->has_oneof_index) {
      link_error(state, LINK_NONE,
                 "FieldDescriptorProto.oneof_index should not be set for extensions.");
    }
    return;
  }
  if (raw->has_extendee) {
    link_error(state, LINK_NONE, "FieldDescriptorProto.extendee set for non-extension field.");
  }
  if (raw->has_oneof_index && check_oneof_index(state, field, raw->oneof_index)) {
    field->oneof_index = raw->oneof_index;
  }
}

/* Names of one message that are known to differ: see has_distinct_names. */
typedef enum scope_state { SCOPE_UNKNOWN, SCOPE_DISTINCT } scope_state;

static void declare_field(link_file_state *state, stele_field *field, link_symbol_id scope,
                          size_t scope_len, scope_state names) {
  uint32_t at = link_field_at(state, field);
  uint32_t token = link_token_of_field(state, field);
  check_name(state, field->name, scope_len, token);
  if (field->is_proto3_optional && state->file->edition != STELE_EDITION_PROTO3) {
    stele_str name = stele_field_full_name(state->scratch, field);
    link_error(
        state, link_token_of_field_type(state, field),
        "The [proto3_optional=true] option may only be set on proto3fields, not " STELE_STR_FMT,
        STELE_STR_ARG(name));
  }
  if (field->is_extension && field->label == STELE_LABEL_REQUIRED) {
    stele_str name = stele_field_full_name(state->scratch, field);
    link_error(state, link_token_of_field_type(state, field),
               "The extension " STELE_STR_FMT " cannot be required.", STELE_STR_ARG(name));
  }
  link_default(state, field);
  link_check_number(state, field);
  check_home(state, field);
  const stele_message *entry = field->is_extension ? NULL : field->message;
  if (state->ast && entry && entry->is_map_entry) {
    target_entry_field(state, field, scope, state->field_decls[at]);
  } else {
    target(state, LINK_TARGET_FIELD, field, &field->options, &field->features, scope,
           state->field_decls[at]);
  }
  if (names == SCOPE_UNKNOWN) {
    (void)link_symbol_add(state, LINK_ROOT, scope, state->field_syms[at], STELE_SYMBOL_FIELD, field,
                          token);
  } else if (field->is_extension) {
    link_symbol_put(state, LINK_ROOT, scope, state->field_syms[at], STELE_SYMBOL_FIELD, field);
  }
}

/* ---- Oneofs, enums, services -------------------------------------------- */

static void declare_oneof(link_file_state *state, stele_oneof *oneof, link_symbol_id scope,
                          scope_state names) {
  uint32_t at = link_oneof_at(state, oneof);
  check_name(state, oneof->name, oneof->message->full_name.len, LINK_NONE);
  /* A synthetic oneof's declaration is its field's, whose options it has not. */
  if (!oneof->is_synthetic || !state->ast) {
    target(state, LINK_TARGET_ONEOF, oneof, &oneof->options, &oneof->features, scope,
           state->oneof_decls[at]);
  }
  if (names == SCOPE_DISTINCT) return;
  (void)link_symbol_add(state, LINK_ROOT, scope, state->oneof_syms[at], STELE_SYMBOL_ONEOF, oneof,
                        link_token_of_oneof(state, oneof));
}

/* A value is a sibling of its enum. When it clashes with something outside of
 * the enum protoc adds why that matters. */
static void declare_value(link_file_state *state, stele_enum_value *value, link_symbol_id scope,
                          size_t scope_len, scope_state names) {
  link_job *job = state->job;
  uint32_t at = link_value_at(state, value);
  uint32_t token = link_token_of_value(state, value);
  const stele_enum *type = value->parent;
  check_name(state, value->name, scope_len, token);
  target(state, LINK_TARGET_ENUM_VALUE, value, &value->options, &value->features, scope,
         state->value_decls[at]);
  if (names == SCOPE_DISTINCT) return;
  stele_sym name = state->value_syms[at];
  bool twice = link_mark_find(job, name) != NULL;
  *link_mark_put(job, name) = 1;
  if (link_symbol_add(state, LINK_ROOT, scope, name, STELE_SYMBOL_ENUM_VALUE, value, token)) return;
  if (twice) return;
  stele_str outer = type->parent ? type->parent->full_name : state->file->package;
  const char *quote = outer.len ? "\"" : "";
  if (outer.len == 0) outer = STELE_STR("the global scope");
  link_error(
      state, token,
      "Note that enum values use C++ scoping rules, meaning that enum values are siblings "
      "of their type, not children of it.  Therefore, \"" STELE_STR_FMT
      "\" must be unique within %s" STELE_STR_FMT "%s, not just within \"" STELE_STR_FMT "\".",
      STELE_STR_ARG(value->name), quote, STELE_STR_ARG(outer), quote, STELE_STR_ARG(type->name));
}

static void declare_enum(link_file_state *state, stele_enum *type, link_symbol_id scope,
                         size_t scope_len, scope_state scope_names) {
  uint32_t at = link_enum_at(state, type);
  uint32_t token = link_token_of_enum(state, type);
  check_name(state, type->name, scope_len, token);
  if (type->value_count == 0) link_error(state, token, "Enums must contain at least one value.");
  link_mark_all(state->job);
  const stele_sym *names = state->value_syms + link_value_at(state, type->values);
  if (scope_names == SCOPE_UNKNOWN) fetch_names(state, scope, names, type->value_count);
  for (uint32_t i = 0; i < type->value_count; i++) {
    if (scope_names == SCOPE_UNKNOWN) fetch_ahead(state, scope, names, i, type->value_count);
    declare_value(state, &type->values[i], scope, scope_len, scope_names);
  }
  link_check_enum_ranges(state, type);
  target(state, LINK_TARGET_ENUM, type, &type->options, &type->features, scope,
         state->enum_decls[at]);
  if (scope_names == SCOPE_UNKNOWN) {
    (void)link_symbol_add(state, LINK_ROOT, scope, state->enum_syms[at], STELE_SYMBOL_ENUM, type,
                          token);
  } else {
    link_symbol_put(state, LINK_ROOT, scope, state->enum_syms[at], STELE_SYMBOL_ENUM, type);
  }
  link_check_enum_reserved(state, type);
}

static void declare_service(link_file_state *state, stele_service *service) {
  uint32_t at = link_service_at(state, service);
  uint32_t token = link_token_of_service(state, service);
  check_name(state, service->name, state->file->package.len, token);
  link_symbol_id id = link_symbol_reserve(state, state->package, state->service_syms[at]);
  state->service_symbols[at] = id;
  for (uint32_t i = 0; i < service->method_count; i++) {
    stele_method *method = &service->methods[i];
    uint32_t k = link_method_at(state, method);
    uint32_t name = link_token_of_method(state, method);
    check_name(state, method->name, service->full_name.len, name);
    target(state, LINK_TARGET_METHOD, method, &method->options, &method->features, id,
           state->method_decls[k]);
    (void)link_symbol_add(state, LINK_ROOT, id, state->method_syms[k], STELE_SYMBOL_METHOD, method,
                          name);
  }
  target(state, LINK_TARGET_SERVICE, service, &service->options, &service->features, state->package,
         state->service_decls[at]);
  (void)link_symbol_add(state, id, state->package, state->service_syms[at], STELE_SYMBOL_SERVICE,
                        service, token);
}

/* ---- Messages ----------------------------------------------------------- */

static void target_ranges(link_file_state *state, stele_message *message, link_symbol_id scope) {
  for (uint32_t i = 0; i < message->extension_range_count; i++) {
    stele_range *range = &message->extension_ranges[i];
    uint32_t at = link_range_at(state, range);
    link_check_extension_range(state, message, range);
    target(state, LINK_TARGET_EXTENSION_RANGE, range, &range->options, &state->range_features[at],
           scope, state->range_decls[at]);
  }
}

/* Whether everything in a message has a name of its own: a look at each name here is
 * cheaper than two in the table of all symbols, and then nothing in the message can
 * clash. Of a descriptor names are looked at more closely as they are added. */
static bool has_distinct_names(link_file_state *state, const stele_message *message) {
  link_job *job = state->job;
  if (!state->ast) return false;
  if (message->is_map_entry) return true;
  link_mark_all(job);
  const stele_enum *enums = message->enums;
  for (uint32_t i = 0; i < message->enum_count; i++) {
    const stele_sym *values = state->value_syms + link_value_at(state, enums[i].values);
    if (!link_mark_all_new(job, values, enums[i].value_count)) return false;
  }
  return link_mark_all_new(job, state->oneof_syms + link_oneof_at(state, message->oneofs),
                           message->oneof_count) &&
         link_mark_all_new(job, state->field_syms + link_field_at(state, message->fields),
                           message->field_count) &&
         link_mark_all_new(job, state->enum_syms + link_enum_at(state, enums),
                           message->enum_count) &&
         link_mark_all_new(job, state->field_syms + link_field_at(state, message->extensions),
                           message->extension_count) &&
         link_mark_all_new(job, state->message_syms + link_message_at(state, message->messages),
                           message->message_count);
}

static void declare_members(link_file_state *state, stele_message *message, link_symbol_id id,
                            link_symbol_id scope, scope_state inside) {
  size_t len = message->full_name.len;
  for (uint32_t i = 0; i < message->oneof_count; i++) {
    declare_oneof(state, &message->oneofs[i], id, inside);
  }
  const stele_sym *names = state->field_syms + link_field_at(state, message->fields);
  if (inside == SCOPE_UNKNOWN) fetch_names(state, id, names, message->field_count);
  for (uint32_t i = 0; i < message->field_count; i++) {
    if (inside == SCOPE_UNKNOWN) fetch_ahead(state, id, names, i, message->field_count);
    declare_field(state, &message->fields[i], id, len, inside);
  }
  for (uint32_t i = 0; i < message->enum_count; i++) {
    declare_enum(state, &message->enums[i], id, len, inside);
  }
  target_ranges(state, message, scope);
  for (uint32_t i = 0; i < message->extension_count; i++) {
    declare_field(state, &message->extensions[i], id, len, inside);
  }
  link_check_reserved_ranges(state, message);
}

/* A message whose name is taken shares the number, and so the children, of whatever
 * has it: these may clash, whether their names differ among themselves or not. */
static void declare_message(link_file_state *state, stele_message *message, link_symbol_id scope,
                            int depth, scope_state names) {
  uint32_t at = link_message_at(state, message);
  uint32_t token = link_token_of_message(state, message);
  stele_arena_check(state->scratch);
  check_name(state, message->name, message->full_name.len - message->name.len, token);
  uint32_t symbols_before = state->job->symbol_count;
  link_symbol_id id = link_symbol_reserve(state, scope, state->message_syms[at]);
  bool is_new = id == symbols_before;
  scope_state inside =
      is_new && has_distinct_names(state, message) ? SCOPE_DISTINCT : SCOPE_UNKNOWN;
  state->message_symbols[at] = id;
  declare_members(state, message, id, scope, inside);
  if (!message->is_map_entry || !state->ast) {
    target(state, LINK_TARGET_MESSAGE, message, &message->options, &message->features, scope,
           state->message_decls[at]);
  }
  if (depth >= MOST_DEPTH) {
    link_error(state, LINK_NONE, "Reached maximum recursion limit for nested messages.");
    message->message_count = 0;
    return;
  }
  for (uint32_t i = 0; i < message->message_count; i++) {
    declare_message(state, &message->messages[i], id, depth + 1, inside);
  }
  /* A number that was new when it was reserved has been given to no other since: what
   * came meanwhile is inside of it. */
  bool is_added = true;
  if (names == SCOPE_UNKNOWN && !(is_new && state->ast)) {
    is_added = link_symbol_add(state, id, scope, state->message_syms[at], STELE_SYMBOL_MESSAGE,
                               message, token);
  } else {
    link_symbol_put(state, id, scope, state->message_syms[at], STELE_SYMBOL_MESSAGE, message);
  }
  if (is_added && inside == SCOPE_DISTINCT) {
    link_symbol_get(state->job, id)->lacks = LINK_LACKS_LEAVES;
  }
  if (message->field_count > MOST_FIELDS) {
    link_error(state, LINK_NONE, "%u fields in " STELE_STR_FMT " exceeds the limit of %d",
               message->field_count, STELE_STR_ARG(message->full_name), MOST_FIELDS);
  }
  link_check_message_numbers(state, message);
}

/* ---- The file ----------------------------------------------------------- */

static void declare_package(link_file_state *state) {
  stele_str package = state->file->package;
  uint32_t token = link_token_of_statement(state, STELE_AST_PACKAGE);
  if (package.len == 0) return;
  if (package.len > MOST_PACKAGE) {
    link_error(state, token, "Package name is too long");
    state->is_hopeless = true;
    return;
  }
  size_t dots = 0;
  for (size_t i = 0; i < package.len; i++) dots += package.ptr[i] == '.';
  if (dots > MOST_PACKAGE_DOTS) {
    link_error(state, token, "Exceeds Maximum Package Depth");
    state->is_hopeless = true;
    return;
  }
  state->package = link_package_add(state->job, state, state->file_index, package, token);
  state->job->files.at[state->file_index].package = state->package;
}

/* A path twice leads to one file, or to none, twice: so where imports are few their
 * files tell nearly always that they differ. */
static bool is_listed_before(link_file_state *state, const stele_file *file, uint32_t at) {
  enum { FEW = 32 };
  const stele_import *import = &file->imports[at];
  if (file->import_count > FEW) {
    stele_sym sym = stele_intern(state->job->interner, import->path);
    bool is_marked = link_mark_find(state->job, sym) != NULL;
    *link_mark_put(state->job, sym) = 1;
    return is_marked;
  }
  for (uint32_t i = 0; i < at; i++) {
    const stele_import *other = &file->imports[i];
    if (other->file == import->file && stele_str_eq(other->path, import->path)) return true;
  }
  return false;
}

static void check_imports(link_file_state *state) {
  stele_file *file = state->file;
  link_mark_all(state->job);
  for (uint32_t i = 0; i < file->import_count; i++) {
    const stele_import *import = &file->imports[i];
    if (is_listed_before(state, file, i)) {
      link_error(state, link_token_of_import(state, import->path),
                 "Import \"" STELE_STR_FMT "\" was listed twice.", STELE_STR_ARG(import->path));
    }
    if (stele_str_eq(import->path, file->name)) { /* told by who walks the imports */
      state->error_count++;
      state->is_hopeless = true;
      return;
    }
    if (import->file || import->kind == STELE_IMPORT_OPTION || state->in->lenient) continue;
    link_error(state, link_token_of_import(state, import->path),
               "Import \"" STELE_STR_FMT "\" was not found or had errors.",
               STELE_STR_ARG(import->path));
  }
  if (!state->ast) link_raw_check_kinds(state);
}

/* protoc looks for these last of all, when everything is resolved, and only for
 * the sake of options that are not interpreted yet: what it writes about one file
 * has the options of the files that this one imports, but not their definitions. */
void link_check_option_imports(link_file_state *state) {
  const stele_file *file = state->file;
  if (!state->ast && !link_options_are_left(state)) return;
  for (uint32_t i = 0; i < file->import_count; i++) {
    const stele_import *import = &file->imports[i];
    if (import->file || import->kind != STELE_IMPORT_OPTION || state->in->lenient) continue;
    link_error(state, link_token_of_import(state, import->path),
               "Import \"" STELE_STR_FMT "\" was not found or had errors.",
               STELE_STR_ARG(import->path));
  }
}

void link_declare(link_file_state *state) {
  stele_file *file = state->file;
  declare_package(state);
  if (state->is_hopeless) return;
  check_imports(state);
  if (state->is_hopeless) return;
  link_sight(state);
  state->range_features = STELE_NEW_ARRAY(state->scratch, stele_features, state->range_count);
  for (uint32_t i = 0; i < file->message_count; i++) {
    declare_message(state, &file->messages[i], state->package, 1, SCOPE_UNKNOWN);
  }
  for (uint32_t i = 0; i < file->enum_count; i++) {
    declare_enum(state, &file->enums[i], state->package, file->package.len, SCOPE_UNKNOWN);
  }
  for (uint32_t i = 0; i < file->service_count; i++) declare_service(state, &file->services[i]);
  for (uint32_t i = 0; i < file->extension_count; i++) {
    declare_field(state, &file->extensions[i], state->package, file->package.len, SCOPE_UNKNOWN);
  }
  target(state, LINK_TARGET_FILE, file, &file->options, &file->features, state->package, 0);
}
