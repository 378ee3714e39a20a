/* /schemas/{subject}: our own way to one subject. */
#include "server/api/api.h"

/* --- reading ------------------------------------------------------------- */

static const snap_subject *find_subject(stele_call *call, const registry_snapshot *s) {
  bool deleted = call_query_flag(call, "deleted");
  registry_name name;
  if (!api_subject(call, &name)) return NULL;
  const snap_subject *subject = snap_find_subject(s, name.tenant, name.subject);
  if (subject && (subject->live_count || deleted)) return subject;
  (void)API_REFUSE(call, REGISTRY_SUBJECT_NOT_FOUND, call_param(call, "subject"));
  return NULL;
}

static bool get_newest_now(stele_call *call, void *arg, stele_err *err) {
  const api_text_job *texted = arg;
  const registry_snapshot *s = registry_read(call->app->registry);
  const snap_subject *subject = find_subject(call, s);
  stele_str format = {0}, text;
  api_json json;
  (void)err;
  if (!subject) return true;
  const snap_version *v =
      subject->newest_live ? subject->newest_live : subject->versions[subject->count - 1];
  (void)call_query(call, "format", &format);
  text_form form = text_form_parse(format);
  if (texted && texted->version == v->version) {
    text = texted->text;
  } else if (!text_at_hand(&v->content, form, &text)) {
    api_text_job what = {
        .tenant = v->tenant, .subject = v->subject, .version = v->version, .form = form};
    return api_text_start(call, &what, get_newest_now);
  }
  api_count_read(call, v);
  api_count_lookup(call, true);
  api_json_init(&json, call);
  api_write_version(&json.w, call, s, v, text, API_NATIVE);
  return api_json_reply(&json, call);
}

static bool get_newest(stele_call *call, stele_err *err) {
  return get_newest_now(call, NULL, err);
}

static bool list_versions(stele_call *call, stele_err *err) {
  const registry_snapshot *s = registry_read(call->app->registry);
  const snap_subject *subject = find_subject(call, s);
  bool deleted = call_query_flag(call, "deleted");
  call_page page;
  api_json json;
  if (!subject) return true;
  if (!call_query_page(call, 0, &page, err)) return false;
  size_t seen = 0, end = page.limit ? page.offset + page.limit : SIZE_MAX;
  api_json_init(&json, call);
  stele_json_begin_array(&json.w);
  for (uint32_t i = 0; i < subject->count; i++) {
    const snap_version *v = subject->versions[i];
    if (v->deleted && !deleted) continue;
    if (seen >= page.offset && seen < end) {
      api_write_version(&json.w, call, s, v, (stele_str){0}, API_NATIVE);
    }
    seen++;
  }
  stele_json_end_array(&json.w);
  return api_json_reply(&json, call);
}

/* --- registering --------------------------------------------------------- */

typedef struct native_job {
  stele_call *call;
  registry_publish_in in;
  const registry_published *out;
  stele_err err;
} native_job;

static void write_published(stele_call *call, stele_json_writer *w, const native_job *job) {
  const registry_published *out = job->out;
  stele_json_begin_object(w);
  stele_json_field_str(w, "subject",
                       registry_name_print(call->arena, job->in.tenant, job->in.subject));
  stele_json_field_str(w, "status", out->created ? STELE_STR("created") : STELE_STR("unchanged"));
  stele_json_field_i64(w, "version", out->version);
  if (out->id) stele_json_field_i64(w, "id", out->id);
  api_write_guid(w, &out->guid);
  stele_json_field_str(w, "semver", out->semver);
  stele_json_field_str(w, "class", stele_cstr(check_class_text(out->cls)));
  stele_json_field_bool(w, "dry_run", job->in.dry_run);
  api_write_references(w, call, job->in.tenant, out->content.references,
                       out->content.reference_count, true);
  api_write_findings(w, out->findings, out->finding_count);
  stele_json_end_object(w);
}

static bool reply_native(stele_call *call, void *arg, stele_err *err) {
  const native_job *job = arg;
  const registry_published *out = job->out;
  api_json json;
  (void)err;
  if (!job->in.dry_run) api_count_registration(call, out->refused, &out->err, out->created);
  if (out->err.code) return api_fail(call, &out->err);
  if (out->refused) return api_refuse(call, out->refused);
  api_json_init(&json, call);
  write_published(call, &json.w, job);
  return api_json_reply(&json, call);
}

