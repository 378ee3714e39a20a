/* A workspace of files that are edited: what is compiled again, and that all
 * of it is what a fresh compile would make. */
#include "stele/workspace.h"

#include "base/buf.h"
#include "base/hash.h"
#include "harness/test.h"
#include "proto/compile/compile.h"
#include "proto/descriptor/descriptor.h"

enum { MOST_FILES = 24 };

/* Files in memory; a NULL text is no file. */
typedef struct shelf {
  stele_resolver resolver; /* first: the callbacks cast back */
  stele_str paths[MOST_FILES];
  const char *texts[MOST_FILES];
  size_t count;
  _Atomic bool *cancel_at_find; /* set when a file is asked for */
} shelf;

static bool shelf_find(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  shelf *s = (shelf *)self;
  (void)err;
  out->kind = STELE_FOUND_NOTHING;
  if (s->cancel_at_find) *s->cancel_at_find = true;
  for (size_t i = 0; i < s->count; i++) {
    if (!s->texts[i] || !stele_str_eq(s->paths[i], path)) continue;
    *out =
        (stele_found){.kind = STELE_FOUND_TEXT, .bytes = stele_str_bytes(stele_cstr(s->texts[i]))};
  }
  return true;
}

static void put(shelf *s, const char *path, const char *text) {
  stele_str name = stele_cstr(path);
  for (size_t i = 0; i < s->count; i++) {
    if (!stele_str_eq(s->paths[i], name)) continue;
    s->texts[i] = text;
    return;
  }
  s->paths[s->count] = name;
  s->texts[s->count++] = text;
}

/* Updates with one path and answers what was compiled: "a.proto" went well,
 * "a.proto!" has errors or is gone; then the errors. */
static stele_str update(stele_test *t, stele_workspace *w, const stele_str *paths, size_t count) {
  const stele_recompiled *files;
  size_t file_count;
  stele_err err = {0};
  stele_report *report = stele_report_new(t->arena, 0);
  bool ok = stele_workspace_update(w, paths, count, report, &files, &file_count, &err);
  t_ok(t, ok, &err);
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  for (size_t i = 0; ok && i < file_count; i++) {
    stele_buf_printf(&out, STELE_STR_FMT "%s ", STELE_STR_ARG(files[i].path),
                     files[i].after ? "" : "!");
  }
  stele_report_print(report, STELE_REPORT_PROTOC, &out);
  return stele_buf_str(&out);
}

static const char *const base_text = "syntax = \"proto3\"; package a; message A { int32 x = 1; }";
static const char *const user_text =
    "syntax = \"proto3\"; package b; import \"a.proto\"; message B { a.A a = 1; }";

static void test_what_is_compiled(stele_test *t) {
  static const struct {
    const char *label, *path, *text, *want;
  } rows[] = {
      {"the first file", "a.proto", base_text, "a.proto "},
      {"its importer alone", "b.proto", user_text, "b.proto "},
      {"the same bytes again", "a.proto", base_text, ""},
      {"a comment reaches nobody", "a.proto",
       "syntax = \"proto3\"; package a; message A { /* one */ int32 x = 1; }", "a.proto "},
      {"a new field reaches the importer", "a.proto",
       "syntax = \"proto3\"; package a; message A { int32 x = 1; int32 y = 2; }",
       "a.proto b.proto "},
      {"a mistake, there and in what imports it", "a.proto",
       "syntax = \"proto3\"; package a; message A { int32 x = 1 }",
       "a.proto! b.proto! a.proto:1:55: Expected \";\".\n"
       "b.proto:1:31: Import \"a.proto\" was not found or had errors.\n"
       "b.proto:1:61: \"a.A\" is not defined.\n"},
      {"what is bad is tried again, with whatever comes", "c.proto",
       "syntax = \"proto3\"; package c;",
       "a.proto! b.proto! c.proto a.proto:1:55: Expected \";\".\n"
       "b.proto:1:31: Import \"a.proto\" was not found or had errors.\n"
       "b.proto:1:61: \"a.A\" is not defined.\n"},
      {"put right, and the importer with it", "a.proto", base_text, "a.proto b.proto "},
      {"gone: the importer is told", "a.proto", NULL,
       "a.proto! b.proto! a.proto: File not found.\n"
       "b.proto:1:31: Import \"a.proto\" was not found or had errors.\n"
       "b.proto:1:61: \"a.A\" is not defined.\n"},
      {"back again", "a.proto", base_text, "a.proto b.proto "},
      {"an import that nobody named", "d.proto",
       "syntax = \"proto3\"; import \"google/protobuf/empty.proto\";\n"
       "message D { google.protobuf.Empty e = 1; }",
       "d.proto google/protobuf/empty.proto "},
  };
  shelf s = {.resolver = {.find = shelf_find}};
  stele_err err = {0};
  stele_workspace *w = stele_workspace_new(&s.resolver, NULL, &err);
  t_ok(t, w != NULL, &err);
  for (size_t i = 0; w && i < STELE_COUNT(rows); i++) {
    stele_str path = stele_cstr(rows[i].path);
    t_case(t, rows[i].label);
    put(&s, rows[i].path, rows[i].text);
    t_eq_str(t, update(t, w, &path, 1), stele_cstr(rows[i].want));
  }
  stele_workspace_free(w);
}

