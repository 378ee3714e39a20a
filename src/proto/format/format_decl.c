/* Declarations: what is parted by a space, a line, a blank line. */
#include "proto/format/format_internal.h"

static void write_decl(formatter *f, const stele_ast_decl *decl, format_gap gap);

/* ---- Bodies ---------------------------------------------------------------------- */

/* A lone `;` means nothing, and goes, unless a comment stands beside it. */
static bool is_dropped(const formatter *f, const stele_ast_decl *decl) {
  return decl->kind == STELE_AST_EMPTY && !format_has_comment(f, decl->first) &&
         !format_has_comment(f, decl->first + 1);
}

static bool has_body(const formatter *f, const stele_ast_decl *decl) {
  for (uint32_t i = 0; i < decl->child_count; i++) {
    if (!is_dropped(f, stele_ast_child(f->file, decl, i))) return true;
  }
  return false;
}

/* A comment in an empty body that shares the line with both braces stays there:
 * anywhere else protoc would give it to somebody. */
static bool is_lone_comment(formatter *f) {
  uint32_t after = format_read_gap(f->arena, &f->file->tokens, f->at, &f->comments);
  return f->comments.count == 1 && f->comments.at[0].lines == 0 && after == 0;
}

static void empty_body(formatter *f, const stele_ast_decl *decl) {
  while (f->at < decl->close) STELE_VEC_PUSH(f->arena, &f->dropped, f->at++);
  if (!format_has_comment(f, f->at)) {
    format_take_end(f, FORMAT_GLUE);
  } else if (is_lone_comment(f)) {
    format_take_end(f, FORMAT_SPACE);
  } else {
    format_take_close(f, FORMAT_LINE);
  }
}

/* What kinds stand together at the top of a file: each statement its own, all
 * definitions as one. */
static uint8_t section(const stele_ast_decl *decl) {
  return decl->kind <= STELE_AST_OPTION ? decl->kind : STELE_AST_MESSAGE;
}

static bool is_one_line(const formatter *f, const stele_ast_decl *decl) {
  return decl->close == STELE_AST_NONE ||
         (!has_body(f, decl) && !format_has_comment(f, decl->close));
}

static format_gap gap_between(const formatter *f, const stele_ast_decl *before,
                              const stele_ast_decl *decl) {
  if (!before) return FORMAT_LINE;
  if (decl->kind == STELE_AST_EMPTY) {
    return format_has_comment(f, decl->first) ? FORMAT_KEEP : FORMAT_GLUE;
  }
  if (decl->parent != 0 || before->kind == STELE_AST_EMPTY) return FORMAT_KEEP;
  if (section(before) != section(decl)) return FORMAT_BLANK;
  return is_one_line(f, before) && is_one_line(f, decl) ? FORMAT_KEEP : FORMAT_BLANK;
}

static void children(formatter *f, const stele_ast_decl *decl) {
  const stele_ast_decl *before = NULL;
  for (uint32_t i = 0; i < decl->child_count; i++) {
    const stele_ast_decl *child = stele_ast_child(f->file, decl, i);
    if (is_dropped(f, child)) {
      STELE_VEC_PUSH(f->arena, &f->dropped, f->at++);
      continue;
    }
    write_decl(f, child, gap_between(f, before, child));
    before = child;
  }
}

static void body(formatter *f, const stele_ast_decl *decl) {
  format_take_end(f, FORMAT_SPACE);
  if (!has_body(f, decl)) {
    empty_body(f, decl);
    return;
  }
  f->level++;
  children(f, decl);
  f->level--;
  format_take_close(f, FORMAT_LINE);
}

/* ---- Statements -------------------------------------------------------------------- */

/* `= "…";` */
static void string_value(formatter *f, const stele_ast_decl *decl) {
  format_take(f, FORMAT_SPACE);
  format_strings(f, decl->value_last, 1);
  format_take_end(f, FORMAT_GLUE);
}

static void syntax(formatter *f, const stele_ast_decl *decl, format_gap gap) {
  format_take(f, gap);
  string_value(f, decl);
}

