/* cli/inputs: the inputs that a command names, opened.
 *
 * In:   the words and options of a command.   Out: linked trees, or findings
 * about the texts already printed, or a message.
 * What lint, breaking, diff, semver and changelog share.
 * Deps: cli/command.h, input/input.h, cli/findings.h. */
#ifndef STELE_CLI_INPUTS_H
#define STELE_CLI_INPUTS_H

#include "cli/command.h"
#include "cli/judge/findings.h"
#include "input/input.h"

/* The options that every such command has. */
#define INPUT_OPTIONS                                                                              \
  {"path", 0, "PATH", NULL, "Only the files in this folder, or this file; may be given again"},    \
      {"exclude-path", 0, "PATH", NULL,                                                            \
       "Not the files in this folder, nor this file; may be given again"},                         \
      {"disable-symlinks", 0, NULL, NULL, "Do not follow links"},                                  \
      {"registry", 'r', "URL", NULL,                                                               \
       "The registry of an input \"registry\"; else STELE_REGISTRY, else http://127.0.0.1:8081"},  \
  {                                                                                                \
    "context", 0, "NAME", NULL, "The tenant there; else the default one"                           \
  }

/* What scripts say that were written for buf, and that changes nothing here. */
#define INPUT_BUF_OPTIONS                                                                          \
  {"timeout", 0, "DURATION", NULL,                                                                 \
   "Taken, as are --debug and --log-format, from scripts that were buf's; changes nothing"},       \
      {"debug", 0, NULL, NULL, "See --timeout"}, {                                                 \
    "log-format", 0, "FORM", NULL, "See --timeout"                                                 \
  }

/* The further paragraph of their help. */
#define INPUT_HELP                                                                                 \
  "An input is a folder, a .proto file, an archive (.tar, .tar.gz, .tgz, .tar.zst, .zip), an "     \
  "image (.binpb, .json, .txtpb, .yaml, also .gz and .zst; - for standard input), a commit "       \
  "(.git#tag=v1,subdir=proto; or any revision of "                                                 \
  "the repository around: main, HEAD~1, v1), or \"registry\" (registry@RELEASE, "                  \
  "registry:SUBJECT@VERSION, registry:ID). Keys "                                                  \
  "follow a #: branch, tag, commit, ref, subdir, strip_components, include_package_files, "        \
  "format, compression."

/* How an input is to be opened. */
typedef struct inputs_wish {
  stele_str text;
  const char *config_flag; /* "config", or NULL: the option that replaces files */
  stele_str beside;        /* the other input, or empty */
  config_strs paths;       /* besides --path */
  bool without_paths;      /* --path and --exclude-path are about the other one */
  stele_str lone_name;     /* of input_options */
} inputs_wish;

/* What the wish and the options of the command say. */
input_options inputs_options(cli_args *args, const inputs_wish *wish);

/* The import path of its only file that is not just imported; empty when there are
 * more: the `lone_name` of an input that is compared with it. */
stele_str inputs_lone_name(const input *in);

/* Adds the mistakes of the texts: findings of the rule COMPILE. */
void inputs_take_report(const stele_report *report, stele_arena *arena, cli_findings *findings);

/* Opens it. CLI_OK, or what the command ends with: CLI_FINDINGS with the mistakes
 * of the texts in `findings`, CLI_ERROR with the message printed. Close it
 * whatever it was. */
cli_exit inputs_open(cli_args *args, const inputs_wish *wish, input *out, cli_findings *findings);

/* The form that --format (or --error-format) names; NULL, with the message
 * printed, when there is none. */
const cli_findings_form *inputs_form(cli_args *args) STELE_MUST_USE;

/* Prints the findings, sorted, in the form; says which exit code that means. */
cli_exit inputs_print(cli_args *args, const cli_findings_form *form, cli_findings *findings);

#endif
