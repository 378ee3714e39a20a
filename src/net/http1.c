/* The parser's frame: a step per phase, in a table; lines and the request line.
 *
 * A message stays in one run of bytes until it is answered, so the parser keeps
 * offsets and the caller may move or grow that run between reads. Each step
 * takes a whole line or nothing, which is why it does not matter where reads cut
 * the bytes: the memory of a cut is `scanned`, and nothing is looked at twice. */
#include "net/http1.h"

#include <assert.h>
#include <string.h>

#include "net/http1_internal.h"
#include "net/http_char.h"

/* What a request line may have besides its target. */
enum { METHOD_AND_VERSION_BYTES = 64 };

const http_limits http_limits_usual = {
    .head_bytes = 16 << 10, .target_bytes = 8 << 10, .field_count = 100, .body_bytes = 32 << 20};

void http1_init(http1 *parser, const http_limits *limits) {
  assert(limits->head_bytes <= HTTP1_MOST_HEAD_BYTES && limits->field_count <= HTTP1_MOST_FIELDS);
  parser->limits = limits;
  http1_next(parser);
}

void http1_next(http1 *parser) {
  /* Everything but the limits and the fields, which are the bulk. */
  const http_limits *limits = parser->limits;
  memset(parser, 0, offsetof(http1, fields));
  parser->limits = limits;
}

bool http1_refuse(http1 *parser, int status, const char *why) {
  parser->phase = HTTP1_BAD;
  parser->status = status;
  parser->why = why;
  return false;
}

bool http1_take_line(http1 *parser, http1_input *in, size_t most, int status, const char *why,
                     stele_str *line) {
  if (parser->scanned < parser->at) parser->scanned = parser->at;
  const char *from = in->data + parser->scanned;
  const char *end = memchr(from, '\n', in->len - parser->scanned);
  size_t seen = (end ? (size_t)(end - in->data) + 1 : in->len) - parser->at;
  if (seen > most) return http1_refuse(parser, status, why);
  if (!end) {
    parser->scanned = in->len;
    return false;
  }
  *line = (stele_str){in->data + parser->at, seen - 1};
  if (line->len == 0 || line->ptr[line->len - 1] != '\r') {
    return http1_refuse(parser, 400, "a line ends with LF alone");
  }
  line->len--;
  parser->at += seen;
  return true;
}

/* --- request-line = method SP request-target SP HTTP-version CRLF --------- */

static http_method method_of(stele_str text) {
  for (unsigned method = 0; method < HTTP_OTHER_METHOD; method++) {
    stele_str known = stele_cstr(http_method_text((http_method)method));
    if (stele_str_eq(text, known)) return (http_method)method;
  }
  return HTTP_OTHER_METHOD;
}

static bool take_method(http1 *parser, stele_str *rest) {
  size_t len = http_span(rest->ptr, rest->len, HTTP_TOKEN);
  if (len == 0 || len == rest->len || rest->ptr[len] != ' ') {
    return http1_refuse(parser, 400, "the request line has no method");
  }
  parser->method = (uint8_t)method_of((stele_str){rest->ptr, len});
  parser->method_len = (uint16_t)len;
  *rest = (stele_str){rest->ptr + len + 1, rest->len - len - 1};
  return true;
}

/* Where the path starts in "http://host/path"; `len` when it has none. */
static size_t absolute_path_at(const char *target, size_t len) {
  size_t scheme = len > 7 && http_same_word((stele_str){target, 7}, "http://")    ? 7
                  : len > 8 && http_same_word((stele_str){target, 8}, "https://") ? 8
                                                                                  : 0;
  if (!scheme) return 0;
  size_t at = scheme;
  while (at < len && target[at] != '/' && target[at] != '?') at++;
  return at;
}

static bool take_target(http1 *parser, const char *base, stele_str *rest) {
  size_t len = http_span(rest->ptr, rest->len, HTTP_TARGET);
  if (len == 0 || len == rest->len || rest->ptr[len] != ' ') {
    return http1_refuse(parser, 400, "the request line has a bad target");
  }
  if (len > parser->limits->target_bytes) {
    return http1_refuse(parser, 414, "the request target is too long");
  }
  size_t path = absolute_path_at(rest->ptr, len);
  bool star = len == 1 && rest->ptr[0] == '*' && parser->method == HTTP_OPTIONS;
  if (!path && rest->ptr[0] != '/' && !star) {
    return http1_refuse(parser, 400, "the request target is no path");
  }
  parser->target_at = (uint16_t)(rest->ptr - base);
  parser->target_len = (uint16_t)len;
  parser->path_at = (uint16_t)(parser->target_at + path);
  *rest = (stele_str){rest->ptr + len + 1, rest->len - len - 1};
  return true;
}

