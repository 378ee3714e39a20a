/* Plugins from the pure side: requests, responses, insertions, archives. What
 * protoc does with the same is compared in tests/integration/test_protoc.py. */
#include "base/guard.h"
#include "gen/plugin_request.h"
#include "gen/plugin_response.h"
#include "gen/zip.h"
#include "harness/schema.h"
#include "proto/wire/reader.h"
#include "proto/wire/writer.h"

#define S(text) STELE_STR(text)

/* ---- Insertions ----------------------------------------------------------------- */

static void test_insertions(stele_test *t) {
  static const struct {
    const char *label, *text, *content, *want;
  } rows[] = {
      {"before the marker's line", "a\n@@protoc_insertion_point(p)\nb\n", "x\n",
       "a\nx\n@@protoc_insertion_point(p)\nb\n"},
      {"a line end is added", "@@protoc_insertion_point(p)", "x", "x\n@@protoc_insertion_point(p)"},
      {"nothing", "@@protoc_insertion_point(p)", "", "@@protoc_insertion_point(p)"},
      {"each line takes the indent", "  // @@protoc_insertion_point(p)\n", "x\n\ny",
       "  x\n  \n  y\n  // @@protoc_insertion_point(p)\n"},
      {"tabs too", "\t @@protoc_insertion_point(p)\n", "x\n",
       "\t x\n\t @@protoc_insertion_point(p)\n"},
      {"within a line", "f(a /* @@protoc_insertion_point(p) */)", ", b",
       "f(a , b\n/* @@protoc_insertion_point(p) */)"},
      {"a comment at the very start counts as a line", "/* @@protoc_insertion_point(p) */", "x",
       "x\n/* @@protoc_insertion_point(p) */"},
      {"the first of several markers", "@@protoc_insertion_point(p)\n@@protoc_insertion_point(p)\n",
       "x\n", "x\n@@protoc_insertion_point(p)\n@@protoc_insertion_point(p)\n"},
      {"a marker whose name only begins so", "@@protoc_insertion_point(pq)", "x", NULL},
      {"no marker", "text", "x", NULL},
      {"an empty file", "", "x", NULL},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    size_t count;
    stele_err err = {0};
    stele_gen_output *output = stele_gen_output_new(t->arena);
    t_case(t, rows[i].label);
    t_ok(t, stele_gen_output_add(output, S("f"), stele_cstr(rows[i].text), &err), &err);
    stele_gen_output_insert(output, &(stele_gen_insertion){.path = S("f"),
                                                           .point = S("p"),
                                                           .content = stele_cstr(rows[i].content)});
    t_eq_str(t, stele_gen_output_complaints(output),
             stele_cstr(rows[i].want ? "" : "f: insertion point \"p\" not found.\n"));
    const stele_gen_file *files = stele_gen_output_files(output, &count);
    t_eq_int(t, count, 1);
    t_eq_str(t, files[0].content, stele_cstr(rows[i].want ? rows[i].want : rows[i].text));
  }
}

static void test_order_of_insertions(stele_test *t) {
  size_t count;
  stele_err err = {0};
  stele_gen_output *output = stele_gen_output_new(t->arena);
  t_ok(t, stele_gen_output_add(output, S("f"), S(" @@protoc_insertion_point(p)\n"), &err), &err);
  stele_gen_output_insert(
      output, &(stele_gen_insertion){.path = S("f"), .point = S("p"), .content = S("1")});
  stele_gen_output_insert(
      output, &(stele_gen_insertion){.path = S("f"), .point = S("p"), .content = S("2")});
  t_eq_str(t, stele_gen_output_files(output, &count)->content,
           S(" 1\n 2\n @@protoc_insertion_point(p)\n"));
  stele_gen_output_insert(
      output, &(stele_gen_insertion){.path = S("g"), .point = S("p"), .content = S("2")});
  t_eq_str(t, stele_gen_output_complaints(output),
           S("g: Tried to insert into file that doesn't exist.\n"));
}

