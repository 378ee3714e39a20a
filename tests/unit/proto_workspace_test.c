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
 * "a.proto!" has errors or is gone, "a.proto~" was only linked again; then the errors. */
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
                     !files[i].after        ? "!"
                     : files[i].is_relinked ? "~"
                                            : "");
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
      {"a comment: the importer is linked again", "a.proto",
       "syntax = \"proto3\"; package a; message A { /* one */ int32 x = 1; }", "a.proto b.proto~ "},
      {"and so it is for a new field", "a.proto",
       "syntax = \"proto3\"; package a; message A { int32 x = 1; int32 y = 2; }",
       "a.proto b.proto~ "},
      {"for one that goes, and a new message", "a.proto",
       "syntax = \"proto3\"; package a; message Q {} message A { int32 y = 2; }",
       "a.proto b.proto~ "},
      {"a message that goes reaches it", "a.proto",
       "syntax = \"proto3\"; package a; message A { int32 y = 2; }", "a.proto b.proto "},
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
      {"put right: the importer is what it was", "a.proto", base_text, "a.proto b.proto~ "},
      {"bad again", "a.proto", "syntax = \"proto3\"; package a; message A { int32 x = 1 }",
       "a.proto! b.proto! a.proto:1:55: Expected \";\".\n"
       "b.proto:1:31: Import \"a.proto\" was not found or had errors.\n"
       "b.proto:1:61: \"a.A\" is not defined.\n"},
      {"the importer is saved meanwhile", "b.proto",
       "syntax = \"proto3\"; package b; import \"a.proto\"; message B { a.A a = 2; }",
       "a.proto! b.proto! a.proto:1:55: Expected \";\".\n"
       "b.proto:1:31: Import \"a.proto\" was not found or had errors.\n"
       "b.proto:1:61: \"a.A\" is not defined.\n"},
      {"put right: the importer is another", "a.proto", base_text, "a.proto b.proto "},
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

/* ---- What a linker reads of an import ------------------------------------------------ */

