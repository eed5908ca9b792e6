#include "nn/plan.h"

#include <gtest/gtest.h>

#include "ir/builder.h"
#include "ir/initialise.h"
#include "ir/text.h"

namespace dimple::nn {
namespace {

// The steps of the graph with these nodes, which read f32[8,8,4].
std::string steps_of(const std::string& nodes, const PlanOptions& options = {}) {
  const ir::Graph graph = ir::parse("graph g\ninput : f32[8,8,4]\n" + nodes);
  return print(plan_steps(graph, options), graph);
}

constexpr const char* kConv = "c = conv2d(input) out_channels=4 kernel=3 pad=1 : f32[8,8,4]\n";

TEST(Plan, AnOperatorIsAStep) {
  EXPECT_EQ(steps_of("p = max_pool(input) kernel=2 stride=2 : f32[4,4,4]\n"
                     "d = dense(p) units=3 activation=relu : f32[1,1,3]\n"),
            "p = max_pool(input)\n"
            "d = dense(p) -> relu\n");
}

TEST(Plan, ANormComputesItsConvolutionAndAppliesItsActivation) {
  EXPECT_EQ(steps_of(std::string(kConv) + "n = batch_norm(c) : f32[8,8,4]\n"
                                          "r = relu(n) : f32[8,8,4]\n"
                                          "w = depthwise_conv2d(r) kernel=3 pad=1 : f32[8,8,4]\n"
                                          "m = batch_norm(w) : f32[8,8,4]\n"
                                          "s = relu6(m) : f32[8,8,4]\n"),
            "r = conv2d(input) -> batch_norm -> relu\n"
            "s = depthwise_conv2d(r) -> batch_norm -> relu6\n");
}

TEST(Plan, ANormOfNoConvolutionAppliesItsActivationToo) {
  EXPECT_EQ(steps_of("n = batch_norm(input) : f32[8,8,4]\n"
                     "r = relu(n) : f32[8,8,4]\n"
                     "d = dense(r) units=4 : f32[1,1,4]\n"
                     "m = batch_norm(d) : f32[1,1,4]\n"),
            "r = batch_norm(input) -> relu\n"
            "d = dense(r)\n"
            "m = batch_norm(d)\n");
}

TEST(Plan, ASumAppliesItsActivation) {
  EXPECT_EQ(steps_of("p = max_pool(input) kernel=3 pad=1 : f32[8,8,4]\n"
                     "s = add(p, input) : f32[8,8,4]\n"
                     "r = relu6(s) : f32[8,8,4]\n"),
            "p = max_pool(input)\n"
            "r = add(p, input) -> relu6\n");
}

TEST(Plan, ANormTakesTheSumBehindItWithBothActivations) {
  const std::string nodes = std::string(kConv) +
                            "n = batch_norm(c) : f32[8,8,4]\n"
                            "r = relu(n) : f32[8,8,4]\n";
  const std::string last = "t = relu6(s) : f32[8,8,4]\n";
  const std::string step = "t = conv2d(input) -> batch_norm -> relu -> add(input) -> relu6\n";
  EXPECT_EQ(steps_of(nodes + "s = add(r, input) : f32[8,8,4]\n" + last), step);
  EXPECT_EQ(steps_of(nodes + "s = add(input, r) : f32[8,8,4]\n" + last), step);
  EXPECT_EQ(steps_of(nodes + "t = add(input, r) activation=relu6 : f32[8,8,4]\n"), step);
}

TEST(Plan, OfTwoNormsTheSecondTakesTheFirst) {
  EXPECT_EQ(steps_of("n = batch_norm(input) : f32[8,8,4]\n"
                     "m = batch_norm(input) : f32[8,8,4]\n"
                     "s = add(n, m) : f32[8,8,4]\n"),
            "n = batch_norm(input)\n"
            "s = batch_norm(input) -> add(n)\n");
}

TEST(Plan, LeavesAConvolutionAloneThatIsReadTwiceOrClamps) {
  EXPECT_EQ(steps_of(std::string(kConv) + "n = batch_norm(c) : f32[8,8,4]\n"
                                          "s = concat(c, n) : f32[8,8,8]\n"),
            "c = conv2d(input)\n"
            "n = batch_norm(c)\n"
            "s = concat(c, n)\n");
  EXPECT_EQ(steps_of("c = conv2d(input) out_channels=4 activation=relu : f32[8,8,4]\n"
                     "n = batch_norm(c) : f32[8,8,4]\n"),
            "c = conv2d(input) -> relu\n"
            "n = batch_norm(c)\n");
}

TEST(Plan, LeavesAConvolutionAloneThatIsTheOutput) {
  EXPECT_EQ(steps_of("n = batch_norm(input) : f32[8,8,4]\n"
                     "c = conv2d(n) out_channels=4 : f32[8,8,4]\n"),
            "n = batch_norm(input)\n"
            "c = conv2d(n)\n");
}

TEST(Plan, LeavesANormAloneThatIsReadTwice) {
  EXPECT_EQ(steps_of("n = batch_norm(input) : f32[8,8,4]\n"
                     "r = relu(n) : f32[8,8,4]\n"
                     "s = add(n, r) : f32[8,8,4]\n"
                     "t = add(s, s) : f32[8,8,4]\n"),
            "n = batch_norm(input)\n"
            "r = relu(n)\n"
            "s = add(n, r)\n"
            "t = add(s, s)\n");
}

TEST(Plan, LeavesASecondActivationAndASecondSumAlone) {
  EXPECT_EQ(steps_of("n = batch_norm(input) : f32[8,8,4]\n"
                     "r = relu(n) : f32[8,8,4]\n"
                     "q = relu6(r) : f32[8,8,4]\n"
                     "s = add(q, input) activation=relu : f32[8,8,4]\n"
                     "t = relu6(s) : f32[8,8,4]\n"),
            "r = batch_norm(input) -> relu\n"
            "q = relu6(r)\n"
            "s = add(q, input) -> relu\n"
            "t = relu6(s)\n");
  EXPECT_EQ(steps_of("n = batch_norm(input) : f32[8,8,4]\n"
                     "s = add(n, input) : f32[8,8,4]\n"
                     "t = add(s, input) : f32[8,8,4]\n"),
            "s = batch_norm(input) -> add(input)\n"
            "t = add(s, input)\n");
}

TEST(Plan, LeavesASumAloneWhoseShortcutComesAfterTheNorm) {
  EXPECT_EQ(steps_of("n = batch_norm(input) : f32[8,8,4]\n"
                     "p = max_pool(input) kernel=3 pad=1 : f32[8,8,4]\n"
                     "s = add(n, p) : f32[8,8,4]\n"),
            "n = batch_norm(input)\n"
            "p = max_pool(input)\n"
            "s = add(n, p)\n");
}

TEST(Plan, LeavesTheConvolutionOfAFrozenNormAlone) {
  const std::string nodes = std::string(kConv) +
                            "n = batch_norm(c) : f32[8,8,4]\n"
                            "r = relu(n) : f32[8,8,4]\n"
                            "d = dropout(r) rate=0.5 : f32[8,8,4]\n";
  EXPECT_EQ(steps_of(nodes, {.frozen = {true, true, true, true}}),
            "c = conv2d(input) frozen\n"
            "r = batch_norm(c) frozen -> relu\n"
            "d = dropout(r)\n");  // drops on: it has nothing that could stand still
  EXPECT_EQ(steps_of(nodes, {.frozen = {true, false, false, false}}),
            "r = conv2d(input) frozen -> batch_norm -> relu\n"
            "d = dropout(r)\n");
}

TEST(Plan, WritesEveryValueWhereNothingIsFused) {
  EXPECT_EQ(steps_of(std::string(kConv) + "n = batch_norm(c) : f32[8,8,4]\n"
                                          "s = add(n, input) : f32[8,8,4]\n"
                                          "r = relu(s) : f32[8,8,4]\n",
                     {.fuse = false}),
            "c = conv2d(input)\n"
            "n = batch_norm(c)\n"
            "s = add(n, input)\n"
            "r = relu(s)\n");
}

TEST(Plan, RoundsWhatIsTrainedForCodesAndTheWeightsThatItIsMadeWith) {
  EXPECT_EQ(steps_of("c = conv2d(input) out_channels=4 kernel=3 pad=1 activation=relu : f32[8,8,4] * 0.1 @ -128\n"
                     "p = prelu(c) : f32[8,8,4] * 0.1 @ 3\n"
                     "m = max_pool(p) kernel=3 pad=1 : f32[8,8,4] * 0.1 @ 3\n"
                     "w = depthwise_conv2d(m) kernel=3 pad=1 : f32[8,8,4]\n"
                     "d = dense(w) units=3 : f32[1,1,3] * 0.2 @ 0\n"),
            "c = conv2d(input) weight=rounded -> relu -> codes\n"
            "p = prelu(c) -> codes\n"
            "m = max_pool(p) -> codes\n"
            "w = depthwise_conv2d(m)\n"
            "d = dense(w) weight=rounded -> codes\n");
}

// What stands in front of a rounding cannot be left unwritten.
TEST(Plan, FusesNothingAcrossARounding) {
  EXPECT_EQ(steps_of(std::string(kConv) + "n = batch_norm(c) : f32[8,8,4] * 0.1 @ 0\n"
                                          "s = add(n, input) : f32[8,8,4] * 0.1 @ 0\n"
                                          "r = relu(s) : f32[8,8,4] * 0.1 @ 0\n"),
            "n = conv2d(input) -> batch_norm -> codes\n"
            "s = add(n, input) -> codes\n"
            "r = relu(s) -> codes\n");
}

TEST(Plan, OfWeightsOfFewBitsSaysWhatIsLearned) {
  ir::Builder g("few_bits", {4, 4, 32});
  ir::Graph graph =
      g.finish(g.dense(g.conv(g.conv(g.sign(g.input()), 32, {.name = "latent"}), 2, {.name = "bits"}), 2, "codes"));
  ir::initialise(graph, 1);
  for (const auto& [node, channels] : {std::pair("latent", 32), {"bits", 2}, {"codes", 2}})
    graph.constants[std::string(node) + ".weight_scale"] =
        ir::make_tensor(DType::f32, {channels}, std::vector<float>(static_cast<size_t>(channels), 1));
  graph.constants["bits.weight"] = ir::make_tensor(DType::b1, graph.constants.at("bits.weight").dims);
  graph.constants["codes.weight"] = ir::make_tensor(DType::c4, graph.constants.at("codes.weight").dims);
  graph.constants["codes.codebook"] = ir::make_tensor(DType::f32, {1, 16});
  EXPECT_EQ(print(plan_steps(graph), graph),
            "sign_1 = sign(input)\n"
            "latent = conv2d(sign_1) weight=signs\n"
            "bits = conv2d(latent) weight=bits\n"
            "codes = dense(bits) weight=codes\n");
}

}  // namespace
}  // namespace dimple::nn
