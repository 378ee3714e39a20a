/* server/dispatch: from a whole request to its handler.
 *
 * In:   an exchange of net/server.   Out: it is answered, or suspended.
 * Request id, route, role, what the client accepts and sends: all checked here,
 * once, by the route's row.
 * Deps: server/app.h. */
#ifndef STELE_SERVER_DISPATCH_H
#define STELE_SERVER_DISPATCH_H

#include "base/err.h"

typedef struct dispatcher dispatcher;
typedef struct net_exchange net_exchange;
typedef struct stele_app stele_app;

/* One for a server; `loops` is how many threads will call it. */
dispatcher *dispatch_new(stele_app *app, unsigned loops);

/* What net_options.answer is; `arg` is the dispatcher. */
void dispatch_request(net_exchange *exchange, void *arg);

#endif
