/* The walk over the tree: which locations there are, in which order.
 *
 * protoc adds a location when a construct starts, so the order is that of the
 * text, with a few turns of its own: an option statement has two, a group is
 * a field and a message over the same tokens, the options of an `extensions`
 * statement are told once for every range of it. What follows mirrors the
 * grammar; each function covers one production.
 *
 * A declaration's comments hang on its `;` or `{`. That token is the first of
 * its kind after the declaration's start, so the comments can be collected
 * when the location is written, and the walk goes forward only. */
#include "base/err.h"
#include "proto/descriptor/source_info_internal.h"

/* How many of each kind a scope has had so far: the next one's index. */
typedef struct scope {
  uint32_t field, message, enum_, extension, extension_range, oneof;
  uint32_t reserved_range, reserved_name;
} scope;

/* The field numbers of a scope's lists: a file's and a message's differ. */
typedef struct scope_kind {
  uint8_t message, enum_, extension, options;
} scope_kind;

/* Where a field stands below its scope: the list's number and the index. */
typedef struct field_place {
  uint32_t list, index;
} field_place;

static const scope_kind file_scope = {.message = 4, .enum_ = 5, .extension = 7, .options = 8};
static const scope_kind message_scope = {.message = 3, .enum_ = 4, .extension = 6, .options = 7};

static void walk_message_body(info_walk *w, const stele_ast_decl *decl);

/* ---- Options --------------------------------------------------------------- */

static const stele_ast_option *option_of(const info_walk *w, const stele_ast_decl *decl,
                                         uint32_t i) {
  return &w->ast->options[decl->option_start + i];
}

static void push_option_path(info_walk *w, const stele_ast_option *option) {
  stele_bytes path = w->option_paths[option - w->ast->options];
  stele_buf_add(&w->path, path.ptr, path.len);
}

/* `option name = value;`: once as the options field, once as the option. */
static void walk_option_statement(info_walk *w, uint32_t number, const stele_ast_decl *decl) {
  size_t up = info_down(w, number);
  info_location(w, decl->first, decl->last);
  push_option_path(w, option_of(w, decl, 0));
  info_declaration(w, decl->first, decl->last, decl->last);
  info_up(w, up);
}

static bool is_word(const info_walk *w, const stele_ast_option *option, stele_sym word) {
  return option->name_first == option->name_last &&
         w->ast->tokens.at[option->name_first].sym == word;
}

/* `default` and `json_name` look like options and are fields of the field: the
 * path stands at the field here. */
static bool walk_pseudo_option(info_walk *w, const stele_ast_option *option) {
  enum { DEFAULT_VALUE = 7, JSON_NAME = 10 };
  if (is_word(w, option, STELE_SYM_default)) {
    info_part(w, DEFAULT_VALUE, option->value_first, option->value_last);
    return true;
  }
  if (!is_word(w, option, STELE_SYM_json_name)) return false;
  info_part(w, JSON_NAME, option->first, option->last);
  info_part(w, JSON_NAME, option->value_first, option->value_last);
  return true;
}

/* `[a = 1, b = 2]` behind a field, an enum value or a range. */
static void walk_brackets(info_walk *w, uint32_t number, const stele_ast_decl *decl) {
  if (decl->bracket_open == STELE_AST_NONE) return;
  bool is_field = decl->kind != STELE_AST_VALUE && decl->kind != STELE_AST_EXTENSIONS;
  info_part(w, number, decl->bracket_open, decl->bracket_close);
  for (uint32_t i = 0; i < decl->option_count; i++) {
    const stele_ast_option *option = option_of(w, decl, i);
    if (is_field && walk_pseudo_option(w, option)) continue;
    size_t up = info_down(w, number);
    push_option_path(w, option);
    info_location(w, option->first, option->last);
    info_up(w, up);
  }
}

/* ---- Fields ---------------------------------------------------------------- */

enum {
  FIELD_NAME = 1,
  FIELD_EXTENDEE = 2,
  FIELD_NUMBER = 3,
  FIELD_LABEL = 4,
  FIELD_TYPE = 5,
  FIELD_TYPE_NAME = 6,
  FIELD_OPTIONS = 8,
};

