/* Merging, copying, comparing, and looking for what is missing. */
#include "base/guard.h"
#include "proto/message/object.h"

/* ---- Merging ------------------------------------------------------------------ */

static stele_value take_over(stele_arena *arena, layout_code code, stele_value value,
                             bool copy_texts) {
  if (layout_is_object(code)) {
    stele_object *copy = object_new(arena, object_layout(value.object));
    object_merge(arena, copy, value.object, copy_texts);
    value.object = copy;
  } else if (copy_texts && (code == LAYOUT_STRING || code == LAYOUT_BYTES)) {
    value.str = stele_str_copy(arena, value.str);
  }
  return value;
}

static void merge_one(stele_arena *arena, stele_object *into, const stele_object *from,
                      const layout_field *f, bool copy_texts) {
  layout_code code = layout_code_of(f);
  stele_value value = object_load_slot(code, object_slot(from, f));
  if (layout_is_object(code) && object_has(into, f)) {
    object_merge(arena, object_peek(into, f), value.object, copy_texts);
    return;
  }
  value = take_over(arena, code, value, copy_texts);
  object_store_slot(code, object_slot_new(arena, into, f), value);
  object_mark(into, f);
}

static void merge_many(stele_arena *arena, stele_object *into, const stele_object *from,
                       const layout_field *f, bool copy_texts) {
  layout_code code = layout_code_of(f);
  uint32_t bytes = layout_code_bytes[code];
  layout_array source = object_array(from, f);
  layout_array *array = object_array_new(arena, into, f);
  if (array->cap - array->count < source.count) array_grow(arena, array, bytes, source.count);
  for (uint32_t i = 0; i < source.count; i++) {
    stele_value value = object_load(code, (const uint8_t *)source.at + (size_t)i * bytes);
    value = take_over(arena, code, value, copy_texts);
    object_store(code, array_add(arena, array, bytes), value);
  }
}

static void merge_map(stele_arena *arena, stele_object *into, const stele_object *from,
                      const layout_field *f, bool copy_texts) {
  const stele_layout *entry = layout_sub_layout(f);
  layout_code key_code = layout_code_of(&entry->fields[0]);
  layout_code code = layout_code_of(&entry->fields[1]);
  const object_dict *source = object_dict_of(from, f);
  object_dict *dict = object_dict_new(arena, into, f);
  for (uint32_t i = 0; i < source->count; i++) {
    bool was_in = false;
    stele_value key = take_over(arena, key_code, source->entries[i].key, copy_texts);
    stele_value value = take_over(arena, code, source->entries[i].value, copy_texts);
    dict_put(arena, dict, key, &was_in)->value = value;
  }
}

static void merge_field(stele_arena *arena, stele_object *into, const stele_object *from,
                        const layout_field *f, bool copy_texts) {
  static void (*const mergers[])(stele_arena *, stele_object *, const stele_object *,
                                 const layout_field *, bool) = {
      [LAYOUT_ONE] = merge_one,
      [LAYOUT_MANY] = merge_many,
      [LAYOUT_PACKED] = merge_many,
      [LAYOUT_MAP] = merge_map,
  };
  mergers[layout_shape_of(f)](arena, into, from, f, copy_texts);
}

void object_merge_field(stele_arena *arena, stele_object *into, const stele_object *from,
                        const layout_field *f) {
  merge_field(arena, into, from, f, false);
}

void object_merge(stele_arena *arena, stele_object *into, const stele_object *from,
                  bool copy_texts) {
  OBJECT_EACH(from, f) merge_field(arena, into, from, f, copy_texts);
  const object_extra *extra = object_extra_of(from);
  for (uint32_t i = 0; extra && i < extra->unknown_count; i++) {
    stele_bytes records = extra->unknown[i];
    object_add_unknown(arena, into, copy_texts ? stele_bytes_copy(arena, records) : records);
  }
}

