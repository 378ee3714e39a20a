/* Two fields of one number: kind, type, label, name.
 *
 * Changes inside a group of scalar types are invisible: they share their bytes
 * on the wire. Enums are numbers here. A message type is compared by its name
 * within its package; if it is imported, by what it contains as well, unless
 * both sides import the very same file.
 *
 * A type changed if anything that can be reached from it did. So each pair of
 * types is looked at once per imported type, from a list that grows while it is
 * walked: chains and cycles of types may be as long as they like. */
#include "check/confluent/confluent_internal.h"

#include <stddef.h>

typedef enum field_kind { KIND_SCALAR, KIND_MESSAGE, KIND_MAP } field_kind;

static const char *const kind_words[] = {"a scalar", "a message", "a map"};

static field_kind kind_of(const stele_field *field) {
  if (stele_field_is_map(field)) return KIND_MAP;
  return field->type == STELE_TYPE_MESSAGE || field->type == STELE_TYPE_GROUP ? KIND_MESSAGE
                                                                              : KIND_SCALAR;
}

typedef enum scalar_group {
  GROUP_NONE,
  GROUP_VARINT,
  GROUP_ZIGZAG,
  GROUP_TEXT,
  GROUP_FIXED32,
  GROUP_FIXED64,
  GROUP_FLOAT,
  GROUP_DOUBLE,
} scalar_group;

static const scalar_group groups[] = {
    [STELE_TYPE_UNRESOLVED] = GROUP_NONE,  [STELE_TYPE_DOUBLE] = GROUP_DOUBLE,
    [STELE_TYPE_FLOAT] = GROUP_FLOAT,      [STELE_TYPE_INT64] = GROUP_VARINT,
    [STELE_TYPE_UINT64] = GROUP_VARINT,    [STELE_TYPE_INT32] = GROUP_VARINT,
    [STELE_TYPE_FIXED64] = GROUP_FIXED64,  [STELE_TYPE_FIXED32] = GROUP_FIXED32,
    [STELE_TYPE_BOOL] = GROUP_VARINT,      [STELE_TYPE_STRING] = GROUP_TEXT,
    [STELE_TYPE_GROUP] = GROUP_NONE,       [STELE_TYPE_MESSAGE] = GROUP_NONE,
    [STELE_TYPE_BYTES] = GROUP_TEXT,       [STELE_TYPE_UINT32] = GROUP_VARINT,
    [STELE_TYPE_ENUM] = GROUP_VARINT,      [STELE_TYPE_SFIXED32] = GROUP_FIXED32,
    [STELE_TYPE_SFIXED64] = GROUP_FIXED64, [STELE_TYPE_SINT32] = GROUP_ZIGZAG,
    [STELE_TYPE_SINT64] = GROUP_ZIGZAG,
};

/* "optional", "required", "repeated"; "" where nothing is written. */
static const char *label_of(const stele_field *field) {
  if (check_oneof_of(field)) return "";
  if (field->label == STELE_LABEL_REPEATED) return "repeated";
  if (field->label == STELE_LABEL_REQUIRED) return "required";
  bool written =
      field->is_proto3_optional || stele_field_file(field)->edition == STELE_EDITION_PROTO2;
  return written ? "optional" : "";
}

static void label(confluent_run *run, const stele_field *was, const stele_field *now) {
  const char *old = label_of(was), *new = label_of(now);
  if (!*old || !*new || strcmp(old, new) == 0) return;
  bool is_text = groups[now->type] == GROUP_TEXT;
  confluent_rule rule = is_text ? CONFLUENT_FIELD_STRING_OR_BYTES_LABEL_CHANGED
                                : CONFLUENT_FIELD_NUMERIC_LABEL_CHANGED;
  confluent_found(run, rule, CONFLUENT_HERE, (check_elements){was, now, STELE_SYMBOL_FIELD},
                  "the field \"" STELE_STR_FMT
                  "\" = %d is %s in the %s schema and %s in the %s schema",
                  STELE_STR_ARG(now->name), now->number, old, run->pair.original_word, new,
                  run->pair.update_word);
}

/* Name within the package: ".pkg.Outer.Inner" of package "pkg" is "Outer.Inner". */
static stele_str local_name(const stele_message *type) {
  size_t skip = type->file->package.len ? type->file->package.len + 1 : 0;
  return (stele_str){type->full_name.ptr + skip, type->full_name.len - skip};
}

/* Two versions of an imported type. */
typedef struct confluent_pair {
  const stele_message *original, *update;
  bool differs;
} confluent_pair;

/* The pairs that one imported type leads to, itself first. */
typedef struct confluent_pairs {
  STELE_VEC(confluent_pair *) at;
  stele_map seen; /* the bytes of both pointers -> confluent_pair */
} confluent_pairs;

/* The pair in a map, and whether it is new there. */
static confluent_pair *pair_of(stele_arena *arena, stele_map *pairs, const stele_message *was,
                               const stele_message *now, bool *is_new) {
  confluent_pair *pair = STELE_NEW(arena, confluent_pair);
  *pair = (confluent_pair){.original = was, .update = now};
  void **place =
      stele_map_add(pairs, (stele_str){(const char *)pair, offsetof(confluent_pair, differs)});
  *is_new = !*place;
  if (*is_new) *place = pair;
  return *place;
}

static void reach(stele_arena *arena, confluent_pairs *pairs, const stele_message *was,
                  const stele_message *now) {
  bool is_new;
  confluent_pair *pair = pair_of(arena, &pairs->seen, was, now, &is_new);
  if (is_new) STELE_VEC_PUSH(arena, &pairs->at, pair);
}

