/* Objects: presence, oneofs, repeated fields, maps, extensions, unknown
 * fields; merging, comparing, copying; memory that runs out. */
#include "base/guard.h"
#include "harness/schema.h"
#include "proto/message/object.h"

static const char text[] =
    "edition = \"2023\"; package p;\n"
    "message M {\n"
    "  int32 i = 1; string s = 2 [default = \"none\"]; bytes b = 3 [default = \"a\\000\\n\"];\n"
    "  int64 plain = 4 [features.field_presence = IMPLICIT];\n"
    "  E e = 5 [default = B]; repeated int32 many = 6; repeated M subs = 7; M sub = 8;\n"
    "  map<string, int32> by_name = 9; map<int32, M> by_number = 10; map<bool, bool> by_bool = "
    "11;\n"
    "  oneof one { int32 one_i = 12; string one_s = 13; M one_m = 14; }\n"
    "  double d = 15 [default = -inf]; float f = 16 [default = 1.5]; bool yes = 17 [default = "
    "true];\n"
    "  repeated string texts = 18; string far_away = 5000; uint64 u = 100 [default = "
    "18446744073709551615];\n"
    "  int64 neg = 101 [default = -9223372036854775808]; repeated bool flags = 102;\n"
    "  extensions 1000 to 2000;\n"
    "}\n"
    "enum E { A = 0; B = 1; C = -5; }\n"
    "enum Wide { option allow_alias = true; W0 = 0; W1 = 1000000; W2 = -1000000; W1B = 1000000; }\n"
    "message R { int32 need = 1 [features.field_presence = LEGACY_REQUIRED]; R r = 2; map<string, "
    "R> m = 3;\n"
    "  repeated R list = 4; Wide w = 5; }\n"
    "message Holder { R r = 1; }\n"
    "extend M { int32 ext_i = 1000; repeated string ext_s = 1001; M ext_m = 1002; }\n";

typedef struct fixture {
  t_schemas held;
  const stele_file *file;
  stele_layouts *layouts;
  const stele_layout *m;
  stele_object *o;
} fixture;

static const stele_layout *layout(stele_test *t, fixture *x, const char *name) {
  stele_err err = {0};
  const stele_layout *found = stele_layouts_find(x->layouts, stele_cstr(name), &err);
  t_ok(t, found != NULL, &err);
  return found;
}

static stele_object *fresh(stele_test *t, const stele_layout *of) {
  stele_err err = {0};
  stele_object *o = stele_object_new(t->arena, of, &err);
  t_ok(t, o != NULL, &err);
  return o;
}

static fixture begin(stele_test *t) {
  fixture x = {0};
  stele_err err = {0};
  x.file = t_schema(t, &x.held, text);
  x.layouts = stele_layouts_new(x.file->schema, &err);
  t_ok(t, x.layouts != NULL, &err);
  x.m = layout(t, &x, "p.M");
  x.o = fresh(t, x.m);
  return x;
}

static void end(fixture *x) {
  stele_layouts_unref(x->layouts);
  t_schemas_free(&x->held);
}

static const stele_field *field(stele_test *t, const stele_layout *of, const char *name) {
  const stele_field *f = stele_layout_field_by_name(of, stele_cstr(name));
  if (!f) f = stele_layout_extension(of, stele_cstr(name));
  t_true(t, f != NULL);
  return f;
}

static void set(stele_test *t, stele_object *o, const char *name, stele_value value) {
  stele_err err = {0};
  t_ok(t, stele_object_set(o, t->arena, field(t, stele_object_layout(o), name), value, &err), &err);
}

static void add(stele_test *t, stele_object *o, const char *name, stele_value value) {
  stele_err err = {0};
  t_ok(t, stele_object_add(o, t->arena, field(t, stele_object_layout(o), name), value, &err), &err);
}

static void put(stele_test *t, stele_object *o, const char *name, stele_value key,
                stele_value value) {
  stele_err err = {0};
  t_ok(t, stele_object_put(o, t->arena, field(t, stele_object_layout(o), name), key, value, &err),
       &err);
}

static stele_object *sub(stele_test *t, stele_object *o, const char *name) {
  stele_err err = {0};
  stele_object *made = stele_object_sub(o, t->arena, field(t, stele_object_layout(o), name), &err);
  t_ok(t, made != NULL, &err);
  return made;
}

