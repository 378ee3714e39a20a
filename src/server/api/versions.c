/* /subjects/{subject}/versions: the line of a subject. */
#include <stdlib.h>

#include "server/api/api.h"

/* --- lists --------------------------------------------------------------- */

static bool refuse_subject(stele_call *call) {
  return API_REFUSE(call, REGISTRY_SUBJECT_NOT_FOUND, call_param(call, "subject"));
}

static bool list_versions(stele_call *call, stele_err *err) {
  const registry_snapshot *s = registry_read(call->app->registry);
  bool negative = call_query_flag(call, "deletedAsNegative");
  bool only = !negative && call_query_flag(call, "deletedOnly");
  bool deleted = negative || only || call_query_flag(call, "deleted");
  registry_name name;
  call_page page;
  api_json json;
  if (!api_subject(call, &name)) return true;
  if (!call_query_page(call, 0, &page, err)) return false;
  const snap_subject *subject = snap_find_subject(s, name.tenant, name.subject);
  if (!subject || (!subject->live_count && !deleted)) return refuse_subject(call);
  api_json_init(&json, call);
  stele_json_begin_array(&json.w);
  size_t seen = 0, end = page.limit ? page.offset + page.limit : SIZE_MAX;
  for (uint32_t i = 0; i < subject->count; i++) {
    const snap_version *v = subject->versions[i];
    if ((v->deleted && !deleted) || (!v->deleted && only)) continue;
    if (seen >= page.offset && seen < end) {
      stele_json_write_i64(&json.w, negative && v->deleted ? -v->version : v->version);
    }
    seen++;
  }
  stele_json_end_array(&json.w);
  return api_json_reply(&json, call);
}

/* --- one ----------------------------------------------------------------- */

/* The version that the path names; refuses when it is not there. */
static const snap_version *find_version(stele_call *call, const registry_snapshot *s) {
  bool deleted = call_query_flag(call, "deleted");
  registry_name name;
  int32_t number;
  if (!api_subject(call, &name) || !api_version(call, "version", &number)) return NULL;
  const snap_subject *subject = snap_find_subject(s, name.tenant, name.subject);
  if (!subject || (!subject->live_count && !deleted)) {
    (void)refuse_subject(call);
    return NULL;
  }
  const snap_version *v = number == -1 ? subject->newest_live : snap_find_version(subject, number);
  if (number == -1 && !v) v = subject->versions[subject->count - 1];
  if (v && (!v->deleted || deleted)) return v;
  (void)API_REFUSE(call, REGISTRY_VERSION_NOT_FOUND, call_param(call, "version"));
  return NULL;
}

/* The version and its text, or NULL: then the call is answered, or waits and
 * comes back to `again` with a text job. */
static const snap_version *version_and_text(stele_call *call, const registry_snapshot *s,
                                            const api_text_job *texted, call_resumed *again,
                                            stele_str *text) {
  stele_str format = {0};
  const snap_version *v = find_version(call, s);
  if (!v) return NULL;
  (void)call_query(call, "format", &format);
  text_form form = text_form_parse(format);
  if (texted && texted->version == v->version) {
    *text = texted->text;
    return v;
  }
  if (text_at_hand(&v->content, form, text)) return v;
  api_text_job what = {
      .tenant = v->tenant, .subject = v->subject, .version = v->version, .form = form};
  (void)api_text_start(call, &what, again);
  return NULL;
}

static bool get_version_now(stele_call *call, void *arg, stele_err *err) {
  const registry_snapshot *s = registry_read(call->app->registry);
  stele_str text;
  api_json json;
  (void)err;
  const snap_version *v = version_and_text(call, s, arg, get_version_now, &text);
  if (!v) return true;
  api_count_read(call, v);
  api_count_lookup(call, true);
  api_json_init(&json, call);
  api_write_version(&json.w, call, s, v, text, API_CONFLUENT);
  return api_json_reply(&json, call);
}

static bool get_version(stele_call *call, stele_err *err) {
  return get_version_now(call, NULL, err);
}

