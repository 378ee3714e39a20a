/* /payloads: messages held against stored schemas, converted and decoded. */
#include "fmt/base64.h"
#include "fmt/json_cursor.h"
#include "registry/payload.h"
#include "server/api/api.h"

enum { MOST_DEPTH = 1000 }; /* as deep as any tree */

typedef struct payload_job {
  api_work base;
  payload_in in;
  payload_out out;
  bool is_validation;
} payload_job;

/* ---- Reading the request ---------------------------------------------------------- */

static bool bad(stele_call *call, const char *why) {
  (void)API_REFUSE(call, REGISTRY_BAD_JSON, stele_cstr(why));
  return false;
}

/* The value of a member as it stands in the body, so that offsets in it are
 * those that the client sees. `member->place` is the place of its name. */
static stele_str raw_value(stele_call *call, const stele_json *member) {
  stele_str body = call_body(call), unused;
  stele_json_place where;
  stele_err err = {0};
  stele_json_cursor c;
  stele_json_cursor_init(&c, call->arena, body, &where, &err);
  c.at = body.ptr + member->place.offset;
  if (!stele_json_read_string(&c, &unused)) return (stele_str){0};
  stele_json_skip_space(&c);
  (void)stele_json_take(&c, ':');
  stele_json_skip_space(&c);
  const char *from = c.at;
  if (!stele_json_skip_value(&c, MOST_DEPTH)) return (stele_str){0};
  return (stele_str){from, (size_t)(c.at - from)};
}

static bool read_base64(stele_call *call, stele_str text, stele_str *out) {
  stele_buf bytes;
  size_t fault;
  stele_buf_init(&bytes, call->arena, 0);
  if (!stele_base64_decode_at(&bytes, text, STELE_BASE64_TOLERANT, &fault)) {
    return bad(
        call,
        stele_str_printf(call->arena, "\"base64\" is not base64 from its byte %zu on", fault).ptr);
  }
  *out = stele_buf_str(&bytes);
  return true;
}

/* One of "base64", "json" and "text". JSON may stand there as itself, or as the
 * text of it. */
static bool read_content(stele_call *call, const stele_json *object, payload_in *in) {
  const stele_json *base64 = stele_json_find(object, STELE_STR("base64"));
  const stele_json *json = stele_json_find(object, STELE_STR("json"));
  const stele_json *text = stele_json_find(object, STELE_STR("text"));
  if (!!base64 + !!json + !!text != 1) {
    return bad(call, "expected one of \"base64\", \"json\" and \"text\"");
  }
  if ((base64 && base64->kind != STELE_JSON_STRING) || (text && text->kind != STELE_JSON_STRING)) {
    return bad(call, "\"base64\" and \"text\" are strings");
  }
  if (base64) {
    in->from = PAYLOAD_BINARY;
    return read_base64(call, base64->text, &in->bytes);
  }
  in->from = json ? PAYLOAD_JSON : PAYLOAD_TEXT;
  if (text) in->bytes = text->text;
  if (json) in->bytes = json->kind == STELE_JSON_STRING ? json->text : raw_value(call, json);
  return true;
}

static bool read_version(stele_call *call, const stele_json *object, payload_in *in) {
  const stele_json *version = stele_json_find(object, STELE_STR("version"));
  in->version = PAYLOAD_NEWEST;
  if (!version || version->kind == STELE_JSON_NULL) return true;
  if (registry_version_parse(version->text, &in->version)) return true;
  (void)API_REFUSE(call, REGISTRY_INVALID_VERSION, version->text);
  return false;
}

static bool read_members(stele_call *call, const stele_json *object, payload_in *in,
                         stele_err *err) {
  stele_str subject = {0}, to = {0};
  bool ok = stele_json_pick_str(object, "subject", &subject, err) &&
            stele_json_pick_i32(object, "id", &in->id, err) &&
            stele_json_pick_str(object, "type", &in->type, err) &&
            stele_json_pick_bool(object, "framed", &in->is_framed, err) &&
            stele_json_pick_str(object, "to", &to, err);
  if (!ok) return api_bad_json(call, err) && false;
  if (to.len && !payload_form_parse(to, &in->to)) {
    return bad(call, "\"to\" is binary, json or text");
  }
  if (!subject.len) return true;
  registry_name name = registry_name_parse(subject, call->tenant);
  in->tenant = name.tenant;
  in->subject = name.subject;
  return true;
}

