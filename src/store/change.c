/* The texts and codes of changes and whys, made from the lists in the header. */
#include "store/change.h"

static const char *const change_texts[] = {
#define X(name, text) text,
    STELE_CHANGES(X)
#undef X
};

static const struct {
  stele_code code;
  const char *text;
} why_rows[] = {
#define X(name, code, text) {STELE_##code, text},
    STELE_WHYS(X)
#undef X
};

const char *stele_change_text(stele_change_kind kind) {
  return change_texts[kind];
}

const char *stele_why_text(stele_why why) {
  return why_rows[why].text;
}

stele_code stele_why_code(stele_why why) {
  return why_rows[why].code;
}
