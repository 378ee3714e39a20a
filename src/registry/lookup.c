/* A lookup is the first half of a registration; a trial its middle. */
#include "registry/lookup.h"

#include "registry/name.h"

/* --- is it here ---------------------------------------------------------- */

static bool has_subject(linked_job *links, stele_str tenant, stele_str subject, bool deleted) {
  const snap_subject *s = snap_find_subject(links->snapshot, tenant, subject);
  return s && (deleted || s->live_count);
}

/* The tenant to look in: the one that was meant, else the first that has the
 * subject. */
static bool find_tenant(linked_job *links, const registry_publish_in *in, bool deleted,
                        bool anywhere, stele_str *out) {
  *out = in->tenant;
  if (has_subject(links, in->tenant, in->subject, deleted)) return true;
  if (!anywhere) return false;
  tree_cursor c = tree_seek(&snap_tenant_kind, &links->snapshot->tenants, STELE_STR(""));
  for (const snap_tenant *t; (t = tree_next(&c));) {
    *out = t->name;
    if (has_subject(links, t->name, in->subject, deleted)) return true;
  }
  return false;
}

const snap_version *registry_lookup(linked_job *links, const registry_publish_in *in, bool deleted,
                                    bool anywhere, const registry_refused **refused,
                                    stele_err *err) {
  registry_publish_in *there = STELE_NEW(links->arena, registry_publish_in);
  *there = *in;
  if (!find_tenant(links, in, deleted, anywhere, &there->tenant)) {
    *refused = REGISTRY_REFUSE(links->arena, REGISTRY_SUBJECT_NOT_FOUND,
                               registry_name_print(links->arena, in->tenant, in->subject));
    return NULL;
  }
  if (!there->schema.len) {
    *refused = REGISTRY_REFUSE_PLAIN(links->arena, REGISTRY_EMPTY_SCHEMA);
    return NULL;
  }
  const snap_version *found = publish_find(links, there, deleted, refused, err);
  if (!found && !*refused && !err->code) {
    *refused = REGISTRY_REFUSE_PLAIN(links->arena, REGISTRY_CONTENT_NOT_FOUND);
  }
  return found;
}

/* --- would it be taken --------------------------------------------------- */

typedef struct trial_against {
  const snap_version **at;
  size_t count;
} trial_against;

static bool refuse_version(linked_job *links, int32_t version, const registry_refused **refused) {
  *refused = REGISTRY_REFUSE(links->arena, REGISTRY_VERSION_NOT_FOUND,
                             stele_str_printf(links->arena, "%d", version));
  return false;
}

static bool find_one(linked_job *links, const snap_subject *subject, int32_t version,
                     trial_against *out, const registry_refused **refused) {
  const snap_version *found = NULL;
  if (version == TRIAL_NEWEST) {
    found = subject ? subject->newest_live : NULL;
    if (!found) return true; /* nothing to be incompatible with */
  } else {
    found = subject ? snap_find_version(subject, version) : NULL;
    if (!found || found->deleted) return refuse_version(links, version, refused);
  }
  out->at = STELE_NEW_ARRAY(links->arena, const snap_version *, 1);
  out->at[0] = found;
  out->count = 1;
  return true;
}

static candidate *compile(linked_job *links, const registry_publish_in *in,
                          const registry_config *config, const registry_refused **refused,
                          stele_err *err) {
  candidate_in *how = STELE_NEW(links->arena, candidate_in);
  *how = (candidate_in){.tenant = in->tenant,
                        .subject = in->subject,
                        .schema = in->schema,
                        .references = in->references,
                        .reference_count = in->reference_count,
                        .metadata = in->metadata,
                        .rule_set = in->rule_set,
                        .strict = in->native || config->validate_fields,
                        .by_name = in->native,
                        .live_only = true};
  if (in->schema.len) return candidate_make(links, how, refused, err);
  *refused = REGISTRY_REFUSE_PLAIN(links->arena, REGISTRY_EMPTY_SCHEMA);
  return NULL;
}

/* A version of another compatibility group says nothing. */
static bool keep_group(linked_job *links, judge_in *what, stele_err *err) {
  bool same = true;
  if (what->count &&
      !judge_same_group(links, what->config, what->metadata, what->against[0], &same, err)) {
    return false;
  }
  if (!same) what->count = 0;
  return true;
}

bool registry_try(linked_job *links, const registry_publish_in *in, int32_t against,
                  registry_trial *out, const registry_refused **refused, stele_err *err) {
  const snap_subject *subject = snap_find_subject(links->snapshot, in->tenant, in->subject);
  registry_config config;
  trial_against versions = {0};
  judgement judged;
  if (!setting_config(links->arena, links->snapshot, in->tenant, in->subject, &config, err)) {
    return false;
  }
  if (against != TRIAL_BY_LEVEL && !find_one(links, subject, against, &versions, refused)) {
    return false;
  }
  candidate *made = compile(links, in, &config, refused, err);
  if (!made) return false;
  if (against == TRIAL_BY_LEVEL &&
      !judge_versions(links, subject, &config, in->metadata, &versions.at, &versions.count, err)) {
    return false;
  }
  judge_in what = {.file = made->file,
                   .metadata = in->metadata,
                   .config = &config,
                   .against = versions.at,
                   .count = versions.count};
  const snap_version *older = subject ? subject->newest_live : NULL;
  if (against != TRIAL_BY_LEVEL) {
    older = versions.count ? versions.at[0] : NULL;
    if (!keep_group(links, &what, err)) return false;
  }
  what.before = older;
  if (!judge_compatibility(links, &what, &judged, err)) return false;
  const registry_refused *broken = NULL;
  finding_list told;
  if (!judge_rules(links, &config, in->subject, made->file, older, &told, &broken, err)) {
    return false;
  }
  for (size_t i = 0; i < told.count; i++) {
    STELE_VEC_PUSH(links->arena, &judged.findings, told.at[i]);
  }
  if (broken) {
    STELE_VEC_PUSH(links->arena, &judged.messages, judge_list_findings(links->arena, &told));
  }
  *out = (registry_trial){.compatible = !judged.incompatible && !broken,
                          .messages = judged.messages.at,
                          .message_count = judged.messages.count,
                          .findings = judged.findings.at,
                          .finding_count = judged.findings.count};
  return true;
}
