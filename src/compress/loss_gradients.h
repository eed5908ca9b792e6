// How the loss on training pictures would change with each constant of a graph.
#pragma once
#include "data/dataset.h"
#include "edit/saliency.h"
#include "ir/graph.h"
#include "train/recipe.h"

namespace dimple::compress {

// dL/dw of the mean cross-entropy over `most` training pictures, with batch norms as they are at work.
edit::Gradients loss_gradients(const ir::Graph&, const data::Dataset&, const train::Recipe&, int most);

}  // namespace dimple::compress