static void read_flags(stele_call *call, payload_in *in) {
  in->always_print_defaults = call_query_flag(call, "defaults");
  in->proto_names = call_query_flag(call, "protoNames");
  in->enum_numbers = call_query_flag(call, "enumNumbers");
  in->ignore_unknown = call_query_flag(call, "ignoreUnknown");
}

static payload_job *new_job(stele_call *call) {
  payload_job *job = STELE_NEW(call->arena, payload_job);
  job->in = (payload_in){.tenant = call->tenant, .to = PAYLOAD_JSON};
  read_flags(call, &job->in);
  return job;
}

/* The job of a JSON body; NULL: refused. A record names its schema itself. */
static payload_job *read_job(stele_call *call, bool is_record) {
  const stele_json *object;
  stele_err err = {0};
  if (!api_body(call, "The request body", &object)) return NULL;
  payload_job *job = new_job(call);
  payload_in *in = &job->in;
  bool ok = read_content(call, object, in);
  if (ok) in->to = in->from == PAYLOAD_JSON ? PAYLOAD_BINARY : PAYLOAD_JSON;
  ok = ok && read_version(call, object, in) && read_members(call, object, in, &err);
  if (!ok) return NULL;
  bool has_schema = in->subject.len || in->id || in->is_framed || is_record;
  if (has_schema) return job;
  (void)bad(call, "of what schema? \"subject\" (and \"version\"), \"id\", or \"framed\": true");
  return NULL;
}

/* ---- Answering --------------------------------------------------------------------- */

static void write_schema(stele_json_writer *w, const payload_out *out) {
  if (out->subject.len) {
    stele_json_field_str(w, "subject", out->subject);
    stele_json_field_i64(w, "version", out->version);
  }
  if (out->id) stele_json_field_i64(w, "id", out->id);
  if (out->type.len) stele_json_field_str(w, "type", out->type);
}

static void write_fault(stele_json_writer *w, const payload_fault *fault) {
  stele_json_field_object(w, "error");
  stele_json_field_str(w, "message", fault->message);
  if (fault->field.len) stele_json_field_str(w, "field", fault->field);
  if (fault->offset >= 0) stele_json_field_i64(w, "byte", fault->offset);
  if (fault->line) {
    stele_json_field_i64(w, "line", fault->line);
    stele_json_field_i64(w, "column", fault->column);
  }
  stele_json_end_object(w);
}

static void write_content(stele_call *call, stele_json_writer *w, const payload_job *job) {
  const payload_out *out = &job->out;
  stele_buf base64;
  switch (job->in.to) {
  case PAYLOAD_JSON: api_write_raw(w, "json", out->bytes); break;
  case PAYLOAD_TEXT: stele_json_field_str(w, "text", out->bytes); break;
  case PAYLOAD_BINARY:
  case PAYLOAD_FORM_COUNT:
    stele_buf_init(&base64, call->arena, 0);
    stele_base64_encode(&base64, stele_str_bytes(out->bytes));
    stele_json_field_str(w, "base64", stele_buf_str(&base64));
    break;
  }
}

static bool refuse_fault(stele_call *call, const payload_fault *fault) {
  api_json json;
  const registry_refused *refused =
      REGISTRY_REFUSE(call->arena, REGISTRY_INVALID_PAYLOAD, fault->message);
  api_json_init(&json, call);
  stele_json_begin_object(&json.w);
  write_fault(&json.w, fault);
  stele_json_end_object(&json.w);
  call_refusal row = {.http = refused->row->http,
                      .error_code = refused->row->error_code,
                      .name = refused->row->name,
                      .hint = refused->row->hint};
  return call_refuse(call, &row, refused->message, stele_buf_str(&json.buf));
}

