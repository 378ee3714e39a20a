/* UTF-8, C strings, numbers, times and digests. */
#include "base/utf8.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>

#include "base/c_text.h"
#include "base/digest.h"
#include "base/distance.h"
#include "base/num.h"
#include "base/time.h"
#include "harness/test.h"

static void test_utf8(stele_test *t) {
  static const struct {
    const char *label, *text;
    size_t valid;
  } rows[] = {
      {"empty", "", 0},
      {"ASCII, longer than a word", "hello, hello, hello", 19},
      {"two, three and four bytes", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 9},
      {"overlong slash", "a\xc0\xaf", 1},
      {"overlong three", "\xe0\x80\x80", 0},
      {"surrogate", "ab\xed\xa0\x80", 2},
      {"above the last code point", "\xf4\x90\x80\x80", 0},
      {"cut short", "abc\xe2\x82", 3},
      {"a tail alone", "\x80", 0},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    t_eq_int(t, stele_utf8_valid_len(stele_cstr(rows[i].text)), rows[i].valid);
  }
  for (uint32_t code = 0; code < 0x110000; code += 13) {
    if (code >= 0xd800 && code < 0xe000) continue;
    char out[4];
    t_true(t, stele_utf8_is_valid((stele_str){out, stele_utf8_encode(out, code)}));
  }
}

/* Vectors and the table agree on texts that are right but for a byte or two, wherever it is. */
static void test_long_utf8(stele_test *t) {
  static const char *const pieces[] = {"a",
                                       "\xc2\x80",
                                       "\xdf\xbf",
                                       "\xe0\xa0\x80",
                                       "\xed\x9f\xbf",
                                       "\xee\x80\x80",
                                       "\xef\xbf\xbf",
                                       "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf",
                                       "plain letters, many of them"};
  static const uint8_t odd[] = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2,
                                0xdf, 0xe0, 0xec, 0xed, 0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xf8, 0xff};
  uint32_t random = 1;
  size_t valid = 0;
  for (int i = 0; i < 60000; i++) {
    char text[160];
    size_t len = 0;
    uint32_t mix = (random >> 20) % 9 + 1;
    while (len < 64 + random % 60) {
      random = random * 1664525u + 1013904223u;
      const char *piece = pieces[(random >> 16) % mix % STELE_COUNT(pieces)];
      if (mix == 9 && random >> 31) piece = pieces[9];
      memcpy(text + len, piece, strlen(piece));
      len += strlen(piece);
    }
    random = random * 1664525u + 1013904223u;
    if (i % 4) text[(random >> 8) % len] = (char)odd[(random >> 3) % sizeof odd];
    if (i % 7 == 0) len -= (random >> 9) % 4;
    stele_str whole = {text, len};
    bool want = stele_utf8_valid_len(whole) == len;
    valid += want;
    t_true(t, stele_utf8_is_valid(whole) == want);
  }
  t_true(t, valid > 10000 && valid < 50000);
  /* each pair of bytes, and each with a tail behind */
  for (uint32_t pair = 0; pair < 1 << 16; pair++) {
    char text[64];
    memset(text, 'a', sizeof text);
    for (size_t at = 14; at < 17; at++) {
      text[at] = (char)(pair >> 8);
      text[at + 1] = (char)pair;
      text[at + 2] = (char)(pair & 1 ? 0x80 : 'a');
      text[at + 3] = (char)(pair & 2 ? 0xbf : 'a');
      stele_str whole = {text, sizeof text};
      t_true(t, stele_utf8_is_valid(whole) == (stele_utf8_valid_len(whole) == sizeof text));
      memset(text + at, 'a', 4);
    }
  }
}

