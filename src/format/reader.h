// Reads a planned program in place. A program file is hostile until it has passed here; afterwards nothing is checked
// again: every index, offset, shape and parameter of every step is then known to stay inside program and arena.
#pragma once
#include "base/result.h"
#include "base/span.h"
#include "format/program.h"
#include "ops/parameters.h"

namespace dimple::format {

// Larger ones are refused: with these bounds no 32-bit product of a kernel's index arithmetic can overflow, and the
// checks, quadratic in the number of steps, end soon.
inline constexpr uint32_t kMaxFileBytes = 1u << 30;
inline constexpr uint32_t kMaxArenaBytes = 1u << 30;
inline constexpr uint32_t kMaxSteps = 4096;

struct Program {
  const Header* header = nullptr;
  Span<const TensorRecord> tensors;
  Span<const StepRecord> steps;
  Span<const uint32_t> attributes;
  Span<const uint8_t> constants;
  Span<const uint8_t> labels;
  Span<const uint8_t> metadata;
};

// Magic, version and lengths of the header alone, for those who want to know the arena's size before anything else.
Result<Header> read_header(Span<const uint8_t> bytes);

// The whole program, checked. The bytes are aligned to kAlign and outlive the result; there may be more than
// file_bytes.
Result<Program> read_program(Span<const uint8_t> bytes);

// The axes of a checked step's weight.
ops::Dims weight_of(const Program&, const StepRecord&);

// The same without any check, for bytes that have passed read_program.
Program view_program(const void* checked);

}  // namespace dimple::format
