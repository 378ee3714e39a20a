/* Where things stand, for rules that ask often: the places of one file at a
 * time, in a table by path.
 *
 * The source info is kept encoded, and the path of a location is compared as it
 * lies there: the path that is looked for is encoded instead. A tree is judged
 * file by file, so one table a side is enough; asking for another file makes the
 * table anew in the memory of the last one. */
#include "base/guard.h"
#include "base/hash.h"
#include "check/element/locations.h"
#include "check/element/place.h"
#include "check/rule/rule_internal.h"
#include "check/rule/rule_text.h"
#include "proto/source/source.h"
#include "proto/wire/reader.h"

enum { PATH_BYTES = 5 * (PLACE_MOST_STEPS + RULE_MOST_STEPS) };

/* Field numbers along a path. */
enum { DESCRIPTOR_NAME = 1, FIELD_TYPE = 5, FIELD_TYPE_NAME = 6 };

struct rule_source {
  stele_arena *scratch;
  const stele_file *file;
  check_locations places;
  bool has_text, is_plain;
  stele_str text;
  const struct rule_lines *lines; /* made when a column has to be counted anew */
};

static void load(rule_source *source, const stele_file *file) {
  if (source->file == file) return;
  stele_arena_reset(source->scratch);
  source->file = file;
  source->has_text = false;
  source->lines = NULL;
  source->places = check_locations_read(source->scratch, file->source_info);
}

static const check_location *find(rule_source *source, const stele_file *file, stele_bytes path) {
  load(source, file);
  return check_locations_find(&source->places, path);
}

/* ---- Paths ------------------------------------------------------------------ */

/* A path as it lies in source info, and where each of its steps ends. */
typedef struct wire_path {
  uint8_t bytes[PATH_BYTES];
  uint16_t ends[PLACE_MOST_STEPS + RULE_MOST_STEPS];
  uint32_t steps[PLACE_MOST_STEPS + RULE_MOST_STEPS];
  size_t count;
} wire_path;

static void add_step(wire_path *path, uint32_t step) {
  size_t len = path->count ? path->ends[path->count - 1] : 0;
  path->steps[path->count] = step;
  for (; step >= 0x80; step >>= 7) path->bytes[len++] = (uint8_t)(step | 0x80);
  path->bytes[len++] = (uint8_t)step;
  path->ends[path->count++] = (uint16_t)len;
}

static void spot_path(rule_spot spot, wire_path *out) {
  place_path element;
  out->count = 0;
  element.start = PLACE_MOST_STEPS;
  if (spot.element) place_path_of(&element, spot.kind, spot.element);
  for (size_t i = element.start; i < PLACE_MOST_STEPS; i++) add_step(out, element.steps[i]);
  for (size_t i = 0; i < spot.step_count; i++) add_step(out, spot.steps[i]);
}

static stele_bytes path_bytes(const wire_path *path, size_t count) {
  return (stele_bytes){path->bytes, count ? path->ends[count - 1] : 0};
}

static const check_location *find_spot(rule_side *side, rule_spot spot) {
  wire_path path;
  if (!spot.file) return NULL;
  spot_path(spot, &path);
  return path.count ? find(side->source, spot.file, path_bytes(&path, path.count)) : NULL;
}

/* ---- Spots ------------------------------------------------------------------ */

rule_spot rule_spot_file(const stele_file *file) {
  return (rule_spot){.file = file, .kind = STELE_SYMBOL_FILE};
}

rule_spot rule_spot_of(stele_symbol_kind kind, const void *element) {
  if (kind == STELE_SYMBOL_FILE) return rule_spot_file(element);
  return (rule_spot){.file = check_file_of(kind, element), .kind = kind, .element = element};
}

bool rule_spot_by_steps(rule_spot spot, rule_spot *out) {
  wire_path path;
  *out = (rule_spot){.file = spot.file, .kind = STELE_SYMBOL_FILE, .from = spot.from};
  spot_path(spot, &path);
  if (path.count > RULE_MOST_STEPS) return false;
  memcpy(out->steps, path.steps, path.count * sizeof *path.steps);
  out->step_count = (uint8_t)path.count;
  return true;
}

