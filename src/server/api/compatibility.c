/* /compatibility: would it be taken, without registering it. */
#include "obs/metrics.h"
#include "registry/lookup.h"
#include "server/api/api.h"

typedef struct trial_job {
  api_work base;
  registry_publish_in in;
  int32_t against;
  bool verbose;
  bool native; /* a native answer, with findings */
  registry_trial out;
  const registry_refused *refused;
} trial_job;

static void run_trial(registry_work *work, linked_job *links) {
  trial_job *job = (trial_job *)(void *)work;
  (void)!registry_try(links, &job->in, job->against, &job->out, &job->refused, &work->err);
}

static void count(stele_call *call, const trial_job *job) {
  obs_check result = job->refused          ? OBS_CHECK_INVALID
                     : job->out.compatible ? OBS_CHECK_COMPATIBLE
                                           : OBS_CHECK_INCOMPATIBLE;
  obs_count(call->metrics, OBS_COMPATIBILITY_CHECKS, (unsigned)result, 0, 1);
  if (job->refused) api_count_refused(call, job->refused);
}

/* With verbose, a schema that does not compile is an answer, not an error. */
static bool is_answer(const trial_job *job) {
  return !job->refused || (job->verbose && job->refused->row->page == REGISTRY_PAGE_SCHEMA);
}

static void write_messages(stele_json_writer *w, const trial_job *job) {
  stele_json_field_array(w, "messages");
  if (job->refused) stele_json_write_str(w, job->refused->message);
  for (size_t i = 0; i < job->out.message_count; i++) {
    stele_json_write_str(w, job->out.messages[i]);
  }
  stele_json_end_array(w);
}

static bool reply_trial(stele_call *call, void *arg, stele_err *err) {
  const trial_job *job = arg;
  api_json json;
  (void)err;
  count(call, job);
  if (!is_answer(job)) return api_refuse(call, job->refused);
  api_json_init(&json, call);
  stele_json_begin_object(&json.w);
  stele_json_field_bool(&json.w, "is_compatible", !job->refused && job->out.compatible);
  if (job->verbose) write_messages(&json.w, job);
  if (job->native) {
    const registry_refused *refused = job->refused;
    api_write_findings(&json.w, refused ? refused->findings : job->out.findings,
                       refused ? refused->finding_count : job->out.finding_count);
  }
  stele_json_end_object(&json.w);
  return api_json_reply(&json, call);
}

static bool start_trial(stele_call *call, int32_t against, bool native) {
  trial_job *job = STELE_NEW(call->arena, trial_job);
  if (!api_read_schema(call, native, &job->in)) return true;
  job->against = against;
  job->native = native;
  job->verbose = native || call_query_flag(call, "verbose");
  return api_work_start(&job->base, call, run_trial, reply_trial);
}

static bool try_all(stele_call *call, stele_err *err) {
  (void)err;
  return start_trial(call, TRIAL_BY_LEVEL, false);
}

static bool try_one(stele_call *call, stele_err *err) {
  int32_t version;
  (void)err;
  if (!api_version(call, "version", &version)) return true;
  return start_trial(call, version == -1 ? TRIAL_NEWEST : version, false);
}

static bool try_native(stele_call *call, stele_err *err) {
  (void)err;
  return start_trial(call, TRIAL_BY_LEVEL, true);
}

#define ORDER_BODY                                                                                 \
  "{\"schemaType\":\"PROTOBUF\",\"schema\":\"syntax = \\\"proto3\\\";\\nmessage Order {\\n  "      \
  "int32 "                                                                                         \
  "id = 1;\\n}\\n\"}"

const api_route api_compatibility_routes[] = {
    {"POST", "/compatibility/subjects/{subject}/versions", STELE_ROLE_READER, try_all,
     .tag = "Compatibility",
     .summary = "Would a schema be taken, by the versions that the subject's level names?",
     .query = "normalize verbose", .path = "/compatibility/subjects/orders-value/versions",
     .body = ORDER_BODY, .answer = "{\"is_compatible\":false}"},
    {"POST", "/compatibility/subjects/{subject}/versions/{version}", STELE_ROLE_READER, try_one,
     .tag = "Compatibility", .summary = "Is a schema compatible with one version?",
     .query = "normalize verbose",
     .path = "/compatibility/subjects/orders-value/versions/latest?verbose=true",
     .body = ORDER_BODY,
     .answer = "{\"is_compatible\":false,\"messages\":[\"{errorType:\\\"FIELD_SCALAR_KIND_CHANGED"
               "\\\", description:\\\"the field \\\"id\\\" = 1 is string in the old schema and "
               "int32 in the "
               "new schema at path '#/Order/1'\\\"}\",\"{oldSchemaVersion: 1}\","
               "\"{oldSchema: '…'}\",\"{validateFields: 'false', compatibility: 'BACKWARD'}\"]}"},
    {"POST", "/schemas/{subject}/compatibility", STELE_ROLE_READER, try_native,
     .tag = "Compatibility",
     .summary = "The same with findings: rule, place, and what to do instead.",
     .path = "/schemas/orders-value/compatibility", .body = ORDER_BODY,
     .answer = "{\"is_compatible\":false,\"messages\":[\"…\"],\"findings\":[{\"rule\":"
               "\"FIELD_SCALAR_KIND_CHANGED\",\"file\":\"orders-value\",\"line\":3,\"column\":3,"
               "\"message\":\"…\",\"path\":\"#/Order/1\",\"against\":1,\"hint\":\"…\",\"refuses\":"
               "true}]}"},
};
const size_t api_compatibility_route_count = STELE_COUNT(api_compatibility_routes);
