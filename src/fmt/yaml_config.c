/* YAML by libyaml's events, into the JSON tree.
 *
 * The parser and the event in hand live on libyaml's heap, so both are opened
 * and closed outside the guard; inside it there are only arenas to leave.
 * An alias replays the values of its anchor through the same builder, so a
 * "billion laughs" runs into the limit on values like any long document. */
#include "fmt/yaml_config.h"

#include <stdarg.h>
#include <stdio.h>
#include <yaml.h>

#include "base/guard.h"
#include "base/library.h"
#include "base/map.h"
#include "base/num.h"
#include "base/utf8.h"
#include "fmt/json_internal.h"

enum { DEFAULT_BYTES = 1 << 20, DEFAULT_DEPTH = 64, DEFAULT_VALUES = 100000 };

// clang-format off
#define YAML_CALLS(X) \
  X(yaml_, parser_initialize) X(yaml_, parser_delete) X(yaml_, parser_set_encoding) \
  X(yaml_, parser_set_input_string) X(yaml_, parser_parse) X(yaml_, event_delete)
// clang-format on

typedef struct yaml_calls {
  YAML_CALLS(STELE_LIBRARY_CALL)
} yaml_calls;

static const stele_library yaml = {"libyaml-0.so.2", "libyaml-0-2", YAML_CALLS(STELE_LIBRARY_NAME)};

typedef struct yaml_reader {
  yaml_calls lib;
  stele_str text;
  yaml_parser_t parser;
  yaml_event_t event; /* in hand; none when its type is YAML_NO_EVENT */
  json_builder build;
  stele_map anchors; /* name -> index of its value + 1, as a pointer */
  stele_json_place *where;
  stele_err *err;
  bool ok;
} yaml_reader;

/* ---- failures ---- */

static stele_json_place place_of(yaml_mark_t mark) {
  return (stele_json_place){mark.index, (uint32_t)mark.line + 1, (uint32_t)mark.column + 1};
}

static bool fail(yaml_reader *r, stele_json_place place, stele_code code, const char *format, ...)
    STELE_PRINTF(4, 5);

static bool fail(yaml_reader *r, stele_json_place place, stele_code code, const char *format, ...) {
  va_list args;
  *r->where = place;
  va_start(args, format);
  (void)stele_fail_v(r->err, code, format, args);
  va_end(args);
  return stele_wrap(r->err, "line %u, column %u", place.line, place.column);
}

static bool too_much(yaml_reader *r, stele_json_place place) {
  bool deep = r->build.depth >= r->build.deepest;
  return fail(r, place, STELE_LIMIT, deep ? "nested too deeply" : "too many values");
}

/* The place of a byte, which libyaml's reader and ourselves know by offset. */
static stele_json_place place_of_byte(stele_str text, size_t offset) {
  stele_json_place place = {0, 1, 1};
  for (size_t i = 0; i < offset && i < text.len; i++) {
    bool starts_character = ((uint8_t)text.ptr[i] & 0xc0) != 0x80;
    place.offset += starts_character;
    place.column += starts_character;
    if (text.ptr[i] != '\n') continue;
    place.line++;
    place.column = 1;
  }
  return place;
}

static bool fail_parser(yaml_reader *r) {
  const yaml_parser_t *p = &r->parser;
  if (p->error == YAML_MEMORY_ERROR) return stele_fail(r->err, STELE_NO_MEMORY, "no memory");
  stele_json_place place = p->error == YAML_READER_ERROR ? place_of_byte(r->text, p->problem_offset)
                                                         : place_of(p->problem_mark);
  return fail(r, place, STELE_INVALID, "%s", p->problem ? p->problem : "not YAML");
}

/* ---- events ---- */

static bool next_event(yaml_reader *r) {
  r->lib.event_delete(&r->event);
  r->event.type = YAML_NO_EVENT;
  return r->lib.parser_parse(&r->parser, &r->event) || fail_parser(r);
}

static stele_json_place here(const yaml_reader *r) {
  return place_of(r->event.start_mark);
}

static stele_str copy_text(yaml_reader *r, const yaml_char_t *text, size_t len) {
  return stele_str_copy(r->build.arena, (stele_str){(const char *)text, len});
}

/* ---- plain scalars: YAML 1.2.2, 10.3.2 ---- */

static bool is_one_of(stele_str text, const char *const *words, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (stele_str_eq(text, stele_cstr(words[i]))) return true;
  }
  return false;
}

