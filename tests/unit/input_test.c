/* Inputs: how they are named, and which files a workspace has. */
#include "input/input.h"

#include "harness/test.h"
#include "input/ref.h"
#include "input/workspace.h"
#include "proto/report/report.h"

/* ---- names ---------------------------------------------------------------- */

static void test_refs(stele_test *t) {
  static const struct {
    const char *label, *text;
    input_format format;
    const char *path, *subdir;
    bool gzip, zstd;
  } rows[] = {
      {"a folder", "proto", INPUT_DIR, "proto", ".", false, false},
      {"here", ".", INPUT_DIR, ".", ".", false, false},
      {"a folder with a dot", "a.b/c", INPUT_DIR, "a.b/c", ".", false, false},
      {"a repository", ".git#tag=v1,subdir=./a/", INPUT_GIT, ".git", "a", false, false},
      {"a bare one", "x/y.git", INPUT_GIT, "x/y.git", ".", false, false},
      {"a folder that is a repository", ".#format=git,branch=b", INPUT_GIT, ".", ".", false, false},
      {"tar", "a.tar", INPUT_TAR, "a.tar", ".", false, false},
      {"tgz", "a.tgz", INPUT_TAR, "a.tgz", ".", true, false},
      {"tar.gz", "a.tar.gz#strip_components=2", INPUT_TAR, "a.tar.gz", ".", true, false},
      {"tar.zst", "a.tar.zst", INPUT_TAR, "a.tar.zst", ".", false, true},
      {"targz", "-#format=targz", INPUT_TAR, "-", ".", true, false},
      {"tar and gzip", "-#format=tar,compression=gzip", INPUT_TAR, "-", ".", true, false},
      {"zip", "a.zip#subdir=b", INPUT_ZIP, "a.zip", "b", false, false},
      {"an image", "a.binpb", INPUT_BINPB, "a.binpb", ".", false, false},
      {"an image, packed", "a.bin.gz", INPUT_BINPB, "a.bin.gz", ".", true, false},
      {"standard input", "-", INPUT_BINPB, "-", ".", false, false},
      {"JSON", "a.json", INPUT_JSON, "a.json", ".", false, false},
      {"one file", "a/b.proto#include_package_files=true", INPUT_PROTOFILE, "a/b.proto", ".", false,
       false},
      {"somebody's module", "buf.build/acme/pets", INPUT_MODULE, "buf.build/acme/pets", ".", false,
       false},
      {"a folder three deep", "./a.b/c", INPUT_DIR, "./a.b/c", ".", false, false},
      {"a registry", "registry", INPUT_REGISTRY, "registry", ".", false, false},
      {"a subject", "registry:a@2", INPUT_REGISTRY, "registry:a@2", ".", false, false},
      {"a release", "registry@12", INPUT_REGISTRY, "registry@12", ".", false, false},
      {"a release by its version", "registry@1.2.0", INPUT_REGISTRY, "registry@1.2.0", ".", false,
       false},
      {"a folder that begins so", "registry-old", INPUT_DIR, "registry-old", ".", false, false},
      {"no release at all", "registry@", INPUT_DIR, "registry@", ".", false, false},
      {"text, packed", "a.txtpb.zst", INPUT_TXTPB, "a.txtpb.zst", ".", false, true},
      {"YAML from standard input", "-#format=yaml", INPUT_YAML, "-", ".", false, false},
      {"packed, but nobody knows what", "a.gz", INPUT_DIR, "a.gz", ".", false, false},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    input_ref ref;
    stele_err err = {0};
    t_case(t, rows[i].label);
    t_ok(t, input_ref_parse(t->arena, stele_cstr(rows[i].text), &ref, &err), &err);
    t_eq_int(t, ref.format, rows[i].format);
    t_eq_str(t, ref.path, stele_cstr(rows[i].path));
    t_eq_str(t, ref.subdir, stele_cstr(rows[i].subdir));
    t_eq_int(t, ref.is_gzip, rows[i].gzip);
    t_eq_int(t, ref.is_zstd, rows[i].zstd);
  }
}

