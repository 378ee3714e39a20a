/* Reserved numbers and names, and ranges for extensions: none may be taken back.
 *
 * An old range is covered by the new ones together, so cutting one in two or
 * joining two is fine; what is not covered is listed piece by piece. */
#include <stdlib.h>

#include "base/buf.h"
#include "check/breaking/breaking.h"

/* Both ends inclusive. */
typedef struct span {
  int64_t first, last;
} span;

/* The element whose ranges are compared. */
typedef struct ranged {
  rule_run *run;
  const char *what; /* "reserved", "extension" */
  const char *kind; /* "message", "enum" */
  stele_str name;
  int64_t most; /* "max" */
  rule_spot now, was;
} ranged;

typedef struct spans {
  span *at;
  size_t count;
} spans;

static int by_first(const void *a, const void *b) {
  const span *x = a, *y = b;
  if (x->first != y->first) return x->first < y->first ? -1 : 1;
  return (x->last > y->last) - (x->last < y->last);
}

static spans spans_of(rule_run *run, const stele_range *ranges, uint32_t count, bool exclusive) {
  spans out = {STELE_NEW_ARRAY(run->arena, span, count), count};
  for (uint32_t i = 0; i < count; i++) {
    out.at[i] = (span){ranges[i].start, (int64_t)ranges[i].end - exclusive};
  }
  return out;
}

/* Sorted, with what overlaps or touches joined. */
static spans joined(spans in) {
  size_t kept = 0;
  if (in.count == 0) return in;
  qsort(in.at, in.count, sizeof *in.at, by_first);
  for (size_t i = 1; i < in.count; i++) {
    if (in.at[i].first <= in.at[kept].last + 1) {
      if (in.at[i].last > in.at[kept].last) in.at[kept].last = in.at[i].last;
    } else {
      in.at[++kept] = in.at[i];
    }
  }
  return (spans){in.at, kept + 1};
}

static void add_span(stele_buf *out, span s, int64_t most) {
  if (s.first == s.last) {
    stele_buf_printf(out, "[%lld]", (long long)s.first);
  } else if (s.last == most) {
    stele_buf_printf(out, "[%lld,max]", (long long)s.first);
  } else {
    stele_buf_printf(out, "[%lld,%lld]", (long long)s.first, (long long)s.last);
  }
}

/* Adds the parts of `was` that no span of `now` covers. */
static void add_missing(stele_buf *out, span was, spans now, int64_t most) {
  int64_t at = was.first;
  for (size_t i = 0; i < now.count && at <= was.last; i++) {
    if (now.at[i].last < at) continue;
    if (now.at[i].first > was.last) break;
    if (now.at[i].first > at) {
      if (out->len > 0) stele_buf_add_cstr(out, ", ");
      add_span(out, (span){at, now.at[i].first - 1}, most);
    }
    at = now.at[i].last + 1;
  }
  if (at > was.last) return;
  if (out->len > 0) stele_buf_add_cstr(out, ", ");
  add_span(out, (span){at, was.last}, most);
}

static void compare(const ranged *r, spans now, spans was) {
  now = joined(now);
  for (size_t i = 0; i < was.count; i++) {
    stele_buf missing, range;
    stele_buf_init(&missing, r->run->arena, 0);
    add_missing(&missing, was.at[i], now, r->most);
    if (missing.len == 0) continue;
    stele_buf_init(&range, r->run->arena, 0);
    add_span(&range, was.at[i], r->most);
    stele_str range_text = stele_buf_str(&range), text = stele_buf_str(&missing);
    rule_found(r->run, r->now, r->was,
               "Previously present %s range \"" STELE_STR_FMT "\" on %s \"" STELE_STR_FMT
               "\" is missing values: " STELE_STR_FMT " were removed.",
               r->what, STELE_STR_ARG(range_text), r->kind, STELE_STR_ARG(r->name),
               STELE_STR_ARG(text));
  }
}

static void compare_names(const ranged *r, const stele_str *now, uint32_t now_count,
                          const stele_str *was, uint32_t was_count) {
  for (uint32_t i = 0; i < was_count; i++) {
    bool found = false;
    for (uint32_t k = 0; k < now_count && !found; k++) found = stele_str_eq(now[k], was[i]);
    if (found) continue;
    rule_found(r->run, r->now, r->was,
               "Previously present reserved name \"" STELE_STR_FMT "\" on %s \"" STELE_STR_FMT
               "\" was deleted.",
               STELE_STR_ARG(was[i]), r->kind, STELE_STR_ARG(r->name));
  }
}

static ranged message_ranged(rule_run *run, const char *what, const stele_message *now,
                             const stele_message *was) {
  enum { MOST = 536870911, MOST_OF_SET = INT32_MAX - 1 };
  return (ranged){.run = run,
                  .what = what,
                  .kind = "message",
                  .name = now->name,
                  .most = now->is_message_set ? MOST_OF_SET : MOST,
                  .now = rule_spot_message(run, &run->now, now),
                  .was = rule_spot_message(run, &run->was, was)};
}

void breaking_extension_message_no_delete(rule_run *run, const void *element, const void *against) {
  const stele_message *now = element, *was = against;
  if (was->extension_range_count == 0) return;
  ranged r = message_ranged(run, "extension", now, was);
  compare(&r, spans_of(run, now->extension_ranges, now->extension_range_count, true),
          spans_of(run, was->extension_ranges, was->extension_range_count, true));
}

void breaking_reserved_message_no_delete(rule_run *run, const void *element, const void *against) {
  const stele_message *now = element, *was = against;
  if (was->reserved_range_count == 0 && was->reserved_name_count == 0) return;
  ranged r = message_ranged(run, "reserved", now, was);
  compare(&r, spans_of(run, now->reserved_ranges, now->reserved_range_count, true),
          spans_of(run, was->reserved_ranges, was->reserved_range_count, true));
  compare_names(&r, now->reserved_names, now->reserved_name_count, was->reserved_names,
                was->reserved_name_count);
}

void breaking_reserved_enum_no_delete(rule_run *run, const void *element, const void *against) {
  const stele_enum *now = element, *was = against;
  if (was->reserved_range_count == 0 && was->reserved_name_count == 0) return;
  ranged r = {.run = run,
              .what = "reserved",
              .kind = "enum",
              .name = now->name,
              .most = INT32_MAX,
              .now = rule_spot_of(STELE_SYMBOL_ENUM, now),
              .was = rule_spot_of(STELE_SYMBOL_ENUM, was)};
  compare(&r, spans_of(run, now->reserved_ranges, now->reserved_range_count, false),
          spans_of(run, was->reserved_ranges, was->reserved_range_count, false));
  compare_names(&r, now->reserved_names, now->reserved_name_count, was->reserved_names,
                was->reserved_name_count);
}
