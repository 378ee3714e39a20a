/* Field masks. Everything works on the normal form: paths sorted part by part,
 * none below another, so that all paths through one field stand side by side. */
#include <stdlib.h>

#include "base/guard.h"
#include "base/vec.h"
#include "proto/known/known.h"

bool stele_mask_get(const stele_object *object, stele_mask *out, stele_err *err) {
  if (!known_is(object, LAYOUT_WKT_FIELD_MASK, err)) return false;
  layout_array paths = object_array(object, layout_find(object_layout(object), 1));
  *out = (stele_mask){paths.at, paths.count};
  return true;
}

/* ---- Paths -------------------------------------------------------------------------- */

/* '.' comes before everything, so that what is below a path follows it. */
static int by_parts(const void *a, const void *b) {
  stele_str x = *(const stele_str *)a, y = *(const stele_str *)b;
  for (size_t i = 0; i < x.len && i < y.len; i++) {
    uint8_t c = (uint8_t)x.ptr[i], d = (uint8_t)y.ptr[i];
    if (c == d) continue;
    if (c == '.') return -1;
    if (d == '.') return 1;
    return c < d ? -1 : 1;
  }
  return (x.len > y.len) - (x.len < y.len);
}

static bool is_below(stele_str path, stele_str above) {
  if (path.len < above.len || memcmp(path.ptr, above.ptr, above.len) != 0) return false;
  return path.len == above.len || path.ptr[above.len] == '.';
}

/* The part of a path that begins at `from`. */
static stele_str part_at(stele_str path, size_t from) {
  const char *dot = memchr(path.ptr + from, '.', path.len - from);
  size_t end = dot ? (size_t)(dot - path.ptr) : path.len;
  return (stele_str){path.ptr + from, end - from};
}

bool stele_mask_covers(stele_mask mask, stele_str path) {
  for (size_t i = 0; i < mask.count; i++) {
    if (mask.paths[i].len && is_below(path, mask.paths[i])) return true;
  }
  return false;
}

static bool check_path(const stele_layout *layout, stele_str path, stele_err *err) {
  for (size_t at = 0;;) {
    stele_str part = at <= path.len ? part_at(path, at) : (stele_str){path.ptr, 0};
    const layout_field *f = part.len ? layout_find_name(layout, part) : NULL;
    if (!f) break;
    at += part.len + 1;
    if (at > path.len) return true;
    if (layout_shape_of(f) != LAYOUT_ONE || !layout_is_object(layout_code_of(f))) break;
    layout = layout_sub_layout(f);
  }
  return stele_fail(err, STELE_INVALID, "the path \"" STELE_STR_FMT "\" names no field",
                    STELE_STR_ARG(path));
}

bool stele_mask_check(const stele_layout *layout, stele_mask mask, stele_err *err) {
  for (size_t i = 0; i < mask.count; i++) {
    if (!check_path(layout, mask.paths[i], err)) return false;
  }
  return true;
}

/* ---- Sets --------------------------------------------------------------------------- */

typedef struct mask_job {
  stele_arena *arena;
  stele_mask a, b, out;
  stele_object *into;
  const stele_object *from;
  const stele_mask_merge_options *options;
} mask_job;

typedef STELE_VEC(stele_str) path_vec;

static stele_mask normal(path_vec *all) {
  size_t kept = 0;
  if (all->count) qsort(all->at, all->count, sizeof *all->at, by_parts);
  for (size_t i = 0; i < all->count; i++) {
    if (all->at[i].len == 0 || (kept && is_below(all->at[i], all->at[kept - 1]))) continue;
    all->at[kept++] = all->at[i];
  }
  return (stele_mask){all->at, kept};
}

static void add_all(stele_arena *arena, path_vec *all, stele_mask mask) {
  for (size_t i = 0; i < mask.count; i++) STELE_VEC_PUSH(arena, all, mask.paths[i]);
}

static void run_union(void *arg) {
  mask_job *job = arg;
  path_vec all = {0};
  add_all(job->arena, &all, job->a);
  add_all(job->arena, &all, job->b);
  job->out = normal(&all);
}

/* Of two normal masks: of each pair the longer path, where one covers the
 * other. Both are sorted, so one pass does. */
static void run_intersect(void *arg) {
  mask_job *job = arg;
  path_vec all = {0}, first = {0}, second = {0};
  add_all(job->arena, &first, job->a);
  add_all(job->arena, &second, job->b);
  stele_mask a = normal(&first), b = normal(&second);
  size_t i = 0, k = 0;
  while (i < a.count && k < b.count) {
    if (is_below(a.paths[i], b.paths[k])) {
      STELE_VEC_PUSH(job->arena, &all, a.paths[i++]);
    } else if (is_below(b.paths[k], a.paths[i])) {
      STELE_VEC_PUSH(job->arena, &all, b.paths[k++]);
    } else if (by_parts(&a.paths[i], &b.paths[k]) < 0) {
      i++;
    } else {
      k++;
    }
  }
  job->out = normal(&all);
}

