/* Timestamps and durations. Sums are made with seconds and nanos apart and then
 * carried; the limits of both keep everything far inside 64 bits. */
#include "proto/known/known.h"

static const int64_t first_second = -62135596800; /* 0001-01-01T00:00:00Z */
static const int64_t last_second = 253402300799;  /* 9999-12-31T23:59:59Z */
static const int64_t longest_seconds = 315576000000;
enum { NANOS = 1000000000 };

bool stele_timestamp_is_valid(stele_span t) {
  return t.seconds >= first_second && t.seconds <= last_second && t.nanos >= 0 && t.nanos < NANOS;
}

bool stele_duration_is_valid(stele_span d) {
  if (d.seconds < -longest_seconds || d.seconds > longest_seconds) return false;
  if (d.nanos <= -NANOS || d.nanos >= NANOS) return false;
  return !(d.seconds > 0 && d.nanos < 0) && !(d.seconds < 0 && d.nanos > 0);
}

/* Nanos between 0 and a second. */
static stele_span carry(int64_t seconds, int64_t nanos) {
  seconds += nanos / NANOS;
  nanos %= NANOS;
  if (nanos < 0) {
    nanos += NANOS;
    seconds--;
  }
  return (stele_span){seconds, (int32_t)nanos};
}

/* Nanos of the same sign as the seconds. */
static stele_span as_duration(stele_span s) {
  if (s.seconds < 0 && s.nanos > 0) return (stele_span){s.seconds + 1, s.nanos - NANOS};
  return s;
}

static bool bad_argument(stele_err *err) {
  return stele_fail(err, STELE_INVALID, "not a valid timestamp or duration");
}

static bool answer_duration(stele_span sum, stele_span *out, stele_err *err) {
  *out = as_duration(sum);
  if (stele_duration_is_valid(*out)) return true;
  return stele_fail(err, STELE_LIMIT, "the duration is longer than 10,000 years");
}

bool stele_timestamp_add(stele_span t, stele_span d, stele_span *out, stele_err *err) {
  if (!stele_timestamp_is_valid(t) || !stele_duration_is_valid(d)) return bad_argument(err);
  *out = carry(t.seconds + d.seconds, (int64_t)t.nanos + d.nanos);
  if (stele_timestamp_is_valid(*out)) return true;
  return stele_fail(err, STELE_LIMIT, "the timestamp is not in the years 1 to 9999");
}

bool stele_timestamp_subtract(stele_span from, stele_span t, stele_span *out, stele_err *err) {
  if (!stele_timestamp_is_valid(t) || !stele_timestamp_is_valid(from)) return bad_argument(err);
  return answer_duration(carry(from.seconds - t.seconds, (int64_t)from.nanos - t.nanos), out, err);
}

bool stele_duration_add(stele_span a, stele_span b, stele_span *out, stele_err *err) {
  if (!stele_duration_is_valid(a) || !stele_duration_is_valid(b)) return bad_argument(err);
  return answer_duration(carry(a.seconds + b.seconds, (int64_t)a.nanos + b.nanos), out, err);
}

stele_span stele_duration_negate(stele_span d) {
  return (stele_span){-d.seconds, -d.nanos};
}

int stele_span_compare(stele_span a, stele_span b) {
  stele_span x = carry(a.seconds, a.nanos), y = carry(b.seconds, b.nanos);
  if (x.seconds != y.seconds) return x.seconds < y.seconds ? -1 : 1;
  return (x.nanos > y.nanos) - (x.nanos < y.nanos);
}

/* ---- Objects ----------------------------------------------------------------------- */

bool known_is(const stele_object *object, layout_well_known kind, stele_err *err) {
  static const char *const names[] = {"",
#define X(name, text) "google.protobuf." text,
                                      LAYOUT_WELL_KNOWN(X)
#undef X
  };
  if (object_layout(object)->well_known == kind) return true;
  return stele_fail(err, STELE_INVALID, STELE_STR_FMT " is not %s",
                    STELE_STR_ARG(object_layout(object)->type->full_name), names[kind]);
}

static bool is_span(const stele_object *object, stele_err *err) {
  if (object_layout(object)->well_known == LAYOUT_WKT_DURATION) return true;
  return known_is(object, LAYOUT_WKT_TIMESTAMP, err);
}

bool stele_span_get(const stele_object *object, stele_span *out, stele_err *err) {
  if (!is_span(object, err)) return false;
  out->seconds = object_get(object, layout_find(object_layout(object), 1)).i64;
  out->nanos = object_get(object, layout_find(object_layout(object), 2)).i32;
  return true;
}

bool stele_span_set(stele_object *object, stele_span span, stele_err *err) {
  if (!is_span(object, err)) return false;
  bool is_duration = object_layout(object)->well_known == LAYOUT_WKT_DURATION;
  if (!(is_duration ? stele_duration_is_valid(span) : stele_timestamp_is_valid(span))) {
    return bad_argument(err);
  }
  object_set(NULL, object, layout_find(object_layout(object), 1),
             (stele_value){.i64 = span.seconds});
  object_set(NULL, object, layout_find(object_layout(object), 2), (stele_value){.i32 = span.nanos});
  return true;
}
