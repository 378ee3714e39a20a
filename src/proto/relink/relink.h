/* relink: linked files that stand on other files now.
 *
 * In:   linked files, and those among what they import that were linked anew.
 * Out:  the same files once more, over the new ones, without their texts.
 * Only right where nothing that the importers were linked by is another: ask
 * relink_is_unseen first.
 * Pure. Deps: base, proto/schema. */
#ifndef STELE_PROTO_RELINK_RELINK_H
#define STELE_PROTO_RELINK_RELINK_H

#include "base/arena.h"
#include "base/err.h"
#include "stele/schema.h"

/* What of a change importers must look at. */
typedef struct relink_meaning {
  bool is_unseen; /* to whoever imports the file, its own package and those below it apart */
  bool adds;      /* names in its package: those that see it might mean them */
  /* Messages whose fields changed in a way that only matters where their values are written
   * as options: is one of them reached from any extension's type? */
  const stele_message *const *bodies;
  size_t body_count;
} relink_meaning;

/* Compares two versions of a file of one path. Descriptors, packages, syntax, imports,
 * extensions, and what can be referred to must be the same; messages may gain, lose and
 * change fields, services may be anything. In `arena`, inside its guard. */
relink_meaning relink_compare(stele_arena *arena, const stele_file *before,
                              const stele_file *after);

/* Are values of the type the same, as far as its own fields (or values) go; and is it, with
 * what is around it, as deprecated as it was? */
bool relink_same_values(const stele_message *before, const stele_message *after);
bool relink_same_enum_values(const stele_enum *before, const stele_enum *after);
bool relink_same_deprecation(const stele_file *before, const stele_file *after);

typedef struct relink_job relink_job;

/* A job whose schema will own the copies. `tables` lives as long as the job. Inside the guard
 * of `arena`, which dies with the schema. */
relink_job *relink_job_new(stele_arena *arena, stele_arena *tables);

/* A file that was linked anew: what refers to elements of the one means those of the other. */
void relink_replace(relink_job *job, const stele_file *before, const stele_file *after);

/* After all that is replaced, and before the first file. */
void relink_replaced(relink_job *job);

/* The file again; what it imports is dealt with already. The copy keeps the schema alive
 * that the file was first linked in, but not the file. `holds_other`: see stele_recompiled. */
const stele_file *relink_file(relink_job *job, const stele_file *file, bool *holds_other);

/* The schema of all copies, complete; one reference, the caller's from the beginning. */
stele_schema *relink_job_schema(relink_job *job);
void relink_job_finish(relink_job *job);

#endif
