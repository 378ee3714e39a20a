/* The generators of `stele protoc`: our own, plugins, and a real protoc for the
 * rest. All of them write into memory, one set of files for each place, so that
 * a plugin can insert into what another made; only then is anything written. */
#include "cli/protoc/protoc.h"
#include "gen/generator.h"
#include "gen/plugin_response.h"
#include "gen/zip.h"
#include "plugin/plugin.h"
#include "sys/file.h"

/* Complaints about files are told where they arise, and end it only later. */
static void tell_complaints(protoc_run *run, protoc_output *output) {
  stele_str all = stele_gen_output_complaints(output->files);
  stele_str new = {all.ptr + output->said, all.len - output->said};
  if (new.len) (void)protoc_say(run, STELE_STR_FMT, STELE_STR_ARG(new));
  output->said = all.len;
}

/* ---- Our own generators ------------------------------------------------------------- */

/* What the languages that Stele writes itself may be told. */
typedef enum own_effect {
  OWN_NOTHING,
  OWN_STUBS_TOO, /* also what --pyi_out makes */
  OWN_DELEGATE,  /* only a real protoc can do that */
} own_effect;

static const struct {
  const char *flag, *name;
  bool is_suffix; /* any name that ends so */
  own_effect effect;
} own_parameters[] = {
    {"--python_out", "pyi_out", false, OWN_STUBS_TOO},
    {"--python_out", "annotate_code", false, OWN_NOTHING},
    {"--python_out", "experimental_strip_nonfunctional_codegen", false, OWN_DELEGATE},
    {"--pyi_out", "annotate_code", false, OWN_DELEGATE},
    {"--pyi_out", ".pyi", true, OWN_DELEGATE},
    {"--pyi_out", "experimental_strip_nonfunctional_codegen", false, OWN_DELEGATE},
};

static bool matches(stele_str name, const char *wanted, bool is_suffix) {
  size_t len = strlen(wanted);
  if (is_suffix ? name.len < len : name.len != len) return false;
  return memcmp(name.ptr + name.len - len, wanted, len) == 0;
}

static bool find_effect(stele_str flag, stele_str name, own_effect *out) {
  for (size_t i = 0; i < STELE_COUNT(own_parameters); i++) {
    if (!matches(flag, own_parameters[i].flag, false)) continue;
    if (!matches(name, own_parameters[i].name, own_parameters[i].is_suffix)) continue;
    if (own_parameters[i].effect > *out) *out = own_parameters[i].effect;
    return true;
  }
  return false;
}

/* The strongest effect of all names in a parameter; false with an unknown one:
 * the first for --pyi_out, the last for --python_out, as it is with protoc. */
static bool read_parameter(stele_str flag, stele_str parameter, own_effect *effect,
                           stele_str *unknown) {
  bool takes_first = matches(flag, "--pyi_out", false);
  *unknown = (stele_str){NULL, 0};
  for (size_t at = 0; at < parameter.len;) {
    size_t end = at, name = at;
    while (end < parameter.len && parameter.ptr[end] != ',') end++;
    while (name < end && parameter.ptr[name] != '=') name++;
    stele_str part = {parameter.ptr + at, name - at};
    if (end > at && !find_effect(flag, part, effect) && !(takes_first && unknown->ptr)) {
      *unknown = part;
    }
    at = end + 1;
  }
  return unknown->ptr == NULL;
}

static stele_str join_parameters(protoc_run *run, stele_str first, stele_str second) {
  if (first.len == 0 || second.len == 0) return first.len ? first : second;
  return stele_str_printf(run->arena, STELE_STR_FMT "," STELE_STR_FMT, STELE_STR_ARG(first),
                          STELE_STR_ARG(second));
}

static bool run_own(protoc_run *run, const protoc_directive *directive, own_effect effect,
                    stele_gen_output *output) {
  enum { ALL_FEATURES = STELE_PLUGIN_PROTO3_OPTIONAL | STELE_PLUGIN_EDITIONS };
  const protoc_language *language = directive->language;
  stele_plugin_support support = {directive->flag, ALL_FEATURES, STELE_EDITION_PROTO2,
                                  STELE_EDITION_2026};
  stele_str objections = stele_plugin_objections(run->arena, &support, run->files, run->count,
                                                 run->options.any_edition);
  if (objections.len) {
    return protoc_say(run, STELE_STR_FMT STELE_STR_FMT ": \n", STELE_STR_ARG(objections),
                      STELE_STR_ARG(directive->flag));
  }
  stele_err err = {0};
  stele_str parameter = stele_cstr(effect == OWN_STUBS_TOO ? "" : language->parameter);
  const stele_generator *generator = stele_generator_find(stele_cstr(language->generator));
  if (stele_generate(generator, run->arena, run->files, run->count, parameter, output, &err)) {
    return true;
  }
  return protoc_say(run, STELE_STR_FMT ": %s\n", STELE_STR_ARG(directive->flag), err.msg);
}

