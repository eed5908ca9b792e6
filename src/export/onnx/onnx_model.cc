#include "export/onnx/onnx_model.h"

#include <fmt/format.h>

#include <set>

#include "compile/pipeline.h"
#include "export/foreign_graph.h"
#include "export/onnx/onnx_file.h"
#include "host/error.h"
#include "ir/traits.h"
#include "ops/activation.h"

namespace dimple::exports {
namespace {

using ir::Node;
using ir::Value;
using Dims = std::vector<int64_t>;

template <class T>
std::string raw(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

// [rows][columns][bytes of an element] -> [columns][rows][...], for each of `count`.
std::string swap_axes(std::string_view from, size_t count, size_t rows, size_t columns, size_t element) {
  std::string to(from.size(), '\0');
  for (size_t i = 0; i < count; ++i)
    for (size_t r = 0; r < rows; ++r)
      for (size_t c = 0; c < columns; ++c)
        from.copy(to.data() + ((i * columns + c) * rows + r) * element, element,
                  ((i * rows + r) * columns + c) * element);
  return to;
}

class OnnxWriter {
 public:
  OnnxWriter(const ir::Graph& graph, const OnnxOptions& options) : graph_(graph), options_(options) {}

  std::string write() {
    file_.input("input", stored(graph_.input), dims_of(ir::kInput));
    for (size_t i = 0; i < graph_.nodes.size(); ++i) {
      here_ = static_cast<Value>(i + 1);
      std::visit([&](const auto& op) { emit(op, graph_.nodes[i]); }, graph_.nodes[i].op);
    }
    const Value codes = last_codes(graph_);
    file_.output(name_of(graph_.output()), stored(graph_.type_of(graph_.output())), dims_of(graph_.output()));
    if (codes != ir::kInput) file_.output(name_of(codes), stored(graph_.type_of(codes)), dims_of(codes));
    return file_.finish(graph_.name);
  }

 private:
  // --- names and types ---
  std::string name_of(Value v) const { return v == ir::kInput ? "input" : graph_.node_of(v).name; }
  DType code_type() const { return options_.signed_codes ? DType::s8 : DType::u8; }
  DType stored(const ir::ValueType& t) const { return t.dtype == DType::s8 ? code_type() : t.dtype; }
  Dims dims_of(Value v) const {
    const ops::Shape s = graph_.type_of(v).shape;
    return rows_.contains(v) ? Dims{1, s.elements()} : Dims{1, s.channels, s.height, s.width};
  }
  bool is_integer(Value v) const { return graph_.type_of(v).dtype == DType::s8; }

  // Scale and zero point of a value as constants: {codes, scale, zero point} are the inputs of both conversions.
  std::vector<std::string> conversion(const std::string& what, Value v) {
    const ir::ValueType& type = graph_.type_of(v);
    return conversion(what, name_of(v), type.scale, type.zero_point);
  }
  std::vector<std::string> conversion(const std::string& what, const std::string& like, float scale, int32_t zero) {
    if (converted_.insert(like).second) {
      file_.constant(like + ".scale", DType::f32, {}, raw(std::vector{scale}));
      const auto code = static_cast<uint8_t>(options_.signed_codes ? zero : zero + 128);
      file_.constant(like + ".zero_point", code_type(), {}, raw(std::vector{code}));
    }
    return {what, like + ".scale", like + ".zero_point"};
  }

  // --- what a node reads and writes, as floats ---
  // Each reader has a conversion of its own: pairs are found around one node.
  std::string read(const Node& n, size_t i) {
    const Value v = n.inputs[i];
    if (!is_integer(v)) return name_of(v);
    const std::string real = fmt::format("{}.in{}", n.name, i);
    file_.node("DequantizeLinear", conversion(name_of(v), v), real);
    return real;
  }
  // The same with four dimensions.
  std::string read_map(const Node& n, size_t i) {
    const std::string x = read(n, i);
    if (!rows_.contains(n.inputs[i])) return x;
    const ops::Shape s = graph_.type_of(n.inputs[i]).shape;
    return reshaped(x, {1, s.channels, s.height, s.width});
  }
  // The same as one row in our order.
  std::string read_row(const Node& n) {
    std::string x = read(n, 0);
    if (rows_.contains(n.inputs[0])) return x;
    const ops::Shape s = graph_.type_of(n.inputs[0]).shape;
    if (s.height * s.width > 1 && s.channels > 1) {
      file_.node("Transpose", {x}, x + ".rows_first", {{"perm", Dims{0, 2, 3, 1}}});
      x += ".rows_first";
    }
    return reshaped(x, {1, s.elements()});
  }
  std::string reshaped(const std::string& x, const Dims& dims) {
    file_.indices(x + ".dims", dims);
    file_.node("Reshape", {x, x + ".dims"}, x + ".reshaped");
    return x + ".reshaped";
  }

  // The node that ends what `n` becomes; codes are made of what it puts out.
  void write(const Node& n, const std::string& type, const std::vector<std::string>& inputs,
             const OnnxAttributes& attributes = {}) {
    if (!is_integer(here_)) return file_.node(type, inputs, n.name, attributes);
    file_.node(type, inputs, n.name + ".real", attributes);
    file_.node("QuantizeLinear", conversion(n.name + ".real", here_), n.name);
  }
  // The same with an activation behind it, unless the output's codes end where the activation does.
  void write(const Node& n, ops::Activation activation, const std::string& type, const std::vector<std::string>& inputs,
             const OnnxAttributes& attributes = {}) {
    const ir::ValueType& out = n.type;
    const ops::Clamps clamps = ops::clamps_of(activation, out.scale, out.zero_point);
    if (activation == ops::Activation::none || (is_integer(here_) && clamps.low == -128 && clamps.high == 127))
      return write(n, type, inputs, attributes);
    const std::string sum = n.name + ".sum";
    file_.node(type, inputs, sum, attributes);
    activate(n, activation, sum);
  }
  void activate(const Node& n, ops::Activation activation, const std::string& x) {
    if (activation == ops::Activation::relu) return write(n, "Relu", {x});
    if (options_.old_clip) return write(n, "Clip", {x}, {{"min", 0.0f}, {"max", 6.0f}});
    if (!limits_written_) {
      file_.constant("zero", DType::f32, {}, raw(std::vector{0.0f}));
      file_.constant("six", DType::f32, {}, raw(std::vector{6.0f}));
      limits_written_ = true;
    }
    write(n, "Clip", {x, "zero", "six"});
  }

  // --- operators ---
  static OnnxAttributes attributes_of(const ops::Window& w) {
    return {{"kernel_shape", Dims{w.kernel_h, w.kernel_w}},
            {"strides", Dims{w.stride_h, w.stride_w}},
            {"pads", Dims{w.pad_top, w.pad_left, w.pad_bottom, w.pad_right}}};
  }

  // Names of weight and bias, as floats. `rows` x `columns` are the axes of the weight that change places there.
  std::vector<std::string> parameters(const Node& n, const Dims& dims, size_t count, size_t rows, size_t columns) {
    const ir::Tensor& weight = *graph_.constant(n.name, "weight");
    const ir::Tensor *const scales = graph_.constant(n.name, "weight_scale"), *bias = graph_.constant(n.name, "bias");
    const auto bytes = [](const ir::Tensor& t) { return std::string_view(t.as<char>().data(), t.as<char>().size()); };
    const size_t element = static_cast<size_t>(bit_width(weight.dtype)) / 8;
    const std::string w = n.name + ".weight", b = n.name + ".bias";
    file_.constant(w, weight.dtype, dims, swap_axes(bytes(weight), count, rows, columns, element));
    if (bias) file_.constant(b, bias->dtype, bias->dims, bytes(*bias));
    if (scales == nullptr) return bias ? std::vector{w, b} : std::vector{w};

    std::vector<float> bias_scales;
    for (const float s : scales->as<float>()) bias_scales.push_back(s * graph_.type_of(n.inputs[0]).scale);
    const auto dequantise = [&](const std::string& what, DType type, const std::string& scale_bytes) {
      file_.constant(what + ".scale", DType::f32, scales->dims, scale_bytes);
      file_.constant(what + ".zero_point", type, scales->dims,
                     std::string(bias_scales.size() * static_cast<size_t>(bit_width(type)) / 8, '\0'));
      file_.node("DequantizeLinear", {what, what + ".scale", what + ".zero_point"}, what + ".real",
                 {{"axis", int64_t{0}}});
      return what + ".real";
    };
    std::vector<std::string> names{dequantise(w, DType::s8, std::string(bytes(*scales)))};
    if (bias) names.push_back(dequantise(b, DType::s32, raw(bias_scales)));
    return names;
  }
  void emit_weighted(const Node& n, ops::Activation activation, const std::string& type, const std::string& x,
                     const std::vector<std::string>& names, const OnnxAttributes& attributes) {
    std::vector<std::string> inputs{x};
    inputs.insert(inputs.end(), names.begin(), names.end());
    write(n, activation, type, inputs, attributes);
  }
  void emit_convolution(const Node& n, ops::Activation activation, const ops::Window& w, int64_t groups,
                        const std::vector<std::string>& names) {
    OnnxAttributes attributes = attributes_of(w);
    attributes.emplace_back("dilations", Dims{w.dilation_h, w.dilation_w});
    attributes.emplace_back("group", groups);
    emit_weighted(n, activation, "Conv", read_map(n, 0), names, attributes);
  }
  void emit(const ops::Conv2d& op, const Node& n) {
    const auto taps = static_cast<size_t>(op.window.kernel_h) * static_cast<size_t>(op.window.kernel_w);
    const int32_t in = graph_.type_of(n.inputs[0]).shape.channels;
    emit_convolution(n, op.activation, op.window, 1,
                     parameters(n, {op.out_channels, in, op.window.kernel_h, op.window.kernel_w},
                                static_cast<size_t>(op.out_channels), taps, static_cast<size_t>(in)));
  }
  void emit(const ops::DepthwiseConv2d& op, const Node& n) {
    const auto taps = static_cast<size_t>(op.window.kernel_h) * static_cast<size_t>(op.window.kernel_w);
    const int32_t channels = n.type.shape.channels;
    emit_convolution(
        n, op.activation, op.window, channels,
        parameters(n, {channels, 1, op.window.kernel_h, op.window.kernel_w}, 1, taps, static_cast<size_t>(channels)));
  }
  void emit(const ops::Dense& op, const Node& n) {
    const std::string x = read_row(n);
    const ir::Tensor& weight = *graph_.constant(n.name, "weight");
    rows_.insert(here_);
    emit_weighted(n, op.activation, "Gemm", x, parameters(n, weight.dims, 1, 1, static_cast<size_t>(weight.elements())),
                  {{"transB", int64_t{1}}});
  }
  void emit(const ops::Add& op, const Node& n) { write(n, op.activation, "Add", {read_map(n, 0), read_map(n, 1)}); }
  void emit(const ops::Multiply&, const Node& n) { write(n, "Mul", {read_map(n, 0), read_map(n, 1)}); }
  void emit(const ops::Concat& op, const Node& n) {
    std::vector<std::string> inputs;
    for (size_t i = 0; i < static_cast<size_t>(op.inputs); ++i) inputs.push_back(read_map(n, i));
    write(n, "Concat", inputs, {{"axis", int64_t{1}}});
  }
  void emit(const ops::Flatten&, const Node& n) {
    const std::string row = read_row(n);
    rows_.insert(here_);
    write(n, "Identity", {row});
  }
  void emit(const ops::Pad& op, const Node& n) {
    file_.indices(n.name + ".pads", {0, 0, op.top, op.left, 0, 0, op.bottom, op.right});
    write(n, "Pad", {read_map(n, 0), n.name + ".pads"});
  }
  void emit(const ops::MaxPool& op, const Node& n) { write(n, "MaxPool", {read_map(n, 0)}, attributes_of(op.window)); }
  void emit(const ops::AveragePool& op, const Node& n) {
    OnnxAttributes attributes = attributes_of(op.window);
    attributes.emplace_back("count_include_pad", int64_t{op.count_include_pad});
    write(n, "AveragePool", {read_map(n, 0)}, attributes);
  }
  void emit(const ops::GlobalAveragePool&, const Node& n) { write(n, "GlobalAveragePool", {read_map(n, 0)}); }
  void emit(const ops::GlobalMaxPool&, const Node& n) { write(n, "GlobalMaxPool", {read_map(n, 0)}); }

  // One number for each number: the shape stays what it is.
  std::string keep_shape(const Node& n) {
    if (rows_.contains(n.inputs[0])) rows_.insert(here_);
    return read(n, 0);
  }
  void emit(const ops::Relu&, const Node& n) { activate(n, ops::Activation::relu, keep_shape(n)); }
  void emit(const ops::Relu6&, const Node& n) { activate(n, ops::Activation::relu6, keep_shape(n)); }
  void emit(const ops::HardSwish&, const Node& n) { write(n, "HardSwish", {keep_shape(n)}); }
  void emit(const ops::HardSigmoid&, const Node& n) {
    write(n, "HardSigmoid", {keep_shape(n)}, {{"alpha", 1.0f / 6}, {"beta", 0.5f}});
  }
  void emit(const ops::Sigmoid&, const Node& n) { write(n, "Sigmoid", {keep_shape(n)}); }
  void emit(const ops::Softmax&, const Node& n) { write(n, "Softmax", {keep_shape(n)}, {{"axis", int64_t{1}}}); }
  // Two operators there. Integers: codes between the two, so that both become integer kernels.
  void emit(const ops::Swish&, const Node& n) {
    const std::string x = keep_shape(n);
    std::string gate = n.name + ".gate";
    file_.node("Sigmoid", {x}, gate);
    if (is_integer(here_)) {
      file_.node("QuantizeLinear", conversion(gate, gate, 1.0f / 256, -128), gate + ".codes");
      file_.node("DequantizeLinear", conversion(gate + ".codes", gate, 1.0f / 256, -128), gate + ".real");
      gate += ".real";
    }
    write(n, "Mul", {x, gate});
  }
  void emit(const ops::Quantise&, const Node& n) {
    if (rows_.contains(n.inputs[0])) rows_.insert(here_);
    file_.node("QuantizeLinear", conversion(name_of(n.inputs[0]), here_), n.name);
  }
  void emit(const ops::Dequantise&, const Node& n) {
    if (rows_.contains(n.inputs[0])) rows_.insert(here_);
    file_.node("DequantizeLinear", conversion(name_of(n.inputs[0]), n.inputs[0]), n.name);
  }
  template <class Op>
  void emit(const Op&, const Node& n) {
    throw host::Error(host::Exit::model, fmt::format("node {}: {} has no ONNX form here", n.name, Op::kName));
  }

  const ir::Graph& graph_;
  const OnnxOptions options_;
  OnnxFile file_;
  Value here_ = ir::kInput;          // what the node in hand puts out
  std::set<Value> rows_;             // values of two dimensions: [1, elements]
  std::set<std::string> converted_;  // whose scale and zero point are written
  bool limits_written_ = false;      // of relu6
};

}  // namespace

std::vector<uint8_t> write_onnx(const ir::Graph& given, const OnnxOptions& options) {
  const ir::Graph graph = compile::end_in_probabilities(plain_weights(given));
  check_types(graph);
  const std::string bytes = OnnxWriter(graph, options).write();
  return {bytes.begin(), bytes.end()};
}

}  // namespace dimple::exports
