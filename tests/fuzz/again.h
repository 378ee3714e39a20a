/* fuzz/again: a linked file, written, read and written again.
 *
 * What is written in either form is taken as a descriptor, and is then written
 * the same: the forms are fixed points, and nothing is lost on the way. */
#ifndef STELE_TESTS_FUZZ_AGAIN_H
#define STELE_TESTS_FUZZ_AGAIN_H

#include "proto/compile/compile.h"

/* Files that inputs may import as "base.proto"; linked once, kept for ever. */
const stele_file *again_base(void);

/* Compiles `found` as "in.proto" and checks what comes of it. */
void again_check(const stele_found *found);

#endif
