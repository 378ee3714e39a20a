/* Accept and Content-Type. */
#include "server/media.h"

#include "auth/principal.h"
#include "harness/test.h"

#define V1 "application/vnd.schemaregistry.v1+json"
#define V "application/vnd.schemaregistry+json"
#define J "application/json"

static void test_accept(stele_test *t) {
  static const struct {
    const char *label, *accept, *want; /* NULL: 406 */
  } rows[] = {
      {"nothing said", "", V1},
      {"anything", "*/*", V1},
      {"anything, with blanks", "  */*  ", V1},
      {"plain JSON", J, J},
      {"in another case", "Application/JSON", J},
      {"with a parameter", J "; charset=utf-8", J},
      {"the second", V, V},
      {"Confluent's Java client", V1 ", " V ", " J, V1},
      {"Confluent's order does not matter", J ", " V ", " V1, V1},
      {"how welcome does", V1 ";q=0.5, " J ";q=0.9", J},
      {"spaces around q", V1 " ; q = 0.5 , " J " ; q = 0.9", J},
      {"application", "application/*", V1},
      {"a browser", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", V1},
      {"the closest range counts", "*/*, " V1 ";q=0", V},
      {"none but JSON", "*/*;q=0, " J, J},
      {"refused by name", V1 ";q=0", NULL},
      {"something else", "text/html", NULL},
      {"everything refused", "*/*;q=0", NULL},
      {"a word", "json", NULL},
      {"empty parts", ",, ," J ",", J},
      {"an odd q counts as 1", J ";q=much", J},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    t_eq_str(t, stele_cstr(media_choose_json(stele_cstr(rows[i].accept))),
             stele_cstr(rows[i].want));
  }
}

static void test_content_type(stele_test *t) {
  static const struct {
    const char *label, *type, *further;
    bool want;
  } rows[] = {
      {"nothing said", "", NULL, true},
      {"the first", V1, NULL, true},
      {"the second", V, NULL, true},
      {"plain JSON", J, NULL, true},
      {"with a parameter", J ";charset=utf-8", NULL, true},
      {"in another case", "APPLICATION/JSON", NULL, true},
      {"what clients send that say nothing", "application/octet-stream", NULL, true},
      {"curl's form", "application/x-www-form-urlencoded", NULL, false},
      {"text", "text/plain", NULL, false},
      {"a tar where none is taken", "application/x-tar", NULL, false},
      {"a tar where one is", "application/x-tar", "application/gzip application/x-tar", true},
      {"but no other", "application/zstd", "application/gzip application/x-tar", false},
      {"no prefix of one", "application/x-ta", "application/x-tar", false},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    t_eq_int(t, media_is_taken(stele_cstr(rows[i].type), rows[i].further), rows[i].want);
  }
  t_true(t, media_is(STELE_STR("text/html; charset=utf-8"), "text/html"));
  t_true(t, !media_is(STELE_STR("text/htm"), "text/html"));
}

static void test_roles(stele_test *t) {
  static const struct {
    stele_role held;
    const char *allowed; /* the letters of public, reader, ci, admin, superadmin */
  } rows[] = {
      {STELE_ROLE_UNSET, "p"}, {STELE_ROLE_PUBLIC, "p"},  {STELE_ROLE_READER, "pr"},
      {STELE_ROLE_CI, "prc"},  {STELE_ROLE_ADMIN, "pra"}, {STELE_ROLE_SUPERADMIN, "pras"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_principal who = {.roles = 1u << rows[i].held};
    char allowed[8] = "";
    size_t len = 0;
    for (unsigned role = 0; role < STELE_ROLE_COUNT; role++) {
      if (auth_allows(&who, (stele_role)role)) allowed[len++] = auth_role_text((stele_role)role)[0];
    }
    t_case(t, auth_role_text(rows[i].held));
    t_eq_str(t, ((stele_str){allowed, len}), stele_cstr(rows[i].allowed));
  }
  t_true(t, auth_allows(&auth_anonymous, STELE_ROLE_CI));
  t_true(t, auth_allows(&auth_anonymous, STELE_ROLE_SUPERADMIN));
  t_true(t, !auth_allows(NULL, STELE_ROLE_READER));
}

TEST_MAIN(test_accept, test_content_type, test_roles)
