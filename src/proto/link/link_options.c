/* Options: from statements to the bytes of an options message.
 *
 * Two passes, as in protoc. The first takes the options that descriptor.proto
 * declares, features among them, because what a custom option is may depend on
 * features; the second takes the custom ones. Nothing becomes an object in
 * between: a statement ends as one record in wire form, the known ones are put
 * in the order of their numbers, and the custom ones follow as they were
 * written. That is what `--retain_options` shows; the default mode's form is
 * made from it when it is asked for (proto/descriptor), and we note here where
 * both are the same, which is nearly everywhere. */
#include "proto/link/link_options_internal.h"

#include "base/guard.h"
#include "proto/wire/reader.h"
#include "proto/wire/writer.h"

enum { MOST_STATEMENTS = 10000, GROUP_DEPTH = 100 };

static const stele_field *find_extension(void *arg, const stele_message *extendee, int32_t number) {
  return link_extension(arg, extendee, number);
}

descriptor_normal link_options_normal(link_file_state *state, descriptor_known known) {
  return (descriptor_normal){
      .scratch = state->scratch, .find = find_extension, .find_arg = state->job, .known = known};
}

/* ---- One statement --------------------------------------------------------- */

static bool is_group(const stele_field *field) {
  return descriptor_wire_type(field) == STELE_WIRE_GROUP;
}

/* The value, wrapped in the messages on the way to it, back to front: first
 * the ends of the groups among them, then the value, then what opens them. */
static bool write_record(options_run *run) {
  uint32_t around = run->statement->part_count - 1;
  stele_back_clear(&run->out);
  if (around == 0) return link_options_put(run);
  size_t *before = STELE_NEW_ARRAY(run->state->scratch, size_t, around);
  for (uint32_t i = 0; i < around; i++) {
    if (is_group(run->path[i])) {
      stele_back_tag(&run->out, (uint32_t)run->path[i]->number, STELE_WIRE_GROUP_END);
    }
    before[i] = stele_back_len(&run->out);
  }
  if (!link_options_put(run)) return false;
  for (uint32_t i = around; i-- > 0;) {
    uint32_t number = (uint32_t)run->path[i]->number;
    if (is_group(run->path[i])) {
      stele_back_tag(&run->out, number, STELE_WIRE_GROUP);
    } else {
      stele_back_wrap(&run->out, number, before[i]);
    }
  }
  return true;
}

/* The path's numbers; behind them, for a repeated field, how many statements
 * before had the same. `*len` is the length of the numbers, or 0 when the
 * field is not repeated. */
static stele_bytes make_path(options_run *run, uint32_t *len) {
  stele_buf *path = &run->path_buf;
  uint32_t last = run->statement->part_count - 1, index = 0;
  stele_buf_clear(path);
  for (uint32_t i = 0; i <= last; i++) stele_write_varint(path, (uint32_t)run->path[i]->number);
  *len = 0;
  if (run->path[last]->label == STELE_LABEL_REPEATED) {
    *len = (uint32_t)path->len;
    for (uint32_t i = 0; i < run->record_count; i++) {
      index += run->lens[i] == *len && memcmp(run->records[i].path.ptr, path->ptr, *len) == 0;
    }
    stele_write_varint(path, index);
  }
  return stele_bytes_copy(run->state->arena, stele_buf_bytes(path));
}

/* A lenient file keeps what it cannot interpret; the path is field 999 and how
 * many there were before. */
static bool keep(options_run *run, uint32_t at) {
  enum { UNINTERPRETED = 999 };
  stele_option *record = &run->records[at];
  uint32_t index = 0;
  for (uint32_t i = 0; i < at; i++) {
    stele_reader r = stele_reader_of(run->records[i].path);
    index += run->records[i].path.len && stele_read_varint(&r) == UNINTERPRETED;
  }
  stele_buf_clear(&run->path_buf);
  stele_write_varint(&run->path_buf, UNINTERPRETED);
  stele_write_varint(&run->path_buf, index);
  record->path = stele_bytes_copy(run->state->arena, stele_buf_bytes(&run->path_buf));
  record->wire = link_options_keep(run);
  record->ast_option = run->statement->ast_option;
  return true;
}

/* Names have few parts. */
enum { FEW_PARTS = 4 };