static bool has(stele_test *t, const stele_object *o, const char *name) {
  return stele_object_has(o, field(t, stele_object_layout(o), name));
}

static stele_value get(stele_test *t, const stele_object *o, const char *name) {
  return stele_object_get(o, field(t, stele_object_layout(o), name));
}

static stele_value str(const char *s) {
  return (stele_value){.str = stele_cstr(s)};
}

static void test_defaults(stele_test *t) {
  fixture x = begin(t);
  t_eq_int(t, get(t, x.o, "i").i32, 0);
  t_eq_str(t, get(t, x.o, "s").str, STELE_STR("none"));
  t_eq_str(t, get(t, x.o, "b").str, ((stele_str){"a\0\n", 3}));
  t_eq_int(t, get(t, x.o, "e").i32, 1);
  t_true(t, get(t, x.o, "d").d < -1e308 && get(t, x.o, "f").f > 1.4f && get(t, x.o, "yes").b);
  t_true(t, get(t, x.o, "u").u64 == UINT64_MAX && get(t, x.o, "neg").i64 == INT64_MIN);
  t_true(t, get(t, x.o, "sub").object == NULL);
  t_true(t, stele_object_next(x.o, NULL) == NULL);
  end(&x);
}

static void test_presence(stele_test *t) {
  fixture x = begin(t);
  set(t, x.o, "i", (stele_value){.i32 = 0});
  t_true(t, has(t, x.o, "i"));
  set(t, x.o, "plain", (stele_value){.i64 = 7});
  t_true(t, has(t, x.o, "plain"));
  set(t, x.o, "plain", (stele_value){.i64 = 0});
  t_true(t, !has(t, x.o, "plain"));
  set(t, x.o, "s", str(""));
  t_true(t, has(t, x.o, "s") && get(t, x.o, "s").str.len == 0);
  stele_object_clear(x.o, field(t, x.m, "s"));
  t_eq_str(t, get(t, x.o, "s").str, STELE_STR("none"));
  set(t, x.o, "far_away", str("far"));
  set(t, x.o, "p.ext_i", (stele_value){.i32 = -3});
  t_eq_int(t, get(t, x.o, "p.ext_i").i32, -3);
  stele_object_clear_all(x.o);
  t_true(t, stele_object_next(x.o, NULL) == NULL);
  end(&x);
}

static void test_oneof(stele_test *t) {
  fixture x = begin(t);
  const stele_oneof *one = field(t, x.m, "one_i")->oneof;
  t_true(t, stele_object_which(x.o, one) == NULL);
  set(t, x.o, "one_i", (stele_value){.i32 = 4});
  t_true(t, stele_object_which(x.o, one) == field(t, x.m, "one_i"));
  set(t, x.o, "one_s", str("text"));
  t_true(t, !has(t, x.o, "one_i") && has(t, x.o, "one_s"));
  set(t, sub(t, x.o, "one_m"), "i", (stele_value){.i32 = 9});
  t_true(t, !has(t, x.o, "one_s") && get(t, sub(t, x.o, "one_m"), "i").i32 == 9);
  stele_object_clear(x.o, field(t, x.m, "one_m"));
  t_true(t, stele_object_which(x.o, one) == NULL);
  set(t, x.o, "one_s", str("again"));
  t_eq_str(t, get(t, x.o, "one_s").str, STELE_STR("again"));
  end(&x);
}

