/* The only user of OpenSSL's digests. */
#include "base/digest.h"

#include <openssl/evp.h>

#include "base/library.h"

// clang-format off
#define CRYPTO_CALLS(X) \
  X(EVP_, MD_CTX_new) X(EVP_, MD_CTX_free) X(EVP_, DigestInit_ex) X(EVP_, DigestUpdate) \
  X(EVP_, DigestFinal_ex) X(EVP_, DigestFinalXOF) X(EVP_, get_digestbyname)
// clang-format on

typedef struct crypto_calls {
  CRYPTO_CALLS(STELE_LIBRARY_CALL)
} crypto_calls;

static const stele_library crypto = {"libcrypto.so.3", "libssl3", CRYPTO_CALLS(STELE_LIBRARY_NAME)};

/* `xof_len`: how many bytes of a function that gives as many as one likes; else 0. */
static bool digest_of(const char *kind, const stele_str *parts, size_t count, uint8_t *out,
                      size_t xof_len, stele_err *err) {
  crypto_calls lib;
  if (!stele_library_open(&crypto, &lib, sizeof lib, err)) return false;
  EVP_MD_CTX *ctx = lib.MD_CTX_new();
  bool ok = ctx && lib.DigestInit_ex(ctx, lib.get_digestbyname(kind), NULL);
  for (size_t i = 0; ok && i < count; i++) {
    ok = lib.DigestUpdate(ctx, parts[i].ptr, parts[i].len);
  }
  ok = ok && (xof_len ? lib.DigestFinalXOF(ctx, out, xof_len) : lib.DigestFinal_ex(ctx, out, NULL));
  lib.MD_CTX_free(ctx);
  return ok || stele_fail(err, STELE_INTERNAL, "OpenSSL refuses to make a digest");
}

bool stele_sha256_of(const stele_str *parts, size_t count, stele_sha256 *out, stele_err *err) {
  return digest_of("SHA256", parts, count, out->bytes, 0, err);
}

bool stele_shake256_of(const stele_str *parts, size_t count, stele_shake256 *out, stele_err *err) {
  return digest_of("SHAKE256", parts, count, out->bytes, sizeof out->bytes, err);
}

bool stele_md5_of(const stele_str *parts, size_t count, stele_md5 *out, stele_err *err) {
  return digest_of("MD5", parts, count, out->bytes, 0, err);
}
