// The one choice of a kernel: for opening a program, for the compiler on behalf of a target, for generated C.
#pragma once
#include "kernels/kernel.h"

namespace dimple::kernels {

struct Wanted {
  ops::OpCode op;
  Types types;
  Layout weights = Layout::plain;  // as the program holds them; plain ones can still be packed
  IsaSet isas;
  bool compact = false;  // no kernel that wants weights in more bits than their type has
};

// The first that fits; null when there is none. Whether it can run here is for the caller to look at.
const KernelInfo* select(const Wanted&, const ops::Call&);

// The plain loop that every other kernel is held against; null when the operator has no such form.
const KernelInfo* reference(ops::OpCode, Types);

// What this processor has, of the instruction sets that were compiled in.
IsaSet isas_here();

// Those of a set up to that level; not all that stand before it need be there.
IsaSet up_to(Isa level, IsaSet);
// The best of a set.
Isa level_of(IsaSet);

}  // namespace dimple::kernels