uint64_t rule_spot_hash(rule_spot spot, uint64_t seed) {
  wire_path path;
  spot_path(spot, &path);
  stele_bytes bytes = {path.bytes, path.count ? path.ends[path.count - 1] : 0};
  return stele_hash_str(stele_bytes_str(bytes), seed + (spot.from != NULL));
}

rule_spot rule_spot_step(rule_spot spot, uint32_t step) {
  if (spot.step_count < RULE_MOST_STEPS) spot.steps[spot.step_count++] = step;
  return spot;
}

bool rule_spot_is_known(rule_run *run, rule_side *side, rule_spot spot) {
  (void)run;
  return find_spot(side, spot) != NULL;
}

rule_spot rule_spot_or(rule_run *run, rule_side *side, rule_spot first, rule_spot second) {
  return rule_spot_is_known(run, side, first) ? first : second;
}

rule_spot rule_spot_name(rule_run *run, rule_side *side, stele_symbol_kind kind,
                         const void *element) {
  rule_spot spot = rule_spot_of(kind, element);
  return rule_spot_or(run, side, rule_spot_step(spot, DESCRIPTOR_NAME), spot);
}

/* The map field that an entry was made for, or NULL. */
static const stele_field *map_field(const stele_message *entry) {
  const stele_message *parent = entry->parent;
  if (!entry->is_map_entry || !parent) return NULL;
  for (uint32_t i = 0; i < parent->field_count; i++) {
    if (parent->fields[i].type_message == entry) return &parent->fields[i];
  }
  return NULL;
}

/* What stands for the fields of a map entry, and for the entry: the type of the
 * map field. */
static rule_spot entry_spot(const stele_message *message, rule_spot otherwise) {
  const stele_field *field = message ? map_field(message) : NULL;
  if (!field) return otherwise;
  return rule_spot_step(rule_spot_of(STELE_SYMBOL_FIELD, field), FIELD_TYPE_NAME);
}

rule_spot rule_spot_message(rule_run *run, rule_side *side, const stele_message *message) {
  rule_spot spot = rule_spot_of(STELE_SYMBOL_MESSAGE, message);
  return rule_spot_or(run, side, spot, entry_spot(message, spot));
}

static const stele_message *entry_of(const stele_field *field) {
  return field->is_extension ? NULL : field->message;
}

rule_spot rule_spot_field(rule_run *run, rule_side *side, const stele_field *field) {
  rule_spot spot = rule_spot_of(STELE_SYMBOL_FIELD, field);
  return rule_spot_or(run, side, spot, entry_spot(entry_of(field), spot));
}

rule_spot rule_spot_field_name(rule_run *run, rule_side *side, const stele_field *field) {
  rule_spot spot = rule_spot_of(STELE_SYMBOL_FIELD, field);
  rule_spot name = rule_spot_step(spot, DESCRIPTOR_NAME);
  if (rule_spot_is_known(run, side, name)) return name;
  return rule_spot_field(run, side, field);
}

rule_spot rule_spot_field_type(rule_run *run, rule_side *side, const stele_field *field) {
  rule_spot spot = rule_spot_of(STELE_SYMBOL_FIELD, field);
  bool named = (field->type_message || field->type_enum) && field->type != STELE_TYPE_GROUP;
  spot = rule_spot_step(spot, named ? FIELD_TYPE_NAME : FIELD_TYPE); /* or "group" */
  if (rule_spot_is_known(run, side, spot)) return spot;
  return entry_spot(entry_of(field), rule_spot_file(stele_field_file(field)));
}

/* Field number of the options in the descriptor of each kind. */
static uint32_t options_number(stele_symbol_kind kind) {
  switch (kind) {
  case STELE_SYMBOL_FILE:
  case STELE_SYMBOL_FIELD: return 8;
  case STELE_SYMBOL_MESSAGE: return 7;
  case STELE_SYMBOL_ONEOF: return 2;
  case STELE_SYMBOL_METHOD: return 4;
  case STELE_SYMBOL_ENUM:
  case STELE_SYMBOL_ENUM_VALUE:
  case STELE_SYMBOL_SERVICE: return 3;
  case STELE_SYMBOL_NONE:
  case STELE_SYMBOL_PACKAGE: break;
  }
  return 0;
}

