// Training may leave out the branches of a deep network, whole pictures at a time: what is left must do without, and
// gradients reach the front by the shortcuts.
#pragma once
#include "ir/graph.h"

namespace dimple::edit {

// add(x, branch(x))   =>   add(x, drop_path(branch(x)))
// Of n shortcuts the k-th, from the front, gets the rate k / n times `rate`: late branches matter least. A drop_path
// that is there gets the new rate.
// Left alone: sums of two branches, and of a branch and a shortcut with layers of its own, where neither is the other's
// origin; branches that someone else reads too. Returns how many were found.
int set_stochastic_depth(ir::Graph&, float rate);

}  // namespace dimple::edit
