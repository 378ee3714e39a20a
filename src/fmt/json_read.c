/* Reading a tree: one pass over the cursor's tokens, one function per
 * production of RFC 8259. */
#include <stdio.h>

#include "base/guard.h"
#include "fmt/json_cursor.h"
#include "fmt/json_internal.h"

typedef struct json_reader {
  stele_json_cursor c;
  json_builder build;
  bool ok;
} json_reader;

static bool too_much(json_reader *r) {
  bool deep = r->build.depth >= r->build.deepest;
  return stele_json_fail_place(&r->c, stele_json_place_at(&r->c, r->c.at), STELE_LIMIT,
                               deep ? "nested too deeply" : "too many values");
}

static bool read_value(json_reader *r, stele_str key, stele_json_place place);

static bool add(json_reader *r, stele_json_kind kind, stele_str key, stele_json_place place,
                stele_json **out) {
  *out = json_add(&r->build, kind, key, place);
  return *out || too_much(r);
}

static bool read_word(json_reader *r, stele_str key, stele_json_place place, stele_str word,
                      stele_json_kind kind) {
  stele_json *value;
  if (!stele_json_read_word(&r->c, word) || !add(r, kind, key, place, &value)) return false;
  value->boolean = word.ptr[0] == 't';
  return true;
}

static bool read_number(json_reader *r, stele_str key, stele_json_place place) {
  const char *from = r->c.at;
  stele_decimal unused;
  stele_json *value;
  if (!stele_json_read_number(&r->c, &unused)) return false;
  if (!add(r, STELE_JSON_NUMBER, key, place, &value)) return false;
  value->text = (stele_str){from, (size_t)(r->c.at - from)};
  return true;
}

static bool read_string_value(json_reader *r, stele_str key, stele_json_place place) {
  stele_str text;
  stele_json *value;
  if (!stele_json_read_string(&r->c, &text) || !add(r, STELE_JSON_STRING, key, place, &value)) {
    return false;
  }
  value->text = text;
  return true;
}

/* member = string ws ":" ws value */
static bool read_member(json_reader *r) {
  stele_json_cursor *c = &r->c;
  stele_json_place place = stele_json_place_at(c, c->at);
  stele_str key;
  if (c->at == c->end || *c->at != '"') {
    return stele_json_fail_here(c, "expected the name of a member");
  }
  if (!stele_json_read_string(c, &key)) return false;
  stele_json_skip_space(c);
  if (!stele_json_take(c, ':')) return stele_json_fail_here(c, "expected ':'");
  stele_json_skip_space(c);
  return read_value(r, key, place);
}

static bool close(json_reader *r) {
  const stele_json *twin = json_close(&r->build);
  if (!twin) return true;
  char text[120];
  (void)snprintf(text, sizeof text, "the name \"%.*s\" stands twice",
                 twin->key.len > 60 ? 60 : (int)twin->key.len, twin->key.ptr);
  return stele_json_fail_place(&r->c, twin->place, STELE_INVALID, text);
}

/* array = "[" [ value *( "," value ) ] "]", and the same for objects. */
static bool read_container(json_reader *r, stele_str key, stele_json_place place) {
  stele_json_cursor *c = &r->c;
  bool object = *c->at == '{';
  char last = object ? '}' : ']';
  if (!json_open(&r->build, object ? STELE_JSON_OBJECT : STELE_JSON_ARRAY, key, place)) {
    return too_much(r);
  }
  c->at++;
  stele_json_skip_space(c);
  if (stele_json_take(c, last)) return close(r);
  for (;;) {
    bool ok =
        object ? read_member(r) : read_value(r, (stele_str){0}, stele_json_place_at(c, c->at));
    if (!ok) return false;
    stele_json_skip_space(c);
    if (stele_json_take(c, last)) return close(r);
    if (!stele_json_take(c, ',')) {
      return stele_json_fail_here(c, object ? "expected ',' or '}'" : "expected ',' or ']'");
    }
    stele_json_skip_space(c);
  }
}

static bool read_value(json_reader *r, stele_str key, stele_json_place place) {
  const stele_json_cursor *c = &r->c;
  if (c->at == c->end) return stele_json_fail_here(&r->c, "");
  switch (*c->at) {
  case '{':
  case '[': return read_container(r, key, place);
  case '"': return read_string_value(r, key, place);
  case 't': return read_word(r, key, place, STELE_STR("true"), STELE_JSON_BOOL);
  case 'f': return read_word(r, key, place, STELE_STR("false"), STELE_JSON_BOOL);
  case 'n': return read_word(r, key, place, STELE_STR("null"), STELE_JSON_NULL);
  default: break;
  }
  bool number = *c->at == '-' || (*c->at >= '0' && *c->at <= '9');
  return number ? read_number(r, key, place) : stele_json_fail_here(&r->c, "expected a value");
}

/* JSON-text = ws value ws */
static void read_document(void *arg) {
  json_reader *r = arg;
  stele_json_skip_space(&r->c);
  if (!read_value(r, (stele_str){0}, stele_json_place_at(&r->c, r->c.at))) return;
  stele_json_skip_space(&r->c);
  r->ok = r->c.at == r->c.end || stele_json_fail_here(&r->c, "something follows the value");
}

const stele_json *stele_json_parse(stele_arena *arena, stele_str text,
                                   const stele_json_limits *limits, stele_json_place *where,
                                   stele_err *err) {
  stele_json_limits used = json_limits_or_default(limits);
  stele_json_place unused;
  json_reader r = {.ok = false};
  stele_json_cursor_init(&r.c, arena, text, where ? where : &unused, err);
  if (text.len > used.bytes || text.len > UINT32_MAX) {
    (void)stele_fail(err, STELE_LIMIT, "a text of %zu bytes is over the limit of %zu", text.len,
                     used.bytes);
    return NULL;
  }
  json_builder_init(&r.build, arena, &used);
  if (!stele_guard_run(arena, read_document, &r, err) || !r.ok) return NULL;
  return r.build.values;
}
