/* parse_internal: the parser at work, and what its grammar files share.
 *
 * Every grammar function stands at its first token, answers true behind its
 * last, and false after a finding; the statement it belongs to is then skipped
 * by parse_statement, as protoc skips it, so that findings agree to the letter. */
#ifndef STELE_PROTO_PARSE_PARSE_INTERNAL_H
#define STELE_PROTO_PARSE_PARSE_INTERNAL_H

#include "base/vec.h"
#include "proto/parse/parse.h"

/* Editions by the numbers of google.protobuf.Edition, as far as the grammar
 * asks for them. */
enum {
  PARSE_PROTO2 = 998,
  PARSE_PROTO3 = 999,
  PARSE_EDITION_2023 = 1000,
  PARSE_EDITION_2024 = 1001,
  PARSE_EDITION_UNSTABLE = 9999,
};

typedef struct parser {
  stele_arena *arena;
  const stele_token *token; /* all tokens */
  uint32_t at;              /* the current one */
  uint32_t edition;
  bool is_editions;
  bool had_errors;
  bool has_package;
  bool has_option_import;
  bool has_map_entry_option; /* somewhere in this file: seldom */
  unsigned limit_depth;      /* of the caller; 0: none */
  int message_depth;         /* protoc's limit */
  int block_depth;           /* messages and groups: our stack */
  uint32_t next_mistake;     /* of the lexer, not yet reported */
  stele_tokens tokens;
  stele_report *report;
  STELE_VEC(stele_ast_decl) decls;
  STELE_VEC(stele_ast_option) options;
  STELE_VEC(stele_ast_range) ranges;
  STELE_VEC(stele_ast_reserved_name) names;
} parser;

/* -- looking and taking: parse_cursor.c -- */

static inline bool parse_at(const parser *p, stele_sym sym) {
  return p->token[p->at].sym == sym;
}

static inline bool parse_at_kind(const parser *p, stele_token_kind kind) {
  return p->token[p->at].kind == kind;
}

static inline bool parse_at_end(const parser *p) {
  return parse_at_kind(p, STELE_TOKEN_END);
}

static inline void parse_next(parser *p) {
  p->at += !parse_at_end(p);
}

static inline bool parse_take(parser *p, stele_sym sym) {
  if (!parse_at(p, sym)) return false;
  p->at++;
  return true;
}

/* The declaration being filled in. The pointer holds until the next one is added. */
static inline stele_ast_decl *parse_decl(parser *p, uint32_t decl) {
  return &p->decls.at[decl];
}

/* Each reports an error and answers false: at the current token, at another
 * one, `Expected "x".` */
bool parse_fail(parser *p, const char *text);
bool parse_fail_at(parser *p, uint32_t token, const char *text);
bool parse_fail_text(parser *p, uint32_t token, stele_str text);
bool parse_fail_expected(parser *p, const char *what);
void parse_warn(parser *p, uint32_t token, stele_str text);

/* Takes a symbol or word, or fails with `Expected "x".` */
static inline bool parse_expect(parser *p, char symbol) {
  const char text[2] = {symbol, 0};
  return parse_take(p, STELE_SYM_OF(symbol)) || parse_fail_expected(p, text);
}

/* Takes an identifier; its token goes to `name`. */
static inline bool parse_name(parser *p, uint32_t *name, const char *error) {
  if (!parse_at_kind(p, STELE_TOKEN_IDENTIFIER)) return parse_fail(p, error);
  *name = p->at++;
  return true;
}

/* Takes an integer from 0 to `max`; one out of range is reported and worth 0. */
bool parse_integer(parser *p, uint64_t max, uint64_t *value, const char *error);
bool parse_int32(parser *p, int32_t *value, const char *error);
/* The same with an optional '-'. `number` is the token of the digits. */
bool parse_signed_int32(parser *p, int32_t *value, bool *negative, uint32_t *number,
                        const char *error);
