/* Required fields: a value that lacks one is refused. Hardly any type of options has
 * any, so it is asked first whether there can be one. */
#include "proto/link/link_options_internal.h"
#include "proto/wire/reader.h"

enum { MAX_DEPTH = 100 };

typedef struct required_search {
  link_file_state *state;
  stele_buf prefix; /* "a.b[0].(pkg.ext)." */
  stele_buf out;
} required_search;

static void search(required_search *s, const stele_message *type, stele_bytes bytes, int depth);

static bool has_field(stele_bytes bytes, int32_t number) {
  stele_reader r = stele_reader_of(bytes);
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (!r.failed && stele_wire_number(tag) == (uint32_t)number) return true;
    stele_read_skip_value(&r, tag, MAX_DEPTH);
  }
  return false;
}

static void search_own(required_search *s, const stele_message *type, stele_bytes bytes) {
  for (uint32_t i = 0; i < type->field_count; i++) {
    const stele_field *field = &type->fields[i];
    if (!field->is_required || has_field(bytes, field->number)) continue;
    if (s->out.len) stele_buf_add_cstr(&s->out, ", ");
    stele_buf_add_str(&s->out, stele_buf_str(&s->prefix));
    stele_buf_add_str(&s->out, field->name);
  }
}

static void search_child(required_search *s, const stele_field *field, uint32_t index,
                         stele_bytes bytes, int depth) {
  size_t len = s->prefix.len;
  if (field->is_extension) {
    stele_str name = stele_field_full_name(s->state->scratch, field);
    stele_buf_printf(&s->prefix, "(%.*s)", STELE_STR_ARG(name));
  } else {
    stele_buf_add_str(&s->prefix, field->name);
  }
  if (field->label == STELE_LABEL_REPEATED) stele_buf_printf(&s->prefix, "[%u]", index);
  stele_buf_add_byte(&s->prefix, '.');
  search(s, field->type_message, bytes, depth + 1);
  s->prefix.len = len;
}

static const stele_field *find_field(required_search *s, const stele_message *type,
                                     uint32_t number) {
  const stele_field *field = stele_message_field(type, (int32_t)number);
  return field ? field : link_extension(s->state->job, type, (int32_t)number);
}

/* The bytes are normal: records of a field lie together. */
static void search(required_search *s, const stele_message *type, stele_bytes bytes, int depth) {
  if (depth > MAX_DEPTH) return;
  search_own(s, type, bytes);
  stele_reader r = stele_reader_of(bytes);
  uint32_t last = 0, index = 0;
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (r.failed) return;
    uint32_t number = stele_wire_number(tag);
    index = number == last ? index + 1 : 0;
    last = number;
    bool is_group = stele_wire_type_of(tag) == STELE_WIRE_GROUP;
    const stele_field *field = NULL;
    if (is_group || stele_wire_type_of(tag) == STELE_WIRE_DELIMITED) {
      field = find_field(s, type, number);
    }
    if (!field || !field->type_message) {
      stele_read_skip_value(&r, tag, MAX_DEPTH);
      continue;
    }
    stele_bytes inner = is_group ? stele_read_group(&r, tag, MAX_DEPTH) : stele_read_delimited(&r);
    if (!r.failed) search_child(s, field, index, inner, depth);
  }
}

/* ---- Types without any ---------------------------------------------------- */

typedef struct requirement_walk {
  stele_map seen;
  STELE_VEC(const stele_message *) types; /* in the order in which they were met */
} requirement_walk;

static void meet(link_file_state *state, requirement_walk *walk, const stele_message *type) {
  void **place = stele_map_add_u64(&walk->seen, (uint64_t)(uintptr_t)type);
  if (*place) return;
  *place = walk;
  STELE_VEC_PUSH(state->scratch, &walk->types, type);
}

/* Whether anything can be required of a value: a field is, in the message or in one
 * below it, or extensions, which may come with any file, may have one. */
static bool may_require(link_file_state *state, const stele_message *type) {
  requirement_walk walk = {0};
  stele_map_init(&walk.seen, state->scratch, 0);
  meet(state, &walk, type);
  for (size_t i = 0; i < walk.types.count; i++) {
    const stele_message *at = walk.types.at[i];
    if (at->extension_range_count || at->file == state->file) return true; /* half made */
    for (uint32_t k = 0; k < at->field_count; k++) {
      const stele_field *field = &at->fields[k];
      if (field->is_required) return true;
      if (field->type_message) meet(state, &walk, field->type_message);
    }
  }
  return false;
}

/* Looked at once for each type, but for those of the file being linked. */
static bool is_free(link_file_state *state, const stele_message *type) {
  link_job *job = state->job;
  uint64_t key = (uint64_t)(uintptr_t)type;
  if (stele_map_find_u64(&job->requirements, key)) return true;
  if (may_require(state, type)) return false;
  *stele_map_add_u64(&job->requirements, key) = job;
  return true;
}

stele_str link_options_missing(link_file_state *state, const stele_message *type,
                               stele_bytes bytes) {
  if (is_free(state, type)) return (stele_str){NULL, 0};
  required_search s = {.state = state};
  stele_buf_init(&s.prefix, state->scratch, 0);
  stele_buf_init(&s.out, state->scratch, 0);
  search(&s, type, bytes, 0);
  return stele_buf_str(&s.out);
}
