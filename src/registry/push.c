/* A push is one compile and one transaction.
 *
 * All files are compiled together; they come back imports first, and in that
 * order each gets its references, identity, verdict and version, so that what a
 * file refers to is known when it is named. Files whose identity and text are
 * those of the newest live version are left alone; if nothing is left, there is
 * no release.
 *
 * A known idempotency key is answered from what its release made: the store is
 * asked with the head alone, which says whether the request is the same. */
#include "registry/push.h"

#include <stdlib.h>

#include "base/guard.h"
#include "base/path.h"
#include "fmt/semver.h"
#include "proto/identity/identity.h"
#include "proto/print/print.h"
#include "proto/schema/schema.h"
#include "registry/candidate.h"
#include "registry/policy.h"
#include "registry/setting.h"
#include "registry/work.h"

enum { MOST_ATTEMPTS = 3 };

static const char *const status_texts[] = {"created", "changed", "unchanged", "removed"};

const char *push_status_text(push_status status) {
  return status_texts[status];
}

/* One file on its way. */
typedef struct push_item {
  const registry_push_file *in;
  const stele_file *file;
  const snap_subject *subject; /* NULL: new */
  const snap_version *newest;  /* live, or NULL */
  stele_content content;
  stele_sha256 fingerprint, identity;
  stele_md5 guid;
  registry_pushed_file out;
  bool is_new; /* a version is to be written */
} push_item;

struct push_job {
  registry_work work;
  const registry_push_in *in;
  registry_pushed_fn *done;
  void *arg;
  registry_pushed out;
  unsigned attempts;
  bool submit;
  bool replay; /* only the head goes to the store: is the key's request this one? */
  stele_change *changes;
  size_t change_count;
  registry_commit commit;
};

/* One turn of it. */
typedef struct push_turn {
  push_job *job;
  const registry_push_in *in;
  linked_job *links;
  const registry_snapshot *snapshot;
  stele_arena *arena;
  binding_set set;
  stele_map items;              /* push_item by path */
  STELE_VEC(push_item *) order; /* imports first */
  STELE_VEC(registry_pushed_file) removed;
  finding_list refusing;
  bool incompatible;             /* by a compatibility level; else by rules alone */
  STELE_VEC(policy_file) policy; /* items in order, then what is removed */
  check_class cls;
  const registry_refused *refused;
  stele_err *err;
} push_turn;

/* --- what was sent ------------------------------------------------------- */

const char *registry_push_path_fault(stele_str path) {
  static const char suffix[] = ".proto";
  size_t len = sizeof suffix - 1;
  const char *fault = stele_path_fault(path);
  if (fault) return fault;
  if (path.len <= len || memcmp(path.ptr + path.len - len, suffix, len) != 0) {
    return "does not end in .proto";
  }
  return NULL;
}

static bool check_path(push_turn *t, stele_str path) {
  const char *fault = registry_push_path_fault(path);
  if (!fault) return true;
  t->refused = REGISTRY_REFUSE(t->arena, REGISTRY_BAD_PATH, path, stele_cstr(fault));
  return false;
}

static bool add_file(push_turn *t, const registry_push_file *in) {
  if (!check_path(t, in->path)) return false;
  void **place = stele_map_add(&t->items, in->path);
  if (*place) {
    t->refused =
        REGISTRY_REFUSE(t->arena, REGISTRY_BAD_PATH, in->path, STELE_STR("is there twice"));
    return false;
  }
  push_item *item = STELE_NEW(t->arena, push_item);
  item->in = in;
  item->subject = snap_find_subject(t->snapshot, t->in->tenant, in->path);
  item->newest = item->subject ? item->subject->newest_live : NULL;
  *place = item;
  (void)binding_add_text(&t->set, in->path, in->content, STELE_TEXT_SOURCE);
  return true;
}

static bool add_files(push_turn *t) {
  for (size_t i = 0; i < t->in->file_count; i++) {
    if (!add_file(t, &t->in->files[i])) return false;
  }
  return true;
}