static const char *const null_words[] = {"", "~", "null", "Null", "NULL"};
static const char *const true_words[] = {"true", "True", "TRUE"};
static const char *const false_words[] = {"false", "False", "FALSE"};
static const char *const endless_words[] = {
    ".inf",  ".Inf",  ".INF",  "+.inf", "+.Inf", "+.INF",
    "-.inf", "-.Inf", "-.INF", ".nan",  ".NaN",  ".NAN",
};

static size_t digits_at(stele_str text, size_t at) {
  size_t end = at;
  while (end < text.len && text.ptr[end] >= '0' && text.ptr[end] <= '9') end++;
  return end - at;
}

/* 0o17 and 0x1F; false when it is neither or does not fit in 64 bits. */
static bool parse_based(stele_str text, uint64_t *out) {
  if (text.len < 3 || text.ptr[0] != '0') return false;
  unsigned bits = text.ptr[1] == 'x' ? 4 : text.ptr[1] == 'o' ? 3 : 0;
  uint64_t value = 0;
  for (size_t i = 2; i < text.len; i++) {
    char c = text.ptr[i];
    int digit = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : 99;
    if (digit >= 1 << bits || value >> (64 - bits)) return false;
    value = value << bits | (uint64_t)digit;
  }
  *out = value;
  return bits > 0;
}

/* [-+]? ( "." [0-9]+ | [0-9]+ ( "." [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
 * as a number by JSON's stricter grammar; an empty text when it is none. */
static stele_str decimal_as_json(stele_arena *arena, stele_str text) {
  stele_buf out;
  stele_buf_init(&out, arena, 0);
  size_t at = text.len > 0 && (text.ptr[0] == '-' || text.ptr[0] == '+');
  if (at && text.ptr[0] == '-') stele_buf_add_byte(&out, '-');
  size_t whole = digits_at(text, at), skip = at;
  while (skip + 1 < at + whole && text.ptr[skip] == '0') skip++;
  stele_buf_add(&out, whole ? text.ptr + skip : "0", whole ? at + whole - skip : 1);
  at += whole;
  if (at < text.len && text.ptr[at] == '.') {
    size_t fraction = digits_at(text, ++at);
    if (!whole && !fraction) return (stele_str){0};
    stele_buf_add_byte(&out, '.');
    stele_buf_add(&out, fraction ? text.ptr + at : "0", fraction ? fraction : 1);
    at += fraction;
  } else if (!whole) {
    return (stele_str){0};
  }
  stele_buf_add(&out, text.ptr + at, text.len - at); /* the exponent is spelt alike */
  return stele_json_is_number(stele_buf_str(&out)) ? stele_buf_str(&out) : (stele_str){0};
}

static stele_str number_as_json(stele_arena *arena, stele_str text) {
  uint64_t value;
  if (stele_json_is_number(text)) return text;
  if (parse_based(text, &value)) return stele_str_printf(arena, "%ju", (uintmax_t)value);
  return decimal_as_json(arena, text);
}

/* Gives a plain scalar its kind. */
static bool resolve_plain(yaml_reader *r, stele_json *value, stele_str text) {
  if (is_one_of(text, null_words, STELE_COUNT(null_words))) return true;
  bool yes = is_one_of(text, true_words, STELE_COUNT(true_words));
  if (yes || is_one_of(text, false_words, STELE_COUNT(false_words))) {
    value->kind = STELE_JSON_BOOL;
    value->boolean = yes;
    return true;
  }
  if (is_one_of(text, endless_words, STELE_COUNT(endless_words))) {
    return fail(r, value->place, STELE_INVALID, "not a finite number");
  }
  stele_str number = number_as_json(r->build.arena, text);
  value->kind = number.len ? STELE_JSON_NUMBER : STELE_JSON_STRING;
  value->text = number.len ? number : text;
  return true;
}

/* ---- nodes ---- */

static bool read_node(yaml_reader *r, stele_str key, stele_json_place place);

static bool has_tag(const yaml_char_t *tag, const char *name) {
  return strcmp((const char *)tag, name) == 0;
}

static bool refuse_tag(yaml_reader *r, const yaml_char_t *tag) {
  return fail(r, here(r), STELE_INVALID, "the tag %.60s is not supported", (const char *)tag);
}

