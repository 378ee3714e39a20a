/* stele decode: what bytes are, or may be, with their offsets. */
#include <ctype.h>

#include "base/guard.h"
#include "cli/command_table.h"
#include "cli/message/record_stream.h"
#include "cli/message/type_source.h"
#include "proto/inspect/inspect.h"
#include "proto/schema/schema.h"
#include "proto/wire/reader.h"
#include "sys/file.h"

enum { MOST_BYTES = 256 << 20, FRAME_BYTES = 5 };

typedef struct decode {
  cli_args *args;
  type_source types;
  bool has_types;
  stele_bytes bytes;
  const stele_layout *layout; /* NULL: nobody knows */
  size_t payload;             /* where it begins, behind a frame */
  stele_buf out;
  bool ok;
} decode;

/* ---- The bytes --------------------------------------------------------------------- */

/* Text that spells bytes is hex if it can be, else base64. */
static record_cover guess_cover(stele_bytes bytes) {
  bool is_hex = true, is_base64 = true;
  size_t digits = 0;
  for (size_t i = 0; i < bytes.len; i++) {
    uint8_t c = bytes.ptr[i];
    if (c <= ' ' ? c == ' ' || (c >= '\t' && c <= '\r') : false) continue;
    bool is_mark = c == ':' || c == ',' || c == 'x' || c == 'X';
    is_hex = is_hex && (isxdigit(c) || is_mark);
    is_base64 = is_base64 && (isalnum(c) || strchr("+/-_=", c) != NULL) && c;
    digits++;
  }
  if (digits == 0) return COVER_NONE;
  return is_hex ? COVER_HEX : is_base64 ? COVER_BASE64 : COVER_NONE;
}

static bool choose_cover(decode *d, record_cover *out) {
  stele_str from = cli_value(d->args, "from");
  if (!from.len || stele_str_eq(from, STELE_STR("auto"))) {
    *out = guess_cover(d->bytes);
  } else if (stele_str_eq(from, STELE_STR("hex"))) {
    *out = COVER_HEX;
  } else if (stele_str_eq(from, STELE_STR("base64"))) {
    *out = COVER_BASE64;
  } else if (stele_str_eq(from, STELE_STR("binary"))) {
    *out = COVER_NONE;
  } else {
    (void)cli_fail(d->args, "no form \"" STELE_STR_FMT "\"; there are auto, binary, hex and base64",
                   STELE_STR_ARG(from));
    return false;
  }
  return true;
}

/* A word is a file, or the bytes themselves in hex or base64. */
static bool read_bytes(decode *d) {
  stele_str word = cli_word_count(d->args) ? cli_word(d->args, 0) : STELE_STR("-");
  stele_err err = {0};
  record_cover cover;
  bool is_file = stele_str_eq(word, STELE_STR("-")) || sys_file_stat(word).kind != SYS_FILE_NONE;
  d->bytes = stele_str_bytes(word);
  if (is_file && !sys_file_read(cli_arena(d->args), word, MOST_BYTES, &d->bytes, &err)) {
    (void)cli_fail_err(d->args, &err);
    return false;
  }
  if (!choose_cover(d, &cover)) return false;
  if (!is_file && cover == COVER_NONE) {
    (void)cli_fail(d->args, STELE_STR_FMT ": no such file, and neither hex nor base64",
                   STELE_STR_ARG(word));
    return false;
  }
  if (record_uncover(cli_arena(d->args), cover, d->bytes, &d->bytes, &err)) return true;
  (void)cli_fail_err(d->args, &err);
  return false;
}

/* ---- The frame ----------------------------------------------------------------------- */

/* No message begins with 0, so a record that does has a frame. */
static bool has_frame(const decode *d) {
  return d->bytes.len > FRAME_BYTES && d->bytes.ptr[0] == 0;
}

/* The indexes behind the id, as they stand; where the message begins. */
static size_t read_indexes(const decode *d, stele_buf *text) {
  stele_bytes rest = {d->bytes.ptr + FRAME_BYTES, d->bytes.len - FRAME_BYTES};
  stele_reader r = stele_reader_of(rest);
  int64_t count = stele_wire_unzigzag(stele_read_varint(&r));
  stele_buf_add_byte(text, '[');
  if (count == 0) stele_buf_add_byte(text, '0');
  for (int64_t i = 0; i < count && !r.failed; i++) {
    int64_t index = stele_wire_unzigzag(stele_read_varint(&r));
    stele_buf_printf(text, i ? ", %lld" : "%lld", (long long)index);
  }
  stele_buf_add_byte(text, ']');
  return r.failed || count < 0 ? 0 : (size_t)(r.at - d->bytes.ptr);
}

