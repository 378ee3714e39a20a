/* sys/terminal: is somebody looking, and how wide is their window.
 * Deps: none. */
#ifndef STELE_SYS_TERMINAL_H
#define STELE_SYS_TERMINAL_H

#include <stdbool.h>

/* True when the descriptor is a terminal. */
bool sys_terminal_is(int fd);

/* True when colours are welcome there: a terminal, TERM is not "dumb", and
 * NO_COLOR is unset or empty. */
bool sys_terminal_has_colour(int fd);

/* Columns of the window; 80 when nobody knows. */
int sys_terminal_width(int fd);

#endif
