/* Civil dates from days, by the era arithmetic of Howard Hinnant's
 * "chrono-compatible low-level date algorithms": no libc, no time zone. */
#include "base/time.h"

#include <stdbool.h>

enum { DAY_S = 86400, ERA_DAYS = 146097, EPOCH_SHIFT = 719468 };

static void put(char *out, unsigned value, int digits) {
  for (int i = digits - 1; i >= 0; i--, value /= 10) out[i] = (char)('0' + value % 10);
}

stele_date stele_date_of_days(int64_t days) {
  days += EPOCH_SHIFT;
  int64_t era = (days >= 0 ? days : days - (ERA_DAYS - 1)) / ERA_DAYS;
  unsigned day_of_era = (unsigned)(days - era * ERA_DAYS);
  unsigned year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  unsigned month_from_march = (5 * day_of_year + 2) / 153;
  unsigned day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  unsigned month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  return (stele_date){(int64_t)year_of_era + era * 400 + (month <= 2), month, day};
}

int64_t stele_date_to_days(stele_date date) {
  int64_t year = date.year - (date.month <= 2); /* of the March before */
  int64_t era = (year >= 0 ? year : year - 399) / 400;
  int64_t year_of_era = year - era * 400;
  unsigned month_from_march = date.month > 2 ? date.month - 3 : date.month + 9;
  int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
  int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * ERA_DAYS + day_of_era - EPOCH_SHIFT;
}

unsigned stele_date_month_days(int64_t year, unsigned month) {
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (month == 2) return leap ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

void stele_time_print(char out[STELE_TIME_TEXT], stele_time_us time) {
  int64_t seconds = time / STELE_US_PER_S, micros = time % STELE_US_PER_S;
  if (micros < 0) {
    micros += STELE_US_PER_S;
    seconds--;
  }
  int64_t days = seconds / DAY_S, rest = seconds % DAY_S;
  if (rest < 0) {
    rest += DAY_S;
    days--;
  }
  stele_date date = stele_date_of_days(days);

  put(out, (unsigned)date.year, 4);
  out[4] = '-';
  put(out + 5, date.month, 2);
  out[7] = '-';
  put(out + 8, date.day, 2);
  out[10] = 'T';
  put(out + 11, (unsigned)(rest / 3600), 2);
  out[13] = ':';
  put(out + 14, (unsigned)(rest / 60 % 60), 2);
  out[16] = ':';
  put(out + 17, (unsigned)(rest % 60), 2);
  out[19] = '.';
  put(out + 20, (unsigned)micros, 6);
  out[26] = 'Z';
}
