/* A map finds duplicates; the order is made once, when it is asked for. */
#include "gen/output.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/path.h"
#include "base/vec.h"

struct stele_gen_output {
  stele_arena *arena;
  stele_map paths; /* path -> anything but NULL */
  STELE_VEC(stele_gen_file) files;
  bool is_sorted;
};

stele_gen_output *stele_gen_output_new(stele_arena *arena) {
  stele_gen_output *output = STELE_NEW(arena, stele_gen_output);
  output->arena = arena;
  stele_map_init(&output->paths, arena, 0);
  return output;
}

bool stele_gen_output_add(stele_gen_output *output, stele_str path, stele_str content,
                          stele_err *err) {
  int shown = path.len > 150 ? 150 : (int)path.len;
  const char *fault = stele_path_fault(path);
  if (fault) {
    return stele_fail(err, STELE_INVALID, "the generated path \"%.*s\" %s", shown, path.ptr, fault);
  }
  void **place = stele_map_add(&output->paths, path);
  if (*place) {
    return stele_fail(err, STELE_CONFLICT, "\"%.*s\" is generated twice", shown, path.ptr);
  }
  *place = output;
  STELE_VEC_PUSH(output->arena, &output->files, (stele_gen_file){path, content});
  output->is_sorted = false;
  return true;
}

static int compare_paths(const void *a, const void *b) {
  stele_str left = ((const stele_gen_file *)a)->path, right = ((const stele_gen_file *)b)->path;
  size_t shared = left.len < right.len ? left.len : right.len;
  int order = memcmp(left.ptr, right.ptr, shared);
  if (order) return order;
  return left.len < right.len ? -1 : left.len > right.len;
}

const stele_gen_file *stele_gen_output_files(stele_gen_output *output, size_t *count) {
  if (!output->is_sorted && output->files.count) {
    qsort(output->files.at, output->files.count, sizeof *output->files.at, compare_paths);
  }
  output->is_sorted = true;
  *count = output->files.count;
  return output->files.at;
}
