/* What the name of an option means: a walk from the options message down. */
#include "proto/link/link_options_internal.h"

#include "proto/wire/reader.h"

enum { GROUP_DEPTH = 100 };

stele_str link_options_name(const options_run *run, uint32_t last) {
  stele_buf text;
  stele_buf_init(&text, run->state->scratch, 0);
  for (uint32_t i = 0; i <= last; i++) {
    const options_part *part = &run->statement->parts[i];
    if (i) stele_buf_add_byte(&text, '.');
    if (part->is_extension) stele_buf_add_byte(&text, '(');
    stele_buf_add_str(&text, part->text);
    if (part->is_extension) stele_buf_add_byte(&text, ')');
  }
  return stele_buf_str(&text);
}

/* Every finding about a name has the name in it, up to the part at fault. */
static bool fail(const options_run *run, uint32_t part, const char *before, const char *after) {
  link_error(run->state, run->statement->name_token, "%s \"" STELE_STR_FMT "\"%s", before,
             STELE_STR_ARG(link_options_name(run, part)), after);
  return false;
}

static bool fail_unknown(options_run *run, uint32_t part, link_symbol_id resolved_in) {
  if (run->state->in->lenient && run->statement->parts[0].is_extension) {
    run->is_unknown = true;
    return false;
  }
  if (resolved_in == LINK_ROOT) {
    return fail(run, part, "Option",
                " unknown. Ensure that your proto definition file imports the proto which "
                "defines the option (i.e. via import option after edition 2024).");
  }
  stele_str name = link_options_name(run, part);
  stele_str scope = link_symbol_name(run->state, resolved_in);
  stele_str text = run->statement->parts[part].text;
  const char *dot = memchr(text.ptr, '.', text.len);
  stele_str rest = {dot ? dot : "", dot ? text.len - (size_t)(dot - text.ptr) : 0};
  link_error(run->state, run->statement->name_token,
             "Option \"" STELE_STR_FMT "\" is resolved to \"(" STELE_STR_FMT STELE_STR_FMT
             ")\", which is not defined. The innermost scope is searched first in name "
             "resolution. Consider using a leading '.'(i.e., \"(.%.*s\") to start from the "
             "outermost scope.",
             STELE_STR_ARG(name), STELE_STR_ARG(scope), STELE_STR_ARG(rest), (int)name.len - 1,
             name.ptr + 1);
  return false;
}

/* A name in parentheses may be that of any field: that it belongs to the
 * message is looked at afterwards. */
static const stele_field *find_extension(options_run *run, const options_part *part) {
  link_file_state *state = run->state;
  link_symbol_id id = link_lookup(state, run->target->scope, part->name, LINK_ALL);
  const link_symbol *symbol = link_symbol_get(state->job, id);
  if (id == LINK_ROOT || symbol->kind != STELE_SYMBOL_FIELD) return NULL;
  return symbol->element;
}

static const stele_field *find_part(options_run *run, const stele_message *type, uint32_t at) {
  const options_part *part = &run->statement->parts[at];
  link_symbol_id resolved_in = LINK_ROOT;
  const stele_field *field;
  if (part->is_extension) {
    field = find_extension(run, part);
    resolved_in = run->state->resolved_in;
  } else {
    field = stele_message_field_by_name(type, part->text);
  }
  if (!field) {
    (void)fail_unknown(run, at, resolved_in);
    if (!part->is_extension && !run->is_unknown) {
      link_advise_member(run->state, type, part->text);
    }
  }
  return field;
}

bool link_options_is_features(const options_part *first) {
  return !first->is_extension && stele_str_eq(first->text, STELE_STR("features"));
}

static bool is_message(const stele_field *field) {
  return field->type == STELE_TYPE_MESSAGE || field->type == STELE_TYPE_GROUP;
}

/* May the walk go on from here, into the field's message? */
static bool can_descend(const options_run *run, uint32_t part, const stele_field *field) {
  if (!is_message(field)) return fail(run, part, "Option", " is an atomic type, not a message.");
  if (field->label == STELE_LABEL_REPEATED) {
    return fail(run, part, "Option field",
                " is a repeated message. Repeated message options must be initialized using an "
                "aggregate value.");
  }
  return true;
}

bool link_options_resolve(options_run *run) {
  const options_statement *s = run->statement;
  const stele_message *type = run->type;
  for (uint32_t i = 0; i < s->part_count; i++) {
    const stele_field *field = find_part(run, type, i);
    if (!field) return false;
    if (field->message != type) {
      stele_str after =
          stele_str_printf(run->state->scratch, " is not a field or extension of message \"%.*s\".",
                           STELE_STR_ARG(type->name));
      return fail(run, i, "Option field", after.ptr);
    }
    if (stele_field_file(field) == run->state->file && link_options_is_features(&s->parts[0])) {
      return fail(run, i, "Feature", " can't be used in the same file it's defined in.");
    }
    if (i + 1 < s->part_count && !can_descend(run, i, field)) return false;
    run->path[i] = field;
    type = field->type_message;
  }
  return true;
}

/* ---- Already set? ---------------------------------------------------------- */

static bool is_set(const options_run *run, stele_bytes bytes, uint32_t step) {
  const stele_field *field = run->path[step];
  bool is_last = step + 1 == run->statement->part_count;
  stele_wire_type wanted = descriptor_wire_type(field);
  stele_reader r = stele_reader_of(bytes);
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (r.failed) break;
    bool is_it = stele_wire_number(tag) == (uint32_t)field->number;
    if (is_it && is_last) return true;
    if (is_it && stele_wire_type_of(tag) == wanted) {
      stele_bytes inner = wanted == STELE_WIRE_GROUP ? stele_read_group(&r, tag, GROUP_DEPTH)
                                                     : stele_read_delimited(&r);
      if (!r.failed && is_set(run, inner, step + 1)) return true;
    } else {
      stele_read_skip_value(&r, tag, GROUP_DEPTH);
    }
  }
  return false;
}

bool link_options_is_free(options_run *run) {
  uint32_t last = run->statement->part_count - 1;
  if (run->path[last]->label == STELE_LABEL_REPEATED) return true;
  if (!(run->taken >> (uint32_t)run->path[0]->number % 64 & 1)) return true;
  for (uint32_t i = 0; i < run->record_count; i++) {
    if (is_set(run, run->records[i].wire, 0)) return fail(run, last, "Option", " was already set.");
  }
  return true;
}
