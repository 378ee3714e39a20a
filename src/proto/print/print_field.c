/* Fields, groups, oneofs and extend blocks. */
#include "base/c_text.h"
#include "base/num.h"
#include "proto/print/print_internal.h"

/* The scalar types' own names, by stele_field_type. */
static const char *const type_names[STELE_TYPE_SINT64 + 1] = {
    [STELE_TYPE_DOUBLE] = "double",     [STELE_TYPE_FLOAT] = "float",
    [STELE_TYPE_INT64] = "int64",       [STELE_TYPE_UINT64] = "uint64",
    [STELE_TYPE_INT32] = "int32",       [STELE_TYPE_FIXED64] = "fixed64",
    [STELE_TYPE_FIXED32] = "fixed32",   [STELE_TYPE_BOOL] = "bool",
    [STELE_TYPE_STRING] = "string",     [STELE_TYPE_BYTES] = "bytes",
    [STELE_TYPE_UINT32] = "uint32",     [STELE_TYPE_SFIXED32] = "sfixed32",
    [STELE_TYPE_SFIXED64] = "sfixed64", [STELE_TYPE_SINT32] = "sint32",
    [STELE_TYPE_SINT64] = "sint64",
};

/* The message, or else the file, around a field's declaration. */
static stele_str scope_of(const stele_field *field) {
  return print_scope_of(field->is_extension ? stele_field_scope(field) : field->message,
                        stele_field_file(field));
}

/* ---- Type and label ----------------------------------------------------- */

static void print_type(print_job *job, const stele_field *field, stele_str scope) {
  if (type_names[field->type]) {
    print_cstr(job, type_names[field->type]);
    return;
  }
  print_reference reference = {stele_field_type_name(field), scope, field->type_written,
                               PRINT_SEARCH_TYPES};
  print_reference_name(job, &reference);
}

static void print_map_type(print_job *job, const stele_field *field) {
  const stele_message *entry = field->type_message;
  const stele_field *key = stele_message_field(entry, 1), *value = stele_message_field(entry, 2);
  print_cstr(job, "map<");
  if (key) print_type(job, key, scope_of(field));
  print_cstr(job, ", ");
  if (value) print_type(job, value, scope_of(field));
  print_cstr(job, ">");
}

static const char *label_of(const print_job *job, const stele_field *field) {
  bool is_member = field->oneof && !field->oneof->is_synthetic;
  if (is_member || stele_field_is_map(field)) return "";
  if (field->label == STELE_LABEL_REPEATED) return "repeated ";
  if (print_is_editions(job)) return "";
  if (job->file->edition == STELE_EDITION_PROTO3) {
    return field->is_proto3_optional ? "optional " : "";
  }
  return field->label == STELE_LABEL_REQUIRED ? "required " : "optional ";
}

/* ---- default and json_name ---------------------------------------------- */

/* The bytes that a descriptor's escaped default stands for; what is no such text
 * stands for itself. */
static stele_str unescape(print_job *job, stele_str text) {
  stele_buf out;
  stele_buf_init(&out, job->arena, 0);
  return stele_c_unescape(&out, text) ? stele_buf_str(&out) : text;
}

static stele_str default_text(print_job *job, const stele_field *field) {
  stele_str text = stele_field_default(field);
  double value = 0;
  if (field->type == STELE_TYPE_STRING) return print_quoted_text(job, text, false);
  if (field->type == STELE_TYPE_BYTES) return print_quoted_text(job, unescape(job, text), true);
  bool is_float = field->type == STELE_TYPE_FLOAT;
  if ((is_float || field->type == STELE_TYPE_DOUBLE) && stele_num_parse_double(text, &value)) {
    return print_number_text(job, value, is_float);
  }
  return text;
}

/* Of the normalised form only a name that is not the default. */
static bool shows_json_name(print_job *job, const stele_field *field) {
  bool is_default = stele_str_eq(field->json_name, stele_json_name(job->arena, field->name));
  return field->has_json_name && !(is_default && (job->is_normalised || field->is_extension));
}

