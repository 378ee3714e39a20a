/* stele convert: messages from one spelling into another.
 *
 * Streams go through message by message: one record, one arena that is reset
 * after it, one buffer either way. So memory follows the largest message, and
 * not the input. */
#include <fcntl.h>
#include <unistd.h>

#include "cli/command_table.h"
#include "cli/message/record_stream.h"
#include "cli/message/type_source.h"
#include "cli/progress.h"
#include "proto/message/object.h"
#include "stele/json.h"
#include "sys/clock.h"
#include "sys/file.h"

enum { LARGEST_RECORD = 1 << 30, PRETTY = 2 };

typedef struct convert {
  cli_args *args;
  type_source types;
  const stele_layout *layout;
  const record_form *from, *to;
  record_reader in;
  record_writer out;
  stele_arena *arena; /* of one message */
  stele_json_decode_options read_json;
  stele_json_encode_options write_json;
  stele_text_write_options write_text;
  stele_any_resolver any;
  uint64_t total; /* bytes of the input; 0: unknown */
  cli_progress bar;
} convert;

/* ---- Progress ------------------------------------------------------------------ */

static void show_progress(convert *c) {
  if (c->bar.fd < 0 || c->in.number % 64) return;
  double mega = (double)c->in.consumed / 1e6, all = (double)c->total / 1e6;
  double seconds = (double)(sys_clock_mono() - c->bar.began) / STELE_US_PER_S;
  double speed = seconds > 0 ? mega / seconds : 0;
  if (c->total) {
    cli_progress_show(&c->bar, c->in.consumed, c->total, "%.1f of %.1f MB, %.0f MB/s", mega, all,
                      speed);
  } else {
    cli_progress_show(&c->bar, 0, 0, "%.1f MB, %llu messages, %.0f MB/s", mega,
                      (unsigned long long)c->in.number, speed);
  }
}

/* ---- One message ----------------------------------------------------------------- */

static stele_object *read_message(convert *c, stele_bytes record, stele_err *err) {
  static const stele_decode_options binary = {.alias_input = true};
  const stele_text_read_options text = {.any = c->any};
  switch (c->from->spelling) {
  case SPELL_JSON:
    return stele_json_decode(c->arena, c->layout, stele_bytes_str(record), &c->read_json, err);
  case SPELL_TEXT: return stele_text_read(c->arena, c->layout, stele_bytes_str(record), &text, err);
  case SPELL_BINARY: break;
  }
  stele_bytes bytes;
  if (!record_uncover(c->arena, c->from->cover, record, &bytes, err)) return NULL;
  return stele_binary_decode(c->arena, c->layout, bytes, &binary, err);
}

static bool write_message(convert *c, const stele_object *o, stele_err *err) {
  stele_str text;
  stele_bytes bytes;
  switch (c->to->spelling) {
  case SPELL_JSON:
    return stele_json_encode(c->arena, o, &c->write_json, &text, err) &&
           record_write(&c->out, stele_str_bytes(text), err);
  case SPELL_TEXT:
    return stele_text_write(c->arena, o, &c->write_text, &text, err) &&
           record_write(&c->out, stele_str_bytes(text), err);
  case SPELL_BINARY: break;
  }
  return stele_binary_encode(c->arena, o, NULL, &bytes, err) && record_write(&c->out, bytes, err);
}

/* "record 3 (byte 120): …" where there is more than one. */
static bool tell_record(const convert *c, stele_err *err) {
  if (c->from->end == END_FILE) return false;
  return stele_wrap(err, "record %llu (byte %llu)", (unsigned long long)c->in.number,
                    (unsigned long long)c->in.offset);
}

static bool convert_all(convert *c, stele_err *err) {
  stele_bytes record;
  bool found;
  for (;;) {
    if (!record_read(&c->in, &record, &found, err)) return false;
    if (!found) break;
    const stele_object *o = read_message(c, record, err);
    if (!o || !write_message(c, o, err)) return tell_record(c, err);
    stele_arena_reset(c->arena);
    show_progress(c);
  }
  return record_flush(&c->out, err);
}

/* ---- The command -------------------------------------------------------------------- */

static const stele_layout *find_any(void *arg, stele_str url, stele_err *err) {
  size_t at = url.len;
  while (at > 0 && url.ptr[at - 1] != '/') at--;
  return type_source_find(arg, (stele_str){url.ptr + at, url.len - at}, err);
}

static bool choose(convert *c, const char *option, stele_str path, const char *otherwise,
                   const record_form **out) {
  stele_str name = cli_value(c->args, option);
  *out = name.len ? record_form_find(name) : record_form_of_file(path);
  if (!*out && !name.len) *out = record_form_find(stele_cstr(otherwise));
  if (*out) return true;
  stele_buf names;
  stele_buf_init(&names, cli_arena(c->args), 0);
  for (size_t i = 0; i < record_form_count; i++) {
    stele_buf_printf(&names, "%s%s", i ? ", " : "", record_forms[i].name);
  }
  (void)cli_fail(c->args, "no form \"" STELE_STR_FMT "\"; there are %.*s", STELE_STR_ARG(name),
                 (int)names.len, names.ptr);
  return false;
}

