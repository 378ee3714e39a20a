/* fork, exec and poll.
 *
 * A pipe that closes on exec tells whether the program could be started: it
 * brings errno, or nothing. SIGPIPE is blocked for this thread alone while it
 * writes, and taken out if it came, since a child may stop reading whenever it
 * likes. The child is in a group of its own so that what it has started dies
 * with it, and is told to die when we do. */
#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/clock.h"
#include "sys/file.h"

extern char **environ;

enum { READ_BYTES = 1 << 16, FOREVER = -1, MOST_WAIT_MS = 8 };

/* The two ends of a pipe; -1: closed. */
typedef struct pipe_ends {
  int read, write;
} pipe_ends;

typedef struct child {
  const sys_process *what;
  sys_process_result *out;
  pipe_ends in, answer, errors, started;
  pid_t pid;
  size_t written;
  stele_time_us deadline; /* 0: none */
} child;

static void close_fd(int *fd) {
  if (*fd >= 0) (void)close(*fd);
  *fd = -1;
}

static void close_ends(pipe_ends *ends) {
  close_fd(&ends->read);
  close_fd(&ends->write);
}

static bool fail_errno(stele_err *err, const char *what) {
  char text[128];
  return stele_fail(err, STELE_UNAVAILABLE, "%s: %s", what, strerror_r(errno, text, sizeof text));
}

static bool open_pipe(pipe_ends *ends, stele_err *err) {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) return fail_errno(err, "pipe");
  *ends = (pipe_ends){fds[0], fds[1]};
  return true;
}

/* ---- The child's side ------------------------------------------------------ */

/* NUL-terminated copies, with a NULL behind: made before fork, since a child of
 * a process with threads may not allocate. */
static char **c_strings(const stele_str *texts, size_t count, char *const *more) {
  size_t extra = 0, size = 0;
  while (more && more[extra]) extra++;
  for (size_t i = 0; i < count; i++) size += texts[i].len + 1;
  char **all = calloc(1, (count + extra + 1) * sizeof *all + size);
  if (!all) return NULL;
  char *at = (char *)(all + count + extra + 1);
  for (size_t i = 0; i < count; i++) {
    if (texts[i].len) memcpy(at, texts[i].ptr, texts[i].len);
    all[i] = at;
    at += texts[i].len + 1;
  }
  for (size_t i = 0; i < extra; i++) all[count + i] = more[i];
  return all;
}

