#include "sys/uv_library.h"

bool uv_library_open(uv_calls *out, stele_err *err) {
  static const stele_library library = {"libuv.so.1", "libuv1", UV_CALLS(STELE_LIBRARY_NAME)};
  return stele_library_open(&library, out, sizeof *out, err);
}
