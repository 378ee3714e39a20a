/* Options that a descriptor left uninterpreted (field 999). Descriptors made
 * by a compiler have none; those put together by hand may, and so have those of
 * lenient files whose custom options nobody defines. */
#include "proto/link/link_options_internal.h"
#include "proto/link/link_validate.h"
#include "proto/wire/reader.h"
#include "proto/wire/writer.h"

enum {
  UNINTERPRETED = 999,
  NAME = 2,
  IDENTIFIER_VALUE = 3,
  POSITIVE_INT_VALUE = 4,
  NEGATIVE_INT_VALUE = 5,
  DOUBLE_VALUE = 6,
  STRING_VALUE = 7,
  AGGREGATE_VALUE = 8,
  NAME_PART = 1,
  IS_EXTENSION = 2,
  MAX_DEPTH = 100,
};

static void read_part(link_file_state *state, stele_bytes bytes, options_part *part) {
  stele_reader r = stele_reader_of(bytes);
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag == stele_wire_tag(NAME_PART, STELE_WIRE_DELIMITED)) {
      part->text = stele_bytes_str(stele_read_delimited(&r));
    } else if (tag == stele_wire_tag(IS_EXTENSION, STELE_WIRE_VARINT)) {
      part->is_extension = stele_read_varint(&r) != 0;
    } else if (!r.failed) {
      stele_read_skip_value(&r, tag, MAX_DEPTH);
    }
  }
  if (part->is_extension) part->name = link_name_from_text(state, part->text);
}

/* The text of an aggregate is lexed like a file of its own. */
static void read_aggregate(link_file_state *state, stele_str text, options_value *out) {
  stele_source *source = STELE_NEW(state->scratch, stele_source);
  stele_tokens *tokens = STELE_NEW(state->scratch, stele_tokens);
  *source = (stele_source){.name = state->file->name, .text = text};
  stele_report *report = stele_report_new(state->scratch, 0);
  stele_token_lex(state->scratch, state->job->interner, source, report, tokens);
  out->mistakes = report;
  out->tokens = tokens;
  out->end = tokens->count - 1;
}

static bool read_value(link_file_state *state, stele_reader *r, uint32_t tag, options_value *out) {
  uint32_t number = stele_wire_number(tag);
  bool is_bytes = stele_wire_type_of(tag) == STELE_WIRE_DELIMITED;
  bool is_varint = stele_wire_type_of(tag) == STELE_WIRE_VARINT;
  if (is_bytes && number == IDENTIFIER_VALUE) {
    options_add_kind(out, OPTIONS_IDENTIFIER);
    out->word = stele_bytes_str(stele_read_delimited(r));
  } else if (is_bytes && number == STRING_VALUE) {
    options_add_kind(out, OPTIONS_STRING);
    out->text = stele_bytes_str(stele_read_delimited(r));
  } else if (is_bytes && number == AGGREGATE_VALUE) {
    options_add_kind(out, OPTIONS_AGGREGATE);
    read_aggregate(state, stele_bytes_str(stele_read_delimited(r)), out);
  } else if (is_varint && number == POSITIVE_INT_VALUE) {
    options_add_kind(out, OPTIONS_POSITIVE);
    out->positive = stele_read_varint(r);
  } else if (is_varint && number == NEGATIVE_INT_VALUE) {
    options_add_kind(out, OPTIONS_NEGATIVE);
    out->negative = (int64_t)stele_read_varint(r);
  } else if (tag == stele_wire_tag(DOUBLE_VALUE, STELE_WIRE_FIXED64)) {
    uint64_t bits = stele_read_fixed64(r);
    options_add_kind(out, OPTIONS_DOUBLE);
    memcpy(&out->number, &bits, sizeof bits);
  } else {
    return false;
  }
  return true;
}

static void read_statement(link_file_state *state, stele_bytes bytes, options_statement *out) {
  STELE_VEC(options_part) parts = {0};
  *out = (options_statement){
      .name_token = LINK_NONE, .value_token = LINK_NONE, .ast_option = UINT32_MAX};
  stele_reader r = stele_reader_of(bytes);
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (r.failed) break;
    if (tag == stele_wire_tag(NAME, STELE_WIRE_DELIMITED)) {
      stele_bytes part = stele_read_delimited(&r);
      read_part(state, part, STELE_VEC_ADD(state->scratch, &parts));
    } else if (!read_value(state, &r, tag, &out->value)) {
      stele_read_skip_value(&r, tag, MAX_DEPTH);
    }
  }
  out->parts = parts.at;
  out->part_count = (uint32_t)parts.count;
}

