/* Files in memory become a schema: order, lookup, sharing, limits. */
#include "proto/compile/compile.h"

#include "harness/test.h"

/* A resolver over texts. */
typedef struct memory_file {
  const char *path, *text;
} memory_file;

typedef struct memory_resolver {
  stele_resolver resolver; /* first: the callbacks cast back */
  const memory_file *files;
  size_t count;
  int released;
} memory_resolver;

static bool memory_find(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  const memory_resolver *memory = (const memory_resolver *)self;
  (void)err;
  for (size_t i = 0; i < memory->count; i++) {
    if (!stele_str_eq(stele_cstr(memory->files[i].path), path)) continue;
    *out = (stele_found){.kind = STELE_FOUND_TEXT,
                         .bytes = stele_str_bytes(stele_cstr(memory->files[i].text))};
  }
  return true;
}

static void memory_release(stele_resolver *self, const stele_found *found) {
  (void)found;
  ((memory_resolver *)self)->released++;
}

static const memory_file tree[] = {
    {"a.proto", "syntax = \"proto3\"; package p.a; import \"b.proto\"; import \"d.proto\";\n"
                "message A { p.b.B b = 1; Inner i = 2; map<string, Inner> m = 3;\n"
                "  message Inner { optional int32 x = 1; oneof o { string s = 2; d.D d = 3; } } }\n"
                "enum E { E_ZERO = 0; E_ONE = 1; }\n"
                "service S { rpc Go(A) returns (stream A.Inner) {} }\n"},
    {"b.proto",
     "syntax = \"proto3\"; package p.b; import public \"c.proto\"; message B { C c = 1; }"},
    {"c.proto", "syntax = \"proto3\"; package p.b; message C { int32 n = 5; int32 m = 2; }"},
    {"d.proto",
     "syntax = \"proto2\"; package p.d; message D { required int32 r = 1 [default = 0x10];\n"
     "  extensions 100 to 199; } extend D { repeated int32 packed = 100; }"},
};

static memory_resolver memory_of(const memory_file *files, size_t count) {
  return (memory_resolver){
      .resolver = {memory_find, memory_release}, .files = files, .count = count};
}

typedef struct emitted {
  stele_arena *arena;
  stele_buf names;
} emitted;

static bool note_emitted(void *arg, const stele_file *file, bool is_named, stele_err *err) {
  emitted *list = arg;
  (void)err;
  stele_buf_printf(&list->names, STELE_STR_FMT "%s ", STELE_STR_ARG(file->name),
                   is_named ? "*" : "");
  return true;
}

static const stele_schema *compile(stele_test *t, memory_resolver *memory, const char *path,
                                   const stele_compile_options *options, stele_str *findings) {
  stele_report *report = stele_report_new(t->arena, 0);
  stele_err err = {0};
  stele_str named = stele_cstr(path);
  const stele_schema *schema = stele_compile(&memory->resolver, &named, 1, options, report, &err);
  stele_buf text;
  stele_buf_init(&text, t->arena, 0);
  stele_report_print(report, STELE_REPORT_PROTOC, &text);
  *findings = stele_buf_str(&text);
  if (!schema) t_eq_int(t, err.code, STELE_INVALID);
  return schema;
}

