/* The version, from the build. */
#include "stele/version.h"

#include "version.h"

const char *stele_version(void) {
  return STELE_VERSION;
}
