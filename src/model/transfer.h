// Weights from elsewhere become a graph's constants: by name (ours, or torchvision's, which our architectures carry),
// or, when no name is known and the file keeps the order in which its network was defined, layer by layer in that
// order.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "model/state_dict.h"

namespace dimple::model {

struct TransferReport {
  std::string source, matched_by;       // "name" or "order"
  int64_t layers = 0, numbers = 0;      // that came over
  std::vector<std::string> fresh_head;  // the last layer, when the classes differ: it starts anew
  std::vector<std::string> fresh;       // other layers of ours without a counterpart: they start anew as well
  std::vector<std::string> reshaped;    // layers that were changed to fit, and how
  std::vector<std::string> unused;      // tensors of theirs that have no place here

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("source", self.source);
    f("matched_by", self.matched_by);
    f("layers", self.layers);
    f("numbers", self.numbers);
    f("fresh_head", self.fresh_head);
    f("fresh", self.fresh);
    f("reshaped", self.reshaped);
    f("unused", self.unused);
  }
};

// The graph is initialised already; what finds no counterpart stays as it is. Throws host::Error(Exit::model) when a
// layer other than the last has another shape, or nothing at all fits.
TransferReport transfer(const StateDict& from, ir::Graph& graph);

// A few lines for people.
std::string print(const TransferReport& report);

}  // namespace dimple::model
