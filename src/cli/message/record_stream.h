/* cli/record_stream: messages one after another, in from a descriptor and out to
 * a file, in bounded memory.
 *
 * In:   a form: how a message is spelled and how one ends.   Out: records; or,
 * the other way, a file that appears whole.
 * Deps: cli/command.h, sys/output.h, base/buf.h. */
#ifndef STELE_CLI_RECORD_STREAM_H
#define STELE_CLI_RECORD_STREAM_H

#include "base/buf.h"
#include "base/err.h"
#include "sys/output.h"

typedef enum record_spelling { SPELL_BINARY, SPELL_JSON, SPELL_TEXT } record_spelling;
typedef enum record_cover { COVER_NONE, COVER_HEX, COVER_BASE64 } record_cover;
typedef enum record_end { END_FILE, END_LINE, END_LENGTH } record_end;

/* One form, as --from and --to name it. */
typedef struct record_form {
  const char *name;
  const char *endings; /* of files, separated by blanks */
  const char *help;
  record_spelling spelling;
  record_cover cover; /* around binary */
  record_end end;
} record_form;

extern const record_form record_forms[];
extern const size_t record_form_count;

/* By name; by the ending of a file's name; NULL: none. */
const record_form *record_form_find(stele_str name);
const record_form *record_form_of_file(stele_str path);

/* ---- In ------------------------------------------------------------------------- */

typedef struct record_reader {
  int fd;
  const record_form *form;
  stele_buf bytes; /* read and not consumed from `from` on */
  size_t from;
  size_t most;     /* bytes of one record */
  uint64_t offset; /* of the record at hand, from the start */
  uint64_t number; /* of the record at hand, from 1 */
  uint64_t consumed;
  bool at_end;
} record_reader;

/* `most` bounds a record, and with it the memory. */
void record_reader_init(record_reader *r, int fd, const record_form *form, size_t most);
void record_reader_release(record_reader *r);

/* The next record, borrowed until the next call; `*found` is false at the end.
 * Empty lines are passed over. Errors: IO, LIMIT (a longer record), INVALID (a
 * length that is none, or the input ends inside of a record). */
bool record_read(record_reader *r, stele_bytes *out, bool *found, stele_err *err) STELE_MUST_USE;

/* Takes hex or base64 off: the bytes in `arena`. */
bool record_uncover(stele_arena *arena, record_cover cover, stele_bytes in, stele_bytes *out,
                    stele_err *err) STELE_MUST_USE;

/* ---- Out ------------------------------------------------------------------------ */

typedef struct record_writer {
  sys_output *out;
  const record_form *form;
  stele_buf bytes; /* not written yet */
} record_writer;

void record_writer_init(record_writer *w, sys_output *out, const record_form *form);
void record_writer_release(record_writer *w);

/* Adds a record with what covers and ends it. */
bool record_write(record_writer *w, stele_bytes record, stele_err *err) STELE_MUST_USE;
bool record_flush(record_writer *w, stele_err *err) STELE_MUST_USE;

#endif
