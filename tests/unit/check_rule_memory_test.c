/* A tree that is judged again and again: what a run says, and what the memory says still
 * holds, is what a run without one finds. All files are linked anew each time, so that
 * nothing can hold on to what was. */
#include "check/rule/rule_memory.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/vec.h"
#include "check/judge/judge.h"
#include "harness/schema.h"

enum { FILES = 7, STEPS = 50 };

/* What a file is like. */
typedef struct plan {
  uint32_t imports; /* bits: files below it */
  uint32_t package, lines, methods, fields, php, shared, moved;
  bool is_excused, extends;
} plan;

typedef struct tree_test {
  uint64_t seed;
  plan plans[FILES];
  const stele_file *files[FILES];
  rule_file rows[FILES];
  bool passed_by[FILES];
  t_schemas held, last;
} tree_test;

static uint32_t draw(tree_test *r, uint32_t below) {
  r->seed = stele_hash_u64(r->seed, 11);
  return (uint32_t)(r->seed % below);
}

static const char *text_of(stele_test *t, const tree_test *r, size_t at) {
  static const char *const packages[] = {"a.v1", "b.v1", "c"};
  const plan *p = &r->plans[at];
  stele_buf b;
  stele_buf_init(&b, t->arena, 0);
  stele_buf_add_cstr(&b, "syntax = \"proto2\";\n");
  for (uint32_t i = 0; i < p->lines; i++) stele_buf_add_cstr(&b, "// A line.\n\n");
  if (p->is_excused) stele_buf_add_cstr(&b, "// buf:lint:ignore PACKAGE_SAME_DIRECTORY\n");
  stele_buf_printf(&b, "package %s;\n", packages[p->package]);
  for (size_t i = 0; i < at; i++) {
    if (!(p->imports >> i & 1)) continue;
    if (p->is_excused) stele_buf_add_cstr(&b, "// buf:lint:ignore PACKAGE_NO_IMPORT_CYCLE\n");
    stele_buf_printf(&b, "import \"d%zu/f%zu.proto\";\n", i % 2, i);
  }
  if (p->php) stele_buf_printf(&b, "option php_namespace = \"P%u\";\n", p->php);
  if (p->moved) stele_buf_printf(&b, "message Before%zu {}\n", at);
  stele_buf_printf(&b, "message M%zu { extensions 100 to 200;\n", at);
  for (uint32_t i = 0; i < p->fields; i++) {
    stele_buf_printf(&b, "  optional %s f%u = %u;\n", i == p->shared ? "int64" : "string", i,
                     i + 1);
  }
  stele_buf_add_cstr(&b, "}\n");
  if (p->extends)
    stele_buf_printf(&b, "extend M%zu { optional %s e%zu = 150; }\n", at,
                     p->php % 2 ? "bool" : "string", at);
  stele_buf_printf(&b, "service S%zu {\n", at);
  for (uint32_t i = 0; i < p->methods; i++) {
    if (p->is_excused) stele_buf_add_cstr(&b, "  // buf:lint:ignore RPC_REQUEST_RESPONSE_UNIQUE\n");
    size_t shared = p->shared < at && (p->imports >> p->shared & 1) ? p->shared : at;
    stele_buf_printf(&b, "  rpc Do%u(.%s.M%zu) returns (M%zu);\n", i,
                     packages[r->plans[shared].package], shared, at);
  }
  stele_buf_add_cstr(&b, "}\n");
  stele_buf_add_byte(&b, 0);
  return b.ptr;
}

/* Links all of it; the files are in the order of their paths. */
static void link_all(stele_test *t, tree_test *r) {
  t_text texts[FILES + 1] = {{.path = "all.proto"}};
  stele_buf all;
  stele_buf_init(&all, t->arena, 0);
  stele_buf_add_cstr(&all, "syntax = \"proto2\";\n");
  for (size_t i = 0; i < FILES; i++) {
    texts[i + 1].path = stele_str_printf(t->arena, "d%zu/f%zu.proto", i % 2, i).ptr;
    texts[i + 1].text = text_of(t, r, i);
    stele_buf_printf(&all, "import \"%s\";\n", texts[i + 1].path);
  }
  stele_buf_add_byte(&all, 0);
  texts[0].text = all.ptr;
  t_schemas_free(&r->last); /* what was is gone for good */
  r->last = r->held;
  r->held = (t_schemas){0};
  const stele_file *top = t_schema_files(t, &r->held, texts, FILES + 1);
  for (size_t i = 0, at = 0; i < 2; i++) {
    for (size_t k = i; k < FILES; k += 2) r->files[at++] = top->imports[k].file;
  }
}

