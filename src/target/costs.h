// What kernels take on a machine, as a sum of what a step has to do, each number of it times a rate of its kernel:
// instructions that a chip's emulator counted (targets/<name>/costs.json), or nanoseconds that were measured on this kind
// of machine, for each level of instruction sets (targets/host/costs-<level>.json). bench/chip_costs.cc writes them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host/json.h"

namespace dimple::target {

// Instructions or nanoseconds for each step, and for each input, output, output pixel, row of a window, multiply-add of the kernel,
// element under a window, weight.
struct KernelCost {
  std::string kernel;
  double step = 0, input = 0, output = 0, pixel = 0, row = 0, product = 0, gathered = 0, weight = 0;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("kernel", self.kernel, "name; * stands for those that are not listed");
    f("step", self.step, "instructions or nanoseconds for a step, whatever its size");
    f("input", self.input, "for each element that comes in");
    f("output", self.output, "for each that goes out");
    f("pixel", self.pixel, "for each pixel that goes out");
    f("row", self.row, "for each row of the window, at each of its places");
    f("product", self.product, "for each multiply-add that the kernel does, filled up to its lanes");
    f("gathered", self.gathered, "for each element under the window, at each of its places");
    f("weight", self.weight, "for each weight");
  }
};

enum class CostUnit : uint8_t { instructions, nanoseconds };

struct Costs {
  std::string counted_on;  // the target whose emulator counted: "mps2-an386"; "host/avx2" where times were measured
  std::vector<KernelCost> kernels;
  CostUnit unit = CostUnit::instructions;

  const KernelCost& of(std::string_view kernel) const;  // that of "*" where it is not listed
};

// Throws host::Error(Exit::input), which names what is missing, negative or of another type.
Costs parse_costs(std::string_view json, const std::string& what);
std::string print_costs(const Costs& costs);  // a line for each kernel

// Those of targets/<name>/costs.json by "<name>", of targets/<name>/costs-<level>.json by "<name>/<level>"; null where
// there are none.
const Costs* find_costs(std::string_view name);
std::vector<std::string> names_of_costs();

}  // namespace dimple::target
