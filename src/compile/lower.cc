#include "compile/lower.h"

#include <fmt/format.h>

#include <cstring>
#include <limits>

#include "base/bits.h"
#include "base/memory.h"
#include "compile/pipeline.h"
#include "compile/planner.h"
#include "format/attributes.h"
#include "format/program.h"
#include "format/reader.h"
#include "host/error.h"
#include "ir/call_plan.h"
#include "ir/verify.h"
#include "runtime/kernels.h"

namespace dimple::compile {
namespace {

using format::kNone;

// The sections of the file as they grow.
struct Sections {
  std::vector<format::TensorRecord> tensors;
  std::vector<format::StepRecord> steps;
  std::vector<uint32_t> attributes;
  std::vector<uint8_t> constants;

  uint32_t add_constant(const void* data, size_t bytes) {
    if (bytes == 0) return kNone;
    const size_t at = round_up<size_t>(constants.size(), format::kAlign);
    constants.resize(at + bytes);
    std::memcpy(constants.data() + at, data, bytes);
    return static_cast<uint32_t>(at);
  }
  uint32_t add_constant(const ir::Tensor* t) { return t ? add_constant(t->data.data(), t->data.size()) : kNone; }
  template <class T>
  uint32_t add_constant(const std::vector<T>& v) {
    return add_constant(v.data(), v.size() * sizeof(T));
  }
};

template <class T>
void add_attributes(const T& op, std::vector<uint32_t>& words) {
  const size_t at = words.size();
  words.resize(at + format::attribute_words<T>());
  format::store_attributes(op, words.data() + at);
}

format::TensorRecord tensor_record(const ir::ValueType& type, const Buffer& buffer, int64_t at) {
  return {static_cast<uint32_t>(type.dtype),
          type.shape.height,
          type.shape.width,
          type.shape.channels,
          static_cast<uint32_t>(at),
          static_cast<uint32_t>(buffer.bytes),
          type.scale,
          type.zero_point};
}

format::StepRecord step_record(const ir::Graph& graph, size_t index, Sections& to) {
  const ir::Node& node = graph.nodes[index];
  const DType dtype = ir::kernel_dtype(graph, node);
  if (!runtime::find_reference_kernel(ir::code_of(node.op), dtype))
    throw host::Error(host::Exit::model,
                      fmt::format("node {}: no kernel for {} in {}", node.name, ir::name_of(node.op), name_of(dtype)));
  const ir::CallPlan call = ir::plan_call(graph, node);
  format::StepRecord step;
  step.op = static_cast<uint32_t>(ir::code_of(node.op));
  step.dtype = static_cast<uint32_t>(dtype);
  for (size_t i = 0; i < node.inputs.size(); ++i) step.in[i] = static_cast<uint32_t>(node.inputs[i]);
  step.out = static_cast<uint32_t>(index + 1);
  step.attributes = static_cast<uint32_t>(to.attributes.size());
  std::visit([&](const auto& op) { add_attributes(op, to.attributes); }, node.op);
  step.weight = call.table.empty() ? to.add_constant(graph.constant(node.name, "weight")) : to.add_constant(call.table);
  step.bias = to.add_constant(graph.constant(node.name, "bias"));
  step.multiplier = to.add_constant(call.multiplier);
  step.shift = to.add_constant(call.shift);
  step.clamp_low = call.clamps.low, step.clamp_high = call.clamps.high;
  step.clamp_low_f32 = call.clamps.low_f32, step.clamp_high_f32 = call.clamps.high_f32;
  return step;
}

Sections make_sections(const ir::Graph& graph, const ArenaRequest& request, const ArenaPlan& arena) {
  Sections s;
  for (ir::Value v = ir::kInput; v <= graph.output(); ++v) {
    const auto i = static_cast<size_t>(v);
    s.tensors.push_back(tensor_record(graph.type_of(v), request.buffers[i], arena.offsets[i]));
  }
  for (size_t i = 0; i < graph.nodes.size(); ++i) s.steps.push_back(step_record(graph, i, s));
  return s;
}

// Appends a section on a 16-byte boundary and says where it starts.
template <class T>
uint32_t add_section(std::vector<uint8_t>& file, const T* data, size_t count) {
  const size_t at = round_up<size_t>(file.size(), format::kAlign), bytes = count * sizeof(T);
  file.resize(at + bytes);
  if (bytes != 0) std::memcpy(file.data() + at, data, bytes);
  return static_cast<uint32_t>(at);
}

std::vector<uint8_t> write_file(const Sections& s, format::Header header, std::string_view metadata) {
  std::vector<uint8_t> file(sizeof header);
  header.tensor_count = static_cast<uint32_t>(s.tensors.size());
  header.step_count = static_cast<uint32_t>(s.steps.size());
  header.attribute_words = static_cast<uint32_t>(s.attributes.size());
  header.constant_bytes = static_cast<uint32_t>(s.constants.size());
  header.metadata_bytes = static_cast<uint32_t>(metadata.size());
  header.tensors_at = add_section(file, s.tensors.data(), s.tensors.size());
  header.steps_at = add_section(file, s.steps.data(), s.steps.size());
  header.attributes_at = add_section(file, s.attributes.data(), s.attributes.size());
  header.constants_at = add_section(file, s.constants.data(), s.constants.size());
  header.metadata_at = add_section(file, metadata.data(), metadata.size());
  header.file_bytes = static_cast<uint32_t>(file.size());
  std::memcpy(file.data(), &header, sizeof header);
  header.checksum = crc32({file.data() + 16, file.size() - 16});
  std::memcpy(file.data(), &header, sizeof header);
  return file;
}

// Greedy orders can end worse with more freedom than with less, so what is allowed is also tried in part: a plan
// without sharing is a plan with it, too.
ArenaPlan smallest_arena(const ir::Graph& graph, const SharingOptions& allowed) {
  ArenaPlan best = plan_arena(arena_request(graph, allowed));
  for (const SharingOptions less : {SharingOptions{allowed.in_place, false}, SharingOptions{false, false}}) {
    ArenaPlan plan = plan_arena(arena_request(graph, less));
    if (plan.bytes < best.bytes) best = std::move(plan);
  }
  return best;
}

}  // namespace

std::vector<uint8_t> plan(const ir::Graph& scores, std::string_view metadata, const SharingOptions& sharing) {
  ir::verify(scores);
  const ir::Graph graph = end_in_probabilities(scores);
  const ArenaRequest request = arena_request(graph, sharing);
  const ArenaPlan arena = smallest_arena(graph, sharing);
  int64_t total = arena.bytes + static_cast<int64_t>(metadata.size());
  for (const auto& [name, tensor] : graph.constants) total += static_cast<int64_t>(tensor.data.size());
  if (total > std::numeric_limits<int32_t>::max() / 2)
    throw host::Error(host::Exit::model, fmt::format("graph {} is too large for a program file", graph.name));

  format::Header header;
  header.arena_bytes = static_cast<uint32_t>(arena.bytes);
  header.input = ir::kInput;
  header.output = static_cast<uint32_t>(graph.output());
  header.logits = static_cast<uint32_t>(logits_of(graph));
  std::vector<uint8_t> file = write_file(make_sections(graph, request, arena), header, metadata);
  // The reader's limits are the format's: what it would refuse on a device is refused here.
  if (const auto read = format::read_program({file.data(), file.size()}); !read.ok())
    throw host::Error(host::Exit::model,
                      fmt::format("graph {} does not fit a program file: {}", graph.name, describe(read.status())));
  return file;
}

}  // namespace dimple::compile