/* --- compiling ----------------------------------------------------------- */

/* Appends items in the order of the schema's files: imports first. */
static void order_items(push_turn *t, const stele_schema *schema) {
  size_t count;
  const stele_file *const *files = stele_schema_files(schema, &count);
  for (size_t i = 0; i < count; i++) {
    push_item *item = stele_map_find(&t->items, files[i]->name);
    if (!item || item->file) continue;
    item->file = files[i];
    STELE_VEC_PUSH(t->arena, &t->order, item);
  }
}

static const registry_refused *with_findings(push_turn *t, const registry_refused *refused,
                                             const registry_finding *findings, size_t count) {
  registry_refused *with = STELE_NEW(t->arena, registry_refused);
  *with = *refused;
  with->findings = findings;
  with->finding_count = count;
  return with;
}

static void refuse_report(push_turn *t, const stele_report *report) {
  size_t count;
  const registry_finding *findings = candidate_findings(t->arena, report, &count);
  t->refused =
      with_findings(t,
                    REGISTRY_REFUSE(t->arena, REGISTRY_INVALID_SCHEMA, STELE_STR("PROTOBUF"),
                                    candidate_first_error(t->arena, findings, count)),
                    findings, count);
}

static bool compile_all(push_turn *t) {
  stele_str *paths = STELE_NEW_ARRAY(t->arena, stele_str, t->in->file_count + 1);
  for (size_t i = 0; i < t->in->file_count; i++) paths[i] = t->in->files[i].path;
  linked_options options = {.by_name = true,
                            .tenant = t->in->tenant,
                            .not_by_name = t->in->removed,
                            .not_by_name_count = t->in->removed_count};
  stele_report *report = stele_report_new(t->links->reports, 100);
  const stele_schema *schema =
      linked_compile(t->links, &t->set, paths, t->in->file_count, &options, report, t->err);
  if (schema) {
    order_items(t, schema);
    return true;
  }
  if (t->err->code != STELE_INVALID) return false;
  *t->err = (stele_err){0};
  refuse_report(t, report);
  return false;
}

/* --- naming -------------------------------------------------------------- */

typedef STELE_VEC(stele_reference) reference_list;
typedef STELE_VEC(stele_identity_reference) identity_list;

/* The newest version's reference of that name, when it still means the same:
 * so a comment in an import makes no new version of those who import it. */
static const stele_reference *kept_reference(push_turn *t, const push_item *item, stele_str name,
                                             const stele_sha256 *identity) {
  const snap_content *c = item->newest ? &item->newest->content : NULL;
  for (uint32_t i = 0; c && i < c->reference_count; i++) {
    const stele_reference *r = &c->references[i];
    if (!stele_str_eq(r->name, name)) continue;
    const snap_subject *subject = snap_find_subject(t->snapshot, r->tenant, r->subject);
    const snap_version *v = subject ? snap_find_version(subject, r->version) : NULL;
    const snap_schema *schema =
        v && !v->deleted ? snap_find_id(t->snapshot, r->tenant, v->id) : NULL;
    bool same = schema && memcmp(schema->identity->bytes, identity->bytes, STELE_SHA256_BYTES) == 0;
    return same ? r : NULL;
  }
  return NULL;
}

static void add_reference(push_turn *t, const push_item *item, const stele_reference *found,
                          const stele_sha256 *identity, reference_list *references,
                          identity_list *identities) {
  const stele_reference *kept = kept_reference(t, item, found->name, identity);
  STELE_VEC_PUSH(t->arena, references, kept ? *kept : *found);
  STELE_VEC_PUSH(t->arena, identities, (stele_identity_reference){found->name, *identity});
}

