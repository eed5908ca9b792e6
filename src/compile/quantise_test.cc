#include "compile/quantise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "compile/pipeline.h"
#include "compile/quantise_weights.h"
#include "compile/random_graph_testing.h"
#include "host/error.h"
#include "ir/builder.h"
#include "ir/evaluate.h"
#include "ir/initialise.h"
#include "ir/packed_weight.h"
#include "ir/text.h"
#include "ir/verify.h"

namespace dimple::compile {
namespace {

constexpr float kScale = 1.0f / 128;

ir::Tensor real_picture(const ir::Graph& graph, std::span<const int8_t> codes) {
  ir::Tensor t =
      ir::make_tensor(DType::f32, {graph.input.shape.height, graph.input.shape.width, graph.input.shape.channels});
  for (size_t i = 0; i < codes.size(); ++i) t.as<float>()[i] = static_cast<float>(codes[i]) * kScale;
  return t;
}

// Root of the mean squared difference of the probabilities, integer graph against float graph, over all pictures.
double error_of(const ir::Graph& graph, const ir::Graph& integer, const std::vector<int8_t>& codes) {
  const ir::Graph real = end_in_probabilities(optimise(graph));
  const auto size = static_cast<size_t>(graph.input.shape.elements());
  double sum = 0, count = 0;
  for (size_t at = 0; at < codes.size(); at += size) {
    const std::span<const int8_t> one(codes.data() + at, size);
    const ir::Tensor in =
        ir::make_tensor(DType::s8, {graph.input.shape.height, graph.input.shape.width, graph.input.shape.channels},
                        std::vector<int8_t>(one.begin(), one.end()));
    const ir::Tensor a = ir::evaluate(real, real_picture(graph, one)).back(), b = ir::evaluate(integer, in).back();
    for (size_t i = 0; i < a.as<float>().size(); ++i) {
      const double d = static_cast<double>(a.as<float>()[i] - b.as<float>()[i]);
      sum += d * d, count += 1;
    }
  }
  return std::sqrt(sum / count);
}

TEST(Quantise, StaysNearTheFloatGraph) {
  for (const char* rule : {"min-max", "percentile", "mse"})
    for (uint32_t seed = 1; seed <= 15; ++seed) {
      SCOPED_TRACE("seed " + std::to_string(seed));
      RandomGraph random(seed);
      const ir::Graph graph = random.make();
      const auto codes = random.codes(graph, 16);
      QuantiseOptions options;
      options.steps = {rule, "weights-mse", "correct-biases"};
      EXPECT_LT(error_of(graph, quantise(graph, {codes, kScale}, options), codes), 0.05);
    }
}

TEST(Quantise, GivesAVerifiedGraphOfTheSameNodes) {
  RandomGraph random(4);
  const ir::Graph graph = random.make();
  const ir::Graph integer = quantise(graph, {random.codes(graph, 4), kScale});
  EXPECT_NO_THROW(ir::verify(integer));
  EXPECT_EQ(integer.input.dtype, DType::s8);
  EXPECT_EQ(integer.input.scale, kScale);
  EXPECT_EQ(integer.input.zero_point, 0);
  EXPECT_EQ(ir::name_of(integer.nodes.back().op), "softmax");
}

TEST(Quantise, DoesNotDependOnTheNumberOfThreads) {
  RandomGraph random(2);
  const ir::Graph graph = random.make();
  const auto codes = random.codes(graph, 37);
  QuantiseOptions one, three;
  one.threads = 1, three.threads = 3;
  EXPECT_EQ(quantise(graph, {codes, kScale}, one), quantise(graph, {codes, kScale}, three));
}

// The folded batch norms turn the signs of some channels, and every threshold moves by its shift.
TEST(Quantise, KeepsSignsAsBitsAndShiftsAsThresholds) {
  ir::Builder g("binary", {8, 8, 32});
  ir::Graph graph = g.finish(g.batch_norm(g.conv(g.sign(g.input()), 8, {.name = "conv"})));
  ir::initialise(graph, 1);
  graph.constants["conv.weight_scale"] = ir::make_tensor(DType::f32, {8}, std::vector<float>(8, 0.5f));
  auto norm = graph.constants.at("batch_norm_1.weight").as<float>();
  for (size_t c = 0; c < 8; c += 2) norm[c] = -1;
  auto shifts = graph.constants.at("sign_1.bias").as<float>();
  for (size_t c = 0; c < 32; ++c) shifts[c] = static_cast<float>(c) / 32 - 0.5f;
  RandomGraph random(1);
  const auto codes = random.codes(graph, 8);
  const ir::Graph integer = quantise(graph, {codes, kScale});
  EXPECT_EQ(integer.constants.at("conv.weight").dtype, DType::b1);
  EXPECT_EQ(integer.nodes[0].type.dtype, DType::b1);
  EXPECT_EQ(integer.constants.at("sign_1.bias").as<int32_t>()[0], 64);  // -128 * -0.5
  EXPECT_LT(error_of(graph, integer, codes), 0.02);
}

// Per-channel scales and two codebooks; nothing is rounded but the entries.
TEST(Quantise, KeepsCodesAndRoundsTheirCodebook) {
  for (const DType type : {DType::c4, DType::c5, DType::u8}) {
    ir::Builder g("coded", {8, 8, 3});
    ir::Graph graph = g.finish(g.dense(g.relu(g.conv(g.input(), 8, {.name = "conv"})), 4));
    ir::initialise(graph, 1);
    const int64_t entries = codebook_entries(type), weights = graph.constants.at("conv.weight").elements();
    std::vector<uint8_t> codes(static_cast<size_t>(weights));
    for (size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<uint8_t>(i * 7 % static_cast<size_t>(entries));
    std::vector<float> book(static_cast<size_t>(2 * entries));
    for (size_t i = 0; i < book.size(); ++i) book[i] = static_cast<float>(i % 37) / 40 - 0.4f;
    graph.constants["conv.weight"] = ir::pack_codes(type, graph.constants.at("conv.weight").dims, codes);
    graph.constants["conv.codebook"] = ir::make_tensor(DType::f32, {2, entries}, book);
    graph.constants["conv.weight_scale"] = ir::make_tensor(DType::f32, {8}, std::vector<float>(8, 0.3f));
    RandomGraph random(1);
    const auto pictures = random.codes(graph, 8);
    const ir::Graph integer = quantise(graph, {pictures, kScale});
    const bool plain = type == DType::u8;
    EXPECT_EQ(integer.constants.at("conv.weight").dtype, plain ? DType::s8 : type);
    EXPECT_EQ(integer.constants.contains("conv.codebook"), !plain);
    EXPECT_LT(error_of(graph, integer, pictures), 0.02);
  }
}

TEST(Quantise, AReluSpendsEveryCodeOnWhatItLetsThrough) {
  ir::Graph graph = ir::parse(
      "graph g\ninput : f32[8,8,1]\nc = conv2d(input) out_channels=4 kernel=3 pad=1 : f32[8,8,4]\n"
      "r = relu(c) : f32[8,8,4]\nd = dense(r) units=3 : f32[1,1,3]\n");
  ir::initialise(graph, 1);
  RandomGraph random(1);
  const ir::Graph integer = quantise(graph, {random.codes(graph, 4), kScale});
  EXPECT_EQ(integer.nodes[0].type.zero_point, -128);
}

TEST(Quantise, PoolsKeepTheScaleOfWhatTheyChooseFrom) {
  ir::Graph graph = ir::parse(
      "graph g\ninput : f32[8,8,1]\nc = conv2d(input) out_channels=4 : f32[8,8,4]\n"
      "m = max_pool(c) kernel=2 stride=2 : f32[4,4,4]\nd = dense(m) units=3 : f32[1,1,3]\n");
  ir::initialise(graph, 1);
  RandomGraph random(1);
  const ir::Graph integer = quantise(graph, {random.codes(graph, 4), kScale});
  EXPECT_EQ(integer.nodes[0].type.scale, integer.nodes[1].type.scale);
  EXPECT_EQ(integer.nodes[0].type.zero_point, integer.nodes[1].type.zero_point);
}

// A channel that never varies, one that is dead, one whose weights are tiny beside its bias: all legal, none exact.
TEST(Quantise, SurvivesDegenerateChannels) {
  ir::Graph graph = ir::parse(
      "graph g\ninput : f32[4,4,1]\nc = conv2d(input) out_channels=3 activation=relu : f32[4,4,3]\n"
      "d = dense(c) units=2 : f32[1,1,2]\n");
  ir::initialise(graph, 1);
  const std::vector<float> weights{0.0f, 1e-20f, 0.5f}, biases{0.0f, 3.0f, -100.0f};
  graph.constants["c.weight"] = ir::make_tensor(DType::f32, {3, 1, 1, 1}, weights);
  graph.constants["c.bias"] = ir::make_tensor(DType::f32, {3}, biases);
  RandomGraph random(1);
  const auto codes = random.codes(graph, 8);
  const ir::Graph integer = quantise(graph, {codes, kScale});
  EXPECT_LT(error_of(graph, integer, codes), 0.02);
}

TEST(Quantise, CorrectedBiasesKeepTheMeanOfEachChannel) {
  ir::Graph graph = ir::parse("graph g\ninput : f32[6,6,8]\nd = dense(input) units=16 : f32[1,1,16]\n");
  ir::initialise(graph, 3);
  // Coarse weights, so that rounding shows: one large weight per unit stretches its scale.
  auto w = graph.constants["d.weight"].as<float>();
  for (size_t unit = 0; unit < 16; ++unit) w[unit * 288] = 20.0f;
  RandomGraph random(1);
  auto codes = random.codes(graph, 32);
  for (int8_t& c : codes) c = static_cast<int8_t>(std::max<int>(c, 0));  // inputs whose mean is not 0

  const auto mean_shift = [&](bool correct) {
    QuantiseOptions options;
    options.steps = {"mse"};
    if (correct) options.steps.push_back("correct-biases");
    const ir::Graph integer = quantise(graph, {codes, kScale}, options);
    std::vector<double> shift(16);
    for (size_t at = 0; at < codes.size(); at += 288) {
      const std::vector<int8_t> one(codes.begin() + static_cast<std::ptrdiff_t>(at),
                                    codes.begin() + static_cast<std::ptrdiff_t>(at + 288));
      const auto real = ir::evaluate(graph, real_picture(graph, one)).back();
      const auto whole = ir::evaluate(integer, ir::make_tensor(DType::s8, {6, 6, 8}, one))[1];
      for (size_t i = 0; i < 16; ++i)
        shift[i] += static_cast<double>((static_cast<float>(whole.as<int8_t>()[i] - integer.nodes[0].type.zero_point)) *
                                            integer.nodes[0].type.scale -
                                        real.as<float>()[i]);
    }
    double sum = 0;
    for (const double s : shift) sum += s * s;
    return std::sqrt(sum);
  };
  EXPECT_LT(mean_shift(true), 0.5 * mean_shift(false));
}

TEST(Quantise, TapsAtTheBorderSeeThePadding) {
  const ir::Graph graph =
      ir::parse("graph g\ninput : f32[2,2,1]\nc = conv2d(input) out_channels=1 kernel=3 pad=1 : f32[2,2,1]\n");
  const auto seen = mean_seen_by_taps(graph, graph.nodes[0], {1, 1, 1, 1});
  EXPECT_EQ(seen, (std::vector<double>{0.25, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.5, 0.25}));
}

// MobileNetV3's block: expand, hard_swish, depthwise, squeeze and excite, project, add.
TEST(Quantise, ASqueezeAndExciteBlockStaysNearTheFloatGraph) {
  ir::Builder g("block", {16, 16, 1});
  ir::Value x = g.hard_swish(g.batch_norm(g.conv(g.input(), 8, {.stride = 2}), {.epsilon = 1e-3f, .momentum = 0.01f}));
  ir::Value y = g.hard_swish(g.batch_norm(g.conv(x, 24, {.kernel = 1})));
  y = g.hard_swish(g.batch_norm(g.depthwise(y, {.kernel = 5})));
  ir::Value factor = g.relu(g.conv(g.global_average_pool(y), 6, {.kernel = 1}));
  y = g.multiply(y, g.hard_sigmoid(g.conv(factor, 24, {.kernel = 1})));
  x = g.add(x, g.drop_path(g.batch_norm(g.conv(y, 8, {.kernel = 1})), 0.1f));
  ir::Graph graph = g.finish(g.dense(g.global_average_pool(g.hard_swish(x)), 7));
  ir::initialise(graph, 5);
  RandomGraph random(1);
  const auto codes = random.codes(graph, 32);
  const ir::Graph integer = quantise(graph, {codes, kScale});
  EXPECT_LT(error_of(graph, integer, codes), 0.01);
}

TEST(Quantise, ASlopeOfAnySignKeepsItsValue) {
  ir::Graph graph =
      ir::parse("graph g\ninput : f32[2,2,3]\np = prelu(input) : f32[2,2,3]\nd = dense(p) units=2 : f32[1,1,2]\n");
  ir::initialise(graph, 1);
  graph.constants["p.weight"] = ir::make_tensor(DType::f32, {3}, std::vector<float>{0.25f, -0.7f, 0});
  RandomGraph random(1);
  const ir::Graph integer = quantise(graph, {random.codes(graph, 4), kScale});
  const auto codes = integer.constants.at("p.weight").as<int8_t>();
  const auto scales = integer.constants.at("p.weight_scale").as<float>();
  EXPECT_FLOAT_EQ(static_cast<float>(codes[0]) * scales[0], 0.25f);
  EXPECT_FLOAT_EQ(static_cast<float>(codes[1]) * scales[1], -0.7f);
  EXPECT_EQ(codes[2], 0);
  EXPECT_FALSE(integer.constants.contains("p.bias"));
}

TEST(Quantise, RefusesWhatHasNoIntegerForm) {
  ir::Graph graph =
      ir::parse("graph g\ninput : f32[1,1,4]\ns = softmax(input) : f32[1,1,4]\nd = dense(s) units=2 : f32[1,1,2]\n");
  ir::initialise(graph, 1);
  const std::vector<int8_t> codes(4);
  try {
    quantise(graph, {codes, kScale});
    FAIL();
  } catch (const host::Error& e) {
    EXPECT_EQ(e.exit(), host::Exit::model);
    EXPECT_STREQ(e.what(), "node s: softmax has no integer form");
  }
}

TEST(Quantise, RefusesPicturesOfAnotherSize) {
  RandomGraph random(1);
  const ir::Graph graph = random.make();
  const std::vector<int8_t> codes(static_cast<size_t>(graph.input.shape.elements()) + 1);
  EXPECT_THROW(quantise(graph, {codes, kScale}), host::Error);
  EXPECT_THROW(quantise(graph, {{}, kScale}), host::Error);
}

}  // namespace
}  // namespace dimple::compile
