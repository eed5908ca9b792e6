#include "ir/text.h"

#include <gtest/gtest.h>

#include "host/error.h"
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

TEST(Text, AQuantisedValueKeepsItsScaleToTheBit) {
  const std::string text =
      "graph q\ninput : s8[4,4,2] * 0.0078125 @ 0\npool = max_pool(input) kernel=2 stride=2 : s8[2,2,2] * 0.1 @ -128\n";
  const Graph graph = parse(text);
  EXPECT_EQ(graph.nodes[0].type.scale, 0.1f);
  EXPECT_EQ(graph.nodes[0].type.zero_point, -128);
  EXPECT_EQ(print(graph), text);
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

TEST(Text, AStatedShapeThatIsNotTrueIsRefused) {
  EXPECT_NE(refusal("graph g\ninput : f32[4,4,1]\nr = max_pool(input) kernel=2 stride=2 : f32[3,3,1]")
                .find("states another shape"),
            std::string::npos);
}

}  // namespace
}  // namespace dimple::ir
