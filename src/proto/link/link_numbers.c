/* Numbers of fields, ranges and values, as far as they can be judged while a
 * message or enum is declared: bounds, reserved and extension ranges, names
 * that are reserved; and the numbers to suggest instead.
 *
 * Ranges are compared pair by pair in the order in which protoc does it, since
 * that is the order of its errors; but only where a sorted copy has shown that
 * there is something to find, so that long lists cost n log n. */
#include <stdlib.h>

#include "proto/link/link_internal.h"

enum { MOST_NUMBER = 536870911, FIRST_RESERVED = 19000, LAST_RESERVED = 19999 };

/* After so many errors nobody reads on, and neither do we. */
enum { ENOUGH_ERRORS = 1000 };

/* ---- Sets of ranges ----------------------------------------------------- */

/* Ranges by start, ends exclusive and, in place of each end, the largest end
 * up to there: so one binary search answers whether anything is met. */
typedef struct range_set {
  struct range_span {
    int64_t start, end;
  } * at;
  uint32_t count;
  bool overlaps;     /* two of them have a number in common */
  bool has_backward; /* one ends before it starts: then nothing is certain */
} range_set;

static int by_start(const void *a, const void *b) {
  const struct range_span *x = a, *y = b;
  if (x->start != y->start) return x->start < y->start ? -1 : 1;
  return x->end < y->end ? -1 : x->end > y->end;
}

static range_set set_of(link_file_state *state, const stele_range *ranges, uint32_t count,
                        int64_t exclusive) {
  range_set set = {.count = count};
  if (count == 0) return set;
  set.at = STELE_NEW_ARRAY(state->scratch, struct range_span, count);
  for (uint32_t i = 0; i < count; i++) {
    set.at[i] = (struct range_span){ranges[i].start, ranges[i].end + exclusive};
    if (set.at[i].end <= set.at[i].start) set.has_backward = true;
  }
  qsort(set.at, count, sizeof *set.at, by_start);
  for (uint32_t i = 1; i < count; i++) {
    if (set.at[i - 1].end > set.at[i].start) set.overlaps = true;
    if (set.at[i - 1].end > set.at[i].end) set.at[i].end = set.at[i - 1].end;
  }
  set.overlaps |= set.has_backward;
  return set;
}

/* Does [start, end) meet one of the set? */
static bool set_meets(const range_set *set, int64_t start, int64_t end) {
  uint32_t low = 0, high = set->count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (set->at[middle].start < end) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low > 0 && set->at[low - 1].end > start;
}

static bool meet(const stele_range *a, const stele_range *b) {
  return a->end > b->start && b->end > a->start;
}

static bool enough(const link_file_state *state) {
  return state->error_count > ENOUGH_ERRORS;
}

/* ---- Hints -------------------------------------------------------------- */

/* A number in this message is bad: numbers may be suggested, as many as were
 * bad, at the first such place. */
static void hint(link_file_state *state, const stele_message *message, uint32_t token,
                 int64_t start, int64_t end) {
  if (!message) return;
  if (!state->hints) {
    state->hints = STELE_NEW_ARRAY(state->scratch, link_hint, state->message_count);
  }
  link_hint *at = &state->hints[link_message_at(state, message)];
  int64_t bounds[2] = {start, end};
  for (int i = 0; i < 2; i++) {
    if (bounds[i] < 0) bounds[i] = 0;
    if (bounds[i] > MOST_NUMBER) bounds[i] = MOST_NUMBER;
  }
  int64_t more = bounds[1] > bounds[0] ? bounds[1] - bounds[0] : 0;
  if (!at->is_set) *at = (link_hint){.token = token, .is_set = true};
  at->count = at->count + more > MOST_NUMBER ? MOST_NUMBER : (uint32_t)(at->count + more);
}

