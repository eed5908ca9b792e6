// Walks a planned program. prepare checks everything once; run only fills in calls and makes them.
#pragma once
#include "base/span.h"
#include "base/status.h"
#include "format/reader.h"
#include "ops/kernel_call.h"
#include "runtime/dimple.h"

namespace dimple::runtime {

// On any failure the session is left closed. The arena may be larger than the program needs.
Status prepare(dimple_session&, Span<const uint8_t> program, Span<uint8_t> arena);

Status run(dimple_session&);

bool is_open(const dimple_session&);

// The call of one step of a checked program.
ops::Call call_of(const format::Program&, const format::StepRecord&, uint8_t* arena);

}  // namespace dimple::runtime
