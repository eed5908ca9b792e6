#include "data/datasets/affectnet/npy_whole.h"

#include <gmock/gmock.h>

#include <cstring>

#include "host/error.h"
#include "host/growth_testing.h"

namespace dimple::data {
namespace {

using testing::HasSubstr;

std::string npy(const std::string& type, const std::string& shape, const std::string& data,
                bool second_version = false) {
  const std::string header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }\n";
  const auto length = static_cast<char>(header.size());
  const std::string start = second_version ? std::string("\x93NUMPY\2\0", 8) + length + std::string(3, '\0')
                                           : std::string("\x93NUMPY\1\0", 8) + length + std::string(1, '\0');
  return start + header + data;
}

template <class T>
std::string bytes_of(T value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

std::string refusal_of_npy(const std::string& bytes) {
  try {
    read_npy_whole(bytes, "x.npy");
  } catch (const host::Error& e) {
    EXPECT_EQ(e.exit(), host::Exit::input);
    return e.what();
  }
  return "";
}

TEST(NpyWhole, TakesTimeByTheSizeOfTheHeader) {
  for (const char* piece : {"'descr': '", "'shape': (", "'"}) {
    const auto read = [&](size_t count) {
      const std::string header = host::repeated(count, piece);
      std::string start("\x93NUMPY\2\0", 8);
      for (int byte = 0; byte < 4; ++byte) start += static_cast<char>(header.size() >> 8 * byte);
      refusal_of_npy(start + header);
    };
    EXPECT_TRUE(host::grows_with(read, 1000)) << piece;
  }
}

TEST(NpyWhole, ReadsWhatHoldsOneNumber) {
  EXPECT_EQ(read_npy_whole(npy("<U1", "", std::string("7\0\0\0", 4)), "x"), 7);
  EXPECT_EQ(read_npy_whole(npy("<U2", "",
                               std::string("1\0\0\0"
                                           "0\0\0\0",
                                           8)),
                           "x"),
            10);
  EXPECT_EQ(read_npy_whole(npy("<U2", "", std::string("3\0\0\0\0\0\0\0", 8)), "x"), 3);
  EXPECT_EQ(read_npy_whole(npy("|S3", "", std::string("-2\0", 3)), "x"), -2);
  EXPECT_EQ(read_npy_whole(npy("<i8", "", bytes_of<int64_t>(-5)), "x"), -5);
  EXPECT_EQ(read_npy_whole(npy("|u1", "1,", bytes_of<uint8_t>(200)), "x"), 200);
  EXPECT_EQ(read_npy_whole(npy("<f8", "", bytes_of(4.0), true), "x"), 4);
}

TEST(NpyWhole, RefusesWhatDoesNot) {
  EXPECT_THAT(refusal_of_npy(""), HasSubstr("x.npy: it is no numpy file"));
  EXPECT_THAT(refusal_of_npy(std::string("\x93NUMPY\1\0\xFF\xFF{}", 12)), HasSubstr("cut short"));
  EXPECT_THAT(refusal_of_npy(std::string("\x93NUMPY\3\0\xFF\xFF\xFF\xFF", 12)), HasSubstr("cut short"));
  EXPECT_THAT(refusal_of_npy(npy("|O", "", "cos\nsystem\n")), HasSubstr("a pickled object, which is never run"));
  EXPECT_THAT(refusal_of_npy(npy(">i4", "", bytes_of<int32_t>(1))), HasSubstr("no type that is known here"));
  EXPECT_THAT(refusal_of_npy(npy("<i4", "2,", bytes_of<int64_t>(1))), HasSubstr("it holds (2,) numbers, not one"));
  EXPECT_THAT(refusal_of_npy(npy("<i4", "", "abc")), HasSubstr("3 bytes of data instead of 4"));
  EXPECT_THAT(refusal_of_npy(npy("<U1", "", std::string("7\0\1\0", 4))), HasSubstr("text that is no number"));
  EXPECT_THAT(refusal_of_npy(npy("<U1", "", std::string(4, '\0'))), HasSubstr("text that is no number"));
  EXPECT_THAT(refusal_of_npy(npy("<f4", "", bytes_of(1.5f))), HasSubstr("no whole number"));
  EXPECT_THAT(refusal_of_npy(npy("<c4", "", bytes_of(1.0f))), HasSubstr("no whole number"));
}

// Whatever byte is changed or lost: an answer or an input error.
TEST(NpyWhole, DamageIsAnErrorOrANumber) {
  const std::string whole = npy("<U1", "", std::string("7\0\0\0", 4));
  for (size_t at = 0; at < whole.size(); ++at) {
    refusal_of_npy(whole.substr(0, at));
    for (const int change : {1, 128, 255}) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ change);
      refusal_of_npy(damaged);
    }
  }
}

}  // namespace
}  // namespace dimple::data
