// Any bytes have an orientation.
#include "media/orientation.h"

#include "host/fuzz_testing.h"
#include "media/hostile_files_testing.h"

std::vector<std::string> dimple::fuzz::seeds() {
  using namespace dimple::media::testing;
  return {text_of(exif_of(6, true)), text_of(exif_of(3, false)),
          text_of(with_exif({0xFF, 0xD8, 0xFF, 0xDB, 0, 4, 0, 0}, exif_of(8, true)))};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const int orientation = dimple::media::exif_orientation({data, size});
  if (orientation < 1 || orientation > 8) std::abort();
  return 0;
}
