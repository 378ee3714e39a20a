/* tests/golden/format/<case>/in.proto -> want.proto, which is ours to choose; that
 * it says the same as in.proto is not, and is looked at as well. */
#include "harness/format.h"
#include "harness/test.h"

static void test_style(stele_test *t) {
  size_t count;
  const stele_str *cases = t_folders(t, "tests/golden/format", &count);
  for (size_t i = 0; i < count; i++) {
    stele_str dir =
        stele_str_printf(t->arena, "tests/golden/format/" STELE_STR_FMT, STELE_STR_ARG(cases[i]));
    stele_str in = t_file(t, stele_str_printf(t->arena, "%s/in.proto", dir.ptr).ptr), out;
    t_case(t, cases[i].ptr);
    const char *fault = format_fault(t->arena, in, &out);
    if (fault) t_eq_str(t, stele_cstr(fault), STELE_STR(""));
    t_golden(t, stele_str_printf(t->arena, "%s/want.proto", dir.ptr).ptr, out);
  }
}

TEST_MAIN(test_style)
