/* From the syntax tree to the structs of the schema.
 *
 * First everything is counted, so that each kind of element gets one array for
 * the whole file; then the arrays are filled, messages level by level, so that
 * a parent's children lie side by side. Nothing is looked up and nothing can
 * be wrong here: that is for the phases after.
 *
 * What protoc's parser makes up is made up here: entry messages of maps,
 * messages of groups, the oneof around a proto3 optional field. */
#include "proto/link/link_internal.h"
#include "proto/schema/schema_internal.h"

typedef struct tree_filler {
  link_file_state *state;
  const stele_ast_file *ast;
  stele_interner *interner;
  link_counts used;
  stele_sym entry_key, entry_value;
} tree_filler;

/* ---- Counting ----------------------------------------------------------- */

static link_counts count_all(const stele_ast_file *ast) {
  link_counts n = {0};
  for (uint32_t i = 0; i < ast->decl_count; i++) {
    const stele_ast_decl *decl = &ast->decls[i];
    switch ((stele_ast_kind)decl->kind) {
    case STELE_AST_MESSAGE: n.messages++; break;
    case STELE_AST_GROUP: n.messages++, n.fields++; break;
    case STELE_AST_MAP_FIELD: n.messages++, n.fields += 3; break;
    case STELE_AST_FIELD: n.fields++; break;
    case STELE_AST_ONEOF: n.oneofs++; break;
    case STELE_AST_ENUM: n.enums++; break;
    case STELE_AST_VALUE: n.values++; break;
    case STELE_AST_SERVICE: n.services++; break;
    case STELE_AST_METHOD: n.methods++; break;
    case STELE_AST_EXTENSIONS:
    case STELE_AST_RESERVED:
      n.ranges += decl->range_count;
      n.names += decl->reserved_count;
      break;
    case STELE_AST_FILE:
    case STELE_AST_SYNTAX:
    case STELE_AST_PACKAGE:
    case STELE_AST_IMPORT:
    case STELE_AST_OPTION:
    case STELE_AST_EXTEND:
    case STELE_AST_EMPTY:
    case STELE_AST_BAD: break;
    }
    if (decl->modifier == STELE_AST_OPTIONAL && ast->edition == STELE_EDITION_PROTO3) n.oneofs++;
  }
  return n;
}

/* ---- Names -------------------------------------------------------------- */

static stele_sym sym_at(const tree_filler *f, uint32_t token) {
  return f->ast->tokens.at[token].sym;
}

static stele_str text_of(const tree_filler *f, stele_sym sym) {
  return stele_sym_str(f->interner, sym);
}

/* ".scope.name", answered without the dot that stands before it. */
stele_str link_full_name(stele_arena *arena, stele_str scope, stele_str name) {
  size_t before = scope.len ? scope.len + 2 : 1;
  char *text = stele_arena_alloc(arena, before + name.len, 1);
  text[0] = '.';
  if (scope.len) {
    memcpy(text + 1, scope.ptr, scope.len);
    text[scope.len + 1] = '.';
  }
  if (name.len) memcpy(text + before, name.ptr, name.len);
  return (stele_str){text + 1, before - 1 + name.len};
}

static stele_sym make_json_sym(link_job *job, stele_sym name) {
  stele_str text = stele_sym_str(job->interner, name);
  if (!text.len || !memchr(text.ptr, '_', text.len)) return name;
  stele_mark mark = stele_arena_mark(job->scratch);
  stele_sym sym = stele_intern(job->interner, stele_json_name(job->scratch, text));
  stele_arena_rewind(job->scratch, mark);
  return sym;
}

/* The default JSON name. Fields of one name come by the dozen, so it is made
 * once for each. */
stele_sym link_json_sym(link_job *job, stele_sym name) {
  stele_sym *derived = stele_sym_derived(job->interner, name);
  if (!*derived) *derived = make_json_sym(job, name);
  return *derived;
}

static stele_sym lower_sym(const tree_filler *f, stele_sym name) {
  stele_str text = text_of(f, name);
  stele_mark mark = stele_arena_mark(f->state->scratch);
  char *lower = STELE_NEW_ARRAY(f->state->scratch, char, text.len);
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    lower[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
  }
  stele_sym sym = stele_intern(f->interner, (stele_str){lower, text.len});
  stele_arena_rewind(f->state->scratch, mark);
  return sym;
}