static void keep_anchor(yaml_reader *r, const yaml_char_t *anchor, uint32_t index) {
  if (!anchor) return;
  stele_str name = copy_text(r, anchor, strlen((const char *)anchor));
  *stele_map_add(&r->anchors, name) = (void *)(uintptr_t)(index + 1);
}

static bool read_scalar(yaml_reader *r, stele_str key, stele_json_place place) {
  const yaml_char_t *tag = r->event.data.scalar.tag;
  bool text_tag = tag && (has_tag(tag, YAML_STR_TAG) || has_tag(tag, "!"));
  if (tag && !text_tag) return refuse_tag(r, tag);
  stele_str text = copy_text(r, r->event.data.scalar.value, r->event.data.scalar.length);
  bool plain = r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !text_tag;
  stele_json *value = json_add(&r->build, plain ? STELE_JSON_NULL : STELE_JSON_STRING, key, place);
  if (!value) return too_much(r, place);
  keep_anchor(r, r->event.data.scalar.anchor, r->build.count - 1);
  if (plain) return resolve_plain(r, value, text);
  value->text = text;
  return true;
}

/* Builds the value at `from` once more, below the open container. Depth is
 * that of the tree, which the builder bounds. */
static bool replay(yaml_reader *r, uint32_t from, stele_str key, stele_json_place place) {
  stele_json value = r->build.values[from];
  if (value.kind != STELE_JSON_ARRAY && value.kind != STELE_JSON_OBJECT) {
    stele_json *copy = json_add(&r->build, value.kind, key, place);
    if (!copy) return too_much(r, place);
    copy->boolean = value.boolean;
    copy->text = value.text;
    return true;
  }
  if (!json_open(&r->build, value.kind, key, place)) return too_much(r, place);
  for (uint32_t at = from + 1; at < from + value.span; at += r->build.values[at].span) {
    if (!replay(r, at, r->build.values[at].key, r->build.values[at].place)) return false;
  }
  (void)json_close(&r->build); /* twins were refused where they stood first */
  return true;
}

static bool is_open(const json_builder *b, uint32_t index) {
  for (uint32_t depth = b->depth, at = b->in; depth > 0; depth--, at -= b->values[at].up) {
    if (at == index) return true;
  }
  return false;
}

static bool read_alias(yaml_reader *r, stele_str key, stele_json_place place) {
  const char *name = (const char *)r->event.data.alias.anchor;
  uintptr_t found = (uintptr_t)stele_map_find(&r->anchors, stele_cstr(name));
  if (!found) return fail(r, here(r), STELE_INVALID, "no anchor is called %.60s", name);
  uint32_t index = (uint32_t)(found - 1);
  if (is_open(&r->build, index)) {
    return fail(r, here(r), STELE_INVALID, "the alias %.60s stands inside its anchor", name);
  }
  return replay(r, index, key, place);
}

static bool read_sequence(yaml_reader *r, stele_str key, stele_json_place place) {
  const yaml_char_t *tag = r->event.data.sequence_start.tag;
  if (tag && !has_tag(tag, YAML_SEQ_TAG)) return refuse_tag(r, tag);
  if (!json_open(&r->build, STELE_JSON_ARRAY, key, place)) return too_much(r, place);
  keep_anchor(r, r->event.data.sequence_start.anchor, r->build.in);
  for (;;) {
    if (!next_event(r)) return false;
    if (r->event.type == YAML_SEQUENCE_END_EVENT) break;
    if (!read_node(r, (stele_str){0}, here(r))) return false;
  }
  (void)json_close(&r->build);
  return true;
}

/* The key in hand, and then the event of its value. */
static bool read_key(yaml_reader *r, stele_str *key) {
  if (r->event.type != YAML_SCALAR_EVENT) {
    return fail(r, here(r), STELE_INVALID, "a key must be a plain word");
  }
  if (r->event.data.scalar.tag && !has_tag(r->event.data.scalar.tag, YAML_STR_TAG)) {
    return refuse_tag(r, r->event.data.scalar.tag);
  }
  bool plain = r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
  *key = copy_text(r, r->event.data.scalar.value, r->event.data.scalar.length);
  if (plain && stele_str_eq(*key, STELE_STR("<<"))) {
    return fail(r, here(r), STELE_INVALID, "merge keys are not supported");
  }
  return next_event(r);
}

