/* /contexts: the tenants. */
#include "server/api/api.h"

static bool list_contexts(stele_call *call, stele_err *err) {
  const registry_snapshot *s = registry_read(call->app->registry);
  stele_str prefix = {0};
  call_page page;
  api_json json;
  if (!call_query_page(call, 0, &page, err)) return false;
  (void)call_query(call, "contextPrefix", &prefix);
  size_t seen = 0, end = page.limit ? page.offset + page.limit : SIZE_MAX;
  api_json_init(&json, call);
  stele_json_begin_array(&json.w);
  if (!snap_find_tenant(s, REGISTRY_DEFAULT_TENANT) &&
      tree_key_has_prefix(REGISTRY_DEFAULT_TENANT, prefix)) {
    if (seen >= page.offset && seen < end) stele_json_write_str(&json.w, REGISTRY_DEFAULT_TENANT);
    seen++;
  }
  tree_cursor c = tree_seek(&snap_tenant_kind, &s->tenants, prefix);
  for (const snap_tenant *t; (t = tree_next(&c)) && tree_key_has_prefix(t->name, prefix);) {
    if (seen >= page.offset && seen < end) stele_json_write_str(&json.w, t->name);
    seen++;
  }
  stele_json_end_array(&json.w);
  return api_json_reply(&json, call);
}

static bool reply_gone(stele_call *call, void *arg, stele_err *err) {
  (void)arg;
  (void)err;
  return call_reply_text(call, 204, "", (stele_str){0});
}

/* "ctx", ".ctx" and ":.ctx:" are the same tenant. */
static bool read_context(stele_call *call, stele_str *tenant) {
  stele_str text = call_param(call, "context");
  registry_name name = registry_name_parse(text, (stele_str){0});
  if (name.qualified && !name.anywhere && !name.subject.len) {
    *tenant = name.tenant;
    return true;
  }
  if (!text.len || memchr(text.ptr, ':', text.len)) {
    (void)API_REFUSE(call, REGISTRY_INVALID_CONTEXT, text);
    return false;
  }
  *tenant = text.ptr[0] == '.'
                ? text
                : stele_str_printf(call->arena, "." STELE_STR_FMT, STELE_STR_ARG(text));
  return true;
}

static bool delete_context(stele_call *call, stele_err *err) {
  stele_str tenant;
  if (!read_context(call, &tenant)) return true;
  registry_alter *a = api_alter_new(call, reply_gone);
  bool submit = registry_delete_tenant(a, tenant);
  return api_alter_finish(a, call, submit, err);
}

const api_route api_context_routes[] = {
    {"GET", "/contexts", STELE_ROLE_READER, list_contexts, .tag = "Contexts",
     .summary = "List the contexts, which are the tenants.", .query = "contextPrefix offset limit",
     .answer = "[\".\",\".acme\"]", .global = true},
    {"DELETE", "/contexts/{context}", STELE_ROLE_SUPERADMIN, delete_context, .tag = "Contexts",
     .summary = "Delete a context that has no subjects left.", .path = "/contexts/.acme",
     .answer = "", .global = true},
};
const size_t api_context_route_count = STELE_COUNT(api_context_routes);
