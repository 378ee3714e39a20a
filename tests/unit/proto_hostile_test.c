/* Files that are made to hurt: each is refused with clear words, in bounded
 * memory and time. And bounds and cancelling, as a caller sets them. */
#include <stdlib.h>

#include "base/buf.h"
#include "harness/test.h"
#include "proto/compile/compile.h"

typedef struct hostile {
  stele_resolver resolver; /* first: the callbacks cast back */
  stele_str text;
  _Atomic bool *cancel; /* set when the text is handed over */
  bool all_paths;       /* every path has an empty file */
  const stele_file *linked;
  size_t linked_count;
} hostile;

static bool hostile_find(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  hostile *h = (hostile *)self;
  (void)err;
  out->kind = STELE_FOUND_NOTHING;
  if (stele_str_eq(path, STELE_STR("h.proto"))) {
    if (h->cancel) *h->cancel = true;
    *out = (stele_found){.kind = STELE_FOUND_TEXT, .bytes = stele_str_bytes(h->text)};
  } else if (h->linked && stele_str_eq(path, h->linked->name)) {
    *out = (stele_found){.kind = STELE_FOUND_FILE, .file = h->linked};
  } else if (h->all_paths) {
    *out = (stele_found){.kind = STELE_FOUND_TEXT,
                         .bytes = stele_str_bytes(STELE_STR("syntax = \"proto3\";"))};
  }
  return true;
}

static void repeat(stele_buf *out, const char *text, size_t count) {
  for (size_t i = 0; i < count; i++) stele_buf_add_cstr(out, text);
}

/* Compiles the text; answers the code, a space and the first finding. */
static stele_str judge(stele_test *t, hostile *h, const stele_compile_options *options) {
  stele_str path = STELE_STR("h.proto");
  stele_err err = {0};
  h->resolver.find = hostile_find;
  stele_report *report = stele_report_new(t->arena, 0);
  const stele_schema *schema = stele_compile(&h->resolver, &path, 1, options, report, &err);
  size_t count;
  const stele_finding *first = stele_report_findings(report, &count);
  stele_str text = count ? first->text : stele_cstr(err.msg);
  stele_schema_unref(schema);
  return stele_str_printf(t->arena, "%s: " STELE_STR_FMT, stele_code_text(err.code),
                          STELE_STR_ARG(text));
}

static void test_too_much(stele_test *t) {
  stele_compile_options usual = {.use_builtin = true};
  hostile h = {0};
  stele_buf text;

  t_case(t, "a file of 100 MB");
  h.text = (stele_str){"// ", (size_t)100 << 20}; /* refused by its length alone */
  t_eq_str(t, judge(t, &h, &usual),
           STELE_STR("limit exceeded: h.proto is larger than 67108864 bytes"));

  t_case(t, "10,000 nested messages");
  stele_buf_init(&text, t->arena, 0);
  repeat(&text, "message M { ", 10000);
  repeat(&text, "}", 10000);
  h.text = stele_buf_str(&text);
  t_eq_str(t, judge(t, &h, &usual),
           STELE_STR("invalid argument: Reached maximum recursion limit for nested messages."));

  t_case(t, "10,000 braces in an option");
  stele_buf_init(&text, t->arena, 0);
  stele_buf_add_cstr(&text, "option (a) = ");
  repeat(&text, "{ a ", 10000);
  repeat(&text, "}", 10000);
  stele_buf_add_cstr(&text, ";");
  h.text = stele_buf_str(&text);
  t_eq_str(t, judge(t, &h, &usual),
           STELE_STR("invalid argument: Option \"(a)\" unknown. Ensure that your proto definition "
                     "file imports the proto which defines the option (i.e. via import option "
                     "after edition 2024)."));

  t_case(t, "an option literal 1 MB deep in brackets");
  stele_buf_init(&text, t->arena, 0);
  stele_buf_add_cstr(&text,
                     "syntax = \"proto2\"; import \"google/protobuf/descriptor.proto\"; message B "
                     "{ optional B b = 1; repeated B c = 2; } extend google.protobuf.FileOptions { "
                     "optional B b = 5000; } option (b) = { b ");
  repeat(&text, "<c:[{b", 1 << 17);
  stele_buf_add_cstr(&text, "};");
  h.text = stele_buf_str(&text);
  stele_str said = judge(t, &h, &usual);
  t_true(t, said.len > 17 && memcmp(said.ptr, "invalid argument:", 17) == 0);

  t_case(t, "a million imports");
  stele_buf_init(&text, t->arena, 0);
  for (int i = 0; i < 1000000; i++) stele_buf_printf(&text, "import \"%d\";", i);
  h.text = stele_buf_str(&text);
  h.all_paths = true;
  usual.limit_files = 2000; /* so that the test is quick; the default is 100,000 */
  t_eq_str(t, judge(t, &h, &usual), STELE_STR("limit exceeded: more than 2000 files"));
}

