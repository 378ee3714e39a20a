/* What a name means: protoc's rules of lookup, within what a file may see. */
#include "base/hash.h"
#include "proto/link/link_internal.h"

/* ---- Names as they were written ----------------------------------------- */

link_name link_name_from_tokens(const link_file_state *state, uint32_t first, uint32_t last) {
  const stele_token *tokens = state->ast->tokens.at;
  if (first == last && tokens[first].kind == STELE_TOKEN_IDENTIFIER) {
    return (link_name){.parts = &tokens[first].sym, .count = 1};
  }
  link_name name = {.is_absolute = tokens[first].sym == STELE_SYM_OF('.')};
  size_t size = (last - first + 1) * sizeof(stele_sym);
  stele_sym *parts = stele_arena_alloc(state->scratch, size, _Alignof(stele_sym));
  for (uint32_t i = first; i <= last; i++) {
    if (tokens[i].kind == STELE_TOKEN_IDENTIFIER) parts[name.count++] = tokens[i].sym;
  }
  name.parts = parts;
  return name;
}

link_name link_name_from_text(const link_file_state *state, stele_str text) {
  link_name name = {.is_absolute = text.len && text.ptr[0] == '.'};
  size_t start = name.is_absolute ? 1 : 0, dots = 0;
  for (size_t i = start; i < text.len; i++) dots += text.ptr[i] == '.';
  stele_sym *parts = STELE_NEW_ARRAY(state->scratch, stele_sym, dots + 1);
  for (size_t at = start, end; at <= text.len; at = end + 1) {
    const char *dot = at < text.len ? memchr(text.ptr + at, '.', text.len - at) : NULL;
    end = dot ? (size_t)(dot - text.ptr) : text.len;
    stele_str part = {text.ptr + at, end - at};
    /* Interned, not found: it may be in a foreign message that is still opaque. */
    parts[name.count++] = stele_intern(state->job->interner, part);
  }
  name.parts = parts;
  return name;
}

stele_str link_name_text(const link_file_state *state, link_name name) {
  stele_buf text;
  stele_buf_init(&text, state->scratch, 0);
  for (uint32_t i = 0; i < name.count; i++) {
    if (i || name.is_absolute) stele_buf_add_byte(&text, '.');
    stele_buf_add_str(&text, stele_sym_str(state->job->interner, name.parts[i]));
  }
  return stele_buf_str(&text);
}

stele_str link_symbol_name(const link_file_state *state, link_symbol_id id) {
  const link_job *job = state->job;
  size_t len = 0, nameless = 0;
  for (link_symbol_id at = id; at != LINK_ROOT; at = link_symbol_get(job, at)->parent) {
    size_t part = stele_sym_str(job->interner, link_symbol_get(job, at)->name).len;
    nameless = part ? 0 : nameless + 1;
    len += part + 1;
  }
  if (len == 0) return (stele_str){NULL, 0};
  char *text = STELE_NEW_ARRAY(state->scratch, char, len);
  char *end = text + len;
  for (link_symbol_id at = id; at != LINK_ROOT; at = link_symbol_get(job, at)->parent) {
    stele_str part = stele_sym_str(job->interner, link_symbol_get(job, at)->name);
    *--end = '.';
    end -= part.len;
    if (part.len) memcpy(end, part.ptr, part.len);
  }
  stele_str full = {text, len - 1}; /* the last part's dot stands at the end */
  /* What has no name makes no part while nothing stands before it. */
  if (nameless > full.len) nameless = full.len;
  return (stele_str){full.ptr + nameless, full.len - nameless};
}

/* ---- Lookup ------------------------------------------------------------- */

/* A symbol counts only when the file may see it; which file could have seen
 * it is remembered for the error. Being found is being used. */
static link_symbol_id in_sight(link_file_state *state, link_symbol_id id) {
  if (id == LINK_ROOT) return LINK_ROOT;
  link_job *job = state->job;
  const link_symbol *symbol = link_symbol_get(job, id);
  if (symbol->kind == STELE_SYMBOL_PACKAGE) {
    if (symbol->stamp == job->stamp) return id;
  } else {
    link_pool_file *file = &job->files.at[symbol->file];
    bool visible = file->visible == job->stamp;
    bool as_option = file->option_visible == job->stamp;
    if (visible || as_option) file->unused = 0;
    if (visible || (as_option && symbol->kind == STELE_SYMBOL_FIELD)) return id;
  }
  state->hidden_file = symbol->file;
  state->hidden_symbol = id;
  return LINK_ROOT;
}

/* ---- Files that nobody has read yet ------------------------------------- */

/* What is in a message, an enum or a service is where that is. */
static bool is_in_package(const link_job *job, link_symbol_id scope) {
  return link_symbol_get(job, scope)->kind == STELE_SYMBOL_PACKAGE;
}