static bool run(mask_job *job, void (*fn)(void *arg), stele_mask *out, stele_err *err) {
  if (!stele_guard_run(job->arena, fn, job, err)) return false;
  *out = job->out;
  return true;
}

bool stele_mask_normal(stele_arena *arena, stele_mask mask, stele_mask *out, stele_err *err) {
  mask_job job = {.arena = arena, .a = mask};
  return run(&job, run_union, out, err);
}

bool stele_mask_union(stele_arena *arena, stele_mask a, stele_mask b, stele_mask *out,
                      stele_err *err) {
  mask_job job = {.arena = arena, .a = a, .b = b};
  return run(&job, run_union, out, err);
}

bool stele_mask_intersect(stele_arena *arena, stele_mask a, stele_mask b, stele_mask *out,
                          stele_err *err) {
  mask_job job = {.arena = arena, .a = a, .b = b};
  return run(&job, run_intersect, out, err);
}

/* ---- Walking an object with a mask ------------------------------------------------------ */

/* How many of the paths, which begin alike up to `at`, have the first one's
 * next part. */
static size_t group_of(stele_mask mask, size_t at) {
  stele_str part = part_at(mask.paths[0], at);
  size_t count = 1;
  while (count < mask.count && stele_str_eq(part_at(mask.paths[count], at), part)) count++;
  return count;
}

static void trim(stele_object *o, stele_mask mask, size_t at) {
  if (object_extra_of(o)) object_extra_of(o)->unknown_count = 0;
  OBJECT_EACH(o, f) {
    stele_str name = layout_schema_field(object_layout(o), f)->name;
    size_t i = 0;
    while (i < mask.count && !stele_str_eq(part_at(mask.paths[i], at), name)) i++;
    if (i == mask.count || f->flags & LAYOUT_EXTENSION) {
      object_unmark(o, f);
      continue;
    }
    if (mask.paths[i].len == at + name.len) continue; /* all of it */
    stele_mask below = {mask.paths + i, mask.count - i};
    below.count = group_of(below, at);
    trim(object_peek(o, f), below, at + name.len + 1);
  }
}

static void run_trim(void *arg) {
  mask_job *job = arg;
  run_union(job);
  trim(job->into, job->out, 0);
}

bool stele_mask_trim(stele_arena *scratch, stele_object *object, stele_mask mask, stele_err *err) {
  mask_job job = {.arena = scratch, .a = mask, .into = object};
  return stele_mask_check(object_layout(object), mask, err) &&
         stele_guard_run(scratch, run_trim, &job, err);
}

/* A field that the mask names, whole. */
static void merge_field(mask_job *job, stele_object *into, const stele_object *from,
                        const layout_field *f) {
  bool is_message = layout_shape_of(f) == LAYOUT_ONE && layout_is_object(layout_code_of(f));
  bool is_list = layout_shape_of(f) != LAYOUT_ONE;
  bool replace = is_message ? job->options->replace_messages
                 : is_list  ? job->options->replace_repeated
                            : true;
  if (replace) object_unmark(into, f);
  if (object_has(from, f)) object_merge_field(job->arena, into, from, f);
}

static void merge(mask_job *job, stele_object *into, const stele_object *from, stele_mask mask,
                  size_t at) {
  while (mask.count) {
    stele_str part = part_at(mask.paths[0], at);
    size_t count = group_of(mask, at);
    const layout_field *f = layout_find_name(object_layout(into), part);
    if (mask.paths[0].len == at + part.len) {
      merge_field(job, into, from, f);
    } else if (object_has(from, f) || object_has(into, f)) {
      const stele_object *below = object_peek(from, f);
      if (!below) below = object_new(job->arena, layout_sub_layout(f));
      merge(job, object_sub(job->arena, into, f), below, (stele_mask){mask.paths, count},
            at + part.len + 1);
    }
    mask = (stele_mask){mask.paths + count, mask.count - count};
  }
}

static void run_merge(void *arg) {
  mask_job *job = arg;
  run_union(job);
  merge(job, job->into, job->from, job->out, 0);
}

bool stele_mask_merge(stele_object *into, stele_arena *arena, const stele_object *from,
                      stele_mask mask, const stele_mask_merge_options *options, stele_err *err) {
  static const stele_mask_merge_options none;
  mask_job job = {.arena = arena, .a = mask, .into = into, .from = from};
  job.options = options ? options : &none;
  if (object_layout(into) != object_layout(from) || into == from) {
    return stele_fail(err, STELE_INVALID, "only another object of the same layout can be merged");
  }
  return stele_mask_check(object_layout(into), mask, err) &&
         stele_guard_run(arena, run_merge, &job, err);
}
