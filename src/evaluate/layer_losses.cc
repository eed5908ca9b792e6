#include "evaluate/layer_losses.h"

#include <algorithm>
#include <cmath>

#include "compile/layer_noise.h"
#include "compile/lower.h"
#include "compile/metadata.h"
#include "compile/pipeline.h"
#include "host/error.h"
#include "host/parallel.h"
#include "host/processor.h"
#include "inference/network.h"
#include "ir/cost.h"
#include "ir/semantics.h"
#include "ir/traits.h"

namespace dimple::evaluate {
namespace {

using TopClasses = std::vector<int32_t>;

// Evenly spread over all: fewer where each costs much.
std::vector<size_t> spread(size_t all, int64_t work_of_one, int64_t most_work, int64_t least) {
  const int64_t affordable = std::max(least, most_work / std::max<int64_t>(1, work_of_one));
  const size_t count = std::min(all, static_cast<size_t>(affordable));
  std::vector<size_t> chosen;
  for (size_t i = 0; i < count; ++i) chosen.push_back(i * all / count);
  return chosen;
}

std::vector<int8_t> gather(std::span<const int8_t> codes, const std::vector<size_t>& pictures, size_t size) {
  std::vector<int8_t> chosen;
  for (const size_t p : pictures)
    chosen.insert(chosen.end(), codes.begin() + static_cast<std::ptrdiff_t>(p * size),
                  codes.begin() + static_cast<std::ptrdiff_t>((p + 1) * size));
  return chosen;
}

TopClasses answer(const ir::Graph& graph, const model::Model& model, std::span<const int8_t> codes) {
  inference::OpenedModel opened;
  opened.name = graph.name;
  opened.program = compile::plan(graph, compile::facts_of(model));
  opened.labels = model.labels;
  opened.preprocess = model.preprocess;
  inference::Network network(opened, {});
  const auto size = static_cast<size_t>(graph.input.shape.elements());
  TopClasses answers;
  for (size_t at = 0; at < codes.size(); at += size) {
    const std::vector<float> scores = network.read(codes.subspan(at, size));
    answers.push_back(static_cast<int32_t>(std::ranges::max_element(scores) - scores.begin()));
  }
  return answers;
}

PairedAccuracy compare(const TopClasses& labels, const TopClasses& exact, const TopClasses& rounded) {
  double right = 0, lost = 0, won = 0, same = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    const bool was = exact[i] == labels[i], is = rounded[i] == labels[i];
    right += is, lost += was && !is, won += !was && is, same += exact[i] == rounded[i];
  }
  const auto n = static_cast<double>(labels.size());
  // Of n paired differences that are -1, 0 or 1.
  const double loss = (lost - won) / n, spread = 1.96 * std::sqrt(std::max(0.0, (lost + won) / n - loss * loss) / n);
  return {right / n, loss, {loss - spread, loss + spread}, same / n};
}

}  // namespace

LayerLosses measure_layer_losses(const compile::Quantised& q, const model::Model& model,
                                 const compile::CalibrationSet& calibration, const LabelledCodes& labelled,
                                 const LayerLossOptions& options, const host::Task& task) {
  if (labelled.labels.empty()) throw host::Error(host::Exit::input, "there are no labelled pictures to answer");
  const int threads = host::choose_threads(options.threads);
  const auto size = static_cast<size_t>(q.real.input.shape.elements());
  const std::vector<size_t> nodes = ir::linear_layers(q.real);
  const int64_t work = ir::work_of(q.real);

  const auto noisy = spread(compile::count_pictures(q.real, calibration), 2 * work, options.most_noise_work,
                            options.least_noise_pictures);
  const std::vector<int8_t> noise_codes = gather(calibration.codes, noisy, size);
  task.progress().start(0, "rounding layer by layer");
  const auto noise = compile::measure_layer_noise(q, {noise_codes, calibration.scale}, threads);
  task.progress().finish();

  const auto variants = static_cast<int64_t>(nodes.size()) + 2;
  const auto seen = spread(labelled.labels.size(), work * variants, options.most_work, options.least_pictures);
  const std::vector<int8_t> codes = gather(labelled.codes, seen, size);
  TopClasses labels;
  for (const size_t p : seen) labels.push_back(labelled.labels[p]);
  std::vector<TopClasses> answers(nodes.size() + 2);
  task.progress().start(variants, "answering with one layer rounded");
  host::in_parallel(answers.size(), threads, task, [&](int) {
    return [&](size_t i) {
      answers[i] = i == 0   ? answer(q.real, model, codes)
                   : i == 1 ? answer(q.integer, model, codes)
                            : answer(compile::round_one_layer(q, nodes[i - 2]), model, codes);
    };
  });
  task.stop_if_cancelled();
  task.progress().finish();

  const ir::Cost cost = ir::estimate_cost(q.real);
  LayerLosses losses{q.real.name, static_cast<int64_t>(noisy.size()), static_cast<int64_t>(seen.size()), 0, {}, {}};
  losses.float_accuracy = compare(labels, answers[0], answers[0]).accuracy;
  losses.integer = compare(labels, answers[0], answers[1]);
  for (size_t i = 0; i < nodes.size(); ++i) {
    const ir::Node& node = q.real.nodes[nodes[i]];
    losses.layers.push_back({node.name, std::string(ir::name_of(node.op)),
                             static_cast<int64_t>(q.integer.constant(node.name, "weight")->data.size()),
                             cost.nodes[nodes[i]].multiply_adds, noise[i].snr_db,
                             compare(labels, answers[0], answers[i + 2])});
  }
  return losses;
}

}  // namespace dimple::evaluate
