/* What the operating system does for us. */
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/test.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/folders.h"
#include "sys/loop.h"
#include "sys/pool.h"
#include "sys/random.h"
#include "sys/self.h"
#include "sys/signal.h"
#include "sys/socket.h"
#include "sys/thread.h"

/* --- files --------------------------------------------------------------- */

static stele_str temp_dir(stele_test *t) {
  stele_str dir;
  stele_err err = {0};
  t_ok(t, sys_dir_temp(t->arena, "stele-test", &dir, &err), &err);
  return dir;
}

static stele_str in(stele_test *t, stele_str dir, const char *name) {
  return stele_str_printf(t->arena, STELE_STR_FMT "/%s", STELE_STR_ARG(dir), name);
}

static void put(stele_test *t, stele_str path, const char *text) {
  stele_err err = {0};
  t_ok(t, sys_file_write(path, stele_str_bytes(stele_cstr(text)), &err), &err);
}

static void test_whole_files(stele_test *t) {
  stele_str dir = temp_dir(t), path = in(t, dir, "a");
  stele_err err = {0};
  stele_bytes got;
  bool written;
  t_true(t, !sys_file_read(t->arena, path, 100, &got, &err));
  t_eq_int(t, err.code, STELE_NOT_FOUND);
  put(t, path, "hello");
  t_ok(t, sys_file_read(t->arena, path, 5, &got, &err), &err);
  t_eq_str(t, stele_bytes_str(got), STELE_STR("hello"));
  t_eq_int(t, got.ptr[5], 0);
  t_true(t, !sys_file_read(t->arena, path, 4, &got, &err));
  t_eq_int(t, err.code, STELE_LIMIT);
  t_true(t, !sys_file_read(t->arena, dir, 100, &got, &err));
  t_eq_int(t, err.code, STELE_INVALID);
  t_true(t, !sys_file_read(t->arena, STELE_STR("a\0b"), 100, &got, &err));
  t_eq_int(t, err.code, STELE_INVALID);
  t_ok(t, sys_file_read(t->arena, STELE_STR("/proc/self/status"), 1 << 20, &got, &err), &err);
  t_true(t, got.len > 100); /* a file that says it has no size */

  t_ok(t, sys_file_update(path, stele_str_bytes(STELE_STR("hello")), &written, &err), &err);
  t_true(t, !written);
  t_ok(t, sys_file_update(path, stele_str_bytes(STELE_STR("world")), &written, &err), &err);
  t_true(t, written);
  t_ok(t, sys_file_read(t->arena, path, 100, &got, &err), &err);
  t_eq_str(t, stele_bytes_str(got), STELE_STR("world"));
  t_eq_int(t, sys_file_stat(path).kind, SYS_FILE_PLAIN);
  t_eq_int(t, sys_file_stat(path).size_bytes, 5);
  t_eq_int(t, sys_file_stat(dir).kind, SYS_FILE_DIR);
  t_true(t, !sys_file_write(in(t, dir, "no/such/dir"), (stele_bytes){NULL, 0}, &err));
  t_eq_int(t, err.code, STELE_NOT_FOUND);
  t_ok(t, sys_file_remove(path, &err), &err);
  t_ok(t, sys_file_remove(path, &err), &err); /* again is fine */
  t_eq_int(t, sys_file_stat(path).kind, SYS_FILE_NONE);
  t_ok(t, sys_dir_remove(dir, &err), &err);
}

/* Large ones, into a buffer that is used again, and into an arena that ends. */
static void test_large_files(stele_test *t) {
  enum { SIZE = 300000 };
  stele_str dir = temp_dir(t), path = in(t, dir, "large");
  stele_err err = {0};
  stele_buf buf;
  stele_bytes got;
  uint8_t *bytes = stele_arena_alloc(t->arena, SIZE, 1);
  for (size_t i = 0; i < SIZE; i++) bytes[i] = (uint8_t)(i * 7);
  t_ok(t, sys_file_write(path, (stele_bytes){bytes, SIZE}, &err), &err);
  stele_buf_init(&buf, NULL, 0);
  for (int i = 0; i < 2; i++) {
    t_ok(t, sys_file_read_into(&buf, path, SIZE, &err), &err);
    t_true(t, stele_bytes_eq(stele_buf_bytes(&buf), (stele_bytes){bytes, SIZE}));
  }
  stele_buf_release(&buf);
  stele_arena *small = stele_arena_new(4096);
  t_true(t, !sys_file_read(small, path, SIZE, &got, &err));
  t_eq_int(t, err.code, STELE_LIMIT);
  stele_arena_free(small);
  t_ok(t, sys_dir_remove(dir, &err), &err);
}

