/* libgit2, wrapped once.
 *
 * A tree is walked when one turns to it, with a queue and not by recursion, and
 * counted: a tree object may name the same tree many times, so that a small
 * repository can mean endless folders. */
#include "git/git.h"

#include <git2.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/guard.h"
#include "base/library.h"
#include "base/map.h"
#include "base/vec.h"

enum { MOST_ENTRIES = 1000000, MOST_DEPTH = 128, MOST_NAME = 4096, HASH_TEXT = 41 };

// clang-format off
#define GIT_CALLS(X) \
  X(git_, libgit2_init) X(git_, libgit2_opts) X(git_, libgit2_shutdown) X(git_, error_last) \
  X(git_, repository_open_ext) X(git_, repository_odb) X(git_, repository_workdir) \
  X(git_, repository_free) X(git_, revparse_single) X(git_, object_peel) X(git_, object_free) \
  X(git_, commit_free) X(git_, commit_time) X(git_, commit_id) X(git_, commit_tree_id) \
  X(git_, oid_tostr) X(git_, tree_lookup) X(git_, tree_free) X(git_, tree_entrycount) \
  X(git_, tree_entry_byindex) X(git_, tree_entry_name) X(git_, tree_entry_id) \
  X(git_, tree_entry_type) X(git_, tree_entry_filemode) X(git_, odb_read_header) \
  X(git_, odb_free) X(git_, blob_lookup) X(git_, blob_rawcontent) X(git_, blob_rawsize) \
  X(git_, blob_free)
// clang-format on

typedef struct git_calls {
  GIT_CALLS(STELE_LIBRARY_CALL)
} git_calls;

static const stele_library git_library = {"libgit2.so." LIBGIT2_SOVERSION, "libgit2-1.5",
                                          GIT_CALLS(STELE_LIBRARY_NAME)};

typedef struct git_file {
  stele_str path;
  git_oid id;
} git_file;

struct stele_git {
  git_calls lib;
  bool is_started;
  git_repository *repository;
  git_odb *objects;
  stele_arena *arena; /* of the tree that was turned to */
  stele_map files;    /* path -> git_file */
  stele_map folders;  /* path -> anything */
  int64_t time;
  char hash[HASH_TEXT];
  stele_str folder;
};

static bool fail(const stele_git *git, stele_err *err, stele_code code, const char *what) {
  const git_error *error = git->lib.error_last();
  return stele_fail(err, code, "%s: %s", what, error && error->message ? error->message : "?");
}

/* ---- opening -------------------------------------------------------------- */

static bool open_at(stele_git *git, stele_str path, bool search_above, stele_err *err) {
  char text[MOST_NAME];
  if (path.len == 0 || path.len >= sizeof text || memchr(path.ptr, 0, path.len)) {
    return stele_fail(err, STELE_INVALID, "the repository's path is empty, too long or has a NUL");
  }
  memcpy(text, path.ptr, path.len);
  text[path.len] = 0;
  unsigned flags = search_above ? 0 : GIT_REPOSITORY_OPEN_NO_SEARCH;
  int status = git->lib.repository_open_ext(&git->repository, text, flags, NULL);
  if (status == GIT_ENOTFOUND) {
    return stele_fail(err, STELE_NOT_FOUND, STELE_STR_FMT ": no git repository",
                      STELE_STR_ARG(path));
  }
  if (status != 0) return fail(git, err, STELE_IO, "cannot open the git repository");
  if (git->lib.repository_odb(&git->objects, git->repository) != 0) {
    return fail(git, err, STELE_IO, "cannot open the git objects");
  }
  stele_str folder = stele_cstr(git->lib.repository_workdir(git->repository));
  while (folder.len > 1 && folder.ptr[folder.len - 1] == '/') folder.len--;
  git->folder = folder;
  return true;
}

static bool start(stele_git *git, stele_err *err) {
  if (!stele_library_open(&git_library, &git->lib, sizeof git->lib, err)) return false;
  if (git->lib.libgit2_init() < 0) return fail(git, err, STELE_IO, "cannot start libgit2");
  git->is_started = true;
  /* Who owns a repository matters to those who run its hooks; nobody does here. */
  (void)git->lib.libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
  return true;
}

bool stele_git_open(stele_str path, bool search_above, stele_git **out, stele_err *err) {
  *out = NULL;
  stele_arena *arena = stele_arena_new(0);
  stele_git *git = arena ? STELE_NEW(arena, stele_git) : NULL;
  if (!git) return stele_fail(err, STELE_NO_MEMORY, "no memory for a git repository");
  git->arena = arena;
  if (start(git, err) && open_at(git, path, search_above, err)) {
    *out = git;
    return true;
  }
  stele_git_close(git);
  return false;
}

