#include "media/caged_decoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <webp/encode.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

#include "host/children_testing.h"
#include "media/hostile_files_testing.h"

namespace dimple::media {
namespace {

using namespace testing;
using ::testing::HasSubstr;

Bytes any_webp() {
  const Picture rgb = marked_picture(50, 40, 3);
  uint8_t* out = nullptr;
  const size_t length = WebPEncodeRGB(rgb.pixels.data(), rgb.width, rgb.height, rgb.width * 3, 90, &out);
  Bytes bytes(out, out + length);
  WebPFree(out);
  return bytes;
}

// The picture, or its refusal with the exit code and the hint.
template <class Decode>
std::string outcome(const Decode& decode, const Bytes& bytes) {
  try {
    const Picture picture = decode(bytes, "x.jpg");
    return std::to_string(picture.width) + "x" + std::to_string(picture.channels) +
           std::string(picture.pixels.begin(), picture.pixels.end());
  } catch (const host::Error& error) {
    return std::to_string(int(error.exit())) + ": " + error.what() + " | " + error.hint();
  }
}

class CagedDecoderTest : public ::testing::Test {
 protected:
  void use(host::CagedTask task) {
    decoder_.emplace(CageSettings{.task = task});
    if (!decoder_->caged()) GTEST_SKIP() << decoder_->describe();
  }
  void SetUp() override { use(decode_for_cage); }
  std::string caged(const Bytes& bytes) {
    return outcome([&](const Bytes& b, const std::string& name) { return decoder_->decode(b, name); }, bytes);
  }
  static std::string in_place(const Bytes& bytes) {
    return outcome([](const Bytes& b, const std::string& name) { return decode(b, name); }, bytes);
  }

