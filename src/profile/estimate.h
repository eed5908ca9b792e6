// What a program takes on a machine without running it there: each step's work times the rates of its kernel.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "profile/step_work.h"
#include "target/costs.h"
#include "target/target.h"

namespace dimple::profile {

// In the unit of these costs.
double estimate_count(const target::Costs&, const StepWork&);
double estimate_count(const target::Costs&, const std::vector<StepWork>&);

// Of a target, on this machine those of its level of instruction sets; null where there are none.
const target::Costs* costs_of(const target::Target&);

// Whether the target's costs are known, and its clock where they count instructions.
bool estimates_time(const target::Target&);
// In a sentence: what an estimate of the target's times rests on, or why there is none.
std::string how_estimated(const target::Target&);
// Microseconds of a step on one core; nothing where they are not known.
std::optional<double> estimate_us(const target::Target&, const StepWork&);

// Of an inference, of a program for every machine or one that was planned for the target; nothing where the target's clock
// or costs are not known. Throws host::Error(Exit::model) where it has no kernel for a step.
std::optional<double> estimate_us(const target::Target&, std::span<const uint8_t> program);

}  // namespace dimple::profile
