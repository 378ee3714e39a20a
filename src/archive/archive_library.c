/* libarchive, opened at run time. */
#include <dlfcn.h>

#include "archive/archive_internal.h"

bool archive_library_open(archive_calls *out, stele_err *err) {
  void *found = NULL, *handle = dlopen("libarchive.so.13", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!handle) return stele_fail(err, STELE_UNSUPPORTED, "no archives: %s", dlerror());
#define X(name)                                                                                    \
  found = dlsym(handle, "archive_" #name);                                                         \
  if (!found) return stele_fail(err, STELE_UNSUPPORTED, "libarchive has no archive_" #name);       \
  memcpy(&out->name, &found, sizeof found);
  ARCHIVE_CALLS(X)
#undef X
  return true;
}
