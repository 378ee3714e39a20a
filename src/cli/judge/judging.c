/* Rules run over an input, one tree after the other. */
#include "cli/judge/judging.h"

#include "base/map.h"
#include "check/element/docs.h"
#include "check/judge/fix.h"
#include "proto/schema/schema.h"

/* ---- the configuration ---------------------------------------------------- */

static bool is_all(const config_strs *paths) {
  for (size_t i = 0; i < paths->count; i++) {
    if (stele_str_eq(paths->at[i], STELE_STR("."))) return true;
  }
  return false;
}

/* The engine knows paths of files and folders; the folder itself stands for all
 * files there are. */
static void add_ignore(stele_arena *arena, const input_tree *tree, stele_str id,
                       const config_strs *paths, rule_ignore *out) {
  config_strs all = *paths;
  if (is_all(paths)) {
    memset(&all, 0, sizeof all);
    for (size_t i = 0; i < tree->count; i++) {
      STELE_VEC_PUSH(arena, &all, tree->files[i].file->name);
    }
  }
  *out = (rule_ignore){.id = id, .paths = all.at, .path_count = all.count};
}

static rule_set set_of(config_version version) {
  return version == CONFIG_V1BETA1 ? RULE_SET_V1BETA1
         : version == CONFIG_V1    ? RULE_SET_V1
                                   : RULE_SET_V2;
}

static rule_config *make_config(stele_arena *arena, const input_tree *tree,
                                const config_rules *rules, rule_kind kind) {
  rule_config *config = STELE_NEW(arena, rule_config);
  rule_ignore *ignores =
      STELE_NEW_ARRAY(arena, rule_ignore, rules->ignore_only.count + rules->excuses.count + 1);
  size_t count = 0;
  for (size_t i = 0; i < rules->ignore_only.count; i++) {
    const config_ignore *only = &rules->ignore_only.at[i];
    add_ignore(arena, tree, only->id, &only->paths, &ignores[count++]);
  }
  *config = (rule_config){
      .kind = kind,
      .set = set_of(tree->version),
      .use = rules->use.at,
      .use_count = rules->use.count,
      .except = rules->except.at,
      .except_count = rules->except.count,
      .ignore = rules->ignore.at,
      .ignore_count = rules->ignore.count,
      .ignore_only = ignores,
      .ignore_only_count = count,
      .enum_zero_value_suffix = rules->enum_zero_value_suffix,
      .service_suffix = rules->service_suffix,
      .rpc_allow_same_request_response = rules->rpc_allow_same_request_response,
      .rpc_allow_google_protobuf_empty_requests = rules->rpc_allow_google_protobuf_empty_requests,
      .rpc_allow_google_protobuf_empty_responses = rules->rpc_allow_google_protobuf_empty_responses,
      .allow_comment_ignores = rules->allow_comment_ignores,
      .ignore_unstable_packages = rules->ignore_unstable_packages,
      .without_platform = tree->version != CONFIG_STELE,
      .max_nesting = rules->max_nesting,
  };
  return config;
}

static const config_rules *rules_of(const input_tree *tree, rule_kind kind) {
  return kind == RULE_LINT ? &tree->config->lint : &tree->config->breaking;
}

/* One rule for no file at all is left out by `except`, say buf's files. */
static bool check_ignores(const input_tree *tree, const config_rules *rules, stele_err *err) {
  for (size_t i = 0; tree->version != CONFIG_STELE && i < rules->ignore_only.count; i++) {
    if (!is_all(&rules->ignore_only.at[i].paths)) continue;
    return stele_fail(err, STELE_INVALID, "cannot specify \".\" as an ignore path");
  }
  return true;
}

/* The section that nobody asked for may be wrong too: better said now than later. */
static bool check_other(const input_tree *tree, rule_kind kind, stele_err *err) {
  const config_rules *other = rules_of(tree, kind == RULE_LINT ? RULE_BREAKING : RULE_LINT);
  for (size_t i = 0; i < other->use.count; i++) {
    stele_str id = other->use.at[i];
    if (!id.len || rule_is_known(set_of(tree->version), tree->version != CONFIG_STELE, id))
      continue;
    return stele_fail(err, STELE_INVALID,
                      "\"" STELE_STR_FMT "\" is not a known rule or category ID",
                      STELE_STR_ARG(id));
  }
  return true;
}

