/* Normalising: read all records of a message, sort them by field number, write
 * them back to front.
 *
 * protoc keeps options as dynamic messages or as unknown fields and writes
 * them anew. We have the bytes of each statement instead, so "parse and write"
 * becomes a sort: the records of a number lie together, in the order they
 * came, and each kind of field says what that group means: the last one, all
 * of them packed, or one message made of many pieces.
 *
 * Pieces of a message are never copied together: the recursion takes the list
 * of pieces, and reads through it as if it were one run of bytes. */
#include "proto/descriptor/normal.h"

#include "base/err.h"
#include "proto/descriptor/message_set.h"
#include "proto/wire/reader.h"

/* Deeper than any option that a person wrote; protoc reads 100 levels. */
enum { MAX_DEPTH = 100 };

typedef struct record {
  const stele_field *field; /* NULL: unknown, `raw` is copied */
  stele_bytes raw;          /* with its tag */
  stele_bytes value;        /* delimited and groups: the content */
  uint64_t number_value;    /* varint and fixed */
  uint32_t number;
  uint32_t order;
  uint8_t wire_type;
  uint8_t rank; /* 0: known to the reader; 1: of the pool only; 2: unknown */
  bool is_dropped;
} record;

typedef STELE_VEC(record) records;

typedef struct frame {
  const descriptor_normal *n;
  const stele_message *type;
  stele_back *out;
  int depth;
  bool is_generated;
  uint64_t known; /* when generated: descriptor_known_numbers of the type */
} frame;

static void write_message(const frame *f, const stele_bytes *pieces, size_t piece_count);

/* ---- What fields are on the wire --------------------------------------- */

static const uint8_t wire_types[STELE_TYPE_SINT64 + 1] = {
    [STELE_TYPE_DOUBLE] = STELE_WIRE_FIXED64,    [STELE_TYPE_FLOAT] = STELE_WIRE_FIXED32,
    [STELE_TYPE_INT64] = STELE_WIRE_VARINT,      [STELE_TYPE_UINT64] = STELE_WIRE_VARINT,
    [STELE_TYPE_INT32] = STELE_WIRE_VARINT,      [STELE_TYPE_FIXED64] = STELE_WIRE_FIXED64,
    [STELE_TYPE_FIXED32] = STELE_WIRE_FIXED32,   [STELE_TYPE_BOOL] = STELE_WIRE_VARINT,
    [STELE_TYPE_STRING] = STELE_WIRE_DELIMITED,  [STELE_TYPE_GROUP] = STELE_WIRE_GROUP,
    [STELE_TYPE_MESSAGE] = STELE_WIRE_DELIMITED, [STELE_TYPE_BYTES] = STELE_WIRE_DELIMITED,
    [STELE_TYPE_UINT32] = STELE_WIRE_VARINT,     [STELE_TYPE_ENUM] = STELE_WIRE_VARINT,
    [STELE_TYPE_SFIXED32] = STELE_WIRE_FIXED32,  [STELE_TYPE_SFIXED64] = STELE_WIRE_FIXED64,
    [STELE_TYPE_SINT32] = STELE_WIRE_VARINT,     [STELE_TYPE_SINT64] = STELE_WIRE_VARINT,
};

static bool is_message(const stele_field *field) {
  return field->type == STELE_TYPE_MESSAGE || field->type == STELE_TYPE_GROUP;
}

stele_wire_type descriptor_wire_type(const stele_field *field) {
  if (is_message(field)) return field->is_delimited ? STELE_WIRE_GROUP : STELE_WIRE_DELIMITED;
  return (stele_wire_type)wire_types[field->type];
}

