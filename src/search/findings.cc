#include "search/findings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "plot/axis.h"

namespace dimple::search {

std::vector<RequirementReport> findings_of(const Requirements& where, const std::vector<Figures>& networks) {
  std::vector<RequirementReport> all;
  if (networks.empty()) return all;
  for (const Requirement& r : where) {
    const auto value = [&](const Figures& figures) { return figures.find(r.figure)->second; };
    const auto [least, most] = std::ranges::minmax_element(networks, {}, value);
    const auto met = std::ranges::count_if(networks, [&](const Figures& n) { return r.met_by(value(n)); });
    all.push_back({print(r), met, value(r.at_most ? *least : *most)});
  }
  return all;
}

std::string what_blocks(const std::vector<RequirementReport>& all) {
  std::vector<std::string> never;
  for (const RequirementReport& r : all)
    if (r.met_by == 0) never.push_back(fmt::format("{}: the best has {}", r.requirement, plot::short_number(r.best)));
  if (!never.empty()) return fmt::format("no network that was tried meets {}", fmt::join(never, ", nor "));
  std::vector<std::string> met;
  for (const RequirementReport& r : all) met.push_back(fmt::format("{} by {}", r.requirement, r.met_by));
  return fmt::format("each was met, but never all together: {}", fmt::join(met, ", "));
}

}  // namespace dimple::search
