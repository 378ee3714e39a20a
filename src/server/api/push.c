/* POST /push: a tree at once, as an archive or as JSON. */
#include "registry/push.h"

#include "archive/archive.h"
#include "base/num.h"
#include "obs/metrics.h"
#include "server/api/api.h"

typedef struct push_call {
  stele_call *call;
  registry_push_in in;
  const registry_pushed *out;
  stele_err err;
} push_call;

/* --- reading ------------------------------------------------------------- */

typedef STELE_VEC(registry_push_file) file_list;
typedef STELE_VEC(stele_str) path_list;

static bool read_file(const stele_json *value, registry_push_file *out, stele_err *err) {
  const stele_json *object;
  stele_str content;
  if (!stele_json_to_object(value, &object, err) ||
      !stele_json_need_str(object, "path", &out->path, err) ||
      !stele_json_need_str(object, "content", &content, err)) {
    return false;
  }
  out->content = stele_str_bytes(content);
  return true;
}

static bool read_files(stele_call *call, const stele_json *object, registry_push_in *in,
                       stele_err *err) {
  const stele_json *array = NULL;
  file_list files = {0};
  if (!stele_json_pick_array(object, "files", &array, err)) return false;
  if (!array) return true;
  STELE_JSON_EACH(item, array) {
    if (!read_file(item, STELE_VEC_ADD(call->arena, &files), err)) return false;
  }
  in->files = files.at;
  in->file_count = files.count;
  return true;
}

static bool read_removed(stele_call *call, const stele_json *object, registry_push_in *in,
                         stele_err *err) {
  const stele_json *array = NULL;
  path_list paths = {0};
  if (!stele_json_pick_array(object, "removed", &array, err)) return false;
  if (!array) return true;
  STELE_JSON_EACH(item, array) {
    if (!stele_json_to_str(item, STELE_VEC_ADD(call->arena, &paths), err)) return false;
  }
  in->removed = paths.at;
  in->removed_count = paths.count;
  return true;
}

static bool read_json(stele_call *call, registry_push_in *in) {
  const stele_json *object;
  stele_err err = {0};
  if (!api_body(call, "The request body", &object)) return false;
  if (read_files(call, object, in, &err) && read_removed(call, object, in, &err) &&
      stele_json_pick_i32(object, "base_release", &in->base_release, &err) &&
      stele_json_pick_str(object, "idempotency_key", &in->key, &err) &&
      stele_json_pick_str(object, "commit", &in->commit, &err) &&
      stele_json_pick_bool(object, "dry_run", &in->dry_run, &err)) {
    return true;
  }
  (void)api_bad_json(call, &err);
  return false;
}

static bool is_schema(stele_str path) {
  return path.len > 6 && memcmp(path.ptr + path.len - 6, ".proto", 6) == 0;
}

/* What is no schema in the archive (a stele.yaml, a README) is passed over. */
static bool read_archive(stele_call *call, registry_push_in *in) {
  const stele_archive_file *entries;
  size_t count;
  file_list files = {0};
  path_list removed = {0};
  stele_str path;
  stele_err err = {0};
  if (!stele_archive_read(call->arena, stele_str_bytes(call_body(call)), NULL, &entries, &count,
                          &err)) {
    (void)API_REFUSE(call, REGISTRY_BAD_ARCHIVE, stele_str_copy(call->arena, stele_cstr(err.msg)));
    return false;
  }
  for (size_t i = 0; i < count; i++) {
    if (!is_schema(entries[i].path)) continue;
    STELE_VEC_PUSH(call->arena, &files, (registry_push_file){entries[i].path, entries[i].content});
  }
  for (size_t n = 0; call_query_nth(call, "removed", n, &path); n++) {
    STELE_VEC_PUSH(call->arena, &removed, path);
  }
  in->files = files.at;
  in->file_count = files.count;
  in->removed = removed.at;
  in->removed_count = removed.count;
  return true;
}

/* What the query and the headers say goes for both forms. */
static bool read_query(stele_call *call, registry_push_in *in, stele_err *err) {
  stele_str text;
  int64_t base;
  if (!call_query_int(call, "base_release", in->base_release, &base, err)) return false;
  in->base_release = base < 0 || base > INT32_MAX ? INT32_MAX : (int32_t)base;
  if (call_query(call, "dry_run", &text)) in->dry_run = call_query_flag(call, "dry_run");
  if (call_query(call, "idempotency_key", &text)) in->key = text;
  if (call_query(call, "commit", &text)) in->commit = text;
  text = http_header(call->request, HTTP_H_IDEMPOTENCY_KEY);
  if (text.len && !in->key.len) in->key = text;
  return true;
}

