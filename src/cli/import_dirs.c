/* Import folders. A file's name is found by comparing paths as text first,
 * because that is how protoc does it, and only then by what the paths really
 * are: so `-I ../schemas /abs/schemas/a.proto` works too. */
#include "cli/import_dirs.h"

#include "base/path.h"
#include "proto/wkt/wkt.h"
#include "sys/file.h"

enum { MOST_FILES = 1000000, MOST_TEXT_BYTES = 64 << 20 };

/* ---- Paths as text -------------------------------------------------------- */

/* What is left of `path` below `dir`; false when it does not lie there. */
static bool below(stele_str dir, stele_str path, stele_str *rest) {
  *rest = path;
  if (dir.len == 0) return path.len && path.ptr[0] != '/';
  if (path.len <= dir.len || memcmp(path.ptr, dir.ptr, dir.len) != 0) return false;
  size_t at = dir.len;
  if (dir.ptr[dir.len - 1] != '/' && path.ptr[at++] != '/') return false;
  *rest = (stele_str){path.ptr + at, path.len - at};
  return rest->len > 0;
}

/* ---- The resolver ----------------------------------------------------------- */

static stele_buf *push_text(cli_import_dirs *self) {
  if (self->text_count == self->texts.count) {
    stele_buf_init(STELE_VEC_ADD(self->arena, &self->texts), NULL, 0);
  }
  return &self->texts.at[self->text_count++];
}

/* Paths that step outside are not looked at: an import is no way to read what
 * lies around. */
static bool find(stele_resolver *resolver, stele_str path, stele_found *out, stele_err *err) {
  cli_import_dirs *self = (cli_import_dirs *)resolver;
  *out = (stele_found){.kind = STELE_FOUND_NOTHING};
  if (stele_path_fault(path)) return true;
  stele_buf *text = push_text(self);
  for (size_t i = 0; i < self->dirs.count; i++) {
    stele_err failure = {0};
    stele_mark mark = stele_arena_mark(self->arena);
    bool ok = sys_folders_read_into(&self->folders, text,
                                    stele_path_join(self->arena, self->dirs.at[i], path),
                                    MOST_TEXT_BYTES, &failure);
    stele_arena_rewind(self->arena, mark);
    if (ok) {
      *out = (stele_found){.kind = STELE_FOUND_TEXT, .bytes = stele_buf_bytes(text)};
      return true;
    }
    if (failure.code != STELE_NOT_FOUND) {
      *err = failure;
      return false;
    }
  }
  self->text_count--;
  STELE_VEC_PUSH(self->arena, &self->missing, stele_str_copy(self->arena, path));
  return true;
}

static void release(stele_resolver *resolver, const stele_found *found) {
  (void)found;
  ((cli_import_dirs *)resolver)->text_count--;
}

void cli_import_dirs_init(cli_import_dirs *self, stele_arena *arena) {
  *self = (cli_import_dirs){.resolver = {.find = find, .release = release}, .arena = arena};
}

void cli_import_dirs_copy(cli_import_dirs *self, stele_arena *arena, const cli_import_dirs *from) {
  cli_import_dirs_init(self, arena);
  for (size_t i = 0; i < from->dirs.count; i++) {
    STELE_VEC_PUSH(arena, &self->dirs, from->dirs.at[i]);
  }
}

void cli_import_dirs_release(cli_import_dirs *self) {
  for (size_t i = 0; i < self->texts.count; i++) stele_buf_release(&self->texts.at[i]);
  sys_folders_release(&self->folders);
}

void cli_import_dirs_add(cli_import_dirs *self, stele_str dir) {
  STELE_VEC_PUSH(self->arena, &self->dirs, stele_path_clean(self->arena, dir));
}

/* ---- Names -------------------------------------------------------------------- */

static bool exists(cli_import_dirs *self, size_t dir, stele_str name) {
  stele_str path = stele_path_join(self->arena, self->dirs.at[dir], name);
  return sys_folders_stat(&self->folders, path).kind != SYS_FILE_NONE;
}

/* An earlier folder with a file of that name would be read instead. */
static bool check_shadow(cli_import_dirs *self, stele_str path, size_t dir, stele_str name,
                         stele_err *err) {
  for (size_t i = 0; i < dir; i++) {
    if (!exists(self, i, name)) continue;
    return stele_fail(err, STELE_INVALID,
                      STELE_STR_FMT ": hidden by " STELE_STR_FMT
                                    ", which an earlier -I finds under the same name",
                      STELE_STR_ARG(path),
                      STELE_STR_ARG(stele_path_join(self->arena, self->dirs.at[i], name)));
  }
  return true;
}