/* The integers of the unstable edition that others do not have. */
static bool is_unstable_scalar(stele_str word) {
  static const stele_str words[] = {STELE_STR_INIT("varint32"),  STELE_STR_INIT("varint64"),
                                    STELE_STR_INIT("uvarint32"), STELE_STR_INIT("uvarint64"),
                                    STELE_STR_INIT("zigzag32"),  STELE_STR_INIT("zigzag64")};
  for (size_t i = 0; i < STELE_COUNT(words); i++) {
    if (stele_str_eq(words[i], word)) return true;
  }
  return false;
}

static bool is_scalar(const info_walk *w, const stele_ast_decl *field) {
  enum { UNSTABLE = 9999 };
  stele_sym sym = w->ast->tokens.at[field->type].sym;
  if (field->type != field->type_last) return false;
  if (sym >= STELE_SYM_double && sym <= STELE_SYM_sint64) return true;
  return w->ast->edition == UNSTABLE &&
         is_unstable_scalar(stele_token_text(&w->ast->tokens, field->type));
}

static void walk_field_type(info_walk *w, const stele_ast_decl *field) {
  if (field->kind == STELE_AST_MAP_FIELD) { /* from `map` to `>` */
    info_part(w, FIELD_TYPE_NAME, field->first, field->type2_last + 1);
  } else if (field->kind == STELE_AST_GROUP || is_scalar(w, field)) {
    info_part(w, FIELD_TYPE, field->type, field->type_last);
  } else {
    info_part(w, FIELD_TYPE_NAME, field->type, field->type_last);
  }
}

/* A group's message has the field's own span, and takes its comments; the
 * field's type name comes between the message and its body. */
static void walk_group(info_walk *w, const stele_ast_decl *field, size_t parent, field_place place,
                       uint32_t message_list, scope *at) {
  enum { MESSAGE_NAME = 1 };
  uint32_t index = at->message++;

  info_up(w, parent);
  (void)info_down2(w, message_list, index);
  info_declaration(w, field->first, field->last, field->open);
  info_part(w, MESSAGE_NAME, field->name, field->name);

  info_up(w, parent);
  (void)info_down2(w, place.list, place.index);
  info_part(w, FIELD_TYPE_NAME, field->name, field->name);

  info_up(w, parent);
  (void)info_down2(w, message_list, index);
  walk_message_body(w, field);
}

/* A field of a message, of a oneof (under the message's path all the same), or
 * of an `extend` block, whose extendee every field repeats. */
static void walk_field(info_walk *w, const stele_ast_decl *field, const stele_ast_decl *extend,
                       field_place place, uint32_t message_list, scope *at) {
  size_t parent = info_down2(w, place.list, place.index);
  if (field->kind == STELE_AST_GROUP) {
    info_location(w, field->first, field->last);
  } else {
    info_declaration(w, field->first, field->last, field->last);
  }
  if (extend) info_part(w, FIELD_EXTENDEE, extend->type, extend->type_last);
  if (field->modifier != STELE_AST_PLAIN) {
    info_part(w, FIELD_LABEL, field->modifier_token, field->modifier_token);
  }
  walk_field_type(w, field);
  info_part(w, FIELD_NAME, field->name, field->name);
  info_part(w, FIELD_NUMBER, field->number, field->number);
  walk_brackets(w, FIELD_OPTIONS, field);
  if (field->kind == STELE_AST_GROUP) walk_group(w, field, parent, place, message_list, at);
  if (field->kind == STELE_AST_MAP_FIELD) at->message++; /* its entry, which has no location */
  info_up(w, parent);
}

/* `extend T { … }`: a location of its list, then the fields in it. */
static void walk_extend(info_walk *w, const stele_ast_decl *decl, const scope_kind *kind,
                        scope *at) {
  size_t up = info_down(w, kind->extension);
  info_declaration(w, decl->first, decl->last, decl->open);
  info_up(w, up);
  for (uint32_t i = 0; i < decl->child_count; i++) {
    const stele_ast_decl *field = stele_ast_child(w->ast, decl, i);
    field_place place = {kind->extension, at->extension++};
    walk_field(w, field, decl, place, kind->message, at);
  }
  stele_comments_pass(&w->comments, decl->close);
}

