/* Opening both sides, and which version the older one has. */
#include "cli/judge/comparison.h"

#include "base/map.h"
#include "base/num.h"
#include "cli/remote/registry_files.h"
#include "cli/remote/remote.h"
#include "fmt/semver.h"
#include "net/client.h"
#include "proto/schema/schema.h"

static stele_str word_or_here(cli_args *args, size_t index) {
  return cli_word_count(args) > index ? cli_word(args, index) : STELE_STR(".");
}

static void take_files(stele_arena *arena, const input *in, const stele_file ***out, size_t *count,
                       stele_map *shown) {
  size_t most = 0;
  stele_map_init(shown, arena, 0);
  for (size_t i = 0; i < in->count; i++) most += in->trees[i].count;
  *out = STELE_NEW_ARRAY(arena, const stele_file *, most + 1);
  *count = 0;
  for (size_t i = 0; i < in->count; i++) {
    for (size_t j = 0; j < in->trees[i].count; j++) {
      const input_file *file = &in->trees[i].files[j];
      void **place = stele_map_add(shown, file->file->name);
      if (*place || file->is_import) continue;
      *place = (void *)(uintptr_t)&file->shown;
      (*out)[(*count)++] = file->file;
    }
  }
}

static cli_exit open_side(cli_args *args, const inputs_wish *wish, input *out) {
  cli_findings findings = {0};
  cli_exit code = inputs_open(args, wish, out, &findings);
  if (code == CLI_FINDINGS) {
    (void)inputs_print(args, cli_findings_form_find(STELE_STR("text")), &findings);
  }
  return code;
}

cli_exit comparison_open(cli_args *args, comparison *out) {
  *out = (comparison){0};
  inputs_wish newer = {.text = word_or_here(args, 1)};
  cli_exit code = open_side(args, &newer, &out->newer);
  if (code == CLI_OK) {
    inputs_wish older = {.text = cli_word(args, 0),
                         .beside = newer.text,
                         .lone_name = inputs_lone_name(&out->newer)};
    code = open_side(args, &older, &out->older);
  }
  if (code != CLI_OK) return code;
  take_files(cli_arena(args), &out->older, &out->old_files, &out->old_count, &out->old_shown);
  take_files(cli_arena(args), &out->newer, &out->new_files, &out->new_count, &out->new_shown);
  return CLI_OK;
}

void comparison_close(comparison *c) {
  input_close(&c->older);
  input_close(&c->newer);
}

stele_str comparison_show(const comparison *c, stele_str name, bool is_new) {
  const stele_str *shown = stele_map_find(is_new ? &c->new_shown : &c->old_shown, name);
  return shown ? *shown : name;
}

/* ---- versions ------------------------------------------------------------- */

static bool is_version(stele_str text) {
  stele_semver version;
  return stele_semver_parse(text, &version);
}

/* "v1.2.3" or "1.2.3" at the end of how the input was named: a tag, a folder. */
static stele_str named_version(stele_str word) {
  for (size_t from = 0; from < word.len; from++) {
    bool starts = from == 0 || strchr("/=-@", word.ptr[from - 1]) != NULL;
    if (!starts) continue;
    stele_str rest = {word.ptr + from, word.len - from};
    if (rest.len && rest.ptr[0] == 'v') rest = (stele_str){rest.ptr + 1, rest.len - 1};
    if (is_version(rest)) return rest;
  }
  return (stele_str){0};
}

static const stele_json *ask_registry(cli_remote *remote, stele_str path) {
  remote_question question = {.method = "GET", .path = path};
  remote_answer answer;
  if (remote_ask(remote, &question, &answer) != CLI_OK || !answer.json) return NULL;
  return answer.json->kind == STELE_JSON_ARRAY ? answer.json : NULL;
}

