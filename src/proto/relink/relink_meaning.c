/* What the linker reads of an import: names and what they are; of messages whether they are
 * sets, their extension ranges and visibility; of enums whether they are closed, their values
 * (defaults and options name them), the first above all; of extensions everything. Fields of
 * messages it reads only where a value of the message is written as an option.
 *
 * Names below a message come from nowhere but the message, so what is added there is in
 * nobody's way. What is added to the package is found from inside it, and may be what a name
 * there means from now on.
 *
 * Whatever is not plain is called a change that is seen. */
#include "base/vec.h"
#include "proto/relink/relink.h"
#include "proto/schema/schema.h"

typedef struct comparison {
  stele_arena *arena;
  bool is_seen, adds;
  STELE_VEC(const stele_message *) bodies;
} comparison;

static void check(comparison *c, bool same) {
  c->is_seen = c->is_seen || !same;
}

static bool same_bytes(stele_bytes a, stele_bytes b) {
  return stele_str_eq(stele_bytes_str(a), stele_bytes_str(b));
}

static bool same_options(const stele_options *a, const stele_options *b) {
  static const stele_bytes none = {NULL, 0};
  return same_bytes(a ? a->wire : none, b ? b->wire : none);
}

/* The sibling of a name; the place where it was is tried first. */
#define SIBLING(elements, count, name_, near, found)                                               \
  do {                                                                                             \
    (found) = NULL;                                                                                \
    for (uint32_t k_ = 0; k_ < (count) && !(found); k_++) {                                        \
      uint32_t at_ = (uint32_t)(((size_t)(near) + k_) % (count));                                  \
      if (stele_str_eq((elements)[at_].name, name_)) (found) = &(elements)[at_];                   \
    }                                                                                              \
  } while (0)

/* ---- enums and extensions ------------------------------------------------------ */

static void compare_enum(comparison *c, const stele_enum *was, const stele_enum *now, bool is_top) {
  check(c, was->is_closed == now->is_closed && was->visibility == now->visibility);
  check(c, was->value_count > 0 && now->value_count >= was->value_count &&
               was->values[0].number == now->values[0].number &&
               stele_str_eq(was->values[0].name, now->values[0].name));
  for (uint32_t i = 0; !c->is_seen && i < was->value_count; i++) {
    const stele_enum_value *value;
    SIBLING(now->values, now->value_count, was->values[i].name, i, value);
    check(c, value && value->number == was->values[i].number &&
                 same_options(value->options, was->values[i].options));
  }
  if (is_top && now->value_count > was->value_count) c->adds = true; /* beside their enum */
}

static void compare_enums(comparison *c, const stele_enum *was, uint32_t was_count,
                          const stele_enum *now, uint32_t now_count, bool is_top) {
  check(c, now_count >= was_count);
  if (is_top && now_count > was_count) c->adds = true;
  for (uint32_t i = 0; !c->is_seen && i < was_count; i++) {
    const stele_enum *type;
    SIBLING(now, now_count, was[i].name, i, type);
    check(c, type != NULL);
    if (type) compare_enum(c, &was[i], type, is_top);
  }
}

static bool same_oneof(const stele_oneof *a, const stele_oneof *b) {
  return a && b ? stele_str_eq(a->name, b->name) : a == b;
}

static bool same_field(const stele_field *a, const stele_field *b) {
  return stele_str_eq(a->name, b->name) && stele_str_eq(a->json_name, b->json_name) &&
         stele_str_eq(stele_field_type_name(a), stele_field_type_name(b)) &&
         stele_str_eq(stele_field_extendee_name(a), stele_field_extendee_name(b)) &&
         stele_str_eq(stele_field_default(a), stele_field_default(b)) &&
         same_oneof(a->oneof, b->oneof) && same_options(a->options, b->options) &&
         a->features == b->features && a->number == b->number && a->type == b->type &&
         a->label == b->label && a->has_default == b->has_default && a->is_packed == b->is_packed &&
         a->is_required == b->is_required && a->is_delimited == b->is_delimited &&
         a->has_presence == b->has_presence;
}

static void compare_extensions(comparison *c, const stele_field *was, uint32_t was_count,
                               const stele_field *now, uint32_t now_count) {
  check(c, was_count == now_count);
  for (uint32_t i = 0; !c->is_seen && i < was_count; i++) check(c, same_field(&was[i], &now[i]));
}

/* ---- messages --------------------------------------------------------------------- */

static void compare_ranges(comparison *c, const stele_message *was, const stele_message *now) {
  check(c, was->extension_range_count == now->extension_range_count);
  for (uint32_t i = 0; !c->is_seen && i < was->extension_range_count; i++) {
    const stele_range *a = &was->extension_ranges[i], *b = &now->extension_ranges[i];
    check(c, a->start == b->start && a->end == b->end && same_options(a->options, b->options));
  }
}

