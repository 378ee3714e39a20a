/* Arenas: chunks from the heap, handed out by moving a pointer. The first one
 * lies behind the arena itself, so that a job of a few hundred bytes asks the
 * heap once, and for what it has at hand.
 *
 * Chunks double from 4 KB to 1 MB, so that one small file touches one page or
 * two and a whole tree needs few calls; a larger object gets a chunk of its
 * own. Memory touched for the first time costs more than any bookkeeping here,
 * so reset and rewind keep a chunk that is warm. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/guard.h"

enum { OWN_BYTES = 1024, FIRST_CHUNK = 4096, LARGEST_CHUNK = 1 << 20, LARGEST_WANTED = 1 << 24 };

struct arena_chunk {
  arena_chunk *older;
  size_t size;        /* whole, header included */
  size_t used_before; /* bytes used in this chunk when a newer one was added */
};

static uint8_t *chunk_start(arena_chunk *chunk) {
  return (uint8_t *)(chunk + 1);
}

static uint8_t *chunk_end(arena_chunk *chunk) {
  return (uint8_t *)chunk + chunk->size;
}

/* What is used lies at both ends of the current chunk. */
static size_t used_of_current(const stele_arena *arena) {
  return (size_t)(arena->at - chunk_start(arena->chunks)) +
         (size_t)(chunk_end(arena->chunks) - arena->top);
}

static void enter_chunk(stele_arena *arena, arena_chunk *chunk, uint8_t *at, uint8_t *top) {
  arena->at = chunk ? at : NULL;
  arena->end = arena->top = chunk ? top : NULL;
  if (arena->fail_after) arena->end = arena->at; /* every allocation is slow */
}

/* The chunk behind the arena. */
static arena_chunk *own_chunk(stele_arena *arena) {
  return (arena_chunk *)(void *)(arena + 1);
}

stele_arena *stele_arena_new(size_t limit_bytes) {
  stele_arena *arena = malloc(OWN_BYTES);
  size_t size = OWN_BYTES - sizeof *arena;
  if (!arena) return NULL;
  *arena = (stele_arena){.limit = limit_bytes, .next_chunk = FIRST_CHUNK};
  if (limit_bytes && limit_bytes < size) return arena;
  arena->chunks = own_chunk(arena);
  *arena->chunks = (arena_chunk){.size = size};
  arena->held = size;
  enter_chunk(arena, arena->chunks, chunk_start(arena->chunks), chunk_end(arena->chunks));
  return arena;
}

static void free_chunk(stele_arena *arena, arena_chunk *chunk) {
  if (chunk != own_chunk(arena)) free(chunk);
}

stele_arena *stele_arena_new_scratch(stele_arena *job) {
  stele_arena *arena = stele_arena_new(job->limit);
  if (arena) arena->owner = job;
  return arena;
}

void stele_arena_free(stele_arena *arena) {
  if (!arena) return;
  for (arena_chunk *chunk = arena->chunks, *older; chunk; chunk = older) {
    older = chunk->older;
    free_chunk(arena, chunk);
  }
  free(arena);
}

/* Frees every chunk newer than `keep`, but leaves the largest of them as the
 * only chunk when nothing is kept. */
static void drop_chunks(stele_arena *arena, arena_chunk *keep) {
  arena_chunk *largest = NULL;
  for (arena_chunk *chunk = arena->chunks, *older; chunk != keep; chunk = older) {
    older = chunk->older;
    arena_chunk *drop = chunk;
    if (!keep && (!largest || chunk->size > largest->size)) {
      drop = largest;
      largest = chunk;
    }
    if (drop) {
      arena->held -= drop->size;
      free_chunk(arena, drop);
    }
  }
  if (largest) largest->older = NULL;
  arena->chunks = keep ? keep : largest;
}

/* A job that took several chunks is probably followed by one like it: that gets
 * them in one piece, which then stays. */
void stele_arena_reset(stele_arena *arena) {
  if (arena->chunks && arena->chunks->older) {
    arena->wanted = arena->held < LARGEST_WANTED ? arena->held : LARGEST_WANTED;
    drop_chunks(arena, NULL);
  }
  if (!arena->chunks) return;
  enter_chunk(arena, arena->chunks, chunk_start(arena->chunks), chunk_end(arena->chunks));
}

size_t stele_arena_used_bytes(const stele_arena *arena) {
  if (!arena->chunks) return 0;
  size_t used = used_of_current(arena);
  for (const arena_chunk *chunk = arena->chunks->older; chunk; chunk = chunk->older) {
    used += chunk->used_before;
  }
  return used;
}

size_t stele_arena_held_bytes(const stele_arena *arena) {
  return arena->held;
}

static _Noreturn void out_of_memory(stele_arena *arena, size_t size) {
  stele_guard_leave(arena, STELE_NO_MEMORY, "no memory for %zu bytes", size);
}

void stele_arena_cancel(stele_arena *arena) {
  stele_guard_leave(arena, STELE_CANCELLED, "the job was cancelled");
}

