/* The formatter's entry: parse, write, and prove that nothing was lost. */
#include "proto/format/format.h"

#include "base/guard.h"
#include "proto/format/format_internal.h"
#include "proto/parse/parse.h"

typedef struct format_job {
  stele_arena *arena;
  const stele_source *source;
  stele_report *report;
  stele_buf *out;
  stele_code code;
} format_job;

static bool ends_with(stele_str text, char byte) {
  return text.len > 0 && text.ptr[text.len - 1] == byte;
}

/* The bytes whose line ends count. The last one of a file is added where there is none, and
 * behind a line comment, whose bytes stay as they are, it has no CR. */
static stele_str counted(const formatter *f) {
  stele_str text = f->file->tokens.source.text;
  format_comments comments = {0};
  (void)format_read_gap(f->arena, &f->file->tokens, f->file->tokens.count - 1, &comments);
  if (!comments.count || !ends_with(text, '\n')) return text;
  const format_comment *last = &comments.at[comments.count - 1];
  bool is_last = !last->is_block && last->end == text.len - 1;
  if (is_last && text.ptr[text.len - 2] != '\r') text.len--;
  return text;
}

/* Lines end with CR LF where all of them do. The first alone cannot say: it may be a
 * blank one that goes, before a comment whose line ends are its own. */
static bool has_cr(const formatter *f) {
  stele_str text = counted(f);
  bool found = false;
  for (size_t at = 0; at < text.len; at++, found = true) {
    const char *newline = memchr(text.ptr + at, '\n', text.len - at);
    if (!newline) break;
    if (newline == text.ptr || newline[-1] != '\r') return false;
    at = (size_t)(newline - text.ptr);
  }
  return found;
}

static void run(void *arg) {
  format_job *job = arg;
  stele_interner *interner = stele_token_interner(job->arena);
  const stele_ast_file *file = stele_parse(job->arena, interner, job->source, job->report);
  if (file->has_errors) {
    job->code = STELE_INVALID;
    return;
  }
  formatter f = {.arena = job->arena,
                 .file = file,
                 .token = file->tokens.at,
                 .text = job->source->text.ptr,
                 .out = job->out,
                 .start = job->out->len,
                 .line_start = job->out->len};
  f.has_cr = has_cr(&f);
  format_file(&f);
  stele_str text = {job->out->ptr + f.start, job->out->len - f.start};
  if (!job->out->failed && !format_is_same(&f, text, interner)) job->code = STELE_INTERNAL;
}

bool stele_format(stele_arena *arena, const stele_source *source, stele_report *report,
                  stele_buf *out, stele_err *err) {
  format_job job = {arena, source, report, out, STELE_OK};
  size_t start = out->len;
  bool ok = stele_guard_run(arena, run, &job, err);
  if (ok && job.code == STELE_INVALID) {
    ok = stele_fail(err, STELE_INVALID, "the file has errors");
  } else if (ok && job.code == STELE_INTERNAL) {
    ok = stele_fail(err, STELE_INTERNAL, "formatting would have changed more than the layout");
  } else if (ok && out->failed) {
    ok = stele_fail(err, out->limit ? STELE_LIMIT : STELE_NO_MEMORY, "no room for the text");
  }
  if (!ok) out->len = start;
  return ok;
}
