// Walks a planned program. prepare checks everything once, chooses each step's kernel and packs its weights; run only
// fills in calls and makes them.
#pragma once
#include "base/span.h"
#include "base/status.h"
#include "format/reader.h"
#include "kernels/select.h"
#include "runtime/dimple.h"

namespace dimple::runtime {

// What is kept of a step between prepare and run.
struct PreparedStep {
  ops::Kernel run;
  const void* weight;
  void* scratch;
};

// Memory that a checked program needs:
//   the arena, as planned | PreparedStep[step_count] | scratch beyond what was planned | weights that are packed here
struct MemoryPlan {
  Status status = Status::ok;  // no_kernel: nothing else counts
  uint32_t steps_at = 0, scratch_at = 0, weights_at = 0, bytes = 0;
};
MemoryPlan plan_memory(const format::Program&, kernels::IsaSet);
// Of bytes that may be anything: 0 when they are no program, or one that cannot run here.
uint32_t memory_bytes(Span<const uint8_t> program, kernels::IsaSet);

// On any failure the session is left closed. There may be more memory than the program needs.
Status prepare(dimple_session&, Span<const uint8_t> program, Span<uint8_t> memory,
               kernels::IsaSet = kernels::isas_here());

Status run(dimple_session&);

bool is_open(const dimple_session&);

// The call of one step of a checked program, as the program holds it; without an arena its data points nowhere.
ops::Call call_of(const format::Program&, const format::StepRecord&, uint8_t* arena);

// Null when no kernel of these instruction sets takes the step. `compact`: weights take no more bits than their type.
const kernels::KernelInfo* kernel_of(const format::Program&, const format::StepRecord&, kernels::IsaSet,
                                     bool compact = false);

}  // namespace dimple::runtime
