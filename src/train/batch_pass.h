// The forward and backward pass of one batch: every share of this process on one of its threads, then the sum over all
// shares and all processes.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "nn/net.h"
#include "train/loader.h"
#include "train/teacher.h"
#include "train/team.h"

namespace dimple::train {

class BatchPass {
 public:
  // The set, the recipe, the maker and the team must outlive this.
  BatchPass(const ir::Graph& graph, const data::Dataset& set, const Recipe& recipe, const Session& session,
            const BatchMaker& maker, const Team& team);

  struct Step {
    std::span<const int32_t> rows, next_rows;  // of this batch, and of the one after it, if there is one
    int epoch = 0;
    int64_t number = 0;
    bool stop_wanted = false;  // by this process: the others are told
  };
  struct Sums {
    torch::Tensor gradients;   // of the batch's mean loss
    torch::Tensor statistics;  // of batch norms: the mean of all shares
    double loss = 0, hits = 0;
    bool stop_wanted = false;  // by any process
  };
  Sums run(const Step& step);

  // To be called before an epoch's first batch: which nodes of the graph do not learn in it. Withdraws `next_rows`.
  void begin_epoch(const std::vector<bool>& frozen);
  // The batch norm statistics that every share starts from.
  void set_statistics(const torch::Tensor& statistics);
  void load_teacher(const std::vector<int32_t>& train_rows);

  const nn::Net& net() const { return nets_[0]; }  // its weights are those of all shares
  bool is_mixed_precision() const { return mixed_precision_; }

 private:
  struct ShareResult {
    double loss = 0, hits = 0;
  };
  ShareResult run_share(int worker, size_t share, const Step& step);
  void add_processes(Sums& sums, bool stop_wanted);

  const data::Dataset& set_;
  const Recipe& recipe_;
  const BatchMaker& maker_;
  const Team& team_;
  bool mixed_precision_;
  std::vector<nn::Net> nets_;  // one per share of this process, with the same weights
  Loader loader_;
  std::unique_ptr<Teacher> teacher_;
};

}  // namespace dimple::train
