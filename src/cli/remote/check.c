/* stele check: what a push would answer. */
#include "cli/command_table.h"
#include "cli/import_dirs.h"
#include "cli/remote/push_tree.h"
#include "sys/file.h"

static const cli_option options[] = {
    {"import", 'I', "DIR", NULL,
     "The folder that import paths start from; else the one above with a stele.yaml"},
    REMOTE_OPTIONS,
};

/* The folder above a file that has a stele.yaml; else the current one. */
static stele_str find_root(cli_args *args, stele_str path) {
  stele_arena *arena = cli_arena(args);
  for (size_t end = path.len; end-- > 0;) {
    if (path.ptr[end] != '/') continue;
    stele_str dir = {path.ptr, end ? end : 1};
    stele_str mark = stele_str_printf(arena, STELE_STR_FMT "/stele.yaml", STELE_STR_ARG(dir));
    if (sys_file_stat(mark).kind == SYS_FILE_PLAIN) return dir;
  }
  return STELE_STR(".");
}

static bool add_named(push_tree *tree, cli_import_dirs *dirs, stele_str path) {
  stele_str name;
  stele_err err = {0};
  if (cli_import_dirs_name(dirs, path, &name, &err)) return push_tree_add_file(tree, path, name);
  (void)cli_fail_err(tree->args, &err);
  return false;
}

static bool add_file(push_tree *tree, stele_str path) {
  cli_import_dirs dirs;
  stele_str root = cli_value(tree->args, "import");
  cli_import_dirs_init(&dirs, cli_arena(tree->args));
  cli_import_dirs_add(&dirs, root.len ? root : find_root(tree->args, path));
  bool ok = add_named(tree, &dirs, path);
  cli_import_dirs_release(&dirs);
  return ok;
}

static bool add_word(push_tree *tree, stele_str word) {
  if (sys_file_stat(word).kind != SYS_FILE_DIR) return add_file(tree, word);
  return push_tree_add_dir(tree, word);
}

static cli_exit run_check(cli_args *args) {
  push_tree tree = {.args = args, .dry_run = true};
  for (size_t i = 0; i < cli_word_count(args); i++) {
    if (!add_word(&tree, cli_word(args, i))) return CLI_ERROR;
  }
  return push_tree_send(&tree);
}

const cli_command cli_check = {
    .name = "check",
    .summary = "Say what a push of files or a tree would answer; write nothing.",
    .words = "PATH…",
    .fewest = 1,
    .most = SIZE_MAX,
    .options = options,
    .option_count = STELE_COUNT(options),
    .run = run_check,
    .more = "Prints for each file the version it would become, its class (patch, minor, major) and "
            "the changes that make it so. Exits with 100 when the registry would refuse.",
};
