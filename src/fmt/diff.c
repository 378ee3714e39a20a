/* Eugene Myers' greedy algorithm (An O(ND) Difference Algorithm, 1986), over
 * lines as numbers: equal lines have equal numbers, what both ends share is cut
 * off first. For each number of edits we keep how far each diagonal came, and
 * walk back through these from the end. */
#include "fmt/diff.h"

#include "base/map.h"
#include "base/vec.h"

enum { MOST_EDITS = 1000, CONTEXT = 3 };

typedef struct side {
  const stele_str *lines; /* with their line ends */
  const uint32_t *ids;
  bool *changed; /* the line went, or came */
  size_t count;
} side;

/* One line of the diff before it is cut into hunks. */
typedef struct diff_line {
  char mark;       /* ' ', '-', '+' */
  size_t old, new; /* lines of each side before it */
} diff_line;

typedef STELE_VEC(diff_line) diff_lines;

/* ---- Lines ------------------------------------------------------------------ */

static side split(stele_arena *arena, stele_map *ids, stele_str text) {
  STELE_VEC(stele_str) lines = {0};
  STELE_VEC(uint32_t) numbers = {0};
  for (size_t at = 0; at < text.len;) {
    const char *newline = memchr(text.ptr + at, '\n', text.len - at);
    size_t end = newline ? (size_t)(newline - text.ptr) + 1 : text.len;
    stele_str line = {text.ptr + at, end - at};
    void **id = stele_map_add(ids, line);
    if (!*id) *id = (void *)(uintptr_t)ids->count;
    STELE_VEC_PUSH(arena, &lines, line);
    STELE_VEC_PUSH(arena, &numbers, (uint32_t)(uintptr_t)*id);
    at = end;
  }
  return (side){lines.at, numbers.at, STELE_NEW_ARRAY(arena, bool, lines.count), lines.count};
}

/* ---- The shortest edit -------------------------------------------------------- */

/* What is left between the ends that both share. */
typedef struct middle {
  const uint32_t *old, *new;
  int32_t old_count, new_count;
  bool *old_changed, *new_changed;
} middle;

/* `reach[k]`: how many old lines the furthest path on diagonal k has taken; old
 * minus new is k. */
static int32_t step(const middle *m, const int32_t *reach, int32_t edits, int32_t k) {
  bool comes = k == -edits || (k != edits && reach[k - 1] < reach[k + 1]);
  int32_t x = comes ? reach[k + 1] : reach[k - 1] + 1;
  while (x < m->old_count && x - k < m->new_count && m->old[x] == m->new[x - k]) x++;
  return x;
}

/* The way back from the end: which line each edit took. */
static void walk_back(const middle *m, int32_t *const *reaches, int32_t edits) {
  int32_t x = m->old_count, y = m->new_count;
  for (; edits > 0; edits--) {
    const int32_t *reach = reaches[edits - 1];
    int32_t k = x - y;
    bool comes = k == -edits || (k != edits && reach[k - 1] < reach[k + 1]);
    x = comes ? reach[k + 1] : reach[k - 1];
    y = x - (comes ? k + 1 : k - 1);
    if (comes) {
      m->new_changed[y] = true;
    } else {
      m->old_changed[x] = true;
    }
  }
}

/* False when it takes too many edits. Each row has a diagonal to spare at both
 * ends, which nothing has reached. */
static bool shortest_edit(stele_arena *arena, const middle *m) {
  static const int32_t before_all[2] = {0, 0}; /* the first path begins at 0, as if by an edit */
  int32_t *reaches[MOST_EDITS + 1];
  for (int32_t edits = 0; edits <= MOST_EDITS; edits++) {
    int32_t *row = stele_arena_alloc(arena, (size_t)(2 * edits + 3) * sizeof *row, sizeof *row);
    int32_t *reach = reaches[edits] = row + edits + 1;
    reach[-edits - 1] = reach[edits + 1] = -1;
    for (int32_t k = -edits; k <= edits; k++) reach[k] = -1;
    for (int32_t k = -edits; k <= edits; k += 2) {
      reach[k] = step(m, edits ? reaches[edits - 1] : before_all, edits, k);
      if (reach[k] < m->old_count || reach[k] - k < m->new_count) continue;
      walk_back(m, reaches, edits);
      return true;
    }
  }
  return false;
}