static void test_c_escape(stele_test *t) {
  static const struct {
    const char *label;
    stele_str bytes;
    const char *text;
  } rows[] = {
      {"empty", STELE_STR_INIT(""), ""},
      {"printable", STELE_STR_INIT("a Z~!"), "a Z~!"},
      {"quotes and backslash", STELE_STR_INIT("'\"\\"), "\\'\\\"\\\\"},
      {"white space", STELE_STR_INIT("\n\r\t"), "\\n\\r\\t"},
      {"controls", STELE_STR_INIT("\0\x0b\x7f"), "\\000\\013\\177"},
      {"high bytes before a digit",
       STELE_STR_INIT("\xc3\xa9"
                      "1"),
       "\\303\\2511"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_buf text, bytes;
    t_case(t, rows[i].label);
    stele_buf_init(&text, t->arena, 0);
    stele_buf_init(&bytes, t->arena, 0);
    stele_c_escape(&text, stele_str_bytes(rows[i].bytes));
    t_eq_str(t, stele_buf_str(&text), stele_cstr(rows[i].text));
    t_true(t, stele_c_unescape(&bytes, stele_buf_str(&text)));
    t_eq_str(t, stele_buf_str(&bytes), rows[i].bytes);
  }
}

static void test_c_unescape(stele_test *t) {
  static const struct {
    const char *label, *text;
    bool ok;
    stele_str bytes;
  } rows[] = {
      {"short escapes", "\\a\\b\\f\\v\\?", true, STELE_STR_INIT("\a\b\f\v?")},
      {"octal, as many digits as there are", "\\0\\17\\3777\\08", true,
       STELE_STR_INIT("\0\017\3777\0008")},
      {"hexadecimal", "\\x4\\X4a\\x00000041", true, STELE_STR_INIT("\x04JA")},
      {"octal above 255", "ab\\400", false, STELE_STR_INIT("ab")},
      {"hexadecimal above 255", "\\x100", false, STELE_STR_INIT("")},
      {"no digits", "\\xg", false, STELE_STR_INIT("")},
      {"no such escape", "a\\q", false, STELE_STR_INIT("a")},
      {"a backslash at the end", "a\\", false, STELE_STR_INIT("a")},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_buf bytes;
    t_case(t, rows[i].label);
    stele_buf_init(&bytes, t->arena, 0);
    t_eq_int(t, stele_c_unescape(&bytes, stele_cstr(rows[i].text)), rows[i].ok);
    t_eq_str(t, stele_buf_str(&bytes), rows[i].bytes);
  }
}

static void test_numbers(stele_test *t) {
  uint64_t u = 0;
  int64_t i = 0;
  double d = 0;
  t_true(t, stele_num_parse_u64(STELE_STR("18446744073709551615"), &u) && u == UINT64_MAX);
  t_true(t, !stele_num_parse_u64(STELE_STR("18446744073709551616"), &u));
  t_true(t, !stele_num_parse_u64(STELE_STR(""), &u));
  t_true(t, !stele_num_parse_u64(STELE_STR("1 "), &u));
  t_true(t, stele_num_parse_i64(STELE_STR("-9223372036854775808"), &i) && i == INT64_MIN);
  t_true(t, !stele_num_parse_i64(STELE_STR("9223372036854775808"), &i));
  t_true(t, stele_num_parse_double(STELE_STR("1.5e3"), &d) && d == 1500);
  t_true(t, !stele_num_parse_double(STELE_STR("1.5x"), &d));
  char out[STELE_NUM_TEXT];
  t_eq_str(t, ((stele_str){out, stele_num_print_g(out, 0.1, 17)}),
           STELE_STR("0.10000000000000001"));
}

static void test_times(stele_test *t) {
  static const struct {
    const char *want;
    stele_time_us time;
  } rows[] = {
      {"1970-01-01T00:00:00.000000Z", 0},
      {"1969-12-31T23:59:59.999999Z", -1},
      {"2000-02-29T12:34:56.000789Z", 951827696000789},
      {"2026-11-22T06:30:35.000000Z", 1795329035000000},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    char out[STELE_TIME_TEXT];
    stele_time_print(out, rows[i].time);
    t_eq_str(t, ((stele_str){out, sizeof out}), stele_cstr(rows[i].want));
  }
}

static void test_digests(stele_test *t) {
  const stele_str parts[] = {STELE_STR("a"), STELE_STR("bc")};
  stele_sha256 sha;
  stele_md5 md5;
  stele_err err = {0};
  t_ok(t, stele_sha256_of(parts, 2, &sha, &err), &err);
  t_ok(t, stele_md5_of(parts, 2, &md5, &err), &err);
  t_eq_int(t, sha.bytes[0], 0xba); /* FIPS 180-2, "abc": ba7816bf… */
  t_eq_int(t, sha.bytes[31], 0xad);
  t_eq_int(t, md5.bytes[0], 0x90); /* RFC 1321, "abc": 900150983cd2… */
  t_eq_int(t, md5.bytes[15], 0x72);
}

/* As the C library prints, but for zero bytes. */
static void test_printf(stele_test *t) {
  char want[400];
#define ROW(...)                                                                                   \
  do {                                                                                             \
    t_case(t, #__VA_ARGS__);                                                                       \
    (void)snprintf(want, sizeof want, __VA_ARGS__);                                                \
    t_eq_str(t, stele_str_printf(t->arena, __VA_ARGS__), stele_cstr(want));                        \
  } while (0)
  ROW("plain");
  ROW("100%%");
  ROW("%s and %.*s", "text", 3, "cut off");
  ROW("%.2s|%s", "abc", "");
  ROW("%d %i %u %x %X %c", -1, INT32_MIN, UINT32_MAX, 255, 255, 'c');
  ROW("%ld %lu %lld %llu %zu %zd", LONG_MIN, ULONG_MAX, LLONG_MIN, ULLONG_MAX, SIZE_MAX,
      (ssize_t)-1);
  ROW("%5d|%-5d|%05d|%+d|%*d", 42, 42, 42, 42, 7, 42);
  ROW("%02x%02x", 1, 171);
  ROW("%ju %jd %hd %hhu", UINTMAX_MAX, INTMAX_MIN, (short)-3, (unsigned char)200);
  ROW("a/%0300d", 1);
  ROW("%301s|%-5s|%5.2s|%.10s", "x", "ab", "abc", "short");
  ROW("%.*f %.*g %*s", 2, 1.005, 3, 1e10, 6, "w");
  ROW("%.3f %g %.17g %e", 1.5, 1e300, 0.1, -2.5);
  ROW("%" PRIu64 " %" PRId64 " %" PRIx64, UINT64_MAX, INT64_MIN, UINT64_MAX);
#undef ROW
  stele_str zero = stele_str_printf(t->arena, "<%.*s>%c", 3, "a\0b", 0);
  t_eq_str(t, zero, ((stele_str){"<a\0b>\0", 6}));
}

static void test_distances(stele_test *t) {
  static const struct {
    const char *label, *a, *b;
    size_t limit, want;
  } rows[] = {
      {"the same", "order", "order", 3, 0},
      {"case does not count", "Order", "oRDER", 3, 0},
      {"a letter less", "ordr", "order", 3, 1},
      {"a letter more", "orderr", "order", 3, 1},
      {"another letter", "orter", "order", 3, 1},
      {"two neighbours swapped", "ordre", "order", 3, 1},
      {"swapped twice", "rodre", "order", 3, 2},
      {"not below the limit", "abcde", "order", 3, 3},
      {"lengths alone", "o", "order", 3, 3},
      {"nothing", "", "ab", 3, 2},
      {"both nothing", "", "", 3, 0},
      {"too long to look at", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 3, 3},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_str a = stele_cstr(rows[i].a), b = stele_cstr(rows[i].b);
    t_case(t, rows[i].label);
    t_eq_int(t, stele_distance(a, b, rows[i].limit), rows[i].want);
    t_eq_int(t, stele_distance(b, a, rows[i].limit), rows[i].want);
  }
}

TEST_MAIN(test_utf8, test_long_utf8, test_c_escape, test_c_unescape, test_numbers, test_times,
          test_digests, test_printf, test_distances)
