/* Which rules are on: `use` less `except`, ids and categories alike, each
 * deprecated id standing for what replaced it. */
#include "base/guard.h"
#include "check/judge/judge.h"
#include "check/rule/rule_internal.h"

typedef struct select_job {
  stele_arena *arena;
  const rule_config *config;
  rule_selection *selection;
  const rule *rows;
  size_t count;
  bool *is_on, *is_named; /* by index */
} select_job;

static bool is_in_set(const select_job *job, const rule *row) {
  uint32_t set = row->sets[job->config->set];
  uint32_t categories = set & ~(uint32_t)(RULE_IN_SET | RULE_IS_DEFAULT);
  if (job->config->without_platform && categories == RULE_IN_PLATFORM) return false;
  return (set & RULE_IN_SET) != 0;
}

static const rule *row_of(const select_job *job, const char *id) {
  const rule *row = rule_find(stele_cstr(id));
  return row && row->kind == job->config->kind ? row : NULL;
}

/* The bit of a category that some rule of the set is in, or 0. */
static uint32_t category_bit(const select_job *job, stele_str name) {
  for (unsigned bit = 0; rule_category_name(bit); bit++) {
    if (!stele_str_eq(name, stele_cstr(rule_category_name(bit)))) continue;
    if (job->config->without_platform && 1u << bit == RULE_IN_PLATFORM) return 0;
    for (size_t i = 0; i < job->count; i++) {
      uint32_t set = job->rows[i].sets[job->config->set];
      if ((set & RULE_IN_SET) && (set & 1u << bit)) return 1u << bit;
    }
  }
  return 0;
}

static void each_replacement(select_job *job, const rule *row, void *arg,
                             void (*each)(select_job *job, size_t index, void *arg)) {
  if (!row->is_deprecated) {
    each(job, (size_t)(row - job->rows), arg);
    return;
  }
  for (size_t i = 0; i < STELE_COUNT(row->replaced_by) && row->replaced_by[i]; i++) {
    const rule *other = row_of(job, row->replaced_by[i]);
    if (other && is_in_set(job, other)) each(job, (size_t)(other - job->rows), arg);
  }
}

/* Calls `each` for every rule that an id or a category means. */
static void each_of(select_job *job, stele_str id, void *arg,
                    void (*each)(select_job *job, size_t index, void *arg)) {
  const rule *row = rule_find(id);
  if (row && row->kind == job->config->kind && is_in_set(job, row)) {
    if (row->is_deprecated && !job->is_named[row - job->rows]) {
      job->is_named[row - job->rows] = true;
      STELE_VEC_PUSH(job->arena, &job->selection->deprecated, row);
    }
    each_replacement(job, row, arg, each);
    return;
  }
  uint32_t bit = category_bit(job, id);
  if (!bit) {
    stele_guard_leave(job->arena, STELE_INVALID,
                      "\"" STELE_STR_FMT "\" is not a known rule or category ID",
                      STELE_STR_ARG(id));
  }
  for (size_t i = 0; i < job->count; i++) {
    if (is_in_set(job, &job->rows[i]) && (job->rows[i].sets[job->config->set] & bit)) {
      each_replacement(job, &job->rows[i], arg, each);
    }
  }
}

static void turn(select_job *job, size_t index, void *arg) {
  job->is_on[index] = *(const bool *)arg;
}

static void turn_each(select_job *job, const stele_str *ids, size_t count, bool on) {
  for (size_t i = 0; i < count; i++) {
    if (ids[i].len > 0) each_of(job, ids[i], &on, turn);
  }
}

static void leave_out(select_job *job, size_t index, void *arg) {
  const rule_ignore *ignore = arg;
  rule_paths *paths = &job->selection->ignore_only[index];
  for (size_t i = 0; i < ignore->path_count; i++) {
    STELE_VEC_PUSH(job->arena, &paths->at, ignore->paths[i]);
  }
}

