// Refuses a graph that contradicts itself: run after parsing, after every pass, before every execution that matters.
#pragma once
#include "ir/graph.h"

namespace dimple::ir {

enum class Constants { must_fit, may_be_absent };

// Throws host::Error(Exit::model) naming the node and what is wrong with it.
void verify(const Graph&, Constants = Constants::must_fit);

}  // namespace dimple::ir
