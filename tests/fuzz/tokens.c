/* A mutator for .proto text: tokens are lost, repeated, swapped, spliced, and
 * become other words of the language, so that more of what it makes gets past
 * the lexer and the parser. Every third input is left to libFuzzer's own. */
#include <stdbool.h>
#include <string.h>

#include "edit.h"

static const char *const words[] = {"message",
                                    "enum",
                                    "service",
                                    "rpc",
                                    "returns",
                                    "stream",
                                    "extend",
                                    "extensions",
                                    "reserved",
                                    "option",
                                    "import",
                                    "public",
                                    "weak",
                                    "package",
                                    "syntax",
                                    "edition",
                                    "oneof",
                                    "map",
                                    "group",
                                    "optional",
                                    "required",
                                    "repeated",
                                    "max",
                                    "to",
                                    "export",
                                    "local",
                                    "default",
                                    "json_name",
                                    "features",
                                    "field_presence",
                                    "IMPLICIT",
                                    "LEGACY_REQUIRED",
                                    "enum_type",
                                    "CLOSED",
                                    "DELIMITED",
                                    "message_encoding",
                                    "utf8_validation",
                                    "int32",
                                    "uint64",
                                    "sint32",
                                    "fixed64",
                                    "float",
                                    "double",
                                    "bool",
                                    "string",
                                    "bytes",
                                    "true",
                                    "false",
                                    "inf",
                                    "nan",
                                    "0",
                                    "1",
                                    "2",
                                    "19000",
                                    "536870911",
                                    "536870912",
                                    "2147483647",
                                    "-2147483648",
                                    "18446744073709551615",
                                    "0x7f",
                                    "017",
                                    "1e3",
                                    ".5",
                                    "\"a.proto\"",
                                    "\"b.proto\"",
                                    "\"proto2\"",
                                    "\"proto3\"",
                                    "\"2023\"",
                                    "\"2024\"",
                                    "\"\\xff\"",
                                    "google.protobuf.FieldOptions",
                                    "google/protobuf/descriptor.proto",
                                    "packed",
                                    "deprecated",
                                    "allow_alias",
                                    "message_set_wire_format",
                                    "declaration",
                                    "verification",
                                    "targets",
                                    "retention",
                                    "edition_defaults",
                                    "feature_support",
                                    "(",
                                    ")",
                                    "{",
                                    "}",
                                    "[",
                                    "]",
                                    "<",
                                    ">",
                                    "=",
                                    ";",
                                    ",",
                                    ":",
                                    ".",
                                    "-",
                                    "/",
                                    "#",
                                    "//",
                                    "/*",
                                    "*/",
                                    "\x1e"};

static bool is_word(uint8_t c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_space(uint8_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Behind the token that begins at `at`; space belongs to the token before it. */
static size_t token_end(const uint8_t *data, size_t size, size_t at) {
  uint8_t first = data[at++];
  if (is_word(first)) {
    while (at < size && is_word(data[at])) at++;
  } else if (first == '"' || first == '\'') {
    while (at < size && data[at] != first && data[at] != '\n') at += data[at] == '\\' ? 2 : 1;
    at = at < size ? at + 1 : size;
  }
  while (at < size && is_space(data[at])) at++;
  return at;
}

static void cut(const uint8_t *data, size_t size, edit_pieces *out) {
  *out = (edit_pieces){.data = data};
  size_t at = 0;
  while (at < size && out->count + 1 < EDIT_MOST_PIECES) {
    out->starts[out->count++] = (uint32_t)at;
    at = token_end(data, size, at);
  }
  if (at < size) out->starts[out->count++] = (uint32_t)at;
  out->starts[out->count] = (uint32_t)size;
}

/* A word comes in front of a token, or in its place. */
static void put_word(const edit_pieces *pieces, uint64_t *state, edit_out *out) {
  const char *word = words[edit_draw(state, sizeof words / sizeof *words)];
  uint32_t at = edit_draw(state, pieces->count), skip = edit_draw(state, 3) != 0;
  if (at + skip > pieces->count) skip = 0;
  edit_add_pieces(out, pieces, 0, at);
  edit_add(out, (const uint8_t *)word, strlen(word));
  edit_add(out, (const uint8_t *)" ", 1);
  edit_add_pieces(out, pieces, at + skip, pieces->count);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed) {
  uint8_t made[EDIT_MOST_BYTES];
  edit_pieces pieces;
  uint64_t state = seed;
  if (edit_draw(&state, 3) == 0 || size > sizeof made) return LLVMFuzzerMutate(data, size, most);
  for (uint32_t i = 1 + edit_draw(&state, 3); i > 0; i--) {
    edit_out out = {made, 0, most < sizeof made ? most : sizeof made};
    cut(data, size, &pieces);
    if (edit_draw(&state, 2)) {
      edit_pieces_once(&pieces, &state, &out);
    } else {
      put_word(&pieces, &state, &out);
    }
    memcpy(data, made, out.len);
    size = out.len;
  }
  return size ? size : LLVMFuzzerMutate(data, size, most);
}

/* A run of the other's tokens comes into the one. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *other,
                                 size_t other_size, uint8_t *made, size_t most, unsigned seed) {
  edit_pieces a, b;
  uint64_t state = seed;
  edit_out out = {made, 0, most};
  if (one_size > EDIT_MOST_BYTES || other_size > EDIT_MOST_BYTES) return 0;
  cut(one, one_size, &a);
  cut(other, other_size, &b);
  uint32_t at = edit_draw(&state, a.count + 1), from = edit_draw(&state, b.count + 1);
  uint32_t to = from + edit_draw(&state, 40);
  if (to > b.count) to = b.count;
  edit_add_pieces(&out, &a, 0, at);
  edit_add_pieces(&out, &b, from, to);
  edit_add_pieces(&out, &a, at, a.count);
  return out.len;
}
