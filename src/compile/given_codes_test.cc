#include "compile/given_codes.h"

#include <gtest/gtest.h>

#include "compile/lower.h"
#include "compile/passes/passes.h"
#include "compile/pipeline.h"
#include "compile/quantise.h"
#include "compile/random_graph_testing.h"
#include "host/error.h"
#include "ir/evaluate.h"
#include "ir/text.h"

namespace dimple::compile {
namespace {

constexpr float kInputScale = 1.0f / 128;

std::string settled(const std::string& text) {
  ir::Graph graph = ir::parse("graph g\n" + text);
  settle_given_codes(graph, kInputScale);
  return ir::print(graph);
}

std::string refusal(const std::string& text) {
  try {
    settled(text);
  } catch (const host::Error& error) {
    EXPECT_EQ(error.exit(), host::Exit::model);
    return error.what();
  }
  return "nothing was refused";
}

std::string graph_after(int (*pass)(ir::Graph&), const std::string& text) {
  ir::Graph graph = ir::parse("graph g\n" + text);
  ir::initialise(graph, 1);
  EXPECT_GT(pass(graph), 0);
  return ir::print(graph);
}

// The float graph, optimised, and each of its values annotated with the codes of the integer one.
ir::Graph annotated(const ir::Graph& graph, const ir::Graph& integer) {
  ir::Graph result = optimise(graph);
  for (size_t i = 0; i < result.nodes.size(); ++i)
    if (!std::holds_alternative<ops::Softmax>(result.nodes[i].op))
      result.nodes[i].type.take_codes_of(integer.nodes[i].type);
  return result;
}

const QuantiseOptions kAsTrained{.steps = {"mse"}};

TEST(GivenCodes, AnAnnotatedGraphBecomesThatIntegerGraphWithoutPictures) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomGraph random(seed);
    const ir::Graph graph = random.make();
    const ir::Graph integer = quantise(graph, {random.codes(graph, 4), kInputScale}, kAsTrained);
    const ir::Graph trained = annotated(graph, integer);
    EXPECT_EQ(optimise(trained), trained);
    EXPECT_EQ(ir::parse(ir::print(trained)).nodes, trained.nodes);
    EXPECT_EQ(quantise(trained, {{}, kInputScale}), integer);
  }
}

TEST(GivenCodes, NothingElseLooksAtThem) {
  RandomGraph random(3);
  const ir::Graph graph = random.make();
  const ir::Graph plain = optimise(graph),
                  trained = annotated(graph, quantise(graph, {random.codes(graph, 4), kInputScale}));
  ASSERT_NE(trained, plain);
  const ir::Tensor picture = random.picture(graph);
  EXPECT_EQ(ir::evaluate(trained, picture), ir::evaluate(plain, picture));
  EXPECT_EQ(plan(trained), plan(plain));
}

TEST(GivenCodes, OnlyWhatHasNoneIsCalibrated) {
  ir::Graph graph = ir::parse(
      "graph g\ninput : f32[6,6,1]\nc = conv2d(input) out_channels=4 kernel=3 activation=relu : f32[4,4,4]\n"
      "d = dense(c) units=3 : f32[1,1,3]\n");
  ir::initialise(graph, 1);
  RandomGraph random(1);
  const auto codes = random.codes(graph, 8);
  const ir::Graph free = quantise(graph, {codes, kInputScale}),
                  as_trained = quantise(graph, {codes, kInputScale}, kAsTrained);
  graph.nodes[0].type.scale = 0.25f, graph.nodes[0].type.zero_point = -100;
  const ir::Graph given = quantise(graph, {codes, kInputScale});
  EXPECT_EQ(given.nodes[0].type, (ir::ValueType{DType::s8, {4, 4, 4}, 0.25f, -100}));
  EXPECT_EQ(given.nodes[1].type, free.nodes[1].type);
  EXPECT_EQ(given.constants.at("c.weight"), as_trained.constants.at("c.weight"));
  EXPECT_EQ(given.constants.at("c.bias"), as_trained.constants.at("c.bias"));
  EXPECT_EQ(given.constants.at("d.weight"), free.constants.at("d.weight"));
  EXPECT_NE(free.constants.at("c.bias"), as_trained.constants.at("c.bias")) << "else the test tells nothing";
  EXPECT_THROW(quantise(graph, {{}, kInputScale}), host::Error);
}

TEST(GivenCodes, WhatKeepsCodesSharesThemWithItsInput) {
  EXPECT_EQ(settled("input : f32[4,4,2]\na = prelu(input) : f32[4,4,2]\n"
                    "m = max_pool(a) kernel=2 stride=2 : f32[2,2,2] * 0.5 @ 3\nf = flatten(m) : f32[1,1,8]\n"),
            "graph g\ninput : f32[4,4,2] * 0.0078125 @ 0\na = prelu(input) : f32[4,4,2] * 0.5 @ 3\n"
            "m = max_pool(a) kernel=2 stride=2 : f32[2,2,2] * 0.5 @ 3\nf = flatten(m) : f32[1,1,8] * 0.5 @ 3\n");
}