/* The varint to write for what was read: int32 sign-extended, bool 0 or 1. */
static uint64_t canonical(const stele_field *field, uint64_t value) {
  if (field->type == STELE_TYPE_INT32 || field->type == STELE_TYPE_ENUM) {
    return (uint64_t)(int64_t)(int32_t)(uint32_t)value;
  }
  if (field->type == STELE_TYPE_UINT32 || field->type == STELE_TYPE_SINT32) {
    return (uint32_t)value;
  }
  return field->type == STELE_TYPE_BOOL ? value != 0 : value;
}

static bool is_packable(const stele_field *field) {
  return !is_message(field) && wire_types[field->type] != STELE_WIRE_DELIMITED;
}

/* Extensions that are linked into protoc itself, and are therefore real fields
 * of its options messages and not unknown ones. */
bool descriptor_is_compiled_in(const stele_field *field) {
  static const struct {
    stele_str extendee;
    int32_t number;
  } rows[] = {
      {STELE_STR_INIT("google.protobuf.FeatureSet"), 1000},      /* pb.cpp */
      {STELE_STR_INIT("google.protobuf.FeatureSet"), 1001},      /* pb.java */
      {STELE_STR_INIT("google.protobuf.FeatureSet"), 1004},      /* pb.csharp */
      {STELE_STR_INIT("google.protobuf.FileOptions"), 990},      /* pb.file.cpp */
      {STELE_STR_INIT("google.protobuf.EnumValueOptions"), 998}, /* pb.enumvalue.json */
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    if (field->number == rows[i].number &&
        stele_str_eq(field->message->full_name, rows[i].extendee)) {
      return true;
    }
  }
  return false;
}

/* The fields of the options messages, and of what they are made of, that are
 * compiled into protoc: bit n is field n. A pool may bring a descriptor.proto
 * of its own, with more of them or fewer; to protoc's own code what is not
 * here is an unknown field. */
uint64_t descriptor_known_numbers(stele_str message) {
#define N(n) (UINT64_C(1) << (n))
  static const struct {
    stele_str message;
    uint64_t numbers;
  } rows[] = {
      {STELE_STR_INIT("google.protobuf.FieldOptions"), N(1) | N(2) | N(3) | N(5) | N(6) | N(10) |
                                                           N(15) | N(16) | N(17) | N(19) | N(20) |
                                                           N(21) | N(22)},
      {STELE_STR_INIT("google.protobuf.FileOptions"),
       N(1) | N(8) | N(9) | N(10) | N(11) | N(16) | N(17) | N(18) | N(20) | N(23) | N(27) | N(31) |
           N(36) | N(37) | N(39) | N(40) | N(41) | N(44) | N(45) | N(50)},
      {STELE_STR_INIT("google.protobuf.MessageOptions"), N(1) | N(2) | N(3) | N(7) | N(11) | N(12)},
      {STELE_STR_INIT("google.protobuf.OneofOptions"), N(1)},
      {STELE_STR_INIT("google.protobuf.EnumOptions"), N(2) | N(3) | N(6) | N(7)},
      {STELE_STR_INIT("google.protobuf.EnumValueOptions"), N(1) | N(2) | N(3) | N(4)},
      {STELE_STR_INIT("google.protobuf.ServiceOptions"), N(33) | N(34)},
      {STELE_STR_INIT("google.protobuf.MethodOptions"), N(33) | N(34) | N(35)},
      {STELE_STR_INIT("google.protobuf.ExtensionRangeOptions"), N(2) | N(3) | N(50)},
      {STELE_STR_INIT("google.protobuf.ExtensionRangeOptions.Declaration"),
       N(1) | N(2) | N(3) | N(5) | N(6)},
      {STELE_STR_INIT("google.protobuf.FieldOptions.EditionDefault"), N(2) | N(3)},
      {STELE_STR_INIT("google.protobuf.FieldOptions.FeatureSupport"),
       N(1) | N(2) | N(3) | N(4) | N(5)},
      {STELE_STR_INIT("google.protobuf.FeatureSet"),
       N(1) | N(2) | N(3) | N(4) | N(5) | N(6) | N(7) | N(8) | N(9)},
  };
#undef N
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    if (stele_str_eq(message, rows[i].message)) return rows[i].numbers;
  }
  return UINT64_MAX;
}

