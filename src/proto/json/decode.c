/* Reading objects: one pass over the text, led by the schema.
 *
 * Whoever writes JSON writes fields in the same order again and again, so the
 * next name is first compared with that of the next field, as it stands ready
 * in the layout, quotes and colon included; only what does not match is read
 * and looked up. */
#include <stdio.h>

#include "base/guard.h"
#include "proto/json/decode_plain.h"

enum {
  SEEN_WORDS = 4, /* on the stack: types of up to 256 fields */
  GUESSES = 3     /* how many of the next fields are tried: what is zero is not written */
};

/* Members of one object that have stood in the text. */
typedef struct seen {
  uint64_t few[SEEN_WORDS];
  uint64_t *bits;
  uint32_t next; /* index of the field that is expected */
  bool type;     /* "@type", in an Any */
} seen;

static void seen_init(seen *s, stele_arena *arena, const stele_layout *layout) {
  *s = (seen){.next = 0};
  s->bits = s->few;
  if (layout->field_count > SEEN_WORDS * 64) {
    s->bits = STELE_NEW_ARRAY(arena, uint64_t, layout->field_count / 64 + 1);
  }
}

/* Enters a field; false when it is there already. */
static bool seen_add(seen *s, const layout_field *f) {
  uint64_t bit = UINT64_C(1) << (f->index % 64), *word = &s->bits[f->index / 64];
  if (*word & bit) return false;
  *word |= bit;
  return true;
}

/* ---- Names ---------------------------------------------------------------------- */

/* Ones for the first `len` of sixteen bytes: read from 16 - len on. */
static const uint8_t first_bytes[32] = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
};

/* Does `key` (`"name":`) come next? Sixteen bytes at once: names are short, and
 * both may nearly always be read that far. */
static inline bool comes_key(const stele_json_cursor *c, stele_str key) {
  size_t left = (size_t)(c->end - c->at);
  if (key.len > sizeof(json_vec) || left < sizeof(json_vec)) {
    return left >= key.len && memcmp(c->at, key.ptr, key.len) == 0;
  }
  json_vec text, want, mask;
  uint64_t halves[2];
  memcpy(&text, c->at, sizeof text);
  memcpy(&want, key.ptr, sizeof want);
  memcpy(&mask, first_bytes + sizeof mask - key.len, sizeof mask);
  json_vec differ = (text ^ want) & mask;
  memcpy(halves, &differ, sizeof halves);
  return (halves[0] | halves[1]) == 0;
}

static const layout_field *guess_field(json_in *r, const stele_layout *layout, seen *s) {
  for (uint32_t i = s->next; i < layout->field_count && i < s->next + GUESSES; i++) {
    if (!comes_key(&r->c, layout->info[i].json_key)) continue;
    r->c.at += layout->info[i].json_key.len;
    stele_json_skip_space(&r->c);
    s->next = i + 1;
    return &layout->fields[i];
  }
  return NULL;
}

bool json_read_name(json_in *r, stele_str *name) {
  stele_json_cursor *c = &r->c;
  if (c->at == c->end || *c->at != '"') {
    return stele_json_fail_here(c, "expected the name of a member");
  }
  if (!stele_json_read_string(c, name)) return false;
  stele_json_skip_space(c);
  if (!stele_json_take(c, ':')) return stele_json_fail_here(c, "expected ':'");
  stele_json_skip_space(c);
  return true;
}

/* "[pkg.ext]", or one of a field's two names. */
static const layout_field *find_field(const stele_layout *layout, stele_str name) {
  if (name.len > 2 && name.ptr[0] == '[' && name.ptr[name.len - 1] == ']') {
    return layout_find_extension(layout, (stele_str){name.ptr + 1, name.len - 2});
  }
  return layout_find_json_name(layout, name);
}

static bool fail_name(json_in *r, const char *at, const char *what, stele_str name,
                      const char *rest) {
  char text[160];
  (void)snprintf(text, sizeof text, "%s \"%.*s\"%s", what, name.len > 80 ? 80 : (int)name.len,
                 name.ptr, rest);
  return stele_json_fail_at(&r->c, at, text);
}

/* ---- Lists and maps ---------------------------------------------------------------- */

