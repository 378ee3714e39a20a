/* The tables, in the order of their categories: those with the first category
 * first, those in more of them later; what is in none, last. */
#include "cli/judge/rule_list.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/vec.h"
#include "cli/judge/findings.h"
#include "config/config.h"
#include "sys/file.h"

enum { MOST_CONFIG_BYTES = 1 << 20, MOST_CATEGORIES = 32, COLUMNS = 4 };

typedef STELE_VEC(const rule *) rule_vec;

typedef struct listing {
  cli_args *args;
  rule_kind kind;
  rule_set set;
  bool with_platform, with_deprecated;
  const config_file *file; /* of the configuration; NULL: none */
  rule_vec rules;
} listing;

/* ---- order ---------------------------------------------------------------- */

static uint32_t categories_in(uint32_t set) {
  return set & ~(uint32_t)(RULE_IN_SET | RULE_IS_DEFAULT);
}

/* The categories as bits in order, without those that only mark. */
static uint32_t order_bits(const rule *row, rule_set set) {
  uint32_t marks = RULE_IN_CSR | RULE_IN_DEFAULT | RULE_IN_STYLE_DEFAULT, all;
  all = categories_in(row->sets[set]) & ~marks;
  return all == RULE_IN_PLATFORM ? all : all & ~(uint32_t)RULE_IN_PLATFORM;
}

static int category_order(uint32_t a, uint32_t b) {
  if (a == b) return 0;
  if (!a || !b) return a ? -1 : 1;
  uint32_t differs = a ^ b, lowest = differs & (~differs + 1);
  uint32_t above = ~(lowest | (lowest - 1));
  /* Who lacks the category that differs goes first when its list ends there. */
  if (a & lowest) return (b & above) ? -1 : 1;
  return (a & above) ? 1 : -1;
}

typedef struct keyed {
  const rule *row;
  uint32_t bits;
  int marks;
} keyed;

static int rule_order(const void *left, const void *right) {
  const keyed *a = left, *b = right;
  int order = category_order(a->bits, b->bits);
  if (!order) order = a->marks - b->marks;
  return order ? order : strcmp(a->row->id, b->row->id);
}

static void sort_rules(listing *l) {
  size_t count = l->rules.count;
  keyed *keys = STELE_NEW_ARRAY(cli_arena(l->args), keyed, count + 1);
  for (size_t i = 0; i < count; i++) {
    const rule *row = l->rules.at[i];
    keys[i] = (keyed){row, order_bits(row, l->set), (row->sets[l->set] & RULE_IN_CSR) != 0};
  }
  if (count) qsort(keys, count, sizeof *keys, rule_order);
  for (size_t i = 0; i < count; i++) l->rules.at[i] = keys[i].row;
}

/* ---- which rules ---------------------------------------------------------- */

static bool is_known_version(stele_str text, rule_set *set) {
  static const char *const names[] = {
      [RULE_SET_V1BETA1] = "v1beta1", [RULE_SET_V1] = "v1", [RULE_SET_V2] = "v2"};
  for (size_t i = 0; i < STELE_COUNT(names); i++) {
    if (!stele_str_eq(text, stele_cstr(names[i]))) continue;
    *set = (rule_set)i;
    return true;
  }
  return false;
}

/* The file that lies here, or what --config says. */
static bool read_config(listing *l) {
  static const char *const names[] = {"stele.yaml", "buf.yaml", "buf.mod"};
  stele_arena *arena = cli_arena(l->args);
  stele_str given = cli_value(l->args, "config"), name = {0};
  stele_bytes bytes = stele_str_bytes(given);
  stele_err err = {0};
  bool is_file = given.len && sys_file_stat(given).kind == SYS_FILE_PLAIN;
  if (is_file) name = given;
  for (size_t i = 0; !given.len && !name.len && i < STELE_COUNT(names); i++) {
    if (sys_file_stat(stele_cstr(names[i])).kind == SYS_FILE_PLAIN) name = stele_cstr(names[i]);
  }
  if (!given.len && !name.len) return true;
  if (name.len && !sys_file_read(arena, name, MOST_CONFIG_BYTES, &bytes, &err)) {
    (void)cli_fail_err(l->args, &err);
    return false;
  }
  l->file = config_parse(arena, name.len ? name : STELE_STR("--config"), stele_bytes_str(bytes),
                         CONFIG_KIND_STELE, &err);
  if (!l->file) (void)cli_fail_err(l->args, &err);
  return l->file != NULL;
}

