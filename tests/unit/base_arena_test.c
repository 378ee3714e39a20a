/* Arenas, guards, vectors and buffers. */
#include "base/arena.h"

#include "base/buf.h"
#include "base/guard.h"
#include "base/vec.h"
#include "harness/test.h"

static void test_memory_is_zeroed_and_aligned(stele_test *t) {
  for (size_t i = 1; i < 3000; i += 7) {
    uint64_t *words = STELE_NEW_ARRAY(t->arena, uint64_t, i);
    t_eq_int(t, (uintptr_t)words % _Alignof(uint64_t), 0);
    for (size_t j = 0; j < i; j++) t_eq_int(t, words[j], 0);
    memset(words, 0xff, i * sizeof *words);
  }
  t_true(t, stele_arena_used_bytes(t->arena) <= stele_arena_held_bytes(t->arena));
}

static void test_rewind_forgets(stele_test *t) {
  (void)stele_str_copy(t->arena, STELE_STR("kept"));
  stele_mark mark = stele_arena_mark(t->arena);
  size_t used = stele_arena_used_bytes(t->arena);
  for (int i = 0; i < 100; i++) (void)STELE_NEW_ARRAY(t->arena, char, 10000);
  stele_arena_rewind(t->arena, mark);
  t_eq_int(t, stele_arena_used_bytes(t->arena), used);
  stele_arena_reset(t->arena);
  t_eq_int(t, stele_arena_used_bytes(t->arena), 0);
}

typedef struct limit_job {
  stele_arena *arena;
  size_t done;
} limit_job;

static void allocate_for_ever(void *arg) {
  limit_job *job = arg;
  for (;;) {
    (void)STELE_NEW_ARRAY(job->arena, char, 1000);
    job->done++;
  }
}

static void test_limit_is_an_error(stele_test *t) {
  stele_arena *arena = stele_arena_new(64 * 1024);
  limit_job job = {.arena = arena};
  stele_err err = {0};
  t_true(t, !stele_guard_run(arena, allocate_for_ever, &job, &err));
  t_eq_int(t, err.code, STELE_LIMIT);
  t_true(t, job.done > 10 && job.done < 66);
  stele_arena *scratch = stele_arena_new_scratch(arena);
  job = (limit_job){.arena = scratch};
  t_true(t, !stele_guard_run(arena, allocate_for_ever, &job, &err));
  t_eq_int(t, err.code, STELE_LIMIT);
  stele_arena_free(scratch);
  stele_arena_free(arena);
}

typedef STELE_VEC(uint32_t) u32_vec;

static void fill(void *arg) {
  stele_arena *arena = arg;
  u32_vec numbers = {0};
  for (uint32_t i = 0; i < 100; i++) STELE_VEC_PUSH(arena, &numbers, i);
  stele_buf buf;
  stele_buf_init(&buf, arena, 0);
  for (int i = 0; i < 50; i++) stele_buf_printf(&buf, "%d,", i);
}

static bool fill_guarded(stele_arena *arena, stele_err *err) {
  return stele_guard_run(arena, fill, arena, err);
}

static void test_every_allocation_may_fail(stele_test *t) {
  t_each_failure(t, fill_guarded);
}

static void test_buf(stele_test *t) {
  stele_buf buf;
  stele_buf_init(&buf, t->arena, 0);
  stele_buf_add_i64(&buf, INT64_MIN);
  stele_buf_add_byte(&buf, ' ');
  stele_buf_add_u64(&buf, UINT64_MAX);
  stele_buf_add_spaces(&buf, 2);
  stele_buf_printf(&buf, "%s|%d", "x", 7);
  t_eq_str(t, stele_buf_str(&buf), STELE_STR("-9223372036854775808 18446744073709551615  x|7"));

  stele_buf small;
  stele_buf_init(&small, NULL, 5);
  stele_buf_add_str(&small, STELE_STR("abc"));
  stele_buf_add_str(&small, STELE_STR("def"));
  stele_buf_add_str(&small, STELE_STR("g"));
  t_true(t, small.failed);
  t_eq_str(t, stele_buf_str(&small), STELE_STR("abc"));
  stele_buf_release(&small);
}

