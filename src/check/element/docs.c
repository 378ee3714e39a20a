/* Files that nobody asks about are never looked into. */
#include "check/element/docs.h"

void check_docs_init(check_docs *docs, stele_arena *arena) {
  docs->arena = arena;
  stele_map_init(&docs->files, arena, 0);
}

static const check_locations *locations_of(check_docs *docs, const stele_file *file) {
  void **place = stele_map_add_u64(&docs->files, (uint64_t)(uintptr_t)file);
  if (*place) return *place;
  check_locations *all = STELE_NEW(docs->arena, check_locations);
  *all = check_locations_read(docs->arena, file->source_info);
  *stele_map_add_u64(&docs->files, (uint64_t)(uintptr_t)file) = all;
  return all;
}

static const check_location *find(check_docs *docs, stele_symbol_kind kind, const void *element) {
  const stele_file *file = check_file_of(kind, element);
  uint8_t packed[PLACE_MOST_BYTES];
  place_path path;
  if (!file || !file->source_info.len || kind == STELE_SYMBOL_FILE) return NULL;
  place_path_of(&path, kind, element);
  stele_bytes bytes = {packed, place_path_pack(&path, packed)};
  return check_locations_find(locations_of(docs, file), bytes);
}

/* " One line.\n  Another.\n" -> "One line.\nAnother." */
static stele_str trimmed(stele_arena *arena, stele_str text) {
  char *out = STELE_NEW_ARRAY(arena, char, text.len + 1);
  size_t len = 0;
  for (size_t from = 0; from < text.len;) {
    const char *newline = memchr(text.ptr + from, '\n', text.len - from);
    size_t to = newline ? (size_t)(newline - text.ptr) : text.len;
    size_t next = to + 1;
    while (from < to && (text.ptr[from] == ' ' || text.ptr[from] == '\t')) from++;
    while (to > from && (text.ptr[to - 1] == ' ' || text.ptr[to - 1] == '\r')) to--;
    if (len || to > from) {
      if (len) out[len++] = '\n';
      memcpy(out + len, text.ptr + from, to - from);
      len += to - from;
    }
    from = next;
  }
  while (len && out[len - 1] == '\n') len--;
  return (stele_str){out, len};
}

stele_str check_docs_comment(check_docs *docs, stele_symbol_kind kind, const void *element) {
  const check_location *location = find(docs, kind, element);
  if (!location || !location->comment_len) return (stele_str){"", 0};
  return trimmed(docs->arena, check_location_comment(location));
}

bool check_docs_extent(check_docs *docs, stele_symbol_kind kind, const void *element,
                       check_extent *out) {
  const check_location *location = find(docs, kind, element);
  return location && check_location_extent(location, out);
}

bool check_docs_find(check_docs *docs, const stele_file *file, stele_str full_name,
                     check_extent *out) {
  stele_symbol symbol = stele_schema_find(file->schema, full_name);
  return symbol.element && check_file_of(symbol.kind, symbol.element) == file &&
         check_docs_extent(docs, symbol.kind, symbol.element, out);
}

check_place check_docs_place(check_docs *docs, stele_symbol_kind kind, const void *element) {
  const stele_file *file = check_file_of(kind, element);
  check_extent extent = {-1, -1, -1, -1};
  if (!check_docs_extent(docs, kind, element, &extent)) extent = (check_extent){-1, -1, -1, -1};
  stele_str name = file ? file->name : (stele_str){0};
  return (check_place){name, extent.start_line, extent.start_column};
}
