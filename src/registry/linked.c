/* What is linked may be shared only when it stands on the same files.
 *
 * Two compiles of one text are two sets of types, so a schema from the cache is
 * taken only if each of its imports is the very file that this job has bound to
 * that path; else it is compiled again and replaces the old one. Bindings are
 * linked in order of their references, so a chain of a thousand imports needs
 * no deep stack. A job whose paths are wanted in two versions shares nothing,
 * and compiles all from text. */
#include "registry/linked.h"

#include <stdlib.h>

#include "base/guard.h"
#include "base/hash.h"
#include "registry/layouts.h"
#include "registry/registry_internal.h"

typedef struct linked_entry {
  uint64_t hash;
  uint64_t text_key; /* of the text it was compiled from */
  int32_t id;
  snap_bytes *key; /* tenant, NUL, path */
  const stele_schema *schema;
  const stele_file *file;
  uint64_t used; /* when: the cache's count of uses */
} linked_entry;

struct linked_cache {
  sys_mutex lock;
  linked_entry *entries;
  size_t count, most;
  uint64_t uses;
  sys_mutex builtin_lock;
  const stele_schema *builtin;
};

linked_cache *linked_cache_new(size_t most) {
  linked_cache *cache = registry_alloc(sizeof *cache);
  cache->entries = registry_alloc(most * sizeof *cache->entries);
  cache->most = most;
  sys_mutex_init(&cache->lock);
  sys_mutex_init(&cache->builtin_lock);
  return cache;
}

static void entry_release(linked_entry *entry) {
  stele_schema_unref(entry->schema);
  snap_bytes_unref(entry->key);
}

void linked_cache_free(linked_cache *cache) {
  if (!cache) return;
  for (size_t i = 0; i < cache->count; i++) entry_release(&cache->entries[i]);
  if (cache->builtin) stele_schema_unref(cache->builtin);
  sys_mutex_release(&cache->lock);
  sys_mutex_release(&cache->builtin_lock);
  free(cache->entries);
  free(cache);
}

/* --- jobs ---------------------------------------------------------------- */

bool linked_job_init(linked_job *job, stele_registry *r, stele_arena *arena,
                     const registry_snapshot *snapshot, stele_err *err) {
  *job = (linked_job){.registry = r, .arena = arena, .snapshot = snapshot};
  job->reports = stele_arena_new(0);
  return job->reports || stele_fail(err, STELE_NO_MEMORY, "no memory for a report");
}

void linked_job_release(linked_job *job) {
  for (size_t i = 0; i < job->held.count; i++) {
    if (job->held.at[i]) stele_schema_unref(job->held.at[i]);
  }
  job->held.count = 0;
  for (size_t i = 0; i < job->layouts.count; i++) stele_layouts_unref(job->layouts.at[i]);
  job->layouts.count = 0;
  stele_arena_free(job->reports);
  job->reports = NULL;
}

/* Room for one more schema, made before there is a reference to lose. */
static const stele_schema **hold_slot(linked_job *job) {
  return STELE_VEC_ADD(job->arena, &job->held);
}

/* --- the cache ----------------------------------------------------------- */

typedef struct cache_key {
  stele_str text; /* tenant, NUL, path */
  uint64_t hash, text_key;
  int32_t id;
} cache_key;

static uint64_t text_number(const snap_text *text) {
  uint64_t number = 0;
  for (size_t i = 0; i < sizeof text->key; i++) number = number << 8 | text->key[i];
  return number;
}

static cache_key make_key(stele_arena *arena, stele_str tenant, int32_t id, const snap_text *text,
                          stele_str path) {
  stele_buf buf;
  stele_buf_init(&buf, arena, 0);
  stele_buf_add_str(&buf, tenant);
  stele_buf_add_byte(&buf, 0);
  stele_buf_add_str(&buf, path);
  cache_key key = {.text = stele_buf_str(&buf), .text_key = text_number(text), .id = id};
  key.hash = stele_hash_str(key.text, key.text_key ^ (uint64_t)(uint32_t)id);
  return key;
}

