// Makes network inputs and targets from rows of a dataset. No libtorch, and no state: the same seed, epoch and row give
// the same bits on every thread, so that a training can be resumed in the middle of an epoch.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "data/dataset.h"
#include "train/answers.h"
#include "train/recipe.h"
#include "train/sampler.h"

namespace dimple::train {

// Mixup: a picture and its target, blended with those of another. The other and the fraction follow from the seed, the
// epoch and the row alone, so that threads and batches do not matter.
struct Mix {
  int32_t partner = 0;  // a row
  float fraction = 1;   // of the picture itself, 0.5 to 1: it stays the one that is mostly seen
};

// `alpha` above 0 and at most 4; the fraction is max(b, 1 - b) with b from Beta(alpha, alpha). Small: most pictures
// stay nearly as they are; 1: every fraction is as likely.
Mix draw_mix(std::span<const int32_t> rows, float alpha, uint64_t seed, int epoch, int32_t row);

// of[i] = fraction * of[i] + (1 - fraction) * other[i]
void blend(std::span<float> of, std::span<const float> other, float fraction);

struct Batch {
  int64_t count = 0;
  std::vector<float> pictures;  // count x height x width x channels, as the network's input
  std::vector<float> targets;   // count x classes, rows sum to 1
  std::vector<float> weights;   // count
  std::vector<float> taught;    // count x classes: logits, where there are stored answers
};

class BatchMaker {
 public:
  BatchMaker(const data::Dataset& set, const Recipe& recipe);  // both must outlive it

  const data::Dataset& set() const { return set_; }
  const Recipe& recipe() const { return recipe_; }

  // From here on batches hold what it says; it must outlive this.
  void use(const Answers* answers) { answers_ = answers; }
  const Answers* answers() const { return answers_; }

  // Augmented training pictures; `draws` as a Sampler gives them.
  void make(std::span<const int32_t> draws, int epoch, Batch& batch) const;
  // One view of each of the rows: only `pictures` is filled in.
  void make_views(std::span<const int32_t> rows, int view, Batch& batch) const;
  // Pictures as they are, for validation: only `pictures` is filled in.
  void make_plain(std::span<const int32_t> rows, Batch& batch) const;

 private:
  // One picture of a batch with its target and weight, to be filled in.
  struct Example {
    std::span<float> picture, target;
    float* weight;
  };
  void put_altered(int32_t row, uint64_t seed, float* out) const;
  uint64_t alteration_seed(int32_t draw, int epoch) const;
  int view_of_draw(int32_t draw, int epoch) const;
  void put(int32_t draw, int epoch, const Example& example) const;
  void mix_in(int32_t draw, int epoch, const Example& example) const;
  void put_picture(std::span<const uint8_t> pixels, float* out) const;
  void put_target(int32_t row, float* out) const;

  const data::Dataset& set_;
  const Recipe& recipe_;
  std::vector<int32_t> partners_;  // the training rows: pictures are mixed with one of them
  std::vector<float> class_weight_;
  const Answers* answers_ = nullptr;
};

}  // namespace dimple::train