static bool interpret(options_run *run, uint32_t at) {
  link_file_state *state = run->state;
  const options_statement *s = run->statement;
  const stele_field *few[FEW_PARTS];
  run->path = s->part_count <= FEW_PARTS
                  ? few
                  : STELE_NEW_ARRAY(state->scratch, const stele_field *, s->part_count);
  run->touches_source = run->is_unknown = false;
  if (!link_options_resolve(run)) return run->is_unknown && keep(run, at);
  if (!link_options_is_free(run) || !write_record(run)) return false;

  stele_option *record = &run->records[at];
  uint32_t len;
  run->taken |= UINT64_C(1) << (uint32_t)run->path[0]->number % 64;
  run->sets_features |= link_options_is_features(&s->parts[0]);
  record->path = make_path(run, &len);
  run->lens[at] = len;
  for (uint32_t i = 0; i < s->part_count; i++) {
    record->source_only |= descriptor_has_source_retention(run->path[i]);
  }
  record->wire = stele_bytes_copy(state->arena, stele_back_bytes(&run->out));
  record->extension = run->path[0]->is_extension ? run->path[0] : NULL;
  record->ast_option = s->ast_option;
  /* Within a known message what protoc knows stands first. */
  bool is_known_message = !s->parts[0].is_extension && run->path[0]->type_message;
  bool is_foreign =
      !s->parts[0].is_extension && !descriptor_is_known(run->known_numbers, run->path[0]);
  run->is_simple &= s->part_count == 1 && !record->source_only && !run->touches_source &&
                    !is_known_message && !is_foreign;
  return true;
}

/* ---- One element ------------------------------------------------------------ */

/* Interprets those statements of an element that belong to the pass. The
 * first mistake ends the element; then answers false. */
static bool run_pass(options_run *run, const options_list *list, bool custom) {
  for (uint32_t i = 0; i < run->record_count; i++) {
    options_statement statement;
    if (link_options_is_custom(run->state, run->target, list, i) != custom) continue;
    link_options_read(run->state, run->target, list, i, &statement);
    run->statement = &statement;
    if (statement.part_count == 0) {
      link_error(run->state, statement.name_token, "Option must have a name.");
      return false;
    }
    if (link_options_is_reserved(statement.parts[0].text)) {
      link_error(run->state, statement.name_token,
                 "Option must not use reserved name \"uninterpreted_option\".");
      return false;
    }
    /* Whoever sets an option uses the message it belongs to. */
    link_mark_used(run->state, run->type->file);
    if (!interpret(run, i)) return false;
  }
  return true;
}

static options_run begin(link_file_state *state, const link_target *target, uint32_t count) {
  const stele_options *options = *target->slot;
  if (count > MOST_STATEMENTS) {
    stele_guard_leave(state->arena, STELE_LIMIT, "an element has more than %d options",
                      MOST_STATEMENTS);
  }
  options_run run = {
      .state = state,
      .target = target,
      .type = options->type,
      .records = (stele_option *)(uintptr_t)options->at,
      .record_count = count,
      .lens = STELE_NEW_ARRAY(state->scratch, uint32_t, count),
      .taken = options->wire.len ? UINT64_MAX : 0, /* some were set in the first pass */
      .known_numbers = options->type ? descriptor_known_numbers(options->type->full_name) : 0,
      .is_simple = true,
  };
  stele_back_init(&run.out, state->scratch);
  stele_buf_init(&run.path_buf, state->scratch, 0);
  return run;
}

static uint32_t number_of(stele_bytes record) {
  stele_reader r = stele_reader_of(record);
  return stele_wire_number(stele_read_tag(&r));
}

static void note_number(stele_options *options, uint32_t number) {
  if (number < STELE_OPTIONS_FIRST_CUSTOM) options->lacks &= ~(UINT32_C(1) << number % 32);
}

/* The records of one pass put together. One record is enough for itself;
 * several go to scratch. `ascending`: no number is smaller than the one before. */
