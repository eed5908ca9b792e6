#include "profile/estimate.h"

#include <fmt/format.h>

#include "host/aligned_bytes.h"
#include "kernels/select.h"

namespace dimple::profile {
namespace {

// "host/avx2"
std::string measured_level(const target::Target& target) {
  return fmt::format("{}/{}", target.costs->measured_on, kernels::name_of(level_of(target.isas)));
}

}  // namespace

double estimate_count(const target::Costs& costs, const StepWork& work) {
  const target::KernelCost& rate = costs.of(work.kernel);
  const auto times = [](double each, int64_t count) { return each * static_cast<double>(count); };
  return rate.step + times(rate.input, work.inputs) + times(rate.output, work.outputs) +
         times(rate.pixel, work.pixels) + times(rate.row, work.rows) + times(rate.product, work.products) +
         times(rate.gathered, work.gathered) + times(rate.weight, work.weights);
}

double estimate_count(const target::Costs& costs, const std::vector<StepWork>& steps) {
  double sum = 0;
  for (const StepWork& step : steps) sum += estimate_count(costs, step);
  return sum;
}

const target::Costs* costs_of(const target::Target& target) {
  if (!target.costs) return nullptr;
  if (target.costs->measured_on.empty()) return target::find_costs(target.costs->counted_on);
  return target::find_costs(measured_level(target));
}

bool estimates_time(const target::Target& target) {
  if (!target.costs) return false;
  if (target.costs->flops_per_second > 0) return true;
  const target::Costs* const costs = costs_of(target);
  return costs != nullptr && (costs->unit == target::CostUnit::nanoseconds || target.clock_hz > 0);
}

std::string how_estimated(const target::Target& target) {
  if (!target.costs) return fmt::format("{}'s sheet names no `costs`, so its times cannot be estimated", target.name);
  const target::CostSheet& sheet = *target.costs;
  if (sheet.flops_per_second > 0)
    return fmt::format("two operations for each multiply-add, {:g} of them a second; {}", sheet.flops_per_second,
                       sheet.source);
  if (!sheet.measured_on.empty()) {
    const std::string level = measured_level(target);
    if (costs_of(target) != nullptr)
      return fmt::format("each kernel's time as measured for {}; {}", level, sheet.source);
    return fmt::format("no costs were measured for {}: `bench_chip_costs IMAGES {} --write targets` does that", level,
                       level);
  }
  if (costs_of(target) == nullptr) return fmt::format("{} has no costs", sheet.counted_on);
  if (target.clock_hz == 0)
    return fmt::format("instructions as counted on {}; {} has no clock that turns them into time", sheet.counted_on,
                       target.name);
  return fmt::format("instructions as counted on {}, {:g} cycles for each, {:g} MHz; {}", sheet.counted_on,
                     sheet.cycles_per_instruction, static_cast<double>(target.clock_hz) / 1e6, sheet.source);
}

std::optional<double> estimate_us(const target::Target& target, const StepWork& step) {
  if (!estimates_time(target)) return {};
  if (const double rate = target.costs->flops_per_second; rate > 0)
    return 2 * static_cast<double>(step.multiply_adds) / rate * 1e6;
  const target::Costs& costs = *costs_of(target);
  const double count = estimate_count(costs, step);
  if (costs.unit == target::CostUnit::nanoseconds) return count / 1000;
  return count * target.costs->cycles_per_instruction / static_cast<double>(target.clock_hz) * 1e6;
}

std::optional<double> estimate_us(const target::Target& target, std::span<const uint8_t> program) {
  const host::AlignedBytes bytes(std::vector<uint8_t>(program.begin(), program.end()));
  const std::vector<StepWork> steps = work_of_steps(format::view_program(bytes.data()), target.isas);
  if (!estimates_time(target)) return {};
  double us = 0;
  for (const StepWork& step : steps) us += *estimate_us(target, step);
  return us;
}

}  // namespace dimple::profile
