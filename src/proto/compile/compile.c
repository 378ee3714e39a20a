/* Compiling: depth first over imports, in protoc's order.
 *
 * A file is parsed, then its imports are compiled, then it is linked: so trees
 * are needed like a stack, and lie in an arena that is rewound like one. The
 * linker's scratch is rewound after each file, its tables live as long as the
 * job, and only the schema itself is kept.
 *
 * protoc gives up at the first named file that fails; so do we. */
#include "proto/compile/compile.h"

#include "base/guard.h"
#include "base/map.h"
#include "base/vec.h"
#include "proto/compile/imports.h"
#include "proto/link/link.h"
#include "proto/parse/parse.h"
#include "proto/wkt/wkt.h"

enum {
  DEFAULT_LIMIT_FILES = 100000,
  DEFAULT_LIMIT_TEXT = 64 << 20,
  MOST_IMPORT_DEPTH = 2000, /* files importing files: bounds our own stack */
};
#define DEFAULT_LIMIT_BYTES ((size_t)1 << 30)
#define DESCRIPTOR_PATH STELE_STR("google/protobuf/descriptor.proto")

typedef enum entry_state { ENTRY_OPEN, ENTRY_DONE, ENTRY_FAILED } entry_state;

/* One import path of the job. */
typedef struct compile_entry {
  stele_str path;
  const stele_file *file;
  struct compile_entry *importer; /* while open: who asked for it */
  stele_place import_place;       /* while open: of the import being compiled */
  entry_state state;
  bool is_named;
} compile_entry;

typedef struct compile_job {
  stele_resolver *resolver;
  const stele_str *paths;
  size_t path_count;
  stele_compile_options options;
  stele_report *report;
  stele_arena *arena;   /* the schema's */
  stele_arena *tables;  /* as long as the job */
  stele_arena *trees;   /* a stack */
  stele_arena *scratch; /* the linker's */
  stele_arena *emitted; /* source info between linking and emitting */
  stele_interner *interner;
  link_job *link;
  stele_map named; /* the paths that were asked for */
  stele_map entries;
  const stele_schema *descriptor; /* held until the end: the built-in descriptor.proto */
  compile_entry *open;            /* innermost file being compiled */
  size_t file_count;
  size_t depth;
  const stele_schema *result;
} compile_job;

static _Noreturn void leave(compile_job *job, const stele_err *err) {
  stele_guard_leave(job->arena, err->code, "%s", err->msg);
}

static void check_cancelled(compile_job *job) {
  if (job->options.cancelled && *job->options.cancelled) {
    stele_guard_leave(job->arena, STELE_CANCELLED, "the compile was cancelled");
  }
}

/* ---- What a path means --------------------------------------------------- */

static stele_found find(compile_job *job, stele_str path) {
  stele_found found = {.kind = STELE_FOUND_NOTHING};
  stele_err err = {0};
  if (!job->resolver->find(job->resolver, path, &found, &err)) leave(job, &err);
  stele_str text;
  if (found.kind == STELE_FOUND_NOTHING && job->options.use_builtin &&
      stele_wkt_find(path, &text)) {
    found =
        (stele_found){.kind = STELE_FOUND_TEXT, .bytes = stele_str_bytes(text), .is_builtin = true};
  }
  if (found.bytes.len > job->options.limit_text_bytes) {
    stele_guard_leave(job->arena, STELE_LIMIT, STELE_STR_FMT ": larger than %zu bytes",
                      STELE_STR_ARG(path), job->options.limit_text_bytes);
  }
  return found;
}

static void release(compile_job *job, const stele_found *found) {
  if (job->resolver->release && !found->is_builtin) {
    job->resolver->release(job->resolver, found);
  }
}

static compile_entry *add_entry(compile_job *job, stele_str path) {
  if (++job->file_count > job->options.limit_files) {
    stele_guard_leave(job->arena, STELE_LIMIT, "more than %zu files", job->options.limit_files);
  }
  compile_entry *entry = STELE_NEW(job->tables, compile_entry);
  entry->path = stele_str_copy(job->tables, path);
  entry->importer = job->open;
  entry->is_named = stele_map_find(&job->named, path) != NULL;
  *stele_map_add(&job->entries, entry->path) = entry;
  return entry;
}

/* ---- One file ------------------------------------------------------------ */

static const stele_file *import_file(compile_job *job, const compile_imports *from, uint32_t i);

typedef struct unit {
  compile_entry *entry;
  stele_found found;
  const stele_ast_file *ast; /* NULL: a descriptor */
  compile_imports imports;
} unit;

