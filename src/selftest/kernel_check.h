// A kernel against its reference, on the machine this runs on: the proof for machines whose tests cannot be run there.
#pragma once
#include "base/dtype.h"
#include "base/span.h"
#include "base/status.h"
#include "format/program.h"
#include "kernels/kernel.h"

namespace dimple::selftest {

// Calls of kernels as one piece of memory: what a host drew at random, carried to another machine.
//
//   CasesHeader | for each case: CaseRecord, then what it points to, each on a 16-byte boundary
inline constexpr uint32_t kCasesMagic = 0x53434D44;  // "DMCS"

// Begins like a program: a board that finds it in flash knows how long it is.
struct CasesHeader {
  uint32_t magic = kCasesMagic;
  uint32_t case_count = 0;
  uint32_t file_bytes = 0;
  uint32_t reserved = 0;
};
static_assert(offsetof(CasesHeader, file_bytes) == offsetof(format::Header, file_bytes));

struct CaseTensor {
  int32_t height = 0, width = 0, channels = 0, zero_point = 0;
  float scale = 0;
  uint32_t data = 0;  // bytes from the record's start, as all below; of the output: how many it has
};

struct CaseRecord {
  uint32_t bytes = 0;  // to the next record
  uint32_t op = 0;     // kNumber of the operator's header
  Types types;
  uint8_t inputs = 0;
  CaseTensor in[ops::kMaxInputs], out;
  uint32_t attributes = 0, weight = 0, bias = 0, multiplier = 0, shift = 0, codebook = 0;
  uint32_t codebook_channels = 0;
  uint32_t allowed = 0;  // of floats: how far each may stand from the reference's, as the host's tests allow
  int32_t clamp_low = 0, clamp_high = 0;
  float clamp_low_f32 = 0, clamp_high_f32 = 0;
};
static_assert(sizeof(CaseRecord) == 276);

struct KernelCheck {
  Status status = Status::ok;
  uint32_t cases = 0;   // that it took
  uint32_t differ = 0;  // where a code of its output was not the reference's, or a float too far from it
};

// Runs it on those of the cases that it takes, and compares codes by their bits and floats within the record's bound.
// Memory is aligned to 16 bytes and holds two outputs, packed weights and scratch.
KernelCheck check_kernel(const kernels::KernelInfo&, Span<const uint8_t> cases, Span<uint8_t> memory);

}  // namespace dimple::selftest
