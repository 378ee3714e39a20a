/* cli/text_table: rows whose columns line up.
 *
 * In:   a heading, rows of text.   Out: lines, as wide as they need to be.
 * Deps: cli/command.h, base/vec.h. */
#ifndef STELE_CLI_TEXT_TABLE_H
#define STELE_CLI_TEXT_TABLE_H

#include "base/vec.h"
#include "cli/command.h"

enum { TEXT_TABLE_MOST_COLUMNS = 8 };

typedef struct text_row {
  stele_str at[TEXT_TABLE_MOST_COLUMNS];
  cli_style style; /* of the first column */
} text_row;

/* All zero but for `args` and `headings` is an empty table. */
typedef struct text_table {
  cli_args *args;
  const char *const *headings;
  size_t columns;
  STELE_VEC(text_row) rows;
} text_table;

/* A new row, its texts empty; the pointer holds until the next. */
text_row *text_table_add(text_table *table);

/* Prints heading and rows; nothing when there are no rows. */
void text_table_print(const text_table *table);

#endif
