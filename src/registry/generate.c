/* A release is a moment: of each subject, the newest version that a release up
 * to it made, and that is not deleted today. The newest of everything also has
 * what was registered without a push. */
#include "registry/generate.h"

#include "base/num.h"
#include "proto/descriptor/descriptor.h"
#include "proto/schema/schema.h"
#include "registry/candidate.h"

typedef struct generate_turn {
  linked_job *links;
  const registry_generate_in *in;
  registry_generated *out;
  const stele_generator *generator;
  binding_set set;
  STELE_VEC(stele_str) paths;
  stele_err *err;
} generate_turn;

/* --- which versions ------------------------------------------------------ */

static const registry_refused *refuse_language(generate_turn *t) {
  stele_buf names;
  stele_buf_init(&names, t->links->arena, 0);
  for (size_t i = 0; i < stele_generator_count; i++) {
    if (!stele_generators[i].run) continue;
    if (names.len) stele_buf_add_cstr(&names, ", ");
    stele_buf_add_cstr(&names, stele_generators[i].name);
  }
  return REGISTRY_REFUSE(t->links->arena, REGISTRY_LANGUAGE_UNKNOWN, t->in->language,
                         stele_buf_str(&names));
}

static bool find_generator(generate_turn *t) {
  t->generator = stele_generator_find(t->in->language);
  if (t->generator && t->generator->run) return true;
  t->out->refused = refuse_language(t);
  return false;
}

static bool is_named(const snap_release *release, stele_str name) {
  uint64_t number;
  if (stele_num_parse_u64(name, &number)) return number == (uint64_t)release->number;
  return stele_str_eq(release->semver, name);
}

/* The release that was asked for; NULL for the newest of everything. */
static bool find_release(generate_turn *t, const snap_release **release) {
  stele_str name = t->in->release;
  const snap_tenant *tenant = snap_find_tenant(t->links->snapshot, t->in->tenant);
  *release = NULL;
  if (!name.len || stele_str_eq(name, STELE_STR("latest"))) return true;
  if (tenant) {
    tree_cursor c = tree_seek(&snap_release_kind, &tenant->releases, STELE_STR(""));
    for (const snap_release *r; (r = tree_next(&c));) {
      if (is_named(r, name)) *release = r;
    }
  }
  if (*release) return true;
  t->out->refused = REGISTRY_REFUSE(t->links->arena, REGISTRY_RELEASE_NOT_FOUND, name);
  return false;
}

static const snap_version *version_at(const snap_subject *subject, const snap_release *release) {
  if (!release) return subject->newest_live;
  for (uint32_t i = subject->count; i-- > 0;) {
    const snap_version *v = subject->versions[i];
    if (v->release && v->release <= release->number) return v->deleted ? NULL : v;
  }
  return NULL;
}

static bool is_path(stele_str name) {
  static const char suffix[] = ".proto";
  size_t len = sizeof suffix - 1;
  return name.len > len && memcmp(name.ptr + name.len - len, suffix, len) == 0;
}

/* Texts first, then what they refer to: so the chosen version of a path wins
 * over the one that somebody was registered against. */
static void bind_tenant(generate_turn *t, const snap_release *release, bool named) {
  const snap_tenant *tenant = snap_find_tenant(t->links->snapshot, t->in->tenant);
  STELE_VEC(const snap_version *) chosen = {0};
  if (!tenant) return;
  tree_cursor c = tree_seek(&snap_subject_kind, &tenant->subjects, STELE_STR(""));
  for (const snap_subject *s; (s = tree_next(&c));) {
    const snap_version *v = is_path(s->name) ? version_at(s, release) : NULL;
    if (!v || binding_find(&t->set, s->name)) continue;
    const snap_text *text = v->content.text;
    (void)binding_add_text(&t->set, s->name, (stele_bytes){(const uint8_t *)text->at, text->len},
                           text->kind);
    STELE_VEC_PUSH(t->links->arena, &chosen, v);
    if (named) STELE_VEC_PUSH(t->links->arena, &t->paths, s->name);
  }
  for (size_t i = 0; i < chosen.count; i++) {
    const snap_content *content = &chosen.at[i]->content;
    binding_add_references(&t->set, content->references, content->reference_count);
  }
}

static bool bind_files(generate_turn *t) {
  for (size_t i = 0; i < t->in->file_count; i++) {
    const registry_push_file *f = &t->in->files[i];
    const char *fault = registry_push_path_fault(f->path);
    if (fault) {
      t->out->refused =
          REGISTRY_REFUSE(t->links->arena, REGISTRY_BAD_PATH, f->path, stele_cstr(fault));
      return false;
    }
    (void)binding_add_text(&t->set, f->path, f->content, STELE_TEXT_SOURCE);
    STELE_VEC_PUSH(t->links->arena, &t->paths, f->path);
  }
  return true;
}

