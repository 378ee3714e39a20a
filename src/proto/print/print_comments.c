/* Comments: from source info to the lines around a declaration.
 *
 * Source info gives comments to paths, and an element knows its path. Statements
 * that have no element of their own (extend blocks, ranges, reserved names) have
 * all one path; which one a comment is of says the location behind it, that of
 * the statement's first field, range or name. So there are two tables: comments
 * by path, and those of statements by the path of what comes first in them.
 *
 * What is written is read back as the same words: lines behind two slashes where
 * the words end in a line end, a block where they do not. Only words that no
 * block can hold get a line end more. Blank lines keep a comment to its owner:
 * see proto/token/comments.h for who that is. */
#include <stdlib.h>

#include "proto/print/print_internal.h"
#include "proto/wire/reader.h"
#include "proto/wire/writer.h"

typedef struct comment_entry {
  stele_bytes path;
  print_comment comment;
} comment_entry;

typedef STELE_VEC(comment_entry) entry_list;

struct print_comments {
  entry_list elements, statements; /* sorted by the bytes of the path */
};

/* ---- Reading ------------------------------------------------------------- */

typedef struct location {
  stele_bytes path;
  print_comment comment;
} location;

/* Packed as everybody writes it, or number by number. */
static void read_path(print_job *job, location *out, stele_reader *r, uint32_t tag) {
  if ((tag & 7) == STELE_WIRE_DELIMITED) {
    out->path = stele_read_delimited(r);
    return;
  }
  stele_buf longer;
  stele_buf_init(&longer, job->arena, 0);
  stele_buf_add(&longer, out->path.ptr, out->path.len);
  stele_write_varint(&longer, stele_read_varint(r));
  out->path = stele_buf_bytes(&longer);
}

static location read_location(print_job *job, stele_bytes bytes) {
  enum { PATH = 1, LEADING = 3, TRAILING = 4, DETACHED = 6 };
  location out = {0};
  STELE_VEC(stele_str) detached = {0};
  stele_reader r = stele_reader_of(bytes);
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r), number = tag >> 3;
    bool is_text = (tag & 7) == STELE_WIRE_DELIMITED;
    if (number == PATH && (is_text || (tag & 7) == STELE_WIRE_VARINT)) {
      read_path(job, &out, &r, tag);
    } else if (number == LEADING && is_text) {
      out.comment.leading = stele_bytes_str(stele_read_delimited(&r));
    } else if (number == TRAILING && is_text) {
      out.comment.trailing = stele_bytes_str(stele_read_delimited(&r));
    } else if (number == DETACHED && is_text) {
      STELE_VEC_PUSH(job->arena, &detached, stele_bytes_str(stele_read_delimited(&r)));
    } else {
      stele_read_skip_value(&r, tag, 100);
    }
  }
  out.comment.detached = detached.at;
  out.comment.detached_count = detached.count;
  return out;
}

static bool has_any(const print_comment *comment) {
  return comment->leading.len || comment->trailing.len || comment->detached_count;
}

static int compare_bytes(stele_bytes a, stele_bytes b) {
  return stele_str_order(stele_bytes_str(a), stele_bytes_str(b));
}

static int by_path(const void *a, const void *b) {
  const comment_entry *x = a, *y = b;
  int order = compare_bytes(x->path, y->path);
  /* Of equal paths the one that was read first: its words lie lower. */
  return order ? order : (x->path.ptr > y->path.ptr) - (x->path.ptr < y->path.ptr);
}

static void sort(entry_list *list) {
  if (list->count > 1) qsort(list->at, list->count, sizeof *list->at, by_path);
}

static bool is_below(stele_bytes path, stele_bytes above) {
  return path.len > above.len && (!above.len || memcmp(path.ptr, above.ptr, above.len) == 0);
}

