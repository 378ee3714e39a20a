/* refusal: everything that a user may be told they cannot have, as one table.
 *
 * In:   a row and the words that go into its message.   Out: a refusal.
 * REST, gRPC, the command line, /docs and docs/troubleshooting read the same
 * rows. Codes below 40490 and 42290 are Confluent's own; the others are ours.
 * Deps: base. */
#ifndef STELE_REGISTRY_REFUSAL_H
#define STELE_REGISTRY_REFUSAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "stele/str.h"

/* Pages of docs/troubleshooting: slug, title, what it is about. */
// clang-format off
#define REGISTRY_PAGES(X)                                                                          \
  X(NOT_FOUND,   "schema-not-found", "Schema_Not_Found",                                           \
    "The subject, version, id or release that was asked for is not there.")                        \
  X(COMPATIBLE,  "compatibility-error", "Compatibility_Error",                                     \
    "The new schema would break readers or writers of an earlier version.")                        \
  X(GENERATION,  "code-generation-failed", "Code_Generation_Failed",                               \
    "The registry could not make code from the schemas that were named.")                          \
  X(PERFORMANCE, "performance-degradation", "Performance_Degradation",                             \
    "The registry is slow, or turns requests away because more is asked than it can do.")          \
  X(SCHEMA,      "invalid-schema", "Invalid_Schema",                                               \
    "What was sent is not a schema that compiles, or not one that may be kept.")                   \
  X(DELETING,    "deleting", "Deleting",                                                           \
    "Deleting takes two steps, soft and permanent, and spares what others refer to.")              \
  X(SETTINGS,    "settings", "Settings",                                                           \
    "Compatibility levels and modes, and what they forbid.")                                       \
  X(REQUESTS,    "requests", "Requests",                                                           \
    "The request itself could not be understood.")                                                 \
  X(RELEASES,    "releases", "Releases",                                                           \
    "A push is taken whole or not at all.")

/*   id, name, error_code, HTTP, gRPC, page,
 *     message ({word} is replaced, in order),
 *     what to do about it */
