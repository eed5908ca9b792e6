// Any bytes are a picture or an error, within the limits that were asked for.
#include <cstdlib>

#include "media/decode.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  const media::DecodeLimits limits{.max_pixels = 1 << 18};
  try {
    const image::View view = media::decode({data, size}, "fuzz", limits).view();
    if (int64_t{view.width} * view.height > limits.max_pixels) std::abort();
  } catch (const host::Error&) {
  }
  return 0;
}
