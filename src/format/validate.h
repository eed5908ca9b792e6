// Whether a program whose sections lie inside its file keeps every promise that kernels rely on.
#pragma once
#include "format/reader.h"

namespace dimple::format {

// What holds afterwards:
//   tensors     f32 or s8, a sane shape, as many bytes as the shape says, inside the arena; s8 has a positive scale
//   steps       known operator; attributes in range; inputs written by an earlier step (or the program's input); shapes
//               and dtypes as the operator says; parameters and scratch inside constants and arena
//   integers    shifts 1 .. 62, multipliers not negative, and no sum that could leave 32 bits
//   input, output and logits are tensors, the latter two written by some step
// Tensors may overlap: the planner does so on purpose, and no kernel uses what it reads as an address.
Status validate(const Program& program);

}  // namespace dimple::format
