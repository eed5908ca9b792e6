#include "edit/reductions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <sstream>

#include "host/error.h"
#include "ir/builder.h"
#include "ir/cost.h"
#include "ir/evaluate.h"
#include "ir/initialise.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "zoo/architectures.h"

namespace dimple::edit {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

// A stem, a residual block, a gate, two dense layers: something for every kind.
ir::Graph small_net() {
  ir::Builder g("net", {24, 24, 1});
  ir::Value x = g.relu(g.batch_norm(g.conv(g.input(), 8, {.kernel = 5, .stride = 2, .name = "stem"})));
  x = g.max_pool(x);
  ir::Value y = g.relu(g.batch_norm(g.conv(x, 8, {.name = "one"})));
  y = g.batch_norm(g.conv(y, 8, {.name = "two"}));
  x = g.relu(g.append(ops::Add{}, {y, x}, "sum"));
  const ir::Value gate = g.sigmoid(g.conv(g.global_average_pool(x), 8, {.kernel = 1, .name = "look"}));
  x = g.append(ops::Multiply{}, {x, gate}, "gated");
  x = g.relu(g.dense(g.global_average_pool(x), 12, "hidden"));
  ir::Graph graph = g.finish(g.dense(x, 7, "last"));
  ir::initialise(graph, 1);
  return graph;
}

std::string after(const char* reduction) {
  const ir::Graph graph = reduce(small_net(), parse_reduction(reduction));
  ir::verify(graph, ir::Constants::may_be_absent);
  return ir::print(graph);
}

// The exit code and what it says.
std::string refusal_of(const ir::Graph& graph, const Reduction& reduction) {
  try {
    reduce(graph, reduction);
    return "taken";
  } catch (const host::Error& e) {
    EXPECT_EQ(e.exit(), host::Exit::usage);
    return e.what();
  }
}

TEST(Reductions, TheWholeNetForComparison) {
  EXPECT_EQ(ir::print(small_net()),
            "graph net\n"
            "input : f32[24,24,1]\n"
            "stem = conv2d(input) out_channels=8 kernel=5 stride=2 pad=2 : f32[12,12,8]\n"
            "batch_norm_1 = batch_norm(stem) : f32[12,12,8]\n"
            "relu_1 = relu(batch_norm_1) : f32[12,12,8]\n"
            "max_pool_1 = max_pool(relu_1) kernel=2 stride=2 : f32[6,6,8]\n"
            "one = conv2d(max_pool_1) out_channels=8 kernel=3 pad=1 : f32[6,6,8]\n"
            "batch_norm_2 = batch_norm(one) : f32[6,6,8]\n"
            "relu_2 = relu(batch_norm_2) : f32[6,6,8]\n"
            "two = conv2d(relu_2) out_channels=8 kernel=3 pad=1 : f32[6,6,8]\n"
            "batch_norm_3 = batch_norm(two) : f32[6,6,8]\n"
            "sum = add(batch_norm_3, max_pool_1) : f32[6,6,8]\n"
            "relu_3 = relu(sum) : f32[6,6,8]\n"
            "global_average_pool_1 = global_average_pool(relu_3) : f32[1,1,8]\n"
            "look = conv2d(global_average_pool_1) out_channels=8 : f32[1,1,8]\n"
            "sigmoid_1 = sigmoid(look) : f32[1,1,8]\n"
            "gated = multiply(relu_3, sigmoid_1) : f32[6,6,8]\n"
            "global_average_pool_2 = global_average_pool(gated) : f32[1,1,8]\n"
            "hidden = dense(global_average_pool_2) units=12 : f32[1,1,12]\n"
            "relu_4 = relu(hidden) : f32[1,1,12]\n"
            "last = dense(relu_4) units=7 : f32[1,1,7]\n");
}

TEST(Reductions, ASmallerPictureRunsThroughAllOfIt) {
  EXPECT_THAT(after("input input 16"),
              HasSubstr("input : f32[16,16,1]\n"
                        "stem = conv2d(input) out_channels=8 kernel=5 stride=2 pad=2 : f32[8,8,8]\n"));
}

TEST(Reductions, TheFirstWindowTakesLongerSteps) {
  EXPECT_THAT(after("stride stem 3"),
              HasSubstr("stem = conv2d(input) out_channels=8 kernel=5 stride=3 pad=2 : f32[8,8,8]\n"));
  EXPECT_THAT(refusal_of(small_net(), {"stride", "one", 2}), HasSubstr("only the first window's"));
}

TEST(Reductions, APoolLooksFurther) {
  EXPECT_THAT(after("pool max_pool_1 3"), HasSubstr("max_pool_1 = max_pool(relu_1) kernel=3 stride=3 : f32[4,4,8]\n"));
}

TEST(Reductions, AConvolutionTakesTheStepsOfThePoolBehindIt) {
  EXPECT_THAT(after("merge max_pool_1"),
              HasSubstr("stem = conv2d(input) out_channels=8 kernel=5 stride=4 pad=2 : f32[6,6,8]\n"
                        "batch_norm_1 = batch_norm(stem) : f32[6,6,8]\n"
                        "relu_1 = relu(batch_norm_1) : f32[6,6,8]\n"
                        "one = conv2d(relu_1) out_channels=8 kernel=3 pad=1 : f32[6,6,8]\n"));
  EXPECT_THAT(refusal_of(small_net(), {"merge", "relu_1", 0}), HasSubstr("it is no pool"));
  const ir::Graph long_steps = reduce(small_net(), {"stride", "stem", 4});
  EXPECT_THAT(refusal_of(long_steps, {"merge", "max_pool_1", 0}), HasSubstr("leave parts of the picture out"));
}

// A pool of pools is one pool: the same answers.
TEST(Reductions, TwoPoolsBecomeOne) {
  ir::Builder g("pools", {16, 16, 2});
  ir::Graph before =
      g.finish(g.dense(g.global_average_pool(g.max_pool(g.relu(g.max_pool(g.input(), {.kernel = 3})))), 3));
  ir::initialise(before, 5);
  const ir::Graph after = reduce(before, {"merge", "max_pool_2", 0});
  EXPECT_THAT(ir::print(after), HasSubstr("max_pool_1 = max_pool(input) kernel=5 stride=4"));
  EXPECT_THAT(ir::print(after), Not(HasSubstr("max_pool_2")));
  std::vector<float> picture;
  for (int i = 0; i < 16 * 16 * 2; ++i) picture.push_back(std::sin(static_cast<float>(i * i)));
  const ir::Tensor input = ir::make_tensor(DType::f32, {16, 16, 2}, picture);
  const auto answer = [&](const ir::Graph& graph) {
    const ir::Tensor last = ir::evaluate(graph, input).back();
    return std::vector<float>(last.as<float>().begin(), last.as<float>().end());
  };
  EXPECT_EQ(answer(after), answer(before));
  ir::Builder other("means", {16, 16, 2});
  const ir::Graph mixed =
      other.finish(other.dense(other.global_average_pool(other.average_pool(other.max_pool(other.input()))), 3));
  EXPECT_THAT(refusal_of(mixed, {"merge", "average_pool_1", 0}), HasSubstr("one takes means"));
}

TEST(Reductions, ASmallerWindowKeepsItsMiddle) {
  const ir::Graph before = small_net(), graph = reduce(before, {"kernel", "stem", 3});
  EXPECT_THAT(ir::print(graph),
              HasSubstr("stem = conv2d(input) out_channels=8 kernel=3 stride=2 pad=1 : f32[12,12,8]\n"));
  const auto from = before.constants.at("stem.weight").as<float>(), to = graph.constants.at("stem.weight").as<float>();
  ASSERT_EQ(to.size(), 8u * 3 * 3);
  for (size_t o = 0; o < 8; ++o)
    for (size_t r = 0; r < 3; ++r)
      for (size_t c = 0; c < 3; ++c) EXPECT_EQ(to[(o * 3 + r) * 3 + c], from[(o * 5 + r + 1) * 5 + c + 1]);
}

TEST(Reductions, AConvolutionBecomesADepthwiseOneAndOneOfOneTap) {
  EXPECT_THAT(after("separate two"), HasSubstr("two_depthwise = depthwise_conv2d(relu_2) kernel=3 pad=1 : f32[6,6,8]\n"
                                               "two = conv2d(two_depthwise) out_channels=8 : f32[6,6,8]\n"
                                               "batch_norm_3 = batch_norm(two) : f32[6,6,8]\n"));
}

// Of windows that are all multiples of one, the product is exactly the convolution.
TEST(Reductions, ASeparatedConvolutionBeginsAsTheNearest) {
  ir::Graph before = small_net();
  const auto part = [](size_t out, size_t in, size_t tap) {
    return (0.1f + static_cast<float>(out) * 0.3f - static_cast<float>(in) * 0.2f) *
           (static_cast<float>(tap % 4) - 1.2f + static_cast<float>(in));
  };
  std::vector<float> made;
  for (size_t o = 0; o < 8; ++o)
    for (size_t t = 0; t < 9; ++t)
      for (size_t i = 0; i < 8; ++i) made.push_back(part(o, i, t));
  before.constants["two.weight"] = ir::make_tensor(DType::f32, {8, 3, 3, 8}, made);
  const ir::Graph after = reduce(before, {"separate", "two", 0});
  ir::verify(after);
  const auto windows = after.constants.at("two_depthwise.weight").as<float>();
  const auto points = after.constants.at("two.weight").as<float>();
  for (size_t o = 0; o < 8; ++o)
    for (size_t t = 0; t < 9; ++t)
      for (size_t i = 0; i < 8; ++i) EXPECT_NEAR(windows[t * 8 + i] * points[o * 8 + i], part(o, i, t), 1e-4);
}

// A dense layer reads a flattened picture; of a smaller one each place takes the weights that lay nearest.
TEST(Reductions, ADenseLayerKeepsItsWeightsForASmallerPicture) {
  ir::Builder g("flat", {8, 8, 1});
  ir::Graph before = g.finish(g.dense(g.dropout(g.flatten(g.conv(g.input(), 2)), 0.5f), 3, "last"));
  ir::initialise(before, 1);
  const ir::Graph after = reduce(before, {"stride", "conv2d_1", 2});
  ir::verify(after);
  const auto from = std::as_const(before).constants.at("last.weight").as<float>();
  const auto to = after.constants.at("last.weight").as<float>();
  ASSERT_EQ(to.size(), 3u * 4 * 4 * 2);
  for (size_t u = 0; u < 3; ++u)
    for (size_t y = 0; y < 4; ++y)
      for (size_t x = 0; x < 4; ++x)
        for (size_t c = 0; c < 2; ++c)
          EXPECT_EQ(to[((u * 4 + y) * 4 + x) * 2 + c], 4 * from[((u * 8 + 2 * y + 1) * 8 + 2 * x + 1) * 2 + c]);
}

TEST(Reductions, ANarrowerLayerTakesWithItWhatShortcutsTieToIt) {
  const ir::Graph graph = reduce(small_net(), {"narrow", "stem", 6});
  const std::string text = ir::print(graph);
  for (const char* line :
       {"stem = conv2d(input) out_channels=6 ", "one = conv2d(max_pool_1) out_channels=8 ",
        "two = conv2d(relu_2) out_channels=6 ", "look = conv2d(global_average_pool_1) out_channels=6 "})
    EXPECT_THAT(text, HasSubstr(line));
  ir::verify(graph);  // its weights were cut, and none is missing
  EXPECT_THAT(after("narrow one 4"), HasSubstr("one = conv2d(max_pool_1) out_channels=4 "));
}

TEST(Reductions, ALayerThatKeepsItsShapeLeavesWithNormAndActivation) {
  EXPECT_THAT(after("block one"), HasSubstr("max_pool_1 = max_pool(relu_1) kernel=2 stride=2 : f32[6,6,8]\n"
                                            "two = conv2d(max_pool_1) out_channels=8 kernel=3 pad=1 : f32[6,6,8]\n"));
  EXPECT_THAT(refusal_of(small_net(), {"block", "stem", 0}), HasSubstr("what it reads has another shape"));
}

TEST(Reductions, OfASumOneSideStays) {
  EXPECT_THAT(after("branch sum"), HasSubstr("max_pool_1 = max_pool(relu_1) kernel=2 stride=2 : f32[6,6,8]\n"
                                             "relu_3 = relu(max_pool_1) : f32[6,6,8]\n"));
  EXPECT_THAT(after("detour sum"), HasSubstr("batch_norm_3 = batch_norm(two) : f32[6,6,8]\n"
                                             "relu_3 = relu(batch_norm_3) : f32[6,6,8]\n"));
}

TEST(Reductions, AShortcutStandsBehindTheNorm) {
  EXPECT_THAT(after("shortcut one"), HasSubstr("batch_norm_2 = batch_norm(one) : f32[6,6,8]\n"
                                               "one_sum = add(max_pool_1, batch_norm_2) : f32[6,6,8]\n"
                                               "relu_2 = relu(one_sum) : f32[6,6,8]\n"));
  EXPECT_THAT(refusal_of(small_net(), {"shortcut", "two", 0}), HasSubstr("there is a sum behind it"));
}

TEST(Reductions, ABridgeReachesBackToAValueOfTheSameShape) {
  EXPECT_THAT(after("bridge relu_3 1"), HasSubstr("relu_3 = relu(sum) : f32[6,6,8]\n"
                                                  "relu_3_bridge = add(relu_3, relu_2) : f32[6,6,8]\n"));
  EXPECT_THAT(after("bridge relu_3 2"), HasSubstr("relu_3_bridge = add(relu_3, max_pool_1) : f32[6,6,8]\n"
                                                  "global_average_pool_1 = global_average_pool(relu_3_bridge) "));
  EXPECT_THAT(refusal_of(small_net(), {"bridge", "relu_3", 3}),
              HasSubstr("3 earlier values of its shape are not there"));
  EXPECT_THAT(refusal_of(small_net(), {"bridge", "one", 1}), HasSubstr("it is no activation, sum or pool"));
  const ir::Graph once = reduce(small_net(), {"bridge", "relu_3", 1});
  EXPECT_THAT(refusal_of(once, {"bridge", "relu_3", 1}), HasSubstr("there is one already"));
}

TEST(Reductions, AGateLeavesWithAllThatMadeIt) {
  const std::string text = after("gate gated");
  EXPECT_THAT(text, HasSubstr("global_average_pool_2 = global_average_pool(relu_3) : f32[1,1,8]\n"));
  for (const char* gone : {"look", "sigmoid_1", "gated"}) EXPECT_THAT(text, Not(HasSubstr(gone)));
}

TEST(Reductions, ADenseLayerInFrontOfAnotherLeaves) {
  const ir::Graph graph = reduce(small_net(), {"dense", "hidden", 0});
  EXPECT_THAT(ir::print(graph), HasSubstr("last = dense(global_average_pool_2) units=7 : f32[1,1,7]\n"));
  EXPECT_FALSE(graph.constants.contains("last.weight"));  // of another shape: a new one
  EXPECT_TRUE(graph.constants.contains("last.bias"));
  EXPECT_THAT(refusal_of(small_net(), {"dense", "last", 0}), HasSubstr("no dense layer stands behind it"));
}

TEST(Reductions, AreSentences) {
  for (const Reduction& r : reductions_of(small_net())) EXPECT_EQ(parse_reduction(print(r)), r) << print(r);
  for (const char* text : {"", "narrow", "narrow one x", "narrow one 3 4", "narrow one -3", "widen one 3"})
    EXPECT_THROW(parse_reduction(text), host::Error) << text;
  EXPECT_THAT(refusal_of(small_net(), {"narrow", "nosuch", 3}), HasSubstr("narrow nosuch 3: there is no node nosuch"));
  EXPECT_THROW(reductions_of(small_net(), {.kinds = {"narow"}}), host::Error);
}

TEST(Reductions, OfTheSmallNetAreAllThatItsShapesAllow) {
  std::vector<std::string> all;
  for (const Reduction& r : reductions_of(small_net(), {.multiple = 2})) all.push_back(print(r));
  EXPECT_THAT(all, testing::UnorderedElementsAre(
                       "input input 20", "stride stem 3", "merge max_pool_1", "pool max_pool_1 3", "kernel stem 3",
                       "kernel one 1", "kernel two 1", "separate one", "separate two", "narrow stem 6", "narrow one 6",
                       "narrow hidden 8", "block one", "block two", "block look", "branch sum", "detour sum",
                       "shortcut one", "shortcut look", "bridge relu_2 1", "bridge sum 1", "bridge relu_3 1",
                       "bridge relu_3 2", "gate gated", "dense hidden"));
}

// What its file says can be done can be done, to it or to another of its family.
TEST(Reductions, EveryArchitectureHasTheEditsThatItNames) {
  std::map<std::string_view, std::set<std::string>> named, found;
  for (const zoo::Architecture& architecture : zoo::architectures()) {
    EXPECT_EQ(zoo::edits_of(architecture.name), architecture.edits);
    std::istringstream edits{std::string(architecture.edits)};
    ReductionOptions options;
    for (std::string kind; std::getline(edits, kind, ',');) options.kinds.push_back(kind);
    named[architecture.edits].insert(options.kinds.begin(), options.kinds.end());
    for (const Reduction& r : reductions_of(architecture.make({.width = 0.5f}), options))
      found[architecture.edits].insert(r.kind);
  }
  EXPECT_EQ(named, found);
  EXPECT_EQ(zoo::edits_of("nosuch"), "");
}

// Each gives a graph that runs, and none but a shortcut costs more.
TEST(Reductions, OfEveryArchitectureGiveNetsThatRun) {
  for (const zoo::Architecture& architecture : zoo::architectures()) {
    if (std::string_view(architecture.name) == "alexnet") continue;  // 61 M weights, and the wires of reduced_alexnet
    SCOPED_TRACE(architecture.name);
    ir::Graph graph = architecture.make({.input = {64, 64, 1}, .width = 0.25f});
    ir::initialise(graph, 3);
    const ir::Cost whole = ir::estimate_cost(graph);
    std::map<std::string, int> tried;
    const std::vector<Reduction> all = reductions_of(graph, {.multiple = 2});
    EXPECT_GE(all.size(), 5u);
    for (const Reduction& r : all) {
      if (++tried[r.kind] > 2) continue;  // of each kind two
      SCOPED_TRACE(print(r));
      ir::Graph reduced = reduce(graph, r);
      const ir::Cost cost = ir::estimate_cost(reduced);
      EXPECT_TRUE(r.kind == "shortcut" || cost.multiply_adds <= whole.multiply_adds);
      ir::initialise(reduced, 4);
      ir::verify(reduced);
      EXPECT_EQ(reduced.type_of(reduced.output()).shape, graph.type_of(graph.output()).shape);
    }
  }
}

}  // namespace
}  // namespace dimple::edit