static bool is_prefix(stele_bytes prefix, stele_bytes path) {
  return prefix.len > 0 && prefix.len <= path.len && memcmp(prefix.ptr, path.ptr, prefix.len) == 0;
}

/* Number of steps in an encoded path. */
static size_t step_count(stele_bytes path) {
  size_t count = 0;
  for (size_t i = 0; i < path.len; i++) count += path.ptr[i] < 0x80;
  return count;
}

/* The spot of `spot`'s file whose path is `path`. */
static rule_spot spot_at(rule_spot spot, stele_bytes path, size_t element_steps) {
  stele_reader r = stele_reader_of(path);
  spot.step_count = 0;
  for (size_t i = 0; !stele_read_done(&r); i++) {
    uint32_t step = (uint32_t)stele_read_varint(&r);
    if (i >= element_steps) spot = rule_spot_step(spot, step);
  }
  return spot;
}

rule_spot rule_spot_option(rule_run *run, rule_side *side, stele_symbol_kind kind,
                           const void *element, const uint32_t *steps, size_t count) {
  (void)run;
  wire_path path;
  rule_spot spot = rule_spot_step(rule_spot_of(kind, element), options_number(kind));
  for (size_t i = 0; i < count; i++) spot = rule_spot_step(spot, steps[i]);
  if (find_spot(side, spot)) return spot;
  spot_path(spot, &path);
  size_t option_steps = path.count - count + 1, element_steps = path.count - spot.step_count;
  stele_bytes wanted = path_bytes(&path, path.count), best = {0};
  size_t best_steps = 0;
  const rule_source *source = side->source; /* loaded by the search above */
  for (uint32_t i = 0; i < source->places.count; i++) {
    stele_bytes at = check_location_path(&source->places.at[i]);
    size_t steps_there = step_count(at);
    if (steps_there >= option_steps && is_prefix(at, wanted) && steps_there > best_steps) {
      best = at;
      best_steps = steps_there;
    } else if (is_prefix(wanted, at)) {
      return spot_at(spot, at, element_steps);
    }
  }
  return best_steps ? spot_at(spot, best, element_steps) : RULE_NOWHERE;
}

bool rule_comment(rule_run *run, rule_side *side, rule_spot spot, stele_str *comment) {
  (void)run;
  const check_location *location = find_spot(side, spot);
  if (location) *comment = check_location_comment(location);
  return location != NULL;
}

/* ---- For findings ----------------------------------------------------------- */

bool rule_says_something(stele_str comment) {
  static const char mark[] = "buf:lint:ignore";
  while (comment.len > 0) {
    const char *end = memchr(comment.ptr, '\n', comment.len);
    stele_str line = {comment.ptr, end ? (size_t)(end - comment.ptr) : comment.len};
    size_t used = line.len + (end != NULL);
    comment = (stele_str){comment.ptr + used, comment.len - used};
    while (line.len > 0 && strchr(" \t\r\v\f", line.ptr[0])) {
      line = (stele_str){line.ptr + 1, line.len - 1};
    }
    if (line.len > 0 && !rule_starts_with(line, (stele_str){mark, sizeof mark - 1})) return true;
  }
  return false;
}

rule_spot rule_spot_from(rule_spot spot, const char *word) {
  spot.from = word;
  return spot;
}

/* Skips blanks backwards from `at`. */
static size_t before_blanks(stele_str text, size_t at) {
  while (at > 0 && strchr(" \t\r\n", text.ptr[at - 1])) at--;
  return at;
}

