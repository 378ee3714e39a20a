/* A compile: files are found, parsed and linked, imports before importers.
 *
 * The walk is protoc's: depth first over imports as they are declared, for
 * each named path in turn, up to the first of them that has errors. It keeps
 * its own stack, since a chain of imports may be as long as a stranger likes.
 *
 * A file's tree lives in scratch from its parse to its link, below the trees
 * of the files it imports; so scratch is as deep as the chain and no more.
 *
 * Everything pure runs under a guard. The resolver and `emit` do not: they
 * belong to the caller and may hold files open. */
#include "proto/compile/compile.h"

#include "base/guard.h"
#include "base/map.h"
#include "base/vec.h"
#include "proto/compile/compile_internal.h"
#include "proto/link/link.h"
#include "proto/parse/parse.h"
#include "proto/wkt/wkt.h"

enum { MOST_FILES = 100000 };
static const size_t most_memory = (size_t)1 << 30;
static const size_t most_text = (size_t)64 << 20;

static const stele_str descriptor_path = STELE_STR_INIT("google/protobuf/descriptor.proto");

static const stele_found nothing = {.kind = STELE_FOUND_NOTHING};

typedef enum compile_state {
  COMPILE_NEW,
  COMPILE_PENDING, /* parsed, waiting for its imports */
  COMPILE_DONE,
  COMPILE_BAD,
} compile_state;

typedef struct compile_file {
  stele_str path;
  const stele_file *file; /* when DONE; when PENDING, half made: see compile_symbol */
  compile_state state;
  bool is_named;
  bool is_foreign;
  bool is_emitted;
  bool is_cycle; /* imported while it was pending: told once */
} compile_file;

/* A file on the stack. */
typedef struct compile_frame {
  compile_file *file;
  stele_found from;
  const stele_ast_file *ast; /* NULL: from a descriptor */
  const stele_str *imports;
  const stele_file **found; /* by import */
  uint32_t import_count, next;
  uint32_t option_from; /* these need not exist: see link_descriptor_imports */
  stele_mark mark;
} compile_frame;

typedef struct compile_job {
  stele_resolver *resolver;
  const stele_compile_options *options;
  stele_report *report;
  stele_err *err;
  compile_paths paths;  /* the run of names that is compiled */
  stele_arena *arena;   /* of the schema */
  stele_arena *tables;  /* as long as the compile */
  stele_arena *scratch; /* a stack: see above */
  stele_interner *interner;
  link_job *link;
  const stele_schema *builtin;     /* of descriptor.proto, if it was made here */
  stele_map files;                 /* path -> compile_file */
  STELE_VEC(compile_file *) named; /* in the order of the names */
  STELE_VEC(compile_frame) stack;
  stele_buf source_info; /* on the heap: a large one grows without leaving the small ones behind */
  size_t text_limit, file_limit;

  /* What a guarded step works on. */
  compile_file *target;
  bool is_optional; /* the target need not exist */
  stele_found found;
} compile_job;

/* ---- Findings ----------------------------------------------------------- */

static void tell_not_found(compile_job *job, stele_str path, stele_str reason) {
  stele_place nowhere = {-1, -1};
  if (reason.len == 0) reason = STELE_STR("File not found.");
  stele_report_at(job->report, STELE_SEVERITY_ERROR, path, nowhere, STELE_STR_FMT,
                  STELE_STR_ARG(reason));
}

/* Which import statement of a frame names `path`: the last one counts. */
static stele_place import_place(const compile_frame *frame, stele_str path) {
  stele_place place = {-1, -1};
  const stele_ast_file *ast = frame->ast;
  uint32_t import = 0;
  for (uint32_t i = 0; ast && i < ast->decls[0].child_count; i++) {
    const stele_ast_decl *decl = stele_ast_child(ast, &ast->decls[0], i);
    if (decl->kind != STELE_AST_IMPORT) continue;
    if (stele_str_eq(frame->imports[import++], path)) {
      place = stele_token_place(&ast->tokens, decl->first);
    }
  }
  return place;
}

/* "File recursively imports itself: a -> b -> a", at a's import of b; the chain is
 * that of the first `count` files on the stack. */
