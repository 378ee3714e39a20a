/* Validating: what can only be judged when everything is resolved. */
#include "proto/link/link_internal.h"

/* An unused import is worth a word, in a file that was named. */
void link_validate(link_file_state *state) {
  const link_job *job = state->job;
  const stele_file *file = state->file;
  if (state->error_count) return;
  for (uint32_t i = 0; i < file->import_count; i++) {
    if (!file->imports[i].file) continue;
    uint32_t index = link_pool_find(job, file->imports[i].file);
    if (index == LINK_NONE || job->files.at[index].unused != job->stamp) continue;
    link_warning(state, link_token_of_import(state, file->imports[i].path),
                 "Import " STELE_STR_FMT " is unused.", STELE_STR_ARG(file->imports[i].path));
  }
}