static const stele_layout *layout_of_frame(decode *d) {
  stele_bytes payload;
  stele_err err = {0};
  if (cli_value(d->args, "type").len || d->types.files.count != 1) {
    return type_source_layout(&d->types);
  }
  const stele_message *type = stele_frame_type(d->bytes, d->types.files.at[0], &payload, &err);
  return type ? type_source_find(&d->types, type->full_name, &err) : NULL;
}

static bool open_types(decode *d, int32_t frame_id) {
  stele_str schema = cli_value(d->args, "schema");
  if (!schema.len && frame_id > 0 && cli_value(d->args, "registry").len) {
    schema = stele_str_printf(cli_arena(d->args), "registry:%d", frame_id);
  }
  if (!schema.len) return true;
  d->has_types = type_source_open(&d->types, d->args, schema);
  return d->has_types;
}

static bool take_frame(decode *d) {
  stele_err err = {0};
  stele_buf indexes;
  int32_t id = 0;
  stele_buf_init(&indexes, cli_arena(d->args), 0);
  (void)!stele_frame_id(d->bytes, &id, &err);
  if (!open_types(d, id)) return false;
  d->payload = read_indexes(d, &indexes);
  stele_inspect_line(&d->out, 0, (stele_bytes){d->bytes.ptr, FRAME_BYTES}, 0,
                     "frame of a Kafka record: schema id %d", id);
  if (!d->payload) {
    stele_inspect_line(&d->out, FRAME_BYTES,
                       (stele_bytes){d->bytes.ptr + FRAME_BYTES, d->bytes.len - FRAME_BYTES}, 0,
                       "! not the indexes of a message");
    d->ok = false;
    d->payload = d->bytes.len;
    return true;
  }
  if (d->has_types) d->layout = layout_of_frame(d);
  stele_bytes behind = {d->bytes.ptr + FRAME_BYTES, d->payload - FRAME_BYTES};
  stele_str name = d->layout ? d->layout->type->full_name : STELE_STR("");
  stele_inspect_line(&d->out, FRAME_BYTES, behind, 0, "message " STELE_STR_FMT "%s" STELE_STR_FMT,
                     STELE_STR_ARG(stele_buf_str(&indexes)), name.len ? ": " : "",
                     STELE_STR_ARG(name));
  return true;
}

/* ---- The command ------------------------------------------------------------------------ */

static void inspect(void *arg) {
  decode *d = arg;
  stele_inspect_options options = {.layout = d->layout, .offset = d->payload};
  stele_bytes payload = {d->bytes.ptr + d->payload, d->bytes.len - d->payload};
  if (!stele_inspect(cli_arena(d->args), payload, &options, &d->out)) d->ok = false;
}

static bool decode_all(decode *d, stele_err *err) {
  if (!read_bytes(d)) return false;
  if (has_frame(d)) {
    if (!take_frame(d)) return false;
  } else if (!open_types(d, 0)) {
    return false;
  } else if (d->has_types) {
    d->layout = type_source_layout(&d->types);
    if (!d->layout) return false;
  }
  if (!stele_guard_run(cli_arena(d->args), inspect, d, err)) {
    (void)cli_fail_err(d->args, err);
    return false;
  }
  return true;
}

static cli_exit run_decode(cli_args *args) {
  decode d = {.args = args, .ok = true};
  stele_err err = {0};
  stele_buf_init(&d.out, cli_arena(args), 0);
  bool done = decode_all(&d, &err);
  if (done) cli_print_str(args, stele_buf_str(&d.out));
  if (done && d.bytes.len == 0) cli_print(args, "nothing: an empty message\n");
  if (d.has_types) type_source_close(&d.types);
  if (!done) return CLI_ERROR;
  return d.ok ? CLI_OK : CLI_FINDINGS;
}

static const cli_option options[] = {
    TYPE_SOURCE_OPTIONS,
    {"from", 'f', "FORM", "auto", "What the input is: auto, binary, hex or base64"},
};

const cli_command cli_decode = {
    .name = "decode",
    .summary = "Show what bytes are, field by field, with offsets; with or without a schema.",
    .words = "[FILE|HEX|BASE64]",
    .fewest = 0,
    .most = 1,
    .options = options,
    .option_count = STELE_COUNT(options),
    .run = run_decode,
    .more =
        "Broken bytes are shown as far as they go; the exit code is then 100. A Kafka record is "
        "recognised by its first byte, which no message has; with --registry its schema is "
        "asked for by the id in it. Without a schema values are shown as what they may be.",
};
