/* tests/golden/diagnostics/<case>/in.proto -> oracle.txt: what protoc writes to
 * standard error about it; nothing, when it accepts the file in silence. Only
 * tools/oracle, which runs protoc, writes an oracle file. Other files of the
 * folder may be imported, and so may the built-in ones.
 *
 * The name of a case begins with who finds the mistake: token_ (the lexer),
 * parse_ (the parser), link_ (all that follows), accept_ (nobody). */
#include "base/guard.h"
#include "harness/test.h"
#include "proto/compile/compile.h"
#include "proto/report/report.h"

/* Imports of a case: the files of its folder. */
typedef struct folder {
  stele_resolver resolver; /* first */
  stele_test *t;
  stele_str path;
} folder;

static bool find_in_folder(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  folder *f = (folder *)(void *)self;
  (void)err;
  const char *file =
      stele_str_printf(f->t->arena, "%s/" STELE_STR_FMT, f->path.ptr, STELE_STR_ARG(path)).ptr;
  if (!t_has_file(f->t, file)) return true;
  *out = (stele_found){.kind = STELE_FOUND_TEXT, .bytes = stele_str_bytes(t_file(f->t, file))};
  return true;
}

static stele_str findings_of(stele_test *t, stele_str path) {
  enum { MOST = 100000 };
  folder f = {.resolver = {.find = find_in_folder}, .t = t, .path = path};
  stele_report *report = stele_report_new(t->arena, MOST);
  stele_compile_options options = {.use_builtin = true, .warn_unused_imports = true};
  stele_str in = STELE_STR("in.proto");
  stele_err err = {0};

  const stele_schema *schema = stele_compile(&f.resolver, &in, 1, &options, report, &err);
  t_eq_int(t, schema == NULL, stele_report_has_errors(report));
  t_eq_int(t, err.code, schema ? STELE_OK : STELE_INVALID);
  if (schema) stele_schema_unref(schema);
  return stele_report_text(report, t->arena, STELE_REPORT_PROTOC);
}

static void test_findings_are_protocs(stele_test *t) {
  size_t count;
  const stele_str *cases = t_folders(t, "tests/golden/diagnostics", &count);
  t_true(t, count >= 600);
  for (size_t i = 0; i < count; i++) {
    stele_str path = stele_str_printf(t->arena, "tests/golden/diagnostics/%s", cases[i].ptr);
    t_case(t, cases[i].ptr);
    stele_str want = t_file(t, stele_str_printf(t->arena, "%s/oracle.txt", path.ptr).ptr);
    t_eq_str(t, findings_of(t, path), want);
  }
}

TEST_MAIN(test_findings_are_protocs)
