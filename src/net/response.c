/* Heads of answers, from ready-made pieces. */
#include <string.h>

#include "base/buf.h"
#include "net/connection.h"

// clang-format off
#define STATUSES(X)                                                                              \
  X(100, "Continue") X(200, "OK") X(201, "Created") X(202, "Accepted") X(204, "No Content")      \
  X(207, "Multi-Status") X(301, "Moved Permanently") X(302, "Found") X(304, "Not Modified")      \
  X(400, "Bad Request") X(401, "Unauthorized") X(403, "Forbidden") X(404, "Not Found")           \
  X(405, "Method Not Allowed") X(406, "Not Acceptable") X(408, "Request Timeout")                \
  X(409, "Conflict") X(410, "Gone") X(412, "Precondition Failed")                                \
  X(413, "Content Too Large") X(414, "URI Too Long") X(415, "Unsupported Media Type")            \
  X(417, "Expectation Failed") X(422, "Unprocessable Content") X(429, "Too Many Requests")       \
  X(431, "Request Header Fields Too Large") X(499, "Client Closed Request")                      \
  X(500, "Internal Server Error") X(501, "Not Implemented") X(503, "Service Unavailable")        \
  X(504, "Gateway Timeout") X(505, "HTTP Version Not Supported")
// clang-format on

static const struct {
  int status;
  const char *text;
  stele_str line;
} rows[] = {
#define X(status, text) {status, text, STELE_STR_INIT("HTTP/1.1 " #status " " text "\r\n")},
    STATUSES(X)
#undef X
};

/* The row of a status; they stand in order. */
static size_t find_row(int status) {
  size_t low = 0, high = STELE_COUNT(rows);
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (rows[middle].status < status)
      low = middle + 1;
    else
      high = middle;
  }
  return low < STELE_COUNT(rows) && rows[low].status == status ? low : STELE_COUNT(rows);
}

const char *net_status_text(int status) {
  size_t row = find_row(status);
  return row < STELE_COUNT(rows) ? rows[row].text : "";
}

static void put2(char *out, unsigned value) {
  out[0] = (char)('0' + value / 10);
  out[1] = (char)('0' + value % 10);
}

void net_date_print(char out[NET_DATE_BYTES], stele_time_us now) {
  static const char days[] = "ThuFriSatSunMonTueWed", /* 1970-01-01 was a Thursday */
      months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  char iso[STELE_TIME_TEXT]; /* 2026-11-22T06:30:35 */
  stele_time_print(iso, now);
  memcpy(out, "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n", NET_DATE_BYTES);
  int64_t day = now / (86400 * (int64_t)STELE_US_PER_S);
  unsigned month = (unsigned)(iso[5] - '0') * 10 + (unsigned)(iso[6] - '0') - 1;
  memcpy(out + 6, days + day % 7 * 3, 3);
  memcpy(out + 11, iso + 8, 2);
  memcpy(out + 14, months + month * 3, 3);
  memcpy(out + 18, iso, 4);
  memcpy(out + 23, iso + 11, 8);
}

/* A status without a row still gets its line. */
static size_t print_status(char *out, int status) {
  size_t row = find_row(status);
  if (row < STELE_COUNT(rows)) {
    memcpy(out, rows[row].line.ptr, rows[row].line.len);
    return rows[row].line.len;
  }
  memcpy(out, "HTTP/1.1 000 \r\n", 15);
  out[9] = (char)('0' + status / 100 % 10);
  put2(out + 10, (unsigned)status % 100);
  return 15;
}

static size_t print_length(char *out, size_t value) {
  char digits[20];
  size_t at = sizeof digits;
  do {
    digits[--at] = (char)('0' + value % 10);
    value /= 10;
  } while (value);
  memcpy(out, digits + at, sizeof digits - at);
  return sizeof digits - at;
}

#define PUT(at, literal) (memcpy((at), (literal), sizeof(literal) - 1), (at) += sizeof(literal) - 1)

stele_str net_head_print(stele_arena *arena, const char date[NET_DATE_BYTES], int status,
                         stele_str headers, size_t body_len, bool close, unsigned minor_version) {
  enum { MOST_FIXED = 64 + NET_DATE_BYTES + 48 + 32 };
  char *head = stele_arena_alloc(arena, MOST_FIXED + headers.len, 1), *at = head;
  at += print_status(at, status);
  memcpy(at, date, NET_DATE_BYTES);
  at += NET_DATE_BYTES;
  if (headers.len) memcpy(at, headers.ptr, headers.len);
  at += headers.len;
  if (status != 204 && status != 304) { /* RFC 9110, 8.6: these have no content */
    PUT(at, "Content-Length: ");
    at += print_length(at, body_len);
    PUT(at, "\r\n");
  }
  if (close) {
    PUT(at, "Connection: close\r\n");
  } else if (minor_version == 0) {
    PUT(at, "Connection: keep-alive\r\n");
  }
  PUT(at, "\r\n");
  return (stele_str){head, (size_t)(at - head)};
}
