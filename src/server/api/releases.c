/* Releases, and the code that is generated from them. */
#include "archive/archive.h"
#include "obs/metrics.h"
#include "registry/generate.h"
#include "server/api/api.h"

/* --- GET /releases ------------------------------------------------------- */

static void write_members(stele_json_writer *w, const snap_tenant *tenant, int32_t release) {
  tree_cursor c = tree_seek(&snap_subject_kind, &tenant->subjects, STELE_STR(""));
  stele_json_field_array(w, "files");
  for (const snap_subject *s; (s = tree_next(&c));) {
    for (uint32_t i = 0; i < s->count; i++) {
      const snap_version *v = s->versions[i];
      if (v->release != release) continue;
      stele_json_begin_object(w);
      stele_json_field_str(w, "subject", v->subject);
      stele_json_field_i64(w, "version", v->version);
      stele_json_field_i64(w, "id", v->id);
      stele_json_field_str(w, "semver", v->semver);
      stele_json_end_object(w);
    }
  }
  stele_json_end_array(w);
}

static void write_release(stele_json_writer *w, const snap_tenant *tenant, const snap_release *r) {
  stele_json_begin_object(w);
  stele_json_field_i64(w, "release", r->number);
  stele_json_field_str(w, "semver", r->semver);
  stele_json_field_i64(w, "ts", r->time / STELE_US_PER_MS);
  if (r->base) stele_json_field_i64(w, "base_release", r->base);
  if (r->author.len) stele_json_field_str(w, "author", r->author);
  if (r->commit.len) stele_json_field_str(w, "commit", r->commit);
  if (r->key.len) stele_json_field_str(w, "idempotency_key", r->key);
  write_members(w, tenant, r->number);
  stele_json_end_object(w);
}

enum { MOST_RELEASES = 100 };

/* Newest first. */
static bool list_releases(stele_call *call, stele_err *err) {
  const registry_snapshot *s = registry_read(call->app->registry);
  const snap_tenant *tenant = snap_find_tenant(s, call->tenant);
  call_page page;
  api_json json;
  if (!call_query_page(call, MOST_RELEASES, &page, err)) return false;
  const snap_release *newest = tenant ? snap_newest_release(tenant) : NULL;
  size_t seen = 0;
  api_json_init(&json, call);
  stele_json_begin_array(&json.w);
  for (int32_t n = newest ? newest->number : 0; n > 0 && seen < page.offset + page.limit; n--) {
    const snap_release *r = snap_find_release(tenant, n);
    if (!r) continue;
    if (seen >= page.offset) write_release(&json.w, tenant, r);
    seen++;
  }
  stele_json_end_array(&json.w);
  return api_json_reply(&json, call);
}

/* --- generating ---------------------------------------------------------- */

typedef struct generate_call {
  api_work base;
  registry_generate_in in;
  registry_generated out;
  bool archive; /* answer a tar.gz */
  stele_bytes tar;
} generate_call;

static bool make_archive(registry_work *work, generate_call *g) {
  stele_archive_file *files = STELE_NEW_ARRAY(work->arena, stele_archive_file, g->out.count + 1);
  for (size_t i = 0; i < g->out.count; i++) {
    files[i] = (stele_archive_file){g->out.files[i].path, stele_str_bytes(g->out.files[i].content)};
  }
  return stele_archive_write(work->arena, files, g->out.count, &g->tar, &work->err);
}

static void run_generate(registry_work *work, linked_job *links) {
  generate_call *g = (generate_call *)(void *)work;
  if (!registry_generate(links, &g->in, &g->out, &work->err) || g->out.refused) return;
  if (g->archive) (void)!make_archive(work, g);
}

static bool reply_archive(stele_call *call, const generate_call *g) {
  call_header(call, "Content-Disposition",
              stele_str_printf(call->arena, "attachment; filename=\"" STELE_STR_FMT "-%d.tar.gz\"",
                               STELE_STR_ARG(g->in.language), g->out.release));
  return call_reply_text(call, 200, "application/gzip", stele_bytes_str(g->tar));
}

