/* Telling where: the steps of a path, and the message that names it. */
#include <stdio.h>

#include "proto/json/json_internal.h"

static object_path *step(json_trail *trail, stele_arena *arena, const stele_layout *layout,
                         const layout_field *f) {
  object_path *path = STELE_NEW(arena, object_path);
  path->layout = layout;
  path->field = f;
  if (trail->outer) {
    trail->outer->up = path;
  } else {
    trail->inner = path;
  }
  trail->outer = path;
  return path;
}

void json_trail_field(json_trail *trail, stele_arena *arena, const stele_layout *layout,
                      const layout_field *f) {
  step(trail, arena, layout, f)->kind = PATH_FIELD;
}

void json_trail_index(json_trail *trail, stele_arena *arena, const stele_layout *layout,
                      const layout_field *f, size_t index) {
  object_path *path = step(trail, arena, layout, f);
  path->kind = PATH_INDEX;
  path->index = index;
}

void json_trail_key(json_trail *trail, stele_arena *arena, const stele_layout *layout,
                    const layout_field *f, stele_value key) {
  object_path *path = step(trail, arena, layout, f);
  path->kind = PATH_KEY;
  path->key = key;
}

void json_trail_tell(const json_trail *trail, stele_arena *arena, stele_err *err) {
  if (!trail->inner) return;
  enum { MOST_PATH = 120 };
  stele_buf path;
  stele_buf_init(&path, arena, 0);
  object_path_print(trail->inner, &path);
  stele_str shown = stele_buf_str(&path);
  bool is_cut = shown.len > MOST_PATH; /* its end is what tells most */
  if (is_cut) shown = (stele_str){shown.ptr + shown.len - MOST_PATH, MOST_PATH};
  while (is_cut && shown.len && ((uint8_t)*shown.ptr & 0xc0) == 0x80) shown.ptr++, shown.len--;

  char text[STELE_ERR_TEXT];
  memcpy(text, err->msg, sizeof text);
  const char *rest = strncmp(text, "line ", 5) == 0 ? strstr(text, "): ") : NULL;
  int place = rest ? (int)(rest + 1 - text) : 0;
  (void)stele_fail(err, err->code, "%.*s%sfield \"%s" STELE_STR_FMT "\": %s", place, text,
                   rest ? ", " : "", is_cut ? "\xe2\x80\xa6" : "", STELE_STR_ARG(shown),
                   rest ? rest + 3 : text);
}
