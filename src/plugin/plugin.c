/* One round: request out, response in, then everything that can be wrong with
 * it, in the order in which protoc looks. */
#include "plugin/plugin.h"

#include "base/c_text.h"
#include "base/num.h"
#include "base/vec.h"
#include "gen/plugin_request.h"
#include "gen/plugin_response.h"
#include "sys/file.h"
#include "sys/process.h"

enum { MOST_SHOWN_BYTES = 1 << 16, MS_PER_S = 1000, MIB = 1 << 20 };

typedef struct plugin_round {
  stele_arena *arena;
  const stele_plugin *plugin;
  const stele_plugin_job *job;
  stele_plugin_words *words;
} plugin_round;

void stele_plugin_limits(stele_plugin *plugin) {
  uint64_t number;
  if (stele_num_parse_u64(sys_env("STELE_PLUGIN_TIMEOUT"), &number) &&
      number <= UINT32_MAX / MS_PER_S) {
    plugin->limit_s = (uint32_t)number;
  }
  if (stele_num_parse_u64(sys_env("STELE_PLUGIN_LIMIT"), &number) && number <= UINT32_MAX) {
    plugin->limit_mib = (uint32_t)number;
  }
}

/* ---- Running ------------------------------------------------------------------ */

typedef STELE_VEC(stele_str) word_list;

static word_list command_of(const plugin_round *round) {
  const stele_plugin *plugin = round->plugin;
  word_list words = {0};
  for (size_t i = 0; i < plugin->prefix_count; i++) {
    STELE_VEC_PUSH(round->arena, &words, plugin->prefix[i]);
  }
  STELE_VEC_PUSH(round->arena, &words, plugin->path.ptr ? plugin->path : plugin->name);
  return words;
}

static bool run(const plugin_round *round, stele_bytes request, sys_process_result *result,
                stele_str *program, stele_err *err) {
  const stele_plugin *plugin = round->plugin;
  word_list command = command_of(round);
  uint32_t limit_s = plugin->limit_s ? plugin->limit_s : PLUGIN_MOST_S;
  uint32_t limit_mib = plugin->limit_mib ? plugin->limit_mib : PLUGIN_MOST_MIB;
  *program = command.at[0];
  return sys_process_run(
      &(sys_process){
          .argv = command.at,
          .argc = command.count,
          .search_path = plugin->prefix_count || !plugin->path.ptr,
          .variables = plugin->variables,
          .variable_count = plugin->variable_count,
          .input = request,
          .output_limit = (size_t)limit_mib * MIB,
          .limit_ms = limit_s * MS_PER_S,
      },
      result, err);
}

static bool fail(const plugin_round *round, stele_str error) {
  round->words->error = stele_str_printf(round->arena, STELE_STR_FMT ": " STELE_STR_FMT,
                                         STELE_STR_ARG(round->plugin->name), STELE_STR_ARG(error));
  return false;
}

/* ---- How it ended ---------------------------------------------------------------- */

/* Where a program was looked for in vain, protoc's child says so itself. */
static bool fail_absent(const plugin_round *round, stele_str program) {
  round->words->lines = stele_str_printf(
      round->arena,
      STELE_STR_FMT ": program not found or is not executable\nPlease specify a program using "
                    "absolute path or make sure the program is available in your PATH system "
                    "variable\n",
      STELE_STR_ARG(program));
  return fail(round, STELE_STR("Plugin failed with status code 1."));
}

static bool check_end(const plugin_round *round, const sys_process_result *result,
                      stele_str program) {
  const stele_plugin *plugin = round->plugin;
  switch (result->end) {
  case SYS_PROCESS_EXITED:
    if (result->status == 0) return true;
    return fail(round, stele_str_printf(round->arena, "Plugin failed with status code %d.",
                                        result->status));
  case SYS_PROCESS_SIGNALLED:
    return fail(round,
                stele_str_printf(round->arena, "Plugin killed by signal %d.", result->status));
  case SYS_PROCESS_ABSENT: return fail_absent(round, program);
  case SYS_PROCESS_TIMED_OUT:
    return fail(round, stele_str_printf(round->arena,
                                        "Plugin did not end within %u seconds and was killed; "
                                        "STELE_PLUGIN_TIMEOUT=SECONDS gives it more.",
                                        plugin->limit_s ? plugin->limit_s : PLUGIN_MOST_S));
  case SYS_PROCESS_FLOODED: break;
  }
  return fail(round, stele_str_printf(round->arena,
                                      "Plugin output is larger than %u MiB; "
                                      "STELE_PLUGIN_LIMIT=MIB allows more.",
                                      plugin->limit_mib ? plugin->limit_mib : PLUGIN_MOST_MIB));
}

/* ---- What it said ------------------------------------------------------------------ */

static bool fail_unreadable(const plugin_round *round, stele_bytes said) {
  stele_buf text;
  stele_buf_init(&text, round->arena, 0);
  size_t shown = said.len < MOST_SHOWN_BYTES ? said.len : MOST_SHOWN_BYTES;
  stele_buf_add_cstr(&text, "Plugin output is unparseable: ");
  stele_c_escape(&text, (stele_bytes){said.ptr, shown});
  if (shown < said.len) stele_buf_printf(&text, "... (%zu bytes more)", said.len - shown);
  return fail(round, stele_buf_str(&text));
}

/* The response is one copy in the arena that all files borrow from. */
static bool take(const plugin_round *round, stele_bytes said, stele_gen_output *output,
                 stele_err *err) {
  stele_plugin_response response;
  stele_bytes bytes = stele_bytes_copy(round->arena, said);
  stele_err bad = {0};
  if (!stele_plugin_response_decode(round->arena, bytes, &response, &bad)) {
    if (bad.code == STELE_INVALID) return fail_unreadable(round, bytes);
    *err = bad;
    return false;
  }
  if (!stele_plugin_response_write(round->arena, &response, round->plugin->name, output,
                                   &round->words->error)) {
    return false;
  }
  stele_plugin_support support = {round->plugin->name, response.supported_features,
                                  response.minimum_edition, response.maximum_edition};
  round->words->lines = stele_plugin_objections(round->arena, &support, round->job->files,
                                                round->job->count, round->plugin->any_edition);
  round->words->error = response.error;
  return round->words->lines.len == 0 && round->words->error.len == 0;
}

bool stele_plugin_run(stele_arena *arena, const stele_plugin *plugin, const stele_plugin_job *job,
                      stele_gen_output *output, stele_plugin_words *words, stele_err *err) {
  plugin_round round = {arena, plugin, job, words};
  sys_process_result result;
  stele_str program;
  stele_buf request;
  *words = (stele_plugin_words){0};
  stele_buf_init(&request, NULL, 0);
  stele_plugin_request wanted = {job->files, job->count, job->parameter, plugin->name};
  bool ok = stele_plugin_request_encode(arena, &wanted, &request, err);
  if (ok) {
    ok = run(&round, stele_buf_bytes(&request), &result, &program, err) &&
         check_end(&round, &result, program) &&
         take(&round, stele_buf_bytes(&result.output), output, err);
    sys_process_result_release(&result);
  }
  stele_buf_release(&request);
  return ok;
}
