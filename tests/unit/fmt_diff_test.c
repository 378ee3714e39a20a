/* Unified diffs: rows as `diff -u` writes them, and that the diff of random texts
 * turns one into the other. */
#include "fmt/diff.h"

#include "base/guard.h"
#include "harness/test.h"

typedef struct diff_job {
  stele_arena *arena;
  stele_str old, new;
  stele_buf out;
} diff_job;

static void run(void *arg) {
  diff_job *job = arg;
  stele_buf_init(&job->out, job->arena, 0);
  stele_diff_print(job->arena, STELE_STR("a"), STELE_STR("b"), job->old, job->new, &job->out);
}

static stele_str diff(stele_test *t, stele_str old, stele_str new) {
  diff_job job = {.arena = t->arena, .old = old, .new = new};
  stele_err err = {0};
  t_ok(t, stele_guard_run(t->arena, run, &job, &err), &err);
  return stele_buf_str(&job.out);
}

static void test_rows(stele_test *t) {
  static const struct {
    const char *label, *old, *new, *want;
  } rows[] = {
      {"equal", "a\nb\n", "a\nb\n", ""},
      {"both empty", "", "", ""},
      {"from nothing", "", "a\nb\n", "--- a\n+++ b\n@@ -0,0 +1,2 @@\n+a\n+b\n"},
      {"to nothing", "a\n", "", "--- a\n+++ b\n@@ -1 +0,0 @@\n-a\n"},
      {"one line of one", "a\n", "b\n", "--- a\n+++ b\n@@ -1 +1 @@\n-a\n+b\n"},
      {"no line end before", "a", "a\n",
       "--- a\n+++ b\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"},
      {"no line end after", "a\nb\n", "a\nb",
       "--- a\n+++ b\n@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ No newline at end of file\n"},
      {"three lines of context", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
       "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n"},
      {"near changes share a hunk", "a\n1\n2\n3\n4\n5\n6\nb\n", "x\n1\n2\n3\n4\n5\n6\ny\n",
       "--- a\n+++ b\n@@ -1,8 +1,8 @@\n-a\n+x\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+y\n"},
      {"far ones do not", "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "x\n1\n2\n3\n4\n5\n6\n7\ny\n",
       "--- a\n+++ b\n@@ -1,4 +1,4 @@\n-a\n+x\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+y\n"},
      {"the shortest edit", "a\nb\nc\na\nb\nb\na\n", "c\nb\na\nb\na\nc\n",
       "--- a\n+++ b\n@@ -1,7 +1,6 @@\n-a\n-b\n c\n+b\n a\n b\n-b\n a\n+c\n"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    t_eq_str(t, diff(t, stele_cstr(rows[i].old), stele_cstr(rows[i].new)),
             stele_cstr(rows[i].want));
  }
}

/* ---- What a diff says -------------------------------------------------------------- */

static stele_str take_line(stele_str *text) {
  const char *newline = memchr(text->ptr, '\n', text->len);
  size_t len = newline ? (size_t)(newline - text->ptr) + 1 : text->len;
  stele_str line = {text->ptr, len};
  *text = (stele_str){text->ptr + len, text->len - len};
  return line;
}

/* How many old lines stand before the hunk of this head: "@@ -12,3 +…". */
static size_t lines_before(stele_str head) {
  size_t start = 0, i = 4;
  while (head.ptr[i] >= '0' && head.ptr[i] <= '9')
    start = start * 10 + (size_t)(head.ptr[i++] - '0');
  bool is_empty = head.ptr[i] == ',' && head.ptr[i + 1] == '0';
  return is_empty ? start : start - 1;
}

/* What `patch` makes of it; every line of these texts has its end. */
static stele_str patch(stele_test *t, stele_str old, stele_str diff) {
  stele_buf out;
  size_t at = 0;
  stele_buf_init(&out, t->arena, 0);
  if (diff.len) (void)take_line(&diff);
  if (diff.len) (void)take_line(&diff);
  while (diff.len) {
    stele_str line = take_line(&diff);
    if (line.ptr[0] == '@') {
      for (size_t before = lines_before(line); at < before; at++) {
        stele_buf_add_str(&out, take_line(&old));
      }
      continue;
    }
    stele_str body = {line.ptr + 1, line.len - 1};
    if (line.ptr[0] != '+') {
      t_eq_str(t, take_line(&old), body);
      at++;
    }
    if (line.ptr[0] != '-') stele_buf_add_str(&out, body);
  }
  stele_buf_add_str(&out, old);
  return stele_buf_str(&out);
}

static uint32_t random_below(uint64_t *seed, uint32_t end) {
  *seed = *seed * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(*seed >> 33) % end;
}

/* Few distinct lines, so that there is much to choose from. */
static void test_random(stele_test *t) {
  uint64_t seed = 7;
  for (size_t n = 0; n < 300; n++) {
    stele_buf old, new;
    uint32_t kinds = 1 + random_below(&seed, 9), change = 2 + random_below(&seed, 20);
    t_case_n(t, "random", n);
    stele_buf_init(&old, t->arena, 0);
    stele_buf_init(&new, t->arena, 0);
    for (uint32_t i = random_below(&seed, 80); i > 0; i--) {
      uint32_t word = random_below(&seed, kinds), fate = random_below(&seed, change);
      if (fate != 0) stele_buf_printf(&old, "%u\n", word);
      if (fate != 1) stele_buf_printf(&new, "%u\n", word);
    }
    stele_str text = diff(t, stele_buf_str(&old), stele_buf_str(&new));
    t_eq_str(t, patch(t, stele_buf_str(&old), text), stele_buf_str(&new));
  }
}

/* Beyond the bound everything between the ends is one change. */
static void test_too_many_edits(stele_test *t) {
  stele_buf old, new;
  stele_buf_init(&old, t->arena, 0);
  stele_buf_init(&new, t->arena, 0);
  for (int i = 0; i < 2000; i++) {
    stele_buf_printf(&old, "%d\n", i);
    stele_buf_printf(&new, "%d\n", i + (i % 1000 != 0) * 10000);
  }
  stele_str text = diff(t, stele_buf_str(&old), stele_buf_str(&new));
  t_eq_str(t, patch(t, stele_buf_str(&old), text), stele_buf_str(&new));
}

TEST_MAIN(test_rows, test_random, test_too_many_edits)
