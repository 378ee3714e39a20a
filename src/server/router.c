/* Routes as a tree of path segments.
 *
 * A node has children by name and one child each for "{x:int}" and "{x}"; a
 * name is tried before a number, a number before anything, and what does not
 * lead to a route is taken back ("/schemas/ids/{id:int}" beside
 * "/schemas/{subject}/versions"). The path is split first and decoded after, so
 * that "%2F" is a letter of a segment and never a border. The tree is built once
 * and only read afterwards. */
#include "server/router.h"

#include "base/map.h"
#include "base/num.h"
#include "base/vec.h"
#include "net/http_char.h"

enum { MOST_SEGMENTS = 16, MOST_CONTEXT_BYTES = 255 };

typedef struct node node;
struct node {
  stele_str name; /* of a child by name */
  STELE_VEC(node *) children;
  node *number;   /* {x:int} */
  node *anything; /* {x} */
  const api_route *routes[HTTP_METHOD_COUNT];
  bool any; /* one of them is set */
};

struct router {
  stele_arena *arena;
  STELE_VEC(const api_route *) rows;
  stele_map by_row; /* address of a row -> its index + 1 */
  node *root;
};

router *router_new(stele_arena *arena) {
  router *r = STELE_NEW(arena, router);
  r->arena = arena;
  r->root = STELE_NEW(arena, node);
  stele_map_init(&r->by_row, arena, 0);
  return r;
}

void router_add(router *r, const api_route *rows, size_t count) {
  for (size_t i = 0; i < count; i++) STELE_VEC_PUSH(r->arena, &r->rows, &rows[i]);
}

size_t router_count(const router *r) {
  return r->rows.count;
}

const api_route *router_row(const router *r, size_t index) {
  return r->rows.at[index];
}

size_t router_index(const router *r, const api_route *row) {
  return (size_t)(uintptr_t)stele_map_find_u64(&r->by_row, (uintptr_t)row) - 1;
}

/* --- building ------------------------------------------------------------ */

static http_method find_method(const char *text) {
  for (unsigned method = 0; method < HTTP_OTHER_METHOD; method++) {
    if (strcmp(http_method_text((http_method)method), text) == 0) return (http_method)method;
  }
  return HTTP_OTHER_METHOD;
}

/* Takes the next segment off a path that starts with '/'. */
static stele_str cut_segment(stele_str *rest) {
  *rest = (stele_str){rest->ptr + 1, rest->len - 1};
  const char *slash = rest->len ? memchr(rest->ptr, '/', rest->len) : NULL;
  size_t len = slash ? (size_t)(slash - rest->ptr) : rest->len;
  stele_str segment = {rest->ptr, len};
  *rest = (stele_str){rest->ptr + len, rest->len - len};
  return segment;
}

typedef enum segment_kind {
  SEGMENT_NAME,
  SEGMENT_NUMBER,
  SEGMENT_ANYTHING,
  SEGMENT_BAD
} segment_kind;

/* What a segment of a pattern is; `name` is the parameter's. */
static segment_kind read_segment(stele_str segment, stele_str *name) {
  if (segment.len == 0) return SEGMENT_BAD;
  if (segment.ptr[0] != '{') {
    return memchr(segment.ptr, '}', segment.len) ? SEGMENT_BAD : SEGMENT_NAME;
  }
  if (segment.len < 3 || segment.ptr[segment.len - 1] != '}') return SEGMENT_BAD;
  *name = (stele_str){segment.ptr + 1, segment.len - 2};
  const char *colon = memchr(name->ptr, ':', name->len);
  if (!colon) return SEGMENT_ANYTHING;
  bool is_int =
      name->len > 4 && colon == name->ptr + name->len - 4 && memcmp(colon, ":int", 4) == 0;
  name->len -= 4;
  return is_int ? SEGMENT_NUMBER : SEGMENT_BAD;
}

