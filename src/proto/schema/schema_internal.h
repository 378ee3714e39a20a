/* schema_internal: how a schema is put together; for the linker alone.
 * Deps: schema.h, base. */
#ifndef STELE_PROTO_SCHEMA_SCHEMA_INTERNAL_H
#define STELE_PROTO_SCHEMA_SCHEMA_INTERNAL_H

#include <stdatomic.h>

#include "base/map.h"
#include "base/vec.h"
#include "proto/schema/schema.h"

struct stele_schema {
  stele_arena *arena; /* holds all of it, this struct too */
  atomic_uint refs;
  stele_schema *waiting;                   /* while dying: who dies after it */
  STELE_VEC(const stele_file *) files;     /* its own, imports first */
  STELE_VEC(const stele_schema *) schemas; /* of imported files: one reference each */
  stele_map paths;                         /* of all reachable files: path -> file */
  stele_map packages;                      /* name -> schema_package */
};

/* A package, or the beginning of one's name. */
typedef struct schema_package {
  STELE_VEC(const stele_file *) files; /* those with exactly this package */
} schema_package;

/* What a file shows beyond its top level. */
struct stele_exports {
  const stele_field *const *extensions; /* all of the file, nested ones too */
  uint32_t extension_count;
};

/* Fields in the order of their numbers, for messages that do not declare them
 * in that order. */
struct stele_number_index {
  uint32_t count;
  const stele_field *at[];
};

/* What few fields have, of this one, to be filled in. */
stele_field_more *schema_field_more(stele_arena *arena, stele_field *field);

/* An empty schema in `arena`, which it owns from now on; one reference. */
stele_schema *schema_new(stele_arena *arena);

/* A file of its own is complete. */
void schema_add_file(stele_schema *schema, const stele_file *file);

/* Keeps another schema alive, once. */
void schema_keep(stele_schema *schema, const stele_schema *other);

/* Everything is in: makes the tables for finding. */
void schema_freeze(stele_schema *schema);

/* Makes the index of a message's fields by number, if it needs one. Fields
 * with a number that was taken before them are left out. */
void schema_index_numbers(stele_arena *arena, stele_message *message);

/* Makes the list of all extensions of a file. */
void schema_export(stele_arena *arena, stele_file *file);

#endif