/* What is found between two versions of one imported message refuses. */
static bool pair_differs(const confluent_run *run, confluent_pairs *pairs,
                         const confluent_pair *pair) {
  confluent_run sub = *run;
  sub.pair.original = pair->original->file;
  sub.pair.update = pair->update->file;
  sub.pair.findings = (check_finding_vec){0};
  sub.field = NULL;
  sub.inside = pairs;
  sub.only_refusing = true;
  stele_buf_init(&sub.path, run->pair.arena, 0);
  stele_buf_add_cstr(&sub.path, "#/");
  stele_buf_add_str(&sub.path, local_name(pair->update));
  confluent_message(&sub, pair->original, pair->update);
  const check_finding_vec *inner = &sub.pair.findings;
  for (size_t i = 0; i < inner->count; i++) {
    if (inner->at[i].rule->incompatible) return true;
  }
  return false;
}

/* Whether an imported type, or what it leads to, changed in a way that refuses. */
static bool differs_inside(confluent_run *run, const stele_message *was, const stele_message *now) {
  if (!run->verdicts) {
    run->verdicts = STELE_NEW(run->pair.arena, stele_map);
    stele_map_init(run->verdicts, run->pair.arena, (uintptr_t)run->pair.arena);
  }
  bool is_new;
  confluent_pair *verdict = pair_of(run->pair.arena, run->verdicts, was, now, &is_new);
  if (!is_new) return verdict->differs;
  confluent_pairs pairs = {0};
  stele_map_init(&pairs.seen, run->pair.arena, (uintptr_t)run->pair.arena);
  reach(run->pair.arena, &pairs, was, now);
  for (size_t i = 0; i < pairs.at.count && !verdict->differs; i++) {
    verdict->differs = pair_differs(run, &pairs, pairs.at.at[i]);
  }
  return verdict->differs;
}

static bool same_package_text(const stele_file *a, const stele_file *b) {
  return stele_str_eq(a->package, b->package);
}

static void message_type(confluent_run *run, const stele_field *was, const stele_field *now) {
  const stele_message *old = was->type_message, *new = now->type_message;
  if (!old || !new || old == new) return;
  check_elements both = {was, now, STELE_SYMBOL_FIELD};
  /* A file's own types are compared by the walk over them; inside an imported
   * type there is no such walk, so whatever it leads to is compared here. */
  bool local = !run->inside && old->file == run->pair.original && new->file == run->pair.update;
  bool renamed = !stele_str_eq(local_name(old), local_name(new)) ||
                 (!local && !same_package_text(old->file, new->file));
  if (renamed) {
    confluent_found(run, CONFLUENT_FIELD_NAMED_TYPE_CHANGED, CONFLUENT_HERE, both,
                    "the field \"" STELE_STR_FMT "\" = %d is of type \"" STELE_STR_FMT
                    "\" in the %s schema and \"" STELE_STR_FMT "\" in the %s schema",
                    STELE_STR_ARG(now->name), now->number, STELE_STR_ARG(old->full_name),
                    run->pair.original_word, STELE_STR_ARG(new->full_name), run->pair.update_word);
    return;
  }
  if (local || old->file == new->file) return;
  if (run->inside) {
    reach(run->pair.arena, run->inside, old, new);
    return;
  }
  if (!differs_inside(run, old, new)) return;
  confluent_found(run, CONFLUENT_FIELD_NAMED_TYPE_CHANGED, CONFLUENT_HERE, both,
                  "the imported type \"" STELE_STR_FMT "\" of the field \"" STELE_STR_FMT
                  "\" = %d changed incompatibly between the %s and the %s schema",
                  STELE_STR_ARG(new->full_name), STELE_STR_ARG(now->name), now->number,
                  run->pair.original_word, run->pair.update_word);
}

static void value(confluent_run *run, const stele_field *was, const stele_field *now) {
  field_kind old_kind = kind_of(was), new_kind = kind_of(now);
  check_elements both = {was, now, STELE_SYMBOL_FIELD};
  if (old_kind != new_kind) {
    confluent_found(run, CONFLUENT_FIELD_KIND_CHANGED, CONFLUENT_HERE, both,
                    "the field \"" STELE_STR_FMT "\" = %d is %s in the %s schema and %s in the %s "
                    "schema",
                    STELE_STR_ARG(now->name), now->number, kind_words[old_kind],
                    run->pair.original_word, kind_words[new_kind], run->pair.update_word);
  } else if (old_kind == KIND_MAP) {
    for (uint32_t i = 0; i < 2; i++) {
      value(run, &was->type_message->fields[i], &now->type_message->fields[i]);
    }
  } else if (old_kind == KIND_MESSAGE) {
    message_type(run, was, now);
  } else if (groups[was->type] != groups[now->type]) {
    confluent_found(run, CONFLUENT_FIELD_SCALAR_KIND_CHANGED, CONFLUENT_HERE, both,
                    "the field \"" STELE_STR_FMT "\" = %d is %s in the %s schema and %s in the %s "
                    "schema",
                    STELE_STR_ARG(now->name), now->number, stele_field_type_text(was->type),
                    run->pair.original_word, stele_field_type_text(now->type),
                    run->pair.update_word);
  } else if (!was->message->is_map_entry) {
    label(run, was, now);
  }
}

void confluent_field(confluent_run *run, const stele_field *original, const stele_field *update) {
  if (!stele_str_eq(original->name, update->name)) {
    confluent_found(run, CONFLUENT_FIELD_NAME_CHANGED, CONFLUENT_HERE,
                    (check_elements){original, update, STELE_SYMBOL_FIELD},
                    "the field %d is \"" STELE_STR_FMT "\" in the %s schema and \"" STELE_STR_FMT
                    "\" in the %s schema",
                    update->number, STELE_STR_ARG(original->name), run->pair.original_word,
                    STELE_STR_ARG(update->name), run->pair.update_word);
  }
  value(run, original, update);
}
