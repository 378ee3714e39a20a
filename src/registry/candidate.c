/* Text or descriptor: base64 letters alone cannot be a .proto file, which needs
 * at least one of "=;{". So what decodes to a descriptor is one, and everything
 * else is text, whose mistakes are then told in the compiler's words. */
#include "registry/candidate.h"

#include "base/utf8.h"
#include "fmt/base64.h"
#include "proto/identity/guid.h"
#include "proto/print/print.h"
#include "proto/schema/schema.h"
#include "proto/wire/reader.h"
#include "registry/name.h"
#include "registry/registry_internal.h"

/* --- what was sent ------------------------------------------------------- */

enum { FILE_NAME = 1, SET_FILE = 1, MOST_GROUPS = 32 };

/* The first field of a FileDescriptorProto is its name, which is text without
 * control bytes; the first of a set is a whole file, which is not. */
static bool is_file(stele_bytes bytes) {
  stele_reader r = stele_reader_of(bytes);
  bool only_names = true;
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    uint32_t number = stele_wire_number(tag);
    if (number == FILE_NAME && stele_wire_type_of(tag) == STELE_WIRE_DELIMITED) {
      stele_str name = stele_bytes_str(stele_read_delimited(&r));
      if (!stele_utf8_is_valid(name)) return false;
      if (name.len && (uint8_t)name.ptr[0] < 0x20) return false;
      continue;
    }
    only_names = false;
    if (number > 14 && number < 999) return false; /* no such field in any release */
    stele_read_skip_value(&r, tag, MOST_GROUPS);
  }
  return !r.failed && !only_names;
}

/* A set is one or more files and nothing else; answers the last. */
static bool is_set(stele_bytes bytes, stele_bytes *last) {
  stele_reader r = stele_reader_of(bytes);
  size_t count = 0;
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag != stele_wire_tag(SET_FILE, STELE_WIRE_DELIMITED)) return false;
    *last = stele_read_delimited(&r);
    if (r.failed || !is_file(*last)) return false;
    count++;
  }
  return count != 0 && !r.failed;
}

candidate_source candidate_decode(stele_arena *arena, stele_str schema) {
  candidate_source source = {.bytes = stele_str_bytes(schema), .kind = STELE_TEXT_SOURCE};
  stele_buf buf;
  stele_buf_init(&buf, arena, 0);
  if (schema.len == 0 || !stele_base64_decode(&buf, schema, STELE_BASE64_TOLERANT)) return source;
  stele_bytes bytes = stele_buf_bytes(&buf), last;
  if (is_set(bytes, &last)) {
    return (candidate_source){.bytes = last, .kind = STELE_TEXT_DESCRIPTOR, .set = bytes};
  }
  if (is_file(bytes)) return (candidate_source){.bytes = bytes, .kind = STELE_TEXT_DESCRIPTOR};
  return source;
}

/* The other files of a set are bound under their names, after the references. */
static void bind_set(binding_set *set, stele_bytes files, stele_bytes root) {
  stele_reader r = stele_reader_of(files);
  while (!stele_read_done(&r)) {
    (void)stele_read_tag(&r);
    stele_bytes file = stele_read_delimited(&r);
    if (file.ptr == root.ptr) continue;
    stele_reader inner = stele_reader_of(file);
    while (!stele_read_done(&inner)) {
      uint32_t tag = stele_read_tag(&inner);
      if (stele_wire_number(tag) == FILE_NAME) {
        stele_str name = stele_bytes_str(stele_read_delimited(&inner));
        if (!linked_is_builtin(name)) {
          (void)binding_add_text(set, name, file, STELE_TEXT_DESCRIPTOR);
        }
        break;
      }
      stele_read_skip_value(&inner, tag, MOST_GROUPS);
    }
  }
}

/* --- references ---------------------------------------------------------- */

static const registry_refused *refuse_reference(stele_arena *arena, const stele_reference *r) {
  return REGISTRY_REFUSE(arena, REGISTRY_INVALID_REFERENCE, r->subject,
                         stele_str_printf(arena, "%d", r->version));
}

const stele_reference *candidate_references(linked_job *job, stele_str tenant,
                                            const stele_reference *asked, size_t count,
                                            bool live_only, const registry_refused **refused) {
  stele_reference *out = STELE_NEW_ARRAY(job->arena, stele_reference, count + 1);
  for (size_t i = 0; i < count; i++) {
    const stele_reference *r = &asked[i];
    if (!r->name.len || !r->subject.len ||
        !binding_resolve(job->snapshot, tenant, r, live_only, &out[i])) {
      *refused = refuse_reference(job->arena, r);
      return NULL;
    }
  }
  return out;
}

