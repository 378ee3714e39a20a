/* One pass over the bytes: nearly every tag and length is one byte, which is looked at
 * first; whatever else there is goes through the reader. */
#include "check/element/locations.h"

#include "base/hash.h"
#include "base/vec.h"
#include "proto/wire/reader.h"

enum { SKIP_DEPTH = 8 };

/* A length and that many bytes, both nearly always short. */
static inline stele_bytes read_run(stele_reader *r) {
  if (r->at != r->end && *r->at < 0x80 && r->end - r->at > *r->at) {
    stele_bytes run = {r->at + 1, *r->at};
    r->at += 1 + run.len;
    return run;
  }
  return stele_read_delimited(r);
}

static check_location read_location(stele_bytes bytes) {
  enum { PATH = 1 << 3 | 2, SPAN = 2 << 3 | 2, LEADING = 3 << 3 | 2 };
  check_location location = {0};
  stele_reader r = stele_reader_of(bytes);
  while (!stele_read_done(&r)) {
    uint64_t tag = stele_read_varint(&r);
    if (tag == PATH) {
      stele_bytes path = read_run(&r);
      if (path.len > UINT16_MAX) continue; /* of nothing that there is */
      location.path = path.ptr;
      location.path_len = (uint16_t)path.len;
    } else if (tag == SPAN) {
      stele_bytes span = read_run(&r);
      location.span = span.ptr;
      location.span_len = (uint16_t)(span.len > UINT16_MAX ? 0 : span.len);
    } else if (tag == LEADING) {
      stele_bytes comment = read_run(&r);
      location.comment = (const char *)comment.ptr;
      location.comment_len = (uint32_t)comment.len;
    } else if (tag == 0 || tag > UINT32_MAX) {
      break;
    } else {
      stele_read_skip_value(&r, (uint32_t)tag, SKIP_DEPTH);
    }
  }
  return location;
}

static inline uint64_t hash_path(stele_bytes path) {
  return stele_hash_str(stele_bytes_str(path), 0);
}

static void add_slot(check_locations *all, uint32_t index) {
  stele_bytes path = check_location_path(&all->at[index]);
  uint32_t mask = all->slot_count - 1;
  for (uint32_t i = (uint32_t)hash_path(path) & mask;; i = (i + 1) & mask) {
    if (all->slots[i] == 0) {
      all->slots[i] = index + 1;
      return;
    }
    if (stele_bytes_eq(check_location_path(&all->at[all->slots[i] - 1]), path)) return;
  }
}

check_locations check_locations_read(stele_arena *arena, stele_bytes source_info) {
  enum { LOCATION = 1 << 3 | 2, USUAL_BYTES = 16, FEWEST_SLOTS = 8 };
  STELE_VEC(check_location) list = {0};
  stele_reader r = stele_reader_of(source_info);
  list.cap = (uint32_t)(source_info.len / USUAL_BYTES + 1);
  list.at = STELE_NEW_ARRAY(arena, check_location, list.cap);
  while (!stele_read_done(&r)) {
    uint64_t tag = stele_read_varint(&r);
    if (tag == LOCATION) {
      stele_bytes bytes = read_run(&r);
      if (!r.failed) STELE_VEC_PUSH(arena, &list, read_location(bytes));
    } else if (tag == 0 || tag > UINT32_MAX) {
      break;
    } else {
      stele_read_skip_value(&r, (uint32_t)tag, SKIP_DEPTH);
    }
  }
  check_locations all = {.at = list.at, .count = (uint32_t)list.count, .slot_count = FEWEST_SLOTS};
  while (all.slot_count < 2 * all.count) all.slot_count *= 2;
  all.slots = STELE_NEW_ARRAY(arena, uint32_t, all.slot_count);
  for (uint32_t i = 0; i < all.count; i++) add_slot(&all, i);
  return all;
}

const check_location *check_locations_find(const check_locations *all, stele_bytes path) {
  if (all->count == 0) return NULL;
  uint32_t mask = all->slot_count - 1;
  for (uint32_t i = (uint32_t)hash_path(path) & mask; all->slots[i] != 0; i = (i + 1) & mask) {
    const check_location *location = &all->at[all->slots[i] - 1];
    if (stele_bytes_eq(check_location_path(location), path)) return location;
  }
  return NULL;
}

bool check_location_extent(const check_location *location, check_extent *out) {
  /* Three numbers when it ends on the line it begins on, else four. */
  int32_t parts[4] = {0};
  size_t count = 0;
  stele_reader r = stele_reader_of((stele_bytes){location->span, location->span_len});
  while (count < 4 && !stele_read_done(&r)) parts[count++] = (int32_t)stele_read_varint(&r);
  if (r.failed || count < 3) return false;
  *out = (check_extent){parts[0], parts[1], parts[count == 4 ? 2 : 0], parts[count - 1]};
  return true;
}
