/* Each file has two lists: what rules about single elements, packages and folders found
 * (near), and what rules about the whole tree did (far), which run at each pass. Both are
 * as the rules said it; what is told of them, less excuses, stands beside them. */
#include "cli/judge/watch_book.h"

#include "base/map.h"
#include "check/rule/rule_memory.h"
#include "proto/schema/schema.h"

typedef struct kept_file {
  stele_arena *arena; /* NULL: nothing is known of it */
  stele_str path;
  rule_findings near, far;
  cli_findings told; /* sorted */
  uint64_t pass;     /* the last that looked at it */
} kept_file;

typedef struct kept_tree {
  stele_str dir;
  rule_memory *memory;
  stele_map files; /* import path -> kept_file; it stays, empty or not */
  uint64_t pass;
} kept_tree;

struct watch_book {
  stele_arena *arena;
  STELE_VEC(kept_tree *) trees;
  STELE_VEC(stele_arena *) grave; /* of files that are others now; what went is told from them */
  const input_live_step *step;
  bool is_whole;
  uint64_t pass;
  size_t count; /* of findings that are told */
};

watch_book *watch_book_new(void) {
  stele_arena *arena = stele_arena_new(0);
  watch_book *book = arena ? STELE_NEW(arena, watch_book) : NULL;
  if (!book) return NULL;
  *book = (watch_book){.arena = arena};
  return book;
}

static void empty_grave(watch_book *book) {
  for (size_t i = 0; i < book->grave.count; i++) stele_arena_free(book->grave.at[i]);
  book->grave.count = 0;
}

void watch_book_free(watch_book *book) {
  if (!book) return;
  empty_grave(book);
  for (size_t i = 0; i < book->trees.count; i++) {
    const stele_map *files = &book->trees.at[i]->files;
    for (size_t k = 0; k < files->count; k++) {
      stele_arena_free(((kept_file *)files->entries[k].value)->arena);
    }
    rule_memory_free(book->trees.at[i]->memory);
  }
  stele_arena_free(book->arena);
}

void watch_book_begin(watch_book *book, const input_live_step *step, bool is_whole) {
  empty_grave(book);
  book->step = step;
  book->is_whole = is_whole;
  book->pass++;
  for (size_t i = 0; i < book->trees.count; i++) {
    rule_memory *memory = book->trees.at[i]->memory;
    if (memory && step->is_first) rule_memory_clear(memory);
    for (size_t k = 0; memory && k < step->compiled.count; k++) {
      rule_memory_forget(memory, step->compiled.entries[k].key.str);
    }
  }
}

/* ---- texts and lists -------------------------------------------------------- */

static stele_str copy(stele_arena *arena, stele_str text) {
  return text.len ? stele_str_copy(arena, text) : (stele_str){"", 0};
}

void watch_own(stele_arena *arena, cli_finding *f) {
  stele_str *texts[] = {&f->path, &f->rule, &f->message, &f->hint, &f->purpose, &f->name};
  for (size_t i = 0; i < STELE_COUNT(texts); i++) *texts[i] = copy(arena, *texts[i]);
}

static rule_finding owned(stele_arena *arena, stele_str path, const rule_finding *f) {
  rule_finding out = *f;
  out.at.path = path;
  out.message = copy(arena, f->message);
  out.hint = copy(arena, f->hint);
  return out;
}

void watch_split(stele_arena *arena, const cli_findings *was, const cli_findings *now,
                 watch_news *news) {
  size_t i = 0, j = 0;
  while (i < was->count || j < now->count) {
    int order = i == was->count   ? 1
                : j == now->count ? -1
                                  : cli_finding_order(&was->at[i], &now->at[j]);
    if (order < 0) STELE_VEC_PUSH(arena, &news->gone, was->at[i]);
    if (order > 0) STELE_VEC_PUSH(arena, &news->come, now->at[j]);
    i += order <= 0;
    j += order >= 0;
  }
}

/* ---- one file ---------------------------------------------------------------- */

/* A tree while it is linted. */
typedef struct lint_job {
  watch_book *book;
  cli_args *args;
  kept_tree *kept;
  const input_tree *tree;
  rule_tree files; /* the same files, in the same order */
  judging_excuses *excuses;
  watch_news *news;
} lint_job;

/* What of the lists is said of the file now. Of a file with errors nothing new is known, and
 * of packages and the tree only once there are none anywhere. */
