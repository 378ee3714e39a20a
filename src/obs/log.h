/* obs/log: one line of JSON for each thing that happened.
 *
 * In:   a level, a message, fields.   Out: lines on a descriptor, written by a
 * thread of their own, so that no loop waits for a disk or a pipe. When the
 * reader is slower than the writers, lines are dropped, counted and told of.
 *
 *   obs_line line;
 *   if (obs_line_begin(&line, log, OBS_INFO, "request")) {
 *     obs_line_str(&line, "route", route);
 *     obs_line_int(&line, "status", 200);
 *     obs_line_end(&line);
 *   }
 *
 * A field whose name speaks of a secret (password, token, authorization, …) is
 * written as "[redacted]".
 * Deps: base, sys/thread.h. */
#ifndef STELE_OBS_LOG_H
#define STELE_OBS_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "stele/str.h"

// clang-format off
#define OBS_LEVELS(X) X(DEBUG, "debug") X(INFO, "info") X(WARN, "warn") X(ERROR, "error")
// clang-format on

typedef enum obs_level {
#define X(name, text) OBS_##name,
  OBS_LEVELS(X)
#undef X
      OBS_LEVEL_COUNT
} obs_level;

typedef struct obs_log obs_log;

/* Writes lines of `least` and above to `fd`, which stays the caller's. */
obs_log *obs_log_open(int fd, obs_level least, stele_err *err) STELE_MUST_USE;

/* Writes what waits, then ends. NULL is fine. */
void obs_log_close(obs_log *log);

/* Waits until what was logged before is written. */
void obs_log_flush(obs_log *log);

/* "warn" -> OBS_WARN. */
bool obs_level_parse(stele_str text, obs_level *out);

/* Longer lines are cut, between fields. */
enum { OBS_LINE_BYTES = 4096 };

typedef struct obs_line {
  obs_log *log;
  obs_level level;
  size_t len;
  char text[OBS_LINE_BYTES];
} obs_line;

/* False when nobody wants to hear it: then the line is not to be touched. A
 * NULL log wants nothing. */
bool obs_line_begin(obs_line *line, obs_log *log, obs_level level, const char *msg);
void obs_line_str(obs_line *line, const char *key, stele_str value);
void obs_line_int(obs_line *line, const char *key, int64_t value);
void obs_line_end(obs_line *line);

/* A line with a message and one text field; `key` NULL: none. */
void obs_log_say(obs_log *log, obs_level level, const char *msg, const char *key, stele_str value);

#endif
