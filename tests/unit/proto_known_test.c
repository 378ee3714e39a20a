/* Well-known types: sums of times, masks, Any, Struct. */
#include "base/guard.h"
#include "harness/schema.h"
#include "proto/known/known.h"

static const char text[] =
    "syntax = \"proto3\"; package p; import \"google/protobuf/any.proto\";"
    "import \"google/protobuf/timestamp.proto\"; import \"google/protobuf/duration.proto\";"
    "import \"google/protobuf/field_mask.proto\"; import \"google/protobuf/struct.proto\";"
    "message M { int32 i = 1; string s = 2; M m = 3; repeated int32 list = 4; map<string, int32> "
    "map = 5;"
    "  google.protobuf.Timestamp t = 6; google.protobuf.Duration d = 7; google.protobuf.Any any = "
    "8;"
    "  google.protobuf.FieldMask mask = 9; google.protobuf.Struct st = 10; M other = 11; }";

typedef struct fixture {
  t_schemas held;
  stele_layouts *layouts;
  const stele_layout *m;
} fixture;

static fixture begin(stele_test *t) {
  fixture x = {0};
  stele_err err = {0};
  x.layouts = stele_layouts_new(t_schema(t, &x.held, text)->schema, &err);
  x.m = stele_layouts_find(x.layouts, STELE_STR("p.M"), &err);
  t_ok(t, x.m != NULL, &err);
  return x;
}

static void end(fixture *x) {
  stele_layouts_unref(x->layouts);
  t_schemas_free(&x->held);
}

static stele_object *fresh(stele_test *t, const stele_layout *layout) {
  stele_err err = {0};
  stele_object *o = stele_object_new(t->arena, layout, &err);
  t_ok(t, o != NULL, &err);
  return o;
}

static stele_object *sub(stele_test *t, stele_object *o, int32_t number) {
  stele_err err = {0};
  stele_object *made =
      stele_object_sub(o, t->arena, stele_layout_field(stele_object_layout(o), number), &err);
  t_ok(t, made != NULL, &err);
  return made;
}

static void set_i(stele_test *t, stele_object *o, int32_t value) {
  stele_err err = {0};
  t_ok(t,
       stele_object_set(o, t->arena, stele_layout_field(stele_object_layout(o), 1),
                        (stele_value){.i32 = value}, &err),
       &err);
}

static int32_t get_i(const stele_object *o) {
  return stele_object_get(o, stele_layout_field(stele_object_layout(o), 1)).i32;
}

/* ---- Times -------------------------------------------------------------------------- */

static void test_sums(stele_test *t) {
  static const struct {
    const char *label;
    char what; /* + timestamp and duration, - timestamps, d durations */
    stele_span a, b, want;
    stele_code code;
  } rows[] = {
      {"nanos carry", '+', {10, 999999999}, {0, 1}, {11, 0}, STELE_OK},
      {"nanos are borrowed", '+', {10, 0}, {0, -1}, {9, 999999999}, STELE_OK},
      {"before 1970", '+', {0, 0}, {-1, -500000000}, {-2, 500000000}, STELE_OK},
      {"the last moment",
       '+',
       {253402300799, 999999998},
       {0, 1},
       {253402300799, 999999999},
       STELE_OK},
      {"after the last moment", '+', {253402300799, 999999999}, {0, 1}, {0, 0}, STELE_LIMIT},
      {"before the first moment", '+', {-62135596800, 0}, {0, -1}, {0, 0}, STELE_LIMIT},
      {"a timestamp that is none", '+', {0, -1}, {0, 0}, {0, 0}, STELE_INVALID},
      {"a duration of two signs", '+', {0, 0}, {1, -1}, {0, 0}, STELE_INVALID},
      {"a difference", '-', {5, 0}, {3, 500000000}, {1, 500000000}, STELE_OK},
      {"a negative difference", '-', {3, 500000000}, {5, 0}, {-1, -500000000}, STELE_OK},
      {"less than a second before", '-', {0, 0}, {0, 1}, {0, -1}, STELE_OK},
      {"from one end to the other",
       '-',
       {-62135596800, 0},
       {253402300799, 999999999},
       {-315537897599, -999999999},
       STELE_OK},
      {"durations", 'd', {1, 600000000}, {2, 600000000}, {4, 200000000}, STELE_OK},
      {"durations of two signs", 'd', {1, 0}, {-1, -500000000}, {0, -500000000}, STELE_OK},
      {"a sum that crosses zero", 'd', {-2, -250000000}, {3, 0}, {0, 750000000}, STELE_OK},
      {"too long", 'd', {315576000000, 0}, {1, 0}, {0, 0}, STELE_LIMIT},
      {"not valid", 'd', {315576000001, 0}, {0, 0}, {0, 0}, STELE_INVALID},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_err err = {0};
    stele_span got = {0, 0};
    bool ok = rows[i].what == '+'   ? stele_timestamp_add(rows[i].a, rows[i].b, &got, &err)
              : rows[i].what == '-' ? stele_timestamp_subtract(rows[i].a, rows[i].b, &got, &err)
                                    : stele_duration_add(rows[i].a, rows[i].b, &got, &err);
    t_eq_int(t, err.code, rows[i].code);
    if (ok)
      t_true(t, stele_span_compare(got, rows[i].want) == 0 && got.nanos == rows[i].want.nanos);
    if (rows[i].what == '-' && ok) {
      stele_span back = {0, 0};
      t_ok(t, stele_timestamp_add(rows[i].b, got, &back, &err), &err);
      t_true(t, stele_span_compare(back, rows[i].a) == 0);
      t_true(t, stele_duration_is_valid(stele_duration_negate(got)));
    }
  }
  t_true(t, stele_span_compare((stele_span){0, -1}, (stele_span){0, 0}) < 0);
  t_true(t, stele_span_compare((stele_span){-1, 0}, (stele_span){0, -999999999}) < 0);
}

