/* Making a layout: fields sorted by number, slots given out by size, tables
 * filled.
 *
 * Slots of one size lie side by side, so that next to nothing needs padding; the
 * members of a oneof share one slot, as large as the largest of them. */
#include "proto/message/layout.h"

#include <stdlib.h>

#include "base/guard.h"
#include "base/hash.h"
#include "base/vec.h"
#include "proto/message/layout_internal.h"

const uint8_t layout_code_bytes[LAYOUT_CODE_COUNT] = {
#define X(name, bytes, wire) bytes,
    LAYOUT_CODES(X)
#undef X
};

const uint8_t layout_code_wire[LAYOUT_CODE_COUNT] = {
#define X(name, bytes, wire) wire,
    LAYOUT_CODES(X)
#undef X
};

enum {
  DENSE_ALWAYS = 64, /* numbers below this are looked up in one step, however sparse */
  DENSE_SPREAD = 4,  /* above, while at least a quarter of the places is taken */
  MOST_FIELDS = 65535,
  FIELD_ROOM = 16, /* tag and number, or tag and length */
  FIRST_ROOM = 64, /* what is around the fields, and what fast stores touch */
  TEXT_SLOT = 12,  /* a pointer and a length */
};

static layout_code code_of_enum(const stele_field *field) {
  return field->type_enum->is_closed ? LAYOUT_CLOSED_ENUM : LAYOUT_INT32;
}

static layout_code code_of_string(const stele_field *field) {
  bool verify =
      stele_features_get(field->features, STELE_FEATURE_UTF8_VALIDATION) == STELE_UTF8_VERIFY;
  return verify ? LAYOUT_STRING : LAYOUT_BYTES;
}

/* Map entries and what is in them never go as groups (protobuf.dev,
 * "Features", message_encoding). */
static layout_code code_of_message(const stele_field *field) {
  bool in_map = field->message && field->message->is_map_entry;
  return field->is_delimited && !in_map && !stele_field_is_map(field) ? LAYOUT_GROUP
                                                                      : LAYOUT_MESSAGE;
}

static layout_code code_of(const stele_field *field) {
  static const uint8_t plain[] = {
      [STELE_TYPE_DOUBLE] = LAYOUT_FIXED64,   [STELE_TYPE_FLOAT] = LAYOUT_FIXED32,
      [STELE_TYPE_INT64] = LAYOUT_INT64,      [STELE_TYPE_UINT64] = LAYOUT_INT64,
      [STELE_TYPE_INT32] = LAYOUT_INT32,      [STELE_TYPE_FIXED64] = LAYOUT_FIXED64,
      [STELE_TYPE_FIXED32] = LAYOUT_FIXED32,  [STELE_TYPE_BOOL] = LAYOUT_BOOL,
      [STELE_TYPE_BYTES] = LAYOUT_BYTES,      [STELE_TYPE_UINT32] = LAYOUT_UINT32,
      [STELE_TYPE_SFIXED32] = LAYOUT_FIXED32, [STELE_TYPE_SFIXED64] = LAYOUT_FIXED64,
      [STELE_TYPE_SINT32] = LAYOUT_SINT32,    [STELE_TYPE_SINT64] = LAYOUT_SINT64,
  };
  if (field->type == STELE_TYPE_ENUM) return code_of_enum(field);
  if (field->type == STELE_TYPE_STRING) return code_of_string(field);
  if (field->type_message) return code_of_message(field);
  return (layout_code)plain[field->type];
}

static layout_shape shape_of(const stele_field *field) {
  if (field->label != STELE_LABEL_REPEATED) return LAYOUT_ONE;
  if (stele_field_is_map(field)) return LAYOUT_MAP;
  return field->is_packed ? LAYOUT_PACKED : LAYOUT_MANY;
}

static uint32_t slot_bytes(const layout_field *f) {
  if (layout_shape_of(f) == LAYOUT_ONE) {
    uint32_t bytes = layout_code_bytes[layout_code_of(f)];
    return bytes == sizeof(stele_str) ? TEXT_SLOT : bytes;
  }
  return layout_shape_of(f) == LAYOUT_MAP ? sizeof(void *) : sizeof(layout_array);
}

/* ---- Fields --------------------------------------------------------------- */

