/* protoc's command line, read as protoc reads it: from left to right, up to the
 * first mistake, then what must fit together. */
#include "base/path.h"
#include "sys/file.h"

#include "cli/protoc/protoc_flags.h"

static bool stop(protoc_flag_reader *r, cli_exit end) {
  r->is_over = true;
  r->end = end;
  return false;
}

static bool fail(protoc_flag_reader *r, const char *format, ...) STELE_PRINTF(2, 3);

static bool fail(protoc_flag_reader *r, const char *format, ...) {
  va_list list;
  va_start(list, format);
  stele_str text = cli_text_of(r->args, format, list);
  va_end(list);
  cli_note(r->args, STELE_STR_FMT "\n", STELE_STR_ARG(text));
  return stop(r, CLI_ERROR);
}

#define FAIL_NAMED(r, text) fail((r), STELE_STR_FMT text, STELE_STR_ARG((r)->name))

/* ---- Lists -------------------------------------------------------------------- */

const protoc_named *protoc_find(const protoc_named_list *list, stele_str name) {
  for (size_t i = 0; i < list->count; i++) {
    if (stele_str_eq(list->at[i].name, name)) return &list->at[i];
  }
  return NULL;
}

static void set_named(protoc_flag_reader *r, protoc_named_list *list, stele_str name,
                      stele_str value) {
  for (size_t i = 0; i < list->count; i++) {
    if (stele_str_eq(list->at[i].name, name)) {
      list->at[i].value = value;
      return;
    }
  }
  STELE_VEC_PUSH(r->args->arena, list, (protoc_named){name, value});
}

/* One more parameter, behind a comma where there are some. */
static void join_named(protoc_flag_reader *r, protoc_named_list *list, stele_str name) {
  const protoc_named *old = protoc_find(list, name);
  stele_str value = r->value;
  if (old && old->value.len) {
    value = stele_str_printf(r->args->arena, STELE_STR_FMT "," STELE_STR_FMT,
                             STELE_STR_ARG(old->value), STELE_STR_ARG(value));
  }
  set_named(r, list, name, value);
}

/* The parts between separators, empty ones left out. */
static void split(stele_arena *arena, stele_str text, const char *separators, cli_words *out) {
  for (size_t at = 0; at < text.len;) {
    size_t end = at;
    while (end < text.len && !strchr(separators, text.ptr[end])) end++;
    if (end > at) STELE_VEC_PUSH(arena, out, (stele_str){text.ptr + at, end - at});
    at = end + 1;
  }
}

static bool ends_with(stele_str text, const char *end) {
  size_t len = strlen(end);
  return text.len >= len && memcmp(text.ptr + text.len - len, end, len) == 0;
}

stele_str protoc_plugin_name(stele_arena *arena, stele_str flag) {
  size_t end = flag.len;
  while (end > 2 && flag.ptr[end - 1] != '_') end--;
  if (end > 2) end--;
  return stele_str_printf(arena, "protoc-gen-" STELE_STR_FMT,
                          STELE_STR_ARG(((stele_str){flag.ptr + 2, end - 2})));
}

/* ---- One function per flag ------------------------------------------------------- */

static bool once(protoc_flag_reader *r, bool *flag) {
  if (*flag) return FAIL_NAMED(r, " may only be passed once.");
  *flag = true;
  return true;
}

static bool check_output_file(protoc_flag_reader *r, stele_str given) {
  if (given.len) return FAIL_NAMED(r, " may only be passed once.");
  return r->value.len || FAIL_NAMED(r, " requires a non-empty value.");
}

static bool take_nothing(protoc_flag_reader *r) {
  (void)r;
  return true;
}

static bool take_help(protoc_flag_reader *r) {
  protoc_print_help(r->args, r->out->program);
  return stop(r, CLI_OK);
}

static bool take_version(protoc_flag_reader *r) {
  cli_print(r->args, "libprotoc 36.2\n");
  return stop(r, CLI_OK);
}