static void test_repeated(stele_test *t) {
  fixture x = begin(t);
  stele_err err = {0};
  size_t count = 0;
  for (int32_t i = 0; i < 100; i++) add(t, x.o, "many", (stele_value){.i32 = i * i});
  for (int i = 0; i < 9; i++) add(t, x.o, "flags", (stele_value){.b = i % 2});
  add(t, x.o, "p.ext_s", str("one"));
  add(t, x.o, "p.ext_s", str("two"));
  const int32_t *many = stele_object_items(x.o, field(t, x.m, "many"), &count);
  t_eq_int(t, count, 100);
  t_eq_int(t, many[99], 99 * 99);
  t_true(t, stele_object_item(x.o, field(t, x.m, "flags"), 7).b);
  t_eq_str(t, stele_object_item(x.o, field(t, x.m, "p.ext_s"), 1).str, STELE_STR("two"));
  t_eq_int(t, stele_object_item(x.o, field(t, x.m, "many"), 100).i32, 0);
  t_ok(t, stele_object_set_item(x.o, field(t, x.m, "many"), 3, (stele_value){.i32 = -1}, &err),
       &err);
  t_eq_int(t, stele_object_item(x.o, field(t, x.m, "many"), 3).i32, -1);
  t_ok(t, stele_object_truncate(x.o, field(t, x.m, "many"), 4, &err), &err);
  t_eq_int(t, stele_object_count(x.o, field(t, x.m, "many")), 4);
  t_ok(t, stele_object_truncate(x.o, field(t, x.m, "many"), 0, &err), &err);
  t_true(t, !has(t, x.o, "many"));
  t_true(t, stele_object_add_object(x.o, t->arena, field(t, x.m, "subs"), &err) != NULL);
  t_eq_int(t, stele_object_count(x.o, field(t, x.m, "subs")), 1);
  end(&x);
}

static void test_maps(stele_test *t) {
  fixture x = begin(t);
  const stele_field *by_name = field(t, x.m, "by_name");
  size_t count = 0;
  for (int i = 0; i < 1000; i++) {
    put(t, x.o, "by_name", (stele_value){.str = stele_str_printf(t->arena, "k%d", i % 500)},
        (stele_value){.i32 = i});
  }
  t_eq_int(t, stele_object_count(x.o, by_name), 500);
  t_eq_int(t, stele_object_find(x.o, by_name, str("k77"))->value.i32, 577);
  t_true(t, stele_object_find(x.o, by_name, str("k500")) == NULL);
  t_true(t, stele_object_remove(x.o, by_name, str("k0")));
  t_true(t, !stele_object_remove(x.o, by_name, str("k0")));
  const stele_entry *entries = stele_object_entries(x.o, by_name, &count);
  t_eq_int(t, count, 499);
  t_eq_str(t, entries[0].key.str, STELE_STR("k1"));
  t_eq_int(t, stele_object_find(x.o, by_name, str("k499"))->value.i32, 999);
  put(t, x.o, "by_number", (stele_value){.i32 = -1}, (stele_value){.object = fresh(t, x.m)});
  t_true(t, stele_object_find(x.o, field(t, x.m, "by_number"), (stele_value){.i32 = -1}) != NULL);
  put(t, x.o, "by_bool", (stele_value){.b = true}, (stele_value){.b = false});
  t_true(t, stele_object_remove(x.o, field(t, x.m, "by_bool"), (stele_value){.b = true}));
  t_true(t, !has(t, x.o, "by_bool"));
  end(&x);
}

/* What a decoder does: append, then settle. */
static void test_settle(stele_test *t) {
  fixture x = begin(t);
  static const int sizes[] = {1, 5, 8, 9, 100};
  for (size_t s = 0; s < STELE_COUNT(sizes); s++) {
    t_case_n(t, "entries", (size_t)sizes[s]);
    stele_object *o = fresh(t, x.m);
    object_dict *dict = object_dict_new(t->arena, o, layout_find_name(x.m, STELE_STR("by_number")));
    for (int i = 0; i < sizes[s]; i++) {
      *dict_append(t->arena, dict) = (stele_entry){{.u64 = (uint64_t)(i % 3)}, {.i32 = i}};
    }
    dict_settle(t->arena, dict);
    t_eq_int(t, dict->count, sizes[s] < 3 ? sizes[s] : 3);
    for (uint32_t i = 0; i < dict->count; i++) {
      t_eq_int(t, dict->entries[i].key.u64, i);
      t_true(t, dict->entries[i].value.i32 >= sizes[s] - 3);
      t_true(t, dict_find(dict, (stele_value){.u64 = i}) == &dict->entries[i]);
    }
  }
  end(&x);
}

