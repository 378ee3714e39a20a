/* Services and their methods, in their own order: it is kept by all forms. */
#include "proto/print/print_internal.h"

static void print_end(print_job *job, stele_str name, size_t written, bool is_stream,
                      stele_str scope) {
  print_reference reference = {name, scope, written, PRINT_SEARCH_ALL};
  print_cstr(job, is_stream ? "(stream " : "(");
  print_reference_name(job, &reference);
  print_cstr(job, ")");
}

static void print_method(print_job *job, const stele_method *method) {
  stele_str scope = method->service->full_name;
  print_element here = {PRINT_METHOD, method};
  print_options options = print_options_read(job, method->options, scope);
  const print_comment *comment = print_comment_of(job, here);
  print_lead(job, comment);
  print_indent(job);
  print_cstr(job, "rpc ");
  print_str(job, method->name);
  print_cstr(job, " ");
  print_end(job, method->input_name, method->input_written, method->client_streaming, scope);
  print_cstr(job, " returns ");
  print_end(job, method->output_name, method->output_written, method->server_streaming, scope);
  bool has_lines = print_has_option_lines(&options);
  if (!has_lines && !(job->is_exact && method->has_body)) {
    print_finish(job, ";", comment);
    return;
  }
  print_body body = {0};
  print_cstr(job, " ");
  print_open(job, &body, comment);
  if (has_lines) {
    print_section(job, &body);
    job->level++;
    print_option_lines(job, &options, here);
    job->level--;
  }
  print_body_end(job, &body, job->is_exact ? "}\n" : "};\n");
}

void print_service(print_job *job, const stele_service *service) {
  print_element here = {PRINT_SERVICE, service};
  print_options options = print_options_read(job, service->options, service->file->package);
  const print_comment *comment = print_comment_of(job, here);
  print_body body = {0};
  print_lead(job, comment);
  print_indent(job);
  print_cstr(job, "service ");
  print_str(job, service->name);
  print_cstr(job, " ");
  print_open(job, &body, comment);
  if (print_has_option_lines(&options)) {
    print_section(job, &body);
    job->level++;
    print_option_lines(job, &options, here);
    job->level--;
  }
  if (service->method_count) print_section(job, &body);
  job->level++;
  for (uint32_t i = 0; i < service->method_count; i++) print_method(job, &service->methods[i]);
  job->level--;
  print_body_end(job, &body, "}\n");
}
