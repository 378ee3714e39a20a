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
    {STELE_EDITION_PROTO2, "syntax = \"proto2\""}, {STELE_EDITION_PROTO3, "syntax = \"proto3\""},
    {STELE_EDITION_2023, "edition = \"2023\""},    {STELE_EDITION_2024, "edition = \"2024\""},
    {STELE_EDITION_2026, "edition = \"2026\""},
};

/* proto2 is what a file without the line is: it is written where it was
 * written, and never in the normalised form. */
static void print_syntax(print_job *job) {
  enum { SYNTAX = 12 };
  const stele_file *file = job->file;
  const print_comment *comment = print_comment_of_part(job, SYNTAX);
  bool shows_proto2 = job->is_exact || comment || (file->has_syntax && !job->is_normalised);
  if (file->edition == STELE_EDITION_PROTO2 && !shows_proto2) return;
  for (size_t i = 0; i < STELE_COUNT(syntax_lines); i++) {
    if (syntax_lines[i].edition != file->edition) continue;
    print_lead(job, comment);
    print_cstr(job, syntax_lines[i].line);
    print_finish(job, ";", comment);
  }
}

static void print_package(print_job *job) {
  enum { PACKAGE = 2 };
  const print_comment *comment = print_comment_of_part(job, PACKAGE);
  if (job->file->package.len == 0) return;
  if (job->is_exact && job->out->len > job->start) print_blank(job);
  print_lead(job, comment);
  print_indent(job);
  print_cstr(job, "package ");
  print_str(job, job->file->package);
  print_finish(job, ";", comment);
}

/* The blank line before a section. */
static void print_gap(print_job *job) {
  if (job->is_exact) {
    print_blank(job);
  } else {
    job->needs_blank = false;
    print_cstr(job, "\n");
  }
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

/* The exact form keeps the order of dependencies; option imports are none. */
static int by_order(const void *a, const void *b) {
  const stele_import *x = *(const stele_import *const *)a, *y = *(const stele_import *const *)b;
  int order = (x->kind == STELE_IMPORT_OPTION) - (y->kind == STELE_IMPORT_OPTION);
  return order ? order : (x > y) - (x < y);
}

static int by_path(const void *a, const void *b) {
  const stele_import *x = *(const stele_import *const *)a, *y = *(const stele_import *const *)b;
  int order = block_of(x) - block_of(y);
  if (order == 0) order = stele_str_order(x->path, y->path);
  return order ? order : by_place(a, b);
}

static void print_import(print_job *job, const stele_import *import) {
  static const char *const keywords[] = {[STELE_IMPORT_PLAIN] = "import ",
                                         [STELE_IMPORT_WEAK] = "import weak ",
                                         [STELE_IMPORT_PUBLIC] = "import public ",
                                         [STELE_IMPORT_OPTION] = "import option "};
  const print_comment *comment = print_comment_of(job, (print_element){PRINT_IMPORT, import});
  print_lead(job, comment);
  print_indent(job);
  print_cstr(job, keywords[import->kind]);
  print_quoted(job, import->path, false);
  print_finish(job, ";", comment);
}

static void import_section(print_job *job) {
  uint32_t count = job->file->import_count;
  if (count == 0) return;
  const stele_import **imports = STELE_NEW_ARRAY(job->arena, const stele_import *, count);
  for (uint32_t i = 0; i < count; i++) imports[i] = &job->file->imports[i];
  qsort(imports, count, sizeof *imports,
        job->is_exact        ? by_order
        : job->is_normalised ? by_path
                             : by_place);
  print_gap(job);
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
  print_gap(job);
  print_option_lines(job, &options, (print_element){PRINT_FILE, job->file});
}

static void type_section(print_job *job, const print_members *members) {
  const stele_file *file = job->file;
  bool any = file->enum_count > 0 || (members->is_mixed && members->message_count > 0);
  for (size_t i = 0; i < members->message_count && !any; i++) any = !members->carriers[i];
  if (any) print_gap(job);
  print_messages(job, members);
  for (uint32_t i = 0; i < file->enum_count; i++) print_enum(job, &file->enums[i]);
}

static void extend_section(print_job *job, const print_members *members) {
  if (members->extend_count) print_gap(job);
  for (size_t i = 0; i < members->extend_count; i++) print_extend_block(job, &members->extends[i]);
}

static void service_section(print_job *job) {
  const stele_file *file = job->file;
  if (file->service_count) print_gap(job);
  for (uint32_t i = 0; i < file->service_count; i++) print_service(job, &file->services[i]);
}

/* Everything that has a block stands apart; see print_message.c. */
static void exact_sections(print_job *job) {
  const stele_file *file = job->file;
  print_body body = {.begun = job->out->len > job->start};
  print_in_order(job, &body, NULL);
  for (uint32_t i = 0; i < file->enum_count; i++) {
    print_blank(job);
    print_enum(job, &file->enums[i]);
  }
  for (uint32_t i = 0; i < file->service_count; i++) {
    print_blank(job);
    print_service(job, &file->services[i]);
  }
}

static void run(void *arg) {
  print_job *job = arg;
  if (job->shows_comments) print_comments_read(job);
  print_syntax(job);
  print_package(job);
  import_section(job);
  option_section(job);
  if (job->is_exact) {
    exact_sections(job);
    return;
  }
  print_members members = print_members_of(job, NULL);
  type_section(job, &members);
  extend_section(job, &members);
  service_section(job);
}

bool stele_print_file(stele_arena *arena, const stele_file *file,
                      const stele_print_options *options, stele_buf *out, stele_err *err) {
  print_job job = {.arena = arena,
                   .file = file,
                   .out = out,
                   .start = out->len,
                   .is_exact = options->form == STELE_PRINT_EXACT,
                   .is_normalised = options->form == STELE_PRINT_NORMALISED,
                   .no_extensions = options->form == STELE_PRINT_IGNORE_EXTENSIONS,
                   .shows_comments = options->comments};
  stele_map_init(&job.reachable, arena, 0);
  stele_buf_init(&job.path, arena, 0);
  if (!stele_guard_run(arena, run, &job, err)) return false;
  return !out->failed || stele_fail(err, STELE_LIMIT, "the text of the file is too long");
}
