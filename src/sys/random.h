/* sys/random: bytes that nobody can guess, and UUIDs made of them.
 * Deps: none. */
#ifndef STELE_SYS_RANDOM_H
#define STELE_SYS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Fills `out` from the kernel. Ends the process if the kernel will not: keys
 * made of nothing are worse. */
void sys_random(void *out, size_t len);

/* A fast stream of bits for things that need to differ, not to be secret
 * (request ids, jitter, hash seeds after the first). Seeded by the kernel; one
 * per thread. */
typedef struct sys_prng {
  uint64_t state[4];
} sys_prng;

void sys_prng_init(sys_prng *prng);
uint64_t sys_prng_next(sys_prng *prng);

/* "f81d4fae-7dec-4d0a-a765-00a0c91e6bf6": version 4, no NUL. */
enum { SYS_UUID_TEXT = 36 };
void sys_uuid_print(sys_prng *prng, char out[SYS_UUID_TEXT]);

#endif
