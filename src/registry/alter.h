/* alter: deleting, configuring, changing modes: what needs no compiler.
 *
 * In:   what a request names.   Out: done, or a refusal.
 * Each verb looks into the snapshot first, for the refusals that Confluent's
 * clients know; the store then decides, since the world may have moved.
 * Deps: registry/registry.h, registry/setting.h. */
#ifndef STELE_REGISTRY_ALTER_H
#define STELE_REGISTRY_ALTER_H

#include "registry/registry.h"
#include "registry/setting.h"

typedef struct registry_altered {
  const registry_refused *refused; /* NULL: done */
  stele_err err;                   /* code not 0: the machine failed */
  int32_t version;                 /* delete version: its number */
  const int32_t *versions;         /* delete subject: those that are gone, ascending */
  size_t version_count;
  stele_str value; /* settings: what is stored now, or was before it was deleted */
} registry_altered;

typedef void registry_altered_fn(const registry_altered *out, void *arg);

/* One request and what becomes of it; lives in `arena`, the request's. Fill the
 * first block and call one of the verbs below, in the arena's guard:
 *   false   `out` is the answer already
 *   true    call registry_alter_start; `done` is called once, on any thread, when
 *           the snapshot shows what was done */
typedef struct registry_alter {
  stele_registry *registry;
  stele_arena *arena;
  registry_caller caller;
  registry_altered_fn *done;
  void *arg;

  registry_altered out;
  stele_change change;
  stele_result result;
  stele_str subject; /* for messages */
  registry_commit commit;
} registry_alter;

/* Sends off what a verb has prepared. False: it was not taken, and done is not
 * called. */
bool registry_alter_start(registry_alter *a, stele_err *err) STELE_MUST_USE;

/* `version` -1: the newest live one. */
bool registry_delete_version(registry_alter *a, stele_str tenant, stele_str subject,
                             int32_t version, bool permanent) STELE_MUST_USE;
bool registry_delete_subject(registry_alter *a, stele_str tenant, stele_str subject,
                             bool permanent) STELE_MUST_USE;
bool registry_delete_tenant(registry_alter *a, stele_str tenant) STELE_MUST_USE;

/* Stores a config or mode (`kind`: CONFIG or MODE) as it is. */
bool registry_set(registry_alter *a, stele_row_kind kind, const setting_place *place,
                  stele_str value) STELE_MUST_USE;

/* Deletes what is set there; out.value is what it was. */
bool registry_unset(registry_alter *a, stele_row_kind kind,
                    const setting_place *place) STELE_MUST_USE;

/* Deletes the modes (or configs) of all subjects and prefixes of a tenant, and
 * the tenant's own, in one transaction; nothing set is fine. */
bool registry_unset_all(registry_alter *a, stele_row_kind kind,
                        const setting_place *place) STELE_MUST_USE;

#endif
