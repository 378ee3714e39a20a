/* cli/type_source: where a command finds the types of its messages.
 *
 * In:   --schema (files, folders, images, archives, commits, or what a registry
 * has), -I, --type.   Out: linked schemas and the layout of a type.
 * Mistakes are printed where they are found; the caller returns CLI_ERROR.
 * Deps: cli/command.h, cli/remote.h, input, proto/message. */
#ifndef STELE_CLI_TYPE_SOURCE_H
#define STELE_CLI_TYPE_SOURCE_H

#include "cli/command.h"
#include "cli/import_dirs.h"
#include "cli/remote/remote.h"
#include "stele/codec.h"

/* The options; put TYPE_SOURCE_OPTIONS into the table of a command. */
#define TYPE_SOURCE_OPTIONS                                                                        \
  {"schema", 's', "SOURCE", NULL,                                                                  \
   "A .proto file, folder, image, archive or commit; registry:SUBJECT[@VERSION] or "               \
   "registry:ID"},                                                                                 \
      {"", 'I', "DIR", NULL, "Look for imports of a .proto file here; may be given again"},        \
      {"type", 't', "NAME", NULL, "The message type; may be left out where there is only one"},    \
      {"registry", 'r', "URL", NULL,                                                               \
       "The registry; else STELE_REGISTRY, else http://127.0.0.1:8081"},                           \
  {                                                                                                \
    "context", 0, "NAME", NULL, "The tenant there; else the default one"                           \
  }

typedef STELE_VEC(stele_layouts *) type_source_layouts;

typedef struct type_source {
  cli_args *args;
  type_source_layouts layouts;         /* one per schema */
  STELE_VEC(const stele_file *) files; /* that were named */
} type_source;

/* Opens what `text` names. */
bool type_source_open(type_source *source, cli_args *args, stele_str text) STELE_MUST_USE;
void type_source_close(type_source *source);

/* The layout of --type, or of the only message of the files. */
const stele_layout *type_source_layout(type_source *source) STELE_MUST_USE;

/* The layout of a full name, or NULL with NOT_FOUND. */
const stele_layout *type_source_find(type_source *source, stele_str name, stele_err *err);

/* The layout of a type that one of the schemas reaches. */
const stele_layout *type_source_of(type_source *source, const stele_message *type, stele_err *err);

#endif
