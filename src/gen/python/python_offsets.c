/* Where each type lies in the serialised file.
 *
 * protoc looks for the first place where the bytes of the type alone occur, so
 * that two types with the same bytes have one place, and a small one may even
 * be found inside another's field. The same is written here, without looking
 * through the whole file for each type: a type's bytes begin with its name, so
 * one pass notes where each of these beginnings occurs, and a type is compared
 * only there. */
#include "base/err.h"
#include "base/guard.h"
#include "base/hash.h"
#include "base/vec.h"
#include "gen/python/python_internal.h"

/* Comparisons for one file: six thousand types that differ late. */
enum { MOST_COMPARISONS = 20000000, KEY_BYTES = 64 };

/* How many bytes behind its name are part of a type's key: as many as it has.
 * They tell many types of one name apart. */
static const size_t levels[] = {32, 8, 0};

/* Where a beginning occurs, in order. */
typedef STELE_VEC(uint32_t) place_list;

typedef struct py_type {
  stele_str global;
  stele_bytes bytes;
  place_list *places; /* of its beginning */
} py_type;

typedef struct type_finder {
  const py_module *m;
  STELE_VEC(py_type) types; /* in the order they are written */
  stele_map beginnings;     /* key of a beginning -> place_list */
  size_t comparisons;
} type_finder;

/* name = 1, a string: the tag, the length and the name. 0 where that is not
 * what stands there. */
static size_t beginning_len(stele_bytes bytes) {
  size_t len = 0, at = 1;
  if (bytes.len < 2 || bytes.ptr[0] != 0x0a) return 0;
  for (unsigned shift = 0; at < bytes.len && shift < 28; shift += 7) {
    uint8_t byte = bytes.ptr[at++];
    len |= (size_t)(byte & 0x7f) << shift;
    if (byte < 0x80) return len <= bytes.len - at ? at + len : 0;
  }
  return 0;
}

/* The length of a beginning, its first bytes, and `more` bytes behind it. Where
 * two share a key, they are told apart when types are compared, and a long name
 * costs no more here. */
static uint64_t key_of(const uint8_t *beginning, size_t len, size_t more) {
  stele_str head = {(const char *)beginning, len < KEY_BYTES ? len : KEY_BYTES};
  stele_str rest = {(const char *)beginning + len, more};
  return stele_hash_str(rest, stele_hash_str(head, len + more));
}

static void add_type(type_finder *f, stele_str global, const stele_buf *buf) {
  py_type *type = STELE_VEC_ADD(f->m->arena, &f->types);
  type->global = global;
  type->bytes = stele_buf_bytes(buf);
  size_t len = beginning_len(type->bytes);
  size_t level = 0;
  while (levels[level] > type->bytes.len - len) level++;
  uint64_t key = key_of(type->bytes.ptr, len, levels[level]);
  void **place = stele_map_add_u64(&f->beginnings, key);
  if (!*place) *place = STELE_NEW(f->m->arena, place_list);
  type->places = *place;
}

static void collect_enum(type_finder *f, const stele_enum *type) {
  stele_buf bytes;
  stele_buf_init(&bytes, f->m->arena, 0);
  stele_descriptor_encode_enum(f->m->arena, type, &f->m->encoding, &bytes);
  add_type(f, py_enum_global(f->m->arena, type), &bytes);
}

static void collect_message(type_finder *f, const stele_message *message) {
  stele_buf bytes;
  stele_buf_init(&bytes, f->m->arena, 0);
  stele_descriptor_encode_message(f->m->arena, message, &f->m->encoding, &bytes);
  add_type(f, py_message_global(f->m->arena, message), &bytes);
  for (uint32_t i = 0; i < message->message_count; i++) collect_message(f, &message->messages[i]);
  for (uint32_t i = 0; i < message->enum_count; i++) collect_enum(f, &message->enums[i]);
}

static void collect_service(type_finder *f, const stele_service *service) {
  stele_buf bytes;
  stele_buf_init(&bytes, f->m->arena, 0);
  stele_descriptor_encode_service(f->m->arena, service, &f->m->encoding, &bytes);
  add_type(f, py_service_global(f->m->arena, service), &bytes);
}

static void collect_file(type_finder *f) {
  const stele_file *file = f->m->file;
  for (uint32_t i = 0; i < file->enum_count; i++) collect_enum(f, &file->enums[i]);
  for (uint32_t i = 0; i < file->message_count; i++) collect_message(f, &file->messages[i]);
  for (uint32_t i = 0; i < file->service_count; i++) collect_service(f, &file->services[i]);
}

static void note_places(type_finder *f) {
  stele_bytes all = f->m->descriptor;
  for (size_t at = 0; at < all.len; at++) {
    if (all.ptr[at] != 0x0a) continue;
    size_t len = beginning_len((stele_bytes){all.ptr + at, all.len - at});
    for (size_t i = 0; len && i < STELE_COUNT(levels); i++) {
      if (levels[i] > all.len - at - len) continue;
      uint64_t key = key_of(all.ptr + at, len, levels[i]);
      place_list *places = stele_map_find_u64(&f->beginnings, key);
      if (places) STELE_VEC_PUSH(f->m->arena, places, (uint32_t)at);
    }
  }
}

static size_t first_place(type_finder *f, const py_type *type) {
  stele_bytes all = f->m->descriptor;
  for (size_t i = 0; i < type->places->count; i++) {
    size_t at = type->places->at[i];
    if (++f->comparisons > MOST_COMPARISONS) {
      stele_guard_leave(f->m->arena, STELE_LIMIT, "too many types of %.*s are too much alike",
                        STELE_STR_ARG(f->m->file->name));
    }
    if (type->bytes.len > all.len - at) continue;
    if (memcmp(all.ptr + at, type->bytes.ptr, type->bytes.len) == 0) return at;
  }
  return 0;
}

static void write_offset(const py_module *m, stele_str global, const char *which, size_t offset) {
  PY_ADD(m->out, S("  _globals['"), global, S("']._serialized_"), stele_cstr(which), S("="));
  stele_buf_add_u64(m->out, offset);
  PY_ADD(m->out, S("\n"));
}

void py_write_offsets(const py_module *m) {
  type_finder f = {.m = m};
  stele_map_init(&f.beginnings, m->arena, 0);
  collect_file(&f);
  note_places(&f);
  for (size_t i = 0; i < f.types.count; i++) {
    const py_type *type = &f.types.at[i];
    size_t start = first_place(&f, type);
    write_offset(m, type->global, "start", start);
    write_offset(m, type->global, "end", start + type->bytes.len);
  }
}
