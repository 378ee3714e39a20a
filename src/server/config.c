/* One row per key; everything else is generic over the rows. */
#include "server/config.h"

#include <string.h>

#include "base/guard.h"
#include "base/num.h"
#include "fmt/yaml_config.h"
#include "sys/file.h"

enum { MOST_FILE_BYTES = 1 << 20 };

typedef enum kind { TEXT, COUNT, SIZE, FLAG } kind;

typedef struct row {
  const char *key, *option, *otherwise;
  kind kind;
  size_t at; /* in server_config */
  uint64_t least, most;
} row;

static const row rows[] = {
#define X(member, kind, key, option, value, otherwise, least, most, help)                          \
  {key, option, otherwise, kind, offsetof(server_config, member), least, most},
    SERVER_KEYS(X)
#undef X
};

/* Keys of the file that other parts read. */
static const char *const others[] = {"environment", "defaults", "tenants", "log", "limits"};

static bool store_number(void *at, const row *r, stele_str value, stele_err *err) {
  uint64_t number = 0;
  if (!stele_num_parse_u64(value, &number) || number < r->least || number > r->most) {
    return stele_fail(
        err, STELE_INVALID, "%s wants a number from %llu to %llu, not \"" STELE_STR_FMT "\"",
        r->option, (unsigned long long)r->least, (unsigned long long)r->most, STELE_STR_ARG(value));
  }
  if (r->kind == SIZE) memcpy(at, &number, sizeof number);
  uint32_t small = (uint32_t)number;
  if (r->kind == COUNT) memcpy(at, &small, sizeof small);
  return true;
}

static bool store_flag(void *at, const row *r, stele_str value, stele_err *err) {
  bool on = value.len == 0 || stele_str_eq(value, STELE_STR("true"));
  if (!on && !stele_str_eq(value, STELE_STR("false"))) {
    return stele_fail(err, STELE_INVALID, "%s is true or false", r->option);
  }
  memcpy(at, &on, sizeof on);
  return true;
}

static bool store(server_config *config, const row *r, stele_str value, stele_err *err) {
  char *at = (char *)config + r->at;
  if (r->kind == FLAG) return store_flag(at, r, value, err);
  if (r->kind != TEXT) return store_number(at, r, value, err);
  memcpy(at, &value, sizeof value);
  return true;
}

void server_config_init(server_config *config) {
  stele_err err = {0};
  memset(config, 0, sizeof *config);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    if (rows[i].kind == FLAG) continue;
    if (!store(config, &rows[i], stele_cstr(rows[i].otherwise), &err)) abort();
  }
}

bool server_config_set(server_config *config, stele_str option, stele_str value, stele_err *err) {
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    if (stele_str_eq(stele_cstr(rows[i].option), option)) {
      return store(config, &rows[i], value, err);
    }
  }
  return stele_fail(err, STELE_INVALID, "no option \"" STELE_STR_FMT "\"", STELE_STR_ARG(option));
}

const char *server_config_option(size_t index) {
  return index < STELE_COUNT(rows) ? rows[index].option : NULL;
}

/* --- the file ------------------------------------------------------------ */

static bool take_value(server_config *config, const row *r, const stele_json *value,
                       stele_err *err) {
  static const stele_json_kind wanted[] = {[TEXT] = STELE_JSON_STRING,
                                           [COUNT] = STELE_JSON_NUMBER,
                                           [SIZE] = STELE_JSON_NUMBER,
                                           [FLAG] = STELE_JSON_BOOL};
  if (value->kind != wanted[r->kind]) {
    return stele_json_refuse(value, err, "expected %s", stele_json_kind_text(wanted[r->kind]));
  }
  stele_str text = r->kind == FLAG ? stele_cstr(value->boolean ? "true" : "false") : value->text;
  stele_err why = {0};
  return store(config, r, text, &why) || stele_json_refuse(value, err, "%s", why.msg);
}

/* The row of "limits.head_bytes", given as "limits" and "head_bytes". */
static const row *find_row(stele_str section, stele_str key) {
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_str name = stele_cstr(rows[i].key);
    if (section.len) {
      bool inside = name.len > section.len && name.ptr[section.len] == '.' &&
                    memcmp(name.ptr, section.ptr, section.len) == 0;
      if (!inside) continue;
      name = (stele_str){name.ptr + section.len + 1, name.len - section.len - 1};
    }
    if (stele_str_eq(name, key)) return &rows[i];
  }
  return NULL;
}

static bool is_other(stele_str key) {
  for (size_t i = 0; i < STELE_COUNT(others); i++) {
    if (stele_str_eq(stele_cstr(others[i]), key)) return true;
  }
  return false;
}

static bool is_section(stele_str key) {
  return stele_str_eq(key, STELE_STR("log")) || stele_str_eq(key, STELE_STR("limits"));
}

static bool take_section(server_config *config, const stele_json *section, stele_err *err) {
  STELE_JSON_EACH(value, section) {
    const row *r = find_row(section->key, value->key);
    if (!r) return stele_json_refuse(value, err, "no such key");
    if (!take_value(config, r, value, err)) return false;
  }
  return true;
}

static bool take_tree(server_config *config, const stele_json *tree, stele_err *err) {
  if (tree->kind != STELE_JSON_OBJECT) return stele_json_refuse(tree, err, "expected an object");
  STELE_JSON_EACH(value, tree) {
    const row *r = find_row((stele_str){NULL, 0}, value->key);
    if (r) {
      if (!take_value(config, r, value, err)) return false;
    } else if (is_section(value->key)) {
      if (!take_section(config, value, err)) return false;
    } else if (!is_other(value->key)) {
      return stele_json_refuse(value, err, "no such key");
    }
  }
  config->tree = tree;
  return true;
}

static bool ends_with(stele_str text, const char *end) {
  size_t len = strlen(end);
  return text.len >= len && memcmp(text.ptr + text.len - len, end, len) == 0;
}

bool server_config_load(stele_arena *arena, server_config *config, stele_str path, stele_err *err) {
  stele_bytes bytes;
  if (!sys_file_read(arena, path, MOST_FILE_BYTES, &bytes, err)) return false;
  bool yaml = ends_with(path, ".yaml") || ends_with(path, ".yml");
  const stele_json *tree =
      (yaml ? stele_yaml_parse : stele_json_parse)(arena, stele_bytes_str(bytes), NULL, NULL, err);
  if (tree && take_tree(config, tree, err)) return true;
  return stele_wrap(err, STELE_STR_FMT, STELE_STR_ARG(path));
}
