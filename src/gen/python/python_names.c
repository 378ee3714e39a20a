/* How files, modules and types are called in Python. */
#include "gen/python/python_internal.h"

/* The 35 of Python 3, sorted. */
static const char *const keywords[] = {
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield",
};

bool py_is_keyword(stele_str name) {
  for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
    if (stele_str_eq(name, stele_cstr(keywords[i]))) return true;
  }
  return false;
}

void py_add(stele_buf *out, const stele_str *parts, size_t count) {
  for (size_t i = 0; i < count; i++) stele_buf_add_str(out, parts[i]);
}

static bool ends_with(stele_str text, stele_str end) {
  return text.len >= end.len && memcmp(text.ptr + text.len - end.len, end.ptr, end.len) == 0;
}

static stele_str without_extension(stele_str file_name) {
  static const stele_str extensions[] = {STELE_STR_INIT(".protodevel"), STELE_STR_INIT(".proto")};
  for (size_t i = 0; i < 2; i++) {
    if (ends_with(file_name, extensions[i])) {
      return (stele_str){file_name.ptr, file_name.len - extensions[i].len};
    }
  }
  return file_name;
}

stele_str py_module_name(stele_arena *arena, stele_str file_name) {
  stele_buf out;
  stele_str stem = without_extension(file_name);
  stele_buf_init(&out, arena, 0);
  for (size_t i = 0; i < stem.len; i++) {
    char c = stem.ptr[i];
    stele_buf_add_byte(&out, (uint8_t)(c == '-' ? '_' : c == '/' ? '.' : c));
  }
  stele_buf_add_cstr(&out, "_pb2");
  return stele_buf_str(&out);
}

/* A '.' of the file's name ends a folder too; two in a row make only one. */
stele_str py_file_path(stele_arena *arena, stele_str file_name, stele_str suffix) {
  stele_buf out;
  stele_str module = py_module_name(arena, file_name);
  stele_buf_init(&out, arena, 0);
  for (size_t i = 0; i < module.len; i++) {
    bool step = module.ptr[i] == '.';
    if (step && (out.len == 0 || out.ptr[out.len - 1] == '/')) continue;
    stele_buf_add_byte(&out, (uint8_t)(step ? '/' : module.ptr[i]));
  }
  stele_buf_add_str(&out, suffix);
  return stele_buf_str(&out);
}

stele_str py_module_alias(stele_arena *arena, stele_str module) {
  stele_buf out;
  stele_buf_init(&out, arena, 0);
  for (size_t i = 0; i < module.len; i++) {
    if (module.ptr[i] == '_') {
      stele_buf_add_cstr(&out, "__");
    } else if (module.ptr[i] == '.') {
      stele_buf_add_cstr(&out, "_dot_");
    } else {
      stele_buf_add_byte(&out, (uint8_t)module.ptr[i]);
    }
  }
  return stele_buf_str(&out);
}

bool py_module_has_keyword(stele_str module) {
  for (size_t from = 0, to = 0; to <= module.len; to++) {
    if (to < module.len && module.ptr[to] != '.') continue;
    if (py_is_keyword((stele_str){module.ptr + from, to - from})) return true;
    from = to + 1;
  }
  return false;
}

static size_t last_dot(stele_str module) {
  size_t at = module.len;
  while (at > 0 && module.ptr[at - 1] != '.') at--;
  return at; /* one behind it; 0: there is none */
}

stele_str py_module_package(stele_str module) {
  size_t dot = last_dot(module);
  return (stele_str){module.ptr, dot ? dot - 1 : 0};
}

stele_str py_module_last(stele_str module) {
  size_t dot = last_dot(module);
  return (stele_str){module.ptr + dot, module.len - dot};
}

stele_str py_upper(stele_arena *arena, stele_str name) {
  char *upper = STELE_NEW_ARRAY(arena, char, name.len + 1);
  for (size_t i = 0; i < name.len; i++) {
    char c = name.ptr[i];
    upper[i] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return (stele_str){upper, name.len};
}

/* Outer types first. The nesting is bounded by the parser. */
static void add_global(stele_buf *out, const stele_message *parent, stele_str name) {
  if (parent) add_global(out, parent->parent, parent->name);
  stele_buf_add_byte(out, '_');
  stele_buf_add_str(out, name);
}

static stele_str global_of(stele_arena *arena, const stele_message *parent, stele_str name) {
  stele_buf out;
  stele_buf_init(&out, arena, 0);
  add_global(&out, parent, name);
  return py_upper(arena, stele_buf_str(&out));
}

stele_str py_message_global(stele_arena *arena, const stele_message *message) {
  return global_of(arena, message->parent, message->name);
}

stele_str py_enum_global(stele_arena *arena, const stele_enum *type) {
  return global_of(arena, type->parent, type->name);
}

stele_str py_service_global(stele_arena *arena, const stele_service *service) {
  return global_of(arena, NULL, service->name);
}

/* google.protobuf.FileOptions.py_generic_services = 18 */
bool py_has_generic_services(const stele_file *file) {
  return file->service_count > 0 && stele_options_varint(file->options, 18, 0);
}
