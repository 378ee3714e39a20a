/* Two buffers: lines go into one while the writer empties the other.
 *
 * A line is made on the stack of whoever logs and added under a lock that is
 * held for one memcpy. The writer is woken by the first line after a silence,
 * then lets a few milliseconds of lines come together, so that a busy server
 * costs one write for hundreds of lines; an error line is written at once. */
#include "obs/log.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/thread.h"

enum { MOST_WAITING_BYTES = 4 << 20, GATHER_MS = 20, ROOM_FOR_END = 2 };

struct obs_log {
  int fd;
  obs_level least;
  sys_thread writer;
  sys_mutex lock; /* guards all below */
  sys_cond work, written;
  stele_buf waiting, writing;
  uint64_t dropped;           /* lines, since the last told */
  bool urgent, closing, busy; /* busy: the writer holds `writing` */
};

static const char *const level_texts[] = {
#define X(name, text) text,
    OBS_LEVELS(X)
#undef X
};

/* --- writing ------------------------------------------------------------- */

static void tell_dropped(obs_log *log) {
  char ts[STELE_TIME_TEXT];
  if (!log->dropped) return;
  stele_time_print(ts, sys_clock_wall());
  stele_buf_printf(&log->waiting,
                   "{\"ts\":\"%.*s\",\"level\":\"warn\",\"msg\":\"log lines dropped\","
                   "\"count\":%llu}\n",
                   STELE_TIME_TEXT, ts, (unsigned long long)log->dropped);
  log->dropped = 0;
}

/* Takes what waits; the lock is held. */
static void swap(obs_log *log) {
  tell_dropped(log);
  stele_buf full = log->waiting;
  log->waiting = log->writing;
  log->writing = full;
  log->urgent = false;
  log->busy = true;
}

static void write_lines(void *arg) {
  obs_log *log = arg;
  sys_mutex_lock(&log->lock);
  for (;;) {
    while (!log->waiting.len && !log->closing) sys_cond_wait(&log->work, &log->lock);
    if (!log->waiting.len) break;
    if (!log->urgent && !log->closing) (void)sys_cond_wait_ms(&log->work, &log->lock, GATHER_MS);
    swap(log);
    sys_mutex_unlock(&log->lock);
    stele_err err = {0};
    (void)!sys_fd_write(log->fd, stele_buf_bytes(&log->writing), &err); /* nowhere to tell it */
    sys_mutex_lock(&log->lock);
    stele_buf_clear(&log->writing);
    log->busy = false;
    sys_cond_wake_all(&log->written);
  }
  sys_mutex_unlock(&log->lock);
}

static void free_log(obs_log *log) {
  stele_buf_release(&log->waiting);
  stele_buf_release(&log->writing);
  sys_cond_release(&log->work);
  sys_cond_release(&log->written);
  sys_mutex_release(&log->lock);
  free(log);
}

obs_log *obs_log_open(int fd, obs_level least, stele_err *err) {
  obs_log *log = calloc(1, sizeof *log);
  if (!log) {
    (void)stele_fail(err, STELE_NO_MEMORY, "no memory for a log");
    return NULL;
  }
  log->fd = fd;
  log->least = least;
  sys_mutex_init(&log->lock);
  sys_cond_init(&log->work);
  sys_cond_init(&log->written);
  stele_buf_init(&log->waiting, NULL, 0);
  stele_buf_init(&log->writing, NULL, 0);
  if (sys_thread_start(&log->writer, "log", write_lines, log, err)) return log;
  free_log(log);
  return NULL;
}

void obs_log_flush(obs_log *log) {
  if (!log) return;
  sys_mutex_lock(&log->lock);
  log->urgent = true;
  sys_cond_wake_one(&log->work);
  while (log->waiting.len || log->busy) sys_cond_wait(&log->written, &log->lock);
  sys_mutex_unlock(&log->lock);
}

void obs_log_close(obs_log *log) {
  if (!log) return;
  sys_mutex_lock(&log->lock);
  log->closing = true;
  sys_cond_wake_one(&log->work);
  sys_mutex_unlock(&log->lock);
  sys_thread_join(&log->writer);
  free_log(log);
}

bool obs_level_parse(stele_str text, obs_level *out) {
  for (unsigned level = 0; level < OBS_LEVEL_COUNT; level++) {
    if (!stele_str_eq(text, stele_cstr(level_texts[level]))) continue;
    *out = (obs_level)level;
    return true;
  }
  return false;
}

/* --- lines --------------------------------------------------------------- */

static bool room(const obs_line *line, size_t more) {
  return line->len + more + ROOM_FOR_END <= sizeof line->text;
}

static void add(obs_line *line, const char *text, size_t len) {
  memcpy(line->text + line->len, text, len);
  line->len += len;
}

/* How one byte of valid UTF-8 stands in a JSON string; answers the length. */
static size_t escape(char out[6], char c) {
  static const char hex[] = "0123456789abcdef";
  out[0] = '\\';
  if (c == '"' || c == '\\') {
    out[1] = c;
    return 2;
  }
  if (c == '\n' || c == '\t' || c == '\r') {
    out[1] = c == '\n' ? 'n' : c == '\t' ? 't' : 'r';
    return 2;
  }
  if ((unsigned char)c < 0x20 || c == 0x7f) {
    memcpy(out + 1, "u00", 3);
    out[4] = hex[(unsigned char)c >> 4];
    out[5] = hex[c & 15];
    return 6;
  }
  out[0] = c;
  return 1;
}

