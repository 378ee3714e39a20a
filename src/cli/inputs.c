/* Opening inputs, and what a registry has as one. */
#include "cli/inputs.h"

#include <stdlib.h>

#include "cli/remote.h"
#include "net/client.h"
#include "proto/report/report.h"

/* ---- a registry ----------------------------------------------------------- */

enum { MOST_REFERENCES = 10000 };

typedef STELE_VEC(stele_archive_file) file_vec;

typedef struct fetched {
  cli_args *args;
  stele_arena *arena;
  cli_remote remote;
  file_vec files;
} fetched;

static bool has_file(const fetched *f, stele_str path) {
  for (size_t i = 0; i < f->files.count; i++) {
    if (stele_str_eq(f->files.at[i].path, path)) return true;
  }
  return false;
}

static bool is_proto(stele_str name) {
  return name.len > 6 && memcmp(name.ptr + name.len - 6, ".proto", 6) == 0;
}

/* A subject as a file: pushed trees have paths for subjects. */
static stele_str file_name(stele_arena *arena, stele_str subject) {
  if (is_proto(subject)) return subject;
  return stele_str_printf(arena, STELE_STR_FMT ".proto", STELE_STR_ARG(subject));
}

static void add_file(fetched *f, stele_str path, stele_str text) {
  if (has_file(f, path)) return;
  STELE_VEC_PUSH(f->arena, &f->files, (stele_archive_file){path, stele_str_bytes(text)});
}

static bool ask(fetched *f, stele_str path, const stele_json **out) {
  remote_answer answer;
  remote_question question = {.method = "GET", .path = path};
  if (remote_ask(&f->remote, &question, &answer) != CLI_OK) return false;
  *out = answer.json;
  return answer.json != NULL;
}

static bool fetch_version(fetched *f, stele_str subject, stele_str version, stele_str name);

static bool fetch_references(fetched *f, const stele_json *item) {
  const stele_json *references = stele_json_find(item, STELE_STR("references"));
  if (!references || references->kind != STELE_JSON_ARRAY) return true;
  STELE_JSON_EACH(reference, references) {
    stele_str name = remote_text(reference, "name");
    if (has_file(f, name) || f->files.count >= MOST_REFERENCES) continue;
    if (!fetch_version(f, remote_text(reference, "subject"), remote_text(reference, "version"),
                       name)) {
      return false;
    }
  }
  return true;
}

static bool fetch_version(fetched *f, stele_str subject, stele_str version, stele_str name) {
  const stele_json *item;
  stele_str path = stele_str_printf(f->arena, "/subjects/" STELE_STR_FMT "/versions/" STELE_STR_FMT,
                                    STELE_STR_ARG(net_segment_encode(f->arena, subject)),
                                    STELE_STR_ARG(version));
  if (!ask(f, path, &item)) return false;
  add_file(f, name, remote_text(item, "schema"));
  return fetch_references(f, item);
}

static bool fetch_all(fetched *f) {
  const stele_json *list;
  if (!ask(f, STELE_STR("/schemas?latestOnly=true"), &list)) return false;
  STELE_JSON_EACH(item, list) {
    add_file(f, file_name(f->arena, remote_text(item, "subject")), remote_text(item, "schema"));
  }
  STELE_JSON_EACH(item, list) {
    if (!fetch_references(f, item)) return false;
  }
  return true;
}

static int by_path(const void *a, const void *b) {
  stele_str x = ((const stele_archive_file *)a)->path, y = ((const stele_archive_file *)b)->path;
  size_t shorter = x.len < y.len ? x.len : y.len;
  int order = shorter ? memcmp(x.ptr, y.ptr, shorter) : 0;
  return order ? order : (x.len > y.len) - (x.len < y.len);
}

/* What "registry" or "registry:SUBJECT@VERSION" has; the message was printed when
 * it fails, so the error says nothing. */
static bool fetch(void *arg, stele_arena *arena, stele_str what, const stele_archive_file **files,
                  size_t *count, stele_err *err) {
  fetched f = {.args = arg, .arena = arena};
  if (!remote_open(&f.remote, f.args)) return stele_fail(err, STELE_UNAVAILABLE, "%s", "");
  bool ok;
  if (what.len) {
    stele_str subject, version;
    remote_split_version(what, &subject, &version);
    ok = fetch_version(&f, subject, version, file_name(arena, subject));
  } else {
    ok = fetch_all(&f);
  }
  remote_close(&f.remote);
  if (f.files.count) qsort(f.files.at, f.files.count, sizeof *f.files.at, by_path);
  *files = f.files.at;
  *count = f.files.count;
  return ok || stele_fail(err, STELE_UNAVAILABLE, "%s", "");
}

