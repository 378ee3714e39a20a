/* server/wiring: puts a server together and takes it apart; the only place that
 * names concrete backends.
 *
 * In:   a config.   Out: a server that listens, or the reason why not.
 * Deps: server/config.h, server/app.h. */
#ifndef STELE_SERVER_WIRING_H
#define STELE_SERVER_WIRING_H

#include "base/err.h"
#include "server/app.h"
#include "server/config.h"

/* Opens everything and answers requests from then on, on threads of its own.
 * `config` is borrowed until server_close. Errors: STELE_INVALID for a config
 * that cannot be, STELE_CONFLICT for an address in use. */
stele_app *server_open(const server_config *config, stele_err *err) STELE_MUST_USE;

/* "127.0.0.1:8081", with the port it got; lives as long as the server. */
stele_str server_address(const stele_app *app);

/* Finishes what is in flight (limits.drain_timeout_ms), closes and frees. NULL
 * is fine. */
void server_close(stele_app *app);

#endif
