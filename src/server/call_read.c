/* What a handler asks its call: path parameters, query, body. */
#include "base/num.h"
#include "base/vec.h"
#include "fmt/json.h"
#include "server/call.h"

/* The query, decoded once, in the order it was sent. */
struct call_query_pairs {
  STELE_VEC(http_query_pair) list;
};

stele_str call_param(const stele_call *call, const char *name) {
  for (size_t i = 0; i < call->param_count; i++) {
    if (stele_str_eq(call->params[i].name, stele_cstr(name))) return call->params[i].value;
  }
  (void)fprintf(stderr, "stele: the route has no parameter \"%s\"\n", name);
  abort();
}

int32_t call_param_int(const stele_call *call, const char *name) {
  int64_t value = 0;
  (void)stele_num_parse_i64(call_param(call, name), &value);
  return (int32_t)value;
}

static const call_query_pairs *query_of(stele_call *call) {
  if (call->query) return call->query;
  call_query_pairs *pairs = STELE_NEW(call->arena, call_query_pairs);
  stele_str rest = call->request->raw_query;
  http_query_pair pair;
  while (http_query_next(call->arena, &rest, &pair)) {
    STELE_VEC_PUSH(call->arena, &pairs->list, pair);
  }
  call->query = pairs;
  return pairs;
}

bool call_query_nth(stele_call *call, const char *name, size_t n, stele_str *out) {
  if (call->request->raw_query.len == 0) return false;
  const call_query_pairs *pairs = query_of(call);
  for (size_t i = 0; i < pairs->list.count; i++) {
    const http_query_pair *pair = &pairs->list.at[i];
    if (!stele_str_eq(pair->key, stele_cstr(name)) || n-- > 0) continue;
    *out = pair->value;
    return true;
  }
  return false;
}

bool call_query(stele_call *call, const char *name, stele_str *out) {
  return call_query_nth(call, name, 0, out);
}

bool call_query_flag(stele_call *call, const char *name) {
  stele_str value;
  return call_query(call, name, &value) && http_same_word(value, "true");
}

bool call_query_int(stele_call *call, const char *name, int64_t otherwise, int64_t *out,
                    stele_err *err) {
  stele_str text;
  *out = otherwise;
  if (!call_query(call, name, &text) || stele_num_parse_i64(text, out)) return true;
  return stele_fail(err, STELE_NOT_FOUND, "HTTP 404 Not Found");
}

bool call_query_page(stele_call *call, size_t most, call_page *out, stele_err *err) {
  int64_t offset, limit;
  if (!call_query_int(call, "offset", 0, &offset, err)) return false;
  if (!call_query_int(call, "limit", -1, &limit, err)) return false;
  bool usual = limit <= 0 || (most && (uint64_t)limit > most);
  *out =
      (call_page){.offset = offset > 0 ? (size_t)offset : 0, .limit = usual ? most : (size_t)limit};
  return true;
}

const stele_json *call_json(stele_call *call, stele_err *err) {
  return stele_json_parse(call->arena, call_body(call), NULL, NULL, err);
}
