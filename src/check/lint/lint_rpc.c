/* Services: types of requests and responses, and streaming. */
#include "base/hash.h"
#include "check/lint/lint.h"

enum { METHOD_INPUT = 2, METHOD_OUTPUT = 3 };

static stele_str plain(stele_str name) {
  return name.len > 0 && name.ptr[0] == '.' ? (stele_str){name.ptr + 1, name.len - 1} : name;
}

static bool is_empty(stele_str type) {
  return stele_str_eq(type, STELE_STR("google.protobuf.Empty"));
}

static void streams(rule_run *run, const stele_method *method, const char *side) {
  rule_found(run, rule_spot_of(STELE_SYMBOL_METHOD, method), RULE_NOWHERE,
             "RPC \"" STELE_STR_FMT "\" is %s streaming.", STELE_STR_ARG(method->name), side);
}

void lint_rpc_no_client_streaming(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_method *method = element;
  if (method->client_streaming) streams(run, method, "client");
}

void lint_rpc_no_server_streaming(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_method *method = element;
  if (method->server_streaming) streams(run, method, "server");
}

static stele_str last_part(stele_str name) {
  size_t start = name.len;
  while (start > 0 && name.ptr[start - 1] != '.') start--;
  return (stele_str){name.ptr + start, name.len - start};
}

static void want_type_name(rule_run *run, const stele_method *method, uint32_t step, stele_str type,
                           const char *what, const char *suffix) {
  stele_mark mark = stele_arena_mark(run->arena);
  stele_str rpc = rule_pascal_case(run->arena, method->name);
  stele_str service = rule_pascal_case(run->arena, method->service->name);
  stele_str name = last_part(type);
  stele_str short_name =
      stele_str_printf(run->arena, STELE_STR_FMT "%s", STELE_STR_ARG(rpc), suffix);
  stele_str long_name = stele_str_printf(run->arena, STELE_STR_FMT STELE_STR_FMT,
                                         STELE_STR_ARG(service), STELE_STR_ARG(short_name));
  if (stele_str_eq(name, short_name) || stele_str_eq(name, long_name)) {
    stele_arena_rewind(run->arena, mark);
    return;
  }
  rule_found(run, rule_spot_step(rule_spot_of(STELE_SYMBOL_METHOD, method), step), RULE_NOWHERE,
             "RPC %s type \"" STELE_STR_FMT "\" should be named \"" STELE_STR_FMT
             "\" or \"" STELE_STR_FMT "\".",
             what, STELE_STR_ARG(name), STELE_STR_ARG(short_name), STELE_STR_ARG(long_name));
}

void lint_rpc_request_standard_name(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_method *method = element;
  stele_str type = plain(method->input_name);
  if (is_empty(type) && run->selection->config->rpc_allow_google_protobuf_empty_requests) return;
  want_type_name(run, method, METHOD_INPUT, type, "request", "Request");
}

void lint_rpc_response_standard_name(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_method *method = element;
  stele_str type = plain(method->output_name);
  if (is_empty(type) && run->selection->config->rpc_allow_google_protobuf_empty_responses) return;
  want_type_name(run, method, METHOD_OUTPUT, type, "response", "Response");
}

/* ---- Each type in one method only ------------------------------------------- */

typedef struct type_use {
  stele_str name;
  STELE_VEC(const stele_method *) methods; /* each once */
  size_t request_count, response_count;
} type_use;

static void use(rule_run *run, stele_map *uses, const stele_message *type, stele_str name,
                const stele_method *method, bool is_request) {
  void **at = stele_map_add_u64(uses, (uint64_t)(uintptr_t)type);
  type_use *used = *at;
  if (!used) *at = used = STELE_NEW(run->arena, type_use);
  used->name = name;
  if (is_request) {
    used->request_count++;
  } else {
    used->response_count++;
  }
  if (used->methods.count > 0 && used->methods.at[used->methods.count - 1] == method) return;
  STELE_VEC_PUSH(run->arena, &used->methods, method);
}

