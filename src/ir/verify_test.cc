#include "ir/verify.h"

#include <gtest/gtest.h>

#include <limits>

#include "host/error.h"
#include "ir/builder.h"
#include "ir/initialise.h"
#include "ir/text.h"

namespace dimple::ir {
namespace {

Graph sound() {
  Builder g("sound", {6, 6, 2});
  Value x = g.relu(g.conv(g.input(), 4));
  Graph graph = g.finish(g.dense(g.add(x, x), 3));
  initialise(graph, 1);
  return graph;
}

void expect_refused(const Graph& graph, const char* what) {
  try {
    verify(graph);
    ADD_FAILURE() << what << ": not refused";
  } catch (const host::Error& error) {
    EXPECT_EQ(error.exit(), host::Exit::model) << what;
  }
}

TEST(Verify, ASoundGraphPasses) { EXPECT_NO_THROW(verify(sound())); }

TEST(Verify, ContradictionsAreRefused) {
  Graph g = sound();
  g.nodes[1].name = g.nodes[0].name;
  expect_refused(g, "two nodes of one name");
  g = sound();
  g.nodes[0].inputs = {2};
  expect_refused(g, "a value that is not there yet");
  g = sound();
  g.nodes[0].inputs = {-1};
  expect_refused(g, "a negative value");
  g = sound();
  g.nodes[2].inputs.pop_back();
  expect_refused(g, "an input too few");
  g = sound();
  g.nodes[0].type.shape.channels = 5;
  expect_refused(g, "another shape than the operator gives");
  g = sound();
  g.nodes[1].type.dtype = DType::s8;
  expect_refused(g, "another type than the operator gives");
  g = sound();
  g.input.shape.height = 1 << 21;
  expect_refused(g, "an impossible input");
  g = sound();
  g.nodes.clear();
  expect_refused(g, "no nodes");
}

TEST(Verify, AFloatValueMayBeForCodesThatAreSome) {
  Graph g = sound();
  g.nodes[0].type.scale = 0.1f, g.nodes[0].type.zero_point = -128;
  EXPECT_NO_THROW(verify(g));
  const auto with = [](float scale, int zero_point) {
    Graph graph = sound();
    graph.nodes[0].type.scale = scale, graph.nodes[0].type.zero_point = zero_point;
    return graph;
  };
  expect_refused(with(-0.1f, 0), "a negative scale");
  expect_refused(with(std::numeric_limits<float>::quiet_NaN(), 0), "a scale that is no number");
  expect_refused(with(std::numeric_limits<float>::infinity(), 0), "an endless scale");
  expect_refused(with(0.1f, -129), "a zero point below the codes");
  expect_refused(with(0.1f, 128), "a zero point above the codes");
}

TEST(Verify, ConstantsMustFit) {
  Graph g = sound();
  g.constants.erase("conv2d_1.bias");
  expect_refused(g, "a missing bias");
  EXPECT_NO_THROW(verify(g, Constants::may_be_absent));
  g = sound();
  g.constants["dense_1.weight"].dims = {144, 3};
  expect_refused(g, "a transposed weight");
  g = sound();
  g.constants["dense_1.bias"].dtype = DType::s32;
  expect_refused(g, "an integer bias in a float graph");
  g = sound();
  g.constants["dense_1.bias"].data.resize(g.constants["dense_1.bias"].data.size() - 1);
  expect_refused(g, "a constant cut short");
}

}  // namespace
}  // namespace dimple::ir