/* Asks for parts [from, count) of a name in `scope`, none of which was found. */
static bool ask(link_file_state *state, link_symbol_id scope, link_name name, uint32_t count) {
  link_job *job = state->job;
  uint32_t from = 0;
  for (link_symbol_id next = scope; from < count; from++, scope = next) {
    next = link_symbol_find(job, scope, name.parts[from]);
    if (next == LINK_ROOT) break;
  }
  if (from == count || !is_in_package(job, scope)) return false;
  stele_buf text;
  stele_buf_init(&text, state->scratch, 0);
  stele_buf_add_str(&text, link_symbol_name(state, scope));
  for (; from < count; from++) {
    if (text.len) stele_buf_add_byte(&text, '.');
    stele_buf_add_str(&text, stele_sym_str(job->interner, name.parts[from]));
  }
  if (stele_map_find(&job->asked_names, stele_buf_str(&text))) return false;
  stele_str kept = stele_str_copy(job->tables, stele_buf_str(&text));
  *stele_map_add(&job->asked_names, kept) = job;
  return job->symbol_source(job->symbol_arg, kept);
}

/* The first `count` parts of a name, each inside the one before. */
static link_symbol_id descend(link_job *job, link_symbol_id scope, link_name name, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    scope = link_symbol_find(job, scope, name.parts[i]);
    if (scope == LINK_ROOT) return LINK_ROOT;
  }
  return scope;
}

static link_symbol_id find(link_file_state *state, link_symbol_id scope, link_name name,
                           uint32_t count) {
  link_symbol_id id = descend(state->job, scope, name, count);
  if (id == LINK_ROOT && state->job->symbol_source && ask(state, scope, name, count)) {
    id = descend(state->job, scope, name, count);
  }
  return in_sight(state, id);
}

static bool is_aggregate(uint8_t kind) {
  return kind == STELE_SYMBOL_MESSAGE || kind == STELE_SYMBOL_PACKAGE ||
         kind == STELE_SYMBOL_ENUM || kind == STELE_SYMBOL_SERVICE;
}

static bool is_type(uint8_t kind) {
  return kind == STELE_SYMBOL_MESSAGE || kind == STELE_SYMBOL_ENUM;
}

/* A message without types in it need not be asked for one: most are so, and
 * each question costs a cache miss. Only while the file is well, since messages
 * of one name share their children. */
static bool has_no_types(const link_file_state *state, const link_symbol *symbol) {
  if (state->error_count || state->job->symbol_source) return false;
  if (symbol->kind == STELE_SYMBOL_SERVICE) return true;
  if (symbol->kind != STELE_SYMBOL_MESSAGE) return false;
  const stele_message *message = symbol->element;
  return message->message_count == 0 && message->enum_count == 0;
}

/* A name of several parts begins with something that has parts inside. */
static bool wants_types(link_name name, link_mode mode) {
  return mode == LINK_TYPES || name.count > 1;
}

/* A scope's child that the first part of a name may mean: where only types and what
 * has parts inside counts, leaves need not be asked for. */
static link_symbol_id find_first(link_file_state *state, link_symbol_id scope, link_name name,
                                 link_mode mode) {
  if (!wants_types(name, mode) || state->job->symbol_source) return find(state, scope, name, 1);
  return in_sight(state, link_symbol_find_scope(state->job, scope, name.parts[0]));
}

static link_symbol_id look_outward(link_file_state *state, link_symbol_id scope, link_name name,
                                   link_mode mode) {
  link_job *job = state->job;
  for (; scope != LINK_ROOT; scope = link_symbol_get(job, scope)->parent) {
    if (wants_types(name, mode) && has_no_types(state, link_symbol_get(job, scope))) continue;
    link_symbol_id id = find_first(state, scope, name, mode);
    if (id == LINK_ROOT) continue;
    uint8_t kind = link_symbol_get(job, id)->kind;
    if (name.count > 1) {
      if (!is_aggregate(kind)) continue;
      link_symbol_id rest = find(state, scope, name, name.count);
      if (rest == LINK_ROOT) state->resolved_in = id;
      return rest;
    }
    if (mode == LINK_ALL || is_type(kind)) return id;
  }
  return find(state, LINK_ROOT, name, name.count);
}

/* Where a name that was looked up is remembered: the place of whatever else has
 * the same hash, too. */
static link_known_name *known_place(link_job *job, link_symbol_id scope, link_name name) {
  uint64_t hash = stele_hash_u64((uint64_t)scope << 32 | name.parts[name.count - 1], name.parts[0]);
  return &job->known_names[hash % LINK_KNOWN_NAMES];
}

static bool is_known(const link_job *job, const link_known_name *known, link_symbol_id scope,
                     link_name name, link_mode mode) {
  if (known->stamp != job->stamp || known->scope != scope || known->count != name.count ||
      known->mode != mode) {
    return false;
  }
  return memcmp(known->parts, name.parts, name.count * sizeof *name.parts) == 0;
}

