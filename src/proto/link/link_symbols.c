/* The symbols of a pool: one table for all its files.
 *
 * A symbol is found by (scope, name), both small numbers, so no full name is
 * ever built or hashed: walking outward is following `parent`, and a full name
 * is written by the same walk when somebody reads an error.
 *
 * Most symbols are leaves of messages, and of those hardly any is ever looked up;
 * so a message that has no name twice keeps them to itself until somebody asks.
 *
 * protoc keeps one table of full names instead, and two messages of one name
 * share their children's names there. That is why a message takes the number
 * of whatever already has its name: the children then collide as protoc's do. */
#include "base/hash.h"
#include "proto/link/link_internal.h"
#include "proto/schema/schema_internal.h"

enum { FIRST_SLOTS = 512 };

static uint64_t key_hash(link_symbol_id parent, stele_sym name) {
  return stele_hash_u64((uint64_t)parent << 32 | name, 0);
}

static void slot_put(link_job *job, link_symbol_id id, uint64_t hash) {
  uint32_t mask = job->slot_count - 1;
  uint32_t at = (uint32_t)hash & mask;
  while (job->slots[at].id != LINK_ROOT) at = (at + 1) & mask;
  job->slots[at] = (link_slot){id, (uint32_t)(hash >> 32)};
}

/* Fills a new table; symbols that were reserved or taken back stay out. */
static void rehash(link_job *job, uint32_t slot_count) {
  job->slots = STELE_NEW_ARRAY(job->tables, link_slot, slot_count);
  job->slot_count = slot_count;
  for (link_symbol_id id = 1; id < job->symbol_count; id++) {
    const link_symbol *symbol = link_symbol_get(job, id);
    if (symbol->kind != STELE_SYMBOL_NONE) {
      slot_put(job, id, key_hash(symbol->parent, symbol->name));
    }
  }
}

static link_symbol_id symbol_new(link_job *job, link_symbol_id parent, stele_sym name) {
  link_symbol_id id = job->symbol_count;
  if (id >> LINK_CHUNK_BITS == job->chunks.count) {
    STELE_VEC_PUSH(job->tables, &job->chunks,
                   STELE_NEW_ARRAY(job->tables, link_symbol, LINK_CHUNK));
  }
  job->symbol_count++;
  *link_symbol_get(job, id) = (link_symbol){.name = name, .parent = parent};
  return id;
}

/* Puts a symbol in the table, growing it in time. */
static void insert(link_job *job, link_symbol_id id) {
  if (job->slot_count == 0 || job->symbol_count > job->slot_count / 4 * 3) {
    rehash(job, job->slot_count ? job->slot_count * 4 : FIRST_SLOTS);
    return; /* the symbol has its kind, so it is in */
  }
  const link_symbol *symbol = link_symbol_get(job, id);
  slot_put(job, id, key_hash(symbol->parent, symbol->name));
}

static void open_foreign(link_job *job, link_symbol_id id);
static void open_leaves(link_job *job, link_symbol_id id);

link_symbol_id link_symbol_find_scope(link_job *job, link_symbol_id parent, stele_sym name) {
  if (link_symbol_get(job, parent)->lacks == LINK_LACKS_ALL) open_foreign(job, parent);
  if (job->slot_count == 0 || name == 0) return LINK_ROOT;
  uint64_t hash = key_hash(parent, name);
  uint32_t mask = job->slot_count - 1, tag = (uint32_t)(hash >> 32);
  for (uint32_t at = (uint32_t)hash & mask; job->slots[at].id != LINK_ROOT; at = (at + 1) & mask) {
    if (job->slots[at].tag != tag) continue;
    const link_symbol *symbol = link_symbol_get(job, job->slots[at].id);
    bool is_it = symbol->parent == parent && symbol->name == name;
    if (is_it && symbol->kind != STELE_SYMBOL_NONE) return job->slots[at].id;
  }
  return LINK_ROOT;
}

link_symbol_id link_symbol_find(link_job *job, link_symbol_id parent, stele_sym name) {
  link_symbol_id id = link_symbol_find_scope(job, parent, name);
  if (id != LINK_ROOT || link_symbol_get(job, parent)->lacks != LINK_LACKS_LEAVES) return id;
  open_leaves(job, parent);
  return link_symbol_find_scope(job, parent, name);
}

void link_symbol_fetch(const link_job *job, link_symbol_id parent, stele_sym name) {
  if (job->slot_count == 0) return;
  __builtin_prefetch(&job->slots[(uint32_t)key_hash(parent, name) & (job->slot_count - 1)]);
}

link_symbol_id link_symbol_reserve(link_file_state *state, link_symbol_id parent, stele_sym name) {
  link_symbol_id taken = link_symbol_find(state->job, parent, name);
  return taken != LINK_ROOT ? taken : symbol_new(state->job, parent, name);
}

