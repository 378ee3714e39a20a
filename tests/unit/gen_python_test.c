/* Names and escapes of Python code. */
#include "gen/python/python_internal.h"

#include "harness/test.h"

static void test_modules(stele_test *t) {
  static const struct {
    const char *file, *module, *alias, *path;
    bool has_keyword;
  } rows[] = {
      {"orders.proto", "orders_pb2", "orders__pb2", "orders_pb2.py", false},
      {"common/tick-data.proto", "common.tick_data_pb2", "common_dot_tick__data__pb2",
       "common/tick_data_pb2.py", false},
      {"a-b/c.d.proto", "a_b.c.d_pb2", "a__b_dot_c_dot_d__pb2", "a_b/c/d_pb2.py", false},
      {"class/def.proto", "class.def_pb2", "class_dot_def__pb2", "class/def_pb2.py", true},
      {"def.proto", "def_pb2", "def__pb2", "def_pb2.py", false},
      {"a/None/b.proto", "a.None.b_pb2", "a_dot_None_dot_b__pb2", "a/None/b_pb2.py", true},
      {"x.protodevel", "x_pb2", "x__pb2", "x_pb2.py", false},
      {"noext", "noext_pb2", "noext__pb2", "noext_pb2.py", false},
      {"weird-..x-y.proto", "weird_..x_y_pb2", "weird___dot__dot_x__y__pb2", "weird_/x_y_pb2.py",
       false},
      {"1num.proto", "1num_pb2", "1num__pb2", "1num_pb2.py", false},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].file);
    stele_str module = py_module_name(t->arena, stele_cstr(rows[i].file));
    t_eq_str(t, module, stele_cstr(rows[i].module));
    t_eq_str(t, py_module_alias(t->arena, module), stele_cstr(rows[i].alias));
    t_eq_str(t, py_file_path(t->arena, stele_cstr(rows[i].file), S(".py")),
             stele_cstr(rows[i].path));
    t_eq_int(t, py_module_has_keyword(module), rows[i].has_keyword);
  }
  t_eq_str(t, py_module_package(S("a.b.c_pb2")), S("a.b"));
  t_eq_str(t, py_module_last(S("a.b.c_pb2")), S("c_pb2"));
  t_eq_str(t, py_module_package(S("c_pb2")), S(""));
}

static void test_keywords(stele_test *t) {
  static const char *const yes[] = {"False", "None", "async", "await", "nonlocal", "yield"};
  static const char *const no[] = {"false", "print", "exec", "match", "type", "self", "_", ""};
  for (size_t i = 0; i < STELE_COUNT(yes); i++) t_true(t, py_is_keyword(stele_cstr(yes[i])));
  for (size_t i = 0; i < STELE_COUNT(no); i++) t_true(t, !py_is_keyword(stele_cstr(no[i])));
}

static void test_escapes(stele_test *t) {
  static const struct {
    const char *label;
    stele_str in;
    const char *hex;
  } rows[] = {
      {"printable", STELE_STR_INIT("a Z~!"), "a Z~!"},
      {"quotes and backslash", STELE_STR_INIT("'\"\\"), "\\'\\\"\\\\"},
      {"white space", STELE_STR_INIT("\n\r\t"), "\\n\\r\\t"},
      {"controls", STELE_STR_INIT("\0\x0b\x7f"), "\\x00\\x0b\\x7f"},
      {"high bytes", STELE_STR_INIT("\xc3\xa9"), "\\xc3\\xa9"},
      {"a hexadecimal digit behind one",
       STELE_STR_INIT("\x01"
                      "a1g"),
       "\\x01\\x61\\x31g"},
      {"not behind a short escape", STELE_STR_INIT("\x01\na"), "\\x01\\na"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_buf hex;
    stele_buf_init(&hex, t->arena, 0);
    t_case(t, rows[i].label);
    py_add_hex_escaped(&hex, stele_str_bytes(rows[i].in));
    t_eq_str(t, stele_buf_str(&hex), stele_cstr(rows[i].hex));
  }
}

static void test_globals(stele_test *t) {
  const stele_message outer = {.name = STELE_STR_INIT("Outer_x")};
  const stele_message inner = {.name = STELE_STR_INIT("class"), .parent = &outer};
  const stele_enum type = {.name = STELE_STR_INIT("Kind"), .parent = &inner};
  t_eq_str(t, py_message_global(t->arena, &outer), S("_OUTER_X"));
  t_eq_str(t, py_message_global(t->arena, &inner), S("_OUTER_X_CLASS"));
  t_eq_str(t, py_enum_global(t->arena, &type), S("_OUTER_X_CLASS_KIND"));
}

TEST_MAIN(test_modules, test_keywords, test_escapes, test_globals)
