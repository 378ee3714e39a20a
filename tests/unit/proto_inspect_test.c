/* What bytes may be: rows of bytes and the table that is shown, without a type
 * and with one; what is broken is shown as far as it goes. */
#include "base/guard.h"
#include "harness/schema.h"
#include "proto/inspect/inspect.h"

static const char text[] =
    "syntax = \"proto3\"; package p; import \"google/protobuf/any.proto\";\n"
    "message M {\n"
    "  int32 i = 1; sint32 s = 2; double d = 3; string t = 4; M m = 5; E e = 6;\n"
    "  repeated int32 many = 7; bytes b = 8; map<string, int32> by = 9;\n"
    "  float f = 10; bool yes = 11; repeated M ms = 12; google.protobuf.Any any = 13;\n"
    "}\n"
    "enum E { ZERO = 0; ONE = 1; }\n";

typedef struct row {
  const char *label, *bytes; /* hex */
  bool ok;
  const char *want;
} row;

static stele_bytes hex(stele_test *t, const char *digits) {
  stele_buf out;
  unsigned byte;
  int used;
  stele_buf_init(&out, t->arena, 0);
  for (; sscanf(digits, " %2x%n", &byte, &used) == 1; digits += used) {
    stele_buf_add_byte(&out, (uint8_t)byte);
  }
  return stele_buf_bytes(&out);
}

static void check_rows(stele_test *t, const row *rows, size_t count, const stele_layout *layout) {
  for (size_t i = 0; i < count; i++) {
    stele_inspect_options options = {.layout = layout};
    stele_buf out;
    t_case(t, rows[i].label);
    stele_buf_init(&out, t->arena, 0);
    t_eq_int(t, stele_inspect(t->arena, hex(t, rows[i].bytes), &options, &out), rows[i].ok);
    t_eq_str(t, stele_buf_str(&out), stele_cstr(rows[i].want));
  }
}

static void test_guesses(stele_test *t) {
  static const row rows[] = {
      {"nothing", "", true, ""},
      {"a varint", "08 96 01", true, "       0  08 96 01                    1 = 150 (varint)\n"},
      {"an odd one", "08 97 01", true,
       "       0  08 97 01                    1 = 151, as a sint -76 (varint)\n"},
      {"a time", "08 80 d0 95 ff bc 31", true,
       "       0  08 80 d0 95 ff bc 31        1 = 1700000000000, as a time 2023-11-14T22:13:20Z "
       "(varint)\n"},
      {"a text", "12 02 68 69", true,
       "       0  12 02 68 69                 2 = \"hi\" "
       "(length-delimited)\n"},
      {"a message", "12 03 08 96 01", true,
       "       0  12 03                       2 = { 3 bytes } (length-delimited)\n"
       "       2  08 96 01                      1 = 150 (varint)\n"},
      {"bytes", "12 02 ff fe", true,
       "       0  12 02 ff fe                 2 = 2 bytes fffe "
       "(length-delimited)\n"},
      {"a group", "0b 10 01 0c", true,
       "       0  0b                          1 = { 2 bytes } (group)\n"
       "       1  10 01                         2 = 1 (varint)\n"},
      {"a double", "11 00 00 00 00 00 00 f8 3f", true,
       "       0  11 00 00 00 00 00 00 f8 \xe2\x80\xa6   2 = 1.5, as an integer "
       "4609434218613702656 "
       "(fixed64)\n"},
      {"cut off", "08 01 12 05 68 69", false,
       "       0  08 01                       1 = 1 (varint)\n"
       "       2  12 05 68 69                 ! a record that does not end here: 4 bytes left\n"},
      {"no tag", "00 01", false,
       "       0  00 01                       ! not the tag of a field: 2 bytes left\n"},
  };
  check_rows(t, rows, STELE_COUNT(rows), NULL);
}

