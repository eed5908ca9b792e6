#include "media/decode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <webp/encode.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
// jpeglib.h needs <cstdio> before it.
#include <jpeglib.h>

#include <fstream>

#include "host/growth_testing.h"
#include "host/own_folder_testing.h"
#include "media/hostile_files_testing.h"
#include "media/orientation.h"

namespace dimple::media {
namespace {

using namespace testing;
using ::testing::HasSubstr;

double difference(const Picture& a, const Picture& b) {
  if (a.width != b.width || a.height != b.height || a.channels != b.channels) return 1e9;
  double sum = 0;
  for (size_t i = 0; i < a.pixels.size(); ++i) sum += std::abs(int(a.pixels[i]) - int(b.pixels[i]));
  return sum / double(a.pixels.size());
}

Bytes webp_of(const Picture& rgb, bool lossless) {
  uint8_t* out = nullptr;
  const size_t length = lossless ? WebPEncodeLosslessRGB(rgb.pixels.data(), rgb.width, rgb.height, rgb.width * 3, &out)
                                 : WebPEncodeRGB(rgb.pixels.data(), rgb.width, rgb.height, rgb.width * 3, 90, &out);
  Bytes bytes(out, out + length);
  WebPFree(out);
  return bytes;
}

TEST(Decode, ReadsBackWhatPngHolds) {
  for (const int channels : {1, 3}) {
    const Picture p = marked_picture(37, 21, channels);
    EXPECT_EQ(decode(encode_png(p), "x.png"), p);
  }
}

TEST(Decode, ReadsBackWhatJpegHoldsNearly) {
  for (const int channels : {1, 3}) {
    const Picture p = marked_picture(64, 48, channels);
    EXPECT_LT(difference(decode(encode_jpeg(p), "x.jpg"), p), 2) << channels;
  }
}

TEST(Decode, ReadsWebp) {
  const Picture p = marked_picture(50, 40, 3);
  EXPECT_EQ(decode(webp_of(p, true), "x.webp"), p);
  EXPECT_LT(difference(decode(webp_of(p, false), "x.webp"), p), 4);
}

TEST(Decode, TellsTheFormatByContentNotByName) {
  const Picture p = marked_picture(8, 8, 3);
  EXPECT_EQ(decode(encode_png(p), "really-a-png.jpg"), p);
}

TEST(Decode, LaysTransparencyOverWhite) {
  // One red pixel each: opaque, half, transparent.
  const Picture p = decode(png_of(3, 1, 8, 6, zlib_of({0, 200, 0, 0, 255, 200, 0, 0, 128, 200, 0, 0, 0})), "alpha.png");
  ASSERT_EQ(p.channels, 3);
  EXPECT_EQ(p.at(0, 0)[0], 200);
  EXPECT_EQ(p.at(0, 0)[1], 0);
  EXPECT_NEAR(p.at(1, 0)[1], 127, 1);
  EXPECT_EQ(p.at(2, 0)[1], 255);
}

TEST(Decode, ReadsOneBitAndGreyWithAlpha) {
  EXPECT_EQ(decode(png_of(8, 1, 1, 0, zlib_of({0, 0xF0})), "bits.png").pixels, (Bytes{255, 255, 255, 255, 0, 0, 0, 0}));
  EXPECT_EQ(decode(png_of(2, 1, 8, 4, zlib_of({0, 10, 255, 10, 0})), "ga.png").pixels, (Bytes{10, 255}));
}

TEST(Decode, TurnsAPictureUprightForEveryOrientation) {
  const Picture seen = marked_picture(64, 32, 3);
  // How a camera held that way stores what should be seen: the inverse of what upright() does.
  constexpr int kInverse[] = {0, 1, 2, 3, 4, 5, 8, 7, 6};
  for (int orientation = 1; orientation <= 8; ++orientation)
    for (const bool little : {true, false}) {
      const Bytes jpeg = encode_jpeg(upright(seen, kInverse[orientation]), 98);
      const Picture p = decode(with_exif(jpeg, exif_of(orientation, little)), "turned.jpg");
      EXPECT_LT(difference(p, seen), 2) << orientation;
    }
}

TEST(Decode, ReadsTheOrientationOfPngAndWebp) {
  const Bytes exif = exif_of(6, true);
  const Bytes tiff(exif.begin() + 6, exif.end());
  const Picture p = decode(png_of(2, 1, 8, 0, zlib_of({0, 10, 20}), png_chunk("eXIf", tiff)), "turned.png");
  EXPECT_EQ(p.width, 1);
  EXPECT_EQ(p.pixels, (Bytes{10, 20}));
  EXPECT_EQ(exif_orientation(exif), 6);
  EXPECT_EQ(exif_orientation(tiff), 6);
}

TEST(Decode, IgnoresDamagedExif) {
  const Picture p = marked_picture(32, 32, 3);
  const Bytes jpeg = encode_jpeg(p);
  for (Bytes exif : {Bytes{}, Bytes{'E', 'x', 'i', 'f', 0, 0}, exif_of(9, true), exif_of(0, false), Bytes(70, 0xFF)})
    EXPECT_LT(difference(decode(with_exif(jpeg, exif), "x.jpg"), p), 3);
  EXPECT_EQ(exif_orientation({}), 1);
}

TEST(Decode, LooksForTheOrientationInTheFirstListAlone) {
  // 64 KB of entries, each of which could send a reader elsewhere; the one that is wanted is the last.
  Bytes exif = {'I', 'I', 42, 0, 8, 0, 0, 0};
  constexpr int kEntries = 5400;
  append(exif, {uint8_t(kEntries & 255), uint8_t(kEntries >> 8)});
  for (int i = 0; i + 1 < kEntries; ++i) append(exif, {0x69, 0x87, 4, 0, 1, 0, 0, 0, 8, 0, 0, 0});  // a list: this one
  append(exif, {0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0});
  EXPECT_EQ(exif_orientation(exif), 6);
  exif.pop_back();  // the entry is no longer there
  EXPECT_EQ(exif_orientation(exif), 1);
  EXPECT_EQ(exif_orientation(Bytes{'I', 'I', 42, 0, 255, 255, 255, 255}), 1);
}

TEST(Decode, FindsTheOrientationAmongManySegments) {
  const Bytes jpeg = encode_jpeg(marked_picture(32, 16, 3));
  Bytes with(jpeg.begin(), jpeg.begin() + 2);
  for (int i = 0; i < 20000; ++i) append(with, {0xFF, 0xE1, 0, 2});
  append(with, {0xFF});  // filling
  const Bytes turned = with_exif(jpeg, exif_of(6, false));
  with.insert(with.end(), turned.begin() + 2, turned.end());
  EXPECT_EQ(decode(with, "turned.jpg").width, 16);
}

// Each coefficient in a scan of its own, and its last bit in one more: as many scans as are asked for, all right.
Bytes jpeg_of_scans(int width, int height, int scans, bool arithmetic) {
  std::vector<jpeg_scan_info> script{{1, {0}, 0, 0, 0, 0}};
  for (int k = 1; int(script.size()) < scans && k < 64; ++k) script.push_back({1, {0}, k, k, 0, 1});
  for (int k = 1; int(script.size()) < scans && k < 64; ++k) script.push_back({1, {0}, k, k, 1, 0});
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* out = nullptr;
  unsigned long length = 0;
  jpeg_mem_dest(&info, &out, &length);
  info.image_width = JDIMENSION(width), info.image_height = JDIMENSION(height);
  info.input_components = 1, info.in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults(&info);
  info.arith_code = arithmetic;
  info.scan_info = script.data(), info.num_scans = int(script.size());
  jpeg_start_compress(&info, TRUE);
  const Picture grey = marked_picture(width, height, 1);
  for (int y = 0; y < height; ++y) {
    auto* row = const_cast<JSAMPROW>(grey.at(0, y));
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  const Bytes bytes(out, out + length);
  jpeg_destroy_compress(&info);
  std::free(out);
  return bytes;
}

TEST(Decode, ReadsAsManyScansAsBrowsersDo) {
  for (const bool arithmetic : {false, true})
    EXPECT_EQ(decode(jpeg_of_scans(40, 40, 100, arithmetic), "many.jpg").width, 40);
}

Bytes repeated_bytes(size_t count, const Bytes& piece) {
  Bytes out;
  for (size_t i = 0; i < count; ++i) append(out, piece);
  return out;
}

// What stands beside the pixels, as small as it may be and as often as is asked for.
TEST(Decode, TakesTimeByTheNumberOfPieces) {
  const std::vector<std::pair<std::string, Bytes>> chunks{{"tEXt", {'a', 0}},
                                                          {"zTXt", {'a', 0, 0, 0x78, 1, 3, 0, 0, 0, 0, 1}},
                                                          {"iTXt", {'a', 0, 0, 0, 0, 0}},
                                                          {"sPLT", {'a', 0, 8}},
                                                          {"prVt", {}},
                                                          {"IDAT", {}}};
  for (const auto& [type, data] : chunks) {
    const Bytes chunk = png_chunk(type, data);
    const auto read = [&, png = png_of(3, 3, 8, 0, zlib_of(Bytes(12, 0)))](size_t count) {
      Bytes with(png.begin(), png.begin() + 33);  // the signature and the header
      append(with, repeated_bytes(count, chunk));
      with.insert(with.end(), png.begin() + 33, png.end());
      try {
        decode(with, "x.png");
      } catch (const host::Error&) {  // libspng takes one palette of a name
      }
    };
    EXPECT_TRUE(host::grows_with(read, 1000)) << type;
  }
  const Bytes jpeg = encode_jpeg(marked_picture(16, 16, 3));
  for (const Bytes& segment :
       {Bytes{0xFF, 0xE1, 0, 2}, Bytes{0xFF, 0xE0, 0, 2}, Bytes{0xFF, 0xFE, 0, 2}, Bytes{0xFF, 0xEE, 0, 2},
        Bytes{0xFF, 0xDD, 0, 4, 0, 0}, Bytes{0xFF}, Bytes{0xFF, 0xDB, 0, 2}}) {
    const auto read = [&](size_t count) {
      Bytes with(jpeg.begin(), jpeg.begin() + 2);
      append(with, repeated_bytes(count, segment));
      with.insert(with.end(), jpeg.begin() + 2, jpeg.end());
      EXPECT_EQ(decode(with, "x.jpg").width, 16);
    };
    EXPECT_TRUE(host::grows_with(read, 2000)) << int(segment.size() > 1 ? segment[1] : 0xFF);
  }
  const auto read_webp = [webp = webp_of(marked_picture(16, 16, 3), true)](size_t count) {
    Bytes with = webp;
    append(with, repeated_bytes(count, {'X', 'M', 'P', ' ', 0, 0, 0, 0}));
    const uint32_t length = uint32_t(with.size() - 8);
    for (int i = 0; i < 4; ++i) with[4 + i] = uint8_t(length >> 8 * i);
    EXPECT_EQ(decode(with, "x.webp").width, 16);
  };
  EXPECT_TRUE(host::grows_with(read_webp, 2000));
  const auto read_exif = [](size_t entries) {
    Bytes exif = {'I', 'I', 42, 0, 8, 0, 0, 0, uint8_t(entries), uint8_t(entries >> 8)};
    append(exif, repeated_bytes(entries, {0x69, 0x87, 4, 0, 1, 0, 0, 0, 8, 0, 0, 0}));
    EXPECT_EQ(exif_orientation(exif), 1);
  };
  EXPECT_TRUE(host::grows_with(read_exif, 8000));
}

// --- bad input: exit code 3, one clear sentence that names the file, and no pixels

std::string refusal(const Bytes& bytes, const std::string& name, const DecodeLimits& limits = {}) {
  try {
    decode(bytes, name, limits);
  } catch (const host::Error& e) {
    EXPECT_EQ(e.exit(), host::Exit::input);
    EXPECT_THAT(e.what(), HasSubstr("cannot read " + name + ": "));
    EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos);
    return e.what();
  }
  ADD_FAILURE() << name << " was read";
  return "";
}

TEST(BadPicture, EmptyFile) { EXPECT_EQ(refusal({}, "zero.jpg"), "cannot read zero.jpg: the file is empty"); }

TEST(BadPicture, TextNamedJpg) {
  EXPECT_EQ(refusal(bytes_of("dear diary,\n"), "notes.jpg"), "cannot read notes.jpg: its contents are a text file");
}

TEST(BadPicture, StrangersAreNamed) {
  EXPECT_THAT(refusal(bytes_of("GIF89a\x01"), "a.gif"), HasSubstr("a GIF file"));
  EXPECT_THAT(refusal(bytes_of(std::string("\0\0\0\x18"
                                           "ftypheic\0",
                                           13)),
                      "a.heic"),
              HasSubstr("an HEIC file"));
  EXPECT_THAT(refusal(Bytes(40, 0), "a.bin"), HasSubstr("not a picture"));
}

TEST(BadPicture, JpegCutShortAnywhere) {
  const Bytes whole = encode_jpeg(marked_picture(160, 120, 3));
  for (size_t length = 4; length < whole.size() - 2; length += whole.size() / 23)
    refusal(Bytes(whole.begin(), whole.begin() + ptrdiff_t(length)), "cut.jpg");
  EXPECT_THAT(refusal(Bytes(whole.begin(), whole.begin() + ptrdiff_t(whole.size() * 2 / 3)), "cut.jpg"),
              HasSubstr("cut short"));
}

TEST(BadPicture, PngCutShortAnywhere) {
  const Bytes whole = encode_png(marked_picture(160, 120, 3));
  for (size_t length = 9; length < whole.size() - 16; length += whole.size() / 23)
    refusal(Bytes(whole.begin(), whole.begin() + ptrdiff_t(length)), "cut.png");
  EXPECT_THAT(refusal(Bytes(whole.begin(), whole.begin() + ptrdiff_t(whole.size() / 2)), "cut.png"),
              HasSubstr("cut short"));
}

TEST(BadPicture, WebpCutShort) {
  const Bytes whole = webp_of(marked_picture(160, 120, 3), false);
  EXPECT_THAT(refusal(Bytes(whole.begin(), whole.begin() + ptrdiff_t(whole.size() / 2)), "cut.webp"),
              HasSubstr("cut short"));
}

TEST(BadPicture, FlippedBitsNeverCrash) {
  for (const Bytes& whole : {encode_jpeg(marked_picture(64, 64, 3)), encode_png(marked_picture(64, 64, 3)),
                             webp_of(marked_picture(64, 64, 3), false), webp_of(marked_picture(64, 64, 3), true)}) {
    uint32_t state = 17;
    for (int round = 0; round < 300; ++round) {
      Bytes broken = whole;
      for (int flips = 0; flips < 4; ++flips) {
        state = state * 1664525 + 1013904223;
        broken[(state >> 8) % broken.size()] ^= uint8_t(1 << (state >> 29));
      }
      try {
        const Picture p = decode(broken, "broken", {.max_pixels = 1'000'000});
        EXPECT_LE(int64_t{p.width} * p.height, 1'000'000);
      } catch (const host::Error&) {
      }
    }
  }
}

TEST(BadPicture, HeaderWithMorePixelsThanTheLimit) {
  EXPECT_EQ(refusal(png_of(30000, 30000, 1, 0, zlib_of(Bytes(100, 0))), "huge.png"),
            "cannot read huge.png: its header says 30000x30000 pixels, more than the limit of 50 million");
  EXPECT_THAT(refusal(png_of(0x7FFFFFFF, 0x7FFFFFFF, 16, 6, zlib_of({0})), "huge.png"), HasSubstr("cannot read"));
  Bytes jpeg = encode_jpeg(marked_picture(16, 16, 3));
  for (size_t i = 0; i + 9 < jpeg.size(); ++i)
    if (jpeg[i] == 0xFF && jpeg[i + 1] == 0xC0) jpeg[i + 5] = jpeg[i + 7] = 0xEA;  // height and width
  EXPECT_THAT(refusal(jpeg, "huge.jpg"), HasSubstr("more than the limit"));
}

TEST(BadPicture, MoreScansThanTheLimit) {
  for (const bool arithmetic : {false, true})
    EXPECT_THAT(refusal(jpeg_of_scans(40, 40, 101, arithmetic), "many.jpg"),
                HasSubstr("more than 100 scans, the limit for 40x40 pixels"));
  // A large picture has to do with fewer: the work is scans times pixels.
  EXPECT_THAT(refusal(jpeg_of_scans(40, 40, 21, false), "large.jpg", {.max_visits = 20 * 40 * 40}),
              HasSubstr("more than 20 scans"));
}

TEST(BadPicture, HeaderThatAsksForMoreThanTheFileCanHold) {
  EXPECT_THAT(refusal(png_of(7000, 7000, 8, 6, zlib_of(Bytes(100, 0))), "liar.png"),
              HasSubstr("more pixels than the file can hold"));
}

TEST(BadPicture, ThirtyThousandSquareIsRefusedWithoutItsMemory) {
  // A true file of that size: 900 million one-bit pixels, 113 MB of rows in 0.7 MB.
  const Bytes bomb = png_of(30000, 30000, 1, 0, zlib_of_zeros((size_t{30000} * 3751 - 1) / 258));
  ASSERT_LT(bomb.size(), size_t{800'000});
  const auto resident_kb = [] {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("VmHWM:")) return std::atol(line.c_str() + 6);
    return 0l;
  };
  std::ofstream("/proc/self/clear_refs") << "5";  // the peak begins anew; where that is not allowed the test is weaker
  const long before = resident_kb();
  refusal(bomb, "bomb.png");
  EXPECT_LT(resident_kb() - before, 4096);
}

TEST(BadPicture, ABombWithinTheLimitsIsAPicture) {  // so the one above is refused for its size alone
  const Picture p = decode(png_of(8 * 2579, 400, 1, 0, zlib_of_zeros((2580 * 400 + 257) / 258)), "zeros.png");
  EXPECT_EQ(p.width, 8 * 2579);
  EXPECT_EQ(*std::max_element(p.pixels.begin(), p.pixels.end()), 0);
}

TEST(BadPicture, PngChunkWithAWrongChecksum) {
  Bytes png = encode_png(marked_picture(20, 20, 3));
  png[23] ^= 1;  // the last byte of the height
  EXPECT_THAT(refusal(png, "flipped.png"), HasSubstr("damaged"));
}

TEST(LoadPicture, NamesTheFileThatIsNotThere) {
  try {
    load_picture("nosuch.jpg");
    FAIL();
  } catch (const host::Error& e) {
    EXPECT_EQ(e.exit(), host::Exit::input);
    EXPECT_THAT(e.what(), HasSubstr("nosuch.jpg: no such file"));
  }
}

TEST(SavePicture, WritesWhatCanBeReadBack) {
  const Picture p = marked_picture(30, 20, 3);
  const std::string png = host::own_folder() / "saved.png", jpg = host::own_folder() / "saved.jpg";
  save_picture(png, p);
  save_picture(jpg, p);
  EXPECT_EQ(load_picture(png), p);
  EXPECT_LT(difference(load_picture(jpg), p), 3);
  EXPECT_THROW(save_picture(host::own_folder() / "x.bmp", p), host::Error);
}

}  // namespace
}  // namespace dimple::media
