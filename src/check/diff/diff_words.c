/* Elements in a few words, for people who know .proto files. */
#include "check/diff/diff_internal.h"

static void add_type(stele_buf *out, const stele_field *field) {
  if (stele_field_is_map(field)) {
    stele_buf_add_cstr(out, "map<");
    add_type(out, &field->type_message->fields[0]);
    stele_buf_add_cstr(out, ", ");
    add_type(out, &field->type_message->fields[1]);
    stele_buf_add_cstr(out, ">");
  } else if (field->type_message) {
    stele_buf_add_str(out, field->type_message->full_name);
  } else if (field->type_enum) {
    stele_buf_add_str(out, field->type_enum->full_name);
  } else {
    stele_buf_add_cstr(out, stele_field_type_text(field->type));
  }
}

static void add_field(stele_buf *out, const stele_field *field) {
  if (field->label == STELE_LABEL_REPEATED) {
    if (!stele_field_is_map(field)) stele_buf_add_cstr(out, "repeated ");
  } else if (field->is_required) {
    stele_buf_add_cstr(out, "required ");
  }
  add_type(out, field);
  stele_buf_printf(out, " = %d", field->number);
}

static void add_method(stele_buf *out, const stele_method *method) {
  stele_buf_printf(
      out, "(%s" STELE_STR_FMT ") returns (%s" STELE_STR_FMT ")",
      method->client_streaming ? "stream " : "", STELE_STR_ARG(method->input->full_name),
      method->server_streaming ? "stream " : "", STELE_STR_ARG(method->output->full_name));
}

static void add_count(stele_buf *out, uint32_t count, const char *what) {
  stele_buf_printf(out, "%u %s%s", count, what, count == 1 ? "" : "s");
}

stele_str diff_words(diff_run *run, stele_symbol_kind kind, const void *element) {
  stele_buf out;
  stele_buf_init(&out, run->arena, 0);
  switch (kind) {
  case STELE_SYMBOL_FIELD: add_field(&out, element); break;
  case STELE_SYMBOL_METHOD: add_method(&out, element); break;
  case STELE_SYMBOL_MESSAGE:
    add_count(&out, ((const stele_message *)element)->field_count, "field");
    break;
  case STELE_SYMBOL_ENUM:
    add_count(&out, ((const stele_enum *)element)->value_count, "value");
    break;
  case STELE_SYMBOL_SERVICE:
    add_count(&out, ((const stele_service *)element)->method_count, "method");
    break;
  case STELE_SYMBOL_ENUM_VALUE:
    stele_buf_printf(&out, "= %d", ((const stele_enum_value *)element)->number);
    break;
  case STELE_SYMBOL_FILE: {
    stele_str package = ((const stele_file *)element)->package;
    if (package.len) stele_buf_printf(&out, "package " STELE_STR_FMT, STELE_STR_ARG(package));
    break;
  }
  case STELE_SYMBOL_ONEOF:
  case STELE_SYMBOL_NONE:
  case STELE_SYMBOL_PACKAGE: break;
  }
  return stele_buf_str(&out);
}

stele_str diff_full_name(diff_run *run, stele_symbol_kind kind, const void *element) {
  switch (kind) {
  case STELE_SYMBOL_MESSAGE: return ((const stele_message *)element)->full_name;
  case STELE_SYMBOL_ENUM: return ((const stele_enum *)element)->full_name;
  case STELE_SYMBOL_SERVICE: return ((const stele_service *)element)->full_name;
  case STELE_SYMBOL_FIELD: return stele_field_full_name(run->arena, element);
  case STELE_SYMBOL_ONEOF: return stele_oneof_full_name(run->arena, element);
  case STELE_SYMBOL_ENUM_VALUE: return stele_enum_value_full_name(run->arena, element);
  case STELE_SYMBOL_METHOD: return stele_method_full_name(run->arena, element);
  case STELE_SYMBOL_FILE: return ((const stele_file *)element)->name;
  case STELE_SYMBOL_NONE:
  case STELE_SYMBOL_PACKAGE: break;
  }
  return (stele_str){"", 0};
}
