/* cli/rule_list: the tables of rules, for people and machines.
 * Deps: cli/command.h, check/rule.h. */
#ifndef STELE_CLI_RULE_LIST_H
#define STELE_CLI_RULE_LIST_H

#include "check/judge/judge.h"
#include "cli/command.h"

/* The options of a command that lists rules; it has `config` and `format` too. */
#define RULE_LIST_OPTIONS                                                                          \
  {"list", 0, NULL, NULL, "List the rules instead; --format text or json"},                        \
      {"rule-version", 0, "VERSION", NULL,                                                         \
       "With --list: the rules of v1beta1, v1 or v2; else of the configuration that lies here"},   \
      {"version", 0, "VERSION", NULL, "The same as --rule-version"},                               \
      {"include-deprecated", 0, NULL, NULL, "With --list: deprecated rules too"},                  \
      {"configured-only", 0, NULL, NULL,                                                           \
       "With --list: only those that the configuration turns on"},                                 \
  {                                                                                                \
    "module-path", 0, "DIR", NULL, "With --configured-only: of the module in this folder"          \
  }

/* Prints the rules of a kind as the options of `args` say. */
cli_exit rule_list_run(cli_args *args, rule_kind kind);

#endif
