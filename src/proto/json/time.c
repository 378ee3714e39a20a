/* Timestamps (RFC 3339) and durations ("-1.5s"). */
#include "base/time.h"
#include "base/num.h"
#include "proto/json/json_internal.h"

enum { DAY_S = 86400, NANOS = 1000000000, MOST_DIGITS = 9 };

static const int64_t least_timestamp = -62135596800; /* 0001-01-01T00:00:00Z */
static const int64_t most_timestamp = 253402300799;  /* 9999-12-31T23:59:59Z */
static const int64_t most_duration = 315576000000;   /* 10,000 years */

/* ---- Printing -------------------------------------------------------------- */

static void print_padded(stele_buf *out, unsigned value, size_t digits) {
  char text[10];
  for (size_t i = digits; i-- > 0; value /= 10) text[i] = (char)('0' + value % 10);
  stele_buf_add(out, text, digits);
}

/* Nothing, or three, six or nine digits behind a point. */
static void print_nanos(stele_buf *out, uint32_t nanos) {
  if (!nanos) return;
  stele_buf_add_byte(out, '.');
  if (nanos % 1000000 == 0) {
    print_padded(out, nanos / 1000000, 3);
  } else if (nanos % 1000 == 0) {
    print_padded(out, nanos / 1000, 6);
  } else {
    print_padded(out, nanos, 9);
  }
}

const char *json_timestamp_print(json_time time, stele_buf *out) {
  if (time.seconds < least_timestamp || time.seconds > most_timestamp) {
    return "a Timestamp must be in the years 0001 to 9999";
  }
  if (time.nanos < 0 || time.nanos >= NANOS) return "nanos of a Timestamp must be below 10^9";
  int64_t days = time.seconds / DAY_S, rest = time.seconds % DAY_S;
  if (rest < 0) {
    rest += DAY_S;
    days--;
  }
  stele_date date = stele_date_of_days(days);
  static const char marks[] = "--T::";
  const unsigned parts[] = {date.month, date.day, (unsigned)(rest / 3600),
                            (unsigned)(rest / 60 % 60), (unsigned)(rest % 60)};
  print_padded(out, (unsigned)date.year, 4);
  for (size_t i = 0; i < STELE_COUNT(parts); i++) {
    stele_buf_add_byte(out, (uint8_t)marks[i]);
    print_padded(out, parts[i], 2);
  }
  print_nanos(out, (uint32_t)time.nanos);
  stele_buf_add_byte(out, 'Z');
  return NULL;
}

const char *json_duration_print(json_time time, stele_buf *out) {
  if (time.seconds < -most_duration || time.seconds > most_duration) {
    return "a Duration must be within 315,576,000,000 seconds";
  }
  if (time.nanos <= -NANOS || time.nanos >= NANOS) return "nanos of a Duration must be below 10^9";
  if ((time.seconds < 0 && time.nanos > 0) || (time.seconds > 0 && time.nanos < 0)) {
    return "seconds and nanos of a Duration must have the same sign";
  }
  if (time.seconds < 0 || time.nanos < 0) stele_buf_add_byte(out, '-');
  stele_buf_add_i64(out, time.seconds < 0 ? -time.seconds : time.seconds);
  print_nanos(out, (uint32_t)(time.nanos < 0 ? -time.nanos : time.nanos));
  stele_buf_add_byte(out, 's');
  return NULL;
}

/* ---- Parsing ---------------------------------------------------------------- */

/* A text being read; a failure sticks. */
typedef struct reading {
  const char *at, *end;
  bool failed;
} reading;

/* Exactly so many digits. */
static unsigned digits(reading *r, size_t count) {
  unsigned value = 0;
  for (; count > 0; count--, r->at++) {
    if (r->at == r->end || (uint8_t)(*r->at - '0') > 9) {
      r->failed = true;
      return 0;
    }
    value = value * 10 + (uint8_t)(*r->at - '0');
  }
  return value;
}

static bool comes(reading *r, char byte) {
  if (r->at == r->end || *r->at != byte) return false;
  r->at++;
  return true;
}

static void expect(reading *r, char byte) {
  if (!comes(r, byte)) r->failed = true;
}

/* [ "." 1*9DIGIT ] */
static int32_t fraction(reading *r) {
  if (!comes(r, '.')) return 0;
  int32_t value = 0;
  int count = 0;
  for (; r->at < r->end && (uint8_t)(*r->at - '0') <= 9; r->at++) {
    if (++count > MOST_DIGITS) break;
    value = value * 10 + (*r->at - '0');
  }
  if (count == 0 || count > MOST_DIGITS) r->failed = true;
  for (; count < MOST_DIGITS; count++) value *= 10;
  return value;
}

/* "Z", or "+08:00": seconds east of Greenwich. */
static int64_t offset(reading *r) {
  if (comes(r, 'Z')) return 0;
  bool west = comes(r, '-');
  if (!west) expect(r, '+');
  unsigned hours = digits(r, 2);
  expect(r, ':');
  unsigned minutes = digits(r, 2);
  if (hours > 23 || minutes > 59) r->failed = true;
  int64_t seconds = hours * 3600 + minutes * 60;
  return west ? -seconds : seconds;
}

const char *json_timestamp_parse(stele_str text, json_time *out) {
  reading r = {.at = text.ptr, .end = text.ptr + text.len};
  unsigned year = digits(&r, 4);
  expect(&r, '-');
  unsigned month = digits(&r, 2);
  expect(&r, '-');
  unsigned day = digits(&r, 2);
  expect(&r, 'T');
  unsigned hour = digits(&r, 2);
  expect(&r, ':');
  unsigned minute = digits(&r, 2);
  expect(&r, ':');
  unsigned second = digits(&r, 2);
  int32_t nanos = fraction(&r);
  int64_t east = offset(&r);
  bool is_time = !r.failed && r.at == r.end && month >= 1 && month <= 12 && day >= 1 &&
                 day <= stele_date_month_days(year, month) && hour < 24 && minute < 60 &&
                 second < 60;
  if (!is_time) return "not a Timestamp (\"2026-01-31T12:00:00.5Z\")";
  int64_t days = stele_date_to_days((stele_date){year, month, day});
  *out = (json_time){days * DAY_S + hour * 3600 + minute * 60 + second - east, nanos};
  if (out->seconds < least_timestamp || out->seconds > most_timestamp) {
    return "a Timestamp must be in the years 0001 to 9999";
  }
  return NULL;
}

const char *json_duration_parse(stele_str text, json_time *out) {
  reading r = {.at = text.ptr, .end = text.ptr + text.len};
  bool negative = comes(&r, '-');
  const char *first = r.at;
  while (r.at < r.end && (uint8_t)(*r.at - '0') <= 9) r.at++;
  int64_t seconds = 0;
  stele_str whole = {first, (size_t)(r.at - first)};
  bool in_range = stele_num_parse_i64(whole, &seconds) && seconds <= most_duration;
  int32_t nanos = fraction(&r);
  expect(&r, 's');
  if (whole.len == 0 || r.failed || r.at != r.end) return "not a Duration (\"-1.5s\")";
  if (!in_range) return "a Duration must be within 315,576,000,000 seconds";
  *out = negative ? (json_time){-seconds, -nanos} : (json_time){seconds, nanos};
  return NULL;
}
