/* base/library: outside libraries that are opened when they are needed.
 *
 * Linking a process with a library that it does not use costs more than most
 * of what `stele` does, so the borders to outside libraries keep a table of the
 * functions they call and fill it on first use:
 *
 *   #define YAML_CALLS(X) X(yaml_, parser_parse) X(yaml_, parser_delete)
 *   typedef struct yaml_calls { YAML_CALLS(STELE_LIBRARY_CALL) } yaml_calls;
 *   static const stele_library yaml = {"libyaml-0.so.2", "libyaml-0-2",
 *                                      YAML_CALLS(STELE_LIBRARY_NAME)};
 *
 * The library's own declarations give the types. Deps: base/err.h. */
#ifndef STELE_BASE_LIBRARY_H
#define STELE_BASE_LIBRARY_H

#include "base/err.h"

typedef struct stele_library {
  const char *file;    /* "libyaml-0.so.2": the name with the version that we were built for */
  const char *package; /* Debian's package that has it */
  const char *names;   /* of the functions, each ended by a NUL, in the order of the table */
} stele_library;

/* A member of a table of functions, and its name in stele_library.names. */
#define STELE_LIBRARY_CALL(prefix, name) __typeof__(&prefix##name) name;
#define STELE_LIBRARY_NAME(prefix, name) #prefix #name "\0"

/* Fills `table`, a struct of STELE_LIBRARY_CALL members of `bytes` in all.
 *
 * Errors: STELE_UNSUPPORTED: the library is not installed (the message names the
 * package), or lacks a function. Memory: the library stays until the process
 * ends. Threads: any. Cost: the first time, linking it; later about a
 * microsecond, so it may be done anew for each short job. */
bool stele_library_open(const stele_library *library, void *table, size_t bytes,
                        stele_err *err) STELE_MUST_USE;

#endif
