/* The pool: which files take part in a job, and which of them a file sees. */
#include "proto/link/link_internal.h"
#include "proto/schema/schema_internal.h"

const stele_str link_options_names[9] = {
    STELE_STR_INIT("google.protobuf.FileOptions"),
    STELE_STR_INIT("google.protobuf.MessageOptions"),
    STELE_STR_INIT("google.protobuf.FieldOptions"),
    STELE_STR_INIT("google.protobuf.OneofOptions"),
    STELE_STR_INIT("google.protobuf.ExtensionRangeOptions"),
    STELE_STR_INIT("google.protobuf.EnumOptions"),
    STELE_STR_INIT("google.protobuf.EnumValueOptions"),
    STELE_STR_INIT("google.protobuf.ServiceOptions"),
    STELE_STR_INIT("google.protobuf.MethodOptions"),
};

link_job *link_job_new(stele_arena *arena, stele_arena *tables, stele_arena *scratch,
                       stele_interner *interner, stele_report *report) {
  link_job *job = STELE_NEW(tables, link_job);
  job->arena = arena;
  job->tables = tables;
  job->scratch = scratch;
  job->interner = interner;
  job->report = report;
  job->schema = schema_new(arena);
  stele_map_init(&job->file_index, tables, 0);
  stele_map_init(&job->file_names, tables, (uintptr_t)tables);
  stele_map_init(&job->extensions, tables, 0);
  stele_map_init(&job->extendees, tables, 0);
  stele_map_init(&job->interesting, tables, 0);
  stele_map_init(&job->requirements, tables, 0);
  stele_map_init(&job->message_symbols, tables, 0);
  STELE_VEC_PUSH(tables, &job->chunks, STELE_NEW_ARRAY(tables, link_symbol, LINK_CHUNK));
  job->symbol_count = 1; /* LINK_ROOT */
  link_symbol_get(job, LINK_ROOT)->kind = STELE_SYMBOL_PACKAGE;
  return job;
}

void link_job_take_any_edition(link_job *job) {
  job->takes_any_edition = true;
}

void link_job_take_any_extension(link_job *job) {
  job->takes_any_extension = true;
}

void link_job_take_any_style(link_job *job) {
  job->takes_any_style = true;
}

void link_job_use_symbols(link_job *job, link_symbol_source *source, void *arg) {
  job->symbol_source = source;
  job->symbol_arg = arg;
  stele_map_init(&job->asked_names, job->tables, (uintptr_t)job->tables);
}

const stele_file *link_job_linking(const link_job *job) {
  return job->linking;
}

void link_job_use_descriptor(link_job *job, link_descriptor_source *source, void *arg) {
  job->descriptor_source = source;
  job->descriptor_arg = arg;
}

stele_schema *link_job_schema(link_job *job) {
  return job->schema;
}

bool link_job_has_late_errors(const link_job *job) {
  return job->has_late_errors;
}

bool link_file_has_late_errors(const link_job *job, const stele_file *file) {
  uint32_t index = link_pool_find(job, file);
  return index != LINK_NONE && job->files.at[index].has_late_errors;
}

const stele_schema *link_job_finish(link_job *job) {
  schema_freeze(job->schema);
  return job->schema;
}

/* ---- Files -------------------------------------------------------------- */

uint32_t link_pool_find(const link_job *job, const stele_file *file) {
  uintptr_t at = (uintptr_t)stele_map_find_u64(&job->file_index, (uint64_t)(uintptr_t)file);
  return at ? (uint32_t)(at - 1) : LINK_NONE;
}

uint32_t link_pool_add(link_job *job, const stele_file *file) {
  uint32_t index = (uint32_t)job->files.count;
  *STELE_VEC_ADD(job->tables, &job->files) = (link_pool_file){.file = file};
  void *place = (void *)(uintptr_t)(index + 1u);
  *stele_map_add_u64(&job->file_index, (uint64_t)(uintptr_t)file) = place;
  *stele_map_add(&job->file_names, file->name) = place;
  return index;
}

void link_pool_set_publics(link_job *job, uint32_t index) {
  link_pool_file *pool = &job->files.at[index];
  const stele_file *file = pool->file;
  uint32_t count = 0;
  for (uint32_t i = 0; i < file->import_count; i++) {
    count += file->imports[i].kind == STELE_IMPORT_PUBLIC;
  }
  if (count == 0) return;
  uint32_t *publics = STELE_NEW_ARRAY(job->tables, uint32_t, count);
  pool->publics = publics;
  for (uint32_t i = 0; i < file->import_count; i++) {
    const stele_import *import = &file->imports[i];
    if (import->kind != STELE_IMPORT_PUBLIC || !import->file) continue;
    uint32_t at = link_pool_find(job, import->file);
    if (at != LINK_NONE) publics[pool->public_count++] = at;
  }
}

