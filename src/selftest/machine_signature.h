// One hash that stands for what an integer program computes, bit for bit, on the machine this runs on, and a second for
// what a face reader says about it.
//
// Fixed pictures, drawn with integer arithmetic, go through the integer preprocessing and the network; the s8 logits,
// taken before any float operator, are hashed. Then faces on some of them are read. The same source runs
// in the host process and in every firmware, so a difference between two machines is a difference between their
// compilers, kernels or memories.
#pragma once
#include "base/span.h"
#include "base/status.h"
#include "kernels/select.h"

namespace dimple::selftest {

struct MachineSignature {
  Status status = Status::ok;
  uint32_t program_checksum = 0;  // tells which program it was
  uint64_t signature = 0;         // 64-bit FNV-1a of the logits of all pictures
  uint64_t answers = 0;           // the same of all faces' answers
  uint32_t pictures = 0;
  uint32_t steps = 0;
  uint32_t own_steps = 0;      // run by a kernel of this machine's own instruction sets
  uint32_t arena_planned = 0;  // bytes, as the program says
  uint32_t arena_used = 0;     // one past the highest byte handed to a kernel
  uint32_t guard_bytes = 0;    // bytes around the arena that were watched,
  uint32_t guard_changed = 0;  // and how many of them no longer held what was put there

  template <class Self, class F>
  static constexpr void visit(Self& self, F&& f) {
    f("status", self.status);
    f("program_checksum", self.program_checksum);
    f("signature", self.signature);
    f("answers", self.answers);
    f("pictures", self.pictures);
    f("steps", self.steps);
    f("own_steps", self.own_steps);
    f("arena_planned", self.arena_planned);
    f("arena_used", self.arena_used);
    f("guard_bytes", self.guard_bytes);
    f("guard_changed", self.guard_changed);
  }
};

// Enough memory for sign_machine: the pictures, the arena, and some guard behind it. 0 when these bytes are no program.
size_t signature_memory_bytes(Span<const uint8_t> program, kernels::IsaSet = kernels::isas_here());

// Memory is aligned to 16 bytes; all of it that is not needed for pictures and arena is watched as guard.
// Refuses a program that is not an integer one (bad_argument) or no face reader (reads_no_faces).
MachineSignature sign_machine(Span<const uint8_t> program, Span<uint8_t> memory,
                              kernels::IsaSet = kernels::isas_here());

}  // namespace dimple::selftest
