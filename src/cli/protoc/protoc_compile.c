/* The compile of `stele protoc`, and what protoc checks of its inputs between
 * linking them and everything else: --disallow_services and the lists of
 * allowed imports. protoc does that file by file and stops at the first, so
 * what comes later is never looked at; where there is something to object to
 * we compile again, only so far. */
#include "cli/protoc/protoc.h"
#include "gen/plugin_response.h"

static const size_t most_memory = (size_t)16 << 30;

bool protoc_say(protoc_run *run, const char *format, ...) {
  va_list list;
  va_start(list, format);
  stele_str text = cli_text_of(run->args, format, list);
  va_end(list);
  cli_note(run->args, STELE_STR_FMT, STELE_STR_ARG(text));
  return false;
}

/* ---- Mistakes ------------------------------------------------------------------- */

static stele_str disk_name(void *arg, stele_str name) {
  protoc_run *run = arg;
  if (run->tree.mappings.count == 0) return name;
  stele_str disk = protoc_tree_disk(&run->tree, name);
  return disk.ptr ? disk : name;
}

/* Without paths protoc knows no files to miss: only who imports them complains. */
static void drop_missing(protoc_run *run) {
  size_t count;
  const stele_finding *all = stele_report_findings(run->report, &count);
  stele_report *kept = stele_report_new(run->arena, SIZE_MAX);
  for (size_t i = 0; i < count; i++) {
    bool is_missing = all[i].line < 0 && stele_str_eq(all[i].text, STELE_STR("File not found."));
    if (!is_missing) stele_report_add(kept, &all[i]);
  }
  run->report = kept;
}

static void print_report(protoc_run *run) {
  stele_buf text;
  if (run->tree.mappings.count == 0) drop_missing(run);
  stele_buf_init(&text, run->arena, 0);
  stele_report_name_files(run->report, disk_name, run);
  stele_report_print(run->report, run->options.msvs ? STELE_REPORT_MSVS : STELE_REPORT_PROTOC,
                     &text);
  cli_note(run->args, STELE_STR_FMT, STELE_STR_ARG(stele_buf_str(&text)));
}

/* Newer editions than protoc knows are refused when all else is well. */
static bool check_editions(protoc_run *run) {
  for (size_t i = 0; i < run->count && !run->options.any_edition; i++) {
    const stele_file *file = run->files[i];
    if (file->edition <= STELE_EDITION_2026 || stele_plugin_is_exempt(file->name)) continue;
    return protoc_say(run,
                      STELE_STR_FMT ": is a file using edition %s, which is later than the protoc "
                                    "maximum supported edition 2026.\n",
                      STELE_STR_ARG(file->name), stele_edition_name(file->edition));
  }
  return true;
}

/* An import for options may be missing where files come from sets alone. */
static bool check_option_imports(protoc_run *run) {
  bool ok = true;
  for (size_t i = 0; i < run->count && run->tree.mappings.count; i++) {
    const stele_file *file = run->files[i];
    for (uint32_t k = 0; k < file->import_count; k++) {
      if (file->imports[k].file) continue;
      ok = protoc_say(run, STELE_STR_FMT ": File not found.\n",
                      STELE_STR_ARG(file->imports[k].path));
    }
  }
  return ok;
}

/* protoc does not count the one warning that is its command line's own. Without
 * paths it counts none. */
bool protoc_has_warnings(const protoc_run *run) {
  size_t count;
  const stele_finding *findings = stele_report_findings(run->report, &count);
  stele_str own = STELE_STR("Generic services (");
  if (run->options.paths.count == 0) return false;
  for (size_t i = 0; i < count; i++) {
    bool is_own = findings[i].text.len > own.len && !memcmp(findings[i].text.ptr, own.ptr, own.len);
    if (findings[i].severity == STELE_SEVERITY_WARNING && !is_own) return true;
  }
  return false;
}

/* ---- Imports that are not allowed -------------------------------------------------- */

static bool has_word(const cli_words *words, stele_str word) {
  for (size_t i = 0; i < words->count; i++) {
    if (stele_str_eq(words->at[i], word)) return true;
  }
  return false;
}

/* "FILE: " and the message, every %s in it replaced by the import. */
static void add_violation(const stele_file *file, stele_str message, stele_str import,
                          stele_buf *out) {
  stele_buf_add_str(out, file->name);
  stele_buf_add_cstr(out, ": ");
  for (size_t i = 0; i < message.len; i++) {
    if (i + 1 < message.len && message.ptr[i] == '%' && message.ptr[i + 1] == 's') {
      stele_buf_add_str(out, import);
      i++;
    } else {
      stele_buf_add_byte(out, (uint8_t)message.ptr[i]);
    }
  }
  stele_buf_add_byte(out, '\n');
}

static void check_imports(const stele_file *file, bool options, const cli_words *allowed,
                          stele_str message, stele_buf *out) {
  for (uint32_t i = 0; i < file->import_count; i++) {
    const stele_import *import = &file->imports[i];
    if ((import->kind == STELE_IMPORT_OPTION) != options || has_word(allowed, import->path))
      continue;
    add_violation(file, message, import->path, out);
  }
}

