/* Chunked bodies (RFC 9112, 7.1), put together where they lie.
 *
 * `out` is where the body ends so far; the bytes between it and parser->at are
 * framing that is no longer needed. Extensions and trailers are checked, counted
 * against limits, and dropped. */
#include <string.h>

#include "net/http1_internal.h"
#include "net/http_char.h"

enum { MOST_SIZE_DIGITS = 16, MOST_CHUNK_LINE_BYTES = 1024, MOST_EXTENSION_BYTES = 16 << 10 };

/* chunk-size [ chunk-ext ]: hex digits, then nothing or ";" and text. */
static bool parse_size(http1 *parser, stele_str line, uint64_t *size) {
  size_t digits = http_span(line.ptr, line.len, HTTP_HEX);
  if (digits == 0 || digits > MOST_SIZE_DIGITS) {
    return http1_refuse(parser, 400, "a chunk has no size");
  }
  *size = 0;
  for (size_t i = 0; i < digits; i++) *size = *size << 4 | http_hex_value(line.ptr[i]);
  size_t rest = line.len - digits;
  if (rest == 0) return true;
  if (line.ptr[digits] != ';' || http_span(line.ptr + digits, rest, HTTP_VALUE) != rest) {
    return http1_refuse(parser, 400, "a chunk has a bad extension");
  }
  parser->extra += (uint32_t)rest;
  return parser->extra <= MOST_EXTENSION_BYTES ||
         http1_refuse(parser, 400, "there are too many chunk extensions");
}

bool http1_chunk(http1 *parser, http1_input *in, size_t *out) {
  (void)out;
  stele_str line;
  uint64_t size = 0;
  const char *why = "a chunk's size line is too long";
  if (!http1_take_line(parser, in, MOST_CHUNK_LINE_BYTES, 400, why, &line)) return false;
  if (!parse_size(parser, line, &size)) return false;
  if (size > parser->limits->body_bytes - parser->body_len) {
    return http1_refuse(parser, 413, "the body is too large");
  }
  parser->chunk_left = size;
  parser->phase = size ? HTTP1_CHUNK_DATA : HTTP1_TRAILERS;
  if (!size) parser->extra = 0; /* trailers have a limit of their own */
  return true;
}

bool http1_chunk_data(http1 *parser, http1_input *in, size_t *out) {
  size_t here = in->len - parser->at;
  size_t take = parser->chunk_left < here ? (size_t)parser->chunk_left : here;
  memmove(in->data + *out, in->data + parser->at, take);
  *out += take;
  parser->at += take;
  parser->body_len += take;
  parser->chunk_left -= take;
  if (parser->chunk_left) return false;
  parser->phase = HTTP1_CHUNK_END;
  return true;
}

bool http1_chunk_end(http1 *parser, http1_input *in, size_t *out) {
  (void)out;
  size_t here = in->len - parser->at;
  const char *at = in->data + parser->at;
  if ((here > 0 && at[0] != '\r') || (here > 1 && at[1] != '\n')) {
    return http1_refuse(parser, 400, "a chunk is longer than it says");
  }
  if (here < 2) return false;
  parser->at += 2;
  parser->phase = HTTP1_CHUNK;
  return true;
}

/* Headers that may not come behind the body: they would change its framing or
 * its meaning after the fact. */
static bool is_forbidden(http_name known) {
  return known == HTTP_H_HOST || known == HTTP_H_CONTENT_LENGTH ||
         known == HTTP_H_TRANSFER_ENCODING || known == HTTP_H_CONTENT_TYPE ||
         known == HTTP_H_CONTENT_ENCODING || known == HTTP_H_AUTHORIZATION ||
         known == HTTP_H_EXPECT;
}

bool http1_trailers(http1 *parser, http1_input *in, size_t *out) {
  const char *why = "the trailers are too large";
  stele_str line;
  uint32_t most =
      parser->limits->head_bytes -
      (parser->extra < parser->limits->head_bytes ? parser->extra : parser->limits->head_bytes);
  if (!http1_take_line(parser, in, most, 431, why, &line)) return false;
  parser->extra += (uint32_t)line.len + 2;
  if (line.len == 0) {
    parser->end = *out;
    parser->phase = HTTP1_DONE;
    return false;
  }
  http_field field;
  if (++parser->trailer_count > parser->limits->field_count) {
    return http1_refuse(parser, 431, "there are too many trailers");
  }
  if (!http1_split_field(parser, line, in->data + parser->at - line.len - 2, &field)) return false;
  if (is_forbidden(http1_known_name((stele_str){line.ptr, field.name_len}))) {
    return http1_refuse(parser, 400, "a trailer that may only be a header");
  }
  return true;
}
