/* The class of a whole step: file by file, as a registry would class them, and
 * the files that come and go. */
#include "base/guard.h"
#include "base/map.h"
#include "check/semver/semver_internal.h"

static const check_rule file_removed = {
    "FILE_REMOVED", CHECK_MAJOR, false, "A file was removed.",
    "Keep the file; what is not wanted any more is marked deprecated in it."};
static const check_rule file_added = {"FILE_ADDED", CHECK_MINOR, false, "A file was added.", ""};
static const check_rule text_changed = {
    "TEXT_CHANGED", CHECK_PATCH, false,
    "Comments, layout or options without effect on wire or code changed.", ""};

typedef struct tree_job {
  stele_arena *arena;
  const stele_file *const *older, *const *newer;
  size_t older_count, newer_count;
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
 * the source info, where both have one. */
static bool is_same_text(const stele_file *was, const stele_file *now) {
  bool both = was->source_info.len && now->source_info.len;
  return !both || stele_bytes_eq(was->source_info, now->source_info);
}

/* One pair of files. The judge has a guard of its own; what stops it, stops us. */
static void judge_pair(tree_job *job, const stele_file *was, const stele_file *now) {
  check_class cls;
  check_findings findings;
  stele_err err = {0};
  if (!check_semver(job->arena, was, now, &cls, &findings, &err)) {
    stele_guard_leave(job->arena, err.code, "%s", err.msg);
  }
  for (size_t i = 0; i < findings.count; i++) {
    STELE_VEC_PUSH(job->arena, &job->found, findings.at[i]);
  }
  if (cls == CHECK_NONE && !is_same_text(was, now)) {
    add_file(job, &text_changed, was, now, "changed its comments or its layout");
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
      add_file(job, &file_removed, was, NULL, "was removed");
    }
  }
  for (size_t i = 0; i < job->newer_count; i++) {
    if (stele_map_find(&older, job->newer[i]->name)) continue;
    add_file(job, &file_added, NULL, job->newer[i], "was added");
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
