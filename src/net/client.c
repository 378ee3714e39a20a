/* libcurl's easy interface, one handle per client. */
#include "net/client.h"

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/library.h"
#include "net/http_request.h"
#include "version.h"

enum { USUAL_CONNECT_MS = 10000, USUAL_TIMEOUT_MS = 120000, USUAL_LIMIT_BYTES = 256 << 20 };

// clang-format off
#define CURL_CALLS(X) \
  X(curl_, global_init) X(curl_, easy_init) X(curl_, easy_cleanup) X(curl_, easy_setopt) \
  X(curl_, easy_perform) X(curl_, easy_getinfo) X(curl_, easy_strerror) X(curl_, slist_append) \
  X(curl_, slist_free_all)
// clang-format on

#undef curl_easy_setopt
#undef curl_easy_getinfo
typedef struct curl_calls {
  CURL_CALLS(STELE_LIBRARY_CALL)
} curl_calls;

static const stele_library curl_library = {"libcurl.so.4", "libcurl4",
                                           CURL_CALLS(STELE_LIBRARY_NAME)};

struct net_client {
  curl_calls lib;
  CURL *curl;
  stele_arena *arena; /* of what lives as long as the client */
  net_client_options options;
  char error[CURL_ERROR_SIZE];
};

/* What is being received. */
typedef struct transfer {
  const net_request *request;
  stele_buf body, headers;
} transfer;

/* --- opening ------------------------------------------------------------- */

static bool starts_with(stele_str text, const char *start) {
  size_t len = strlen(start);
  return text.len >= len && http_same_word((stele_str){text.ptr, len}, start);
}

static bool check_url(stele_str url, stele_err *err) {
  bool is_http = starts_with(url, "http://") || starts_with(url, "https://");
  bool plain = url.len && !memchr(url.ptr, '?', url.len) && !memchr(url.ptr, '#', url.len) &&
               !memchr(url.ptr, ' ', url.len) && !memchr(url.ptr, 0, url.len);
  if (is_http && plain) return true;
  return stele_fail(err, STELE_INVALID, "\"" STELE_STR_FMT "\" is not the URL of a registry",
                    STELE_STR_ARG(url));
}

/* A proxy is for elsewhere: this machine is always reached directly. */
static const char *no_proxy(stele_arena *arena) {
  const char *others = getenv("no_proxy");
  if (!others) others = getenv("NO_PROXY");
  return stele_str_printf(arena, "%s%slocalhost,127.0.0.1,::1", others ? others : "",
                          others && *others ? "," : "")
      .ptr;
}

static void set_up(net_client *client) {
  CURL *curl = client->curl;
  (void)client->lib.easy_setopt(curl, CURLOPT_ERRORBUFFER, client->error);
  (void)client->lib.easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  (void)client->lib.easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  (void)client->lib.easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  (void)client->lib.easy_setopt(curl, CURLOPT_USERAGENT, "stele/" STELE_VERSION);
  (void)client->lib.easy_setopt(curl, CURLOPT_NOPROXY, no_proxy(client->arena));
  (void)client->lib.easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)client->options.connect_ms);
  (void)client->lib.easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)client->options.timeout_ms);
}

static bool open_client(net_client *client, const net_client_options *options, stele_err *err) {
  if (!stele_library_open(&curl_library, &client->lib, sizeof client->lib, err)) return false;
  client->arena = stele_arena_new(0);
  if (client->arena && client->lib.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK) {
    client->curl = client->lib.easy_init();
  }
  if (!client->curl) return stele_fail(err, STELE_NO_MEMORY, "no memory for an HTTP client");
  net_client_options *o = &client->options;
  stele_str url = options->url;
  while (url.len && url.ptr[url.len - 1] == '/') url.len--;
  *o = *options;
  o->url = stele_str_copy(client->arena, url);
  o->authorization = stele_str_copy(client->arena, options->authorization);
  if (!o->connect_ms) o->connect_ms = USUAL_CONNECT_MS;
  if (!o->timeout_ms) o->timeout_ms = USUAL_TIMEOUT_MS;
  if (!o->limit_bytes) o->limit_bytes = USUAL_LIMIT_BYTES;
  set_up(client);
  return true;
}

