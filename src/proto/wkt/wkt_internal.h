/* wkt_internal: the embedded table, made at build time by tools/embed. */
#ifndef STELE_PROTO_WKT_WKT_INTERNAL_H
#define STELE_PROTO_WKT_WKT_INTERNAL_H

#include "stele/str.h"

typedef struct wkt_file {
  stele_str path;
  stele_str text;
} wkt_file;

extern const wkt_file wkt_files[]; /* sorted by path */
extern const size_t wkt_file_count;

#endif
