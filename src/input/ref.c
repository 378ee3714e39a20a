/* Keys are rows: which formats have them, and who takes their value. */
#include "input/ref.h"

#include "base/num.h"
#include "config/config.h"

enum { LONGEST = 1 << 16 };

/* ---- formats -------------------------------------------------------------- */

/* The first ending that fits; compression by what follows it. */
static const struct {
  const char *ending;
  input_format format;
  bool may_be_compressed;
} endings[] = {
    {".git", INPUT_GIT, false},         {".tar", INPUT_TAR, true},
    {".zip", INPUT_ZIP, false},         {".bin", INPUT_BINPB, true},
    {".binpb", INPUT_BINPB, true},      {".json", INPUT_JSON, true},
    {".txtpb", INPUT_TXTPB, true},      {".yaml", INPUT_YAML, true},
    {".proto", INPUT_PROTOFILE, false},
};

/* What format= may say; the older names say the compression as well. */
static const struct {
  const char *name;
  input_format format;
  bool is_gzip;
} formats[] = {
    {"dir", INPUT_DIR, false},
    {"git", INPUT_GIT, false},
    {"tar", INPUT_TAR, false},
    {"targz", INPUT_TAR, true},
    {"zip", INPUT_ZIP, false},
    {"binpb", INPUT_BINPB, false},
    {"bin", INPUT_BINPB, false},
    {"bingz", INPUT_BINPB, true},
    {"json", INPUT_JSON, false},
    {"jsongz", INPUT_JSON, true},
    {"txtpb", INPUT_TXTPB, false},
    {"yaml", INPUT_YAML, false},
    {"protofile", INPUT_PROTOFILE, false},
    {"mod", INPUT_MODULE, false},
    {"registry", INPUT_REGISTRY, false},
};

bool input_format_is_image(input_format format) {
  return format == INPUT_BINPB || format == INPUT_JSON || format == INPUT_TXTPB ||
         format == INPUT_YAML;
}

static bool ends_with(stele_str text, const char *ending) {
  size_t len = strlen(ending);
  return text.len >= len && memcmp(text.ptr + text.len - len, ending, len) == 0;
}

static bool is_word(stele_str text, const char *word) {
  return stele_str_eq(text, stele_cstr(word));
}

/* "buf.build/acme/petapis": three steps, the first with a dot in it. */
static bool looks_like_module(stele_str path) {
  size_t slashes = 0, first = 0;
  for (size_t i = 0; i < path.len; i++) {
    if (path.ptr[i] != '/') continue;
    if (slashes++ == 0) first = i;
  }
  return slashes == 2 && first > 2 && path.ptr[0] != '.' && memchr(path.ptr, '.', first);
}

/* "registry", "registry@3", "registry:orders-value@3". */
static bool names_registry(stele_str path) {
  static const char word[] = "registry";
  size_t len = sizeof word - 1;
  if (path.len < len || memcmp(path.ptr, word, len) != 0) return false;
  return path.len == len || ((path.ptr[len] == ':' || path.ptr[len] == '@') && path.len > len + 1);
}

static void guess_format(input_ref *ref) {
  stele_str path = ref->path;
  if (is_word(path, "-") || is_word(path, "/dev/stdin")) {
    ref->format = INPUT_BINPB;
    return;
  }
  if (names_registry(path)) {
    ref->format = INPUT_REGISTRY;
    return;
  }
  if (ends_with(path, ".tgz")) {
    ref->format = INPUT_TAR;
    ref->is_gzip = true;
    return;
  }
  stele_str bare = path;
  ref->is_gzip = ends_with(path, ".gz");
  ref->is_zstd = ends_with(path, ".zst");
  if (ref->is_gzip) bare.len -= 3;
  if (ref->is_zstd) bare.len -= 4;
  bool is_compressed = bare.len < path.len;
  ref->format = looks_like_module(path) ? INPUT_MODULE : INPUT_DIR;
  for (size_t i = 0; i < STELE_COUNT(endings); i++) {
    if (is_compressed && !endings[i].may_be_compressed) continue;
    if (!ends_with(bare, endings[i].ending)) continue;
    ref->format = endings[i].format;
    return;
  }
  ref->is_gzip = ref->is_zstd = false;
}

/* ---- keys ----------------------------------------------------------------- */

typedef struct ref_reader {
  stele_arena *arena;
  input_ref *ref;
  stele_str key, value;
  unsigned seen[2]; /* keys of each pass, by row */
  stele_err *err;
} ref_reader;

