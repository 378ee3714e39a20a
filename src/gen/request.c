/* The parameter is split where it is asked: it is short and asked rarely. */
#include "gen/request.h"

stele_str stele_gen_parameter(const stele_gen_request *request, stele_str name,
                              stele_str otherwise) {
  stele_str rest = request->parameter;
  while (rest.len) {
    const char *comma = memchr(rest.ptr, ',', rest.len);
    stele_str part = {rest.ptr, comma ? (size_t)(comma - rest.ptr) : rest.len};
    size_t used = part.len + (comma != NULL);
    rest = (stele_str){rest.ptr + used, rest.len - used};

    const char *equals = part.len ? memchr(part.ptr, '=', part.len) : NULL;
    stele_str key = {part.ptr, equals ? (size_t)(equals - part.ptr) : part.len};
    if (!stele_str_eq(key, name)) continue;
    otherwise = equals ? (stele_str){equals + 1, part.len - key.len - 1} : STELE_STR("");
  }
  return otherwise;
}
