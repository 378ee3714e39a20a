/* Finding the schema, then the type, then reading and writing. */
#include "registry/payload.h"

#include "base/num.h"
#include "proto/schema/schema.h"
#include "registry/layouts.h"
#include "stele/json.h"

enum { PRETTY = 2 };

static const char *const form_texts[PAYLOAD_FORM_COUNT] = {
#define X(id, name) [PAYLOAD_##id] = (name),
    PAYLOAD_FORMS(X)
#undef X
};

const char *payload_form_text(payload_form form) {
  return form_texts[form];
}

bool payload_form_parse(stele_str text, payload_form *out) {
  for (int i = 0; i < PAYLOAD_FORM_COUNT; i++) {
    if (!stele_str_eq(text, stele_cstr(form_texts[i]))) continue;
    *out = (payload_form)i;
    return true;
  }
  return false;
}

/* ---- Faults --------------------------------------------------------------------- */

/* "byte 17" and the like: the number behind a word; -1 when the word is not
 * there before `end`. */
static int64_t number_behind(const char *at, const char *end, const char *word) {
  size_t len = strlen(word);
  for (; (size_t)(end - at) > len; at++) {
    if (memcmp(at, word, len) != 0) continue;
    const char *digits = at + len, *stop = digits;
    uint64_t value;
    while (stop < end && *stop >= '0' && *stop <= '9') stop++;
    if (!stele_num_parse_u64((stele_str){digits, (size_t)(stop - digits)}, &value)) return -1;
    return (int64_t)value;
  }
  return -1;
}

payload_fault payload_fault_of(stele_arena *arena, stele_str message) {
  static const char opening[] = "field \"", closing[] = "\": ";
  payload_fault fault = {.message = stele_str_copy(arena, message), .offset = -1};
  const char *text = fault.message.ptr, *end = text + message.len;
  const char *field = strstr(text, opening);
  const char *close = field ? strstr(field, closing) : NULL;
  const char *head_end = close ? field : strstr(text, ": ");
  if (!head_end) head_end = end;
  if (close) {
    field += sizeof opening - 1;
    fault.field = (stele_str){field, (size_t)(close - field)};
  }
  fault.offset = number_behind(text, head_end, "byte ");
  fault.line = (int32_t)number_behind(text, head_end, "line ");
  fault.column = (int32_t)number_behind(text, head_end, "column ");
  if (fault.line < 0) fault.line = 0;
  if (fault.column < 0) fault.column = 0;
  return fault;
}

/* ---- Finding ----------------------------------------------------------------------- */

static const stele_file *find_version(linked_job *job, const payload_in *in, payload_out *out,
                                      stele_err *err) {
  const snap_subject *subject = snap_find_subject(job->snapshot, in->tenant, in->subject);
  if (!subject || !subject->live_count) {
    out->refused = REGISTRY_REFUSE(job->arena, REGISTRY_SUBJECT_NOT_FOUND, in->subject);
    return NULL;
  }
  const snap_version *v = in->version == PAYLOAD_NEWEST ? subject->newest_live
                                                        : snap_find_version(subject, in->version);
  if (!v || v->deleted) {
    out->refused = REGISTRY_REFUSE(job->arena, REGISTRY_VERSION_NOT_FOUND,
                                   stele_str_printf(job->arena, "%d", in->version));
    return NULL;
  }
  out->id = v->id;
  out->version = v->version;
  out->subject = in->subject;
  return linked_version(job, v->subject, v, err);
}

static const stele_file *find_id(linked_job *job, const payload_in *in, payload_out *out,
                                 stele_err *err) {
  out->id = in->id;
  if (!out->id && !stele_frame_id(stele_str_bytes(in->bytes), &out->id, err)) {
    out->fault = payload_fault_of(job->arena, stele_cstr(err->msg));
    *err = (stele_err){0};
    return NULL;
  }
  const snap_schema *schema = snap_find_id(job->snapshot, in->tenant, out->id);
  if (schema) return linked_schema(job, STELE_STR("default"), schema, err);
  out->refused = REGISTRY_REFUSE(job->arena, REGISTRY_SCHEMA_NOT_FOUND,
                                 stele_str_printf(job->arena, "%d", out->id));
  return NULL;
}

