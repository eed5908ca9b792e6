#include "export/onnx/onnx_model.h"

#include <gmock/gmock.h>

#include <bit>
#include <cstring>
#include <map>
#include <set>

#include "export/every_operator_testing.h"
#include "export/onnx/protobuf.h"
#include "host/error.h"

namespace dimple::exports {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

// A message read back: for each field its values in order, as bytes or as a number.
struct ReadMessage {
  std::map<int, std::vector<std::string>> bytes;
  std::map<int, std::vector<int64_t>> numbers;

  explicit ReadMessage(std::string_view in) {
    const auto varint = [&] {
      uint64_t value = 0;
      for (int shift = 0; !in.empty(); shift += 7) {
        const auto b = static_cast<uint8_t>(in.front());
        in.remove_prefix(1);
        value |= uint64_t{b & 0x7fu} << shift;
        if (b < 0x80) break;
      }
      return value;
    };
    while (!in.empty()) {
      const uint64_t key = varint();
      const int field = static_cast<int>(key >> 3);
      if ((key & 7) == 0) {
        numbers[field].push_back(static_cast<int64_t>(varint()));
      } else {
        const size_t length = (key & 7) == 5 ? 4 : varint();
        EXPECT_LE(length, in.size());
        bytes[field].emplace_back(in.substr(0, length));
        in.remove_prefix(std::min(length, in.size()));
      }
    }
  }
};

struct ReadModel {
  std::vector<ReadMessage> nodes, constants;
  std::vector<std::string> inputs, outputs;
  ReadMessage graph{""};

