/* Canonical means: written from sorted arrays by one writer. What is read back
 * later (for a merge, a property, the guid) is what was written here. */
#include "registry/metadata.h"

#include <stdlib.h>

#include "base/vec.h"

typedef STELE_VEC(const stele_json *) json_list;

static int by_key(const void *a, const void *b) {
  return stele_str_order((*(const stele_json *const *)a)->key,
                         (*(const stele_json *const *)b)->key);
}

static int by_text(const void *a, const void *b) {
  return stele_str_order((*(const stele_json *const *)a)->text,
                         (*(const stele_json *const *)b)->text);
}

static json_list sorted(stele_arena *arena, const stele_json *container,
                        int (*compare)(const void *, const void *)) {
  json_list list = {0};
  STELE_JSON_EACH(item, container) {
    if (item->kind != STELE_JSON_NULL) STELE_VEC_PUSH(arena, &list, item);
  }
  if (list.count > 1) qsort(list.at, list.count, sizeof list.at[0], compare);
  return list;
}

static bool is_absent(const stele_json *value) {
  return !value || value->kind == STELE_JSON_NULL;
}

/* The string members of one document, or of two where the second wins. */
static const stele_json *member(const stele_json *object, const char *key) {
  const stele_json *found = stele_json_find(object, stele_cstr(key));
  return is_absent(found) ? NULL : found;
}

/* --- writing ------------------------------------------------------------- */

/* Two containers that are written as one; either may be NULL. */
typedef struct pair {
  const stele_json *base, *over;
} pair;

static pair member_pair(pair of, const char *key) {
  return (pair){of.base ? member(of.base, key) : NULL, of.over ? member(of.over, key) : NULL};
}

static void add_all(stele_arena *arena, json_list *list, const stele_json *container,
                    const stele_json *unless_in) {
  if (!container) return;
  STELE_JSON_EACH(item, container) {
    if (item->kind == STELE_JSON_NULL || (item->kind == STELE_JSON_ARRAY && !item->count)) continue;
    if (unless_in && stele_json_find(unless_in, item->key)) continue;
    STELE_VEC_PUSH(arena, list, item);
  }
}

/* A set of texts under `key`; nothing when it is empty. */
static void write_set(stele_arena *arena, stele_json_writer *w, stele_str key, pair sets) {
  json_list list = {0};
  add_all(arena, &list, sets.base, NULL);
  add_all(arena, &list, sets.over, NULL);
  if (!list.count) return;
  qsort(list.at, list.count, sizeof list.at[0], by_text);
  stele_json_write_key(w, key);
  stele_json_begin_array(w);
  for (size_t i = 0; i < list.count; i++) {
    if (i && stele_str_eq(list.at[i]->text, list.at[i - 1]->text)) continue;
    stele_json_write_str(w, list.at[i]->text);
  }
  stele_json_end_array(w);
}

static json_list merged(stele_arena *arena, pair objects) {
  json_list list = {0};
  add_all(arena, &list, objects.base, objects.over);
  add_all(arena, &list, objects.over, NULL);
  if (list.count > 1) qsort(list.at, list.count, sizeof list.at[0], by_key);
  return list;
}

static void write_metadata(stele_arena *arena, stele_json_writer *w, pair of) {
  json_list tags = merged(arena, member_pair(of, "tags"));
  json_list properties = merged(arena, member_pair(of, "properties"));
  stele_json_begin_object(w);
  if (tags.count) {
    stele_json_field_object(w, "tags");
    for (size_t i = 0; i < tags.count; i++) {
      write_set(arena, w, tags.at[i]->key, (pair){tags.at[i], NULL});
    }
    stele_json_end_object(w);
  }
  if (properties.count) {
    stele_json_field_object(w, "properties");
    for (size_t i = 0; i < properties.count; i++) {
      stele_json_write_key(w, properties.at[i]->key);
      stele_json_write_str(w, properties.at[i]->text);
    }
    stele_json_end_object(w);
  }
  write_set(arena, w, STELE_STR("sensitive"), member_pair(of, "sensitive"));
  stele_json_end_object(w);
}

