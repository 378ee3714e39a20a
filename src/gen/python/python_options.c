/* Options for the runtime in pure Python: each element that has some gets two
 * lines. Nested types come before their parents, and within a message oneofs,
 * then enums, fields, extensions, and itself last. */
#include "base/c_text.h"
#include "gen/python/python_internal.h"

stele_bytes py_options(const py_module *m, const stele_options *options) {
  return stele_descriptor_options_of(m->arena, m->file, options, false);
}

/* `place` is what stands before "._loaded_options". */
static void write_pair(const py_module *m, stele_str place, stele_bytes options) {
  if (!options.len) return;
  PY_ADD(m->out, S("  "), place, S("._loaded_options = None\n"));
  PY_ADD(m->out, S("  "), place, S("._serialized_options = b'"));
  stele_c_escape(m->out, options);
  PY_ADD(m->out, S("'\n"));
}

static stele_str global_place(const py_module *m, stele_str global) {
  return stele_str_printf(m->arena, "_globals['" STELE_STR_FMT "']", STELE_STR_ARG(global));
}

/* "_globals['_M'].fields_by_name['a']" */
static stele_str member_place(const py_module *m, stele_str place, const char *table,
                              stele_str name) {
  return stele_str_printf(m->arena, STELE_STR_FMT ".%s['" STELE_STR_FMT "']", STELE_STR_ARG(place),
                          table, STELE_STR_ARG(name));
}

static void write_enum(const py_module *m, const stele_enum *type) {
  stele_str place = global_place(m, py_enum_global(m->arena, type));
  write_pair(m, place, py_options(m, type->options));
  for (uint32_t i = 0; i < type->value_count; i++) {
    const stele_enum_value *value = &type->values[i];
    if (!value->options) continue;
    stele_str at =
        stele_str_printf(m->arena, STELE_STR_FMT ".values_by_name[\"" STELE_STR_FMT "\"]",
                         STELE_STR_ARG(place), STELE_STR_ARG(value->name));
    write_pair(m, at, py_options(m, value->options));
  }
}

static void write_fields(const py_module *m, stele_str place, const char *table,
                         const stele_field *fields, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (!fields[i].options) continue;
    write_pair(m, member_place(m, place, table, fields[i].name), py_options(m, fields[i].options));
  }
}

static void write_message(const py_module *m, const stele_message *message) {
  for (uint32_t i = 0; i < message->message_count; i++) write_message(m, &message->messages[i]);
  stele_str place = global_place(m, py_message_global(m->arena, message));
  for (uint32_t i = 0; i < message->oneof_count; i++) {
    const stele_oneof *oneof = &message->oneofs[i];
    if (!oneof->options) continue;
    write_pair(m, member_place(m, place, "oneofs_by_name", oneof->name),
               py_options(m, oneof->options));
  }
  for (uint32_t i = 0; i < message->enum_count; i++) write_enum(m, &message->enums[i]);
  write_fields(m, place, "fields_by_name", message->fields, message->field_count);
  write_fields(m, place, "extensions_by_name", message->extensions, message->extension_count);
  write_pair(m, place, py_options(m, message->options));
}

static void write_service(const py_module *m, const stele_service *service) {
  stele_str place = global_place(m, py_service_global(m->arena, service));
  write_pair(m, place, py_options(m, service->options));
  for (uint32_t i = 0; i < service->method_count; i++) {
    const stele_method *method = &service->methods[i];
    if (!method->options) continue;
    write_pair(m, member_place(m, place, "methods_by_name", method->name),
               py_options(m, method->options));
  }
}

static void write_file(const py_module *m) {
  stele_bytes options = py_options(m, m->file->options);
  if (options.len) {
    write_pair(m, S("_globals['DESCRIPTOR']"), options);
  } else {
    PY_ADD(m->out, S("  DESCRIPTOR._loaded_options = None\n"));
  }
}

void py_write_options(const py_module *m) {
  const stele_file *file = m->file;
  write_file(m);
  for (uint32_t i = 0; i < file->enum_count; i++) write_enum(m, &file->enums[i]);
  for (uint32_t i = 0; i < file->extension_count; i++) {
    const stele_field *extension = &file->extensions[i];
    if (!extension->options) continue;
    write_pair(m, global_place(m, extension->name), py_options(m, extension->options));
  }
  for (uint32_t i = 0; i < file->message_count; i++) write_message(m, &file->messages[i]);
  for (uint32_t i = 0; i < file->service_count; i++) write_service(m, &file->services[i]);
}
