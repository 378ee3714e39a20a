/* A tick as the value of a Kafka record: trading.v1.TickData behind the frame that says under which
 * id its schema is registered. usage: tick SET.binpb SCHEMA_ID > record */
#include <stdio.h>
#include <stdlib.h>

#include "stele/codec.h"
#include "stele/compile.h"

int main(int argc, char **argv) {
  static uint8_t bytes[1 << 20];
  FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
  stele_bytes set = {bytes, file ? fread(bytes, 1, sizeof bytes, file) : 0}, record;
  stele_arena *arena = stele_arena_new(0);
  stele_err err = {0};
  stele_encode_options framed = {0};
  const stele_schema *schema = stele_compile_set(set, NULL, stele_report_new(arena, 0), &err);
  stele_layouts *layouts = schema ? stele_layouts_new(schema, &err) : NULL;
  const stele_layout *type =
      layouts ? stele_layouts_find(layouts, STELE_STR("trading.v1.TickData"), &err) : NULL;
  stele_object *tick = type ? stele_object_new(arena, type, &err) : NULL;
#define SET(name, ...)                                                                             \
  stele_object_set(tick, arena, stele_layout_field_by_name(type, STELE_STR(name)),                 \
                   (stele_value){__VA_ARGS__}, &err)
  if (tick && SET("symbol", .str = STELE_STR("EURUSD")) && SET("bid", .d = 1.08945) &&
      SET("timestamp_ms", .i64 = 1764238000000) &&
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