static void walk_oneof(info_walk *w, const stele_ast_decl *decl, scope *at) {
  enum { ONEOF = 8, ONEOF_NAME = 1, ONEOF_OPTIONS = 2, FIELD = 2 };
  uint32_t index = at->oneof++;
  size_t up = info_down2(w, ONEOF, index);
  info_declaration(w, decl->first, decl->last, decl->open);
  info_part(w, ONEOF_NAME, decl->name, decl->name);
  info_up(w, up);

  for (uint32_t i = 0; i < decl->child_count; i++) {
    const stele_ast_decl *child = stele_ast_child(w->ast, decl, i);
    if (child->kind == STELE_AST_OPTION) {
      (void)info_down2(w, ONEOF, index);
      walk_option_statement(w, ONEOF_OPTIONS, child);
      info_up(w, up);
    } else {
      walk_field(w, child, NULL, (field_place){FIELD, at->field++}, message_scope.message, at);
    }
  }
  stele_comments_pass(&w->comments, decl->close);
}

/* ---- Ranges ---------------------------------------------------------------- */

/* One range: itself, its start, its end. A single number's end is its start
 * token again, which is the `-` of a negative one. */
static void walk_range(info_walk *w, const stele_ast_range *range) {
  enum { RANGE_START = 1, RANGE_END = 2 };
  info_location(w, range->first, range->last);
  info_part(w, RANGE_START, range->first, range->start);
  if (range->end == range->start) {
    info_part(w, RANGE_END, range->first, range->first);
  } else {
    bool is_negative = w->ast->tokens.at[range->end - 1].sym == STELE_SYM_OF('-');
    info_part(w, RANGE_END, range->end - is_negative, range->end);
  }
}

static void walk_ranges(info_walk *w, const stele_ast_decl *decl, uint32_t *index) {
  for (uint32_t i = 0; i < decl->range_count; i++) {
    size_t up = info_down(w, (*index)++);
    walk_range(w, &w->ast->ranges[decl->range_start + i]);
    info_up(w, up);
  }
}

/* The options of an `extensions` statement hold for each of its ranges. */
static void walk_extensions(info_walk *w, const stele_ast_decl *decl, scope *at) {
  enum { EXTENSION_RANGE = 5, RANGE_OPTIONS = 3 };
  uint32_t first = at->extension_range;
  size_t up = info_down(w, EXTENSION_RANGE);
  info_declaration(w, decl->first, decl->last, decl->last);
  walk_ranges(w, decl, &at->extension_range);
  for (uint32_t i = first; i < at->extension_range; i++) {
    size_t list = info_down(w, i);
    walk_brackets(w, RANGE_OPTIONS, decl);
    info_up(w, list);
  }
  info_up(w, up);
}

static void walk_reserved(info_walk *w, const stele_ast_decl *decl, uint32_t range_list,
                          uint32_t name_list, scope *at) {
  bool is_names = decl->range_count == 0;
  size_t up = info_down(w, is_names ? name_list : range_list);
  info_declaration(w, decl->first, decl->last, decl->last);
  walk_ranges(w, decl, &at->reserved_range);
  for (uint32_t i = 0; i < decl->reserved_count; i++) {
    const stele_ast_reserved_name *name = &w->ast->reserved_names[decl->reserved_start + i];
    info_part(w, at->reserved_name++, name->first, name->last);
  }
  info_up(w, up);
}

/* ---- Messages, enums, services --------------------------------------------- */

/* Where protoc has a declaration start: behind `export` and `local`. */
static uint32_t start_of(const stele_ast_decl *decl) {
  bool is_visibility = decl->modifier == STELE_AST_EXPORT || decl->modifier == STELE_AST_LOCAL;
  return is_visibility ? decl->modifier_token + 1 : decl->first;
}

/* Location and name of what has a body. The path goes down to it; the answer
 * is the way back. */
static size_t enter(info_walk *w, uint32_t list, uint32_t index, const stele_ast_decl *decl) {
  enum { NAME = 1 }; /* in messages, enums and services alike */
  size_t up = info_down2(w, list, index);
  info_declaration(w, start_of(decl), decl->last, decl->open);
  info_part(w, NAME, decl->name, decl->name);
  return up;
}

static void walk_enum_value(info_walk *w, const stele_ast_decl *value, uint32_t index) {
  enum { ENUM_VALUE = 2, VALUE_NAME = 1, VALUE_NUMBER = 2, VALUE_OPTIONS = 3 };
  size_t up = info_down2(w, ENUM_VALUE, index);
  info_declaration(w, value->first, value->last, value->last);
  info_part(w, VALUE_NAME, value->name, value->name);
  info_part(w, VALUE_NUMBER, value->number - value->negative, value->number);
  walk_brackets(w, VALUE_OPTIONS, value);
  info_up(w, up);
}

