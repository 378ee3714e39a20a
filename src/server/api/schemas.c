/* /schemas: everything, and what an id or a guid stands for.
 *
 * GET /schemas/ids/{id} is what every consumer of a message asks: its answer is
 * made once, kept with the snapshot and sent without a copy. With a subject in
 * the query the same answer gets two members more in front. */
#include "proto/identity/guid.h"
#include "registry/body.h"
#include "server/api/api.h"

#define FOR_EVER STELE_STR("private, max-age=31536000, immutable")

/* --- GET /schemas/ids/{id} ----------------------------------------------- */

static bool refuse_id(stele_call *call, int32_t id) {
  api_count_lookup(call, false);
  return API_REFUSE(call, REGISTRY_SCHEMA_NOT_FOUND, stele_str_printf(call->arena, "%d", id));
}

/* What an id means to this request. */
typedef struct id_target {
  const snap_schema *schema;
  const snap_version *version; /* of the subject that was named, else NULL */
  bool subject_given;
} id_target;

static const snap_version *any_holder(const registry_snapshot *s, const snap_schema *schema) {
  const snap_tenant *tenant = snap_find_tenant(s, schema->tenant);
  tree_cursor c = snap_holders(tenant, schema->id);
  return snap_next_holder(&c, schema->id);
}

/* A subject without a tenant is looked for in the others too. */
static id_target find_elsewhere(const registry_snapshot *s, const registry_name *name, int32_t id) {
  tree_cursor c = tree_seek(&snap_tenant_kind, &s->tenants, STELE_STR(""));
  for (const snap_tenant *t; (t = tree_next(&c));) {
    const snap_subject *subject = tree_find(&snap_subject_kind, &t->subjects, name->subject);
    const snap_version *v = subject ? snap_version_of_id(subject, id, true) : NULL;
    if (v) return (id_target){snap_find_id(s, t->name, id), v, true};
  }
  return (id_target){0};
}

static id_target find_id(stele_call *call, const registry_snapshot *s, int32_t id) {
  registry_name name;
  id_target target = {.subject_given = api_query_subject(call, &name) && name.subject.len};
  target.schema = snap_find_id(s, name.tenant, id);
  if (!target.subject_given) return target;
  const snap_subject *subject = snap_find_subject(s, name.tenant, name.subject);
  if (subject && target.schema) target.version = snap_version_of_id(subject, id, true);
  if (!target.version && !name.qualified && !call->tenant_named) {
    id_target elsewhere = find_elsewhere(s, &name, id);
    if (elsewhere.schema) return elsewhere;
  }
  if (target.schema && !target.version) target.version = any_holder(s, target.schema);
  return target;
}

/* The body with what this request adds to it in front. */
static bool reply_with(stele_call *call, const registry_snapshot *s, const id_target *target,
                       stele_str body, bool max_id) {
  api_json json;
  api_json_init(&json, call);
  stele_json_begin_object(&json.w);
  if (target->version) {
    const snap_version *v = target->version;
    stele_json_field_str(&json.w, "subject",
                         registry_name_print(call->arena, v->tenant, v->subject));
    stele_json_field_i64(&json.w, "version", v->version);
  }
  if (max_id) {
    const snap_tenant *tenant = snap_find_tenant(s, target->schema->tenant);
    stele_json_field_i64(&json.w, "maxId", tenant->max_id);
  }
  stele_buf_add_byte(&json.buf, ',');
  stele_buf_add(&json.buf, body.ptr + 1, body.len - 1); /* its own '{' has been written */
  return api_json_reply(&json, call);
}

static bool reply_id(stele_call *call, const registry_snapshot *s, const id_target *target,
                     const snap_schema *schema, stele_str text, text_form form) {
  bool max_id = call_query_flag(call, "fetchMaxId");
  if (target->version) api_count_read(call, target->version);
  api_count_lookup(call, true);
  if (form == TEXT_DEFAULT && !target->subject_given && !max_id) {
    snap_bytes *body = registry_body(call->app->registry, schema, text);
    call_header(call, "Cache-Control", FOR_EVER);
    call_shared shared = {.bytes = {(const uint8_t *)body->at, body->len},
                          .release = snap_bytes_unref,
                          .owner = body};
    return call_reply_shared(call, 200, NULL, shared);
  }
  stele_buf buf;
  stele_buf_init(&buf, call->arena, 0);
  registry_body_print(&buf, schema, text);
  if (!target->version && !max_id) return call_reply_json(call, 200, stele_buf_str(&buf));
  return reply_with(call, s, target, stele_buf_str(&buf), max_id);
}