static bool is_any(const stele_str *ids, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (ids[i].len > 0) return true;
  }
  return false;
}

static void turn_defaults(select_job *job) {
  for (size_t i = 0; i < job->count; i++) {
    uint32_t set = job->rows[i].sets[job->config->set];
    job->is_on[i] = (set & RULE_IN_SET) && (set & RULE_IS_DEFAULT);
  }
}

static void keep(select_job *job, const rule *row) {
  rule_selection *selection = job->selection;
  if (row->is_unchecked) {
    STELE_VEC_PUSH(job->arena, &selection->unchecked, row);
    return;
  }
  STELE_VEC_PUSH(job->arena, &selection->on, row);
  STELE_VEC_PUSH(job->arena, &selection->by_element[row->on], row);
  if (row->looks_through) STELE_VEC_PUSH(job->arena, &selection->through[row->on], row);
}

static stele_str or_default(stele_str text, stele_str otherwise) {
  return text.len > 0 ? text : otherwise;
}

static void run_select(void *arg) {
  select_job *job = arg;
  const rule_config *config = job->config;
  rule_selection *selection = STELE_NEW(job->arena, rule_selection);
  job->selection = selection;
  job->rows = rule_table(config->kind, &job->count);
  job->is_on = STELE_NEW_ARRAY(job->arena, bool, job->count);
  job->is_named = STELE_NEW_ARRAY(job->arena, bool, job->count);
  selection->config = config;
  selection->table = job->rows;
  selection->ignore_only = STELE_NEW_ARRAY(job->arena, rule_paths, job->count);
  selection->zero_suffix = or_default(config->enum_zero_value_suffix, STELE_STR("_UNSPECIFIED"));
  selection->service_suffix = or_default(config->service_suffix, STELE_STR("Service"));
  if (is_any(config->use, config->use_count)) {
    turn_each(job, config->use, config->use_count, true);
  } else {
    turn_defaults(job);
  }
  turn_each(job, config->except, config->except_count, false);
  for (size_t i = 0; i < config->ignore_only_count; i++) {
    each_of(job, config->ignore_only[i].id, (void *)(uintptr_t)&config->ignore_only[i], leave_out);
  }
  for (size_t i = 0; i < job->count; i++) {
    if (job->is_on[i]) keep(job, &job->rows[i]);
  }
}

const rule_selection *rule_select(stele_arena *arena, const rule_config *config, stele_err *err) {
  select_job job = {.arena = arena, .config = config};
  return stele_guard_run(arena, run_select, &job, err) ? job.selection : NULL;
}

bool rule_is_known(rule_set set, bool without_platform, stele_str id) {
  for (int kind = 0; kind < RULE_KIND_COUNT; kind++) {
    rule_config config = {
        .kind = (rule_kind)kind, .set = set, .without_platform = without_platform};
    select_job job = {.config = &config};
    job.rows = rule_table(config.kind, &job.count);
    const rule *row = rule_find(id);
    if (category_bit(&job, id) || (row && row->kind == config.kind && is_in_set(&job, row))) {
      return true;
    }
  }
  return false;
}

const rule *const *rule_selected(const rule_selection *selection, size_t *count) {
  *count = selection->on.count;
  return selection->on.at;
}

const rule *const *rule_unchecked(const rule_selection *selection, size_t *count) {
  *count = selection->unchecked.count;
  return selection->unchecked.at;
}

const rule *const *rule_deprecated(const rule_selection *selection, size_t *count) {
  *count = selection->deprecated.count;
  return selection->deprecated.at;
}

rule_reach rule_reach_of(const rule *row) {
  if (row->on == RULE_ON_TREE) return RULE_REACHES_TREE;
  bool is_group = row->on == RULE_ON_PACKAGE || row->on == RULE_ON_FOLDER;
  return is_group ? RULE_REACHES_GROUP : RULE_REACHES_FILE;
}
