/* Files, messages, enums and services in canonical order.
 *
 * record = tag byte, then: text (length as 8 bytes, bytes), a number (8 bytes),
 * or nested records up to an END. What the file does not say is not written, so
 * new kinds of record can be added without changing what is there. */
#include "proto/identity/canonical.h"

#include <stdlib.h>

#include "proto/descriptor/descriptor.h"

static void add_u64(stele_buf *out, uint64_t value) {
  uint8_t bytes[8];
  for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)(value >> (8 * i));
  stele_buf_add(out, bytes, sizeof bytes);
}

void canonical_text(stele_buf *out, canonical_tag tag, stele_str text) {
  stele_buf_add_byte(out, (uint8_t)tag);
  add_u64(out, text.len);
  stele_buf_add_str(out, text);
}

void canonical_number(stele_buf *out, canonical_tag tag, int64_t number) {
  stele_buf_add_byte(out, (uint8_t)tag);
  add_u64(out, (uint64_t)number);
}

void canonical_begin(stele_buf *out, canonical_tag tag) {
  stele_buf_add_byte(out, (uint8_t)tag);
}

void canonical_end(stele_buf *out) {
  stele_buf_add_byte(out, CANONICAL_END);
}

/* The options as protoc's default mode writes them; what that mode drops says
 * nothing to consumers, and descriptors do not have it. */
static stele_bytes options_of(stele_arena *arena, const stele_file *file,
                              const stele_options *options) {
  if (!options) return (stele_bytes){NULL, 0};
  return stele_descriptor_options_of(arena, file, options, false);
}

void canonical_options(stele_arena *arena, const stele_file *file, const stele_options *options,
                       stele_buf *out) {
  stele_bytes wire = options_of(arena, file, options);
  if (wire.len) canonical_text(out, CANONICAL_OPTIONS, stele_bytes_str(wire));
}

/* ---- Ranges and reserved names ------------------------------------------ */

/* A range with its end exclusive, and its options as they count. */
typedef struct span {
  int64_t start, end;
  stele_bytes options;
} span;

static int by_start(const void *a, const void *b) {
  const span *x = a, *y = b;
  if (x->start != y->start) return x->start < y->start ? -1 : 1;
  return (x->end > y->end) - (x->end < y->end);
}

static span *sorted_spans(stele_arena *arena, const stele_range *ranges, uint32_t count,
                          bool end_inclusive, const stele_file *file) {
  span *spans = STELE_NEW_ARRAY(arena, span, count);
  for (uint32_t i = 0; i < count; i++) {
    spans[i] = (span){ranges[i].start, (int64_t)ranges[i].end + end_inclusive,
                      options_of(arena, file, ranges[i].options)};
  }
  if (count > 1) qsort(spans, count, sizeof *spans, by_start);
  return spans;
}

/* Ranges merge when they touch and carry no options. */
void canonical_ranges(stele_arena *arena, const stele_range *ranges, uint32_t count,
                      bool end_inclusive, canonical_tag tag, const stele_file *file,
                      stele_buf *out) {
  const span *spans = sorted_spans(arena, ranges, count, end_inclusive, file);
  for (uint32_t i = 0; i < count; i++) {
    span merged = spans[i];
    while (!merged.options.len && i + 1 < count && !spans[i + 1].options.len &&
           spans[i + 1].start <= merged.end) {
      int64_t next = spans[++i].end;
      if (next > merged.end) merged.end = next;
    }
    canonical_number(out, tag, merged.start);
    canonical_number(out, tag, merged.end);
    if (merged.options.len) {
      canonical_text(out, CANONICAL_OPTIONS, stele_bytes_str(merged.options));
    }
  }
}

static int by_text(const void *a, const void *b) {
  return stele_str_order(*(const stele_str *)a, *(const stele_str *)b);
}

void canonical_reserved_names(stele_arena *arena, const stele_str *names, uint32_t count,
                              stele_buf *out) {
  stele_str *sorted = STELE_NEW_ARRAY(arena, stele_str, count);
  for (uint32_t i = 0; i < count; i++) sorted[i] = names[i];
  if (count > 1) qsort(sorted, count, sizeof *sorted, by_text);
  for (uint32_t i = 0; i < count; i++) canonical_text(out, CANONICAL_RESERVED_NAME, sorted[i]);
}

/* ---- Enums -------------------------------------------------------------- */

static int by_value(const void *a, const void *b) {
  const stele_enum_value *x = *(const stele_enum_value *const *)a;
  const stele_enum_value *y = *(const stele_enum_value *const *)b;
  if (x->number != y->number) return x->number < y->number ? -1 : 1;
  return stele_str_order(x->name, y->name);
}

