/* Rule policies: two trees are laid out once, and each different set of rules
 * runs over them with the files that it is set for as the files in question;
 * all others are there as imports are.
 *
 * A set is up to two runs, of lint and of breaking changes. */
#include "registry/policy.h"

#include "base/map.h"
#include "check/judge/judge.h"
#include "proto/schema/schema.h"

/* --- names --------------------------------------------------------------- */

static bool has_name(const rule *row, stele_str name) {
  uint32_t set = row->sets[RULE_SET_V2];
  if (!(set & RULE_IN_SET)) return false;
  if (stele_str_eq(stele_cstr(row->id), name)) return true;
  const char *category;
  for (unsigned bit = 0; (category = rule_category_name(bit)); bit++) {
    if (set >> bit & 1 && stele_str_eq(stele_cstr(category), name)) return true;
  }
  return false;
}

static bool is_name_of(rule_kind kind, stele_str name) {
  size_t count;
  const rule *rows = rule_table(kind, &count);
  for (size_t i = 0; i < count; i++) {
    if (has_name(&rows[i], name)) return true;
  }
  return false;
}

static const char *const members[] = {"refuse", "warn", "except"};

static bool check_member(const stele_json *names, stele_err *err) {
  STELE_JSON_EACH(item, names) {
    stele_str name;
    if (!stele_json_to_str(item, &name, err)) return false;
    if (is_name_of(RULE_LINT, name) || is_name_of(RULE_BREAKING, name)) continue;
    return stele_json_refuse(item, err, "no rule and no category is called \"" STELE_STR_FMT "\"",
                             STELE_STR_ARG(name));
  }
  return true;
}

static bool check_known(const stele_json *object, stele_err *err) {
  STELE_JSON_EACH(item, object) {
    bool known = false;
    for (size_t i = 0; i < STELE_COUNT(members); i++) {
      known = known || stele_str_eq(item->key, stele_cstr(members[i]));
    }
    if (known) continue;
    return stele_json_refuse(
        item, err, "rules have \"refuse\", \"warn\" and \"except\", not \"" STELE_STR_FMT "\"",
        STELE_STR_ARG(item->key));
  }
  return true;
}

bool policy_canonical(stele_arena *arena, const stele_json *value, stele_str *out, stele_err *err) {
  const stele_json *object, *names;
  stele_buf buf;
  stele_json_writer w;
  bool is_empty = true;
  *out = (stele_str){0};
  if (!stele_json_to_object(value, &object, err) || !check_known(object, err)) return false;
  stele_buf_init(&buf, arena, 0);
  stele_json_writer_init(&w, &buf, 0);
  stele_json_begin_object(&w);
  for (size_t i = 0; i < STELE_COUNT(members); i++) {
    names = NULL;
    if (!stele_json_pick_array(object, members[i], &names, err)) return false;
    if (!names || !stele_json_first(names)) continue;
    if (!check_member(names, err)) return false;
    stele_json_write_key(&w, stele_cstr(members[i]));
    stele_json_write_value(&w, names);
    is_empty = false;
  }
  stele_json_end_object(&w);
  if (!is_empty) *out = stele_buf_str(&buf);
  return true;
}

/* --- what they select ---------------------------------------------------- */

enum { KINDS = 2 };

struct policy {
  stele_str text;                   /* canonical: equal for equal policies */
  const rule_selection *all[KINDS]; /* what refuses and what warns, by rule_kind; NULL: none */
  const bool *refuses[KINDS];       /* which rows of the kind's table */
};

typedef STELE_VEC(stele_str) name_list;

static void add_names(stele_arena *arena, const stele_json *object, const char *member,
                      rule_kind kind, name_list *out) {
  const stele_json *names = stele_json_find(object, stele_cstr(member));
  if (!names) return;
  STELE_JSON_EACH(item, names) {
    if (is_name_of(kind, item->text)) STELE_VEC_PUSH(arena, out, item->text);
  }
}