/* Says whose name it is. `element` may be a package. */
static void error_taken(link_file_state *state, link_symbol_id taken, uint32_t token) {
  link_job *job = state->job;
  const link_symbol *symbol = link_symbol_get(job, taken);
  stele_str full = link_symbol_name(state, taken);
  if (symbol->file != state->file_index) {
    stele_str file = job->files.at[symbol->file].file->name;
    link_error(state, token,
               "\"" STELE_STR_FMT "\" is already defined in file \"" STELE_STR_FMT "\".",
               STELE_STR_ARG(full), STELE_STR_ARG(file));
    return;
  }
  size_t dot = full.len; /* the last one, be it one in a name that is none */
  while (dot && full.ptr[dot - 1] != '.') dot--;
  if (dot == 0) {
    link_error(state, token, "\"" STELE_STR_FMT "\" is already defined.", STELE_STR_ARG(full));
  } else {
    stele_str scope = {full.ptr, dot - 1}, name = {full.ptr + dot, full.len - dot};
    link_error(state, token, "\"" STELE_STR_FMT "\" is already defined in \"" STELE_STR_FMT "\".",
               STELE_STR_ARG(name), STELE_STR_ARG(scope));
  }
  link_also_symbol(state, taken);
}

/* protobuf keeps full names as C strings here and there. */
static bool has_zero_byte(link_file_state *state, link_symbol_id parent, stele_str name,
                          uint32_t token) {
  if (state->ast) return false;
  stele_str scope = link_symbol_name(state, parent);
  bool has_scope = scope.len != 0;
  stele_str full =
      stele_str_printf(state->scratch, STELE_STR_FMT "%s" STELE_STR_FMT, STELE_STR_ARG(scope),
                       has_scope ? "." : "", STELE_STR_ARG(name));
  if (full.len == 0 || !memchr(full.ptr, 0, full.len)) return false;
  link_error(state, token, "\"" STELE_STR_FMT "\" contains null character.", STELE_STR_ARG(full));
  return true;
}

bool link_symbol_add(link_file_state *state, link_symbol_id id, link_symbol_id parent,
                     stele_sym name, stele_symbol_kind kind, const void *element, uint32_t token) {
  link_job *job = state->job;
  if (has_zero_byte(state, parent, stele_sym_str(job->interner, name), token)) return false;
  link_symbol_id taken = link_symbol_find(job, parent, name);
  if (taken != LINK_ROOT) {
    error_taken(state, taken, token);
    return false;
  }
  link_symbol_put(state, id, parent, name, kind, element);
  return true;
}

void link_symbol_put(link_file_state *state, link_symbol_id id, link_symbol_id parent,
                     stele_sym name, stele_symbol_kind kind, const void *element) {
  link_job *job = state->job;
  if (id == LINK_ROOT) id = symbol_new(job, parent, name);
  link_symbol *symbol = link_symbol_get(job, id);
  symbol->element = element;
  symbol->kind = (uint8_t)kind;
  symbol->file = state->file_index;
  insert(job, id);
}

void link_symbols_undo(link_file_state *state, uint32_t symbols_before) {
  link_job *job = state->job;
  for (link_symbol_id id = symbols_before; id < job->symbol_count; id++) {
    link_symbol *symbol = link_symbol_get(job, id);
    if (symbol->file == state->file_index) symbol->kind = STELE_SYMBOL_NONE;
  }
  memset(job->options_messages, 0, sizeof job->options_messages);
  for (size_t i = 0; i < job->extensions.count; i++) {
    const stele_field *field = job->extensions.entries[i].value;
    if (field && stele_field_file(field) == state->file) job->extensions.entries[i].value = NULL;
  }
}

/* ---- Packages ----------------------------------------------------------- */

static void error_no_package(link_file_state *state, link_symbol_id taken, uint32_t token) {
  stele_str package = link_symbol_name(state, taken);
  stele_str file = state->job->files.at[link_symbol_get(state->job, taken)->file].file->name;
  link_error(state, token,
             "\"" STELE_STR_FMT "\" is already defined (as something other than a package) in file "
             "\"" STELE_STR_FMT "\".",
             STELE_STR_ARG(package), STELE_STR_ARG(file));
}

/* protoc goes from the whole name outward until something exists, and looks
 * whether that is a package; so of all names that exist only the innermost
 * counts. A foreign file has no state: its clashes show where it is used. */
link_symbol_id link_package_add(link_job *job, link_file_state *state, uint32_t file,
                                stele_str package, uint32_t token) {
  link_symbol_id scope = LINK_ROOT, innermost = LINK_ROOT;
  for (size_t start = 0; start <= package.len && package.len;) {
    const char *dot = memchr(package.ptr + start, '.', package.len - start);
    size_t end = dot ? (size_t)(dot - package.ptr) : package.len;
    stele_sym name = stele_intern(job->interner, (stele_str){package.ptr + start, end - start});
    link_symbol_id next = link_symbol_find(job, scope, name);
    if (next != LINK_ROOT) {
      innermost = next;
    } else {
      next = symbol_new(job, scope, name);
      link_symbol *symbol = link_symbol_get(job, next);
      symbol->kind = STELE_SYMBOL_PACKAGE;
      symbol->file = file;
      insert(job, next);
      if (state) link_check_identifier(state, stele_sym_str(job->interner, name), token);
    }
    scope = next;
    start = end + 1;
  }
  if (state && innermost != LINK_ROOT &&
      link_symbol_get(job, innermost)->kind != STELE_SYMBOL_PACKAGE) {
    error_no_package(state, innermost, token);
  }
  return scope;
}

