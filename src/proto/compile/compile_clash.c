/* Whether files that were made apart could have been made in one pool.
 *
 * Names are compared as hashes: of a scope's hash and the name, step by step,
 * so that "a.b" is the same as a package and as a message b in a. A table of
 * hashes costs a few milliseconds for thousands of files; what it cannot tell
 * apart it calls a clash, and somebody looks again.
 *
 * What is inside of messages needs no look: it clashes only if they do. */
#include "proto/compile/compile_internal.h"

#include "base/hash.h"

static uint64_t below(uint64_t scope, stele_str name) {
  return stele_hash_u64(stele_hash_str(name, 1), scope);
}

static void put(compile_clash *t, uint64_t key) {
  size_t at = key & (t->slot_count - 1);
  while (t->slots[at]) at = (at + 1) & (t->slot_count - 1);
  t->slots[at] = key;
  t->count++;
}

static void grow(compile_clash *t) {
  compile_clash larger = *t;
  larger.slot_count = t->slot_count ? t->slot_count * 4 : 4096;
  larger.slots = STELE_NEW_ARRAY(t->arena, uint64_t, larger.slot_count);
  larger.count = 0;
  for (size_t i = 0; i < t->slot_count; i++) {
    if (t->slots[i]) put(&larger, t->slots[i]);
  }
  *t = larger;
}

static bool has(const compile_clash *t, uint64_t key) {
  for (size_t at = key & (t->slot_count - 1); t->slots[at]; at = (at + 1) & (t->slot_count - 1)) {
    if (t->slots[at] == key) return true;
  }
  return false;
}

/* `may_repeat`: packages, which many files have. */
static void add(compile_clash *t, uint64_t key, bool may_repeat) {
  if (t->count >= t->slot_count / 2) grow(t);
  key |= 1; /* never 0 */
  if (!has(t, key)) {
    put(t, key);
  } else if (!may_repeat) {
    t->found = true;
  }
}

/* The scope of a package, and each package above it. A package is entered under
 * its name and under a key of its own, so that what is not a package clashes. */
static uint64_t add_package(compile_clash *t, stele_str package) {
  enum { AS_PACKAGE = 77 };
  uint64_t scope = 0;
  for (size_t start = 0; start < package.len;) {
    const char *dot = memchr(package.ptr + start, '.', package.len - start);
    size_t end = dot ? (size_t)(dot - package.ptr) : package.len;
    scope = below(scope, (stele_str){package.ptr + start, end - start});
    uint64_t as_package = stele_hash_u64(scope, AS_PACKAGE);
    if (t->slot_count == 0 || !has(t, as_package | 1)) {
      add(t, as_package, false);
      add(t, scope, false);
    }
    start = end + 1;
  }
  return scope;
}

static void add_extensions(compile_clash *t, const stele_file *file) {
  enum { AS_NUMBER = 78 };
  size_t count;
  const stele_field *const *extensions = stele_file_extensions(file, &count);
  for (size_t i = 0; i < count; i++) {
    uint64_t extendee = stele_hash_str(stele_field_extendee_name(extensions[i]), AS_NUMBER);
    add(t, stele_hash_u64((uint64_t)(uint32_t)extensions[i]->number, extendee), false);
  }
}

static void add_file(compile_clash *t, const stele_file *file) {
  uint64_t scope = add_package(t, file->package);
  for (uint32_t i = 0; i < file->message_count; i++) {
    add(t, below(scope, file->messages[i].name), false);
  }
  for (uint32_t i = 0; i < file->enum_count; i++) {
    const stele_enum *type = &file->enums[i];
    add(t, below(scope, type->name), false);
    for (uint32_t k = 0; k < type->value_count; k++) {
      add(t, below(scope, type->values[k].name), false);
    }
  }
  for (uint32_t i = 0; i < file->service_count; i++) {
    add(t, below(scope, file->services[i].name), false);
  }
  for (uint32_t i = 0; i < file->extension_count; i++) {
    add(t, below(scope, file->extensions[i].name), false);
  }
  add_extensions(t, file);
}

void compile_clash_init(compile_clash *self, stele_arena *arena) {
  *self = (compile_clash){.arena = arena};
  stele_map_init(&self->paths, arena, (uintptr_t)arena);
}

void compile_clash_add(compile_clash *self, const stele_file *file) {
  if (stele_map_find(&self->paths, file->name)) return; /* made by another as well */
  *stele_map_add(&self->paths, stele_str_copy(self->arena, file->name)) = self;
  add_file(self, file);
}
