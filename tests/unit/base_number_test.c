/* Numbers as text, both ways: the grammar, integers that are exact, the limits
 * of floats. That all others are right is tests/oracle/test_numbers.py's matter. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/decimal.h"
#include "base/num.h"
#include "base/shortest.h"
#include "harness/test.h"

static void test_grammar(stele_test *t) {
  static const struct {
    const char *in;
    int strict, loose; /* how many bytes are the number; -1: none */
  } rows[] = {
      {"", -1, -1},
      {"-", -1, -1},
      {"0", 1, 1},
      {"-0", 2, 2},
      {"+1", -1, 2},
      {"01", -1, 2},
      {"00", -1, 2},
      {"1.", -1, 2},
      {".5", -1, 2},
      {".", -1, -1},
      {"-.e1", -1, -1},
      {"1.5", 3, 3},
      {"1e5", 3, 3},
      {"1E+5", 4, 4},
      {"1e-05", 5, 5},
      {"1e", -1, -1},
      {"1e+", -1, -1},
      {"1.5.2", 3, 3},
      {"1x", 1, 1},
      {"12345678,", 8, 8},
      {"0.123456789a", 11, 11},
      {"--1", -1, -1},
      {"1 ", 1, 1},
      {"x", -1, -1},
      {"1.23456789012345678901234567890", 31, 31},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_decimal unused;
    const char *at = rows[i].in, *end = at + strlen(at);
    t_case(t, rows[i].in);
    const char *strict = stele_decimal_scan(at, end, &unused);
    const char *loose = stele_decimal_scan_loose(at, end, &unused);
    t_eq_int(t, strict ? strict - at : -1, rows[i].strict);
    t_eq_int(t, loose ? loose - at : -1, rows[i].loose);
  }
}

static void test_doubles(stele_test *t) {
  static const struct {
    const char *in;
    double want;
  } rows[] = {
      {"0", 0.0},
      {"1.08945", 1.08945},
      {"1e22", 1e22},
      {"1e23", 1e23},
      {"123456789012345678", 123456789012345678.0},
      {"9007199254740993", 9007199254740992.0},
      {"9007199254740993.00000000000000000000000000001", 9007199254740994.0},
      {"4.9e-324", 4.9e-324},
      {"2e-324", 0.0},
      {"1e-99999", 0.0},
      {"0e99999", 0.0},
      {"1e309", INFINITY},
      {"1e99999999999999999999", INFINITY},
      {"184467440737095516151e95516151", INFINITY},
      {"184467440737095516151e-95516151", 0.0},
      {"184467440737095516151e289", INFINITY},
      {"1.7976931348623157e308", DBL_MAX},
      {"2.2250738585072011e-308", 2.2250738585072011e-308},
      {"18446744073709551615999999999999999999999e-20", 18446744073709551616e1},
      {"0.000000000000000000000000000000000000012345678901234567890123", 1.2345678901234567e-38},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_decimal number;
    const char *end = rows[i].in + strlen(rows[i].in);
    t_case(t, rows[i].in);
    t_true(t, stele_decimal_scan(rows[i].in, end, &number) == end);
    double got = stele_decimal_double(&number);
    t_true(t, memcmp(&got, &rows[i].want, sizeof got) == 0);
    number.negative = true;
    t_true(t, stele_decimal_double(&number) == -rows[i].want);
    t_true(t, signbit(stele_decimal_double(&number)));
  }
}

/* A float is rounded from the text: by way of a double these would be wrong. */
static void test_floats(stele_test *t) {
  static const struct {
    const char *in;
    float want;
  } rows[] = {
      {"1.5", 1.5F},
      {"16777217", 16777216.0F},
      {"16777217.000000000001", 16777218.0F},
      {"3.4028235e38", FLT_MAX},
      {"3.4028235677973367e38", INFINITY},
      {"3.4028235677973366e38", FLT_MAX},
      {"1e-45", 1e-45F},
      {"7e-46", 0.0F},
      {"1.00000005960464477539062500001", 1.00000011920929F},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_decimal number;
    const char *end = rows[i].in + strlen(rows[i].in);
    t_case(t, rows[i].in);
    t_true(t, stele_decimal_scan(rows[i].in, end, &number) == end);
    t_true(t, stele_decimal_float(&number) == rows[i].want);
  }
}

