/* Configuration files: what each version may say, what comes out, and where a
 * mistake is. */
#include "config/config.h"

#include "base/buf.h"
#include "harness/test.h"

static void show_strs(stele_buf *out, const char *name, const config_strs *strs) {
  if (!strs->count) return;
  stele_buf_printf(out, " %s=", name);
  for (size_t i = 0; i < strs->count; i++) {
    if (i) stele_buf_add_byte(out, ',');
    stele_buf_add_str(out, strs->at[i]);
  }
}

static void show_rules(stele_buf *out, const char *name, const config_rules *rules) {
  stele_buf_printf(out, " %s{", name);
  show_strs(out, "use", &rules->use);
  show_strs(out, "except", &rules->except);
  show_strs(out, "ignore", &rules->ignore);
  for (size_t i = 0; i < rules->ignore_only.count; i++) {
    stele_buf_printf(out, " only:" STELE_STR_FMT, STELE_STR_ARG(rules->ignore_only.at[i].id));
    show_strs(out, "", &rules->ignore_only.at[i].paths);
  }
  for (size_t i = 0; i < rules->excuses.count; i++) {
    const config_excuse *excuse = &rules->excuses.at[i];
    stele_buf_printf(out, " excuse:" STELE_STR_FMT "=" STELE_STR_FMT "(" STELE_STR_FMT ")@%u",
                     STELE_STR_ARG(excuse->id), STELE_STR_ARG(excuse->path),
                     STELE_STR_ARG(excuse->reason), excuse->line);
    show_strs(out, "symbols", &excuse->symbols);
  }
  const struct {
    bool on;
    const char *name;
  } flags[] = {
      {rules->rpc_allow_same_request_response, "same"},
      {rules->rpc_allow_google_protobuf_empty_requests, "empty_requests"},
      {rules->rpc_allow_google_protobuf_empty_responses, "empty_responses"},
      {rules->allow_comment_ignores, "comments"},
      {rules->ignore_unstable_packages, "unstable"},
      {rules->disable_builtin, "no_builtin"},
  };
  for (size_t i = 0; i < STELE_COUNT(flags); i++) {
    if (flags[i].on) stele_buf_printf(out, " %s", flags[i].name);
  }
  if (rules->service_suffix.len) {
    stele_buf_printf(out, " suffix=" STELE_STR_FMT, STELE_STR_ARG(rules->service_suffix));
  }
  stele_buf_add_cstr(out, "}");
}

static stele_str show(stele_arena *arena, const config_file *file) {
  stele_buf out;
  stele_buf_init(&out, arena, 0);
  for (size_t i = 0; i < file->modules.count; i++) {
    const config_module *module = &file->modules.at[i];
    stele_buf_printf(&out, "%s" STELE_STR_FMT, i ? " | " : "", STELE_STR_ARG(module->path));
    show_strs(&out, "roots", &module->roots);
    show_strs(&out, "includes", &module->includes);
    show_strs(&out, "excludes", &module->excludes);
    show_rules(&out, "lint", &module->lint);
    show_rules(&out, "breaking", &module->breaking);
  }
  show_strs(&out, "deps", &file->deps);
  show_strs(&out, "plugins", &file->plugins);
  show_strs(&out, "policies", &file->policies);
  return stele_buf_str(&out);
}

typedef struct row {
  const char *label, *text, *want; /* want: what comes out, or the message */
} row;

static void check_rows(stele_test *t, config_kind kind, const char *name, const row *rows,
                       size_t count) {
  for (size_t i = 0; i < count; i++) {
    stele_err err = {0};
    t_case(t, rows[i].label);
    const config_file *file =
        config_parse(t->arena, stele_cstr(name), stele_cstr(rows[i].text), kind, &err);
    if (!file) t_eq_int(t, err.code, STELE_INVALID);
    t_eq_str(t, file ? show(t->arena, file) : stele_cstr(err.msg), stele_cstr(rows[i].want));
  }
}

