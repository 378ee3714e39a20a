/* code_option: google.protobuf.FileOptions that name generated code: who changes one
 * breaks those who compile what came of it.
 *
 * In:   nothing.   Out: a table, texts and switches.
 * Deps: none. */
#ifndef STELE_CHECK_ELEMENT_CODE_OPTION_H
#define STELE_CHECK_ELEMENT_CODE_OPTION_H

#include <stdbool.h>
#include <stdint.h>

typedef struct check_code_option {
  uint32_t number;
  const char *name;
  bool is_text;
} check_code_option;

enum { CHECK_CODE_OPTIONS = 10 };
extern const check_code_option check_code_options[CHECK_CODE_OPTIONS];

#endif