static void tell_cycle(compile_job *job, compile_file *file, size_t count) {
  if (file->is_cycle) return;
  file->is_cycle = true;
  size_t from = 0;
  while (job->stack.at[from].file != file) from++;
  stele_buf chain;
  stele_buf_init(&chain, job->scratch, 0);
  for (size_t i = from; i < count; i++) {
    stele_buf_add_str(&chain, job->stack.at[i].file->path);
    stele_buf_add_cstr(&chain, " -> ");
  }
  stele_buf_add_str(&chain, file->path);
  stele_str next = from + 1 < count ? job->stack.at[from + 1].file->path : file->path;
  stele_report_at(
      job->report, STELE_SEVERITY_ERROR, file->path, import_place(&job->stack.at[from], next),
      "File recursively imports itself: " STELE_STR_FMT, STELE_STR_ARG(stele_buf_str(&chain)));
}

/* ---- Files by path ------------------------------------------------------ */

static compile_file *file_of(compile_job *job, stele_str path) {
  compile_file *file = stele_map_find(&job->files, path);
  if (file) return file;
  if (job->files.count >= job->file_limit) {
    stele_guard_leave(job->arena, STELE_LIMIT, "more than %zu files", job->file_limit);
  }
  file = STELE_NEW(job->tables, compile_file);
  file->path = stele_str_copy(job->tables, path);
  const stele_compile_options *options = job->options;
  file->is_named = options->is_named && options->is_named(options->is_named_arg, file->path);
  *stele_map_add(&job->files, file->path) = file;
  return file;
}

/* What a path means: the resolver's word, else a built-in file. */
static bool find(compile_job *job, stele_str path, stele_found *found) {
  *found = nothing;
  if (job->resolver && !job->resolver->find(job->resolver, path, found, job->err)) return false;
  stele_str text;
  if (found->kind == STELE_FOUND_NOTHING && job->options->use_builtin &&
      stele_wkt_find(path, &text)) {
    *found =
        (stele_found){.kind = STELE_FOUND_TEXT, .bytes = stele_str_bytes(text), .is_builtin = true};
  }
  if (found->kind != STELE_FOUND_NOTHING && found->bytes.len > job->text_limit) {
    return stele_fail(job->err, STELE_LIMIT, STELE_STR_FMT " is larger than %zu bytes",
                      STELE_STR_ARG(path), job->text_limit);
  }
  return true;
}

/* The resolver may have the bytes back. */
static void release(compile_job *job, const stele_found *found) {
  if (found->kind != STELE_FOUND_TEXT && found->kind != STELE_FOUND_DESCRIPTOR) return;
  if (!found->is_builtin && job->resolver && job->resolver->release) {
    job->resolver->release(job->resolver, found);
  }
}

/* ---- Steps under the guard ---------------------------------------------- */

static void push(compile_job *job, compile_frame frame) {
  frame.found = STELE_NEW_ARRAY(job->scratch, const stele_file *, frame.import_count);
  frame.file->state = COMPILE_PENDING;
  STELE_VEC_PUSH(job->tables, &job->stack, frame);
}

static void open_text(compile_job *job, compile_file *file) {
  compile_frame frame = {.file = file, .from = job->found, .mark = stele_arena_mark(job->scratch)};
  stele_source *source = STELE_NEW(job->scratch, stele_source);
  *source = (stele_source){file->path, stele_bytes_str(job->found.bytes)};
  frame.ast = stele_parse_within(job->scratch, job->interner, source, job->options->limit_depth,
                                 job->report);
  if (frame.ast->has_errors) {
    file->state = COMPILE_BAD;
    stele_arena_rewind(job->scratch, frame.mark);
    return;
  }
  frame.import_count = stele_parse_imports(frame.ast, job->scratch, &frame.imports);
  frame.option_from = frame.import_count;
  push(job, frame);
}

static void open_descriptor(compile_job *job, compile_file *file) {
  compile_frame frame = {.file = file, .from = job->found, .mark = stele_arena_mark(job->scratch)};
  stele_str name, *imports;
  frame.import_count =
      link_descriptor_imports(job->scratch, frame.from.bytes, &name, &imports, &frame.option_from);
  frame.imports = imports;
  push(job, frame);
}

static void open_foreign(compile_job *job, compile_file *file) {
  link_job_add(job->link, job->found.file);
  file->file = job->found.file;
  file->state = COMPILE_DONE;
  file->is_foreign = true;
}