static bool body_is_json(const stele_call *call) {
  stele_str body = call_body(call);
  size_t i = 0;
  while (i < body.len && memchr(" \t\r\n", body.ptr[i], 4)) i++;
  return i == body.len || body.ptr[i] == '{' || body.ptr[i] == '[';
}

/* --- answering ----------------------------------------------------------- */

static void write_file(stele_json_writer *w, const registry_pushed_file *f) {
  stele_json_begin_object(w);
  stele_json_field_str(w, "path", f->subject);
  stele_json_field_str(w, "subject", f->subject);
  stele_json_field_str(w, "status", stele_cstr(push_status_text(f->status)));
  stele_json_field_i64(w, "version", f->version);
  if (f->id) stele_json_field_i64(w, "id", f->id);
  stele_json_field_str(w, "semver", f->semver);
  stele_json_field_str(w, "class", stele_cstr(check_class_text(f->cls)));
  api_write_findings(w, f->findings, f->finding_count);
  stele_json_end_object(w);
}

static void write_pushed(stele_json_writer *w, const push_call *push) {
  const registry_pushed *out = push->out;
  stele_json_begin_object(w);
  if (out->release) stele_json_field_i64(w, "release", out->release);
  if (out->semver.len) stele_json_field_str(w, "semver", out->semver);
  stele_json_field_str(w, "class", stele_cstr(check_class_text(out->cls)));
  stele_json_field_bool(w, "dry_run", push->in.dry_run);
  stele_json_field_bool(w, "repeated", out->repeated);
  stele_json_field_array(w, "files");
  for (size_t i = 0; i < out->file_count; i++) write_file(w, &out->files[i]);
  stele_json_end_array(w);
  stele_json_end_object(w);
}

static void count(stele_call *call, const push_call *push) {
  const registry_pushed *out = push->out;
  if (push->in.dry_run || out->repeated) return;
  if (out->refused || out->err.code) {
    api_count_registration(call, out->refused, &out->err, false);
    return;
  }
  for (size_t i = 0; i < out->file_count; i++) {
    push_status status = out->files[i].status;
    if (status == PUSH_REMOVED) continue;
    api_count_registration(call, NULL, &out->err, status != PUSH_UNCHANGED);
  }
}

static bool reply_pushed(stele_call *call, void *arg, stele_err *err) {
  const push_call *push = arg;
  api_json json;
  (void)err;
  count(call, push);
  if (push->out->err.code) return api_fail(call, &push->out->err);
  if (push->out->refused) return api_refuse(call, push->out->refused);
  api_json_init(&json, call);
  write_pushed(&json.w, push);
  return api_json_reply(&json, call);
}

static void pushed(const registry_pushed *out, void *arg) {
  push_call *push = arg;
  push->out = out;
  call_resume(push->call, reply_pushed, push);
}

static bool post_push(stele_call *call, stele_err *err) {
  push_call *push = STELE_NEW(call->arena, push_call);
  push->in = (registry_push_in){.tenant = call->tenant, .caller = api_caller(call)};
  if (body_is_json(call) ? !read_json(call, &push->in) : !read_archive(call, &push->in))
    return true;
  if (!read_query(call, &push->in, err)) return false;
  for (size_t i = 0; i < push->in.file_count; i++) {
    obs_observe(call->metrics, OBS_MESSAGE_BYTES, 0, push->in.files[i].content.len);
  }
  push_job *job = registry_push_new(call->app->registry, call->arena, &push->in, pushed, push);
  push->call = call_suspend(call);
  if (!registry_push_start(job, &push->err)) api_resume_failed(call, &push->err);
  return true;
}

const api_route api_push_routes[] = {
    {"POST", "/push", STELE_ROLE_ADMIN, post_push, .tag = "Releases",
     .summary = "Push a tree of files, all or nothing: JSON, or a tar (plain, gzip, zstd).",
     .query = "dry_run base_release idempotency_key commit removed",
     .body = "{\"files\":[{\"path\":\"trading/quotes.proto\",\"content\":\"syntax = "
             "\\\"proto3\\\";\\npackage trading.v1;\\nmessage Quote {\\n  string symbol = "
             "1;\\n}\\n\"}],\"removed\":[],\"dry_run\":true}",
     .answer = "{\"semver\":\"1.1.0\",\"class\":\"minor\",\"dry_run\":true,\"repeated\":false,"
               "\"files\":[{\"path\":\"trading/quotes.proto\",\"subject\":\"trading/quotes.proto\","
               "\"status\":\"created\",\"version\":1,\"semver\":\"1.0.0\",\"class\":\"minor\","
               "\"findings\":[]}]}",
     .takes = "application/x-tar application/gzip application/x-gzip application/zstd "
              "application/x-gtar application/octet-stream"},
};
const size_t api_push_route_count = STELE_COUNT(api_push_routes);