static void test_order_and_lookup(stele_test *t) {
  memory_resolver memory = memory_of(tree, STELE_COUNT(tree));
  emitted list = {.arena = t->arena};
  stele_buf_init(&list.names, t->arena, 0);
  stele_compile_options options = {.emit = note_emitted, .emit_arg = &list};
  stele_str findings;
  const stele_schema *schema = compile(t, &memory, "a.proto", &options, &findings);
  t_eq_str(t, findings, STELE_STR(""));
  t_true(t, schema != NULL);
  if (!schema) return;
  t_eq_str(t, stele_buf_str(&list.names), STELE_STR("c.proto b.proto d.proto a.proto* "));
  t_eq_int(t, memory.released, 4);

  static const struct {
    const char *name;
    stele_symbol_kind kind;
  } names[] = {
      {"p.a.A", STELE_SYMBOL_MESSAGE},
      {"p.a.A.Inner.x", STELE_SYMBOL_FIELD},
      {"p.a.A.Inner.o", STELE_SYMBOL_ONEOF},
      {"p.a.A.Inner._x", STELE_SYMBOL_ONEOF},
      {"p.a.A.MEntry", STELE_SYMBOL_MESSAGE},
      {"p.a.E_ONE", STELE_SYMBOL_ENUM_VALUE},
      {"p.a.S.Go", STELE_SYMBOL_METHOD},
      {"p.d.packed", STELE_SYMBOL_FIELD},
      {"p.b", STELE_SYMBOL_PACKAGE},
      {"p", STELE_SYMBOL_PACKAGE},
      {"p.b.C", STELE_SYMBOL_MESSAGE},
      {"p.a.E.E_ONE", STELE_SYMBOL_NONE},
      {"A", STELE_SYMBOL_NONE},
      {"", STELE_SYMBOL_NONE},
  };
  for (size_t i = 0; i < STELE_COUNT(names); i++) {
    t_case(t, names[i].name);
    t_eq_int(t, stele_schema_find(schema, stele_cstr(names[i].name)).kind, names[i].kind);
  }
  stele_schema_unref(schema);
}

static void test_resolved(stele_test *t) {
  memory_resolver memory = memory_of(tree, STELE_COUNT(tree));
  stele_str findings;
  const stele_schema *schema = compile(t, &memory, "a.proto", NULL, &findings);
  t_true(t, schema != NULL);
  if (!schema) return;
  const stele_message *a = stele_schema_find(schema, STELE_STR("p.a.A")).element;
  const stele_field *b = stele_message_field(a, 1);
  t_eq_str(t, stele_field_type_name(b), STELE_STR(".p.b.B"));
  t_true(t, stele_field_is_map(stele_message_field(a, 3)));
  t_true(t, b->has_presence && !b->is_packed);
  const stele_message *c = stele_schema_find(schema, STELE_STR("p.b.C")).element;
  t_eq_str(t, stele_message_field(c, 5)->name, STELE_STR("n"));
  t_eq_str(t, stele_message_field(c, 2)->name, STELE_STR("m"));
  t_true(t, stele_message_field(c, 1) == NULL);
  t_true(t, !stele_message_field(c, 5)->has_presence);
  const stele_message *d = stele_schema_find(schema, STELE_STR("p.d.D")).element;
  t_true(t, d->fields[0].is_required);
  t_eq_str(t, stele_field_default(&d->fields[0]), STELE_STR("16"));
  const stele_file *file = stele_schema_file(schema, STELE_STR("a.proto"));
  t_eq_str(t, stele_file_extension(file, d, 100)->name, STELE_STR("packed"));
  t_true(t, stele_file_extension(file, d, 101) == NULL);
  stele_schema_unref(schema);
}

/* A resolver that answers one path with a file that is linked already. */
typedef struct shared_resolver {
  stele_resolver resolver;
  const stele_file *file;
} shared_resolver;

static bool shared_find(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  const shared_resolver *shared = (const shared_resolver *)self;
  (void)err;
  static const char text[] = "syntax = \"proto3\"; package q; import \"a.proto\";\n"
                             "message Q { p.a.A a = 1; p.a.A.Inner i = 2; p.a.E e = 3; }";
  if (stele_str_eq(path, STELE_STR("a.proto"))) {
    *out = (stele_found){.kind = STELE_FOUND_FILE, .file = shared->file};
  } else if (stele_str_eq(path, STELE_STR("q.proto"))) {
    *out = (stele_found){.kind = STELE_FOUND_TEXT, .bytes = stele_str_bytes(stele_cstr(text))};
  }
  return true;
}

