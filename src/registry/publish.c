/* Registering, in order (each step may end it):
 *
 *   1 the very bytes are live in the subject         -> that version
 *   2 compile, fingerprint, identity                 -> refusal
 *   3 the same meaning is live in the subject        -> that version
 *   4 mode                                           -> refusal
 *   5 compatibility                                  -> refusal
 *   6 semantic version, and off to the writer
 *
 * Confluent's clients number versions themselves through a metadata property,
 * confluent:version: asking for a version writes it there, and two schemas that
 * differ in nothing else are the same unless a version was asked for.
 *
 * What goes to the store or into the answer is copied into the request's arena:
 * the snapshot and the linked files are gone by then. */
#include "registry/publish.h"

#include "base/guard.h"
#include "fmt/base64.h"
#include "proto/schema/schema.h"
#include "registry/metadata.h"
#include "registry/name.h"
#include "registry/registry_internal.h"
#include "registry/setting.h"
#include "registry/work.h"

enum { MOST_ATTEMPTS = 3 };

struct publish_job {
  registry_work work;
  const registry_publish_in *in;
  registry_published_fn *done;
  void *arg;
  registry_published out;
  bool submit; /* the turn ended with something to write */
  unsigned attempts;
  stele_change change;
  stele_result result;
  registry_commit commit;
};

/* One look at the request: what it is compared with. */
typedef struct publish_view {
  linked_job *links;
  const registry_publish_in *in;
  const snap_subject *subject; /* NULL: new */
  const snap_version *newest;  /* live, or NULL */
  registry_config config;
  bool deleted; /* deleted versions count too */
  candidate *made;
  stele_str metadata; /* given or inherited, with the config's on top */
  finding_list told;  /* by the rules that are set: warnings, when it is taken */
} publish_view;

/* --- finding what is there already --------------------------------------- */

static bool look(publish_view *view, linked_job *links, const registry_publish_in *in, bool deleted,
                 stele_err *err) {
  *view = (publish_view){.links = links, .in = in, .deleted = deleted};
  view->subject = snap_find_subject(links->snapshot, in->tenant, in->subject);
  view->newest = view->subject ? view->subject->newest_live : NULL;
  return setting_config(links->arena, links->snapshot, in->tenant, in->subject, &view->config, err);
}

/* May this version be the answer, given the version that was asked for. */
static bool counts(const publish_view *view, const snap_version *v) {
  if (v->deleted && !view->deleted) return false;
  if (view->in->version == REGISTRY_NEXT_VERSION) return v == view->newest;
  return view->in->version <= 0 || view->in->version == v->version;
}

static bool same_references(const snap_content *stored, const stele_reference *asked,
                            size_t count) {
  if (stored->reference_count != count) return false;
  for (size_t i = 0; i < count; i++) {
    const stele_reference *s = &stored->references[i], *a = &asked[i];
    if (s->version != a->version || !stele_str_eq(s->name, a->name) ||
        !stele_str_eq(s->subject, a->subject) || !stele_str_eq(s->tenant, a->tenant)) {
      return false;
    }
  }
  return true;
}

/* The version with these very bytes: needs no compiler. */
static const snap_version *find_bytes(publish_view *view) {
  const registry_publish_in *in = view->in;
  const registry_refused *ignored = NULL;
  if (!view->subject || in->native) return NULL;
  candidate_source source = candidate_decode(view->links->arena, in->schema);
  const stele_reference *references = candidate_references(view->links, in->tenant, in->references,
                                                           in->reference_count, false, &ignored);
  if (!references) return NULL;
  for (uint32_t i = view->subject->count; i-- > 0;) {
    const snap_version *v = view->subject->versions[i];
    const snap_content *c = &v->content;
    if (!counts(view, v) || c->text->kind != source.kind || c->text->len != source.bytes.len) {
      continue;
    }
    if (memcmp(c->text->at, source.bytes.ptr, c->text->len) == 0 &&
        same_references(c, references, in->reference_count) &&
        stele_str_eq(c->metadata, in->metadata) && stele_str_eq(c->rule_set, in->rule_set)) {
      return v;
    }
  }
  return NULL;
}

static bool has_identity(const publish_view *view, const snap_version *v,
                         const stele_sha256 *identity) {
  const snap_schema *schema = snap_find_id(view->links->snapshot, v->tenant, v->id);
  return schema && memcmp(schema->identity->bytes, identity->bytes, sizeof identity->bytes) == 0;
}