#define REGISTRY_REFUSALS(X)                                                                       \
  X(SUBJECT_NOT_FOUND, "Subject_Not_Found", 40401, 404, 5, NOT_FOUND,                              \
    "Subject '{subject}' not found.",                                                              \
    "List what there is with GET /subjects; add ?deleted=true to see soft-deleted ones. A subject " \
    "with '/' in its name is one path segment: percent-encode it as %2F.")                         \
  X(VERSION_NOT_FOUND, "Version_Not_Found", 40402, 404, 5, NOT_FOUND,                              \
    "Version {version} not found.",                                                                \
    "List the versions with GET /subjects/{subject}/versions; 'latest' is always the newest.")     \
  X(SCHEMA_NOT_FOUND, "Schema_Not_Found", 40403, 404, 5, NOT_FOUND,                                \
    "Schema {id} not found",                                                                       \
    "Ids are per tenant: name the tenant with /contexts/{context}/... or ?subject=. An id is gone " \
    "only when every version that had it was deleted permanently.")                                \
  X(CONTENT_NOT_FOUND, "Schema_Not_Found", 40403, 404, 5, NOT_FOUND,                               \
    "Schema not found",                                                                            \
    "The subject exists but has no live version that means the same. References and metadata "     \
    "count: send the ones it was registered with.")                                                \
  X(RELEASE_NOT_FOUND, "Release_Not_Found", 40490, 404, 5, NOT_FOUND,                              \
    "Release '{release}' not found.",                                                              \
    "List them with GET /releases. A release is named by its number, its semantic version or "     \
    "'latest'.")                                                                                   \
  X(SUBJECT_SOFT_DELETED, "Subject_Soft_Deleted", 40404, 404, 5, DELETING,                         \
    "Subject '{subject}' was soft deleted. Set permanent=true to delete permanently",              \
    "Nothing is left to soft-delete. Repeat with ?permanent=true to remove it for good, or "       \
    "register again to bring it back.")                                                            \
  X(SUBJECT_NOT_SOFT_DELETED, "Subject_Not_Soft_Deleted", 40405, 404, 5, DELETING,                 \
    "Subject '{subject}' was not deleted first before being permanently deleted",                  \
    "Delete without permanent=true first.")                                                        \
  X(VERSION_SOFT_DELETED, "Version_Soft_Deleted", 40406, 404, 5, DELETING,                         \
    "Subject '{subject}' Version {version} was soft deleted. Set permanent=true to delete "        \
    "permanently",                                                                                 \
    "Repeat with ?permanent=true to remove it for good.")                                          \
  X(VERSION_NOT_SOFT_DELETED, "Version_Not_Soft_Deleted", 40407, 404, 5, DELETING,                 \
    "Subject '{subject}' Version {version} was not deleted first before being permanently "        \
    "deleted",                                                                                     \
    "Delete without permanent=true first.")                                                        \
  X(REFERENCED, "Schema_Referenced", 42206, 422, 9, DELETING,                                      \
    "One or more references exist to the schema {magic=1,keytype=SCHEMA,subject={subject},"        \
    "version={version}}.",                                                                         \
    "GET /subjects/{subject}/versions/{version}/referencedby names the ids that refer to it: "     \
    "delete those first, or move them to another version.")                                        \
  X(CONTEXT_NOT_EMPTY, "Context_Not_Empty", 42211, 422, 9, DELETING,                               \
    "The specified context '{context}' is not empty.",                                             \
    "Delete its subjects permanently first; soft-deleted ones count.")                             \
  X(CONFIG_NOT_SET, "Compatibility_Not_Set", 40408, 404, 5, SETTINGS,                              \
    "Subject '{subject}' does not have subject-level compatibility configured",                    \
    "Ask with ?defaultToGlobal=true for the level that holds, or set one with PUT.")               \
  X(MODE_NOT_SET, "Mode_Not_Set", 40409, 404, 5, SETTINGS,                                         \
    "Subject '{subject}' does not have subject-level mode configured",                             \
    "Ask with ?defaultToGlobal=true for the mode that holds, or set one with PUT.")                \
  X(INVALID_LEVEL, "Invalid_Compatibility_Level", 42203, 422, 3, SETTINGS,                         \
    "Invalid compatibility level. Valid values are none, backward, forward, full, "                \
    "backward_transitive, forward_transitive, and full_transitive",                                \
    "Send {\"compatibility\": \"BACKWARD\"} or another of the seven.")                             \
  X(INVALID_MODE, "Invalid_Mode", 42204, 422, 3, SETTINGS,                                         \
    "Invalid mode. Valid values are READWRITE, READONLY, READONLY_OVERRIDE",                       \
    "Send {\"mode\": \"READONLY\"}, {\"mode\": \"READWRITE\"}, or null to clear it.")              \
  X(READ_ONLY, "Read_Only", 42205, 422, 9, SETTINGS,                                               \
    "Subject {subject} in context {context} is in read-only mode",                                 \
    "GET /mode/{subject}?defaultToGlobal=true says which mode holds; PUT READWRITE lifts it. "     \
    "Registering what is there already is always allowed.")                                        \
  X(NOT_IMPORT, "Not_In_Import_Mode", 42205, 422, 9, SETTINGS,                                     \
    "Subject {subject} in context {context} is not in import mode",                                \
    "Leave 'id' out: the registry numbers schemas itself.")                                        \
  X(INCOMPATIBLE, "Compatibility_Error", 40901, 409, 9, COMPATIBLE,                                \
    "Schema being registered is incompatible with an earlier schema for subject \"{subject}\", "   \
    "details: [{findings}]",                                                                       \
    "Undo the changes that are listed, or put them into a new package version (X.v2 beside X.v1). " \
    "POST /compatibility/subjects/{subject}/versions?verbose=true, or `stele check`, answers "     \
    "without registering.")                                                                        \
  X(RULES_BROKEN, "Rules_Broken", 40992, 409, 9, COMPATIBLE,                                       \
    "Schema being registered for subject \"{subject}\" breaks rules that are set for it, details: " \
    "[{findings}]",                                                                                \
    "Mend what is listed: `stele explain RULE` says why there is such a rule, and shows a bad and " \
    "a good example. GET /config/{subject}?defaultToGlobal=true shows which rules are set.")       \
  X(INVALID_SCHEMA, "Invalid_Schema", 42201, 422, 3, SCHEMA,                                       \
    "Invalid schema of type {type}, details: {findings}",                                          \
    "The message has file, line and column of the first mistake; `stele build` shows them all "    \
    "with the source line.")                                                                       \
  X(INVALID_REFERENCE, "Reference_Not_Found", 42201, 422, 3, SCHEMA,                               \
    "Invalid schema of type PROTOBUF, details: No schema reference found for subject "             \
    "\"{subject}\" and version {version}",                                                         \
    "Each reference needs name (the import path), subject, and version (-1: the newest) of a "     \
    "version that is not deleted.")                                                                \
  X(EMPTY_SCHEMA, "Empty_Schema", 42201, 422, 3, SCHEMA,                                           \
    "Empty schema",                                                                                \
    "Send the .proto text, or a base64 FileDescriptorProto, as 'schema'.")                         \
  X(INVALID_TYPE, "Invalid_Schema_Type", 42201, 422, 3, SCHEMA,                                    \
    "Invalid schema of type {type}, details: Stele keeps PROTOBUF schemas",                        \
    "Send \"schemaType\": \"PROTOBUF\". Confluent's default when it is absent is AVRO.")           \
  X(WRONG_VERSION, "Wrong_Version", 42201, 422, 3, SCHEMA,                                         \
    "Invalid schema of type PROTOBUF, details: Version is not one more than previous version: "    \
    "expected {expected}, got {version}",                                                          \
    "Leave 'version' out, or send -1 for the next one.")                                           \
  X(SCHEMA_TOO_LARGE, "Schema_Too_Large", 42209, 422, 3, SCHEMA,                                   \
    "Schema is too large: {size} bytes, at most {most}",                                           \
    "Split the file; what several files share goes into an import.")                               \
  X(INVALID_METADATA, "Invalid_Metadata", 42201, 422, 3, SCHEMA,                                   \
    "Invalid schema of type PROTOBUF, details: metadata: {why}",                                   \
    "metadata is {\"properties\": {name: text}, \"tags\": {path: [text]}, \"sensitive\": [name]}.") \
  X(INVALID_RULE_SET, "Invalid_Rule_Set", 42210, 422, 3, SCHEMA,                                   \
    "Invalid rule set: {why}",                                                                     \
    "ruleSet is {\"domainRules\": [...], \"migrationRules\": [...]}; each rule has a name, a kind " \
    "and a mode.")                                                                                 \
  X(INVALID_SUBJECT, "Invalid_Subject", 42208, 422, 3, REQUESTS,                                   \
    "The specified subject '{subject}' is not a valid subject.",                                   \
    "A subject is any text without control characters, except __GLOBAL and __EMPTY.")              \
  X(INVALID_VERSION, "Invalid_Version", 42202, 422, 3, REQUESTS,                                   \
    "The specified version '{version}' is not a valid version id. Allowed values are between "     \
    "[1, 2^31-1] and the string \"latest\"",                                                       \
    "Use a number from GET /subjects/{subject}/versions, or latest.")                              \
  X(INVALID_CONTEXT, "Invalid_Context", 400, 400, 3, REQUESTS,                                     \
    "Context name cannot contain a colon: '{context}'",                                            \
    "A context is written .name, without colons, when it stands in a path.")                       \
  X(BAD_JSON, "Bad_Request", 400, 400, 3, REQUESTS,                                                \
    "{why}",                                                                                       \
    "The body is JSON (RFC 8259): the message says where it stops being that.")                    \
  X(BODY_MISSING, "Unprocessable_Entity", 422, 422, 3, REQUESTS,                                   \
    "{what} must not be null",                                                                     \
    "Send a JSON object as the body; GET /docs shows an example for every route.")                 \
  X(BAD_ARCHIVE, "Archive_Invalid", 42293, 422, 3, REQUESTS,                                       \
    "The archive cannot be read: {why}",                                                           \
    "POST /push takes a tar (plain, gzip or zstd), or JSON {\"files\": [{\"path\", \"content\"}]}.") \
  X(BAD_PATH, "Path_Invalid", 42294, 422, 3, REQUESTS,                                             \
    "'{path}' cannot be the path of a schema: {why}",                                              \
    "A path is relative, uses '/', has no '..', and ends in .proto.")                              \
  X(TYPE_NOT_FOUND, "Type_Not_Found", 40493, 404, 5, NOT_FOUND,                                    \
    "There is no message type '{type}' in schema {id}",                                            \
    "'type' is a full name with its package, of a message that the schema or one of its imports "  \
    "declares; leave it out for the first message of the file.")                                   \
  X(INVALID_PAYLOAD, "Invalid_Payload", 42295, 422, 3, REQUESTS,                                   \
    "Invalid payload: {why}",                                                                      \
    "The details name the field and the byte. POST /payloads/validate answers the same with 200.") \
  X(CONCURRENT, "Concurrent_Change", 40990, 409, 10, RELEASES,                                     \
    "'{subject}' was changed by others while this request was judged, three times over",           \
    "Send the request again.")                                                                     \
  X(BASE_MOVED, "Release_Moved", 40991, 409, 10, RELEASES,                                         \
    "The newest release is {release}, not {base}",                                                 \
    "Look at what came in between (GET /releases), then push again on top of it.")                 \
  X(KEY_REUSED, "Idempotency_Key_Reused", 42290, 422, 9, RELEASES,                                 \
    "The idempotency key '{key}' belongs to another request",                                      \
    "A key names one request for ever: make a new one for each push, and repeat it only with the " \
    "very same content.")                                                                          \
  X(GENERATION_FAILED, "Code_Generation_Failed", 42291, 422, 9, GENERATION,                        \
    "Code generation for {language} failed: {why}",                                                \
    "`stele generate` on the same files says the same with more room; names that the target "      \
    "language cannot have, and files that no longer compile together, are the usual reasons.")     \
  X(LANGUAGE_UNKNOWN, "Language_Unknown", 40491, 404, 5, GENERATION,                               \
    "There is no generator for '{language}'; there is {languages}",                                \
    "Ask for one of the languages that are named.")                                                \
  X(NOTHING_TO_GENERATE, "Nothing_To_Generate", 40492, 404, 5, GENERATION,                         \
    "There are no .proto subjects to generate from",                                               \
    "Push a tree first: `stele push schemas/`. Only subjects whose name is an import path, as a "  \
    "push makes them, are generated from.")                                                        \
  X(OVERLOADED, "Performance_Degradation", 50301, 503, 14, PERFORMANCE,                            \
    "The registry is busy: {why}",                                                                 \
    "Wait as Retry-After says and send the request again; reads by id go on meanwhile. /metrics "  \
    "shows stele_http_requests_total, the loops' health and the length of the queues.")