static stele_str print_metadata(stele_arena *arena, pair of) {
  stele_buf buf;
  stele_json_writer w;
  stele_buf_init(&buf, arena, 0);
  stele_json_writer_init(&w, &buf, 0);
  write_metadata(arena, &w, of);
  stele_str text = stele_buf_str(&buf);
  return stele_str_eq(text, STELE_STR("{}")) ? (stele_str){0} : text;
}

/* --- reading ------------------------------------------------------------- */

static bool check_texts(const stele_json *container, stele_err *err) {
  STELE_JSON_EACH(item, container) {
    if (item->kind == STELE_JSON_STRING || item->kind == STELE_JSON_NULL) continue;
    return stele_json_refuse(item, err, "expected string");
  }
  return true;
}

static bool check_tags(const stele_json *tags, stele_err *err) {
  STELE_JSON_EACH(set, tags) {
    if (set->kind == STELE_JSON_NULL) continue;
    if (set->kind != STELE_JSON_ARRAY) return stele_json_refuse(set, err, "expected array");
    if (!check_texts(set, err)) return false;
  }
  return true;
}

static bool check_metadata(const stele_json *value, stele_err *err) {
  const stele_json *tags = NULL, *properties = NULL, *sensitive = NULL;
  return stele_json_pick_object(value, "tags", &tags, err) &&
         stele_json_pick_object(value, "properties", &properties, err) &&
         stele_json_pick_array(value, "sensitive", &sensitive, err) &&
         (!tags || check_tags(tags, err)) && (!properties || check_texts(properties, err)) &&
         (!sensitive || check_texts(sensitive, err));
}

bool metadata_canonical(stele_arena *arena, const stele_json *value, stele_str *out,
                        stele_err *err) {
  *out = (stele_str){0};
  if (is_absent(value)) return true;
  const stele_json *object;
  if (!stele_json_to_object(value, &object, err) || !check_metadata(object, err)) return false;
  *out = print_metadata(arena, (pair){object, NULL});
  return true;
}

/* What was written here is read again; empty text is no document. */
static bool parse(stele_arena *arena, stele_str text, const stele_json **out, stele_err *err) {
  *out = NULL;
  if (!text.len) return true;
  *out = stele_json_parse(arena, text, NULL, NULL, err);
  return *out != NULL;
}

bool metadata_merge(stele_arena *arena, stele_str base, stele_str over, stele_str *out,
                    stele_err *err) {
  if (!base.len || !over.len) {
    *out = base.len ? base : over;
    return true;
  }
  pair of;
  if (!parse(arena, base, &of.base, err) || !parse(arena, over, &of.over, err)) return false;
  *out = print_metadata(arena, of);
  return true;
}

bool metadata_property(stele_arena *arena, stele_str metadata, stele_str name, stele_str *out,
                       stele_err *err) {
  const stele_json *value;
  *out = (stele_str){0};
  if (!parse(arena, metadata, &value, err)) return false;
  const stele_json *properties = value ? member(value, "properties") : NULL;
  const stele_json *found = properties ? stele_json_find(properties, name) : NULL;
  if (found) *out = found->text;
  return true;
}

static stele_str property_document(stele_arena *arena, stele_str name, stele_str value) {
  stele_buf buf;
  stele_json_writer w;
  stele_buf_init(&buf, arena, 0);
  stele_json_writer_init(&w, &buf, 0);
  stele_json_begin_object(&w);
  stele_json_field_object(&w, "properties");
  stele_json_write_key(&w, name);
  stele_json_write_str(&w, value);
  stele_json_end_object(&w);
  stele_json_end_object(&w);
  return stele_buf_str(&buf);
}

