#include "compile/keep_float.h"

#include <gtest/gtest.h>

#include "compile/lower.h"
#include "compile/pipeline.h"
#include "compile/quantise.h"
#include "compile/random_graph_testing.h"
#include "host/aligned_bytes.h"
#include "host/error.h"
#include "ir/evaluate.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "runtime/executor.h"

namespace dimple::compile {
namespace {

constexpr kernels::IsaSet kReferences{};  // bit for bit what ir::evaluate runs

constexpr const char* kNet =
    "graph g\n"
    "input : f32[8,8,1]\n"
    "a = conv2d(input) out_channels=4 kernel=3 pad=1 : f32[8,8,4]\n"
    "r = relu(a) : f32[8,8,4]\n"
    "p = max_pool(r) kernel=2 stride=2 : f32[4,4,4]\n"
    "b = depthwise_conv2d(p) kernel=3 pad=1 : f32[4,4,4]\n"
    "s = add(b, p) activation=relu : f32[4,4,4]\n"
    "c = conv2d(s) out_channels=5 : f32[4,4,5]\n"
    "d = dropout(c) : f32[4,4,5]\n"
    "e = dense(d) units=3 : f32[1,1,3]\n"
    "f = softmax(e) : f32[1,1,3]\n";

ir::Graph net() {
  ir::Graph graph = ir::parse(kNet);
  ir::initialise(graph, 1);
  return graph;
}

Quantised keep(const ir::Graph& graph, std::vector<std::string> names) {
  RandomGraph random(7);
  return quantise_both(graph, {random.codes(graph, 4), 1.0f / 128}, {.keep_float = std::move(names)});
}

std::string refusal(std::vector<std::string> names, std::string* hint) {
  try {
    keep(net(), std::move(names));
  } catch (const host::Error& error) {
    EXPECT_EQ(error.exit(), host::Exit::usage);
    *hint = error.hint();
    return error.what();
  }
  return "nothing was refused";
}

size_t index_of(const ir::Graph& graph, const std::string& name) {
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    if (graph.nodes[i].name == name) return i;
  ADD_FAILURE() << "no node " << name;
  return 0;
}

std::vector<float> run_program(const std::vector<uint8_t>& program, const ir::Tensor& picture, size_t outputs) {
  const host::AlignedBytes bytes(program);
  const Span<const uint8_t> span(bytes.data(), bytes.size());
  host::AlignedBytes memory(runtime::memory_bytes(span, kReferences));
  dimple_session session{};
  EXPECT_EQ(runtime::prepare(session, span, {memory.data(), memory.size()}, kReferences), Status::ok);
  std::memcpy(dimple_input(&session).data, picture.data.data(), picture.data.size());
  EXPECT_EQ(dimple_run(&session), 0);
  const auto* scores = static_cast<const float*>(dimple_output(&session).data);
  return {scores, scores + outputs};
}

TEST(KeepFloat, StandsBetweenADequantiseAndAQuantise) {
  const ir::Graph mixed = keep(net(), {"b"}).graph;
  EXPECT_EQ(mixed.nodes[index_of(mixed, "p_real")].type, (ir::ValueType{DType::f32, {4, 4, 4}}));
  EXPECT_EQ(mixed.node_of(mixed.nodes[index_of(mixed, "b")].inputs[0]).name, "p_real");
  EXPECT_EQ(mixed.node_of(mixed.nodes[index_of(mixed, "b_codes")].inputs[0]).name, "b");
  EXPECT_EQ(mixed.node_of(mixed.nodes[index_of(mixed, "s")].inputs[0]).name, "b_codes");
  EXPECT_EQ(mixed.node_of(mixed.nodes[index_of(mixed, "s")].inputs[1]).name, "p") << "whose codes are there already";
  EXPECT_EQ(mixed.constants.at("b.weight").dtype, DType::f32);
  EXPECT_EQ(mixed.constants.at("b.bias").dtype, DType::f32);
  EXPECT_FALSE(mixed.constants.contains("b.weight_scale"));
}

TEST(KeepFloat, BetweenTwoKeptLayersNothingIsRounded) {
  const ir::Graph mixed = keep(net(), {"b", "s", "e"}).graph;
  EXPECT_EQ(mixed.node_of(mixed.nodes[index_of(mixed, "s")].inputs[0]).name, "b");
  EXPECT_EQ(mixed.node_of(mixed.nodes[index_of(mixed, "s")].inputs[1]).name, "p_real");
  EXPECT_EQ(mixed.nodes.back().inputs, std::vector<ir::Value>{mixed.output() - 1}) << "softmax reads e, not its codes";
}

TEST(KeepFloat, NothingElseChanges) {
  const ir::Graph integer = keep(net(), {}).graph, mixed = keep(net(), {"b"}).graph;
  for (const ir::Node& node : integer.nodes) {
    if (node.name == "b") continue;
    EXPECT_EQ(mixed.nodes[index_of(mixed, node.name)].type, node.type) << node.name;
  }
  EXPECT_EQ(mixed.nodes[index_of(mixed, "b_codes")].type, integer.nodes[index_of(integer, "b")].type);
  for (const auto& [name, tensor] : integer.constants)
    if (!name.starts_with("b.")) {
      EXPECT_EQ(mixed.constants.at(name), tensor) << name;
    }
}

// Every layer of random graphs, one at a time and all at once.
TEST(KeepFloat, AKeptLayerComputesAsInTheFloatGraphOnItsDequantisedInputs) {
  for (uint32_t seed = 1; seed <= 12; ++seed) {
    RandomGraph random(seed);
    const ir::Graph graph = random.make();
    const ir::Graph real = keep(graph, {}).real;
    std::vector<std::vector<std::string>> choices(1);
    for (const ir::Node& node : real.nodes) choices.push_back({node.name}), choices[0].push_back(node.name);
    for (const std::vector<std::string>& names : choices) {
      SCOPED_TRACE("seed " + std::to_string(seed) + " " + (names.size() == 1 ? names[0] : "all"));
      const ir::Graph mixed = keep(graph, names).graph;
      ASSERT_NO_THROW(ir::verify(mixed));
      ASSERT_EQ(mixed.input.dtype, DType::s8);
      ir::Tensor picture = ir::make_tensor(DType::s8, {graph.input.shape.elements()});
      for (int8_t& code : picture.as<int8_t>()) code = static_cast<int8_t>(random.below(256) - 128);
      const std::vector<ir::Tensor> values = ir::evaluate(mixed, picture);
      for (const std::string& name : names) {
        const size_t at = index_of(mixed, name);
        ir::Graph alone{.name = "alone"};
        ir::Node node = real.nodes[index_of(real, name)];
        ASSERT_EQ(mixed.nodes[at].type.dtype, DType::f32);
        for (const char* role : {".weight", ".bias"})
          if (real.constants.contains(name + role)) {
            EXPECT_EQ(mixed.constants.at(name + role), real.constants.at(name + role));
          }
        if (node.inputs.size() != 1) continue;
        alone.input = mixed.type_of(mixed.nodes[at].inputs[0]);
        node.inputs = {ir::kInput};
        alone.nodes = {node}, alone.constants = real.constants;
        EXPECT_EQ(ir::evaluate(alone, values[static_cast<size_t>(mixed.nodes[at].inputs[0])])[1], values[at + 1]);
      }
      const std::span<const float> expected = values.back().as<float>();
      const std::vector<float> got = run_program(plan(mixed), picture, expected.size());
      for (size_t i = 0; i < got.size(); ++i)
        EXPECT_NEAR(got[i], expected[i], 2e-2);  // a float's last bit moves a code
    }
  }
}

TEST(KeepFloat, AllLayersKeptAreTheFloatGraph) {
  RandomGraph random(3);
  const ir::Graph graph = random.make();
  const ir::Graph real = keep(graph, {}).real;
  std::vector<std::string> all;
  for (const ir::Node& node : real.nodes) all.push_back(node.name);
  const ir::Graph mixed = keep(graph, all).graph, expected = end_in_probabilities(real);
  ir::Tensor picture = ir::make_tensor(DType::s8, {graph.input.shape.elements()}),
             reals = ir::make_tensor(DType::f32, picture.dims);
  for (size_t i = 0; i < picture.as<int8_t>().size(); ++i) {
    picture.as<int8_t>()[i] = static_cast<int8_t>(random.below(256) - 128);
    reals.as<float>()[i] = static_cast<float>(picture.as<int8_t>()[i]) / 128;
  }
  EXPECT_EQ(ir::evaluate(mixed, picture).back(), ir::evaluate(expected, reals).back());
}

TEST(KeepFloat, SignsAndWhatReadsThemStayTogether) {
  ir::Builder g("binary", {8, 8, 32});
  ir::Graph graph = g.finish(g.dense(g.conv(g.sign(g.input()), 8, {.name = "conv"}), 3));
  ir::initialise(graph, 1);
  graph.constants["conv.weight_scale"] = ir::make_tensor(DType::f32, {8}, std::vector<float>(8, 0.5f));
  EXPECT_NO_THROW(keep(graph, {"conv", "sign_1"}));
  EXPECT_NO_THROW(keep(graph, {"dense_1"}));
  for (const char* alone : {"conv", "sign_1"}) {
    try {
      keep(graph, {alone});
      ADD_FAILURE() << alone;
    } catch (const host::Error& error) {
      EXPECT_STREQ(error.what(), "--keep-float: conv reads the signs of sign_1");
    }
  }
}

TEST(KeepFloat, WhatIsNoLayerIsRefusedByName) {
  std::string hint;
  EXPECT_EQ(refusal({"bb"}, &hint), "--keep-float: there is no layer bb");
  EXPECT_EQ(hint, "did you mean b?");
  EXPECT_EQ(refusal({"r"}, &hint), "--keep-float: r is no layer of its own once the graph is optimised");
  EXPECT_EQ(hint, "a does what it did: keep that");
  EXPECT_EQ(refusal({"f"}, &hint), "--keep-float: f runs in float in any case");
}

}  // namespace
}  // namespace dimple::compile
