/* What Stele says beyond protoc, on extra lines: where the first of two stands,
 * which name was meant, which import is missing. protoc's words stay as they
 * are; all of this hangs on the error that was told last.
 *
 * A name that was meant is one whose last part is near in spelling, among the
 * types of the files in sight. Looking through them costs their number, so a file
 * gets only so many guesses. */
#include "base/distance.h"
#include "proto/link/link_internal.h"

enum { MOST_GUESSES = 20, MOST_SYMBOLS = 200000 };

static bool is_told(const link_file_state *state) {
  return state->error_count <= LINK_MOST_ERRORS;
}

void link_also(link_file_state *state, uint32_t token, const char *text) {
  if (!is_told(state) || !state->ast || token == LINK_NONE) return;
  stele_report_note(state->job->report, state->file->name,
                    stele_token_place(&state->ast->tokens, token), "%s", text);
}

static uint32_t token_of(const link_file_state *state, const link_symbol *symbol) {
  switch ((stele_symbol_kind)symbol->kind) {
  case STELE_SYMBOL_MESSAGE: return link_token_of_message(state, symbol->element);
  case STELE_SYMBOL_FIELD: return link_token_of_field(state, symbol->element);
  case STELE_SYMBOL_ENUM: return link_token_of_enum(state, symbol->element);
  case STELE_SYMBOL_ENUM_VALUE: return link_token_of_value(state, symbol->element);
  case STELE_SYMBOL_SERVICE: return link_token_of_service(state, symbol->element);
  case STELE_SYMBOL_METHOD: return link_token_of_method(state, symbol->element);
  case STELE_SYMBOL_ONEOF: {
    const stele_oneof *oneof = symbol->element;
    const stele_ast_decl *decl = link_decl(state, state->oneof_decls[link_oneof_at(state, oneof)]);
    return decl ? decl->name : LINK_NONE;
  }
  case STELE_SYMBOL_NONE:
  case STELE_SYMBOL_FILE:
  case STELE_SYMBOL_PACKAGE: break;
  }
  return LINK_NONE;
}

void link_also_symbol(link_file_state *state, link_symbol_id id) {
  const link_symbol *symbol = link_symbol_get(state->job, id);
  if (!state->ast || symbol->file != state->file_index) return;
  link_also(state, token_of(state, symbol), "it is defined here");
}

/* ---- Spelling ----------------------------------------------------------------- */

static stele_str last_part(stele_str name) {
  size_t start = name.len;
  while (start > 0 && name.ptr[start - 1] != '.') start--;
  return (stele_str){name.ptr + start, name.len - start};
}

static bool is_type(const link_symbol *symbol) {
  return symbol->kind == STELE_SYMBOL_MESSAGE || symbol->kind == STELE_SYMBOL_ENUM;
}

/* Types that came since the last guess, and the files that this one sees. */
static void look_around(link_job *job) {
  for (; job->typed < job->symbol_count && job->typed < MOST_SYMBOLS; job->typed++) {
    const link_symbol *symbol = link_symbol_get(job, job->typed);
    if (!is_type(symbol)) continue;
    link_pool_file *file = &job->files.at[symbol->file];
    STELE_VEC_PUSH(job->tables, &job->types, (link_typed){job->typed, file->types});
    file->types = (uint32_t)job->types.count;
  }
  if (job->sight_stamp == job->stamp) return;
  job->sight_stamp = job->stamp;
  job->sight.count = 0;
  for (uint32_t i = 0; i < job->files.count; i++) {
    if (job->files.at[i].visible == job->stamp) STELE_VEC_PUSH(job->tables, &job->sight, i);
  }
}

/* Of two that are as near the one that came first. */
static link_symbol_id nearest(link_job *job, stele_str name) {
  link_symbol_id found = LINK_ROOT;
  size_t best = stele_distance_limit(name);
  look_around(job);
  for (size_t i = 0; i < job->sight.count; i++) {
    for (uint32_t at = job->files.at[job->sight.at[i]].types; at; at = job->types.at[at - 1].next) {
      link_symbol_id id = job->types.at[at - 1].id;
      const link_symbol *symbol = link_symbol_get(job, id);
      if (!is_type(symbol)) continue; /* taken back */
      size_t limit = best + (id < found);
      size_t far = stele_distance(name, stele_sym_str(job->interner, symbol->name), limit);
      if (far < limit) best = far, found = id;
    }
  }
  return found;
}

