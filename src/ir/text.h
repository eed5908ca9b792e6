// A graph as text, one node a line, and back. Constants travel separately (they are named by their node).
//
//   graph tiny
//   input : f32[48,48,1]
//   stem = conv2d(input) out_channels=8 kernel=3 stride=2 pad=1 activation=relu : f32[24,24,8]
//   pool = global_average_pool(stem) : f32[1,1,8]
//
// Attributes come from each operator's visit(); those at their default are left out. `kernel`, `stride`, `pad` and
// `dilation` stand for the fields they group: one number for all of them, or all of them with an x between (stride=2x1,
// pad=0x0x1x1 for top, left, bottom, right). A quantised value adds its scale and zero point,
// s8[24,24,8] * 0.0235 @ -128, and so does a float value that was trained for codes: f32[24,24,8] * 0.0235 @ -128.
#pragma once
#include <string>
#include <string_view>

#include "ir/graph.h"

namespace dimple::ir {

std::string print(const Graph&);

// Throws host::Error(Exit::model) with the line number. The result is verified but for its constants.
Graph parse(std::string_view text);

}  // namespace dimple::ir