/* Takes in what was found for job->target: pushes a frame, or settles it. */
static void open_found(void *arg) {
  compile_job *job = arg;
  compile_file *file = job->target;
  static void (*const openers[])(compile_job * job, compile_file * file) = {
      [STELE_FOUND_TEXT] = open_text,
      [STELE_FOUND_DESCRIPTOR] = open_descriptor,
      [STELE_FOUND_FILE] = open_foreign,
  };
  if (job->found.kind == STELE_FOUND_NOTHING) {
    if (!job->is_optional && (file->is_named || !job->options->lenient)) {
      tell_not_found(job, file->path, job->found.reason);
      if (!file->is_named && !job->found.reason.len) {
        stele_report_hint(job->report,
                          "an import is named from an import root, not from its importer");
      }
    }
    file->state = COMPILE_BAD;
    return;
  }
  openers[job->found.kind](job, file);
}

/* The next import of the file on top that is not done yet, as job->target;
 * none when all are. */
static void next_import(void *arg) {
  compile_job *job = arg;
  job->target = NULL;
  compile_frame *top = &job->stack.at[job->stack.count - 1];
  while (top->next < top->import_count) {
    compile_file *import = file_of(job, top->imports[top->next]);
    if (import->state == COMPILE_NEW) {
      job->target = import;
      job->is_optional = top->next >= top->option_from;
      return;
    }
    if (import->state == COMPILE_PENDING && !import->file) {
      tell_cycle(job, import, job->stack.count);
    }
    top->found[top->next++] = import->state == COMPILE_BAD ? NULL : import->file;
  }
}

/* Links the file on top and takes it off. */
static void link_top(void *arg) {
  compile_job *job = arg;
  const compile_frame *top = &job->stack.at[job->stack.count - 1];
  const stele_compile_options *options = job->options;
  link_file_in in = {
      .ast = top->ast,
      .descriptor = top->ast ? (stele_bytes){NULL, 0} : top->from.bytes,
      .name = top->file->path,
      .imports = top->found,
      .import_count = top->import_count,
      .lenient = options->lenient,
      .warn_unused_imports = options->warn_unused_imports && top->file->is_named,
  };
  stele_buf_clear(&job->source_info);
  if (options->source_info) in.source_info = &job->source_info;
  stele_file *file = link_file(job->link, &in);
  top = &job->stack.at[job->stack.count - 1]; /* it may have moved: see compile_symbol */
  if (file && !options->emit) {
    file->source_info = stele_bytes_copy(job->arena, file->source_info);
  }
  bool is_late = file && options->keep_good && link_file_has_late_errors(job->link, file);
  top->file->file = file;
  top->file->state = file && !is_late ? COMPILE_DONE : COMPILE_BAD;
  job->target = top->file;
  job->found = top->from;
  stele_arena_rewind(job->scratch, top->mark);
  job->stack.count--;
}

static bool guarded(compile_job *job, void (*step)(void *arg)) {
  return stele_guard_run(job->arena, step, job, job->err);
}

/* ---- Files that have a name ----------------------------------------------- */

static bool compile_target(compile_job *job);

/* Compiles the file that has a name, in the middle of linking the one on top. */
static bool compile_symbol(void *arg, stele_str full_name) {
  compile_job *job = arg;
  stele_str path = job->options->find_symbol(job->options->find_symbol_arg, full_name);
  if (!path.ptr) return false;
  compile_file *file = file_of(job, path);
  job->stack.at[job->stack.count - 1].file->file = link_job_linking(job->link);
  /* protoc has taken the file that asks off its list already */
  if (file->state == COMPILE_PENDING && !file->file) tell_cycle(job, file, job->stack.count - 1);
  if (file->state != COMPILE_NEW) return false;
  job->target = file;
  job->is_optional = true;
  if (compile_target(job)) return file->state == COMPILE_DONE;
  stele_err err = *job->err;
  stele_guard_leave(job->arena, err.code, "%s", err.msg);
}

/* ---- Emitting ----------------------------------------------------------- */

typedef struct emit_walk {
  compile_job *job;
  const stele_file *file;
  STELE_VEC(const stele_file *) order; /* imports before importers */
} emit_walk;

/* A linked file of another schema was emitted when it has an entry that says
 * so; entries are made for files that are only reached through it. */
static bool is_emitted(compile_job *job, const stele_file *file) {
  compile_file *known = file_of(job, file->name);
  if (known->state == COMPILE_NEW) {
    known->file = file;
    known->state = COMPILE_DONE;
    known->is_foreign = true;
    link_job_add(job->link, file);
  }
  if (known->is_emitted) return true;
  known->is_emitted = true;
  return false;
}

/* Post-order over the imports of a linked file, without recursion: a file is
 * put out when it is met for the second time. */