static bool take_version(http1 *parser, stele_str rest) {
  bool is_http = rest.len == 8 && memcmp(rest.ptr, "HTTP/", 5) == 0 && rest.ptr[6] == '.' &&
                 rest.ptr[5] >= '0' && rest.ptr[5] <= '9' && rest.ptr[7] >= '0' &&
                 rest.ptr[7] <= '9';
  if (!is_http) return http1_refuse(parser, 400, "the request line has no HTTP version");
  if (rest.ptr[5] != '1' || rest.ptr[7] > '1') {
    return http1_refuse(parser, 505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
  }
  parser->minor_version = (uint8_t)(rest.ptr[7] - '0');
  return true;
}

static bool request_line(http1 *parser, http1_input *in, size_t *out) {
  (void)out;
  stele_str line;
  size_t most = (size_t)parser->limits->target_bytes + METHOD_AND_VERSION_BYTES;
  if (most > parser->limits->head_bytes) most = parser->limits->head_bytes;
  if (!http1_take_line(parser, in, most, 414, "the request line is too long", &line)) return false;
  if (line.len == 0 && !parser->blank_line_skipped) {
    parser->blank_line_skipped = true; /* RFC 9112, 2.2: some clients end a body with one more */
    return true;
  }
  if (!take_method(parser, &line) || !take_target(parser, in->data, &line)) return false;
  if (!take_version(parser, line)) return false;
  parser->phase = HTTP1_FIELDS;
  return true;
}

/* --- the steps ----------------------------------------------------------- */

static bool length_body(http1 *parser, http1_input *in, size_t *out) {
  (void)out;
  if (in->len - parser->head_len < parser->body_len) return false;
  parser->at = parser->end = parser->head_len + (size_t)parser->body_len;
  parser->phase = HTTP1_DONE;
  return false;
}

/* field-line = field-name ":" OWS field-value OWS; an empty line ends the head. */
static bool head_fields(http1 *parser, http1_input *in, size_t *out) {
  const char *why = "the head is too large";
  stele_str line;
  size_t most = parser->limits->head_bytes;
  most = most > parser->at ? most - parser->at : 0;
  if (!http1_take_line(parser, in, most, 431, why, &line)) return false;
  if (line.len == 0) {
    parser->head_len = *out = parser->at;
    return http1_end_head(parser);
  }
  if (parser->field_count >= parser->limits->field_count) {
    return http1_refuse(parser, 431, "there are too many headers");
  }
  http_field *field = &parser->fields[parser->field_count];
  if (!http1_split_field(parser, line, in->data, field)) return false;
  parser->field_count++;
  return true;
}

/* What to do in each phase: true when there may be more to do at once. */
static bool (*const steps[])(http1 *parser, http1_input *in, size_t *out) = {
    [HTTP1_LINE] = request_line,           [HTTP1_FIELDS] = head_fields,
    [HTTP1_LENGTH] = length_body,          [HTTP1_CHUNK] = http1_chunk,
    [HTTP1_CHUNK_DATA] = http1_chunk_data, [HTTP1_CHUNK_END] = http1_chunk_end,
    [HTTP1_TRAILERS] = http1_trailers,
};

/* Closes the gap that the framing of chunks has left before parser->at. */
static void close_gap(http1 *parser, http1_input *in, size_t out) {
  size_t gap = parser->at - out;
  memmove(in->data + out, in->data + parser->at, in->len - parser->at);
  in->len -= gap;
  parser->at = out;
  parser->scanned = parser->scanned > gap ? parser->scanned - gap : 0;
  if (parser->phase == HTTP1_DONE) parser->end = out;
}

http1_phase http1_feed(http1 *parser, char *data, size_t *len) {
  http1_input in = {data, *len};
  size_t out = parser->head_len + (parser->chunked ? (size_t)parser->body_len : 0);
  while (parser->phase < HTTP1_DONE && steps[parser->phase](parser, &in, &out)) continue;
  if (parser->phase >= HTTP1_CHUNK && parser->phase != HTTP1_BAD && parser->chunked &&
      parser->at > out) {
    close_gap(parser, &in, out);
  }
  *len = in.len;
  return parser->phase;
}

void http1_request(const http1 *parser, const char *data, http_request *out) {
  stele_str target = {data + parser->target_at, parser->target_len};
  size_t skipped = (size_t)(parser->path_at - parser->target_at);
  stele_str path = {target.ptr + skipped, target.len - skipped};
  const char *question = path.len ? memchr(path.ptr, '?', path.len) : NULL;
  stele_str query = {NULL, 0};
  if (question) {
    query = (stele_str){question + 1, path.len - (size_t)(question - path.ptr) - 1};
    path.len = (size_t)(question - path.ptr);
  }
  if (path.len == 0) path = STELE_STR("/"); /* "http://host" asks for it */
  size_t method_at = (size_t)(parser->target_at - 1 - parser->method_len);
  *out = (http_request){
      .head = data,
      .fields = parser->fields,
      .field_count = parser->field_count,
      .known = parser->known,
      .method = (http_method)parser->method,
      .minor_version = parser->minor_version,
      .keep_alive = !parser->close && (parser->minor_version == 1 || parser->keep_alive),
      .method_text = {data + method_at, parser->method_len},
      .target = target,
      .path = path,
      .raw_query = query,
      .body = {data + parser->head_len, (size_t)parser->body_len},
  };
}
