/* A file from its first key to its last: which version it is decides which
 * keys it may have. */
#include "config/config.h"

#include "base/guard.h"
#include "config/config_internal.h"
#include "fmt/yaml_config.h"

enum {
  OLD = CONFIG_V1BETA1 | CONFIG_V1,
  NEW = CONFIG_V2 | CONFIG_STELE,
  ALL = OLD | NEW,
};

/* ---- the version ---------------------------------------------------------- */

static const struct {
  const char *text;
  config_version version;
  unsigned kinds; /* 1 << config_kind */
} versions[] = {
    {"v1beta1", CONFIG_V1BETA1, 1 << CONFIG_KIND_BUF | 1 << CONFIG_KIND_STELE},
    {"v1", CONFIG_V1, 1 << CONFIG_KIND_BUF | 1 << CONFIG_KIND_STELE},
    {"v2", CONFIG_V2, 1 << CONFIG_KIND_BUF | 1 << CONFIG_KIND_STELE},
    {"1", CONFIG_STELE, 1 << CONFIG_KIND_STELE},
    {"v1", CONFIG_WORK, 1 << CONFIG_KIND_WORK},
};

static bool read_version(config_reader *r, const stele_json *root) {
  stele_str text = {0};
  const stele_json *value = stele_json_find(root, STELE_STR("version"));
  if (value && !config_read_str(r, value, &text)) return false;
  if (!text.len) {
    return config_refuse(r, root, "\"version\" is not set. Please add \"version: %s\"",
                         r->kind == CONFIG_KIND_WORK    ? "v1"
                         : r->kind == CONFIG_KIND_STELE ? "1"
                                                        : "v2");
  }
  for (size_t i = 0; i < STELE_COUNT(versions); i++) {
    if (!stele_str_eq(text, stele_cstr(versions[i].text))) continue;
    if (!(versions[i].kinds >> r->kind & 1)) continue;
    r->version = r->file->version = versions[i].version;
    return true;
  }
  return config_refuse(r, value, "unknown file version: \"" STELE_STR_FMT "\"",
                       STELE_STR_ARG(text));
}

/* ---- build, deps, plugins ------------------------------------------------- */

static bool read_roots(config_reader *r, const stele_json *value, void *into) {
  if (r->version == CONFIG_V1 && value->count) {
    return config_refuse(r, value, "build.roots cannot be set on version v1");
  }
  return config_read_folders(r, value, into) && config_check_nesting(r, value, into, "root");
}

static bool read_excludes(config_reader *r, const stele_json *value, void *into) {
  config_strs *out = into;
  if (!config_read_folders(r, value, out)) return false;
  for (size_t i = 0; i < out->count; i++) {
    stele_str path = out->at[i];
    if (stele_str_eq(path, STELE_STR("."))) {
      return config_refuse(r, value,
                           "\".\" is both a root and exclude, which means the entire root is "
                           "excluded, which is not valid");
    }
    if (path.len > 6 && memcmp(path.ptr + path.len - 6, ".proto", 6) == 0) {
      return config_refuse(
          r, value, "excludes can only be directories but file \"" STELE_STR_FMT "\" discovered",
          STELE_STR_ARG(path));
    }
  }
  return config_check_nesting(r, value, out, "exclude");
}

static const config_key build_keys[] = {
    {"roots", OLD, read_roots, offsetof(config_reader, roots)},
    {"excludes", OLD, read_excludes, offsetof(config_reader, excludes)},
};

/* Each exclude lies in a root and is not one. */
static bool check_excludes(config_reader *r, const stele_json *at) {
  for (size_t i = 0; r->roots.count && i < r->excludes.count; i++) {
    bool is_inside = false;
    for (size_t j = 0; j < r->roots.count; j++) {
      bool is_root = stele_str_eq(r->roots.at[j], r->excludes.at[i]);
      is_inside =
          is_inside || (!is_root && config_path_in(r->roots.at[j], r->excludes.at[i], NULL));
    }
    if (is_inside) continue;
    return config_refuse(
        r, at, "exclude \"" STELE_STR_FMT "\" is not contained in any root, which is not valid",
        STELE_STR_ARG(r->excludes.at[i]));
  }
  return true;
}

static bool read_build(config_reader *r, const stele_json *value, void *into) {
  return config_section(r, value, build_keys, STELE_COUNT(build_keys), into) &&
         check_excludes(r, value);
}

