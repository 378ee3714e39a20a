/* The writing half: rows are made, changed and hidden, each with its undo.
 *
 * Running out of memory leaves through the guard that the store's thread has
 * set around the transaction; rollback then undoes whatever was done. */
#include "store/memory/memory.h"

#include "base/guard.h"
#include "store/memory/memory_internal.h"
#include "sys/random.h"

static memory_store *memory_of(store_tables *t) {
  return (memory_store *)(void *)t;
}

/* ---- undo ---- */

typedef struct undo_entry {
  void *at;
  size_t len;
} undo_entry;

/* Call before changing `len` bytes at `at`. */
static void mem_touch(memory_store *m, void *at, size_t len) {
  undo_entry entry = {at, len};
  if (!stele_buf_reserve(&m->undo, len + sizeof entry)) {
    m->undo.failed = false; /* what is in it stays good: it is needed now */
    stele_guard_leave(m->arena, STELE_NO_MEMORY, "no memory to undo with");
  }
  stele_buf_add(&m->undo, at, len);
  stele_buf_add(&m->undo, &entry, sizeof entry); /* behind its bytes: undone from the end */
}

#define TOUCH(m, place) mem_touch((m), (place), sizeof *(place))

/* A new element at the end of a vector. */
#define PUSH(m, vec, ...)                                                                          \
  do {                                                                                             \
    TOUCH((m), (vec));                                                                             \
    STELE_VEC_PUSH((m)->arena, (vec), __VA_ARGS__);                                                \
  } while (0)

static void undo_to(memory_store *m, size_t mark) {
  while (m->undo.len > mark) {
    undo_entry entry;
    m->undo.len -= sizeof entry;
    memcpy(&entry, m->undo.ptr + m->undo.len, sizeof entry);
    m->undo.len -= entry.len;
    memcpy(entry.at, m->undo.ptr + m->undo.len, entry.len);
  }
}

static bool mem_begin(store_tables *t, stele_err *err) {
  (void)err;
  stele_buf_clear(&memory_of(t)->undo);
  return true;
}

static bool mem_commit(store_tables *t, stele_err *err) {
  (void)err;
  stele_buf_clear(&memory_of(t)->undo);
  return true;
}

static void mem_rollback(store_tables *t) {
  undo_to(memory_of(t), 0);
}

static bool mem_mark(store_tables *t, stele_err *err) {
  (void)err;
  memory_of(t)->mark = memory_of(t)->undo.len;
  return true;
}

static bool mem_rewind(store_tables *t, stele_err *err) {
  (void)err;
  undo_to(memory_of(t), memory_of(t)->mark);
  return true;
}

static bool mem_keep(store_tables *t, stele_err *err) {
  (void)t;
  (void)err;
  return true;
}

/* ---- the index ---- */

stele_str mem_index_key(memory_store *m, mem_table table, int64_t owner, int64_t number,
                        stele_str name) {
  stele_buf_clear(&m->lookup);
  stele_buf_add_byte(&m->lookup, (uint8_t)table);
  stele_buf_add(&m->lookup, &owner, sizeof owner);
  stele_buf_add(&m->lookup, &number, sizeof number);
  stele_buf_add_str(&m->lookup, name);
  if (m->lookup.failed) stele_guard_leave(m->arena, STELE_NO_MEMORY, "no memory for a key");
  return stele_buf_str(&m->lookup);
}

void *mem_find(memory_store *m, mem_table table, int64_t owner, int64_t number, stele_str name) {
  return stele_map_find(&m->index, mem_index_key(m, table, owner, number, name));
}

void **mem_place(memory_store *m, mem_table table, int64_t owner, int64_t number, stele_str name) {
  stele_str key = mem_index_key(m, table, owner, number, name);
  if (!stele_map_find(&m->index, key)) key = stele_str_copy(m->arena, key);
  return stele_map_add(&m->index, key);
}

static stele_str hash_name(const stele_sha256 *hash) {
  return (stele_str){(const char *)hash->bytes, sizeof hash->bytes};
}

/* ---- tenants ---- */

static bool mem_tenant_find(store_tables *t, stele_str name, store_tenant *out, stele_err *err) {
  mem_tenant *tenant = mem_find(memory_of(t), MEM_TENANT, 0, 0, name);
  (void)err;
  *out = tenant && tenant->present ? tenant->row : (store_tenant){0};
  return true;
}