/* The type's name, and the message without its frame. */
static bool find_type(linked_job *job, const stele_file *file, const payload_in *in,
                      payload_out *out, stele_bytes *bytes) {
  const stele_message *type = file->message_count ? &file->messages[0] : NULL;
  *bytes = stele_str_bytes(in->bytes);
  if (in->is_framed) {
    stele_err err = {0};
    type = stele_frame_type(*bytes, file, bytes, &err);
    if (!type) {
      out->fault = payload_fault_of(job->arena, stele_cstr(err.msg));
      return false;
    }
  }
  out->type = in->type.len ? in->type : type ? type->full_name : STELE_STR("");
  return true;
}

/* ---- Reading and writing ---------------------------------------------------------------- */

static stele_object *read_payload(stele_arena *arena, const stele_layout *layout,
                                  const payload_in *in, stele_bytes bytes, stele_err *err) {
  const stele_decode_options binary = {.alias_input = true};
  const stele_json_decode_options json = {.alias_input = true,
                                          .ignore_unknown = in->ignore_unknown};
  switch (in->from) {
  case PAYLOAD_JSON: return stele_json_decode(arena, layout, stele_bytes_str(bytes), &json, err);
  case PAYLOAD_TEXT: return stele_text_read(arena, layout, stele_bytes_str(bytes), NULL, err);
  case PAYLOAD_BINARY:
  case PAYLOAD_FORM_COUNT: break;
  }
  return stele_binary_decode(arena, layout, bytes, &binary, err);
}

static bool write_payload(stele_arena *arena, const stele_object *o, const payload_in *in,
                          stele_str *out, stele_err *err) {
  const stele_json_encode_options json = {.always_print_defaults = in->always_print_defaults,
                                          .proto_names = in->proto_names,
                                          .enum_numbers = in->enum_numbers,
                                          .indent = in->pretty ? PRETTY : 0};
  const stele_text_write_options text = {.expand_any = true};
  stele_bytes bytes = {NULL, 0};
  bool ok = false;
  switch (in->to) {
  case PAYLOAD_JSON: return stele_json_encode(arena, o, &json, out, err);
  case PAYLOAD_TEXT: return stele_text_write(arena, o, &text, out, err);
  case PAYLOAD_BINARY:
  case PAYLOAD_FORM_COUNT: ok = stele_binary_encode(arena, o, NULL, &bytes, err);
  }
  *out = stele_bytes_str(bytes);
  return ok;
}

/* Is it the message that is wrong, or too much for what one may ask? */
static bool is_fault(stele_code code) {
  return code == STELE_INVALID || code == STELE_NOT_FOUND || code == STELE_LIMIT;
}

static bool take(linked_job *job, const stele_layout *layout, const payload_in *in,
                 stele_bytes bytes, payload_out *out, stele_err *err) {
  const stele_object *o = read_payload(job->arena, layout, in, bytes, err);
  if (o && write_payload(job->arena, o, in, &out->bytes, err)) return true;
  if (!is_fault(err->code)) return false;
  out->fault = payload_fault_of(job->arena, stele_cstr(err->msg));
  *err = (stele_err){0};
  return true;
}

bool payload_run(linked_job *job, const payload_in *in, payload_out *out, stele_err *err) {
  *out = (payload_out){.fault = {.offset = -1}};
  const stele_file *file =
      in->subject.len ? find_version(job, in, out, err) : find_id(job, in, out, err);
  if (!file) return out->refused || out->fault.message.len;
  stele_bytes bytes;
  if (!find_type(job, file, in, out, &bytes)) return true;
  stele_layouts *layouts = layouts_of(job, file, err);
  if (!layouts) return false;
  const stele_layout *layout = stele_layouts_find(layouts, out->type, err);
  if (layout) return take(job, layout, in, bytes, out, err);
  if (err->code != STELE_NOT_FOUND) return false;
  *err = (stele_err){0};
  out->refused = REGISTRY_REFUSE(job->arena, REGISTRY_TYPE_NOT_FOUND, out->type,
                                 stele_str_printf(job->arena, "%d", out->id));
  return true;
}
