#include "runtime/executor.h"

#include "base/fixed_point.h"
#include "base/memory.h"
#include "runtime/kernels.h"

namespace dimple::runtime {
namespace {

using format::kNone;
using format::Program;
using format::StepRecord;
using format::TensorRecord;

constexpr uint32_t kOpen = 0x4E45504F;  // "OPEN": unlikely in memory that was not prepared

ops::Kernel kernel_of(const StepRecord& step) {
  return find_kernel(static_cast<ops::OpCode>(step.op), static_cast<DType>(step.dtype));
}

ops::Tensor tensor_of(const Program& program, uint32_t index, uint8_t* arena) {
  if (index == kNone) return {};
  const TensorRecord& t = program.tensors[index];
  return {arena + t.arena_at, t.height, t.width, t.channels, t.zero_point, t.scale};
}

const void* constant_at(const Program& program, uint32_t at) {
  return at == kNone ? nullptr : program.constants.data() + at;
}

// One past the highest arena byte that this step's kernel is given.
uint32_t arena_end(const Program& program, const StepRecord& step) {
  uint32_t end = step.scratch_bytes == 0 ? 0 : step.scratch_at + step.scratch_bytes;
  const auto reach = [&](uint32_t index) {
    if (index != kNone) end = max_of(end, program.tensors[index].arena_at + program.tensors[index].bytes);
  };
  for (const uint32_t index : step.in) reach(index);
  reach(step.out);
  return end;
}

}  // namespace

ops::Call call_of(const Program& program, const StepRecord& step, uint8_t* arena) {
  ops::Tensor in[ops::kMostInputs];
  for (int i = 0; i < ops::kMostInputs; ++i) in[i] = tensor_of(program, step.in[i], arena);
  return ops::make_call(in, tensor_of(program, step.out, arena),
                        {.attributes = program.attributes.data() + step.attributes,
                         .weight = constant_at(program, step.weight),
                         .bias = constant_at(program, step.bias),
                         .multiplier = static_cast<const int32_t*>(constant_at(program, step.multiplier)),
                         .shift = static_cast<const int32_t*>(constant_at(program, step.shift)),
                         .clamps = {step.clamp_low, step.clamp_high, step.clamp_low_f32, step.clamp_high_f32},
                         .scratch = step.scratch_bytes == 0 ? nullptr : arena + step.scratch_at});
}

Status prepare(dimple_session& session, Span<const uint8_t> program, Span<uint8_t> arena) {
  session = {};
  if (program.data() == nullptr || arena.data() == nullptr) return Status::bad_argument;
  const Result<Program> read = format::read_program(program);
  if (!read.ok()) return read.status();
  for (const StepRecord& step : read.value().steps)
    if (kernel_of(step) == nullptr) return Status::no_kernel;
  if (arena.size() < read.value().header->arena_bytes) return Status::arena_too_small;
  if (!aligned(arena.data(), format::kAlign)) return Status::misaligned;
  session.program = program.data();
  session.program_bytes = read.value().header->file_bytes;
  session.arena = arena.data();
  session.state = kOpen;
  return Status::ok;
}

Status run(dimple_session& session) {
  if (!is_open(session)) return Status::wrong_order;
  const Program program = format::view_program(session.program);
  uint32_t index = 0;
  for (const StepRecord& step : program.steps) {
    const ops::Call call = call_of(program, step, session.arena);
    kernel_of(step)(&call);
    session.arena_high = max_of(session.arena_high, arena_end(program, step));
    if (session.trace != nullptr) session.trace(session.trace_user, index, &call);
    ++index;
  }
  return Status::ok;
}

bool is_open(const dimple_session& session) { return session.state == kOpen; }

}  // namespace dimple::runtime
