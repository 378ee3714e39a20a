/* rule_known: a tree as the run before this one saw it.
 *
 * For trees that are judged again and again, part of a rule_memory. A run that knows what
 * the last one saw looks its files up where they were, asks about packages and folders
 * only where something changed, and about the tree only when what its rules read of the
 * files that changed is not what it was.
 * Files are known by their index; a tree with other files is another tree.
 * Deps: check/rule/{rule_internal,rule_memory}.h. */
#ifndef STELE_CHECK_RULE_RULE_KNOWN_H
#define STELE_CHECK_RULE_RULE_KNOWN_H

#include "check/rule/rule_internal.h"
#include "check/rule/rule_memory.h"

typedef struct rule_known_group rule_known_group;

typedef struct rule_known_file {
  stele_str package;
  rule_known_group *package_group, *folder_group; /* NULL: an import, or never asked for */
  uint64_t *facts;                                /* by rule about the tree */
  bool is_dirty;                                  /* changed since the last run */
  bool is_relinked;                               /* types that it refers to did */
  bool was_dirty;                                 /* in the last run */
} rule_known_file;

struct rule_known_group {
  rule_group group;
  bool is_touched; /* in this run */
};

/* Something that a rule about the tree found, or would have but for the configuration or a
 * comment; and where, for when the place in the text is another. */
typedef struct rule_known_finding {
  rule_finding finding; /* `at.path` is set where there is one, also of what is ignored */
  rule_spot spot;       /* by steps; the file is of another run */
  bool is_ignored;
} rule_known_finding;

typedef struct rule_known_rule {
  const rule *rule;
  bool is_known, is_changed;
  stele_arena *arena;
  stele_map deep; /* files in which a spot is too deep to be kept */
  STELE_VEC(rule_known_finding) findings;
} rule_known_rule;

typedef struct rule_known {
  stele_arena *arena; /* NULL: nothing is known */
  uint64_t shape;
  size_t count;
  stele_map paths; /* -> index + 1 */
  rule_known_file *files;
  STELE_VEC(uint32_t) dirty, last_dirty, relinked;
  bool has_groups;
  stele_map packages, folders; /* -> rule_known_group */
  rule_known_rule *rules;      /* of RULE_ON_TREE, as selected */
  size_t rule_count;
  bool is_running; /* a run that has not come to its end leaves nothing */
  bool is_tree_at_rest;
  void *of_walk; /* what the walk keeps, in `arena` */
} rule_known;

/* NULL when the tree has no memory, or no shape. */
rule_known *rule_known_of(const rule_tree *tree);

/* Readies it for a run over the tree: all files are dirty when it was another one. */
void rule_known_begin(rule_known *known, const rule_run *run, const rule_tree *tree);

/* Keeps what a rule about the tree finds; copies its texts. */
void rule_known_keep(rule_known_rule *kept, rule_spot at, const rule_finding *finding,
                     bool is_ignored);

/* The run went well: nothing is dirty any more. */
void rule_known_end(rule_known *known);

/* Asks the rules about the tree, if one of them could find something else now: then all is
 * told anew. Else only what is in dirty files is, since its place may be another. */
void rule_known_ask_tree(rule_known *known, rule_run *run, const void *element,
                         const void *against);

/* Asks the rules about packages and folders that have dirty files, or had. */
void rule_known_ask_groups(rule_known *known, rule_run *run);

#endif
