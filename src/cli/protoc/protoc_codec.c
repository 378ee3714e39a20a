/* --encode, --decode and --decode_raw: from standard input to standard output,
 * over the codecs of messages. As with protoc, required fields that are missing
 * are worth a warning only. */
#include "cli/protoc/protoc.h"
#include "stele/codec.h"
#include "sys/file.h"

static const size_t most_bytes = STELE_CODEC_MAX;

static bool fail_input(protoc_run *run) {
  return protoc_say(run, "Failed to parse input.\n");
}

static bool read_input(protoc_run *run, stele_bytes *out) {
  stele_err err = {0};
  return sys_file_read(run->arena, STELE_STR("-"), most_bytes, out, &err) || fail_input(run);
}

static bool write_output(protoc_run *run, stele_bytes bytes) {
  stele_err err = {0};
  cli_flush(run->args);
  return sys_fd_write(cli_out_fd(run->args), bytes, &err) ||
         protoc_say(run, "output: I/O error.\n");
}

static bool decode_raw(protoc_run *run) {
  stele_bytes input;
  stele_str text;
  stele_err err = {0};
  if (!read_input(run, &input)) return false;
  if (!stele_text_write_raw(run->arena, input, &text, &err)) return fail_input(run);
  return write_output(run, stele_str_bytes(text));
}

/* ---- Required fields ---------------------------------------------------------- */

static void find_missing(protoc_run *run, const stele_object *object, stele_str path,
                         stele_buf *out);

/* The fields within one value that is a message. */
static void find_missing_in(protoc_run *run, const stele_object *object, stele_str path,
                            const stele_field *field, const char *index, stele_buf *out) {
  stele_str name = field->is_extension
                       ? stele_str_printf(run->arena, "(" STELE_STR_FMT ")",
                                          STELE_STR_ARG(stele_field_full_name(run->arena, field)))
                       : field->name;
  stele_str below = stele_str_printf(run->arena, STELE_STR_FMT STELE_STR_FMT "%s.",
                                     STELE_STR_ARG(path), STELE_STR_ARG(name), index);
  find_missing(run, object, below, out);
}

static void find_missing_in_list(protoc_run *run, const stele_object *object, stele_str path,
                                 const stele_field *field, stele_buf *out) {
  char index[48];
  size_t count = 0;
  bool is_map = stele_field_is_map(field);
  const stele_entry *entries = is_map ? stele_object_entries(object, field, &count) : NULL;
  if (!is_map) count = stele_object_count(object, field);
  if (is_map && field->type_message->fields[1].type != STELE_TYPE_MESSAGE) return;
  for (size_t i = 0; i < count; i++) {
    stele_value value = is_map ? entries[i].value : stele_object_item(object, field, i);
    (void)snprintf(index, sizeof index, is_map ? "[%zu].value" : "[%zu]", i);
    find_missing_in(run, value.object, path, field, index, out);
  }
}

static void find_missing(protoc_run *run, const stele_object *object, stele_str path,
                         stele_buf *out) {
  const stele_message *type = stele_layout_type(stele_object_layout(object));
  for (uint32_t i = 0; i < type->field_count; i++) {
    const stele_field *field = &type->fields[i];
    if (!field->is_required || stele_object_has(object, field)) continue;
    stele_buf_printf(out, "%s" STELE_STR_FMT STELE_STR_FMT, out->len ? ", " : "",
                     STELE_STR_ARG(path), STELE_STR_ARG(field->name));
  }
  const stele_field *field = NULL;
  while ((field = stele_object_next(object, field)) != NULL) {
    if (!field->type_message) continue;
    if (field->label == STELE_LABEL_REPEATED) {
      find_missing_in_list(run, object, path, field, out);
    } else {
      find_missing_in(run, stele_object_get(object, field).object, path, field, "", out);
    }
  }
}

/* Not even --fatal_warnings makes more of it. */
static void warn_missing(protoc_run *run, const stele_object *object) {
  stele_buf missing;
  stele_err ignored = {0};
  if (stele_object_check_required(object, &ignored)) return;
  stele_buf_init(&missing, run->arena, 0);
  find_missing(run, object, (stele_str){"", 0}, &missing);
  (void)protoc_say(run, "warning:  Input message is missing required fields:  " STELE_STR_FMT "\n",
                   STELE_STR_ARG(stele_buf_str(&missing)));
}

/* ---- One message ------------------------------------------------------------------ */

/* Where the specification is stricter than protoc its users are told, and get what
 * they get from protoc. */
static stele_object *read_text(protoc_run *run, const stele_layout *layout, stele_bytes input) {
  stele_err err = {0}, other = {0};
  stele_str text = stele_bytes_str(input);
  const stele_text_read_options strict = {.allow_partial = true};
  const stele_text_read_options as_protoc = {.allow_partial = true, .strings_as_protoc = true};
  stele_object *object = stele_text_read(run->arena, layout, text, &strict, &err);
  if (object || protoc_explain_text(run, stele_layout_type(layout), text)) return object;
  object = stele_text_read(run->arena, layout, text, &as_protoc, &other);
  (void)protoc_say(run, object ? "warning:  input:%s\n" : "input:%s\n", err.msg);
  return object;
}

static stele_object *read_binary(protoc_run *run, const stele_layout *layout, stele_bytes input) {
  stele_err err = {0};
  const stele_decode_options options = {.alias_input = true, .allow_partial = true};
  return stele_binary_decode(run->arena, layout, input, &options, &err);
}

static bool write_binary(protoc_run *run, const stele_object *object) {
  stele_bytes out;
  stele_err err = {0};
  const stele_encode_options options = {.deterministic = run->options.deterministic,
                                        .allow_partial = true};
  if (!stele_binary_encode(run->arena, object, &options, &out, &err)) {
    return protoc_say(run, "output: I/O error.\n");
  }
  return write_output(run, out);
}

static bool write_text(protoc_run *run, const stele_object *object) {
  stele_str out;
  stele_err err = {0};
  const stele_text_write_options options = {.print_unknown = true};
  if (!stele_text_write(run->arena, object, &options, &out, &err)) {
    return protoc_say(run, "output: I/O error.\n");
  }
  return write_output(run, stele_str_bytes(out));
}

static bool translate(protoc_run *run, const stele_layout *layout) {
  bool is_encode = run->options.mode == PROTOC_ENCODE;
  stele_bytes input;
  if (!read_input(run, &input)) return false;
  stele_object *object = (is_encode ? read_text : read_binary)(run, layout, input);
  if (!object) return fail_input(run);
  warn_missing(run, object);
  return (is_encode ? write_binary : write_text)(run, object);
}

bool protoc_codec(protoc_run *run) {
  stele_err err = {0};
  stele_str name = run->options.codec_type;
  if (name.len == 0) return decode_raw(run);
  stele_layouts *layouts = stele_layouts_new(run->schema, &err);
  if (!layouts) return protoc_say(run, "%s\n", err.msg);
  const stele_layout *layout = stele_layouts_find(layouts, name, &err);
  bool ok = layout ? translate(run, layout)
                   : protoc_say(run, "Type not defined: " STELE_STR_FMT "\n", STELE_STR_ARG(name));
  stele_layouts_unref(layouts);
  return ok;
}
