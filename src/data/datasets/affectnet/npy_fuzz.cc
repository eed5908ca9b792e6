// Any bytes are a whole number as numpy saves one, or an input error.
#include <cstdlib>

#include "data/datasets/affectnet/npy_whole.h"
#include "host/error.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  try {
    data::read_npy_whole({reinterpret_cast<const char*>(data), size}, "fuzz");
  } catch (const host::Error& error) {
    if (error.exit() != host::Exit::input) std::abort();
  }
  return 0;
}
