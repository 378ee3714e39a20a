/* Fields, map fields and groups, with or without a label. */
#include "base/err.h"
#include "proto/parse/parse_internal.h"

static bool is_scalar(stele_sym sym) {
  return sym >= STELE_SYM_double && sym <= STELE_SYM_sint64;
}

/* type name = "."? name ("." name)* */
bool parse_type_name(parser *p, uint32_t *first, uint32_t *last) {
  uint32_t name = 0;
  *first = p->at;
  if (is_scalar(p->token[p->at].sym) || parse_at(p, STELE_SYM_group)) {
    parse_fail(p, "Expected message type.");
    *last = p->at++;
    return true;
  }
  (void)parse_take(p, STELE_SYM_OF('.'));
  if (!parse_name(p, &name, "Expected type name.")) return false;
  while (parse_take(p, STELE_SYM_OF('.'))) {
    if (!parse_name(p, &name, "Expected identifier.")) return false;
  }
  *last = name;
  return true;
}

/* The unstable edition has other names for some scalars. protoc refuses its
 * files in the end, but says this first. */
static void check_obsolete(parser *p) {
  static const struct {
    stele_sym word;
    const char *text;
  } rows[] = {
#define ROW(old, new)                                                                              \
  {STELE_SYM_##old, "Type '" #old "' is obsolete in unstable editions, use '" #new "' instead."}
      ROW(fixed32, uint32), ROW(fixed64, uint64),  ROW(sfixed32, int32),
      ROW(sfixed64, int64), ROW(sint32, zigzag32), ROW(sint64, zigzag64),
#undef ROW
  };
  if (p->edition != PARSE_EDITION_UNSTABLE) return;
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    if (parse_at(p, rows[i].word)) parse_fail(p, rows[i].text);
  }
}

/* type = scalar | "group" | type name */
static bool type(parser *p, uint32_t *first, uint32_t *last) {
  bool is_group = parse_at(p, STELE_SYM_group);
  if (!is_group && !is_scalar(p->token[p->at].sym)) return parse_type_name(p, first, last);
  if (is_group && p->is_editions) {
    parse_fail(p, "Group syntax is no longer supported in editions. To get group behavior you can "
                  "specify features.message_encoding = DELIMITED on a message field.");
  }
  check_obsolete(p);
  *first = *last = p->at++;
  return true;
}

/* label = "optional" | "required" | "repeated" */
static void label(parser *p, stele_ast_decl *decl) {
  stele_sym word = p->token[p->at].sym;
  if (word == STELE_SYM_repeated) {
    decl->modifier = STELE_AST_REPEATED;
  } else if (word == STELE_SYM_optional) {
    decl->modifier = STELE_AST_OPTIONAL;
    if (p->is_editions) {
      parse_fail(p, "Label \"optional\" is not supported in editions. By default, all singular "
                    "fields have presence unless features.field_presence is set.");
    }
  } else if (word == STELE_SYM_required) {
    decl->modifier = STELE_AST_REQUIRED;
    if (p->is_editions) {
      parse_fail(p, "Label \"required\" is not supported in editions, use features.field_presence "
                    "= LEGACY_REQUIRED.");
    }
  } else {
    return;
  }
  decl->modifier_token = p->at++;
}

/* map = "map" "<" type "," type ">", at the "<" */
static bool map_type(parser *p, uint32_t decl, parse_field_place place) {
  uint32_t first = 0, last = 0;
  stele_ast_decl *d = parse_decl(p, decl);
  d->kind = STELE_AST_MAP_FIELD;
  if (place == PARSE_IN_ONEOF) return parse_fail(p, "Map fields are not allowed in oneofs.");
  if (d->modifier != STELE_AST_PLAIN) {
    return parse_fail(p,
                      "Field labels (required/optional/repeated) are not allowed on map fields.");
  }
  if (place == PARSE_IN_EXTEND) {
    return parse_fail(p, "Map fields are not allowed to be extensions.");
  }
  p->at++;
  if (!type(p, &first, &last)) return false;
  d->type = first;
  d->type_last = last;
  if (!parse_expect(p, ',') || !type(p, &first, &last)) return false;
  d->type2 = first;
  d->type2_last = last;
  return parse_expect(p, '>');
}

/* Where proto2 wants a label, its absence is a finding but no obstacle. */
static void miss_label(parser *p, const stele_ast_decl *decl, parse_field_place place) {
  bool is_needed = place != PARSE_IN_ONEOF && p->edition == PARSE_PROTO2;
  if (!is_needed || decl->modifier != STELE_AST_PLAIN) return;
  parse_fail(p, "Expected \"required\", \"optional\", or \"repeated\".");
  stele_report_hint(p->report, "fields of proto2 have a label; a file without one of those begins "
                               "with `syntax = \"proto3\";` or an edition");
}

/* `map` without a `<` is a message of that name, and ends there: `map.Entry`
 * cannot be written. */
static bool field_type(parser *p, uint32_t decl, parse_field_place place) {
  uint32_t first = p->at, last = p->at;
  bool is_map_word = parse_take(p, STELE_SYM_map);
  if (is_map_word && parse_at(p, STELE_SYM_OF('<'))) return map_type(p, decl, place);
  miss_label(p, parse_decl(p, decl), place);
  if (!is_map_word && !type(p, &first, &last)) return false;
  stele_ast_decl *d = parse_decl(p, decl);
  d->type = first;
  d->type_last = last;
  if (p->token[first].sym == STELE_SYM_group) d->kind = STELE_AST_GROUP;
  return true;
}

/* name "=" integer */
static bool name_and_number(parser *p, uint32_t decl) {
  uint32_t name = 0;
  if (!parse_name(p, &name, "Expected field name.")) return false;
  stele_ast_decl *d = parse_decl(p, decl);
  d->name = d->name_last = name;
  if (!parse_take(p, STELE_SYM_OF('='))) return parse_fail(p, "Missing field number.");
  d->number = p->at;
  return parse_int32(p, &d->number_value, "Expected field number.");
}

static bool group_body(parser *p, uint32_t decl) {
  uint32_t name = parse_decl(p, decl)->name;
  char first = stele_token_text(&p->tokens, name).ptr[0];
  if (first < 'A' || first > 'Z') {
    parse_fail_at(p, name, "Group names must start with a capital letter.");
  }
  if (!parse_at(p, STELE_SYM_OF('{'))) return parse_fail(p, "Missing group body.");
  return parse_message_body(p, decl);
}

/* field = label? type name "=" integer [options] (";" | message body) */
bool parse_field(parser *p, uint32_t parent, parse_field_place place) {
  uint32_t decl = parse_add(p, STELE_AST_FIELD, parent);
  if (place != PARSE_IN_ONEOF) label(p, parse_decl(p, decl));
  if (!field_type(p, decl, place) || !name_and_number(p, decl)) return false;
  if (!parse_option_list(p, decl, parse_field_option)) return false;
  if (parse_decl(p, decl)->kind == STELE_AST_GROUP) return group_body(p, decl);
  return parse_end(p, decl);
}
