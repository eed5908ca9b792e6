// A batch as the tensor that a net reads.
#pragma once
#include "nn/torch.h"
#include "train/batches.h"

namespace dimple::train {

// N x C x H x W on the device; on a processor a view of the batch's own pictures.
torch::Tensor to_input(const Batch& batch, const data::Dataset& set, torch::Device device);

}  // namespace dimple::train
