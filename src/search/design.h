// System E's search: from a person's prototype, under requirements that a person writes, by an explorer that learns from its
// trials.
#pragma once
#include <functional>
#include <string>

#include "search/assess.h"
#include "search/explorer.h"
#include "search/requirements.h"

namespace dimple::search {

struct DesignOptions {
  std::string strategy = "evolution", objective = "macs";
  Requirements where;
  SpaceOptions space;
  int at_once = 2, screen = 4, drawn = 50;
  double chance = 0;  // what a score is by chance
  uint64_t seed = 1;
};

// A figure of a structure, or of what a trial said; acc and auc are known once there was one.
using CostFigure = std::function<double(const ir::Graph& structure, const std::string& figure)>;

// The figures that the requirements ask for, of a network that was tried.
Figures figures_of(const Requirements&, const ir::Graph& structure, const Record&, const CostFigure&);

// Until the assessor has had enough, or nothing new is found. Throws host::Error(Exit::usage) for a prototype without degrees
// of freedom.
void design(const ir::Graph& prototype, const DesignOptions&, const CostFigure&, Assessor&);

}  // namespace dimple::search
