/* rule: what a rule about a tree of schemas is, and what it is asked with.
 *
 * A rule is one row: its id, its categories in each version of the configuration,
 * its purpose, its function. Here are the row, the configuration (which rules, what
 * to leave out), the tree (linked files) and the finding; check/judge puts them
 * together. rule_internal.h is what the rules themselves stand on.
 * Ids, categories, words and places are those of the tool that teams come from;
 * category PLATFORM is ours, and is no part of lists that are compared with that
 * tool's. Files are compiled with source info, or findings have no places, and
 * with warn_unused_imports, which IMPORT_USED reads.
 * Pure. Deps: base, proto/schema. */
#ifndef STELE_CHECK_RULE_RULE_H
#define STELE_CHECK_RULE_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "stele/str.h"

typedef struct stele_file stele_file;
struct rule_run;

/* ---- The table ------------------------------------------------------------ */

typedef enum rule_kind { RULE_LINT, RULE_BREAKING, RULE_KIND_COUNT } rule_kind;

/* The version of the configuration decides which rules there are, and in which
 * categories. stele.yaml reads as V2. */
typedef enum rule_set { RULE_SET_V1BETA1, RULE_SET_V1, RULE_SET_V2, RULE_SET_COUNT } rule_set;

/* What a set says of a rule: whether it has it, whether it is on when nothing is
 * chosen, its categories. In the order in which categories are listed. */
// clang-format off
#define RULE_CATEGORIES(X)  \
  /* bit  name      */      \
  X(0,  MINIMAL)            \
  X(1,  BASIC)              \
  X(2,  DEFAULT)            \
  X(3,  STANDARD)           \
  X(4,  FILE_LAYOUT)        \
  X(5,  PACKAGE_AFFINITY)   \
  X(6,  SENSIBLE)           \
  X(7,  STYLE_BASIC)        \
  X(8,  STYLE_DEFAULT)      \
  X(9,  STYLE_STANDARD)     \
  X(10, COMMENTS)           \
  X(11, UNARY_RPC)          \
  X(12, OTHER)              \
  X(13, CSR)                \
  X(14, FILE)               \
  X(15, PACKAGE)            \
  X(16, WIRE_JSON)          \
  X(17, WIRE)               \
  X(18, PLATFORM)
// clang-format on

enum {
#define X(bit, name) RULE_IN_##name = 1 << (bit),
  RULE_CATEGORIES(X)
#undef X
      RULE_IN_SET = 1 << 30, /* the set has the rule */
  RULE_IS_DEFAULT = 1 << 29, /* it is on when `use` is empty */
};

/* Why there is a rule, for those who meet it. */
typedef struct rule_text {
  const char *why;  /* some sentences */
  const char *bad;  /* .proto text that is refused; for breaking rules, before and after */
  const char *good; /* .proto text that passes */
  const char *wire; /* the bytes (or the JSON, or the code) that would break */
} rule_text;

typedef void rule_check(struct rule_run *run, const void *element, const void *against);

/* A hash of all that a rule about the tree reads of one file, and of where in its descriptor
 * that stands what it finds something at; comments and places in the text apart. */
typedef uint64_t rule_facts(struct rule_run *run, const stele_file *file);
#define RULE_FACTS_ANY UINT64_MAX /* it may read anything of it */

typedef struct rule {
  const char *id;
  const char *purpose;           /* "Checks that …" */
  uint8_t kind;                  /* rule_kind */
  uint8_t on;                    /* the engine's: which elements it is asked about */
  uint8_t arg;                   /* the engine's: what tells rows of one function apart */
  bool is_deprecated;            /* does nothing itself; see replaced_by */
  bool is_unchecked;             /* known, but not checked yet: see rule_unchecked */
  bool looks_through;            /* lint, about elements: it reads more than the names of types of
                                    other files, or the packages of imports */
  uint32_t sets[RULE_SET_COUNT]; /* RULE_IN_SET, RULE_IS_DEFAULT, categories; 0: not there */
  const char *replaced_by[3];    /* ids, for deprecated ones; may be none */
  rule_check *check;
  rule_facts *facts; /* rules about the tree; NULL: it may be anything */
} rule;

/* ---- The configuration ---------------------------------------------------- */

