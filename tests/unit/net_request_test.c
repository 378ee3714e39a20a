/* Header names, percent-encoding, queries, dates and heads. */
#include "net/http_request.h"

#include "harness/test.h"
#include "net/connection.h"
#include "net/http1_internal.h"

static void test_every_known_name_is_found(stele_test *t) {
  static const char *const names[HTTP_NAME_COUNT] = {
#define X(name, text, times) text,
      HTTP_HEADERS(X)
#undef X
  };
  for (unsigned i = 0; i < HTTP_NAME_COUNT; i++) {
    t_case(t, names[i]);
    t_eq_int(t, http1_known_name(stele_cstr(names[i])), i);
    char upper[32];
    size_t len = strlen(names[i]);
    for (size_t c = 0; c < len; c++) {
      upper[c] = names[i][c] >= 'a' && names[i][c] <= 'z' ? (char)(names[i][c] - 32) : names[i][c];
    }
    t_eq_int(t, http1_known_name((stele_str){upper, len}), i);
    upper[0] = '~';
    t_eq_int(t, http1_known_name((stele_str){upper, len}), HTTP_NAME_COUNT);
  }
  t_eq_int(t, http1_known_name(STELE_STR("x-forwarded-for-and-so-on")), HTTP_NAME_COUNT);
}

static void test_percent(stele_test *t) {
  static const struct {
    const char *label, *in;
    bool plus, ok;
    const char *want;
  } rows[] = {
      {"nothing to undo", "abc", false, true, "abc"},
      {"a slash", "trading%2Fmarket_data.proto", false, true, "trading/market_data.proto"},
      {"lower case digits", "a%2fb", false, true, "a/b"},
      {"once, not twice", "%2525", false, true, "%25"},
      {"UTF-8", "%C3%A9", false, true, "\xc3\xa9"},
      {"a plus in a path stays", "a+b", false, true, "a+b"},
      {"a plus in a query is a blank", "a+b%2B", true, true, "a b+"},
      {"cut short", "abc%2", false, false, ""},
      {"alone", "%", false, false, ""},
      {"no digits", "%zz", false, false, ""},
      {"half a digit", "%2g", false, false, ""},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_str out;
    t_case(t, rows[i].label);
    bool ok = http_percent_decode(t->arena, stele_cstr(rows[i].in), rows[i].plus, &out);
    t_eq_int(t, ok, rows[i].ok);
    if (ok) t_eq_str(t, out, stele_cstr(rows[i].want));
  }
}

static void test_query(stele_test *t) {
  static const struct {
    const char *label, *in, *want;
  } rows[] = {
      {"empty", "", ""},
      {"one", "a=1", "a=1;"},
      {"several", "a=1&b=2&a=3", "a=1;b=2;a=3;"},
      {"no value", "a&b=", "a=;b=;"},
      {"empty pairs", "&&a=1&", "a=1;"},
      {"a value with equals", "a=b=c", "a=b=c;"},
      {"escapes", "a%20b=c%26d+e", "a b=c&d e;"},
      {"a broken escape stays", "a=%zz&b=%2", "a=%zz;b=%2;"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_str rest = stele_cstr(rows[i].in), all = {NULL, 0};
    http_query_pair pair;
    t_case(t, rows[i].label);
    while (http_query_next(t->arena, &rest, &pair)) {
      all =
          stele_str_printf(t->arena, STELE_STR_FMT STELE_STR_FMT "=" STELE_STR_FMT ";",
                           STELE_STR_ARG(all), STELE_STR_ARG(pair.key), STELE_STR_ARG(pair.value));
    }
    t_eq_str(t, all, stele_cstr(rows[i].want));
  }
}

static void test_dates(stele_test *t) {
  static const struct {
    int64_t seconds;
    const char *want;
  } rows[] = {
      {0, "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"},
      {784111777, "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"}, /* RFC 9110's own example */
      {1709210096, "Date: Thu, 29 Feb 2024 12:34:56 GMT\r\n"},
      {1795329035, "Date: Sun, 22 Nov 2026 06:30:35 GMT\r\n"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    char out[NET_DATE_BYTES];
    net_date_print(out, rows[i].seconds * STELE_US_PER_S);
    t_eq_str(t, ((stele_str){out, sizeof out}), stele_cstr(rows[i].want));
  }
}

static void test_heads(stele_test *t) {
  char date[NET_DATE_BYTES];
  net_date_print(date, 0);
  stele_str extra = STELE_STR("X: y\r\n");
  t_eq_str(t, net_head_print(t->arena, date, 200, extra, 1234567890, false, 1),
           STELE_STR("HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nX: y\r\n"
                     "Content-Length: 1234567890\r\n\r\n"));
  t_eq_str(t, net_head_print(t->arena, date, 204, (stele_str){NULL, 0}, 0, true, 1),
           STELE_STR("HTTP/1.1 204 No Content\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
                     "Connection: close\r\n\r\n"));
  t_eq_str(t, net_head_print(t->arena, date, 299, (stele_str){NULL, 0}, 0, false, 0),
           STELE_STR("HTTP/1.1 299 \r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Length: 0\r\n"
                     "Connection: keep-alive\r\n\r\n"));
  t_eq_str(t, stele_cstr(net_status_text(100)), STELE_STR("Continue"));
  t_eq_str(t, stele_cstr(net_status_text(505)), STELE_STR("HTTP Version Not Supported"));
  t_eq_str(t, stele_cstr(net_status_text(599)), STELE_STR(""));
}

TEST_MAIN(test_every_known_name_is_found, test_percent, test_query, test_dates, test_heads)