typedef struct file_view {
  bool is_there;    /* it lies in a module */
  bool is_linked;   /* it has no errors */
  bool is_compiled; /* just now */
  bool is_relinked; /* just now: rules that look through types are asked again */
  bool is_at_rest;  /* nothing changed in its package and its folder since both were judged */
  bool is_at_rest_in_tree;
  size_t index; /* in the tree, when it is linked */
} file_view;

static bool is_at_rest(const lint_job *job, size_t index) {
  const rule_memory *memory = job->kept->memory;
  return job->book->is_whole && memory && rule_memory_is_at_rest(memory, index);
}

/* Does what rules about the tree found before still hold in files that did not change? */
static bool is_tree_at_rest(const lint_job *job) {
  const rule_memory *memory = job->kept->memory;
  return !job->book->is_whole || (memory && rule_memory_is_tree_at_rest(memory));
}

/* Does it in this one? */
static bool is_at_rest_in_tree(const lint_job *job, size_t index) {
  const rule_memory *memory = job->kept->memory;
  return !job->book->is_whole || (memory && rule_memory_is_at_rest_in_tree(memory, index));
}

static file_view view_of(const lint_job *job, stele_str path) {
  const input_live_step *step = job->book->step;
  const input_file *row = judging_excuses_file(job->excuses, path);
  if (!row) {
    return (file_view){.is_there = stele_map_find(step->sources, path) != NULL,
                       .is_compiled = stele_map_find(&step->compiled, path) != NULL,
                       .is_at_rest_in_tree = is_tree_at_rest(job)};
  }
  size_t index = (size_t)(row - job->tree->files);
  const rule_file *file = &job->files.files[index];
  return (file_view){.is_there = row->source.len > 0,
                     .is_linked = true,
                     .is_compiled = !file->is_settled && !file->is_relinked,
                     .is_relinked = file->is_relinked,
                     .is_at_rest = is_at_rest(job, index),
                     .is_at_rest_in_tree = is_at_rest_in_tree(job, index),
                     .index = index};
}

static bool is_far(const rule_finding *f) {
  return rule_reach_of(f->rule) == RULE_REACHES_TREE;
}

static bool holds_of_group(const lint_job *job, const file_view *view, const rule_finding *f) {
  const rule_memory *memory = job->kept->memory;
  return view->is_linked && memory && rule_memory_holds(memory, view->index, f->rule);
}

/* Is what was found before still so? */
static bool holds(const lint_job *job, const file_view *view, const rule_finding *f) {
  if (!view->is_there) return false;
  if (rule_reach_of(f->rule) == RULE_REACHES_FILE) {
    bool is_asked = view->is_compiled || (view->is_relinked && f->rule->looks_through);
    return !view->is_linked || !is_asked;
  }
  return !job->book->is_whole || holds_of_group(job, view, f);
}

/* Is what was found now news, and not what `holds` keeps? */
static bool counts(const lint_job *job, const file_view *view, const rule_finding *f) {
  if (rule_reach_of(f->rule) == RULE_REACHES_FILE) return true;
  return job->book->is_whole && !holds_of_group(job, view, f);
}

static bool same_far(const rule_findings *was, const rule_findings *now) {
  if (was->count != now->count) return false;
  for (size_t i = 0; i < was->count; i++) {
    if (rule_finding_order(&was->at[i], &now->at[i]) != 0) return false;
  }
  return true;
}

/* The lists as they are now, in scratch memory. */
static void gather(const lint_job *job, const kept_file *file, const file_view *view,
                   const rule_findings *found, rule_findings *near, rule_findings *far) {
  stele_arena *arena = cli_arena(job->args);
  size_t most = found->count + file->near.count + file->far.count;
  near->at = STELE_NEW_ARRAY(arena, rule_finding, most);
  far->at = STELE_NEW_ARRAY(arena, rule_finding, most);
  for (size_t i = 0; i < found->count; i++) {
    const rule_finding *f = &found->at[i];
    if (is_far(f)) {
      if (!view->is_at_rest_in_tree) far->at[far->count++] = *f;
    } else if (counts(job, view, f)) {
      near->at[near->count++] = *f;
    }
  }
  for (size_t i = 0; i < file->near.count; i++) {
    if (holds(job, view, &file->near.at[i])) near->at[near->count++] = file->near.at[i];
  }
  for (size_t i = 0; view->is_at_rest_in_tree && view->is_there && i < file->far.count; i++) {
    far->at[far->count++] = file->far.at[i];
  }
}

static rule_findings own_list(stele_arena *arena, stele_str path, const rule_findings *list) {
  rule_findings out = {STELE_NEW_ARRAY(arena, rule_finding, list->count), list->count};
  for (size_t i = 0; i < list->count; i++) out.at[i] = owned(arena, path, &list->at[i]);
  return out;
}