void print_comments_read(print_job *job) {
  enum { LOCATION = 1 };
  print_comments *comments = STELE_NEW(job->arena, print_comments);
  stele_reader r = stele_reader_of(job->file->source_info);
  location before = {0};
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag != stele_wire_tag(LOCATION, STELE_WIRE_DELIMITED)) {
      stele_read_skip_value(&r, tag, 100);
      continue;
    }
    location at = read_location(job, stele_read_delimited(&r));
    if (has_any(&before.comment) && is_below(at.path, before.path)) {
      STELE_VEC_PUSH(job->arena, &comments->statements, (comment_entry){at.path, before.comment});
    }
    if (has_any(&at.comment)) {
      STELE_VEC_PUSH(job->arena, &comments->elements, (comment_entry){at.path, at.comment});
    }
    before = at;
  }
  sort(&comments->elements);
  sort(&comments->statements);
  if (comments->elements.count) job->comments = comments;
}

/* ---- Paths ----------------------------------------------------------------- */

static void step(print_job *job, uint32_t number, ptrdiff_t index) {
  stele_write_varint(&job->path, number);
  stele_write_varint(&job->path, (uint64_t)index);
}

static void path_of_message(print_job *job, const stele_message *message) {
  if (message->parent) {
    path_of_message(job, message->parent);
    step(job, 3, message - message->parent->messages);
  } else {
    step(job, 4, message - message->file->messages);
  }
}

static void path_of_enum(print_job *job, const stele_enum *type) {
  if (type->parent) {
    path_of_message(job, type->parent);
    step(job, 4, type - type->parent->enums);
  } else {
    step(job, 5, type - type->file->enums);
  }
}

/* A group's comments are those of its message. */
static void path_of_field(print_job *job, const stele_field *field) {
  if (!field->is_extension) {
    path_of_message(job, field->message);
    step(job, 2, field - field->message->fields);
  } else if (stele_field_scope(field)) {
    path_of_message(job, stele_field_scope(field));
    step(job, 6, field - stele_field_scope(field)->extensions);
  } else {
    step(job, 7, field - stele_field_file(field)->extensions);
  }
}

/* Option imports are counted apart. */
static void path_of_import(print_job *job, const stele_import *import) {
  bool is_option = import->kind == STELE_IMPORT_OPTION;
  ptrdiff_t index = 0;
  for (const stele_import *i = job->file->imports; i < import; i++) {
    index += (i->kind == STELE_IMPORT_OPTION) == is_option;
  }
  step(job, is_option ? 15 : 3, index);
}

static stele_bytes path_of(print_job *job, print_element element) {
  stele_buf_clear(&job->path);
  switch (element.kind) {
  case PRINT_FILE: break;
  case PRINT_IMPORT: path_of_import(job, element.of); break;
  case PRINT_MESSAGE: path_of_message(job, element.of); break;
  case PRINT_ENUM: path_of_enum(job, element.of); break;
  case PRINT_FIELD: path_of_field(job, element.of); break;
  case PRINT_ONEOF: {
    const stele_oneof *oneof = element.of;
    path_of_message(job, oneof->message);
    step(job, 8, oneof - oneof->message->oneofs);
    break;
  }
  case PRINT_VALUE: {
    const stele_enum_value *value = element.of;
    path_of_enum(job, value->parent);
    step(job, 2, value - value->parent->values);
    break;
  }
  case PRINT_SERVICE: {
    const stele_service *service = element.of;
    step(job, 6, service - service->file->services);
    break;
  }
  case PRINT_METHOD: {
    const stele_method *method = element.of;
    step(job, 6, method->service - method->service->file->services);
    step(job, 2, method - method->service->methods);
    break;
  }
  }
  return stele_buf_bytes(&job->path);
}

/* ---- Looking up ------------------------------------------------------------- */

