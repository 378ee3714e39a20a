/* A descriptor is printed canonically and, unlike in Confluent's, with the comments
 * that its source info has: what is shown is for people. The guid is of the text
 * without them, as Confluent has it (registry/candidate.h).
 *
 * A printed descriptor is kept beside the bytes it was printed from: the first
 * reader pays, and two first readers agree on one copy. */
#include "registry/text.h"

#include "fmt/base64.h"
#include "proto/descriptor/descriptor.h"
#include "proto/print/print.h"
#include "proto/wire/reader.h"
#include "proto/wire/writer.h"

text_form text_form_parse(stele_str format) {
  if (stele_str_eq(format, STELE_STR("serialized"))) return TEXT_SERIALIZED;
  if (stele_str_eq(format, STELE_STR("ignore_extensions"))) return TEXT_IGNORE_EXTENSIONS;
  return TEXT_DEFAULT;
}

bool text_at_hand(const snap_content *content, text_form form, stele_str *out) {
  return form == TEXT_DEFAULT && snap_content_source(content, out);
}

/* The descriptor with its name, the first field, replaced: what a schema is
 * called is its importer's to say. */
static void serialize(stele_arena *arena, const stele_file *file, stele_str *out) {
  static const stele_descriptor_options options = {0};
  stele_buf bytes, renamed, base64;
  stele_buf_init(&bytes, arena, 0);
  stele_descriptor_encode(arena, file, &options, &bytes);
  stele_reader r = stele_reader_of(stele_buf_bytes(&bytes));
  (void)stele_read_tag(&r);
  (void)stele_read_delimited(&r);
  stele_buf_init(&renamed, arena, 0);
  stele_write_bytes_field(&renamed, 1, stele_str_bytes(STELE_STR("default")));
  stele_buf_add(&renamed, r.at, (size_t)(r.end - r.at));
  stele_buf_init(&base64, arena, 0);
  stele_base64_encode(&base64, stele_buf_bytes(&renamed));
  *out = stele_buf_str(&base64);
}

static bool print(stele_arena *arena, const stele_file *file, stele_print_form form, stele_str *out,
                  stele_err *err) {
  stele_buf buf;
  stele_buf_init(&buf, arena, 0);
  stele_print_options options = {.form = form, .comments = true};
  if (!stele_print_file(arena, file, &options, &buf, err)) return false;
  *out = stele_buf_str(&buf);
  return true;
}

static void keep_printed(const snap_content *content, stele_str text) {
  snap_text *of = content->text;
  if (of->kind != STELE_TEXT_DESCRIPTOR) return;
  snap_bytes *made = snap_bytes_new(text, NULL), *none = NULL;
  if (!atomic_compare_exchange_strong(&of->printed, &none, made)) snap_bytes_unref(made);
}

bool text_of_file(stele_arena *arena, const stele_file *file, text_form form, stele_str *out,
                  stele_err *err) {
  if (form == TEXT_SERIALIZED) {
    serialize(arena, file, out);
    return true;
  }
  return print(arena, file,
               form == TEXT_DEFAULT ? STELE_PRINT_CANONICAL : STELE_PRINT_IGNORE_EXTENSIONS, out,
               err);
}

static bool render(stele_arena *arena, const stele_file *file, const snap_content *content,
                   text_form form, stele_str *out, stele_err *err) {
  if (!file || !text_of_file(arena, file, form, out, err)) return false;
  if (form == TEXT_DEFAULT) keep_printed(content, *out);
  return true;
}

bool text_of_version(linked_job *links, const snap_version *version, text_form form, stele_str *out,
                     stele_err *err) {
  if (text_at_hand(&version->content, form, out)) return true;
  const stele_file *file = linked_version(links, version->subject, version, err);
  return render(links->arena, file, &version->content, form, out, err);
}

bool text_of_schema(linked_job *links, const snap_schema *schema, text_form form, stele_str *out,
                    stele_err *err) {
  if (text_at_hand(&schema->content, form, out)) return true;
  const stele_file *file = linked_schema(links, STELE_STR("default"), schema, err);
  return render(links->arena, file, &schema->content, form, out, err);
}
