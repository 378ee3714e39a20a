/* print_internal: what the files of the printer share.
 *
 * A job prints one file. Everything is written straight down into `out`; the
 * level is that of the line at hand, and a value of several lines indents
 * itself from there. Must run inside a guard of the job's arena.
 * Deps: print.h, base, proto/schema. */
#ifndef STELE_PROTO_PRINT_PRINT_INTERNAL_H
#define STELE_PROTO_PRINT_PRINT_INTERNAL_H

#include "base/map.h"
#include "base/vec.h"
#include "proto/print/print.h"
#include "proto/schema/schema.h"

typedef struct print_job {
  stele_arena *arena;
  const stele_file *file;
  stele_buf *out;
  size_t start;   /* of the file in `out` */
  uint32_t level; /* two spaces each */
  bool is_normalised;
  bool is_exact;
  bool shows_comments;
  bool no_extensions; /* IGNORE_EXTENSIONS */
  stele_map names;    /* full name -> print_name_kind, of all in sight; see print_name.c */
  bool has_names;
  stele_map reachable;             /* all files below this one, by pointer; grows while searched */
  struct print_comments *comments; /* NULL: there are none */
  stele_buf path;                  /* of the element whose comments are looked for */
  bool needs_blank;                /* the next line must not touch the comment above it */
} print_job;

/* ---- Text: print_text.c ------------------------------------------------ */

static inline void print_str(print_job *job, stele_str text) {
  stele_buf_add_str(job->out, text);
}
static inline void print_cstr(print_job *job, const char *text) {
  stele_buf_add_cstr(job->out, text);
}

/* The spaces before a line. */
void print_indent(print_job *job);

/* A declaration's braces. The section that comes first begins on the line
 * after `{`; a blank line, as wide as the declaration's own indentation (but in
 * the exact form), stands before each later one. Without any section the body is
 * "{}". */
typedef struct print_body {
  bool begun;
  bool commented; /* a comment stands behind the `{` */
} print_body;

void print_section(print_job *job, print_body *body);
void print_body_end(print_job *job, print_body *body, const char *end);

/* `text` in double quotes. Text that is UTF-8 stays readable; of bytes, and of
 * text that is none, what is not ASCII is escaped. */
void print_quoted(print_job *job, stele_str text, bool is_bytes);
stele_str print_quoted_text(print_job *job, stele_str text, bool is_bytes);

/* The shortest text that reads back as the same value. */
stele_str print_number_text(print_job *job, double value, bool is_float);

/* ---- Comments: print_comments.c ----------------------------------------- */

/* The words of an element's comments, as source info has them. */
typedef struct print_comment {
  stele_str leading, trailing;
  const stele_str *detached;
  size_t detached_count;
} print_comment;

typedef struct print_comments print_comments;

typedef enum print_element_kind {
  PRINT_FILE, /* `of` is not looked at */
  PRINT_IMPORT,
  PRINT_MESSAGE,
  PRINT_ENUM,
  PRINT_FIELD,
  PRINT_ONEOF,
  PRINT_VALUE,
  PRINT_SERVICE,
  PRINT_METHOD,
} print_element_kind;

typedef struct print_element {
  print_element_kind kind;
  const void *of; /* the schema's struct of that kind */
} print_element;

/* Reads the file's source info, if it has any comments. */
void print_comments_read(print_job *job);

/* Each answers NULL when there are none: of an element; of the file's field
 * `number`, package or syntax; of the statement that begins with element `index` of
 * its list `number`; of the extend block that begins with a field; of the option
 * statements at or below `path`, numbers as varints. */
const print_comment *print_comment_of(print_job *job, print_element element);
const print_comment *print_comment_of_part(print_job *job, uint32_t number);
const print_comment *print_comment_of_statement(print_job *job, print_element element,
                                                uint32_t number, size_t index);
const print_comment *print_comment_of_extend(print_job *job, const stele_field *first);
const print_comment *print_comment_of_option(print_job *job, print_element element,
                                             stele_bytes path);

/* A blank line, unless there is one just above. */
void print_blank(print_job *job);

/* What stands above a declaration: detached comments and the leading one. */
void print_lead(print_job *job, const print_comment *comment);

/* The end of a declaration (";"), its trailing comment, and the line's end. */
void print_finish(print_job *job, const char *end, const print_comment *comment);

/* The `{` and its trailing comment. */
void print_open(print_job *job, print_body *body, const print_comment *comment);

/* ---- Names: print_name.c ----------------------------------------------- */

/* How the search for a name goes; see proto/link. */
typedef enum print_search {
  PRINT_SEARCH_TYPES, /* passes over what is no type */
  PRINT_SEARCH_ALL,   /* the first hit counts */
} print_search;

/* A reference to a type: as written where that is known, else the shortest usual
 * spelling that means the same from inside `scope`; normalised ones with a
 * leading dot. `name` is ".pkg.Type", or as written while unresolved. */
typedef struct print_reference {
  stele_str name;
  stele_str scope; /* full name; empty: the nameless package */
  size_t written;  /* length of the tail of `name` that was written; 0: unknown */
  print_search search;
} print_reference;

void print_reference_name(print_job *job, const print_reference *reference);

/* "(pkg.option)", with a leading dot where something nearer has the name. */
stele_str print_extension_name(print_job *job, stele_str scope, const stele_field *extension);

bool print_is_identifier(stele_str text);

