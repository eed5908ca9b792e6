#include "export/tflite/tflite_model.h"

#include <gmock/gmock.h>

#include <cstring>

#include "export/every_operator_testing.h"
#include "export/tflite/flatbuffer.h"
#include "host/error.h"

namespace dimple::exports {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

// A table in a file, read back.
class ReadTable {
 public:
  ReadTable(const std::vector<uint8_t>& file, size_t at) : file_(&file), at_(at) {}
  explicit ReadTable(const std::vector<uint8_t>& file) : ReadTable(file, read<uint32_t>(file, 0)) {}

  template <class T>
  T scalar(int field) const {
    const size_t place = place_of(field);
    return place == 0 ? T{} : read<T>(*file_, place);
  }
  ReadTable table(int field) const { return {*file_, target(place_of(field))}; }
  size_t count(int field) const { return place_of(field) == 0 ? 0 : read<uint32_t>(*file_, target(place_of(field))); }
  size_t elements_at(int field) const { return target(place_of(field)) + 4; }
  ReadTable element(int field, size_t i) const { return {*file_, target(elements_at(field) + 4 * i)}; }
  template <class T>
  std::vector<T> values(int field) const {
    std::vector<T> all;
    for (size_t i = 0; i < count(field); ++i) all.push_back(read<T>(*file_, elements_at(field) + i * sizeof(T)));
    return all;
  }

 private:
  template <class T>
  static T read(const std::vector<uint8_t>& file, size_t at) {
    T value{};
    EXPECT_LE(at + sizeof value, file.size());
    EXPECT_EQ(at % sizeof value, 0U) << "not aligned";
    if (at + sizeof value <= file.size()) std::memcpy(&value, file.data() + at, sizeof value);
    return value;
  }
  size_t target(size_t place) const { return place + read<uint32_t>(*file_, place); }
  size_t place_of(int field) const {
    const size_t vtable = at_ - static_cast<size_t>(read<int32_t>(*file_, at_));
    if (4 + 2 * static_cast<size_t>(field) >= read<uint16_t>(*file_, vtable)) return 0;
    const uint16_t offset = read<uint16_t>(*file_, vtable + 4 + 2 * static_cast<size_t>(field));
    return offset == 0 ? 0 : at_ + offset;
  }

  const std::vector<uint8_t>* file_;
  size_t at_;
};

struct LiteModel {
  std::vector<uint8_t> file;
  ReadTable model, graph;

  explicit LiteModel(std::vector<uint8_t> bytes) : file(std::move(bytes)), model(file), graph(model.element(2, 0)) {}

