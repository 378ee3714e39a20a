/* Walking records: tag, value, line. With a layout the field says what the value
 * is; without one, or where the wire type is another, the bytes are asked. */
#include "proto/inspect/inspect.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"
#include "proto/inspect/inspect_internal.h"
#include "proto/schema/schema.h"
#include "proto/wire/reader.h"
#include "stele/codec.h"

enum { DEEPEST = 100, SHOWN_BYTES = 8, BYTES_COLUMN = 28, MOST_PACKED = 16, MOST_LINE = 400 };

static const char *const wire_texts[8] = {"varint",      "fixed64",      "length-delimited",
                                          "group",       "end of group", "fixed32",
                                          "wire type 6", "wire type 7"};

typedef struct inspection {
  stele_arena *arena;
  stele_buf *out;
  const uint8_t *start; /* offset 0 is here, less `offset` */
  size_t offset;
  bool ok;
} inspection;

/* ---- Lines --------------------------------------------------------------------- */

void stele_inspect_line(stele_buf *out, size_t offset, stele_bytes bytes, size_t level,
                        const char *format, ...) {
  char text[MOST_LINE];
  va_list args;
  va_start(args, format);
  (void)vsnprintf(text, sizeof text, format, args);
  va_end(args);
  size_t shown = bytes.len < SHOWN_BYTES ? bytes.len : SHOWN_BYTES;
  stele_buf_printf(out, "%8zu  ", offset);
  for (size_t i = 0; i < shown; i++) stele_buf_printf(out, "%02x ", bytes.ptr[i]);
  bool is_cut = shown < bytes.len;
  if (is_cut) stele_buf_add_cstr(out, "\xe2\x80\xa6 ");
  stele_buf_add_spaces(out, BYTES_COLUMN - 3 * shown - 2 * is_cut + 2 * level);
  stele_buf_add_cstr(out, text);
  stele_buf_add_byte(out, '\n');
}

/* A line of the run [from, to). */
static void line(inspection *in, const uint8_t *from, const uint8_t *to, size_t level,
                 stele_str text) {
  stele_bytes bytes = {from, (size_t)(to - from)};
  stele_inspect_line(in->out, in->offset + (size_t)(from - in->start), bytes, level, STELE_STR_FMT,
                     STELE_STR_ARG(text));
}

/* One record while it is shown. */
typedef struct record {
  const uint8_t *from; /* its tag */
  const uint8_t *value;
  const uint8_t *end;
  uint32_t tag;
  const stele_layout *layout; /* NULL: unknown */
  const layout_field *f;      /* NULL: unknown */
  const stele_layout *any;    /* of what the Any that it is in holds; NULL: not known */
  size_t level;
} record;

enum { ANY_URL = 1, ANY_VALUE = 2 };

/* What the bytes of an Any hold, if they are one and somebody knows the type. */
static const stele_layout *any_layout(stele_bytes bytes, const stele_layout *layout) {
  stele_str url = {NULL, 0};
  stele_err unknown = {0};
  if (!layout || layout->well_known != LAYOUT_WKT_ANY) return NULL;
  for (stele_reader r = stele_reader_of(bytes); !stele_read_done(&r);) {
    uint32_t tag = stele_read_tag(&r);
    if (tag == stele_wire_tag(ANY_URL, STELE_WIRE_DELIMITED)) {
      url = stele_bytes_str(stele_read_delimited(&r));
    } else {
      stele_read_skip_value(&r, tag, DEEPEST);
    }
    if (r.failed) return NULL;
  }
  return url.len ? stele_any_find(layout->owner, url, &unknown) : NULL;
}

/* "name = " and "(2, double)" around a value; the number alone when nobody
 * knows the name. */
static void put_name(stele_buf *text, const record *r) {
  if (!r->f) {
    stele_buf_printf(text, "%u = ", stele_wire_number(r->tag));
    return;
  }
  const layout_info *info = &r->layout->info[r->f->index];
  stele_str name = info->field->is_extension ? info->full_name : info->field->name;
  stele_buf_printf(text, info->field->is_extension ? "[" STELE_STR_FMT "] = " : STELE_STR_FMT " = ",
                   STELE_STR_ARG(name));
}

static void put_kind(stele_buf *text, const record *r) {
  const char *wire = wire_texts[r->tag & 7];
  if (r->f) {
    const stele_field *field = layout_schema_field(r->layout, r->f);
    bool is_any_value = r->any && field->number == ANY_VALUE;
    stele_str type = is_any_value          ? r->any->type->full_name
                     : field->type_message ? field->type_message->full_name
                     : field->type_enum    ? field->type_enum->full_name
                                           : stele_cstr(stele_field_type_text(field->type));
    stele_buf_printf(text, " (%u, " STELE_STR_FMT ")", stele_wire_number(r->tag),
                     STELE_STR_ARG(type));
  } else {
    stele_buf_printf(text, " (%s)", wire);
  }
}

