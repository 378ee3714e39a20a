/* rule_internal: what rules and their engine share: the run, places, names.
 *
 * A rule's function is called once for each element that its row names, with
 * the run (whose `rule` is its row) and the element; breaking rules get the
 * element as it is and as it was. It finds by calling rule_found.
 * Deps: check/rule.h, base, proto/schema. */
#ifndef STELE_CHECK_RULE_RULE_INTERNAL_H
#define STELE_CHECK_RULE_RULE_INTERNAL_H

#include "base/map.h"
#include "base/vec.h"
#include "check/rule/rule.h"
#include "proto/schema/schema.h"
#include "proto/source/source.h"

/* What a row is asked about. Trees, packages and folders only see files that
 * are not imports (lint). Pairs of breaking rules: files of one path, types of
 * one full name, fields of one number, values of one number, methods of one
 * name. */
typedef enum rule_on {
  RULE_ON_NOTHING,
  RULE_ON_TREE,    /* element and against: rule_side */
  RULE_ON_PACKAGE, /* lint: rule_group */
  RULE_ON_FOLDER,  /* lint: rule_group */
  RULE_ON_FILE,
  RULE_ON_IMPORT, /* lint: stele_import */
  RULE_ON_MESSAGE,
  RULE_ON_FIELD, /* extensions too */
  RULE_ON_ONEOF,
  RULE_ON_ENUM,
  RULE_ON_ENUM_VALUE,
  RULE_ON_SERVICE,
  RULE_ON_METHOD,
  RULE_ON_COUNT
} rule_on;

typedef struct rule_source rule_source;

/* One tree while it is judged. */
typedef struct rule_side {
  const rule_tree *tree;
  struct rule_known *known; /* of trees that are judged again; else NULL */
  stele_map files;          /* import path -> index + 1; where nothing is known */
  uint8_t *ignored;         /* by index: 0 not known yet, 1 looked at, 2 left out */
  rule_source *source;      /* the places of the file that was asked about last */
} rule_side;

/* Files that belong together, by index in the tree, sorted by path. */
typedef struct rule_group {
  stele_str name; /* of the package, or the folder ("." is the root) */
  STELE_VEC(uint32_t) files;
} rule_group;

/* Paths that one rule leaves out. */
typedef struct rule_paths {
  STELE_VEC(stele_str) at;
} rule_paths;

typedef STELE_VEC(const rule *) rule_rows;

struct rule_selection {
  const rule_config *config;
  rule_rows on, unchecked, deprecated;
  rule_rows by_element[RULE_ON_COUNT]; /* the same rows, by what they are asked about */
  rule_rows through[RULE_ON_COUNT];    /* those of them that look through types */
  const rule *table;                   /* rows of the kind */
  rule_paths *ignore_only;             /* by index in the table */
  stele_str zero_suffix, service_suffix;
};

typedef struct rule_run {
  stele_arena *arena;
  const rule_selection *selection;
  const rule_rows *asked; /* by what they are asked about: of the selection */
  const rule *rule;       /* whose turn it is */
  rule_side now, was;
  STELE_VEC(rule_finding) findings;
  void *memo;                      /* what the rules of this run keep from element to element */
  struct rule_known_rule *keeping; /* a rule about the tree, while it is asked; or NULL */
} rule_run;

/* ---- Places ---------------------------------------------------------------- */

enum { RULE_MOST_STEPS = 8 };

/* An element, or something of it: the steps below the element's own path in the
 * descriptor, such as {1} for its name. */
typedef struct rule_spot {
  const stele_file *file; /* NULL: nowhere */
  stele_symbol_kind kind; /* STELE_SYMBOL_FILE: the steps begin at the file */
  const void *element;    /* NULL: the whole file */
  uint8_t step_count;
  uint32_t steps[RULE_MOST_STEPS];
  const char *from; /* see rule_spot_from */
} rule_spot;

/* No place at all, and a file as a whole. */
#define RULE_NOWHERE ((rule_spot){0})
rule_spot rule_spot_file(const stele_file *file);

rule_spot rule_spot_of(stele_symbol_kind kind, const void *element);

/* Something of an element. */
rule_spot rule_spot_step(rule_spot spot, uint32_t step);

/* Does the source say where that is? */
bool rule_spot_is_known(rule_run *run, rule_side *side, rule_spot spot);

/* The first of the two that the source knows; the second if none. */
rule_spot rule_spot_or(rule_run *run, rule_side *side, rule_spot first, rule_spot second);

/* The element's name where it has a place, else the element. */
rule_spot rule_spot_name(rule_run *run, rule_side *side, stele_symbol_kind kind,
                         const void *element);