static void order_foreign(void *arg) {
  emit_walk *walk = arg;
  compile_job *job = walk->job;
  typedef struct visit {
    const stele_file *file;
    uint32_t next;
  } visit;
  STELE_VEC(visit) stack = {0};
  if (is_emitted(job, walk->file)) return;
  STELE_VEC_PUSH(job->tables, &stack, (visit){walk->file, 0});
  while (stack.count) {
    visit *top = &stack.at[stack.count - 1];
    if (top->next < top->file->import_count) {
      const stele_file *import = top->file->imports[top->next++].file;
      if (import && !is_emitted(job, import)) {
        STELE_VEC_PUSH(job->tables, &stack, (visit){import, 0});
      }
      continue;
    }
    STELE_VEC_PUSH(job->tables, &walk->order, top->file);
    stack.count--;
  }
}

static bool emit_one(compile_job *job, const stele_file *file) {
  const compile_file *known = stele_map_find(&job->files, file->name);
  return job->options->emit(job->options->emit_arg, file, known && known->is_named, job->err);
}

/* Emits what is new in a finished file. */
static bool emit(compile_job *job, compile_file *file) {
  if (!job->options->emit || file->state != COMPILE_DONE) return true;
  if (!file->is_foreign) {
    file->is_emitted = true;
    bool ok = emit_one(job, file->file);
    ((stele_file *)(uintptr_t)file->file)->source_info = (stele_bytes){NULL, 0};
    return ok;
  }
  emit_walk walk = {.job = job, .file = file->file};
  if (!stele_guard_run(job->arena, order_foreign, &walk, job->err)) return false;
  for (size_t i = 0; i < walk.order.count; i++) {
    if (!emit_one(job, walk.order.at[i])) return false;
  }
  return true;
}

/* ---- The walk ----------------------------------------------------------- */

static bool is_cancelled(compile_job *job) {
  const _Atomic bool *flag = job->options->cancelled;
  return flag && *flag;
}

/* Finds and opens job->target. */
static bool open_target(compile_job *job) {
  compile_file *file = job->target;
  if (is_cancelled(job)) return stele_fail(job->err, STELE_CANCELLED, "the compile was cancelled");
  if (!find(job, file->path, &job->found)) return false;
  if (!guarded(job, open_found)) return false;
  if (file->state == COMPILE_PENDING) return true;
  release(job, &job->found);
  return emit(job, file);
}

/* Compiles one named file and all it needs. */
static bool compile_target(compile_job *job) {
  size_t below = job->stack.count;
  if (job->target->state == COMPILE_NEW && !open_target(job)) return false;
  while (job->stack.count > below) {
    if (!guarded(job, next_import)) return false;
    if (job->target) {
      if (!open_target(job)) return false;
      continue;
    }
    if (!guarded(job, link_top)) return false;
    release(job, &job->found);
    if (!emit(job, job->target)) return false;
  }
  return true;
}

/* ---- Beginning and end -------------------------------------------------- */

/* descriptor.proto for the options of files that do not reach one: the
 * caller's, or one made from the built-in text, once. Runs under the guard,
 * with a guard of its own inside. */
static const stele_file *descriptor(void *arg) {
  compile_job *job = arg;
  if (job->options->descriptor) return job->options->descriptor;
  stele_err err = {0};
  stele_compile_options options = {.use_builtin = true, .cancelled = job->options->cancelled};
  job->builtin = stele_compile(NULL, &descriptor_path, 1, &options, job->report, &err);
  if (!job->builtin) stele_guard_leave(job->arena, err.code, "descriptor.proto: %s", err.msg);
  return stele_schema_file(job->builtin, descriptor_path);
}

/* All paths of a run are named before the first is compiled: others import them. */
static void mark_named(void *arg) {
  compile_job *job = arg;
  for (size_t i = 0; i < job->paths.count; i++) {
    compile_file *file = file_of(job, job->paths.at[i]);
    file->is_named = true;
    STELE_VEC_PUSH(job->tables, &job->named, file);
  }
}

static void begin(void *arg) {
  compile_job *job = arg;
  stele_map_init(&job->files, job->tables, (uintptr_t)job->tables);
  job->interner = stele_token_interner(job->tables);
  stele_interner_keep_texts(job->interner, job->arena);
  job->link = link_job_new(job->arena, job->tables, job->scratch, job->interner, job->report);
  link_job_use_descriptor(job->link, descriptor, job);
  if (job->options->find_symbol) link_job_use_symbols(job->link, compile_symbol, job);
  if (job->options->any_edition) link_job_take_any_edition(job->link);
  if (job->options->any_extension) link_job_take_any_extension(job->link);
  if (job->options->any_style) link_job_take_any_style(job->link);
  mark_named(job);
}

