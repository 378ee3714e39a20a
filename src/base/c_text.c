#include "base/c_text.h"

/* What is escaped by a letter, then the letter. */
static const char printed[] = "\nn\rr\tt\"\"''\\\\";
/* What only reading knows besides, turned round. */
static const char also_read[] = "\aa\bb\ff\vv??";

/* The second of the pair whose other half is `byte`; 0: there is none. */
static char letter_of(const char *pairs, bool to_byte, char byte) {
  for (; *pairs; pairs += 2) {
    if (pairs[to_byte] == byte) return pairs[!to_byte];
  }
  return 0;
}

static bool is_plain(uint8_t byte) {
  return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\'' && byte != '\\';
}

void stele_c_escape(stele_buf *out, stele_bytes bytes) {
  for (size_t i = 0; i < bytes.len; i++) {
    size_t start = i;
    while (i < bytes.len && is_plain(bytes.ptr[i])) i++;
    stele_buf_add(out, bytes.ptr + start, i - start);
    if (i == bytes.len) return;
    uint8_t byte = bytes.ptr[i];
    char letter = letter_of(printed, false, (char)byte);
    if (letter) {
      stele_buf_add(out, (char[]){'\\', letter}, 2);
    } else {
      char octal[4] = {'\\', (char)('0' + (byte >> 6)), (char)('0' + (byte >> 3 & 7)),
                       (char)('0' + (byte & 7))};
      stele_buf_add(out, octal, sizeof octal);
    }
  }
}

static unsigned digit_of(char c) {
  if (c >= '0' && c <= '9') return (unsigned)(c - '0');
  char lower = (char)(c | 32);
  return lower >= 'a' && lower <= 'f' ? (unsigned)(lower - 'a') + 10 : 16;
}

/* The escape whose backslash stands before `at`: how many bytes it has; 0: it is none. */
static size_t read_escape(stele_str text, size_t at, uint8_t *byte) {
  if (at == text.len) return 0;
  char letter = letter_of(printed, true, text.ptr[at]);
  if (!letter) letter = letter_of(also_read, true, text.ptr[at]);
  *byte = (uint8_t)letter;
  if (letter) return 1;

  bool is_hex = (text.ptr[at] | 32) == 'x';
  unsigned base = is_hex ? 16 : 8, value = 0;
  size_t first = at + is_hex, end = first, most = is_hex ? text.len : first + 3;
  while (end < text.len && end < most && digit_of(text.ptr[end]) < base) {
    value = value * base + digit_of(text.ptr[end++]);
    if (value > 255) return 0;
  }
  *byte = (uint8_t)value;
  return end == first ? 0 : end - at;
}

bool stele_c_unescape(stele_buf *out, stele_str text) {
  for (size_t at = 0; at < text.len;) {
    const char *found = memchr(text.ptr + at, '\\', text.len - at);
    size_t plain = found ? (size_t)(found - text.ptr) - at : text.len - at;
    stele_buf_add(out, text.ptr + at, plain);
    at += plain;
    if (!found) break;
    uint8_t byte;
    size_t len = read_escape(text, at + 1, &byte);
    if (!len) return false;
    stele_buf_add_byte(out, byte);
    at += 1 + len;
  }
  return true;
}
