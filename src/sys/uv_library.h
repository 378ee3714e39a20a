/* sys/uv_library: what sys calls of libuv, which is opened when the first loop is.
 * Deps: base/library.h. */
#ifndef STELE_SYS_UV_LIBRARY_H
#define STELE_SYS_UV_LIBRARY_H

#include <uv.h>

#include "base/library.h"

// clang-format off
#define UV_CALLS(X) \
  X(uv_, loop_init) X(uv_, loop_close) X(uv_, run) X(uv_, stop) X(uv_, now) X(uv_, walk) \
  X(uv_, close) X(uv_, is_closing) X(uv_, strerror_r) X(uv_, async_init) X(uv_, async_send) \
  X(uv_, check_init) X(uv_, check_start) X(uv_, poll_init) X(uv_, poll_start) X(uv_, poll_stop) \
  X(uv_, timer_init) X(uv_, timer_start) X(uv_, timer_stop) X(uv_, fs_event_init) \
  X(uv_, fs_event_start) X(uv_, fs_event_stop) X(uv_, fs_scandir) X(uv_, fs_scandir_next) \
  X(uv_, fs_req_cleanup)
// clang-format on

typedef struct uv_calls {
  UV_CALLS(STELE_LIBRARY_CALL)
} uv_calls;

bool uv_library_open(uv_calls *out, stele_err *err) STELE_MUST_USE;

#endif
