// What networks cost, by figure (search/requirements.h); what takes a plan is worked out once for each network.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "search/requirements.h"

namespace dimple::search {

class Costs {
 public:
  // A figure of a structure: no constants are needed. Infinite where a chip cannot run it.
  double of(const ir::Graph& structure, const std::string& figure);

 private:
  struct Planned {
    double int8_kb = 0, ram_kb = 0;
    std::optional<ir::Graph> integer;
    std::map<std::string, double> ms;  // by target
  };
  Planned& planned(const ir::Graph& structure);

  std::map<std::string, Planned> planned_;  // by key
};

}  // namespace dimple::search
