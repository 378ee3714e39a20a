/* link_internal: what the phases of linking one file share.
 *
 * A job is one pool: a table of symbols in which a full name stands once, and
 * the files that were linked into it or added from other schemas. A file state
 * lives while one file is linked.
 *
 *   phase                 afterwards there is
 *   link_take_tree        every struct of the file with its names, numbers,
 *   or _take_descriptor   labels and written types; declarations by ordinal
 *   link_declare          symbols and targets
 *   link_resolve          type_message, type_enum, message (of extensions),
 *                         oneof, input, output; default values
 *   link_options_plain    own features of each element in `features` (a setting
 *                         to UNKNOWN as 7); known options of each target
 *                         interpreted and readable through its slot
 *   link_features         `features` resolved, and the booleans made from them
 *   link_options_custom   options complete
 *   link_validate         nothing new: only checks
 * A phase that finds errors ends the file, except that resolve runs even when
 * declare has found some, as in protoc.
 *
 * Elements of one kind lie side by side in one array for the whole file, a
 * parent's children next to each other. So an element has an ordinal
 * (`link_message_at(state, m)` and the like), and whatever the linker knows
 * beyond the schema is a plain array by ordinal: the tree's declaration, the
 * symbol. The arrays of symbols are filled by link_declare, all others before it;
 * they are there to the end of the file.
 * Deps: link.h, base. */
#ifndef STELE_PROTO_LINK_LINK_INTERNAL_H
#define STELE_PROTO_LINK_LINK_INTERNAL_H

#include "base/map.h"
#include "base/vec.h"
#include "proto/link/link.h"

#define LINK_NONE UINT32_MAX /* no token, no declaration, no symbol */

/* ---- Symbols ---------------------------------------------------------- */

/* A symbol's number. Packages, messages, enums, enum values (in the scope
 * around their enum), services, methods, fields, oneofs, extensions. */
typedef uint32_t link_symbol_id;
enum { LINK_ROOT = 0 }; /* the nameless package: never the answer of a search */

typedef struct link_symbol {
  union {
    const void *element; /* the struct of `kind` */
    uint64_t stamp;      /* packages: the job's stamp when a file in sight is inside */
  };
  stele_sym name;
  link_symbol_id parent;
  uint32_t file; /* index in job->files; packages: the first that uses it */
  uint8_t kind;  /* stele_symbol_kind; STELE_SYMBOL_NONE: taken back */
  uint8_t lacks; /* link_lack */
} link_symbol;

/* What of the children of a message is not declared until somebody asks for it. */
typedef enum link_lack {
  LINK_LACKS_NOTHING,
  LINK_LACKS_LEAVES, /* of a file of the job: fields, oneofs, values of enums. They are no
                        types, so hardly anybody does; and no two have the same name */
  LINK_LACKS_ALL,    /* of a foreign file */
} link_lack;

/* Symbols lie in chunks, and so do marks: they never move and nothing is copied. */
enum { LINK_CHUNK_BITS = 10, LINK_CHUNK = 1 << LINK_CHUNK_BITS };

/* One file of the pool. */
typedef struct link_pool_file {
  const stele_file *file;
  link_symbol_id package;  /* LINK_ROOT without one */
  uint32_t visible;        /* == job->stamp: in sight of the file being linked */
  uint32_t option_visible; /* == job->stamp: its extensions are, as options */
  uint32_t unused;         /* == job->stamp: imported, and nothing of it used yet */
  uint32_t direct;         /* == job->stamp: imported by the very file */
  uint32_t types;          /* the last in job->types, + 1; 0: none */
  const uint32_t *publics; /* files it imports publicly */
  uint32_t public_count;
  bool is_described; /* it came as a descriptor, not as text */
  bool has_late_errors;
  bool has_first_work;  /* link_check_named has something to look at: so that most files, */
  bool has_target_work; /* which are cold by then, need not be walked again */
} link_pool_file;

/* A cell of a table that is emptied by counting on. */
typedef struct link_mark {
  uint32_t mark, value;
} link_mark;

/* Open addressing: the symbol's number and the upper half of its key's hash. */
typedef struct link_slot {
  link_symbol_id id; /* LINK_ROOT: free */
  uint32_t tag;
} link_slot;

/* A name that was looked up in a scope, and what it meant: fields of one message
 * name the same types and options again and again. */
