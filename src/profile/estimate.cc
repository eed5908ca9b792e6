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

std::optional<double> estimate_us(const target::Target& target, std::span<const uint8_t> program) {
  if (!target.costs || target.clock_hz <= 0) return {};
  const target::Costs* costs = target::find_costs(target.costs->counted_on);
  if (costs == nullptr) return {};
  const host::AlignedBytes bytes(std::vector<uint8_t>(program.begin(), program.end()));
  const double cycles = estimate_instructions(*costs, work_of_steps(format::view_program(bytes.data()), target.isas)) *
                        target.costs->cycles_per_instruction;
  return cycles / static_cast<double>(target.clock_hz) * 1e6;
}

}  // namespace dimple::profile