/* Under the lock. */
static linked_entry *find_entry(linked_cache *cache, const cache_key *key) {
  for (size_t i = 0; i < cache->count; i++) {
    linked_entry *e = &cache->entries[i];
    if (e->hash != key->hash || e->id != key->id || e->text_key != key->text_key) continue;
    if (stele_str_eq((stele_str){e->key->at, e->key->len}, key->text)) return e;
  }
  return NULL;
}

/* Takes a reference into `*slot`; NULL: not there. */
static const stele_file *cache_get(linked_cache *cache, const cache_key *key,
                                   const stele_schema **slot) {
  const stele_file *file = NULL;
  sys_mutex_lock(&cache->lock);
  linked_entry *entry = find_entry(cache, key);
  if (entry) {
    entry->used = ++cache->uses;
    *slot = stele_schema_ref(entry->schema);
    file = entry->file;
  }
  sys_mutex_unlock(&cache->lock);
  return file;
}

static linked_entry *oldest_entry(linked_cache *cache) {
  linked_entry *oldest = &cache->entries[0];
  for (size_t i = 1; i < cache->count; i++) {
    if (cache->entries[i].used < oldest->used) oldest = &cache->entries[i];
  }
  return oldest;
}

static void cache_put(linked_cache *cache, const cache_key *key, const stele_schema *schema,
                      const stele_file *file) {
  linked_entry fresh = {.hash = key->hash,
                        .text_key = key->text_key,
                        .id = key->id,
                        .key = snap_bytes_new(key->text, NULL),
                        .schema = stele_schema_ref(schema),
                        .file = file};
  linked_entry gone = {0};
  sys_mutex_lock(&cache->lock);
  linked_entry *place = find_entry(cache, key);
  if (!place) {
    place = cache->count < cache->most ? &cache->entries[cache->count++] : oldest_entry(cache);
  }
  gone = *place;
  fresh.used = ++cache->uses;
  *place = fresh;
  sys_mutex_unlock(&cache->lock);
  if (gone.schema) entry_release(&gone);
}

/* --- built-in files ------------------------------------------------------ */

bool linked_is_builtin(stele_str path) {
  stele_str text;
  return stele_wkt_find(path, &text);
}

static bool find_nothing(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  (void)self, (void)path, (void)err;
  *out = (stele_found){.kind = STELE_FOUND_NOTHING};
  return true;
}

static const stele_schema *compile_builtin(stele_err *err) {
  size_t count = stele_wkt_count();
  stele_resolver nothing = {.find = find_nothing};
  stele_compile_options options = {.use_builtin = true};
  stele_arena *arena = stele_arena_new(0);
  if (!arena) {
    (void)stele_fail(err, STELE_NO_MEMORY, "built-in files");
    return NULL;
  }
  stele_str *paths = STELE_NEW_ARRAY(arena, stele_str, count);
  for (size_t i = 0; i < count; i++) paths[i] = stele_wkt_path(i);
  const stele_schema *schema =
      stele_compile(&nothing, paths, count, &options, stele_report_new(arena, 1), err);
  stele_arena_free(arena);
  if (!schema) (void)stele_wrap(err, "built-in files");
  return schema;
}

const stele_schema *linked_builtin(stele_registry *r, stele_err *err) {
  linked_cache *cache = r->linked;
  sys_mutex_lock(&cache->builtin_lock);
  if (!cache->builtin) cache->builtin = compile_builtin(err);
  const stele_schema *schema = cache->builtin;
  sys_mutex_unlock(&cache->builtin_lock);
  return schema;
}

/* --- resolving ----------------------------------------------------------- */

typedef struct bind_resolver {
  stele_resolver base;
  linked_job *job;
  binding_set *set;
  const linked_options *options;
  const stele_schema *builtin; /* NULL: built-in files are compiled from text */
} bind_resolver;

/* One question, asked under a guard of its own: a compile is not ours to leave
 * in the middle. */
typedef struct question {
  bind_resolver *resolver;
  stele_str path;
  stele_found *out;
} question;

