/* The only user of OpenSSL's digests. */
#include "base/digest.h"

#include <openssl/evp.h>

/* `xof_len`: how many bytes of a function that gives as many as one likes; else 0. */
static bool digest_of(const EVP_MD *kind, const stele_str *parts, size_t count, uint8_t *out,
                      size_t xof_len, stele_err *err) {
  EVP_MD_CTX *ctx = EVP_MD_CTX_new();
  bool ok = ctx && EVP_DigestInit_ex(ctx, kind, NULL);
  for (size_t i = 0; ok && i < count; i++) {
    ok = EVP_DigestUpdate(ctx, parts[i].ptr, parts[i].len);
  }
  ok = ok && (xof_len ? EVP_DigestFinalXOF(ctx, out, xof_len) : EVP_DigestFinal_ex(ctx, out, NULL));
  EVP_MD_CTX_free(ctx);
  return ok || stele_fail(err, STELE_INTERNAL, "OpenSSL refuses to make a digest");
}

bool stele_sha256_of(const stele_str *parts, size_t count, stele_sha256 *out, stele_err *err) {
  return digest_of(EVP_sha256(), parts, count, out->bytes, 0, err);
}

bool stele_shake256_of(const stele_str *parts, size_t count, stele_shake256 *out, stele_err *err) {
  return digest_of(EVP_shake256(), parts, count, out->bytes, sizeof out->bytes, err);
}

bool stele_md5_of(const stele_str *parts, size_t count, stele_md5 *out, stele_err *err) {
  return digest_of(EVP_md5(), parts, count, out->bytes, 0, err);
}