static bool take_notices(protoc_flag_reader *r) {
  protoc_print_notices(r->args);
  return stop(r, CLI_OK);
}

static bool take_proto_path(protoc_flag_reader *r) {
  cli_words parts = {0};
  split(r->args->arena, r->value, ":", &parts);
  for (size_t i = 0; i < parts.count; i++) {
    stele_str part = parts.at[i];
    const char *equals = memchr(part.ptr, '=', part.len);
    size_t name = equals ? (size_t)(equals - part.ptr) : 0, skip = equals ? name + 1 : 0;
    protoc_named path = {{part.ptr, name}, {part.ptr + skip, part.len - skip}};
    if (path.value.len == 0) {
      return fail(r, "--proto_path passed empty directory name.  (Use \".\" for current "
                     "directory.)");
    }
    if (sys_file_stat(path.value).kind == SYS_FILE_NONE) {
      if (sys_file_stat(part).kind != SYS_FILE_NONE) { /* the '=' belongs to its name */
        path = (protoc_named){{"", 0}, part};
      } else {
        cli_note(r->args, STELE_STR_FMT ": warning: directory does not exist.\n",
                 STELE_STR_ARG(path.value));
      }
    }
    STELE_VEC_PUSH(r->args->arena, &r->out->paths, path);
  }
  return true;
}

static bool take_direct(protoc_flag_reader *r) {
  if (r->out->has_direct) {
    return FAIL_NAMED(r, " may only be passed once. To specify multiple direct dependencies, pass "
                         "them all as a single parameter separated by ':'.");
  }
  r->out->has_direct = true;
  split(r->args->arena, r->value, ":", &r->out->direct);
  return true;
}

static bool take_direct_message(protoc_flag_reader *r) {
  r->out->direct_message = r->value;
  return true;
}

static bool take_option(protoc_flag_reader *r) {
  if (r->out->has_option) {
    return FAIL_NAMED(r, " may only be passed once. To specify multiple option dependencies, pass "
                         "them all as a single parameter separated by ':'.");
  }
  r->out->has_option = true;
  split(r->args->arena, r->value, ":", &r->out->option);
  return true;
}

static bool take_option_message(protoc_flag_reader *r) {
  r->out->option_message = r->value;
  return true;
}

static bool take_set_in(protoc_flag_reader *r) {
  if (r->out->sets_in.count) {
    return FAIL_NAMED(r, " may only be passed once. To specify multiple descriptor sets, pass them "
                         "all as a single parameter separated by ':'.");
  }
  if (r->value.len == 0) return FAIL_NAMED(r, " requires a non-empty value.");
  if (r->out->dependency_out.len) {
    return FAIL_NAMED(r, " cannot be used with --dependency_out.");
  }
  split(r->args->arena, r->value, ":", &r->out->sets_in);
  return true;
}

static bool take_set_out(protoc_flag_reader *r) {
  if (!check_output_file(r, r->out->set_out)) return false;
  if (r->out->mode != PROTOC_COMPILE) {
    return fail(r, "Cannot use --encode or --decode and generate descriptors at the same time.");
  }
  r->out->set_out = r->value;
  return true;
}

static bool take_dependency_out(protoc_flag_reader *r) {
  if (!check_output_file(r, r->out->dependency_out)) return false;
  if (r->out->sets_in.count) return FAIL_NAMED(r, " cannot be used with --descriptor_set_in.");
  r->out->dependency_out = r->value;
  return true;
}

static bool take_include_imports(protoc_flag_reader *r) {
  return once(r, &r->out->include_imports);
}

static bool take_include_source_info(protoc_flag_reader *r) {
  return once(r, &r->out->include_source_info);
}

static bool take_retain_options(protoc_flag_reader *r) {
  return once(r, &r->out->retain_options);
}

static bool take_fatal_warnings(protoc_flag_reader *r) {
  return once(r, &r->out->fatal_warnings);
}

