/* Memory that nobody had before: in the cold rows both sides get whatever is large
 * enough straight from the system and give it back, whatever the heap has kept. */
#ifndef STELE_BENCH_FRESH_H
#define STELE_BENCH_FRESH_H

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { FRESH_BYTES = 8192 }; /* from here on */

typedef struct fresh_head {
  uint64_t mark;
  size_t size;
} fresh_head;

#define FRESH_MARK UINT64_C(0xf5e54f5e54f5e54f)

static inline void *fresh_alloc(size_t size) {
  size_t whole = size + sizeof(fresh_head);
  void *at = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) abort();
  fresh_head *head = (fresh_head *)at;
  head->mark = FRESH_MARK;
  head->size = whole;
  return head + 1;
}

/* Is it of these, and given back? */
static inline int fresh_free(void *at) {
  fresh_head *head = (fresh_head *)at - 1;
  if (!at || ((uintptr_t)head & 4095) || head->mark != FRESH_MARK) return 0;
  (void)munmap(head, head->size);
  return 1;
}

#endif
