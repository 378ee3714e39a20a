/* Reading is strict where protoc's is: bytes that are no message, at any depth
 * that a known field opens, are no response at all. */
#include "gen/plugin_response.h"

#include "base/guard.h"
#include "base/vec.h"
#include "proto/schema/schema.h"
#include "proto/wire/reader.h"

enum {
  RESPONSE_ERROR = 1,
  RESPONSE_SUPPORTED_FEATURES = 2,
  RESPONSE_MINIMUM_EDITION = 3,
  RESPONSE_MAXIMUM_EDITION = 4,
  RESPONSE_FILE = 15,
  FILE_NAME = 1,
  FILE_INSERTION_POINT = 2,
  FILE_CONTENT = 15,
  FILE_GENERATED_CODE_INFO = 16,
  MOST_DEPTH = 100,
};

/* ---- Decoding --------------------------------------------------------------- */

static uint32_t delimited(uint32_t number) {
  return stele_wire_tag(number, STELE_WIRE_DELIMITED);
}

static stele_str read_text(stele_reader *r) {
  return stele_bytes_str(stele_read_delimited(r));
}

static bool read_file(stele_arena *arena, stele_bytes bytes, stele_plugin_file *file) {
  stele_buf info; /* pieces of one message are one message */
  stele_buf_init(&info, arena, 0);
  stele_reader r = stele_reader_of(bytes);
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag == delimited(FILE_NAME)) {
      file->name = read_text(&r);
    } else if (tag == delimited(FILE_INSERTION_POINT)) {
      file->insertion_point = read_text(&r);
    } else if (tag == delimited(FILE_CONTENT)) {
      file->content = read_text(&r);
    } else if (tag == delimited(FILE_GENERATED_CODE_INFO)) {
      stele_buf_add_str(&info, read_text(&r));
    } else if (!r.failed) {
      stele_read_skip_value(&r, tag, MOST_DEPTH);
    }
  }
  return !r.failed && stele_gen_annotations_read(arena, stele_buf_bytes(&info), &file->annotations,
                                                 &file->annotation_count);
}

typedef struct decode_job {
  stele_arena *arena;
  stele_bytes bytes;
  stele_plugin_response *out;
  bool ok;
} decode_job;

static void decode(void *arg) {
  decode_job *job = arg;
  stele_plugin_response *out = job->out;
  STELE_VEC(stele_plugin_file) files = {0};
  stele_reader r = stele_reader_of(job->bytes);
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag == delimited(RESPONSE_ERROR)) {
      out->error = read_text(&r);
    } else if (tag == stele_wire_tag(RESPONSE_SUPPORTED_FEATURES, STELE_WIRE_VARINT)) {
      out->supported_features = stele_read_varint(&r);
    } else if (tag == stele_wire_tag(RESPONSE_MINIMUM_EDITION, STELE_WIRE_VARINT)) {
      out->minimum_edition = (int32_t)stele_read_varint(&r);
    } else if (tag == stele_wire_tag(RESPONSE_MAXIMUM_EDITION, STELE_WIRE_VARINT)) {
      out->maximum_edition = (int32_t)stele_read_varint(&r);
    } else if (tag == delimited(RESPONSE_FILE)) {
      stele_plugin_file *file = STELE_VEC_ADD(job->arena, &files);
      if (!read_file(job->arena, stele_read_delimited(&r), file)) return;
    } else if (!r.failed) {
      stele_read_skip_value(&r, tag, MOST_DEPTH);
    }
  }
  out->files = files.at;
  out->count = files.count;
  job->ok = !r.failed;
}

bool stele_plugin_response_decode(stele_arena *arena, stele_bytes bytes, stele_plugin_response *out,
                                  stele_err *err) {
  *out = (stele_plugin_response){0};
  decode_job job = {.arena = arena, .bytes = bytes, .out = out};
  if (!stele_guard_run(arena, decode, &job, err)) return false;
  return job.ok || stele_fail(err, STELE_INVALID, "the bytes are no CodeGeneratorResponse");
}

/* ---- Writing ------------------------------------------------------------------ */

typedef struct write_job {
  stele_arena *arena;
  const stele_plugin_response *response;
  stele_str plugin, *why;
  stele_gen_output *output;
  bool ok;
} write_job;

/* The content of file `*i` with the nameless pieces behind it; moves `*i` on. */
static stele_str whole_content(write_job *job, size_t *i) {
  const stele_plugin_response *response = job->response;
  stele_str content = response->files[(*i)++].content;
  stele_buf all;
  stele_buf_init(&all, job->arena, 0);
  for (; *i < response->count; ++*i) {
    const stele_plugin_file *piece = &response->files[*i];
    if (piece->name.len || piece->insertion_point.len) break;
    if (!all.ptr) stele_buf_add_str(&all, content);
    stele_buf_add_str(&all, piece->content);
  }
  return all.ptr ? stele_buf_str(&all) : content;
}

