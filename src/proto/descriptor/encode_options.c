/* The options of an element, in either mode.
 *
 * Retained options are stored as they are written. The default mode reads them
 * as a message of which every extension is known and writes that anew, without
 * what has source retention. The linker has marked the elements (nearly all)
 * for which that changes nothing. */
#include "proto/descriptor/encode.h"

static const stele_field *find_in_sight(void *arg, const stele_message *extendee, int32_t number) {
  return stele_file_extension(arg, extendee, number);
}

/* protoc reads a file anew by the FileDescriptorProto of its pool; if that has
 * none, say since a descriptor.proto of its own leaves it out, what protoc's
 * own code does not know stays as it is. */
static descriptor_known known_of(const stele_message *type) {
  for (uint32_t i = 0; type && i < type->file->message_count; i++) {
    if (stele_str_eq(type->file->messages[i].name, STELE_STR("FileDescriptorProto"))) {
      return DESCRIPTOR_KNOWN_POOL;
    }
  }
  return DESCRIPTOR_KNOWN_COMPILED;
}

static descriptor_normal default_mode(stele_arena *scratch, const stele_file *file,
                                      const stele_message *type) {
  return (descriptor_normal){
      .scratch = scratch,
      .find = find_in_sight,
      .find_arg = (void *)(uintptr_t)file,
      .known = known_of(type),
      .is_generated = true,
      .strip = true,
  };
}

void descriptor_put_options(descriptor_encoder *e, uint32_t number, const stele_options *options) {
  if (!options) return;
  if (e->options->retain_options || options->is_default_form) {
    stele_back_bytes_field(&e->out, number, options->wire);
    return;
  }
  STELE_VEC_PUSH(e->arena, &e->path, number);
  size_t before = stele_back_len(&e->out);
  descriptor_normal n = default_mode(e->arena, e->file, options->type);
  n.path = &e->path;
  n.stripped = &e->stripped;
  descriptor_normal_write(&n, options->type, &options->wire, 1, &e->out);

  if (stele_back_len(&e->out) > before || options->wire.len == 0) {
    stele_back_wrap(&e->out, number, before);
  } else {
    descriptor_note_stripped(&n); /* stripping left nothing of them */
  }
  e->path.count--;
}

stele_bytes stele_descriptor_options_of(stele_arena *arena, const stele_file *file,
                                        const stele_options *options, bool retain) {
  if (!options) return (stele_bytes){0};
  if (retain || options->is_default_form) return options->wire;
  descriptor_normal n = default_mode(arena, file, options->type);
  return descriptor_normal_bytes(&n, arena, options->type, options->wire);
}
