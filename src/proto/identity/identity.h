/* identity: when do two files mean the same.
 *
 * In:   a linked file.   Out: a fingerprint that every spelling of the same
 * meaning shares; and, with references, metadata and rules, an identity.
 * Pure. Deps: base, proto/schema, proto/descriptor. */
#ifndef STELE_PROTO_IDENTITY_IDENTITY_H
#define STELE_PROTO_IDENTITY_IDENTITY_H

#include "base/arena.h"
#include "base/digest.h"
#include "base/err.h"
#include "stele/str.h"

typedef struct stele_file stele_file;

/* SHA-256 over a canonical serialisation of `file`.
 *
 * Ignored: the file's name, comments, source positions, whether a proto2 syntax
 * line is written; the order of fields (taken by number), of enum values (by
 * number, then name), of oneofs (by lowest member; one without members does not
 * count), of options (by number; singular submessages merged), of imports
 * (sorted by path, each once); how reserved and extension ranges are cut
 * (merged and sorted) and reserved names ordered; an explicit json_name equal to
 * the default; map<> against its expanded entry; the synthetic oneof of a proto3
 * optional field against a descriptor that spells it out; string concatenation
 * and escapes; the spelling of numbers and defaults; relative against absolute
 * type names.
 * Kept: the order of messages (map entries do not count), enums, services and
 * methods; extensions declared here, by extendee and number; import kinds; all
 * options with an effect or without, custom ones included, whether the custom
 * option's definition was resolved or (lenient files) not.
 *
 * Two files of the same text that were linked against different versions of
 * their imports may have one fingerprint; identities then differ.
 * Memory: scratch in `arena`. Threads: any. Fails only with STELE_NO_MEMORY,
 * STELE_LIMIT or STELE_INTERNAL. Cost: O(file log file). */
bool stele_fingerprint(stele_arena *arena, const stele_file *file, stele_sha256 *out,
                       stele_err *err) STELE_MUST_USE;

/* What a reference brings to an identity: the import path and the identity of
 * the schema that it resolves to. */
typedef struct stele_identity_reference {
  stele_str name;
  stele_sha256 identity;
} stele_identity_reference;

typedef struct stele_identity_in {
  stele_sha256 fingerprint;
  const stele_identity_reference *references; /* any order, repeats count once */
  size_t reference_count;
  stele_str metadata; /* canonical JSON, or empty */
  stele_str rule_set; /* canonical JSON, or empty */
} stele_identity_in;

/* SHA-256 over all of the above, each part with its length, references sorted
 * by name. An empty part and an absent one are the same. Stored: the recipe
 * never changes. */
bool stele_identity_of(stele_arena *arena, const stele_identity_in *in, stele_sha256 *out,
                       stele_err *err) STELE_MUST_USE;

#endif
