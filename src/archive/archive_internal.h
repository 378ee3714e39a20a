/* archive, inside: the order of files. */
#ifndef STELE_ARCHIVE_ARCHIVE_INTERNAL_H
#define STELE_ARCHIVE_ARCHIVE_INTERNAL_H

#include "archive/archive.h"

/* A path in a message, cut: for "%.*s". */
#define ARCHIVE_SHOWN(path) ((path).len > 120 ? 120 : (int)(path).len), (path).ptr ? (path).ptr : ""

/* Sorts by path; false when a path stands twice. */
bool archive_order(stele_archive_file *files, size_t count, stele_err *err) STELE_MUST_USE;

#endif
