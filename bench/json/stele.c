/* Stele's side of json_codec.py: one line of numbers per measurement.
 *
 * usage: side_stele MODE MS TYPE PROTO FILE DIR…
 * MODE: write, read, read_aliased (JSON), encode, decode (binary), text (prints the JSON). FILE
 * is a message of TYPE, which PROTO declares; imports are looked for in DIR….
 * Prints the best ns per message, bytes of JSON, bytes of binary, bytes of memory
 * that the decoded object takes. Uses the installed headers alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "stele/compile.h"
#include "stele/json.h"

static double now_ns(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static stele_bytes read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) return (stele_bytes){NULL, 0};
  if (fseek(file, 0, SEEK_END)) exit(1);
  size_t len = (size_t)ftell(file);
  rewind(file);
  uint8_t *bytes = malloc(len + 1);
  if (!bytes || fread(bytes, 1, len, file) != len) exit(1);
  (void)fclose(file);
  return (stele_bytes){bytes, len};
}

typedef struct dirs {
  stele_resolver resolver; /* first: the callback casts back */
  char **at;
  int count;
} dirs;

static bool find(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  const dirs *d = (const dirs *)self;
  char full[4096];
  (void)err;
  for (int i = 0; i < d->count && !out->bytes.ptr; i++) {
    (void)snprintf(full, sizeof full, "%s/%.*s", d->at[i], (int)path.len, path.ptr);
    out->bytes = read_file(full);
  }
  if (out->bytes.ptr) out->kind = STELE_FOUND_TEXT;
  return true;
}

typedef struct job {
  stele_arena *arena;
  const stele_layout *layout;
  const stele_object *object;
  stele_encoder *encoder;
  stele_bytes binary;
  stele_str json;
  stele_err err;
} job;

static bool run_write(job *j) {
  stele_str out;
  return stele_json_encode(j->arena, j->object, NULL, &out, &j->err);
}

/* The text may go away: what the object holds of it is copied. */
static bool run_read(job *j) {
  return stele_json_decode(j->arena, j->layout, j->json, NULL, &j->err) != NULL;
}

static bool run_read_aliased(job *j) {
  stele_json_decode_options options = {.alias_input = true};
  return stele_json_decode(j->arena, j->layout, j->json, &options, &j->err) != NULL;
}

static bool run_encode(job *j) {
  stele_bytes out;
  return stele_encoder_binary(j->encoder, j->object, NULL, &out, &j->err);
}

static bool run_decode(job *j) {
  return stele_binary_decode(j->arena, j->layout, j->binary, NULL, &j->err) != NULL;
}

/* The best of batches that last about two milliseconds each. */
static double measure(job *j, bool (*run)(job *j), double ms) {
  double best = 1e18, end = now_ns() + ms * 1e6;
  size_t batch = 1;
  do {
    double start = now_ns();
    for (size_t i = 0; i < batch; i++) {
      stele_arena_reset(j->arena);
      if (!run(j)) {
        (void)fprintf(stderr, "%s\n", j->err.msg);
        exit(1);
      }
    }
    double took = now_ns() - start;
    if (took / (double)batch < best) best = took / (double)batch;
    if (took < 1e6) batch *= 2;
  } while (now_ns() < end);
  return best;
}

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    bool (*run)(job *j);
  } modes[] = {
      {"write", run_write},   {"read", run_read},     {"read_aliased", run_read_aliased},
      {"encode", run_encode}, {"decode", run_decode},
  };
  if (argc < 7) return 2;
  stele_arena *keep = stele_arena_new(0);
  dirs d = {{.find = find}, argv + 6, argc - 6};
  stele_str name = stele_cstr(argv[4]);
  stele_compile_options options = {.use_builtin = true};
  job j = {.arena = stele_arena_new(0), .binary = read_file(argv[5])};
  const stele_schema *schema =
      stele_compile(&d.resolver, &name, 1, &options, stele_report_new(keep, 0), &j.err);
  stele_layouts *layouts = schema ? stele_layouts_new(schema, &j.err) : NULL;
  j.layout = layouts ? stele_layouts_find(layouts, stele_cstr(argv[3]), &j.err) : NULL;
  j.object = j.layout ? stele_binary_decode(keep, j.layout, j.binary, NULL, &j.err) : NULL;
  j.encoder = stele_encoder_new(&j.err);
  if (!j.object || !stele_json_encode(keep, j.object, NULL, &j.json, &j.err)) {
    (void)fprintf(stderr, "%s\n", j.err.msg);
    return 1;
  }
  if (strcmp(argv[1], "text") == 0) return fwrite(j.json.ptr, 1, j.json.len, stdout) != j.json.len;
  for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
    if (strcmp(argv[1], modes[i].name) != 0) continue;
    size_t memory = modes[i].run(&j) ? stele_arena_used_bytes(j.arena) : 0;
    printf("%.0f %zu %zu %zu\n", measure(&j, modes[i].run, atof(argv[2])), j.json.len, j.binary.len,
           memory);
  }
  return 0;
}
