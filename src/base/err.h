/* base/err: stele/err.h for our own code, plus what only we need.
 * Deps: stele/err.h. */
#ifndef STELE_BASE_ERR_H
#define STELE_BASE_ERR_H

#include <stdarg.h>

#include "stele/err.h"

/* stele_fail with the arguments already collected. */
bool stele_fail_v(stele_err *err, stele_code code, const char *format, va_list args)
    STELE_PRINTF(3, 0);

/* Elements of an array (never of a pointer). */
#define STELE_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
