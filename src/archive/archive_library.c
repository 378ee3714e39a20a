/* libarchive, opened when an archive is. */
#include "archive/archive_internal.h"

bool archive_library_open(archive_calls *out, stele_err *err) {
  static const stele_library library = {"libarchive.so.13", "libarchive13",
                                        ARCHIVE_CALLS(STELE_LIBRARY_NAME)};
  return stele_library_open(&library, out, sizeof *out, err);
}
