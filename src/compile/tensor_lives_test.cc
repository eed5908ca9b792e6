#include "compile/tensor_lives.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "compile/lower.h"
#include "format/reader.h"
#include "host/aligned_bytes.h"
#include "ir/builder.h"
#include "ir/initialise.h"
#include "zoo/dimple_nano.h"

namespace dimple::compile {
namespace {

TEST(TensorLives, OfAShortcutReachToItsSum) {
  ir::Builder g("shortcut", {8, 8, 4});
  const ir::Value x = g.relu(g.conv(g.input(), 4));
  ir::Graph graph = g.finish(g.add(g.conv(g.conv(x, 4), 4), x));
  ir::initialise(graph, 1);
  const host::AlignedBytes program(plan(graph));
  const format::Program p = format::view_program(program.data());
  uint32_t sum = 0;
  while (static_cast<ops::OpCode>(p.steps[sum].op) != ops::OpCode::add) ++sum;
  const std::vector<Life> lives = lives_of(p);
  for (const uint32_t in : {p.steps[sum].in[0], p.steps[sum].in[1]}) EXPECT_EQ(lives[in].last, sum);
}

TEST(TensorLives, NoMoreIsInUseThanWasPlannedAndAtItsPeakNearlyAll) {
  ir::Graph graph = zoo::make(zoo::DimpleNano{});
  ir::initialise(graph, 1);
  for (const bool stripes : {false, true}) {
    const host::AlignedBytes program(plan(graph, {}, {.stripes = stripes}));
    const format::Program p = format::view_program(program.data());
    const std::vector<int64_t> in_use = bytes_in_use(p);
    ASSERT_EQ(in_use.size(), p.steps.size());
    const int64_t most = *std::ranges::max_element(in_use);
    EXPECT_LE(most, p.header->arena_bytes);
    EXPECT_GE(10 * most, 9 * int64_t{p.header->arena_bytes});
    EXPECT_GT(*std::ranges::min_element(in_use), 0);
  }
}

}  // namespace
}  // namespace dimple::compile
