/* server/openapi: the route table as an OpenAPI 3.1 document.
 * Deps: server/router.h. */
#ifndef STELE_SERVER_OPENAPI_H
#define STELE_SERVER_OPENAPI_H

#include "base/buf.h"
#include "server/router.h"

/* Writes the whole document; scratch is taken from `arena`. */
void openapi_print(stele_arena *arena, const router *routes, stele_buf *out);

#endif
