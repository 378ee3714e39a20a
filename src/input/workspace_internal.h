/* input/workspace, inside: the search for configuration, and the files.
 * Deps: input/workspace.h. */
#ifndef STELE_INPUT_WORKSPACE_INTERNAL_H
#define STELE_INPUT_WORKSPACE_INTERNAL_H

#include "input/workspace.h"

typedef struct workspace_job {
  stele_arena *arena;
  const input_scope *scope;
  input_workspace *out;
  stele_buf text; /* of the file in hand */
  stele_err *err;
} workspace_job;

/* Finds the configuration and fills `modules`; their files are not looked at. */
bool workspace_find_modules(workspace_job *job) STELE_MUST_USE;

/* Lists the files of each module, and which of them are meant. */
bool workspace_find_sources(workspace_job *job) STELE_MUST_USE;

#endif