/* ---- opening -------------------------------------------------------------- */

static void take_options(cli_args *args, const char *name, config_strs *out) {
  for (size_t i = 0; cli_value_nth(args, name, i).ptr; i++) {
    STELE_VEC_PUSH(cli_arena(args), out, cli_value_nth(args, name, i));
  }
}

/* Mistakes of the texts are findings of the rule COMPILE. */
void inputs_take_report(const stele_report *report, stele_arena *arena, cli_findings *findings) {
  size_t count;
  const stele_finding *found = stele_report_findings(report, &count);
  for (size_t i = 0; i < count; i++) {
    if (found[i].severity != STELE_SEVERITY_ERROR) continue;
    cli_finding finding = {.path = found[i].file,
                           .name = found[i].file,
                           .start_line = found[i].line + 1,
                           .start_column = found[i].column + 1,
                           .end_line = found[i].line + 1,
                           .end_column = found[i].end_column + 1,
                           .rule = STELE_STR("COMPILE"),
                           .message = found[i].text,
                           .hint = found[i].hint};
    if (finding.end_column < finding.start_column) finding.end_column = finding.start_column;
    STELE_VEC_PUSH(arena, findings, finding);
  }
}

static void note_deps(cli_args *args, const input *in) {
  if (!in->deps.count) return;
  cli_note(args, "note: " STELE_STR_FMT " names dependencies, which are not fetched:",
           STELE_STR_ARG(in->config_name));
  for (size_t i = 0; i < in->deps.count; i++) {
    cli_note(args, " " STELE_STR_FMT, STELE_STR_ARG(in->deps.at[i]));
  }
  cli_note(args, "; what of them is imported must lie in a module, or be built in\n");
}

input_options inputs_options(cli_args *args, const inputs_wish *wish) {
  input_options options = {.beside = wish->beside,
                           .paths = wish->paths,
                           .disable_links = cli_given(args, "disable-symlinks"),
                           .registry = fetch,
                           .arg = args};
  if (wish->config_flag) {
    options.config = cli_value(args, wish->config_flag);
    options.flag = stele_str_printf(cli_arena(args), "--%s", wish->config_flag).ptr;
  }
  if (!wish->without_paths) {
    take_options(args, "path", &options.paths);
    take_options(args, "exclude-path", &options.exclude_paths);
  }
  return options;
}

cli_exit inputs_open(cli_args *args, const inputs_wish *wish, input *out, cli_findings *findings) {
  stele_err err = {0};
  input_options options = inputs_options(args, wish);
  if (!input_open(cli_arena(args), wish->text, &options, out, &err)) {
    return err.msg[0] ? cli_fail_err(args, &err) : CLI_ERROR;
  }
  if (!stele_report_has_errors(out->report)) return CLI_OK;
  inputs_take_report(out->report, cli_arena(args), findings);
  note_deps(args, out);
  return CLI_FINDINGS;
}

/* ---- printing ------------------------------------------------------------- */

const cli_findings_form *inputs_form(cli_args *args) {
  bool is_old = !cli_given(args, "format") && cli_given(args, "error-format");
  const char *flag = is_old ? "error-format" : "format";
  stele_str name = cli_given(args, "json") ? STELE_STR("json") : cli_value(args, flag);
  const cli_findings_form *form = cli_findings_form_find(name);
  if (!form) {
    (void)cli_fail(args, "--%s: invalid format: \"" STELE_STR_FMT "\"; there are %s", flag,
                   STELE_STR_ARG(name), CLI_FINDINGS_FORMS);
  }
  return form;
}

cli_exit inputs_print(cli_args *args, const cli_findings_form *form, cli_findings *findings) {
  stele_buf out;
  if (!findings->count) return CLI_OK;
  cli_findings_sort(findings);
  stele_buf_init(&out, cli_arena(args), 0);
  form->print(cli_arena(args), findings, &out);
  cli_print_str(args, stele_buf_str(&out));
  return CLI_FINDINGS;
}