static void test_old_versions(stele_test *t) {
  static const row rows[] = {
      {"v1, nothing said", "version: v1\n", ". lint{} breaking{}"},
      {"v1, rules",
       "version: v1\nlint:\n  use: [BASIC, SERVICE_SUFFIX]\n  except: [X]\n"
       "  ignore: [./a//b/, c]\n  ignore_only:\n    R: [d]\n  allow_comment_ignores: true\n"
       "  service_suffix: API\nbreaking:\n  use: [WIRE]\n  ignore_unstable_packages: yes\n",
       ". lint{ use=BASIC,SERVICE_SUFFIX except=X ignore=a/b,c only:R =d comments suffix=API}"
       " breaking{ use=WIRE unstable}"},
      {"v1beta1 has roots",
       "version: v1beta1\nbuild:\n  roots: [proto, vendor]\n"
       "  excludes: [vendor/b]\n",
       ". roots=proto,vendor excludes=vendor/b lint{} breaking{}"},
      {"v1 has none", "version: v1\nbuild:\n  roots: [proto]\n",
       "buf.yaml:3:3: build.roots cannot be set on version v1"},
      {"deps", "version: v1\nname: r.io/o/n\ndeps: [r.io/a/b, 'r.io/a/c:main']\n",
       ". lint{} breaking{} deps=r.io/a/b,r.io/a/c:main"},
      {"a bad dep", "version: v1\ndeps: [foo]\n",
       "buf.yaml:2:1: invalid dep: could not parse reference \"foo\": must be in the form "
       "registry/owner/name[:ref]"},
      {"a dep twice", "version: v1\ndeps: [r.io/a/b, 'r.io/a/b:x']\n",
       "buf.yaml:2:1: duplicate dep \"r.io/a/b\""},
      {"nested roots", "version: v1beta1\nbuild:\n  roots: [a, a/b]\n",
       "buf.yaml:3:3: root \"a/b\" is within root \"a\" which is not allowed"},
      {"an exclude twice", "version: v1\nbuild:\n  excludes: [a, ./a]\n",
       "buf.yaml:3:3: duplicate path in excludes"},
      {"an empty exclude", "version: v1\nbuild:\n  excludes: ['']\n",
       "buf.yaml:3:3: excludes contained an empty path"},
      {"all excluded", "version: v1\nbuild:\n  excludes: [.]\n",
       "buf.yaml:3:3: \".\" is both a root and exclude, which means the entire root is excluded, "
       "which is not valid"},
      {"a file excluded", "version: v1\nbuild:\n  excludes: [a.proto]\n",
       "buf.yaml:3:3: excludes can only be directories but file \"a.proto\" discovered"},
      {"a key of v2", "version: v1\nlint:\n  disallow_comment_ignores: true\n",
       "buf.yaml:3:3: field disallow_comment_ignores not found"},
      {"modules of v2", "version: v1\nmodules: []\n", "buf.yaml:2:1: field modules not found"},
  };
  check_rows(t, CONFIG_KIND_BUF, "buf.yaml", rows, STELE_COUNT(rows));
}

