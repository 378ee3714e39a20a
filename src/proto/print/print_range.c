/* Reserved and extension ranges.
 *
 * The schema does not know which ranges shared a statement. Canonical text
 * gives all of a kind one statement (extension ranges with other options one
 * more); the normalised form sorts them, merges what touches and gives each a
 * line of its own. */
#include <stdlib.h>

#include "proto/print/print_internal.h"
#include "proto/wire/wire.h"

/* A range with its end inclusive; the options only of extension ranges. */
typedef struct span {
  int64_t first, last;
  const stele_options *options;
  const print_comment *comment; /* of the statement that it begins */
} span;

typedef struct span_list {
  span *at;
  size_t count;
  int64_t max; /* the last number that is written as "max" */
} span_list;

static int by_first(const void *a, const void *b) {
  const span *x = a, *y = b;
  if (x->first != y->first) return x->first < y->first ? -1 : 1;
  return (x->last > y->last) - (x->last < y->last);
}

static bool is_alone(const span *one) {
  return one->options || one->comment;
}

/* Neighbours without options or comments that touch or overlap become one. */
static void merge(span_list *list) {
  size_t kept = 0;
  for (size_t i = 0; i < list->count; i++) {
    span *last = kept ? &list->at[kept - 1] : NULL;
    bool may_join = last && !is_alone(last) && !is_alone(&list->at[i]);
    if (may_join && list->at[i].first <= last->last + 1) {
      if (list->at[i].last > last->last) last->last = list->at[i].last;
    } else {
      list->at[kept++] = list->at[i];
    }
  }
  list->count = kept;
}

/* `number`: of the list in its element. */
static span_list spans_of(print_job *job, print_element element, uint32_t number,
                          const stele_range *ranges, size_t count) {
  bool is_enum = element.kind == PRINT_ENUM;
  span_list list = {STELE_NEW_ARRAY(job->arena, span, count), count,
                    is_enum ? INT32_MAX : STELE_WIRE_NUMBER_MAX};
  for (size_t i = 0; i < count; i++) {
    list.at[i] = (span){ranges[i].start, (int64_t)ranges[i].end - (is_enum ? 0 : 1),
                        ranges[i].options, print_comment_of_statement(job, element, number, i)};
  }
  if (job->is_normalised && count > 0) {
    qsort(list.at, count, sizeof *list.at, by_first);
    merge(&list);
  }
  return list;
}

static void print_span(print_job *job, const span_list *list, const span *one) {
  stele_buf_add_i64(job->out, one->first);
  if (one->first == one->last) return;
  print_cstr(job, " to ");
  if (one->last >= list->max) {
    print_cstr(job, "max"); /* message sets go farther, and say so too */
  } else {
    stele_buf_add_i64(job->out, one->last);
  }
}

/* [from, to) as one statement, without its end. */
static void print_spans(print_job *job, const char *keyword, const span_list *list, size_t from,
                        size_t to) {
  print_lead(job, list->at[from].comment);
  print_indent(job);
  print_cstr(job, keyword);
  for (size_t i = from; i < to; i++) {
    print_cstr(job, i > from ? ", " : " ");
    print_span(job, list, &list->at[i]);
  }
}

/* ---- Reserved ----------------------------------------------------------- */

typedef struct reserved_name {
  stele_str name;
  const print_comment *comment; /* of the statement that it begins */
} reserved_name;

static int by_text(const void *a, const void *b) {
  const reserved_name *x = a, *y = b;
  return stele_str_order(x->name, y->name);
}

/* Editions write names bare, and check that they are names. */
static void print_reserved_name(print_job *job, stele_str name) {
  if (print_is_editions(job) && print_is_identifier(name)) {
    print_str(job, name);
  } else {
    print_quoted(job, name, false);
  }
}

/* [from, to) as one statement. */
static void print_name_run(print_job *job, const reserved_name *names, size_t from, size_t to) {
  print_lead(job, names[from].comment);
  print_indent(job);
  for (size_t i = from; i < to; i++) {
    print_cstr(job, i > from ? ", " : "reserved ");
    print_reserved_name(job, names[i].name);
  }
  print_finish(job, ";", names[from].comment);
}

static void print_names(print_job *job, const print_reserved *reserved) {
  size_t count = reserved->name_count;
  reserved_name *names = STELE_NEW_ARRAY(job->arena, reserved_name, count);
  for (size_t i = 0; i < count; i++) {
    names[i] = (reserved_name){
        reserved->names[i],
        print_comment_of_statement(job, reserved->element, reserved->is_enum ? 5 : 10, i)};
  }
  if (job->is_normalised && count > 1) qsort(names, count, sizeof *names, by_text);
  for (size_t from = 0, to; from < count; from = to) {
    to = from + 1;
    while (!job->is_normalised && to < count && !names[to].comment) to++;
    print_name_run(job, names, from, to);
  }
}

void print_reserved_lines(print_job *job, const print_reserved *reserved) {
  span_list list = spans_of(job, reserved->element, reserved->is_enum ? 4 : 9, reserved->ranges,
                            reserved->range_count);
  for (size_t from = 0, to; from < list.count; from = to) {
    to = from + 1;
    while (!job->is_normalised && to < list.count && !list.at[to].comment) to++;
    print_spans(job, "reserved", &list, from, to);
    print_finish(job, ";", list.at[from].comment);
  }
  print_names(job, reserved);
}

/* ---- Extensions --------------------------------------------------------- */

static bool same_options(const stele_options *a, const stele_options *b) {
  if (!a || !b) return a == b;
  return stele_bytes_eq(a->wire, b->wire);
}

void print_extension_ranges(print_job *job, const stele_message *message) {
  span_list list = spans_of(job, (print_element){PRINT_MESSAGE, message}, 5,
                            message->extension_ranges, message->extension_range_count);
  stele_str scope = print_scope_of(message->parent, message->file);
  for (size_t from = 0, to; from < list.count; from = to) {
    to = from + 1;
    while (!job->is_normalised && to < list.count && !list.at[to].comment &&
           same_options(list.at[from].options, list.at[to].options)) {
      to++;
    }
    print_options options = print_options_read(job, list.at[from].options, scope);
    print_unknown_lines(job, &options);
    print_spans(job, "extensions", &list, from, to);
    print_option_brackets(job, &options);
    print_finish(job, ";", list.at[from].comment);
  }
}
