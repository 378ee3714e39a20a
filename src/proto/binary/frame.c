/* The frame of Kafka records: which schema, which message in it. */
#include "base/guard.h"
#include "proto/binary/binary.h"
#include "proto/wire/reader.h"
#include "proto/wire/writer.h"

enum { MAGIC = 0, ID_BYTES = 4, MOST_INDEXES = 64 };

/* ---- Writing ---------------------------------------------------------------------- */

typedef struct header_job {
  stele_arena *arena;
  int32_t id;
  const stele_message *type;
  stele_buf out;
} header_job;

static void add_index(stele_buf *out, uint32_t index) {
  stele_write_varint(out, stele_wire_zigzag((int64_t)index));
}

static void add_path(stele_buf *out, const stele_message *type) {
  if (type->parent) add_path(out, type->parent);
  add_index(out, stele_message_index(type));
}

static void write_header(void *arg) {
  header_job *job = arg;
  stele_buf *out = &job->out;
  uint32_t depth = 1;
  stele_buf_init(out, job->arena, 0);
  stele_buf_add_byte(out, MAGIC);
  for (int i = ID_BYTES; i-- > 0;) stele_buf_add_byte(out, (uint8_t)((uint32_t)job->id >> (8 * i)));
  for (const stele_message *up = job->type->parent; up; up = up->parent) depth++;
  if (depth == 1 && stele_message_index(job->type) == 0) {
    stele_buf_add_byte(out, 0); /* short for [0] */
    return;
  }
  add_index(out, depth);
  add_path(out, job->type);
}

bool stele_frame_header(stele_arena *arena, int32_t schema_id, const stele_message *type,
                        stele_bytes *out, stele_err *err) {
  header_job job = {.arena = arena, .id = schema_id, .type = type};
  if (!stele_guard_run(arena, write_header, &job, err)) return false;
  *out = stele_buf_bytes(&job.out);
  return true;
}

/* ---- Reading ------------------------------------------------------------------------ */

bool stele_frame_id(stele_bytes record, int32_t *schema_id, stele_err *err) {
  if (record.len < 1 + ID_BYTES) {
    return stele_fail(err, STELE_INVALID, "%zu bytes are too few for a frame", record.len);
  }
  if (record.ptr[0] != MAGIC) {
    return stele_fail(err, STELE_INVALID, "byte 0: a frame begins with 0x00, not 0x%02x",
                      record.ptr[0]);
  }
  uint32_t id = 0;
  for (int i = 1; i <= ID_BYTES; i++) id = id << 8 | record.ptr[i];
  *schema_id = (int32_t)id;
  return true;
}

static const stele_message *bad(stele_err *err, const stele_reader *r, stele_bytes record,
                                const char *what) {
  size_t byte = r->failed ? record.len : (size_t)(r->at - record.ptr);
  (void)stele_fail(err, STELE_INVALID, "byte %zu: %s", byte, what);
  return NULL;
}

const stele_message *stele_frame_type(stele_bytes record, const stele_file *file,
                                      stele_bytes *payload, stele_err *err) {
  int32_t id = 0;
  if (!stele_frame_id(record, &id, err)) return NULL;
  stele_reader r = {.at = record.ptr + 1 + ID_BYTES, .end = record.ptr + record.len};
  int64_t count = stele_wire_unzigzag(stele_read_varint(&r));
  if (r.failed || count < 0 || count > MOST_INDEXES) {
    return bad(err, &r, record, "the frame's message indexes are not well-formed");
  }
  const stele_message *type = NULL, *siblings = file->messages;
  uint32_t siblings_count = file->message_count;
  for (int64_t i = 0; i < (count ? count : 1); i++) {
    int64_t index = count ? stele_wire_unzigzag(stele_read_varint(&r)) : 0;
    if (r.failed || index < 0 || index >= siblings_count) {
      return bad(err, &r, record, "the frame names a message that its schema does not have");
    }
    type = &siblings[index];
    siblings = type->messages;
    siblings_count = type->message_count;
  }
  *payload = (stele_bytes){r.at, (size_t)(r.end - r.at)};
  return type;
}
