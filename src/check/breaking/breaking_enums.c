/* Enums: values by number, open or closed, JSON. */
#include "base/buf.h"
#include "check/breaking/breaking.h"

enum { ENUM_FEATURES = 7, FEATURE_ENUM_TYPE = 2, FEATURE_JSON_FORMAT = 6, VALUE_NUMBER = 2 };

static rule_spot feature_spot(rule_run *run, rule_side *side, const stele_enum *type,
                              uint32_t feature) {
  const uint32_t steps[] = {ENUM_FEATURES, feature};
  rule_spot option = rule_spot_option(run, side, STELE_SYMBOL_ENUM, type, steps, 2);
  return breaking_option_or(run, side, option, rule_spot_of(STELE_SYMBOL_ENUM, type));
}

void breaking_enum_same_type(rule_run *run, const void *element, const void *against) {
  const stele_enum *now = element, *was = against;
  if (now->is_closed == was->is_closed) return;
  rule_found(run, feature_spot(run, &run->now, now, FEATURE_ENUM_TYPE),
             feature_spot(run, &run->was, was, FEATURE_ENUM_TYPE),
             "Enum \"" STELE_STR_FMT "\" changed from %s to %s.", STELE_STR_ARG(now->name),
             was->is_closed ? "closed" : "open", now->is_closed ? "closed" : "open");
}

void breaking_enum_same_json_format(rule_run *run, const void *element, const void *against) {
  const stele_enum *now = element, *was = against;
  if (stele_features_get(was->features, STELE_FEATURE_JSON_FORMAT) != STELE_JSON_ALLOW ||
      stele_features_get(now->features, STELE_FEATURE_JSON_FORMAT) == STELE_JSON_ALLOW) {
    return;
  }
  rule_found(run, feature_spot(run, &run->now, now, FEATURE_JSON_FORMAT),
             feature_spot(run, &run->was, was, FEATURE_JSON_FORMAT),
             "Enum \"" STELE_STR_FMT
             "\" JSON format support changed from ALLOW to LEGACY_BEST_EFFORT.",
             STELE_STR_ARG(now->name));
}

/* ---- Values -------------------------------------------------------------------- */

/* Values of one enum by number: the first of each, and then its aliases. */
typedef struct value_node {
  const stele_enum_value *value;
  struct value_node *alias;
} value_node;

static void index_values(rule_run *run, stele_map *map, const stele_enum *type) {
  stele_map_init(map, run->arena, 0);
  value_node *nodes = STELE_NEW_ARRAY(run->arena, value_node, type->value_count);
  for (uint32_t i = 0; i < type->value_count; i++) {
    value_node *node = &nodes[i];
    void **place = stele_map_add_u64(map, (uint32_t)type->values[i].number);
    *node = (value_node){&type->values[i], *place};
    *place = node;
  }
}

/* The same names for the same numbers in the same order: nothing can differ. */
static bool is_same(const stele_enum *now, const stele_enum *was) {
  if (now->value_count < was->value_count) return false;
  if (now->allow_alias && now->value_count != was->value_count) return false;
  for (uint32_t i = 0; i < was->value_count; i++) {
    if (now->values[i].number != was->values[i].number ||
        !stele_str_eq(now->values[i].name, was->values[i].name)) {
      return false;
    }
  }
  return true;
}

/* "A", "B": sorted. */
static stele_str quoted_names(rule_run *run, const value_node *values, size_t *count) {
  STELE_VEC(stele_str) names = {0};
  for (; values; values = values->alias) {
    STELE_VEC_PUSH(run->arena, &names, values->value->name);
  }
  *count = names.count;
  stele_str joined = rule_join_sorted(run->arena, names.at, names.count);
  stele_buf out;
  stele_buf_init(&out, run->arena, 0);
  stele_buf_add_byte(&out, '"');
  for (size_t i = 0; i < joined.len; i++) {
    if (joined.ptr[i] == ',') {
      stele_buf_add_cstr(&out, "\", \"");
    } else {
      stele_buf_add_byte(&out, (uint8_t)joined.ptr[i]);
    }
  }
  stele_buf_add_byte(&out, '"');
  return stele_buf_str(&out);
}

