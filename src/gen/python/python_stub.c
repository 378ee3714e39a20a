/* x_pb2.pyi: the classes of a module with the types of their attributes, for
 * editors and type checkers. A name that is a keyword of Python cannot be
 * written there as an attribute, so such fields are left out. */
#include "gen/python/python_internal.h"

/* ---- types ---- */

static stele_str scalar_type(const stele_field *field) {
  static const stele_str types[] = {
      [STELE_TYPE_DOUBLE] = STELE_STR_INIT("float"), [STELE_TYPE_FLOAT] = STELE_STR_INIT("float"),
      [STELE_TYPE_INT64] = STELE_STR_INIT("int"),    [STELE_TYPE_UINT64] = STELE_STR_INIT("int"),
      [STELE_TYPE_INT32] = STELE_STR_INIT("int"),    [STELE_TYPE_FIXED64] = STELE_STR_INIT("int"),
      [STELE_TYPE_FIXED32] = STELE_STR_INIT("int"),  [STELE_TYPE_BOOL] = STELE_STR_INIT("bool"),
      [STELE_TYPE_STRING] = STELE_STR_INIT("str"),   [STELE_TYPE_BYTES] = STELE_STR_INIT("bytes"),
      [STELE_TYPE_UINT32] = STELE_STR_INIT("int"),   [STELE_TYPE_SFIXED32] = STELE_STR_INIT("int"),
      [STELE_TYPE_SFIXED64] = STELE_STR_INIT("int"), [STELE_TYPE_SINT32] = STELE_STR_INIT("int"),
      [STELE_TYPE_SINT64] = STELE_STR_INIT("int"),
  };
  return types[field->type];
}

/* "Outer.Inner"; a keyword is asked for by a string: "getattr(Outer, 'class')",
 * "globals()['class']". */
static stele_str type_path(const py_stub *s, const stele_message *parent, stele_str name) {
  stele_buf out;
  stele_buf_init(&out, s->arena, 0);
  if (!parent) {
    if (!py_is_keyword(name)) return name;
    PY_ADD(&out, S("globals()['"), name, S("']"));
    return stele_buf_str(&out);
  }
  stele_str outer = type_path(s, parent->parent, parent->name);
  if (py_is_keyword(name)) {
    PY_ADD(&out, S("getattr("), outer, S(", '"), name, S("')"));
  } else {
    PY_ADD(&out, outer, S("."), name);
  }
  return stele_buf_str(&out);
}

static stele_str type_name(const py_stub *s, const stele_file *file, const stele_message *parent,
                           stele_str name) {
  stele_buf out;
  stele_str path = type_path(s, parent, name);
  if (file == s->file) return path;
  const stele_str *alias = stele_map_find(&s->aliases, file->name);
  stele_buf_init(&out, s->arena, 0);
  if (alias) {
    PY_ADD(&out, *alias, S("."), path);
  } else {
    PY_ADD(&out, S("_"), py_module_last(py_module_name(s->arena, file->name)), S("."), path);
  }
  return stele_buf_str(&out);
}

stele_str py_stub_message(const py_stub *s, const stele_message *message) {
  return type_name(s, message->file, message->parent, message->name);
}

stele_str py_stub_enum(const py_stub *s, const stele_enum *type) {
  return type_name(s, type->file, type->parent, type->name);
}

stele_str py_stub_datetime(const stele_field *field) {
  if (!field->type_message) return S("");
  stele_str name = field->type_message->full_name;
  if (stele_str_eq(name, S("google.protobuf.Timestamp"))) return S("datetime.datetime");
  if (stele_str_eq(name, S("google.protobuf.Duration"))) return S("datetime.timedelta");
  return S("");
}

static stele_str field_type(const py_stub *s, const stele_field *field) {
  if (field->type_message) return py_stub_message(s, field->type_message);
  if (field->type_enum) return py_stub_enum(s, field->type_enum);
  return scalar_type(field);
}

/* ---- enums and extensions ---- */

