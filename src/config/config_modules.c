/* The list `modules`: folders, and rules of their own or those at the top. */
#include "base/path.h"
#include "config/config_internal.h"

enum { NEW = CONFIG_V2 | CONFIG_STELE };

#define AT(member) offsetof(config_module, member)

static const config_key module_keys[] = {
    {"path", NEW, config_read_str, AT(path)},
    {"name", NEW, config_read_str, AT(name)},
    {"includes", NEW, config_read_folders, AT(includes)},
    {"excludes", NEW, config_read_folders, AT(excludes)},
    {"lint", NEW, config_read_lint, AT(lint)},
    {"breaking", NEW, config_read_breaking, AT(breaking)},
};

/* Folders of a module come relative to the file; they go out relative to the
 * module. */
static bool folders_in(config_reader *r, const stele_json *at, const config_module *module,
                       const char *what, config_strs *paths) {
  for (size_t i = 0; i < paths->count; i++) {
    stele_str path = paths->at[i], rest;
    if (path.len > 6 && memcmp(path.ptr + path.len - 6, ".proto", 6) == 0) {
      return config_refuse(r, at,
                           "%ss can only be directories but file \"" STELE_STR_FMT "\" discovered",
                           what, STELE_STR_ARG(path));
    }
    if (!config_path_in(module->path, path, &rest)) {
      return config_refuse(r, at,
                           "%s path \"" STELE_STR_FMT
                           "\" does not reside within module directory \"" STELE_STR_FMT "\"",
                           what, STELE_STR_ARG(path), STELE_STR_ARG(module->path));
    }
    if (stele_str_eq(rest, STELE_STR("."))) {
      return config_refuse(r, at, "%s path \"" STELE_STR_FMT "\" is the module directory itself",
                           what, STELE_STR_ARG(path));
    }
    paths->at[i] = rest;
  }
  return config_check_nesting(r, at, paths, what);
}

static bool check_excludes(config_reader *r, const stele_json *at, const config_module *module) {
  for (size_t i = 0; module->includes.count && i < module->excludes.count; i++) {
    bool inside = false;
    for (size_t j = 0; j < module->includes.count; j++) {
      inside = inside || config_path_in(module->includes.at[j], module->excludes.at[i], NULL);
    }
    if (inside) continue;
    return config_refuse(
        r, at,
        "include paths are specified but \"" STELE_STR_FMT "\" is not contained within any of them",
        STELE_STR_ARG(stele_path_join(r->arena, module->path, module->excludes.at[i])));
  }
  return true;
}

static bool read_module(config_reader *r, const stele_json *value, config_module *module) {
  stele_str path;
  if (!config_section(r, value, module_keys, STELE_COUNT(module_keys), module)) return false;
  const char *fault = config_path(r->arena, module->path, &path);
  if (fault) {
    return config_refuse(r, value, "invalid module path: " STELE_STR_FMT ": %s",
                         STELE_STR_ARG(module->path), fault);
  }
  module->path = path;
  if (module->name.len && !config_is_module_name(module->name, false)) {
    return config_refuse(r, value,
                         "could not parse full name \"" STELE_STR_FMT
                         "\": must be in the form registry/owner/name",
                         STELE_STR_ARG(module->name));
  }
  config_rules *lint = &module->lint, *breaking = &module->breaking;
  if (lint->is_given && !config_rules_in(r, value, path, "lint", lint, true, lint)) return false;
  if (breaking->is_given &&
      !config_rules_in(r, value, path, "breaking", breaking, true, breaking)) {
    return false;
  }
  return folders_in(r, value, module, "include", &module->includes) &&
         folders_in(r, value, module, "exclude", &module->excludes) &&
         check_excludes(r, value, module);
}

/* ---- all of them ------------------------------------------------------------ */

/* The same folder may be there twice, with other folders in it. */
static bool same_strs(const config_strs *a, const config_strs *b) {
  if (a->count != b->count) return false;
  for (size_t i = 0; i < a->count; i++) {
    if (!stele_str_eq(a->at[i], b->at[i])) return false;
  }
  return true;
}

static bool check_twice(config_reader *r, const stele_json *at, const config_module *module) {
  for (size_t i = 0; i < r->file->modules.count; i++) {
    const config_module *other = &r->file->modules.at[i];
    if (module->name.len && stele_str_eq(other->name, module->name)) {
      return config_refuse(r, at, "duplicate full names in input: \"" STELE_STR_FMT "\"",
                           STELE_STR_ARG(module->name));
    }
    if (!stele_str_eq(other->path, module->path)) continue;
    if (!same_strs(&other->includes, &module->includes)) continue;
    if (!same_strs(&other->excludes, &module->excludes)) continue;
    return config_refuse(r, at,
                         "multiple module configs found with the same description: path: "
                         "\"" STELE_STR_FMT "\"",
                         STELE_STR_ARG(module->path));
  }
  return true;
}

bool config_read_modules(config_reader *r, const stele_json *value, void *into) {
  (void)into;
  if (value->kind == STELE_JSON_NULL) return true;
  if (value->kind != STELE_JSON_ARRAY) return config_refuse(r, value, "expected a list of modules");
  STELE_JSON_EACH(item, value) {
    config_module module = {.path = STELE_STR(".")};
    if (!read_module(r, item, &module) || !check_twice(r, item, &module)) return false;
    STELE_VEC_PUSH(r->arena, &r->file->modules, module);
  }
  return true;
}

/* The section at the top, for a module that says nothing itself. */
static bool share(config_reader *r, const stele_json *root, config_module *module) {
  if (!module->lint.is_given &&
      !config_rules_in(r, root, module->path, "lint", &r->lint, false, &module->lint)) {
    return false;
  }
  return module->breaking.is_given ||
         config_rules_in(r, root, module->path, "breaking", &r->breaking, false, &module->breaking);
}

bool config_share_rules(config_reader *r, const stele_json *root) {
  config_module whole = {.path = STELE_STR(".")};
  if (!share(r, root, &whole)) return false; /* whatever modules there are */
  for (size_t i = 0; i < r->file->modules.count; i++) {
    if (!share(r, root, &r->file->modules.at[i])) return false;
  }
  return true;
}
