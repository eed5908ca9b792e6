#include "profile/calibrate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>

#include "compile/lower.h"
#include "compile/pipeline.h"
#include "edit/binarise.h"
#include "edit/cluster.h"
#include "host/error.h"
#include "ir/cost.h"
#include "ir/initialise.h"
#include "profile/estimate.h"
#include "profile/needs.h"
#include "zoo/architectures.h"

namespace dimple::profile {
namespace {

constexpr size_t kRates = 8;
using Numbers = std::array<double, kRates>;
using Matrix = std::array<Numbers, kRates>;

Numbers numbers_of(const StepWork& w) {
  const auto d = [](int64_t n) { return static_cast<double>(n); };
  return {1, d(w.inputs), d(w.outputs), d(w.pixels), d(w.rows), d(w.products), d(w.gathered), d(w.weights)};
}

// Least squares with no rate below 0, one rate after the other until none moves: each step is exact for its rate, so the
// sum of squares never grows.
Numbers solve_without_negatives(const Matrix& a, const Numbers& b) {
  constexpr int kSweeps = 20'000;
  Numbers x{};
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    for (size_t i = 0; i < kRates; ++i) {
      if (a[i][i] <= 0) continue;
      double rest = b[i];
      for (size_t j = 0; j < kRates; ++j) rest -= j == i ? 0 : a[i][j] * x[j];
      x[i] = std::max(0.0, rest / a[i][i]);
    }
  }
  return x;
}

// Of the shortest steps the count is not exact: an emulator's clock ticks every 16 to 40 instructions, and looking at this
// machine's takes some 30 ns.
double not_exact(target::CostUnit unit) { return unit == target::CostUnit::instructions ? 500 : 100; }

target::KernelCost fit_kernel(const std::string& name, const std::vector<const CountedStep*>& steps,
                              target::CostUnit unit) {
  Matrix a{};
  Numbers b{}, largest{};
  for (const CountedStep* step : steps) {
    const Numbers x = numbers_of(step->work);
    for (size_t i = 0; i < kRates; ++i) largest[i] = std::max(largest[i], x[i]);
  }
  for (const CountedStep* step : steps) {
    Numbers x = numbers_of(step->work);
    const double weight = 1 / (step->count + not_exact(unit));
    for (size_t i = 0; i < kRates; ++i) x[i] = largest[i] > 0 ? x[i] / largest[i] * weight : 0;
    for (size_t i = 0; i < kRates; ++i) {
      for (size_t j = 0; j < kRates; ++j) a[i][j] += x[i] * x[j];
      b[i] += x[i] * step->count * weight;
    }
  }
  Numbers x = solve_without_negatives(a, b);
  for (size_t i = 0; i < kRates; ++i) x[i] = largest[i] > 0 ? x[i] / largest[i] : 0;
  return {name, x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]};
}

ir::Graph in_bits(ir::Graph graph) {
  const std::vector<std::string> layers = edit::binary_layers(graph);
  edit::binarise_activations(graph, layers);
  edit::binarise_weights(graph, layers);
  return integer_form(graph);
}

ir::Graph in_codes(const ir::Graph& graph, int entries) {
  ir::Graph clustered = compile::optimise(graph);
  edit::cluster(clustered, {.entries = entries});
  return integer_form(clustered);
}

using Form = std::function<ir::Graph(const ir::Graph&)>;

// Larger ones take emulators minutes, and a chip's counter may go round in a step; all of them are quantised first.
constexpr int64_t kMostWork = 25'000'000;

// Nothing where it does not fit however narrow it is.
std::optional<NetToCount> fitting(const target::Target& target, const zoo::Architecture& architecture,
                                  const std::string& form, const Form& bring) {
  for (const float width : {1.0f, 0.5f, 0.25f, 0.125f}) {
    ir::Graph graph = architecture.make({.width = width});
    if (ir::work_of(graph) > kMostWork) continue;
    ir::initialise(graph, 1);
    try {
      return NetToCount{fmt::format("{} x{} {}", architecture.name, width, form),
                        compile::plan(bring(graph), {}, {.target = target.here ? nullptr : &target})};
    } catch (const host::Error& error) {
      if (error.exit() != host::Exit::model) throw;  // it asks for more than the target has
    }
  }
  return {};
}

// Variants of one architecture, and its forms, have most layers in common.
std::string family_of(const CountedNet& net) {
  const std::string name = net.name.starts_with("dimple_binary") ? "attention_bnn" : net.name;
  return name.substr(0, name.find_first_of("_ "));
}

}  // namespace

target::Costs fit_costs(const std::vector<CountedNet>& nets, const std::string& counted_on, target::CostUnit unit) {
  std::map<std::string, std::vector<const CountedStep*>> by_kernel;
  std::vector<const CountedStep*> all;
  for (const CountedNet& net : nets)
    for (const CountedStep& step : net.steps) by_kernel[step.work.kernel].push_back(&step), all.push_back(&step);
  target::Costs costs{counted_on, {}, unit};
  for (const auto& [kernel, steps] : by_kernel) costs.kernels.push_back(fit_kernel(kernel, steps, unit));
  costs.kernels.push_back(fit_kernel("*", all, unit));
  return costs;
}

std::vector<EstimateError> leave_one_out(const std::vector<CountedNet>& nets, target::CostUnit unit) {
  std::vector<EstimateError> errors;
  for (size_t left = 0; left < nets.size(); ++left) {
    std::vector<CountedNet> others = nets;
    std::erase_if(others, [&](const CountedNet& net) { return family_of(net) == family_of(nets[left]); });
    std::vector<StepWork> work;
    for (const CountedStep& step : nets[left].steps) work.push_back(step.work);
    errors.push_back({nets[left].name, nets[left].count, estimate_count(fit_costs(others, "", unit), work)});
  }
  return errors;
}

std::vector<NetToCount> nets_to_count(const target::Target& target) {
  std::vector<NetToCount> nets;
  const auto add = [&](const zoo::Architecture& architecture, const std::string& form, const Form& bring) {
    if (auto net = fitting(target, architecture, form, bring)) nets.push_back(std::move(*net));
  };
  for (const zoo::Architecture& architecture : zoo::architectures()) {
    add(architecture, "int8", integer_form);
    const std::string_view name = architecture.name;
    if (name.starts_with("attention_bnn") || name == "dimple_binary") add(architecture, "bits", in_bits);
    if (name == "dimple_nano" || name == "mobilenet_v2" || name == "emotionnet_nano" || name == "embedded3")
      for (const int entries : {16, 32})
        add(architecture, fmt::format("{} clusters", entries),
            [entries](const ir::Graph& g) { return in_codes(g, entries); });
    add(architecture, "float", [](const ir::Graph& g) { return compile::optimise(g); });
  }
  return nets;
}

}  // namespace dimple::profile