static bool reply(stele_call *call, void *arg, stele_err *err) {
  const payload_job *job = arg;
  const payload_out *out = &job->out;
  bool is_valid = out->fault.message.len == 0;
  api_json json;
  (void)err;
  if (out->refused) return api_refuse(call, out->refused);
  if (!is_valid && !job->is_validation) return refuse_fault(call, &out->fault);
  api_json_init(&json, call);
  stele_json_begin_object(&json.w);
  if (job->is_validation) stele_json_field_bool(&json.w, "valid", is_valid);
  write_schema(&json.w, out);
  if (!is_valid) write_fault(&json.w, &out->fault);
  if (!job->is_validation) write_content(call, &json.w, job);
  stele_json_end_object(&json.w);
  return api_json_reply(&json, call);
}

/* ---- The handlers ---------------------------------------------------------------------- */

static void run(registry_work *work, linked_job *links) {
  payload_job *job = (payload_job *)(void *)work;
  (void)!payload_run(links, &job->in, &job->out, &work->err);
}

static bool start(stele_call *call, payload_job *job) {
  return job ? api_work_start(&job->base, call, run, reply) : true;
}

static bool validate(stele_call *call, stele_err *err) {
  (void)err;
  payload_job *job = read_job(call, false);
  if (job) job->is_validation = true;
  return start(call, job);
}

static bool convert(stele_call *call, stele_err *err) {
  (void)err;
  return start(call, read_job(call, false));
}

/* The record itself, which begins with a byte that no JSON begins with, or JSON
 * around it. */
static bool decode(stele_call *call, stele_err *err) {
  (void)err;
  stele_str body = call_body(call);
  payload_job *job;
  if (body.len && body.ptr[0] == 0) {
    job = new_job(call);
    job->in.bytes = body;
  } else {
    job = read_job(call, true);
  }
  if (job && job->in.from != PAYLOAD_BINARY) {
    (void)bad(call, "a record is \"base64\"");
    return true;
  }
  if (job) job->in.is_framed = true;
  return start(call, job);
}

const api_route api_payload_routes[] = {
    {"POST", "/payloads/validate", STELE_ROLE_READER, validate, .tag = "Payloads",
     .summary = "Is a message, as base64, JSON or text, one of a stored schema? If not: what is "
                "wrong, and where.",
     .query = "ignoreUnknown", .path = "/payloads/validate",
     .body = "{\"subject\":\"orders-value\",\"json\":{\"id\":5}}",
     .answer = "{\"valid\":false,\"subject\":\"orders-value\",\"version\":1,\"id\":31,\"type\":"
               "\"Order\",\"error\":{\"message\":\"line 1, column 7 (byte 6), field \\\"id\\\": "
               "expected a string\",\"field\":\"id\",\"byte\":6,\"line\":1,\"column\":7}}"},
    {"POST", "/payloads/convert", STELE_ROLE_READER, convert, .tag = "Payloads",
     .summary = "A message in another form: base64, JSON or text in; binary (as base64), json or "
                "text out.",
     .query = "defaults protoNames enumNumbers ignoreUnknown", .path = "/payloads/convert",
     .body = "{\"subject\":\"orders-value\",\"version\":\"latest\",\"base64\":\"CgJvMQ==\",\"to\":"
             "\"json\"}",
     .answer = "{\"subject\":\"orders-value\",\"version\":1,\"id\":31,\"type\":\"Order\",\"json\":{"
               "\"id\":\"o1\"}}"},
    {"POST", "/payloads/decode", STELE_ROLE_READER, decode, .tag = "Payloads",
     .summary = "A record as Kafka has it, by the id in its frame; the body is the record itself, "
                "or JSON around it.",
     .query = "defaults protoNames enumNumbers", .path = "/payloads/decode",
     .body = "{\"base64\":\"AAAAAAEA\"}",
     .answer = "{\"id\":1,\"type\":\"shop.v1.Base\",\"json\":{}}",
     .takes = "application/octet-stream application/x-protobuf application/protobuf"},
};
const size_t api_payload_route_count = STELE_COUNT(api_payload_routes);
