/* Writing text as protoc --decode does: fields by number, one a line, unknown
 * ones behind by their numbers. */
#include "base/c_text.h"
#include "base/guard.h"
#include "base/num.h"
#include "proto/binary/binary.h"
#include "proto/text/text_internal.h"
#include "proto/wire/reader.h"

enum {
  INDENT = 2,
  UNKNOWN_DEPTH = 10, /* bytes that may be a message are looked into so deep */
  DEEPEST = 10000,
};

typedef struct writer {
  stele_arena *arena;
  stele_buf *out;
  const stele_text_write_options *options;
  uint32_t indent; /* levels */
} writer;

static void write_fields(writer *w, const stele_object *o);

/* ---- Layout on the page ----------------------------------------------------------- */

static void begin_line(writer *w) {
  if (w->options->one_line) {
    if (w->out->len && w->out->ptr[w->out->len - 1] != ' ') stele_buf_add_byte(w->out, ' ');
  } else {
    stele_buf_add_spaces(w->out, (size_t)w->indent * INDENT);
  }
}

static void end_line(writer *w) {
  if (!w->options->one_line) stele_buf_add_byte(w->out, '\n');
}

static void open_braces(writer *w) {
  stele_buf_add_cstr(w->out, " {");
  end_line(w);
  if (++w->indent > DEEPEST) {
    stele_guard_leave(w->arena, STELE_LIMIT, "messages are nested more than %d deep", DEEPEST);
  }
}

static void close_braces(writer *w) {
  w->indent--;
  begin_line(w);
  stele_buf_add_byte(w->out, '}');
  end_line(w);
}

/* ---- Values ----------------------------------------------------------------------- */

static void write_string(stele_buf *out, stele_str text) {
  stele_buf_add_byte(out, '"');
  stele_c_escape(out, stele_str_bytes(text));
  stele_buf_add_byte(out, '"');
}

static void write_double(stele_buf *out, double value) {
  char text[STELE_NUM_TEXT];
  stele_buf_add(out, text, stele_num_print_double(text, value));
}

static void write_float(stele_buf *out, float value) {
  char text[STELE_NUM_TEXT];
  stele_buf_add(out, text, stele_num_print_float(text, value));
}

static void write_enum(stele_buf *out, const layout_enum *type, int32_t number) {
  const stele_enum_value *value = layout_enum_find(type, number);
  if (value) {
    stele_buf_add_str(out, value->name);
  } else {
    stele_buf_add_i64(out, number);
  }
}

static void write_scalar(writer *w, const stele_layout *layout, const layout_field *f,
                         stele_value value) {
  switch ((int)layout_schema_field(layout, f)->type) {
  case STELE_TYPE_DOUBLE: write_double(w->out, value.d); break;
  case STELE_TYPE_FLOAT: write_float(w->out, value.f); break;
  case STELE_TYPE_INT64:
  case STELE_TYPE_SINT64:
  case STELE_TYPE_SFIXED64: stele_buf_add_i64(w->out, value.i64); break;
  case STELE_TYPE_UINT64:
  case STELE_TYPE_FIXED64: stele_buf_add_u64(w->out, value.u64); break;
  case STELE_TYPE_INT32:
  case STELE_TYPE_SINT32:
  case STELE_TYPE_SFIXED32: stele_buf_add_i64(w->out, value.i32); break;
  case STELE_TYPE_UINT32:
  case STELE_TYPE_FIXED32: stele_buf_add_u64(w->out, value.u32); break;
  case STELE_TYPE_BOOL: stele_buf_add_cstr(w->out, value.b ? "true" : "false"); break;
  case STELE_TYPE_ENUM: write_enum(w->out, f->sub.enumeration, value.i32); break;
  default: write_string(w->out, value.str); break;
  }
}

/* ---- Fields ------------------------------------------------------------------------- */

static void write_name(writer *w, const stele_layout *layout, const layout_field *f) {
  const layout_info *info = &layout->info[f->index];
  const stele_field *field = info->field;
  if (field->is_extension) {
    bool by_type = layout->is_message_set && stele_field_scope(field) &&
                   stele_field_scope(field) == field->type_message;
    stele_buf_add_byte(w->out, '[');
    stele_buf_add_str(w->out, by_type ? field->type_message->full_name : info->full_name);
    stele_buf_add_byte(w->out, ']');
  } else {
    stele_buf_add_str(w->out, text_is_group(field) ? field->type_message->name : field->name);
  }
}

static void write_one(writer *w, const stele_layout *layout, const layout_field *f,
                      stele_value value) {
  begin_line(w);
  write_name(w, layout, f);
  if (layout_is_object(layout_code_of(f))) {
    open_braces(w);
    write_fields(w, value.object);
    close_braces(w);
    return;
  }
  stele_buf_add_cstr(w->out, ": ");
  write_scalar(w, layout, f, value);
  end_line(w);
}

static void write_map(writer *w, const stele_object *o, const layout_field *f) {
  const stele_layout *layout = layout_sub_layout(f);
  const object_dict *dict = object_dict_of(o, f);
  const stele_entry **sorted = dict_sorted(w->arena, dict, layout->info[0].field);
  for (uint32_t i = 0; i < dict->count; i++) {
    begin_line(w);
    write_name(w, object_layout(o), f);
    open_braces(w);
    write_one(w, layout, &layout->fields[0], sorted[i]->key);
    write_one(w, layout, &layout->fields[1], sorted[i]->value);
    close_braces(w);
  }
}

