/* The pages that are made from the route table. */
#include "server/docs_page.h"

#include "fmt/json.h"
#include "harness/test.h"
#include "server/builtin.h"
#include "server/openapi.h"
#include "server/route_param.h"

static bool nothing(stele_call *call, stele_err *err) {
  (void)call, (void)err;
  return true;
}

static const api_route routes[] = {
    {"GET", "/subjects/{subject}/versions/{version}", STELE_ROLE_READER, nothing, .tag = "Subjects",
     .summary = "One <version> of a subject.", .query = "deleted format",
     .path = "/subjects/trading%2Forders.proto/versions/latest?a=b&format=serialized",
     .answer = "{\"id\":1}"},
    {"POST", "/subjects/{subject}/versions", STELE_ROLE_ADMIN, nothing, .tag = "Subjects",
     .summary = "Register.", .query = "normalize", .path = "/subjects/a/versions",
     .body = "{\"schema\":\"\\\"</textarea>\"}", .answer = "{\"id\":1}"},
    {"GET", "/schemas/ids/{id:int}", STELE_ROLE_READER, nothing, .tag = "Schemas",
     .summary = "By id.", .path = "/schemas/ids/1", .answer = "{}"},
    {"DELETE", "/schemas/ids/{id:int}", STELE_ROLE_SUPERADMIN, nothing, .tag = "Schemas",
     .summary = "Delete.", .path = "/schemas/ids/1", .answer = "", .takes = "application/x-tar"},
};

static const router *make(stele_test *t) {
  router *r = router_new(t->arena);
  stele_err err = {0};
  router_add(r, routes, STELE_COUNT(routes));
  router_add(r, builtin_routes, builtin_route_count);
  t_ok(t, router_freeze(r, &err), &err);
  return r;
}

static stele_str text_at(const stele_json *tree, const char *path[]) {
  for (; tree && *path; path++) tree = stele_json_find(tree, stele_cstr(*path));
  return tree ? tree->text : STELE_STR("(absent)");
}

#define AT(...) ((const char *[]){__VA_ARGS__, NULL})

static void test_openapi(stele_test *t) {
  stele_buf out;
  stele_err err = {0};
  stele_buf_init(&out, t->arena, 0);
  openapi_print(t->arena, make(t), &out);
  const stele_json *tree = stele_json_parse(t->arena, stele_buf_str(&out), NULL, NULL, &err);
  t_ok(t, tree != NULL, &err); /* and no member stands twice: the parser refuses that */
  t_eq_str(t, text_at(tree, AT("openapi")), STELE_STR("3.1.0"));
  const stele_json *paths = stele_json_find(tree, STELE_STR("paths"));
  t_eq_int(t, paths->count, 3 + builtin_route_count);
  const char *version = "/subjects/{subject}/versions/{version}", *id = "/schemas/ids/{id}";
  t_eq_str(t, text_at(paths, AT(version, "get", "operationId")),
           STELE_STR("get_subjects_subject_versions_version"));
  t_eq_str(t, text_at(paths, AT(version, "get", "x-role")), STELE_STR("reader"));
  t_eq_str(t, text_at(paths, AT(id, "delete", "summary")), STELE_STR("Delete."));
  const stele_json *params = stele_json_find(
      stele_json_find(stele_json_find(paths, stele_cstr(version)), STELE_STR("get")),
      STELE_STR("parameters"));
  t_eq_int(t, params->count, 4);
  t_eq_str(t, text_at(stele_json_first(params), AT("example")), STELE_STR("trading/orders.proto"));
  t_eq_str(t, text_at(stele_json_first(params), AT("in")), STELE_STR("path"));
  t_true(t, stele_json_find(
                stele_json_find(stele_json_find(paths, stele_cstr(id)), STELE_STR("delete")),
                STELE_STR("responses")) != NULL);
}

static size_t count(stele_str text, const char *part) {
  size_t found = 0, len = strlen(part);
  for (size_t i = 0; i + len <= text.len; i++) found += memcmp(text.ptr + i, part, len) == 0;
  return found;
}

static void test_docs(stele_test *t) {
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  const router *r = make(t);
  docs_page_print(t->arena, r, &out);
  stele_str page = stele_buf_str(&out);
  t_eq_int(t, count(page, "<details class=route"), router_count(r));
  t_eq_int(t, count(page, "<form "), router_count(r));
  t_eq_int(t, count(page, "<h2 "), 3);
  t_eq_int(t, count(page, "One &lt;version&gt; of a subject."), 1);
  t_eq_int(t, count(page, "</textarea>"), 1); /* the example's own is escaped */
  t_eq_int(t, count(page, "value=\"trading/orders.proto\""), 1);
  t_eq_int(t, count(page, "<script"), 1);
  t_eq_int(t, count(page, "http://") + count(page, "https://") + count(page, "src="), 0);
  static const char *const pairs[] = {"details", "form",    "section", "pre",  "label", "select",
                                      "div",     "summary", "p",       "code", "var",   "span"};
  for (size_t i = 0; i < STELE_COUNT(pairs); i++) {
    t_case(t, pairs[i]);
    size_t opened = count(page, stele_str_printf(t->arena, "<%s>", pairs[i]).ptr) +
                    count(page, stele_str_printf(t->arena, "<%s ", pairs[i]).ptr);
    t_eq_int(t, opened, count(page, stele_str_printf(t->arena, "</%s>", pairs[i]).ptr));
  }
}

static void test_params(stele_test *t) {
  route_params params = route_params_of(t->arena, &routes[2]);
  t_eq_int(t, params.count, 1);
  t_eq_str(t, stele_cstr(params.at[0].type), STELE_STR("integer"));
  t_eq_str(t, params.at[0].example, STELE_STR("1"));
  params = route_params_of(t->arena, &routes[0]);
  t_eq_int(t, params.count, 4);
  t_eq_str(t, params.at[1].example, STELE_STR("latest"));
  t_eq_str(t, params.at[2].example, STELE_STR(""));
  t_eq_str(t, params.at[3].example, STELE_STR("serialized"));
  t_eq_str(t, route_path_text(t->arena, &routes[2]), STELE_STR("/schemas/ids/{id}"));
  t_eq_str(t, route_example_path(&builtin_routes[0]), STELE_STR("/health"));
}

TEST_MAIN(test_openapi, test_docs, test_params)
