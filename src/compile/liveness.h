// From a graph to the planner's question: which value lives from which step to which, and what may run over what.
#pragma once
#include "compile/planner.h"
#include "compile/stripes.h"
#include "ir/graph.h"

namespace dimple::compile {

struct SharingOptions {
  bool in_place = true;  // element-wise operators may write onto an input that dies
  bool overlap = true;   // sliding windows may write behind the rows they have read
};

// The last integer value, before any float operator; the output where there is none.
ir::Value logits_of(const ir::Graph&);

// Buffer v is value v. The graph's input lives from before the first step; output and logits live past the last one. The
// two steps at a striped value are one: what either reads or writes lives through both, and shares nothing.
ArenaRequest arena_request(const ir::Graph&, const SharingOptions& = {}, const KeptRows& = {});

}  // namespace dimple::compile