/* "registry/owner/name", as long as a name goes before its reference. */
static stele_str without_ref(stele_str dep) {
  const char *slash = memrchr(dep.ptr, '/', dep.len);
  const char *colon = slash ? memchr(slash, ':', (size_t)(dep.ptr + dep.len - slash)) : NULL;
  return (stele_str){dep.ptr, colon ? (size_t)(colon - dep.ptr) : dep.len};
}

static bool read_deps(config_reader *r, const stele_json *value, void *into) {
  config_strs *deps = into;
  if (!config_read_strs(r, value, deps)) return false;
  for (size_t i = 0; i < deps->count; i++) {
    if (!config_is_module_name(deps->at[i], true)) {
      return config_refuse(r, value,
                           "invalid dep: could not parse reference \"" STELE_STR_FMT
                           "\": must be in the form registry/owner/name[:ref]",
                           STELE_STR_ARG(deps->at[i]));
    }
    for (size_t j = 0; j < i; j++) {
      if (!stele_str_eq(without_ref(deps->at[i]), without_ref(deps->at[j]))) continue;
      return config_refuse(r, value, "duplicate dep \"" STELE_STR_FMT "\"",
                           STELE_STR_ARG(without_ref(deps->at[i])));
    }
  }
  return true;
}

/* The names in a list of mappings: what is there, and is not run here. */
static bool read_names(config_reader *r, const stele_json *value, const char *key,
                       config_strs *out) {
  if (value->kind == STELE_JSON_NULL) return true;
  if (value->kind != STELE_JSON_ARRAY) return config_refuse(r, value, "expected a list");
  STELE_JSON_EACH(item, value) {
    const stele_json *name = stele_json_find(item, stele_cstr(key));
    stele_str text = {0};
    const stele_json *first =
        name && name->kind == STELE_JSON_ARRAY ? stele_json_first(name) : name;
    if (!first || !config_read_str(r, first, &text) || !text.len) {
      return config_refuse(r, item, "must specify %s", key);
    }
    STELE_VEC_PUSH(r->arena, out, text);
  }
  return true;
}

static bool read_plugins(config_reader *r, const stele_json *value, void *into) {
  return read_names(r, value, "plugin", into);
}

static bool read_policies(config_reader *r, const stele_json *value, void *into) {
  return read_names(r, value, "policy", into);
}

/* ---- the file ------------------------------------------------------------- */

#define IN_READER(member) offsetof(config_reader, member)

static const config_key reader_keys[] = {
    {"version", ALL | CONFIG_WORK, config_read_skip, 0},
    {"name", ALL, config_read_str, IN_READER(top_name)},
    {"build", OLD, read_build, 0},
    {"modules", NEW, config_read_modules, 0},
    {"lint", ALL, config_read_lint, IN_READER(lint)},
    {"breaking", ALL, config_read_breaking, IN_READER(breaking)},
};

#define IN_FILE(member) offsetof(config_file, member)

static const config_key file_keys[] = {
    {"deps", ALL, read_deps, IN_FILE(deps)},
    {"plugins", CONFIG_V2 | CONFIG_STELE, read_plugins, IN_FILE(plugins)},
    {"policies", CONFIG_V2 | CONFIG_STELE, read_policies, IN_FILE(policies)},
    {"compatibility", CONFIG_STELE, config_read_str, IN_FILE(compatibility)},
};

/* Keys that go to the file go there, the others to the reader. */
static bool read_top(config_reader *r, const stele_json *root) {
  STELE_JSON_EACH(member, root) {
    bool found = false;
    for (size_t i = 0; i < STELE_COUNT(reader_keys) + STELE_COUNT(file_keys) && !found; i++) {
      bool of_reader = i < STELE_COUNT(reader_keys);
      const config_key *key =
          of_reader ? &reader_keys[i] : &file_keys[i - STELE_COUNT(reader_keys)];
      if (!(key->versions & (unsigned)r->version)) continue;
      if (!stele_str_eq(stele_cstr(key->name), member->key)) continue;
      void *into = of_reader ? (char *)r + key->offset : (char *)r->file + key->offset;
      if (!key->take(r, member, into)) return false;
      found = true;
    }
    if (!found) {
      return config_refuse(r, member, "field " STELE_STR_FMT " not found",
                           STELE_STR_ARG(member->key));
    }
  }
  return true;
}

