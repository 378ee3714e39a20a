/* link_options_internal: what the interpreter of options is made of.
 *
 * A statement is a name (a path of fields from the element's options message)
 * and a value. It comes from a tree or from an UninterpretedOption of a
 * descriptor, and ends as one record in wire form.
 * Deps: link_internal.h, proto/descriptor/normal.h. */
#ifndef STELE_PROTO_LINK_LINK_OPTIONS_INTERNAL_H
#define STELE_PROTO_LINK_LINK_OPTIONS_INTERNAL_H

#include "proto/descriptor/normal.h"
#include "proto/link/link_internal.h"

typedef enum options_value_kind {
  OPTIONS_IDENTIFIER,
  OPTIONS_POSITIVE,
  OPTIONS_NEGATIVE,
  OPTIONS_DOUBLE,
  OPTIONS_STRING,
  OPTIONS_AGGREGATE,
} options_value_kind;

/* Text gives a value of one kind; in a descriptor there may be several of them,
 * or none, and whoever wants one takes those that it looks for first. */
typedef struct options_value {
  uint8_t kinds;     /* 1 << options_value_kind of each that is there */
  stele_str word;    /* IDENTIFIER */
  stele_str text;    /* STRING: its bytes */
  uint64_t positive; /* POSITIVE */
  int64_t negative;  /* NEGATIVE */
  double number;     /* DOUBLE */
  const stele_tokens *tokens;
  uint32_t first, end;          /* AGGREGATE: tokens [first, end) between the braces */
  const stele_report *mistakes; /* of its text, where that is not the file's */
} options_value;

static inline bool options_has(const options_value *value, options_value_kind kind) {
  return (value->kinds >> kind & 1) != 0;
}

static inline void options_add_kind(options_value *value, options_value_kind kind) {
  value->kinds |= (uint8_t)(1u << kind);
}

typedef struct options_part {
  stele_str text; /* as written, without the parentheses */
  link_name name; /* extensions */
  bool is_extension;
} options_part;

typedef struct options_statement {
  const options_part *parts; /* most often `only` */
  uint32_t part_count;
  options_part only;
  options_value value;
  uint32_t name_token, value_token; /* for findings; LINK_NONE from a descriptor */
  uint32_t ast_option;
} options_statement;

/* The statements of an element. From a tree they are read one by one, when
 * their pass comes; from a descriptor all at once. */
typedef struct options_list {
  const options_statement *raw;
  uint32_t count;
  bool has_place; /* findings may cite their tokens */
} options_list;

options_list link_options_list(link_file_state *state, const link_target *target);
void link_options_read(link_file_state *state, const link_target *target, const options_list *list,
                       uint32_t i, options_statement *out);

/* Which pass a statement belongs to: the second one for custom options, and
 * for a name that is refused there. */
bool link_options_is_custom(const link_file_state *state, const link_target *target,
                            const options_list *list, uint32_t i);
/* Has a descriptor options that nobody has interpreted? */
bool link_options_are_left(const link_file_state *state);

bool link_options_is_reserved(stele_str word);

/* Is this what features are set with? */
bool link_options_is_features(const options_part *first);

/* One statement being interpreted. */
typedef struct options_run {
  link_file_state *state;
  const link_target *target;
  const stele_message *type; /* the element's options message */
  stele_option *records;     /* by statement; those not done yet are empty */
  uint32_t record_count;
  uint32_t *lens; /* by statement: length of the path's numbers, where a field is repeated */
  uint64_t known_numbers; /* of `type`: descriptor_known_numbers */
  uint64_t taken;         /* bit n % 64 is set when a record begins with field n */
  const options_statement *statement;
  const stele_field **path; /* one field per part */
  stele_buf path_buf;
  stele_back out;
  bool touches_source; /* something set has source retention */
  bool is_unknown;     /* a lenient file: the name is nobody's, so the statement stays as it is */
  bool is_simple;      /* so far each statement is one name part and loses nothing */
  bool sets_features;  /* a statement begins with `features` */
} options_run;

/* ---- Names: link_options_name.c ---- */

/* The fields that the statement's name goes through; false after a finding. */
bool link_options_resolve(options_run *run);

/* False, after a finding, when the statement's field has a value already. */
bool link_options_is_free(options_run *run);

/* The name as protoc says it in findings, up to part `last`. */
stele_str link_options_name(const options_run *run, uint32_t last);

/* The statement as an UninterpretedOption, field 999 of every options message:
 * what a lenient file keeps of an option whose definition is not there. */
