/* The comments of a file are written down, one line each, before and after. */
#include "harness/format.h"

#include "base/guard.h"
#include "harness/comments.h"
#include "proto/format/format.h"
#include "proto/parse/parse.h"

typedef struct list_job {
  stele_arena *arena;
  stele_str text;
  const stele_ast_file *file;
  stele_buf out;
} list_job;

/* A comment that ends the file may get the line end that it lacks; an empty one is none
 * as long as it lacks it. */
static void add_comment(list_job *job, const char *name, const stele_comment *comment) {
  if (!comment->end) return;
  size_t start = job->out.len;
  stele_buf_printf(&job->out, " %s \"", name);
  size_t text = job->out.len;
  stele_comment_print(&job->file->tokens, comment, &job->out);
  bool is_last = !comment->is_block && comment->end == job->text.len;
  bool lacks_end = is_last && job->text.ptr[comment->end - 1] != '\n';
  stele_buf_add_cstr(&job->out, lacks_end ? "\n\"" : "\"");
  if (is_last && job->out.len == text + 2) job->out.len = start;
}

static void visit(void *arg, uint32_t ordinal, uint32_t first, const stele_comments_of *of) {
  list_job *job = arg;
  size_t start = job->out.len;
  (void)first;
  stele_buf_add_u64(&job->out, ordinal);
  size_t written = job->out.len;
  add_comment(job, "leading", &of->leading);
  add_comment(job, "trailing", &of->trailing);
  for (size_t i = 0; i < of->detached_count; i++) add_comment(job, "detached", &of->detached[i]);
  if (job->out.len == written) {
    job->out.len = start;
  } else {
    stele_buf_add_byte(&job->out, '\n');
  }
}

static void list(void *arg) {
  list_job *job = arg;
  stele_source source = {STELE_STR("in.proto"), job->text};
  stele_report *report = stele_report_new(job->arena, 0);
  stele_buf_init(&job->out, job->arena, 0);
  job->file = stele_parse(job->arena, stele_token_interner(job->arena), &source, report);
  if (!job->file->has_errors) comments_walk(job->arena, job->file, visit, job);
}

/* {false} when the text does not parse. */
static bool list_comments(stele_arena *arena, stele_str text, stele_str *out) {
  stele_err err = {0};
  list_job job = {.arena = arena, .text = text};
  if (!stele_guard_run(arena, list, &job, &err) || job.file->has_errors) return false;
  *out = stele_buf_str(&job.out);
  return true;
}

static bool format(stele_arena *arena, stele_str text, stele_str *out, stele_err *err) {
  stele_buf buf;
  stele_source source = {STELE_STR("in.proto"), text};
  stele_buf_init(&buf, arena, 0);
  bool ok = stele_format(arena, &source, stele_report_new(arena, 0), &buf, err);
  *out = ok ? stele_buf_str(&buf) : (stele_str){0};
  return ok;
}

static const char *fault(stele_arena *arena, const char *what, stele_str a, stele_str b) {
  return stele_str_printf(arena,
                          "%s\n---- one:\n" STELE_STR_FMT "\n---- two:\n" STELE_STR_FMT "\n----",
                          what, STELE_STR_ARG(a), STELE_STR_ARG(b))
      .ptr;
}

const char *format_fault(stele_arena *arena, stele_str text, stele_str *formatted) {
  stele_err err = {0};
  stele_str before, after, once, twice;
  if (formatted) *formatted = (stele_str){0};
  if (!list_comments(arena, text, &before)) {
    if (format(arena, text, &once, &err)) return "what does not parse was formatted";
    return err.code == STELE_INVALID ? NULL
           : err.code == STELE_LIMIT ? NULL
                                     : "not refused as invalid";
  }
  if (!format(arena, text, &once, &err)) return fault(arena, err.msg, text, text);
  if (!list_comments(arena, once, &after)) return fault(arena, "does not parse", text, once);
  if (!stele_str_eq(before, after)) {
    return fault(arena, fault(arena, "comments moved", before, after), text, once);
  }
  if (!format(arena, once, &twice, &err)) return fault(arena, err.msg, text, once);
  if (!stele_str_eq(once, twice)) return fault(arena, "not a fixed point", once, twice);
  if (once.len && once.ptr[once.len - 1] != '\n') return fault(arena, "no end", text, once);
  if (formatted) *formatted = once;
  return NULL;
}
