/* Confluent's order of judging: versions newest first, for each the forward
 * direction before the backward one, and the first that fails ends it. The
 * messages have Confluent's shape, since clients show and parse them. */
#include "registry/judge.h"

#include "base/num.h"
#include "check/element/docs.h"
#include "check/semver/semver.h"
#include "fmt/semver.h"
#include "proto/schema/schema.h"
#include "registry/metadata.h"
#include "registry/policy.h"

enum { MOST_SCHEMA_BYTES = 10 << 10 }; /* of an old schema in a message */

/* --- compatibility ------------------------------------------------------- */

/* Copied: the linked files are let go of before the answer is written. */
static registry_finding from_check(stele_arena *arena, const check_finding *f, int32_t against,
                                   bool refuses) {
  return (registry_finding){
      .rule = stele_cstr(f->rule->name),
      .message = stele_str_copy(arena, f->message),
      .hint = stele_cstr(f->rule->hint),
      .file = stele_str_copy(arena, f->new_place.file),
      .line = f->new_place.line + 1,
      .column = f->new_place.column + 1,
      .path = stele_str_copy(arena, f->path),
      .against = against,
      .refuses = refuses,
  };
}

static void add_message(linked_job *job, judgement *out, const check_finding *f) {
  STELE_VEC_PUSH(job->arena, &out->messages,
                 stele_str_printf(job->arena,
                                  "{errorType:\"%s\", description:\"" STELE_STR_FMT
                                  " at path '" STELE_STR_FMT "'\"}",
                                  f->rule->name, STELE_STR_ARG(f->message),
                                  STELE_STR_ARG(f->path)));
}

static stele_str old_schema_text(const snap_version *old) {
  stele_str text;
  if (!snap_content_source(&old->content, &text)) return STELE_STR("<a descriptor>");
  if (text.len > MOST_SCHEMA_BYTES) return STELE_STR("<truncated>");
  return text;
}

static void add_old_schema(linked_job *job, judgement *out, const snap_version *old) {
  stele_str text = old_schema_text(old);
  STELE_VEC_PUSH(job->arena, &out->messages,
                 stele_str_printf(job->arena, "{oldSchemaVersion: %d}", old->version));
  STELE_VEC_PUSH(
      job->arena, &out->messages,
      stele_str_printf(job->arena, "{oldSchema: '" STELE_STR_FMT "'}", STELE_STR_ARG(text)));
}

static void add_settings(linked_job *job, judgement *out, const registry_config *config) {
  STELE_VEC_PUSH(job->arena, &out->messages,
                 stele_str_printf(job->arena, "{validateFields: '%s', compatibility: '%s'}",
                                  config->validate_fields ? "true" : "false",
                                  registry_level_get(config->level)->name));
}

/* One direction against one version; `*failed` when something refuses. */
static bool judge_direction(linked_job *job, const judge_in *in, const snap_version *old,
                            const stele_file *old_file, check_direction direction, judgement *out,
                            bool *failed, stele_err *err) {
  check_findings findings;
  *failed = false;
  if (!check_confluent_refusals(job->arena, old_file, in->file, direction, &findings, err)) {
    return false;
  }
  for (size_t i = 0; i < findings.count; i++) {
    const check_finding *f = &findings.at[i];
    *failed = true;
    STELE_VEC_PUSH(job->arena, &out->findings, from_check(job->arena, f, old->version, true));
    add_message(job, out, f);
  }
  return true;
}

static bool judge_version(linked_job *job, const judge_in *in, const snap_version *old,
                          judgement *out, stele_err *err) {
  const registry_level_row *level = registry_level_get(in->config->level);
  bool forward = false, backward = false;
  const stele_file *file = linked_version(job, old->subject, old, err);
  if (!file) return false;
  if (level->forward && !judge_direction(job, in, old, file, CHECK_FORWARD, out, &forward, err)) {
    return false;
  }
  if (level->backward &&
      !judge_direction(job, in, old, file, CHECK_BACKWARD, out, &backward, err)) {
    return false;
  }
  if (!forward && !backward) return true;
  out->incompatible = true;
  add_old_schema(job, out, old);
  return true;
}

/* --- names that the metadata reserves ------------------------------------ */

/* The next name of "a, b, c", without what surrounds it; false at the end. */
static bool next_name(stele_str *list, stele_str *name) {
  while (list->len) {
    const char *comma = memchr(list->ptr, ',', list->len);
    size_t len = comma ? (size_t)(comma - list->ptr) : list->len, next = comma ? len + 1 : len;
    *name = (stele_str){list->ptr, len};
    *list = (stele_str){list->ptr + next, list->len - next};
    while (name->len && name->ptr[0] <= ' ') name->ptr++, name->len--;
    while (name->len && name->ptr[name->len - 1] <= ' ') name->len--;
    if (name->len) return true;
  }
  return false;
}

