/* What protoc prints of files besides code: free field numbers, and the rule
 * that tells make what an output depends on. */
#include <stdlib.h>

#include "cli/protoc/protoc.h"
#include "sys/file.h"

enum { NUMBER_MAX = 536870911 };

/* ---- --print_free_field_numbers ----------------------------------------------------- */

typedef struct number_range {
  int32_t start, end; /* exclusive */
} number_range;

typedef STELE_VEC(number_range) number_ranges;

static int compare_ranges(const void *a, const void *b) {
  const number_range *x = a, *y = b;
  if (x->start != y->start) return x->start < y->start ? -1 : 1;
  return (x->end > y->end) - (x->end < y->end);
}

static number_ranges taken_numbers(stele_arena *arena, const stele_message *message) {
  number_ranges all = {0};
  for (uint32_t i = 0; i < message->field_count; i++) {
    int32_t number = message->fields[i].number;
    STELE_VEC_PUSH(arena, &all, (number_range){number, number + 1});
  }
  for (uint32_t i = 0; i < message->extension_range_count; i++) {
    const stele_range *range = &message->extension_ranges[i];
    STELE_VEC_PUSH(arena, &all, (number_range){range->start, range->end});
  }
  for (uint32_t i = 0; i < message->reserved_range_count; i++) {
    const stele_range *range = &message->reserved_ranges[i];
    STELE_VEC_PUSH(arena, &all, (number_range){range->start, range->end});
  }
  if (all.count) qsort(all.at, all.count, sizeof *all.at, compare_ranges);
  return all;
}

/* "a.B                                free: 1 3-5 9-INF", nested ones first. */
static void print_free_numbers(protoc_run *run, const stele_message *message) {
  for (uint32_t i = 0; i < message->message_count; i++) {
    print_free_numbers(run, &message->messages[i]);
  }
  stele_mark mark = stele_arena_mark(run->arena);
  number_ranges taken = taken_numbers(run->arena, message);
  stele_str name = message->full_name;
  cli_print_str(run->args, name);
  cli_print(run->args, "%*s free:", name.len < 35 ? (int)(35 - name.len) : 0, "");
  int32_t next = 1;
  for (size_t i = 0; i < taken.count; i++) {
    const number_range *range = &taken.at[i];
    if (next >= range->end) continue;
    if (next + 1 == range->start) {
      cli_print(run->args, " %d", next);
    } else if (next < range->start) {
      cli_print(run->args, " %d-%d", next, range->start - 1);
    }
    next = range->end;
  }
  if (next <= NUMBER_MAX) cli_print(run->args, " %d-INF", next);
  cli_print(run->args, "\n");
  stele_arena_rewind(run->arena, mark);
}

void protoc_print_free_numbers(protoc_run *run) {
  for (size_t i = 0; i < run->count; i++) {
    const stele_file *file = run->files[i];
    for (uint32_t k = 0; k < file->message_count; k++) print_free_numbers(run, &file->messages[k]);
  }
}

/* ---- --dependency_out ------------------------------------------------------------------ */

/* The files that are made, as make knows them. */
static cli_words output_names(protoc_run *run, const protoc_outputs *outputs) {
  cli_words names = {0};
  for (size_t i = 0; i < outputs->count; i++) {
    size_t count;
    stele_str location = outputs->at[i].location;
    const stele_gen_file *files = stele_gen_output_files(outputs->at[i].files, &count);
    for (size_t k = 0; k < count; k++) {
      stele_str name = stele_str_printf(run->arena, STELE_STR_FMT STELE_STR_FMT,
                                        STELE_STR_ARG(location), STELE_STR_ARG(files[k].path));
      if (name.len >= 2 && memcmp(name.ptr, "./", 2) == 0) {
        name = (stele_str){name.ptr + 2, name.len - 2};
      }
      STELE_VEC_PUSH(run->arena, &names, name);
    }
  }
  if (run->options.set_out.len) STELE_VEC_PUSH(run->arena, &names, run->options.set_out);
  if (run->options.defaults_out.len) STELE_VEC_PUSH(run->arena, &names, run->options.defaults_out);
  return names;
}

/* The inputs and all they import, where they lie on disk. A file that is built
 * in lies nowhere, and nothing is made again because of it. */
static cli_words input_names(protoc_run *run) {
  cli_words names = {0};
  const stele_file *const *order;
  size_t count = stele_descriptor_order(run->arena, run->files, run->count, true, &order);
  for (size_t i = 0; i < count; i++) {
    stele_str disk = protoc_tree_disk(&run->tree, order[i]->name);
    if (disk.ptr) STELE_VEC_PUSH(run->arena, &names, disk);
  }
  return names;
}

bool protoc_write_dependencies(protoc_run *run, const protoc_outputs *outputs) {
  stele_buf text;
  stele_err err = {0};
  bool is_open;
  cli_words made = output_names(run, outputs), needed = input_names(run);
  stele_buf_init(&text, run->arena, 0);
  for (size_t i = 0; i < made.count; i++) {
    stele_buf_add_str(&text, made.at[i]);
    stele_buf_add_cstr(&text, i + 1 < made.count ? " \\\n" : ":");
  }
  for (size_t i = 0; i < needed.count && made.count; i++) {
    stele_buf_add_byte(&text, ' ');
    stele_buf_add_str(&text, needed.at[i]);
    if (i + 1 < needed.count) stele_buf_add_cstr(&text, "\\\n");
  }
  if (sys_file_overwrite(run->options.dependency_out, stele_buf_bytes(&text), &is_open, &err)) {
    return true;
  }
  return protoc_say(run, "%s\n", err.msg);
}