net_client *net_client_new(const net_client_options *options, stele_err *err) {
  if (!check_url(options->url, err)) return NULL;
  net_client *client = calloc(1, sizeof *client);
  if (!client) {
    (void)stele_fail(err, STELE_NO_MEMORY, "no memory for an HTTP client");
    return NULL;
  }
  if (open_client(client, options, err)) return client;
  net_client_free(client);
  return NULL;
}

void net_client_free(net_client *client) {
  if (!client) return;
  if (client->curl) client->lib.easy_cleanup(client->curl);
  stele_arena_free(client->arena);
  free(client);
}

/* --- sending ------------------------------------------------------------- */

static size_t take_body(char *bytes, size_t size, size_t count, void *arg) {
  transfer *t = arg;
  stele_buf_add(&t->body, bytes, size * count);
  return t->body.failed ? 0 : size * count;
}

/* A new status line starts over: what came before was "100 Continue". */
static size_t take_header(char *bytes, size_t size, size_t count, void *arg) {
  transfer *t = arg;
  if (size * count >= 5 && memcmp(bytes, "HTTP/", 5) == 0) stele_buf_clear(&t->headers);
  stele_buf_add(&t->headers, bytes, size * count);
  return t->headers.failed ? 0 : size * count;
}

static int tell_progress(void *arg, curl_off_t to_get, curl_off_t got, curl_off_t to_send,
                         curl_off_t sent) {
  const net_request *request = ((transfer *)arg)->request;
  request->progress(request->progress_arg, (uint64_t)sent, (uint64_t)to_send, (uint64_t)got,
                    (uint64_t)to_get);
  return 0;
}

static bool add_line(const net_client *client, struct curl_slist **list, const char *name,
                     stele_str value) {
  char line[1024];
  int len = snprintf(line, sizeof line, "%s: " STELE_STR_FMT, name, STELE_STR_ARG(value));
  if (len < 0 || (size_t)len >= sizeof line) return false;
  struct curl_slist *longer = client->lib.slist_append(*list, line);
  if (longer) *list = longer;
  return longer != NULL;
}

/* The request's headers; false when they are too long, or there is no memory. */
static bool add_headers(const net_client *client, const net_request *request,
                        struct curl_slist **list) {
  bool ok = add_line(client, list, "Accept", stele_cstr(request->accept ? request->accept : "*/*"));
  ok = ok &&
       add_line(client, list, "Expect", (stele_str){"", 0}); /* do not ask before a large body */
  if (request->type.len) ok = ok && add_line(client, list, "Content-Type", request->type);
  if (client->options.authorization.len) {
    ok = ok && add_line(client, list, "Authorization", client->options.authorization);
  }
  for (size_t i = 0; ok && request->headers && request->headers[i]; i++) {
    struct curl_slist *longer = client->lib.slist_append(*list, request->headers[i]);
    if (longer) *list = longer;
    ok = longer != NULL;
  }
  return ok;
}

static void prepare(net_client *client, const net_request *request, transfer *t,
                    struct curl_slist *headers, const char *url) {
  CURL *curl = client->curl;
  (void)client->lib.easy_setopt(curl, CURLOPT_URL, url);
  (void)client->lib.easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  (void)client->lib.easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
  (void)client->lib.easy_setopt(curl, CURLOPT_WRITEDATA, t);
  (void)client->lib.easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
  (void)client->lib.easy_setopt(curl, CURLOPT_HEADERDATA, t);
  (void)client->lib.easy_setopt(curl, CURLOPT_NOPROGRESS, request->progress ? 0L : 1L);
  (void)client->lib.easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, tell_progress);
  (void)client->lib.easy_setopt(curl, CURLOPT_XFERINFODATA, t);
  (void)client->lib.easy_setopt(curl, CURLOPT_HTTPGET, 1L);
  if (request->body.ptr) {
    (void)client->lib.easy_setopt(curl, CURLOPT_POSTFIELDS, request->body.ptr);
    (void)client->lib.easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
  }
  (void)client->lib.easy_setopt(curl, CURLOPT_NOBODY,
                                strcmp(request->method, "HEAD") == 0 ? 1L : 0L);
  (void)client->lib.easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
}

