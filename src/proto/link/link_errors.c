/* Mistakes, and the tokens they cite. */
#include <stdarg.h>

#include "proto/link/link_internal.h"

static stele_str source_line(const stele_tokens *tokens, uint32_t line) {
  size_t start = tokens->line_starts[line], end = tokens->source.text.len;
  if (line + 1 < tokens->line_count) end = tokens->line_starts[line + 1];
  const char *text = tokens->source.text.ptr;
  while (end > start && (text[end - 1] == '\n' || text[end - 1] == '\r')) end--;
  return (stele_str){text + start, end - start};
}

static void place_finding(const link_file_state *state, uint32_t token, stele_finding *finding) {
  finding->line = finding->column = finding->end_column = -1;
  if (!state->ast || token == LINK_NONE) return;
  const stele_tokens *tokens = &state->ast->tokens;
  stele_place at = stele_token_place(tokens, token), end = stele_token_end(tokens, token);
  finding->line = at.line;
  finding->column = at.column;
  if (end.line == at.line) finding->end_column = end.column;
  finding->source_line = source_line(tokens, tokens->at[token].line);
}

__attribute__((nonnull(1, 4))) static void tell(link_file_state *state, stele_severity severity,
                                                uint32_t token, const char *format, va_list args) {
  stele_mark mark = stele_arena_mark(state->scratch);
  stele_buf text;
  stele_buf_init(&text, state->scratch, 0);
  stele_buf_vprintf(&text, format, args);
  stele_finding finding = {
      .severity = severity, .file = state->file->name, .text = stele_buf_str(&text)};
  place_finding(state, token, &finding);
  stele_report_add(state->job->report, &finding);
  stele_arena_rewind(state->scratch, mark);
}

void link_error(link_file_state *state, uint32_t token, const char *format, ...) {
  if (++state->error_count > LINK_MOST_ERRORS) return;
  va_list args;
  va_start(args, format);
  tell(state, STELE_SEVERITY_ERROR, token, format, args);
  va_end(args);
}

void link_warning(link_file_state *state, uint32_t token, const char *format, ...) {
  if (++state->warning_count > LINK_MOST_ERRORS) return;
  va_list args;
  va_start(args, format);
  tell(state, STELE_SEVERITY_WARNING, token, format, args);
  va_end(args);
}

void link_late_error(link_file_state *state, uint32_t token, const char *format, ...) {
  state->job->has_late_errors = true;
  state->job->files.at[state->file_index].has_late_errors = true;
  va_list args;
  va_start(args, format);
  tell(state, STELE_SEVERITY_ERROR, token, format, args);
  va_end(args);
}

/* ---- Tokens ------------------------------------------------------------- */

const stele_ast_decl *link_decl(const link_file_state *state, uint32_t decl) {
  return state->ast && decl != LINK_NONE ? &state->ast->decls[decl] : NULL;
}

/* What was generated was not written anywhere: no token. */
uint32_t link_token_of_message(const link_file_state *state, const stele_message *message) {
  const stele_ast_decl *decl =
      link_decl(state, state->message_decls[link_message_at(state, message)]);
  return decl && decl->kind != STELE_AST_MAP_FIELD ? decl->name : LINK_NONE;
}

static const stele_ast_decl *field_decl(const link_file_state *state, const stele_field *field) {
  const stele_message *scope = field->is_extension ? NULL : field->message;
  if (scope && scope->is_map_entry) {
    const stele_ast_decl *entry =
        link_decl(state, state->message_decls[link_message_at(state, scope)]);
    if (!entry || entry->kind == STELE_AST_MAP_FIELD) return NULL;
  }
  return link_decl(state, state->field_decls[link_field_at(state, field)]);
}

uint32_t link_token_of_field(const link_file_state *state, const stele_field *field) {
  const stele_ast_decl *decl = field_decl(state, field);
  return decl ? decl->name : LINK_NONE;
}

uint32_t link_token_of_field_number(const link_file_state *state, const stele_field *field) {
  const stele_ast_decl *decl = field_decl(state, field);
  return decl ? decl->number : LINK_NONE;
}

