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

double us_of_instruction(const target::Target& target) {
  if (!target.costs || target.clock_hz <= 0) return 0;
  return target.costs->cycles_per_instruction / static_cast<double>(target.clock_hz) * 1e6;
}

std::optional<double> estimate_us(const target::Target& target, std::span<const uint8_t> program) {
  const host::AlignedBytes bytes(std::vector<uint8_t>(program.begin(), program.end()));
  const std::vector<StepWork> steps = work_of_steps(format::view_program(bytes.data()), target.isas);
  const target::Costs* const costs = costs_of(target);
  const double us_each = us_of_instruction(target);
  if (costs == nullptr || us_each == 0) return {};
  return estimate_instructions(*costs, steps) * us_each;
}

}  // namespace dimple::profile
