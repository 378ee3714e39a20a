/* Options: the statements of an element, from what was written or from the
 * whole of its options message.
 *
 * Canonical text keeps the statements of a text, in their order and with their
 * dotted names. A descriptor knows of no statements, and the normalised form
 * forgets them: there each field of the options message is one statement (each
 * element of a repeated one), in which a custom option's value is one literal;
 * a message among the known options (features) comes apart into its fields. */
#include <stdlib.h>

#include "proto/print/print_internal.h"
#include "proto/wire/reader.h"
#include "proto/wire/writer.h"

typedef struct option_job {
  print_job *job;
  stele_str scope;
  print_options *out;
} option_job;

/* ---- Names -------------------------------------------------------------- */

static stele_str name_part(const option_job *o, const stele_field *field) {
  return field->is_extension ? print_extension_name(o->job, o->scope, field) : field->name;
}

static stele_str join(const option_job *o, stele_str prefix, stele_str part) {
  if (prefix.len == 0) return part;
  return stele_str_printf(o->job->arena, STELE_STR_FMT "." STELE_STR_FMT, STELE_STR_ARG(prefix),
                          STELE_STR_ARG(part));
}

/* Custom options that clients without the definitions cannot read are left out
 * where the form asks for it; Confluent's own ones are known to them. */
static bool is_left_out(const option_job *o, const stele_field *field) {
  if (!o->job->no_extensions || !field->is_extension) return false;
  stele_str package = stele_field_file(field)->package;
  return !(stele_str_eq(package, STELE_STR("confluent")) ||
           (package.len > 10 && memcmp(package.ptr, "confluent.", 10) == 0));
}

/* `map_entry = false` and `allow_alias = false` say nothing, and may not be
 * said in .proto text. */
static bool is_forbidden(const stele_field *field, const print_value *value) {
  return !field->is_extension && field->type == STELE_TYPE_BOOL && !value->number &&
         (stele_str_eq(field->name, STELE_STR("map_entry")) ||
          stele_str_eq(field->name, STELE_STR("allow_alias")));
}

/* ---- Options that nobody defines ------------------------------------------ */

static bool is_uninterpreted(const stele_field *field) {
  enum { UNINTERPRETED = 999 };
  return !field->is_extension && field->number == UNINTERPRETED;
}

static const print_entry *find_entry(const print_tree *tree, int32_t number) {
  for (size_t i = 0; tree && i < tree->count; i++) {
    if (tree->entries[i].field->number == number) return &tree->entries[i];
  }
  return NULL;
}

/* "(a.b).c", from the name's parts. */
static stele_str uninterpreted_name(const option_job *o, const print_entry *parts) {
  enum { NAME_PART = 1, IS_EXTENSION = 2 };
  stele_str name = {0};
  for (size_t i = 0; parts && i < parts->count; i++) {
    const print_entry *text = find_entry(parts->values[i].tree, NAME_PART);
    const print_entry *custom = find_entry(parts->values[i].tree, IS_EXTENSION);
    stele_str part = text ? stele_bytes_str(text->values[0].bytes) : (stele_str){0};
    if (custom && custom->values[0].number) {
      part = stele_str_printf(o->job->arena, "(" STELE_STR_FMT ")", STELE_STR_ARG(part));
    }
    name = join(o, name, part);
  }
  return name;
}

/* The statement again, as it was written: an UninterpretedOption has one of
 * six kinds of value. */
static void add_uninterpreted(const option_job *o, const print_tree *tree, stele_bytes path) {
  enum { NAME = 2, IDENTIFIER, POSITIVE, NEGATIVE, DOUBLE, STRING, AGGREGATE };
  print_option *option = STELE_VEC_ADD(o->job->arena, &o->out->list);
  option->name = uninterpreted_name(o, find_entry(tree, NAME));
  option->path = path;
  option->order = o->out->list.count - 1;
  for (int32_t kind = IDENTIFIER; kind <= AGGREGATE; kind++) {
    const print_entry *entry = find_entry(tree, kind);
    if (!entry) continue;
    const print_value *value = &entry->values[0];
    if (kind == IDENTIFIER) {
      option->text = stele_bytes_str(value->bytes);
    } else if (kind == AGGREGATE) {
      option->text = stele_str_printf(o->job->arena, "{ " STELE_STR_FMT " }",
                                      STELE_STR_ARG(stele_bytes_str(value->bytes)));
    } else { /* numbers and strings are printed like any field's */
      option->field = entry->field;
      option->value = *value;
    }
  }
}