static void refer(push_turn *t, push_item *item, identity_list *identities) {
  reference_list references = {0};
  for (uint32_t i = 0; i < item->file->import_count; i++) {
    stele_str path = item->file->imports[i].path;
    const push_item *pushed = stele_map_find(&t->items, path);
    const binding *bound = binding_find(&t->set, path);
    if (pushed) {
      stele_reference r = {pushed->in->path, t->in->tenant, pushed->in->path, pushed->out.version};
      add_reference(t, item, &r, &pushed->identity, &references, identities);
    } else if (bound && bound->stored && bound->identity) {
      const snap_version *v = bound->stored;
      stele_reference r = {bound->name, v->tenant, v->subject, v->version};
      add_reference(t, item, &r, bound->identity, &references, identities);
    }
  }
  item->content.references = references.at;
  item->content.reference_count = references.count;
}

static bool name_item(push_turn *t, push_item *item) {
  identity_list identities = {0};
  stele_buf canonical;
  item->content = (stele_content){.text = item->in->content, .text_kind = STELE_TEXT_SOURCE};
  if (item->newest) {
    item->content.metadata = item->newest->content.metadata;
    item->content.rule_set = item->newest->content.rule_set;
  }
  refer(t, item, &identities);
  stele_buf_init(&canonical, t->arena, 0);
  if (!stele_fingerprint(t->arena, item->file, &item->fingerprint, t->err) ||
      !stele_print_file(t->arena, item->file, &(stele_print_options){.form = STELE_PRINT_CANONICAL},
                        &canonical, t->err)) {
    return false;
  }
  stele_identity_in in = {.fingerprint = item->fingerprint,
                          .references = identities.at,
                          .reference_count = identities.count,
                          .metadata = item->content.metadata,
                          .rule_set = item->content.rule_set};
  return stele_identity_of(t->arena, &in, &item->identity, t->err) &&
         candidate_guid(t->arena, stele_buf_str(&canonical), &item->content, &item->guid, t->err);
}

/* --- judging ------------------------------------------------------------- */

static bool is_unchanged(push_turn *t, const push_item *item) {
  const snap_version *v = item->newest;
  if (!v) return false;
  const snap_schema *schema = snap_find_id(t->snapshot, v->tenant, v->id);
  const snap_text *text = v->content.text;
  return schema && memcmp(schema->identity->bytes, item->identity.bytes, STELE_SHA256_BYTES) == 0 &&
         text->kind == STELE_TEXT_SOURCE && text->len == item->in->content.len &&
         memcmp(text->at, item->in->content.ptr, text->len) == 0;
}

static void keep_unchanged(push_turn *t, push_item *item) {
  item->out = (registry_pushed_file){.subject = item->in->path,
                                     .status = PUSH_UNCHANGED,
                                     .version = item->newest->version,
                                     .id = item->newest->id,
                                     .semver = stele_str_copy(t->arena, item->newest->semver)};
}

/* Put down to be judged by the rules of its subject, when all files are known. */
static bool add_policy(push_turn *t, const stele_file *file, const snap_version *older,
                       const policy *rules) {
  policy_file *judged = STELE_VEC_ADD(t->arena, &t->policy);
  *judged = (policy_file){.file = file, .rules = rules};
  if (!older) return true;
  judged->version = older->version;
  judged->older = linked_version(t->links, older->subject, older, t->err);
  return judged->older != NULL;
}

static bool judge_policies(push_turn *t, push_item *item, finding_list *findings) {
  registry_config config;
  judgement judged;
  const snap_version **against;
  judge_in in = {.file = item->file,
                 .metadata = item->content.metadata,
                 .config = &config,
                 .before = item->newest};
  if (!setting_config(t->arena, t->snapshot, t->in->tenant, item->in->path, &config, t->err) ||
      !judge_versions(t->links, item->subject, &config, in.metadata, &against, &in.count, t->err)) {
    return false;
  }
  in.against = against;
  if (!judge_compatibility(t->links, &in, &judged, t->err)) return false;
  for (size_t i = 0; i < judged.findings.count; i++) {
    STELE_VEC_PUSH(t->arena, findings, judged.findings.at[i]);
    STELE_VEC_PUSH(t->arena, &t->refusing, judged.findings.at[i]);
  }
  t->incompatible = t->incompatible || judged.incompatible;
  return add_policy(t, item->file, item->newest, config.rules);
}

