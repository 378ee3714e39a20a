/* The order of files in a FileDescriptorSet. Files are told apart by path: those of
 * a tree that was compiled in parts may be there more than once.
 *
 * Depth first over imports, plain ones before option imports (which is how
 * they are declared). When only named files are wanted, a file that is not
 * named is a wall: what is behind it is not reached through it. */
#include "base/map.h"
#include "base/vec.h"
#include "proto/descriptor/descriptor.h"

/* What is known of a path. */
typedef enum path_state { PATH_UNKNOWN, PATH_WANTED, PATH_ORDERED } path_state;

typedef struct ordering {
  stele_map paths; /* path -> path_state */
  const stele_file **order;
  size_t count;
  bool all;
} ordering;

/* One file on the way down, and the import to look at next. */
typedef struct step {
  const stele_file *file;
  uint32_t next;
} step;

static bool enter(ordering *o, const stele_file *file) {
  if (!file) return false;
  path_state state = (path_state)(uintptr_t)stele_map_find(&o->paths, file->name);
  if (state == PATH_ORDERED || (state == PATH_UNKNOWN && !o->all)) return false;
  *stele_map_add(&o->paths, file->name) = (void *)PATH_ORDERED;
  return true;
}

/* Without recursion: a chain of imports may be as long as there are files. */
static void visit(ordering *o, stele_arena *arena, const stele_file *root) {
  STELE_VEC(step) steps = {0};
  if (!enter(o, root)) return;
  STELE_VEC_PUSH(arena, &steps, (step){root, 0});
  while (steps.count > 0) {
    step *top = &steps.at[steps.count - 1];
    if (top->next == top->file->import_count) {
      o->order[o->count++] = top->file;
      steps.count--;
      continue;
    }
    const stele_file *import = top->file->imports[top->next++].file;
    if (enter(o, import)) STELE_VEC_PUSH(arena, &steps, (step){import, 0});
  }
}

/* An upper bound: every file that can be reached. */
static size_t count_reachable(stele_arena *arena, const stele_file *const *named, size_t count) {
  stele_map files;
  stele_map_init(&files, arena, 0);
  for (size_t i = 0; i < count; i++) {
    *stele_map_add(&files, named[i]->name) = (void *)(uintptr_t)named[i];
  }
  for (size_t i = 0; i < files.count; i++) {
    const stele_file *file = files.entries[i].value;
    for (uint32_t k = 0; k < file->import_count; k++) {
      const stele_file *import = file->imports[k].file;
      if (import) *stele_map_add(&files, import->name) = (void *)(uintptr_t)import;
    }
  }
  return files.count;
}

size_t stele_descriptor_order(stele_arena *arena, const stele_file *const *named, size_t count,
                              bool imports, const stele_file *const **order) {
  ordering o = {.all = imports};
  stele_map_init(&o.paths, arena, 0);
  for (size_t i = 0; i < count; i++) {
    *stele_map_add(&o.paths, named[i]->name) = (void *)PATH_WANTED;
  }
  size_t most = imports ? count_reachable(arena, named, count) : count;
  o.order = STELE_NEW_ARRAY(arena, const stele_file *, most);
  for (size_t i = 0; i < count; i++) visit(&o, arena, named[i]);
  *order = o.order;
  return o.count;
}
