/* What is wrong, at which byte, and in which field of which message. */
#include "proto/binary/decode_internal.h"

__attribute__((noinline, cold)) const uint8_t *decode_fail(decoder *d, const uint8_t *where,
                                                           const char *what) {
  if (d->what) return NULL;
  d->code = STELE_INVALID;
  d->what = what;
  d->where = where;
  return NULL;
}

__attribute__((noinline, cold)) const uint8_t *decode_fail_deep(decoder *d, const uint8_t *where) {
  (void)decode_fail(d, where, "messages are nested too deeply");
  d->code = STELE_LIMIT;
  return NULL;
}

static void put_before(decoder *d, stele_str text) {
  if (text.len > d->path_at) {
    text.ptr += text.len - d->path_at;
    text.len = d->path_at;
  }
  d->path_at -= text.len;
  if (text.len) memcpy(d->path + d->path_at, text.ptr, text.len);
}

/* Puts the field, and which of its values it was, before the path. */
static void trace_field(decoder *d, const stele_object *o, const layout_field *f) {
  char text[32];
  const layout_info *info = &object_layout(o)->info[f->index];
  if (d->path_at < PATH_BYTES && d->path[d->path_at] != '[') put_before(d, STELE_STR("."));
  layout_shape shape = layout_shape_of(f);
  if (shape != LAYOUT_ONE && object_has(o, f)) {
    const object_dict *dict = shape == LAYOUT_MAP ? object_dict_of(o, f) : NULL;
    uint32_t count = dict ? dict->count : object_array(o, f).count;
    bool is_added = layout_is_object(layout_code_of(f));
    int len = snprintf(text, sizeof text, "[%u]", is_added && !dict && count ? count - 1 : count);
    put_before(d, (stele_str){text, (size_t)len});
  } else if (shape != LAYOUT_ONE) {
    put_before(d, STELE_STR("[0]"));
  }
  if (!info->field->is_extension) {
    put_before(d, info->field->name);
    return;
  }
  put_before(d, STELE_STR("]"));
  put_before(d, info->full_name);
  put_before(d, STELE_STR("["));
}

__attribute__((noinline, cold)) void decode_trace(decoder *d, const stele_object *o,
                                                  const layout_field *f, const decode_frame *top) {
  if (f) trace_field(d, o, f);
  while (top-- > d->frames) {
    if (top->f) trace_field(d, top->o, top->f);
  }
}

bool decode_tell(const decoder *d, stele_err *err) {
  stele_str path = {d->path + d->path_at, PATH_BYTES - d->path_at};
  bool is_moved = d->where >= d->start && d->where <= d->end + SLOP;
  size_t byte = (size_t)(d->where + (is_moved ? d->shift : 0) - d->input);
  if (path.len == 0) return stele_fail(err, d->code, "byte %zu: %s", byte, d->what);
  return stele_fail(err, d->code, "byte %zu, field \"%s" STELE_STR_FMT "\": %s", byte,
                    d->path_at == 0 ? "…" : "", STELE_STR_ARG(path), d->what);
}
