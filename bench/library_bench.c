/* libstele as a program calls it, without a process around it: one file of 100
 * lines, one small file beside thousands that are linked already, and an edit
 * in a workspace of a whole tree.
 *
 *   library_bench ROOT NAMES    ROOT: import root; NAMES: a list of paths below it
 *
 * Prints one JSON line. Each figure is the median of many calls; bench/build.py
 * runs it beside the other compilers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "stele/workspace.h"

enum { CALLS = 2001, EDITS = 301 };

static const stele_str descriptor_path = STELE_STR_INIT("google/protobuf/descriptor.proto");

static double now_us(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *values, size_t count) {
  qsort(values, count, sizeof *values, by_value);
  return values[count / 2];
}

static _Noreturn void fail(const char *what, const stele_err *err) {
  (void)fprintf(stderr, "library_bench: %s: %s\n", what, err ? err->msg : "");
  exit(1);
}

/* ---- Texts in memory ---------------------------------------------------------- */

typedef struct tree {
  stele_resolver resolver;
  const char *root;
  stele_str *paths, *texts;
  size_t count;
} tree;

static int by_path(const void *key, const void *path) {
  stele_str a = *(const stele_str *)key, b = *(const stele_str *)path;
  return stele_str_order(a, b);
}

static bool find(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  const tree *t = (const tree *)self;
  (void)err;
  out->kind = STELE_FOUND_NOTHING;
  const stele_str *at = bsearch(&path, t->paths, t->count, sizeof *t->paths, by_path);
  if (!at) return true;
  out->kind = STELE_FOUND_TEXT;
  out->bytes = stele_str_bytes(t->texts[at - t->paths]);
  return true;
}

static char *read_file(const char *path, size_t *len) {
  FILE *file = fopen(path, "rb");
  if (!file) fail(path, NULL);
  (void)fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  char *text = malloc((size_t)size + 1);
  if (!text || fread(text, 1, (size_t)size, file) != (size_t)size) fail(path, NULL);
  text[size] = 0;
  (void)fclose(file);
  *len = (size_t)size;
  return text;
}

static tree load(const char *root, const char *names_path) {
  size_t len, count = 0;
  char *names = read_file(names_path, &len);
  for (size_t i = 0; i < len; i++) count += names[i] == '\n';
  tree t = {.resolver = {.find = find},
            .root = root,
            .paths = calloc(count, sizeof(stele_str)),
            .texts = calloc(count, sizeof(stele_str))};
  for (char *at = names, *end; (end = strchr(at, '\n')); at = end + 1) {
    *end = 0;
    t.paths[t.count++] = stele_cstr(at);
  }
  qsort(t.paths, t.count, sizeof *t.paths, by_path);
  for (size_t i = 0; i < t.count; i++) {
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", root, t.paths[i].ptr);
    t.texts[i].ptr = read_file(path, &t.texts[i].len);
  }
  return t;
}

/* ---- One call ----------------------------------------------------------------- */

/* A file of 100 lines with what such files have: comments, fields, an enum, a
 * map, a oneof, options, a service. */
static stele_str small_text(void) {
  static char text[8192];
  size_t at = 0;
#define ADD(...) at += (size_t)snprintf(text + at, sizeof text - at, __VA_ARGS__)
  ADD("syntax = \"proto3\";\n\npackage bench.v1;\n\noption java_package = \"bench.v1\";\n\n");
  ADD("// An order as it stands in the book.\nmessage Order {\n");
  for (int i = 1; i <= 40; i++) {
    ADD("  // Field number %d of the order.\n  %s field_%d = %d%s;\n", i,
        i % 4 == 0 ? "repeated string" : "int64", i, i, i % 10 == 0 ? " [deprecated = true]" : "");
  }
  ADD("  map<string, Side> sides = 41;\n  oneof price { double bid = 42; double ask = 43; "
      "}\n}\n\n");
  ADD("enum Side {\n  SIDE_UNSPECIFIED = 0;\n  SIDE_BUY = 1;\n  SIDE_SELL = 2;\n}\n\n");
  ADD("service Orders {\n  rpc Get(Order) returns (Order);\n}\n");
#undef ADD
  return (stele_str){text, at};
}

static double one_call(const stele_file *descriptor) {
  static double took[CALLS];
  stele_str path = STELE_STR("bench.proto"), text = small_text();
  tree t = {.resolver = {.find = find}, .paths = &path, .texts = &text, .count = 1};
  stele_compile_options options = {.source_info = true, .descriptor = descriptor};
  stele_arena *arena = stele_arena_new(0);
  stele_err err = {0};
  for (size_t i = 0; i < CALLS; i++) {
    stele_arena_reset(arena);
    double start = now_us();
    stele_report *report = stele_report_new(arena, 0);
    const stele_schema *schema = stele_compile(&t.resolver, &path, 1, &options, report, &err);
    stele_schema_unref(schema);
    took[i] = now_us() - start;
    if (!schema) fail("one call", &err);
  }
  stele_arena_free(arena);
  return median(took, CALLS);
}

