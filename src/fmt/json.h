/* fmt/json: RFC 8259, strict, both ways.
 *
 * In:   text, or calls on a writer.   Out: a tree in an arena, or text.
 * Strict means: UTF-8 only, no byte order mark, no comments, no trailing
 * commas, no lone surrogates, no member twice, nothing after the value.
 * fmt/yaml_config.h makes the same tree.
 * Deps: base. */
#ifndef STELE_FMT_JSON_H
#define STELE_FMT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* ---- the tree ---- */

typedef enum stele_json_kind {
  STELE_JSON_NULL,
  STELE_JSON_BOOL,
  STELE_JSON_NUMBER,
  STELE_JSON_STRING,
  STELE_JSON_ARRAY,
  STELE_JSON_OBJECT,
  STELE_JSON_KINDS /* how many */
} stele_json_kind;

/* Where something stands in its text. */
typedef struct stele_json_place {
  size_t offset;         /* bytes from the start, 0-based */
  uint32_t line, column; /* 1-based; a column is a byte */
} stele_json_place;

/* One value. The values of a document stand in one array in reading order: a
 * container is followed by what it holds. Walk it with STELE_JSON_EACH. */
typedef struct stele_json {
  stele_json_kind kind;
  bool boolean;           /* BOOL */
  uint32_t count;         /* ARRAY, OBJECT: how many values it holds */
  uint32_t span;          /* how many values of the array are its own, itself included */
  uint32_t up;            /* its container is `this - up`; 0 at the root */
  stele_str key;          /* in an object: its name, decoded */
  stele_str text;         /* STRING: decoded, may hold NUL; NUMBER: as it was written */
  stele_json_place place; /* of the key in an object, else of the value */
} stele_json;

static inline const stele_json *stele_json_first(const stele_json *container) {
  return container->count ? container + 1 : NULL;
}

static inline const stele_json *stele_json_next(const stele_json *container,
                                                const stele_json *item) {
  const stele_json *next = item + item->span;
  return next < container + container->span ? next : NULL;
}

/* for each value of an array or object, in order; nothing for other kinds. */
#define STELE_JSON_EACH(item, container)                                                           \
  for (const stele_json *item = stele_json_first(container); item;                                 \
       item = stele_json_next((container), item))

/* ---- reading ---- */

/* 0 means the default: 16 MiB, 100 levels, 1,000,000 values. */
typedef struct stele_json_limits {
  size_t bytes;
  uint32_t depth; /* at most 1,000 */
  uint32_t values;
} stele_json_limits;

/* The tree of a document.
 *
 * Errors: STELE_INVALID with "line 1, column 2 (byte 1): …" and `where` set
 * (it may be NULL); STELE_LIMIT past a limit.
 * Memory: in `arena`; strings without escapes, and numbers, alias `text`.
 * Threads: any. `limits` may be NULL. */
const stele_json *stele_json_parse(stele_arena *arena, stele_str text,
                                   const stele_json_limits *limits, stele_json_place *where,
                                   stele_err *err) STELE_MUST_USE;

/* The member of that name; NULL where it is absent or `object` is none. */
const stele_json *stele_json_find(const stele_json *object, stele_str key);

/* "$.files[3].path": where a value stands in its tree. */
stele_str stele_json_path(stele_arena *arena, const stele_json *value);

/* "object", "number": what a kind is called in messages. */
const char *stele_json_kind_text(stele_json_kind kind);

/* Fails with STELE_INVALID and "<text> at $.path (line 1, column 2)". */
bool stele_json_refuse(const stele_json *value, stele_err *err, const char *format, ...)
    STELE_PRINTF(3, 4);

/* What a value is in C. Each refuses another kind with "expected string at
 * $.path …" and a number that does not fit with "… is out of range …".
 * 1.0 and 1e3 are integers too: the value counts, not the spelling. */
