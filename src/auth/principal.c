/* Which role includes which is a table of bit sets, not an order: admin and ci
 * both stand on reader, beside each other. */
#include "auth/principal.h"

enum {
  IS_PUBLIC = 1u << STELE_ROLE_PUBLIC,
  IS_READER = IS_PUBLIC | 1u << STELE_ROLE_READER,
  IS_CI = IS_READER | 1u << STELE_ROLE_CI,
  IS_ADMIN = IS_READER | 1u << STELE_ROLE_ADMIN,
  IS_SUPERADMIN = IS_ADMIN | 1u << STELE_ROLE_SUPERADMIN,
};

/* What holding a role amounts to. */
static const unsigned includes[STELE_ROLE_COUNT] = {
    [STELE_ROLE_UNSET] = 0,          [STELE_ROLE_PUBLIC] = IS_PUBLIC,
    [STELE_ROLE_READER] = IS_READER, [STELE_ROLE_CI] = IS_CI,
    [STELE_ROLE_ADMIN] = IS_ADMIN,   [STELE_ROLE_SUPERADMIN] = IS_SUPERADMIN,
};

static const struct {
  const char *text, *may;
} rows[STELE_ROLE_COUNT] = {
#define X(name, text, may) {text, may},
    STELE_ROLES(X)
#undef X
};

const stele_principal auth_anonymous = {
    .name = STELE_STR_INIT("anonymous"),
    .roles = 1u << STELE_ROLE_SUPERADMIN | 1u << STELE_ROLE_CI,
};

bool auth_allows(const stele_principal *who, stele_role needed) {
  if (needed == STELE_ROLE_PUBLIC) return true;
  if (needed == STELE_ROLE_UNSET || !who) return false;
  unsigned held = 0;
  for (unsigned role = 0; role < STELE_ROLE_COUNT; role++) {
    if (who->roles & 1u << role) held |= includes[role];
  }
  return (held & 1u << needed) != 0;
}

const char *auth_role_text(stele_role role) {
  return rows[role].text;
}

const char *auth_role_may(stele_role role) {
  return rows[role].may;
}