static bool is_known(uint64_t numbers, uint32_t number) {
  enum { UNINTERPRETED = 999 };
  return numbers == UINT64_MAX || number == UNINTERPRETED ||
         (number < 64 && (numbers >> number & 1) != 0);
}

bool descriptor_is_known(uint64_t numbers, const stele_field *field) {
  return is_known(numbers, (uint32_t)field->number);
}

bool descriptor_has_source_retention(const stele_field *field) {
  enum { RETENTION = 17, RETENTION_SOURCE = 2 };
  return field->options && stele_options_varint(field->options, RETENTION, 0) == RETENTION_SOURCE;
}

/* A message of descriptor.proto called "…Options": it goes when stripping has
 * left it empty. */
static bool is_options_message(const stele_message *type) {
  const stele_str tail = STELE_STR("Options");
  return stele_str_eq(type->file->name, STELE_STR("google/protobuf/descriptor.proto")) &&
         type->name.len >= tail.len &&
         memcmp(type->name.ptr + type->name.len - tail.len, tail.ptr, tail.len) == 0;
}

/* ---- Reading ------------------------------------------------------------ */

static const stele_field *find_field(const frame *f, uint32_t number, uint8_t *rank) {
  const stele_field *field = stele_message_field(f->type, (int32_t)number);
  *rank = 0;
  bool is_compiled = field && is_known(f->known, number);
  if (field && (is_compiled || !f->is_generated)) return field;

  if (!field && f->n->find) {
    field = f->n->find(f->n->find_arg, f->type, (int32_t)number);
    is_compiled = field && descriptor_is_compiled_in(field);
  }
  if (field && f->is_generated && !is_compiled) {
    *rank = 1;
    if (f->n->known == DESCRIPTOR_KNOWN_COMPILED) field = NULL;
  }
  if (!field) *rank = 2;
  return field;
}

/* A value of another wire type than the field's is an unknown field, but for
 * repeated numbers, which come packed or not. */
static bool fits(const stele_field *field, stele_wire_type wire_type) {
  if (descriptor_wire_type(field) == wire_type) return true;
  return wire_type == STELE_WIRE_DELIMITED && field->label == STELE_LABEL_REPEATED &&
         is_packable(field);
}

static void read_value(stele_reader *r, uint32_t tag, record *rec) {
  switch (stele_wire_type_of(tag)) {
  case STELE_WIRE_VARINT: rec->number_value = stele_read_varint(r); break;
  case STELE_WIRE_FIXED64: rec->number_value = stele_read_fixed64(r); break;
  case STELE_WIRE_FIXED32: rec->number_value = stele_read_fixed32(r); break;
  case STELE_WIRE_DELIMITED: rec->value = stele_read_delimited(r); break;
  case STELE_WIRE_GROUP: rec->value = stele_read_group(r, tag, MAX_DEPTH); break;
  case STELE_WIRE_GROUP_END: stele_read_skip_value(r, tag, 0); break;
  }
}

/* An item of a MessageSet is a field in disguise: group 1 of number and bytes. */
static void unwrap_set_item(const frame *f, record *rec) {
  uint32_t number;
  stele_bytes value;
  if (!f->type->is_message_set || rec->number != 1 || rec->wire_type != STELE_WIRE_GROUP ||
      !descriptor_message_set_item(rec->value, &number, &value)) {
    return;
  }
  const stele_field *field = find_field(f, number, &rec->rank);
  if (!field || !is_message(field)) return;
  rec->field = field;
  rec->number = number;
  rec->value = value;
}

