/* The tree: how it is built and how it is asked.
 *
 * One array in reading order with relative links: growing it moves it without
 * a pointer to mend, walking it walks memory, and a path for an error message
 * is found by climbing `up`. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/num.h"
#include "fmt/json_internal.h"

enum {
  DEFAULT_BYTES = 16 << 20,
  DEFAULT_DEPTH = 100,
  DEFAULT_VALUES = 1000000,
  DEEPEST = 1000,
  FIRST_CAP = 32,
  FEW_MEMBERS = 12, /* up to here, comparing each with each beats sorting */
  PATH_TEXT = 120   /* a path inside an error message */
};

static const char *const kind_texts[STELE_JSON_KINDS] = {
    [STELE_JSON_NULL] = "null",     [STELE_JSON_BOOL] = "bool",   [STELE_JSON_NUMBER] = "number",
    [STELE_JSON_STRING] = "string", [STELE_JSON_ARRAY] = "array", [STELE_JSON_OBJECT] = "object",
};

const char *stele_json_kind_text(stele_json_kind kind) {
  return kind_texts[kind];
}

/* ---- building ---- */

stele_json_limits json_limits_or_default(const stele_json_limits *limits) {
  stele_json_limits used = limits ? *limits : (stele_json_limits){0};
  if (!used.bytes) used.bytes = DEFAULT_BYTES;
  if (!used.depth) used.depth = DEFAULT_DEPTH;
  if (used.depth > DEEPEST) used.depth = DEEPEST;
  if (!used.values) used.values = DEFAULT_VALUES;
  return used;
}

void json_builder_init(json_builder *b, stele_arena *arena, const stele_json_limits *limits) {
  *b = (json_builder){.arena = arena, .most = limits->values, .deepest = limits->depth};
}

static void grow(json_builder *b) {
  uint32_t cap = b->cap ? b->cap * 2 : FIRST_CAP;
  if (cap > b->most) cap = b->most;
  b->values = stele_arena_grow(b->arena, b->values, b->cap * sizeof *b->values,
                               cap * sizeof *b->values, _Alignof(stele_json));
  b->cap = cap;
}

stele_json *json_add(json_builder *b, stele_json_kind kind, stele_str key, stele_json_place place) {
  if (b->count >= b->most) return NULL;
  if (b->count == b->cap) grow(b);
  stele_json *value = &b->values[b->count];
  *value = (stele_json){.kind = kind, .span = 1, .key = key, .place = place};
  if (b->depth) {
    value->up = b->count - b->in;
    b->values[b->in].count++;
  }
  b->count++;
  return value;
}

bool json_open(json_builder *b, stele_json_kind kind, stele_str key, stele_json_place place) {
  if (b->depth >= b->deepest || !json_add(b, kind, key, place)) return false;
  b->in = b->count - 1;
  b->depth++;
  return true;
}

static int compare_keys(const void *a, const void *b) {
  const stele_json *left = *(const stele_json *const *)a, *right = *(const stele_json *const *)b;
  int order = stele_str_order(left->key, right->key);
  if (order) return order;
  return left < right ? -1 : left > right; /* of two alike the later one comes second */
}

/* Sorting rather than hashing: nobody can choose keys that make it slow. */
static const stele_json *find_twin_of_many(json_builder *b, const stele_json *object) {
  stele_mark mark = stele_arena_mark(b->arena);
  const stele_json **members = STELE_NEW_ARRAY(b->arena, const stele_json *, object->count);
  size_t count = 0;
  STELE_JSON_EACH(member, object) members[count++] = member;
  qsort(members, count, sizeof *members, compare_keys);
  const stele_json *twin = NULL;
  for (size_t i = 1; i < count && !twin; i++) {
    if (stele_str_eq(members[i - 1]->key, members[i]->key)) twin = members[i];
  }
  stele_arena_rewind(b->arena, mark);
  return twin;
}

static const stele_json *find_twin(json_builder *b, const stele_json *object) {
  if (object->count > FEW_MEMBERS) return find_twin_of_many(b, object);
  STELE_JSON_EACH(member, object) {
    for (const stele_json *before = stele_json_first(object); before != member;
         before = stele_json_next(object, before)) {
      if (stele_str_eq(before->key, member->key)) return member;
    }
  }
  return NULL;
}

const stele_json *json_close(json_builder *b) {
  stele_json *container = &b->values[b->in];
  container->span = b->count - b->in;
  b->in -= container->up;
  b->depth--;
  return container->kind == STELE_JSON_OBJECT ? find_twin(b, container) : NULL;
}

/* ---- asking ---- */

const stele_json *stele_json_find(const stele_json *object, stele_str key) {
  if (object->kind != STELE_JSON_OBJECT) return NULL;
  STELE_JSON_EACH(member, object) {
    if (stele_str_eq(member->key, key)) return member;
  }
  return NULL;
}

static bool is_word(stele_str key) {
  for (size_t i = 0; i < key.len; i++) {
    char c = key.ptr[i];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!letter && !(i > 0 && c >= '0' && c <= '9')) return false;
  }
  return key.len > 0;
}

static void print_step(stele_buf *buf, const stele_json *container, const stele_json *value) {
  if (container->kind == STELE_JSON_ARRAY) {
    size_t index = 0;
    for (const stele_json *item = container + 1; item != value; item += item->span) index++;
    stele_buf_printf(buf, "[%zu]", index);
  } else if (is_word(value->key)) {
    stele_buf_printf(buf, "." STELE_STR_FMT, STELE_STR_ARG(value->key));
  } else {
    stele_buf_add_cstr(buf, "[\"");
    stele_json_escape(buf, value->key);
    stele_buf_add_cstr(buf, "\"]");
  }
}