static bool open_unit(compile_job *job, unit *u) {
  stele_str name = u->entry->path;
  if (u->found.kind == STELE_FOUND_DESCRIPTOR) {
    return compile_imports_of_descriptor(job->trees, name, u->found.bytes, job->report,
                                         &u->imports);
  }
  stele_source *source = STELE_NEW(job->trees, stele_source);
  *source = (stele_source){.name = name, .text = stele_bytes_str(u->found.bytes)};
  u->ast = stele_parse(job->trees, job->interner, source, job->report);
  if (u->ast->has_errors) return false;
  compile_imports_of_tree(job->trees, u->ast, &u->imports);
  return true;
}

static const stele_file *link_unit(compile_job *job, unit *u) {
  const stele_file **files = STELE_NEW_ARRAY(job->trees, const stele_file *, u->imports.count);
  size_t errors = stele_report_error_count(job->report);
  for (uint32_t i = 0; i < u->imports.count; i++) files[i] = import_file(job, &u->imports, i);
  if (u->imports.imports_itself && stele_report_error_count(job->report) != errors) return NULL;
  link_file_in in = {
      .ast = u->ast,
      .descriptor = u->ast ? (stele_bytes){0} : u->found.bytes,
      .name = u->entry->path,
      .imports = files,
      .import_count = u->imports.count,
      .source_info = job->options.source_info,
      .source_info_arena = job->options.emit ? job->emitted : NULL,
      .lenient = job->options.lenient,
      .warn_unused_imports = job->options.warn_unused_imports && u->entry->is_named,
  };
  return link_file(job->link, &in);
}

/* The file is not frozen before the job ends, so its source info may go. */
static void emit(compile_job *job, const compile_entry *entry) {
  stele_err err = {0};
  if (!job->options.emit) return;
  if (!job->options.emit(job->options.emit_arg, entry->file, entry->is_named, &err)) {
    leave(job, &err);
  }
  ((stele_file *)(uintptr_t)entry->file)->source_info = (stele_bytes){0};
  stele_arena_reset(job->emitted);
}

static const stele_file *build(compile_job *job, compile_entry *entry, const stele_found *found) {
  stele_mark mark = stele_arena_mark(job->trees);
  unit u = {.entry = entry, .found = *found};
  job->open = entry;
  if (++job->depth > MOST_IMPORT_DEPTH) {
    stele_guard_leave(job->arena, STELE_LIMIT, "imports are nested more than %d deep",
                      MOST_IMPORT_DEPTH);
  }
  const stele_file *file = open_unit(job, &u) ? link_unit(job, &u) : NULL;
  job->depth--;
  job->open = entry->importer;
  stele_arena_rewind(job->trees, mark);
  return file;
}

/* The file of a path, compiled now if it was not before; NULL: it failed. */
static const stele_file *compile_path(compile_job *job, compile_entry *entry) {
  check_cancelled(job);
  stele_found found = find(job, entry->path);
  if (found.kind == STELE_FOUND_FILE) {
    link_job_add(job->link, found.file);
    entry->file = found.file;
  } else if (found.kind == STELE_FOUND_NOTHING) {
    stele_report_at(job->report, STELE_SEVERITY_ERROR, entry->path, (stele_place){-1, -1},
                    "File not found.");
  } else {
    entry->file = build(job, entry, &found);
    if (entry->file) emit(job, entry);
    release(job, &found);
  }
  entry->state = entry->file ? ENTRY_DONE : ENTRY_FAILED;
  return entry->file;
}

/* ---- Imports ------------------------------------------------------------- */

/* "a -> b -> a" from the open files, in the order in which they were opened. */
static void add_chain(compile_job *job, const compile_entry *at, const compile_entry *first,
                      stele_buf *out) {
  if (at != first) add_chain(job, at->importer, first, out);
  stele_buf_add_str(out, at->path);
  stele_buf_add_cstr(out, " -> ");
}

/* protoc meets the cycle when it comes back to its first file, and blames that
 * file's import of the second. */
static void report_cycle(compile_job *job, compile_entry *first) {
  stele_buf chain;
  stele_buf_init(&chain, job->tables, 0);
  add_chain(job, job->open, first, &chain);
  stele_buf_add_str(&chain, first->path);
  stele_report_at(job->report, STELE_SEVERITY_ERROR, first->path, first->import_place,
                  "File recursively imports itself: " STELE_STR_FMT,
                  STELE_STR_ARG(stele_buf_str(&chain)));
}