static bool choose_set(listing *l) {
  stele_str version = cli_value(l->args, "rule-version");
  if (!version.len) version = cli_value(l->args, "version");
  l->set = RULE_SET_V2;
  l->with_platform = true;
  if (version.len) {
    l->with_platform = false;
    if (is_known_version(version, &l->set)) return true;
    (void)cli_fail(l->args, "--rule-version wants v1beta1, v1 or v2, not \"" STELE_STR_FMT "\"",
                   STELE_STR_ARG(version));
    return false;
  }
  if (!read_config(l)) return false;
  if (!l->file) return true;
  l->set = l->file->version == CONFIG_V1BETA1 ? RULE_SET_V1BETA1
           : l->file->version == CONFIG_V1    ? RULE_SET_V1
                                              : RULE_SET_V2;
  l->with_platform = l->file->version == CONFIG_STELE;
  return true;
}

static void take_table(listing *l) {
  size_t count;
  const rule *rows = rule_table(l->kind, &count);
  for (size_t i = 0; i < count; i++) {
    uint32_t set = rows[i].sets[l->set];
    if (!(set & RULE_IN_SET)) continue;
    if (rows[i].is_deprecated && !l->with_deprecated) continue;
    bool is_ours = categories_in(set) == RULE_IN_PLATFORM;
    if (is_ours && !l->with_platform) continue;
    STELE_VEC_PUSH(cli_arena(l->args), &l->rules, &rows[i]);
  }
}

/* The one there is, or that --module-path names. */
static const config_module *find_module(const listing *l) {
  stele_str wanted = cli_value(l->args, "module-path"), path = wanted;
  size_t count = l->file->modules.count;
  if (!wanted.len && count == 1) return &l->file->modules.at[0];
  if (!wanted.len) {
    (void)cli_fail(l->args, "the configuration has %zu modules; name one with --module-path",
                   count);
    return NULL;
  }
  (void)config_path(cli_arena(l->args), wanted, &path);
  for (size_t i = 0; i < count; i++) {
    if (stele_str_eq(l->file->modules.at[i].path, path)) return &l->file->modules.at[i];
  }
  (void)cli_fail(l->args, "no module found for path \"" STELE_STR_FMT "\"", STELE_STR_ARG(wanted));
  return NULL;
}

static bool take_configured(listing *l) {
  if (!l->file) l->file = config_default(cli_arena(l->args), CONFIG_V1);
  const config_module *module = find_module(l);
  if (!module) return false;
  const config_rules *rules = l->kind == RULE_LINT ? &module->lint : &module->breaking;
  rule_config config = {.kind = l->kind,
                        .set = l->set,
                        .without_platform = !l->with_platform,
                        .use = rules->use.at,
                        .use_count = rules->use.count,
                        .except = rules->except.at,
                        .except_count = rules->except.count};
  stele_err err = {0};
  const rule_selection *selection = rule_select(cli_arena(l->args), &config, &err);
  if (!selection) {
    (void)cli_fail_err(l->args, &err);
    return false;
  }
  size_t count;
  const rule *const *rows = rule_selected(selection, &count);
  for (size_t i = 0; i < count; i++) STELE_VEC_PUSH(cli_arena(l->args), &l->rules, rows[i]);
  rows = rule_unchecked(selection, &count);
  for (size_t i = 0; i < count; i++) STELE_VEC_PUSH(cli_arena(l->args), &l->rules, rows[i]);
  return true;
}

/* ---- printing ------------------------------------------------------------- */

static size_t categories_of(const listing *l, const rule *row, const char **out) {
  size_t count = 0;
  uint32_t old = RULE_IN_DEFAULT | RULE_IN_STYLE_DEFAULT;
  for (unsigned bit = 0; rule_category_name(bit); bit++) {
    uint32_t one = (uint32_t)1 << bit;
    if (!(row->sets[l->set] & one)) continue;
    if ((old & one) && !l->with_deprecated) continue;
    if (one == RULE_IN_PLATFORM && !l->with_platform) continue;
    out[count++] = rule_category_name(bit);
  }
  return count;
}

static stele_str category_text(const listing *l, const rule *row) {
  const char *names[MOST_CATEGORIES];
  stele_buf text;
  stele_buf_init(&text, cli_arena(l->args), 0);
  size_t count = categories_of(l, row, names);
  for (size_t i = 0; i < count; i++) stele_buf_printf(&text, "%s%s", i ? ", " : "", names[i]);
  return stele_buf_str(&text);
}

