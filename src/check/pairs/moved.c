/* Types that moved and kept their shape.
 *
 * Two messages have one shape when their fields pair by number, with the same
 * name, type, cardinality and oneof, and the types of fields are the same or have
 * one shape in turn. Types that can hold themselves are taken to match while they
 * are being compared: if they do not, some other field says so. Candidates are the
 * new tree's types of the same short name that the old tree did not have. */
#include "check/pairs/moved.h"

#include "check/element/place.h"

enum { MOST_DEPTH = 64 };

/* Types of the new tree by short name, and full names of the old tree. */
typedef struct moved_index {
  stele_map messages, enums; /* short name -> candidate */
  stele_map old_names;
} moved_index;

typedef struct candidate {
  const void *type; /* stele_message or stele_enum */
  struct candidate *next;
} candidate;

/* A comparison under way, innermost first. */
typedef struct comparing {
  const stele_message *now, *was;
  const struct comparing *outer;
  int depth;
} comparing;

/* ---- The index --------------------------------------------------------------------------- */

bool platform_moves_are_told(const rule_run *run) {
  for (size_t i = 0; i < run->selection->on.count; i++) {
    if (strcmp(run->selection->on.at[i]->id, "TYPE_MOVED") == 0) return true;
  }
  return false;
}

static void add_candidate(rule_run *run, stele_map *map, stele_str name, const void *type) {
  void **place = stele_map_add(map, name);
  candidate *c = STELE_NEW(run->arena, candidate);
  *c = (candidate){type, *place};
  *place = c;
}

static void add_enums(rule_run *run, moved_index *index, const stele_enum *enums, uint32_t count,
                      bool old) {
  for (uint32_t i = 0; i < count; i++) {
    if (old) {
      *stele_map_add(&index->old_names, enums[i].full_name) = index;
    } else {
      add_candidate(run, &index->enums, enums[i].name, &enums[i]);
    }
  }
}

static void add_messages(rule_run *run, moved_index *index, const stele_message *messages,
                         uint32_t count, bool old) {
  for (uint32_t i = 0; i < count; i++) {
    if (messages[i].is_map_entry) continue;
    if (old) {
      *stele_map_add(&index->old_names, messages[i].full_name) = index;
    } else {
      add_candidate(run, &index->messages, messages[i].name, &messages[i]);
    }
    add_enums(run, index, messages[i].enums, messages[i].enum_count, old);
    add_messages(run, index, messages[i].messages, messages[i].message_count, old);
  }
}

static void add_tree(rule_run *run, moved_index *index, const rule_tree *tree, bool old) {
  for (size_t i = 0; i < tree->count; i++) {
    const stele_file *file = tree->files[i].file;
    add_messages(run, index, file->messages, file->message_count, old);
    add_enums(run, index, file->enums, file->enum_count, old);
  }
}

/* NULL where the rule is off. */
static moved_index *index_of(rule_run *run) {
  breaking_memo *memo = run->memo;
  if (memo->shapes || !platform_moves_are_told(run)) return memo->shapes;
  moved_index *index = STELE_NEW(run->arena, moved_index);
  stele_map_init(&index->messages, run->arena, 0);
  stele_map_init(&index->enums, run->arena, 0);
  stele_map_init(&index->old_names, run->arena, 0);
  add_tree(run, index, run->now.tree, false);
  add_tree(run, index, run->was.tree, true);
  memo->shapes = index;
  return index;
}

/* ---- Shapes -------------------------------------------------------------------------------- */

static bool same_enum_shape(const stele_enum *now, const stele_enum *was) {
  if (now->value_count != was->value_count || now->is_closed != was->is_closed) return false;
  for (uint32_t i = 0; i < was->value_count; i++) {
    const stele_enum_value *value = stele_enum_value_by_name(now, was->values[i].name);
    if (!value || value->number != was->values[i].number) return false;
  }
  return true;
}

static bool same_message_shape(const stele_message *now, const stele_message *was,
                               const comparing *outer);

static stele_str oneof_name(const stele_field *field) {
  const stele_oneof *oneof = check_oneof_of(field);
  return oneof ? oneof->name : (stele_str){0};
}

static bool same_field_shape(const stele_field *now, const stele_field *was,
                             const comparing *outer) {
  if (now->type != was->type || now->label != was->label || now->is_required != was->is_required ||
      now->has_presence != was->has_presence || now->is_delimited != was->is_delimited ||
      !stele_str_eq(now->name, was->name) || !stele_str_eq(now->json_name, was->json_name) ||
      !stele_str_eq(oneof_name(now), oneof_name(was))) {
    return false;
  }
  if (stele_str_eq(stele_field_type_name(now), stele_field_type_name(was))) return true;
  if (now->type_enum && was->type_enum) return same_enum_shape(now->type_enum, was->type_enum);
  return now->type_message && was->type_message &&
         same_message_shape(now->type_message, was->type_message, outer);
}

static bool same_message_shape(const stele_message *now, const stele_message *was,
                               const comparing *outer) {
  comparing here = {now, was, outer, outer ? outer->depth + 1 : 0};
  for (const comparing *at = outer; at; at = at->outer) {
    if (at->now == now && at->was == was) return true;
  }
  if (here.depth > MOST_DEPTH || now->field_count != was->field_count ||
      now->is_map_entry != was->is_map_entry || now->is_message_set != was->is_message_set) {
    return false;
  }
  for (uint32_t i = 0; i < was->field_count; i++) {
    const stele_field *field = stele_message_field(now, was->fields[i].number);
    if (!field || !same_field_shape(field, &was->fields[i], &here)) return false;
  }
  return true;
}

/* ---- Where types went ------------------------------------------------------------------------ */

const stele_message *platform_message_moved_to(rule_run *run, const stele_message *was) {
  moved_index *index = index_of(run);
  if (!index || was->is_map_entry) return NULL;
  const stele_message *namesake = stele_map_find(&breaking_names_of(run)->messages, was->full_name);
  if (namesake) {
    bool left = !stele_str_eq(namesake->file->name, was->file->name);
    return left && same_message_shape(namesake, was, NULL) ? namesake : NULL;
  }
  if (was->field_count == 0) return NULL; /* what is empty looks like anything empty */
  for (const candidate *c = stele_map_find(&index->messages, was->name); c; c = c->next) {
    const stele_message *now = c->type;
    if (stele_map_find(&index->old_names, now->full_name)) continue;
    if (same_message_shape(now, was, NULL)) return now;
  }
  return NULL;
}

const stele_enum *platform_enum_moved_to(rule_run *run, const stele_enum *was) {
  moved_index *index = index_of(run);
  if (!index) return NULL;
  const stele_enum *namesake = stele_map_find(&breaking_names_of(run)->enums, was->full_name);
  if (namesake) {
    bool left = !stele_str_eq(namesake->file->name, was->file->name);
    return left && same_enum_shape(namesake, was) ? namesake : NULL;
  }
  for (const candidate *c = stele_map_find(&index->enums, was->name); c; c = c->next) {
    const stele_enum *now = c->type;
    if (stele_map_find(&index->old_names, now->full_name)) continue;
    if (same_enum_shape(now, was)) return now;
  }
  return NULL;
}

bool platform_is_same_message(rule_run *run, const stele_message *now, const stele_message *was) {
  return now && was && platform_message_moved_to(run, was) == now;
}

bool platform_is_same_enum(rule_run *run, const stele_enum *now, const stele_enum *was) {
  return now && was && platform_enum_moved_to(run, was) == now;
}