/* ---- Names that mean nothing ------------------------------------------------ */

/* Types that everybody knows, and their files. */
static const struct {
  stele_str name, file;
} well_known[] = {
#define ROW(name, file)                                                                            \
  { STELE_STR_INIT(name), STELE_STR_INIT("google/protobuf/" file ".proto") }
    ROW("Any", "any"),
    ROW("Api", "api"),
    ROW("BoolValue", "wrappers"),
    ROW("BytesValue", "wrappers"),
    ROW("DoubleValue", "wrappers"),
    ROW("Duration", "duration"),
    ROW("Empty", "empty"),
    ROW("EnumOptions", "descriptor"),
    ROW("EnumValueOptions", "descriptor"),
    ROW("FieldMask", "field_mask"),
    ROW("FieldOptions", "descriptor"),
    ROW("FileOptions", "descriptor"),
    ROW("FloatValue", "wrappers"),
    ROW("Int32Value", "wrappers"),
    ROW("Int64Value", "wrappers"),
    ROW("ListValue", "struct"),
    ROW("MessageOptions", "descriptor"),
    ROW("MethodOptions", "descriptor"),
    ROW("NullValue", "struct"),
    ROW("OneofOptions", "descriptor"),
    ROW("ServiceOptions", "descriptor"),
    ROW("SourceContext", "source_context"),
    ROW("StringValue", "wrappers"),
    ROW("Struct", "struct"),
    ROW("Timestamp", "timestamp"),
    ROW("UInt32Value", "wrappers"),
    ROW("UInt64Value", "wrappers"),
    ROW("Value", "struct"),
#undef ROW
};

static bool advise_well_known(link_file_state *state, stele_str name) {
  static const stele_str package = STELE_STR_INIT("google.protobuf.");
  if (name.len && name.ptr[0] == '.') name = (stele_str){name.ptr + 1, name.len - 1};
  stele_str last = last_part(name);
  bool is_bare = last.len == name.len;
  bool is_full =
      name.len == package.len + last.len && memcmp(name.ptr, package.ptr, package.len) == 0;
  for (size_t i = 0; (is_bare || is_full) && i < STELE_COUNT(well_known); i++) {
    if (!stele_str_eq(last, well_known[i].name)) continue;
    stele_report_hint(
        state->job->report,
        is_full ? "add `import \"%.*s\";`"
                : "google.protobuf.%.*s? Then `import \"%.*s\";` and say all of its name",
        STELE_STR_ARG(is_full ? well_known[i].file : last), STELE_STR_ARG(well_known[i].file));
    return true;
  }
  return false;
}

void link_advise_name(link_file_state *state, stele_str name) {
  link_job *job = state->job;
  if (!is_told(state) || ++state->guess_count > MOST_GUESSES) return;
  if (state->hidden_file != LINK_NONE) {
    stele_str file = job->files.at[state->hidden_file].file->name;
    stele_report_hint(job->report, "add `import \"" STELE_STR_FMT "\";`", STELE_STR_ARG(file));
    return;
  }
  link_symbol_id id = nearest(job, last_part(name));
  if (id == LINK_ROOT) {
    (void)advise_well_known(state, name);
    return;
  }
  stele_str meant = link_symbol_name(state, id);
  stele_report_hint(job->report, "did you mean \"" STELE_STR_FMT "\"?", STELE_STR_ARG(meant));
  const link_symbol *symbol = link_symbol_get(job, id);
  if (symbol->file == state->file_index && state->ast) {
    link_also(state, token_of(state, symbol), "one that is spelt nearly so");
  }
}

void link_advise_member(link_file_state *state, const stele_message *type, stele_str name) {
  const stele_field *found = NULL;
  size_t best = stele_distance_limit(name);
  if (!is_told(state) || ++state->guess_count > MOST_GUESSES) return;
  for (uint32_t i = 0; i < type->field_count; i++) {
    size_t far = stele_distance(name, type->fields[i].name, best);
    if (far < best) best = far, found = &type->fields[i];
  }
  if (!found) return;
  stele_report_hint(state->job->report, "did you mean \"" STELE_STR_FMT "\"?",
                    STELE_STR_ARG(found->name));
}
