/* Fields, oneofs and extensions in canonical order.
 *
 * A map field is its key and value types, however it was spelled. A proto3
 * optional field says so itself, so its synthetic oneof is not written. */
#include "proto/identity/canonical.h"

static void field_type(const stele_field *field, stele_buf *out) {
  canonical_number(out, CANONICAL_TYPE, field->type);
  if (field->type_message) {
    canonical_text(out, CANONICAL_TYPE, field->type_message->full_name);
  } else if (field->type_enum) {
    canonical_text(out, CANONICAL_TYPE, field->type_enum->full_name);
  } else if (stele_field_type_name(field).len) {
    canonical_text(out, CANONICAL_TYPE,
                   stele_field_type_name(field)); /* unresolved: lenient files */
  }
}

static void map_types(const stele_field *field, stele_buf *out) {
  canonical_begin(out, CANONICAL_MAP);
  for (uint32_t i = 0; i < field->type_message->field_count; i++) {
    field_type(&field->type_message->fields[i], out);
  }
  canonical_end(out);
}

/* The label; 4 for `optional` in proto3. */
static int64_t label_of(const stele_field *field) {
  enum { PROTO3_OPTIONAL = 4 };
  return field->is_proto3_optional ? PROTO3_OPTIONAL : field->label;
}

static void one_field(stele_arena *arena, const stele_field *field, canonical_tag tag,
                      stele_buf *out) {
  canonical_begin(out, tag);
  canonical_number(out, CANONICAL_NUMBER, field->number);
  canonical_text(out, CANONICAL_NAME, field->name);
  canonical_number(out, CANONICAL_LABEL, label_of(field));
  if (stele_field_is_map(field)) {
    map_types(field, out);
  } else {
    field_type(field, out);
  }
  if (field->is_extension) {
    canonical_text(out, CANONICAL_EXTENDEE,
                   field->message ? field->message->full_name : stele_field_extendee_name(field));
  }
  if (field->has_default) canonical_text(out, CANONICAL_DEFAULT, stele_field_default(field));
  if (!stele_str_eq(field->json_name, stele_json_name(arena, field->name))) {
    canonical_text(out, CANONICAL_JSON_NAME, field->json_name);
  }
  canonical_options(arena, stele_field_file(field), field->options, out);
  canonical_end(out);
}

typedef int compare_fields(const stele_field *a, const stele_field *b);

static int by_number(const stele_field *a, const stele_field *b) {
  return (a->number > b->number) - (a->number < b->number);
}

static stele_str extendee(const stele_field *field) {
  return field->message ? field->message->full_name : stele_field_extendee_name(field);
}

static int by_extendee(const stele_field *a, const stele_field *b) {
  int order = stele_str_order(extendee(a), extendee(b));
  return order ? order : by_number(a, b);
}

/* Stable, by merging: a message may have tens of thousands of fields. */
static void sort(const stele_field **at, const stele_field **spare, size_t count,
                 compare_fields *compare) {
  if (count < 2) return;
  size_t half = count / 2, left = 0, right = half, out = 0;
  sort(at, spare, half, compare);
  sort(at + half, spare, count - half, compare);
  memcpy(spare, at, count * sizeof *at);
  while (left < half && right < count) {
    at[out++] = compare(spare[left], spare[right]) <= 0 ? spare[left++] : spare[right++];
  }
  while (left < half) at[out++] = spare[left++];
  while (right < count) at[out++] = spare[right++];
}

static const stele_field **sorted_fields(stele_arena *arena, const stele_field *fields,
                                         uint32_t count, compare_fields *compare) {
  const stele_field **sorted = STELE_NEW_ARRAY(arena, const stele_field *, count);
  const stele_field **spare = STELE_NEW_ARRAY(arena, const stele_field *, count);
  for (uint32_t i = 0; i < count; i++) sorted[i] = &fields[i];
  sort(sorted, spare, count, compare);
  return sorted;
}

/* A oneof is written where its lowest member comes. */
static void oneof(stele_arena *arena, const stele_oneof *one, stele_buf *out) {
  canonical_begin(out, CANONICAL_ONEOF);
  canonical_text(out, CANONICAL_NAME, one->name);
  const stele_field **members = STELE_NEW_ARRAY(arena, const stele_field *, one->field_count);
  const stele_field **spare = STELE_NEW_ARRAY(arena, const stele_field *, one->field_count);
  for (uint32_t i = 0; i < one->field_count; i++) members[i] = one->fields[i];
  sort(members, spare, one->field_count, by_number);
  for (uint32_t i = 0; i < one->field_count; i++) {
    canonical_number(out, CANONICAL_NUMBER, members[i]->number);
  }
  canonical_options(arena, one->message->file, one->options, out);
  canonical_end(out);
}

void canonical_fields(stele_arena *arena, const stele_message *message, stele_buf *out) {
  const stele_field **sorted =
      sorted_fields(arena, message->fields, message->field_count, by_number);
  bool *written = STELE_NEW_ARRAY(arena, bool, message->oneof_count);
  for (uint32_t i = 0; i < message->field_count; i++) {
    one_field(arena, sorted[i], CANONICAL_FIELD, out);
    const stele_oneof *of = sorted[i]->oneof;
    if (!of || of->is_synthetic || written[of - message->oneofs]) continue;
    written[of - message->oneofs] = true;
    oneof(arena, of, out);
  }
}

void canonical_extensions(stele_arena *arena, const stele_field *extensions, uint32_t count,
                          stele_buf *out) {
  const stele_field **sorted = sorted_fields(arena, extensions, count, by_extendee);
  for (uint32_t i = 0; i < count; i++) one_field(arena, sorted[i], CANONICAL_EXTENSION, out);
}
