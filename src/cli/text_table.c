/* Two spaces between columns; the last one is not padded. A width counts
 * characters, not bytes. */
#include "cli/text_table.h"

text_row *text_table_add(text_table *table) {
  return STELE_VEC_ADD(cli_arena(table->args), &table->rows);
}

static size_t width_of(stele_str text) {
  size_t width = 0;
  for (size_t i = 0; i < text.len; i++) width += ((uint8_t)text.ptr[i] & 0xc0) != 0x80;
  return width;
}

static void print_cell(const text_table *table, stele_str text, size_t width, bool last,
                       cli_style style) {
  cli_print(table->args, "%s" STELE_STR_FMT "%s", cli_styled(table->args, style),
            STELE_STR_ARG(text), style == CLI_PLAIN ? "" : cli_styled(table->args, CLI_PLAIN));
  if (last) {
    cli_print(table->args, "\n");
  } else {
    cli_print(table->args, "%*s", (int)(width - width_of(text) + 2), "");
  }
}

void text_table_print(const text_table *table) {
  size_t widths[TEXT_TABLE_MOST_COLUMNS] = {0};
  if (!table->rows.count) return;
  for (size_t c = 0; c < table->columns; c++) {
    widths[c] = strlen(table->headings[c]);
    for (size_t r = 0; r < table->rows.count; r++) {
      size_t width = width_of(table->rows.at[r].at[c]);
      if (width > widths[c]) widths[c] = width;
    }
  }
  for (size_t c = 0; c < table->columns; c++) {
    print_cell(table, stele_cstr(table->headings[c]), widths[c], c + 1 == table->columns, CLI_DIM);
  }
  for (size_t r = 0; r < table->rows.count; r++) {
    const text_row *row = &table->rows.at[r];
    for (size_t c = 0; c < table->columns; c++) {
      print_cell(table, row->at[c], widths[c], c + 1 == table->columns,
                 c == 0 ? row->style : CLI_PLAIN);
    }
  }
}