static void test_leniency(stele_test *t) {
  stele_err err = {0};
  stele_gen_output *output = stele_gen_output_new(t->arena);
  stele_gen_output_be_lenient(output);
  t_ok(t, stele_gen_output_add(output, S("../f"), S("1"), &err), &err);
  t_ok(t, stele_gen_output_add(output, S("../f"), S("2"), &err), &err);
  t_eq_str(t, stele_gen_output_complaints(output),
           S("../f: Tried to write the same file twice.\n"));
}

/* Annotations move by what is inserted before them, and those of the inserted
 * text by the indents before and within them. */
static void test_annotations(stele_test *t) {
  static const uint8_t own[] = {0x0a, 0x07, 0x0a, 0x01, 0x04, 0x18, 0x02, 0x20, 0x04};
  static const uint8_t old[] = {0x0a, 0x04, 0x18, 0x00, 0x20, 0x01,
                                0x0a, 0x04, 0x18, 0x09, 0x20, 0x0a};
  /* "1\n2 3" goes in at 1 with an indent of one: ten... see the numbers below */
  static const uint8_t want[] = {0x0a, 0x04, 0x18, 0x00, 0x20, 0x01, /* before: as it was */
                                 0x0a, 0x07, 0x0a, 0x01, 0x04, 0x18,
                                 0x06, 0x20, 0x08,                    /* 2 + 2 + 1 + 1 */
                                 0x0a, 0x04, 0x18, 0x11, 0x20, 0x12}; /* 9 + 8 */
  size_t count;
  stele_err err = {0};
  const stele_gen_annotation *annotations;
  size_t annotation_count;
  stele_gen_output *output = stele_gen_output_new(t->arena);
  t_true(t, stele_gen_annotations_read(t->arena, (stele_bytes){own, sizeof own}, &annotations,
                                       &annotation_count));
  t_ok(t, stele_gen_output_add(output, S("f"), S("a\n @@protoc_insertion_point(p)\n"), &err), &err);
  t_ok(t,
       stele_gen_output_add(output, S("f.pb.meta"), stele_bytes_str((stele_bytes){old, sizeof old}),
                            &err),
       &err);
  stele_gen_output_insert(
      output, &(stele_gen_insertion){S("f"), S("p"), S("1\n2 3"), annotations, annotation_count});
  const stele_gen_file *files = stele_gen_output_files(output, &count);
  t_eq_int(t, count, 2);
  t_eq_str(t, files[0].content, S("a\n 1\n 2 3\n @@protoc_insertion_point(p)\n"));
  t_eq_str(t, files[1].content, (stele_bytes_str((stele_bytes){want, sizeof want})));
}

/* ---- Responses -------------------------------------------------------------------- */

static void test_responses(stele_test *t) {
  static const struct {
    const char *label;
    stele_str bytes;
    bool ok;
    size_t files;
  } rows[] = {
      {"empty", STELE_STR_INIT(""), true, 0},
      {"one file",
       STELE_STR_INIT("\x7a\x06\x0a\x01"
                      "f\x7a\x01"
                      "x"),
       true, 1},
      {"unknown fields", STELE_STR_INIT("\xf8\x06\x01\x83\x01\x08\x01\x84\x01"), true, 0},
      {"a known number with another wire type", STELE_STR_INIT("\x08\x01"), true, 0},
      {"cut off",
       STELE_STR_INIT("\x7a\x06\x0a\x01"
                      "f\x7a\x01"),
       false, 0},
      {"cut off within a file", STELE_STR_INIT("\x7a\x02\x0a\x05"), false, 0},
      {"bad annotations", STELE_STR_INIT("\x7a\x05\x82\x01\x02\x0a\x05"), false, 0},
      {"a path that is no varints", STELE_STR_INIT("\x7a\x08\x82\x01\x05\x0a\x03\x0a\x01\xff"),
       false, 0},
      {"an end of no group", STELE_STR_INIT("\x0c"), false, 0},
      {"tag zero", STELE_STR_INIT("\x00"), false, 0},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_plugin_response response;
    stele_err err = {0};
    t_case(t, rows[i].label);
    bool ok =
        stele_plugin_response_decode(t->arena, stele_str_bytes(rows[i].bytes), &response, &err);
    t_eq_int(t, ok, rows[i].ok);
    t_eq_int(t, err.code, rows[i].ok ? STELE_OK : STELE_INVALID);
    if (ok) t_eq_int(t, response.count, rows[i].files);
  }
}