static const layout_field hole = {.tag = LAYOUT_HOLE, .byte_tag = LAYOUT_LONG_TAG};

static int by_number(const void *a, const void *b) {
  const stele_field *x = *(const stele_field *const *)a, *y = *(const stele_field *const *)b;
  if (x->number != y->number) return x->number < y->number ? -1 : 1;
  return x->is_extension - y->is_extension;
}

/* A lenient file may have fields that did not resolve, and numbers given twice:
 * the first of a number is the field. */
static bool is_usable(const stele_field *field) {
  if (field->type == STELE_TYPE_UNRESOLVED || field->number <= 0) return false;
  bool is_message = field->type == STELE_TYPE_MESSAGE || field->type == STELE_TYPE_GROUP;
  if (is_message) return field->type_message != NULL;
  return field->type != STELE_TYPE_ENUM || field->type_enum != NULL;
}

static const stele_field **sorted_fields(const layout_job *job, const stele_message *type,
                                         size_t *count) {
  const layout_extension_list *extensions =
      stele_map_find_u64(job->extensions, (uint64_t)(uintptr_t)type);
  size_t most = type->field_count + (extensions ? extensions->count : 0), kept = 0;
  const stele_field **all = STELE_NEW_ARRAY(job->arena, const stele_field *, most);
  for (uint32_t i = 0; i < type->field_count; i++) {
    if (is_usable(&type->fields[i])) all[kept++] = &type->fields[i];
  }
  for (size_t i = 0; extensions && i < extensions->count; i++) {
    if (is_usable(extensions->at[i])) all[kept++] = extensions->at[i];
  }
  if (kept) qsort(all, kept, sizeof *all, by_number);
  size_t unique = 0;
  for (size_t i = 0; i < kept; i++) {
    if (unique == 0 || all[unique - 1]->number != all[i]->number) all[unique++] = all[i];
  }
  if (unique > MOST_FIELDS) {
    stele_guard_leave(job->arena, STELE_LIMIT, STELE_STR_FMT " has %zu fields",
                      STELE_STR_ARG(type->full_name), unique);
  }
  *count = unique;
  return all;
}

static uint16_t oneof_of(const stele_message *type, const stele_field *field) {
  if (!field->oneof || field->oneof->is_synthetic) return 0;
  return (uint16_t)(1 + (field->oneof - type->oneofs));
}

static uint8_t flags_of(const stele_field *field, layout_shape shape) {
  unsigned flags = field->is_extension ? LAYOUT_EXTENSION : 0;
  if (shape == LAYOUT_ONE && !field->has_presence) flags |= LAYOUT_IMPLICIT;
  if (field->is_required) flags |= LAYOUT_REQUIRED;
  return (uint8_t)flags;
}

static layout_field make_field(const stele_message *type, const stele_field *field, size_t index) {
  layout_code code = code_of(field);
  layout_shape shape = shape_of(field);
  stele_wire_type wire = (stele_wire_type)layout_code_wire[code];
  if (shape == LAYOUT_PACKED || shape == LAYOUT_MAP) wire = STELE_WIRE_DELIMITED;
  uint32_t tag = stele_wire_tag((uint32_t)field->number, wire);
  uint16_t oneof = oneof_of(type, field);
  bool is_special = field->is_extension || oneof || index >= 64;
  return (layout_field){.bit = index < 64 ? UINT64_C(1) << index : 0,
                        .tag = tag,
                        .index = (uint16_t)index,
                        .oneof = oneof,
                        .op =
                            (uint8_t)(LAYOUT_OP(shape, code) + (is_special ? LAYOUT_PLAIN_OPS : 0)),
                        .flags = flags_of(field, shape),
                        .byte_tag = (uint16_t)(tag < 0x80 ? tag : LAYOUT_LONG_TAG)};
}

/* ---- Slots ---------------------------------------------------------------- */

