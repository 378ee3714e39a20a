/* The geometry of insertions. The rules, down to how offsets move through added
 * indents, are those of protoc's --x_out of several plugins into one folder. */
#include "gen/output_internal.h"

static size_t count_lines(stele_str text) {
  size_t lines = 0;
  for (size_t i = 0; i < text.len; i++) lines += text.ptr[i] == '\n';
  return lines;
}

static bool ends_line(stele_str text) {
  return text.len == 0 || text.ptr[text.len - 1] == '\n';
}

/* A marker in a comment of its own, "/" "* @@protoc_insertion_point(x) *" "/", is
 * inserted at directly; any other at the start of its line. */
static size_t place_of_marker(stele_str text, size_t marker) {
  if (marker > 3 && memcmp(text.ptr + marker - 3, "/*", 2) == 0) return marker - 3;
  while (marker > 0 && text.ptr[marker - 1] != '\n') marker--;
  return marker;
}

bool output_find_place(stele_arena *arena, stele_str text, const stele_gen_insertion *insertion,
                       output_place *place) {
  stele_str marker = stele_str_printf(arena, "@@protoc_insertion_point(" STELE_STR_FMT ")",
                                      STELE_STR_ARG(insertion->point));
  const char *found = text.len ? memmem(text.ptr, text.len, marker.ptr, marker.len) : NULL;
  if (!found) return false;
  place->at = place_of_marker(text, (size_t)(found - text.ptr));
  size_t end = place->at;
  while (end < text.len && (text.ptr[end] == ' ' || text.ptr[end] == '\t')) end++;
  place->indent = stele_str_copy(arena, (stele_str){text.ptr + place->at, end - place->at});
  place->adds_newline = !ends_line(insertion->content);
  size_t lines = count_lines(insertion->content) + place->adds_newline;
  place->length = insertion->content.len + place->adds_newline + lines * place->indent.len;
  return true;
}

static char *put(char *out, stele_str text) {
  if (text.len) memcpy(out, text.ptr, text.len);
  return out + text.len;
}

void output_fill_place(char *out, const stele_gen_insertion *insertion, const output_place *place) {
  stele_str rest = insertion->content;
  while (rest.len) {
    const char *newline = memchr(rest.ptr, '\n', rest.len);
    size_t line = newline ? (size_t)(newline - rest.ptr) + 1 : rest.len;
    out = put(put(out, place->indent), (stele_str){rest.ptr, line});
    rest = (stele_str){rest.ptr + line, rest.len - line};
  }
  if (place->adds_newline) *out = '\n';
}

/* ---- Annotations ---------------------------------------------------------------- */

/* The annotations of the inserted text: moved to where it is, and by the indents
 * of the lines before and within them. */
static void put_own(const stele_gen_insertion *insertion, const output_place *place,
                    stele_buf *out) {
  size_t indent = place->indent.len, shift = place->at + indent, at = 0;
  size_t last = insertion->content.len + place->adds_newline;
  last = last ? last - 1 : 0; /* the last line end indents nothing */
  for (size_t i = 0; i < insertion->annotation_count; i++) {
    const stele_gen_annotation *annotation = &insertion->annotations[i];
    size_t begin = (size_t)(int64_t)annotation->begin, end = (size_t)(int64_t)annotation->end;
    size_t inner = 0;
    for (; at < end && at < last; at++) {
      if (insertion->content.ptr[at] != '\n') continue;
      *(at >= begin ? &inner : &shift) += indent;
    }
    stele_gen_annotation_write(annotation, shift, shift + inner, out);
    shift += inner;
  }
}

bool output_move_annotations(stele_arena *arena, stele_str meta,
                             const stele_gen_insertion *insertion, const output_place *place,
                             stele_str *moved) {
  const stele_gen_annotation *old;
  size_t count;
  if (!stele_gen_annotations_read(arena, stele_str_bytes(meta), &old, &count)) return false;
  stele_buf out;
  stele_buf_init(&out, arena, 0);
  bool crossed = false;
  for (size_t i = 0; i < count; i++) {
    if (!crossed && (size_t)(int64_t)old[i].begin >= place->at) {
      crossed = true;
      put_own(insertion, place, &out);
    }
    size_t shift = crossed ? place->length : 0;
    stele_gen_annotation_write(&old[i], shift, shift, &out);
  }
  if (!crossed) put_own(insertion, place, &out);
  *moved = stele_buf_str(&out);
  return true;
}
