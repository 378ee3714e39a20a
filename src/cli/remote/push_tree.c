/* The tree travels as a tar.gz: comments and all, in a fifth of the bytes. */
#include "cli/remote/push_tree.h"

#include "archive/archive.h"
#include "cli/text_table.h"
#include "net/client.h"
#include "sys/file.h"

enum { MOST_FILES = 10000, MOST_FILE_BYTES = 64 << 20 };

/* --- collecting ---------------------------------------------------------- */

bool push_tree_add_file(push_tree *tree, stele_str path, stele_str name) {
  stele_arena *arena = cli_arena(tree->args);
  stele_bytes content;
  stele_err err = {0};
  if (!sys_file_read(arena, path, MOST_FILE_BYTES, &content, &err)) {
    (void)cli_fail_err(tree->args, &err);
    return false;
  }
  STELE_VEC_PUSH(arena, &tree->names, name);
  STELE_VEC_PUSH(arena, &tree->contents, content);
  return true;
}

bool push_tree_add_dir(push_tree *tree, stele_str dir) {
  stele_arena *arena = cli_arena(tree->args);
  sys_paths paths;
  stele_err err = {0};
  if (!sys_dir_list(arena, dir, STELE_STR(".proto"), MOST_FILES, &paths, &err)) {
    (void)cli_fail_err(tree->args, &err);
    return false;
  }
  if (!paths.count) {
    (void)cli_fail(tree->args, STELE_STR_FMT ": no .proto files below it", STELE_STR_ARG(dir));
    return false;
  }
  for (size_t i = 0; i < paths.count; i++) {
    stele_str path = stele_str_printf(arena, STELE_STR_FMT "/" STELE_STR_FMT, STELE_STR_ARG(dir),
                                      STELE_STR_ARG(paths.at[i]));
    if (!push_tree_add_file(tree, path, paths.at[i])) return false;
  }
  return true;
}

/* --- sending ------------------------------------------------------------- */

static bool pack(push_tree *tree, stele_bytes *tar) {
  stele_arena *arena = cli_arena(tree->args);
  stele_archive_file *files = STELE_NEW_ARRAY(arena, stele_archive_file, tree->names.count + 1);
  stele_err err = {0};
  for (size_t i = 0; i < tree->names.count; i++) {
    files[i] = (stele_archive_file){tree->names.at[i], tree->contents.at[i]};
  }
  if (stele_archive_write(arena, files, tree->names.count, tar, &err)) return true;
  (void)cli_fail_err(tree->args, &err);
  return false;
}

static void add_parameter(stele_buf *path, stele_arena *arena, const char *name, stele_str value) {
  if (!value.len) return;
  stele_buf_printf(path, "&%s=" STELE_STR_FMT, name,
                   STELE_STR_ARG(net_segment_encode(arena, value)));
}

static stele_str push_path(const push_tree *tree) {
  stele_arena *arena = cli_arena(tree->args);
  stele_buf path;
  stele_buf_init(&path, arena, 0);
  stele_buf_printf(&path, "/push?dry_run=%s", tree->dry_run ? "true" : "false");
  add_parameter(&path, arena, "base_release", tree->base_release);
  add_parameter(&path, arena, "idempotency_key", tree->key);
  add_parameter(&path, arena, "commit", tree->commit);
  for (size_t i = 0; i < tree->removed.count; i++) {
    add_parameter(&path, arena, "removed", tree->removed.at[i]);
  }
  return stele_buf_str(&path);
}

/* --- printing ------------------------------------------------------------ */

static const struct {
  const char *status;
  cli_style style;
} styles[] = {
    {"created", CLI_GREEN}, {"changed", CLI_YELLOW}, {"removed", CLI_RED}, {"unchanged", CLI_DIM}};

static cli_style style_of(stele_str status) {
  for (size_t i = 0; i < STELE_COUNT(styles); i++) {
    if (stele_str_eq(status, stele_cstr(styles[i].status))) return styles[i].style;
  }
  return CLI_PLAIN;
}

static void add_row(text_table *table, const stele_json *file) {
  text_row *row = text_table_add(table);
  stele_str id = remote_text(file, "id");
  *row = (text_row){.at = {remote_text(file, "status"), remote_text(file, "subject"),
                           remote_text(file, "version"), id.len ? id : STELE_STR("new"),
                           remote_text(file, "semver"), remote_text(file, "class")}};
  row->style = style_of(row->at[0]);
}

static void print_files(cli_args *args, const stele_json *files) {
  static const char *const headings[] = {"STATUS", "SUBJECT", "VERSION", "ID", "SEMVER", "CLASS"};
  text_table table = {.args = args, .headings = headings, .columns = STELE_COUNT(headings)};
  size_t unchanged = 0;
  STELE_JSON_EACH(file, files) {
    if (stele_str_eq(remote_text(file, "status"), STELE_STR("unchanged"))) {
      unchanged++;
    } else {
      add_row(&table, file);
    }
  }
  text_table_print(&table);
  if (unchanged) cli_print(args, "%zu unchanged\n", unchanged);
  STELE_JSON_EACH(file, files) {
    remote_print_findings(args, stele_json_find(file, STELE_STR("findings")));
  }
}

static void print_answer(const push_tree *tree, const stele_json *answer) {
  cli_args *args = tree->args;
  const stele_json *files = stele_json_find(answer, STELE_STR("files"));
  stele_str release = remote_text(answer, "release"), semver = remote_text(answer, "semver");
  stele_str cls = remote_text(answer, "class");
  if (files) print_files(args, files);
  if (stele_str_eq(cls, STELE_STR("none"))) {
    cli_print(args, "nothing to %s\n", tree->dry_run ? "do" : "push");
  } else if (tree->dry_run) {
    cli_print(args, "would be release %s" STELE_STR_FMT "%s (" STELE_STR_FMT ")\n",
              cli_styled(args, CLI_BOLD), STELE_STR_ARG(semver), cli_styled(args, CLI_PLAIN),
              STELE_STR_ARG(cls));
  } else {
    cli_print(args, "release %s" STELE_STR_FMT ": " STELE_STR_FMT "%s (" STELE_STR_FMT ")\n",
              cli_styled(args, CLI_BOLD), STELE_STR_ARG(release), STELE_STR_ARG(semver),
              cli_styled(args, CLI_PLAIN), STELE_STR_ARG(cls));
  }
}

cli_exit push_tree_send(push_tree *tree) {
  cli_remote remote;
  remote_answer answer;
  stele_bytes tar;
  if (!pack(tree, &tar) || !remote_open(&remote, tree->args)) return CLI_ERROR;
  remote_question question = {.method = "POST",
                              .path = push_path(tree),
                              .type = "application/gzip",
                              .body = stele_bytes_str(tar)};
  cli_exit code = remote_ask(&remote, &question, &answer);
  remote_close(&remote);
  if (code != CLI_OK) return code;
  if (cli_given(tree->args, "json")) {
    remote_print_answer(tree->args, &answer);
  } else {
    print_answer(tree, answer.json);
  }
  return CLI_OK;
}