static bool take_format(ref_reader *r, void *into) {
  (void)into;
  for (size_t i = 0; i < STELE_COUNT(formats); i++) {
    if (!is_word(r->value, formats[i].name)) continue;
    if (!r->ref->is_given && formats[i].format != r->ref->format) {
      r->ref->is_gzip = r->ref->is_zstd = false;
    }
    r->ref->format = formats[i].format;
    r->ref->is_given = true;
    r->ref->is_gzip = r->ref->is_gzip || formats[i].is_gzip;
    return true;
  }
  return stele_fail(r->err, STELE_INVALID, "unknown format: \"" STELE_STR_FMT "\"",
                    STELE_STR_ARG(r->value));
}

static bool take_compression(ref_reader *r, void *into) {
  (void)into;
  r->ref->is_gzip = is_word(r->value, "gzip");
  r->ref->is_zstd = is_word(r->value, "zstd");
  return r->ref->is_gzip || r->ref->is_zstd || is_word(r->value, "none") ||
         stele_fail(r->err, STELE_INVALID, "unknown compression: \"" STELE_STR_FMT "\"",
                    STELE_STR_ARG(r->value));
}

static bool take_str(ref_reader *r, void *into) {
  *(stele_str *)into = r->value;
  return r->value.len > 0 ||
         stele_fail(r->err, STELE_INVALID, "\"" STELE_STR_FMT "\" is empty", STELE_STR_ARG(r->key));
}

static bool take_subdir(ref_reader *r, void *into) {
  const char *fault = config_path(r->arena, r->value, into);
  return !fault ||
         stele_fail(r->err, STELE_INVALID, STELE_STR_FMT ": %s", STELE_STR_ARG(r->value), fault);
}

static bool take_count(ref_reader *r, void *into) {
  int64_t number;
  if (!stele_num_parse_i64(r->value, &number) || number < 0 || number > LONGEST) {
    return stele_fail(r->err, STELE_INVALID,
                      "could not parse " STELE_STR_FMT " value \"" STELE_STR_FMT "\"",
                      STELE_STR_ARG(r->key), STELE_STR_ARG(r->value));
  }
  *(uint32_t *)into = (uint32_t)number;
  return true;
}

static bool take_bool(ref_reader *r, void *into) {
  *(bool *)into = is_word(r->value, "true");
  return *(bool *)into || is_word(r->value, "false") ||
         stele_fail(r->err, STELE_INVALID, STELE_STR_FMT " wants true or false",
                    STELE_STR_ARG(r->key));
}

/* How much history a clone would bring: the repository is here already. */
static bool take_depth(ref_reader *r, void *into) {
  uint32_t depth = 0;
  (void)into;
  if (!take_count(r, &depth)) return false;
  return depth > 0 || stele_fail(r->err, STELE_INVALID, "\"depth\" must be >0 if specified");
}

static bool take_ignored(ref_reader *r, void *into) {
  bool unused;
  (void)into;
  return take_bool(r, &unused);
}

#define AT(member) offsetof(input_ref, member)
#define ON(format) (1u << (format))
enum {
  GIT = 1 << INPUT_GIT,
  ARCHIVES = 1 << INPUT_TAR | 1 << INPUT_ZIP,
  IMAGES = 1 << INPUT_BINPB | 1 << INPUT_JSON | 1 << INPUT_TXTPB | 1 << INPUT_YAML,
};

static const struct ref_key {
  const char *name;
  unsigned formats;
  bool (*take)(ref_reader *r, void *into);
  size_t offset;
} keys[] = {
    {"format", ~0u, take_format, 0},
    {"compression", IMAGES | ON(INPUT_TAR), take_compression, 0},
    {"branch", GIT, take_str, AT(branch)},
    {"tag", GIT, take_str, AT(tag)},
    {"commit", GIT, take_str, AT(commit)},
    {"ref", GIT, take_str, AT(ref)},
    {"depth", GIT, take_depth, 0},
    {"recurse_submodules", GIT, take_ignored, 0},
    {"filter", GIT, take_str, AT(text)},
    {"subdir", GIT | ARCHIVES, take_subdir, AT(subdir)},
    {"strip_components", ARCHIVES, take_count, AT(strip_components)},
    {"include_package_files", ON(INPUT_PROTOFILE), take_bool, AT(include_package_files)},
};

static const struct ref_key *find_key(stele_str name) {
  for (size_t i = 0; i < STELE_COUNT(keys); i++) {
    if (is_word(name, keys[i].name)) return &keys[i];
  }
  return NULL;
}