stele_bytes link_options_keep(options_run *run);

/* ---- Elements with the same options: link_options_shared.c ---- */

/* Is the element's only option a custom one that is set to a word? Very many
 * elements have such a one, and few different ones. */
bool link_options_is_shareable(const link_file_state *state, const link_target *target);

/* The options of the element that had the same option before, to be shared; or
 * the place where this one's are to be kept. NULL after a finding. */
options_shared *link_options_shared(link_file_state *state, const link_target *target,
                                    const options_list *list, const stele_message *type);

/* ---- Values: link_options_value.c, link_options_text.c ---- */

/* Writes the value of the last field of the path, with its tag, to run->out;
 * false after a finding. */
bool link_options_put(options_run *run);

/* The same for a message: text format between braces. */
bool link_options_put_message(options_run *run, const stele_field *field);

/* ---- Text format ---- */

typedef struct options_text {
  const stele_report *mistakes; /* see options_value */
  size_t mistakes_told;
  link_file_state *state;
  const stele_tokens *tokens;
  uint32_t at, end; /* the token at hand; behind the last one */
  stele_buf out;    /* records, forwards */
  stele_buf error;
  int depth;
  bool touches_source;
  bool is_abnormal; /* the records need the normal form made of them */
} options_text;

/* The token at hand, and steps over it. */
bool options_text_at_end(const options_text *t);
bool options_text_at(const options_text *t, char symbol);
bool options_text_at_kind(const options_text *t, stele_token_kind kind);
stele_str options_text_token(const options_text *t);
void options_text_next(options_text *t);
bool options_text_take(options_text *t, char symbol);
bool options_text_expect(options_text *t, char symbol);

/* Passes over a comment, where one starts. */
void options_text_comment(options_text *t);

/* One level deeper; false, with the error, when that is too deep. */
bool options_text_enter(options_text *t);

/* An identifier; a `{` or `<`, and what closes it; a `;` or `,`, or nothing. */
bool options_text_identifier(options_text *t, stele_str *name);
bool options_text_open(options_text *t, char *close);
void options_text_separator(options_text *t);

/* "[" extension "]" or "[" url "/" type "]"; `url` keeps its last slash. */
bool options_text_bracket(options_text *t, stele_str *url, stele_str *name);

/* What comes after the name of a field that does not count. */
bool options_text_skip(options_text *t);

/* The field that a name means in `type`, read with the name: an extension in
 * brackets; or a field, where NULL means that the name is reserved. */
bool options_text_extension(options_text *t, const stele_message *type, stele_str *name,
                            const stele_field **field);
bool options_text_field(options_text *t, const stele_message *type, stele_str *name,
                        const stele_field **field);

/* The message that a type URL means, or NULL. */
const stele_message *options_text_any_type(options_text *t, stele_str url, stele_str name);

/* Adds the lexer's mistakes up to the token that is looked at. */
void options_text_mistakes(options_text *t);

/* Answers false, so that it can be returned. */
bool options_text_fail(options_text *t, const char *format, ...) STELE_PRINTF(2, 3);

/* One value of a scalar field, as a record; `*is_zero` says whether the value
 * is the zero that a field without presence does not write. */
bool options_text_scalar(options_text *t, const stele_field *field, bool *is_zero);

/* "inf", "infinity" and "nan" in any case, and their values. */
bool options_text_float_word(stele_str word, double *value);

/* In lower case; in scratch. */
stele_str options_text_lower(options_text *t, stele_str text);

/* Names of the required fields that `bytes`, a message of `type`, lacks, with
 * commas between them, as protoc lists them; empty when it lacks none. */
stele_str link_options_missing(link_file_state *state, const stele_message *type,
                               stele_bytes bytes);

/* How the job's messages are read and written. */
descriptor_normal link_options_normal(link_file_state *state, descriptor_known known);

/* Where each of the tree's options went: its path below the options field. */
const stele_bytes *link_options_paths(link_file_state *state);

/* ---- From a descriptor: link_options_raw.c ---- */

/* The statements of the UninterpretedOption fields of `raw`, in scratch. */
uint32_t link_options_uninterpreted(link_file_state *state, stele_bytes raw,
                                    const options_statement **statements);

/* `raw` without them. */
stele_bytes link_options_interpreted(link_file_state *state, stele_bytes raw);

/* Is every value in `bytes`, a message of `type`, that is a message written as one? Tells
 * it when one is not. In link_options_broken.c. */
bool link_options_are_whole(link_file_state *state, const stele_message *type, stele_bytes bytes);

#endif
