/* stele semver: which version comes next, and why. */
#include "check/semver/semver.h"
#include "cli/command_table.h"
#include "cli/judge/comparison.h"
#include "fmt/json.h"

static const struct {
  const char *name;
  check_class cls;
} classes[] = {
    {"none", CHECK_NONE}, {"patch", CHECK_PATCH}, {"minor", CHECK_MINOR}, {"major", CHECK_MAJOR}};

static cli_style style_of(check_class cls) {
  static const cli_style styles[] = {[CHECK_NONE] = CLI_DIM,
                                     [CHECK_PATCH] = CLI_GREEN,
                                     [CHECK_MINOR] = CLI_YELLOW,
                                     [CHECK_MAJOR] = CLI_RED};
  return styles[cls];
}

/* Where a reason stands: in the newer state, else in the older one. */
static stele_str place_text(cli_args *args, const comparison *c, const check_finding *f) {
  bool is_new = f->new_place.line >= 0 || (f->new_place.file.len > 0 && f->old_place.line < 0);
  const check_place *place = is_new ? &f->new_place : &f->old_place;
  stele_str file = comparison_show(c, place->file, is_new);
  if (place->line < 0) return file;
  return stele_str_printf(cli_arena(args), STELE_STR_FMT ":%d:%d", STELE_STR_ARG(file),
                          place->line + 1, place->column + 1);
}

static void print_text(cli_args *args, const comparison *c, stele_str from, stele_str next,
                       check_class cls, const check_findings *found) {
  cli_print(args, "%s%s%s: " STELE_STR_FMT " -> %s" STELE_STR_FMT "%s\n",
            cli_styled(args, style_of(cls)), check_class_text(cls), cli_styled(args, CLI_PLAIN),
            STELE_STR_ARG(from), cli_styled(args, CLI_BOLD), STELE_STR_ARG(next),
            cli_styled(args, CLI_PLAIN));
  for (size_t i = 0; i < found->count; i++) {
    const check_finding *f = &found->at[i];
    cli_print(args, STELE_STR_FMT ": %s: " STELE_STR_FMT " (%s)\n",
              STELE_STR_ARG(place_text(args, c, f)), check_class_text(f->rule->cls),
              STELE_STR_ARG(f->message), f->rule->name);
  }
}

static void write_place(stele_json_writer *w, const comparison *c, const char *key,
                        const check_place *place, bool is_new) {
  if (!place->file.len) return;
  stele_json_field_object(w, key);
  stele_json_field_str(w, "file", comparison_show(c, place->file, is_new));
  if (place->line >= 0) {
    stele_json_field_i64(w, "line", place->line + 1);
    stele_json_field_i64(w, "column", place->column + 1);
  }
  stele_json_end_object(w);
}

static void print_json(cli_args *args, const comparison *c, stele_str from, stele_str next,
                       check_class cls, const check_findings *found) {
  stele_buf out;
  stele_json_writer w;
  stele_buf_init(&out, cli_arena(args), 0);
  stele_json_writer_init(&w, &out, 0);
  stele_json_begin_object(&w);
  stele_json_field_str(&w, "class", stele_cstr(check_class_text(cls)));
  stele_json_field_str(&w, "from", from);
  stele_json_field_str(&w, "next", next);
  stele_json_field_array(&w, "reasons");
  for (size_t i = 0; i < found->count; i++) {
    const check_finding *f = &found->at[i];
    stele_json_begin_object(&w);
    stele_json_field_str(&w, "rule", stele_cstr(f->rule->name));
    stele_json_field_str(&w, "class", stele_cstr(check_class_text(f->rule->cls)));
    stele_json_field_str(&w, "message", f->message);
    stele_json_field_str(&w, "path", f->path);
    write_place(&w, c, "old", &f->old_place, false);
    write_place(&w, c, "new", &f->new_place, true);
    if (f->rule->hint[0]) stele_json_field_str(&w, "hint", stele_cstr(f->rule->hint));
    stele_json_end_object(&w);
  }
  stele_json_end_array(&w);
  stele_json_end_object(&w);
  cli_print(args, STELE_STR_FMT "\n", STELE_STR_ARG(stele_buf_str(&out)));
}

static bool parse_class(cli_args *args, check_class *out) {
  stele_str text = cli_value(args, "at-most");
  *out = CHECK_MAJOR;
  if (!text.len) return true;
  for (size_t i = 0; i < STELE_COUNT(classes); i++) {
    if (!stele_str_eq(text, stele_cstr(classes[i].name))) continue;
    *out = classes[i].cls;
    return true;
  }
  (void)cli_fail(args, "--at-most wants none, patch, minor or major, not \"" STELE_STR_FMT "\"",
                 STELE_STR_ARG(text));
  return false;
}

static cli_exit say(cli_args *args, const comparison *c) {
  check_class cls, most;
  check_findings found;
  stele_err err = {0};
  stele_str from;
  bool known;
  if (!parse_class(args, &most) || !comparison_version(args, c, &from, &known)) return CLI_ERROR;
  if (!check_semver_tree(cli_arena(args), c->old_files, c->old_count, c->new_files, c->new_count,
                         &cls, &found, &err)) {
    return cli_fail_err(args, &err);
  }
  stele_str next = comparison_next(cli_arena(args), from, cls);
  (cli_given(args, "json") ? print_json : print_text)(args, c, from, next, cls, &found);
  return cls > most ? CLI_FINDINGS : CLI_OK;
}

static cli_exit run_semver(cli_args *args) {
  comparison c;
  cli_exit code = comparison_open(args, &c);
  if (code == CLI_OK) code = say(args, &c);
  comparison_close(&c);
  return code;
}

static const cli_option options[] = {
    {"from", 0, "VERSION", NULL,
     "The version of OLD; else that of the registry or of the tag, else the first of its package"},
    {"at-most", 0, "CLASS", NULL, "Exit with 100 when the class is higher: none, patch or minor"},
    {"json", 0, NULL, NULL, "Print an object in JSON"},
    INPUT_OPTIONS,
};

const cli_command cli_semver = {
    .name = "semver",
    .summary = "Say which semantic version comes next, and why.",
    .words = COMPARISON_WORDS,
    .fewest = 1,
    .most = 2,
    .options = options,
    .option_count = STELE_COUNT(options),
    .run = run_semver,
    .more = "The class is major when something was removed or changed for those who use it, minor "
            "when something was added or deprecated, patch when comments, layout or options "
            "without effect on wire or code changed. These rules are fixed. NEW is the folder we "
            "stand in when it is left out. " INPUT_HELP,
};