/* Keys that rise are found by halving; one that does not ends that. */
static void test_rising(stele_test *t) {
  fixture x = begin(t);
  static const struct {
    const char *label;
    int count;
    int odd; /* a key that is put at the end; -1: none */
    int removed;
  } rows[] = {
      {"few", 5, -1, 2},          {"many", 300, -1, 150},     {"the first", 300, -1, 0},
      {"the last", 300, -1, 299}, {"one between", 300, 7, 9}, {"few and one between", 6, 3, 1},
  };
  for (size_t r = 0; r < STELE_COUNT(rows); r++) {
    for (int is_text = 0; is_text < 2; is_text++) {
      t_case(t, rows[r].label);
      x.o = fresh(t, x.m);
      const char *name = is_text ? "by_name" : "by_number";
      const layout_field *f = layout_find_name(x.m, stele_cstr(name));
      object_dict *dict = object_dict_new(t->arena, x.o, f);
      for (int i = 0; i < rows[r].count; i++) { /* texts of one beginning, long and short ones */
        stele_entry *entry = dict_append(t->arena, dict);
        *entry = (stele_entry){.value = {.i32 = i}};
        entry->key.u64 = (uint64_t)i * 2;
        if (is_text)
          entry->key.str = stele_str_printf(t->arena, i % 2 ? "%05d-x" : "%05d-longer", i);
      }
      dict_settle(t->arena, dict);
      t_eq_int(t, dict->count, rows[r].count);
      t_true(t, dict->is_rising && !dict->slots);
      if (rows[r].odd >= 0) {
        bool was_in = true;
        stele_value key = {.u64 = (uint64_t)rows[r].odd};
        if (is_text) key.str = stele_str_printf(t->arena, "%05d", rows[r].odd);
        dict_put(t->arena, dict, key, &was_in)->value.i32 = -5;
        t_true(t, !was_in && !dict->is_rising && dict_find(dict, key)->value.i32 == -5);
        t_true(t, (dict->slots != NULL) == (rows[r].count >= 8));
      }
      stele_value gone = dict->entries[rows[r].removed].key;
      t_true(t, dict_remove(dict, gone) && !dict_find(dict, gone));
      for (uint32_t i = 0; i < dict->count; i++) {
        t_true(t, dict_find(dict, dict->entries[i].key) == &dict->entries[i]);
      }
    }
  }
  end(&x);
}

static void test_refusals(stele_test *t) {
  fixture x = begin(t);
  stele_err err = {0};
  const stele_layout *r = layout(t, &x, "p.R");
  stele_value other = {.object = fresh(t, r)};
  static const struct {
    const char *label, *name;
    int call; /* 0 set, 1 add, 2 sub, 3 put */
  } rows[] = {
      {"set of a repeated field", "many", 0},
      {"add to a singular field", "i", 1},
      {"a message of another type", "sub", 0},
      {"a message of another type, added", "subs", 1},
      {"sub of a scalar", "i", 2},
      {"put into what is no map", "many", 3},
      {"set of a map", "by_name", 0},
      {"a map's message of another type", "by_number", 3},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    const stele_field *f = field(t, x.m, rows[i].name);
    bool ok = rows[i].call == 0   ? stele_object_set(x.o, t->arena, f, other, &err)
              : rows[i].call == 1 ? stele_object_add(x.o, t->arena, f, other, &err)
              : rows[i].call == 2 ? stele_object_sub(x.o, t->arena, f, &err) != NULL
                                  : stele_object_put(x.o, t->arena, f, other, other, &err);
    t_true(t, !ok && err.code == STELE_INVALID);
  }
  t_case(t, "a text that no message can carry");
  stele_value endless = {.str = {"", (size_t)INT32_MAX + 1}};
  t_true(t, !stele_object_set(x.o, t->arena, field(t, x.m, "s"), endless, &err) &&
                err.code == STELE_LIMIT);
  t_case(t, "a field of another type");
  t_true(t, !stele_object_set(x.o, t->arena, field(t, r, "need"), other, &err));
  t_true(t, !stele_object_has(x.o, field(t, r, "need")));
  t_true(t, !stele_layouts_find(x.layouts, STELE_STR("p.Nothing"), &err) &&
                err.code == STELE_NOT_FOUND);
  end(&x);
}

