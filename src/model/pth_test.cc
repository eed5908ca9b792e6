#include "model/pth.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "host/error.h"
#include "host/growth_testing.h"
#include "model/foreign_dtype.h"
#include "model/pth_testing.h"
#include "model/safetensors.h"
#include "model/state_dict.h"

namespace dimple::model {
namespace {

using namespace pickled;  // NOLINT: the vocabulary of this file

const std::string kSix = pickled::bytes_of<float>({1, 2, 3, 4, 5, 6});

std::vector<uint8_t> file_of(const std::string& value, const std::string& storage = kSix) {
  return stored_zip({{"net/data.pkl", whole(value)}, {"net/data/0", storage}, {"net/version", "3\n"}});
}

const std::string kMatrix = tensor({.elements = 6, .dims = {2, 3}, .strides = {3, 1}});

std::string refusal_of_pth(const std::vector<uint8_t>& bytes) {
  try {
    read_pth(bytes, "x.pth");
  } catch (const host::Error& error) {
    EXPECT_EQ(error.exit(), host::Exit::model);
    EXPECT_NE(std::string(error.what()).find("x.pth"), std::string::npos);
    return std::string(error.what()) + " | " + error.hint();
  }
  return "read";
}

void expect_refusal(const std::string& value, const char* why, const std::string& storage = kSix) {
  EXPECT_NE(refusal_of_pth(file_of(value, storage)).find(why), std::string::npos)
      << refusal_of_pth(file_of(value, storage));
}

std::vector<float> values_of(const std::string& value, const std::string& storage = kSix) {
  const StateDict found = read_pth(file_of(value, storage), "x.pth");
  const auto values = found.tensors.at(0).tensor.as<float>();
  return {values.begin(), values.end()};
}

TEST(Pth, ReadsATensorAndItsName) {
  const StateDict found = read_pth(file_of(dict({{"a.weight", kMatrix}})), "x.pth");
  ASSERT_EQ(found.tensors.size(), 1u);
  EXPECT_TRUE(found.in_order);
  EXPECT_EQ(found.tensors[0].name, "a.weight");
  EXPECT_EQ(found.tensors[0].tensor, ir::make_tensor<float>(DType::f32, {2, 3}, {1, 2, 3, 4, 5, 6}));
}

TEST(Pth, KeepsTheOrderOfTheDict) {
  const StateDict found = read_pth(file_of(dict({{"z", kMatrix}, {"a", kMatrix}, {"m", kMatrix}})), "x.pth");
  EXPECT_EQ(found.tensors[0].name + found.tensors[1].name + found.tensors[2].name, "zam");
}

TEST(Pth, FollowsStridesAndOffsets) {
  const auto with = [](const TensorText& t) { return dict({{"a", tensor(t)}}); };
  EXPECT_EQ(values_of(with({.elements = 6, .dims = {3, 2}, .strides = {1, 3}})),
            (std::vector<float>{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(values_of(with({.elements = 6, .first = 4, .dims = {2}, .strides = {1}})), (std::vector<float>{5, 6}));
  EXPECT_EQ(values_of(with({.elements = 6, .first = 2, .dims = {}, .strides = {}})), (std::vector<float>{3}));
  EXPECT_EQ(values_of(with({.elements = 6, .dims = {0, 3}, .strides = {3, 1}})), (std::vector<float>{}));
}

TEST(Pth, FindsTheStateDictInsideOfACheckpoint) {
  const std::string inner = dict({{"a", kMatrix}});
  for (const char* key : {"state_dict", "model"}) {
    const StateDict found = read_pth(file_of(dict({{"epoch", number(7)}, {"arch", text("x")}, {key, inner}})), "x.pth");
    EXPECT_EQ(found.tensors.at(0).name, "a");
  }
}

TEST(Pth, ReadsAnOrderedDictWithAttributesAndParameters) {
  const std::string parameter = global("torch._utils", "_rebuild_parameter") + tuple(kMatrix + "\x89" + ")") + "R";
  const std::string ordered = global("collections", "OrderedDict") + ")R" + text("a") + parameter + "s" +
                              dict({{"_metadata", number(1)}}) + "b";
  EXPECT_EQ(values_of(ordered), (std::vector<float>{1, 2, 3, 4, 5, 6}));
}

TEST(Pth, ConvertsTheNumberTypesOfOthers) {
  const auto with = [](const char* storage) {
    return dict({{"a", tensor({.storage = storage, .elements = 2, .dims = {2}, .strides = {1}})}});
  };
  const std::vector<float> want{1.5f, -2};
  EXPECT_EQ(values_of(with("HalfStorage"), pickled::bytes_of<uint16_t>({0x3E00, 0xC000})), want);
  EXPECT_EQ(values_of(with("BFloat16Storage"), pickled::bytes_of<uint16_t>({0x3FC0, 0xC000})), want);
  EXPECT_EQ(values_of(with("DoubleStorage"), pickled::bytes_of<double>({1.5, -2})), want);
  const StateDict longs = read_pth(file_of(with("LongStorage"), pickled::bytes_of<int64_t>({7, -1})), "x.pth");
  EXPECT_EQ(longs.tensors[0].tensor, ir::make_tensor<int32_t>(DType::s32, {2}, {7, -1}));
  expect_refusal(with("LongStorage"), "beyond 32 bits", pickled::bytes_of<int64_t>({int64_t{1} << 40, 0}));
}

TEST(ForeignType, EveryHalfIsTheNumberItsBitsSay) {
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    const int exponent = static_cast<int>(bits >> 10 & 31);
    const float fraction = static_cast<float>(bits & 1023) / 1024;
    float want =
        exponent ? std::exp2(static_cast<float>(exponent - 15)) * (1 + fraction) : std::exp2(-14.0f) * fraction;
    if (bits >> 15) want = -want;
    const float got = from_half(static_cast<uint16_t>(bits));
    if (exponent == 31)
      EXPECT_FALSE(std::isfinite(got));
    else
      ASSERT_EQ(got, want) << bits;
  }
}

TEST(Pth, RunsNothing) {
  expect_refusal(global("os", "system") + tuple(text("true")) + "R", "os.system");
  expect_refusal("\x8c\x02os\x8c\x06system\x93" + tuple(text("true")) + "R", "os.system");
  expect_refusal(global("builtins", "eval") + tuple(text("1")) + "R", "builtins.eval");
  expect_refusal(dict({{"a", global("torch", "load") + tuple(text("y")) + "R"}}), "torch.load");
  for (const char* opcode : {"i", "o", "\x81", "\x92", "P", "\x82", "I1\n", "S'a'\n", "d", "l"})
    expect_refusal(dict({{"a", kMatrix}}) + opcode, "instruction");
  EXPECT_NE(refusal_of_pth(file_of(global("os", "system"))).find("safetensors"), std::string::npos);  // what to do
}

TEST(Pth, RefusesTensorsThatAreNotWhatTheySay) {
  const auto with = [](const TensorText& t) { return dict({{"a", tensor(t)}}); };
  const int64_t huge = int64_t{1} << 40;
  expect_refusal(with({.elements = 7, .dims = {7}, .strides = {1}}), "cut short");
  expect_refusal(with({.elements = -1, .dims = {1}, .strides = {1}}), "cut short");
  expect_refusal(with({.elements = huge, .dims = {1}, .strides = {1}}), "cut short");
  expect_refusal(with({.elements = 6, .dims = {7}, .strides = {1}}), "outside");
  expect_refusal(with({.elements = 6, .dims = {2, 3}, .strides = {4, 1}}), "outside");
  expect_refusal(with({.elements = 6, .first = 6, .dims = {1}, .strides = {1}}), "outside");
  expect_refusal(with({.elements = 6, .first = -1, .dims = {1}, .strides = {1}}), "outside");
  expect_refusal(with({.elements = 6, .dims = {huge}, .strides = {0}}), "outside");
  expect_refusal(with({.elements = 6, .dims = {3}, .strides = {huge}}), "outside");
  expect_refusal(with({.elements = 6, .dims = {-2}, .strides = {1}}), "impossible");
  expect_refusal(with({.elements = 6, .dims = {2}, .strides = {-1}}), "impossible");
  expect_refusal(with({.elements = 6, .dims = {huge, huge}, .strides = {1, 1}}), "impossible");
  expect_refusal(with({.elements = 6, .dims = {2, 3}, .strides = {1}}), "differ in length");
  expect_refusal(with({.key = "1", .elements = 6, .dims = {6}, .strides = {1}}), "not in the archive");
  expect_refusal(dict({{"a", kMatrix}, {"a", kMatrix}}), "twice");
  expect_refusal(dict({{"a", number(3)}}), "no tensors");
  expect_refusal(number(3), "no dict");
}

TEST(Pth, RefusesAFileThatUnpacksToFarMoreThanItsSize) {
  std::vector<std::pair<std::string, std::string>> same;
  for (int i = 0; i < 200; ++i)
    same.emplace_back("t" + std::to_string(i), tensor({.elements = 40000, .dims = {40000}, .strides = {1}}));
  expect_refusal(dict(same), "unpacks", std::string(160000, '\0'));
}

// One body, and as many entries that point to it as an archive can name: each would be checked from end to end.
TEST(Pth, RefusesEntriesThatShareABody) {
  std::vector<std::pair<std::string, std::string>> entries{{"net/data.pkl", whole(dict({{"a", kMatrix}}))},
                                                           {"net/data/0", std::string(1 << 20, '\1')}};
  for (int i = 0; i < 60000; ++i) entries.emplace_back("net/data/x" + std::to_string(i), "");
  std::vector<uint8_t> bomb = stored_zip(entries);
  const auto put = [&](size_t at, const uint8_t* from, size_t count) { std::copy_n(from, count, bomb.data() + at); };
  // The second entry's record: its checksum and sizes (16 to 28) and its place (42 to 46), put into all that follow.
  uint32_t record = 0;  // where the table of contents begins
  std::memcpy(&record, bomb.data() + bomb.size() - 6, sizeof record);
  const auto length = [&](size_t at) { return 46 + bomb[at + 28] + 256u * bomb[at + 29]; };
  const size_t body = record + length(record);
  size_t at = body;
  for (int i = 0; i < 60000; ++i) {
    at += length(at);
    put(at + 16, bomb.data() + body + 16, 12), put(at + 42, bomb.data() + body + 42, 4);
  }
  EXPECT_NE(refusal_of_pth(bomb).find("share their bytes"), std::string::npos);
}

TEST(Pth, TakesTimeByTheSizeOfTheFile) {
  const std::string empty = tensor({.dims = {0}, .strides = {1}});
  const auto tensors = [&](size_t count) {
    read_pth(file_of("}" + host::numbered(count, [&](const std::string& i) { return text(i) + empty + "s"; })), "x");
  };
  EXPECT_TRUE(host::grows_with(tensors, 200));
  const auto entries = [&](size_t count) {
    std::vector<std::pair<std::string, std::string>> files{{"net/data.pkl", whole(dict({{"a", kMatrix}}))},
                                                           {"net/data/0", kSix}};
    for (size_t i = 0; i < count; ++i) files.emplace_back("net/data/x" + std::to_string(i), "x");
    read_pth(stored_zip(files), "x");
  };
  EXPECT_TRUE(host::grows_with(entries, 500));
}

// Pieces that a pickle can repeat: each value made of the one before it, twice; marks; lists; what is remembered.
TEST(Pth, TakesTimeByTheLengthOfThePickle) {
  for (const char* piece : {"q\1h\1h\1\x86", "(h\1h\1h\1t", "](h\1h\1e", "(", "(t", "\x94", "}h\1h\1s"}) {
    const auto read = [&](size_t count) { refusal_of_pth(file_of(")q\1" + host::repeated(count, piece) + kMatrix)); };
    EXPECT_TRUE(host::grows_with(read, 1000)) << piece;
  }
}

TEST(Pth, RefusesMoreThanItsLimits) {
  const std::string many = host::numbered(kMaxTensors + 1, [](const std::string& i) { return text(i) + "h\1s"; });
  const std::string first = "}" + text("first") + tensor({.dims = {0}, .strides = {1}}) + "q\1s";
  EXPECT_NE(refusal_of_pth(file_of(first + many)).find("more than 100000 tensors"), std::string::npos);
  expect_refusal(dict({{"a", tensor({.key = std::string(65, '0'), .elements = 6, .dims = {6}, .strides = {1}})}}),
                 "not described");
}

TEST(Pth, SaysWhatToDoAboutTheOldFormat) {
  const std::string old =
      "\x80\x02\x8a\x0a"
      "l\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
  EXPECT_NE(refusal_of_pth({old.begin(), old.end()}).find("before PyTorch 1.6"), std::string::npos);
}

TEST(Pth, RefusesAFileCutAtAnyByte) {
  const auto bytes = file_of(dict({{"a", kMatrix}}));
  for (size_t length = 0; length < bytes.size(); ++length)
    EXPECT_NE(refusal_of_pth({bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(length)}), "read") << length;
}

TEST(Pth, LoadsOrRefusesAfterAnyBitIsFlipped) {
  const auto bytes = file_of(dict({{"state_dict", dict({{"a", kMatrix}})}}));
  for (size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    auto flipped = bytes;
    flipped[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    refusal_of_pth(flipped);
  }
  // The checksum would catch most of these; behind it, the pickle meets them all.
  const std::string pickle = whole(dict({{"state_dict", dict({{"a", kMatrix}})}}));
  for (size_t bit = 0; bit < 8 * pickle.size(); ++bit) {
    std::string flipped = pickle;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
    refusal_of_pth(stored_zip({{"net/data.pkl", flipped}, {"net/data/0", kSix}}));
  }
}

TEST(StateDict, TellsSafetensorsFromPth) {
  EXPECT_TRUE(read_state_dict(file_of(dict({{"a", kMatrix}})), "x").in_order);
  const std::string header = R"({"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}})";
  const std::string file = little(header.size(), 8) + header + pickled::bytes_of<uint16_t>({0x3E00, 0xC000});
  const StateDict found = read_state_dict({reinterpret_cast<const uint8_t*>(file.data()), file.size()}, "x");
  EXPECT_FALSE(found.in_order);
  EXPECT_EQ(found.tensors.at(0).tensor, ir::make_tensor<float>(DType::f32, {2}, {1.5f, -2}));
}

}  // namespace
}  // namespace dimple::model
