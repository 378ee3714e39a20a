// C++'s side of json_codec.py: libprotobuf's JSON over generated code, and the trees of simdjson and yyjson.
//
// usage: side_cpp MODE MS TYPE FILE     MODE: write, read, simdjson, yyjson_read, yyjson_write
// FILE is a message of TYPE (write, read) or JSON text (the others). Prints the best ns per message, and
// for yyjson the bytes that its tree takes. All of them keep their memory from one message to the next.
#include <google/protobuf/arena.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/util/json_util.h>
#include <simdjson.h>
#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <sstream>

#include "shapes.pb.h"
#include "yyjson.h"

namespace pb = google::protobuf;

static double now_ns() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static double measure(const std::function<void()> &run, double ms) {
  double best = 1e18, end = now_ns() + ms * 1e6;
  size_t batch = 1;
  do {
    double start = now_ns();
    for (size_t i = 0; i < batch; i++) run();
    double took = now_ns() - start;
    if (took / batch < best) best = took / batch;
    if (took < 1e6) batch *= 2;
  } while (now_ns() < end);
  return best;
}

// Reads into, or writes from, one tree; the memory of the last one is used again.
static int run_yyjson(const std::string &text, bool writes, double ms) {
  yyjson_alc *alc = yyjson_alc_dyn_new();
  auto *in = const_cast<char *>(text.data());
  yyjson_doc *doc = yyjson_read_opts(in, text.size(), 0, nullptr, nullptr);
  if (!doc) return 1;
  size_t memory = yyjson_doc_get_val_count(doc) * sizeof(void *) * 2 + text.size();
  double best = measure([&] {
    if (writes) {
      size_t len;
      char *out = yyjson_write_opts(doc, 0, alc, &len, nullptr);
      if (!out) abort();
      alc->free(alc->ctx, out);
    } else {
      yyjson_doc *made = yyjson_read_opts(in, text.size(), 0, alc, nullptr);
      if (!made) abort();
      yyjson_doc_free(made);
    }
  }, ms);
  printf("%.0f %zu\n", best, memory);
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  bench::Ticks::descriptor();
  std::ifstream file(argv[4], std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  std::string bytes = content.str(), mode = argv[1];
  double ms = atof(argv[2]);
  if (mode == "yyjson_read" || mode == "yyjson_write") return run_yyjson(bytes, mode == "yyjson_write", ms);
  if (mode == "simdjson") {
    simdjson::padded_string text(bytes);
    simdjson::dom::parser parser;
    printf("%.0f\n", measure([&] { if (parser.parse(text).error()) abort(); }, ms));
    return 0;
  }
  const auto *type = pb::DescriptorPool::generated_pool()->FindMessageTypeByName(argv[3]);
  const auto *prototype = pb::MessageFactory::generated_factory()->GetPrototype(type);
  pb::Arena arena;
  auto *message = prototype->New(&arena);
  if (!message->ParseFromString(bytes)) return 1;
  std::string json;
  if (!pb::util::MessageToJsonString(*message, &json).ok()) return 1;
  if (mode == "write") {
    printf("%.0f\n", measure([&] {
             std::string out;
             if (!pb::util::MessageToJsonString(*message, &out).ok()) abort();
           }, ms));
  } else {
    printf("%.0f\n", measure([&] {
             pb::Arena own;
             if (!pb::util::JsonStringToMessage(json, prototype->New(&own)).ok()) abort();
           }, ms));
  }
  return 0;
}