static void add_chunk(stele_arena *arena, size_t need) {
  size_t size = arena->next_chunk;
  stele_arena_check(arena);
  if (need > SIZE_MAX - sizeof(arena_chunk)) out_of_memory(arena, need);
  if (size < arena->wanted) size = arena->wanted;
  arena->wanted = 0;
  size_t least = need + sizeof(arena_chunk);
  if (arena->limit) { /* rather a small chunk than none */
    size_t left = arena->held < arena->limit ? arena->limit - arena->held : 0;
    if (size > left) size = left;
  }
  if (size < least) size = least;
  if (arena->limit && (size > arena->limit || arena->held > arena->limit - size)) {
    stele_guard_leave(arena, STELE_LIMIT, "the job needs more than its %zu bytes", arena->limit);
  }
  arena_chunk *chunk = malloc(size);
  if (!chunk) out_of_memory(arena, size);
  if (arena->chunks) arena->chunks->used_before = used_of_current(arena);
  chunk->older = arena->chunks;
  chunk->size = size;
  chunk->used_before = 0;
  arena->chunks = chunk;
  arena->held += size;
  if (arena->next_chunk < LARGEST_CHUNK) arena->next_chunk *= 2;
  enter_chunk(arena, chunk, chunk_start(chunk), chunk_end(chunk));
}

static void *take(stele_arena *arena, size_t size, size_t align) {
  uintptr_t at = ((uintptr_t)arena->at + (align - 1)) & ~(uintptr_t)(align - 1);
  uintptr_t end = (uintptr_t)arena->top;
  if (!arena->chunks || at > end || size > end - at) return NULL;
  arena->at = (uint8_t *)at + size;
  if (arena->fail_after) arena->end = arena->at;
  return (void *)at;
}

void *stele_arena_alloc_slow(stele_arena *arena, size_t size, size_t align) {
  if (arena->fail_after && --arena->fail_after == 0) out_of_memory(arena, size);
  void *found = take(arena, size, align);
  if (found) return found;
  if (size > SIZE_MAX - align) out_of_memory(arena, size);
  add_chunk(arena, size + align);
  return take(arena, size, align);
}

void *stele_arena_array(stele_arena *arena, size_t count, size_t size, size_t align) {
  if (size && count > SIZE_MAX / size) out_of_memory(arena, SIZE_MAX);
  void *found = stele_arena_alloc(arena, count * size, align);
  if (count && size) memset(found, 0, count * size);
  return found;
}

void *stele_arena_grow(stele_arena *arena, void *old, size_t old_size, size_t new_size,
                       size_t align) {
  uint8_t *bytes = old;
  if (bytes && bytes + old_size == arena->at && new_size >= old_size &&
      new_size - old_size <= (size_t)(arena->end - arena->at)) {
    arena->at += new_size - old_size;
    return old;
  }
  void *moved = stele_arena_alloc(arena, new_size, align);
  if (old_size) memcpy(moved, old, old_size < new_size ? old_size : new_size);
  return moved;
}

void stele_arena_trim(stele_arena *arena, void *array, size_t old_size, size_t new_size) {
  uint8_t *bytes = array;
  if (bytes + old_size != arena->at || new_size > old_size) return;
  arena->at = bytes + new_size;
  if (arena->fail_after) arena->end = arena->at;
}

size_t stele_arena_left(const stele_arena *arena) {
  size_t overhead = sizeof(arena_chunk) + _Alignof(max_align_t);
  if (!arena->limit) return SIZE_MAX - overhead;
  size_t left = arena->held < arena->limit ? arena->limit - arena->held : 0;
  return left > overhead ? left - overhead : 0;
}

uint8_t *stele_arena_take_rest(stele_arena *arena, size_t least, uint8_t **end) {
  uint8_t *start = stele_arena_alloc(arena, least, 1);
  if (arena->at < arena->end) arena->at = arena->end;
  *end = arena->at;
  return start;
}

void stele_arena_keep_tail(stele_arena *arena, uint8_t *start, uint8_t *tail, uint8_t *end) {
  if (end != arena->at || end != arena->top) return;
  arena->at = start;
  arena->end = arena->top = tail;
  if (arena->fail_after) arena->end = arena->at;
}

stele_mark stele_arena_mark(stele_arena *arena) {
  return (stele_mark){arena->chunks, arena->at, arena->top};
}

void stele_arena_rewind(stele_arena *arena, stele_mark mark) {
  if (!mark.chunk) {
    stele_arena_reset(arena);
    return;
  }
  drop_chunks(arena, mark.chunk);
  enter_chunk(arena, mark.chunk, mark.at, mark.top);
}

stele_str stele_str_copy(stele_arena *arena, stele_str text) {
  char *copy = stele_arena_alloc(arena, text.len + 1, 1);
  if (text.len) memcpy(copy, text.ptr, text.len);
  copy[text.len] = 0;
  return (stele_str){copy, text.len};
}

stele_bytes stele_bytes_copy(stele_arena *arena, stele_bytes bytes) {
  return stele_str_bytes(stele_str_copy(arena, stele_bytes_str(bytes)));
}

stele_str stele_str_printf(stele_arena *arena, const char *format, ...) {
  va_list args;
  stele_buf text;
  stele_buf_init(&text, arena, 0);
  va_start(args, format);
  stele_buf_vprintf(&text, format, args);
  va_end(args);
  stele_buf_add_byte(&text, 0);
  return (stele_str){text.ptr, text.len - 1};
}

void stele_arena_fail_after(stele_arena *arena, uint64_t n) {
  arena->fail_after = n;
  arena->end = n ? arena->at : arena->top;
}
