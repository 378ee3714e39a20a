/* Which bucket a name means.
 *
 * A name that is no folder and no file may be a revision of the repository that
 * we stand in: then the same folder is meant, at that commit, and its files are
 * called as if they lay on disk. */
#include "input/input_internal.h"
#include "sys/file.h"

enum { MOST_ARCHIVE_BYTES = 1 << 30 };

static bool find_here(input_job *job, stele_str *here) {
  stele_str real;
  if (!sys_path_real(job->arena, STELE_STR("."), &real, job->err)) return false;
  const char *fault = config_path(job->arena, (stele_str){real.ptr + 1, real.len - 1}, here);
  return !fault || stele_fail(job->err, STELE_IO, "the working folder %s", fault);
}

/* A typed path as a bucket path of the disk. */
static bool take_typed(input_job *job, stele_str typed, stele_str *out) {
  const char *fault = input_place_take(job->arena, &job->scope.place, typed, out);
  return !fault ||
         stele_fail(job->err, STELE_INVALID, STELE_STR_FMT ": %s", STELE_STR_ARG(typed), fault);
}

static bool stand_on_disk(input_job *job) {
  input_place *place = &job->scope.place;
  place->root = STELE_STR(".");
  place->is_absolute = job->ref.path.len && job->ref.path.ptr[0] == '/';
  return find_here(job, &place->here);
}

/* ---- folders and files ---------------------------------------------------- */

static bool locate_dir(input_job *job) {
  job->scope.bucket = input_bucket_disk(job->arena, !job->options->disable_links);
  return take_typed(job, job->ref.path, &job->scope.subdir);
}

static bool locate_protofile(input_job *job) {
  stele_str path;
  if (!stand_on_disk(job) || !take_typed(job, job->ref.path, &path)) return false;
  if (sys_file_stat(job->ref.path).kind != SYS_FILE_PLAIN) {
    return stele_fail(job->err, STELE_NOT_FOUND,
                      STELE_STR_FMT ": no such file; no .proto files were targeted",
                      STELE_STR_ARG(job->ref.path));
  }
  job->scope.bucket = input_bucket_disk(job->arena, !job->options->disable_links);
  job->scope.protofile = path;
  job->scope.subdir = config_path_above(path);
  job->scope.include_package_files = job->ref.include_package_files;
  return true;
}

/* ---- commits -------------------------------------------------------------- */

static bool has_remote_form(stele_str path) {
  static const char *const starts[] = {"http://", "https://", "ssh://", "git://", "git@"};
  for (size_t i = 0; i < STELE_COUNT(starts); i++) {
    size_t len = strlen(starts[i]);
    if (path.len > len && memcmp(path.ptr, starts[i], len) == 0) return true;
  }
  return false;
}

static bool turn_to_ref(input_job *job, stele_git *git) {
  const input_ref *ref = &job->ref;
  const struct {
    stele_git_name kind;
    stele_str name;
  } rows[] = {
      {STELE_GIT_ANY, ref->ref},
      {STELE_GIT_COMMIT, ref->commit},
      {STELE_GIT_TAG, ref->tag},
      {STELE_GIT_BRANCH, ref->branch},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    if (rows[i].name.len) return stele_git_turn_to(git, rows[i].kind, rows[i].name, job->err);
  }
  return stele_git_turn_to(git, STELE_GIT_HEAD, (stele_str){0}, job->err);
}

static bool locate_git(input_job *job) {
  stele_git *git;
  if (has_remote_form(job->ref.path)) {
    return stele_fail(job->err, STELE_UNSUPPORTED,
                      STELE_STR_FMT ": other machines' repositories are not fetched; clone it, and "
                                    "name the clone",
                      STELE_STR_ARG(job->ref.path));
  }
  if (!stele_git_open(job->ref.path, false, &git, job->err)) return false;
  if (!turn_to_ref(job, git)) {
    stele_git_close(git);
    return false;
  }
  job->scope.bucket = input_bucket_git(job->arena, git);
  job->scope.subdir = job->ref.subdir;
  job->scope.place.here = STELE_STR(".");
  return true;
}

/* ---- a revision of where we stand ----------------------------------------- */

/* From the disk to the checkout: the bucket's root is where that is, and we stand
 * in it where we stood. False: it has no folder that we stand in. */
static bool move_to_checkout(input_job *job, const stele_git *git) {
  stele_str real, root;
  stele_err ignored = {0};
  input_place *place = &job->scope.place;
  if (!stele_git_folder(git).len) return false;
  if (!sys_path_real(job->arena, stele_git_folder(git), &real, &ignored)) return false;
  if (config_path(job->arena, (stele_str){real.ptr + 1, real.len - 1}, &root)) return false;
  if (!config_path_in(root, place->here, &place->here)) return false;
  place->root = root;
  return true;
}

