/* The syntax tree as others see it: the parser's own tree, asked by number.
 *
 * The parser's nodes are made of tokens, and tokens know their bytes, so
 * nothing is stored twice: a span is worked out when somebody asks for it.
 * Only comments, which the parser steps over, are looked for once, at the end
 * (syntax_comment.c). */
#include "stele/syntax.h"

#include "base/guard.h"
#include "proto/parse/parse.h"
#include "proto/syntax/syntax_internal.h"

static const size_t most_text = (size_t)64 << 20;

/* The parser's kinds are ours, in the same order. */
#define X(name, text, what)                                                                        \
  _Static_assert((int)STELE_SYNTAX_##name == (int)STELE_AST_##name, "kinds of declarations");
STELE_SYNTAX_KINDS(X)
#undef X
_Static_assert((int)STELE_SYNTAX_TOKEN_END == (int)STELE_TOKEN_END &&
                   (int)STELE_SYNTAX_TOKEN_IDENTIFIER == (int)STELE_TOKEN_IDENTIFIER &&
                   (int)STELE_SYNTAX_TOKEN_INTEGER == (int)STELE_TOKEN_INTEGER &&
                   (int)STELE_SYNTAX_TOKEN_FLOAT == (int)STELE_TOKEN_FLOAT &&
                   (int)STELE_SYNTAX_TOKEN_STRING == (int)STELE_TOKEN_STRING &&
                   (int)STELE_SYNTAX_TOKEN_SYMBOL == (int)STELE_TOKEN_SYMBOL,
               "kinds of tokens");

/* ---- Parsing ---------------------------------------------------------------- */

typedef struct syntax_job {
  stele_arena *arena;
  stele_str path, text;
  const stele_syntax_options *options;
  stele_syntax *made;
} syntax_job;

static void parse(void *arg) {
  syntax_job *job = arg;
  stele_syntax *syntax = STELE_NEW(job->arena, stele_syntax);
  syntax->source.name = stele_str_copy(job->arena, job->path);
  syntax->source.text = stele_str_copy(job->arena, job->text);
  syntax->report = stele_report_new(job->arena, job->options->limit_findings);
  syntax->file = stele_parse_within(job->arena, stele_token_interner(job->arena), &syntax->source,
                                    job->options->limit_depth, syntax->report);
  syntax_find_comments(job->arena, &syntax->file->tokens, &syntax->comments);
  job->made = syntax;
}

const stele_syntax *stele_syntax_parse(stele_arena *arena, stele_str path, stele_str text,
                                       const stele_syntax_options *options, stele_err *err) {
  static const stele_syntax_options defaults = {0};
  if (!options) options = &defaults;
  syntax_job job = {arena, path, text, options, NULL};
  size_t limit = options->limit_text_bytes ? options->limit_text_bytes : most_text;
  if (text.len > limit) {
    (void)stele_fail(err, STELE_LIMIT, STELE_STR_FMT " is larger than %zu bytes",
                     STELE_STR_ARG(path), limit);
    return NULL;
  }
  arena->cancelled = options->cancelled;
  bool ok = stele_guard_run(arena, parse, &job, err);
  arena->cancelled = NULL; /* the tree outlives the flag */
  return ok ? job.made : NULL;
}

/* ---- The file --------------------------------------------------------------- */

bool stele_syntax_has_errors(const stele_syntax *syntax) {
  return syntax->file->has_errors;
}

const stele_report *stele_syntax_findings(const stele_syntax *syntax) {
  return syntax->report;
}

stele_str stele_syntax_path(const stele_syntax *syntax) {
  return syntax->source.name;
}

stele_str stele_syntax_text(const stele_syntax *syntax) {
  return syntax->source.text;
}

stele_str stele_syntax_span_text(const stele_syntax *syntax, stele_syntax_span span) {
  stele_str text = syntax->source.text;
  size_t off = span.offset < text.len ? span.offset : text.len;
  size_t len = span.length < text.len - off ? span.length : text.len - off;
  return (stele_str){text.ptr + off, len};
}

uint32_t stele_syntax_line_count(const stele_syntax *syntax) {
  return syntax->file->tokens.line_count;
}

uint32_t stele_syntax_line_offset(const stele_syntax *syntax, uint32_t line) {
  const stele_tokens *tokens = &syntax->file->tokens;
  return line < tokens->line_count ? tokens->line_starts[line] : (uint32_t)tokens->source.text.len;
}

stele_syntax_span syntax_span(const stele_syntax *syntax, uint32_t off, uint32_t end) {
  const stele_tokens *tokens = &syntax->file->tokens;
  uint32_t low = 0, high = tokens->line_count; /* the last line that starts at or before */
  while (high - low > 1) {
    uint32_t middle = low + (high - low) / 2;
    if (tokens->line_starts[middle] <= off) {
      low = middle;
    } else {
      high = middle;
    }
  }
  stele_place place = stele_token_place_at(tokens, low, off);
  return (stele_syntax_span){off, end - off, place.line, place.column};
}

/* ---- Declarations ----------------------------------------------------------- */

static const stele_ast_decl *decl_of(const stele_syntax *syntax, uint32_t decl) {
  return decl < syntax->file->decl_count ? &syntax->file->decls[decl] : NULL;
}

uint32_t stele_syntax_decl_count(const stele_syntax *syntax) {
  return syntax->file->decl_count;
}

stele_syntax_kind stele_syntax_decl_kind(const stele_syntax *syntax, uint32_t decl) {
  const stele_ast_decl *d = decl_of(syntax, decl);
  return d ? (stele_syntax_kind)d->kind : STELE_SYNTAX_BAD;
}

stele_syntax_kind stele_syntax_decl_meant(const stele_syntax *syntax, uint32_t decl) {
  const stele_ast_decl *d = decl_of(syntax, decl);
  bool is_known = d && d->kind == STELE_AST_BAD && d->meant != STELE_AST_FILE;
  return is_known ? (stele_syntax_kind)d->meant : stele_syntax_decl_kind(syntax, decl);
}

const char *stele_syntax_kind_text(stele_syntax_kind kind) {
  static const char *const texts[] = {
#define X(name, text, what) text,
      STELE_SYNTAX_KINDS(X)
#undef X
  };
  return (size_t)kind < STELE_COUNT(texts) ? texts[kind] : "";
}

/* The first and the last token of a part. */
typedef struct run {
  uint32_t first, last;
} run;

static run part_of(const stele_ast_file *file, const stele_ast_decl *d, stele_syntax_part part) {
  bool is_option = (d->kind == STELE_AST_OPTION || d->meant == STELE_AST_OPTION) && d->option_count;
  const stele_ast_option *option = is_option ? &file->options[d->option_start] : NULL;
  switch (part) {
  case STELE_SYNTAX_PART_WHOLE: return (run){d->first, d->last};
  case STELE_SYNTAX_PART_NAME:
    return option ? (run){option->name_first, option->name_last} : (run){d->name, d->name_last};
  case STELE_SYNTAX_PART_TYPE: return (run){d->type, d->type_last};
  case STELE_SYNTAX_PART_SECOND_TYPE: return (run){d->type2, d->type2_last};
  case STELE_SYNTAX_PART_NUMBER: return (run){d->number, d->number};
  case STELE_SYNTAX_PART_VALUE:
    return option ? (run){option->value_first, option->value_last} : (run){d->value, d->value_last};
  case STELE_SYNTAX_PART_BLOCK:
    return (run){d->open, d->close == STELE_AST_NONE ? d->last : d->close};
  }
  return (run){STELE_AST_NONE, STELE_AST_NONE};
}

/* A declaration that failed half-way may have the start of a part alone, or call
 * a part what was looked at in its place and not taken. */
static bool has_part(const stele_ast_file *file, const stele_ast_decl *d, stele_syntax_part part,
                     run tokens) {
  bool is_number = part == STELE_SYNTAX_PART_NUMBER;
  if (tokens.first == STELE_AST_NONE || tokens.last == STELE_AST_NONE) return false;
  if (tokens.first < d->first || tokens.last > d->last || tokens.first > tokens.last) return false;
  return !is_number || file->tokens.at[tokens.first].kind == STELE_TOKEN_INTEGER;
}

static uint32_t start_of(const stele_syntax *syntax, uint32_t token) {
  return syntax->file->tokens.at[token].off;
}

static uint32_t end_of(const stele_syntax *syntax, uint32_t token) {
  return syntax->file->tokens.at[token].off + syntax->file->tokens.at[token].len;
}

bool stele_syntax_decl_span(const stele_syntax *syntax, uint32_t decl, stele_syntax_part part,
                            stele_syntax_span *out) {
  const stele_ast_decl *d = decl_of(syntax, decl);
  *out = (stele_syntax_span){0};
  if (!d) return false;
  if (decl == 0 && part == STELE_SYNTAX_PART_WHOLE) {
    out->length = (uint32_t)syntax->source.text.len;
    return true;
  }
  run tokens = part_of(syntax->file, d, part);
  if (!has_part(syntax->file, d, part, tokens)) return false;
  *out = syntax_span(syntax, start_of(syntax, tokens.first), end_of(syntax, tokens.last));
  return true;
}

stele_str stele_syntax_decl_name(const stele_syntax *syntax, uint32_t decl) {
  stele_syntax_span span;
  if (!stele_syntax_decl_span(syntax, decl, STELE_SYNTAX_PART_NAME, &span)) return (stele_str){0};
  return stele_syntax_span_text(syntax, span);
}

uint32_t stele_syntax_decl_parent(const stele_syntax *syntax, uint32_t decl) {
  const stele_ast_decl *d = decl_of(syntax, decl);
  return d ? d->parent : STELE_SYNTAX_NONE;
}

uint32_t stele_syntax_decl_child_count(const stele_syntax *syntax, uint32_t decl) {
  const stele_ast_decl *d = decl_of(syntax, decl);
  return d ? d->child_count : 0;
}

uint32_t stele_syntax_decl_child(const stele_syntax *syntax, uint32_t decl, uint32_t i) {
  const stele_ast_decl *d = decl_of(syntax, decl);
  return d && i < d->child_count ? syntax->file->children[d->child_start + i] : STELE_SYNTAX_NONE;
}

/* The child that has the byte at `offset`, or NONE. */
static uint32_t child_at(const stele_syntax *syntax, uint32_t decl, size_t offset) {
  const stele_ast_file *file = syntax->file;
  const stele_ast_decl *d = &file->decls[decl];
  uint32_t low = 0, high = d->child_count; /* the first one that ends behind the offset */
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (end_of(syntax, stele_ast_child(file, d, middle)->last) <= offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == d->child_count) return STELE_SYNTAX_NONE;
  bool is_in = start_of(syntax, stele_ast_child(file, d, low)->first) <= offset;
  return is_in ? file->children[d->child_start + low] : STELE_SYNTAX_NONE;
}

uint32_t stele_syntax_decl_at(const stele_syntax *syntax, size_t offset) {
  if (offset > syntax->source.text.len) return STELE_SYNTAX_NONE;
  uint32_t decl = 0;
  for (uint32_t child = 0; child != STELE_SYNTAX_NONE; child = child_at(syntax, decl, offset)) {
    decl = child;
  }
  return decl;
}

/* ---- Tokens ----------------------------------------------------------------- */

uint32_t stele_syntax_token_count(const stele_syntax *syntax) {
  return syntax->file->tokens.count - 1; /* there is always the END */
}

stele_syntax_token_kind stele_syntax_token_kind_of(const stele_syntax *syntax, uint32_t token) {
  if (token >= stele_syntax_token_count(syntax)) return STELE_SYNTAX_TOKEN_END;
  return (stele_syntax_token_kind)syntax->file->tokens.at[token].kind;
}

bool stele_syntax_token_span(const stele_syntax *syntax, uint32_t token, stele_syntax_span *out) {
  *out = (stele_syntax_span){0};
  if (token >= stele_syntax_token_count(syntax)) return false;
  *out = syntax_span(syntax, start_of(syntax, token), end_of(syntax, token));
  return true;
}

uint32_t stele_syntax_token_from(const stele_syntax *syntax, size_t offset) {
  uint32_t low = 0, high = stele_syntax_token_count(syntax);
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (end_of(syntax, middle) <= offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

uint32_t stele_syntax_token_at(const stele_syntax *syntax, size_t offset) {
  uint32_t token = stele_syntax_token_from(syntax, offset);
  bool is_in = token < stele_syntax_token_count(syntax) && start_of(syntax, token) <= offset;
  return is_in ? token : STELE_SYNTAX_NONE;
}