static text_form query_form(stele_call *call) {
  stele_str format = {0};
  (void)call_query(call, "format", &format);
  return text_form_parse(format);
}

/* The text of an id, or false: the call is answered or waits for `again`. */
static bool schema_text(stele_call *call, const snap_schema *schema, const api_text_job *texted,
                        call_resumed *again, stele_str *text) {
  text_form form = query_form(call);
  if (texted && !texted->missing) {
    *text = texted->text;
    return true;
  }
  if (text_at_hand(&schema->content, form, text)) return true;
  api_text_job what = {.tenant = schema->tenant, .id = schema->id, .form = form};
  (void)api_text_start(call, &what, again);
  return false;
}

static bool get_by_id_now(stele_call *call, void *arg, stele_err *err) {
  const registry_snapshot *s = registry_read(call->app->registry);
  int32_t id = call_param_int(call, "id");
  id_target target = find_id(call, s, id);
  stele_str text;
  (void)err;
  if (!target.schema) return refuse_id(call, id);
  if (!schema_text(call, target.schema, arg, get_by_id_now, &text)) return true;
  return reply_id(call, s, &target, target.schema, text, query_form(call));
}

static bool get_by_id(stele_call *call, stele_err *err) {
  return get_by_id_now(call, NULL, err);
}

static bool get_text_by_id_now(stele_call *call, void *arg, stele_err *err) {
  const registry_snapshot *s = registry_read(call->app->registry);
  int32_t id = call_param_int(call, "id");
  id_target target = find_id(call, s, id);
  stele_str text;
  (void)err;
  if (!target.schema) return refuse_id(call, id);
  if (!schema_text(call, target.schema, arg, get_text_by_id_now, &text)) return true;
  api_count_lookup(call, true);
  return call_reply_json(call, 200, stele_str_copy(call->arena, text));
}

static bool get_text_by_id(stele_call *call, stele_err *err) {
  return get_text_by_id_now(call, NULL, err);
}

/* --- who has an id ------------------------------------------------------- */

/* One line of the lists below; `previous` is the holder written before. */
typedef void write_holder(stele_call *call, api_json *json, const snap_version *v);

static void write_subject(stele_call *call, api_json *json, const snap_version *v) {
  stele_json_write_str(&json->w, registry_name_print(call->arena, v->tenant, v->subject));
}

static void write_pair(stele_call *call, api_json *json, const snap_version *v) {
  stele_json_begin_object(&json->w);
  stele_json_field_str(&json->w, "subject",
                       registry_name_print(call->arena, v->tenant, v->subject));
  stele_json_field_i64(&json->w, "version", v->version);
  stele_json_end_object(&json->w);
}

static bool list_holders(stele_call *call, bool each_subject_once, write_holder *line,
                         stele_err *err) {
  const registry_snapshot *s = registry_read(call->app->registry);
  int32_t id = call_param_int(call, "id");
  bool deleted = call_query_flag(call, "deleted");
  registry_name name;
  call_page page;
  api_json json;
  if (!call_query_page(call, 0, &page, err)) return false;
  bool one = api_query_subject(call, &name) && name.subject.len;
  const snap_schema *schema = snap_find_id(s, name.tenant, id);
  if (!schema) {
    return api_refuse(call, REGISTRY_REFUSE_PLAIN(call->arena, REGISTRY_CONTENT_NOT_FOUND));
  }
  size_t seen = 0, end = page.limit ? page.offset + page.limit : SIZE_MAX;
  stele_str previous = {0};
  tree_cursor c = snap_holders(snap_find_tenant(s, schema->tenant), id);
  api_json_init(&json, call);
  stele_json_begin_array(&json.w);
  for (const snap_version *v; (v = snap_next_holder(&c, id));) {
    if ((v->deleted && !deleted) || (one && !stele_str_eq(v->subject, name.subject))) continue;
    if (each_subject_once && seen && stele_str_eq(v->subject, previous)) continue;
    previous = v->subject;
    if (seen >= page.offset && seen < end) line(call, &json, v);
    seen++;
  }
  stele_json_end_array(&json.w);
  return api_json_reply(&json, call);
}

static bool list_id_subjects(stele_call *call, stele_err *err) {
  return list_holders(call, true, write_subject, err);
}

static bool list_id_versions(stele_call *call, stele_err *err) {
  return list_holders(call, false, write_pair, err);
}