/* One "key=value". The format goes first, since it says which keys there are. */
static bool take_pair(ref_reader *r, stele_str pair, bool format_only) {
  const char *equals = memchr(pair.ptr, '=', pair.len);
  if (!equals) {
    return stele_fail(r->err, STELE_INVALID, "\"" STELE_STR_FMT "\" is not key=value",
                      STELE_STR_ARG(pair));
  }
  r->key = (stele_str){pair.ptr, (size_t)(equals - pair.ptr)};
  r->value = (stele_str){equals + 1, pair.len - r->key.len - 1};
  const struct ref_key *key = find_key(r->key);
  unsigned bit = key ? 1u << (key - keys) : 0, *seen = &r->seen[format_only];
  if (*seen & bit) {
    return stele_fail(r->err, STELE_INVALID, "duplicate options key: \"" STELE_STR_FMT "\"",
                      STELE_STR_ARG(r->key));
  }
  *seen |= bit;
  if (!key) {
    return stele_fail(r->err, STELE_INVALID, "invalid key: \"" STELE_STR_FMT "\"",
                      STELE_STR_ARG(r->key));
  }
  if ((key->take == take_format) != format_only) return true;
  if (!(key->formats & ON(r->ref->format))) {
    return stele_fail(r->err, STELE_INVALID,
                      "invalid options for input \"" STELE_STR_FMT "\": " STELE_STR_FMT
                      " does not go with this format",
                      STELE_STR_ARG(r->ref->text), STELE_STR_ARG(r->key));
  }
  stele_str text = r->ref->text;
  bool ok = key->take(r, (char *)r->ref + key->offset);
  r->ref->text = text;
  return ok;
}

static bool take_pairs(ref_reader *r, stele_str all, bool format_only) {
  while (all.len) {
    const char *comma = memchr(all.ptr, ',', all.len);
    size_t len = comma ? (size_t)(comma - all.ptr) : all.len, next = comma ? len + 1 : len;
    if (!take_pair(r, (stele_str){all.ptr, len}, format_only)) return false;
    all = (stele_str){all.ptr + next, all.len - next};
  }
  return true;
}

static bool check_ref(ref_reader *r) {
  const input_ref *ref = r->ref;
  if ((ref->branch.len > 0) + (ref->tag.len > 0) + (ref->commit.len > 0) > 1) {
    return stele_fail(r->err, STELE_INVALID,
                      "must specify only one of \"branch\", \"commit\", or \"tag\"");
  }
  if (ref->ref.len && (ref->tag.len || ref->commit.len)) {
    return stele_fail(r->err, STELE_INVALID, "cannot specify \"ref\" with \"tag\" or \"commit\"");
  }
  if (ref->is_zstd && ref->is_gzip) {
    return stele_fail(r->err, STELE_INVALID, "two compressions at once");
  }
  if (ref->format == INPUT_REGISTRY && !names_registry(ref->path)) {
    return stele_fail(r->err, STELE_INVALID,
                      "what a registry has is called registry, registry@RELEASE or "
                      "registry:SUBJECT@VERSION, not \"" STELE_STR_FMT "\"",
                      STELE_STR_ARG(ref->path));
  }
  return true;
}

/* "file:///home/me/x.git" is the path behind it. */
static void drop_scheme(stele_str *path) {
  static const char scheme[] = "file://";
  size_t len = sizeof scheme - 1;
  if (path->len <= len || memcmp(path->ptr, scheme, len) != 0) return;
  *path = (stele_str){path->ptr + len, path->len - len};
}

bool input_ref_parse(stele_arena *arena, stele_str text, input_ref *out, stele_err *err) {
  ref_reader r = {.arena = arena, .ref = out, .err = err};
  const char *hash = text.len ? memchr(text.ptr, '#', text.len) : NULL;
  *out = (input_ref){.text = text, .path = text, .subdir = STELE_STR(".")};
  stele_str options = {0};
  if (hash) {
    out->path.len = (size_t)(hash - text.ptr);
    options = (stele_str){hash + 1, text.len - out->path.len - 1};
    if (!options.len) {
      return stele_fail(err, STELE_INVALID, "\"" STELE_STR_FMT "\" ends with # which is invalid",
                        STELE_STR_ARG(text));
    }
    if (memchr(options.ptr, '#', options.len)) {
      return stele_fail(err, STELE_INVALID,
                        "\"" STELE_STR_FMT "\" has multiple #s which is invalid",
                        STELE_STR_ARG(text));
    }
  }
  drop_scheme(&out->path);
  if (!out->path.len) return stele_fail(err, STELE_INVALID, "an input is empty");
  guess_format(out);
  return take_pairs(&r, options, true) && take_pairs(&r, options, false) && check_ref(&r);
}
