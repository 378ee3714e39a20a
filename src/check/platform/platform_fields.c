/* The platform's rules about fields and enums: documented, personal data marked,
 * money exact, times with their unit.
 *
 * What a field is about is read from its name, word by word ("user_email" has
 * the words "user" and "email"). */
#include "check/platform/platform_internal.h"

enum { SHOWN_WORDS = 32 };

/* ---- Words of a name ------------------------------------------------------------ */

typedef struct words {
  stele_str at[SHOWN_WORDS];
  size_t count;
} words;

static words words_of(stele_str name) {
  words out = {0};
  for (size_t start = 0; start <= name.len && out.count < SHOWN_WORDS;) {
    const char *end = name.len > start ? memchr(name.ptr + start, '_', name.len - start) : NULL;
    size_t len = end ? (size_t)(end - name.ptr) - start : name.len - start;
    if (len > 0) out.at[out.count++] = (stele_str){name.ptr + start, len};
    start += len + 1;
  }
  return out;
}

/* The same, or the plural of it. */
static bool is_word(stele_str word, const char *of) {
  size_t len = strlen(of);
  if (word.len == len + 1 && word.ptr[len] == 's') word.len--;
  return word.len == len && memcmp(word.ptr, of, len) == 0;
}

static bool has_any(const words *name, const char *const *list, size_t count) {
  for (size_t i = 0; i < name->count; i++) {
    for (size_t k = 0; k < count; k++) {
      if (is_word(name->at[i], list[k])) return true;
    }
  }
  return false;
}

static bool ends_in(const words *name, const char *const *list, size_t count) {
  if (name->count == 0) return false;
  for (size_t k = 0; k < count; k++) {
    if (stele_str_eq(name->at[name->count - 1], stele_cstr(list[k]))) return true;
  }
  return false;
}

/* Do the last words of the name spell `phrase`, such as "date_of_birth"? */
static bool ends_in_phrase(stele_str name, const char *phrase) {
  stele_str text = stele_cstr(phrase);
  if (!rule_ends_with(name, text)) return false;
  return name.len == text.len || name.ptr[name.len - text.len - 1] == '_';
}

static bool is_of_entry(const stele_field *field) {
  return !field->is_extension && field->message->is_map_entry;
}

static stele_str owner_name(const stele_field *field) {
  return field->is_extension ? stele_field_file(field)->package : field->message->name;
}

/* ---- Documentation ---------------------------------------------------------------- */

void platform_field_documented(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_field *field = element;
  stele_str comment = {0};
  rule_spot spot = rule_spot_of(STELE_SYMBOL_FIELD, field);
  if (is_of_entry(field) || field->type == STELE_TYPE_GROUP) return;
  if (!rule_comment(run, &run->now, spot, &comment) || rule_says_something(comment)) return;
  rule_found_hint(run, spot, RULE_NOWHERE,
                  STELE_STR("Say before it what it holds, in which unit, and what absence means."),
                  "Field \"" STELE_STR_FMT "\" of \"" STELE_STR_FMT "\" is not documented.",
                  STELE_STR_ARG(field->name), STELE_STR_ARG(owner_name(field)));
}

/* ---- Personal data ---------------------------------------------------------------- */

/* Names that speak of a person, as the end of the field's name. */
static const char *const personal[] = {
    "user_id",
    "account_id",
    "email",
    "email_address",
    "e_mail",
    "phone",
    "phone_number",
    "mobile",
    "telephone",
    "first_name",
    "last_name",
    "middle_name",
    "full_name",
    "legal_name",
    "display_name",
    "maiden_name",
    "surname",
    "ip_address",
    "ip_addr",
    "user_agent",
    "date_of_birth",
    "birth_date",
    "birthday",
    "dob",
    "nationality",
    "nationalities",
    "tax_id",
    "ssn",
    "social_security_number",
    "passport",
    "passport_number",
    "national_id",
    "street_address",
    "home_address",
    "postal_address",
    "postal_code",
    "zip_code",
    "iban",
    "card_number",
    "account_number",
    "cvv",
    "password",
    "password_hash",
    "secret",
    "avatar_url",
    "on_behalf_of",
    "actor_id",
    "device_id",
    "gender",
};

