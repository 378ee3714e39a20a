/* Files are asked for in pages, and what they refer to one by one, since nearly all
 * of it came with the pages. */
#include "cli/remote/registry_files.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/num.h"
#include "base/vec.h"
#include "cli/remote/remote.h"
#include "net/client.h"

enum { MOST_FILES = 1000000, SCHEMAS_OF_A_PAGE = 1000, RELEASES_OF_A_PAGE = 100 };

typedef struct fetched {
  cli_args *args;
  stele_arena *arena;
  cli_remote remote;
  stele_map paths;
  STELE_VEC(stele_archive_file) files;
  STELE_VEC(const stele_json *) items; /* versions whose references may be missing */
} fetched;

/* ---- One file ----------------------------------------------------------------- */

static bool is_proto(stele_str name) {
  return name.len > 6 && memcmp(name.ptr + name.len - 6, ".proto", 6) == 0;
}

/* A subject as a file: pushed trees have paths for subjects. */
static stele_str file_name(stele_arena *arena, stele_str subject) {
  if (is_proto(subject)) return subject;
  return stele_str_printf(arena, STELE_STR_FMT ".proto", STELE_STR_ARG(subject));
}

static void add_item(fetched *f, stele_str path, const stele_json *item) {
  void **place = stele_map_add(&f->paths, path);
  if (*place) return;
  *place = f;
  stele_bytes text = stele_str_bytes(remote_text(item, "schema"));
  STELE_VEC_PUSH(f->arena, &f->files, (stele_archive_file){path, text});
  STELE_VEC_PUSH(f->arena, &f->items, item);
}

static bool ask(fetched *f, stele_str path, const stele_json **out) {
  remote_answer answer;
  remote_question question = {.method = "GET", .path = path};
  if (remote_ask(&f->remote, &question, &answer) != CLI_OK) return false;
  if (!answer.json) return cli_fail(f->args, "the registry did not answer with JSON") == CLI_OK;
  *out = answer.json;
  return true;
}

static bool fetch_version(fetched *f, stele_str subject, stele_str version, stele_str name) {
  const stele_json *item = NULL;
  if (!ask(f, remote_version_path(f->arena, subject, version), &item)) return false;
  add_item(f, name, item);
  return true;
}

/* Brings what is referred to and not there yet, to any depth. */
static bool fetch_references(fetched *f) {
  for (size_t i = 0; i < f->items.count; i++) {
    const stele_json *references = stele_json_find(f->items.at[i], STELE_STR("references"));
    if (!references || references->kind != STELE_JSON_ARRAY) continue;
    STELE_JSON_EACH(reference, references) {
      stele_str name = remote_text(reference, "name");
      if (stele_map_find(&f->paths, name)) continue;
      if (f->files.count >= MOST_FILES) {
        return cli_fail(f->args, "more than %d files", MOST_FILES) == CLI_OK;
      }
      if (!fetch_version(f, remote_text(reference, "subject"), remote_text(reference, "version"),
                         name)) {
        return false;
      }
    }
  }
  return true;
}

/* ---- All of them, in pages ------------------------------------------------------ */

/* Asks for one page after the other and calls `take` for each, until there is none
 * or `take` has what it wants. */
static bool each_page(fetched *f, const char *query, size_t page,
                      bool (*take)(fetched *f, const stele_json *list, void *arg), void *arg) {
  for (size_t offset = 0;; offset += page) {
    const stele_json *list = NULL;
    stele_str path = stele_str_printf(f->arena, "%soffset=%zu&limit=%zu", query, offset, page);
    if (!ask(f, path, &list)) return false;
    if (list->kind != STELE_JSON_ARRAY) {
      return cli_fail(f->args, "the registry did not answer with a list") == CLI_OK;
    }
    if (!list->count || !take(f, list, arg)) return true;
  }
}

static bool take_newest(fetched *f, const stele_json *list, void *arg) {
  (void)arg;
  STELE_JSON_EACH(item, list) {
    add_item(f, file_name(f->arena, remote_text(item, "subject")), item);
  }
  return true;
}

/* ---- As of a release ------------------------------------------------------------- */

static uint64_t number_of(const stele_json *item, const char *key) {
  uint64_t number = 0;
  (void)stele_num_parse_u64(remote_text(item, key), &number);
  return number;
}

/* The release that was named by its number, its semantic version, or as the latest. */
typedef struct release_wish {
  stele_str name;
  uint64_t number, newest; /* 0: not found; there is none */
} release_wish;

static bool take_release(fetched *f, const stele_json *list, void *arg) {
  release_wish *wish = arg;
  bool latest = stele_str_eq(wish->name, STELE_STR("latest"));
  (void)f;
  STELE_JSON_EACH(item, list) {
    uint64_t number = number_of(item, "release");
    if (!wish->newest) wish->newest = number;
    if (!latest && !stele_str_eq(wish->name, remote_text(item, "release")) &&
        !stele_str_eq(wish->name, remote_text(item, "semver"))) {
      continue;
    }
    wish->number = number;
    return false;
  }
  return true;
}

static bool find_release(fetched *f, release_wish *wish) {
  if (!each_page(f, "/releases?", RELEASES_OF_A_PAGE, take_release, wish)) return false;
  if (wish->number) return true;
  if (!wish->newest) return cli_fail(f->args, "the registry has no releases yet") == CLI_OK;
  return cli_fail(f->args,
                  "the registry has no release \"" STELE_STR_FMT "\"; the newest is %" PRIu64,
                  STELE_STR_ARG(wish->name), wish->newest) == CLI_OK;
}

