/* The index is a sorted list in runs, since a set may have a hundred thousand
 * names and each of them is compared with its neighbours when it comes. */
#include "cli/protoc/protoc_symbols.h"

#include "base/err.h"
#include "proto/wire/reader.h"

enum {
  RUN = 512,
  MOST_DEPTH = 100,

  FILE_PACKAGE = 2,
  FILE_MESSAGE = 4,
  FILE_ENUM = 5,
  FILE_SERVICE = 6,
  FILE_EXTENSION = 7,
  NAME = 1, /* of each of those */
  MESSAGE_NESTED = 3,
  MESSAGE_EXTENSION = 6,
  FIELD_EXTENDEE = 2,
  FIELD_NUMBER = 3,
};

void protoc_symbols_init(protoc_symbols *symbols, stele_arena *arena) {
  *symbols = (protoc_symbols){.arena = arena};
  stele_map_init(&symbols->extensions, arena, (uintptr_t)arena);
}

/* ---- The bytes ------------------------------------------------------------------ */

typedef struct part {
  uint32_t number;
  stele_bytes bytes;
  uint64_t value;
} part;

/* The next field that is bytes or a varint; the file was read whole before, so
 * there is no mistake to report. */
static bool next_part(stele_reader *r, part *out) {
  while (!stele_read_done(r)) {
    uint32_t tag = stele_read_tag(r);
    *out = (part){.number = stele_wire_number(tag)};
    if (stele_wire_type_of(tag) == STELE_WIRE_DELIMITED) {
      out->bytes = stele_read_delimited(r);
      return !r->failed;
    }
    if (stele_wire_type_of(tag) == STELE_WIRE_VARINT) {
      out->value = stele_read_varint(r);
      return !r->failed;
    }
    stele_read_skip_value(r, tag, MOST_DEPTH);
  }
  return false;
}

static stele_str text_of(stele_bytes message, uint32_t number) {
  stele_reader r = stele_reader_of(message);
  stele_str text = {NULL, 0};
  part one;
  while (next_part(&r, &one)) {
    if (one.number == number && one.bytes.ptr) text = stele_bytes_str(one.bytes);
  }
  return text;
}

/* ---- Names ---------------------------------------------------------------------- */

/* Is `inner` this name, or in it? */
static bool covers(stele_str outer, stele_str inner) {
  if (inner.len < outer.len) return false;
  if (outer.len && memcmp(outer.ptr, inner.ptr, outer.len) != 0) return false;
  return inner.len == outer.len || inner.ptr[outer.len] == '.';
}

static bool is_name(stele_str name) {
  for (size_t i = 0; i < name.len; i++) {
    char c = name.ptr[i];
    bool ok = c == '.' || c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
              (c >= 'a' && c <= 'z');
    if (!ok) return false;
  }
  return true;
}