static void test_bad_refs(stele_test *t) {
  static const struct {
    const char *label, *text, *want;
  } rows[] = {
      {"nothing", "", "an input is empty"},
      {"nothing before", "#format=dir", "an input is empty"},
      {"nothing behind", "a#", "\"a#\" ends with # which is invalid"},
      {"two", "a#b#c", "\"a#b#c\" has multiple #s which is invalid"},
      {"no pair", "a#b", "\"b\" is not key=value"},
      {"no key", "a#foo=1", "invalid key: \"foo\""},
      {"no format", "a#format=foo", "unknown format: \"foo\""},
      {"no compression", "a.tar#compression=x", "unknown compression: \"x\""},
      {"not of a folder", "a#subdir=b",
       "invalid options for input \"a#subdir=b\": subdir does not go with this format"},
      {"not of a tar", "a.tar#branch=b",
       "invalid options for input \"a.tar#branch=b\": branch does not go with this format"},
      {"two revisions", "a.git#branch=b,tag=c",
       "must specify only one of \"branch\", \"commit\", or \"tag\""},
      {"a reference and a tag", "a.git#ref=b,tag=c",
       "cannot specify \"ref\" with \"tag\" or \"commit\""},
      {"no depth", "a.git#depth=0", "\"depth\" must be >0 if specified"},
      {"an absolute subdir", "a.git#subdir=/b", "/b: expected to be relative"},
      {"a subdir outside", "a.zip#subdir=../b", "../b: is outside the context directory"},
      {"no number", "a.tar#strip_components=x", "could not parse strip_components value \"x\""},
      {"a registry by another name", "x#format=registry",
       "what a registry has is called registry, registry@RELEASE or registry:SUBJECT@VERSION, not "
       "\"x\""},
      {"an empty branch", "a.git#branch=", "\"branch\" is empty"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    input_ref ref;
    stele_err err = {0};
    t_case(t, rows[i].label);
    t_true(t, !input_ref_parse(t->arena, stele_cstr(rows[i].text), &ref, &err));
    t_eq_str(t, stele_cstr(err.msg), stele_cstr(rows[i].want));
  }
}

/* ---- places --------------------------------------------------------------- */

static void test_places(stele_test *t) {
  static const struct {
    const char *label, *here, *root;
    bool absolute;
    const char *path, *shown;
  } rows[] = {
      {"below", "w/x", ".", false, "w/x/a.proto", "a.proto"},
      {"beside", "w/x", ".", false, "w/y/a.proto", "../y/a.proto"},
      {"far away", "w/x", ".", false, "a.proto", "../../a.proto"},
      {"above", "w/x", ".", false, "w", ".."},
      {"absolute", "w/x", ".", true, "w/x/a.proto", "/w/x/a.proto"},
      {"in a checkout", "x", "w", false, "y/a.proto", "../y/a.proto"},
      {"in a checkout, absolute", "x", "w", true, "y/a.proto", "/w/y/a.proto"},
      {"in an archive", ".", NULL, false, "y/a.proto", "y/a.proto"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    input_place place = {stele_cstr(rows[i].here), stele_cstr(rows[i].root), rows[i].absolute};
    stele_str back;
    t_case(t, rows[i].label);
    stele_str shown = input_place_show(t->arena, &place, stele_cstr(rows[i].path));
    t_eq_str(t, shown, stele_cstr(rows[i].shown));
    t_true(t, !input_place_take(t->arena, &place, shown, &back));
    t_eq_str(t, back, stele_cstr(rows[i].path));
  }
}

/* ---- workspaces ----------------------------------------------------------- */

enum { MOST = 8 };

typedef struct tree_row {
  const char *label;
  const char *files[MOST][2]; /* path, text; sorted; .proto files have none */
  const char *subdir, *path, *exclude, *protofile, *config;
  const char *want; /* "module: name*, name; …": * is meant; or the message */
} tree_row;

static stele_str describe(stele_arena *arena, const input_workspace *w) {
  stele_buf out;
  stele_buf_init(&out, arena, 0);
  for (size_t i = 0; i < w->modules.count; i++) {
    stele_buf_printf(&out, "%s" STELE_STR_FMT ":", i ? "; " : "",
                     STELE_STR_ARG(w->modules.at[i].dir));
    for (size_t j = 0; j < w->sources.count; j++) {
      const input_source *source = &w->sources.at[j];
      if (source->module != i) continue;
      stele_buf_printf(&out, " " STELE_STR_FMT "%s", STELE_STR_ARG(source->name),
                       source->is_target ? "*" : "");
    }
  }
  return stele_buf_str(&out);
}

static void check_tree(stele_test *t, const tree_row *row) {
  stele_archive_file files[MOST] = {0};
  size_t count = 0;
  while (count < MOST && row->files[count][0]) {
    const char *text = row->files[count][1];
    files[count].path = stele_cstr(row->files[count][0]);
    files[count].content = stele_str_bytes(stele_cstr(text ? text : ""));
    count++;
  }
  input_scope scope = {.bucket = input_bucket_memory(t->arena, files, count),
                       .place = {.here = STELE_STR(".")},
                       .subdir = row->subdir ? stele_cstr(row->subdir) : STELE_STR("."),
                       .protofile = stele_cstr(row->protofile),
                       .config_text = stele_cstr(row->config),
                       .config_name = STELE_STR("--config")};
  if (row->path) STELE_VEC_PUSH(t->arena, &scope.paths, stele_cstr(row->path));
  if (row->exclude) STELE_VEC_PUSH(t->arena, &scope.exclude_paths, stele_cstr(row->exclude));
  input_workspace found;
  stele_err err = {0};
  t_case(t, row->label);
  bool ok = input_workspace_find(t->arena, &scope, &found, &err);
  t_eq_str(t, ok ? describe(t->arena, &found) : stele_cstr(err.msg), stele_cstr(row->want));
}

#define V2_AB "version: v2\nmodules:\n  - path: a\n  - path: b\n"
#define NONE_MEANT                                                                                 \
  "no .proto files were targeted. This can occur if no .proto files are found in your input, "     \
  "--path points to files that do not exist, or --exclude-path excludes all files."

static void test_workspaces(stele_test *t) {
  static const tree_row rows[] = {
      {"no file: the folder", {{"a/x.proto"}, {"y.proto"}}, .want = ".: a/x.proto* y.proto*"},
      {"no file: a folder below",
       {{"a/x.proto"}, {"y.proto"}},
       .subdir = "a",
       .want = "a: x.proto*"},
      {"nothing there", {{"a.txt"}}, .want = "Module \"path: \".\"\" had no .proto files"},
      {"modules",
       {{"a/x.proto"}, {"b/y.proto"}, {"buf.yaml", V2_AB}, {"c/z.proto"}},
       .want = "a: x.proto*; b: y.proto*"},
      {"one of them",
       {{"a/x.proto"}, {"b/y.proto"}, {"buf.yaml", V2_AB}},
       .subdir = "a",
       .want = "a: x.proto*; b: y.proto"},
      {"inside of one",
       {{"a/s/x.proto"}, {"b/y.proto"}, {"buf.yaml", V2_AB}},
       .subdir = "a/s",
       .want = "failed to build input \"a/s\" because it is contained by module at path \"a\" "
               "specified in your configuration, you must provide the workspace or module as the "
               "input, and filter to this path using --path"},
      {"none of them",
       {{"a/x.proto"}, {"b/y.proto"}, {"buf.yaml", V2_AB}, {"c/z.proto"}},
       .subdir = "c",
       .want = "c: z.proto*"},
      {"a module that is empty",
       {{"a/x.proto"}, {"buf.yaml", V2_AB}},
       .want = "Module \"path: \"b\"\" had no .proto files"},
      {"a path",
       {{"a/x.proto"}, {"b/y.proto"}, {"buf.yaml", V2_AB}},
       .path = "b",
       .want = "a: x.proto; b: y.proto*"},
      {"a path that is a file",
       {{"a/x.proto"}, {"y.proto"}},
       .path = "a/x.proto",
       .want = ".: a/x.proto* y.proto"},
      {"a path that is not there", {{"a/x.proto"}}, .path = "b", .want = NONE_MEANT},
      {"a path left out",
       {{"a/x.proto"}, {"y.proto"}},
       .exclude = "a",
       .want = ".: a/x.proto y.proto*"},
      {"a module left out",
       {{"a/x.proto"}, {"b/y.proto"}, {"buf.yaml", V2_AB}},
       .exclude = "b",
       .want =
           "module \"b\" was specified with --exclude-path, this flag cannot be used to specify "
           "module directories"},
      {"a name twice",
       {{"a/x.proto"}, {"b/x.proto"}, {"buf.yaml", V2_AB}},
       .want = "x.proto is contained in multiple modules:\n  path: \"a\"\n  path: \"b\""},
      {"includes and excludes",
       {{"a/x.proto"},
        {"b/y.proto"},
        {"b/z/z.proto"},
        {"buf.yaml",
         "version: v2\nmodules:\n  - path: .\n    includes: [b]\n    excludes: [b/z]\n"}},
       .want = ".: b/y.proto*"},
      {"roots",
       {{"buf.yaml", "version: v1beta1\nbuild: {roots: [p, q], excludes: [q/s]}\n"},
        {"p/x.proto"},
        {"q/s/z.proto"},
        {"q/y.proto"},
        {"w.proto"}},
       .want = ".: x.proto* y.proto*"},
      {"v1 in the folder",
       {{"a/buf.yaml", "version: v1\nbuild: {excludes: [s]}\n"}, {"a/s/y.proto"}, {"a/x.proto"}},
       .subdir = "a",
       .want = "a: x.proto*"},
      {"a workspace of v1",
       {{"a/buf.yaml", "version: v1\nlint: {use: [MINIMAL]}\n"},
        {"a/x.proto"},
        {"b/y.proto"},
        {"buf.work.yaml", "version: v1\ndirectories: [a, b]\n"}},
       .want = "a: x.proto*; b: y.proto*"},
      {"one folder of it",
       {{"a/x.proto"}, {"b/y.proto"}, {"buf.work.yaml", "version: v1\ndirectories: [a, b]\n"}},
       .subdir = "b",
       .want = "a: x.proto; b: y.proto*"},
      {"a workspace beside a file",
       {{"a/x.proto"},
        {"buf.work.yaml", "version: v1\ndirectories: [a]\n"},
        {"buf.yaml", "version: v1\n"}},
       .want = "cannot have a buf.work.yaml and buf.yaml in the same directory \".\""},
      {"stele.yaml goes first",
       {{"a/x.proto"},
        {"buf.yaml", "not read"},
        {"stele.yaml", "version: 1\nmodules: [{path: a}]\n"}},
       .want = "a: x.proto*"},
      {"one file",
       {{"a/x.proto"}, {"a/y.proto"}},
       .subdir = "a",
       .protofile = "a/x.proto",
       .want = "a: x.proto* y.proto"},
      {"one file of a module",
       {{"a/x.proto"}, {"b/y.proto"}, {"buf.yaml", V2_AB}},
       .subdir = "a",
       .protofile = "a/x.proto",
       .want = "a: x.proto*; b: y.proto"},
      {"one file of none",
       {{"a/x.proto"}, {"b/y.proto"}, {"buf.yaml", V2_AB}, {"z.proto"}},
       .protofile = "z.proto",
       .want = NONE_MEANT},
      {"given instead of files",
       {{"a/x.proto"}, {"b/y.proto"}, {"buf.yaml", V2_AB}},
       .config = "version: v1\n",
       .want = ".: a/x.proto* b/y.proto*"},
      {"given, with modules",
       {{"a/x.proto"}, {"b/y.proto"}},
       .config = "{\"version\":\"v2\",\"modules\":[{\"path\":\"b\"}]}",
       .want = "b: y.proto*"},
      {"given, and wrong",
       {{"a/x.proto"}},
       .config = "version: v9\n",
       .want = "--config:1:1: unknown file version: \"v9\""},
      {"wrong",
       {{"a/buf.yaml", "version: v2\nx: 1\n"}, {"a/x.proto"}},
       .subdir = "a",
       .want = "a/buf.yaml:2:1: field x not found"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) check_tree(t, &rows[i]);
}

TEST_MAIN(test_refs, test_bad_refs, test_places, test_workspaces)