static void begin_at_word(stele_str text, const char *word, rule_place *place) {
  size_t len = strlen(word);
  size_t at = rule_text_offset(text, (stele_place){place->start_line - 1, place->start_column - 1});
  at = before_blanks(text, at);
  if (at == 0 || text.ptr[at - 1] != '=') return;
  at = before_blanks(text, at - 1);
  if (at < len || memcmp(text.ptr + at - len, word, len) != 0) return;
  stele_place start = stele_source_place(&(stele_source){.text = text}, at - len);
  place->start_line = start.line + 1;
  place->start_column = start.column + 1;
}

/* The text of the file that is loaded; false when there is none. */
static bool load_text(rule_side *side, const stele_file *file) {
  rule_source *source = side->source;
  load(source, file);
  if (source->has_text) return true;
  if (!side->tree->text(side->tree->text_arg, file, &source->text)) return false;
  source->has_text = true;
  source->is_plain = rule_text_is_plain(source->text);
  return true;
}

/* 1-based, both ways. */
static int32_t shown_column(rule_source *source, int32_t line, int32_t column) {
  if (!source->lines) source->lines = rule_text_lines(source->scratch, source->text);
  return rule_text_column(source->text, source->lines, (stele_place){line - 1, column - 1}) + 1;
}

bool rule_span_of(rule_side *side, rule_spot spot, stele_place *start, stele_place *end) {
  const check_location *location = find_spot(side, spot);
  check_extent extent;
  if (!location || !check_location_extent(location, &extent)) return false;
  *start = (stele_place){extent.start_line, extent.start_column};
  *end = (stele_place){extent.end_line, extent.end_column};
  return true;
}

rule_place rule_place_of(rule_side *side, rule_spot spot) {
  if (!spot.file) return (rule_place){0};
  stele_place start, end;
  if (!rule_span_of(side, spot, &start, &end)) return (rule_place){spot.file->name, 1, 1, 1, 1};
  rule_place place = {spot.file->name, start.line + 1, start.column + 1, end.line + 1,
                      end.column + 1};
  if (!side->tree->text || !load_text(side, spot.file)) return place;
  if (spot.from) begin_at_word(side->source->text, spot.from, &place);
  if (!side->source->is_plain) {
    place.start_column = shown_column(side->source, place.start_line, place.start_column);
    place.end_column = shown_column(side->source, place.end_line, place.end_column);
  }
  return place;
}

/* The extensions of a file or a message, as a step before an index. */
static bool is_extend_block(const wire_path *path, size_t count) {
  enum { FILE_EXTENSION = 7, MESSAGE_EXTENSION = 6, FILE_MESSAGE = 4 };
  uint32_t step = path->steps[count - 1];
  if (count == 1) return step == FILE_EXTENSION;
  return count % 2 == 1 && step == MESSAGE_EXTENSION && path->steps[0] == FILE_MESSAGE &&
         count < path->count;
}

bool rule_comments_around(rule_side *side, rule_spot spot,
                          bool (*matches)(stele_str comment, void *arg), void *arg) {
  wire_path path;
  if (!spot.file || (!spot.element && spot.step_count == 0)) return false;
  spot_path(spot, &path);
  for (size_t count = 1; count <= path.count; count++) {
    if (count % 2 == 1 && count != path.count && !is_extend_block(&path, count)) continue;
    const check_location *location = find(side->source, spot.file, path_bytes(&path, count));
    if (location && location->comment_len > 0 && matches(check_location_comment(location), arg)) {
      return true;
    }
  }
  return false;
}

/* ---- Memory ----------------------------------------------------------------- */

static void open_source(rule_run *run, rule_side *side) {
  side->source = STELE_NEW(run->arena, rule_source);
  side->source->scratch = stele_arena_new_scratch(run->arena);
  if (!side->source->scratch) stele_guard_leave(run->arena, STELE_NO_MEMORY, "out of memory");
}

void rule_sources_open(rule_run *run) {
  open_source(run, &run->now);
  open_source(run, &run->was);
}

static void close_source(rule_side *side) {
  if (side->source) stele_arena_free(side->source->scratch);
}

void rule_sources_close(rule_run *run) {
  close_source(&run->now);
  close_source(&run->was);
}