static bool take_disallow_services(protoc_flag_reader *r) {
  r->out->disallow_services = true;
  return true;
}

static bool take_escape(protoc_flag_reader *r) {
  r->out->escape_allowed = true;
  return true;
}

static bool take_deterministic(protoc_flag_reader *r) {
  r->out->deterministic = true;
  return true;
}

static bool take_any_edition(protoc_flag_reader *r) {
  r->out->any_edition = true;
  return true;
}

static bool take_trace(protoc_flag_reader *r) {
  r->out->trace = true;
  return true;
}

static bool has_outputs(const protoc_flag_reader *r) {
  return r->out->directives.count || r->out->set_out.len;
}

static bool take_codec(protoc_flag_reader *r) {
  bool is_raw = stele_str_eq(r->name, STELE_STR("--decode_raw"));
  bool is_encode = stele_str_eq(r->name, STELE_STR("--encode"));
  if (r->out->mode != PROTOC_COMPILE) {
    return fail(r, "Only one of --encode and --decode can be specified.");
  }
  if (has_outputs(r)) {
    return fail(r,
                "Cannot use " STELE_STR_FMT " and generate code or descriptors at the same time.",
                STELE_STR_ARG(r->name));
  }
  r->out->mode = is_encode ? PROTOC_ENCODE : PROTOC_DECODE;
  if (is_raw && r->value.len) return fail(r, "--decode_raw does not take a parameter.");
  if (!is_raw && r->value.len == 0) {
    return fail(r, "Type name for " STELE_STR_FMT " cannot be blank.%s", STELE_STR_ARG(r->name),
                is_encode ? "" : "\nTo decode an unknown message, use --decode_raw.");
  }
  r->out->codec_type = r->value;
  return true;
}

static bool take_error_format(protoc_flag_reader *r) {
  r->out->msvs = stele_str_eq(r->value, STELE_STR("msvs"));
  return r->out->msvs || stele_str_eq(r->value, STELE_STR("gcc")) ||
         fail(r, "Unknown error format: " STELE_STR_FMT, STELE_STR_ARG(r->value));
}

static bool take_plugin(protoc_flag_reader *r) {
  const char *equals = memchr(r->value.ptr, '=', r->value.len);
  stele_str name = r->value, path = r->value;
  if (equals) {
    name.len = (size_t)(equals - r->value.ptr);
    path = (stele_str){equals + 1, r->value.len - name.len - 1};
  } else {
    name = stele_path_last(name);
  }
  set_named(r, &r->out->plugins, name, path);
  return true;
}

static bool take_print_free(protoc_flag_reader *r) {
  if (r->out->mode != PROTOC_COMPILE) {
    return fail(r,
                "Cannot use " STELE_STR_FMT
                " and use --encode, --decode or print other info at the same time.",
                STELE_STR_ARG(r->name));
  }
  if (has_outputs(r)) {
    return fail(r,
                "Cannot use " STELE_STR_FMT " and generate code or descriptors at the same time.",
                STELE_STR_ARG(r->name));
  }
  r->out->mode = PROTOC_PRINT;
  return true;
}

static bool take_defaults_out(protoc_flag_reader *r) {
  if (!check_output_file(r, r->out->defaults_out)) return false;
  if (r->out->mode != PROTOC_COMPILE) {
    return fail(r, "Cannot use --encode or --decode and generate defaults at the same time.");
  }
  r->out->defaults_out = r->value;
  return true;
}

static bool take_edition(protoc_flag_reader *r, int32_t *out) {
  if (*out) return FAIL_NAMED(r, " may only be passed once.");
  if (stele_edition_find(r->value, out)) return true;
  return fail(r, STELE_STR_FMT " unknown edition \"" STELE_STR_FMT "\".", STELE_STR_ARG(r->name),
              STELE_STR_ARG(r->value));
}

