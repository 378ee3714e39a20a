/* Rows become items of the trees.
 *
 * An item is one block: the struct, then its strings. Tenants are values that
 * hold trees, so the edit keeps the ones it touches open, as copies, and puts
 * them back at the end. A text counts the rows that use it, and leaves with the
 * last of them. */
#include "registry/edit.h"

#include <stdlib.h>

#include "base/err.h"

typedef struct open_tenant {
  snap_tenant *tenant;
  bool gone;
} open_tenant;

struct snap_edit {
  registry_snapshot *next;
  open_tenant *open;
  size_t open_count, open_cap;
};

/* --- packing strings behind a struct ------------------------------------- */

typedef struct pack {
  char *at;
} pack;

static stele_str pack_str(pack *p, stele_str text) {
  stele_str out = {p->at, text.len};
  if (text.len) memcpy(p->at, text.ptr, text.len);
  p->at += text.len;
  return out;
}

static void pack_byte(pack *p, uint8_t byte) {
  *p->at++ = (char)byte;
}

static void pack_u32(pack *p, uint32_t value) {
  uint8_t bytes[4];
  snap_key_u32(bytes, value);
  memcpy(p->at, bytes, sizeof bytes);
  p->at += sizeof bytes;
}

/* Bytes that a content needs behind its struct: references first, since they
 * must be aligned. */
static size_t content_size(stele_str tenant, const stele_content *c) {
  size_t size = c->metadata.len + c->rule_set.len;
  for (size_t i = 0; i < c->reference_count; i++) {
    const stele_reference *r = &c->references[i];
    size += sizeof *r + r->name.len + r->subject.len + (r->tenant.len ? r->tenant.len : tenant.len);
  }
  return size;
}

static void pack_references(pack *p, stele_str tenant, const stele_content *c, snap_content *out) {
  stele_reference *references = (stele_reference *)(void *)p->at;
  p->at += c->reference_count * sizeof *references;
  for (size_t i = 0; i < c->reference_count; i++) {
    const stele_reference *r = &c->references[i];
    references[i] = (stele_reference){
        .name = pack_str(p, r->name),
        .tenant = pack_str(p, r->tenant.len ? r->tenant : tenant),
        .subject = pack_str(p, r->subject),
        .version = r->version,
    };
  }
  out->references = references;
  out->reference_count = (uint32_t)c->reference_count;
}

static void pack_content(pack *p, stele_str tenant, const stele_content *c, snap_content *out) {
  pack_references(p, tenant, c, out);
  out->metadata = pack_str(p, c->metadata);
  out->rule_set = pack_str(p, c->rule_set);
}

/* --- texts --------------------------------------------------------------- */

static void text_key(uint8_t out[8], uint64_t key) {
  snap_key_u32(out, (uint32_t)(key >> 32));
  snap_key_u32(out + 4, (uint32_t)key);
}

static snap_text *use_text(snap_edit *edit, uint64_t number, const stele_content *c) {
  uint8_t key[8];
  text_key(key, number);
  snap_text *text =
      tree_find(&snap_text_kind, &edit->next->texts, (stele_str){(char *)key, sizeof key});
  if (!text) {
    text = registry_alloc(sizeof *text + c->text.len);
    atomic_init(&text->holders, 1);
    memcpy(text->key, key, sizeof key);
    text->kind = c->text_kind;
    text->len = c->text.len;
    if (text->len) memcpy(text->at, c->text.ptr, text->len);
    tree_put(&snap_text_kind, &edit->next->texts, text);
  }
  text->users++;
  snap_text_kind.ref(text);
  return text;
}

static void leave_text(snap_edit *edit, snap_text *text) {
  if (--text->users) return;
  (void)tree_remove(&snap_text_kind, &edit->next->texts,
                    (stele_str){(char *)text->key, sizeof text->key});
}

/* --- tenants ------------------------------------------------------------- */

static snap_tenant *copy_tenant(const snap_tenant *of) {
  snap_tenant *copy = registry_alloc(sizeof *copy + of->name.len);
  atomic_init(&copy->holders, 1);
  pack p = {(char *)(copy + 1)};
  copy->name = pack_str(&p, of->name);
  copy->subjects = tree_ref(&of->subjects);
  copy->schemas = tree_ref(&of->schemas);
  copy->identities = tree_ref(&of->identities);
  copy->by_id = tree_ref(&of->by_id);
  copy->referrers = tree_ref(&of->referrers);
  copy->releases = tree_ref(&of->releases);
  copy->max_id = of->max_id;
  return copy;
}

