/* The sections `lint` and `breaking`, and what of them holds in a module. */
#include <stddef.h>

#include "config/config_internal.h"

#define AT(member) offsetof(config_rules, member)
enum {
  BUF = CONFIG_V1BETA1 | CONFIG_V1 | CONFIG_V2,
  ALL = BUF | CONFIG_STELE,
  NEW = CONFIG_V2 | CONFIG_STELE,
};

/* ---- ignore_only ---------------------------------------------------------- */

typedef struct ignore_row {
  stele_str file, reason;
  config_strs symbols;
} ignore_row;

static const config_key row_keys[] = {
    {"file", CONFIG_STELE, config_read_str, offsetof(ignore_row, file)},
    {"reason", CONFIG_STELE, config_read_str, offsetof(ignore_row, reason)},
    {"symbols", CONFIG_STELE, config_read_strs, offsetof(ignore_row, symbols)},
};

/* One row of stele.yaml: a file, or elements of it, and why. */
static bool read_row(config_reader *r, stele_str id, const stele_json *value, config_rules *rules) {
  ignore_row row = {0};
  if (!config_section(r, value, row_keys, STELE_COUNT(row_keys), &row)) return false;
  if (!row.file.len) return config_refuse(r, value, "a row of ignore_only names its file");
  if (!row.reason.len) return config_refuse(r, value, "a row of ignore_only says its reason");
  config_excuse excuse = {
      .id = id, .symbols = row.symbols, .reason = row.reason, .line = value->place.line};
  const char *fault = config_path(r->arena, row.file, &excuse.path);
  if (fault) {
    return config_refuse(r, value, "invalid path: " STELE_STR_FMT ": %s", STELE_STR_ARG(row.file),
                         fault);
  }
  STELE_VEC_PUSH(r->arena, &rules->excuses, excuse);
  return true;
}

static bool has_rows(const stele_json *list) {
  const stele_json *first = list->kind == STELE_JSON_ARRAY ? stele_json_first(list) : NULL;
  return first && first->kind == STELE_JSON_OBJECT;
}

static bool read_ignore_only(config_reader *r, const stele_json *value, void *into) {
  config_rules *rules = into;
  if (value->kind == STELE_JSON_NULL) return true;
  if (value->kind != STELE_JSON_OBJECT) {
    return config_refuse(r, value, "expected a mapping of rules to paths");
  }
  STELE_JSON_EACH(member, value) {
    if (r->version == CONFIG_STELE && has_rows(member)) {
      STELE_JSON_EACH(row, member) {
        if (!read_row(r, member->key, row, rules)) return false;
      }
      continue;
    }
    config_ignore ignore = {.id = member->key};
    if (!config_read_paths(r, member, &ignore.paths)) return false;
    STELE_VEC_PUSH(r->arena, &rules->ignore_only, ignore);
  }
  return true;
}

static bool read_disallow(config_reader *r, const stele_json *value, void *into) {
  bool disallow = !*(bool *)into;
  if (!config_read_bool(r, value, &disallow)) return false;
  *(bool *)into = !disallow;
  return true;
}

/* ---- the sections --------------------------------------------------------- */

static const config_key lint_keys[] = {
    {"use", ALL, config_read_strs, AT(use)},
    {"except", ALL, config_read_strs, AT(except)},
    {"ignore", ALL, config_read_paths, AT(ignore)},
    {"ignore_only", ALL, read_ignore_only, 0},
    {"enum_zero_value_suffix", ALL, config_read_str, AT(enum_zero_value_suffix)},
    {"rpc_allow_same_request_response", ALL, config_read_bool, AT(rpc_allow_same_request_response)},
    {"rpc_allow_google_protobuf_empty_requests", ALL, config_read_bool,
     AT(rpc_allow_google_protobuf_empty_requests)},
    {"rpc_allow_google_protobuf_empty_responses", ALL, config_read_bool,
     AT(rpc_allow_google_protobuf_empty_responses)},
    {"service_suffix", ALL, config_read_str, AT(service_suffix)},
    {"allow_comment_ignores", CONFIG_V1BETA1 | CONFIG_V1, config_read_bool,
     AT(allow_comment_ignores)},
    {"disallow_comment_ignores", NEW, read_disallow, AT(allow_comment_ignores)},
    {"disable_builtin", ALL, config_read_bool, AT(disable_builtin)},
    {"max_nesting", CONFIG_STELE, config_read_u32, AT(max_nesting)},
};

static const config_key breaking_keys[] = {
    {"use", ALL, config_read_strs, AT(use)},
    {"except", ALL, config_read_strs, AT(except)},
    {"ignore", ALL, config_read_paths, AT(ignore)},
    {"ignore_only", ALL, read_ignore_only, 0},
    {"ignore_unstable_packages", ALL, config_read_bool, AT(ignore_unstable_packages)},
    {"disable_builtin", ALL, config_read_bool, AT(disable_builtin)},
};

