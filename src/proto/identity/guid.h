/* guid: the 16 bytes by which Confluent's clients know a schema everywhere.
 *
 * In:   canonical text, references, metadata, rule set.   Out: their MD5 in
 * the order in which Confluent's registry feeds it, so that a schema of the
 * same text has the same guid in both.
 * Pure. Deps: base, fmt (json). */
#ifndef STELE_PROTO_IDENTITY_GUID_H
#define STELE_PROTO_IDENTITY_GUID_H

#include "base/arena.h"
#include "base/digest.h"
#include "base/err.h"
#include "stele/str.h"

typedef struct stele_guid_reference {
  stele_str name, subject;
  int32_t version;
} stele_guid_reference;

typedef struct stele_guid_in {
  stele_str text;                         /* STELE_PRINT_CANONICAL */
  const stele_guid_reference *references; /* in the order given */
  size_t reference_count;
  stele_str metadata; /* JSON {tags, properties, sensitive}, or empty: there is none */
  stele_str rule_set; /* JSON {migrationRules, domainRules, encodingRules, enableAt}, or empty */
} stele_guid_in;

/* Members of the JSON may stand in any order; what is null or unknown does not
 * count, but metadata or a rule set that is there and empty does.
 * Errors: STELE_INVALID when one is not a JSON object of that shape.
 * Memory: scratch in `arena`. Threads: any. */
bool stele_guid_of(stele_arena *arena, const stele_guid_in *in, stele_md5 *out,
                   stele_err *err) STELE_MUST_USE;

/* "f4c85dbe-fd91-37ff-842c-bd66ab38c3d2", NUL-terminated; no version bits are
 * forced. */
enum { STELE_GUID_TEXT = 37 };
void stele_guid_print(const stele_md5 *guid, char out[STELE_GUID_TEXT]);

/* Reads that form, in either case; false for any other. */
bool stele_guid_parse(stele_str text, stele_md5 *out);

#endif
