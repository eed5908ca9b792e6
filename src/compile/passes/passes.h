// The rewrites. Each takes a verified graph and leaves one that computes the same; its .cc shows before -> after and
// what it leaves alone. The order in which they run is compile/pipeline.cc.
#pragma once
#include "ir/graph.h"

namespace dimple::compile {

void remove_identities(ir::Graph&);
void fold_batch_norm(ir::Graph&);
void batch_norm_to_depthwise(ir::Graph&);
void fuse_pad(ir::Graph&);
void fuse_activation(ir::Graph&);
void remove_unread(ir::Graph&);

}  // namespace dimple::compile
