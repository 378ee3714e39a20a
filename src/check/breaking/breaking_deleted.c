/* Things that are not there any more: files, packages, types, extensions.
 *
 * A finding about what is gone stands at the nearest thing around it that is
 * left: an enclosing message, or the file as a whole, or nowhere. */
#include "base/hash.h"
#include "check/breaking/breaking.h"
#include "check/pairs/moved.h"

/* What is looked for, in whichever file. */
typedef struct deleted {
  rule_run *run;
  const stele_file *now, *was; /* of one path; `now` may be NULL */
  bool in_package;             /* PACKAGE_*: anywhere in the package will do */
  bool is_moved;               /* `now` is of another package: its names are others */
} deleted;

static const char *const kind_words[] = {
    [BREAKING_ENUM] = "enum",
    [BREAKING_MESSAGE] = "message",
    [BREAKING_EXTENSION] = "extension",
    [BREAKING_SERVICE] = "service",
};

static void gone(const deleted *d, int kind, stele_str full_name, rule_spot at, rule_spot was) {
  stele_str name = breaking_nested_name(d->was, full_name);
  if (d->in_package) {
    rule_found(d->run, at, was,
               "Previously present %s \"" STELE_STR_FMT
               "\" was deleted from package \"" STELE_STR_FMT "\".",
               kind_words[kind], STELE_STR_ARG(name), STELE_STR_ARG(d->was->package));
  } else {
    rule_found(d->run, at, was,
               "Previously present %s \"" STELE_STR_FMT "\" was deleted from file.",
               kind_words[kind], STELE_STR_ARG(name));
  }
}

/* Is the element of this name in the package now? */
static bool is_in_package(const deleted *d, const stele_map *map, stele_symbol_kind kind,
                          stele_str full_name) {
  const void *found = stele_map_find(map, full_name);
  const stele_file *file = NULL;
  if (!found) return false;
  if (kind == STELE_SYMBOL_MESSAGE) file = ((const stele_message *)found)->file;
  if (kind == STELE_SYMBOL_ENUM) file = ((const stele_enum *)found)->file;
  if (kind == STELE_SYMBOL_FIELD) file = stele_field_file(found);
  if (kind == STELE_SYMBOL_SERVICE) file = ((const stele_service *)found)->file;
  return file && stele_str_eq(file->package, d->was->package);
}

/* Where the message around something stands now, or the file, or nothing. A
 * message is looked for in the whole package when messages are what is gone. */
static rule_spot around(const deleted *d, const stele_message *parent, const stele_message *now,
                        bool anywhere) {
  if (!d->now) return RULE_NOWHERE;
  if (now) return rule_spot_message(d->run, &d->run->now, now);
  for (; anywhere && parent; parent = parent->parent) {
    const stele_message *left =
        stele_map_find(&breaking_names_of(d->run)->messages, parent->full_name);
    if (left && stele_str_eq(left->file->package, d->was->package)) {
      return rule_spot_message(d->run, &d->run->now, left);
    }
  }
  return rule_spot_file(d->now);
}

/* By itself, or within a message that did. */
static bool is_moved(rule_run *run, const stele_message *was) {
  for (; was; was = was->parent) {
    if (platform_message_moved_to(run, was)) return true;
  }
  return false;
}

static void enums(const deleted *d, const stele_enum *was, uint32_t count,
                  const stele_message *nearest, const stele_enum *now, uint32_t now_count) {
  for (uint32_t i = 0; i < count; i++) {
    if (!d->is_moved && BREAKING_SIBLING(d->run, now, now_count, was[i].name, i)) continue;
    if (d->in_package &&
        is_in_package(d, &breaking_names_of(d->run)->enums, STELE_SYMBOL_ENUM, was[i].full_name)) {
      continue;
    }
    if (platform_enum_moved_to(d->run, &was[i]) || is_moved(d->run, was[i].parent)) continue;
    gone(d, BREAKING_ENUM, was[i].full_name, around(d, NULL, nearest, false),
         rule_spot_of(STELE_SYMBOL_ENUM, &was[i]));
  }
}

