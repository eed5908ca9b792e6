// Any file is a tensor cache or an input error. Its length and checksum are made right first, so that what is changed
// gets past the door.
#include <cstdlib>
#include <cstring>
#include <vector>

#include "base/bits.h"
#include "data/cache.h"
#include "host/error.h"
#include "host/fuzz_file_testing.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  std::vector<uint8_t> bytes(24);
  const uint32_t version = data::kCacheVersion, sum = crc32({data, size});
  const uint64_t length = size;
  std::memcpy(bytes.data(), "DMPLDATA", 8);
  std::memcpy(bytes.data() + 8, &version, sizeof version);
  std::memcpy(bytes.data() + 12, &sum, sizeof sum);
  std::memcpy(bytes.data() + 16, &length, sizeof length);
  bytes.insert(bytes.end(), data, data + size);
  const host::FuzzFile file(bytes.data(), bytes.size());
  try {
    data::load_cache(file.path());
  } catch (const host::Error& error) {
    if (error.exit() != host::Exit::input) std::abort();
  }
  return 0;
}