static bool can_hold_person(const stele_field *field) {
  return !field->type_message && !field->type_enum && field->type != STELE_TYPE_BOOL;
}

void platform_field_pii_annotated(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_field *field = element;
  if (is_of_entry(field) || !can_hold_person(field)) return;
  if (stele_options_varint(field->options, PLATFORM_OPTION_PII, 0)) return;
  for (size_t i = 0; i < STELE_COUNT(personal); i++) {
    if (!ends_in_phrase(field->name, personal[i])) continue;
    rule_found_hint(run, rule_spot_field_name(run, &run->now, field), RULE_NOWHERE,
                    STELE_STR("Import \"stele/options.proto\" and say of which kind it is: "
                              "[(stele.pii) = PII_CATEGORY_…]."),
                    "Field \"" STELE_STR_FMT "\" of \"" STELE_STR_FMT
                    "\" looks like personal data (%s) and has no (stele.pii).",
                    STELE_STR_ARG(field->name), STELE_STR_ARG(owner_name(field)), personal[i]);
    return;
  }
}

/* ---- Money ------------------------------------------------------------------------ */

static bool is_float(const stele_field *field) {
  return field->type == STELE_TYPE_DOUBLE || field->type == STELE_TYPE_FLOAT;
}

/* A float, several of them, or a map to them. */
static bool holds_float(const stele_field *field) {
  if (is_float(field)) return true;
  return stele_field_is_map(field) && field->type_message->field_count > 1 &&
         is_float(&field->type_message->fields[1]);
}

void platform_field_money_not_float(rule_run *run, const void *element, const void *against) {
  static const char *const money[] = {"price",  "amount",   "pnl",      "balance", "cost", "fee",
                                      "value",  "notional", "exposure", "bid",     "ask",  "last",
                                      "spread", "loss",     "profit",   "size"};
  static const char *const ratios[] = {"fraction", "rate", "ratio", "factor"};
  (void)against;
  const stele_field *field = element;
  if (is_of_entry(field) || !holds_float(field)) return;
  words name = words_of(field->name);
  if (!has_any(&name, money, STELE_COUNT(money)) || ends_in(&name, ratios, STELE_COUNT(ratios))) {
    return;
  }
  rule_found_hint(run, rule_spot_field_name(run, &run->now, field), RULE_NOWHERE,
                  STELE_STR("Use a decimal: common.v1.Money, a mantissa with an exponent, or a "
                            "string."),
                  "Field \"" STELE_STR_FMT "\" of \"" STELE_STR_FMT
                  "\" speaks of money and is a binary float, which cannot hold 0.1 exactly.",
                  STELE_STR_ARG(field->name), STELE_STR_ARG(owner_name(field)));
}

/* ---- Time ------------------------------------------------------------------------- */

static bool is_integer(const stele_field *field) {
  static const uint8_t integers[] = {
      STELE_TYPE_INT32,    STELE_TYPE_INT64,    STELE_TYPE_UINT32,  STELE_TYPE_UINT64,
      STELE_TYPE_SINT32,   STELE_TYPE_SINT64,   STELE_TYPE_FIXED32, STELE_TYPE_FIXED64,
      STELE_TYPE_SFIXED32, STELE_TYPE_SFIXED64,
  };
  return memchr(integers, field->type, sizeof integers) != NULL;
}

