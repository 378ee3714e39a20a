/* A stored config is one JSON object with Confluent's member names, sorted as
 * in the table below. A place inherits member by member; metadata and rules
 * come from the nearest place only, as in Confluent's. */
#include "registry/setting.h"

#include <stdatomic.h>

#include "base/err.h"
#include "base/guard.h"
#include "registry/metadata.h"

static const registry_level_row levels[REGISTRY_LEVEL_COUNT] = {
#define X(name, backward, forward, all) [REGISTRY_LEVEL_##name] = {#name, backward, forward, all},
    REGISTRY_LEVELS(X)
#undef X
};

typedef struct mode_row {
  const char *name;
  bool read_only;
} mode_row;

static const mode_row modes[REGISTRY_MODE_COUNT] = {
#define X(name, read_only) [REGISTRY_MODE_##name] = {#name, read_only},
    REGISTRY_MODES(X)
#undef X
};

const registry_level_row *registry_level_get(registry_level level) {
  return &levels[level];
}

const char *registry_mode_text(registry_mode mode) {
  return modes[mode].name;
}

bool registry_mode_is_read_only(registry_mode mode) {
  return modes[mode].read_only;
}

static bool same_word(stele_str text, const char *word) {
  if (text.len != strlen(word)) return false;
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
    if (c != word[i]) return false;
  }
  return true;
}

bool registry_level_parse(stele_str text, registry_level *out) {
  for (size_t i = 0; i < REGISTRY_LEVEL_COUNT; i++) {
    if (!same_word(text, levels[i].name)) continue;
    *out = (registry_level)i;
    return true;
  }
  return false;
}

bool registry_mode_parse(stele_str text, registry_mode *out) {
  for (size_t i = 0; i < REGISTRY_MODE_COUNT; i++) {
    if (!same_word(text, modes[i].name)) continue;
    *out = (registry_mode)i;
    return true;
  }
  return false;
}

/* --- places -------------------------------------------------------------- */

bool setting_place_of(const registry_name *name, setting_place *out) {
  stele_str s = name->subject;
  if (name->global) {
    *out = (setting_place){.scope = STELE_SCOPE_GLOBAL};
    return s.len == 0;
  }
  *out = (setting_place){.scope = STELE_SCOPE_TENANT, .tenant = name->tenant};
  if (s.len == 0) return !name->anywhere;
  out->scope = STELE_SCOPE_SUBJECT;
  out->name = s;
  if (s.len >= 2 && s.ptr[s.len - 1] == '*' && s.ptr[s.len - 2] == '/') {
    out->scope = STELE_SCOPE_PREFIX;
    out->name.len--;
  }
  return registry_name_is_subject(name);
}

const snap_setting *setting_at(stele_arena *arena, const registry_snapshot *s, stele_row_kind kind,
                               const setting_place *place) {
  return snap_find_setting(arena, s, kind, place->scope, place->tenant, place->name);
}

/* The settings that hold below each other, nearest first. */
enum { MOST_PLACES = 4 };
typedef struct setting_chain {
  const snap_setting *at[MOST_PLACES];
  size_t count;
} setting_chain;

static void add(setting_chain *chain, const snap_setting *setting) {
  if (setting) chain->at[chain->count++] = setting;
}

static setting_chain chain_from(stele_arena *arena, const registry_snapshot *s, stele_row_kind kind,
                                const setting_place *place) {
  setting_chain chain = {0};
  stele_str none = {0};
  if (place->scope == STELE_SCOPE_SUBJECT) {
    add(&chain, setting_at(arena, s, kind, place));
    add(&chain, snap_find_prefix_setting(arena, s, kind, place->tenant, place->name));
  } else if (place->scope == STELE_SCOPE_PREFIX) {
    add(&chain, setting_at(arena, s, kind, place));
  }
  if (place->scope != STELE_SCOPE_GLOBAL) {
    add(&chain, snap_find_setting(arena, s, kind, STELE_SCOPE_TENANT, place->tenant, none));
  }
  add(&chain, snap_find_setting(arena, s, kind, STELE_SCOPE_GLOBAL, none, none));
  return chain;
}