static void print_text(const listing *l) {
  static const char *const headings[COLUMNS] = {"ID", "CATEGORIES", "DEFAULT", "PURPOSE"};
  size_t widths[COLUMNS] = {0}, count = l->rules.count;
  stele_str(*cells)[COLUMNS] =
      stele_arena_alloc(cli_arena(l->args), (count + 1) * sizeof *cells, _Alignof(stele_str));
  for (size_t c = 0; c < COLUMNS; c++) cells[0][c] = stele_cstr(headings[c]);
  for (size_t i = 0; i < count; i++) {
    const rule *row = l->rules.at[i];
    bool is_default = (row->sets[l->set] & RULE_IS_DEFAULT) != 0;
    cells[i + 1][0] = stele_cstr(row->id);
    cells[i + 1][1] = category_text(l, row);
    cells[i + 1][2] = is_default ? STELE_STR("*") : STELE_STR("");
    cells[i + 1][3] = stele_cstr(row->purpose);
  }
  for (size_t i = 0; i <= count; i++) {
    for (size_t c = 0; c < COLUMNS; c++) {
      if (cells[i][c].len > widths[c]) widths[c] = cells[i][c].len;
    }
  }
  for (size_t i = 0; i <= count; i++) {
    for (size_t c = 0; c + 1 < COLUMNS; c++) {
      cli_print(l->args, "%-*.*s", (int)widths[c] + 2, STELE_STR_ARG(cells[i][c]));
    }
    cli_print(l->args, STELE_STR_FMT "\n", STELE_STR_ARG(cells[i][COLUMNS - 1]));
  }
}

static void add_texts(stele_buf *out, const char *const *texts, size_t count) {
  stele_buf_add_cstr(out, "[");
  for (size_t i = 0; i < count; i++) {
    cli_findings_json_str(out, i ? "," : "", stele_cstr(texts[i]));
  }
  stele_buf_add_cstr(out, "]");
}

static void add_rule(const listing *l, const rule *row, stele_buf *out) {
  const char *names[MOST_CATEGORIES];
  size_t replaced = 0;
  while (replaced < STELE_COUNT(row->replaced_by) && row->replaced_by[replaced]) replaced++;
  cli_findings_json_str(out, "{\"id\":", stele_cstr(row->id));
  stele_buf_add_cstr(out, ",\"categories\":");
  add_texts(out, names, categories_of(l, row, names));
  bool is_default = (row->sets[l->set] & RULE_IS_DEFAULT) != 0;
  stele_buf_printf(out, ",\"default\":%s", is_default ? "true" : "false");
  cli_findings_json_str(out, ",\"purpose\":", stele_cstr(row->purpose));
  stele_buf_printf(out, ",\"plugin\":\"\",\"deprecated\":%s,\"replacements\":",
                   row->is_deprecated ? "true" : "false");
  if (replaced) {
    add_texts(out, row->replaced_by, replaced);
  } else {
    stele_buf_add_cstr(out, "null");
  }
  stele_buf_add_cstr(out, "}\n");
}

static void print_json(const listing *l) {
  stele_buf out;
  stele_buf_init(&out, cli_arena(l->args), 0);
  for (size_t i = 0; i < l->rules.count; i++) add_rule(l, l->rules.at[i], &out);
  cli_print_str(l->args, stele_buf_str(&out));
}

cli_exit rule_list_run(cli_args *args, rule_kind kind) {
  bool is_configured = cli_given(args, "configured-only");
  listing l = {.args = args,
               .kind = kind,
               .with_deprecated = cli_given(args, "include-deprecated") && !is_configured};
  stele_str form = cli_value(args, "format");
  bool is_json = stele_str_eq(form, STELE_STR("json")) || cli_given(args, "json");
  if (!is_json && !stele_str_eq(form, STELE_STR("text"))) {
    return cli_fail(args, "a list is text or json, not " STELE_STR_FMT, STELE_STR_ARG(form));
  }
  if (!choose_set(&l)) return CLI_ERROR;
  if (is_configured) {
    if (!take_configured(&l)) return CLI_ERROR;
  } else {
    take_table(&l);
  }
  sort_rules(&l);
  (is_json ? print_json : print_text)(&l);
  return CLI_OK;
}
