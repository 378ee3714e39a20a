/* link_names: names, symbols and mistakes: what every phase of linking calls.
 *
 * In:   names as they were written, tokens.   Out: symbols; findings.
 * Part of link_internal.h, which includes it.   Deps: link_internal.h. */
#ifndef STELE_PROTO_LINK_LINK_NAMES_H
#define STELE_PROTO_LINK_LINK_NAMES_H

#include "proto/link/link_internal.h"

/* ---- Names and symbols --------------------------------------------------- */

/* A name that was written: "a.b.c" or ".a.b.c". An empty part is 0, and
 * nothing is called that. */
typedef struct link_name {
  const stele_sym *parts;
  uint32_t count;
  bool is_absolute;
} link_name;

/* From the tokens [first, last] of the tree: identifiers and dots. */
link_name link_name_from_tokens(const link_file_state *state, uint32_t first, uint32_t last);
link_name link_name_from_text(const link_file_state *state, stele_str text);
stele_str link_name_text(const link_file_state *state, link_name name); /* in scratch */

/* The bytes of the STRING tokens [first, last], in the schema's arena: the text
 * that they stand in may be gone when the file is linked. */
stele_str link_string(const link_file_state *state, uint32_t first, uint32_t last);

/* A number for a symbol that is added later, when its children are in: that of
 * the symbol of the same name if there is one (so that children collide). */
link_symbol_id link_symbol_reserve(link_file_state *state, link_symbol_id parent, stele_sym name);

/* Adds a symbol (`id` LINK_ROOT: takes a new number). A name that is taken is
 * an error at `token`, in protoc's words, and answers false. */
bool link_symbol_add(link_file_state *state, link_symbol_id id, link_symbol_id parent,
                     stele_sym name, stele_symbol_kind kind, const void *element, uint32_t token);

/* The same where the name is known to be free. */
void link_symbol_put(link_file_state *state, link_symbol_id id, link_symbol_id parent,
                     stele_sym name, stele_symbol_kind kind, const void *element);

/* Takes the symbols and extensions of a file back that could not be linked. */
void link_symbols_undo(link_file_state *state, uint32_t symbols_before);

/* Declares the package of a file, and what is above it. */
link_symbol_id link_package_add(link_job *job, link_file_state *state, uint32_t file,
                                stele_str package, uint32_t token);

/* Declares what a file of another schema shows. */
void link_foreign_add(link_job *job, uint32_t file);

/* The files in sight of the file being linked. */
void link_sight(link_file_state *state);

/* When all is resolved: was something of an import used, or of what it imports publicly
 * and the file does not import itself? */
bool link_is_import_used(link_file_state *state, uint32_t index);

/* The child of a scope, whether in sight or not; LINK_ROOT if there is none. */
link_symbol_id link_symbol_find(link_job *job, link_symbol_id parent, stele_sym name);

/* The same for who only wants what has children: does not declare leaves. */
link_symbol_id link_symbol_find_scope(link_job *job, link_symbol_id parent, stele_sym name);

/* Asks memory for the place of a symbol that is looked up a little later: a
 * hint, since the table of a large job lies far away. */
void link_symbol_fetch(const link_job *job, link_symbol_id parent, stele_sym name);

static inline link_symbol *link_symbol_get(const link_job *job, link_symbol_id id) {
  return &job->chunks.at[id >> LINK_CHUNK_BITS][id & (LINK_CHUNK - 1)];
}

/* "pkg.Outer.name" of a symbol; in scratch. */
stele_str link_symbol_name(const link_file_state *state, link_symbol_id id);

typedef enum link_mode {
  LINK_TYPES, /* what is no type is passed over, and the search goes on outward */
  LINK_ALL,   /* the first hit is the answer */
} link_mode;

/* What a name means from inside `scope`: protoc's rules (first part innermost
 * first, then the rest in there), limited to what the file may see. Marks the
 * import it comes from as used. LINK_ROOT: nothing; the state says why. */
link_symbol_id link_lookup(link_file_state *state, link_symbol_id scope, link_name name,
                           link_mode mode);

/* A full name in all of the pool, in sight or not. */
link_symbol_id link_find_anywhere(link_job *job, stele_str full_name);

/* The symbol of a message of any file of the pool. */
link_symbol_id link_symbol_of_message(link_job *job, const stele_message *message);

/* The file of a symbol counts as used. */
void link_mark_used(link_file_state *state, const stele_file *file);

