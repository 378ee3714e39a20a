/* tests/golden/{lint,breaking}/<RULE>/cases.txt -> oracle.txt: what the tool
 * that teams come from finds (only tools/oracle_rules writes it); for rules of
 * ours, want.txt.
 *
 * A file of cases is texts between headings:
 *   === label              a case; what follows belongs to it
 *   version v1             the version of the configuration; v2 when not given
 *   config {"use": […]}    its lint or breaking section; the rule alone when not given
 *   -- old/a.proto         a file: in old/ and new/ for breaking, plain for lint
 * A finding is a line "path:line:column-line:column RULE message". */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/vec.h"
#include "check/judge/judge.h"
#include "fmt/json.h"
#include "harness/test.h"
#include "proto/compile/compile.h"

typedef struct case_file {
  stele_str path, text;
} case_file;

typedef STELE_VEC(case_file) case_files;

/* One case: its files by side. */
typedef struct rule_case {
  stele_str label, version, config;
  case_files now, was;
} rule_case;

typedef STELE_VEC(rule_case) rule_cases;

static bool starts(stele_str text, const char *start) {
  size_t len = strlen(start);
  return text.len >= len && memcmp(text.ptr, start, len) == 0;
}

static stele_str skip(stele_str text, size_t len) {
  return (stele_str){text.ptr + len, text.len - len};
}

static stele_str take_line(stele_str *text) {
  const char *end = memchr(text->ptr, '\n', text->len);
  size_t len = end ? (size_t)(end - text->ptr) : text->len;
  stele_str line = {text->ptr, len};
  *text = skip(*text, end ? len + 1 : len);
  return line;
}

static case_file *add_file(stele_test *t, rule_case *c, stele_str path) {
  case_files *side = &c->now;
  if (starts(path, "old/")) side = &c->was;
  if (starts(path, "old/") || starts(path, "new/")) path = skip(path, 4);
  STELE_VEC_PUSH(t->arena, side, (case_file){.path = path});
  return &side->at[side->count - 1];
}

static rule_cases read_cases(stele_test *t, stele_str text) {
  rule_cases cases = {0};
  case_file *file = NULL;
  while (text.len > 0) {
    stele_str line = take_line(&text);
    if (starts(line, "=== ")) {
      STELE_VEC_PUSH(t->arena, &cases, (rule_case){.label = skip(line, 4)});
      file = NULL;
      continue;
    }
    t_true(t, cases.count > 0);
    rule_case *c = &cases.at[cases.count - 1];
    if (starts(line, "-- ")) {
      file = add_file(t, c, skip(line, 3));
      file->text = (stele_str){text.ptr, 0};
    } else if (file) {
      file->text.len = (size_t)(line.ptr + line.len - file->text.ptr) + 1;
    } else if (starts(line, "version ")) {
      c->version = skip(line, 8);
    } else if (starts(line, "config ")) {
      c->config = skip(line, 7);
    }
  }
  return cases;
}

/* ---- Configuration --------------------------------------------------------------- */

static const stele_str *texts(stele_test *t, const stele_json *array, size_t *count) {
  STELE_VEC(stele_str) out = {0};
  if (array) {
    STELE_JSON_EACH(item, array) STELE_VEC_PUSH(t->arena, &out, item->text);
  }
  *count = out.count;
  return out.at;
}

static bool is_set(const stele_json *object, const char *key) {
  const stele_json *value = stele_json_find(object, stele_cstr(key));
  return value && value->boolean;
}

static stele_str text_of(const stele_json *object, const char *key) {
  const stele_json *value = stele_json_find(object, stele_cstr(key));
  return value ? value->text : (stele_str){0};
}

static void read_ignore_only(stele_test *t, const stele_json *object, rule_config *config) {
  STELE_VEC(rule_ignore) out = {0};
  if (!object) return;
  STELE_JSON_EACH(item, object) {
    rule_ignore ignore = {.id = item->key};
    ignore.paths = texts(t, item, &ignore.path_count);
    STELE_VEC_PUSH(t->arena, &out, ignore);
  }
  config->ignore_only = out.at;
  config->ignore_only_count = out.count;
}

