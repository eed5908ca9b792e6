#include "train/trainer.h"

#include <algorithm>
#include <cmath>

#include "edit/sparsify.h"
#include "metrics/classification.h"
#include "train/evaluator.h"
#include "train/sampler.h"
#include "train/schedule.h"
#include "train/train_step.h"

namespace dimple::train {
namespace {

class LibtorchTrainer final : public Trainer {
 public:
  LibtorchTrainer(const ir::Graph& graph, const data::Dataset& set, const Recipe& recipe, const Session& session,
                  const Rank& rank);

  bool run(const Callbacks& callbacks) override;
  const Progress& progress() const override { return progress_; }
  std::map<std::string, ir::Tensor> state() const override { return state_.to_checkpoint(team_.shares()); }
  void restore(const Progress& progress, const std::map<std::string, ir::Tensor>& state) override;
  ir::Graph latest() const override { return state_.latest(); }
  ir::Graph averaged() const override { return state_.averaged(); }
  int threads() const override { return team_.workers().count(); }
  int shares() const override { return team_.shares(); }
  std::string precision() const override { return pass_.is_mixed_precision() ? "bf16" : "f32"; }

 private:
  // One call of run().
  struct Running {
    const Callbacks& callbacks;
    Schedule schedule;
    double elapsed_before_s;  // by earlier sessions
    Stopwatch session, since_checkpoint;
    double used_s() const { return elapsed_before_s + session.seconds(); }
  };
  bool is_time_up(const Running& running) const;
  bool has_more_epochs(const Running& running) const;
  void prune(const Running& running);
  void prune_to(double ramp);
  bool train_epoch(Running& running);
  std::span<const int32_t> rows_of_batch(int64_t number) const;
  void note_step_time(double seconds, size_t pictures);
  void close_epoch(const Callbacks& callbacks);
  EpochReport evaluate_epoch();