/* The first entry that is not before `path`. */
static size_t find(const entry_list *list, stele_bytes path) {
  size_t low = 0, high = list->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (compare_bytes(list->at[middle].path, path) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

static const print_comment *find_exactly(const entry_list *list, stele_bytes path) {
  size_t at = find(list, path);
  bool is_there = at < list->count && compare_bytes(list->at[at].path, path) == 0;
  return is_there ? &list->at[at].comment : NULL;
}

const print_comment *print_comment_of(print_job *job, print_element element) {
  if (!job->comments) return NULL;
  return find_exactly(&job->comments->elements, path_of(job, element));
}

const print_comment *print_comment_of_part(print_job *job, uint32_t number) {
  if (!job->comments) return NULL;
  stele_buf_clear(&job->path);
  stele_write_varint(&job->path, number);
  return find_exactly(&job->comments->elements, stele_buf_bytes(&job->path));
}

const print_comment *print_comment_of_statement(print_job *job, print_element element,
                                                uint32_t number, size_t index) {
  if (!job->comments) return NULL;
  (void)path_of(job, element);
  step(job, number, (ptrdiff_t)index);
  return find_exactly(&job->comments->statements, stele_buf_bytes(&job->path));
}

const print_comment *print_comment_of_extend(print_job *job, const stele_field *first) {
  if (!job->comments) return NULL;
  (void)path_of(job, (print_element){PRINT_FIELD, first});
  return find_exactly(&job->comments->statements, stele_buf_bytes(&job->path));
}

/* Several statements that became one: the comments of the others stand, detached,
 * before those of the first. */
static const print_comment *join(print_job *job, const entry_list *list, size_t from, size_t to) {
  print_comment *all = STELE_NEW(job->arena, print_comment);
  STELE_VEC(stele_str) detached = {0};
  for (size_t i = from; i < to; i++) {
    const print_comment *one = &list->at[i].comment;
    for (size_t k = 0; k < one->detached_count; k++) {
      STELE_VEC_PUSH(job->arena, &detached, one->detached[k]);
    }
    if (i > from && one->leading.len) STELE_VEC_PUSH(job->arena, &detached, one->leading);
    if (i > from && one->trailing.len) STELE_VEC_PUSH(job->arena, &detached, one->trailing);
  }
  *all = list->at[from].comment;
  all->detached = detached.at;
  all->detached_count = detached.count;
  return all;
}

const print_comment *print_comment_of_option(print_job *job, print_element element,
                                             stele_bytes path) {
  static const uint8_t numbers[] = {[PRINT_FILE] = 8,  [PRINT_IMPORT] = 0,  [PRINT_MESSAGE] = 7,
                                    [PRINT_ENUM] = 3,  [PRINT_FIELD] = 8,   [PRINT_ONEOF] = 2,
                                    [PRINT_VALUE] = 3, [PRINT_SERVICE] = 3, [PRINT_METHOD] = 4};
  if (!job->comments) return NULL;
  (void)path_of(job, element);
  stele_write_varint(&job->path, numbers[element.kind]);
  stele_buf_add(&job->path, path.ptr, path.len);
  const entry_list *list = &job->comments->elements;
  stele_bytes whole = stele_buf_bytes(&job->path);
  size_t from = find(list, whole), to = from;
  while (to < list->count &&
         (is_below(list->at[to].path, whole) || compare_bytes(list->at[to].path, whole) == 0)) {
    to++;
  }
  return to > from ? join(job, list, from, to) : NULL;
}

/* ---- Writing ------------------------------------------------------------------ */

/* Whether the last line is a blank one, or nothing was written. */
static bool is_after_blank(const print_job *job) {
  const stele_buf *out = job->out;
  size_t at = out->len;
  if (at <= job->start) return true;
  if (out->ptr[--at] != '\n') return false;
  while (at > job->start && out->ptr[at - 1] == ' ') at--;
  return at <= job->start || out->ptr[at - 1] == '\n';
}

void print_blank(print_job *job) {
  if (!is_after_blank(job)) stele_buf_add_byte(job->out, '\n');
  job->needs_blank = false;
}

static bool ends_line(stele_str words) {
  return words.len && words.ptr[words.len - 1] == '\n';
}

/* A block cannot hold the marks of another one, nor end in a slash. */
static bool fits_block(stele_str words) {
  for (size_t i = 0; i + 1 < words.len; i++) {
    bool is_mark = (words.ptr[i] == '/' && words.ptr[i + 1] == '*') ||
                   (words.ptr[i] == '*' && words.ptr[i + 1] == '/');
    if (is_mark) return false;
  }
  return words.len == 0 || words.ptr[words.len - 1] != '/';
}

static bool is_block(stele_str words) {
  return !ends_line(words) && fits_block(words);
}

/* A NUL would end the comment, and is in none that was read from text. */
static void add_words(print_job *job, stele_str words) {
  for (size_t i = 0; i < words.len; i++) {
    stele_buf_add_byte(job->out, (uint8_t)(words.ptr[i] ? words.ptr[i] : ' '));
  }
}

static stele_str take_line(stele_str *words) {
  const char *newline = memchr(words->ptr, '\n', words->len);
  size_t len = newline ? (size_t)(newline - words->ptr) : words->len;
  stele_str line = {words->ptr, len};
  size_t taken = len + (newline != NULL);
  *words = (stele_str){words->ptr + taken, words->len - taken};
  return line;
}

/* Of what a line of a block begins with, white space and one star are no words;
 * behind a star of ours all is. A slash behind it would end the block. */
static void add_block(print_job *job, stele_str words) {
  print_cstr(job, "/*");
  add_words(job, take_line(&words));
  bool has_more = words.len > 0 || (words.ptr && words.ptr[-1] == '\n');
  while (has_more) {
    stele_str line = take_line(&words);
    has_more = words.len > 0;
    stele_buf_add_byte(job->out, '\n');
    print_indent(job);
    if (line.len == 0 || line.ptr[0] != '/') print_cstr(job, has_more || line.len ? " *" : " ");
    add_words(job, line);
  }
  print_cstr(job, "*/");
}

/* Behind the indentation; without the last line end. */
static void add_comment(print_job *job, stele_str words) {
  if (is_block(words)) {
    add_block(job, words);
    return;
  }
  for (bool is_first = true; words.len; is_first = false) {
    if (!is_first) {
      stele_buf_add_byte(job->out, '\n');
      print_indent(job);
    }
    print_cstr(job, "//");
    add_words(job, take_line(&words));
  }
}

static void add_lines(print_job *job, stele_str words) {
  print_indent(job);
  add_comment(job, words);
  stele_buf_add_byte(job->out, '\n');
}

void print_lead(print_job *job, const print_comment *comment) {
  if (!comment) return;
  for (size_t i = 0; i < comment->detached_count; i++) {
    if (!comment->detached[i].len) continue;
    print_blank(job);
    add_lines(job, comment->detached[i]);
    job->needs_blank = true;
  }
  if (job->needs_blank) print_blank(job);
  if (comment->leading.len) add_lines(job, comment->leading);
}

static bool is_one_line(stele_str words) {
  const char *newline = memchr(words.ptr, '\n', words.len);
  return !newline || newline == words.ptr + words.len - 1;
}

void print_finish(print_job *job, const char *end, const print_comment *comment) {
  print_cstr(job, end);
  if (comment && comment->trailing.len) {
    bool is_short = is_one_line(comment->trailing);
    print_cstr(job, is_short ? " " : "\n");
    if (!is_short) print_indent(job);
    add_comment(job, comment->trailing);
    job->needs_blank = !is_short;
  }
  stele_buf_add_byte(job->out, '\n');
}

void print_open(print_job *job, print_body *body, const print_comment *comment) {
  print_cstr(job, "{");
  if (!comment || !comment->trailing.len) return;
  if (is_one_line(comment->trailing)) {
    print_cstr(job, " ");
    add_comment(job, comment->trailing);
    body->commented = true;
    return;
  }
  stele_buf_add_byte(job->out, '\n');
  job->level++;
  add_lines(job, comment->trailing);
  job->level--;
  body->begun = true;
}
