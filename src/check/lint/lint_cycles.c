/* Packages that import each other in a circle.
 *
 * From every import between two packages a search goes depth first along the
 * packages until it is back; packages are tried in the order in which the tree
 * imports them, so the circle that is named is always the same one. A package
 * that cannot lead back is not entered again in the same search. */
#include "base/buf.h"
#include "base/hash.h"
#include "check/lint/lint.h"

typedef struct package_node package_node;

typedef struct package_edge {
  package_node *to;
  STELE_VEC(const stele_import *) imports;
  STELE_VEC(const stele_file *) files; /* of each import */
} package_edge;

struct package_node {
  stele_str name;
  STELE_VEC(package_edge *) edges;
  package_node *next; /* on the way from the first package, while searching */
  uint32_t visited;   /* the number of the search that was here */
};

typedef struct graph {
  rule_run *run;
  stele_map nodes;
  uint32_t search;
} graph;

static package_node *node_of(graph *g, stele_str name) {
  void **at = stele_map_add(&g->nodes, name);
  if (!*at) {
    package_node *node = STELE_NEW(g->run->arena, package_node);
    node->name = name;
    *at = node;
  }
  return *at;
}

static void add_import(graph *g, const stele_file *file, const stele_import *import) {
  const rule_file *other = rule_side_file(&g->run->now, import->path);
  if (!other || stele_str_eq(other->file->package, file->package)) return;
  if (other->file->package.len == 0) return;
  package_node *from = node_of(g, file->package), *to = node_of(g, other->file->package);
  package_edge *edge = NULL;
  for (size_t i = 0; i < from->edges.count && !edge; i++) {
    if (from->edges.at[i]->to == to) edge = from->edges.at[i];
  }
  if (!edge) {
    edge = STELE_NEW(g->run->arena, package_edge);
    edge->to = to;
    STELE_VEC_PUSH(g->run->arena, &from->edges, edge);
  }
  STELE_VEC_PUSH(g->run->arena, &edge->imports, import);
  STELE_VEC_PUSH(g->run->arena, &edge->files, file);
}

/* Is there a way from `at` to `target`? The way is left in `next`. One step of
 * the way at a time is on the stack of `path`. */
static bool leads_to(graph *g, package_node *start, const package_node *target) {
  typedef struct step {
    package_node *node;
    size_t edge;
  } step;
  STELE_VEC(step) path = {0};
  STELE_VEC_PUSH(g->run->arena, &path, (step){start, 0});
  start->visited = ++g->search;
  while (path.count > 0) {
    step *top = &path.at[path.count - 1];
    if (top->node == target) break;
    if (top->edge == top->node->edges.count) {
      path.count--;
      continue;
    }
    package_node *to = top->node->edges.at[top->edge++]->to;
    if (to->visited == g->search) continue;
    to->visited = g->search;
    STELE_VEC_PUSH(g->run->arena, &path, (step){to, 0});
  }
  for (size_t i = 0; i + 1 < path.count; i++) path.at[i].node->next = path.at[i + 1].node;
  return path.count > 0;
}

static void report(graph *g, package_node *from, const package_edge *edge) {
  stele_buf way;
  stele_buf_init(&way, g->run->arena, 0);
  stele_buf_add_str(&way, from->name);
  for (const package_node *at = edge->to;; at = at->next) {
    stele_buf_add_cstr(&way, " -> ");
    stele_buf_add_str(&way, at->name);
    if (at == from) break;
  }
  stele_str text = stele_buf_str(&way);
  for (size_t i = 0; i < edge->imports.count; i++) {
    const rule_file *row = rule_side_file(&g->run->now, edge->files.at[i]->name);
    if (row->is_import) continue;
    rule_found(g->run, lint_import_spot(edge->files.at[i], edge->imports.at[i]), RULE_NOWHERE,
               "Package import cycle: " STELE_STR_FMT, STELE_STR_ARG(text));
  }
}

void lint_package_no_import_cycle(rule_run *run, const void *element, const void *against) {
  (void)against;
  const rule_side *side = element;
  graph g = {.run = run};
  stele_map_init(&g.nodes, run->arena, 0);
  for (size_t i = 0; i < side->tree->count; i++) {
    const stele_file *file = side->tree->files[i].file;
    if (file->package.len == 0) continue;
    for (uint32_t k = 0; k < file->import_count; k++) {
      if (file->imports[k].kind != STELE_IMPORT_OPTION) add_import(&g, file, &file->imports[k]);
    }
  }
  for (size_t i = 0; i < g.nodes.count; i++) {
    package_node *from = g.nodes.entries[i].value;
    for (size_t k = 0; k < from->edges.count; k++) {
      package_edge *edge = from->edges.at[k];
      if (leads_to(&g, edge->to, from)) report(&g, from, edge);
    }
  }
}

uint64_t lint_import_facts(rule_run *run, const stele_file *file) {
  (void)run;
  uint64_t facts = stele_hash_str(file->package, 1);
  for (uint32_t i = 0; i < file->import_count; i++) {
    bool counts = file->imports[i].kind != STELE_IMPORT_OPTION;
    facts = stele_hash_str(counts ? file->imports[i].path : (stele_str){0}, facts);
  }
  return facts;
}