  std::optional<CagedDecoder> decoder_;
};

TEST_F(CagedDecoderTest, GivesTheSamePixels) {
  const Picture grey = marked_picture(37, 21, 1), rgb = marked_picture(37, 21, 3),
                large = marked_picture(2000, 1500, 3);
  for (const Bytes& file :
       {encode_png(grey), encode_png(rgb), encode_jpeg(grey), encode_jpeg(rgb), any_webp(), encode_jpeg(large),
        png_of(3, 1, 8, 6, zlib_of({0, 200, 0, 0, 255, 200, 0, 0, 128, 200, 0, 0, 0})),
        with_exif(encode_jpeg(rgb), exif_of(6, true)),
        png_of(8 * 2579, 400, 1, 0, zlib_of_zeros((2580 * 400 + 257) / 258))})
    EXPECT_TRUE(caged(file) == in_place(file)) << file.size() << " bytes: " << caged(file).substr(0, 100);
}

TEST_F(CagedDecoderTest, RefusesInTheSameWords) {
  const Bytes jpeg = encode_jpeg(marked_picture(160, 120, 3)), png = encode_png(marked_picture(160, 120, 3));
  Bytes flipped = png;
  flipped[23] ^= 1;
  for (const Bytes& file :
       {Bytes{}, bytes_of("dear diary,\n"), bytes_of("GIF89a\x01"), Bytes(40, 0),
        Bytes(jpeg.begin(), jpeg.begin() + 900), Bytes(png.begin(), png.begin() + 300), flipped,
        png_of(30000, 30000, 1, 0, zlib_of(Bytes(100, 0))), png_of(7000, 7000, 8, 6, zlib_of(Bytes(100, 0)))}) {
    EXPECT_EQ(caged(file), in_place(file));
    EXPECT_THAT(caged(file), HasSubstr("3: cannot read x.jpg: "));
  }
}

TEST_F(CagedDecoderTest, GivesTheSameForFlippedBits) {
  uint32_t state = 23;
  for (const Bytes& whole : {encode_jpeg(marked_picture(64, 64, 3)), encode_png(marked_picture(64, 64, 3)), any_webp()})
    for (int round = 0; round < 100; ++round) {
      Bytes broken = whole;
      for (int flips = 0; flips < 4; ++flips) {
        state = state * 1664525 + 1013904223;
        broken[(state >> 8) % broken.size()] ^= uint8_t(1 << (state >> 29));
      }
      EXPECT_TRUE(caged(broken) == in_place(broken)) << caged(broken).substr(0, 100);
    }
}

size_t crash_at_a_letter(std::span<const uint8_t> file, std::span<uint8_t> room) {
  if (file[0] == 'c') std::abort();
  return decode_for_cage(file, room);
}

TEST_F(CagedDecoderTest, RefusesThePictureThatCrashedItAndReadsTheNext) {
  use(crash_at_a_letter);
  const Bytes whole = encode_png(marked_picture(20, 20, 3));
  for (int round = 0; round < 3; ++round) {
    const std::string refused = caged(bytes_of("crash"));
    EXPECT_THAT(refused, HasSubstr("3: cannot read x.jpg: its decoder crashed (signal "));
    EXPECT_THAT(refused, HasSubstr("): the file is refused | "));
    EXPECT_TRUE(caged(whole) == in_place(whole));
  }
}

TEST_F(CagedDecoderTest, AFreshWorkerTakesOverAfterItsShare) {
  const Bytes small = encode_png(marked_picture(4, 4, 1));
  const auto share = static_cast<int>(CageSettings{}.pictures);
  for (int i = 0; i < 2 * share + 1; ++i) ASSERT_TRUE(caged(small) == in_place(small)) << i;
  EXPECT_EQ(decoder_->retired(), 2u);
}

TEST_F(CagedDecoderTest, SaysWhenTheMachineEndedItsWorker) {
  const std::vector<pid_t> keeper = host::children_of(::getpid());
  if (keeper.empty()) GTEST_SKIP() << "this kernel does not list children";
  const Bytes whole = encode_png(marked_picture(20, 20, 3));
  ::kill(host::children_of(keeper[0]).at(0), SIGKILL);
  EXPECT_THAT(caged(whole), HasSubstr("7: cannot read x.jpg: its decoder was killed | "));
  EXPECT_TRUE(caged(whole) == in_place(whole));
}

// Hands the file itself out as its answer.
size_t say_what_is_asked(std::span<const uint8_t> file, std::span<uint8_t> room) {
  std::ranges::copy(file, room.begin());
  return file.size();
}

Bytes verdict(std::initializer_list<int32_t> words, const std::string& rest) {
  Bytes bytes;
  for (const int32_t word : words)
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(uint8_t(uint32_t(word) >> shift));
  append(bytes, bytes_of(rest));
  return bytes;
}

TEST_F(CagedDecoderTest, BelievesNoAnswer) {
  use(say_what_is_asked);
  EXPECT_EQ(caged(verdict({0, 2, 1, 1, 0, 0}, "ab")), "2x1ab");
  for (const Bytes& lie : {Bytes{}, Bytes{1}, verdict({0, 2, 1, 1, 0, 0}, "a"), verdict({0, 2, 1, 3, 0, 0}, "ab"),
                           verdict({0, 2, 1, 2, 0, 0}, "abcd"), verdict({0, -2, -1, 1, 0, 0}, "ab"),
                           verdict({0, 60000, 60000, 3, 0, 0}, "ab"), verdict({0, 1 << 30, 1 << 30, 1, 0, 0}, ""),
                           verdict({3, 0, 0, 0, 9, 0}, "no"), verdict({3, 0, 0, 0, -1, 3}, "no"),
                           verdict({0x7777, 0, 0, 0, 2, 0}, "no"), verdict({2, 0, 0, 0, 2, 0}, "no")})
    EXPECT_THAT(caged(lie), HasSubstr("3: cannot read x.jpg: its "));
  EXPECT_EQ(caged(verdict({3, 0, 0, 0, 6, 0}, "\x1b[2Jno")), "3: cannot read x.jpg: ?[2Jno | ");
}

TEST(CagedDecoder, DecodesInPlaceWhenToldTo) {
  CagedDecoder decoder({.cage = false});
  EXPECT_FALSE(decoder.caged());
  EXPECT_THAT(decoder.describe(), HasSubstr("in place"));
  const Picture p = marked_picture(20, 20, 3);
  EXPECT_EQ(decoder.decode(encode_png(p), "x.png"), p);
}

}  // namespace
}  // namespace dimple::media