static void test_span_objects(stele_test *t) {
  fixture x = begin(t);
  stele_err err = {0};
  stele_object *o = fresh(t, x.m);
  stele_span got;
  t_ok(t, stele_span_set(sub(t, o, 6), (stele_span){5, 6}, &err), &err);
  t_ok(t, stele_span_get(sub(t, o, 6), &got, &err), &err);
  t_true(t, got.seconds == 5 && got.nanos == 6);
  t_true(t, !stele_span_set(sub(t, o, 6), (stele_span){5, -6}, &err));
  t_ok(t, stele_span_set(sub(t, o, 7), (stele_span){-5, -6}, &err), &err);
  t_true(t, !stele_span_get(o, &got, &err) && err.code == STELE_INVALID);
  t_eq_str(t, stele_cstr(err.msg), STELE_STR("p.M is not google.protobuf.Timestamp"));
  end(&x);
}

/* ---- Masks -------------------------------------------------------------------------- */

/* "a,b.c" as a mask, and back. */
static stele_mask mask_of(stele_test *t, const char *list) {
  stele_str *paths = STELE_NEW_ARRAY(t->arena, stele_str, strlen(list) + 1);
  size_t count = 0;
  while (*list) {
    size_t len = strcspn(list, ",");
    paths[count++] = (stele_str){list, len};
    list += len + (list[len] == ',');
  }
  return (stele_mask){paths, count};
}

static stele_str list_of(stele_test *t, stele_mask mask) {
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  stele_buf_add_cstr(&out, "");
  for (size_t i = 0; i < mask.count; i++) {
    if (i) stele_buf_add_byte(&out, ',');
    stele_buf_add_str(&out, mask.paths[i]);
  }
  return stele_buf_str(&out);
}