static bool check_mode(push_turn *t, stele_str subject) {
  registry_mode mode = setting_mode(t->arena, t->snapshot, t->in->tenant, subject);
  if (!registry_mode_is_read_only(mode)) return true;
  t->refused = REGISTRY_REFUSE(t->arena, REGISTRY_READ_ONLY, subject, t->in->tenant);
  return false;
}

static bool judge_item(push_turn *t, push_item *item) {
  judge_step step;
  finding_list findings = {0};
  if (!check_mode(t, item->in->path) || !judge_policies(t, item, &findings) ||
      !judge_semver(t->links, item->newest, item->file, &step, t->err)) {
    return false;
  }
  for (size_t i = 0; i < step.findings.count; i++) {
    STELE_VEC_PUSH(t->arena, &findings, step.findings.at[i]);
  }
  const snap_subject *s = item->subject;
  const snap_schema *known = snap_find_identity(t->snapshot, t->in->tenant, &item->identity);
  item->is_new = true;
  item->out = (registry_pushed_file){
      .subject = item->in->path,
      .status = item->newest ? PUSH_CHANGED : PUSH_CREATED,
      .version = s ? s->versions[s->count - 1]->version + 1 : 1,
      .id = known ? known->id : 0,
      .semver = stele_str_copy(t->arena, step.semver),
      .cls = step.cls,
      .findings = findings.at,
      .finding_count = findings.count,
  };
  if (step.cls > t->cls) t->cls = step.cls;
  return true;
}

static bool name_and_judge(push_turn *t) {
  for (size_t i = 0; i < t->order.count; i++) {
    push_item *item = t->order.at[i];
    if (!name_item(t, item)) return false;
    if (is_unchanged(t, item)) {
      keep_unchanged(t, item);
      if (!add_policy(t, item->file, NULL, NULL)) return false;
    } else if (!judge_item(t, item)) {
      return false;
    }
  }
  return true;
}

static void add_findings(push_turn *t, registry_pushed_file *out, const finding_list *told) {
  finding_list all = {0};
  for (size_t i = 0; i < out->finding_count; i++) STELE_VEC_PUSH(t->arena, &all, out->findings[i]);
  for (size_t i = 0; i < told->count; i++) {
    STELE_VEC_PUSH(t->arena, &all, told->at[i]);
    if (told->at[i].refuses) STELE_VEC_PUSH(t->arena, &t->refusing, told->at[i]);
  }
  out->findings = all.at;
  out->finding_count = all.count;
}

/* All files together, so that what moved from one to another is seen. */
static bool judge_by_rules(push_turn *t) {
  if (!policy_judge(t->arena, t->policy.at, t->policy.count, t->err)) return false;
  for (size_t i = 0; i < t->policy.count; i++) {
    bool is_item = i < t->order.count;
    add_findings(t, is_item ? &t->order.at[i]->out : &t->removed.at[i - t->order.count],
                 &t->policy.at[i].findings);
  }
  return true;
}

/* --- removing ------------------------------------------------------------ */

static bool is_removed(const push_turn *t, stele_str path) {
  for (size_t i = 0; i < t->in->removed_count; i++) {
    if (stele_str_eq(t->in->removed[i], path)) return true;
  }
  return false;
}

/* Is that referrer what its subject says today, and still after this push. */
static bool stays(push_turn *t, const snap_referrer *r) {
  if (r->deleted) return false;
  bool ours = stele_str_eq(r->tenant, t->in->tenant);
  const push_item *item = ours ? stele_map_find(&t->items, r->subject) : NULL;
  if (ours && (is_removed(t, r->subject) || (item && item->is_new))) return false;
  const snap_subject *subject = snap_find_subject(t->snapshot, r->tenant, r->subject);
  return subject && subject->newest_live && subject->newest_live->version == r->version;
}

