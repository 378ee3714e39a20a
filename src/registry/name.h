/* name: how subjects and tenants are written, ":.tenant:subject".
 *
 * In:   what stands in a request.   Out: tenant and subject; and back.
 * Deps: base. */
#ifndef STELE_REGISTRY_NAME_H
#define STELE_REGISTRY_NAME_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "stele/str.h"

/* The tenant of everything that names none. */
#define REGISTRY_DEFAULT_TENANT STELE_STR(".")

typedef struct registry_name {
  stele_str tenant; /* "." or ".acme" */
  stele_str subject;
  bool qualified; /* the tenant was written down */
  bool global;    /* ":.__GLOBAL:": above all tenants; settings only */
  bool anywhere;  /* ":*:": whatever the tenant; prefixes only */
} registry_name;

/* Takes a name apart; what names no tenant is in `tenant`. Aliases `text`. */
registry_name registry_name_parse(stele_str text, stele_str tenant);

/* May a subject be called so: no control characters, not empty, none of the
 * reserved names. */
bool registry_name_is_subject(const registry_name *name);

/* "orders" in the default tenant, ":.acme:orders" elsewhere. */
stele_str registry_name_print(stele_arena *arena, stele_str tenant, stele_str subject);

/* A version as it stands in a path: a number from 1, "latest" in any case, or
 * "-1". `*out` is -1 for the newest. False: neither. */
bool registry_version_parse(stele_str text, int32_t *out);

#endif