/* The checks of named files come when all of them are linked. */
static void finish(void *arg) {
  compile_job *job = arg;
  const stele_file **files = STELE_NEW_ARRAY(job->tables, const stele_file *, job->named.count);
  size_t count = 0;
  for (size_t i = 0; i < job->named.count; i++) {
    const compile_file *file = job->named.at[i];
    if (file->state == COMPILE_DONE && !file->is_foreign) files[count++] = file->file;
  }
  (void)link_check_named(job->link, files, count);
  (void)link_job_finish(job->link);
}

static void settle(const compile_job *job) {
  const stele_compile_options *options = job->options;
  for (size_t i = 0; options->settled && i < job->files.count; i++) {
    const compile_file *file = job->files.entries[i].value;
    if (file->is_foreign || file->state == COMPILE_NEW) continue;
    bool is_good = file->state == COMPILE_DONE && !link_file_has_late_errors(job->link, file->file);
    options->settled(options->settled_arg, file->path, is_good ? file->file : NULL);
  }
}

static bool has_too_many_errors(const compile_job *job) {
  size_t limit = job->options->limit_errors;
  return limit && stele_report_error_count(job->report) > limit;
}

/* The files of one run of names. */
static bool compile_run(compile_job *job) {
  for (size_t i = job->named.count - job->paths.count; i < job->named.count; i++) {
    compile_file *file = job->named.at[i];
    job->target = file;
    job->is_optional = false;
    if (!compile_target(job)) return false;
    if (has_too_many_errors(job)) {
      return stele_fail(job->err, STELE_LIMIT, "more than %zu errors", job->options->limit_errors);
    }
    bool is_good = file->state == COMPILE_DONE && !link_job_has_late_errors(job->link);
    if (!is_good && !job->options->keep_good) {
      return stele_fail(job->err, STELE_INVALID, "the schema has errors");
    }
  }
  return true;
}

static bool run(compile_job *job, compile_more *more) {
  if (!guarded(job, begin) || !compile_run(job)) return false;
  while (more && more->next(more, &job->paths)) {
    if (!guarded(job, mark_named) || !compile_run(job)) return false;
  }
  if (!guarded(job, finish)) return false;
  settle(job);
  return job->options->keep_good || !link_job_has_late_errors(job->link) ||
         stele_fail(job->err, STELE_INVALID, "the schema has errors");
}

const stele_schema *compile_runs(stele_resolver *resolver, compile_paths paths, compile_more *more,
                                 const stele_compile_options *options, stele_report *report,
                                 stele_err *err) {
  static const stele_compile_options defaults = {.use_builtin = true};
  if (!options) options = &defaults;
  stele_arena *arena = stele_arena_new(options->limit_bytes ? options->limit_bytes : most_memory);
  stele_arena *tables = arena ? stele_arena_new_scratch(arena) : NULL;
  stele_arena *scratch = arena ? stele_arena_new_scratch(arena) : NULL;
  compile_job job = {
      .resolver = resolver,
      .options = options,
      .report = report,
      .err = err,
      .paths = paths,
      .arena = arena,
      .tables = tables,
      .scratch = scratch,
      .text_limit = options->limit_text_bytes ? options->limit_text_bytes : most_text,
      .file_limit = options->limit_files ? options->limit_files : MOST_FILES,
  };
  if (tables && scratch) {
    arena->cancelled = tables->cancelled = scratch->cancelled = options->cancelled;
  }
  stele_buf_init(&job.source_info, NULL, options->limit_bytes);
  bool ok = tables && scratch ? run(&job, more) : stele_fail(err, STELE_NO_MEMORY, "out of memory");
  stele_schema *schema = job.link ? link_job_schema(job.link) : NULL;
  if (arena) arena->cancelled = NULL; /* the schema outlives the flag */
  if (job.builtin) stele_schema_unref(job.builtin);
  stele_buf_release(&job.source_info);
  stele_arena_free(scratch);
  stele_arena_free(tables);
  if (ok) return schema;
  if (schema) {
    stele_schema_unref(schema);
  } else {
    stele_arena_free(arena);
  }
  return NULL;
}

const stele_schema *stele_compile(stele_resolver *resolver, const stele_str *paths, size_t count,
                                  const stele_compile_options *options, stele_report *report,
                                  stele_err *err) {
  return compile_runs(resolver, (compile_paths){paths, count}, NULL, options, report, err);
}
