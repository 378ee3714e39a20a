/* Reports: kept, counted, sorted, and printed in each form. */
#include "base/guard.h"
#include "harness/test.h"
#include "proto/report/report.h"
#include "version.h"

static const stele_finding with_all = {.severity = STELE_SEVERITY_ERROR,
                                       .file = STELE_STR_INIT("a/b.proto"),
                                       .line = 2,
                                       .column = 4,
                                       .end_column = 8,
                                       .text = STELE_STR_INIT("No \"such\" thing."),
                                       .hint = STELE_STR_INIT("Try another."),
                                       .source_line = STELE_STR_INIT("    this = that;")};
static const stele_note places[] = {
    {.file = STELE_STR_INIT("a/b.proto"), .line = 0, .column = 3, .text = STELE_STR_INIT("here")},
    {.file = STELE_STR_INIT("d e.proto"), .line = -1, .text = STELE_STR_INIT("there")}};
static const stele_finding of_a_rule = {.severity = STELE_SEVERITY_WARNING,
                                        .file = STELE_STR_INIT("/a/b c.proto"),
                                        .line = 1,
                                        .column = 8,
                                        .end_column = 9,
                                        .text = STELE_STR_INIT("Twice."),
                                        .rule = STELE_STR_INIT("NO_TWO"),
                                        .hint = STELE_STR_INIT("One goes."),
                                        .source_line = STELE_STR_INIT("\tx"),
                                        .notes = places,
                                        .note_count = 2};
static const stele_finding whole_file = {.severity = STELE_SEVERITY_WARNING,
                                         .file = STELE_STR_INIT("c.proto"),
                                         .line = -1,
                                         .column = -1,
                                         .end_column = -1,
                                         .text = STELE_STR_INIT("Odd.")};

static stele_str print(stele_test *t, const stele_report *report, stele_report_form form) {
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  stele_report_print(report, form, &out);
  return stele_buf_str(&out);
}

static stele_str print_one(stele_test *t, const stele_finding *finding, stele_report_form form) {
  stele_report *report = stele_report_new(t->arena, 0);
  stele_report_add(report, finding);
  return print(t, report, form);
}