const rule_selection *judging_select(cli_args *args, const input *in, const input_tree *tree,
                                     rule_kind kind, bool exclude_imports, bool *nothing) {
  const config_rules *rules = rules_of(tree, kind);
  rule_config *config = make_config(cli_arena(args), tree, rules, kind);
  stele_err err = {0};
  config->exclude_imports = exclude_imports;
  *nothing = rules->disable_builtin || is_all(&rules->ignore);
  const rule_selection *selection = NULL;
  if ((*nothing || check_ignores(tree, rules, &err)) && check_other(tree, kind, &err)) {
    selection = rule_select(cli_arena(args), config, &err);
  }
  if (selection) return selection;
  if (in->config_name.len) (void)stele_wrap(&err, STELE_STR_FMT, STELE_STR_ARG(in->config_name));
  (void)cli_fail_err(args, &err);
  return NULL;
}

/* The texts of a tree, one at a time. */
typedef struct tree_texts {
  input *in;
  const input_tree *tree;
} tree_texts;

static bool text_of(void *arg, const stele_file *file, stele_str *out) {
  tree_texts *texts = arg;
  const input_file *row = input_tree_find(texts->tree, file->name);
  return row && input_load_text(texts->in, row, out);
}

rule_tree judging_tree(stele_arena *arena, input *in, const input_tree *tree) {
  tree_texts *texts = STELE_NEW(arena, tree_texts);
  *texts = (tree_texts){in, tree};
  rule_file *files = STELE_NEW_ARRAY(arena, rule_file, tree->count);
  for (size_t i = 0; i < tree->count; i++) {
    const input_file *file = &tree->files[i];
    files[i] = (rule_file){.file = file->file,
                           .is_import = file->is_import,
                           .is_described = file->is_described,
                           .is_syntax_unspecified = file->is_syntax_unspecified,
                           .unused_imports = file->unused_imports,
                           .unused_count = file->unused_count};
  }
  return (rule_tree){.files = files,
                     .count = tree->count,
                     .text = text_of,
                     .text_arg = texts,
                     .shape = tree->shape};
}

/* ---- excuses -------------------------------------------------------------- */

/* Does the row's id mean the rule: its own, or a category of it in the set. */
static bool means(stele_str id, const rule *row, rule_set set) {
  if (stele_str_eq(id, stele_cstr(row->id))) return true;
  for (unsigned bit = 0; rule_category_name(bit); bit++) {
    if (!(row->sets[set] & (uint32_t)1 << bit)) continue;
    if (stele_str_eq(id, stele_cstr(rule_category_name(bit)))) return true;
  }
  return false;
}

/* 1-based places of findings, 0-based ones of elements. */
static bool is_within(const rule_place *at, const check_extent *extent) {
  int32_t start = at->start_line - 1, end = at->end_line - 1;
  bool after = start > extent->start_line ||
               (start == extent->start_line && at->start_column > extent->start_column);
  bool before = end < extent->end_line ||
                (end == extent->end_line && at->end_column - 1 <= extent->end_column);
  return after && before;
}

/* A row of the configuration, with where its elements stand. */
typedef struct excuse {
  const config_excuse *row;
  STELE_VEC(check_extent) extents;
  bool is_ready; /* the extents are there */
  bool used;
  struct excuse *next; /* about the same file */
} excuse;

struct judging_excuses {
  cli_args *args;
  const input *in;
  const config_rules *rules;
  rule_kind kind;
  rule_set set;
  check_docs docs;
  const input_tree *tree;
  stele_map files;   /* import path -> input_file, of a tree that is judged once */
  stele_map by_path; /* -> excuse */
};

judging_excuses *judging_excuses_open(cli_args *args, const input *in, const input_tree *tree,
                                      rule_kind kind) {
  stele_arena *arena = cli_arena(args);
  judging_excuses *all = STELE_NEW(arena, judging_excuses);
  *all = (judging_excuses){.args = args,
                           .in = in,
                           .rules = rules_of(tree, kind),
                           .tree = tree,
                           .kind = kind,
                           .set = set_of(tree->version)};
  check_docs_init(&all->docs, arena);
  stele_map_init(&all->files, arena, 0);
  stele_map_init(&all->by_path, arena, 0);
  for (size_t i = 0; !tree->shape && i < tree->count; i++) {
    *stele_map_add(&all->files, tree->files[i].file->name) = &tree->files[i];
  }
  for (size_t i = all->rules->excuses.count; i-- > 0;) {
    excuse *e = STELE_NEW(arena, excuse);
    void **place = stele_map_add(&all->by_path, all->rules->excuses.at[i].path);
    *e = (excuse){.row = &all->rules->excuses.at[i], .next = *place};
    *place = e;
  }
  return all;
}

