/* Answers what base/decimal and base/shortest make of numbers, a line each:
 *   "d 3ff0000000000000" -> the shortest text of the double with these bits
 *   "f 3f800000"         -> of the float
 *   "r 1.5e3"            -> the bits of the double and of the float that is read
 *   "n 100"              -> one hundred lines "bits text" of random doubles
 * tests/oracle/test_numbers.py compares them with Python's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/shortest.h"

static void print_double(uint64_t bits) {
  char text[STELE_SHORTEST_TEXT];
  double value;
  memcpy(&value, &bits, sizeof value);
  printf("%.*s\n", (int)stele_shortest_double(text, value), text);
}

static void print_float(uint32_t bits) {
  char text[STELE_SHORTEST_TEXT];
  float value;
  memcpy(&value, &bits, sizeof value);
  printf("%.*s\n", (int)stele_shortest_float(text, value), text);
}

static void read_number(const char *text) {
  stele_decimal number;
  const char *end = text + strlen(text);
  if (stele_decimal_scan(text, end, &number) != end) {
    puts("refused");
    return;
  }
  double wide = stele_decimal_double(&number);
  float narrow = stele_decimal_float(&number);
  uint64_t wide_bits;
  uint32_t narrow_bits;
  memcpy(&wide_bits, &wide, sizeof wide_bits);
  memcpy(&narrow_bits, &narrow, sizeof narrow_bits);
  printf("%016llx %08x\n", (unsigned long long)wide_bits, narrow_bits);
}

static void print_random(uint64_t count) {
  uint64_t state = count;
  while (count--) {
    state += 0x9e3779b97f4a7c15u;
    uint64_t bits = (state ^ state >> 30) * 0xbf58476d1ce4e5b9u;
    bits = (bits ^ bits >> 27) * 0x94d049bb133111ebu;
    bits ^= bits >> 31;
    if ((bits >> 52 & 0x7ff) == 0x7ff) bits ^= UINT64_C(1) << 62;
    printf("%016llx ", (unsigned long long)bits);
    print_double(bits);
  }
}

int main(void) {
  static char line[4096];
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = 0;
    const char *rest = line + 2;
    switch (line[0]) {
    case 'd': print_double(strtoull(rest, NULL, 16)); break;
    case 'f': print_float((uint32_t)strtoul(rest, NULL, 16)); break;
    case 'r': read_number(rest); break;
    case 'n': print_random(strtoull(rest, NULL, 10)); break;
    default: return 1;
    }
  }
  return 0;
}
