/* What a plugin answers, any bytes at all: read or refused, and what was read
 * can be written: an output never loses a file that it took, insertions only
 * ever make texts longer, and everything fits an archive. */
#include <assert.h>

#include "base/guard.h"
#include "gen/plugin_response.h"
#include "gen/zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_MEMORY = 64 << 20 };

typedef struct fuzz_output {
  stele_arena *arena;
  stele_gen_output *files;
} fuzz_output;

static void make_output(void *arg) {
  fuzz_output *output = arg;
  output->files = stele_gen_output_new(output->arena);
  stele_gen_output_be_lenient(output->files);
}

static void write_zip(void *arg) {
  fuzz_output *output = arg;
  size_t count, total = 0;
  stele_buf zip;
  const stele_gen_file *files = stele_gen_output_files(output->files, &count);
  stele_buf_init(&zip, NULL, 0);
  stele_gen_zip(files, count, &zip);
  for (size_t i = 0; i < count; i++) {
    total += files[i].content.len;
    if (i) assert(!stele_str_eq(files[i - 1].path, files[i].path));
  }
  assert(zip.failed || zip.len >= total + 22);
  stele_buf_release(&zip);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_output output = {.arena = stele_arena_new(MOST_MEMORY)};
  stele_plugin_response response;
  stele_err err = {0};
  stele_str why;
  if (!output.arena) return 0;
  if (stele_plugin_response_decode(output.arena, (stele_bytes){data, size}, &response, &err) &&
      stele_guard_run(output.arena, make_output, &output, &err)) {
    /* Twice: the second time everything is there already. */
    bool ok = true;
    for (int i = 0; i < 2 && ok; i++) {
      ok = stele_plugin_response_write(output.arena, &response, STELE_STR("p"), output.files, &why);
    }
    if (ok) (void)!stele_guard_run(output.arena, write_zip, &output, &err);
  } else {
    assert(err.code != STELE_OK);
  }
  stele_arena_free(output.arena);
  return 0;
}
