/* One walk over a file's locations makes a table from packed paths to locations;
 * files that nobody asks about are never walked. */
#include "check/element/docs.h"

#include "proto/wire/reader.h"

enum { SKIP_DEPTH = 8, MOST_PATH_BYTES = 5 * PLACE_MOST_STEPS };

typedef struct doc_location {
  stele_bytes span;
  stele_str comment; /* as the compiler keeps it */
} doc_location;

void check_docs_init(check_docs *docs, stele_arena *arena) {
  docs->arena = arena;
  stele_map_init(&docs->files, arena, 0);
}

static void add_location(check_docs *docs, stele_map *index, stele_bytes bytes) {
  enum {
    LOCATION_PATH = 1 << 3 | 2,
    LOCATION_SPAN = 2 << 3 | 2,
    LOCATION_LEADING = 3 << 3 | 2,
  };
  stele_reader r = stele_reader_of(bytes);
  doc_location *location = STELE_NEW(docs->arena, doc_location);
  stele_str path = {"", 0};
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag == LOCATION_PATH) {
      path = stele_bytes_str(stele_read_delimited(&r));
    } else if (tag == LOCATION_SPAN) {
      location->span = stele_read_delimited(&r);
    } else if (tag == LOCATION_LEADING) {
      location->comment = stele_bytes_str(stele_read_delimited(&r));
    } else {
      stele_read_skip_value(&r, tag, SKIP_DEPTH);
    }
  }
  void **place = stele_map_add(index, path);
  if (!*place) *place = location; /* the first one is the element's own */
}

static stele_map *index_of(check_docs *docs, const stele_file *file) {
  enum { INFO_LOCATION = 1 << 3 | 2 };
  void **place = stele_map_add_u64(&docs->files, (uint64_t)(uintptr_t)file);
  if (*place) return *place;
  stele_map *index = *place = STELE_NEW(docs->arena, stele_map);
  stele_map_init(index, docs->arena, (uint64_t)(uintptr_t)index);
  stele_reader r = stele_reader_of(file->source_info);
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag == INFO_LOCATION) {
      add_location(docs, index, stele_read_delimited(&r));
    } else {
      stele_read_skip_value(&r, tag, SKIP_DEPTH);
    }
  }
  return index;
}

static const doc_location *find(check_docs *docs, stele_symbol_kind kind, const void *element) {
  const stele_file *file = check_file_of(kind, element);
  char packed[MOST_PATH_BYTES];
  size_t len = 0;
  place_path path;
  if (!file || !file->source_info.len || kind == STELE_SYMBOL_FILE) return NULL;
  place_path_of(&path, kind, element);
  for (size_t i = path.start; i < PLACE_MOST_STEPS; i++) {
    uint32_t step = path.steps[i];
    for (; step >= 0x80; step >>= 7) packed[len++] = (char)(step | 0x80);
    packed[len++] = (char)step;
  }
  return stele_map_find(index_of(docs, file), (stele_str){packed, len});
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
  const doc_location *location = find(docs, kind, element);
  if (!location || !location->comment.len) return (stele_str){"", 0};
  return trimmed(docs->arena, location->comment);
}

check_place check_docs_place(check_docs *docs, stele_symbol_kind kind, const void *element) {
  const stele_file *file = check_file_of(kind, element);
  const doc_location *location = find(docs, kind, element);
  check_place place = {file ? file->name : (stele_str){0}, -1, -1};
  if (!location) return place;
  stele_reader r = stele_reader_of(location->span);
  int32_t line = (int32_t)stele_read_varint(&r), column = (int32_t)stele_read_varint(&r);
  if (r.failed) return place;
  place.line = line;
  place.column = column;
  return place;
}
