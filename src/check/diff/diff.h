/* diff: what changed between two states of the schemas, element by element.
 *
 * In:   two sets of linked files.   Out: one change for each element that is new,
 * gone, renamed, moved or different, with what of it changed and how much that
 * means for those who use it.
 * Elements are matched by full name over all files; what is left over is matched
 * by shape, so that a type that was renamed or went to another package is called
 * that. What lies in a new or removed type is not told apart.
 * Pure. Deps: base, proto/schema, check/finding. */
#ifndef STELE_CHECK_DIFF_DIFF_H
#define STELE_CHECK_DIFF_DIFF_H

#include "base/arena.h"
#include "base/err.h"
#include "check/finding/finding.h"

typedef enum diff_kind {
  DIFF_ADDED,
  DIFF_REMOVED,
  DIFF_RENAMED, /* another name in the same place */
  DIFF_MOVED,   /* another file, package or parent; its own name may be another too */
  DIFF_CHANGED,
  DIFF_KINDS /* how many */
} diff_kind;

/* "added", "removed", … */
const char *diff_kind_text(diff_kind kind);

/* One thing of an element that is not as it was. */
typedef struct diff_part {
  const char *name;             /* "type", "number", "documentation", … */
  stele_str option;             /* when the name is "option": which one */
  stele_str old_text, new_text; /* empty: it was not there, or is no more */
  check_class cls;
} diff_part;

typedef struct diff_change {
  diff_kind kind;
  const char *element;          /* "message", "field", "extension", "oneof", "enum",
                                   "enum value", "service", "method", "file" */
  stele_str old_name, new_name; /* full names, paths of files; empty where there is none */
  stele_str old_file, new_file;
  check_place old_place, new_place;
  stele_str old_text, new_text; /* in a few words: "string = 4" */
  stele_str documentation;      /* of the newer one, else of the older */
  bool is_deprecated;           /* it is now, and was not */
  const diff_part *parts;
  size_t part_count;
  check_class cls;
} diff_change;

typedef struct diff_changes {
  const diff_change *at; /* by file, then place; what is gone before what is there */
  size_t count;
} diff_changes;

/* Compares. Memory: in `arena`; aliases the files. Fails only with STELE_NO_MEMORY
 * or STELE_LIMIT. Cost: the size of both sets. */
bool check_diff(stele_arena *arena, const stele_file *const *older, size_t older_count,
                const stele_file *const *newer, size_t newer_count, diff_changes *out,
                stele_err *err) STELE_MUST_USE;

#endif