static void test_v2(stele_test *t) {
  static const row rows[] = {
      {"nothing said", "version: v2\n", ". lint{ comments} breaking{}"},
      {"comments off", "version: v2\nlint:\n  disallow_comment_ignores: true\n",
       ". lint{} breaking{}"},
      {"what stands at the top goes to each module, its paths cut to it",
       "version: v2\nmodules:\n  - path: a\n  - path: b\nlint:\n  ignore: [a/x, b]\n"
       "  ignore_only:\n    R: [a/y, c]\n",
       "a lint{ ignore=x only:R =y comments} breaking{} | b lint{ ignore=. comments} breaking{}"},
      {"a folder above a module means nothing to it",
       "version: v2\nmodules:\n  - path: a/b\nlint:\n  ignore: [a]\n"
       "  ignore_only:\n    R: [a, a/b/c]\n",
       "buf.yaml:6:3: ignore_only path \"a/b/c\" is within ignore_only path \"a\" which is not "
       "allowed"},
      {"alone neither",
       "version: v2\nmodules:\n  - path: a/b\nlint:\n  ignore: [a]\n  ignore_only:\n    R: [a]\n",
       "a/b lint{ comments} breaking{}"},
      {"a module that is ignored does not care for the rest",
       "version: v2\nmodules:\n  - path: a\n    lint:\n      ignore: [a, a/b, a/b/c]\n",
       "a lint{ ignore=. comments} breaking{}"},
      {"a section that says nothing is none",
       "version: v2\nmodules:\n  - path: a\n    lint:\n      use: []\n      ignore_only: {}\n"
       "      disallow_comment_ignores: false\n  - path: b\n    lint:\n"
       "      disallow_comment_ignores: true\nlint:\n  use: [BASIC]\n",
       "a lint{ use=BASIC comments} breaking{} | b lint{} breaking{}"},
      {"nothing in a list is passed over", "version: v2\nlint:\n  use: [~, BASIC]\n",
       ". lint{ use=BASIC comments} breaking{}"},
      {"an empty path is the folder itself", "version: v2\nlint:\n  ignore: ['']\n",
       ". lint{ ignore=. comments} breaking{}"},
      {"a name twice",
       "version: v2\nmodules:\n  - path: a\n    name: r.io/a/b\n  - path: b\n    name: r.io/a/b\n",
       "buf.yaml:5:5: duplicate full names in input: \"r.io/a/b\""},
      {"an include twice", "version: v2\nmodules:\n  - path: p\n    includes: [p/a, p/a]\n",
       "buf.yaml:4:5: duplicate path in includes"},
      {"an empty exclude", "version: v2\nmodules:\n  - path: p\n    excludes: ['']\n",
       "buf.yaml:4:5: excludes contained an empty path"},
      {"a module's own goes before",
       "version: v2\nmodules:\n  - path: a\n    lint:\n"
       "      use: [MINIMAL]\n  - path: b\nlint:\n  use: [BASIC]\n",
       "a lint{ use=MINIMAL comments} breaking{} | b lint{ use=BASIC comments} breaking{}"},
      {"order of keys does not matter",
       "lint:\n  use: [BASIC]\nmodules:\n  - path: a\nversion: v2\n",
       "a lint{ use=BASIC comments} breaking{}"},
      {"includes and excludes",
       "version: v2\nmodules:\n  - path: p\n    includes: [p/a, p/b]\n"
       "    excludes: [p/a/x]\n",
       "p includes=a,b excludes=a/x lint{ comments} breaking{}"},
      {"an exclude outside the includes",
       "version: v2\nmodules:\n  - path: p\n"
       "    includes: [p/a]\n    excludes: [p/b]\n",
       "buf.yaml:3:5: include paths are specified but \"p/b\" is not contained within any of them"},
      {"a folder of another module", "version: v2\nmodules:\n  - path: p\n    excludes: [a]\n",
       "buf.yaml:3:5: exclude path \"a\" does not reside within module directory \"p\""},
      {"a file in includes", "version: v2\nmodules:\n  - path: p\n    includes: [p/a.proto]\n",
       "buf.yaml:3:5: includes can only be directories but file \"p/a.proto\" discovered"},
      {"a module's ignore outside of it",
       "version: v2\nmodules:\n  - path: p\n    lint:\n"
       "      ignore: [q]\n",
       "buf.yaml:5:7: lint.ignore: path \"q\" is not contained within module directory \"p\""},
      {"a module twice", "version: v2\nmodules:\n  - path: p\n  - path: ./p\n",
       "buf.yaml:4:5: multiple module configs found with the same description: path: \"p\""},
      {"a module outside", "version: v2\nmodules:\n  - path: ../x\n",
       "buf.yaml:3:5: invalid module path: ../x: is outside the context directory"},
      {"an absolute module", "version: v2\nmodules:\n  - path: /x\n",
       "buf.yaml:3:5: invalid module path: /x: expected to be relative"},
      {"a name beside modules", "version: v2\nname: r.io/a/b\nmodules:\n  - path: p\n",
       "buf.yaml:2:1: top-level name key cannot be specified if modules are specified, you must "
       "specify the name on each individual module"},
      {"a bad name", "version: v2\nname: foo\n",
       "buf.yaml:2:1: could not parse full name \"foo\": must be in the form registry/owner/name"},
      {"plugins and policies are seen",
       "version: v2\nplugins:\n  - plugin: a\n  - plugin: [b, -x]\n"
       "policies:\n  - policy: p.yaml\n",
       ". lint{ comments} breaking{} plugins=a,b policies=p.yaml"},
      {"a plugin without a name", "version: v2\nplugins:\n  - options: {}\n",
       "buf.yaml:3:5: must specify plugin"},
      {"builtin off", "version: v2\nlint:\n  disable_builtin: true\n",
       ". lint{ comments no_builtin} breaking{}"},
  };
  check_rows(t, CONFIG_KIND_BUF, "buf.yaml", rows, STELE_COUNT(rows));
}