static bool mem_tenant_add(store_tables *t, stele_str name, store_tenant *out, stele_err *err) {
  memory_store *m = memory_of(t);
  (void)err;
  mem_tenant *tenant = STELE_NEW(m->arena, mem_tenant);
  *mem_place(m, MEM_TENANT, 0, 0, name) = tenant;
  TOUCH(m, &tenant->present);
  tenant->present = true;
  tenant->name = stele_str_copy(m->arena, name);
  PUSH(m, &m->tenants, tenant);
  tenant->row.key = (int64_t)m->tenants.count;
  *out = tenant->row;
  return true;
}

static mem_tenant *tenant_at(memory_store *m, int64_t key) {
  return m->tenants.at[key - 1];
}

static bool mem_tenant_save(store_tables *t, const store_tenant *row, stele_err *err) {
  memory_store *m = memory_of(t);
  mem_tenant *tenant = tenant_at(m, row->key);
  (void)err;
  TOUCH(m, &tenant->row);
  tenant->row = *row;
  return true;
}

static void hide(memory_store *m, bool *present) {
  TOUCH(m, present);
  *present = false;
}

static void drop_text(memory_store *m, uint64_t key) {
  mem_text *text = m->texts.at[key - 1];
  TOUCH(m, &text->holders);
  text->holders--;
}

static void hide_version(memory_store *m, mem_version *version) {
  mem_id *id = mem_find(m, MEM_ID, version->tenant, version->row.id, (stele_str){0});
  hide(m, &version->present);
  TOUCH(m, &id->holders);
  id->holders--;
}

static bool mem_tenant_clear(store_tables *t, int64_t key, stele_err *err) {
  memory_store *m = memory_of(t);
  mem_tenant *tenant = tenant_at(m, key);
  (void)err;
  for (size_t i = 0; i < m->subjects.count; i++) {
    mem_subject *subject = m->subjects.at[i];
    for (size_t v = 0; subject->tenant == key && v < subject->versions.count; v++) {
      mem_version *version = subject->versions.at[v];
      if (!version->present) continue;
      drop_text(m, version->row.text_key);
      hide_version(m, version);
    }
  }
  for (size_t i = 0; i < m->ids.count; i++) {
    mem_id *id = m->ids.at[i];
    if (id->tenant != key || !id->row.text_key) continue;
    drop_text(m, id->row.text_key);
    TOUCH(m, &id->row.text_key);
    id->row.text_key = 0;
  }
  for (size_t i = 0; i < m->settings.count; i++) {
    if (m->settings.at[i]->tenant == key) hide(m, &m->settings.at[i]->present);
  }
  for (size_t i = 0; i < m->keys.count; i++) {
    if (m->keys.at[i]->tenant == key) hide(m, &m->keys.at[i]->present);
  }
  for (size_t i = 0; i < m->usages.count; i++) {
    if (m->usages.at[i]->tenant == key) hide(m, &m->usages.at[i]->present);
  }
  for (size_t i = 0; i < tenant->releases.count; i++) {
    hide(m, &tenant->releases.at[i]->present);
  }
  return true;
}

static bool mem_tenant_referenced(store_tables *t, int64_t key, bool *out, stele_err *err) {
  memory_store *m = memory_of(t);
  (void)err;
  *out = false;
  for (size_t i = 0; i < m->subjects.count && !*out; i++) {
    mem_subject *subject = m->subjects.at[i];
    for (size_t r = 0; subject->tenant == key && r < subject->referrers.count && !*out; r++) {
      mem_version *from = subject->referrers.at[r];
      *out = from->present && from->tenant != key;
    }
  }
  return true;
}

static bool mem_tenant_has_versions(store_tables *t, int64_t key, bool *out, stele_err *err) {
  memory_store *m = memory_of(t);
  (void)err;
  *out = false;
  for (size_t i = 0; i < m->ids.count && !*out; i++) {
    *out = m->ids.at[i]->tenant == key && m->ids.at[i]->present && m->ids.at[i]->holders;
  }
  return true;
}

/* ---- subjects ---- */

static bool mem_subject_find(store_tables *t, int64_t tenant, stele_str name, int64_t *key,
                             stele_err *err) {
  mem_subject *subject = mem_find(memory_of(t), MEM_SUBJECT, tenant, 0, name);
  (void)err;
  *key = subject && subject->present ? subject->key : 0;
  return true;
}