static bool is_needed(push_turn *t, const snap_subject *subject) {
  const snap_tenant *tenant = snap_find_tenant(t->snapshot, t->in->tenant);
  for (uint32_t i = 0; i < subject->count; i++) {
    int32_t version = subject->versions[i]->version;
    snap_referrer_cursor c = snap_referrers(t->arena, tenant, subject->name, version);
    for (const snap_referrer *r; (r = snap_next_referrer(&c));) {
      if (!stays(t, r)) continue;
      t->refused = REGISTRY_REFUSE(t->arena, REGISTRY_REFERENCED, subject->name,
                                   stele_str_printf(t->arena, "%d", version));
      return true;
    }
  }
  return false;
}

static bool remove_path(push_turn *t, stele_str path) {
  const snap_subject *subject = snap_find_subject(t->snapshot, t->in->tenant, path);
  if (stele_map_find(&t->items, path)) {
    t->refused =
        REGISTRY_REFUSE(t->arena, REGISTRY_BAD_PATH, path, STELE_STR("is both pushed and removed"));
    return false;
  }
  if (!subject || !subject->newest_live) {
    t->refused = REGISTRY_REFUSE(t->arena, REGISTRY_SUBJECT_NOT_FOUND, path);
    return false;
  }
  if (!check_mode(t, path) || is_needed(t, subject)) return false;
  const snap_version *last = subject->newest_live;
  STELE_VEC_PUSH(t->arena, &t->removed,
                 (registry_pushed_file){.subject = path,
                                        .status = PUSH_REMOVED,
                                        .version = last->version,
                                        .id = last->id,
                                        .semver = stele_str_copy(t->arena, last->semver),
                                        .cls = CHECK_MAJOR});
  t->cls = CHECK_MAJOR;
  registry_config config;
  return setting_config(t->arena, t->snapshot, t->in->tenant, path, &config, t->err) &&
         add_policy(t, NULL, last, config.rules);
}

static bool remove_paths(push_turn *t) {
  for (size_t i = 0; i < t->in->removed_count; i++) {
    if (!remove_path(t, t->in->removed[i])) return false;
  }
  return true;
}

/* --- the answer and the changes ------------------------------------------ */

static int by_subject(const void *a, const void *b) {
  stele_str x = ((const registry_pushed_file *)a)->subject;
  stele_str y = ((const registry_pushed_file *)b)->subject;
  return stele_str_order(x, y);
}

/* Sorted by path; the removed ones behind. */
static void list_files(push_turn *t) {
  size_t count = t->order.count + t->removed.count;
  registry_pushed_file *files = STELE_NEW_ARRAY(t->arena, registry_pushed_file, count + 1);
  for (size_t i = 0; i < t->order.count; i++) files[i] = t->order.at[i]->out;
  if (t->order.count > 1) qsort(files, t->order.count, sizeof *files, by_subject);
  for (size_t i = 0; i < t->removed.count; i++) files[t->order.count + i] = t->removed.at[i];
  t->job->out.files = files;
  t->job->out.file_count = count;
}

static const snap_release *newest_release(const push_turn *t) {
  const snap_tenant *tenant = snap_find_tenant(t->snapshot, t->in->tenant);
  return tenant ? snap_newest_release(tenant) : NULL;
}

static void state_release(push_turn *t) {
  registry_pushed *out = &t->job->out;
  const snap_release *last = newest_release(t);
  out->cls = t->cls;
  out->semver = last ? stele_str_copy(t->arena, last->semver) : (stele_str){0};
  if (t->cls == CHECK_NONE) {
    out->release = last ? last->number : 0;
  } else {
    out->semver = last ? judge_next_semver(t->arena, last->semver, t->cls) : STELE_STR("1.0.0");
  }
}

static stele_reference *copy_references(stele_arena *arena, const stele_content *c) {
  stele_reference *out = STELE_NEW_ARRAY(arena, stele_reference, c->reference_count + 1);
  for (size_t i = 0; i < c->reference_count; i++) {
    const stele_reference *r = &c->references[i];
    out[i] = (stele_reference){.name = stele_str_copy(arena, r->name),
                               .tenant = stele_str_copy(arena, r->tenant),
                               .subject = stele_str_copy(arena, r->subject),
                               .version = r->version};
  }
  return out;
}

