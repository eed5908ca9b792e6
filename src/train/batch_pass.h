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

// The training loss, summed over the pictures of a batch.
//
// Cross-entropy with the targets, weighted by picture. focal_gamma above 0: each class's part times (1 - p)^gamma, so
// that pictures which are read well already count less. With a teacher's logits:
//   (1 - share) * the above + share * T^2 * KL(softmax(teacher / T) || softmax(logits / T))
// T^2, because the gradient of the second part shrinks with it. Or, for teacher_loss = squares, instead of T^2 * KL half
// the mean square of the differences of logits, of which each row's mean has been taken off: what T^2 * KL becomes as T
// grows, once the classes are averaged. Undefined `teacher`: none.
torch::Tensor batch_loss(const torch::Tensor& logits, const torch::Tensor& targets, const torch::Tensor& weights,
                         const torch::Tensor& teacher, const Recipe& recipe);

// How a training's net learns.
nn::NetOptions net_options(const Recipe& recipe);

class BatchPass {
 public:
  // The maker and the team must outlive this.
  BatchPass(const ir::Graph& graph, const Session& session, const BatchMaker& maker, const Team& team);

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
  // Which weights are zero from here on.
  void take_zeros(const ir::Graph&);
  // The batch norm statistics that every share starts from.
  void set_statistics(const torch::Tensor& statistics);
  // Unless its answers are stored.
  void load_teacher(const std::vector<int32_t>& train_rows, int64_t max_macs);

  const nn::Net& net() const { return nets_[0]; }  // its weights are those of all shares
  bool is_mixed_precision() const { return mixed_precision_; }

 private:
  struct ShareResult {
    double loss = 0, hits = 0;
  };
  ShareResult run_share(int worker, size_t share, const Step& step);
  void add_processes(Sums& sums, bool stop_wanted);

  const BatchMaker& maker_;
  const Team& team_;
  bool keeps_zeros_, mixed_precision_;
  std::vector<nn::Net> nets_;  // one per share of this process, with the same weights
  Loader loader_;
  std::unique_ptr<Teacher> teacher_;
};

}  // namespace dimple::train
