/* /config and /mode: what is set where. Without a subject they mean the tenant;
 * ":.acme:" means that tenant, "trading/" and a star everything below it. */

#include "registry/setting.h"
#include "server/api/api.h"
/* --- the place ----------------------------------------------------------- */

static bool has_subject(const stele_call *call) {
  return strchr(call->route->pattern, '{') != NULL;
}

/* Where the request wants to look or set; refuses what cannot be a subject. */
static bool find_place(stele_call *call, setting_place *out) {
  registry_name name = registry_name_parse((stele_str){0}, call->tenant);
  if (has_subject(call)) name = api_name(call);
  if (setting_place_of(&name, out)) return true;
  (void)API_REFUSE(call, REGISTRY_INVALID_SUBJECT, call_param(call, "subject"));
  return false;
}

static stele_str named(const stele_call *call) {
  return has_subject(call) ? call_param(call, "subject") : STELE_STR("");
}

/* --- config -------------------------------------------------------------- */

static bool get_config(stele_call *call, stele_err *err) {
  const registry_snapshot *s = registry_read(call->app->registry);
  setting_place place;
  stele_str json;
  if (!find_place(call, &place)) return true;
  bool inherit = place.scope == STELE_SCOPE_TENANT || place.scope == STELE_SCOPE_GLOBAL ||
                 call_query_flag(call, "defaultToGlobal");
  if (has_subject(call) && place.scope == STELE_SCOPE_TENANT &&
      !stele_str_eq(place.tenant, REGISTRY_DEFAULT_TENANT)) {
    inherit = call_query_flag(call, "defaultToGlobal");
  }
  if (!setting_config_json(call->arena, s, &place, inherit, &json, err)) return false;
  if (!json.len) return API_REFUSE(call, REGISTRY_CONFIG_NOT_SET, named(call));
  return call_reply_json(call, 200, json);
}

static bool reply_config(stele_call *call, void *arg, stele_err *err) {
  const registry_altered *out = arg;
  stele_str json;
  if (!setting_config_as_update(call->arena, out->value, &json, err)) return false;
  return call_reply_json(call, 200, json);
}

static bool put_config(stele_call *call, stele_err *err) {
  const registry_snapshot *s = registry_read(call->app->registry);
  const stele_json *update;
  setting_place place;
  stele_str value;
  stele_err why = {0};
  bool bad_level;
  if (!find_place(call, &place) || !api_body(call, "The config", &update)) return true;
  const snap_setting *old = setting_at(call->arena, s, STELE_ROW_CONFIG, &place);
  stele_str stored = old ? old->value : (stele_str){0};
  if (!setting_config_update(call->arena, stored, update, &value, &bad_level, &why)) {
    return api_bad_json(call, &why);
  }
  if (bad_level)
    return api_refuse(call, REGISTRY_REFUSE_PLAIN(call->arena, REGISTRY_INVALID_LEVEL));
  registry_alter *a = api_alter_new(call, reply_config);
  bool submit = registry_set(a, STELE_ROW_CONFIG, &place, value);
  return api_alter_finish(a, call, submit, err);
}

/* What was set, with its level: the answer of a deletion. */
static bool reply_config_gone(stele_call *call, void *arg, stele_err *err) {
  const registry_altered *out = arg;
  (void)err;
  return call_reply_json(call, 200, out->value);
}

static bool delete_config(stele_call *call, stele_err *err) {
  const registry_snapshot *s = registry_read(call->app->registry);
  setting_place place;
  stele_str before;
  if (!find_place(call, &place)) return true;
  bool top = !has_subject(call);
  if (!setting_config_json(call->arena, s, &place, top, &before, err)) return false;
  if (top && !setting_at(call->arena, s, STELE_ROW_CONFIG, &place)) {
    return call_reply_json(call, 200, before); /* nothing to delete: what holds stays */
  }
  registry_alter *a = api_alter_new(call, reply_config_gone);
  bool submit = registry_unset(a, STELE_ROW_CONFIG, &place);
  if (before.len) a->out.value = before;
  return api_alter_finish(a, call, submit, err);
}

