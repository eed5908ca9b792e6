// Distillation: a larger net answers about the same pictures, and its answers are targets beside the labels. Any float
// model file whose classes include the data's, matched by name; one that reads larger pictures gets them enlarged. Of
// several teachers the mean of the logarithms of their probabilities counts.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "model/work_limit.h"
#include "nn/net.h"
#include "train/batches.h"

namespace dimple::train {

class Teacher {
 public:
  struct Options {
    int workers = 1;  // one replica for each, as they run at the same time
    int64_t max_macs = model::kMaxMacs;
  };
  // The recipe's. Throws host::Error(Exit::model) for a file that does not fit the data, or where all of them together
  // ask for more work.
  // The maker must outlive it.
  Teacher(const BatchMaker& maker, torch::Device device, const Options& options);

  // Logits in the order of the set's classes; no gradient flows into them.
  torch::Tensor logits(int worker, const torch::Tensor& pictures);

  // For pictures that are never augmented: computes the logits of all `rows` once.
  void fill_cache(std::span<const int32_t> rows);
  bool has_cache() const { return cache_.defined(); }
  torch::Tensor cached_logits(std::span<const int32_t> draws) const;

 private:
  struct Member {
    std::vector<nn::Net> nets;  // per worker
    torch::Tensor order;        // for each class of the set, which output
    bool probabilities = false;
    ir::Shape input;

    torch::Tensor logits(int worker, const torch::Tensor& pictures);
  };
  Member make_member(const std::string& file, int workers) const;
  torch::Tensor to_index(std::span<const int32_t> draws) const;

  const BatchMaker& maker_;
  torch::Device device_;
  std::vector<Member> members_;
  torch::Tensor cache_;  // rows of the set x classes
};

}  // namespace dimple::train
