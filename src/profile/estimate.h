// What a program takes on a chip that is not at hand: each step's work times the rates of its kernel there.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "profile/step_work.h"
#include "target/costs.h"
#include "target/target.h"

namespace dimple::profile {

double estimate_instructions(const target::Costs&, const StepWork&);
double estimate_instructions(const target::Costs&, const std::vector<StepWork>&);

// Of a target; null where its sheet names none.
const target::Costs* costs_of(const target::Target&);

// Whether the target's clock and costs are known.
bool estimates_time(const target::Target&);
// Microseconds of a step on one core; nothing where they are not known.
std::optional<double> estimate_us(const target::Target&, const StepWork&);

// Of an inference, of a portable program or one that was planned for the target; nothing where the target's clock or costs
// are not known. Throws host::Error(Exit::model) where it has no kernel for a step.
std::optional<double> estimate_us(const target::Target&, std::span<const uint8_t> program);

}  // namespace dimple::profile
