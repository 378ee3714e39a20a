/* One path item per pattern, one operation per row, in the order of the table. */
#include "server/openapi.h"

#include <ctype.h>

#include "fmt/json.h"
#include "server/media.h"
#include "server/route_param.h"
#include "version.h"

static void write_cstr(stele_json_writer *w, const char *key, const char *text) {
  stele_json_field_str(w, key, stele_cstr(text));
}

static void write_key(stele_json_writer *w, const char *key) {
  stele_json_write_key(w, stele_cstr(key));
}

/* An example that is JSON stands as JSON, any other as a string. */
static void write_example(stele_arena *arena, stele_json_writer *w, const char *text) {
  stele_err err = {0};
  const stele_json *tree = stele_json_parse(arena, stele_cstr(text), NULL, NULL, &err);
  write_key(w, "example");
  if (tree) {
    stele_json_write_value(w, tree);
  } else {
    stele_json_write_str(w, stele_cstr(text));
  }
}

static void write_content(stele_arena *arena, stele_json_writer *w, const char *type,
                          const char *example) {
  write_key(w, type);
  stele_json_begin_object(w);
  if (example && *example) write_example(arena, w, example);
  stele_json_end_object(w);
}

static void write_params(stele_arena *arena, stele_json_writer *w, const api_route *row) {
  route_params params = route_params_of(arena, row);
  if (!params.count) return;
  stele_json_field_array(w, "parameters");
  for (size_t i = 0; i < params.count; i++) {
    const route_param *param = &params.at[i];
    stele_str example;
    stele_json_begin_object(w);
    stele_json_field_str(w, "name", param->name);
    write_cstr(w, "in", param->in_path ? "path" : "query");
    stele_json_field_bool(w, "required", param->in_path);
    if (*param->help) write_cstr(w, "description", param->help);
    stele_json_field_object(w, "schema");
    write_cstr(w, "type", param->type);
    stele_json_end_object(w);
    if (param->example.len && http_percent_decode(arena, param->example, false, &example)) {
      stele_json_field_str(w, "example", example);
    }
    stele_json_end_object(w);
  }
  stele_json_end_array(w);
}

static void write_body(stele_arena *arena, stele_json_writer *w, const api_route *row) {
  if (!row->body) return;
  stele_json_field_object(w, "requestBody");
  stele_json_field_object(w, "content");
  write_content(arena, w, media_json_types[0], row->body);
  write_content(arena, w, "application/json", row->body);
  for (const char *at = row->takes ? row->takes : ""; *at;) {
    size_t len = strcspn(at, " ");
    if (len) write_content(arena, w, stele_str_copy(arena, (stele_str){at, len}).ptr, NULL);
    at += len + (at[len] == ' ');
  }
  stele_json_end_object(w);
  stele_json_end_object(w);
}

static void write_responses(stele_arena *arena, stele_json_writer *w, const api_route *row) {
  const char *type = row->answers == ROUTE_OWN_TYPE ? row->gives : media_json_types[0];
  stele_json_field_object(w, "responses");
  stele_json_field_object(w, *row->answer ? "200" : "204");
  write_cstr(w, "description", *row->answer ? "Done." : "Done; there is nothing to say.");
  if (*row->answer) {
    stele_json_field_object(w, "content");
    write_content(arena, w, type, row->answer);
    stele_json_end_object(w);
  }
  stele_json_end_object(w);
  stele_json_field_object(w, "default");
  write_cstr(w, "$ref", "#/components/responses/Error");
  stele_json_end_object(w);
  stele_json_end_object(w);
}

