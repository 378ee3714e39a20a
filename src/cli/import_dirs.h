/* cli/import_dirs: where imports are looked for, and what files are called.
 *
 * In:   the folders of -I.   Out: a resolver that reads from them, and the
 * import name of a file on disk, by protoc's rules: the first folder that the
 * file lies in gives the name, and an earlier folder must not have another
 * file of that name.
 * Deps: sys/folders.h, proto/compile. */
#ifndef STELE_CLI_IMPORT_DIRS_H
#define STELE_CLI_IMPORT_DIRS_H

#include "base/vec.h"
#include "proto/compile/compile.h"
#include "sys/folders.h"

typedef STELE_VEC(stele_str) cli_names;

/* Texts lie in a stack of heap buffers that are used again for file after
 * file, so that reading a tree touches little memory. */
typedef struct cli_import_dirs {
  stele_resolver resolver; /* first: the compile's callbacks find the rest by it */
  stele_arena *arena;
  cli_names dirs;
  sys_folders folders;
  STELE_VEC(stele_buf) texts;
  size_t text_count;
  STELE_VEC(uint64_t) sizes; /* of the files that were named, in order; 0: not known */
  cli_names missing;         /* what was asked for and is in no folder */
} cli_import_dirs;

void cli_import_dirs_init(cli_import_dirs *self, stele_arena *arena);
void cli_import_dirs_release(cli_import_dirs *self);

/* The same folders once more, for another thread, with memory of its own. */
void cli_import_dirs_copy(cli_import_dirs *self, stele_arena *arena, const cli_import_dirs *from);

/* Adds a folder; earlier ones go first. */
void cli_import_dirs_add(cli_import_dirs *self, stele_str dir);

/* The import name of a file. STELE_NOT_FOUND: there is no such file (and no
 * import of that name either); STELE_INVALID: no folder covers it, or another
 * file hides it. */
bool cli_import_dirs_name(cli_import_dirs *self, stele_str path, stele_str *name,
                          stele_err *err) STELE_MUST_USE;

/* Where on disk the file of an import name is; the name itself when no folder
 * has it (a built-in file, or none). */
stele_str cli_import_dirs_path(cli_import_dirs *self, stele_str name);

/* Adds the names of what a word of the command line means: a file, or all
 * .proto files below a folder in order of their paths. */
bool cli_import_dirs_expand(cli_import_dirs *self, stele_str word, cli_names *out,
                            stele_err *err) STELE_MUST_USE;

/* Adds the name that a file in the first folder would have, if it is there, without
 * looking: to ask for each of thousands of files costs more than to compile a
 * good part of them. False when a word does not say enough. Who has guessed looks
 * into `missing` afterwards. */
bool cli_import_dirs_guess(cli_import_dirs *self, stele_str word, cli_names *out);

#endif
