/* The guid's recipe: one run of bytes without lengths or separators.
 *
 * text; each reference's name, subject and version (4 bytes, big-endian); then,
 * for metadata that is there, a byte 1 and its sorted parts; then the same for
 * the rule set. The recipe is Confluent's, ambiguities included: it names
 * things, it proves nothing (see identity.h for what does). */
#include "proto/identity/guid.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/guard.h"
#include "fmt/json.h"

typedef struct guid_job {
  stele_arena *arena;
  const stele_json *metadata; /* or NULL */
  const stele_json *rule_set; /* or NULL */
  const stele_guid_in *in;
  stele_buf out;
} guid_job;

enum { PRESENT = 1 };

static int by_key(const void *a, const void *b) {
  return stele_str_order((*(const stele_json *const *)a)->key,
                         (*(const stele_json *const *)b)->key);
}

static int by_text(const void *a, const void *b) {
  return stele_str_order((*(const stele_json *const *)a)->text,
                         (*(const stele_json *const *)b)->text);
}

/* The values of a container, sorted by key (objects) or text (arrays). */
static const stele_json **sorted(stele_arena *arena, const stele_json *container) {
  const stele_json **items = STELE_NEW_ARRAY(arena, const stele_json *, container->count);
  size_t count = 0;
  STELE_JSON_EACH(item, container) {
    items[count++] = item;
  }
  if (count > 1) {
    qsort(items, count, sizeof *items, container->kind == STELE_JSON_OBJECT ? by_key : by_text);
  }
  return items;
}

static void add_text(guid_job *job, const stele_json *value) {
  if (value && value->kind == STELE_JSON_STRING) stele_buf_add_str(&job->out, value->text);
}

/* A set of strings: each once, sorted. */
static void add_set(guid_job *job, const stele_json *set) {
  if (!set || set->kind != STELE_JSON_ARRAY) return;
  const stele_json **items = sorted(job->arena, set);
  for (uint32_t i = 0; i < set->count; i++) {
    if (i > 0 && stele_str_eq(items[i - 1]->text, items[i]->text)) continue;
    add_text(job, items[i]);
  }
}

/* {"key": "value"} or {"key": ["value", …]}. */
static void add_map(guid_job *job, const stele_json *map) {
  if (!map || map->kind != STELE_JSON_OBJECT) return;
  const stele_json **items = sorted(job->arena, map);
  for (uint32_t i = 0; i < map->count; i++) {
    stele_buf_add_str(&job->out, items[i]->key);
    add_text(job, items[i]);
    add_set(job, items[i]);
  }
}

static void add_rule(guid_job *job, const stele_json *rule) {
  static const char *const before[] = {"name", "doc", "kind", "mode", "type"};
  static const char *const behind[] = {"expr", "onSuccess", "onFailure"};
  for (size_t i = 0; i < STELE_COUNT(before); i++) {
    add_text(job, stele_json_find(rule, stele_cstr(before[i])));
  }
  add_set(job, stele_json_find(rule, STELE_STR("tags")));
  add_map(job, stele_json_find(rule, STELE_STR("params")));
  for (size_t i = 0; i < STELE_COUNT(behind); i++) {
    add_text(job, stele_json_find(rule, stele_cstr(behind[i])));
  }
  const stele_json *disabled = stele_json_find(rule, STELE_STR("disabled"));
  if (disabled && disabled->kind == STELE_JSON_BOOL && disabled->boolean) {
    stele_buf_add_byte(&job->out, PRESENT);
  }
}

static void add_rules(guid_job *job, const char *key) {
  const stele_json *rules = stele_json_find(job->rule_set, stele_cstr(key));
  if (!rules || rules->kind != STELE_JSON_ARRAY) return;
  STELE_JSON_EACH(rule, rules) {
    add_rule(job, rule);
  }
}

static void add_reference(guid_job *job, const stele_guid_reference *reference) {
  uint32_t version = (uint32_t)reference->version;
  uint8_t bytes[4] = {(uint8_t)(version >> 24), (uint8_t)(version >> 16), (uint8_t)(version >> 8),
                      (uint8_t)version};
  stele_buf_add_str(&job->out, reference->name);
  stele_buf_add_str(&job->out, reference->subject);
  stele_buf_add(&job->out, bytes, sizeof bytes);
}

static void run(void *arg) {
  guid_job *job = arg;
  stele_buf_init(&job->out, job->arena, 0);
  stele_buf_add_str(&job->out, job->in->text);
  for (size_t i = 0; i < job->in->reference_count; i++) {
    add_reference(job, &job->in->references[i]);
  }
  if (job->metadata) {
    stele_buf_add_byte(&job->out, PRESENT);
    add_map(job, stele_json_find(job->metadata, STELE_STR("tags")));
    add_map(job, stele_json_find(job->metadata, STELE_STR("properties")));
    add_set(job, stele_json_find(job->metadata, STELE_STR("sensitive")));
  }
  if (job->rule_set) {
    stele_buf_add_byte(&job->out, PRESENT);
    add_rules(job, "migrationRules");
    add_rules(job, "domainRules");
    add_rules(job, "encodingRules");
    add_text(job, stele_json_find(job->rule_set, STELE_STR("enableAt")));
  }
}

/* An object, or NULL for an empty text and for null. */
static bool parse_object(stele_arena *arena, stele_str text, const char *what,
                         const stele_json **out, stele_err *err) {
  *out = NULL;
  if (text.len == 0) return true;
  const stele_json *tree = stele_json_parse(arena, text, NULL, NULL, err);
  if (!tree) return stele_wrap(err, "%s", what);
  if (tree->kind == STELE_JSON_NULL) return true;
  return stele_json_to_object(tree, out, err) || stele_wrap(err, "%s", what);
}

bool stele_guid_of(stele_arena *arena, const stele_guid_in *in, stele_md5 *out, stele_err *err) {
  guid_job job = {.arena = arena, .in = in};
  if (!parse_object(arena, in->metadata, "metadata", &job.metadata, err)) return false;
  if (!parse_object(arena, in->rule_set, "rule set", &job.rule_set, err)) return false;
  if (!stele_guard_run(arena, run, &job, err)) return false;
  stele_str whole = stele_buf_str(&job.out);
  return stele_md5_of(&whole, 1, out, err);
}

/* ---- As text ----------------------------------------------------------- */

/* Before these bytes stands a hyphen. */
static bool is_group_start(size_t byte) {
  return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

void stele_guid_print(const stele_md5 *guid, char out[STELE_GUID_TEXT]) {
  static const char digits[] = "0123456789abcdef";
  size_t at = 0;
  for (size_t i = 0; i < STELE_MD5_BYTES; i++) {
    if (is_group_start(i)) out[at++] = '-';
    out[at++] = digits[guid->bytes[i] >> 4];
    out[at++] = digits[guid->bytes[i] & 15];
  }
  out[at] = 0;
}

static int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool stele_guid_parse(stele_str text, stele_md5 *out) {
  size_t at = 0;
  if (text.len != STELE_GUID_TEXT - 1) return false;
  for (size_t i = 0; i < STELE_MD5_BYTES; i++) {
    if (is_group_start(i) && text.ptr[at++] != '-') return false;
    int high = hex_value(text.ptr[at]), low = hex_value(text.ptr[at + 1]);
    if (high < 0 || low < 0) return false;
    out->bytes[i] = (uint8_t)(high << 4 | low);
    at += 2;
  }
  return true;
}
