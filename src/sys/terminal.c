/* isatty, TIOCGWINSZ, and the two environment variables people set. */
#include "sys/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { USUAL_WIDTH = 80 };

bool sys_terminal_is(int fd) {
  return isatty(fd) == 1;
}

bool sys_terminal_has_colour(int fd) {
  const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
  if (no_colour && *no_colour) return false;
  return sys_terminal_is(fd) && term && strcmp(term, "dumb") != 0;
}

int sys_terminal_width(int fd) {
  struct winsize size = {0};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return USUAL_WIDTH;
  return size.ws_col;
}