static bool take_defaults_minimum(protoc_flag_reader *r) {
  return take_edition(r, &r->out->defaults_minimum);
}

static bool take_defaults_maximum(protoc_flag_reader *r) {
  return take_edition(r, &r->out->defaults_maximum);
}

/* ---- Flags by name ------------------------------------------------------------------ */

static const struct {
  const char *name;
  char letter;
  const char *value;
  protoc_take *take;
} flags[] = {
#define X(name, letter, value, take, help) {"--" name, letter, value, take},
    PROTOC_FLAGS(X)
#undef X
};

/* The row of a flag as it was typed; STELE_COUNT(flags) when there is none. */
static size_t find_flag(stele_str name) {
  for (size_t i = 0; i < STELE_COUNT(flags); i++) {
    if (stele_str_eq(name, stele_cstr(flags[i].name))) return i;
    if (name.len == 2 && flags[i].letter && name.ptr[1] == flags[i].letter) return i;
  }
  return STELE_COUNT(flags);
}

static const protoc_language *find_language(stele_str name, bool by_option) {
  for (size_t i = 0; i < protoc_language_count; i++) {
    const protoc_language *language = &protoc_languages[i];
    const char *own = by_option ? language->option : language->out;
    if (own && stele_str_eq(name, stele_cstr(own))) return language;
  }
  return NULL;
}

static bool take_input(protoc_flag_reader *r) {
  if (r->value.len == 0) {
    return fail(r,
                "You seem to have passed an empty string as one of the arguments to " STELE_STR_FMT
                ".  This is actually sort of hard to do.  Congrats.  Unfortunately it is not valid "
                "input so the program is going to die now.",
                STELE_STR_ARG(r->out->program));
  }
  STELE_VEC_PUSH(r->args->arena, &r->out->inputs, r->value);
  return true;
}

static bool take_out(protoc_flag_reader *r, const protoc_language *language) {
  if (r->out->mode != PROTOC_COMPILE) {
    return fail(r, "Cannot use --encode, --decode or print .proto info and generate code at the "
                   "same time.");
  }
  const char *colon = r->value.len ? memchr(r->value.ptr, ':', r->value.len) : NULL;
  size_t parameter = colon ? (size_t)(colon - r->value.ptr) : 0, skip = colon ? parameter + 1 : 0;
  STELE_VEC_PUSH(r->args->arena, &r->out->directives,
                 (protoc_directive){.flag = r->name,
                                    .language = language,
                                    .parameter = {r->value.ptr, parameter},
                                    .location = {r->value.ptr + skip, r->value.len - skip}});
  return true;
}

static bool take_prefix(protoc_flag_reader *r) {
  cli_words words = {0};
  stele_str plugin = protoc_plugin_name(r->args->arena, r->name);
  if (protoc_find(&r->out->prefixes, plugin)) return FAIL_NAMED(r, " may only be passed once.");
  if (r->value.len &&
      (memchr(r->value.ptr, '"', r->value.len) || memchr(r->value.ptr, '\'', r->value.len))) {
    return FAIL_NAMED(r, ": quotes are not supported in the value. Use a wrapper script for more "
                         "complex invocations.");
  }
  split(r->args->arena, r->value, " \t", &words);
  if (words.count == 0) return FAIL_NAMED(r, " requires a non-empty value.");
  set_named(r, &r->out->prefixes, plugin, r->value);
  return true;
}

/* A flag whose name holds the name of a language or a plugin. */
static bool take_open_flag(protoc_flag_reader *r) {
  const protoc_language *language = find_language(r->name, false);
  bool is_long = r->name.len > 2 && r->name.ptr[1] == '-';
  if (language || ends_with(r->name, "_out")) return take_out(r, language);
  language = find_language(r->name, true);
  if (language) {
    join_named(r, &r->out->language_options, stele_cstr(language->out));
  } else if (is_long && ends_with(r->name, "_opt")) {
    join_named(r, &r->out->plugin_options, protoc_plugin_name(r->args->arena, r->name));
  } else if (is_long && ends_with(r->name, "_prefix")) {
    return take_prefix(r);
  } else {
    return fail(r, "Unknown flag: " STELE_STR_FMT, STELE_STR_ARG(r->name));
  }
  return true;
}

