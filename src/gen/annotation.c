/* Numbers are kept as the wire has them; only offsets are ever changed. */
#include "gen/annotation.h"

#include "base/vec.h"
#include "proto/wire/reader.h"
#include "proto/wire/writer.h"

enum {
  INFO_ANNOTATION = 1,
  ANNOTATION_PATH = 1,
  ANNOTATION_SOURCE_FILE = 2,
  ANNOTATION_BEGIN = 3,
  ANNOTATION_END = 4,
  ANNOTATION_SEMANTIC = 5,
  MOST_DEPTH = 100,
};

/* Whether `packed` is a run of varints. */
static bool is_packed(stele_bytes packed) {
  stele_reader r = stele_reader_of(packed);
  while (!stele_read_done(&r)) (void)stele_read_varint(&r);
  return !r.failed;
}

/* A path may come packed, number by number, or both. */
static void add_path(stele_buf *path, stele_reader *r, uint32_t tag) {
  if (stele_wire_type_of(tag) == STELE_WIRE_VARINT) {
    stele_write_varint(path, stele_read_varint(r));
    return;
  }
  stele_bytes packed = stele_read_delimited(r);
  if (!is_packed(packed)) r->failed = true;
  stele_buf_add(path, packed.ptr, packed.len);
}

static bool read_one(stele_arena *arena, stele_bytes bytes, stele_gen_annotation *out) {
  stele_reader r = stele_reader_of(bytes);
  stele_buf path;
  stele_buf_init(&path, arena, 0);
  while (!stele_read_done(&r) && !r.failed) {
    uint32_t tag = stele_read_tag(&r);
    if (tag == stele_wire_tag(ANNOTATION_PATH, STELE_WIRE_DELIMITED) ||
        tag == stele_wire_tag(ANNOTATION_PATH, STELE_WIRE_VARINT)) {
      add_path(&path, &r, tag);
    } else if (tag == stele_wire_tag(ANNOTATION_SOURCE_FILE, STELE_WIRE_DELIMITED)) {
      out->source_file = stele_bytes_str(stele_read_delimited(&r));
      out->has_source_file = true;
    } else if (tag == stele_wire_tag(ANNOTATION_BEGIN, STELE_WIRE_VARINT)) {
      out->begin = (int32_t)stele_read_varint(&r);
    } else if (tag == stele_wire_tag(ANNOTATION_END, STELE_WIRE_VARINT)) {
      out->end = (int32_t)stele_read_varint(&r);
    } else if (tag == stele_wire_tag(ANNOTATION_SEMANTIC, STELE_WIRE_VARINT)) {
      out->semantic = stele_read_varint(&r);
      out->has_semantic = true;
    } else if (!r.failed) {
      stele_read_skip_value(&r, tag, MOST_DEPTH);
    }
  }
  out->path = stele_buf_bytes(&path);
  return !r.failed;
}

bool stele_gen_annotations_read(stele_arena *arena, stele_bytes bytes,
                                const stele_gen_annotation **out, size_t *count) {
  STELE_VEC(stele_gen_annotation) all = {0};
  stele_reader r = stele_reader_of(bytes);
  while (!stele_read_done(&r) && !r.failed) {
    uint32_t tag = stele_read_tag(&r);
    if (tag == stele_wire_tag(INFO_ANNOTATION, STELE_WIRE_DELIMITED)) {
      if (!read_one(arena, stele_read_delimited(&r), STELE_VEC_ADD(arena, &all))) return false;
    } else if (!r.failed) {
      stele_read_skip_value(&r, tag, MOST_DEPTH);
    }
  }
  *out = all.at;
  *count = all.count;
  return !r.failed;
}

void stele_gen_annotation_write(const stele_gen_annotation *a, size_t begin_shift, size_t end_shift,
                                stele_buf *out) {
  stele_buf one;
  stele_buf_init(&one, out->arena, 0);
  if (a->path.len) stele_write_bytes_field(&one, ANNOTATION_PATH, a->path);
  if (a->has_source_file) {
    stele_write_bytes_field(&one, ANNOTATION_SOURCE_FILE, stele_str_bytes(a->source_file));
  }
  int32_t begin = (int32_t)((uint32_t)a->begin + (uint32_t)begin_shift);
  int32_t end = (int32_t)((uint32_t)a->end + (uint32_t)end_shift);
  stele_write_varint_field(&one, ANNOTATION_BEGIN, stele_wire_int32(begin));
  stele_write_varint_field(&one, ANNOTATION_END, stele_wire_int32(end));
  if (a->has_semantic) stele_write_varint_field(&one, ANNOTATION_SEMANTIC, a->semantic);
  stele_write_bytes_field(out, INFO_ANNOTATION, stele_buf_bytes(&one));
}
