/* Messages: sections in the order of Confluent's printer: reserved, options,
 * fields, oneofs, groups, extension ranges, extend blocks, messages, enums. */
#include "proto/print/print_internal.h"

void print_visibility(print_job *job, uint8_t visibility) {
  static const char *const words[] = {"", "local ", "export "};
  if (visibility < STELE_COUNT(words)) print_cstr(job, words[visibility]);
}

static void reserved_section(print_job *job, print_body *body, const stele_message *message) {
  print_reserved reserved = {message->reserved_ranges,
                             message->reserved_names,
                             message->reserved_range_count,
                             message->reserved_name_count,
                             false,
                             {PRINT_MESSAGE, message}};
  if (reserved.range_count == 0 && reserved.name_count == 0) return;
  print_section(job, body);
  job->level++;
  print_reserved_lines(job, &reserved);
  job->level--;
}

static void option_section(print_job *job, print_body *body, const stele_message *message) {
  print_options options =
      print_options_read(job, message->options, print_scope_of(message->parent, message->file));
  if (!print_has_option_lines(&options)) return;
  print_section(job, body);
  job->level++;
  print_option_lines(job, &options, (print_element){PRINT_MESSAGE, message});
  job->level--;
}

static void field_section(print_job *job, print_body *body, const stele_field *const *fields,
                          size_t count) {
  if (count == 0) return;
  print_section(job, body);
  job->level++;
  for (size_t i = 0; i < count; i++) print_field(job, fields[i]);
  job->level--;
}

/* When mixed, those with groups stand among the messages. */
static void oneof_section(print_job *job, print_body *body, const print_members *members) {
  bool any = false;
  for (size_t i = 0; i < members->oneof_count; i++) {
    if (members->is_mixed && print_oneof_has_group(members->oneofs[i])) continue;
    if (!any) print_section(job, body);
    any = true;
    job->level++;
    print_oneof(job, members->oneofs[i]);
    job->level--;
  }
}

static void extension_range_section(print_job *job, print_body *body,
                                    const stele_message *message) {
  if (message->extension_range_count == 0 || job->no_extensions) return;
  print_section(job, body);
  job->level++;
  print_extension_ranges(job, message);
  job->level--;
}

static void extend_section(print_job *job, print_body *body, const print_members *members) {
  if (members->extend_count == 0) return;
  print_section(job, body);
  job->level++;
  for (size_t i = 0; i < members->extend_count; i++) {
    print_extend_block(job, &members->extends[i]);
  }
  job->level--;
}

/* Whether anything is left to print as a message of its own. */
static bool has_messages(const print_members *members) {
  for (size_t i = 0; i < members->message_count; i++) {
    if (members->messages[i].is_map_entry) continue;
    if (members->is_mixed || !members->carriers[i]) return true;
  }
  return false;
}

static void type_section(print_job *job, print_body *body, const stele_message *message,
                         const print_members *members) {
  if (!has_messages(members) && message->enum_count == 0) return;
  print_section(job, body);
  job->level++;
  print_messages(job, members);
  for (uint32_t i = 0; i < message->enum_count; i++) print_enum(job, &message->enums[i]);
  job->level--;
}

static void exact_sections(print_job *job, print_body *body, const stele_message *message) {
  option_section(job, body, message);
  reserved_section(job, body, message);
  extension_range_section(job, body, message);
  print_in_order(job, body, message);
  for (uint32_t i = 0; i < message->enum_count; i++) {
    print_section(job, body);
    job->level++;
    print_enum(job, &message->enums[i]);
    job->level--;
  }
}

void print_message_body(print_job *job, const stele_message *message) {
  print_body body = {0};
  print_open(job, &body, print_comment_of(job, (print_element){PRINT_MESSAGE, message}));
  if (job->is_exact) {
    exact_sections(job, &body, message);
    print_body_end(job, &body, "}\n");
    return;
  }
  print_members members = print_members_of(job, message);
  reserved_section(job, &body, message);
  option_section(job, &body, message);
  field_section(job, &body, members.fields, members.field_count);
  oneof_section(job, &body, &members);
  if (!members.is_mixed) field_section(job, &body, members.groups, members.group_count);
  extension_range_section(job, &body, message);
  extend_section(job, &body, &members);
  type_section(job, &body, message, &members);
  print_body_end(job, &body, "}\n");
}

void print_message(print_job *job, const stele_message *message) {
  print_lead(job, print_comment_of(job, (print_element){PRINT_MESSAGE, message}));
  print_indent(job);
  print_visibility(job, message->visibility);
  print_cstr(job, "message ");
  print_str(job, message->name);
  print_cstr(job, " ");
  print_message_body(job, message);
}
