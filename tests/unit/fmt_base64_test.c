/* Base64: the vectors of RFC 4648, what strict refuses, what tolerant takes. */
#include "fmt/base64.h"

#include "harness/test.h"

static stele_str encode(stele_test *t, stele_str text) {
  stele_buf buf;
  stele_buf_init(&buf, t->arena, 0);
  stele_base64_encode(&buf, stele_str_bytes(text));
  return stele_buf_str(&buf);
}

static void test_vectors(stele_test *t) {
  static const struct {
    const char *plain, *coded;
  } rows[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
      {"\xfb\xff\xbf", "+/+/"},
      {"\xff\xff\xff\xff", "/////w=="},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].coded);
    t_eq_str(t, encode(t, stele_cstr(rows[i].plain)), stele_cstr(rows[i].coded));
    for (unsigned form = STELE_BASE64_STRICT; form <= STELE_BASE64_TOLERANT; form++) {
      stele_buf buf;
      stele_buf_init(&buf, t->arena, 0);
      stele_buf_add_cstr(&buf, ">");
      t_true(t, stele_base64_decode(&buf, stele_cstr(rows[i].coded), (stele_base64_form)form));
      t_eq_str(t, stele_buf_str(&buf), stele_str_printf(t->arena, ">%s", rows[i].plain));
    }
  }
}

static void test_forms(stele_test *t) {
  static const struct {
    const char *label, *coded;
    const char *tolerant; /* what it stands for; NULL: nothing even then */
    size_t fault;         /* then: where */
  } rows[] = {
      {"no padding", "Zg", "f", 0},
      {"no padding, two bytes", "Zm8", "fo", 0},
      {"half a padding", "Zg=", NULL, 3},
      {"too much padding", "Zg===", NULL, 4},
      {"padding after whole letters", "Zm9v=", NULL, 5},
      {"padding alone", "====", NULL, 2},
      {"one letter", "Z", NULL, 1},
      {"five letters", "Zm9vY", NULL, 5},
      {"letters behind the padding", "Zg==Zg==", NULL, 4},
      {"stray bits", "Zh==", "f", 0},
      {"stray bits, two bytes", "Zm9=", "fo", 0},
      {"web letters", "-_-_", "\xfb\xff\xbf", 0},
      {"a line break", "Zm9v\r\nYmFy\n", "foobar", 0},
      {"a space", "Zm 9v", "foo", 0},
      {"no letter", "Zm9*", NULL, 3},
      {"a byte over 127", "Zm9\xc3", NULL, 3},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_buf buf;
    stele_buf_init(&buf, t->arena, 0);
    stele_str coded = stele_cstr(rows[i].coded);
    t_case(t, rows[i].label);
    t_true(t, !stele_base64_decode(&buf, coded, STELE_BASE64_STRICT));
    t_eq_int(t, buf.len, 0);
    t_eq_int(t, stele_base64_decode(&buf, coded, STELE_BASE64_TOLERANT), rows[i].tolerant != NULL);
    t_eq_str(t, stele_buf_str(&buf), stele_cstr(rows[i].tolerant));
    size_t fault = 0;
    (void)!stele_base64_decode_at(&buf, coded, STELE_BASE64_TOLERANT, &fault);
    t_eq_int(t, fault, rows[i].fault);
  }
}

/* decode(encode(x)) = x for every length and every byte. */
static void test_round_trip(stele_test *t) {
  char bytes[300];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char)(i * 167 + 13);
  for (size_t len = 0; len <= sizeof bytes; len++) {
    stele_buf buf;
    stele_buf_init(&buf, t->arena, 0);
    t_case_n(t, "bytes", len);
    stele_str coded = encode(t, (stele_str){bytes, len});
    t_eq_int(t, coded.len % 4, 0);
    t_true(t, stele_base64_decode(&buf, coded, STELE_BASE64_STRICT));
    t_eq_str(t, stele_buf_str(&buf), ((stele_str){bytes, len}));
  }
}

TEST_MAIN(test_vectors, test_forms, test_round_trip)