/* "get_subjects_subject_versions": unique, since method and pattern are. */
static stele_str operation_id(stele_arena *arena, const api_route *row) {
  stele_buf buf;
  stele_buf_init(&buf, arena, 0);
  for (const char *at = row->method; *at; at++) {
    stele_buf_add_byte(&buf, (uint8_t)tolower((unsigned char)*at));
  }
  for (const char *at = row->pattern; *at; at++) {
    if (*at == ':') at += strcspn(at, "}");
    if (isalnum((unsigned char)*at)) {
      stele_buf_add_byte(&buf, (uint8_t)*at);
    } else if (buf.ptr[buf.len - 1] != '_') {
      stele_buf_add_byte(&buf, '_');
    }
  }
  while (buf.len && buf.ptr[buf.len - 1] == '_') buf.len--;
  return stele_buf_str(&buf);
}

static void write_operation(stele_arena *arena, stele_json_writer *w, const api_route *row) {
  char method[16];
  size_t len = 0;
  for (; row->method[len] && len + 1 < sizeof method; len++) {
    method[len] = (char)tolower((unsigned char)row->method[len]);
  }
  method[len] = 0;
  stele_json_field_object(w, method);
  stele_json_field_str(w, "operationId", operation_id(arena, row));
  write_cstr(w, "summary", row->summary);
  stele_json_field_array(w, "tags");
  stele_json_write_str(w, stele_cstr(row->tag));
  stele_json_end_array(w);
  write_cstr(w, "x-role", auth_role_text(row->role));
  write_params(arena, w, row);
  write_body(arena, w, row);
  write_responses(arena, w, row);
  stele_json_end_object(w);
}

/* True when an earlier row has the same pattern. */
static bool seen(const router *routes, size_t index) {
  for (size_t i = 0; i < index; i++) {
    if (strcmp(router_row(routes, i)->pattern, router_row(routes, index)->pattern) == 0)
      return true;
  }
  return false;
}

static void write_paths(stele_arena *arena, stele_json_writer *w, const router *routes) {
  stele_json_field_object(w, "paths");
  for (size_t i = 0; i < router_count(routes); i++) {
    if (seen(routes, i)) continue;
    const char *pattern = router_row(routes, i)->pattern;
    stele_json_write_key(w, route_path_text(arena, router_row(routes, i)));
    stele_json_begin_object(w);
    for (size_t j = i; j < router_count(routes); j++) {
      const api_route *row = router_row(routes, j);
      if (strcmp(row->pattern, pattern) == 0) write_operation(arena, w, row);
    }
    stele_json_end_object(w);
  }
  stele_json_end_object(w);
}

/* What every refusal looks like. */
static const char components[] =
    "{\"schemas\":{\"Error\":{\"type\":\"object\",\"required\":[\"error_code\",\"message\"],"
    "\"properties\":{\"error_code\":{\"type\":\"integer\"},\"message\":{\"type\":\"string\"},"
    "\"details\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},"
    "\"hint\":{\"type\":\"string\"}}}}}},"
    "\"responses\":{\"Error\":{\"description\":\"It could not be done; error_code and message say "
    "why.\",\"content\":{\"application/vnd.schemaregistry.v1+json\":{\"schema\":{\"$ref\":"
    "\"#/components/schemas/Error\"}}}}}}";

static const char servers[] =
    "[{\"url\":\"/\",\"description\":\"The default context\"},"
    "{\"url\":\"/contexts/{context}\",\"description\":\"The same in another context, that is "
    "tenant\",\"variables\":{\"context\":{\"default\":\".\"}}}]";

void openapi_print(stele_arena *arena, const router *routes, stele_buf *out) {
  stele_json_writer w;
  stele_json_writer_init(&w, out, 0);
  stele_json_begin_object(&w);
  write_cstr(&w, "openapi", "3.1.0");
  stele_json_field_object(&w, "info");
  write_cstr(&w, "title", "Stele schema registry");
  write_cstr(&w, "version", STELE_VERSION);
  write_cstr(&w, "description",
             "A Protocol Buffers schema registry that speaks Confluent's REST API and its own.");
  stele_json_end_object(&w);
  write_key(&w, "servers");
  stele_json_write_raw(&w, stele_cstr(servers));
  write_paths(arena, &w, routes);
  write_key(&w, "components");
  stele_json_write_raw(&w, stele_cstr(components));
  stele_json_end_object(&w);
}
