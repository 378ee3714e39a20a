/* A VFS that passes everything on to the system's until its count has run out.
 *
 * Its files offer only the first version of the file interface: no shared
 * memory (the store's lock is exclusive) and no memory mapping, so that every
 * byte goes through here. */
#include "store/sqlite/sqlite_probe.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>

struct sqlite_disk {
  sqlite3_vfs vfs;
  sqlite3_vfs *under;
  _Atomic uint64_t left; /* calls until it fails, plus one; 0: it does not */
  char name[32];
};

typedef struct disk_file {
  sqlite3_file base;
  sqlite_disk *disk;
} disk_file; /* the system's file follows */

static sqlite3_file *real(sqlite3_file *file) {
  return (sqlite3_file *)(void *)((disk_file *)(void *)file + 1);
}

static bool fails(sqlite3_file *file) {
  sqlite_disk *disk = ((disk_file *)(void *)file)->disk;
  uint64_t left = atomic_load(&disk->left);
  if (left > 1) atomic_store(&disk->left, left - 1); /* calls come from one thread */
  return left == 1 || left == 2;
}

static int disk_close(sqlite3_file *file) {
  return real(file)->pMethods->xClose(real(file));
}

static int disk_read(sqlite3_file *file, void *out, int len, sqlite3_int64 at) {
  if (fails(file)) return SQLITE_IOERR_READ;
  return real(file)->pMethods->xRead(real(file), out, len, at);
}

static int disk_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at) {
  if (fails(file)) return SQLITE_FULL;
  return real(file)->pMethods->xWrite(real(file), bytes, len, at);
}

static int disk_truncate(sqlite3_file *file, sqlite3_int64 size) {
  if (fails(file)) return SQLITE_IOERR_TRUNCATE;
  return real(file)->pMethods->xTruncate(real(file), size);
}

static int disk_sync(sqlite3_file *file, int flags) {
  if (fails(file)) return SQLITE_IOERR_FSYNC;
  return real(file)->pMethods->xSync(real(file), flags);
}

static int disk_size(sqlite3_file *file, sqlite3_int64 *size) {
  return real(file)->pMethods->xFileSize(real(file), size);
}

static int disk_lock(sqlite3_file *file, int kind) {
  return real(file)->pMethods->xLock(real(file), kind);
}

static int disk_unlock(sqlite3_file *file, int kind) {
  return real(file)->pMethods->xUnlock(real(file), kind);
}

static int disk_check_lock(sqlite3_file *file, int *out) {
  return real(file)->pMethods->xCheckReservedLock(real(file), out);
}

static int disk_control(sqlite3_file *file, int what, void *arg) {
  return real(file)->pMethods->xFileControl(real(file), what, arg);
}

static int disk_sector(sqlite3_file *file) {
  return real(file)->pMethods->xSectorSize(real(file));
}

static int disk_traits(sqlite3_file *file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static const sqlite3_io_methods disk_methods = {
    .iVersion = 1,
    .xClose = disk_close,
    .xRead = disk_read,
    .xWrite = disk_write,
    .xTruncate = disk_truncate,
    .xSync = disk_sync,
    .xFileSize = disk_size,
    .xLock = disk_lock,
    .xUnlock = disk_unlock,
    .xCheckReservedLock = disk_check_lock,
    .xFileControl = disk_control,
    .xSectorSize = disk_sector,
    .xDeviceCharacteristics = disk_traits,
};

static int disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                     int *out_flags) {
  sqlite_disk *disk = vfs->pAppData;
  ((disk_file *)(void *)file)->disk = disk;
  int result = disk->under->xOpen(disk->under, name, real(file), flags, out_flags);
  file->pMethods = real(file)->pMethods ? &disk_methods : NULL;
  return result;
}

sqlite_disk *sqlite_disk_new(void) {
  sqlite_disk *disk = calloc(1, sizeof *disk);
  sqlite3_vfs *under = sqlite3_vfs_find(NULL);
  if (!disk || !under) {
    free(disk);
    return NULL;
  }
  (void)snprintf(disk->name, sizeof disk->name, "disk-%p", (void *)disk);
  disk->under = under;
  disk->vfs = *under;
  disk->vfs.zName = disk->name;
  disk->vfs.pAppData = disk;
  disk->vfs.szOsFile = under->szOsFile + (int)sizeof(disk_file);
  disk->vfs.xOpen = disk_open;
  if (sqlite3_vfs_register(&disk->vfs, 0) != SQLITE_OK) {
    free(disk);
    return NULL;
  }
  return disk;
}

void sqlite_disk_free(sqlite_disk *disk) {
  if (!disk) return;
  (void)sqlite3_vfs_unregister(&disk->vfs);
  free(disk);
}

const char *sqlite_disk_name(const sqlite_disk *disk) {
  return disk->name;
}

void sqlite_disk_fail_after(sqlite_disk *disk, uint64_t n) {
  atomic_store(&disk->left, n ? n + 1 : 0);
}

static int print_row(void *arg, int columns, char **texts, char **names) {
  stele_buf *out = arg;
  (void)names;
  for (int i = 0; i < columns; i++) {
    if (i) stele_buf_add_byte(out, '|');
    stele_buf_add_cstr(out, texts[i] ? texts[i] : "");
  }
  stele_buf_add_byte(out, '\n');
  return 0;
}

bool sqlite_probe(const char *path, const char *sql, stele_buf *out, stele_err *err) {
  sqlite3 *db = NULL;
  bool ok =
      sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) == SQLITE_OK &&
      sqlite3_exec(db, sql, print_row, out, NULL) == SQLITE_OK;
  if (!ok) (void)stele_fail(err, STELE_IO, "%s", db ? sqlite3_errmsg(db) : "no memory");
  (void)sqlite3_close(db);
  return ok;
}