/* Gives out the slots of one size that are wanted at this place. */
static void place(stele_layout *layout, layout_field *fields, const uint32_t *oneof_bytes,
                  uint32_t *oneof_offset, uint32_t bytes) {
  if (bytes % 8 == 0) {
    layout->size = (layout->size + 7) & ~7u;
    layout->block_size = (layout->block_size + 7) & ~7u;
  }
  for (uint32_t i = 0; i < layout->field_count; i++) {
    layout_field *f = &fields[i];
    if (f->oneof) {
      if (oneof_bytes[f->oneof] != bytes) continue;
      if (oneof_offset[f->oneof] == 0) {
        oneof_offset[f->oneof] = layout->size;
        layout->size += bytes;
      }
      f->offset = oneof_offset[f->oneof];
    } else if (slot_bytes(f) == bytes) {
      uint32_t *end = f->flags & LAYOUT_EXTENSION ? &layout->block_size : &layout->size;
      f->offset = *end;
      *end += bytes;
    }
  }
}

static void place_all(stele_arena *arena, stele_layout *layout, layout_field *fields) {
  /* In this order two gaps at most are left, one in front of the largest and none behind. */
  static const uint8_t sizes[] = {TEXT_SLOT, 4, 1, 16, 8};
  uint32_t oneofs = layout->type->real_oneof_count + 1;
  uint32_t *bytes = STELE_NEW_ARRAY(arena, uint32_t, oneofs);
  uint32_t *offsets = STELE_NEW_ARRAY(arena, uint32_t, oneofs);
  for (uint32_t i = 0; i < layout->field_count; i++) {
    uint32_t *most = &bytes[fields[i].oneof], own = slot_bytes(&fields[i]);
    bool is_mixed = own + *most == TEXT_SLOT + 8; /* as long as the one, aligned as the other */
    if (own > *most) *most = own;
    if (is_mixed) *most = 16;
  }
  layout->bit_words = layout->field_count <= 32 ? 1 : (layout->field_count + 63) / 64 * 2;
  layout->first_bits = layout->bit_words == 1 ? UINT32_MAX : UINT64_MAX;
  layout->head_words = layout->bit_words + layout->type->real_oneof_count;
  layout->size = (uint32_t)sizeof(stele_object) + layout->head_words * 4;
  for (size_t i = 0; i < STELE_COUNT(sizes); i++) place(layout, fields, bytes, offsets, sizes[i]);
  layout->size = (layout->size + 7) & ~7u;
  layout->block_size = (layout->block_size + 7) & ~7u;
}

/* ---- Tables --------------------------------------------------------------- */

static void make_dense(stele_arena *arena, stele_layout *layout) {
  uint32_t end = 0;
  for (uint32_t i = 0; i < layout->field_count; i++) {
    uint32_t number = stele_wire_number(layout->fields[i].tag);
    if (number >= DENSE_ALWAYS && number / DENSE_SPREAD > i) break;
    end = number + 1;
  }
  layout_field *dense = STELE_NEW_ARRAY(arena, layout_field, end + 1);
  for (uint32_t i = 0; i <= end; i++) dense[i] = hole;
  for (uint32_t i = 0; i < layout->field_count; i++) {
    uint32_t number = stele_wire_number(layout->fields[i].tag);
    if (number < end) dense[number] = layout->fields[i];
  }
  layout->dense = dense;
  layout->dense_count = end;
}

static void make_required(stele_arena *arena, stele_layout *layout) {
  uint32_t *words = NULL;
  for (uint32_t i = 0; i < layout->field_count; i++) {
    if (!(layout->fields[i].flags & LAYOUT_REQUIRED)) continue;
    if (!words) words = STELE_NEW_ARRAY(arena, uint32_t, layout->bit_words);
    words[i / 32] |= 1u << (i % 32);
  }
  layout->required = words;
  layout->needs_required = words != NULL;
}

/* `"name":`, escaped as JSON wants it. */
static stele_str make_key(stele_arena *arena, const char *before, stele_str name,
                          const char *behind) {
  enum { READABLE = 32 };
  stele_buf buf;
  stele_buf_init(&buf, arena, 0);
  (void)stele_buf_reserve(&buf, name.len + 2 * READABLE);
  stele_buf_add_byte(&buf, ',');
  stele_buf_add_cstr(&buf, before);
  for (size_t i = 0; i < name.len; i++) {
    uint8_t c = (uint8_t)name.ptr[i];
    if (c < 0x20) {
      stele_buf_printf(&buf, "\\u%04x", c);
      continue;
    }
    if (c == '"' || c == '\\') stele_buf_add_byte(&buf, '\\');
    stele_buf_add_byte(&buf, c);
  }
  stele_buf_add_cstr(&buf, behind);
  stele_str key = stele_buf_str(&buf);
  stele_buf_add_spaces(&buf, READABLE); /* so that a fixed copy stays inside */
  return (stele_str){buf.ptr + 1, key.len - 1};
}

