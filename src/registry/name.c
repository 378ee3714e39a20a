/* ":.tenant:subject": a leading ":." says that a tenant follows, up to the next
 * colon. ":.:x" is x in the default tenant. */
#include "registry/name.h"

#include "base/num.h"

static const stele_str global_tenant = STELE_STR_INIT(".__GLOBAL");

registry_name registry_name_parse(stele_str text, stele_str tenant) {
  registry_name name = {.tenant = tenant, .subject = text};
  if (text.len < 2 || text.ptr[0] != ':') return name;
  if (text.len >= 3 && memcmp(text.ptr, ":*:", 3) == 0) {
    name.anywhere = name.qualified = true;
    name.subject = (stele_str){text.ptr + 3, text.len - 3};
    return name;
  }
  if (text.ptr[1] != '.') return name;
  const char *end = memchr(text.ptr + 1, ':', text.len - 1);
  size_t len = end ? (size_t)(end - text.ptr) - 1 : text.len - 1;
  name.qualified = true;
  name.tenant = (stele_str){text.ptr + 1, len};
  name.global = stele_str_eq(name.tenant, global_tenant);
  size_t used = end ? len + 2 : len + 1;
  name.subject = (stele_str){text.ptr + used, text.len - used};
  return name;
}

bool registry_name_is_subject(const registry_name *name) {
  stele_str s = name->subject;
  if (s.len == 0 || name->global || name->anywhere) return false;
  if (stele_str_eq(s, STELE_STR("__GLOBAL")) || stele_str_eq(s, STELE_STR("__EMPTY"))) return false;
  for (size_t i = 0; i < s.len; i++) {
    if ((uint8_t)s.ptr[i] < 0x20 || s.ptr[i] == 0x7f) return false;
  }
  return true;
}

stele_str registry_name_print(stele_arena *arena, stele_str tenant, stele_str subject) {
  if (stele_str_eq(tenant, REGISTRY_DEFAULT_TENANT)) return subject;
  return stele_str_printf(arena, ":" STELE_STR_FMT ":" STELE_STR_FMT, STELE_STR_ARG(tenant),
                          STELE_STR_ARG(subject));
}

static stele_str trim(stele_str text) {
  while (text.len && (text.ptr[0] == ' ' || text.ptr[0] == '\t')) text.ptr++, text.len--;
  while (text.len && (text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == '\t')) text.len--;
  return text;
}

bool registry_version_parse(stele_str text, int32_t *out) {
  text = trim(text);
  if (text.len == 6) {
    static const char latest[] = "latest";
    size_t same = 0;
    while (same < 6 && (text.ptr[same] | 0x20) == latest[same]) same++;
    *out = -1;
    if (same == 6) return true;
  }
  int64_t number;
  if (!stele_num_parse_i64(text, &number) || number > INT32_MAX) return false;
  *out = (int32_t)number;
  return number >= 1 || number == -1;
}
