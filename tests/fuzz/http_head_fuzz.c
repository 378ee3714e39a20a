/* Any bytes at all, in pieces of any size: the parser stays inside them, comes
 * to an end, and reads the same however they are cut; what it hands out lies
 * within what it was given. Seeds: tests/fuzz/corpus/http_head. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "net/http1.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const http_limits limits = {
    .head_bytes = 512, .target_bytes = 128, .field_count = 8, .body_bytes = 256};

/* What must not depend on the cutting. */
typedef struct outcome {
  http1_phase phase;
  int status;
  const char *why;
  size_t requests, body_bytes, fields;
  uint64_t hash; /* over method, target and body */
} outcome;

static void mix(outcome *out, stele_str text) {
  for (size_t i = 0; i < text.len; i++) {
    out->hash = (out->hash ^ (uint8_t)text.ptr[i]) * 0x100000001b3u;
  }
}

static void check_inside(stele_str part, const char *data, size_t len) {
  if (part.len) assert(part.ptr >= data && part.ptr + part.len <= data + len);
}

static void take_request(const http1 *parser, const char *data, outcome *out) {
  http_request r;
  http1_request(parser, data, &r);
  check_inside(r.method_text, data, parser->end);
  check_inside(r.target, data, parser->end);
  check_inside(r.raw_query, data, parser->end);
  check_inside(r.body, data, parser->end);
  assert(r.target.len <= limits.target_bytes && r.body.len <= limits.body_bytes);
  assert(r.field_count <= limits.field_count && r.path.len > 0);
  assert(r.path.ptr[0] == '/' || r.method == HTTP_OPTIONS);
  assert(r.minor_version == 0 || http_header(&r, HTTP_H_HOST).ptr);
  for (size_t i = 0; i < r.field_count; i++) {
    check_inside((stele_str){r.head + r.fields[i].name_at, r.fields[i].name_len}, data,
                 parser->end);
    check_inside((stele_str){r.head + r.fields[i].value_at, r.fields[i].value_len}, data,
                 parser->end);
  }
  out->requests++;
  out->body_bytes += r.body.len;
  out->fields += r.field_count;
  mix(out, r.method_text);
  mix(out, r.target);
  mix(out, r.body);
}

static outcome run(const uint8_t *bytes, size_t size, size_t step) {
  char *data = malloc(size ? size : 1);
  outcome out = {0};
  http1 parser;
  size_t at = 0, len = 0;
  if (!data) abort();
  http1_init(&parser, &limits);
  for (size_t sent = 0; sent < size && out.phase != HTTP1_BAD;) {
    size_t more = size - sent < step ? size - sent : step;
    memcpy(data + at + len, bytes + sent, more);
    sent += more;
    len += more;
    while ((out.phase = http1_feed(&parser, data + at, &len)) == HTTP1_DONE) {
      assert(parser.end > 0 && parser.end <= len); /* progress */
      take_request(&parser, data + at, &out);
      at += parser.end;
      len -= parser.end;
      http1_next(&parser);
    }
  }
  out.status = parser.status;
  out.why = parser.why;
  assert((out.phase == HTTP1_BAD) == (out.status != 0));
  free(data);
  return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2) return 0;
  size_t step = (size_t)data[0] + 1;
  outcome whole = run(data + 1, size - 1, size), cut = run(data + 1, size - 1, step);
  assert(whole.phase == cut.phase && whole.status == cut.status && whole.why == cut.why);
  assert(whole.requests == cut.requests && whole.hash == cut.hash);
  assert(whole.body_bytes == cut.body_bytes && whole.fields == cut.fields);
  return 0;
}
