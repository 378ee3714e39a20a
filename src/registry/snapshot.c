/* The reading side: keys, counts and finding. */
#include "registry/snapshot.h"

#include <stdlib.h>

#include "base/buf.h"
#include "registry/setting.h"

/* --- counting ------------------------------------------------------------ */

static bool last_holder(_Atomic uint32_t *holders) {
  return atomic_fetch_sub_explicit(holders, 1, memory_order_acq_rel) == 1;
}

static void add_holder(_Atomic uint32_t *holders) {
  (void)atomic_fetch_add_explicit(holders, 1, memory_order_relaxed);
}

snap_bytes *snap_bytes_new(stele_str text, _Atomic int64_t *budget) {
  snap_bytes *bytes = registry_alloc(sizeof *bytes + text.len);
  atomic_init(&bytes->holders, 1);
  bytes->budget = budget;
  bytes->len = text.len;
  if (text.len) memcpy(bytes->at, text.ptr, text.len);
  return bytes;
}

snap_bytes *snap_bytes_ref(snap_bytes *bytes) {
  add_holder(&bytes->holders);
  return bytes;
}

void snap_bytes_unref(void *of) {
  snap_bytes *bytes = of;
  if (!bytes || !last_holder(&bytes->holders)) return;
  if (bytes->budget) (void)atomic_fetch_add(bytes->budget, (int64_t)bytes->len);
  free(bytes);
}

static void text_free(snap_text *text) {
  snap_bytes_unref(atomic_load(&text->printed));
  free(text);
}

static void content_release(snap_content *content) {
  if (content->text && last_holder(&content->text->holders)) text_free(content->text);
}

static void schema_free(snap_schema *schema) {
  content_release(&schema->content);
  snap_bytes_unref(atomic_load(&schema->body));
  free(schema);
}

static void version_free(snap_version *version) {
  content_release(&version->content);
  free(version);
}

static void version_unref(void *of) {
  snap_version *version = of;
  if (last_holder(&version->holders)) version_free(version);
}

static void subject_free(snap_subject *subject) {
  snap_list *list = subject->list;
  if (list && last_holder(&list->holders)) {
    for (uint32_t i = 0; i < list->used; i++) version_unref(list->at[i]);
    free(list);
  }
  free(subject);
}

static void referrer_free(snap_referrer *referrer) {
  free(referrer);
}

static void release_free(snap_release *release) {
  free(release);
}

static void setting_free(snap_setting *setting) {
  setting_read_free(atomic_load(&setting->read));
  free(setting);
}

static void tenant_free(snap_tenant *tenant) {
  tree_release(&snap_subject_kind, &tenant->subjects);
  tree_release(&snap_schema_kind, &tenant->schemas);
  tree_release(&snap_identity_kind, &tenant->identities);
  tree_release(&snap_version_kind, &tenant->by_id);
  tree_release(&snap_referrer_kind, &tenant->referrers);
  tree_release(&snap_release_kind, &tenant->releases);
  free(tenant);
}

/* One kind per tree: the key's expression differs, the counting does not. */
// clang-format off
#define KINDS(X)                                                                    \
  X(tenant,   snap_tenant,   tenant_free,   item->name)                             \
  X(subject,  snap_subject,  subject_free,  item->name)                             \
  X(schema,   snap_schema,   schema_free,   ((stele_str){(const char *)item->id_key, 4})) \
  X(identity, snap_schema,   schema_free,   item->identity_key)                     \
  X(guid,     snap_schema,   schema_free,   item->guid_key)                         \
  X(version,  snap_version,  version_free,  item->holder_key)                       \
  X(referrer, snap_referrer, referrer_free, item->key)                              \
  X(release,  snap_release,  release_free,  ((stele_str){(const char *)item->number_key, 4})) \
  X(text,     snap_text,     text_free,     ((stele_str){(const char *)item->key, 8})) \
  X(setting,  snap_setting,  setting_free,  item->key)
// clang-format on

#define X(name, T, release, key_of)                                                                \
  static stele_str key_by_##name(const void *of) {                                                 \
    const T *item = of;                                                                            \
    return key_of;                                                                                 \
  }                                                                                                \
  static void ref_by_##name(void *of) {                                                            \
    add_holder(&((T *)of)->holders);                                                               \
  }                                                                                                \
  static void unref_by_##name(void *of) {                                                          \
    if (last_holder(&((T *)of)->holders)) release(of);                                             \
  }                                                                                                \
  const tree_kind snap_##name##_kind = {key_by_##name, ref_by_##name, unref_by_##name};
KINDS(X)
#undef X

registry_snapshot *registry_snapshot_ref(registry_snapshot *s) {
  add_holder(&s->holders);
  return s;
}

void registry_snapshot_unref(registry_snapshot *s) {
  if (!s || !last_holder(&s->holders)) return;
  tree_release(&snap_tenant_kind, &s->tenants);
  tree_release(&snap_guid_kind, &s->guids);
  tree_release(&snap_text_kind, &s->texts);
  tree_release(&snap_setting_kind, &s->settings);
  free(s);
}

/* --- finding ------------------------------------------------------------- */

void snap_key_u32(uint8_t out[4], uint32_t value) {
  out[0] = (uint8_t)(value >> 24);
  out[1] = (uint8_t)(value >> 16);
  out[2] = (uint8_t)(value >> 8);
  out[3] = (uint8_t)value;
}

bool snap_content_source(const snap_content *content, stele_str *out) {
  const snap_text *text = content->text;
  if (text->kind == STELE_TEXT_SOURCE) {
    *out = (stele_str){text->at, text->len};
    return true;
  }
  const snap_bytes *printed =
      atomic_load_explicit(&((snap_text *)(uintptr_t)text)->printed, memory_order_acquire);
  if (!printed) return false;
  *out = (stele_str){printed->at, printed->len};
  return true;
}

