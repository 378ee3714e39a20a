/* err: how the machine's own failures are told.
 *
 * A mistake in the user's text is not one of these: it goes to a report.
 * Deps: stele/str.h. */
#ifndef STELE_ERR_H
#define STELE_ERR_H

#include <stdbool.h>
#include <stddef.h>

#if defined(__GNUC__)
#define STELE_API __attribute__((visibility("default")))
#define STELE_MUST_USE __attribute__((warn_unused_result))
#define STELE_PRINTF(text_at, args_at) __attribute__((format(printf, text_at, args_at)))
#else
#define STELE_API
#define STELE_MUST_USE
#define STELE_PRINTF(text_at, args_at)
#endif

/* Every way the machine can fail. One row each; HTTP and gRPC status are
 * columns here, so no handler ever maps an error itself. What a user may not
 * do is not an error but a refusal: see registry/refusal.h. */
// clang-format off
#define STELE_CODES(X)                                       \
  /* name         text                    http  grpc */      \
  X(OK,          "ok",                    200,   0)          \
  X(INVALID,     "invalid argument",      400,   3)          \
  X(UNAUTH,      "not authenticated",     401,  16)          \
  X(DENIED,      "permission denied",     403,   7)          \
  X(NOT_FOUND,   "not found",             404,   5)          \
  X(CONFLICT,    "conflict",              409,  10)          \
  X(LIMIT,       "limit exceeded",        413,   8)          \
  X(UNSUPPORTED, "not supported",         501,  12)          \
  X(UNAVAILABLE, "temporarily down",      503,  14)          \
  X(TIMEOUT,     "took too long",         504,   4)          \
  X(CANCELLED,   "cancelled",             499,   1)          \
  X(IO,          "input or output failed",500,  13)          \
  X(CORRUPT,     "stored data is bad",    500,  15)          \
  X(INTERNAL,    "internal error",        500,  13)          \
  X(NO_MEMORY,   "out of memory",         500,   8)
// clang-format on

typedef enum stele_code {
#define X(name, text, http, grpc) STELE_##name,
  STELE_CODES(X)
#undef X
} stele_code;

enum { STELE_ERR_TEXT = 252 };

/* One failure, on the caller's stack: 256 bytes, never allocated. Start with
 * `stele_err err = {0}`; a function that fails sets it once. */
typedef struct stele_err {
  stele_code code;
  char msg[STELE_ERR_TEXT]; /* NUL-terminated, cut when too long */
} stele_err;

/* Fails: sets code and text, answers false so that it can be returned. */
STELE_API bool stele_fail(stele_err *err, stele_code code, const char *format, ...)
    STELE_PRINTF(3, 4);

/* Puts "format: " in front of what is already there; answers false. */
STELE_API bool stele_wrap(stele_err *err, const char *format, ...) STELE_PRINTF(2, 3);

/* The row of a code: its text ("not found"), HTTP status and gRPC status. */
STELE_API const char *stele_code_text(stele_code code);
STELE_API int stele_code_http(stele_code code);
STELE_API int stele_code_grpc(stele_code code);

#endif
