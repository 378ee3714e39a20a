/* platform, inside: Stele's options that the rules read.
 * Deps: check/platform/platform.h, schemas/stele/options.proto (numbers). */
#ifndef STELE_CHECK_PLATFORM_PLATFORM_INTERNAL_H
#define STELE_CHECK_PLATFORM_PLATFORM_INTERNAL_H

#include "check/platform/platform.h"

/* Numbers of stele/options.proto. (stele.transport) is a message's,
 * (stele.file_transport) a file's. */
enum {
  PLATFORM_OPTION_PII = 50801,
  PLATFORM_OPTION_ENCRYPT = 50803,
  PLATFORM_OPTION_TRANSPORT = 50804,
  PLATFORM_OPTION_MAX_LEN = 50805,
  PLATFORM_OPTION_MAX_COUNT = 50806,
};

typedef enum platform_transport {
  PLATFORM_NO_TRANSPORT,
  PLATFORM_CLASS_A,
  PLATFORM_CLASS_B,
  PLATFORM_CLASS_C,
} platform_transport;

/* How a message travels: its own class, else its file's. Nested messages only
 * have what they say themselves. */
platform_transport platform_transport_of(const stele_message *message);

/* What `message` holds, in the fewest words: "Part of" in its comment says that
 * it never travels alone. */
bool platform_is_part(rule_run *run, const stele_message *message);

#endif
