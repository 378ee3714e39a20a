/* The exact way: both sides become integers and are compared.
 *
 * No middle of two doubles has more than 768 significant digits, so beyond
 * MOST_DIGITS it only matters whether anything is left, which one digit 1 says
 * as well. That bounds both integers, and they live on the stack. */
#include <assert.h>

#include "base/decimal_internal.h"

enum {
  MOST_DIGITS = 800,
  LIMBS = 72 /* 4,608 bits: 5^(342 + 20 + 801) has 2,701, a shift of 1,076 comes on top */
};

typedef struct big {
  int count; /* limbs in use; the highest is not 0 */
  uint64_t limbs[LIMBS];
} big;

/* b = b * factor + more */
static void multiply_add(big *b, uint64_t factor, uint64_t more) {
  __extension__ typedef unsigned __int128 wide;
  uint64_t carry = more;
  for (int i = 0; i < b->count; i++) {
    wide product = (wide)b->limbs[i] * factor + carry;
    b->limbs[i] = (uint64_t)product;
    carry = (uint64_t)(product >> 64);
  }
  if (!carry) return;
  assert(b->count < LIMBS);
  b->limbs[b->count++] = carry;
}

static void multiply_by_fives(big *b, int power) {
  const uint64_t most = UINT64_C(7450580596923828125); /* 5^27 */
  for (; power >= 27; power -= 27) multiply_add(b, most, 0);
  for (; power > 0; power--) multiply_add(b, 5, 0);
}

static void shift_left(big *b, int bits) {
  int whole = bits / 64, rest = bits % 64;
  if (b->count == 0) return;
  if (rest) multiply_add(b, UINT64_C(1) << rest, 0);
  assert(b->count + whole <= LIMBS);
  memmove(b->limbs + whole, b->limbs, (size_t)b->count * sizeof b->limbs[0]);
  memset(b->limbs, 0, (size_t)whole * sizeof b->limbs[0]);
  b->count += whole;
}

static int compare(const big *a, const big *b) {
  if (a->count != b->count) return a->count < b->count ? -1 : 1;
  for (int i = a->count - 1; i >= 0; i--) {
    if (a->limbs[i] != b->limbs[i]) return a->limbs[i] < b->limbs[i] ? -1 : 1;
  }
  return 0;
}

/* The digits of the number as they are written; answers the exponent of the
 * last one that was taken. */
static int read_digits(big *b, const stele_decimal *number) {
  int taken = 0, kept = 0;
  bool more = false;
  for (uint64_t left = number->digits; left; left /= 10) kept++;
  const char *at = number->text;
  while (*at == '0' || *at == '.') at++;
  for (; at < number->end && *at != 'e' && *at != 'E'; at++) {
    if (*at == '.') continue;
    if (taken == MOST_DIGITS) {
      more = more || *at != '0';
      continue;
    }
    multiply_add(b, 10, (uint8_t)(*at - '0'));
    taken++;
  }
  if (more) {
    multiply_add(b, 10, 1);
    taken++;
  }
  return number->exponent - (taken - kept);
}

int decimal_compare_middle(const stele_decimal *number, uint64_t mantissa, int power) {
  big value = {0}, middle = {.count = 1, .limbs = {2 * mantissa + 1}};
  int exponent = read_digits(&value, number);
  if (exponent > 0) multiply_by_fives(&value, exponent);
  if (exponent < 0) multiply_by_fives(&middle, -exponent);
  int twos = exponent - (power - 1); /* of the value over the middle */
  if (twos > 0) shift_left(&value, twos);
  if (twos < 0) shift_left(&middle, -twos);
  return compare(&value, &middle);
}