/* How many names of a run are not greater. */
static uint32_t count_up_to(const protoc_symbol_run *run, stele_str name) {
  uint32_t low = 0, high = run->count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (stele_str_order(run->at[middle].name, name) <= 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/* The last run that begins with no greater name; the first, if there is none. */
static size_t run_of(const protoc_symbols *symbols, stele_str name) {
  size_t low = 0, high = symbols->runs.count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (stele_str_order(symbols->runs.at[middle].at[0].name, name) <= 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low ? low - 1 : 0;
}

/* ---- Entering ------------------------------------------------------------------- */

static protoc_symbol_run *new_run(protoc_symbols *symbols, size_t at) {
  (void)STELE_VEC_ADD(symbols->arena, &symbols->runs);
  protoc_symbol_run *runs = symbols->runs.at;
  memmove(&runs[at + 1], &runs[at], (symbols->runs.count - 1 - at) * sizeof *runs);
  runs[at] = (protoc_symbol_run){STELE_NEW_ARRAY(symbols->arena, protoc_symbol, RUN), 0};
  return &runs[at];
}

static void insert(protoc_symbols *symbols, size_t at, uint32_t place, protoc_symbol symbol) {
  protoc_symbol_run *run = symbols->runs.count ? &symbols->runs.at[at] : new_run(symbols, 0);
  if (run->count == RUN) {
    protoc_symbol_run *next = new_run(symbols, at + 1);
    run = &symbols->runs.at[at];
    next->count = run->count = RUN / 2;
    memcpy(next->at, run->at + RUN / 2, RUN / 2 * sizeof *next->at);
    if (place > RUN / 2) run = next, place -= RUN / 2;
  }
  memmove(&run->at[place + 1], &run->at[place], (run->count - place) * sizeof *run->at);
  run->at[place] = symbol;
  run->count++;
}

static bool fail_clash(protoc_symbols *symbols, stele_str name, stele_str other, stele_str *why) {
  *why = stele_str_printf(symbols->arena,
                          "Symbol name \"" STELE_STR_FMT
                          "\" conflicts with the existing symbol \"" STELE_STR_FMT "\".",
                          STELE_STR_ARG(name), STELE_STR_ARG(other));
  return false;
}

/* The name that follows place `i` of a run, or NULL. */
static const stele_str *after(const protoc_symbols *symbols, size_t run, uint32_t i) {
  if (i < symbols->runs.at[run].count) return &symbols->runs.at[run].at[i].name;
  return run + 1 < symbols->runs.count ? &symbols->runs.at[run + 1].at[0].name : NULL;
}

/* protobuf compares with the name before and the name after; where there is
 * none before, with the first one and, as the one after, the second. */
static bool add_symbol(protoc_symbols *symbols, stele_str scope, stele_str last, stele_str *why) {
  stele_arena *arena = symbols->arena;
  stele_str name = scope.len ? stele_str_printf(arena, STELE_STR_FMT "." STELE_STR_FMT,
                                                STELE_STR_ARG(scope), STELE_STR_ARG(last))
                             : last;
  protoc_symbol symbol = {name, (uint32_t)symbols->files.count - 1};
  if (!is_name(name)) {
    *why = stele_str_printf(arena, "Invalid symbol name: " STELE_STR_FMT, STELE_STR_ARG(name));
    return false;
  }
  size_t run = run_of(symbols, name);
  uint32_t place = symbols->runs.count ? count_up_to(&symbols->runs.at[run], name) : 0;
  if (symbols->runs.count) {
    uint32_t before = place ? place - 1 : 0;
    stele_str one = symbols->runs.at[run].at[before].name;
    if (covers(one, name)) return fail_clash(symbols, name, one, why);
    const stele_str *next = after(symbols, run, before + 1);
    if (next && covers(name, *next)) return fail_clash(symbols, name, *next, why);
  }
  insert(symbols, run, place, symbol);
  return true;
}

static stele_str extension_key(stele_arena *arena, stele_str extendee, int32_t number) {
  return stele_str_printf(arena, STELE_STR_FMT " %d", STELE_STR_ARG(extendee), number);
}

/* Only where the extendee's name is whole. */
static bool add_extension(protoc_symbols *symbols, stele_bytes field, stele_str *why) {
  stele_str extendee = text_of(field, FIELD_EXTENDEE);
  if (extendee.len == 0 || extendee.ptr[0] != '.') return true;
  stele_reader r = stele_reader_of(field);
  int32_t number = 0;
  part one;
  while (next_part(&r, &one)) {
    if (one.number == FIELD_NUMBER && !one.bytes.ptr) number = (int32_t)(uint32_t)one.value;
  }
  stele_str whole = {extendee.ptr + 1, extendee.len - 1};
  void **place = stele_map_add(&symbols->extensions, extension_key(symbols->arena, whole, number));
  if (*place) {
    stele_str file = symbols->files.at[symbols->files.count - 1], name = text_of(field, NAME);
    *why = stele_str_printf(
        symbols->arena,
        "Extension conflicts with extension already in database: extend " STELE_STR_FMT
        " { " STELE_STR_FMT " = %d } from:" STELE_STR_FMT,
        STELE_STR_ARG(extendee), STELE_STR_ARG(name), number, STELE_STR_ARG(file));
    return false;
  }
  *place = (void *)(uintptr_t)symbols->files.count;
  return true;
}

static bool add_nested_extensions(protoc_symbols *symbols, stele_bytes message, int depth,
                                  stele_str *why) {
  static const uint32_t order[] = {MESSAGE_NESTED, MESSAGE_EXTENSION};
  for (size_t i = 0; i < STELE_COUNT(order) && depth > 0; i++) {
    stele_reader r = stele_reader_of(message);
    part one;
    while (next_part(&r, &one)) {
      if (one.number != order[i] || !one.bytes.ptr) continue;
      bool ok = i == 0 ? add_nested_extensions(symbols, one.bytes, depth - 1, why)
                       : add_extension(symbols, one.bytes, why);
      if (!ok) return false;
    }
  }
  return true;
}

bool protoc_symbols_add(protoc_symbols *symbols, stele_str name, stele_bytes file, stele_str *why) {
  static const uint32_t order[] = {FILE_MESSAGE, FILE_ENUM, FILE_EXTENSION, FILE_SERVICE};
  stele_str package = text_of(file, FILE_PACKAGE);
  STELE_VEC_PUSH(symbols->arena, &symbols->files, name);
  for (size_t i = 0; i < STELE_COUNT(order); i++) {
    stele_reader r = stele_reader_of(file);
    part one;
    while (next_part(&r, &one)) {
      if (one.number != order[i] || !one.bytes.ptr) continue;
      if (!add_symbol(symbols, package, text_of(one.bytes, NAME), why)) return false;
      if (one.number == FILE_MESSAGE &&
          !add_nested_extensions(symbols, one.bytes, MOST_DEPTH, why)) {
        return false;
      }
      if (one.number == FILE_EXTENSION && !add_extension(symbols, one.bytes, why)) return false;
    }
  }
  return true;
}

/* ---- Finding -------------------------------------------------------------------- */

stele_str protoc_symbols_find(const protoc_symbols *symbols, stele_str full_name) {
  if (symbols->runs.count == 0) return (stele_str){NULL, 0};
  const protoc_symbol_run *run = &symbols->runs.at[run_of(symbols, full_name)];
  uint32_t place = count_up_to(run, full_name);
  const protoc_symbol *symbol = &run->at[place ? place - 1 : 0];
  bool is_there = covers(symbol->name, full_name);
  return is_there ? symbols->files.at[symbol->file] : (stele_str){NULL, 0};
}

stele_str protoc_symbols_extension(const protoc_symbols *symbols, stele_str full_name,
                                   int32_t number) {
  uintptr_t file = (uintptr_t)stele_map_find(&symbols->extensions,
                                             extension_key(symbols->arena, full_name, number));
  return file ? symbols->files.at[file - 1] : (stele_str){NULL, 0};
}
