/* stele completion, and stele complete: what a shell offers when the tab key is
 * pressed. The scripts are a few lines that ask `stele complete` with the words
 * typed so far; all knowledge is here, in the rows of the commands. Where nothing
 * is offered the shell offers files. */
#include "check/judge/judge.h"
#include "cli/command_internal.h"
#include "cli/command_table.h"
#include "cli/error_format.h"
#include "cli/judge/findings.h"
#include "cli/message/record_stream.h"
#include "obs/log.h"
#include "registry/setting.h"

/* ---- Scripts ------------------------------------------------------------------ */

static const struct {
  const char *name, *script;
} shells[] = {
    {"bash",
     "# Completion of stele for bash: source it, or put it into\n"
     "# /usr/share/bash-completion/completions/stele\n"
     "_stele() {\n"
     "  local stele=${1/#\\~\\//$HOME/}\n"
     "  mapfile -t COMPREPLY < <(\n"
     "    \"$stele\" complete -- \"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null | cut -f 1)\n"
     "}\n"
     "complete -o default -F _stele stele\n"},
    {"zsh",
     "#compdef stele\n"
     "# Completion of stele for zsh: put it into a folder of $fpath, as _stele\n"
     "_stele() {\n"
     "  local -a answers\n"
     "  answers=(${(f)\"$(${(Q)words[1]} complete -- ${(@Q)words[2,CURRENT]} 2>/dev/null)\"})\n"
     "  if (( $#answers )); then\n"
     "    answers=(\"${(@)answers/$'\\t'/:}\")\n"
     "    _describe -V stele answers\n"
     "  else\n"
     "    _files\n"
     "  fi\n"
     "}\n"
     "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _stele \"$@\"; else compdef _stele "
     "stele; fi\n"},
    {"fish", "# Completion of stele for fish: put it into ~/.config/fish/completions/stele.fish\n"
             "function __stele_answers\n"
             "  set -l words (commandline -opc) (commandline -ct)\n"
             "  $words[1] complete -- $words[2..] 2>/dev/null\n"
             "end\n"
             "complete -c stele -f -n '__fish_is_first_arg' -a '(__stele_answers)'\n"
             "complete -c stele -n 'not __fish_is_first_arg' -a '(__stele_answers)'\n"},
};

static cli_exit run_completion(cli_args *args) {
  stele_str shell = cli_word(args, 0);
  for (size_t i = 0; i < STELE_COUNT(shells); i++) {
    if (!stele_str_eq(shell, stele_cstr(shells[i].name))) continue;
    cli_print_str(args, stele_cstr(shells[i].script));
    return CLI_OK;
  }
  return cli_fail(args, "no shell \"" STELE_STR_FMT "\"; there are bash, zsh and fish",
                  STELE_STR_ARG(shell));
}

/* ---- What can stand where ------------------------------------------------------ */

#define X(level, name) name ", "
static const char log_levels[] = OBS_LEVELS(X);
#undef X
#define X(name, backward, forward, all) #name ", "
static const char levels[] = REGISTRY_LEVELS(X);
#undef X

/* The values of options that have few; a test holds them against the rows. */
static const struct {
  const char *command, *option, *values;
} choices[] = {
    {"build", "error-format", CLI_ERROR_FORMS},
    {"format", "error-format", CLI_ERROR_FORMS},
    {"print", "error-format", CLI_ERROR_FORMS},
    {"generate", "error-format", CLI_ERROR_FORMS},
    {"print", "form", "exact, canonical, normalised"},
    {"lint", "format", CLI_FINDINGS_FORMS},
    {"lint", "error-format", CLI_FINDINGS_FORMS},
    {"breaking", "format", CLI_FINDINGS_FORMS},
    {"breaking", "error-format", CLI_FINDINGS_FORMS},
    {"watch", "format", "text, json"},
    {"semver", "at-most", "none, patch, minor"},
    {"decode", "from", "auto, binary, hex, base64"},
    {"get", "format", "serialized, ignore_extensions"},
    {"config", "compatibility", levels},
    {"config", "mode", "READWRITE, READONLY"},
    {"config", "normalize", "true, false"},
    {"config", "format", "text, json"},
    {"serve", "log-level", log_levels},
};

/* What is being typed: `typed` behind `kept`, which stays as it is. */
typedef struct completion {
  cli_args *args;
  stele_str kept, typed;
} completion;

static void offer(const completion *c, const char *dashes, stele_str name, const char *help) {
  stele_str whole =
      stele_str_printf(cli_arena(c->args), "%s" STELE_STR_FMT, dashes, STELE_STR_ARG(name));
  if (whole.len < c->typed.len || memcmp(whole.ptr, c->typed.ptr, c->typed.len) != 0) return;
  cli_print(c->args, STELE_STR_FMT STELE_STR_FMT "%s%s\n", STELE_STR_ARG(c->kept),
            STELE_STR_ARG(whole), *help ? "\t" : "", help);
}

/* Each of "a, b, c". */
static void offer_list(const completion *c, const char *values) {
  for (const char *at = values; *at;) {
    size_t len = strcspn(at, ", ");
    if (len) offer(c, "", (stele_str){at, len}, "");
    at += len;
    at += strspn(at, ", ");
  }
}

static void offer_commands(const completion *c) {
  for (size_t i = 0; i < cli_command_count; i++) {
    if (!cli_commands[i]->is_hidden) {
      offer(c, "", stele_cstr(cli_commands[i]->name), cli_commands[i]->summary);
    }
  }
}