static void test_before_and_after(stele_test *t) {
  shelf s = {.resolver = {.find = shelf_find}};
  stele_err err = {0};
  stele_str path = STELE_STR("a.proto");
  const stele_recompiled *files;
  size_t count;
  put(&s, "a.proto", base_text);
  stele_workspace *w = stele_workspace_new(&s.resolver, NULL, &err);
  (void)update(t, w, &path, 1);
  const stele_file *first = stele_workspace_file(w, path);
  t_true(t, first && stele_file_message_count(first) == 1);
  put(&s, "a.proto", "syntax = \"proto3\"; package a; message A {} message Z {}");
  t_ok(t, stele_workspace_update(w, &path, 1, NULL, &files, &count, &err), &err);
  t_eq_int(t, count, 1);
  t_true(t, files[0].before == first && stele_file_message_count(files[0].before) == 1);
  t_true(t, files[0].after == stele_workspace_file(w, path));
  t_eq_int(t, stele_file_message_count(files[0].after), 2);
  t_eq_int(t, stele_workspace_count(w), 1);
  t_eq_str(t, stele_workspace_path(w, 0), path);
  t_true(t, stele_workspace_file(w, STELE_STR("none.proto")) == NULL);
  stele_workspace_free(w);
  stele_workspace_free(NULL);
}

static void test_a_failing_update_changes_nothing(stele_test *t) {
  _Atomic bool cancelled = false;
  shelf s = {.resolver = {.find = shelf_find}};
  stele_compile_options options = {.use_builtin = true, .cancelled = &cancelled};
  stele_err err = {0};
  stele_str path = STELE_STR("a.proto");
  const stele_recompiled *files;
  size_t count;
  put(&s, "a.proto", base_text);
  stele_workspace *w = stele_workspace_new(&s.resolver, &options, &err);
  (void)update(t, w, &path, 1);
  const stele_file *first = stele_workspace_file(w, path);

  put(&s, "a.proto", "syntax = \"proto3\"; package a; message Z {}");
  s.cancel_at_find = &cancelled;
  t_true(t, !stele_workspace_update(w, &path, 1, NULL, &files, &count, &err));
  t_eq_int(t, err.code, STELE_CANCELLED);
  t_true(t, stele_workspace_file(w, path) == first);

  s.cancel_at_find = NULL;
  cancelled = false;
  t_eq_str(t, update(t, w, NULL, 0), STELE_STR("a.proto "));
  t_eq_str(t, stele_message_name(stele_file_message(stele_workspace_file(w, path), 0)),
           STELE_STR("Z"));
  stele_workspace_free(w);
}

/* ---- Any edits ------------------------------------------------------------------ */

/* What a file of the random tree is like. */
typedef struct plan {
  bool exists, is_broken;
  uint32_t imports, publics; /* bits: files below it */
  uint32_t note, messages;
} plan;

typedef struct random_tree {
  shelf s;
  plan plans[MOST_FILES];
  uint64_t seed;
} random_tree;

static uint32_t draw(random_tree *r, uint32_t below) {
  r->seed = stele_hash_u64(r->seed, 7);
  return (uint32_t)(r->seed % below);
}

/* Files import files of lower numbers, so there is no cycle; each uses all that
 * it imports, and options of the first one, so that a change below shows. */
