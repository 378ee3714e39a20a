/* How later editions want things named, how many there may be of them, and
 * what may be exported. */
#include "proto/link/link_validate.h"

#define OPT_OUT                                                                                    \
  " (features.enforce_naming_style = STYLE_LEGACY can be used to opt out of this check)"
#define COLLISION_OPT_OUT                                                                          \
  " (features.enforce_naming_style = STYLE2024 can be used to opt out of this check)"
#define LIMITS_OPT_OUT                                                                             \
  " (features.enforce_proto_limits = LEGACY_NO_EXPLICIT_LIMITS can be used to opt out of this "    \
  "check)"

/* ---- Words -------------------------------------------------------------- */

static bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

static bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* An underscore first, last, or before anything but a letter. */
static bool has_bad_underscore(stele_str name) {
  if (name.ptr[0] == '_' || name.ptr[name.len - 1] == '_') return true;
  for (size_t i = 1; i < name.len; i++) {
    if (name.ptr[i - 1] == '_' && !is_lower(name.ptr[i]) && !is_upper(name.ptr[i])) return true;
  }
  return false;
}

/* What is wrong with a name, or NULL. */
static const char *judge_title(stele_str name) {
  if (name.len == 0) return "is empty";
  for (size_t i = 0; i < name.len; i++) {
    char c = name.ptr[i];
    if (!is_lower(c) && !is_upper(c) && !is_digit(c)) return "should be TitleCase";
  }
  return is_upper(name.ptr[0]) ? NULL : "should begin with a capital letter";
}

static const char *judge_lower(stele_str name) {
  if (name.len == 0) return "is empty";
  for (size_t i = 0; i < name.len; i++) {
    char c = name.ptr[i];
    if (!is_lower(c) && !is_digit(c) && c != '_' && c != '.') return "should be lower_snake_case";
  }
  if (!is_lower(name.ptr[0])) return "should begin with a lower case letter";
  return has_bad_underscore(name) ? "contains style violating underscores" : NULL;
}

static const char *judge_upper(stele_str name) {
  if (name.len == 0) return "is empty";
  for (size_t i = 0; i < name.len; i++) {
    char c = name.ptr[i];
    if (!is_upper(c) && !is_digit(c) && c != '_') return "should be UPPER_SNAKE_CASE";
  }
  if (!is_upper(name.ptr[0])) return "should begin with an upper case letter";
  return has_bad_underscore(name) ? "contains style violating underscores" : NULL;
}

static unsigned style_of(stele_features features) {
  return stele_features_get(features, STELE_FEATURE_ENFORCE_NAMING_STYLE);
}

static bool is_styled(stele_features features) {
  unsigned style = style_of(features);
  return style == STELE_NAMING_STYLE2024 || style == STELE_NAMING_STYLE2026;
}

static void check(link_file_state *state, uint32_t token, stele_features features, const char *what,
                  stele_str name, const char *(*judge)(stele_str name)) {
  const char *wrong = is_styled(features) ? judge(name) : NULL;
  if (!wrong) return;
  link_error(state, token, "%s name " STELE_STR_FMT " %s" OPT_OUT, what, STELE_STR_ARG(name),
             wrong);
}

/* ---- Collisions in generated code --------------------------------------- */

static bool has_member(const stele_message *message, stele_str name) {
  if (stele_message_field_by_name(message, name)) return true;
  for (uint32_t i = 0; i < message->oneof_count; i++) {
    if (stele_str_eq(message->oneofs[i].name, name)) return true;
  }
  return false;
}

static void error_collision(link_file_state *state, uint32_t token, const char *what,
                            stele_str name, const char *where, const char *affix, stele_str rest) {
  link_error(state, token,
             "%s name " STELE_STR_FMT " should not %s with %s if a field named " STELE_STR_FMT
             " exists. This can cause collisions in generated code." COLLISION_OPT_OUT,
             what, STELE_STR_ARG(name), where, affix, STELE_STR_ARG(rest));
}

static void check_collision(link_file_state *state, uint32_t token, stele_features features,
                            const char *what, stele_str name, const stele_message *message) {
  static const char *const prefixes[] = {"has_", "get_", "set_", "clear_"};
  static const stele_str suffix = STELE_STR_INIT("_value");
  if (style_of(features) != STELE_NAMING_STYLE2026) return;
  for (size_t i = 0; message && i < STELE_COUNT(prefixes); i++) {
    size_t len = strlen(prefixes[i]);
    if (name.len < len || memcmp(name.ptr, prefixes[i], len) != 0) continue;
    stele_str rest = {name.ptr + len, name.len - len};
    if (!has_member(message, rest)) continue;
    error_collision(state, token, what, name, "begin", prefixes[i], rest);
    return;
  }
  stele_str rest = {name.ptr, name.len - suffix.len};
  if (message && name.len >= suffix.len &&
      memcmp(name.ptr + rest.len, suffix.ptr, suffix.len) == 0 && has_member(message, rest)) {
    error_collision(state, token, what, name, "end", suffix.ptr, rest);
    return;
  }
  if (stele_str_eq(name, STELE_STR("descriptor"))) {
    link_error(state, token,
               "%s name " STELE_STR_FMT
               " should not be named descriptor. This can cause collisions in generated "
               "code." COLLISION_OPT_OUT,
               what, STELE_STR_ARG(name));
  }
}

/* ---- Naming style ------------------------------------------------------- */

