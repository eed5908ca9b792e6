#include "runtime/executor.h"

#include "base/fixed_point.h"
#include "base/memory.h"
#include "format/stripes.h"

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
                         .scratch = arena == nullptr || step.scratch_bytes == 0 ? nullptr : arena + step.scratch_at,
                         .codebook = static_cast<const int8_t*>(constant_at(program, step.codebook)),
                         .codebook_channels = static_cast<int32_t>(step.codebook_channels)});
}

const KernelInfo* kernel_of(const Program& program, const StepRecord& step, IsaSet isas, bool compact) {
  return kernels::select({static_cast<ops::OpCode>(step.op), step.types, step.layout, isas, compact},
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
      kernel.pack(kernel.weights, step.types.weight, format::weight_of(program, step), call, packed);
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

// The kernel of one step at work: on the arena as the program lays it out, with what prepare has chosen.
namespace {

struct ReadyStep {
  ops::Call call;
  ops::Kernel run;

  [[gnu::noinline]] ReadyStep(const Program& program, const StepRecord& step, const PreparedStep& prepared,
                              uint8_t* arena)
      : call(call_of(program, step, arena)), run(prepared.run) {
    call.weight = prepared.weight;
    call.scratch = prepared.scratch;
  }
};

// A step that writes a striped tensor and the one that reads it, in turns.
[[gnu::noinline]] void run_in_turns(const format::TensorRecord& tensor, const ops::Window& window, ReadyStep& writer,
                                    ReadyStep& reader) {
  auto* const memory = static_cast<uint8_t*>(writer.call.out.data);
  const int64_t row = tensor.bytes / format::stripes_of(tensor, window, 0).rows_there;
  int32_t front = 0;  // the tensor's row that lies first in its memory
  format::stripes_of(tensor, window, reader.call.out.height).for_turns([&](const format::Turn& turn) {
    const int64_t kept = turn.made_first - turn.kept_first;
    if (turn.kept_first != front && kept > 0)
      __builtin_memmove(memory, memory + (turn.kept_first - front) * row, static_cast<size_t>(kept * row));
    front = turn.kept_first;
    writer.call.out.data = reader.call.in[0].data = memory - front * row;
    if (turn.made_first < turn.made_last) writer.run(&writer.call, {turn.made_first, turn.made_last});
    reader.run(&reader.call, {turn.out_first, turn.out_last});
  });
  reader.call.in[0].data = memory;
}

}  // namespace

Status run(dimple_session& session) {
  if (!is_open(session)) return Status::wrong_order;
  const Program program = format::view_program(session.program);
  const PreparedStep* prepared = prepared_steps(session);
  for (uint32_t i = 0; i < program.steps.size(); ++i) {
    ReadyStep step(program, program.steps[i], prepared[i], session.arena);
    const TensorRecord& out = program.tensors[program.steps[i].out];
    if (!format::is_striped(out)) {
      if (session.runner != nullptr)
        session.runner(session.runner_user, i, step.run, &step.call);
      else
        step.run(&step.call, ops::all_rows(step.call.out));
    } else {
      ++i;
      ReadyStep reader(program, program.steps[i], prepared[i], session.arena);
      const uint32_t* attributes = program.attributes.data() + program.steps[i].attributes;
      run_in_turns(out, format::striped_window(program.steps[i].op, attributes), step, reader);
      step = reader;
    }
    if (session.trace != nullptr) session.trace(session.trace_user, i, &step.call);
  }
  return Status::ok;
}

bool is_open(const dimple_session& session) { return session.state == kOpen; }

}  // namespace dimple::runtime