registry_mode setting_mode(stele_arena *arena, const registry_snapshot *s, stele_str tenant,
                           stele_str subject) {
  setting_place place = {STELE_SCOPE_SUBJECT, tenant, subject};
  return setting_mode_at(arena, s, &place);
}

registry_mode setting_mode_at(stele_arena *arena, const registry_snapshot *s,
                              const setting_place *place) {
  setting_chain chain = chain_from(arena, s, STELE_ROW_MODE, place);
  registry_mode mode = REGISTRY_MODE_READWRITE;
  if (chain.count) (void)registry_mode_parse(chain.at[0]->value, &mode);
  return mode;
}

/* --- the members of a config --------------------------------------------- */

typedef enum member_kind {
  MEMBER_LEVEL,
  MEMBER_BOOL,
  MEMBER_TEXT,
  MEMBER_METADATA,
  MEMBER_RULES, /* Confluent's rule sets */
  MEMBER_POLICY
} member_kind;

typedef struct member_row {
  const char *name;
  member_kind kind;
  bool inherited; /* places below have it too */
} member_row;

static const member_row members[] = {
    {"alias", MEMBER_TEXT, false},
    {"aliasForDeks", MEMBER_BOOL, false},
    {"normalize", MEMBER_BOOL, true},
    {"validateFields", MEMBER_BOOL, true},
    {"validateNewSchemas", MEMBER_BOOL, true},
    {"validateRules", MEMBER_BOOL, true},
    {"compatibilityLevel", MEMBER_LEVEL, true},
    {"compatibilityPolicy", MEMBER_TEXT, true},
    {"compatibilityGroup", MEMBER_TEXT, true},
    {"defaultMetadata", MEMBER_METADATA, false},
    {"overrideMetadata", MEMBER_METADATA, false},
    {"defaultRuleSet", MEMBER_RULES, false},
    {"overrideRuleSet", MEMBER_RULES, false},
    {"rules", MEMBER_POLICY, true},
};

/* --- what a config says --------------------------------------------------- */

struct setting_read {
  stele_arena *arena; /* this struct lives in it, and all that it names */
  const stele_json *object;
  const policy *rules;
  stele_str default_metadata, override_metadata;
};

typedef struct read_job {
  stele_arena *arena;
  stele_str value;
  setting_read *made; /* NULL: it is not what we have written */
  stele_err *err;
} read_job;

static void read_value(void *arg) {
  read_job *job = arg;
  setting_read *made = STELE_NEW(job->arena, setting_read);
  stele_str text = stele_str_copy(job->arena, job->value);
  *made = (setting_read){.arena = job->arena};
  made->object = stele_json_parse(job->arena, text, NULL, NULL, job->err);
  if (!made->object) return;
  const stele_json *rules = stele_json_find(made->object, STELE_STR("rules"));
  bool ok = !rules || rules->kind == STELE_JSON_NULL ||
            policy_compile(job->arena, rules, &made->rules, job->err);
  ok = ok &&
       metadata_canonical(job->arena, stele_json_find(made->object, STELE_STR("defaultMetadata")),
                          &made->default_metadata, job->err);
  ok = ok &&
       metadata_canonical(job->arena, stele_json_find(made->object, STELE_STR("overrideMetadata")),
                          &made->override_metadata, job->err);
  if (ok) job->made = made;
}

void setting_read_free(setting_read *read) {
  if (read) stele_arena_free(read->arena);
}

/* Two first readers agree on one. The value is our own writing, so a failure is a
 * machine's. */
static const setting_read *read_setting(const snap_setting *setting, stele_err *err) {
  snap_setting *keeper = (snap_setting *)(uintptr_t)setting;
  setting_read *read = atomic_load(&keeper->read), *none = NULL;
  if (read) return read;
  read_job job = {.arena = stele_arena_new(0), .value = setting->value, .err = err};
  if (!job.arena) {
    (void)stele_fail(err, STELE_NO_MEMORY, "no memory for a config");
    return NULL;
  }
  if (!stele_guard_run(job.arena, read_value, &job, err) || !job.made) {
    stele_arena_free(job.arena);
    return NULL;
  }
  if (atomic_compare_exchange_strong(&keeper->read, &none, job.made)) return job.made;
  stele_arena_free(job.arena);
  return none;
}

