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
    std::map<std::string, double> ms;  // by target
  };
  void make_integer(const ir::Graph& structure, const std::string& key);
  Planned& planned(const ir::Graph& structure, const std::string& key);

  std::map<std::string, Planned> planned_;  // by key
  std::string last_;                        // key of the one whose integer form is still here
  std::optional<ir::Graph> integer_;        // nothing: it has none
};

}  // namespace dimple::search
