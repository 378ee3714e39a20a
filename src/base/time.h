/* base/time: what an instant and a span are. Reading a clock is sys/clock. */
#ifndef STELE_BASE_TIME_H
#define STELE_BASE_TIME_H

#include <stdint.h>

/* Microseconds since 1970-01-01T00:00:00 UTC. */
typedef int64_t stele_time_us;

enum { STELE_US_PER_MS = 1000, STELE_US_PER_S = 1000000 };

/* Writes "2026-01-31T12:00:00.123456Z" (27 bytes, no NUL). */
enum { STELE_TIME_TEXT = 27 };
void stele_time_print(char out[STELE_TIME_TEXT], stele_time_us time);

/* A day of the Gregorian calendar, before its beginning too. */
typedef struct stele_date {
  int64_t year;
  unsigned month, day; /* from 1 */
} stele_date;

/* The day so many days after 1970-01-01, and back. */
stele_date stele_date_of_days(int64_t days);
int64_t stele_date_to_days(stele_date date);

/* How many days the month has. */
unsigned stele_date_month_days(int64_t year, unsigned month);

#endif
