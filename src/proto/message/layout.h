/* message/layout: where the fields of a message type lie, made for the codecs.
 *
 * In:   linked schemas.   Out: tables that a decoder indexes by field number
 * and an encoder by presence bit. Open to our own code, read only.
 *
 * An object is a head (layout, presence bits, cases of oneofs) and
 * slots. Presence bit i belongs to fields[i]: fields are sorted by number, so
 * walking the bits from the top is walking the fields backwards. A slot whose
 * bit is not set holds rubbish and is never read.
 *
 * Extensions are fields like the others, but their slots lie in a block that
 * an object gets when it sets its first one.
 * Deps: base, proto/schema. */
#ifndef STELE_PROTO_MESSAGE_LAYOUT_H
#define STELE_PROTO_MESSAGE_LAYOUT_H

#include "base/map.h"
#include "proto/schema/schema.h"
#include "proto/wire/wire.h"
#include "stele/message.h"

/* How a value is written and kept; one row per way. Bytes in memory, and the
 * wire type of one value. */
// clang-format off
#define LAYOUT_CODES(X)                                      \
  /* name        bytes  wire */                              \
  X(INT32,       4,     STELE_WIRE_VARINT)                   \
  X(UINT32,      4,     STELE_WIRE_VARINT)                   \
  X(SINT32,      4,     STELE_WIRE_VARINT)                   \
  X(INT64,       8,     STELE_WIRE_VARINT)    /* and uint64 */  \
  X(SINT64,      8,     STELE_WIRE_VARINT)                   \
  X(BOOL,        1,     STELE_WIRE_VARINT)                   \
  X(CLOSED_ENUM, 4,     STELE_WIRE_VARINT)    /* open ones are INT32 */ \
  X(FIXED32,     4,     STELE_WIRE_FIXED32)   /* and float */   \
  X(FIXED64,     8,     STELE_WIRE_FIXED64)   /* and double */  \
  X(STRING,      16,    STELE_WIRE_DELIMITED) /* UTF-8, verified */ \
  X(BYTES,       16,    STELE_WIRE_DELIMITED) /* and strings that are not verified */ \
  X(MESSAGE,     8,     STELE_WIRE_DELIMITED)                \
  X(GROUP,       8,     STELE_WIRE_GROUP)
// clang-format on

typedef enum layout_code {
#define X(name, bytes, wire) LAYOUT_##name,
  LAYOUT_CODES(X)
#undef X
      LAYOUT_CODE_COUNT
} layout_code;

/* How many values, and how many are written. */
typedef enum layout_shape { LAYOUT_ONE, LAYOUT_MANY, LAYOUT_PACKED, LAYOUT_MAP } layout_shape;

/* A code and a shape in one number, for one switch. */
enum { LAYOUT_SHAPE_STEP = 16, LAYOUT_SHAPES = 4, LAYOUT_PLAIN_OPS = 64 };
#define LAYOUT_OP(shape, code) ((uint8_t)((shape)*LAYOUT_SHAPE_STEP + (code)))

enum {
  LAYOUT_IMPLICIT = 1,  /* zero means not set */
  LAYOUT_EXTENSION = 2, /* the slot is in the extension block */
  LAYOUT_REQUIRED = 4,
};

enum { LAYOUT_LONG_TAG = UINT16_MAX };

/* The tag of a place in the dense table that no field has; nothing on the wire
 * that is looked up there is equal to it. */
#define LAYOUT_HOLE UINT32_MAX

typedef struct layout_enum layout_enum;

typedef union layout_sub {
  const stele_layout *layout; /* of a map: of its entries, with two fields */
  const layout_enum *enumeration;
} layout_sub;

