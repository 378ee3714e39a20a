/* /subjects: names, lookups by content, deleting a whole line. */
#include "registry/lookup.h"
#include "registry/metadata.h"
#include "server/api/api.h"

/* --- GET /subjects ------------------------------------------------------- */

/* Which subjects a list shows. */
typedef struct subject_filter {
  bool deleted, deleted_only;
} subject_filter;

static subject_filter read_filter(stele_call *call) {
  return (subject_filter){.deleted = call_query_flag(call, "deleted"),
                          .deleted_only = call_query_flag(call, "deletedOnly")};
}

static bool shows(const subject_filter *filter, const snap_subject *subject) {
  if (filter->deleted_only) return subject->live_count == 0;
  return filter->deleted || subject->live_count != 0;
}

/* The names of one tenant, from `page` on; counts what it passes over. */
static void write_names(stele_call *call, api_json *json, const snap_tenant *tenant,
                        stele_str prefix, const subject_filter *filter, call_page *page) {
  tree_cursor c = tree_seek(&snap_subject_kind, &tenant->subjects, prefix);
  for (const snap_subject *s; (s = tree_next(&c)) && tree_key_has_prefix(s->name, prefix);) {
    if (!shows(filter, s)) continue;
    if (page->offset) {
      page->offset--;
      continue;
    }
    if (page->limit == 0) return;
    page->limit--;
    stele_json_write_str(&json->w, registry_name_print(call->arena, tenant->name, s->name));
  }
}

static bool list_subjects(stele_call *call, stele_err *err) {
  const registry_snapshot *s = registry_read(call->app->registry);
  subject_filter filter = read_filter(call);
  stele_str text = {0};
  call_page page;
  api_json json;
  if (!call_query_page(call, 0, &page, err)) return false;
  if (page.limit == 0) page.limit = SIZE_MAX;
  bool given = call_query(call, "subjectPrefix", &text);
  registry_name prefix = registry_name_parse(text, call->tenant);
  if (!given && !call->tenant_named) prefix.anywhere = true;
  api_json_init(&json, call);
  stele_json_begin_array(&json.w);
  tree_cursor c = tree_seek(&snap_tenant_kind, &s->tenants, STELE_STR(""));
  for (const snap_tenant *t; (t = tree_next(&c));) {
    if (!prefix.anywhere && !stele_str_eq(t->name, prefix.tenant)) continue;
    write_names(call, &json, t, prefix.subject, &filter, &page);
  }
  stele_json_end_array(&json.w);
  return api_json_reply(&json, call);
}

/* --- POST /subjects/{subject} -------------------------------------------- */

typedef struct lookup_job {
  api_work base;
  registry_publish_in in;
  text_form form;
  bool deleted, anywhere;
  const registry_refused *refused;
  stele_str json;
} lookup_job;

/* Written on the worker, where what was found is still at hand. */
static void run_lookup(registry_work *work, linked_job *links) {
  lookup_job *job = (lookup_job *)(void *)work;
  const snap_version *v =
      registry_lookup(links, &job->in, job->deleted, job->anywhere, &job->refused, &work->err);
  stele_str text;
  api_json json;
  if (!v || !text_of_version(links, v, job->form, &text, &work->err)) return;
  api_json_init(&json, job->base.call);
  api_write_version(&json.w, job->base.call, links->snapshot, v, text, API_CONFLUENT);
  job->json = stele_buf_str(&json.buf);
}

static bool reply_lookup(stele_call *call, void *arg, stele_err *err) {
  lookup_job *job = arg;
  (void)err;
  api_count_lookup(call, !job->refused);
  if (!job->refused) return call_reply_json(call, 200, job->json);
  api_count_refused(call, job->refused);
  return api_refuse(call, job->refused);
}

static bool lookup_schema(stele_call *call, stele_err *err) {
  (void)err;
  stele_str format = {0};
  lookup_job *job = STELE_NEW(call->arena, lookup_job);
  if (!api_read_schema(call, false, &job->in)) return true;
  (void)call_query(call, "format", &format);
  job->form = text_form_parse(format);
  job->deleted = call_query_flag(call, "deleted");
  job->anywhere = !call->tenant_named && !api_name(call).qualified;
  job->in.version = REGISTRY_ANY_VERSION; /* clients send back what they were answered */
  return api_work_start(&job->base, call, run_lookup, reply_lookup);
}

/* --- DELETE /subjects/{subject} ------------------------------------------ */

static bool reply_deleted(stele_call *call, void *arg, stele_err *err) {
  const registry_altered *out = arg;
  api_json json;
  (void)err;
  api_json_init(&json, call);
  api_write_versions(&json.w, out);
  return api_json_reply(&json, call);
}

static bool delete_subject(stele_call *call, stele_err *err) {
  return api_delete_subject(call, reply_deleted, err);
}

/* --- GET /subjects/{subject}/metadata ------------------------------------ */