static void test_shortest(stele_test *t) {
  static const struct {
    double in;
    const char *want;
  } rows[] = {
      {0, "0"},
      {-0.0, "-0"},
      {1, "1"},
      {-1.5, "-1.5"},
      {0.1, "0.1"},
      {1.08945, "1.08945"},
      {0.0001, "0.0001"},
      {0.00001, "1e-05"},
      {1e15, "1000000000000000"},
      {1e16, "1e+16"},
      {123456789012345680.0, "1.2345678901234568e+17"},
      {1e23, "1e+23"},
      {5e-324, "5e-324"},
      {DBL_MIN, "2.2250738585072014e-308"},
      {DBL_MAX, "1.7976931348623157e+308"},
      {0.1 + 0.2, "0.30000000000000004"},
      {9007199254740993.0, "9007199254740992"},
      {INFINITY, "inf"},
      {-INFINITY, "-inf"},
      {NAN, "nan"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    char text[STELE_SHORTEST_TEXT];
    t_case(t, rows[i].want);
    t_eq_str(t, ((stele_str){text, stele_shortest_double(text, rows[i].in)}),
             stele_cstr(rows[i].want));
  }
}

static void test_shortest_floats(stele_test *t) {
  static const struct {
    float in;
    const char *want;
  } rows[] = {
      {0.1F, "0.1"},
      {1.0F / 3, "0.33333334"},
      {16777216.0F, "16777216"},
      {-0.0F, "-0"},
      {FLT_MAX, "3.4028235e+38"},
      {FLT_MIN, "1.1754944e-38"},
      {1e-45F, "1e-45"},
      {8388608.5F, "8388608"},
      {INFINITY, "inf"},
      {-INFINITY, "-inf"},
      {NAN, "nan"},
      {1.08945F, "1.08945"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    char text[STELE_SHORTEST_TEXT];
    t_case(t, rows[i].want);
    t_eq_str(t, ((stele_str){text, stele_shortest_float(text, rows[i].in)}),
             stele_cstr(rows[i].want));
  }
}

/* Decimals of a few places, and their neighbours, which need all digits: the fewest that printf
 * needs are what comes out. */
static void test_prices(stele_test *t) {
  static const double places[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e12};
  uint32_t random = 1;
  for (int i = 0; i < 20000; i++) {
    random = random * 1664525u + 1013904223u;
    double value = (double)(random >> (i % 28)) / places[(size_t)i % STELE_COUNT(places)];
    if (i % 3 == 1 && value > 0) {
      uint64_t bits;
      memcpy(&bits, &value, sizeof bits);
      bits += i % 2 ? 1 : UINT64_MAX;
      memcpy(&value, &bits, sizeof value);
    }
    if (i % 5 == 1) value = -value;
    char text[STELE_SHORTEST_TEXT], want[STELE_NUM_TEXT];
    double back = 0;
    stele_str got = {text, stele_shortest_double(text, value)};
    t_true(t, stele_num_parse_double(got, &back) && back == value);
    for (int digits = 1; digits <= 17; digits++) {
      (void)snprintf(want, sizeof want, "%.*g", digits, value);
      if (strtod(want, NULL) == value) break;
    }
    if (!strchr(want, 'e')) t_eq_str(t, got, stele_cstr(want));
  }
}

/* Around every power of ten and of two, where the number of digits changes. */
static void test_integers(stele_test *t) {
  uint64_t power = 1;
  for (int i = 0; i < 84; i++) {
    power = i < 64 ? UINT64_C(1) << i : i == 64 ? 1 : power * 10;
    for (uint64_t value = power - 1, last = power + 1; value != last; value++) {
      char text[STELE_NUM_DIGITS + 1], want[32];
      uint64_t back;
      int64_t signed_back;
      (void)snprintf(want, sizeof want, "%llu", (unsigned long long)value);
      t_eq_str(t, ((stele_str){text, stele_num_print_u64(text, value)}), stele_cstr(want));
      t_true(t, stele_num_parse_u64(stele_cstr(want), &back) && back == value);
      (void)snprintf(want, sizeof want, "%lld", (long long)value);
      t_eq_str(t, ((stele_str){text, stele_num_print_i64(text, (int64_t)value)}), stele_cstr(want));
      t_true(t,
             stele_num_parse_i64(stele_cstr(want), &signed_back) && signed_back == (int64_t)value);
    }
  }
}

/* What C calls a number beyond plain decimals is one here too. */
static void test_loose(stele_test *t) {
  static const struct {
    const char *in;
    bool ok;
    double want;
  } rows[] = {
      {"1.", true, 1},
      {".5", true, 0.5},
      {"+2", true, 2},
      {"-inf", true, -INFINITY},
      {"0x10", true, 16},
      {"1e", false, 0},
      {"", false, 0},
      {"1,5", false, 0},
      {"infinity", true, INFINITY},
      {"1x", false, 0},
      {"0007", true, 7},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    double got = 0;
    t_case(t, rows[i].in);
    t_eq_int(t, stele_num_parse_double(stele_cstr(rows[i].in), &got), rows[i].ok);
    if (rows[i].ok) t_true(t, got == rows[i].want);
  }
}

TEST_MAIN(test_grammar, test_prices, test_doubles, test_floats, test_shortest, test_shortest_floats,
          test_integers, test_loose)
