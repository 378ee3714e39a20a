/* fmt/semver: versions by semver.org 2.0.0.
 *
 * In:   "1.4.0-rc.1+build.5".   Out: its parts; which of two comes first; the
 * next one after a change of some class.
 * Deps: base. */
#ifndef STELE_FMT_SEMVER_H
#define STELE_FMT_SEMVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

typedef struct stele_semver {
  uint32_t major, minor, patch;
  stele_str pre;   /* "rc.1": behind '-', borrowed; empty: none */
  stele_str build; /* "build.5": behind '+', borrowed; empty: none */
} stele_semver;

/* How much a change means, least first. */
typedef enum stele_semver_class {
  STELE_SEMVER_NONE,
  STELE_SEMVER_PATCH,
  STELE_SEMVER_MINOR,
  STELE_SEMVER_MAJOR,
} stele_semver_class;

/* "none", "patch", "minor", "major", and back (false: no such word). */
stele_str stele_semver_class_text(stele_semver_class class_);
bool stele_semver_class_parse(stele_str text, stele_semver_class *out) STELE_MUST_USE;

/* False when `text` is not a version, or a number is over 4,294,967,295. */
bool stele_semver_parse(stele_str text, stele_semver *out) STELE_MUST_USE;

/* Negative, zero or positive by precedence: a pre-release comes before its
 * release, build metadata does not count. */
int stele_semver_compare(const stele_semver *a, const stele_semver *b);

void stele_semver_print(stele_buf *buf, const stele_semver *version);

/* The version after `from` for a change of that class; NONE is `from` itself.
 * Pre-release and build are dropped; a pre-release of what would come next
 * becomes its release. False when a number has no successor. */
bool stele_semver_bump(const stele_semver *from, stele_semver_class class_,
                       stele_semver *out) STELE_MUST_USE;

#endif
