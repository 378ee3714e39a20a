/* What the handlers share: reading names and bodies, writing refusals, waiting. */
#include "server/api/api.h"

#include "fmt/json.h"
#include "obs/metrics.h"
#include "proto/identity/guid.h"
#include "registry/metadata.h"
#include "sys/clock.h"

void api_add_routes(router *routes) {
#define X(name) router_add(routes, api_##name##_routes, api_##name##_route_count);
  API_TABLES(X)
#undef X
}

/* --- reading ------------------------------------------------------------- */

registry_name api_name(stele_call *call) {
  return registry_name_parse(call_param(call, "subject"), call->tenant);
}

bool api_subject(stele_call *call, registry_name *out) {
  *out = api_name(call);
  if (registry_name_is_subject(out)) return true;
  (void)API_REFUSE(call, REGISTRY_INVALID_SUBJECT, call_param(call, "subject"));
  return false;
}

bool api_version(stele_call *call, const char *param, int32_t *out) {
  stele_str text = call_param(call, param);
  if (registry_version_parse(text, out)) return true;
  (void)API_REFUSE(call, REGISTRY_INVALID_VERSION, text);
  return false;
}

bool api_query_subject(stele_call *call, registry_name *out) {
  stele_str text = {0};
  bool given = call_query(call, "subject", &text);
  *out = registry_name_parse(text, call->tenant);
  return given && text.len != 0;
}

registry_caller api_caller(stele_call *call) {
  return (registry_caller){
      .principal = call->who->name, .address = call_peer(call), .time = call_time(call)};
}

bool api_bad_json(stele_call *call, const stele_err *err) {
  return API_REFUSE(call, REGISTRY_BAD_JSON, stele_str_copy(call->arena, stele_cstr(err->msg)));
}

bool api_body(stele_call *call, const char *what, const stele_json **out) {
  stele_str body = call_body(call);
  stele_err err = {0};
  *out = NULL;
  if (body.len == 0) {
    if (!what) return true;
    (void)API_REFUSE(call, REGISTRY_BODY_MISSING, stele_cstr(what));
    return false;
  }
  stele_json_limits limits = {.bytes = body.len};
  const stele_json *value = stele_json_parse(call->arena, body, &limits, NULL, &err);
  if (value && stele_json_to_object(value, out, &err)) return true;
  (void)api_bad_json(call, &err);
  return false;
}

/* One {name, subject, version}; nulls count as absent, and are refused later. */
static bool read_reference(const stele_json *value, stele_reference *out, stele_err *err) {
  const stele_json *object;
  return stele_json_to_object(value, &object, err) &&
         stele_json_pick_str(object, "name", &out->name, err) &&
         stele_json_pick_str(object, "subject", &out->subject, err) &&
         stele_json_pick_i32(object, "version", &out->version, err);
}

static bool read_references(stele_call *call, const stele_json *object, registry_publish_in *out,
                            stele_err *err) {
  const stele_json *array = NULL;
  if (!stele_json_pick_array(object, "references", &array, err)) return false;
  if (!array) return true;
  stele_reference *references = STELE_NEW_ARRAY(call->arena, stele_reference, array->count + 1);
  STELE_JSON_EACH(item, array) {
    if (!read_reference(item, &references[out->reference_count++], err)) return false;
  }
  out->references = references;
  return true;
}

/* Both names may be there: unknown members are ignored, but not the text. */
static bool read_text(const stele_json *object, bool native, stele_str *out, stele_err *err) {
  if (native && !stele_json_pick_str(object, "content", out, err)) return false;
  return out->len || stele_json_pick_str(object, "schema", out, err);
}

static bool read_members(stele_call *call, const stele_json *object, bool native,
                         registry_publish_in *out, stele_str *type, stele_err *err) {
  return read_text(object, native, &out->schema, err) &&
         stele_json_pick_str(object, "schemaType", type, err) &&
         stele_json_pick_i32(object, "version", &out->version, err) &&
         stele_json_pick_i32(object, "id", &out->id, err) &&
         read_references(call, object, out, err);
}

static bool read_metadata(stele_call *call, const stele_json *object, registry_publish_in *out) {
  stele_err err = {0};
  const stele_json *metadata = stele_json_find(object, STELE_STR("metadata"));
  const stele_json *rules = stele_json_find(object, STELE_STR("ruleSet"));
  out->has_metadata = metadata && metadata->kind != STELE_JSON_NULL;
  if (!metadata_canonical(call->arena, metadata, &out->metadata, &err)) {
    (void)API_REFUSE(call, REGISTRY_INVALID_METADATA,
                     stele_str_copy(call->arena, stele_cstr(err.msg)));
    return false;
  }
  if (!rule_set_canonical(call->arena, rules, &out->rule_set, &err)) {
    (void)API_REFUSE(call, REGISTRY_INVALID_RULE_SET,
                     stele_str_copy(call->arena, stele_cstr(err.msg)));
    return false;
  }
  return true;
}

