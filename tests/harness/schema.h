/* harness/schema: linked schemas from texts that stand in the test.
 *
 * What is compiled lives until t_schemas_free, which the test calls last. */
#ifndef STELE_TESTS_HARNESS_SCHEMA_H
#define STELE_TESTS_HARNESS_SCHEMA_H

#include "harness/test.h"
#include "proto/schema/schema.h"

/* A file for a test: its import path and its text. */
typedef struct t_text {
  const char *path;
  const char *text;
} t_text;

/* The schemas that a test holds; start with {0}. */
typedef struct t_schemas {
  const stele_schema *held[256];
  size_t count;
} t_schemas;

/* Compiles `files[0]`, with the others and the built-in files for its imports
 * and with source info; mistakes fail the test and are printed. */
const stele_file *t_schema_files(stele_test *t, t_schemas *held, const t_text *files, size_t count);

/* The same for one file called "test.proto". */
const stele_file *t_schema(stele_test *t, t_schemas *held, const char *text);

void t_schemas_free(t_schemas *held);

#endif