static bool take_argument(protoc_flag_reader *r) {
  if (r->name.len == 0) return take_input(r);
  size_t flag = find_flag(r->name);
  return flag < STELE_COUNT(flags) ? flags[flag].take(r) : take_open_flag(r);
}

/* ---- Arguments ------------------------------------------------------------------------ */

/* Takes an argument apart; true when its value is the next argument. */
static bool wants_value(protoc_flag_reader *r, stele_str arg) {
  r->name = (stele_str){"", 0};
  r->value = arg;
  if (arg.len < 2 || arg.ptr[0] != '-') return false;
  const char *equals = memchr(arg.ptr, '=', arg.len);
  bool is_long = arg.ptr[1] == '-';
  size_t len = !is_long ? 2 : equals ? (size_t)(equals - arg.ptr) : arg.len;
  size_t skip = is_long && equals ? len + 1 : len;
  r->name = (stele_str){arg.ptr, len};
  r->value = (stele_str){arg.ptr + skip, arg.len - skip};
  if (is_long ? equals != NULL : r->value.len > 0) return false;
  size_t flag = find_flag(r->name);
  return flag == STELE_COUNT(flags) || flags[flag].value;
}

/* The lines of an @file, as they are. */
static bool add_lines(protoc_flag_reader *r, stele_str path, cli_words *out) {
  enum { MOST_BYTES = 256 << 20 };
  stele_bytes bytes;
  stele_err err = {0};
  stele_str disk = stele_str_eq(path, STELE_STR("-")) ? STELE_STR("./-") : path;
  if (sys_file_stat(disk).kind == SYS_FILE_DIR) return true; /* opens, and has no lines */
  if (path.len == 0 || !sys_file_read(r->args->arena, disk, MOST_BYTES, &bytes, &err)) {
    return fail(r, "Failed to open argument file: " STELE_STR_FMT, STELE_STR_ARG(path));
  }
  for (stele_str rest = stele_bytes_str(bytes); rest.len;) {
    const char *end = memchr(rest.ptr, '\n', rest.len);
    size_t len = end ? (size_t)(end - rest.ptr) : rest.len, next = end ? len + 1 : len;
    /* A NUL ends an argument. */
    const char *nul = len ? memchr(rest.ptr, 0, len) : NULL;
    stele_str line = {rest.ptr, nul ? (size_t)(nul - rest.ptr) : len};
    STELE_VEC_PUSH(r->args->arena, out, stele_str_copy(r->args->arena, line));
    rest = (stele_str){rest.ptr + next, rest.len - next};
  }
  return true;
}

static bool read_arguments(protoc_flag_reader *r, const cli_words *all) {
  for (size_t i = 0; i < all->count; i++) {
    if (wants_value(r, all->at[i])) {
      bool is_last = i + 1 == all->count;
      if (is_last || (all->at[i + 1].len && all->at[i + 1].ptr[0] == '-')) {
        bool is_decode = stele_str_eq(r->name, STELE_STR("--decode"));
        return fail(r, "Missing value for flag: " STELE_STR_FMT "%s", STELE_STR_ARG(r->name),
                    is_decode ? "\nTo decode an unknown message, use --decode_raw." : "");
      }
      r->value = all->at[++i];
    }
    if (!take_argument(r)) return false;
  }
  return true;
}

/* ---- What must fit together ---------------------------------------------------------------- */

