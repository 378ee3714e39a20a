/* body: the answer of GET /schemas/ids/{id}, made once for each id.
 *
 * In:   an id and its text.   Out: JSON bytes that are shared and counted.
 * Bodies are kept with the snapshot until a budget is used up; beyond it they
 * are made for each reader.
 * Deps: registry/registry.h, fmt/json.h. */
#ifndef STELE_REGISTRY_BODY_H
#define STELE_REGISTRY_BODY_H

#include "registry/registry.h"

/* The body of an id whose text is known, with a reference for the caller. */
snap_bytes *registry_body(stele_registry *r, const snap_schema *schema, stele_str text);

/* Appends {"schemaType":…,"guid":…,"schema":…,…}: an object with at least one
 * member, which begins with "{\"". */
void registry_body_print(stele_buf *out, const snap_schema *schema, stele_str text);

#endif
