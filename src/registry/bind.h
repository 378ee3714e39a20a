/* bind: what each import path means in one compile.
 *
 * In:   references, the snapshot.   Out: for every path a stored version or a
 * text that came with the request, and for the references of those, and on.
 * A path means one thing in a whole compile: what the request names first, then
 * what its references name, nearest first.
 * Deps: registry/snapshot.h. */
#ifndef STELE_REGISTRY_BIND_H
#define STELE_REGISTRY_BIND_H

#include "base/map.h"
#include "base/vec.h"
#include "registry/snapshot.h"

typedef struct stele_file stele_file;

typedef struct binding {
  stele_str name; /* the import path */
  stele_bytes text;
  stele_text_kind kind;
  const snap_version *stored;   /* NULL: it came with the request */
  const stele_sha256 *identity; /* of what is stored */
  const stele_file *file;       /* linked already: used as it is */
} binding;

typedef struct binding_set {
  stele_arena *arena;
  const registry_snapshot *snapshot;
  stele_map by_name; /* binding */
  /* Some path was wanted in two versions: what is linked already cannot be
   * used, since it may stand on the other one. */
  bool mixed;
} binding_set;

void binding_set_init(binding_set *set, stele_arena *arena, const registry_snapshot *snapshot);

/* The binding of a path, or NULL. */
binding *binding_find(const binding_set *set, stele_str path);

/* Binds a path to a text of the request; a path that is bound keeps its
 * binding. */
binding *binding_add_text(binding_set *set, stele_str path, stele_bytes text, stele_text_kind kind);

/* Binds references, then the references of what they bind, and on. Those that
 * are not stored any more are passed over. */
void binding_add_references(binding_set *set, const stele_reference *references, size_t count);

/* `path`, or a variation of it that nothing is bound to: a schema may refer to
 * an earlier version of itself. */
stele_str binding_free_name(const binding_set *set, stele_str path);

/* Binds a path to a stored version, and its references after it. */
void binding_add_version(binding_set *set, stele_str path, const snap_version *version);

/* The stored bindings, each after those that it refers to. Only for sets that
 * are not mixed. */
typedef STELE_VEC(binding *) binding_list;
binding_list binding_order(const binding_set *set);

/* Which version a reference means: `version` -1 is the newest live one; the
 * subject may name its tenant. NULL when it is not there, or deleted while
 * `live` is asked for. `out` has tenant, subject and version filled in. */
const snap_version *binding_resolve(const registry_snapshot *snapshot, stele_str tenant,
                                    const stele_reference *reference, bool live,
                                    stele_reference *out);

#endif