static binding *bind_by_name(bind_resolver *r, stele_str path) {
  if (!r->options->by_name) return NULL;
  for (size_t i = 0; i < r->options->not_by_name_count; i++) {
    if (stele_str_eq(r->options->not_by_name[i], path)) return NULL;
  }
  const snap_subject *subject = snap_find_subject(r->set->snapshot, r->options->tenant, path);
  if (!subject || !subject->newest_live) return NULL;
  /* The path is the compile's, which forgets it. */
  binding_add_version(r->set, stele_str_copy(r->set->arena, path), subject->newest_live);
  return binding_find(r->set, path);
}

static void answer_builtin(bind_resolver *r, stele_str path, stele_found *out) {
  stele_str text;
  if (!stele_wkt_find(path, &text)) return;
  const stele_file *file = r->builtin ? stele_schema_file(r->builtin, path) : NULL;
  *out = file ? (stele_found){.kind = STELE_FOUND_FILE, .file = file}
              : (stele_found){.kind = STELE_FOUND_TEXT, .bytes = stele_str_bytes(text)};
}

static void answer(void *arg) {
  question *q = arg;
  bind_resolver *r = q->resolver;
  binding *b = binding_find(r->set, q->path);
  if (!b) b = bind_by_name(r, q->path);
  if (!b) {
    answer_builtin(r, q->path, q->out);
  } else if (b->file) {
    *q->out = (stele_found){.kind = STELE_FOUND_FILE, .file = b->file};
  } else {
    *q->out = (stele_found){.kind = b->kind == STELE_TEXT_SOURCE ? STELE_FOUND_TEXT
                                                                 : STELE_FOUND_DESCRIPTOR,
                            .bytes = b->text};
  }
}

static bool resolve(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  bind_resolver *r = (bind_resolver *)(void *)self;
  question q = {r, path, out};
  *out = (stele_found){.kind = STELE_FOUND_NOTHING};
  return stele_guard_run(r->job->arena, answer, &q, err);
}

static bool shadows_builtin(const binding_set *set) {
  for (size_t i = 0; i < set->by_name.count; i++) {
    if (linked_is_builtin(set->by_name.entries[i].key.str)) return true;
  }
  return false;
}

/* --- compiling ----------------------------------------------------------- */

static const stele_schema *compile(linked_job *job, binding_set *set, const stele_str *paths,
                                   size_t count, const linked_options *options,
                                   stele_report *report, stele_err *err) {
  bind_resolver resolver = {.base = {.find = resolve}, .job = job, .set = set, .options = options};
  if (!shadows_builtin(set)) {
    resolver.builtin = linked_builtin(job->registry, err);
    if (!resolver.builtin) return NULL;
  }
  stele_compile_options how = {
      .source_info = true,
      .lenient = options->lenient,
      .use_builtin = true,
      .any_style = true,
      .warn_unused_imports = true, /* rules ask which imports are used */
      .limit_bytes = job->registry->options.compile_bytes,
      .limit_text_bytes = job->registry->options.text_bytes,
  };
  const stele_schema **slot = hold_slot(job);
  *slot = stele_compile(&resolver.base, paths, count, &how, report, err);
  return *slot;
}

/* The error of a compile whose report nobody reads: its first finding. */
static void say_first(const stele_report *report, stele_err *err) {
  size_t count;
  const stele_finding *first = stele_report_findings(report, &count);
  if (count == 0 || err->code != STELE_INVALID) return;
  (void)stele_fail(err, STELE_INVALID, STELE_STR_FMT ":%d: " STELE_STR_FMT,
                   STELE_STR_ARG(first->file), first->line + 1, STELE_STR_ARG(first->text));
}

static const stele_schema *compile_stored(linked_job *job, binding_set *set, stele_str path,
                                          stele_err *err) {
  static const linked_options lenient = {.lenient = true};
  stele_report *report = stele_report_new(job->reports, 1);
  const stele_schema *schema = compile(job, set, &path, 1, &lenient, report, err);
  if (!schema) say_first(report, err);
  return schema;
}

