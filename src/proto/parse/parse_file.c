/* The top level of a file: its syntax or edition, package, imports, and the
 * choice among declarations. */
#include "base/err.h"
#include "proto/parse/parse_internal.h"

/* google.protobuf.Edition without the prefix EDITION_. Those that protoc does
 * not support are read all the same; who compiles refuses them by number. */
static const struct {
  stele_str name;
  uint32_t number;
} editions[] = {
    {STELE_STR_INIT("LEGACY"), 900},
    {STELE_STR_INIT("2023"), PARSE_EDITION_2023},
    {STELE_STR_INIT("2024"), PARSE_EDITION_2024},
    {STELE_STR_INIT("2026"), 1002},
    {STELE_STR_INIT("UNSTABLE"), PARSE_EDITION_UNSTABLE},
    {STELE_STR_INIT("1_TEST_ONLY"), 1},
    {STELE_STR_INIT("2_TEST_ONLY"), 2},
    {STELE_STR_INIT("99997_TEST_ONLY"), 99997},
    {STELE_STR_INIT("99998_TEST_ONLY"), 99998},
    {STELE_STR_INIT("99999_TEST_ONLY"), 99999},
    {STELE_STR_INIT("MAX"), INT32_MAX},
};

/* "before" name "after", whatever bytes are in the name. */
static bool fail_with_name(parser *p, uint32_t token, const char *before, stele_str name,
                           const char *after) {
  stele_buf text;
  stele_buf_init(&text, p->arena, 0);
  stele_buf_add_cstr(&text, before);
  stele_buf_add_str(&text, name);
  stele_buf_add_cstr(&text, after);
  return parse_fail_text(p, token, stele_buf_str(&text));
}

static bool set_edition(parser *p, uint32_t token, stele_str name) {
  for (size_t i = 0; i < STELE_COUNT(editions); i++) {
    if (!stele_str_eq(editions[i].name, name)) continue;
    p->edition = editions[i].number;
    p->is_editions = true;
    return true;
  }
  return fail_with_name(p, token, "Unknown edition \"", name, "\".");
}

static bool set_syntax(parser *p, uint32_t token, stele_str name) {
  bool is_proto3 = stele_str_eq(name, STELE_STR("proto3"));
  p->edition = is_proto3 ? PARSE_PROTO3 : PARSE_PROTO2;
  if (is_proto3 || stele_str_eq(name, STELE_STR("proto2"))) return true;
  return fail_with_name(p, token, "Unrecognized syntax identifier \"", name,
                        "\".  This parser only recognizes \"proto2\" and \"proto3\".");
}

/* syntax = ("syntax" | "edition") "=" string+ ";" */
bool parse_syntax(parser *p, uint32_t file) {
  bool is_edition = parse_at(p, STELE_SYM_edition);
  uint32_t decl = parse_add(p, STELE_AST_SYNTAX, file), first = 0, last = 0;
  p->at++;
  if (!parse_expect(p, '=') || !parse_strings(p, &first, &last, "Expected syntax identifier.") ||
      !parse_end(p, decl)) {
    return false;
  }
  parse_decl(p, decl)->value = first;
  parse_decl(p, decl)->value_last = last;
  stele_str name = stele_token_string(p->arena, &p->tokens, first, last);
  return is_edition ? set_edition(p, first, name) : set_syntax(p, first, name);
}

/* package = "package" name ("." name)* ";" */
static bool package(parser *p, uint32_t file) {
  uint32_t decl = parse_add(p, STELE_AST_PACKAGE, file), first = p->at + 1, last = 0;
  if (p->has_package) parse_fail(p, "Multiple package definitions.");
  p->has_package = false;
  do {
    p->at++;
    if (!parse_name(p, &last, "Expected identifier.")) return false;
    p->has_package = true;
  } while (parse_at(p, STELE_SYM_OF('.')));
  parse_decl(p, decl)->name = first;
  parse_decl(p, decl)->name_last = last;
  return parse_end(p, decl);
}

