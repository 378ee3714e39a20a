/* FileDescriptorProto.
 *
 * Elements are written back to front into scratch memory, then copied behind
 * what `out` holds: first the fields below source_code_info, then that (most
 * of the bytes, and so copied once only), then the few above it. Source info
 * cannot come earlier, because what the options lost decides which of its
 * locations go as well. */
#include "proto/descriptor/encode.h"

#include "proto/descriptor/source_info.h"

enum {
  NAME = 1,
  PACKAGE = 2,
  DEPENDENCY = 3,
  MESSAGE_TYPE = 4,
  ENUM_TYPE = 5,
  SERVICE = 6,
  EXTENSION = 7,
  OPTIONS = 8,
  SOURCE_CODE_INFO = 9,
  PUBLIC_DEPENDENCY = 10,
  WEAK_DEPENDENCY = 11,
  SYNTAX = 12,
  EDITION = 14,
  OPTION_DEPENDENCY = 15,

  SET_FILE = 1,
};

void descriptor_encoder_init(descriptor_encoder *e, stele_arena *arena, const stele_file *file,
                             const stele_descriptor_options *options) {
  *e = (descriptor_encoder){.arena = arena, .file = file, .options = options};
  stele_back_init(&e->out, arena);
}

void descriptor_path_down(descriptor_encoder *e, uint32_t number, uint32_t index) {
  STELE_VEC_PUSH(e->arena, &e->path, number);
  STELE_VEC_PUSH(e->arena, &e->path, index);
}

void descriptor_path_up(descriptor_encoder *e) {
  e->path.count -= 2;
}

typedef void put_fn(descriptor_encoder *e, const void *element);

static void put_message(descriptor_encoder *e, const void *element) {
  descriptor_put_message(e, element);
}

static void put_enum(descriptor_encoder *e, const void *element) {
  descriptor_put_enum(e, element);
}

static void put_service(descriptor_encoder *e, const void *element) {
  descriptor_put_service(e, element);
}

static void put_field(descriptor_encoder *e, const void *element) {
  descriptor_put_field(e, element);
}

static void put_list(descriptor_encoder *e, uint32_t number, const void *first, size_t size,
                     uint32_t count, put_fn *put) {
  for (uint32_t i = count; i-- > 0;) {
    size_t before = stele_back_len(&e->out);
    descriptor_path_down(e, number, i);
    put(e, (const uint8_t *)first + size * i);
    descriptor_path_up(e);
    stele_back_wrap(&e->out, number, before);
  }
}

static void put_head(descriptor_encoder *e) {
  const stele_file *file = e->file;
  descriptor_put_options(e, OPTIONS, file->options);
  put_list(e, EXTENSION, file->extensions, sizeof *file->extensions, file->extension_count,
           put_field);
  put_list(e, SERVICE, file->services, sizeof *file->services, file->service_count, put_service);
  put_list(e, ENUM_TYPE, file->enums, sizeof *file->enums, file->enum_count, put_enum);
  put_list(e, MESSAGE_TYPE, file->messages, sizeof *file->messages, file->message_count,
           put_message);
  for (uint32_t i = file->import_count; i-- > 0;) {
    if (file->imports[i].kind == STELE_IMPORT_OPTION) continue;
    stele_back_str_field(&e->out, DEPENDENCY, file->imports[i].path);
  }
  if (file->package.len != 0) stele_back_str_field(&e->out, PACKAGE, file->package);
  stele_back_str_field(&e->out, NAME, file->name);
}

/* The places, among the dependencies, of those of one kind. */
static void put_kind(stele_buf *out, uint32_t number, const stele_file *file,
                     stele_import_kind kind) {
  uint32_t place = 0;
  for (uint32_t i = 0; i < file->import_count; i++) {
    if (file->imports[i].kind == STELE_IMPORT_OPTION) continue;
    if (file->imports[i].kind == kind) stele_write_varint_field(out, number, place);
    place++;
  }
}

