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
  print_options options = print_options_read(job, method->options, scope);
  print_indent(job);
  print_cstr(job, "rpc ");
  print_str(job, method->name);
  print_cstr(job, " ");
  print_end(job, method->input_name, method->input_written, method->client_streaming, scope);
  print_cstr(job, " returns ");
  print_end(job, method->output_name, method->output_written, method->server_streaming, scope);
  if (print_has_option_lines(&options)) {
    print_cstr(job, " {\n");
    job->level++;
    print_option_lines(job, &options);
    job->level--;
    print_indent(job);
    print_cstr(job, "}");
  }
  print_cstr(job, ";\n");
}

void print_service(print_job *job, const stele_service *service) {
  print_options options = print_options_read(job, service->options, service->file->package);
  print_body body = {0};
  print_cstr(job, "service ");
  print_str(job, service->name);
  print_cstr(job, " {");
  if (print_has_option_lines(&options)) {
    print_section(job, &body);
    job->level++;
    print_option_lines(job, &options);
    job->level--;
  }
  if (service->method_count) print_section(job, &body);
  job->level++;
  for (uint32_t i = 0; i < service->method_count; i++) print_method(job, &service->methods[i]);
  job->level--;
  print_body_end(job, &body, "}\n");
}