/* Both lists, told: without what is excused. */
static void tell_lists(const lint_job *job, kept_file *file) {
  stele_arena *arena = cli_arena(job->args);
  rule_findings both = {STELE_NEW_ARRAY(arena, rule_finding, file->near.count + file->far.count),
                        0};
  cli_findings told = {0};
  for (size_t i = 0; i < file->near.count; i++) both.at[both.count++] = file->near.at[i];
  for (size_t i = 0; i < file->far.count; i++) both.at[both.count++] = file->far.at[i];
  judging_take_file(job->excuses, file->path, &both, &told);
  cli_findings_sort(&told);
  for (size_t i = 0; i < told.count; i++) {
    STELE_VEC_PUSH(file->arena, &file->told, told.at[i]);
    watch_own(file->arena, &file->told.at[i]);
  }
}

static bool replace(lint_job *job, kept_file *file, const rule_findings *near,
                    const rule_findings *far) {
  watch_book *book = job->book;
  kept_file fresh = {.arena = stele_arena_new(0), .path = file->path, .pass = file->pass};
  if (!fresh.arena) return cli_fail(job->args, "no memory") == CLI_OK;
  fresh.near = own_list(fresh.arena, file->path, near);
  fresh.far = own_list(fresh.arena, file->path, far);
  tell_lists(job, &fresh);
  watch_split(cli_arena(job->args), &file->told, &fresh.told, job->news);
  book->count = book->count - file->told.count + fresh.told.count;
  if (file->arena) STELE_VEC_PUSH(book->arena, &book->grave, file->arena);
  if (!fresh.told.count && !near->count && !far->count) {
    stele_arena_free(fresh.arena);
    fresh = (kept_file){.path = file->path, .pass = file->pass};
  }
  *file = fresh;
  return true;
}

static kept_file *file_of(lint_job *job, stele_str path) {
  kept_file *file = stele_map_find(&job->kept->files, path);
  if (file) return file;
  file = STELE_NEW(job->book->arena, kept_file);
  file->path = stele_str_copy(job->book->arena, path);
  *stele_map_add(&job->kept->files, file->path) = file;
  return file;
}

/* `found`: what this pass found in the file. */
static bool look_at(lint_job *job, stele_str path, const rule_findings *found) {
  kept_file *file = file_of(job, path);
  file_view view = view_of(job, path);
  rule_findings near = {0}, far = {0};
  file->pass = job->book->pass;
  bool is_settled = view.is_there && view.is_linked && !view.is_compiled && !view.is_relinked;
  bool is_near_same = is_settled && (view.is_at_rest || !job->book->is_whole);
  if (is_near_same && view.is_at_rest_in_tree) return true;
  if (is_near_same && !found->count && !file->far.count) return true;
  gather(job, file, &view, found, &near, &far);
  if (is_near_same && same_far(&file->far, &far)) return true;
  return replace(job, file, &near, &far);
}

/* ---- a tree -------------------------------------------------------------------- */

static kept_tree *tree_of(watch_book *book, stele_str dir) {
  for (size_t i = 0; i < book->trees.count; i++) {
    if (stele_str_eq(book->trees.at[i]->dir, dir)) return book->trees.at[i];
  }
  kept_tree *tree = STELE_NEW(book->arena, kept_tree);
  tree->dir = stele_str_copy(book->arena, dir);
  stele_map_init(&tree->files, book->arena, 0);
  tree->memory = rule_memory_new(); /* without it all is looked at each time */
  STELE_VEC_PUSH(book->arena, &book->trees, tree);
  return tree;
}

static bool look_without(lint_job *job, stele_str path) {
  return file_of(job, path)->pass == job->book->pass || look_at(job, path, &(rule_findings){0});
}

static bool look_if_kept(lint_job *job, stele_str path) {
  const kept_file *file = stele_map_find(&job->kept->files, path);
  return !file || !file->arena || look_without(job, path);
}

/* All in which something was found; or those of them that changed, or whose package or
 * folder did, where nothing else can be another than it was. */