static rule_config read_config(stele_test *t, const rule_case *c, rule_kind kind,
                               const stele_str *id) {
  stele_err err = {0};
  rule_config config = {.kind = kind, .set = RULE_SET_V2};
  if (starts(c->version, "v1")) config.set = RULE_SET_V1;
  if (starts(c->version, "v1beta1")) config.set = RULE_SET_V1BETA1;
  config.allow_comment_ignores = config.set == RULE_SET_V2;
  if (c->config.len == 0) {
    config.use = id;
    config.use_count = 1;
    return config;
  }
  const stele_json *json = stele_json_parse(t->arena, c->config, NULL, NULL, &err);
  t_ok(t, json != NULL, &err);
  config.use = texts(t, stele_json_find(json, STELE_STR("use")), &config.use_count);
  config.except = texts(t, stele_json_find(json, STELE_STR("except")), &config.except_count);
  config.ignore = texts(t, stele_json_find(json, STELE_STR("ignore")), &config.ignore_count);
  read_ignore_only(t, stele_json_find(json, STELE_STR("ignore_only")), &config);
  config.enum_zero_value_suffix = text_of(json, "enum_zero_value_suffix");
  config.service_suffix = text_of(json, "service_suffix");
  config.rpc_allow_same_request_response = is_set(json, "rpc_allow_same_request_response");
  config.rpc_allow_google_protobuf_empty_requests =
      is_set(json, "rpc_allow_google_protobuf_empty_requests");
  config.rpc_allow_google_protobuf_empty_responses =
      is_set(json, "rpc_allow_google_protobuf_empty_responses");
  if (is_set(json, "allow_comment_ignores")) config.allow_comment_ignores = true;
  if (is_set(json, "disallow_comment_ignores")) config.allow_comment_ignores = false;
  config.ignore_unstable_packages = is_set(json, "ignore_unstable_packages");
  return config;
}

/* ---- Running --------------------------------------------------------------------- */

typedef struct case_resolver {
  stele_resolver base;
  const case_files *files;
} case_resolver;

static bool find_file(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  (void)err;
  const case_files *files = ((const case_resolver *)(void *)self)->files;
  *out = (stele_found){.kind = STELE_FOUND_NOTHING};
  for (size_t i = 0; i < files->count; i++) {
    if (!stele_str_eq(files->at[i].path, path)) continue;
    *out = (stele_found){.kind = STELE_FOUND_TEXT, .bytes = stele_str_bytes(files->at[i].text)};
  }
  return true;
}

static bool is_named(const case_files *files, stele_str path) {
  for (size_t i = 0; i < files->count; i++) {
    if (stele_str_eq(files->at[i].path, path)) return true;
  }
  return false;
}

/* Adds a file and all that it imports, each once. */
static void add_row(stele_test *t, const case_files *files, const stele_file *file,
                    rule_tree *tree) {
  rule_file *rows = (rule_file *)(uintptr_t)tree->files;
  for (size_t i = 0; i < tree->count; i++) {
    if (rows[i].file == file) return;
  }
  t_true(t, tree->count < 256);
  rows[tree->count++] = (rule_file){.file = file, .is_import = !is_named(files, file->name)};
  for (uint32_t i = 0; i < file->import_count; i++) {
    if (file->imports[i].file) add_row(t, files, file->imports[i].file, tree);
  }
}

static bool text_of_file(void *arg, const stele_file *file, stele_str *out) {
  const case_files *files = arg;
  for (size_t i = 0; i < files->count; i++) {
    if (!stele_str_eq(files->at[i].path, file->name)) continue;
    *out = files->at[i].text;
    return true;
  }
  return false;
}

static const stele_schema *compile(stele_test *t, const case_files *files, rule_tree *tree) {
  case_resolver resolver = {.base = {.find = find_file}, .files = files};
  stele_compile_options options = {
      .source_info = true, .use_builtin = true, .warn_unused_imports = true};
  stele_report *report = stele_report_new(t->arena, 0);
  stele_str *paths = STELE_NEW_ARRAY(t->arena, stele_str, files->count + 1);
  stele_err err = {0};
  for (size_t i = 0; i < files->count; i++) paths[i] = files->at[i].path;
  *tree = (rule_tree){.files = STELE_NEW_ARRAY(t->arena, rule_file, 256),
                      .text = text_of_file,
                      .text_arg = (void *)(uintptr_t)files};
  if (files->count == 0) return NULL;
  const stele_schema *schema =
      stele_compile(&resolver.base, paths, files->count, &options, report, &err);
  if (!schema) {
    t_eq_str(t, stele_report_text(report, t->arena, STELE_REPORT_PRETTY), STELE_STR(""));
    t_ok(t, false, &err);
  }
  for (size_t i = 0; i < files->count; i++) {
    add_row(t, files, stele_schema_file(schema, paths[i]), tree);
  }
  return schema;
}

