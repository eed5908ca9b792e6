// Our architectures are torchvision's and Keras': as many parameters, and the same answers with the same weights. Skips
// where Python has not what they are compared with (Debian: python3-torchvision, python3-keras-applications).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "ir/cost.h"
#include "ir/evaluate.h"
#include "ir/initialise.h"
#include "model/state_dict.h"
#include "model/transfer.h"
#include "tests/command.h"
#include "zoo/architectures.h"

namespace dimple::tests {
namespace {

namespace fs = std::filesystem;

// Debian's own interpreter may stand behind another one on the path.
std::string python_with(const std::string& modules) {
  for (const std::string python : {"python3", "/usr/bin/python3"})
    if (run(python + " -c 'import " + modules + "' 2>/dev/null").exit == 0) return python;
  return "";
}

const ir::Tensor& tensor(const model::StateDict& dict, const std::string& name) {
  return std::ranges::find(dict.tensors, name, &model::NamedTensor::name)->tensor;
}

std::vector<float> answer_of(ir::Graph graph, const model::StateDict& weights, const ir::Tensor& input,
                             const char* matched_by = "name") {
  ir::initialise(graph, 3);
  const model::TransferReport report = model::transfer(weights, graph);
  EXPECT_EQ(report.matched_by, matched_by);
  EXPECT_TRUE(report.fresh.empty() && report.fresh_head.empty() && report.unused.empty());
  const auto logits = ir::evaluate(graph, input).back();
  return {logits.as<float>().begin(), logits.as<float>().end()};
}

// The largest difference; as a share of the largest logit, where that is below 1.
double difference(std::span<const float> ours, std::span<const float> theirs) {
  double most = 0, largest = 0;
  for (size_t i = 0; i < theirs.size(); ++i) {
    most = std::max(most, std::abs(double{ours[i]} - theirs[i]));
    largest = std::max(largest, std::abs(double{theirs[i]}));
  }
  return most / std::min(1.0, largest);
}

struct Case {
  const char* name;
  int size;
};

class Parity : public InOwnFolder, public testing::WithParamInterface<Case> {
 protected:
  // Runs a script beside this file, which leaves weights and an answer in the folder.
  void make(const std::string& python, const std::string& script_and_arguments) {
    const auto made =
        run(python + " -B " DIMPLE_SOURCE_DIR "/tests/" + script_and_arguments + " " + folder_.string() + " 2>&1");
    ASSERT_EQ(made.exit, 0) << made.output;
  }
};

using TorchvisionParity = Parity;
using KerasParity = Parity;

TEST_P(TorchvisionParity, GivesTheSameLogitsWithTheSameWeights) {
  const auto& [name, size] = GetParam();
  static const std::string python = python_with("torchvision");
  if (python.empty()) GTEST_SKIP() << "no Python here has torchvision: apt-get install python3-torchvision";
  ASSERT_NO_FATAL_FAILURE(make(python, std::string("torchvision_parity.py ") + name + " " + std::to_string(size)));

  const ir::Graph graph = zoo::make(name, {.input = {size, size, 3}, .classes = 1000});
  const model::StateDict answer = model::load_state_dict((folder_ / "answer.safetensors").string());
  const bool whole = name != std::string("alexnet") || size == 224;  // AlexNet's head shrinks with the picture
  if (whole) {
    EXPECT_EQ(ir::estimate_cost(graph).parameters, tensor(answer, "parameters").as<int32_t>()[0]);
  }
  const auto theirs = tensor(answer, "logits").as<float>();
  ASSERT_EQ(theirs.size(), 1000u);
  for (const auto& [file, by] :
       {std::pair{"weights.pth", "name"}, {"weights.safetensors", "name"}, {"renamed.pth", "order"}}) {
    if (!fs::exists(folder_ / file)) continue;
    const model::StateDict weights = model::load_state_dict((folder_ / file).string());
    EXPECT_LT(difference(answer_of(graph, weights, tensor(answer, "input"), by), theirs), 1e-4) << file;
  }
}

// AlexNet's last pool leaves a single place at 64, which torchvision repeats 6x6 times and we fold into the weights.
INSTANTIATE_TEST_SUITE_P(Networks, TorchvisionParity,
                         testing::Values(Case{"mobilenet_v2", 96}, Case{"mobilenet_v3_small", 97},
                                         Case{"mobilenet_v3_large", 96}, Case{"efficientnet_b0", 96},
                                         Case{"alexnet", 224}, Case{"alexnet", 64}),
                         [](const auto& it) {
                           return std::string(it.param.name) + "_" + std::to_string(it.param.size);
                         });

// Odd and even sizes take turns on the way down, in another order for each size.
TEST_P(KerasParity, GivesTheSameLogitsWithTheSameWeights) {
  const int size = GetParam().size;
  static const std::string python = python_with("torch, keras_applications");
  if (python.empty())
    GTEST_SKIP() << "no Python here has keras_applications: apt-get install python3-keras-applications";
  ASSERT_NO_FATAL_FAILURE(make(python, "keras_parity.py " + std::to_string(size)));

  const ir::Graph graph = zoo::make(GetParam().name, {.input = {size, size, 3}, .classes = 1000});
  const model::StateDict answer = model::load_state_dict((folder_ / "answer.safetensors").string());
  const ir::Cost cost = ir::estimate_cost(graph);
  EXPECT_EQ(cost.parameters, tensor(answer, "parameters").as<int32_t>()[0]);
  EXPECT_EQ(cost.statistics, tensor(answer, "statistics").as<int32_t>()[0]);
  const model::StateDict weights = model::load_state_dict((folder_ / "weights.pth").string());
  EXPECT_LT(
      difference(answer_of(graph, weights, tensor(answer, "input"), "order"), tensor(answer, "logits").as<float>()),
      1e-4);
}

INSTANTIATE_TEST_SUITE_P(Networks, KerasParity, testing::Values(Case{"nasnet_mobile", 101}, Case{"nasnet_mobile", 224}),
                         [](const auto& it) {
                           return std::string(it.param.name) + "_" + std::to_string(it.param.size);
                         });

}  // namespace
}  // namespace dimple::tests