static bool reply_files(stele_call *call, const generate_call *g) {
  api_json json;
  api_json_init(&json, call);
  stele_json_begin_object(&json.w);
  stele_json_field_str(&json.w, "language", g->in.language);
  if (g->out.release) {
    stele_json_field_i64(&json.w, "release", g->out.release);
    stele_json_field_str(&json.w, "semver", g->out.semver);
  }
  stele_json_field_array(&json.w, "files");
  for (size_t i = 0; i < g->out.count; i++) {
    stele_json_begin_object(&json.w);
    stele_json_field_str(&json.w, "path", g->out.files[i].path);
    stele_json_field_str(&json.w, "content", g->out.files[i].content);
    stele_json_end_object(&json.w);
  }
  stele_json_end_array(&json.w);
  stele_json_end_object(&json.w);
  return api_json_reply(&json, call);
}

static bool reply_generated(stele_call *call, void *arg, stele_err *err) {
  const generate_call *g = arg;
  (void)err;
  obs_count(call->metrics, OBS_GENERATIONS, (unsigned)obs_language_find(g->in.language),
            g->out.refused ? OBS_GENERATION_FAILED : OBS_GENERATION_DONE, 1);
  if (g->out.refused) return api_refuse(call, g->out.refused);
  return g->archive ? reply_archive(call, g) : reply_files(call, g);
}

/* {"release": "latest", "parameter": "…", "files": [{"path", "content"}]}, all
 * of it optional. */
static bool read_request(stele_call *call, registry_generate_in *in) {
  const stele_json *object, *array = NULL;
  STELE_VEC(registry_push_file) files = {0};
  stele_err err = {0};
  if (!api_body(call, NULL, &object)) return false;
  if (!object) return true;
  bool ok = stele_json_pick_str(object, "release", &in->release, &err) &&
            stele_json_pick_str(object, "parameter", &in->parameter, &err) &&
            stele_json_pick_array(object, "files", &array, &err);
  if (ok && array) {
    STELE_JSON_EACH(item, array) {
      registry_push_file *file = STELE_VEC_ADD(call->arena, &files);
      stele_str content = {0};
      ok = ok && stele_json_need_str(item, "path", &file->path, &err) &&
           stele_json_need_str(item, "content", &content, &err);
      file->content = stele_str_bytes(content);
    }
  }
  in->files = files.at;
  in->file_count = files.count;
  if (!ok) (void)api_bad_json(call, &err);
  return ok;
}

static bool start(stele_call *call, generate_call *g) {
  g->in.tenant = call->tenant;
  g->in.language = call_param(call, "language");
  return api_work_start(&g->base, call, run_generate, reply_generated);
}

static bool post_generate(stele_call *call, stele_err *err) {
  (void)err;
  generate_call *g = STELE_NEW(call->arena, generate_call);
  if (!read_request(call, &g->in)) return true;
  return start(call, g);
}

static bool get_generated(stele_call *call, stele_err *err) {
  (void)err;
  generate_call *g = STELE_NEW(call->arena, generate_call);
  g->in.release = call_param(call, "version");
  g->archive = true;
  return start(call, g);
}

/* --- the table ----------------------------------------------------------- */

const api_route api_release_routes[] = {
    {"GET", "/releases", STELE_ROLE_READER, list_releases, .tag = "Releases",
     .summary = "List the releases, newest first.", .query = "offset limit",
     .answer = "[{\"release\":1,\"semver\":\"1.0.0\",\"ts\":1767225600000,\"author\":\"anonymous\","
               "\"files\":[{\"subject\":\"common/base.proto\",\"version\":1,\"id\":1,\"semver\":"
               "\"1.0.0\"}]}]"},
    {"POST", "/generate/{language}", STELE_ROLE_CI, post_generate, .tag = "Code",
     .summary = "Generate code from what is registered, from a release, or from files.",
     .path = "/generate/python", .body = "{\"release\":\"latest\"}",
     .answer = "{\"language\":\"python\",\"release\":1,\"semver\":\"1.0.0\",\"files\":[{\"path\":"
               "\"common/base_pb2.py\",\"content\":\"…\"}]}"},
    {"GET", "/generated/{language}/{version}", STELE_ROLE_CI, get_generated, .tag = "Code",
     .summary = "Generated code as a tar.gz: of a release's number or semantic version, or latest.",
     .path = "/generated/python/latest", .answer = "(a tar.gz)", .answers = ROUTE_OWN_TYPE,
     .gives = "application/gzip"},
};
const size_t api_release_route_count = STELE_COUNT(api_release_routes);
