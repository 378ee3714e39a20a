/* Options are passed over until the interpreter of options stands here. */
#include "proto/link/link_internal.h"

void link_options_plain(link_file_state *state) {
  (void)state;
}

void link_options_custom(link_file_state *state) {
  (void)state;
}