static void test_with_a_type(stele_test *t) {
  static const row rows[] = {
      {"numbers", "08 05 10 03 19 00 00 00 00 00 00 f8 3f 55 00 00 00 3f 58 01", true,
       "       0  08 05                       i = 5 (1, int32)\n"
       "       2  10 03                       s = -2 (2, sint32)\n"
       "       4  19 00 00 00 00 00 00 f8 \xe2\x80\xa6   d = 1.5 (3, double)\n"
       "      13  55 00 00 00 3f              f = 0.5 (10, float)\n"
       "      18  58 01                       yes = true (11, bool)\n"},
      {"a text, an enum, bytes", "22 02 68 69 30 01 30 07 42 01 00", true,
       "       0  22 02 68 69                 t = \"hi\" (4, string)\n"
       "       4  30 01                       e = ONE (1) (6, p.E)\n"
       "       6  30 07                       e = 7, which p.E does not have (6, p.E)\n"
       "       8  42 01 00                    b = 1 byte 00 (8, bytes)\n"},
      {"messages and maps", "2a 02 08 05 4a 05 0a 01 61 10 02", true,
       "       0  2a 02                       m = { 2 bytes } (5, p.M)\n"
       "       2  08 05                         i = 5 (1, int32)\n"
       "       4  4a 05                       by = { 5 bytes } (9, p.M.ByEntry)\n"
       "       6  0a 01 61                      key = \"a\" (1, string)\n"
       "       9  10 02                         value = 2 (2, int32)\n"},
      {"packed and not", "3a 03 01 96 01 38 05", true,
       "       0  3a 03 01 96 01              many = [1, 150], 2 packed (7, int32)\n"
       "       5  38 05                       many = 5 (7, int32)\n"},
      {"another wire type", "0a 01 61", false,
       "       0  0a                          ! field \"i\" does not go as length-delimited: "
       "taken "
       "as unknown\n"
       "       0  0a 01 61                    1 = \"a\" (length-delimited)\n"},
      {"not UTF-8", "22 01 ff", false,
       "       0  22 01 ff                    t = 1 byte ff, not UTF-8 (4, string)\n"},
      {"an unknown field", "a0 06 05", true,
       "       0  a0 06 05                    100 = 5, as a sint -3 (varint)\n"},
      {"an Any", "6a 0b 0a 05 78 2f 70 2e 4d 12 02 08 05", true,
       "       0  6a 0b                       any = { 11 bytes } (13, google.protobuf.Any)\n"
       "       2  0a 05 78 2f 70 2e 4d          type_url = \"x/p.M\" (1, string)\n"
       "       9  12 02                         value = { 2 bytes } (2, p.M)\n"
       "      11  08 05                           i = 5 (1, int32)\n"},
      {"an Any backwards", "6a 0b 12 02 08 05 0a 05 78 2f 70 2e 4d", true,
       "       0  6a 0b                       any = { 11 bytes } (13, google.protobuf.Any)\n"
       "       2  12 02                         value = { 2 bytes } (2, p.M)\n"
       "       4  08 05                           i = 5 (1, int32)\n"
       "       6  0a 05 78 2f 70 2e 4d          type_url = \"x/p.M\" (1, string)\n"},
      {"an Any of a type that nobody knows", "6a 0b 0a 05 78 2f 70 2e 4e 12 02 08 05", true,
       "       0  6a 0b                       any = { 11 bytes } (13, google.protobuf.Any)\n"
       "       2  0a 05 78 2f 70 2e 4e          type_url = \"x/p.N\" (1, string)\n"
       "       9  12 02 08 05                   value = 2 bytes 0805 (2, bytes)\n"},
      {"an Any with a broken message", "6a 0a 0a 05 78 2f 70 2e 4d 12 01 08", false,
       "       0  6a 0a                       any = { 10 bytes } (13, google.protobuf.Any)\n"
       "       2  0a 05 78 2f 70 2e 4d          type_url = \"x/p.M\" (1, string)\n"
       "       9  12 01                         value = { 1 byte } (2, p.M)\n"
       "      11  08                              ! a record that does not end here: 1 byte "
       "left\n"},
      {"what follows a broken message", "2a 02 08 96 08 05", false,
       "       0  2a 02                       m = { 2 bytes } (5, p.M)\n"
       "       2  08 96                         ! a record that does not end here: 2 bytes left\n"
       "       4  08 05                       i = 5 (1, int32)\n"},
  };
  t_schemas held = {0};
  stele_err err = {0};
  stele_layouts *layouts = stele_layouts_new(t_schema(t, &held, text)->schema, &err);
  t_ok(t, layouts != NULL, &err);
  const stele_layout *layout = stele_layouts_find(layouts, STELE_STR("p.M"), &err);
  t_ok(t, layout != NULL, &err);
  check_rows(t, rows, STELE_COUNT(rows), layout);
  stele_layouts_unref(layouts);
  t_schemas_free(&held);
}

static void inspect_nested(void *arg) {
  stele_arena *arena = arg;
  stele_buf out;
  stele_inspect_options options = {0};
  stele_buf_init(&out, arena, 0);
  static const uint8_t bytes[] = {0x12, 0x05, 0x12, 0x03, 0x08, 0x96, 0x01, 0x12, 0x02, 0xff, 0x01};
  (void)stele_inspect(arena, (stele_bytes){bytes, sizeof bytes}, &options, &out);
}

static bool under_failure(stele_arena *arena, stele_err *err) {
  return stele_guard_run(arena, inspect_nested, arena, err);
}

static void test_failures(stele_test *t) {
  t_each_failure(t, under_failure);
}

TEST_MAIN(test_guesses, test_with_a_type, test_failures)