/* Adds one file. One of the same path that is here already stands for it: two
 * versions of a file cannot both be in one pool, and the first is what the
 * others were linked with. */
static bool add_one(link_job *job, const stele_file *file) {
  if (link_pool_find(job, file) != LINK_NONE) return false;
  void *same = stele_map_find(&job->file_names, file->name);
  if (same) {
    *stele_map_add_u64(&job->file_index, (uint64_t)(uintptr_t)file) = same;
    return false;
  }
  uint32_t index = link_pool_add(job, file);
  schema_keep(job->schema, file->schema);
  link_foreign_add(job, index);
  return true;
}

/* The file and all it imports, found in a list that grows while it is read;
 * publics come last, when every file has its index. */
void link_job_add(link_job *job, const stele_file *file) {
  if (file->schema == job->schema) return;
  size_t first = job->files.count;
  (void)add_one(job, file);
  for (size_t i = first; i < job->files.count; i++) {
    const stele_file *at = job->files.at[i].file;
    for (uint32_t k = 0; k < at->import_count; k++) {
      if (at->imports[k].file) (void)add_one(job, at->imports[k].file);
    }
  }
  for (size_t i = first; i < job->files.count; i++) link_pool_set_publics(job, (uint32_t)i);
}

/* ---- Sight -------------------------------------------------------------- */

typedef STELE_VEC(uint32_t) index_vec;

/* Marks a file and what it imports publicly, all the way. */
static void see(link_file_state *state, index_vec *list, uint32_t index, bool as_option) {
  link_job *job = state->job;
  size_t at = list->count;
  STELE_VEC_PUSH(state->scratch, list, index);
  for (; at < list->count; at++) {
    link_pool_file *file = &job->files.at[list->at[at]];
    uint32_t *mark = as_option ? &file->option_visible : &file->visible;
    if (*mark == job->stamp) continue;
    *mark = job->stamp;
    for (link_symbol_id id = file->package; id != LINK_ROOT;) {
      link_symbol *symbol = link_symbol_get(job, id);
      if (symbol->kind == STELE_SYMBOL_PACKAGE) {
        if (symbol->stamp == job->stamp) break;
        symbol->stamp = job->stamp;
      }
      id = symbol->parent;
    }
    for (uint32_t i = 0; i < file->public_count; i++) {
      STELE_VEC_PUSH(state->scratch, list, file->publics[i]);
    }
  }
}

/* A file and what it imports publicly, each once. */
static index_vec closure(link_file_state *state, uint32_t index) {
  const link_job *job = state->job;
  index_vec list = {0};
  stele_map seen;
  STELE_VEC_PUSH(state->scratch, &list, index);
  if (job->files.at[index].public_count == 0) return list;
  stele_map_init(&seen, state->scratch, 0);
  for (size_t i = 0; i < list.count; i++) {
    const link_pool_file *file = &job->files.at[list.at[i]];
    for (uint32_t k = 0; k < file->public_count; k++) {
      void **place = stele_map_add_u64(&seen, file->publics[k]);
      if (!*place) STELE_VEC_PUSH(state->scratch, &list, file->publics[k]);
      *place = state;
    }
  }
  return list;
}

bool link_is_import_used(link_file_state *state, uint32_t index) {
  index_vec list = closure(state, index);
  for (size_t i = 0; i < list.count; i++) {
    const link_pool_file *file = &state->job->files.at[list.at[i]];
    if (i > 0 && file->direct == state->job->stamp) continue;
    if (file->unused != state->job->stamp) return true;
  }
  return false;
}

void link_sight(link_file_state *state) {
  link_job *job = state->job;
  index_vec list = {0};
  see(state, &list, state->file_index, false);
  for (uint32_t i = 0; i < state->file->import_count; i++) {
    const stele_import *import = &state->file->imports[i];
    if (!import->file) continue;
    uint32_t index = link_pool_find(job, import->file);
    if (index == LINK_NONE) continue;
    see(state, &list, index, import->kind == STELE_IMPORT_OPTION);
    if (!state->in->warn_unused_imports) continue;
    job->files.at[index].direct = job->stamp;
    if (import->kind == STELE_IMPORT_PUBLIC) continue;
    if (job->files.at[index].public_count == 0) {
      job->files.at[index].unused = job->stamp;
      continue;
    }
    index_vec behind = closure(state, index);
    for (size_t k = 0; k < behind.count; k++) job->files.at[behind.at[k]].unused = job->stamp;
  }
}

/* ---- Marks by name ------------------------------------------------------ */

void link_mark_all(link_job *job) {
  job->mark++;
}

