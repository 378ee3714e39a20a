/* Option values: read from wire bytes by their schema, written as literals.
 *
 * Options reach us as the bytes of a message, once per statement or merged. We
 * read them into a tree first, since a literal wants each field once, in
 * order: pieces of one singular message are read as one, of a singular scalar
 * the last counts, packed numbers come apart.
 *
 * What no field is known for, what does not parse, and a number that an enum
 * has no name for where only names are allowed, cannot be said in .proto text:
 * it goes to the list of unknowns. */
#include <stdlib.h>

#include "proto/print/print_internal.h"
#include "proto/wire/reader.h"

/* Deeper than any option that a person wrote, and as deep as protoc reads. */
enum { MAX_DEPTH = 100 };

typedef STELE_VEC(print_value) value_list;
typedef STELE_VEC(stele_bytes) piece_list;

/* A field while its message is read. */
typedef struct slot {
  const stele_field *field;
  value_list values;
  piece_list pieces; /* of messages; groups alike */
} slot;

typedef STELE_VEC(slot *) slot_list;

typedef struct reading {
  print_job *job;
  const stele_message *type;
  print_unknowns *unknowns;
  uint32_t outermost; /* number of the option, for unknowns; 0 at the top */
  int depth;
  stele_map by_number; /* slots */
  slot_list slots;
} reading;

static const print_tree *read_message(const reading *above, const stele_message *type,
                                      const stele_bytes *pieces, size_t count, uint32_t outermost);

/* ---- Which field a number is -------------------------------------------- */

static void reach(print_job *job, const stele_file *file) {
  if (!file) return;
  *stele_map_add_u64(&job->reachable, (uint64_t)(uintptr_t)file) = (void *)(uintptr_t)file;
}

/* An extension in any file that can be reached: inside an aggregate names are
 * searched among all files, in sight or not. */
static const stele_field *extension_anywhere(print_job *job, const stele_message *extendee,
                                             int32_t number) {
  if (job->reachable.count == 0) reach(job, job->file);
  for (size_t i = 0; i < job->reachable.count; i++) {
    const stele_file *file = job->reachable.entries[i].value;
    const stele_field *found = stele_file_extension(file, extendee, number);
    if (found) return found;
    for (uint32_t k = 0; k < file->import_count; k++) reach(job, file->imports[k].file);
  }
  return NULL;
}

static const stele_field *field_of(const reading *r, uint32_t number) {
  const stele_field *field = stele_message_field(r->type, (int32_t)number);
  if (!field) field = stele_file_extension(r->job->file, r->type, (int32_t)number);
  if (!field && r->depth > 0) field = extension_anywhere(r->job, r->type, (int32_t)number);
  return field;
}

static slot *slot_of(reading *r, uint32_t number) {
  slot *known = stele_map_find_u64(&r->by_number, number);
  if (known) return known;
  const stele_field *field = field_of(r, number);
  if (!field || field->type == STELE_TYPE_UNRESOLVED) return NULL;
  slot *made = STELE_NEW(r->job->arena, slot);
  made->field = field;
  STELE_VEC_PUSH(r->job->arena, &r->slots, made);
  *stele_map_add_u64(&r->by_number, number) = made;
  return made;
}

/* ---- Reading ------------------------------------------------------------ */

static bool is_message(const stele_field *field) {
  return field->type == STELE_TYPE_MESSAGE || field->type == STELE_TYPE_GROUP;
}

static bool is_group(const stele_field *field) {
  return field->type == STELE_TYPE_GROUP ||
         (field->type == STELE_TYPE_MESSAGE && field->is_delimited);
}

static stele_wire_type wire_type_of(const stele_field *field) {
  static const uint8_t types[STELE_TYPE_SINT64 + 1] = {
      [STELE_TYPE_DOUBLE] = STELE_WIRE_FIXED64,    [STELE_TYPE_FLOAT] = STELE_WIRE_FIXED32,
      [STELE_TYPE_FIXED64] = STELE_WIRE_FIXED64,   [STELE_TYPE_FIXED32] = STELE_WIRE_FIXED32,
      [STELE_TYPE_SFIXED64] = STELE_WIRE_FIXED64,  [STELE_TYPE_SFIXED32] = STELE_WIRE_FIXED32,
      [STELE_TYPE_STRING] = STELE_WIRE_DELIMITED,  [STELE_TYPE_BYTES] = STELE_WIRE_DELIMITED,
      [STELE_TYPE_MESSAGE] = STELE_WIRE_DELIMITED, [STELE_TYPE_GROUP] = STELE_WIRE_GROUP,
  };
  return is_group(field) ? STELE_WIRE_GROUP : (stele_wire_type)types[field->type];
}