typedef struct merge_job {
  stele_arena *arena;
  stele_object *into;
  const stele_object *from;
  bool copy;
} merge_job;

static void run_merge(void *arg) {
  merge_job *job = arg;
  if (job->copy) job->into = object_new(job->arena, object_layout(job->from));
  object_merge(job->arena, job->into, job->from, job->copy);
}

bool stele_object_merge(stele_object *into, stele_arena *arena, const stele_object *from,
                        stele_err *err) {
  merge_job job = {arena, into, from, false};
  if (object_layout(into) != object_layout(from) || into == from) {
    return stele_fail(err, STELE_INVALID, "only another object of the same layout can be merged");
  }
  return stele_guard_run(arena, run_merge, &job, err);
}

stele_object *stele_object_copy(stele_arena *arena, const stele_object *object, stele_err *err) {
  merge_job job = {arena, NULL, object, true};
  return stele_guard_run(arena, run_merge, &job, err) ? job.into : NULL;
}

/* ---- Comparing ------------------------------------------------------------------ */

static bool equal_value(layout_code code, stele_value a, stele_value b) {
  if (layout_is_object(code)) return stele_object_equal(a.object, b.object);
  if (layout_code_bytes[code] == sizeof(stele_str)) return stele_str_eq(a.str, b.str);
  return memcmp(&a, &b, layout_code_bytes[code]) == 0;
}

static bool equal_one(const stele_object *a, const stele_object *b, const layout_field *f) {
  layout_code code = layout_code_of(f);
  return equal_value(code, object_load_slot(code, object_slot(a, f)),
                     object_load_slot(code, object_slot(b, f)));
}

static bool equal_many(const stele_object *a, const stele_object *b, const layout_field *f) {
  layout_code code = layout_code_of(f);
  layout_array x = object_array(a, f), y = object_array(b, f);
  if (x.count != y.count) return false;
  for (size_t i = 0; i < x.count; i++) {
    size_t at = i * layout_code_bytes[code];
    if (!equal_value(code, object_load(code, (const uint8_t *)x.at + at),
                     object_load(code, (const uint8_t *)y.at + at))) {
      return false;
    }
  }
  return true;
}

static bool equal_map(const stele_object *a, const stele_object *b, const layout_field *f) {
  layout_code code = layout_code_of(layout_map_value(f));
  const object_dict *x = object_dict_of(a, f), *y = object_dict_of(b, f);
  if (x->count != y->count) return false;
  for (uint32_t i = 0; i < x->count; i++) {
    const stele_entry *other = dict_find(y, x->entries[i].key);
    if (!other || !equal_value(code, x->entries[i].value, other->value)) return false;
  }
  return true;
}

/* The bytes of all runs are what counts, not where one run ends. */
static bool equal_unknown(const stele_object *a, const stele_object *b) {
  size_t a_count = 0, b_count = 0, i = 0, k = 0, i_at = 0, k_at = 0;
  const stele_bytes *x = stele_object_unknown(a, &a_count);
  const stele_bytes *y = stele_object_unknown(b, &b_count);
  while (i < a_count && k < b_count) {
    size_t len = x[i].len - i_at < y[k].len - k_at ? x[i].len - i_at : y[k].len - k_at;
    if (memcmp(x[i].ptr + i_at, y[k].ptr + k_at, len) != 0) return false;
    i_at += len;
    k_at += len;
    if (i_at == x[i].len) i++, i_at = 0;
    if (k_at == y[k].len) k++, k_at = 0;
  }
  return i == a_count && k == b_count;
}

static bool (*const equals[])(const stele_object *, const stele_object *, const layout_field *) = {
    [LAYOUT_ONE] = equal_one,
    [LAYOUT_MANY] = equal_many,
    [LAYOUT_PACKED] = equal_many,
    [LAYOUT_MAP] = equal_map,
};