/* The numbers that are taken, as spans by start. */
static uint32_t taken_spans(const stele_message *message, struct range_span *out) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < message->field_count; i++) {
    int64_t number = message->fields[i].number;
    if (number > 0 && number <= MOST_NUMBER) out[n++] = (struct range_span){number, number + 1};
  }
  for (uint32_t i = 0; i < message->extension_count; i++) {
    int64_t number = message->extensions[i].number;
    if (number > 0 && number <= MOST_NUMBER) out[n++] = (struct range_span){number, number + 1};
  }
  for (uint32_t i = 0; i < message->reserved_range_count; i++) {
    out[n++] =
        (struct range_span){message->reserved_ranges[i].start, message->reserved_ranges[i].end};
  }
  for (uint32_t i = 0; i < message->extension_range_count; i++) {
    out[n++] =
        (struct range_span){message->extension_ranges[i].start, message->extension_ranges[i].end};
  }
  out[n++] = (struct range_span){MOST_NUMBER, MOST_NUMBER + 1LL};
  out[n++] = (struct range_span){FIRST_RESERVED, LAST_RESERVED};
  qsort(out, n, sizeof *out, by_start);
  return n;
}

static void suggest(link_file_state *state, const stele_message *message, const link_hint *at) {
  uint32_t most = message->field_count + message->extension_count + message->reserved_range_count +
                  message->extension_range_count + 2;
  struct range_span *spans = STELE_NEW_ARRAY(state->scratch, struct range_span, most);
  uint32_t count = taken_spans(message, spans);
  uint32_t left = at->count < 3 ? at->count : 3;
  stele_buf list;
  stele_buf_init(&list, state->scratch, 0);
  const char *separator = "";
  int64_t number = 1;
  for (uint32_t i = 0; i < count && left; i++) {
    for (; number < spans[i].start && left; number++, left--) {
      stele_buf_add_cstr(&list, separator);
      stele_buf_add_i64(&list, number);
      separator = ", ";
    }
    if (spans[i].end > number) number = spans[i].end;
  }
  link_error(state, at->token, "Suggested field numbers for " STELE_STR_FMT ": " STELE_STR_FMT,
             STELE_STR_ARG(message->full_name), STELE_STR_ARG(stele_buf_str(&list)));
}

void link_suggest_numbers(link_file_state *state) {
  for (uint32_t i = 0; state->hints && i < state->file->message_count; i++) {
    const link_hint *at = &state->hints[i];
    if (at->is_set && at->count) suggest(state, &state->file->messages[i], at);
  }
}

/* ---- Bounds ------------------------------------------------------------- */

void link_check_number(link_file_state *state, const stele_field *field) {
  const stele_message *parent = field->is_extension ? stele_field_scope(field) : field->message;
  uint32_t token = link_token_of_field_number(state, field);
  if (field->number <= 0) {
    hint(state, parent, token, 0, 1);
    link_error(state, token, "Field numbers must be positive integers.");
  } else if (!field->is_extension && field->number > MOST_NUMBER) {
    hint(state, parent, token, 0, 1);
    link_error(state, token, "Field numbers cannot be greater than %d.", MOST_NUMBER);
  }
}

void link_check_extension_range(link_file_state *state, const stele_message *message,
                                const stele_range *range) {
  uint32_t token = link_token_of_range(state, range);
  if (range->start <= 0) {
    hint(state, message, token, range->start, range->end);
    link_error(state, token, "Extension numbers must be positive integers.");
  }
  if (range->start >= range->end) {
    link_error(state, token, "Extension range end number must be greater than start number.");
  }
}

void link_check_reserved_ranges(link_file_state *state, const stele_message *message) {
  for (uint32_t i = 0; i < message->reserved_range_count; i++) {
    const stele_range *range = &message->reserved_ranges[i];
    uint32_t token = link_token_of_range(state, range);
    if (range->start <= 0) {
      hint(state, message, token, range->start, range->end);
      link_error(state, token, "Reserved numbers must be positive integers.");
    }
    if (range->start >= range->end) {
      link_error(state, token, "Reserved range end number must be greater than start number.");
    }
  }
}