static void test_forms(stele_test *t) {
  static const struct {
    const char *label;
    const stele_finding *finding;
    stele_report_form form;
    const char *want;
  } rows[] = {
      {"protoc", &with_all, STELE_REPORT_PROTOC, "a/b.proto:3:5: No \"such\" thing.\n"},
      {"protoc, whole file", &whole_file, STELE_REPORT_PROTOC, "c.proto: warning: Odd.\n"},
      {"pretty", &with_all, STELE_REPORT_PRETTY,
       "a/b.proto:3:5: No \"such\" thing.\n"
       "     3 |     this = that;\n"
       "       |     ^~~~\n"
       "       = hint: Try another.\n"},
      {"pretty, whole file", &whole_file, STELE_REPORT_PRETTY, "c.proto: warning: Odd.\n"},
      {"colour", &with_all, STELE_REPORT_COLOUR,
       "\x1b[1ma/b.proto:3:5:\x1b[0m \x1b[1;31mNo \"such\" thing.\x1b[0m\n"
       "\x1b[36m     3 |\x1b[0m     this = that;\n"
       "\x1b[36m       |\x1b[0m \x1b[1;31m    ^~~~\x1b[0m\n"
       "       \x1b[36m=\x1b[0m hint: Try another.\n"},
      {"JSON", &with_all, STELE_REPORT_JSON,
       "{\"severity\":\"error\",\"file\":\"a/b.proto\",\"line\":3,\"column\":5,\"end_column\":9,"
       "\"text\":\"No \\\"such\\\" thing.\",\"hint\":\"Try another.\"}\n"},
      {"JSON, whole file", &whole_file, STELE_REPORT_JSON,
       "{\"severity\":\"warning\",\"file\":\"c.proto\",\"text\":\"Odd.\"}\n"},
      {"GitHub", &with_all, STELE_REPORT_GITHUB,
       "::error file=a/b.proto,line=3,col=5,endColumn=9::No \"such\" thing.%0ATry another.\n"},
      {"pretty, with notes and a rule", &of_a_rule, STELE_REPORT_PRETTY,
       "/a/b c.proto:2:9: warning: Twice. (NO_TWO)\n"
       "     2 | \tx\n"
       "       | \t^\n"
       "       = note: a/b.proto:1:4: here\n"
       "       = note: d e.proto: there\n"
       "       = hint: One goes.\n"},
      {"JSON, with notes and a rule", &of_a_rule, STELE_REPORT_JSON,
       "{\"severity\":\"warning\",\"file\":\"/a/b c.proto\",\"line\":2,\"column\":9,"
       "\"end_column\":10,\"rule\":\"NO_TWO\",\"text\":\"Twice.\",\"notes\":["
       "{\"file\":\"a/b.proto\",\"line\":1,\"column\":4,\"text\":\"here\"},"
       "{\"file\":\"d e.proto\",\"text\":\"there\"}],\"hint\":\"One goes.\"}\n"},
      {"GitHub, with notes and a rule", &of_a_rule, STELE_REPORT_GITHUB,
       "::warning file=/a/b c.proto,line=2,col=9,endColumn=10,title=NO_TWO::Twice."
       "%0Aa/b.proto:1:4: here%0Ad e.proto: there%0AOne goes.\n"},
      {"protoc, with notes and a rule", &of_a_rule, STELE_REPORT_PROTOC,
       "/a/b c.proto:2:9: warning: Twice.\n"},
#define SARIF(rule, result)                                                                        \
  "{\"$schema\":\"https://json.schemastore.org/"                                                   \
  "sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{"                                           \
  "\"tool\":{\"driver\":{\"name\":\"stele\",\"version\":\"" STELE_VERSION                          \
  "\",\"rules\":[{\"id\":\"" rule                                                                  \
  "\"}]}},\"columnKind\":\"unicodeCodePoints\",\"results\":[{\"ruleId\":\"" rule                   \
  "\",\"ruleIndex\":0," result "}]}]}\n"
      {"SARIF", &with_all, STELE_REPORT_SARIF,
       SARIF("compile",
             "\"level\":\"error\",\"message\":{\"text\":\"No \\\"such\\\" thing.\\nTry another.\"},"
             "\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"a/b.proto\"},"
             "\"region\":{\"startLine\":3,\"startColumn\":5,\"endColumn\":9}}}]")},
      {"SARIF, whole file", &whole_file, STELE_REPORT_SARIF,
       SARIF("compile", "\"level\":\"warning\",\"message\":{\"text\":\"Odd.\"},\"locations\":["
                        "{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"c.proto\"}}}]")},
      {"SARIF, with notes and a rule", &of_a_rule, STELE_REPORT_SARIF,
       SARIF(
           "NO_TWO",
           "\"level\":\"warning\",\"message\":{\"text\":\"Twice.\\nOne goes.\"},\"locations\":["
           "{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"file:///a/b%20c.proto\"},"
           "\"region\":{\"startLine\":2,\"startColumn\":2,\"endColumn\":3}}}],"
           "\"relatedLocations\":[{\"id\":1,\"physicalLocation\":{\"artifactLocation\":"
           "{\"uri\":\"a/b.proto\"},\"region\":{\"startLine\":1}},\"message\":{\"text\":\"here\"}},"
           "{\"id\":2,\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"d%20e.proto\"}},"
           "\"message\":{\"text\":\"there\"}}]")},
#undef SARIF
      {"GitHub, whole file", &whole_file, STELE_REPORT_GITHUB, "::warning file=c.proto::Odd.\n"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    t_eq_str(t, print_one(t, rows[i].finding, rows[i].form), stele_cstr(rows[i].want));
  }
}

/* The caret stands below its token whatever precedes it. */
static void test_carets(stele_test *t) {
  static const struct {
    const char *label;
    stele_str line;
    int32_t column, end_column;
    const char *shown, *caret;
  } rows[] = {
      {"first column", STELE_STR_INIT("ab"), 0, 2, "ab", "^~"},
      {"no end known", STELE_STR_INIT("ab cd"), 3, -1, "ab cd", "   ^"},
      {"tabs stay tabs", STELE_STR_INIT("\ta\tbc"), 16, 18, "\ta\tbc", "\t \t^~"},
      {"a character of two bytes is one wide", STELE_STR_INIT("\xc3\xa9 = x"), 5, 6, "\xc3\xa9 = x",
       "    ^"},
      {"a token of such characters", STELE_STR_INIT("\"\xc3\xa9\xc3\xa9\" x"), 0, 6,
       "\"\xc3\xa9\xc3\xa9\" x", "^~~~"},
      {"a byte order mark is not shown",
       STELE_STR_INIT("\xef\xbb\xbf"
                      "ab cd"),
       6, 8, "ab cd", "   ^~"},
      {"behind the end", STELE_STR_INIT("ab"), 2, 2, "ab", "  ^"},
      {"the underline ends with the line", STELE_STR_INIT("ab"), 1, 9, "ab", " ^"},
      {"control bytes are masked", STELE_STR_INIT("a\x1b[31m\x7f b"), 8, 9, "a?[31m? b",
       "        ^"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_finding finding = {.severity = STELE_SEVERITY_ERROR,
                             .file = STELE_STR("f"),
                             .line = 0,
                             .column = rows[i].column,
                             .end_column = rows[i].end_column,
                             .text = STELE_STR("T"),
                             .source_line = rows[i].line};
    t_eq_str(t, print_one(t, &finding, STELE_REPORT_PRETTY),
             stele_str_printf(t->arena, "f:1:%d: T\n     1 | %s\n       | %s\n", rows[i].column + 1,
                              rows[i].shown, rows[i].caret));
  }
}

static void test_hostile_texts(stele_test *t) {
  stele_finding finding = {.severity = STELE_SEVERITY_ERROR,
                           .file = STELE_STR("a,b:c%\n"),
                           .line = -1,
                           .end_column = -1,
                           .text = STELE_STR("x\x1b[2J\"\\\n\xff\xc3\xa9")};
  t_eq_str(t, print_one(t, &finding, STELE_REPORT_PRETTY),
           STELE_STR("a,b:c%?: x?[2J\"\\?\xff\xc3\xa9\n"));
  t_eq_str(t, print_one(t, &finding, STELE_REPORT_JSON),
           STELE_STR("{\"severity\":\"error\",\"file\":\"a,b:c%\\u000a\",\"text\":\"x\\u001b[2J\\\""
                     "\\\\\\u000a\xef\xbf\xbd\xc3\xa9\"}\n"));
  t_eq_str(t, print_one(t, &finding, STELE_REPORT_GITHUB),
           STELE_STR("::error file=a%2Cb%3Ac%25%0A::x%1B[2J\"\\%0A\xff\xc3\xa9\n"));
}

static void test_counts_and_limit(stele_test *t) {
  stele_report *report = stele_report_new(t->arena, 3);
  t_true(t, !stele_report_has_errors(report));
  stele_report_add(report, &whole_file);
  t_true(t, !stele_report_has_errors(report));
  for (int i = 0; i < 5; i++) stele_report_add(report, &with_all);
  size_t count;
  (void)stele_report_findings(report, &count);
  t_eq_int(t, count, 3);
  t_eq_int(t, stele_report_error_count(report), 5);
  t_true(t, stele_report_has_errors(report));
  stele_str text = print(t, report, STELE_REPORT_PRETTY);
  t_true(t, text.len > 11);
  t_eq_str(t, ((stele_str){text.ptr + text.len - 11, 11}), STELE_STR("and 3 more\n"));
}

static void test_texts_are_copied(stele_test *t) {
  char file[] = "x.proto", text[] = "words", line[] = "source";
  stele_report *report = stele_report_new(t->arena, 0);
  stele_report_add(report, &(stele_finding){.file = {file, 7},
                                            .text = {text, 5},
                                            .source_line = {line, 6},
                                            .line = 0,
                                            .end_column = -1});
  file[0] = text[0] = line[0] = '!';
  size_t count;
  const stele_finding *found = stele_report_findings(report, &count);
  t_eq_str(t, found[0].file, STELE_STR("x.proto"));
  t_eq_str(t, found[0].text, STELE_STR("words"));
  t_eq_str(t, found[0].source_line, STELE_STR("source"));
}

static void test_formatted_texts(stele_test *t) {
  stele_report *report = stele_report_new(t->arena, 0);
  char wide[700];
  memset(wide, 'w', sizeof wide - 1);
  wide[sizeof wide - 1] = 0;
  stele_report_at(report, STELE_SEVERITY_WARNING, STELE_STR("f"), (stele_place){1, 2}, "n is %d",
                  7);
  stele_report_at(report, STELE_SEVERITY_ERROR, STELE_STR("f"), (stele_place){-1, -1}, "<%s>",
                  wide);
  t_eq_str(t, print(t, report, STELE_REPORT_PROTOC),
           stele_str_printf(t->arena, "f:2:3: warning: n is 7\nf: <%s>\n", wide));
}

static void test_long_lines_are_not_shown(stele_test *t) {
  stele_finding finding = with_all;
  finding.source_line = (stele_str){STELE_NEW_ARRAY(t->arena, char, 5000), 5000};
  finding.hint = (stele_str){0};
  t_eq_str(t, print_one(t, &finding, STELE_REPORT_PRETTY),
           STELE_STR("a/b.proto:3:5: No \"such\" thing.\n"));
}

/* A document without findings is one all the same. */
static void test_empty_sarif(stele_test *t) {
  t_eq_str(t, print(t, stele_report_new(t->arena, 0), STELE_REPORT_SARIF),
           STELE_STR("{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\","
                     "\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"stele\","
                     "\"version\":\"" STELE_VERSION
                     "\",\"rules\":[]}},\"columnKind\":\"unicodeCodePoints\",\"results\":[]}]}\n"));
}

static void test_form_names(stele_test *t) {
  static const struct {
    const char *name;
    bool found;
    stele_report_form form;
  } rows[] = {
      {"protoc", true, STELE_REPORT_PROTOC}, {"pretty", true, STELE_REPORT_PRETTY},
      {"json", true, STELE_REPORT_JSON},     {"github", true, STELE_REPORT_GITHUB},
      {"sarif", true, STELE_REPORT_SARIF},   {"colour", false, STELE_REPORT_PROTOC},
      {"", false, STELE_REPORT_PROTOC},      {"JSON", false, STELE_REPORT_PROTOC},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_report_form form = STELE_REPORT_PROTOC;
    t_case(t, rows[i].name);
    t_eq_int(t, stele_report_form_find(stele_cstr(rows[i].name), &form), rows[i].found);
    t_eq_int(t, form, rows[i].form);
  }
}

/* More is said of what was added last, unless that was past the limit. */
static void test_more_is_said(stele_test *t) {
  stele_report *report = stele_report_new(t->arena, 1);
  stele_report_hint(report, "of nothing");
  stele_report_at(report, STELE_SEVERITY_ERROR, STELE_STR("f"), (stele_place){0, 0}, "first");
  stele_report_note(report, STELE_STR("g"), (stele_place){1, 2}, "see %d", 1);
  stele_report_note(report, STELE_STR("f"), (stele_place){-1, -1}, "see %d", 2);
  stele_report_hint(report, "do %s", "so");
  stele_report_at(report, STELE_SEVERITY_ERROR, STELE_STR("f"), (stele_place){0, 0}, "second");
  stele_report_note(report, STELE_STR("h"), (stele_place){0, 0}, "lost");
  stele_report_hint(report, "lost");
  t_eq_str(t, print(t, report, STELE_REPORT_PRETTY),
           STELE_STR("f:1:1: first\n"
                     "       = note: g:2:3: see 1\n"
                     "       = note: f: see 2\n"
                     "       = hint: do so\n"
                     "and 1 more\n"));
}

static void test_sorting(stele_test *t) {
  static const struct {
    const char *file, *text;
    int32_t line, column;
  } in[] = {
      {"b", "8", 0, 0},   {"a", "5", 2, 1}, {"a", "3", 1, 9}, {"ab", "7", 0, 0}, {"a", "6", 10, 0},
      {"a", "1", -1, -1}, {"a", "4", 2, 0}, {"a", "2", 1, 3}, {"b", "9", 0, 0},
  };
  stele_report *report = stele_report_new(t->arena, 0);
  for (size_t i = 0; i < STELE_COUNT(in); i++) {
    stele_report_at(report, STELE_SEVERITY_ERROR, stele_cstr(in[i].file),
                    (stele_place){in[i].line, in[i].column}, "%s", in[i].text);
  }
  stele_report_sort(report);
  size_t count;
  const stele_finding *found = stele_report_findings(report, &count);
  t_eq_int(t, count, STELE_COUNT(in));
  for (size_t i = 0; i < count; i++) t_eq_int(t, found[i].text.ptr[0], '1' + (int)i);
  stele_report_at(report, STELE_SEVERITY_ERROR, STELE_STR("a"), (stele_place){0, 0}, "later");
  (void)stele_report_findings(report, &count);
  t_eq_int(t, count, STELE_COUNT(in) + 1);
}

static void test_source_lines(stele_test *t) {
  stele_source source = {STELE_STR("f"), STELE_STR("ab\r\n\n\tcd")};
  static const struct {
    int32_t line;
    const char *want;
  } rows[] = {{0, "ab"}, {1, ""}, {2, "\tcd"}, {3, ""}, {99, ""}};
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case_n(t, "line", i);
    t_eq_str(t, stele_source_line(&source, rows[i].line), stele_cstr(rows[i].want));
  }
  stele_place place = stele_source_place(&source, 6);
  t_eq_int(t, place.line, 2);
  t_eq_int(t, place.column, 8);
  place = stele_source_place(&source, 999);
  t_eq_int(t, place.column, 10);
}

TEST_MAIN(test_forms, test_carets, test_hostile_texts, test_counts_and_limit, test_texts_are_copied,
          test_formatted_texts, test_empty_sarif, test_form_names, test_more_is_said,
          test_long_lines_are_not_shown, test_sorting, test_source_lines)