static node *child_by_name(stele_arena *arena, node *parent, stele_str name) {
  for (size_t i = 0; i < parent->children.count; i++) {
    if (stele_str_eq(parent->children.at[i]->name, name)) return parent->children.at[i];
  }
  node *child = STELE_NEW(arena, node);
  child->name = name;
  STELE_VEC_PUSH(arena, &parent->children, child);
  return child;
}

/* The node a pattern ends at, made where it is not there; NULL for a pattern
 * that is none. */
static node *grow(router *r, stele_str pattern) {
  node *at = r->root;
  size_t params = 0, segments = 0;
  if (pattern.len == 0 || pattern.ptr[0] != '/') return NULL;
  if (pattern.len == 1) return at;
  while (pattern.len) {
    stele_str name, segment = cut_segment(&pattern);
    segment_kind kind = read_segment(segment, &name);
    if (kind == SEGMENT_BAD || ++segments > MOST_SEGMENTS) return NULL;
    if (kind != SEGMENT_NAME && ++params > CALL_MOST_PARAMS) return NULL;
    if (kind == SEGMENT_NAME) {
      at = child_by_name(r->arena, at, segment);
    } else {
      node **child = kind == SEGMENT_NUMBER ? &at->number : &at->anything;
      if (!*child) *child = STELE_NEW(r->arena, node);
      at = *child;
    }
  }
  return at;
}

/* What a row lacks, or NULL. */
static const char *row_lacks(const api_route *row) {
  bool has_params = row->pattern && strchr(row->pattern, '{') != NULL;
  return !row->method || find_method(row->method) == HTTP_OTHER_METHOD    ? "a known method"
         : !row->pattern                                                  ? "a pattern"
         : row->role == STELE_ROLE_UNSET || row->role >= STELE_ROLE_COUNT ? "a role"
         : !row->handler                                                  ? "a handler"
         : !row->summary || !*row->summary                                ? "a summary"
         : !row->tag || !*row->tag                                        ? "a tag"
         : !row->answer                                                   ? "an example answer"
         : has_params && !row->path                                       ? "an example path"
         : row->answers == ROUTE_OWN_TYPE && !row->gives                  ? "the type that it gives"
                                                                          : NULL;
}

static bool place(router *r, const api_route *row, stele_err *err) {
  const char *lacks = row_lacks(row);
  const char *method = row->method ? row->method : "?",
             *pattern = row->pattern ? row->pattern : "?";
  if (lacks) return stele_fail(err, STELE_INVALID, "route %s %s lacks %s", method, pattern, lacks);
  node *end = grow(r, stele_cstr(pattern));
  if (!end) return stele_fail(err, STELE_INVALID, "route %s %s is no path", method, pattern);
  const api_route **slot = &end->routes[find_method(method)];
  if (*slot) return stele_fail(err, STELE_INVALID, "route %s %s stands twice", method, pattern);
  *slot = row;
  end->any = true;
  return true;
}

bool router_freeze(router *r, stele_err *err) {
  for (size_t i = 0; i < r->rows.count; i++) {
    if (!place(r, r->rows.at[i], err)) return false;
    *stele_map_add_u64(&r->by_row, (uintptr_t)r->rows.at[i]) = (void *)(i + 1);
  }
  return true;
}

/* --- matching ------------------------------------------------------------ */

typedef struct match {
  stele_call *call;
  http_method method;
  stele_str segments[MOST_SEGMENTS]; /* decoded */
  size_t count;
  const node *path_only; /* the first node whose path fits, whatever its methods */
} match;

static bool is_int32(stele_str text) {
  int64_t value;
  return stele_num_parse_i64(text, &value) && value >= INT32_MIN && value <= INT32_MAX;
}

static const api_route *route_at(const node *at, const match *m) {
  const api_route *row = at->routes[m->method];
  if (!row && m->method == HTTP_HEAD) row = at->routes[HTTP_GET];
  return row && row->global && m->call->tenant_named ? NULL : row;
}

static bool has_route(const node *at, const match *m) {
  if (!at->any || !m->call->tenant_named) return at->any;
  for (size_t i = 0; i < HTTP_METHOD_COUNT; i++) {
    if (at->routes[i] && !at->routes[i]->global) return true;
  }
  return false;
}

