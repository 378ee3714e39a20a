/* The guid's recipe against vectors that were computed apart from it (the
 * first three with Confluent's registry's rule), and its two spellings. */
#include "proto/identity/guid.h"

#include "harness/test.h"

#define TEXT                                                                                       \
  "syntax = \"proto3\";\npackage com.example;\n\nmessage Message1 {\n  string f1 = 1;\n"           \
  "  string f2 = 2;\n}\n"

static stele_str guid_text(stele_test *t, const stele_guid_in *in) {
  stele_err err = {0};
  stele_md5 guid;
  char text[STELE_GUID_TEXT];
  t_ok(t, stele_guid_of(t->arena, in, &guid, &err), &err);
  stele_guid_print(&guid, text);
  return stele_str_copy(t->arena, stele_cstr(text));
}

static void test_vectors(stele_test *t) {
  static const stele_guid_reference one = {STELE_STR_INIT("ref.proto"), STELE_STR_INIT("reference"),
                                           1};
  static const struct {
    const char *label;
    size_t references;
    const char *metadata, *rule_set, *want;
  } rows[] = {
      {"text alone", 0, "", "", "f4c85dbe-fd91-37ff-842c-bd66ab38c3d2"},
      {"a reference", 1, "", "", "3df0ff64-73c9-cf62-f04d-893802d5dd97"},
      {"a property", 0, "{\"properties\":{\"confluent:version\":\"2\"}}", "",
       "66430142-cdf0-0cb0-96bc-5f622a38b9cc"},
      {"metadata is sorted, sets hold each once", 0,
       "{\"sensitive\":[\"t\",\"s\"],\"properties\":{\"k\":\"v\"},"
       "\"tags\":{\"b\":[\"z\"],\"a\":[\"y\",\"x\",\"y\"]}}",
       "", "22a874fb-6114-a90a-85d5-2b760b119517"},
      {"metadata that is there but empty", 0, "{}", "", "5a3de9af-6404-0db7-de05-548cb2bd732f"},
      {"null is not there", 0, "null", "null", "f4c85dbe-fd91-37ff-842c-bd66ab38c3d2"},
      {"an empty rule set counts as empty metadata does", 0, "", "{}",
       "5a3de9af-6404-0db7-de05-548cb2bd732f"},
      {"rules", 0, "",
       "{\"enableAt\":\"CLIENT\",\"domainRules\":[{\"disabled\":true,\"onFailure\":\"ERR\","
       "\"onSuccess\":\"ok\",\"expr\":\"expr\",\"params\":{\"p2\":\"v2\",\"p1\":\"v1\"},"
       "\"tags\":[\"t2\",\"t1\"],\"type\":\"CEL\",\"mode\":\"WRITE\",\"kind\":\"CONDITION\","
       "\"doc\":\"d\",\"name\":\"n\"}],"
       "\"migrationRules\":[{\"name\":\"m\",\"doc\":null,\"mode\":\"UP\",\"disabled\":false}]}",
       "07c74c44-cc64-da4b-1396-ac52bcc5670d"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_guid_in in = {.text = STELE_STR(TEXT),
                        .references = &one,
                        .reference_count = rows[i].references,
                        .metadata = stele_cstr(rows[i].metadata),
                        .rule_set = stele_cstr(rows[i].rule_set)};
    t_eq_str(t, guid_text(t, &in), stele_cstr(rows[i].want));
  }
}

static void test_not_an_object(stele_test *t) {
  static const char *const rows[] = {"[]", "1", "{", "{\"a\":1,}"};
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i]);
    stele_err err = {0};
    stele_md5 guid;
    stele_guid_in in = {.metadata = stele_cstr(rows[i])};
    t_true(t, !stele_guid_of(t->arena, &in, &guid, &err));
    t_eq_int(t, err.code, STELE_INVALID);
  }
}

static void test_parse(stele_test *t) {
  static const struct {
    const char *label, *text;
    bool ok;
  } rows[] = {
      {"as printed", "f4c85dbe-fd91-37ff-842c-bd66ab38c3d2", true},
      {"in capitals", "F4C85DBE-FD91-37FF-842C-BD66AB38C3D2", true},
      {"too short", "f4c85dbe-fd91-37ff-842c-bd66ab38c3d", false},
      {"too long", "f4c85dbe-fd91-37ff-842c-bd66ab38c3d20", false},
      {"a hyphen in the wrong place", "f4c85db-efd91-37ff-842c-bd66ab38c3d2", false},
      {"no hexadecimal digit", "g4c85dbe-fd91-37ff-842c-bd66ab38c3d2", false},
      {"no hyphens", "f4c85dbefd9137ff842cbd66ab38c3d2abcd", false},
      {"empty", "", false},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_md5 guid;
    t_true(t, stele_guid_parse(stele_cstr(rows[i].text), &guid) == rows[i].ok);
    if (!rows[i].ok) continue;
    char text[STELE_GUID_TEXT];
    stele_guid_print(&guid, text);
    t_eq_str(t, stele_cstr(text), STELE_STR("f4c85dbe-fd91-37ff-842c-bd66ab38c3d2"));
  }
}

static bool one_guid(stele_arena *arena, stele_err *err) {
  stele_guid_in in = {.text = STELE_STR(TEXT),
                      .metadata = STELE_STR("{\"tags\":{\"b\":[\"z\"],\"a\":[\"y\",\"x\"]}}")};
  stele_md5 guid;
  return stele_guid_of(arena, &in, &guid, err);
}

static void test_out_of_memory(stele_test *t) {
  t_each_failure(t, one_guid);
}

TEST_MAIN(test_vectors, test_not_an_object, test_parse, test_out_of_memory)