bool json_has_null(const stele_layout *layout, const layout_field *f) {
  const stele_field *field = layout_schema_field(layout, f);
  if (field->type == STELE_TYPE_ENUM) return f->sub.enumeration->is_null_value;
  return field->type_message && layout_sub_layout(f)->well_known == LAYOUT_WKT_VALUE;
}

static __attribute__((noinline)) const char *
plain_element(json_in *r, const stele_layout *layout, const layout_field *f, stele_value *out) {
  return plain_value(r, f, layout->info[f->index].type, out);
}

bool json_read_list(json_in *r, stele_object *o, const layout_field *f) {
  stele_json_cursor *c = &r->c;
  const stele_layout *layout = object_layout(o);
  uint32_t bytes = layout_code_bytes[layout_code_of(f)];
  layout_array *array = NULL;
  const bool has_plain = !layout_is_object(layout_code_of(f));
  if (!stele_json_take(c, '[')) return stele_json_fail_here(c, "expected a list");
  stele_json_skip_space(c);
  if (stele_json_take(c, ']')) return true;
  for (size_t index = 0;; index++) {
    stele_value value = {.str = {NULL, 0}};
    const char *plain = has_plain ? plain_element(r, layout, f, &value) : NULL;
    if (plain) c->at = plain;
    json_got got = plain ? JSON_READ : json_read_value(r, layout, f, &value);
    if (got == JSON_FAILED) {
      json_trail_index(&r->trail, r->arena, layout, f, index);
      return false;
    }
    if (got == JSON_READ) {
      if (!array) array = object_array_new(r->arena, o, f);
      memcpy(array_add(r->arena, array, bytes), &value, bytes);
    }
    stele_json_skip_space(c);
    if (stele_json_take(c, ']')) return true;
    if (!stele_json_take(c, ',')) return stele_json_fail_here(c, "expected ',' or ']'");
    stele_json_skip_space(c);
  }
}

/* One entry of a map: key, colon, value. */
static json_got read_entry(json_in *r, stele_object *o, const layout_field *f, object_dict **dict) {
  const stele_layout *entry_layout = layout_sub_layout(f);
  const layout_field *key_field = &entry_layout->fields[0];
  const char *at = r->c.at;
  stele_str name;
  stele_value key = {0}, value = {0};
  if (!json_read_name(r, &name)) return JSON_FAILED;
  if (!json_key_of(r, entry_layout->info[0].field, name, at, &key)) return JSON_FAILED;
  json_got got = json_read_value(r, entry_layout, &entry_layout->fields[1], &value);
  if (got != JSON_READ) {
    if (got == JSON_FAILED) json_trail_key(&r->trail, r->arena, object_layout(o), f, key);
    return got;
  }
  if (!*dict) *dict = object_dict_new(r->arena, o, f);
  bool was_in;
  stele_entry *entry = dict_put(r->arena, *dict, dict_key(layout_code_of(key_field), key), &was_in);
  entry->value = value;
  if (!was_in) return JSON_READ;
  (void)fail_name(r, at, "the key", name, " stands twice");
  return JSON_FAILED;
}

bool json_read_map(json_in *r, stele_object *o, const layout_field *f) {
  stele_json_cursor *c = &r->c;
  object_dict *dict = NULL;
  if (!stele_json_take(c, '{')) return stele_json_fail_here(c, "expected an object");
  stele_json_skip_space(c);
  if (stele_json_take(c, '}')) return true;
  for (;;) {
    if (read_entry(r, o, f, &dict) == JSON_FAILED) return false;
    stele_json_skip_space(c);
    if (stele_json_take(c, '}')) return true;
    if (!stele_json_take(c, ',')) return stele_json_fail_here(c, "expected ',' or '}'");
    stele_json_skip_space(c);
  }
}

/* ---- Fields -------------------------------------------------------------------------- */

static json_got read_message(json_in *r, const stele_layout *layout, stele_object **at) {
  stele_object *sub = object_new(r->arena, layout);
  *at = sub;
  return json_read_object(r, sub) ? JSON_READ : JSON_FAILED;
}

json_got json_read_value(json_in *r, const stele_layout *layout, const layout_field *f, void *at) {
  layout_code code = layout_code_of(f);
  if (code == LAYOUT_MESSAGE || code == LAYOUT_GROUP) {
    return read_message(r, layout_sub_layout(f), at);
  }
  return json_read_scalar(r, layout, f, at);
}