static bool check_name(config_reader *r, const stele_json *root, bool has_modules) {
  const stele_json *at = stele_json_find(root, STELE_STR("name"));
  if (!at || !r->top_name.len) return true;
  if (has_modules) {
    return config_refuse(r, at,
                         "top-level name key cannot be specified if modules are specified, you "
                         "must specify the name on each individual module");
  }
  return config_is_module_name(r->top_name, false) ||
         config_refuse(r, at,
                       "could not parse full name \"" STELE_STR_FMT
                       "\": must be in the form registry/owner/name",
                       STELE_STR_ARG(r->top_name));
}

static void init_rules(config_reader *r) {
  r->lint.allow_comment_ignores = r->version == CONFIG_V2 || r->version == CONFIG_STELE;
}

static bool read_file(config_reader *r, const stele_json *root) {
  init_rules(r);
  if (!read_top(r, root)) return false;
  if (!check_name(r, root, r->file->modules.count > 0)) return false;
  if (r->file->modules.count == 0) {
    config_module module = {
        .path = STELE_STR("."), .name = r->top_name, .roots = r->roots, .excludes = r->excludes};
    STELE_VEC_PUSH(r->arena, &r->file->modules, module);
  }
  return config_share_rules(r, root);
}

/* ---- buf.work.yaml -------------------------------------------------------- */

static bool check_directory(config_reader *r, const stele_json *at, const config_strs *all,
                            size_t index) {
  stele_str dir = all->at[index];
  if (stele_str_eq(dir, STELE_STR("."))) {
    return config_refuse(r, at,
                         "directory \".\" is listed, it is not valid to have \".\" as a workspace "
                         "directory");
  }
  for (size_t i = 0; i < all->count; i++) {
    if (i == index || !config_path_in(all->at[i], dir, NULL)) continue;
    return config_refuse(r, at,
                         "directory \"" STELE_STR_FMT "\" contains directory \"" STELE_STR_FMT "\"",
                         STELE_STR_ARG(all->at[i]), STELE_STR_ARG(dir));
  }
  return true;
}

static bool read_work(config_reader *r, const stele_json *root) {
  config_strs raw = {0}, dirs = {0};
  const stele_json *at = root;
  STELE_JSON_EACH(member, root) {
    if (stele_str_eq(member->key, STELE_STR("version"))) continue;
    if (!stele_str_eq(member->key, STELE_STR("directories"))) {
      return config_refuse(r, member, "field " STELE_STR_FMT " not found",
                           STELE_STR_ARG(member->key));
    }
    at = member;
    if (!config_read_strs(r, member, &raw) || !config_read_paths(r, member, &dirs)) return false;
  }
  if (dirs.count < raw.count) return config_refuse(r, at, "a directory is listed more than once");
  if (!dirs.count) return config_refuse(r, at, "directories is empty");
  for (size_t i = 0; i < dirs.count; i++) {
    if (!check_directory(r, at, &dirs, i)) return false;
    STELE_VEC_PUSH(r->arena, &r->file->modules, (config_module){.path = dirs.at[i]});
  }
  return true;
}

/* ---- the entry ------------------------------------------------------------ */

typedef struct config_job {
  config_reader r;
  const stele_json *root;
  bool ok;
} config_job;

static void run_job(void *arg) {
  config_job *job = arg;
  config_reader *r = &job->r;
  r->file = STELE_NEW(r->arena, config_file);
  if (job->root->kind != STELE_JSON_OBJECT && job->root->kind != STELE_JSON_NULL) {
    job->ok = config_refuse(r, job->root, "expected a mapping");
    return;
  }
  job->ok = read_version(r, job->root) &&
            (r->version == CONFIG_WORK ? read_work(r, job->root) : read_file(r, job->root));
}

const config_file *config_parse(stele_arena *arena, stele_str name, stele_str text,
                                config_kind kind, stele_err *err) {
  config_job job = {
      .r = {.arena = arena, .name = name, .text = text, .kind = kind, .err = err},
      .root = stele_yaml_parse(arena, text, NULL, NULL, err),
  };
  if (!job.root) {
    (void)stele_wrap(err, STELE_STR_FMT, STELE_STR_ARG(name));
    return NULL;
  }
  bool done = stele_guard_run(arena, run_job, &job, err);
  return done && job.ok ? job.r.file : NULL;
}

const config_file *config_default(stele_arena *arena, config_version version) {
  config_file *file = STELE_NEW(arena, config_file);
  config_module module = {.path = STELE_STR(".")};
  bool allow = version == CONFIG_V2 || version == CONFIG_STELE;
  module.lint.allow_comment_ignores = allow;
  file->version = version;
  STELE_VEC_PUSH(arena, &file->modules, module);
  return file;
}