/* Whether text can say this number: enums go by name, and only inside a
 * literal may an open enum's number stand for itself. */
static bool can_say(const reading *r, const stele_field *field, uint64_t number) {
  if (field->type != STELE_TYPE_ENUM || !field->type_enum) return field->type != STELE_TYPE_ENUM;
  if (stele_enum_value_by_number(field->type_enum, (int32_t)(uint32_t)number)) return true;
  return r->depth > 0 && !field->type_enum->is_closed;
}

static uint64_t read_number(stele_reader *in, const stele_field *field) {
  switch (wire_type_of(field)) {
  case STELE_WIRE_FIXED64: return stele_read_fixed64(in);
  case STELE_WIRE_FIXED32: return stele_read_fixed32(in);
  case STELE_WIRE_VARINT:
  case STELE_WIRE_DELIMITED:
  case STELE_WIRE_GROUP:
  case STELE_WIRE_GROUP_END: break;
  }
  uint64_t value = stele_read_varint(in);
  bool is_zigzag = field->type == STELE_TYPE_SINT32 || field->type == STELE_TYPE_SINT64;
  return is_zigzag ? (uint64_t)stele_wire_unzigzag(value) : value;
}

static bool take_packed(reading *r, slot *of, stele_bytes run) {
  stele_reader in = stele_reader_of(run);
  size_t before = of->values.count;
  while (!stele_read_done(&in)) {
    uint64_t number = read_number(&in, of->field);
    if (in.failed || !can_say(r, of->field, number)) {
      of->values.count = before;
      return false;
    }
    STELE_VEC_PUSH(r->job->arena, &of->values, (print_value){.number = number});
  }
  return !in.failed;
}

/* Of a oneof's members the last one counts; a literal may not even name two. */
static void drop_rivals(reading *r, const slot *of) {
  const stele_oneof *oneof = of->field->oneof;
  if (!oneof || oneof->is_synthetic) return;
  for (size_t i = 0; i < r->slots.count; i++) {
    slot *other = r->slots.at[i];
    if (other == of || other->field->oneof != oneof) continue;
    other->values.count = other->pieces.count = 0;
  }
}

/* One record behind its tag; false when it is unknown (and stepped over). */
static bool take_record(reading *r, stele_reader *in, uint32_t tag) {
  slot *of = slot_of(r, stele_wire_number(tag));
  stele_wire_type type = stele_wire_type_of(tag);
  stele_wire_type want = of ? wire_type_of(of->field) : STELE_WIRE_VARINT;
  bool is_packed = of && type == STELE_WIRE_DELIMITED && want != type && want != STELE_WIRE_GROUP &&
                   of->field->label == STELE_LABEL_REPEATED;
  if (!of || (type != want && !is_packed)) {
    stele_read_skip_value(in, tag, MAX_DEPTH);
    return false;
  }
  if (is_packed) return take_packed(r, of, stele_read_delimited(in));
  if (is_message(of->field)) {
    stele_bytes piece =
        type == STELE_WIRE_GROUP ? stele_read_group(in, tag, MAX_DEPTH) : stele_read_delimited(in);
    if (!of->field->type_message || r->depth >= MAX_DEPTH) return false;
    STELE_VEC_PUSH(r->job->arena, &of->pieces, piece);
    drop_rivals(r, of);
    return true;
  }
  print_value value = {0};
  if (want == STELE_WIRE_DELIMITED) {
    value.bytes = stele_read_delimited(in);
  } else {
    value.number = read_number(in, of->field);
    if (!can_say(r, of->field, value.number)) return false;
  }
  STELE_VEC_PUSH(r->job->arena, &of->values, value);
  drop_rivals(r, of);
  return true;
}

/* An item of a message set: the group 1 of a number (2) and a message (3). */
static bool take_item(reading *r, stele_bytes group) {
  stele_reader in = stele_reader_of(group);
  uint64_t number = 0;
  stele_bytes content = {0};
  bool has_content = false;
  while (!stele_read_done(&in)) {
    uint32_t tag = stele_read_tag(&in);
    if (tag == stele_wire_tag(2, STELE_WIRE_VARINT)) {
      number = stele_read_varint(&in);
    } else if (tag == stele_wire_tag(3, STELE_WIRE_DELIMITED)) {
      content = stele_read_delimited(&in);
      has_content = true;
    } else {
      return false;
    }
  }
  slot *of = !in.failed && has_content && number && number <= INT32_MAX && r->depth < MAX_DEPTH
                 ? slot_of(r, (uint32_t)number)
                 : NULL;
  if (!of || !of->field->type_message) return false;
  STELE_VEC_PUSH(r->job->arena, &of->pieces, content);
  return true;
}