static void package(formatter *f, const stele_ast_decl *decl, format_gap gap) {
  format_take(f, gap);
  format_take_to(f, decl->name_last, FORMAT_SPACE);
  format_take_end(f, FORMAT_GLUE);
}

static void import(formatter *f, const stele_ast_decl *decl, format_gap gap) {
  format_take(f, gap);
  if (decl->modifier != STELE_AST_PLAIN) format_take(f, FORMAT_SPACE);
  format_strings(f, decl->value_last, 1);
  format_take_end(f, FORMAT_GLUE);
}

static void option(formatter *f, const stele_ast_decl *decl, format_gap gap) {
  format_take(f, gap);
  format_option(f, &f->file->options[decl->option_start], FORMAT_SPACE, 1);
  format_take_end(f, FORMAT_GLUE);
}

static void empty(formatter *f, const stele_ast_decl *decl, format_gap gap) {
  (void)decl;
  format_take_end(f, gap);
}

/* ---- Fields -------------------------------------------------------------------------- */

/* `name = number [options]` */
static void name_and_number(formatter *f, const stele_ast_decl *decl) {
  format_take(f, FORMAT_SPACE);
  format_take(f, FORMAT_SPACE);
  format_take_to(f, decl->number, FORMAT_SPACE);
  format_brackets(f, decl);
}

/* The label, where there is one, and the type. */
static void field(formatter *f, const stele_ast_decl *decl, format_gap gap) {
  if (f->at != decl->type) {
    format_take(f, gap);
    gap = FORMAT_SPACE;
  }
  format_take_to(f, decl->type_last, gap);
  name_and_number(f, decl);
  if (decl->open == STELE_AST_NONE) {
    format_take_end(f, FORMAT_GLUE);
  } else {
    body(f, decl);
  }
}

static void map_field(formatter *f, const stele_ast_decl *decl, format_gap gap) {
  format_take_to(f, decl->type_last, gap); /* map<K */
  format_take(f, FORMAT_GLUE);             /* , */
  format_take_to(f, decl->type2_last, FORMAT_SPACE);
  format_take(f, FORMAT_GLUE); /* > */
  name_and_number(f, decl);
  format_take_end(f, FORMAT_GLUE);
}

static void value(formatter *f, const stele_ast_decl *decl, format_gap gap) {
  format_take(f, gap);
  format_take(f, FORMAT_SPACE);
  format_take_to(f, decl->number, FORMAT_SPACE);
  format_brackets(f, decl);
  format_take_end(f, FORMAT_GLUE);
}

/* ---- Ranges and names ------------------------------------------------------------------ */

static size_t width_of(const formatter *f, uint32_t first, uint32_t last) {
  size_t width = 0;
  for (uint32_t i = first; i <= last; i++) width += f->token[i].len + 1;
  return width;
}

/* The next of a list: on this line, if it fits there. */
static format_gap next_gap(const formatter *f, uint32_t last) {
  size_t end = format_column(f) + width_of(f, f->at, last) + 1;
  return end > FORMAT_WIDTH ? FORMAT_LINE : FORMAT_SPACE;
}

static void range(formatter *f, const stele_ast_range *range, format_gap gap) {
  format_take_to(f, range->start, gap);
  if (f->at > range->last) return;
  format_take(f, FORMAT_SPACE); /* to */
  format_take_to(f, range->last, FORMAT_SPACE);
}

static void reserved_name(formatter *f, const stele_ast_reserved_name *name, format_gap gap) {
  format_take(f, gap);
  while (f->at <= name->last) format_take(f, FORMAT_SPACE);
}

static void range_list(formatter *f, const stele_ast_decl *decl, format_gap gap) {
  const stele_ast_range *ranges = f->file->ranges + decl->range_start;
  const stele_ast_reserved_name *names = f->file->reserved_names + decl->reserved_start;
  format_take(f, gap);
  f->level += FORMAT_CONTINUED;
  for (uint32_t i = 0; i < decl->range_count; i++) {
    if (i) format_take(f, FORMAT_GLUE);
    range(f, &ranges[i], i ? next_gap(f, ranges[i].last) : FORMAT_SPACE);
  }
  for (uint32_t i = 0; i < decl->reserved_count; i++) {
    if (i) format_take(f, FORMAT_GLUE);
    reserved_name(f, &names[i], i ? next_gap(f, names[i].last) : FORMAT_SPACE);
  }
  f->level -= FORMAT_CONTINUED;
  format_brackets(f, decl);
  format_take_end(f, FORMAT_GLUE);
}