static void show(inspection *in, const record *r, stele_buf *text) {
  put_kind(text, r);
  line(in, r->from, r->end, r->level, stele_buf_str(text));
}

/* ---- Values ---------------------------------------------------------------------- */

static void walk(inspection *in, stele_bytes bytes, const stele_layout *layout, size_t level,
                 size_t depth);

/* Could these bytes be a message? All of them are records, and there is one. */
static bool is_message(stele_bytes bytes) {
  stele_reader r = stele_reader_of(bytes);
  while (!stele_read_done(&r)) stele_read_skip_field(&r, DEEPEST);
  return !r.failed && bytes.len > 0;
}

static void show_nested(inspection *in, const record *r, stele_bytes content,
                        const stele_layout *layout, size_t depth) {
  stele_buf text;
  stele_buf_init(&text, in->arena, 0);
  put_name(&text, r);
  stele_buf_printf(&text, "{ %zu byte%s }", content.len, content.len == 1 ? "" : "s");
  put_kind(&text, r);
  line(in, r->from, content.ptr ? content.ptr : r->end, r->level, stele_buf_str(&text));
  if (depth > 0) walk(in, content, layout, r->level + 1, depth - 1);
}

/* The numbers of a packed field, or what may be some. */
static bool put_packed(stele_buf *text, stele_bytes content, const record *r,
                       stele_wire_type wire) {
  stele_reader in = stele_reader_of(content);
  const stele_field *field = r->f ? layout_schema_field(r->layout, r->f) : NULL;
  const layout_enum *type = field && field->type == STELE_TYPE_ENUM ? r->f->sub.enumeration : NULL;
  size_t count = 0;
  stele_buf_add_byte(text, '[');
  for (; !stele_read_done(&in); count++) {
    uint64_t raw = wire == STELE_WIRE_VARINT    ? stele_read_varint(&in)
                   : wire == STELE_WIRE_FIXED64 ? stele_read_fixed64(&in)
                                                : stele_read_fixed32(&in);
    if (in.failed || count > MOST_PACKED) continue;
    if (count) stele_buf_add_cstr(text, ", ");
    if (count == MOST_PACKED) {
      stele_buf_add_cstr(text, "\xe2\x80\xa6");
    } else if (field) {
      inspect_put_number(text, field, type, raw);
    } else {
      stele_buf_add_u64(text, raw);
    }
  }
  stele_buf_printf(text, "], %zu packed", count);
  return !in.failed;
}

static void show_unknown_bytes(inspection *in, const record *r, stele_bytes content, size_t depth) {
  stele_buf text;
  bool is_text = inspect_is_text(content);
  if (!is_text && is_message(content)) {
    show_nested(in, r, content, NULL, depth);
    return;
  }
  stele_buf_init(&text, in->arena, 0);
  put_name(&text, r);
  if (is_text) {
    inspect_put_text(&text, content);
  } else {
    inspect_put_bytes(&text, content);
    stele_buf packed;
    stele_buf_init(&packed, in->arena, 0);
    if (content.len > 1 && put_packed(&packed, content, r, STELE_WIRE_VARINT)) {
      stele_buf_add_cstr(&text, ", as varints ");
      stele_buf_add_str(&text, stele_buf_str(&packed));
    }
  }
  show(in, r, &text);
}

static void show_known_bytes(inspection *in, const record *r, stele_bytes content, size_t depth) {
  stele_buf text;
  layout_code code = layout_code_of(r->f);
  if (r->any && stele_wire_number(r->tag) == ANY_VALUE) {
    show_nested(in, r, content, r->any, depth);
    return;
  }
  if (code == LAYOUT_MESSAGE || code == LAYOUT_GROUP || layout_shape_of(r->f) == LAYOUT_MAP) {
    show_nested(in, r, content, layout_sub_layout(r->f), depth);
    return;
  }
  stele_buf_init(&text, in->arena, 0);
  put_name(&text, r);
  bool is_string = layout_schema_field(r->layout, r->f)->type == STELE_TYPE_STRING;
  if (is_string && stele_utf8_is_valid(stele_bytes_str(content))) {
    inspect_put_text(&text, content);
  } else if (is_string || code == LAYOUT_BYTES) {
    inspect_put_bytes(&text, content);
    if (is_string) stele_buf_add_cstr(&text, ", not UTF-8");
    in->ok = in->ok && !(is_string && code == LAYOUT_STRING);
  } else {
    bool ok = put_packed(&text, content, r, (stele_wire_type)layout_code_wire[code]);
    if (!ok) stele_buf_add_cstr(&text, ", and the last one is broken");
    in->ok = in->ok && ok;
  }
  show(in, r, &text);
}