static bool bind_all(generate_turn *t) {
  const snap_release *release;
  const snap_tenant *tenant = snap_find_tenant(t->links->snapshot, t->in->tenant);
  binding_set_init(&t->set, t->links->arena, t->links->snapshot);
  t->set.mixed = true; /* all of it comes from text: one release, one set of types */
  if (!find_release(t, &release) || !bind_files(t)) return false;
  bind_tenant(t, release, t->in->file_count == 0);
  if (!release && tenant) release = snap_newest_release(tenant);
  if (release) {
    t->out->release = release->number;
    t->out->semver = stele_str_copy(t->links->arena, release->semver);
  }
  if (t->paths.count) return true;
  t->out->refused = REGISTRY_REFUSE_PLAIN(t->links->arena, REGISTRY_NOTHING_TO_GENERATE);
  return false;
}

/* --- compiling and running ----------------------------------------------- */

static bool refuse_failure(generate_turn *t, stele_str why, const registry_finding *findings,
                           size_t count) {
  registry_refused *refused = STELE_NEW(t->links->arena, registry_refused);
  *refused = *REGISTRY_REFUSE(t->links->arena, REGISTRY_GENERATION_FAILED,
                              stele_cstr(t->generator->title), why);
  refused->findings = findings;
  refused->finding_count = count;
  t->out->refused = refused;
  return false;
}

static const stele_schema *compile(generate_turn *t) {
  linked_options options = {.lenient = true};
  stele_report *report = stele_report_new(t->links->reports, 100);
  const stele_schema *schema =
      linked_compile(t->links, &t->set, t->paths.at, t->paths.count, &options, report, t->err);
  if (schema || t->err->code != STELE_INVALID) return schema;
  *t->err = (stele_err){0};
  size_t count;
  const registry_finding *findings = candidate_findings(t->links->arena, report, &count);
  (void)refuse_failure(t, candidate_first_error(t->links->arena, findings, count), findings, count);
  return NULL;
}

static bool comes_with_runtime(stele_str path) {
  static const char prefix[] = "google/protobuf/";
  return path.len > sizeof prefix - 1 && memcmp(path.ptr, prefix, sizeof prefix - 1) == 0;
}

typedef STELE_VEC(const stele_file *) file_list;

/* What was named, and what it imports that nobody else brings along. */
static file_list files_to_generate(generate_turn *t, const stele_schema *schema) {
  const stele_file **named =
      STELE_NEW_ARRAY(t->links->arena, const stele_file *, t->paths.count + 1);
  const stele_file *const *order;
  file_list list = {0};
  for (size_t i = 0; i < t->paths.count; i++) named[i] = stele_schema_file(schema, t->paths.at[i]);
  size_t count = stele_descriptor_order(t->links->arena, named, t->paths.count, true, &order);
  for (size_t i = 0; i < count; i++) {
    bool asked = false;
    for (size_t k = 0; k < t->paths.count && !asked; k++) asked = named[k] == order[i];
    if (asked || (linked_is_builtin(order[i]->name) && !comes_with_runtime(order[i]->name))) {
      STELE_VEC_PUSH(t->links->arena, &list, order[i]);
    }
  }
  return list;
}

/* What is generated may alias the linked files, which go with the job. */
static void keep_files(generate_turn *t, stele_gen_output *output) {
  const stele_gen_file *files = stele_gen_output_files(output, &t->out->count);
  stele_gen_file *kept = STELE_NEW_ARRAY(t->links->arena, stele_gen_file, t->out->count + 1);
  for (size_t i = 0; i < t->out->count; i++) {
    kept[i] = (stele_gen_file){stele_str_copy(t->links->arena, files[i].path),
                               stele_str_copy(t->links->arena, files[i].content)};
  }
  t->out->files = kept;
}

static bool run(generate_turn *t, const stele_schema *schema) {
  file_list files = files_to_generate(t, schema);
  stele_gen_output *output = stele_gen_output_new(t->links->arena);
  if (stele_generate(t->generator, t->links->arena, files.at, files.count, t->in->parameter, output,
                     t->err)) {
    keep_files(t, output);
    return true;
  }
  if (t->err->code != STELE_INVALID && t->err->code != STELE_CONFLICT) return false;
  stele_str why = stele_str_copy(t->links->arena, stele_cstr(t->err->msg));
  *t->err = (stele_err){0};
  return refuse_failure(t, why, NULL, 0);
}

bool registry_generate(linked_job *links, const registry_generate_in *in, registry_generated *out,
                       stele_err *err) {
  generate_turn t = {.links = links, .in = in, .out = out, .err = err};
  *out = (registry_generated){0};
  if (!find_generator(&t) || !bind_all(&t)) return true;
  const stele_schema *schema = compile(&t);
  if (schema && run(&t, schema)) return true;
  return out->refused != NULL;
}
