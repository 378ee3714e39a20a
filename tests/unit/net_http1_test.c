/* The request parser: what it takes, what it refuses, and that it makes no
 * difference where the bytes are cut. */
#include "net/http1.h"

#include <stdlib.h>

#include "harness/test.h"

enum { MOST_BYTES = 1 << 17 };

/* What a run over some bytes came to. */
typedef struct outcome {
  http1_phase phase;
  int status;
  const char *why;
  size_t requests;   /* DONE ones before the end */
  stele_str summary; /* of those: "GET /path?query body|" each */
} outcome;

static void summarise(stele_arena *arena, const http1 *parser, const char *data, stele_str *out) {
  http_request r;
  http1_request(parser, data, &r);
  *out = stele_str_printf(arena,
                          STELE_STR_FMT STELE_STR_FMT
                          " " STELE_STR_FMT "?" STELE_STR_FMT " host=" STELE_STR_FMT
                          " fields=%zu keep=%d 1.%d body=" STELE_STR_FMT "|",
                          STELE_STR_ARG(*out), STELE_STR_ARG(r.method_text), STELE_STR_ARG(r.path),
                          STELE_STR_ARG(r.raw_query), STELE_STR_ARG(http_header(&r, HTTP_H_HOST)),
                          r.field_count, r.keep_alive, r.minor_version, STELE_STR_ARG(r.body));
}

/* Feeds `text` in pieces of `step` bytes, as a connection would. */
static outcome run(stele_test *t, stele_str text, size_t step, const http_limits *limits) {
  char *data = malloc(text.len + 1); /* exactly sized: ASan sees what is read behind it */
  t_true(t, data != NULL);
  http1 parser;
  outcome out = {0};
  size_t at = 0, len = 0;
  http1_init(&parser, limits ? limits : &http_limits_usual);
  for (size_t sent = 0; sent < text.len;) {
    size_t more = text.len - sent < step ? text.len - sent : step;
    memcpy(data + at + len, text.ptr + sent, more);
    sent += more;
    len += more;
    while ((out.phase = http1_feed(&parser, data + at, &len)) == HTTP1_DONE) {
      out.requests++;
      summarise(t->arena, &parser, data + at, &out.summary);
      t_true(t, parser.end <= len);
      at += parser.end;
      len -= parser.end;
      http1_next(&parser);
    }
    if (out.phase == HTTP1_BAD) break;
  }
  out.status = parser.status;
  out.why = parser.why;
  free(data);
  return out;
}

/* Whole, and cut into pieces of every size up to 9, and of 1/2 and 1/3. */
static outcome run_all_ways(stele_test *t, stele_str text, const http_limits *limits) {
  outcome whole = run(t, text, text.len, limits);
  size_t steps[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, text.len / 2 + 1, text.len / 3 + 1};
  for (size_t i = 0; i < STELE_COUNT(steps); i++) {
    outcome cut = run(t, text, steps[i], limits);
    t_eq_int(t, cut.status, whole.status);
    t_eq_int(t, cut.requests, whole.requests);
    t_eq_str(t, cut.summary, whole.summary);
    t_eq_str(t, stele_cstr(cut.why), stele_cstr(whole.why));
  }
  return whole;
}