static print_options options_of(print_job *job, const stele_field *field) {
  print_options options = print_options_read(job, field->options, scope_of(field));
  if (field->has_default) {
    print_options_add_text(job, &options, "default", default_text(job, field));
  }
  if (shows_json_name(job, field)) {
    print_options_add_text(job, &options, "json_name",
                           print_quoted_text(job, field->json_name, false));
  }
  return options;
}

/* ---- Declarations ------------------------------------------------------- */

static void print_group_type(print_job *job, const stele_field *field) {
  print_cstr(job, "group ");
  print_str(job, field->type_message->name);
}

void print_field(print_job *job, const stele_field *field) {
  print_options options = options_of(job, field);
  bool is_group = field->type == STELE_TYPE_GROUP;
  print_element here = {is_group ? PRINT_MESSAGE : PRINT_FIELD,
                        is_group ? (const void *)field->type_message : field};
  const print_comment *comment = print_comment_of(job, here);
  print_unknown_lines(job, &options);
  print_lead(job, comment);
  print_indent(job);
  print_cstr(job, label_of(job, field));
  if (is_group) {
    print_group_type(job, field);
  } else if (stele_field_is_map(field)) {
    print_map_type(job, field);
  } else {
    print_type(job, field, scope_of(field));
  }
  if (!is_group) {
    print_cstr(job, " ");
    print_str(job, field->name);
  }
  print_cstr(job, " = ");
  stele_buf_add_i64(job->out, field->number);
  print_option_brackets(job, &options);
  if (is_group) {
    print_cstr(job, " ");
    print_message_body(job, field->type_message);
  } else {
    print_finish(job, ";", comment);
  }
}

static void print_those(print_job *job, print_body *body, const stele_field *const *fields,
                        size_t count, bool groups) {
  bool any = false;
  for (size_t i = 0; i < count && !any; i++) any = (fields[i]->type == STELE_TYPE_GROUP) == groups;
  if (!any) return;
  print_section(job, body);
  job->level++;
  for (size_t i = 0; i < count; i++) {
    if ((fields[i]->type == STELE_TYPE_GROUP) == groups) print_field(job, fields[i]);
  }
  job->level--;
}

void print_oneof(print_job *job, const stele_oneof *oneof) {
  print_element here = {PRINT_ONEOF, oneof};
  print_options options = print_options_read(job, oneof->options, oneof->message->full_name);
  const print_comment *comment = print_comment_of(job, here);
  const stele_field **fields = print_fields_in_order(job, oneof->fields, oneof->field_count);
  print_body body = {0};
  print_lead(job, comment);
  print_indent(job);
  print_cstr(job, "oneof ");
  print_str(job, oneof->name);
  print_cstr(job, " ");
  print_open(job, &body, comment);
  if (print_has_option_lines(&options)) {
    print_section(job, &body);
    job->level++;
    print_option_lines(job, &options, here);
    job->level--;
  }
  if (job->is_exact) {
    print_section(job, &body);
    job->level++;
    for (uint32_t i = 0; i < oneof->field_count; i++) print_field(job, oneof->fields[i]);
    job->level--;
  } else {
    print_those(job, &body, fields, oneof->field_count, false);
    print_those(job, &body, fields, oneof->field_count, true);
  }
  print_body_end(job, &body, "}\n");
}

void print_extend_block(print_job *job, const print_extend *extend) {
  const stele_field *first = extend->fields[0];
  print_reference reference = {stele_field_extendee_name(first), scope_of(first),
                               first->more->extendee_written, PRINT_SEARCH_ALL};
  const print_comment *comment = print_comment_of_extend(job, first);
  print_body body = {0};
  print_lead(job, comment);
  print_indent(job);
  print_cstr(job, "extend ");
  print_reference_name(job, &reference);
  print_cstr(job, " ");
  print_open(job, &body, comment);
  print_section(job, &body);
  job->level++;
  for (size_t i = 0; i < extend->count; i++) print_field(job, extend->fields[i]);
  job->level--;
  print_body_end(job, &body, "}\n");
}