/* One edit of a.proto, and what becomes of b.proto, which imports it. */
static void test_what_is_seen(stele_test *t) {
#define A(body) "edition = \"2023\"; package a; " body
#define BASE "message M { int32 x = 1; } enum E { E0 = 0; E1 = 1; } message O { int32 v = 1; }"
#define EXT " import \"google/protobuf/descriptor.proto\"; extend google.protobuf.FieldOptions "
  static const struct {
    const char *label, *before, *after, *importer, *want;
  } rows[] = {
      {"a value is added", A("enum E { E0 = 0; }"), A("enum E { E0 = 0; E1 = 1; }"),
       "package b; message B { a.E e = 1; }", "a.proto b.proto~ "},
      {"a value is added beside what the importer can name", A("enum E { E0 = 0; }"),
       A("enum E { E0 = 0; E1 = 1; }"), "package a.b; message B { a.E e = 1; }",
       "a.proto b.proto "},
      {"a value is numbered anew", A(BASE),
       A("message M {} enum E { E0 = 0; E1 = 2; } message O {}"),
       "package b; message B { a.E e = 1 [default = E1]; }", "a.proto b.proto "},
      {"a value goes", A(BASE), A("message M {} enum E { E0 = 0; } message O {}"),
       "package b; message B { a.E e = 1; }", "a.proto b.proto "},
      {"an enum closes", A("enum E { E0 = 0; }"),
       A("enum E { option features.enum_type = CLOSED; E0 = 0; }"),
       "package b; message B { a.E e = 1; }", "a.proto b.proto "},
      {"a message comes", A(BASE), A(BASE " message N {}"), "package b; message B { a.M m = 1; }",
       "a.proto b.proto~ "},
      {"a message comes into sight", A(BASE), A(BASE " message N {}"),
       "package a.b; message B { a.M m = 1; }", "a.proto b.proto "},
      {"a service comes into sight", A(BASE), A(BASE " service N {}"),
       "package a.b; message B { a.M m = 1; }", "a.proto b.proto "},
      {"a service goes", A(BASE " service N {}"), A(BASE), "package b; message B { a.M m = 1; }",
       "a.proto b.proto~ "},
      {"a name that stands for another", A("message M {}"),
       A("message M {} message c { message M {} }"),
       "package a; import \"c.proto\"; message B { c.M m = 1; }", "a.proto b.proto "},
      {"a message becomes an enum", A("message M {}"), A("enum M { M0 = 0; }"),
       "package b; message B { a.M m = 1; }", "a.proto b.proto "},
      {"fields of what is no option", A(BASE),
       A("message M { string y = 9; } enum E { E0 = 0; E1 = 1; } message O { int32 v = 1; }"),
       "package b; message B { a.M m = 1; }", "a.proto b.proto~ "},
      {"a field of what an option holds comes",
       A("message O { int32 v = 1; }" EXT "{ O o = 1000; }"),
       A("message O { int32 v = 1; int32 w = 2; }" EXT "{ O o = 1000; }"),
       "package b; message B { int32 x = 1 [(a.o).v = 1]; }", "a.proto b.proto~ "},
      {"one that an option sets is numbered anew",
       A("message O { int32 v = 1; }" EXT "{ O o = 1000; }"),
       A("message O { int32 v = 2; }" EXT "{ O o = 1000; }"),
       "package b; message B { int32 x = 1 [(a.o).v = 1]; }", "a.proto b.proto "},
      {"one that options must set comes", A("message O { int32 v = 1; }" EXT "{ O o = 1000; }"),
       A("message O { int32 v = 1; int32 w = 2 [features.field_presence = LEGACY_REQUIRED]; }" EXT
         "{ O o = 1000; }"),
       "package b; message B { int32 x = 1 [(a.o) = {v: 1}]; }",
       "a.proto b.proto! b.proto:1:81: Error while parsing option value for \"o\": Message missing "
       "required fields: w\n"},
      {"an extension is numbered anew", A(EXT "{ int32 o = 1000; }"), A(EXT "{ int32 o = 1001; }"),
       "package b; message B { int32 x = 1 [(a.o) = 1]; }", "a.proto b.proto "},
      {"a range for extensions goes", A("message M { extensions 5 to 9; }"),
       A("message M { extensions 5; }"), "package b; extend a.M { int32 x = 5; }",
       "a.proto b.proto "},
      {"a package is left", A(BASE), "edition = \"2023\"; package c; " BASE,
       "package b; message B { int32 x = 1; }", "a.proto b.proto "},
      {"an import comes", A("message M {}"), A("import \"c.proto\"; message M {}"),
       "package b; message B { a.M m = 1; }", "a.proto b.proto c.proto "},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    shelf s = {.resolver = {.find = shelf_find}};
    stele_err err = {0};
    stele_str paths[] = {STELE_STR("a.proto"), STELE_STR("b.proto")};
    t_case(t, rows[i].label);
    stele_workspace *w = stele_workspace_new(&s.resolver, NULL, &err);
    put(&s, "a.proto", rows[i].before);
    put(&s, "c.proto", "edition = \"2023\"; package c; message M {}");
    put(&s, "b.proto",
        stele_str_printf(t->arena, "edition = \"2023\"; import \"a.proto\"; %s", rows[i].importer)
            .ptr);
    stele_str first = update(t, w, paths, 2);
    t_true(t, !memchr(first.ptr, '!', first.len));
    put(&s, "a.proto", rows[i].after);
    t_eq_str(t, update(t, w, paths, 1), stele_cstr(rows[i].want));
    stele_workspace_free(w);
  }
#undef A
#undef BASE
#undef EXT
}

/* ---- Any edits ------------------------------------------------------------------ */