bool api_read_schema(stele_call *call, bool native, registry_publish_in *out) {
  const stele_json *object;
  registry_name name;
  stele_str type = {0};
  stele_err err = {0};
  *out = (registry_publish_in){.native = native, .caller = api_caller(call)};
  if (!api_subject(call, &name) || !api_body(call, "The request body", &object)) return false;
  out->tenant = name.tenant;
  out->subject = name.subject;
  if (!read_members(call, object, native, out, &type, &err)) {
    (void)api_bad_json(call, &err);
    return false;
  }
  if (type.len && !stele_str_eq(type, STELE_STR("PROTOBUF"))) {
    (void)API_REFUSE(call, REGISTRY_INVALID_TYPE, type);
    return false;
  }
  out->normalize = call_query_flag(call, "normalize");
  obs_observe(call->metrics, OBS_MESSAGE_BYTES, 0, out->schema.len);
  return read_metadata(call, object, out);
}

/* --- answering ----------------------------------------------------------- */

void api_json_init(api_json *json, stele_call *call) {
  stele_buf_init(&json->buf, call->arena, 0);
  stele_json_writer_init(&json->w, &json->buf, 0);
}

bool api_json_reply(api_json *json, stele_call *call) {
  return call_reply_json(call, 200, stele_buf_str(&json->buf));
}

static void write_place(stele_json_writer *w, const registry_finding *f) {
  if (f->rule.len) stele_json_field_str(w, "rule", f->rule);
  if (f->file.len) stele_json_field_str(w, "file", f->file);
  if (f->line > 0) {
    stele_json_field_i64(w, "line", f->line);
    stele_json_field_i64(w, "column", f->column);
  }
}

void api_write_findings(stele_json_writer *w, const registry_finding *findings, size_t count) {
  stele_json_field_array(w, "findings");
  for (size_t i = 0; i < count; i++) {
    const registry_finding *f = &findings[i];
    stele_json_begin_object(w);
    write_place(w, f);
    stele_json_field_str(w, "message", f->message);
    if (f->path.len) stele_json_field_str(w, "path", f->path);
    if (f->against) stele_json_field_i64(w, "against", f->against);
    if (f->hint.len) stele_json_field_str(w, "hint", f->hint);
    stele_json_field_bool(w, "refuses", f->refuses);
    stele_json_end_object(w);
  }
  stele_json_end_array(w);
}

static const registry_finding *first_reason(const registry_refused *refused) {
  for (size_t i = 0; i < refused->finding_count; i++) {
    if (refused->findings[i].refuses) return &refused->findings[i];
  }
  return NULL;
}

/* The first reason's place stands in the details themselves, all of them in
 * their list. */
static stele_str print_details(stele_call *call, const registry_refused *refused,
                               const registry_finding *reason) {
  api_json json;
  if (!reason) return (stele_str){0};
  api_json_init(&json, call);
  stele_json_begin_object(&json.w);
  write_place(&json.w, reason);
  api_write_findings(&json.w, refused->findings, refused->finding_count);
  stele_json_end_object(&json.w);
  return stele_buf_str(&json.buf);
}

bool api_refuse(stele_call *call, const registry_refused *refused) {
  const registry_finding *reason = first_reason(refused);
  call_refusal row = {.http = refused->row->http,
                      .error_code = refused->row->error_code,
                      .name = refused->row->name,
                      .hint = refused->row->hint};
  if (reason && reason->hint.len) {
    row.hint = stele_str_copy(call->arena, reason->hint).ptr; /* with its NUL */
  }
  return call_refuse(call, &row, refused->message, print_details(call, refused, reason));
}

bool api_fail(stele_call *call, const stele_err *err) {
  if (err->code != STELE_UNAVAILABLE) return call_fail(call, err);
  call_header(call, "Retry-After", STELE_STR("1"));
  return API_REFUSE(call, REGISTRY_OVERLOADED, stele_str_copy(call->arena, stele_cstr(err->msg)));
}

/* --- waiting ------------------------------------------------------------- */

/* The error outlives the thread that met it: it stands in the work. */
static bool reply_failure(stele_call *call, void *arg, stele_err *err) {
  (void)err;
  return api_fail(call, arg);
}

void api_resume_failed(stele_call *call, const stele_err *err) {
  call_resume(call, reply_failure, (void *)(uintptr_t)err);
}

static void work_done(registry_work *of) {
  api_work *work = (api_work *)(void *)of;
  if (of->err.code) {
    api_resume_failed(work->call, &of->err);
  } else {
    call_resume(work->call, work->reply, work);
  }
}

