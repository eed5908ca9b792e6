// Rates of kernels (target/costs.h) from counted networks, and how well they estimate networks that they have not seen.
#pragma once
#include <string>
#include <vector>

#include "profile/count.h"
#include "target/costs.h"

namespace dimple::profile {

// The rates that are nearest to the counts, relative to each, and none of them negative.
target::Costs fit_costs(const std::vector<CountedNet>&, const std::string& counted_on,
                        target::CostUnit unit = target::CostUnit::instructions);

struct EstimateError {
  std::string net;
  double counted = 0, estimated = 0;  // of an inference; estimated from all networks of other families

  double error() const { return estimated / counted - 1; }

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("net", self.net, "network");
    f("counted", self.counted, "instructions of an inference on the emulator, or nanoseconds on this machine");
    f("estimated", self.estimated, "by rates that were fitted without this network and its like");
    f("error", self.error(), "relative");
  }
};

std::vector<EstimateError> leave_one_out(const std::vector<CountedNet>&,
                                         target::CostUnit unit = target::CostUnit::instructions);

// Networks of the zoo whose programs fit the target, with random weights: int8 ones, binary ones, ones of codes and
// float ones; narrower where they would not fit.
struct NetToCount {
  std::string name;
  std::vector<uint8_t> program;
};
std::vector<NetToCount> nets_to_count(const target::Target&);

}  // namespace dimple::profile
