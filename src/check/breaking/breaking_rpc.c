/* Services: methods, their types, streaming and idempotency. */
#include "check/breaking/breaking.h"
#include "check/pairs/moved.h"

enum { METHOD_INPUT = 2, METHOD_OUTPUT = 3, METHOD_OPTIONS = 4, IDEMPOTENCY_LEVEL = 34 };

void breaking_rpc_no_delete(rule_run *run, const void *element, const void *against) {
  const stele_service *now = element, *was = against;
  for (uint32_t i = 0; i < was->method_count; i++) {
    if (BREAKING_SIBLING(run, now->methods, now->method_count, was->methods[i].name, i)) continue;
    rule_found(run, rule_spot_of(STELE_SYMBOL_SERVICE, now),
               rule_spot_of(STELE_SYMBOL_SERVICE, was),
               "Previously present RPC \"" STELE_STR_FMT "\" on service \"" STELE_STR_FMT
               "\" was deleted.",
               STELE_STR_ARG(was->methods[i].name), STELE_STR_ARG(now->name));
  }
}

void breaking_rpc_same_streaming(rule_run *run, const void *element, const void *against) {
  const stele_method *now = element, *was = against;
  bool client = run->rule->arg == BREAKING_CLIENT;
  bool streams = client ? now->client_streaming : now->server_streaming;
  bool streamed = client ? was->client_streaming : was->server_streaming;
  const char *side = client ? "client" : "server";
  if (streams == streamed) return;
  rule_found(run, rule_spot_of(STELE_SYMBOL_METHOD, now), rule_spot_of(STELE_SYMBOL_METHOD, was),
             "RPC \"" STELE_STR_FMT "\" on service \"" STELE_STR_FMT
             "\" changed from %s %s to %s %s.",
             STELE_STR_ARG(now->name), STELE_STR_ARG(now->service->name), side,
             streamed ? "streaming" : "unary", side, streams ? "streaming" : "unary");
}

void breaking_rpc_same_type(rule_run *run, const void *element, const void *against) {
  const stele_method *now = element, *was = against;
  bool request = run->rule->arg == BREAKING_REQUEST;
  stele_str to = breaking_plain(request ? now->input_name : now->output_name);
  stele_str from = breaking_plain(request ? was->input_name : was->output_name);
  uint32_t step = request ? METHOD_INPUT : METHOD_OUTPUT;
  if (stele_str_eq(from, to) || platform_is_same_message(run, request ? now->input : now->output,
                                                         request ? was->input : was->output)) {
    return;
  }
  rule_found(run, rule_spot_step(rule_spot_of(STELE_SYMBOL_METHOD, now), step),
             rule_spot_step(rule_spot_of(STELE_SYMBOL_METHOD, was), step),
             "RPC \"" STELE_STR_FMT "\" on service \"" STELE_STR_FMT
             "\" changed %s type from \"" STELE_STR_FMT "\" to \"" STELE_STR_FMT "\".",
             STELE_STR_ARG(now->name), STELE_STR_ARG(now->service->name),
             request ? "request" : "response", STELE_STR_ARG(from), STELE_STR_ARG(to));
}

static rule_spot level_spot(const stele_method *method) {
  rule_spot spot = rule_spot_step(rule_spot_of(STELE_SYMBOL_METHOD, method), METHOD_OPTIONS);
  return rule_spot_step(spot, IDEMPOTENCY_LEVEL);
}

void breaking_rpc_same_idempotency_level(rule_run *run, const void *element, const void *against) {
  static const char *const levels[] = {"IDEMPOTENCY_UNKNOWN", "NO_SIDE_EFFECTS", "IDEMPOTENT"};
  const stele_method *now = element, *was = against;
  uint64_t to = stele_options_varint(now->options, IDEMPOTENCY_LEVEL, 0);
  uint64_t from = stele_options_varint(was->options, IDEMPOTENCY_LEVEL, 0);
  if (from == to || from >= STELE_COUNT(levels) || to >= STELE_COUNT(levels)) return;
  rule_found(run, level_spot(now), breaking_known(run, &run->was, level_spot(was)),
             "RPC \"" STELE_STR_FMT "\" on service \"" STELE_STR_FMT
             "\" changed option \"idempotency_level\" from \"%s\" to \"%s\".",
             STELE_STR_ARG(now->name), STELE_STR_ARG(now->service->name), levels[from], levels[to]);
}
