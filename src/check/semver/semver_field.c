/* Fields for the semantic class: matched by number, and what is left by name,
 * so that a renumbered field is called that and not "removed" and "added". */
#include "check/semver/semver_internal.h"

static bool same_type(const stele_field *was, const stele_field *now) {
  if (was->type_message || now->type_message) {
    return was->type_message && now->type_message &&
           stele_str_eq(was->type_message->full_name, now->type_message->full_name);
  }
  if (was->type_enum || now->type_enum) {
    return was->type_enum && now->type_enum &&
           stele_str_eq(was->type_enum->full_name, now->type_enum->full_name);
  }
  return was->type == now->type;
}

static stele_str oneof_name(const stele_field *field) {
  const stele_oneof *oneof = check_oneof_of(field);
  return oneof ? oneof->name : (stele_str){0};
}

static bool same_default(const stele_field *was, const stele_field *now) {
  return was->has_default == now->has_default &&
         (!was->has_default || stele_str_eq(stele_field_default(was), stele_field_default(now)));
}

static void map_parts(check_run *run, const stele_field *was, const stele_field *now,
                      check_elements both) {
  const stele_field *old = was->type_message->fields, *new = now->type_message->fields;
  if (same_type(&old[0], &new[0]) && same_type(&old[1], &new[1])) return;
  semver_found(run, SEMVER_FIELD_TYPE_CHANGED, both,
               "the map field \"" STELE_STR_FMT "\" changed its key or value type",
               STELE_STR_ARG(now->name));
}

static void types(check_run *run, const stele_field *was, const stele_field *now,
                  check_elements both) {
  if (stele_field_is_map(was) && stele_field_is_map(now)) {
    map_parts(run, was, now, both);
  } else if (!same_type(was, now) || stele_field_is_map(was) || stele_field_is_map(now)) {
    semver_found(run, SEMVER_FIELD_TYPE_CHANGED, both,
                 "the field \"" STELE_STR_FMT "\" changed its type", STELE_STR_ARG(now->name));
  } else if (was->is_delimited != now->is_delimited) {
    semver_found(run, SEMVER_FIELD_ENCODING_CHANGED, both,
                 "the field \"" STELE_STR_FMT "\" is %s now", STELE_STR_ARG(now->name),
                 now->is_delimited ? "delimited" : "length-prefixed");
  }
}

static bool is_repeated(const stele_field *field) {
  return field->label == STELE_LABEL_REPEATED;
}

void semver_field_pair(check_run *run, const stele_field *was, const stele_field *now) {
  check_elements both = {was, now, STELE_SYMBOL_FIELD};
  const struct {
    bool changed;
    semver_rule rule;
    const char *what;
  } rows[] = {
      {is_repeated(was) != is_repeated(now) || was->is_required != now->is_required,
       SEMVER_FIELD_CARDINALITY_CHANGED, "changed its cardinality"},
      {!stele_str_eq(oneof_name(was), oneof_name(now)), SEMVER_FIELD_ONEOF_CHANGED,
       "changed its oneof"},
      {was->has_presence != now->has_presence && !is_repeated(was) && !is_repeated(now) &&
           stele_str_eq(oneof_name(was), oneof_name(now)),
       SEMVER_FIELD_PRESENCE_CHANGED, "changed its presence"},
      {!same_default(was, now), SEMVER_FIELD_DEFAULT_CHANGED, "changed its default"},
      {was->is_packed != now->is_packed && is_repeated(was) && is_repeated(now) &&
           same_type(was, now),
       SEMVER_FIELD_PACKING_CHANGED, "changed whether it is packed"},
  };
  if (!stele_str_eq(was->name, now->name)) {
    semver_found(run, SEMVER_FIELD_NAME_CHANGED, both,
                 "the field \"" STELE_STR_FMT "\" = %d was renamed to \"" STELE_STR_FMT "\"",
                 STELE_STR_ARG(was->name), was->number, STELE_STR_ARG(now->name));
  } else if (!stele_str_eq(was->json_name, now->json_name)) {
    semver_found(run, SEMVER_FIELD_JSON_NAME_CHANGED, both,
                 "the field \"" STELE_STR_FMT "\" is \"" STELE_STR_FMT "\" in JSON now",
                 STELE_STR_ARG(now->name), STELE_STR_ARG(now->json_name));
  }
  types(run, was, now, both);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    if (!rows[i].changed) continue;
    semver_found(run, rows[i].rule, both, "the field \"" STELE_STR_FMT "\" %s",
                 STELE_STR_ARG(now->name), rows[i].what);
  }
  semver_deprecated(run, was->is_deprecated, now->is_deprecated, both, now->name);
}

/* A field whose number went to no other, while its name stayed. */
static const stele_field *renumbered(check_level *others, const stele_message *own,
                                     const stele_field *field) {
  size_t near = (size_t)(field - own->fields);
  const stele_field *same = check_level_find(others, field->name, near);
  return same && !stele_message_field(own, same->number) ? same : NULL;
}

void semver_fields(check_run *run, const stele_message *original, const stele_message *update) {
  check_level olds = SEMVER_LEVEL(run, original->fields, original->field_count);
  check_level news = SEMVER_LEVEL(run, update->fields, update->field_count);
  for (uint32_t i = 0; i < original->field_count; i++) {
    const stele_field *was = &original->fields[i];
    const stele_field *now = stele_message_field(update, was->number);
    if (now) {
      semver_field_pair(run, was, now);
      continue;
    }
    now = renumbered(&news, original, was);
    if (now) {
      semver_found(run, SEMVER_FIELD_NUMBER_CHANGED, (check_elements){was, now, STELE_SYMBOL_FIELD},
                   "the field \"" STELE_STR_FMT "\" had number %d and has number %d",
                   STELE_STR_ARG(was->name), was->number, now->number);
    } else {
      semver_found(run, SEMVER_FIELD_REMOVED, (check_elements){was, NULL, STELE_SYMBOL_FIELD},
                   "the field \"" STELE_STR_FMT "\" = %d was removed", STELE_STR_ARG(was->name),
                   was->number);
    }
  }
  for (uint32_t i = 0; i < update->field_count; i++) {
    const stele_field *now = &update->fields[i];
    if (stele_message_field(original, now->number) || renumbered(&olds, update, now)) continue;
    semver_found(run, now->is_required ? SEMVER_FIELD_CARDINALITY_CHANGED : SEMVER_FIELD_ADDED,
                 (check_elements){NULL, now, STELE_SYMBOL_FIELD},
                 "the %sfield \"" STELE_STR_FMT "\" = %d was added",
                 now->is_required ? "required " : "", STELE_STR_ARG(now->name), now->number);
  }
}
