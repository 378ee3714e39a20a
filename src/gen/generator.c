/* The table, and the one guard around all of them. */
#include "gen/generator.h"

#include "base/guard.h"
#include "gen/python/python.h"

static const stele_generator_option no_options[] = {{0}};
static const stele_generator_option python_options[] = {
    {"pyi", "true", "also write .pyi stubs; \"only\": nothing else"},
    {0},
};

const stele_generator stele_generators[] = {
#define X(name, title, run, suffixes, options, note) {#name, title, run, suffixes, options},
    STELE_GENERATORS(X)
#undef X
};
const size_t stele_generator_count = STELE_COUNT(stele_generators);

const stele_generator *stele_generator_find(stele_str name) {
  for (size_t i = 0; i < stele_generator_count; i++) {
    if (stele_str_eq(name, stele_cstr(stele_generators[i].name))) return &stele_generators[i];
  }
  return NULL;
}

static bool is_option(const stele_generator *generator, stele_str name) {
  const stele_generator_option *option = generator->options;
  while (option->name && !stele_str_eq(name, stele_cstr(option->name))) option++;
  return option->name != NULL;
}

/* Every name in the parameter has its row. */
static bool check_parameter(const stele_generator *generator, stele_str parameter, stele_err *err) {
  for (size_t at = 0; at < parameter.len;) {
    size_t end = at, name_end;
    while (end < parameter.len && parameter.ptr[end] != ',') end++;
    for (name_end = at; name_end < end && parameter.ptr[name_end] != '='; name_end++) continue;
    stele_str name = {parameter.ptr + at, name_end - at};
    if (name.len && !is_option(generator, name)) {
      int shown = name.len > 60 ? 60 : (int)name.len;
      return stele_fail(err, STELE_INVALID, "%s code has no option \"%.*s\"", generator->title,
                        shown, name.ptr);
    }
    at = end + 1;
  }
  return true;
}

typedef struct generate_job {
  const stele_generator *generator;
  stele_gen_request request;
  stele_gen_output *output;
  stele_err *err;
  bool ok;
} generate_job;

static void run_guarded(void *arg) {
  generate_job *job = arg;
  job->ok = job->generator->run(&job->request, job->output, job->err);
}

bool stele_generate(const stele_generator *generator, stele_arena *arena,
                    const stele_file *const *files, size_t count, stele_str parameter,
                    stele_gen_output *output, stele_err *err) {
  if (!generator->run) {
    return stele_fail(err, STELE_UNSUPPORTED, "%s code is not available yet", generator->title);
  }
  if (!check_parameter(generator, parameter, err)) return false;
  stele_arena *scratch = stele_arena_new_scratch(arena);
  if (!scratch) return stele_fail(err, STELE_NO_MEMORY, "no memory for generating code");
  generate_job job = {.generator = generator,
                      .request = {arena, scratch, files, count, parameter},
                      .output = output,
                      .err = err};
  bool ok = stele_guard_run(arena, run_guarded, &job, err) && job.ok;
  stele_arena_free(scratch);
  return ok;
}