static bool run_language(protoc_run *run, const protoc_directive *directive,
                         protoc_output *output) {
  const protoc_named *more = protoc_find(&run->options.language_options, directive->flag);
  stele_str option = more ? more->value : (stele_str){NULL, 0}, unknown;
  own_effect effect = OWN_NOTHING;
  if (!directive->language->generator)
    return protoc_delegate(run, directive, option, output->files);
  if (!read_parameter(directive->flag, join_parameters(run, directive->parameter, option), &effect,
                      &unknown)) {
    return protoc_say(
        run, STELE_STR_FMT ": " STELE_STR_FMT ": Unknown generator option: " STELE_STR_FMT "\n",
        STELE_STR_ARG(directive->flag), STELE_STR_ARG(run->files[0]->name), STELE_STR_ARG(unknown));
  }
  if (effect == OWN_DELEGATE) return protoc_delegate(run, directive, option, output->files);
  return run_own(run, directive, effect, output->files);
}

/* ---- Plugins ---------------------------------------------------------------------------- */

static cli_words words_of(stele_arena *arena, stele_str text) {
  cli_words words = {0};
  for (size_t at = 0; at < text.len;) {
    size_t end = at;
    while (end < text.len && text.ptr[end] != ' ' && text.ptr[end] != '\t') end++;
    if (end > at) STELE_VEC_PUSH(arena, &words, (stele_str){text.ptr + at, end - at});
    at = end + 1;
  }
  return words;
}

static bool run_plugin(protoc_run *run, const protoc_directive *directive, protoc_output *output) {
  static const stele_str trace = STELE_STR_INIT("PROTOC_CODEGEN_TRACE=yes");
  const protoc_options *o = &run->options;
  stele_plugin plugin = {.name = protoc_plugin_name(run->arena, directive->flag),
                         .any_edition = o->any_edition};
  const protoc_named *path = protoc_find(&o->plugins, plugin.name);
  const protoc_named *more = protoc_find(&o->plugin_options, plugin.name);
  const protoc_named *prefix = protoc_find(&o->prefixes, plugin.name);
  cli_words words = words_of(run->arena, prefix ? prefix->value : (stele_str){NULL, 0});
  if (path) plugin.path = path->value;
  plugin.prefix = words.at;
  plugin.prefix_count = words.count;
  plugin.variables = &trace;
  plugin.variable_count = o->trace && !sys_env("PROTOC_CODEGEN_TRACE").ptr;
  stele_plugin_limits(&plugin);

  stele_plugin_words said;
  stele_err err = {0};
  stele_plugin_job job = {
      run->files, run->count,
      join_parameters(run, directive->parameter, more ? more->value : (stele_str){NULL, 0})};
  cli_flush(run->args);
  bool ok = stele_plugin_run(run->arena, &plugin, &job, output->files, &said, &err);
  tell_complaints(run, output);
  if (ok) return true;
  if (err.code) said.error = stele_cstr(err.msg);
  return protoc_say(run, STELE_STR_FMT STELE_STR_FMT ": " STELE_STR_FMT "\n",
                    STELE_STR_ARG(said.lines), STELE_STR_ARG(directive->flag),
                    STELE_STR_ARG(said.error));
}

/* ---- All of them --------------------------------------------------------------------------- */

static bool ends_with(stele_str text, const char *end) {
  size_t len = strlen(end);
  return text.len >= len && memcmp(text.ptr + text.len - len, end, len) == 0;
}

static bool is_archive(stele_str location) {
  return ends_with(location, ".zip") || ends_with(location, ".jar") ||
         ends_with(location, ".srcjar");
}

static protoc_output *output_of(protoc_run *run, protoc_outputs *outputs, stele_str location) {
  if (location.len && !is_archive(location) && !ends_with(location, "/")) {
    location = stele_str_printf(run->arena, STELE_STR_FMT "/", STELE_STR_ARG(location));
  }
  for (size_t i = 0; i < outputs->count; i++) {
    if (stele_str_eq(outputs->at[i].location, location)) return &outputs->at[i];
  }
  protoc_output *output = STELE_VEC_ADD(run->arena, outputs);
  *output = (protoc_output){.location = location, .files = stele_gen_output_new(run->arena)};
  stele_gen_output_be_lenient(output->files);
  return output;
}

bool protoc_generate(protoc_run *run, protoc_outputs *outputs) {
  for (size_t i = 0; i < run->options.directives.count; i++) {
    const protoc_directive *directive = &run->options.directives.at[i];
    protoc_output *output = output_of(run, outputs, directive->location);
    bool ok = (directive->language ? run_language : run_plugin)(run, directive, output);
    tell_complaints(run, output);
    if (!ok) return false;
  }
  return true;
}

/* ---- Onto the disk -----------------------------------------------------------------------------
 */