/* More folders than are kept open, twice around; what is not there; odd paths. */
static void test_folders_that_stay_open(stele_test *t) {
  stele_str dir = temp_dir(t);
  stele_err err = {0};
  stele_buf buf;
  sys_folders folders = {0};
  stele_buf_init(&buf, NULL, 0);
  for (int i = 0; i < 2 * SYS_FOLDERS_MOST + 2; i++) {
    int number = i % (SYS_FOLDERS_MOST + 1);
    stele_str name = stele_str_printf(t->arena, "d%d", number);
    stele_str path = in(t, in(t, dir, name.ptr), "file");
    if (i <= SYS_FOLDERS_MOST) {
      t_ok(t, sys_dir_make(in(t, dir, name.ptr), &err), &err);
      put(t, path, name.ptr);
    }
    t_eq_int(t, sys_folders_stat(&folders, path).kind, SYS_FILE_PLAIN);
    t_ok(t, sys_folders_read_into(&folders, &buf, path, 100, &err), &err);
    t_eq_str(t, stele_buf_str(&buf), name);
  }
  t_eq_int(t, sys_folders_stat(&folders, in(t, dir, "d0/")).kind, SYS_FILE_DIR);
  t_eq_int(t, sys_folders_stat(&folders, STELE_STR("/")).kind, SYS_FILE_DIR);
  t_eq_int(t, sys_folders_stat(&folders, in(t, dir, "no/file")).kind, SYS_FILE_NONE);
  t_true(t, !sys_folders_read_into(&folders, &buf, in(t, dir, "no/file"), 100, &err));
  t_eq_int(t, err.code, STELE_NOT_FOUND);
  t_true(t, !sys_folders_read_into(&folders, &buf, in(t, dir, "d0/no"), 100, &err));
  t_eq_int(t, err.code, STELE_NOT_FOUND);
  t_true(t, !sys_folders_read_into(&folders, &buf, in(t, dir, "d0/file"), 1, &err));
  t_eq_int(t, err.code, STELE_LIMIT);
  sys_folders_release(&folders);
  stele_buf_release(&buf);
  t_ok(t, sys_dir_remove(dir, &err), &err);
}

static void test_writing_keeps_the_mode(stele_test *t) {
  stele_str dir = temp_dir(t), path = in(t, dir, "script");
  put(t, path, "1");
  t_eq_int(t,
           system(stele_str_printf(t->arena, "chmod 750 " STELE_STR_FMT, STELE_STR_ARG(path)).ptr),
           0);
  put(t, path, "2");
  stele_err err = {0};
  t_eq_int(t,
           system(stele_str_printf(t->arena, "test `stat -c %%a " STELE_STR_FMT "` = 750",
                                   STELE_STR_ARG(path))
                      .ptr),
           0);
  t_eq_int(t,
           system(stele_str_printf(t->arena, "test `ls " STELE_STR_FMT " | wc -l` = 1",
                                   STELE_STR_ARG(dir))
                      .ptr),
           0); /* no temporary file is left */
  t_ok(t, sys_dir_remove(dir, &err), &err);
}

static void test_listing(stele_test *t) {
  static const char *const dirs[] = {"b/c", "a", ".hidden", "empty"};
  static const char *const files[] = {"z.proto",   "b/c/x.proto",     "b/y.proto",  "a/x.txt",
                                      "a/b.proto", ".hidden/h.proto", ".dot.proto", "a-b.proto"};
  stele_str dir = temp_dir(t), joined = {NULL, 0};
  stele_err err = {0};
  sys_paths paths;
  for (size_t i = 0; i < STELE_COUNT(dirs); i++) {
    t_ok(t, sys_dir_make(in(t, dir, dirs[i]), &err), &err);
  }
  t_ok(t, sys_dir_make(in(t, dir, "a"), &err), &err); /* again is fine */
  for (size_t i = 0; i < STELE_COUNT(files); i++) put(t, in(t, dir, files[i]), "");
  t_eq_int(t, symlink(in(t, dir, "b").ptr, in(t, dir, "link").ptr), 0);
  t_eq_int(t, symlink(in(t, dir, "z.proto").ptr, in(t, dir, "a/link.proto").ptr), 0);
  t_eq_int(t, symlink("nowhere", in(t, dir, "dangling.proto").ptr), 0);
  t_ok(t, sys_dir_list(t->arena, dir, STELE_STR(".proto"), 100, &paths, &err), &err);
  for (size_t i = 0; i < paths.count; i++) {
    joined = stele_str_printf(t->arena, STELE_STR_FMT STELE_STR_FMT ";", STELE_STR_ARG(joined),
                              STELE_STR_ARG(paths.at[i]));
  }
  t_eq_str(t, joined, STELE_STR("a-b.proto;a/b.proto;a/link.proto;b/c/x.proto;b/y.proto;z.proto;"));
  t_true(t, !sys_dir_list(t->arena, dir, STELE_STR(".proto"), 5, &paths, &err));
  t_eq_int(t, err.code, STELE_LIMIT);
  t_true(t, !sys_dir_list(t->arena, in(t, dir, "none"), STELE_STR(""), 5, &paths, &err));
  t_eq_int(t, err.code, STELE_NOT_FOUND);
  t_true(t, !sys_dir_make(in(t, dir, "z.proto/x"), &err));
  t_ok(t, sys_dir_remove(dir, &err), &err);
  t_eq_int(t, sys_file_stat(dir).kind, SYS_FILE_NONE);
}

