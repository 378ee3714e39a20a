/* A tick as the value of a Kafka record: trading.v1.TickData behind the frame that says under which
 * id its schema is registered. usage: tick SCHEMAS_FOLDER SCHEMA_ID > record */
#include <stdio.h>
#include <stdlib.h>

#include "stele/codec.h"
#include "stele/compile.h"

static const char *folder;

/* Imports are files below the folder. */
static bool find(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  static char text[8][1 << 16], name[1024];
  static int count;
  (void)self, (void)err;
  (void)snprintf(name, sizeof name, "%s/" STELE_STR_FMT, folder, STELE_STR_ARG(path));
  FILE *file = count < 8 ? fopen(name, "rb") : NULL;
  if (!file) return true; /* perhaps one that is built in */
  size_t len = fread(text[count], 1, sizeof text[count], file);
  *out = (stele_found){.kind = STELE_FOUND_TEXT, .bytes = {(uint8_t *)text[count++], len}};
  return fclose(file) == 0;
}

int main(int argc, char **argv) {
  stele_resolver files = {.find = find};
  stele_compile_options options = {.use_builtin = true};
  stele_str path = STELE_STR("trading/market_data.proto");
  stele_arena *arena = stele_arena_new(0);
  stele_err err = {0};
  stele_encode_options framed = {0};
  stele_bytes record;
  if (argc != 3) return 2;
  folder = argv[1];

  const stele_schema *schema =
      stele_compile(&files, &path, 1, &options, stele_report_new(arena, 0), &err);
  stele_layouts *layouts = schema ? stele_layouts_new(schema, &err) : NULL;
  const stele_layout *type =
      layouts ? stele_layouts_find(layouts, STELE_STR("trading.v1.TickData"), &err) : NULL;
  stele_object *tick = type ? stele_object_new(arena, type, &err) : NULL;
#define FIELD(name) stele_layout_field_by_name(type, STELE_STR(name))
  if (tick &&
      stele_object_set(tick, arena, FIELD("symbol"), (stele_value){.str = STELE_STR("EURUSD")},
                       &err) &&
      stele_object_set(tick, arena, FIELD("bid"), (stele_value){.d = 1.08945}, &err) &&
      stele_object_set(tick, arena, FIELD("timestamp_ms"), (stele_value){.i64 = 1764238000000},
                       &err) &&
      stele_frame_header(arena, (int32_t)strtol(argv[2], NULL, 10), stele_layout_type(type),
                         &framed.header, &err) &&
      stele_binary_encode(arena, tick, &framed, &record, &err)) {
    (void)fwrite(record.ptr, 1, record.len, stdout);
  }
  if (err.code) (void)fprintf(stderr, "tick: %s\n", err.msg);
  stele_layouts_unref(layouts);
  stele_schema_unref(schema);
  stele_arena_free(arena);
  return err.code != STELE_OK;
}
