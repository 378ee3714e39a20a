/* stele serve: runs the server until it is asked to stop.
 *
 * The first signal lets it finish what it has in hand; a second one ends the
 * process as it is. */
#include "cli/command.h"
#include "cli/command_table.h"
#include "server/config.h"
#include "server/wiring.h"
#include "sys/signal.h"

static const cli_option options[] = {
    {"config", 'c', "FILE", NULL, "Read a JSON or YAML file first; options win over it"},
#define X(member, kind, key, option, value, otherwise, least, most, help)                          \
  {option, 0, value, otherwise, help},
    SERVER_KEYS(X)
#undef X
};

/* What was typed, over the file, over the defaults. */
static bool read_config(cli_args *args, server_config *config, stele_err *err) {
  server_config_init(config);
  stele_str file = cli_value(args, "config");
  if (file.ptr && !server_config_load(cli_arena(args), config, file, err)) return false;
  for (size_t i = 0; server_config_option(i); i++) {
    const char *name = server_config_option(i);
    if (!cli_given(args, name)) continue;
    if (!server_config_set(config, stele_cstr(name), cli_value(args, name), err)) return false;
  }
  return true;
}

static cli_exit run_serve(cli_args *args) {
  server_config config;
  stele_err err = {0};
  if (!read_config(args, &config, &err)) return cli_fail_err(args, &err);
  sys_signals_block();
  stele_app *app = server_open(&config, &err);
  if (!app) return cli_fail_err(args, &err);
  (void)sys_signal_wait(0);
  sys_signals_restore();
  server_close(app);
  return CLI_OK;
}

const cli_command cli_serve = {
    .name = "serve",
    .summary = "Run the registry.",
    .words = "",
    .options = options,
    .option_count = STELE_COUNT(options),
    .run = run_serve,
    .more = "SIGTERM or Ctrl-C lets it finish what it has in hand, for at most "
            "--drain-timeout-ms; a second one ends it at once. The log goes to standard error, one "
            "line of JSON for each event.",
};