/* Large is not hostile: with bounds that allow it, it compiles, in memory that
 * goes with its content. STELE_LARGE=1 makes all of it messages, and imports a
 * million files. */
static void test_large(stele_test *t) {
  static const char comment[] =
      "// A line that somebody wrote to say what comes next, and more of it.\n";
  bool all = getenv("STELE_LARGE") != NULL;
  hostile h = {.all_paths = true};
  stele_buf text;
  stele_compile_options large = {.use_builtin = true,
                                 .limit_text_bytes = 200 << 20,
                                 .limit_files = 2000000,
                                 .limit_bytes = (size_t)(all ? 8 : 1) << 30};

  t_case(t, "a file of 100 MB");
  stele_buf_init(&text, NULL, 0);
  stele_buf_add_cstr(&text, "syntax = \"proto3\";\n");
  for (int i = 0; text.len < (size_t)100 << 20; i++) {
    stele_buf_printf(&text, "message M%d { M%d next = 1; repeated string names = 2; }\n", i, i / 2);
    if (!all) repeat(&text, comment, 100);
  }
  h.text = stele_buf_str(&text);
  t_eq_str(t, judge(t, &h, &large), STELE_STR("ok: "));
  stele_buf_release(&text);

  t_case(t, "many imports");
  stele_buf_init(&text, NULL, 0);
  for (int i = 0; i < (all ? 1000000 : 50000); i++) stele_buf_printf(&text, "import \"%d\";", i);
  h.text = stele_buf_str(&text);
  t_eq_str(t, judge(t, &h, &large), STELE_STR("ok: "));
  if (all) {
    large.limit_files = 0;
    t_eq_str(t, judge(t, &h, &large), STELE_STR("limit exceeded: more than 100000 files"));
  }
  stele_buf_release(&text);
}

/* Each level holds the one below ten times: a value of it would be 10^9 long. It
 * cannot be written as one literal, and types cost their own size only. */
static void test_billion_laughs(stele_test *t) {
  stele_buf text;
  hostile h = {0};
  stele_compile_options usual = {.use_builtin = true, .limit_bytes = 4 << 20};
  stele_buf_init(&text, t->arena, 0);
  stele_buf_add_cstr(&text, "syntax = \"proto2\"; import \"google/protobuf/descriptor.proto\";\n"
                            "message L0 { repeated int32 ha = 1; }\n");
  for (int i = 1; i < 10; i++) {
    stele_buf_printf(&text, "message L%d { repeated L%d l = 1; }\n", i, i - 1);
  }
  stele_buf_add_cstr(&text, "extend google.protobuf.FileOptions { optional L9 laugh = 5000; }\n"
                            "option (laugh) = { l { l { l { l { l { l { l { l { l { "
                            "ha: [1, 2, 3] } } } } } } } } } };\n");
  h.text = stele_buf_str(&text);
  t_eq_str(t, judge(t, &h, &usual), STELE_STR("ok: "));
}

