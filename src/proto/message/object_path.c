/* Paths as text: names joined by points, extensions in brackets. */
#include "proto/message/object.h"

static void print_text_key(stele_str key, stele_buf *out) {
  stele_buf_add_byte(out, '"');
  for (size_t i = 0; i < key.len; i++) {
    uint8_t c = (uint8_t)key.ptr[i];
    if (c < 0x20 || c == 0x7f) {
      stele_buf_printf(out, "\\x%02x", c);
      continue;
    }
    if (c == '"' || c == '\\') stele_buf_add_byte(out, '\\');
    stele_buf_add_byte(out, c);
  }
  stele_buf_add_byte(out, '"');
}

static void print_key(const stele_field *field, stele_value key, stele_buf *out) {
  switch ((int)field->type) {
  case STELE_TYPE_STRING:
  case STELE_TYPE_BYTES: print_text_key(key.str, out); break;
  case STELE_TYPE_BOOL: stele_buf_add_cstr(out, key.b ? "true" : "false"); break;
  case STELE_TYPE_INT32:
  case STELE_TYPE_SINT32:
  case STELE_TYPE_SFIXED32: stele_buf_add_i64(out, key.i32); break;
  case STELE_TYPE_INT64:
  case STELE_TYPE_SINT64:
  case STELE_TYPE_SFIXED64: stele_buf_add_i64(out, key.i64); break;
  default: stele_buf_add_u64(out, key.u64); break;
  }
}

void object_path_print(const object_path *path, stele_buf *out) {
  if (!path) return;
  object_path_print(path->up, out);
  if (path->up) stele_buf_add_byte(out, '.');
  const layout_info *info = &path->layout->info[path->field->index];
  if (info->field->is_extension) {
    stele_buf_add_byte(out, '[');
    stele_buf_add_str(out, info->full_name);
    stele_buf_add_byte(out, ']');
  } else {
    stele_buf_add_str(out, info->field->name);
  }
  if (path->kind == PATH_FIELD) return;
  stele_buf_add_byte(out, '[');
  if (path->kind == PATH_INDEX) {
    stele_buf_add_u64(out, path->index);
  } else {
    print_key(layout_sub_layout(path->field)->info[0].field, path->key, out);
  }
  stele_buf_add_byte(out, ']');
}