/* A stream becomes a stream: many messages have no place in a form for one. */
static bool choose_forms(convert *c, stele_str in, stele_str out) {
  if (!choose(c, "from", in, "binary", &c->from)) return false;
  const char *otherwise = c->from->spelling == SPELL_JSON ? "binary" : "json";
  if (c->from->end != END_FILE) {
    otherwise = c->from->spelling == SPELL_JSON ? "delimited" : "ndjson";
  }
  if (!choose(c, "to", out, otherwise, &c->to)) return false;
  if (c->from->end == END_FILE || c->to->end != END_FILE) return true;
  (void)cli_fail(c->args,
                 "%s has many messages and %s one: --to delimited, ndjson, hex-lines or "
                 "base64-lines",
                 c->from->name, c->to->name);
  return false;
}

static void take_options(convert *c) {
  cli_args *args = c->args;
  c->any = (stele_any_resolver){.find = find_any, .arg = &c->types};
  c->read_json = (stele_json_decode_options){
      .alias_input = true, .ignore_unknown = cli_given(args, "ignore-unknown"), .any = c->any};
  c->write_json = (stele_json_encode_options){.indent = cli_given(args, "pretty") ? PRETTY : 0,
                                              .always_print_defaults = cli_given(args, "defaults"),
                                              .proto_names = cli_given(args, "proto-names"),
                                              .enum_numbers = cli_given(args, "enum-numbers"),
                                              .any = c->any};
  if (c->to->end == END_LINE) c->write_json.indent = 0;
  c->write_text = (stele_text_write_options){.expand_any = true, .any = c->any};
}

static int open_input(convert *c, stele_str path) {
  stele_str name = stele_str_copy(cli_arena(c->args), path); /* ends in a NUL */
  if (stele_str_eq(path, STELE_STR("-"))) return STDIN_FILENO;
  sys_file_info info = sys_file_stat(path);
  c->total = info.kind == SYS_FILE_PLAIN ? info.size_bytes : 0;
  int fd = open(name.ptr, O_RDONLY | O_CLOEXEC);
  if (fd < 0) (void)cli_fail(c->args, STELE_STR_FMT ": cannot be read", STELE_STR_ARG(path));
  return fd;
}

/* With the input open. */
static bool convert_to(convert *c, int fd, stele_str out, stele_err *err) {
  c->out.out = sys_output_open(cli_arena(c->args), out, err);
  if (!c->out.out) return false;
  record_reader_init(&c->in, fd, c->from, LARGEST_RECORD);
  record_writer_init(&c->out, c->out.out, c->to);
  cli_progress_begin(&c->bar, c->args);
  bool ok = convert_all(c, err);
  cli_progress_end(&c->bar);
  if (!ok) (void)!record_flush(&c->out, &(stele_err){0}); /* what was well goes out to a pipe */
  record_reader_release(&c->in);
  record_writer_release(&c->out);
  if (ok) return sys_output_commit(c->out.out, err);
  sys_output_discard(c->out.out);
  return false;
}

static cli_exit run_convert(cli_args *args) {
  convert c = {.args = args};
  stele_err err = {0};
  stele_str in = cli_word_count(args) ? cli_word(args, 0) : STELE_STR("-");
  stele_str out = cli_value(args, "o");
  if (!choose_forms(&c, in, out)) return CLI_ERROR;
  take_options(&c);
  if (!cli_value(args, "schema").len) return cli_fail(args, "of what schema? --schema SOURCE");
  bool ok = type_source_open(&c.types, args, cli_value(args, "schema"));
  c.layout = ok ? type_source_layout(&c.types) : NULL;
  int fd = c.layout ? open_input(&c, in) : -1;
  c.arena = fd >= 0 ? stele_arena_new(0) : NULL;
  ok = c.arena && convert_to(&c, fd, out, &err);
  if (fd > STDIN_FILENO) (void)close(fd);
  stele_arena_free(c.arena);
  type_source_close(&c.types);
  if (ok) return CLI_OK;
  return c.arena ? cli_fail_err(args, &err) : CLI_ERROR;
}

static const cli_option options[] = {
    TYPE_SOURCE_OPTIONS,
    {"from", 'f', "FORM", NULL, "What comes in; else by the ending of the file, else binary"},
    {"to", 0, "FORM", NULL,
     "What goes out; else by the ending of OUT, else JSON, or binary for "
     "JSON"},
    {"", 'o', "OUT", "-", "Where to; - is standard output"},
    {"pretty", 0, NULL, NULL, "JSON: indented"},
    {"defaults", 0, NULL, NULL, "JSON: write fields without presence that are zero, too"},
    {"proto-names", 0, NULL, NULL, "JSON: names as in the source"},
    {"enum-numbers", 0, NULL, NULL, "JSON: enum values as numbers"},
    {"ignore-unknown", 0, NULL, NULL, "JSON: skip members that the type does not have"},
};

const cli_command cli_convert = {
    .name = "convert",
    .summary = "Turn messages from one form into another: binary, JSON, text, hex, base64.",
    .words = "[FILE]",
    .fewest = 0,
    .most = 1,
    .options = options,
    .option_count = STELE_COUNT(options),
    .run = run_convert,
    .more = "FORM is binary, json, text, hex or base64 for one message; delimited, ndjson, "
            "hex-lines or base64-lines for streams, which go through message by message in little "
            "memory.\n\n"
            "stele convert --schema registry:ticks-value --type trading.v1.Tick --from delimited "
            "ticks.bin",
};
