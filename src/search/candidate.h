// A network on the way: the one that a search began with, and what was done to it, sentence by sentence (edit/reductions.h).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "edit/reductions.h"
#include "ir/graph.h"

namespace dimple::search {

using Path = std::vector<edit::Reduction>;

std::string print(const Path&);  // a sentence a line
// Throws host::Error(Exit::usage) for a line that is no sentence.
Path parse_path(std::string_view text);

// Sixteen digits that follow from what a network computes, not from its weights, nor from the names of its nodes: two paths
// that end in the same network give the same.
std::string key_of(const ir::Graph&);

// What the steps make of a graph, weights and all; weights that are new are drawn from the seed. Throws
// host::Error(Exit::usage) for a step that cannot be done.
ir::Graph follow(ir::Graph, const Path& steps, uint64_t seed);
// The same of its structure alone: without constants.
ir::Graph follow_structure(ir::Graph, const Path& steps);

// Weights of `from` where a node of that name has one of that shape. They replace those that the graph has.
void take_over(ir::Graph& graph, const ir::Graph& from);

}  // namespace dimple::search
