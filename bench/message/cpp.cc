// The peer of message.py: libprotobuf of the system, generated code on an arena
// or DynamicMessage. Same arguments and output as stele.c, with the library
// before MODE: generated or dynamic.
#include <google/protobuf/arena.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <malloc.h>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "fresh.h"
#include "shapes.pb.h"
#include "trading/market_data.pb.h"

using google::protobuf::Arena;
using google::protobuf::ArenaOptions;
using google::protobuf::Message;

static size_t asked;
static bool is_cold;

void* operator new(size_t size) {
  asked++;
  return is_cold && size >= FRESH_BYTES ? fresh_alloc(size) : malloc(size);
}
void operator delete(void* at) noexcept {
  if (!fresh_free(at)) free(at);
}
void operator delete(void* at, size_t) noexcept { operator delete(at); }

static double NowNs() {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  std::string library = argv[1], type = argv[2], mode = argv[4];
  std::ifstream file(argv[3], std::ios::binary);
  std::string in((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>()), out;
  const bool encodes = mode.find("encode") != std::string::npos;
  long rounds = strtol(argv[5], nullptr, 10);

  // Linked in, so that the pool has them.
  bench::Strings::descriptor();
  trading::v1::MarketDataStream::descriptor();
  const auto* descriptor = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(type);
  if (!descriptor) return 1;
  google::protobuf::DynamicMessageFactory factory;
  const Message* prototype = library == "dynamic"
                                 ? factory.GetPrototype(descriptor)
                                 : google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor);

  // A warm arena: its first block is given and large enough, as a server keeps it.
  std::vector<char> block(in.size() * 16 + (1 << 20));
  ArenaOptions warm;
  warm.initial_block = block.data();
  warm.initial_block_size = block.size();

  std::unique_ptr<Message> kept(prototype->New());
  if (!kept->ParseFromString(in)) return 1;
  bool same = kept->SerializeAsString() == in;
  uint64_t used = 0;
  {
    Arena arena;
    Message* message = prototype->New(&arena);
    message->ParseFromString(in);
    used = arena.SpaceUsed();
    // Texts of the arena's messages are on the heap.
    used = std::max<uint64_t>(used, message->SpaceUsedLong());
  }
  is_cold = mode.compare(0, 4, "cold") == 0;
  const bool is_new = is_cold || mode.compare(0, 3, "new") == 0;
  double began = 0;
  size_t asked_before = 0;
  for (long i = -1 - rounds / 10; i < rounds; i++) {
    if (i == 0) {
      began = NowNs();
      asked_before = asked;
    }
    if (encodes && !is_new) {
      if (!kept->SerializeToString(&out)) return 1;
    } else if (encodes) {
      std::string fresh;
      if (!kept->SerializeToString(&fresh)) return 1;
    } else if (is_new) {
      Arena arena;
      if (!prototype->New(&arena)->ParseFromString(in)) return 1;
    } else {
      Arena arena(warm);
      if (!prototype->New(&arena)->ParseFromString(in)) return 1;
    }
  }
  double ns = (NowNs() - began) / static_cast<double>(rounds);
  printf("%.1f %zu %zu %.2f %s\n", ns, in.size(), static_cast<size_t>(used),
         static_cast<double>(asked - asked_before) / static_cast<double>(rounds), same ? "same" : "other");
  return 0;
}
