/* ast: the syntax tree of one file, over its tokens.
 *
 * In:   what the parser found.   Out: declarations in source order, each with
 * the tokens it is made of. Nothing is resolved, nothing is lost: layout and
 * comments are what stands between two tokens in the text, so a formatter and
 * an editor need only the tree, the tokens and the text.
 *
 * One node shape serves all declarations: it is small, it is walked by index,
 * and `kind` says which members mean something (the table below).
 * Deps: base, proto/token. */
#ifndef STELE_PROTO_AST_AST_H
#define STELE_PROTO_AST_AST_H

#include <stdint.h>

#include "proto/token/token.h"

/* No token, no declaration. */
#define STELE_AST_NONE UINT32_MAX

// clang-format off
/*  kind        name      type            type2    number      options   body
 *  SYNTAX      -         -               -        -           -         -     value: its string tokens
 *  PACKAGE     name…     -               -        -           -         -     (name_last: dotted)
 *  IMPORT      -         -               -        -           -         -     value: its string tokens; modifier
 *  OPTION      -         -               -        -           one       -
 *  MESSAGE     yes       -               -        -           -         yes
 *  ENUM        yes       -               -        -           -         yes
 *  SERVICE     yes       -               -        -           -         yes
 *  EXTEND      -         extendee        -        -           -         yes
 *  FIELD       yes       type            -        yes         [..]      -
 *  MAP_FIELD   yes       key type        value    yes         [..]      -
 *  GROUP       yes       `group` token   -        yes         [..]      yes
 *  ONEOF       yes       -               -        -           -         yes
 *  EXTENSIONS  -         -               -        -           [..]      -     ranges
 *  RESERVED    -         -               -        -           -         -     ranges or names
 *  VALUE       yes       -               -        yes         [..]      -
 *  METHOD      yes       input           output   -           -         yes (open NONE if `;`)
 *  EMPTY       -   a lone `;`
 *  BAD         -   tokens that were skipped after a mistake
 *
 * `first` is the first token of all: a label, or `export` and `local` (which
 * protoc's location of a message or enum leaves out: it starts one token
 * later). With has_errors a block that was opened keeps its kind and what is
 * in it, even if its end is missing (then close is NONE). */
// clang-format on
typedef enum stele_ast_kind {
  STELE_AST_FILE, /* decls[0]: its children are the file's declarations */
  STELE_AST_SYNTAX,
  STELE_AST_PACKAGE,
  STELE_AST_IMPORT,
  STELE_AST_OPTION,
  STELE_AST_MESSAGE,
  STELE_AST_ENUM,
  STELE_AST_SERVICE,
  STELE_AST_EXTEND,
  STELE_AST_FIELD,
  STELE_AST_MAP_FIELD,
  STELE_AST_GROUP,
  STELE_AST_ONEOF,
  STELE_AST_EXTENSIONS,
  STELE_AST_RESERVED,
  STELE_AST_VALUE,
  STELE_AST_METHOD,
  STELE_AST_EMPTY,
  STELE_AST_BAD,
} stele_ast_kind;

/* Word before the declaration, as written. */
typedef enum stele_ast_modifier {
  STELE_AST_PLAIN,
  STELE_AST_PUBLIC, /* import */
  STELE_AST_WEAK,
  STELE_AST_OPTION_IMPORT,
  STELE_AST_OPTIONAL, /* field label */
  STELE_AST_REQUIRED,
  STELE_AST_REPEATED,
  STELE_AST_EXPORT, /* message, enum */
  STELE_AST_LOCAL,
} stele_ast_modifier;

/* All uint32_t members without other words are token indexes; a `last` is the
 * last token itself, not the one after it. */
