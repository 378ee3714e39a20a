/* The members of a message or a file, sorted into sections.
 *
 * Sections move declarations about, which nothing minds but one thing: messages
 * keep their order, since records on Kafka count them. Groups declare messages
 * too, and may stand in a oneof or in an extend block. So we compare the order
 * in which the sections would declare the messages with the order they have;
 * where they differ, whatever declares a message is printed among the messages.
 *
 * A group can only be written where its message is declared. A descriptor may
 * say otherwise; then there is no such text, and printing is refused. */
#include <stdlib.h>

#include "base/guard.h"
#include "proto/print/print_internal.h"

typedef struct scope_view {
  const stele_message *message; /* NULL: the file */
  const stele_field *fields, *extensions;
  const stele_message *messages;
  uint32_t field_count, extension_count, message_count;
} scope_view;

static scope_view view_of(const print_job *job, const stele_message *m) {
  const stele_file *file = job->file;
  if (!m) {
    return (scope_view){.extensions = file->extensions,
                        .messages = file->messages,
                        .extension_count = file->extension_count,
                        .message_count = file->message_count};
  }
  return (scope_view){m,
                      m->fields,
                      m->extensions,
                      m->messages,
                      m->field_count,
                      m->extension_count,
                      m->message_count};
}

static bool is_group(const stele_field *field) {
  return field->type == STELE_TYPE_GROUP;
}

/* ---- Groups and the messages they declare ------------------------------- */

static char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* The name of a group is that of its message in small letters. */
static bool is_named_after(const stele_field *field, const stele_message *type) {
  if (field->name.len != type->name.len || type->name.len == 0) return false;
  for (size_t i = 0; i < field->name.len; i++) {
    if (field->name.ptr[i] != to_lower(type->name.ptr[i])) return false;
  }
  return type->name.ptr[0] >= 'A' && type->name.ptr[0] <= 'Z';
}

static void carry(print_job *job, const scope_view *view, const stele_field **carriers,
                  const stele_field *field) {
  const stele_message *type = field->type_message;
  uintptr_t at = type ? (uintptr_t)type - (uintptr_t)view->messages : 0;
  bool is_here = type && at / sizeof *type < view->message_count && is_named_after(field, type) &&
                 !carriers[at / sizeof *type];
  if (!is_here) {
    stele_guard_leave(job->arena, STELE_INVALID,
                      "group \"" STELE_STR_FMT "\" cannot be written as .proto text: its message "
                      "is not declared beside it",
                      STELE_STR_ARG(field->name));
  }
  carriers[at / sizeof *type] = field;
}

static void find_carriers(print_job *job, const scope_view *view, print_members *out) {
  out->carriers = STELE_NEW_ARRAY(job->arena, const stele_field *, view->message_count);
  for (uint32_t i = 0; i < view->field_count; i++) {
    if (is_group(&view->fields[i])) carry(job, view, out->carriers, &view->fields[i]);
  }
  for (uint32_t i = 0; i < view->extension_count; i++) {
    if (is_group(&view->extensions[i])) carry(job, view, out->carriers, &view->extensions[i]);
  }
}

/* ---- Fields and oneofs -------------------------------------------------- */

static int by_number(const void *a, const void *b) {
  const stele_field *x = *(const stele_field *const *)a, *y = *(const stele_field *const *)b;
  if (x->number != y->number) return x->number < y->number ? -1 : 1;
  return (x > y) - (x < y);
}

static int by_message(const void *a, const void *b) {
  const stele_field *x = *(const stele_field *const *)a, *y = *(const stele_field *const *)b;
  return (x->type_message > y->type_message) - (x->type_message < y->type_message);
}

/* Groups take the places that groups have, in the order of their messages. */
static void keep_message_order(print_job *job, const stele_field **fields, size_t count) {
  const stele_field **groups = STELE_NEW_ARRAY(job->arena, const stele_field *, count);
  size_t group_count = 0, at = 0;
  for (size_t i = 0; i < count; i++) {
    if (is_group(fields[i])) groups[group_count++] = fields[i];
  }
  if (group_count < 2) return;
  qsort(groups, group_count, sizeof *groups, by_message);
  for (size_t i = 0; i < count; i++) {
    if (is_group(fields[i])) fields[i] = groups[at++];
  }
}

