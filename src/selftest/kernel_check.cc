#include "selftest/kernel_check.h"

#include "base/memory.h"
#include "format/attributes.h"
#include "kernels/select.h"

namespace dimple::selftest {
namespace {

using kernels::KernelInfo;

// Takes memory piece by piece; null when there is no more.
class Pieces {
 public:
  explicit Pieces(Span<uint8_t> memory) : memory_(memory) {}

  uint8_t* take(size_t bytes) {
    const size_t at = used_;
    used_ += round_up<size_t>(bytes, format::kAlign);
    return used_ <= memory_.size() ? memory_.data() + at : nullptr;
  }

 private:
  Span<uint8_t> memory_;
  size_t used_ = 0;
};

// The call as a host drew it. Kernels only read their inputs, which may lie in flash.
ops::Call call_of(const CaseRecord& record) {
  auto* base = const_cast<uint8_t*>(reinterpret_cast<const uint8_t*>(&record));
  const auto tensor = [&](const CaseTensor& t, uint8_t* data) {
    return ops::Tensor{data, t.height, t.width, t.channels, t.zero_point, t.scale};
  };
  ops::Tensor in[ops::kMaxInputs]{};
  for (int i = 0; i < record.inputs; ++i) in[i] = tensor(record.in[i], base + record.in[i].data);
  return ops::make_call({in, record.inputs}, tensor(record.out, nullptr),
                        {.attributes = base + record.attributes,
                         .weight = base + record.weight,
                         .bias = base + record.bias,
                         .multiplier = reinterpret_cast<const int32_t*>(base + record.multiplier),
                         .shift = reinterpret_cast<const int32_t*>(base + record.shift),
                         .clamps = {record.clamp_low, record.clamp_high, record.clamp_low_f32, record.clamp_high_f32},
                         .codebook = reinterpret_cast<const int8_t*>(base + record.codebook),
                         .codebook_channels = static_cast<int32_t>(record.codebook_channels)});
}

ops::Dims weight_of(const ops::Call& call, ops::OpCode op) {
  ops::Shape shapes[ops::kMaxInputs];
  for (int i = 0; i < ops::kMaxInputs; ++i) shapes[i] = {call.in[i].height, call.in[i].width, call.in[i].channels};
  return ops::with_operator(
      op, [&](auto kind) { return ops::parameters_of(ops::attributes_of<decltype(kind)>(call), shapes).weight; });
}

// False when memory is short.
bool run(const KernelInfo& kernel, ops::Call call, uint8_t* to, Pieces pieces) {
  const ops::Dims weight = weight_of(call, kernel.op);
  uint8_t* const packed = pieces.take(static_cast<size_t>(format::packed_bytes(kernel.weights, weight)));
  call.scratch = pieces.take(kernel.scratch_bytes(call));
  call.out.data = to;
  if (call.scratch == nullptr) return false;
  if (kernel.pack != nullptr) {
    kernel.pack(kernel.weights, kernel.types.weight, weight, call, packed);
    call.weight = packed;
  }
  kernel.run(&call, ops::all_rows(call.out));
  return true;
}

// A NaN agrees with nothing.
bool agree(const CaseRecord& record, const uint8_t* expected, const uint8_t* got) {
  const uint32_t bytes = record.out.data;
  if (record.types.out != DType::f32) return __builtin_memcmp(expected, got, bytes) == 0;
  const auto* const allowed = reinterpret_cast<const uint8_t*>(&record) + record.allowed;
  for (uint32_t at = 0; at < bytes; at += sizeof(float)) {
    float wanted, found, most;
    copy_bytes(&wanted, expected + at, sizeof wanted);
    copy_bytes(&found, got + at, sizeof found);
    copy_bytes(&most, allowed + at, sizeof most);
    if (!(__builtin_fabsf(wanted - found) <= most)) return false;
  }
  return true;
}

Status check(const KernelInfo& kernel, const CaseRecord& record, Span<uint8_t> memory, KernelCheck& found) {
  const ops::Call call = call_of(record);
  if (record.op != static_cast<uint32_t>(kernel.op) || !(record.types == kernel.types) || !kernel.fits(call))
    return Status::ok;
  Pieces pieces(memory);
  uint8_t* const expected = pieces.take(record.out.data);
  uint8_t* const got = pieces.take(record.out.data);
  if (got == nullptr) return Status::memory_too_small;
  fill_bytes(got, 0x5A, record.out.data);
  if (!run(*kernels::reference(kernel.op, kernel.types), call, expected, pieces) || !run(kernel, call, got, pieces))
    return Status::memory_too_small;
  ++found.cases;
  found.differ += !agree(record, expected, got);
  return Status::ok;
}

}  // namespace

KernelCheck check_kernel(const KernelInfo& kernel, Span<const uint8_t> cases, Span<uint8_t> memory) {
  KernelCheck found;
  CasesHeader header;
  if (cases.size() < sizeof header) return {.status = Status::truncated};
  copy_bytes(&header, cases.data(), sizeof header);
  if (header.magic != kCasesMagic) return {.status = Status::bad_magic};
  if (header.file_bytes > cases.size()) return {.status = Status::truncated};
  const uint8_t* at = cases.data() + sizeof header;
  for (uint32_t i = 0; i < header.case_count && found.status == Status::ok; ++i) {
    const auto& record = *reinterpret_cast<const CaseRecord*>(at);
    found.status = check(kernel, record, memory, found);
    at += record.bytes;
  }
  return found;
}

}  // namespace dimple::selftest