static open_tenant *open_slot(snap_edit *edit, stele_str name) {
  for (size_t i = edit->open_count; i-- > 0;) {
    if (stele_str_eq(edit->open[i].tenant->name, name)) return &edit->open[i];
  }
  if (edit->open_count == edit->open_cap) {
    size_t cap = edit->open_cap ? edit->open_cap * 2 : 4;
    open_tenant *grown = registry_alloc(cap * sizeof *grown);
    if (edit->open_count) memcpy(grown, edit->open, edit->open_count * sizeof *grown);
    free(edit->open);
    edit->open = grown;
    edit->open_cap = cap;
  }
  const snap_tenant *known = snap_find_tenant(edit->next, name);
  snap_tenant none = {.name = name};
  edit->open[edit->open_count] =
      (open_tenant){.tenant = copy_tenant(known ? known : &none), .gone = known == NULL};
  return &edit->open[edit->open_count++];
}

static snap_tenant *open_tenant_for(snap_edit *edit, stele_str name) {
  open_tenant *slot = open_slot(edit, name);
  slot->gone = false;
  return slot->tenant;
}

/* --- schemas ------------------------------------------------------------- */

static snap_schema *make_schema(snap_edit *edit, stele_str tenant, const stele_schema_row *row) {
  size_t keys = sizeof row->guid.bytes + tenant.len + 4 + sizeof row->identity.bytes + 4 +
                sizeof row->fingerprint.bytes;
  snap_schema *schema = registry_alloc(sizeof *schema + content_size(tenant, &row->content) + keys);
  pack p = {(char *)(schema + 1)};
  atomic_init(&schema->holders, 1);
  schema->id = row->id;
  schema->time = row->time;
  snap_key_u32(schema->id_key, (uint32_t)row->id);
  pack_content(&p, tenant, &row->content, &schema->content);
  schema->content.text = use_text(edit, row->text_key, &row->content);

  const char *start = p.at;
  schema->guid = (const stele_md5 *)(const void *)start;
  (void)pack_str(&p, (stele_str){(const char *)row->guid.bytes, sizeof row->guid.bytes});
  schema->tenant = pack_str(&p, tenant);
  pack_u32(&p, (uint32_t)row->id);
  schema->guid_key = (stele_str){start, (size_t)(p.at - start)};

  start = p.at;
  schema->identity = (const stele_sha256 *)(const void *)start;
  (void)pack_str(&p, (stele_str){(const char *)row->identity.bytes, sizeof row->identity.bytes});
  pack_u32(&p, (uint32_t)row->id);
  schema->identity_key = (stele_str){start, (size_t)(p.at - start)};

  schema->fingerprint = (const stele_sha256 *)(const void *)p.at;
  (void)pack_str(&p,
                 (stele_str){(const char *)row->fingerprint.bytes, sizeof row->fingerprint.bytes});
  return schema;
}

static void remove_schema(snap_edit *edit, snap_tenant *tenant, int32_t id) {
  uint8_t key[4];
  snap_key_u32(key, (uint32_t)id);
  stele_str id_key = {(const char *)key, sizeof key};
  snap_schema *schema = tree_find(&snap_schema_kind, &tenant->schemas, id_key);
  if (!schema) return;
  snap_schema_kind.ref(schema); /* until we are done with its keys */
  (void)tree_remove(&snap_schema_kind, &tenant->schemas, id_key);
  (void)tree_remove(&snap_identity_kind, &tenant->identities, schema->identity_key);
  (void)tree_remove(&snap_guid_kind, &edit->next->guids, schema->guid_key);
  leave_text(edit, schema->content.text);
  snap_schema_kind.unref(schema);
}

static void put_schema(snap_edit *edit, snap_tenant *tenant, const stele_schema_row *row) {
  snap_schema *schema = make_schema(edit, tenant->name, row);
  remove_schema(edit, tenant, row->id);
  snap_schema_kind.ref(schema);
  snap_schema_kind.ref(schema);
  tree_put(&snap_schema_kind, &tenant->schemas, schema);
  tree_put(&snap_identity_kind, &tenant->identities, schema);
  tree_put(&snap_guid_kind, &edit->next->guids, schema);
  if (row->id > tenant->max_id) tenant->max_id = row->id;
}

/* --- versions ------------------------------------------------------------ */

