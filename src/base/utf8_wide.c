/* UTF-8 sixteen bytes at a time, for long texts that are not ASCII.
 *
 * What is wrong with UTF-8 shows in two neighbouring bytes, but for the third
 * and fourth of a sequence. Three tables of sixteen, looked up by the high and
 * the low half of the first byte and the high half of the second, say which
 * mistakes each half allows; a mistake that all three allow is one. A byte must
 * be a tail where one of the two or three before it leads a sequence that long
 * (J. Keiser, D. Lemire, "Validating UTF-8 in less than one instruction per
 * byte").
 *
 * The looking up is an instruction that x86-64 has from SSSE3 on, which is asked
 * for when the process runs. */
#include "base/utf8_wide.h"

#ifdef UTF8_WIDE

#include <stdint.h>
#include <string.h>
#include <tmmintrin.h>

enum {
  TOO_SHORT = 1,  /* a lead or ASCII where a tail should be */
  TOO_LONG = 2,   /* a tail behind ASCII */
  OVERLONG_3 = 4, /* e0 80..9f */
  TOO_LARGE = 8,  /* above f4 8f */
  SURROGATE = 16, /* ed a0..bf */
  OVERLONG_2 = 32,
  OVERLONG_4 = 64, /* f0 80..8f; f5 and above with such a tail as well */
  TWO_TAILS = 128, /* a tail behind a tail: right or wrong by what is before */
  ANY_LOW = TOO_SHORT | TOO_LONG | TWO_TAILS,
  LARGE_LOW = ANY_LOW | TOO_LARGE | OVERLONG_4,
  ANY_TAIL = TOO_LONG | OVERLONG_2 | TWO_TAILS,
  STEP = 16,
};

typedef struct tables {
  __m128i first_high, first_low, second_high, low_half;
} tables;

__attribute__((target("ssse3"))) static inline __m128i high_half(__m128i bytes, __m128i low_half) {
  return _mm_and_si128(_mm_srli_epi16(bytes, 4), low_half);
}

/* What is wrong in `now`, which `before` stands in front of: nothing where it is zero. */
__attribute__((target("ssse3"))) static inline __m128i mistakes(const tables *t, __m128i now,
                                                                __m128i before) {
  __m128i one = _mm_alignr_epi8(now, before, STEP - 1);
  __m128i two = _mm_alignr_epi8(now, before, STEP - 2);
  __m128i three = _mm_alignr_epi8(now, before, STEP - 3);
  __m128i pairs =
      _mm_and_si128(_mm_and_si128(_mm_shuffle_epi8(t->first_high, high_half(one, t->low_half)),
                                  _mm_shuffle_epi8(t->first_low, _mm_and_si128(one, t->low_half))),
                    _mm_shuffle_epi8(t->second_high, high_half(now, t->low_half)));
  /* the highest bit of these is set from e0 and from f0 on */
  __m128i third = _mm_subs_epu8(two, _mm_set1_epi8(0xe0 - 0x80));
  __m128i fourth = _mm_subs_epu8(three, _mm_set1_epi8(0xf0 - 0x80));
  __m128i must_be_tail = _mm_and_si128(_mm_or_si128(third, fourth), _mm_set1_epi8((char)0x80));
  return _mm_xor_si128(pairs, must_be_tail);
}

__attribute__((target("ssse3"))) bool utf8_is_valid_wide(const uint8_t *at, size_t len) {
  const tables t = {
      .first_high =
          _mm_setr_epi8(TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
                        TOO_LONG, (char)TWO_TAILS, (char)TWO_TAILS, (char)TWO_TAILS,
                        (char)TWO_TAILS, TOO_SHORT | OVERLONG_2, TOO_SHORT,
                        TOO_SHORT | OVERLONG_3 | SURROGATE, TOO_SHORT | TOO_LARGE | OVERLONG_4),
      .first_low = _mm_setr_epi8((char)(ANY_LOW | OVERLONG_2 | OVERLONG_3 | OVERLONG_4),
                                 (char)(ANY_LOW | OVERLONG_2), (char)ANY_LOW, (char)ANY_LOW,
                                 (char)(ANY_LOW | TOO_LARGE), (char)LARGE_LOW, (char)LARGE_LOW,
                                 (char)LARGE_LOW, (char)LARGE_LOW, (char)LARGE_LOW, (char)LARGE_LOW,
                                 (char)LARGE_LOW, (char)LARGE_LOW, (char)(LARGE_LOW | SURROGATE),
                                 (char)LARGE_LOW, (char)LARGE_LOW),
      .second_high = _mm_setr_epi8(
          TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
          (char)(ANY_TAIL | OVERLONG_3 | OVERLONG_4), (char)(ANY_TAIL | OVERLONG_3 | TOO_LARGE),
          (char)(ANY_TAIL | SURROGATE | TOO_LARGE), (char)(ANY_TAIL | SURROGATE | TOO_LARGE),
          TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT),
      .low_half = _mm_set1_epi8(15),
  };
  const uint8_t *end = at + len;
  __m128i before = _mm_setzero_si128(), wrong = _mm_setzero_si128(), now;
  for (; end - at >= STEP; at += STEP) {
    now = _mm_loadu_si128((const __m128i *)(const void *)at);
    wrong = _mm_or_si128(wrong, mistakes(&t, now, before));
    before = now;
  }
  /* zeros behind the end are ASCII: what is cut off is too short */
  uint8_t rest[STEP] = {0};
  if (end != at) memcpy(rest, at, (size_t)(end - at));
  now = _mm_loadu_si128((const __m128i *)(const void *)rest);
  wrong = _mm_or_si128(wrong, mistakes(&t, now, before));
  return _mm_movemask_epi8(_mm_cmpeq_epi8(wrong, _mm_setzero_si128())) == 0xffff;
}

#endif
