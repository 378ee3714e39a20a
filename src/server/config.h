/* server/config: what a server can be told, and by whom.
 *
 * In:   defaults, a JSON or YAML file, options of the command line; the later
 * one wins.   Out: one struct.
 * One table carries the key in the file, the option, the default, the bounds and
 * the sentence that explains it.
 * Deps: fmt/json.h, sys/socket.h, obs/log.h. */
#ifndef STELE_SERVER_CONFIG_H
#define STELE_SERVER_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "fmt/json.h"

// clang-format off
/* X(member, kind, key in the file, option, what its value is called, default,
 *   least, most, help). TEXT has no bounds; FLAG no value, and is off until it is given. */
#define SERVER_KEYS(X) \
  X(listen, TEXT, "listen", "listen", "HOST:PORT", "127.0.0.1:8081", 0, 0, \
    "Where to listen; port 0 takes a free one") \
  X(store, TEXT, "store", "store", "STORE", "sqlite:stele.db", 0, 0, \
    "Where schemas are kept: sqlite:PATH, or memory: which forgets them") \
  X(loops, COUNT, "loops", "loops", "N", "0", 0, 256, \
    "Threads that serve connections; 0: one for each core") \
  X(workers, COUNT, "workers", "workers", "N", "0", 0, 256, \
    "Threads that compile and judge; 0: one for each core") \
  X(log_level, TEXT, "log.level", "log-level", "LEVEL", "info", 0, 0, \
    "What is logged: debug, info, warn or error") \
  X(allow_remote, FLAG, "allow_remote", "allow-remote", NULL, NULL, 0, 0, \
    "Listen beyond this machine although nobody has to say who they are") \
  X(connections, COUNT, "limits.connections", "connections", "N", "10000", 1, 10000000, \
    "Connections at once; further ones are told to come back") \
  X(head_bytes, COUNT, "limits.head_bytes", "head-bytes", "N", "16384", 256, 65535, \
    "Largest head of a request") \
  X(body_bytes, SIZE, "limits.body_bytes", "body-bytes", "N", "33554432", 0, 4294967296, \
    "Largest body of a request") \
  X(schema_bytes, SIZE, "limits.schema_bytes", "schema-bytes", "N", "4194304", 1, 1073741824, \
    "Largest schema") \
  X(request_bytes, SIZE, "limits.request_bytes", "request-bytes", "N", "268435456", 65536, \
    17179869184, "Memory that one request may take besides its body") \
  X(head_timeout_ms, COUNT, "limits.head_timeout_ms", "head-timeout-ms", "MS", "10000", 10, \
    86400000, "Time for the head of a request to arrive") \
  X(body_timeout_ms, COUNT, "limits.body_timeout_ms", "body-timeout-ms", "MS", "30000", 10, \
    86400000, "Time for its body, plus a second for every 16 KB") \
  X(answer_timeout_ms, COUNT, "limits.answer_timeout_ms", "answer-timeout-ms", "MS", "120000", 10, \
    86400000, "Time to answer it") \
  X(idle_timeout_ms, COUNT, "limits.idle_timeout_ms", "idle-timeout-ms", "MS", "75000", 10, \
    86400000, "Time between two requests of a connection") \
  X(write_timeout_ms, COUNT, "limits.write_timeout_ms", "write-timeout-ms", "MS", "30000", 10, \
    86400000, "Time without a byte of the answer taken") \
  X(compile_timeout_ms, COUNT, "limits.compile_timeout_ms", "compile-timeout-ms", "MS", "10000", \
    10, 86400000, "Time to compile one schema") \
  X(drain_timeout_ms, COUNT, "limits.drain_timeout_ms", "drain-timeout-ms", "MS", "30000", 0, \
    86400000, "Time for what is in flight when the server is asked to stop")
// clang-format on

#define SERVER_KEY_TEXT stele_str
#define SERVER_KEY_COUNT uint32_t
#define SERVER_KEY_SIZE uint64_t
#define SERVER_KEY_FLAG bool

typedef struct server_config {
#define X(member, kind, key, option, value, otherwise, least, most, help) SERVER_KEY_##kind member;
  SERVER_KEYS(X)
#undef X
  const stele_json *tree; /* the whole file, for the parts that have keys of their own: "defaults",
                             "tenants"; NULL without a file */
} server_config;

/* Sets everything to its default. */
void server_config_init(server_config *config);

/* Sets one option from text. STELE_INVALID names the option and its bounds. */
bool server_config_set(server_config *config, stele_str option, stele_str value,
                       stele_err *err) STELE_MUST_USE;

/* Reads a file, JSON or (by its name) YAML; what it does not mention stays.
 * STELE_INVALID with the place for a key that nobody knows. */
bool server_config_load(stele_arena *arena, server_config *config, stele_str path,
                        stele_err *err) STELE_MUST_USE;

/* How the options are called, in order; NULL behind the last. */
const char *server_config_option(size_t index);

#endif