stele_str link_entry_name(stele_arena *arena, stele_str field) {
  char *text = STELE_NEW_ARRAY(arena, char, field.len + 5);
  size_t len = 0;
  bool raise = true;
  for (size_t i = 0; i < field.len; i++) {
    char c = field.ptr[i];
    if (c == '_') {
      raise = true;
      continue;
    }
    text[len++] = raise && c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
    raise = false;
  }
  memcpy(text + len, "Entry", 5);
  return (stele_str){text, len + 5};
}

static stele_sym entry_sym(const tree_filler *f, stele_sym field) {
  stele_mark mark = stele_arena_mark(f->state->scratch);
  stele_str name = link_entry_name(f->state->scratch, text_of(f, field));
  stele_sym sym = stele_intern(f->interner, name);
  stele_arena_rewind(f->state->scratch, mark);
  return sym;
}

/* ---- Fields ------------------------------------------------------------- */

/* Scalar types by their words. */
static const uint8_t scalars[STELE_SYM_FIRST_FREE] = {
    [STELE_SYM_double] = STELE_TYPE_DOUBLE,     [STELE_SYM_float] = STELE_TYPE_FLOAT,
    [STELE_SYM_int64] = STELE_TYPE_INT64,       [STELE_SYM_uint64] = STELE_TYPE_UINT64,
    [STELE_SYM_int32] = STELE_TYPE_INT32,       [STELE_SYM_fixed64] = STELE_TYPE_FIXED64,
    [STELE_SYM_fixed32] = STELE_TYPE_FIXED32,   [STELE_SYM_bool] = STELE_TYPE_BOOL,
    [STELE_SYM_string] = STELE_TYPE_STRING,     [STELE_SYM_bytes] = STELE_TYPE_BYTES,
    [STELE_SYM_uint32] = STELE_TYPE_UINT32,     [STELE_SYM_sfixed32] = STELE_TYPE_SFIXED32,
    [STELE_SYM_sfixed64] = STELE_TYPE_SFIXED64, [STELE_SYM_sint32] = STELE_TYPE_SINT32,
    [STELE_SYM_sint64] = STELE_TYPE_SINT64,
};

/* In the unstable edition plain integers are fixed, and those that vary in length
 * say so. */
static uint8_t unstable_scalar(stele_str word) {
  static const struct {
    stele_str word;
    uint8_t type;
  } rows[] = {
      {STELE_STR_INIT("int32"), STELE_TYPE_SFIXED32},
      {STELE_STR_INIT("int64"), STELE_TYPE_SFIXED64},
      {STELE_STR_INIT("uint32"), STELE_TYPE_FIXED32},
      {STELE_STR_INIT("uint64"), STELE_TYPE_FIXED64},
      {STELE_STR_INIT("varint32"), STELE_TYPE_INT32},
      {STELE_STR_INIT("varint64"), STELE_TYPE_INT64},
      {STELE_STR_INIT("uvarint32"), STELE_TYPE_UINT32},
      {STELE_STR_INIT("uvarint64"), STELE_TYPE_UINT64},
      {STELE_STR_INIT("zigzag32"), STELE_TYPE_SINT32},
      {STELE_STR_INIT("zigzag64"), STELE_TYPE_SINT64},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    if (stele_str_eq(rows[i].word, word)) return rows[i].type;
  }
  return STELE_TYPE_UNRESOLVED;
}

static uint8_t scalar_at(const tree_filler *f, uint32_t first, uint32_t last) {
  enum { UNSTABLE = 9999 };
  stele_sym sym = sym_at(f, first);
  if (f->state->file->edition == UNSTABLE && first == last) {
    uint8_t type = unstable_scalar(text_of(f, sym));
    if (type != STELE_TYPE_UNRESOLVED) return type;
  }
  return first == last && sym < STELE_SYM_FIRST_FREE ? scalars[sym] : STELE_TYPE_UNRESOLVED;
}

static const uint8_t labels[] = {
    [STELE_AST_PLAIN] = STELE_LABEL_OPTIONAL,    [STELE_AST_PUBLIC] = STELE_LABEL_OPTIONAL,
    [STELE_AST_WEAK] = STELE_LABEL_OPTIONAL,     [STELE_AST_OPTION_IMPORT] = STELE_LABEL_OPTIONAL,
    [STELE_AST_OPTIONAL] = STELE_LABEL_OPTIONAL, [STELE_AST_REQUIRED] = STELE_LABEL_REQUIRED,
    [STELE_AST_REPEATED] = STELE_LABEL_REPEATED, [STELE_AST_EXPORT] = STELE_LABEL_OPTIONAL,
    [STELE_AST_LOCAL] = STELE_LABEL_OPTIONAL,
};