enum { LINK_KNOWN_PARTS = 5, LINK_KNOWN_NAMES = 128 };
typedef struct link_known_name {
  uint32_t stamp; /* == job->stamp: holds for the file being linked */
  link_symbol_id scope, id;
  uint8_t mode, count;
  stele_sym parts[LINK_KNOWN_PARTS];
} link_known_name;

/* What one custom option that is set to one word comes to: link_options_shared.c. */
enum { LINK_SHARED_OPTIONS = 64 };
typedef struct options_shared {
  const stele_field *field;
  stele_sym value;
  const stele_options *options; /* NULL: none yet */
} options_shared;

/* A message or an enum, and the one before it in the same file: an index + 1. */
typedef struct link_typed {
  link_symbol_id id;
  uint32_t next;
} link_typed;

/* Whether a field of options has something to look into: link_support.c. */
enum { LINK_INTERESTS = 128 };
typedef struct link_interest {
  const stele_field *field;
  bool yes;
} link_interest;

struct link_job {
  stele_arena *arena;       /* of the schema */
  stele_arena *tables;      /* symbols, slots and files: as long as the job */
  stele_arena *scratch;     /* rewound after each file */
  stele_interner *interner; /* its texts live as long as the schema */
  stele_report *report;
  stele_schema *schema;

  STELE_VEC(link_symbol *) chunks; /* symbol 0 is LINK_ROOT */
  uint32_t symbol_count;
  link_slot *slots;
  uint32_t slot_count; /* a power of two */

  STELE_VEC(link_pool_file) files;
  stele_map file_index; /* stele_file pointer -> index + 1 */
  stele_map file_names; /* import path -> index + 1 */
  uint32_t stamp;       /* of the file that is being linked: each has its own */
  uint32_t last_stamp;
  const stele_file *linking; /* NULL between files */

  stele_map extensions;   /* symbol of extendee << 32 | number -> stele_field */
  stele_map extendees;    /* stele_message -> its symbol */
  size_t extension_files; /* files whose extensions are in the map already */

  /* By stele_sym: a mark that is set when it equals `mark`, and a value. */
  STELE_VEC(link_mark *) marks; /* in chunks of LINK_CHUNK */
  uint32_t mark;

  link_known_name known_names[LINK_KNOWN_NAMES];
  options_shared shared_options[LINK_SHARED_OPTIONS];

  stele_map interesting; /* of link_support.c: messages of options, looked at once */
  link_interest interests[LINK_INTERESTS]; /* fields that were asked for lately */
  stele_map requirements; /* of link_options_required.c: messages, looked at once */
  bool has_late_errors;
  bool takes_any_edition;
  bool takes_any_extension;
  bool takes_any_style;      /* of descriptors */
  stele_map message_symbols; /* message -> its symbol, of those that were asked for */

  /* link_options_message by kind: an answer from the pool is for ever, that the
   * pool has none holds while one file is linked. */
  struct {
    const stele_message *message;
    uint32_t stamp; /* 0: for ever */
  } options_messages[9];

  link_symbol_source *symbol_source; /* see link.h; NULL: nobody to ask */
  void *symbol_arg;
  stele_map asked_names; /* full names that were asked for */

  /* For guesses at names: messages and enums in chains by file, of the symbols below
   * `typed`; the files in sight of the file with the stamp. See link_more.c. */
  STELE_VEC(link_typed) types;
  STELE_VEC(uint32_t) sight;
  uint32_t typed, sight_stamp;

  link_descriptor_source *descriptor_source; /* see link.h */
  void *descriptor_arg;
  const stele_file *descriptor; /* built-in descriptor.proto, once asked for */
};

/* ---- The file being linked -------------------------------------------- */

typedef enum link_target_kind {
  LINK_TARGET_FILE,
  LINK_TARGET_MESSAGE,
  LINK_TARGET_FIELD, /* extensions too */
  LINK_TARGET_ONEOF,
  LINK_TARGET_EXTENSION_RANGE,
  LINK_TARGET_ENUM,
  LINK_TARGET_ENUM_VALUE,
  LINK_TARGET_SERVICE,
  LINK_TARGET_METHOD,
} link_target_kind;

/* "google.protobuf.FieldOptions" and so on, by target kind. */
extern const stele_str link_options_names[9];

