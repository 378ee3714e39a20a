/* config, inside: the reader and the kinds of values that keys have.
 * Deps: config/config.h, fmt/json.h. */
#ifndef STELE_CONFIG_CONFIG_INTERNAL_H
#define STELE_CONFIG_CONFIG_INTERNAL_H

#include "config/config.h"
#include "fmt/json.h"

typedef struct config_reader {
  stele_arena *arena;
  stele_str name, text;
  config_kind kind;
  config_version version;
  config_file *file;
  config_rules lint, breaking; /* at the top: what modules without their own have */
  config_strs roots, excludes; /* of `build` */
  stele_str top_name;          /* a module's name at the top */
  stele_err *err;
} config_reader;

/* One key of a section: in which versions it stands, and who reads its value
 * into the member at `offset` of the section's struct. */
typedef bool config_read(config_reader *r, const stele_json *value, void *into);

typedef struct config_key {
  const char *name;
  unsigned versions;
  config_read *take;
  size_t offset;
} config_key;

/* "buf.yaml:3:5: …" */
bool config_refuse(config_reader *r, const stele_json *at, const char *format, ...)
    STELE_PRINTF(3, 4);

/* Reads a section by its table; null is an empty one. */
bool config_section(config_reader *r, const stele_json *value, const config_key *keys, size_t count,
                    void *into);

/* Values: STR takes numbers and booleans as they are spelt, STRS one list of
 * them, BOOL also YAML 1.1's yes and no; PATHS are normalised ("" is ".") and each
 * there once; FOLDERS are paths none of which is empty or given twice. */
config_read config_read_str, config_read_strs, config_read_bool, config_read_u32, config_read_paths,
    config_read_folders, config_read_skip;

/* The section `lint` or `breaking`. */
config_read config_read_lint, config_read_breaking;

/* The list `modules`, and the sections at the top for the modules that say
 * nothing themselves. */
config_read config_read_modules;
bool config_share_rules(config_reader *r, const stele_json *root);

/* False: one path lies in another. `what` is "ignore", "root", … */
bool config_check_nesting(config_reader *r, const stele_json *at, const config_strs *paths,
                          const char *what);

/* Makes the paths of a section relative to the module at `path`, "." for the module
 * itself. Those that lie elsewhere are left out, or refused when the section is the
 * module's own. `at` is what the section stands in. `out` may be `rules`. */
bool config_rules_in(config_reader *r, const stele_json *at, stele_str path, const char *section,
                     const config_rules *rules, bool is_own, config_rules *out);

/* "registry/owner/name": is it one, and when `with_ref`, also with ":ref". */
bool config_is_module_name(stele_str text, bool with_ref);

#endif