/* A section whose every key has the value that it would have anyway is as none. */
static bool says_something(const config_rules *rules, const config_rules *bare) {
  size_t lists = rules->use.count + rules->except.count + rules->ignore.count +
                 rules->ignore_only.count + rules->excuses.count +
                 rules->enum_zero_value_suffix.len + rules->service_suffix.len + rules->max_nesting;
  return lists || rules->rpc_allow_same_request_response ||
         rules->rpc_allow_google_protobuf_empty_requests ||
         rules->rpc_allow_google_protobuf_empty_responses || rules->ignore_unstable_packages ||
         rules->disable_builtin || rules->allow_comment_ignores != bare->allow_comment_ignores;
}

static bool read_rules(config_reader *r, const stele_json *value, const config_key *keys,
                       size_t count, config_rules *rules) {
  config_rules bare = {.allow_comment_ignores = keys == lint_keys && (r->version & NEW) != 0};
  *rules = bare;
  if (!config_section(r, value, keys, count, rules)) return false;
  rules->is_given = says_something(rules, &bare);
  return true;
}

bool config_read_lint(config_reader *r, const stele_json *value, void *into) {
  return read_rules(r, value, lint_keys, STELE_COUNT(lint_keys), into);
}

bool config_read_breaking(config_reader *r, const stele_json *value, void *into) {
  return read_rules(r, value, breaking_keys, STELE_COUNT(breaking_keys), into);
}

/* ---- what holds in a module ----------------------------------------------- */

typedef struct relative {
  config_reader *r;
  const stele_json *at;
  stele_str dir;
  const char *section, *key;
  bool is_own;
} relative;

/* Paths that lie elsewhere are left out, or refused in a section of the module's own.
 * In stele.yaml a folder above the module means all of it; in buf's files nothing. */
static bool paths_in(const relative *rel, const config_strs *in, config_strs *out) {
  *out = (config_strs){0};
  for (size_t i = 0; i < in->count; i++) {
    stele_str rest;
    bool is_above = config_path_in(in->at[i], rel->dir, NULL);
    if (config_path_in(rel->dir, in->at[i], &rest)) {
      STELE_VEC_PUSH(rel->r->arena, out, rest);
    } else if (rel->is_own) {
      return config_refuse(rel->r, rel->at,
                           "%s.%s: path \"" STELE_STR_FMT
                           "\" is not contained within module directory \"" STELE_STR_FMT "\"",
                           rel->section, rel->key, STELE_STR_ARG(in->at[i]),
                           STELE_STR_ARG(rel->dir));
    } else if (is_above && rel->r->version == CONFIG_STELE) {
      STELE_VEC_PUSH(rel->r->arena, out, STELE_STR("."));
    }
  }
  return true;
}

static bool has_all(const config_strs *paths) {
  for (size_t i = 0; i < paths->count; i++) {
    if (stele_str_eq(paths->at[i], STELE_STR("."))) return true;
  }
  return false;
}

/* The key itself, for a message's place; else what it would stand in. */
static const stele_json *key_at(const stele_json *in, const char *key) {
  const stele_json *at =
      in->kind == STELE_JSON_OBJECT ? stele_json_find(in, stele_cstr(key)) : NULL;
  return at ? at : in;
}

static bool ignore_only_in(relative *rel, const config_rules *rules, config_rules *out) {
  for (size_t i = 0; i < rules->ignore_only.count; i++) {
    config_ignore ignore = {.id = rules->ignore_only.at[i].id};
    if (!paths_in(rel, &rules->ignore_only.at[i].paths, &ignore.paths)) return false;
    if (!ignore.paths.count) continue;
    if (!config_check_nesting(rel->r, rel->at, &ignore.paths, "ignore_only path")) return false;
    STELE_VEC_PUSH(rel->r->arena, &out->ignore_only, ignore);
  }
  return true;
}

bool config_rules_in(config_reader *r, const stele_json *at, stele_str path, const char *section,
                     const config_rules *rules, bool is_own, config_rules *out) {
  const stele_json *within = key_at(at, section);
  relative rel = {r, key_at(within, "ignore"), path, section, "ignore", is_own};
  config_rules in = *rules;
  *out = in;
  memset(&out->ignore_only, 0, sizeof out->ignore_only);
  memset(&out->excuses, 0, sizeof out->excuses);
  for (size_t i = 0; i < in.ignore.count; i++) { /* all of it: nothing else counts */
    if (!stele_str_eq(in.ignore.at[i], path)) continue;
    memset(&out->ignore, 0, sizeof out->ignore);
    STELE_VEC_PUSH(r->arena, &out->ignore, STELE_STR("."));
    return true;
  }
  if (!paths_in(&rel, &in.ignore, &out->ignore)) return false;
  if (!has_all(&out->ignore) && !config_check_nesting(r, rel.at, &out->ignore, "ignore"))
    return false;
  rel.at = key_at(within, rel.key = "ignore_only");
  if (!ignore_only_in(&rel, &in, out)) return false;
  for (size_t i = 0; i < in.excuses.count; i++) {
    config_excuse excuse = in.excuses.at[i];
    if (!config_path_in(path, excuse.path, &excuse.path)) continue;
    STELE_VEC_PUSH(r->arena, &out->excuses, excuse);
  }
  return true;
}
