// What an int8 form of a network would ask of a machine, without training it.
#pragma once
#include <cstdint>
#include <vector>

#include "ir/graph.h"
#include "target/target.h"

namespace dimple::profile {

// A float network in int8, its ranges from random pictures: what it costs does not depend on them. Weights that are absent
// are drawn.
ir::Graph integer_form(ir::Graph);

// A plan as if RAM and flash were large enough, with the kernels that the limits would leave. Throws host::Error(Exit::model)
// where the target has no kernel for a step.
std::vector<uint8_t> plan_without_limits(const ir::Graph&, const target::Target&);

}  // namespace dimple::profile
