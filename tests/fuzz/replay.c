/* Runs a fuzz target over the files of its corpus, as a plain test: what was
 * found once stays found, with any compiler.
 *
 * usage: X_replay FOLDER… */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LONGEST_PATH = 4096 };

/* The bytes lie in a block of their exact size, so that a sanitizer sees the
 * first byte read past them. */
static int replay_file(const char *path) {
  struct stat info;
  FILE *file = fopen(path, "rb");
  if (!file || fstat(fileno(file), &info) != 0 || !S_ISREG(info.st_mode)) {
    if (file) (void)fclose(file);
    return 0;
  }
  size_t size = (size_t)info.st_size;
  uint8_t *data = malloc(size ? size : 1);
  if (!data || fread(data, 1, size, file) != size) {
    (void)fprintf(stderr, "cannot read %s\n", path);
    exit(1);
  }
  (void)fclose(file);
  (void)fprintf(stderr, "%s\n", path);
  (void)LLVMFuzzerTestOneInput(data, size);
  free(data);
  return 1;
}

static int replay_folder(const char *folder) {
  char path[LONGEST_PATH];
  int count = 0;
  DIR *dir = opendir(folder);
  if (!dir) {
    (void)fprintf(stderr, "cannot open %s\n", folder);
    exit(1);
  }
  for (const struct dirent *entry; (entry = readdir(dir));) {
    (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    count += replay_file(path);
  }
  (void)closedir(dir);
  return count;
}

int main(int argc, char **argv) {
  int count = 0;
  for (int i = 1; i < argc; i++) count += replay_folder(argv[i]);
  if (count == 0) (void)fprintf(stderr, "the corpus is empty\n");
  return count ? 0 : 1;
}
