/* Oneofs: what may be set together before and after.
 *
 * Two fields that were independent can both be in a message that exists; if the
 * update puts them into one oneof, a reader keeps only the last. So for each
 * oneof of the update we ask where its members come from: former top-level
 * fields, or former oneofs. Oneofs are matched by name, members by number;
 * those of proto3 optional fields are no oneofs. */
#include <stdlib.h>

#include "check/confluent/confluent_internal.h"
#include "check/element/level.h"

static check_level oneofs_of(stele_arena *arena, const stele_message *message) {
  return check_level_of(arena, message->oneofs, message->real_oneof_count, sizeof *message->oneofs);
}

/* Where the members of one oneof of the update were before. */
typedef struct origins {
  size_t fields; /* independent fields, each an origin of its own */
  size_t oneofs; /* 0, 1, or 2 for several */
} origins;

static origins origins_of(const stele_oneof *now, const stele_message *original) {
  origins from = {0};
  const stele_oneof *first = NULL;
  for (uint32_t i = 0; i < now->field_count; i++) {
    const stele_field *was = stele_message_field(original, now->fields[i]->number);
    if (!was) continue;
    const stele_oneof *group = check_oneof_of(was);
    if (!group) {
      from.fields++;
    } else if (!first) {
      first = group;
      from.oneofs = 1;
    } else if (group != first) {
      from.oneofs = 2;
    }
  }
  return from;
}

static void merged(confluent_run *run, const stele_message *original, const stele_message *update) {
  for (uint32_t i = 0; i < update->real_oneof_count; i++) {
    const stele_oneof *now = &update->oneofs[i];
    origins from = origins_of(now, original);
    check_elements where = {NULL, now, STELE_SYMBOL_ONEOF};
    if (from.fields >= 2) {
      confluent_found(
          run, CONFLUENT_MULTIPLE_FIELDS_MOVED_TO_ONEOF, CONFLUENT_NAMED(now->name), where,
          "the oneof \"" STELE_STR_FMT "\" of the %s schema holds %zu fields that are "
          "independent in the %s schema",
          STELE_STR_ARG(now->name), run->pair.update_word, from.fields, run->pair.original_word);
    } else if (from.fields + from.oneofs > 1) {
      confluent_found(
          run, CONFLUENT_FIELD_MOVED_TO_EXISTING_ONEOF, CONFLUENT_NAMED(now->name), where,
          "the oneof \"" STELE_STR_FMT "\" of the %s schema holds fields that can be set "
          "together in the %s schema",
          STELE_STR_ARG(now->name), run->pair.update_word, run->pair.original_word);
    }
  }
}

static int by_name(const void *a, const void *b) {
  const stele_oneof *const *left = a, *const *right = b;
  stele_str x = (*left)->name, y = (*right)->name;
  return stele_str_order(x, y);
}

static const stele_oneof **sorted_oneofs(stele_arena *arena, const stele_message *message) {
  const stele_oneof **sorted =
      STELE_NEW_ARRAY(arena, const stele_oneof *, message->real_oneof_count);
  for (uint32_t i = 0; i < message->real_oneof_count; i++) sorted[i] = &message->oneofs[i];
  if (message->real_oneof_count > 1) {
    qsort(sorted, message->real_oneof_count, sizeof *sorted, by_name);
  }
  return sorted;
}

/* A member that is gone takes information with it only while the oneof, or a
 * sibling from it, is still there. */
static bool survives(const stele_oneof *was, check_level *oneofs, const stele_message *update) {
  if (check_level_find(oneofs, was->name, (size_t)(was - was->message->oneofs))) return true;
  for (uint32_t i = 0; i < was->field_count; i++) {
    if (stele_message_field(update, was->fields[i]->number)) return true;
  }
  return false;
}

static void members_of_original(confluent_run *run, const stele_oneof *was, check_level *oneofs,
                                const stele_message *update) {
  bool is_left = survives(was, oneofs, update);
  for (uint32_t i = 0; i < was->field_count; i++) {
    const stele_field *member = was->fields[i];
    const stele_field *now = stele_message_field(update, member->number);
    check_elements both = {member, now, STELE_SYMBOL_FIELD};
    if (!now && is_left) {
      confluent_found(run, CONFLUENT_ONEOF_FIELD_REMOVED, confluent_leaf_of(was, member), both,
                      "the oneof \"" STELE_STR_FMT
                      "\" of the %s schema has the member \"" STELE_STR_FMT
                      "\" = %d, the %s schema does not",
                      STELE_STR_ARG(was->name), run->pair.original_word,
                      STELE_STR_ARG(member->name), member->number, run->pair.update_word);
    } else if (now && !check_oneof_of(now)) {
      confluent_found(
          run, CONFLUENT_ONEOF_FIELD_MOVED_TO_TOP_LEVEL, confluent_leaf_of(was, member), both,
          "the field \"" STELE_STR_FMT "\" = %d is a member of a oneof in the %s schema "
          "and an ordinary field in the %s schema",
          STELE_STR_ARG(member->name), member->number, run->pair.original_word,
          run->pair.update_word);
    }
  }
}

static void members_of_update(confluent_run *run, const stele_message *original,
                              const stele_oneof *now) {
  for (uint32_t i = 0; i < now->field_count; i++) {
    const stele_field *member = now->fields[i];
    if (stele_message_field(original, member->number)) continue;
    confluent_found(run, CONFLUENT_ONEOF_FIELD_ADDED, confluent_leaf_of(now, member),
                    (check_elements){NULL, member, STELE_SYMBOL_FIELD},
                    "the oneof \"" STELE_STR_FMT
                    "\" of the %s schema has the member \"" STELE_STR_FMT
                    "\" = %d, the %s schema does not",
                    STELE_STR_ARG(now->name), run->pair.update_word, STELE_STR_ARG(member->name),
                    member->number, run->pair.original_word);
  }
}

void confluent_oneofs(confluent_run *run, const stele_message *original,
                      const stele_message *update) {
  if (!original->real_oneof_count && !update->real_oneof_count) return;
  merged(run, original, update);
  const stele_oneof **olds = sorted_oneofs(run->pair.arena, original);
  const stele_oneof **news = sorted_oneofs(run->pair.arena, update);
  check_level old_names = oneofs_of(run->pair.arena, original),
              new_names = oneofs_of(run->pair.arena, update);
  for (uint32_t i = 0; i < original->real_oneof_count; i++) {
    const stele_oneof *was = olds[i];
    if (!check_level_find(&new_names, was->name, i)) {
      confluent_found(run, CONFLUENT_ONEOF_REMOVED, CONFLUENT_NAMED(was->name),
                      (check_elements){was, NULL, STELE_SYMBOL_ONEOF},
                      "the %s schema has the oneof \"" STELE_STR_FMT "\", the %s schema does not",
                      run->pair.original_word, STELE_STR_ARG(was->name), run->pair.update_word);
    }
    members_of_original(run, was, &new_names, update);
  }
  for (uint32_t i = 0; i < update->real_oneof_count; i++) {
    const stele_oneof *now = news[i];
    if (!check_level_find(&old_names, now->name, i)) {
      confluent_found(run, CONFLUENT_ONEOF_ADDED, CONFLUENT_NAMED(now->name),
                      (check_elements){NULL, now, STELE_SYMBOL_ONEOF},
                      "the %s schema has the oneof \"" STELE_STR_FMT "\", the %s schema does not",
                      run->pair.update_word, STELE_STR_ARG(now->name), run->pair.original_word);
    }
    if (!run->only_refusing) members_of_update(run, original, now);
  }
}
