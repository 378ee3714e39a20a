/* Bytes inside Python's quotes. */
#include "gen/python/python_internal.h"

/* The letter behind the backslash; 0: the byte has no short escape. */
static const char letters[256] = {
    ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't', ['"'] = '"', ['\''] = '\'', ['\\'] = '\\',
};

static bool is_printable(uint8_t byte) {
  return byte >= 0x20 && byte < 0x7f;
}

static bool is_hex_digit(uint8_t byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') ||
         (byte >= 'A' && byte <= 'F');
}

static void add_hex(stele_buf *out, uint8_t byte) {
  static const char digits[] = "0123456789abcdef";
  stele_buf_add(out, (char[]){'\\', 'x', digits[byte >> 4], digits[byte & 15]}, 4);
}

void py_add_hex_escaped(stele_buf *out, stele_bytes bytes) {
  bool after_hex = false;
  for (size_t i = 0; i < bytes.len; i++) {
    uint8_t byte = bytes.ptr[i];
    bool hex = false;
    if (letters[byte]) {
      stele_buf_add(out, (char[]){'\\', letters[byte]}, 2);
    } else if (!is_printable(byte) || (after_hex && is_hex_digit(byte))) {
      add_hex(out, byte);
      hex = true;
    } else {
      stele_buf_add_byte(out, byte);
    }
    after_hex = hex;
  }
}
