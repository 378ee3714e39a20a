/* References are walked breadth first, so that what is named nearer to the
 * request wins. */
#include "registry/bind.h"

#include "registry/name.h"

void binding_set_init(binding_set *set, stele_arena *arena, const registry_snapshot *snapshot) {
  *set = (binding_set){.arena = arena, .snapshot = snapshot};
  stele_map_init(&set->by_name, arena, 0);
}

binding *binding_find(const binding_set *set, stele_str path) {
  return stele_map_find(&set->by_name, path);
}

/* The binding of a path, made when it is new. */
static binding *add(binding_set *set, stele_str path, bool *is_new) {
  void **place = stele_map_add(&set->by_name, path);
  *is_new = *place == NULL;
  if (*is_new) {
    binding *made = STELE_NEW(set->arena, binding);
    made->name = path;
    *place = made;
  }
  return *place;
}

binding *binding_add_text(binding_set *set, stele_str path, stele_bytes text,
                          stele_text_kind kind) {
  bool is_new;
  binding *b = add(set, path, &is_new);
  if (is_new) {
    b->text = text;
    b->kind = kind;
  }
  return b;
}

stele_str binding_free_name(const binding_set *set, stele_str path) {
  stele_str name = path;
  for (unsigned n = 2; binding_find(set, name); n++) {
    name = stele_str_printf(set->arena, STELE_STR_FMT "#%u", STELE_STR_ARG(path), n);
  }
  return name;
}

static bool same_content(const snap_version *a, const snap_version *b) {
  return a == b || (a->id == b->id && stele_str_eq(a->tenant, b->tenant));
}

/* Answers whether its references are still to be walked. */
static bool add_stored(binding_set *set, stele_str path, const snap_version *version) {
  bool is_new;
  binding *b = add(set, path, &is_new);
  if (!is_new) {
    if (!b->stored || !same_content(b->stored, version)) set->mixed = true;
    return false;
  }
  const snap_schema *schema = snap_find_id(set->snapshot, version->tenant, version->id);
  const snap_text *text = version->content.text;
  b->stored = version;
  b->text = (stele_bytes){(const uint8_t *)text->at, text->len};
  b->kind = text->kind;
  b->identity = schema ? schema->identity : NULL;
  return true;
}

static const snap_version *stored_version(const registry_snapshot *snapshot,
                                          const stele_reference *reference) {
  const snap_subject *subject = snap_find_subject(snapshot, reference->tenant, reference->subject);
  return subject ? snap_find_version(subject, reference->version) : NULL;
}

typedef STELE_VEC(const snap_version *) version_line;

static void add_level(binding_set *set, version_line *line, const stele_reference *references,
                      size_t count) {
  for (size_t i = 0; i < count; i++) {
    const snap_version *version = stored_version(set->snapshot, &references[i]);
    if (version && add_stored(set, references[i].name, version)) {
      STELE_VEC_PUSH(set->arena, line, version);
    }
  }
}

static void walk(binding_set *set, version_line *line) {
  for (size_t i = 0; i < line->count; i++) {
    const snap_content *content = &line->at[i]->content;
    add_level(set, line, content->references, content->reference_count);
  }
}

void binding_add_references(binding_set *set, const stele_reference *references, size_t count) {
  version_line line = {0};
  add_level(set, &line, references, count);
  walk(set, &line);
}

void binding_add_version(binding_set *set, stele_str path, const snap_version *version) {
  version_line line = {0};
  if (add_stored(set, path, version)) STELE_VEC_PUSH(set->arena, &line, version);
  walk(set, &line);
}

/* Depth first with a stack of our own: chains of imports may be long. */
typedef struct visit {
  binding *of;
  uint32_t next; /* reference to look at */
} visit;

binding_list binding_order(const binding_set *set) {
  binding_list order = {0};
  STELE_VEC(visit) stack = {0};
  stele_map seen;
  stele_map_init(&seen, set->arena, 0);
  for (size_t i = 0; i < set->by_name.count; i++) {
    binding *root = set->by_name.entries[i].value;
    void **place = stele_map_add(&seen, root->name);
    if (*place || !root->stored) continue;
    *place = root;
    STELE_VEC_PUSH(set->arena, &stack, (visit){.of = root});
    while (stack.count) {
      visit *top = &stack.at[stack.count - 1];
      const snap_content *content = &top->of->stored->content;
      if (top->next == content->reference_count) {
        STELE_VEC_PUSH(set->arena, &order, top->of);
        stack.count--;
        continue;
      }
      binding *below = binding_find(set, content->references[top->next++].name);
      if (!below || !below->stored) continue;
      place = stele_map_add(&seen, below->name);
      if (*place) continue;
      *place = below;
      STELE_VEC_PUSH(set->arena, &stack, (visit){.of = below});
    }
  }
  return order;
}

const snap_version *binding_resolve(const registry_snapshot *snapshot, stele_str tenant,
                                    const stele_reference *reference, bool live,
                                    stele_reference *out) {
  stele_str home = reference->tenant.len ? reference->tenant : tenant;
  registry_name name = registry_name_parse(reference->subject, home);
  *out = (stele_reference){reference->name, name.tenant, name.subject, reference->version};
  const snap_subject *subject = snap_find_subject(snapshot, name.tenant, name.subject);
  if (!subject) return NULL;
  const snap_version *version = reference->version == -1
                                    ? subject->newest_live
                                    : snap_find_version(subject, reference->version);
  if (!version || (live && version->deleted)) return NULL;
  out->version = version->version;
  return version;
}