static const char *text_of(stele_test *t, const random_tree *r, size_t at) {
  const plan *p = &r->plans[at];
  stele_buf b;
  stele_buf_init(&b, t->arena, 0);
  stele_buf_printf(&b, "edition = \"2023\";\npackage p%zu; // note %u\n", at, p->note);
  for (size_t i = 0; i < at; i++) {
    if (!(p->imports >> i & 1)) continue;
    stele_buf_printf(&b, "import %s\"f%zu.proto\";\n", p->publics >> i & 1 ? "public " : "", i);
  }
  if (at == 0) stele_buf_add_cstr(&b, "import \"google/protobuf/descriptor.proto\";\n");
  if (at == 0) {
    stele_buf_printf(&b, "extend google.protobuf.FieldOptions { int32 tag = %u; }\n",
                     1000 + p->messages);
  }
  stele_buf_printf(&b, "message M { int32 own = 1%s;\n",
                   p->imports & 1 && at ? " [(p0.tag) = 7]" : "");
  for (size_t i = 0; i < at; i++) {
    if (p->imports >> i & 1) stele_buf_printf(&b, "  p%zu.M m%zu = %zu;\n", i, i, i + 2);
  }
  stele_buf_add_cstr(&b, p->is_broken ? "  int32 = 99;\n}\n" : "}\n");
  for (uint32_t i = 0; i < p->messages; i++) stele_buf_printf(&b, "message Extra%u {}\n", i);
  stele_buf_add_byte(&b, 0);
  return b.ptr;
}

static stele_str descriptor_of(stele_test *t, const stele_file *file) {
  static const stele_descriptor_options whole = {.source_info = true, .retain_options = true};
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  stele_descriptor_encode(t->arena, file, &whole, &out);
  return stele_buf_str(&out);
}

static void edit(stele_test *t, random_tree *r, size_t at) {
  plan *p = &r->plans[at];
  switch (draw(r, 8)) {
  case 0: p->exists = !p->exists; break;
  case 1: p->is_broken = draw(r, 3) == 0; break;
  case 2: p->imports = draw(r, 1u << 16) & draw(r, 1u << 16) & ((1u << at) - 1); break;
  case 3: p->publics = draw(r, 1u << 16); break;
  case 4:
  case 5: p->messages = draw(r, 4); break;
  default: p->note++; break;
  }
  if (draw(r, 2)) p->exists = true;
  r->s.texts[at] = p->exists ? text_of(t, r, at) : NULL;
}

/* Each file of the workspace is as if it were compiled now, alone. */
static void compare_all(stele_test *t, random_tree *r, const stele_workspace *w,
                        const stele_file *descriptor) {
  stele_compile_options options = {
      .source_info = true, .use_builtin = true, .descriptor = descriptor};
  for (size_t i = 0; i < r->s.count; i++) {
    stele_err err = {0};
    stele_mark mark = stele_arena_mark(t->arena);
    stele_report *report = stele_report_new(t->arena, 0);
    const stele_schema *fresh =
        stele_compile(&r->s.resolver, &r->s.paths[i], 1, &options, report, &err);
    const stele_file *kept = stele_workspace_file(w, r->s.paths[i]);
    t_true(t, (fresh != NULL) == (kept != NULL));
    if (fresh && kept) {
      const stele_file *file = stele_schema_file(fresh, r->s.paths[i]);
      t_true(t, stele_str_eq(descriptor_of(t, file), descriptor_of(t, kept)));
    }
    stele_schema_unref(fresh);
    stele_arena_rewind(t->arena, mark);
  }
}

static void test_random_edits(stele_test *t) {
  enum { FILES = 14, STEPS = 60 };
  random_tree r = {.s = {.resolver = {.find = shelf_find}}, .seed = 20};
  stele_compile_options options = {.source_info = true, .use_builtin = true};
  stele_err err = {0};
  for (size_t i = 0; i < FILES; i++) {
    put(&r.s, stele_str_printf(t->arena, "f%zu.proto", i).ptr, NULL);
    r.plans[i] = (plan){.exists = true, .imports = draw(&r, 1u << 16) & ((1u << i) - 1)};
    r.s.texts[i] = text_of(t, &r, i);
  }
  stele_workspace *w = stele_workspace_new(&r.s.resolver, &options, &err);
  (void)update(t, w, r.s.paths, FILES);
  stele_str descriptor = STELE_STR("google/protobuf/descriptor.proto");
  for (size_t step = 0; step < STEPS; step++) {
    t_case_n(t, "step", step);
    stele_str changed[3];
    size_t count = 1 + draw(&r, STELE_COUNT(changed));
    for (size_t i = 0; i < count; i++) {
      size_t at = draw(&r, FILES);
      edit(t, &r, at);
      changed[i] = r.s.paths[at];
    }
    (void)update(t, w, changed, count);
    compare_all(t, &r, w, stele_workspace_file(w, descriptor));
  }
  stele_workspace_free(w);
}

TEST_MAIN(test_what_is_compiled, test_before_and_after, test_a_failing_update_changes_nothing,
          test_random_edits)
