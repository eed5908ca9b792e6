// Any bytes are a plain TIFF, another picture, or an input error.
#include <cstdlib>

#include "data/datasets/jaffe/plain_tiff.h"
#include "host/error.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  try {
    data::decode_plain_tiff({reinterpret_cast<const char*>(data), size}, "fuzz");
  } catch (const host::Error& error) {
    if (error.exit() != host::Exit::input) std::abort();
  }
  return 0;
}
