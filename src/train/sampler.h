// Which rows a training learns from, and in what order an epoch goes through them. How far the people who labelled a
// picture agree decides about the first, where the recipe asks for it.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "train/recipe.h"

namespace dimple::train {

// The fraction of a row's votes that its most voted answer has; 1 where there are no votes, or where the votes may be
// another row's.
float agreement(const data::Dataset& set, int32_t row);

// The rows that are trained on: the training split, without the rows that `disagreement = drop` leaves out. Throws
// host::Error(Exit::input) when agreement is asked for and there are no votes, or when no row of the set or of a class
// is left.
std::vector<int32_t> training_rows(const data::Dataset& set, const Recipe& recipe);

// The rows in the order of an epoch, each once.
std::vector<int32_t> shuffled(std::span<const int32_t> rows, uint64_t seed, int epoch);

// An entry of its order is a draw: row + turn * (rows of the set); turn counts how often the row came before in this
// epoch, and gives a repeated picture another augmentation.
class Sampler {
 public:
  // `how`: "shuffle", every row once; "balanced", every class alike; "balanced_sets", every class of every pooled set alike.
  // An epoch is as long as before: rows of small groups come several times, those of large ones in some epochs only (all of
  // them, before one comes again). `power` 1: groups are alike; 0: as large as they are; 0.5: as the roots of their sizes.
  Sampler(const data::Dataset& set, std::vector<int32_t> rows, const std::string& how, uint64_t seed, float power = 1);

  std::vector<int32_t> order(int epoch) const;

 private:
  std::vector<int32_t> rows_;
  std::vector<std::vector<int32_t>> groups_;  // empty: shuffle
  std::vector<size_t> ends_;                  // in an epoch that goes through them one after the other
  int32_t set_size_;
  uint64_t seed_;
};

}  // namespace dimple::train
