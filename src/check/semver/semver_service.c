/* Services and methods for the semantic class, matched by name. */
#include "check/semver/semver_internal.h"

static const stele_method *method_named(const stele_service *service, stele_str name) {
  for (uint32_t i = 0; i < service->method_count; i++) {
    if (stele_str_eq(service->methods[i].name, name)) return &service->methods[i];
  }
  return NULL;
}

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
  for (uint32_t i = 0; i < was->method_count; i++) {
    const stele_method *old = &was->methods[i];
    const stele_method *new = method_named(now, old->name);
    if (new) {
      method_pair(run, old, new);
    } else {
      semver_found(run, SEMVER_METHOD_REMOVED, (check_elements){old, NULL, STELE_SYMBOL_METHOD},
                   "the method \"" STELE_STR_FMT "\" was removed", STELE_STR_ARG(old->name));
    }
  }
  for (uint32_t i = 0; i < now->method_count; i++) {
    const stele_method *new = &now->methods[i];
    if (method_named(was, new->name)) continue;
    semver_found(run, SEMVER_METHOD_ADDED, (check_elements){NULL, new, STELE_SYMBOL_METHOD},
                 "the method \"" STELE_STR_FMT "\" was added", STELE_STR_ARG(new->name));
  }
}

static const stele_service *service_named(const stele_file *file, stele_str name) {
  for (uint32_t i = 0; i < file->service_count; i++) {
    if (stele_str_eq(file->services[i].name, name)) return &file->services[i];
  }
  return NULL;
}

void semver_services(check_run *run) {
  const stele_file *was = run->original, *now = run->update;
  for (uint32_t i = 0; i < was->service_count; i++) {
    const stele_service *old = &was->services[i];
    const stele_service *new = service_named(now, old->name);
    if (new) {
      service_pair(run, old, new);
    } else {
      semver_found(run, SEMVER_SERVICE_REMOVED, (check_elements){old, NULL, STELE_SYMBOL_SERVICE},
                   "the service \"" STELE_STR_FMT "\" was removed", STELE_STR_ARG(old->full_name));
    }
  }
  for (uint32_t i = 0; i < now->service_count; i++) {
    const stele_service *new = &now->services[i];
    if (service_named(was, new->name)) continue;
    semver_found(run, SEMVER_SERVICE_ADDED, (check_elements){NULL, new, STELE_SYMBOL_SERVICE},
                 "the service \"" STELE_STR_FMT "\" was added", STELE_STR_ARG(new->full_name));
  }
}
