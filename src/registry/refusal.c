/* The table's rows, and how a message gets its words. */
#include "registry/refusal.h"

#include "base/err.h"

static const registry_refusal refusals[REGISTRY_REFUSAL_COUNT] = {
#define X(id, name, code, http, grpc, page, message, hint)                                         \
  [REGISTRY_##id] = {name, code, http, grpc, REGISTRY_PAGE_##page, message, hint},
    REGISTRY_REFUSALS(X)
#undef X
};

static const registry_page pages[REGISTRY_PAGE_COUNT] = {
#define X(id, slug, title, about) [REGISTRY_PAGE_##id] = {slug, title, about},
    REGISTRY_PAGES(X)
#undef X
};

const registry_refusal *registry_refusal_row(registry_refusal_id id) {
  return &refusals[id];
}

const registry_page *registry_page_row(registry_page_id id) {
  return &pages[id];
}

/* Length of a "{word}" at the start of `text`, or 0. "{magic=1" is not one:
 * words are letters. */
static size_t word_len(const char *text) {
  if (text[0] != '{') return 0;
  size_t len = 1;
  while (text[len] >= 'a' && text[len] <= 'z') len++;
  return len > 1 && text[len] == '}' ? len + 1 : 0;
}

const registry_refused *registry_refuse_words(stele_arena *arena, registry_refusal_id id,
                                              const stele_str *words, size_t count) {
  stele_buf message;
  stele_buf_init(&message, arena, 0);
  size_t next = 0;
  for (const char *at = refusals[id].message; *at;) {
    size_t len = word_len(at);
    if (len) {
      if (next < count) stele_buf_add_str(&message, words[next++]);
      at += len;
    } else {
      stele_buf_add_byte(&message, (uint8_t)*at++);
    }
  }
  registry_refused *refused = STELE_NEW(arena, registry_refused);
  *refused = (registry_refused){.row = &refusals[id], .message = stele_buf_str(&message)};
  return refused;
}
