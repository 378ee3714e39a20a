/* gen/python, inside: names, escapes and the parts of a module. */
#ifndef STELE_GEN_PYTHON_PYTHON_INTERNAL_H
#define STELE_GEN_PYTHON_PYTHON_INTERNAL_H

#include "base/buf.h"
#include "base/map.h"
#include "proto/descriptor/descriptor.h"
#include "proto/schema/schema.h"

/* Appends texts one after the other: PY_ADD(out, S("a = "), name, S("\n")). */
#define PY_ADD(out, ...)                                                                           \
  py_add((out), (const stele_str[]){__VA_ARGS__},                                                  \
         sizeof((const stele_str[]){__VA_ARGS__}) / sizeof(stele_str))
#define S(literal) STELE_STR(literal)

void py_add(stele_buf *out, const stele_str *parts, size_t count);

/* ---- names (python_names.c) ---- */

bool py_is_keyword(stele_str name);

/* "a-b/c.proto" -> "a_b.c_pb2". */
stele_str py_module_name(stele_arena *arena, stele_str file_name);

/* "a-b/c.proto" + ".py" -> "a_b/c_pb2.py". */
stele_str py_file_path(stele_arena *arena, stele_str file_name, stele_str suffix);

/* "a_b.c_pb2" -> "a__b_dot_c__pb2": what a module is called in another. */
stele_str py_module_alias(stele_arena *arena, stele_str module);

/* Whether a step of a module's name is a keyword, so that it can only be
 * imported by a string. */
bool py_module_has_keyword(stele_str module);

/* The two halves of "a.b.c_pb2": "a.b" (maybe empty) and "c_pb2". */
stele_str py_module_package(stele_str module);
stele_str py_module_last(stele_str module);

/* "_OUTER_INNER": the global that holds a descriptor. */
stele_str py_message_global(stele_arena *arena, const stele_message *message);
stele_str py_enum_global(stele_arena *arena, const stele_enum *type);
stele_str py_service_global(stele_arena *arena, const stele_service *service);

stele_str py_upper(stele_arena *arena, stele_str name);

/* Whether the file carries services as protobuf 2 knew them. */
bool py_has_generic_services(const stele_file *file);

/* ---- escapes (python_escape.c) ---- */

/* Bytes for b'…': other than printable ones as \n, \r, \t, \", \', \\ and \xNN;
 * a hexadecimal digit behind \xNN is escaped too. */
void py_add_hex_escaped(stele_buf *out, stele_bytes bytes);

/* ---- a module (python_module.c and its parts) ---- */

/* What the parts of one module share. */
typedef struct py_module {
  stele_arena *arena;
  const stele_file *file;
  stele_str name;         /* "a.b_pb2" */
  stele_bytes descriptor; /* the serialised file */
  stele_descriptor_options encoding;
  stele_buf *out;
} py_module;

/* The whole x_pb2.py. */
void py_write_module(stele_arena *arena, const stele_file *file, stele_buf *out);

/* An element's options as its descriptor carries them; empty: none. */
stele_bytes py_options(const py_module *m, const stele_options *options);

/* python_options.c: "_loaded_options" and "_serialized_options" of all elements. */
void py_write_options(const py_module *m);

/* python_offsets.c: "_serialized_start" and "_serialized_end" of all types. */
void py_write_offsets(const py_module *m);

/* python_bootstrap.c: descriptor.proto spells its descriptors out, for the
 * runtime in pure Python must have them before it can read any. */
bool py_is_bootstrap(const stele_file *file);
void py_write_bootstrap_file(const py_module *m);
void py_write_bootstrap_types(const py_module *m);
void py_write_bootstrap_links(const py_module *m);

/* ---- a stub (python_stub.c and its parts) ---- */

typedef struct py_stub {
  stele_arena *arena;
  const stele_file *file;
  stele_map aliases; /* file name -> a stele_str in the arena: "_x_pb2" */
  stele_buf *out;
} py_stub;

/* The whole x_pb2.pyi. */
void py_write_stub(stele_arena *arena, const stele_file *file, stele_buf *out);

/* python_stub_imports.c: everything above "DESCRIPTOR"; and whether the runtime
 * adds methods to a message (Any, Timestamp, …). */
bool py_is_mixed_in(const stele_message *message);
void py_write_stub_imports(py_stub *s);

/* "M.Inner", "_x_pb2.M", "globals()['class']": a type as the stub names it. */
stele_str py_stub_message(const py_stub *s, const stele_message *message);
stele_str py_stub_enum(const py_stub *s, const stele_enum *type);

/* "datetime.datetime" for a Timestamp, "datetime.timedelta" for a Duration,
 * which take these too; else empty. */
stele_str py_stub_datetime(const stele_field *field);

#endif