static void extensions(const deleted *d, const stele_field *was, uint32_t count,
                       const stele_message *nearest, const stele_field *now, uint32_t now_count) {
  for (uint32_t i = 0; i < count; i++) {
    if (!d->is_moved && BREAKING_SIBLING(d->run, now, now_count, was[i].name, i)) continue;
    stele_str name = stele_field_full_name(d->run->arena, &was[i]);
    if (d->in_package &&
        is_in_package(d, &breaking_names_of(d->run)->extensions, STELE_SYMBOL_FIELD, name)) {
      continue;
    }
    gone(d, BREAKING_EXTENSION, name, around(d, NULL, nearest, false),
         rule_spot_of(STELE_SYMBOL_FIELD, &was[i]));
  }
}

static void messages(const deleted *d, const stele_message *was, uint32_t count,
                     const stele_message *nearest, const stele_message *now, uint32_t now_count) {
  for (uint32_t i = 0; i < count; i++) {
    if (!d->is_moved && BREAKING_SIBLING(d->run, now, now_count, was[i].name, i)) continue;
    if (d->in_package && is_in_package(d, &breaking_names_of(d->run)->messages,
                                       STELE_SYMBOL_MESSAGE, was[i].full_name)) {
      continue;
    }
    if (is_moved(d->run, &was[i])) continue; /* TYPE_MOVED says so */
    gone(d, BREAKING_MESSAGE, was[i].full_name,
         around(d, was[i].parent, d->in_package ? NULL : nearest, d->in_package),
         rule_spot_message(d->run, &d->run->was, &was[i]));
  }
}

/* The level of one message of the old file, beside the same message of the new
 * one (or NULL); `nearest` is the innermost that is left around it. */
static void level(const deleted *d, int kind, const stele_message *was, const stele_message *now,
                  const stele_message *nearest) {
  if (now) nearest = now;
  if (kind == BREAKING_ENUM) {
    enums(d, was->enums, was->enum_count, nearest, now ? now->enums : NULL,
          now ? now->enum_count : 0);
  } else if (kind == BREAKING_EXTENSION) {
    extensions(d, was->extensions, was->extension_count, nearest, now ? now->extensions : NULL,
               now ? now->extension_count : 0);
  } else {
    messages(d, was->messages, was->message_count, nearest, now ? now->messages : NULL,
             now ? now->message_count : 0);
  }
  for (uint32_t i = 0; i < was->message_count; i++) {
    const stele_message *inner =
        now ? BREAKING_SIBLING(d->run, now->messages, now->message_count, was->messages[i].name, i)
            : NULL;
    level(d, kind, &was->messages[i], inner, nearest);
  }
}

static void services(const deleted *d) {
  for (uint32_t i = 0; i < d->was->service_count; i++) {
    const stele_service *was = &d->was->services[i];
    if (d->now && !d->is_moved &&
        BREAKING_SIBLING(d->run, d->now->services, d->now->service_count, was->name, i)) {
      continue;
    }
    if (d->in_package && is_in_package(d, &breaking_names_of(d->run)->services,
                                       STELE_SYMBOL_SERVICE, was->full_name)) {
      continue;
    }
    gone(d, BREAKING_SERVICE, was->full_name, d->now ? rule_spot_file(d->now) : RULE_NOWHERE,
         rule_spot_of(STELE_SYMBOL_SERVICE, was));
  }
}

static void in_file(const deleted *d, int kind) {
  const stele_file *was = d->was, *now = d->now;
  if (kind == BREAKING_SERVICE) {
    services(d);
    return;
  }
  if (kind == BREAKING_ENUM) {
    enums(d, was->enums, was->enum_count, NULL, now ? now->enums : NULL, now ? now->enum_count : 0);
  } else if (kind == BREAKING_EXTENSION) {
    extensions(d, was->extensions, was->extension_count, NULL, now ? now->extensions : NULL,
               now ? now->extension_count : 0);
  } else {
    messages(d, was->messages, was->message_count, NULL, now ? now->messages : NULL,
             now ? now->message_count : 0);
  }
  for (uint32_t i = 0; i < was->message_count; i++) {
    const stele_message *inner =
        now ? BREAKING_SIBLING(d->run, now->messages, now->message_count, was->messages[i].name, i)
            : NULL;
    level(d, kind, &was->messages[i], inner, NULL);
  }
}

static void from_file(rule_run *run, const void *element, const void *against, int kind) {
  in_file(&(deleted){.run = run, .now = element, .was = against}, kind);
}

void breaking_enum_no_delete(rule_run *run, const void *element, const void *against) {
  from_file(run, element, against, BREAKING_ENUM);
}

