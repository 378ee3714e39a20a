/* Three bytes are four letters of six bits. */
#include "fmt/base64.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum { NO_LETTER = 0x80, SPACE = 0x81, PAD = 0x82, WEB = 0x40 /* '-' and '_': | their value */ };

static void encode_three(char *to, const uint8_t *from) {
  uint32_t bits = (uint32_t)from[0] << 16 | (uint32_t)from[1] << 8 | from[2];
  for (int i = 0; i < 4; i++) to[i] = letters[bits >> (18 - 6 * i) & 63];
}

void stele_base64_encode(stele_buf *out, stele_bytes bytes) {
  size_t whole = bytes.len / 3 * 3, rest = bytes.len - whole;
  if (bytes.len > SIZE_MAX / 2 || !stele_buf_reserve(out, (bytes.len + 2) / 3 * 4)) return;
  char *to = out->ptr + out->len;
  for (size_t at = 0; at < whole; at += 3, to += 4) encode_three(to, bytes.ptr + at);
  if (rest) {
    uint8_t last[3] = {bytes.ptr[whole], rest == 2 ? bytes.ptr[whole + 1] : 0, 0};
    encode_three(to, last);
    to[3] = '=';
    if (rest == 1) to[2] = '=';
  }
  out->len += (bytes.len + 2) / 3 * 4;
}

/* The value of a letter, or one of the marks above. */
static uint8_t value_of(uint8_t c) {
  if (c >= 'A' && c <= 'Z') return (uint8_t)(c - 'A');
  if (c >= 'a' && c <= 'z') return (uint8_t)(c - 'a' + 26);
  if (c >= '0' && c <= '9') return (uint8_t)(c - '0' + 52);
  switch (c) {
  case '+': return 62;
  case '/': return 63;
  case '-': return WEB | 62;
  case '_': return WEB | 63;
  case '=': return PAD;
  case ' ':
  case '\t':
  case '\r':
  case '\n': return SPACE;
  default: return NO_LETTER;
  }
}

typedef struct decoding {
  uint32_t bits;
  size_t letters, pads;
  size_t at; /* of the text: where it is, or what was wrong */
} decoding;

static bool decode_letters(stele_buf *out, stele_str text, stele_base64_form form, decoding *d) {
  for (; d->at < text.len; d->at++) {
    uint8_t value = value_of((uint8_t)text.ptr[d->at]);
    if (value == SPACE && form == STELE_BASE64_TOLERANT) continue;
    if (value == PAD) {
      if (++d->pads > 2) return false;
      continue;
    }
    if (value >= NO_LETTER || d->pads || (value >= WEB && form == STELE_BASE64_STRICT)) {
      return false;
    }
    d->bits = d->bits << 6 | (value & 63);
    if (++d->letters % 4) continue;
    stele_buf_add_byte(out, (uint8_t)(d->bits >> 16));
    stele_buf_add_byte(out, (uint8_t)(d->bits >> 8));
    stele_buf_add_byte(out, (uint8_t)d->bits);
  }
  return true;
}

/* The last two or three letters: 12 bits hold one byte, 18 bits two. */
static bool decode_end(stele_buf *out, stele_base64_form form, const decoding *d) {
  size_t rest = d->letters % 4;
  if (rest == 1) return false;
  bool padded = (rest + d->pads) % 4 == 0;
  bool strict = form == STELE_BASE64_STRICT;
  if (!padded && (strict || d->pads)) return false;
  if (rest == 0) return true;
  uint32_t bits = d->bits << (rest == 2 ? 12 : 6) & 0xffffff;
  if (strict && (bits & (rest == 2 ? 0xffffu : 0xffu))) return false;
  stele_buf_add_byte(out, (uint8_t)(bits >> 16));
  if (rest == 3) stele_buf_add_byte(out, (uint8_t)(bits >> 8));
  return true;
}

bool stele_base64_decode_at(stele_buf *out, stele_str text, stele_base64_form form, size_t *fault) {
  decoding d = {0};
  size_t before = out->len;
  if (decode_letters(out, text, form, &d) && decode_end(out, form, &d)) return true;
  out->len = before;
  *fault = d.at;
  return false;
}

bool stele_base64_decode(stele_buf *out, stele_str text, stele_base64_form form) {
  size_t fault;
  return stele_base64_decode_at(out, text, form, &fault);
}