/* The configs of a chain, nearest first. */
typedef struct documents {
  const setting_read *at[MOST_PLACES];
  size_t count;
} documents;

static bool read_chain(const setting_chain *chain, documents *out, stele_err *err) {
  out->count = chain->count;
  for (size_t i = 0; i < chain->count; i++) {
    out->at[i] = read_setting(chain->at[i], err);
    if (!out->at[i]) return false;
  }
  return true;
}

static const stele_json *find_member(const documents *docs, const member_row *row) {
  for (size_t i = 0; i < docs->count; i++) {
    const stele_json *found = stele_json_find(docs->at[i]->object, stele_cstr(row->name));
    if (found && found->kind != STELE_JSON_NULL) return found;
    if (!row->inherited) return NULL;
  }
  return NULL;
}

static const stele_json *find_named(const documents *docs, const char *name) {
  for (size_t i = 0; i < STELE_COUNT(members); i++) {
    if (strcmp(members[i].name, name) == 0) return find_member(docs, &members[i]);
  }
  return NULL;
}

bool setting_config(stele_arena *arena, const registry_snapshot *s, stele_str tenant,
                    stele_str subject, registry_config *out, stele_err *err) {
  setting_place place = {STELE_SCOPE_SUBJECT, tenant, subject};
  setting_chain chain = chain_from(arena, s, STELE_ROW_CONFIG, &place);
  documents docs = {0};
  *out = (registry_config){.level = REGISTRY_LEVEL_BACKWARD};
  if (!read_chain(&chain, &docs, err)) return false;
  const stele_json *level = find_named(&docs, "compatibilityLevel");
  const stele_json *normalize = find_named(&docs, "normalize");
  const stele_json *validate = find_named(&docs, "validateFields");
  const stele_json *group = find_named(&docs, "compatibilityGroup");
  if (level) (void)registry_level_parse(level->text, &out->level);
  out->normalize = normalize && normalize->boolean;
  out->validate_fields = validate && validate->boolean;
  if (group) out->group = group->text;
  for (size_t i = docs.count; i-- > 0;) {
    if (docs.at[i]->rules) out->rules = docs.at[i]->rules;
  }
  if (!docs.count) return true;
  out->default_metadata = docs.at[0]->default_metadata;
  out->override_metadata = docs.at[0]->override_metadata;
  return true;
}

/* --- as JSON ------------------------------------------------------------- */

static stele_str print_config(stele_arena *arena, const documents *docs, bool inherit) {
  stele_buf buf;
  stele_json_writer w;
  stele_buf_init(&buf, arena, 0);
  stele_json_writer_init(&w, &buf, 0);
  stele_json_begin_object(&w);
  documents own = {.at = {docs->at[0]}, .count = docs->count ? 1 : 0};
  for (size_t i = 0; i < STELE_COUNT(members); i++) {
    bool is_level = members[i].kind == MEMBER_LEVEL;
    const stele_json *found = find_member(inherit || is_level ? docs : &own, &members[i]);
    if (!found && !is_level) continue;
    stele_json_write_key(&w, stele_cstr(members[i].name));
    if (found) {
      stele_json_write_value(&w, found);
    } else {
      stele_json_write_str(&w, stele_cstr(levels[REGISTRY_LEVEL_BACKWARD].name));
    }
  }
  stele_json_end_object(&w);
  return stele_buf_str(&buf);
}

bool setting_config_json(stele_arena *arena, const registry_snapshot *s, const setting_place *place,
                         bool inherit, stele_str *out, stele_err *err) {
  *out = (stele_str){0};
  if (!inherit && !setting_at(arena, s, STELE_ROW_CONFIG, place)) return true;
  setting_chain chain = chain_from(arena, s, STELE_ROW_CONFIG, place);
  documents docs = {0};
  if (!read_chain(&chain, &docs, err)) return false;
  *out = print_config(arena, &docs, inherit);
  return true;
}

