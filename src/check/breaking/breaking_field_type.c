/* Types of fields: the same, or readable as each other.
 *
 * Kinds fall into groups whose members read each other's bytes (or bytes and
 * JSON). A message on the wire as a group is another kind than a message. */
#include "check/breaking/breaking.h"
#include "check/pairs/moved.h"

/* By kind: its word, its group on the wire, and on the wire and in JSON. */
// clang-format off
static const struct {
  const char *word;
  uint8_t wire, wire_json;
} kinds[] = {
    [STELE_TYPE_DOUBLE] = {"double", 7, 10},   [STELE_TYPE_FLOAT] = {"float", 8, 11},
    [STELE_TYPE_INT64] = {"int64", 1, 2},      [STELE_TYPE_UINT64] = {"uint64", 1, 2},
    [STELE_TYPE_INT32] = {"int32", 1, 1},      [STELE_TYPE_FIXED64] = {"fixed64", 6, 4},
    [STELE_TYPE_FIXED32] = {"fixed32", 5, 3},  [STELE_TYPE_BOOL] = {"bool", 1, 5},
    [STELE_TYPE_STRING] = {"string", 3, 8},    [STELE_TYPE_GROUP] = {"group", 9, 12},
    [STELE_TYPE_MESSAGE] = {"message", 10, 13}, [STELE_TYPE_BYTES] = {"bytes", 4, 9},
    [STELE_TYPE_UINT32] = {"uint32", 1, 1},    [STELE_TYPE_ENUM] = {"enum", 11, 14},
    [STELE_TYPE_SFIXED32] = {"sfixed32", 5, 3}, [STELE_TYPE_SFIXED64] = {"sfixed64", 6, 4},
    [STELE_TYPE_SINT32] = {"sint32", 2, 6},    [STELE_TYPE_SINT64] = {"sint64", 2, 7},
};
// clang-format on

static uint8_t kind_of(const stele_field *field) {
  return field->type == STELE_TYPE_MESSAGE && field->is_delimited ? STELE_TYPE_GROUP : field->type;
}

static const char *kind_word(const stele_field *field) {
  uint8_t kind = kind_of(field);
  bool is_message =
      kind == STELE_TYPE_GROUP && stele_field_file(field)->edition != STELE_EDITION_PROTO2;
  return is_message ? "message (delimited encoding)" : kinds[kind].word;
}

static void changed(rule_run *run, const stele_field *now, const stele_field *was, stele_str from,
                    stele_str to, const char *more) {
  stele_str words = breaking_field_words(run, now);
  rule_found(run, rule_spot_field_type(run, &run->now, now),
             rule_spot_field_type(run, &run->was, was),
             STELE_STR_FMT " changed type from \"" STELE_STR_FMT "\" to \"" STELE_STR_FMT "\".%s",
             STELE_STR_ARG(words), STELE_STR_ARG(from), STELE_STR_ARG(to), more);
}

static void kind_changed(rule_run *run, const stele_field *now, const stele_field *was,
                         const char *more) {
  changed(run, now, was, stele_cstr(kind_word(was)), stele_cstr(kind_word(now)), more);
}

static void name_changed(rule_run *run, const stele_field *now, const stele_field *was) {
  changed(run, now, was, rule_type_name(was), rule_type_name(now), "");
}

/* Or that of a type that moved and kept its shape, where that is looked for. */
static bool has_same_type_name(rule_run *run, const stele_field *now, const stele_field *was) {
  return stele_str_eq(stele_field_type_name(now), stele_field_type_name(was)) ||
         platform_is_same_message(run, now->type_message, was->type_message) ||
         platform_is_same_enum(run, now->type_enum, was->type_enum);
}

void breaking_field_same_type(rule_run *run, const void *element, const void *against) {
  const stele_field *now = element, *was = against;
  if (kind_of(now) != kind_of(was)) {
    kind_changed(run, now, was, "");
  } else if ((now->type_enum || now->type_message) && !has_same_type_name(run, now, was)) {
    name_changed(run, now, was);
  }
}

/* Is every value of `was` a value of `now` of the same name and number? */
static bool is_subset(const stele_enum *was, const stele_enum *now) {
  for (uint32_t i = 0; i < was->value_count; i++) {
    const stele_enum_value *value = i < now->value_count ? &now->values[i] : NULL;
    if (!value || !stele_str_eq(value->name, was->values[i].name)) {
      value = stele_enum_value_by_name(now, was->values[i].name);
    }
    if (!value || value->number != was->values[i].number) return false;
  }
  return true;
}

/* An enum may go by another name, but for the last part of it, when it can do
 * all that the old one could. */
static void named_type(rule_run *run, const stele_field *now, const stele_field *was) {
  if (has_same_type_name(run, now, was)) return;
  if (now->type_enum && was->type_enum &&
      stele_str_eq(now->type_enum->name, was->type_enum->name) &&
      is_subset(was->type_enum, now->type_enum)) {
    return;
  }
  name_changed(run, now, was);
}

void breaking_field_wire_compatible_type(rule_run *run, const void *element, const void *against) {
  const stele_field *now = element, *was = against;
  uint8_t to = kind_of(now), from = kind_of(was);
  if (kinds[to].wire == kinds[from].wire) {
    if (now->type_enum || now->type_message) named_type(run, now, was);
  } else if (from == STELE_TYPE_BYTES && to == STELE_TYPE_STRING) {
    kind_changed(run, now, was,
                 " See https://developers.google.com/protocol-buffers/docs/proto3#updating for "
                 "wire compatibility rules. Note that while string and bytes are compatible if the "
                 "data is valid UTF-8, there is no way to enforce that a bytes field is UTF-8, so "
                 "these fields may be incompatible.");
  } else if (from != STELE_TYPE_STRING || to != STELE_TYPE_BYTES) {
    kind_changed(run, now, was,
                 " See https://developers.google.com/protocol-buffers/docs/proto3#updating for "
                 "wire compatibility rules.");
  }
}

void breaking_field_wire_json_compatible_type(rule_run *run, const void *element,
                                              const void *against) {
  const stele_field *now = element, *was = against;
  if (kinds[kind_of(now)].wire_json == kinds[kind_of(was)].wire_json) {
    if (now->type_enum || now->type_message) named_type(run, now, was);
    return;
  }
  kind_changed(run, now, was,
               " See https://developers.google.com/protocol-buffers/docs/proto3#updating for wire "
               "compatibility rules and "
               "https://developers.google.com/protocol-buffers/docs/proto3#json for JSON "
               "compatibility rules.");
}