static void test_err_keeps_the_cause(stele_test *t) {
  stele_err err = {0};
  t_true(t, !stele_fail(&err, STELE_IO, "read %d", 5));
  t_true(t, !stele_wrap(&err, "open %s", "x"));
  t_eq_str(t, stele_cstr(err.msg), STELE_STR("open x: read 5"));
  t_eq_int(t, stele_code_http(STELE_LIMIT), 413);
  t_eq_int(t, stele_code_grpc(STELE_NOT_FOUND), 5);
}

/* What a job took in several chunks, the next one like it gets in one, which stays. */
static void test_reset_joins(stele_test *t) {
  static const size_t limits[] = {0, 80000};
  for (size_t i = 0; i < STELE_COUNT(limits); i++) {
    stele_arena *arena = stele_arena_new(limits[i]);
    size_t held[4];
    t_case_n(t, "limit", limits[i]);
    for (size_t round = 0; round < STELE_COUNT(held); round++) {
      for (int k = 0; k < 50; k++) memset(stele_arena_alloc(arena, 1000, 8), 1, 1000);
      t_true(t, stele_arena_used_bytes(arena) >= 50000);
      held[round] = stele_arena_held_bytes(arena);
      stele_arena_reset(arena);
    }
    if (!limits[i]) t_true(t, held[2] == held[3] && stele_arena_held_bytes(arena) == held[3]);
    if (limits[i]) t_true(t, held[3] <= limits[i]);
    stele_arena_free(arena);
  }
}

/* Takes what is free and keeps the last bytes, all of one letter. */
static uint8_t *keep_letters(stele_arena *arena, size_t count, int letter) {
  uint8_t *end, *start = stele_arena_take_rest(arena, count, &end);
  memset(end - count, letter, count);
  stele_arena_keep_tail(arena, start, end - count, end);
  return end - count;
}

static bool are(const uint8_t *at, size_t count, int letter) {
  for (size_t i = 0; i < count; i++) {
    if (at[i] != letter) return false;
  }
  return true;
}

/* What was kept at the end of a chunk is in nobody's way, and nobody is in its. */
static void test_tails(stele_test *t) {
  stele_arena *arena = stele_arena_new(0);
  uint8_t *first = keep_letters(arena, 100, 'a');
  size_t used = stele_arena_used_bytes(arena);
  t_eq_int(t, used, 100);
  stele_mark mark = stele_arena_mark(arena);
  for (int round = 0; round < 3; round++) {
    uint8_t *tails[20], *blocks[20];
    for (int i = 0; i < 20; i++) {
      tails[i] = keep_letters(arena, 300, 'A' + i);
      blocks[i] = stele_arena_alloc(arena, 200, 8);
      memset(blocks[i], 'a' + i, 200);
    }
    for (int i = 0; i < 20; i++) {
      t_true(t, are(tails[i], 300, 'A' + i) && are(blocks[i], 200, 'a' + i));
    }
    t_true(t, stele_arena_used_bytes(arena) >= 20 * 500 + 100);
    stele_arena_rewind(arena, mark);
    t_true(t, stele_arena_used_bytes(arena) == used && are(first, 100, 'a'));
  }
  t_case(t, "something was allocated behind: nothing is given back");
  uint8_t *end, *start = stele_arena_take_rest(arena, 64, &end);
  uint8_t *behind = stele_arena_alloc(arena, 64, 1);
  stele_arena_keep_tail(arena, start, end, end);
  t_true(t, stele_arena_alloc(arena, 1, 1) == behind + 64);
  stele_arena_reset(arena);
  t_eq_int(t, stele_arena_used_bytes(arena), 0);
  stele_arena_free(arena);

  t_case(t, "what is left can be had");
  arena = stele_arena_new(10000);
  size_t left = stele_arena_left(arena);
  (void)stele_arena_alloc(arena, left, 8);
  t_true(t, left > 8900 && stele_arena_left(arena) == 0);
  stele_arena_free(arena);
}

TEST_MAIN(test_memory_is_zeroed_and_aligned, test_rewind_forgets, test_limit_is_an_error,
          test_every_allocation_may_fail, test_buf, test_err_keeps_the_cause, test_reset_joins,
          test_tails)