/* The rules of a kind that the members `use` name; NULL when they name none. */
static bool select_rules(stele_arena *arena, const stele_json *object, const char *const *use,
                         rule_kind kind, const rule_selection **out, stele_err *err) {
  name_list wanted = {0}, except = {0};
  for (size_t i = 0; use[i]; i++) add_names(arena, object, use[i], kind, &wanted);
  add_names(arena, object, "except", kind, &except);
  *out = NULL;
  if (!wanted.count) return true;
  rule_config *config = STELE_NEW(arena, rule_config); /* the selection refers to it */
  *config = (rule_config){.kind = kind,
                          .set = RULE_SET_V2,
                          .use = wanted.at,
                          .use_count = wanted.count,
                          .except = except.at,
                          .except_count = except.count,
                          .allow_comment_ignores = true};
  *out = rule_select(arena, config, err);
  return *out != NULL;
}

/* Which rows of the kind's table are selected. */
static const bool *selected_rows(stele_arena *arena, rule_kind kind,
                                 const rule_selection *selection) {
  size_t all, count = 0;
  const rule *table = rule_table(kind, &all);
  const rule *const *rows = selection ? rule_selected(selection, &count) : NULL;
  bool *out = STELE_NEW_ARRAY(arena, bool, all);
  for (size_t i = 0; i < count; i++) out[rows[i] - table] = true;
  return out;
}

static bool compile_kind(stele_arena *arena, const stele_json *object, rule_kind kind, policy *out,
                         stele_err *err) {
  static const char *const refuse[] = {"refuse", NULL}, *const both[] = {"refuse", "warn", NULL};
  const rule_selection *refusing;
  if (!select_rules(arena, object, refuse, kind, &refusing, err) ||
      !select_rules(arena, object, both, kind, &out->all[kind], err)) {
    return false;
  }
  out->refuses[kind] = selected_rows(arena, kind, refusing);
  return true;
}

bool policy_compile(stele_arena *arena, const stele_json *value, const policy **out,
                    stele_err *err) {
  stele_str text;
  *out = NULL;
  if (!policy_canonical(arena, value, &text, err)) return false;
  if (!text.len) return true;
  policy *made = STELE_NEW(arena, policy);
  made->text = text;
  for (unsigned kind = 0; kind < KINDS; kind++) {
    if (!compile_kind(arena, value, (rule_kind)kind, made, err)) return false;
  }
  *out = made;
  return true;
}

/* --- what is judged ------------------------------------------------------ */

typedef STELE_VEC(rule_file) file_list;

/* Both trees, and who is who in them. */
typedef struct policy_run {
  stele_arena *arena;
  policy_file *files;
  size_t count;
  stele_map by_path;      /* policy_file, of new and of older files */
  file_list newer, older; /* the files of `files` first, in their order */
  const policy *rules;    /* that are run now */
  stele_err *err;
} policy_run;

static void add_file(policy_run *run, file_list *list, stele_map *seen, const stele_file *file) {
  void **place = stele_map_add(seen, file->name);
  if (*place) return;
  *place = (void *)(uintptr_t)file;
  STELE_VEC_PUSH(run->arena, list, (rule_file){.file = file, .is_import = true});
}

/* The list grows by what its files import, while it is walked. */
static void add_imports(policy_run *run, file_list *list, stele_map *seen) {
  for (size_t i = 0; i < list->count; i++) {
    const stele_file *file = list->at[i].file;
    for (uint32_t k = 0; k < file->import_count; k++) {
      if (file->imports[k].file) add_file(run, list, seen, file->imports[k].file);
    }
  }
}

