// bench_nets FOLDER NET... : the nets that bench/run measures, in every form that a runtime there reads.
//
// NET is an architecture of the zoo, ARCHITECTURE@SIDE for pictures of another size, or every_operator, whose answers
// tell whether other formats say what we mean. Its weights are random, and so are the pictures that its integer form is
// calibrated with: times do not depend on them. For each, float and int8:
//   FOLDER/NET-f32/ net.json  model.dimple model.onnx model.opencv.onnx model.tflite model.safetensors
//                     input.bin input.onnx.bin
// input.bin is in our order (rows, columns, channels; floats or s8 codes), input.onnx.bin in that of ONNX, where codes
// are u8; as s8, which some nets run faster with, they are in files of their own (s8.onnx).
#include <fmt/format.h>

#include <charconv>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <random>
#include <set>

#include "compile/lower.h"
#include "compile/pipeline.h"
#include "compile/quantise.h"
#include "export/every_operator_testing.h"
#include "export/onnx/onnx_model.h"
#include "export/tflite/tflite_model.h"
#include "format/reader.h"
#include "host/aligned_bytes.h"
#include "host/error.h"
#include "host/files.h"
#include "ir/cost.h"
#include "ir/evaluate.h"
#include "ir/initialise.h"
#include "kernels/select.h"
#include "model/model.h"
#include "zoo/architectures.h"