const snap_tenant *snap_find_tenant(const registry_snapshot *s, stele_str tenant) {
  return tree_find(&snap_tenant_kind, &s->tenants, tenant);
}

const snap_subject *snap_find_subject(const registry_snapshot *s, stele_str tenant,
                                      stele_str subject) {
  const snap_tenant *t = snap_find_tenant(s, tenant);
  return t ? tree_find(&snap_subject_kind, &t->subjects, subject) : NULL;
}

const snap_version *snap_find_version(const snap_subject *subject, int32_t version) {
  uint32_t low = 0, high = subject->count;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    int32_t at = subject->versions[middle]->version;
    if (at == version) return subject->versions[middle];
    if (at < version) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return NULL;
}

const snap_schema *snap_find_id(const registry_snapshot *s, stele_str tenant, int32_t id) {
  const snap_tenant *t = snap_find_tenant(s, tenant);
  if (!t || id < 0) return NULL;
  uint8_t key[4];
  snap_key_u32(key, (uint32_t)id);
  return tree_find(&snap_schema_kind, &t->schemas, (stele_str){(const char *)key, sizeof key});
}

const snap_schema *snap_find_guid(const registry_snapshot *s, const stele_md5 *guid) {
  return tree_first_with(&snap_guid_kind, &s->guids,
                         (stele_str){(const char *)guid->bytes, sizeof guid->bytes});
}

const snap_schema *snap_find_identity(const registry_snapshot *s, stele_str tenant,
                                      const stele_sha256 *identity) {
  const snap_tenant *t = snap_find_tenant(s, tenant);
  if (!t) return NULL;
  return tree_first_with(&snap_identity_kind, &t->identities,
                         (stele_str){(const char *)identity->bytes, sizeof identity->bytes});
}

const snap_release *snap_find_release(const snap_tenant *tenant, int32_t number) {
  uint8_t key[4];
  snap_key_u32(key, (uint32_t)number);
  return tree_find(&snap_release_kind, &tenant->releases,
                   (stele_str){(const char *)key, sizeof key});
}

const snap_release *snap_newest_release(const snap_tenant *tenant) {
  return tree_last(&tenant->releases);
}

const snap_version *snap_version_of_id(const snap_subject *subject, int32_t id, bool deleted) {
  const snap_version *found = NULL;
  for (uint32_t i = subject->count; i-- > 0;) {
    const snap_version *v = subject->versions[i];
    if (v->id != id) continue;
    if (!v->deleted) return v;
    if (deleted && !found) found = v;
  }
  return found;
}

tree_cursor snap_holders(const snap_tenant *tenant, int32_t id) {
  uint8_t key[4];
  snap_key_u32(key, (uint32_t)id);
  return tree_seek(&snap_version_kind, &tenant->by_id, (stele_str){(const char *)key, sizeof key});
}

const snap_version *snap_next_holder(tree_cursor *cursor, int32_t id) {
  const snap_version *version = tree_next(cursor);
  return version && version->id == id ? version : NULL;
}

snap_referrer_cursor snap_referrers(stele_arena *arena, const snap_tenant *tenant,
                                    stele_str subject, int32_t version) {
  stele_buf key;
  uint8_t number[4];
  snap_key_u32(number, (uint32_t)version);
  stele_buf_init(&key, arena, 0);
  stele_buf_add_str(&key, subject);
  stele_buf_add_byte(&key, 0);
  stele_buf_add(&key, number, sizeof number);
  stele_str prefix = stele_buf_str(&key);
  return (snap_referrer_cursor){
      .cursor = tree_seek(&snap_referrer_kind, &tenant->referrers, prefix), .prefix = prefix};
}

const snap_referrer *snap_next_referrer(snap_referrer_cursor *cursor) {
  const snap_referrer *referrer = tree_next(&cursor->cursor);
  return referrer && tree_key_has_prefix(referrer->key, cursor->prefix) ? referrer : NULL;
}

stele_str snap_setting_key(stele_arena *arena, stele_row_kind kind, stele_scope scope,
                           stele_str tenant, stele_str name) {
  stele_buf key;
  stele_buf_init(&key, arena, 0);
  stele_buf_add_byte(&key, (uint8_t)kind);
  stele_buf_add_byte(&key, (uint8_t)scope);
  stele_buf_add_str(&key, tenant);
  stele_buf_add_byte(&key, 0);
  stele_buf_add_str(&key, name);
  return stele_buf_str(&key);
}

const snap_setting *snap_find_setting(stele_arena *arena, const registry_snapshot *s,
                                      stele_row_kind kind, stele_scope scope, stele_str tenant,
                                      stele_str name) {
  return tree_find(&snap_setting_kind, &s->settings,
                   snap_setting_key(arena, kind, scope, tenant, name));
}

const snap_setting *snap_find_prefix_setting(stele_arena *arena, const registry_snapshot *s,
                                             stele_row_kind kind, stele_str tenant,
                                             stele_str subject) {
  stele_str all = snap_setting_key(arena, kind, STELE_SCOPE_PREFIX, tenant, STELE_STR(""));
  tree_cursor c = tree_seek(&snap_setting_kind, &s->settings, all);
  const snap_setting *found = NULL;
  for (const snap_setting *each; (each = tree_next(&c)) && tree_key_has_prefix(each->key, all);) {
    if (!tree_key_has_prefix(subject, each->name)) continue;
    if (!found || each->name.len > found->name.len) found = each;
  }
  return found;
}
