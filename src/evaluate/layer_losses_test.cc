#include "evaluate/layer_losses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "host/csv.h"
#include "host/error.h"
#include "host/files.h"
#include "host/own_folder_testing.h"
#include "image/normalise.h"
#include "ir/builder.h"
#include "ir/evaluate.h"
#include "ir/initialise.h"

namespace dimple::evaluate {
namespace {

constexpr int kPictures = 150;

// A network whose second layer is lost to int8: one weight of each channel is so large that the codes of the others are
// 0, and what it multiplies with is always 0. What the float network answers is taken for right.
struct Hurt {
  model::Model model;
  std::vector<int8_t> codes;
  std::vector<int32_t> labels;
  compile::CalibrationSet set;
  compile::Quantised made;

  Hurt() {
    ir::Builder g("hurt", {8, 8, 1});
    model.graph = g.finish(g.dense(g.relu(g.conv(g.relu(g.conv(g.input(), 6)), 6, {.kernel = 1})), 3));
    ir::initialise(model.graph, 2);
    const auto first = model.graph.constants.at("conv2d_1.weight").as<float>(),
               second = model.graph.constants.at("conv2d_2.weight").as<float>();
    for (size_t tap = 0; tap < 9; ++tap) first[5 * 9 + tap] = 0;
    for (size_t c = 0; c < 6; ++c) second[c * 6 + 5] = 400;
    model.labels = {"a", "b", "c"};
    model.preprocess.width = model.preprocess.height = 8;
    uint32_t seed = 1;
    for (int i = 0; i < kPictures * 64; ++i) {
      seed = seed * 1664525 + 1013904223;
      codes.push_back(static_cast<int8_t>(seed >> 24));
    }
    set = {codes, image::code_scale(model.preprocess.normalise)};
    made = compile::quantise_both(model.graph, set, {.steps = {}});
    for (size_t p = 0; p < kPictures; ++p) {
      const ir::Tensor scores = ir::evaluate(made.real, compile::real_picture(made.real, set, p)).back();
      labels.push_back(static_cast<int32_t>(std::ranges::max_element(scores.as<float>()) - scores.as<float>().begin()));
    }
  }

  LayerLosses measure(const LayerLossOptions& options = {.threads = 1}) const {
    return measure_layer_losses(made, model, set, {codes, labels}, options, {});
  }
};

TEST(LayerLosses, FindTheLayerThatIsLost) {
  const LayerLosses losses = Hurt().measure();
  EXPECT_EQ(losses.float_accuracy, 1);
  ASSERT_EQ(losses.layers.size(), 3u);
  const LayerLoss &fine = losses.layers[0], &lost = losses.layers[1], &last = losses.layers[2];
  EXPECT_EQ(lost.layer, "conv2d_2");
  EXPECT_LT(lost.snr_db, 3);
  EXPECT_GT(lost.alone.interval[0], 0.1) << "the loss is beyond chance";
  for (const LayerLoss* l : {&fine, &last}) {
    EXPECT_GT(l->snr_db, 20) << l->layer;
    EXPECT_LT(l->alone.loss, 0.1) << l->layer;
    EXPECT_LE(l->alone.interval[0], l->alone.loss) << l->layer;
  }
  EXPECT_GT(losses.integer.loss, 0.1);
  for (const LayerLoss& l : losses.layers) EXPECT_EQ(l.alone.accuracy, l.alone.same_answer) << "float is right";
  EXPECT_EQ(lost.weight_bytes, 36);
  EXPECT_EQ(lost.multiply_adds, 64 * 36);
}

TEST(LayerLosses, DoNotDependOnTheNumberOfThreads) {
  const Hurt hurt;
  EXPECT_EQ(host::to_json(hurt.measure({.threads = 1})), host::to_json(hurt.measure({.threads = 3})));
}

TEST(LayerLosses, ALargeNetworkAnswersFewerPictures) {
  const Hurt hurt;
  const LayerLosses losses = hurt.measure({.threads = 1, .most_noise_work = 1, .most_work = 1});
  EXPECT_EQ(losses.noise_pictures, 16);
  EXPECT_EQ(losses.pictures, 100);
  EXPECT_EQ(hurt.measure().noise_pictures, kPictures);
  EXPECT_EQ(hurt.measure().pictures, kPictures);
}

TEST(LayerLosses, AreWrittenToAFolderOrAsOneFile) {
  const LayerLosses losses = Hurt().measure();
  const std::filesystem::path folder = host::own_folder() / "layers";
  EXPECT_EQ(write_layer_losses(folder.string(), losses).size(), 3u);
  const auto rows = host::parse_csv(host::read_text(folder / "layers.csv"), "layers.csv");
  ASSERT_EQ(rows.size(), 4u);
  for (const auto& row : rows) EXPECT_EQ(row.size(), rows[0].size());
  EXPECT_EQ(rows[2][0], "conv2d_2");
  EXPECT_EQ(host::parse_json(host::read_text(folder / "layers.json"), "layers.json"), host::to_json(losses));
  EXPECT_THAT(host::read_text(folder / "layers.svg"), testing::HasSubstr("conv2d_2"));
  const std::string one = (host::own_folder() / "one.svg").string();
  EXPECT_EQ(write_layer_losses(one, losses), std::vector<std::string>{one});
  EXPECT_EQ(host::read_text(one), host::read_text(folder / "layers.svg"));
}

TEST(LayerLosses, NeedPicturesThatAreLabelled) {
  const Hurt hurt;
  EXPECT_THROW(measure_layer_losses(hurt.made, hurt.model, hurt.set, {}, {}, {}), host::Error);
}

}  // namespace
}  // namespace dimple::evaluate
