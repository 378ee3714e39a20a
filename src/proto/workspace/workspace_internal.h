/* workspace, inside: the files, and what an update does with them.
 * Deps: stele/workspace.h, proto/relink, base. */
#ifndef STELE_PROTO_WORKSPACE_WORKSPACE_INTERNAL_H
#define STELE_PROTO_WORKSPACE_WORKSPACE_INTERNAL_H

#include "base/map.h"
#include "base/vec.h"
#include "proto/compile/compile.h"
#include "proto/relink/relink.h"
#include "stele/workspace.h"

/* Of a file's bytes: two hashes, so that no two versions are mixed up. */
typedef struct content {
  uint64_t low, high;
} content;

/* Does a change reach a file, through its imports? */
typedef enum effect { EFFECT_UNKNOWN, EFFECT_NONE, EFFECT_REACHED } effect;

typedef struct workspace_entry workspace_entry;
struct workspace_entry {
  stele_str path;
  const stele_file *file;    /* NULL: gone or bad. Holds a reference on its schema */
  workspace_entry **imports; /* of `file`, those that have an entry */
  uint32_t import_count, import_room;
  content content; /* of what `file` was made of */
  /* Of a file that is bad now: what it was before, when all that it imports still is, or was,
   * what it stands on. Holds a reference on its schema. */
  const stele_file *good;
  content good_content;
  bool is_named;
  bool is_there; /* the resolver finds it */
  bool is_dirty; /* must be compiled before `file` is true again */

  /* While an update goes on. */
  bool takes_part;        /* is compiled, or linked again, in this update */
  bool is_relinked;       /* its text is not looked at: it stands on other files, and that is all */
  bool is_revived;        /* `file` is `good`, as if it were not bad */
  bool holds_other;       /* then: see stele_recompiled */
  relink_meaning meaning; /* of what changed in it */
  content found;
  const stele_file *next;
  effect reach; /* of a change, through imports */
};

struct stele_workspace {
  stele_resolver resolver; /* first: what the compile asks */
  stele_resolver *outer;
  stele_compile_options options;
  const stele_schema *builtin;  /* of descriptor.proto */
  stele_arena *arena;           /* entries and their paths: they only come */
  stele_map entries;            /* path -> entry, in the order in which they came */
  stele_arena *update;          /* of the last update: what it told, and its work */
  const stele_schema **retired; /* held for those who look at `before`; in `update` */
  size_t retired_count;
};

static inline workspace_entry *workspace_entry_at(const stele_workspace *w, size_t i) {
  return w->entries.entries[i].value;
}

typedef struct update_job {
  stele_workspace *w;
  stele_report *report;
  const stele_schema *schema; /* of the last compile */
  stele_str *names;
  workspace_entry **named;
  size_t count;
  stele_recompiled *told;
  size_t told_count;
  const stele_schema **retired; /* room for those that are replaced */
  bool any_reached;             /* dependents take part: all is compiled once more */
  bool relinks;                 /* dependents are only to be linked to what is new */
  const stele_schema *relinked; /* of those */
  stele_report *own;            /* of this compile alone */
} update_job;

/* After a compile of what changed: who stands on it, and whether they must be compiled
 * (`any_reached`) or only linked again (`relinks`). */
bool workspace_reach(update_job *job, stele_err *err) STELE_MUST_USE;

/* Lets the dependents take part in another compile instead. */
void workspace_compile_dependents(update_job *job);

/* Links those again; they take part then. */
bool workspace_relink(update_job *job, stele_err *err) STELE_MUST_USE;

#endif