bool stele_json_to_str(const stele_json *value, stele_str *out, stele_err *err) STELE_MUST_USE;
bool stele_json_to_bool(const stele_json *value, bool *out, stele_err *err) STELE_MUST_USE;
bool stele_json_to_i32(const stele_json *value, int32_t *out, stele_err *err) STELE_MUST_USE;
bool stele_json_to_i64(const stele_json *value, int64_t *out, stele_err *err) STELE_MUST_USE;
bool stele_json_to_u64(const stele_json *value, uint64_t *out, stele_err *err) STELE_MUST_USE;
bool stele_json_to_double(const stele_json *value, double *out, stele_err *err) STELE_MUST_USE;
bool stele_json_to_array(const stele_json *value, const stele_json **out,
                         stele_err *err) STELE_MUST_USE;
bool stele_json_to_object(const stele_json *value, const stele_json **out,
                          stele_err *err) STELE_MUST_USE;

/* The same for a member. `need` refuses when it is absent ("missing $.key");
 * `pick` leaves `out` as it was when it is absent or null. */
// clang-format off
#define STELE_JSON_MEMBERS(X)      \
  X(str,    stele_str)             \
  X(bool,   bool)                  \
  X(i32,    int32_t)               \
  X(i64,    int64_t)               \
  X(u64,    uint64_t)              \
  X(double, double)                \
  X(array,  const stele_json *)    \
  X(object, const stele_json *)
#define X(name, T)                                                                      \
  bool stele_json_need_##name(const stele_json *object, const char *key, T *out,        \
                              stele_err *err) STELE_MUST_USE;                           \
  bool stele_json_pick_##name(const stele_json *object, const char *key, T *out,        \
                              stele_err *err) STELE_MUST_USE;
STELE_JSON_MEMBERS(X)
#undef X
// clang-format on

/* The exact integer that a JSON number spells (1e3, 10.0); false when it is
 * none or does not fit. Also for numbers that stand in strings (ProtoJSON). */
bool stele_json_number_i64(stele_str number, int64_t *out);
bool stele_json_number_u64(stele_str number, uint64_t *out);

/* Whether `text` is a number by the grammar of RFC 8259, all of it. */
bool stele_json_is_number(stele_str text);

/* ---- writing ---- */

/* Writes straight down into a buffer, whose failure sticks; commas and
 * indentation are the writer's. The caller keeps begin/end and key/value in
 * step. Nothing here allocates but the buffer. */
typedef struct stele_json_writer {
  stele_buf *buf;
  uint32_t indent; /* spaces a level; 0: compact */
  uint32_t depth;
  bool comma;     /* something stands before, in this container */
  bool after_key; /* the value of a member comes next */
} stele_json_writer;

void stele_json_writer_init(stele_json_writer *w, stele_buf *buf, uint32_t indent);

void stele_json_begin_object(stele_json_writer *w);
void stele_json_end_object(stele_json_writer *w);
void stele_json_begin_array(stele_json_writer *w);
void stele_json_end_array(stele_json_writer *w);
void stele_json_write_key(stele_json_writer *w, stele_str key);

/* Bytes that are not UTF-8 become U+FFFD, one each: the output is always JSON. */
void stele_json_write_str(stele_json_writer *w, stele_str text);
void stele_json_write_i64(stele_json_writer *w, int64_t value);
void stele_json_write_u64(stele_json_writer *w, uint64_t value);
void stele_json_write_bool(stele_json_writer *w, bool value);
void stele_json_write_null(stele_json_writer *w);
/* The fewest digits that read back as the same number (base/shortest.h); null
 * for inf and nan. */
void stele_json_write_double(stele_json_writer *w, double value);
/* JSON that is ready: taken as it is. */
void stele_json_write_raw(stele_json_writer *w, stele_str json);
/* A whole tree. */
void stele_json_write_value(stele_json_writer *w, const stele_json *value);

/* A key and its value, for the many objects of fixed shape. */
void stele_json_field_str(stele_json_writer *w, const char *key, stele_str value);
void stele_json_field_i64(stele_json_writer *w, const char *key, int64_t value);
void stele_json_field_bool(stele_json_writer *w, const char *key, bool value);
void stele_json_field_null(stele_json_writer *w, const char *key);
void stele_json_field_object(stele_json_writer *w, const char *key); /* begins it */
void stele_json_field_array(stele_json_writer *w, const char *key);  /* begins it */

/* The text between the quotes, escaped; for writers of other formats too. */
void stele_json_escape(stele_buf *buf, stele_str text);

#endif