static const snap_version *find_identity(const publish_view *view) {
  if (!view->subject) return NULL;
  const snap_version *deleted = NULL;
  for (uint32_t i = view->subject->count; i-- > 0;) {
    const snap_version *v = view->subject->versions[i];
    if (!counts(view, v) || !has_identity(view, v, &view->made->identity)) continue;
    if (!v->deleted) return v;
    if (!deleted) deleted = v;
  }
  return deleted;
}

static bool set_metadata(publish_view *view, stele_str metadata, stele_err *err) {
  view->made->content.metadata = metadata;
  return candidate_identify(view->links, view->made, err);
}

static bool unnumbered(publish_view *view, stele_str metadata, stele_str *out, stele_err *err) {
  return metadata_with(view->links->arena, metadata, METADATA_VERSION_KEY, (stele_str){0}, out,
                       err);
}

static bool same_but_number(publish_view *view, const snap_version *v, stele_str wanted, bool *same,
                            stele_err *err) {
  stele_str theirs;
  *same = false;
  if (!unnumbered(view, v->content.metadata, &theirs, err)) return false;
  if (!stele_str_eq(theirs, wanted)) return true;
  if (!set_metadata(view, v->content.metadata, err)) return false;
  *same = has_identity(view, v, &view->made->identity);
  return true;
}

/* The newest version that differs in nothing but confluent:version. */
static bool find_unnumbered(publish_view *view, const snap_version **found, stele_err *err) {
  stele_str given, wanted;
  if (!view->subject) return true;
  if (!metadata_property(view->links->arena, view->in->metadata, METADATA_VERSION_KEY, &given,
                         err) ||
      !unnumbered(view, view->metadata, &wanted, err)) {
    return false;
  }
  if (given.len) return true; /* a number was asked for */
  for (uint32_t i = view->subject->count; i-- > 0 && !*found;) {
    const snap_version *v = view->subject->versions[i];
    bool same;
    if (!counts(view, v)) continue;
    if (!same_but_number(view, v, wanted, &same, err)) return false;
    if (same) *found = v;
  }
  return true;
}

/* A request without references means a version that has them, when all else
 * is equal. */
static const snap_version *find_without_references(const publish_view *view) {
  if (view->in->reference_count || !view->subject || view->in->version != 0) return NULL;
  for (uint32_t i = view->subject->count; i-- > 0;) {
    const snap_version *v = view->subject->versions[i];
    const snap_schema *schema = snap_find_id(view->links->snapshot, v->tenant, v->id);
    if (!counts(view, v) || !schema || !v->content.reference_count) continue;
    if (memcmp(schema->fingerprint->bytes, view->made->fingerprint.bytes,
               sizeof schema->fingerprint->bytes) == 0 &&
        stele_str_eq(v->content.metadata, view->metadata)) {
      return v;
    }
  }
  return NULL;
}

static bool merge_metadata(publish_view *view, stele_err *err) {
  stele_arena *arena = view->links->arena;
  const registry_publish_in *in = view->in;
  stele_str own = in->metadata;
  if (!in->has_metadata && view->newest)
    own = stele_str_copy(arena, view->newest->content.metadata);
  return metadata_merge(arena, view->config.default_metadata, own, &own, err) &&
         metadata_merge(arena, own, view->config.override_metadata, &view->metadata, err);
}

static candidate *compile(publish_view *view, bool live_only, const registry_refused **refused,
                          stele_err *err) {
  const registry_publish_in *in = view->in;
  candidate_in *how = STELE_NEW(view->links->arena, candidate_in);
  *how = (candidate_in){.tenant = in->tenant,
                        .subject = in->subject,
                        .schema = in->schema,
                        .references = in->references,
                        .reference_count = in->reference_count,
                        .metadata = in->metadata,
                        .rule_set = in->rule_set,
                        .normalize = in->normalize || view->config.normalize,
                        .strict = in->native || view->config.validate_fields,
                        .by_name = in->native,
                        .live_only = live_only};
  return candidate_make(view->links, how, refused, err);
}

/* Compiles, and finds by meaning: first as it was given, then with the metadata
 * that it would get. Leaves that metadata in the candidate. */
static bool find_meaning(publish_view *view, const snap_version **found,
                         const registry_refused **refused, stele_err *err) {
  view->made = compile(view, !view->deleted, refused, err);
  if (!view->made || !merge_metadata(view, err)) return false;
  *found = find_identity(view);
  if (*found) return true;
  if (!set_metadata(view, view->metadata, err)) return false;
  *found = find_identity(view);
  if (!*found && !find_unnumbered(view, found, err)) return false;
  if (!*found) *found = find_without_references(view);
  return *found || set_metadata(view, view->metadata, err);
}