static void test_pieces(stele_test *t) {
  const stele_plugin_file files[] = {
      {.name = S("f"), .content = S("1")},
      {.content = S("2")},
      {.content = S("3")},
      {.name = S("g"), .content = S("4")},
      {.name = S("f"), .insertion_point = S("p"), .content = S("5")},
  };
  const stele_plugin_response response = {.files = files, .count = STELE_COUNT(files)};
  const stele_plugin_response lost = {.files = files + 1, .count = 1};
  size_t count;
  stele_str why = {NULL, 0};
  stele_gen_output *output = stele_gen_output_new(t->arena);
  t_true(t, stele_plugin_response_write(t->arena, &response, S("protoc-gen-x"), output, &why));
  const stele_gen_file *made = stele_gen_output_files(output, &count);
  t_eq_int(t, count, 2);
  t_eq_str(t, made[0].content, S("123"));
  t_eq_str(t, stele_gen_output_complaints(output), S("f: insertion point \"p\" not found.\n"));
  t_true(t, !stele_plugin_response_write(t->arena, &lost, S("protoc-gen-x"), output, &why));
  t_eq_str(t, why,
           S("protoc-gen-x: First file chunk returned by plugin did not specify a file name."));
}

static void test_objections(stele_test *t) {
  static const struct {
    const char *label, *text;
    uint64_t features;
    int32_t oldest, newest;
    bool any_edition;
    const char *want; /* a part of it; NULL: no objection */
  } rows[] = {
      {"proto3", "syntax = 'proto3'; message M { int32 i = 1; }", 0, 0, 0, false, NULL},
      {"optional", "syntax = 'proto3'; message M { message N { optional int32 i = 1; } }", 0, 0, 0,
       false, "hasn't been updated to support optional fields in proto3"},
      {"optional, known", "syntax = 'proto3'; message M { optional int32 i = 1; }", 1, 0, 0, false,
       NULL},
      {"proto2 optional", "syntax = 'proto2'; message M { optional int32 i = 1; }", 0, 0, 0, false,
       NULL},
      {"editions", "edition = '2023'; message M { int32 i = 1; }", 1, 1000, 1001, false,
       "hasn't been updated to support editions yet"},
      {"editions, known", "edition = '2023'; message M { int32 i = 1; }", 2, 998, 1001, false,
       NULL},
      {"too new", "edition = '2024'; message M { int32 i = 1; }", 2, 998, 1000, false,
       "switch back to a maximum of edition 2023."},
      {"too old", "edition = '2023'; message M { int32 i = 1; }", 2, 1001, 1002, false,
       "upgrade your file to at least edition 2024."},
      {"not asked", "edition = '2024'; message M { int32 i = 1; }", 0, 0, 0, true, NULL},
  };
  t_schemas held = {0};
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    const stele_file *file = t_schema(t, &held, rows[i].text);
    stele_plugin_support support = {S("protoc-gen-x"), rows[i].features, rows[i].oldest,
                                    rows[i].newest};
    t_case(t, rows[i].label);
    stele_str got = stele_plugin_objections(t->arena, &support, &file, 1, rows[i].any_edition);
    if (!rows[i].want) t_eq_str(t, got, S(""));
    if (rows[i].want)
      t_true(t, got.len && memmem(got.ptr, got.len, rows[i].want, strlen(rows[i].want)));
  }
  t_schemas_free(&held);
}