static void show_number(inspection *in, const record *r, uint64_t raw) {
  stele_buf text;
  stele_buf_init(&text, in->arena, 0);
  put_name(&text, r);
  if (r->f) {
    const stele_field *field = layout_schema_field(r->layout, r->f);
    bool is_enum = field->type == STELE_TYPE_ENUM;
    inspect_put_number(&text, field, is_enum ? r->f->sub.enumeration : NULL, raw);
  } else if ((r->tag & 7) == STELE_WIRE_VARINT) {
    inspect_guess_varint(&text, raw);
  } else if ((r->tag & 7) == STELE_WIRE_FIXED64) {
    inspect_guess_fixed64(&text, raw);
  } else {
    inspect_guess_fixed32(&text, (uint32_t)raw);
  }
  show(in, r, &text);
}

/* ---- Records ----------------------------------------------------------------------- */

/* Does the field take this wire type? Numbers come one by one or packed. */
static bool takes(const layout_field *f, uint32_t wire) {
  layout_code code = layout_code_of(f);
  uint32_t own = layout_code_wire[code];
  if (layout_shape_of(f) == LAYOUT_MAP) return wire == STELE_WIRE_DELIMITED;
  bool is_repeated = layout_shape_of(f) != LAYOUT_ONE;
  bool is_number = own != STELE_WIRE_DELIMITED && own != STELE_WIRE_GROUP;
  return wire == own || (is_repeated && is_number && wire == STELE_WIRE_DELIMITED);
}

/* Says that a field has another wire type, and forgets it. */
static void check_wire(inspection *in, record *r) {
  if (!r->f || takes(r->f, r->tag & 7)) return;
  stele_buf text;
  stele_buf_init(&text, in->arena, 0);
  stele_str name = layout_schema_field(r->layout, r->f)->name;
  stele_buf_printf(&text, "! field \"" STELE_STR_FMT "\" does not go as %s: taken as unknown",
                   STELE_STR_ARG(name), wire_texts[r->tag & 7]);
  line(in, r->from, r->value, r->level, stele_buf_str(&text));
  r->f = NULL;
  in->ok = false;
}

static void show_broken(inspection *in, const uint8_t *from, const uint8_t *end, size_t level,
                        const char *why) {
  in->ok = false;
  stele_buf text;
  stele_buf_init(&text, in->arena, 0);
  stele_buf_printf(&text, "! %s: %zu byte%s left", why, (size_t)(end - from),
                   end - from == 1 ? "" : "s");
  line(in, from, end, level, stele_buf_str(&text));
}

static void show_record(inspection *in, record *r, stele_reader *at, size_t depth) {
  stele_bytes content = {0};
  uint64_t raw = 0;
  uint32_t wire = r->tag & 7;
  check_wire(in, r);
  switch (wire) {
  case STELE_WIRE_VARINT: raw = stele_read_varint(at); break;
  case STELE_WIRE_FIXED64: raw = stele_read_fixed64(at); break;
  case STELE_WIRE_FIXED32: raw = stele_read_fixed32(at); break;
  case STELE_WIRE_DELIMITED: content = stele_read_delimited(at); break;
  case STELE_WIRE_GROUP: content = stele_read_group(at, r->tag, DEEPEST); break;
  default: at->failed = true; break;
  }
  if (at->failed) return;
  r->end = at->at;
  if (wire == STELE_WIRE_GROUP) {
    const stele_layout *layout = r->f ? layout_sub_layout(r->f) : NULL;
    show_nested(in, r, content, layout, depth);
  } else if (wire != STELE_WIRE_DELIMITED) {
    show_number(in, r, raw);
  } else if (r->f) {
    show_known_bytes(in, r, content, depth);
  } else {
    show_unknown_bytes(in, r, content, depth);
  }
}

static void walk(inspection *in, stele_bytes bytes, const stele_layout *layout, size_t level,
                 size_t depth) {
  stele_reader at = stele_reader_of(bytes);
  const uint8_t *end = at.end;
  const stele_layout *any = any_layout(bytes, layout);
  while (!stele_read_done(&at)) {
    record r = {.from = at.at, .layout = layout, .any = any, .level = level};
    r.tag = stele_read_tag(&at);
    if (at.failed) {
      show_broken(in, r.from, end, level, "not the tag of a field");
      return;
    }
    r.value = at.at;
    if (layout) r.f = layout_find(layout, stele_wire_number(r.tag));
    show_record(in, &r, &at, depth);
    if (at.failed) {
      show_broken(in, r.from, end, level, "a record that does not end here");
      return;
    }
  }
}

bool stele_inspect(stele_arena *arena, stele_bytes bytes, const stele_inspect_options *options,
                   stele_buf *out) {
  inspection in = {
      .arena = arena, .out = out, .start = bytes.ptr, .offset = options->offset, .ok = true};
  walk(&in, bytes, options->layout, 0, options->depth ? options->depth : DEEPEST);
  return in.ok;
}
