/* What only a real protoc can do is given to one: it reads a descriptor set that
 * we have compiled, so it parses nothing, and writes into a folder of ours,
 * from which its files join those of other generators.
 *
 * It is the one that STELE_PROTOC names, else the first `protoc` in PATH that
 * is not this program. Since a copy of this program looks like any other file,
 * a mark in the environment keeps two of them from asking each other for ever. */
#include "cli/protoc/protoc.h"
#include "sys/file.h"
#include "sys/process.h"

#define MARK "STELE_PROTOC_DELEGATE"

enum { MOST_FILES = 1000000, MOST_SECONDS = 3600, MS_PER_S = 1000 };
static const size_t most_errors = (size_t)64 << 20, most_file = (size_t)2 << 30;

/* ---- Which one ------------------------------------------------------------------------ */

/* Empty when there is none. */
static stele_str find_protoc(protoc_run *run) {
  stele_str named = sys_env("STELE_PROTOC"), own = sys_process_own_path(run->arena);
  if (named.len) return named;
  for (size_t folder = 0;;) {
    stele_str found = sys_path_search(run->arena, STELE_STR("protoc"), &folder);
    if (found.len == 0 || !sys_path_is_same(found, own)) return found;
  }
}

static bool fail_without(protoc_run *run, stele_str flag, const char *what, const char *why) {
  return protoc_say(run,
                    STELE_STR_FMT ": %s is written by a protoc, and %s. Install one, or name it: "
                                  "STELE_PROTOC=/path/to/protoc.\n",
                    STELE_STR_ARG(flag), what, why);
}

/* ---- Asking it -------------------------------------------------------------------------- */

static bool make_temp_dir(protoc_run *run, stele_err *err) {
  return run->temp_dir.len || sys_dir_temp(run->arena, "stele-protoc", &run->temp_dir, err);
}

/* The set is the same for all of them, and written once. */
static bool write_input(protoc_run *run) {
  stele_err err = {0};
  if (!make_temp_dir(run, &err)) return protoc_say(run, "%s\n", err.msg);
  if (run->set_path.len) return true;
  run->set_path =
      stele_str_printf(run->arena, STELE_STR_FMT "/set.binpb", STELE_STR_ARG(run->temp_dir));
  return protoc_write_set(run, run->set_path, true);
}

/* Arguments go through a file: there may be more than a command line takes. */
static bool write_arguments(protoc_run *run, const cli_words *flags, stele_str path) {
  stele_buf text;
  stele_err err = {0};
  bool is_open;
  stele_buf_init(&text, run->arena, 0);
  for (size_t i = 0; i < flags->count; i++) {
    stele_buf_add_str(&text, flags->at[i]);
    stele_buf_add_byte(&text, '\n');
  }
  for (size_t i = 0; i < run->count; i++) {
    stele_buf_add_str(&text, run->files[i]->name);
    stele_buf_add_byte(&text, '\n');
  }
  return sys_file_overwrite(path, stele_buf_bytes(&text), &is_open, &err) ||
         protoc_say(run, "%s\n", err.msg);
}

/* Its words are ours, but for the one warning that we gave already. */
static void repeat_errors(protoc_run *run, stele_str errors) {
  static const char own[] = ": warning: Generic services (cc_generic_services";
  stele_buf text;
  stele_buf_init(&text, run->arena, 0);
  while (errors.len) {
    const char *end = memchr(errors.ptr, '\n', errors.len);
    size_t len = end ? (size_t)(end - errors.ptr) + 1 : errors.len;
    if (!memmem(errors.ptr, len, own, sizeof own - 1)) stele_buf_add(&text, errors.ptr, len);
    errors = (stele_str){errors.ptr + len, errors.len - len};
  }
  if (text.len) (void)protoc_say(run, STELE_STR_FMT, STELE_STR_ARG(stele_buf_str(&text)));
}

static bool check_end(protoc_run *run, stele_str protoc, const sys_process_result *result) {
  switch (result->end) {
  case SYS_PROCESS_EXITED: return result->status == 0;
  case SYS_PROCESS_ABSENT:
    return protoc_say(run, STELE_STR_FMT ": not found, or no program\n", STELE_STR_ARG(protoc));
  case SYS_PROCESS_SIGNALLED:
    return protoc_say(run, STELE_STR_FMT ": killed by signal %d\n", STELE_STR_ARG(protoc),
                      result->status);
  case SYS_PROCESS_TIMED_OUT:
  case SYS_PROCESS_FLOODED: break;
  }
  return protoc_say(run, STELE_STR_FMT ": did not end within an hour\n", STELE_STR_ARG(protoc));
}