static bool has_name(stele_str list, stele_str wanted) {
  stele_str name;
  while (next_name(&list, &name)) {
    if (stele_str_eq(name, wanted)) return true;
  }
  return false;
}

/* A field of a message that stands at the top, outside of oneofs. */
static const stele_field *find_field(const stele_file *file, stele_str name) {
  for (uint32_t i = 0; i < file->message_count; i++) {
    const stele_message *message = &file->messages[i];
    for (uint32_t j = 0; j < message->field_count; j++) {
      const stele_field *field = &message->fields[j];
      if (!check_oneof_of(field) && stele_str_eq(field->name, name)) return field;
    }
  }
  return NULL;
}

static void add_reserved(linked_job *job, judgement *out, registry_finding finding) {
  finding.refuses = true;
  out->incompatible = true;
  STELE_VEC_PUSH(job->arena, &out->findings, finding);
  STELE_VEC_PUSH(job->arena, &out->messages, finding.message);
}

static void judge_conflict(linked_job *job, const judge_in *in, stele_str name, judgement *out) {
  const stele_field *field = find_field(in->file, name);
  if (!field) return;
  check_docs docs;
  check_docs_init(&docs, job->arena);
  check_place at = check_docs_place(&docs, STELE_SYMBOL_FIELD, field);
  add_reserved(job, out,
               (registry_finding){
                   .rule = STELE_STR("FIELD_CONFLICTS_WITH_RESERVED_FIELD"),
                   .message = stele_str_printf(job->arena,
                                               "The new schema has a field \"" STELE_STR_FMT
                                               "\", a name that its metadata reserves.",
                                               STELE_STR_ARG(name)),
                   .hint = STELE_STR("Give the field another name."),
                   .file = stele_str_copy(job->arena, at.file),
                   .line = at.line + 1,
                   .column = at.column + 1,
               });
}

static bool judge_reserved(linked_job *job, const judge_in *in, judgement *out, stele_err *err) {
  stele_str before = {0}, now, name, list;
  if (!metadata_property(job->arena, in->metadata, METADATA_RESERVED_KEY, &now, err)) return false;
  if (in->before && !metadata_property(job->arena, in->before->content.metadata,
                                       METADATA_RESERVED_KEY, &before, err)) {
    return false;
  }
  for (list = before; next_name(&list, &name);) {
    if (has_name(now, name)) continue;
    add_reserved(job, out,
                 (registry_finding){
                     .rule = STELE_STR("RESERVED_FIELD_REMOVED"),
                     .message = stele_str_printf(job->arena,
                                                 "The metadata of the new schema reserves the name "
                                                 "\"" STELE_STR_FMT "\" no more.",
                                                 STELE_STR_ARG(name)),
                     .hint = STELE_STR("Keep the name in the property confluent:reserved."),
                     .against = in->before->version,
                 });
  }
  for (list = now; next_name(&list, &name);) judge_conflict(job, in, name, out);
  return true;
}

/* Reserved names first, whatever the level; then the versions that it asks about. */
bool judge_compatibility(linked_job *job, const judge_in *in, judgement *out, stele_err *err) {
  *out = (judgement){0};
  if (in->config->validate_fields && !judge_reserved(job, in, out, err)) return false;
  bool is_any = in->config->level != REGISTRY_LEVEL_NONE, reserved = out->incompatible;
  out->incompatible = false;
  for (size_t i = in->count; is_any && i-- > 0 && !out->incompatible;) {
    if (!judge_version(job, in, in->against[i], out, err)) return false;
  }
  out->incompatible = out->incompatible || reserved;
  if (out->incompatible) add_settings(job, out, in->config);
  return true;
}

/* --- rules ---------------------------------------------------------------- */

stele_str judge_list_findings(stele_arena *arena, const finding_list *findings) {
  stele_buf list;
  stele_buf_init(&list, arena, 0);
  for (size_t i = 0; i < findings->count; i++) {
    if (!findings->at[i].refuses) continue;
    if (list.len) stele_buf_add_cstr(&list, ", ");
    stele_buf_printf(&list, "{errorType:\"" STELE_STR_FMT "\", description:\"" STELE_STR_FMT "\"}",
                     STELE_STR_ARG(findings->at[i].rule), STELE_STR_ARG(findings->at[i].message));
  }
  return stele_buf_str(&list);
}

