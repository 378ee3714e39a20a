/* /proc/self, getrusage's clock and getrlimit; the C library's malloc. */
#include "sys/self.h"

#include <dirent.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/num.h"
#include "sys/clock.h"

/* Fields of /proc/self/stat counted from the one behind "(name)", which is 3. */
enum { STAT_THREADS = 20, STAT_STARTED = 22, STAT_VIRTUAL = 23, STAT_RESIDENT = 24 };

static size_t read_text(const char *path, char *out, size_t size) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  ssize_t got = read(fd, out, size - 1);
  (void)close(fd);
  size_t len = got > 0 ? (size_t)got : 0;
  out[len] = 0;
  return len;
}

static uint64_t stat_field(const char *text, int wanted) {
  const char *at = strrchr(text, ')');
  for (int field = 2; at && field < wanted; field++) at = strchr(at + 1, ' ');
  uint64_t value = 0;
  if (!at) return 0;
  at++;
  size_t len = strcspn(at, " \n");
  return stele_num_parse_u64((stele_str){at, len}, &value) ? value : 0;
}

static uint64_t count_files(void) {
  DIR *dir = opendir("/proc/self/fd");
  if (!dir) return 0;
  uint64_t count = 0;
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;) count += entry->d_name[0] != '.';
  (void)closedir(dir);
  return count ? count - 1 : 0; /* the folder itself was open */
}

/* Boot time is not told exactly; the age of the process is. */
static stele_time_us started_at(uint64_t ticks) {
  char text[64];
  double uptime = 0;
  if (!read_text("/proc/uptime", text, sizeof text)) return 0;
  if (!stele_num_parse_double((stele_str){text, strcspn(text, " ")}, &uptime)) return 0;
  double age = uptime - (double)ticks / (double)sysconf(_SC_CLK_TCK);
  return sys_clock_wall() - (stele_time_us)(age * STELE_US_PER_S);
}

void sys_self_read(sys_self *out) {
  char text[1024];
  struct rlimit files = {0};
  *out = (sys_self){.cpu = sys_clock_cpu(), .open_files = count_files()};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) out->most_files = files.rlim_cur;
  if (!read_text("/proc/self/stat", text, sizeof text)) return;
  out->threads = stat_field(text, STAT_THREADS);
  out->virtual_bytes = stat_field(text, STAT_VIRTUAL);
  out->resident_bytes = stat_field(text, STAT_RESIDENT) * (uint64_t)sysconf(_SC_PAGESIZE);
  out->started = started_at(stat_field(text, STAT_STARTED));
}

/* By default malloc returns what is free at its end, and large pieces at once; getting
 * them again is a fault every 4 KB. */
void sys_self_keep_memory(void) {
#ifdef M_TRIM_THRESHOLD
  enum { KEPT = 1 << 28, LARGEST = 1 << 23 }; /* what is larger grows better on its own */
  (void)mallopt(M_TRIM_THRESHOLD, KEPT);
  (void)mallopt(M_MMAP_THRESHOLD, LARGEST);
  (void)mallopt(M_TOP_PAD, 1 << 20);
#endif
}
