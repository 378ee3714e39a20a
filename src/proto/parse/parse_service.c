/* Services and methods. */
#include "proto/parse/parse_internal.h"

/* In a method's body: ";" | option. A word other than `option` is told so by
 * the option's own grammar. */
static bool method_statement(parser *p, uint32_t parent) {
  if (parse_take_empty(p, parent)) return true;
  if (parse_at(p, STELE_SYM_option)) return parse_option_statement(p, parent);
  return parse_fail_expected(p, "option");
}

/* "(" "stream"? type ")" */
static bool argument(parser *p, uint32_t *stream, uint32_t *first, uint32_t *last) {
  if (!parse_expect(p, '(')) return false;
  *stream = STELE_AST_NONE;
  if (parse_at(p, STELE_SYM_stream)) *stream = p->at++;
  return parse_type_name(p, first, last) && parse_expect(p, ')');
}

static bool signature(parser *p, uint32_t decl) {
  uint32_t name = 0, stream = 0, first = 0, last = 0;
  if (!parse_name(p, &name, "Expected method name.")) return false;
  parse_decl(p, decl)->name = parse_decl(p, decl)->name_last = name;
  if (!argument(p, &stream, &first, &last)) return false;
  stele_ast_decl *d = parse_decl(p, decl);
  d->stream = stream;
  d->type = first;
  d->type_last = last;
  if (!parse_take(p, STELE_SYM_returns)) return parse_fail_expected(p, "returns");
  if (!argument(p, &stream, &first, &last)) return false;
  d->stream2 = stream;
  d->type2 = first;
  d->type2_last = last;
  return true;
}

/* method = "rpc" name argument "returns" argument (";" | "{" (option | ";")* "}") */
static bool method(parser *p, uint32_t parent) {
  uint32_t decl = parse_add(p, STELE_AST_METHOD, parent);
  if (!parse_take(p, STELE_SYM_rpc)) return parse_fail_expected(p, "rpc");
  if (!signature(p, decl)) return false;
  if (!parse_at(p, STELE_SYM_OF('{'))) return parse_end(p, decl);
  return parse_block(p, decl, method_statement,
                     "Reached end of input in method options (missing '}').");
}

/* statement = ";" | option | method */
static bool statement(parser *p, uint32_t parent) {
  if (parse_take_empty(p, parent)) return true;
  if (parse_at(p, STELE_SYM_option)) return parse_option_statement(p, parent);
  return method(p, parent);
}

/* service = "service" name "{" statement* "}" */
bool parse_service(parser *p, uint32_t file) {
  uint32_t decl = parse_add(p, STELE_AST_SERVICE, file), name = 0;
  p->at++;
  if (!parse_name(p, &name, "Expected service name.")) return false;
  parse_decl(p, decl)->name = parse_decl(p, decl)->name_last = name;
  return parse_block(p, decl, statement,
                     "Reached end of input in service definition (missing '}').");
}
