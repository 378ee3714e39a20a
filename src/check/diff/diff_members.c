/* Members of two types that are the same type: fields and values by number and
 * then by name, methods by name and then by what they take and give. */
#include "check/diff/diff_internal.h"

stele_str diff_mapped(const diff_run *run, stele_str old_name) {
  const stele_str *mapped = stele_map_find(&run->renamed, old_name);
  return mapped ? *mapped : old_name;
}

/* ---- oneofs --------------------------------------------------------------- */

static const stele_oneof *oneof_named(diff_run *run, const stele_message *message,
                                      const stele_oneof *like) {
  return CHECK_SIBLING(&run->levels, message->oneofs, message->real_oneof_count, like->name,
                       (size_t)(like - like->message->oneofs));
}

/* A oneof of the same name, or of another that is new, with the same members: the one
 * that the first member is in now. */
static const stele_oneof *oneof_became(diff_run *run, const stele_message *other,
                                       const stele_message *own, const stele_oneof *oneof) {
  const stele_oneof *named = oneof_named(run, other, oneof);
  if (named || !oneof->field_count) return named;
  const stele_field *first = stele_message_field(other, oneof->fields[0]->number);
  const stele_oneof *one = first ? check_oneof_of(first) : NULL;
  if (!one || one->field_count != oneof->field_count || oneof_named(run, own, one)) return NULL;
  for (uint32_t i = 0; i < oneof->field_count; i++) {
    const stele_field *member = stele_message_field(other, oneof->fields[i]->number);
    if (!member || member->oneof != one) return NULL;
  }
  return one;
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
static stele_str oneof_name_now(diff_run *run, const stele_field *was, const stele_field *now) {
  const stele_oneof *oneof = check_oneof_of(was);
  const stele_oneof *became =
      oneof && !was->is_extension ? oneof_became(run, now->message, was->message, oneof) : NULL;
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
  diff_text(run, parts, "oneof", oneof_name_now(run, was, now), oneof_name(now), CHECK_MAJOR);
  diff_text(run, parts, "default", was->has_default ? stele_field_default(was) : (stele_str){"", 0},
            now->has_default ? stele_field_default(now) : (stele_str){"", 0}, CHECK_MAJOR);
  if (stele_str_eq(was->name, now->name)) {
    diff_text(run, parts, "json_name", was->json_name, now->json_name, CHECK_MAJOR);
  }
  if (was->label == STELE_LABEL_REPEATED && now->label == STELE_LABEL_REPEATED) {
    diff_flag(run, parts, "packed", was->is_packed, now->is_packed, CHECK_PATCH);
  }
  diff_flag(run, parts, "delimited", was->is_delimited, now->is_delimited, CHECK_MAJOR);
  diff_options(run, parts, stele_field_file(was), was->options, stele_field_file(now),
               now->options);
}

static void field_pair(diff_run *run, const char *element, const stele_field *was,
                       const stele_field *now) {
  diff_parts parts = {0};
  diff_pair pair = {STELE_SYMBOL_FIELD, element, was, now};
  field_parts(run, was, now, &parts);
  diff_tell(run, stele_str_eq(was->name, now->name) ? DIFF_CHANGED : DIFF_RENAMED, &pair, &parts);
}

/* The field that one became: by number, else, when the number is gone, by name. */
static const stele_field *became(diff_run *run, const stele_message *other,
                                 const stele_message *own, const stele_field *field) {
  const stele_field *same = stele_message_field(other, field->number);
  if (same) return same;
  same = CHECK_SIBLING(&run->levels, other->fields, other->field_count, field->name,
                       (size_t)(field - own->fields));
  return same && !stele_message_field(own, same->number) ? same : NULL;
}

void diff_fields(diff_run *run, const stele_message *was, const stele_message *now) {
  for (uint32_t i = 0; i < was->field_count; i++) {
    const stele_field *old = &was->fields[i], *new = became(run, now, was, old);
    diff_pair gone = {STELE_SYMBOL_FIELD, "field", old, NULL};
    if (new) {
      field_pair(run, "field", old, new);
    } else {
      diff_tell(run, DIFF_REMOVED, &gone, NULL);
    }
  }
  for (uint32_t i = 0; i < now->field_count; i++) {
    const stele_field *new = &now->fields[i];
    if (became(run, was, now, new)) continue;
    diff_parts parts = {0};
    if (new->is_required) {
      diff_text(run, &parts, "cardinality", STELE_STR(""), STELE_STR("required"), CHECK_MAJOR);
    }
    diff_tell(run, DIFF_ADDED, &(diff_pair){STELE_SYMBOL_FIELD, "field", NULL, new}, &parts);
  }
}

/* Extensions by their number and the newer name of what they extend. */
static stele_str extension_key(diff_run *run, const stele_field *field, bool is_old) {
  stele_str extendee = field->message->full_name;
  if (is_old) extendee = diff_mapped(run, extendee);
  return stele_str_printf(run->arena, "%d " STELE_STR_FMT, field->number, STELE_STR_ARG(extendee));
}

static void take_extensions(diff_run *run, stele_map *map, const stele_field *all, uint32_t count,
                            bool is_old) {
  for (uint32_t i = 0; i < count; i++) {
    *stele_map_add(map, extension_key(run, &all[i], is_old)) = (void *)(uintptr_t)&all[i];
  }
}

static void take_nested(diff_run *run, stele_map *map, const stele_message *all, uint32_t count,
                        bool is_old) {
  for (uint32_t i = 0; i < count; i++) {
    take_extensions(run, map, all[i].extensions, all[i].extension_count, is_old);
    take_nested(run, map, all[i].messages, all[i].message_count, is_old);
  }
}

static void take_all(diff_run *run, stele_map *map, const stele_file *const *files, size_t count,
                     bool is_old) {
  stele_map_init(map, run->arena, (uintptr_t)run->arena);
  for (size_t i = 0; i < count; i++) {
    take_extensions(run, map, files[i]->extensions, files[i]->extension_count, is_old);
    take_nested(run, map, files[i]->messages, files[i]->message_count, is_old);
  }
}

/* Does it stand where it stood: in the same message, or in the same file. */
static bool is_in_place(const diff_run *run, const stele_field *was, const stele_field *now) {
  const stele_message *old = stele_field_scope(was), *new = stele_field_scope(now);
  if (old && new) return stele_str_eq(diff_mapped(run, old->full_name), new->full_name);
  const stele_file *file =
      stele_map_find_u64(&run->files, (uint64_t)(uintptr_t)stele_field_file(was));
  return !old && !new &&file == stele_field_file(now);
}

void diff_take_extensions(diff_run *run) {
  take_all(run, &run->old_extensions, run->older, run->older_count, true);
  take_all(run, &run->new_extensions, run->newer, run->newer_count, false);
}

void diff_extension_pairs(diff_run *run) {
  for (size_t i = 0; i < run->old_extensions.count; i++) {
    const stele_field *was = run->old_extensions.entries[i].value;
    const stele_field *now =
        stele_map_find(&run->new_extensions, run->old_extensions.entries[i].key.str);
    if (now && is_in_place(run, was, now)) {
      field_pair(run, "extension", was, now);
    } else if (now) {
      diff_parts parts = {0};
      field_parts(run, was, now, &parts);
      diff_tell(run, DIFF_MOVED, &(diff_pair){STELE_SYMBOL_FIELD, "extension", was, now}, &parts);
    }
  }
}

void diff_extensions(diff_run *run, const stele_field *was, uint32_t was_count,
                     const stele_field *now, uint32_t now_count) {
  for (uint32_t i = 0; i < was_count; i++) {
    if (stele_map_find(&run->new_extensions, extension_key(run, &was[i], true))) continue;
    diff_tell(run, DIFF_REMOVED, &(diff_pair){STELE_SYMBOL_FIELD, "extension", &was[i], NULL},
              NULL);
  }
  for (uint32_t i = 0; i < now_count; i++) {
    if (stele_map_find(&run->old_extensions, extension_key(run, &now[i], false))) continue;
    diff_tell(run, DIFF_ADDED, &(diff_pair){STELE_SYMBOL_FIELD, "extension", NULL, &now[i]}, NULL);
  }
}

/* ---- members of oneofs go with their fields; the oneofs themselves -------- */

void diff_oneofs(diff_run *run, const stele_message *was, const stele_message *now) {
  for (uint32_t i = 0; i < was->real_oneof_count; i++) {
    const stele_oneof *old = &was->oneofs[i], *new = oneof_became(run, now, was, old);
    diff_pair pair = {STELE_SYMBOL_ONEOF, "oneof", old, new};
    diff_parts parts = {0};
    if (new) diff_options(run, &parts, was->file, old->options, now->file, new->options);
    diff_kind kind = !new                                 ? DIFF_REMOVED
                     : stele_str_eq(old->name, new->name) ? DIFF_CHANGED
                                                          : DIFF_RENAMED;
    diff_tell(run, kind, &pair, &parts);
  }
  for (uint32_t i = 0; i < now->real_oneof_count; i++) {
    if (oneof_became(run, was, now, &now->oneofs[i])) continue;
    diff_tell(run, DIFF_ADDED, &(diff_pair){STELE_SYMBOL_ONEOF, "oneof", NULL, &now->oneofs[i]},
              NULL);
  }
}

/* ---- enum values ---------------------------------------------------------- */

/* By name; else by number, when the name that the number has now is new. */
static const stele_enum_value *value_became(diff_run *run, check_numbers *other,
                                            const stele_enum *own, const stele_enum_value *value) {
  const stele_enum *type = other->type;
  size_t near = (size_t)(value - own->values);
  const stele_enum_value *named =
      CHECK_SIBLING(&run->levels, type->values, type->value_count, value->name, near);
  if (named) return named;
  const stele_enum_value *numbered = check_numbers_find(other, value->number);
  bool is_new =
      numbered && !CHECK_SIBLING(&run->levels, own->values, own->value_count, numbered->name, near);
  return is_new ? numbered : NULL;
}

void diff_values(diff_run *run, const stele_enum *was, const stele_enum *now) {
  check_numbers olds = check_numbers_of(run->arena, was), news = check_numbers_of(run->arena, now);
  for (uint32_t i = 0; i < was->value_count; i++) {
    const stele_enum_value *old = &was->values[i], *new = value_became(run, &news, was, old);
    diff_pair pair = {STELE_SYMBOL_ENUM_VALUE, "enum value", old, new};
    diff_parts parts = {0};
    diff_kind kind = DIFF_REMOVED;
    if (new) {
      kind = stele_str_eq(old->name, new->name) ? DIFF_CHANGED : DIFF_RENAMED;
      diff_text(run, &parts, "number", number_text(run, old->number), number_text(run, new->number),
                CHECK_MAJOR);
      diff_options(run, &parts, was->file, old->options, now->file, new->options);
    }
    diff_tell(run, kind, &pair, &parts);
  }
  for (uint32_t i = 0; i < now->value_count; i++) {
    if (value_became(run, &olds, now, &now->values[i])) continue;
    diff_tell(run, DIFF_ADDED,
              &(diff_pair){STELE_SYMBOL_ENUM_VALUE, "enum value", NULL, &now->values[i]}, NULL);
  }
}

/* ---- methods -------------------------------------------------------------- */

static const stele_method *method_named(diff_run *run, const stele_service *service,
                                        const stele_method *like) {
  return CHECK_SIBLING(&run->levels, service->methods, service->method_count, like->name,
                       (size_t)(like - like->service->methods));
}

static bool same_signature(const diff_run *run, const stele_method *was, const stele_method *now) {
  return stele_str_eq(diff_mapped(run, was->input->full_name), now->input->full_name) &&
         stele_str_eq(diff_mapped(run, was->output->full_name), now->output->full_name) &&
         was->client_streaming == now->client_streaming &&
         was->server_streaming == now->server_streaming;
}

/* Methods whose name is not in the other service, by what they take and give. */
typedef struct lone_methods {
  const stele_method *first;
  size_t count;
} lone_methods;

static stele_str signature_key(diff_run *run, const stele_method *method, bool is_old) {
  stele_str input = method->input->full_name, output = method->output->full_name;
  if (is_old) {
    input = diff_mapped(run, input);
    output = diff_mapped(run, output);
  }
  return stele_str_printf(run->arena, STELE_STR_FMT " " STELE_STR_FMT, STELE_STR_ARG(input),
                          STELE_STR_ARG(output));
}

static stele_map lone_methods_of(diff_run *run, const stele_service *own,
                                 const stele_service *other, bool is_old) {
  stele_map map;
  stele_map_init(&map, run->arena, (uintptr_t)run->arena);
  for (uint32_t i = 0; i < own->method_count; i++) {
    const stele_method *method = &own->methods[i];
    if (method_named(run, other, method)) continue;
    void **place = stele_map_add(&map, signature_key(run, method, is_old));
    lone_methods *lone = *place;
    if (!lone) *place = lone = STELE_NEW(run->arena, lone_methods);
    if (!lone->count++) lone->first = method;
  }
  return map;
}

/* A method of the same name, or of another that takes and gives the same, when there is
 * just one on either side. */
static const stele_method *method_became(diff_run *run, const stele_service *other,
                                         const stele_map *own_lone, const stele_map *other_lone,
                                         const stele_method *one, bool is_old) {
  const stele_method *named = method_named(run, other, one);
  if (named) return named;
  stele_str key = signature_key(run, one, is_old);
  const lone_methods *mine = stele_map_find(own_lone, key);
  const lone_methods *theirs = stele_map_find(other_lone, key);
  if (!mine || !theirs || mine->count > 1 || theirs->count > 1) return NULL;
  bool same = one->client_streaming == theirs->first->client_streaming &&
              one->server_streaming == theirs->first->server_streaming;
  return same ? theirs->first : NULL;
}

static void method_parts(diff_run *run, const stele_method *was, const stele_method *now,
                         diff_parts *parts) {
  if (!same_signature(run, was, now)) {
    diff_text(run, parts, "signature", diff_words(run, STELE_SYMBOL_METHOD, was),
              diff_words(run, STELE_SYMBOL_METHOD, now), CHECK_MAJOR);
  }
  diff_options(run, parts, was->service->file, was->options, now->service->file, now->options);
}

void diff_methods(diff_run *run, const stele_service *was, const stele_service *now) {
  stele_map olds = lone_methods_of(run, was, now, true);
  stele_map news = lone_methods_of(run, now, was, false);
  for (uint32_t i = 0; i < was->method_count; i++) {
    const stele_method *old = &was->methods[i],
                       *new = method_became(run, now, &olds, &news, old, true);
    diff_pair pair = {STELE_SYMBOL_METHOD, "method", old, new};
    diff_parts parts = {0};
    if (new) method_parts(run, old, new, &parts);
    diff_kind kind = !new                                 ? DIFF_REMOVED
                     : stele_str_eq(old->name, new->name) ? DIFF_CHANGED
                                                          : DIFF_RENAMED;
    diff_tell(run, kind, &pair, &parts);
  }
  for (uint32_t i = 0; i < now->method_count; i++) {
    if (method_became(run, was, &news, &olds, &now->methods[i], false)) continue;
    diff_tell(run, DIFF_ADDED, &(diff_pair){STELE_SYMBOL_METHOD, "method", NULL, &now->methods[i]},
              NULL);
  }
}
