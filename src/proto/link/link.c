/* Linking one file: the phases, in order, and when they stop.
 *
 * protoc goes on resolving after a file has errors, but interprets options and
 * validates only a file without any; so a phase knows that what stands before
 * it in the table was well. */
#include "proto/link/link.h"

#include "base/guard.h"
#include "proto/descriptor/source_info.h"
#include "proto/link/link_options_internal.h"
#include "proto/link/link_validate.h"
#include "proto/schema/schema_internal.h"

/* The phases, in order. Each may count on all that come before it. */
static const struct {
  void (*run)(link_file_state *state);
  bool after_errors;
} phases[] = {
    {link_declare, true},        {link_resolve, true},   {link_check_option_imports, true},
    {link_options_plain, false}, {link_features, false}, {link_options_custom, false},
    {link_validate, true},
};

static void run_phases(link_file_state *state) {
  bool failed = false; /* before the options; these two and the features go together */
  for (size_t i = 0; i < STELE_COUNT(phases) && !state->is_hopeless; i++) {
    if (i == 3) failed = state->error_count != 0;
    if (!failed || phases[i].after_errors) phases[i].run(state);
  }
}

static void take(link_file_state *state) {
  if (state->ast) {
    link_take_tree(state);
  } else {
    link_take_descriptor(state);
  }
}

/* Made from the tree, or taken over from the descriptor. */
static void take_source_info(link_file_state *state) {
  enum { SOURCE_CODE_INFO = 9 };
  stele_buf *info = state->in->source_info;
  if (!info) return;
  stele_buf_clear(info);
  if (state->ast) {
    stele_source_info_encode(state->scratch, state->ast, link_options_paths(state), info);
  } else {
    stele_bytes rest = state->in->descriptor, given;
    if (link_wire_find(&rest, SOURCE_CODE_INFO, &given)) stele_buf_add(info, given.ptr, given.len);
  }
  if (info->failed) stele_guard_leave(state->arena, STELE_LIMIT, "no memory for the source info");
  state->file->source_info = stele_buf_bytes(info);
}

static void finish(link_file_state *state) {
  take_source_info(state);
  link_job *job = state->job;
  stele_file *file = state->file;
  file->is_lenient = state->in->lenient;
  schema_export(state->arena, file);
  link_pool_set_publics(job, state->file_index);
  schema_add_file(job->schema, file);
}

stele_file *link_file(link_job *job, const link_file_in *in) {
  stele_mark mark = stele_arena_mark(job->scratch);
  stele_file *file = STELE_NEW(job->arena, stele_file);
  file->name = stele_str_copy(job->arena, in->name);
  file->schema = job->schema;
  link_file_state state = {
      .job = job,
      .in = in,
      .ast = in->ast,
      .file = file,
      .arena = job->arena,
      .scratch = job->scratch,
      .hidden_file = LINK_NONE,
  };
  uint32_t symbols_before = job->symbol_count;
  const stele_file *outer = job->linking; /* this may be in the middle of another */
  uint32_t outer_stamp = job->stamp;
  job->linking = file;
  job->stamp = ++job->last_stamp;
  state.file_index = link_pool_add(job, file);
  job->files.at[state.file_index].is_described = !in->ast;
  take(&state);
  run_phases(&state);
  if (state.error_count) {
    link_symbols_undo(&state, symbols_before);
  } else {
    finish(&state);
  }
  job->linking = outer;
  if (outer) job->stamp = outer_stamp;
  stele_arena_rewind(job->scratch, mark);
  return state.error_count ? NULL : file;
}
