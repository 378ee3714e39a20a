/* The grammar and the precedence of semver.org 2.0.0, items 2 and 9 to 11. */
#include "fmt/semver.h"

#include "base/num.h"

static const stele_str class_texts[] = {
    [STELE_SEMVER_NONE] = STELE_STR_INIT("none"),
    [STELE_SEMVER_PATCH] = STELE_STR_INIT("patch"),
    [STELE_SEMVER_MINOR] = STELE_STR_INIT("minor"),
    [STELE_SEMVER_MAJOR] = STELE_STR_INIT("major"),
};

stele_str stele_semver_class_text(stele_semver_class class_) {
  return class_texts[class_];
}

bool stele_semver_class_parse(stele_str text, stele_semver_class *out) {
  for (unsigned i = 0; i <= STELE_SEMVER_MAJOR; i++) {
    if (!stele_str_eq(text, class_texts[i])) continue;
    *out = (stele_semver_class)i;
    return true;
  }
  return false;
}

/* The text before the first `stop` (all of it where there is none), which is
 * cut off `rest` together with the stop. */
static stele_str cut(stele_str *rest, char stop, bool *stopped) {
  const char *at = rest->len ? memchr(rest->ptr, stop, rest->len) : NULL;
  stele_str head = {rest->ptr, at ? (size_t)(at - rest->ptr) : rest->len};
  size_t used = head.len + (at != NULL);
  *rest = (stele_str){used ? rest->ptr + used : rest->ptr, rest->len - used};
  *stopped = at != NULL;
  return head;
}

static bool is_numeric(stele_str text) {
  for (size_t i = 0; i < text.len; i++) {
    if (text.ptr[i] < '0' || text.ptr[i] > '9') return false;
  }
  return text.len > 0;
}

static bool leads_with_zero(stele_str text) {
  return text.len > 1 && text.ptr[0] == '0';
}

static bool parse_number(stele_str text, uint32_t *out) {
  uint64_t value;
  if (leads_with_zero(text) || !stele_num_parse_u64(text, &value) || value > UINT32_MAX) {
    return false;
  }
  *out = (uint32_t)value;
  return true;
}

/* Identifiers between dots, of [0-9A-Za-z-]; numbers of a pre-release have no
 * leading zero. */
static bool are_identifiers(stele_str text, bool zeros_allowed) {
  bool more = true;
  while (more) {
    stele_str one = cut(&text, '.', &more);
    if (one.len == 0) return false;
    for (size_t i = 0; i < one.len; i++) {
      char c = one.ptr[i];
      bool fits =
          (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
      if (!fits) return false;
    }
    if (!zeros_allowed && is_numeric(one) && leads_with_zero(one)) return false;
  }
  return true;
}

bool stele_semver_parse(stele_str text, stele_semver *out) {
  bool dot1, dot2, dot3, has_build, has_pre;
  stele_semver v = {0};
  stele_str rest = text;
  stele_str core = cut(&rest, '+', &has_build);
  v.build = rest;
  rest = core;
  core = cut(&rest, '-', &has_pre);
  v.pre = rest;
  stele_str major = cut(&core, '.', &dot1), minor = cut(&core, '.', &dot2);
  stele_str patch = cut(&core, '.', &dot3);
  bool ok = dot1 && dot2 && !dot3 && parse_number(major, &v.major) &&
            parse_number(minor, &v.minor) && parse_number(patch, &v.patch) &&
            (!has_pre || are_identifiers(v.pre, false)) &&
            (!has_build || are_identifiers(v.build, true));
  if (ok) *out = v;
  return ok;
}

static int compare_numbers(uint64_t a, uint64_t b) {
  return a < b ? -1 : a > b;
}

static int compare_text(stele_str a, stele_str b) {
  size_t shared = a.len < b.len ? a.len : b.len;
  int order = shared ? memcmp(a.ptr, b.ptr, shared) : 0;
  return order ? order : compare_numbers(a.len, b.len);
}

/* Item 11.4: numbers by value (of any length: none has a leading zero), and
 * before words; words by ASCII. */
static int compare_identifiers(stele_str a, stele_str b) {
  bool a_number = is_numeric(a), b_number = is_numeric(b);
  if (a_number != b_number) return a_number ? -1 : 1;
  if (a_number && a.len != b.len) return a.len < b.len ? -1 : 1;
  return compare_text(a, b);
}

static int compare_pre(stele_str a, stele_str b) {
  if (a.len == 0 || b.len == 0) return (a.len == 0) - (b.len == 0);
  for (bool more_a = true, more_b = true; more_a || more_b;) {
    if (!more_a || !more_b) return more_a ? 1 : -1;
    stele_str left = cut(&a, '.', &more_a), right = cut(&b, '.', &more_b);
    int order = compare_identifiers(left, right);
    if (order) return order;
  }
  return 0;
}

int stele_semver_compare(const stele_semver *a, const stele_semver *b) {
  int order = compare_numbers(a->major, b->major);
  if (!order) order = compare_numbers(a->minor, b->minor);
  if (!order) order = compare_numbers(a->patch, b->patch);
  return order ? order : compare_pre(a->pre, b->pre);
}

void stele_semver_print(stele_buf *buf, const stele_semver *version) {
  stele_buf_printf(buf, "%u.%u.%u", version->major, version->minor, version->patch);
  if (version->pre.len) {
    stele_buf_add_byte(buf, '-');
    stele_buf_add_str(buf, version->pre);
  }
  if (version->build.len) {
    stele_buf_add_byte(buf, '+');
    stele_buf_add_str(buf, version->build);
  }
}

/* Whether `v` is a pre-release of the first version of its class. */
static bool leads_up_to(const stele_semver *v, stele_semver_class class_) {
  if (!v->pre.len) return false;
  bool first_minor = v->patch == 0, first_major = first_minor && v->minor == 0;
  return class_ == STELE_SEMVER_PATCH || (class_ == STELE_SEMVER_MINOR && first_minor) ||
         (class_ == STELE_SEMVER_MAJOR && first_major);
}

bool stele_semver_bump(const stele_semver *from, stele_semver_class class_, stele_semver *out) {
  stele_semver next = {from->major, from->minor, from->patch, {0}, {0}};
  if (class_ == STELE_SEMVER_NONE) {
    *out = *from;
    return true;
  }
  if (!leads_up_to(from, class_)) {
    uint32_t *part = class_ == STELE_SEMVER_MAJOR   ? &next.major
                     : class_ == STELE_SEMVER_MINOR ? &next.minor
                                                    : &next.patch;
    if (*part == UINT32_MAX) return false;
    *part += 1;
    if (class_ >= STELE_SEMVER_MINOR) next.patch = 0;
    if (class_ == STELE_SEMVER_MAJOR) next.minor = 0;
  }
  *out = next;
  return true;
}
