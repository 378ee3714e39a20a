/* A linked file is structs that point at each other, and texts. The structs are copied, the
 * texts stay where they are; then each pointer to what has a copy, or was replaced, is
 * turned. First all is copied, so that what is referred to before it is declared has its
 * copy; then references and options are turned. */
#include "proto/relink/relink.h"

#include "base/map.h"
#include "proto/schema/schema_internal.h"

struct relink_job {
  stele_arena *arena, *tables;
  stele_schema *schema;
  stele_map moved; /* by address: files, messages, enums, extensions, options */
  stele_map other; /* by address: messages and enums whose values are others than they were */
  STELE_VEC(const stele_file *) replaced;
  bool is_deprecation_other;
};

relink_job *relink_job_new(stele_arena *arena, stele_arena *tables) {
  relink_job *job = STELE_NEW(tables, relink_job);
  *job = (relink_job){.arena = arena, .tables = tables};
  stele_map_init(&job->moved, tables, 0);
  stele_map_init(&job->other, tables, 0);
  job->schema = schema_new(arena);
  return job;
}

stele_schema *relink_job_schema(relink_job *job) {
  return job->schema;
}

void relink_job_finish(relink_job *job) {
  schema_freeze(job->schema);
}

/* ---- what stands for what ------------------------------------------------------ */

static void move(relink_job *job, const void *from, const void *to) {
  *stele_map_add_u64(&job->moved, (uint64_t)(uintptr_t)from) = (void *)(uintptr_t)to;
}

/* What stands for it now: itself when nothing does. */
static const void *now(const relink_job *job, const void *from) {
  const void *to = from ? stele_map_find_u64(&job->moved, (uint64_t)(uintptr_t)from) : NULL;
  return to ? to : from;
}

#define MOVE_BY_NAME(job, befores, before_count, afters, after_count, each)                        \
  for (uint32_t i_ = 0; i_ < (before_count); i_++) {                                               \
    for (uint32_t k_ = 0; k_ < (after_count); k_++) {                                              \
      uint32_t at_ = (i_ + k_) % (after_count); /* most are where they were */                     \
      if (!stele_str_eq((befores)[i_].name, (afters)[at_].name)) continue;                         \
      each(job, &(befores)[i_], &(afters)[at_]);                                                   \
      break;                                                                                       \
    }                                                                                              \
  }

static void add_other(relink_job *job, const void *type) {
  *stele_map_add_u64(&job->other, (uint64_t)(uintptr_t)type) = job;
}

static bool is_other(const relink_job *job, const void *type) {
  return type && stele_map_find_u64(&job->other, (uint64_t)(uintptr_t)type);
}

static void replace_enum(relink_job *job, const stele_enum *before, const stele_enum *after) {
  move(job, before, after);
  if (!relink_same_enum_values(before, after)) add_other(job, after);
}

static void replace_message(relink_job *job, const stele_message *before,
                            const stele_message *after) {
  move(job, before, after);
  if (!relink_same_values(before, after)) add_other(job, after);
  MOVE_BY_NAME(job, before->enums, before->enum_count, after->enums, after->enum_count,
               replace_enum)
  MOVE_BY_NAME(job, before->extensions, before->extension_count, after->extensions,
               after->extension_count, move)
  MOVE_BY_NAME(job, before->messages, before->message_count, after->messages, after->message_count,
               replace_message)
}

void relink_replace(relink_job *job, const stele_file *before, const stele_file *after) {
  move(job, before, after);
  schema_keep(job->schema, after->schema);
  STELE_VEC_PUSH(job->tables, &job->replaced, after);
  if (!relink_same_deprecation(before, after)) job->is_deprecation_other = true;
  MOVE_BY_NAME(job, before->enums, before->enum_count, after->enums, after->enum_count,
               replace_enum)
  MOVE_BY_NAME(job, before->extensions, before->extension_count, after->extensions,
               after->extension_count, move)
  MOVE_BY_NAME(job, before->messages, before->message_count, after->messages, after->message_count,
               replace_message)
}

/* ---- whose values are others ------------------------------------------------------- */

static bool holds_other(const relink_job *job, const stele_field *fields, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (is_other(job, fields[i].type_message) || is_other(job, fields[i].type_enum)) return true;
  }
  return false;
}