/* An --X_opt wants its --X_out; but --cpp_opt may stand alone. */
static bool check_plugin_options(protoc_flag_reader *r) {
  bool ok = true;
  const protoc_options *o = r->out;
  for (size_t i = 0; i < o->plugin_options.count; i++) {
    stele_str name = o->plugin_options.at[i].name;
    bool found = protoc_find(&o->plugins, name) != NULL;
    for (size_t k = 0; k < o->directives.count && !found; k++) {
      const protoc_directive *directive = &o->directives.at[k];
      found = !directive->language &&
              stele_str_eq(protoc_plugin_name(r->args->arena, directive->flag), name);
    }
    if (found) continue;
    size_t skip = strlen("protoc-gen-");
    ok = fail(r, "Unknown flag: --" STELE_STR_FMT "_opt",
              STELE_STR_ARG(((stele_str){name.ptr + skip, name.len - skip})));
  }
  return ok;
}

static bool check_inputs(protoc_flag_reader *r) {
  const protoc_options *o = r->out;
  bool has_files = o->inputs.count, has_any = has_files || o->sets_in.count;
  if (o->mode == PROTOC_DECODE && o->codec_type.len == 0) {
    return !has_any || fail(r, "When using --decode_raw, no input files should be given.");
  }
  bool ok = o->mode == PROTOC_COMPILE ? has_files : has_any;
  return ok || fail(r, "Missing input file.");
}

static bool check_outputs(protoc_flag_reader *r) {
  const protoc_options *o = r->out;
  if (o->mode == PROTOC_COMPILE && !has_outputs(r) && o->defaults_out.len == 0) {
    return fail(r, "Missing output directives.");
  }
  if (o->mode != PROTOC_COMPILE && o->dependency_out.len) {
    return fail(r, "Can only use --dependency_out=FILE when generating code.");
  }
  if (o->mode != PROTOC_ENCODE && o->deterministic) {
    return fail(r, "Can only use --deterministic_output with --encode.");
  }
  if (o->dependency_out.len && o->inputs.count > 1) {
    return fail(r, "Can only process one input file when using --dependency_out=FILE.");
  }
  return true;
}

/* Flags that do nothing without another: protoc says so, and goes on. */
static void warn_useless(protoc_flag_reader *r) {
  const struct {
    bool given;
    const char *name;
  } rows[] = {
      {r->out->include_imports, "include_imports"},
      {r->out->include_source_info, "include_source_info"},
      {r->out->retain_options, "retain_options"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows) && r->out->set_out.len == 0; i++) {
    if (!rows[i].given) continue;
    cli_note(r->args, "--%s only makes sense when combined with --descriptor_set_out.\n",
             rows[i].name);
  }
}

static bool read_all(protoc_flag_reader *r, int argc, char **argv) {
  cli_words all = {0};
  for (int i = 0; i < argc; i++) {
    stele_str arg = stele_cstr(argv[i]);
    if (arg.len == 0 || arg.ptr[0] != '@') {
      STELE_VEC_PUSH(r->args->arena, &all, arg);
    } else if (!add_lines(r, (stele_str){arg.ptr + 1, arg.len - 1}, &all)) {
      return false;
    }
  }
  if (all.count == 0) return take_help(r);
  if (!read_arguments(r, &all) || !check_plugin_options(r)) return false;
  if (r->out->paths.count == 0 && r->out->sets_in.count == 0) {
    STELE_VEC_PUSH(r->args->arena, &r->out->paths, (protoc_named){{"", 0}, STELE_STR(".")});
  }
  if (!check_inputs(r) || !check_outputs(r)) return false;
  warn_useless(r);
  return true;
}

bool protoc_read_options(cli_args *args, int argc, char **argv, protoc_options *out,
                         cli_exit *end) {
  protoc_flag_reader r = {.args = args, .out = out};
  out->direct_message = STELE_STR("File is imported but not declared in --direct_dependencies: %s");
  out->option_message =
      STELE_STR("File is option imported but not declared in --option_dependencies: %s");
  bool ok = read_all(&r, argc, argv);
  *end = r.end;
  return ok;
}
