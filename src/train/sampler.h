// Which rows an epoch trains on, and in what order. An entry is a draw: row + turn * (rows of the set); turn counts how
// often the row came before in this epoch, and gives a repeated picture another augmentation.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace dimple::train {

// The rows in the order of an epoch, each once.
std::vector<int32_t> shuffled(std::span<const int32_t> rows, uint64_t seed, int epoch);

class Sampler {
 public:
  // `how`: "shuffle", every row once; "balanced", every class alike: an epoch is as long as before, rows of small
  // classes come several times, those of large ones in some epochs only (all of them, before one comes again).
  Sampler(const data::Dataset& set, std::vector<int32_t> rows, const std::string& how, uint64_t seed);

  std::vector<int32_t> order(int epoch) const;

 private:
  std::vector<int32_t> rows_;
  std::vector<std::vector<int32_t>> of_class_;  // empty: shuffle
  int32_t set_size_;
  uint64_t seed_;
};

}  // namespace dimple::train
