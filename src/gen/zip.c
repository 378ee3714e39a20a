/* Local headers with their files, then the directory, then its end. */
#include "gen/zip.h"

#include "proto/wire/writer.h"

enum {
  LOCAL_HEADER = 0x04034b50,
  DIRECTORY_ENTRY = 0x02014b50,
  DIRECTORY_END = 0x06054b50,
  VERSION = 10,
  DOS_EPOCH = 1 << 5 | 1, /* the first of January 1980 */
};

const stele_gen_file stele_gen_jar_manifest = {
    STELE_STR_INIT("META-INF/MANIFEST.MF"),
    STELE_STR_INIT("Manifest-Version: 1.0\nCreated-By: 1.6.0 (protoc)\n\n"),
};

/* CRC-32 as in ISO 3309, half a byte at a time. */
static uint32_t crc32_of(stele_str text) {
  static const uint32_t table[16] = {
      0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
      0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
      0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
  };
  uint32_t crc = UINT32_MAX;
  for (size_t i = 0; i < text.len; i++) {
    crc ^= (uint8_t)text.ptr[i];
    crc = crc >> 4 ^ table[crc & 15];
    crc = crc >> 4 ^ table[crc & 15];
  }
  return ~crc;
}

static void put16(stele_buf *out, size_t value) {
  stele_buf_add_byte(out, (uint8_t)value);
  stele_buf_add_byte(out, (uint8_t)(value >> 8));
}

static void put32(stele_buf *out, size_t value) {
  stele_write_fixed32(out, (uint32_t)value);
}

/* What a local header and a directory entry have in common, from the version
 * that is needed to the length of the name and the extra field. */
static void put_facts(stele_buf *out, const stele_gen_file *file, uint32_t crc) {
  put16(out, VERSION);
  put16(out, 0); /* flags */
  put16(out, 0); /* stored */
  put16(out, 0); /* time */
  put16(out, DOS_EPOCH);
  put32(out, crc);
  put32(out, file->content.len);
  put32(out, file->content.len);
  put16(out, file->path.len);
  put16(out, 0); /* no extra field */
}

static void put_file(stele_buf *out, const stele_gen_file *file) {
  put32(out, LOCAL_HEADER);
  put_facts(out, file, crc32_of(file->content));
  stele_buf_add_str(out, file->path);
  stele_buf_add_str(out, file->content);
}

static void put_entry(stele_buf *out, const stele_gen_file *file, size_t offset) {
  put32(out, DIRECTORY_ENTRY);
  put16(out, VERSION); /* made by */
  put_facts(out, file, crc32_of(file->content));
  put16(out, 0); /* no comment */
  put16(out, 0); /* disk */
  put16(out, 0); /* internal attributes */
  put32(out, 0); /* external attributes */
  put32(out, offset);
  stele_buf_add_str(out, file->path);
}

void stele_gen_zip(const stele_gen_file *files, size_t count, stele_buf *out) {
  enum { LOCAL_HEADER_BYTES = 30 };
  for (size_t i = 0; i < count; i++) put_file(out, &files[i]);
  size_t directory = out->len, offset = 0;
  for (size_t i = 0; i < count; i++) {
    put_entry(out, &files[i], offset);
    offset += LOCAL_HEADER_BYTES + files[i].path.len + files[i].content.len;
  }
  size_t length = out->len - directory;
  put32(out, DIRECTORY_END);
  put16(out, 0);
  put16(out, 0);
  put16(out, count);
  put16(out, count);
  put32(out, length);
  put32(out, directory);
  put16(out, 0);
}