static void same_both_ways(rule_run *run, const stele_method *method, bool both_empty) {
  stele_str type = plain(method->input_name);
  if (!stele_str_eq(type, plain(method->output_name))) return;
  if (is_empty(type) && both_empty) return;
  rule_found(run, rule_spot_of(STELE_SYMBOL_METHOD, method), RULE_NOWHERE,
             "RPC \"" STELE_STR_FMT "\" has the same type \"" STELE_STR_FMT
             "\" for the request and response.",
             STELE_STR_ARG(method->name), STELE_STR_ARG(type));
}

/* Which of a method's types are meant, and how the words call them. */
typedef enum type_role { AS_EITHER, AS_REQUEST, AS_RESPONSE } type_role;

static void used_often(rule_run *run, stele_str type, const type_use *used, type_role role) {
  static const char *const words[] = {"request or response type", "request", "response"};
  for (size_t i = 0; i < used->methods.count; i++) {
    const stele_method *method = used->methods.at[i];
    if (role == AS_REQUEST && !stele_str_eq(plain(method->input_name), type)) continue;
    if (role == AS_RESPONSE && !stele_str_eq(plain(method->output_name), type)) continue;
    rule_found(run, rule_spot_of(STELE_SYMBOL_METHOD, method), RULE_NOWHERE,
               "\"" STELE_STR_FMT "\" is used as the %s for multiple RPCs.", STELE_STR_ARG(type),
               words[role]);
  }
}

static void unique_use(rule_run *run, stele_str type, const type_use *used) {
  const rule_config *config = run->selection->config;
  bool requests = config->rpc_allow_google_protobuf_empty_requests;
  bool responses = config->rpc_allow_google_protobuf_empty_responses;
  if (used->methods.count == 1) return;
  if (!is_empty(type) || (!requests && !responses)) {
    used_often(run, type, used, AS_EITHER);
    return;
  }
  if (!requests && used->request_count > 1) used_often(run, type, used, AS_REQUEST);
  if (!responses && used->response_count > 1) used_often(run, type, used, AS_RESPONSE);
}

void lint_rpc_request_response_unique(rule_run *run, const void *element, const void *against) {
  (void)against;
  const rule_side *side = element;
  const rule_config *config = run->selection->config;
  bool both_empty = config->rpc_allow_google_protobuf_empty_requests &&
                    config->rpc_allow_google_protobuf_empty_responses;
  stele_map uses;
  stele_map_init(&uses, run->arena, 0);
  for (size_t i = 0; i < side->tree->count; i++) {
    if (side->tree->files[i].is_import) continue;
    const stele_file *file = side->tree->files[i].file;
    for (uint32_t s = 0; s < file->service_count; s++) {
      for (uint32_t m = 0; m < file->services[s].method_count; m++) {
        const stele_method *method = &file->services[s].methods[m];
        if (!config->rpc_allow_same_request_response) same_both_ways(run, method, both_empty);
        use(run, &uses, method->input, plain(method->input_name), method, true);
        use(run, &uses, method->output, plain(method->output_name), method, false);
      }
    }
  }
  for (size_t i = 0; i < uses.count; i++) {
    const type_use *used = uses.entries[i].value;
    unique_use(run, used->name, used);
  }
}

uint64_t lint_rpc_facts(rule_run *run, const stele_file *file) {
  (void)run;
  uint64_t facts = 1;
  for (uint32_t s = 0; s < file->service_count; s++) {
    const stele_service *service = &file->services[s];
    facts = stele_hash_str(service->full_name, facts);
    for (uint32_t m = 0; m < service->method_count; m++) {
      facts = stele_hash_str(service->methods[m].name, facts);
      facts = stele_hash_str(service->methods[m].input_name, facts);
      facts = stele_hash_str(service->methods[m].output_name, facts);
    }
  }
  return facts;
}
