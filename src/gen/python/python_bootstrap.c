/* descriptor.proto, spelt out: the pure Python runtime cannot read a serialised
 * descriptor before it has these types, so its module makes each descriptor by
 * hand, ties them together, and gives each its resolved features. */
#include "base/c_text.h"
#include "gen/python/python_internal.h"

bool py_is_bootstrap(const stele_file *file) {
  return stele_str_eq(file->name, S("google/protobuf/descriptor.proto"));
}

/* "serialized_options=b'…'" or "serialized_options=None" */
static void add_options(const py_module *m, const stele_options *options) {
  stele_bytes bytes = py_options(m, options);
  if (!bytes.len) {
    PY_ADD(m->out, S("serialized_options=None"));
    return;
  }
  PY_ADD(m->out, S("serialized_options=b'"));
  stele_c_escape(m->out, bytes);
  PY_ADD(m->out, S("'"));
}

static stele_str edition_name(const py_module *m) {
  if (m->file->edition == STELE_EDITION_PROTO2) return S("PROTO2");
  if (m->file->edition == STELE_EDITION_PROTO3) return S("PROTO3");
  return stele_str_printf(m->arena, "%d", 1023 + m->file->edition);
}

static stele_str syntax_name(const py_module *m) {
  if (m->file->edition == STELE_EDITION_PROTO2) return S("proto2");
  return m->file->edition == STELE_EDITION_PROTO3 ? S("proto3") : S("editions");
}

void py_write_bootstrap_file(const py_module *m) {
  PY_ADD(m->out,
         S("if not _descriptor._USE_C_DESCRIPTORS:\n"
           "  DESCRIPTOR = _descriptor.FileDescriptor(\n"
           "    name='"),
         m->file->name, S("',\n    package='"), m->file->package, S("',\n    syntax='"),
         syntax_name(m), S("',\n    edition='EDITION_"), edition_name(m), S("',\n    "));
  add_options(m, m->file->options);
  PY_ADD(m->out, S(",\n    create_key=_descriptor._internal_create_key,\n    serialized_pb=b'"));
  py_add_hex_escaped(m->out, m->descriptor);
  PY_ADD(m->out, S("'\n  )\n"));
}

/* ---- enums ---- */

static void write_enum_value(const py_module *m, const stele_enum_value *value, uint32_t index) {
  PY_ADD(m->out, S("      _descriptor.EnumValueDescriptor(\n        name='"), value->name);
  stele_buf_printf(m->out, "', index=%u, number=%d,\n        ", index, value->number);
  add_options(m, value->options);
  PY_ADD(m->out, S(",\n        type=None,\n"
                   "        create_key=_descriptor._internal_create_key),\n"));
}

static void write_enum(const py_module *m, const stele_enum *type) {
  stele_str global = py_enum_global(m->arena, type);
  PY_ADD(m->out, S("  "), global, S(" = _descriptor.EnumDescriptor(\n    name='"), type->name,
         S("',\n    full_name='"), type->full_name,
         S("',\n    filename=None,\n    file=DESCRIPTOR,\n"
           "    create_key=_descriptor._internal_create_key,\n    values=[\n"));
  for (uint32_t i = 0; i < type->value_count; i++) write_enum_value(m, &type->values[i], i);
  PY_ADD(m->out, S("    ],\n    containing_type=None,\n    "));
  add_options(m, type->options);
  PY_ADD(m->out, S(",\n  )\n  _sym_db.RegisterEnumDescriptor("), global, S(")\n\n"));
}

static void write_nested_enums(const py_module *m, const stele_message *message) {
  for (uint32_t i = 0; i < message->message_count; i++)
    write_nested_enums(m, &message->messages[i]);
  for (uint32_t i = 0; i < message->enum_count; i++) write_enum(m, &message->enums[i]);
}

/* ---- messages ---- */

