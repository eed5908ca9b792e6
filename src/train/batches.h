// Makes network inputs and targets from rows of a dataset. No libtorch, and no state: the same seed, epoch and row give
// the same bits on every thread, so that a training can be resumed in the middle of an epoch.
#pragma once
#include <span>
#include <vector>

#include "data/dataset.h"
#include "train/recipe.h"
#include "train/sampler.h"

namespace dimple::train {

struct Batch {
  int64_t count = 0;
  std::vector<float> pictures;  // count x height x width x channels, as the network's input
  std::vector<float> targets;   // count x classes, rows sum to 1
  std::vector<float> weights;   // count
};

class BatchMaker {
 public:
  BatchMaker(const data::Dataset& set, const Recipe& recipe);

  // Augmented training pictures; `draws` as a Sampler gives them.
  void make(std::span<const int32_t> draws, int epoch, Batch& batch) const;
  // Pictures as they are, for validation: only `pictures` is filled in.
  void make_plain(std::span<const int32_t> rows, Batch& batch) const;

 private:
  // One picture of a batch with its target and weight, to be filled in.
  struct Example {
    std::span<float> picture, target;
    float* weight;
  };
  void put(int32_t draw, int epoch, const Example& example) const;
  void mix_in(int32_t draw, int epoch, const Example& example) const;
  void put_picture(std::span<const uint8_t> pixels, float* out) const;
  void put_target(int32_t row, float* out) const;

  const data::Dataset& set_;
  const Recipe& recipe_;
  std::vector<int32_t> partners_;  // the training rows: pictures are mixed with one of them
  std::vector<float> class_weight_;
};

}  // namespace dimple::train