static void published(const registry_published *out, void *arg) {
  native_job *job = arg;
  job->out = out;
  call_resume(job->call, reply_native, job);
}

static bool post_schema(stele_call *call, stele_err *err) {
  (void)err;
  native_job *job = STELE_NEW(call->arena, native_job);
  if (!api_read_schema(call, true, &job->in)) return true;
  job->in.version = REGISTRY_ANY_VERSION;
  job->in.id = 0;
  job->in.dry_run = call_query_flag(call, "dry_run");
  publish_job *publish =
      registry_publish_new(call->app->registry, call->arena, &job->in, published, job);
  job->call = call_suspend(call);
  if (!registry_publish_start(publish, &job->err)) api_resume_failed(call, &job->err);
  return true;
}

/* --- deleting ------------------------------------------------------------ */

static bool reply_deleted(stele_call *call, void *arg, stele_err *err) {
  const registry_altered *out = arg;
  api_json json;
  (void)err;
  api_json_init(&json, call);
  stele_json_begin_object(&json.w);
  stele_json_field_str(&json.w, "subject", call_param(call, "subject"));
  stele_json_write_key(&json.w, STELE_STR("versions"));
  api_write_versions(&json.w, out);
  stele_json_field_bool(&json.w, "permanent", call_query_flag(call, "permanent"));
  stele_json_end_object(&json.w);
  return api_json_reply(&json, call);
}

static bool delete_schema(stele_call *call, stele_err *err) {
  return api_delete_subject(call, reply_deleted, err);
}

/* --- the table ----------------------------------------------------------- */

const api_route api_native_routes[] = {
    {"GET", "/schemas/{subject}", STELE_ROLE_READER, get_newest, .tag = "Native",
     .summary = "The newest version of a subject.", .query = "format deleted",
     .path = "/schemas/trading%2Forders.proto",
     .answer = "{\"subject\":\"trading/orders.proto\",\"version\":1,\"id\":23,\"guid\":"
               "\"ca762f40-222c-4f69-476f-63104cd75f6e\",\"schemaType\":\"PROTOBUF\","
               "\"references\":[{\"name\":\"common/base.proto\",\"subject\":\"common/base.proto\","
               "\"version\":1}],\"schema\":\"…\",\"ts\":1767225600000,\"deleted\":false,\"semver\":"
               "\"1.0.0\",\"state\":\"ACTIVE\",\"release\":1}"},
    {"GET", "/schemas/{subject}/versions", STELE_ROLE_READER, list_versions, .tag = "Native",
     .summary = "The versions of a subject, without their texts.", .query = "deleted offset limit",
     .path = "/schemas/trading%2Forders.proto/versions",
     .answer = "[{\"subject\":\"trading/orders.proto\",\"version\":1,\"id\":23,\"guid\":"
               "\"ca762f40-222c-4f69-476f-63104cd75f6e\",\"schemaType\":\"PROTOBUF\",\"ts\":"
               "1767225600000,\"deleted\":false,\"semver\":\"1.0.0\",\"state\":\"ACTIVE\","
               "\"release\":1}]"},
    {"POST", "/schemas/{subject}", STELE_ROLE_ADMIN, post_schema, .tag = "Native",
     .summary = "Register a schema under a subject; its imports are found by name.",
     .query = "dry_run normalize", .path = "/schemas/trading%2Fquotes.proto",
     .body = "{\"content\":\"syntax = \\\"proto3\\\";\\npackage trading.v1;\\nmessage Quote {\\n  "
             "string symbol = 1;\\n}\\n\"}",
     .answer =
         "{\"subject\":\"trading/quotes.proto\",\"status\":\"created\",\"version\":1,\"id\":"
         "41,\"guid\":\"908d67af-455e-10a7-737d-c47e68777064\",\"semver\":\"1.0.0\",\"class\":"
         "\"minor\",\"dry_run\":false,\"references\":[],\"findings\":[]}"},
    {"DELETE", "/schemas/{subject}", STELE_ROLE_SUPERADMIN, delete_schema, .tag = "Native",
     .summary = "Delete a subject: softly, and with permanent=true for good after that.",
     .query = "permanent", .path = "/schemas/trading%2Fquotes.proto",
     .answer = "{\"subject\":\"trading/quotes.proto\",\"versions\":[1],\"permanent\":false}"},
};
const size_t api_native_route_count = STELE_COUNT(api_native_routes);