/* `default` and `json_name` look like options and are none. */
static void take_pseudo_options(tree_filler *f, const stele_ast_decl *decl, stele_field *field) {
  for (uint32_t i = 0; i < decl->option_count; i++) {
    const stele_ast_option *option = &f->ast->options[decl->option_start + i];
    stele_sym word = sym_at(f, option->name_first);
    if (word == STELE_SYM_json_name) {
      field->has_json_name = field->has_json_name_in_descriptor = true;
      field->json_name = link_string(f->state, option->value_first, option->value_last);
    } else if (word == STELE_SYM_default) {
      field->has_default = true; /* its text waits for the type: see link_default.c */
    }
  }
}

static void name_field(tree_filler *f, uint32_t at, stele_sym name, uint32_t decl) {
  link_file_state *state = f->state;
  stele_field *field = &state->fields[at];
  field->name = text_of(f, name);
  field->oneof_index = -1;
  state->field_syms[at] = name;
  state->field_json_syms[at] = link_json_sym(state->job, name);
  state->field_decls[at] = decl;
  field->json_name = text_of(f, state->field_json_syms[at]);
}

static void take_field(tree_filler *f, uint32_t at, uint32_t index) {
  const stele_ast_decl *decl = &f->ast->decls[index];
  stele_field *field = &f->state->fields[at];
  stele_sym name = sym_at(f, decl->name);
  if (decl->kind == STELE_AST_GROUP) name = lower_sym(f, name);
  name_field(f, at, name, index);
  field->number = decl->number_value;
  field->label = labels[decl->modifier];
  if (decl->kind == STELE_AST_FIELD) field->type = scalar_at(f, decl->type, decl->type_last);
  if (decl->kind == STELE_AST_GROUP) field->type = STELE_TYPE_GROUP;
  if (decl->kind == STELE_AST_MAP_FIELD) field->label = STELE_LABEL_REPEATED;
  field->is_proto3_optional =
      decl->modifier == STELE_AST_OPTIONAL && f->ast->edition == STELE_EDITION_PROTO3;
  take_pseudo_options(f, decl, field);
}

/* ---- Messages ----------------------------------------------------------- */

static uint32_t take_message(tree_filler *f, stele_sym name, const stele_message *parent,
                             uint32_t decl) {
  link_file_state *state = f->state;
  uint32_t at = f->used.messages++;
  stele_message *message = &state->messages[at];
  message->name = text_of(f, name);
  message->file = state->file;
  message->parent = parent;
  message->full_name = link_full_name(
      state->arena, parent ? parent->full_name : state->file->package, message->name);
  state->message_syms[at] = name;
  state->message_decls[at] = decl;
  return at;
}

static uint8_t visibility_of(const stele_ast_decl *decl) {
  if (decl->modifier == STELE_AST_EXPORT) return STELE_VISIBILITY_EXPORT;
  return decl->modifier == STELE_AST_LOCAL ? STELE_VISIBILITY_LOCAL : STELE_VISIBILITY_UNSET;
}

/* map_entry = true */
static const uint8_t entry_wire[] = {7 << 3, 1};
static const stele_options entry_options = {.wire = {entry_wire, sizeof entry_wire},
                                            .is_default_form = true};

/* A message that a declaration brings with it, or nothing. */
static void take_brought(tree_filler *f, const stele_message *parent, uint32_t index) {
  const stele_ast_decl *decl = &f->ast->decls[index];
  if (decl->kind == STELE_AST_MESSAGE || decl->kind == STELE_AST_GROUP) {
    uint32_t at = take_message(f, sym_at(f, decl->name), parent, index);
    if (decl->kind == STELE_AST_MESSAGE) f->state->messages[at].visibility = visibility_of(decl);
  } else if (decl->kind == STELE_AST_MAP_FIELD) {
    uint32_t at = take_message(f, entry_sym(f, sym_at(f, decl->name)), parent, index);
    f->state->messages[at].is_map_entry = true;
    f->state->messages[at].options = &entry_options;
  }
}

