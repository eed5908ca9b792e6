// What an operator says of itself in its header, and how everyone else asks. Passes, quantiser, planner, importer and
// trainer keep no lists of operators: they ask here, and ir/traits.h asks for the operator of a node.
//
// Every operator says (ops/op_list.h stops the build where a word is missing, and names it):
//
//   kNumber              what stands for it in a program file: the next free one, never changed
//   kName, kInputs       kInputs, or an attribute `inputs` where the number differs from node to node
//   visit(), shape()     its attributes; what comes out, or false
//   kInteger             what its integer kernel does to codes
//   kIdentity            when it computes nothing; identity() where its attributes decide
//   kLinear              where it has a weight: whether it is a linear operator
//   parameters()         where it has a weight or scales: their dimensions
//   kInitialWeight       where it has a weight and is not linear: what that begins as
//   plan_scales()        IntegerForm::scales, not linear: its fixed-point scales, from the real ones of its tensors
//   value_at()           IntegerForm::table: the function behind the table
//   kReads, kWrites      where it converts: data types
//
// It may say more; where it is silent, results are the same and an optimisation, or a figure of the cost, is given up:
//
//   kBinary              it has forms of binary weights: b1 or s8 in, b1 weight, s8 out
//   kCoded               it has forms of weights that are codes with a codebook: s8 in, c4 or c5 weight, s8 out
//   kInPlace             its kernels may write over an input of the output's size
//   kActivation          it is an activation and nothing else; `activation` is one that it applies as it writes
//   kSelects             each output is one of its inputs: a function that never falls may be applied before or behind it
//   kKeepsFactors        a positive factor on a channel of its input comes out as the same factor on that channel
//   passes_constants()   a constant added to an input channel comes out as a constant added to each output channel
//   kChannels            which input channels an output channel reads; the axes of a weight say it too
//   rows()               which input rows an output row reads; an attribute `window` says it too
//   kMultiplyAdds        for each output; a linear operator's follow from its weight
#pragma once
#include "base/dtype.h"
#include "base/fixed_point.h"
#include "base/span.h"
#include "ops/parameters.h"

namespace dimple::ops {

enum class IntegerForm : uint8_t {
  none,        // there is no integer kernel
  same_codes,  // it chooses, copies or averages codes: one scale and zero point on both sides
  scales,      // fixed-point scales, as many as parameters() says
  table,       // a table of all codes (ops/look_up.h)
  signs,       // s8 to b1: whether a code reaches the threshold of its channel, which stands in the bias
  converts     // between codes and floats
};

enum class Identity : uint8_t {
  never,
  always,        // outside training, where it acts in training only
  but_for_shape  // the same elements in the same order, under another shape
};

// Which channels of the inputs an output channel reads, and what a channel that leaves takes with it.
enum class ChannelRule : uint8_t {
  unknown,    // none next to it can leave
  apart,      // channel k that of each input; an input of one channel is read by all
  in_a_row,   // one: those of the first input come first, then those of the next
  flattened,  // one: element e of the input, in NHWC order, becomes channel e
  weighted,   // all, each times a weight along Axis::in or Axis::element
  gathered    // all, without weights, and comes out as a single channel
};

// What a weight begins as.
enum class Init : uint8_t { zeros, fan_in, batch_norm, quarter };

// real = scale * (code - zero_point), of a node's tensors.
struct RealScales {
  Span<const float> in;
  float out = 0;
  Span<const float> weight;  // one per output channel, for operators with weights
};

struct NoAttributes {
  constexpr bool operator==(const NoAttributes&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self&, F&&) {}
};

// An operator of one input that keeps its shape and has no attributes.
struct KeepsShape : NoAttributes {
  static constexpr int kInputs = 1;
  static constexpr bool kInPlace = true;
  static constexpr Identity kIdentity = Identity::never;

  constexpr bool operator==(const KeepsShape&) const = default;

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = in[0];
    return true;
  }
};

// One that gives a number for every number.
struct Mapping : KeepsShape {
  static constexpr IntegerForm kInteger = IntegerForm::table;
  static constexpr ChannelRule kChannels = ChannelRule::apart;

  constexpr bool operator==(const Mapping&) const = default;
};

template <class Op>
constexpr int input_count(const Op& op) {
  if constexpr (requires { op.inputs; }) {
    return op.inputs;
  } else {
    return Op::kInputs;
  }
}

// What an operator applies as it writes: its attribute, or the activation that it is (relu, relu6).
template <class Op>
constexpr Activation activation_of(const Op& op) {
  if constexpr (requires { op.activation; }) {
    return op.activation;
  } else if constexpr (requires { Op::kActivation; }) {
    return Op::kActivation;
  } else {
    return Activation::none;
  }
}

template <class Op>
constexpr Parameters parameters_of(const Op& op, const Shape* in) {
  if constexpr (requires { op.parameters(in); }) {
    return op.parameters(in);
  } else {
    return {};
  }
}

constexpr ParameterCounts parameter_counts(const Parameters& p, IntegerForm form, bool integer) {
  const bool table = integer && form == IntegerForm::table;
  return {table ? kCodes : p.weight.elements(), p.bias, integer ? p.scales : 0};
}
template <class Op>
constexpr ParameterCounts parameter_counts(const Op& op, const Shape* in, bool integer) {
  return parameter_counts(parameters_of(op, in), Op::kInteger, integer);
}