static void lay_out(policy_run *run) {
  stele_map newer, older;
  stele_map_init(&newer, run->arena, (uintptr_t)run->arena);
  stele_map_init(&older, run->arena, (uintptr_t)run->arena);
  stele_map_init(&run->by_path, run->arena, (uintptr_t)run->arena);
  for (size_t i = 0; i < run->count; i++) {
    policy_file *f = &run->files[i];
    if (f->file) {
      add_file(run, &run->newer, &newer, f->file);
      *stele_map_add(&run->by_path, f->file->name) = f;
    }
    if (f->older) {
      add_file(run, &run->older, &older, f->older);
      void **place = stele_map_add(&run->by_path, f->older->name);
      if (!*place) *place = f;
    }
  }
  add_imports(run, &run->newer, &newer);
  add_imports(run, &run->older, &older);
}

static bool is_same(const policy *a, const policy *b) {
  return a == b || (a && b && stele_str_eq(a->text, b->text));
}

/* The files that the rules are set for are in question, the others imports. */
static void choose(policy_run *run, file_list *list) {
  for (size_t i = 0; i < list->count; i++) {
    const policy_file *f = stele_map_find(&run->by_path, list->at[i].file->name);
    list->at[i].is_import = !f || !is_same(f->rules, run->rules);
  }
}

/* --- running ------------------------------------------------------------- */

static void take(policy_run *run, const rule_finding *found, bool refuses) {
  stele_str path = found->at.path.len ? found->at.path : found->against.path;
  policy_file *f = stele_map_find(&run->by_path, path);
  if (!f) return;
  f->refuses = f->refuses || refuses;
  STELE_VEC_PUSH(run->arena, &f->findings,
                 (registry_finding){
                     .rule = stele_cstr(found->rule->id),
                     .message = stele_str_copy(run->arena, found->message),
                     .hint = found->hint.len ? stele_str_copy(run->arena, found->hint)
                                             : stele_cstr(found->rule->purpose),
                     .file = stele_str_copy(run->arena, path),
                     .line = found->at.start_line,
                     .column = found->at.start_column,
                     .against = found->rule->kind == RULE_BREAKING ? f->version : 0,
                     .refuses = refuses,
                 });
}

static bool find(policy_run *run, rule_kind kind, const rule_selection *selection,
                 rule_findings *out) {
  rule_tree newer = {.files = run->newer.at, .count = run->newer.count};
  rule_tree older = {.files = run->older.at, .count = run->older.count};
  return kind == RULE_LINT ? rule_lint(run->arena, selection, &newer, out, run->err)
                           : rule_breaking(run->arena, selection, &newer, &older, out, run->err);
}

/* One run for what refuses and what only warns; what refuses is told first. */
static bool judge_kind(policy_run *run, rule_kind kind) {
  const rule_selection *all = run->rules->all[kind];
  const bool *refuses = run->rules->refuses[kind];
  rule_findings found = {0};
  if (!all) return true;
  if (!find(run, kind, all, &found)) return false;
  size_t count;
  const rule *table = rule_table(kind, &count);
  for (int first = 1; first >= 0; first--) {
    for (size_t i = 0; i < found.count; i++) {
      bool does = refuses[found.at[i].rule - table];
      if (does == (bool)first) take(run, &found.at[i], does);
    }
  }
  return true;
}

static bool judge_rules(policy_run *run, const policy *rules) {
  run->rules = rules;
  choose(run, &run->newer);
  choose(run, &run->older);
  return judge_kind(run, RULE_BREAKING) && judge_kind(run, RULE_LINT);
}

bool policy_judge(stele_arena *arena, policy_file *files, size_t count, stele_err *err) {
  policy_run run = {.arena = arena, .files = files, .count = count, .err = err};
  stele_map sets; /* of rules, each once */
  stele_map_init(&sets, arena, (uintptr_t)arena);
  for (size_t i = 0; i < count; i++) {
    if (files[i].rules) *stele_map_add(&sets, files[i].rules->text) = (void *)files[i].rules;
  }
  if (!sets.count) return true;
  lay_out(&run);
  for (size_t i = 0; i < sets.count; i++) {
    if (!judge_rules(&run, sets.entries[i].value)) return false;
  }
  return true;
}
