// Writes the cases that the conformance tests draw for machines which cannot draw them.
#pragma once
#include "ops/kernel_case_testing.h"
#include "selftest/kernel_check.h"

namespace dimple::selftest {

class CasesWriter {
 public:
  void add(const ops::KernelCase& k) {
    const size_t at = bytes_.size();
    bytes_.resize(at + round_up<size_t>(sizeof(CaseRecord), format::kAlign));
    const auto append = [&](const auto& values) {
      const size_t from = bytes_.size(), bytes = values.size() * sizeof(values[0]);
      bytes_.resize(round_up<size_t>(from + bytes, format::kAlign));
      if (bytes != 0) std::memcpy(bytes_.data() + from, values.data(), bytes);
      return static_cast<uint32_t>(from - at);
    };
    CaseRecord record;
    record.op = static_cast<uint32_t>(k.op);
    record.types = k.types;
    record.inputs = static_cast<uint8_t>(k.inputs);
    for (int i = 0; i < k.inputs; ++i) record.in[i] = tensor(k.in[i], append(k.in[i].bytes));
    record.out = tensor(k.out, static_cast<uint32_t>(k.out.size_bytes()));
    record.attributes = append(k.attributes);
    record.weight = append(k.weight);
    record.bias = append(k.bias);
    record.multiplier = append(k.multiplier);
    record.shift = append(k.shift);
    record.codebook = append(k.codebook);
    record.codebook_channels = static_cast<uint32_t>(k.codebook_channels);
    if (k.types.out == DType::f32) record.allowed = append(ops::tolerances(k, ops::answer<float>(k)));
    record.clamp_low = k.clamps.low, record.clamp_high = k.clamps.high;
    record.clamp_low_f32 = k.clamps.low_f32, record.clamp_high_f32 = k.clamps.high_f32;
    record.bytes = static_cast<uint32_t>(bytes_.size() - at);
    std::memcpy(bytes_.data() + at, &record, sizeof record);
    ++header_.case_count;
  }

  std::vector<uint8_t> finish() {
    header_.file_bytes = static_cast<uint32_t>(bytes_.size());
    std::memcpy(bytes_.data(), &header_, sizeof header_);
    return bytes_;
  }

 private:
  static CaseTensor tensor(const ops::TestTensor& t, uint32_t data) {
    return {t.shape.height, t.shape.width, t.shape.channels, t.zero_point, t.scale, data};
  }

  CasesHeader header_;
  std::vector<uint8_t> bytes_ = std::vector<uint8_t>(sizeof(CasesHeader));
};

// Random calls that at least one kernel of these instruction sets takes beside the reference. The same seed gives the
// same cases.
inline std::vector<uint8_t> random_kernel_cases(uint32_t seed, int rounds, kernels::IsaSet isas) {
  const auto taken = [&](const ops::KernelCase& k) {
    std::vector<std::vector<uint8_t>> in = k.input_bytes();
    const DimpleCall call = k.call(in, nullptr);
    for (const kernels::KernelInfo& kernel : kernels::all_kernels())
      if (kernel.op == k.op && kernel.types == k.types && isas.has(kernel.isa) && kernel.fits(call) &&
          &kernel != &ops::reference_of(k))
        return true;
    return false;
  };
  CasesWriter cases;
  for (size_t form = 0; form < std::size(ops::kForms<ops::Conv2d>); ++form) {
#define DIMPLE_X(Type, name)                                                                          \
  if (const Types types = ops::kForms<ops::Type>[form]; kernels::reference(ops::OpCode::name, types)) \
    for (int round = 0; round < rounds; ++round) {                                                    \
      ops::Random random(seed + static_cast<uint32_t>(round));                                        \
      const ops::KernelCase k = ops::random_case<ops::Type>(ops::OpCode::name, types, random);        \
      if (taken(k)) cases.add(k);                                                                     \
    }
    DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X
  }
  return cases.finish();
}

}  // namespace dimple::selftest