static bool get_version_text_now(stele_call *call, void *arg, stele_err *err) {
  const registry_snapshot *s = registry_read(call->app->registry);
  stele_str text;
  (void)err;
  const snap_version *v = version_and_text(call, s, arg, get_version_text_now, &text);
  if (!v) return true;
  api_count_read(call, v);
  api_count_lookup(call, true);
  return call_reply_json(call, 200, stele_str_copy(call->arena, text));
}

static bool get_version_text(stele_call *call, stele_err *err) {
  return get_version_text_now(call, NULL, err);
}

/* --- who refers to it ---------------------------------------------------- */

static int by_number(const void *a, const void *b) {
  int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
  return (x > y) - (x < y);
}

static bool list_referrers(stele_call *call, stele_err *err) {
  const registry_snapshot *s = registry_read(call->app->registry);
  bool deleted = call_query_flag(call, "deleted");
  STELE_VEC(int32_t) ids = {0};
  call_page page;
  api_json json;
  if (!call_query_page(call, 0, &page, err)) return false;
  const snap_version *v = find_version(call, s);
  if (!v) return true;
  const snap_tenant *tenant = snap_find_tenant(s, v->tenant);
  snap_referrer_cursor c = snap_referrers(call->arena, tenant, v->subject, v->version);
  for (const snap_referrer *r; (r = snap_next_referrer(&c));) {
    if (!r->deleted || deleted) STELE_VEC_PUSH(call->arena, &ids, r->id);
  }
  if (ids.count > 1) qsort(ids.at, ids.count, sizeof ids.at[0], by_number);
  size_t seen = 0, end = page.limit ? page.offset + page.limit : SIZE_MAX;
  api_json_init(&json, call);
  stele_json_begin_array(&json.w);
  for (size_t i = 0; i < ids.count; i++) {
    if (i && ids.at[i] == ids.at[i - 1]) continue;
    if (seen >= page.offset && seen < end) stele_json_write_i64(&json.w, ids.at[i]);
    seen++;
  }
  stele_json_end_array(&json.w);
  return api_json_reply(&json, call);
}

/* --- registering --------------------------------------------------------- */

typedef struct register_job {
  stele_call *call;
  registry_publish_in in;
  const registry_published *out;
  publish_job *publish;
  stele_err err;
} register_job;

/* Clients take a schema in the answer for the one to go on with, instead of
 * what they sent; so it is there only when they asked for a format of it. */
static void write_registered_schema(stele_json_writer *w, stele_call *call,
                                    const register_job *job) {
  const registry_published *out = job->out;
  stele_str format = {0};
  if (!call_query(call, "format", &format) || !format.len) return;
  stele_json_field_str(w, "schemaType", STELE_STR("PROTOBUF"));
  api_write_references(w, call, job->in.tenant, out->content.references,
                       out->content.reference_count, false);
  api_write_raw(w, "metadata", out->content.metadata);
  api_write_raw(w, "ruleSet", out->content.rule_set);
  stele_json_field_str(w, "schema", out->source);
}

static bool reply_registered(stele_call *call, void *arg, stele_err *err) {
  const register_job *job = arg;
  const registry_published *out = job->out;
  api_json json;
  (void)err;
  api_count_registration(call, out->refused, &out->err, out->created);
  if (out->err.code) return api_fail(call, &out->err);
  if (out->refused) return api_refuse(call, out->refused);
  api_json_init(&json, call);
  stele_json_begin_object(&json.w);
  stele_json_field_i64(&json.w, "id", out->id);
  stele_json_field_i64(&json.w, "version", out->version);
  api_write_guid(&json.w, &out->guid);
  write_registered_schema(&json.w, call, job);
  if (!out->created) {
    stele_json_field_i64(&json.w, "ts", out->time / STELE_US_PER_MS);
    stele_json_field_bool(&json.w, "deleted", false);
  }
  stele_json_end_object(&json.w);
  return api_json_reply(&json, call);
}

static void published(const registry_published *out, void *arg) {
  register_job *job = arg;
  job->out = out;
  call_resume(job->call, reply_registered, job);
}

