/* gen/annotation: which part of a generated text stems from which declaration.
 *
 * In/out: google.protobuf.GeneratedCodeInfo, as generators put it beside their
 * files ("x.pb.h.pb.meta").
 * Source: descriptor.proto, GeneratedCodeInfo.
 * Deps: base, proto/wire. */
#ifndef STELE_GEN_ANNOTATION_H
#define STELE_GEN_ANNOTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

typedef struct stele_gen_annotation {
  stele_bytes path; /* packed varints */
  stele_str source_file;
  int32_t begin, end; /* offsets into the text, in bytes */
  uint64_t semantic;
  bool has_source_file, has_semantic;
} stele_gen_annotation;

/* Reads a GeneratedCodeInfo; texts are borrowed, the array lives in `arena`.
 * False when the bytes are none. */
bool stele_gen_annotations_read(stele_arena *arena, stele_bytes bytes,
                                const stele_gen_annotation **out, size_t *count);

/* Appends one annotation to an encoded GeneratedCodeInfo, its ends moved on by so
 * many bytes. `out` lies in an arena. */
void stele_gen_annotation_write(const stele_gen_annotation *annotation, size_t begin_shift,
                                size_t end_shift, stele_buf *out);

#endif