// clang-format on

typedef enum registry_page_id {
#define X(id, slug, title, about) REGISTRY_PAGE_##id,
  REGISTRY_PAGES(X)
#undef X
      REGISTRY_PAGE_COUNT
} registry_page_id;

typedef struct registry_page {
  const char *slug, *title, *about;
} registry_page;

typedef enum registry_refusal_id {
#define X(id, name, code, http, grpc, page, message, hint) REGISTRY_##id,
  REGISTRY_REFUSALS(X)
#undef X
      REGISTRY_REFUSAL_COUNT
} registry_refusal_id;

/* One row. */
typedef struct registry_refusal {
  const char *name;
  int error_code;
  int http;
  int grpc;
  registry_page_id page;
  const char *message;
  const char *hint;
} registry_refusal;

const registry_refusal *registry_refusal_row(registry_refusal_id id);
const registry_page *registry_page_row(registry_page_id id);

/* One mistake or change that a refusal or an answer points at. */
typedef struct registry_finding {
  stele_str rule;       /* "FIELD_KIND_CHANGED", or empty: the compiler's */
  stele_str message;    /* one sentence */
  stele_str hint;       /* what to do; may be empty */
  stele_str file;       /* import path or subject; may be empty */
  int32_t line, column; /* 1-based; 0: unknown */
  stele_str path;       /* "#/Msg/2" or a full name; may be empty */
  int32_t against;      /* the version it was judged against; 0: none */
  bool refuses;         /* it is a reason for the refusal */
} registry_finding;

typedef STELE_VEC(registry_finding) finding_list;

/* What a user is told instead of an answer. */
typedef struct registry_refused {
  const registry_refusal *row;
  stele_str message; /* the row's, words filled in */
  const registry_finding *findings;
  size_t finding_count;
} registry_refused;

/* A refusal in `arena`: `words` take the places of the message's {words}. */
const registry_refused *registry_refuse_words(stele_arena *arena, registry_refusal_id id,
                                              const stele_str *words, size_t count);
#define REGISTRY_REFUSE_PLAIN(arena, id) registry_refuse_words((arena), (id), NULL, 0)
#define REGISTRY_REFUSE(arena, id, ...)                                                            \
  registry_refuse_words((arena), (id), (const stele_str[]){__VA_ARGS__},                           \
                        sizeof((const stele_str[]){__VA_ARGS__}) / sizeof(stele_str))

/* Appends the Markdown of one page of docs/troubleshooting: its rows, and for
 * the page about compatibility the rules. */
void registry_page_print(registry_page_id id, stele_buf *out);

/* The page that lists the pages. */
void registry_page_print_index(stele_buf *out);

#endif
