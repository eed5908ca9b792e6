// Builds small programs by hand, right ones and lying ones, for tests and fuzzers.
#pragma once
#include <cstring>
#include <string>
#include <vector>

#include "base/crc32.h"
#include "base/dtype.h"
#include "base/memory.h"
#include "format/attributes.h"
#include "format/program.h"
#include "ops/activation.h"
#include "ops/fixed_scale.h"
#include "ops/op_list.h"

namespace dimple::format {

struct ProgramDraft {
  Header header;
  std::vector<TensorRecord> tensors;
  std::vector<StepRecord> steps;
  std::vector<uint32_t> attributes;
  std::vector<uint8_t> constants;
  std::string labels, metadata = "{}";

  // A tensor behind all others in the arena.
  uint32_t add_tensor(DType dtype, const ops::Shape& shape, float scale = 0, int32_t zero_point = 0) {
    const auto bytes = static_cast<uint32_t>(bytes_of(dtype, shape.elements()));
    tensors.push_back({static_cast<uint32_t>(dtype), shape.height, shape.width, shape.channels, header.arena_bytes,
                       bytes, scale, zero_point});
    header.arena_bytes = round_up(header.arena_bytes + bytes, kAlign);
    return static_cast<uint32_t>(tensors.size() - 1);
  }

  template <class T>
  uint32_t add_constant(const std::vector<T>& values) {
    if (values.empty()) return kNone;
    const size_t at = round_up<size_t>(constants.size(), kAlign);
    constants.resize(at + values.size() * sizeof(T));
    std::memcpy(constants.data() + at, values.data(), values.size() * sizeof(T));
    return static_cast<uint32_t>(at);
  }

  // A step with parameters of ones and scales of a hundredth, where the operator has some. Returns its output.
  template <class Op>
  uint32_t add_step(ops::OpCode code, DType dtype, const Op& op, std::vector<uint32_t> inputs, float out_scale = 0.1f,
                    int32_t out_zero_point = 3) {
    ops::Shape shapes[ops::kMaxInputs], out;
    for (size_t i = 0; i < inputs.size(); ++i) {
      const TensorRecord& t = tensors[inputs[i]];
      shapes[i] = {t.height, t.width, t.channels};
    }
    const bool fits = op.shape(shapes, out);
    if (!fits) out = {1, 1, 1};
    const DType out_dtype = ops::dtype_written<Op>(dtype);
    StepRecord s;
    s.op = static_cast<uint32_t>(code);
    s.types = dtype == DType::s8 ? ops::integer_types<Op>() : Types{dtype, dtype, out_dtype};
    for (size_t i = 0; i < inputs.size(); ++i) s.in[i] = inputs[i];
    s.out =
        add_tensor(out_dtype, out, out_dtype == DType::s8 ? out_scale : 0, out_dtype == DType::s8 ? out_zero_point : 0);
    s.attributes = static_cast<uint32_t>(attributes.size());
    attributes.resize(attributes.size() + attribute_words<Op>());
    store_attributes(op, attributes.data() + s.attributes);

    const ops::ParameterCounts counts = ops::parameter_counts(op, shapes, dtype == DType::s8);
    const FixedScale hundredth = ops::make_fixed_scale(0.01);
    const auto weights = static_cast<size_t>(counts.weight), biases = static_cast<size_t>(counts.bias),
               scales = static_cast<size_t>(counts.scales);
    if (dtype == DType::s8) {
      s.weight = add_constant(std::vector<int8_t>(weights, 1));
      s.bias = add_constant(std::vector<int32_t>(biases, 1));
    } else {
      s.weight = add_constant(std::vector<float>(weights, 1.0f));
      s.bias = add_constant(std::vector<float>(biases, 1.0f));
    }
    s.multiplier = add_constant(std::vector<int32_t>(scales, hundredth.multiplier));
    s.shift = add_constant(std::vector<int32_t>(scales, hundredth.shift));
    const ops::Clamps clamps = ops::clamps_of(ops::activation_of(op));
    s.clamp_low_f32 = clamps.low_f32, s.clamp_high_f32 = clamps.high_f32;
    steps.push_back(s);
    return s.out;
  }