static bool look_at_rest(lint_job *job) {
  const input_live_step *step = job->book->step;
  if (step->is_first || step->is_listed || !is_tree_at_rest(job)) {
    for (size_t i = 0; i < job->kept->files.count; i++) {
      const kept_file *file = job->kept->files.entries[i].value;
      if (!look_if_kept(job, file->path)) return false;
    }
    return true;
  }
  for (size_t i = 0; i < step->compiled.count; i++) {
    if (!look_if_kept(job, step->compiled.entries[i].key.str)) return false;
  }
  for (size_t i = 0; i < step->touched.count; i++) {
    if (!look_if_kept(job, step->touched.entries[i].key.str)) return false;
  }
  for (size_t i = 0; job->book->is_whole && i < job->tree->count; i++) {
    if (is_at_rest(job, i) && is_at_rest_in_tree(job, i)) continue;
    if (!look_if_kept(job, job->tree->files[i].file->name)) return false;
  }
  return true;
}

/* Files in which something is found now; those that rows of the configuration are about;
 * and those in which something was found. */
static bool look_at_all(lint_job *job, const rule_findings *found) {
  const config_rules *rules = judging_excuses_rules(job->excuses);
  for (size_t i = 0, end; i < found->count; i = end) {
    stele_str path = found->at[i].at.path;
    for (end = i + 1; end < found->count && stele_str_eq(found->at[end].at.path, path);) end++;
    if (!look_at(job, path, &(rule_findings){found->at + i, end - i})) return false;
  }
  for (size_t i = 0; i < rules->excuses.count; i++) {
    if (!look_without(job, rules->excuses.at[i].path)) return false;
  }
  return look_at_rest(job);
}

static rule_file *row_of(const lint_job *job, rule_file *rows, stele_str path) {
  const input_file *file = input_tree_find(job->tree, path);
  return file ? &rows[file - job->tree->files] : NULL;
}

static bool run_rules(lint_job *job, const rule_selection *selection, rule_findings *found) {
  const watch_book *book = job->book;
  stele_err err = {0};
  input *in = (input *)(uintptr_t)&book->step->in;
  job->files = judging_tree(cli_arena(job->args), in, job->tree);
  job->files.memory = job->kept->memory;
  job->files.is_partial = !book->is_whole;
  rule_file *rows = (rule_file *)(uintptr_t)job->files.files;
  for (size_t i = 0; i < job->files.count; i++) rows[i].is_settled = true;
  for (size_t i = 0; i < book->step->touched.count; i++) {
    rule_file *row = row_of(job, rows, book->step->touched.entries[i].key.str);
    if (row) row->is_settled = false, row->is_relinked = true;
  }
  for (size_t i = 0; i < book->step->compiled.count; i++) {
    rule_file *row = row_of(job, rows, book->step->compiled.entries[i].key.str);
    if (row) row->is_settled = row->is_relinked = false;
  }
  if (rule_lint(cli_arena(job->args), selection, &job->files, found, &err)) return true;
  (void)cli_fail_err(job->args, &err);
  return false;
}

bool watch_book_lint(watch_book *book, cli_args *args, const input_tree *tree, bool notes,
                     watch_news *news) {
  bool nothing;
  rule_findings found = {0};
  const input *in = &book->step->in;
  const rule_selection *selection = judging_select(args, in, tree, RULE_LINT, false, &nothing);
  if (!selection) return false;
  lint_job job = {.book = book,
                  .args = args,
                  .kept = tree_of(book, tree->dir),
                  .tree = tree,
                  .excuses = judging_excuses_open(args, in, tree, RULE_LINT),
                  .news = news};
  if (nothing) return true; /* as a tree that is not there */
  job.kept->pass = book->pass;
  if (!run_rules(&job, selection, &found) || !look_at_all(&job, &found)) return false;
  if (notes) judging_note(args, in, &selection, 1);
  return true;
}

void watch_book_end(watch_book *book, stele_arena *arena, watch_news *news) {
  for (size_t i = 0; i < book->trees.count; i++) {
    const kept_tree *tree = book->trees.at[i];
    if (tree->pass == book->pass) continue;
    for (size_t k = 0; k < tree->files.count; k++) {
      kept_file *file = tree->files.entries[k].value;
      if (!file->arena) continue;
      watch_split(arena, &file->told, &(cli_findings){0}, news);
      book->count -= file->told.count;
      STELE_VEC_PUSH(book->arena, &book->grave, file->arena);
      *file = (kept_file){.path = file->path};
    }
  }
}

size_t watch_book_count(const watch_book *book) {
  return book->count;
}

void watch_book_all(const watch_book *book, stele_arena *arena, cli_findings *out) {
  for (size_t i = 0; i < book->trees.count; i++) {
    const stele_map *files = &book->trees.at[i]->files;
    for (size_t k = 0; k < files->count; k++) {
      const kept_file *file = files->entries[k].value;
      for (size_t n = 0; n < file->told.count; n++) STELE_VEC_PUSH(arena, out, file->told.at[n]);
    }
  }
}