static void offer_rules(const completion *c) {
  for (int kind = 0; kind < RULE_KIND_COUNT; kind++) {
    size_t count;
    const rule *rows = rule_table((rule_kind)kind, &count);
    for (size_t i = 0; i < count; i++) offer(c, "", stele_cstr(rows[i].id), rows[i].purpose);
  }
}

static void offer_message_forms(const completion *c) {
  for (size_t i = 0; i < record_form_count; i++) {
    offer(c, "", stele_cstr(record_forms[i].name), record_forms[i].help);
  }
}

static void offer_shells(const completion *c) {
  for (size_t i = 0; i < STELE_COUNT(shells); i++) offer(c, "", stele_cstr(shells[i].name), "");
}

/* Commands whose words are known. */
static const struct {
  const cli_command *command;
  void (*offer)(const completion *c);
} words[] = {
    {&cli_help, offer_commands}, {&cli_explain, offer_rules}, {&cli_completion, offer_shells}};

static void offer_words(const completion *c, const cli_command *command) {
  for (size_t i = 0; i < STELE_COUNT(words); i++) {
    if (words[i].command == command) words[i].offer(c);
  }
}

static void offer_values(const completion *c, const cli_command *command, const char *option) {
  for (size_t i = 0; i < STELE_COUNT(choices); i++) {
    bool is_it =
        strcmp(choices[i].command, command->name) == 0 && strcmp(choices[i].option, option) == 0;
    if (is_it) offer_list(c, choices[i].values);
  }
  bool is_form = strcmp(option, "from") == 0 || strcmp(option, "to") == 0;
  if (is_form && command == &cli_convert) offer_message_forms(c);
}

static void offer_options(const completion *c, const cli_command *command) {
  for (size_t i = 0; i < command->option_count; i++) {
    const cli_option *option = &command->options[i];
    char letter[2] = {option->letter, 0};
    bool is_long = *option->name != 0;
    offer(c, is_long ? "--" : "-", stele_cstr(is_long ? option->name : letter), option->help);
  }
  offer(c, "--", STELE_STR("help"), "Tell more");
}

/* ---- The words so far ------------------------------------------------------------ */

/* The option that waits for a value, `word` being what stands before it; or NULL. */
static const cli_option *waiting(const cli_command *command, stele_str word) {
  for (size_t i = 0; i < command->option_count; i++) {
    const cli_option *option = &command->options[i];
    char letter[3] = {'-', option->letter, 0};
    bool is_long = *option->name && word.len > 2 && memcmp(word.ptr, "--", 2) == 0 &&
                   stele_str_eq(stele_cstr(option->name), (stele_str){word.ptr + 2, word.len - 2});
    bool is_letter = option->letter && stele_str_eq(word, stele_cstr(letter));
    if (option->value && (is_long || is_letter)) return option;
  }
  return NULL;
}

/* "--name=val": "--name" waits. bash cuts it into three words. */
static stele_str take_equals(completion *c, stele_str before, stele_str before_that) {
  const char *equals = memchr(c->typed.ptr, '=', c->typed.len);
  if (stele_str_eq(before, STELE_STR("="))) return before_that;
  if (c->typed.len == 1 && equals) {
    c->typed = (stele_str){"", 0};
    return before;
  }
  if (!equals || memcmp(c->typed.ptr, "--", 2) != 0) return before;
  size_t len = (size_t)(equals - c->typed.ptr);
  stele_str option = {c->typed.ptr, len};
  c->kept = (stele_str){c->typed.ptr, len + 1};
  c->typed = (stele_str){equals + 1, c->typed.len - len - 1};
  return option;
}

static stele_str word_at(int argc, char **argv, int index) {
  return index >= 0 && index < argc ? stele_cstr(argv[index]) : (stele_str){"", 0};
}

static cli_exit run_complete(cli_args *args, stele_str program, int argc, char **argv) {
  (void)program;
  if (argc > 0 && strcmp(argv[0], "--") == 0) argc--, argv++;
  completion c = {.args = args, .kept = {"", 0}, .typed = word_at(argc, argv, argc - 1)};
  if (argc < 2) {
    offer_commands(&c);
    return CLI_OK;
  }
  const cli_command *command = cli_find_command(stele_cstr(argv[0]));
  if (!command) return CLI_OK;
  stele_str before = take_equals(&c, word_at(argc, argv, argc - 2), word_at(argc, argv, argc - 3));
  const cli_option *option = waiting(command, before);
  if (option) {
    offer_values(&c, command, option->name);
  } else if (c.typed.len && c.typed.ptr[0] == '-') {
    offer_options(&c, command);
  } else {
    offer_words(&c, command);
  }
  return CLI_OK;
}

const cli_command cli_completion = {
    .name = "completion",
    .summary = "Print what teaches a shell to complete stele's commands and options.",
    .words = "bash|zsh|fish",
    .fewest = 1,
    .most = 1,
    .run = run_completion,
    .more =
        "For this shell alone: source <(stele completion bash). An installed Stele has put all of "
        "them where the shells look.",
};

const cli_command cli_complete = {
    .name = "complete",
    .summary = "Print what could stand where the last of the words is typed.",
    .words = "-- WORD…",
    .run_raw = run_complete,
    .is_hidden = true,
};