/* Messages directly inside a body, in the order in which protoc completes
 * them: groups and map entries among them, those of oneofs and extends too. */
static void take_messages(tree_filler *f, const stele_message *parent, const stele_ast_decl *body) {
  for (uint32_t i = 0; i < body->child_count; i++) {
    uint32_t index = f->ast->children[body->child_start + i];
    const stele_ast_decl *decl = &f->ast->decls[index];
    take_brought(f, parent, index);
    if (decl->kind != STELE_AST_ONEOF && decl->kind != STELE_AST_EXTEND) continue;
    for (uint32_t k = 0; k < decl->child_count; k++) {
      take_brought(f, parent, f->ast->children[decl->child_start + k]);
    }
  }
}

static bool is_field(uint8_t kind) {
  return kind == STELE_AST_FIELD || kind == STELE_AST_MAP_FIELD || kind == STELE_AST_GROUP;
}

/* Fields of a body, those of its oneofs among them. */
static void take_fields(tree_filler *f, stele_message *message, const stele_ast_decl *body) {
  uint32_t start = f->used.fields, oneof = 0;
  for (uint32_t i = 0; i < body->child_count; i++) {
    uint32_t index = f->ast->children[body->child_start + i];
    const stele_ast_decl *decl = &f->ast->decls[index];
    if (is_field(decl->kind)) take_field(f, f->used.fields++, index);
    if (decl->kind != STELE_AST_ONEOF) continue;
    for (uint32_t k = 0; k < decl->child_count; k++) {
      uint32_t inner = f->ast->children[decl->child_start + k];
      if (!is_field(f->ast->decls[inner].kind)) continue;
      take_field(f, f->used.fields, inner);
      f->state->fields[f->used.fields++].oneof_index = (int32_t)oneof;
    }
    oneof++;
  }
  message->fields = &f->state->fields[start];
  message->field_count = f->used.fields - start;
  for (uint32_t i = 0; i < message->field_count; i++) message->fields[i].message = message;
}

static void take_extensions(tree_filler *f, const stele_message *scope, const stele_ast_decl *body,
                            stele_field **list, uint32_t *count) {
  link_file_state *state = f->state;
  uint32_t start = f->used.fields;
  for (uint32_t i = 0; i < body->child_count; i++) {
    uint32_t index = f->ast->children[body->child_start + i];
    const stele_ast_decl *decl = &f->ast->decls[index];
    if (decl->kind != STELE_AST_EXTEND) continue;
    for (uint32_t k = 0; k < decl->child_count; k++) {
      uint32_t inner = f->ast->children[decl->child_start + k];
      if (!is_field(f->ast->decls[inner].kind)) continue;
      uint32_t at = f->used.fields++;
      take_field(f, at, inner);
      state->fields[at].is_extension = true;
      stele_field_more *more = schema_field_more(state->arena, &state->fields[at]);
      more->file = state->file;
      more->scope = scope;
      state->field_extends[at] = index;
    }
  }
  *list = &state->fields[start];
  *count = f->used.fields - start;
}

/* ---- Oneofs ------------------------------------------------------------- */

static void take_oneof(tree_filler *f, stele_message *message, stele_sym name, uint32_t decl) {
  uint32_t at = f->used.oneofs++;
  stele_oneof *oneof = &f->state->oneofs[at];
  oneof->name = text_of(f, name);
  oneof->message = message;
  f->state->oneof_syms[at] = name;
  f->state->oneof_decls[at] = decl;
  message->oneof_count++;
}

/* "_name" around a proto3 optional field `name`; no second '_' if it begins
 * with one, and as many 'X' before it as it takes to be alone. */
static void take_synthetic(tree_filler *f, stele_message *message, stele_field *field) {
  link_file_state *state = f->state;
  stele_mark mark = stele_arena_mark(state->scratch);
  stele_buf name;
  stele_buf_init(&name, state->scratch, 0);
  if (field->name.len == 0 || field->name.ptr[0] != '_') stele_buf_add_byte(&name, '_');
  stele_buf_add_str(&name, field->name);
  stele_sym sym = stele_intern(f->interner, stele_buf_str(&name));
  while (link_mark_find(state->job, sym)) {
    stele_str longer =
        stele_str_printf(state->scratch, "X" STELE_STR_FMT, STELE_STR_ARG(text_of(f, sym)));
    sym = stele_intern(f->interner, longer);
  }
  stele_arena_rewind(state->scratch, mark);
  *link_mark_put(state->job, sym) = 1;
  field->oneof_index = (int32_t)message->oneof_count;
  state->oneofs[f->used.oneofs].is_synthetic = true;
  take_oneof(f, message, sym, state->field_decls[link_field_at(state, field)]);
}

