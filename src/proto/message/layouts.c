/* The layouts of one schema, made when they are asked for.
 *
 * Making one makes all that can be inside it, so that codecs follow pointers
 * and never ask. The lock is held while layouts are made and while one is
 * looked up; a codec holds a layout and takes no lock. When memory runs out on
 * the way, what was whole before stays usable and nothing more is made. */
#include <pthread.h>
#include <stdatomic.h>

#include "base/guard.h"
#include "base/hash.h"
#include "base/path.h"
#include "base/vec.h"
#include "proto/message/layout.h"
#include "proto/schema/schema_internal.h"
#include "stele/codec.h"

struct stele_layouts {
  stele_arena *arena;
  bool owns_arena;
  bool is_broken; /* ran out of memory once */
  bool knows_extensions;
  const stele_schema *schema;
  atomic_uint refs;
  pthread_mutex_t lock;
  stele_map made, enums, extensions;
};

stele_layouts *layouts_new_in(stele_arena *arena, const stele_schema *schema) {
  stele_layouts *layouts = STELE_NEW(arena, stele_layouts);
  layouts->arena = arena;
  layouts->schema = stele_schema_ref(schema);
  atomic_init(&layouts->refs, 1);
  (void)pthread_mutex_init(&layouts->lock, NULL);
  stele_map_init(&layouts->made, arena, 0);
  stele_map_init(&layouts->enums, arena, 0);
  stele_map_init(&layouts->extensions, arena, 0);
  return layouts;
}

typedef struct new_job {
  stele_arena *arena;
  const stele_schema *schema;
  stele_layouts *made;
} new_job;

static void make_new(void *arg) {
  new_job *job = arg;
  job->made = layouts_new_in(job->arena, job->schema);
}

stele_layouts *stele_layouts_new(const stele_schema *schema, stele_err *err) {
  new_job job = {stele_arena_new(0), schema, NULL};
  if (!job.arena) {
    (void)stele_fail(err, STELE_NO_MEMORY, "no memory for layouts");
    return NULL;
  }
  if (!stele_guard_run(job.arena, make_new, &job, err)) {
    stele_arena_free(job.arena);
    return NULL;
  }
  job.made->owns_arena = true;
  return job.made;
}

stele_layouts *stele_layouts_ref(stele_layouts *layouts) {
  if (layouts) atomic_fetch_add_explicit(&layouts->refs, 1, memory_order_relaxed);
  return layouts;
}

void stele_layouts_unref(stele_layouts *layouts) {
  if (!layouts || atomic_fetch_sub_explicit(&layouts->refs, 1, memory_order_acq_rel) != 1) return;
  stele_schema_unref(layouts->schema);
  (void)pthread_mutex_destroy(&layouts->lock);
  if (layouts->owns_arena) stele_arena_free(layouts->arena);
}

const stele_schema *stele_layouts_schema(const stele_layouts *layouts) {
  return layouts->schema;
}

/* ---- Making --------------------------------------------------------------- */

static void learn_extensions(stele_layouts *layouts) {
  const stele_map *paths = &layouts->schema->paths;
  for (size_t i = 0; i < paths->count; i++) {
    const stele_file *file = paths->entries[i].value;
    for (uint32_t k = 0; file->exports && k < file->exports->extension_count; k++) {
      const stele_field *field = file->exports->extensions[k];
      if (!field->message) continue;
      void **place = stele_map_add_u64(&layouts->extensions, (uint64_t)(uintptr_t)field->message);
      if (!*place) *place = STELE_NEW(layouts->arena, layout_extension_list);
      layout_extension_list *list = *place;
      STELE_VEC_PUSH(layouts->arena, list, field);
    }
  }
  layouts->knows_extensions = true;
}

static bool inherits_required(const stele_layout *layout) {
  for (uint32_t i = 0; i < layout->field_count; i++) {
    if (!layout->info[i].field->type_message) continue;
    if (layout_sub_layout(&layout->fields[i])->needs_required) return true;
  }
  return false;
}

/* A type needs the check if something inside it does; those made last are
 * inside those made first, so going backwards is soon done. */
static void spread_required(layout_job *job) {
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t i = job->fresh.count; i-- > 0;) {
      stele_layout *layout = job->fresh.at[i];
      if (layout->needs_required || !inherits_required(layout)) continue;
      layout->needs_required = changed = true;
    }
  }
}

typedef struct closure {
  stele_layouts *layouts;
  const stele_message *type;
  const stele_layout *made;
} closure;

static void make_closure(void *arg) {
  closure *want = arg;
  stele_layouts *layouts = want->layouts;
  if (!layouts->knows_extensions) learn_extensions(layouts);
  layout_job job = {.arena = layouts->arena,
                    .owner = layouts,
                    .made = &layouts->made,
                    .enums = &layouts->enums,
                    .extensions = &layouts->extensions};
  want->made = layout_declare(&job, want->type);
  for (size_t i = 0; i < job.fresh.count; i++) layout_make(&job, job.fresh.at[i]);
  spread_required(&job);
  for (size_t i = 0; i < job.fresh.count; i++) job.fresh.at[i]->is_ready = true;
}