_Noreturn static void run_program(const child *c, char **argv, char **env, const sigset_t *mask) {
  (void)setpgid(0, 0);
  (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
  (void)signal(SIGPIPE, SIG_DFL);
  (void)sigprocmask(SIG_SETMASK, mask, NULL);
  bool ok = dup2(c->in.read, STDIN_FILENO) >= 0 && dup2(c->answer.write, STDOUT_FILENO) >= 0 &&
            (c->errors.write < 0 || dup2(c->errors.write, STDERR_FILENO) >= 0);
  if (ok && c->what->search_path) {
    (void)execvpe(argv[0], argv, env);
  } else if (ok) {
    (void)execve(argv[0], argv, env);
  }
  int number = errno;
  (void)!write(c->started.write, &number, sizeof number);
  _exit(127);
}

/* ---- Starting ---------------------------------------------------------------- */

static bool open_pipes(child *c, stele_err *err) {
  return open_pipe(&c->in, err) && open_pipe(&c->answer, err) && open_pipe(&c->started, err) &&
         (!c->what->errors_limit || open_pipe(&c->errors, err));
}

/* What exec said: 0 when the program runs. */
static int read_start(child *c) {
  int number = 0;
  ssize_t got;
  close_fd(&c->started.write);
  do {
    got = read(c->started.read, &number, sizeof number);
  } while (got < 0 && errno == EINTR);
  close_fd(&c->started.read);
  return got == (ssize_t)sizeof number ? number : 0;
}

static bool start(child *c, const sigset_t *mask, stele_err *err) {
  char **argv = c_strings(c->what->argv, c->what->argc, NULL);
  char **env = c_strings(c->what->variables, c->what->variable_count, environ);
  c->pid = argv && env ? fork() : -1;
  if (c->pid == 0) run_program(c, argv, env, mask);
  bool ok = c->pid > 0 || (argv && env ? fail_errno(err, "fork")
                                       : stele_fail(err, STELE_NO_MEMORY, "out of memory"));
  free(argv);
  free(env);
  close_fd(&c->in.read);
  close_fd(&c->answer.write);
  close_fd(&c->errors.write);
  if (ok && read_start(c) != 0) c->out->end = SYS_PROCESS_ABSENT;
  return ok;
}

/* ---- Talking ------------------------------------------------------------------ */

static int wait_ms(const child *c) {
  if (!c->deadline) return FOREVER;
  stele_time_us left = c->deadline - sys_clock_mono();
  return left <= 0 ? 0 : (int)((left + 999) / 1000);
}

static void write_some(child *c) {
  stele_bytes input = c->what->input;
  ssize_t wrote = write(c->in.write, input.ptr + c->written, input.len - c->written);
  if (wrote < 0 && (errno == EINTR || errno == EAGAIN)) return;
  /* The child closed its end: what it has not read it does not want. */
  c->written = wrote < 0 ? input.len : c->written + (size_t)wrote;
  if (c->written == input.len) close_fd(&c->in.write);
}

/* Reads what is there into `buf` up to `limit` bytes; what is more is dropped.
 * False when there was more. */
static bool read_some(int *fd, stele_buf *buf, size_t limit) {
  char block[READ_BYTES];
  ssize_t got = read(*fd, block, sizeof block);
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return true;
  if (got <= 0) {
    close_fd(fd);
    return true;
  }
  size_t room = limit ? limit - buf->len : SIZE_MAX;
  stele_buf_add(buf, block, (size_t)got < room ? (size_t)got : room);
  return (size_t)got <= room;
}

/* Until it has closed its outputs; answers why it must be killed, or EXITED. */
static sys_process_end talk(child *c) {
  const sys_process *what = c->what;
  if (what->input.len == 0) close_fd(&c->in.write);
  while (c->answer.read >= 0 || c->errors.read >= 0) {
    /* Nobody listens any more: what it does not read by now it will not. */
    struct pollfd fds[3] = {
        {.fd = c->answer.read, .events = POLLIN},
        {.fd = c->errors.read, .events = POLLIN},
        {.fd = c->answer.read >= 0 ? c->in.write : -1, .events = POLLOUT},
    };
    int ready = poll(fds, 3, wait_ms(c));
    if (ready == 0) return SYS_PROCESS_TIMED_OUT;
    if (ready < 0) continue;
    if (fds[2].revents) write_some(c);
    if (fds[0].revents && !read_some(&c->answer.read, &c->out->output, what->output_limit)) {
      return SYS_PROCESS_FLOODED;
    }
    if (fds[1].revents) (void)read_some(&c->errors.read, &c->out->errors, what->errors_limit);
  }
  return SYS_PROCESS_EXITED;
}

/* Waits for the end, in growing steps: it is close once the pipes are shut. */
static bool reap(child *c, int *status) {
  for (unsigned ms = 0;; ms = ms < MOST_WAIT_MS ? ms * 2 + 1 : MOST_WAIT_MS) {
    pid_t got = waitpid(c->pid, status, c->deadline ? WNOHANG : 0);
    if (got == c->pid) return true;
    if (got < 0 && errno != EINTR) return true;
    if (got == 0 && wait_ms(c) == 0) return false;
    if (got == 0) sys_clock_sleep_ms(ms);
  }
}

static void finish(child *c) {
  int status = 0;
  sys_process_end end = c->out->end == SYS_PROCESS_ABSENT ? SYS_PROCESS_EXITED : talk(c);
  close_fd(&c->in.write);
  close_fd(&c->answer.read);
  if (end == SYS_PROCESS_EXITED && !reap(c, &status)) end = SYS_PROCESS_TIMED_OUT;
  if (end != SYS_PROCESS_EXITED) {
    (void)kill(-c->pid, SIGKILL);
    (void)kill(c->pid, SIGKILL); /* it may not have its group yet */
    c->deadline = 0;
    (void)reap(c, &status);
  }
  if (c->out->end == SYS_PROCESS_ABSENT) return;
  bool signalled = end == SYS_PROCESS_EXITED && WIFSIGNALED(status);
  c->out->end = signalled ? SYS_PROCESS_SIGNALLED : end;
  c->out->status = signalled ? WTERMSIG(status) : WEXITSTATUS(status);
}

/* ---- The whole ------------------------------------------------------------------ */

static void take_sigpipe(const sigset_t *pipe_signal, const sigset_t *before) {
  static const struct timespec at_once = {0};
  while (sigtimedwait(pipe_signal, NULL, &at_once) > 0) continue;
  (void)pthread_sigmask(SIG_SETMASK, before, NULL);
}

bool sys_process_run(const sys_process *what, sys_process_result *out, stele_err *err) {
  static const pipe_ends closed = {-1, -1};
  child c = {.what = what,
             .out = out,
             .in = closed,
             .answer = closed,
             .errors = closed,
             .started = closed};
  sigset_t pipe_signal, before;
  *out = (sys_process_result){.end = SYS_PROCESS_EXITED};
  stele_buf_init(&out->output, NULL, 0);
  stele_buf_init(&out->errors, NULL, 0);
  if (what->limit_ms) c.deadline = sys_clock_mono() + (stele_time_us)what->limit_ms * 1000;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  (void)pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);

  bool ok = open_pipes(&c, err) && start(&c, &before, err);
  if (ok && c.in.write >= 0) (void)fcntl(c.in.write, F_SETFL, O_NONBLOCK);
  if (ok) finish(&c);
  close_ends(&c.in);
  close_ends(&c.answer);
  close_ends(&c.errors);
  close_ends(&c.started);
  take_sigpipe(&pipe_signal, &before);
  if (ok && (out->output.failed || out->errors.failed)) {
    ok = stele_fail(err, STELE_NO_MEMORY, "no memory for what the program said");
  }
  return ok;
}

