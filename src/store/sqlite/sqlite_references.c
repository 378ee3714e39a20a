/* The references of a content as one column: for each, three strings (name,
 * tenant, subject) with their length (u32, little-endian) before them, then the
 * version (u32). None: no bytes. */
#include "store/sqlite/sqlite_internal.h"

static void put_u32(stele_buf *buf, uint32_t value) {
  for (unsigned i = 0; i < 4; i++) stele_buf_add_byte(buf, (uint8_t)(value >> (8 * i)));
}

static void put_str(stele_buf *buf, stele_str text) {
  put_u32(buf, (uint32_t)text.len);
  stele_buf_add_str(buf, text);
}

bool sqlite_references_encode(sqlite_store *s, const stele_content *content, stele_err *err) {
  stele_buf_clear(&s->references);
  for (size_t i = 0; i < content->reference_count; i++) {
    const stele_reference *ref = &content->references[i];
    put_str(&s->references, ref->name);
    put_str(&s->references, ref->tenant);
    put_str(&s->references, ref->subject);
    put_u32(&s->references, (uint32_t)ref->version);
  }
  return !s->references.failed || stele_fail(err, STELE_NO_MEMORY, "no memory for references");
}

typedef struct list_reader {
  stele_str left;
  bool failed;
} list_reader;

static stele_str get(list_reader *r, size_t len) {
  if (r->failed || r->left.len < len) {
    r->failed = true;
    return (stele_str){0};
  }
  stele_str bytes = {r->left.ptr, len};
  r->left.ptr += len;
  r->left.len -= len;
  return bytes;
}

static uint32_t get_u32(list_reader *r) {
  stele_str bytes = get(r, 4);
  uint32_t value = 0;
  for (size_t i = 0; i < bytes.len; i++) value |= (uint32_t)(uint8_t)bytes.ptr[i] << (8 * i);
  return value;
}

bool sqlite_references_decode(sqlite_store *s, stele_str list, stele_content *content,
                              stele_err *err) {
  list_reader r = {list, false};
  stele_buf_clear(&s->decoded);
  while (r.left.len && !r.failed) {
    stele_reference ref = {.name = get(&r, get_u32(&r))};
    ref.tenant = get(&r, get_u32(&r));
    ref.subject = get(&r, get_u32(&r));
    ref.version = (int32_t)get_u32(&r);
    stele_buf_add(&s->decoded, &ref, sizeof ref);
  }
  if (r.failed) return stele_fail(err, STELE_CORRUPT, "a list of references is cut");
  if (s->decoded.failed) return stele_fail(err, STELE_NO_MEMORY, "no memory for references");
  content->references = (const stele_reference *)(const void *)s->decoded.ptr;
  content->reference_count = s->decoded.len / sizeof(stele_reference);
  return true;
}