static bool name_as_text(cli_import_dirs *self, stele_str path, stele_str *name, size_t *dir) {
  stele_str clean = stele_path_clean(self->arena, path);
  for (*dir = 0; *dir < self->dirs.count; ++*dir) {
    if (below(self->dirs.at[*dir], clean, name) && !stele_path_fault(*name)) return true;
  }
  return false;
}

static bool name_really(cli_import_dirs *self, stele_str path, stele_str *name, size_t *dir) {
  stele_err ignored = {0};
  stele_str real, real_dir;
  if (!sys_path_real(self->arena, path, &real, &ignored)) return false;
  for (*dir = 0; *dir < self->dirs.count; ++*dir) {
    stele_str text = self->dirs.at[*dir].len ? self->dirs.at[*dir] : STELE_STR(".");
    if (sys_path_real(self->arena, text, &real_dir, &ignored) && below(real_dir, real, name)) {
      return true;
    }
  }
  return false;
}

/* A word that is no file may be the name of an import, or of a built-in file. */
static bool name_of_import(cli_import_dirs *self, stele_str path, stele_str *name, stele_err *err) {
  stele_str text;
  *name = path;
  if (!stele_path_fault(path)) {
    if (stele_wkt_find(path, &text)) return true;
    for (size_t i = 0; i < self->dirs.count; i++) {
      if (exists(self, i, path)) return true;
    }
  }
  return stele_fail(err, STELE_NOT_FOUND, STELE_STR_FMT ": no such file", STELE_STR_ARG(path));
}

/* The kind of the path is known: a tree of thousands of files is named with one
 * question each. */
static bool name_of_kind(cli_import_dirs *self, stele_str path, sys_file_kind kind, stele_str *name,
                         stele_err *err) {
  size_t dir;
  if (kind == SYS_FILE_NONE) return name_of_import(self, path, name, err);
  if (name_as_text(self, path, name, &dir) || name_really(self, path, name, &dir)) {
    *name = stele_str_copy(self->arena, *name);
    return check_shadow(self, path, dir, *name, err);
  }
  return stele_fail(err, STELE_INVALID,
                    STELE_STR_FMT ": not in any -I; add -I with a folder above the file",
                    STELE_STR_ARG(path));
}

bool cli_import_dirs_name(cli_import_dirs *self, stele_str path, stele_str *name, stele_err *err) {
  return name_of_kind(self, path, sys_folders_stat(&self->folders, path).kind, name, err);
}

stele_str cli_import_dirs_path(cli_import_dirs *self, stele_str name) {
  if (stele_path_fault(name)) return name;
  for (size_t i = 0; i < self->dirs.count; i++) {
    if (exists(self, i, name)) return stele_path_join(self->arena, self->dirs.at[i], name);
  }
  return name;
}

bool cli_import_dirs_guess(cli_import_dirs *self, stele_str word, cli_names *out) {
  static const stele_str suffix = STELE_STR_INIT(".proto");
  stele_str name, end = {word.ptr + word.len - suffix.len, suffix.len};
  size_t dir;
  if (word.len <= suffix.len || !stele_str_eq(end, suffix)) return false;
  if (!name_as_text(self, word, &name, &dir) || dir > 0) return false;
  STELE_VEC_PUSH(self->arena, out, stele_str_copy(self->arena, name));
  STELE_VEC_PUSH(self->arena, &self->sizes, 0);
  return true;
}

bool cli_import_dirs_expand(cli_import_dirs *self, stele_str word, cli_names *out, stele_err *err) {
  stele_str name;
  sys_file_info info = sys_folders_stat(&self->folders, word);
  if (info.kind != SYS_FILE_DIR) {
    if (!name_of_kind(self, word, info.kind, &name, err)) return false;
    STELE_VEC_PUSH(self->arena, out, name);
    STELE_VEC_PUSH(self->arena, &self->sizes, info.size_bytes);
    return true;
  }
  sys_paths paths;
  if (!sys_dir_list(self->arena, word, STELE_STR(".proto"), MOST_FILES, &paths, err)) return false;
  for (size_t i = 0; i < paths.count; i++) {
    stele_str path = stele_path_join(self->arena, stele_path_clean(self->arena, word), paths.at[i]);
    if (!name_of_kind(self, path, SYS_FILE_PLAIN, &name, err)) return false; /* just listed */
    STELE_VEC_PUSH(self->arena, out, name);
    STELE_VEC_PUSH(self->arena, &self->sizes, 0);
  }
  return true;
}