static stele_bytes join(const options_run *run, const options_list *list, bool custom,
                        stele_options *options, bool *ascending) {
  stele_buf out;
  stele_bytes only = {NULL, 0};
  uint32_t last = 0, count = 0;
  stele_buf_init(&out, run->state->scratch, 0);
  *ascending = true;
  for (uint32_t i = 0; i < run->record_count; i++) {
    const stele_option *record = &run->records[i];
    if (record->wire.len == 0 || link_options_is_custom(run->state, run->target, list, i) != custom)
      continue;
    uint32_t number = number_of(record->wire);
    *ascending &= number > last || (custom && number == last);
    last = number;
    note_number(options, number);
    if (count++ == 1) stele_buf_add(&out, only.ptr, only.len);
    if (count > 1) stele_buf_add(&out, record->wire.ptr, record->wire.len);
    only = record->wire;
  }
  return count > 1 ? stele_buf_bytes(&out) : only;
}

/* Two runs of bytes as one, in the schema's arena; either may be empty, and
 * then the other one is taken as it is. */
static stele_bytes concatenate(link_file_state *state, stele_bytes a, stele_bytes b) {
  if (b.len == 0) return a;
  uint8_t *out = stele_arena_alloc(state->arena, a.len + b.len, 1);
  if (a.len) memcpy(out, a.ptr, a.len);
  memcpy(out + a.len, b.ptr, b.len);
  return (stele_bytes){out, a.len + b.len};
}

/* ---- Features ---------------------------------------------------------------- */

/* The settings of a FeatureSet, as a word; the features of languages are not
 * among them. A setting to UNKNOWN, or to no value at all, is 7. */
static stele_features read_features(stele_bytes bytes) {
  static const struct {
    uint32_t number, shift;
  } rows[] = {
#define X(name, number, shift, bits) {number, shift},
      STELE_FEATURES(X)
#undef X
  };
  stele_features word = 0;
  stele_reader r = stele_reader_of(bytes);
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (r.failed) break;
    if (stele_wire_type_of(tag) != STELE_WIRE_VARINT) {
      stele_read_skip_value(&r, tag, GROUP_DEPTH);
      continue;
    }
    uint64_t value = stele_read_varint(&r);
    if (value == 0 || value > 7) value = 7;
    for (size_t i = 0; i < STELE_COUNT(rows); i++) {
      if (rows[i].number != stele_wire_number(tag)) continue;
      word = (word & ~(7u << rows[i].shift)) | (uint32_t)value << rows[i].shift;
    }
  }
  return word;
}

static void take_features(link_target *target, const stele_message *type) {
  const stele_field *field = stele_message_field_by_name(type, STELE_STR("features"));
  if (!field) return;
  bool found;
  stele_str bytes = stele_options_str(*target->slot, (uint32_t)field->number, &found);
  target->has_features = found;
  if (found) *target->features = read_features(stele_str_bytes(bytes));
}

/* ---- From a descriptor -------------------------------------------------------- */

/* One record per field of the message, so that both sources look alike. */
static void split_records(link_file_state *state, const stele_message *type,
                          stele_options *options) {
  STELE_VEC(stele_option) records = {0};
  stele_reader r = stele_reader_of(options->wire);
  while (!stele_read_done(&r)) {
    const uint8_t *start = r.at;
    uint32_t tag = stele_read_tag(&r);
    if (!r.failed) stele_read_skip_value(&r, tag, GROUP_DEPTH);
    if (r.failed) break;
    int32_t number = (int32_t)stele_wire_number(tag);
    const stele_field *field = stele_message_field(type, number);
    stele_option *record = STELE_VEC_ADD(state->arena, &records);
    if (!field) record->extension = field = link_extension(state->job, type, number);
    if (record->extension) link_mark_used(state, stele_field_file(field));
    stele_buf path;
    stele_buf_init(&path, state->arena, 0);
    stele_write_varint(&path, (uint32_t)number);
    record->path = stele_buf_bytes(&path);
    record->wire = (stele_bytes){start, (size_t)(r.at - start)};
    record->source_only = field && descriptor_has_source_retention(field);
    record->ast_option = UINT32_MAX;
  }
  options->at = records.at;
  options->count = (uint32_t)records.count;
}

/* ---- The phases ---------------------------------------------------------------- */

static stele_options *slot_of(const link_target *target) {
  return (stele_options *)(uintptr_t)*target->slot;
}

static stele_bytes normalise(const options_run *run, stele_bytes wire) {
  descriptor_normal n = link_options_normal(run->state, DESCRIPTOR_KNOWN_COMPILED);
  n.is_generated = true;
  return descriptor_normal_bytes(&n, run->state->arena, run->type, wire);
}

/* Records that differ in their numbers, in the order of those; empty bytes when
 * two do not differ. File options come by the half dozen, and in any order. */