TEST(GivenCodes, ContradictionsAreRefused) {
  EXPECT_EQ(refusal("input : f32[4,4,2]\na = prelu(input) : f32[4,4,2] * 0.25 @ 3\n"
                    "m = max_pool(a) kernel=2 stride=2 : f32[2,2,2] * 0.5 @ 3\n"),
            "node m: max_pool keeps its input's codes, 0.25 @ 3, and was trained for 0.5 @ 3");
  EXPECT_EQ(refusal("input : f32[4,4,2] * 0.5 @ 0\na = prelu(input) : f32[4,4,2]\n"),
            "graph g: its input was trained for codes 0.5 @ 0, and its pictures come in 0.0078125 @ 0");
  EXPECT_EQ(refusal("input : f32[4,4,2]\na = prelu(input) : f32[4,4,2]\nr = relu(a) : f32[4,4,2] * 0.5 @ -128\n"
                    "s = add(a, r) : f32[4,4,2]\n"),
            "node r: relu keeps its input's codes, and that input, which others read too, was trained for none");
  EXPECT_NE(refusal("input : f32[4,4,2]\nr = relu(input) : f32[4,4,2] * 0.5 @ -128\n"), "nothing was refused");
}

TEST(GivenCodes, AFusedValueHasThoseOfTheLast) {
  EXPECT_EQ(graph_after(fuse_activation,
                        "input : f32[8,8,1]\n"
                        "c = conv2d(input) out_channels=4 : f32[8,8,4] * 0.5 @ 0\n"
                        "p = max_pool(c) kernel=2 stride=2 : f32[4,4,4]\n"
                        "r = relu(p) : f32[4,4,4] * 0.25 @ -128\n"),
            "graph g\ninput : f32[8,8,1]\n"
            "c = conv2d(input) out_channels=4 activation=relu : f32[8,8,4] * 0.25 @ -128\n"
            "p = max_pool(c) kernel=2 stride=2 : f32[4,4,4] * 0.25 @ -128\n");
  EXPECT_EQ(graph_after(fuse_activation,
                        "input : f32[8,8,1]\nc = conv2d(input) out_channels=4 : f32[8,8,4] * 0.5 @ 0\n"
                        "r = relu(c) : f32[8,8,4]\n"),
            "graph g\ninput : f32[8,8,1]\n"
            "c = conv2d(input) out_channels=4 activation=relu : f32[8,8,4] * 0.5 @ 0\n");
  EXPECT_EQ(
      graph_after(fold_batch_norm,
                  "input : f32[8,8,1]\nc = conv2d(input) out_channels=4 : f32[8,8,4] * 0.5 @ 0\n"
                  "n = batch_norm(c) : f32[8,8,4] * 0.25 @ 7\nd = conv2d(n) out_channels=4 : f32[8,8,4] * 0.5 @ 0\n"
                  "m = batch_norm(d) : f32[8,8,4]\n"),
      "graph g\ninput : f32[8,8,1]\nc = conv2d(input) out_channels=4 : f32[8,8,4] * 0.25 @ 7\n"
      "d = conv2d(c) out_channels=4 : f32[8,8,4]\n");
}

TEST(GivenCodes, WhatIsRemovedHandsThemBack) {
  EXPECT_EQ(graph_after(remove_identities,
                        "input : f32[8,8,1]\na = prelu(input) : f32[8,8,1]\n"
                        "b = dropout(a) : f32[8,8,1] * 0.25 @ 7\n"),
            "graph g\ninput : f32[8,8,1]\na = prelu(input) : f32[8,8,1] * 0.25 @ 7\n");
  EXPECT_EQ(
      graph_after(fuse_pad,
                  "input : f32[8,8,1]\na = prelu(input) : f32[8,8,1]\n"
                  "p = pad(a) top=1 : f32[9,8,1] * 0.25 @ 7\nc = conv2d(p) out_channels=1 kernel=3 : f32[7,6,1]\n"),
      "graph g\ninput : f32[8,8,1]\na = prelu(input) : f32[8,8,1] * 0.25 @ 7\n"
      "c = conv2d(a) out_channels=1 kernel=3 pad=1x0x0x0 : f32[7,6,1]\n");
}

TEST(GivenCodes, WhatContradictsItsInputStaysToBeRefused) {
  for (const char* text :
       {"input : f32[8,8,1]\na = prelu(input) : f32[8,8,1] * 0.5 @ 7\nb = dropout(a) : f32[8,8,1] * 0.25 @ 7\n",
        "input : f32[8,8,1]\na = prelu(input) : f32[8,8,1] * 0.5 @ 7\np = pad(a) top=1 : f32[9,8,1] * 0.25 @ 7\n"
        "c = conv2d(p) out_channels=1 kernel=3 : f32[7,6,1]\n"}) {
    ir::Graph graph = ir::parse(std::string("graph g\n") + text);
    ir::initialise(graph, 1);
    EXPECT_EQ(optimise(graph), graph);
    EXPECT_THROW(quantise(graph, {{}, kInputScale}), host::Error);
  }
}

}  // namespace
}  // namespace dimple::compile
