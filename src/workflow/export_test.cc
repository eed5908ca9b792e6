#include "workflow/export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "host/error.h"
#include "host/own_folder_testing.h"
#include "inference/network.h"
#include "ir/builder.h"
#include "ir/initialise.h"
#include "model/model.h"

namespace dimple::workflow {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class Export : public testing::Test {
 protected:
  Export() {
    fs::create_directories(folder_);
    std::ofstream csv(folder_ / "noise.csv");
    csv << "emotion,pixels,Usage\n";
    uint32_t seed = 1;
    for (const char* usage : {"Training", "PublicTest", "PrivateTest"})
      for (int i = 0; i < 21; ++i) {
        csv << i % 7 << ',';
        for (int pixel = 0; pixel < 48 * 48; ++pixel) csv << ((seed = seed * 1664525 + 1013904223) >> 24) << ' ';
        csv << ',' << usage << '\n';
      }
    ir::Builder g("small", {12, 12, 1});
    model::Model m;
    ir::Value x = g.relu(g.batch_norm(g.conv(g.input(), 4, {.stride = 2, .name = "stem"})));
    x = g.relu(g.conv(x, 6, {.name = "body"}));
    m.graph = g.finish(g.softmax(g.dense(g.global_average_pool(x), 7, "head")));
    ir::initialise(m.graph, 5);
    m.labels = {"angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"};
    m.preprocess.width = m.preprocess.height = 12;
    model::save_model((folder_ / "small.safetensors").string(), m);
    request_.model = (folder_ / "small.safetensors").string();
    request_.data = (folder_ / "noise.csv").string();
    request_.out = (folder_ / "out").string();
    request_.format = {"safetensors", "program", "c"};
    request_.int8 = true;
  }
  ~Export() override { fs::remove_all(folder_); }

  std::string refusal(const ExportRequest& request) {
    try {
      export_model(request, {});
    } catch (const host::Error& error) {
      EXPECT_EQ(error.exit(), host::Exit::usage);
      return error.what();
    }
    return "nothing was refused";
  }
  ir::Graph made() const { return model::load_model((folder_ / "out/small.safetensors").string()).graph; }

  const fs::path folder_ = host::own_folder() / "export";
  ExportRequest request_;
};

std::vector<std::string> names_of(const std::vector<ExportedStep>& steps) {
  std::vector<std::string> names;
  for (const ExportedStep& step : steps) names.push_back(step.step);
  return names;
}

TEST_F(Export, StepsAreChosenAndLeftOutByName) {
  EXPECT_THAT(names_of(export_model(request_, {}).steps),
              ElementsAre("calibrate", "mse", "weights-mse", "correct-biases", "round-biases"));
  request_.ptq = {"equalise,percentile", "correct-biases"};
  request_.without = {"correct-biases"};
  EXPECT_THAT(names_of(export_model(request_, {}).steps),
              ElementsAre("equalise", "calibrate", "percentile", "weights-min-max", "round-biases"));
}

TEST_F(Export, AKeptLayerIsFloatInEveryForm) {
  const ExportReport whole = export_model(request_, {});
  const ir::Graph integer = made();
  request_.keep_float = {"body,head"};
  const ExportReport mixed = export_model(request_, {});
  EXPECT_THAT(mixed.kept_float, ElementsAre("body", "head"));
  EXPECT_EQ(mixed.dtype, "s8");
  EXPECT_GT(mixed.weight_bytes, whole.weight_bytes);
  EXPECT_EQ(made().constants.at("body.weight").dtype, DType::f32);
  EXPECT_EQ(made().constants.at("stem.weight"), integer.constants.at("stem.weight"));
  EXPECT_GT(mixed.pictures, 0);
  const inference::OpenedModel opened = inference::open_model((folder_ / "out/small.safetensors").string());
  inference::Network check(opened, {.executor = inference::Executor::check, .isas = {}});
  const std::vector<int8_t> codes(144, 37);
  check.read(codes);
  EXPECT_TRUE(inference::layers_agree(check.differences()));
}

TEST_F(Export, TheLayersAreReportedWhereAsked) {
  request_.layer_report = (folder_ / "layers").string();
  const ExportReport report = export_model(request_, {});
  ASSERT_TRUE(report.layers);
  EXPECT_EQ(report.layers->model, "small");
  ASSERT_EQ(report.layers->layers.size(), 3u);
  EXPECT_EQ(report.layers->layers[0].layer, "stem");
  EXPECT_EQ(report.layers->pictures, 21);
  for (const char* kind : {"csv", "json", "svg"})
    EXPECT_TRUE(fs::exists(folder_ / "layers" / (std::string("layers.") + kind))) << kind;
  request_.layer_report.clear();
  EXPECT_FALSE(export_model(request_, {}).layers);
}

TEST_F(Export, WhatIsOfInt8AloneIsSaidToBe) {
  ExportRequest request = request_;
  request.ptq = {"ms"};
  EXPECT_EQ(refusal(request), "--ptq: there is no `ms`");
  request = request_, request.keep_float = {"bodi"};
  EXPECT_EQ(refusal(request), "--keep-float: there is no layer bodi");
  request = request_, request.int8 = false, request.without = {"mse"};
  EXPECT_THAT(refusal(request), HasSubstr("are for --int8"));
}

}  // namespace
}  // namespace dimple::workflow
