/* check: what changed between two versions of a file, and what that means.
 *
 * In:   two linked files.   Out: findings: rule, words, place, what to do.
 * Two judges look at the same pair: Confluent's compatibility rules, which a
 * policy acts upon, and the semantic classes, which classify and never refuse.
 * A rule is a row of a table and a function; docs and tests read the rows.
 * Places (line, column) are there when a file was compiled with source info.
 * Pure. Deps: base, proto/schema, proto/source. */
#ifndef STELE_CHECK_CHECK_H
#define STELE_CHECK_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "stele/str.h"

typedef struct stele_file stele_file;

/* Ordered: the class of several changes is the highest. NONE: nothing that a
 * consumer or a generator can see. */
typedef enum check_class { CHECK_NONE, CHECK_PATCH, CHECK_MINOR, CHECK_MAJOR } check_class;

/* "none", "patch", "minor", "major". */
const char *check_class_text(check_class c);

/* One rule, whichever judge it belongs to. */
typedef struct check_rule {
  const char *name;  /* "FIELD_KIND_CHANGED" */
  check_class cls;   /* semantic rules; Confluent's: CHECK_NONE */
  bool incompatible; /* Confluent's: whether the difference refuses */
  const char *text;  /* one sentence for the docs */
  const char *hint;  /* what to do instead: goes into a refusal's details */
} check_rule;

/* The rows of each judge, for docs and tests. */
const check_rule *check_confluent_rules(size_t *count);
const check_rule *check_semver_rules(size_t *count);

/* Where an element stands; 0-based as in stele_place, -1: unknown. */
typedef struct check_place {
  stele_str file;
  int32_t line, column;
} check_place;

typedef struct check_finding {
  const check_rule *rule;
  stele_str message;     /* one sentence with the names in it */
  stele_str path;        /* Confluent's: "#/Msg/oneof/2"; semantic: the full name */
  check_place old_place; /* of the element before the change, or unknown */
  check_place new_place; /* after it; of what surrounded it when it is gone */
} check_finding;

typedef struct check_findings {
  const check_finding *at; /* in the order of the judge */
  size_t count;
} check_findings;

/* BACKWARD: can `newer` read what `older` wrote: the older file is the original
 * and the newer the update. FORWARD swaps the two. "new schema" and "old schema"
 * in the messages always mean the two as given. */
typedef enum check_direction { CHECK_BACKWARD, CHECK_FORWARD } check_direction;

/* Every difference that Confluent's rules know between two files, compatible
 * ones included (see finding.rule->incompatible), in their order: package; per
 * message in declaration order oneof findings, fields by number, nested types,
 * MESSAGE_MOVED; enums last. Types that are imported are compared deeply, but
 * not when both sides import the very same file.
 * Memory: findings live in `arena`; they alias the files' names.
 * Fails only with STELE_NO_MEMORY or STELE_LIMIT. Cost: O(both files). */
bool check_confluent(stele_arena *arena, const stele_file *older, const stele_file *newer,
                     check_direction direction, check_findings *out, stele_err *err) STELE_MUST_USE;

/* The semantic class of the step from `older` to `newer` by the fixed rules,
 * with the findings that made it, those of the highest class first. NONE says
 * that the files are the same but for comments and layout: whether that is a
 * patch is the caller's to say, who has the texts.
 * Only what the file itself declares counts, not what its imports do. */
bool check_semver(stele_arena *arena, const stele_file *older, const stele_file *newer,
                  check_class *cls, check_findings *out, stele_err *err) STELE_MUST_USE;

#endif