/* Takes a float, an integer, inf or nan. */
bool parse_float(parser *p, const char *error);
/* Takes one or more adjacent strings. */
bool parse_strings(parser *p, uint32_t *first, uint32_t *last, const char *error);
/* Takes `.`? name (`.` name)*, or a scalar's name with an error. */
bool parse_type_name(parser *p, uint32_t *first, uint32_t *last);

/* Reports what the lexer noticed up to the current token. */
void parse_finish_mistakes(parser *p);

/* A new, empty option at the current token. */
void parse_add_option(parser *p);

/* A new declaration below `parent` that starts at the current token. */
uint32_t parse_add(parser *p, stele_ast_kind kind, uint32_t parent);

/* Adds skipped tokens, from `first` to the one taken last, as BAD. */
void parse_add_bad(parser *p, uint32_t parent, uint32_t first);

/* Closes a declaration at the token that was taken last. */
static inline bool parse_close(parser *p, uint32_t decl) {
  parse_decl(p, decl)->last = p->at - 1;
  return true;
}

/* Takes the `;` that ends a declaration. */
static inline bool parse_end(parser *p, uint32_t decl) {
  return parse_expect(p, ';') && parse_close(p, decl);
}

/* Takes the `{` of a declaration's block, or the `}` if it stands there. */
bool parse_open_block(parser *p, uint32_t decl);
bool parse_take_close(parser *p, uint32_t decl);

/* Runs one statement below `parent`; one that fails is skipped, to its `;` or
 * through its block, and stays in the tree as BAD. False if it failed. */
typedef bool parse_fn(parser *p, uint32_t parent);
bool parse_statement(parser *p, uint32_t parent, parse_fn *fn);

/* Takes a lone `;`. */
bool parse_take_empty(parser *p, uint32_t parent);

/* Statements up to the `}` of `decl`'s block. */
bool parse_block(parser *p, uint32_t decl, parse_fn *fn, const char *at_end);

/* -- grammar -- */

bool parse_file_statement(parser *p, uint32_t file);               /* parse_file.c */
bool parse_syntax(parser *p, uint32_t file);                       /* parse_file.c */
bool parse_message(parser *p, uint32_t parent, uint32_t modifier); /* parse_message.c */
bool parse_message_body(parser *p, uint32_t message);              /* parse_message.c */
bool parse_extend(parser *p, uint32_t parent);                     /* parse_message.c */
bool parse_enum(parser *p, uint32_t parent, uint32_t modifier);    /* parse_enum.c */
bool parse_service(parser *p, uint32_t file);                      /* parse_service.c */
bool parse_extensions(parser *p, uint32_t message);                /* parse_range.c */
bool parse_reserved(parser *p, uint32_t parent);                   /* parse_range.c */

/* Takes `export` or `local` where the edition knows them; its token or NONE. */
bool parse_visibility(parser *p, uint32_t *modifier);
void parse_set_visibility(parser *p, uint32_t decl, uint32_t modifier);

/* Where a field stands decides what it may be. */
typedef enum parse_field_place {
  PARSE_IN_MESSAGE,
  PARSE_IN_ONEOF,
  PARSE_IN_EXTEND
} parse_field_place;
bool parse_field(parser *p, uint32_t parent, parse_field_place place);

bool parse_option_statement(parser *p, uint32_t parent); /* parse_option.c */
/* name = value, into p->options; the option is added even if it fails. */
bool parse_option(parser *p);
/* [ option, … ] if there is one. */
bool parse_option_list(parser *p, uint32_t decl, bool (*one)(parser *p, uint32_t decl));
bool parse_any_option(parser *p, uint32_t decl);
/* The same for fields, where `default` and `json_name` are no options. */
bool parse_field_option(parser *p, uint32_t decl); /* parse_pseudo_option.c */

/* Is this the option `word` of one name part that is no extension? */
static inline bool parse_option_is(const parser *p, const stele_ast_option *option,
                                   stele_sym word) {
  return option->name_first != STELE_AST_NONE && option->name_first == option->name_last &&
         p->token[option->name_first].sym == word;
}

#endif