void link_check_enum_ranges(link_file_state *state, const stele_enum *type) {
  for (uint32_t i = 0; i < type->reserved_range_count; i++) {
    const stele_range *range = &type->reserved_ranges[i];
    if (range->start <= range->end) continue;
    link_error(state, link_token_of_range(state, range),
               "Reserved range end number must be greater than start number.");
  }
}

/* ---- Messages ----------------------------------------------------------- */

static void check_overlaps(link_file_state *state, const char *what, const stele_range *ranges,
                           uint32_t count, uint32_t i) {
  const stele_range *one = &ranges[i];
  for (uint32_t j = i + 1; j < count && !enough(state); j++) {
    const stele_range *other = &ranges[j];
    if (!meet(one, other)) continue;
    link_error(state, link_token_of_range(state, one),
               "%s range %d to %d overlaps with already-defined range %d to %d.", what,
               other->start, other->end - 1, one->start, one->end - 1);
  }
}

/* Reserved names were interned, so that marks tell one from another. */
static void check_reserved_names(link_file_state *state, const stele_str *names, uint32_t count,
                                 const char *what, uint32_t token) {
  link_job *job = state->job;
  link_mark_all(job);
  for (uint32_t i = 0; i < count; i++) {
    if (names[i].len > UINT16_MAX) link_error(state, token, "Reserved name too long.");
  }
  for (uint32_t i = 0; i < count; i++) {
    stele_sym sym = stele_intern(job->interner, names[i]);
    if (link_mark_find(job, sym)) {
      link_error(state, token, "%s \"" STELE_STR_FMT "\" is reserved multiple times.", what,
                 STELE_STR_ARG(names[i]));
    }
    *link_mark_put(job, sym) = 1;
  }
}

static void check_field_in_ranges(link_file_state *state, const stele_message *message,
                                  const stele_field *field) {
  for (uint32_t j = 0; j < message->extension_range_count; j++) {
    const stele_range *range = &message->extension_ranges[j];
    if (field->number < range->start || field->number >= range->end) continue;
    uint32_t token = link_token_of_range(state, range);
    hint(state, message, token, 0, 1);
    link_error(state, token, "Extension range %d to %d includes field \"" STELE_STR_FMT "\" (%d).",
               range->start, range->end - 1, STELE_STR_ARG(field->name), field->number);
    link_also(state, link_token_of_field_number(state, field), "the field is here");
  }
  for (uint32_t j = 0; j < message->reserved_range_count; j++) {
    const stele_range *range = &message->reserved_ranges[j];
    if (field->number < range->start || field->number >= range->end) continue;
    uint32_t token = link_token_of_range(state, range);
    hint(state, message, token, 0, 1);
    link_error(state, token, "Field \"" STELE_STR_FMT "\" uses reserved number %d.",
               STELE_STR_ARG(field->name), field->number);
    link_also(state, link_token_of_field_number(state, field), "the field is here");
  }
}

static void check_extension_ranges(link_file_state *state, const stele_message *message,
                                   const range_set *reserved, const range_set *extensions) {
  uint32_t count = message->extension_range_count;
  for (uint32_t i = 0; i < count && !enough(state); i++) {
    const stele_range *range = &message->extension_ranges[i];
    bool meets = set_meets(reserved, range->start, range->end) || reserved->has_backward ||
                 range->end <= range->start;
    for (uint32_t j = 0; meets && j < message->reserved_range_count && !enough(state); j++) {
      const stele_range *other = &message->reserved_ranges[j];
      if (!meet(range, other)) continue;
      link_error(state, link_token_of_range(state, range),
                 "Extension range %d to %d overlaps with reserved range %d to %d.", range->start,
                 range->end - 1, other->start, other->end - 1);
      link_also(state, link_token_of_range(state, other), "reserved here");
    }
    if (extensions->overlaps) {
      check_overlaps(state, "Extension", message->extension_ranges, count, i);
    }
  }
}

