/* metadata: what travels with a schema beside its text: properties, tags and
 * rules, in one canonical spelling.
 *
 * In:   JSON of a request.   Out: canonical JSON, the same for the same meaning.
 * Deps: fmt/json.h. */
#ifndef STELE_REGISTRY_METADATA_H
#define STELE_REGISTRY_METADATA_H

#include "base/arena.h"
#include "base/err.h"
#include "fmt/json.h"

/* The property that holds a version, where clients number versions themselves. */
#define METADATA_VERSION_KEY STELE_STR("confluent:version")

/* The property that lists names which fields may not have: "a, b". */
#define METADATA_RESERVED_KEY STELE_STR("confluent:reserved")

/* Canonical JSON of {"tags": {path: [text]}, "properties": {name: text},
 * "sensitive": [name]}: sorted, without repeats, without what is empty. Empty
 * when nothing is left, also for null and NULL. Anything of another shape fails
 * with STELE_INVALID; members it does not know are dropped. */
bool metadata_canonical(stele_arena *arena, const stele_json *value, stele_str *out,
                        stele_err *err) STELE_MUST_USE;

/* Canonical JSON of a rule set: {"migrationRules": [...], "domainRules": [...],
 * "encodingRules": [...], "enableAt": text}, members sorted, nulls and empty
 * values dropped, rules in their order. */
bool rule_set_canonical(stele_arena *arena, const stele_json *value, stele_str *out,
                        stele_err *err) STELE_MUST_USE;

/* `base` with the properties, tags and sensitive names of `over` on top, both
 * canonical or empty. */
bool metadata_merge(stele_arena *arena, stele_str base, stele_str over, stele_str *out,
                    stele_err *err) STELE_MUST_USE;

/* The value of a property, empty when it is absent. */
bool metadata_property(stele_arena *arena, stele_str metadata, stele_str name, stele_str *out,
                       stele_err *err) STELE_MUST_USE;

/* The same metadata with a property set, or (value empty) without it. */
bool metadata_with(stele_arena *arena, stele_str metadata, stele_str name, stele_str value,
                   stele_str *out, stele_err *err) STELE_MUST_USE;

#endif