static void write_enum_values(const py_stub *s, const stele_enum *type, stele_str indent) {
  stele_str name = py_stub_enum(s, type);
  for (uint32_t i = 0; i < type->value_count; i++) {
    PY_ADD(s->out, indent, type->values[i].name, S(": "), name, S("\n"));
  }
}

static void write_enum(const py_stub *s, const stele_enum *type, stele_str indent) {
  stele_str name = py_stub_enum(s, type);
  PY_ADD(s->out, indent, S("class "), type->name,
         S("(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):\n"), indent,
         S("    __slots__ = ()\n"));
  for (uint32_t i = 0; i < type->value_count; i++) {
    PY_ADD(s->out, indent, S("    "), type->values[i].name, S(": _ClassVar["), name, S("]\n"));
  }
}

static void write_number(const py_stub *s, stele_str name, stele_str indent) {
  PY_ADD(s->out, indent, py_upper(s->arena, name), S("_FIELD_NUMBER: _ClassVar[int]\n"));
}

static void write_extensions(const py_stub *s, const stele_field *extensions, uint32_t count,
                             stele_str indent) {
  for (uint32_t i = 0; i < count; i++) {
    write_number(s, extensions[i].name, indent);
    PY_ADD(s->out, indent, extensions[i].name, S(": _descriptor.FieldDescriptor\n"));
  }
}

/* ---- messages ---- */

static void write_slots(const py_stub *s, const stele_message *message, stele_str indent) {
  uint32_t count = 0;
  PY_ADD(s->out, indent, S("__slots__ = ("));
  for (uint32_t i = 0; i < message->field_count; i++) {
    stele_str name = message->fields[i].name;
    if (py_is_keyword(name)) continue;
    PY_ADD(s->out, count++ ? S(", ") : S(""), S("\""), name, S("\""));
  }
  PY_ADD(s->out, count == 1 ? S(",)\n") : S(")\n"));
}

static void write_attribute(const py_stub *s, const stele_field *field, stele_str indent) {
  PY_ADD(s->out, indent, field->name, S(": "));
  if (stele_field_is_map(field)) {
    const stele_field *key = &field->type_message->fields[0], *value = key + 1;
    PY_ADD(s->out, value->type_message ? S("_containers.MessageMap[") : S("_containers.ScalarMap["),
           field_type(s, key), S(", "), field_type(s, value), S("]\n"));
  } else if (field->label == STELE_LABEL_REPEATED) {
    PY_ADD(s->out,
           field->type_message ? S("_containers.RepeatedCompositeFieldContainer[")
                               : S("_containers.RepeatedScalarFieldContainer["),
           field_type(s, field), S("]\n"));
  } else {
    PY_ADD(s->out, field_type(s, field), S("\n"));
  }
}

/* What a constructor takes for one value. */
static void write_accepted(const py_stub *s, const stele_field *field) {
  stele_str type = field_type(s, field);
  if (field->type_message) {
    stele_str also = py_stub_datetime(field);
    PY_ADD(s->out, S("_Union["), also, also.len ? S(", ") : S(""), type, S(", _Mapping]"));
  } else if (field->type_enum) {
    PY_ADD(s->out, S("_Union["), type, S(", str]"));
  } else {
    PY_ADD(s->out, type);
  }
}

static void write_argument(const py_stub *s, const stele_field *field) {
  PY_ADD(s->out, S(", "), field->name, S(": _Optional["));
  if (stele_field_is_map(field)) {
    const stele_field *key = &field->type_message->fields[0], *value = key + 1;
    PY_ADD(s->out, S("_Mapping["), field_type(s, key), S(", "), field_type(s, value), S("]"));
  } else if (field->label == STELE_LABEL_REPEATED) {
    PY_ADD(s->out, S("_Iterable["));
    write_accepted(s, field);
    PY_ADD(s->out, S("]"));
  } else {
    write_accepted(s, field);
  }
  PY_ADD(s->out, S("] = ..."));
}