static void write_field(writer *w, const stele_object *o, const layout_field *f) {
  layout_code code = layout_code_of(f);
  if (layout_shape_of(f) == LAYOUT_MAP) {
    write_map(w, o, f);
  } else if (layout_shape_of(f) == LAYOUT_ONE) {
    write_one(w, object_layout(o), f, object_get(o, f));
  } else {
    layout_array array = object_array(o, f);
    for (size_t i = 0; i < array.count; i++) {
      const uint8_t *at = (const uint8_t *)array.at + i * layout_code_bytes[code];
      write_one(w, object_layout(o), f, object_load(code, at));
    }
  }
}

/* ---- Unknown fields -------------------------------------------------------------------- */

static void write_unknown(writer *w, stele_bytes records, int depth);

static bool is_message(stele_bytes bytes) {
  stele_reader r = stele_reader_of(bytes);
  while (!stele_read_done(&r)) stele_read_skip_field(&r, UNKNOWN_DEPTH);
  return !r.failed && bytes.len;
}

static void write_unknown_message(writer *w, stele_bytes bytes, int depth) {
  open_braces(w);
  write_unknown(w, bytes, depth - 1);
  close_braces(w);
}

static void write_record(writer *w, stele_reader *r, uint32_t tag, int depth) {
  stele_bytes bytes;
  switch (stele_wire_type_of(tag)) {
  case STELE_WIRE_VARINT:
    stele_buf_add_cstr(w->out, ": ");
    stele_buf_add_u64(w->out, stele_read_varint(r));
    break;
  case STELE_WIRE_FIXED32: stele_buf_printf(w->out, ": 0x%08x", stele_read_fixed32(r)); break;
  case STELE_WIRE_FIXED64:
    stele_buf_printf(w->out, ": 0x%016llx", (unsigned long long)stele_read_fixed64(r));
    break;
  case STELE_WIRE_GROUP:
    write_unknown_message(w, stele_read_group(r, tag, STELE_DECODE_DEPTH), depth);
    return;
  case STELE_WIRE_DELIMITED:
  case STELE_WIRE_GROUP_END:
    bytes = stele_read_delimited(r);
    if (depth > 0 && is_message(bytes)) {
      write_unknown_message(w, bytes, depth);
      return;
    }
    stele_buf_add_cstr(w->out, ": ");
    write_string(w->out, stele_bytes_str(bytes));
    break;
  }
  end_line(w);
}

static void write_unknown(writer *w, stele_bytes records, int depth) {
  stele_reader r = stele_reader_of(records);
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (r.failed) return;
    begin_line(w);
    stele_buf_add_u64(w->out, stele_wire_number(tag));
    write_record(w, &r, tag, depth);
  }
}

/* ---- Any ---------------------------------------------------------------------------------- */

/* An Any as what it holds; false when that is not known, or not readable. */
static bool write_any(writer *w, const stele_object *o) {
  stele_any_resolver resolver = w->options->any;
  stele_decode_options aliased = {.alias_input = true};
  stele_err err = {0};
  bool is_partial = false;
  stele_str url = object_get(o, layout_find(object_layout(o), 1)).str;
  stele_bytes bytes = stele_str_bytes(object_get(o, layout_find(object_layout(o), 2)).str);
  const stele_layout *layout = resolver.find ? resolver.find(resolver.arg, url, &err)
                                             : stele_any_find(object_layout(o)->owner, url, &err);
  if (!layout || !text_is_bracketable(url)) return false;
  stele_object *inner = object_new(w->arena, layout);
  if (!binary_decode(w->arena, inner, bytes, &aliased, &is_partial, &err)) return false;
  begin_line(w);
  stele_buf_add_byte(w->out, '[');
  stele_buf_add_str(w->out, url);
  stele_buf_add_byte(w->out, ']');
  open_braces(w);
  write_fields(w, inner);
  close_braces(w);
  return true;
}

static void write_fields(writer *w, const stele_object *o) {
  size_t count = 0;
  bool expand = w->options->expand_any && object_layout(o)->well_known == LAYOUT_WKT_ANY;
  if (!expand || !write_any(w, o)) {
    OBJECT_EACH(o, f) write_field(w, o, f);
  }
  const stele_bytes *unknown = stele_object_unknown(o, &count);
  for (size_t i = 0; w->options->print_unknown && i < count; i++) {
    write_unknown(w, unknown[i], UNKNOWN_DEPTH);
  }
}

void text_write(stele_arena *arena, const stele_object *o, const stele_text_write_options *options,
                stele_buf *out) {
  writer w = {.arena = arena, .out = out, .options = options};
  write_fields(&w, o);
}

void text_write_raw(stele_arena *arena, stele_bytes records, stele_buf *out) {
  static const stele_text_write_options plain;
  writer w = {.arena = arena, .out = out, .options = &plain};
  write_unknown(&w, records, UNKNOWN_DEPTH);
}
