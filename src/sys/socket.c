/* BSD sockets. A vectored write goes through sendmsg, since only that takes
 * MSG_NOSIGNAL: a client that hangs up is no reason to die. */
#include "sys/socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/num.h"

static bool fail_errno(stele_err *err, const char *what) {
  int number = errno;
  char text[128];
  return stele_fail(err, number == EADDRINUSE ? STELE_CONFLICT : STELE_IO, "%s: %s", what,
                    strerror_r(number, text, sizeof text));
}

static void store_v4(sys_address *out, struct in_addr host) {
  struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr = host, .sin_port = htons(out->port)};
  memcpy(out->socket_address, &v4, sizeof v4);
  out->size = sizeof v4;
  out->loopback = (ntohl(host.s_addr) >> 24) == 127;
}

static void store_v6(sys_address *out, struct in6_addr host) {
  struct sockaddr_in6 v6 = {
      .sin6_family = AF_INET6, .sin6_addr = host, .sin6_port = htons(out->port)};
  _Static_assert(sizeof v6 <= sizeof out->socket_address, "an address of either kind fits");
  memcpy(out->socket_address, &v6, sizeof v6);
  out->size = sizeof v6;
  out->loopback = IN6_IS_ADDR_LOOPBACK(&host);
}

bool sys_address_parse(stele_str text, sys_address *out, stele_err *err) {
  *out = (sys_address){0};
  const char *colon = text.len ? memrchr(text.ptr, ':', text.len) : NULL;
  uint64_t port = 0;
  stele_str host = {text.ptr, colon ? (size_t)(colon - text.ptr) : 0};
  if (!colon || !stele_num_parse_u64((stele_str){colon + 1, text.len - host.len - 1}, &port) ||
      port > UINT16_MAX) {
    return stele_fail(err, STELE_INVALID, "\"" STELE_STR_FMT "\" is not HOST:PORT",
                      STELE_STR_ARG(text));
  }
  if (host.len > 1 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']') {
    host = (stele_str){host.ptr + 1, host.len - 2};
  }
  if (host.len == 0 || stele_str_eq(host, STELE_STR("*"))) host = STELE_STR("0.0.0.0");
  if (stele_str_eq(host, STELE_STR("localhost"))) host = STELE_STR("127.0.0.1");
  out->port = (uint16_t)port;
  (void)snprintf(out->host, sizeof out->host, STELE_STR_FMT, STELE_STR_ARG(host));
  struct in_addr v4;
  struct in6_addr v6;
  if (inet_pton(AF_INET, out->host, &v4) == 1) {
    store_v4(out, v4);
  } else if (inet_pton(AF_INET6, out->host, &v6) == 1) {
    store_v6(out, v6);
  } else {
    return stele_fail(err, STELE_INVALID, "\"" STELE_STR_FMT "\" is no address of this machine",
                      STELE_STR_ARG(host));
  }
  return true;
}

void sys_address_print(const sys_address *address, char out[SYS_ADDRESS_TEXT + 8]) {
  bool v6 = strchr(address->host, ':') != NULL;
  (void)snprintf(out, SYS_ADDRESS_TEXT + 8, "%s%s%s:%u", v6 ? "[" : "", address->host,
                 v6 ? "]" : "", address->port);
}

static uint16_t port_of(int fd) {
  struct sockaddr_storage bound;
  socklen_t size = sizeof bound;
  if (getsockname(fd, (struct sockaddr *)&bound, &size) != 0) return 0;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
  memcpy(&v4, &bound, sizeof v4);
  memcpy(&v6, &bound, sizeof v6);
  return ntohs(bound.ss_family == AF_INET6 ? v6.sin6_port : v4.sin_port);
}

static void set_port(sys_address *address, uint16_t port) {
  address->port = port;
  struct in_addr v4;
  struct in6_addr v6;
  if (inet_pton(AF_INET, address->host, &v4) == 1) store_v4(address, v4);
  if (inet_pton(AF_INET6, address->host, &v6) == 1) store_v6(address, v6);
}

static int open_socket(const sys_address *address) {
  const struct sockaddr *to = (const void *)address->socket_address;
  return socket(to->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

bool sys_socket_listen(sys_address *address, int backlog, int *fd, stele_err *err) {
  int on = 1, made = open_socket(address);
  if (made < 0) return fail_errno(err, "socket");
  (void)setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  (void)setsockopt(made, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (bind(made, (const void *)address->socket_address, address->size) != 0 ||
      listen(made, backlog) != 0) {
    char text[SYS_ADDRESS_TEXT + 8];
    sys_address_print(address, text);
    (void)fail_errno(err, text);
    (void)close(made);
    return false;
  }
  if (address->port == 0) set_port(address, port_of(made));
  *fd = made;
  return true;
}

static void print_peer(const struct sockaddr_storage *from, char peer[SYS_ADDRESS_TEXT]) {
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
  memcpy(&v4, from, sizeof v4);
  memcpy(&v6, from, sizeof v6);
  const void *host =
      from->ss_family == AF_INET6 ? (const void *)&v6.sin6_addr : (const void *)&v4.sin_addr;
  peer[0] = 0;
  (void)inet_ntop(from->ss_family, host, peer, SYS_ADDRESS_TEXT);
}

int sys_socket_accept(int listener, char peer[SYS_ADDRESS_TEXT]) {
  struct sockaddr_storage from = {0};
  socklen_t size = sizeof from;
  int fd = accept4(listener, (struct sockaddr *)&from, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) {
    if (errno == EAGAIN || errno == EWOULDBLOCK) return SYS_SOCKET_BUSY;
    bool full = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
    return full ? SYS_SOCKET_FULL : SYS_SOCKET_BROKEN;
  }
  int on = 1;
  (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  print_peer(&from, peer);
  return fd;
}

static ssize_t answer(ssize_t moved) {
  if (moved >= 0) return moved;
  return errno == EAGAIN || errno == EWOULDBLOCK ? SYS_SOCKET_BUSY : SYS_SOCKET_BROKEN;
}

ssize_t sys_socket_read(int fd, void *out, size_t len) {
  ssize_t moved;
  do {
    moved = recv(fd, out, len, 0);
  } while (moved < 0 && errno == EINTR);
  return answer(moved);
}

ssize_t sys_socket_write(int fd, const struct iovec *parts, size_t count) {
  struct msghdr message = {.msg_iov = (struct iovec *)(uintptr_t)parts, .msg_iovlen = count};
  ssize_t moved;
  do {
    moved = sendmsg(fd, &message, MSG_NOSIGNAL);
  } while (moved < 0 && errno == EINTR);
  return answer(moved);
}

void sys_socket_finish(int fd) {
  (void)shutdown(fd, SHUT_WR);
}

void sys_socket_close(int fd) {
  (void)close(fd);
}

bool sys_socket_connect(const sys_address *address, int *fd, stele_err *err) {
  const struct sockaddr *to = (const void *)address->socket_address;
  int made = socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
  if (made < 0) return fail_errno(err, "socket");
  (void)setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(made, to, address->size) != 0) {
    (void)fail_errno(err, "connect");
    (void)close(made);
    return false;
  }
  *fd = made;
  return true;
}
