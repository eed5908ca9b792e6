#include "train/input.h"

namespace dimple::train {

torch::Tensor to_input(const Batch& batch, const data::Dataset& set, torch::Device device) {
  const torch::Tensor nhwc =
      torch::from_blob(const_cast<float*>(batch.pictures.data()), {batch.count, set.height, set.width, set.channels});
  return nhwc.permute({0, 3, 1, 2}).to(device);
}

}  // namespace dimple::train