const stele_field **print_fields_in_order(print_job *job, const stele_field *const *fields,
                                          size_t count) {
  const stele_field **sorted = STELE_NEW_ARRAY(job->arena, const stele_field *, count);
  if (count == 0) return sorted;
  memcpy(sorted, fields, count * sizeof *fields);
  if (job->is_normalised) qsort(sorted, count, sizeof *sorted, by_number);
  keep_message_order(job, sorted, count);
  return sorted;
}

static bool is_in_oneof(const stele_field *field) {
  return field->oneof && !field->oneof->is_synthetic;
}

static void take_fields(print_job *job, const scope_view *view, print_members *out) {
  const stele_field **plain = STELE_NEW_ARRAY(job->arena, const stele_field *, view->field_count);
  for (uint32_t i = 0; i < view->field_count; i++) {
    const stele_field *field = &view->fields[i];
    if (!is_group(field) && !is_in_oneof(field)) plain[out->field_count++] = field;
  }
  out->fields = print_fields_in_order(job, plain, out->field_count);
  out->groups = STELE_NEW_ARRAY(job->arena, const stele_field *, view->message_count);
  for (uint32_t i = 0; i < view->message_count; i++) {
    const stele_field *group = out->carriers[i];
    if (group && !group->is_extension && !is_in_oneof(group)) {
      out->groups[out->group_count++] = group;
    }
  }
}

static int32_t lowest(const stele_oneof *oneof) {
  int32_t number = INT32_MAX;
  for (uint32_t i = 0; i < oneof->field_count; i++) {
    if (oneof->fields[i]->number < number) number = oneof->fields[i]->number;
  }
  return number;
}

static int by_lowest(const void *a, const void *b) {
  const stele_oneof *x = *(const stele_oneof *const *)a, *y = *(const stele_oneof *const *)b;
  int32_t p = lowest(x), q = lowest(y);
  if (p != q) return p < q ? -1 : 1;
  return (x > y) - (x < y);
}

static void take_oneofs(print_job *job, const stele_message *message, print_members *out) {
  if (!message) return;
  out->oneofs = STELE_NEW_ARRAY(job->arena, const stele_oneof *, message->oneof_count);
  for (uint32_t i = 0; i < message->oneof_count; i++) {
    const stele_oneof *oneof = &message->oneofs[i];
    if (!oneof->is_synthetic && oneof->field_count) out->oneofs[out->oneof_count++] = oneof;
  }
  if (job->is_normalised && out->oneof_count > 1) {
    qsort(out->oneofs, out->oneof_count, sizeof *out->oneofs, by_lowest);
  }
}

/* ---- Extend blocks ------------------------------------------------------ */

static stele_str extendee(const stele_field *field) {
  return field->message ? field->message->full_name : stele_field_extendee_name(field);
}

static int by_extendee(const void *a, const void *b) {
  const stele_field *x = *(const stele_field *const *)a, *y = *(const stele_field *const *)b;
  int order = stele_str_order(extendee(x), extendee(y));
  return order ? order : by_number(a, b);
}

/* Neighbours that extend the same message are one block. */
static void take_extends(print_job *job, const scope_view *view, bool with_groups,
                         print_members *out) {
  uint32_t count = 0;
  out->extend_count = 0;
  if (view->extension_count == 0 || job->no_extensions) return;
  const stele_field **all = STELE_NEW_ARRAY(job->arena, const stele_field *, view->extension_count);
  for (uint32_t i = 0; i < view->extension_count; i++) {
    if (with_groups || !is_group(&view->extensions[i])) all[count++] = &view->extensions[i];
  }
  if (job->is_normalised && count > 1) qsort(all, count, sizeof *all, by_extendee);
  out->extends = STELE_NEW_ARRAY(job->arena, print_extend, count);
  for (uint32_t i = 0; i < count; i++) {
    bool is_new = i == 0 || !stele_str_eq(extendee(all[i - 1]), extendee(all[i])) ||
                  print_comment_of_extend(job, all[i]);
    print_extend *block = &out->extends[is_new ? out->extend_count++ : out->extend_count - 1];
    if (is_new) block->fields = all + i;
    block->count++;
  }
  for (size_t i = 0; i < out->extend_count; i++) {
    keep_message_order(job, out->extends[i].fields, out->extends[i].count);
  }
}

