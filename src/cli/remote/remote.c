/* Every answer is JSON; a refusal has a message, details, and in them findings. */
#include "cli/remote/remote.h"

#include "cli/progress.h"
#include "net/client.h"
#include "sys/file.h"

#define JSON_TYPE "application/vnd.schemaregistry.v1+json"

static const stele_str this_machine = STELE_STR_INIT("http://127.0.0.1:8081");

/* --- opening ------------------------------------------------------------- */

static stele_str registry_url(cli_args *args) {
  stele_str url = cli_value(args, "registry");
  if (!url.len) url = sys_env("STELE_REGISTRY");
  if (!url.len) url = this_machine;
  while (url.len && url.ptr[url.len - 1] == '/') url.len--;
  return url;
}

bool remote_open(cli_remote *remote, cli_args *args) {
  stele_str context = cli_value(args, "context");
  stele_err err = {0};
  *remote = (cli_remote){.args = args, .url = registry_url(args)};
  if (context.len) {
    remote->prefix = stele_str_printf(cli_arena(args), "/contexts/" STELE_STR_FMT,
                                      STELE_STR_ARG(net_segment_encode(cli_arena(args), context)));
  }
  remote->client = net_client_new(&(net_client_options){.url = remote->url}, &err);
  if (remote->client) return true;
  (void)cli_fail_err(args, &err);
  return false;
}

void remote_close(cli_remote *remote) {
  net_client_free(remote->client);
}

/* --- showing that it takes a while --------------------------------------- */

static void show_upload(void *arg, uint64_t sent, uint64_t to_send, uint64_t got, uint64_t to_get) {
  (void)got, (void)to_get;
  if (to_send) cli_progress_show(arg, sent, to_send, sent < to_send ? "sending" : "waiting");
}

/* --- asking -------------------------------------------------------------- */

static void print_finding(cli_args *args, const stele_json *f) {
  stele_str rule = remote_text(f, "rule"), file = remote_text(f, "file");
  stele_str hint = remote_text(f, "hint"), message = remote_text(f, "message");
  const stele_json *refuses = stele_json_find(f, STELE_STR("refuses"));
  bool bad = !refuses || refuses->boolean;
  cli_print(args, "  ");
  if (file.len) cli_print(args, STELE_STR_FMT ":", STELE_STR_ARG(file));
  if (remote_text(f, "line").len) {
    cli_print(args, STELE_STR_FMT ":" STELE_STR_FMT ":", STELE_STR_ARG(remote_text(f, "line")),
              STELE_STR_ARG(remote_text(f, "column")));
  }
  cli_print(args, " %s" STELE_STR_FMT "%s", cli_styled(args, bad ? CLI_RED : CLI_YELLOW),
            STELE_STR_ARG(message), cli_styled(args, CLI_PLAIN));
  if (rule.len) cli_print(args, " [" STELE_STR_FMT "]", STELE_STR_ARG(rule));
  cli_print(args, "\n");
  if (hint.len && bad) cli_print(args, "    hint: " STELE_STR_FMT "\n", STELE_STR_ARG(hint));
}

void remote_print_findings(cli_args *args, const stele_json *findings) {
  if (!findings) return;
  STELE_JSON_EACH(f, findings) {
    print_finding(args, f);
  }
}

stele_str remote_text(const stele_json *object, const char *key) {
  const stele_json *value = object ? stele_json_find(object, stele_cstr(key)) : NULL;
  return value ? value->text : (stele_str){0};
}

/* What the user wrote was refused, not how they asked. */
static bool is_about_content(int status) {
  return status == 409 || status == 422;
}

static cli_exit refuse(cli_remote *remote, const remote_answer *answer) {
  cli_args *args = remote->args;
  cli_exit code = is_about_content(answer->status) ? CLI_FINDINGS : CLI_ERROR;
  if (cli_given(args, "json")) {
    cli_print_str(args, answer->body);
    cli_print(args, "\n");
    return code;
  }
  stele_str message = remote_text(answer->json, "message");
  const stele_json *details =
      answer->json ? stele_json_find(answer->json, STELE_STR("details")) : NULL;
  const stele_json *findings = details ? stele_json_find(details, STELE_STR("findings")) : NULL;
  stele_str hint = remote_text(details, "hint"), name = remote_text(details, "name");
  if (findings && findings->count) {
    (void)cli_fail(args, STELE_STR_FMT, STELE_STR_ARG(name));
    remote_print_findings(args, findings);
    return code;
  }
  (void)cli_fail(args, STELE_STR_FMT " (%d)", STELE_STR_ARG(message), answer->status);
  if (hint.len) cli_note(args, "  hint: " STELE_STR_FMT "\n", STELE_STR_ARG(hint));
  return code;
}

cli_exit remote_ask(cli_remote *remote, const remote_question *question, remote_answer *out) {
  stele_arena *arena = cli_arena(remote->args);
  cli_progress bar;
  cli_progress_begin(&bar, remote->args);
  net_request request = {
      .method = question->method,
      .path = stele_str_printf(arena, STELE_STR_FMT STELE_STR_FMT, STELE_STR_ARG(remote->prefix),
                               STELE_STR_ARG(question->path)),
      .type = stele_cstr(question->type ? question->type : JSON_TYPE),
      .body = question->body,
      .progress = show_upload,
      .progress_arg = &bar,
  };
  net_reply reply;
  stele_err err = {0};
  bool answered = net_client_send(remote->client, arena, &request, &reply, &err);
  cli_progress_end(&bar);
  if (!answered) return cli_fail_err(remote->args, &err);
  *out = (remote_answer){.status = reply.status, .body = reply.body};
  stele_json_limits limits = {.bytes = reply.body.len + 1, .values = 10000000};
  if (reply.body.len) out->json = stele_json_parse(arena, reply.body, &limits, NULL, &err);
  if (reply.status >= 200 && reply.status < 300) return CLI_OK;
  return refuse(remote, out);
}

void remote_split_version(stele_str word, stele_str *subject, stele_str *version) {
  size_t at = word.len;
  *subject = word;
  *version = STELE_STR("latest");
  while (at && word.ptr[at - 1] != '@') at--;
  if (at < 2) return;
  *subject = (stele_str){word.ptr, at - 1};
  *version = (stele_str){word.ptr + at, word.len - at};
}

stele_str remote_version_path(stele_arena *arena, stele_str subject, stele_str version) {
  return stele_str_printf(arena, "/subjects/" STELE_STR_FMT "/versions/" STELE_STR_FMT,
                          STELE_STR_ARG(net_segment_encode(arena, subject)),
                          STELE_STR_ARG(net_segment_encode(arena, version)));
}

void remote_print_answer(cli_args *args, const remote_answer *answer) {
  cli_print_str(args, answer->body);
  cli_print(args, "\n");
}