/* An id has the version of the first subject that has it. */
static void take_holder(cli_args *args, cli_remote *remote, stele_str id, stele_str *subject,
                        stele_str *version) {
  stele_str path = stele_str_printf(cli_arena(args), "/schemas/ids/" STELE_STR_FMT "/versions",
                                    STELE_STR_ARG(id));
  const stele_json *holders = ask_registry(remote, path);
  const stele_json *holder = holders ? stele_json_first(holders) : NULL;
  if (!holder) return;
  *subject = stele_str_copy(cli_arena(args), remote_text(holder, "subject"));
  *version = stele_str_copy(cli_arena(args), remote_text(holder, "version"));
}

/* What a registry says of a version of a subject, or of an id. */
static stele_str registry_version(cli_args *args, stele_str word) {
  stele_str what, subject, version, found = {0};
  cli_remote remote;
  uint64_t id;
  if (!registry_files_name_one(word, &what)) return found;
  remote_split_version(what, &subject, &version);
  if (!remote_open(&remote, args)) return found;
  stele_arena *arena = cli_arena(args);
  if (stele_num_parse_u64(what, &id)) take_holder(args, &remote, what, &subject, &version);
  const stele_json *versions =
      ask_registry(&remote, stele_str_printf(arena, "/schemas/" STELE_STR_FMT "/versions",
                                             STELE_STR_ARG(net_segment_encode(arena, subject))));
  bool latest = stele_str_eq(version, STELE_STR("latest"));
  for (const stele_json *item = versions ? stele_json_first(versions) : NULL; item;
       item = stele_json_next(versions, item)) {
    if (latest || stele_str_eq(remote_text(item, "version"), version)) {
      found = stele_str_copy(arena, remote_text(item, "semver"));
    }
  }
  remote_close(&remote);
  return found;
}

/* N of a package that ends in vN, the highest of all; else 1. */
static uint32_t package_major(const comparison *c) {
  uint32_t highest = 1;
  for (size_t i = 0; i < c->old_count; i++) {
    stele_str package = c->old_files[i]->package;
    const char *dot = package.len ? memrchr(package.ptr, '.', package.len) : NULL;
    stele_str last =
        dot ? (stele_str){dot + 1, (size_t)(package.ptr + package.len - dot - 1)} : package;
    int64_t number;
    if (last.len < 2 || last.ptr[0] != 'v') continue;
    if (!stele_num_parse_i64((stele_str){last.ptr + 1, last.len - 1}, &number)) continue;
    if (number > highest && number <= UINT32_MAX) highest = (uint32_t)number;
  }
  return highest;
}

bool comparison_version(cli_args *args, const comparison *c, stele_str *out, bool *known) {
  stele_str given = cli_value(args, "from"), word = cli_word(args, 0);
  *known = true;
  *out = given;
  if (given.len) {
    if (given.ptr[0] == 'v') *out = (stele_str){given.ptr + 1, given.len - 1};
    if (is_version(*out)) return true;
    (void)cli_fail(args, "--from wants a version such as 1.4.0, not \"" STELE_STR_FMT "\"",
                   STELE_STR_ARG(given));
    return false;
  }
  *out = registry_version(args, word);
  if (!out->len) *out = named_version(word);
  if (out->len) return true;
  *known = false;
  *out = stele_str_printf(cli_arena(args), "%u.0.0", package_major(c));
  return true;
}

stele_str comparison_next(stele_arena *arena, stele_str from, check_class cls) {
  static const stele_semver_class classes[] = {
      [CHECK_NONE] = STELE_SEMVER_NONE,
      [CHECK_PATCH] = STELE_SEMVER_PATCH,
      [CHECK_MINOR] = STELE_SEMVER_MINOR,
      [CHECK_MAJOR] = STELE_SEMVER_MAJOR,
  };
  stele_semver version, next;
  stele_buf out;
  if (!stele_semver_parse(from, &version)) version = (stele_semver){.major = 1};
  if (!stele_semver_bump(&version, classes[cls], &next)) return from;
  stele_buf_init(&out, arena, 0);
  stele_semver_print(&out, &next);
  return stele_buf_str(&out);
}
