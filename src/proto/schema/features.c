/* What each edition gives, and how settings are laid over one another. */
#include "proto/schema/features.h"

#include <stddef.h>

#include "base/err.h"

/* Settings that are there hide their parent's; each feature is a group of
 * bits, and a group that is not zero is a setting. */
stele_features stele_features_merge(stele_features parent, stele_features own) {
  if (own == 0) return parent;
  stele_features mask = 0;
#define X(name, number, shift, bits)                                                               \
  if (own >> (shift)&7u) mask |= 7u << (shift);
  STELE_FEATURES(X)
#undef X
  return (parent & ~mask) | own;
}

#define SET(feature, value) ((stele_features)(value) << STELE_FEATURE_##feature)

enum { LIMITS_NONE = 1, LIMITS_2026 = 2 };

#define PROTO2                                                                                     \
  (SET(FIELD_PRESENCE, STELE_PRESENCE_EXPLICIT) | SET(ENUM_TYPE, STELE_ENUM_CLOSED) |              \
   SET(REPEATED_FIELD_ENCODING, STELE_ENCODING_EXPANDED) | SET(UTF8_VALIDATION, STELE_UTF8_NONE) | \
   SET(MESSAGE_ENCODING, STELE_MESSAGE_LENGTH_PREFIXED) |                                          \
   SET(JSON_FORMAT, STELE_JSON_LEGACY_BEST_EFFORT) | STYLE_LEGACY)
#define STYLE_LEGACY                                                                               \
  (SET(ENFORCE_NAMING_STYLE, STELE_NAMING_LEGACY) |                                                \
   SET(DEFAULT_SYMBOL_VISIBILITY, STELE_VISIBILITY_EXPORT_ALL) |                                   \
   SET(ENFORCE_PROTO_LIMITS, LIMITS_NONE))
#define MODERN(presence)                                                                           \
  (SET(FIELD_PRESENCE, presence) | SET(ENUM_TYPE, STELE_ENUM_OPEN) |                               \
   SET(REPEATED_FIELD_ENCODING, STELE_ENCODING_PACKED) | SET(UTF8_VALIDATION, STELE_UTF8_VERIFY) | \
   SET(MESSAGE_ENCODING, STELE_MESSAGE_LENGTH_PREFIXED) | SET(JSON_FORMAT, STELE_JSON_ALLOW))
#define STYLE_2024                                                                                 \
  (SET(ENFORCE_NAMING_STYLE, STELE_NAMING_STYLE2024) |                                             \
   SET(DEFAULT_SYMBOL_VISIBILITY, STELE_VISIBILITY_EXPORT_TOP_LEVEL) |                             \
   SET(ENFORCE_PROTO_LIMITS, LIMITS_NONE))
#define STYLE_2026                                                                                 \
  (SET(ENFORCE_NAMING_STYLE, STELE_NAMING_STYLE2026) |                                             \
   SET(DEFAULT_SYMBOL_VISIBILITY, STELE_VISIBILITY_STRICT) |                                       \
   SET(ENFORCE_PROTO_LIMITS, LIMITS_2026))

/* By edition, ascending: an edition has the defaults of the last row that is
 * not later than it. */
static const struct {
  int edition;
  stele_features features;
} defaults[] = {
    {STELE_EDITION_LEGACY, PROTO2},
    {STELE_EDITION_PROTO3, MODERN(STELE_PRESENCE_IMPLICIT) | STYLE_LEGACY},
    {STELE_EDITION_2023, MODERN(STELE_PRESENCE_EXPLICIT) | STYLE_LEGACY},
    {STELE_EDITION_2024, MODERN(STELE_PRESENCE_EXPLICIT) | STYLE_2024},
    {STELE_EDITION_2026, MODERN(STELE_PRESENCE_EXPLICIT) | STYLE_2026},
};

stele_features stele_features_default(stele_edition edition) {
  size_t row = 0;
  for (size_t i = 1; i < STELE_COUNT(defaults); i++) {
    if ((int)edition >= defaults[i].edition) row = i;
  }
  return defaults[row].features;
}

/* ---- Names of editions ------------------------------------------------------ */

static const struct {
  int32_t edition;
  const char *name;
} editions[] = {
    {0, "UNKNOWN"},
    {1, "1_TEST_ONLY"},
    {2, "2_TEST_ONLY"},
    {STELE_EDITION_LEGACY, "LEGACY"},
    {STELE_EDITION_PROTO2, "PROTO2"},
    {STELE_EDITION_PROTO3, "PROTO3"},
    {STELE_EDITION_2023, "2023"},
    {STELE_EDITION_2024, "2024"},
    {STELE_EDITION_2026, "2026"},
    {9999, "UNSTABLE"},
    {99997, "99997_TEST_ONLY"},
    {99998, "99998_TEST_ONLY"},
    {99999, "99999_TEST_ONLY"},
    {INT32_MAX, "MAX"},
};

const char *stele_edition_name(int32_t edition) {
  for (size_t i = 0; i < STELE_COUNT(editions); i++) {
    if (editions[i].edition == edition) return editions[i].name;
  }
  return "UNKNOWN";
}

bool stele_edition_find(stele_str name, int32_t *out) {
  for (size_t i = 0; i < STELE_COUNT(editions); i++) {
    if (!stele_str_eq(name, stele_cstr(editions[i].name))) continue;
    *out = editions[i].edition;
    return true;
  }
  return false;
}