static const char import_wants_string[] = "Expected a string naming the file to import.";

static bool import_path(parser *p, uint32_t decl) {
  uint32_t first = 0, last = 0;
  if (!parse_strings(p, &first, &last, import_wants_string)) return false;
  parse_decl(p, decl)->value = first;
  parse_decl(p, decl)->value_last = last;
  return true;
}

static void import_modifier(parser *p, uint32_t decl, stele_ast_modifier modifier) {
  parse_decl(p, decl)->modifier = (uint8_t)modifier;
  parse_decl(p, decl)->modifier_token = p->at++;
}

static bool knows_option_import(const parser *p) {
  return p->is_editions && p->edition >= PARSE_EDITION_2024;
}

static bool option_import(parser *p, uint32_t decl) {
  if (!knows_option_import(p)) {
    parse_fail(p, "option import is not supported before edition 2024.");
  }
  import_modifier(p, decl, STELE_AST_OPTION_IMPORT);
  if (!import_path(p, decl)) return false;
  p->has_option_import = true;
  return parse_end(p, decl);
}

/* import = "import" ("public" | "weak" | "option")? string+ ";" */
static bool import(parser *p, uint32_t file) {
  uint32_t decl = parse_add(p, STELE_AST_IMPORT, file);
  p->at++;
  if (parse_at(p, STELE_SYM_option)) return option_import(p, decl);
  if (p->has_option_import) {
    parse_fail(p, "imports should precede any option imports to ensure proto files can roundtrip.");
  }
  if (parse_at(p, STELE_SYM_public)) {
    import_modifier(p, decl, STELE_AST_PUBLIC);
  } else if (parse_at(p, STELE_SYM_weak)) {
    if (knows_option_import(p)) {
      parse_fail(p, "weak import is not supported in edition 2024 and above. Consider using option "
                    "import instead.");
    }
    import_modifier(p, decl, STELE_AST_WEAK);
  }
  return import_path(p, decl) && parse_end(p, decl);
}

bool parse_visibility(parser *p, uint32_t *modifier) {
  *modifier = STELE_AST_NONE;
  if (!p->is_editions || p->edition <= PARSE_EDITION_2023) return true;
  if (!parse_at(p, STELE_SYM_export) && !parse_at(p, STELE_SYM_local)) return true;
  *modifier = p->at++;
  if (parse_at(p, STELE_SYM_message) || parse_at(p, STELE_SYM_enum)) return true;
  return parse_fail(p, "'local' and 'export' visibility modifiers are valid only on 'message' and "
                       "'enum'");
}

void parse_set_visibility(parser *p, uint32_t decl, uint32_t modifier) {
  if (modifier == STELE_AST_NONE) return;
  stele_ast_decl *d = parse_decl(p, decl);
  bool is_export = p->token[modifier].sym == STELE_SYM_export;
  d->first = d->modifier_token = modifier;
  d->modifier = is_export ? STELE_AST_EXPORT : STELE_AST_LOCAL;
}

/* statement = ";" | message | enum | service | extend | import | package | option */
bool parse_file_statement(parser *p, uint32_t file) {
  uint32_t modifier;
  if (parse_take_empty(p, file)) return true;
  if (!parse_visibility(p, &modifier)) return false;
  switch (p->token[p->at].sym) {
  case STELE_SYM_message: return parse_message(p, file, modifier);
  case STELE_SYM_enum: return parse_enum(p, file, modifier);
  case STELE_SYM_service: return parse_service(p, file);
  case STELE_SYM_extend: return parse_extend(p, file);
  case STELE_SYM_import: return import(p, file);
  case STELE_SYM_package: return package(p, file);
  case STELE_SYM_option: return parse_option_statement(p, file);
  default: return parse_fail(p, "Expected top-level statement (e.g. \"message\").");
  }
}