void sys_process_result_release(sys_process_result *result) {
  stele_buf_release(&result->output);
  stele_buf_release(&result->errors);
}

/* ---- Paths of programs ------------------------------------------------------------ */

stele_str sys_process_own_path(stele_arena *arena) {
  char path[PATH_MAX];
  ssize_t len = readlink("/proc/self/exe", path, sizeof path);
  stele_str found = {path, len > 0 ? (size_t)len : 0};
  return stele_str_copy(arena, found);
}

static bool stat_path(stele_str path, struct stat *out) {
  char text[PATH_MAX];
  if (path.len == 0 || path.len >= sizeof text || memchr(path.ptr, 0, path.len)) return false;
  memcpy(text, path.ptr, path.len);
  text[path.len] = 0;
  return stat(text, out) == 0;
}

bool sys_path_is_same(stele_str a, stele_str b) {
  struct stat x, y;
  return stat_path(a, &x) && stat_path(b, &y) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

stele_str sys_path_search(stele_arena *arena, stele_str name, size_t *folder) {
  stele_str path = sys_env("PATH");
  size_t number = 0;
  for (size_t from = 0; from <= path.len && path.len; number++) {
    const char *colon = memchr(path.ptr + from, ':', path.len - from);
    size_t end = colon ? (size_t)(colon - path.ptr) : path.len;
    stele_str dir = {path.ptr + from, end - from};
    from = end + 1;
    if (number < *folder) continue;
    if (dir.len == 0) dir = STELE_STR(".");
    stele_str file = stele_str_printf(arena, STELE_STR_FMT "/" STELE_STR_FMT, STELE_STR_ARG(dir),
                                      STELE_STR_ARG(name));
    if (sys_file_stat(file).kind != SYS_FILE_PLAIN || access(file.ptr, X_OK) != 0) continue;
    *folder = number + 1;
    return file;
  }
  *folder = number;
  return (stele_str){NULL, 0};
}