static void walk_enum(info_walk *w, const stele_ast_decl *decl, uint32_t list, uint32_t index) {
  enum { OPTIONS = 3, RESERVED_RANGE = 4, RESERVED_NAME = 5 };
  size_t up = enter(w, list, index, decl);
  scope at = {0};
  for (uint32_t i = 0; i < decl->child_count; i++) {
    const stele_ast_decl *child = stele_ast_child(w->ast, decl, i);
    if (child->kind == STELE_AST_VALUE) {
      walk_enum_value(w, child, at.field++);
    } else if (child->kind == STELE_AST_OPTION) {
      walk_option_statement(w, OPTIONS, child);
    } else if (child->kind == STELE_AST_RESERVED) {
      walk_reserved(w, child, RESERVED_RANGE, RESERVED_NAME, &at);
    } else {
      stele_comments_pass(&w->comments, child->last);
    }
  }
  stele_comments_pass(&w->comments, decl->close);
  info_up(w, up);
}

static void walk_method(info_walk *w, const stele_ast_decl *method, uint32_t index) {
  enum { METHOD = 2, NAME = 1, INPUT = 2, OUTPUT = 3, OPTIONS = 4, CLIENT = 5, SERVER = 6 };
  bool has_body = method->open != STELE_AST_NONE;
  size_t up = info_down2(w, METHOD, index);
  info_declaration(w, method->first, method->last, has_body ? method->open : method->last);
  info_part(w, NAME, method->name, method->name);
  if (method->stream != STELE_AST_NONE) info_part(w, CLIENT, method->stream, method->stream);
  info_part(w, INPUT, method->type, method->type_last);
  if (method->stream2 != STELE_AST_NONE) info_part(w, SERVER, method->stream2, method->stream2);
  info_part(w, OUTPUT, method->type2, method->type2_last);
  for (uint32_t i = 0; has_body && i < method->child_count; i++) {
    const stele_ast_decl *child = stele_ast_child(w->ast, method, i);
    if (child->kind == STELE_AST_OPTION) {
      walk_option_statement(w, OPTIONS, child);
    } else {
      stele_comments_pass(&w->comments, child->last);
    }
  }
  if (has_body) stele_comments_pass(&w->comments, method->close);
  info_up(w, up);
}

static void walk_service(info_walk *w, const stele_ast_decl *decl, uint32_t list, uint32_t index) {
  enum { OPTIONS = 3 };
  size_t up = enter(w, list, index, decl);
  uint32_t method = 0;
  for (uint32_t i = 0; i < decl->child_count; i++) {
    const stele_ast_decl *child = stele_ast_child(w->ast, decl, i);
    if (child->kind == STELE_AST_METHOD) {
      walk_method(w, child, method++);
    } else if (child->kind == STELE_AST_OPTION) {
      walk_option_statement(w, OPTIONS, child);
    } else {
      stele_comments_pass(&w->comments, child->last);
    }
  }
  stele_comments_pass(&w->comments, decl->close);
  info_up(w, up);
}

static void walk_message(info_walk *w, const stele_ast_decl *decl, uint32_t list, uint32_t index) {
  size_t up = enter(w, list, index, decl);
  walk_message_body(w, decl);
  info_up(w, up);
}

static void walk_message_statement(info_walk *w, const stele_ast_decl *child, scope *at) {
  enum { FIELD = 2, RESERVED_RANGE = 9, RESERVED_NAME = 10 };
  switch ((stele_ast_kind)child->kind) {
  case STELE_AST_FIELD:
  case STELE_AST_MAP_FIELD:
  case STELE_AST_GROUP:
    walk_field(w, child, NULL, (field_place){FIELD, at->field++}, message_scope.message, at);
    break;
  case STELE_AST_MESSAGE: walk_message(w, child, message_scope.message, at->message++); break;
  case STELE_AST_ENUM: walk_enum(w, child, message_scope.enum_, at->enum_++); break;
  case STELE_AST_EXTEND: walk_extend(w, child, &message_scope, at); break;
  case STELE_AST_ONEOF: walk_oneof(w, child, at); break;
  case STELE_AST_EXTENSIONS: walk_extensions(w, child, at); break;
  case STELE_AST_RESERVED: walk_reserved(w, child, RESERVED_RANGE, RESERVED_NAME, at); break;
  case STELE_AST_OPTION: walk_option_statement(w, message_scope.options, child); break;
  case STELE_AST_EMPTY: stele_comments_pass(&w->comments, child->last); break;
  case STELE_AST_FILE:
  case STELE_AST_SYNTAX:
  case STELE_AST_PACKAGE:
  case STELE_AST_IMPORT:
  case STELE_AST_SERVICE:
  case STELE_AST_VALUE:
  case STELE_AST_METHOD:
  case STELE_AST_BAD: break; /* not in messages, or not in a tree without mistakes */
  }
}

