/* A map finds duplicates; the order is made once, when it is asked for. A file
 * is borrowed text until something is inserted into it. */
#include "gen/output.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/path.h"
#include "base/vec.h"
#include "gen/output_internal.h"

typedef struct output_file {
  stele_str path, content;
  stele_buf grown; /* takes over from `content` when it has a pointer */
} output_file;

struct stele_gen_output {
  stele_arena *arena;
  stele_map files; /* path -> output_file */
  stele_buf complaints;
  STELE_VEC(stele_gen_file) sorted;
  bool is_lenient;
};

stele_gen_output *stele_gen_output_new(stele_arena *arena) {
  stele_gen_output *output = STELE_NEW(arena, stele_gen_output);
  output->arena = arena;
  stele_map_init(&output->files, arena, 0);
  stele_buf_init(&output->complaints, arena, 0);
  return output;
}

void stele_gen_output_be_lenient(stele_gen_output *output) {
  output->is_lenient = true;
}

static void complain(stele_gen_output *output, stele_str path, const char *what, stele_str name,
                     const char *end) {
  stele_buf_add_str(&output->complaints, path);
  stele_buf_add_cstr(&output->complaints, what);
  stele_buf_add_str(&output->complaints, name);
  stele_buf_add_cstr(&output->complaints, end);
  stele_buf_add_byte(&output->complaints, '\n');
}

stele_str stele_gen_output_complaints(const stele_gen_output *output) {
  return stele_buf_str(&output->complaints);
}

/* The file of a path, made empty when there was none. */
static output_file *file_of(stele_gen_output *output, stele_str path, bool *is_new) {
  void **place = stele_map_add(&output->files, path);
  *is_new = *place == NULL;
  if (*is_new) {
    output_file *file = STELE_NEW(output->arena, output_file);
    file->path = path;
    *place = file;
  }
  return *place;
}

static stele_str content_of(const output_file *file) {
  return file->grown.ptr ? stele_buf_str(&file->grown) : file->content;
}

bool stele_gen_output_add(stele_gen_output *output, stele_str path, stele_str content,
                          stele_err *err) {
  int shown = path.len > 150 ? 150 : (int)path.len;
  const char *fault = output->is_lenient ? NULL : stele_path_fault(path);
  if (fault) {
    return stele_fail(err, STELE_INVALID, "the generated path \"%.*s\" %s", shown, path.ptr, fault);
  }
  bool is_new;
  output_file *file = file_of(output, path, &is_new);
  if (is_new) {
    file->content = content;
    return true;
  }
  if (!output->is_lenient) {
    return stele_fail(err, STELE_CONFLICT, "\"%.*s\" is generated twice", shown, path.ptr);
  }
  complain(output, path, ": Tried to write the same file twice.", STELE_STR(""), "");
  return true;
}

/* ---- Insertions ------------------------------------------------------------- */

static stele_buf *grow(stele_gen_output *output, output_file *file, size_t more) {
  if (!file->grown.ptr) {
    stele_buf_init(&file->grown, output->arena, 0);
    (void)stele_buf_reserve(&file->grown, file->content.len + more);
    stele_buf_add_str(&file->grown, file->content);
  }
  (void)stele_buf_reserve(&file->grown, more);
  return &file->grown;
}

/* Offsets in the file beside the one that has grown. */
static void move_annotations(stele_gen_output *output, const stele_gen_insertion *insertion,
                             const output_place *place) {
  stele_str path =
      stele_str_printf(output->arena, STELE_STR_FMT ".pb.meta", STELE_STR_ARG(insertion->path));
  output_file *meta = stele_map_find(&output->files, path);
  bool is_new = meta == NULL;
  if (is_new && insertion->annotation_count == 0) return;
  if (is_new) meta = file_of(output, path, &is_new);
  stele_str moved;
  if (output_move_annotations(output->arena, content_of(meta), insertion, place, &moved)) {
    meta->content = moved;
    meta->grown = (stele_buf){0};
    return;
  }
  complain(output, path, ": Could not parse metadata as wire or text format.", STELE_STR(""), "");
}

void stele_gen_output_insert(stele_gen_output *output, const stele_gen_insertion *insertion) {
  bool is_new;
  output_file *file = file_of(output, insertion->path, &is_new);
  if (is_new) {
    complain(output, insertion->path, ": Tried to insert into file that doesn't exist.",
             STELE_STR(""), "");
    return;
  }
  output_place place;
  if (!output_find_place(output->arena, content_of(file), insertion, &place)) {
    complain(output, insertion->path, ": insertion point \"", insertion->point, "\" not found.");
    return;
  }
  stele_buf *text = grow(output, file, place.length);
  memmove(text->ptr + place.at + place.length, text->ptr + place.at, text->len - place.at);
  output_fill_place(text->ptr + place.at, insertion, &place);
  text->len += place.length;
  move_annotations(output, insertion, &place);
}

/* ---- The set ------------------------------------------------------------------ */

static int compare_paths(const void *a, const void *b) {
  stele_str left = ((const stele_gen_file *)a)->path, right = ((const stele_gen_file *)b)->path;
  return stele_str_order(left, right);
}

const stele_gen_file *stele_gen_output_files(stele_gen_output *output, size_t *count) {
  output->sorted.count = 0;
  for (size_t i = 0; i < output->files.count; i++) {
    const output_file *file = output->files.entries[i].value;
    STELE_VEC_PUSH(output->arena, &output->sorted, (stele_gen_file){file->path, content_of(file)});
  }
  *count = output->sorted.count;
  if (*count) qsort(output->sorted.at, *count, sizeof *output->sorted.at, compare_paths);
  return output->sorted.at;
}