  std::vector<int> codes() const {
    std::vector<int> all;
    for (size_t i = 0; i < graph.count(3); ++i)
      all.push_back(model.element(1, graph.element(3, i).scalar<uint32_t>(0)).scalar<int32_t>(3));
    return all;
  }
  std::vector<int32_t> inputs_of(size_t node) const { return graph.element(3, node).values<int32_t>(1); }
  ReadTable tensor(int32_t i) const { return graph.element(0, static_cast<size_t>(i)); }
};

enum : int { kConv = 3, kDepthwise = 4, kPad = 34, kPadWithValue = 60, kQuantize = 114, kHardSwish = 117 };

TEST(Flatbuffer, LaysTablesBeforeWhatTheyPointToAndAlignsIt) {
  FlatTable inner;
  inner.word(1, 7);
  FlatTable root;
  root.byte(0, 5).table(2, inner).bytes(3, "abc").longs(4, {9, -9}).text(5, "name").tables(6, {inner, inner});
  const std::vector<uint8_t> file = lay_out(root, "TEST");
  const ReadTable read(file);
  EXPECT_EQ(read.scalar<int8_t>(0), 5);
  EXPECT_EQ(read.scalar<int32_t>(1), 0);  // never set
  EXPECT_EQ(read.table(2).scalar<int32_t>(1), 7);
  EXPECT_THAT(read.values<char>(3), ElementsAre('a', 'b', 'c'));
  EXPECT_EQ(read.elements_at(3) % 16, 0U);
  EXPECT_THAT(read.values<int64_t>(4), ElementsAre(9, -9));
  EXPECT_EQ(read.count(5), 4U);
  EXPECT_EQ(read.element(6, 1).scalar<int32_t>(1), 7);
  EXPECT_EQ(std::string(file.begin() + 4, file.begin() + 8), "TEST");
}

TEST(TfliteModel, EveryNodeReadsTensorsThatAreThere) {
  for (const ir::Graph& graph : {every_operator_float(), every_operator_integer()}) {
    const LiteModel lite(write_tflite(graph));
    std::vector<bool> known(lite.graph.count(0));
    for (size_t i = 0; i < known.size(); ++i) known[i] = lite.tensor(static_cast<int32_t>(i)).scalar<uint32_t>(2) != 0;
    known[static_cast<size_t>(lite.graph.values<int32_t>(1).at(0))] = true;
    for (size_t n = 0; n < lite.graph.count(3); ++n) {
      for (const int32_t in : lite.inputs_of(n)) EXPECT_TRUE(known.at(static_cast<size_t>(in))) << "node " << n;
      known.at(static_cast<size_t>(lite.graph.element(3, n).values<int32_t>(2).at(0))) = true;
    }
    for (const int32_t out : lite.graph.values<int32_t>(2)) EXPECT_TRUE(known.at(static_cast<size_t>(out)));
  }
}

TEST(TfliteModel, WindowIsSameOrValidOrPaddedBefore) {
  const LiteModel lite(write_tflite(every_operator_float()));
  // 20 rows at stride 2 with one row of padding in front: their "same" would put it behind.
  EXPECT_EQ(lite.codes().at(0), kPad);
  EXPECT_EQ(lite.codes().at(1), kConv);
  const auto padding = [&](size_t node) { return lite.graph.element(3, node).table(4).scalar<int8_t>(0); };
  EXPECT_EQ(padding(1), 1);  // valid
  EXPECT_EQ(lite.codes().at(2), kDepthwise);
  EXPECT_EQ(padding(2), 0);                            // same
  EXPECT_THAT(lite.codes(), Contains(kPadWithValue));  // before a maximum: the lowest number
}

TEST(TfliteModel, IntegerNetHasScalesOfChannelsAndTwoOutputs) {
  const ir::Graph graph = every_operator_integer();
  const LiteModel lite(write_tflite(graph));
  EXPECT_EQ(lite.graph.count(2), 2U);
  const std::vector<int32_t> deep = lite.inputs_of(2);
  const ReadTable weight = lite.tensor(deep.at(1)).table(4), bias = lite.tensor(deep.at(2)).table(4);
  EXPECT_EQ(weight.count(2), 8U);
  EXPECT_EQ(weight.scalar<int32_t>(6), 3);  // of a depthwise weight the channels come last
  EXPECT_EQ(bias.count(2), 8U);
  constexpr int kS8 = 9;
  const ReadTable input = lite.tensor(lite.graph.values<int32_t>(1).at(0));
  EXPECT_EQ(input.scalar<int8_t>(1), kS8);
  EXPECT_THAT(input.table(4).values<float>(2), ElementsAre(1.0f / 128));
  EXPECT_THAT(lite.codes(), Contains(kQuantize));  // inputs of concat come to one scale
  EXPECT_THAT(lite.codes(), Contains(kHardSwish));
}

TEST(TfliteModel, WeightsOfFewBitsArePlainNumbersThere) {
  constexpr int kF32 = 0, kS8 = 9;
  const LiteModel real(write_tflite(compile::optimise(few_bits()))), integer(write_tflite(few_bits_integer()));
  EXPECT_EQ(real.tensor(real.inputs_of(1).at(1)).scalar<int8_t>(1), kF32);
  EXPECT_EQ(integer.tensor(integer.inputs_of(1).at(1)).scalar<int8_t>(1), kS8);
}

TEST(TfliteModel, SignIsRefusedInFloatsAndInCodes) {
  const ir::Graph graph = sample_few_bits_graph();
  const std::vector<int8_t> codes = sample_codes(graph, 8);
  for (const ir::Graph& signs : {compile::optimise(graph), compile::quantise(graph, {codes, 1.0f / 128})}) {
    try {
      (void)write_tflite(signs);
      FAIL();
    } catch (const host::Error& error) {
      EXPECT_EQ(error.exit(), host::Exit::model);
      EXPECT_THAT(error.what(), HasSubstr("other formats have no sign"));
      EXPECT_THAT(error.hint(), HasSubstr("float twin"));
    }
  }
}

TEST(TfliteModel, OperatorWithoutAFormIsRefusedByName) {
  try {
    (void)write_tflite(compile::optimise(sample_graph()));
    FAIL();
  } catch (const host::Error& error) {
    EXPECT_EQ(error.exit(), host::Exit::model);
    EXPECT_THAT(error.what(), HasSubstr("has no TensorFlow Lite form here"));
  }
}

}  // namespace
}  // namespace dimple::exports
