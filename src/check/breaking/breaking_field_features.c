/* What editions and options say of strings: UTF-8 checks, and C++ types.
 *
 * Features of languages are extensions of google.protobuf.FeatureSet, and no
 * part of a linked schema: they are read from the options' bytes, from the field
 * outwards to the file. */
#include "check/breaking/breaking.h"
#include "proto/wire/reader.h"

enum { SKIP_DEPTH = 64 };

/* The features of each options message, and in them those of a language. */
enum { FIELD_FEATURES = 21, MESSAGE_FEATURES = 12, FILE_FEATURES = 50 };
enum { FEATURE_CPP = 1000, CPP_STRING_TYPE = 2, FEATURE_JAVA = 1001, JAVA_UTF8_VALIDATION = 2 };
enum { FEATURE_UTF8_VALIDATION = 4 };
enum { OPTION_CTYPE = 1, OPTION_JAVA_CHECK_UTF8 = 27, FILE_OPTIONS = 8, FIELD_OPTIONS = 8 };

/* The last submessage `number` in `bytes`, or nothing. */
static stele_bytes submessage(stele_bytes bytes, uint32_t number) {
  stele_bytes found = {0};
  stele_reader r = stele_reader_of(bytes);
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag == (number << 3 | 2)) {
      stele_bytes value = stele_read_delimited(&r);
      if (value.len > 0) found = value;
    } else {
      stele_read_skip_value(&r, tag, SKIP_DEPTH);
    }
  }
  return found;
}

/* Statements set features one by one, each in a message of its own; so each
 * occurrence of `outer` is looked into for the last `inner`.`field`. */
static uint64_t language_feature(const stele_options *options, uint32_t outer, uint32_t inner,
                                 uint32_t field) {
  uint64_t value = 0;
  if (!options) return 0;
  stele_reader r = stele_reader_of(options->wire);
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag != (outer << 3 | 2)) {
      stele_read_skip_value(&r, tag, SKIP_DEPTH);
      continue;
    }
    stele_reader in = stele_reader_of(submessage(stele_read_delimited(&r), inner));
    while (!stele_read_done(&in)) {
      uint32_t inner_tag = stele_read_tag(&in);
      if (inner_tag == (field << 3)) {
        value = stele_read_varint(&in);
      } else {
        stele_read_skip_value(&in, inner_tag, SKIP_DEPTH);
      }
    }
  }
  return value;
}

/* The nearest setting of a language's feature around a field; 0: none. */
static uint64_t nearest(const stele_field *field, uint32_t language, uint32_t feature) {
  uint64_t value = language_feature(field->options, FIELD_FEATURES, language, feature);
  const stele_message *around = field->is_extension ? stele_field_scope(field) : field->message;
  for (; value == 0 && around; around = around->parent) {
    value = language_feature(around->options, MESSAGE_FEATURES, language, feature);
  }
  return value
             ? value
             : language_feature(stele_field_file(field)->options, FILE_FEATURES, language, feature);
}

static rule_spot feature_spot(rule_run *run, rule_side *side, const stele_field *field,
                              const uint32_t *steps, size_t count) {
  return rule_spot_option(run, side, STELE_SYMBOL_FIELD, field, steps, count);
}

/* ---- Strings --------------------------------------------------------------------- */

static const char *utf8_word(bool verifies) {
  return verifies ? "VERIFY" : "NONE";
}

static bool verifies_utf8(const stele_field *field) {
  return stele_features_get(field->features, STELE_FEATURE_UTF8_VALIDATION) == STELE_UTF8_VERIFY;
}

static rule_spot utf8_spot(rule_run *run, rule_side *side, const stele_field *field) {
  static const uint32_t steps[] = {FIELD_FEATURES, FEATURE_UTF8_VALIDATION};
  return breaking_option_or(run, side, feature_spot(run, side, field, steps, 2),
                            rule_spot_field(run, side, field));
}

void breaking_field_same_utf8_validation(rule_run *run, const void *element, const void *against) {
  const stele_field *now = element, *was = against;
  if (now->type != STELE_TYPE_STRING || was->type != STELE_TYPE_STRING) return;
  if (verifies_utf8(now) == verifies_utf8(was)) return;
  stele_str words = breaking_field_words(run, now);
  rule_found(run, utf8_spot(run, &run->now, now), utf8_spot(run, &run->was, was),
             STELE_STR_FMT " changed UTF8 validation from %s to %s.", STELE_STR_ARG(words),
             utf8_word(verifies_utf8(was)), utf8_word(verifies_utf8(now)));
}

/* ---- Java ------------------------------------------------------------------------ */