uint32_t link_token_of_field_type(const link_file_state *state, const stele_field *field) {
  const stele_ast_decl *decl = field_decl(state, field);
  if (!decl) return LINK_NONE;
  if (decl->kind != STELE_AST_MAP_FIELD) return decl->type;
  return decl->first; /* `map`; a map field has no label before it */
}

/* protoc notes the extendee's place for the first field of a block alone. */
uint32_t link_token_of_extendee(const link_file_state *state, const stele_field *field) {
  uint32_t at = link_field_at(state, field);
  const stele_ast_decl *block = link_decl(state, state->field_extends[at]);
  if (!block || block->child_count == 0) return LINK_NONE;
  return state->ast->children[block->child_start] == state->field_decls[at] ? block->type
                                                                            : LINK_NONE;
}

/* The option of a field's brackets that is called `word` alone, or NULL. */
static const stele_ast_option *pseudo(const link_file_state *state, const stele_field *field,
                                      stele_sym word) {
  const stele_ast_decl *decl = field_decl(state, field);
  for (uint32_t i = 0; decl && i < decl->option_count; i++) {
    const stele_ast_option *option = &state->ast->options[decl->option_start + i];
    if (state->ast->tokens.at[option->name_first].sym == word) return option;
  }
  return NULL;
}

uint32_t link_token_of_default(const link_file_state *state, const stele_field *field) {
  const stele_ast_option *option = pseudo(state, field, STELE_SYM_default);
  return option ? option->value_first : LINK_NONE;
}

uint32_t link_token_of_json_name(const link_file_state *state, const stele_field *field) {
  const stele_ast_option *option = pseudo(state, field, STELE_SYM_json_name);
  return option ? option->name_first : LINK_NONE;
}

/* protoc notes no place for a oneof. */
uint32_t link_token_of_oneof(const link_file_state *state, const stele_oneof *oneof) {
  (void)state;
  (void)oneof;
  return LINK_NONE;
}

static uint32_t name_of(const link_file_state *state, uint32_t at) {
  const stele_ast_decl *decl = link_decl(state, at);
  return decl ? decl->name : LINK_NONE;
}

uint32_t link_token_of_enum(const link_file_state *state, const stele_enum *type) {
  return name_of(state, state->enum_decls[link_enum_at(state, type)]);
}

uint32_t link_token_of_value(const link_file_state *state, const stele_enum_value *value) {
  return name_of(state, state->value_decls[link_value_at(state, value)]);
}

uint32_t link_token_of_value_number(const link_file_state *state, const stele_enum_value *value) {
  const stele_ast_decl *decl = link_decl(state, state->value_decls[link_value_at(state, value)]);
  if (!decl) return LINK_NONE;
  return decl->negative ? decl->number - 1 : decl->number;
}

uint32_t link_token_of_service(const link_file_state *state, const stele_service *service) {
  return name_of(state, state->service_decls[link_service_at(state, service)]);
}

uint32_t link_token_of_method(const link_file_state *state, const stele_method *method) {
  return name_of(state, state->method_decls[link_method_at(state, method)]);
}

uint32_t link_token_of_range(const link_file_state *state, const stele_range *range) {
  uint32_t at = link_range_at(state, range);
  if (!state->ast || state->range_refs[at] == LINK_NONE) return LINK_NONE;
  return state->ast->ranges[state->range_refs[at]].first;
}

/* `import` of the last statement that names the same file. Imports may be very
 * many, and what is not told needs no place. */
uint32_t link_token_of_import(const link_file_state *state, stele_str path) {
  uint32_t token = LINK_NONE;
  if (state->error_count + state->warning_count > 2 * LINK_MOST_ERRORS) return token;
  for (uint32_t i = 0; state->ast && i < state->file->import_count; i++) {
    if (!stele_str_eq(state->file->imports[i].path, path)) continue;
    token = state->ast->decls[state->import_decls[i]].first;
  }
  return token;
}

/* The first token of the package, or of the syntax statement. */
uint32_t link_token_of_statement(const link_file_state *state, stele_ast_kind kind) {
  const stele_ast_decl *file = link_decl(state, 0);
  uint32_t token = LINK_NONE;
  for (uint32_t i = 0; file && i < file->child_count; i++) {
    const stele_ast_decl *decl = stele_ast_child(state->ast, file, i);
    if (decl->kind == (uint8_t)kind) token = decl->first;
  }
  return token;
}