static void fill(stele_test *t, stele_object *o, int depth) {
  set(t, o, "i", (stele_value){.i32 = depth});
  set(t, o, "s", str("text"));
  add(t, o, "many", (stele_value){.i32 = 1});
  put(t, o, "by_name", str("key"), (stele_value){.i32 = depth});
  add(t, o, "texts", str("element"));
  set(t, o, "p.ext_i", (stele_value){.i32 = 11});
  stele_err err = {0};
  t_ok(t,
       stele_object_add_unknown(o, t->arena, (stele_bytes){(const uint8_t *)"\x98\x3e\x01", 3},
                                &err),
       &err);
  if (depth == 0) return;
  fill(t, sub(t, o, "sub"), depth - 1);
  fill(t, sub(t, o, "p.ext_m"), depth - 1);
  fill(t, stele_object_add_object(o, t->arena, field(t, stele_object_layout(o), "subs"), &err),
       depth - 1);
  stele_object *value = fresh(t, stele_object_layout(o));
  fill(t, value, depth - 1);
  put(t, o, "by_number", (stele_value){.i32 = 3}, (stele_value){.object = value});
}

static void test_merge_laws(stele_test *t) {
  fixture x = begin(t);
  stele_err err = {0};
  stele_object *a = fresh(t, x.m), *b = fresh(t, x.m), *empty = fresh(t, x.m);
  fill(t, a, 2);
  fill(t, b, 1);
  stele_object *copy = stele_object_copy(t->arena, a, &err);
  t_true(t, copy && copy != a && stele_object_equal(copy, a) && !stele_object_equal(a, b));
  t_true(t, get(t, copy, "s").str.ptr != get(t, a, "s").str.ptr);

  t_case(t, "an empty object changes nothing, from either side");
  t_ok(t, stele_object_merge(copy, t->arena, empty, &err), &err);
  t_true(t, stele_object_equal(copy, a));
  t_ok(t, stele_object_merge(empty, t->arena, a, &err), &err);
  t_true(t, stele_object_equal(empty, a));

  t_case(t, "lists grow, scalars are replaced, maps are united, messages merged");
  t_ok(t, stele_object_merge(copy, t->arena, b, &err), &err);
  t_eq_int(t, stele_object_count(copy, field(t, x.m, "many")), 2);
  t_eq_int(t, stele_object_count(copy, field(t, x.m, "by_name")), 1);
  t_eq_int(t, get(t, copy, "i").i32, 1);
  t_eq_int(t, get(t, sub(t, copy, "sub"), "i").i32, 0);
  t_true(t, has(t, sub(t, copy, "sub"), "sub"));

  t_case(t, "(a + b) + c = a + (b + c)");
  stele_object *ab = stele_object_copy(t->arena, a, &err),
               *bc = stele_object_copy(t->arena, b, &err);
  stele_object *left = ab, *right = stele_object_copy(t->arena, a, &err);
  t_ok(t, stele_object_merge(ab, t->arena, b, &err), &err);
  t_ok(t, stele_object_merge(left, t->arena, a, &err), &err);
  t_ok(t, stele_object_merge(bc, t->arena, a, &err), &err);
  t_ok(t, stele_object_merge(right, t->arena, bc, &err), &err);
  t_true(t, stele_object_equal(left, right));
  end(&x);
}

static void test_diff(stele_test *t) {
  fixture x = begin(t);
  stele_err err = {0};
  stele_object *a = fresh(t, x.m), *b = fresh(t, x.m);
  fill(t, a, 1);
  fill(t, b, 1);
  const stele_difference *found = NULL;
  size_t count = 1;
  t_ok(t, stele_object_diff(t->arena, a, b, 0, &found, &count, &err), &err);
  t_eq_int(t, count, 0);
  set(t, b, "i", (stele_value){.i32 = 5});
  stele_object_clear(b, field(t, x.m, "s"));
  set(t, sub(t, b, "sub"), "plain", (stele_value){.i64 = 5});
  add(t, b, "many", (stele_value){.i32 = 5});
  put(t, b, "by_name", str("x\"y"), (stele_value){.i32 = 5});
  set(t, b, "p.ext_i", (stele_value){.i32 = 5});
  set(t, stele_object_find(b, field(t, x.m, "by_number"), (stele_value){.i32 = 3})->value.object,
      "s", str("other"));
  stele_object_clear_unknown(sub(t, b, "sub"));
  t_ok(t, stele_object_diff(t->arena, a, b, 0, &found, &count, &err), &err);
  static const char *want[] = {
      "i",        "s", "many[1]", "sub.plain", "sub", "by_name[\"x\\\"y\"]", "by_number[3].s",
      "[p.ext_i]"};
  t_eq_int(t, count, STELE_COUNT(want));
  for (size_t i = 0; i < STELE_COUNT(want); i++) t_eq_str(t, found[i].path, stele_cstr(want[i]));
  t_true(t, found[0].change == STELE_DIFFERENCE_CHANGED &&
                found[1].change == STELE_DIFFERENCE_REMOVED &&
                found[2].change == STELE_DIFFERENCE_ADDED);
  t_ok(t, stele_object_diff(t->arena, a, b, 2, &found, &count, &err), &err);
  t_eq_int(t, count, 2);
  end(&x);
}

