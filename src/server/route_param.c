/* The parameters that mean the same everywhere are explained once, here. */
#include "server/route_param.h"

#include "base/buf.h"
#include "base/vec.h"

static const struct {
  const char *name, *type, *help;
} known[] = {
    {"id", "integer", "The number of a schema"},
    {"subject", "string", "A subject; a slash in its name is written %2F"},
    {"version", "string", "A version's number, or latest"},
    {"context", "string", "A context, that is a tenant, such as .acme"},
    {"guid", "string", "The global identity of a schema"},
    {"language", "string", "A language to generate code for"},
    {"normalize", "boolean", "Compare the schema in its normal form"},
    {"deleted", "boolean", "Show what is soft-deleted too"},
    {"deletedOnly", "boolean", "Show only what is soft-deleted"},
    {"deletedAsNegative", "boolean", "Show what is soft-deleted as a negative number"},
    {"permanent", "boolean", "Delete for good what is soft-deleted"},
    {"force", "boolean", "Do it although a check says no"},
    {"verbose", "boolean", "Say why"},
    {"recursive", "boolean", "For all that is below it as well"},
    {"fetchMaxId", "boolean", "Add the largest id there is"},
    {"defaultToGlobal", "boolean", "Where nothing is set, answer what holds"},
    {"latestOnly", "boolean", "Only the newest version of each subject"},
    {"dry_run", "boolean", "Say what would come of it, and change nothing"},
    {"format", "string", "How the schema is written: serialized, ignore_extensions"},
    {"referenceFormat", "string", "How references are written: qualified"},
    {"subjectPrefix", "string", "Only subjects that start so"},
    {"contextPrefix", "string", "Only contexts that start so"},
    {"offset", "integer", "How many to leave out at the start"},
    {"limit", "integer", "How many at most"},
};

static void describe(route_param *param) {
  param->type = "string";
  param->help = "";
  for (size_t i = 0; i < STELE_COUNT(known); i++) {
    if (!stele_str_eq(stele_cstr(known[i].name), param->name)) continue;
    param->type = known[i].type;
    param->help = known[i].help;
  }
}

stele_str route_example_path(const api_route *row) {
  return stele_cstr(row->path ? row->path : row->pattern);
}

/* The segment that follows the '/' at `at`. */
static stele_str segment_at(stele_str path, size_t at) {
  size_t end = at;
  while (end < path.len && path.ptr[end] != '/' && path.ptr[end] != '?') end++;
  return (stele_str){path.ptr + at, end - at};
}

typedef STELE_VEC(route_param) param_vec;

/* Walks pattern and example side by side. */
static void add_path_params(stele_arena *arena, const api_route *row, param_vec *out) {
  stele_str pattern = stele_cstr(row->pattern), example = route_example_path(row);
  size_t at = 1, example_at = 1;
  while (at < pattern.len) {
    stele_str part = segment_at(pattern, at);
    stele_str given =
        example_at <= example.len ? segment_at(example, example_at) : (stele_str){"", 0};
    at += part.len + 1;
    example_at += given.len + 1;
    if (part.len < 3 || part.ptr[0] != '{') continue;
    stele_str name = {part.ptr + 1, part.len - 2};
    const char *colon = memchr(name.ptr, ':', name.len);
    if (colon) name.len = (size_t)(colon - name.ptr);
    route_param *param = STELE_VEC_ADD(arena, out);
    *param = (route_param){.name = name, .in_path = true, .example = given};
    describe(param);
    if (colon) param->type = "integer";
  }
}

/* What the example path says for a query parameter, as it stands there. */
static stele_str example_of(const api_route *row, stele_str name) {
  stele_str rest = route_example_path(row);
  const char *question = memchr(rest.ptr, '?', rest.len);
  while (question) { /* at the '?' or '&' before a pair */
    const char *at = question + 1, *end = rest.ptr + rest.len;
    const char *next = memchr(at, '&', (size_t)(end - at)), *stop = next ? next : end;
    bool found = (size_t)(stop - at) > name.len && at[name.len] == '=' &&
                 memcmp(at, name.ptr, name.len) == 0;
    if (found) return (stele_str){at + name.len + 1, (size_t)(stop - at) - name.len - 1};
    question = next;
  }
  return (stele_str){NULL, 0};
}

static void add_query_params(stele_arena *arena, const api_route *row, param_vec *out) {
  const char *at = row->query ? row->query : "";
  while (*at) {
    size_t len = strcspn(at, " ");
    if (len) {
      route_param *param = STELE_VEC_ADD(arena, out);
      *param = (route_param){.name = {at, len}};
      param->example = example_of(row, param->name);
      describe(param);
    }
    at += len + (at[len] == ' ');
  }
}

route_params route_params_of(stele_arena *arena, const api_route *row) {
  param_vec params = {0};
  add_path_params(arena, row, &params);
  add_query_params(arena, row, &params);
  return (route_params){params.at, params.count};
}

stele_str route_path_text(stele_arena *arena, const api_route *row) {
  stele_buf buf;
  stele_buf_init(&buf, arena, 0);
  for (const char *at = row->pattern; *at; at++) {
    if (*at == ':') at += strcspn(at, "}");
    stele_buf_add_byte(&buf, (uint8_t)*at);
  }
  return stele_buf_str(&buf);
}
