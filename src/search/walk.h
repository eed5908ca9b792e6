// System C's search: from one network down, a reduction at a time, to the cheapest one whose quality stays above a floor.
#pragma once
#include <functional>
#include <string>

#include "edit/reductions.h"
#include "search/assess.h"
#include "search/frontier.h"

namespace dimple::search {

// A score between chance (0) and the first network's (1); or its plain share of that.
struct Quality {
  double first = 1, chance = 0;
  bool plain = false;
  double of(double score) const { return plain ? score / first : (score - chance) / (first - chance); }
};

struct WalkOptions {
  FrontierOptions frontier;
  edit::ReductionOptions reductions;
  int at_once = 2;  // trials between two decisions: as many as processes may share, whether they are there or not
  double chance = 0;
  bool plain = false;
};

using CostOf = std::function<double(const ir::Graph& structure)>;

// Until nothing is left to try, or the assessor has had enough. Throws host::Error(Exit::usage) where the first network is no
// better than chance, or where nothing can be taken from it.
void walk(const ir::Graph& first, const WalkOptions& options, const CostOf& cost, Assessor& assessor);

}  // namespace dimple::search
