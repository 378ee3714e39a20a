/* finding: what two judges say about a pair of files: a rule, words, two places.
 *
 * Confluent's compatibility rules (check/confluent), which a policy acts upon, and
 * the semantic classes (check/semver), which classify and never refuse. A rule is
 * a row of a table; docs and tests read the rows.
 * Places (line, column) are there when a file was compiled with source info.
 * Pure. Deps: base, check/element. */
#ifndef STELE_CHECK_FINDING_FINDING_H
#define STELE_CHECK_FINDING_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "check/element/place.h"
#include "stele/str.h"

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

#endif
