/* Options: statements, and the brackets that hold lists of them. */
#include "proto/format/format_internal.h"

/* ---- Strings ------------------------------------------------------------------ */

typedef struct string_run {
  uint32_t last;
} string_run;

static void strings_flat(formatter *f, void *arg) {
  const string_run *run = arg;
  uint32_t first = f->at;
  while (f->at <= run->last) {
    if (f->at > first && format_lines_before(f, f->at)) f->flat_failed = true;
    format_take(f, FORMAT_SPACE);
  }
}

void format_strings(formatter *f, uint32_t last, size_t room) {
  string_run run = {last};
  if (f->at == last) { /* nothing would be won by parting it */
    format_take(f, FORMAT_SPACE);
    return;
  }
  if (format_try_flat(f, strings_flat, &run, room)) return;
  f->level += FORMAT_CONTINUED;
  while (f->at <= last) format_take(f, FORMAT_LINE);
  f->level -= FORMAT_CONTINUED;
}

/* ---- One option ---------------------------------------------------------------- */

static void value(formatter *f, const stele_ast_option *option, size_t room) {
  format_gap gap = FORMAT_SPACE;
  switch ((stele_ast_value_kind)option->value_kind) {
  case STELE_AST_VALUE_AGGREGATE:
    if (option->negative) { /* protoc passes over it */
      format_take(f, gap);
      gap = FORMAT_GLUE;
    }
    format_aggregate(f, option->value_last, gap, room);
    return;
  case STELE_AST_VALUE_STRING: format_strings(f, option->value_last, room); return;
  case STELE_AST_VALUE_IDENTIFIER:
  case STELE_AST_VALUE_INTEGER:
  case STELE_AST_VALUE_FLOAT: format_take_to(f, option->value_last, gap); return;
  }
}

void format_option(formatter *f, const stele_ast_option *option, format_gap gap, size_t room) {
  format_take_to(f, option->name_last, gap);
  format_take(f, FORMAT_SPACE); /* = */
  value(f, option, room);
}

/* ---- Brackets ------------------------------------------------------------------- */

typedef struct bracket_list {
  const stele_ast_option *options;
  uint32_t count;
} bracket_list;

/* Behind the `[`. A line end there asks for a line for each, where there are
 * several. */
static void brackets_flat(formatter *f, void *arg) {
  const bracket_list *list = arg;
  if (list->count > 1 && format_lines_before(f, f->at)) f->flat_failed = true;
  for (uint32_t i = 0; i < list->count && !f->flat_failed; i++) {
    format_option(f, &list->options[i], i ? FORMAT_SPACE : FORMAT_GLUE, 1);
    format_take(f, FORMAT_GLUE); /* , or ] */
  }
}

static void brackets_in_lines(formatter *f, const bracket_list *list) {
  f->level++;
  for (uint32_t i = 0; i < list->count; i++) {
    bool is_last = i + 1 == list->count;
    format_option(f, &list->options[i], FORMAT_LINE, is_last ? 0 : 1);
    if (!is_last) format_take(f, FORMAT_GLUE);
  }
  f->level--;
  format_take_close(f, FORMAT_LINE);
  f->after_end = false;
}

/* A lone literal of many lines shares its first and last line with the brackets. */
static bool may_hug(const formatter *f, const stele_ast_decl *decl, const bracket_list *list) {
  const stele_ast_option *option = &list->options[0];
  if (list->count != 1 || option->value_kind != STELE_AST_VALUE_AGGREGATE) return false;
  for (uint32_t i = decl->bracket_open + 1; i <= option->value_first; i++) {
    if (format_has_comment(f, i)) return false;
  }
  return !format_has_comment(f, decl->bracket_close);
}

void format_brackets(formatter *f, const stele_ast_decl *decl) {
  size_t room = decl->open == STELE_AST_NONE ? 1 : 2; /* ";" or " {" */
  if (decl->bracket_open == STELE_AST_NONE) return;
  bracket_list list = {f->file->options + decl->option_start, decl->option_count};
  format_take(f, FORMAT_SPACE); /* [ */
  if (format_try_flat(f, brackets_flat, &list, room)) return;
  if (may_hug(f, decl, &list)) {
    format_option(f, &list.options[0], FORMAT_GLUE, room + 1);
    format_take(f, FORMAT_GLUE);
  } else {
    brackets_in_lines(f, &list);
  }
}
