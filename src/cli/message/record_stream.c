/* Records are cut out of one buffer that is filled by the megabyte and grows
 * only for a record that is longer. */
#include "cli/message/record_stream.h"

#include <errno.h>
#include <unistd.h>

#include "fmt/base64.h"
#include "sys/file.h"

enum { CHUNK = 1 << 20, LONGEST_LENGTH = 10 };

// clang-format off
const record_form record_forms[] = {
    {"binary",       "binpb bin pb",              "one message",                            SPELL_BINARY, COVER_NONE,   END_FILE},
    {"json",         "json",                      "one message",                            SPELL_JSON,   COVER_NONE,   END_FILE},
    {"text",         "txtpb textproto pbtxt txt", "one message in text format",             SPELL_TEXT,   COVER_NONE,   END_FILE},
    {"hex",          "hex",                       "one message, its bytes as hex digits",   SPELL_BINARY, COVER_HEX,    END_FILE},
    {"base64",       "b64 base64",                "one message, its bytes as base64",       SPELL_BINARY, COVER_BASE64, END_FILE},
    {"delimited",    "delimited",                 "messages, each behind its length",       SPELL_BINARY, COVER_NONE,   END_LENGTH},
    {"ndjson",       "ndjson jsonl",              "messages, one JSON object a line",       SPELL_JSON,   COVER_NONE,   END_LINE},
    {"hex-lines",    "",                          "messages, one a line as hex digits",     SPELL_BINARY, COVER_HEX,    END_LINE},
    {"base64-lines", "",                          "messages, one a line as base64",         SPELL_BINARY, COVER_BASE64, END_LINE},
};
// clang-format on

const size_t record_form_count = STELE_COUNT(record_forms);

const record_form *record_form_find(stele_str name) {
  for (size_t i = 0; i < record_form_count; i++) {
    if (stele_str_eq(name, stele_cstr(record_forms[i].name))) return &record_forms[i];
  }
  return NULL;
}

static bool has_word(const char *words, stele_str word) {
  for (const char *at = words; *at;) {
    size_t len = strcspn(at, " ");
    if (stele_str_eq((stele_str){at, len}, word)) return true;
    at += len + (at[len] == ' ');
  }
  return false;
}

const record_form *record_form_of_file(stele_str path) {
  size_t at = path.len;
  while (at > 0 && path.ptr[at - 1] != '.' && path.ptr[at - 1] != '/') at--;
  if (at == 0 || path.ptr[at - 1] == '/') return NULL;
  stele_str ending = {path.ptr + at, path.len - at};
  for (size_t i = 0; i < record_form_count; i++) {
    if (has_word(record_forms[i].endings, ending)) return &record_forms[i];
  }
  return NULL;
}

/* ---- In -------------------------------------------------------------------------- */

void record_reader_init(record_reader *r, int fd, const record_form *form, size_t most) {
  *r = (record_reader){.fd = fd, .form = form, .most = most};
  stele_buf_init(&r->bytes, NULL, 0);
}

void record_reader_release(record_reader *r) {
  stele_buf_release(&r->bytes);
}

static size_t held(const record_reader *r) {
  return r->bytes.len - r->from;
}

/* Reads more behind what is held, which moves to the front first. */
static bool fill(record_reader *r, stele_err *err) {
  if (r->from) {
    memmove(r->bytes.ptr, r->bytes.ptr + r->from, held(r));
    r->bytes.len -= r->from;
    r->from = 0;
  }
  if (!stele_buf_reserve(&r->bytes, CHUNK)) return stele_fail(err, STELE_NO_MEMORY, "no memory");
  ssize_t got;
  do {
    got = read(r->fd, r->bytes.ptr + r->bytes.len, CHUNK);
  } while (got < 0 && errno == EINTR);
  if (got < 0) {
    char text[128];
    return stele_fail(err, STELE_IO, "reading: %s", strerror_r(errno, text, sizeof text));
  }
  r->bytes.len += (size_t)got;
  r->at_end = got == 0;
  return true;
}