/* --- mode ---------------------------------------------------------------- */

static stele_str mode_json(stele_call *call, stele_str mode) {
  return stele_str_printf(call->arena, "{\"mode\":\"" STELE_STR_FMT "\"}", STELE_STR_ARG(mode));
}

static bool get_mode(stele_call *call, stele_err *err) {
  const registry_snapshot *s = registry_read(call->app->registry);
  setting_place place;
  (void)err;
  if (!find_place(call, &place)) return true;
  const snap_setting *own = setting_at(call->arena, s, STELE_ROW_MODE, &place);
  if (own) return call_reply_json(call, 200, mode_json(call, own->value));
  bool top =
      !has_subject(call) || place.scope == STELE_SCOPE_GLOBAL ||
      (place.scope == STELE_SCOPE_TENANT && stele_str_eq(place.tenant, REGISTRY_DEFAULT_TENANT));
  if (!top && !call_query_flag(call, "defaultToGlobal")) {
    return API_REFUSE(call, REGISTRY_MODE_NOT_SET, named(call));
  }
  registry_mode mode = setting_mode_at(call->arena, s, &place);
  return call_reply_json(call, 200, mode_json(call, stele_cstr(registry_mode_text(mode))));
}

static bool reply_mode(stele_call *call, void *arg, stele_err *err) {
  const registry_altered *out = arg;
  (void)err;
  if (!out->value.len) return call_reply_json(call, 200, STELE_STR("{}"));
  return call_reply_json(call, 200, mode_json(call, out->value));
}

/* {"mode": null} takes back what is set; nothing set is fine. */
static bool clear_mode(stele_call *call, const setting_place *place, stele_err *err) {
  const registry_snapshot *s = registry_read(call->app->registry);
  if (!setting_at(call->arena, s, STELE_ROW_MODE, place)) {
    return call_reply_json(call, 200, STELE_STR("{}"));
  }
  registry_alter *a = api_alter_new(call, reply_mode);
  bool submit = registry_unset(a, STELE_ROW_MODE, place);
  a->out.value = (stele_str){0};
  return api_alter_finish(a, call, submit, err);
}

static bool put_mode(stele_call *call, stele_err *err) {
  const stele_json *update;
  setting_place place;
  registry_mode mode;
  if (!find_place(call, &place) || !api_body(call, "The mode", &update)) return true;
  const stele_json *value = stele_json_find(update, STELE_STR("mode"));
  if (!value || value->kind == STELE_JSON_NULL) return clear_mode(call, &place, err);
  if (value->kind != STELE_JSON_STRING || !registry_mode_parse(value->text, &mode)) {
    return api_refuse(call, REGISTRY_REFUSE_PLAIN(call->arena, REGISTRY_INVALID_MODE));
  }
  registry_alter *a = api_alter_new(call, reply_mode);
  bool submit = registry_set(a, STELE_ROW_MODE, &place, stele_cstr(registry_mode_text(mode)));
  return api_alter_finish(a, call, submit, err);
}

static bool delete_mode(stele_call *call, stele_err *err) {
  setting_place place;
  if (!find_place(call, &place)) return true;
  registry_alter *a = api_alter_new(call, reply_mode);
  bool submit = call_query_flag(call, "recursive") ? registry_unset_all(a, STELE_ROW_MODE, &place)
                                                   : registry_unset(a, STELE_ROW_MODE, &place);
  return api_alter_finish(a, call, submit, err);
}

/* --- the tables ---------------------------------------------------------- */