static void compare(stele_arena *arena, const side *old, const side *new) {
  size_t head = 0, tail = 0, least = old->count < new->count ? old->count : new->count;
  while (head < least && old->ids[head] == new->ids[head]) head++;
  while (tail < least - head &&
         old->ids[old->count - tail - 1] == new->ids[new->count - tail - 1]) {
    tail++;
  }
  size_t old_count = old->count - head - tail, new_count = new->count - head - tail;
  middle m = {old->ids + head,    new->ids + head,     (int32_t)old_count,
              (int32_t)new_count, old->changed + head, new->changed + head};
  if (old_count && new_count && shortest_edit(arena, &m)) return;
  for (size_t i = 0; i < old_count; i++) m.old_changed[i] = true;
  for (size_t i = 0; i < new_count; i++) m.new_changed[i] = true;
}

/* ---- Printing ------------------------------------------------------------------- */

static diff_lines in_order(stele_arena *arena, const side *old, const side *new) {
  diff_lines lines = {0};
  size_t i = 0, k = 0;
  while (i < old->count || k < new->count) {
    if (i < old->count && old->changed[i]) {
      STELE_VEC_PUSH(arena, &lines, (diff_line){'-', i++, k});
    } else if (k < new->count &&new->changed[k]) {
      STELE_VEC_PUSH(arena, &lines, (diff_line){'+', i, k++});
    } else {
      STELE_VEC_PUSH(arena, &lines, (diff_line){' ', i++, k++});
    }
  }
  return lines;
}

/* "12,3", counting from 1; an empty range is named by the line before it. */
static void print_range(stele_buf *out, size_t first, size_t count) {
  stele_buf_add_u64(out, first + (count > 0));
  if (count == 1) return;
  stele_buf_add_byte(out, ',');
  stele_buf_add_u64(out, count);
}

static void print_line(const side *old, const side *new, const diff_line *line, stele_buf *out) {
  stele_str text = line->mark == '+' ? new->lines[line->new] : old->lines[line->old];
  stele_buf_add_byte(out, (uint8_t)line->mark);
  stele_buf_add_str(out, text);
  if (text.ptr[text.len - 1] != '\n') stele_buf_add_cstr(out, "\n\\ No newline at end of file\n");
}

static void print_hunk(const side *old, const side *new, const diff_line *lines, size_t count,
                       stele_buf *out) {
  size_t went = 0, came = 0;
  for (size_t i = 0; i < count; i++) {
    went += lines[i].mark != '+';
    came += lines[i].mark != '-';
  }
  stele_buf_add_cstr(out, "@@ -");
  print_range(out, lines[0].old, went);
  stele_buf_add_cstr(out, " +");
  print_range(out, lines[0].new, came);
  stele_buf_add_cstr(out, " @@\n");
  for (size_t i = 0; i < count; i++) print_line(old, new, &lines[i], out);
}

/* The end of the hunk with the change at `i`: behind the last change that no more
 * than two contexts part from the one before, and its context. */
static size_t hunk_end(const diff_lines *lines, size_t i) {
  size_t last = i;
  for (; i < lines->count && i - last <= 2 * CONTEXT + 1; i++) {
    if (lines->at[i].mark != ' ') last = i;
  }
  return last + CONTEXT + 1 < lines->count ? last + CONTEXT + 1 : lines->count;
}

static void print_name(stele_buf *out, const char *mark, stele_str name) {
  stele_buf_add_cstr(out, mark);
  stele_buf_add_str(out, name);
  stele_buf_add_byte(out, '\n');
}

void stele_diff_print(stele_arena *arena, stele_str old_name, stele_str new_name, stele_str old,
                      stele_str new, stele_buf *out) {
  stele_map ids;
  if (stele_str_eq(old, new)) return;
  stele_map_init(&ids, arena, 0);
  side before = split(arena, &ids, old), after = split(arena, &ids, new);
  compare(arena, &before, &after);
  diff_lines lines = in_order(arena, &before, &after);
  print_name(out, "--- ", old_name);
  print_name(out, "+++ ", new_name);
  for (size_t i = 0; i < lines.count;) {
    if (lines.at[i].mark == ' ') {
      i++;
      continue;
    }
    size_t start = i > CONTEXT ? i - CONTEXT : 0, end = hunk_end(&lines, i);
    print_hunk(&before, &after, lines.at + start, end - start, out);
    i = end;
  }
}