static bool read_piece(const frame *f, stele_bytes piece, records *out) {
  stele_reader r = stele_reader_of(piece);
  while (!stele_read_done(&r)) {
    const uint8_t *start = r.at;
    uint32_t tag = stele_read_tag(&r);
    if (r.failed) break;
    record *rec = STELE_VEC_ADD(f->n->scratch, out);
    rec->number = stele_wire_number(tag);
    rec->wire_type = (uint8_t)stele_wire_type_of(tag);
    rec->order = (uint32_t)out->count;
    read_value(&r, tag, rec);
    rec->raw = (stele_bytes){start, (size_t)(r.at - start)};
    rec->field = find_field(f, rec->number, &rec->rank);
    if (rec->field && !fits(rec->field, (stele_wire_type)rec->wire_type)) rec->field = NULL;
    if (!rec->field) rec->rank = 2;
    unwrap_set_item(f, rec);
  }
  return !r.failed;
}

static int compare(const void *left, const void *right) {
  const record *a = left, *b = right;
  if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
  if (a->rank < 2 && a->number != b->number) return a->number < b->number ? -1 : 1;
  return a->order < b->order ? -1 : a->order > b->order;
}

static void sort(records *list) {
  bool sorted = true;
  for (size_t i = 1; i < list->count && sorted; i++) {
    sorted = compare(&list->at[i - 1], &list->at[i]) < 0;
  }
  if (!sorted) qsort(list->at, list->count, sizeof *list->at, compare);
}

/* Setting a member of a oneof clears what was set before. Seen from the end:
 * the first member met is the one that stays, and only with what was set since
 * another member was. */
static void drop_overridden(const frame *f, records *list) {
  struct {
    const stele_field *winner;
    bool is_closed;
  } *oneofs =
      stele_arena_array(f->n->scratch, f->type->oneof_count, sizeof *oneofs, _Alignof(max_align_t));
  for (size_t i = list->count; i-- > 0;) {
    const stele_field *field = list->at[i].field;
    if (!field || !field->oneof) continue;
    size_t at = (size_t)(field->oneof - f->type->oneofs);
    if (!oneofs[at].winner) oneofs[at].winner = field;
    if (oneofs[at].winner != field) oneofs[at].is_closed = true;
    list->at[i].is_dropped = oneofs[at].is_closed;
  }
  size_t kept = 0;
  for (size_t i = 0; i < list->count; i++) {
    if (!list->at[i].is_dropped) list->at[kept++] = list->at[i];
  }
  list->count = kept;
}

/* ---- Writing, back to front --------------------------------------------- */

static void put_fixed(stele_back *out, uint64_t value, size_t len) {
  uint8_t *at = stele_back_take(out, len);
  for (size_t i = 0; i < len; i++) at[i] = (uint8_t)(value >> (8 * i));
}

void descriptor_put_number(stele_back *out, const stele_field *field, uint64_t value) {
  stele_wire_type type = descriptor_wire_type(field);
  if (type == STELE_WIRE_VARINT) {
    stele_back_varint(out, canonical(field, value));
  } else {
    put_fixed(out, value, type == STELE_WIRE_FIXED32 ? 4 : 8);
  }
}

static uint64_t read_packed(stele_reader *r, const stele_field *field) {
  stele_wire_type type = descriptor_wire_type(field);
  if (type == STELE_WIRE_VARINT) return stele_read_varint(r);
  return type == STELE_WIRE_FIXED32 ? stele_read_fixed32(r) : stele_read_fixed64(r);
}

typedef STELE_VEC(uint64_t) numbers;

static void collect_numbers(const frame *f, const record *at, size_t count, numbers *out) {
  for (size_t i = 0; i < count; i++) {
    if (at[i].wire_type != STELE_WIRE_DELIMITED) {
      STELE_VEC_PUSH(f->n->scratch, out, at[i].number_value);
      continue;
    }
    stele_reader r = stele_reader_of(at[i].value);
    while (!stele_read_done(&r)) {
      uint64_t value = read_packed(&r, at[i].field);
      if (!r.failed) STELE_VEC_PUSH(f->n->scratch, out, value);
    }
  }
}

