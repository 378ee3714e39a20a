/* The row "python": a module for each file, and its stub. */
#include "gen/python/python.h"

#include "gen/python/python_internal.h"

typedef void fill_fn(stele_arena *arena, const stele_file *file, stele_buf *out);

/* A file grows in scratch, with all that is needed on the way, and is copied
 * when its length is known. */
static bool add_file(const stele_gen_request *request, const stele_file *file, stele_str suffix,
                     fill_fn *fill, stele_gen_output *output, stele_err *err) {
  stele_buf out;
  stele_buf_init(&out, request->scratch, 0);
  fill(request->scratch, file, &out);
  stele_str content = stele_str_copy(request->arena, stele_buf_str(&out));
  stele_arena_reset(request->scratch);
  return stele_gen_output_add(output, py_file_path(request->arena, file->name, suffix), content,
                              err);
}

bool python_generate(const stele_gen_request *request, stele_gen_output *output, stele_err *err) {
  stele_str pyi = stele_gen_parameter(request, S("pyi"), S("true"));
  bool stubs = !stele_str_eq(pyi, S("false")), modules = !stele_str_eq(pyi, S("only"));
  if (stubs && modules && pyi.len && !stele_str_eq(pyi, S("true"))) {
    return stele_fail(err, STELE_INVALID, "pyi is true, false or only");
  }
  for (size_t i = 0; i < request->count; i++) {
    const stele_file *file = request->files[i];
    if (modules && !add_file(request, file, S(".py"), py_write_module, output, err)) return false;
    if (stubs && !add_file(request, file, S(".pyi"), py_write_stub, output, err)) return false;
  }
  return true;
}
