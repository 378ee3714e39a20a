/* server/media: Accept and Content-Type, as Confluent's server treats them.
 *
 * Three names for one JSON: application/vnd.schemaregistry.v1+json, which is
 * preferred, application/vnd.schemaregistry+json, and application/json.
 * Deps: stele/str.h. */
#ifndef STELE_SERVER_MEDIA_H
#define STELE_SERVER_MEDIA_H

#include <stdbool.h>

#include "stele/str.h"

/* The JSON type to answer with; NULL when `accept` excludes all three (406). An
 * absent header, {NULL, 0}, accepts everything. The result is one of three
 * constants, to be compared by pointer with media_json_types. */
const char *media_choose_json(stele_str accept);

/* The three, in the order in which they are preferred. */
enum { MEDIA_JSON_COUNT = 3 };
extern const char *const media_json_types[MEDIA_JSON_COUNT];

/* Is a body of this type taken? The JSON types and application/octet-stream
 * (what some clients send when they say nothing) always are, like an absent
 * header; `further` is a list of others separated by spaces, or NULL. */
bool media_is_taken(stele_str content_type, const char *further);

/* True when `content_type` is `type`, parameters apart. */
bool media_is(stele_str content_type, const char *type);

#endif
