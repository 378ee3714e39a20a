/* A .proto file is compiled as `stele build` does it; other sources go through
 * the input module; what a registry has is fetched with its references. */
#include "cli/message/type_source.h"

#include "base/distance.h"
#include "cli/remote/registry_files.h"
#include "input/input.h"
#include "proto/message/object.h"
#include "proto/report/report.h"
#include "sys/file.h"
#include "sys/terminal.h"

enum { MOST_CANDIDATES = 8 };

/* ---- Taking a schema in ------------------------------------------------------ */

static bool add_schema(type_source *source, const stele_schema *schema) {
  stele_err err = {0};
  stele_layouts *layouts = stele_layouts_new(schema, &err);
  if (!layouts) {
    (void)cli_fail_err(source->args, &err);
    return false;
  }
  STELE_VEC_PUSH(cli_arena(source->args), &source->layouts, layouts);
  return true;
}

static void add_file(type_source *source, const stele_file *file) {
  STELE_VEC_PUSH(cli_arena(source->args), &source->files, file);
}

static void print_report(type_source *source, const stele_report *report) {
  stele_buf text;
  bool is_terminal = sys_terminal_is(cli_err_fd(source->args));
  stele_buf_init(&text, cli_arena(source->args), 0);
  stele_report_print(report, is_terminal ? STELE_REPORT_PRETTY : STELE_REPORT_PROTOC, &text);
  if (text.len) cli_note(source->args, STELE_STR_FMT, STELE_STR_ARG(stele_buf_str(&text)));
}

static const stele_schema *compile(type_source *source, stele_resolver *resolver,
                                   const stele_str *names, size_t count) {
  static const stele_compile_options options = {.use_builtin = true};
  stele_report *report = stele_report_new(cli_arena(source->args), 0);
  stele_err err = {0};
  const stele_schema *schema = stele_compile(resolver, names, count, &options, report, &err);
  print_report(source, report);
  if (!schema && err.code != STELE_INVALID) (void)cli_fail_err(source->args, &err);
  if (!schema && err.code == STELE_INVALID && !stele_report_has_errors(report)) {
    (void)cli_fail_err(source->args, &err);
  }
  return schema;
}

/* ---- Files ------------------------------------------------------------------- */

static bool open_proto_file(type_source *source, stele_str path) {
  cli_import_dirs dirs;
  cli_names names = {0};
  stele_err err = {0};
  cli_import_dirs_init(&dirs, cli_arena(source->args));
  for (size_t i = 0; cli_value_nth(source->args, "I", i).ptr; i++) {
    cli_import_dirs_add(&dirs, cli_value_nth(source->args, "I", i));
  }
  if (dirs.dirs.count == 0) cli_import_dirs_add(&dirs, STELE_STR("."));
  bool ok = cli_import_dirs_expand(&dirs, path, &names, &err);
  if (!ok) (void)cli_fail_err(source->args, &err);
  const stele_schema *schema = ok ? compile(source, &dirs.resolver, names.at, names.count) : NULL;
  for (size_t i = 0; schema && i < names.count; i++) {
    add_file(source, stele_schema_file(schema, names.at[i]));
  }
  ok = schema && add_schema(source, schema);
  stele_schema_unref(schema); /* the layouts keep it */
  cli_import_dirs_release(&dirs);
  return ok;
}

static bool open_input(type_source *source, stele_str text) {
  input in;
  stele_err err = {0};
  input_options options = {.flag = "--schema"};
  bool ok = input_open(cli_arena(source->args), text, &options, &in, &err);
  if (!ok) (void)cli_fail_err(source->args, &err);
  if (ok && stele_report_has_errors(in.report)) {
    print_report(source, in.report);
    ok = false;
  }
  for (size_t i = 0; ok && i < in.schemas.count; i++) ok = add_schema(source, in.schemas.at[i]);
  for (size_t i = 0; ok && i < in.count; i++) {
    for (size_t j = 0; j < in.trees[i].count; j++) {
      if (!in.trees[i].files[j].is_import) add_file(source, in.trees[i].files[j].file);
    }
  }
  input_close(&in);
  return ok;
}

/* ---- A registry -------------------------------------------------------------- */

/* Texts by import name. */
typedef struct fetched {
  stele_resolver resolver; /* first: the compile's callback casts back */
  const stele_archive_file *files;
  size_t count;
} fetched;

static bool find_fetched(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  const fetched *f = (const fetched *)self;
  (void)err;
  for (size_t i = 0; i < f->count; i++) {
    if (!stele_str_eq(f->files[i].path, path)) continue;
    *out = (stele_found){.kind = STELE_FOUND_TEXT, .bytes = f->files[i].content};
    return true;
  }
  return true;
}