static void note_unknown(reading *r, uint32_t number, const uint8_t *from, const uint8_t *to) {
  print_unknown unknown = {r->outermost ? r->outermost : number, {from, (size_t)(to - from)}};
  STELE_VEC_PUSH(r->job->arena, r->unknowns, unknown);
}

static void read_piece(reading *r, stele_bytes piece) {
  stele_reader in = stele_reader_of(piece);
  while (!stele_read_done(&in)) {
    const uint8_t *from = in.at;
    uint32_t tag = stele_read_tag(&in);
    bool is_item = r->type->is_message_set && tag == stele_wire_tag(1, STELE_WIRE_GROUP);
    bool taken =
        is_item ? take_item(r, stele_read_group(&in, tag, MAX_DEPTH)) : take_record(r, &in, tag);
    if (!taken || in.failed) note_unknown(r, stele_wire_number(tag), from, in.at);
  }
}

/* What stands before the colon. A group goes by its type's name. */
static stele_str key_of(print_job *job, const stele_field *field) {
  if (field->is_extension) {
    stele_str name = stele_field_full_name(job->arena, field);
    return stele_str_printf(job->arena, "[" STELE_STR_FMT "]", STELE_STR_ARG(name));
  }
  bool is_old_group = field->type == STELE_TYPE_GROUP && field->type_message;
  return is_old_group ? field->type_message->name : field->name;
}

/* Pieces become messages, values of singular fields the last one. */
static print_entry finish(const reading *r, slot *of) {
  print_job *job = r->job;
  const stele_field *field = of->field;
  bool is_repeated = field->label == STELE_LABEL_REPEATED;
  uint32_t outermost = r->outermost ? r->outermost : (uint32_t)field->number;
  for (size_t i = 0; i < of->pieces.count; i += is_repeated ? 1 : of->pieces.count) {
    const print_tree *tree = read_message(r, field->type_message, &of->pieces.at[i],
                                          is_repeated ? 1 : of->pieces.count, outermost);
    STELE_VEC_PUSH(job->arena, &of->values, (print_value){.tree = tree});
  }
  print_entry entry = {field, key_of(job, field), of->values.at, of->values.count, false};
  if (!is_repeated && entry.count > 1) {
    entry.values += entry.count - 1;
    entry.count = 1;
  }
  return entry;
}

/* ---- The order of entries ----------------------------------------------- */

static int by_number(const void *a, const void *b) {
  int32_t x = ((const print_entry *)a)->field->number, y = ((const print_entry *)b)->field->number;
  return (x > y) - (x < y);
}

static int by_key(const void *a, const void *b) {
  return stele_str_order(((const print_entry *)a)->key, ((const print_entry *)b)->key);
}

/* Custom options stay in the order of their bytes, which is that of their statements where
 * those were retained; they stand behind the known ones. */
static void sort(const reading *r, print_entry *entries, size_t count) {
  size_t known = count;
  bool has_statements = r->depth == 0 && !r->job->is_normalised;
  if (has_statements) {
    print_entry *custom = STELE_NEW_ARRAY(r->job->arena, print_entry, count);
    size_t customs = 0;
    known = 0;
    for (size_t i = 0; i < count; i++) {
      if (entries[i].field->is_extension) {
        custom[customs++] = entries[i];
      } else {
        entries[known++] = entries[i];
      }
    }
    if (customs) memcpy(entries + known, custom, customs * sizeof *custom);
  }
  if (known > 1) {
    qsort(entries, known, sizeof *entries, r->job->is_normalised ? by_key : by_number);
  }
}

/* A zero that a literal would not write; a map's entry has both its fields. */
static bool is_nothing(const reading *r, const print_entry *entry) {
  const print_value *value = &entry->values[0];
  return r->depth > 0 && !r->type->is_map_entry && !entry->field->has_presence &&
         entry->field->label != STELE_LABEL_REPEATED && !value->tree && value->number == 0 &&
         value->bytes.len == 0;
}

