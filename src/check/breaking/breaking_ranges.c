/* Reserved numbers and names, and ranges for extensions: none may be taken back.
 *
 * An old range is covered by the new ones together, so cutting one in two or
 * joining two is fine; what is not covered is listed piece by piece. */
#include "base/buf.h"
#include "check/breaking/breaking.h"
#include "check/element/level.h"
#include "check/element/ranges.h"

/* The element whose ranges are compared. */
typedef struct ranged {
  rule_run *run;
  const char *what; /* "reserved", "extension" */
  const char *kind; /* "message", "enum" */
  stele_str name;
  int64_t most; /* "max" */
  rule_spot now, was;
} ranged;

static void add_range(stele_buf *out, check_range s, int64_t most) {
  if (s.first == s.last) {
    stele_buf_printf(out, "[%lld]", (long long)s.first);
  } else if (s.last == most) {
    stele_buf_printf(out, "[%lld,max]", (long long)s.first);
  } else {
    stele_buf_printf(out, "[%lld,%lld]", (long long)s.first, (long long)s.last);
  }
}

/* Adds the parts of `was` that nothing of `now` covers. */
static void add_missing(stele_buf *out, check_range was, const check_ranges *now, int64_t most) {
  int64_t at = was.first;
  for (size_t i = check_ranges_from(now, at); i < now->count && at <= was.last; i++) {
    if (now->at[i].first > was.last) break;
    if (now->at[i].first > at) {
      if (out->len > 0) stele_buf_add_cstr(out, ", ");
      add_range(out, (check_range){at, now->at[i].first - 1}, most);
    }
    at = now->at[i].last + 1;
  }
  if (at > was.last) return;
  if (out->len > 0) stele_buf_add_cstr(out, ", ");
  add_range(out, (check_range){at, was.last}, most);
}

static void compare(const ranged *r, check_ranges now, check_ranges was) {
  check_ranges_join(&now);
  for (size_t i = 0; i < was.count; i++) {
    stele_buf missing, range;
    stele_buf_init(&missing, r->run->arena, 0);
    add_missing(&missing, was.at[i], &now, r->most);
    if (missing.len == 0) continue;
    stele_buf_init(&range, r->run->arena, 0);
    add_range(&range, was.at[i], r->most);
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
  check_level names = check_level_of(r->run->arena, now, now_count, sizeof *now);
  for (uint32_t i = 0; i < was_count; i++) {
    if (check_level_find(&names, was[i], i)) continue;
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
  compare(&r, check_ranges_of(run->arena, now->extension_ranges, now->extension_range_count, true),
          check_ranges_of(run->arena, was->extension_ranges, was->extension_range_count, true));
}

void breaking_reserved_message_no_delete(rule_run *run, const void *element, const void *against) {
  const stele_message *now = element, *was = against;
  if (was->reserved_range_count == 0 && was->reserved_name_count == 0) return;
  ranged r = message_ranged(run, "reserved", now, was);
  compare(&r, check_ranges_of(run->arena, now->reserved_ranges, now->reserved_range_count, true),
          check_ranges_of(run->arena, was->reserved_ranges, was->reserved_range_count, true));
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
  compare(&r, check_ranges_of(run->arena, now->reserved_ranges, now->reserved_range_count, false),
          check_ranges_of(run->arena, was->reserved_ranges, was->reserved_range_count, false));
  compare_names(&r, now->reserved_names, now->reserved_name_count, was->reserved_names,
                was->reserved_name_count);
}
