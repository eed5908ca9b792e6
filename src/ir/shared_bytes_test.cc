#include "ir/shared_bytes.h"

#include <gtest/gtest.h>

#include "compile/pipeline.h"
#include "ir/initialise.h"
#include "zoo/ds48.h"

namespace dimple::ir {
namespace {

TEST(SharedBytes, ACopyIsSharedUntilItIsWritten) {
  SharedBytes a(std::vector<std::byte>(4)), b = a;
  EXPECT_TRUE(a.shares_with(b));
  b.data()[1] = std::byte{7};
  EXPECT_FALSE(a.shares_with(b));
  EXPECT_EQ(std::as_const(a).data()[1], std::byte{0});
  EXPECT_NE(a, b);
}

TEST(SharedBytes, ACopyOfAGraphCostsNoWeights) {
  Graph graph = zoo::make(zoo::Ds48{});
  initialise(graph, 1);
  const Graph copy = graph;
  for (const auto& [name, tensor] : graph.constants) EXPECT_TRUE(tensor.data.shares_with(copy.constants.at(name).data));
}

TEST(SharedBytes, APassWritesOnlyWhatItChanges) {
  Graph graph = zoo::make(zoo::Ds48{});
  initialise(graph, 1);
  const Graph before = graph;
  compile::optimise(graph);
  EXPECT_EQ(graph, before);
}

}  // namespace
}  // namespace dimple::ir