static void enum_values(stele_arena *arena, const stele_enum *type, stele_buf *out) {
  uint32_t count = type->value_count;
  const stele_enum_value **sorted = STELE_NEW_ARRAY(arena, const stele_enum_value *, count);
  for (uint32_t i = 0; i < count; i++) sorted[i] = &type->values[i];
  if (count > 1) qsort(sorted, count, sizeof *sorted, by_value);
  for (uint32_t i = 0; i < count; i++) {
    canonical_begin(out, CANONICAL_VALUE);
    canonical_text(out, CANONICAL_NAME, sorted[i]->name);
    canonical_number(out, CANONICAL_NUMBER, sorted[i]->number);
    canonical_options(arena, type->file, sorted[i]->options, out);
    canonical_end(out);
  }
}

static void enums(stele_arena *arena, const stele_enum *all, uint32_t count, stele_buf *out) {
  for (uint32_t i = 0; i < count; i++) {
    const stele_enum *type = &all[i];
    canonical_begin(out, CANONICAL_ENUM);
    canonical_text(out, CANONICAL_NAME, type->name);
    if (type->visibility) canonical_number(out, CANONICAL_VISIBILITY, type->visibility);
    enum_values(arena, type, out);
    canonical_ranges(arena, type->reserved_ranges, type->reserved_range_count, true,
                     CANONICAL_RESERVED_RANGE, type->file, out);
    canonical_reserved_names(arena, type->reserved_names, type->reserved_name_count, out);
    canonical_options(arena, type->file, type->options, out);
    canonical_end(out);
  }
}

/* Nesting is bounded by the parser and by the descriptor decoder. */
static void messages(stele_arena *arena, const stele_message *all, uint32_t count, stele_buf *out) {
  for (uint32_t i = 0; i < count; i++) {
    const stele_message *message = &all[i];
    if (message->is_map_entry) continue; /* a part of its field */
    canonical_begin(out, CANONICAL_MESSAGE);
    canonical_text(out, CANONICAL_NAME, message->name);
    if (message->visibility) canonical_number(out, CANONICAL_VISIBILITY, message->visibility);
    canonical_fields(arena, message, out);
    canonical_extensions(arena, message->extensions, message->extension_count, out);
    messages(arena, message->messages, message->message_count, out);
    enums(arena, message->enums, message->enum_count, out);
    canonical_ranges(arena, message->extension_ranges, message->extension_range_count, false,
                     CANONICAL_EXTENSION_RANGE, message->file, out);
    canonical_ranges(arena, message->reserved_ranges, message->reserved_range_count, false,
                     CANONICAL_RESERVED_RANGE, message->file, out);
    canonical_reserved_names(arena, message->reserved_names, message->reserved_name_count, out);
    canonical_options(arena, message->file, message->options, out);
    canonical_end(out);
  }
}

static void method(stele_arena *arena, const stele_method *one, stele_buf *out) {
  canonical_begin(out, CANONICAL_METHOD);
  canonical_text(out, CANONICAL_NAME, one->name);
  canonical_text(out, CANONICAL_TYPE, one->input ? one->input->full_name : one->input_name);
  canonical_text(out, CANONICAL_TYPE, one->output ? one->output->full_name : one->output_name);
  canonical_number(out, CANONICAL_STREAMING,
                   (one->client_streaming ? 1 : 0) + (one->server_streaming ? 2 : 0));
  canonical_options(arena, one->service->file, one->options, out);
  canonical_end(out);
}

static void services(stele_arena *arena, const stele_file *file, stele_buf *out) {
  for (uint32_t i = 0; i < file->service_count; i++) {
    const stele_service *service = &file->services[i];
    canonical_begin(out, CANONICAL_SERVICE);
    canonical_text(out, CANONICAL_NAME, service->name);
    for (uint32_t j = 0; j < service->method_count; j++) method(arena, &service->methods[j], out);
    canonical_options(arena, file, service->options, out);
    canonical_end(out);
  }
}

static int by_path(const void *a, const void *b) {
  const stele_import *x = *(const stele_import *const *)a, *y = *(const stele_import *const *)b;
  int order = stele_str_order(x->path, y->path);
  return order ? order : (int)x->kind - (int)y->kind;
}

static void imports(stele_arena *arena, const stele_file *file, stele_buf *out) {
  uint32_t count = file->import_count;
  const stele_import **sorted = STELE_NEW_ARRAY(arena, const stele_import *, count);
  for (uint32_t i = 0; i < count; i++) sorted[i] = &file->imports[i];
  if (count > 1) qsort(sorted, count, sizeof *sorted, by_path);
  for (uint32_t i = 0; i < count; i++) {
    if (i > 0 && by_path(&sorted[i - 1], &sorted[i]) == 0) continue;
    canonical_text(out, CANONICAL_IMPORT, sorted[i]->path);
    canonical_number(out, CANONICAL_IMPORT, sorted[i]->kind);
  }
}

void canonical_file(stele_arena *arena, const stele_file *file, stele_buf *out) {
  canonical_text(out, CANONICAL_PACKAGE, file->package);
  canonical_number(out, CANONICAL_EDITION, file->edition);
  imports(arena, file, out);
  canonical_options(arena, file, file->options, out);
  messages(arena, file->messages, file->message_count, out);
  enums(arena, file->enums, file->enum_count, out);
  services(arena, file, out);
  canonical_extensions(arena, file->extensions, file->extension_count, out);
}