/* ---- Blocks ------------------------------------------------------------------------------ */

/* `message`, `enum`, `service` or `oneof`, and a name. */
static void named_block(formatter *f, const stele_ast_decl *decl, format_gap gap) {
  format_take(f, gap);
  while (f->at <= decl->name) format_take(f, FORMAT_SPACE);
  body(f, decl);
}

static void extend(formatter *f, const stele_ast_decl *decl, format_gap gap) {
  format_take(f, gap);
  format_take_to(f, decl->type_last, FORMAT_SPACE);
  body(f, decl);
}

/* `(stream Type)` */
static void argument(formatter *f, uint32_t stream, uint32_t last, format_gap gap) {
  format_take(f, gap);
  if (stream == STELE_AST_NONE) {
    format_take_to(f, last, FORMAT_GLUE);
  } else {
    format_take(f, FORMAT_GLUE);
    format_take_to(f, last, FORMAT_SPACE);
  }
  format_take(f, FORMAT_GLUE);
}

static void returns_flat(formatter *f, void *arg) {
  const stele_ast_decl *decl = arg;
  format_take(f, FORMAT_SPACE);
  argument(f, decl->stream2, decl->type2_last, FORMAT_SPACE);
}

/* On the next line, if this one has no room for it. */
static void returns(formatter *f, const stele_ast_decl *decl) {
  stele_ast_decl copy = *decl;
  bool has_comment = false;
  for (uint32_t i = f->at; i <= decl->type2_last + 1; i++) has_comment |= format_has_comment(f, i);
  if (has_comment) {
    returns_flat(f, &copy);
    return;
  }
  if (format_try_flat(f, returns_flat, &copy, decl->open == STELE_AST_NONE ? 1 : 2)) return;
  f->level += FORMAT_CONTINUED;
  format_take(f, FORMAT_LINE);
  argument(f, decl->stream2, decl->type2_last, FORMAT_SPACE);
  f->level -= FORMAT_CONTINUED;
}

static void method(formatter *f, const stele_ast_decl *decl, format_gap gap) {
  format_take(f, gap);
  format_take(f, FORMAT_SPACE);
  argument(f, decl->stream, decl->type_last, FORMAT_GLUE);
  returns(f, decl);
  if (decl->open == STELE_AST_NONE) {
    format_take_end(f, FORMAT_GLUE);
  } else {
    body(f, decl);
  }
}

/* ---- All of them ---------------------------------------------------------------------------- */

typedef void write_fn(formatter *f, const stele_ast_decl *decl, format_gap gap);

/* FILE is format_file; BAD is not in a tree without errors. */
static write_fn *const writers[] = {
    [STELE_AST_SYNTAX] = syntax,         [STELE_AST_PACKAGE] = package,
    [STELE_AST_IMPORT] = import,         [STELE_AST_OPTION] = option,
    [STELE_AST_MESSAGE] = named_block,   [STELE_AST_ENUM] = named_block,
    [STELE_AST_SERVICE] = named_block,   [STELE_AST_EXTEND] = extend,
    [STELE_AST_FIELD] = field,           [STELE_AST_MAP_FIELD] = map_field,
    [STELE_AST_GROUP] = field,           [STELE_AST_ONEOF] = named_block,
    [STELE_AST_EXTENSIONS] = range_list, [STELE_AST_RESERVED] = range_list,
    [STELE_AST_VALUE] = value,           [STELE_AST_METHOD] = method,
    [STELE_AST_EMPTY] = empty,           [STELE_AST_BAD] = empty,
};

static void write_decl(formatter *f, const stele_ast_decl *decl, format_gap gap) {
  writers[decl->kind](f, decl, gap);
}

void format_file(formatter *f) {
  children(f, &f->file->decls[0]);
  format_take_close(f, FORMAT_LINE);
}