/* What a native registration is compared with is the newest version alone. */
static bool find_newest_same(publish_view *view, const snap_version **found,
                             const registry_refused **refused, stele_err *err) {
  view->made = compile(view, true, refused, err);
  if (!view->made || !merge_metadata(view, err) || !set_metadata(view, view->metadata, err)) {
    return false;
  }
  const stele_content *ours = &view->made->content;
  const snap_version *v = view->newest;
  if (!v || !has_identity(view, v, &view->made->identity)) return true;
  const snap_text *text = v->content.text;
  bool same = text->kind == ours->text_kind && text->len == ours->text.len &&
              memcmp(text->at, ours->text.ptr, text->len) == 0;
  if (same) *found = v;
  return true;
}

const snap_version *publish_find(linked_job *job, const registry_publish_in *in, bool deleted,
                                 const registry_refused **refused, stele_err *err) {
  publish_view view;
  if (!look(&view, job, in, deleted, err)) return NULL;
  const snap_version *found = find_bytes(&view);
  if (found) return found;
  return find_meaning(&view, &found, refused, err) ? found : NULL;
}

/* --- answering ----------------------------------------------------------- */

static stele_reference *copy_references(stele_arena *arena, const stele_reference *from,
                                        size_t count) {
  stele_reference *out = STELE_NEW_ARRAY(arena, stele_reference, count + 1);
  for (size_t i = 0; i < count; i++) {
    out[i] = (stele_reference){.name = stele_str_copy(arena, from[i].name),
                               .tenant = stele_str_copy(arena, from[i].tenant),
                               .subject = stele_str_copy(arena, from[i].subject),
                               .version = from[i].version};
  }
  return out;
}

static bool answer_existing(publish_job *job, const snap_version *v, stele_err *err) {
  stele_arena *arena = job->work.arena;
  const snap_schema *schema = snap_find_id(job->work.links->snapshot, v->tenant, v->id);
  const snap_content *c = &v->content;
  stele_str source;
  if (!text_of_version(job->work.links, v, job->in->form, &source, err)) return false;
  job->out = (registry_published){
      .id = v->id,
      .version = v->version,
      .time = v->time,
      .semver = stele_str_copy(arena, v->semver),
      .source = stele_str_copy(arena, source),
      .content = {.references = copy_references(arena, c->references, c->reference_count),
                  .reference_count = c->reference_count,
                  .metadata = stele_str_copy(arena, c->metadata),
                  .rule_set = stele_str_copy(arena, c->rule_set)},
  };
  if (schema) job->out.guid = *schema->guid;
  return true;
}

static int32_t next_version(const publish_view *view) {
  const snap_subject *s = view->subject;
  return s ? s->versions[s->count - 1]->version + 1 : 1;
}

/* --- judging ------------------------------------------------------------- */

static const registry_refused *refuse_incompatible(stele_arena *arena, stele_str subject,
                                                   const judgement *judged) {
  stele_buf list;
  stele_buf_init(&list, arena, 0);
  for (size_t i = 0; i < judged->messages.count; i++) {
    if (i) stele_buf_add_cstr(&list, ", ");
    stele_buf_add_str(&list, judged->messages.at[i]);
  }
  registry_refused *refused = STELE_NEW(arena, registry_refused);
  *refused = *REGISTRY_REFUSE(arena, REGISTRY_INCOMPATIBLE, subject, stele_buf_str(&list));
  refused->findings = judged->findings.at;
  refused->finding_count = judged->findings.count;
  return refused;
}

static const registry_refused *refuse_by_mode(publish_view *view) {
  stele_arena *arena = view->links->arena;
  const registry_publish_in *in = view->in;
  registry_mode mode = setting_mode(arena, view->links->snapshot, in->tenant, in->subject);
  if (registry_mode_is_read_only(mode)) {
    return REGISTRY_REFUSE(arena, REGISTRY_READ_ONLY, in->subject, in->tenant);
  }
  if (in->id > 0) return REGISTRY_REFUSE(arena, REGISTRY_NOT_IMPORT, in->subject, in->tenant);
  return NULL;
}