bool api_work_start(api_work *work, stele_call *call,
                    void (*run)(registry_work *work, linked_job *links), call_resumed *reply) {
  work->work = (registry_work){
      .registry = call->app->registry, .arena = call->arena, .run = run, .done = work_done};
  work->call = call_suspend(call);
  work->reply = reply;
  if (!registry_work_start(&work->work, &work->work.err)) {
    api_resume_failed(call, &work->work.err);
  }
  return true;
}

typedef struct alter_job {
  registry_alter alter;
  stele_call *call;
  call_resumed *reply;
} alter_job;

static bool reply_altered(stele_call *call, void *arg, stele_err *err) {
  alter_job *job = arg;
  registry_altered *out = &job->alter.out;
  if (out->refused) return api_refuse(call, out->refused);
  if (out->err.code) return api_fail(call, &out->err);
  return job->reply(call, out, err);
}

static void altered(const registry_altered *out, void *arg) {
  alter_job *job = arg;
  (void)out; /* the job's own */
  call_resume(job->call, reply_altered, job);
}

registry_alter *api_alter_new(stele_call *call, call_resumed *reply) {
  alter_job *job = STELE_NEW(call->arena, alter_job);
  job->call = call;
  job->reply = reply;
  job->alter = (registry_alter){.registry = call->app->registry,
                                .arena = call->arena,
                                .caller = api_caller(call),
                                .done = altered,
                                .arg = job};
  return &job->alter;
}

bool api_alter_finish(registry_alter *a, stele_call *call, bool submit, stele_err *err) {
  if (!submit) return reply_altered(call, a->arg, err);
  call_suspend(call);
  if (!registry_alter_start(a, &a->out.err)) api_resume_failed(call, &a->out.err);
  return true;
}

bool api_delete_subject(stele_call *call, call_resumed *reply, stele_err *err) {
  registry_name name;
  if (!api_subject(call, &name)) return true;
  registry_alter *a = api_alter_new(call, reply);
  bool submit =
      registry_delete_subject(a, name.tenant, name.subject, call_query_flag(call, "permanent"));
  return api_alter_finish(a, call, submit, err);
}

void api_write_versions(stele_json_writer *w, const registry_altered *out) {
  stele_json_begin_array(w);
  for (size_t i = 0; i < out->version_count; i++) stele_json_write_i64(w, out->versions[i]);
  stele_json_end_array(w);
}

static void render_text(registry_work *work, linked_job *links) {
  api_text_job *job = (api_text_job *)(void *)work;
  stele_str text = {0};
  if (job->subject.len) {
    const snap_subject *s = snap_find_subject(links->snapshot, job->tenant, job->subject);
    const snap_version *v = s ? snap_find_version(s, job->version) : NULL;
    job->missing = !v;
    if (!v || !text_of_version(links, v, job->form, &text, &work->err)) return;
  } else {
    const snap_schema *schema = snap_find_id(links->snapshot, job->tenant, job->id);
    job->missing = !schema;
    if (!schema || !text_of_schema(links, schema, job->form, &text, &work->err)) return;
  }
  job->text = stele_str_copy(links->arena, text);
}

bool api_text_start(stele_call *call, const api_text_job *what, call_resumed *reply) {
  api_text_job *job = STELE_NEW(call->arena, api_text_job);
  *job = *what;
  job->tenant = stele_str_copy(call->arena, what->tenant);
  job->subject = stele_str_copy(call->arena, what->subject);
  return api_work_start(&job->base, call, render_text, reply);
}

typedef struct print_key {
  stele_str tenant, subject;
  int32_t version;
} print_key;

typedef struct print_job {
  api_work base;
  const print_key *keys;
  size_t count;
  call_resumed *reply;
} print_job;

static void print_all(registry_work *work, linked_job *links) {
  print_job *job = (print_job *)(void *)work;
  for (size_t i = 0; i < job->count; i++) {
    const print_key *k = &job->keys[i];
    const snap_subject *s = snap_find_subject(links->snapshot, k->tenant, k->subject);
    const snap_version *v = s ? snap_find_version(s, k->version) : NULL;
    stele_str text;
    if (v && !text_of_version(links, v, TEXT_DEFAULT, &text, &work->err)) return;
  }
}

static bool printed(stele_call *call, void *arg, stele_err *err) {
  const print_job *job = arg;
  return job->reply(call, NULL, err);
}

bool api_print_start(stele_call *call, const snap_version *const *versions, size_t count,
                     call_resumed *reply) {
  print_job *job = STELE_NEW(call->arena, print_job);
  print_key *keys = STELE_NEW_ARRAY(call->arena, print_key, count + 1);
  for (size_t i = 0; i < count; i++) {
    keys[i] = (print_key){stele_str_copy(call->arena, versions[i]->tenant),
                          stele_str_copy(call->arena, versions[i]->subject), versions[i]->version};
  }
  job->keys = keys;
  job->count = count;
  job->reply = reply;
  return api_work_start(&job->base, call, print_all, printed);
}