static void walk_message_body(info_walk *w, const stele_ast_decl *decl) {
  scope at = {0};
  for (uint32_t i = 0; i < decl->child_count; i++) {
    walk_message_statement(w, stele_ast_child(w->ast, decl, i), &at);
  }
  stele_comments_pass(&w->comments, decl->close);
}

/* ---- The file -------------------------------------------------------------- */

typedef struct file_state {
  scope at;
  uint32_t service, dependency, public_dependency, weak_dependency, option_dependency;
} file_state;

static void walk_import(info_walk *w, const stele_ast_decl *decl, file_state *state) {
  enum { DEPENDENCY = 3, PUBLIC = 10, WEAK = 11, OPTION = 15 };
  bool is_option = decl->modifier == STELE_AST_OPTION_IMPORT;
  size_t up = is_option ? info_down2(w, OPTION, state->option_dependency++)
                        : info_down2(w, DEPENDENCY, state->dependency++);
  info_declaration(w, decl->first, decl->last, decl->last);
  info_up(w, up);

  if (decl->modifier == STELE_AST_PUBLIC) {
    (void)info_down(w, PUBLIC);
    info_part(w, state->public_dependency++, decl->modifier_token, decl->modifier_token);
  } else if (decl->modifier == STELE_AST_WEAK) {
    (void)info_down(w, WEAK);
    info_part(w, state->weak_dependency++, decl->modifier_token, decl->modifier_token);
  }
  info_up(w, up);
}

/* `syntax`, `edition`, `package`: one location. */
static void walk_line(info_walk *w, uint32_t number, const stele_ast_decl *decl) {
  size_t up = info_down(w, number);
  info_declaration(w, decl->first, decl->last, decl->last);
  info_up(w, up);
}

static void walk_file_statement(info_walk *w, const stele_ast_decl *child, file_state *state) {
  enum { PACKAGE = 2, SERVICE = 6, SYNTAX = 12 };
  switch ((stele_ast_kind)child->kind) {
  case STELE_AST_SYNTAX: walk_line(w, SYNTAX, child); break;
  case STELE_AST_PACKAGE: walk_line(w, PACKAGE, child); break;
  case STELE_AST_IMPORT: walk_import(w, child, state); break;
  case STELE_AST_OPTION: walk_option_statement(w, file_scope.options, child); break;
  case STELE_AST_MESSAGE: walk_message(w, child, file_scope.message, state->at.message++); break;
  case STELE_AST_ENUM: walk_enum(w, child, file_scope.enum_, state->at.enum_++); break;
  case STELE_AST_SERVICE: walk_service(w, child, SERVICE, state->service++); break;
  case STELE_AST_EXTEND: walk_extend(w, child, &file_scope, &state->at); break;
  case STELE_AST_EMPTY: stele_comments_pass(&w->comments, child->last); break;
  case STELE_AST_FILE:
  case STELE_AST_FIELD:
  case STELE_AST_MAP_FIELD:
  case STELE_AST_GROUP:
  case STELE_AST_ONEOF:
  case STELE_AST_EXTENSIONS:
  case STELE_AST_RESERVED:
  case STELE_AST_VALUE:
  case STELE_AST_METHOD:
  case STELE_AST_BAD: break; /* not at the top, or not in a tree without mistakes */
  }
}

void stele_source_info_encode(stele_arena *scratch, const stele_ast_file *ast,
                              const stele_bytes *option_paths, stele_buf *out) {
  stele_mark mark = stele_arena_mark(scratch);
  info_walk w;
  info_init(&w, scratch, ast, option_paths, out);

  info_root(&w);
  file_state state = {0};
  for (uint32_t i = 0; i < ast->decls[0].child_count; i++) {
    walk_file_statement(&w, stele_ast_child(ast, &ast->decls[0], i), &state);
  }
  stele_arena_rewind(scratch, mark);
}