static void take_synthetics(tree_filler *f, stele_message *message) {
  link_job *job = f->state->job;
  bool marked = false;
  for (uint32_t i = 0; i < message->field_count; i++) {
    if (!message->fields[i].is_proto3_optional) continue;
    if (!marked) {
      link_mark_all(job);
      const stele_sym *names = &f->state->field_syms[link_field_at(f->state, message->fields)];
      for (uint32_t k = 0; k < message->field_count; k++) *link_mark_put(job, names[k]) = 1;
      names = &f->state->oneof_syms[link_oneof_at(f->state, message->oneofs)];
      for (uint32_t k = 0; k < message->oneof_count; k++) *link_mark_put(job, names[k]) = 1;
      marked = true;
    }
    take_synthetic(f, message, &message->fields[i]);
  }
}

static void take_oneofs(tree_filler *f, stele_message *message, const stele_ast_decl *body) {
  message->oneofs = &f->state->oneofs[f->used.oneofs];
  for (uint32_t i = 0; i < body->child_count; i++) {
    uint32_t index = f->ast->children[body->child_start + i];
    const stele_ast_decl *decl = &f->ast->decls[index];
    if (decl->kind == STELE_AST_ONEOF) take_oneof(f, message, sym_at(f, decl->name), index);
  }
  message->real_oneof_count = message->oneof_count;
  /* protoc's parser does not think of the fields of groups. */
  if (body->kind != STELE_AST_GROUP) take_synthetics(f, message);
}

/* ---- Ranges and reserved names ------------------------------------------ */

/* Ranges of the body's declarations of one kind. `exclusive`: what is added
 * to an end; `max`: what the word `max` stands for. */
static void take_ranges(tree_filler *f, const stele_ast_decl *body, stele_ast_kind kind,
                        int32_t exclusive, int32_t max, stele_range **list, uint32_t *count) {
  link_file_state *state = f->state;
  uint32_t start = f->used.ranges;
  for (uint32_t i = 0; i < body->child_count; i++) {
    uint32_t index = f->ast->children[body->child_start + i];
    const stele_ast_decl *decl = &f->ast->decls[index];
    if (decl->kind != (uint8_t)kind) continue;
    for (uint32_t k = 0; k < decl->range_count; k++) {
      const stele_ast_range *range = &f->ast->ranges[decl->range_start + k];
      uint32_t at = f->used.ranges++;
      int32_t end = range->is_max ? max : range->end_value;
      if (!range->is_max && end < INT32_MAX) end += exclusive;
      state->ranges[at] = (stele_range){.start = range->start_value, .end = end};
      state->range_refs[at] = decl->range_start + k;
      state->range_decls[at] = index;
    }
  }
  *list = &state->ranges[start];
  *count = f->used.ranges - start;
}

static void take_names(tree_filler *f, const stele_ast_decl *body, stele_str **list,
                       uint32_t *count) {
  link_file_state *state = f->state;
  uint32_t start = f->used.names;
  for (uint32_t i = 0; i < body->child_count; i++) {
    const stele_ast_decl *decl = stele_ast_child(f->ast, body, i);
    if (decl->kind != STELE_AST_RESERVED) continue;
    for (uint32_t k = 0; k < decl->reserved_count; k++) {
      uint32_t at = f->used.names++;
      stele_str name = f->ast->reserved_names[decl->reserved_start + k].name;
      state->reserved_names[at] = stele_sym_str(f->interner, stele_intern(f->interner, name));
      state->reserved_refs[at] = decl->reserved_start + k;
    }
  }
  *list = &state->reserved_names[start];
  *count = f->used.names - start;
}

/* `option message_set_wire_format = true;` lets `max` be more. protoc looks
 * for it in the tree, before options mean anything. */
