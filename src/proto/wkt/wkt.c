/* A binary search over the embedded table. */
#include "proto/wkt/wkt.h"

#include "proto/wkt/wkt_internal.h"

bool stele_wkt_find(stele_str path, stele_str *text) {
  size_t low = 0, high = wkt_file_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = stele_str_order(path, wkt_files[middle].path);
    if (order == 0) {
      *text = wkt_files[middle].text;
      return true;
    }
    if (order < 0) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return false;
}

size_t stele_wkt_count(void) {
  return wkt_file_count;
}

stele_str stele_wkt_path(size_t index) {
  return wkt_files[index].path;
}
