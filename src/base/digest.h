/* base/digest: SHA-256, SHAKE256 and MD5 over pieces of text, through OpenSSL.
 *
 * MD5 is here for one reason: Confluent's guid is made of it. It guards
 * nothing. Deps: stele/str.h. */
#ifndef STELE_BASE_DIGEST_H
#define STELE_BASE_DIGEST_H

#include <stdint.h>

#include "base/err.h"
#include "stele/str.h"

enum { STELE_SHA256_BYTES = 32, STELE_SHAKE256_BYTES = 64, STELE_MD5_BYTES = 16 };

typedef struct stele_sha256 {
  uint8_t bytes[STELE_SHA256_BYTES];
} stele_sha256;

typedef struct stele_shake256 {
  uint8_t bytes[STELE_SHAKE256_BYTES];
} stele_shake256;

typedef struct stele_md5 {
  uint8_t bytes[STELE_MD5_BYTES];
} stele_md5;

/* The digest of all `parts` one after the other. Fails only when OpenSSL has
 * no memory or (MD5, on a FIPS machine) refuses. */
bool stele_sha256_of(const stele_str *parts, size_t count, stele_sha256 *out,
                     stele_err *err) STELE_MUST_USE;
bool stele_shake256_of(const stele_str *parts, size_t count, stele_shake256 *out,
                       stele_err *err) STELE_MUST_USE;
bool stele_md5_of(const stele_str *parts, size_t count, stele_md5 *out,
                  stele_err *err) STELE_MUST_USE;

#endif
