/* Stele's side of message.py: one line of numbers per measurement.
 *
 * usage: message_stele SET TYPE FILE MODE ROUNDS
 * SET is a FileDescriptorSet with TYPE in it, FILE a message of that type. MODE:
 * decode, alias, new, cold, encode, new_encode, cold_encode (new: an arena for each
 * message; cold: and its memory straight from the system). Prints ns per message, bytes of the
 * message, bytes of memory that it takes, and whether it came out again as it
 * was. Uses the installed headers alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fresh.h"
#include "stele/codec.h"
#include "stele/compile.h"

/* Counts what the heap is asked for. */
static size_t asked;
static bool is_cold;

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void __real_free(void *at);
void __wrap_free(void *at);

void *__wrap_malloc(size_t size) {
  asked++;
  return is_cold && size >= FRESH_BYTES ? fresh_alloc(size) : __real_malloc(size);
}

void __wrap_free(void *at) {
  if (!fresh_free(at)) __real_free(at);
}

static double now_ns(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static stele_bytes read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END)) exit(1);
  size_t len = (size_t)ftell(file);
  rewind(file);
  uint8_t *bytes = malloc(len + 1);
  if (!bytes || fread(bytes, 1, len, file) != len) exit(1);
  (void)fclose(file);
  return (stele_bytes){bytes, len};
}

static const stele_schema *load(stele_arena *arena, stele_bytes set) {
  stele_err err = {0};
  stele_report *report = stele_report_new(arena, 0);
  const stele_schema *schema = stele_compile_set(set, NULL, report, &err);
  if (!schema) {
    stele_str text = stele_report_text(report, arena, STELE_REPORT_PROTOC);
    (void)fprintf(stderr, "%.*s%s\n", (int)text.len, text.ptr, err.msg);
    exit(1);
  }
  return schema;
}

static stele_object *must(stele_object *o, const stele_err *err) {
  if (o) return o;
  (void)fprintf(stderr, "%s\n", err->msg);
  exit(1);
}

int main(int argc, char **argv) {
  if (argc != 6) return 2;
  stele_err err = {0};
  stele_arena *start = stele_arena_new(0), *arena = stele_arena_new(0);
  stele_bytes in = read_file(argv[3]), out = {NULL, 0};
  stele_layouts *layouts = stele_layouts_new(load(start, read_file(argv[1])), &err);
  const stele_layout *layout = stele_layouts_find(layouts, stele_cstr(argv[2]), &err);
  if (!layout) {
    (void)fprintf(stderr, "%s\n", err.msg);
    return 1;
  }
  const char *mode = argv[4];
  bool encodes = strstr(mode, "encode") != NULL;
  long rounds = strtol(argv[5], NULL, 10);
  stele_decode_options options = {.alias_input = strcmp(mode, "alias") == 0};
  stele_encoder *encoder = stele_encoder_new(&err);
  stele_arena *kept = stele_arena_new(0);
  stele_object *o = must(stele_binary_decode(kept, layout, in, NULL, &err), &err);
  size_t used = stele_arena_used_bytes(kept);
  bool same = stele_encoder_binary(encoder, o, NULL, &out, &err) && stele_bytes_eq(in, out);

  is_cold = strncmp(mode, "cold", 4) == 0;
  const bool is_new = is_cold || strncmp(mode, "new", 3) == 0;
  double began = 0;
  size_t asked_before = 0;
  for (long i = -1 - rounds / 10; i < rounds; i++) {
    if (i == 0) {
      began = now_ns();
      asked_before = asked;
    }
    if (encodes && !is_new) {
      if (!stele_encoder_binary(encoder, o, NULL, &out, &err)) return 1;
    } else if (encodes) {
      stele_arena *own = stele_arena_new(0);
      if (!stele_binary_encode(own, o, NULL, &out, &err)) return 1;
      stele_arena_free(own);
    } else if (is_new) {
      stele_arena *own = stele_arena_new(0);
      (void)must(stele_binary_decode(own, layout, in, &options, &err), &err);
      stele_arena_free(own);
    } else {
      stele_arena_reset(arena);
      (void)must(stele_binary_decode(arena, layout, in, &options, &err), &err);
    }
  }
  double ns = (now_ns() - began) / (double)rounds;
  (void)printf("%.1f %zu %zu %.2f %s\n", ns, in.len, used,
               (double)(asked - asked_before) / (double)rounds, same ? "same" : "other");
  return 0;
}
