/* Fields: names, cardinality, oneofs, and what languages read of them. */
#include "check/breaking/breaking.h"
#include "check/element/place.h"

enum { FIELD_JSON_NAME = 10, FIELD_OPTIONS = 8, OPTION_JSTYPE = 6 };

void breaking_field_same_name(rule_run *run, const void *element, const void *against) {
  const stele_field *now = element, *was = against;
  stele_str to = now->name, from = was->name;
  if (was->is_extension) {
    to = stele_field_full_name(run->arena, now);
    from = stele_field_full_name(run->arena, was);
  }
  if (stele_str_eq(from, to)) return;
  stele_str words = breaking_field_number_words(run, now);
  rule_found(run, rule_spot_field_name(run, &run->now, now),
             rule_spot_field_name(run, &run->was, was),
             STELE_STR_FMT " changed name from \"" STELE_STR_FMT "\" to \"" STELE_STR_FMT "\".",
             STELE_STR_ARG(words), STELE_STR_ARG(from), STELE_STR_ARG(to));
}

static rule_spot step_or_field(rule_run *run, rule_side *side, const stele_field *field,
                               rule_spot spot) {
  return rule_spot_is_known(run, side, spot) ? spot : rule_spot_field(run, side, field);
}

static rule_spot json_spot(rule_run *run, rule_side *side, const stele_field *field) {
  return step_or_field(run, side, field,
                       rule_spot_step(rule_spot_of(STELE_SYMBOL_FIELD, field), FIELD_JSON_NAME));
}

void breaking_field_same_json_name(rule_run *run, const void *element, const void *against) {
  const stele_field *now = element, *was = against;
  if (was->is_extension || stele_str_eq(now->json_name, was->json_name)) return;
  stele_str words = breaking_field_words(run, now);
  stele_str from = rule_quote(run->arena, was->json_name);
  stele_str to = rule_quote(run->arena, now->json_name);
  rule_found(run, json_spot(run, &run->now, now), json_spot(run, &run->was, was),
             STELE_STR_FMT " changed option \"json_name\" from " STELE_STR_FMT " to " STELE_STR_FMT
                           ".",
             STELE_STR_ARG(words), STELE_STR_ARG(from), STELE_STR_ARG(to));
}

/* ---- Cardinality -------------------------------------------------------------- */

typedef enum cardinality { EXPLICIT, IMPLICIT, REQUIRED, REPEATED, MAP } cardinality;

/* Words, and the group of each on the wire, and on the wire and in JSON. */
static const struct {
  const char *words;
  int groups[3];
} cardinalities[] = {
    [EXPLICIT] = {"optional with explicit presence", {0, 0, 0}},
    [IMPLICIT] = {"optional with implicit presence", {1, 0, 0}},
    [REQUIRED] = {"required", {2, 2, 2}},
    [REPEATED] = {"repeated", {3, 3, 3}},
    [MAP] = {"map", {4, 3, 4}},
};

static cardinality cardinality_of(const stele_field *field) {
  if (stele_field_is_map(field)) return MAP;
  if (field->label == STELE_LABEL_REPEATED) return REPEATED;
  if (field->is_required) return REQUIRED;
  return field->has_presence ? EXPLICIT : IMPLICIT;
}

static bool is_of_entry(const stele_field *field) {
  return !field->is_extension && field->message->is_map_entry;
}

void breaking_field_cardinality(rule_run *run, const void *element, const void *against) {
  const stele_field *now = element, *was = against;
  if (is_of_entry(now) && is_of_entry(was)) return;
  cardinality to = cardinality_of(now), from = cardinality_of(was);
  if (cardinalities[to].groups[run->rule->arg] == cardinalities[from].groups[run->rule->arg]) {
    return;
  }
  stele_str words = breaking_field_words(run, now);
  rule_found(run, rule_spot_field(run, &run->now, now), rule_spot_field(run, &run->was, was),
             STELE_STR_FMT " changed cardinality from \"%s\" to \"%s\".", STELE_STR_ARG(words),
             cardinalities[from].words, cardinalities[to].words);
}

/* ---- Oneofs --------------------------------------------------------------------- */

void breaking_field_same_oneof(rule_run *run, const void *element, const void *against) {
  const stele_field *now = element, *was = against;
  if (was->is_extension) return;
  const stele_oneof *to = check_oneof_of(now), *from = check_oneof_of(was);
  if (!to && !from) return;
  if (to && from && stele_str_eq(to->name, from->name)) return;
  stele_str words = breaking_field_words(run, now);
  rule_spot at = rule_spot_field(run, &run->now, now);
  rule_spot before = rule_spot_field(run, &run->was, was);
  if (to && from) {
    /* The "q" is in the words of the tool that these are compared with. */
    rule_found(run, at, before,
               STELE_STR_FMT "q moved from oneof \"" STELE_STR_FMT "\" to oneof \"" STELE_STR_FMT
                             "\".",
               STELE_STR_ARG(words), STELE_STR_ARG(from->name), STELE_STR_ARG(to->name));
    return;
  }
  rule_found(run, at, before, STELE_STR_FMT " moved from %s to %s a oneof.", STELE_STR_ARG(words),
             from ? "inside" : "outside", to ? "inside" : "outside");
}

/* ---- JavaScript ------------------------------------------------------------------ */

static bool is_64_bit(const stele_field *field) {
  return field->type == STELE_TYPE_INT64 || field->type == STELE_TYPE_UINT64 ||
         field->type == STELE_TYPE_SINT64 || field->type == STELE_TYPE_FIXED64 ||
         field->type == STELE_TYPE_SFIXED64;
}

static rule_spot jstype_spot(rule_run *run, rule_side *side, const stele_field *field) {
  rule_spot spot = rule_spot_step(rule_spot_of(STELE_SYMBOL_FIELD, field), FIELD_OPTIONS);
  return step_or_field(run, side, field, rule_spot_step(spot, OPTION_JSTYPE));
}

void breaking_field_same_jstype(rule_run *run, const void *element, const void *against) {
  static const char *const types[] = {"JS_NORMAL", "JS_STRING", "JS_NUMBER"};
  const stele_field *now = element, *was = against;
  if (!is_64_bit(now) || !is_64_bit(was)) return;
  uint64_t to = stele_options_varint(now->options, OPTION_JSTYPE, 0);
  uint64_t from = stele_options_varint(was->options, OPTION_JSTYPE, 0);
  if (to == from || to >= STELE_COUNT(types) || from >= STELE_COUNT(types)) return;
  stele_str words = breaking_field_words(run, now);
  rule_found(run, jstype_spot(run, &run->now, now), jstype_spot(run, &run->was, was),
             STELE_STR_FMT " changed option \"jstype\" from \"%s\" to \"%s\".",
             STELE_STR_ARG(words), types[from], types[to]);
}