/* Without one property: written again, that member left out. */
static stele_str without(stele_arena *arena, const stele_json *value, stele_str name) {
  stele_buf buf;
  stele_json_writer w;
  stele_buf_init(&buf, arena, 0);
  stele_json_writer_init(&w, &buf, 0);
  stele_json_begin_object(&w);
  STELE_JSON_EACH(item, value) {
    bool properties = stele_str_eq(item->key, STELE_STR("properties"));
    if (properties && item->count == 1 && stele_json_find(item, name)) continue;
    stele_json_write_key(&w, item->key);
    if (!properties) {
      stele_json_write_value(&w, item);
      continue;
    }
    stele_json_begin_object(&w);
    STELE_JSON_EACH(each, item) {
      if (stele_str_eq(each->key, name)) continue;
      stele_json_write_key(&w, each->key);
      stele_json_write_str(&w, each->text);
    }
    stele_json_end_object(&w);
  }
  stele_json_end_object(&w);
  stele_str text = stele_buf_str(&buf);
  return stele_str_eq(text, STELE_STR("{}")) ? (stele_str){0} : text;
}

bool metadata_with(stele_arena *arena, stele_str metadata, stele_str name, stele_str value,
                   stele_str *out, stele_err *err) {
  if (value.len) {
    return metadata_merge(arena, metadata, property_document(arena, name, value), out, err);
  }
  const stele_json *document;
  *out = (stele_str){0};
  if (!parse(arena, metadata, &document, err)) return false;
  if (document) *out = without(arena, document, name);
  return true;
}

/* --- rules --------------------------------------------------------------- */

static bool is_empty(const stele_json *value) {
  return value->kind == STELE_JSON_NULL || (value->kind == STELE_JSON_STRING && !value->text.len) ||
         ((value->kind == STELE_JSON_ARRAY || value->kind == STELE_JSON_OBJECT) && !value->count);
}

static void write_sorted(stele_arena *arena, stele_json_writer *w, const stele_json *value) {
  if (value->kind == STELE_JSON_ARRAY) {
    stele_json_begin_array(w);
    STELE_JSON_EACH(item, value) write_sorted(arena, w, item);
    stele_json_end_array(w);
  } else if (value->kind == STELE_JSON_OBJECT) {
    json_list list = sorted(arena, value, by_key);
    stele_json_begin_object(w);
    for (size_t i = 0; i < list.count; i++) {
      if (is_empty(list.at[i])) continue;
      stele_json_write_key(w, list.at[i]->key);
      write_sorted(arena, w, list.at[i]);
    }
    stele_json_end_object(w);
  } else {
    stele_json_write_value(w, value);
  }
}

static const char *const rule_lists[] = {"migrationRules", "domainRules", "encodingRules"};

static bool check_rules(const stele_json *rules, stele_err *err) {
  STELE_JSON_EACH(rule, rules) {
    stele_str name;
    const stele_json *object;
    if (!stele_json_to_object(rule, &object, err) ||
        !stele_json_need_str(object, "name", &name, err)) {
      return false;
    }
  }
  return true;
}

bool rule_set_canonical(stele_arena *arena, const stele_json *value, stele_str *out,
                        stele_err *err) {
  *out = (stele_str){0};
  if (is_absent(value)) return true;
  const stele_json *object;
  if (!stele_json_to_object(value, &object, err)) return false;
  for (size_t i = 0; i < STELE_COUNT(rule_lists); i++) {
    const stele_json *rules = NULL;
    if (!stele_json_pick_array(object, rule_lists[i], &rules, err)) return false;
    if (rules && !check_rules(rules, err)) return false;
  }
  stele_buf buf;
  stele_json_writer w;
  stele_buf_init(&buf, arena, 0);
  stele_json_writer_init(&w, &buf, 0);
  write_sorted(arena, &w, object);
  stele_str text = stele_buf_str(&buf);
  *out = stele_str_eq(text, STELE_STR("{}")) ? (stele_str){0} : text;
  return true;
}
