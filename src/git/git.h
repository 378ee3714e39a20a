/* git: the files of one commit, read from the object database.
 *
 * In:   a repository (a checkout, its .git, or a bare one) and a revision.
 * Out:  the paths in that commit's tree, and their bytes. Nothing is checked
 *       out, fetched or run, and no hook or filter sees the bytes.
 * Links and submodules are passed over: what they lead to is not in the commit.
 * Threads: one handle, one thread.
 * Deps: base. The only user of libgit2. */
#ifndef STELE_GIT_GIT_H
#define STELE_GIT_GIT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

typedef struct stele_git stele_git;

/* How a revision is named. */
typedef enum stele_git_name {
  STELE_GIT_HEAD,   /* what HEAD points at */
  STELE_GIT_BRANCH, /* a local branch, else the one of `origin` */
  STELE_GIT_TAG,
  STELE_GIT_COMMIT, /* a hash, or the beginning of one */
  STELE_GIT_ANY,    /* whatever git rev-parse takes: main, v1.2, HEAD~3, 1f2e3d4 */
} stele_git_name;

/* Opens the repository at `path`; with `search_above` also the one that `path`
 * lies in. STELE_NOT_FOUND when there is none. */
bool stele_git_open(stele_str path, bool search_above, stele_git **out,
                    stele_err *err) STELE_MUST_USE;

/* NULL is fine. */
void stele_git_close(stele_git *git);

/* The folder of the checkout, absolute, without a slash at the end; empty for a
 * bare repository. Lives as long as the handle. */
stele_str stele_git_folder(const stele_git *git);

/* Is there such a revision? Asks, and changes nothing. */
bool stele_git_has(stele_git *git, stele_git_name kind, stele_str name);

/* Turns to a revision: from now on list and read are about its tree.
 * STELE_NOT_FOUND when there is none; STELE_LIMIT for a tree of more than a
 * million entries or 128 levels. */
bool stele_git_turn_to(stele_git *git, stele_git_name kind, stele_str name,
                       stele_err *err) STELE_MUST_USE;

/* Seconds since 1970 and the hash of the commit that was turned to. */
int64_t stele_git_time(const stele_git *git);
stele_str stele_git_hash(const stele_git *git);

/* The files of the tree whose names end in `suffix`, in order of their bytes. */
const stele_str *stele_git_list(stele_git *git, stele_arena *arena, stele_str suffix,
                                size_t *count);

/* Is there a file, or anything below a folder, of that path. */
bool stele_git_has_path(const stele_git *git, stele_str path);

/* The bytes of a file, over what `buf` held. STELE_NOT_FOUND, STELE_LIMIT past
 * `limit_bytes`, STELE_CORRUPT when the object cannot be read. */
bool stele_git_read(stele_git *git, stele_str path, size_t limit_bytes, stele_buf *buf,
                    stele_err *err) STELE_MUST_USE;

#endif
