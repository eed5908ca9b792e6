#include "edit/stochastic_depth.h"

#include <gtest/gtest.h>

#include "ir/text.h"
#include "ir/verify.h"
#include "zoo/architectures.h"

namespace dimple::edit {
namespace {

TEST(StochasticDepth, BranchesAreLeftOutMoreOftenTheLaterTheyCome) {
  ir::Graph g = ir::parse(
      "graph g\n"
      "input : f32[4,4,2]\n"
      "a = conv2d(input) out_channels=2 : f32[4,4,2]\n"
      "b = add(input, a) : f32[4,4,2]\n"
      "c = relu(b) : f32[4,4,2]\n"
      "d = drop_path(c) rate=0.75 : f32[4,4,2]\n"
      "e = add(d, b) : f32[4,4,2]\n");
  EXPECT_EQ(set_stochastic_depth(g, 0.5f), 2);
  ir::verify(g, ir::Constants::may_be_absent);
  const std::string want =
      "graph g\n"
      "input : f32[4,4,2]\n"
      "a = conv2d(input) out_channels=2 : f32[4,4,2]\n"
      "a_drop = drop_path(a) rate=0.25 : f32[4,4,2]\n"
      "b = add(input, a_drop) : f32[4,4,2]\n"
      "c = relu(b) : f32[4,4,2]\n"
      "d = drop_path(c) rate=0.5 : f32[4,4,2]\n"
      "e = add(d, b) : f32[4,4,2]\n";
  EXPECT_EQ(ir::print(g), ir::print(ir::parse(want)));
  EXPECT_EQ(set_stochastic_depth(g, 0.5f), 2);
  EXPECT_EQ(ir::print(g), ir::print(ir::parse(want))) << "twice is as once";
}

TEST(StochasticDepth, LeavesAloneWhatIsNoShortcut) {
  const std::string text =
      "graph g\n"
      "input : f32[4,4,2]\n"
      "a = conv2d(input) out_channels=2 : f32[4,4,2]\n"
      "b = relu(input) : f32[4,4,2]\n"
      "c = add(a, b) : f32[4,4,2]\n"  // two branches
      "d = add(c, c) : f32[4,4,2]\n"
      "e = relu(d) : f32[4,4,2]\n"
      "f = add(d, e) : f32[4,4,2]\n"  // g reads e too
      "g = multiply(f, e) : f32[4,4,2]\n";
  ir::Graph g = ir::parse(text);
  EXPECT_EQ(set_stochastic_depth(g, 0.5f), 0);
  EXPECT_EQ(ir::print(g), ir::print(ir::parse(text)));
}

// As many blocks as their papers' tables have with stride 1 and as many channels as before.
TEST(StochasticDepth, FindsTheResidualBlocksOfMobileNets) {
  const auto found = [](const char* arch) {
    ir::Graph g = zoo::make(arch, {.input = {64, 64, 3}, .classes = 7});
    return set_stochastic_depth(g, 0.2f);
  };
  EXPECT_EQ(found("mobilenet_v2"), 10);
  EXPECT_EQ(found("mobilenet_v3_small"), 6);
  EXPECT_EQ(found("efficientnet_b0"), 9);
  EXPECT_EQ(found("ds48"), 0);
}

}  // namespace
}  // namespace dimple::edit
