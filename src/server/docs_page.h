/* server/docs_page: every route on one page, with a form to try it.
 *
 * The page holds all it needs: no network, no fonts, no scripts from elsewhere.
 * Deps: server/router.h. */
#ifndef STELE_SERVER_DOCS_PAGE_H
#define STELE_SERVER_DOCS_PAGE_H

#include "base/buf.h"
#include "server/router.h"

/* Writes the HTML; scratch is taken from `arena`. */
void docs_page_print(stele_arena *arena, const router *routes, stele_buf *out);

#endif
