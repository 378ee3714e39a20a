/* Validating: what can only be judged when everything is resolved.
 *
 * protoc's order, and its stops: each group is judged only in a file without
 * errors so far, but within a group everything is told. */
#include "proto/link/link_validate.h"

#include "proto/wire/reader.h"

enum { GROUP_DEPTH = 100 };

/* ---- Walking ------------------------------------------------------------ */

static void visit_enums(link_file_state *state, const link_visitor *visitor,
                        const stele_enum *types, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (visitor->type) visitor->type(state, &types[i]);
    for (uint32_t k = 0; visitor->value && k < types[i].value_count; k++) {
      visitor->value(state, &types[i].values[k]);
    }
  }
}

static void visit_fields(link_file_state *state, const link_visitor *visitor,
                         const stele_field *fields, uint32_t count) {
  for (uint32_t i = 0; visitor->field && i < count; i++) visitor->field(state, &fields[i]);
}

static void visit_message(link_file_state *state, const link_visitor *visitor,
                          const stele_message *message) {
  stele_arena_check(state->scratch);
  if (visitor->message) visitor->message(state, message);
  visit_enums(state, visitor, message->enums, message->enum_count);
  for (uint32_t i = 0; visitor->oneof && i < message->oneof_count; i++) {
    visitor->oneof(state, &message->oneofs[i]);
  }
  visit_fields(state, visitor, message->fields, message->field_count);
  for (uint32_t i = 0; i < message->message_count; i++) {
    visit_message(state, visitor, &message->messages[i]);
  }
  visit_fields(state, visitor, message->extensions, message->extension_count);
  for (uint32_t i = 0; visitor->range && i < message->extension_range_count; i++) {
    visitor->range(state, &message->extension_ranges[i]);
  }
}

void link_visit(link_file_state *state, const link_visitor *visitor) {
  const stele_file *file = state->file;
  if (visitor->file) visitor->file(state, file);
  for (uint32_t i = 0; i < file->message_count; i++) {
    visit_message(state, visitor, &file->messages[i]);
  }
  visit_enums(state, visitor, file->enums, file->enum_count);
  visit_fields(state, visitor, file->extensions, file->extension_count);
  for (uint32_t i = 0; i < file->service_count; i++) {
    const stele_service *service = &file->services[i];
    if (visitor->service) visitor->service(state, service);
    for (uint32_t k = 0; visitor->method && k < service->method_count; k++) {
      visitor->method(state, &service->methods[k]);
    }
  }
}

/* ---- Reading options ---------------------------------------------------- */

bool link_wire_find(stele_bytes *in, uint32_t number, stele_bytes *out) {
  stele_reader r = stele_reader_of(*in);
  bool found = false;
  while (!found && !stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag == stele_wire_tag(number, STELE_WIRE_DELIMITED)) {
      *out = stele_read_delimited(&r);
      found = !r.failed;
    } else {
      stele_read_skip_value(&r, tag, GROUP_DEPTH);
    }
  }
  *in = (stele_bytes){r.at, (size_t)(r.end - r.at)};
  return found;
}

uint64_t link_wire_varint(stele_bytes in, uint32_t number, uint64_t missing) {
  stele_options options = {.wire = in};
  return stele_options_varint(&options, number, missing);
}

bool link_wire_has(stele_bytes in, uint32_t number) {
  stele_reader r = stele_reader_of(in);
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    stele_read_skip_value(&r, tag, GROUP_DEPTH);
    if (!r.failed && stele_wire_number(tag) == number) return true;
  }
  return false;
}

/* ---- The file ----------------------------------------------------------- */

bool link_is_lite(const stele_file *file) {
  return stele_options_varint(file->options, FILE_OPTIMIZE_FOR, 0) == LITE_RUNTIME;
}

static void validate_file_features(link_file_state *state, const stele_file *file) {
  if (file->edition < STELE_EDITION_2023) return;
  uint32_t token = link_token_of_statement(state, STELE_AST_SYNTAX);
  if (stele_features_get(file->features, STELE_FEATURE_FIELD_PRESENCE) ==
      STELE_PRESENCE_LEGACY_REQUIRED) {
    link_error(state, token, "Required presence can't be specified by default.");
  }
  if (stele_options_varint(file->options, FILE_JAVA_UTF8, 0)) {
    link_error(state, token,
               "File option java_string_check_utf8 is not allowed under editions. Use the "
               "(pb.java).utf8_validation feature to control this behavior.");
  }
}

