/* cli/remote: the registry that a command talks to.
 *
 * In:   --registry URL, else STELE_REGISTRY, else this machine's.   Out: answers
 * as JSON; refusals printed with their findings, and an exit code.
 * Deps: net/client.h, fmt/json.h, cli/command.h. */
#ifndef STELE_CLI_REMOTE_H
#define STELE_CLI_REMOTE_H

#include "cli/command.h"
#include "fmt/json.h"

typedef struct net_client net_client;

/* The options that every command with a registry has; put REMOTE_OPTIONS into
 * its table. */
#define REMOTE_OPTIONS                                                                             \
  {"registry", 'r', "URL", NULL, "The registry; else STELE_REGISTRY, else http://127.0.0.1:8081"}, \
      {"context", 0, "NAME", NULL, "The tenant; else the default one"}, {                          \
    "json", 0, NULL, NULL, "Print the answer as it came, as JSON"                                  \
  }

typedef struct cli_remote {
  cli_args *args;
  net_client *client;
  stele_str url, prefix; /* "/contexts/.acme", or empty */
} cli_remote;

/* False: the message is printed, return CLI_ERROR. */
bool remote_open(cli_remote *remote, cli_args *args) STELE_MUST_USE;
void remote_close(cli_remote *remote);

typedef struct remote_question {
  const char *method;
  stele_str path; /* encoded */
  const char *type;
  stele_str body; /* ptr NULL: none */
} remote_question;

typedef struct remote_answer {
  int status;
  stele_str body;
  const stele_json *json; /* NULL when the body is none */
} remote_answer;

/* Asks. CLI_OK: it was answered with 2xx. Otherwise what went wrong has been
 * printed, and the code is the command's: CLI_FINDINGS when the registry refused
 * what was sent for what it says, CLI_ERROR for all else. */
cli_exit remote_ask(cli_remote *remote, const remote_question *question, remote_answer *out);

/* Prints the findings of an answer or a refusal, indented. */
void remote_print_findings(cli_args *args, const stele_json *findings);

/* "orders@3" -> "orders" and "3"; without a '@' the version is "latest". */
void remote_split_version(stele_str word, stele_str *subject, stele_str *version);

/* "/subjects/orders/versions/3", encoded. */
stele_str remote_version_path(stele_arena *arena, stele_str subject, stele_str version);

/* The answer as it came, and a line end: for --json. */
void remote_print_answer(cli_args *args, const remote_answer *answer);

/* Members of an object, for tables: their text, or an empty one. */
stele_str remote_text(const stele_json *object, const char *key);

#endif