static void test_bounds_of_the_caller(stele_test *t) {
  static const char deep[] = "syntax = \"proto3\"; message A { message B { message C {} } }";
  static const char wrong[] = "syntax = \"proto3\"; message A { X a = 1; Y b = 2; Z c = 3; }";
  static const struct {
    const char *label, *text;
    stele_compile_options options;
    const char *want;
  } rows[] = {
      {"depth enough", deep, {.limit_depth = 3}, "ok: "},
      {"one too deep",
       deep,
       {.limit_depth = 2},
       "invalid argument: Reached maximum recursion limit for nested messages."},
      {"errors within the bound",
       wrong,
       {.limit_errors = 3},
       "invalid argument: \"X\" is not defined."},
      {"one error too many", wrong, {.limit_errors = 2}, "limit exceeded: \"X\" is not defined."},
      {"memory",
       deep,
       {.limit_bytes = 6000},
       "limit exceeded: the job needs more than its 6000 bytes"},
      {"bytes of text",
       deep,
       {.limit_text_bytes = 20},
       "limit exceeded: h.proto is larger than 20 bytes"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    hostile h = {.text = stele_cstr(rows[i].text)};
    t_case(t, rows[i].label);
    t_eq_str(t, judge(t, &h, &rows[i].options), stele_cstr(rows[i].want));
  }
}

/* The flag goes up when the text is handed over, so it is inside of the file
 * that the compile must notice. */
static void test_cancelled_inside_a_file(stele_test *t) {
  static const char *const lines[] = {"message M { int32 a = 1; }\n", "// a comment\n",
                                      "option a = \"b\";\n"};
  for (size_t i = 0; i < STELE_COUNT(lines); i++) {
    _Atomic bool flag = false;
    stele_compile_options options = {.cancelled = &flag};
    hostile h = {.cancel = &flag};
    stele_buf text;
    stele_buf_init(&text, t->arena, 0);
    repeat(&text, lines[i], 20000);
    h.text = stele_buf_str(&text);
    t_case(t, lines[i]);
    t_eq_str(t, judge(t, &h, &options), STELE_STR("cancelled: the job was cancelled"));
  }
}

/* A file costs what it and its imports are, not what else is linked: its schema
 * has as many bytes beside 10,000 messages as beside none. */
static void test_beside_many_linked_files(stele_test *t) {
  static const char user[] =
      "syntax = \"proto3\"; import \"big.proto\"; message U { big.M7 m = 1; }";
  size_t used[2];
  for (size_t i = 0; i < 2; i++) {
    stele_buf text;
    hostile h = {0};
    stele_err err = {0};
    stele_str path = STELE_STR("h.proto"), big = STELE_STR("big.proto");
    h.resolver.find = hostile_find;
    stele_buf_init(&text, t->arena, 0);
    stele_buf_add_cstr(&text, "syntax = \"proto3\"; package big;");
    for (int k = 0; k < (i ? 10000 : 10); k++) {
      stele_buf_printf(&text, "message M%d { int32 a = 1; int32 b = 2; }\n", k);
    }
    h.text = stele_buf_str(&text);
    const stele_schema *linked =
        stele_compile(&h.resolver, &path, 1, NULL, stele_report_new(t->arena, 0), &err);
    t_ok(t, linked != NULL, &err);
    stele_file *file = (stele_file *)(uintptr_t)stele_schema_file(linked, path);
    file->name = big;
    h.linked = file;
    h.text = stele_cstr(user);
    const stele_schema *schema =
        stele_compile(&h.resolver, &path, 1, NULL, stele_report_new(t->arena, 0), &err);
    t_ok(t, schema != NULL, &err);
    used[i] = schema ? stele_schema_held_bytes(schema) : 0;
    stele_schema_unref(schema);
    stele_schema_unref(linked);
  }
  t_true(t, used[0] > 0);
  t_eq_int(t, used[1], used[0]);
}

TEST_MAIN(test_too_much, test_large, test_billion_laughs, test_bounds_of_the_caller,
          test_cancelled_inside_a_file, test_beside_many_linked_files)