static snap_version *make_version(snap_edit *edit, stele_str tenant, const stele_version_row *row) {
  size_t strings = 4 + row->subject.len + 4 + tenant.len + row->semver.len + row->author.len +
                   row->source.len + row->commit.len + row->key.len;
  snap_version *v = registry_alloc(sizeof *v + content_size(tenant, &row->content) + strings);
  pack p = {(char *)(v + 1)};
  atomic_init(&v->holders, 1);
  v->version = row->version;
  v->id = row->id;
  v->release = row->release;
  v->state = (uint8_t)row->state;
  v->deleted = row->deleted;
  v->normalized = row->normalized;
  v->time = row->time;
  v->deprecate_at = row->deprecate_at;
  v->retire_at = row->retire_at;
  pack_content(&p, tenant, &row->content, &v->content);
  v->content.text = use_text(edit, row->text_key, &row->content);

  const char *start = p.at;
  pack_u32(&p, (uint32_t)row->id);
  v->subject = pack_str(&p, row->subject);
  pack_u32(&p, (uint32_t)row->version);
  v->holder_key = (stele_str){start, (size_t)(p.at - start)};
  v->tenant = pack_str(&p, tenant);
  v->semver = pack_str(&p, row->semver);
  v->author = pack_str(&p, row->author);
  v->source = pack_str(&p, row->source);
  v->commit = pack_str(&p, row->commit);
  v->key = pack_str(&p, row->key);
  return v;
}

static snap_referrer *make_referrer(const snap_version *from, const stele_reference *to) {
  size_t size = to->subject.len + 1 + 4 + from->tenant.len + 1 + from->subject.len + 1 + 4;
  snap_referrer *r = registry_alloc(sizeof *r + size);
  pack p = {(char *)(r + 1)};
  atomic_init(&r->holders, 1);
  (void)pack_str(&p, to->subject);
  pack_byte(&p, 0);
  pack_u32(&p, (uint32_t)to->version);
  r->tenant = pack_str(&p, from->tenant);
  pack_byte(&p, 0);
  r->subject = pack_str(&p, from->subject);
  pack_byte(&p, 0);
  pack_u32(&p, (uint32_t)from->version);
  r->key = (stele_str){(const char *)(r + 1), size};
  r->version = from->version;
  r->id = from->id;
  r->deleted = from->deleted;
  return r;
}

static void put_referrers(snap_edit *edit, const snap_version *v) {
  for (uint32_t i = 0; i < v->content.reference_count; i++) {
    const stele_reference *to = &v->content.references[i];
    snap_tenant *target = open_slot(edit, to->tenant)->tenant;
    tree_put(&snap_referrer_kind, &target->referrers, make_referrer(v, to));
  }
}

static void remove_referrers(snap_edit *edit, const snap_version *v) {
  for (uint32_t i = 0; i < v->content.reference_count; i++) {
    const stele_reference *to = &v->content.references[i];
    snap_tenant *target = open_slot(edit, to->tenant)->tenant;
    snap_referrer *gone = make_referrer(v, to);
    (void)tree_remove(&snap_referrer_kind, &target->referrers, gone->key);
    snap_referrer_kind.unref(gone);
  }
}

