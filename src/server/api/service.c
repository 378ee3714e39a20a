/* What clients ask about the server itself, and the associations that their
 * newest releases look for before they fall back to the topic's name. */
#include "server/api/api.h"
#include "stele/version.h"

static bool get_root(stele_call *call, stele_err *err) {
  (void)err;
  return call_reply_json(call, 200, STELE_STR("{}"));
}

static bool get_metadata_id(stele_call *call, stele_err *err) {
  (void)err;
  return call_reply_json(call, 200,
                         STELE_STR("{\"scope\":{\"path\":[],\"clusters\":{\"kafka-cluster\":"
                                   "\"stele\",\"schema-registry-cluster\":\"schema-registry\"}},"
                                   "\"id\":\"\"}"));
}

static bool get_metadata_version(stele_call *call, stele_err *err) {
  api_json json;
  (void)err;
  api_json_init(&json, call);
  stele_json_begin_object(&json.w);
  stele_json_field_str(&json.w, "version", stele_cstr(stele_version()));
  stele_json_field_str(&json.w, "commitId", STELE_STR(""));
  stele_json_end_object(&json.w);
  return api_json_reply(&json, call);
}

static bool get_metadata_deployment(stele_call *call, stele_err *err) {
  (void)err;
  return call_reply_json(call, 200, STELE_STR("{\"attributes\":[]}"));
}

static bool list_associations(stele_call *call, stele_err *err) {
  (void)err;
  return call_reply_json(call, 200, STELE_STR("[]"));
}

const api_route api_service_routes[] = {
    {"GET", "/", STELE_ROLE_READER, get_root, .tag = "Server",
     .summary = "An empty object: the registry is there.", .answer = "{}"},
    {"POST", "/", STELE_ROLE_READER, get_root, .tag = "Server",
     .summary = "The same, for clients that post.", .body = "{}", .answer = "{}"},
    {"GET", "/v1/metadata/id", STELE_ROLE_READER, get_metadata_id, .tag = "Server",
     .summary = "Which cluster this is.",
     .answer = "{\"scope\":{\"path\":[],\"clusters\":{\"kafka-cluster\":\"stele\","
               "\"schema-registry-cluster\":\"schema-registry\"}},\"id\":\"\"}"},
    {"GET", "/v1/metadata/version", STELE_ROLE_READER, get_metadata_version, .tag = "Server",
     .summary = "Which version this is.", .answer = "{\"version\":\"0.1.0\",\"commitId\":\"\"}"},
    {"GET", "/v1/metadata/deployment", STELE_ROLE_READER, get_metadata_deployment, .tag = "Server",
     .summary = "How it is deployed.", .answer = "{\"attributes\":[]}"},
    {"GET", "/associations/subjects/{subject}", STELE_ROLE_READER, list_associations,
     .tag = "Associations", .summary = "What a subject is associated with.",
     .query = "resourceType associationType lifecycle offset limit",
     .path = "/associations/subjects/orders-value", .answer = "[]"},
    {"GET", "/associations/resources/{id}", STELE_ROLE_READER, list_associations,
     .tag = "Associations", .summary = "The associations of a resource, by its id.",
     .query = "resourceType associationType lifecycle offset limit",
     .path = "/associations/resources/lkc-1", .answer = "[]"},
    {"GET", "/associations/resources/{namespace}/{name}", STELE_ROLE_READER, list_associations,
     .tag = "Associations",
     .summary = "The associations of a resource, by its name: clients ask this for each topic.",
     .query = "resourceType associationType lifecycle offset limit",
     .path = "/associations/resources/-/orders?resourceType=topic&associationType=value",
     .answer = "[]"},
};
const size_t api_service_route_count = STELE_COUNT(api_service_routes);
