#include "compile/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "compile/passes/passes.h"
#include "compile/random_graph_testing.h"
#include "host/error.h"
#include "ir/evaluate.h"
#include "ir/text.h"
#include "ir/verify.h"

namespace dimple::compile {
namespace {

// The graph with this text, with constants, after one pass, which says that it rewrote exactly when it did.
std::string after(int (*pass)(ir::Graph&), const std::string& before) {
  ir::Graph graph = ir::parse("graph g\n" + before);
  ir::initialise(graph, 1);
  const ir::Graph untouched = graph;
  const int rewrites = pass(graph);
  EXPECT_EQ(rewrites > 0, graph != untouched);
  ir::verify(graph);
  return ir::print(graph);
}

void expect_becomes(int (*pass)(ir::Graph&), const std::string& before, const std::string& expected) {
  EXPECT_EQ(after(pass, before), "graph g\n" + expected);
}
void expect_left_alone(int (*pass)(ir::Graph&), const std::string& before) { expect_becomes(pass, before, before); }

TEST(FoldBatchNorm, AConvTakesItIn) {
  expect_becomes(fold_batch_norm,
                 "input : f32[8,8,1]\n"
                 "c = conv2d(input) out_channels=4 kernel=3 pad=1 : f32[8,8,4]\n"
                 "n = batch_norm(c) : f32[8,8,4]\n"
                 "r = relu(n) : f32[8,8,4]\n",
                 "input : f32[8,8,1]\n"
                 "c = conv2d(input) out_channels=4 kernel=3 pad=1 : f32[8,8,4]\n"
                 "r = relu(c) : f32[8,8,4]\n");
}

TEST(FoldBatchNorm, DepthwiseAndDenseTakeItInToo) {
  expect_becomes(fold_batch_norm,
                 "input : f32[8,8,2]\n"
                 "c = depthwise_conv2d(input) kernel=3 pad=1 : f32[8,8,2]\n"
                 "n = batch_norm(c) : f32[8,8,2]\n"
                 "d = dense(n) units=3 : f32[1,1,3]\n"
                 "m = batch_norm(d) : f32[1,1,3]\n",
                 "input : f32[8,8,2]\n"
                 "c = depthwise_conv2d(input) kernel=3 pad=1 : f32[8,8,2]\n"
                 "d = dense(c) units=3 : f32[1,1,3]\n");
}

TEST(FoldBatchNorm, LeavesAConvAloneThatAnotherNodeReads) {
  expect_left_alone(fold_batch_norm,
                    "input : f32[8,8,1]\n"
                    "c = conv2d(input) out_channels=4 : f32[8,8,4]\n"
                    "n = batch_norm(c) : f32[8,8,4]\n"
                    "s = add(c, n) : f32[8,8,4]\n");
}

TEST(FoldBatchNorm, LeavesAConvAloneThatAlreadyClamps) {
  expect_left_alone(fold_batch_norm,
                    "input : f32[8,8,1]\n"
                    "c = conv2d(input) out_channels=4 activation=relu : f32[8,8,4]\n"
                    "n = batch_norm(c) : f32[8,8,4]\n");
}

TEST(FoldBatchNorm, LeavesABatchNormInFrontOfAConvAlone) {
  expect_left_alone(fold_batch_norm,
                    "input : f32[8,8,4]\n"
                    "n = batch_norm(input) : f32[8,8,4]\n"
                    "c = conv2d(n) out_channels=4 kernel=3 pad=1 : f32[8,8,4]\n");
}

TEST(BatchNormToDepthwise, ALonelyBatchNormBecomesAOneByOneFilter) {
  expect_becomes(batch_norm_to_depthwise,
                 "input : f32[8,8,4]\n"
                 "p = max_pool(input) kernel=2 stride=2 : f32[4,4,4]\n"
                 "n = batch_norm(p) : f32[4,4,4]\n",
                 "input : f32[8,8,4]\n"
                 "p = max_pool(input) kernel=2 stride=2 : f32[4,4,4]\n"
                 "n = depthwise_conv2d(p) : f32[4,4,4]\n");
}

TEST(FuseActivation, EveryOperatorThatCanClampDoes) {
  expect_becomes(fuse_activation,
                 "input : f32[8,8,1]\n"
                 "c = conv2d(input) out_channels=4 : f32[8,8,4]\n"
                 "a = relu(c) : f32[8,8,4]\n"
                 "w = depthwise_conv2d(a) : f32[8,8,4]\n"
                 "b = relu6(w) : f32[8,8,4]\n"
                 "s = add(a, b) : f32[8,8,4]\n"
                 "t = relu(s) : f32[8,8,4]\n"
                 "d = dense(t) units=3 : f32[1,1,3]\n"
                 "e = relu(d) : f32[1,1,3]\n",
                 "input : f32[8,8,1]\n"
                 "c = conv2d(input) out_channels=4 activation=relu : f32[8,8,4]\n"
                 "w = depthwise_conv2d(c) activation=relu6 : f32[8,8,4]\n"
                 "s = add(c, w) activation=relu : f32[8,8,4]\n"
                 "d = dense(s) units=3 activation=relu : f32[1,1,3]\n");
}

TEST(FuseActivation, GoesThroughAMaxPool) {
  expect_becomes(fuse_activation,
                 "input : f32[8,8,1]\n"
                 "c = conv2d(input) out_channels=4 : f32[8,8,4]\n"
                 "p = max_pool(c) kernel=2 stride=2 : f32[4,4,4]\n"
                 "r = relu6(p) : f32[4,4,4]\n",
                 "input : f32[8,8,1]\n"
                 "c = conv2d(input) out_channels=4 activation=relu6 : f32[8,8,4]\n"
                 "p = max_pool(c) kernel=2 stride=2 : f32[4,4,4]\n");
}

TEST(FuseActivation, GoesThroughEveryOperatorThatSelects) {
  expect_becomes(fuse_activation,
                 "input : f32[8,8,1]\n"
                 "c = conv2d(input) out_channels=4 : f32[8,8,4]\n"
                 "m = channel_max(c) : f32[8,8,1]\n"
                 "g = global_max_pool(m) : f32[1,1,1]\n"
                 "r = relu(g) : f32[1,1,1]\n",
                 "input : f32[8,8,1]\n"
                 "c = conv2d(input) out_channels=4 activation=relu : f32[8,8,4]\n"
                 "m = channel_max(c) : f32[8,8,1]\n"
                 "g = global_max_pool(m) : f32[1,1,1]\n");
}

TEST(FuseActivation, DoesNotGoThroughAMean) {
  expect_left_alone(fuse_activation,
                    "input : f32[8,8,1]\n"
                    "c = conv2d(input) out_channels=4 : f32[8,8,4]\n"
                    "p = average_pool(c) kernel=2 stride=2 : f32[4,4,4]\n"
                    "r = relu(p) : f32[4,4,4]\n");
}

TEST(FuseActivation, TwoClampsBecomeTheTighterOne) {
  const std::string expected =
      "input : f32[8,8,4]\n"
      "s = add(input, input) activation=relu6 : f32[8,8,4]\n";
  expect_becomes(
      fuse_activation,
      "input : f32[8,8,4]\ns = add(input, input) : f32[8,8,4]\na = relu(s) : f32[8,8,4]\nb = relu6(a) : f32[8,8,4]\n",
      expected);
  expect_becomes(
      fuse_activation,
      "input : f32[8,8,4]\ns = add(input, input) : f32[8,8,4]\na = relu6(s) : f32[8,8,4]\nb = relu(a) : f32[8,8,4]\n",
      expected);
}

TEST(FuseActivation, LeavesAConvAloneWhoseRawOutputIsReadToo) {
  expect_left_alone(fuse_activation,
                    "input : f32[8,8,1]\n"
                    "c = conv2d(input) out_channels=4 : f32[8,8,4]\n"
                    "r = relu(c) : f32[8,8,4]\n"
                    "s = add(c, r) : f32[8,8,4]\n");
}

TEST(FusePad, AConvWidensItsOwnPadding) {
  expect_becomes(fuse_pad,
                 "input : f32[8,8,2]\n"
                 "p = pad(input) bottom=1 right=1 : f32[9,9,2]\n"
                 "q = pad(p) top=1 : f32[10,9,2]\n"
                 "c = depthwise_conv2d(q) kernel=3 stride=2 : f32[4,4,2]\n",
                 "input : f32[8,8,2]\n"
                 "c = depthwise_conv2d(input) kernel=3 stride=2 pad=1x0x1x1 : f32[4,4,2]\n");
}

TEST(FusePad, LeavesPoolsAndTooWidePadsAlone) {
  expect_left_alone(fuse_pad,
                    "input : f32[8,8,2]\n"
                    "p = pad(input) top=2 : f32[10,8,2]\n"
                    "m = max_pool(p) kernel=2 stride=2 : f32[5,4,2]\n"
                    "q = pad(m) top=3 : f32[8,4,2]\n"
                    "c = conv2d(q) out_channels=2 kernel=3 : f32[6,2,2]\n");
}

TEST(FusePad, LeavesAlonePadsThatTakeRowsAway) {
  expect_left_alone(fuse_pad,
                    "input : f32[8,8,2]\n"
                    "p = pad(input) top=-1 bottom=1 : f32[8,8,2]\n"
                    "c = conv2d(p) out_channels=2 kernel=3 pad=1 : f32[8,8,2]\n");
}

TEST(RemoveIdentities, WhatChangesNothingGoes) {
  expect_becomes(remove_identities,
                 "input : f32[4,4,2]\n"
                 "p = pad(input) : f32[4,4,2]\n"
                 "m = max_pool(p) : f32[4,4,2]\n"
                 "f = flatten(m) : f32[1,1,32]\n"
                 "d = dense(f) units=3 : f32[1,1,3]\n",
                 "input : f32[4,4,2]\n"
                 "d = dense(input) units=3 : f32[1,1,3]\n");
}

TEST(RemoveIdentities, AFlattenWhoseShapeMattersStays) {
  expect_left_alone(remove_identities,
                    "input : f32[4,4,2]\nf = flatten(input) : f32[1,1,32]\ns = softmax(f) : f32[1,1,32]\n");
  expect_left_alone(remove_identities, "input : f32[4,4,2]\nf = flatten(input) : f32[1,1,32]\n");
}

TEST(RemoveIdentities, DropoutLeavesNoTraceEvenAtTheEnd) {
  expect_becomes(remove_identities,
                 "input : f32[1,1,2]\na = relu(input) : f32[1,1,2]\nb = dropout(a) rate=0.2 : f32[1,1,2]\n",
                 "input : f32[1,1,2]\na = relu(input) : f32[1,1,2]\n");
}

TEST(RemoveIdentities, ADroppedPathIsThereOutsideTraining) {
  expect_becomes(remove_identities,
                 "input : f32[1,1,2]\na = relu(input) : f32[1,1,2]\nb = drop_path(a) rate=0.2 : f32[1,1,2]\n"
                 "c = add(b, input) : f32[1,1,2]\n",
                 "input : f32[1,1,2]\na = relu(input) : f32[1,1,2]\nc = add(a, input) : f32[1,1,2]\n");
}

TEST(RemoveUnread, TakesWholeBranches) {
  expect_becomes(remove_unread,
                 "input : f32[1,1,2]\n"
                 "a = relu(input) : f32[1,1,2]\n"
                 "b = relu6(input) : f32[1,1,2]\n"
                 "c = dropout(b) : f32[1,1,2]\n"
                 "d = relu(a) : f32[1,1,2]\n",
                 "input : f32[1,1,2]\n"
                 "a = relu(input) : f32[1,1,2]\n"
                 "d = relu(a) : f32[1,1,2]\n");
}

// How one and the same network may have been written down: these must come out equal.
TEST(Pipeline, SpellingsOfOneNetworkComeOutEqual) {
  const auto optimised = [](const std::string& text) {
    ir::Graph graph = ir::parse("graph g\n" + text);
    ir::initialise(graph, 1);
    return ir::print(optimise(std::move(graph)));
  };
  const std::string plain = optimised(
      "input : f32[8,8,1]\n"
      "c = conv2d(input) out_channels=4 kernel=3 pad=1 activation=relu : f32[8,8,4]\n"
      "d = dense(c) units=3 : f32[1,1,3]\n");
  EXPECT_EQ(optimised("input : f32[8,8,1]\n"
                      "p = pad(input) top=1 left=1 bottom=1 right=1 : f32[10,10,1]\n"
                      "c = conv2d(p) out_channels=4 kernel=3 : f32[8,8,4]\n"
                      "n = batch_norm(c) : f32[8,8,4]\n"
                      "r = relu(n) : f32[8,8,4]\n"
                      "f = flatten(r) : f32[1,1,256]\n"
                      "o = dropout(f) : f32[1,1,256]\n"
                      "d = dense(o) units=3 : f32[1,1,3]\n"),
            plain);
}

TEST(Pipeline, ComputesWhatTheGraphComputed) {
  for (uint32_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomGraph random(seed);
    const ir::Graph before = random.make(), after_all = optimise(before);
    const ir::Tensor picture = random.picture(before);
    const ir::Tensor expected = ir::evaluate(before, picture).back(), got = ir::evaluate(after_all, picture).back();
    ASSERT_EQ(expected.dims, got.dims);
    for (size_t i = 0; i < expected.as<float>().size(); ++i)
      EXPECT_NEAR(expected.as<float>()[i], got.as<float>()[i], 1e-4f * (1 + std::abs(expected.as<float>()[i])));
  }
}

TEST(Pipeline, NothingIsLeftToDoTheSecondTime) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    const ir::Graph once = optimise(RandomGraph(seed).make());
    EXPECT_EQ(optimise(once), once) << "seed " << seed;
  }
}

