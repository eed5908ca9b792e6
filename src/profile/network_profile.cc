#include "profile/network_profile.h"

#include <algorithm>
#include <chrono>

#include "compile/lower.h"
#include "compile/tensor_lives.h"
#include "format/reader.h"
#include "host/aligned_bytes.h"
#include "profile/energy.h"
#include "profile/estimate.h"
#include "profile/host_time.h"

namespace dimple::profile {
namespace {

struct Planned {
  NetworkProfile profile;
  std::vector<StepWork> steps;
};

Planned profile_program(const std::vector<uint8_t>& bytes, const std::string& name, kernels::IsaSet isas) {
  const host::AlignedBytes aligned(bytes);
  const format::Program program = format::view_program(aligned.data());
  const std::vector<int64_t> in_use = compile::bytes_in_use(program);
  Planned planned{{}, work_of_steps(program, isas)};
  NetworkProfile& p = planned.profile;
  p.model = name;
  const DType precision = precision_of(program);
  p.precision = precision == DType::s8 ? "int8" : name_of(precision);
  p.program_bytes = static_cast<int64_t>(bytes.size());
  p.arena_bytes = program.header->arena_bytes;
  for (size_t i = 0; i < planned.steps.size(); ++i) {
    const StepWork& work = planned.steps[i];
    p.layers.push_back({.layer = work.layer,
                        .kernel = work.kernel,
                        .output = work.output,
                        .weights = work.weights,
                        .weight_bytes = work.weight_bytes,
                        .multiply_adds = work.multiply_adds,
                        .bytes_in_use = in_use[i]});
    p.weights += work.weights, p.weight_bytes += work.weight_bytes, p.multiply_adds += work.multiply_adds;
  }
  if (!in_use.empty())
    p.peak_layer = p.layers[static_cast<size_t>(std::ranges::max_element(in_use) - in_use.begin())].layer;
  return planned;
}

void share_out(NetworkProfile& p, std::optional<double> LayerProfile::*time) {
  double sum = 0;
  for (const LayerProfile& layer : p.layers) sum += (layer.*time).value_or(0);
  for (LayerProfile& layer : p.layers) layer.share = sum > 0 ? (layer.*time).value_or(0) / sum : 0;
}

void estimate(NetworkProfile& p, const std::vector<StepWork>& steps, const target::Target& target) {
  p.how_estimated = how_estimated(target);
  const target::Costs* const costs = costs_of(target);
  const bool counts = costs != nullptr && costs->unit == target::CostUnit::instructions;
  for (size_t i = 0; i < steps.size(); ++i) {
    LayerProfile& layer = p.layers[i];
    layer.estimated_us = estimate_us(target, steps[i]);
    if (layer.estimated_us) p.estimated_us = p.estimated_us.value_or(0) + *layer.estimated_us;
    if (!counts) continue;
    layer.instructions = estimate_count(*costs, steps[i]);
    p.instructions = p.instructions.value_or(0) + *layer.instructions;
  }
  share_out(p, counts ? &LayerProfile::instructions : &LayerProfile::estimated_us);
}

void measure(NetworkProfile& p, const inference::OpenedModel& model, kernels::IsaSet isas, double seconds,
             const host::Task& task) {
  const EnergyMeter meter;
  const auto start = std::chrono::steady_clock::now();
  const HostTime time = measure_time(model, {.isas = isas, .threads = 1, .seconds = seconds}, task);
  const double spent_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (const auto joules = meter.joules(); joules && *joules > 0) p.watts = *joules / spent_s;
  p.measured_us = time.whole.p50_us;
  const double limit =
      measure_limit(isas, p.precision == "f32" ? kernels::Work::multiply_f32 : kernels::Work::multiply_s8);
  const auto share_of_limit = [&](int64_t multiply_adds, double us) {
    return static_cast<double>(multiply_adds) / limit / (us * 1e-6);
  };
  for (size_t i = 0; i < p.layers.size(); ++i) {
    LayerProfile& layer = p.layers[i];
    layer.measured_us = time.layers[i].p50_us;
    if (limit > 0 && layer.multiply_adds > 0 && *layer.measured_us > 0)
      layer.limit_share = share_of_limit(layer.multiply_adds, *layer.measured_us);
  }
  if (limit > 0) p.limit_share = share_of_limit(p.multiply_adds, *p.measured_us);
  share_out(p, &LayerProfile::measured_us);
}

}  // namespace

NetworkProfile profile_on(const inference::OpenedModel& model, const target::Target& target) {
  std::vector<uint8_t> program = model.program;
  if (model.graph) program = compile::plan(*model.graph, {}, {.target = &target, .stripes = true});
  auto [p, steps] = profile_program(program, model.name, target.isas);
  p.machine = target.name;
  if (target.ram_bytes > 0) p.ram_bytes = compile::ram_needed(program, target);
  if (target.power) p.watts = target.power->active_watts;
  estimate(p, steps, target);
  return p;
}

NetworkProfile profile_here(const inference::OpenedModel& model, const target::Target& here, double seconds,
                            const host::Task& task) {
  auto [p, steps] = profile_program(model.program, model.name, here.isas);
  p.machine = kernels::name_of(level_of(here.isas));
  estimate(p, steps, here);
  if (seconds > 0) measure(p, model, here.isas, seconds, task);
  return p;
}

}  // namespace dimple::profile
