/* The table of refusals: its words, and the pages that are made of it. */
#include <stdio.h>

#include "base/buf.h"
#include "harness/test.h"
#include "registry/refusal.h"

static void test_words(stele_test *t) {
  static const struct {
    const char *label;
    registry_refusal_id id;
    const char *words[2];
    const char *want;
  } rows[] = {
      {"one word", REGISTRY_SUBJECT_NOT_FOUND, {"orders", NULL}, "Subject 'orders' not found."},
      {"two words, and braces that are no word",
       REGISTRY_REFERENCED,
       {"orders", "2"},
       "One or more references exist to the schema "
       "{magic=1,keytype=SCHEMA,subject=orders,version=2}."},
      {"a word that looks like one",
       REGISTRY_SUBJECT_NOT_FOUND,
       {"{subject}", NULL},
       "Subject '{subject}' not found."},
      {"none", REGISTRY_CONTENT_NOT_FOUND, {NULL, NULL}, "Schema not found"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_str words[2] = {stele_cstr(rows[i].words[0]), stele_cstr(rows[i].words[1])};
    t_case(t, rows[i].label);
    t_eq_str(t, registry_refuse_words(t->arena, rows[i].id, words, 2)->message,
             stele_cstr(rows[i].want));
  }
}

/* Confluent's codes say the HTTP status in their first three digits, and so do
 * ours; every row says what to do. */
static void test_rows(stele_test *t) {
  for (size_t i = 0; i < REGISTRY_REFUSAL_COUNT; i++) {
    const registry_refusal *row = registry_refusal_row((registry_refusal_id)i);
    t_case(t, row->name);
    int leading = row->error_code >= 1000 ? row->error_code / 100 : row->error_code;
    t_eq_int(t, leading, row->http);
    t_true(t, row->grpc > 0 && row->grpc <= 16);
    t_true(t, row->hint[0] != '\0' && row->message[0] != '\0');
  }
}

/* STELE_REFRESH with a glob for docs/troubleshooting writes the pages. */
static void test_pages(stele_test *t) {
  char path[128];
  stele_buf page;
  for (size_t i = 0; i < REGISTRY_PAGE_COUNT; i++) {
    const registry_page *row = registry_page_row((registry_page_id)i);
    t_case(t, row->slug);
    stele_buf_init(&page, t->arena, 0);
    registry_page_print((registry_page_id)i, &page);
    (void)snprintf(path, sizeof path, "docs/troubleshooting/%s.md", row->slug);
    t_golden(t, path, stele_buf_str(&page));
  }
  t_case(t, "index");
  stele_buf_init(&page, t->arena, 0);
  registry_page_print_index(&page);
  t_golden(t, "docs/troubleshooting/README.md", stele_buf_str(&page));
}

TEST_MAIN(test_words, test_rows, test_pages)
