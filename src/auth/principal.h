/* auth/principal: who is asking, and what they may do.
 *
 * A route names the role it needs; a principal holds a set of them. Each role
 * may do what the ones below it may.
 * Deps: stele/str.h. */
#ifndef STELE_AUTH_PRINCIPAL_H
#define STELE_AUTH_PRINCIPAL_H

#include <stdbool.h>

#include "stele/str.h"

/* 0 is nobody's choice: a route row that says nothing does not start. */
// clang-format off
#define STELE_ROLES(X)                                                                   \
  /* name        text          may */                                                    \
  X(UNSET,      "",           "nothing: the row forgot to say")                          \
  X(PUBLIC,     "public",     "whatever anybody may, without a name")                    \
  X(READER,     "reader",     "read schemas, decode, use reflection")                    \
  X(CI,         "ci",         "reader, plus generate and download code")                 \
  X(ADMIN,      "admin",      "reader, plus register, push, configure, deprecate")       \
  X(SUPERADMIN, "superadmin", "admin, plus delete, retire by force, manage tenants and keys")
// clang-format on

typedef enum stele_role {
#define X(name, text, may) STELE_ROLE_##name,
  STELE_ROLES(X)
#undef X
      STELE_ROLE_COUNT
} stele_role;

typedef struct stele_principal {
  stele_str name;   /* for logs, audit and usage; "anonymous" while nobody has to say */
  stele_str tenant; /* the only tenant it may touch; empty: all of them */
  unsigned roles;   /* a bit for each role held: 1u << STELE_ROLE_ADMIN */
} stele_principal;

/* Who everybody is while authentication is off: may do everything. */
extern const stele_principal auth_anonymous;

/* True when one of the principal's roles includes `needed`; STELE_ROLE_UNSET
 * is never included. */
bool auth_allows(const stele_principal *who, stele_role needed);

/* "reader" and what it may do, for documents and messages. */
const char *auth_role_text(stele_role role);
const char *auth_role_may(stele_role role);

#endif
