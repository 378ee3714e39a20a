/* The kinds of values. A section is read by its table, so that a key is one row
 * and a key without a row is a mistake of the user's. */
#include <stdarg.h>

#include "config/config_internal.h"

bool config_refuse(config_reader *r, const stele_json *at, const char *format, ...) {
  va_list args;
  va_start(args, format);
  (void)stele_fail_v(r->err, STELE_INVALID, format, args);
  va_end(args);
  return stele_wrap(r->err, STELE_STR_FMT ":%u:%u", STELE_STR_ARG(r->name), at->place.line,
                    at->place.column);
}

static bool refuse_kind(config_reader *r, const stele_json *value, const char *wanted) {
  return config_refuse(r, value, "expected %s, not %s", wanted, stele_json_kind_text(value->kind));
}

static const config_key *find_key(config_reader *r, stele_str name, const config_key *keys,
                                  size_t count) {
  for (size_t i = 0; i < count; i++) {
    bool is_known = (keys[i].versions & (unsigned)r->version) != 0;
    if (is_known && stele_str_eq(stele_cstr(keys[i].name), name)) return &keys[i];
  }
  return NULL;
}

bool config_section(config_reader *r, const stele_json *value, const config_key *keys, size_t count,
                    void *into) {
  if (value->kind == STELE_JSON_NULL) return true;
  if (value->kind != STELE_JSON_OBJECT) return refuse_kind(r, value, "a mapping");
  STELE_JSON_EACH(member, value) {
    const config_key *key = find_key(r, member->key, keys, count);
    if (!key) {
      return config_refuse(r, member, "field " STELE_STR_FMT " not found",
                           STELE_STR_ARG(member->key));
    }
    if (!key->take(r, member, (char *)into + key->offset)) return false;
  }
  return true;
}

bool config_read_skip(config_reader *r, const stele_json *value, void *into) {
  (void)r, (void)value, (void)into;
  return true;
}

static bool is_scalar(const stele_json *value) {
  return value->kind == STELE_JSON_STRING || value->kind == STELE_JSON_NUMBER ||
         value->kind == STELE_JSON_BOOL;
}

static stele_str scalar_text(const stele_json *value) {
  if (value->kind != STELE_JSON_BOOL) return value->text;
  return value->boolean ? STELE_STR("true") : STELE_STR("false");
}

bool config_read_str(config_reader *r, const stele_json *value, void *into) {
  if (value->kind == STELE_JSON_NULL) return true;
  if (!is_scalar(value)) return refuse_kind(r, value, "a text");
  *(stele_str *)into = scalar_text(value);
  return true;
}

bool config_read_strs(config_reader *r, const stele_json *value, void *into) {
  config_strs *out = into;
  if (value->kind == STELE_JSON_NULL) return true;
  if (value->kind != STELE_JSON_ARRAY) return refuse_kind(r, value, "a list of texts");
  STELE_JSON_EACH(item, value) {
    if (item->kind == STELE_JSON_NULL) continue;
    if (!is_scalar(item)) return refuse_kind(r, item, "a text");
    STELE_VEC_PUSH(r->arena, out, scalar_text(item));
  }
  return true;
}

/* What the YAML of Go takes for a boolean where one is expected. */
bool config_read_bool(config_reader *r, const stele_json *value, void *into) {
  static const struct {
    const char *text;
    bool means;
  } words[] = {{"y", true},   {"Y", true},    {"yes", true},  {"Yes", true},
               {"YES", true}, {"on", true},   {"On", true},   {"ON", true},
               {"n", false},  {"N", false},   {"no", false},  {"No", false},
               {"NO", false}, {"off", false}, {"Off", false}, {"OFF", false}};
  if (value->kind == STELE_JSON_NULL) return true;
  if (value->kind == STELE_JSON_BOOL) {
    *(bool *)into = value->boolean;
    return true;
  }
  for (size_t i = 0; value->kind == STELE_JSON_STRING && i < STELE_COUNT(words); i++) {
    if (!stele_str_eq(value->text, stele_cstr(words[i].text))) continue;
    *(bool *)into = words[i].means;
    return true;
  }
  return refuse_kind(r, value, "true or false");
}

bool config_read_u32(config_reader *r, const stele_json *value, void *into) {
  uint64_t number;
  if (value->kind != STELE_JSON_NUMBER || !stele_json_number_u64(value->text, &number) ||
      number > UINT32_MAX) {
    return refuse_kind(r, value, "a whole number");
  }
  *(uint32_t *)into = (uint32_t)number;
  return true;
}

static bool has(const config_strs *all, stele_str one) {
  for (size_t i = 0; i < all->count; i++) {
    if (stele_str_eq(all->at[i], one)) return true;
  }
  return false;
}

bool config_read_paths(config_reader *r, const stele_json *value, void *into) {
  config_strs *out = into, raw = {0};
  if (!config_read_strs(r, value, &raw)) return false;
  for (size_t i = 0; i < raw.count; i++) {
    stele_str path;
    const char *fault = config_path(r->arena, raw.at[i], &path);
    if (fault) {
      return config_refuse(r, value, STELE_STR_FMT ": invalid path: " STELE_STR_FMT ": %s",
                           STELE_STR_ARG(value->key), STELE_STR_ARG(raw.at[i]), fault);
    }
    if (!has(out, path)) STELE_VEC_PUSH(r->arena, out, path);
  }
  return true;
}

bool config_read_folders(config_reader *r, const stele_json *value, void *into) {
  config_strs raw = {0}, *out = into;
  if (!config_read_strs(r, value, &raw)) return false;
  for (size_t i = 0; i < raw.count; i++) {
    if (raw.at[i].len) continue;
    return config_refuse(r, value, STELE_STR_FMT " contained an empty path",
                         STELE_STR_ARG(value->key));
  }
  size_t before = out->count;
  return config_read_paths(r, value, into) &&
         (out->count == before + raw.count ||
          config_refuse(r, value, "duplicate path in " STELE_STR_FMT, STELE_STR_ARG(value->key)));
}

bool config_check_nesting(config_reader *r, const stele_json *at, const config_strs *paths,
                          const char *what) {
  for (size_t i = 0; i < paths->count; i++) {
    for (size_t j = 0; j < paths->count; j++) {
      if (i == j || !config_path_in(paths->at[j], paths->at[i], NULL)) continue;
      return config_refuse(
          r, at, "%s \"" STELE_STR_FMT "\" is within %s \"" STELE_STR_FMT "\" which is not allowed",
          what, STELE_STR_ARG(paths->at[i]), what, STELE_STR_ARG(paths->at[j]));
    }
  }
  return true;
}

bool config_is_module_name(stele_str text, bool with_ref) {
  size_t slashes = 0, step = 0;
  for (size_t i = 0; i < text.len; i++) {
    if (text.ptr[i] == '/') {
      if (step == 0) return false;
      slashes++;
      step = 0;
    } else if (text.ptr[i] == ':' && slashes == 2) {
      return with_ref && step > 0 && i + 1 < text.len;
    } else {
      step++;
    }
  }
  return slashes == 2 && step > 0;
}
