/* sigtimedwait on a blocked set. */
#include "sys/signal.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

static sigset_t asked_to_stop(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  return set;
}

void sys_signals_block(void) {
  sigset_t set = asked_to_stop();
  (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
  (void)signal(SIGPIPE, SIG_IGN);
}

int sys_signal_wait(uint32_t ms) {
  sigset_t set = asked_to_stop();
  struct timespec limit = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
  for (;;) {
    int number = ms ? sigtimedwait(&set, NULL, &limit) : sigwaitinfo(&set, NULL);
    if (number > 0) return number;
    if (errno != EINTR) return 0;
  }
}

const char *sys_signal_text(int number) {
  return number == SIGTERM ? "SIGTERM" : number == SIGINT ? "SIGINT" : "SIGHUP";
}

void sys_signals_restore(void) {
  sigset_t set = asked_to_stop();
  (void)pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}
