/* A schema is known by its address: the layouts keep it alive, so while an entry
 * stands no other schema can have it. */
#include "registry/layouts.h"

#include <stdlib.h>

#include "proto/schema/schema.h"
#include "registry/registry_internal.h"

typedef struct layout_entry {
  stele_layouts *layouts;
  uint64_t used; /* when: the cache's count of uses */
} layout_entry;

struct layout_cache {
  sys_mutex lock;
  layout_entry *entries;
  size_t count, most;
  uint64_t uses;
};

layout_cache *layout_cache_new(size_t most) {
  layout_cache *cache = registry_alloc(sizeof *cache);
  cache->entries = registry_alloc(most * sizeof *cache->entries);
  cache->most = most;
  sys_mutex_init(&cache->lock);
  return cache;
}

void layout_cache_free(layout_cache *cache) {
  if (!cache) return;
  for (size_t i = 0; i < cache->count; i++) stele_layouts_unref(cache->entries[i].layouts);
  sys_mutex_release(&cache->lock);
  free(cache->entries);
  free(cache);
}

/* Under the lock. */
static layout_entry *find_entry(layout_cache *cache, const stele_schema *schema) {
  for (size_t i = 0; i < cache->count; i++) {
    if (stele_layouts_schema(cache->entries[i].layouts) == schema) return &cache->entries[i];
  }
  return NULL;
}

static layout_entry *oldest_entry(layout_cache *cache) {
  layout_entry *oldest = &cache->entries[0];
  for (size_t i = 1; i < cache->count; i++) {
    if (cache->entries[i].used < oldest->used) oldest = &cache->entries[i];
  }
  return oldest;
}

static stele_layouts *cache_get(layout_cache *cache, const stele_schema *schema) {
  sys_mutex_lock(&cache->lock);
  layout_entry *entry = find_entry(cache, schema);
  if (entry) entry->used = ++cache->uses;
  stele_layouts *layouts = entry ? stele_layouts_ref(entry->layouts) : NULL;
  sys_mutex_unlock(&cache->lock);
  return layouts;
}

static void cache_put(layout_cache *cache, stele_layouts *layouts) {
  stele_layouts *gone = NULL;
  sys_mutex_lock(&cache->lock);
  layout_entry *place = find_entry(cache, stele_layouts_schema(layouts));
  if (!place) {
    place = cache->count < cache->most ? &cache->entries[cache->count++] : oldest_entry(cache);
  }
  gone = place->layouts;
  *place = (layout_entry){.layouts = stele_layouts_ref(layouts), .used = ++cache->uses};
  sys_mutex_unlock(&cache->lock);
  stele_layouts_unref(gone);
}

stele_layouts *layouts_of(linked_job *job, const stele_file *file, stele_err *err) {
  layout_cache *cache = job->registry->layouts;
  stele_layouts **slot = STELE_VEC_ADD(job->arena, &job->layouts); /* before there is one to lose */
  *slot = cache_get(cache, file->schema);
  if (*slot) return *slot;
  *slot = stele_layouts_new(file->schema, err);
  if (*slot) cache_put(cache, *slot);
  return *slot;
}