/* --- threads and pools --------------------------------------------------- */

typedef struct tally {
  _Atomic int done, running, most;
} tally;

static void count_one(void *arg) {
  tally *all = arg;
  int now = atomic_fetch_add(&all->running, 1) + 1, most = atomic_load(&all->most);
  while (now > most && !atomic_compare_exchange_weak(&all->most, &most, now)) continue;
  sys_clock_sleep_ms(1);
  atomic_fetch_sub(&all->running, 1);
  atomic_fetch_add(&all->done, 1);
}

static void test_pool(stele_test *t) {
  tally all = {0};
  stele_err err = {0};
  sys_pool *pool =
      sys_pool_new(&(sys_pool_options){.name = "test", .threads = 3, .queue_length = 200}, &err);
  t_ok(t, pool != NULL, &err);
  int taken = 0;
  for (int i = 0; i < 150; i++) taken += sys_pool_submit(pool, count_one, &all);
  t_eq_int(t, taken, 150);
  sys_pool_free(pool); /* finishes what is queued */
  t_eq_int(t, all.done, 150);
  t_true(t, all.most <= 3);
}

static void wait_for_go(void *arg) {
  while (!atomic_load((_Atomic int *)arg)) sys_clock_sleep_ms(1);
}

static void test_a_pool_has_an_end(stele_test *t) {
  _Atomic int go = 0;
  stele_err err = {0};
  sys_pool *pool =
      sys_pool_new(&(sys_pool_options){.name = "test", .threads = 1, .queue_length = 4}, &err);
  t_ok(t, pool != NULL, &err);
  t_true(t, sys_pool_submit(pool, wait_for_go, &go));
  while (sys_pool_waiting(pool)) sys_clock_sleep_ms(1); /* the thread has taken it */
  int taken = 0;
  while (sys_pool_submit(pool, wait_for_go, &go)) taken++;
  t_eq_int(t, taken, 4);
  t_eq_int(t, sys_pool_waiting(pool), 4);
  atomic_store(&go, 1);
  sys_pool_free(pool);
}

/* --- loops --------------------------------------------------------------- */

typedef struct looping {
  sys_loop *loop;
  sys_task task;
  sys_watch *watch;
  int ticks, posted, woken;
  char byte;
} looping;

static void tick(void *arg) {
  looping *l = arg;
  l->ticks++;
  if (l->posted == 3 && l->woken == 1) sys_loop_stop(l->loop);
}

static void posted(void *arg) {
  looping *l = arg;
  if (++l->posted < 3) {
    sys_loop_post(l->loop, &l->task); /* a task may be posted again once it runs */
  }
}

static void woken(void *arg, unsigned can) {
  looping *l = arg;
  if (!(can & SYS_CAN_READ)) return;
  l->woken += read(sys_watch_fd(l->watch), &l->byte, 1) == 1;
}

static void post_from_elsewhere(void *arg) {
  looping *l = arg;
  sys_clock_sleep_ms(30);
  sys_loop_post(l->loop, &l->task);
}

static void test_loop(stele_test *t) {
  looping l = {0};
  stele_err err = {0};
  sys_thread thread;
  int ends[2];
  l.loop = sys_loop_new(&err);
  t_ok(t, l.loop != NULL, &err);
  l.task = (sys_task){.fn = posted, .arg = &l};
  t_eq_int(t, pipe(ends), 0);
  l.watch = sys_watch_open(l.loop, ends[0], woken, &l, &err);
  t_ok(t, l.watch != NULL, &err);
  sys_watch_want(l.watch, SYS_CAN_READ);
  sys_timer *timer = sys_timer_open(l.loop, 5, tick, &l, &err);
  t_ok(t, timer != NULL, &err);
  t_ok(t, sys_thread_start(&thread, "poster", post_from_elsewhere, &l, &err), &err);
  sys_thread_join(&thread);
  t_eq_int(t, write(ends[1], "x", 1), 1);
  sys_loop_run(l.loop);
  t_eq_int(t, l.posted, 3);
  t_eq_int(t, l.woken, 1);
  t_true(t, l.ticks > 0);
  t_eq_int(t, l.byte, 'x');
  sys_timer_close(timer);
  sys_watch_close(l.watch);
  l.posted = 2;
  sys_loop_post(l.loop, &l.task); /* too late to run, not too late to be told */
  sys_loop_free(l.loop);
  t_eq_int(t, l.posted, 3);
  close(ends[1]);
}

