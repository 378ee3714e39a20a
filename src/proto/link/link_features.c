/* Feature resolution: gives each element its edition features.
 *
 * A feature's value is the nearest of: the element's own option, its parent's
 * resolved value, the edition default. We resolve top-down so that a parent is
 * always done before its children; an element without settings takes its
 * parent's word as it is.
 *
 * proto2 and proto3 files take the same path: they are the "editions" whose
 * defaults reproduce the old rules, and what a label, a group or `packed` says
 * there becomes a setting. No later phase asks which syntax it was. */
#include "proto/link/link_internal.h"

/* Field numbers in the options messages. */
enum {
  FILE_DEPRECATED = 23,
  MESSAGE_SET = 1,
  MESSAGE_DEPRECATED = 3,
  MESSAGE_MAP_ENTRY = 7,
  FIELD_PACKED = 2,
  FIELD_DEPRECATED = 3,
  ENUM_ALIAS = 2,
  ENUM_DEPRECATED = 3,
  VALUE_DEPRECATED = 1,
  SERVICE_DEPRECATED = 33,
};

static bool is_set(const stele_options *options, uint32_t number) {
  return options && stele_options_varint(options, number, 0) != 0;
}

const char *link_edition_name(uint64_t edition) {
  return stele_edition_name(edition <= INT32_MAX ? (int32_t)edition : 0);
}

enum { UNSTABLE = 9999 };

bool link_is_edition(uint64_t number) {
  static const uint32_t numbers[] = {0,    1,    2,    900,   998,   999,   1000,
                                     1001, 1002, 9999, 99997, 99998, 99999, INT32_MAX};
  for (size_t i = 0; i < STELE_COUNT(numbers); i++) {
    if (numbers[i] == number) return true;
  }
  return false;
}

void link_check_edition(link_file_state *state, uint64_t edition) {
  uint32_t token = link_token_of_statement(state, STELE_AST_SYNTAX);
  if (edition < STELE_EDITION_PROTO2) {
    link_error(state, token, "Edition %s is earlier than the minimum supported edition PROTO2",
               link_edition_name(edition));
  } else if (edition > STELE_EDITION_2026 && edition != UNSTABLE) {
    link_error(state, token, "Edition %s is later than the maximum supported edition 2026",
               link_edition_name(edition));
  }
}

/* ---- One element -------------------------------------------------------- */

typedef struct features_run {
  link_file_state *state;
  bool is_legacy;     /* before editions: settings are an error */
  bool any_in_legacy; /* and there is one somewhere */
} features_run;

#define UNKNOWN 7u /* a setting to the value that no feature may have */

