/* setting: compatibility and mode: what is set where, and what holds for a
 * subject: the nearest of subject, prefix, tenant, all.
 *
 * In:   JSON of requests, the snapshot.   Out: settings in C and as JSON.
 * A value is read when it is first asked for, and kept read beside it.
 * Deps: fmt/json.h, registry/snapshot.h, registry/name.h, registry/policy.h. */
#ifndef STELE_REGISTRY_SETTING_H
#define STELE_REGISTRY_SETTING_H

#include "fmt/json.h"
#include "registry/name.h"
#include "registry/policy.h"
#include "registry/snapshot.h"

/* The seven levels: which directions are judged, and against how many. */
// clang-format off
#define REGISTRY_LEVELS(X)                                             \
  /* name                  backward  forward  all versions */          \
  X(NONE,                  false,    false,   false)                   \
  X(BACKWARD,              true,     false,   false)                   \
  X(BACKWARD_TRANSITIVE,   true,     false,   true)                    \
  X(FORWARD,               false,    true,    false)                   \
  X(FORWARD_TRANSITIVE,    false,    true,    true)                    \
  X(FULL,                  true,     true,    false)                   \
  X(FULL_TRANSITIVE,       true,     true,    true)

#define REGISTRY_MODES(X)                                              \
  /* name                  read only */                                \
  X(READWRITE,             false)                                      \
  X(READONLY,              true)                                       \
  X(READONLY_OVERRIDE,     true)
// clang-format on

typedef enum registry_level {
#define X(name, backward, forward, all) REGISTRY_LEVEL_##name,
  REGISTRY_LEVELS(X)
#undef X
      REGISTRY_LEVEL_COUNT
} registry_level;

typedef enum registry_mode {
#define X(name, read_only) REGISTRY_MODE_##name,
  REGISTRY_MODES(X)
#undef X
      REGISTRY_MODE_COUNT
} registry_mode;

typedef struct registry_level_row {
  const char *name;
  bool backward, forward, transitive;
} registry_level_row;

const registry_level_row *registry_level_get(registry_level level);
const char *registry_mode_text(registry_mode mode);
bool registry_mode_is_read_only(registry_mode mode);

/* By name, in any case. */
bool registry_level_parse(stele_str text, registry_level *out);
bool registry_mode_parse(stele_str text, registry_mode *out);

/* A place where something can be set: of a subject, of the subjects that begin
 * with a folder ("trading/" and "*"), of a tenant, or of all. */
typedef struct setting_place {
  stele_scope scope;
  stele_str tenant, name;
} setting_place;

/* The place that a name behind /config means: ":.acme:" is a tenant, "a/" and a star
 * a prefix, ":.__GLOBAL:" all, "" the tenant itself. False: no such subject. */
bool setting_place_of(const registry_name *name, setting_place *out);

/* What is set exactly there, or NULL. */
const snap_setting *setting_at(stele_arena *arena, const registry_snapshot *s, stele_row_kind kind,
                               const setting_place *place);

/* What holds for a subject, member by member. */
typedef struct registry_config {
  registry_level level;
  bool normalize;
  bool validate_fields;
  const policy *rules;        /* registry/policy.h; NULL: none */
  stele_str group;            /* compatibilityGroup: the property that must be equal */
  stele_str default_metadata; /* canonical JSON, or empty; of the nearest place only */
  stele_str override_metadata;
} registry_config;

/* Texts and rules are borrowed from the snapshot. */
bool setting_config(stele_arena *arena, const registry_snapshot *s, stele_str tenant,
                    stele_str subject, registry_config *out, stele_err *err) STELE_MUST_USE;

/* What a setting's value says, as it is kept beside it: see snap_setting. */
void setting_read_free(setting_read *read);

/* The mode that holds at a place. */
registry_mode setting_mode_at(stele_arena *arena, const registry_snapshot *s,
                              const setting_place *place);

registry_mode setting_mode(stele_arena *arena, const registry_snapshot *s, stele_str tenant,
                           stele_str subject);

/* The JSON of GET /config at a place, with what the places above it add when
 * `inherit`; the level is always there. `value` empty: nothing is set there. */
bool setting_config_json(stele_arena *arena, const registry_snapshot *s, const setting_place *place,
                         bool inherit, stele_str *out, stele_err *err) STELE_MUST_USE;

/* The stored value after a PUT: a member that is absent is kept, null clears.
 * `*bad_level` says that the level is no level (and nothing else is answered). */
bool setting_config_update(stele_arena *arena, stele_str stored, const stele_json *update,
                           stele_str *out, bool *bad_level, stele_err *err) STELE_MUST_USE;

/* The same JSON with the level under the name that a PUT uses. */
bool setting_config_as_update(stele_arena *arena, stele_str stored, stele_str *out,
                              stele_err *err) STELE_MUST_USE;

#endif