  explicit ReadModel(const std::vector<uint8_t>& file) {
    const ReadMessage model({reinterpret_cast<const char*>(file.data()), file.size()});
    graph = ReadMessage(model.bytes.at(7).at(0));
    for (const auto& n : graph.bytes.at(1)) nodes.emplace_back(n);
    for (const auto& c : graph.bytes.at(5)) constants.emplace_back(c);
    for (const auto& v : graph.bytes.at(11)) inputs.push_back(ReadMessage(v).bytes.at(1)[0]);
    for (const auto& v : graph.bytes.at(12)) outputs.push_back(ReadMessage(v).bytes.at(1)[0]);
  }
  const ReadMessage& constant(const std::string& name) const {
    for (const ReadMessage& c : constants)
      if (c.bytes.at(8)[0] == name) return c;
    throw std::out_of_range(name);
  }
  std::vector<std::string> types() const {
    std::vector<std::string> names;
    for (const ReadMessage& n : nodes) names.push_back(n.bytes.at(4)[0]);
    return names;
  }
};

// Everything that is read was put out, given, or is a constant, and nothing is put out twice.
void expect_sound(const ReadModel& model) {
  std::set<std::string> known(model.inputs.begin(), model.inputs.end());
  for (const ReadMessage& c : model.constants) EXPECT_TRUE(known.insert(c.bytes.at(8)[0]).second) << c.bytes.at(8)[0];
  for (const ReadMessage& n : model.nodes) {
    for (const std::string& in : n.bytes.at(1)) EXPECT_TRUE(known.contains(in)) << in;
    EXPECT_TRUE(known.insert(n.bytes.at(2)[0]).second) << n.bytes.at(2)[0];
  }
  for (const std::string& out : model.outputs) EXPECT_TRUE(known.contains(out)) << out;
}

TEST(Protobuf, CodesNumbersTextAndReals) {
  const Message m = Message().number(1, 300).text(2, "ab").real(3, 1.0f);
  EXPECT_EQ(m.bytes(), std::string("\x08\xac\x02\x12\x02"
                                   "ab\x1d\x00\x00\x80\x3f",
                                   12));
  EXPECT_EQ(Message().number(1, -1).bytes().size(), 11U);  // ten bytes of seven bits
}

TEST(OnnxModel, FloatNetIsSoundAndHasTheOperatorsOfTheGraph) {
  const ReadModel model(write_onnx(every_operator_float()));
  expect_sound(model);
  EXPECT_THAT(model.inputs, ElementsAre("input"));
  EXPECT_EQ(model.outputs.size(), 1U);
  for (const char* type :
       {"Conv", "Clip", "Relu", "Add", "MaxPool", "AveragePool", "Concat", "Sigmoid", "Mul", "HardSwish", "HardSigmoid",
        "GlobalAveragePool", "GlobalMaxPool", "Pad", "Transpose", "Reshape", "Gemm", "Softmax"})
    EXPECT_THAT(model.types(), Contains(type));
  EXPECT_THAT(model.types(), Each(testing::Ne("QuantizeLinear")));
}

TEST(OnnxModel, ChannelsComeFirstInWeights) {
  const ir::Graph graph = every_operator_float();
  const ReadModel model(write_onnx(graph));
  const ReadMessage& weight = model.constant("stem.weight");
  EXPECT_THAT(weight.numbers.at(1), ElementsAre(8, 3, 3, 3));
  const auto ours = graph.constant("stem", "weight")->as<float>();
  const auto theirs = [&](size_t o, size_t c, size_t y, size_t x) {
    float value = 0;
    std::memcpy(&value, weight.bytes.at(9)[0].data() + (((o * 3 + c) * 3 + y) * 3 + x) * sizeof value, sizeof value);
    return value;
  };
  EXPECT_EQ(theirs(5, 2, 1, 0), ours[((5 * 3 + 1) * 3 + 0) * 3 + 2]);
  EXPECT_THAT(model.constant("deep.weight").numbers.at(1), ElementsAre(8, 1, 3, 3));
}

TEST(OnnxModel, IntegerNetHasPairsUnsignedCodesAndScalesOfChannels) {
  const ir::Graph graph = every_operator_integer();
  const ReadModel model(write_onnx(graph));
  expect_sound(model);
  EXPECT_EQ(model.outputs.size(), 2U);
  const ReadMessage input(model.graph.bytes.at(11)[0]);
  constexpr int kU8 = 2;
  EXPECT_EQ(ReadMessage(ReadMessage(input.bytes.at(2)[0]).bytes.at(1)[0]).numbers.at(1)[0], kU8);
  const auto zero = static_cast<uint8_t>(model.constant("input.zero_point").bytes.at(9)[0][0]);
  EXPECT_EQ(zero, graph.input.zero_point + 128);
  EXPECT_THAT(model.constant("stem.weight.scale").numbers.at(1), ElementsAre(8));
  EXPECT_THAT(model.types(), Contains("DequantizeLinear"));
  EXPECT_THAT(model.types(), Each(testing::Ne("Clip")));  // the codes of relu6 end where it does
}

TEST(OnnxModel, SignedCodesAreOurs) {
  const ir::Graph graph = every_operator_integer();
  const ReadModel model(write_onnx(graph, {.signed_codes = true}));
  constexpr int kS8 = 3;
  const ReadMessage& zero = model.constant("stem.zero_point");
  EXPECT_EQ(zero.numbers.at(2)[0], kS8);
  EXPECT_EQ(static_cast<int8_t>(zero.bytes.at(9)[0][0]), graph.nodes[0].type.zero_point);
}

TEST(OnnxModel, OldClipHasItsLimitsAsAttributes) {
  const ReadModel model(write_onnx(every_operator_float(), {.old_clip = true}));
  for (const ReadMessage& n : model.nodes)
    if (n.bytes.at(4)[0] == "Clip") {
      EXPECT_EQ(n.bytes.at(1).size(), 1U);
      EXPECT_EQ(n.bytes.at(5).size(), 2U);
    }
}

TEST(OnnxModel, WeightsOfFewBitsArePlainNumbersThere) {
  constexpr int kF32 = 1, kS8 = 3;
  const ReadModel real(write_onnx(compile::optimise(few_bits()))), integer(write_onnx(few_bits_integer()));
  for (const char* name : {"stem.weight", "gate.weight", "hidden.weight"}) {
    EXPECT_EQ(real.constant(name).numbers.at(2)[0], kF32) << name;
    EXPECT_EQ(integer.constant(name).numbers.at(2)[0], kS8) << name;
  }
  const std::string& signs = integer.constant("gate.weight").bytes.at(9)[0];
  EXPECT_EQ(signs.size(), 24U * 24);
  EXPECT_THAT(signs, Each(testing::AnyOf('\1', '\xff')));
}

TEST(OnnxModel, SignIsRefusedInFloatsAndInCodes) {
  const ir::Graph graph = sample_few_bits_graph();
  const std::vector<int8_t> codes = sample_codes(graph, 8);
  for (const ir::Graph& signs : {compile::optimise(graph), compile::quantise(graph, {codes, 1.0f / 128})}) {
    try {
      (void)write_onnx(signs);
      FAIL();
    } catch (const host::Error& error) {
      EXPECT_EQ(error.exit(), host::Exit::model);
      EXPECT_THAT(error.what(), HasSubstr("other formats have no sign"));
      EXPECT_THAT(error.hint(), HasSubstr("float twin"));
    }
  }
}

TEST(OnnxModel, OperatorWithoutAFormIsRefusedByName) {
  try {
    (void)write_onnx(compile::optimise(sample_graph()));
    FAIL();
  } catch (const host::Error& error) {
    EXPECT_EQ(error.exit(), host::Exit::model);
    EXPECT_THAT(error.what(), HasSubstr("prelu has no ONNX form here"));
  }
}

}  // namespace
}  // namespace dimple::exports
