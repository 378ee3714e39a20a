/* sys/signal: being asked to stop.
 *
 * Signals are not handled: they are blocked everywhere and waited for by one
 * thread, so no code ever runs in the middle of other code.
 * Deps: none. */
#ifndef STELE_SYS_SIGNAL_H
#define STELE_SYS_SIGNAL_H

#include <stdbool.h>
#include <stdint.h>

/* Blocks SIGTERM, SIGINT and SIGHUP in this thread and those it starts, and
 * ignores SIGPIPE. Call it before any thread is started. */
void sys_signals_block(void);

/* Waits for one of them, at most `ms` (0: for ever); answers its number, or 0
 * when the time is over. */
int sys_signal_wait(uint32_t ms);

/* "SIGTERM". */
const char *sys_signal_text(int number);

/* Takes the block back: a second Ctrl-C then ends the process at once. */
void sys_signals_restore(void);

#endif