static bool make_locked(stele_layouts *layouts, closure *want, stele_err *err) {
  if (layouts->is_broken) {
    return stele_fail(err, STELE_NO_MEMORY, "layouts ran out of memory before");
  }
  layouts->is_broken = !stele_guard_run(layouts->arena, make_closure, want, err);
  return !layouts->is_broken;
}

const stele_layout *stele_layouts_get(stele_layouts *layouts, const stele_message *type,
                                      stele_err *err) {
  closure want = {.layouts = layouts, .type = type};
  (void)pthread_mutex_lock(&layouts->lock);
  const stele_layout *found = stele_map_find_u64(&layouts->made, (uint64_t)(uintptr_t)type);
  if (!found || !found->is_ready) found = make_locked(layouts, &want, err) ? want.made : NULL;
  (void)pthread_mutex_unlock(&layouts->lock);
  return found;
}

const stele_layout *stele_layouts_find(stele_layouts *layouts, stele_str full_name,
                                       stele_err *err) {
  const stele_message *type = stele_schema_message(layouts->schema, full_name);
  if (type) return stele_layouts_get(layouts, type, err);
  (void)stele_fail(err, STELE_NOT_FOUND, "there is no message type \"" STELE_STR_FMT "\"",
                   STELE_STR_ARG(full_name));
  return NULL;
}

const stele_layout *stele_any_find(stele_layouts *layouts, stele_str type_url, stele_err *err) {
  stele_str name = stele_path_last(type_url);
  if (name.len == type_url.len) {
    (void)stele_fail(err, STELE_NOT_FOUND, "\"" STELE_STR_FMT "\" is not the URL of a type",
                     STELE_STR_ARG(type_url));
    return NULL;
  }
  return stele_layouts_find(layouts, name, err);
}

/* ---- Finding fields ------------------------------------------------------- */

const layout_field *layout_find_slow(const stele_layout *layout, uint32_t number) {
  uint32_t low = 0, high = layout->field_count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    uint32_t here = stele_wire_number(layout->fields[middle].tag);
    if (here == number) return &layout->fields[middle];
    if (here < number) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return NULL;
}

typedef enum name_kind { NAME_SOURCE, NAME_JSON, NAME_EXTENSION } name_kind;

static bool is_called(const layout_info *info, name_kind kind, stele_str name) {
  if (info->field->is_extension) {
    return kind == NAME_EXTENSION && stele_str_eq(info->full_name, name);
  }
  if (kind == NAME_EXTENSION) return false;
  return stele_str_eq(kind == NAME_JSON ? info->field->json_name : info->field->name, name);
}

static const layout_field *find_called(const stele_layout *layout, name_kind kind, stele_str name) {
  uint32_t at = (uint32_t)stele_hash_str(name, 0) & layout->name_mask;
  for (; layout->names[at]; at = (at + 1) & layout->name_mask) {
    uint32_t index = layout->names[at] - 1u;
    if (is_called(&layout->info[index], kind, name)) return &layout->fields[index];
  }
  return NULL;
}

const layout_field *layout_find_name(const stele_layout *layout, stele_str name) {
  return find_called(layout, NAME_SOURCE, name);
}

const layout_field *layout_find_json_name(const stele_layout *layout, stele_str name) {
  const layout_field *f = find_called(layout, NAME_JSON, name);
  return f ? f : find_called(layout, NAME_SOURCE, name);
}

const layout_field *layout_find_extension(const stele_layout *layout, stele_str full_name) {
  return find_called(layout, NAME_EXTENSION, full_name);
}

/* ---- The public questions -------------------------------------------------- */

static const stele_field *answer(const stele_layout *layout, const layout_field *f) {
  return f ? layout_schema_field(layout, f) : NULL;
}

const stele_message *stele_layout_type(const stele_layout *layout) {
  return layout->type;
}

stele_layouts *stele_layout_owner(const stele_layout *layout) {
  return layout->owner;
}

const stele_field *stele_layout_field(const stele_layout *layout, int32_t number) {
  return number > 0 ? answer(layout, layout_find(layout, (uint32_t)number)) : NULL;
}

const stele_field *stele_layout_field_by_name(const stele_layout *layout, stele_str name) {
  return answer(layout, layout_find_name(layout, name));
}

const stele_field *stele_layout_field_by_json_name(const stele_layout *layout, stele_str name) {
  return answer(layout, layout_find_json_name(layout, name));
}

const stele_field *stele_layout_extension(const stele_layout *layout, stele_str full_name) {
  return answer(layout, layout_find_extension(layout, full_name));
}

size_t stele_layout_field_count(const stele_layout *layout) {
  return layout->field_count;
}

const stele_field *stele_layout_field_at(const stele_layout *layout, size_t index) {
  return index < layout->field_count ? layout->info[index].field : NULL;
}
