/* server/call_internal: the parts of a call that only the dispatcher uses.
 * Deps: server/call.h. */
#ifndef STELE_SERVER_CALL_INTERNAL_H
#define STELE_SERVER_CALL_INTERNAL_H

#include "server/call.h"
#include "sys/random.h"

/* Counts, logs and answers. `headers` are whole lines. */
void call_send(stele_call *call, int status, stele_str headers, call_shared body);

/* Answers without taking a byte from anywhere. */
void call_send_out_of_memory(net_exchange *exchange, const stele_err *err);

/* call_fail, for a turn that may have lost its guard. */
void call_fail_guarded(stele_call *call, const stele_err *err);

/* On the loop, after a turn: a call that is neither suspended nor answered is a
 * mistake of ours, and becomes a 500. */
void call_must_be_answered(stele_call *call);

/* call->id: the client's, if it sent exactly one, else a fresh one. */
void call_take_id(stele_call *call, sys_prng *prng);

#endif
