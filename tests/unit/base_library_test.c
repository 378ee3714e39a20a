/* Libraries that are opened late: found, missing, of another version. */
#include "base/library.h"

#include "harness/test.h"

#define C_CALLS(X) X(str, len) X(str, cmp)

typedef struct c_calls {
  C_CALLS(STELE_LIBRARY_CALL)
} c_calls;

static void test_open(stele_test *t) {
  static const struct {
    const char *label;
    stele_library library;
    stele_code code;
    const char *want; /* in the message */
  } rows[] = {
      {"all functions", {"libc.so.6", "libc6", C_CALLS(STELE_LIBRARY_NAME)}, STELE_OK, NULL},
      {"no such library: its package is named",
       {"libstele-none.so.1", "libnone1", C_CALLS(STELE_LIBRARY_NAME)},
       STELE_UNSUPPORTED,
       "the Debian package libnone1 has it"},
      {"a function is missing",
       {"libc.so.6", "libc6", "strlen\0stele_none\0"},
       STELE_UNSUPPORTED,
       "libc.so.6 has no stele_none"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    c_calls calls = {0};
    stele_err err = {0};
    bool ok = stele_library_open(&rows[i].library, &calls, sizeof calls, &err);
    t_eq_int(t, err.code, rows[i].code);
    t_eq_int(t, ok, rows[i].code == STELE_OK);
    if (rows[i].want) t_true(t, strstr(err.msg, rows[i].want) != NULL);
    if (ok) t_eq_int(t, (int)calls.len("abc") + calls.cmp("a", "a"), 3);
  }
}

TEST_MAIN(test_open)