/* Every key=…&value=… pair, the n-th key with the n-th value, is there. */
static bool has_properties(stele_call *call, const snap_version *v, bool *has, stele_err *err) {
  stele_str key, value = {0}, found;
  *has = true;
  for (size_t n = 0; *has && call_query_nth(call, "key", n, &key); n++) {
    value = (stele_str){0};
    (void)call_query_nth(call, "value", n, &value);
    if (!metadata_property(call->arena, v->content.metadata, key, &found, err)) return false;
    *has = stele_str_eq(found, value);
  }
  return true;
}

static bool find_by_metadata(stele_call *call, const snap_subject *subject, bool deleted,
                             const snap_version **found, stele_err *err) {
  for (uint32_t i = subject->count; i-- > 0;) {
    const snap_version *v = subject->versions[i];
    bool has;
    if (v->deleted && !deleted) continue;
    if (!has_properties(call, v, &has, err)) return false;
    if (!has) continue;
    *found = v;
    return true;
  }
  return true;
}

static bool get_by_metadata_now(stele_call *call, void *arg, stele_err *err) {
  const api_text_job *texted = arg;
  const registry_snapshot *s = registry_read(call->app->registry);
  bool deleted = call_query_flag(call, "deleted");
  const snap_version *v = NULL;
  registry_name name;
  stele_str format = {0}, text;
  api_json json;
  if (!api_subject(call, &name)) return true;
  const snap_subject *subject = snap_find_subject(s, name.tenant, name.subject);
  if (!subject || (!subject->live_count && !deleted)) {
    return API_REFUSE(call, REGISTRY_SUBJECT_NOT_FOUND, call_param(call, "subject"));
  }
  if (!find_by_metadata(call, subject, deleted, &v, err)) return false;
  if (!v) return api_refuse(call, REGISTRY_REFUSE_PLAIN(call->arena, REGISTRY_CONTENT_NOT_FOUND));
  (void)call_query(call, "format", &format);
  text_form form = text_form_parse(format);
  if (texted && texted->version == v->version) {
    text = texted->text;
  } else if (!text_at_hand(&v->content, form, &text)) {
    api_text_job what = {
        .tenant = v->tenant, .subject = v->subject, .version = v->version, .form = form};
    return api_text_start(call, &what, get_by_metadata_now);
  }
  api_json_init(&json, call);
  api_write_version(&json.w, call, s, v, text, API_CONFLUENT);
  return api_json_reply(&json, call);
}

static bool get_by_metadata(stele_call *call, stele_err *err) {
  return get_by_metadata_now(call, NULL, err);
}

/* --- the table ----------------------------------------------------------- */

const api_route api_subject_routes[] = {
    {"GET", "/subjects", STELE_ROLE_READER, list_subjects, .tag = "Subjects",
     .summary = "List subjects.", .query = "subjectPrefix deleted deletedOnly offset limit",
     .answer = "[\"common/base.proto\",\"trading/orders.proto\"]"},
    {"POST", "/subjects/{subject}", STELE_ROLE_READER, lookup_schema, .tag = "Subjects",
     .summary = "Find the version of a subject that holds this schema.",
     .query = "normalize format deleted", .path = "/subjects/orders-value",
     .body = "{\"schemaType\":\"PROTOBUF\",\"schema\":\"syntax = \\\"proto3\\\";\\nmessage Order "
             "{\\n  string id = 1;\\n}\\n\"}",
     .answer = "{\"subject\":\"orders-value\",\"version\":1,\"id\":33,\"guid\":"
               "\"182aeffa-0c4f-dc24-bc90-b0c8690145e3\",\"schemaType\":\"PROTOBUF\",\"schema\":"
               "\"syntax = \\\"proto3\\\";\\nmessage Order {\\n  string id = 1;\\n}\\n\",\"ts\":"
               "1767225600000,\"deleted\":false}"},
    {"DELETE", "/subjects/{subject}", STELE_ROLE_SUPERADMIN, delete_subject, .tag = "Subjects",
     .summary = "Delete a subject: softly, and with permanent=true for good after that.",
     .query = "permanent", .path = "/subjects/orders-value", .answer = "[1,2]"},
    {"GET", "/subjects/{subject}/metadata", STELE_ROLE_READER, get_by_metadata, .tag = "Subjects",
     .summary = "The newest version whose metadata has these properties.",
     .query = "key value format deleted",
     .path = "/subjects/orders-value/metadata?key=owner&value=trading",
     .answer = "{\"subject\":\"orders-value\",\"version\":2,\"id\":34,\"guid\":"
               "\"dfefc02a-b179-c208-4caf-459138a95a7d\",\"schemaType\":\"PROTOBUF\",\"metadata\":"
               "{\"properties\":{\"owner\":\"trading\"}},\"schema\":\"…\",\"ts\":1767225600000,"
               "\"deleted\":false}"},
};
const size_t api_subject_route_count = STELE_COUNT(api_subject_routes);
