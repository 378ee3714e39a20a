/* Both tables as one: finding rows and the names of categories. */
#include "check/judge/table.h"

const rule *rule_table(rule_kind kind, size_t *count) {
  *count = kind == RULE_LINT ? rule_lint_count : rule_breaking_count;
  return kind == RULE_LINT ? rule_lint_rows : rule_breaking_rows;
}

const rule *rule_find(stele_str id) {
  for (int kind = 0; kind < RULE_KIND_COUNT; kind++) {
    size_t count;
    const rule *rows = rule_table((rule_kind)kind, &count);
    for (size_t i = 0; i < count; i++) {
      if (stele_str_eq(id, stele_cstr(rows[i].id))) return &rows[i];
    }
  }
  return NULL;
}

const rule_text *rule_explain(const rule *row) {
  bool lint = row->kind == RULE_LINT;
  const rule_text_row *texts = lint ? rule_lint_texts : rule_breaking_texts;
  size_t count = lint ? rule_lint_text_count : rule_breaking_text_count;
  for (size_t i = 0; i < count; i++) {
    if (strcmp(texts[i].id, row->id) == 0) return &texts[i].text;
  }
  return NULL;
}

const char *rule_category_name(unsigned bit) {
  static const char *const names[] = {
#define X(number, name) [number] = #name,
      RULE_CATEGORIES(X)
#undef X
  };
  return bit < STELE_COUNT(names) ? names[bit] : NULL;
}