static bool mem_subject_add(store_tables *t, int64_t tenant, stele_str name, int64_t *key,
                            stele_err *err) {
  memory_store *m = memory_of(t);
  (void)err;
  mem_subject *subject = STELE_NEW(m->arena, mem_subject);
  *mem_place(m, MEM_SUBJECT, tenant, 0, name) = subject;
  TOUCH(m, &subject->present);
  subject->present = true;
  subject->name = stele_str_copy(m->arena, name);
  subject->tenant = tenant;
  PUSH(m, &m->subjects, subject);
  *key = subject->key = (int64_t)m->subjects.count;
  return true;
}

static mem_subject *subject_at(memory_store *m, int64_t key) {
  return m->subjects.at[key - 1];
}

static bool mem_subject_top(store_tables *t, int64_t key, int32_t *newest, int32_t *highest,
                            stele_err *err) {
  mem_subject *subject = subject_at(memory_of(t), key);
  (void)err;
  *newest = *highest = 0;
  for (size_t i = subject->versions.count; i && !*newest; i--) {
    mem_version *version = subject->versions.at[i - 1];
    if (!version->present) continue;
    if (!*highest) *highest = version->row.version;
    if (!version->row.deleted) *newest = version->row.version;
  }
  return true;
}

/* ---- ids and texts ---- */

static store_id id_of_row(const mem_id *id) {
  if (!id || !id->present) return (store_id){0};
  return (store_id){.id = id->row.id,
                    .identity = id->row.identity,
                    .guid = id->row.guid,
                    .text_key = id->row.text_key};
}

static bool mem_id_of(store_tables *t, int64_t tenant, const stele_sha256 *identity, store_id *out,
                      stele_err *err) {
  mem_id_vec *own = mem_find(memory_of(t), MEM_IDENTITY, tenant, 0, hash_name(identity));
  const mem_id *lowest = NULL;
  (void)err;
  for (size_t i = 0; own && i < own->count; i++) {
    const mem_id *id = own->at[i];
    if (id->present && (!lowest || id->row.id < lowest->row.id)) lowest = id;
  }
  *out = id_of_row(lowest);
  return true;
}

static bool mem_id_find(store_tables *t, int64_t tenant, int32_t id, store_id *out,
                        stele_err *err) {
  (void)err;
  *out = id_of_row(mem_find(memory_of(t), MEM_ID, tenant, id, (stele_str){0}));
  return true;
}

static stele_content copy_content(memory_store *m, const stele_content *from, uint64_t text_key) {
  stele_content copy = *from;
  stele_reference *references = STELE_NEW_ARRAY(m->arena, stele_reference, from->reference_count);
  for (size_t i = 0; i < from->reference_count; i++) {
    const stele_reference *ref = &from->references[i];
    references[i] = (stele_reference){.name = stele_str_copy(m->arena, ref->name),
                                      .tenant = stele_str_copy(m->arena, ref->tenant),
                                      .subject = stele_str_copy(m->arena, ref->subject),
                                      .version = ref->version};
  }
  copy.references = references;
  copy.text = m->texts.at[text_key - 1]->bytes;
  copy.metadata = stele_str_copy(m->arena, from->metadata);
  copy.rule_set = stele_str_copy(m->arena, from->rule_set);
  return copy;
}

static void fill_id(memory_store *m, mem_id *id, const store_new_version *v) {
  TOUCH(m, &id->row);
  id->row.text_key = v->text_key;
  id->row.content = copy_content(m, &v->reg->content, v->text_key);
  id->row.time = v->origin->time;
}

static bool mem_id_add(store_tables *t, const store_new_version *v, stele_err *err) {
  memory_store *m = memory_of(t);
  (void)err;
  mem_id *id = STELE_NEW(m->arena, mem_id);
  void **own = mem_place(m, MEM_IDENTITY, v->tenant, 0, hash_name(&v->reg->identity));
  if (!*own) *own = STELE_NEW(m->arena, mem_id_vec);
  mem_id_vec *same = *own;
  TOUCH(m, &id->present);
  id->present = true;
  id->tenant = v->tenant;
  id->row.id = v->id;
  id->row.identity = v->reg->identity;
  id->row.fingerprint = v->reg->fingerprint;
  id->row.guid = v->reg->guid;
  fill_id(m, id, v);
  *mem_place(m, MEM_ID, v->tenant, v->id, (stele_str){0}) = id;
  PUSH(m, same, id);
  PUSH(m, &m->ids, id);
  return true;
}