void platform_field_time_unit(rule_run *run, const void *element, const void *against) {
  static const char *const times[] = {"timestamp", "time", "at"};
  (void)against;
  const stele_field *field = element;
  words name = words_of(field->name);
  if (is_of_entry(field) || !is_integer(field) || !ends_in(&name, times, STELE_COUNT(times))) {
    return;
  }
  rule_found_hint(run, rule_spot_field_name(run, &run->now, field), RULE_NOWHERE,
                  STELE_STR("End the name of a new field with its unit: _ms, _us, _ns, _seconds; "
                            "or use google.protobuf.Timestamp."),
                  "Field \"" STELE_STR_FMT "\" of \"" STELE_STR_FMT
                  "\" is a time without its unit.",
                  STELE_STR_ARG(field->name), STELE_STR_ARG(owner_name(field)));
}

/* ---- Enums and what is deprecated -------------------------------------------------- */

void platform_enum_zero_is_unknown(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_enum *type = element;
  const stele_enum_value *zero = stele_enum_value_by_number(type, 0);
  if (!zero || rule_ends_with(zero->name, STELE_STR("UNSPECIFIED")) ||
      rule_ends_with(zero->name, STELE_STR("UNKNOWN"))) {
    return;
  }
  rule_found_hint(run, rule_spot_name(run, &run->now, STELE_SYMBOL_ENUM_VALUE, zero), RULE_NOWHERE,
                  STELE_STR("Give 0 to a value that ends in _UNSPECIFIED."),
                  "Zero value \"" STELE_STR_FMT "\" of enum \"" STELE_STR_FMT
                  "\" does not mean unknown, and is what a reader sees where nothing was sent.",
                  STELE_STR_ARG(zero->name), STELE_STR_ARG(type->name));
}

static bool is_file_deprecated(const stele_file *file) {
  enum { DEPRECATED = 23 };
  return stele_options_varint(file->options, DEPRECATED, 0) != 0;
}

static bool is_message_deprecated(const stele_message *message) {
  for (const stele_message *at = message; at; at = at->parent) {
    if (at->is_deprecated) return true;
  }
  return message && is_file_deprecated(message->file);
}

static bool is_enum_deprecated(const stele_enum *type) {
  return type && (type->is_deprecated || (type->parent && is_message_deprecated(type->parent)) ||
                  is_file_deprecated(type->file));
}

void platform_field_no_deprecated_type(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_field *field = element;
  const stele_message *around = field->is_extension ? stele_field_scope(field) : field->message;
  if (field->is_deprecated || (around && is_message_deprecated(around))) return;
  bool uses = field->type_message ? is_message_deprecated(field->type_message)
                                  : is_enum_deprecated(field->type_enum);
  if (!uses || is_file_deprecated(stele_field_file(field))) return;
  stele_str type = rule_type_name(field);
  rule_found_hint(run, rule_spot_field_type(run, &run->now, field), RULE_NOWHERE,
                  STELE_STR("Use what replaced the type, or mark the field deprecated as well."),
                  "Field \"" STELE_STR_FMT "\" of \"" STELE_STR_FMT "\" uses \"" STELE_STR_FMT
                  "\", which is deprecated.",
                  STELE_STR_ARG(field->name), STELE_STR_ARG(owner_name(field)),
                  STELE_STR_ARG(type));
}

void platform_rpc_no_deprecated_type(rule_run *run, const void *element, const void *against) {
  enum { METHOD_INPUT = 2, METHOD_OUTPUT = 3 };
  (void)against;
  const stele_method *method = element;
  const stele_message *types[] = {method->input, method->output};
  if (method->is_deprecated || method->service->is_deprecated) return;
  if (is_file_deprecated(method->service->file)) return;
  for (uint32_t i = 0; i < STELE_COUNT(types); i++) {
    if (!types[i] || !is_message_deprecated(types[i])) continue;
    rule_found_hint(run,
                    rule_spot_step(rule_spot_of(STELE_SYMBOL_METHOD, method), METHOD_INPUT + i),
                    RULE_NOWHERE,
                    STELE_STR("Use what replaced the type, or mark the method deprecated as well."),
                    "RPC \"" STELE_STR_FMT "\" uses \"" STELE_STR_FMT "\", which is deprecated.",
                    STELE_STR_ARG(method->name), STELE_STR_ARG(types[i]->full_name));
  }
}
