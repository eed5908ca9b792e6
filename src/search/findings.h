// Which requirement blocks: how many of the networks that were tried meet each, and how far the best of them went.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "search/requirements.h"

namespace dimple::search {

struct RequirementReport {
  std::string requirement;
  int64_t met_by = 0;
  double best = 0;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("requirement", self.requirement, "as it was asked for");
    f("met_by", self.met_by, "networks that were scored and meet it");
    f("best", self.best, "its figure in the network that goes furthest towards it");
  }
};

// `networks`: their figures. Nothing where there is no network.
std::vector<RequirementReport> findings_of(const Requirements&, const std::vector<Figures>& networks);

// "no network that was tried meets auc >= 0.9: the best has 0.87", or that each was met, but never all together.
std::string what_blocks(const std::vector<RequirementReport>&);

}  // namespace dimple::search
