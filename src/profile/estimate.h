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

// Of a target; null and 0 where its sheet does not say.
const target::Costs* costs_of(const target::Target&);
double us_of_instruction(const target::Target&);

// Microseconds of an inference on one core, of a portable program or one that was planned for the target; nothing where the
// target's clock or costs are not known. Throws host::Error(Exit::model) where it has no kernel for a step.
std::optional<double> estimate_us(const target::Target&, std::span<const uint8_t> program);

}  // namespace dimple::profile