static stele_bytes sort_records(const options_run *run, size_t len) {
  stele_arena *scratch = run->state->scratch;
  const stele_option **sorted = STELE_NEW_ARRAY(scratch, const stele_option *, run->record_count);
  uint32_t count = 0;
  for (uint32_t i = 0; i < run->record_count; i++) {
    const stele_option *record = &run->records[i];
    if (record->wire.len == 0) continue; /* of the other pass */
    uint32_t number = number_of(record->wire), at = count++;
    for (; at > 0 && number_of(sorted[at - 1]->wire) >= number; at--) {
      if (number_of(sorted[at - 1]->wire) == number) return (stele_bytes){NULL, 0};
      sorted[at] = sorted[at - 1];
    }
    sorted[at] = record;
  }
  uint8_t *out = stele_arena_alloc(run->state->arena, len, 1), *to = out;
  for (uint32_t i = 0; i < count; i++) {
    memcpy(to, sorted[i]->wire.ptr, sorted[i]->wire.len);
    to += sorted[i]->wire.len;
  }
  return (stele_bytes){out, len};
}

/* What a descriptor brings stays as it came, unless something was left to
 * interpret. */
static stele_bytes plain_wire(const options_run *run, const options_list *list,
                              stele_options *options) {
  bool ascending;
  link_file_state *state = run->state;
  stele_bytes wire = join(run, list, false, options, &ascending);
  if (!state->ast) {
    stele_bytes known = link_options_interpreted(state, run->target->raw);
    known = stele_bytes_copy(state->arena, known);
    return wire.len ? normalise(run, concatenate(state, known, wire)) : known;
  }
  enum { FEW_RECORDS = 20 };
  if (!ascending && run->is_simple && run->record_count <= FEW_RECORDS) {
    stele_bytes sorted = sort_records(run, wire.len);
    if (sorted.len) return sorted;
  }
  if (!ascending || !run->is_simple) return normalise(run, wire);
  bool is_record = run->record_count == 1; /* which lies in the arena already */
  return is_record ? wire : stele_bytes_copy(state->arena, wire);
}

static stele_options *new_options(link_file_state *state, const link_target *target,
                                  const stele_message *type, uint32_t count) {
  stele_options *options = STELE_NEW(state->arena, stele_options);
  options->at = STELE_NEW_ARRAY(state->arena, stele_option, count);
  options->count = count;
  options->type = type;
  options->lacks = state->ast ? UINT32_MAX : 0; /* until its statements are joined */
  *target->slot = options;
  return options;
}

static void plain_target(link_file_state *state, link_target *target, const stele_message *type) {
  if (type && link_options_is_shareable(state, target)) return; /* nothing for the first pass */
  options_list list = link_options_list(state, target);
  stele_options *options = new_options(state, target, type, list.count);
  if (!options->type) return;

  options_run run = begin(state, target, list.count);
  if (!run_pass(&run, &list, false)) return; /* nothing of it counts, features neither */
  options->wire = plain_wire(&run, &list, options);
  options->is_default_form = run.is_simple && state->ast;
  if (run.sets_features || !state->ast) take_features(target, run.type);
}

void link_options_plain(link_file_state *state) {
  const stele_message *types[LINK_TARGET_METHOD + 1] = {NULL};
  for (size_t i = 0; i < state->targets.count; i++) {
    link_target *target = &state->targets.at[i];
    const stele_message **type = &types[target->kind];
    if (!*type) *type = link_options_message(state->job, (link_target_kind)target->kind);
    stele_arena_check(state->scratch);
    stele_mark mark = stele_arena_mark(state->scratch); /* so that it stays warm */
    plain_target(state, target, *type);
    stele_arena_rewind(state->scratch, mark);
  }
}

static bool has_custom(const link_file_state *state, const link_target *target,
                       const options_list *list) {
  for (uint32_t i = 0; i < list->count; i++) {
    if (link_options_is_custom(state, target, list, i)) return true;
  }
  return false;
}

/* descriptor.proto describes its own options: what a field is meant for is
 * known only after the first pass, so retention is looked up again. */