/* A PUT names the level "compatibility"; a GET "compatibilityLevel". */
static const stele_json *updated_member(const stele_json *update, const member_row *row) {
  const stele_json *found = NULL;
  if (row->kind == MEMBER_LEVEL) found = stele_json_find(update, STELE_STR("compatibility"));
  return found ? found : stele_json_find(update, stele_cstr(row->name));
}

static bool write_level(stele_json_writer *w, const member_row *row, const stele_json *value,
                        bool *bad_level) {
  registry_level level;
  if (value->kind != STELE_JSON_STRING || !registry_level_parse(value->text, &level)) {
    *bad_level = true;
    return true;
  }
  stele_json_field_str(w, row->name, stele_cstr(levels[level].name));
  return true;
}

static bool write_canonical(stele_arena *arena, stele_json_writer *w, const member_row *row,
                            const stele_json *value, stele_err *err) {
  stele_str canonical;
  static bool (*const canonicals[])(stele_arena * arena, const stele_json *value, stele_str *out,
                                    stele_err *err) = {
      [MEMBER_METADATA] = metadata_canonical,
      [MEMBER_RULES] = rule_set_canonical,
      [MEMBER_POLICY] = policy_canonical,
  };
  bool ok = canonicals[row->kind](arena, value, &canonical, err);
  if (!ok || !canonical.len) return ok;
  stele_json_write_key(w, stele_cstr(row->name));
  stele_json_write_raw(w, canonical);
  return true;
}

static bool write_member(stele_arena *arena, stele_json_writer *w, const member_row *row,
                         const stele_json *value, bool *bad_level, stele_err *err) {
  bool flag;
  stele_str text;
  switch (row->kind) {
  case MEMBER_LEVEL: return write_level(w, row, value, bad_level);
  case MEMBER_METADATA:
  case MEMBER_RULES:
  case MEMBER_POLICY: return write_canonical(arena, w, row, value, err);
  case MEMBER_BOOL:
    if (!stele_json_to_bool(value, &flag, err)) return false;
    stele_json_field_bool(w, row->name, flag);
    return true;
  case MEMBER_TEXT:
    if (!stele_json_to_str(value, &text, err)) return false;
    if (text.len) stele_json_field_str(w, row->name, text);
    return true;
  }
  return true;
}

bool setting_config_update(stele_arena *arena, stele_str stored, const stele_json *update,
                           stele_str *out, bool *bad_level, stele_err *err) {
  const stele_json *old = NULL;
  *bad_level = false;
  if (stored.len && !(old = stele_json_parse(arena, stored, NULL, NULL, err))) return false;
  stele_buf buf;
  stele_json_writer w;
  stele_buf_init(&buf, arena, 0);
  stele_json_writer_init(&w, &buf, 0);
  stele_json_begin_object(&w);
  for (size_t i = 0; i < STELE_COUNT(members); i++) {
    const stele_json *value = updated_member(update, &members[i]);
    if (!value && old) value = stele_json_find(old, stele_cstr(members[i].name));
    if (!value || value->kind == STELE_JSON_NULL) continue;
    if (!write_member(arena, &w, &members[i], value, bad_level, err)) return false;
  }
  stele_json_end_object(&w);
  *out = stele_buf_str(&buf);
  return true;
}

bool setting_config_as_update(stele_arena *arena, stele_str stored, stele_str *out,
                              stele_err *err) {
  const stele_json *old = stele_json_parse(arena, stored, NULL, NULL, err);
  if (!old) return false;
  stele_buf buf;
  stele_json_writer w;
  stele_buf_init(&buf, arena, 0);
  stele_json_writer_init(&w, &buf, 0);
  stele_json_begin_object(&w);
  STELE_JSON_EACH(item, old) {
    bool level = stele_str_eq(item->key, STELE_STR("compatibilityLevel"));
    stele_json_write_key(&w, level ? STELE_STR("compatibility") : item->key);
    stele_json_write_value(&w, item);
  }
  stele_json_end_object(&w);
  *out = stele_buf_str(&buf);
  return true;
}
