/* The class of a whole step: file by file, as a registry would class them, and
 * the files that come and go. What left a file for another one is said to have
 * moved: its class is the same, since those who import the file miss it. */
#include "base/guard.h"
#include "base/map.h"
#include "check/semver/semver_internal.h"
#include "proto/identity/identity.h"

typedef struct tree_job {
  stele_arena *arena;
  const stele_file *const *older, *const *newer;
  size_t older_count, newer_count;
  stele_map homes; /* full name of a type or a service -> its file now; built when asked for */
  bool has_homes;
  check_finding_vec found;
  check_findings out;
} tree_job;

static void add_file(tree_job *job, const check_rule *rule, const stele_file *was,
                     const stele_file *now, const char *what) {
  stele_str name = was ? was->name : now->name, none = {"", 0};
  check_finding finding = {
      .rule = rule,
      .message = stele_str_printf(job->arena, "the file \"" STELE_STR_FMT "\" %s",
                                  STELE_STR_ARG(name), what),
      .path = name,
      .old_place = {was ? name : none, -1, -1},
      .new_place = {now ? name : none, -1, -1},
  };
  STELE_VEC_PUSH(job->arena, &job->found, finding);
}

/* Is there anything at all that is not the same: comments and layout are told by
 * the source info, where both have one; the rest by the fingerprints. */
static bool is_same_text(tree_job *job, const stele_file *was, const stele_file *now) {
  bool both = was->source_info.len && now->source_info.len;
  stele_sha256 old, new;
  stele_err err = {0};
  if (both && !stele_bytes_eq(was->source_info, now->source_info)) return false;
  if (!stele_fingerprint(job->arena, was, &old, &err) ||
      !stele_fingerprint(job->arena, now, &new, &err)) {
    stele_guard_leave(job->arena, err.code, "%s", err.msg);
  }
  return memcmp(old.bytes, new.bytes, sizeof old.bytes) == 0;
}

/* ---- where things went -------------------------------------------------------- */

static void add_home(tree_job *job, stele_str name, const stele_file *file) {
  *stele_map_add(&job->homes, name) = (void *)(uintptr_t)file;
}

static void add_enums(tree_job *job, const stele_enum *enums, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) add_home(job, enums[i].full_name, enums[i].file);
}

static void add_messages(tree_job *job, const stele_message *messages, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) { /* as deep as the parser lets them nest */
    add_home(job, messages[i].full_name, messages[i].file);
    add_messages(job, messages[i].messages, messages[i].message_count);
    add_enums(job, messages[i].enums, messages[i].enum_count);
  }
}

static const stele_file *home_of(tree_job *job, stele_str name) {
  if (!job->has_homes) stele_map_init(&job->homes, job->arena, 0);
  for (size_t i = 0; i < job->newer_count && !job->has_homes; i++) {
    const stele_file *file = job->newer[i];
    add_messages(job, file->messages, file->message_count);
    add_enums(job, file->enums, file->enum_count);
    for (uint32_t k = 0; k < file->service_count; k++) {
      add_home(job, file->services[k].full_name, file);
    }
  }
  job->has_homes = true;
  return stele_map_find(&job->homes, name);
}

static check_finding with_home(tree_job *job, const stele_file *was, check_finding finding) {
  const check_rule *rule = finding.rule;
  bool is_type = rule == &semver_rules[SEMVER_MESSAGE_REMOVED] ||
                 rule == &semver_rules[SEMVER_ENUM_REMOVED] ||
                 rule == &semver_rules[SEMVER_SERVICE_REMOVED];
  const stele_file *home = is_type ? home_of(job, finding.path) : NULL;
  if (!home || stele_str_eq(home->name, was->name)) return finding;
  finding.message = stele_str_printf(
      job->arena, STELE_STR_FMT " from this file: it is in \"" STELE_STR_FMT "\" now",
      STELE_STR_ARG(finding.message), STELE_STR_ARG(home->name));
  return finding;
}

/* ---- file by file --------------------------------------------------------------- */

/* One pair of files. The judge has a guard of its own; what stops it, stops us. */
static void judge_pair(tree_job *job, const stele_file *was, const stele_file *now) {
  check_class cls;
  check_findings findings;
  stele_err err = {0};
  if (!check_semver(job->arena, was, now, &cls, &findings, &err)) {
    stele_guard_leave(job->arena, err.code, "%s", err.msg);
  }
  for (size_t i = 0; i < findings.count; i++) {
    STELE_VEC_PUSH(job->arena, &job->found, with_home(job, was, findings.at[i]));
  }
  if (cls == CHECK_NONE && !is_same_text(job, was, now)) {
    add_file(job, &semver_rules[SEMVER_TEXT_CHANGED], was, now,
             "changed in what has no effect on wire or code: comments, layout, some options");
  }
}

static stele_map names_of(tree_job *job, const stele_file *const *files, size_t count) {
  stele_map names;
  stele_map_init(&names, job->arena, 0);
  for (size_t i = 0; i < count; i++) {
    *stele_map_add(&names, files[i]->name) = (void *)(uintptr_t)files[i];
  }
  return names;
}

static void sort_found(tree_job *job) {
  check_finding *sorted = STELE_NEW_ARRAY(job->arena, check_finding, job->found.count + 1);
  size_t count = 0;
  for (int cls = CHECK_MAJOR; cls >= CHECK_NONE; cls--) {
    for (size_t i = 0; i < job->found.count; i++) {
      if ((int)job->found.at[i].rule->cls == cls) sorted[count++] = job->found.at[i];
    }
  }
  job->out = (check_findings){sorted, count};
}

static void judge_files(void *arg) {
  tree_job *job = arg;
  stele_map newer = names_of(job, job->newer, job->newer_count);
  stele_map older = names_of(job, job->older, job->older_count);
  for (size_t i = 0; i < job->older_count; i++) {
    const stele_file *was = job->older[i], *now = stele_map_find(&newer, was->name);
    if (now) {
      judge_pair(job, was, now);
    } else {
      add_file(job, &semver_rules[SEMVER_FILE_REMOVED], was, NULL, "was removed");
    }
  }
  for (size_t i = 0; i < job->newer_count; i++) {
    if (stele_map_find(&older, job->newer[i]->name)) continue;
    add_file(job, &semver_rules[SEMVER_FILE_ADDED], NULL, job->newer[i], "was added");
  }
  sort_found(job);
}

bool check_semver_tree(stele_arena *arena, const stele_file *const *older, size_t older_count,
                       const stele_file *const *newer, size_t newer_count, check_class *cls,
                       check_findings *out, stele_err *err) {
  tree_job job = {.arena = arena,
                  .older = older,
                  .newer = newer,
                  .older_count = older_count,
                  .newer_count = newer_count};
  *out = (check_findings){0};
  *cls = CHECK_NONE;
  if (!stele_guard_run(arena, judge_files, &job, err)) return false;
  *out = job.out;
  if (out->count) *cls = out->at[0].rule->cls;
  return true;
}