static void print_finding(stele_buf *out, const rule_finding *finding, bool print_hint) {
  if (finding->at.path.len == 0) {
    stele_buf_printf(out, "- %s ", finding->rule->id);
  } else {
    stele_buf_printf(out, STELE_STR_FMT ":%d:%d-%d:%d %s ", STELE_STR_ARG(finding->at.path),
                     finding->at.start_line, finding->at.start_column, finding->at.end_line,
                     finding->at.end_column, finding->rule->id);
  }
  stele_buf_add_str(out, finding->message);
  stele_buf_add_byte(out, '\n');
  if (print_hint && finding->hint.len > 0) {
    stele_buf_printf(out, "  hint: " STELE_STR_FMT "\n", STELE_STR_ARG(finding->hint));
  }
}

static void run_case(stele_test *t, const rule_case *c, rule_kind kind, stele_str id, bool hints,
                     stele_buf *out) {
  stele_err err = {0};
  rule_tree now, was;
  rule_findings found = {0};
  const stele_schema *held[2] = {compile(t, &c->now, &now), compile(t, &c->was, &was)};
  rule_config config = read_config(t, c, kind, &id);
  stele_buf_printf(out, "=== " STELE_STR_FMT "\n", STELE_STR_ARG(c->label));
  const rule_selection *selection = rule_select(t->arena, &config, &err);
  bool ok = selection &&
            (kind == RULE_LINT ? rule_lint(t->arena, selection, &now, &found, &err)
                               : rule_breaking(t->arena, selection, &now, &was, &found, &err));
  if (!ok) stele_buf_printf(out, "! %s\n", err.msg);
  for (size_t i = 0; i < found.count; i++) print_finding(out, &found.at[i], hints);
  for (size_t i = 0; i < 2; i++) stele_schema_unref(held[i]);
}

static void run_folder(stele_test *t, const char *area, rule_kind kind, stele_str id) {
  stele_str folder =
      stele_str_printf(t->arena, "tests/golden/%s/" STELE_STR_FMT, area, STELE_STR_ARG(id));
  rule_cases cases =
      read_cases(t, t_file(t, stele_str_printf(t->arena, "%s/cases.txt", folder.ptr).ptr));
  const char *oracle = stele_str_printf(t->arena, "%s/oracle.txt", folder.ptr).ptr;
  bool is_theirs = t_has_file(t, oracle);
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  for (size_t i = 0; i < cases.count; i++) {
    t_case(t, stele_str_printf(t->arena, "%s: " STELE_STR_FMT, folder.ptr,
                               STELE_STR_ARG(cases.at[i].label))
                  .ptr);
    run_case(t, &cases.at[i], kind, id, !is_theirs, &out);
  }
  if (getenv("STELE_RULES_PRINT")) (void)fwrite(out.ptr, 1, out.len, stdout);
  t_case(t, folder.ptr);
  if (is_theirs) {
    t_eq_str(t, stele_buf_str(&out), t_file(t, oracle));
  } else {
    t_golden(t, stele_str_printf(t->arena, "%s/want.txt", folder.ptr).ptr, stele_buf_str(&out));
  }
}

/* STELE_RULES=GLOB runs only the folders that match; STELE_RULES_PRINT=1 prints
 * what they find. */
static void run_area(stele_test *t, const char *area, rule_kind kind) {
  size_t count;
  const char *only = getenv("STELE_RULES");
  const stele_str *ids =
      t_folders(t, stele_str_printf(t->arena, "tests/golden/%s", area).ptr, &count);
  for (size_t i = 0; i < count; i++) {
    if (only && fnmatch(only, ids[i].ptr, 0) != 0) continue;
    run_folder(t, area, kind, ids[i]);
  }
}

static void test_lint(stele_test *t) {
  run_area(t, "lint", RULE_LINT);
}

static void test_breaking(stele_test *t) {
  run_area(t, "breaking", RULE_BREAKING);
}

/* A rule without a folder, or without words that explain it, is not done. */
static void test_every_rule_has_cases(stele_test *t) {
  static const char *const areas[] = {"lint", "breaking"};
  for (int kind = 0; kind < RULE_KIND_COUNT; kind++) {
    size_t count;
    const rule *rows = rule_table((rule_kind)kind, &count);
    for (size_t i = 0; i < count; i++) {
      if (rows[i].is_deprecated || rows[i].is_unchecked) continue;
      t_case(t, rows[i].id);
      t_true(t, t_has_file(t, stele_str_printf(t->arena, "tests/golden/%s/%s/cases.txt",
                                               areas[kind], rows[i].id)
                                  .ptr));
      const rule_text *text = rule_explain(&rows[i]);
      t_true(t, text && text->why[0] && text->bad[0] && text->good[0] && text->wire[0]);
    }
  }
}

TEST_MAIN(test_lint, test_breaking, test_every_rule_has_cases)