TEST(Pipeline, EveryPassIsTimedAndCanBeLeftOut) {
  const ir::Graph graph = RandomGraph(3).make();
  std::vector<std::string_view> ran;
  optimise(graph, {{"fuse_pad", "remove_identities"}, [&](const PassReport& r) {
                     ran.push_back(r.name);
                     EXPECT_GE(r.milliseconds, 0);
                   }});
  EXPECT_EQ(ran.size(), passes().size() - 2);
  EXPECT_THAT(ran, testing::Not(testing::Contains("fuse_pad")));
}

TEST(Pipeline, AnUnknownPassIsAUsageErrorThatNamesThePasses) {
  try {
    optimise(RandomGraph(3).make(), {.without = {"fold_everything"}});
    FAIL();
  } catch (const host::Error& e) {
    EXPECT_EQ(e.exit(), host::Exit::usage);
    EXPECT_THAT(e.hint(), testing::HasSubstr("fold_batch_norm"));
  }
}

TEST(Pipeline, ScoresBecomeProbabilitiesOnce) {
  ir::Graph scores = ir::parse("graph g\ninput : f32[1,1,2]\na = relu(input) : f32[1,1,2]\n");
  const ir::Graph ended = end_in_probabilities(scores);
  EXPECT_EQ(ir::print(ended),
            "graph g\ninput : f32[1,1,2]\na = relu(input) : f32[1,1,2]\nprobabilities = softmax(a) : f32[1,1,2]\n");
  EXPECT_EQ(end_in_probabilities(ended), ended);
}

}  // namespace
}  // namespace dimple::compile