namespace dimple {
namespace {

namespace fs = std::filesystem;

constexpr float kScale = 1.0f / 128;  // of pictures: -1 .. 1
constexpr uint64_t kSeed = 12;

std::vector<int8_t> random_codes(size_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<int8_t> codes(count);
  for (int8_t& c : codes) c = static_cast<int8_t>(random() >> 56);
  return codes;
}

std::vector<float> as_floats(const std::vector<int8_t>& codes) {
  std::vector<float> values;
  for (const int8_t c : codes) values.push_back(static_cast<float>(c) * kScale);
  return values;
}

// Small biases, so that they are seen; and scores of a few units, so that probabilities tell answers apart.
void make_telling(ir::Graph& graph, const std::vector<int8_t>& picture) {
  std::mt19937_64 random(kSeed + 1);
  for (auto& [name, tensor] : graph.constants)
    if (name.ends_with(".bias"))
      for (float& b : tensor.as<float>())
        b = static_cast<float>(static_cast<double>(random() >> 11) * 0x1.0p-53 * 0.2 - 0.1);
  const ops::Shape s = graph.input.shape;
  const ir::Tensor input = ir::make_tensor(DType::f32, {s.height, s.width, s.channels}, as_floats(picture));
  const std::vector<ir::Tensor> values = ir::evaluate(graph, input);
  float largest = 0;
  for (const float v : values.back().as<float>()) largest = std::max(largest, std::abs(v));
  const std::string& last = graph.nodes.back().name;
  for (const char* role : {".weight", ".bias"})
    if (const auto it = graph.constants.find(last + role); it != graph.constants.end() && largest > 0)
      for (float& w : it->second.as<float>()) w *= 2 / largest;
}

ir::Graph graph_of(const std::string& net) {
  if (net == "every_operator") return exports::every_operator();
  const size_t at = net.find('@');
  const std::string architecture = net.substr(0, at);
  zoo::Sizes sizes;
  if (at != std::string::npos) {
    int side = 0;
    const auto [end, error] = std::from_chars(net.data() + at + 1, net.data() + net.size(), side);
    if (error != std::errc() || end != net.data() + net.size() || side < 1)
      throw host::Error(host::Exit::usage, fmt::format("'{}': behind the @ stands the side of a picture", net));
    sizes.input = {side, side, zoo::make(architecture).input.shape.channels};
  }
  ir::Graph graph = zoo::make(architecture, sizes);
  ir::initialise(graph, kSeed);
  return graph;
}

template <class T>
std::vector<uint8_t> bytes_of_values(const std::vector<T>& values) {
  std::vector<uint8_t> bytes(values.size() * sizeof(T));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

// Channels first.
template <class To, class From, class F>
std::vector<uint8_t> for_onnx(const std::vector<From>& values, const ops::Shape& s, F&& convert) {
  std::vector<To> out;
  const auto channels = static_cast<size_t>(s.channels);
  for (size_t c = 0; c < channels; ++c)
    for (size_t i = c; i < values.size(); i += channels) out.push_back(convert(values[i]));
  return bytes_of_values(out);
}

// For readers of our own files.
void save_as_model(const fs::path& folder, const ir::Graph& graph) {
  const ops::Shape s = graph.input.shape;
  model::Model model{.graph = graph, .preprocess = {.width = s.width, .height = s.height, .channels = s.channels}};
  for (int32_t i = 0; i < graph.type_of(graph.output()).shape.channels; ++i)
    model.labels.push_back(fmt::format("{}", i));
  model::save_model((folder / "model.safetensors").string(), model);
}

// The forms of operators that a program uses, as references are called ("conv2d_s8"): what a module for it holds.
std::string forms_of(const std::vector<uint8_t>& program) {
  const host::AlignedBytes copy(program);
  std::set<std::string> forms;
  for (const format::StepRecord& step : format::view_program(copy.data()).steps) {
    const std::string name = kernels::reference(static_cast<ops::OpCode>(step.op), step.types)->name;
    forms.insert("\"" + name.substr(0, name.size() - std::strlen("_ref")) + "\"");
  }
  return fmt::format("{}", fmt::join(forms, ", "));
}

void write_net(const fs::path& folder, const ir::Graph& graph, const std::vector<int8_t>& picture) {
  host::make_folder(folder);
  save_as_model(folder, graph);
  const bool integer = graph.input.dtype == DType::s8;
  const std::vector<float> real = as_floats(picture);
  const ops::Shape s = graph.input.shape;
  const std::vector<uint8_t> program = compile::plan(graph);
  host::write_atomic(folder / "model.dimple", program);
  host::write_atomic(folder / "model.onnx", exports::write_onnx(graph));
  if (!integer) host::write_atomic(folder / "model.opencv.onnx", exports::write_onnx(graph, {.old_clip = true}));
  host::write_atomic(folder / "model.tflite", exports::write_tflite(graph));
  host::write_atomic(folder / "input.bin", integer ? bytes_of_values(picture) : bytes_of_values(real));
  const auto raise = [](int8_t c) { return static_cast<uint8_t>(c + 128); };
  const auto keep = [](float v) { return v; };
  host::write_atomic(folder / "input.onnx.bin",
                     integer ? for_onnx<uint8_t>(picture, s, raise) : for_onnx<float>(real, s, keep));
  if (integer) {
    host::write_atomic(folder / "model.s8.onnx", exports::write_onnx(graph, {.signed_codes = true}));
    host::write_atomic(folder / "input.s8.onnx.bin", for_onnx<int8_t>(picture, s, [](int8_t c) { return c; }));
  }
  const ir::Cost cost = ir::estimate_cost(graph);
  const std::string about = fmt::format(
      "{{\"multiply_adds\": {}, \"parameters\": {}, \"input\": [{}, {}, {}], \"dtype\": \"{}\", "
      "\"forms\": [{}]}}\n",
      cost.multiply_adds, cost.parameters, s.height, s.width, s.channels, name_of(graph.input.dtype),
      forms_of(program));
  host::write_atomic(folder / "net.json", std::vector<uint8_t>(about.begin(), about.end()));  // last: all is there
}

void make_net(const fs::path& folder, const std::string& net) {
  constexpr size_t kPictures = 3;
  ir::Graph graph = graph_of(net);
  const auto elements = static_cast<size_t>(graph.input.shape.elements());
  const std::vector<int8_t> picture = random_codes(elements, kSeed + 2);
  make_telling(graph, picture);
  write_net(folder / (net + "-f32"), compile::optimise(graph), picture);
  const std::vector<int8_t> codes = random_codes(elements * kPictures, kSeed + 3);
  write_net(folder / (net + "-int8"), compile::quantise(graph, {codes, kScale}), picture);
}

int run(int argc, char** argv) {
  if (argc < 3) throw host::Error(host::Exit::usage, "usage: bench_nets FOLDER NET...");
  for (int i = 2; i < argc; ++i) make_net(argv[1], argv[i]);
  return 0;
}

}  // namespace
}  // namespace dimple

int main(int argc, char** argv) {
  try {
    return dimple::run(argc, argv);
  } catch (const dimple::host::Error& error) {
    std::cerr << "bench_nets: " << error.what() << '\n';
    return static_cast<int>(error.exit());
  }
}
