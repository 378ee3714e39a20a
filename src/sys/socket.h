/* sys/socket: TCP, without waiting.
 *
 * In:   addresses as text.   Out: descriptors that never block.
 * Deps: base/err.h. */
#ifndef STELE_SYS_SOCKET_H
#define STELE_SYS_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "base/err.h"
#include "stele/str.h"

enum { SYS_ADDRESS_TEXT = 64, SYS_SOCKET_BUSY = -1, SYS_SOCKET_FULL = -2, SYS_SOCKET_BROKEN = -3 };

/* An address that a server can listen on. */
typedef struct sys_address {
  char host[SYS_ADDRESS_TEXT]; /* "127.0.0.1", "::1", without brackets */
  uint16_t port;               /* 0: the kernel picks one */
  bool loopback;               /* only this machine can reach it */
  uint32_t size;
  _Alignas(8) uint8_t socket_address[32];
} sys_address;

/* "HOST:PORT" or "[V6]:PORT": numbers, "localhost", or "" and "*" for every
 * interface. No name server is asked. */
bool sys_address_parse(stele_str text, sys_address *out, stele_err *err) STELE_MUST_USE;

/* "127.0.0.1:8081" in `out`, NUL-terminated. */
void sys_address_print(const sys_address *address, char out[SYS_ADDRESS_TEXT + 8]);

/* A listening socket with SO_REUSEPORT, so that every loop can have its own
 * and the kernel deals the connections out. A port of 0 is filled in. */
bool sys_socket_listen(sys_address *address, int backlog, int *fd, stele_err *err) STELE_MUST_USE;

/* The next connection, with TCP_NODELAY; SYS_SOCKET_BUSY when there is none
 * now, SYS_SOCKET_FULL when the process has no descriptors left, else
 * SYS_SOCKET_BROKEN (that connection is gone: try the next). `peer` gets the
 * client's address without its port, NUL-terminated. */
int sys_socket_accept(int listener, char peer[SYS_ADDRESS_TEXT]);

/* Bytes moved; 0 from read is the end; SYS_SOCKET_BUSY when it would wait;
 * SYS_SOCKET_BROKEN when the connection is gone. */
ssize_t sys_socket_read(int fd, void *out, size_t len);
ssize_t sys_socket_write(int fd, const struct iovec *parts, size_t count);

/* No more will be sent; the other side may still finish. */
void sys_socket_finish(int fd);

void sys_socket_close(int fd);

/* A connection made by a client, which waits; for tests and probes. */
bool sys_socket_connect(const sys_address *address, int *fd, stele_err *err) STELE_MUST_USE;

#endif