static void put_tail(stele_buf *out, const stele_file *file) {
  if (file->import_lists.len) {
    stele_buf_add(out, file->import_lists.ptr, file->import_lists.len);
  } else {
    put_kind(out, PUBLIC_DEPENDENCY, file, STELE_IMPORT_PUBLIC);
    put_kind(out, WEAK_DEPENDENCY, file, STELE_IMPORT_WEAK);
  }
  if (file->edition == STELE_EDITION_PROTO3) {
    stele_write_bytes_field(out, SYNTAX, stele_str_bytes(STELE_STR("proto3")));
  } else if (file->edition > STELE_EDITION_PROTO3) {
    stele_write_bytes_field(out, SYNTAX, stele_str_bytes(STELE_STR("editions")));
    stele_write_varint_field(out, EDITION, file->edition);
  }
  for (uint32_t i = 0; i < file->import_count; i++) {
    if (file->imports[i].kind != STELE_IMPORT_OPTION) continue;
    stele_write_bytes_field(out, OPTION_DEPENDENCY, stele_str_bytes(file->imports[i].path));
  }
}

static size_t field_len(uint32_t number, size_t len) {
  return stele_wire_varint_len(stele_wire_tag(number, STELE_WIRE_DELIMITED)) +
         stele_wire_varint_len(len) + len;
}

static void encode(stele_arena *arena, const stele_file *file,
                   const stele_descriptor_options *options, bool is_entry, stele_buf *out) {
  descriptor_encoder e;
  descriptor_encoder_init(&e, arena, file, options);
  put_head(&e);

  stele_bytes info = {0};
  if (options->source_info) info = file->source_info;
  if (info.len != 0 && e.stripped.count != 0) {
    info = descriptor_source_info_strip(arena, info, e.stripped.at, e.stripped.count);
  }
  stele_buf tail;
  stele_buf_init(&tail, arena, 0);
  put_tail(&tail, file);

  if (is_entry) {
    stele_write_tag(out, SET_FILE, STELE_WIRE_DELIMITED);
    stele_write_varint(out, stele_back_len(&e.out) + tail.len +
                                (info.len ? field_len(SOURCE_CODE_INFO, info.len) : 0));
  }
  stele_buf_add(out, e.out.at, stele_back_len(&e.out));
  if (info.len != 0) stele_write_bytes_field(out, SOURCE_CODE_INFO, info);
  stele_buf_add(out, tail.ptr, tail.len);
}

/* Scratch memory goes back at once, unless the output lies in the same arena. */
static void encode_rewinding(stele_arena *arena, const stele_file *file,
                             const stele_descriptor_options *options, bool is_entry,
                             stele_buf *out) {
  stele_mark mark = stele_arena_mark(arena);
  encode(arena, file, options, is_entry, out);
  if (out->arena != arena) stele_arena_rewind(arena, mark);
}

void stele_descriptor_encode(stele_arena *arena, const stele_file *file,
                             const stele_descriptor_options *options, stele_buf *out) {
  encode_rewinding(arena, file, options, false, out);
}

void stele_descriptor_encode_entry(stele_arena *arena, const stele_file *file,
                                   const stele_descriptor_options *options, stele_buf *out) {
  encode_rewinding(arena, file, options, true, out);
}

static void encode_element(stele_arena *arena, const stele_file *file, put_fn *put,
                           const void *element, const stele_descriptor_options *options,
                           stele_buf *out) {
  stele_mark mark = stele_arena_mark(arena);
  descriptor_encoder e;
  descriptor_encoder_init(&e, arena, file, options);
  put(&e, element);
  stele_buf_add(out, e.out.at, stele_back_len(&e.out));
  if (out->arena != arena) stele_arena_rewind(arena, mark);
}

void stele_descriptor_encode_message(stele_arena *arena, const stele_message *message,
                                     const stele_descriptor_options *options, stele_buf *out) {
  encode_element(arena, message->file, put_message, message, options, out);
}

void stele_descriptor_encode_enum(stele_arena *arena, const stele_enum *type,
                                  const stele_descriptor_options *options, stele_buf *out) {
  encode_element(arena, type->file, put_enum, type, options, out);
}

void stele_descriptor_encode_service(stele_arena *arena, const stele_service *service,
                                     const stele_descriptor_options *options, stele_buf *out) {
  encode_element(arena, service->file, put_service, service, options, out);
}
