// One call of a kernel with memory of its own, for conformance tests and benches: filled in by hand or at random,
// always within what format/validate.h lets through.
#pragma once
#include <cmath>
#include <cstring>
#include <optional>
#include <random>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <vector>

#include "base/dtype.h"
#include "format/attributes.h"
#include "host/aligned_bytes.h"
#include "kernels/pack.h"
#include "kernels/select.h"
#include "ops/activation.h"
#include "ops/fixed_scale.h"
#include "ops/kernel_call.h"
#include "ops/op_list.h"

namespace dimple::ops {

using Random = std::mt19937;

inline int32_t random_between(Random& random, int32_t low, int32_t high) {
  return std::uniform_int_distribution<int32_t>(low, high)(random);
}

template <class T>
std::vector<uint8_t> to_bytes(const std::vector<T>& values) {
  std::vector<uint8_t> bytes(values.size() * sizeof(T));
  if (!bytes.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

template <class T>
std::vector<T> from_bytes(const std::vector<uint8_t>& bytes) {
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

// A quarter of the tensors holds nothing but the ends of the range, where sums are largest: a vector instruction that
// saturates shows there. An eighth holds -128 alone, the only code without a negative.
inline std::vector<int8_t> random_codes(int64_t count, Random& random) {
  constexpr int8_t kEnds[] = {-128, -127, 127};
  const int32_t kind = random_between(random, 0, 7);
  std::vector<int8_t> codes(static_cast<size_t>(count));
  for (int8_t& code : codes) {
    const int32_t any = random_between(random, -128, 127);
    code = kind == 0 ? int8_t{-128} : kind <= 2 ? kEnds[(any + 128) % 3] : static_cast<int8_t>(any);
  }
  return codes;
}

inline std::vector<uint8_t> random_values(DType dtype, int64_t count, Random& random) {
  if (dtype == DType::s8) return to_bytes(random_codes(count, random));
  if (bit_width(dtype) < 8) {
    std::vector<uint32_t> words(static_cast<size_t>(dimple::bytes_of(dtype, count) / 4));
    for (uint32_t& word : words) word = random();
    return to_bytes(words);
  }
  std::vector<float> values(static_cast<size_t>(count));
  for (float& value : values) value = std::normal_distribution<float>(0.0f, 2.0f)(random);
  return to_bytes(values);
}

struct TestTensor {
  DType dtype = DType::f32;
  Shape shape;
  float scale = 1;
  int32_t zero_point = 0;
  std::vector<uint8_t> bytes;

  DimpleTensor view(void* data) const { return {data, shape.height, shape.width, shape.channels, zero_point, scale}; }
  size_t size_bytes() const { return static_cast<size_t>(dimple::bytes_of(dtype, shape.elements())); }
};

struct KernelCase {
  OpCode op = OpCode::conv2d;
  Types types;
  Dims weight_dims;
  int inputs = 1;
  TestTensor in[kMaxInputs], out;
  std::vector<uint32_t> attributes;
  std::vector<uint8_t> weight, bias;
  std::vector<int32_t> multiplier, shift;
  std::vector<int8_t> codebook;
  int32_t codebook_channels = 0;
  Clamps clamps;

  std::vector<std::vector<uint8_t>> input_bytes() const {
    std::vector<std::vector<uint8_t>> all;
    for (int i = 0; i < inputs; ++i) all.push_back(in[i].bytes);
    return all;
  }

  // Each input lies in its own memory.
  DimpleCall call(std::vector<std::vector<uint8_t>>& from, void* to) const {
    Tensor views[kMaxInputs];
    for (int i = 0; i < inputs; ++i) views[i] = in[i].view(from[static_cast<size_t>(i)].data());
    return make_call({views, static_cast<size_t>(inputs)}, out.view(to),
                     {.attributes = attributes.data(),
                      .weight = weight.data(),
                      .bias = bias.data(),
                      .multiplier = multiplier.data(),
                      .shift = shift.data(),
                      .clamps = clamps,
                      .codebook = codebook.data(),
                      .codebook_channels = codebook_channels});
  }

  void use(Activation activation) { clamps = clamps_of(activation, out.scale, out.zero_point); }
};

// The form of an operator that works in floats, codes or bits.
template <class Op>
constexpr Types types_in(DType dtype) {
  if (dtype == DType::b1) return kernels::b1_b1_s8;
  return dtype == DType::s8 ? integer_types<Op>() : Types{};
}

// Those of all forms, of which an operator may lack some.
template <class Op>
constexpr Types kForms[] = {Types{},           integer_types<Op>(), kernels::b1_b1_s8,
                            kernels::s8_b1_s8, kernels::s8_c4_s8,   kernels::s8_c5_s8};

// All zeros, scales of 1 and zero points of 0; the activation is applied. The operator must accept the shapes.
template <class Op>
KernelCase make_case(OpCode code, Types types, const Op& op, const std::vector<Shape>& shapes) {
  KernelCase k;
  k.op = code, k.types = types, k.inputs = input_count(op);
  k.weight_dims = parameters_of(op, shapes.data()).weight;
  for (int i = 0; i < k.inputs; ++i) {
    k.in[i].dtype = k.types.in;
    k.in[i].shape = shapes[static_cast<size_t>(i)];
    k.in[i].bytes.resize(k.in[i].size_bytes());
  }
  k.out.dtype = k.types.out;
  if (!op.shape(shapes.data(), k.out.shape)) k.out.shape = {};
  k.attributes.resize(format::attribute_words<Op>() + 1);  // never empty
  format::store_attributes(op, k.attributes.data());
  const ParameterCounts counts = parameter_counts(op, shapes.data(), !(types == Types{}));
  k.weight.resize(static_cast<size_t>(dimple::bytes_of(types.weight, counts.weight)));
  k.bias.resize(static_cast<size_t>(counts.bias) * 4);
  const FixedScale one = make_fixed_scale(1);
  k.multiplier.assign(static_cast<size_t>(counts.scales), one.multiplier);
  k.shift.assign(static_cast<size_t>(counts.scales), one.shift);
  k.codebook_channels = codebook_entries(types.weight) > 0 ? k.out.shape.channels : 0;  // one for all
  k.codebook.resize(static_cast<size_t>(codebook_entries(types.weight)));
  k.use(activation_of(op));
  return k;
}

template <class Op>
KernelCase make_case(OpCode code, DType dtype, const Op& op, const std::vector<Shape>& shapes) {
  return make_case(code, types_in<Op>(dtype), op, shapes);
}

// A quarter of the windows looks at one pixel at a time; a quarter is what nets mostly have, 3 x 3 with a border of one
// at most, for which kernels have ways of their own.
inline void randomise(Window& w, Random& random) {
  w = {};
  const int kind = random_between(random, 0, 3);
  if (kind == 0) return;
  if (kind == 1) {
    w.kernel_h = w.kernel_w = 3;
    w.stride_h = w.stride_w = random_between(random, 1, 2);
    for (int32_t* pad : {&w.pad_top, &w.pad_left, &w.pad_bottom, &w.pad_right}) *pad = random_between(random, 0, 1);
    return;
  }
  w.kernel_h = random_between(random, 1, 5), w.kernel_w = random_between(random, 1, 5);
  w.stride_h = random_between(random, 1, 3), w.stride_w = random_between(random, 1, 3);
  const bool dilated = random_between(random, 0, 3) == 0;
  w.dilation_h = dilated ? random_between(random, 1, 3) : 1, w.dilation_w = dilated ? random_between(random, 1, 3) : 1;
  w.pad_top = random_between(random, 0, w.reach_h() - 1), w.pad_bottom = random_between(random, 0, w.reach_h() - 1);
  w.pad_left = random_between(random, 0, w.reach_w() - 1), w.pad_right = random_between(random, 0, w.reach_w() - 1);
}

template <class Op>
void randomise(Op& op, Random& random) {
  if constexpr (requires { op.window; }) randomise(op.window, random);
  if constexpr (requires { op.out_channels; }) op.out_channels = random_between(random, 1, 20);
  if constexpr (requires { op.units; }) op.units = random_between(random, 1, 20);
  if constexpr (requires { op.activation; }) op.activation = static_cast<Activation>(random_between(random, 0, 2));
  if constexpr (requires { op.top; })
    op.top = random_between(random, -3, 3), op.left = random_between(random, -3, 3),
    op.bottom = random_between(random, -3, 3), op.right = random_between(random, -3, 3);
  if constexpr (requires { op.inputs; }) op.inputs = random_between(random, 2, kMaxInputs);
  if constexpr (requires { op.count_include_pad; }) op.count_include_pad = random_between(random, 0, 1);
}

// What the operator reads beside a first input of that shape.
template <class Op>
std::vector<Shape> random_shapes(const Op& op, const Shape& first, Random& random) {
  std::vector<Shape> shapes(static_cast<size_t>(input_count(op)), first);
  for (Shape& other : std::span(shapes).subspan(1)) {
    if constexpr (std::is_same_v<Op, Concat>) other.channels = random_between(random, 1, 100);
    if constexpr (std::is_same_v<Op, Multiply>) {
      const int spread = random_between(random, 0, 3);  // over pixels, over channels, over both, not at all
      if (spread & 1) other.height = other.width = 1;
      if (spread & 2) other.channels = 1;
    }
  }
  return shapes;
}

// Layers that look at one pixel at a time are the wide ones, and binary ones, whose blocks of channels are wide. Pools take
// the channels of several vectors at once.
template <class Op>
void widen(Op& op, Shape& in, DType dtype, Random& random) {
  constexpr bool pools = std::is_same_v<Op, MaxPool> || std::is_same_v<Op, AveragePool> ||
                         std::is_same_v<Op, GlobalMaxPool> || std::is_same_v<Op, ChannelMax> ||
                         std::is_same_v<Op, ChannelMean>;
  if constexpr (pools) {
    if (random_between(random, 0, 2) == 0) in.channels = random_between(random, 1, 400);
  }
  if constexpr (std::is_same_v<Op, Conv2d>) {
    constexpr int32_t kWidest = 70;
    if (!(op.window == Window{}) && dtype != DType::b1) return;
    op.out_channels = random_between(random, 1, kWidest);
    in.channels = random_between(random, 1, kWidest);
  }
}

// Half of them at the ends.
inline int32_t random_zero_point(Random& random) {
  const int32_t any = random_between(random, -128, 127);
  const int32_t where = random_between(random, 0, 3);
  return where == 0 ? -128 : where == 1 ? 127 : any;
}

// Each channel a codebook of its own, all one, or as many as divide them.
inline void randomise_codebook(KernelCase& k, Random& random) {
  if (k.codebook.empty()) return;
  const int32_t channels = k.out.shape.channels;
  do k.codebook_channels = random_between(random, 1, channels);
  while (channels % k.codebook_channels != 0);
  k.codebook = random_codes(channels / k.codebook_channels * codebook_entries(k.types.weight), random);
}

// A case of that operator with random attributes, shapes, scales, zero points and values.
template <class Op>
KernelCase random_case(OpCode code, Types types, Random& random) {
  Op op;
  std::vector<Shape> shapes;
  Shape unused;
  do {
    randomise(op, random);
    Shape first{random_between(random, 1, 12), random_between(random, 1, 12), random_between(random, 1, 40)};
    widen(op, first, types.in, random);
    shapes = random_shapes(op, first, random);
    if (types.in == DType::b1 || types.out == DType::b1) shapes[0].channels = 32 * random_between(random, 1, 3);
  } while (!op.shape(shapes.data(), unused));

  KernelCase k = make_case(code, types, op, shapes);
  std::vector<TestTensor*> tensors;
  for (TestTensor& t : k.in) tensors.push_back(&t);
  tensors.push_back(&k.out);
  for (TestTensor* t : tensors) {
    if (t->dtype != DType::s8) continue;
    const bool as_input = t == &k.out && Op::kInteger == IntegerForm::same_codes;
    t->zero_point = as_input ? k.in[0].zero_point : random_zero_point(random);
    t->scale = as_input ? k.in[0].scale : std::uniform_real_distribution<float>(0.01f, 0.5f)(random);
  }
  for (TestTensor& t : k.in) t.bytes = random_values(t.dtype, t.shape.elements(), random);
  k.weight = random_values(types.weight, static_cast<int64_t>(k.weight.size()) * 8 / bit_width(types.weight), random);
  randomise_codebook(k, random);
  if (code == OpCode::batch_norm)  // variances are not negative
    for (size_t i = 2 * k.weight.size() / 3 + 3; i < k.weight.size(); i += 4) k.weight[i] &= 0x7F;
  if (!(types == Types{})) {
    std::vector<int32_t> bias(k.bias.size() / 4);
    const int32_t most = types.out == DType::b1 ? 130 : 50000;  // a threshold, or what is added to a sum
    for (int32_t& b : bias) b = random_between(random, -most, most);
    k.bias = to_bytes(bias);
  } else {
    k.bias = random_values(DType::f32, static_cast<int64_t>(k.bias.size() / 4), random);
  }
  const int lowest_shift = random_between(random, 0, 1) == 0 ? 30 : 33;   // 33: all of them fit 32 bits
  const int highest_shift = random_between(random, 0, 1) == 0 ? 46 : 50;  // 46: where single codes are scaled
  for (size_t i = 0; i < k.multiplier.size(); ++i) {
    const bool first = i == 0 || code != OpCode::add;
    k.multiplier[i] = random_between(random, 1 << 30, INT32_MAX);
    k.shift[i] = first ? random_between(random, lowest_shift, highest_shift) : k.shift[0];
  }
  if constexpr (std::is_same_v<Op, Concat>)  // some inputs on the output's own scale
    for (size_t i = 0; i < k.multiplier.size(); ++i)
      if (random_between(random, 0, 2) == 0)
        k.multiplier[i] = 1 << 30, k.shift[i] = 30, k.in[i].zero_point = k.out.zero_point;
  k.use(activation_of(op));
  return k;
}

template <class Op>
KernelCase random_case(OpCode code, DType dtype, Random& random) {
  return random_case<Op>(code, types_in<Op>(dtype), random);
}

// The weights as the kernel wants them, on the boundary that programs give them.
inline host::AlignedBytes weights_for(const KernelCase& k, const kernels::KernelInfo& kernel) {
  if (kernel.weights == format::Layout::plain) return host::AlignedBytes(k.weight);
  host::AlignedBytes packed(static_cast<size_t>(format::packed_bytes(kernel.weights, k.weight_dims)));
  std::vector<std::vector<uint8_t>> in = k.input_bytes();
  kernels::pack(kernel.weights, k.types.weight, k.weight_dims, k.call(in, nullptr), packed.data());
  return packed;
}

// Runs a call of the case on these rows, with the weights and the scratch that the kernel asks for.
inline void run_call(const KernelCase& k, const kernels::KernelInfo& kernel, DimpleCall call, Range rows) {
  const host::AlignedBytes weights = weights_for(k, kernel);
  host::AlignedBytes scratch(kernel.scratch_bytes(call));
  call.weight = weights.data();
  call.scratch = scratch.data();
  kernel.run(&call, rows);
}

// What the kernel writes into memory that held kMark. Throws when it writes beside its output or over its input.
inline constexpr uint8_t kMark = 0xA5;
inline std::vector<uint8_t> run(const KernelCase& k, const kernels::KernelInfo& kernel,
                                std::optional<Range> rows = {}) {
  constexpr size_t kGuard = 64;
  std::vector<std::vector<uint8_t>> in = k.input_bytes();
  std::vector<uint8_t> to(k.out.size_bytes() + 2 * kGuard, kMark);
  const DimpleCall call = k.call(in, to.data() + kGuard);
  run_call(k, kernel, call, rows.value_or(all_rows(call.out)));
  for (size_t i = 0; i < kGuard; ++i)
    if (to[i] != kMark || to[to.size() - 1 - i] != kMark) throw std::runtime_error("wrote beside its output");
  if (in != k.input_bytes()) throw std::runtime_error("wrote over its input");
  return {to.begin() + kGuard, to.end() - kGuard};
}

// Those that can run here and take the case, the reference among them.
inline std::vector<const kernels::KernelInfo*> kernels_for(const KernelCase& k) {
  std::vector<std::vector<uint8_t>> in = k.input_bytes();
  const DimpleCall call = k.call(in, nullptr);
  std::vector<const kernels::KernelInfo*> found;
  for (const kernels::KernelInfo& kernel : kernels::all_kernels()) {
    if (kernel.op != k.op || !(kernel.types == k.types) || kernel.run == nullptr) continue;
    if (kernels::isas_here().has(kernel.isa) && kernel.fits(call)) found.push_back(&kernel);
  }
  return found;
}

inline const kernels::KernelInfo& reference_of(const KernelCase& k) { return *kernels::reference(k.op, k.types); }

// The reference's answer, which the tests of one operator look at.
template <class T>
std::vector<T> answer(const KernelCase& k) {
  return from_bytes<T>(run(k, reference_of(k)));
}

inline std::vector<uint8_t> without_signs(std::vector<uint8_t> floats) {
  for (size_t i = 3; i < floats.size(); i += 4) floats[i] &= 0x7F;
  return floats;
}

// How far a float variant may stand from the reference. A sum of n products p, in any order, fused or not, is within
// n * 2^-24 * sum(|p|) of the exact one; so is the reference. Everything else computes each value in one way only, or is
// within a relative 1e-3 of it.
inline std::vector<float> tolerances(const KernelCase& k, const std::vector<float>& expected) {
  std::vector<float> allowed;
  const bool linear = with_operator(k.op, []<class T>(const T&) { return is_linear<T>(); });
  if (!linear) {
    for (const float value : expected) allowed.push_back(1e-3f * max_of(1.0f, std::abs(value)));
    return allowed;
  }
  KernelCase magnitudes = k;
  magnitudes.in[0].bytes = without_signs(k.in[0].bytes);
  magnitudes.weight = without_signs(k.weight), magnitudes.bias = without_signs(k.bias);
  magnitudes.clamps = {};
  const auto products = static_cast<float>(k.weight_dims.per_channel() + 1);
  for (const float sum : answer<float>(magnitudes)) allowed.push_back(2 * products * 0x1p-24f * sum);
  return allowed;
}

}  // namespace dimple::ops
