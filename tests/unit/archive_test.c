/* Tars: what is written reads back and is always the same; what strangers
 * send is refused where it is not plain files.
 *
 * The hostile ones are made here, block by block, since no tool makes them. */
#include "archive/archive.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "harness/test.h"

/* A ustar header, its checksum right. */
static void add_header(stele_buf *tar, const char *name, char type, const char *link, size_t size) {
  char block[512] = {0};
  memcpy(block, name, strlen(name) < 100 ? strlen(name) : 100);
  memcpy(block + 100,
         "0000644\0"
         "0000000\0"
         "0000000\0",
         24);
  char octal[24];
  (void)snprintf(octal, sizeof octal, "%011zo", size);
  memcpy(block + 124, octal, 11);
  memcpy(block + 136,
         "00000000000\0"
         "        ",
         20);
  block[156] = type;
  memcpy(block + 157, link, strlen(link));
  memcpy(block + 257,
         "ustar\0"
         "00",
         8);
  unsigned sum = 0;
  for (size_t i = 0; i < sizeof block; i++) sum += (uint8_t)block[i];
  (void)snprintf(block + 148, 8, "%06o", sum);
  stele_buf_add(tar, block, sizeof block);
}

static void add_padded(stele_buf *tar, stele_str content) {
  stele_buf_add_str(tar, content);
  while (tar->len % 512) stele_buf_add_byte(tar, 0);
}

static void add_file(stele_buf *tar, const char *name, const char *content) {
  add_header(tar, name, '0', "", strlen(content));
  add_padded(tar, stele_cstr(content));
}

static stele_bytes end_tar(stele_buf *tar) {
  for (int i = 0; i < 1024; i++) stele_buf_add_byte(tar, 0);
  return stele_buf_bytes(tar);
}

/* "a=…;b=…;" for the files read. */
static stele_str shown(stele_test *t, const stele_archive_file *files, size_t count) {
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  for (size_t i = 0; i < count; i++) {
    stele_buf_add_str(&out, files[i].path);
    stele_buf_add_byte(&out, '=');
    stele_buf_add_str(&out, stele_bytes_str(files[i].content));
    stele_buf_add_byte(&out, ';');
  }
  return stele_buf_str(&out);
}

static void test_read(stele_test *t) {
  stele_buf tar;
  const stele_archive_file *files;
  size_t count;
  stele_err err = {0};
  stele_buf_init(&tar, t->arena, 0);
  add_header(&tar, "./", '5', "", 0);
  add_file(&tar, "./z.proto", "last");
  add_header(&tar, "a/", '5', "", 0);
  add_file(&tar, "a/b.proto", "");
  add_file(&tar, "a.proto", "first");
  t_ok(t, stele_archive_read(t->arena, end_tar(&tar), NULL, &files, &count, &err), &err);
  t_eq_str(t, shown(t, files, count), STELE_STR("a.proto=first;a/b.proto=;z.proto=last;"));
}

