/* Names: how to spell a type or an option so that it means what it meant.
 *
 * A name that was written is a tail of the full name that it meant, so the
 * schema keeps its length and we cut it off again. For a descriptor there is no
 * such thing: each tail within the file's own package and then the full name are
 * tried, the shortest first, by the same search that the linker makes: the first
 * part innermost first, among what the file can see. The table of that is made for
 * the first name that needs it. */
#include "proto/print/print_internal.h"

/* What the search asks of a symbol. As pointers in the map; absent is NULL. */
typedef enum print_name_kind {
  NAME_ABSENT,
  NAME_SCOPE, /* package or service: has children, is no type */
  NAME_TYPE,  /* message or enum */
  NAME_OTHER,
} print_name_kind;

/* ---- What is in sight --------------------------------------------------- */

static void add(print_job *job, stele_str name, print_name_kind kind) {
  void **place = stele_map_add(&job->names, name);
  if (!*place) *place = (void *)(uintptr_t)kind;
}

static void add_enums(print_job *job, const stele_enum *enums, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    add(job, enums[i].full_name, NAME_TYPE);
    for (uint32_t k = 0; k < enums[i].value_count; k++) {
      add(job, stele_enum_value_full_name(job->arena, &enums[i].values[k]), NAME_OTHER);
    }
  }
}

static void add_fields(print_job *job, const stele_field *fields, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    add(job, stele_field_full_name(job->arena, &fields[i]), NAME_OTHER);
  }
}

static void add_messages(print_job *job, const stele_message *messages, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const stele_message *message = &messages[i];
    add(job, message->full_name, NAME_TYPE);
    add_fields(job, message->fields, message->field_count);
    add_fields(job, message->extensions, message->extension_count);
    for (uint32_t k = 0; k < message->oneof_count; k++) {
      add(job, stele_oneof_full_name(job->arena, &message->oneofs[k]), NAME_OTHER);
    }
    add_enums(job, message->enums, message->enum_count);
    add_messages(job, message->messages, message->message_count);
  }
}

static void add_services(print_job *job, const stele_file *file) {
  for (uint32_t i = 0; i < file->service_count; i++) {
    const stele_service *service = &file->services[i];
    add(job, service->full_name, NAME_SCOPE);
    for (uint32_t k = 0; k < service->method_count; k++) {
      add(job, stele_method_full_name(job->arena, &service->methods[k]), NAME_OTHER);
    }
  }
}

static void add_file(print_job *job, const stele_file *file) {
  for (size_t i = file->package.len; i-- > 0;) {
    if (file->package.ptr[i] == '.') add(job, (stele_str){file->package.ptr, i}, NAME_SCOPE);
  }
  if (file->package.len) add(job, file->package, NAME_SCOPE);
  add_messages(job, file->messages, file->message_count);
  add_enums(job, file->enums, file->enum_count);
  add_fields(job, file->extensions, file->extension_count);
  add_services(job, file);
}

typedef STELE_VEC(const stele_file *) file_list;

static void see(print_job *job, stele_map *seen, file_list *files, const stele_file *file) {
  void **place = stele_map_add_u64(seen, (uint64_t)(uintptr_t)file);
  if (*place) return;
  *place = (void *)(uintptr_t)file;
  STELE_VEC_PUSH(job->arena, files, file);
}

/* The file, what it imports, and what those import publicly. */
static void look_around(print_job *job) {
  stele_map seen;
  file_list files = {0};
  stele_map_init(&job->names, job->arena, 0);
  stele_map_init(&seen, job->arena, 0);
  see(job, &seen, &files, job->file);
  for (size_t i = 0; i < files.count; i++) {
    const stele_file *file = files.at[i];
    for (uint32_t k = 0; k < file->import_count; k++) {
      const stele_import *import = &file->imports[k];
      if (!import->file || (i > 0 && import->kind != STELE_IMPORT_PUBLIC)) continue;
      see(job, &seen, &files, import->file);
    }
  }
  for (size_t i = 0; i < files.count; i++) add_file(job, files.at[i]);
  job->has_names = true;
}

/* ---- The search --------------------------------------------------------- */

/* "scope.part" in the file's sight; `full` has room for it. */
static print_name_kind kind_of(print_job *job, char *full, stele_str scope, stele_str part) {
  size_t len = 0;
  if (scope.len) {
    memcpy(full, scope.ptr, scope.len);
    len = scope.len;
    full[len++] = '.';
  }
  memcpy(full + len, part.ptr, part.len);
  return (print_name_kind)(uintptr_t)stele_map_find(&job->names, (stele_str){full, len + part.len});
}

/* The scope around a scope. */
static stele_str outward(stele_str scope) {
  while (scope.len > 0 && scope.ptr[scope.len - 1] != '.') scope.len--;
  if (scope.len > 0) scope.len--;
  return scope;
}

static bool stops(print_name_kind kind, bool is_last, print_search search) {
  if (kind == NAME_ABSENT) return false;
  if (!is_last) return kind != NAME_OTHER;
  return search == PRINT_SEARCH_ALL || kind == NAME_TYPE;
}