/* An element that has options, in the order in which protoc interprets them.
 * `default` and `json_name` are no options and are not among the refs. */
typedef struct link_target {
  const void *element;           /* the struct of its kind; ranges: stele_range */
  const stele_options **slot;    /* the element's `options`: the phases fill it */
  stele_features *features;      /* the element's `features`, for its own settings: 0 when
                                    link_options_plain begins; ranges: a word of the target */
  link_symbol_id scope;          /* where the search for a relative name begins */
  uint32_t decl;                 /* the tree's declaration; LINK_NONE without a tree */
  uint32_t ref_start, ref_count; /* in state->option_refs */
  stele_bytes raw;               /* from a descriptor: the options message's bytes,
                                    uninterpreted options (field 999) included */
  uint8_t kind;                  /* link_target_kind */
  bool has_features;             /* set by link_options_plain: a `features` setting is there,
                                    be it one that the word does not hold */
} link_target;

/* protoc tells this many errors of one file and then falls silent. */
enum { LINK_MOST_ERRORS = 1000 };

/* Bad numbers of a message: how many, and where the first one is. */
typedef struct link_hint {
  uint32_t token, count;
  bool is_set;
} link_hint;

typedef struct link_file_state {
  link_job *job;
  const link_file_in *in;
  const stele_ast_file *ast; /* NULL: the file comes from a descriptor */
  stele_file *file;
  stele_arena *arena;   /* = job->arena */
  stele_arena *scratch; /* = job->scratch */
  uint32_t file_index;  /* in job->files */
  uint32_t error_count; /* errors of this file so far */
  uint32_t warning_count;
  uint32_t guess_count; /* what was meant: see link_more.c */
  link_symbol_id package;

  /* All elements of the file, and what is known of each by ordinal. Decls:
   * generated elements (a map's entry and its fields) have the declaration
   * they come from (MAP_FIELD), synthetic oneofs that of their field. */
  stele_message *messages; /* top level first, then level by level */
  uint32_t *message_decls;
  stele_sym *message_syms;
  link_symbol_id *message_symbols;
  uint32_t message_count;
  stele_field *fields; /* extensions too */
  uint32_t *field_decls;
  stele_sym *field_syms;
  link_symbol_id *field_symbols;
  stele_sym *field_json_syms; /* of the default JSON name */
  uint32_t *field_extends;    /* extensions: the EXTEND declaration; else LINK_NONE */
  uint32_t field_count;
  stele_oneof *oneofs;
  uint32_t *oneof_decls;
  stele_sym *oneof_syms;
  uint32_t oneof_count;
  stele_enum *enums;
  uint32_t *enum_decls;
  stele_sym *enum_syms;
  link_symbol_id *enum_symbols;
  uint32_t enum_count;
  stele_enum_value *values;
  uint32_t *value_decls;
  stele_sym *value_syms;
  uint32_t value_count;
  stele_service *services;
  uint32_t *service_decls;
  stele_sym *service_syms;
  link_symbol_id *service_symbols;
  uint32_t service_count;
  stele_method *methods;
  uint32_t *method_decls;
  stele_sym *method_syms;
  uint32_t method_count;
  stele_range *ranges;  /* extension and reserved ranges of messages and enums */
  uint32_t *range_refs; /* index in ast->ranges, or LINK_NONE */
  uint32_t *range_decls;
  uint32_t range_count;
  stele_str *reserved_names;
  uint32_t *reserved_refs; /* index in ast->reserved_names */
  uint32_t reserved_name_count;
  uint32_t *import_decls; /* by import */

  stele_features *range_features; /* own, then resolved; by range */
  stele_features *field_own;      /* each field's own settings, kept by link_features */
  link_hint *hints;               /* by message; NULL while there are none */
  bool is_hopeless;               /* protoc gives the file up here */
  struct link_raw *raws;          /* from a descriptor: what is not in the structs */

  STELE_VEC(link_target) targets;  /* protoc's order */
  STELE_VEC(uint32_t) option_refs; /* indexes in ast->options, statement order */

  const stele_file *used_file; /* by link_mark_used, the last time */

  /* The number to offer in a message, once it was worked out. */
  const stele_message *next_of;
  int64_t next_number;

  /* What link_support.c does with each element's options. */
  void (*on_options)(struct link_file_state *state, const stele_options *options, uint8_t kind,
                     uint32_t token);

  /* Why the last link_lookup found nothing. */
  uint32_t hidden_file;         /* defined there, but that file is not in sight; or LINK_NONE */
  link_symbol_id hidden_symbol; /* what is defined there */
  link_symbol_id resolved_in;   /* the first part was found here, but not the rest; or LINK_ROOT */
} link_file_state;