/* Only what was found is remembered: that it was seen is noted already, and a
 * failure leaves its reasons in the state. */
link_symbol_id link_lookup(link_file_state *state, link_symbol_id scope, link_name name,
                           link_mode mode) {
  link_job *job = state->job;
  state->hidden_file = LINK_NONE;
  state->resolved_in = LINK_ROOT;
  if (name.count == 0) return LINK_ROOT;
  if (name.is_absolute) return find(state, LINK_ROOT, name, name.count);
  if (name.count > LINK_KNOWN_PARTS) return look_outward(state, scope, name, mode);

  /* What is known further out is known for all messages in there. */
  while (scope != LINK_ROOT && wants_types(name, mode) &&
         has_no_types(state, link_symbol_get(job, scope))) {
    scope = link_symbol_get(job, scope)->parent;
  }
  link_known_name *known = known_place(job, scope, name);
  if (is_known(job, known, scope, name, mode)) return known->id;
  link_symbol_id id = look_outward(state, scope, name, mode);
  if (id == LINK_ROOT) return id;
  *known = (link_known_name){.stamp = job->stamp,
                             .scope = scope,
                             .id = id,
                             .mode = (uint8_t)mode,
                             .count = (uint8_t)name.count};
  memcpy(known->parts, name.parts, name.count * sizeof *name.parts);
  return id;
}

static link_symbol_id find_text(link_job *job, link_symbol_id scope, stele_str text) {
  while (text.len) {
    const char *dot = memchr(text.ptr, '.', text.len);
    size_t len = dot ? (size_t)(dot - text.ptr) : text.len;
    if (len == 0) return LINK_ROOT;
    scope = link_symbol_find(job, scope, stele_intern(job->interner, (stele_str){text.ptr, len}));
    if (scope == LINK_ROOT || !dot) return scope;
    text = (stele_str){text.ptr + len + 1, text.len - len - 1};
  }
  return LINK_ROOT;
}

link_symbol_id link_find_anywhere(link_job *job, stele_str full_name) {
  return find_text(job, LINK_ROOT, full_name);
}

/* Few messages are asked for, and those again and again: they are remembered. */
link_symbol_id link_symbol_of_message(link_job *job, const stele_message *message) {
  uint64_t key = (uint64_t)(uintptr_t)message;
  uintptr_t known = (uintptr_t)stele_map_find_u64(&job->message_symbols, key);
  if (known) return (link_symbol_id)known;
  link_symbol_id id = link_find_anywhere(job, message->full_name);
  if (id != LINK_ROOT) *stele_map_add_u64(&job->message_symbols, key) = (void *)(uintptr_t)id;
  return id;
}

void link_mark_used(link_file_state *state, const stele_file *file) {
  if (file == state->used_file) return; /* nearly always: that of the options */
  state->used_file = file;
  uintptr_t index =
      (uintptr_t)stele_map_find_u64(&state->job->file_index, (uint64_t)(uintptr_t)file);
  if (index) state->job->files.at[index - 1].unused = 0;
}

/* ---- Not found ---------------------------------------------------------- */

/* A name can be both hidden and resolved too far in: then both are told. */
void link_error_undefined(link_file_state *state, uint32_t token, stele_str name) {
  link_job *job = state->job;
  if (state->hidden_file != LINK_NONE) {
    stele_str symbol = link_symbol_name(state, state->hidden_symbol);
    stele_str file = job->files.at[state->hidden_file].file->name;
    link_error(state, token,
               "\"" STELE_STR_FMT "\" seems to be defined in \"" STELE_STR_FMT
               "\", which is not imported by \"" STELE_STR_FMT
               "\".  To use it here, please add the necessary import.",
               STELE_STR_ARG(symbol), STELE_STR_ARG(file), STELE_STR_ARG(state->file->name));
  }
  if (state->resolved_in != LINK_ROOT) {
    stele_str scope = link_symbol_name(state, state->resolved_in);
    const char *dot = memchr(name.ptr, '.', name.len);
    stele_str rest = {dot ? dot : "", dot ? name.len - (size_t)(dot - name.ptr) : 0};
    link_error(state, token,
               "\"" STELE_STR_FMT "\" is resolved to \"" STELE_STR_FMT STELE_STR_FMT
               "\", which is not defined. The innermost scope is searched first in name "
               "resolution. Consider using a leading '.'(i.e., \"." STELE_STR_FMT
               "\") to start from the outermost scope.",
               STELE_STR_ARG(name), STELE_STR_ARG(scope), STELE_STR_ARG(rest), STELE_STR_ARG(name));
  }
  if (state->hidden_file == LINK_NONE && state->resolved_in == LINK_ROOT) {
    link_error(state, token, "\"" STELE_STR_FMT "\" is not defined.", STELE_STR_ARG(name));
  }
  link_advise_name(state, name);
}