/* ---- Requests ------------------------------------------------------------------------ */

/* How often a field of the request is there. */
static size_t count_field(stele_bytes request, uint32_t number) {
  size_t count = 0;
  for (stele_reader r = stele_reader_of(request); !stele_read_done(&r);) {
    uint32_t tag = stele_read_tag(&r);
    count += stele_wire_number(tag) == number;
    stele_read_skip_value(&r, tag, 100);
  }
  return count;
}

static void test_request(stele_test *t) {
  const t_text texts[] = {
      {"a.proto", "syntax = 'proto3'; import 'b.proto'; message A { B b = 1; }"},
      {"b.proto", "syntax = 'proto3'; message B {}"},
  };
  t_schemas held = {0};
  stele_err err = {0};
  stele_buf out;
  const stele_file *file = t_schema_files(t, &held, texts, 2);
  const stele_file *twice[] = {file, file};
  stele_buf_init(&out, t->arena, 0);
  stele_plugin_request request = {twice, 2, S("p"), S("protoc-gen-x")};
  t_ok(t, stele_plugin_request_encode(t->arena, &request, &out, &err), &err);
  t_eq_int(t, count_field(stele_buf_bytes(&out), 1), 2);
  t_eq_int(t, count_field(stele_buf_bytes(&out), 2), 1);
  t_eq_int(t, count_field(stele_buf_bytes(&out), 3), 1);
  t_eq_int(t, count_field(stele_buf_bytes(&out), 15), 2);
  t_eq_int(t, count_field(stele_buf_bytes(&out), 17), 1);
  t_schemas_free(&held);
}

/* ---- Out of memory --------------------------------------------------------------------- */

static void insert_all(void *arg) {
  stele_arena *arena = arg;
  stele_err err = {0};
  stele_gen_output *output = stele_gen_output_new(arena);
  bool ok = stele_gen_output_add(output, S("f"), S(" @@protoc_insertion_point(p)\n"), &err);
  for (int i = 0; i < 3 && ok; i++) {
    stele_gen_output_insert(
        output, &(stele_gen_insertion){.path = S("f"), .point = S("p"), .content = S("1\n2")});
  }
}

static bool insert_without_memory(stele_arena *arena, stele_err *err) {
  return stele_guard_run(arena, insert_all, arena, err);
}

static bool decode_without_memory(stele_arena *arena, stele_err *err) {
  static const stele_str bytes =
      STELE_STR_INIT("\x7a\x06\x0a\x01"
                     "f\x7a\x01"
                     "x\x7a\x0f\x12\x01p\x82\x01\x09\x0a\x07\x0a\x01\x04\x18\x02\x20\x04");
  stele_plugin_response response;
  return stele_plugin_response_decode(arena, stele_str_bytes(bytes), &response, err);
}

static void test_no_memory(stele_test *t) {
  t_each_failure(t, insert_without_memory);
  t_each_failure(t, decode_without_memory);
}

/* ---- Archives ---------------------------------------------------------------------------- */

static void test_zip(stele_test *t) {
  static const stele_gen_file file = {STELE_STR_INIT("a"), STELE_STR_INIT("123456789")};
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  stele_gen_zip(&file, 1, &out);
  t_eq_int(t, out.len, 30 + 1 + 9 + 46 + 1 + 22);
  t_eq_str(t, ((stele_str){out.ptr, 4}), S("PK\x03\x04"));
  t_eq_str(t, ((stele_str){out.ptr + 14, 4}),
           S("\x26\x39\xf4\xcb")); /* the check value of CRC-32 */
  stele_buf_clear(&out);
  stele_gen_zip(NULL, 0, &out);
  t_eq_int(t, out.len, 22);
}

TEST_MAIN(test_insertions, test_order_of_insertions, test_leniency, test_annotations,
          test_responses, test_pieces, test_objections, test_request, test_no_memory, test_zip)