static void review_retention(link_file_state *state, const link_target *target) {
  stele_options *options = slot_of(target);
  if (!options->type || options->type->file != state->file) return;
  options->is_default_form = false;
  for (uint32_t i = 0; i < options->count; i++) {
    stele_option *record = (stele_option *)(uintptr_t)&options->at[i];
    const stele_message *type = options->type;
    stele_reader r = stele_reader_of(record->path);
    while (type && !stele_read_done(&r)) {
      const stele_field *field = stele_message_field(type, (int32_t)stele_read_varint(&r));
      if (field && descriptor_has_source_retention(field)) record->source_only = true;
      type = field && field->label != STELE_LABEL_REPEATED ? field->type_message : NULL;
    }
  }
}

/* Whether the default mode would repeat what is there: extensions by number,
 * none of them packed, and only repeated ones more than once. */
static bool is_default_form(const options_run *run, bool ascending) {
  const stele_field *last = NULL;
  if (!run->is_simple || !ascending) return false;
  for (uint32_t i = 0; i < run->record_count; i++) {
    const stele_field *field = run->records[i].extension;
    if (!field) continue;
    bool is_repeated = field->label == STELE_LABEL_REPEATED;
    if (field->is_packed || (field == last && !is_repeated)) return false;
    if (!is_repeated && !field->has_presence && !field->type_message) return false;
    last = field;
  }
  return true;
}

/* A name in parentheses may be that of a field after all, or of an extension
 * that protoc knows: then it stands among the known ones. */
static bool has_known(const options_run *run, const options_list *list) {
  for (uint32_t i = 0; i < run->record_count; i++) {
    const stele_field *field = run->records[i].extension;
    if (!link_options_is_custom(run->state, run->target, list, i)) continue;
    if (!field || descriptor_is_compiled_in(field)) return true;
  }
  return false;
}

static void add_custom(const options_run *run, const options_list *list, stele_options *options) {
  bool ascending;
  stele_bytes custom = join(run, list, true, options, &ascending);
  bool is_sorted = !has_known(run, list);
  bool is_only = options->wire.len == 0 && run->record_count == 1;
  options->wire = is_only ? custom : concatenate(run->state, options->wire, custom);
  options->is_default_form &= is_sorted && is_default_form(run, ascending);
  if (!is_sorted) options->wire = normalise(run, options->wire);
}

/* A lone option that others have, too: theirs, if one of them was here before. */
static void shareable_target(link_file_state *state, const link_target *target) {
  const stele_message *type = link_options_message(state->job, (link_target_kind)target->kind);
  options_list list = link_options_list(state, target);
  options_shared *shared = link_options_shared(state, target, &list, type);
  if (shared && shared->options) {
    *target->slot = shared->options;
    return;
  }
  stele_options *options = new_options(state, target, type, list.count);
  if (!shared) return; /* a mistake, which was told */
  options->is_default_form = true;
  options_run run = begin(state, target, list.count);
  bool is_good = run_pass(&run, &list, true);
  add_custom(&run, &list, options);
  review_retention(state, target);
  if (is_good) shared->options = options;
}

static void custom_target(link_file_state *state, const link_target *target) {
  if (!*target->slot) {
    shareable_target(state, target);
    return;
  }
  options_list list = link_options_list(state, target);
  stele_options *options = slot_of(target);
  if (!options->type) return;
  if (!state->ast && !link_options_are_whole(state, options->type, options->wire)) return;
  if (has_custom(state, target, &list)) {
    options_run run = begin(state, target, list.count);
    (void)run_pass(&run, &list, true);
    add_custom(&run, &list, options);
  }
  if (!state->ast) split_records(state, options->type, options);
  review_retention(state, target);
}

void link_options_custom(link_file_state *state) {
  for (size_t i = 0; i < state->targets.count; i++) {
    stele_arena_check(state->scratch);
    stele_mark mark = stele_arena_mark(state->scratch);
    custom_target(state, &state->targets.at[i]);
    stele_arena_rewind(state->scratch, mark);
  }
}

const stele_bytes *link_options_paths(link_file_state *state) {
  stele_bytes *paths = STELE_NEW_ARRAY(state->scratch, stele_bytes, state->ast->option_count);
  for (size_t i = 0; i < state->targets.count; i++) {
    const link_target *target = &state->targets.at[i];
    const stele_options *options = *target->slot;
    for (uint32_t k = 0; k < target->ref_count; k++) {
      paths[state->option_refs.at[target->ref_start + k]] = options->at[k].path;
    }
  }
  return paths;
}
