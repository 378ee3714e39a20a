/* Values and guesses. A guess is only told where it is plausible: small zigzag
 * numbers, doubles of everyday size, times between the years 2000 and 2100. */
#include <math.h>

#include "base/shortest.h"
#include "base/time.h"
#include "base/utf8.h"
#include "proto/inspect/inspect_internal.h"
#include "proto/schema/schema.h"

enum { MOST_TEXT = 80, MOST_BYTES = 32 };

static const uint64_t year_2000_s = 946684800, year_2100_s = 4102444800;

static void put_double(stele_buf *out, uint64_t raw) {
  char text[STELE_SHORTEST_TEXT];
  double value;
  memcpy(&value, &raw, sizeof value);
  stele_buf_add(out, text, stele_shortest_double(text, value));
}

static void put_float(stele_buf *out, uint32_t raw) {
  char text[STELE_SHORTEST_TEXT];
  float value;
  memcpy(&value, &raw, sizeof value);
  stele_buf_add(out, text, stele_shortest_float(text, value));
}

static void put_enum(stele_buf *out, const layout_enum *type, int32_t number) {
  const stele_enum_value *value = layout_enum_find(type, number);
  if (value) {
    stele_buf_printf(out, STELE_STR_FMT " (%d)", STELE_STR_ARG(value->name), number);
  } else {
    stele_buf_printf(out, "%d, which " STELE_STR_FMT " does not have", number,
                     STELE_STR_ARG(type->type->full_name));
  }
}

void inspect_put_number(stele_buf *out, const stele_field *field, const layout_enum *type,
                        uint64_t raw) {
  switch ((int)field->type) {
  case STELE_TYPE_DOUBLE: put_double(out, raw); break;
  case STELE_TYPE_FLOAT: put_float(out, (uint32_t)raw); break;
  case STELE_TYPE_INT32:
  case STELE_TYPE_SFIXED32: stele_buf_add_i64(out, (int32_t)(uint32_t)raw); break;
  case STELE_TYPE_INT64:
  case STELE_TYPE_SFIXED64: stele_buf_add_i64(out, (int64_t)raw); break;
  case STELE_TYPE_UINT32: stele_buf_add_u64(out, (uint32_t)raw); break;
  case STELE_TYPE_SINT32: stele_buf_add_i64(out, stele_wire_unzigzag((uint32_t)raw)); break;
  case STELE_TYPE_SINT64: stele_buf_add_i64(out, stele_wire_unzigzag(raw)); break;
  case STELE_TYPE_BOOL: stele_buf_add_cstr(out, raw ? "true" : "false"); break;
  case STELE_TYPE_ENUM: put_enum(out, type, (int32_t)(uint32_t)raw); break;
  default: stele_buf_add_u64(out, raw); break;
  }
}

/* ---- Guesses ------------------------------------------------------------------ */

static void guess_time(stele_buf *out, uint64_t raw) {
  char text[STELE_TIME_TEXT];
  uint64_t scale = 0;
  for (uint64_t unit = 1; unit <= STELE_US_PER_S; unit *= 1000) {
    if (raw >= year_2000_s * unit && raw < year_2100_s * unit) scale = unit;
  }
  if (!scale) return;
  stele_time_print(text, (stele_time_us)(raw * (STELE_US_PER_S / scale)));
  stele_buf_printf(out, ", as a time %.19sZ", text);
}

void inspect_guess_varint(stele_buf *out, uint64_t raw) {
  enum { SMALL = 1 << 24 };
  stele_buf_add_u64(out, raw);
  if (raw > INT64_MAX) stele_buf_printf(out, ", as an int %lld", (long long)(int64_t)raw);
  if (raw > 1 && raw < SMALL && raw & 1) {
    stele_buf_printf(out, ", as a sint %lld", (long long)stele_wire_unzigzag(raw));
  }
  guess_time(out, raw);
}

void inspect_guess_fixed64(stele_buf *out, uint64_t raw) {
  double value, size;
  memcpy(&value, &raw, sizeof value);
  size = fabs(value);
  if (raw == 0 || (size > 1e-9 && size < 1e15)) {
    put_double(out, raw);
    stele_buf_printf(out, ", as an integer %lld", (long long)(int64_t)raw);
  } else {
    stele_buf_add_i64(out, (int64_t)raw);
    guess_time(out, raw);
  }
}

void inspect_guess_fixed32(stele_buf *out, uint32_t raw) {
  float value, size;
  memcpy(&value, &raw, sizeof value);
  size = fabsf(value);
  if (raw == 0 || (size > 1e-6F && size < 1e9F)) {
    put_float(out, raw);
    stele_buf_printf(out, ", as an integer %d", (int32_t)raw);
  } else {
    stele_buf_add_i64(out, (int32_t)raw);
  }
}

/* ---- Runs of bytes -------------------------------------------------------------- */

void inspect_put_text(stele_buf *out, stele_bytes text) {
  static const char digits[] = "0123456789abcdef";
  size_t shown = text.len;
  if (shown > MOST_TEXT) {
    for (shown = MOST_TEXT; shown > 0 && (text.ptr[shown] & 0xc0) == 0x80;) shown--;
  }
  stele_buf_add_byte(out, '"');
  for (size_t i = 0; i < shown; i++) {
    uint8_t c = text.ptr[i];
    if (c == '"' || c == '\\') stele_buf_add_byte(out, '\\');
    if (c == '\n') {
      stele_buf_add_cstr(out, "\\n");
    } else if (c < 0x20 || c == 0x7f) {
      stele_buf_add(out, (char[]){'\\', 'x', digits[c >> 4], digits[c & 15]}, 4);
    } else {
      stele_buf_add_byte(out, c);
    }
  }
  stele_buf_add_cstr(out, shown < text.len ? "\"\xe2\x80\xa6" : "\"");
}

void inspect_put_bytes(stele_buf *out, stele_bytes bytes) {
  size_t shown = bytes.len < MOST_BYTES ? bytes.len : MOST_BYTES;
  stele_buf_printf(out, "%zu byte%s", bytes.len, bytes.len == 1 ? "" : "s");
  if (shown) stele_buf_add_byte(out, ' ');
  for (size_t i = 0; i < shown; i++) stele_buf_printf(out, "%02x", bytes.ptr[i]);
  if (shown < bytes.len) stele_buf_add_cstr(out, "\xe2\x80\xa6");
}

bool inspect_is_text(stele_bytes bytes) {
  for (size_t i = 0; i < bytes.len; i++) {
    uint8_t c = bytes.ptr[i];
    if ((c < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7f) return false;
  }
  return stele_utf8_is_valid(stele_bytes_str(bytes));
}
