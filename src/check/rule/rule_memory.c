/* A table and an arena for each file, so that forgetting one gives its memory back. */
#include "check/rule/rule_memory_internal.h"

typedef struct file_memory {
  stele_arena *arena; /* NULL: nothing is known */
  stele_map spots;    /* -> rule_memory_entry */
} file_memory;

rule_memory *rule_memory_new(void) {
  stele_arena *arena = stele_arena_new(0);
  if (!arena) return NULL;
  rule_memory *memory = STELE_NEW(arena, rule_memory);
  memory->arena = arena;
  stele_map_init(&memory->files, arena, (uintptr_t)arena);
  return memory;
}

void rule_memory_free(rule_memory *memory) {
  if (!memory) return;
  rule_known_drop(&memory->known);
  for (size_t i = 0; i < memory->files.count; i++) {
    stele_arena_free(((file_memory *)memory->files.entries[i].value)->arena);
  }
  stele_arena_free(memory->arena);
}

void rule_memory_clear(rule_memory *memory) {
  rule_known_drop(&memory->known);
  for (size_t i = 0; i < memory->files.count; i++) {
    file_memory *file = memory->files.entries[i].value;
    stele_arena_free(file->arena);
    *file = (file_memory){0};
  }
}

void rule_memory_forget(rule_memory *memory, stele_str path) {
  file_memory *file = stele_map_find(&memory->files, path);
  rule_known_forget(&memory->known, path);
  if (!file) return;
  stele_arena_free(file->arena);
  *file = (file_memory){0};
}

void rule_memory_relink(rule_memory *memory, stele_str path) {
  rule_known_relink(&memory->known, path);
}

const rule_memory_entry *rule_memory_find(rule_memory *memory, stele_str path, uint64_t key) {
  const file_memory *file = stele_map_find(&memory->files, path);
  return file && file->arena ? stele_map_find_u64(&file->spots, key) : NULL;
}

static file_memory *file_of(rule_memory *memory, stele_str path) {
  file_memory *file = stele_map_find(&memory->files, path);
  if (file) return file;
  file = STELE_NEW(memory->arena, file_memory);
  *stele_map_add(&memory->files, stele_str_copy(memory->arena, path)) = file;
  return file;
}

void rule_memory_keep(rule_memory *memory, stele_str path, uint64_t key, rule_memory_entry entry) {
  file_memory *file = file_of(memory, path);
  if (!file->arena) {
    file->arena = stele_arena_new(0);
    if (!file->arena) return;
    stele_map_init(&file->spots, file->arena, (uintptr_t)file->arena);
  }
  rule_memory_entry *kept = STELE_NEW(file->arena, rule_memory_entry);
  *kept = entry;
  kept->place.path = stele_str_copy(file->arena, entry.place.path);
  *stele_map_add_u64(&file->spots, key) = kept;
}
