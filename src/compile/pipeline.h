// What happens to a trained graph before it is quantised or planned: an ordered list of rewrites, each timed, each to
// be left out by name, each verified after it ran and saying how often it rewrote.
#pragma once
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ir/graph.h"

namespace dimple::compile {

struct Pass {
  std::string_view name;
  int (*apply)(ir::Graph&);  // how often it rewrote
};

// In the order in which they run.
std::span<const Pass> passes();

struct PassReport {
  std::string_view name;
  double milliseconds = 0;
  size_t nodes_before = 0, nodes_after = 0;
  int rewrites = 0;
};

struct OptimiseOptions {
  std::vector<std::string> without;                     // names of passes to leave out
  std::function<void(const PassReport&)> on_pass = {};  // called after each
};

// Throws host::Error(Exit::usage) for a name in `without` that is no pass, host::Error(Exit::model) for an invalid
// graph.
ir::Graph optimise(ir::Graph, const OptimiseOptions& = {});

// A graph that ends in scores gets what turns them into probabilities: dequantise if they are integers, and softmax.
// A graph that ends in softmax already stays as it is.
ir::Graph end_in_probabilities(ir::Graph);

// The graph without a softmax at its end, which comes back in float (end_in_probabilities).
ir::Graph without_softmax(ir::Graph);

}  // namespace dimple::compile