uint32_t link_options_uninterpreted(link_file_state *state, stele_bytes raw,
                                    const options_statement **statements) {
  STELE_VEC(options_statement) list = {0};
  stele_reader r = stele_reader_of(raw);
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag == stele_wire_tag(UNINTERPRETED, STELE_WIRE_DELIMITED)) {
      options_statement statement;
      read_statement(state, stele_read_delimited(&r), &statement);
      STELE_VEC_PUSH(state->scratch, &list, statement);
    } else if (!r.failed) {
      stele_read_skip_value(&r, tag, MAX_DEPTH);
    }
  }
  *statements = list.at;
  return (uint32_t)list.count;
}

bool link_options_are_left(const link_file_state *state) {
  for (size_t i = 0; i < state->targets.count; i++) {
    stele_bytes rest = state->targets.at[i].raw, statement;
    if (link_wire_find(&rest, UNINTERPRETED, &statement)) return true;
  }
  return false;
}

stele_bytes link_options_interpreted(link_file_state *state, stele_bytes raw) {
  stele_buf out;
  stele_buf_init(&out, state->scratch, 0);
  stele_reader r = stele_reader_of(raw);
  while (!stele_read_done(&r)) {
    const uint8_t *start = r.at;
    uint32_t tag = stele_read_tag(&r);
    if (!r.failed) stele_read_skip_value(&r, tag, MAX_DEPTH);
    if (r.failed || stele_wire_number(tag) == UNINTERPRETED) continue;
    stele_buf_add(&out, start, (size_t)(r.at - start));
  }
  return stele_buf_bytes(&out);
}

/* ---- Keeping --------------------------------------------------------------- */

static void write_part(stele_buf *out, stele_arena *scratch, const options_part *part) {
  stele_buf inner;
  stele_buf_init(&inner, scratch, 0);
  stele_write_bytes_field(&inner, NAME_PART, stele_str_bytes(part->text));
  stele_write_varint_field(&inner, IS_EXTENSION, part->is_extension);
  stele_write_bytes_field(out, NAME, stele_buf_bytes(&inner));
}

/* Tokens with a blank between them, as protoc keeps them. */
static void write_aggregate(stele_buf *out, stele_arena *scratch, const options_value *value) {
  stele_buf text;
  stele_buf_init(&text, scratch, 0);
  for (uint32_t at = value->first; at < value->end; at++) {
    if (at != value->first) stele_buf_add_byte(&text, ' ');
    stele_buf_add_str(&text, stele_token_text(value->tokens, at));
  }
  stele_write_bytes_field(out, AGGREGATE_VALUE, stele_buf_bytes(&text));
}

static void write_kind(stele_buf *out, stele_arena *scratch, const options_value *value,
                       options_value_kind kind) {
  uint64_t bits;
  switch (kind) {
  case OPTIONS_IDENTIFIER:
    stele_write_bytes_field(out, IDENTIFIER_VALUE, stele_str_bytes(value->word));
    break;
  case OPTIONS_POSITIVE: stele_write_varint_field(out, POSITIVE_INT_VALUE, value->positive); break;
  case OPTIONS_NEGATIVE:
    stele_write_varint_field(out, NEGATIVE_INT_VALUE, (uint64_t)value->negative);
    break;
  case OPTIONS_DOUBLE:
    memcpy(&bits, &value->number, sizeof bits);
    stele_write_tag(out, DOUBLE_VALUE, STELE_WIRE_FIXED64);
    stele_write_fixed64(out, bits);
    break;
  case OPTIONS_STRING:
    stele_write_bytes_field(out, STRING_VALUE, stele_str_bytes(value->text));
    break;
  case OPTIONS_AGGREGATE: write_aggregate(out, scratch, value); break;
  }
}

static void write_value(stele_buf *out, stele_arena *scratch, const options_value *value) {
  for (int kind = OPTIONS_IDENTIFIER; kind <= OPTIONS_AGGREGATE; kind++) {
    if (options_has(value, (options_value_kind)kind)) {
      write_kind(out, scratch, value, (options_value_kind)kind);
    }
  }
}

stele_bytes link_options_keep(options_run *run) {
  stele_arena *scratch = run->state->scratch;
  const options_statement *s = run->statement;
  stele_buf inner, out;
  stele_buf_init(&inner, scratch, 0);
  for (uint32_t i = 0; i < s->part_count; i++) write_part(&inner, scratch, &s->parts[i]);
  write_value(&inner, scratch, &s->value);
  stele_buf_init(&out, scratch, 0);
  stele_write_bytes_field(&out, UNINTERPRETED, stele_buf_bytes(&inner));
  return stele_bytes_copy(run->state->arena, stele_buf_bytes(&out));
}