static void test_linked_files_are_shared(stele_test *t) {
  memory_resolver memory = memory_of(tree, STELE_COUNT(tree));
  stele_str findings;
  const stele_schema *first = compile(t, &memory, "a.proto", NULL, &findings);
  t_true(t, first != NULL);
  if (!first) return;
  shared_resolver shared = {{shared_find, NULL}, stele_schema_file(first, STELE_STR("a.proto"))};
  emitted list = {.arena = t->arena};
  stele_buf_init(&list.names, t->arena, 0);
  stele_compile_options options = {.emit = note_emitted, .emit_arg = &list};
  stele_report *report = stele_report_new(t->arena, 0);
  stele_str path = STELE_STR("q.proto");
  stele_err err = {0};
  const stele_schema *second = stele_compile(&shared.resolver, &path, 1, &options, report, &err);
  t_true(t, second != NULL);
  stele_schema_unref(first); /* the second keeps it */
  if (!second) return;
  t_eq_str(t, stele_buf_str(&list.names), STELE_STR("c.proto b.proto d.proto a.proto q.proto* "));
  const stele_message *q = stele_schema_find(second, STELE_STR("q.Q")).element;
  const stele_message *a = stele_schema_find(second, STELE_STR("p.a.A")).element;
  t_true(t, q->fields[0].type_message == a);
  t_true(t, q->fields[1].type_message == &a->messages[1] ||
                q->fields[1].type_message == &a->messages[0]);
  t_eq_str(t, q->fields[2].type_enum->full_name, STELE_STR("p.a.E"));
  stele_schema_unref(second);
}