static void validate_lite_imports(link_file_state *state, const stele_file *file) {
  if (link_is_lite(file)) return;
  for (uint32_t i = 0; i < file->import_count; i++) {
    const stele_import *import = &file->imports[i];
    if (!import->file || import->kind == STELE_IMPORT_OPTION || !link_is_lite(import->file)) {
      continue;
    }
    link_error(state, link_token_of_import(state, import->path),
               "Files that do not use optimize_for = LITE_RUNTIME cannot import files which do use "
               "this option.  This file is not lite, but it imports \"" STELE_STR_FMT
               "\" which is.",
               STELE_STR_ARG(import->path));
    return;
  }
}

static void validate_file(link_file_state *state, const stele_file *file) {
  validate_file_features(state, file);
  validate_lite_imports(state, file);
  if (file->edition == STELE_EDITION_PROTO3) link_validate_proto3(state);
  bool options = false, weak = false;
  for (uint32_t i = 0; i < file->import_count; i++) {
    options |= file->imports[i].kind == STELE_IMPORT_OPTION;
    weak |= file->imports[i].kind == STELE_IMPORT_WEAK;
  }
  if (options && file->edition < STELE_EDITION_2024) {
    link_error(state, LINK_NONE, "option imports are not supported before edition 2024.");
  }
  if (weak && file->edition >= STELE_EDITION_2024) {
    link_error(state, LINK_NONE, "weak imports are not allowed under edition 2024 and beyond.");
  }
}

static void validate_message(link_file_state *state, const stele_message *message) {
  link_validate_json_names(state, message);
  link_validate_ranges(state, message);
}

static void validate_service(link_file_state *state, const stele_service *service) {
  const stele_options *options = service->file->options;
  if (!options || !link_is_lite(service->file)) return;
  if (!stele_options_varint(options, FILE_CC_SERVICES, 0) &&
      !stele_options_varint(options, FILE_JAVA_SERVICES, 0)) {
    return;
  }
  link_error(state, link_token_of_service(state, service),
             "Files with optimize_for = LITE_RUNTIME cannot define services unless you set both "
             "options cc_generic_services and java_generic_services to false.");
}

static const link_visitor options_validator = {
    .file = validate_file,
    .message = validate_message,
    .type = link_validate_enum,
    .value = link_validate_value,
    .field = link_validate_field,
    .service = validate_service,
};

/* An unused import is worth a word, in a file that was named; protoc says none about one
 * that imports others publicly. */
static void warn_unused(link_file_state *state) {
  const link_job *job = state->job;
  const stele_file *file = state->file;
  for (uint32_t i = 0; i < file->import_count; i++) {
    const stele_import *import = &file->imports[i];
    uint32_t index = import->file ? link_pool_find(job, import->file) : LINK_NONE;
    bool is_used = import->kind == STELE_IMPORT_PUBLIC || index == LINK_NONE ||
                   link_is_import_used(state, index);
    ((stele_import *)(uintptr_t)import)->is_used = is_used;
    if (is_used || job->files.at[index].public_count > 0) continue;
    link_warning(state, link_token_of_import(state, import->path),
                 "Import " STELE_STR_FMT " is unused.", STELE_STR_ARG(import->path));
  }
}

/* Names, then limits, then visibility; files before editions have none of it. */
static void validate_style(link_file_state *state) {
  bool is_any = state->job->takes_any_style && !state->ast;
  if (!is_any) link_visit(state, &link_naming_style);
  if (!state->error_count) link_visit(state, &link_limits);
  if (state->error_count || is_any) return;
  link_visit(state, &link_strict_messages);
  link_visit(state, &link_strict_enums);
}

void link_validate(link_file_state *state) {
  const stele_file *file = state->file;
  if (!state->error_count) link_visit(state, &options_validator);
  for (uint32_t i = 0; state->error_count && i < file->message_count; i++) {
    link_validate_map_conflicts(state, &file->messages[i]);
  }
  if (!state->error_count) warn_unused(state);
  if (!state->error_count && file->edition >= STELE_EDITION_2023) validate_style(state);
  if (!state->error_count) link_check_lifetimes(state);
}
