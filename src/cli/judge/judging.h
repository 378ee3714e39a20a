/* cli/judging: from an input's configuration to a run of the rules, and from
 * what they find to findings that name files as people see them.
 *
 * What lint and breaking share.
 * Deps: cli/inputs.h, check/rule.h. */
#ifndef STELE_CLI_JUDGING_H
#define STELE_CLI_JUDGING_H

#include "check/judge/judge.h"
#include "cli/judge/inputs.h"

/* The rules of one tree, as the engine takes them; NULL, with the message
 * printed, when the configuration names what is none. `nothing` says that the
 * tree is not to be judged at all. */
const rule_selection *judging_select(cli_args *args, const input *in, const input_tree *tree,
                                     rule_kind kind, bool exclude_imports,
                                     bool *nothing) STELE_MUST_USE;

/* The files of a tree for the engine. */
rule_tree judging_tree(stele_arena *arena, input *in, const input_tree *tree);

/* Adds what was found in a tree, without what its configuration excuses; a row
 * that excuses nothing is a finding too. */
void judging_take(cli_args *args, const input *in, const input_tree *tree, rule_kind kind,
                  const rule_findings *found, cli_findings *out);

/* The same file by file, for those who know what is found in the others. */
typedef struct judging_excuses judging_excuses;
judging_excuses *judging_excuses_open(cli_args *args, const input *in, const input_tree *tree,
                                      rule_kind kind);
const input_file *judging_excuses_file(const judging_excuses *excuses, stele_str path);

/* Import paths that rows of the configuration are about. */
const config_rules *judging_excuses_rules(const judging_excuses *excuses);

/* `found`: all that is found in the file `path`. */
void judging_take_file(judging_excuses *excuses, stele_str path, const rule_findings *found,
                       cli_findings *out);

/* Mends what needs no thought in the files of a tree (--fix) and says which it wrote;
 * `was` is NULL for lint. False, with the message printed, when one could not be
 * written. */
bool judging_mend(cli_args *args, input *in, const input_tree *tree,
                  const rule_selection *selection, const rule_tree *files, const rule_tree *was);

/* Says what the configuration names and nobody runs here: plugins, policies, rules
 * that are known but not checked, deprecated names. */
void judging_note(cli_args *args, const input *in, const rule_selection *const *selections,
                  size_t count);

#endif