static void test_imports_that_fail(stele_test *t) {
  static const struct {
    const char *label;
    memory_file files[3];
    const char *want;
  } rows[] = {
      {"a file that imports itself",
       {{"a.proto", "syntax = \"proto3\";\nimport \"a.proto\";\n"}},
       "a.proto:2:1: File recursively imports itself: a.proto -> a.proto\n"},
      {"a ring of three",
       {{"a.proto", "syntax = \"proto3\";\nimport \"b.proto\";\n"},
        {"b.proto", "syntax = \"proto3\";\n  import \"c.proto\";\n"},
        {"c.proto", "syntax = \"proto3\";\nimport \"a.proto\";\n"}},
       "a.proto:2:1: File recursively imports itself: a.proto -> b.proto -> c.proto -> a.proto\n"
       "c.proto:2:1: Import \"a.proto\" was not found or had errors.\n"
       "b.proto:2:3: Import \"c.proto\" was not found or had errors.\n"
       "a.proto:2:1: Import \"b.proto\" was not found or had errors.\n"},
      {"a file that is not there, named twice",
       {{"a.proto", "syntax = \"proto3\";\nimport \"b.proto\";\nimport \"x.proto\";\n"},
        {"b.proto", "syntax = \"proto3\";\nimport \"x.proto\";\n"}},
       "x.proto: File not found.\n"
       "b.proto:2:1: Import \"x.proto\" was not found or had errors.\n"
       "a.proto:2:1: Import \"b.proto\" was not found or had errors.\n"
       "a.proto:3:1: Import \"x.proto\" was not found or had errors.\n"},
      {"an import that does not parse",
       {{"a.proto", "syntax = \"proto3\";\nimport \"b.proto\";\nmessage A { B b = 1; }\n"},
        {"b.proto", "syntax = \"proto3\";\nmessage B { int32 }\n"}},
       "b.proto:2:19: Expected field name.\n"
       "a.proto:2:1: Import \"b.proto\" was not found or had errors.\n"
       "a.proto:3:13: \"B\" is not defined.\n"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    memory_resolver memory = {.resolver = {memory_find, memory_release}, .files = rows[i].files};
    while (memory.count < 3 && rows[i].files[memory.count].path) memory.count++;
    stele_str findings;
    t_true(t, compile(t, &memory, "a.proto", NULL, &findings) == NULL);
    t_eq_str(t, findings, stele_cstr(rows[i].want));
  }
}

static void test_limits(stele_test *t) {
  static const struct {
    const char *label;
    stele_compile_options options;
    stele_code want;
  } rows[] = {
      {"files", {.limit_files = 2}, STELE_LIMIT},
      {"text", {.limit_text_bytes = 100}, STELE_LIMIT},
      {"memory", {.limit_bytes = 30000}, STELE_LIMIT},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    memory_resolver memory = memory_of(tree, STELE_COUNT(tree));
    stele_str path = STELE_STR("a.proto");
    stele_err err = {0};
    const stele_schema *schema = stele_compile(&memory.resolver, &path, 1, &rows[i].options,
                                               stele_report_new(t->arena, 0), &err);
    t_true(t, schema == NULL);
    t_eq_int(t, err.code, rows[i].want);
  }
  _Atomic bool cancelled = true;
  stele_compile_options options = {.cancelled = &cancelled};
  memory_resolver memory = memory_of(tree, STELE_COUNT(tree));
  stele_str path = STELE_STR("a.proto");
  stele_err err = {0};
  t_true(t,
         !stele_compile(&memory.resolver, &path, 1, &options, stele_report_new(t->arena, 0), &err));
  t_eq_int(t, err.code, STELE_CANCELLED);
}

/* A chain of imports as long as a stranger likes must not use the stack. */
static bool chain_find(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  (void)self;
  (void)err;
  static char texts[5000][64];
  int at = 0;
  for (size_t i = 0; i < path.len; i++) at = at * 10 + (path.ptr[i] - '0');
  int len = snprintf(texts[at], sizeof texts[at], "syntax = \"proto3\"; import \"%d\";", at + 1);
  if (at == 4999) len = snprintf(texts[at], sizeof texts[at], "syntax = \"proto3\";");
  *out =
      (stele_found){.kind = STELE_FOUND_TEXT, .bytes = {(const uint8_t *)texts[at], (size_t)len}};
  return true;
}

static void test_long_chain(stele_test *t) {
  stele_resolver chain = {chain_find, NULL};
  stele_str path = STELE_STR("0");
  stele_err err = {0};
  const stele_schema *schema =
      stele_compile(&chain, &path, 1, NULL, stele_report_new(t->arena, 0), &err);
  t_true(t, schema != NULL);
  if (!schema) return;
  size_t count;
  (void)stele_schema_files(schema, &count);
  t_eq_int(t, count, 5000);
  stele_schema_unref(schema);
}

/* FileDescriptorSets: b.proto, which imports a.proto, and that one behind it. */
#define SET_A                                                                                      \
  "\x0a\x16\x0a\x07"                                                                               \
  "a.proto\x22\x03\x0a\x01Mb\x06proto3"
#define SET_B                                                                                      \
  "\x0a*\x0a\x07"                                                                                  \
  "b.proto\x1a\x07"                                                                                \
  "a.proto\x22\x0e\x0a\x01N\x12\x09\x0a\x01"                                                       \
  "f\x18\x01 \x01(\x05"                                                                            \
  "b\x06proto3"

static void test_sets(stele_test *t) {
  static const struct {
    const char *label;
    stele_str set;
    stele_code code;
    size_t files;
  } rows[] = {
      {"two files, in any order", STELE_STR_INIT(SET_B SET_A), STELE_OK, 2},
      {"what a set does not have is stepped over", STELE_STR_INIT("\x10\x05" SET_A), STELE_OK, 1},
      {"an import that the set lacks", STELE_STR_INIT(SET_B), STELE_INVALID, 0},
      {"cut off",
       STELE_STR_INIT("\x0a\x16\x0a\x07"
                      "a.proto"),
       STELE_INVALID, 0},
      {"a file that is none", STELE_STR_INIT("\x0a\x02\x0a\x07"), STELE_INVALID, 0},
      {"a text", STELE_STR_INIT("syntax = \"proto3\";"), STELE_INVALID, 0},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_err err = {0};
    size_t count = 0;
    const stele_schema *schema =
        stele_compile_set(stele_str_bytes(rows[i].set), NULL, stele_report_new(t->arena, 0), &err);
    t_eq_int(t, err.code, rows[i].code);
    t_true(t, (schema != NULL) == (rows[i].code == STELE_OK));
    if (schema) (void)stele_schema_files(schema, &count);
    t_eq_int(t, count, rows[i].files);
    stele_schema_unref(schema);
  }
}

TEST_MAIN(test_order_and_lookup, test_resolved, test_linked_files_are_shared,
          test_imports_that_fail, test_limits, test_long_chain, test_sets)
