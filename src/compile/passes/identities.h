// What an operator itself knows about computing nothing: an overload per operator that can be the identity, in its own
// folder
// (<op>_rewrite.cc). A node that says yes may give way to its input wherever someone reads it.
#pragma once
#include "ir/graph.h"

namespace dimple::ops {

bool is_identity(const Dropout&, const ir::Graph&, size_t node);
bool is_identity(const DropPath&, const ir::Graph&, size_t node);
bool is_identity(const Flatten&, const ir::Graph&, size_t node);
bool is_identity(const Pad&, const ir::Graph&, size_t node);
bool is_identity(const MaxPool&, const ir::Graph&, size_t node);
bool is_identity(const AveragePool&, const ir::Graph&, size_t node);
template <class Other>
bool is_identity(const Other&, const ir::Graph&, size_t) {
  return false;
}

}  // namespace dimple::ops
