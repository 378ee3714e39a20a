/* Header lines: their form, and the few that decide how a message is framed.
 *
 * A rule per known header, in a table; what the headers say together is checked
 * once, at the end of the head. Smuggling lives where two readers disagree about
 * the framing, so here everything that is not exactly one thing is refused. */
#include <string.h>

#include "base/num.h"
#include "net/http1_internal.h"
#include "net/http_char.h"

/* --- names --------------------------------------------------------------- */

static const struct {
  const char *text;
  uint8_t len;
  bool once;
} names[HTTP_NAME_COUNT] = {
#define ONCE true
#define ANY false
#define X(name, text, times) {text, sizeof text - 1, times},
    HTTP_HEADERS(X)
#undef X
#undef ANY
#undef ONCE
};

/* The known names of each length, at most two; each is one more than its
 * http_name, 0 is none. A test holds this against the list. */
enum { LONGEST_NAME = 17, OF_ONE_LENGTH = 2 };
static const uint8_t by_length[LONGEST_NAME + 1][OF_ONE_LENGTH] = {
    [4] = {HTTP_H_HOST + 1},
    [6] = {HTTP_H_ACCEPT + 1, HTTP_H_EXPECT + 1},
    [10] = {HTTP_H_USER_AGENT + 1, HTTP_H_CONNECTION + 1},
    [11] = {HTTP_H_TRACEPARENT + 1},
    [12] = {HTTP_H_CONTENT_TYPE + 1, HTTP_H_X_REQUEST_ID + 1},
    [13] = {HTTP_H_AUTHORIZATION + 1, HTTP_H_IF_NONE_MATCH + 1},
    [14] = {HTTP_H_CONTENT_LENGTH + 1},
    [15] = {HTTP_H_ACCEPT_ENCODING + 1, HTTP_H_IDEMPOTENCY_KEY + 1},
    [16] = {HTTP_H_CONTENT_ENCODING + 1},
    [17] = {HTTP_H_TRANSFER_ENCODING + 1},
};

http_name http1_known_name(stele_str name) {
  if (name.len > LONGEST_NAME) return HTTP_NAME_COUNT;
  for (size_t i = 0; i < OF_ONE_LENGTH && by_length[name.len][i]; i++) {
    http_name known = (http_name)(by_length[name.len][i] - 1);
    if (http_same_word(name, names[known].text)) return known;
  }
  return HTTP_NAME_COUNT;
}

/* --- rules --------------------------------------------------------------- */

static bool host(http1 *parser, stele_str value) {
  parser->has_host = true;
  if (http_span(value.ptr, value.len, HTTP_HOST) == value.len) return true;
  return http1_refuse(parser, 400, "Host is no host");
}

static bool content_length(http1 *parser, stele_str value) {
  uint64_t length = 0;
  parser->has_length = true;
  if (!stele_num_parse_u64(value, &length)) {
    return http1_refuse(parser, 400, "Content-Length is no number");
  }
  parser->body_len = length;
  return true;
}

static bool transfer_encoding(http1 *parser, stele_str value) {
  parser->chunked = true;
  if (http_same_word(value, "chunked")) return true;
  return http1_refuse(parser, 400, "Transfer-Encoding is not \"chunked\"");
}

static stele_str trim(stele_str text) {
  while (text.len && (text.ptr[0] == ' ' || text.ptr[0] == '\t')) text.ptr++, text.len--;
  while (text.len && (text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == '\t')) text.len--;
  return text;
}

static bool connection(http1 *parser, stele_str value) {
  while (value.len) {
    const char *comma = memchr(value.ptr, ',', value.len);
    size_t len = comma ? (size_t)(comma - value.ptr) : value.len, next = comma ? len + 1 : len;
    stele_str word = trim((stele_str){value.ptr, len});
    if (http_same_word(word, "close")) parser->close = true;
    if (http_same_word(word, "keep-alive")) parser->keep_alive = true;
    value = (stele_str){value.ptr + next, value.len - next};
  }
  return true;
}

static bool expect(http1 *parser, stele_str value) {
  if (!http_same_word(value, "100-continue")) {
    return http1_refuse(parser, 417, "Expect is not \"100-continue\"");
  }
  parser->expects_continue = true;
  return true;
}

/* What else a header means while parsing. */
static bool (*const rules[HTTP_NAME_COUNT])(http1 *parser, stele_str value) = {
    [HTTP_H_HOST] = host,
    [HTTP_H_CONTENT_LENGTH] = content_length,
    [HTTP_H_TRANSFER_ENCODING] = transfer_encoding,
    [HTTP_H_CONNECTION] = connection,
    [HTTP_H_EXPECT] = expect,
};

/* --- lines --------------------------------------------------------------- */

bool http1_split_field(http1 *parser, stele_str line, const char *base, http_field *out) {
  size_t name_len = http_span(line.ptr, line.len, HTTP_TOKEN);
  if (name_len == 0 || name_len == line.len || line.ptr[name_len] != ':') {
    bool folded = line.ptr[0] == ' ' || line.ptr[0] == '\t';
    return http1_refuse(parser, 400,
                        folded ? "a header is folded over two lines" : "a header has a bad name");
  }
  stele_str value = {line.ptr + name_len + 1, line.len - name_len - 1};
  if (http_span(value.ptr, value.len, HTTP_VALUE) != value.len) {
    return http1_refuse(parser, 400, "a header has a control character in it");
  }
  value = trim(value);
  *out = (http_field){(uint16_t)(line.ptr - base), (uint16_t)name_len, (uint16_t)(value.ptr - base),
                      (uint16_t)value.len};
  if (parser->phase != HTTP1_FIELDS) return true; /* a trailer decides nothing */

  http_name known = http1_known_name((stele_str){line.ptr, name_len});
  if (known == HTTP_NAME_COUNT) return true;
  if (parser->known[known] && names[known].once) {
    return http1_refuse(parser, 400, "a header stands twice that may stand once");
  }
  if (!parser->known[known]) parser->known[known] = (uint8_t)(parser->field_count + 1);
  return !rules[known] || rules[known](parser, value);
}

bool http1_end_head(http1 *parser) {
  if (!parser->has_host && parser->minor_version == 1) {
    return http1_refuse(parser, 400, "Host is missing");
  }
  if (parser->chunked && parser->has_length) {
    return http1_refuse(parser, 400, "both Content-Length and Transfer-Encoding");
  }
  if (parser->chunked && parser->minor_version == 0) {
    return http1_refuse(parser, 400, "HTTP/1.0 knows no Transfer-Encoding");
  }
  if (parser->body_len > parser->limits->body_bytes) {
    return http1_refuse(parser, 413, "the body is too large");
  }
  if (parser->minor_version == 0) parser->expects_continue = false;
  parser->phase = parser->chunked ? HTTP1_CHUNK : HTTP1_LENGTH;
  return true;
}