/* ---- The order of messages ---------------------------------------------- */

bool print_oneof_has_group(const stele_oneof *oneof) {
  for (uint32_t i = 0; i < oneof->field_count; i++) {
    if (is_group(oneof->fields[i])) return true;
  }
  return false;
}

/* Steps through the messages in their order. */
typedef struct order_check {
  const print_members *members;
  size_t at;
  bool differs;
} order_check;

/* A map's entry is a part of its field; a group goes with its extend block. */
static bool is_shown(const print_members *members, size_t i) {
  if (members->messages[i].is_map_entry) return false;
  return !members->no_extensions || !members->carriers[i] || !members->carriers[i]->is_extension;
}

static void next_message(order_check *check, const stele_message *declared) {
  const print_members *m = check->members;
  while (check->at < m->message_count && !is_shown(m, check->at)) check->at++;
  if (check->at >= m->message_count || declared != &m->messages[check->at]) check->differs = true;
  check->at++;
}

static void declare_groups(order_check *check, const stele_field *const *fields, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (is_group(fields[i])) next_message(check, fields[i]->type_message);
  }
}

static void declare_extends(order_check *check) {
  for (size_t i = 0; i < check->members->extend_count; i++) {
    declare_groups(check, check->members->extends[i].fields, check->members->extends[i].count);
  }
}

static void declare_messages(order_check *check) {
  for (size_t i = 0; i < check->members->message_count; i++) {
    if (!is_shown(check->members, i) || check->members->carriers[i]) continue;
    next_message(check, &check->members->messages[i]);
  }
}

/* As the sections stand: see print_message.c and print_file.c. */
static bool is_mixed(print_job *job, const print_members *members, bool is_file) {
  order_check check = {.members = members};
  for (size_t i = 0; i < members->oneof_count; i++) {
    const stele_oneof *oneof = members->oneofs[i];
    declare_groups(&check, print_fields_in_order(job, oneof->fields, oneof->field_count),
                   oneof->field_count);
  }
  declare_groups(&check, members->groups, members->group_count);
  if (!is_file) declare_extends(&check);
  declare_messages(&check);
  if (is_file) declare_extends(&check);
  return check.differs;
}

print_members print_members_of(print_job *job, const stele_message *message) {
  scope_view view = view_of(job, message);
  print_members out = {.messages = view.messages,
                       .message_count = view.message_count,
                       .no_extensions = job->no_extensions};
  find_carriers(job, &view, &out);
  take_fields(job, &view, &out);
  take_oneofs(job, message, &out);
  take_extends(job, &view, true, &out);
  out.is_mixed = is_mixed(job, &out, !message);
  if (out.is_mixed) take_extends(job, &view, false, &out);
  return out;
}

/* ---- Printing the messages ---------------------------------------------- */

/* A oneof is printed once, at the first of its groups; an extension gets a
 * block of its own. */
static void print_carrier(print_job *job, const stele_field *group, stele_map *done) {
  if (group->is_extension) {
    print_extend alone = {&group, 1};
    print_extend_block(job, &alone);
  } else if (is_in_oneof(group)) {
    void **place = stele_map_add_u64(done, (uint64_t)(uintptr_t)group->oneof);
    if (!*place) print_oneof(job, group->oneof);
    *place = (void *)(uintptr_t)group->oneof;
  } else {
    print_field(job, group);
  }
}

void print_messages(print_job *job, const print_members *members) {
  stele_map done;
  stele_map_init(&done, job->arena, 0);
  for (size_t i = 0; i < members->message_count; i++) {
    if (!is_shown(members, i)) continue;
    if (!members->carriers[i]) {
      print_message(job, &members->messages[i]);
    } else if (members->is_mixed) {
      print_carrier(job, members->carriers[i], &done);
    }
  }
}