/* --- guids --------------------------------------------------------------- */

static bool get_by_guid_now(stele_call *call, void *arg, stele_err *err) {
  const registry_snapshot *s = registry_read(call->app->registry);
  stele_str guid_text = call_param(call, "guid"), text;
  stele_md5 guid;
  const snap_schema *schema = stele_guid_parse(guid_text, &guid) ? snap_find_guid(s, &guid) : NULL;
  (void)err;
  if (!schema) {
    api_count_lookup(call, false);
    return API_REFUSE(call, REGISTRY_SCHEMA_NOT_FOUND, guid_text);
  }
  if (!schema_text(call, schema, arg, get_by_guid_now, &text)) return true;
  id_target target = {.schema = schema};
  return reply_id(call, s, &target, schema, text, query_form(call));
}

static bool get_by_guid(stele_call *call, stele_err *err) {
  return get_by_guid_now(call, NULL, err);
}

static bool list_guid_ids(stele_call *call, stele_err *err) {
  const registry_snapshot *s = registry_read(call->app->registry);
  stele_md5 guid;
  api_json json;
  (void)err;
  api_json_init(&json, call);
  stele_json_begin_array(&json.w);
  if (stele_guid_parse(call_param(call, "guid"), &guid)) {
    stele_str prefix = {(const char *)guid.bytes, sizeof guid.bytes};
    tree_cursor c = tree_seek(&snap_guid_kind, &s->guids, prefix);
    for (const snap_schema *x; (x = tree_next(&c)) && tree_key_has_prefix(x->guid_key, prefix);) {
      stele_json_begin_object(&json.w);
      stele_json_field_str(&json.w, "context", x->tenant);
      stele_json_field_i64(&json.w, "id", x->id);
      stele_json_end_object(&json.w);
    }
  }
  stele_json_end_array(&json.w);
  return api_json_reply(&json, call);
}

/* --- GET /schemas -------------------------------------------------------- */

enum { MOST_SCHEMAS = 1000 };

typedef STELE_VEC(const snap_version *) version_list;

typedef struct list_filter {
  bool deleted, latest_only;
  call_page page;
} list_filter;

static void add_subject_versions(stele_call *call, const snap_subject *subject, list_filter *f,
                                 version_list *out) {
  for (uint32_t i = 0; i < subject->count; i++) {
    const snap_version *v = subject->versions[i];
    const snap_version *latest =
        f->deleted ? subject->versions[subject->count - 1] : subject->newest_live;
    if ((v->deleted && !f->deleted) || (f->latest_only && v != latest)) continue;
    if (f->page.offset) {
      f->page.offset--;
      continue;
    }
    if (out->count == f->page.limit) return;
    STELE_VEC_PUSH(call->arena, out, v);
  }
}

static version_list list_page(stele_call *call, const registry_snapshot *s, list_filter *filter) {
  version_list list = {0};
  stele_str text = {0};
  (void)call_query(call, "subjectPrefix", &text);
  registry_name prefix = registry_name_parse(text, call->tenant);
  tree_cursor tenants = tree_seek(&snap_tenant_kind, &s->tenants, STELE_STR(""));
  for (const snap_tenant *t; (t = tree_next(&tenants));) {
    if (!prefix.anywhere && !stele_str_eq(t->name, prefix.tenant)) continue;
    tree_cursor c = tree_seek(&snap_subject_kind, &t->subjects, prefix.subject);
    for (const snap_subject *x; (x = tree_next(&c)) && list.count < filter->page.limit;) {
      if (!tree_key_has_prefix(x->name, prefix.subject)) break;
      add_subject_versions(call, x, filter, &list);
    }
  }
  return list;
}

static bool list_schemas_now(stele_call *call, void *arg, stele_err *err) {
  (void)arg;
  const registry_snapshot *s = registry_read(call->app->registry);
  list_filter filter = {.deleted = call_query_flag(call, "deleted"),
                        .latest_only = call_query_flag(call, "latestOnly")};
  version_list unprinted = {0};
  stele_str text;
  api_json json;
  if (!call_query_page(call, MOST_SCHEMAS, &filter.page, err)) return false;
  version_list list = list_page(call, s, &filter);
  for (size_t i = 0; i < list.count; i++) {
    if (text_at_hand(&list.at[i]->content, TEXT_DEFAULT, &text)) continue;
    STELE_VEC_PUSH(call->arena, &unprinted, list.at[i]);
  }
  if (unprinted.count)
    return api_print_start(call, unprinted.at, unprinted.count, list_schemas_now);
  api_json_init(&json, call);
  stele_json_begin_array(&json.w);
  for (size_t i = 0; i < list.count; i++) {
    (void)text_at_hand(&list.at[i]->content, TEXT_DEFAULT, &text);
    api_write_version(&json.w, call, s, list.at[i], text, API_NATIVE);
  }
  stele_json_end_array(&json.w);
  return api_json_reply(&json, call);
}

