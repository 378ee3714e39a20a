/* Recognising well-known types: by full name, and only where the fields are
 * the ones that the codecs will touch; somebody may call a type of his own
 * google.protobuf.Timestamp. */
#include "base/err.h"
#include "proto/message/layout_internal.h"

typedef struct known_field {
  uint8_t type; /* stele_field_type */
  uint8_t shape;
  const char *message; /* full name of its type, or NULL */
} known_field;

typedef struct known_type {
  const char *name;      /* below google.protobuf */
  known_field fields[6]; /* number 1 first; type 0 ends */
} known_type;

#define VALUE_TYPE "google.protobuf.Value"
// clang-format off
static const known_type known[] = {
    [LAYOUT_WKT_ANY] = {"Any", {{STELE_TYPE_STRING, LAYOUT_ONE, NULL}, {STELE_TYPE_BYTES, LAYOUT_ONE, NULL}}},
    [LAYOUT_WKT_TIMESTAMP] = {"Timestamp", {{STELE_TYPE_INT64, LAYOUT_ONE, NULL}, {STELE_TYPE_INT32, LAYOUT_ONE, NULL}}},
    [LAYOUT_WKT_DURATION] = {"Duration", {{STELE_TYPE_INT64, LAYOUT_ONE, NULL}, {STELE_TYPE_INT32, LAYOUT_ONE, NULL}}},
    [LAYOUT_WKT_FIELD_MASK] = {"FieldMask", {{STELE_TYPE_STRING, LAYOUT_MANY, NULL}}},
    [LAYOUT_WKT_STRUCT] = {"Struct", {{STELE_TYPE_MESSAGE, LAYOUT_MAP, "google.protobuf.Struct.FieldsEntry"}}},
    [LAYOUT_WKT_VALUE] = {"Value", {{STELE_TYPE_ENUM, LAYOUT_ONE, NULL}, {STELE_TYPE_DOUBLE, LAYOUT_ONE, NULL},
        {STELE_TYPE_STRING, LAYOUT_ONE, NULL}, {STELE_TYPE_BOOL, LAYOUT_ONE, NULL},
        {STELE_TYPE_MESSAGE, LAYOUT_ONE, "google.protobuf.Struct"}, {STELE_TYPE_MESSAGE, LAYOUT_ONE, "google.protobuf.ListValue"}}},
    [LAYOUT_WKT_LIST_VALUE] = {"ListValue", {{STELE_TYPE_MESSAGE, LAYOUT_MANY, VALUE_TYPE}}},
    [LAYOUT_WKT_EMPTY] = {"Empty", {{0, 0, NULL}}},
    [LAYOUT_WKT_DOUBLE_VALUE] = {"DoubleValue", {{STELE_TYPE_DOUBLE, LAYOUT_ONE, NULL}}},
    [LAYOUT_WKT_FLOAT_VALUE] = {"FloatValue", {{STELE_TYPE_FLOAT, LAYOUT_ONE, NULL}}},
    [LAYOUT_WKT_INT64_VALUE] = {"Int64Value", {{STELE_TYPE_INT64, LAYOUT_ONE, NULL}}},
    [LAYOUT_WKT_UINT64_VALUE] = {"UInt64Value", {{STELE_TYPE_UINT64, LAYOUT_ONE, NULL}}},
    [LAYOUT_WKT_INT32_VALUE] = {"Int32Value", {{STELE_TYPE_INT32, LAYOUT_ONE, NULL}}},
    [LAYOUT_WKT_UINT32_VALUE] = {"UInt32Value", {{STELE_TYPE_UINT32, LAYOUT_ONE, NULL}}},
    [LAYOUT_WKT_BOOL_VALUE] = {"BoolValue", {{STELE_TYPE_BOOL, LAYOUT_ONE, NULL}}},
    [LAYOUT_WKT_STRING_VALUE] = {"StringValue", {{STELE_TYPE_STRING, LAYOUT_ONE, NULL}}},
    [LAYOUT_WKT_BYTES_VALUE] = {"BytesValue", {{STELE_TYPE_BYTES, LAYOUT_ONE, NULL}}},
};
// clang-format on

static bool has_shape(const stele_layout *layout, const known_type *want) {
  for (uint32_t i = 0; i < STELE_COUNT(want->fields); i++) {
    const known_field *one = &want->fields[i];
    if (!one->type) return i == layout->field_count;
    const layout_field *f = layout_find(layout, i + 1);
    if (!f || layout_shape_of(f) != one->shape) return false;
    const stele_field *field = layout_schema_field(layout, f);
    if (field->type != one->type || f->flags & LAYOUT_EXTENSION) return false;
    if (one->message && !stele_str_eq(field->type_message->full_name, stele_cstr(one->message))) {
      return false;
    }
  }
  return layout->field_count == STELE_COUNT(want->fields);
}

/* The maps of a Struct are walked as <string, Value>. */
static bool has_value_map(const stele_message *type) {
  return type->message_count == 1 && type->messages[0].field_count == 2 &&
         type->messages[0].fields[0].type == STELE_TYPE_STRING &&
         type->messages[0].fields[1].type_message &&
         stele_str_eq(type->messages[0].fields[1].type_message->full_name, STELE_STR(VALUE_TYPE));
}

layout_well_known layout_recognise(const stele_layout *layout) {
  stele_str name = layout->type->full_name;
  static const char package[] = "google.protobuf.";
  size_t prefix = sizeof package - 1;
  if (name.len <= prefix || memcmp(name.ptr, package, prefix) != 0) return LAYOUT_NOT_WELL_KNOWN;
  stele_str own = {name.ptr + prefix, name.len - prefix};
  for (size_t i = 1; i < STELE_COUNT(known); i++) {
    if (!stele_str_eq(own, stele_cstr(known[i].name)) || !has_shape(layout, &known[i])) continue;
    if (i == LAYOUT_WKT_STRUCT && !has_value_map(layout->type)) continue;
    return (layout_well_known)i;
  }
  return LAYOUT_NOT_WELL_KNOWN;
}