void link_check_message_numbers(link_file_state *state, const stele_message *message) {
  if (message->reserved_range_count + message->reserved_name_count +
          message->extension_range_count ==
      0) {
    return;
  }
  link_job *job = state->job;
  stele_mark mark = stele_arena_mark(state->scratch);
  range_set reserved = set_of(state, message->reserved_ranges, message->reserved_range_count, 0);
  range_set extensions =
      set_of(state, message->extension_ranges, message->extension_range_count, 0);
  for (uint32_t i = 0; reserved.overlaps && i < reserved.count; i++) {
    check_overlaps(state, "Reserved", message->reserved_ranges, reserved.count, i);
  }
  check_reserved_names(state, message->reserved_names, message->reserved_name_count, "Field name",
                       link_token_of_message(state, message));
  const stele_sym *names = &state->field_syms[link_field_at(state, message->fields)];
  for (uint32_t i = 0; i < message->field_count; i++) {
    const stele_field *field = &message->fields[i];
    int64_t number = field->number;
    if (set_meets(&extensions, number, number + 1) || set_meets(&reserved, number, number + 1)) {
      if (!enough(state)) check_field_in_ranges(state, message, field);
    }
    if (!link_mark_find(job, names[i])) continue;
    link_error(state, link_token_of_field(state, field),
               "Field name \"" STELE_STR_FMT "\" is reserved.", STELE_STR_ARG(field->name));
  }
  check_extension_ranges(state, message, &reserved, &extensions);
  if (!state->hints) stele_arena_rewind(state->scratch, mark);
}

/* ---- Enums -------------------------------------------------------------- */

static void check_enum_overlaps(link_file_state *state, const stele_enum *type) {
  for (uint32_t i = 0; i < type->reserved_range_count; i++) {
    const stele_range *one = &type->reserved_ranges[i];
    for (uint32_t j = i + 1; j < type->reserved_range_count && !enough(state); j++) {
      const stele_range *other = &type->reserved_ranges[j];
      if (one->end < other->start || other->end < one->start) continue;
      link_error(state, link_token_of_range(state, one),
                 "Reserved range %d to %d overlaps with already-defined range %d to %d.",
                 other->start, other->end, one->start, one->end);
    }
  }
}

static void check_value_in_ranges(link_file_state *state, const stele_enum *type,
                                  const stele_enum_value *value) {
  for (uint32_t j = 0; j < type->reserved_range_count; j++) {
    const stele_range *range = &type->reserved_ranges[j];
    if (value->number < range->start || value->number > range->end) continue;
    link_error(state, link_token_of_range(state, range),
               "Enum value \"" STELE_STR_FMT "\" uses reserved number %d.",
               STELE_STR_ARG(value->name), value->number);
  }
}

void link_check_enum_reserved(link_file_state *state, const stele_enum *type) {
  if (type->reserved_range_count + type->reserved_name_count == 0) return;
  link_job *job = state->job;
  stele_mark mark = stele_arena_mark(state->scratch);
  range_set reserved = set_of(state, type->reserved_ranges, type->reserved_range_count, 1);
  if (reserved.overlaps) check_enum_overlaps(state, type);
  check_reserved_names(state, type->reserved_names, type->reserved_name_count, "Enum value",
                       link_token_of_enum(state, type));
  const stele_sym *names = &state->value_syms[link_value_at(state, type->values)];
  for (uint32_t i = 0; i < type->value_count; i++) {
    const stele_enum_value *value = &type->values[i];
    int64_t number = value->number;
    if (set_meets(&reserved, number, number + 1) && !enough(state)) {
      check_value_in_ranges(state, type, value);
    }
    if (!link_mark_find(job, names[i])) continue;
    link_error(state, link_token_of_value(state, value),
               "Enum value \"" STELE_STR_FMT "\" is reserved.", STELE_STR_ARG(value->name));
  }
  stele_arena_rewind(state->scratch, mark);
}
