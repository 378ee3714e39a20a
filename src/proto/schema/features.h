/* features: what an edition decides about an element, packed into one word.
 *
 * proto2 and proto3 are editions with defaults that reproduce the old rules;
 * nothing after the parser asks which syntax a file was written in, except
 * for the words of a message.
 * Source: protobuf.dev, "Feature Settings for Editions"; defaults as compiled
 * into protoc 36.2.  Deps: base. */
#ifndef STELE_PROTO_SCHEMA_FEATURES_H
#define STELE_PROTO_SCHEMA_FEATURES_H

#include <stdbool.h>
#include <stdint.h>

#include "stele/str.h"

/* google.protobuf.Edition */
typedef enum stele_edition {
  STELE_EDITION_LEGACY = 900,
  STELE_EDITION_PROTO2 = 998,
  STELE_EDITION_PROTO3 = 999,
  STELE_EDITION_2023 = 1000,
  STELE_EDITION_2024 = 1001,
  STELE_EDITION_2026 = 1002,
} stele_edition;

/* An edition as protoc calls it in messages: "2024", "PROTO2"; "UNKNOWN" for a
 * number that is none. And back; false for a name that is none. */
const char *stele_edition_name(int32_t edition);
bool stele_edition_find(stele_str name, int32_t *out);

/* One row per feature of google.protobuf.FeatureSet: its field number there,
 * its place in the word and its width. Values are the enum's own numbers. */
// clang-format off
#define STELE_FEATURES(X)                                    \
  /* name                       number  shift  bits */       \
  X(FIELD_PRESENCE,             1,      0,     3)            \
  X(ENUM_TYPE,                  2,      3,     3)            \
  X(REPEATED_FIELD_ENCODING,    3,      6,     3)            \
  X(UTF8_VALIDATION,            4,      9,     3)            \
  X(MESSAGE_ENCODING,           5,      12,    3)            \
  X(JSON_FORMAT,                6,      15,    3)            \
  X(ENFORCE_NAMING_STYLE,       7,      18,    3)            \
  X(DEFAULT_SYMBOL_VISIBILITY,  8,      21,    3)            \
  X(ENFORCE_PROTO_LIMITS,       9,      24,    3)
// clang-format on

typedef enum stele_feature {
#define X(name, number, shift, bits) STELE_FEATURE_##name = (shift),
  STELE_FEATURES(X)
#undef X
} stele_feature;

/* All features of one element; a zero group means "not set here". */
typedef uint32_t stele_features;

static inline unsigned stele_features_get(stele_features features, stele_feature feature) {
  return (features >> (unsigned)feature) & 7u;
}

/* The element's own settings over its parent's. */
stele_features stele_features_merge(stele_features parent, stele_features own);

/* What an edition gives to a file that sets nothing. */
stele_features stele_features_default(stele_edition edition);

enum { STELE_PRESENCE_EXPLICIT = 1, STELE_PRESENCE_IMPLICIT, STELE_PRESENCE_LEGACY_REQUIRED };
enum { STELE_ENUM_OPEN = 1, STELE_ENUM_CLOSED };
enum { STELE_ENCODING_PACKED = 1, STELE_ENCODING_EXPANDED };
enum { STELE_UTF8_VERIFY = 2, STELE_UTF8_NONE };
enum { STELE_MESSAGE_LENGTH_PREFIXED = 1, STELE_MESSAGE_DELIMITED };
enum { STELE_JSON_ALLOW = 1, STELE_JSON_LEGACY_BEST_EFFORT };
enum { STELE_NAMING_STYLE2024 = 1, STELE_NAMING_LEGACY, STELE_NAMING_STYLE2026 };
enum {
  STELE_VISIBILITY_EXPORT_ALL = 1,
  STELE_VISIBILITY_EXPORT_TOP_LEVEL,
  STELE_VISIBILITY_LOCAL_ALL,
  STELE_VISIBILITY_STRICT
};

#endif