typedef STELE_VEC(stele_reference) reference_list;

/* What the compile found by itself becomes explicit. */
static void add_found_references(linked_job *job, candidate *c, const binding_set *set) {
  reference_list list = {0};
  for (size_t i = 0; i < c->content.reference_count; i++) {
    STELE_VEC_PUSH(job->arena, &list, c->content.references[i]);
  }
  for (uint32_t i = 0; i < c->file->import_count; i++) {
    stele_str path = c->file->imports[i].path;
    const binding *b = binding_find(set, path);
    bool given = !b || !b->stored;
    for (size_t k = 0; k < c->content.reference_count && !given; k++) {
      given = stele_str_eq(c->content.references[k].name, path);
    }
    if (given) continue;
    STELE_VEC_PUSH(
        job->arena, &list,
        (stele_reference){path, b->stored->tenant, b->stored->subject, b->stored->version});
  }
  c->content.references = list.at;
  c->content.reference_count = list.count;
}

static void name_references(linked_job *job, candidate *c) {
  size_t count = c->content.reference_count;
  c->identities = STELE_NEW_ARRAY(job->arena, stele_identity_reference, count + 1);
  for (size_t i = 0; i < count; i++) {
    const stele_reference *r = &c->content.references[i];
    const snap_subject *subject = snap_find_subject(job->snapshot, r->tenant, r->subject);
    const snap_version *version = subject ? snap_find_version(subject, r->version) : NULL;
    const snap_schema *schema =
        version ? snap_find_id(job->snapshot, r->tenant, version->id) : NULL;
    c->identities[i].name = r->name;
    if (schema) c->identities[i].identity = *schema->identity;
  }
}

/* --- findings ------------------------------------------------------------ */

static registry_finding from_compiler(stele_arena *arena, const stele_finding *f) {
  return (registry_finding){
      .message = stele_str_copy(arena, f->text),
      .hint = stele_str_copy(arena, f->hint),
      .file = stele_str_copy(arena, f->file),
      .line = f->line + 1,
      .column = f->column + 1,
      .refuses = f->severity == STELE_SEVERITY_ERROR,
  };
}

const registry_finding *candidate_findings(stele_arena *arena, const stele_report *report,
                                           size_t *count) {
  const stele_finding *findings = stele_report_findings(report, count);
  registry_finding *out = STELE_NEW_ARRAY(arena, registry_finding, *count + 1);
  for (size_t i = 0; i < *count; i++) out[i] = from_compiler(arena, &findings[i]);
  return out;
}

stele_str candidate_first_error(stele_arena *arena, const registry_finding *at, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (!at[i].refuses) continue;
    if (at[i].line == 0) {
      return stele_str_printf(arena, STELE_STR_FMT ": " STELE_STR_FMT, STELE_STR_ARG(at[i].file),
                              STELE_STR_ARG(at[i].message));
    }
    return stele_str_printf(arena, STELE_STR_FMT ":%d:%d: " STELE_STR_FMT,
                            STELE_STR_ARG(at[i].file), at[i].line, at[i].column,
                            STELE_STR_ARG(at[i].message));
  }
  return STELE_STR("it does not compile");
}

static const registry_refused *refuse_report(stele_arena *arena, const stele_report *report) {
  size_t count;
  const registry_finding *findings = candidate_findings(arena, report, &count);
  const registry_refused *refused =
      REGISTRY_REFUSE(arena, REGISTRY_INVALID_SCHEMA, STELE_STR("PROTOBUF"),
                      candidate_first_error(arena, findings, count));
  registry_refused *with = STELE_NEW(arena, registry_refused);
  *with = *refused;
  with->findings = findings;
  with->finding_count = count;
  return with;
}

/* --- making -------------------------------------------------------------- */

static const stele_file *compile(linked_job *job, const candidate_in *in, binding_set *set,
                                 stele_str path, bool lenient, const stele_report **said,
                                 stele_err *err) {
  linked_options options = {.lenient = lenient, .by_name = in->by_name, .tenant = in->tenant};
  stele_report *report = stele_report_new(job->reports, 100);
  const stele_schema *schema = linked_compile(job, set, &path, 1, &options, report, err);
  *said = report;
  return schema ? stele_schema_file(schema, path) : NULL;
}

/* Strictly first; what only the lenient compile takes is taken where the caller
 * allows it. A refusal is in the words of the strict one. */