/* ---- A workspace --------------------------------------------------------------- */

typedef struct edit_figures {
  double load_ms, leaf_us, comment_us, hub_ms;
  size_t hub_files;
} edit_figures;

static size_t update(stele_workspace *w, const stele_str *paths, size_t count) {
  const stele_recompiled *files;
  size_t files_count;
  stele_err err = {0};
  stele_arena *arena = stele_arena_new(0);
  stele_report *report = stele_report_new(arena, 0);
  if (!stele_workspace_update(w, paths, count, report, &files, &files_count, &err)) {
    fail("update", &err);
  }
  stele_arena_free(arena);
  return files_count;
}

/* Appends a line to the text of a path, another one each time. */
static stele_str grown(stele_str text, const char *format, int number) {
  char *longer = malloc(text.len + 128);
  if (!longer) fail("no memory", NULL);
  memcpy(longer, text.ptr, text.len);
  int more = snprintf(longer + text.len, 128, format, number);
  return (stele_str){longer, text.len + (size_t)more};
}

static double edit(stele_workspace *w, tree *t, size_t at, const char *format, int number,
                   size_t *count) {
  stele_str whole = t->texts[at];
  t->texts[at] = grown(whole, format, number);
  double start = now_us();
  *count = update(w, &t->paths[at], 1);
  double took = now_us() - start;
  free((void *)(uintptr_t)t->texts[at].ptr);
  t->texts[at] = whole;
  return took;
}

static size_t place_of(const tree *t, const char *path) {
  stele_str key = stele_cstr(path);
  const stele_str *at = bsearch(&key, t->paths, t->count, sizeof *t->paths, by_path);
  return at ? (size_t)(at - t->paths) : t->count / 2;
}

static edit_figures edits(tree *t, const stele_file *descriptor) {
  static double took[EDITS];
  edit_figures figures = {0};
  size_t count, leaf = place_of(t, "google/cloud/vision/v1/image_annotator.proto");
  size_t hub = place_of(t, "google/api/field_behavior.proto");
  stele_compile_options options = {.use_builtin = true, .descriptor = descriptor};
  stele_err err = {0};
  stele_workspace *w = stele_workspace_new(&t->resolver, &options, &err);
  if (!w) fail("workspace", &err);
  double start = now_us();
  (void)update(w, t->paths, t->count);
  figures.load_ms = (now_us() - start) / 1e3;

  for (int i = 0; i < EDITS; i++) took[i] = edit(w, t, leaf, "\nmessage Bench%d {}\n", i, &count);
  figures.leaf_us = median(took, EDITS);
  for (int i = 0; i < EDITS; i++) took[i] = edit(w, t, hub, "\n// note %d\n", i, &count);
  figures.comment_us = median(took, EDITS);
  double hubs[3];
  for (int i = 0; i < 3; i++) {
    hubs[i] = edit(w, t, hub, "\nmessage Bench%d {}\n", i, &figures.hub_files);
  }
  figures.hub_ms = median(hubs, 3) / 1e3;
  stele_workspace_free(w);
  return figures;
}

int main(int argc, char **argv) {
  if (argc != 3) fail("usage: library_bench ROOT NAMES", NULL);
  stele_arena *arena = stele_arena_new(0);
  stele_err err = {0};
  stele_compile_options options = {.use_builtin = true};
  const stele_schema *builtin =
      stele_compile(NULL, &descriptor_path, 1, &options, stele_report_new(arena, 0), &err);
  if (!builtin) fail("descriptor.proto", &err);
  const stele_file *descriptor = stele_schema_file(builtin, descriptor_path);
  double call = one_call(descriptor);
  tree t = load(argv[1], argv[2]);
  edit_figures figures = edits(&t, descriptor);
  (void)printf("{\"call_us\": %.1f, \"files\": %zu, \"load_ms\": %.0f, \"leaf_us\": %.0f, "
               "\"comment_us\": %.0f, \"hub_ms\": %.0f, \"hub_files\": %zu}\n",
               call, t.count, figures.load_ms, figures.leaf_us, figures.comment_us, figures.hub_ms,
               figures.hub_files);
  stele_schema_unref(builtin);
  stele_arena_free(arena);
  return 0;
}