/* Is every value that could be written before still one, and written the same? */
static bool only_gains(const stele_message *was, const stele_message *now) {
  for (uint32_t i = 0; i < was->field_count; i++) {
    const stele_field *field = stele_message_field(now, was->fields[i].number);
    if (!field || !same_field(&was->fields[i], field)) return false;
  }
  for (uint32_t i = 0; i < now->field_count; i++) {
    const stele_field *field = &now->fields[i];
    if (field->is_required && !stele_message_field(was, field->number)) return false;
  }
  return true;
}

/* Nesting is bounded by the parser. */
static void compare_messages(comparison *c, const stele_message *was, uint32_t was_count,
                             const stele_message *now, uint32_t now_count, bool is_top) {
  check(c, now_count >= was_count);
  if (is_top && now_count > was_count) c->adds = true;
  for (uint32_t i = 0; !c->is_seen && i < was_count; i++) {
    const stele_message *a = &was[i], *b;
    SIBLING(now, now_count, a->name, i, b);
    check(c, b && a->is_message_set == b->is_message_set && a->is_map_entry == b->is_map_entry &&
                 a->visibility == b->visibility);
    if (c->is_seen) return;
    compare_ranges(c, a, b);
    compare_extensions(c, a->extensions, a->extension_count, b->extensions, b->extension_count);
    compare_enums(c, a->enums, a->enum_count, b->enums, b->enum_count, false);
    if (!only_gains(a, b)) STELE_VEC_PUSH(c->arena, &c->bodies, a);
    compare_messages(c, a->messages, a->message_count, b->messages, b->message_count, false);
  }
}

/* ---- values ------------------------------------------------------------------------ */

bool relink_same_values(const stele_message *before, const stele_message *after) {
  bool same = before->field_count == after->field_count &&
              before->is_deprecated == after->is_deprecated &&
              same_options(before->options, after->options);
  for (uint32_t i = 0; same && i < before->field_count; i++) {
    same = same_field(&before->fields[i], &after->fields[i]);
  }
  return same;
}

bool relink_same_enum_values(const stele_enum *before, const stele_enum *after) {
  bool same = before->value_count == after->value_count &&
              before->is_deprecated == after->is_deprecated &&
              same_options(before->options, after->options);
  for (uint32_t i = 0; same && i < before->value_count; i++) {
    same = before->values[i].number == after->values[i].number &&
           stele_str_eq(before->values[i].name, after->values[i].name);
  }
  return same;
}

/* Of types that are in both. */
static bool same_flags(const stele_message *was, uint32_t was_count, const stele_message *now,
                       uint32_t now_count) {
  bool same = true;
  for (uint32_t i = 0; same && i < was_count; i++) {
    const stele_message *message;
    SIBLING(now, now_count, was[i].name, i, message);
    if (!message) continue;
    same = was[i].is_deprecated == message->is_deprecated &&
           same_flags(was[i].messages, was[i].message_count, message->messages,
                      message->message_count);
  }
  return same;
}

bool relink_same_deprecation(const stele_file *before, const stele_file *after) {
  return same_options(before->options, after->options) &&
         same_flags(before->messages, before->message_count, after->messages, after->message_count);
}

/* ---- files ---------------------------------------------------------------------- */

static void compare_imports(comparison *c, const stele_file *was, const stele_file *now) {
  check(c, was->import_count == now->import_count);
  for (uint32_t i = 0; !c->is_seen && i < was->import_count; i++) {
    check(c, was->imports[i].kind == now->imports[i].kind &&
                 stele_str_eq(was->imports[i].path, now->imports[i].path));
  }
}

/* One that services were added to, or that lost some; nobody can refer to them, but they
 * hide what has their name further out. */
static void compare_services(comparison *c, const stele_file *was, const stele_file *now) {
  for (uint32_t i = 0; i < now->service_count; i++) {
    const stele_service *service;
    SIBLING(was->services, was->service_count, now->services[i].name, i, service);
    if (!service) c->adds = true;
  }
}

/* Options are read through the messages of this one. */
static bool is_descriptor(const stele_file *file) {
  if (!stele_str_eq(file->package, STELE_STR("google.protobuf"))) return false;
  for (uint32_t i = 0; i < file->message_count; i++) {
    if (stele_str_eq(file->messages[i].name, STELE_STR("FieldOptions"))) return true;
  }
  return false;
}

relink_meaning relink_compare(stele_arena *arena, const stele_file *before,
                              const stele_file *after) {
  comparison c = {.arena = arena};
  check(&c, stele_str_eq(before->package, after->package) && before->edition == after->edition &&
                before->features == after->features && !before->is_lenient && !after->is_lenient &&
                !is_descriptor(before) && !is_descriptor(after));
  compare_imports(&c, before, after);
  compare_extensions(&c, before->extensions, before->extension_count, after->extensions,
                     after->extension_count);
  compare_enums(&c, before->enums, before->enum_count, after->enums, after->enum_count, true);
  compare_messages(&c, before->messages, before->message_count, after->messages,
                   after->message_count, true);
  compare_services(&c, before, after);
  return (relink_meaning){!c.is_seen, c.adds, c.bodies.at, c.bodies.count};
}