/* ---- Options: print_literal.c, print_option.c -------------------------- */

typedef struct print_tree print_tree;

/* One value, and as much of it as its field's type says. */
typedef struct print_value {
  uint64_t number;        /* varints (zigzag undone) and the bits of fixed ones */
  stele_bytes bytes;      /* strings and bytes */
  const print_tree *tree; /* messages */
} print_value;

typedef struct print_entry {
  const stele_field *field;
  stele_str key;       /* as a literal has it: "name", "[pkg.ext]" */
  print_value *values; /* one, unless repeated */
  size_t count;
  bool is_nothing; /* the zero of a field without presence: a literal loses it, only a
                      statement of its own (`(a).b = 0`) says it */
} print_entry;

/* A message that was read from its wire bytes: by field number, or by key in
 * the normalised form. */
struct print_tree {
  const print_entry *entries;
  size_t count;
};

/* Bytes that nothing says the meaning of, or that no option can say. */
typedef struct print_unknown {
  uint32_t number; /* of the option itself, the outermost field */
  stele_bytes raw; /* with its tag */
} print_unknown;
typedef STELE_VEC(print_unknown) print_unknowns;

/* Reads a message of options. */
const print_tree *print_tree_read(print_job *job, const stele_message *type, stele_bytes bytes,
                                  print_unknowns *unknowns);

/* A value as an option statement or a literal has it. */
void print_value_literal(print_job *job, const stele_field *field, const print_value *value);

/* One statement: `name = value`. */
typedef struct print_option {
  stele_str name; /* "deprecated", "(a.b).c" */
  const stele_field *field;
  print_value value;
  stele_str text;   /* instead of field and value: default, json_name */
  stele_bytes path; /* below the element's options: numbers as varints */
  size_t order;     /* among the options of its element */
} print_option;

/* All of an element's, ready to print. */
typedef struct print_options {
  STELE_VEC(print_option) list;
  print_unknowns unknowns;
} print_options;

/* `scope`: from where names are searched: the element's parent. */
print_options print_options_read(print_job *job, const stele_options *options, stele_str scope);

void print_options_add_text(print_job *job, print_options *options, const char *name,
                            stele_str text);

/* Comment lines for what cannot be said. */
void print_unknown_lines(print_job *job, const print_options *options);

/* "option a = b;" lines of an element, unknown ones included. */
void print_option_lines(print_job *job, const print_options *options, print_element element);

static inline bool print_has_option_lines(const print_options *options) {
  return options->list.count > 0 || options->unknowns.count > 0;
}

/* " [a = b]", nothing without options. */
void print_option_brackets(print_job *job, const print_options *options);

/* ---- Declarations ------------------------------------------------------- */

/* print_members.c: what a message or a file holds, in the order of printing. */
typedef struct print_extend {
  const stele_field **fields; /* of one extendee */
  size_t count;
} print_extend;

typedef struct print_members {
  const stele_message *messages; /* declared here, in order */
  size_t message_count;
  const stele_field **fields; /* neither groups nor in a oneof */
  const stele_oneof **oneofs;
  const stele_field **groups; /* not in a oneof */
  print_extend *extends;
  size_t field_count, oneof_count, group_count, extend_count;
  /* Messages keep their order whatever prints them. When the usual order of
   * sections would not do that, those that declare messages (groups, oneofs with
   * groups, extensions that are groups) stand among the messages. */
  bool is_mixed;
  bool no_extensions;
  const stele_field **carriers; /* by message: the group that declares it, or NULL */
} print_members;

print_members print_members_of(print_job *job, const stele_message *message);

/* print_exact.c: all of a message's fields, oneofs, messages and extend blocks (of
 * the file's: NULL) in an order in which each list has the order of the
 * descriptor. */
void print_in_order(print_job *job, print_body *body, const stele_message *message);

/* The messages in order; when mixed, what declares them. */
void print_messages(print_job *job, const print_members *members);

/* print_field.c */
void print_field(print_job *job, const stele_field *field);
void print_oneof(print_job *job, const stele_oneof *oneof);
void print_extend_block(print_job *job, const print_extend *extend);
bool print_oneof_has_group(const stele_oneof *oneof);
const stele_field **print_fields_in_order(print_job *job, const stele_field *const *fields,
                                          size_t count);

/* print_message.c */
void print_message(print_job *job, const stele_message *message);
/* The braces of a message or a group, and what stands between them. */
void print_message_body(print_job *job, const stele_message *message);

/* print_range.c */
typedef struct print_reserved {
  const stele_range *ranges;
  const stele_str *names;
  size_t range_count, name_count;
  bool is_enum; /* ends are inclusive, and "max" is another number */
  print_element element;
} print_reserved;

void print_reserved_lines(print_job *job, const print_reserved *reserved);
void print_extension_ranges(print_job *job, const stele_message *message);

/* print_enum.c */
void print_enum(print_job *job, const stele_enum *type);

/* print_service.c */
void print_service(print_job *job, const stele_service *service);

/* "export " or "local " where it was written. */
void print_visibility(print_job *job, uint8_t visibility);

/* The scope of what a message, or else the file, declares. */
static inline stele_str print_scope_of(const stele_message *message, const stele_file *file) {
  return message ? message->full_name : file->package;
}

static inline bool print_is_editions(const print_job *job) {
  return job->file->edition >= STELE_EDITION_2023;
}

#endif