static void test_required(stele_test *t) {
  fixture x = begin(t);
  stele_err err = {0};
  stele_object *holder = fresh(t, layout(t, &x, "p.Holder"));
  t_ok(t, stele_object_check_required(holder, &err), &err);
  stele_object *r = sub(t, holder, "r");
  t_true(t, !stele_object_check_required(holder, &err));
  t_eq_str(t, stele_cstr(err.msg), STELE_STR("required field \"r.need\" is not set"));
  set(t, r, "need", (stele_value){.i32 = 0});
  t_ok(t, stele_object_check_required(holder, &err), &err);
  put(t, r, "m", str("k"), (stele_value){.object = fresh(t, stele_object_layout(r))});
  t_true(t, !stele_object_check_required(holder, &err));
  t_eq_str(t, stele_cstr(err.msg), STELE_STR("required field \"r.m[\"k\"].need\" is not set"));
  t_true(t, !x.m->needs_required && stele_object_layout(r)->needs_required);
  end(&x);
}

static void test_layout_tables(stele_test *t) {
  fixture x = begin(t);
  const layout_field *f = layout_find_name(x.m, STELE_STR("far_away"));
  t_true(t, f && layout_find(x.m, 5000) == f && !layout_find(x.m, 5001) && !layout_find(x.m, 0));
  t_true(t, layout_find_json_name(x.m, STELE_STR("farAway")) == f &&
                layout_find_json_name(x.m, STELE_STR("far_away")) == f &&
                !layout_find_name(x.m, STELE_STR("farAway")));
  t_eq_str(t, x.m->info[f->index].json_key, STELE_STR("\"farAway\":"));
  t_eq_str(t, x.m->info[f->index].proto_key, STELE_STR("\"far_away\":"));
  const layout_field *ext = layout_find_extension(x.m, STELE_STR("p.ext_i"));
  t_true(t, ext && stele_wire_number(ext->tag) == 1000);
  t_eq_str(t, x.m->info[ext->index].json_key, STELE_STR("\"[p.ext_i]\":"));
  for (uint32_t i = 0; i < x.m->field_count; i++) {
    t_case_n(t, "field", i);
    t_true(t,
           stele_layout_field_at(x.m, i)->number == (int32_t)stele_wire_number(x.m->fields[i].tag));
    t_true(t, layout_find(x.m, stele_wire_number(x.m->fields[i].tag))->index == i);
  }
  const stele_layout *r = layout(t, &x, "p.R");
  const layout_enum *wide = layout_find_name(r, STELE_STR("w"))->sub.enumeration;
  t_eq_str(t, layout_enum_find(wide, 1000000)->name, STELE_STR("W1"));
  t_true(t, !layout_enum_find(wide, 7) && layout_enum_find(wide, -1000000));
  t_true(t, layout_enum_find_name(wide, STELE_STR("W1B"))->number == 1000000);
  const layout_enum *narrow = layout_find_name(x.m, STELE_STR("e"))->sub.enumeration;
  t_true(t, layout_enum_find(narrow, -5) && !layout_enum_find(narrow, -6) &&
                !layout_enum_find(narrow, 2) && !layout_enum_find(narrow, INT32_MIN));
  end(&x);
}