/* How much of `text` stands in a string as it is, and is ASCII. */
static size_t plain_len(stele_str text) {
  size_t i = 0;
  while (i < text.len && text.ptr[i] >= 0x20 && text.ptr[i] < 0x7f && text.ptr[i] != '"' &&
         text.ptr[i] != '\\') {
    i++;
  }
  return i;
}

/* Adds text between quotes; stops at a whole character when the line is full. */
static void add_escaped(obs_line *line, stele_str text) {
  size_t plain = plain_len(text);
  if (plain == text.len && room(line, plain + 8)) { /* nearly always */
    if (plain) add(line, text.ptr, plain);
    return;
  }
  while (text.len) {
    size_t valid = stele_utf8_valid_len(text);
    for (size_t i = 0; i < valid; i++) {
      char out[6];
      size_t len = escape(out, text.ptr[i]);
      bool starts = ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
      if (starts && !room(line, 8)) return;
      add(line, out, len);
    }
    text = (stele_str){text.ptr + valid, text.len - valid};
    if (!text.len) return;
    if (!room(line, 8)) return;
    add(line, "\xef\xbf\xbd", 3); /* a byte that is no UTF-8 */
    text = (stele_str){text.ptr + 1, text.len - 1};
  }
}

/* The words that secrets are called by, each with the bits of its letters: a
 * name is searched only for words all of whose letters it has, since lines are
 * written often. */
#define L(c) (1u << ((c)&31))
static const struct {
  const char *word;
  uint32_t letters;
} secrets[] = {
    {"passw", L('p') | L('a') | L('s') | L('w')},
    {"secret", L('s') | L('e') | L('c') | L('r') | L('t')},
    {"token", L('t') | L('o') | L('k') | L('e') | L('n')},
    {"authorization", L('a') | L('u') | L('t') | L('h') | L('o') | L('r') | L('i') | L('z')},
    {"cookie", L('c') | L('o') | L('k') | L('i') | L('e')},
    {"api_key", L('a') | L('p') | L('i') | L('k') | L('e') | L('y')},
    {"apikey", L('a') | L('p') | L('i') | L('k') | L('e') | L('y')},
    {"credential", L('c') | L('r') | L('e') | L('d') | L('n') | L('t') | L('i') | L('a') | L('l')},
};

static bool is_secret(const char *key) {
  uint32_t here = 0;
  for (const char *at = key; *at; at++) here |= L(*at);
  for (size_t i = 0; i < STELE_COUNT(secrets); i++) {
    if ((secrets[i].letters & ~here) == 0 && strcasestr(key, secrets[i].word)) return true;
  }
  return false;
}
#undef L

bool obs_line_begin(obs_line *line, obs_log *log, obs_level level, const char *msg) {
  if (!log || level < log->least) return false;
  char ts[STELE_TIME_TEXT];
  line->log = log;
  line->level = level;
  line->len = 0;
  stele_time_print(ts, sys_clock_wall());
  add(line, "{\"ts\":\"", 7);
  add(line, ts, sizeof ts);
  add(line, "\",\"level\":\"", 11);
  add(line, level_texts[level], strlen(level_texts[level]));
  add(line, "\"", 1);
  obs_line_str(line, "msg", stele_cstr(msg));
  return true;
}

static bool add_key(obs_line *line, const char *key, size_t value_len) {
  size_t len = strlen(key);
  if (!room(line, len + value_len + 6)) return false;
  add(line, ",\"", 2);
  add(line, key, len);
  add(line, "\":", 2);
  return true;
}

void obs_line_str(obs_line *line, const char *key, stele_str value) {
  if (is_secret(key)) value = STELE_STR("[redacted]");
  if (!add_key(line, key, 16)) return;
  add(line, "\"", 1);
  add_escaped(line, value);
  add(line, "\"", 1);
}

void obs_line_int(obs_line *line, const char *key, int64_t value) {
  char digits[20];
  size_t at = sizeof digits;
  uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  do {
    digits[--at] = (char)('0' + left % 10);
    left /= 10;
  } while (left);
  if (value < 0) digits[--at] = '-';
  if (add_key(line, key, sizeof digits)) add(line, digits + at, sizeof digits - at);
}

void obs_line_end(obs_line *line) {
  obs_log *log = line->log;
  add(line, "}\n", 2);
  sys_mutex_lock(&log->lock);
  bool silent = log->waiting.len == 0, urgent = line->level >= OBS_ERROR && !log->urgent;
  if (log->waiting.len + line->len > MOST_WAITING_BYTES) {
    log->dropped++;
  } else {
    stele_buf_add(&log->waiting, line->text, line->len);
  }
  log->urgent = log->urgent || urgent;
  if (silent || urgent) sys_cond_wake_one(&log->work);
  sys_mutex_unlock(&log->lock);
}

void obs_log_say(obs_log *log, obs_level level, const char *msg, const char *key, stele_str value) {
  obs_line line;
  if (!obs_line_begin(&line, log, level, msg)) return;
  if (key) obs_line_str(&line, key, value);
  obs_line_end(&line);
}
