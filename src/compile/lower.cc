#include "compile/lower.h"

#include <fmt/format.h>

#include <cstring>
#include <limits>

#include "base/crc32.h"
#include "base/memory.h"
#include "compile/pipeline.h"
#include "compile/planner.h"
#include "format/attributes.h"
#include "format/program.h"
#include "format/reader.h"
#include "host/aligned_bytes.h"
#include "host/error.h"
#include "host/json.h"
#include "ir/call_plan.h"
#include "ir/packed_weight.h"
#include "ir/semantics.h"
#include "ir/traits.h"
#include "ir/verify.h"
#include "kernels/pack.h"
#include "kernels/select.h"
#include "runtime/executor.h"

namespace dimple::compile {
namespace {

using format::kNone;

// What a target's kernel asks for; by step.
struct StepChoice {
  format::Layout layout = format::Layout::plain;
  uint32_t scratch_bytes = 0;
};
using Choices = std::vector<StepChoice>;

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

// Codes that a float value was trained for are left out: they are the quantiser's, and no kernel reads them.
format::TensorRecord tensor_record(const ir::ValueType& value, const Buffer& buffer, int64_t at) {
  ir::ValueType type = value;
  if (type.dtype == DType::f32) type.take_codes_of({});
  return {static_cast<uint32_t>(type.dtype),
          type.shape.height,
          type.shape.width,
          type.shape.channels,
          static_cast<uint32_t>(at),
          static_cast<uint32_t>(buffer.bytes),
          type.scale,
          type.zero_point};
}

// The weight in the layout that was chosen.
uint32_t add_weight(const ir::Graph& graph, size_t index, const ir::CallPlan& plan, format::Layout layout,
                    Sections& to) {
  const ir::Node& node = graph.nodes[index];
  const ir::Tensor* weight = graph.constant(node.name, "weight");
  if (!weight || layout == format::Layout::plain) return to.add_constant(weight);
  const ir::Tensor* bias = graph.constant(node.name, "bias");
  ops::Call call{};
  call.weight = weight->data.data();
  call.bias = bias ? bias->data.data() : nullptr;
  call.multiplier = plan.multiplier.data(), call.shift = plan.shift.data();
  call.in[0].zero_point = graph.type_of(node.inputs[0]).zero_point;
  call.out.zero_point = graph.type_of(static_cast<ir::Value>(index + 1)).zero_point;
  const ops::Dims dims = ir::parameters_of(graph, node).weight;
  std::vector<uint8_t> packed(static_cast<size_t>(format::packed_bytes(layout, dims)));
  kernels::pack(layout, weight->dtype, dims, call, packed.data());
  return to.add_constant(packed);
}

format::StepRecord step_record(const ir::Graph& graph, size_t index, const StepChoice& choice, Sections& to) {
  const ir::Node& node = graph.nodes[index];
  const Types types = ir::types_of(graph, node);
  if (!kernels::reference(ir::code_of(node.op), types))
    throw host::Error(host::Exit::model,
                      fmt::format("node {}: no kernel for {} in {} x {} -> {}", node.name, ir::name_of(node.op),
                                  name_of(types.in), name_of(types.weight), name_of(types.out)));
  const ir::CallPlan call = ir::plan_call(graph, node);
  format::StepRecord step;
  step.op = static_cast<uint32_t>(ir::code_of(node.op));
  step.types = types;
  for (size_t i = 0; i < node.inputs.size(); ++i) step.in[i] = static_cast<uint32_t>(node.inputs[i]);
  step.out = static_cast<uint32_t>(index + 1);
  step.attributes = static_cast<uint32_t>(to.attributes.size());
  std::visit([&](const auto& op) { add_attributes(op, to.attributes); }, node.op);
  step.layout = choice.layout;
  step.weight = call.table.empty() ? add_weight(graph, index, call, choice.layout, to) : to.add_constant(call.table);
  step.bias = to.add_constant(graph.constant(node.name, "bias"));
  step.multiplier = to.add_constant(call.multiplier);
  step.shift = to.add_constant(call.shift);
  step.codebook = to.add_constant(graph.constant(node.name, "codebook"));
  step.codebook_channels = static_cast<uint32_t>(ir::codebook_channels(graph, node));
  step.clamp_low = call.clamps.low, step.clamp_high = call.clamps.high;
  step.clamp_low_f32 = call.clamps.low_f32, step.clamp_high_f32 = call.clamps.high_f32;
  return step;
}

// Buffers of the arena: every value, then the scratch of each step that has some.
Sections make_sections(const ir::Graph& graph, const ArenaRequest& request, const ArenaPlan& arena,
                       const Choices& choices) {
  Sections s;
  for (ir::Value v = ir::kInput; v <= graph.output(); ++v) {
    const auto i = static_cast<size_t>(v);
    s.tensors.push_back(tensor_record(graph.type_of(v), request.buffers[i], arena.offsets[i]));
  }
  size_t scratch = s.tensors.size();
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    format::StepRecord step = step_record(graph, i, choices[i], s);
    step.scratch_bytes = choices[i].scratch_bytes;
    if (step.scratch_bytes > 0) step.scratch_at = static_cast<uint32_t>(arena.offsets[scratch++]);
    s.steps.push_back(step);
  }
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

std::string joined_labels(const std::vector<std::string>& labels) {
  std::string text;
  for (const std::string& label : labels) text += label + '\0';
  return text;
}

std::vector<uint8_t> write_file(const Sections& s, format::Header header, const ProgramFacts& facts) {
  const std::string labels = joined_labels(facts.labels), metadata = host::Json{{"name", facts.name}}.dump();
  std::vector<uint8_t> file(sizeof header);
  header.tensor_count = static_cast<uint32_t>(s.tensors.size());
  header.step_count = static_cast<uint32_t>(s.steps.size());
  header.attribute_words = static_cast<uint32_t>(s.attributes.size());
  header.constant_bytes = static_cast<uint32_t>(s.constants.size());
  header.label_bytes = static_cast<uint32_t>(labels.size());
  header.metadata_bytes = static_cast<uint32_t>(metadata.size());
  header.tensors_at = add_section(file, s.tensors.data(), s.tensors.size());
  header.steps_at = add_section(file, s.steps.data(), s.steps.size());
  header.attributes_at = add_section(file, s.attributes.data(), s.attributes.size());
  header.constants_at = add_section(file, s.constants.data(), s.constants.size());
  header.labels_at = add_section(file, labels.data(), labels.size());
  header.metadata_at = add_section(file, metadata.data(), metadata.size());
  header.file_bytes = static_cast<uint32_t>(file.size());
  std::memcpy(file.data(), &header, sizeof header);
  header.checksum = crc32({file.data() + 16, file.size() - 16});
  std::memcpy(file.data(), &header, sizeof header);
  return file;
}

ArenaRequest request_with_scratch(const ir::Graph& graph, const SharingOptions& sharing, const Choices& choices,
                                  const KeptRows& kept) {
  ArenaRequest request = arena_request(graph, sharing, kept);
  for (size_t i = 0; i < choices.size(); ++i) {
    if (choices[i].scratch_bytes == 0) continue;
    const bool reads_stripes = !kept.empty() && kept[i] > 0, writes_stripes = !kept.empty() && kept[i + 1] > 0;
    request.buffers.push_back({choices[i].scratch_bytes, static_cast<int>(i) - (reads_stripes ? 1 : 0),
                               static_cast<int>(i) + (writes_stripes ? 1 : 0)});
  }
  return request;
}

// Greedy orders can end worse with more freedom than with less, so what is allowed is also tried in part: a plan
// without sharing is a plan with it, too.
ArenaPlan smallest_arena(const ir::Graph& graph, const SharingOptions& allowed, const Choices& choices,
                         const KeptRows& kept, const PlannerOptions& options = {}) {
  ArenaPlan best = plan_arena(request_with_scratch(graph, allowed, choices, kept), options);
  for (const SharingOptions less : {SharingOptions{allowed.in_place, false}, SharingOptions{false, false}}) {
    ArenaPlan plan = plan_arena(request_with_scratch(graph, less, choices, kept), options);
    if (plan.bytes < best.bytes) best = std::move(plan);
  }
  return best;
}

std::vector<uint8_t> plan_with(const ir::Graph& graph, const ProgramFacts& facts, const PlanOptions& options,
                               const Choices& choices) {
  const SharingOptions& sharing = options.sharing;
  KeptRows kept;
  ArenaPlan arena = smallest_arena(graph, sharing, choices, kept);
  if (options.stripes) {
    KeptRows some = choose_stripes(graph, [&](const KeptRows& rows) {
      return smallest_arena(graph, sharing, choices, rows, {.search_effort = 0}).bytes;
    });
    ArenaPlan less = smallest_arena(graph, sharing, choices, some);
    if (less.bytes < arena.bytes) arena = std::move(less), kept = std::move(some);
  }
  int64_t total = arena.bytes;
  for (const auto& [name, tensor] : graph.constants) total += static_cast<int64_t>(tensor.data.size());
  if (total > std::numeric_limits<int32_t>::max() / 2)
    throw host::Error(host::Exit::model, fmt::format("graph {} is too large for a program file", graph.name));
  format::Header header;
  header.arena_bytes = static_cast<uint32_t>(arena.bytes);
  header.input = ir::kInput;
  header.output = static_cast<uint32_t>(graph.output());
  header.logits = static_cast<uint32_t>(logits_of(graph));
  header.preprocess = facts.preprocess;
  const ArenaRequest request = request_with_scratch(graph, sharing, choices, kept);
  std::vector<uint8_t> file = write_file(make_sections(graph, request, arena, choices), header, facts);
  // The reader's limits are the format's: what it would refuse on a device is refused here.
  const host::AlignedBytes copy(file);
  if (const auto read = format::read_program({copy.data(), copy.size()}); !read.ok())
    throw host::Error(host::Exit::model,
                      fmt::format("graph {} does not fit a program file: {}", graph.name, describe(read.status())));
  return file;
}

// What the target's kernels ask for, step by step; `portable` is the same graph's program for every machine.
Choices choose_for(const target::Target& target, const ir::Graph& graph, std::span<const uint8_t> portable,
                   bool compact) {
  const host::AlignedBytes copy(portable);
  const format::Program program = format::view_program(copy.data());
  Choices choices;
  for (const format::StepRecord& step : program.steps) {
    const kernels::KernelInfo* kernel = runtime::kernel_of(program, step, target.isas, compact);
    if (kernel == nullptr)
      throw host::Error(host::Exit::model,
                        fmt::format("graph {}: {} has no kernel for one of its steps", graph.name, target.name));
    choices.push_back({kernel->weights, kernel->scratch_bytes(runtime::call_of(program, step, nullptr))});
  }
  return choices;
}

std::string kilobytes(int64_t bytes) { return fmt::format("{} KB", (bytes + 1023) / 1024); }

void check_room(const ir::Graph& graph, std::span<const uint8_t> program, const target::Target& target) {
  const auto check = [&](const char* what, int64_t needed, int64_t there) {
    if (there > 0 && needed > there)
      throw host::Error(host::Exit::model,
                        fmt::format("{} does not fit {}: it needs {} of {}, and there are {}", graph.name, target.name,
                                    kilobytes(needed), what, kilobytes(there)),
                        "a smaller network, or a chip with more; dimple models shows what each needs");
  };
  check("RAM", ram_needed(program, target), target.ram_bytes);
  check("flash for the program", static_cast<int64_t>(program.size()), target.program_bytes);
}

}  // namespace

std::string misfit(const ir::Graph& graph, const ProgramFacts& facts) {
  const ir::ValueType& in = graph.input;
  const image::Preprocess& how = facts.preprocess;
  const int64_t outputs = graph.type_of(graph.output()).shape.elements();
  if (how.width != 0 && in.shape != ir::Shape{how.height, how.width, how.channels})
    return fmt::format("its preprocessing makes {}x{}x{} and its network reads {}x{}x{}", how.height, how.width,
                       how.channels, in.shape.height, in.shape.width, in.shape.channels);
  if (how.width != 0 && in.dtype == DType::s8 && (in.scale != image::code_scale(how.normalise) || in.zero_point != 0))
    return "its input is not in the codes that its preprocessing makes";
  if (!facts.labels.empty() && outputs != static_cast<int64_t>(facts.labels.size()))
    return fmt::format("{} labels for {} outputs", facts.labels.size(), outputs);
  return {};
}

int64_t ram_needed(std::span<const uint8_t> program, const target::Target& target) {
  constexpr int64_t kPreparedStepBytes = 12;  // three pointers
  const host::AlignedBytes copy(program);
  const format::Header& header = *format::view_program(copy.data()).header;
  return header.arena_bytes + kPreparedStepBytes * header.step_count + target.stack_bytes;
}

std::vector<uint8_t> plan(const ir::Graph& scores, const ProgramFacts& facts, const PlanOptions& options) {
  ir::verify(scores);
  const ir::Graph graph = end_in_probabilities(ir::with_float_weights(scores));
  if (const std::string why = misfit(graph, facts); !why.empty())
    throw host::Error(host::Exit::model, fmt::format("graph {}: {}", graph.name, why));
  std::vector<uint8_t> portable = plan_with(graph, facts, options, Choices(graph.nodes.size()));
  if (options.target == nullptr) return portable;
  const auto planned = [&](bool compact) {
    return plan_with(graph, facts, options, choose_for(*options.target, graph, portable, compact));
  };
  // The fastest kernels of a chip may want each weight in two bytes. Where its flash has no room for that, others do.
  std::vector<uint8_t> program = planned(false);
  const int64_t room = options.target->program_bytes;
  if (room > 0 && static_cast<int64_t>(program.size()) > room) program = planned(true);
  check_room(graph, program, *options.target);
  return program;
}

}  // namespace dimple::compile
