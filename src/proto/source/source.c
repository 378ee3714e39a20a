/* Places in a text, found by walking it from the start: for findings and
 * tools, never for the inside of a compile. */
#include "proto/source/source.h"

enum { TAB_WIDTH = 8 };

stele_place stele_source_place(const stele_source *source, size_t offset) {
  stele_place place = {0, 0};
  if (offset > source->text.len) offset = source->text.len;
  for (size_t i = 0; i < offset; i++) {
    if (source->text.ptr[i] == '\n') {
      place.line++;
      place.column = 0;
    } else if (source->text.ptr[i] == '\t') {
      place.column += TAB_WIDTH - place.column % TAB_WIDTH;
    } else {
      place.column++;
    }
  }
  return place;
}

stele_str stele_source_line(const stele_source *source, int32_t line) {
  const char *at = source->text.ptr, *end = at + source->text.len;
  for (; line > 0 && at < end; line--) {
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    at = newline ? newline + 1 : end;
  }
  if (line != 0 || at >= end) return (stele_str){0};
  const char *newline = memchr(at, '\n', (size_t)(end - at));
  size_t len = (size_t)((newline ? newline : end) - at);
  if (len && at[len - 1] == '\r') len--;
  return (stele_str){at, len};
}