void stele_git_close(stele_git *git) {
  if (!git) return;
  if (git->is_started) {
    git->lib.odb_free(git->objects);
    git->lib.repository_free(git->repository);
    (void)git->lib.libgit2_shutdown();
  }
  stele_arena_free(git->arena);
}

stele_str stele_git_folder(const stele_git *git) {
  return git->folder;
}

int64_t stele_git_time(const stele_git *git) {
  return git->time;
}

stele_str stele_git_hash(const stele_git *git) {
  return stele_cstr(git->hash);
}

/* ---- revisions ------------------------------------------------------------ */

static const struct {
  stele_git_name kind;
  const char *format; /* of what rev-parse is asked */
} spellings[] = {
    {STELE_GIT_HEAD, "HEAD"},
    {STELE_GIT_BRANCH, "refs/heads/%.*s"},
    {STELE_GIT_BRANCH, "refs/remotes/origin/%.*s"},
    {STELE_GIT_TAG, "refs/tags/%.*s"},
    {STELE_GIT_COMMIT, "%.*s"},
    {STELE_GIT_ANY, "%.*s"},
    {STELE_GIT_ANY, "refs/remotes/origin/%.*s"},
};

static bool is_hash(stele_str name) {
  for (size_t i = 0; i < name.len; i++) {
    char c = name.ptr[i];
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) return false;
  }
  return name.len >= 4 && name.len <= 40;
}

static bool spell(char *out, size_t size, size_t row, stele_str name) {
  const char *hole = strstr(spellings[row].format, "%.*s");
  size_t before = hole ? (size_t)(hole - spellings[row].format) : strlen(spellings[row].format);
  if (before + name.len + 1 > size) return false;
  memcpy(out, spellings[row].format, before);
  out[before] = 0;
  if (!hole) return true;
  memcpy(out + before, name.ptr, name.len);
  out[before + name.len] = 0;
  return true;
}

static git_commit *find_commit(stele_git *git, stele_git_name kind, stele_str name) {
  char text[MOST_NAME];
  if (kind != STELE_GIT_HEAD && (name.len == 0 || memchr(name.ptr, 0, name.len))) return NULL;
  if (kind == STELE_GIT_COMMIT && !is_hash(name)) return NULL;
  for (size_t i = 0; i < STELE_COUNT(spellings); i++) {
    if (spellings[i].kind != kind || !spell(text, sizeof text, i, name)) continue;
    git_object *object = NULL, *commit = NULL;
    if (git->lib.revparse_single(&object, git->repository, text) != 0) continue;
    int status = git->lib.object_peel(&commit, object, GIT_OBJECT_COMMIT);
    git->lib.object_free(object);
    if (status == 0) return (git_commit *)commit;
  }
  return NULL;
}

bool stele_git_has(stele_git *git, stele_git_name kind, stele_str name) {
  git_commit *commit = find_commit(git, kind, name);
  git->lib.commit_free(commit);
  return commit != NULL;
}

/* ---- the tree ------------------------------------------------------------- */

typedef struct tree_folder {
  stele_str path;
  git_oid id;
  unsigned depth;
} tree_folder;

typedef struct tree_walk {
  stele_git *git;
  tree_folder root;
  STELE_VEC(tree_folder) queue;
  git_tree *tree; /* in hand */
  size_t at;      /* in the queue */
  size_t entries;
} tree_walk;

static stele_str below(stele_arena *arena, stele_str dir, const char *name) {
  return dir.len ? stele_str_printf(arena, STELE_STR_FMT "/%s", STELE_STR_ARG(dir), name)
                 : stele_str_copy(arena, stele_cstr(name));
}

static void take_entry(tree_walk *walk, const tree_folder *folder, const git_tree_entry *entry) {
  stele_git *git = walk->git;
  git_object_t type = git->lib.tree_entry_type(entry);
  if (++walk->entries > MOST_ENTRIES) {
    stele_guard_leave(git->arena, STELE_LIMIT, "the commit has more than %d files", MOST_ENTRIES);
  }
  if (type == GIT_OBJECT_TREE) {
    if (folder->depth >= MOST_DEPTH) {
      stele_guard_leave(git->arena, STELE_LIMIT, "the commit has more than %d levels", MOST_DEPTH);
    }
    tree_folder sub = {.path = below(git->arena, folder->path, git->lib.tree_entry_name(entry)),
                       .id = *git->lib.tree_entry_id(entry),
                       .depth = folder->depth + 1};
    *stele_map_add(&git->folders, sub.path) = git;
    STELE_VEC_PUSH(git->arena, &walk->queue, sub);
  } else if (type == GIT_OBJECT_BLOB && git->lib.tree_entry_filemode(entry) != GIT_FILEMODE_LINK) {
    git_file *file = STELE_NEW(git->arena, git_file);
    file->path = below(git->arena, folder->path, git->lib.tree_entry_name(entry));
    file->id = *git->lib.tree_entry_id(entry);
    *stele_map_add(&git->files, file->path) = file;
  }
}