/* Where the other input is, as far as that can be said of this bucket. */
static void take_beside(input_job *job) {
  input_ref other;
  stele_str path;
  stele_err ignored = {0};
  input_scope *scope = &job->scope;
  scope->subdir = scope->place.here;
  if (!job->options->beside.len) return;
  if (!input_ref_parse(job->arena, job->options->beside, &other, &ignored)) return;
  bool is_file = other.format == INPUT_PROTOFILE;
  if (other.format != INPUT_DIR && !is_file) return;
  if (input_place_take(job->arena, &scope->place, other.path, &path)) return;
  scope->place.is_absolute = other.path.ptr[0] == '/';
  scope->subdir = is_file ? config_path_above(path) : path;
  if (is_file) scope->protofile = path;
}

/* A revision of the repository that we stand in; *found false: it is none. */
static bool locate_revision(input_job *job, bool *found) {
  stele_git *git;
  stele_err ignored = {0};
  *found = false;
  if (!stele_git_open(STELE_STR("."), true, &git, &ignored)) return true;
  if (!stele_git_has(git, STELE_GIT_ANY, job->ref.path) || !move_to_checkout(job, git)) {
    stele_git_close(git);
    return true;
  }
  *found = true;
  if (!stele_git_turn_to(git, STELE_GIT_ANY, job->ref.path, job->err)) {
    stele_git_close(git);
    return false;
  }
  take_beside(job);
  job->scope.bucket = input_bucket_git(job->arena, git);
  return true;
}

static bool locate_dir_or_revision(input_job *job) {
  bool found = false;
  if (!stand_on_disk(job)) return false;
  bool is_there = sys_file_stat(job->ref.path).kind != SYS_FILE_NONE;
  if (!is_there && !job->ref.is_given && !locate_revision(job, &found)) return false;
  if (found) return true;
  if (!is_there) {
    return stele_fail(job->err, STELE_NOT_FOUND,
                      STELE_STR_FMT ": no such folder, file or revision here",
                      STELE_STR_ARG(job->ref.path));
  }
  return locate_dir(job);
}

/* ---- archives and registries ---------------------------------------------- */

static bool is_wanted(stele_str path) {
  static const char *const names[] = {"stele.yaml", "buf.yaml", "buf.mod", "buf.work.yaml"};
  if (path.len > 6 && memcmp(path.ptr + path.len - 6, ".proto", 6) == 0) return true;
  const char *slash = memrchr(path.ptr, '/', path.len);
  stele_str base = slash ? (stele_str){slash + 1, (size_t)(path.ptr + path.len - slash - 1)} : path;
  for (size_t i = 0; i < STELE_COUNT(names); i++) {
    if (stele_str_eq(base, stele_cstr(names[i]))) return true;
  }
  return false;
}

static bool locate_archive(input_job *job) {
  stele_archive_source source = {
      .limits = {.entries = 1000000, .entry_bytes = 64 << 20, .total_bytes = (size_t)1 << 30},
      .strip_components = job->ref.strip_components,
      .is_zip = job->ref.format == INPUT_ZIP,
      .is_wanted = is_wanted,
  };
  const stele_archive_file *files;
  size_t count;
  stele_bytes bytes;
  if (!sys_file_read(job->arena, job->ref.path, MOST_ARCHIVE_BYTES, &bytes, job->err)) return false;
  if (!stele_archive_read_source(job->arena, bytes, &source, &files, &count, job->err)) {
    return stele_wrap(job->err, STELE_STR_FMT, STELE_STR_ARG(job->ref.path));
  }
  job->scope.bucket = input_bucket_memory(job->arena, files, count);
  job->scope.place.here = STELE_STR(".");
  job->scope.subdir = job->ref.subdir;
  return true;
}

static bool locate_registry(input_job *job) {
  const stele_archive_file *files;
  size_t count;
  static const char word[] = "registry";
  size_t skip = sizeof word - 1;
  stele_str what = {job->ref.path.ptr + skip, job->ref.path.len - skip};
  if (!job->options->registry) {
    return stele_fail(job->err, STELE_UNSUPPORTED, "a registry is no input here");
  }
  if (!job->options->registry(job->options->arg, job->arena, what, &files, &count,
                              &job->scope.protofile, job->err)) {
    return false;
  }
  if (!count) return stele_fail(job->err, STELE_NOT_FOUND, "the registry has no schemas yet");
  job->scope.bucket = input_bucket_memory(job->arena, files, count);
  job->scope.place.here = job->scope.subdir = STELE_STR(".");
  return true;
}

static bool locate_module(input_job *job) {
  if (sys_file_stat(job->ref.path).kind == SYS_FILE_DIR && !job->ref.is_given) {
    job->ref.format = INPUT_DIR;
    return locate_dir_or_revision(job);
  }
  return stele_fail(job->err, STELE_UNSUPPORTED,
                    STELE_STR_FMT ": modules of other registries are not fetched; export it to a "
                                  "folder, and name that",
                    STELE_STR_ARG(job->ref.path));
}

bool input_locate(input_job *job) {
  static bool (*const locators[])(input_job *) = {
      [INPUT_DIR] = locate_dir_or_revision, [INPUT_GIT] = locate_git,
      [INPUT_TAR] = locate_archive,         [INPUT_ZIP] = locate_archive,
      [INPUT_PROTOFILE] = locate_protofile, [INPUT_MODULE] = locate_module,
      [INPUT_REGISTRY] = locate_registry,
  };
  return locators[job->ref.format](job);
}
