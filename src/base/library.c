/* dlopen and dlsym, for all libraries that are opened late. */
#include "base/library.h"

#include <dlfcn.h>

bool stele_library_open(const stele_library *library, void *table, size_t bytes, stele_err *err) {
  void *handle = dlopen(library->file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!handle) {
    return stele_fail(err, STELE_UNSUPPORTED, "%s; the Debian package %s has it", dlerror(),
                      library->package);
  }
  const char *name = library->names;
  for (size_t at = 0; at < bytes; at += sizeof handle) {
    void *found = dlsym(handle, name);
    if (!found) {
      return stele_fail(err, STELE_UNSUPPORTED, "%s has no %s: is it another version?",
                        library->file, name);
    }
    memcpy((char *)table + at, &found, sizeof found);
    name += strlen(name) + 1;
  }
  return true;
}
