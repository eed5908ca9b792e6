#include "export/tflite/tflite_model.h"

#include <fmt/format.h>

#include <limits>

#include "compile/pipeline.h"
#include "export/foreign_graph.h"
#include "export/tflite/tflite_file.h"
#include "host/error.h"
#include "ir/traits.h"

namespace dimple::exports {
namespace {

using ir::Node;
using ir::Value;

enum Padding { kSame = 0, kValid = 1 };

// Which activation an operator applies as it writes.
int fused(ops::Activation a) { return a == ops::Activation::relu6 ? 3 : a == ops::Activation::relu ? 1 : 0; }

// Tables of the schema's union, each with its number there.
LiteOptions conv_options(const ops::Window& w, Padding padding, ops::Activation a) {
  FlatTable t;
  t.byte(0, padding).word(1, w.stride_w).word(2, w.stride_h).byte(3, fused(a));
  return {1, t.word(4, w.dilation_w).word(5, w.dilation_h)};
}
LiteOptions depthwise_options(const ops::Window& w, Padding padding, ops::Activation a) {
  FlatTable t;
  t.byte(0, padding).word(1, w.stride_w).word(2, w.stride_h).word(3, 1).byte(4, fused(a));
  return {2, t.word(5, w.dilation_w).word(6, w.dilation_h)};
}
LiteOptions pool_options(const ops::Window& w, Padding padding) {
  FlatTable t;
  t.byte(0, padding).word(1, w.stride_w).word(2, w.stride_h);
  return {5, t.word(3, w.kernel_w).word(4, w.kernel_h)};
}
LiteOptions softmax_options() { return {9, FlatTable().real(0, 1)}; }
LiteOptions concat_options() { return {10, FlatTable().word(0, 3)}; }
LiteOptions add_options(ops::Activation a) { return {11, FlatTable().byte(0, fused(a))}; }
LiteOptions reshape_options(const std::vector<int32_t>& dims) { return {17, FlatTable().words(0, dims)}; }
LiteOptions multiply_options() { return {21, FlatTable()}; }
LiteOptions pad_options() { return {22, FlatTable()}; }
LiteOptions mean_options() { return {27, FlatTable().byte(0, 1)}; }

// What an axis is padded with in front and behind, as far as its windows reach.
struct Sides {
  int32_t front = 0, behind = 0;
  bool operator==(const Sides&) const = default;
};
struct Slide {
  int32_t in, out, reach, stride, front;
};
Sides ours(const Slide& s) { return {s.front, std::max(0, (s.out - 1) * s.stride + s.reach - s.in - s.front)}; }
Sides same(const Slide& s) {
  const int32_t all = std::max(0, (s.out - 1) * s.stride + s.reach - s.in);
  return {all / 2, all - all / 2};
}
bool keeps_size(const Slide& s) { return s.out == (s.in + s.stride - 1) / s.stride; }

template <class T>
std::string raw_bytes(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

class LiteWriter {
 public:
  explicit LiteWriter(const ir::Graph& graph) : graph_(graph) {}

  std::vector<uint8_t> write() {
    values_.push_back(tensor_for("input", graph_.input));
    for (const Node& n : graph_.nodes) {
      values_.push_back(tensor_for(n.name, n.type));
      std::visit([&](const auto& op) { emit(op, n); }, n.op);
    }
    const Value codes = last_codes(graph_);
    std::vector<int> outputs{values_.back()};
    if (codes != ir::kInput) outputs.push_back(values_[static_cast<size_t>(codes)]);
    return file_.finish(graph_.name, {values_[0]}, outputs);
  }

 private:
  static std::vector<int32_t> dims_of(const ops::Shape& s) { return {1, s.height, s.width, s.channels}; }
  static LiteQuantisation quantisation_of(const ir::ValueType& t) {
    return t.dtype == DType::s8 ? LiteQuantisation{{t.scale}, t.zero_point} : LiteQuantisation{};
  }
  int tensor_for(const std::string& name, const ir::ValueType& type) {
    return file_.tensor(name, type.dtype, dims_of(type.shape), quantisation_of(type));
  }
  int in(const Node& n, size_t i = 0) const { return values_[static_cast<size_t>(n.inputs[i])]; }
  const ir::ValueType& in_type(const Node& n, size_t i = 0) const { return graph_.type_of(n.inputs[i]); }
  void node(Lite op, const Node& n, const LiteOptions& options = {}) {
    file_.node(op, {in(n)}, values_.back(), options);
  }

  // --- windows ---
  int padded(const Node& n, const Sides& rows, const Sides& columns, Lite op = Lite::pad, float lowest = 0) {
    ir::ValueType type = in_type(n);
    type.shape.height += rows.front + rows.behind, type.shape.width += columns.front + columns.behind;
    const std::vector<int32_t> sides{0, 0, rows.front, rows.behind, columns.front, columns.behind, 0, 0};
    std::vector<int> inputs{in(n), file_.constant(n.name + ".sides", DType::s32, {4, 2}, raw_bytes(sides))};
    if (op == Lite::padv2)
      inputs.push_back(type.dtype == DType::s8
                           ? file_.constant(n.name + ".lowest", DType::s8, {}, "\x80", quantisation_of(type))
                           : file_.constant(n.name + ".lowest", DType::f32, {}, raw_bytes(std::vector{lowest})));
    const int out = tensor_for(n.name + ".padded", type);
    file_.node(op, inputs, out, op == Lite::pad ? pad_options() : LiteOptions{});
    return out;
  }
  struct Placed {
    int input;
    Padding padding;
  };
  // The input that a window slides over: padded before it where neither of their two paddings is ours.
  Placed place(const Node& n, const ops::Window& w, Lite pad = Lite::pad) {
    const ops::Shape from = in_type(n).shape, to = n.type.shape;
    const Slide rows{from.height, to.height, w.reach_h(), w.stride_h, w.pad_top},
        columns{from.width, to.width, w.reach_w(), w.stride_w, w.pad_left};
    if (ours(rows) == Sides{} && ours(columns) == Sides{}) return {in(n), kValid};
    if (keeps_size(rows) && keeps_size(columns) && ours(rows) == same(rows) && ours(columns) == same(columns))
      return {in(n), kSame};
    return {padded(n, ours(rows), ours(columns), pad, std::numeric_limits<float>::lowest()), kValid};
  }

  // --- operators with weights ---
  void emit_convolution(const Node& n, Lite op, const Placed& x, const std::vector<int32_t>& dims, int axis,
                        const LiteOptions& options) {
    const ir::Tensor& weight = *graph_.constant(n.name, "weight");
    const ir::Tensor *const scales = graph_.constant(n.name, "weight_scale"), *bias = graph_.constant(n.name, "bias");
    const auto bytes = [](const ir::Tensor& t) { return std::string(t.as<char>().data(), t.as<char>().size()); };
    LiteQuantisation of_weight, of_bias;
    if (scales) {
      const auto s = scales->as<float>();
      of_weight = {{s.begin(), s.end()}, 0, axis};
      for (const float scale : s) of_bias.scales.push_back(scale * in_type(n).scale);
    }
    const auto channels = static_cast<size_t>(n.type.shape.channels);
    const DType sum = scales ? DType::s32 : DType::f32;
    const std::string biases = bias ? bytes(*bias) : std::string(channels * 4, '\0');  // theirs must have one
    const int w = file_.constant(n.name + ".weight", weight.dtype, dims, bytes(weight), of_weight);
    const int b = file_.constant(n.name + ".bias", sum, {static_cast<int32_t>(channels)}, biases, of_bias);
    file_.node(op, {x.input, w, b}, values_.back(), options);
  }
  void emit(const ops::Conv2d& op, const Node& n) {
    const Placed x = place(n, op.window);
    emit_convolution(n, Lite::conv_2d, x,
                     {op.out_channels, op.window.kernel_h, op.window.kernel_w, in_type(n).shape.channels}, 0,
                     conv_options(op.window, x.padding, op.activation));
  }
  void emit(const ops::DepthwiseConv2d& op, const Node& n) {
    const Placed x = place(n, op.window);
    emit_convolution(n, Lite::depthwise_conv_2d, x, {1, op.window.kernel_h, op.window.kernel_w, n.type.shape.channels},
                     3, depthwise_options(op.window, x.padding, op.activation));
  }
  void emit(const ops::Dense& op, const Node& n) {
    const ops::Shape s = in_type(n).shape;
    emit_convolution(n, Lite::conv_2d, {in(n), kValid}, {op.units, s.height, s.width, s.channels}, 0,
                     conv_options({.kernel_h = s.height, .kernel_w = s.width}, kValid, op.activation));
  }

  // --- the others ---
  void emit(const ops::Add& op, const Node& n) {
    file_.node(Lite::add, {in(n, 0), in(n, 1)}, values_.back(), add_options(op.activation));
  }
  void emit(const ops::Multiply&, const Node& n) {
    file_.node(Lite::mul, {in(n, 0), in(n, 1)}, values_.back(), multiply_options());
  }
  // Theirs copies codes: an input on another scale is converted before.
  void emit(const ops::Concat& op, const Node& n) {
    std::vector<int> inputs;
    for (size_t i = 0; i < static_cast<size_t>(op.inputs); ++i) {
      ir::ValueType type = in_type(n, i);
      inputs.push_back(in(n, i));
      if (type.scale == n.type.scale && type.zero_point == n.type.zero_point) continue;
      type.scale = n.type.scale, type.zero_point = n.type.zero_point;
      inputs.back() = tensor_for(fmt::format("{}.in{}", n.name, i), type);
      file_.node(Lite::quantize, {in(n, i)}, inputs.back());
    }
    file_.node(Lite::concatenation, inputs, values_.back(), concat_options());
  }
  void emit(const ops::Flatten&, const Node& n) {
    const std::vector<int32_t> dims = dims_of(n.type.shape);
    const int shape = file_.constant(n.name + ".dims", DType::s32, {4}, raw_bytes(dims));
    file_.node(Lite::reshape, {in(n), shape}, values_.back(), reshape_options(dims));
  }
  void emit(const ops::Pad& op, const Node& n) {
    if (op.crops()) refuse(n, "a pad that crops");
    const std::vector<int32_t> sides{0, 0, op.top, op.bottom, op.left, op.right, 0, 0};
    const int constant = file_.constant(n.name + ".sides", DType::s32, {4, 2}, raw_bytes(sides));
    file_.node(Lite::pad, {in(n), constant}, values_.back(), pad_options());
  }
  void emit(const ops::MaxPool& op, const Node& n) {
    const Placed x = place(n, op.window, Lite::padv2);
    file_.node(Lite::max_pool_2d, {x.input}, values_.back(), pool_options(op.window, x.padding));
  }
  // Their "same" counts no padding; an own pad in front of it counts all.
  void emit(const ops::AveragePool& op, const Node& n) {
    Placed x{in(n), kValid};
    if (op.window.padded() && op.count_include_pad) {
      const ops::Window& w = op.window;
      x.input = padded(n, {w.pad_top, w.pad_bottom}, {w.pad_left, w.pad_right});
    } else {
      x = place(n, op.window);
      if (x.input != in(n)) refuse(n, "this padding of an average");
    }
    file_.node(Lite::average_pool_2d, {x.input}, values_.back(), pool_options(op.window, x.padding));
  }
  void emit(const ops::GlobalAveragePool&, const Node& n) {
    const int axes = file_.constant(n.name + ".axes", DType::s32, {2}, raw_bytes(std::vector<int32_t>{1, 2}));
    file_.node(Lite::mean, {in(n), axes}, values_.back(), mean_options());
  }
  void emit(const ops::GlobalMaxPool&, const Node& n) {
    const ops::Shape s = in_type(n).shape;
    node(Lite::max_pool_2d, n, pool_options({.kernel_h = s.height, .kernel_w = s.width}, kValid));
  }
  void emit(const ops::Relu&, const Node& n) { node(Lite::relu, n); }
  void emit(const ops::Relu6&, const Node& n) { node(Lite::relu6, n); }
  void emit(const ops::HardSwish&, const Node& n) { node(Lite::hard_swish, n); }
  void emit(const ops::Softmax&, const Node& n) { node(Lite::softmax, n, softmax_options()); }
  void emit(const ops::Quantise&, const Node& n) { node(Lite::quantize, n); }
  void emit(const ops::Dequantise&, const Node& n) { node(Lite::dequantize, n); }

  // Their sigmoid puts out codes of 1/256, whatever is asked.
  static ir::ValueType sigmoid_type(ir::ValueType type) {
    type.scale = 1.0f / 256, type.zero_point = -128;
    return type;
  }
  void emit(const ops::Sigmoid&, const Node& n) {
    if (n.type.dtype == DType::f32) return node(Lite::logistic, n);
    const int codes = tensor_for(n.name + ".codes", sigmoid_type(n.type));
    file_.node(Lite::logistic, {in(n)}, codes);
    file_.node(Lite::quantize, {codes}, values_.back());
  }
  void emit(const ops::Swish&, const Node& n) {
    const int gate = tensor_for(n.name + ".gate", n.type.dtype == DType::s8 ? sigmoid_type(n.type) : n.type);
    file_.node(Lite::logistic, {in(n)}, gate);
    file_.node(Lite::mul, {in(n), gate}, values_.back(), multiply_options());
  }
  // relu6(x + 3) / 6: theirs has no operator for it.
  void emit(const ops::HardSigmoid&, const Node& n) {
    ir::ValueType type = n.type;
    type.scale = 6.0f / 255, type.zero_point = -128;
    const int clamped = tensor_for(n.name + ".clamped", type);
    file_.node(Lite::add, {in(n), scalar(n, ".three", 3)}, clamped, add_options(ops::Activation::relu6));
    file_.node(Lite::mul, {clamped, scalar(n, ".sixth", 1.0f / 6)}, values_.back(), multiply_options());
  }
  int scalar(const Node& n, const char* role, float value) {
    const std::string name = n.name + role;
    if (n.type.dtype == DType::f32)
      return file_.constant(name, DType::f32, {1, 1, 1, 1}, raw_bytes(std::vector{value}));
    return file_.constant(name, DType::s8, {1, 1, 1, 1}, "\x7f", {{value / 127}, 0});
  }

  [[noreturn]] static void refuse(const Node& n, std::string_view what) {
    throw host::Error(host::Exit::model, fmt::format("node {}: {} has no TensorFlow Lite form here", n.name, what));
  }
  template <class Op>
  void emit(const Op&, const Node& n) {
    refuse(n, Op::kName);
  }

  const ir::Graph& graph_;
  LiteFile file_;
  std::vector<int> values_;  // which tensor is which value; the last is what the node in hand puts out
};

}  // namespace

std::vector<uint8_t> write_tflite(const ir::Graph& given) {
  const ir::Graph graph = compile::end_in_probabilities(plain_weights(given));
  check_types(graph);
  return LiteWriter(graph).write();
}

}  // namespace dimple::exports
