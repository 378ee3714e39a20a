/* The exact order: fields, messages and extensions are three lists that share
 * declarations, since a map or a group declares a message besides its field. So
 * they are merged: fields as long as what they declare is the next message, then
 * the next message, and so on; extend blocks last, or where a group of theirs is
 * the next message. Text has no other order to offer, so for what was ever text
 * this one exists. */
#include "proto/print/print_internal.h"

typedef enum exact_kind {
  EXACT_NOTHING,
  EXACT_FIELDS, /* stand together; all others apart */
  EXACT_BLOCK,
} exact_kind;

typedef struct exact_walk {
  print_job *job;
  print_body *body;
  bool is_file;
  exact_kind before;
  const stele_field *fields, *extensions;
  const stele_message *messages;
  const stele_field **carriers; /* by message: the field that declares it, or NULL */
  size_t field_count, extension_count, message_count;
  size_t field, extension, message; /* the next ones */
} exact_walk;

/* ---- What declares what ------------------------------------------------------ */

static bool declares(const exact_walk *w, const stele_field *field) {
  return field->type == STELE_TYPE_GROUP ||
         (stele_field_is_map(field) && w->messages && field->type_message >= w->messages &&
          field->type_message < w->messages + w->message_count);
}

static size_t declared(const exact_walk *w, const stele_field *field) {
  return (size_t)(field->type_message - w->messages);
}

static void find_carriers(exact_walk *w, const stele_message *message) {
  print_members members = print_members_of(w->job, message); /* knows the groups */
  w->carriers = members.carriers;
  for (size_t i = 0; i < w->field_count; i++) {
    if (declares(w, &w->fields[i])) w->carriers[declared(w, &w->fields[i])] = &w->fields[i];
  }
}

/* ---- Fields -------------------------------------------------------------------- */

/* A oneof's fields stand side by side. */
static size_t unit_end(const exact_walk *w) {
  const stele_oneof *oneof = w->fields[w->field].oneof;
  size_t end = w->field + 1;
  if (!oneof || oneof->is_synthetic) return end;
  while (end < w->field_count && w->fields[end].oneof == oneof) end++;
  return end;
}

/* How many messages the next unit declares; `fits`: they are the next ones. */
static size_t count_declared(const exact_walk *w, size_t end, bool *fits) {
  size_t count = 0;
  *fits = true;
  for (size_t i = w->field; i < end; i++) {
    if (!declares(w, &w->fields[i])) continue;
    if (declared(w, &w->fields[i]) != w->message + count) *fits = false;
    count++;
  }
  return count;
}

static void begin(exact_walk *w, exact_kind kind) {
  if (w->is_file) {
    if (w->body->begun) print_blank(w->job);
    w->body->begun = true;
  } else if (kind == EXACT_BLOCK || w->before != kind) {
    print_section(w->job, w->body);
  }
  w->before = kind;
  w->job->level += !w->is_file;
}

static void end(exact_walk *w) {
  w->job->level -= !w->is_file;
}

static void print_unit(exact_walk *w, size_t to) {
  const stele_field *field = &w->fields[w->field];
  bool is_oneof = field->oneof && !field->oneof->is_synthetic;
  begin(w, is_oneof || field->type == STELE_TYPE_GROUP ? EXACT_BLOCK : EXACT_FIELDS);
  if (is_oneof) {
    print_oneof(w->job, field->oneof);
  } else {
    print_field(w->job, field);
  }
  end(w);
  w->field = to;
}

/* Fields as far as they go. */
static void fields(exact_walk *w) {
  while (w->field < w->field_count) {
    bool fits;
    size_t to = unit_end(w), count = count_declared(w, to, &fits);
    if (!fits) return;
    print_unit(w, to);
    w->message += count;
  }
}

/* ---- Extensions ------------------------------------------------------------------ */

static stele_str extendee(const stele_field *field) {
  return field->message ? field->message->full_name : stele_field_extendee_name(field);
}

/* Those up to `to`, neighbours of one message in one block. */
static void extends(exact_walk *w, size_t to) {
  while (w->extension < to) {
    const stele_field *first = &w->extensions[w->extension];
    size_t next = w->extension + 1;
    while (next < to && stele_str_eq(extendee(first), extendee(&w->extensions[next])) &&
           !print_comment_of_extend(w->job, &w->extensions[next])) {
      next++;
    }
    size_t count = next - w->extension;
    const stele_field **block = STELE_NEW_ARRAY(w->job->arena, const stele_field *, count);
    for (size_t i = 0; i < count; i++) block[i] = first + i;
    print_extend extend = {block, count};
    begin(w, EXACT_BLOCK);
    print_extend_block(w->job, &extend);
    end(w);
    w->extension = next;
  }
}

/* Neighbours of the extend block that declares the next message belong into it. */
static size_t last_of_block(const exact_walk *w, size_t from) {
  size_t to = from + 1;
  while (to < w->extension_count && !declares(w, &w->extensions[to]) &&
         stele_str_eq(extendee(&w->extensions[from]), extendee(&w->extensions[to])) &&
         !print_comment_of_extend(w->job, &w->extensions[to])) {
    to++;
  }
  return to;
}

/* ---- Messages -------------------------------------------------------------------- */

/* A message that something else should have declared by now: a descriptor that was
 * never text. Its declarer is printed whether it fits or not. */
static void next_message(exact_walk *w) {
  const stele_field *carrier = w->carriers[w->message];
  if (!carrier) {
    begin(w, EXACT_BLOCK);
    print_message(w->job, &w->messages[w->message]);
    end(w);
  } else if (carrier->is_extension) {
    size_t at = (size_t)(carrier - w->extensions);
    if (at >= w->extension) extends(w, last_of_block(w, at));
  } else {
    while (w->field < w->field_count && &w->fields[w->field] <= carrier) print_unit(w, unit_end(w));
  }
  w->message++;
}

void print_in_order(print_job *job, print_body *body, const stele_message *message) {
  const stele_file *file = job->file;
  exact_walk w = {.job = job,
                  .body = body,
                  .is_file = !message,
                  .fields = message ? message->fields : NULL,
                  .extensions = message ? message->extensions : file->extensions,
                  .messages = message ? message->messages : file->messages,
                  .field_count = message ? message->field_count : 0,
                  .extension_count = message ? message->extension_count : file->extension_count,
                  .message_count = message ? message->message_count : file->message_count};
  find_carriers(&w, message);
  fields(&w);
  while (w.message < w.message_count) {
    next_message(&w);
    fields(&w);
  }
  extends(&w, w.extension_count);
}
