// Trains a graph on a dataset. Prints nothing, writes nothing: the caller gets callbacks. libtorch stays behind this
// interface, so that its callers compile without it.
//
// Every CPU thread works on its share of each batch with a replica of the net: small nets leave most of a core idle
// when libtorch splits single operators over threads. The shares are fixed, so the sums are too: a training is
// repeatable for a given build and number of shares. Batch norm sees its share alone; the statistics it keeps are the
// mean over all shares. Of several processes (train/ranks.h) each works on its part of the shares: two
// processes of one thread give the weights of one process of two.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "ir/graph.h"
#include "train/ranks.h"
#include "train/recipe.h"

namespace dimple::train {

// What an epoch came to: one line of results.csv.
struct EpochReport {
  int epoch = 0;
  int64_t step = 0;
  double time_s = 0, train_loss = 0, train_acc = 0, val_loss = 0, val_acc = 0, val_balanced_acc = 0, val_f1_macro = 0,
         val_ece = 0, lr = 0, grad_norm = 0, img_per_s = 0;
  int64_t nan_skipped = 0, rollbacks = 0;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("epoch", self.epoch), f("step", self.step), f("time_s", self.time_s);
    f("train_loss", self.train_loss), f("train_acc", self.train_acc), f("val_loss", self.val_loss);
    f("val_acc", self.val_acc), f("val_balanced_acc", self.val_balanced_acc);
    f("val_f1_macro", self.val_f1_macro), f("val_ece", self.val_ece), f("lr", self.lr);
    f("grad_norm", self.grad_norm), f("img_per_s", self.img_per_s);
    f("nan_skipped", self.nan_skipped), f("rollbacks", self.rollbacks);
  }
};

// Where a training stands, as a checkpoint holds it: its counters; its tensors are in train/train_state.h.
struct Progress {
  int epoch = 0;               // epochs done
  int64_t batch_in_epoch = 0;  // batches done in the next one
  int64_t step = 0;
  double elapsed_s = 0, epoch_elapsed_s = 0;
  double loss_sum = 0, hit_sum = 0, norm_sum = 0;  // over the pictures and steps of the epoch so far
  int64_t seen = 0;                                // pictures of the epoch so far
  int64_t nan_skipped = 0, rollbacks = 0;
  double rate = 0;         // learning rate of the last step
  double rate_factor = 1;  // lowered by each roll-back
  double best_val_acc = -1;
  int best_epoch = 0;
  double eval_s = 0;      // seconds that an evaluation on the validation pictures takes; `judging_s` in checkpoints
  double usual_loss = 0;  // of a step (train/train_step.h), and the number of steps it was averaged over
  int64_t usual_steps = 0;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("epoch", self.epoch), f("batch_in_epoch", self.batch_in_epoch), f("step", self.step);
    f("elapsed_s", self.elapsed_s), f("epoch_elapsed_s", self.epoch_elapsed_s);
    f("loss_sum", self.loss_sum), f("hit_sum", self.hit_sum), f("norm_sum", self.norm_sum);
    f("seen", self.seen), f("nan_skipped", self.nan_skipped), f("rollbacks", self.rollbacks);
    f("rate", self.rate), f("rate_factor", self.rate_factor), f("best_val_acc", self.best_val_acc);
    f("best_epoch", self.best_epoch), f("judging_s", self.eval_s), f("usual_loss", self.usual_loss);
    f("usual_steps", self.usual_steps);
  }
};

struct Callbacks {
  std::function<void(int64_t pictures, double loss)> on_step;
  std::function<void(const EpochReport&, bool best)> on_epoch;
  std::function<void()> on_checkpoint;                 // a checkpoint is due
  std::function<void(const std::string&)> on_trouble;  // a sentence that a person should read
  std::function<bool()> should_stop;                   // asked after every step
};

class Trainer {
 public:
  virtual ~Trainer() = default;

  // True when all epochs are done or the time is up, false when it was asked to stop.
  virtual bool run(const Callbacks& callbacks) = 0;

  // All that a later run needs to continue with the same bits: the counters, and named tensors.
  virtual const Progress& progress() const = 0;
  virtual std::map<std::string, ir::Tensor> state() const = 0;
  virtual void restore(const Progress& progress, const std::map<std::string, ir::Tensor>& state) = 0;

  virtual ir::Graph latest() const = 0;    // with the weights as they are
  virtual ir::Graph averaged() const = 0;  // with their moving average, which is what validation looks at

  virtual int threads() const = 0;
  virtual int shares() const = 0;             // of all processes: the weights depend on their number
  virtual std::string precision() const = 0;  // f32 or bf16
};

// The graph carries its constants. The dataset must outlive the trainer.
std::unique_ptr<Trainer> make_trainer(const ir::Graph& graph, const data::Dataset& set, const Recipe& recipe,
                                      const Session& session, const Rank& rank = {});

}  // namespace dimple::train
