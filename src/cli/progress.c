/* One line, drawn over itself. */
#include "cli/progress.h"

#include "base/buf.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/terminal.h"

enum { REDRAW_US = 50000, NARROWEST_BAR = 10, WIDEST_BAR = 40, BESIDE_BAR = 30 };

static void show(const cli_progress *bar, stele_str line) {
  stele_err ignored = {0}; /* a terminal that went away does not stop the work */
  (void)!sys_fd_write(bar->fd, stele_str_bytes(line), &ignored);
}

void cli_progress_begin(cli_progress *bar, const cli_args *args, const char *label, size_t total) {
  int fd = cli_err_fd(args);
  *bar = (cli_progress){.fd = sys_terminal_is(fd) ? fd : -1, .label = label, .total = total};
  bar->drawn = sys_clock_mono(); /* short work shows nothing */
}

static void draw(cli_progress *bar) {
  char text[256];
  stele_buf line = {.ptr = text, .cap = sizeof text, .limit = sizeof text};
  int width = sys_terminal_width(bar->fd) - BESIDE_BAR;
  if (width < NARROWEST_BAR) width = NARROWEST_BAR;
  if (width > WIDEST_BAR) width = WIDEST_BAR;
  size_t full = (size_t)width * bar->at / (bar->total ? bar->total : 1);
  stele_buf_printf(&line, "\r\033[K%s [", bar->label);
  for (size_t i = 0; i < (size_t)width; i++) stele_buf_add_byte(&line, i < full ? '=' : ' ');
  stele_buf_printf(&line, "] %zu/%zu", bar->at, bar->total);
  show(bar, stele_buf_str(&line));
}

void cli_progress_step(cli_progress *bar) {
  if (bar->at < bar->total) bar->at++;
  if (bar->fd < 0) return;
  stele_time_us now = sys_clock_mono();
  if (now - bar->drawn < REDRAW_US) return;
  bar->drawn = now;
  draw(bar);
}

void cli_progress_end(cli_progress *bar) {
  if (bar->fd >= 0) show(bar, STELE_STR("\r\033[K"));
  bar->fd = -1;
}