static void test_refused(stele_test *t) {
  static const struct {
    const char *label, *name;
    char type;
    const char *link, *want;
  } rows[] = {
      {"absolute", "/a", '0', "", "the path \"/a\" is absolute"},
      {"up", "a/../../b", '0', "", "the path \"a/../../b\" has a '..' step"},
      {"up behind a dot", "./../b", '0', "", "the path \"../b\" has a '..' step"},
      {"a control byte", "a\nb", '0', "", "the path \"a\nb\" has a control byte"},
      {"a symbolic link", "a", '2', "/etc/passwd", "\"a\" is not a regular file"},
      {"a hard link", "a", '1', "b", "\"a\" is not a regular file"},
      {"a device", "a", '3', "", "\"a\" is not a regular file"},
      {"a pipe", "a", '6', "", "\"a\" is not a regular file"},
      {"not UTF-8", "a\xff", '0', "", "the path \"a\xff\" is not UTF-8"},
      {"a path twice", "b", '0', "", "the path \"b\" stands twice"},
      {"a path twice, once with a dot", "./b", '0', "", "the path \"b\" stands twice"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_buf tar;
    const stele_archive_file *files;
    size_t count = 7;
    stele_err err = {0};
    stele_buf_init(&tar, t->arena, 0);
    add_file(&tar, "b", "fine");
    add_header(&tar, rows[i].name, rows[i].type, rows[i].link, 0);
    t_case(t, rows[i].label);
    t_true(t, !stele_archive_read(t->arena, end_tar(&tar), NULL, &files, &count, &err));
    t_eq_str(t, stele_cstr(err.msg), stele_cstr(rows[i].want));
    t_eq_int(t, err.code, STELE_INVALID);
    t_eq_int(t, count, 0);
  }
}

static void test_not_a_tar(stele_test *t) {
  stele_buf cut, wild;
  stele_buf_init(&cut, t->arena, 0);
  add_header(&cut, "a", '0', "", 3000);
  stele_buf_add_spaces(&cut, 1000);
  stele_buf_init(&wild, t->arena, 0);
  add_header(&wild, "a", '0', "", 3);
  wild.ptr[150] = '7'; /* the checksum */
  (void)end_tar(&wild);
  const struct {
    const char *label;
    stele_str bytes;
  } rows[] = {
      {"nothing", STELE_STR("")},
      {"text", STELE_STR("syntax = \"proto3\";")},
      {"a cut gzip", STELE_STR("\x1f\x8b\x08\0\0\0\0\0\0\3")},
      {"a zip", STELE_STR("PK\3\4")},
      {"cut inside a file", stele_buf_str(&cut)},
      {"a wrong checksum", stele_buf_str(&wild)},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    const stele_archive_file *files;
    size_t count;
    stele_err err = {0};
    t_case(t, rows[i].label);
    t_true(t, !stele_archive_read(t->arena, stele_str_bytes(rows[i].bytes), NULL, &files, &count,
                                  &err));
    t_eq_int(t, err.code, STELE_INVALID);
  }
}

static void test_limits(stele_test *t) {
  const stele_archive_limits limits = {.entries = 3, .entry_bytes = 10, .total_bytes = 25};
  static const struct {
    const char *label, *contents[4];
    stele_code want;
  } rows[] = {
      {"all that is allowed", {"0123456789", "0123456789", "01234"}, STELE_OK},
      {"an entry too many", {"", "", "", ""}, STELE_LIMIT},
      {"an entry too large", {"0123456789a"}, STELE_LIMIT},
      {"too much together", {"0123456789", "0123456789", "012345"}, STELE_LIMIT},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_buf tar;
    const stele_archive_file *files;
    size_t count;
    stele_err err = {0};
    stele_buf_init(&tar, t->arena, 0);
    for (size_t j = 0; j < 4 && rows[i].contents[j]; j++) {
      add_file(&tar, (const char *[]){"a", "b", "c", "d"}[j], rows[i].contents[j]);
    }
    t_case(t, rows[i].label);
    bool ok = stele_archive_read(t->arena, end_tar(&tar), &limits, &files, &count, &err);
    t_eq_int(t, ok, rows[i].want == STELE_OK);
    t_eq_int(t, err.code, rows[i].want);
  }
}

/* A file that says it has 8 GB, and a pax header that does: neither is read. */
static void test_bombs(stele_test *t) {
  static const char types[] = {'0', 'x', 'g', 'L', 'K', 'D', 'S', '7'};
  for (size_t i = 0; i < sizeof types; i++) {
    stele_buf tar;
    const stele_archive_file *files;
    size_t count;
    stele_err err = {0};
    stele_buf_init(&tar, t->arena, 0);
    add_header(&tar, "a", types[i], "", 077777777777);
    (void)end_tar(&tar);
    size_t before = stele_arena_held_bytes(t->arena);
    t_case_n(t, "header", i);
    t_true(t, !stele_archive_read(t->arena, stele_buf_bytes(&tar), NULL, &files, &count, &err));
    t_true(t, stele_arena_held_bytes(t->arena) - before < 100000);
  }
}

static void test_write(stele_test *t) {
  static const char path_150[] =
      "a/0123456789012345678901234567890123456789012345678901234567890123"
      "4567890123456789012345678901234567890123456789012345678901234567"
      "8901234567890123456789";
  stele_archive_file files[] = {
      {STELE_STR("trading/orders_pb2.py"), stele_str_bytes(STELE_STR("import x\n"))},
      {STELE_STR("\xc3\xa9\xe2\x82\xac.proto"), stele_str_bytes(STELE_STR("UTF-8"))},
      {stele_cstr(path_150), stele_str_bytes(STELE_STR("long"))},
      {STELE_STR("empty"), {0}},
  };
  stele_bytes once, again;
  const stele_archive_file *back;
  size_t count;
  stele_err err = {0};
  t_ok(t, stele_archive_write(t->arena, files, STELE_COUNT(files), &once, &err), &err);
  stele_archive_file first = files[0];
  files[0] = files[3];
  files[3] = first;
  t_ok(t, stele_archive_write(t->arena, files, STELE_COUNT(files), &again, &err), &err);
  t_true(t, stele_bytes_eq(once, again));
  t_true(t, once.ptr[0] == 0x1f && once.ptr[1] == 0x8b && once.ptr[4] == 0 && once.ptr[5] == 0);
  t_ok(t, stele_archive_read(t->arena, once, NULL, &back, &count, &err), &err);
  t_eq_str(t, shown(t, back, count),
           stele_str_printf(t->arena,
                            "%s=long;empty=;trading/orders_pb2.py=import x\n;"
                            "\xc3\xa9\xe2\x82\xac.proto=UTF-8;",
                            path_150));
}

static void test_write_nothing(stele_test *t) {
  stele_bytes tar;
  const stele_archive_file *back;
  size_t count;
  stele_err err = {0};
  t_ok(t, stele_archive_write(t->arena, NULL, 0, &tar, &err), &err);
  t_ok(t, stele_archive_read(t->arena, tar, NULL, &back, &count, &err), &err);
  t_eq_int(t, count, 0);
}

static void test_write_refused(stele_test *t) {
  static const struct {
    const char *first, *second, *want;
  } rows[] = {
      {"a", "../b", "the path \"../b\" has a '..' step"},
      {"a", "/b", "the path \"/b\" is absolute"},
      {"a", "a", "the path \"a\" stands twice"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    const stele_archive_file files[] = {{stele_cstr(rows[i].first), {0}},
                                        {stele_cstr(rows[i].second), {0}}};
    stele_bytes tar;
    stele_err err = {0};
    t_case(t, rows[i].second);
    t_true(t, !stele_archive_write(t->arena, files, 2, &tar, &err));
    t_eq_str(t, stele_cstr(err.msg), stele_cstr(rows[i].want));
    t_eq_int(t, err.code, STELE_INVALID);
  }
}

/* write and read, for trees of many sizes. */
static void test_round_trip(stele_test *t) {
  for (size_t count = 1; count < 40; count += 3) {
    stele_mark mark = stele_arena_mark(t->arena);
    stele_archive_file *files = STELE_NEW_ARRAY(t->arena, stele_archive_file, count);
    for (size_t i = 0; i < count; i++) {
      size_t len = i * i * 37 % 5000;
      char *bytes = STELE_NEW_ARRAY(t->arena, char, len);
      for (size_t j = 0; j < len; j++) bytes[j] = (char)(i + j * 7 + j / 100);
      files[i].path = stele_str_printf(t->arena, "d%zu/%03zu.bin", i % 3, i);
      files[i].content = stele_str_bytes((stele_str){bytes, len});
    }
    stele_bytes tar;
    const stele_archive_file *back;
    size_t back_count;
    stele_err err = {0};
    t_case_n(t, "files", count);
    t_ok(t, stele_archive_write(t->arena, files, count, &tar, &err), &err);
    t_ok(t, stele_archive_read(t->arena, tar, NULL, &back, &back_count, &err), &err);
    t_eq_int(t, back_count, count);
    for (size_t i = 0, j; i < count; i++) {
      for (j = 0; j < count && !stele_str_eq(files[j].path, back[i].path); j++) continue;
      t_true(t, j < count && stele_bytes_eq(files[j].content, back[i].content));
      t_true(t, i == 0 || strcmp(back[i - 1].path.ptr, back[i].path.ptr) < 0);
    }
    stele_arena_rewind(t->arena, mark);
  }
}

static void test_other_tools(stele_test *t) {
  static const struct {
    const char *label, *command;
  } rows[] = {
      {"GNU tar", "tar -C %s -cf %s/out.tar in"},
      {"GNU tar, gzip", "tar -C %s -czf %s/out.tar in"},
      {"GNU tar, zstd", "tar -C %s --zstd -cf %s/out.tar in"},
      {"pax", "tar -C %s --format=pax -cf %s/out.tar in"},
      {"old", "tar -C %s --format=v7 -cf %s/out.tar in"},
  };
  char dir[] = "/tmp/stele-archive-XXXXXX";
  t_true(t, mkdtemp(dir) != NULL);
  stele_str make = stele_str_printf(
      t->arena,
      "mkdir -p %s/in/sub && printf one > %s/in/a.proto && printf two > '%s/in/sub/"
      "\xc3\xa9.proto'",
      dir, dir, dir);
  t_eq_int(t, system(make.ptr), 0);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    const stele_archive_file *files;
    size_t count;
    stele_err err = {0};
    t_case(t, rows[i].label);
    stele_buf command;
    stele_buf_init(&command, t->arena, 0);
    for (const char *at = rows[i].command; *at; at++) {
      if (at[0] == '%' && at[1] == 's') {
        stele_buf_add_cstr(&command, dir);
        at++;
      } else {
        stele_buf_add_byte(&command, (uint8_t)*at);
      }
    }
    stele_buf_add_byte(&command, 0);
    t_eq_int(t, system(command.ptr), 0);
    FILE *file = fopen(stele_str_printf(t->arena, "%s/out.tar", dir).ptr, "rb");
    t_true(t, file != NULL);
    uint8_t *bytes = STELE_NEW_ARRAY(t->arena, uint8_t, 1 << 16);
    size_t len = fread(bytes, 1, 1 << 16, file);
    (void)fclose(file);
    t_ok(t, stele_archive_read(t->arena, (stele_bytes){bytes, len}, NULL, &files, &count, &err),
         &err);
    t_eq_str(t, shown(t, files, count), STELE_STR("in/a.proto=one;in/sub/\xc3\xa9.proto=two;"));
  }
  t_eq_int(t, system(stele_str_printf(t->arena, "rm -r %s", dir).ptr), 0);
}

static bool write_and_read(stele_arena *arena, stele_err *err) {
  const stele_archive_file files[] = {{STELE_STR("b"), stele_str_bytes(STELE_STR("two"))},
                                      {STELE_STR("a"), stele_str_bytes(STELE_STR("one"))}};
  stele_bytes tar;
  const stele_archive_file *back;
  size_t count;
  return stele_archive_write(arena, files, 2, &tar, err) &&
         stele_archive_read(arena, tar, NULL, &back, &count, err);
}

static void test_failing_memory(stele_test *t) {
  t_each_failure(t, write_and_read);
}

TEST_MAIN(test_read, test_refused, test_not_a_tar, test_limits, test_bombs, test_write,
          test_write_nothing, test_write_refused, test_round_trip, test_other_tools,
          test_failing_memory)
