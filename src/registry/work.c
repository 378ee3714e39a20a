/* The guard, and what must happen outside of it. */
#include "registry/work.h"

#include "base/guard.h"
#include "registry/registry_internal.h"

static void run(void *arg) {
  registry_work *work = arg;
  work->run(work, work->links);
}

void registry_work_run(registry_work *work) {
  linked_job links;
  stele_err err = {0};
  work->err = (stele_err){0};
  work->links = &links;
  if (linked_job_init(&links, work->registry, work->arena, registry_read(work->registry), &err)) {
    if (!stele_guard_run(work->arena, run, work, &err)) work->err = err;
    linked_job_release(&links);
  } else {
    work->err = err;
  }
  work->links = NULL;
  work->done(work);
}

static void work_on_pool(void *arg) {
  registry_work_run(arg);
}

bool registry_work_start(registry_work *work, stele_err *err) {
  return registry_queue(work->registry, work_on_pool, work, err);
}