static inline uint32_t link_message_at(const link_file_state *state, const stele_message *m) {
  return (uint32_t)(m - state->messages);
}
static inline uint32_t link_field_at(const link_file_state *state, const stele_field *f) {
  return (uint32_t)(f - state->fields);
}
static inline uint32_t link_oneof_at(const link_file_state *state, const stele_oneof *o) {
  return (uint32_t)(o - state->oneofs);
}
static inline uint32_t link_enum_at(const link_file_state *state, const stele_enum *e) {
  return (uint32_t)(e - state->enums);
}
static inline uint32_t link_value_at(const link_file_state *state, const stele_enum_value *v) {
  return (uint32_t)(v - state->values);
}
static inline uint32_t link_service_at(const link_file_state *state, const stele_service *s) {
  return (uint32_t)(s - state->services);
}
static inline uint32_t link_method_at(const link_file_state *state, const stele_method *m) {
  return (uint32_t)(m - state->methods);
}
static inline uint32_t link_range_at(const link_file_state *state, const stele_range *r) {
  return (uint32_t)(r - state->ranges);
}

/* How many elements of each kind a file has. */
typedef struct link_counts {
  uint32_t messages, fields, oneofs, enums, values, services, methods, ranges, names;
} link_counts;

/* The arrays of elements, in the schema, and those beside them, in scratch. */
void link_new_arrays(link_file_state *state, const link_counts *counts);

/* ---- Phases ------------------------------------------------------------ */

void link_take_tree(link_file_state *state);       /* fills the structs from the tree */
void link_take_descriptor(link_file_state *state); /* or from a descriptor */
void link_declare(link_file_state *state);
void link_resolve(link_file_state *state);
void link_options_plain(link_file_state *state);
void link_features(link_file_state *state);
void link_options_custom(link_file_state *state);
void link_validate(link_file_state *state);

/* Phases within the phases. link_default: spells a default as its type; the
 * checks are those that protoc makes while it declares. */
void link_default(link_file_state *state, stele_field *field);
void link_check_number(link_file_state *state, const stele_field *field);
void link_check_extension_range(link_file_state *state, const stele_message *message,
                                const stele_range *range);
void link_check_reserved_ranges(link_file_state *state, const stele_message *message);
void link_check_message_numbers(link_file_state *state, const stele_message *message);
void link_check_enum_ranges(link_file_state *state, const stele_enum *type);
void link_check_enum_reserved(link_file_state *state, const stele_enum *type);
void link_check_option_imports(link_file_state *state);

/* The lexer lets only identifiers through; a descriptor may say anything. */
void link_check_identifier(link_file_state *state, stele_str name, uint32_t token);
void link_suggest_numbers(link_file_state *state);

/* Repeated, and neither text, bytes nor a message. */
bool link_is_packable(const stele_field *field);

/* The edition must be one that there are defaults for; and its name. */
void link_check_edition(link_file_state *state, uint64_t edition);
const char *link_edition_name(uint64_t edition);

/* A number of google.protobuf.Edition, which no other field value is. */
bool link_is_edition(uint64_t number);

/* From a descriptor: what a field says of itself that its struct has no place for. */
typedef struct link_raw_field {
  bool has_type, has_type_name, has_extendee, has_oneof_index;
  int32_t oneof_index;
} link_raw_field;
const link_raw_field *link_raw_field_of(const link_file_state *state, const stele_field *field);

/* From a descriptor: kinds of imports that it does not have. */
void link_raw_check_kinds(link_file_state *state);

/* Every message in the bytes of a descriptor is written as one. */
bool link_raw_is_written(stele_bytes descriptor);

/* From a descriptor: the options message of an element, if it has one. */
bool link_raw_has(const link_file_state *state, const void *element);
stele_bytes link_raw_of(const link_file_state *state, const void *element);

/* The SourceCodeInfo that came with a descriptor. */
stele_bytes link_raw_source_info(const link_file_state *state);

#include "proto/link/link_names.h"

#endif
