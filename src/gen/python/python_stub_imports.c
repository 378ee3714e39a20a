/* The head of a stub: what it imports, which depends on what it uses.
 *
 * A module that two imports would call by one name gets "_1" behind it. As in
 * protoc, a file that is reached twice is imported twice and the last name
 * wins, and a module that must be imported by a string keeps its plain name. */
#include "gen/python/python_internal.h"

/* ---- modules ---- */

typedef struct seen_aliases {
  stele_map map;
  bool has_importlib;
} seen_aliases;

/* "_x_pb2", or with as many "_1" behind it as make it new. */
static stele_str new_alias(py_stub *s, const seen_aliases *seen, stele_str module) {
  stele_buf alias;
  stele_buf_init(&alias, s->arena, 0);
  PY_ADD(&alias, S("_"), py_module_last(module));
  while (stele_map_find(&seen->map, stele_buf_str(&alias))) PY_ADD(&alias, S("_1"));
  return stele_buf_str(&alias);
}

static void remember(py_stub *s, seen_aliases *seen, stele_str path, stele_str alias) {
  stele_str *kept = STELE_NEW(s->arena, stele_str);
  *kept = alias;
  *stele_map_add(&seen->map, alias) = kept;
  *stele_map_add(&s->aliases, path) = kept;
}

static void write_import(py_stub *s, seen_aliases *seen, stele_str path) {
  stele_str module = py_module_name(s->arena, path);
  stele_str package = py_module_package(module);
  stele_str alias = new_alias(s, seen, module);
  if (py_module_has_keyword(module)) {
    if (!seen->has_importlib) PY_ADD(s->out, S("import importlib\n"));
    seen->has_importlib = true;
    PY_ADD(s->out, alias, S(" = importlib.import_module('"), module, S("')\n"));
    return;
  }
  if (package.len) PY_ADD(s->out, S("from "), package, S(" "));
  PY_ADD(s->out, S("import "), py_module_last(module), S(" as "), alias, S("\n"));
  remember(s, seen, path, alias);
}

static void write_modules(py_stub *s) {
  seen_aliases seen = {.has_importlib = false};
  stele_map_init(&seen.map, s->arena, 0);
  for (uint32_t i = 0; i < s->file->import_count; i++) {
    const stele_import *import = &s->file->imports[i];
    if (import->kind == STELE_IMPORT_OPTION) continue;
    write_import(s, &seen, import->path);
    for (uint32_t j = 0; import->file && j < import->file->import_count; j++) {
      const stele_import *further = &import->file->imports[j];
      if (further->kind == STELE_IMPORT_PUBLIC) write_import(s, &seen, further->path);
    }
  }
}

/* ---- what the types use ---- */

typedef struct stub_uses {
  bool containers, enums, extensions, well_known; /* of protobuf's internals */
  bool iterable, mapping, optional, union_, datetime;
} stub_uses;

/* The messages to which the runtime adds methods. */
static const char *const mixed_in[] = {"Any",       "Timestamp", "Duration",
                                       "FieldMask", "Struct",    "ListValue"};

bool py_is_mixed_in(const stele_message *message) {
  if (!stele_str_eq(message->file->package, S("google.protobuf")) || message->parent) return false;
  for (size_t i = 0; i < sizeof mixed_in / sizeof mixed_in[0]; i++) {
    if (stele_str_eq(message->name, stele_cstr(mixed_in[i]))) return true;
  }
  return false;
}

/* A map's value is looked at as a field of its entry. */
static void look_at_field(const stele_field *field, stub_uses *uses) {
  bool map = stele_field_is_map(field), repeated = field->label == STELE_LABEL_REPEATED;
  uses->optional = true;
  uses->containers |= repeated;
  uses->mapping |= map || field->type_message;
  uses->iterable |= repeated && !map;
  uses->union_ |= !map && (field->type_message || field->type_enum);
  uses->datetime |= py_stub_datetime(field).len > 0;
}

static void look_at_message(const stele_message *message, stub_uses *uses) {
  uses->extensions |= message->extension_range_count > 0;
  uses->enums |= message->enum_count > 0;
  uses->well_known |= py_is_mixed_in(message);
  for (uint32_t i = 0; i < message->field_count; i++) {
    if (!py_is_keyword(message->fields[i].name)) look_at_field(&message->fields[i], uses);
  }
  for (uint32_t i = 0; i < message->message_count; i++) {
    look_at_message(&message->messages[i], uses);
  }
}

static stub_uses look_at_file(const stele_file *file) {
  stub_uses uses = {.enums = file->enum_count > 0};
  for (uint32_t i = 0; i < file->message_count; i++) look_at_message(&file->messages[i], &uses);
  return uses;
}

static void add_if(const py_stub *s, bool used, const char *line) {
  if (used) stele_buf_add_cstr(s->out, line);
}

static void write_runtime(const py_stub *s, const stub_uses *uses) {
  add_if(s, uses->containers, "from google.protobuf.internal import containers as _containers\n");
  add_if(s, uses->enums,
         "from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper\n");
  add_if(s, uses->extensions,
         "from google.protobuf.internal import python_message as _python_message\n");
  add_if(s, uses->well_known,
         "from google.protobuf.internal import well_known_types as _well_known_types\n");
  add_if(s, true, "from google.protobuf import descriptor as _descriptor\n");
  add_if(s, s->file->message_count > 0, "from google.protobuf import message as _message\n");
  add_if(s, py_has_generic_services(s->file), "from google.protobuf import service as _service\n");
}

static void write_typing(const py_stub *s, const stub_uses *uses) {
  if (uses->iterable || uses->mapping) {
    add_if(s, true, "from collections.abc import ");
    add_if(s, uses->iterable, "Iterable as _Iterable");
    add_if(s, uses->iterable && uses->mapping, ", ");
    add_if(s, uses->mapping, "Mapping as _Mapping");
    add_if(s, true, "\n");
  }
  add_if(s, true, "from typing import ClassVar as _ClassVar");
  add_if(s, uses->optional, ", Optional as _Optional");
  add_if(s, uses->union_, ", Union as _Union");
  add_if(s, true, "\n");
}

/* ---- names handed on ---- */

static void write_handed_on(const py_stub *s, stele_str module, stele_str name) {
  PY_ADD(s->out, S("from "), module, S(" import "), name, S(" as "), name, S("\n"));
}

static void write_public(const py_stub *s) {
  for (uint32_t i = 0; i < s->file->import_count; i++) {
    const stele_import *import = &s->file->imports[i];
    if (import->kind != STELE_IMPORT_PUBLIC || !import->file) continue;
    stele_str module = py_module_name(s->arena, import->path);
    for (uint32_t j = 0; j < import->file->message_count; j++) {
      write_handed_on(s, module, import->file->messages[j].name);
    }
    for (uint32_t j = 0; j < import->file->enum_count; j++) {
      write_handed_on(s, module, import->file->enums[j].name);
    }
  }
}

void py_write_stub_imports(py_stub *s) {
  stub_uses uses = look_at_file(s->file);
  add_if(s, uses.datetime, "import datetime\n\n");
  write_modules(s);
  write_runtime(s, &uses);
  write_typing(s, &uses);
  write_public(s);
}