/* Puts a value into the slot of a field; a zero that counts as not set is left
 * out. */
static inline void store(json_in *r, stele_object *o, const layout_field *f,
                         const stele_value *value) {
  bool implicit = f->flags & LAYOUT_IMPLICIT;
  void *slot = object_slot_new(r->arena, o, f);
  switch (layout_code_bytes[layout_code_of(f)]) {
  case 1:
    if (implicit && !value->b) return;
    memcpy(slot, value, 1);
    break;
  case 4:
    if (implicit && !value->u32) return;
    memcpy(slot, value, 4);
    break;
  case 8:
    if (implicit && !value->u64) return;
    memcpy(slot, value, 8);
    break;
  default:
    if (implicit && !value->str.len) return;
    object_put_text(slot, value->str.ptr, value->str.len);
    break;
  }
  object_mark(o, f);
}

/* The value of a member that is as nearly everybody writes it, with the cursor on its first byte;
 * false: it is not, and was not read. */
static inline __attribute__((always_inline)) bool
read_plain(json_in *r, stele_object *o, const stele_layout *layout, const layout_field *f) {
  stele_value value = {.str = {NULL, 0}};
  if (layout_shape_of(f) != LAYOUT_ONE || layout_is_special(f)) return false;
  const char *at = plain_value(r, f, layout->info[f->index].type, &value);
  if (!at) return false;
  r->c.at = at;
  store(r, o, f, &value);
  return true;
}

json_got json_read_field(json_in *r, stele_object *o, const layout_field *f) {
  stele_value value;
  json_got got = json_read_value(r, object_layout(o), f, &value);
  if (got == JSON_READ) {
    store(r, o, f, &value);
  } else if (got == JSON_FAILED) {
    json_trail_field(&r->trail, r->arena, object_layout(o), f);
  }
  return got;
}

static bool read_many(json_in *r, stele_object *o, const layout_field *f) {
  bool ok = (layout_shape_of(f) == LAYOUT_MAP ? json_read_map : json_read_list)(r, o, f);
  bool is_told = ok || r->trail.outer; /* by the element that failed */
  if (!is_told) json_trail_field(&r->trail, r->arena, object_layout(o), f);
  return ok;
}

/* The value of a member, with the cursor on its first byte. */
static bool read_member_value(json_in *r, stele_object *o, const layout_field *f) {
  if (r->c.at < r->c.end && *r->c.at == 'n') {
    bool is_value = layout_shape_of(f) == LAYOUT_ONE && json_has_null(object_layout(o), f);
    if (!is_value) return stele_json_read_word(&r->c, STELE_STR("null"));
  }
  const uint32_t *member = f->oneof ? object_case(o, f) : NULL;
  if (member && *member) {
    return fail_name(r, r->c.at, "another member of the oneof is set already:",
                     object_layout(o)->info[*member - 1].field->name, "");
  }
  if (layout_shape_of(f) != LAYOUT_ONE) return read_many(r, o, f);
  return json_read_field(r, o, f) != JSON_FAILED;
}

/* A member whose name is not that of the next fields. */
static bool read_named_member(json_in *r, stele_object *o, seen *s, bool skip_type) {
  const char *at = r->c.at;
  stele_str name;
  if (!json_read_name(r, &name)) return false;
  const layout_field *f = find_field(object_layout(o), name);
  if (!f) {
    bool is_type = skip_type && stele_str_eq(name, STELE_STR("@type"));
    if (is_type && s->type) return fail_name(r, at, "the member", name, " stands twice");
    s->type = s->type || is_type;
    if (!is_type && !r->options->ignore_unknown) {
      char rest[120];
      stele_str type = object_layout(o)->type->full_name;
      (void)snprintf(rest, sizeof rest, " of %.*s", type.len > 80 ? 80 : (int)type.len, type.ptr);
      return fail_name(r, at, "no field", name, rest);
    }
    return stele_json_skip_value(&r->c, r->depth);
  }
  s->next = f->index + 1u;
  if (!seen_add(s, f)) return fail_name(r, at, "the field", name, " stands twice");
  return read_member_value(r, o, f);
}

