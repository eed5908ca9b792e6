// Opens and runs whatever bytes come, in memory of exactly the size that was asked for: the address sanitizer, or
// without it a guard on both sides, notices a step beside it.
#pragma once
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "format/program_testing.h"
#include "runtime/dimple.h"
#include "runtime/executor.h"

namespace dimple::runtime {

#if defined(__SANITIZE_ADDRESS__)
#define DIMPLE_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define DIMPLE_ADDRESS_SANITIZER 1
#endif
#endif
#ifdef DIMPLE_ADDRESS_SANITIZER
inline constexpr size_t kHostileGuard = 0;  // the allocator has its own, for reads too
#else
inline constexpr size_t kHostileGuard = 256;
#endif
inline constexpr uint32_t kMaxHostileArena = 1u << 20;

// A bound on what a run costs: no kernel looks at an input more than once per output, but for padding.
inline uint64_t most_work(const format::Program& program) {
  uint64_t work = 0;
  for (const format::StepRecord& step : program.steps)
    work += uint64_t{program.tensors[step.out].bytes} * program.tensors[step.in[0]].bytes;
  return work;
}

// The status of opening; a program that opens within reason is also run. Throws when the run touched the guard.
inline Status open_and_run(std::vector<uint8_t> bytes) {
  format::fix_checksum(bytes);
  constexpr uint8_t kMark = 0x5A;
  const auto size = static_cast<uint32_t>(bytes.size());
  const uint32_t memory_bytes = dimple_memory_bytes(bytes.data(), size);
  if (memory_bytes > kMaxHostileArena) return Status::memory_too_small;
  std::vector<uint8_t> memory(kHostileGuard + memory_bytes + kHostileGuard, kMark);
  uint8_t* arena = memory.data() + kHostileGuard;
  dimple_session session;
  const int32_t status = dimple_open(&session, bytes.data(), size, arena, memory_bytes);
  if (status != 0) return static_cast<Status>(status);
  const format::Program program = format::view_program(bytes.data());
  if (most_work(program) > 30'000'000) return Status::ok;
  const uint32_t arena_bytes = dimple_arena_bytes(bytes.data(), size);
  std::memset(arena, 0, arena_bytes);
  if (dimple_run(&session) != 0) throw std::runtime_error("an opened program does not run");
  if (dimple_arena_high(&session) > arena_bytes) throw std::runtime_error("the arena's high mark lies beyond it");
  for (size_t i = 0; i < kHostileGuard; ++i)
    if (memory[i] != kMark || memory[memory.size() - 1 - i] != kMark)
      throw std::runtime_error("wrote beside the arena");
  return Status::ok;
}

}  // namespace dimple::runtime
