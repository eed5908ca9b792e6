// Small cuts and stitches on a graph. Every function leaves the nodes in a runnable order and every value number valid.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "ir/graph.h"

namespace dimple::edit {

// Indices of the nodes that read a value, once per input slot that does.
std::vector<size_t> readers_of(const ir::Graph&, ir::Value);

// The one place that reads the value: true when exactly one input slot of one node does and it is not the graph's
// output, so that a pass may change what the value holds if it changes that reader too.
bool has_one_reader(const ir::Graph&, ir::Value);

// Every node that reads `from` reads `to` instead. No node in front of `to` may read `from`.
void replace_uses(ir::Graph&, ir::Value from, ir::Value to);

// Takes a node out; its readers read its first input. Its constants go with it. The only node of a graph stays.
void remove_node(ir::Graph&, size_t node);

// Puts a node right behind the value `after`: it reads `after` (its inputs are overwritten), and everyone who read
// `after`, the graph's output included, reads the new value. Returns the new value.
ir::Value insert_after(ir::Graph&, ir::Value after, ir::Node);

// Puts a node of one input between a node and what it reads first: the new one reads that, and the node reads the new one.
// Others read what they did. Returns the new value.
ir::Value insert_before(ir::Graph&, size_t node, ir::Node);

// A batch norm behind every convolution that has neither one nor an activation of its own: easier to train, and gone
// again when the graph is lowered. Not where a picture is a single pixel (gates of attention), nor at the output.
void add_batch_norms(ir::Graph&);

// Appends a node that reads the output and becomes it.
ir::Value append(ir::Graph&, ir::Node);

// `to`, which holds what `from` holds, takes over the codes that `from` was trained for, if any. False, with nothing
// changed, where `to` was trained for others.
bool hand_over_codes(ir::Graph&, ir::Value from, ir::Value to);

// Constants of one node under another name.
void rename_constants(ir::Graph&, std::string_view from, std::string_view to);

// Shapes and data types worked out anew from front to back, after an edit changed what flows. Quantisation is kept.
void infer_types(ir::Graph&);

// `wish`, or `wish_2`, `wish_3`, ... if that is taken.
std::string free_name(const ir::Graph&, std::string_view wish);

}  // namespace dimple::edit