static bool is_message_set(const tree_filler *f, const stele_ast_decl *body) {
  for (uint32_t i = 0; i < body->child_count; i++) {
    const stele_ast_decl *decl = stele_ast_child(f->ast, body, i);
    if (decl->kind != STELE_AST_OPTION) continue;
    const stele_ast_option *option = &f->ast->options[decl->option_start];
    if (option->name_first == option->name_last &&
        sym_at(f, option->name_first) == STELE_SYM_message_set_wire_format &&
        sym_at(f, option->value_first) == STELE_SYM_true) {
      return true;
    }
  }
  return false;
}

/* ---- Enums, services ---------------------------------------------------- */

static void take_enum(tree_filler *f, const stele_message *parent, uint32_t index) {
  link_file_state *state = f->state;
  const stele_ast_decl *decl = &f->ast->decls[index];
  uint32_t at = f->used.enums++;
  stele_enum *type = &state->enums[at];
  stele_sym name = sym_at(f, decl->name);
  type->name = text_of(f, name);
  type->file = state->file;
  type->parent = parent;
  type->full_name =
      link_full_name(state->arena, parent ? parent->full_name : state->file->package, type->name);
  type->visibility = visibility_of(decl);
  state->enum_syms[at] = name;
  state->enum_decls[at] = index;
  type->values = &state->values[f->used.values];
  for (uint32_t i = 0; i < decl->child_count; i++) {
    uint32_t inner = f->ast->children[decl->child_start + i];
    const stele_ast_decl *child = &f->ast->decls[inner];
    if (child->kind != STELE_AST_VALUE) continue;
    uint32_t value = f->used.values++;
    stele_sym sym = sym_at(f, child->name);
    state->values[value] =
        (stele_enum_value){.name = text_of(f, sym), .parent = type, .number = child->number_value};
    state->value_syms[value] = sym;
    state->value_decls[value] = inner;
    type->value_count++;
  }
  take_ranges(f, decl, STELE_AST_RESERVED, 0, INT32_MAX, &type->reserved_ranges,
              &type->reserved_range_count);
  take_names(f, decl, &type->reserved_names, &type->reserved_name_count);
}

static void take_enums(tree_filler *f, const stele_message *parent, const stele_ast_decl *body,
                       stele_enum **list, uint32_t *count) {
  uint32_t start = f->used.enums;
  for (uint32_t i = 0; i < body->child_count; i++) {
    uint32_t index = f->ast->children[body->child_start + i];
    if (f->ast->decls[index].kind == STELE_AST_ENUM) take_enum(f, parent, index);
  }
  *list = &f->state->enums[start];
  *count = f->used.enums - start;
}

/* A type's name as it is written, for messages about it; it lives in scratch
 * until the name is resolved. */
static stele_str written(const tree_filler *f, uint32_t first, uint32_t last) {
  if (first == last) return text_of(f, sym_at(f, first));
  return stele_token_glue(f->state->scratch, &f->ast->tokens, first, last);
}

static void take_service(tree_filler *f, uint32_t index) {
  link_file_state *state = f->state;
  const stele_ast_decl *decl = &f->ast->decls[index];
  uint32_t at = f->used.services++;
  stele_service *service = &state->services[at];
  stele_sym name = sym_at(f, decl->name);
  service->name = text_of(f, name);
  service->file = state->file;
  service->full_name = link_full_name(state->arena, state->file->package, service->name);
  state->service_syms[at] = name;
  state->service_decls[at] = index;
  service->methods = &state->methods[f->used.methods];
  for (uint32_t i = 0; i < decl->child_count; i++) {
    uint32_t inner = f->ast->children[decl->child_start + i];
    const stele_ast_decl *child = &f->ast->decls[inner];
    if (child->kind != STELE_AST_METHOD) continue;
    uint32_t method = f->used.methods++;
    stele_sym sym = sym_at(f, child->name);
    state->methods[method] = (stele_method){
        .name = text_of(f, sym),
        .service = service,
        .input_name = written(f, child->type, child->type_last),
        .output_name = written(f, child->type2, child->type2_last),
        .client_streaming = child->stream != STELE_AST_NONE,
        .server_streaming = child->stream2 != STELE_AST_NONE,
        .has_body = child->open != STELE_AST_NONE,
    };
    state->method_syms[method] = sym;
    state->method_decls[method] = inner;
    service->method_count++;
  }
}

/* ---- Bodies ------------------------------------------------------------- */

