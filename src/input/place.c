/* Paths from here to there, by their text: links are not asked. */
#include "input/place.h"

#include "base/path.h"
#include "config/config.h"

stele_str input_place_show(stele_arena *arena, const input_place *place, stele_str path) {
  stele_str rest, shared = place->here, up = {0};
  if (place->is_absolute) {
    return stele_str_printf(arena, "/" STELE_STR_FMT,
                            STELE_STR_ARG(stele_path_join(arena, place->root, path)));
  }
  while (!config_path_in(shared, path, &rest)) {
    shared = config_path_above(shared);
    up = stele_path_join(arena, STELE_STR(".."), up);
  }
  return stele_path_join(arena, up, rest);
}

const char *input_place_take(stele_arena *arena, const input_place *place, stele_str typed,
                             stele_str *out) {
  if (typed.len == 0 || typed.ptr[0] != '/') {
    return config_path(arena, stele_path_join(arena, place->here, typed), out);
  }
  if (!place->root.ptr) return "expected to be relative";
  const char *fault = config_path(arena, (stele_str){typed.ptr + 1, typed.len - 1}, out);
  if (fault) return fault;
  return config_path_in(place->root, *out, out) ? NULL : "is outside the context directory";
}
