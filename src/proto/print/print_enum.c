/* Enums.
 *
 * The normalised form sorts values by number and name, but for the first one:
 * an open enum must begin with zero, and a closed one's first value is the
 * default of its fields, which sorting may not change. */
#include <stdlib.h>

#include "proto/print/print_internal.h"

static int by_number(const void *a, const void *b) {
  const stele_enum_value *x = *(const stele_enum_value *const *)a;
  const stele_enum_value *y = *(const stele_enum_value *const *)b;
  if (x->number != y->number) return x->number < y->number ? -1 : 1;
  return stele_str_order(x->name, y->name);
}

static void move_to_front(const stele_enum_value **values, size_t at) {
  const stele_enum_value *first = values[at];
  memmove(values + 1, values, at * sizeof *values);
  values[0] = first;
}

static const stele_enum_value **values_of(print_job *job, const stele_enum *type) {
  size_t count = type->value_count;
  const stele_enum_value **values = STELE_NEW_ARRAY(job->arena, const stele_enum_value *, count);
  for (size_t i = 0; i < count; i++) values[i] = &type->values[i];
  if (!job->is_normalised || count < 2) return values;
  qsort(values, count, sizeof *values, by_number);
  for (size_t i = 0; i < count; i++) {
    if (type->is_closed ? values[i] != &type->values[0] : values[i]->number != 0) continue;
    move_to_front(values, i);
    break;
  }
  return values;
}

static void print_enum_value(print_job *job, const stele_enum_value *value, stele_str scope) {
  print_options options = print_options_read(job, value->options, scope);
  const print_comment *comment = print_comment_of(job, (print_element){PRINT_VALUE, value});
  print_unknown_lines(job, &options);
  print_lead(job, comment);
  print_indent(job);
  print_str(job, value->name);
  print_cstr(job, " = ");
  stele_buf_add_i64(job->out, value->number);
  print_option_brackets(job, &options);
  print_finish(job, ";", comment);
}

void print_enum(print_job *job, const stele_enum *type) {
  print_element here = {PRINT_ENUM, type};
  const print_comment *comment = print_comment_of(job, here);
  print_reserved reserved = {type->reserved_ranges,
                             type->reserved_names,
                             type->reserved_range_count,
                             type->reserved_name_count,
                             true,
                             here};
  stele_str scope = print_scope_of(type->parent, type->file);
  print_options options = print_options_read(job, type->options, scope);
  const stele_enum_value **values = values_of(job, type);
  print_body body = {0};
  print_lead(job, comment);
  print_indent(job);
  print_visibility(job, type->visibility);
  print_cstr(job, "enum ");
  print_str(job, type->name);
  print_cstr(job, " ");
  print_open(job, &body, comment);
  print_section(job, &body); /* no blank lines inside; an enum has a value at least */
  job->level++;
  print_reserved_lines(job, &reserved);
  print_option_lines(job, &options, here);
  for (uint32_t i = 0; i < type->value_count; i++) print_enum_value(job, values[i], scope);
  job->level--;
  print_body_end(job, &body, "}\n");
}