bool stele_object_equal(const stele_object *a, const stele_object *b) {
  if (a == b) return true;
  if (!a || !b || object_layout(a) != object_layout(b)) return false;
  if (memcmp(a->head, b->head, object_layout(a)->bit_words * sizeof a->head[0]) != 0) return false;
  OBJECT_EACH(a, f) {
    if (!equals[layout_shape_of(f)](a, b, f)) return false;
  }
  return equal_unknown(a, b);
}

/* ---- Walking into everything ------------------------------------------------------ */

/* Calls `visit` for each object directly inside; stops when it answers false. */
typedef bool visit_fn(stele_object *child, const object_path *at, void *arg);

static bool visit_many(const stele_object *o, const layout_field *f, const object_path *up,
                       visit_fn *visit, void *arg) {
  layout_array array = object_array(o, f);
  object_path at = {.up = up, .layout = object_layout(o), .field = f, .kind = PATH_INDEX};
  for (at.index = 0; at.index < array.count; at.index++) {
    if (!visit(((stele_object **)array.at)[at.index], &at, arg)) return false;
  }
  return true;
}

static bool visit_map(const stele_object *o, const layout_field *f, const object_path *up,
                      visit_fn *visit, void *arg) {
  if (!layout_is_object(layout_code_of(layout_map_value(f)))) return true;
  const object_dict *dict = object_dict_of(o, f);
  object_path at = {.up = up, .layout = object_layout(o), .field = f, .kind = PATH_KEY};
  for (uint32_t i = 0; i < dict->count; i++) {
    at.key = dict->entries[i].key;
    if (!visit(dict->entries[i].value.object, &at, arg)) return false;
  }
  return true;
}

static bool visit_children(const stele_object *o, const object_path *up, visit_fn *visit,
                           void *arg) {
  OBJECT_EACH(o, f) {
    if (!layout_is_object(layout_code_of(f))) continue;
    object_path at = {.up = up, .layout = object_layout(o), .field = f, .kind = PATH_FIELD};
    bool on = layout_shape_of(f) == LAYOUT_ONE   ? visit(object_peek(o, f), &at, arg)
              : layout_shape_of(f) == LAYOUT_MAP ? visit_map(o, f, up, visit, arg)
                                                 : visit_many(o, f, up, visit, arg);
    if (!on) return false;
  }
  return true;
}

static bool visit_missing(stele_object *child, const object_path *at, void *arg) {
  return !object_find_missing(child, at, arg);
}

bool object_find_missing(const stele_object *o, const object_path *up, stele_buf *out) {
  const stele_layout *layout = object_layout(o);
  if (!layout->needs_required) return false;
  for (uint32_t i = 0; layout->required && i < layout->bit_words; i++) {
    uint32_t missing = layout->required[i] & ~o->head[i];
    if (!missing) continue;
    const layout_field *f = &layout->fields[i * 32 + (uint32_t)__builtin_ctz(missing)];
    object_path at = {.up = up, .layout = layout, .field = f, .kind = PATH_FIELD};
    object_path_print(&at, out);
    return true;
  }
  return !visit_children(o, up, visit_missing, out);
}

bool stele_object_check_required(const stele_object *object, stele_err *err) {
  stele_buf path;
  stele_buf_init(&path, NULL, 0);
  bool missing = object_find_missing(object, NULL, &path);
  if (missing) {
    (void)stele_fail(err, STELE_INVALID, "required field \"" STELE_STR_FMT "\" is not set",
                     STELE_STR_ARG(stele_buf_str(&path)));
  }
  stele_buf_release(&path);
  return !missing;
}

static bool visit_clear(stele_object *child, const object_path *at, void *arg) {
  (void)at, (void)arg;
  stele_object_clear_unknown(child);
  return true;
}

void stele_object_clear_unknown(stele_object *object) {
  if (object_extra_of(object)) object_extra_of(object)->unknown_count = 0;
  (void)visit_children(object, NULL, visit_clear, NULL);
}
