/* Services and methods for the semantic class, matched by name. */
#include "check/semver/semver_internal.h"

static bool same_message(const stele_message *was, const stele_message *now) {
  return was == now || (was && now && stele_str_eq(was->full_name, now->full_name));
}

static void method_pair(check_run *run, const stele_method *was, const stele_method *now) {
  check_elements both = {was, now, STELE_SYMBOL_METHOD};
  const struct {
    bool changed;
    semver_rule rule;
    const char *what;
  } rows[] = {
      {!same_message(was->input, now->input), SEMVER_METHOD_INPUT_CHANGED, "takes another type"},
      {!same_message(was->output, now->output), SEMVER_METHOD_OUTPUT_CHANGED,
       "answers another type"},
      {was->client_streaming != now->client_streaming ||
           was->server_streaming != now->server_streaming,
       SEMVER_METHOD_STREAMING_CHANGED, "changed what it streams"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    if (!rows[i].changed) continue;
    semver_found(run, rows[i].rule, both, "the method \"" STELE_STR_FMT "\" %s",
                 STELE_STR_ARG(now->name), rows[i].what);
  }
  semver_deprecated(run, was->is_deprecated, now->is_deprecated, both, now->name);
}

static void service_pair(check_run *run, const stele_service *was, const stele_service *now) {
  semver_deprecated(run, was->is_deprecated, now->is_deprecated,
                    (check_elements){was, now, STELE_SYMBOL_SERVICE}, now->full_name);
  check_level olds = SEMVER_LEVEL(run, was->methods, was->method_count);
  check_level news = SEMVER_LEVEL(run, now->methods, now->method_count);
  for (uint32_t i = 0; i < was->method_count; i++) {
    const stele_method *old = &was->methods[i];
    const stele_method *new = check_level_find(&news, old->name, i);
    if (new) {
      method_pair(run, old, new);
    } else {
      semver_found(run, SEMVER_METHOD_REMOVED, (check_elements){old, NULL, STELE_SYMBOL_METHOD},
                   "the method \"" STELE_STR_FMT "\" was removed", STELE_STR_ARG(old->name));
    }
  }
  for (uint32_t i = 0; i < now->method_count; i++) {
    const stele_method *new = &now->methods[i];
    if (check_level_find(&olds, new->name, i)) continue;
    semver_found(run, SEMVER_METHOD_ADDED, (check_elements){NULL, new, STELE_SYMBOL_METHOD},
                 "the method \"" STELE_STR_FMT "\" was added", STELE_STR_ARG(new->name));
  }
}

void semver_services(check_run *run) {
  const stele_file *was = run->original, *now = run->update;
  check_level olds = SEMVER_LEVEL(run, was->services, was->service_count);
  check_level news = SEMVER_LEVEL(run, now->services, now->service_count);
  for (uint32_t i = 0; i < was->service_count; i++) {
    const stele_service *old = &was->services[i];
    const stele_service *new = check_level_find(&news, old->name, i);
    if (new) {
      service_pair(run, old, new);
    } else {
      semver_found(run, SEMVER_SERVICE_REMOVED, (check_elements){old, NULL, STELE_SYMBOL_SERVICE},
                   "the service \"" STELE_STR_FMT "\" was removed", STELE_STR_ARG(old->full_name));
    }
  }
  for (uint32_t i = 0; i < now->service_count; i++) {
    const stele_service *new = &now->services[i];
    if (check_level_find(&olds, new->name, i)) continue;
    semver_found(run, SEMVER_SERVICE_ADDED, (check_elements){NULL, new, STELE_SYMBOL_SERVICE},
                 "the service \"" STELE_STR_FMT "\" was added", STELE_STR_ARG(new->full_name));
  }
}
