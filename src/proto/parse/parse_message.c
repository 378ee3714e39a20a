/* Messages, oneofs and extend blocks: what has fields in it. */
#include "proto/parse/parse_internal.h"

/* protoc's own bound, and ours for groups, which protoc leaves to its linker:
 * it keeps our stack small. */
enum { DEEPEST_MESSAGE = 32, DEEPEST_BLOCK = 100 };

/* How many blocks may be open around one that begins, at most: a caller may
 * allow less than protoc does. */
static int deepest(const parser *p, int most) {
  return p->limit_depth && p->limit_depth < (unsigned)most ? (int)p->limit_depth : most;
}

static const char too_deep[] = "Reached maximum recursion limit for nested messages.";

/* field_statement in a oneof: option | field without label. A wrong option
 * ends the whole oneof; so it does in protoc. */
static bool oneof_field(parser *p, uint32_t oneof) {
  bool has_label = parse_at(p, STELE_SYM_optional) || parse_at(p, STELE_SYM_required) ||
                   parse_at(p, STELE_SYM_repeated);
  if (has_label) {
    parse_fail(p, "Fields in oneofs must not have labels (required / optional / repeated).");
    p->at++;
  }
  return parse_field(p, oneof, PARSE_IN_ONEOF);
}

static bool extend_field(parser *p, uint32_t extend) {
  return parse_field(p, extend, PARSE_IN_EXTEND);
}

/* oneof = "oneof" name "{" (option | field)+ "}" */
static bool oneof(parser *p, uint32_t parent) {
  uint32_t decl = parse_add(p, STELE_AST_ONEOF, parent), name = 0;
  p->at++;
  if (!parse_name(p, &name, "Expected oneof name.")) return false;
  parse_decl(p, decl)->name = parse_decl(p, decl)->name_last = name;
  if (!parse_open_block(p, decl)) return false;
  do {
    if (parse_at_end(p)) {
      return parse_fail(p, "Reached end of input in oneof definition (missing '}').");
    }
    if (parse_at(p, STELE_SYM_option)) {
      if (!parse_option_statement(p, decl)) return false;
    } else {
      (void)parse_statement(p, decl, oneof_field);
    }
  } while (!parse_take_close(p, decl));
  return true;
}

/* extend = "extend" type "{" field+ "}" */
bool parse_extend(parser *p, uint32_t parent) {
  uint32_t decl = parse_add(p, STELE_AST_EXTEND, parent), first = 0, last = 0;
  p->at++;
  if (!parse_type_name(p, &first, &last)) return false;
  parse_decl(p, decl)->type = first;
  parse_decl(p, decl)->type_last = last;
  if (!parse_open_block(p, decl)) return false;
  do {
    if (parse_at_end(p)) {
      return parse_fail(p, "Reached end of input in extend definition (missing '}').");
    }
    (void)parse_statement(p, decl, extend_field);
  } while (!parse_take_close(p, decl));
  return true;
}

/* Only `map<…>` makes map entries. */
static bool check_map_entry(parser *p, uint32_t decl) {
  if (!p->has_map_entry_option) return true;
  for (size_t i = decl + 1; i < p->decls.count; i++) {
    const stele_ast_decl *child = &p->decls.at[i];
    bool is_option = child->kind == STELE_AST_OPTION || child->meant == STELE_AST_OPTION;
    if (child->parent != decl || !is_option) continue;
    uint32_t name = p->options.at[child->option_start].name_first;
    if (name == STELE_AST_NONE || p->token[name].sym != STELE_SYM_map_entry) continue;
    return parse_fail_at(p, name,
                         "map_entry should not be set explicitly. Use map<KeyType, ValueType> "
                         "instead.");
  }
  return true;
}

/* statement = ";" | message | enum | extensions | reserved | extend | option |
 *             oneof | field */
static bool statement(parser *p, uint32_t parent) {
  uint32_t modifier;
  if (parse_take_empty(p, parent)) return true;
  if (!parse_visibility(p, &modifier)) return false;
  switch (p->token[p->at].sym) {
  case STELE_SYM_message: return parse_message(p, parent, modifier);
  case STELE_SYM_enum: return parse_enum(p, parent, modifier);
  case STELE_SYM_extensions: return parse_extensions(p, parent);
  case STELE_SYM_reserved: return parse_reserved(p, parent);
  case STELE_SYM_extend: return parse_extend(p, parent);
  case STELE_SYM_option: return parse_option_statement(p, parent);
  case STELE_SYM_oneof: return oneof(p, parent);
  default: return parse_field(p, parent, PARSE_IN_MESSAGE);
  }
}

bool parse_message_body(parser *p, uint32_t message) {
  if (p->block_depth >= deepest(p, DEEPEST_BLOCK)) return parse_fail(p, too_deep);
  p->block_depth++;
  bool ok = parse_block(p, message, statement,
                        "Reached end of input in message definition (missing '}').");
  p->block_depth--;
  return ok && check_map_entry(p, message);
}

static bool message(parser *p, uint32_t parent, uint32_t modifier) {
  if (p->message_depth > deepest(p, DEEPEST_MESSAGE - 1)) return parse_fail(p, too_deep);
  uint32_t decl = parse_add(p, STELE_AST_MESSAGE, parent), name = 0;
  parse_set_visibility(p, decl, modifier);
  p->at++;
  if (!parse_name(p, &name, "Expected message name.")) return false;
  parse_decl(p, decl)->name = parse_decl(p, decl)->name_last = name;
  return parse_message_body(p, decl);
}

/* message = "message" name "{" statement* "}" */
bool parse_message(parser *p, uint32_t parent, uint32_t modifier) {
  p->message_depth++;
  bool ok = message(p, parent, modifier);
  p->message_depth--;
  return ok;
}