bool json_read_members(json_in *r, stele_object *o, bool skip_type) {
  stele_json_cursor *c = &r->c;
  const stele_layout *layout = object_layout(o);
  seen s;
  seen_init(&s, r->arena, layout);
  stele_json_skip_space(c);
  if (stele_json_take(c, '}')) return true;
  for (;;) {
    const char *at = c->at;
    const layout_field *f = guess_field(r, layout, &s);
    if (!f) {
      if (!read_named_member(r, o, &s, skip_type)) return false;
    } else if (!seen_add(&s, f)) {
      return fail_name(r, at, "the field", layout_schema_field(object_layout(o), f)->json_name,
                       " stands twice");
    } else if (!read_plain(r, o, layout, f) && !read_member_value(r, o, f)) {
      return false;
    }
    stele_json_skip_space(c);
    if (stele_json_take(c, '}')) return true;
    if (!stele_json_take(c, ',')) return stele_json_fail_here(c, "expected ',' or '}'");
    stele_json_skip_space(c);
  }
}

bool json_enter(json_in *r) {
  if (r->depth > 0) {
    r->depth--;
    return true;
  }
  return stele_json_fail_place(&r->c, stele_json_place_at(&r->c, r->c.at), STELE_LIMIT,
                               "nested too deeply");
}

bool json_read_object(json_in *r, stele_object *o) {
  bool ok;
  if (object_layout(o)->well_known == LAYOUT_WKT_VALUE) return json_read_well_known(r, o);
  if (!json_enter(r)) return false;
  if (object_layout(o)->well_known) {
    ok = json_read_well_known(r, o);
  } else {
    ok = stele_json_take(&r->c, '{') ? json_read_members(r, o, false)
                                     : stele_json_fail_here(&r->c, "expected an object");
  }
  r->depth++;
  if (object_layout(o)->required && !object_has_required(o)) r->is_partial = true;
  return ok;
}

/* ---- The face ------------------------------------------------------------------------ */

typedef struct decode_job {
  json_in r;
  stele_json_place where;
  const stele_layout *layout;
  stele_str text;
  stele_object *object;
  bool ok;
} decode_job;

static bool read_document(decode_job *job) {
  stele_json_cursor *c = &job->r.c;
  stele_json_skip_space(c);
  if (!json_read_object(&job->r, job->object)) return false;
  stele_json_skip_space(c);
  return c->at == c->end || stele_json_fail_here(c, "something follows the value");
}

/* The input goes away: a small one is copied whole, of others the texts that objects hold. */
static void keep_input(decode_job *job) {
  enum { SMALL = 512 };
  json_in *r = &job->r;
  if (job->text.len <= SMALL) {
    job->text = stele_str_copy(r->arena, job->text);
    return;
  }
  r->fleeting = job->text;
  texts_init(&r->texts, r->arena, job->text.len);
}

static void run(void *arg) {
  decode_job *job = arg;
  json_in *r = &job->r;
  stele_err *err = r->c.err;
  if (!r->options->alias_input) keep_input(job);
  stele_json_cursor_init(&r->c, r->arena, job->text, &job->where, err);
  job->object = object_new(r->arena, job->layout);
  job->ok = read_document(job);
  if (r->fleeting.len) texts_end(&r->texts);
  if (!job->ok) json_trail_tell(&r->trail, r->arena, err);
}

stele_object *stele_json_decode(stele_arena *arena, const stele_layout *layout, stele_str text,
                                const stele_json_decode_options *options, stele_err *err) {
  static const stele_json_decode_options none = {0};
  decode_job job = {.layout = layout, .text = text};
  job.r.arena = arena;
  job.r.options = options ? options : &none;
  job.r.depth = job.r.options->depth ? job.r.options->depth : STELE_DECODE_DEPTH;
  job.r.c.err = err;
  if (text.len > STELE_CODEC_MAX) {
    (void)stele_fail(err, STELE_LIMIT, "a text of %zu bytes is too long", text.len);
    return NULL;
  }
  if (!stele_guard_run(arena, run, &job, err) || !job.ok) return NULL;
  bool may_lack = job.r.is_partial && !job.r.options->allow_partial;
  if (may_lack && !stele_object_check_required(job.object, err)) return NULL;
  return job.object;
}
