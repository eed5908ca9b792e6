// A network at work: codes in, probabilities out. Which executor does it can be chosen, so that a wrong answer can be
// traced to the layer that made it:
//   program    the planned program, as a device runs it
//   reference  the graph, node by node with the reference kernels
//   check      both; every layer of the program is held against the graph's
//   record     the program; every layer's output is kept for save_record
//   replay     the program; every layer is held against a record, from another build or machine
#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "host/aligned_bytes.h"
#include "inference/opened_model.h"
#include "kernels/select.h"
#include "model/safetensors.h"
#include "runtime/dimple.h"

namespace dimple::inference {

enum class Executor { program, reference, check, record, replay };

inline constexpr const char* kExecutorHelp =
    "who computes: program, as a device does; reference, the graph; check: both, compared layer by layer; record: keep "
    "every layer; replay: compare with a record";

Executor parse_executor(const std::string& name);  // throws a usage error with "did you mean"

// The largest difference of one layer over all that was read.
struct LayerDifference {
  std::string layer;  // "003.conv2d"
  double largest = 0;
  int64_t elements = 0, different = 0;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("layer", self.layer, "number and operator");
    f("elements", self.elements, "numbers that were compared");
    f("different", self.different, "those that differ: codes at all, floats by more than 1e-4 of the largest");
    f("largest", self.largest, "the largest difference");
  }
};

bool layers_agree(const std::vector<LayerDifference>& differences);

struct NetworkOptions {
  Executor executor = Executor::program;
  std::string record = {};  // file of Executor::replay
  kernels::IsaSet isas = kernels::isas_here();
};

class Network {
 public:
  // `model` must outlive this.
  Network(const OpenedModel& model, const NetworkOptions& options);
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  // The preprocessing's codes; probabilities in the order of the labels.
  std::vector<float> read(std::span<const int8_t> codes);

  // check and replay: one entry per layer, in order; `different` is 0 everywhere when all agree.
  const std::vector<LayerDifference>& differences() const { return differences_; }

  void save_record(const std::string& path) const;

  // Activations, the table of steps, and weights as this machine's kernels want them.
  uint32_t memory_bytes() const { return static_cast<uint32_t>(memory_.size()); }

 private:
  static void on_step(void* self, uint32_t step, const DimpleCall* call);
  void compare(size_t step, const ir::Tensor& expected, const ir::Tensor& actual);
  std::vector<float> compute(std::span<const int8_t> codes);
  std::vector<float> run_program(std::span<const int8_t> codes);
  std::vector<float> run_graph(std::span<const int8_t> codes);

  const OpenedModel& model_;
  const Executor executor_;
  host::AlignedBytes memory_;
  dimple_session session_{};
  std::vector<std::string> layers_;  // names of the steps
  std::vector<ir::Tensor> outputs_;  // of the program's last run, by step; kept for check, record and replay
  std::vector<ir::Tensor> values_;   // of the graph's last run
  std::vector<LayerDifference> differences_;
  model::Tensors record_;  // "0000/003.conv2d"
  int64_t record_bytes_ = 0;
  int reads_ = 0;
};

}  // namespace dimple::inference