/* Adds messages that hold such values; false when there was none that is new. */
static bool spread(relink_job *job, const stele_message *messages, uint32_t count) {
  bool any = false;
  for (uint32_t i = 0; i < count; i++) {
    const stele_message *message = &messages[i];
    if (!is_other(job, message) && holds_other(job, message->fields, message->field_count)) {
      add_other(job, message);
      any = true;
    }
    any = spread(job, message->messages, message->message_count) || any;
  }
  return any;
}

void relink_replaced(relink_job *job) {
  bool any = job->other.count > 0;
  while (any) {
    any = false;
    for (size_t i = 0; i < job->replaced.count; i++) {
      const stele_file *file = job->replaced.at[i];
      any = spread(job, file->messages, file->message_count) || any;
    }
  }
}

static bool extends_by_other(const relink_job *job, const stele_file *file) {
  size_t count;
  const stele_field *const *extensions = stele_file_extensions(file, &count);
  for (size_t i = 0; i < count; i++) {
    if (holds_other(job, extensions[i], 1)) return true;
  }
  return false;
}

/* Whose file was deprecated, or is, is not followed. */
static bool is_file_other(relink_job *job, const stele_file *file) {
  bool any = job->is_deprecation_other;
  if (!job->other.count) return any;
  while (spread(job, file->messages, file->message_count)) any = true;
  return any || extends_by_other(job, file);
}

/* ---- copies --------------------------------------------------------------------- */

static void *copy(const relink_job *job, const void *from, size_t count, size_t size,
                  size_t align) {
  if (count == 0) return NULL;
  void *to = stele_arena_alloc(job->arena, count * size, align);
  memcpy(to, from, count * size);
  return to;
}

#define COPY(job, array, count)                                                                    \
  copy(job, array, count, sizeof *(array), sizeof(void *)) /* structs of pointers */

static stele_enum *copy_enums(relink_job *job, const stele_enum *from, uint32_t count,
                              const stele_file *file, const stele_message *parent) {
  stele_enum *to = COPY(job, from, count);
  for (uint32_t i = 0; i < count; i++) {
    move(job, &from[i], &to[i]);
    to[i].file = file;
    to[i].parent = parent;
    to[i].values = COPY(job, from[i].values, from[i].value_count);
    for (uint32_t k = 0; k < to[i].value_count; k++) to[i].values[k].parent = &to[i];
  }
  return to;
}

/* They extend another message: see turn_extension. */
static stele_field *copy_extensions(relink_job *job, const stele_field *from, uint32_t count,
                                    const stele_file *file, const stele_message *scope) {
  stele_field *to = COPY(job, from, count);
  for (uint32_t i = 0; i < count; i++) {
    move(job, &from[i], &to[i]);
    to[i].more = COPY(job, from[i].more, 1);
    to[i].more->file = file;
    to[i].more->scope = scope;
  }
  return to;
}

static void copy_fields(relink_job *job, const stele_message *from, stele_message *to) {
  to->oneofs = COPY(job, from->oneofs, from->oneof_count);
  to->fields = COPY(job, from->fields, from->field_count);
  for (uint32_t i = 0; i < to->field_count; i++) {
    stele_field *field = &to->fields[i];
    field->message = to;
    if (field->oneof) field->oneof = &to->oneofs[field->oneof - from->oneofs];
  }
  for (uint32_t i = 0; i < to->oneof_count; i++) {
    stele_oneof *oneof = &to->oneofs[i];
    const stele_field **fields = COPY(job, oneof->fields, oneof->field_count);
    for (uint32_t k = 0; k < oneof->field_count; k++) {
      fields[k] = &to->fields[oneof->fields[k] - from->fields];
    }
    oneof->message = to;
    oneof->fields = fields;
  }
  if (from->numbers) schema_index_numbers(job->arena, to);
}

/* Nesting is bounded by the parser. */
static stele_message *copy_messages(relink_job *job, const stele_message *from, uint32_t count,
                                    const stele_file *file, const stele_message *parent) {
  stele_message *to = COPY(job, from, count);
  for (uint32_t i = 0; i < count; i++) {
    stele_message *message = &to[i];
    move(job, &from[i], message);
    message->file = file;
    message->parent = parent;
    copy_fields(job, &from[i], message);
    message->extension_ranges = COPY(job, from[i].extension_ranges, from[i].extension_range_count);
    message->enums = copy_enums(job, from[i].enums, from[i].enum_count, file, message);
    message->extensions =
        copy_extensions(job, from[i].extensions, from[i].extension_count, file, message);
    message->messages = copy_messages(job, from[i].messages, from[i].message_count, file, message);
  }
  return to;
}

