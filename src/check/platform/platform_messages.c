/* The platform's rules about messages: whose they are, how they begin, how deep
 * and how wide they are, and what leaves in them. */
#include "base/hash.h"
#include "check/platform/platform_internal.h"

platform_transport platform_transport_of(const stele_message *message) {
  uint64_t own = stele_options_varint(message->options, PLATFORM_OPTION_TRANSPORT, 0);
  if (own == 0 && !message->parent) {
    own = stele_options_varint(message->file->options, PLATFORM_OPTION_TRANSPORT, 0);
  }
  return own <= PLATFORM_CLASS_C ? (platform_transport)own : PLATFORM_NO_TRANSPORT;
}

static bool says_part_of(stele_str comment, void *arg) {
  (void)arg;
  static const char words[] = "Part of";
  size_t len = sizeof words - 1;
  for (size_t i = 0; i + len <= comment.len; i++) {
    if (memcmp(comment.ptr + i, words, len) != 0) continue;
    return true;
  }
  return false;
}

bool platform_is_part(rule_run *run, const stele_message *message) {
  stele_str comment = {0};
  if (!rule_comment(run, &run->now, rule_spot_of(STELE_SYMBOL_MESSAGE, message), &comment)) {
    return false;
  }
  return says_part_of(comment, NULL);
}

static rule_spot name_of(rule_run *run, const stele_message *message) {
  return rule_spot_name(run, &run->now, STELE_SYMBOL_MESSAGE, message);
}

static const stele_field *tenant_id(const stele_message *message) {
  return stele_message_field_by_name(message, STELE_STR("tenant_id"));
}

void platform_message_tenant_id(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_message *message = element;
  const stele_field *field = tenant_id(message);
  if (message->is_map_entry || (field && field->type == STELE_TYPE_STRING)) return;
  if (platform_is_part(run, message)) return;
  rule_found_hint(run, name_of(run, message), RULE_NOWHERE,
                  STELE_STR("Add string tenant_id = 1, or say \"Part of X\" in the comment of a "
                            "message that only travels within another."),
                  "Message \"" STELE_STR_FMT "\" has no string tenant_id.",
                  STELE_STR_ARG(message->name));
}

typedef struct envelope_field {
  const char *name;
  uint8_t type;
  const char *words;
} envelope_field;

static const envelope_field envelope[] = {
    {"tenant_id", STELE_TYPE_STRING, "string tenant_id = 1"},
    {"timestamp_ms", STELE_TYPE_INT64, "int64 timestamp_ms = 2"},
    {"correlation_id", STELE_TYPE_STRING, "string correlation_id = 3"},
};

void platform_message_envelope(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_message *message = element;
  if (message->is_map_entry || !tenant_id(message)) return;
  for (size_t i = 0; i < STELE_COUNT(envelope); i++) {
    const stele_field *field = i < message->field_count ? &message->fields[i] : NULL;
    if (field && field->number == (int32_t)i + 1 && field->type == envelope[i].type &&
        field->label != STELE_LABEL_REPEATED &&
        stele_str_eq(field->name, stele_cstr(envelope[i].name))) {
      continue;
    }
    rule_found_hint(run, name_of(run, message), RULE_NOWHERE,
                    STELE_STR("Begin it as common.v1.BaseMessage begins."),
                    "Message \"" STELE_STR_FMT "\" has a tenant_id and does not begin with %s.",
                    STELE_STR_ARG(message->name), envelope[i].words);
    return;
  }
}

/* ---- Shape --------------------------------------------------------------------------- */

void platform_message_nesting(rule_run *run, const void *element, const void *against) {
  enum { USUAL = 5 };
  (void)against;
  const stele_message *message = element;
  uint32_t most = run->selection->config->max_nesting, depth = 0;
  if (most == 0) most = USUAL;
  for (const stele_message *at = message; at; at = at->parent) depth++;
  if (message->is_map_entry || depth != most + 1) return; /* once on the way down */
  rule_found_hint(run, name_of(run, message), RULE_NOWHERE,
                  STELE_STR("Declare it at the top of the file, or in a file of its own."),
                  "Message \"" STELE_STR_FMT "\" is nested %u deep, and %u is the most.",
                  STELE_STR_ARG(message->full_name), depth, most);
}

/* A part may be flat itself; what is hot is a part of a part, or a table. */
static bool has_inner_message(const stele_message *message) {
  for (uint32_t i = 0; i < message->field_count; i++) {
    if (message->fields[i].type_message) return true;
  }
  return false;
}