static void add(const option_job *o, stele_str name, const stele_field *field,
                const print_value *value, stele_bytes path) {
  if (is_forbidden(field, value)) return;
  if (is_uninterpreted(field)) {
    add_uninterpreted(o, value->tree, path);
    return;
  }
  STELE_VEC_PUSH(o->job->arena, &o->out->list,
                 (print_option){.name = name,
                                .field = field,
                                .value = *value,
                                .path = path,
                                .order = o->out->list.count});
}

/* ---- From the whole options message ------------------------------------- */

/* A name and its path, on the way down. */
typedef struct option_prefix {
  stele_str name;
  stele_bytes path;
} option_prefix;

static void add_entries(const option_job *o, option_prefix prefix, const print_tree *tree,
                        int depth);

static stele_bytes path_below(const option_job *o, stele_bytes above, const stele_field *field,
                              size_t index);

/* How many of a message's values, all the way down, a literal would lose. */
static size_t count_lost(const print_tree *tree) {
  size_t count = 0;
  for (size_t i = 0; i < tree->count; i++) {
    const print_entry *entry = &tree->entries[i];
    bool is_message = entry->values[0].tree && entry->field->label != STELE_LABEL_REPEATED;
    count += entry->is_nothing;
    if (is_message) count += count_lost(entry->values[0].tree);
  }
  return count;
}

/* Those get a statement each. */
static void add_lost(const option_job *o, option_prefix at, const print_tree *tree) {
  for (size_t i = 0; i < tree->count; i++) {
    const print_entry *entry = &tree->entries[i];
    option_prefix below = {join(o, at.name, name_part(o, entry->field)),
                           path_below(o, at.path, entry->field, 0)};
    if (entry->is_nothing) {
      add(o, below.name, entry->field, &entry->values[0], below.path);
    } else if (entry->values[0].tree && entry->field->label != STELE_LABEL_REPEATED) {
      add_lost(o, below, entry->values[0].tree);
    }
  }
}

/* Whether nothing at all would be left of it. */
static bool is_all_lost(const print_tree *tree) {
  for (size_t i = 0; i < tree->count; i++) {
    const print_entry *entry = &tree->entries[i];
    bool is_message = entry->values[0].tree && entry->field->label != STELE_LABEL_REPEATED;
    if (!entry->is_nothing && !(is_message && is_all_lost(entry->values[0].tree))) return false;
  }
  return tree->count > 0;
}

static void add_value(const option_job *o, option_prefix at, const stele_field *field,
                      const print_value *value, int depth) {
  bool is_singular = field->label != STELE_LABEL_REPEATED;
  if (value->tree && value->tree->count > 0 && is_singular && depth > 0) {
    add_entries(o, at, value->tree, depth);
    return;
  }
  bool loses = value->tree && is_singular && count_lost(value->tree) > 0;
  if (!loses || !is_all_lost(value->tree)) add(o, at.name, field, value, at.path);
  if (loses) add_lost(o, at, value->tree);
}

/* The path of a field's value below `above`; nobody asks for it without comments. */
static stele_bytes path_below(const option_job *o, stele_bytes above, const stele_field *field,
                              size_t index) {
  stele_buf path;
  if (!o->job->comments) return above;
  stele_buf_init(&path, o->job->arena, 0);
  stele_buf_add(&path, above.ptr, above.len);
  stele_write_varint(&path, (uint64_t)field->number);
  if (field->label == STELE_LABEL_REPEATED) stele_write_varint(&path, index);
  return stele_buf_bytes(&path);
}

/* `depth`: how many levels of messages may yet come apart. An element of a
 * repeated field below the top would need a list, so that it stays whole. */
static void add_entries(const option_job *o, option_prefix prefix, const print_tree *tree,
                        int depth) {
  enum { FEATURE_DEPTH = 3 };
  for (size_t i = 0; i < tree->count; i++) {
    const print_entry *entry = &tree->entries[i];
    bool is_top = prefix.name.len == 0;
    if (is_top && is_left_out(o, entry->field)) continue;
    stele_str name = join(o, prefix.name, name_part(o, entry->field));
    int below = is_top && !entry->field->is_extension ? FEATURE_DEPTH : depth - 1;
    for (size_t k = 0; k < entry->count; k++) {
      option_prefix at = {name, path_below(o, prefix.path, entry->field, k)};
      add_value(o, at, entry->field, &entry->values[k], below);
    }
  }
}

static int by_name(const void *a, const void *b) {
  const print_option *x = a, *y = b;
  int order = stele_str_order(x->name, y->name);
  return order ? order : (x->order > y->order) - (x->order < y->order);
}