static bool mem_id_fill(store_tables *t, const store_new_version *v, stele_err *err) {
  memory_store *m = memory_of(t);
  (void)err;
  fill_id(m, mem_find(m, MEM_ID, v->tenant, v->id, (stele_str){0}), v);
  return true;
}

static bool mem_id_empty(store_tables *t, int64_t tenant, int32_t number, stele_err *err) {
  memory_store *m = memory_of(t);
  (void)err;
  mem_id *id = mem_find(m, MEM_ID, tenant, number, (stele_str){0});
  TOUCH(m, &id->row.text_key);
  id->row.text_key = 0;
  return true;
}

static bool mem_id_held(store_tables *t, int64_t tenant, int32_t number, bool *out,
                        stele_err *err) {
  const mem_id *id = mem_find(memory_of(t), MEM_ID, tenant, number, (stele_str){0});
  (void)err;
  *out = id && id->holders;
  return true;
}

static bool mem_text_take(store_tables *t, stele_bytes bytes, const stele_sha256 *hash,
                          uint32_t holders, uint64_t *key, stele_err *err) {
  memory_store *m = memory_of(t);
  (void)err;
  void **place = mem_place(m, MEM_TEXT, 0, 0, hash_name(hash));
  mem_text *text = *place;
  if (!text || !text->key) {
    if (!text) *place = text = STELE_NEW(m->arena, mem_text);
    TOUCH(m, text);
    text->bytes = stele_bytes_copy(m->arena, bytes);
    PUSH(m, &m->texts, text);
    text->key = m->texts.count;
  }
  TOUCH(m, &text->holders);
  text->holders += holders;
  *key = text->key;
  return true;
}

static bool mem_text_drop(store_tables *t, uint64_t key, stele_err *err) {
  (void)err;
  drop_text(memory_of(t), key);
  return true;
}

/* ---- versions ---- */

