/* cli/protoc_symbols: the names in a descriptor set, as protoc looks them up.
 *
 * In:   the files of one set, in order.   Out: which of them has a symbol or an
 * extension; or protoc's reason to take no such set.
 * The source is protobuf's SimpleDescriptorDatabase: of each file the messages,
 * enums, extensions and services that stand in no message are entered, and what
 * is inside of a message is found through it.
 * Deps: base. */
#ifndef STELE_CLI_PROTOC_SYMBOLS_H
#define STELE_CLI_PROTOC_SYMBOLS_H

#include "base/map.h"
#include "base/vec.h"

/* Names in order of bytes, in runs of bounded length. */
typedef struct protoc_symbol {
  stele_str name;
  uint32_t file;
} protoc_symbol;

typedef struct protoc_symbol_run {
  protoc_symbol *at;
  uint32_t count;
} protoc_symbol_run;

typedef struct protoc_symbols {
  stele_arena *arena;
  STELE_VEC(stele_str) files;
  STELE_VEC(protoc_symbol_run) runs;
  stele_map extensions; /* "full.Name 123" -> file index + 1 */
} protoc_symbols;

void protoc_symbols_init(protoc_symbols *symbols, stele_arena *arena);

/* Enters a FileDescriptorProto. False with protoc's words when its names clash
 * with those that are there, or are no names. The bytes must outlive the index. */
bool protoc_symbols_add(protoc_symbols *symbols, stele_str name, stele_bytes file, stele_str *why);

/* The file that has a symbol, or that has a message around it; or an empty name. */
stele_str protoc_symbols_find(const protoc_symbols *symbols, stele_str full_name);

/* The file that extends a message with this number; or an empty name. */
stele_str protoc_symbols_extension(const protoc_symbols *symbols, stele_str full_name,
                                   int32_t number);

#endif