const api_route api_config_routes[] = {
    {"GET", "/config", STELE_ROLE_READER, get_config, .tag = "Settings",
     .summary = "The compatibility that holds where no subject says otherwise.",
     .query = "defaultToGlobal", .answer = "{\"compatibilityLevel\":\"BACKWARD\"}"},
    {"PUT", "/config", STELE_ROLE_ADMIN, put_config, .tag = "Settings", .summary = "Set it.",
     .body = "{\"compatibility\":\"FULL\"}", .answer = "{\"compatibility\":\"FULL\"}"},
    {"DELETE", "/config", STELE_ROLE_ADMIN, delete_config, .tag = "Settings",
     .summary = "Go back to the default; answers what held before.",
     .answer = "{\"compatibilityLevel\":\"FULL\"}"},
    {"GET", "/config/{subject}", STELE_ROLE_READER, get_config, .tag = "Settings",
     .summary = "What is set for a subject, or for a folder of subjects.",
     .query = "defaultToGlobal", .path = "/config/trading%2Forders.proto?defaultToGlobal=true",
     .answer = "{\"compatibilityLevel\":\"BACKWARD\"}"},
    {"PUT", "/config/{subject}", STELE_ROLE_ADMIN, put_config, .tag = "Settings",
     .summary =
         "Set it for a subject; a name that ends in /* means all below that folder. \"rules\" "
         "names rules and categories of lint and of breaking changes that refuse or warn.",
     .path = "/config/orders-value",
     .body = "{\"compatibility\":\"FULL_TRANSITIVE\",\"normalize\":true,"
             "\"rules\":{\"refuse\":[\"WIRE_JSON\"],\"warn\":[\"BASIC\"]}}",
     .answer = "{\"normalize\":true,\"compatibility\":\"FULL_TRANSITIVE\","
               "\"rules\":{\"refuse\":[\"WIRE_JSON\"],\"warn\":[\"BASIC\"]}}"},
    {"DELETE", "/config/{subject}", STELE_ROLE_ADMIN, delete_config, .tag = "Settings",
     .summary = "Take back what is set for a subject; answers what it was.",
     .path = "/config/orders-value",
     .answer = "{\"normalize\":true,\"compatibilityLevel\":\"FULL_TRANSITIVE\","
               "\"rules\":{\"refuse\":[\"WIRE_JSON\"],\"warn\":[\"BASIC\"]}}"},
};
const size_t api_config_route_count = STELE_COUNT(api_config_routes);

const api_route api_mode_routes[] = {
    {"GET", "/mode", STELE_ROLE_READER, get_mode, .tag = "Settings",
     .summary = "Whether the registry takes new schemas.", .query = "defaultToGlobal",
     .answer = "{\"mode\":\"READWRITE\"}"},
    {"PUT", "/mode", STELE_ROLE_ADMIN, put_mode, .tag = "Settings",
     .summary = "Set it: READWRITE or READONLY.", .query = "force",
     .body = "{\"mode\":\"READWRITE\"}", .answer = "{\"mode\":\"READWRITE\"}"},
    {"DELETE", "/mode", STELE_ROLE_ADMIN, delete_mode, .tag = "Settings",
     .summary = "Go back to the default; recursive=true takes the subjects' own back too.",
     .query = "recursive", .answer = "{\"mode\":\"READWRITE\"}"},
    {"GET", "/mode/{subject}", STELE_ROLE_READER, get_mode, .tag = "Settings",
     .summary = "The mode that is set for a subject.", .query = "defaultToGlobal",
     .path = "/mode/trading%2Forders.proto?defaultToGlobal=true",
     .answer = "{\"mode\":\"READWRITE\"}"},
    {"PUT", "/mode/{subject}", STELE_ROLE_ADMIN, put_mode, .tag = "Settings",
     .summary = "Set it for a subject.", .query = "force", .path = "/mode/orders-value",
     .body = "{\"mode\":\"READONLY\"}", .answer = "{\"mode\":\"READONLY\"}"},
    {"DELETE", "/mode/{subject}", STELE_ROLE_ADMIN, delete_mode, .tag = "Settings",
     .summary = "Take back the mode of a subject; answers what it was.", .query = "recursive",
     .path = "/mode/orders-value", .answer = "{\"mode\":\"READONLY\"}"},
};
const size_t api_mode_route_count = STELE_COUNT(api_mode_routes);