/* ---- What is declared when it is asked for ------------------------------- */

static link_symbol *foreign(link_job *job, uint32_t file, link_symbol_id parent, stele_str name,
                            stele_symbol_kind kind, const void *element) {
  stele_sym sym = stele_intern_borrowed(job->interner, name); /* its schema is kept alive */
  if (link_symbol_find_scope(job, parent, sym) != LINK_ROOT) return NULL;
  link_symbol_id id = symbol_new(job, parent, sym);
  link_symbol *symbol = link_symbol_get(job, id);
  *symbol = (link_symbol){
      .element = element, .name = sym, .parent = parent, .file = file, .kind = (uint8_t)kind};
  insert(job, id);
  return symbol;
}

static void foreign_values(link_job *job, uint32_t file, link_symbol_id scope,
                           const stele_enum *type) {
  for (uint32_t k = 0; k < type->value_count; k++) {
    (void)foreign(job, file, scope, type->values[k].name, STELE_SYMBOL_ENUM_VALUE,
                  &type->values[k]);
  }
}

static void foreign_enums(link_job *job, uint32_t file, link_symbol_id scope,
                          const stele_enum *enums, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const stele_enum *type = &enums[i];
    (void)foreign(job, file, scope, type->name, STELE_SYMBOL_ENUM, type);
    foreign_values(job, file, scope, type);
  }
}

/* Messages are declared without what is in them: most are never looked into. */
static void foreign_messages(link_job *job, uint32_t file, link_symbol_id scope,
                             const stele_message *messages, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    link_symbol *symbol =
        foreign(job, file, scope, messages[i].name, STELE_SYMBOL_MESSAGE, &messages[i]);
    if (!symbol) continue;
    symbol->lacks = LINK_LACKS_ALL;
  }
}

static void foreign_fields(link_job *job, uint32_t file, link_symbol_id scope,
                           const stele_field *fields, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    (void)foreign(job, file, scope, fields[i].name, STELE_SYMBOL_FIELD, &fields[i]);
  }
}

static void foreign_oneofs(link_job *job, uint32_t file, link_symbol_id scope,
                           const stele_message *message) {
  for (uint32_t i = 0; i < message->oneof_count; i++) {
    const stele_oneof *oneof = &message->oneofs[i];
    (void)foreign(job, file, scope, oneof->name, STELE_SYMBOL_ONEOF, oneof);
  }
}

static void open_foreign(link_job *job, link_symbol_id id) {
  link_symbol *symbol = link_symbol_get(job, id);
  const stele_message *message = symbol->element;
  uint32_t file = symbol->file;
  symbol->lacks = LINK_LACKS_NOTHING;
  foreign_messages(job, file, id, message->messages, message->message_count);
  foreign_enums(job, file, id, message->enums, message->enum_count);
  foreign_fields(job, file, id, message->fields, message->field_count);
  foreign_fields(job, file, id, message->extensions, message->extension_count);
  foreign_oneofs(job, file, id, message);
}

static void open_leaves(link_job *job, link_symbol_id id) {
  link_symbol *symbol = link_symbol_get(job, id);
  const stele_message *message = symbol->element;
  uint32_t file = symbol->file;
  symbol->lacks = LINK_LACKS_NOTHING;
  foreign_fields(job, file, id, message->fields, message->field_count);
  foreign_oneofs(job, file, id, message);
  for (uint32_t i = 0; i < message->enum_count; i++) {
    foreign_values(job, file, id, &message->enums[i]);
  }
}

static void foreign_services(link_job *job, uint32_t index, link_symbol_id scope,
                             const stele_service *services, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const stele_service *service = &services[i];
    link_symbol *symbol = foreign(job, index, scope, service->name, STELE_SYMBOL_SERVICE, service);
    if (!symbol) continue;
    link_symbol_id id = job->symbol_count - 1;
    for (uint32_t k = 0; k < service->method_count; k++) {
      (void)foreign(job, index, id, service->methods[k].name, STELE_SYMBOL_METHOD,
                    &service->methods[k]);
    }
  }
}

void link_foreign_add(link_job *job, uint32_t index) {
  link_pool_file *pool = &job->files.at[index];
  const stele_file *file = pool->file;
  link_symbol_id scope = link_package_add(job, NULL, index, file->package, LINK_NONE);
  pool->package = scope;
  foreign_messages(job, index, scope, file->messages, file->message_count);
  foreign_enums(job, index, scope, file->enums, file->enum_count);
  foreign_fields(job, index, scope, file->extensions, file->extension_count);
  foreign_services(job, index, scope, file->services, file->service_count);
}