static void write_constructor(const py_stub *s, const stele_message *message, stele_str indent) {
  bool has_self = stele_message_field_by_name(message, S("self")) != NULL, has_keyword = false;
  PY_ADD(s->out, indent, S("def __init__("), has_self ? S("self_") : S("self"));
  for (uint32_t i = 0; i < message->field_count; i++) {
    const stele_field *field = &message->fields[i];
    if (py_is_keyword(field->name)) {
      has_keyword = true;
    } else {
      write_argument(s, field);
    }
  }
  PY_ADD(s->out, has_keyword ? S(", **kwargs") : S(""), S(") -> None: ...\n"));
}

/* As deep as the types are nested, which the parser bounds. */
static void write_message(const py_stub *s, const stele_message *message, stele_str outer) {
  stele_str indent = stele_str_printf(s->arena, STELE_STR_FMT "    ", STELE_STR_ARG(outer));
  PY_ADD(s->out, outer, S("class "), message->name, S("(_message.Message"));
  if (py_is_mixed_in(message)) PY_ADD(s->out, S(", _well_known_types."), message->name);
  PY_ADD(s->out, S("):\n"));
  write_slots(s, message, indent);
  if (message->extension_range_count) {
    PY_ADD(s->out, indent, S("Extensions: _python_message._ExtensionDict\n"));
  }
  for (uint32_t i = 0; i < message->enum_count; i++) {
    write_enum(s, &message->enums[i], indent);
    write_enum_values(s, &message->enums[i], indent);
  }
  for (uint32_t i = 0; i < message->message_count; i++) {
    write_message(s, &message->messages[i], indent);
  }
  write_extensions(s, message->extensions, message->extension_count, indent);
  for (uint32_t i = 0; i < message->field_count; i++) {
    write_number(s, message->fields[i].name, indent);
  }
  for (uint32_t i = 0; i < message->field_count; i++) {
    if (!py_is_keyword(message->fields[i].name)) write_attribute(s, &message->fields[i], indent);
  }
  write_constructor(s, message, indent);
}

/* ---- the file ---- */

/* Extensions and enum values of a public import are names of this module. */
static void write_public_names(const py_stub *s) {
  for (uint32_t i = 0; i < s->file->import_count; i++) {
    const stele_file *file = s->file->imports[i].file;
    if (s->file->imports[i].kind != STELE_IMPORT_PUBLIC || !file) continue;
    write_extensions(s, file->extensions, file->extension_count, S(""));
    for (uint32_t j = 0; j < file->enum_count; j++) write_enum_values(s, &file->enums[j], S(""));
  }
}

static void write_services(const py_stub *s) {
  if (!py_has_generic_services(s->file)) return;
  for (uint32_t i = 0; i < s->file->service_count; i++) {
    stele_str name = s->file->services[i].name;
    PY_ADD(s->out, S("\nclass "), name, S("(_service.service): ...\n\nclass "), name, S("_Stub("),
           name, S("): ...\n"));
  }
}

void py_write_stub(stele_arena *arena, const stele_file *file, stele_buf *out) {
  py_stub s = {.arena = arena, .file = file, .out = out};
  stele_map_init(&s.aliases, arena, 0);
  py_write_stub_imports(&s);
  PY_ADD(out, S("\nDESCRIPTOR: _descriptor.FileDescriptor\n"));
  write_public_names(&s);
  for (uint32_t i = 0; i < file->enum_count; i++) {
    PY_ADD(out, S("\n"));
    write_enum(&s, &file->enums[i], S(""));
  }
  for (uint32_t i = 0; i < file->enum_count; i++) write_enum_values(&s, &file->enums[i], S(""));
  write_extensions(&s, file->extensions, file->extension_count, S(""));
  for (uint32_t i = 0; i < file->message_count; i++) {
    PY_ADD(out, S("\n"));
    write_message(&s, &file->messages[i], S(""));
  }
  write_services(&s);
}