/* Where `version` stands in the subject, or would. */
static uint32_t version_rank(const snap_subject *subject, int32_t version) {
  uint32_t low = 0, high = subject ? subject->count : 0;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (subject->versions[middle]->version < version) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

static snap_list *new_list(uint32_t cap) {
  snap_list *list = registry_alloc(sizeof *list + cap * sizeof list->at[0]);
  atomic_init(&list->holders, 1);
  list->cap = cap;
  return list;
}

static void list_add(snap_list *list, snap_version *version) {
  snap_version_kind.ref(version);
  list->at[list->used++] = version;
}

/* A copy with room for more, in which the entries [at, at + removed) are
 * replaced by `put` (or by nothing). */
static snap_list *copy_list(const snap_subject *old, uint32_t at, uint32_t removed,
                            snap_version *put) {
  uint32_t count = old ? old->count : 0;
  snap_list *list = new_list(count < 2 ? 2 : count * 2);
  for (uint32_t i = 0; i < at; i++) list_add(list, old->list->at[i]);
  if (put) list_add(list, put);
  for (uint32_t i = at + removed; i < count; i++) list_add(list, old->list->at[i]);
  return list;
}

/* The next edition of a subject over `list`, which it takes over. */
static snap_subject *make_subject(stele_str name, snap_list *list, uint32_t count) {
  snap_subject *subject = registry_alloc(sizeof *subject + name.len);
  pack p = {(char *)(subject + 1)};
  atomic_init(&subject->holders, 1);
  subject->name = pack_str(&p, name);
  subject->list = list;
  subject->versions = list->at;
  subject->count = count;
  return subject;
}

static void count_live(snap_subject *subject) {
  subject->live_count = 0;
  subject->newest_live = NULL;
  for (uint32_t i = 0; i < subject->count; i++) {
    if (subject->versions[i]->deleted) continue;
    subject->live_count++;
    subject->newest_live = subject->versions[i];
  }
}

/* Appends without looking at the versions before. */
static snap_subject *append_version(const snap_subject *old, snap_version *v) {
  snap_list *list = old->list;
  if (list->used == old->count && list->used < list->cap) {
    list_add(list, v);
    (void)atomic_fetch_add(&list->holders, 1);
  } else {
    list = copy_list(old, old->count, 0, v);
  }
  snap_subject *subject = make_subject(old->name, list, old->count + 1);
  subject->live_count = old->live_count + !v->deleted;
  subject->newest_live = v->deleted ? old->newest_live : v;
  return subject;
}

static snap_subject *next_subject(const snap_subject *old, snap_version *v, uint32_t at,
                                  bool replaces) {
  if (old && at == old->count) return append_version(old, v);
  snap_list *list = copy_list(old, at, replaces, v);
  snap_subject *subject = make_subject(v->subject, list, list->used);
  count_live(subject);
  return subject;
}

static void forget_version(snap_edit *edit, snap_tenant *tenant, snap_version *v) {
  remove_referrers(edit, v);
  (void)tree_remove(&snap_version_kind, &tenant->by_id, v->holder_key);
  leave_text(edit, v->content.text);
}

static void put_version(snap_edit *edit, snap_tenant *tenant, const stele_version_row *row) {
  snap_version *v = make_version(edit, tenant->name, row);
  snap_subject *old = tree_find(&snap_subject_kind, &tenant->subjects, row->subject);
  uint32_t at = version_rank(old, row->version);
  bool replaces = old && at < old->count && old->versions[at]->version == row->version;
  if (replaces) forget_version(edit, tenant, old->list->at[at]);
  tree_put(&snap_subject_kind, &tenant->subjects, next_subject(old, v, at, replaces));
  put_referrers(edit, v);
  tree_put(&snap_version_kind, &tenant->by_id, v);
}

static void remove_version(snap_edit *edit, snap_tenant *tenant, stele_str name, int32_t version) {
  snap_subject *old = tree_find(&snap_subject_kind, &tenant->subjects, name);
  uint32_t at = version_rank(old, version);
  if (!old || at == old->count || old->versions[at]->version != version) return;
  forget_version(edit, tenant, old->list->at[at]);
  if (old->count == 1) {
    (void)tree_remove(&snap_subject_kind, &tenant->subjects, name);
    return;
  }
  snap_list *list = copy_list(old, at, 1, NULL);
  snap_subject *subject = make_subject(old->name, list, list->used);
  count_live(subject);
  tree_put(&snap_subject_kind, &tenant->subjects, subject);
}

/* --- the rest ------------------------------------------------------------ */

static snap_release *make_release(const stele_release_row *row) {
  size_t size =
      row->semver.len + row->author.len + row->source.len + row->commit.len + row->key.len;
  snap_release *r = registry_alloc(sizeof *r + size);
  pack p = {(char *)(r + 1)};
  atomic_init(&r->holders, 1);
  r->number = row->number;
  r->base = row->base;
  r->time = row->time;
  snap_key_u32(r->number_key, (uint32_t)row->number);
  r->semver = pack_str(&p, row->semver);
  r->author = pack_str(&p, row->author);
  r->source = pack_str(&p, row->source);
  r->commit = pack_str(&p, row->commit);
  r->key = pack_str(&p, row->key);
  return r;
}

static snap_setting *make_setting(const stele_row *row) {
  const stele_setting_row *s = &row->setting;
  size_t size = 2 + row->tenant.len + 1 + s->name.len + s->value.len;
  snap_setting *setting = registry_alloc(sizeof *setting + size);
  pack p = {(char *)(setting + 1)};
  atomic_init(&setting->holders, 1);
  const char *start = p.at;
  pack_byte(&p, (uint8_t)row->kind);
  pack_byte(&p, (uint8_t)s->scope);
  (void)pack_str(&p, row->tenant);
  pack_byte(&p, 0);
  setting->name = pack_str(&p, s->name);
  setting->key = (stele_str){start, (size_t)(p.at - start)};
  setting->value = pack_str(&p, s->value);
  atomic_init(&setting->read, NULL);
  return setting;
}

/* Takes out what a tenant that is gone has left outside of itself. */
static void empty_tenant(snap_edit *edit, snap_tenant *tenant) {
  for (snap_subject *subject; (subject = tree_last(&tenant->subjects));) {
    const snap_version *last = subject->versions[subject->count - 1];
    snap_version_kind.ref((snap_version *)(uintptr_t)last);
    remove_version(edit, tenant, last->subject, last->version);
    snap_version_kind.unref((snap_version *)(uintptr_t)last);
  }
  for (const snap_schema *schema; (schema = tree_last(&tenant->schemas));) {
    remove_schema(edit, tenant, schema->id);
  }
}

static void apply_tenant(snap_edit *edit, const stele_row *row) {
  if (!row->gone) {
    (void)open_tenant_for(edit, row->tenant);
    return;
  }
  empty_tenant(edit, open_slot(edit, row->tenant)->tenant);
  open_tenant *slot = open_slot(edit, row->tenant);
  snap_tenant_kind.unref(slot->tenant);
  slot->tenant = copy_tenant(&(snap_tenant){.name = row->tenant});
  slot->gone = true;
}

static void apply_schema(snap_edit *edit, const stele_row *row) {
  snap_tenant *tenant = open_tenant_for(edit, row->tenant);
  if (row->gone) {
    remove_schema(edit, tenant, row->schema.id);
  } else {
    put_schema(edit, tenant, &row->schema);
  }
}

static void apply_version(snap_edit *edit, const stele_row *row) {
  snap_tenant *tenant = open_tenant_for(edit, row->tenant);
  if (row->gone) {
    remove_version(edit, tenant, row->version.subject, row->version.version);
  } else {
    put_version(edit, tenant, &row->version);
  }
}

static void apply_release(snap_edit *edit, const stele_row *row) {
  snap_tenant *tenant = open_tenant_for(edit, row->tenant);
  snap_release *release = make_release(&row->release);
  if (row->gone) {
    (void)tree_remove(&snap_release_kind, &tenant->releases,
                      (stele_str){(const char *)release->number_key, 4});
    snap_release_kind.unref(release);
  } else {
    tree_put(&snap_release_kind, &tenant->releases, release);
  }
}

static void apply_setting(snap_edit *edit, const stele_row *row) {
  snap_setting *setting = make_setting(row);
  if (row->gone) {
    (void)tree_remove(&snap_setting_kind, &edit->next->settings, setting->key);
    snap_setting_kind.unref(setting);
  } else {
    tree_put(&snap_setting_kind, &edit->next->settings, setting);
  }
}

static void (*const appliers[])(snap_edit *, const stele_row *) = {
    [STELE_ROW_TENANT] = apply_tenant,   [STELE_ROW_SCHEMA] = apply_schema,
    [STELE_ROW_VERSION] = apply_version, [STELE_ROW_RELEASE] = apply_release,
    [STELE_ROW_CONFIG] = apply_setting,  [STELE_ROW_MODE] = apply_setting,
};

void snap_edit_apply(snap_edit *edit, const stele_row *rows, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if ((size_t)rows[i].kind >= STELE_COUNT(appliers) || !appliers[rows[i].kind]) continue;
    appliers[rows[i].kind](edit, &rows[i]);
  }
}