static rule_tree tree_of(tree_test *r, rule_memory *memory, const bool *changed) {
  for (size_t i = 0; i < FILES; i++) {
    r->rows[i] = (rule_file){.file = r->files[i], .is_settled = changed && !changed[i]};
  }
  return (rule_tree){.files = r->rows, .count = FILES, .memory = memory, .shape = memory ? 7 : 0};
}

static stele_str words(stele_test *t, const rule_findings *found) {
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  for (size_t i = 0; i < found->count; i++) {
    const rule_finding *f = &found->at[i];
    stele_buf_printf(&out, STELE_STR_FMT ":%d:%d %s " STELE_STR_FMT "\n", STELE_STR_ARG(f->at.path),
                     f->at.start_line, f->at.start_column, f->rule->id, STELE_STR_ARG(f->message));
  }
  return stele_buf_str(&out);
}

static size_t index_of(const tree_test *r, stele_str path) {
  size_t at = 0;
  while (at < FILES && !stele_str_eq(r->files[at]->name, path)) at++;
  return at;
}

static bool holds(const tree_test *r, const rule_memory *memory, const rule_finding *f) {
  size_t at = index_of(r, f->at.path.len ? f->at.path : f->against.path);
  if (rule_reach_of(f->rule) == RULE_REACHES_TREE) {
    return f->at.path.len ? rule_memory_is_at_rest_in_tree(memory, at)
                          : rule_memory_is_tree_at_rest(memory);
  }
  if (f->rule->kind == RULE_BREAKING) return at < FILES && r->passed_by[at];
  if (rule_reach_of(f->rule) == RULE_REACHES_FILE) return r->rows[at].is_settled;
  return rule_memory_holds(memory, at, f->rule);
}

/* What was said, and what holds; in memory that outlives the files. */
static rule_findings add_up(stele_test *t, const tree_test *r, const rule_memory *memory,
                            const rule_findings *before, const rule_findings *found) {
  STELE_VEC(rule_finding) all = {0};
  for (size_t i = 0; i < found->count; i++) STELE_VEC_PUSH(t->arena, &all, found->at[i]);
  for (size_t i = 0; i < before->count; i++) {
    if (holds(r, memory, &before->at[i])) STELE_VEC_PUSH(t->arena, &all, before->at[i]);
  }
  for (size_t i = 0; i < all.count; i++) {
    all.at[i].at.path = stele_str_copy(t->arena, all.at[i].at.path);
    all.at[i].against.path = stele_str_copy(t->arena, all.at[i].against.path);
    all.at[i].message = stele_str_copy(t->arena, all.at[i].message);
  }
  if (all.count) qsort(all.at, all.count, sizeof *all.at, rule_finding_order);
  return (rule_findings){all.at, all.count};
}

static void edit(tree_test *r, size_t at) {
  plan *p = &r->plans[at];
  switch (draw(r, 10)) {
  case 0: p->package = draw(r, 3); break;
  case 1: p->imports = draw(r, 1u << FILES) & ((1u << at) - 1); break;
  case 2: p->methods = draw(r, 3); break;
  case 3: p->php = draw(r, 3); break;
  case 4: p->shared = draw(r, FILES); break;
  case 5: p->is_excused = !p->is_excused; break;
  case 6: p->fields = draw(r, 4); break;
  case 7: p->extends = !p->extends; break;
  case 8: p->moved = !p->moved; break;
  default: p->lines = draw(r, 4); break;
  }
}

/* Edits some files; their texts, or what their texts say of others, are new. */
static void edit_some(stele_test *t, tree_test *r, rule_memory *memory, bool *changed) {
  const char *before[FILES];
  for (size_t i = 0; i < FILES; i++) before[i] = text_of(t, r, i);
  for (uint32_t i = 0; i < 1 + draw(r, 2); i++) edit(r, draw(r, FILES));
  link_all(t, r);
  for (size_t i = 0; i < FILES; i++) {
    stele_str path = stele_str_printf(t->arena, "d%zu/f%zu.proto", i % 2, i);
    bool is_new = strcmp(before[i], text_of(t, r, i)) != 0;
    changed[index_of(r, path)] = is_new;
    if (is_new) rule_memory_forget(memory, path);
  }
}