static void test_mask_sets(stele_test *t) {
  static const struct {
    const char *label, *a, *b, *both, *either;
  } rows[] = {
      {"nothing", "", "", "", ""},
      {"apart", "a", "b", "", "a,b"},
      {"the same", "a,b", "b,a", "a,b", "a,b"},
      {"one covers", "a", "a.b,a.c", "a.b,a.c", "a"},
      {"the other covers", "x.y.z", "x", "x.y.z", "x"},
      {"a name that begins alike", "ab", "a", "", "a,ab"},
      {"a name that begins alike, below", "a.b,ab", "a", "a.b", "a,ab"},
      {"covered within one", "a.b,a,c", "c.d", "c.d", "a,c"},
      {"several of each", "a.b,c.d.e,f", "a.b.c,a.b.d,c.d,g", "a.b.c,a.b.d,c.d.e", "a.b,c.d,f,g"},
      {"empty paths say nothing", ",a", "a", "a", "a"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_err err = {0};
    stele_mask a = mask_of(t, rows[i].a), b = mask_of(t, rows[i].b), got;
    for (int turn = 0; turn < 2; turn++) {
      t_ok(t, stele_mask_union(t->arena, turn ? b : a, turn ? a : b, &got, &err), &err);
      t_eq_str(t, list_of(t, got), stele_cstr(rows[i].either));
      t_ok(t, stele_mask_intersect(t->arena, turn ? b : a, turn ? a : b, &got, &err), &err);
      t_eq_str(t, list_of(t, got), stele_cstr(rows[i].both));
    }
  }
  stele_mask mask = mask_of(t, "a.b,c");
  t_true(t, stele_mask_covers(mask, STELE_STR("a.b")) &&
                stele_mask_covers(mask, STELE_STR("c.d.e")) &&
                !stele_mask_covers(mask, STELE_STR("a")) &&
                !stele_mask_covers(mask, STELE_STR("a.bc")));
}

static void test_mask_check(stele_test *t) {
  fixture x = begin(t);
  static const char *good[] = {"i", "m.m.s", "list", "map", "m.t.seconds"};
  static const char *bad[] = {"none", "i.x",  "list.x", "map.key",  "m.",
                              ".m",   "m..i", "",       "map.value"};
  for (size_t i = 0; i < STELE_COUNT(good); i++) {
    t_case(t, good[i]);
    stele_err err = {0};
    t_ok(t, stele_mask_check(x.m, mask_of(t, good[i]), &err), &err);
  }
  for (size_t i = 0; i < STELE_COUNT(bad); i++) {
    t_case(t, bad[i]);
    stele_err err = {0};
    stele_str path = stele_cstr(bad[i]);
    t_true(t, !stele_mask_check(x.m, (stele_mask){&path, 1}, &err) && err.code == STELE_INVALID);
  }
  end(&x);
}

static stele_object *filled(stele_test *t, const stele_layout *m, int depth) {
  stele_err err = {0};
  stele_object *o = fresh(t, m);
  set_i(t, o, depth + 1);
  t_ok(t,
       stele_object_set(o, t->arena, stele_layout_field(m, 2), (stele_value){.str = STELE_STR("s")},
                        &err),
       &err);
  t_ok(t,
       stele_object_add(o, t->arena, stele_layout_field(m, 4), (stele_value){.i32 = depth}, &err),
       &err);
  if (depth) {
    t_ok(t,
         stele_object_set(o, t->arena, stele_layout_field(m, 3),
                          (stele_value){.object = filled(t, m, depth - 1)}, &err),
         &err);
  }
  return o;
}

static void test_mask_trim(stele_test *t) {
  fixture x = begin(t);
  stele_err err = {0};
  stele_object *o = filled(t, x.m, 2);
  t_ok(t,
       stele_object_add_unknown(o, t->arena, (stele_bytes){(const uint8_t *)"\xc0\x3e\x01", 3},
                                &err),
       &err);
  t_ok(t, stele_mask_trim(t->arena, o, mask_of(t, "s,m.i,m.m.list"), &err), &err);
  const stele_object *m = stele_object_get(o, stele_layout_field(x.m, 3)).object;
  const stele_object *mm = stele_object_get(m, stele_layout_field(x.m, 3)).object;
  size_t count = 1;
  (void)stele_object_unknown(o, &count);
  t_true(t, count == 0 && get_i(o) == 0 && stele_object_has(o, stele_layout_field(x.m, 2)));
  t_true(t, get_i(m) == 2 && !stele_object_has(m, stele_layout_field(x.m, 2)));
  t_true(t, get_i(mm) == 0 && stele_object_count(mm, stele_layout_field(x.m, 4)) == 1);
  t_ok(t, stele_mask_trim(t->arena, o, mask_of(t, ""), &err), &err);
  t_true(t, stele_object_next(o, NULL) == NULL);
  t_true(t, !stele_mask_trim(t->arena, o, mask_of(t, "none"), &err));
  end(&x);
}

static void test_mask_merge(stele_test *t) {
  fixture x = begin(t);
  stele_err err = {0};
  const stele_field *list = stele_layout_field(x.m, 4), *m = stele_layout_field(x.m, 3);
  stele_object *from = filled(t, x.m, 1), *into = filled(t, x.m, 1);
  set_i(t, from, 50);
  set_i(t, stele_object_sub(from, t->arena, m, &err), 60);
  stele_object_clear(from, stele_layout_field(x.m, 2));
  t_ok(t, stele_mask_merge(into, t->arena, from, mask_of(t, "s,list,m.i"), NULL, &err), &err);
  t_true(t, get_i(into) == 2 && !stele_object_has(into, stele_layout_field(x.m, 2)));
  t_eq_int(t, stele_object_count(into, list), 2);
  t_eq_int(t, get_i(stele_object_get(into, m).object), 60);
  t_true(t, stele_object_has(stele_object_get(into, m).object, stele_layout_field(x.m, 2)));

  t_case(t, "replaced");
  stele_mask_merge_options options = {.replace_messages = true, .replace_repeated = true};
  stele_object_clear(stele_object_sub(from, t->arena, m, &err), stele_layout_field(x.m, 2));
  t_ok(t, stele_mask_merge(into, t->arena, from, mask_of(t, "list,m"), &options, &err), &err);
  t_eq_int(t, stele_object_count(into, list), 1);
  t_true(t, !stele_object_has(stele_object_get(into, m).object, stele_layout_field(x.m, 2)));

  t_case(t, "what is on neither side is not made");
  t_ok(t, stele_mask_merge(into, t->arena, from, mask_of(t, "other.i"), NULL, &err), &err);
  t_true(t, !stele_object_has(into, stele_layout_field(x.m, 11)));
  end(&x);
}

/* ---- Any and Struct -------------------------------------------------------------------- */

static void test_any(stele_test *t) {
  fixture x = begin(t);
  stele_err err = {0};
  stele_object *o = fresh(t, x.m), *any = sub(t, o, 8);
  t_ok(t, stele_any_pack(any, t->arena, filled(t, x.m, 1), &err), &err);
  t_true(t, stele_any_is(any, STELE_STR("p.M")) && !stele_any_is(any, STELE_STR("M")) &&
                !stele_any_is(o, STELE_STR("p.M")));
  stele_object *back = stele_any_unpack(t->arena, any, NULL, &err);
  t_true(t, back && stele_object_equal(back, filled(t, x.m, 1)));
  t_ok(t,
       stele_object_set(any, t->arena, stele_layout_field(stele_object_layout(any), 1),
                        (stele_value){.str = STELE_STR("x/q.None")}, &err),
       &err);
  t_true(t, !stele_any_unpack(t->arena, any, NULL, &err) && err.code == STELE_NOT_FOUND);
  t_true(t, !stele_any_unpack(t->arena, o, NULL, &err) && err.code == STELE_INVALID);
  end(&x);
}

static void test_struct(stele_test *t) {
  fixture x = begin(t);
  stele_err err = {0};
  stele_value got;
  stele_object *st = sub(t, fresh(t, x.m), 10);
  stele_object *number = stele_struct_put(st, t->arena, STELE_STR("n"), &err);
  t_ok(t,
       stele_struct_value_set(number, t->arena, STELE_STRUCT_NUMBER, (stele_value){.d = 1.5}, &err),
       &err);
  stele_object *list = stele_struct_put(st, t->arena, STELE_STR("list"), &err);
  t_ok(t, stele_struct_value_set(list, t->arena, STELE_STRUCT_LIST, (stele_value){.d = 0}, &err),
       &err);
  t_eq_int(t, stele_struct_value_get(list, &got), STELE_STRUCT_LIST);
  stele_object *first = stele_struct_list_add(got.object, t->arena, &err);
  t_ok(t, stele_struct_value_set(first, t->arena, STELE_STRUCT_NULL, (stele_value){.d = 0}, &err),
       &err);
  t_eq_int(t, stele_struct_value_get(first, &got), STELE_STRUCT_NULL);
  t_true(t, stele_struct_put(st, t->arena, STELE_STR("n"), &err) == number);
  t_eq_int(t, stele_struct_value_get(stele_struct_find(st, STELE_STR("n")), &got),
           STELE_STRUCT_NUMBER);
  t_true(t, got.d == 1.5 && !stele_struct_find(st, STELE_STR("m")));
  t_ok(t,
       stele_struct_value_set(number, t->arena, STELE_STRUCT_STRING,
                              (stele_value){.str = STELE_STR("now")}, &err),
       &err);
  t_eq_int(t, stele_struct_value_get(number, &got), STELE_STRUCT_STRING);
  t_ok(t, stele_struct_value_set(number, t->arena, STELE_STRUCT_NOTHING, got, &err), &err);
  t_eq_int(t, stele_struct_value_get(number, &got), STELE_STRUCT_NOTHING);
  t_true(t, !stele_struct_put(number, t->arena, STELE_STR("x"), &err) && err.code == STELE_INVALID);
  end(&x);
}

/* ---- Memory that runs out ---------------------------------------------------------------- */

static const stele_layout *failing_layout;

static bool masks_under_failure(stele_arena *arena, stele_err *err) {
  stele_str paths[] = {STELE_STR("m.i"), STELE_STR("s"), STELE_STR("m.list"), STELE_STR("i")};
  stele_mask mask = {paths, 4}, out;
  stele_object *a = stele_object_new(arena, failing_layout, err);
  stele_object *b = a ? stele_object_new(arena, failing_layout, err) : NULL;
  const stele_field *m = stele_layout_field(failing_layout, 3);
  if (!b || !stele_object_sub(a, arena, m, err)) return false;
  const stele_field *any = stele_layout_field(failing_layout, 8);
  stele_object *packed = stele_object_sub(b, arena, any, err);
  return packed && stele_any_pack(packed, arena, a, err) &&
         stele_any_unpack(arena, packed, NULL, err) &&
         stele_mask_intersect(arena, mask, mask, &out, err) &&
         stele_mask_merge(b, arena, a, mask, NULL, err) && stele_mask_trim(arena, b, mask, err);
}

static void test_failures(stele_test *t) {
  fixture x = begin(t);
  failing_layout = x.m;
  t_each_failure(t, masks_under_failure);
  end(&x);
}

TEST_MAIN(test_sums, test_span_objects, test_mask_sets, test_mask_check, test_mask_trim,
          test_mask_merge, test_any, test_struct, test_failures)
