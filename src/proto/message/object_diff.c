/* Where two objects differ. */
#include "base/guard.h"
#include "base/vec.h"
#include "proto/message/object.h"

typedef struct diff_job {
  stele_arena *arena;
  const stele_object *a, *b;
  size_t most;
  STELE_VEC(stele_difference) found;
} diff_job;

static void note(diff_job *job, const object_path *path, stele_difference_kind kind) {
  if (job->most && job->found.count >= job->most) return;
  stele_buf text;
  stele_buf_init(&text, job->arena, 0);
  stele_buf_add_cstr(&text, "");
  object_path_print(path, &text);
  STELE_VEC_PUSH(job->arena, &job->found, (stele_difference){stele_buf_str(&text), kind});
}

static void diff_objects(diff_job *job, const stele_object *a, const stele_object *b,
                         const object_path *up);

static void diff_value(diff_job *job, layout_code code, stele_value a, stele_value b,
                       const object_path *at) {
  if (layout_is_object(code)) {
    diff_objects(job, a.object, b.object, at);
  } else if (layout_code_bytes[code] == sizeof(stele_str)) {
    if (!stele_str_eq(a.str, b.str)) note(job, at, STELE_DIFFERENCE_CHANGED);
  } else if (memcmp(&a, &b, layout_code_bytes[code]) != 0) {
    note(job, at, STELE_DIFFERENCE_CHANGED);
  }
}

static stele_value item(layout_code code, layout_array array, size_t index) {
  return object_load(code, (const uint8_t *)array.at + index * layout_code_bytes[code]);
}

static void diff_many(diff_job *job, const stele_object *a, const stele_object *b,
                      const layout_field *f, object_path *at) {
  layout_code code = layout_code_of(f);
  layout_array x = object_array(a, f), y = object_array(b, f);
  at->kind = PATH_INDEX;
  for (at->index = 0; at->index < x.count || at->index < y.count; at->index++) {
    if (at->index >= x.count) {
      note(job, at, STELE_DIFFERENCE_ADDED);
    } else if (at->index >= y.count) {
      note(job, at, STELE_DIFFERENCE_REMOVED);
    } else {
      diff_value(job, code, item(code, x, at->index), item(code, y, at->index), at);
    }
  }
}

static void diff_map(diff_job *job, const stele_object *a, const stele_object *b,
                     const layout_field *f, object_path *at) {
  static const object_dict empty;
  const object_dict *x = object_dict_of(a, f), *y = object_dict_of(b, f);
  layout_code code = layout_code_of(layout_map_value(f));
  if (!x) x = &empty;
  if (!y) y = &empty;
  at->kind = PATH_KEY;
  for (uint32_t i = 0; i < x->count; i++) {
    at->key = x->entries[i].key;
    const stele_entry *other = y->count ? dict_find(y, at->key) : NULL;
    if (other) {
      diff_value(job, code, x->entries[i].value, other->value, at);
    } else {
      note(job, at, STELE_DIFFERENCE_REMOVED);
    }
  }
  for (uint32_t i = 0; i < y->count; i++) {
    at->key = y->entries[i].key;
    if (!x->count || !dict_find(x, at->key)) note(job, at, STELE_DIFFERENCE_ADDED);
  }
}

static void diff_field(diff_job *job, const stele_object *a, const stele_object *b,
                       const layout_field *f, const object_path *up) {
  object_path at = {.up = up, .layout = object_layout(a), .field = f, .kind = PATH_FIELD};
  layout_shape shape = layout_shape_of(f);
  bool in_a = object_has(a, f), in_b = object_has(b, f);
  if (!in_a && !in_b) return;
  if (shape == LAYOUT_MAP) {
    diff_map(job, a, b, f, &at);
  } else if (shape != LAYOUT_ONE) {
    diff_many(job, a, b, f, &at);
  } else if (in_a != in_b) {
    note(job, &at, in_b ? STELE_DIFFERENCE_ADDED : STELE_DIFFERENCE_REMOVED);
  } else {
    diff_value(job, layout_code_of(f), object_get(a, f), object_get(b, f), &at);
  }
}

static stele_bytes all_unknown(diff_job *job, const stele_object *o) {
  size_t count = 0;
  const stele_bytes *runs = stele_object_unknown(o, &count);
  stele_buf all;
  stele_buf_init(&all, job->arena, 0);
  for (size_t i = 0; i < count; i++) stele_buf_add(&all, runs[i].ptr, runs[i].len);
  return stele_buf_bytes(&all);
}

static void diff_unknown(diff_job *job, const stele_object *a, const stele_object *b,
                         const object_path *up) {
  stele_bytes x = all_unknown(job, a), y = all_unknown(job, b);
  if (stele_bytes_eq(x, y)) return;
  note(job, up,
       !x.len   ? STELE_DIFFERENCE_ADDED
       : !y.len ? STELE_DIFFERENCE_REMOVED
                : STELE_DIFFERENCE_CHANGED);
}

static void diff_objects(diff_job *job, const stele_object *a, const stele_object *b,
                         const object_path *up) {
  for (uint32_t i = 0; i < object_layout(a)->field_count; i++) {
    diff_field(job, a, b, &object_layout(a)->fields[i], up);
  }
  diff_unknown(job, a, b, up);
}

static void run_diff(void *arg) {
  diff_job *job = arg;
  diff_objects(job, job->a, job->b, NULL);
}

bool stele_object_diff(stele_arena *arena, const stele_object *a, const stele_object *b,
                       size_t most, const stele_difference **out, size_t *count, stele_err *err) {
  diff_job job = {.arena = arena, .a = a, .b = b, .most = most};
  if (object_layout(a) != object_layout(b)) {
    return stele_fail(err, STELE_INVALID, "only objects of the same layout can be compared");
  }
  if (!stele_guard_run(arena, run_diff, &job, err)) return false;
  *out = job.found.at;
  *count = job.found.count;
  return true;
}
