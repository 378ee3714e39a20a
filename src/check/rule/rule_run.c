/* A run: what is left out, and what is found.
 *
 * Nothing is said about an element when the configuration says not to look at
 * where it stands, or stood: so the places are looked up first, and the words
 * are only made for findings that stay. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "check/rule/rule_known.h"

/* In a tree that is sorted by path. */
static size_t search(const rule_tree *tree, stele_str path) {
  size_t low = 0, high = tree->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = stele_str_order(tree->files[middle].file->name, path);
    if (order == 0) return middle + 1;
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return 0;
}

const rule_file *rule_side_file(const rule_side *side, stele_str path) {
  const stele_map *map = side->known ? &side->known->paths : &side->files;
  uintptr_t index = !side->known && side->tree->shape ? search(side->tree, path)
                                                      : (uintptr_t)stele_map_find(map, path);
  return index ? &side->tree->files[index - 1] : NULL;
}

static void open_side(rule_run *run, rule_side *side, const rule_tree *tree) {
  side->tree = tree;
  stele_map_init(&side->files, run->arena, 0);
  if (!tree->is_partial) side->known = rule_known_of(tree);
  if (tree->memory && !tree->shape) rule_memory_clear(tree->memory);
  if (side->known) rule_known_begin(side->known, run, tree);
  for (size_t i = 0; !tree->shape && i < tree->count; i++) {
    *stele_map_add(&side->files, tree->files[i].file->name) = (void *)(uintptr_t)(i + 1);
  }
  side->ignored = STELE_NEW_ARRAY(run->arena, uint8_t, tree->count);
}

/* ---- What is left out ------------------------------------------------------- */

/* Is `path` that file, or below that folder? */
static bool is_below(stele_str path, stele_str root) {
  if (stele_str_eq(root, STELE_STR("."))) return true;
  if (!rule_starts_with(path, root)) return false;
  return path.len == root.len || path.ptr[root.len] == '/';
}

static bool is_below_any(stele_str path, const stele_str *roots, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (is_below(path, roots[i])) return true;
  }
  return false;
}

static bool is_left_out(const rule_config *config, const rule_file *file) {
  if (config->exclude_imports && file->is_import) return true;
  if (is_below_any(file->file->name, config->ignore, config->ignore_count)) return true;
  return config->ignore_unstable_packages &&
         rule_package_version(file->file->package) == RULE_UNSTABLE;
}

bool rule_file_is_ignored(rule_run *run, rule_side *side, const stele_file *file) {
  const rule_file *row = rule_side_file(side, file->name);
  if (!row) return false;
  uint8_t *known = &side->ignored[row - side->tree->files];
  if (*known == 0) *known = is_left_out(run->selection->config, row) ? 2 : 1;
  return *known == 2;
}

static bool is_ignored_for_rule(const rule_run *run, const stele_file *file) {
  const rule_selection *selection = run->selection;
  const rule_paths *paths = &selection->ignore_only[run->rule - selection->table];
  return is_below_any(file->name, paths->at.at, paths->at.count);
}

/* A line that begins "buf:lint:ignore ID" speaks for the rule of that id. */
static bool ignores_rule(stele_str comment, void *arg) {
  static const char mark[] = "buf:lint:ignore ";
  const rule *row = arg;
  size_t mark_len = sizeof mark - 1, id_len = strlen(row->id);
  while (comment.len > 0) {
    const char *end = memchr(comment.ptr, '\n', comment.len);
    stele_str line = {comment.ptr, end ? (size_t)(end - comment.ptr) : comment.len};
    size_t used = line.len + (end != NULL);
    comment = (stele_str){comment.ptr + used, comment.len - used};
    while (line.len > 0 && (line.ptr[0] == ' ' || line.ptr[0] == '\t' || line.ptr[0] == '\r')) {
      line = (stele_str){line.ptr + 1, line.len - 1};
    }
    if (line.len >= mark_len + id_len && memcmp(line.ptr, mark, mark_len) == 0 &&
        memcmp(line.ptr + mark_len, row->id, id_len) == 0) {
      return true;
    }
  }
  return false;
}