uint32_t *link_mark_find(link_job *job, stele_sym sym) {
  if (sym >> LINK_CHUNK_BITS >= job->marks.count) return NULL;
  link_mark *mark = &job->marks.at[sym >> LINK_CHUNK_BITS][sym & (LINK_CHUNK - 1)];
  return mark->mark == job->mark ? &mark->value : NULL;
}

static link_mark *mark_of(link_job *job, stele_sym sym) {
  while (sym >> LINK_CHUNK_BITS >= job->marks.count) {
    STELE_VEC_PUSH(job->tables, &job->marks, STELE_NEW_ARRAY(job->tables, link_mark, LINK_CHUNK));
  }
  return &job->marks.at[sym >> LINK_CHUNK_BITS][sym & (LINK_CHUNK - 1)];
}

uint32_t *link_mark_put(link_job *job, stele_sym sym) {
  link_mark *mark = mark_of(job, sym);
  mark->mark = job->mark;
  return &mark->value;
}

bool link_mark_all_new(link_job *job, const stele_sym *syms, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    link_mark *mark = mark_of(job, syms[i]);
    if (mark->mark == job->mark) return false;
    mark->mark = job->mark;
  }
  return true;
}

/* ---- descriptor.proto --------------------------------------------------- */

static const stele_file *builtin(link_job *job) {
  if (!job->descriptor && job->descriptor_source) {
    job->descriptor = job->descriptor_source(job->descriptor_arg);
    schema_keep(job->schema, job->descriptor->schema);
  }
  return job->descriptor;
}

static const stele_message *builtin_message(link_job *job, stele_str name) {
  const stele_file *file = builtin(job);
  stele_str last = {name.ptr + sizeof "google.protobuf", name.len - sizeof "google.protobuf"};
  for (uint32_t i = 0; file && i < file->message_count; i++) {
    if (stele_str_eq(file->messages[i].name, last)) return &file->messages[i];
  }
  return NULL;
}

const stele_message *link_options_message(link_job *job, link_target_kind kind) {
  const stele_message *known = job->options_messages[kind].message;
  uint32_t stamp = job->options_messages[kind].stamp;
  if (known && (stamp == 0 || stamp == job->stamp)) return known;
  stele_str name = link_options_names[kind];
  link_symbol_id id = link_find_anywhere(job, name);
  bool is_there = id != LINK_ROOT && link_symbol_get(job, id)->kind == STELE_SYMBOL_MESSAGE;
  known = is_there ? link_symbol_get(job, id)->element : builtin_message(job, name);
  job->options_messages[kind].message = known;
  job->options_messages[kind].stamp = is_there ? 0 : job->stamp;
  return known;
}

/* ---- Extensions by number ----------------------------------------------- */

static uint64_t extension_key(link_symbol_id extendee, int32_t number) {
  return (uint64_t)extendee << 32 | (uint32_t)number;
}

/* Takes in the extensions of files that came since the last question. Those
 * of the job's own files were added while they were linked. */
static void load_extensions(link_job *job) {
  for (; job->extension_files < job->files.count; job->extension_files++) {
    const stele_file *file = job->files.at[job->extension_files].file;
    if (file->schema == job->schema || !file->exports) continue;
    for (uint32_t i = 0; i < file->exports->extension_count; i++) {
      const stele_field *field = file->exports->extensions[i];
      link_symbol_id extendee = link_symbol_of_message(job, field->message);
      if (extendee == LINK_ROOT) continue;
      void **place = stele_map_add_u64(&job->extensions, extension_key(extendee, field->number));
      if (!*place) *place = (void *)(uintptr_t)field;
    }
  }
}

const stele_field **link_extension_place(link_job *job, link_symbol_id extendee, int32_t number) {
  load_extensions(job);
  return (const stele_field **)stele_map_add_u64(&job->extensions, extension_key(extendee, number));
}

/* The few messages that have extensions are asked for again and again: their
 * symbols are remembered. */
static link_symbol_id extendee_id(link_job *job, const stele_message *extendee) {
  uintptr_t known = (uintptr_t)stele_map_find_u64(&job->extendees, (uint64_t)(uintptr_t)extendee);
  if (known) return (link_symbol_id)known;
  link_symbol_id id = link_symbol_of_message(job, extendee);
  if (id != LINK_ROOT) {
    *stele_map_add_u64(&job->extendees, (uint64_t)(uintptr_t)extendee) = (void *)(uintptr_t)id;
  }
  return id;
}

const stele_field *link_extension(link_job *job, const stele_message *extendee, int32_t number) {
  link_symbol_id id = extendee_id(job, extendee);
  if (id == LINK_ROOT) return NULL;
  load_extensions(job);
  return stele_map_find_u64(&job->extensions, extension_key(id, number));
}
