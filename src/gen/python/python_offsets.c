/* Where each type lies in the serialised file.
 *
 * protoc looks for the first place where the bytes of the type alone occur, so
 * two types with the same bytes have one place; that is what is written here
 * too. The search is libc's, over a file that is small. */
#include "gen/python/python_internal.h"

static void write_pair(const py_module *m, stele_str global, const stele_buf *bytes) {
  const uint8_t *found =
      memmem(m->descriptor.ptr, m->descriptor.len, bytes->ptr ? bytes->ptr : "", bytes->len);
  size_t start = found ? (size_t)(found - m->descriptor.ptr) : 0;
  const size_t offsets[] = {start, start + bytes->len};
  static const stele_str words[] = {STELE_STR_INIT("start"), STELE_STR_INIT("end")};
  for (int i = 0; i < 2; i++) {
    PY_ADD(m->out, S("  _globals['"), global, S("']._serialized_"), words[i], S("="));
    stele_buf_add_u64(m->out, offsets[i]);
    PY_ADD(m->out, S("\n"));
  }
}

static void write_enum(const py_module *m, const stele_enum *type) {
  stele_buf bytes;
  stele_buf_init(&bytes, m->arena, 0);
  stele_descriptor_encode_enum(m->arena, type, &m->encoding, &bytes);
  write_pair(m, py_enum_global(m->arena, type), &bytes);
}

static void write_message(const py_module *m, const stele_message *message) {
  stele_buf bytes;
  stele_buf_init(&bytes, m->arena, 0);
  stele_descriptor_encode_message(m->arena, message, &m->encoding, &bytes);
  write_pair(m, py_message_global(m->arena, message), &bytes);
  for (uint32_t i = 0; i < message->message_count; i++) write_message(m, &message->messages[i]);
  for (uint32_t i = 0; i < message->enum_count; i++) write_enum(m, &message->enums[i]);
}

static void write_service(const py_module *m, const stele_service *service) {
  stele_buf bytes;
  stele_buf_init(&bytes, m->arena, 0);
  stele_descriptor_encode_service(m->arena, service, &m->encoding, &bytes);
  write_pair(m, py_service_global(m->arena, service), &bytes);
}

void py_write_offsets(const py_module *m) {
  const stele_file *file = m->file;
  for (uint32_t i = 0; i < file->enum_count; i++) write_enum(m, &file->enums[i]);
  for (uint32_t i = 0; i < file->message_count; i++) write_message(m, &file->messages[i]);
  for (uint32_t i = 0; i < file->service_count; i++) write_service(m, &file->services[i]);
}