/* What a file of the random tree is like. */
typedef struct plan {
  bool exists, is_broken, is_inner, has_service, hides;
  uint32_t imports, publics; /* bits: files below it */
  uint32_t note, messages, fields, values, option;
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

/* The message that options hold a value of: its fields come, go and change. */
static void add_option_type(stele_buf *b, const plan *p) {
  static const char *const bodies[] = {"int32 v = 1;", "int32 v = 1; string w = 2;", "int32 v = 3;",
                                       "int32 v = 1; O inner = 4;"};
  stele_buf_printf(b,
                   "message O { %s }\n"
                   "extend google.protobuf.FieldOptions { int32 tag = %u; O o = 2000; }\n",
                   bodies[p->option % STELE_COUNT(bodies)], 1000 + p->option / 4);
}

/* Packages are shared, and some lie inside others. */
static stele_str package_of(stele_test *t, const random_tree *r, size_t at) {
  return stele_str_printf(t->arena, "p%zu%s", at % 5, r->plans[at].is_inner ? ".in" : "");
}

static void add_uses(stele_test *t, stele_buf *b, const random_tree *r, size_t at) {
  const plan *p = &r->plans[at];
  for (size_t i = 0; i < at; i++) {
    if (!(p->imports >> i & 1)) continue;
    stele_str package = package_of(t, r, i);
    stele_buf_printf(b, "  " STELE_STR_FMT ".M%zu m%zu = %zu;\n", STELE_STR_ARG(package), i, i,
                     3 * i + 5);
    stele_buf_printf(b, "  " STELE_STR_FMT ".E%zu e%zu = %zu%s;\n", STELE_STR_ARG(package), i, i,
                     3 * i + 6,
                     i % 2 ? stele_str_printf(t->arena, " [default = E%zu_ONE]", i).ptr : "");
    if (i % 3 == 0)
      stele_buf_printf(b, "  oneof one%zu { .p%zu%s.M%zu o%zu = %zu; }\n", i, i % 5,
                       r->plans[i].is_inner ? ".in" : "", i, i, 3 * i + 7);
  }
}

/* Files import files of lower numbers, so there is no cycle; each uses all that
 * it imports, and options of the first one, so that a change below shows. */
static const char *text_of(stele_test *t, const random_tree *r, size_t at) {
  const plan *p = &r->plans[at];
  stele_buf b;
  stele_buf_init(&b, t->arena, 0);
  stele_buf_printf(&b, "edition = \"2023\";\npackage " STELE_STR_FMT "; // note %u\n",
                   STELE_STR_ARG(package_of(t, r, at)), p->note);
  for (size_t i = 0; i < at; i++) {
    if (!(p->imports >> i & 1)) continue;
    stele_buf_printf(&b, "import %s\"f%zu.proto\";\n", p->publics >> i & 1 ? "public " : "", i);
  }
  if (at == 0) stele_buf_add_cstr(&b, "import \"google/protobuf/descriptor.proto\";\n");
  if (at == 0) add_option_type(&b, p);
  stele_str own = package_of(t, r, 0);
  bool has_options = p->imports & 1 && at;
  stele_buf_printf(&b, "message M%zu { int32 own = 1", at);
  if (has_options) {
    stele_buf_printf(&b, " [(" STELE_STR_FMT ".tag) = 7, (" STELE_STR_FMT ".o) = { v: 5 }]",
                     STELE_STR_ARG(own), STELE_STR_ARG(own));
  }
  stele_buf_add_cstr(&b, ";\n");
  add_uses(t, &b, r, at);
  for (uint32_t i = 0; i < p->fields; i++) {
    stele_buf_printf(&b, "  map<int32, M%zu> extra%u = %u;\n", at, i, 200 - i);
  }
  stele_buf_add_cstr(&b, p->is_broken ? "  int32 = 99;\n}\n" : "}\n");
  stele_buf_printf(&b, "enum E%zu { E%zu_ZERO = 0; E%zu_ONE = %u;", at, at, at,
                   p->values == 3 ? 7 : 1);
  for (uint32_t i = 0; i < p->values; i++) stele_buf_printf(&b, " E%zu_V%u = %u;", at, i, i + 10);
  stele_buf_add_cstr(&b, " }\n");
  for (uint32_t i = 0; i < p->messages; i++)
    stele_buf_printf(&b, "message Extra%zu_%u {}\n", at, i);
  if (p->has_service)
    stele_buf_printf(&b, "service S%zu { rpc Do(M%zu) returns (M%zu); }\n", at, at, at);
  if (p->hides && at == 1) stele_buf_add_cstr(&b, "message p2 {}\n");
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
  switch (draw(r, 14)) {
  case 0: p->exists = !p->exists; break;
  case 1: p->is_broken = draw(r, 6) == 0; break;
  case 2: p->imports = draw(r, 1u << 16) & draw(r, 1u << 16) & ((1u << at) - 1); break;
  case 3: p->publics = draw(r, 1u << 16); break;
  case 4: p->messages = draw(r, 4); break;
  case 5: p->values = draw(r, 4); break;
  case 6: p->option = draw(r, 8); break;
  case 7: p->has_service = !p->has_service; break;
  case 8: p->is_inner = draw(r, 4) == 0; break;
  case 9: p->hides = draw(r, 3) == 0; break;
  case 10:
  case 11: p->fields = draw(r, 4); break;
  default: p->note++; break;
  }
  if (draw(r, 2)) { /* most of the time most of it is well */
    plan *other = &r->plans[draw(r, (uint32_t)r->s.count)];
    other->exists = true;
    other->is_broken = other->hides = false;
  }
  for (size_t i = 0; i < r->s.count; i++) { /* packages are named in other files too */
    r->s.texts[i] = r->plans[i].exists ? text_of(t, r, i) : NULL;
  }
}

/* ---- Is it of one make? */

static void is_current(stele_test *t, const stele_workspace *w, const stele_file *file) {
  if (file) t_true(t, stele_workspace_file(w, file->name) == file);
}

static void check_options(stele_test *t, const stele_workspace *w, const stele_options *options) {
  for (uint32_t i = 0; options && i < options->count; i++) {
    if (options->at[i].extension) is_current(t, w, stele_field_file(options->at[i].extension));
  }
}

static void check_message(stele_test *t, const stele_workspace *w, const stele_file *file,
                          const stele_message *message) {
  t_true(t, message->file == file);
  for (uint32_t i = 0; i < message->field_count; i++) {
    const stele_field *field = &message->fields[i];
    t_true(t, stele_field_file(field) == file && field->message == message);
    t_true(t, stele_message_field(message, field->number) == field);
    if (field->type_message) is_current(t, w, field->type_message->file);
    if (field->type_enum) is_current(t, w, field->type_enum->file);
    if (field->oneof)
      t_true(t, field->oneof->message == message && field->oneof->fields[0] == field);
    check_options(t, w, field->options);
  }
  for (uint32_t i = 0; i < message->message_count; i++) {
    t_true(t, message->messages[i].parent == message);
    check_message(t, w, file, &message->messages[i]);
  }
}

/* All that a file refers to is of the workspace as it is now. */
static void check_file(stele_test *t, const stele_workspace *w, const stele_file *file) {
  for (uint32_t i = 0; i < file->import_count; i++) is_current(t, w, file->imports[i].file);
  for (uint32_t i = 0; i < file->message_count; i++) check_message(t, w, file, &file->messages[i]);
  for (uint32_t i = 0; i < file->enum_count; i++) {
    t_true(t, file->enums[i].file == file && file->enums[i].values[0].parent == &file->enums[i]);
  }
  for (uint32_t i = 0; i < file->service_count; i++) {
    const stele_method *method = &file->services[i].methods[0];
    t_true(t, method->service == &file->services[i] && method->input->file == file);
  }
  size_t count;
  const stele_field *const *extensions = stele_file_extensions(file, &count);
  for (size_t i = 0; i < count; i++) {
    t_true(t, stele_field_file(extensions[i]) == file);
    is_current(t, w, extensions[i]->message->file);
  }
  t_true(t, stele_schema_file(file->schema, file->name) == file);
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
    if (kept) check_file(t, w, kept);
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
  }
  for (size_t i = 0; i < FILES; i++) r.s.texts[i] = text_of(t, &r, i);
  stele_workspace *w = stele_workspace_new(&r.s.resolver, &options, &err);
  (void)update(t, w, r.s.paths, FILES);
  stele_str descriptor = STELE_STR("google/protobuf/descriptor.proto");
  size_t relinked = 0, good = 0;
  for (size_t step = 0; step < STEPS; step++) {
    t_case_n(t, "step", step);
    size_t count = 1 + draw(&r, 3);
    for (size_t i = 0; i < count; i++) edit(t, &r, draw(&r, FILES));
    stele_str told = update(t, w, r.s.paths, FILES);
    relinked += told.len && memchr(told.ptr, '~', told.len) != NULL;
    for (size_t i = 0; i < FILES; i++) good += stele_workspace_file(w, r.s.paths[i]) != NULL;
    compare_all(t, &r, w, stele_workspace_file(w, descriptor));
  }
  t_true(t, relinked > STEPS / 20 && good > STEPS * FILES / 4); /* or it shows nothing */
  stele_workspace_free(w);
}

TEST_MAIN(test_what_is_compiled, test_what_is_seen, test_before_and_after,
          test_a_failing_update_changes_nothing, test_random_edits)
