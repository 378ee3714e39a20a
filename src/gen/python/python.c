/* The row "python": a module for each file, and its stub. */
#include "gen/python/python.h"

#include "gen/python/python_internal.h"

typedef void fill_fn(stele_arena *arena, const stele_file *file, stele_buf *out);

static bool add_file(const stele_gen_request *request, const stele_file *file, stele_str suffix,
                     fill_fn *fill, stele_gen_output *output, stele_err *err) {
  stele_buf out;
  stele_buf_init(&out, request->arena, 0);
  fill(request->arena, file, &out);
  return stele_gen_output_add(output, py_file_path(request->arena, file->name, suffix),
                              stele_buf_str(&out), err);
}

bool python_generate(const stele_gen_request *request, stele_gen_output *output, stele_err *err) {
  stele_str pyi = stele_gen_parameter(request, S("pyi"), S("true"));
  bool stubs = !stele_str_eq(pyi, S("false"));
  if (stubs && pyi.len && !stele_str_eq(pyi, S("true"))) {
    return stele_fail(err, STELE_INVALID, "pyi is true or false");
  }
  for (size_t i = 0; i < request->count; i++) {
    const stele_file *file = request->files[i];
    if (!add_file(request, file, S(".py"), py_write_module, output, err)) return false;
    if (stubs && !add_file(request, file, S(".pyi"), py_write_stub, output, err)) return false;
  }
  return true;
}