const input_file *judging_excuses_file(const judging_excuses *excuses, stele_str path) {
  if (excuses->tree->shape) return input_tree_find(excuses->tree, path);
  return stele_map_find(&excuses->files, path);
}

const config_rules *judging_excuses_rules(const judging_excuses *excuses) {
  return excuses->rules;
}

static void ready(judging_excuses *all, excuse *e) {
  const input_file *file = judging_excuses_file(all, e->row->path);
  if (e->is_ready) return;
  e->is_ready = true;
  for (size_t i = 0; file && i < e->row->symbols.count; i++) {
    check_extent extent;
    if (!check_docs_find(&all->docs, file->file, e->row->symbols.at[i], &extent)) continue;
    STELE_VEC_PUSH(cli_arena(all->args), &e->extents, extent);
  }
}

static bool excuses(judging_excuses *all, excuse *e, const rule_finding *f) {
  if (!means(e->row->id, f->rule, all->set)) return false;
  ready(all, e);
  for (size_t i = 0; i < e->extents.count; i++) {
    if (is_within(&f->at, &e->extents.at[i])) return true;
  }
  return e->row->symbols.count == 0;
}

/* Every row that excuses it counts as used. */
static bool is_excused(judging_excuses *all, excuse *first, const rule_finding *f) {
  bool excused = false;
  for (excuse *e = first; e; e = e->next) {
    if (!excuses(all, e, f)) continue;
    e->used = excused = true;
  }
  return excused;
}

/* ---- what was found ------------------------------------------------------- */

static cli_finding shown(const judging_excuses *all, const rule_finding *f) {
  const input_file *file = f->at.path.len ? judging_excuses_file(all, f->at.path) : NULL;
  return (cli_finding){.path = file ? file->shown : f->at.path,
                       .name = f->at.path.len ? f->at.path : f->against.path,
                       .start_line = f->at.start_line,
                       .start_column = f->at.start_column,
                       .end_line = f->at.end_line,
                       .end_column = f->at.end_column,
                       .rule = stele_cstr(f->rule->id),
                       .message = f->message,
                       .hint = f->hint,
                       .purpose = stele_cstr(f->rule->purpose),
                       .is_breaking = f->rule->kind == RULE_BREAKING};
}

static void tell_idle(cli_args *args, const input *in, const config_excuse *row, rule_kind kind,
                      cli_findings *out) {
  cli_finding finding = {.path = in->config_name,
                         .name = in->config_name,
                         .start_line = (int32_t)row->line,
                         .start_column = 1,
                         .end_line = (int32_t)row->line,
                         .end_column = 1,
                         .rule = STELE_STR("IGNORE_USED"),
                         .message =
                             stele_str_printf(cli_arena(args),
                                              "The row for " STELE_STR_FMT " in " STELE_STR_FMT
                                              " excuses nothing any more.",
                                              STELE_STR_ARG(row->id), STELE_STR_ARG(row->path)),
                         .hint = STELE_STR("Remove the row."),
                         .is_breaking = kind == RULE_BREAKING};
  STELE_VEC_PUSH(cli_arena(args), out, finding);
}

void judging_take_file(judging_excuses *excuses, stele_str path, const rule_findings *found,
                       cli_findings *out) {
  stele_arena *arena = cli_arena(excuses->args);
  excuse *rows = path.len ? stele_map_find(&excuses->by_path, path) : NULL;
  for (excuse *e = rows; e; e = e->next) e->used = false;
  for (size_t i = 0; i < found->count; i++) {
    const rule_finding *f = &found->at[i];
    if (!is_excused(excuses, rows, f)) STELE_VEC_PUSH(arena, out, shown(excuses, f));
  }
  const input_file *file = rows ? judging_excuses_file(excuses, path) : NULL;
  if (!file || file->is_import || excuses->kind != RULE_LINT) return;
  for (const excuse *e = rows; e; e = e->next) {
    if (!e->used) tell_idle(excuses->args, excuses->in, e->row, excuses->kind, out);
  }
}

void judging_take(cli_args *args, const input *in, const input_tree *tree, rule_kind kind,
                  const rule_findings *found, cli_findings *out) {
  judging_excuses *excuses = judging_excuses_open(args, in, tree, kind);
  const config_rules *rules = excuses->rules;
  stele_map taken;
  stele_map_init(&taken, cli_arena(args), 0);
  for (size_t i = 0, end; i < found->count; i = end) {
    stele_str path = found->at[i].at.path;
    for (end = i + 1; end < found->count && stele_str_eq(found->at[end].at.path, path);) end++;
    rule_findings of_file = {found->at + i, end - i};
    judging_take_file(excuses, path, &of_file, out);
    *stele_map_add(&taken, path) = excuses;
  }
  for (size_t i = 0; i < rules->excuses.count; i++) { /* files in which nothing was found */
    void **place = stele_map_add(&taken, rules->excuses.at[i].path);
    if (*place) continue;
    *place = excuses;
    judging_take_file(excuses, rules->excuses.at[i].path, &(rule_findings){0}, out);
  }
}