/* Paths that one rule, or each of a category, does not look at. */
typedef struct rule_ignore {
  stele_str id;
  const stele_str *paths;
  size_t path_count;
} rule_ignore;

/* As a configuration file says it; all zero is that of a file that says nothing
 * (but see `set`). Paths are import paths of files or folders, normalised. */
typedef struct rule_config {
  rule_kind kind;
  rule_set set;
  const stele_str *use; /* ids and categories; none: the defaults */
  size_t use_count;
  const stele_str *except;
  size_t except_count;
  const stele_str *ignore;
  size_t ignore_count;
  const rule_ignore *ignore_only;
  size_t ignore_only_count;
  /* Lint. */
  stele_str enum_zero_value_suffix; /* empty: "_UNSPECIFIED" */
  stele_str service_suffix;         /* empty: "Service" */
  bool rpc_allow_same_request_response;
  bool rpc_allow_google_protobuf_empty_requests;
  bool rpc_allow_google_protobuf_empty_responses;
  bool allow_comment_ignores; /* v2: unless disallow_comment_ignores */
  /* Breaking. */
  bool ignore_unstable_packages;
  bool exclude_imports;
  bool without_platform; /* buf's own: the category PLATFORM and its rules are not known */
  /* PLATFORM: greatest depth of nested messages; 0: 5. */
  uint32_t max_nesting;
} rule_config;

/* A configuration that was understood. Texts are borrowed from the
 * configuration, which must outlive it. */
typedef struct rule_selection rule_selection;

/* ---- The run -------------------------------------------------------------- */

/* One file of a tree. */
typedef struct rule_file {
  const stele_file *file;
  bool is_import; /* only there because others import it, or of another module */
  /* Lint: judged before, and rules about elements pass it by; all of them, or those that do
   * not look through types, since it stands on other files than it did. */
  bool is_settled, is_relinked;
  /* For files that came as descriptors with what a compiler had noted; else
   * false and none, and the linked file says it. */
  bool is_described; /* the two below hold instead of what the file knows */
  bool is_syntax_unspecified;
  const uint32_t *unused_imports; /* indexes */
  size_t unused_count;
} rule_file;

typedef struct rule_memory rule_memory; /* see rule_memory.h */

/* A tree: every file once, imports too, in any order. Lint looks at one module
 * at a time: files of other modules are imports there. */
typedef struct rule_tree {
  const rule_file *files;
  size_t count;
  /* The text that a file was compiled from, for the few places that its source
   * info does not tell, and for fixes; false when there is none. It is used until
   * the next call. May be NULL. */
  bool (*text)(void *arg, const stele_file *file, stele_str *out);
  void *text_arg;
  /* Of a tree that is judged again: what the run before left, and a number that is another
   * one when the tree has other files; its files are sorted by path. NULL and 0: neither.
   * What rules about packages, folders and the tree found before holds, and is not found
   * again, where the memory says that they are at rest (rule_memory.h). */
  rule_memory *memory;
  uint64_t shape;
  bool is_partial; /* lint: files are missing that there are; rules about packages, folders
                      and the tree are not asked */
  /* Breaking, of the newer tree, which has a memory then; may be NULL. By index of the file,
   * filled in: was it passed by, because it did not change since the last run, has all types
   * that the older file of its path had, and no other's? What was found in it by rules that
   * reach no further still holds. */
  bool *passed_by;
} rule_tree;

/* 1-based, the end exclusive, columns in bytes. A place that is a whole file is 1:1-1:1;
 * where there is not even a file, `path` is empty and all is 0. */
typedef struct rule_place {
  stele_str path; /* import path */
  int32_t start_line, start_column, end_line, end_column;
} rule_place;

typedef struct rule_finding {
  const rule *rule;
  stele_str message;
  rule_place at;      /* in the tree */
  rule_place against; /* in the older tree; breaking only */
  stele_str hint;     /* what to do, or empty */
} rule_finding;

typedef struct rule_findings {
  rule_finding *at; /* sorted by rule_finding_order, each once */
  size_t count;
} rule_findings;

/* The order of findings: path, place, id, message; for qsort over rule_finding. */
int rule_finding_order(const void *a, const void *b);

#endif
