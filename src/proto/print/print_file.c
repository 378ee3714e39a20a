/* A file, section by section: syntax and package, imports, options, messages
 * and enums, extend blocks, services. Each section that is there has a blank
 * line before it. The entry point, with the module's one guard. */
#include <stdlib.h>

#include "base/guard.h"
#include "proto/print/print_internal.h"

/* ---- Head --------------------------------------------------------------- */

static const struct {
  uint16_t edition;
  const char *line;
} syntax_lines[] = {
    {STELE_EDITION_PROTO2, "syntax = \"proto2\";\n"},
    {STELE_EDITION_PROTO3, "syntax = \"proto3\";\n"},
    {STELE_EDITION_2023, "edition = \"2023\";\n"},
    {STELE_EDITION_2024, "edition = \"2024\";\n"},
    {STELE_EDITION_2026, "edition = \"2026\";\n"},
};

/* proto2 is what a file without the line is: it is written where it was
 * written, and never in the normalised form. */
static void print_syntax(print_job *job) {
  const stele_file *file = job->file;
  if (file->edition == STELE_EDITION_PROTO2 && (!file->has_syntax || job->is_normalised)) return;
  for (size_t i = 0; i < STELE_COUNT(syntax_lines); i++) {
    if (syntax_lines[i].edition == file->edition) print_cstr(job, syntax_lines[i].line);
  }
}

static void print_package(print_job *job) {
  if (job->file->package.len == 0) return;
  print_cstr(job, "package ");
  print_str(job, job->file->package);
  print_cstr(job, ";\n");
}

/* ---- Imports ------------------------------------------------------------ */

/* Their blocks: plain and weak ones as they come, public ones, and at the end
 * option imports, which may stand nowhere else. */
static int block_of(const stele_import *import) {
  static const uint8_t blocks[] = {[STELE_IMPORT_PLAIN] = 0,
                                   [STELE_IMPORT_WEAK] = 0,
                                   [STELE_IMPORT_PUBLIC] = 1,
                                   [STELE_IMPORT_OPTION] = 2};
  return blocks[import->kind];
}

static int by_place(const void *a, const void *b) {
  const stele_import *x = *(const stele_import *const *)a, *y = *(const stele_import *const *)b;
  int order = block_of(x) - block_of(y);
  return order ? order : (x > y) - (x < y);
}

static int by_path(const void *a, const void *b) {
  const stele_import *x = *(const stele_import *const *)a, *y = *(const stele_import *const *)b;
  int order = block_of(x) - block_of(y);
  if (order == 0) order = print_compare(x->path, y->path);
  return order ? order : by_place(a, b);
}

static void print_import(print_job *job, const stele_import *import) {
  static const char *const keywords[] = {[STELE_IMPORT_PLAIN] = "import ",
                                         [STELE_IMPORT_WEAK] = "import weak ",
                                         [STELE_IMPORT_PUBLIC] = "import public ",
                                         [STELE_IMPORT_OPTION] = "import option "};
  print_cstr(job, keywords[import->kind]);
  print_quoted(job, import->path, false);
  print_cstr(job, ";\n");
}

static void import_section(print_job *job) {
  uint32_t count = job->file->import_count;
  if (count == 0) return;
  const stele_import **imports = STELE_NEW_ARRAY(job->arena, const stele_import *, count);
  for (uint32_t i = 0; i < count; i++) imports[i] = &job->file->imports[i];
  qsort(imports, count, sizeof *imports, job->is_normalised ? by_path : by_place);
  print_cstr(job, "\n");
  for (uint32_t i = 0; i < count; i++) {
    bool is_again = i > 0 && imports[i]->kind == imports[i - 1]->kind &&
                    stele_str_eq(imports[i]->path, imports[i - 1]->path);
    if (!is_again || !job->is_normalised) print_import(job, imports[i]);
  }
}

/* ---- Body --------------------------------------------------------------- */

static void option_section(print_job *job) {
  print_options options = print_options_read(job, job->file->options, job->file->package);
  if (!print_has_option_lines(&options)) return;
  print_cstr(job, "\n");
  print_option_lines(job, &options);
}

static void type_section(print_job *job, const print_members *members) {
  const stele_file *file = job->file;
  bool any = file->enum_count > 0 || (members->is_mixed && members->message_count > 0);
  for (size_t i = 0; i < members->message_count && !any; i++) any = !members->carriers[i];
  if (any) print_cstr(job, "\n");
  print_messages(job, members);
  for (uint32_t i = 0; i < file->enum_count; i++) print_enum(job, &file->enums[i]);
}

static void extend_section(print_job *job, const print_members *members) {
  if (members->extend_count) print_cstr(job, "\n");
  for (size_t i = 0; i < members->extend_count; i++) print_extend_block(job, &members->extends[i]);
}

static void service_section(print_job *job) {
  const stele_file *file = job->file;
  if (file->service_count) print_cstr(job, "\n");
  for (uint32_t i = 0; i < file->service_count; i++) print_service(job, &file->services[i]);
}

static void run(void *arg) {
  print_job *job = arg;
  print_members members = print_members_of(job, NULL);
  print_syntax(job);
  print_package(job);
  import_section(job);
  option_section(job);
  type_section(job, &members);
  extend_section(job, &members);
  service_section(job);
}

bool stele_print_file(stele_arena *arena, const stele_file *file, stele_print_form form,
                      stele_buf *out, stele_err *err) {
  print_job job = {.arena = arena,
                   .file = file,
                   .out = out,
                   .is_normalised = form == STELE_PRINT_NORMALISED,
                   .no_extensions = form == STELE_PRINT_IGNORE_EXTENSIONS};
  stele_map_init(&job.reachable, arena, 0);
  if (!stele_guard_run(arena, run, &job, err)) return false;
  return !out->failed || stele_fail(err, STELE_LIMIT, "the text of the file is too long");
}