static void test_well_known(stele_test *t) {
  t_schemas held = {0};
  static const t_text files[] = {
      {"user.proto",
       "syntax = \"proto3\"; import \"google/protobuf/any.proto\";"
       "import \"google/protobuf/struct.proto\"; import \"google/protobuf/wrappers.proto\";"
       "import \"google/protobuf/timestamp.proto\"; import \"fake.proto\";"
       "message U { google.protobuf.Any a = 1; google.protobuf.Duration d = 2; }"},
      {"fake.proto",
       "syntax = \"proto3\"; package google.protobuf; message Duration { string s = 1; }"},
  };
  const stele_file *file = t_schema_files(t, &held, files, 2);
  stele_err err = {0};
  stele_layouts *layouts = stele_layouts_new(file->schema, &err);
  static const struct {
    const char *name;
    layout_well_known want;
  } rows[] = {
      {"google.protobuf.Any", LAYOUT_WKT_ANY},
      {"google.protobuf.Struct", LAYOUT_WKT_STRUCT},
      {"google.protobuf.Value", LAYOUT_WKT_VALUE},
      {"google.protobuf.ListValue", LAYOUT_WKT_LIST_VALUE},
      {"google.protobuf.Timestamp", LAYOUT_WKT_TIMESTAMP},
      {"google.protobuf.BytesValue", LAYOUT_WKT_BYTES_VALUE},
      {"google.protobuf.Duration", LAYOUT_NOT_WELL_KNOWN}, /* another shape */
      {"U", LAYOUT_NOT_WELL_KNOWN},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].name);
    const stele_layout *found = stele_layouts_find(layouts, stele_cstr(rows[i].name), &err);
    t_true(t, found && found->well_known == rows[i].want);
  }
  stele_layouts_unref(layouts);
  t_schemas_free(&held);
}

/* ---- Memory that runs out ----------------------------------------------------- */

static const stele_file *shared;

typedef struct failing {
  stele_arena *arena;
  stele_layouts *layouts;
} failing;

static void make_layouts(void *arg) {
  failing *run = arg;
  run->layouts = layouts_new_in(run->arena, shared->schema);
}

static bool layouts_under_failure(stele_arena *arena, stele_err *err) {
  failing run = {.arena = arena};
  bool ok = stele_guard_run(arena, make_layouts, &run, err);
  if (ok) ok = stele_layouts_find(run.layouts, STELE_STR("p.Holder"), err) != NULL;
  if (ok) ok = stele_layouts_find(run.layouts, STELE_STR("p.M"), err) != NULL;
  stele_layouts_unref(run.layouts);
  return ok;
}

static const stele_layout *shared_layout;

/* After a failure the object is as it was. */
static bool changes_under_failure(stele_arena *arena, stele_err *err) {
  const stele_layout *m = shared_layout;
  stele_object *o = stele_object_new(arena, m, err);
  if (!o) return false;
  const stele_field *by_name = stele_layout_field_by_name(m, STELE_STR("by_name"));
  const stele_field *many = stele_layout_field_by_name(m, STELE_STR("many"));
  for (int i = 0; i < 20; i++) {
    static const char names[] = "abcdefghijklmnopqrst";
    bool put = stele_object_put(o, arena, by_name, (stele_value){.str = {names + i, 1}},
                                (stele_value){.i32 = i}, err);
    if (!put && (int)stele_object_count(o, by_name) < i)
      return stele_fail(err, STELE_INTERNAL, "lost entries");
    if (!put || !stele_object_add(o, arena, many, (stele_value){.i32 = i}, err)) return false;
  }
  const stele_field *ext = stele_layout_extension(m, STELE_STR("p.ext_i"));
  if (!stele_object_set(o, arena, ext, (stele_value){.i32 = 1}, err)) return false;
  if (!stele_object_add_unknown(o, arena, (stele_bytes){(const uint8_t *)"x", 1}, err))
    return false;
  stele_object *copy = stele_object_copy(arena, o, err);
  if (!copy) return false;
  const stele_difference *found;
  size_t count;
  stele_object_clear(copy, many);
  return stele_object_merge(copy, arena, o, err) &&
         stele_object_diff(arena, copy, o, 0, &found, &count, err);
}

static void test_failures(stele_test *t) {
  fixture x = begin(t);
  shared = x.file;
  shared_layout = x.m;
  t_each_failure(t, layouts_under_failure);
  t_each_failure(t, changes_under_failure);
  end(&x);
}

TEST_MAIN(test_defaults, test_presence, test_oneof, test_repeated, test_maps, test_settle,
          test_rising, test_refusals, test_merge_laws, test_diff, test_required, test_layout_tables,
          test_well_known, test_failures)
