/* Any: a message as its bytes, and its type as a URL. */
#include "base/guard.h"
#include "proto/binary/binary.h"
#include "proto/known/known.h"

enum { TYPE_URL = 1, VALUE = 2 };

typedef struct pack_job {
  stele_arena *arena;
  stele_object *any;
  const stele_object *message;
  bool is_whole;
} pack_job;

static void pack(void *arg) {
  pack_job *job = arg;
  static const stele_encode_options sorted = {.deterministic = true};
  stele_bytes out;
  stele_str name = object_layout(job->message)->type->full_name;
  job->is_whole = binary_encode(job->arena, job->message, &sorted, &out);
  if (!job->is_whole) return;
  stele_str url =
      stele_str_printf(job->arena, "type.googleapis.com/" STELE_STR_FMT, STELE_STR_ARG(name));
  object_set(job->arena, job->any, layout_find(object_layout(job->any), TYPE_URL),
             (stele_value){.str = url});
  object_set(job->arena, job->any, layout_find(object_layout(job->any), VALUE),
             (stele_value){.str = stele_bytes_str(out)});
}

bool stele_any_pack(stele_object *any, stele_arena *arena, const stele_object *message,
                    stele_err *err) {
  pack_job job = {arena, any, message, true};
  if (!known_is(any, LAYOUT_WKT_ANY, err)) return false;
  if (!stele_guard_run(arena, pack, &job, err)) return false;
  return job.is_whole || stele_object_check_required(message, err);
}

static stele_str text_of(const stele_object *any, uint32_t number) {
  return object_get(any, layout_find(object_layout(any), number)).str;
}

stele_object *stele_any_unpack(stele_arena *arena, const stele_object *any,
                               const stele_any_resolver *resolver, stele_err *err) {
  stele_decode_options options = {.alias_input = true};
  if (!known_is(any, LAYOUT_WKT_ANY, err)) return NULL;
  stele_str url = text_of(any, TYPE_URL);
  const stele_layout *layout = resolver && resolver->find
                                   ? resolver->find(resolver->arg, url, err)
                                   : stele_any_find(object_layout(any)->owner, url, err);
  if (!layout) return NULL;
  return stele_binary_decode(arena, layout, stele_str_bytes(text_of(any, VALUE)), &options, err);
}

bool stele_any_is(const stele_object *any, stele_str full_name) {
  if (object_layout(any)->well_known != LAYOUT_WKT_ANY) return false;
  stele_str url = text_of(any, TYPE_URL);
  if (url.len <= full_name.len || url.ptr[url.len - full_name.len - 1] != '/') return false;
  return memcmp(url.ptr + url.len - full_name.len, full_name.ptr, full_name.len) == 0;
}
