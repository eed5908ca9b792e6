// What kernels take on a chip, counted on its emulator: instructions as a sum of what a step has to do, each number of it
// times a rate of its kernel. targets/<name>/costs.json holds the rates; bench/chip_costs.cc writes it.
#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "host/json.h"

namespace dimple::target {

// Instructions for each step, and for each input, output, multiply-add of the kernel, element under a window, weight.
struct KernelCost {
  std::string kernel;
  double step = 0, input = 0, output = 0, product = 0, gathered = 0, weight = 0;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("kernel", self.kernel, "name; * stands for those that are not listed");
    f("step", self.step, "instructions for a step, whatever its size");
    f("input", self.input, "for each element that comes in");
    f("output", self.output, "for each that goes out");
    f("product", self.product, "for each multiply-add that the kernel does, filled up to its lanes");
    f("gathered", self.gathered, "for each element under the window, at each of its places");
    f("weight", self.weight, "for each weight");
  }
};

struct Costs {
  std::string counted_on;  // the target whose emulator counted
  std::vector<KernelCost> kernels;

  const KernelCost& of(std::string_view kernel) const;  // that of "*" where it is not listed
};

// Throws host::Error(Exit::input), which names what is missing, negative or of another type.
Costs parse_costs(std::string_view json, const std::string& what);
std::string print_costs(const Costs& costs);  // a line for each kernel

// Those of targets/<name>/costs.json; null where there are none.
const Costs* find_costs(std::string_view target);

}  // namespace dimple::target
