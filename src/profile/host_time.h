// How long a program takes on this machine: whole inferences, its layers, and what the machine could do at most.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "host/task.h"
#include "inference/opened_model.h"
#include "kernels/limit.h"
#include "kernels/select.h"

namespace dimple::profile {

// Of the times that were measured, sorted: half, nine tenths, 99 of 100 were shorter.
struct Percentiles {
  double p50_us = 0, p90_us = 0, p99_us = 0;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("p50_us", self.p50_us, "microseconds that half of the runs kept below");
    f("p90_us", self.p90_us, "that 9 of 10 did");
    f("p99_us", self.p99_us, "that 99 of 100 did");
  }
};

struct LayerTime {
  std::string layer, kernel, output;
  int64_t multiply_adds = 0;
  double p50_us = 0, share = 0;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("layer", self.layer, "number and operator");
    f("kernel", self.kernel, "what ran");
    f("output", self.output, "HEIGHTxWIDTHxCHANNELS");
    f("multiply_adds", self.multiply_adds, "of the layer");
    f("p50_us", self.p50_us, "microseconds, half of the runs");
    f("share", self.share, "of the sum over all layers");
  }
};

struct HostTime {
  Percentiles whole;
  std::vector<LayerTime> layers;  // timed in runs of their own: looking at the clock between layers takes time
  int64_t runs = 0, multiply_adds = 0, memory_bytes = 0;
  int64_t rescaled = 0;  // sums that become codes
};

struct HostTimeOptions {
  kernels::IsaSet isas = kernels::isas_here();
  int threads = 1;     // more: layers are shared, which wants a program whose buffers do not run over each other
  double seconds = 1;  // for whole inferences, and as long again for layers
};

HostTime measure_time(const inference::OpenedModel&, const HostTimeOptions&, const host::Task&);

// Multiply-adds or codes a second of one core with the best of these instruction sets, from registers alone; 0 where it
// is not known.
double measure_limit(kernels::IsaSet, kernels::Work);

}  // namespace dimple::profile
