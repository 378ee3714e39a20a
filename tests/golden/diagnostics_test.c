/* tests/golden/diagnostics/<case>/in.proto -> oracle.txt: what protoc writes to
 * standard error about it; nothing, when it accepts the file. Only tools/oracle,
 * which runs protoc, writes an oracle file.
 *
 * The name of a case begins with who finds the mistake: token_ (the lexer),
 * parse_ (the parser), accept_ (nobody). protoc looks no further than the first
 * of these that finds any, so those are judged by parsing alone. */
#include "base/guard.h"
#include "harness/test.h"
#include "proto/parse/parse.h"

static bool is_parsers(stele_str name) {
  static const char *const prefixes[] = {"token_", "parse_", "accept_"};
  for (size_t i = 0; i < STELE_COUNT(prefixes); i++) {
    if (strncmp(name.ptr, prefixes[i], strlen(prefixes[i])) == 0) return true;
  }
  return false;
}

static stele_str findings_of(stele_test *t, stele_str text) {
  stele_arena *arena = stele_arena_new(0);
  t_true(t, arena != NULL);
  stele_source source = {STELE_STR("in.proto"), text};
  stele_report *report = stele_report_new(arena, 100000);
  const stele_ast_file *file = stele_parse(arena, stele_token_interner(arena), &source, report);
  t_eq_int(t, file->has_errors, stele_report_has_errors(report));
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  stele_report_print(report, STELE_REPORT_PROTOC, &out);
  stele_arena_free(arena);
  return stele_buf_str(&out);
}

static void test_findings_are_protocs(stele_test *t) {
  size_t count, tried = 0;
  const stele_str *cases = t_folders(t, "tests/golden/diagnostics", &count);
  for (size_t i = 0; i < count; i++) {
    if (!is_parsers(cases[i])) continue;
    stele_str dir = stele_str_printf(t->arena, "tests/golden/diagnostics/%s", cases[i].ptr);
    t_case(t, cases[i].ptr);
    stele_str in = t_file(t, stele_str_printf(t->arena, "%s/in.proto", dir.ptr).ptr);
    stele_str want = t_file(t, stele_str_printf(t->arena, "%s/oracle.txt", dir.ptr).ptr);
    t_eq_str(t, findings_of(t, in), want);
    tried++;
  }
  t_true(t, tried >= 300);
}

TEST_MAIN(test_findings_are_protocs)
