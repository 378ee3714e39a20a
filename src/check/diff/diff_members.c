/* Members of two types that are the same type: fields and values by number and
 * then by name, methods by name and then by what they take and give. */
#include "check/diff/diff_internal.h"

stele_str diff_mapped(const diff_run *run, stele_str old_name) {
  const stele_str *mapped = stele_map_find(&run->renamed, old_name);
  return mapped ? *mapped : old_name;
}

/* ---- oneofs --------------------------------------------------------------- */

static const stele_oneof *oneof_named(const stele_message *message, stele_str name) {
  for (uint32_t i = 0; i < message->real_oneof_count; i++) {
    if (stele_str_eq(message->oneofs[i].name, name)) return &message->oneofs[i];
  }
  return NULL;
}

static bool has_member(const stele_oneof *oneof, int32_t number) {
  for (uint32_t i = 0; i < oneof->field_count; i++) {
    if (oneof->fields[i]->number == number) return true;
  }
  return false;
}

/* A oneof of another name with the same members. */
static const stele_oneof *oneof_became(const stele_message *other, const stele_message *own,
                                       const stele_oneof *oneof) {
  const stele_oneof *named = oneof_named(other, oneof->name);
  if (named) return named;
  for (uint32_t i = 0; i < other->real_oneof_count; i++) {
    const stele_oneof *one = &other->oneofs[i];
    if (oneof_named(own, one->name) || one->field_count != oneof->field_count) continue;
    uint32_t shared = 0;
    for (uint32_t j = 0; j < one->field_count; j++) {
      shared += has_member(oneof, one->fields[j]->number);
    }
    if (shared == one->field_count) return one;
  }
  return NULL;
}

/* ---- fields --------------------------------------------------------------- */

static bool same_type(const diff_run *run, const stele_field *was, const stele_field *now) {
  if (was->type_message || now->type_message) {
    return was->type_message && now->type_message &&
           stele_str_eq(diff_mapped(run, was->type_message->full_name),
                        now->type_message->full_name);
  }
  if (was->type_enum || now->type_enum) {
    return was->type_enum && now->type_enum &&
           stele_str_eq(diff_mapped(run, was->type_enum->full_name), now->type_enum->full_name);
  }
  return was->type == now->type;
}

static bool same_shape(const diff_run *run, const stele_field *was, const stele_field *now) {
  if (stele_field_is_map(was) != stele_field_is_map(now)) return false;
  if (!stele_field_is_map(was)) return same_type(run, was, now);
  const stele_field *old = was->type_message->fields, *new = now->type_message->fields;
  return same_type(run, &old[0], &new[0]) && same_type(run, &old[1], &new[1]);
}

static stele_str cardinality(const stele_field *field) {
  if (stele_field_is_map(field)) return STELE_STR("map");
  if (field->label == STELE_LABEL_REPEATED) return STELE_STR("repeated");
  if (field->is_required) return STELE_STR("required");
  return field->has_presence ? STELE_STR("optional") : STELE_STR("without presence");
}

static stele_str oneof_name(const stele_field *field) {
  const stele_oneof *oneof = check_oneof_of(field);
  return oneof ? oneof->name : (stele_str){"", 0};
}

/* The name that the field's oneof has now: a renamed one is told once, by itself. */
static stele_str oneof_name_now(const stele_field *was, const stele_field *now) {
  const stele_oneof *oneof = check_oneof_of(was);
  const stele_oneof *became =
      oneof && !was->is_extension ? oneof_became(now->message, was->message, oneof) : NULL;
  return became ? became->name : oneof_name(was);
}

static stele_str number_text(diff_run *run, int32_t number) {
  return stele_str_printf(run->arena, "%d", number);
}

static void field_parts(diff_run *run, const stele_field *was, const stele_field *now,
                        diff_parts *parts) {
  diff_text(run, parts, "number", number_text(run, was->number), number_text(run, now->number),
            CHECK_MAJOR);
  if (!same_shape(run, was, now)) {
    diff_text(run, parts, "type", diff_words(run, STELE_SYMBOL_FIELD, was),
              diff_words(run, STELE_SYMBOL_FIELD, now), CHECK_MAJOR);
  }
  diff_text(run, parts, "cardinality", cardinality(was), cardinality(now), CHECK_MAJOR);
  diff_text(run, parts, "oneof", oneof_name_now(was, now), oneof_name(now), CHECK_MAJOR);
  diff_text(run, parts, "default", was->has_default ? was->default_value : (stele_str){"", 0},
            now->has_default ? now->default_value : (stele_str){"", 0}, CHECK_MAJOR);
  if (stele_str_eq(was->name, now->name)) {
    diff_text(run, parts, "json_name", was->json_name, now->json_name, CHECK_MAJOR);
  }
  if (was->label == STELE_LABEL_REPEATED && now->label == STELE_LABEL_REPEATED) {
    diff_flag(run, parts, "packed", was->is_packed, now->is_packed, CHECK_PATCH);
  }
  diff_flag(run, parts, "delimited", was->is_delimited, now->is_delimited, CHECK_MAJOR);
  diff_options(run, parts, was->options, now->options, CHECK_PATCH);
}

