/* cli/registry_files: what a registry has, as the files of an input.
 *
 *   registry                   the newest live version of each subject
 *   registry@3, registry@1.2.0 the same as of a release: the newest that it or an
 *                              earlier one brought
 *   registry:SUBJECT@VERSION   one version; without one, the newest
 *   registry:ID                the schema of an id, under the name of a subject that has it
 *
 * each with what it refers to.
 * Deps: cli/remote.h, archive/archive.h. */
#ifndef STELE_CLI_REGISTRY_FILES_H
#define STELE_CLI_REGISTRY_FILES_H

#include "archive/archive.h"
#include "base/arena.h"
#include "cli/command.h"

/* Does a word name one schema? `*what` is then what stands behind "registry:". */
bool registry_files_name_one(stele_str word, stele_str *what);

/* For input_options.registry, its `arg` being the command's cli_args. `what` is what
 * stands behind "registry". Files are sorted by path; `*named` is the path of the one
 * that was named, or empty. When it fails the message has been printed, and the error
 * says nothing. */
bool registry_files_fetch(void *arg, stele_arena *arena, stele_str what,
                          const stele_archive_file **files, size_t *count, stele_str *named,
                          stele_err *err) STELE_MUST_USE;

/* For one schema: `what` is from registry_files_name_one, `*named` its path. */
bool registry_files_fetch_one(cli_args *args, stele_arena *arena, stele_str what,
                              const stele_archive_file **files, size_t *count,
                              stele_str *named) STELE_MUST_USE;

#endif
