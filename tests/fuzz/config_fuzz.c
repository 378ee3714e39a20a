/* Any bytes at all, as each kind of file. What is read has a module, and paths
 * that are normalised and stay below their folder.
 * Seeds: tests/fuzz/corpus/config (replayed by `meson test`). */
#include <assert.h>

#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_BYTES = 64 << 20 };

static void check_path(stele_arena *arena, stele_str path) {
  stele_str again;
  assert(!config_path(arena, path, &again));
  assert(stele_str_eq(path, again));
}

static void check_paths(stele_arena *arena, const config_strs *paths) {
  for (size_t i = 0; i < paths->count; i++) check_path(arena, paths->at[i]);
}

static void check_rules(stele_arena *arena, const config_rules *rules) {
  check_paths(arena, &rules->ignore);
  for (size_t i = 0; i < rules->ignore_only.count; i++) {
    check_paths(arena, &rules->ignore_only.at[i].paths);
  }
  for (size_t i = 0; i < rules->excuses.count; i++) check_path(arena, rules->excuses.at[i].path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const config_kind kinds[] = {CONFIG_KIND_BUF, CONFIG_KIND_STELE, CONFIG_KIND_WORK};
  stele_arena *arena = stele_arena_new(ARENA_BYTES);
  for (size_t k = 0; k < STELE_COUNT(kinds); k++) {
    stele_err err = {0};
    stele_str text = {(const char *)data, size};
    const config_file *file = config_parse(arena, STELE_STR("x.yaml"), text, kinds[k], &err);
    assert(file || err.code == STELE_INVALID || err.code == STELE_LIMIT);
    assert(!file || file->modules.count > 0);
    for (size_t i = 0; file && i < file->modules.count; i++) {
      const config_module *module = &file->modules.at[i];
      check_path(arena, module->path);
      check_paths(arena, &module->roots);
      check_paths(arena, &module->includes);
      check_paths(arena, &module->excludes);
      check_rules(arena, &module->lint);
      check_rules(arena, &module->breaking);
    }
  }
  stele_arena_free(arena);
  return 0;
}
