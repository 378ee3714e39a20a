/* fmt/yaml_config: one YAML document as the same tree that JSON makes.
 *
 * In:   text (stele.yaml, buf.yaml, …).   Out: a tree to ask with fmt/json.h.
 * Plain scalars mean what YAML 1.2's core schema says: `yes` is a string,
 * 0x1F a number. Anchors and aliases work, within the limits; merge keys,
 * complex keys, other tags than !!str, infinite numbers and a second document
 * are refused.
 * Deps: base, fmt/json.h. The only user of libyaml. */
#ifndef STELE_FMT_YAML_CONFIG_H
#define STELE_FMT_YAML_CONFIG_H

#include "fmt/json.h"

/* The tree of a document; an empty text is null.
 *
 * Errors and `where` as in stele_json_parse; a column and an offset count
 * characters. Limits at 0: 1 MiB, 64 levels, 100,000 values, aliases expanded.
 * Memory: in `arena`; nothing aliases `text`. Threads: any. */
const stele_json *stele_yaml_parse(stele_arena *arena, stele_str text,
                                   const stele_json_limits *limits, stele_json_place *where,
                                   stele_err *err) STELE_MUST_USE;

#endif