// Each output channel is a sum of products with weights of its own, plus its own bias, then the activation.
template <class Op>
constexpr bool is_linear() {
  if constexpr (requires { Op::kLinear; }) {
    return Op::kLinear;
  } else {
    return false;
  }
}

template <class Op>
constexpr Init initial_weight() {
  if constexpr (is_linear<Op>()) {
    return Init::fan_in;
  } else {
    return Op::kInitialWeight;
  }
}

template <class Op>
constexpr bool passes_constants(const Op& op) {
  if constexpr (requires { op.passes_constants(); }) {
    return activation_of(op) == Activation::none && op.passes_constants();
  } else {
    return false;
  }
}

template <class Op>
constexpr Identity identity_of(const Op& op) {
  if constexpr (requires { op.identity(); }) {
    return op.identity();
  } else {
    return Op::kIdentity;
  }
}

template <class Op>
constexpr int64_t multiply_adds(const Op& op, const Shape* in, const Shape& out) {
  if constexpr (is_linear<Op>()) {
    return out.elements() * parameters_of(op, in).weight.per_channel();
  } else if constexpr (requires { Op::kMultiplyAdds; }) {
    return out.elements() * Op::kMultiplyAdds;
  } else {
    return 0;
  }
}

// `otherwise` for operators that leave data types what they are.
template <class Op>
constexpr DType dtype_read(DType otherwise) {
  if constexpr (requires { Op::kReads; }) {
    return Op::kReads;
  } else {
    return otherwise;
  }
}
// Of an operator that reads this type. Sums of bits are codes.
template <class Op>
constexpr DType dtype_written(DType read) {
  if constexpr (requires { Op::kWrites; }) {
    return Op::kWrites;
  } else if constexpr (Op::kInteger == IntegerForm::signs) {
    return read == DType::f32 ? DType::f32 : DType::b1;
  } else {
    return read == DType::b1 ? DType::s8 : read;
  }
}

// The types of its integer form.
template <class Op>
constexpr Types integer_types() {
  constexpr DType read = dtype_read<Op>(DType::s8);
  return {read, read, dtype_written<Op>(DType::s8)};
}

template <class Op>
constexpr bool is_binary() {
  if constexpr (requires { Op::kBinary; }) {
    return Op::kBinary;
  } else {
    return false;
  }
}

template <class Op>
constexpr bool is_coded() {
  if constexpr (requires { Op::kCoded; }) {
    return Op::kCoded;
  } else {
    return false;
  }
}

// Output row r reads no input row above r * stride - pad.
struct RowStep {
  int32_t stride = 1, pad = 0;
};

template <class Op>
constexpr bool reads_rows_in_order() {
  constexpr bool slides = requires(const Op& op) { op.window; };
  return slides || requires(const Op& op) { op.rows(); };
}
template <class Op>
constexpr RowStep row_step(const Op& op) {
  if constexpr (requires { op.window; }) {
    return {op.window.stride_h, op.window.pad_top};
  } else {
    return op.rows();
  }
}

// What ops/op_list.h asks of every operator.
inline constexpr Shape kOnePixel{1, 1, 1};

// Whose extents say nothing here.
template <class Op>
constexpr Dims weight_axes() {
  return parameters_of(Op{}, &kOnePixel).weight;
}
template <class Op>
constexpr bool has_weight() {
  return weight_axes<Op>().rank() > 0;
}

template <class Op>
constexpr ChannelRule channel_rule() {
  constexpr Dims axes = weight_axes<Op>();
  if constexpr (requires { Op::kChannels; }) {
    return Op::kChannels;
  } else if constexpr (axes.has(Axis::in) || axes.has(Axis::element)) {
    return ChannelRule::weighted;
  } else {
    return axes.has(Axis::out) ? ChannelRule::apart : ChannelRule::unknown;
  }
}

template <class Op>
constexpr bool says_integer() {
  return requires { Op::kInteger; };
}
template <class Op>
constexpr bool says_identity() {
  constexpr bool by_attributes = requires(const Op& op) { op.identity(); };
  return by_attributes || requires { Op::kIdentity; };
}
template <class Op>
constexpr bool says_linear() {
  return !has_weight<Op>() || requires { Op::kLinear; };
}
template <class Op>
constexpr bool says_output_channels() {
  return !has_weight<Op>() || weight_axes<Op>().has(Axis::out);
}
template <class Op>
constexpr bool says_scales() {
  return Op::kInteger != IntegerForm::scales || requires(const Op& op) { op.parameters(&kOnePixel); };
}
template <class Op>
constexpr bool says_initial_weight() {
  return !has_weight<Op>() || is_linear<Op>() || requires { Op::kInitialWeight; };
}
template <class Op>
constexpr bool plans_scales() {
  constexpr bool can = requires(const Op& op, void (*append)(FixedScale)) {
    op.plan_scales(&kOnePixel, RealScales{}, append);
  };
  return can || Op::kInteger != IntegerForm::scales || is_linear<Op>();
}
template <class Op>
constexpr bool says_value_at() {
  return Op::kInteger != IntegerForm::table || requires { Op::value_at(0.0); };
}
template <class Op>
constexpr bool says_types() {
  return Op::kInteger != IntegerForm::converts || requires { Op::kReads, Op::kWrites; };
}

}  // namespace dimple::ops
