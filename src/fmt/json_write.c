/* Writing: straight into a buffer, nothing kept but two flags.
 *
 * `comma` is false only right after a container begins, which also tells an
 * empty one at its end, so no stack of containers is needed. */
#include <math.h>

#include "base/shortest.h"
#include "fmt/json.h"
#include "fmt/json_scan.h"

void stele_json_writer_init(stele_json_writer *w, stele_buf *buf, uint32_t indent) {
  *w = (stele_json_writer){.buf = buf, .indent = indent};
}

static void new_line(stele_json_writer *w) {
  if (!w->indent) return;
  stele_buf_add_byte(w->buf, '\n');
  stele_buf_add_spaces(w->buf, (size_t)w->indent * w->depth);
}

/* What goes in front of a value or a key. */
static void lead(stele_json_writer *w) {
  if (w->after_key) {
    w->after_key = false;
    return;
  }
  if (w->comma) stele_buf_add_byte(w->buf, ',');
  if (w->depth) new_line(w);
  w->comma = true;
}

static void begin(stele_json_writer *w, char bracket) {
  lead(w);
  stele_buf_add_byte(w->buf, (uint8_t)bracket);
  w->depth++;
  w->comma = false;
}

static void end(stele_json_writer *w, char bracket) {
  w->depth--;
  if (w->comma) new_line(w);
  stele_buf_add_byte(w->buf, (uint8_t)bracket);
  w->comma = true;
}

void stele_json_begin_object(stele_json_writer *w) {
  begin(w, '{');
}

void stele_json_end_object(stele_json_writer *w) {
  end(w, '}');
}

void stele_json_begin_array(stele_json_writer *w) {
  begin(w, '[');
}

void stele_json_end_array(stele_json_writer *w) {
  end(w, ']');
}

/* ---- strings ---- */

/* The letter after the backslash; 0: the long form. */
static const char short_escapes[128] = {
    ['"'] = '"',  ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f',
    ['\n'] = 'n', ['\r'] = 'r',  ['\t'] = 't',
};

static void escape_byte(stele_buf *buf, uint8_t byte) {
  static const char digits[] = "0123456789abcdef";
  char letter = short_escapes[byte & 0x7f];
  if (letter) {
    stele_buf_add(buf, (char[]){'\\', letter}, 2);
  } else {
    stele_buf_add(buf, (char[]){'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]}, 6);
  }
}

void stele_json_escape(stele_buf *buf, stele_str text) {
  const char *at = text.ptr, *end = text.ptr + text.len;
  while (at < end) {
    const char *run = json_text_end(at, end);
    stele_buf_add(buf, at, (size_t)(run - at));
    if (run == end) return;
    if ((uint8_t)*run < 0x80) {
      escape_byte(buf, (uint8_t)*run);
    } else {
      stele_buf_add_cstr(buf, "\xef\xbf\xbd");
    }
    at = run + 1;
  }
}

static void quoted(stele_buf *buf, stele_str text) {
  stele_buf_add_byte(buf, '"');
  stele_json_escape(buf, text);
  stele_buf_add_byte(buf, '"');
}

void stele_json_write_key(stele_json_writer *w, stele_str key) {
  lead(w);
  quoted(w->buf, key);
  stele_buf_add_cstr(w->buf, w->indent ? ": " : ":");
  w->after_key = true;
}

void stele_json_write_str(stele_json_writer *w, stele_str text) {
  lead(w);
  quoted(w->buf, text);
}

/* ---- other values ---- */

void stele_json_write_i64(stele_json_writer *w, int64_t value) {
  lead(w);
  stele_buf_add_i64(w->buf, value);
}

void stele_json_write_u64(stele_json_writer *w, uint64_t value) {
  lead(w);
  stele_buf_add_u64(w->buf, value);
}

void stele_json_write_bool(stele_json_writer *w, bool value) {
  stele_json_write_raw(w, value ? STELE_STR("true") : STELE_STR("false"));
}

void stele_json_write_null(stele_json_writer *w) {
  stele_json_write_raw(w, STELE_STR("null"));
}

void stele_json_write_raw(stele_json_writer *w, stele_str json) {
  lead(w);
  stele_buf_add_str(w->buf, json);
}

void stele_json_write_double(stele_json_writer *w, double value) {
  char text[STELE_SHORTEST_TEXT];
  if (isfinite(value)) {
    stele_json_write_raw(w, (stele_str){text, stele_shortest_double(text, value)});
  } else {
    stele_json_write_null(w);
  }
}

static void write_scalar(stele_json_writer *w, const stele_json *value) {
  switch (value->kind) {
  case STELE_JSON_BOOL: stele_json_write_bool(w, value->boolean); break;
  case STELE_JSON_NUMBER: stele_json_write_raw(w, value->text); break;
  case STELE_JSON_STRING: stele_json_write_str(w, value->text); break;
  case STELE_JSON_NULL:
  case STELE_JSON_ARRAY:
  case STELE_JSON_OBJECT:
  case STELE_JSON_KINDS: stele_json_write_null(w); break;
  }
}

/* As deep as the tree, whose reader bounds it. */
void stele_json_write_value(stele_json_writer *w, const stele_json *value) {
  bool object = value->kind == STELE_JSON_OBJECT;
  if (!object && value->kind != STELE_JSON_ARRAY) {
    write_scalar(w, value);
    return;
  }
  begin(w, object ? '{' : '[');
  STELE_JSON_EACH(item, value) {
    if (object) stele_json_write_key(w, item->key);
    stele_json_write_value(w, item);
  }
  end(w, object ? '}' : ']');
}

/* ---- fields ---- */

void stele_json_field_str(stele_json_writer *w, const char *key, stele_str value) {
  stele_json_write_key(w, stele_cstr(key));
  stele_json_write_str(w, value);
}

void stele_json_field_i64(stele_json_writer *w, const char *key, int64_t value) {
  stele_json_write_key(w, stele_cstr(key));
  stele_json_write_i64(w, value);
}

void stele_json_field_bool(stele_json_writer *w, const char *key, bool value) {
  stele_json_write_key(w, stele_cstr(key));
  stele_json_write_bool(w, value);
}

void stele_json_field_null(stele_json_writer *w, const char *key) {
  stele_json_write_key(w, stele_cstr(key));
  stele_json_write_null(w);
}

void stele_json_field_object(stele_json_writer *w, const char *key) {
  stele_json_write_key(w, stele_cstr(key));
  stele_json_begin_object(w);
}

void stele_json_field_array(stele_json_writer *w, const char *key) {
  stele_json_write_key(w, stele_cstr(key));
  stele_json_begin_array(w);
}
