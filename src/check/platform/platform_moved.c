/* The platform's rule about types that moved: called that, instead of deleted. */
#include "check/pairs/moved.h"
#include "check/platform/platform.h"

/* Who only asks about the wire does not want to hear of it: it needs a rule about
 * code to be on beside this one. */
static bool is_wanted(const rule_run *run) {
  static const char *const others[] = {"MESSAGE_NO_DELETE", "ENUM_NO_DELETE",
                                       "PACKAGE_MESSAGE_NO_DELETE", "PACKAGE_ENUM_NO_DELETE",
                                       "FIELD_SAME_TYPE"};
  for (size_t i = 0; i < run->selection->on.count; i++) {
    for (size_t k = 0; k < STELE_COUNT(others); k++) {
      if (strcmp(run->selection->on.at[i]->id, others[k]) == 0) return true;
    }
  }
  return false;
}

static void moved(rule_run *run, const char *kind, rule_spot at, rule_spot was, stele_str from,
                  stele_str to) {
  stele_str path = rule_quote(run->arena, at.file->name);
  rule_found_hint(run, at, was,
                  STELE_STR("Records stay readable. Code that names the type has to follow; an "
                            "alias in the old place spares it that."),
                  "The %s \"" STELE_STR_FMT "\" moved to \"" STELE_STR_FMT "\" in " STELE_STR_FMT
                  " with the same shape.",
                  kind, STELE_STR_ARG(from), STELE_STR_ARG(to), STELE_STR_ARG(path));
}

static void look_at_enums(rule_run *run, const stele_enum *enums, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const stele_enum *now = platform_enum_moved_to(run, &enums[i]);
    if (!now) continue;
    moved(run, "enum", rule_spot_name(run, &run->now, STELE_SYMBOL_ENUM, now),
          rule_spot_of(STELE_SYMBOL_ENUM, &enums[i]), enums[i].full_name, now->full_name);
  }
}

/* What is nested in a type that moved moved with it, and is not told again. */
static void look_at_messages(rule_run *run, const stele_message *messages, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const stele_message *now = platform_message_moved_to(run, &messages[i]);
    if (!now) {
      look_at_enums(run, messages[i].enums, messages[i].enum_count);
      look_at_messages(run, messages[i].messages, messages[i].message_count);
      continue;
    }
    moved(run, "message", rule_spot_name(run, &run->now, STELE_SYMBOL_MESSAGE, now),
          rule_spot_of(STELE_SYMBOL_MESSAGE, &messages[i]), messages[i].full_name, now->full_name);
  }
}

void platform_type_moved(rule_run *run, const void *element, const void *against) {
  (void)element;
  const rule_side *was = against;
  if (!is_wanted(run)) return;
  for (size_t i = 0; i < was->tree->count; i++) {
    const stele_file *file = was->tree->files[i].file;
    look_at_messages(run, file->messages, file->message_count);
    look_at_enums(run, file->enums, file->enum_count);
  }
}
