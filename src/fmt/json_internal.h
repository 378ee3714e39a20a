/* fmt/json, inside: how a tree is built. */
#ifndef STELE_FMT_JSON_INTERNAL_H
#define STELE_FMT_JSON_INTERNAL_H

#include "fmt/json.h"

/* Values in reading order, growing. A value is known by its index, since the
 * array moves; containers are open until json_close gives them their span. */
typedef struct json_builder {
  stele_arena *arena;
  stele_json *values;
  uint32_t count, cap;
  uint32_t most;    /* no more values than this */
  uint32_t in;      /* index of the innermost open container */
  uint32_t depth;   /* open containers */
  uint32_t deepest; /* no more open containers than this */
} json_builder;

/* Fills what `limits` leaves at 0. */
stele_json_limits json_limits_or_default(const stele_json_limits *limits);

/* An empty builder within these limits. */
void json_builder_init(json_builder *b, stele_arena *arena, const stele_json_limits *limits);

/* A new value in the open container; NULL when there are too many. The pointer
 * holds until the next one. */
stele_json *json_add(json_builder *b, stele_json_kind kind, stele_str key, stele_json_place place);

/* A new container, open; false when there are too many or it is too deep. */
bool json_open(json_builder *b, stele_json_kind kind, stele_str key, stele_json_place place);

/* Closes the innermost container. Answers NULL, or the second of two members
 * with one name. */
const stele_json *json_close(json_builder *b);

#endif
