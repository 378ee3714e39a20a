/* stele diff: what changed, by element and not by line. */
#include "check/diff/diff.h"

#include "cli/command_table.h"
#include "cli/judge/comparison.h"
#include "fmt/json.h"

static const struct {
  char sign;
  cli_style style;
} marks[DIFF_KINDS] = {
    [DIFF_ADDED] = {'+', CLI_GREEN},    [DIFF_REMOVED] = {'-', CLI_RED},
    [DIFF_RENAMED] = {'>', CLI_BLUE},   [DIFF_MOVED] = {'>', CLI_BLUE},
    [DIFF_CHANGED] = {'~', CLI_YELLOW},
};

static stele_str shown_file(const comparison *c, const diff_change *change) {
  return change->new_file.len ? comparison_show(c, change->new_file, true)
                              : comparison_show(c, change->old_file, false);
}

/* ---- text ----------------------------------------------------------------- */

/* The first line of a text, cut: for documentation that changed. */
static stele_str brief(cli_args *args, stele_str text) {
  enum { MOST = 60 };
  const char *newline = text.len ? memchr(text.ptr, '\n', text.len) : NULL;
  size_t len = newline ? (size_t)(newline - text.ptr) : text.len;
  bool cut = len < text.len || len > MOST;
  if (len > MOST) {
    for (len = MOST; len && ((uint8_t)text.ptr[len] & 0xc0) == 0x80;) len--;
  }
  return stele_str_printf(cli_arena(args), STELE_STR_FMT "%s", (int)len, text.len ? text.ptr : "",
                          cut ? "…" : "");
}

static void print_part(cli_args *args, const diff_part *part) {
  stele_str was = brief(args, part->old_text), now = brief(args, part->new_text);
  cli_print(args, "      %s", part->name);
  if (part->option.len) cli_print(args, " " STELE_STR_FMT, STELE_STR_ARG(part->option));
  if (was.len) {
    cli_print(args, ": %s" STELE_STR_FMT "%s", cli_styled(args, CLI_RED), STELE_STR_ARG(was),
              cli_styled(args, CLI_PLAIN));
  }
  if (now.len) {
    cli_print(args, "%s %s" STELE_STR_FMT "%s", was.len ? " ->" : ":", cli_styled(args, CLI_GREEN),
              STELE_STR_ARG(now), cli_styled(args, CLI_PLAIN));
  } else {
    cli_print(args, " -> (none)");
  }
  cli_print(args, "\n");
}

static void print_change(cli_args *args, const comparison *c, const diff_change *change) {
  stele_str name = change->old_name.len ? change->old_name : change->new_name;
  cli_print(args, "  %s%c %s " STELE_STR_FMT "%s", cli_styled(args, marks[change->kind].style),
            marks[change->kind].sign, change->element, STELE_STR_ARG(name),
            cli_styled(args, CLI_PLAIN));
  bool has_other_name = change->old_name.len && change->new_name.len &&
                        !stele_str_eq(change->old_name, change->new_name);
  if (has_other_name) cli_print(args, " -> " STELE_STR_FMT, STELE_STR_ARG(change->new_name));
  bool has_other_file =
      change->kind == DIFF_MOVED && !stele_str_eq(change->old_file, change->new_file);
  if (has_other_file && !has_other_name) {
    cli_print(args, " (from " STELE_STR_FMT ")",
              STELE_STR_ARG(comparison_show(c, change->old_file, false)));
  }
  stele_str text = change->new_text.len ? change->new_text : change->old_text;
  bool tells = change->kind == DIFF_ADDED || change->kind == DIFF_REMOVED;
  if (tells && text.len) cli_print(args, ": " STELE_STR_FMT, STELE_STR_ARG(text));
  cli_print(args, " %s[%s]%s\n", cli_styled(args, CLI_DIM), check_class_text(change->cls),
            cli_styled(args, CLI_PLAIN));
  for (size_t i = 0; i < change->part_count; i++) print_part(args, &change->parts[i]);
}

