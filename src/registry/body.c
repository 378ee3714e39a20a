/* Two readers may make a body at the same time: the first to put it in place
 * wins, the other lets go of its own. */
#include "registry/body.h"

#include "fmt/json.h"
#include "proto/identity/guid.h"
#include "registry/registry_internal.h"

static void write_reference(stele_json_writer *w, stele_str home, const stele_reference *r) {
  stele_json_begin_object(w);
  stele_json_field_str(w, "name", r->name);
  stele_json_write_key(w, STELE_STR("subject"));
  if (stele_str_eq(r->tenant, home)) {
    stele_json_write_str(w, r->subject);
  } else {
    stele_buf qualified;
    stele_buf_init(&qualified, NULL, 0);
    stele_buf_printf(&qualified, ":" STELE_STR_FMT ":" STELE_STR_FMT, STELE_STR_ARG(r->tenant),
                     STELE_STR_ARG(r->subject));
    stele_json_write_str(w, stele_buf_str(&qualified));
    stele_buf_release(&qualified);
  }
  stele_json_field_i64(w, "version", r->version);
  stele_json_end_object(w);
}

static void write_raw(stele_json_writer *w, const char *key, stele_str json) {
  if (!json.len) return;
  stele_json_write_key(w, stele_cstr(key));
  stele_json_write_raw(w, json);
}

void registry_body_print(stele_buf *out, const snap_schema *schema, stele_str text) {
  const snap_content *c = &schema->content;
  stele_json_writer w;
  char guid[STELE_GUID_TEXT];
  stele_guid_print(schema->guid, guid);
  stele_json_writer_init(&w, out, 0);
  stele_json_begin_object(&w);
  stele_json_field_str(&w, "schemaType", STELE_STR("PROTOBUF"));
  stele_json_field_str(&w, "guid", stele_cstr(guid));
  if (c->reference_count) {
    stele_json_field_array(&w, "references");
    for (uint32_t i = 0; i < c->reference_count; i++) {
      write_reference(&w, schema->tenant, &c->references[i]);
    }
    stele_json_end_array(&w);
  }
  write_raw(&w, "metadata", c->metadata);
  write_raw(&w, "ruleSet", c->rule_set);
  stele_json_field_str(&w, "schema", text);
  stele_json_field_i64(&w, "ts", schema->time / STELE_US_PER_MS);
  stele_json_end_object(&w);
}

static snap_bytes *make(const snap_schema *schema, stele_str text) {
  stele_buf buf;
  stele_buf_init(&buf, NULL, 0);
  registry_body_print(&buf, schema, text);
  snap_bytes *body = snap_bytes_new(stele_buf_str(&buf), NULL);
  stele_buf_release(&buf);
  return body;
}

/* Takes a body's length out of the budget; false when there is not enough. */
static bool pay(stele_registry *r, snap_bytes *body) {
  int64_t len = (int64_t)body->len;
  if (atomic_fetch_sub(&r->body_budget, len) >= len) {
    body->budget = &r->body_budget;
    return true;
  }
  (void)atomic_fetch_add(&r->body_budget, len);
  return false;
}

snap_bytes *registry_body(stele_registry *r, const snap_schema *schema, stele_str text) {
  _Atomic(snap_bytes *) *place = &((snap_schema *)(uintptr_t)schema)->body;
  snap_bytes *kept = atomic_load_explicit(place, memory_order_acquire);
  if (kept) return snap_bytes_ref(kept);
  snap_bytes *made = make(schema, text);
  if (!pay(r, made)) return made;
  if (atomic_compare_exchange_strong(place, &kept, made)) return snap_bytes_ref(made);
  snap_bytes_unref(made);
  return snap_bytes_ref(kept);
}