static void error_unknown(link_file_state *state, uint32_t token, stele_features features) {
  static const struct {
    unsigned shift;
    const char *field, *value;
  } rows[] = {
      {STELE_FEATURE_FIELD_PRESENCE, "field_presence", "FIELD_PRESENCE"},
      {STELE_FEATURE_ENUM_TYPE, "enum_type", "ENUM_TYPE"},
      {STELE_FEATURE_REPEATED_FIELD_ENCODING, "repeated_field_encoding", "REPEATED_FIELD_ENCODING"},
      {STELE_FEATURE_UTF8_VALIDATION, "utf8_validation", "UTF8_VALIDATION"},
      {STELE_FEATURE_MESSAGE_ENCODING, "message_encoding", "MESSAGE_ENCODING"},
      {STELE_FEATURE_JSON_FORMAT, "json_format", "JSON_FORMAT"},
      {STELE_FEATURE_ENFORCE_NAMING_STYLE, "enforce_naming_style", "ENFORCE_NAMING_STYLE"},
      {STELE_FEATURE_DEFAULT_SYMBOL_VISIBILITY, "default_symbol_visibility",
       "VisibilityFeature::DEFAULT_SYMBOL_VISIBILITY"},
      {STELE_FEATURE_ENFORCE_PROTO_LIMITS, "enforce_proto_limits",
       "ProtoLimitsFeature::PROTO_LIMITS"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    if ((features >> rows[i].shift & 7u) != UNKNOWN) continue;
    link_error(state, token, "Feature field `%s` must resolve to a known value, found %s_UNKNOWN",
               rows[i].field, rows[i].value);
    return;
  }
}

static bool has_unknown(stele_features features) {
#define X(name, number, shift, bits)                                                               \
  if ((features >> (shift)&7u) == UNKNOWN) return true;
  STELE_FEATURES(X)
#undef X
  return false;
}

/* In a legacy file a setting is an error, be it one that we do not know. */
static bool sets_features(const features_run *run, const void *element) {
  const link_file_state *state = run->state;
  for (size_t i = 0; i < state->targets.count; i++) {
    if (state->targets.at[i].element == element) return state->targets.at[i].has_features;
  }
  return false;
}

static void resolve(features_run *run, const void *element, stele_features *features,
                    stele_features parent, stele_features inferred, uint32_t token) {
  if (run->any_in_legacy && sets_features(run, element)) {
    link_error(run->state, token, "Features are only valid under editions.");
  }
  stele_features own = stele_features_merge(*features, inferred);
  *features = own ? stele_features_merge(parent, own) : parent;
  if (!own || !has_unknown(*features)) return;
  error_unknown(run->state, token, *features);
  *features = stele_features_default((stele_edition)run->state->file->edition);
}

/* ---- Fields ------------------------------------------------------------- */

#define SET(feature, value) ((stele_features)(value) << STELE_FEATURE_##feature)

/* What labels, groups and `packed` mean as features. */
static stele_features infer(const features_run *run, const stele_field *field) {
  stele_features own = 0;
  if (!run->is_legacy) return 0;
  if (field->label == STELE_LABEL_REQUIRED) {
    own |= SET(FIELD_PRESENCE, STELE_PRESENCE_LEGACY_REQUIRED);
  }
  if (field->type == STELE_TYPE_GROUP) own |= SET(MESSAGE_ENCODING, STELE_MESSAGE_DELIMITED);
  if (!field->options) return own;
  uint64_t packed = stele_options_varint(field->options, FIELD_PACKED, 2);
  if (packed == 1) own |= SET(REPEATED_FIELD_ENCODING, STELE_ENCODING_PACKED);
  if (packed == 0 && run->state->file->edition == STELE_EDITION_PROTO3) {
    own |= SET(REPEATED_FIELD_ENCODING, STELE_ENCODING_EXPANDED);
  }
  return own;
}

bool link_is_packable(const stele_field *field) {
  return field->label == STELE_LABEL_REPEATED && field->type != STELE_TYPE_STRING &&
         field->type != STELE_TYPE_GROUP && field->type != STELE_TYPE_MESSAGE &&
         field->type != STELE_TYPE_BYTES;
}

static bool is_entry(const stele_message *message) {
  return message && message->is_map_entry;
}

/* What the rest of the house asks, so that it need not ask for features. */
static void settle_field(stele_field *field) {
  stele_features features = field->features;
  unsigned presence = stele_features_get(features, STELE_FEATURE_FIELD_PRESENCE);
  unsigned encoding = stele_features_get(features, STELE_FEATURE_MESSAGE_ENCODING);
  unsigned repeated = stele_features_get(features, STELE_FEATURE_REPEATED_FIELD_ENCODING);
  bool is_message = field->type == STELE_TYPE_MESSAGE || field->type == STELE_TYPE_GROUP;
  field->is_required = presence == STELE_PRESENCE_LEGACY_REQUIRED; /* the label says so too */
  field->is_delimited = field->type == STELE_TYPE_GROUP ||
                        (field->type == STELE_TYPE_MESSAGE && encoding == STELE_MESSAGE_DELIMITED &&
                         !is_entry(field->message) && !is_entry(field->type_message));
  field->is_packed = repeated == STELE_ENCODING_PACKED && link_is_packable(field);
  field->has_presence =
      field->label != STELE_LABEL_REPEATED &&
      (is_message || field->is_extension || field->oneof || presence != STELE_PRESENCE_IMPLICIT);
  field->is_deprecated = is_set(field->options, FIELD_DEPRECATED);
}

static void resolve_field(features_run *run, stele_field *field, stele_features parent) {
  link_file_state *state = run->state;
  if (field->features) state->field_own[link_field_at(state, field)] = field->features;
  if (field->oneof) parent = field->oneof->features;
  resolve(run, field, &field->features, parent, infer(run, field),
          run->any_in_legacy || field->features ? link_token_of_field(state, field) : LINK_NONE);
  settle_field(field);
}

/* ---- Enums, oneofs, services -------------------------------------------- */

static void resolve_enum(features_run *run, stele_enum *type, stele_features parent) {
  link_file_state *state = run->state;
  resolve(run, type, &type->features, parent, 0, link_token_of_enum(state, type));
  type->is_closed =
      stele_features_get(type->features, STELE_FEATURE_ENUM_TYPE) == STELE_ENUM_CLOSED;
  type->allow_alias = is_set(type->options, ENUM_ALIAS);
  type->is_deprecated = is_set(type->options, ENUM_DEPRECATED);
  for (uint32_t i = 0; i < type->value_count; i++) {
    stele_enum_value *value = &type->values[i];
    resolve(run, value, &value->features, type->features, 0, link_token_of_value(state, value));
    value->is_deprecated = is_set(value->options, VALUE_DEPRECATED);
  }
}

static void resolve_service(features_run *run, stele_service *service, stele_features parent) {
  link_file_state *state = run->state;
  resolve(run, service, &service->features, parent, 0, link_token_of_service(state, service));
  service->is_deprecated = is_set(service->options, SERVICE_DEPRECATED);
  for (uint32_t i = 0; i < service->method_count; i++) {
    stele_method *method = &service->methods[i];
    resolve(run, method, &method->features, service->features, 0,
            link_token_of_method(state, method));
    method->is_deprecated = is_set(method->options, SERVICE_DEPRECATED);
  }
}

/* ---- Messages, the file ------------------------------------------------- */

static void resolve_message(features_run *run, stele_message *message, stele_features parent) {
  link_file_state *state = run->state;
  resolve(run, message, &message->features, parent, 0, link_token_of_message(state, message));
  stele_features features = message->features;
  message->is_message_set = is_set(message->options, MESSAGE_SET);
  message->is_map_entry = is_set(message->options, MESSAGE_MAP_ENTRY);
  message->is_deprecated = is_set(message->options, MESSAGE_DEPRECATED);
  for (uint32_t i = 0; i < message->enum_count; i++) {
    resolve_enum(run, &message->enums[i], features);
  }
  for (uint32_t i = 0; i < message->oneof_count; i++) {
    stele_oneof *oneof = &message->oneofs[i];
    resolve(run, oneof, &oneof->features, features, 0, link_token_of_oneof(state, oneof));
  }
  for (uint32_t i = 0; i < message->field_count; i++) {
    resolve_field(run, &message->fields[i], features);
  }
  for (uint32_t i = 0; i < message->message_count; i++) {
    resolve_message(run, &message->messages[i], features);
  }
  for (uint32_t i = 0; i < message->extension_count; i++) {
    resolve_field(run, &message->extensions[i], features);
  }
  for (uint32_t i = 0; i < message->extension_range_count; i++) {
    const stele_range *range = &message->extension_ranges[i];
    resolve(run, range, &state->range_features[link_range_at(state, range)], features, 0,
            LINK_NONE);
  }
}

void link_features(link_file_state *state) {
  stele_file *file = state->file;
  features_run run = {.state = state, .is_legacy = file->edition < STELE_EDITION_2023};
  for (size_t i = 0; i < state->targets.count; i++) {
    if (run.is_legacy && state->targets.at[i].has_features) run.any_in_legacy = true;
  }
  state->field_own = STELE_NEW_ARRAY(state->scratch, stele_features, state->field_count);
  resolve(&run, file, &file->features, stele_features_default((stele_edition)file->edition), 0,
          link_token_of_statement(state, STELE_AST_SYNTAX));
  for (uint32_t i = 0; i < file->message_count; i++) {
    resolve_message(&run, &file->messages[i], file->features);
  }
  for (uint32_t i = 0; i < file->enum_count; i++) {
    resolve_enum(&run, &file->enums[i], file->features);
  }
  for (uint32_t i = 0; i < file->extension_count; i++) {
    resolve_field(&run, &file->extensions[i], file->features);
  }
  for (uint32_t i = 0; i < file->service_count; i++) {
    resolve_service(&run, &file->services[i], file->features);
  }
}
