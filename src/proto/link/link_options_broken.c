/* Values of options that are messages, when a descriptor brings them: anything may
 * stand there. To whoever does not know the option it is bytes; whoever does reads
 * it, or merges it with a second one, and protoc dies of it. */
#include "proto/link/link_options_internal.h"
#include "proto/wire/reader.h"

enum { MAX_DEPTH = 100 };

static const stele_field *find_broken(link_file_state *state, const stele_message *type,
                                      stele_bytes bytes, int depth);

static const stele_field *find_message(link_file_state *state, const stele_message *type,
                                       uint32_t tag) {
  stele_wire_type wire = stele_wire_type_of(tag);
  int32_t number = (int32_t)stele_wire_number(tag);
  if (wire != STELE_WIRE_GROUP && wire != STELE_WIRE_DELIMITED) return NULL;
  const stele_field *field = stele_message_field(type, number);
  if (!field) field = link_extension(state->job, type, number);
  if (!field || !field->type_message) return NULL;
  return field->is_delimited == (wire == STELE_WIRE_GROUP) ? field : NULL;
}

static bool is_broken(link_file_state *state, const stele_field *field, stele_bytes bytes,
                      int depth) {
  stele_reader r = stele_reader_of(bytes);
  if (depth == 0) return true;
  while (!stele_read_done(&r)) stele_read_skip_field(&r, MAX_DEPTH);
  return r.failed || find_broken(state, field->type_message, bytes, depth - 1);
}

static const stele_field *find_broken(link_file_state *state, const stele_message *type,
                                      stele_bytes bytes, int depth) {
  stele_reader r = stele_reader_of(bytes);
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (r.failed) return NULL; /* of what is around, which was looked at */
    const stele_field *field = find_message(state, type, tag);
    if (!field) {
      stele_read_skip_value(&r, tag, MAX_DEPTH);
      continue;
    }
    stele_bytes value =
        field->is_delimited ? stele_read_group(&r, tag, MAX_DEPTH) : stele_read_delimited(&r);
    if (!r.failed && is_broken(state, field, value, depth)) return field;
  }
  return NULL;
}

bool link_options_are_whole(link_file_state *state, const stele_message *type, stele_bytes bytes) {
  const stele_field *field = find_broken(state, type, bytes, MAX_DEPTH);
  if (!field) return true;
  stele_str name = stele_field_full_name(state->scratch, field);
  link_error(state, LINK_NONE,
             "The value of option \"" STELE_STR_FMT "\" is no message of type \"" STELE_STR_FMT
             "\".",
             STELE_STR_ARG(name), STELE_STR_ARG(field->type_message->full_name));
  return false;
}
