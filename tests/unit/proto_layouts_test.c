/* One set of layouts, many threads: types that are asked for at the same moment
 * are made once, and what was made is read by all. Runs under TSan as well. */
#include <pthread.h>

#include "base/buf.h"
#include "harness/schema.h"
#include "stele/codec.h"

enum { THREADS = 4, TYPES = 12 };

typedef struct asker {
  pthread_t thread;
  stele_layouts *layouts;
  const stele_layout *found[TYPES];
  bool ok;
} asker;

/* Each type, and a message of it decoded and encoded again. */
static void *ask(void *arg) {
  asker *self = arg;
  stele_arena *arena = stele_arena_new(0);
  self->ok = true;
  for (int i = 0; i < TYPES; i++) {
    stele_err err = {0};
    char name[16];
    int len = snprintf(name, sizeof name, "p.M%d", i);
    self->found[i] = stele_layouts_find(self->layouts, (stele_str){name, (size_t)len}, &err);
    static const uint8_t bytes[] = {0x0a, 0x02, 0x10, 0x05, 0x10, 0x07};
    stele_bytes in = {bytes, sizeof bytes}, out = {NULL, 0};
    stele_object *o = NULL;
    if (self->found[i]) o = stele_binary_decode(arena, self->found[i], in, NULL, &err);
    self->ok =
        self->ok && o && stele_binary_encode(arena, o, NULL, &out, &err) && stele_bytes_eq(in, out);
  }
  stele_arena_free(arena);
  return NULL;
}

static void test_asking_at_once(stele_test *t) {
  t_schemas held = {0};
  stele_buf text;
  stele_buf_init(&text, t->arena, 0);
  stele_buf_add_cstr(&text, "syntax = \"proto3\"; package p;\n");
  for (int i = 0; i < TYPES; i++) {
    stele_buf_printf(&text, "message M%d { M%d next = 1; int32 i = 2; }\n", i, (i + 1) % TYPES);
  }
  stele_buf_add_byte(&text, 0);
  const stele_schema *schema = t_schema(t, &held, text.ptr)->schema;
  stele_err err = {0};
  asker askers[THREADS] = {0};
  stele_layouts *layouts = stele_layouts_new(schema, &err);
  for (int i = 0; i < THREADS; i++) {
    askers[i].layouts = stele_layouts_ref(layouts);
    t_true(t, pthread_create(&askers[i].thread, NULL, ask, &askers[i]) == 0);
  }
  for (int i = 0; i < THREADS; i++) {
    t_true(t, pthread_join(askers[i].thread, NULL) == 0 && askers[i].ok);
    for (int k = 0; k < TYPES; k++) t_true(t, askers[i].found[k] == askers[0].found[k]);
    stele_layouts_unref(askers[i].layouts);
  }
  stele_layouts_unref(layouts);
  t_schemas_free(&held);
}

TEST_MAIN(test_asking_at_once)