static void write_numbers(const frame *f, const record *at, size_t count) {
  const stele_field *field = at->field;
  numbers values = {0};
  collect_numbers(f, at, count, &values);
  if (values.count == 0) return;

  size_t before = stele_back_len(f->out);
  for (size_t i = values.count; i-- > 0;) {
    descriptor_put_number(f->out, field, values.at[i]);
    if (!field->is_packed) {
      stele_back_tag(f->out, (uint32_t)field->number, descriptor_wire_type(field));
    }
  }
  if (field->is_packed) stele_back_wrap(f->out, (uint32_t)field->number, before);
}

/* A field without presence is not written when it is zero, but in a map's
 * entry. */
static void write_scalar(const frame *f, const record *rec) {
  const stele_field *field = rec->field;
  bool always =
      field->has_presence || field->label == STELE_LABEL_REPEATED || f->type->is_map_entry;
  if (is_packable(field)) {
    uint64_t value = canonical(field, rec->number_value);
    if (value == 0 && !always) return;
    descriptor_put_number(f->out, field, value);
    stele_back_tag(f->out, (uint32_t)field->number, descriptor_wire_type(field));
  } else if (rec->value.len != 0 || always) {
    stele_back_bytes_field(f->out, (uint32_t)field->number, rec->value);
  }
}

static void path_push(const frame *f, uint32_t step) {
  if (f->n->path) STELE_VEC_PUSH(f->n->scratch, f->n->path, step);
}

static void path_pop(const frame *f) {
  if (f->n->path) f->n->path->count--;
}

void descriptor_note_stripped(const descriptor_normal *n) {
  if (!n->path || !n->stripped) return;
  stele_buf bytes;
  stele_buf_init(&bytes, n->scratch, 0);
  for (size_t i = 0; i < n->path->count; i++) stele_write_varint(&bytes, n->path->at[i]);
  STELE_VEC_PUSH(n->scratch, n->stripped, stele_buf_bytes(&bytes));
}

static void write_children(const frame *f, const stele_field *field, const stele_bytes *pieces,
                           size_t count, bool is_compiled) {
  frame child = {.n = f->n,
                 .type = field->type_message,
                 .out = f->out,
                 .depth = f->depth + 1,
                 .is_generated = f->is_generated && is_compiled};
  if (child.is_generated) child.known = descriptor_known_numbers(child.type->full_name);
  write_message(&child, pieces, count);
}

/* Tag and length, a group's two tags, or a MessageSet's item. */
static void write_frame(const frame *f, const stele_field *field, const stele_bytes *pieces,
                        size_t count, bool is_compiled) {
  stele_back *out = f->out;
  uint32_t number = (uint32_t)field->number;
  if (field->is_delimited) {
    stele_back_tag(out, number, STELE_WIRE_GROUP_END);
    write_children(f, field, pieces, count, is_compiled);
    stele_back_tag(out, number, STELE_WIRE_GROUP);
    return;
  }
  bool is_item = f->type->is_message_set && field->is_extension;
  if (is_item) descriptor_message_set_end(out);
  size_t before = stele_back_len(out);
  write_children(f, field, pieces, count, is_compiled);
  if (is_item) {
    descriptor_message_set_start(out, number, before);
  } else {
    stele_back_wrap(out, number, before);
  }
}

static void write_one_message(const frame *f, const record *at, size_t count) {
  const stele_field *field = at->field;
  stele_bytes *pieces = STELE_NEW_ARRAY(f->n->scratch, stele_bytes, count);
  size_t len = 0;
  for (size_t i = 0; i < count; i++) {
    pieces[i] = at[i].value;
    len += pieces[i].len;
  }

  size_t old_len = stele_back_len(f->out);
  write_frame(f, field, pieces, count, at->rank == 0);
  if (!f->n->strip || len == 0 || !is_options_message(field->type_message)) return;

  /* Tag and a length of zero: nothing is left of it. */
  size_t written = stele_back_len(f->out) - old_len;
  if (f->out->at[written - 1] == 0 &&
      written == 1 + stele_wire_varint_len(stele_wire_tag((uint32_t)field->number, 0))) {
    f->out->at += written;
    descriptor_note_stripped(f->n);
  }
}

