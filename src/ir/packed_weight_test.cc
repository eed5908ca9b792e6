#include "ir/packed_weight.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "host/error.h"
#include "ir/builder.h"
#include "ir/cost.h"
#include "ir/evaluate.h"
#include "ir/initialise.h"
#include "ir/text.h"
#include "ir/verify.h"

namespace dimple::ir {
namespace {

TEST(PackedWeight, GivesBackEveryCodeOfEveryType) {
  std::mt19937 random(1);
  for (const DType type : {DType::b1, DType::c4, DType::c5, DType::u8})
    for (const int64_t count : {1, 7, 32, 33, 100}) {
      std::vector<uint8_t> codes(static_cast<size_t>(count));
      for (uint8_t& code : codes) code = static_cast<uint8_t>(random() & ((1u << bit_width(type)) - 1));
      const Tensor packed = pack_codes(type, {count}, codes);
      EXPECT_EQ(packed.data.size(), static_cast<size_t>(bytes_of(type, count)));
      EXPECT_EQ(unpack_codes(packed), codes) << name_of(type) << " " << count;
    }
}

Graph small_graph() {
  Builder g("small", {6, 5, 32});
  const Value x = g.relu(g.conv(g.sign(g.input()), 4, {.name = "conv"}));
  Graph graph = g.finish(g.dense(x, 6, "last"));
  initialise(graph, 5);
  return graph;
}

Tensor some_input(const Graph& graph) {
  Tensor x = make_tensor(DType::f32, {graph.input.shape.height, graph.input.shape.width, graph.input.shape.channels});
  std::mt19937 random(2);
  for (float& v : x.as<float>()) v = static_cast<float>(random() % 201) / 100 - 1;
  return x;
}

// Two codebooks of 16 entries for the six outputs of the dense layer.
void give_codebooks(Graph& graph, DType type) {
  const Tensor& weight = graph.constants.at("last.weight");
  std::vector<uint8_t> codes(static_cast<size_t>(weight.elements()));
  std::mt19937 random(3);
  for (uint8_t& code : codes) code = static_cast<uint8_t>(random() & ((1u << bit_width(type)) - 1));
  const int64_t entries = codebook_entries(type);
  std::vector<float> book(static_cast<size_t>(2 * entries));
  for (float& entry : book) entry = static_cast<float>(random() % 100) / 100 - 0.5f;
  graph.constants["last.weight"] = pack_codes(type, weight.dims, codes);
  graph.constants["last.codebook"] = make_tensor(DType::f32, {2, entries}, book);
  graph.constants["last.weight_scale"] = make_tensor(DType::f32, {6}, std::vector<float>{1, 2, 3, 0.5f, 0.25f, 4});
}

TEST(PackedWeight, OfCodesIsScaleTimesTheEntryOfItsChannelsCodebook) {
  for (const DType type : {DType::c4, DType::c5, DType::u8}) {
    Graph graph = small_graph();
    give_codebooks(graph, type);
    verify(graph);
    const Node& last = graph.nodes.back();
    const Tensor real = float_weight(graph, last);
    const std::vector<uint8_t> codes = unpack_codes(graph.constants.at("last.weight"));
    const auto book = graph.constants.at("last.codebook").as<float>();
    const size_t row = real.as<float>().size() / 6;
    EXPECT_EQ(real.as<float>()[5], 1 * book[codes[5]]);
    EXPECT_EQ(real.as<float>()[5 * row + 7],
              4 * book[static_cast<size_t>(codebook_entries(type)) + codes[5 * row + 7]]);
    EXPECT_EQ(evaluate(graph, some_input(graph)), evaluate(with_float_weights(graph), some_input(graph)));
    EXPECT_LT(estimate_cost(graph).weight_bytes, estimate_cost(with_float_weights(graph)).weight_bytes);
  }
}

TEST(PackedWeight, OfALatentSignIsItsScaleAndPacksToTheSame) {
  Graph graph = small_graph();
  graph.constants["conv.weight_scale"] = make_tensor(DType::f32, {4}, std::vector<float>{1, 2, 3, 4});
  graph.constants["conv.weight"].as<float>()[0] = 0;  // counts as +1
  verify(graph);
  const Graph packed = with_packed_signs(graph);
  verify(packed);
  EXPECT_EQ(packed.constants.at("conv.weight").dtype, DType::b1);
  EXPECT_EQ(with_float_weights(graph), with_float_weights(packed));
  EXPECT_EQ(float_weight(graph, graph.nodes[1]).as<float>()[0], 1);
}

TEST(PackedWeight, ThatMeetsCodesIsTheS8ThatItStandsFor) {
  Graph graph = parse(
      "graph g\ninput : s8[4,4,3] * 0.01 @ 7\n"
      "bits = conv2d(input) out_channels=4 kernel=3 pad=1 : s8[4,4,4] * 0.05 @ -3\n"
      "codes = dense(bits) units=6 : s8[1,1,6] * 0.1 @ 0\n");
  std::mt19937 random(6);
  const auto give = [&](const std::string& node, DType type, std::vector<int64_t> dims, int64_t channels) {
    std::vector<uint8_t> codes(static_cast<size_t>(make_tensor(type, dims).elements()));
    for (uint8_t& code : codes) code = static_cast<uint8_t>(random() & ((1u << bit_width(type)) - 1));
    const std::vector<int32_t> biases(static_cast<size_t>(channels), 5);
    const std::vector<float> scales(static_cast<size_t>(channels), 0.01f);
    graph.constants[node + ".weight"] = pack_codes(type, std::move(dims), codes);
    graph.constants[node + ".bias"] = make_tensor(DType::s32, {channels}, biases);
    graph.constants[node + ".weight_scale"] = make_tensor(DType::f32, {channels}, scales);
  };
  give("bits", DType::b1, {4, 3, 3, 3}, 4);
  give("codes", DType::c5, {6, 64}, 6);
  std::vector<int8_t> entries(3 * 32);
  for (int8_t& entry : entries) entry = static_cast<int8_t>(random());
  graph.constants["codes.codebook"] = make_tensor(DType::s8, {3, 32}, entries);
  verify(graph);
  const Graph plain = with_s8_weights(graph);
  verify(plain);
  for (const char* name : {"bits.weight", "codes.weight"}) EXPECT_EQ(plain.constants.at(name).dtype, DType::s8);
  EXPECT_FALSE(plain.constants.contains("codes.codebook"));
  Tensor picture = make_tensor(DType::s8, {4, 4, 3});
  for (int8_t& code : picture.as<int8_t>()) code = static_cast<int8_t>(random());
  EXPECT_EQ(evaluate(graph, picture), evaluate(plain, picture));
}

void expect_refused(const Graph& graph, const std::string& why) {
  try {
    verify(graph);
    ADD_FAILURE() << "taken: " << why;
  } catch (const host::Error& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr(why));
  }
}

TEST(PackedWeight, IsRefusedWithoutWhatItNeeds) {
  Graph whole = small_graph();
  give_codebooks(whole, DType::c4);
  Graph graph = whole;
  graph.constants.erase("last.codebook");
  expect_refused(graph, "needs a codebook of 16 entries, f32");
  graph = whole;
  graph.constants["last.codebook"] = make_tensor(DType::f32, {2, 32});
  expect_refused(graph, "needs a codebook of 16 entries, f32");
  graph = whole;
  graph.constants["last.codebook"] = make_tensor(DType::f32, {4, 16});
  expect_refused(graph, "4 codebooks for 6 channels");
  graph = whole;
  graph.constants["last.weight_scale"].as<float>()[0] = -1;
  expect_refused(graph, "not positive");
}

}  // namespace
}  // namespace dimple::ir