typedef struct release_tree {
  uint64_t release;
  stele_map subjects; /* -> the newest version that a release up to that one brought */
} release_tree;

static bool take_versions(fetched *f, const stele_json *list, void *arg) {
  release_tree *tree = arg;
  (void)f;
  STELE_JSON_EACH(item, list) {
    uint64_t release = number_of(item, "release");
    if (!release || release > tree->release) continue;
    void **place = stele_map_add(&tree->subjects, remote_text(item, "subject"));
    const stele_json *taken = *place;
    if (taken && number_of(taken, "version") > number_of(item, "version")) continue;
    *place = (void *)(uintptr_t)item;
  }
  return true;
}

static bool fetch_release(fetched *f, stele_str name) {
  release_wish wish = {.name = name};
  if (!find_release(f, &wish)) return false;
  release_tree tree = {.release = wish.number};
  stele_map_init(&tree.subjects, f->arena, 0);
  if (!each_page(f, "/schemas?deleted=true&", SCHEMAS_OF_A_PAGE, take_versions, &tree))
    return false;
  for (size_t i = 0; i < tree.subjects.count; i++) {
    const stele_json *item = tree.subjects.entries[i].value;
    const stele_json *deleted = stele_json_find(item, STELE_STR("deleted"));
    if (deleted && deleted->kind == STELE_JSON_BOOL && deleted->boolean) continue;
    add_item(f, file_name(f->arena, tree.subjects.entries[i].key.str), item);
  }
  return true;
}

/* ---- The face ---------------------------------------------------------------------- */

static int by_path(const void *a, const void *b) {
  stele_str x = ((const stele_archive_file *)a)->path, y = ((const stele_archive_file *)b)->path;
  return stele_str_order(x, y);
}

static bool is_number(stele_str text) {
  for (size_t i = 0; i < text.len; i++) {
    if (text.ptr[i] < '0' || text.ptr[i] > '9') return false;
  }
  return text.len > 0;
}

/* An id is of no subject alone: the first that has it gives the name. */
static bool fetch_id(fetched *f, stele_str id) {
  const stele_json *item = NULL, *holders = NULL;
  stele_str path = stele_str_printf(f->arena, "/schemas/ids/" STELE_STR_FMT, STELE_STR_ARG(id));
  stele_str versions = stele_str_printf(f->arena, STELE_STR_FMT "/versions", STELE_STR_ARG(path));
  if (!ask(f, path, &item) || !ask(f, versions, &holders)) return false;
  const stele_json *holder = holders->kind == STELE_JSON_ARRAY ? stele_json_first(holders) : NULL;
  add_item(f, file_name(f->arena, holder ? remote_text(holder, "subject") : STELE_STR("schema")),
           item);
  return true;
}

static bool fetch_named(fetched *f, stele_str what) {
  stele_str subject, version;
  if (is_number(what)) return fetch_id(f, what);
  remote_split_version(what, &subject, &version);
  return fetch_version(f, subject, version, file_name(f->arena, subject));
}

static bool fetch_what(fetched *f, stele_str what) {
  if (!what.len)
    return each_page(f, "/schemas?latestOnly=true&", SCHEMAS_OF_A_PAGE, take_newest, NULL);
  stele_str rest = {what.ptr + 1, what.len - 1};
  return what.ptr[0] == '@' ? fetch_release(f, rest) : fetch_named(f, rest);
}

/* `fetch_first`, and what its files refer to behind them. */
static bool fetch_all(fetched *f, bool (*fetch_first)(fetched *f, stele_str what), stele_str what) {
  stele_map_init(&f->paths, f->arena, 0);
  if (!remote_open(&f->remote, f->args)) return false;
  bool ok = fetch_first(f, what) && fetch_references(f);
  remote_close(&f->remote);
  return ok;
}

bool registry_files_name_one(stele_str word, stele_str *what) {
  static const char start[] = "registry:";
  size_t skip = sizeof start - 1;
  if (word.len <= skip || memcmp(word.ptr, start, skip) != 0) return false;
  *what = (stele_str){word.ptr + skip, word.len - skip};
  return true;
}

bool registry_files_fetch(void *arg, stele_arena *arena, stele_str what,
                          const stele_archive_file **files, size_t *count, stele_str *named,
                          stele_err *err) {
  fetched f = {.args = arg, .arena = arena};
  bool ok = fetch_all(&f, fetch_what, what), is_one = what.len && what.ptr[0] == ':';
  *named = ok && is_one ? f.files.at[0].path : (stele_str){0};
  if (f.files.count) qsort(f.files.at, f.files.count, sizeof *f.files.at, by_path);
  *files = f.files.at;
  *count = f.files.count;
  return ok || stele_fail(err, STELE_UNAVAILABLE, "%s", "");
}

bool registry_files_fetch_one(cli_args *args, stele_arena *arena, stele_str what,
                              const stele_archive_file **files, size_t *count, stele_str *named) {
  fetched f = {.args = args, .arena = arena};
  if (!fetch_all(&f, fetch_named, what)) return false;
  *files = f.files.at;
  *count = f.files.count;
  *named = f.files.at[0].path;
  return true;
}