/* A field's declaration, or of its map field when it is that of an entry. */
rule_spot rule_spot_field(rule_run *run, rule_side *side, const stele_field *field);
rule_spot rule_spot_field_name(rule_run *run, rule_side *side, const stele_field *field);
/* Where its type stands: the scalar's word, or the name of the type. */
rule_spot rule_spot_field_type(rule_run *run, rule_side *side, const stele_field *field);
rule_spot rule_spot_message(rule_run *run, rule_side *side, const stele_message *message);

/* Where an option of an element stands; where it stands best when only more or
 * less of it has a place, and unknown when nothing has. `steps` are below the
 * options' path, the first being the option's number. */
rule_spot rule_spot_option(rule_run *run, rule_side *side, stele_symbol_kind kind,
                           const void *element, const uint32_t *steps, size_t count);

/* The leading comment of an element; false when the source does not know the
 * element. */
bool rule_comment(rule_run *run, rule_side *side, rule_spot spot, stele_str *comment);

/* Has it a line that is neither empty nor an ignore? */
bool rule_says_something(stele_str comment);

/* Begins a place earlier, at `word`, where `word`, "=" and what the spot is stand
 * in this order in the text: where a value is known, and its assignment meant.
 * Anything else leaves the place as it is. */
rule_spot rule_spot_from(rule_spot spot, const char *word);

/* Does `matches` like a leading comment of the element, or of one around it? */
bool rule_comments_around(rule_side *side, rule_spot spot,
                          bool (*matches)(stele_str comment, void *arg), void *arg);

/* As source info counts; false when it does not say. */
bool rule_span_of(rule_side *side, rule_spot spot, stele_place *start, stele_place *end);

/* The same spot without its element, all by steps; false when it is too deep for that. */
bool rule_spot_by_steps(rule_spot spot, rule_spot *out);

/* Tells the spots of one file apart, from run to run. */
uint64_t rule_spot_hash(rule_spot spot, uint64_t seed);

/* For a finding; all 0 when nowhere. */
rule_place rule_place_of(rule_side *side, rule_spot spot);

/* Places are held in scratch memory: made under the guard of the run, freed
 * after it. */
void rule_sources_open(rule_run *run);
void rule_sources_close(rule_run *run);

/* ---- The engine ------------------------------------------------------------- */

/* Readies a run, under its guard; `against` may be NULL. */
void rule_run_open(rule_run *run, const rule_tree *tree, const rule_tree *against);

/* Calls the rows of one kind of element. */
void rule_ask(rule_run *run, rule_on on, const void *element, const void *against);

/* Is somebody interested? */
static inline bool rule_is_asked(const rule_run *run, rule_on on) {
  return run->asked[on].count > 0;
}

/* Is all of a file left out by the configuration? */
bool rule_file_is_ignored(rule_run *run, rule_side *side, const stele_file *file);

/* The row of a file in a tree; NULL when it is not in it. */
const rule_file *rule_side_file(const rule_side *side, stele_str path);

/* ---- Finding --------------------------------------------------------------- */

/* Says what is wrong, unless the configuration says not to look there. `at` may
 * be nowhere; `against` too. */
void rule_found(rule_run *run, rule_spot at, rule_spot against, const char *format, ...)
    STELE_PRINTF(4, 5);

/* The same, with what to do about it. */
void rule_found_hint(rule_run *run, rule_spot at, rule_spot against, stele_str hint,
                     const char *format, ...) STELE_PRINTF(5, 6);

/* Where the rule whose turn it is would find something; false when it is told not to. */
bool rule_locate(rule_run *run, rule_spot at, rule_place *place);

/* ---- Names ----------------------------------------------------------------- */

/* Each result lives in `arena`. A word begins at a capital after a small letter,
 * or before something that is neither capital, digit nor delimiter. */
stele_str rule_pascal_case(stele_arena *arena, stele_str name);
stele_str rule_lower_snake_case(stele_arena *arena, stele_str name);
stele_str rule_upper_snake_case(stele_arena *arena, stele_str name);

/* Text in double quotes, with what is not printable escaped. */
stele_str rule_quote(stele_arena *arena, stele_str text);

/* The folder of a path: "." when it has none. */
stele_str rule_folder(stele_str path);

/* Is the last part of a package a version, and is that a stable one? */
typedef enum rule_version { RULE_UNVERSIONED, RULE_STABLE, RULE_UNSTABLE } rule_version;
rule_version rule_package_version(stele_str package);

/* The texts separated by ",": sorted, each once. */
stele_str rule_join_sorted(stele_arena *arena, stele_str *texts, size_t count);

/* The descriptor's type name without the dot before it. */
stele_str rule_type_name(const stele_field *field);

bool rule_starts_with(stele_str text, stele_str start);
bool rule_ends_with(stele_str text, stele_str end);

#endif