static bool too_long(const record_reader *r, stele_err *err) {
  return stele_fail(err, STELE_LIMIT, "record %llu (byte %llu) is longer than %zu bytes",
                    (unsigned long long)r->number, (unsigned long long)r->offset, r->most);
}

static void consume(record_reader *r, size_t skipped, size_t len, stele_bytes *out) {
  *out = (stele_bytes){(const uint8_t *)r->bytes.ptr + r->from + skipped, len};
  r->from += skipped + len;
  r->consumed += skipped + len;
}

/* All there is: one record, also when it is empty. */
static bool read_file(record_reader *r, stele_bytes *out, bool *found, stele_err *err) {
  *found = r->number == 1;
  while (*found && !r->at_end) {
    if (!fill(r, err)) return false;
    if (held(r) > r->most) return too_long(r, err);
  }
  consume(r, 0, held(r), out);
  return true;
}

static bool read_line(record_reader *r, stele_bytes *out, bool *found, stele_err *err) {
  size_t looked = 0;
  for (;;) {
    const char *at = r->bytes.ptr ? r->bytes.ptr + r->from : "";
    const char *end = memchr(at + looked, '\n', held(r) - looked);
    size_t len = end ? (size_t)(end - at) : held(r);
    if (!end && !r->at_end) {
      if (len > r->most) return too_long(r, err);
      looked = len;
      if (!fill(r, err)) return false;
      continue;
    }
    bool is_blank = true;
    for (size_t i = 0; i < len && is_blank; i++) is_blank = (uint8_t)at[i] <= ' ';
    if (is_blank && !end) {
      *found = false;
      return true;
    }
    consume(r, 0, len, out);
    r->from += end != NULL;
    r->consumed += end != NULL;
    if (!is_blank) {
      *found = true;
      return true;
    }
    r->offset = r->consumed;
    looked = 0;
  }
}

/* A varint in front says how long the message is. */
static bool read_length(const record_reader *r, uint64_t *len, size_t *digits, bool *whole) {
  const uint8_t *at = (const uint8_t *)r->bytes.ptr + r->from;
  *len = 0;
  *whole = false;
  for (size_t i = 0; i < held(r); i++) {
    if (i == LONGEST_LENGTH) return false;
    *len |= (uint64_t)(at[i] & 0x7f) << (7 * i);
    if (at[i] & 0x80) continue;
    *digits = i + 1;
    *whole = true;
    return true;
  }
  return held(r) < LONGEST_LENGTH;
}

static bool read_delimited(record_reader *r, stele_bytes *out, bool *found, stele_err *err) {
  for (;;) {
    uint64_t len;
    size_t digits = 0;
    bool whole;
    if (!read_length(r, &len, &digits, &whole)) {
      return stele_fail(err, STELE_INVALID, "record %llu (byte %llu): not a length",
                        (unsigned long long)r->number, (unsigned long long)r->offset);
    }
    if (whole && len > r->most) return too_long(r, err);
    if (whole && held(r) - digits >= len) {
      *found = true;
      consume(r, digits, (size_t)len, out);
      return true;
    }
    if (r->at_end) {
      *found = false;
      return held(r) == 0 ||
             stele_fail(err, STELE_INVALID, "record %llu (byte %llu): the input ends inside of it",
                        (unsigned long long)r->number, (unsigned long long)r->offset);
    }
    if (!fill(r, err)) return false;
  }
}

bool record_read(record_reader *r, stele_bytes *out, bool *found, stele_err *err) {
  r->number++;
  r->offset = r->consumed;
  switch (r->form->end) {
  case END_LINE: return read_line(r, out, found, err);
  case END_LENGTH: return read_delimited(r, out, found, err);
  case END_FILE: break;
  }
  return read_file(r, out, found, err);
}

/* ---- Covers ------------------------------------------------------------------------ */

