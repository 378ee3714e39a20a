/* tests/golden/comments/<case>/in.proto -> oracle.txt: for each location that
 * has comments its place and their texts, as protoc's source info has them.
 * Only tools/oracle, which runs protoc, writes an oracle file. */
#include "base/guard.h"
#include "harness/comments.h"
#include "harness/test.h"
#include "proto/parse/parse.h"

typedef struct found {
  stele_place place;
  stele_str text;
} found;

typedef struct walk {
  stele_arena *arena;
  const stele_ast_file *file;
  STELE_VEC(found) found;
} walk;

static void add_quoted(stele_buf *out, stele_str text) {
  static const char plain[][3] = {"\"\"", "\\\\", "\nn", "\tt", "\rr"};
  stele_buf_add_byte(out, '"');
  for (size_t i = 0; i < text.len; i++) {
    uint8_t byte = (uint8_t)text.ptr[i];
    size_t row = 0;
    while (row < STELE_COUNT(plain) && plain[row][0] != (char)byte) row++;
    if (row < STELE_COUNT(plain)) {
      stele_buf_printf(out, "\\%c", plain[row][1]);
    } else if (byte < 32 || byte > 126) {
      stele_buf_printf(out, "\\x%02x", byte);
    } else {
      stele_buf_add_byte(out, byte);
    }
  }
  stele_buf_add_byte(out, '"');
}

static void add_comment(walk *w, stele_buf *out, const char *name, const stele_comment *comment) {
  stele_buf text;
  if (!comment->end) return;
  stele_buf_init(&text, w->arena, 0);
  stele_comment_print(&w->file->tokens, comment, &text);
  stele_buf_printf(out, "  %s ", name);
  add_quoted(out, stele_buf_str(&text));
  stele_buf_add_byte(out, '\n');
}

static void take(void *arg, uint32_t ordinal, uint32_t first, const stele_comments_of *of) {
  walk *w = arg;
  stele_buf out;
  (void)ordinal;
  stele_place place = stele_token_place(&w->file->tokens, first);
  stele_buf_init(&out, w->arena, 0);
  stele_buf_printf(&out, "%d:%d\n", place.line + 1, place.column + 1);
  add_comment(w, &out, "leading", &of->leading);
  add_comment(w, &out, "trailing", &of->trailing);
  for (size_t i = 0; i < of->detached_count; i++) {
    add_comment(w, &out, "detached", &of->detached[i]);
  }
  STELE_VEC_PUSH(w->arena, &w->found, (found){place, stele_buf_str(&out)});
}

static int compare_places(const void *left, const void *right) {
  const found *a = left, *b = right;
  int order = (a->place.line > b->place.line) - (a->place.line < b->place.line);
  return order ? order : (a->place.column > b->place.column) - (a->place.column < b->place.column);
}

static stele_str comments_of(stele_test *t, stele_str text) {
  stele_source source = {STELE_STR("in.proto"), text};
  stele_report *report = stele_report_new(t->arena, 0);
  walk w = {.arena = t->arena};
  w.file = stele_parse(t->arena, stele_token_interner(t->arena), &source, report);
  t_true(t, !w.file->has_errors);
  comments_walk(t->arena, w.file, take, &w);
  if (w.found.count) qsort(w.found.at, w.found.count, sizeof *w.found.at, compare_places);
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  for (size_t i = 0; i < w.found.count; i++) stele_buf_add_str(&out, w.found.at[i].text);
  return stele_buf_str(&out);
}

static void test_comments_are_protocs(stele_test *t) {
  size_t count;
  const stele_str *cases = t_folders(t, "tests/golden/comments", &count);
  for (size_t i = 0; i < count; i++) {
    stele_str dir =
        stele_str_printf(t->arena, "tests/golden/comments/" STELE_STR_FMT, STELE_STR_ARG(cases[i]));
    t_case(t, cases[i].ptr);
    stele_str in = t_file(t, stele_str_printf(t->arena, "%s/in.proto", dir.ptr).ptr);
    stele_str want = t_file(t, stele_str_printf(t->arena, "%s/oracle.txt", dir.ptr).ptr);
    t_eq_str(t, comments_of(t, in), want);
  }
}

TEST_MAIN(test_comments_are_protocs)