/* --- beginning and end --------------------------------------------------- */

snap_edit *snap_edit_begin(const registry_snapshot *base) {
  snap_edit *edit = registry_alloc(sizeof *edit);
  edit->next = registry_alloc(sizeof *edit->next);
  atomic_init(&edit->next->holders, 1);
  if (!base) return edit;
  edit->next->seq = base->seq;
  edit->next->tenants = tree_ref(&base->tenants);
  edit->next->guids = tree_ref(&base->guids);
  edit->next->texts = tree_ref(&base->texts);
  edit->next->settings = tree_ref(&base->settings);
  return edit;
}

static void end(snap_edit *edit) {
  free(edit->open);
  free(edit);
}

registry_snapshot *snap_edit_finish(snap_edit *edit, uint64_t seq) {
  registry_snapshot *next = edit->next;
  for (size_t i = 0; i < edit->open_count; i++) {
    snap_tenant *tenant = edit->open[i].tenant;
    if (edit->open[i].gone) {
      (void)tree_remove(&snap_tenant_kind, &next->tenants, tenant->name);
      snap_tenant_kind.unref(tenant);
    } else {
      tree_put(&snap_tenant_kind, &next->tenants, tenant);
    }
  }
  next->seq = seq;
  end(edit);
  return next;
}

void snap_edit_drop(snap_edit *edit) {
  for (size_t i = 0; i < edit->open_count; i++) snap_tenant_kind.unref(edit->open[i].tenant);
  registry_snapshot_unref(edit->next);
  end(edit);
}
