/* stele explain: what a rule wants, why, and what breaks without it. */
#include "check/confluent/confluent.h"
#include "check/judge/judge.h"
#include "check/semver/semver.h"
#include "cli/command_table.h"

/* ---- rules of lint and breaking ------------------------------------------- */

static void print_categories(cli_args *args, const rule *row) {
  static const char *const sets[] = {
      [RULE_SET_V1BETA1] = "v1beta1", [RULE_SET_V1] = "v1", [RULE_SET_V2] = "v2, stele.yaml"};
  for (size_t i = 0; i < STELE_COUNT(sets); i++) {
    uint32_t set = row->sets[i];
    if (!(set & RULE_IN_SET)) continue;
    cli_print(args, "  %-16s", sets[i]);
    size_t count = 0;
    for (unsigned bit = 0; rule_category_name(bit); bit++) {
      if (!(set & (uint32_t)1 << bit)) continue;
      cli_print(args, "%s%s", count++ ? ", " : "", rule_category_name(bit));
    }
    cli_print(args, "%s%s\n", count ? "" : "in no category",
              set & RULE_IS_DEFAULT ? "; on by default" : "");
  }
}

static void print_heading(cli_args *args, const char *id, const char *kind) {
  cli_print(args, "%s%s%s (%s)\n", cli_styled(args, CLI_BOLD), id, cli_styled(args, CLI_PLAIN),
            kind);
}

/* A block of text under a word, indented. */
static void print_block(cli_args *args, const char *word, const char *text) {
  if (!text || !*text) return;
  cli_print(args, "\n%s:\n", word);
  for (const char *at = text; *at;) {
    size_t len = strcspn(at, "\n");
    cli_print(args, "%s%.*s\n", len ? "  " : "", (int)len, at);
    at += len + (at[len] == '\n');
  }
}

static void print_rule(cli_args *args, const rule *row) {
  print_heading(args, row->id, row->kind == RULE_LINT ? "lint" : "breaking");
  cli_print(args, "%s\n\n", row->purpose);
  print_categories(args, row);
  if (row->is_unchecked) cli_print(args, "\nIt is known, but not checked here.\n");
  if (row->is_deprecated) {
    cli_print(args, "\nDeprecated");
    for (size_t i = 0; i < STELE_COUNT(row->replaced_by) && row->replaced_by[i]; i++) {
      cli_print(args, "%s %s", i ? "," : "; use", row->replaced_by[i]);
    }
    cli_print(args, ".\n");
    return;
  }
  const rule_text *text = rule_explain(row);
  if (!text) return;
  print_block(args, "Why", text->why);
  print_block(args, "Refused", text->bad);
  print_block(args, "Passes", text->good);
  print_block(args, "On the wire", text->wire);
}

/* ---- rules of compatibility and of versions ------------------------------- */

static bool print_check_rule(cli_args *args, const check_rule *rows, size_t count, stele_str id,
                             bool is_semver) {
  for (size_t i = 0; i < count; i++) {
    if (!stele_str_eq(stele_cstr(rows[i].name), id)) continue;
    print_heading(args, rows[i].name, is_semver ? "semantic version" : "compatibility");
    cli_print(args, "%s\n\n  %s\n", rows[i].text,
              is_semver              ? check_class_text(rows[i].cls)
              : rows[i].incompatible ? "refused"
                                     : "compatible");
    if (rows[i].hint[0]) cli_print(args, "\n%s\n", rows[i].hint);
    return true;
  }
  return false;
}

/* ---- slips ---------------------------------------------------------------- */

/* Rules whose ids have the typed words in them, for those who know half a name. */
static cli_exit suggest(cli_args *args, stele_str typed) {
  size_t shown = 0;
  enum { MOST = 8 };
  for (int kind = 0; kind < RULE_KIND_COUNT; kind++) {
    size_t count;
    const rule *rows = rule_table((rule_kind)kind, &count);
    for (size_t i = 0; i < count && shown < MOST; i++) {
      if (!typed.len || !memmem(rows[i].id, strlen(rows[i].id), typed.ptr, typed.len)) continue;
      cli_note(args, "%s%s", shown++ ? ", " : "there are: ", rows[i].id);
    }
  }
  if (shown) cli_note(args, "\n");
  return cli_fail(args,
                  "no rule \"" STELE_STR_FMT "\"; see stele lint --list, stele breaking --list",
                  STELE_STR_ARG(typed));
}

static stele_str upper(cli_args *args, stele_str text) {
  char *out = STELE_NEW_ARRAY(cli_arena(args), char, text.len + 1);
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    out[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c == '-' ? '_' : c;
  }
  return (stele_str){out, text.len};
}

static cli_exit run_explain(cli_args *args) {
  stele_str id = upper(args, cli_word(args, 0));
  const rule *row = rule_find(id);
  if (row) print_rule(args, row);
  size_t semver_count, confluent_count;
  const check_rule *semver = check_semver_rules(&semver_count);
  const check_rule *confluent = check_confluent_rules(&confluent_count);
  bool found = print_check_rule(args, semver, semver_count, id, true);
  found = print_check_rule(args, confluent, confluent_count, id, false) || found;
  return row || found ? CLI_OK : suggest(args, id);
}

const cli_command cli_explain = {
    .name = "explain",
    .summary = "Explain a rule: why it is there, what it refuses, what would break.",
    .words = "RULE",
    .fewest = 1,
    .most = 1,
    .run = run_explain,
    .more = "RULE is the id of a finding of lint, breaking, semver or a registry's compatibility "
            "check, such as FIELD_NO_DELETE.",
};