/* What there is to object to in one input. */
static void check_input(const protoc_options *o, const stele_file *file, stele_buf *out) {
  if (o->disallow_services && file->service_count) {
    stele_buf_add_str(out, file->name);
    stele_buf_add_cstr(out, ": This file contains services, but --disallow_services was used.\n");
    return;
  }
  if (o->has_direct) check_imports(file, false, &o->direct, o->direct_message, out);
  if (out->len == 0 && o->has_option) {
    check_imports(file, true, &o->option, o->option_message, out);
  }
}

/* ---- Compiling ------------------------------------------------------------------------ */

/* Sees inputs as they are linked; a schema that comes to nothing takes its files
 * along, so what there is to say of each is noted at once. */
typedef struct input_watch {
  protoc_run *run;
  stele_map objections; /* of inputs that were linked: name -> stele_str, maybe empty */
  size_t wanted;        /* stop when so many are linked; 0: never */
} input_watch;

static stele_str *objections_to(protoc_run *run, const stele_file *file) {
  stele_buf text;
  stele_buf_init(&text, run->arena, 0);
  check_input(&run->options, file, &text);
  stele_str *noted = STELE_NEW(run->arena, stele_str);
  *noted = stele_buf_str(&text);
  return noted;
}

static bool see_file(void *arg, const stele_file *file, bool is_named, stele_err *err) {
  input_watch *watch = arg;
  if (is_named) {
    stele_str name = stele_str_copy(watch->run->arena, file->name);
    *stele_map_add(&watch->objections, name) = objections_to(watch->run, file);
  }
  bool is_enough = watch->wanted && watch->objections.count == watch->wanted;
  return !is_enough || stele_fail(err, STELE_CANCELLED, "all inputs are linked");
}

static stele_str find_symbol(void *arg, stele_str full_name) {
  return protoc_tree_set_file_of(arg, full_name);
}

static const stele_schema *compile(protoc_run *run, size_t count, input_watch *watch,
                                   stele_err *err) {
  const protoc_options *o = &run->options;
  const stele_compile_options options = {
      .source_info = o->directives.count || o->include_source_info,
      .warn_unused_imports = run->tree.mappings.count > 0,
      .any_edition = true, /* see check_editions */
      .any_extension = o->mode != PROTOC_COMPILE,
      .find_symbol = o->sets_in.count ? find_symbol : NULL,
      .find_symbol_arg = &run->tree,
      .limit_bytes = most_memory,
      .emit = watch ? see_file : NULL,
      .emit_arg = watch,
  };
  run->report = stele_report_new(run->arena, SIZE_MAX);
  run->tree.text_count = 0;
  if (watch) stele_map_init(&watch->objections, run->arena, 0);
  return stele_compile(&run->tree.resolver, o->inputs.at, count, &options, run->report, err);
}

/* What is to be objected to in input `i`; NULL when it was not linked. */
static const stele_str *find_objections(protoc_run *run, const input_watch *watch, size_t i) {
  if (!run->schema) return stele_map_find(&watch->objections, run->options.inputs.at[i]);
  return objections_to(run, run->files[i]);
}

static size_t count_distinct(protoc_run *run, size_t count) {
  stele_map names;
  stele_map_init(&names, run->arena, 0);
  for (size_t i = 0; i < count; i++) *stele_map_add(&names, run->options.inputs.at[i]) = run;
  return names.count;
}

/* Looks at the inputs in order, up to one that has mistakes. At the first with
 * objections: prints what the compile says up to it, then those. */
static bool check_inputs(protoc_run *run) {
  const protoc_options *o = &run->options;
  stele_err ignored = {0};
  input_watch watch = {.run = run};
  if (!o->has_direct && !o->has_option && !o->disallow_services) return true;
  if (!run->schema) stele_schema_unref(compile(run, o->inputs.count, &watch, &ignored));
  for (size_t i = 0; i < o->inputs.count; i++) {
    const stele_str *text = find_objections(run, &watch, i);
    if (!text) break;
    if (text->len == 0) continue;
    input_watch again = {.run = run, .wanted = count_distinct(run, i + 1)};
    stele_schema_unref(compile(run, i + 1, &again, &ignored));
    print_report(run);
    return protoc_say(run, STELE_STR_FMT, STELE_STR_ARG(*text));
  }
  return true;
}

static void find_files(protoc_run *run) {
  const protoc_options *o = &run->options;
  run->count = o->inputs.count;
  run->files = STELE_NEW_ARRAY(run->arena, const stele_file *, run->count);
  for (size_t i = 0; i < run->count; i++) {
    run->files[i] = stele_schema_file(run->schema, o->inputs.at[i]);
  }
}

bool protoc_compile(protoc_run *run) {
  stele_err err = {0};
  run->schema = compile(run, run->options.inputs.count, NULL, &err);
  if (run->schema) find_files(run);
  const stele_report *report = run->report;
  if (!check_inputs(run)) return false;
  bool said = err.code == STELE_INVALID && stele_report_has_errors(report);
  print_report(run);
  if (run->schema) return check_editions(run) && check_option_imports(run);
  return said ? false : protoc_say(run, "%s\n", err.msg);
}