typedef struct stele_ast_decl {
  uint8_t kind;         /* stele_ast_kind */
  uint8_t modifier;     /* stele_ast_modifier; its token is `modifier_token` */
  uint8_t negative;     /* VALUE: the number has a '-' before it */
  uint8_t meant;        /* BAD: the stele_ast_kind that it began as; else 0 */
  uint32_t first, last; /* whole declaration, `;` or `}` included */
  uint32_t modifier_token;
  uint32_t name, name_last; /* name_last == name but for packages */
  uint32_t type, type_last; /* a type name may be several tokens: . a . b */
  uint32_t type2, type2_last;
  uint32_t stream, stream2;                /* METHOD: the `stream` words, or NONE */
  uint32_t number;                         /* token of the number (after the '-') */
  int32_t number_value;                    /* with its sign; 0 when it is out of range (reported) */
  uint32_t value, value_last;              /* SYNTAX, IMPORT: string tokens */
  uint32_t option_start, option_count;     /* in file->options; [..] or the one of OPTION */
  uint32_t bracket_open, bracket_close;    /* of [..], or NONE */
  uint32_t open, close;                    /* of {..}, or NONE */
  uint32_t child_start, child_count;       /* in file->children */
  uint32_t range_start, range_count;       /* in file->ranges: EXTENSIONS, RESERVED numbers */
  uint32_t reserved_start, reserved_count; /* in file->reserved_names */
  uint32_t parent;                         /* declaration index; NONE for the file */
} stele_ast_decl;

/* `a to b`, `a to max`, `a`. Values are as written: both ends inclusive. */
typedef struct stele_ast_range {
  uint32_t start, end; /* tokens of the numbers; equal for a single number */
  uint32_t first;      /* start with its '-', where there is one */
  uint32_t last;
  int32_t start_value, end_value; /* `max`: INT32_MAX, and `is_max` */
  uint8_t is_max;
} stele_ast_range;

/* One reserved name: string tokens, or one identifier (editions). */
typedef struct stele_ast_reserved_name {
  uint32_t first, last;
  stele_str name; /* unescaped; in the tree's arena or in the text */
} stele_ast_reserved_name;

typedef enum stele_ast_value_kind {
  STELE_AST_VALUE_IDENTIFIER,
  STELE_AST_VALUE_INTEGER,   /* with negative */
  STELE_AST_VALUE_FLOAT,     /* with negative; also -inf and -nan */
  STELE_AST_VALUE_STRING,    /* one or more adjacent tokens */
  STELE_AST_VALUE_AGGREGATE, /* from `{` to its `}` */
} stele_ast_value_kind;

/* `name = value`, in a statement or in brackets. Parts of the name are read
 * from its tokens: `(` a . b `)` is an extension, anything else a field.
 *
 * In the brackets of a field `default` and `json_name` are no options but stand
 * here as well. The default of a field of a named type is any one token (a
 * symbol counts as IDENTIFIER). */
typedef struct stele_ast_option {
  uint32_t first, last; /* statement: from `option` to `;`. Bracket: name to value */
  uint32_t name_first, name_last;
  uint32_t value_first, value_last; /* a '-' included */
  uint8_t value_kind;               /* stele_ast_value_kind */
  uint8_t negative;
  uint8_t is_statement;
} stele_ast_option;

typedef struct stele_ast_file {
  stele_tokens tokens;
  const stele_ast_decl *decls; /* decls[0] is the file */
  uint32_t decl_count;
  const uint32_t *children; /* declaration indexes; a parent's are side by side */
  uint32_t child_count;
  const stele_ast_option *options;
  uint32_t option_count;
  const stele_ast_range *ranges;
  uint32_t range_count;
  const stele_ast_reserved_name *reserved_names;
  uint32_t reserved_name_count;
  uint32_t edition; /* google.protobuf.Edition: 998 proto2, 999 proto3, 1000 2023, …; also those
                       that nobody supports, see proto/schema/features.h */
  bool has_syntax;  /* a syntax or edition statement was there */
  bool has_errors;  /* lexing or parsing failed: not fit for linking, fit for an editor */
} stele_ast_file;

static inline const stele_ast_decl *stele_ast_child(const stele_ast_file *file,
                                                    const stele_ast_decl *decl, uint32_t i) {
  return &file->decls[file->children[decl->child_start + i]];
}

#endif