/* Where `number` stands, or would, among the versions. */
static size_t version_at(const mem_subject *subject, int32_t number) {
  size_t low = 0, high = subject->versions.count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (subject->versions.at[middle]->row.version < number) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

mem_version *mem_version_find(const mem_subject *subject, int32_t number) {
  size_t at = version_at(subject, number);
  if (at == subject->versions.count) return NULL;
  mem_version *version = subject->versions.at[at];
  return version->row.version == number && version->present ? version : NULL;
}

static store_entry entry_of(const mem_version *version) {
  if (!version) return (store_entry){0};
  const stele_version_row *row = &version->row;
  return (store_entry){.version = row->version,
                       .id = row->id,
                       .deleted = row->deleted,
                       .text_key = row->text_key,
                       .state = row->state,
                       .deprecate_at = row->deprecate_at,
                       .retire_at = row->retire_at};
}

static bool mem_version_entry(store_tables *t, int64_t subject, int32_t number, store_entry *out,
                              stele_err *err) {
  (void)err;
  *out = entry_of(mem_version_find(subject_at(memory_of(t), subject), number));
  return true;
}

static bool mem_version_next(store_tables *t, int64_t key, int32_t number, store_entry *out,
                             stele_err *err) {
  const mem_subject *subject = subject_at(memory_of(t), key);
  size_t at = number == INT32_MAX ? subject->versions.count : version_at(subject, number + 1);
  (void)err;
  while (at < subject->versions.count && !subject->versions.at[at]->present) at++;
  *out = entry_of(at < subject->versions.count ? subject->versions.at[at] : NULL);
  return true;
}

/* Puts a version in its place; a gone one of the same number gives it up. */
static void insert_version(memory_store *m, mem_subject *subject, mem_version *version) {
  size_t at = version_at(subject, version->row.version);
  mem_version **place = subject->versions.count ? &subject->versions.at[at] : NULL;
  if (at < subject->versions.count && (*place)->row.version == version->row.version) {
    TOUCH(m, place);
    *place = version;
    return;
  }
  PUSH(m, &subject->versions, version);
  size_t after = subject->versions.count - 1 - at;
  if (after == 0) return;
  place = &subject->versions.at[at];
  mem_touch(m, place, (after + 1) * sizeof *place);
  memmove(place + 1, place, after * sizeof *place);
  *place = version;
}

static bool mem_version_add(store_tables *t, const store_new_version *v, stele_err *err) {
  memory_store *m = memory_of(t);
  mem_subject *subject = subject_at(m, v->subject);
  mem_id *id = mem_find(m, MEM_ID, v->tenant, v->id, (stele_str){0});
  size_t count = v->reg->content.reference_count;
  (void)err;
  mem_version *version = STELE_NEW(m->arena, mem_version);
  int64_t *targets = STELE_NEW_ARRAY(m->arena, int64_t, count);
  version->tenant = v->tenant;
  version->subject = v->subject;
  version->targets = targets;
  version->row = (stele_version_row){.subject = subject->name,
                                     .version = v->version,
                                     .id = v->id,
                                     .release = v->release,
                                     .text_key = v->text_key,
                                     .content = copy_content(m, &v->reg->content, v->text_key),
                                     .semver = stele_str_copy(m->arena, v->reg->semver),
                                     .state = v->reg->state,
                                     .normalized = v->reg->normalized,
                                     .time = v->origin->time,
                                     .author = stele_str_copy(m->arena, v->origin->author),
                                     .source = stele_str_copy(m->arena, v->origin->source),
                                     .commit = stele_str_copy(m->arena, v->origin->commit),
                                     .key = stele_str_copy(m->arena, v->origin->key)};
  TOUCH(m, &version->present);
  version->present = true;
  TOUCH(m, &id->holders);
  id->holders++;
  insert_version(m, subject, version);
  for (size_t i = 0; i < count; i++) {
    targets[i] = v->targets[i];
    PUSH(m, &subject_at(m, targets[i])->referrers, version);
  }
  return true;
}

static bool mem_version_delete(store_tables *t, int64_t subject, int32_t number, stele_err *err) {
  memory_store *m = memory_of(t);
  (void)err;
  mem_version *version = mem_version_find(subject_at(m, subject), number);
  TOUCH(m, &version->row.deleted);
  version->row.deleted = true;
  return true;
}

static bool mem_version_remove(store_tables *t, int64_t subject, int32_t number, stele_err *err) {
  memory_store *m = memory_of(t);
  (void)err;
  hide_version(m, mem_version_find(subject_at(m, subject), number));
  return true;
}

static bool mem_version_state(store_tables *t, int64_t subject, const store_entry *entry,
                              stele_err *err) {
  memory_store *m = memory_of(t);
  (void)err;
  mem_version *version = mem_version_find(subject_at(m, subject), entry->version);
  TOUCH(m, &version->row);
  version->row.state = entry->state;
  version->row.deprecate_at = entry->deprecate_at;
  version->row.retire_at = entry->retire_at;
  return true;
}

static bool refers(const mem_version *from, int64_t subject, int32_t number) {
  for (size_t i = 0; i < from->row.content.reference_count; i++) {
    if (from->targets[i] == subject && from->row.content.references[i].version == number) {
      return true;
    }
  }
  return false;
}

static bool mem_version_referenced(store_tables *t, int64_t subject, int32_t number, bool live_only,
                                   int64_t but, bool *out, stele_err *err) {
  const mem_subject *target = subject_at(memory_of(t), subject);
  (void)err;
  *out = false;
  for (size_t i = 0; i < target->referrers.count && !*out; i++) {
    const mem_version *from = target->referrers.at[i];
    if (!from->present || from->subject == but || (live_only && from->row.deleted)) continue;
    *out = refers(from, subject, number);
  }
  return true;
}

/* ---- settings, releases, keys ---- */

mem_setting *mem_setting_find(memory_store *m, const store_feed_row *at) {
  int64_t number = (int64_t)at->kind * 16 + (int64_t)at->scope;
  mem_setting *setting = mem_find(m, MEM_SETTING, at->tenant, number, at->name);
  return setting && setting->present ? setting : NULL;
}

static bool mem_setting_value(store_tables *t, const store_feed_row *at, bool *found,
                              stele_str *value, stele_err *err) {
  const mem_setting *setting = mem_setting_find(memory_of(t), at);
  (void)err;
  *found = setting != NULL;
  *value = setting ? setting->row.value : (stele_str){0};
  return true;
}

static bool mem_setting_put(store_tables *t, const store_feed_row *at, stele_str value,
                            stele_time_us time, stele_err *err) {
  memory_store *m = memory_of(t);
  int64_t number = (int64_t)at->kind * 16 + (int64_t)at->scope;
  (void)err;
  void **place = mem_place(m, MEM_SETTING, at->tenant, number, at->name);
  mem_setting *setting = *place;
  if (!setting) {
    *place = setting = STELE_NEW(m->arena, mem_setting);
    setting->kind = at->kind;
    setting->tenant = at->tenant;
    setting->row.scope = at->scope;
    setting->row.name = stele_str_copy(m->arena, at->name);
    STELE_VEC_PUSH(m->arena, &m->settings, setting); /* stays, absent, when undone */
  }
  TOUCH(m, setting);
  setting->present = true;
  setting->row.value = stele_str_copy(m->arena, value);
  setting->row.time = time;
  return true;
}

static bool mem_setting_remove(store_tables *t, const store_feed_row *at, stele_err *err) {
  memory_store *m = memory_of(t);
  (void)err;
  hide(m, &mem_setting_find(m, at)->present);
  return true;
}

static bool mem_release_add(store_tables *t, int64_t tenant, const stele_release_row *row,
                            stele_err *err) {
  memory_store *m = memory_of(t);
  (void)err;
  mem_release *release = STELE_NEW(m->arena, mem_release);
  release->present = true;
  release->row = *row;
  release->row.semver = stele_str_copy(m->arena, row->semver);
  release->row.author = stele_str_copy(m->arena, row->author);
  release->row.source = stele_str_copy(m->arena, row->source);
  release->row.commit = stele_str_copy(m->arena, row->commit);
  release->row.key = stele_str_copy(m->arena, row->key);
  PUSH(m, &tenant_at(m, tenant)->releases, release);
  return true;
}

static bool mem_key_find(store_tables *t, int64_t tenant, stele_str name, bool *found,
                         store_key_row *out, stele_err *err) {
  const mem_key *key = mem_find(memory_of(t), MEM_KEY, tenant, 0, name);
  (void)err;
  *found = key && key->present;
  if (*found) *out = key->row;
  return true;
}

static bool mem_key_add(store_tables *t, int64_t tenant, stele_str name, const store_key_row *row,
                        stele_time_us time, stele_err *err) {
  memory_store *m = memory_of(t);
  (void)time;
  (void)err;
  void **place = mem_place(m, MEM_KEY, tenant, 0, name);
  mem_key *key = *place;
  if (!key) {
    *place = key = STELE_NEW(m->arena, mem_key);
    STELE_VEC_PUSH(m->arena, &m->keys, key);
  }
  TOUCH(m, key);
  key->present = true;
  key->tenant = tenant;
  key->row = *row;
  key->row.results = stele_bytes_copy(m->arena, row->results);
  return true;
}

/* ---- feed, audit, outbox, usage ---- */

static bool mem_feed_add(store_tables *t, const store_feed_row *row, stele_err *err) {
  memory_store *m = memory_of(t);
  store_feed_row copy = *row;
  (void)err;
  copy.name = stele_str_copy(m->arena, row->name);
  PUSH(m, &m->feed, copy);
  return true;
}

static bool mem_audit_add(store_tables *t, int64_t tenant, const stele_audit_row *row,
                          stele_err *err) {
  memory_store *m = memory_of(t);
  mem_tenant *owner = tenant_at(m, tenant);
  stele_audit_row copy = *row;
  (void)err;
  copy.tenant = owner->name;
  copy.who = stele_str_copy(m->arena, row->who);
  copy.from = stele_str_copy(m->arena, row->from);
  copy.before = stele_str_copy(m->arena, row->before);
  copy.after = stele_str_copy(m->arena, row->after);
  PUSH(m, &owner->audit, copy);
  return true;
}

static bool mem_outbox_add(store_tables *t, uint64_t seq, stele_change_kind kind, int64_t tenant,
                           int32_t release, stele_time_us time, stele_err *err) {
  memory_store *m = memory_of(t);
  (void)err;
  PUSH(m, &m->outbox, (mem_outbox){seq, kind, tenant, release, time});
  return true;
}

static stele_str usage_name(memory_store *m, stele_str subject, stele_str reader) {
  stele_buf_clear(&m->name);
  stele_buf_add_u64(&m->name, subject.len);
  stele_buf_add_byte(&m->name, ':');
  stele_buf_add_str(&m->name, subject);
  stele_buf_add_str(&m->name, reader);
  if (m->name.failed) stele_guard_leave(m->arena, STELE_NO_MEMORY, "no memory for a key");
  return stele_buf_str(&m->name);
}

static bool mem_usage_add(store_tables *t, const stele_change_usage *usage, int64_t tenant,
                          stele_err *err) {
  memory_store *m = memory_of(t);
  (void)err;
  stele_str name = usage_name(m, usage->subject, usage->reader);
  void **place = mem_place(m, MEM_USAGE, tenant, usage->version, name);
  mem_usage *row = *place;
  if (!row) {
    *place = row = STELE_NEW(m->arena, mem_usage);
    row->tenant = tenant;
    row->row.subject = stele_str_copy(m->arena, usage->subject);
    row->row.reader = stele_str_copy(m->arena, usage->reader);
    row->row.version = usage->version;
    STELE_VEC_PUSH(m->arena, &m->usages, row);
  }
  TOUCH(m, row);
  if (!row->present) row->row.reads = 0, row->row.last = 0;
  row->present = true;
  row->row.reads += usage->reads;
  if (usage->last > row->row.last) row->row.last = usage->last;
  return true;
}

/* ---- opening ---- */

static void mem_idle(store_tables *t) {
  (void)t;
}

static void mem_close(store_tables *t) {
  memory_store *m = memory_of(t);
  stele_buf_release(&m->undo);
  stele_buf_release(&m->lookup);
  stele_buf_release(&m->name);
  stele_arena_free(m->arena);
}

static const store_tables_ops memory_ops = {
    .name = "memory",
    .begin = mem_begin,
    .commit = mem_commit,
    .rollback = mem_rollback,
    .mark = mem_mark,
    .rewind = mem_rewind,
    .keep = mem_keep,
    .tenant_find = mem_tenant_find,
    .tenant_add = mem_tenant_add,
    .tenant_save = mem_tenant_save,
    .tenant_clear = mem_tenant_clear,
    .tenant_referenced = mem_tenant_referenced,
    .tenant_has_versions = mem_tenant_has_versions,
    .subject_find = mem_subject_find,
    .subject_add = mem_subject_add,
    .subject_top = mem_subject_top,
    .id_of = mem_id_of,
    .id_find = mem_id_find,
    .id_add = mem_id_add,
    .id_fill = mem_id_fill,
    .id_empty = mem_id_empty,
    .id_held = mem_id_held,
    .text_take = mem_text_take,
    .text_drop = mem_text_drop,
    .version_find = mem_version_entry,
    .version_next = mem_version_next,
    .version_add = mem_version_add,
    .version_delete = mem_version_delete,
    .version_remove = mem_version_remove,
    .version_state = mem_version_state,
    .version_referenced = mem_version_referenced,
    .setting_find = mem_setting_value,
    .setting_put = mem_setting_put,
    .setting_remove = mem_setting_remove,
    .release_add = mem_release_add,
    .key_find = mem_key_find,
    .key_add = mem_key_add,
    .feed_add = mem_feed_add,
    .audit_add = mem_audit_add,
    .outbox_add = mem_outbox_add,
    .usage_add = mem_usage_add,
    .count = mem_count,
    .bytes = mem_bytes,
    .load = mem_load,
    .feed = mem_feed,
    .find = mem_find_rows,
    .each_tenant = mem_each_tenant,
    .each_audit = mem_each_audit,
    .idle = mem_idle,
    .close = mem_close,
};

typedef struct birth {
  stele_arena *arena;
  memory_store *store;
} birth;

static void make_store(void *arg) {
  birth *b = arg;
  b->store = STELE_NEW(b->arena, memory_store);
  b->store->face = (store_tables){.ops = &memory_ops, .arena = b->arena};
  b->store->arena = b->arena;
}

stele_store *stele_memory_open(stele_err *err) {
  birth b = {stele_arena_new(0), NULL};
  uint64_t seed;
  if (!b.arena || !stele_guard_run(b.arena, make_store, &b, err)) {
    (void)stele_fail(err, STELE_NO_MEMORY, "no memory for a store");
    stele_arena_free(b.arena);
    return NULL;
  }
  sys_random(&seed, sizeof seed);
  stele_map_init(&b.store->index, b.arena, seed);
  stele_buf_init(&b.store->undo, NULL, 0);
  stele_buf_init(&b.store->lookup, NULL, 0);
  stele_buf_init(&b.store->name, NULL, 0);
  return store_start(&b.store->face, err);
}
