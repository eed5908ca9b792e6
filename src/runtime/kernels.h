// Which kernels this build has, out of the one list (ops/kernel_list.h).
#pragma once
#include "base/dtype.h"
#include "base/span.h"
#include "ops/kernel_call.h"
#include "ops/op_list.h"

namespace dimple::runtime {

struct KernelEntry {
  ops::OpCode op;
  DType dtype;  // that of the step: see format::StepRecord
  const char* variant;
  const char* name;
  ops::Kernel run;
};

// Every kernel; those of one operator and dtype stand together, the reference first, the best last.
Span<const KernelEntry> all_kernels();

// The variants of one operator and dtype; empty when there are none.
Span<const KernelEntry> kernels_of(ops::OpCode, DType);

// The best variant and the reference; null when there is none.
ops::Kernel find_kernel(ops::OpCode, DType);
ops::Kernel find_reference_kernel(ops::OpCode, DType);

}  // namespace dimple::runtime
