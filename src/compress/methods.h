// What a network is to lose, as it is asked for.
#pragma once
#include <string>
#include <vector>

#include "ir/graph.h"

namespace dimple::compress {

struct Methods {
  std::string prune, budget = "macs", saliency = "taylor_squared", ranking = "balanced", binarise, quantise, keep_float;
  float keep = 0.5f;
  int multiple = 8, cluster = 0, cluster_groups = 1, calibration = 512;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("prune", self.prune,
      "channels: whole ones leave the network; 0.5: this share of each layer's weights becomes zero; 2:4: all but the "
      "two largest of each four; several, by commas");
    f("keep", self.keep, "of --prune channels: the share of the cost that is kept");
    f("budget", self.budget, "of --prune channels: what the cost is: macs, bytes, or time on this machine");
    f("saliency", self.saliency,
      "of --prune channels: what says which matter least: magnitude, magnitude_l2, batch_norm, taylor or "
      "taylor_squared");
    f("ranking", self.ranking, "of --prune channels: balanced, per_cost or plain");
    f("multiple", self.multiple, "of --prune channels: widths that kernels like");
    f("binarise", self.binarise,
      "auto: convolutions between the first and the last layer become signs times signs; or their names, by commas");
    f("cluster", self.cluster, "16, 32 or 256: each layer's weights share so many values; 0: they do not");
    f("cluster_groups", self.cluster_groups, "groups of output channels that have a codebook of their own each");
    f("quantise", self.quantise, "ptq: make it an integer network; qat: train it for its codes first");
    f("keep_float", self.keep_float, "of --quantise: layers that stay in float, by commas");
    f("calibration", self.calibration, "training pictures that the ranges of values are taken from");
  }
};

bool asks_nothing(const Methods&);  // the network as it is

// Throws host::Error(Exit::usage) for what cannot be, and when nothing is asked for. To be asked before data is read.
void check(const Methods&);

}  // namespace dimple::compress