static stele_change register_change(push_turn *t, const push_item *item) {
  stele_content content = item->content;
  content.references = copy_references(t->arena, &content);
  content.metadata = stele_str_copy(t->arena, content.metadata);
  content.rule_set = stele_str_copy(t->arena, content.rule_set);
  return (stele_change){
      .kind = STELE_CHANGE_REGISTER,
      .reg = {.tenant = t->in->tenant,
              .subject = item->in->path,
              .identity = item->identity,
              .fingerprint = item->fingerprint,
              .guid = item->guid,
              .content = content,
              .semver = item->out.semver,
              .state = STELE_STATE_ACTIVE,
              .judged = item->newest ? item->newest->version : 0,
              .version = item->out.version},
  };
}

/* SHA-256 over everything that makes the request what it is. */
static bool digest_request(push_turn *t, stele_sha256 *out) {
  const registry_push_in *in = t->in;
  stele_buf head;
  stele_buf_init(&head, t->arena, 0);
  stele_buf_printf(&head, "%d %zu %zu\n", in->base_release, in->file_count, in->removed_count);
  for (size_t i = 0; i < in->file_count; i++) {
    stele_sha256 content;
    stele_str text = stele_bytes_str(in->files[i].content);
    if (!stele_sha256_of(&text, 1, &content, t->err)) return false;
    stele_buf_add_str(&head, in->files[i].path);
    stele_buf_add_byte(&head, 0);
    stele_buf_add(&head, content.bytes, sizeof content.bytes);
  }
  for (size_t i = 0; i < in->removed_count; i++) {
    stele_buf_add_str(&head, in->removed[i]);
    stele_buf_add_byte(&head, 0);
  }
  stele_str text = stele_buf_str(&head);
  return stele_sha256_of(&text, 1, out, t->err);
}

static bool make_head(push_turn *t, size_t members, stele_change *head) {
  const registry_push_in *in = t->in;
  *head = (stele_change){
      .kind = STELE_CHANGE_RELEASE,
      .origin = {.time = in->caller.time,
                 .author = in->caller.principal,
                 .source = in->caller.address,
                 .commit = in->commit,
                 .key = in->key},
      .release = {.tenant = in->tenant,
                  .semver = t->job->out.semver,
                  .base = in->base_release,
                  .count = members},
  };
  return !in->key.len || digest_request(t, &head->origin.key_digest);
}

static bool make_changes(push_turn *t) {
  size_t members = t->removed.count;
  for (size_t i = 0; i < t->order.count; i++) members += t->order.at[i]->is_new;
  stele_change *changes = STELE_NEW_ARRAY(t->arena, stele_change, members + 1);
  size_t at = 1;
  for (size_t i = 0; i < t->order.count; i++) {
    if (t->order.at[i]->is_new) changes[at++] = register_change(t, t->order.at[i]);
  }
  for (size_t i = 0; i < t->removed.count; i++) {
    changes[at++] = (stele_change){.kind = STELE_CHANGE_DELETE_SUBJECT,
                                   .delete_subject = {.tenant = t->in->tenant,
                                                      .subject = t->removed.at[i].subject,
                                                      .force = true}};
  }
  t->job->changes = changes;
  t->job->change_count = members + 1;
  t->job->submit = true;
  return make_head(t, members, &changes[0]);
}

/* --- a key that is known ------------------------------------------------- */

static const snap_release *find_key(const push_turn *t) {
  const snap_tenant *tenant = snap_find_tenant(t->snapshot, t->in->tenant);
  if (!tenant || !t->in->key.len) return NULL;
  tree_cursor c = tree_seek(&snap_release_kind, &tenant->releases, STELE_STR(""));
  for (const snap_release *r; (r = tree_next(&c));) {
    if (stele_str_eq(r->key, t->in->key)) return r;
  }
  return NULL;
}

static const snap_version *live_before(const snap_subject *subject, uint32_t at) {
  while (at-- > 0) {
    if (!subject->versions[at]->deleted) return subject->versions[at];
  }
  return NULL;
}

