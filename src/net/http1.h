/* net/http1: the strict HTTP/1.1 request parser (RFC 9112): bytes in, views out.
 *
 * Whatever two parsers could read in two ways is refused: bare CR, lines that
 * end in LF alone, blanks before a colon, folded lines, Content-Length together
 * with Transfer-Encoding or twice, a coding other than chunked, no Host or two.
 * Pure: no sockets, no clock, no allocation.
 *
 *   http1 parser;
 *   http1_init(&parser, &limits);
 *   for each read:
 *     data[0, len) holds all bytes of the message so far, new ones behind old
 *     while (http1_feed(&parser, data, &len) == HTTP1_DONE) {
 *       http1_request(&parser, data, &request);  … answer it …
 *       data += parser.end, len -= parser.end;   the next one, if it is there
 *       http1_next(&parser);
 *     }
 * Deps: net/http_request.h. */
#ifndef STELE_NET_HTTP1_H
#define STELE_NET_HTTP1_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/http_request.h"

/* Offsets within a head are 16 bits wide. */
enum { HTTP1_MOST_FIELDS = 100, HTTP1_MOST_HEAD_BYTES = 65535 };

typedef struct http_limits {
  uint32_t head_bytes;   /* request line and headers, at most HTTP1_MOST_HEAD_BYTES: 431 */
  uint32_t target_bytes; /* 414 */
  uint32_t field_count;  /* headers, and trailers on their own; at most HTTP1_MOST_FIELDS: 431 */
  uint64_t body_bytes;   /* 413 */
} http_limits;

/* 16 KB, 8 KB, 100, 32 MB. */
extern const http_limits http_limits_usual;

/* How far a message has got; its parser moves from the first to DONE or BAD. */
typedef enum http1_phase {
  HTTP1_LINE,       /* waits for the request line */
  HTTP1_FIELDS,     /* for headers */
  HTTP1_LENGTH,     /* for a body of known length */
  HTTP1_CHUNK,      /* for the line that starts a chunk */
  HTTP1_CHUNK_DATA, /* for its bytes */
  HTTP1_CHUNK_END,  /* for the line end behind them */
  HTTP1_TRAILERS,   /* for what follows the last chunk */
  HTTP1_DONE,       /* data[0, end) is one request */
  HTTP1_BAD,        /* answer `status`, then close: what follows cannot be trusted */
} http1_phase;

typedef struct http1 {
  const http_limits *limits;
  http1_phase phase;
  size_t at;       /* first byte not yet taken */
  size_t scanned;  /* no line end before this */
  size_t end;      /* DONE: where the next message starts */
  int status;      /* BAD: 400, 413, 414, 417, 431, 505 */
  const char *why; /* BAD: what is wrong, for the answer and the log */

  size_t head_len;
  uint64_t body_len;   /* LENGTH: as announced; chunked: put together so far */
  uint64_t chunk_left; /* bytes of this chunk still to come */
  uint32_t extra;      /* bytes spent on chunk extensions and trailers */
  uint32_t trailer_count;
  bool chunked, has_length, has_host;
  bool close, keep_alive; /* words of Connection */
  bool expects_continue;  /* the client waits for a "100 Continue" before the body */
  bool blank_line_skipped;

  uint8_t method; /* http_method */
  uint8_t minor_version;
  uint16_t method_len;
  uint16_t target_at, target_len;
  uint16_t path_at; /* in an absolute target the path starts later */
  uint16_t field_count;
  uint8_t known[HTTP_NAME_COUNT];
  http_field fields[HTTP1_MOST_FIELDS];
} http1;

/* Starts with the first message of a connection; `limits` is borrowed. */
void http1_init(http1 *parser, const http_limits *limits);

/* Starts over for the next message. */
void http1_next(http1 *parser);

/* Looks at data[0, *len): everything of this message so far. The framing of
 * chunks is taken out of it, so bytes move and *len shrinks; otherwise nothing
 * changes. Cost: each byte is looked at once, however it is cut. */
http1_phase http1_feed(http1 *parser, char *data, size_t *len);

/* True when the head is there and the body is not all there yet. */
static inline bool http1_wants_body(const http1 *parser) {
  return parser->phase >= HTTP1_LENGTH && parser->phase <= HTTP1_TRAILERS;
}

/* The request that is DONE. It borrows `data` and the parser. */
void http1_request(const http1 *parser, const char *data, http_request *out);

#endif