typedef struct layout_field {
  uint64_t bit;    /* 1 << index for the first 64 fields, whose presence a decoder keeps in one
                      register; 0 beyond */
  layout_sub sub;  /* of messages, maps and enums */
  uint32_t tag;    /* as it is written; LAYOUT_HOLE: no field */
  uint32_t offset; /* of the slot, in the object or in the extension block */
  uint16_t index;  /* its place among the fields, and its presence bit */
  uint16_t oneof;  /* 1 + index of its case, or 0 */
  uint8_t op;      /* LAYOUT_OP, from LAYOUT_PLAIN_OPS on where something has to be done before
                      the slot is written: extensions, members of oneofs, fields beyond 64 */
  uint8_t flags;
  uint16_t byte_tag; /* the tag if it has a single byte on the wire; else nothing that one is */
} layout_field;

static inline layout_code layout_code_of(const layout_field *f) {
  return (layout_code)(f->op % LAYOUT_SHAPE_STEP);
}

static inline layout_shape layout_shape_of(const layout_field *f) {
  return (layout_shape)(f->op / LAYOUT_SHAPE_STEP % LAYOUT_SHAPES);
}

static inline bool layout_is_special(const layout_field *f) {
  return f->op >= LAYOUT_PLAIN_OPS;
}

static inline bool layout_is_object(layout_code code) {
  return code == LAYOUT_MESSAGE || code == LAYOUT_GROUP;
}

/* The presence bit within its word. */
static inline uint32_t layout_mask(const layout_field *f) {
  return 1u << (f->index % 32);
}

extern const uint8_t layout_code_bytes[LAYOUT_CODE_COUNT];
extern const uint8_t layout_code_wire[LAYOUT_CODE_COUNT]; /* stele_wire_type */

/* What the hot tables need not know of a field. */
typedef struct layout_info {
  const stele_field *field;
  stele_value missing; /* the default */
  /* `"name":` with the JSON name and with the name in the source, escaped; of
   * extensions `"[pkg.ext]":` in both. A comma stands before it; at least 32 bytes may be read. */
  stele_str json_key, proto_key;
  uint8_t type;        /* stele_field_type of the field */
  stele_str full_name; /* extensions only */
} layout_info;

/* An enum by number and by name. */
struct layout_enum {
  const stele_enum *type;
  const stele_enum_value *const *dense;  /* by number - low: the first of that number, or NULL */
  const stele_enum_value *const *sorted; /* by number, when they are too far apart; else NULL */
  const stele_str *quoted; /* `"NAME"` of those in `dense`, of which 32 bytes may be read */
  stele_map names;
  int32_t low;
  uint32_t count;     /* of dense or sorted */
  bool is_null_value; /* google.protobuf.NullValue */
};

/* The types that text and JSON write in a way of their own. */
// clang-format off
#define LAYOUT_WELL_KNOWN(X)                                 \
  X(ANY, "Any") X(TIMESTAMP, "Timestamp") X(DURATION, "Duration") X(FIELD_MASK, "FieldMask") \
  X(STRUCT, "Struct") X(VALUE, "Value") X(LIST_VALUE, "ListValue") X(EMPTY, "Empty") \
  X(DOUBLE_VALUE, "DoubleValue") X(FLOAT_VALUE, "FloatValue") X(INT64_VALUE, "Int64Value") \
  X(UINT64_VALUE, "UInt64Value") X(INT32_VALUE, "Int32Value") X(UINT32_VALUE, "UInt32Value") \
  X(BOOL_VALUE, "BoolValue") X(STRING_VALUE, "StringValue") X(BYTES_VALUE, "BytesValue")
// clang-format on

typedef enum layout_well_known {
  LAYOUT_NOT_WELL_KNOWN,
#define X(name, text) LAYOUT_WKT_##name,
  LAYOUT_WELL_KNOWN(X)
#undef X
} layout_well_known;

static inline bool layout_is_wrapper(layout_well_known kind) {
  return kind >= LAYOUT_WKT_DOUBLE_VALUE;
}

