/* input/ref: how an input is named, before anybody looks for it.
 *
 *   proto                      a folder
 *   .git#tag=v1,subdir=proto   a commit of a repository
 *   main, HEAD~2, v1.4         the same folder at another commit
 *   src.tar.gz#strip_components=1,subdir=proto   an archive
 *   image.binpb, -             an image: a FileDescriptorSet; also .json, .txtpb, .yaml
 *   a/b.proto#include_package_files=true         one file
 *   registry, registry@3, registry:orders-value@3   what a registry has, had at a release
 *
 * Keys after # and the endings of names are those that buf knows.
 * Pure. Deps: base, config. */
#ifndef STELE_INPUT_REF_H
#define STELE_INPUT_REF_H

#include "base/arena.h"
#include "base/err.h"

typedef enum input_format {
  INPUT_DIR,
  INPUT_GIT,
  INPUT_TAR,
  INPUT_ZIP,
  INPUT_BINPB,
  INPUT_JSON,
  INPUT_TXTPB,
  INPUT_YAML,
  INPUT_PROTOFILE,
  INPUT_MODULE,   /* host/owner/name of somebody's registry */
  INPUT_REGISTRY, /* Stele's */
} input_format;

/* Is it an image, in one of its forms? */
bool input_format_is_image(input_format format);

typedef struct input_ref {
  stele_str text; /* as it was typed */
  stele_str path; /* before the # */
  input_format format;
  bool is_given; /* the format was, with format= */
  bool is_gzip, is_zstd;
  stele_str branch, tag, commit, ref; /* git: at most one of the first three */
  stele_str subdir;                   /* normalised; "." without one */
  uint32_t strip_components;
  bool include_package_files;
} input_ref;

/* STELE_INVALID for a bad key, a key that the format does not have, or a value
 * that makes no sense. Memory: aliases `text`, and `arena`. */
bool input_ref_parse(stele_arena *arena, stele_str text, input_ref *out,
                     stele_err *err) STELE_MUST_USE;

#endif