/* The class of a step, from the two versions' own numbers. */
static check_class class_between(const snap_version *from, const snap_version *to) {
  stele_semver a, b;
  if (!from) return CHECK_MINOR;
  if (!stele_semver_parse(from->semver, &a) || !stele_semver_parse(to->semver, &b)) {
    return CHECK_PATCH;
  }
  if (a.major != b.major) return CHECK_MAJOR;
  return a.minor != b.minor ? CHECK_MINOR : CHECK_PATCH;
}

static void replay_version(push_turn *t, const snap_subject *subject, uint32_t at) {
  const snap_version *v = subject->versions[at];
  const snap_version *before = live_before(subject, at);
  registry_pushed_file *out = STELE_VEC_ADD(t->arena, &t->removed);
  *out = (registry_pushed_file){.subject = stele_str_copy(t->arena, v->subject),
                                .status = before ? PUSH_CHANGED : PUSH_CREATED,
                                .version = v->version,
                                .id = v->id,
                                .semver = stele_str_copy(t->arena, v->semver),
                                .cls = class_between(before, v)};
  if (out->cls > t->cls) t->cls = out->cls;
}

static bool replay(push_turn *t, const snap_release *release) {
  const snap_tenant *tenant = snap_find_tenant(t->snapshot, t->in->tenant);
  tree_cursor c = tree_seek(&snap_subject_kind, &tenant->subjects, STELE_STR(""));
  for (const snap_subject *s; (s = tree_next(&c));) {
    for (uint32_t i = 0; i < s->count; i++) {
      if (s->versions[i]->release == release->number) replay_version(t, s, i);
    }
  }
  registry_pushed *out = &t->job->out;
  list_files(t);
  out->release = release->number;
  out->semver = stele_str_copy(t->arena, release->semver);
  out->cls = t->cls;
  out->repeated = true;
  t->job->changes = STELE_NEW(t->arena, stele_change);
  t->job->change_count = 1;
  t->job->submit = t->job->replay = true;
  return make_head(t, 0, t->job->changes);
}

/* --- one turn ------------------------------------------------------------ */

static bool check_base(push_turn *t) {
  const snap_release *last = newest_release(t);
  int32_t newest = last ? last->number : 0, base = t->in->base_release;
  if (base == 0 || base == newest) return true;
  t->refused =
      REGISTRY_REFUSE(t->arena, REGISTRY_BASE_MOVED, stele_str_printf(t->arena, "%d", newest),
                      stele_str_printf(t->arena, "%d", base));
  return false;
}

static void refuse_findings(push_turn *t) {
  registry_refusal_id id = t->incompatible ? REGISTRY_INCOMPATIBLE : REGISTRY_RULES_BROKEN;
  t->refused = with_findings(t,
                             REGISTRY_REFUSE(t->arena, id, t->refusing.at[0].file,
                                             judge_list_findings(t->arena, &t->refusing)),
                             t->refusing.at, t->refusing.count);
}

static bool turn(push_turn *t) {
  const snap_release *known = find_key(t);
  if (known) return replay(t, known);
  if (!check_base(t) || !add_files(t) || !compile_all(t) || !name_and_judge(t) ||
      !remove_paths(t) || !judge_by_rules(t)) {
    return false;
  }
  list_files(t);
  state_release(t);
  if (t->refusing.count) {
    refuse_findings(t);
    return false;
  }
  return t->cls == CHECK_NONE || t->in->dry_run || make_changes(t);
}

static void push_run(registry_work *work, linked_job *links) {
  push_job *job = (push_job *)(void *)work;
  job->out = (registry_pushed){0};
  job->submit = job->replay = false;
  push_turn *t = STELE_NEW(work->arena, push_turn);
  *t = (push_turn){.job = job,
                   .in = job->in,
                   .links = links,
                   .snapshot = links->snapshot,
                   .arena = work->arena,
                   .err = &work->err};
  binding_set_init(&t->set, t->arena, t->snapshot);
  stele_map_init(&t->items, t->arena, 0);
  if (!turn(t)) job->submit = false;
  job->out.refused = t->refused;
}