static bool is_ignored(rule_run *run, rule_side *side, rule_spot spot) {
  if (!spot.file) return false;
  if (rule_file_is_ignored(run, side, spot.file) || is_ignored_for_rule(run, spot.file)) {
    return true;
  }
  return run->selection->config->allow_comment_ignores && run->rule->kind == RULE_LINT &&
         rule_comments_around(side, spot, ignores_rule, (void *)(uintptr_t)run->rule);
}

/* ---- Finding ----------------------------------------------------------------- */

/* Where a finding stands, and whether it is to be told. */
static rule_memory_entry locate(rule_run *run, rule_spot at) {
  rule_memory *memory = run->now.tree->memory;
  bool is_wide = run->rule->on <= RULE_ON_FOLDER; /* others look at settled files no more */
  bool remembers = memory && at.file && is_wide;
  uint64_t key = remembers ? rule_spot_hash(at, (uint64_t)(uintptr_t)run->rule) : 0;
  const rule_memory_entry *kept = remembers ? rule_memory_find(memory, at.file->name, key) : NULL;
  if (kept) return *kept;
  rule_memory_entry entry = {.is_ignored = is_ignored(run, &run->now, at)};
  if (!entry.is_ignored) entry.place = rule_place_of(&run->now, at);
  if (remembers) rule_memory_keep(memory, at.file->name, key, entry);
  return entry;
}

bool rule_locate(rule_run *run, rule_spot at, rule_place *place) {
  rule_memory_entry entry = locate(run, at);
  if (!entry.is_ignored) *place = entry.place;
  return !entry.is_ignored;
}

static void add(rule_run *run, rule_spot at, rule_spot against, stele_str hint, const char *format,
                va_list args) {
  rule_finding finding = {.rule = run->rule, .hint = hint};
  bool is_told = rule_locate(run, at, &finding.at);
  if ((!is_told && !run->keeping) || is_ignored(run, &run->was, against)) return;
  va_list again;
  va_copy(again, args);
  int len = vsnprintf(NULL, 0, format, again);
  va_end(again);
  char *text = stele_arena_alloc(run->arena, (size_t)len + 1, 1);
  (void)vsnprintf(text, (size_t)len + 1, format, args);
  finding.message = (stele_str){text, (size_t)len};
  finding.against = rule_place_of(&run->was, against);
  if (run->keeping) rule_known_keep(run->keeping, at, &finding, !is_told);
  if (is_told) STELE_VEC_PUSH(run->arena, &run->findings, finding);
}

void rule_found(rule_run *run, rule_spot at, rule_spot against, const char *format, ...) {
  va_list args;
  va_start(args, format);
  add(run, at, against, (stele_str){0}, format, args);
  va_end(args);
}

void rule_found_hint(rule_run *run, rule_spot at, rule_spot against, stele_str hint,
                     const char *format, ...) {
  va_list args;
  va_start(args, format);
  add(run, at, against, hint, format, args);
  va_end(args);
}

static int order_int(int32_t a, int32_t b) {
  return (a > b) - (a < b);
}

int rule_finding_order(const void *left, const void *right) {
  const rule_finding *a = left, *b = right;
  int order = stele_str_order(a->at.path, b->at.path);
  if (order == 0) order = order_int(a->at.start_line, b->at.start_line);
  if (order == 0) order = order_int(a->at.start_column, b->at.start_column);
  if (order == 0) order = strcmp(a->rule->id, b->rule->id);
  if (order == 0) order = stele_str_order(a->message, b->message);
  if (order == 0) order = order_int(a->at.end_line, b->at.end_line);
  if (order == 0) order = order_int(a->at.end_column, b->at.end_column);
  return order;
}

/* ---- Running ------------------------------------------------------------------ */

void rule_ask(rule_run *run, rule_on on, const void *element, const void *against) {
  const rule_rows *rows = &run->asked[on];
  for (size_t i = 0; i < rows->count; i++) {
    run->rule = rows->at[i];
    run->rule->check(run, element, against);
  }
}

void rule_run_open(rule_run *run, const rule_tree *tree, const rule_tree *against) {
  static const rule_tree nothing = {0};
  run->asked = run->selection->by_element;
  rule_sources_open(run);
  open_side(run, &run->now, tree);
  open_side(run, &run->was, against ? against : &nothing);
}