static void test_taken(stele_test *t) {
  static const struct {
    const char *label, *in, *want;
  } rows[] = {
      {"the least", "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
       "GET /? host=a fields=1 keep=1 1.1 body=|"},
      {"a query", "GET /a/b?x=1?2 HTTP/1.1\r\nHost: a\r\n\r\n",
       "GET /a/b?x=1?2 host=a fields=1 keep=1 1.1 body=|"},
      {"an empty query", "GET /a? HTTP/1.1\r\nHost: a\r\n\r\n",
       "GET /a? host=a fields=1 keep=1 1.1 body=|"},
      {"blanks around a value", "GET / HTTP/1.1\r\nHost: \t a:80 \t\r\n\r\n",
       "GET /? host=a:80 fields=1 keep=1 1.1 body=|"},
      {"no blank before a value", "GET / HTTP/1.1\r\nHost:a\r\nX:\r\n\r\n",
       "GET /? host=a fields=2 keep=1 1.1 body=|"},
      {"an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n",
       "GET /? host= fields=1 keep=1 1.1 body=|"},
      {"names in any case", "GET / HTTP/1.1\r\nhOsT: a\r\ncOnNeCtIoN: ClOsE\r\n\r\n",
       "GET /? host=a fields=2 keep=0 1.1 body=|"},
      {"a body", "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
       "POST /x? host=a fields=2 keep=1 1.1 body=hello|"},
      {"a body of nothing", "PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
       "PUT /x? host=a fields=2 keep=1 1.1 body=|"},
      {"a body after GET", "GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi",
       "GET /x? host=a fields=2 keep=1 1.1 body=hi|"},
      {"one blank line before", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
       "GET /? host=a fields=1 keep=1 1.1 body=|"},
      {"HTTP/1.0 closes", "GET / HTTP/1.0\r\n\r\n", "GET /? host= fields=0 keep=0 1.0 body=|"},
      {"HTTP/1.0 may keep", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
       "GET /? host= fields=1 keep=1 1.0 body=|"},
      {"close among others", "GET / HTTP/1.1\r\nHost: a\r\nConnection: x,\tclose , y\r\n\r\n",
       "GET /? host=a fields=2 keep=0 1.1 body=|"},
      {"close in a second line",
       "GET / HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: close\r\n\r\n",
       "GET /? host=a fields=3 keep=0 1.1 body=|"},
      {"a whole URL as the target", "GET http://b:81/p?q HTTP/1.1\r\nHost: a\r\n\r\n",
       "GET /p?q host=a fields=1 keep=1 1.1 body=|"},
      {"a whole URL without a path", "GET http://b HTTP/1.1\r\nHost: a\r\n\r\n",
       "GET /? host=a fields=1 keep=1 1.1 body=|"},
      {"a whole URL with a query alone", "GET HTTPS://b?q HTTP/1.1\r\nHost: a\r\n\r\n",
       "GET /?q host=a fields=1 keep=1 1.1 body=|"},
      {"OPTIONS of everything", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
       "OPTIONS *? host=a fields=1 keep=1 1.1 body=|"},
      {"a method nobody knows", "BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n",
       "BREW /pot? host=a fields=1 keep=1 1.1 body=|"},
      {"bytes above ASCII in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \xc3\xa9\r\n\r\n",
       "GET /? host=a fields=2 keep=1 1.1 body=|"},
      {"two in one go", "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: b\r\n\r\n",
       "GET /1? host=a fields=1 keep=1 1.1 body=|GET /2? host=b fields=1 keep=1 1.1 body=|"},
      {"a body, then another",
       "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /2 HTTP/1.1\r\nHost: "
       "b\r\n\r\n",
       "POST /1? host=a fields=2 keep=1 1.1 body=abc|GET /2? host=b fields=1 keep=1 1.1 body=|"},
      {"chunks",
       "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
       "5\r\nhello\r\n1\r\n \r\n00A\r\nworld12345\r\n0\r\n\r\n",
       "POST /c? host=a fields=2 keep=1 1.1 body=hello world12345|"},
      {"no chunk but the last",
       "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n",
       "POST /c? host=a fields=2 keep=1 1.1 body=|"},
      {"extensions and trailers are dropped",
       "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
       "3;a=b;c=\"d\"\r\nabc\r\n0;x\r\nExpires: never\r\nX: y\r\n\r\n",
       "POST /c? host=a fields=2 keep=1 1.1 body=abc|"},
      {"chunks, then another",
       "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
       "3\r\nabc\r\n0\r\nX: y\r\n\r\nGET /2 HTTP/1.1\r\nHost: b\r\n\r\n",
       "POST /c? host=a fields=2 keep=1 1.1 body=abc|GET /2? host=b fields=1 keep=1 1.1 body=|"},
      {"line ends within chunks are data",
       "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
       "4\r\n\r\n\r\n\r\n0\r\n\r\n",
       "POST /c? host=a fields=2 keep=1 1.1 body=\r\n\r\n|"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    outcome out = run_all_ways(t, stele_cstr(rows[i].in), NULL);
    t_eq_int(t, out.status, 0);
    t_eq_str(t, out.summary, stele_cstr(rows[i].want));
  }
}

/* Every row of what two readers could read in two ways, and the rest. */
static void test_refused(stele_test *t) {
  static const struct {
    const char *label, *in;
    int status;
  } rows[] = {
      {"bare CR in a value (request smuggling)",
       "GET / HTTP/1.1\r\nHost: a\r\nX: \rxTransfer-Encoding: chunked\r\n\r\n", 400},
      {"bare CR at the end of a value", "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\r\n\r\n", 400},
      {"bare CR in the request line", "GET /\rx HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"LF alone after the request line", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"LF alone after a header", "GET / HTTP/1.1\r\nHost: a\n\r\n", 400},
      {"LF alone at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400},
      {"blank before a colon", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nhello",
       400},
      {"tab before a colon", "GET / HTTP/1.1\r\nHost\t: a\r\n\r\n", 400},
      {"Content-Length with Transfer-Encoding",
       "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
      {"Transfer-Encoding with Content-Length",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
       400},
      {"two Content-Lengths that differ",
       "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 400},
      {"two Content-Lengths that agree",
       "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", 400},
      {"two lengths in one", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\n", 400},
      {"a signed length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n", 400},
      {"a negative length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n", 400},
      {"a hexadecimal length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\n", 400},
      {"an empty length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", 400},
      {"a length beyond 64 bits",
       "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551616\r\n\r\n", 400},
      {"an unknown coding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n",
       400},
      {"a coding before chunked",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 400},
      {"identity", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n", 400},
      {"chunked twice",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: "
       "chunked\r\n\r\n",
       400},
      {"an empty coding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n", 400},
      {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"a folded header", "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n", 400},
      {"a folded header, by tab", "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\tz\r\n\r\n", 400},
      {"blank before the first header", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
      {"two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"a path as Host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"two hosts in one", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
      {"a user in Host", "GET / HTTP/1.1\r\nHost: me@a\r\n\r\n", 400},
      {"NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n", 400},
      {"DEL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \x7f\r\n\r\n", 400},
      {"an empty name", "GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n", 400},
      {"a name with a bracket", "GET / HTTP/1.1\r\nHost: a\r\nX(y): x\r\n\r\n", 400},
      {"a header without a colon", "GET / HTTP/1.1\r\nHost: a\r\nnothing\r\n\r\n", 400},
      {"two blanks in the request line", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"two blanks before the version", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a blank behind the version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400},
      {"a blank before the method", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a tab in the request line", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"no version (HTTP/0.9)", "GET /\r\n\r\n", 400},
      {"a target that is no path", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a star that is not OPTIONS", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a port to connect to", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a fragment", "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"UTF-8 in the target", "GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505},
      {"http/1.1", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
      {"HTTP/11", "GET / HTTP/11\r\nHost: a\r\n\r\n", 400},
      {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
      {"the start of TLS", "\x16\x03\x01\x02\n", 400},
      {"two blank lines before", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"another Expect", "POST / HTTP/1.1\r\nHost: a\r\nExpect: wonders\r\n\r\n", 417},
      {"a chunk without a size",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", 400},
      {"a chunk of no hexadecimal size",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\ng\r\n", 400},
      {"a chunk size with a sign",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n+1\r\na\r\n0\r\n\r\n", 400},
      {"a chunk size with 0x",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n",
       400},
      {"a blank behind a chunk size",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1 \r\na\r\n0\r\n\r\n", 400},
      {"a chunk size of 17 digits",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n00000000000000001\r\n",
       400},
      {"a chunk size that wraps around",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", 413},
      {"LF alone behind a chunk size",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n", 400},
      {"a chunk that is longer",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n", 400},
      {"LF alone behind a chunk",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n", 400},
      {"bare CR in an extension",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;\rx\r\na\r\n0\r\n\r\n",
       400},
      {"a length as a trailer",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: "
       "1\r\n\r\n",
       400},
      {"a folded trailer",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n z\r\n\r\n",
       400},
      {"a body that is too large", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 33554433\r\n\r\n",
       413},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    outcome out = run_all_ways(t, stele_cstr(rows[i].in), NULL);
    t_eq_int(t, out.requests, 0);
    t_eq_int(t, out.status, rows[i].status);
    t_true(t, out.why && *out.why);
  }
}

static void test_a_bad_request_hides_what_follows(stele_test *t) {
  outcome out = run_all_ways(t,
                             STELE_STR("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
                                       "GET /2 HTTP/1.1\r\nHost : a\r\n\r\n"
                                       "GET /3 HTTP/1.1\r\nHost: a\r\n\r\n"),
                             NULL);
  t_eq_int(t, out.requests, 1);
  t_eq_int(t, out.status, 400);
}

/* A request of `n` bytes of one kind, between a start and an end. */
static stele_str stretched(stele_test *t, const char *start, char fill, size_t n, const char *end) {
  char *text = stele_arena_alloc(t->arena, strlen(start) + n + strlen(end) + 1, 1);
  memcpy(text, start, strlen(start));
  memset(text + strlen(start), fill, n);
  memcpy(text + strlen(start) + n, end, strlen(end) + 1);
  return stele_cstr(text);
}

static const http_limits small = {
    .head_bytes = 256, .target_bytes = 64, .field_count = 4, .body_bytes = 16};

static void test_limits(stele_test *t) {
  const char *host = " HTTP/1.1\r\nHost: a\r\n\r\n",
             *chunked = "Transfer-Encoding: chunked\r\n\r\n";
  stele_str post = stele_str_printf(t->arena, "POST / HTTP/1.1\r\nHost: a\r\n%s", chunked);
  const struct {
    const char *label;
    stele_str in;
    int status; /* 0: taken */
  } rows[] = {
      {"a target of the limit", stretched(t, "GET /", 'a', 63, host), 0},
      {"a target beyond it", stretched(t, "GET /", 'a', 64, host), 414},
      {"a target without an end", stretched(t, "GET /", 'a', 5000, ""), 414},
      {"a method without an end", stretched(t, "", 'A', 5000, ""), 414},
      {"a head of the limit",
       stretched(t, "GET / HTTP/1.1\r\nHost: a\r\nX: ", 'a', 256 - 32, "\r\n\r\n"), 0},
      {"a head beyond it",
       stretched(t, "GET / HTTP/1.1\r\nHost: a\r\nX: ", 'a', 257 - 32, "\r\n\r\n"), 431},
      {"a header without an end", stretched(t, "GET / HTTP/1.1\r\nHost: a\r\nX: ", 'a', 5000, ""),
       431},
      {"as many headers as may be",
       STELE_STR("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n"), 0},
      {"one more", STELE_STR("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n"),
       431},
      {"a body of the limit",
       STELE_STR("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 16\r\n\r\n0123456789abcdef"), 0},
      {"a body beyond it", STELE_STR("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 17\r\n\r\n"),
       413},
      {"chunks of the limit",
       stele_str_printf(t->arena, "%s8\r\n01234567\r\n8\r\n01234567\r\n0\r\n\r\n", post.ptr), 0},
      {"chunks beyond it", stele_str_printf(t->arena, "%s8\r\n01234567\r\n9\r\n", post.ptr), 413},
      {"a chunk size without an end", stretched(t, post.ptr, '0', 5000, ""), 400},
      {"an extension without an end",
       stretched(t, stele_str_printf(t->arena, "%s1;", post.ptr).ptr, 'x', 5000, ""), 400},
      {"trailers beyond the head's limit",
       stretched(t, stele_str_printf(t->arena, "%s0\r\nX: ", post.ptr).ptr, 'x', 300, "\r\n\r\n"),
       431},
      {"too many trailers",
       stele_str_printf(t->arena, "%s0\r\nA: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\nE: 1\r\n\r\n", post.ptr),
       431},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    outcome out = run_all_ways(t, rows[i].in, &small);
    t_eq_int(t, out.status, rows[i].status);
    t_eq_int(t, out.requests, rows[i].status ? 0 : 1);
  }
}

/* Chunk after chunk with a long extension: the sum is bounded too. */
static void test_extensions_are_bounded_together(stele_test *t) {
  stele_str ext = stretched(t, "1;", 'x', 1000, "\r\na\r\n");
  stele_str text = STELE_STR("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 40; i++) {
    text = stele_str_printf(t->arena, STELE_STR_FMT STELE_STR_FMT, STELE_STR_ARG(text),
                            STELE_STR_ARG(ext));
  }
  t_eq_int(t, run(t, text, text.len, NULL).status, 400);
}

static void test_waits(stele_test *t) {
  static const struct {
    const char *label, *in;
    bool body, continues;
  } rows[] = {
      {"for the rest of the head", "POST / HTTP/1.1\r\nHost: a\r\n", false, false},
      {"for a body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell", true, false},
      {"for a chunk", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
       true, false},
      {"for the end of trailers",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n", true,
       false},
      {"and says so",
       "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n\r\n", true,
       true},
      {"but HTTP/1.0 does not ask",
       "POST / HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n", true, false},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    http1 parser;
    size_t len = strlen(rows[i].in);
    char *data = stele_arena_alloc(t->arena, len, 1);
    memcpy(data, rows[i].in, len);
    http1_init(&parser, &http_limits_usual);
    t_true(t, http1_feed(&parser, data, &len) < HTTP1_DONE);
    t_eq_int(t, http1_wants_body(&parser), rows[i].body);
    t_eq_int(t, parser.expects_continue, rows[i].continues);
  }
}

/* Offsets of a head are 16 bits wide: the largest one fits. */
static void test_the_largest_head(stele_test *t) {
  static const http_limits wide = {.head_bytes = HTTP1_MOST_HEAD_BYTES,
                                   .target_bytes = 60000,
                                   .field_count = HTTP1_MOST_FIELDS,
                                   .body_bytes = 1};
  stele_str text = stretched(t, "GET / HTTP/1.1\r\nHost: a\r\nX: ", 'a', HTTP1_MOST_HEAD_BYTES - 46,
                             "\r\nAccept: b/c\r\n\r\n");
  char *data = stele_arena_alloc(t->arena, text.len, 1);
  size_t len = text.len;
  http1 parser;
  http_request request;
  memcpy(data, text.ptr, len);
  http1_init(&parser, &wide);
  t_eq_int(t, http1_feed(&parser, data, &len), HTTP1_DONE);
  http1_request(&parser, data, &request);
  t_eq_str(t, http_header(&request, HTTP_H_ACCEPT), STELE_STR("b/c"));
  t_eq_int(t, http_header_find(&request, "x", 0).len, HTTP1_MOST_HEAD_BYTES - 46);
}

TEST_MAIN(test_taken, test_refused, test_a_bad_request_hides_what_follows, test_limits,
          test_extensions_are_bounded_together, test_waits, test_the_largest_head)
