#include "runtime/executor.h"

#include "base/fixed_point.h"
#include "base/memory.h"

namespace dimple::runtime {
namespace {

using format::kNone;
using format::Program;
using format::StepRecord;
using format::TensorRecord;
using kernels::IsaSet;
using kernels::KernelInfo;

constexpr uint32_t kOpen = 0x4E45504F;  // "OPEN": unlikely in memory that was never prepared

ops::Tensor tensor_of(const Program& program, uint32_t index, uint8_t* arena) {
  if (index == kNone) return {};
  const TensorRecord& t = program.tensors[index];
  return {arena == nullptr ? nullptr : arena + t.arena_at, t.height, t.width, t.channels, t.zero_point, t.scale};
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
  ops::Tensor in[ops::kMaxInputs];
  for (int i = 0; i < ops::kMaxInputs; ++i) in[i] = tensor_of(program, step.in[i], arena);
  return ops::make_call(in, tensor_of(program, step.out, arena),
                        {.attributes = program.attributes.data() + step.attributes,
                         .weight = constant_at(program, step.weight),
                         .bias = constant_at(program, step.bias),
                         .multiplier = static_cast<const int32_t*>(constant_at(program, step.multiplier)),
                         .shift = static_cast<const int32_t*>(constant_at(program, step.shift)),
                         .clamps = {step.clamp_low, step.clamp_high, step.clamp_low_f32, step.clamp_high_f32},
                         .scratch = arena == nullptr || step.scratch_bytes == 0 ? nullptr : arena + step.scratch_at});
}

const KernelInfo* kernel_of(const Program& program, const StepRecord& step, IsaSet isas) {
  return kernels::select({static_cast<ops::OpCode>(step.op), step.types, step.layout, isas},
                         call_of(program, step, nullptr));
}

// The weights of a step that the program holds as the graph has them and its kernel wants in another layout.
static int64_t bytes_to_pack(const Program& program, const StepRecord& step, const KernelInfo& kernel) {
  return kernel.weights == step.layout ? 0 : format::packed_bytes(kernel.weights, format::weight_of(program, step));
}

MemoryPlan plan_memory(const Program& program, IsaSet isas) {
  int64_t scratch = 0, weights = 0;
  for (const StepRecord& step : program.steps) {
    const KernelInfo* kernel = kernel_of(program, step, isas);
    if (kernel == nullptr || kernel->run == nullptr) return {.status = Status::no_kernel};
    const uint32_t wanted = kernel->scratch_bytes(call_of(program, step, nullptr));
    if (wanted > step.scratch_bytes) scratch = max_of<int64_t>(scratch, wanted);
    weights += round_up<int64_t>(bytes_to_pack(program, step, *kernel), format::kAlign);
  }
  const int64_t steps_at = round_up<int64_t>(program.header->arena_bytes, format::kAlign);
  const int64_t scratch_at =
      round_up<int64_t>(steps_at + static_cast<int64_t>(program.steps.size() * sizeof(PreparedStep)), format::kAlign);
  const int64_t weights_at = round_up<int64_t>(scratch_at + scratch, format::kAlign), bytes = weights_at + weights;
  if (bytes > INT32_MAX) return {.status = Status::memory_too_small};
  return {Status::ok, static_cast<uint32_t>(steps_at), static_cast<uint32_t>(scratch_at),
          static_cast<uint32_t>(weights_at), static_cast<uint32_t>(bytes)};
}

uint32_t memory_bytes(Span<const uint8_t> program, IsaSet isas) {
  if (program.data() == nullptr) return 0;
  const Result<Program> read = format::read_program(program);
  if (!read.ok()) return 0;
  const MemoryPlan plan = plan_memory(read.value(), isas);
  return plan.status == Status::ok ? plan.bytes : 0;
}

static PreparedStep* prepared_steps(const dimple_session& session) {
  return reinterpret_cast<PreparedStep*>(session.arena + session.steps_at);
}

// Fills in the table behind the arena and packs weights; the memory is large enough.
static void prepare_steps(dimple_session& session, const Program& program, const MemoryPlan& plan, IsaSet isas) {
  PreparedStep* prepared = prepared_steps(session);
  uint8_t* packed = session.arena + plan.weights_at;
  for (const StepRecord& step : program.steps) {
    const KernelInfo& kernel = *kernel_of(program, step, isas);
    const ops::Call call = call_of(program, step, session.arena);
    PreparedStep& to = *prepared++;
    to = {kernel.run, call.weight, call.scratch};
    if (kernel.scratch_bytes(call) > step.scratch_bytes) to.scratch = session.arena + plan.scratch_at;
    if (const int64_t bytes = bytes_to_pack(program, step, kernel); bytes > 0) {
      kernel.pack(kernel.weights, format::weight_of(program, step), call, packed);
      to.weight = packed;
      packed += round_up<int64_t>(bytes, format::kAlign);
    }
    session.arena_high = max_of(session.arena_high, arena_end(program, step));
  }
}

Status prepare(dimple_session& session, Span<const uint8_t> program, Span<uint8_t> memory, IsaSet isas) {
  session = {};
  if (program.data() == nullptr || memory.data() == nullptr) return Status::bad_argument;
  const Result<Program> read = format::read_program(program);
  if (!read.ok()) return read.status();
  const MemoryPlan plan = plan_memory(read.value(), isas);
  if (plan.status != Status::ok) return plan.status;
  if (memory.size() < plan.bytes) return Status::memory_too_small;
  if (!aligned(memory.data(), format::kAlign)) return Status::misaligned;
  session.program = program.data();
  session.program_bytes = read.value().header->file_bytes;
  session.arena = memory.data();
  session.steps_at = plan.steps_at;
  prepare_steps(session, read.value(), plan, isas);
  session.state = kOpen;
  return Status::ok;
}

Status run(dimple_session& session) {
  if (!is_open(session)) return Status::wrong_order;
  const Program program = format::view_program(session.program);
  const PreparedStep* prepared = prepared_steps(session);
  uint32_t index = 0;
  for (const StepRecord& step : program.steps) {
    ops::Call call = call_of(program, step, session.arena);
    call.weight = prepared[index].weight;
    call.scratch = prepared[index].scratch;
    prepared[index].run(&call, ops::all_rows(call.out));
    if (session.trace != nullptr) session.trace(session.trace_user, index, &call);
    ++index;
  }
  return Status::ok;
}

bool is_open(const dimple_session& session) { return session.state == kOpen; }

}  // namespace dimple::runtime