static bool list_schemas(stele_call *call, stele_err *err) {
  return list_schemas_now(call, NULL, err);
}

static bool list_types(stele_call *call, stele_err *err) {
  (void)err;
  return call_reply_json(call, 200, STELE_STR("[\"PROTOBUF\"]"));
}

/* --- the table ----------------------------------------------------------- */

#define ORDER_SCHEMA "\"syntax = \\\"proto3\\\";\\nmessage Order {\\n  string id = 1;\\n}\\n\""
#define ORDER_STRING                                                                               \
  "{\"schemaType\":\"PROTOBUF\",\"guid\":\"182aeffa-0c4f-dc24-bc90-b0c8690145e3\","                \
  "\"schema\":" ORDER_SCHEMA ",\"ts\":1767225600000}"

const api_route api_schema_routes[] = {
    {"GET", "/schemas", STELE_ROLE_READER, list_schemas, .tag = "Schemas",
     .summary = "List schemas with their semantic version, state and release.",
     .query = "subjectPrefix deleted latestOnly offset limit",
     .path = "/schemas?subjectPrefix=trading%2Forders&latestOnly=true",
     .answer = "[{\"subject\":\"trading/orders.proto\",\"version\":1,\"id\":23,\"guid\":"
               "\"ca762f40-222c-4f69-476f-63104cd75f6e\",\"schemaType\":\"PROTOBUF\","
               "\"references\":[{\"name\":\"common/base.proto\",\"subject\":"
               "\"common/"
               "base.proto\",\"version\":1}],\"schema\":\"…\",\"ts\":1767225600000,\"deleted\":"
               "false,\"semver\":\"1.0.0\",\"state\":"
               "\"ACTIVE\",\"release\":1}]"},
    {"GET", "/schemas/types", STELE_ROLE_READER, list_types, .tag = "Schemas",
     .summary = "The types of schema that are kept.", .answer = "[\"PROTOBUF\"]"},
    {"GET", "/schemas/ids/{id:int}", STELE_ROLE_READER, get_by_id, .tag = "Schemas",
     .summary = "The schema of an id: what a consumer asks for a message.",
     .query = "subject format fetchMaxId referenceFormat", .path = "/schemas/ids/33",
     .answer = ORDER_STRING},
    {"GET", "/schemas/ids/{id:int}/schema", STELE_ROLE_READER, get_text_by_id, .tag = "Schemas",
     .summary = "The text alone of an id.", .query = "subject format",
     .path = "/schemas/ids/33/schema",
     .answer = "syntax = \"proto3\";\nmessage Order {\n  string id = 1;\n}\n"},
    {"GET", "/schemas/ids/{id:int}/subjects", STELE_ROLE_READER, list_id_subjects, .tag = "Schemas",
     .summary = "The subjects that have an id.", .query = "subject deleted offset limit",
     .path = "/schemas/ids/33/subjects", .answer = "[\"orders-value\"]"},
    {"GET", "/schemas/ids/{id:int}/versions", STELE_ROLE_READER, list_id_versions, .tag = "Schemas",
     .summary = "The subjects and versions that have an id.",
     .query = "subject deleted offset limit", .path = "/schemas/ids/33/versions",
     .answer = "[{\"subject\":\"orders-value\",\"version\":1}]"},
    {"GET", "/schemas/guids/{guid}", STELE_ROLE_READER, get_by_guid, .tag = "Schemas",
     .summary = "The schema of a guid, whatever the tenant.", .query = "format",
     .path = "/schemas/guids/182aeffa-0c4f-dc24-bc90-b0c8690145e3", .answer = ORDER_STRING},
    {"GET", "/schemas/guids/{guid}/ids", STELE_ROLE_READER, list_guid_ids, .tag = "Schemas",
     .summary = "The ids that a guid has, by tenant.",
     .path = "/schemas/guids/182aeffa-0c4f-dc24-bc90-b0c8690145e3/ids",
     .answer = "[{\"context\":\".\",\"id\":33}]"},
};
const size_t api_schema_route_count = STELE_COUNT(api_schema_routes);