/* ---- mending ---------------------------------------------------------------- */

static bool mend_file(cli_args *args, input *in, const input_file *file, const rule_edits *edits) {
  stele_str text;
  stele_err err = {0};
  if (!input_load_text(in, file, &text)) return true;
  stele_str mended = rule_edits_apply(cli_arena(args), edits, file->file->name, text);
  if (!input_save_text(in, file, mended, &err)) {
    (void)cli_fail_err(args, &err);
    return false;
  }
  cli_note(args, "mended " STELE_STR_FMT "\n", STELE_STR_ARG(file->shown));
  return true;
}

bool judging_mend(cli_args *args, input *in, const input_tree *tree,
                  const rule_selection *selection, const rule_tree *files, const rule_tree *was) {
  rule_edits edits = {0};
  stele_err err = {0};
  if (!input_is_writable(in)) {
    (void)cli_fail(args, "--fix needs a folder on disk");
    return false;
  }
  if (!rule_fix(cli_arena(args), selection, files, was, &edits, &err)) {
    (void)cli_fail_err(args, &err);
    return false;
  }
  for (size_t i = 0; i < edits.count; i++) {
    if (i > 0 && stele_str_eq(edits.at[i].path, edits.at[i - 1].path)) continue;
    const input_file *file = input_tree_find(tree, edits.at[i].path);
    if (file && !mend_file(args, in, file, &edits)) return false;
  }
  return true;
}

/* ---- what nobody runs ----------------------------------------------------- */

static void note_list(cli_args *args, const input *in, const char *what, const config_strs *names) {
  if (!names->count) return;
  cli_note(args, "note: %s of " STELE_STR_FMT " are not run:", what,
           STELE_STR_ARG(in->config_name));
  for (size_t i = 0; i < names->count; i++) {
    cli_note(args, " " STELE_STR_FMT, STELE_STR_ARG(names->at[i]));
  }
  cli_note(args, "\n");
}

/* A rule about options that no file has is as good as checked. */
static bool is_asked_for(const input *in) {
  static const char folder[] = "buf/validate/";
  for (size_t i = 0; i < in->count; i++) {
    for (size_t j = 0; j < in->trees[i].count; j++) {
      stele_str name = in->trees[i].files[j].file->name;
      if (name.len > sizeof folder && memcmp(name.ptr, folder, sizeof folder - 1) == 0) return true;
    }
  }
  return false;
}

static bool is_named(const input *in, const char *id) {
  for (size_t i = 0; i < in->count; i++) {
    const config_strs *use = &in->trees[i].config->lint.use;
    for (size_t j = 0; j < use->count; j++) {
      if (stele_str_eq(use->at[j], stele_cstr(id))) return true;
    }
  }
  return false;
}

static void note_unchecked(cli_args *args, const input *in, const rule_selection *selection) {
  size_t count;
  const rule *const *rows = rule_unchecked(selection, &count);
  for (size_t i = 0; i < count; i++) {
    if (!is_asked_for(in) && !is_named(in, rows[i]->id)) continue;
    cli_note(args, "note: %s is asked for, and not checked here\n", rows[i]->id);
  }
}

static void note_deprecated(cli_args *args, const rule_selection *selection) {
  size_t count;
  const rule *const *rows = rule_deprecated(selection, &count);
  for (size_t i = 0; i < count; i++) {
    cli_note(args, "note: %s is deprecated", rows[i]->id);
    for (size_t j = 0; j < STELE_COUNT(rows[i]->replaced_by) && rows[i]->replaced_by[j]; j++) {
      cli_note(args, "%s %s", j ? "," : "; use", rows[i]->replaced_by[j]);
    }
    cli_note(args, "\n");
  }
}

void judging_note(cli_args *args, const input *in, const rule_selection *const *selections,
                  size_t count) {
  note_list(args, in, "plugins", &in->plugins);
  note_list(args, in, "policies", &in->policies);
  if (!count) return;
  note_unchecked(args, in, selections[0]);
  note_deprecated(args, selections[0]);
}