  std::vector<uint8_t> write() const {
    Header h = header;
    std::vector<uint8_t> file(sizeof h);
    const auto append = [&file](const auto& section, uint32_t& count, uint32_t& at) {
      file.resize(round_up<size_t>(file.size(), kAlign));
      count = static_cast<uint32_t>(section.size());
      at = static_cast<uint32_t>(file.size());
      const size_t bytes = section.size() * sizeof(section[0]);
      file.resize(file.size() + bytes);
      if (bytes != 0) std::memcpy(file.data() + at, section.data(), bytes);
    };
    append(tensors, h.tensor_count, h.tensors_at);
    append(steps, h.step_count, h.steps_at);
    append(attributes, h.attribute_words, h.attributes_at);
    append(constants, h.constant_bytes, h.constants_at);
    append(labels, h.label_bytes, h.labels_at);
    append(metadata, h.metadata_bytes, h.metadata_at);
    h.file_bytes = static_cast<uint32_t>(file.size());
    std::memcpy(file.data(), &h, sizeof h);
    return file;
  }
};

// After any change, so that what is tested is what stands behind the checksum.
inline void fix_checksum(std::vector<uint8_t>& file) {
  if (file.size() < sizeof(Header)) return;
  Header h;
  std::memcpy(&h, file.data(), sizeof h);
  const size_t bytes = h.file_bytes >= 16 && h.file_bytes <= file.size() ? h.file_bytes : file.size();
  h.checksum = crc32({file.data() + 16, bytes - 16});
  std::memcpy(file.data(), &h, sizeof h);
}

inline std::vector<uint8_t> sealed(const ProgramDraft& draft) {
  std::vector<uint8_t> file = draft.write();
  fix_checksum(file);
  return file;
}

// 6 x 5 x 2 -> convolution, depthwise, sum with itself, product with its mean, three values side by side, slopes,
// table, pool, padding, mean, dense -> float, softmax. With scratch in one of them.
inline ProgramDraft tiny_draft() {
  using ops::OpCode;
  ProgramDraft d;
  const ops::Window same{3, 3, 1, 1, 1, 1, 1, 1};
  d.header.input = d.add_tensor(DType::s8, {6, 5, 2}, 1.0f / 128, 0);
  uint32_t x = d.add_step(OpCode::conv2d, DType::s8, ops::Conv2d{4, same, ops::Activation::relu}, {d.header.input});
  x = d.add_step(OpCode::depthwise_conv2d, DType::s8, ops::DepthwiseConv2d{same}, {x});
  x = d.add_step(OpCode::add, DType::s8, ops::Add{}, {x, x});
  const uint32_t mean = d.add_step(OpCode::global_average_pool, DType::s8, ops::GlobalAveragePool{}, {x});
  x = d.add_step(OpCode::multiply, DType::s8, ops::Multiply{}, {x, mean});
  const uint32_t largest = d.add_step(OpCode::channel_max, DType::s8, ops::ChannelMax{}, {x});
  x = d.add_step(OpCode::concat, DType::s8, ops::Concat{3}, {x, largest, x});
  x = d.add_step(OpCode::prelu, DType::s8, ops::Prelu{}, {x});
  x = d.add_step(OpCode::hard_swish, DType::s8, ops::HardSwish{}, {x});
  x = d.add_step(OpCode::max_pool, DType::s8, ops::MaxPool{{2, 2, 2, 2}}, {x});
  x = d.add_step(OpCode::pad, DType::s8, ops::Pad{1, 0, 0, 1}, {x});
  x = d.add_step(OpCode::average_pool, DType::s8, ops::AveragePool{{2, 2, 1, 1}}, {x});
  x = d.add_step(OpCode::relu6, DType::s8, ops::Relu6{}, {x});
  x = d.add_step(OpCode::global_average_pool, DType::s8, ops::GlobalAveragePool{}, {x});
  d.header.logits = d.add_step(OpCode::dense, DType::s8, ops::Dense{.units = 3}, {x});
  x = d.add_step(OpCode::dequantise, DType::s8, ops::Dequantise{}, {d.header.logits});
  d.header.output = d.add_step(OpCode::softmax, DType::f32, ops::Softmax{}, {x});
  d.steps[0].scratch_at = d.header.arena_bytes;
  d.steps[0].scratch_bytes = 20;
  d.header.arena_bytes += 32;
  return d;
}

// 5 x 3 x 6 -> a convolution that looks at one pixel at a time, whose weights are all different: kernels of several
// machines take it, some in a layout of their own.
inline ProgramDraft pointwise_draft() {
  ProgramDraft d;
  d.header.input = d.add_tensor(DType::s8, {5, 3, 6}, 1.0f / 128, -7);
  d.header.output = d.header.logits =
      d.add_step(ops::OpCode::conv2d, DType::s8, ops::Conv2d{.out_channels = 11}, {d.header.input});
  for (uint32_t i = 0; i < 6 * 11; ++i) d.constants[d.steps[0].weight + i] = static_cast<uint8_t>(37 * i + 128);
  return d;
}

// The same with codes, and a codebook for each 4 of 12 output channels, then a dense layer of codes.
inline ProgramDraft coded_draft() {
  ProgramDraft d;
  d.header.input = d.add_tensor(DType::s8, {5, 3, 6}, 1.0f / 128, -7);
  const auto add_codes = [&](StepRecord& s, DType type, size_t weights, int32_t channels, uint32_t sharing) {
    const auto entries = static_cast<size_t>(codebook_entries(type));
    std::vector<uint32_t> codes(static_cast<size_t>(bytes_of(type, static_cast<int64_t>(weights)) / 4));
    for (size_t i = 0; i < codes.size(); ++i) codes[i] = 0x9E3779B9u * static_cast<uint32_t>(i + 1);
    std::vector<int8_t> book(static_cast<size_t>(channels) / sharing * entries);
    for (size_t i = 0; i < book.size(); ++i) book[i] = static_cast<int8_t>(37 * i + 128);
    s.types.weight = type;
    s.weight = d.add_constant(codes);
    s.codebook = d.add_constant(book);
    s.codebook_channels = sharing;
  };
  const uint32_t x = d.add_step(ops::OpCode::conv2d, DType::s8, ops::Conv2d{.out_channels = 12}, {d.header.input});
  add_codes(d.steps[0], DType::c5, 72, 12, 4);
  d.header.output = d.header.logits = d.add_step(ops::OpCode::dense, DType::s8, ops::Dense{.units = 2}, {x});
  add_codes(d.steps[1], DType::c4, 360, 2, 1);
  return d;
}

inline std::vector<uint8_t> tiny_program() { return sealed(tiny_draft()); }

}  // namespace dimple::format