/* --- after the writer ---------------------------------------------------- */

static void answer(push_job *job, const stele_err *err) {
  if (err && err->code) job->out.err = *err;
  job->done(&job->out, job->arg);
}

static void take_results(push_job *job) {
  const stele_result *results = job->commit.batch.results;
  job->out.release = results[0].release;
  if (job->replay) return;
  registry_pushed_file *files = (registry_pushed_file *)(uintptr_t)job->out.files;
  for (size_t i = 1; i < job->change_count; i++) {
    if (job->changes[i].kind != STELE_CHANGE_REGISTER) continue;
    for (size_t k = 0; k < job->out.file_count; k++) {
      if (!stele_str_eq(files[k].subject, job->changes[i].reg.subject)) continue;
      files[k].id = results[i].id;
      files[k].version = results[i].version;
    }
  }
}

/* Why the group was not taken: the member's reason, not "another failed". */
static stele_why first_why(const push_job *job) {
  const stele_result *results = job->commit.batch.results;
  for (size_t i = 0; i < job->change_count; i++) {
    if (results[i].why != STELE_WHY_DONE && results[i].why != STELE_WHY_OTHER_FAILED) {
      return results[i].why;
    }
  }
  return results[0].why;
}

static void refuse_result(void *arg) {
  push_job *job = arg;
  stele_arena *arena = job->work.arena;
  const registry_refused *refused =
      first_why(job) == STELE_WHY_KEY_REUSED
          ? REGISTRY_REFUSE(arena, REGISTRY_KEY_REUSED, job->in->key)
          : REGISTRY_REFUSE(arena, REGISTRY_CONCURRENT, STELE_STR("the tree"));
  job->out = (registry_pushed){.refused = refused};
}

static void committed(registry_commit *commit, const stele_err *failure, void *arg) {
  push_job *job = arg;
  stele_err err = {0};
  (void)commit;
  if (failure) {
    answer(job, failure);
    return;
  }
  stele_why why = first_why(job);
  if (why == STELE_WHY_DONE) {
    take_results(job);
    answer(job, NULL);
    return;
  }
  stele_code code = stele_why_code(why);
  if (code == STELE_CONFLICT && ++job->attempts < MOST_ATTEMPTS) {
    if (!registry_work_start(&job->work, &err)) answer(job, &err);
    return;
  }
  if (code == STELE_CONFLICT || why == STELE_WHY_KEY_REUSED) {
    answer(job, stele_guard_run(job->work.arena, refuse_result, job, &err) ? NULL : &err);
    return;
  }
  (void)stele_fail(&err, code, "%s", stele_why_text(why));
  answer(job, &err);
}

static void make_results(void *arg) {
  push_job *job = arg;
  job->commit.batch.results = STELE_NEW_ARRAY(job->work.arena, stele_result, job->change_count);
}

static void push_done(registry_work *work) {
  push_job *job = (push_job *)(void *)work;
  stele_err err = {0};
  if (work->err.code || !job->submit) {
    answer(job, &work->err);
    return;
  }
  job->commit = (registry_commit){.batch = {.changes = job->changes, .count = job->change_count},
                                  .done = committed,
                                  .arg = job};
  if (!stele_guard_run(work->arena, make_results, job, &err) ||
      !registry_submit(work->registry, &job->commit, &err)) {
    answer(job, &err);
  }
}

push_job *registry_push_new(stele_registry *r, stele_arena *arena, const registry_push_in *in,
                            registry_pushed_fn *done, void *arg) {
  push_job *job = STELE_NEW(arena, push_job);
  *job = (push_job){
      .work = {.registry = r, .arena = arena, .run = push_run, .done = push_done},
      .in = in,
      .done = done,
      .arg = arg,
  };
  return job;
}

bool registry_push_start(push_job *job, stele_err *err) {
  return registry_work_start(&job->work, err);
}
