/* Lines, braces, quoted text and numbers.
 *
 * The blank line between two sections is padded to the indentation of the
 * declaration around it: Confluent's printer does so, and guids are made of
 * this text. */
#include <math.h>

#include "base/num.h"
#include "base/utf8.h"
#include "proto/print/print_internal.h"

enum { INDENT = 2 };

void print_indent(print_job *job) {
  if (job->needs_blank) print_blank(job);
  stele_buf_add_spaces(job->out, (size_t)job->level * INDENT);
}

void print_section(print_job *job, print_body *body) {
  job->needs_blank = false;
  if (body->begun && !job->is_exact) print_indent(job);
  stele_buf_add_byte(job->out, '\n');
  body->begun = true;
}

void print_body_end(print_job *job, print_body *body, const char *end) {
  job->needs_blank = false; /* a `}` takes nobody's comment */
  if (body->commented && !body->begun) stele_buf_add_byte(job->out, '\n');
  if (body->begun || body->commented) print_indent(job);
  print_cstr(job, end);
}

/* ---- Quoted text -------------------------------------------------------- */

/* The letter of a short escape, or 0. */
static char short_escape(uint8_t byte) {
  static const char controls[] = "abtnvfr"; /* 7 to 13 */
  if (byte >= 7 && byte <= 13) return controls[byte - 7];
  return byte == '\\' || byte == '\'' || byte == '"' ? (char)byte : 0;
}

static void add_escaped(stele_buf *out, stele_str text, bool is_ascii) {
  for (size_t i = 0; i < text.len; i++) {
    uint8_t byte = (uint8_t)text.ptr[i];
    char letter = short_escape(byte);
    if (letter) {
      stele_buf_add_byte(out, '\\');
      stele_buf_add_byte(out, (uint8_t)letter);
    } else if (byte < ' ' || byte == 0x7f || (byte >= 0x80 && is_ascii)) {
      stele_buf_add_byte(out, '\\');
      stele_buf_add_byte(out, (uint8_t)('0' + (byte >> 6)));
      stele_buf_add_byte(out, (uint8_t)('0' + (byte >> 3 & 7)));
      stele_buf_add_byte(out, (uint8_t)('0' + (byte & 7)));
    } else {
      stele_buf_add_byte(out, byte);
    }
  }
}

static void add_quoted(stele_buf *out, stele_str text, bool is_bytes) {
  stele_buf_add_byte(out, '"');
  add_escaped(out, text, is_bytes || !stele_utf8_is_valid(text));
  stele_buf_add_byte(out, '"');
}

void print_quoted(print_job *job, stele_str text, bool is_bytes) {
  add_quoted(job->out, text, is_bytes);
}

stele_str print_quoted_text(print_job *job, stele_str text, bool is_bytes) {
  stele_buf out;
  stele_buf_init(&out, job->arena, 0);
  add_quoted(&out, text, is_bytes);
  return stele_buf_str(&out);
}

/* ---- Numbers ------------------------------------------------------------ */

static size_t shortest(char out[STELE_NUM_TEXT], double value, bool is_float) {
  int digits = is_float ? 6 : 15, most = is_float ? 9 : 17;
  for (;; digits++) {
    size_t len = stele_num_print_g(out, value, digits);
    double back = 0;
    if (digits == most || !stele_num_parse_double((stele_str){out, len}, &back)) return len;
    if (is_float ? (float)back == (float)value : back == value) return len;
  }
}

/* "-1.25e+03" as "-1250": the digits move, nothing is rounded. Numbers of more
 * than 21 digits before or behind the point keep their exponent, since nobody
 * could read them. */
static stele_str plain(print_job *job, stele_str text) {
  enum { MOST_ZEROS = 21 };
  const char *e = memchr(text.ptr, 'e', text.len);
  if (!e) return text;
  int64_t exponent = 0;
  size_t head = (size_t)(e - text.ptr), skip = e[1] == '+' ? 2 : 1;
  if (!stele_num_parse_i64((stele_str){e + skip, text.len - head - skip}, &exponent) ||
      exponent < -MOST_ZEROS || exponent > MOST_ZEROS) {
    return text;
  }
  char digits[STELE_NUM_TEXT];
  int64_t count = 0, point = -1;
  size_t at = text.ptr[0] == '-';
  stele_buf out;
  stele_buf_init(&out, job->arena, 0);
  if (at) stele_buf_add_byte(&out, '-');
  for (; at < head; at++) {
    if (text.ptr[at] == '.') {
      point = count;
    } else {
      digits[count++] = text.ptr[at];
    }
  }
  point = (point < 0 ? count : point) + exponent;
  if (point <= 0) stele_buf_add_cstr(&out, "0.");
  for (int64_t i = point; i < 0; i++) stele_buf_add_byte(&out, '0');
  for (int64_t i = 0; i < count; i++) {
    if (i == point && i > 0) stele_buf_add_byte(&out, '.');
    stele_buf_add_byte(&out, (uint8_t)digits[i]);
  }
  for (int64_t i = count; i < point; i++) stele_buf_add_byte(&out, '0');
  return stele_buf_str(&out);
}

stele_str print_number_text(print_job *job, double value, bool is_float) {
  if (isnan(value)) return signbit(value) ? STELE_STR("-nan") : STELE_STR("nan");
  if (isinf(value)) return value < 0 ? STELE_STR("-inf") : STELE_STR("inf");
  if (value == 0 && signbit(value)) return STELE_STR("-0.0"); /* "-0" would be an integer */
  char out[STELE_NUM_TEXT];
  stele_str text = {out, shortest(out, value, is_float)};
  return stele_str_copy(job->arena, job->is_normalised ? plain(job, text) : text);
}