static bool fail_curl(const net_client *client, const transfer *t, CURLcode code, stele_err *err) {
  static const struct {
    CURLcode from;
    stele_code to;
  } rows[] = {
      {CURLE_COULDNT_CONNECT, STELE_UNAVAILABLE},
      {CURLE_COULDNT_RESOLVE_HOST, STELE_UNAVAILABLE},
      {CURLE_COULDNT_RESOLVE_PROXY, STELE_UNAVAILABLE},
      {CURLE_OPERATION_TIMEDOUT, STELE_TIMEOUT},
      {CURLE_URL_MALFORMAT, STELE_INVALID},
      {CURLE_OUT_OF_MEMORY, STELE_NO_MEMORY},
      {CURLE_GOT_NOTHING, STELE_UNAVAILABLE},
  };
  if (t->body.failed) {
    return stele_fail(err, STELE_LIMIT, STELE_STR_FMT ": the answer is larger than %zu bytes",
                      STELE_STR_ARG(client->options.url), client->options.limit_bytes);
  }
  stele_code found = STELE_IO;
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    if (rows[i].from == code) found = rows[i].to;
  }
  return stele_fail(err, found, STELE_STR_FMT ": %s", STELE_STR_ARG(client->options.url),
                    client->error[0] ? client->error : client->lib.easy_strerror(code));
}

bool net_client_send(net_client *client, stele_arena *arena, const net_request *request,
                     net_reply *out, stele_err *err) {
  transfer t = {.request = request};
  struct curl_slist *headers = NULL;
  bool ok = false;
  stele_buf_init(&t.body, NULL, client->options.limit_bytes);
  stele_buf_init(&t.headers, NULL, 1 << 20);
  client->error[0] = 0;
  *out = (net_reply){0};

  stele_str url =
      stele_str_printf(arena, STELE_STR_FMT STELE_STR_FMT, STELE_STR_ARG(client->options.url),
                       STELE_STR_ARG(request->path));
  if (!add_headers(client, request, &headers)) {
    (void)stele_fail(err, STELE_INVALID, "a header is too long");
    goto out;
  }
  prepare(client, request, &t, headers, url.ptr);
  CURLcode code = client->lib.easy_perform(client->curl);
  if (code != CURLE_OK) {
    (void)fail_curl(client, &t, code, err);
    goto out;
  }
  long status = 0;
  (void)client->lib.easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
  *out = (net_reply){.status = (int)status,
                     .body = stele_str_copy(arena, stele_buf_str(&t.body)),
                     .headers = stele_str_copy(arena, stele_buf_str(&t.headers))};
  ok = true;
out:
  (void)client->lib.easy_setopt(client->curl, CURLOPT_HTTPHEADER, NULL);
  client->lib.slist_free_all(headers);
  stele_buf_release(&t.body);
  stele_buf_release(&t.headers);
  return ok;
}

/* --- reading ------------------------------------------------------------- */

stele_str net_reply_header(const net_reply *reply, const char *lower_name) {
  stele_str rest = reply->headers;
  while (rest.len) {
    const char *end = memchr(rest.ptr, '\n', rest.len);
    size_t len = end ? (size_t)(end - rest.ptr) : rest.len, next = end ? len + 1 : len;
    const char *colon = memchr(rest.ptr, ':', len);
    size_t name_len = colon ? (size_t)(colon - rest.ptr) : 0;
    if (colon && http_same_word((stele_str){rest.ptr, name_len}, lower_name)) {
      stele_str value = {colon + 1, len - name_len - 1};
      while (value.len && value.ptr[0] == ' ') value.ptr++, value.len--;
      while (value.len && (value.ptr[value.len - 1] == '\r' || value.ptr[value.len - 1] == ' ')) {
        value.len--;
      }
      return value;
    }
    rest = (stele_str){rest.ptr + next, rest.len - next};
  }
  return (stele_str){NULL, 0};
}

/* Everything but RFC 3986's unreserved characters. */
stele_str net_segment_encode(stele_arena *arena, stele_str text) {
  static const char hex[] = "0123456789ABCDEF";
  char *out = stele_arena_alloc(arena, text.len * 3 + 1, 1);
  size_t len = 0;
  for (size_t i = 0; i < text.len; i++) {
    unsigned char c = (unsigned char)text.ptr[i];
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out[len++] = (char)c;
    } else {
      out[len++] = '%';
      out[len++] = hex[c >> 4];
      out[len++] = hex[c & 15];
    }
  }
  out[len] = 0;
  return (stele_str){out, len};
}