static void write_files(void *arg) {
  write_job *job = arg;
  const stele_plugin_response *response = job->response;
  for (size_t i = 0; i < response->count;) {
    const stele_plugin_file *file = &response->files[i];
    if (file->name.len == 0 && file->insertion_point.len == 0) {
      *job->why = stele_str_printf(
          job->arena,
          STELE_STR_FMT ": First file chunk returned by plugin did not specify a file name.",
          STELE_STR_ARG(job->plugin));
      return;
    }
    stele_str content = whole_content(job, &i);
    stele_err err = {0};
    if (file->insertion_point.len) {
      stele_gen_insertion insertion = {file->name, file->insertion_point, content,
                                       file->annotations, file->annotation_count};
      stele_gen_output_insert(job->output, &insertion);
    } else if (!stele_gen_output_add(job->output, file->name, content, &err)) {
      *job->why = stele_str_copy(job->arena, stele_cstr(err.msg));
      return;
    }
  }
  job->ok = true;
}

bool stele_plugin_response_write(stele_arena *arena, const stele_plugin_response *response,
                                 stele_str plugin, stele_gen_output *output, stele_str *why) {
  write_job job = {arena, response, plugin, why, output, false};
  stele_err err = {0};
  if (!stele_guard_run(arena, write_files, &job, &err)) *why = STELE_STR("out of memory");
  return job.ok;
}

/* ---- What a plugin can do ------------------------------------------------------- */

static bool has_proto3_optional(const stele_message *message) {
  for (uint32_t i = 0; i < message->oneof_count; i++) {
    if (message->oneofs[i].is_synthetic) return true;
  }
  for (uint32_t i = 0; i < message->message_count; i++) {
    if (has_proto3_optional(&message->messages[i])) return true;
  }
  return false;
}

static bool uses_proto3_optional(const stele_file *file) {
  if (file->edition != STELE_EDITION_PROTO3) return false;
  for (uint32_t i = 0; i < file->message_count; i++) {
    if (has_proto3_optional(&file->messages[i])) return true;
  }
  return false;
}

bool stele_plugin_is_exempt(stele_str name) {
  static const char *const prefixes[] = {"google/protobuf/", "upb/", "com/google/protobuf/",
                                         "conformance/test_protos/",
                                         "test_messages_edition_unstable"};
  for (size_t i = 0; i < STELE_COUNT(prefixes); i++) {
    size_t len = strlen(prefixes[i]);
    if (name.len >= len && memcmp(name.ptr, prefixes[i], len) == 0) return true;
  }
  return false;
}

/* An edition as protoc calls it in messages: nothing when it has no name. */
static const char *edition_name(int32_t edition) {
  int32_t known;
  const char *name = stele_edition_name(edition);
  return stele_edition_find(stele_cstr(name), &known) && known == edition ? name : "";
}

static void object_to_optional(const stele_plugin_support *support, const stele_file *const *files,
                               size_t count, stele_buf *out) {
  if (support->features & STELE_PLUGIN_PROTO3_OPTIONAL) return;
  for (size_t i = 0; i < count; i++) {
    if (!uses_proto3_optional(files[i])) continue;
    stele_buf_printf(
        out,
        STELE_STR_FMT
        ": is a proto3 file that contains optional fields, but code generator " STELE_STR_FMT
        " hasn't been updated to support optional fields in proto3. Please ask the "
        "owner of this code generator to support proto3 optional.\n",
        STELE_STR_ARG(files[i]->name), STELE_STR_ARG(support->name));
    return;
  }
}

/* False when there was an objection. */
static bool check_edition(const stele_plugin_support *support, const stele_file *file,
                          stele_buf *out) {
  int32_t edition = file->edition, oldest = support->minimum_edition;
  int32_t newest = support->maximum_edition;
  if (!(support->features & STELE_PLUGIN_EDITIONS)) {
    stele_buf_printf(out,
                     STELE_STR_FMT
                     ": is an editions file, but code generator " STELE_STR_FMT
                     " hasn't been updated to support editions yet.  Please ask the owner of this "
                     "code generator to add support or switch back to proto2/proto3.\n\nSee "
                     "https://protobuf.dev/editions/overview/ for more information.",
                     STELE_STR_ARG(file->name), STELE_STR_ARG(support->name));
    return false;
  }
  if (edition >= oldest && edition <= newest) return true;
  bool is_old = edition < oldest;
  stele_buf_printf(out,
                   STELE_STR_FMT ": is a file using edition %s, which isn't supported by code "
                                 "generator " STELE_STR_FMT ".  Please %s edition %s.",
                   STELE_STR_ARG(file->name), edition_name(edition), STELE_STR_ARG(support->name),
                   is_old ? "upgrade your file to at least"
                          : "ask the owner of this code generator to add support or switch back "
                            "to a maximum of",
                   edition_name(is_old ? oldest : newest));
  return false;
}

stele_str stele_plugin_objections(stele_arena *arena, const stele_plugin_support *support,
                                  const stele_file *const *files, size_t count, bool any_edition) {
  stele_buf out;
  stele_buf_init(&out, arena, 0);
  object_to_optional(support, files, count, &out);
  for (size_t i = 0; i < count && !any_edition; i++) {
    if (files[i]->edition < STELE_EDITION_2023 || stele_plugin_is_exempt(files[i]->name)) continue;
    if (!check_edition(support, files[i], &out)) break;
  }
  return stele_buf_str(&out);
}
