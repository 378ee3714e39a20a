/* gen/zip: generated files as a .zip or .jar, as protoc 36.2 writes them.
 *
 * In:   files.   Out: a ZIP archive: stored, not packed, without times, so that
 * the same files are the same bytes.
 * Source: PKWARE APPNOTE 6.3.3, sections 4.3.7, 4.3.12 and 4.3.16.
 * Deps: base/buf.h, gen/output.h. */
#ifndef STELE_GEN_ZIP_H
#define STELE_GEN_ZIP_H

#include "base/buf.h"
#include "gen/output.h"

/* Appends the archive of `files[0, count)`, in that order. */
void stele_gen_zip(const stele_gen_file *files, size_t count, stele_buf *out);

/* What a .jar holds as META-INF/MANIFEST.MF when no generator made one. */
extern const stele_gen_file stele_gen_jar_manifest;

#endif
