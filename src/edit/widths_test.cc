#include "edit/widths.h"

#include <gtest/gtest.h>

#include "ir/text.h"

namespace dimple::edit {
namespace {

ir::Graph every_kind() {
  return ir::parse(
      "graph g\n"
      "input : f32[4,4,2]\n"
      "a = conv2d(input) out_channels=3 kernel=3 pad=1 : f32[4,4,3]\n"
      "n = batch_norm(a) : f32[4,4,3]\n"
      "p = prelu(n) : f32[4,4,3]\n"
      "d = depthwise_conv2d(p) kernel=2 stride=2 : f32[2,2,3]\n"
      "m = multiply(d, d) : f32[2,2,3]\n"
      "f = flatten(m) : f32[1,1,12]\n"
      "c = dense(f) units=5 : f32[1,1,5]\n");
}

// Filters, slopes, and four bytes for each bias: the norm is gone by then.
TEST(Widths, BytesAreThoseOfTheInt8Form) {
  const ir::Graph g = every_kind();
  const CostOfWidths bytes = int8_bytes_at(g);
  EXPECT_EQ(bytes(widths_of(g)), (3 * 9 * 2 + 4 * 3) + 3 + (4 * 3 + 4 * 3) + (5 * 12 + 4 * 5));
  EXPECT_EQ(bytes({2, 1, 1, 1, 1, 1, 4, 5}), (9 * 2 + 4) + 1 + (4 + 4) + (5 * 4 + 4 * 5));
}

TEST(Widths, MultiplyAddsFollowBothSidesOfALayer) {
  const ir::Graph g = every_kind();
  const CostOfWidths macs = macs_at(g);
  EXPECT_EQ(macs(widths_of(g)), 16 * 9 * 2 * 3 + 4 * 4 * 3 + 4 * 3 + 12 * 5);
  EXPECT_EQ(macs({2, 1, 1, 1, 1, 1, 4, 5}), 16 * 9 * 2 + 4 * 4 + 4 + 4 * 5);
}

TEST(Widths, AnotherCostSeesTheNarrowerGraphWithoutConstants) {
  ir::Graph g = every_kind();
  g.constants["a.bias"] = ir::make_tensor(DType::f32, {3});
  std::string seen;
  const CostOfWidths cost = cost_at(g, [&](const ir::Graph& narrower) {
    seen = ir::print(narrower);
    return static_cast<double>(narrower.constants.size());
  });
  EXPECT_EQ(cost({2, 1, 1, 1, 1, 1, 4, 5}), 0);
  EXPECT_EQ(seen,
            "graph g\n"
            "input : f32[4,4,2]\n"
            "a = conv2d(input) out_channels=1 kernel=3 pad=1 : f32[4,4,1]\n"
            "n = batch_norm(a) : f32[4,4,1]\n"
            "p = prelu(n) : f32[4,4,1]\n"
            "d = depthwise_conv2d(p) kernel=2 stride=2 : f32[2,2,1]\n"
            "m = multiply(d, d) : f32[2,2,1]\n"
            "f = flatten(m) : f32[1,1,4]\n"
            "c = dense(f) units=5 : f32[1,1,5]\n");
}

}  // namespace
}  // namespace dimple::edit