static void style_file(link_file_state *state, const stele_file *file) {
  if (file->package.len == 0) return;
  check(state, link_token_of_statement(state, STELE_AST_PACKAGE), file->features, "Package",
        file->package, judge_lower);
}

static void style_message(link_file_state *state, const stele_message *message) {
  check(state, link_token_of_message(state, message), message->features, "Message", message->name,
        judge_title);
}

static void style_oneof(link_file_state *state, const stele_oneof *oneof) {
  uint32_t token = link_token_of_oneof(state, oneof);
  check(state, token, oneof->features, "Oneof", oneof->name, judge_lower);
  check_collision(state, token, oneof->features, "Oneof", oneof->name, oneof->message);
}

static void style_field(link_file_state *state, const stele_field *field) {
  uint32_t token = link_token_of_field(state, field);
  check(state, token, field->features, "Field", field->name, judge_lower);
  check_collision(state, token, field->features, "Field", field->name, field->message);
}

static void style_enum(link_file_state *state, const stele_enum *type) {
  check(state, link_token_of_enum(state, type), type->features, "Enum", type->name, judge_title);
}

static void style_value(link_file_state *state, const stele_enum_value *value) {
  check(state, link_token_of_value(state, value), value->features, "Enum value", value->name,
        judge_upper);
}

static void style_service(link_file_state *state, const stele_service *service) {
  check(state, link_token_of_service(state, service), service->features, "Service", service->name,
        judge_title);
}

static void style_method(link_file_state *state, const stele_method *method) {
  check(state, link_token_of_method(state, method), method->features, "Method", method->name,
        judge_title);
}

const link_visitor link_naming_style = {
    .file = style_file,
    .message = style_message,
    .type = style_enum,
    .value = style_value,
    .oneof = style_oneof,
    .field = style_field,
    .service = style_service,
    .method = style_method,
};

/* ---- Limits ------------------------------------------------------------- */

enum { MOST_FIELDS = 1500, MOST_ONEOFS = 1000, MOST_IN_ONEOF = 1200, MOST_VALUES = 1700 };

static void limit(link_file_state *state, uint32_t token, stele_features features, const char *what,
                  stele_str name, uint32_t count, uint32_t most, const char *of) {
  enum { NO_LIMITS = 1 };
  if (stele_features_get(features, STELE_FEATURE_ENFORCE_PROTO_LIMITS) == NO_LIMITS) return;
  if (count <= most) return;
  link_error(state, token,
             "%s name " STELE_STR_FMT " should not contain more than %u %s" LIMITS_OPT_OUT, what,
             STELE_STR_ARG(name), most, of);
}

static void limit_message(link_file_state *state, const stele_message *message) {
  uint32_t token = link_token_of_message(state, message);
  limit(state, token, message->features, "Message", message->name, message->field_count,
        MOST_FIELDS, "fields");
  limit(state, token, message->features, "Message", message->name, message->real_oneof_count,
        MOST_ONEOFS, "oneofs");
}

static void limit_oneof(link_file_state *state, const stele_oneof *oneof) {
  limit(state, link_token_of_oneof(state, oneof), oneof->features, "Oneof", oneof->name,
        oneof->field_count, MOST_IN_ONEOF, "fields");
}

static void limit_enum(link_file_state *state, const stele_enum *type) {
  limit(state, link_token_of_enum(state, type), type->features, "Enum", type->name,
        type->value_count, MOST_VALUES, "values");
}

const link_visitor link_limits = {
    .message = limit_message, .type = limit_enum, .oneof = limit_oneof};

/* ---- Strict visibility -------------------------------------------------- */

static bool is_strict(const stele_file *file) {
  return stele_features_get(file->features, STELE_FEATURE_DEFAULT_SYMBOL_VISIBILITY) ==
         STELE_VISIBILITY_STRICT;
}

static void strict_message(link_file_state *state, const stele_message *message) {
  if (!message->parent || message->visibility != STELE_VISIBILITY_EXPORT) return;
  if (!is_strict(message->file)) return;
  link_error(state, LINK_NONE,
             "\"" STELE_STR_FMT
             "\" is a nested message and cannot be `export` with STRICT default_symbol_visibility. "
             "It must be moved to top-level, ideally in its own file in order to be `export`.",
             STELE_STR_ARG(message->full_name));
}

/* `local message Names { export enum E {…} reserved 1 to max; }` gives an enum
 * a scope of its own: that is the one nested thing that may be exported. */
static bool is_namespace(const stele_message *message) {
  return !message->parent && message->visibility != STELE_VISIBILITY_EXPORT &&
         message->reserved_range_count == 1 && message->reserved_ranges[0].start == 1 &&
         message->reserved_ranges[0].end == 536870912;
}

static void strict_enum(link_file_state *state, const stele_enum *type) {
  if (!type->parent || type->visibility != STELE_VISIBILITY_EXPORT) return;
  if (!is_strict(type->file) || is_namespace(type->parent)) return;
  link_error(state, LINK_NONE,
             "\"" STELE_STR_FMT "\" is a nested enum and cannot be marked `export` with STRICT "
             "default_symbol_visibility. It must be moved to top-level, ideally in its own file in "
             "order to be `export`. For C++ namespacing of enums in a messages use: `local message "
             "<OuterNamespace> { export enum " STELE_STR_FMT " {...} reserved 1 to max; }`",
             STELE_STR_ARG(type->full_name), STELE_STR_ARG(type->full_name));
}

const link_visitor link_strict_messages = {.message = strict_message};
const link_visitor link_strict_enums = {.type = strict_enum};