static const stele_file *import_file(compile_job *job, const compile_imports *from, uint32_t i) {
  job->open->import_place = from->places[i];
  compile_entry *entry = stele_map_find(&job->entries, from->paths[i]);
  if (entry) {
    if (entry->state == ENTRY_OPEN) report_cycle(job, entry);
    return entry->state == ENTRY_DONE ? entry->file : NULL;
  }
  return compile_path(job, add_entry(job, from->paths[i]));
}

static bool find_nothing(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  (void)self, (void)path, (void)err;
  *out = (stele_found){.kind = STELE_FOUND_NOTHING};
  return true;
}

/* ---- The job ------------------------------------------------------------- */

/* descriptor.proto for options, when no file of the pool brought its own: the
 * resolver's linked one, else the built-in text in a schema of its own. */
static const stele_file *descriptor_file(void *arg) {
  compile_job *job = arg;
  stele_err err = {0};
  stele_found found = {.kind = STELE_FOUND_NOTHING};
  if (!job->resolver->find(job->resolver, DESCRIPTOR_PATH, &found, &err)) leave(job, &err);
  if (found.kind == STELE_FOUND_FILE) return found.file;
  if (found.kind != STELE_FOUND_NOTHING) release(job, &found);

  stele_resolver nothing = {find_nothing, NULL};
  stele_compile_options options = {.use_builtin = true};
  stele_report *report = stele_report_new(job->tables, 1);
  stele_str path = DESCRIPTOR_PATH;
  job->descriptor = stele_compile(&nothing, &path, 1, &options, report, &err);
  if (!job->descriptor) leave(job, &err);
  return stele_schema_file(job->descriptor, path);
}

static void take_names(compile_job *job) {
  stele_map_init(&job->named, job->tables, 0);
  stele_map_init(&job->entries, job->tables, 0);
  for (size_t i = 0; i < job->path_count; i++) {
    *stele_map_add(&job->named, job->paths[i]) = job;
  }
}

static void run(void *arg) {
  compile_job *job = arg;
  take_names(job);
  job->interner = stele_token_interner(job->arena);
  job->link = link_job_new(job->arena, job->tables, job->scratch, job->interner, job->report);
  link_job_use_descriptor(job->link, descriptor_file, job);
  for (size_t i = 0; i < job->path_count; i++) {
    compile_entry *entry = stele_map_find(&job->entries, job->paths[i]);
    if (!entry) (void)compile_path(job, entry = add_entry(job, job->paths[i]));
    if (entry->state != ENTRY_DONE) return;
  }
  job->result = link_job_finish(job->link);
}

static void set_defaults(stele_compile_options *options) {
  if (!options->limit_bytes) options->limit_bytes = DEFAULT_LIMIT_BYTES;
  if (!options->limit_files) options->limit_files = DEFAULT_LIMIT_FILES;
  if (!options->limit_text_bytes) options->limit_text_bytes = DEFAULT_LIMIT_TEXT;
}

static bool take_arenas(compile_job *job, stele_err *err) {
  job->arena = stele_arena_new(job->options.limit_bytes);
  if (!job->arena) return stele_fail(err, STELE_NO_MEMORY, "no memory for a compile");
  stele_arena **scratches[] = {&job->tables, &job->trees, &job->scratch, &job->emitted};
  for (size_t i = 0; i < STELE_COUNT(scratches); i++) {
    *scratches[i] = stele_arena_new_scratch(job->arena);
    if (!*scratches[i]) return stele_fail(err, STELE_NO_MEMORY, "no memory for a compile");
  }
  return true;
}

/* What is left of a job that made no schema: the linker's unfinished one owns
 * the arena once there is a linker. */
static void give_up(compile_job *job) {
  if (job->link) {
    stele_schema_unref(link_job_schema(job->link));
  } else {
    stele_arena_free(job->arena);
  }
}

const stele_schema *stele_compile(stele_resolver *resolver, const stele_str *paths, size_t count,
                                  const stele_compile_options *options, stele_report *report,
                                  stele_err *err) {
  compile_job job = {.resolver = resolver,
                     .paths = paths,
                     .path_count = count,
                     .options = *options,
                     .report = report};
  set_defaults(&job.options);
  bool ok = take_arenas(&job, err) && stele_guard_run(job.arena, run, &job, err);
  if (ok && !job.result) {
    ok = stele_fail(err, STELE_INVALID, "the schema has errors");
  }
  if (!ok) give_up(&job);
  stele_schema_unref(job.descriptor);
  stele_arena_free(job.tables);
  stele_arena_free(job.trees);
  stele_arena_free(job.scratch);
  stele_arena_free(job.emitted);
  return ok ? job.result : NULL;
}