static stele_service *copy_services(const relink_job *job, const stele_service *from,
                                    uint32_t count, const stele_file *file) {
  stele_service *to = COPY(job, from, count);
  for (uint32_t i = 0; i < count; i++) {
    to[i].file = file;
    to[i].methods = COPY(job, from[i].methods, from[i].method_count);
    for (uint32_t k = 0; k < to[i].method_count; k++) to[i].methods[k].service = &to[i];
  }
  return to;
}

static void copy_imports(relink_job *job, stele_file *file) {
  file->imports = COPY(job, file->imports, file->import_count);
  for (uint32_t i = 0; i < file->import_count; i++) {
    stele_import *import = &file->imports[i];
    import->file = now(job, import->file);
    if (import->file) schema_keep(job->schema, import->file->schema);
  }
}

/* ---- references ----------------------------------------------------------------- */

/* Shared by elements as they were: one copy of each. */
static const stele_options *turn_options(relink_job *job, const stele_options *from) {
  if (!from) return NULL;
  void **place = stele_map_add_u64(&job->moved, (uint64_t)(uintptr_t)from);
  if (*place) return *place;
  stele_options *to = COPY(job, from, 1);
  *place = to;
  stele_option *at = COPY(job, from->at, from->count);
  for (uint32_t i = 0; i < to->count; i++) at[i].extension = now(job, at[i].extension);
  to->at = at;
  to->type = now(job, to->type);
  return to;
}

static void turn_fields(relink_job *job, stele_field *fields, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    stele_field *field = &fields[i];
    if (field->is_extension) field->message = now(job, field->message);
    field->type_message = now(job, field->type_message);
    field->type_enum = now(job, field->type_enum);
    field->options = turn_options(job, field->options);
  }
}

static void turn_enums(relink_job *job, stele_enum *enums, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    enums[i].options = turn_options(job, enums[i].options);
    for (uint32_t k = 0; k < enums[i].value_count; k++) {
      enums[i].values[k].options = turn_options(job, enums[i].values[k].options);
    }
  }
}

static void turn_messages(relink_job *job, stele_message *messages, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    stele_message *message = &messages[i];
    message->options = turn_options(job, message->options);
    turn_fields(job, message->fields, message->field_count);
    turn_fields(job, message->extensions, message->extension_count);
    turn_enums(job, message->enums, message->enum_count);
    for (uint32_t k = 0; k < message->oneof_count; k++) {
      message->oneofs[k].options = turn_options(job, message->oneofs[k].options);
    }
    for (uint32_t k = 0; k < message->extension_range_count; k++) {
      stele_range *range = &message->extension_ranges[k];
      range->options = turn_options(job, range->options);
    }
    turn_messages(job, message->messages, message->message_count);
  }
}

static void turn_services(relink_job *job, stele_service *services, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    services[i].options = turn_options(job, services[i].options);
    for (uint32_t k = 0; k < services[i].method_count; k++) {
      stele_method *method = &services[i].methods[k];
      method->input = now(job, method->input);
      method->output = now(job, method->output);
      method->options = turn_options(job, method->options);
    }
  }
}

const stele_file *relink_file(relink_job *job, const stele_file *from, bool *is_other_now) {
  stele_arena_check(job->arena);
  stele_file *to = COPY(job, from, 1);
  move(job, from, to);
  to->schema = job->schema;
  to->texts = from->texts ? from->texts : from->schema;
  schema_keep(job->schema, to->texts);
  copy_imports(job, to);
  to->enums = copy_enums(job, from->enums, from->enum_count, to, NULL);
  to->extensions = copy_extensions(job, from->extensions, from->extension_count, to, NULL);
  to->messages = copy_messages(job, from->messages, from->message_count, to, NULL);
  to->services = copy_services(job, from->services, from->service_count, to);
  to->options = turn_options(job, from->options);
  turn_enums(job, to->enums, to->enum_count);
  turn_fields(job, to->extensions, to->extension_count);
  turn_messages(job, to->messages, to->message_count);
  turn_services(job, to->services, to->service_count);
  to->exports = NULL;
  schema_export(job->arena, to);
  schema_add_file(job->schema, to);
  *is_other_now = is_file_other(job, to);
  return to;
}