/* The route that the segments from `i` on lead to. Depth is at most that of the
 * patterns. */
static const api_route *walk(const node *at, match *m, size_t i) {
  if (i == m->count) {
    const api_route *row = route_at(at, m);
    if (!row && !m->path_only && has_route(at, m)) m->path_only = at;
    return row;
  }
  const api_route *found = NULL;
  stele_str segment = m->segments[i];
  for (size_t c = 0; c < at->children.count && !found; c++) {
    if (stele_str_eq(at->children.at[c]->name, segment)) found = walk(at->children.at[c], m, i + 1);
  }
  if (!found && at->number && is_int32(segment)) found = walk(at->number, m, i + 1);
  if (!found && at->anything && segment.len) found = walk(at->anything, m, i + 1);
  return found;
}

/* Gives the segments that stand for parameters their names. */
static void bind(match *m, const api_route *row, size_t first) {
  stele_str pattern = stele_cstr(row->pattern);
  stele_call *call = m->call;
  for (size_t i = first; i < m->count; i++) {
    stele_str name, segment = cut_segment(&pattern);
    if (read_segment(segment, &name) == SEGMENT_NAME) continue;
    call->params[call->param_count++] = (call_param_value){name, m->segments[i]};
  }
}

static router_found split(match *m, stele_str path) {
  while (path.len) {
    stele_str segment = cut_segment(&path);
    if (path.len == 0 && segment.len == 0) break; /* "/subjects/" is "/subjects" */
    if (m->count == MOST_SEGMENTS) return ROUTER_NO_PATH;
    if (!http_percent_decode(m->call->arena, segment, false, &m->segments[m->count++])) {
      return ROUTER_BAD_ESCAPE;
    }
  }
  return ROUTER_FOUND;
}

/* "/contexts/{ctx}/rest": `ctx`, with or without its dot, names the tenant. */
static bool enter_context(stele_call *call, stele_str context) {
  bool bad = context.len == 0 || context.len > MOST_CONTEXT_BYTES;
  for (size_t i = 0; i < context.len && !bad; i++) {
    unsigned char c = (unsigned char)context.ptr[i];
    bad = c == ':' || c < 0x20 || c == 0x7f;
  }
  if (bad) return false;
  call->tenant_named = true;
  call->tenant = context.ptr[0] == '.'
                     ? context
                     : stele_str_printf(call->arena, "." STELE_STR_FMT, STELE_STR_ARG(context));
  return true;
}

static stele_str list_methods(const match *m) {
  char text[128];
  size_t len = 0;
  for (size_t i = 0; i < HTTP_METHOD_COUNT; i++) {
    const api_route *row = m->path_only->routes[i];
    if (!row || (row->global && m->call->tenant_named)) continue;
    len += (size_t)snprintf(text + len, sizeof text - len, "%s%s, ",
                            http_method_text((http_method)i), i == HTTP_GET ? ", HEAD" : "");
  }
  return stele_str_printf(m->call->arena, "%.*sOPTIONS", (int)len, text);
}

router_found router_match(const router *r, stele_call *call, stele_str *allow) {
  match m;
  m.call = call;
  m.method = call->request->method;
  m.count = 0;
  m.path_only = NULL;
  call->tenant = STELE_STR(".");
  if (call->request->path.ptr[0] != '/') return ROUTER_NO_PATH; /* OPTIONS * */
  router_found found = split(&m, call->request->path);
  if (found != ROUTER_FOUND) return found;

  size_t first = 0;
  if (m.count > 2 && stele_str_eq(m.segments[0], STELE_STR("contexts"))) {
    if (!enter_context(call, m.segments[1])) return ROUTER_BAD_CONTEXT;
    first = 2;
  }
  const api_route *row = walk(r->root, &m, first);
  if (!row && m.path_only) {
    *allow = list_methods(&m);
    return ROUTER_NO_METHOD;
  }
  if (!row) return ROUTER_NO_PATH;
  call->route = row;
  bind(&m, row, first);
  return ROUTER_FOUND;
}