static bool read_mapping(yaml_reader *r, stele_str key, stele_json_place place) {
  const yaml_char_t *tag = r->event.data.mapping_start.tag;
  if (tag && !has_tag(tag, YAML_MAP_TAG)) return refuse_tag(r, tag);
  if (!json_open(&r->build, STELE_JSON_OBJECT, key, place)) return too_much(r, place);
  keep_anchor(r, r->event.data.mapping_start.anchor, r->build.in);
  for (;;) {
    if (!next_event(r)) return false;
    if (r->event.type == YAML_MAPPING_END_EVENT) break;
    stele_json_place key_place = here(r);
    stele_str name;
    if (!read_key(r, &name) || !read_node(r, name, key_place)) return false;
  }
  const stele_json *twin = json_close(&r->build);
  if (!twin) return true;
  int shown = twin->key.len > 60 ? 60 : (int)twin->key.len;
  return fail(r, twin->place, STELE_INVALID, "the name \"%.*s\" stands twice", shown,
              twin->key.ptr);
}

/* The node whose first event is in hand. */
static bool read_node(yaml_reader *r, stele_str key, stele_json_place place) {
  if (r->event.type == YAML_ALIAS_EVENT) return read_alias(r, key, place);
  if (r->event.type == YAML_SCALAR_EVENT) return read_scalar(r, key, place);
  if (r->event.type == YAML_SEQUENCE_START_EVENT) return read_sequence(r, key, place);
  if (r->event.type == YAML_MAPPING_START_EVENT) return read_mapping(r, key, place);
  return fail(r, here(r), STELE_INVALID, "expected a value");
}

static bool read_document(yaml_reader *r) {
  if (!next_event(r) || !next_event(r)) return false; /* the stream's start, then: */
  if (r->event.type == YAML_STREAM_END_EVENT) {
    return json_add(&r->build, STELE_JSON_NULL, (stele_str){0}, here(r)) || too_much(r, here(r));
  }
  if (!next_event(r) || !read_node(r, (stele_str){0}, here(r))) return false;
  if (!next_event(r) || !next_event(r)) return false; /* the document's end, then: */
  return r->event.type == YAML_STREAM_END_EVENT ||
         fail(r, here(r), STELE_INVALID, "a second document");
}

static void read_guarded(void *arg) {
  yaml_reader *r = arg;
  stele_map_init(&r->anchors, r->build.arena, 0);
  r->ok = read_document(r);
}

static stele_json_limits yaml_limits(const stele_json_limits *limits) {
  stele_json_limits used = limits ? *limits : (stele_json_limits){0};
  if (!used.bytes) used.bytes = DEFAULT_BYTES;
  if (!used.depth) used.depth = DEFAULT_DEPTH;
  if (!used.values) used.values = DEFAULT_VALUES;
  return json_limits_or_default(&used);
}

/* libyaml takes other encodings and some bytes that are not UTF-8; we do not. */
static bool check_text(yaml_reader *r, size_t most) {
  if (r->text.len > most) {
    return stele_fail(r->err, STELE_LIMIT, "a text of %zu bytes is over the limit of %zu",
                      r->text.len, most);
  }
  size_t valid = stele_utf8_valid_len(r->text);
  return valid == r->text.len || fail(r, place_of_byte(r->text, valid), STELE_INVALID, "not UTF-8");
}

const stele_json *stele_yaml_parse(stele_arena *arena, stele_str text,
                                   const stele_json_limits *limits, stele_json_place *where,
                                   stele_err *err) {
  stele_json_limits used = yaml_limits(limits);
  stele_json_place unused;
  yaml_reader r = {.text = text, .where = where ? where : &unused, .err = err};
  *r.where = (stele_json_place){0, 1, 1};
  if (!check_text(&r, used.bytes)) return NULL;
  if (!stele_library_open(&yaml, &r.lib, sizeof r.lib, err)) return NULL;
  if (!r.lib.parser_initialize(&r.parser)) {
    (void)stele_fail(err, STELE_NO_MEMORY, "no memory for a YAML parser");
    return NULL;
  }
  r.lib.parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
  r.lib.parser_set_input_string(&r.parser, (const yaml_char_t *)(text.ptr ? text.ptr : ""),
                                text.len);
  json_builder_init(&r.build, arena, &used);
  bool done = stele_guard_run(arena, read_guarded, &r, err);
  r.lib.event_delete(&r.event);
  r.lib.parser_delete(&r.parser);
  return done && r.ok ? r.build.values : NULL;
}