static void field_pair(diff_run *run, const char *element, const stele_field *was,
                       const stele_field *now) {
  diff_parts parts = {0};
  diff_pair pair = {STELE_SYMBOL_FIELD, element, was, now};
  field_parts(run, was, now, &parts);
  diff_tell(run, stele_str_eq(was->name, now->name) ? DIFF_CHANGED : DIFF_RENAMED, &pair, &parts);
}

/* The field that one became: by number, else, when the number is gone, by name. */
static const stele_field *became(const stele_message *other, const stele_message *own,
                                 const stele_field *field) {
  const stele_field *same = stele_message_field(other, field->number);
  if (same) return same;
  same = stele_message_field_by_name(other, field->name);
  return same && !stele_message_field(own, same->number) ? same : NULL;
}

void diff_fields(diff_run *run, const stele_message *was, const stele_message *now) {
  for (uint32_t i = 0; i < was->field_count; i++) {
    const stele_field *old = &was->fields[i], *new = became(now, was, old);
    diff_pair gone = {STELE_SYMBOL_FIELD, "field", old, NULL};
    if (new) {
      field_pair(run, "field", old, new);
    } else {
      diff_tell(run, DIFF_REMOVED, &gone, NULL);
    }
  }
  for (uint32_t i = 0; i < now->field_count; i++) {
    const stele_field *new = &now->fields[i];
    if (became(was, now, new)) continue;
    diff_parts parts = {0};
    if (new->is_required) {
      diff_text(run, &parts, "cardinality", STELE_STR(""), STELE_STR("required"), CHECK_MAJOR);
    }
    diff_tell(run, DIFF_ADDED, &(diff_pair){STELE_SYMBOL_FIELD, "field", NULL, new}, &parts);
  }
}

static const stele_field *extension_like(const diff_run *run, const stele_field *all,
                                         uint32_t count, const stele_field *one, bool one_is_old) {
  for (uint32_t i = 0; i < count; i++) {
    stele_str mine = one->message->full_name, other = all[i].message->full_name;
    if (one_is_old) {
      mine = diff_mapped(run, mine);
    } else {
      other = diff_mapped(run, other);
    }
    if (all[i].number == one->number && stele_str_eq(mine, other)) return &all[i];
  }
  return NULL;
}

void diff_extensions(diff_run *run, const stele_field *was, uint32_t was_count,
                     const stele_field *now, uint32_t now_count) {
  for (uint32_t i = 0; i < was_count; i++) {
    const stele_field *new = extension_like(run, now, now_count, &was[i], true);
    if (new) {
      field_pair(run, "extension", &was[i], new);
    } else {
      diff_tell(run, DIFF_REMOVED, &(diff_pair){STELE_SYMBOL_FIELD, "extension", &was[i], NULL},
                NULL);
    }
  }
  for (uint32_t i = 0; i < now_count; i++) {
    if (extension_like(run, was, was_count, &now[i], false)) continue;
    diff_tell(run, DIFF_ADDED, &(diff_pair){STELE_SYMBOL_FIELD, "extension", NULL, &now[i]}, NULL);
  }
}

/* ---- members of oneofs go with their fields; the oneofs themselves -------- */

void diff_oneofs(diff_run *run, const stele_message *was, const stele_message *now) {
  for (uint32_t i = 0; i < was->real_oneof_count; i++) {
    const stele_oneof *old = &was->oneofs[i], *new = oneof_became(now, was, old);
    diff_pair pair = {STELE_SYMBOL_ONEOF, "oneof", old, new};
    diff_parts parts = {0};
    if (new) diff_options(run, &parts, old->options, new->options, CHECK_PATCH);
    diff_kind kind = !new                                 ? DIFF_REMOVED
                     : stele_str_eq(old->name, new->name) ? DIFF_CHANGED
                                                          : DIFF_RENAMED;
    diff_tell(run, kind, &pair, &parts);
  }
  for (uint32_t i = 0; i < now->real_oneof_count; i++) {
    if (oneof_became(was, now, &now->oneofs[i])) continue;
    diff_tell(run, DIFF_ADDED, &(diff_pair){STELE_SYMBOL_ONEOF, "oneof", NULL, &now->oneofs[i]},
              NULL);
  }
}

/* ---- enum values ---------------------------------------------------------- */

