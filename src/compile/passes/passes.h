// The rewrites. Each takes a verified graph, leaves one that computes the same, and says how often it rewrote; its .cc
// shows before -> after and what it leaves alone. The order in which they run is compile/pipeline.cc; equalise_channels
// is a step of compile/quantise.cc.
#pragma once
#include "ir/graph.h"

namespace dimple::compile {

int remove_identities(ir::Graph&);
int fold_batch_norm(ir::Graph&);
int batch_norm_to_depthwise(ir::Graph&);
int fuse_pad(ir::Graph&);
int fuse_activation(ir::Graph&);
int remove_unread(ir::Graph&);
int equalise_channels(ir::Graph&);

}  // namespace dimple::compile