/* True when every import of a linked file is the file that this job means. */
static bool stands_on(const stele_file *file, const binding_set *set, const stele_schema *builtin) {
  for (uint32_t i = 0; i < file->import_count; i++) {
    const stele_import *import = &file->imports[i];
    const binding *b = binding_find(set, import->path);
    const stele_file *want = b ? b->file : stele_schema_file(builtin, import->path);
    if (import->file != want) return false;
  }
  return true;
}

/* Links one binding whose own references are linked. */
static bool link_binding(linked_job *job, binding_set *set, binding *b, stele_err *err) {
  const snap_version *v = b->stored;
  cache_key key = make_key(job->arena, v->tenant, v->id, v->content.text, b->name);
  const stele_schema *builtin = linked_builtin(job->registry, err);
  if (!builtin) return false;
  const stele_schema **slot = hold_slot(job);
  const stele_file *file = cache_get(job->registry->linked, &key, slot);
  if (file && stands_on(file, set, builtin)) {
    b->file = file;
    return true;
  }
  const stele_schema *schema = compile_stored(job, set, b->name, err);
  if (!schema) return false;
  b->file = stele_schema_file(schema, b->name);
  cache_put(job->registry->linked, &key, schema, b->file);
  return true;
}

/* What is stored and does not compile any more is left to the compile that
 * imports it: it will say so. */
static bool link_bindings(linked_job *job, binding_set *set, stele_err *err) {
  if (set->mixed || shadows_builtin(set)) return true;
  binding_list order = binding_order(set);
  for (size_t i = 0; i < order.count; i++) {
    if (order.at[i]->file || link_binding(job, set, order.at[i], err)) continue;
    if (err->code != STELE_INVALID) return false;
    *err = (stele_err){0};
  }
  return true;
}

const stele_schema *linked_compile(linked_job *job, binding_set *set, const stele_str *paths,
                                   size_t count, const linked_options *options,
                                   stele_report *report, stele_err *err) {
  if (options->by_name) set->mixed = true; /* what is found on the way may be another version */
  if (!link_bindings(job, set, err)) return NULL;
  return compile(job, set, paths, count, options, report, err);
}

/* A content that nothing else binds: bound under `path` itself. */
static const stele_file *link_content(linked_job *job, stele_str path, stele_str tenant, int32_t id,
                                      const snap_content *content, stele_err *err) {
  binding_set set;
  binding_set_init(&set, job->arena, job->snapshot);
  const snap_version stored = {
      .tenant = tenant, .id = id, .subject = path, .version = 0, .content = *content};
  const snap_text *text = content->text;
  binding_add_references(&set, content->references, content->reference_count);
  path = binding_free_name(&set, path); /* it may refer to an earlier version of itself */
  binding *b =
      binding_add_text(&set, path, (stele_bytes){(const uint8_t *)text->at, text->len}, text->kind);
  if (!link_bindings(job, &set, err)) return NULL;
  if (set.mixed || shadows_builtin(&set)) {
    const stele_schema *schema = compile_stored(job, &set, path, err);
    return schema ? stele_schema_file(schema, path) : NULL;
  }
  b->stored = &stored;
  return link_binding(job, &set, b, err) ? b->file : NULL;
}

/* What was stored did compile once: if it does not now, the store is to blame. */
static const stele_file *or_corrupt(const stele_file *file, stele_str tenant, int32_t id,
                                    stele_err *err) {
  if (!file && err->code == STELE_INVALID) {
    err->code = STELE_CORRUPT;
    (void)stele_wrap(err, "schema %d of tenant " STELE_STR_FMT, id, STELE_STR_ARG(tenant));
  }
  return file;
}

const stele_file *linked_version(linked_job *job, stele_str path, const snap_version *version,
                                 stele_err *err) {
  const stele_file *file =
      link_content(job, path, version->tenant, version->id, &version->content, err);
  return or_corrupt(file, version->tenant, version->id, err);
}

const stele_file *linked_schema(linked_job *job, stele_str path, const snap_schema *schema,
                                stele_err *err) {
  const stele_file *file =
      link_content(job, path, schema->tenant, schema->id, &schema->content, err);
  return or_corrupt(file, schema->tenant, schema->id, err);
}