/* Whether the last `len` bytes of `target` mean `target` from inside `scope`. */
static bool means(print_job *job, stele_str target, size_t len, stele_str scope,
                  print_search search) {
  stele_str head = {target.ptr, target.len - len}; /* what the tail is to be found in */
  stele_str part = {target.ptr + head.len, len};
  const char *dot = memchr(part.ptr, '.', part.len);
  if (head.len) head.len--; /* the dot between */
  if (dot) part.len = (size_t)(dot - part.ptr);
  char *full = stele_arena_alloc(job->arena, scope.len + 1 + part.len, 1);
  for (;; scope = outward(scope)) {
    if (stops(kind_of(job, full, scope, part), !dot, search)) return stele_str_eq(scope, head);
    if (scope.len == 0) return false;
  }
}

/* A type of this name can begin a declaration of another kind. */
static bool is_keyword(stele_str part) {
  static const stele_str words[] = {
      STELE_STR_INIT("message"),  STELE_STR_INIT("enum"),     STELE_STR_INIT("extend"),
      STELE_STR_INIT("option"),   STELE_STR_INIT("oneof"),    STELE_STR_INIT("extensions"),
      STELE_STR_INIT("reserved"), STELE_STR_INIT("export"),   STELE_STR_INIT("local"),
      STELE_STR_INIT("group"),    STELE_STR_INIT("map"),      STELE_STR_INIT("stream"),
      STELE_STR_INIT("optional"), STELE_STR_INIT("required"), STELE_STR_INIT("repeated"),
      STELE_STR_INIT("double"),   STELE_STR_INIT("float"),    STELE_STR_INIT("int32"),
      STELE_STR_INIT("int64"),    STELE_STR_INIT("uint32"),   STELE_STR_INIT("uint64"),
      STELE_STR_INIT("sint32"),   STELE_STR_INIT("sint64"),   STELE_STR_INIT("fixed32"),
      STELE_STR_INIT("fixed64"),  STELE_STR_INIT("sfixed32"), STELE_STR_INIT("sfixed64"),
      STELE_STR_INIT("bool"),     STELE_STR_INIT("string"),   STELE_STR_INIT("bytes"),
      STELE_STR_INIT("returns"),  STELE_STR_INIT("rpc"),
  };
  for (size_t i = 0; i < STELE_COUNT(words); i++) {
    if (stele_str_eq(words[i], part)) return true;
  }
  return false;
}

static bool begins_with_keyword(stele_str name) {
  const char *dot = memchr(name.ptr, '.', name.len);
  return is_keyword((stele_str){name.ptr, dot ? (size_t)(dot - name.ptr) : name.len});
}

/* How much of a name may be left to the reader: within the file's own package all
 * of the package's; of another's name nothing, for `protobuf.Any` inside `google.rpc`
 * would resolve and yet is what nobody writes. */
static size_t longest_own_tail(const print_job *job, stele_str target) {
  stele_str package = job->file->package;
  bool is_own = package.len == 0 || (target.len > package.len && target.ptr[package.len] == '.' &&
                                     memcmp(target.ptr, package.ptr, package.len) == 0);
  if (!is_own) return 0;
  return package.len ? target.len - package.len - 1 : target.len;
}

/* The shortest tail of a full name that will do; all of it and a dot more if none does. */
static size_t shortest_tail(print_job *job, const print_reference *reference) {
  stele_str target = {reference->name.ptr + 1, reference->name.len - 1};
  size_t own = longest_own_tail(job, target);
  if (!job->has_names) look_around(job);
  for (size_t len = 1; len <= target.len; len++) {
    bool is_tail = len == target.len || (len <= own && target.ptr[target.len - len - 1] == '.');
    if (!is_tail) continue;
    stele_str tail = {target.ptr + target.len - len, len};
    if (begins_with_keyword(tail)) continue;
    if (means(job, target, len, reference->scope, reference->search)) return len;
  }
  return reference->name.len;
}

void print_reference_name(print_job *job, const print_reference *reference) {
  stele_str name = reference->name;
  if (name.len == 0 || name.ptr[0] != '.' || job->is_normalised) {
    print_str(job, name);
    return;
  }
  size_t len = reference->written ? reference->written : shortest_tail(job, reference);
  print_str(job, (stele_str){name.ptr + name.len - len, len});
}

stele_str print_extension_name(print_job *job, stele_str scope, const stele_field *extension) {
  stele_str name = stele_field_full_name(job->arena, extension);
  if (!job->has_names) look_around(job);
  bool is_plain = means(job, name, name.len, scope, PRINT_SEARCH_ALL);
  return stele_str_printf(job->arena, is_plain ? "(" STELE_STR_FMT ")" : "(." STELE_STR_FMT ")",
                          STELE_STR_ARG(name));
}

bool print_is_identifier(stele_str text) {
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!is_letter && (i == 0 || c < '0' || c > '9')) return false;
  }
  return text.len > 0;
}