struct stele_layout {
  const layout_field *dense; /* by number, below dense_count; a hole at the end */
  uint32_t dense_count;
  uint32_t field_count;
  const layout_field *fields; /* by number; a hole before the first and behind the last */
  uint32_t size;              /* bytes of an object */
  uint32_t head_words;        /* 32-bit words that begin as zero */
  uint32_t bit_words;         /* of these, presence bits, one or an even number; the cases of
                                 oneofs follow */
  uint64_t first_bits;        /* ones for those of the first 64 bits that there are words for */
  uint32_t block_size;        /* bytes of the extension block */
  uint32_t room;            /* bytes that an encoder needs for all fields but texts and messages */
  const uint32_t *required; /* presence words of required fields, or NULL */
  const layout_info *info;  /* by index */
  const uint16_t *names;    /* open addressing: 1 + index, by name and by JSON name */
  uint32_t name_mask;
  const stele_message *type;
  stele_layouts *owner;
  uint8_t well_known; /* layout_well_known */
  bool is_message_set;
  bool needs_finish;   /* a decoder has to look at it again: required fields, maps */
  bool needs_required; /* it, or something that can be inside, has required fields */
  bool is_ready;       /* the closure is whole */
};

/* The field of a number, or NULL. */
const layout_field *layout_find_slow(const stele_layout *layout, uint32_t number);

static inline const layout_field *layout_find(const stele_layout *layout, uint32_t number) {
  if (number < layout->dense_count) {
    const layout_field *f = &layout->dense[number];
    return f->tag != LAYOUT_HOLE ? f : NULL;
  }
  return layout_find_slow(layout, number);
}

/* A field that is one of the layout's, or NULL. */
static inline const layout_field *layout_field_of(const stele_layout *layout,
                                                  const stele_field *field) {
  const layout_field *f = field ? layout_find(layout, (uint32_t)field->number) : NULL;
  return f && layout->info[f->index].field == field ? f : NULL;
}

/* By name in the source; by that or the JSON name; an extension by full name. */
const layout_field *layout_find_name(const stele_layout *layout, stele_str name);
const layout_field *layout_find_json_name(const stele_layout *layout, stele_str name);
const layout_field *layout_find_extension(const stele_layout *layout, stele_str full_name);

static inline const stele_field *layout_schema_field(const stele_layout *layout,
                                                     const layout_field *f) {
  return layout->info[f->index].field;
}

static inline const stele_layout *layout_sub_layout(const layout_field *f) {
  return f->sub.layout;
}

const stele_enum_value *layout_enum_find_sorted(const layout_enum *e, int32_t number);

/* The value of a number (the first one declared), or NULL. */
static inline const stele_enum_value *layout_enum_find(const layout_enum *e, int32_t number) {
  if (!e->dense) return layout_enum_find_sorted(e, number);
  uint64_t at = (uint64_t)((int64_t)number - e->low);
  return at < e->count ? e->dense[at] : NULL;
}

const stele_enum_value *layout_enum_find_name(const layout_enum *e, stele_str name);

/* ---- Making them --------------------------------------------------------- */

/* Layouts in an arena of the caller's, for tests that let it fail. Under a
 * guard of `arena`. */
stele_layouts *layouts_new_in(stele_arena *arena, const stele_schema *schema);

/* The extensions of each type in the files that a schema reaches. */
typedef struct layout_extension_list {
  const stele_field **at;
  size_t count, cap;
} layout_extension_list;

/* What making one closure of layouts shares. */
typedef struct layout_job {
  stele_arena *arena;
  stele_layouts *owner;
  stele_map *made;             /* stele_message -> stele_layout */
  stele_map *enums;            /* stele_enum -> layout_enum */
  const stele_map *extensions; /* stele_message -> layout_extension_list */
  struct {
    stele_layout **at;
    size_t count, cap;
  } fresh; /* made by this job, in order */
} layout_job;

/* The layout of a type, made or registered to be made by the job. */
stele_layout *layout_declare(layout_job *job, const stele_message *type);
/* Fills in a declared layout, and declares those that it needs. */
void layout_make(layout_job *job, stele_layout *layout);
const layout_enum *layout_make_enum(layout_job *job, const stele_enum *type);

#endif