static bool ask(protoc_run *run, stele_str protoc, const cli_words *flags) {
  static const stele_str mark = STELE_STR_INIT(MARK "=1");
  stele_str path =
      stele_str_printf(run->arena, STELE_STR_FMT "/arguments", STELE_STR_ARG(run->temp_dir));
  if (!write_arguments(run, flags, path)) return false;
  stele_str argv[2] = {protoc,
                       stele_str_printf(run->arena, "@" STELE_STR_FMT, STELE_STR_ARG(path))};
  stele_err err = {0};
  sys_process_result result;
  cli_flush(run->args);
  bool ok = sys_process_run(&(sys_process){.argv = argv,
                                           .argc = STELE_COUNT(argv),
                                           .variables = &mark,
                                           .variable_count = 1,
                                           .errors_limit = most_errors,
                                           .limit_ms = MOST_SECONDS * MS_PER_S},
                            &result, &err);
  if (ok) {
    repeat_errors(run, stele_buf_str(&result.errors));
    ok = check_end(run, protoc, &result);
  } else {
    (void)protoc_say(run, "%s\n", err.msg);
  }
  sys_process_result_release(&result);
  return ok;
}

/* ---- Its files ---------------------------------------------------------------------------- */

static bool take_files(protoc_run *run, stele_str dir, stele_gen_output *output) {
  sys_paths paths;
  stele_err err = {0};
  bool ok = sys_dir_list(run->arena, dir, STELE_STR(""), MOST_FILES, &paths, &err);
  for (size_t i = 0; ok && i < paths.count; i++) {
    stele_bytes content;
    stele_str path = stele_str_printf(run->arena, STELE_STR_FMT "/" STELE_STR_FMT,
                                      STELE_STR_ARG(dir), STELE_STR_ARG(paths.at[i]));
    ok = sys_file_read(run->arena, path, most_file, &content, &err) &&
         stele_gen_output_add(output, paths.at[i], stele_bytes_str(content), &err);
  }
  return ok || protoc_say(run, "%s\n", err.msg);
}

static void add_flag(protoc_run *run, cli_words *flags, const char *name, stele_str value) {
  STELE_VEC_PUSH(run->arena, flags,
                 stele_str_printf(run->arena, "%s=" STELE_STR_FMT, name, STELE_STR_ARG(value)));
}

/* The flags that all questions share. */
static bool begin(protoc_run *run, stele_str flag, const char *what, stele_str *protoc,
                  cli_words *flags) {
  *protoc = find_protoc(run);
  if (protoc->len == 0) return fail_without(run, flag, what, "there is none in PATH");
  if (sys_env(MARK).ptr)
    return fail_without(run, flag, what, "the one that was found is Stele again");
  if (!write_input(run)) return false;
  add_flag(run, flags, "--descriptor_set_in", run->set_path);
  if (run->options.any_edition)
    STELE_VEC_PUSH(run->arena, flags, STELE_STR("--experimental_editions"));
  return true;
}

bool protoc_delegate(protoc_run *run, const protoc_directive *directive, stele_str option,
                     stele_gen_output *output) {
  const protoc_language *language = directive->language;
  stele_str protoc, dir;
  cli_words flags = {0};
  stele_err err = {0};
  if (!begin(run, directive->flag, language->help, &protoc, &flags)) return false;
  dir = stele_str_printf(run->arena, STELE_STR_FMT "/%s", STELE_STR_ARG(run->temp_dir),
                         language->out + 2);
  if (!sys_dir_remove(dir, &err) || !sys_dir_make(dir, &err))
    return protoc_say(run, "%s\n", err.msg);
  add_flag(run, &flags, language->out,
           stele_str_printf(run->arena, STELE_STR_FMT ":" STELE_STR_FMT,
                            STELE_STR_ARG(directive->parameter), STELE_STR_ARG(dir)));
  if (option.len && language->option) add_flag(run, &flags, language->option, option);
  if (run->options.trace) add_flag(run, &flags, "--enable_codegen_trace", STELE_STR("yes"));
  return ask(run, protoc, &flags) && take_files(run, dir, output);
}
