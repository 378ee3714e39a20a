/* server/api: the registry over HTTP: one table of routes per resource.
 *
 * In:   calls.   Out: Confluent's entities and our own, refusals.
 * A handler reads the request, looks into the snapshot or hands over to the
 * registry, and writes JSON. What a refusal or an error means over HTTP stands
 * in registry/refusal.h and base/err.h.
 * Deps: server/call.h, server/router.h, registry. */
#ifndef STELE_SERVER_API_API_H
#define STELE_SERVER_API_API_H

#include "registry/alter.h"
#include "registry/name.h"
#include "registry/publish.h"
#include "registry/registry.h"
#include "registry/text.h"
#include "registry/work.h"
#include "server/app.h"
#include "server/call.h"
#include "server/router.h"

/* The tables, for wiring: all rows of all of them, with api_add_routes. */
#define API_TABLES(X)                                                                              \
  X(subject)                                                                                       \
  X(version)                                                                                       \
  X(schema)                                                                                        \
  X(compatibility)                                                                                 \
  X(config)                                                                                        \
  X(mode)                                                                                          \
  X(context)                                                                                       \
  X(native)                                                                                        \
  X(push)                                                                                          \
  X(release)                                                                                       \
  X(payload)                                                                                       \
  X(service)

#define X(name)                                                                                    \
  extern const api_route api_##name##_routes[];                                                    \
  extern const size_t api_##name##_route_count;
API_TABLES(X)
#undef X

void api_add_routes(router *routes);

/* --- reading ------------------------------------------------------------- */

/* What several handlers read from a request. Each that answers bool has
 * answered the call with a refusal when it says false. */

/* The "{subject}" of the path, with its tenant. */
bool api_subject(stele_call *call, registry_name *out);

/* The same where a place of a setting may stand. */
registry_name api_name(stele_call *call);

/* A version in the path: a number, or -1 for the newest. */
bool api_version(stele_call *call, const char *param, int32_t *out);

/* ?subject= beside an id: the tenant to look in and, when it names one, the
 * subject. False: there is no such parameter; out->tenant is then the call's. */
bool api_query_subject(stele_call *call, registry_name *out);

/* Who asks, for what is written. */
registry_caller api_caller(stele_call *call);

/* The body as a JSON object, NULL for none where `what` is NULL. Refuses what is
 * no JSON or no object, and a missing body as "`what` must not be null". */
bool api_body(stele_call *call, const char *what, const stele_json **out);

/* A refusal of JSON of the wrong shape. */
bool api_bad_json(stele_call *call, const stele_err *err);

/* The body of a registration, lookup or trial: Confluent's request, or ours
 * (`native`: the text may be called "content"). `err` with code 0 and false:
 * refused. */
bool api_read_schema(stele_call *call, bool native, registry_publish_in *out);

/* --- answering ----------------------------------------------------------- */

/* Answers true, as all replies do. */
bool api_refuse(stele_call *call, const registry_refused *refused);
#define API_REFUSE(call, id, ...)                                                                  \
  api_refuse((call), REGISTRY_REFUSE((call)->arena, (id), __VA_ARGS__))

/* A failure of the machine; an overload is a refusal with Retry-After. */
bool api_fail(stele_call *call, const stele_err *err);

/* A JSON document in the call's arena. */
typedef struct api_json {
  stele_buf buf;
  stele_json_writer w;
} api_json;
void api_json_init(api_json *json, stele_call *call);
bool api_json_reply(api_json *json, stele_call *call);

/* Members of the entities; `text` is the schema's, empty to leave it out. */
typedef enum api_members { API_CONFLUENT, API_NATIVE } api_members;
void api_write_version(stele_json_writer *w, stele_call *call, const registry_snapshot *s,
                       const snap_version *version, stele_str text, api_members members);
void api_write_references(stele_json_writer *w, stele_call *call, stele_str tenant,
                          const stele_reference *references, size_t count, bool always);
void api_write_guid(stele_json_writer *w, const stele_md5 *guid);

/* A member whose value is JSON already; none when it is empty. */
void api_write_raw(stele_json_writer *w, const char *key, stele_str json);
void api_write_findings(stele_json_writer *w, const registry_finding *findings, size_t count);
const char *api_state_text(uint8_t state);

/* The metrics and headers of reading a version. */
void api_count_read(stele_call *call, const snap_version *version);
void api_count_lookup(stele_call *call, bool found);
void api_count_registration(stele_call *call, const registry_refused *refused, const stele_err *err,
                            bool created);
void api_count_refused(stele_call *call, const registry_refused *refused);

/* --- waiting ------------------------------------------------------------- */

/* A turn on a worker, then a reply on the loop. Put it first in a struct of your
 * own in the call's arena. */
typedef struct api_work {
  registry_work work;
  stele_call *call;
  call_resumed *reply; /* its arg is the api_work; not called when the machine failed */
} api_work;

/* Suspends the call and starts. Answers true. */
bool api_work_start(api_work *work, stele_call *call,
                    void (*run)(registry_work *work, linked_job *links), call_resumed *reply);

/* Lets a suspended call answer that the machine failed. */
void api_resume_failed(stele_call *call, const stele_err *err);

/* A deletion or setting: made in the handler, then finished with what its verb
 * has said. `reply` gets the registry_altered when it was done; a refusal or a
 * failure is answered here. */
registry_alter *api_alter_new(stele_call *call, call_resumed *reply);
bool api_alter_finish(registry_alter *a, stele_call *call, bool submit, stele_err *err);

/* Deletes the subject of the path, softly or (?permanent=true) for good. */
bool api_delete_subject(stele_call *call, call_resumed *reply, stele_err *err);

/* The numbers of the versions that a deletion was about, as an array. */
void api_write_versions(stele_json_writer *w, const registry_altered *out);

/* Texts that have to be compiled for: a version, or (subject empty) an id. */
typedef struct api_text_job {
  api_work base;
  stele_str tenant, subject;
  int32_t version, id;
  text_form form;
  stele_str text; /* the answer, in the call's arena */
  bool missing;   /* it is gone by now */
} api_text_job;

/* Runs `reply(call, job, err)` when the text is there. Answers true. */
bool api_text_start(stele_call *call, const api_text_job *what, call_resumed *reply);

/* Prints the descriptors among `versions`, then runs `reply(call, NULL, err)`. */
bool api_print_start(stele_call *call, const snap_version *const *versions, size_t count,
                     call_resumed *reply);

#endif
