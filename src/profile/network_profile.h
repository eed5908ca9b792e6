// What a network asks of a machine, layer by layer: weights, work, memory in use, and time, estimated and measured.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/document.h"
#include "host/task.h"
#include "inference/opened_model.h"
#include "target/target.h"

namespace dimple::profile {

struct LayerProfile {
  std::string layer, kernel, output;
  int64_t weights = 0, weight_bytes = 0, multiply_adds = 0, bytes_in_use = 0;
  std::optional<double> instructions, estimated_us, measured_us, limit_share;
  double share = 0;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("layer", self.layer, "number and operator");
    f("kernel", self.kernel, "what runs");
    f("output", self.output, "HEIGHTxWIDTHxCHANNELS");
    f("weights", self.weights, "elements of its weight");
    f("weight_bytes", self.weight_bytes, "that the program holds them in");
    f("multiply_adds", self.multiply_adds, "of the layer");
    f("bytes_in_use", self.bytes_in_use,
      "of the arena while it runs: its inputs, its output, all that is needed later");
    f("instructions", self.instructions, "estimated");
    f("estimated_us", self.estimated_us, "microseconds, as `how_estimated` says");
    f("measured_us", self.measured_us, "microseconds on this machine, half of the runs");
    f("limit_share", self.limit_share, "of what this core's multiply-adds can do, what was measured");
    f("share", self.share, "of the sum over all layers, of what was measured, else estimated");
  }
};

struct NetworkProfile {
  std::string model, machine, precision;
  int64_t weights = 0, multiply_adds = 0;
  int64_t weight_bytes = 0, program_bytes = 0, arena_bytes = 0, ram_bytes = 0;
  std::string peak_layer, how_estimated;
  std::optional<double> instructions, estimated_us, measured_us, watts;
  double limit_share = 0;
  std::vector<LayerProfile> layers;

  std::optional<double> us() const { return measured_us ? measured_us : estimated_us; }
  std::optional<double> faces_per_second() const { return us() ? std::optional(1e6 / *us()) : std::nullopt; }
  std::optional<double> faces_per_joule() const {
    return us() && watts ? std::optional(*faces_per_second() / *watts) : std::nullopt;
  }

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("model", self.model, "what was profiled");
    f("machine", self.machine, "a target, or this machine's level of instructions");
    f("precision", self.precision, "int8 or f32: of the first convolution or dense layer");
    f("weights", self.weights, "elements of all weights");
    f("multiply_adds", self.multiply_adds, "for one face");
    f("flops", 2 * self.multiply_adds, "the same where a multiply-add counts as two operations");
    f("weight_bytes", self.weight_bytes, "of all weights, as the program holds them");
    f("program_bytes", self.program_bytes, "of the planned program: what flash must hold");
    f("arena_bytes", self.arena_bytes, "memory for values and scratch");
    f("ram_bytes", self.ram_bytes, "arena, prepared steps and stack; 0: not a chip");
    f("peak_layer", self.peak_layer, "that runs when most of the arena is in use");
    f("instructions", self.instructions, "of an inference, estimated");
    f("estimated_us", self.estimated_us, "microseconds of an inference on one core, estimated");
    f("how_estimated", self.how_estimated, "what the estimate rests on, or why there is none");
    f("measured_us", self.measured_us, "microseconds of an inference on one core of this machine, half of the runs");
    f("limit_share", self.limit_share, "of what this core's multiply-adds can do, what was measured; 0: not measured");
    f("faces_per_second", self.faces_per_second(), "of one core, one after the other");
    f("watts", self.watts,
      "of the machine at work: as its sheet says; here as the processor's packages count, all that ran included");
    f("faces_per_joule", self.faces_per_joule(), "faces per second and watt");
    f("layers", self.layers, "one by one");
  }
};

// On a target, estimated where its clock and costs are known.
NetworkProfile profile_on(const inference::OpenedModel&, const target::Target&);
// On this machine, `target.here`: estimated, and measured for `seconds`; 0: it does not run.
NetworkProfile profile_here(const inference::OpenedModel&, const target::Target&, double seconds, const host::Task&);

// profile.csv and profile.svg in a folder; what was written.
std::vector<std::string> write_profile(const std::string& folder, const NetworkProfile&);

}  // namespace dimple::profile
