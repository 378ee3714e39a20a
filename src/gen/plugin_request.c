/* A file to generate for goes out twice: as plugins know it since ever, and,
 * behind all others, with everything that was written in the source. */
#include "gen/plugin_request.h"

#include "base/guard.h"
#include "base/map.h"
#include "proto/descriptor/descriptor.h"
#include "proto/wire/writer.h"

/* Fields of google.protobuf.compiler.CodeGeneratorRequest and Version. */
enum {
  REQUEST_FILE_TO_GENERATE = 1,
  REQUEST_PARAMETER = 2,
  REQUEST_COMPILER_VERSION = 3,
  REQUEST_PROTO_FILE = 15,
  REQUEST_SOURCE_FILE_DESCRIPTORS = 17,
};

/* {major: 7, minor: 36, patch: 2, suffix: ""}: the runtime that protoc 36.2
 * belongs to. */
static const uint8_t compiler_version[] = {0x08, 7, 0x10, 36, 0x18, 2, 0x22, 0};

typedef struct encode_job {
  stele_arena *arena;
  const stele_plugin_request *request;
  stele_buf *out, one;
} encode_job;

static bool has_word(stele_str parameter, stele_str word) {
  for (size_t from = 0; from < parameter.len;) {
    const char *comma = memchr(parameter.ptr + from, ',', parameter.len - from);
    size_t end = comma ? (size_t)(comma - parameter.ptr) : parameter.len;
    if (stele_str_eq((stele_str){parameter.ptr + from, end - from}, word)) return true;
    from = end + 1;
  }
  return false;
}

static bool wants_json_names(stele_str plugin) {
  static const char *const without[] = {"protoc-gen-cpp", "protoc-gen-java",
                                        "protoc-gen-mutable_java", "protoc-gen-python"};
  for (size_t i = 0; i < STELE_COUNT(without); i++) {
    if (stele_str_eq(plugin, stele_cstr(without[i]))) return false;
  }
  return true;
}

static void put_file(encode_job *job, uint32_t number, const stele_file *file,
                     const stele_descriptor_options *options) {
  stele_mark mark = stele_arena_mark(job->arena);
  stele_buf_clear(&job->one);
  stele_descriptor_encode(job->arena, file, options, &job->one);
  stele_arena_rewind(job->arena, mark);
  if (job->one.failed) stele_guard_leave(job->arena, STELE_NO_MEMORY, "no memory for a request");
  stele_write_bytes_field(job->out, number, stele_buf_bytes(&job->one));
}

static void encode(void *arg) {
  encode_job *job = arg;
  const stele_plugin_request *request = job->request;
  const stele_file *const *order;
  size_t count = stele_descriptor_order(job->arena, request->files, request->count, true, &order);
  bool written = !wants_json_names(request->plugin);
  bool bootstrap = has_word(request->parameter, STELE_STR("bootstrap"));
  const stele_descriptor_options whole = {true, true, false};
  const stele_descriptor_options stripped = {!bootstrap, false, written || bootstrap};

  stele_map named;
  stele_map_init(&named, job->arena, 0);
  for (size_t i = 0; i < request->count; i++) {
    stele_str name = request->files[i]->name;
    *stele_map_add(&named, name) = job;
    stele_write_bytes_field(job->out, REQUEST_FILE_TO_GENERATE, stele_str_bytes(name));
  }
  if (request->parameter.len) {
    stele_write_bytes_field(job->out, REQUEST_PARAMETER, stele_str_bytes(request->parameter));
  }
  stele_write_bytes_field(job->out, REQUEST_COMPILER_VERSION,
                          (stele_bytes){compiler_version, sizeof compiler_version});
  for (size_t i = 0; i < count; i++) {
    bool is_named = stele_map_find(&named, order[i]->name) != NULL;
    put_file(job, REQUEST_PROTO_FILE, order[i], is_named ? &stripped : &whole);
  }
  for (size_t i = 0; i < count; i++) {
    if (!stele_map_find(&named, order[i]->name)) continue;
    put_file(job, REQUEST_SOURCE_FILE_DESCRIPTORS, order[i], &whole);
  }
}

bool stele_plugin_request_encode(stele_arena *arena, const stele_plugin_request *request,
                                 stele_buf *out, stele_err *err) {
  encode_job job = {.arena = arena, .request = request, .out = out};
  stele_buf_init(&job.one, NULL, 0);
  bool ok = stele_guard_run(arena, encode, &job, err);
  stele_buf_release(&job.one);
  if (ok && out->failed) return stele_fail(err, STELE_NO_MEMORY, "no memory for a request");
  return ok;
}