/* The entries of the folder in hand. */
static void take_folder(void *arg) {
  tree_walk *walk = arg;
  stele_git *git = walk->git;
  tree_folder folder = walk->queue.at[walk->at];
  size_t count = git->lib.tree_entrycount(walk->tree);
  for (size_t i = 0; i < count; i++) {
    take_entry(walk, &folder, git->lib.tree_entry_byindex(walk->tree, i));
  }
}

static void begin_tree(void *arg) {
  tree_walk *walk = arg;
  stele_map_init(&walk->git->files, walk->git->arena, 0);
  stele_map_init(&walk->git->folders, walk->git->arena, 0);
  STELE_VEC_PUSH(walk->git->arena, &walk->queue, walk->root);
}

/* libgit2's handles are opened and closed outside the guard. */
static bool walk_tree(stele_git *git, const git_oid *root, stele_err *err) {
  tree_walk walk = {.git = git, .root = {.id = *root}};
  if (!stele_guard_run(git->arena, begin_tree, &walk, err)) return false;
  for (; walk.at < walk.queue.count; walk.at++) {
    if (git->lib.tree_lookup(&walk.tree, git->repository, &walk.queue.at[walk.at].id) != 0) {
      return fail(git, err, STELE_CORRUPT, "cannot read a tree of the commit");
    }
    bool ok = stele_guard_run(git->arena, take_folder, &walk, err);
    git->lib.tree_free(walk.tree);
    if (!ok) return false;
  }
  return true;
}

bool stele_git_turn_to(stele_git *git, stele_git_name kind, stele_str name, stele_err *err) {
  static const char *const kinds[] = {"HEAD", "branch ", "tag ", "commit ", "revision "};
  git_commit *commit = find_commit(git, kind, name);
  if (!commit) {
    return stele_fail(err, STELE_NOT_FOUND, "the git repository has no %s" STELE_STR_FMT,
                      kinds[kind], STELE_STR_ARG(name));
  }
  git->time = git->lib.commit_time(commit);
  (void)git->lib.oid_tostr(git->hash, sizeof git->hash, git->lib.commit_id(commit));
  bool ok = walk_tree(git, git->lib.commit_tree_id(commit), err);
  git->lib.commit_free(commit);
  return ok;
}

/* ---- files ---------------------------------------------------------------- */

static int by_bytes(const void *a, const void *b) {
  const stele_str *x = a, *y = b;
  return stele_str_order(*x, *y);
}

const stele_str *stele_git_list(stele_git *git, stele_arena *arena, stele_str suffix,
                                size_t *count) {
  STELE_VEC(stele_str) found = {0};
  for (size_t i = 0; i < git->files.count; i++) {
    stele_str path = git->files.entries[i].key.str;
    if (path.len < suffix.len) continue;
    if (memcmp(path.ptr + path.len - suffix.len, suffix.ptr, suffix.len) != 0) continue;
    STELE_VEC_PUSH(arena, &found, path);
  }
  if (found.count) qsort(found.at, found.count, sizeof *found.at, by_bytes);
  *count = found.count;
  return found.at;
}

bool stele_git_has_path(const stele_git *git, stele_str path) {
  return stele_map_find(&git->files, path) || stele_map_find(&git->folders, path);
}

bool stele_git_read(stele_git *git, stele_str path, size_t limit_bytes, stele_buf *buf,
                    stele_err *err) {
  const git_file *file = stele_map_find(&git->files, path);
  git_object_t type;
  size_t size = 0;
  git_blob *blob = NULL;
  stele_buf_clear(buf);
  if (!file) {
    return stele_fail(err, STELE_NOT_FOUND, STELE_STR_FMT ": not in the commit",
                      STELE_STR_ARG(path));
  }
  if (git->lib.odb_read_header(&size, &type, git->objects, &file->id) != 0) {
    return fail(git, err, STELE_CORRUPT, "cannot read a file of the commit");
  }
  if (size > limit_bytes) {
    return stele_fail(err, STELE_LIMIT, STELE_STR_FMT " is larger than %zu bytes",
                      STELE_STR_ARG(path), limit_bytes);
  }
  if (git->lib.blob_lookup(&blob, git->repository, &file->id) != 0) {
    return fail(git, err, STELE_CORRUPT, "cannot read a file of the commit");
  }
  stele_buf_add(buf, git->lib.blob_rawcontent(blob), (size_t)git->lib.blob_rawsize(blob));
  git->lib.blob_free(blob);
  return !buf->failed || stele_fail(err, STELE_NO_MEMORY, "no memory for a file of the commit");
}