static bool open_registry(type_source *source, stele_str what) {
  fetched f = {.resolver = {.find = find_fetched}};
  stele_str name;
  if (!registry_files_fetch_one(source->args, cli_arena(source->args), what, &f.files, &f.count,
                                &name)) {
    return false;
  }
  const stele_schema *schema = compile(source, &f.resolver, &name, 1);
  if (!schema) return false;
  add_file(source, stele_schema_file(schema, name));
  bool ok = add_schema(source, schema);
  stele_schema_unref(schema);
  return ok;
}

/* ---- The face ------------------------------------------------------------------- */

bool type_source_open(type_source *source, cli_args *args, stele_str text) {
  static const char ending[] = ".proto";
  size_t suffix = sizeof ending - 1;
  stele_str what;
  *source = (type_source){.args = args};
  if (registry_files_name_one(text, &what)) return open_registry(source, what);
  bool is_proto = text.len > suffix && memcmp(text.ptr + text.len - suffix, ending, suffix) == 0;
  bool has_dirs = cli_given(args, "I");
  return is_proto || has_dirs ? open_proto_file(source, text) : open_input(source, text);
}

void type_source_close(type_source *source) {
  for (size_t i = 0; i < source->layouts.count; i++) stele_layouts_unref(source->layouts.at[i]);
  source->layouts.count = 0;
}

/* The type whose last name is nearest in spelling, of those as near the first. */
static void look_for_nearest(const stele_message *types, uint32_t count, stele_str last,
                             size_t *best, stele_str *found) {
  for (uint32_t i = 0; i < count; i++) {
    if (types[i].is_map_entry) continue;
    size_t far = stele_distance(last, types[i].name, *best);
    if (far < *best) *best = far, *found = types[i].full_name;
    look_for_nearest(types[i].messages, types[i].message_count, last, best, found);
  }
}

static stele_str nearest_type(const type_source *source, stele_str name) {
  stele_str found = {NULL, 0}, last = name;
  for (size_t i = name.len; i-- > 0 && name.ptr[i] != '.';) {
    last = (stele_str){name.ptr + i, name.len - i};
  }
  size_t best = stele_distance_limit(last);
  for (size_t i = 0; i < source->files.count; i++) {
    const stele_file *file = source->files.at[i];
    look_for_nearest(file->messages, file->message_count, last, &best, &found);
  }
  return found;
}

const stele_layout *type_source_find(type_source *source, stele_str name, stele_err *err) {
  if (name.len && name.ptr[0] == '.') name = (stele_str){name.ptr + 1, name.len - 1};
  for (size_t i = 0; i < source->layouts.count; i++) {
    const stele_layout *found = stele_layouts_find(source->layouts.at[i], name, err);
    if (found || err->code != STELE_NOT_FOUND) return found;
  }
  stele_str meant = nearest_type(source, name);
  (void)stele_fail(err, STELE_NOT_FOUND,
                   meant.len ? "no message type " STELE_STR_FMT
                               " in the schema; did you mean " STELE_STR_FMT "?"
                             : "no message type " STELE_STR_FMT " in the schema",
                   STELE_STR_ARG(name), STELE_STR_ARG(meant));
  return NULL;
}

const stele_layout *type_source_of(type_source *source, const stele_message *type, stele_err *err) {
  return type_source_find(source, type->full_name, err);
}

/* Names what could be meant, when nothing was said and there is more than one. */
static void fail_choice(type_source *source, size_t total) {
  stele_buf names;
  size_t shown = 0;
  stele_buf_init(&names, cli_arena(source->args), 0);
  for (size_t i = 0; i < source->files.count; i++) {
    for (uint32_t j = 0; j < source->files.at[i]->message_count && shown < MOST_CANDIDATES; j++) {
      stele_buf_add_cstr(&names, shown++ ? ", " : "");
      stele_buf_add_str(&names, source->files.at[i]->messages[j].full_name);
    }
  }
  if (shown < total) stele_buf_add_cstr(&names, ", \xe2\x80\xa6");
  (void)cli_fail(source->args, total ? "which type? --type NAME: %.*s" : "there is no message%.*s",
                 (int)names.len, names.ptr ? names.ptr : "");
}

const stele_layout *type_source_layout(type_source *source) {
  stele_str name = cli_value(source->args, "type");
  stele_err err = {0};
  const stele_layout *found = NULL;
  if (name.len) {
    found = type_source_find(source, name, &err);
  } else {
    size_t total = 0;
    const stele_message *only = NULL;
    for (size_t i = 0; i < source->files.count; i++) {
      total += source->files.at[i]->message_count;
      if (source->files.at[i]->message_count) only = &source->files.at[i]->messages[0];
    }
    if (total != 1) {
      fail_choice(source, total);
      return NULL;
    }
    found = type_source_of(source, only, &err);
  }
  if (!found) (void)cli_fail_err(source->args, &err);
  return found;
}