static int hex_digit(uint8_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/* Pairs of digits, with white space, ':' or "0x" between them. */
static bool add_hex(stele_buf *out, stele_bytes in, stele_err *err) {
  int high = -1;
  for (size_t i = 0; i < in.len; i++) {
    uint8_t c = in.ptr[i];
    bool is_prefix = c == '0' && high < 0 && i + 1 < in.len && (in.ptr[i + 1] | 0x20) == 'x';
    if (is_prefix) {
      i++;
      continue;
    }
    int digit = hex_digit(c);
    if (digit < 0) {
      if (high < 0 && (c <= ' ' || c == ':' || c == ',')) continue;
      return stele_fail(err, STELE_INVALID, "byte %zu: not a hex digit", i);
    }
    if (high >= 0) stele_buf_add_byte(out, (uint8_t)(high << 4 | digit));
    high = high >= 0 ? -1 : digit;
  }
  return high < 0 || stele_fail(err, STELE_INVALID, "byte %zu: half a byte is missing", in.len);
}

static bool add_base64(stele_buf *out, stele_bytes in, stele_err *err) {
  size_t fault;
  if (stele_base64_decode_at(out, stele_bytes_str(in), STELE_BASE64_TOLERANT, &fault)) return true;
  return stele_fail(err, STELE_INVALID, "byte %zu: %s", fault,
                    fault < in.len ? "not base64" : "letters of base64 are missing");
}

bool record_uncover(stele_arena *arena, record_cover cover, stele_bytes in, stele_bytes *out,
                    stele_err *err) {
  stele_buf bytes;
  *out = in;
  if (cover == COVER_NONE) return true;
  stele_buf_init(&bytes, arena, 0);
  if (!(cover == COVER_HEX ? add_hex : add_base64)(&bytes, in, err)) return false;
  *out = stele_buf_bytes(&bytes);
  return true;
}

static void add_covered(stele_buf *out, record_cover cover, stele_bytes bytes) {
  static const char digits[] = "0123456789abcdef";
  if (cover == COVER_NONE) stele_buf_add(out, bytes.ptr, bytes.len);
  if (cover == COVER_BASE64) stele_base64_encode(out, bytes);
  if (cover != COVER_HEX || !stele_buf_reserve(out, bytes.len * 2)) return;
  for (size_t i = 0; i < bytes.len; i++) {
    out->ptr[out->len++] = digits[bytes.ptr[i] >> 4];
    out->ptr[out->len++] = digits[bytes.ptr[i] & 15];
  }
}

/* ---- Out ------------------------------------------------------------------------- */

void record_writer_init(record_writer *w, sys_output *out, const record_form *form) {
  *w = (record_writer){.out = out, .form = form};
  stele_buf_init(&w->bytes, NULL, 0);
}

void record_writer_release(record_writer *w) {
  stele_buf_release(&w->bytes);
}

bool record_flush(record_writer *w, stele_err *err) {
  if (w->bytes.failed) return stele_fail(err, STELE_NO_MEMORY, "no memory for the output");
  bool ok = sys_output_write(w->out, stele_buf_bytes(&w->bytes), err);
  stele_buf_clear(&w->bytes);
  return ok;
}

static void add_length(stele_buf *out, uint64_t len) {
  for (; len >= 0x80; len >>= 7) stele_buf_add_byte(out, (uint8_t)(len | 0x80));
  stele_buf_add_byte(out, (uint8_t)len);
}

bool record_write(record_writer *w, stele_bytes record, stele_err *err) {
  const record_form *form = w->form;
  if (form->end == END_LENGTH) add_length(&w->bytes, record.len);
  add_covered(&w->bytes, form->cover, record);
  bool is_text = form->spelling != SPELL_BINARY || form->cover != COVER_NONE;
  bool has_end = w->bytes.len && w->bytes.ptr[w->bytes.len - 1] == '\n';
  if (is_text && !has_end) stele_buf_add_byte(&w->bytes, '\n');
  return w->bytes.len < CHUNK || record_flush(w, err);
}
