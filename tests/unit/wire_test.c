/* The wire format's reader and writers, on good bytes and bad. */
#include "harness/test.h"

#include "base/guard.h"
#include "proto/wire/reader.h"
#include "proto/wire/writer.h"

#define BYTES(literal) ((stele_bytes){(const uint8_t *)(literal), sizeof(literal) - 1})

static void test_varints(stele_test *t) {
  static const struct {
    const char *label;
    stele_str bytes;
    uint64_t want;
    bool ok;
  } rows[] = {
      {"zero", STELE_STR_INIT("\x00"), 0, true},
      {"largest of one byte", STELE_STR_INIT("\x7f"), 127, true},
      {"smallest of two bytes", STELE_STR_INIT("\x80\x01"), 128, true},
      {"overlong zero", STELE_STR_INIT("\x80\x80\x00"), 0, true},
      {"largest", STELE_STR_INIT("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), UINT64_MAX, true},
      {"a 65th bit is dropped", STELE_STR_INIT("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
       UINT64_MAX >> 1, true},
      {"an eleventh byte", STELE_STR_INIT("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00"), 0,
       false},
      {"cut short", STELE_STR_INIT("\x80"), 0, false},
      {"nothing", STELE_STR_INIT(""), 0, false},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_reader r = stele_reader_of(stele_str_bytes(rows[i].bytes));
    uint64_t got = stele_read_varint(&r);
    t_eq_int(t, !r.failed, rows[i].ok);
    t_true(t, got == rows[i].want);
    t_true(t, stele_read_done(&r));
  }
}

static void test_skipping(stele_test *t) {
  static const struct {
    const char *label;
    stele_str bytes;
    bool ok;
  } rows[] = {
      {"varint", STELE_STR_INIT("\x08\x80\x01"), true},
      {"fixed 64",
       STELE_STR_INIT("\x09"
                      "12345678"),
       true},
      {"fixed 64, cut",
       STELE_STR_INIT("\x09"
                      "1234567"),
       false},
      {"delimited",
       STELE_STR_INIT("\x0a\x03"
                      "abc"),
       true},
      {"delimited, too long",
       STELE_STR_INIT("\x0a\x04"
                      "abc"),
       false},
      {"delimited, absurdly long", STELE_STR_INIT("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
       false},
      {"group", STELE_STR_INIT("\x0b\x10\x05\x0c"), true},
      {"group in a group", STELE_STR_INIT("\x0b\x13\x14\x0c"), true},
      {"group without its end", STELE_STR_INIT("\x0b\x10\x05"), false},
      {"group with another's end", STELE_STR_INIT("\x0b\x14"), false},
      {"end without a group", STELE_STR_INIT("\x0c"), false},
      {"fixed 32",
       STELE_STR_INIT("\x0d"
                      "1234"),
       true},
      {"wire type 6", STELE_STR_INIT("\x0e"), false},
      {"wire type 7", STELE_STR_INIT("\x0f"), false},
      {"field number 0", STELE_STR_INIT("\x00\x00"), false},
      {"largest field number", STELE_STR_INIT("\xf8\xff\xff\xff\x0f\x01"), true},
      {"field number over 29 bits", STELE_STR_INIT("\x80\x80\x80\x80\x10\x01"), false},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_reader r = stele_reader_of(stele_str_bytes(rows[i].bytes));
    stele_read_skip_field(&r, 10);
    t_eq_int(t, !r.failed, rows[i].ok);
    t_true(t, stele_read_done(&r));
  }
}

static void test_groups_are_bounded(stele_test *t) {
  enum { DEEP = 100000 };
  uint8_t *bytes = STELE_NEW_ARRAY(t->arena, uint8_t, DEEP);
  memset(bytes, 0x0b, DEEP);
  stele_reader r = stele_reader_of((stele_bytes){bytes, DEEP});
  stele_read_skip_field(&r, 100);
  t_true(t, r.failed);

  r = stele_reader_of(BYTES("\x0b\x10\x05\x8c\x00\x08\x07"));
  stele_bytes group = stele_read_group(&r, stele_read_tag(&r), 10);
  t_eq_int(t, group.len, 2);
  t_eq_int(t, stele_read_tag(&r), 8);
  t_eq_int(t, stele_read_varint(&r), 7);
  t_true(t, !r.failed);
}

static void test_failure_sticks(stele_test *t) {
  stele_reader r = stele_reader_of(BYTES("\x80"));
  (void)stele_read_varint(&r);
  t_eq_int(t, stele_read_fixed32(&r), 0);
  t_eq_int(t, stele_read_fixed64(&r), 0);
  t_eq_int(t, stele_read_delimited(&r).len, 0);
  t_true(t, r.failed && stele_read_done(&r));
}

static void test_zigzag(stele_test *t) {
  static const int64_t rows[] = {0, -1, 1, -2, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN};
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case_n(t, "row", i);
    t_true(t, stele_wire_unzigzag(stele_wire_zigzag(rows[i])) == rows[i]);
  }
  t_eq_int(t, stele_wire_zigzag(-1), 1);
  t_eq_int(t, stele_wire_zigzag(1), 2);
}

/* What is written either way is the same, and is read back. */
static void test_both_writers_agree(stele_test *t) {
  stele_buf out;
  stele_back back;
  stele_buf_init(&out, t->arena, 0);
  stele_back_init(&back, t->arena);

  for (unsigned shift = 0; shift < 64; shift++) {
    uint64_t value = UINT64_MAX >> shift;
    stele_write_varint_field(&out, shift + 1, value);
    t_eq_int(t, stele_wire_varint_len(value), (64 - shift + 6) / 7);
  }
  stele_write_bytes_field(&out, 1000, BYTES("hello"));
  stele_back_bytes_field(&back, 1000, BYTES("hello"));
  for (unsigned shift = 64; shift-- > 0;) {
    stele_back_varint_field(&back, shift + 1, UINT64_MAX >> shift);
  }
  t_true(t, stele_bytes_eq(stele_back_bytes(&back), stele_buf_bytes(&out)));

  stele_reader r = stele_reader_of(stele_buf_bytes(&out));
  for (unsigned shift = 0; shift < 64; shift++) {
    t_eq_int(t, stele_read_tag(&r), stele_wire_tag(shift + 1, STELE_WIRE_VARINT));
    t_true(t, stele_read_varint(&r) == UINT64_MAX >> shift);
  }
  (void)stele_read_tag(&r);
  t_eq_str(t, stele_bytes_str(stele_read_delimited(&r)), STELE_STR("hello"));
  t_true(t, !r.failed && stele_read_done(&r));
}

static void test_back_grows_and_wraps(stele_test *t) {
  enum { COUNT = 5000 };
  stele_back back;
  stele_back_init(&back, t->arena);
  for (int i = 0; i < COUNT; i++) {
    size_t before = stele_back_len(&back);
    stele_back_str_field(&back, 2, STELE_STR("some text"));
    stele_back_wrap(&back, 1, before);
  }
  stele_reader r = stele_reader_of(stele_back_bytes(&back));
  int count = 0;
  while (!stele_read_done(&r)) {
    t_eq_int(t, stele_read_tag(&r), 0x0a);
    t_eq_int(t, stele_read_delimited(&r).len, 11);
    count++;
  }
  t_true(t, !r.failed);
  t_eq_int(t, count, COUNT);

  stele_back_clear(&back);
  t_eq_int(t, stele_back_len(&back), 0);
}

static void test_fixed(stele_test *t) {
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  stele_write_fixed32(&out, 0x04030201u);
  stele_write_fixed64(&out, 0x0807060504030201u);
  t_eq_str(t, stele_buf_str(&out), STELE_STR("\1\2\3\4\1\2\3\4\5\6\7\10"));
  stele_reader r = stele_reader_of(stele_buf_bytes(&out));
  t_true(t, stele_read_fixed32(&r) == 0x04030201u);
  t_true(t, stele_read_fixed64(&r) == 0x0807060504030201u);
}

TEST_MAIN(test_varints, test_skipping, test_groups_are_bounded, test_failure_sticks, test_zigzag,
          test_both_writers_agree, test_back_grows_and_wraps, test_fixed)
