/* gen/python: Python modules for the official runtime, as protoc 36.2 makes
 * them: x.proto becomes x_pb2.py and, unless "pyi=false", x_pb2.pyi ("pyi=only": that
 * alone).
 *
 * In:   linked files.   Out: the same bytes as protoc's.
 * Deps: base, proto/schema, proto/descriptor, gen. */
#ifndef STELE_GEN_PYTHON_PYTHON_H
#define STELE_GEN_PYTHON_PYTHON_H

#include "gen/generator.h"

/* The function of the row "python". */
bool python_generate(const stele_gen_request *request, stele_gen_output *output, stele_err *err);

#endif