static const print_tree *read_message(const reading *above, const stele_message *type,
                                      const stele_bytes *pieces, size_t count, uint32_t outermost) {
  reading r = {.job = above->job,
               .type = type,
               .unknowns = above->unknowns,
               .outermost = outermost,
               .depth = above->depth + 1};
  stele_map_init(&r.by_number, r.job->arena, 0);
  for (size_t i = 0; i < count; i++) read_piece(&r, pieces[i]);
  print_entry *entries = STELE_NEW_ARRAY(r.job->arena, print_entry, r.slots.count);
  print_tree *tree = STELE_NEW(r.job->arena, print_tree);
  for (size_t i = 0; i < r.slots.count; i++) {
    print_entry entry = finish(&r, r.slots.at[i]);
    entry.is_nothing = entry.count && is_nothing(&r, &entry);
    if (entry.count) entries[tree->count++] = entry;
  }
  sort(&r, entries, tree->count);
  tree->entries = entries;
  return tree;
}

const print_tree *print_tree_read(print_job *job, const stele_message *type, stele_bytes bytes,
                                  print_unknowns *unknowns) {
  reading top = {.job = job, .unknowns = unknowns, .depth = -1};
  return read_message(&top, type, &bytes, 1, 0);
}

/* ---- Writing ------------------------------------------------------------ */

static void print_enum_number(print_job *job, const stele_field *field, int32_t number) {
  const stele_enum_value *value = stele_enum_value_by_number(field->type_enum, number);
  if (value) {
    print_str(job, value->name);
  } else {
    stele_buf_add_i64(job->out, number);
  }
}

static void print_double_bits(print_job *job, uint64_t bits) {
  double value;
  memcpy(&value, &bits, sizeof value);
  print_str(job, print_number_text(job, value, false));
}

static void print_float_bits(print_job *job, uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  print_str(job, print_number_text(job, (double)value, true));
}

static void print_tree_literal(print_job *job, const print_tree *tree);

void print_value_literal(print_job *job, const stele_field *field, const print_value *value) {
  uint64_t number = value->number;
  switch ((stele_field_type)field->type) {
  case STELE_TYPE_BOOL: print_cstr(job, number ? "true" : "false"); break;
  case STELE_TYPE_ENUM: print_enum_number(job, field, (int32_t)(uint32_t)number); break;
  case STELE_TYPE_DOUBLE: print_double_bits(job, number); break;
  case STELE_TYPE_FLOAT: print_float_bits(job, (uint32_t)number); break;
  case STELE_TYPE_STRING: print_quoted(job, stele_bytes_str(value->bytes), false); break;
  case STELE_TYPE_BYTES: print_quoted(job, stele_bytes_str(value->bytes), true); break;
  case STELE_TYPE_UINT64:
  case STELE_TYPE_FIXED64: stele_buf_add_u64(job->out, number); break;
  case STELE_TYPE_UINT32:
  case STELE_TYPE_FIXED32: stele_buf_add_u64(job->out, (uint32_t)number); break;
  case STELE_TYPE_INT64:
  case STELE_TYPE_SINT64:
  case STELE_TYPE_SFIXED64: stele_buf_add_i64(job->out, (int64_t)number); break;
  case STELE_TYPE_INT32:
  case STELE_TYPE_SINT32:
  case STELE_TYPE_SFIXED32: stele_buf_add_i64(job->out, (int32_t)(uint32_t)number); break;
  case STELE_TYPE_MESSAGE:
  case STELE_TYPE_GROUP: print_tree_literal(job, value->tree); break;
  case STELE_TYPE_UNRESOLVED: break;
  }
}

static void print_list(print_job *job, const print_entry *entry) {
  print_cstr(job, "[\n");
  job->level++;
  for (size_t i = 0; i < entry->count; i++) {
    print_indent(job);
    print_value_literal(job, entry->field, &entry->values[i]);
    print_cstr(job, i + 1 < entry->count ? ",\n" : "\n");
  }
  job->level--;
  print_indent(job);
  print_cstr(job, "]");
}

static void print_entry_literal(print_job *job, const print_entry *entry) {
  print_indent(job);
  print_str(job, entry->key);
  print_cstr(job, ": ");
  if (entry->count > 1) {
    print_list(job, entry);
  } else {
    print_value_literal(job, entry->field, entry->values);
  }
}

static void print_tree_literal(print_job *job, const print_tree *tree) {
  bool is_first = true;
  print_cstr(job, "{\n");
  job->level++;
  for (size_t i = 0; i < tree->count; i++) {
    if (tree->entries[i].is_nothing) continue;
    if (!is_first) print_cstr(job, ",\n");
    is_first = false;
    print_entry_literal(job, &tree->entries[i]);
  }
  if (!is_first) print_cstr(job, "\n");
  job->level--;
  print_indent(job);
  print_cstr(job, "}");
}
