// pad(x) -> conv(pad p)   =>   conv(x, pad p + pad)
//
// For every linear operator with a window: its padding adds nothing, like zeros.
//
// Left alone: a pad that another node reads too; a pad that takes rows or columns away (the convolution's own padding
// would read them again); a sum of pads that reaches the window's size (a convolution refuses a window that lies wholly
// in the padding); a pad that was trained for other codes than its input; pools, because they do not count or compare
// padding, while a pad's zeros are values like any other.
#include "compile/passes/passes.h"
#include "edit/surgery.h"
#include "ir/traits.h"

namespace dimple::compile {
namespace {

// True if node i was a convolution that could take in the pad it reads, which makes it node i - 1.
bool take_in_pad(ir::Graph& graph, size_t i) {
  ops::Window* window = ir::window_of(graph.nodes[i].op);
  const ir::Value from = graph.nodes[i].inputs[0];
  if (!window || !ir::is_linear(graph.nodes[i].op) || from == ir::kInput || !edit::has_one_reader(graph, from))
    return false;
  const auto* pad = std::get_if<ops::Pad>(&graph.node_of(from).op);
  if (!pad || pad->crops()) return false;
  ops::Window wider = *window;
  wider.pad_top += pad->top;
  wider.pad_left += pad->left;
  wider.pad_bottom += pad->bottom;
  wider.pad_right += pad->right;
  ops::Shape out;
  const ir::Value padded = graph.node_of(from).inputs[0];
  if (!wider.slide(graph.type_of(padded).shape, out) || !edit::hand_over_codes(graph, from, padded)) return false;
  *window = wider;
  edit::remove_node(graph, static_cast<size_t>(from - 1));
  return true;
}

}  // namespace

int fuse_pad(ir::Graph& graph) {
  int fused = 0;
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    for (; take_in_pad(graph, i); --i) ++fused;
  return fused;
}

}  // namespace dimple::compile