static const rule_selection *select_all(stele_test *t, rule_kind kind) {
  static const stele_str lint[] = {STELE_STR_INIT("STANDARD"), STELE_STR_INIT("COMMENTS"),
                                   STELE_STR_INIT("PLATFORM")};
  static const stele_str breaking[] = {STELE_STR_INIT("FILE"), STELE_STR_INIT("PACKAGE"),
                                       STELE_STR_INIT("WIRE_JSON")};
  rule_config *config = STELE_NEW(t->arena, rule_config);
  stele_err err = {0};
  *config = (rule_config){.kind = kind,
                          .set = RULE_SET_V2,
                          .use = kind == RULE_LINT ? lint : breaking,
                          .use_count = 3,
                          .allow_comment_ignores = true};
  const rule_selection *selection = rule_select(t->arena, config, &err);
  t_ok(t, selection != NULL, &err);
  return selection;
}

static void begin(stele_test *t, tree_test *r, uint64_t seed) {
  *r = (tree_test){.seed = seed};
  for (size_t i = 0; i < FILES; i++) {
    r->plans[i] = (plan){.imports = draw(r, 1u << FILES) & ((1u << i) - 1),
                         .package = draw(r, 3),
                         .methods = 1,
                         .fields = 2,
                         .shared = draw(r, FILES)};
  }
  link_all(t, r);
}

static void test_lint(stele_test *t) {
  tree_test r;
  stele_err err = {0};
  bool changed[FILES];
  size_t rested = 0;
  rule_memory *memory = rule_memory_new();
  const rule_selection *selection = select_all(t, RULE_LINT);
  rule_findings found, kept = {0}, want;
  begin(t, &r, 5);
  memset(changed, 1, sizeof changed);
  for (size_t step = 0; step < STEPS; step++) {
    t_case_n(t, "step", step);
    if (step == STEPS / 2) rule_memory_clear(memory);
    if (step == STEPS / 2) memset(changed, 1, sizeof changed);
    rule_tree tree = tree_of(&r, memory, changed);
    t_ok(t, rule_lint(t->arena, selection, &tree, &found, &err), &err);
    kept = add_up(t, &r, memory, &kept, &found);
    rested += rule_memory_is_tree_at_rest(memory);
    tree = tree_of(&r, NULL, NULL);
    t_ok(t, rule_lint(t->arena, selection, &tree, &want, &err), &err);
    t_eq_str(t, words(t, &kept), words(t, &want));
    edit_some(t, &r, memory, changed);
  }
  t_true(t, rested > STEPS / 4); /* or it shows nothing */
  rule_memory_free(memory);
  rule_memory_free(NULL);
  t_schemas_free(&r.held);
  t_schemas_free(&r.last);
}

static void test_breaking(stele_test *t) {
  tree_test r, was;
  stele_err err = {0};
  bool changed[FILES];
  size_t passed = 0;
  rule_memory *memory = rule_memory_new(), *older = rule_memory_new();
  const rule_selection *selection = select_all(t, RULE_BREAKING);
  rule_findings found, kept = {0}, want;
  begin(t, &was, 9);
  begin(t, &r, 9);
  rule_tree then = tree_of(&was, NULL, NULL), then_known = tree_of(&was, older, NULL);
  for (size_t step = 0; step < STEPS; step++) {
    t_case_n(t, "step", step);
    rule_tree tree = tree_of(&r, memory, NULL);
    tree.passed_by = r.passed_by;
    t_ok(t, rule_breaking(t->arena, selection, &tree, &then_known, &found, &err), &err);
    kept = add_up(t, &r, memory, &kept, &found);
    for (size_t i = 0; i < FILES; i++) passed += r.passed_by[i];
    tree = tree_of(&r, NULL, NULL);
    t_ok(t, rule_breaking(t->arena, selection, &tree, &then, &want, &err), &err);
    t_eq_str(t, words(t, &kept), words(t, &want));
    edit_some(t, &r, memory, changed);
  }
  t_true(t, passed > STEPS);
  rule_memory_free(memory);
  rule_memory_free(older);
  t_schemas_free(&r.held);
  t_schemas_free(&r.last);
  t_schemas_free(&was.held);
  t_schemas_free(&was.last);
}

TEST_MAIN(test_lint, test_breaking)
