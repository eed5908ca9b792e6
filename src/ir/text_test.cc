#include "ir/text.h"

#include <gtest/gtest.h>

#include "host/error.h"
#include "host/growth_testing.h"
#include "ir/builder.h"

namespace dimple::ir {
namespace {

constexpr const char* kTiny = R"(graph tiny
input : f32[8,8,1]
stem = conv2d(input) out_channels=4 kernel=3 stride=2x1 pad=0x1x1x1 activation=relu : f32[4,8,4]
side = depthwise_conv2d(stem) kernel=3 pad=1 : f32[4,8,4]
sum = add(stem, side) activation=relu6 : f32[4,8,4]
drop = dropout(sum) rate=0.25 : f32[4,8,4]
head = dense(drop) units=3 : f32[1,1,3]
)";

std::string refusal(std::string_view text) {
  try {
    parse(text);
  } catch (const host::Error& error) {
    EXPECT_EQ(error.exit(), host::Exit::model);
    return error.what();
  }
  return "nothing was refused";
}

TEST(Text, WhatIsPrintedIsParsedBack) {
  const Graph graph = parse(kTiny);
  EXPECT_EQ(print(graph), kTiny);
  EXPECT_EQ(parse(print(graph)), graph);
  const auto& conv = std::get<ops::Conv2d>(graph.nodes[0].op);
  EXPECT_EQ(conv.window, (ops::Window{3, 3, 2, 1, 0, 1, 1, 1}));
  EXPECT_EQ(conv.activation, ops::Activation::relu);
}

TEST(Text, DilationCountedPaddingAndMoreInputsHaveTheirWords) {
  const std::string text =
      "graph g\n"
      "input : f32[8,8,2]\n"
      "a = conv2d(input) out_channels=3 kernel=3 pad=2 dilation=2 : f32[8,8,3]\n"
      "b = depthwise_conv2d(input) kernel=3 pad=1x2x1x2 dilation=1x2 : f32[8,8,2]\n"
      "c = average_pool(input) kernel=3 pad=1 count_include_pad=1 : f32[8,8,2]\n"
      "d = batch_norm(c) epsilon=0.001 momentum=0.01 : f32[8,8,2]\n"
      "e = concat(a, b, d) inputs=3 : f32[8,8,7]\n"
      "f = concat(e, e) : f32[8,8,14]\n"
      "g = channel_max(f) : f32[8,8,1]\n"
      "h = multiply(f, g) : f32[8,8,14]\n";
  EXPECT_EQ(print(parse(text)), text);
}

TEST(Text, TheNumberOfInputsIsWhatTheOperatorSays) {
  EXPECT_NE(refusal("graph g\ninput : f32[2,2,1]\nc = concat(input, input, input) : f32[2,2,3]")
                .find("concat takes 2 inputs, not 3"),
            std::string::npos);
  EXPECT_NE(refusal("graph g\ninput : f32[2,2,1]\nc = concat(input) inputs=1 : f32[2,2,1]").find("concat"),
            std::string::npos);
}

TEST(Text, ADilatedPoolIsRefused) {
  EXPECT_NE(refusal("graph g\ninput : f32[8,8,1]\nr = max_pool(input) kernel=2 dilation=2 : f32[6,6,1]")
                .find("max_pool cannot take"),
            std::string::npos);
}

TEST(Text, AQuantisedValueKeepsItsScaleToTheBit) {
  const std::string text =
      "graph q\ninput : s8[4,4,2] * 0.0078125 @ 0\npool = max_pool(input) kernel=2 stride=2 : s8[2,2,2] * 0.1 @ -128\n";
  const Graph graph = parse(text);
  EXPECT_EQ(graph.nodes[0].type.scale, 0.1f);
  EXPECT_EQ(graph.nodes[0].type.zero_point, -128);
  EXPECT_EQ(print(graph), text);
}

TEST(Text, AFloatValueKeepsTheCodesThatItWasTrainedFor) {
  const std::string text =
      "graph q\ninput : f32[4,4,2] * 0.0078125 @ 0\na = relu(input) : f32[4,4,2]\nb = relu(a) : f32[4,4,2] * 0.1 @ "
      "-128\n";
  const Graph graph = parse(text);
  EXPECT_FALSE(graph.nodes[0].type.has_codes());
  EXPECT_EQ(graph.nodes[1].type, (ValueType{DType::f32, {4, 4, 2}, 0.1f, -128}));
  EXPECT_EQ(print(graph), text);
  EXPECT_NE(refusal("graph g\ninput : f32[2,2,1] * -1 @ 0\nr = relu(input) : f32[2,2,1]"), "nothing was refused");
}

TEST(Text, CommentsBlankLinesAndSpacingDoNotMatter) {
  EXPECT_EQ(parse("# a net\n\ngraph  g\n  input:f32[2,2,1]\nr=relu( input ):f32[2,2,1] # done\n"),
            parse("graph g\ninput : f32[2,2,1]\nr = relu(input) : f32[2,2,1]\n"));
}

TEST(Text, EveryMistakeIsSaidWithItsLine) {
  EXPECT_NE(
      refusal("graph g\ninput : f32[2,2,1]\nr = rleu(input) : f32[2,2,1]").find("line 3: there is no operator 'rleu'"),
      std::string::npos);
  EXPECT_NE(refusal("graph g\ninput : f32[2,2,1]\nr = relu(x) : f32[2,2,1]").find("line 3"), std::string::npos);
  EXPECT_NE(refusal("graph g\ninput : f99[2,2,1]\n").find("line 2"), std::string::npos);
  EXPECT_NE(refusal("graph g\ninput : f32[2,2]\n").find("line 2"), std::string::npos);
  EXPECT_NE(refusal("graph g\ninput : f32[2,2,1]\nc = conv2d(input) channels=3 : f32[2,2,3]")
                .find("conv2d has no 'channels'"),
            std::string::npos);
  EXPECT_NE(refusal("graph g\ninput : f32[2,2,1]\nc = conv2d(input) out_channels=three : f32[2,2,3]").find("line 3"),
            std::string::npos);
  EXPECT_NE(refusal("graph g\ninput : f32[2,2,1]\nr = relu(input) : f32[2,2,1] tail").find("line 3"),
            std::string::npos);
  EXPECT_NE(refusal(""), "nothing was refused") << "an empty text is no graph";
}

TEST(Text, TakesTimeByTheSizeOfTheText) {
  const auto chain = [](size_t nodes) {
    std::string text = "graph g\ninput : f32[2,2,1]\n", last = "input";
    for (size_t i = 0; i < nodes; ++i) {
      const std::string name = std::string(40, 'r') + std::to_string(i);
      text += name + " = relu(" + last + ") : f32[2,2,1]\n";
      last = name;
    }
    EXPECT_EQ(parse(text).nodes.size(), nodes);
  };
  EXPECT_TRUE(host::grows_with(chain, 500));
  for (const char* piece : {"input,", "input ", "#", "\n", " ", "x"}) {
    const auto read = [&](size_t count) {
      refusal("graph g\ninput : f32[2,2,1]\nr = add(" + host::repeated(count, piece));
    };
    EXPECT_TRUE(host::grows_with(read, 2000)) << piece;
  }
  const auto attributes = [](size_t count) {
    const auto piece = [](const std::string& i) { return " a" + i + "=1"; };
    refusal("graph g\ninput : f32[2,2,1]\nr = relu(input)" + host::numbered(count, piece) + " : f32[2,2,1]");
  };
  EXPECT_TRUE(host::grows_with(attributes, 1000));
}

TEST(Text, AStatedShapeThatIsNotTrueIsRefused) {
  EXPECT_NE(refusal("graph g\ninput : f32[4,4,1]\nr = max_pool(input) kernel=2 stride=2 : f32[3,3,1]")
                .find("states another shape"),
            std::string::npos);
}

}  // namespace
}  // namespace dimple::ir