static const stele_file *compile_as_asked(linked_job *job, const candidate_in *in, binding_set *set,
                                          stele_str path, const registry_refused **refused,
                                          stele_err *err) {
  const stele_report *said, *ignored;
  const stele_file *file = compile(job, in, set, path, false, &said, err);
  if (file || err->code != STELE_INVALID) return file;
  *err = (stele_err){0};
  if (!in->strict) file = compile(job, in, set, path, true, &ignored, err);
  if (file || (err->code && err->code != STELE_INVALID)) return file;
  *err = (stele_err){0};
  *refused = refuse_report(job->arena, said);
  return NULL;
}

static bool print(linked_job *job, candidate *c, stele_print_form form, stele_str *out,
                  stele_err *err) {
  stele_buf buf;
  stele_buf_init(&buf, job->arena, 0);
  if (!stele_print_file(job->arena, c->file, &(stele_print_options){.form = form}, &buf, err))
    return false;
  *out = stele_buf_str(&buf);
  return true;
}

bool candidate_guid(stele_arena *arena, stele_str canonical, const stele_content *content,
                    stele_md5 *out, stele_err *err) {
  size_t count = content->reference_count;
  stele_guid_reference *references = STELE_NEW_ARRAY(arena, stele_guid_reference, count + 1);
  for (size_t i = 0; i < count; i++) {
    const stele_reference *r = &content->references[i];
    references[i] = (stele_guid_reference){r->name, r->subject, r->version};
  }
  stele_guid_in in = {.text = canonical,
                      .references = references,
                      .reference_count = count,
                      .metadata = content->metadata,
                      .rule_set = content->rule_set};
  return stele_guid_of(arena, &in, out, err);
}

bool candidate_identify(linked_job *job, candidate *c, stele_err *err) {
  stele_identity_in in = {.fingerprint = c->fingerprint,
                          .references = c->identities,
                          .reference_count = c->content.reference_count,
                          .metadata = c->content.metadata,
                          .rule_set = c->content.rule_set};
  return stele_identity_of(job->arena, &in, &c->identity, err) &&
         candidate_guid(job->arena, c->canonical, &c->content, &c->guid, err);
}

static bool finish(linked_job *job, candidate *c, stele_err *err) {
  if (!stele_fingerprint(job->arena, c->file, &c->fingerprint, err)) return false;
  if (!print(job, c, STELE_PRINT_CANONICAL, &c->canonical, err)) return false;
  if (c->in->normalize) {
    stele_str text;
    if (!print(job, c, STELE_PRINT_NORMALISED, &text, err)) return false;
    c->content.text = stele_str_bytes(text);
    c->content.text_kind = STELE_TEXT_SOURCE;
  }
  name_references(job, c);
  return candidate_identify(job, c, err);
}

static bool is_too_large(linked_job *job, size_t size, const registry_refused **refused) {
  size_t most = job->registry->options.text_bytes;
  if (size <= most) return false;
  *refused = REGISTRY_REFUSE(job->arena, REGISTRY_SCHEMA_TOO_LARGE,
                             stele_str_printf(job->arena, "%zu", size),
                             stele_str_printf(job->arena, "%zu", most));
  return true;
}

candidate *candidate_make(linked_job *job, const candidate_in *in, const registry_refused **refused,
                          stele_err *err) {
  if (is_too_large(job, in->schema.len, refused)) return NULL;
  const stele_reference *references = candidate_references(
      job, in->tenant, in->references, in->reference_count, in->live_only, refused);
  if (!references) return NULL;
  candidate_source source = candidate_decode(job->arena, in->schema);

  binding_set set;
  binding_set_init(&set, job->arena, job->snapshot);
  binding_add_references(&set, references, in->reference_count);
  if (source.set.len) bind_set(&set, source.set, source.bytes);
  stele_str path = binding_free_name(&set, in->subject);
  (void)binding_add_text(&set, path, source.bytes, source.kind);

  candidate *c = STELE_NEW(job->arena, candidate);
  c->in = in;
  c->content = (stele_content){.text = source.bytes,
                               .text_kind = source.kind,
                               .references = references,
                               .reference_count = in->reference_count,
                               .metadata = in->metadata,
                               .rule_set = in->rule_set};
  c->file = compile_as_asked(job, in, &set, path, refused, err);
  if (!c->file) return NULL;
  if (in->by_name) add_found_references(job, c, &set);
  return finish(job, c, err) ? c : NULL;
}
