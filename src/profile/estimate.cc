#include "profile/estimate.h"

#include "host/aligned_bytes.h"

namespace dimple::profile {

double estimate_instructions(const target::Costs& costs, const StepWork& work) {
  const target::KernelCost& rate = costs.of(work.kernel);
  const auto times = [](double each, int64_t count) { return each * static_cast<double>(count); };
  return rate.step + times(rate.input, work.inputs) + times(rate.output, work.outputs) +
         times(rate.product, work.products) + times(rate.gathered, work.gathered) + times(rate.weight, work.weights);
}

double estimate_instructions(const target::Costs& costs, const std::vector<StepWork>& steps) {
  double sum = 0;
  for (const StepWork& step : steps) sum += estimate_instructions(costs, step);
  return sum;
}

const target::Costs* costs_of(const target::Target& target) {
  return target.costs ? target::find_costs(target.costs->counted_on) : nullptr;
}

bool estimates_time(const target::Target& target) {
  if (!target.costs) return false;
  return target.costs->flops_per_second > 0 || (costs_of(target) != nullptr && target.clock_hz > 0);
}

std::optional<double> estimate_us(const target::Target& target, const StepWork& step) {
  if (!estimates_time(target)) return {};
  if (const double rate = target.costs->flops_per_second; rate > 0)
    return 2 * static_cast<double>(step.multiply_adds) / rate * 1e6;
  return estimate_instructions(*costs_of(target), step) * target.costs->cycles_per_instruction /
         static_cast<double>(target.clock_hz) * 1e6;
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
