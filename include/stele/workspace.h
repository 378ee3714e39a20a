/* workspace: a tree of files that stays linked while it is edited.
 *
 * In:   a resolver, and the paths that have come, changed or gone.
 * Out:  every file linked as a fresh compile would link it, and which files
 * had to be compiled again for that.
 * Only what a change can reach is compiled: the file itself, and, when something
 * changed that files are linked by (types that came or went, values of enums,
 * extensions, imports; but not comments, services, or the fields of a message),
 * all files that import it, directly or not. Else those are linked to the new
 * file as they are. Files with errors are tried again each time; those that were
 * well until an import broke are what they were, or linked again, when it is mended.
 * Deps: stele/compile.h. */
#ifndef STELE_WORKSPACE_H
#define STELE_WORKSPACE_H

#include "stele/compile.h"

typedef struct stele_workspace stele_workspace;

/* An empty workspace. `options` (NULL: the defaults of stele_compile) hold for
 * every compile in it; its `emit`, `keep_good` and `settled` are not used. The
 * resolver must answer a path with the same bytes until
 * stele_workspace_update is told that the path has changed.
 * Memory: ends with stele_workspace_free; the resolver must live as long.
 * Threads: one at a time; the files it answers may be read by any. */
STELE_API stele_workspace *stele_workspace_new(stele_resolver *resolver,
                                               const stele_compile_options *options,
                                               stele_err *err) STELE_MUST_USE;

/* NULL is fine. */
STELE_API void stele_workspace_free(stele_workspace *workspace);

/* One file that was compiled, or linked again, by an update. Files that are only
 * imported are told as well. */
typedef struct stele_recompiled {
  stele_str path;
  const stele_file *before; /* NULL: it was not there, or had errors */
  const stele_file *after;  /* NULL: it is gone, or has errors */
  bool is_relinked;         /* it was not compiled, and says what it said: what it imports,
                               directly or not, is other */
  bool holds_other;         /* then: values of its messages are others than they were, because
                               of a type that their fields are of, directly or not; or what it
                               refers to may be deprecated now, or no longer */
} stele_recompiled;

/* The paths `paths[0, count)` belong to the workspace from now on, and may be
 * new, changed or gone; a path whose bytes are what they were costs a read.
 *
 * `report`: findings of all files that were compiled; so all errors that there
 * are, but only such warnings as are new. Files with errors fail nothing: they
 * have no `after`.
 * Errors: the machine failed or a limit was met; then the workspace is as it
 * was, and the next update (with or without paths) tries again.
 * Memory: `*recompiled`, and the files `before` in it, hold until the next
 * update. Cost: the size of the files that are compiled, and of what they
 * import; with dependents a look at each file's imports. */
STELE_API bool stele_workspace_update(stele_workspace *workspace, const stele_str *paths,
                                      size_t count, stele_report *report,
                                      const stele_recompiled **recompiled, size_t *recompiled_count,
                                      stele_err *err) STELE_MUST_USE;

/* The linked file of a path; NULL: there is none, or it has errors. It lives
 * until the update after the one that replaces it; its schema can be kept with
 * stele_schema_ref(stele_file_schema(file)). */
STELE_API const stele_file *stele_workspace_file(const stele_workspace *workspace, stele_str path);

/* Does it know the path: was it named, or imported? */
STELE_API bool stele_workspace_knows(const stele_workspace *workspace, stele_str path);

/* How many paths it knows, and each of them, in the order in which they came;
 * imports that were never named are among them. */
STELE_API size_t stele_workspace_count(const stele_workspace *workspace);
STELE_API stele_str stele_workspace_path(const stele_workspace *workspace, size_t index);

#endif