void breaking_message_no_delete(rule_run *run, const void *element, const void *against) {
  from_file(run, element, against, BREAKING_MESSAGE);
}

void breaking_extension_no_delete(rule_run *run, const void *element, const void *against) {
  from_file(run, element, against, BREAKING_EXTENSION);
}

void breaking_service_no_delete(rule_run *run, const void *element, const void *against) {
  from_file(run, element, against, BREAKING_SERVICE);
}

/* The package is there still (and something of the kind in it), but not the
 * element, in whichever file. */
void breaking_package_element_no_delete(rule_run *run, const void *element, const void *against) {
  (void)element;
  const rule_side *was = against;
  const breaking_names *names = breaking_names_of(run);
  for (size_t i = 0; i < was->tree->count; i++) {
    const stele_file *file = was->tree->files[i].file;
    if (!stele_map_find(&names->packages_with[run->rule->arg], file->package)) continue;
    const rule_file *row = rule_side_file(&run->now, file->name);
    const stele_file *now = row ? row->file : NULL;
    bool is_moved = now && !stele_str_eq(now->package, file->package);
    in_file(&(deleted){run, now, file, .in_package = true, .is_moved = is_moved}, run->rule->arg);
  }
}

void breaking_file_no_delete(rule_run *run, const void *element, const void *against) {
  (void)element;
  const rule_side *was = against;
  for (size_t i = 0; i < was->tree->count; i++) {
    const stele_file *file = was->tree->files[i].file;
    if (rule_side_file(&run->now, file->name)) continue;
    stele_str path = rule_quote(run->arena, file->name);
    rule_found(run, RULE_NOWHERE, rule_spot_file(file),
               "Previously present file " STELE_STR_FMT " was deleted.", STELE_STR_ARG(path));
  }
}

/* Once for each package, at the first of its files by path. */
void breaking_package_no_delete(rule_run *run, const void *element, const void *against) {
  (void)element;
  const rule_side *was = against;
  stele_map first;
  stele_map_init(&first, run->arena, 0);
  for (size_t i = 0; i < was->tree->count; i++) {
    const stele_file *file = was->tree->files[i].file;
    if (stele_map_find(&breaking_names_of(run)->packages, file->package)) continue;
    void **place = stele_map_add(&first, file->package);
    const stele_file *other = *place;
    if (!other || stele_str_order(file->name, other->name) < 0) *place = (void *)(uintptr_t)file;
  }
  for (size_t i = 0; i < first.count; i++) {
    stele_str package = first.entries[i].key.str;
    rule_found(run, RULE_NOWHERE, rule_spot_file(first.entries[i].value),
               "Previously present package \"" STELE_STR_FMT "\" was deleted.",
               STELE_STR_ARG(package));
  }
}

/* ---- What of a newer file they read --------------------------------------------- */

uint64_t breaking_no_facts(rule_run *run, const stele_file *file) {
  (void)run;
  (void)file;
  return 0; /* that it is there is all */
}

static uint64_t message_facts(const stele_message *message, uint64_t facts) {
  facts = stele_hash_str(message->full_name, facts);
  for (uint32_t i = 0; i < message->enum_count; i++) {
    facts = stele_hash_str(message->enums[i].full_name, facts + 1);
  }
  for (uint32_t i = 0; i < message->extension_count; i++) {
    facts = stele_hash_str(message->extensions[i].name, facts + 2);
  }
  for (uint32_t i = 0; i < message->message_count; i++) {
    facts = message_facts(&message->messages[i], facts);
  }
  return facts;
}

uint64_t breaking_name_facts(rule_run *run, const stele_file *file) {
  if (platform_moves_are_told(run)) return RULE_FACTS_ANY; /* shapes */
  uint64_t facts = stele_hash_str(file->package, 1);
  for (uint32_t i = 0; i < file->message_count; i++) {
    facts = message_facts(&file->messages[i], facts);
  }
  for (uint32_t i = 0; i < file->enum_count; i++) {
    facts = stele_hash_str(file->enums[i].full_name, facts + 1);
  }
  for (uint32_t i = 0; i < file->extension_count; i++) {
    facts = stele_hash_str(file->extensions[i].name, facts + 2);
  }
  for (uint32_t i = 0; i < file->service_count; i++) {
    facts = stele_hash_str(file->services[i].full_name, facts + 3);
  }
  return facts;
}
