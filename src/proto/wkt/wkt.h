/* wkt: the .proto files that need no registration: they are in the binary.
 *
 * google/protobuf, google/type, google/api, google/rpc as their pinned packages
 * have them; confluent/ and stele/options.proto as this repository has them.
 * Out:  texts by import path.  Deps: base. */
#ifndef STELE_PROTO_WKT_WKT_H
#define STELE_PROTO_WKT_WKT_H

#include <stdbool.h>

#include "stele/str.h"

/* The text of a built-in file; false when there is none of that path. It lives
 * for ever. */
bool stele_wkt_find(stele_str path, stele_str *text);

/* How many there are, and the path of each, sorted. */
size_t stele_wkt_count(void);
stele_str stele_wkt_path(size_t index);

#endif