static bool java_verifies(const stele_field *field) {
  enum { JAVA_VERIFY = 2 };
  uint64_t check =
      stele_options_varint(stele_field_file(field)->options, OPTION_JAVA_CHECK_UTF8, UINT64_MAX);
  if (stele_field_file(field)->edition < STELE_EDITION_2023 || check != UINT64_MAX) {
    return (check != UINT64_MAX && check != 0) || verifies_utf8(field);
  }
  return nearest(field, FEATURE_JAVA, JAVA_UTF8_VALIDATION) == JAVA_VERIFY || verifies_utf8(field);
}

static rule_spot java_spot(rule_run *run, rule_side *side, const stele_field *field) {
  static const uint32_t steps[] = {FIELD_FEATURES, FEATURE_JAVA, JAVA_UTF8_VALIDATION};
  rule_spot option = rule_spot_step(rule_spot_file(stele_field_file(field)), FILE_OPTIONS);
  option = rule_spot_step(option, OPTION_JAVA_CHECK_UTF8);
  if (rule_spot_is_known(run, side, option)) return option;
  return breaking_option_or(run, side, feature_spot(run, side, field, steps, 3),
                            rule_spot_field(run, side, field));
}

void breaking_field_same_java_utf8_validation(rule_run *run, const void *element,
                                              const void *against) {
  const stele_field *now = element, *was = against;
  if (now->type != STELE_TYPE_STRING || was->type != STELE_TYPE_STRING) return;
  bool to = java_verifies(now), from = java_verifies(was);
  if (to == from) return;
  stele_str words = breaking_field_words(run, now);
  rule_found(run, java_spot(run, &run->now, now), java_spot(run, &run->was, was),
             STELE_STR_FMT " changed Java string UTF8 validation from \"%s\" to \"%s\".",
             STELE_STR_ARG(words), utf8_word(from), utf8_word(to));
}

/* ---- C++ ------------------------------------------------------------------------- */

typedef enum cpp_string { CPP_STRING, CPP_CORD, CPP_VIEW, CPP_STRING_PIECE } cpp_string;

static cpp_string cpp_string_of(const stele_field *field) {
  static const cpp_string by_ctype[] = {CPP_STRING, CPP_CORD, CPP_STRING_PIECE};
  static const cpp_string by_feature[] = {CPP_STRING, CPP_VIEW, CPP_CORD, CPP_STRING};
  uint16_t edition = stele_field_file(field)->edition;
  uint64_t ctype = stele_options_varint(field->options, OPTION_CTYPE, UINT64_MAX);
  if (edition < STELE_EDITION_2024 && ctype < STELE_COUNT(by_ctype)) return by_ctype[ctype];
  if (edition < STELE_EDITION_2023) return CPP_STRING;
  uint64_t type = nearest(field, FEATURE_CPP, CPP_STRING_TYPE);
  if (type == 0) return edition < STELE_EDITION_2024 ? CPP_STRING : CPP_VIEW;
  return type < STELE_COUNT(by_feature) ? by_feature[type] : CPP_STRING;
}

static bool is_text(const stele_field *field) {
  return field->type == STELE_TYPE_STRING || field->type == STELE_TYPE_BYTES;
}

static bool is_of_entry(const stele_field *field) {
  return !field->is_extension && field->message->is_map_entry;
}

static rule_spot cpp_spot(rule_run *run, rule_side *side, const stele_field *field) {
  static const uint32_t steps[] = {FIELD_FEATURES, FEATURE_CPP, CPP_STRING_TYPE};
  rule_spot ctype = rule_spot_step(rule_spot_of(STELE_SYMBOL_FIELD, field), FIELD_OPTIONS);
  ctype = rule_spot_step(ctype, OPTION_CTYPE);
  if (rule_spot_is_known(run, side, ctype)) return ctype;
  return breaking_option_or(run, side, feature_spot(run, side, field, steps, 3),
                            rule_spot_field(run, side, field));
}

/* From STRING_PIECE to STRING is fine: the first was never more than a hint. */
void breaking_field_same_cpp_string_type(rule_run *run, const void *element, const void *against) {
  static const char *const cpp_words[] = {"STRING", "CORD", "VIEW", "STRING_PIECE"};
  const stele_field *now = element, *was = against;
  if (is_of_entry(now) && is_of_entry(was)) return;
  if (!is_text(now) || !is_text(was)) return;
  cpp_string to = cpp_string_of(now), from = cpp_string_of(was);
  if (to == from || (from == CPP_STRING_PIECE && to == CPP_STRING)) return;
  stele_str words = breaking_field_words(run, now);
  rule_found(run, cpp_spot(run, &run->now, now), cpp_spot(run, &run->was, was),
             STELE_STR_FMT " changed C++ string type from \"%s\" to \"%s\".", STELE_STR_ARG(words),
             cpp_words[from], cpp_words[to]);
}
