#include "compress/compress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "compile/for_codes.h"
#include "compile/quantise.h"
#include "compress/loss_gradients.h"
#include "compress/stages.h"
#include "data/cache.h"
#include "data/duplicates.h"
#include "data/load.h"
#include "data/real_pictures.h"
#include "host/files.h"
#include "inference/network.h"
#include "ir/evaluate.h"
#include "ir/packed_weight.h"
#include "nn/net.h"
#include "train/squares_testing.h"

namespace dimple::compress {
namespace {

namespace fs = std::filesystem;

// Wide enough for every method.
ir::Graph net_to_compress(const data::Dataset& set) {
  ir::Builder g("squares", {set.height, set.width, 1});
  ir::Value x = g.relu(g.batch_norm(g.conv(g.input(), 32, {.stride = 2})));
  x = g.relu(g.add(x, g.batch_norm(g.conv(x, 32))));
  x = g.relu(g.batch_norm(g.conv(x, 32, {.stride = 2})));
  ir::Graph graph = g.finish(g.dense(g.flatten(x), static_cast<int>(set.labels.size())));
  ir::initialise(graph, 1);
  return graph;
}

class Compress : public testing::Test {
 protected:
  Compress() : folder_(fs::path(testing::TempDir()) / ("dimple-compress-" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    data::Dataset set = train::squares(96);
    set.duplicate_of = data::find_duplicates(set);
    data::save_cache((folder_ / "squares.dimpledata").string(), set);
    train::Recipe recipe = train::small_recipe();
    recipe.epochs = 6;
    const auto trainer = train::make_trainer(net_to_compress(set), set, recipe, train::small_session());
    train::run_all(*trainer);
    model::Model model{trainer->averaged(), set.labels, {.width = 16, .height = 16, .channels = 1}, {}};
    model.preprocess.normalise = image::Normalise::standardise;
    model::save_model((folder_ / "given.safetensors").string(), model);
  }
  ~Compress() override { fs::remove_all(folder_); }

  CompressRequest request(const Methods& methods, const std::string& name) const {
    CompressRequest r;
    r.model = (folder_ / "given.safetensors").string();
    r.methods = methods;
    r.timing_seconds = 0;
    r.training.paths.data = (folder_ / "squares.dimpledata").string();
    r.training.session = train::small_session();
    r.training.session.runs = (folder_ / "runs").string(), r.training.session.name = name;
    r.training.recipe.epochs = 2, r.training.recipe.batch = 16, r.training.recipe.vote_share = 0;
    r.training.recipe.no_augment = true;
    return r;
  }

  void expect_refused(const CompressRequest& r, host::Exit exit, const std::string& why) const {
    try {
      compress(r, {});
      ADD_FAILURE() << "taken: " << why;
    } catch (const host::Error& e) {
      EXPECT_EQ(e.exit(), exit) << e.what();
      EXPECT_THAT(e.what(), testing::HasSubstr(why));
    }
  }

  fs::path folder_;
};

Methods everything() {
  Methods m;
  m.prune = "channels,0.5", m.cluster = 16, m.quantise = "qat", m.keep = 0.6f, m.multiple = 4;
  return m;
}

TEST_F(Compress, KeepsWhatCameBeforeToTheEnd) {
  const CompressReport report = compress(request(everything(), "all"), {});
  ASSERT_TRUE(report.finished);
  std::vector<std::string> names;
  for (const StageReport& stage : report.stages) names.push_back(stage.name);
  EXPECT_THAT(names, testing::ElementsAre("original", "channels", "weights", "clusters", "codes", "integer"));
  const Measurement &first = report.stages.front().measurement, &last = report.stages.back().measurement;
  EXPECT_LE(last.multiply_adds, 6 * first.multiply_adds / 10);
  EXPECT_GT(last.zeros, report.stages[2].measurement.zeros * 9 / 10);
  EXPECT_LT(last.weight_bytes, first.weight_bytes / 6);
  EXPECT_GT(last.validation_accuracy, 0.9);
  const model::Model integer = model::load_model((fs::path(report.folder) / "model.safetensors").string());
  EXPECT_EQ(integer.graph.input.dtype, DType::s8);
  int coded = 0;
  for (const auto& [name, tensor] : integer.graph.constants) coded += tensor.dtype == DType::c4;
  EXPECT_GE(coded, 2);
}

// What is trained is what is shipped.
TEST_F(Compress, AnIntegerNetAnswersAsTheNetThatWasTrainedForItsCodes) {
  Methods m;
  m.quantise = "qat";
  const CompressReport report = compress(request(m, "qat"), {});
  const auto graph_of = [&](const char* file) {
    return model::load_model((fs::path(report.folder) / file).string()).graph;
  };
  const ir::Graph codes = graph_of("1-codes.safetensors"), integer = graph_of("2-integer.safetensors");
  for (const ir::Node& node : codes.nodes) EXPECT_TRUE(node.type.has_codes()) << node.name;
  for (size_t i = 0; i < codes.nodes.size(); ++i)
    EXPECT_TRUE(integer.nodes[i].type.has_codes_of(codes.nodes[i].type)) << codes.nodes[i].name;
}

TEST_F(Compress, BinaryLayersEndAsBits) {
  for (const char* quantise : {"ptq", "qat"}) {
    SCOPED_TRACE(quantise);
    Methods m;
    m.binarise = "auto", m.quantise = quantise;
    CompressRequest r = request(m, std::string("binary-") + quantise);
    r.training.recipe.epochs = 4;
    const CompressReport report = compress(r, {});
    const ir::Graph graph = model::load_model((fs::path(report.folder) / "model.safetensors").string()).graph;
    int bits = 0;
    for (const auto& [name, tensor] : graph.constants) bits += tensor.dtype == DType::b1;
    EXPECT_EQ(bits, 2);
    EXPECT_GT(report.stages.back().measurement.validation_accuracy, 0.6);
  }
}

// Killed behind any file that it writes, it goes on to the same bits.
TEST_F(Compress, GoesOnFromWhateverIsThere) {
  const CompressReport whole = compress(request(everything(), "whole"), {});
  const auto bytes = [](const std::string& folder) { return host::read_file(fs::path(folder) / "model.dimple"); };
  for (const char* left : {"original.json", "1-channels.start.safetensors", "1-channels.safetensors", "1-channels.json",
                           "3-clusters.safetensors", "4-codes.json", "5-integer.safetensors"}) {
    SCOPED_TRACE(left);
    const fs::path copy = folder_ / "copy";
    fs::remove_all(copy);
    fs::copy(whole.folder, copy, fs::copy_options::recursive);
    const auto original_time = fs::last_write_time(fs::path(whole.folder) / left);
    for (const auto& entry : fs::directory_iterator(whole.folder))
      if (entry.is_regular_file() && fs::last_write_time(entry.path()) > original_time &&
          entry.path().filename() != left)
        fs::remove(copy / entry.path().filename());
    EXPECT_TRUE(host::file_exists(copy / left));
    CompressRequest r;
    r.training.session.resume = copy.string();
    const CompressReport again = compress(r, {});
    EXPECT_TRUE(again.finished);
    EXPECT_EQ(bytes(again.folder), bytes(whole.folder));
  }
}

TEST_F(Compress, SweepsDrawTheFrontAndGoOn) {
  Methods m;
  m.quantise = "ptq";
  CompressRequest r = request(m, "sweep");
  r.sweep = "cluster=16,32", r.training.recipe.epochs = 1;
  const CompressReport report = compress(r, {});
  ASSERT_TRUE(report.finished);
  ASSERT_EQ(report.stages.size(), 3u);
  EXPECT_EQ(report.stages[1].name, "cluster=16");
  EXPECT_LT(report.stages[1].measurement.weight_bytes, report.stages[2].measurement.weight_bytes);
  for (const char* file : {"sweep.json", "sweep.csv", "sweep.svg"})
    EXPECT_TRUE(host::file_exists(fs::path(report.folder) / file));
  fs::remove_all(fs::path(report.folder) / "compress" / "cluster=32");
  CompressRequest again;
  again.training.session.resume = report.folder;
  EXPECT_EQ(compress(again, {}).stages[2].measurement.weight_bytes, report.stages[2].measurement.weight_bytes);
  r.sweep = "kep=0.5,0.25";
  expect_refused(r, host::Exit::usage, "there is no `kep` to vary");
  r.sweep = "keep=0.5";
  expect_refused(r, host::Exit::usage, "two values or more");
}

TEST_F(Compress, KeepsLayersInFloatAndTellsWhatEachCosts) {
  Methods m;
  m.quantise = "qat", m.keep_float = "dense_1";
  CompressRequest r = request(m, "kept");
  r.layer_report = true, r.training.recipe.epochs = 1;
  const CompressReport report = compress(r, {});
  const ir::Graph graph = model::load_model((fs::path(report.folder) / "model.safetensors").string()).graph;
  EXPECT_EQ(graph.constants.at("dense_1.weight").dtype, DType::f32);
  EXPECT_EQ(graph.constants.at("conv2d_2.weight").dtype, DType::s8);
  EXPECT_TRUE(host::file_exists(fs::path(report.folder) / "layers.svg"));
  m.keep_float = "dens_1";
  expect_refused(request(m, "nothing"), host::Exit::usage, "dens_1");
}

TEST_F(Compress, SaysWhichGatesAreMissed) {
  Methods m;
  m.quantise = "ptq";
  CompressRequest r = request(m, "gates");
  r.fail_under = {"accuracy=1.01", "acc=0"}, r.within = 0;
  EXPECT_THAT(compress(r, {}).missed, testing::Contains("accuracy is 1.0000, below 1.01"));
}

TEST_F(Compress, RefusesWhatItCannotDoAndLeavesTheOriginalAlone) {
  const auto before = host::read_file(folder_ / "given.safetensors");
  Methods m;
  expect_refused(request(m, "a"), host::Exit::usage, "nothing says how");
  m.cluster = 20;
  expect_refused(request(m, "b"), host::Exit::usage, "weights cannot share 20 values");
  m = {}, m.prune = "3:2";
  expect_refused(request(m, "c"), host::Exit::usage, "3 of 2 weights cannot stay");
  m = {}, m.prune = "1.5";
  expect_refused(request(m, "d"), host::Exit::usage, "1.5");
  m = {}, m.prune = "channels", m.keep = 0.001f;
  expect_refused(request(m, "e"), host::Exit::usage, "");
  m = {}, m.prune = "channels", m.saliency = "tailor";
  expect_refused(request(m, "f"), host::Exit::usage, "tailor");
  m = {}, m.binarise = "conv2d_1";
  expect_refused(request(m, "g"), host::Exit::usage, "the first layer stays full");
  m = {}, m.binarise = "nothing";
  expect_refused(request(m, "h"), host::Exit::usage, "there is no layer 'nothing'");
  m = {}, m.cluster = 256, m.cluster_groups = 64;
  expect_refused(request(m, "i"), host::Exit::usage, "enough weights");
  m = {}, m.quantise = "ptq";
  CompressRequest other = request(m, "j");
  other.fail_under = {"good"};
  expect_refused(other, host::Exit::usage, "cannot understand `good`");
  other.fail_under = {"f1_macro=0.5"};
  expect_refused(other, host::Exit::usage, "f1_macro=0.5 needs --test");
  other.fail_under = {"accuracy=0.5"}, other.sweep = "cluster=16,32";
  expect_refused(other, host::Exit::usage, "--sweep makes several");
  m = {}, m.cluster = 16;
  other = request(m, "m");
  other.layer_report = true;
  expect_refused(other, host::Exit::usage, "--layer-report is for --quantise");
  m = {}, m.quantise = "ptq";
  model::Model broken = model::load_model((folder_ / "given.safetensors").string());
  broken.graph.constants.at("conv2d_2.weight").as<float>()[7] = NAN;
  model::save_model((folder_ / "broken.safetensors").string(), broken);
  other = request(m, "l");
  other.model = (folder_ / "broken.safetensors").string();
  expect_refused(other, host::Exit::model, "conv2d_2.weight holds what is no number");
  other = request(m, "k");
  other.model = (folder_ / "nothing.safetensors").string();
  EXPECT_THROW(compress(other, {}), host::Error);
  EXPECT_EQ(host::read_file(folder_ / "given.safetensors"), before);
  for (const char* name : {"e", "g", "h", "i"})
    EXPECT_FALSE(host::file_exists(folder_ / "runs" / "compress" / name)) << name;
}

// What is trained is what is shipped, on people's faces: the shipped reader's float parent, for the codes that calibration
// chooses, in libtorch as training runs it and as a program.
TEST(TrainedForCodes, AnswersAsItsIntegerProgramOnAThousandFaces) {
  const char* folder = std::getenv("DIMPLE_DATA");
  const fs::path csv = fs::path(folder ? folder : "") / "fer2013" / "fer2013.csv.xz";
  if (!folder || !host::file_exists(csv)) GTEST_SKIP() << "DIMPLE_DATA names no folder with fer2013/fer2013.csv.xz";
  const data::Dataset set = data::load_dataset(csv.string(), {});
  model::Model model = model::load_model(DIMPLE_SOURCE_DIR "/models/dimple-nano/parent/dimple-nano-float.safetensors");
  const image::Normalise how = model.preprocess.normalise;
  const float scale = image::code_scale(how);
  const std::vector<int8_t> pictures = data::codes_of(set, data::spread_rows(set, data::Split::train, 128), how);
  const ir::Graph trained = compile::for_codes(model.graph, {pictures, scale});
  model.graph = compile::quantise(trained, {{}, scale});
  const inference::OpenedModel opened = inference::open_model(model, "integer");
  inference::Network program(opened, {});
  nn::Net net(trained);
  const torch::NoGradGuard no_grad;
  const auto rows = data::spread_rows(set, data::Split::validation, 1000);
  ASSERT_EQ(rows.size(), 1000u);
  int agree = 0;
  double largest = 0;
  for (const int32_t row : rows) {
    const std::vector<int8_t> codes = data::codes_of(set, std::span(&row, 1), how);
    torch::Tensor x = torch::tensor(std::vector<float>(codes.begin(), codes.end())) * scale;
    const torch::Tensor logits = net.forward(x.view({1, 1, set.height, set.width}), false)[0];
    const std::vector<float> probabilities = program.read(codes);
    const auto best = std::ranges::max_element(probabilities) - probabilities.begin();
    agree += best == logits.argmax().item<int64_t>();
    // Logits are known up to a constant: as differences from the best one.
    for (size_t c = 0; c < probabilities.size(); ++c) {
      const double theirs =
          std::log(static_cast<double>(std::max(probabilities[c], 1e-12f) / probabilities[static_cast<size_t>(best)]));
      const double ours = (logits[static_cast<int64_t>(c)] - logits[best]).item<double>();
      if (theirs > -12) largest = std::max(largest, std::abs(theirs - ours));
    }
  }
  std::printf("%d of 1000 faces read alike, logits at most %.3f apart\n", agree, largest);
  EXPECT_GE(agree, 995);
}

TEST(LossGradients, AreThoseOfTheMeanLossAndNameEveryConstant) {
  const data::Dataset set = train::squares(24);
  const ir::Graph graph = train::small_net(set);
  const edit::Gradients gradients = loss_gradients(graph, set, train::small_recipe(), 100);
  for (const auto& [name, tensor] : graph.constants) {
    ASSERT_TRUE(gradients.contains(name)) << name;
    EXPECT_EQ(gradients.at(name).dims, tensor.dims) << name;
  }
  float largest = 0;
  for (const float g : gradients.at("dense_1.weight").as<float>()) largest = std::max(largest, std::abs(g));
  EXPECT_GT(largest, 0);
}

TEST(Stages, StandInTheOrderThatKeepsWhatCameBefore) {
  Methods m;
  m.quantise = "qat", m.cluster = 32, m.binarise = "auto", m.prune = "2:4,channels";
  std::vector<std::string> names;
  for (const Stage& stage : plan_stages(m)) names.push_back(stage.name);
  EXPECT_THAT(names, testing::ElementsAre("channels", "weights", "binary values", "binary weights", "clusters", "codes",
                                          "integer"));
}

}  // namespace
}  // namespace dimple::compress
