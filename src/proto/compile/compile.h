/* compile: stele/compile.h, with the schema open for our own code.
 * Deps: proto/{source,report,token,ast,parse,schema,link,wkt}. */
#ifndef STELE_PROTO_COMPILE_COMPILE_H
#define STELE_PROTO_COMPILE_COMPILE_H

#include "proto/report/report.h"
#include "proto/schema/schema.h"
#include "stele/compile.h"

#endif