/* To protoc's parser `group` is a scalar here: a group without a type. */
static uint8_t half_at(const tree_filler *f, uint32_t first, uint32_t last) {
  bool is_group = first == last && sym_at(f, first) == STELE_SYM_group;
  return is_group ? STELE_TYPE_GROUP : scalar_at(f, first, last);
}

/* key = 1 and value = 2 of a map's entry. */
static void take_entry(tree_filler *f, stele_message *entry, uint32_t index) {
  const stele_ast_decl *decl = &f->ast->decls[index];
  uint32_t at = f->used.fields;
  f->used.fields += 2;
  name_field(f, at, STELE_SYM_key, index);
  name_field(f, at + 1, STELE_SYM_value, index);
  entry->fields = &f->state->fields[at];
  entry->field_count = 2;
  for (int32_t i = 0; i < 2; i++) {
    entry->fields[i].number = i + 1;
    entry->fields[i].label = STELE_LABEL_OPTIONAL;
    entry->fields[i].message = entry;
  }
  entry->fields[0].type = half_at(f, decl->type, decl->type_last);
  entry->fields[1].type = half_at(f, decl->type2, decl->type2_last);
}

static void take_body(tree_filler *f, uint32_t at) {
  link_file_state *state = f->state;
  stele_message *message = &state->messages[at];
  const stele_ast_decl *decl = &f->ast->decls[state->message_decls[at]];
  if (decl->kind == STELE_AST_MAP_FIELD) {
    take_entry(f, message, state->message_decls[at]);
    return;
  }
  message->is_message_set = is_message_set(f, decl);
  int32_t max = message->is_message_set ? INT32_MAX : 536870912;
  message->messages = &state->messages[f->used.messages];
  take_messages(f, message, decl);
  message->message_count = (uint32_t)(&state->messages[f->used.messages] - message->messages);
  take_fields(f, message, decl);
  take_oneofs(f, message, decl);
  take_enums(f, message, decl, &message->enums, &message->enum_count);
  take_extensions(f, message, decl, &message->extensions, &message->extension_count);
  take_ranges(f, decl, STELE_AST_EXTENSIONS, 1, max, &message->extension_ranges,
              &message->extension_range_count);
  take_ranges(f, decl, STELE_AST_RESERVED, 1, max, &message->reserved_ranges,
              &message->reserved_range_count);
  take_names(f, decl, &message->reserved_names, &message->reserved_name_count);
}

/* ---- The file ----------------------------------------------------------- */

stele_str link_string(const link_file_state *state, uint32_t first, uint32_t last) {
  const stele_tokens *tokens = &state->ast->tokens;
  return stele_str_copy(state->arena, stele_token_string(state->scratch, tokens, first, last));
}

static stele_str string_of(tree_filler *f, const stele_ast_decl *decl) {
  return link_string(f->state, decl->value, decl->value_last);
}

static void take_import(tree_filler *f, uint32_t index) {
  link_file_state *state = f->state;
  stele_file *file = state->file;
  static const uint8_t kinds[] = {[STELE_AST_PLAIN] = STELE_IMPORT_PLAIN,
                                  [STELE_AST_PUBLIC] = STELE_IMPORT_PUBLIC,
                                  [STELE_AST_WEAK] = STELE_IMPORT_WEAK,
                                  [STELE_AST_OPTION_IMPORT] = STELE_IMPORT_OPTION};
  const stele_ast_decl *decl = &f->ast->decls[index];
  uint32_t at = file->import_count++;
  file->imports[at] = (stele_import){
      .path = string_of(f, decl),
      .file = at < state->in->import_count ? state->in->imports[at] : NULL,
      .kind = kinds[decl->modifier],
  };
  state->import_decls[at] = index;
}

static void take_heads(tree_filler *f, const stele_ast_decl *root) {
  link_file_state *state = f->state;
  uint32_t imports = 0;
  for (uint32_t i = 0; i < root->child_count; i++) {
    imports += stele_ast_child(f->ast, root, i)->kind == STELE_AST_IMPORT;
  }
  state->file->imports = STELE_NEW_ARRAY(state->arena, stele_import, imports);
  state->import_decls = STELE_NEW_ARRAY(state->scratch, uint32_t, imports);
  for (uint32_t i = 0; i < root->child_count; i++) {
    uint32_t index = f->ast->children[root->child_start + i];
    const stele_ast_decl *decl = &f->ast->decls[index];
    if (decl->kind == STELE_AST_IMPORT) take_import(f, index);
    if (decl->kind != STELE_AST_PACKAGE) continue;
    stele_str name = stele_token_glue(state->scratch, &f->ast->tokens, decl->name, decl->name_last);
    state->file->package = stele_sym_str(f->interner, stele_intern(f->interner, name));
  }
}

