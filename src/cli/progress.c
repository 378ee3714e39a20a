/* One line, drawn over itself. */
#include "cli/progress.h"

#include <stdarg.h>

#include "base/buf.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/terminal.h"

enum { PATIENCE_US = 200000, REDRAW_US = 50000 };
enum { NARROWEST_BAR = 10, WIDEST_BAR = 40, BESIDE_BAR = 40 };

static void write_line(const cli_progress *bar, stele_str line) {
  stele_err ignored = {0}; /* a terminal that went away does not stop the work */
  (void)!sys_fd_write(bar->fd, stele_str_bytes(line), &ignored);
}

void cli_progress_begin(cli_progress *bar, const cli_args *args) {
  int fd = cli_err_fd(args);
  *bar = (cli_progress){.fd = sys_terminal_is(fd) ? fd : -1, .began = sys_clock_mono()};
  bar->due = bar->began + PATIENCE_US;
}

static void add_bar(const cli_progress *bar, stele_buf *line, uint64_t at, uint64_t total) {
  int width = sys_terminal_width(bar->fd) - BESIDE_BAR;
  if (width < NARROWEST_BAR) width = NARROWEST_BAR;
  if (width > WIDEST_BAR) width = WIDEST_BAR;
  double share = at < total ? (double)at / (double)total : 1;
  int full = (int)(share * width);
  stele_buf_add_byte(line, '[');
  for (int i = 0; i < width; i++) stele_buf_add_byte(line, i < full ? '=' : ' ');
  stele_buf_add_cstr(line, "] ");
}

void cli_progress_show(cli_progress *bar, uint64_t at, uint64_t total, const char *format, ...) {
  if (bar->fd < 0) return;
  stele_time_us now = sys_clock_mono();
  if (now < bar->due) return;
  char text[256];
  stele_buf line = {.ptr = text, .cap = sizeof text, .limit = sizeof text};
  va_list args;
  bar->due = now + REDRAW_US;
  bar->is_drawn = true;
  stele_buf_add_cstr(&line, "\r\033[K");
  if (total) add_bar(bar, &line, at, total);
  va_start(args, format);
  stele_buf_vprintf(&line, format, args);
  va_end(args);
  write_line(bar, stele_buf_str(&line));
}

void cli_progress_end(cli_progress *bar) {
  if (bar->fd >= 0 && bar->is_drawn) write_line(bar, STELE_STR("\r\033[K"));
  bar->fd = -1;
}