bool judge_rules(linked_job *job, const registry_config *config, stele_str subject,
                 const stele_file *file, const snap_version *older, finding_list *out,
                 const registry_refused **refused, stele_err *err) {
  policy_file judged = {.file = file, .rules = config->rules};
  *out = (finding_list){0};
  if (!config->rules) return true;
  if (older) {
    judged.version = older->version;
    judged.older = linked_version(job, older->subject, older, err);
    if (!judged.older) return false;
  }
  if (!policy_judge(job->arena, &judged, 1, err)) return false;
  *out = judged.findings;
  if (!judged.refuses) return true;
  registry_refused *with = STELE_NEW(job->arena, registry_refused);
  *with = *REGISTRY_REFUSE(job->arena, REGISTRY_RULES_BROKEN, subject,
                           judge_list_findings(job->arena, &judged.findings));
  with->findings = judged.findings.at;
  with->finding_count = judged.findings.count;
  *refused = with;
  return true;
}

/* --- which versions ------------------------------------------------------ */

typedef STELE_VEC(const snap_version *) version_list;

bool judge_same_group(linked_job *job, const registry_config *config, stele_str metadata,
                      const snap_version *version, bool *same, stele_err *err) {
  stele_str ours, theirs;
  *same = true;
  if (!config->group.len) return true;
  if (!metadata_property(job->arena, metadata, config->group, &ours, err) ||
      !metadata_property(job->arena, version->content.metadata, config->group, &theirs, err)) {
    return false;
  }
  *same = stele_str_eq(ours, theirs);
  return true;
}

bool judge_versions(linked_job *job, const snap_subject *subject, const registry_config *config,
                    stele_str metadata, const snap_version ***out, size_t *count, stele_err *err) {
  version_list list = {0};
  uint32_t all = subject ? subject->count : 0;
  for (uint32_t i = 0; i < all; i++) {
    bool same;
    if (subject->versions[i]->deleted) continue;
    if (!judge_same_group(job, config, metadata, subject->versions[i], &same, err)) return false;
    if (same) STELE_VEC_PUSH(job->arena, &list, subject->versions[i]);
  }
  bool only_newest = !registry_level_get(config->level)->transitive && list.count > 1;
  *out = only_newest ? &list.at[list.count - 1] : list.at;
  *count = only_newest ? 1 : list.count;
  return true;
}

/* --- semantic versions --------------------------------------------------- */

stele_str judge_first_semver(stele_arena *arena, stele_str package) {
  size_t start = package.len;
  while (start && package.ptr[start - 1] != '.') start--;
  stele_str last = {package.ptr + start, package.len - start};
  uint64_t number;
  if (last.len < 2 || last.ptr[0] != 'v') return STELE_STR("1.0.0");
  last.ptr++, last.len--;
  if (last.ptr[0] == '0' || !stele_num_parse_u64(last, &number) || number > UINT32_MAX) {
    return STELE_STR("1.0.0");
  }
  return stele_str_printf(arena, STELE_STR_FMT ".0.0", STELE_STR_ARG(last));
}

static const stele_semver_class classes[] = {
    [CHECK_NONE] = STELE_SEMVER_NONE,
    [CHECK_PATCH] = STELE_SEMVER_PATCH,
    [CHECK_MINOR] = STELE_SEMVER_MINOR,
    [CHECK_MAJOR] = STELE_SEMVER_MAJOR,
};

stele_str judge_next_semver(stele_arena *arena, stele_str from, check_class cls) {
  stele_semver version, next;
  stele_buf buf;
  if (!stele_semver_parse(from, &version)) version = (stele_semver){.major = 1};
  if (!stele_semver_bump(&version, classes[cls], &next)) return from;
  stele_buf_init(&buf, arena, 0);
  stele_semver_print(&buf, &next);
  return stele_buf_str(&buf);
}

bool judge_semver(linked_job *job, const snap_version *from, const stele_file *file,
                  judge_step *out, stele_err *err) {
  *out = (judge_step){.cls = CHECK_MINOR}; /* a new subject adds to what is there */
  if (!from) {
    out->semver = judge_first_semver(job->arena, file->package);
    return true;
  }
  check_findings findings;
  const stele_file *old = linked_version(job, from->subject, from, err);
  if (!old || !check_semver(job->arena, old, file, &out->cls, &findings, err)) return false;
  if (out->cls == CHECK_NONE) out->cls = CHECK_PATCH; /* the texts differ, or we were not asked */
  for (size_t i = 0; i < findings.count; i++) {
    STELE_VEC_PUSH(job->arena, &out->findings,
                   from_check(job->arena, &findings.at[i], from->version, false));
  }
  out->semver = judge_next_semver(job->arena, from->semver, out->cls);
  return true;
}