/* The arrays of numbers beside the elements are cut from one piece. */
static uint32_t *cut(uint32_t **rest, uint32_t count) {
  uint32_t *piece = *rest;
  *rest += count;
  return piece;
}

void link_new_arrays(link_file_state *state, const link_counts *n) {
  size_t side = (size_t)n->messages * 3 + (size_t)n->fields * 4 + (size_t)n->oneofs * 2 +
                (size_t)n->enums * 3 + (size_t)n->values * 2 + (size_t)n->services * 3 +
                (size_t)n->methods * 2 + (size_t)n->ranges * 2 + n->names;
  uint32_t *rest = STELE_NEW_ARRAY(state->scratch, uint32_t, side);
#define SIDE(list) (state->list = cut(&rest, count))
  uint32_t count = state->message_count = n->messages;
  state->messages = STELE_NEW_ARRAY(state->arena, stele_message, count);
  SIDE(message_decls), SIDE(message_syms), SIDE(message_symbols);
  count = state->field_count = n->fields;
  state->fields = STELE_NEW_ARRAY(state->arena, stele_field, count);
  SIDE(field_decls), SIDE(field_syms), SIDE(field_json_syms), SIDE(field_extends);
  if (count) memset(state->field_extends, 0xff, count * sizeof *state->field_extends);
  count = state->oneof_count = n->oneofs;
  state->oneofs = STELE_NEW_ARRAY(state->arena, stele_oneof, count);
  SIDE(oneof_decls), SIDE(oneof_syms);
  count = state->enum_count = n->enums;
  state->enums = STELE_NEW_ARRAY(state->arena, stele_enum, count);
  SIDE(enum_decls), SIDE(enum_syms), SIDE(enum_symbols);
  count = state->value_count = n->values;
  state->values = STELE_NEW_ARRAY(state->arena, stele_enum_value, count);
  SIDE(value_decls), SIDE(value_syms);
  count = state->service_count = n->services;
  state->services = STELE_NEW_ARRAY(state->arena, stele_service, count);
  SIDE(service_decls), SIDE(service_syms), SIDE(service_symbols);
  count = state->method_count = n->methods;
  state->methods = STELE_NEW_ARRAY(state->arena, stele_method, count);
  SIDE(method_decls), SIDE(method_syms);
  count = state->range_count = n->ranges;
  state->ranges = STELE_NEW_ARRAY(state->arena, stele_range, count);
  SIDE(range_refs), SIDE(range_decls);
  count = state->reserved_name_count = n->names;
  state->reserved_names = STELE_NEW_ARRAY(state->arena, stele_str, count);
  SIDE(reserved_refs);
#undef SIDE
}

void link_take_tree(link_file_state *state) {
  tree_filler filler = {.state = state, .ast = state->ast, .interner = state->job->interner};
  tree_filler *f = &filler;
  const stele_ast_decl *root = &state->ast->decls[0];
  stele_file *file = state->file;
  link_counts counts = count_all(state->ast);
  link_new_arrays(state, &counts);
  uint32_t edition = state->ast->edition;
  file->edition = edition < UINT16_MAX ? (uint16_t)edition : UINT16_MAX;
  file->has_syntax = state->ast->has_syntax;
  link_check_edition(state, edition);
  take_heads(f, root);

  file->messages = state->messages;
  take_messages(f, NULL, root);
  file->message_count = f->used.messages;
  for (uint32_t at = 0; at < f->used.messages; at++) take_body(f, at);
  state->message_count = f->used.messages;

  take_enums(f, NULL, root, &file->enums, &file->enum_count);
  take_extensions(f, NULL, root, &file->extensions, &file->extension_count);
  file->services = state->services;
  for (uint32_t i = 0; i < root->child_count; i++) {
    uint32_t index = f->ast->children[root->child_start + i];
    if (f->ast->decls[index].kind == STELE_AST_SERVICE) take_service(f, index);
  }
  file->service_count = f->used.services;
}
