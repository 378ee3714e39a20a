/* docs/troubleshooting, printed from the tables. Nothing here is written by
 * hand elsewhere: a golden test compares the pages in the repository. */
#include "base/err.h"
#include "check/confluent/confluent.h"
#include "registry/refusal.h"

/* What to look at first, beyond the rows; by page. */
static const char *const advice[REGISTRY_PAGE_COUNT] = {
    [REGISTRY_PAGE_NOT_FOUND] =
        "1. `stele list` shows the subjects of the registry that `--registry` or `STELE_REGISTRY` "
        "names.\n"
        "2. Check the tenant: ids and subjects of another context are not seen from the default "
        "one.\n"
        "3. Check whether it was soft-deleted: `GET /subjects?deleted=true`.\n",
    [REGISTRY_PAGE_COMPATIBLE] =
        "1. `stele check PATH` answers what a push would, without writing anything.\n"
        "2. Each finding names the rule, the place in the new text and what to do instead.\n"
        "3. `GET /config/{subject}?defaultToGlobal=true` says which level is in force. Changing "
        "the level makes the refusal go away, not the readers that break.\n"
        "4. A change that has to break goes into a new package version beside the old one.\n",
    [REGISTRY_PAGE_GENERATION] =
        "1. `stele generate` with the same language on the same files, locally, shows every "
        "message with its place.\n"
        "2. `GET /releases` lists what can be generated from.\n"
        "3. `stele_generations_total{language,result}` in `/metrics` says since when it fails.\n",
    [REGISTRY_PAGE_PERFORMANCE] =
        "1. `/metrics`: `stele_lookup_seconds` by source tells whether reads are slow or only "
        "those that have to compile first.\n"
        "2. `stele_registrations_total{result}` that grows fast, with results `existing`, is a "
        "client that registers on every message: let it cache ids.\n"
        "3. Reads by id are answered from memory and can be cached for ever by the client.\n"
        "4. A slow disk shows as slow registrations while reads stay fast: each registration "
        "waits for the disk.\n",
};

static void print_row(const registry_refusal *row, stele_buf *out) {
  stele_buf_printf(out, "\n## %s (%d)\n\n", row->name, row->error_code);
  stele_buf_printf(out, "| error_code | HTTP | gRPC |\n|---|---|---|\n| %d | %d | %d |\n\n",
                   row->error_code, row->http, row->grpc);
  stele_buf_printf(out, "Message:\n\n```\n%s\n```\n\nWhat to do: %s\n", row->message, row->hint);
}

static void print_rules(const char *title, const check_rule *rules, size_t count, bool refusing,
                        stele_buf *out) {
  stele_buf_printf(out, "\n## %s\n\n| rule | what changed | what to do |\n|---|---|---|\n", title);
  for (size_t i = 0; i < count; i++) {
    if (rules[i].incompatible != refusing) continue;
    stele_buf_printf(out, "| `%s` | %s | %s |\n", rules[i].name, rules[i].text,
                     rules[i].hint ? rules[i].hint : "");
  }
}

static void print_compatibility(stele_buf *out) {
  size_t count = 0;
  const check_rule *rules = check_confluent_rules(&count);
  print_rules("Changes that refuse", rules, count, true, out);
  print_rules("Changes that pass", rules, count, false, out);
}

void registry_page_print(registry_page_id id, stele_buf *out) {
  const registry_page *page = registry_page_row(id);
  stele_buf_printf(out, "# %s\n\n%s\n", page->title, page->about);
  if (advice[id]) stele_buf_printf(out, "\n%s", advice[id]);
  for (size_t i = 0; i < REGISTRY_REFUSAL_COUNT; i++) {
    const registry_refusal *row = registry_refusal_row((registry_refusal_id)i);
    if (row->page == id) print_row(row, out);
  }
  if (id == REGISTRY_PAGE_COMPATIBLE) print_compatibility(out);
}

void registry_page_print_index(stele_buf *out) {
  stele_buf_add_cstr(out,
                     "# Troubleshooting\n\nEvery refusal of the registry has a name, a code "
                     "and a page.\n\n| error_code | name | HTTP | page |\n|---|---|---|---|\n");
  for (size_t i = 0; i < REGISTRY_REFUSAL_COUNT; i++) {
    const registry_refusal *row = registry_refusal_row((registry_refusal_id)i);
    const registry_page *page = registry_page_row(row->page);
    stele_buf_printf(out, "| %d | %s | %d | [%s](%s.md) |\n", row->error_code, row->name, row->http,
                     page->title, page->slug);
  }
}