  const data::Dataset& set_;
  const Recipe recipe_;
  const Session session_;
  Team team_;
  BatchMaker maker_;
  BatchPass pass_;
  TrainState state_;
  TrainStep step_;
  Evaluator evaluator_;
  std::vector<int32_t> train_rows_, val_rows_;
  Answers answers_;  // of --teacher-answers
  Sampler sampler_;
  std::vector<int32_t> order_;  // of the epoch's rows
  int64_t batches_per_epoch_;
  double last_eval_s_ = 0;                          // in this session; 0: none yet
  bool is_sparse_ = true;                           // as it was asked to be
  bool stop_wanted_ = false, stop_agreed_ = false;  // by this process; by any, as of the last step
  Progress progress_;
};

LibtorchTrainer::LibtorchTrainer(const ir::Graph& graph, const data::Dataset& set, const Recipe& recipe,
                                 const Session& session, const Rank& rank)
    : set_(set),
      recipe_(recipe),
      session_(session),
      team_(recipe_, session_, rank),
      maker_(set, recipe_),
      pass_(graph, session_, maker_, team_),
      state_(pass_.net(), recipe_),
      step_(recipe_, pass_, state_),
      evaluator_(graph, maker_, team_, state_),
      train_rows_(training_rows(set, recipe_)),
      val_rows_(data::rows_of(set, data::Split::validation)),
      sampler_(set, train_rows_, recipe_.sampler, recipe_.seed, recipe_.sampler_power),
      batches_per_epoch_((static_cast<int64_t>(train_rows_.size()) + recipe_.batch - 1) / recipe_.batch) {
  if (!recipe_.teacher_answers.empty()) answers_ = load_answers(set, recipe_), maker_.use(&answers_);
  team_.connect(session_.rank_timeout_s);
  pass_.load_teacher(train_rows_, session_.max_macs);
}

void LibtorchTrainer::restore(const Progress& progress, const std::map<std::string, ir::Tensor>& state) {
  state_.from_checkpoint(state, team_.shares(), progress.step - progress.nan_skipped);
  progress_ = progress;
  if (net_options(recipe_).keep_zeros) pass_.take_zeros(pass_.net().to_graph());
  step_.resume(progress_);
}

// By a third power: most weights go early, when the rate is high and the others can still take over. What counts is how
// far the training will be when the epoch is over, so that the last one is as sparse as was asked for.
void LibtorchTrainer::prune(const Running& running) {
  constexpr double kRamp = 2.0 / 3;  // of the training
  if (recipe_.sparsity.empty()) return;
  const double epoch = progress_.epoch, now = running.schedule.done(progress_.step, running.used_s());
  const double then = !running.schedule.timed() ? (epoch + 1) / recipe_.epochs
                      : epoch > 0               ? now * (epoch + 1) / epoch
                                                : 0;
  prune_to(std::min(1.0, then / kRamp));
}

void LibtorchTrainer::prune_to(double ramp) {
  edit::Pattern pattern = edit::parse_pattern(recipe_.sparsity);
  is_sparse_ = ramp >= 1 || pattern.m > 0;
  pattern.share *= 1 - std::pow(1 - ramp, 3);
  ir::Graph graph = pass_.net().to_graph();
  edit::sparsify(graph, pattern);
  pass_.take_zeros(graph);
  state_.forget_zeros();
}

// An epoch that has begun is always evaluated.
bool LibtorchTrainer::has_more_epochs(const Running& running) const {
  if (!running.schedule.timed()) return progress_.epoch < recipe_.epochs;
  return !is_time_up(running) || progress_.batch_in_epoch > 0;
}

bool LibtorchTrainer::is_time_up(const Running& running) const {
  return running.schedule.over(running.used_s(), progress_.eval_s);
}

bool LibtorchTrainer::run(const Callbacks& callbacks) {
  const SingleThreadScope scope(team_.device().is_cpu());
  Running running{callbacks, Schedule(recipe_, batches_per_epoch_), progress_.elapsed_s, {}, {}};
  stop_wanted_ = stop_agreed_ = false;
  while (has_more_epochs(running)) {
    pass_.begin_epoch(frozen_nodes(pass_.net().graph(), recipe_, progress_.epoch));
    prune(running);
    order_ = sampler_.order(progress_.epoch);
    if (!train_epoch(running)) return false;
    if (progress_.batch_in_epoch == 0) break;  // the time was up before the epoch began
    step_.check_state(progress_, callbacks.on_trouble);
    close_epoch(callbacks);
  }
  if (!is_sparse_) prune_to(1), close_epoch(callbacks);  // the time was up sooner than it seemed
  return true;
}

std::span<const int32_t> LibtorchTrainer::rows_of_batch(int64_t number) const {
  const auto batch = static_cast<size_t>(recipe_.batch);
  const size_t first = std::min(order_.size(), static_cast<size_t>(number) * batch);
  return std::span(order_).subspan(first, std::min(batch, order_.size() - first));
}

// False: it was stopped.
bool LibtorchTrainer::train_epoch(Running& running) {
  const Callbacks& callbacks = running.callbacks;
  while (progress_.batch_in_epoch < batches_per_epoch_ && !is_time_up(running)) {
    const Stopwatch watch;
    progress_.rate = progress_.rate_factor * running.schedule.rate(progress_.step, running.used_s());
    const auto rows = rows_of_batch(progress_.batch_in_epoch);
    const auto next_rows = rows_of_batch(progress_.batch_in_epoch + 1);
    stop_agreed_ =
        step_.run({rows, next_rows, progress_.epoch, progress_.step, stop_wanted_}, progress_, callbacks.on_trouble);
    ++progress_.batch_in_epoch;
    note_step_time(watch.seconds(), rows.size());
    if (callbacks.on_step)
      callbacks.on_step(static_cast<int64_t>(rows.size()),
                        progress_.loss_sum / static_cast<double>(std::max<int64_t>(1, progress_.seen)));
    // Processes stop together, one step after the first of them wants to.
    stop_wanted_ = callbacks.should_stop && callbacks.should_stop();
    if (team_.all_reduce() ? stop_agreed_ : stop_wanted_) return false;
    // Not among bad steps: a resumed training would take their weights as its snapshot.
    if (callbacks.on_checkpoint && step_.is_calm() &&
        running.since_checkpoint.seconds() > 60.0 * session_.checkpoint_minutes)
      callbacks.on_checkpoint(), running.since_checkpoint.restart();
  }
  return true;
}

void LibtorchTrainer::note_step_time(double seconds, size_t pictures) {
  progress_.elapsed_s += seconds, progress_.epoch_elapsed_s += seconds;
  if (progress_.epoch > 0) return;
  // Until it was measured: to evaluate a picture takes about a third of the time of training on it.
  const double guess = seconds / static_cast<double>(3 * pictures) * static_cast<double>(val_rows_.size());
  progress_.eval_s = progress_.batch_in_epoch == 1 ? guess : std::min(progress_.eval_s, guess);
}

EpochReport LibtorchTrainer::evaluate_epoch() {
  const double seen = static_cast<double>(std::max<int64_t>(1, progress_.seen));
  EpochReport report;
  report.epoch = progress_.epoch + 1;
  report.step = progress_.step;
  report.train_loss = progress_.loss_sum / seen, report.train_acc = progress_.hit_sum / seen;
  report.grad_norm = progress_.norm_sum / static_cast<double>(std::max<int64_t>(1, progress_.batch_in_epoch));
  report.lr = progress_.rate;
  report.img_per_s = seen / std::max(1e-9, progress_.epoch_elapsed_s);
  report.nan_skipped = progress_.nan_skipped, report.rollbacks = progress_.rollbacks;
  if (val_rows_.empty()) return report;
  const auto scores = evaluator_.predict(val_rows_);
  std::vector<int32_t> labels;
  for (const int32_t r : val_rows_) labels.push_back(set_.label[static_cast<size_t>(r)]);
  const auto figures = metrics::classify(scores, labels, static_cast<int>(set_.labels.size()));
  report.val_loss = figures.log_loss, report.val_acc = figures.accuracy;
  report.val_balanced_acc = figures.balanced_accuracy, report.val_f1_macro = figures.f1_macro;
  report.val_ece = figures.ece;
  return report;
}

void LibtorchTrainer::close_epoch(const Callbacks& callbacks) {
  const Stopwatch watch;
  EpochReport report = evaluate_epoch();
  // Not before: when a rank is lost during the evaluation, the epoch is not over.
  ++progress_.epoch;
  progress_.batch_in_epoch = progress_.seen = 0;
  progress_.loss_sum = progress_.hit_sum = progress_.norm_sum = progress_.epoch_elapsed_s = 0;
  const double eval_s = watch.seconds();
  // The faster of two: a machine that fell asleep once must not end the training early.
  progress_.eval_s = last_eval_s_ > 0 ? std::min(last_eval_s_, eval_s) : eval_s;
  last_eval_s_ = eval_s;
  progress_.elapsed_s += eval_s;
  report.time_s = progress_.elapsed_s;
  // Without validation: the latest. What is not yet as sparse as was asked for is not the best of anything.
  const bool best = is_sparse_ && (val_rows_.empty() || report.val_acc > progress_.best_val_acc);
  if (best) progress_.best_val_acc = report.val_acc, progress_.best_epoch = report.epoch;
  if (callbacks.on_epoch) callbacks.on_epoch(report, best);
}

}  // namespace

std::unique_ptr<Trainer> make_trainer(const ir::Graph& graph, const data::Dataset& set, const Recipe& recipe,
                                      const Session& session, const Rank& rank) {
  check(recipe), check(session);
  return std::make_unique<LibtorchTrainer>(graph, set, recipe, session, rank);
}

}  // namespace dimple::train