/* By name; else by number, when the name that the number has now is new. */
static const stele_enum_value *value_became(const stele_enum *other, const stele_enum *own,
                                            const stele_enum_value *value) {
  const stele_enum_value *named = stele_enum_value_by_name(other, value->name);
  if (named) return named;
  const stele_enum_value *numbered = stele_enum_value_by_number(other, value->number);
  return numbered && !stele_enum_value_by_name(own, numbered->name) ? numbered : NULL;
}

void diff_values(diff_run *run, const stele_enum *was, const stele_enum *now) {
  for (uint32_t i = 0; i < was->value_count; i++) {
    const stele_enum_value *old = &was->values[i], *new = value_became(now, was, old);
    diff_pair pair = {STELE_SYMBOL_ENUM_VALUE, "enum value", old, new};
    diff_parts parts = {0};
    diff_kind kind = DIFF_REMOVED;
    if (new) {
      kind = stele_str_eq(old->name, new->name) ? DIFF_CHANGED : DIFF_RENAMED;
      diff_text(run, &parts, "number", number_text(run, old->number), number_text(run, new->number),
                CHECK_MAJOR);
      diff_options(run, &parts, old->options, new->options, CHECK_PATCH);
    }
    diff_tell(run, kind, &pair, &parts);
  }
  for (uint32_t i = 0; i < now->value_count; i++) {
    if (value_became(was, now, &now->values[i])) continue;
    diff_tell(run, DIFF_ADDED,
              &(diff_pair){STELE_SYMBOL_ENUM_VALUE, "enum value", NULL, &now->values[i]}, NULL);
  }
}

/* ---- methods -------------------------------------------------------------- */

static const stele_method *method_named(const stele_service *service, stele_str name) {
  for (uint32_t i = 0; i < service->method_count; i++) {
    if (stele_str_eq(service->methods[i].name, name)) return &service->methods[i];
  }
  return NULL;
}

static bool same_signature(const diff_run *run, const stele_method *was, const stele_method *now) {
  return stele_str_eq(diff_mapped(run, was->input->full_name), now->input->full_name) &&
         stele_str_eq(diff_mapped(run, was->output->full_name), now->output->full_name) &&
         was->client_streaming == now->client_streaming &&
         was->server_streaming == now->server_streaming;
}

static bool has_twin(const stele_service *own, const stele_service *other,
                     const stele_method *one) {
  for (uint32_t i = 0; i < own->method_count; i++) {
    const stele_method *method = &own->methods[i];
    if (method == one || method_named(other, method->name)) continue;
    if (stele_str_eq(method->input->full_name, one->input->full_name) &&
        stele_str_eq(method->output->full_name, one->output->full_name)) {
      return true;
    }
  }
  return false;
}

/* A method of another name that takes and gives the same, if there is just one. */
static const stele_method *method_became(const diff_run *run, const stele_service *was,
                                         const stele_service *now, const stele_method *one,
                                         bool one_is_old) {
  const stele_service *other = one_is_old ? now : was, *own = one_is_old ? was : now;
  const stele_method *named = method_named(other, one->name), *found = NULL;
  if (named || has_twin(own, other, one)) return named;
  for (uint32_t i = 0; i < other->method_count; i++) {
    const stele_method *method = &other->methods[i];
    if (method_named(own, method->name)) continue;
    bool same = one_is_old ? same_signature(run, one, method) : same_signature(run, method, one);
    if (!same) continue;
    if (found) return NULL;
    found = method;
  }
  return found;
}

static void method_parts(diff_run *run, const stele_method *was, const stele_method *now,
                         diff_parts *parts) {
  if (!same_signature(run, was, now)) {
    diff_text(run, parts, "signature", diff_words(run, STELE_SYMBOL_METHOD, was),
              diff_words(run, STELE_SYMBOL_METHOD, now), CHECK_MAJOR);
  }
  diff_options(run, parts, was->options, now->options, CHECK_PATCH);
}

void diff_methods(diff_run *run, const stele_service *was, const stele_service *now) {
  for (uint32_t i = 0; i < was->method_count; i++) {
    const stele_method *old = &was->methods[i], *new = method_became(run, was, now, old, true);
    diff_pair pair = {STELE_SYMBOL_METHOD, "method", old, new};
    diff_parts parts = {0};
    if (new) method_parts(run, old, new, &parts);
    diff_kind kind = !new                                 ? DIFF_REMOVED
                     : stele_str_eq(old->name, new->name) ? DIFF_CHANGED
                                                          : DIFF_RENAMED;
    diff_tell(run, kind, &pair, &parts);
  }
  for (uint32_t i = 0; i < now->method_count; i++) {
    if (method_became(run, was, now, &now->methods[i], false)) continue;
    diff_tell(run, DIFF_ADDED, &(diff_pair){STELE_SYMBOL_METHOD, "method", NULL, &now->methods[i]},
              NULL);
  }
}