/* FieldDescriptor.cpp_type by FieldDescriptor.type */
static int cpp_type(const stele_field *field) {
  static const uint8_t types[] = {
      [STELE_TYPE_DOUBLE] = 5,   [STELE_TYPE_FLOAT] = 6,    [STELE_TYPE_INT64] = 2,
      [STELE_TYPE_UINT64] = 4,   [STELE_TYPE_INT32] = 1,    [STELE_TYPE_FIXED64] = 4,
      [STELE_TYPE_FIXED32] = 3,  [STELE_TYPE_BOOL] = 7,     [STELE_TYPE_STRING] = 9,
      [STELE_TYPE_GROUP] = 10,   [STELE_TYPE_MESSAGE] = 10, [STELE_TYPE_BYTES] = 9,
      [STELE_TYPE_UINT32] = 3,   [STELE_TYPE_ENUM] = 8,     [STELE_TYPE_SFIXED32] = 1,
      [STELE_TYPE_SFIXED64] = 2, [STELE_TYPE_SINT32] = 1,   [STELE_TYPE_SINT64] = 2,
  };
  return types[field->type];
}

static void add_float_default(stele_buf *out, stele_str text) {
  if (stele_str_eq(text, S("inf"))) {
    PY_ADD(out, S("1e10000"));
  } else if (stele_str_eq(text, S("-inf"))) {
    PY_ADD(out, S("-1e10000"));
  } else if (stele_str_eq(text, S("nan"))) {
    PY_ADD(out, S("(1e10000 * 0)"));
  } else {
    PY_ADD(out, S("float("), text.len ? text : S("0"), S(")"));
  }
}

/* The descriptor keeps the default of a string as it is, of bytes escaped. */
static void add_text_default(stele_buf *out, const stele_field *field) {
  bool is_text = field->type == STELE_TYPE_STRING;
  PY_ADD(out, S("b\""));
  if (is_text) {
    stele_c_escape(out, stele_str_bytes(stele_field_default(field)));
  } else {
    PY_ADD(out, stele_field_default(field));
  }
  PY_ADD(out, is_text ? S("\".decode('utf-8')") : S("\""));
}

static int32_t enum_default(const stele_field *field) {
  const stele_enum_value *value =
      field->has_default ? stele_enum_value_by_name(field->type_enum, stele_field_default(field))
                         : NULL;
  return value ? value->number : field->type_enum->values[0].number;
}

static void add_default(const py_module *m, const stele_field *field) {
  stele_str text = stele_field_default(field);
  if (field->label == STELE_LABEL_REPEATED) {
    PY_ADD(m->out, S("[]"));
  } else if (field->type_message) {
    PY_ADD(m->out, S("None"));
  } else if (field->type_enum) {
    stele_buf_add_i64(m->out, enum_default(field));
  } else if (field->type == STELE_TYPE_STRING || field->type == STELE_TYPE_BYTES) {
    add_text_default(m->out, field);
  } else if (field->type == STELE_TYPE_BOOL) {
    PY_ADD(m->out, stele_str_eq(text, S("true")) ? S("True") : S("False"));
  } else if (field->type == STELE_TYPE_DOUBLE || field->type == STELE_TYPE_FLOAT) {
    add_float_default(m->out, text);
  } else {
    PY_ADD(m->out, text.len ? text : S("0"));
  }
}

static void write_field(const py_module *m, const stele_field *field, uint32_t index) {
  bool group = field->type == STELE_TYPE_GROUP || (field->type_message && field->is_delimited);
  int type = group ? STELE_TYPE_GROUP : field->type;
  int label = field->is_required ? STELE_LABEL_REQUIRED : field->label;
  PY_ADD(m->out, S("      _descriptor.FieldDescriptor(\n        name='"), field->name,
         S("', full_name='"), stele_field_full_name(m->arena, field));
  stele_buf_printf(m->out, "', index=%u,\n        number=%d, type=%d, cpp_type=%d, label=%d,\n",
                   index, field->number, type, cpp_type(field), label);
  PY_ADD(m->out, S("        has_default_value="), field->has_default ? S("True") : S("False"),
         S(", default_value="));
  add_default(m, field);
  PY_ADD(m->out,
         S(",\n        message_type=None, enum_type=None, containing_type=None,\n"
           "        is_extension="),
         field->is_extension ? S("True") : S("False"), S(", extension_scope=None,\n        "));
  add_options(m, field->options);
  PY_ADD(m->out, S(", file=DESCRIPTOR,  create_key=_descriptor._internal_create_key),\n"));
}