/* Numbers the version in the metadata, where clients ask for that. */
static bool number_version(publish_view *view, bool *numbered, const registry_refused **refused,
                           stele_err *err) {
  stele_arena *arena = view->links->arena;
  int32_t next = next_version(view), asked = view->in->version;
  stele_str present, text = stele_str_printf(arena, "%d", next), metadata;
  if (asked > 0 && asked != next) {
    *refused =
        REGISTRY_REFUSE(arena, REGISTRY_WRONG_VERSION, text, stele_str_printf(arena, "%d", asked));
    return true;
  }
  if (!metadata_property(arena, view->metadata, METADATA_VERSION_KEY, &present, err)) return false;
  *numbered = asked != REGISTRY_ANY_VERSION || present.len != 0;
  if (!*numbered) return true;
  return metadata_with(arena, view->metadata, METADATA_VERSION_KEY, text, &metadata, err) &&
         set_metadata(view, metadata, err);
}

static bool judge_policies(publish_view *view, const registry_refused **refused, stele_err *err) {
  judgement judged;
  const snap_version **against;
  judge_in in = {.file = view->made->file,
                 .metadata = view->made->content.metadata,
                 .config = &view->config,
                 .before = view->newest};
  if (view->in->force) return true;
  if (!judge_versions(view->links, view->subject, &view->config, in.metadata, &against, &in.count,
                      err)) {
    return false;
  }
  in.against = against;
  if (!judge_compatibility(view->links, &in, &judged, err)) return false;
  if (judged.incompatible) {
    *refused = refuse_incompatible(view->links->arena, view->in->subject, &judged);
    return true;
  }
  return judge_rules(view->links, &view->config, view->in->subject, view->made->file, view->newest,
                     &view->told, refused, err);
}

/* --- writing ------------------------------------------------------------- */

static stele_content keep_content(stele_arena *arena, const stele_content *c) {
  stele_content kept = *c;
  kept.references = copy_references(arena, c->references, c->reference_count);
  kept.metadata = stele_str_copy(arena, c->metadata);
  return kept;
}

static void fill_new(publish_job *job, const publish_view *view, judge_step *step) {
  stele_arena *arena = job->work.arena;
  const candidate *c = view->made;
  const snap_schema *known =
      snap_find_identity(view->links->snapshot, job->in->tenant, &c->identity);
  for (size_t i = 0; i < view->told.count; i++) {
    STELE_VEC_PUSH(arena, &step->findings, view->told.at[i]);
  }
  job->out = (registry_published){
      .created = true,
      .id = known ? known->id : 0,
      .version = next_version(view),
      .guid = known ? *known->guid : c->guid,
      .time = job->in->caller.time,
      .semver = stele_str_copy(arena, step->semver),
      .cls = step->cls,
      .findings = step->findings.at,
      .finding_count = step->findings.count,
      .content = keep_content(arena, &c->content),
  };
}

/* What a new version's text looks like in the form that was asked for. */
static bool fill_source(publish_job *job, const publish_view *view, stele_err *err) {
  const candidate *c = view->made;
  bool is_text = c->content.text_kind == STELE_TEXT_SOURCE;
  if (job->in->form != TEXT_DEFAULT || !is_text) {
    return text_of_file(job->work.arena, c->file, job->in->form, &job->out.source, err);
  }
  job->out.source = stele_bytes_str(c->content.text);
  return true;
}

static void fill_change(publish_job *job, const publish_view *view, bool numbered) {
  const registry_publish_in *in = job->in;
  const candidate *c = view->made;
  job->change = (stele_change){
      .kind = STELE_CHANGE_REGISTER,
      .origin = {.time = in->caller.time,
                 .author = in->caller.principal,
                 .source = in->caller.address},
      .reg = {.tenant = in->tenant,
              .subject = in->subject,
              .identity = c->identity,
              .fingerprint = c->fingerprint,
              .guid = c->guid,
              .content = job->out.content,
              .semver = job->out.semver,
              .state = STELE_STATE_ACTIVE,
              .judged = view->newest ? view->newest->version : 0,
              .version = numbered ? job->out.version : 0,
              .normalized = c->in->normalize,
              .sweep = !in->native},
  };
}

/* Metadata or rules alone: text and references are those of the newest version. */
static bool inherit_schema(publish_view *view) {
  stele_arena *arena = view->links->arena;
  if (view->in->native || !view->newest) return false;
  const snap_content *c = &view->newest->content;
  registry_publish_in *in = STELE_NEW(arena, registry_publish_in);
  *in = *view->in;
  in->schema = (stele_str){c->text->at, c->text->len};
  if (c->text->kind == STELE_TEXT_DESCRIPTOR) {
    stele_buf buf;
    stele_buf_init(&buf, arena, 0);
    stele_base64_encode(&buf, stele_str_bytes(in->schema));
    in->schema = stele_buf_str(&buf);
  }
  in->schema = stele_str_copy(arena, in->schema); /* it may be what is stored */
  in->references = c->references;
  in->reference_count = c->reference_count;
  view->in = in;
  return true;
}