static void make_info(stele_arena *arena, layout_info *info, const stele_field *field) {
  info->field = field;
  info->type = (uint8_t)field->type;
  if (field->is_extension) {
    info->full_name = stele_field_full_name(arena, field);
    info->json_key = info->proto_key = make_key(arena, "\"[", info->full_name, "]\":");
    return;
  }
  info->json_key = info->proto_key = make_key(arena, "\"", field->json_name, "\":");
  if (!stele_str_eq(field->json_name, field->name)) {
    info->proto_key = make_key(arena, "\"", field->name, "\":");
  }
}

static void add_name(uint16_t *names, uint32_t mask, stele_str name, uint32_t index) {
  uint32_t at = (uint32_t)stele_hash_str(name, 0) & mask;
  while (names[at]) at = (at + 1) & mask;
  names[at] = (uint16_t)(index + 1);
}

static void make_names(stele_arena *arena, stele_layout *layout) {
  uint32_t size = 4;
  while (size < layout->field_count * 4) size *= 2;
  uint16_t *names = STELE_NEW_ARRAY(arena, uint16_t, size);
  for (uint32_t i = 0; i < layout->field_count; i++) {
    const layout_info *info = &layout->info[i];
    if (info->field->is_extension) {
      add_name(names, size - 1, info->full_name, i);
      continue;
    }
    add_name(names, size - 1, info->field->name, i);
    if (info->json_key.ptr != info->proto_key.ptr) {
      add_name(names, size - 1, info->field->json_name, i);
    }
  }
  layout->names = names;
  layout->name_mask = size - 1;
}

/* ---- What fields point to ------------------------------------------------- */

static void make_subs(layout_job *job, const stele_layout *layout, layout_field *fields) {
  for (uint32_t i = 0; i < layout->field_count; i++) {
    const stele_field *field = layout->info[i].field;
    if (field->type_message) {
      fields[i].sub.layout = layout_declare(job, field->type_message);
    } else if (field->type == STELE_TYPE_ENUM) {
      fields[i].sub.enumeration = layout_make_enum(job, field->type_enum);
    }
  }
}

stele_layout *layout_declare(layout_job *job, const stele_message *type) {
  void **place = stele_map_add_u64(job->made, (uint64_t)(uintptr_t)type);
  if (*place) return *place;
  stele_layout *layout = STELE_NEW(job->arena, stele_layout);
  layout->type = type;
  layout->owner = job->owner;
  *place = layout;
  STELE_VEC_PUSH(job->arena, &job->fresh, layout);
  return layout;
}

void layout_make(layout_job *job, stele_layout *layout) {
  const stele_message *type = layout->type;
  size_t count = 0;
  const stele_field **sorted = sorted_fields(job, type, &count);
  layout_field *fields = STELE_NEW_ARRAY(job->arena, layout_field, count + 2) + 1;
  layout_info *info = STELE_NEW_ARRAY(job->arena, layout_info, count);
  for (size_t i = 0; i < count; i++) {
    fields[i] = make_field(type, sorted[i], i);
    make_info(job->arena, &info[i], sorted[i]);
    info[i].missing = layout_default(job->arena, sorted[i]);
    layout->needs_finish |= (fields[i].flags & LAYOUT_REQUIRED) != 0;
    layout->needs_finish |= layout_shape_of(&fields[i]) == LAYOUT_MAP;
  }
  fields[-1] = fields[count] = hole;
  layout->field_count = (uint32_t)count;
  layout->info = info;
  layout->fields = fields;
  layout->is_message_set = type->is_message_set;
  layout->room = FIRST_ROOM + FIELD_ROOM * layout->field_count;
  place_all(job->arena, layout, fields);
  make_subs(job, layout, fields);
  make_dense(job->arena, layout);
  make_required(job->arena, layout);
  make_names(job->arena, layout);
  layout->well_known = (uint8_t)layout_recognise(layout);
}
