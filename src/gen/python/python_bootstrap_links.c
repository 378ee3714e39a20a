/* descriptor.proto, second half: the descriptors made before are tied to each
 * other, registered, and given their resolved features. */
#include "gen/python/python_internal.h"

/* ---- links ---- */

static void link_field(const py_module *m, stele_str global, const stele_field *field) {
  stele_str type, kind;
  if (field->type_message) {
    kind = S("message_type");
    type = py_message_global(m->arena, field->type_message);
  } else if (field->type_enum) {
    kind = S("enum_type");
    type = py_enum_global(m->arena, field->type_enum);
  } else {
    return;
  }
  PY_ADD(m->out, S("  "), global, S(".fields_by_name['"), field->name, S("']."), kind, S(" = "),
         type, S("\n"));
}

static void link_parent(const py_module *m, stele_str child, const stele_message *parent) {
  PY_ADD(m->out, S("  "), child, S(".containing_type = "), py_message_global(m->arena, parent),
         S("\n"));
}

static void link_oneof(const py_module *m, stele_str global, const stele_oneof *oneof) {
  for (uint32_t i = 0; i < oneof->field_count; i++) {
    stele_str field = oneof->fields[i]->name;
    PY_ADD(m->out, S("  "), global, S(".oneofs_by_name['"), oneof->name,
           S("'].fields.append(\n    "), global, S(".fields_by_name['"), field, S("'])\n  "),
           global, S(".fields_by_name['"), field, S("'].containing_oneof = "), global,
           S(".oneofs_by_name['"), oneof->name, S("']\n"));
  }
}

static void link_message(const py_module *m, const stele_message *message) {
  for (uint32_t i = 0; i < message->message_count; i++) link_message(m, &message->messages[i]);
  stele_str global = py_message_global(m->arena, message);
  for (uint32_t i = 0; i < message->field_count; i++) link_field(m, global, &message->fields[i]);
  if (message->parent) link_parent(m, global, message->parent);
  for (uint32_t i = 0; i < message->enum_count; i++) {
    link_parent(m, py_enum_global(m->arena, &message->enums[i]), message);
  }
  for (uint32_t i = 0; i < message->oneof_count; i++) link_oneof(m, global, &message->oneofs[i]);
}

static void link_name(const py_module *m, const char *table, stele_str name, stele_str global) {
  PY_ADD(m->out, S("  DESCRIPTOR."), stele_cstr(table), S("['"), name, S("'] = "), global, S("\n"));
}

static void link_file(const py_module *m) {
  const stele_file *file = m->file;
  for (uint32_t i = 0; i < file->message_count; i++) {
    const stele_message *message = &file->messages[i];
    link_name(m, "message_types_by_name", message->name, py_message_global(m->arena, message));
  }
  for (uint32_t i = 0; i < file->enum_count; i++) {
    const stele_enum *type = &file->enums[i];
    link_name(m, "enum_types_by_name", type->name, py_enum_global(m->arena, type));
  }
  for (uint32_t i = 0; i < file->extension_count; i++) {
    link_name(m, "extensions_by_name", file->extensions[i].name, file->extensions[i].name);
  }
  PY_ADD(m->out, S("  _sym_db.RegisterFileDescriptor(DESCRIPTOR)\n"));
}

/* ---- features ---- */

/* The features that code may look at while it runs, with the names of their
 * values by number. */
static const struct {
  stele_feature feature;
  const char *name, *global, *values[4];
} features[] = {
    {STELE_FEATURE_FIELD_PRESENCE,
     "field_presence",
     "_FEATURESET_FIELDPRESENCE",
     {"FIELD_PRESENCE_UNKNOWN", "EXPLICIT", "IMPLICIT", "LEGACY_REQUIRED"}},
    {STELE_FEATURE_ENUM_TYPE,
     "enum_type",
     "_FEATURESET_ENUMTYPE",
     {"ENUM_TYPE_UNKNOWN", "OPEN", "CLOSED", ""}},
    {STELE_FEATURE_REPEATED_FIELD_ENCODING,
     "repeated_field_encoding",
     "_FEATURESET_REPEATEDFIELDENCODING",
     {"REPEATED_FIELD_ENCODING_UNKNOWN", "PACKED", "EXPANDED", ""}},
    {STELE_FEATURE_UTF8_VALIDATION,
     "utf8_validation",
     "_FEATURESET_UTF8VALIDATION",
     {"UTF8_VALIDATION_UNKNOWN", "", "VERIFY", "NONE"}},
    {STELE_FEATURE_MESSAGE_ENCODING,
     "message_encoding",
     "_FEATURESET_MESSAGEENCODING",
     {"MESSAGE_ENCODING_UNKNOWN", "LENGTH_PREFIXED", "DELIMITED", ""}},
    {STELE_FEATURE_JSON_FORMAT,
     "json_format",
     "_FEATURESET_JSONFORMAT",
     {"JSON_FORMAT_UNKNOWN", "ALLOW", "LEGACY_BEST_EFFORT", ""}},
};