/* --- one turn ------------------------------------------------------------ */

static bool judge_new(publish_job *job, publish_view *view, stele_err *err) {
  const registry_refused **refused = &job->out.refused;
  bool numbered = false;
  judge_step step;
  *refused = refuse_by_mode(view);
  if (*refused) return true;
  if (!job->in->native && !number_version(view, &numbered, refused, err)) return false;
  if (*refused) return true;
  if (!judge_policies(view, refused, err)) return false;
  if (*refused) return true;
  if (!judge_semver(view->links, view->newest, view->made->file, &step, err)) return false;
  fill_new(job, view, &step);
  if (!fill_source(job, view, err)) return false;
  fill_change(job, view, numbered);
  job->submit = !job->in->dry_run;
  return true;
}

static bool turn(publish_job *job, linked_job *links, stele_err *err) {
  publish_view view;
  const snap_version *found = NULL;
  registry_name name = {.tenant = job->in->tenant, .subject = job->in->subject};
  if (!registry_name_is_subject(&name)) {
    job->out.refused = REGISTRY_REFUSE(links->arena, REGISTRY_INVALID_SUBJECT, name.subject);
    return true;
  }
  if (!look(&view, links, job->in, false, err)) return false;
  if (!job->in->schema.len && !inherit_schema(&view)) {
    job->out.refused = REGISTRY_REFUSE_PLAIN(links->arena, REGISTRY_EMPTY_SCHEMA);
    return true;
  }
  found = find_bytes(&view);
  bool ok = found || (job->in->native ? find_newest_same(&view, &found, &job->out.refused, err)
                                      : find_meaning(&view, &found, &job->out.refused, err));
  if (!ok) return job->out.refused != NULL;
  if (found && (job->in->id <= 0 || job->in->id == found->id)) {
    return answer_existing(job, found, err);
  }
  return judge_new(job, &view, err);
}

static void publish_run(registry_work *work, linked_job *links) {
  publish_job *job = (publish_job *)(void *)work;
  job->out = (registry_published){0};
  job->submit = false;
  (void)turn(job, links, &work->err);
}

static void answer(publish_job *job, const stele_err *err) {
  if (err && err->code) job->out.err = *err;
  job->done(&job->out, job->arg);
}

/* --- after the writer ---------------------------------------------------- */

static void refuse_concurrent(void *arg) {
  publish_job *job = arg;
  job->out = (registry_published){
      .refused = REGISTRY_REFUSE(job->work.arena, REGISTRY_CONCURRENT, job->in->subject)};
}

static void try_again(publish_job *job) {
  stele_err err = {0};
  if (++job->attempts < MOST_ATTEMPTS) {
    if (!registry_work_start(&job->work, &err)) answer(job, &err);
    return;
  }
  answer(job, stele_guard_run(job->work.arena, refuse_concurrent, job, &err) ? NULL : &err);
}

static void committed(registry_commit *commit, const stele_err *failure, void *arg) {
  (void)commit;
  publish_job *job = arg;
  stele_err err = {0};
  if (failure) {
    answer(job, failure);
  } else if (job->result.why == STELE_WHY_DONE) {
    job->out.id = job->result.id;
    job->out.version = job->result.version;
    job->out.guid = job->result.guid;
    answer(job, NULL);
  } else if (stele_why_code(job->result.why) == STELE_CONFLICT) {
    try_again(job);
  } else {
    (void)stele_fail(&err, stele_why_code(job->result.why), "%s", stele_why_text(job->result.why));
    answer(job, &err);
  }
}

static void publish_done(registry_work *work) {
  publish_job *job = (publish_job *)(void *)work;
  stele_err err = {0};
  if (work->err.code || !job->submit) {
    answer(job, &work->err);
    return;
  }
  job->commit = (registry_commit){
      .batch = {.changes = &job->change, .count = 1, .results = &job->result},
      .done = committed,
      .arg = job,
  };
  if (!registry_submit(work->registry, &job->commit, &err)) answer(job, &err);
}

publish_job *registry_publish_new(stele_registry *r, stele_arena *arena,
                                  const registry_publish_in *in, registry_published_fn *done,
                                  void *arg) {
  publish_job *job = STELE_NEW(arena, publish_job);
  *job = (publish_job){
      .work = {.registry = r, .arena = arena, .run = publish_run, .done = publish_done},
      .in = in,
      .done = done,
      .arg = arg,
  };
  return job;
}

bool registry_publish_start(publish_job *job, stele_err *err) {
  return registry_work_start(&job->work, err);
}