/* Climbs first, prints on the way down; as deep as the tree, so at most 1,000. */
static void print_path(stele_buf *buf, const stele_json *value) {
  if (!value->up) {
    stele_buf_add_byte(buf, '$');
    return;
  }
  print_path(buf, value - value->up);
  print_step(buf, value - value->up, value);
}

stele_str stele_json_path(stele_arena *arena, const stele_json *value) {
  stele_buf buf;
  stele_buf_init(&buf, arena, 0);
  print_path(&buf, value);
  return stele_buf_str(&buf);
}

/* Error messages need no arena: the path is printed on the stack, its end cut
 * to "…" where it is long. */
static void path_text(char out[PATH_TEXT + 4], const stele_json *value) {
  stele_buf buf = {.ptr = out, .cap = PATH_TEXT, .limit = PATH_TEXT};
  print_path(&buf, value); /* at the limit it fails, and never reaches realloc */
  size_t len = buf.len;
  if (buf.failed) {
    memcpy(out + len, "\xe2\x80\xa6", 3);
    len += 3;
  }
  out[len] = 0;
}

bool stele_json_refuse(const stele_json *value, stele_err *err, const char *format, ...) {
  char path[PATH_TEXT + 4];
  char text[STELE_ERR_TEXT];
  path_text(path, value);
  va_list args;
  va_start(args, format);
  (void)vsnprintf(text, sizeof text, format, args);
  va_end(args);
  return stele_fail(err, STELE_INVALID, "%s at %s (line %u, column %u)", text, path,
                    value->place.line, value->place.column);
}

static bool expect(const stele_json *value, stele_json_kind kind, stele_err *err) {
  return value->kind == kind || stele_json_refuse(value, err, "expected %s", kind_texts[kind]);
}

static bool out_of_range(const stele_json *value, const char *what, stele_err *err) {
  int shown = value->text.len > 40 ? 40 : (int)value->text.len;
  return stele_json_refuse(value, err, "number %.*s is out of range for %s", shown, value->text.ptr,
                           what);
}

bool stele_json_to_str(const stele_json *value, stele_str *out, stele_err *err) {
  if (!expect(value, STELE_JSON_STRING, err)) return false;
  *out = value->text;
  return true;
}

bool stele_json_to_bool(const stele_json *value, bool *out, stele_err *err) {
  if (!expect(value, STELE_JSON_BOOL, err)) return false;
  *out = value->boolean;
  return true;
}

bool stele_json_to_i64(const stele_json *value, int64_t *out, stele_err *err) {
  if (!expect(value, STELE_JSON_NUMBER, err)) return false;
  return stele_json_number_i64(value->text, out) || out_of_range(value, "a 64-bit integer", err);
}

bool stele_json_to_u64(const stele_json *value, uint64_t *out, stele_err *err) {
  if (!expect(value, STELE_JSON_NUMBER, err)) return false;
  return stele_json_number_u64(value->text, out) ||
         out_of_range(value, "an unsigned 64-bit integer", err);
}

bool stele_json_to_i32(const stele_json *value, int32_t *out, stele_err *err) {
  int64_t wide;
  if (!expect(value, STELE_JSON_NUMBER, err)) return false;
  if (!stele_json_number_i64(value->text, &wide) || wide < INT32_MIN || wide > INT32_MAX) {
    return out_of_range(value, "a 32-bit integer", err);
  }
  *out = (int32_t)wide;
  return true;
}

bool stele_json_to_double(const stele_json *value, double *out, stele_err *err) {
  double wide;
  if (!expect(value, STELE_JSON_NUMBER, err)) return false;
  if (!stele_num_parse_double(value->text, &wide) || __builtin_isinf(wide)) {
    return out_of_range(value, "a double", err);
  }
  *out = wide;
  return true;
}

bool stele_json_to_array(const stele_json *value, const stele_json **out, stele_err *err) {
  if (!expect(value, STELE_JSON_ARRAY, err)) return false;
  *out = value;
  return true;
}

bool stele_json_to_object(const stele_json *value, const stele_json **out, stele_err *err) {
  if (!expect(value, STELE_JSON_OBJECT, err)) return false;
  *out = value;
  return true;
}

/* Finds a member to convert; `*found` is NULL where it is absent. */
static bool find_member(const stele_json *object, const char *key, const stele_json **found,
                        stele_err *err) {
  if (!expect(object, STELE_JSON_OBJECT, err)) return false;
  *found = stele_json_find(object, stele_cstr(key));
  return true;
}

static bool missing(const stele_json *object, const char *key, stele_err *err) {
  char path[PATH_TEXT + 4];
  path_text(path, object);
  return stele_fail(err, STELE_INVALID, "missing %s.%s (line %u, column %u)", path, key,
                    object->place.line, object->place.column);
}

#define X(name, T)                                                                                 \
  bool stele_json_need_##name(const stele_json *object, const char *key, T *out, stele_err *err) { \
    const stele_json *member;                                                                      \
    if (!find_member(object, key, &member, err)) return false;                                     \
    if (!member) return missing(object, key, err);                                                 \
    return stele_json_to_##name(member, out, err);                                                 \
  }                                                                                                \
  bool stele_json_pick_##name(const stele_json *object, const char *key, T *out, stele_err *err) { \
    const stele_json *member;                                                                      \
    if (!find_member(object, key, &member, err)) return false;                                     \
    if (!member || member->kind == STELE_JSON_NULL) return true;                                   \
    return stele_json_to_##name(member, out, err);                                                 \
  }
STELE_JSON_MEMBERS(X)
#undef X