/* "  PLACE._features = _ResolvedFeatures(…)" */
static void write_features(const py_module *m, stele_str place, stele_features resolved) {
  PY_ADD(m->out, S("  "), place, S("._features = _ResolvedFeatures("));
  for (size_t i = 0; i < sizeof features / sizeof features[0]; i++) {
    unsigned value = stele_features_get(resolved, features[i].feature);
    PY_ADD(m->out, i ? S(",") : S(""), stele_cstr(features[i].name), S("="),
           stele_cstr(features[i].global), S(".values_by_name[\""),
           stele_cstr(features[i].values[value & 3]), S("\"].number"));
  }
  PY_ADD(m->out, S(")\n"));
}

static stele_str member(const py_module *m, stele_str global, const char *list, uint32_t index) {
  return stele_str_printf(m->arena, STELE_STR_FMT ".%s[%u]", STELE_STR_ARG(global), list, index);
}

static void write_message_features(const py_module *m, const stele_message *message) {
  stele_str global = py_message_global(m->arena, message);
  write_features(m, global, message->features);
  for (uint32_t i = 0; i < message->field_count; i++) {
    write_features(m, member(m, global, "fields", i), message->fields[i].features);
  }
  for (uint32_t i = 0; i < message->oneof_count; i++) {
    write_features(m, member(m, global, "oneofs", i), message->oneofs[i].features);
  }
  for (uint32_t i = 0; i < message->extension_count; i++) {
    write_features(m, member(m, global, "extensions", i), message->extensions[i].features);
  }
  for (uint32_t i = 0; i < message->message_count; i++) {
    write_message_features(m, &message->messages[i]);
  }
}

static void write_enum_features(const py_module *m, const stele_enum *type) {
  stele_str global = py_enum_global(m->arena, type);
  write_features(m, global, type->features);
  for (uint32_t i = 0; i < type->value_count; i++) {
    write_features(m, member(m, global, "values", i), type->values[i].features);
  }
}

static void write_nested_enum_features(const py_module *m, const stele_message *message) {
  for (uint32_t i = 0; i < message->enum_count; i++) write_enum_features(m, &message->enums[i]);
  for (uint32_t i = 0; i < message->message_count; i++) {
    write_nested_enum_features(m, &message->messages[i]);
  }
}

static void write_all_features(const py_module *m) {
  const stele_file *file = m->file;
  PY_ADD(m->out, S("\n"
                   "  class _ResolvedFeatures:\n"
                   "    def __init__(self, features = None, **kwargs):\n"
                   "      if features:\n"
                   "        for k, v in features.FIELDS.items():\n"
                   "          setattr(self, k, getattr(features, k))\n"
                   "      else:\n"
                   "        for k, v in kwargs.items():\n"
                   "          setattr(self, k, v)\n"));
  write_features(m, S("DESCRIPTOR"), file->features);
  for (uint32_t i = 0; i < file->message_count; i++) write_message_features(m, &file->messages[i]);
  for (uint32_t i = 0; i < file->message_count; i++) {
    write_nested_enum_features(m, &file->messages[i]);
  }
  for (uint32_t i = 0; i < file->enum_count; i++) write_enum_features(m, &file->enums[i]);
}

void py_write_bootstrap_links(const py_module *m) {
  for (uint32_t i = 0; i < m->file->message_count; i++) link_message(m, &m->file->messages[i]);
  link_file(m);
  write_all_features(m);
}