/* The message that describes a kind of options: the pool's own descriptor.proto
 * if it has one, else the built-in one. */
const stele_message *link_options_message(link_job *job, link_target_kind kind);

/* The extension `number` of `extendee` among the files of the pool, or NULL. */
const stele_field *link_extension(link_job *job, const stele_message *extendee, int32_t number);

/* Makes the place of an extension's number; NULL there means it is free. */
const stele_field **link_extension_place(link_job *job, link_symbol_id extendee, int32_t number);

/* Marks by name, all taken away at once by link_mark_all: has this name been
 * seen, and with what value? The place holds until the next put. */
void link_mark_all(link_job *job);
uint32_t *link_mark_find(link_job *job, stele_sym sym);
uint32_t *link_mark_put(link_job *job, stele_sym sym);

/* Puts marks, up to the first name that has one: false when there is one. */
bool link_mark_all_new(link_job *job, const stele_sym *syms, uint32_t count);

/* Files of the pool. */
uint32_t link_pool_find(const link_job *job, const stele_file *file); /* or LINK_NONE */
uint32_t link_pool_add(link_job *job, const stele_file *file);
void link_pool_set_publics(link_job *job, uint32_t index);

/* Made-up names: ".scope.name" without its first dot, a map's entry, JSON. */
stele_str link_full_name(stele_arena *arena, stele_str scope, stele_str name);
stele_str link_entry_name(stele_arena *arena, stele_str field);
stele_sym link_json_sym(link_job *job, stele_sym name);

/* ---- Mistakes ---------------------------------------------------------- */

/* At the first byte of a token of the tree; LINK_NONE: the file as a whole. */
void link_error(link_file_state *state, uint32_t token, const char *format, ...) STELE_PRINTF(3, 4);
void link_warning(link_file_state *state, uint32_t token, const char *format, ...)
    STELE_PRINTF(3, 4);

/* An error that is told when everything is linked: it ends the job, but not
 * the file, and those that import it are linked all the same. */
void link_late_error(link_file_state *state, uint32_t token, const char *format, ...)
    STELE_PRINTF(3, 4);

/* "is not defined" and its kin for a name that link_lookup did not find. */
void link_error_undefined(link_file_state *state, uint32_t token, stele_str name);

/* ---- More about the error that was told last: link_more.c ---- */

/* Another place of this file, at a token (LINK_NONE: nothing is said). */
void link_also(link_file_state *state, uint32_t token, const char *text);

/* Where a symbol of this file stands. */
void link_also_symbol(link_file_state *state, link_symbol_id id);

/* The name that was meant, or the import that is missing, after link_lookup
 * found nothing; for a member of a message alone, the one nearest in spelling. */
void link_advise_name(link_file_state *state, stele_str name);
void link_advise_member(link_file_state *state, const stele_message *type, stele_str name);

/* Tokens that findings cite; LINK_NONE for what was not written. */
uint32_t link_token_of_message(const link_file_state *state, const stele_message *message);
uint32_t link_token_of_field(const link_file_state *state, const stele_field *field);
uint32_t link_token_of_field_number(const link_file_state *state, const stele_field *field);
uint32_t link_token_of_field_type(const link_file_state *state, const stele_field *field);
uint32_t link_token_of_oneof(const link_file_state *state, const stele_oneof *oneof);
uint32_t link_token_of_enum(const link_file_state *state, const stele_enum *type);
uint32_t link_token_of_value(const link_file_state *state, const stele_enum_value *value);
uint32_t link_token_of_service(const link_file_state *state, const stele_service *service);
uint32_t link_token_of_method(const link_file_state *state, const stele_method *method);
uint32_t link_token_of_extendee(const link_file_state *state, const stele_field *field);
uint32_t link_token_of_default(const link_file_state *state, const stele_field *field);
uint32_t link_token_of_json_name(const link_file_state *state, const stele_field *field);
uint32_t link_token_of_value_number(const link_file_state *state, const stele_enum_value *value);
uint32_t link_token_of_range(const link_file_state *state, const stele_range *range);
uint32_t link_token_of_import(const link_file_state *state, stele_str path);
uint32_t link_token_of_statement(const link_file_state *state, stele_ast_kind kind);

/* A declaration of the tree; NULL for LINK_NONE and without a tree. */
const stele_ast_decl *link_decl(const link_file_state *state, uint32_t decl);

#endif