static void test_mistakes(stele_test *t) {
  static const row rows[] = {
      {"empty", "", "buf.yaml:1:1: \"version\" is not set. Please add \"version: v2\""},
      {"no version", "lint: {}\n",
       "buf.yaml:1:1: \"version\" is not set. Please add \"version: v2\""},
      {"a version of tomorrow", "version: v3\n", "buf.yaml:1:1: unknown file version: \"v3\""},
      {"a version of Stele's", "version: 1\n", "buf.yaml:1:1: unknown file version: \"1\""},
      {"an unknown key", "version: v2\nfoo: 1\n", "buf.yaml:2:1: field foo not found"},
      {"not a mapping", "- a\n", "buf.yaml:1:1: expected a mapping"},
      {"a text for a list", "version: v2\nlint:\n  use: BASIC\n",
       "buf.yaml:3:3: expected a list of texts, not string"},
      {"a number for a switch", "version: v2\nlint:\n  disable_builtin: 1\n",
       "buf.yaml:3:3: expected true or false, not number"},
      {"a list for a text", "version: v2\nlint:\n  service_suffix: []\n",
       "buf.yaml:3:3: expected a text, not array"},
      {"a list in a list", "version: v2\nlint:\n  use: [[]]\n",
       "buf.yaml:3:9: expected a text, not array"},
      {"numbers are texts where texts are wanted", "version: v2\nlint:\n  use: [1, true]\n",
       ". lint{ use=1,true comments} breaking{}"},
      {"outside", "version: v2\nlint:\n  ignore: [../a]\n",
       "buf.yaml:3:3: ignore: invalid path: ../a: is outside the context directory"},
      {"there and back", "version: v2\nlint:\n  ignore: [a/../b]\n",
       ". lint{ ignore=b comments} breaking{}"},
      {"absolute", "version: v2\nlint:\n  ignore: [/a]\n",
       "buf.yaml:3:3: ignore: invalid path: /a: expected to be relative"},
      {"one ignore in another", "version: v2\nlint:\n  ignore: [a, a/b]\n",
       "buf.yaml:3:3: ignore \"a/b\" is within ignore \"a\" which is not allowed"},
      {"ignore_only is a mapping", "version: v2\nlint:\n  ignore_only: [a]\n",
       "buf.yaml:3:3: expected a mapping of rules to paths"},
      {"rows are stele.yaml's", "version: v2\nlint:\n  ignore_only:\n    R:\n      - file: a\n",
       "buf.yaml:5:9: expected a text, not object"},
      {"not YAML", "version: v2\nlint: [\n",
       "buf.yaml: line 3, column 1: did not find expected node content"},
  };
  check_rows(t, CONFIG_KIND_BUF, "buf.yaml", rows, STELE_COUNT(rows));
}

