// A kernel against its reference, on the machine this runs on: the proof for machines whose tests cannot be run there.
#pragma once
#include "base/span.h"
#include "base/status.h"
#include "kernels/kernel.h"

namespace dimple::selftest {

struct KernelCheck {
  Status status = Status::ok;
  uint32_t cases = 0;   // that it took
  uint32_t differ = 0;  // where any byte of its output was not the reference's
};

// Runs it on those of the cases (selftest/kernel_cases.h) that it takes, and compares bytes: for kernels that write
// codes. Memory is aligned to 16 bytes and holds two outputs, packed weights and scratch.
KernelCheck check_kernel(const kernels::KernelInfo&, Span<const uint8_t> cases, Span<uint8_t> memory);

}  // namespace dimple::selftest