/* --- the rest ------------------------------------------------------------ */

static void test_addresses(stele_test *t) {
  static const struct {
    const char *text, *want; /* NULL: refused */
    bool loopback;
  } rows[] = {
      {"127.0.0.1:8081", "127.0.0.1:8081", true},
      {"localhost:0", "127.0.0.1:0", true},
      {"127.9.9.9:1", "127.9.9.9:1", true},
      {"[::1]:80", "[::1]:80", true},
      {"0.0.0.0:80", "0.0.0.0:80", false},
      {":80", "0.0.0.0:80", false},
      {"*:80", "0.0.0.0:80", false},
      {"[::]:80", "[::]:80", false},
      {"10.0.0.1:65535", "10.0.0.1:65535", false},
      {"10.0.0.1:65536", NULL, false},
      {"10.0.0.1", NULL, false},
      {"example.org:80", NULL, false},
      {"10.0.0.1:", NULL, false},
      {"", NULL, false},
      {"1.2.3:80", NULL, false},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    sys_address address;
    char text[SYS_ADDRESS_TEXT + 8];
    stele_err err = {0};
    t_case(t, rows[i].text);
    bool ok = sys_address_parse(stele_cstr(rows[i].text), &address, &err);
    t_eq_int(t, ok, rows[i].want != NULL);
    if (!ok) continue;
    sys_address_print(&address, text);
    t_eq_str(t, stele_cstr(text), stele_cstr(rows[i].want));
    t_eq_int(t, address.loopback, rows[i].loopback);
  }
}

static void test_uuids(stele_test *t) {
  char a[SYS_UUID_TEXT], b[SYS_UUID_TEXT];
  sys_prng prng, other;
  sys_prng_init(&prng);
  sys_prng_init(&other);
  for (int i = 0; i < 100; i++) {
    sys_uuid_print(&prng, a);
    sys_uuid_print(i % 2 ? &prng : &other, b);
    t_true(t, memcmp(a, b, sizeof a) != 0);
    for (size_t c = 0; c < sizeof a; c++) {
      bool dash = c == 8 || c == 13 || c == 18 || c == 23;
      t_true(t, dash ? a[c] == '-' : strchr("0123456789abcdef", a[c]) != NULL);
    }
    t_eq_int(t, a[14], '4');
    t_true(t, strchr("89ab", a[19]) != NULL);
  }
}

static void test_clocks_and_self(stele_test *t) {
  stele_time_us wall = sys_clock_wall(), mono = sys_clock_mono();
  sys_clock_sleep_ms(5);
  t_true(t, sys_clock_mono() - mono >= 5000);
  t_true(t, sys_clock().now(NULL) - wall >= 4000);
  t_true(t, wall > 1700000000 * (int64_t)STELE_US_PER_S);
  sys_self self;
  sys_self_read(&self);
  t_true(t,
         self.cpu > 0 && self.resident_bytes > 1 << 20 && self.virtual_bytes > self.resident_bytes);
  t_true(t, self.open_files >= 3 && self.most_files > self.open_files && self.threads >= 1);
  t_true(t,
         self.started <= sys_clock_wall() && self.started > wall - 3600 * (int64_t)STELE_US_PER_S);
  t_true(t, sys_thread_cores() >= 1);
}

static void test_signals(stele_test *t) {
  sys_signals_block();
  t_eq_int(t, sys_signal_wait(10), 0);
  t_eq_int(t, kill(getpid(), SIGTERM), 0);
  int number = sys_signal_wait(1000);
  t_eq_int(t, number, SIGTERM);
  t_eq_str(t, stele_cstr(sys_signal_text(number)), STELE_STR("SIGTERM"));
  sys_signals_restore();
}

TEST_MAIN(test_whole_files, test_large_files, test_folders_that_stay_open,
          test_writing_keeps_the_mode, test_listing, test_pool, test_a_pool_has_an_end, test_loop,
          test_addresses, test_uuids, test_clocks_and_self, test_signals)
