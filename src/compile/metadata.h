// What a program tells beside its plan, from a model and back out of a file.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "compile/lower.h"
#include "model/model.h"

namespace dimple::compile {

ProgramFacts facts_of(const model::Model&);

// Of a program file that says what its numbers mean. Throws host::Error(Exit::model) when the program is invalid or
// does not say; `source` names it.
ProgramFacts read_facts(std::span<const uint8_t> program, const std::string& source);

// The model as it is, float or integer, as a program that says what its numbers mean.
std::vector<uint8_t> plan(const model::Model&, const PlanOptions& = {});

}  // namespace dimple::compile
