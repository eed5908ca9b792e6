// Convolutions that become binary: signs times signs.
#pragma once
#include <string>
#include <vector>

#include "ir/graph.h"

namespace dimple::edit {

// The layers that can be: convolutions of more than one tap that read and write channels in multiples of 32, but for the
// first and the last layer with weights, which stay full. Where some are called "binary_*", as an architecture that was
// made for it calls them, those alone.
std::vector<std::string> binary_layers(const ir::Graph&);

// In front of each of these layers a sign, which brings a learned shift. Its weights stay as they are: binary activations
// come first, weights when a net has learned to live with them. Throws host::Error(Exit::usage) for a layer that is not
// there or cannot be binary, saying why, and touches nothing then.
void binarise_activations(ir::Graph&, const std::vector<std::string>& layers);

// The weights of these layers count by their sign from here on (ir/packed_weight.h), on the mean of their size.
void binarise_weights(ir::Graph&, const std::vector<std::string>& layers);

}  // namespace dimple::edit