static void write_fields(const py_module *m, const char *list, const stele_field *fields,
                         uint32_t count) {
  PY_ADD(m->out, S("    "), stele_cstr(list), S("=[\n"));
  for (uint32_t i = 0; i < count; i++) write_field(m, &fields[i], i);
  PY_ADD(m->out, S("    ],\n"));
}

static void write_nested_names(const py_module *m, const stele_message *message) {
  PY_ADD(m->out, S("    nested_types=["));
  for (uint32_t i = 0; i < message->message_count; i++) {
    PY_ADD(m->out, py_message_global(m->arena, &message->messages[i]), S(", "));
  }
  PY_ADD(m->out, S("],\n    enum_types=[\n"));
  for (uint32_t i = 0; i < message->enum_count; i++) {
    PY_ADD(m->out, S("      "), py_enum_global(m->arena, &message->enums[i]), S(",\n"));
  }
  PY_ADD(m->out, S("    ],\n    "));
}

static void write_ranges(const py_module *m, const stele_message *message) {
  PY_ADD(m->out, S(",\n    is_extendable="),
         message->extension_range_count ? S("True") : S("False"), S(",\n    extension_ranges=["));
  for (uint32_t i = 0; i < message->extension_range_count; i++) {
    const stele_range *range = &message->extension_ranges[i];
    stele_buf_printf(m->out, "(%d, %d), ", range->start, range->end);
  }
  PY_ADD(m->out, S("],\n"));
}

static void write_oneofs(const py_module *m, const stele_message *message) {
  PY_ADD(m->out, S("    oneofs=[\n"));
  for (uint32_t i = 0; i < message->oneof_count; i++) {
    const stele_oneof *oneof = &message->oneofs[i];
    PY_ADD(m->out, S("      _descriptor.OneofDescriptor(\n        name='"), oneof->name,
           S("', full_name='"), stele_oneof_full_name(m->arena, oneof), S("',\n"));
    stele_buf_printf(m->out, "        index=%u, containing_type=None,\n", i);
    PY_ADD(m->out, S("        create_key=_descriptor._internal_create_key,\n      fields=[]"));
    if (oneof->options) {
      PY_ADD(m->out, S(", "));
      add_options(m, oneof->options);
    }
    PY_ADD(m->out, S("),\n"));
  }
  PY_ADD(m->out, S("    ],\n  )\n\n"));
}

/* Nested ones first, since a message names them. */
static void write_message(const py_module *m, const stele_message *message) {
  for (uint32_t i = 0; i < message->message_count; i++) write_message(m, &message->messages[i]);
  PY_ADD(m->out, S("  "), py_message_global(m->arena, message),
         S(" = _descriptor.Descriptor(\n    name='"), message->name, S("',\n    full_name='"),
         message->full_name,
         S("',\n    filename=None,\n    file=DESCRIPTOR,\n    containing_type=None,\n"
           "    create_key=_descriptor._internal_create_key,\n"));
  write_fields(m, "fields", message->fields, message->field_count);
  write_fields(m, "extensions", message->extensions, message->extension_count);
  write_nested_names(m, message);
  add_options(m, message->options);
  write_ranges(m, message);
  write_oneofs(m, message);
}

void py_write_bootstrap_types(const py_module *m) {
  const stele_file *file = m->file;
  for (uint32_t i = 0; i < file->enum_count; i++) write_enum(m, &file->enums[i]);
  for (uint32_t i = 0; i < file->message_count; i++) write_nested_enums(m, &file->messages[i]);
  for (uint32_t i = 0; i < file->message_count; i++) {
    PY_ADD(m->out, S("\n"));
    write_message(m, &file->messages[i]);
  }
}
