#include "data/datasets/jaffe/plain_tiff.h"

#include "data/datasets/tree_testing.h"
#include "host/growth_testing.h"

namespace dimple::data {
namespace {

std::string number(bool big_endian, uint32_t value, size_t bytes) {
  std::string text;
  for (size_t i = 0; i < bytes; ++i) text += static_cast<char>(value >> 8 * (big_endian ? bytes - 1 - i : i));
  return text;
}

// 4x2 pixels in two strips of a row each; their offsets stand apart, behind the folder.
std::string tiff(bool big_endian, uint32_t bits = 8, uint32_t photometric = 1) {
  const auto u16 = [&](uint32_t v) { return number(big_endian, v, 2); };
  const auto u32 = [&](uint32_t v) { return number(big_endian, v, 4); };
  const auto field = [&](uint32_t tag, uint32_t type, uint32_t count, uint32_t value) {
    return u16(tag) + u16(type) + u32(count) + (type == 3 && count == 1 ? u16(value) + u16(0) : u32(value));
  };
  const uint32_t behind = 8 + 8 + 2 + 7 * 12 + 4;
  return (big_endian ? "MM" : "II") + u16(42) + u32(16) + "ABCDefgh" + u16(7) + field(256, 3, 1, 4) +
         field(257, 3, 1, 2) + field(258, 3, 1, bits) + field(259, 3, 1, 1) + field(262, 3, 1, photometric) +
         field(273, 4, 2, behind) + field(279, 4, 2, behind + 8) + u32(0) + u32(8) + u32(12) + u32(4) + u32(4);
}

TEST(PlainTiff, ReadsBothByteOrdersAndStrips) {
  for (const bool big_endian : {false, true}) {
    const media::Picture picture = decode_plain_tiff(tiff(big_endian), "x.tiff").value();
    EXPECT_EQ(picture.width, 4);
    EXPECT_EQ(std::string(picture.pixels.begin(), picture.pixels.end()), "ABCDefgh");
  }
  EXPECT_EQ(decode_plain_tiff(tiff(false, 8, 0), "x.tiff").value().pixels[0], 255 - 'A');
  EXPECT_FALSE(decode_plain_tiff("II or any other text", "x.tiff"));
}

// A row a strip, all of them the same bytes.
TEST(PlainTiff, TakesTimeByTheNumberOfStrips) {
  const auto read = [](size_t strips) {
    const auto u16 = [](size_t v) { return number(false, static_cast<uint32_t>(v), 2); };
    const auto u32 = [](size_t v) { return number(false, static_cast<uint32_t>(v), 4); };
    const auto field = [&](size_t tag, size_t count, size_t v) { return u16(tag) + u16(4) + u32(count) + u32(v); };
    const std::string folder = u16(7) + field(256, 1, 4) + field(257, 1, strips) + field(258, 1, 8) + field(259, 1, 1) +
                               field(277, 1, 1) + field(273, strips, 200) + field(279, strips, 200 + 4 * strips);
    std::string file = "II" + u16(42) + u32(8) + folder;
    file.resize(200, 'x');
    for (size_t i = 0; i < strips; ++i) file += u32(8);
    for (size_t i = 0; i < strips; ++i) file += u32(4);
    EXPECT_EQ(decode_plain_tiff(file, "x.tiff").value().height, static_cast<int>(strips));
  };
  EXPECT_TRUE(host::grows_with(read, 500));
}

TEST(PlainTiff, RefusesWhatIsNotPlain) {
  EXPECT_NE(input_error([] { decode_plain_tiff(tiff(false, 16), "x.tiff"); }).find("not plain 8-bit grey"),
            std::string::npos);
}

// Cut anywhere, or with any byte changed, it is a picture or an input error and nothing else.
TEST(PlainTiff, DamageIsAnErrorAndNeverMore) {
  const std::string whole = tiff(false);
  for (size_t length = 4; length < whole.size(); ++length)
    EXPECT_NE(input_error([&] { decode_plain_tiff(whole.substr(0, length), "x"); }), "") << length;
  for (size_t at = 4; at < whole.size(); ++at)
    for (const char byte : {'\0', '\1', '\xFF'}) {
      std::string damaged = whole;
      damaged[at] = byte;
      input_error([&] { decode_plain_tiff(damaged, "x"); });
    }
}

}  // namespace
}  // namespace dimple::data