static void write_messages(const frame *f, const record *at, size_t count) {
  if (at->field->label != STELE_LABEL_REPEATED) {
    write_one_message(f, at, count);
    return;
  }
  for (size_t i = count; i-- > 0;) {
    path_push(f, (uint32_t)i);
    write_frame(f, at->field, &at[i].value, 1, at->rank == 0);
    path_pop(f);
  }
}

/* The records of one field, which lie together. */
static void write_group(const frame *f, const record *at, size_t count) {
  const stele_field *field = at->field;
  path_push(f, (uint32_t)field->number);
  if (f->n->strip && descriptor_has_source_retention(field)) {
    descriptor_note_stripped(f->n);
  } else if (is_message(field)) {
    write_messages(f, at, count);
  } else if (field->label != STELE_LABEL_REPEATED) {
    write_scalar(f, &at[count - 1]);
  } else if (is_packable(field)) {
    write_numbers(f, at, count);
  } else {
    for (size_t i = count; i-- > 0;) write_scalar(f, &at[i]);
  }
  path_pop(f);
}

static void write_records(const frame *f, const records *list) {
  for (size_t end = list->count; end > 0;) {
    size_t start = end - 1;
    const record *last = &list->at[start];
    if (!last->field) {
      stele_back_add(f->out, last->raw.ptr, last->raw.len);
    } else {
      while (start > 0 && list->at[start - 1].field == last->field) start--;
      write_group(f, &list->at[start], end - start);
    }
    end = start;
  }
}

/* An entry of a map has both its fields, whatever was written. */
static void add_missing(const frame *f, records *list) {
  for (uint32_t i = 0; i < f->type->field_count; i++) {
    const stele_field *field = &f->type->fields[i];
    bool found = false;
    for (size_t k = 0; k < list->count; k++) found |= list->at[k].field == field;
    if (found) continue;
    record *rec = STELE_VEC_ADD(f->n->scratch, list);
    rec->field = field;
    rec->number = (uint32_t)field->number;
    rec->wire_type = (uint8_t)descriptor_wire_type(field);
    rec->order = UINT32_MAX;
  }
}

static void write_message(const frame *f, const stele_bytes *pieces, size_t piece_count) {
  records list = {0};
  bool ok = f->type && f->depth < MAX_DEPTH;
  for (size_t i = 0; i < piece_count && ok; i++) ok = read_piece(f, pieces[i], &list);
  if (!ok) {
    for (size_t i = piece_count; i-- > 0;) stele_back_add(f->out, pieces[i].ptr, pieces[i].len);
    return;
  }
  if (f->type->real_oneof_count > 0) drop_overridden(f, &list);
  if (f->type->is_map_entry) add_missing(f, &list);
  sort(&list);
  write_records(f, &list);
}

void descriptor_normal_write(const descriptor_normal *n, const stele_message *type,
                             const stele_bytes *pieces, size_t piece_count, stele_back *out) {
  frame f = {.n = n, .type = type, .out = out, .is_generated = n->is_generated};
  if (f.is_generated && type) f.known = descriptor_known_numbers(type->full_name);
  write_message(&f, pieces, piece_count);
}

stele_bytes descriptor_normal_bytes(const descriptor_normal *n, stele_arena *arena,
                                    const stele_message *type, stele_bytes bytes) {
  stele_back out;
  stele_back_init(&out, n->scratch);
  descriptor_normal_write(n, type, &bytes, 1, &out);
  return stele_bytes_copy(arena, stele_back_bytes(&out));
}