void platform_message_hot_is_flat(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_message *message = element;
  if (message->is_map_entry || platform_transport_of(message) != PLATFORM_CLASS_A) return;
  if (platform_is_part(run, message)) return;
  for (uint32_t i = 0; i < message->field_count; i++) {
    const stele_field *field = &message->fields[i];
    bool map = stele_field_is_map(field);
    if (!map && (!field->type_message || !has_inner_message(field->type_message))) continue;
    rule_found_hint(run, rule_spot_field_name(run, &run->now, field), RULE_NOWHERE,
                    STELE_STR("Keep a message of class A flat: plain fields, and parts that have "
                              "none of their own."),
                    "Field \"" STELE_STR_FMT "\" of hot message \"" STELE_STR_FMT "\" %s.",
                    STELE_STR_ARG(field->name), STELE_STR_ARG(message->name),
                    map ? "is a map" : "nests messages in messages");
  }
}

/* ---- Personal data that leaves ---------------------------------------------------------- */

typedef STELE_VEC(const stele_message *) message_vec;

typedef struct leaving {
  rule_run *run;
  stele_map seen;           /* of messages, by address */
  message_vec queue, roots; /* in step: what is reached, and from where */
} leaving;

static void reach(leaving *l, const stele_message *message, const stele_message *root) {
  void **place = stele_map_add_u64(&l->seen, (uint64_t)(uintptr_t)message);
  if (*place) return;
  *place = (void *)(uintptr_t)root;
  STELE_VEC_PUSH(l->run->arena, &l->queue, message);
  STELE_VEC_PUSH(l->run->arena, &l->roots, root);
}

/* `of_file`: those that say nothing themselves are of class C, as their file says. */
static void reach_class_c(leaving *l, const stele_message *messages, uint32_t count, bool of_file) {
  for (uint32_t i = 0; i < count; i++) {
    const stele_message *message = &messages[i];
    bool is_c = message->options ? platform_transport_of(message) == PLATFORM_CLASS_C : of_file;
    if (is_c && !platform_is_part(l->run, message)) reach(l, message, message);
    reach_class_c(l, message->messages, message->message_count, false);
  }
}

static void look_at_fields(leaving *l, const stele_message *message, const stele_message *root) {
  for (uint32_t i = 0; i < message->field_count; i++) {
    const stele_field *field = &message->fields[i];
    bool encrypted = stele_options_varint(field->options, PLATFORM_OPTION_ENCRYPT, 0) != 0;
    if (field->type_message && !encrypted) reach(l, field->type_message, root);
    if (encrypted || !stele_options_varint(field->options, PLATFORM_OPTION_PII, 0)) continue;
    const rule_file *row = rule_side_file(&l->run->now, message->file->name);
    if (!row || row->is_import) continue;
    rule_found_hint(l->run, rule_spot_field_name(l->run, &l->run->now, field), RULE_NOWHERE,
                    STELE_STR("Encrypt it with (stele.encrypt), leave it out of what travels by "
                              "class C, or excuse the field with the reason why it must leave."),
                    "Field \"" STELE_STR_FMT "\" of \"" STELE_STR_FMT
                    "\" is personal data and leaves in the clear with \"" STELE_STR_FMT
                    "\", which travels by class C.",
                    STELE_STR_ARG(field->name), STELE_STR_ARG(message->name),
                    STELE_STR_ARG(root->full_name));
  }
}

/* From every message of class C along its fields. */
void platform_field_pii_leaves(rule_run *run, const void *element, const void *against) {
  (void)against;
  const rule_side *side = element;
  leaving l = {.run = run};
  stele_map_init(&l.seen, run->arena, 0);
  for (size_t i = 0; i < side->tree->count; i++) {
    const rule_file *row = &side->tree->files[i];
    if (row->is_import) continue;
    uint64_t says = stele_options_varint(row->file->options, PLATFORM_OPTION_TRANSPORT, 0);
    reach_class_c(&l, row->file->messages, row->file->message_count, says == PLATFORM_CLASS_C);
  }
  for (size_t i = 0; i < l.queue.count; i++) look_at_fields(&l, l.queue.at[i], l.roots.at[i]);
}

static uint64_t message_facts(rule_run *run, const stele_message *message, uint64_t facts) {
  bool is_c = platform_transport_of(message) == PLATFORM_CLASS_C;
  facts = stele_hash_str(message->full_name, facts + (is_c && !platform_is_part(run, message)));
  for (uint32_t i = 0; i < message->field_count; i++) {
    const stele_field *field = &message->fields[i];
    if (stele_options_varint(field->options, PLATFORM_OPTION_ENCRYPT, 0)) continue;
    if (field->type_message) facts = stele_hash_str(field->type_message->full_name, facts);
    if (!stele_options_varint(field->options, PLATFORM_OPTION_PII, 0)) continue;
    facts = stele_hash_str(field->name, facts + i + 1);
  }
  for (uint32_t i = 0; i < message->message_count; i++) {
    facts = message_facts(run, &message->messages[i], facts);
  }
  return facts;
}

uint64_t platform_leaving_facts(rule_run *run, const stele_file *file) {
  uint64_t facts = 1;
  for (uint32_t i = 0; i < file->message_count; i++) {
    facts = message_facts(run, &file->messages[i], facts);
  }
  return facts;
}