static bool register_schema(stele_call *call, stele_err *err) {
  (void)err;
  register_job *job = STELE_NEW(call->arena, register_job);
  if (!api_read_schema(call, false, &job->in)) return true;
  stele_str format = {0};
  (void)call_query(call, "format", &format);
  job->in.form = text_form_parse(format);
  job->in.force = call_query_flag(call, "force");
  job->publish = registry_publish_new(call->app->registry, call->arena, &job->in, published, job);
  job->call = call_suspend(call);
  if (!registry_publish_start(job->publish, &job->err)) api_resume_failed(call, &job->err);
  return true;
}

/* --- deleting ------------------------------------------------------------ */

static bool reply_deleted(stele_call *call, void *arg, stele_err *err) {
  const registry_altered *out = arg;
  (void)err;
  return call_reply_json(call, 200, stele_str_printf(call->arena, "%d", out->version));
}

static bool delete_version(stele_call *call, stele_err *err) {
  registry_name name;
  int32_t version;
  if (!api_subject(call, &name) || !api_version(call, "version", &version)) return true;
  registry_alter *a = api_alter_new(call, reply_deleted);
  bool submit = registry_delete_version(a, name.tenant, name.subject, version,
                                        call_query_flag(call, "permanent"));
  return api_alter_finish(a, call, submit, err);
}

/* --- the table ----------------------------------------------------------- */

#define ORDER_SCHEMA "\"syntax = \\\"proto3\\\";\\nmessage Order {\\n  string id = 1;\\n}\\n\""

const api_route api_version_routes[] = {
    {"GET", "/subjects/{subject}/versions", STELE_ROLE_READER, list_versions, .tag = "Versions",
     .summary = "List the versions of a subject.",
     .query = "deleted deletedOnly deletedAsNegative offset limit",
     .path = "/subjects/trading%2Forders.proto/versions", .answer = "[1,2]"},
    {"POST", "/subjects/{subject}/versions", STELE_ROLE_ADMIN, register_schema, .tag = "Versions",
     .summary = "Register a schema; what is there already is answered as it is.",
     .query = "normalize format force", .path = "/subjects/orders-value/versions",
     .body = "{\"schemaType\":\"PROTOBUF\",\"schema\":" ORDER_SCHEMA ",\"references\":[]}",
     .answer = "{\"id\":33,\"version\":1,\"guid\":\"182aeffa-0c4f-dc24-bc90-b0c8690145e3\"}"},
    {"GET", "/subjects/{subject}/versions/{version}", STELE_ROLE_READER, get_version,
     .tag = "Versions", .summary = "One version of a subject: a number, or latest.",
     .query = "format deleted referenceFormat", .path = "/subjects/orders-value/versions/latest",
     .answer = "{\"subject\":\"orders-value\",\"version\":1,\"id\":33,\"guid\":"
               "\"182aeffa-0c4f-dc24-bc90-b0c8690145e3\",\"schemaType\":\"PROTOBUF\","
               "\"schema\":" ORDER_SCHEMA ",\"ts\":1767225600000,\"deleted\":false}"},
    {"GET", "/subjects/{subject}/versions/{version}/schema", STELE_ROLE_READER, get_version_text,
     .tag = "Versions", .summary = "The text alone of one version.", .query = "format deleted",
     .path = "/subjects/orders-value/versions/1/schema",
     .answer = "syntax = \"proto3\";\nmessage Order {\n  string id = 1;\n}\n"},
    {"GET", "/subjects/{subject}/versions/{version}/referencedby", STELE_ROLE_READER,
     list_referrers, .tag = "Versions", .summary = "The ids of the schemas that import a version.",
     .query = "deleted offset limit",
     .path = "/subjects/common%2Fmoney.proto/versions/1/referencedby", .answer = "[7,12]"},
    {"DELETE", "/subjects/{subject}/versions/{version}", STELE_ROLE_SUPERADMIN, delete_version,
     .tag = "Versions",
     .summary = "Delete a version: softly, and then with permanent=true for good.",
     .query = "permanent", .path = "/subjects/orders-value/versions/1", .answer = "1"},
};
const size_t api_version_route_count = STELE_COUNT(api_version_routes);
