/* The entities, member by member, and what reading them counts. */
#include "obs/metrics.h"
#include "proto/identity/guid.h"
#include "server/api/api.h"
#include "sys/clock.h"

static const char *const states[] = {
    [STELE_STATE_DRAFT] = "DRAFT",
    [STELE_STATE_ACTIVE] = "ACTIVE",
    [STELE_STATE_DEPRECATED] = "DEPRECATED",
    [STELE_STATE_RETIRED] = "RETIRED",
};

const char *api_state_text(uint8_t state) {
  return state < STELE_COUNT(states) && states[state] ? states[state] : "ACTIVE";
}

void api_write_guid(stele_json_writer *w, const stele_md5 *guid) {
  char text[STELE_GUID_TEXT];
  stele_guid_print(guid, text);
  stele_json_field_str(w, "guid", stele_cstr(text));
}

/* A subject of another tenant is written with it, and so is every subject when
 * the client asks for that. */
static stele_str reference_subject(stele_call *call, stele_str tenant, const stele_reference *r,
                                   bool qualified) {
  stele_str home = r->tenant.len ? r->tenant : tenant;
  if (qualified || !stele_str_eq(home, tenant)) {
    return stele_str_printf(call->arena, ":" STELE_STR_FMT ":" STELE_STR_FMT, STELE_STR_ARG(home),
                            STELE_STR_ARG(r->subject));
  }
  return r->subject;
}

void api_write_references(stele_json_writer *w, stele_call *call, stele_str tenant,
                          const stele_reference *references, size_t count, bool always) {
  stele_str format = {0};
  if (!count && !always) return;
  (void)call_query(call, "referenceFormat", &format);
  bool qualified = stele_str_eq(format, STELE_STR("qualified"));
  stele_json_field_array(w, "references");
  for (size_t i = 0; i < count; i++) {
    stele_json_begin_object(w);
    stele_json_field_str(w, "name", references[i].name);
    stele_json_field_str(w, "subject", reference_subject(call, tenant, &references[i], qualified));
    stele_json_field_i64(w, "version", references[i].version);
    stele_json_end_object(w);
  }
  stele_json_end_array(w);
}

void api_write_raw(stele_json_writer *w, const char *key, stele_str json) {
  if (!json.len) return;
  stele_json_write_key(w, stele_cstr(key));
  stele_json_write_raw(w, json);
}

static void write_native(stele_json_writer *w, const snap_version *v) {
  stele_json_field_str(w, "semver", v->semver);
  stele_json_field_str(w, "state", stele_cstr(api_state_text(v->state)));
  if (v->release) stele_json_field_i64(w, "release", v->release);
}

void api_write_version(stele_json_writer *w, stele_call *call, const registry_snapshot *s,
                       const snap_version *v, stele_str text, api_members members) {
  const snap_schema *schema = snap_find_id(s, v->tenant, v->id);
  stele_json_begin_object(w);
  stele_json_field_str(w, "subject", registry_name_print(call->arena, v->tenant, v->subject));
  stele_json_field_i64(w, "version", v->version);
  stele_json_field_i64(w, "id", v->id);
  if (schema) api_write_guid(w, schema->guid);
  stele_json_field_str(w, "schemaType", STELE_STR("PROTOBUF"));
  api_write_references(w, call, v->tenant, v->content.references, v->content.reference_count,
                       false);
  api_write_raw(w, "metadata", v->content.metadata);
  api_write_raw(w, "ruleSet", v->content.rule_set);
  if (text.len) stele_json_field_str(w, "schema", text);
  stele_json_field_i64(w, "ts", v->time / STELE_US_PER_MS);
  stele_json_field_bool(w, "deleted", v->deleted);
  if (members == API_NATIVE) write_native(w, v);
  stele_json_end_object(w);
}

/* --- counting ------------------------------------------------------------ */

void api_count_read(stele_call *call, const snap_version *version) {
  if (version->state != STELE_STATE_DEPRECATED) return;
  obs_count(call->metrics, OBS_DEPRECATED_READS, 0, 0, 1);
  call_header(call, "Deprecation", STELE_STR("true"));
}

void api_count_lookup(stele_call *call, bool found) {
  stele_time_us took = sys_clock_wall() - call_time(call);
  obs_observe(call->metrics, OBS_LOOKUP_SECONDS, found ? OBS_SOURCE_MEMORY : OBS_SOURCE_MISSING,
              took > 0 ? (uint64_t)took : 0);
}

void api_count_refused(stele_call *call, const registry_refused *refused) {
  if (refused->row->page != REGISTRY_PAGE_SCHEMA) return;
  uint64_t mistakes = 0;
  for (size_t i = 0; i < refused->finding_count; i++) mistakes += refused->findings[i].refuses;
  obs_count(call->metrics, OBS_VALIDATION_ERRORS, 0, 0, mistakes ? mistakes : 1);
}

static obs_registration result_of(const registry_refused *refused, const stele_err *err,
                                  bool created) {
  if (err->code) return OBS_REGISTRATION_ERROR;
  if (!refused) return created ? OBS_REGISTRATION_CREATED : OBS_REGISTRATION_EXISTING;
  if (refused->row == registry_refusal_row(REGISTRY_INCOMPATIBLE)) {
    return OBS_REGISTRATION_INCOMPATIBLE;
  }
  return refused->row->page == REGISTRY_PAGE_SCHEMA ? OBS_REGISTRATION_INVALID
                                                    : OBS_REGISTRATION_REFUSED;
}

void api_count_registration(stele_call *call, const registry_refused *refused, const stele_err *err,
                            bool created) {
  obs_count(call->metrics, OBS_REGISTRATIONS, (unsigned)result_of(refused, err, created), 0, 1);
  if (refused) api_count_refused(call, refused);
}