/* ---- From one statement ------------------------------------------------- */

/* The next number of a path, behind the index if `field` is repeated. */
static bool path_goes_on(stele_reader *path, const stele_field *field) {
  (void)stele_read_varint(path); /* the field's own number */
  if (field->label == STELE_LABEL_REPEATED) (void)stele_read_varint(path);
  return !path->failed && !stele_read_done(path);
}

/* The statement's bytes hold one field in one field … down to the value; its
 * path says how far down the name went. */
static void add_statement(const option_job *o, const print_tree *tree, stele_bytes path) {
  stele_reader rest = stele_reader_of(path);
  stele_str name = {0};
  while (tree->count == 1 && tree->entries[0].count == 1) {
    const print_entry *entry = &tree->entries[0];
    if (name.len == 0 && is_left_out(o, entry->field)) return;
    name = join(o, name, name_part(o, entry->field));
    tree = entry->values[0].tree;
    if (!path_goes_on(&rest, entry->field) || !tree || tree->count != 1) {
      add(o, name, entry->field, &entry->values[0], path);
      return;
    }
  }
  add_entries(o, (option_prefix){name, path}, tree, 0);
}

static bool has_statements(const stele_options *options) {
  return options->count > 0 && options->at[0].ast_option != UINT32_MAX;
}

print_options print_options_read(print_job *job, const stele_options *options, stele_str scope) {
  print_options out = {0};
  if (!options || !options->type) return out;
  option_job o = {job, scope, &out};
  if (!job->is_normalised && has_statements(options)) {
    for (uint32_t i = 0; i < options->count; i++) {
      const print_tree *tree =
          print_tree_read(job, options->type, options->at[i].wire, &out.unknowns);
      add_statement(&o, tree, options->at[i].path);
    }
    return out;
  }
  add_entries(&o, (option_prefix){0},
              print_tree_read(job, options->type, options->wire, &out.unknowns), 0);
  if (job->is_normalised && out.list.count > 1) {
    qsort(out.list.at, out.list.count, sizeof *out.list.at, by_name);
  }
  return out;
}

void print_options_add_text(print_job *job, print_options *options, const char *name,
                            stele_str text) {
  STELE_VEC_PUSH(job->arena, &options->list,
                 (print_option){.name = stele_cstr(name), .text = text});
}

/* ---- Writing ------------------------------------------------------------ */

/* In hexadecimal, so that the line is one line whatever the bytes are. */
void print_unknown_lines(print_job *job, const print_options *options) {
  static const char digits[] = "0123456789abcdef";
  for (size_t i = 0; i < options->unknowns.count; i++) {
    const print_unknown *unknown = &options->unknowns.at[i];
    if (job->no_extensions) continue;
    print_indent(job);
    print_cstr(job, "// option ");
    stele_buf_add_u64(job->out, unknown->number);
    print_cstr(job, " has no definition here; bytes: ");
    for (size_t k = 0; k < unknown->raw.len; k++) {
      stele_buf_add_byte(job->out, (uint8_t)digits[unknown->raw.ptr[k] >> 4]);
      stele_buf_add_byte(job->out, (uint8_t)digits[unknown->raw.ptr[k] & 15]);
    }
    stele_buf_add_byte(job->out, '\n');
  }
}

static void print_assignment(print_job *job, const print_option *option) {
  print_str(job, option->name);
  print_cstr(job, " = ");
  if (option->field) {
    print_value_literal(job, option->field, &option->value);
  } else {
    print_str(job, option->text);
  }
}

void print_option_lines(print_job *job, const print_options *options, print_element element) {
  print_unknown_lines(job, options);
  for (size_t i = 0; i < options->list.count; i++) {
    const print_option *option = &options->list.at[i];
    const print_comment *comment = print_comment_of_option(job, element, option->path);
    print_lead(job, comment);
    print_indent(job);
    print_cstr(job, "option ");
    print_assignment(job, option);
    print_finish(job, ";", comment);
  }
}

void print_option_brackets(print_job *job, const print_options *options) {
  size_t count = options->list.count;
  if (count == 0) return;
  if (count == 1) {
    print_cstr(job, " [");
    print_assignment(job, &options->list.at[0]);
    print_cstr(job, "]");
    return;
  }
  print_cstr(job, " [\n");
  job->level++;
  for (size_t i = 0; i < count; i++) {
    print_indent(job);
    print_assignment(job, &options->list.at[i]);
    print_cstr(job, i + 1 < count ? ",\n" : "\n");
  }
  job->level--;
  print_indent(job);
  print_cstr(job, "]");
}
