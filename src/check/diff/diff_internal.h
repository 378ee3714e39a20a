/* diff, inside: the run, and the parts of each kind of element.
 * Deps: check/diff/diff.h, check/element/docs.h. */
#ifndef STELE_CHECK_DIFF_DIFF_INTERNAL_H
#define STELE_CHECK_DIFF_DIFF_INTERNAL_H

#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "check/diff/diff.h"
#include "check/element/docs.h"
#include "check/element/level.h"

typedef STELE_VEC(diff_part) diff_parts;

typedef struct diff_run {
  stele_arena *arena;
  const stele_file *const *older, *const *newer;
  size_t older_count, newer_count;
  check_docs docs;
  check_levels levels;
  stele_map old_types, new_types;           /* full name -> diff_type */
  stele_map renamed;                        /* old full name of a type -> new one (stele_str *) */
  stele_map files;                          /* old file -> the newer file of it */
  stele_map first_type;                     /* old file -> index of its first type + 1 */
  stele_map old_files;                      /* their names */
  stele_map old_extensions, new_extensions; /* number and extendee's newer name -> field */
  STELE_VEC(diff_change) changes;
} diff_run;

/* Something of two elements, and what kind of element they are. */
typedef struct diff_pair {
  stele_symbol_kind kind;
  const char *element;
  const void *was, *now; /* either may be NULL */
} diff_pair;

/* Adds a change with its places, documentation and class. Parts that make it are
 * DOCUMENTATION and DEPRECATED as well; a CHANGED without parts is none. */
void diff_tell(diff_run *run, diff_kind kind, const diff_pair *pair, diff_parts *parts);

/* Adds a part when the two texts differ. */
void diff_text(diff_run *run, diff_parts *parts, const char *name, stele_str was, stele_str now,
               check_class cls);
void diff_flag(diff_run *run, diff_parts *parts, const char *name, bool was, bool now,
               check_class cls);

/* Options that are no part of their own, by name. */
void diff_options(diff_run *run, diff_parts *parts, const stele_file *was_file,
                  const stele_options *was, const stele_file *now_file, const stele_options *now);

/* An element in a few words: "repeated string = 4". */
stele_str diff_words(diff_run *run, stele_symbol_kind kind, const void *element);
stele_str diff_full_name(diff_run *run, stele_symbol_kind kind, const void *element);

/* Members of two types that are the same type. */
void diff_fields(diff_run *run, const stele_message *was, const stele_message *now);
/* Extensions of both states by what they extend, wherever they stand (types are matched);
 * those of two scopes that have no partner anywhere; and all that have one (files are). */
void diff_take_extensions(diff_run *run);
void diff_extension_pairs(diff_run *run);
void diff_extensions(diff_run *run, const stele_field *was, uint32_t was_count,
                     const stele_field *now, uint32_t now_count);
void diff_oneofs(diff_run *run, const stele_message *was, const stele_message *now);
void diff_values(diff_run *run, const stele_enum *was, const stele_enum *now);
void diff_methods(diff_run *run, const stele_service *was, const stele_service *now);

/* The newer name of a type of the older state. */
stele_str diff_mapped(const diff_run *run, stele_str old_name);

#endif
