/* version: which libstele this is. Deps: none. */
#ifndef STELE_VERSION_H
#define STELE_VERSION_H

#include "stele/err.h"

/* "1.2.3", of the library that is linked. */
STELE_API const char *stele_version(void);

#endif
