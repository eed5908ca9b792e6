#include "inference/network.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "format/reader.h"
#include "host/files.h"
#include "host/suggest.h"
#include "ir/evaluate.h"
#include "ops/call.h"
#include "runtime/executor.h"

namespace dimple::inference {

using host::Error;
using host::Exit;

namespace {

constexpr const char* kExecutors[] = {"program", "reference", "check", "record", "replay"};
constexpr int64_t kMaxRecordBytes = int64_t{1} << 30;

DType dtype_of_output(const format::Program& program, uint32_t step) {
  return static_cast<DType>(program.tensors[program.steps[step].out].dtype);
}

// Elements of any type as doubles.
double element(const ir::Tensor& tensor, int64_t i) {
  if (tensor.dtype == DType::f32) return tensor.as<float>()[static_cast<size_t>(i)];
  return tensor.as<int8_t>()[static_cast<size_t>(i)];
}

// Kernels add floats up in orders of their own; codes are equal to the bit. Relative to the largest value of the layer,
// from whose size the errors of later layers come.
double allowed_difference(const ir::Tensor& expected) {
  constexpr double kOfTheLargest = 1e-4;
  if (expected.dtype != DType::f32) return 0;
  double largest = 0;
  for (int64_t i = 0; i < expected.elements(); ++i) largest = std::max(largest, std::abs(element(expected, i)));
  return std::isfinite(largest) ? kOfTheLargest * largest : 0;
}

std::string key_of(int read, const std::string& layer) { return fmt::format("{:04}/{}", read, layer); }

}  // namespace

Executor parse_executor(const std::string& name) {
  host::check_choice("executor", name, {std::begin(kExecutors), std::end(kExecutors)});
  return static_cast<Executor>(std::find(std::begin(kExecutors), std::end(kExecutors), name) - std::begin(kExecutors));
}

bool layers_agree(const std::vector<LayerDifference>& differences) {
  return std::ranges::all_of(differences, [](const LayerDifference& layer) { return layer.different == 0; });
}

Network::Network(const OpenedModel& model, const NetworkOptions& options) : model_(model), executor_(options.executor) {
  const Executor executor = options.executor;
  const bool needs_graph = executor == Executor::reference || executor == Executor::check;
  if (needs_graph && !model.graph) {
    throw Error(Exit::usage,
                fmt::format("--executor {} needs the graph, and a planned program has none",
                            kExecutors[static_cast<int>(executor)]),
                "give the .safetensors file that the program was made from");
  }
  const Span<const uint8_t> bytes(model.program.data(), model.program.size());
  memory_ = host::AlignedBytes(runtime::memory_bytes(bytes, options.isas));
  const Status status = runtime::prepare(session_, bytes, {memory_.data(), memory_.size()}, options.isas);
  if (status != Status::ok) throw Error(Exit::model, fmt::format("cannot use {}: {}", model.name, describe(status)));
  const format::Program program = format::view_program(model.program.data());
  for (size_t i = 0; i < program.steps.size(); ++i) {
    layers_.push_back(fmt::format("{:03}.{}", i, ir::name_of(static_cast<ops::OpCode>(program.steps[i].op))));
    if (executor == Executor::check || executor == Executor::replay) differences_.push_back({layers_.back()});
  }
  outputs_.resize(layers_.size());
  if (executor != Executor::program && executor != Executor::reference) dimple_trace(&session_, on_step, this);
  if (executor == Executor::replay) {
    record_ =
        model::read_safetensors(
            host::read_file(options.record, {.limit_bytes = uint64_t{2} << 30, .exit = Exit::model}), options.record)
            .tensors;
  }
}

void Network::on_step(void* self, uint32_t step, const DimpleCall* call) {
  auto& network = *static_cast<Network*>(self);
  const format::Program program = format::view_program(network.model_.program.data());
  const DimpleTensor& out = call->out;
  ir::Tensor& kept = network.outputs_[step];
  kept = ir::make_tensor(dtype_of_output(program, step), {out.height, out.width, out.channels});
  std::memcpy(kept.data.data(), out.data, kept.data.size());
}

std::vector<float> Network::run_program(std::span<const int8_t> codes) {
  const dimple_tensor_info in = dimple_input(&session_);
  if (in.dtype == DIMPLE_S8) {
    std::memcpy(in.data, codes.data(), codes.size());
  } else {
    const float scale = image::code_scale(model_.preprocess.normalise);
    auto* values = static_cast<float*>(in.data);
    for (size_t i = 0; i < codes.size(); ++i) values[i] = static_cast<float>(codes[i]) * scale;
  }
  const int32_t status = dimple_run(&session_);
  if (status != 0) throw Error(Exit::failed, fmt::format("cannot run {}: {}", model_.name, dimple_describe(status)));
  const dimple_tensor_info out = dimple_output(&session_);
  const auto* scores = static_cast<const float*>(out.data);
  return {scores, scores + model_.labels.size()};
}

std::vector<float> Network::run_graph(std::span<const int8_t> codes) {
  const ir::ValueType& type = model_.graph->input;
  ir::Tensor input = ir::make_tensor(type.dtype, {type.shape.height, type.shape.width, type.shape.channels});
  if (type.dtype == DType::s8) {
    std::memcpy(input.data.data(), codes.data(), codes.size());
  } else {
    const float scale = image::code_scale(model_.preprocess.normalise);
    for (size_t i = 0; i < codes.size(); ++i) input.as<float>()[i] = static_cast<float>(codes[i]) * scale;
  }
  values_ = ir::evaluate(*model_.graph, input);
  const std::span<float> scores = values_.back().as<float>();
  return {scores.begin(), scores.end()};
}

void Network::compare(size_t step, const ir::Tensor& expected, const ir::Tensor& actual) {
  LayerDifference& difference = differences_[step];
  if (expected.dtype != actual.dtype || expected.elements() != actual.elements()) {
    throw Error(Exit::model, fmt::format("layer {} is of another shape or type in the record", layers_[step]),
                "it was recorded with another model");
  }
  const double allowed = allowed_difference(expected);
  for (int64_t i = 0; i < actual.elements(); ++i) {
    const double off = std::abs(element(expected, i) - element(actual, i));
    ++difference.elements;
    if (!(off <= allowed)) ++difference.different;  // a NaN differs
    difference.largest = std::max(difference.largest, std::isnan(off) ? INFINITY : off);
  }
}

std::vector<float> Network::read(std::span<const int8_t> codes) {
  const std::vector<float> scores = compute(codes);
  if (std::ranges::any_of(scores, [](float score) { return !std::isfinite(score); }))
    throw Error(Exit::model, fmt::format("{} answers with what is no number", model_.name),
                "its weights are damaged, or were trained astray");
  return scores;
}

std::vector<float> Network::compute(std::span<const int8_t> codes) {
  if (executor_ == Executor::reference) return run_graph(codes);
  const std::vector<float> scores = run_program(codes);
  if (executor_ == Executor::program) return scores;
  const ir::Tensor input =
      ir::make_tensor(DType::s8, {static_cast<int64_t>(codes.size())}, std::vector<int8_t>(codes.begin(), codes.end()));
  const std::string input_key = key_of(reads_, "input");
  if (executor_ == Executor::check) {
    run_graph(codes);
    for (size_t i = 0; i < outputs_.size(); ++i) compare(i, values_[i + 1], outputs_[i]);
  } else if (executor_ == Executor::record) {
    record_[input_key] = input;
    for (size_t i = 0; i < outputs_.size(); ++i) {
      record_bytes_ += static_cast<int64_t>(outputs_[i].data.size());
      record_[key_of(reads_, layers_[i])] = outputs_[i];
    }
    if (record_bytes_ > kMaxRecordBytes) {
      throw Error(Exit::resources, "the record of all layers grows beyond 1 GiB", "record fewer faces");
    }
  } else {
    const auto seen = record_.find(input_key);
    if (seen == record_.end() || seen->second != input) {
      throw Error(Exit::input, fmt::format("face {} is not the one that was recorded", reads_),
                  "replay with the same pictures, in the same order, with the same settings");
    }
    for (size_t i = 0; i < outputs_.size(); ++i) {
      const auto expected = record_.find(key_of(reads_, layers_[i]));
      if (expected == record_.end()) {
        throw Error(Exit::model, fmt::format("the record has no layer {}", layers_[i]),
                    "it was recorded with another model");
      }
      compare(i, expected->second, outputs_[i]);
    }
  }
  ++reads_;
  return scores;
}

void Network::save_record(const std::string& path) const {
  host::write_atomic(path,
                     model::write_safetensors({record_, {{"model", model_.name}, {"program_sha256", model_.sha256}}}));
}

}  // namespace dimple::inference
