// dimple benchmark: how long a network takes on this machine, layer by layer, and how near that is to what the machine can do.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "host/document.h"
#include "host/task.h"
#include "inference/level.h"
#include "profile/host_time.h"

namespace dimple::workflow {

struct BenchmarkRequest {
  std::string model = "dimple-nano";
  std::string isa;
  std::string precision = "int8", input;
  int threads = 1;
  double seconds = 1;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("model", self.model,
      "a shipped model, a .safetensors file, a .dimple program, or an architecture with random weights");
    f("isa", self.isa, inference::kIsaHelp);
    f("precision", self.precision, "of an architecture: int8 or f32");
    f("input", self.input, "of an architecture, HEIGHTxWIDTHxCHANNELS (default: its own)");
    f("threads", self.threads, "that share the rows of large layers; 0: one per core");
    f("seconds", self.seconds, "to run it for, and as long again for its layers");
  }
};

struct BenchmarkReport {
  std::string model, level, precision;
  int threads = 1;
  profile::HostTime time;
  double limit = 0, rescale_limit = 0;  // multiply-adds a second; codes made of sums

  double limit_share() const { return share_of(time.multiply_adds, limit); }
  double rescale_share() const { return share_of(time.rescaled, rescale_limit); }

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("model", self.model, "what was run");
    f("level", self.level, "of instructions");
    f("precision", self.precision, "int8 or f32: of the first convolution or dense layer");
    f("threads", self.threads, "that ran it");
    f("runs", self.time.runs, "that were timed");
    f("multiply_adds", self.time.multiply_adds, "for one picture");
    f("memory_bytes", self.time.memory_bytes, "arena, scratch and packed weights");
    profile::Percentiles::visit(self.time.whole, f);
    f("limit_gmacs", self.limit * 1e-9, "10^9 multiply-adds a second that the core does from registers alone");
    f("limit_share", self.limit_share(), "of that, what half of the runs came to");
    f("rescaled", self.time.rescaled, "sums of int8 layers that become codes");
    f("rescale_share", self.rescale_share(), "of the time of half of the runs, at the core's limit; 0: not known");
    f("layers", self.time.layers, "one by one");
  }

 private:
  // Of the median, what so much work takes at that rate a second.
  double share_of(int64_t work, double rate) const {
    return rate > 0 ? static_cast<double>(work) / rate / (time.whole.p50_us * 1e-6) : 0;
  }
};

BenchmarkReport benchmark(const BenchmarkRequest&, const host::Task&);

}  // namespace dimple::workflow
