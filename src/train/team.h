// The threads of this process and the other processes that train with it: which of them works on which shares of a
// batch, and on which device.
#pragma once
#include <cstdint>
#include <memory>
#include <span>

#include "nn/torch.h"
#include "train/ranks.h"
#include "train/recipe.h"
#include "train/workers.h"

namespace dimple::train {

// The sum of a tensor over all ranks: the only message between processes that train together.
class AllReduce {
 public:
  virtual ~AllReduce() = default;
  // In rank, and the same bits on every rank. A contiguous float tensor. Throws RankLost.
  virtual void sum(torch::Tensor& values) = 0;
};

// Waits for the others; every rank must call it. NCCL between GPUs where libtorch has it, else Gloo. Throws
// host::Error(Exit::failed) where libtorch was built without either.
std::unique_ptr<AllReduce> make_all_reduce(const Rank& rank, torch::Device device, double timeout_s);

class Team {
 public:
  // Starts the worker threads. Throws host::Error(Exit::usage) for a device that is not there, for fewer shares than
  // processes, and for a time that several processes would measure with clocks of their own.
  Team(const Recipe& recipe, const Session& session, const Rank& rank);

  // Waits for the other processes. Every one must call it.
  void connect(double timeout_s);

  const Rank& rank() const { return rank_; }
  torch::Device device() const { return device_; }
  Workers& workers() const { return *workers_; }
  AllReduce* all_reduce() const { return all_reduce_.get(); }  // null in a world of one

  int shares() const { return shares_; }                    // of all processes
  size_t first_share() const { return own_shares_.first; }  // of this process
  size_t own_shares() const { return own_shares_.size(); }  // of this process
  // `share` counts from this process' first.
  std::span<const int32_t> rows_of_share(std::span<const int32_t> rows, size_t share) const;

 private:
  Rank rank_;
  torch::Device device_;
  int shares_ = 1;
  Range own_shares_{0, 1};
  std::unique_ptr<Workers> workers_;
  std::unique_ptr<AllReduce> all_reduce_;
};

}  // namespace dimple::train