static void test_stele_yaml(stele_test *t) {
  static const row rows[] = {
      {"its own version",
       "version: 1\ncompatibility: BACKWARD\nlint:\n  use: [STANDARD, PLATFORM]\n"
       "  ignore_only:\n    R:\n      - file: a.proto\n        symbols: [p.M]\n        reason: "
       "old\n"
       "    S: [b]\n",
       ". lint{ use=STANDARD,PLATFORM only:S =b excuse:R=a.proto(old)@7 symbols=p.M comments}"
       " breaking{}"},
      {"a row without a reason", "version: 1\nlint:\n  ignore_only:\n    R:\n      - file: a\n",
       "stele.yaml:5:9: a row of ignore_only says its reason"},
      {"a row without a file", "version: 1\nlint:\n  ignore_only:\n    R:\n      - reason: a\n",
       "stele.yaml:5:9: a row of ignore_only names its file"},
      {"a renamed buf.yaml", "version: v1\nlint:\n  allow_comment_ignores: true\n",
       ". lint{ comments} breaking{}"},
      {"no version", "lint: {}\n",
       "stele.yaml:1:1: \"version\" is not set. Please add \"version: 1\""},
  };
  check_rows(t, CONFIG_KIND_STELE, "stele.yaml", rows, STELE_COUNT(rows));
}

static void test_work(stele_test *t) {
  static const row rows[] = {
      {"folders", "version: v1\ndirectories: [a, ./b/]\n",
       "a lint{} breaking{} | b lint{} breaking{}"},
      {"none", "version: v1\n", "buf.work.yaml:1:1: directories is empty"},
      {"v2", "version: v2\ndirectories: [a]\n", "buf.work.yaml:1:1: unknown file version: \"v2\""},
      {"nested", "version: v1\ndirectories: [a, a/b]\n",
       "buf.work.yaml:2:1: directory \"a\" contains directory \"a/b\""},
      {"itself", "version: v1\ndirectories: [.]\n",
       "buf.work.yaml:2:1: directory \".\" is listed, it is not valid to have \".\" as a workspace "
       "directory"},
      {"twice", "version: v1\ndirectories: [a, a]\n",
       "buf.work.yaml:2:1: a directory is listed more than once"},
      {"another key", "version: v1\nlint: {}\n", "buf.work.yaml:2:1: field lint not found"},
  };
  check_rows(t, CONFIG_KIND_WORK, "buf.work.yaml", rows, STELE_COUNT(rows));
}

static void test_paths(stele_test *t) {
  static const struct {
    const char *label, *in, *want, *fault;
  } rows[] = {
      {"as it is", "a/b", "a/b", NULL},
      {"dots and slashes", "./a//b/.", "a/b", NULL},
      {"up and down", "a/../b", "b", NULL},
      {"nothing", "", ".", NULL},
      {"here", ".", ".", NULL},
      {"up", "..", NULL, "is outside the context directory"},
      {"up later", "a/../../b", NULL, "is outside the context directory"},
      {"absolute", "/a", NULL, "expected to be relative"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_str out;
    t_case(t, rows[i].label);
    const char *fault = config_path(t->arena, stele_cstr(rows[i].in), &out);
    t_eq_str(t, stele_cstr(fault), stele_cstr(rows[i].fault));
    if (!fault) t_eq_str(t, out, stele_cstr(rows[i].want));
  }
}

static bool parse_all(stele_arena *arena, stele_err *err) {
  static const char text[] =
      "version: 1\nmodules:\n  - path: a\n    lint: {ignore_only: {R: [{file: a/b, reason: r}]}}\n"
      "deps: [r/a/b]\nplugins: [{plugin: p}]\nbreaking: {ignore: [a/c]}\n";
  return config_parse(arena, STELE_STR("stele.yaml"), stele_cstr(text), CONFIG_KIND_STELE, err) !=
         NULL;
}

static void test_no_memory(stele_test *t) {
  t_each_failure(t, parse_all);
}

TEST_MAIN(test_old_versions, test_v2, test_mistakes, test_stele_yaml, test_work, test_paths,
          test_no_memory)