/* The folders between `location` and a file in it. */
static bool make_folders(protoc_run *run, stele_str location, stele_str name) {
  stele_str path = stele_str_printf(run->arena, STELE_STR_FMT STELE_STR_FMT,
                                    STELE_STR_ARG(location), STELE_STR_ARG(name));
  size_t last = path.len;
  while (last > location.len && path.ptr[last - 1] != '/' && path.ptr[last - 1] != '\\') last--;
  for (size_t at = location.len; at < last; at++) {
    bool is_slash = path.ptr[at] == '/' || path.ptr[at] == '\\';
    bool is_empty = at == location.len || path.ptr[at - 1] == '/' || path.ptr[at - 1] == '\\';
    if (!is_slash || is_empty) continue;
    stele_err err = {0};
    if (sys_dir_make_one((stele_str){path.ptr, at}, &err)) continue;
    return protoc_say(run, STELE_STR_FMT ": while trying to create directory %s\n",
                      STELE_STR_ARG(name), err.msg);
  }
  return true;
}

static bool has_escape(stele_str name) {
  return name.len && memmem(name.ptr, name.len, "..", 2);
}

/* protoc ends these complaints without a line end, and so do we. */
static bool write_file(protoc_run *run, stele_str location, const stele_gen_file *file) {
  if (!run->options.escape_allowed && has_escape(file->path)) {
    return protoc_say(run,
                      "Output file names must never have a relative path. (" STELE_STR_FMT
                      "). Use --unsafe_allow_out_dir_escape to disable this error if "
                      "intentional.\n",
                      STELE_STR_ARG(file->path));
  }
  if (!make_folders(run, location, file->path)) return false;
  stele_str path = stele_str_printf(run->arena, STELE_STR_FMT STELE_STR_FMT,
                                    STELE_STR_ARG(location), STELE_STR_ARG(file->path));
  stele_err err = {0};
  bool is_open;
  if (sys_file_overwrite(path, stele_str_bytes(file->content), &is_open, &err)) return true;
  if (!is_open) return protoc_say(run, "%s", err.msg);
  const char *why = strlen(err.msg) > path.len ? err.msg + path.len : "";
  return protoc_say(run, STELE_STR_FMT ": write%s", STELE_STR_ARG(path), why);
}

static bool write_folder(protoc_run *run, const protoc_output *output) {
  size_t count;
  const stele_gen_file *files = stele_gen_output_files(output->files, &count);
  stele_err err = {0};
  if (!sys_path_exists(output->location, &err)) return protoc_say(run, "%s\n", err.msg);
  for (size_t i = 0; i < count; i++) {
    if (!write_file(run, output->location, &files[i])) return false;
  }
  return true;
}

/* protoc lets names escape from an archive. */
static void warn_escapes(protoc_run *run, const stele_gen_file *files, size_t count) {
  for (size_t i = 0; i < count && !run->options.escape_allowed; i++) {
    if (!has_escape(files[i].path)) continue;
    (void)protoc_say(run,
                     "WARNING: Output file names must never have a relative path. (" STELE_STR_FMT
                     "). This will become an error in a future breaking change release of "
                     "Protobuf. Use --unsafe_allow_out_dir_escape to suppress this warning if "
                     "intentional.\n",
                     STELE_STR_ARG(files[i].path));
  }
}

static bool write_archive(protoc_run *run, const protoc_output *output) {
  size_t count;
  stele_buf bytes;
  stele_err err = {0};
  bool is_open;
  const stele_gen_file *files = stele_gen_output_files(output->files, &count);
  stele_buf_init(&bytes, NULL, 0);
  warn_escapes(run, files, count);
  stele_gen_zip(files, count, &bytes);
  bool ok = bytes.failed
                ? stele_fail(&err, STELE_NO_MEMORY, "no memory for an archive")
                : sys_file_overwrite(output->location, stele_buf_bytes(&bytes), &is_open, &err);
  stele_buf_release(&bytes);
  return ok || protoc_say(run, "%s%s", err.msg, is_open ? "\n" : "");
}

/* A .jar has a manifest, be it one that a generator made. */
static void add_manifest(const protoc_output *output) {
  size_t count;
  const stele_gen_file *files = stele_gen_output_files(output->files, &count);
  stele_err ignored = {0};
  for (size_t i = 0; i < count; i++) {
    if (stele_str_eq(files[i].path, stele_gen_jar_manifest.path)) return;
  }
  (void)!stele_gen_output_add(output->files, stele_gen_jar_manifest.path,
                              stele_gen_jar_manifest.content, &ignored);
}

/* Nothing is written anywhere while there is a complaint. */
static bool has_complaints(const protoc_outputs *outputs) {
  for (size_t i = 0; i < outputs->count; i++) {
    if (stele_gen_output_complaints(outputs->at[i].files).len) return true;
  }
  return false;
}

bool protoc_write_outputs(protoc_run *run, const protoc_outputs *outputs) {
  if (has_complaints(outputs)) return false;
  for (size_t i = 0; i < outputs->count; i++) {
    const protoc_output *output = &outputs->at[i];
    if (ends_with(output->location, ".jar")) add_manifest(output);
    bool is_folder = ends_with(output->location, "/");
    if (!(is_folder ? write_folder : write_archive)(run, output)) return false;
  }
  return true;
}
