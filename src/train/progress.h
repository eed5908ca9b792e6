// Where a training stands, as a checkpoint holds it, and what an epoch came to.
#pragma once
#include <cstdint>

namespace dimple::train {

// One line of results.csv.
struct EpochReport {
  int epoch = 0;
  int64_t step = 0;
  double time_s = 0, train_loss = 0, train_acc = 0, val_loss = 0, val_acc = 0, val_balanced_acc = 0, val_f1_macro = 0,
         val_ece = 0, lr = 0, grad_norm = 0, img_per_s = 0;
  int64_t nan_skipped = 0, rollbacks = 0;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("epoch", self.epoch);
    f("step", self.step);
    f("time_s", self.time_s);
    f("train_loss", self.train_loss);
    f("train_acc", self.train_acc);
    f("val_loss", self.val_loss);
    f("val_acc", self.val_acc);
    f("val_balanced_acc", self.val_balanced_acc);
    f("val_f1_macro", self.val_f1_macro);
    f("val_ece", self.val_ece);
    f("lr", self.lr);
    f("grad_norm", self.grad_norm);
    f("img_per_s", self.img_per_s);
    f("nan_skipped", self.nan_skipped);
    f("rollbacks", self.rollbacks);
  }
};

// The counters of a training; its tensors are in train/train_state.h.
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
  double eval_s = 0;      // seconds that an evaluation on the validation pictures takes
  double usual_loss = 0;  // of a step (train/guard.h), and the number of steps it was averaged over
  int64_t usual_steps = 0;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("epoch", self.epoch);
    f("batch_in_epoch", self.batch_in_epoch);
    f("step", self.step);
    f("elapsed_s", self.elapsed_s);
    f("epoch_elapsed_s", self.epoch_elapsed_s);
    f("loss_sum", self.loss_sum);
    f("hit_sum", self.hit_sum);
    f("norm_sum", self.norm_sum);
    f("seen", self.seen);
    f("nan_skipped", self.nan_skipped);
    f("rollbacks", self.rollbacks);
    f("rate", self.rate);
    f("rate_factor", self.rate_factor);
    f("best_val_acc", self.best_val_acc);
    f("best_epoch", self.best_epoch);
    f("judging_s", self.eval_s);  // the key of checkpoints since the first version
    f("usual_loss", self.usual_loss);
    f("usual_steps", self.usual_steps);
  }
};

}  // namespace dimple::train
