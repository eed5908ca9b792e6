// Any bytes are a plain TIFF, no TIFF, or an input error.
#include "data/datasets/jaffe/plain_tiff.h"

#include "host/fuzz_testing.h"

std::vector<std::string> dimple::fuzz::seeds() {
  std::vector<std::string> all;
  for (const bool big_endian : {false, true}) {
    const auto number = [&](uint32_t value, size_t bytes) {
      std::string text;
      for (size_t i = 0; i < bytes; ++i) text += static_cast<char>(value >> 8 * (big_endian ? bytes - 1 - i : i));
      return text;
    };
    const auto short_field = [&](uint32_t tag, uint32_t value) {
      return number(tag, 2) + number(3, 2) + number(1, 4) + number(value, 2) + number(0, 2);
    };
    const auto long_field = [&](uint32_t tag, uint32_t count, uint32_t value) {
      return number(tag, 2) + number(4, 2) + number(count, 4) + number(value, 4);
    };
    // 4x2 pixels in two strips; the list of the strips stands behind the fields.
    constexpr uint32_t kBehind = 8 + 8 + 2 + 7 * 12 + 4;
    all.push_back((big_endian ? "MM" : "II") + number(42, 2) + number(16, 4) + "ABCDefgh" + number(7, 2) +
                  short_field(256, 4) + short_field(257, 2) + short_field(258, 8) + short_field(259, 1) +
                  short_field(262, 1) + long_field(273, 2, kBehind) + long_field(279, 2, kBehind + 8) + number(0, 4) +
                  number(8, 4) + number(12, 4) + number(4, 4) + number(4, 4));
  }
  return all;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  fuzz::expect_refusal(host::Exit::input, [&] {
    data::decode_plain_tiff({reinterpret_cast<const char*>(data), size}, "fuzz");
  });
  return 0;
}
