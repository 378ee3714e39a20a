/* net/http_char: what a byte may be part of, by RFC 9110 and 9112.
 * Deps: none. */
#ifndef STELE_NET_HTTP_CHAR_H
#define STELE_NET_HTTP_CHAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A set of these for each byte. */
enum {
  HTTP_TOKEN = 1,  /* a method, a header's name */
  HTTP_VALUE = 2,  /* a header's value: tab, space, visible, above ASCII; no other control */
  HTTP_TARGET = 4, /* a request target: visible ASCII but '#', which never travels. More than
                      RFC 3986 lets through; clients send "|" and "{" raw, and nothing of it
                      can be mistaken for the end of the target */
  HTTP_HOST = 8,   /* a Host: name, address, port */
  HTTP_HEX = 16,
};

extern const uint8_t http_chars[256];

static inline bool http_is(char byte, unsigned kind) {
  return (http_chars[(uint8_t)byte] & kind) != 0;
}

/* How many bytes from `at` on are of `kind`; at most `len`. */
static inline size_t http_span(const char *at, size_t len, unsigned kind) {
  size_t i = 0;
  while (i < len && http_is(at[i], kind)) i++;
  return i;
}

/* 0 to 15 for a HTTP_HEX byte. */
static inline unsigned http_hex_value(char byte) {
  return byte <= '9' ? (unsigned)(byte - '0') : (unsigned)((byte | 0x20) - 'a' + 10);
}

#endif
