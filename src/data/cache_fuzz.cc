// Any file is a tensor cache or an input error. Its length and checksum are made right first, so that what is changed
// gets past the door: an input is what stands behind them.
#include <cstring>

#include "base/crc32.h"
#include "data/cache.h"
#include "host/files.h"
#include "host/fuzz_testing.h"

namespace {

constexpr size_t kDoor = 24;

}  // namespace

std::vector<std::string> dimple::fuzz::seeds() {
  data::Dataset set;
  set.name = "fuzz";
  set.width = set.height = 2;
  set.labels = {"happy", "sad"};
  set.pixels.assign(8, 9);
  set.label = {0, 1};
  set.split = {data::Split::train, data::Split::test};
  set.duplicate_of = {0, 0};
  const auto behind_the_door = [](const data::Dataset& d) {
    const std::string path = (host::own_folder() / "seed").string();
    data::save_cache(path, d);
    return host::read_text(path).substr(kDoor);
  };
  std::vector<std::string> all = {behind_the_door(set)};
  set.subject = {"p1", "p2"};
  set.doubt = {0, data::kDoubtLabel};
  set.vote_names = {"happiness", "NF"};
  set.votes.assign(4, 5);
  set.target = {1, 0, 0, 1};
  set.file = {"a/b.png", "c.png"};
  set.groups = {{"mouth", {"open", ""}}};
  set.quarantine = {{"x.png", "the file is empty"}};
  set.left_out = {{"no face found", 3}};
  set.test_only = {"noise"};
  all.push_back(behind_the_door(set));
  return all;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  std::vector<uint8_t> bytes(kDoor);
  const uint32_t version = data::kCacheVersion, sum = crc32({data, size});
  const uint64_t length = size;
  std::memcpy(bytes.data(), "DMPLDATA", 8);
  std::memcpy(bytes.data() + 8, &version, sizeof version);
  std::memcpy(bytes.data() + 12, &sum, sizeof sum);
  std::memcpy(bytes.data() + 16, &length, sizeof length);
  bytes.insert(bytes.end(), data, data + size);
  const fuzz::File file(bytes.data(), bytes.size());
  fuzz::expect_refusal(host::Exit::input, [&] { data::load_cache(file.path()); });
  return 0;
}
