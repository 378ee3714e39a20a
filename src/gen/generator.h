/* gen/generator: the languages, one row each.
 *
 * In:   a row's name and linked files.   Out: generated files in memory.
 * The command line's options, the API's routes and the docs read these rows.
 * A row without a function is a language that is planned: asking for it says so.
 * Deps: base, gen/request.h, gen/output.h. */
#ifndef STELE_GEN_GENERATOR_H
#define STELE_GEN_GENERATOR_H

#include "base/err.h"
#include "gen/output.h"
#include "gen/request.h"

/* The rows. `run` is 0 for a language that is not available yet, and `note`
 * says so in help texts. */
// clang-format off
#define STELE_GENERATORS(X)                                                                     \
  /* name        title         run              suffixes            options         note */     \
  X(python,     "Python",     python_generate, "_pb2.py _pb2.pyi", python_options, "")          \
  X(typescript, "TypeScript", 0,               "_pb.ts",           no_options, STELE_GENERATOR_LATER) \
  X(javascript, "JavaScript", 0,               "_pb.js",           no_options, STELE_GENERATOR_LATER) \
  X(go,         "Go",         0,               ".pb.go",           no_options, STELE_GENERATOR_LATER) \
  X(java,       "Java",       0,               ".java",            no_options, STELE_GENERATOR_LATER) \
  X(c,          "C",          0,               ".pb.h .pb.c",      no_options, STELE_GENERATOR_LATER) \
  X(docs,       "Docs",       0,               ".md",              no_options, STELE_GENERATOR_LATER)
#define STELE_GENERATOR_LATER " (not available yet)"
// clang-format on

/* Pure: reads the request, adds to the output. */
typedef bool stele_gen_fn(const stele_gen_request *request, stele_gen_output *output,
                          stele_err *err);

/* One name that the parameter may hold. */
typedef struct stele_generator_option {
  const char *name; /* NULL: the end */
  const char *otherwise, *help;
} stele_generator_option;

typedef struct stele_generator {
  const char *name;                      /* "python" */
  const char *title;                     /* "Python" */
  stele_gen_fn *run;                     /* NULL: not available yet */
  const char *suffixes;                  /* of the files it makes: "_pb2.py _pb2.pyi" */
  const stele_generator_option *options; /* the last one has no name */
} stele_generator;

extern const stele_generator stele_generators[];
extern const size_t stele_generator_count;

/* The row of a name, available or not; NULL when there is none. */
const stele_generator *stele_generator_find(stele_str name);

/* Runs one generator over the files.
 *
 * Errors: STELE_UNSUPPORTED for a language that is not available yet,
 * STELE_INVALID for a parameter that its row does not know; STELE_NO_MEMORY or
 * STELE_LIMIT from the arena; else the generator's own.
 * Memory: what is added lives in `arena`. Threads: safe on distinct arenas. */
bool stele_generate(const stele_generator *generator, stele_arena *arena,
                    const stele_file *const *files, size_t count, stele_str parameter,
                    stele_gen_output *output, stele_err *err) STELE_MUST_USE;

#endif