static void print_text(cli_args *args, const comparison *c, const diff_changes *changes) {
  size_t counts[DIFF_KINDS] = {0};
  stele_str file = {0};
  for (size_t i = 0; i < changes->count; i++) {
    const diff_change *change = &changes->at[i];
    stele_str shown = shown_file(c, change);
    if (!stele_str_eq(shown, file)) {
      cli_print(args, "%s" STELE_STR_FMT "%s\n", cli_styled(args, CLI_BOLD), STELE_STR_ARG(shown),
                cli_styled(args, CLI_PLAIN));
    }
    file = shown;
    counts[change->kind]++;
    print_change(args, c, change);
  }
  if (!changes->count) {
    cli_print(args, "no differences\n");
    return;
  }
  for (size_t i = 0, shown = 0; i < DIFF_KINDS; i++) {
    if (!counts[i]) continue;
    cli_print(args, "%s%zu %s", shown++ ? ", " : "", counts[i], diff_kind_text((diff_kind)i));
  }
  cli_print(args, "\n");
}

/* ---- JSON ----------------------------------------------------------------- */

static void write_side(stele_json_writer *w, const comparison *c, const char *key, stele_str name,
                       stele_str file, stele_str text, const check_place *place, bool is_new) {
  if (!name.len) return;
  stele_json_field_object(w, key);
  stele_json_field_str(w, "name", name);
  stele_json_field_str(w, "file", comparison_show(c, file, is_new));
  if (place->line >= 0) {
    stele_json_field_i64(w, "line", place->line + 1);
    stele_json_field_i64(w, "column", place->column + 1);
  }
  if (text.len) stele_json_field_str(w, "text", text);
  stele_json_end_object(w);
}

static void write_part(stele_json_writer *w, const diff_part *part) {
  stele_json_begin_object(w);
  stele_json_field_str(w, "name", stele_cstr(part->name));
  if (part->option.len) stele_json_field_str(w, "option", part->option);
  stele_json_field_str(w, "old", part->old_text);
  stele_json_field_str(w, "new", part->new_text);
  stele_json_field_str(w, "class", stele_cstr(check_class_text(part->cls)));
  stele_json_end_object(w);
}

static void write_change(stele_json_writer *w, const comparison *c, const diff_change *change) {
  stele_json_begin_object(w);
  stele_json_field_str(w, "change", stele_cstr(diff_kind_text(change->kind)));
  stele_json_field_str(w, "element", stele_cstr(change->element));
  stele_json_field_str(w, "class", stele_cstr(check_class_text(change->cls)));
  write_side(w, c, "old", change->old_name, change->old_file, change->old_text, &change->old_place,
             false);
  write_side(w, c, "new", change->new_name, change->new_file, change->new_text, &change->new_place,
             true);
  if (change->part_count) {
    stele_json_field_array(w, "parts");
    for (size_t i = 0; i < change->part_count; i++) write_part(w, &change->parts[i]);
    stele_json_end_array(w);
  }
  stele_json_end_object(w);
}

static void print_json(cli_args *args, const comparison *c, const diff_changes *changes) {
  for (size_t i = 0; i < changes->count; i++) {
    stele_buf line;
    stele_json_writer w;
    stele_buf_init(&line, cli_arena(args), 0);
    stele_json_writer_init(&w, &line, 0);
    write_change(&w, c, &changes->at[i]);
    cli_print(args, STELE_STR_FMT "\n", STELE_STR_ARG(stele_buf_str(&line)));
  }
}

static cli_exit run_diff(cli_args *args) {
  comparison c;
  diff_changes changes;
  stele_err err = {0};
  cli_exit code = comparison_open(args, &c);
  if (code == CLI_OK && !check_diff(cli_arena(args), c.old_files, c.old_count, c.new_files,
                                    c.new_count, &changes, &err)) {
    code = cli_fail_err(args, &err);
  }
  if (code == CLI_OK) {
    (cli_given(args, "json") ? print_json : print_text)(args, &c, &changes);
    if (cli_given(args, "exit-code") && changes.count) code = CLI_FINDINGS;
  }
  comparison_close(&c);
  return code;
}

static const cli_option options[] = {
    {"json", 0, NULL, NULL, "Print one object in JSON a line"},
    {"exit-code", 0, NULL, NULL, "Exit with 100 when something changed"},
    INPUT_OPTIONS,
};

const cli_command cli_diff = {
    .name = "diff",
    .summary = "Show what changed between two states of the schemas, element by element.",
    .words = COMPARISON_WORDS,
    .fewest = 1,
    .most = 2,
    .options = options,
    .option_count = STELE_COUNT(options),
    .run = run_diff,
    .more = "Order, layout and spelling do not count. A type that has another name or went to "
            "another file or package is called renamed or moved when its members are the same. "
            "NEW is the folder we stand in when it is left out. " INPUT_HELP,
};