static bool is_excused(rule_run *run, const stele_enum *now, const value_node *gone) {
  if (run->rule->arg == BREAKING_UNEXCUSED) return false;
  if (run->rule->arg == BREAKING_UNLESS_NUMBER) {
    return breaking_reserves_number(run, now->reserved_ranges, now->reserved_range_count, false,
                                    gone->value->number);
  }
  for (; gone; gone = gone->alias) {
    if (!breaking_reserves_name(run, now->reserved_names, now->reserved_name_count,
                                gone->value->name)) {
      return false;
    }
  }
  return true;
}

static void value_gone(rule_run *run, const stele_enum *now, const stele_enum *was,
                       const value_node *gone) {
  stele_str suffix = {0};
  size_t count;
  if (run->rule->arg == BREAKING_UNLESS_NUMBER) {
    suffix =
        stele_str_printf(run->arena, " without reserving the number \"%d\"", gone->value->number);
  } else if (run->rule->arg == BREAKING_UNLESS_NAME) {
    stele_str names = quoted_names(run, gone, &count);
    suffix = stele_str_printf(run->arena, " without reserving the name%s " STELE_STR_FMT,
                              count > 1 ? "s" : "", STELE_STR_ARG(names));
  }
  rule_found(run, rule_spot_of(STELE_SYMBOL_ENUM, now), rule_spot_of(STELE_SYMBOL_ENUM, was),
             "Previously present enum value \"%d\" on enum \"" STELE_STR_FMT
             "\" was deleted" STELE_STR_FMT ".",
             gone->value->number, STELE_STR_ARG(now->name), STELE_STR_ARG(suffix));
}

void breaking_enum_value_no_delete(rule_run *run, const void *element, const void *against) {
  const stele_enum *now = element, *was = against;
  stele_map here, there;
  if (is_same(now, was)) return;
  index_values(run, &here, now);
  index_values(run, &there, was);
  for (size_t i = 0; i < there.count; i++) {
    if (stele_map_find_u64(&here, there.entries[i].key.u64)) continue;
    const value_node *gone = there.entries[i].value;
    if (!is_excused(run, now, gone)) value_gone(run, now, was, gone);
  }
}

static const stele_enum_value *named(const value_node *values, stele_str name) {
  for (; values; values = values->alias) {
    if (stele_str_eq(values->value->name, name)) return values->value;
  }
  return NULL;
}

/* Every old name of the number is still one of its names. */
static bool keeps_names(const value_node *now, const value_node *was) {
  for (; was; was = was->alias) {
    if (!named(now, was->value->name)) return false;
  }
  return true;
}

static rule_spot number_spot(const stele_enum_value *value) {
  return rule_spot_step(rule_spot_of(STELE_SYMBOL_ENUM_VALUE, value), VALUE_NUMBER);
}

static void renamed(rule_run *run, const stele_enum *type, const value_node *now,
                    const value_node *was) {
  size_t now_count, was_count;
  stele_str from = quoted_names(run, was, &was_count), to = quoted_names(run, now, &now_count);
  for (const value_node *at = now; at; at = at->alias) {
    const stele_enum_value *same = named(was, at->value->name);
    rule_found(run, number_spot(at->value), same ? number_spot(same) : RULE_NOWHERE,
               "Enum value \"%d\" on enum \"" STELE_STR_FMT "\" changed name%s from " STELE_STR_FMT
               " to " STELE_STR_FMT ".",
               at->value->number, STELE_STR_ARG(type->name),
               was_count > 1 && now_count > 1 ? "s" : "", STELE_STR_ARG(from), STELE_STR_ARG(to));
  }
}

void breaking_enum_value_same_name(rule_run *run, const void *element, const void *against) {
  const stele_enum *now = element, *was = against;
  stele_map here, there;
  if (is_same(now, was)) return;
  index_values(run, &here, now);
  index_values(run, &there, was);
  for (size_t i = 0; i < there.count; i++) {
    const value_node *values = stele_map_find_u64(&here, there.entries[i].key.u64);
    if (values && !keeps_names(values, there.entries[i].value)) {
      renamed(run, now, values, there.entries[i].value);
    }
  }
}
