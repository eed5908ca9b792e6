#include "train/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "data/random.h"
#include "host/error.h"
#include "host/threads.h"
#include "metrics/classification.h"
#include "nn/net.h"
#include "nn/precision.h"
#include "train/agreement.h"
#include "train/batches.h"
#include "train/freeze.h"
#include "train/guard.h"
#include "train/loss.h"
#include "train/optimiser.h"
#include "train/sampler.h"
#include "train/schedule.h"
#include "train/teacher.h"
#include "train/workers.h"

namespace dimple::train {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

torch::Device choose_device(const std::string& name) {
  if (name == "cpu") return torch::kCPU;
  if (name == "cuda" && !torch::cuda::is_available())
    throw host::Error(host::Exit::usage, "there is no CUDA device here", "--device cpu trains on the processor");
  if (name == "cuda" || (name == "auto" && torch::cuda::is_available())) return torch::kCUDA;
  if (name != "auto")
    throw host::Error(host::Exit::usage, "there is no device '" + name + "'", "auto, cpu and cuda are known");
  return torch::kCPU;
}

// A GPU is fed by one thread; a processor works on as many shares as it has cores.
int choose_threads(const TrainConfig& config, const torch::Device& device) {
  return device.is_cuda() ? 1 : host::choose_threads(config.threads);
}

ir::Tensor to_constant(const torch::Tensor& t) {
  const torch::Tensor flat = t.detach().to(torch::kCPU).contiguous();
  ir::Tensor out = ir::make_tensor(DType::f32, flat.sizes().vec());
  std::copy_n(flat.data_ptr<float>(), flat.numel(), out.as<float>().data());
  return out;
}

torch::Tensor from_constant(const std::map<std::string, ir::Tensor>& state, const std::string& name,
                            at::IntArrayRef dims) {
  const auto it = state.find(name);
  if (it == state.end() || it->second.dtype != DType::f32 || at::IntArrayRef(it->second.dims) != dims)
    throw host::Error(host::Exit::model, "the checkpoint's " + name + " does not fit this training",
                      "resume with the architecture and thread count it was made with");
  return torch::from_blob(const_cast<std::byte*>(it->second.data.data()), dims).clone();
}

class LibtorchTrainer final : public Trainer {
 public:
  LibtorchTrainer(const ir::Graph& graph, const data::Dataset& set, const TrainConfig& config);

  bool run(const Callbacks& callbacks) override;
  const Progress& progress() const override { return progress_; }
  std::map<std::string, ir::Tensor> state() const override;
  void restore(const Progress& progress, const std::map<std::string, ir::Tensor>& state) override;
  ir::Graph latest() const override;
  ir::Graph averaged() const override;
  std::vector<float> predict(std::span<const int32_t> rows) override;
  int threads() const override { return workers_->count(); }

 private:
  struct StepResult {
    double loss = 0, hits = 0;
  };
  StepResult work(int worker, std::span<const int32_t> rows, int64_t batch_size);
  void step(std::span<const int32_t> rows, double rate, const Callbacks& callbacks);
  bool sound() const;
  std::vector<torch::Tensor> parts() const;
  void remember();
  void roll_back(const Callbacks& callbacks);
  EpochRow finish_epoch(double rate);
  torch::Tensor to_input(const Batch& batch) const;
  torch::Tensor mean_statistics() const;

  const data::Dataset& set_;
  const TrainConfig& config_;
  torch::Device device_;
  bool mixed_;
  BatchMaker maker_;
  std::unique_ptr<Workers> workers_;
  std::vector<nn::Net> nets_;    // one per worker, sharing weights
  std::vector<nn::Net> judges_;  // one per worker, holding the averaged weights
  std::vector<Batch> batches_;   // one per worker
  std::unique_ptr<Optimiser> optimiser_;
  torch::Tensor average_, average_statistics_;
  std::vector<int32_t> train_rows_, val_rows_;
  Sampler sampler_;
  std::unique_ptr<Teacher> teacher_;
  Guard guard_;
  std::vector<torch::Tensor> kept_;  // the last good state; see parts()
  double judging_s_ = 0;             // how long the last look at the validation pictures took
  Progress progress_;
};

LibtorchTrainer::LibtorchTrainer(const ir::Graph& graph, const data::Dataset& set, const TrainConfig& config)
    : set_(set),
      config_(config),
      device_(choose_device(config.device)),
      mixed_(nn::use_mixed_precision(config.precision, device_)),
      maker_(set, config),
      train_rows_(training_rows(set, config)),
      val_rows_(data::rows_of(set, data::Split::validation)),
      sampler_(set, train_rows_, config.sampler, config.seed),
      guard_(config.rollback_after, config.explosion) {
  check(config);
  torch::manual_seed(config.seed);
  const int threads = choose_threads(config, device_);
  const bool cpu = device_.is_cpu();
  workers_ = std::make_unique<Workers>(threads, [cpu] {
    if (cpu) torch::set_num_threads(1);
  });
  nets_.emplace_back(graph, device_);
  judges_.emplace_back(graph, device_);
  for (int w = 1; w < threads; ++w) nets_.push_back(nets_[0].replica()), judges_.push_back(judges_[0].replica());
  batches_.resize(static_cast<size_t>(threads));
  optimiser_ = make_optimiser(config.optimiser, nets_[0].weights(), config.weight_decay);
  average_ = nets_[0].weights().clone();
  average_statistics_ = nets_[0].statistics().clone();
  if (!config.teacher.empty()) teacher_ = std::make_unique<Teacher>(set, config, device_, threads);
  if (teacher_ && config.no_augment && config.mixup == 0) teacher_->remember(maker_, train_rows_);
  if (!sound()) throw host::Error(host::Exit::model, "some of the weights to begin with are no numbers");
  remember();
}

torch::Tensor LibtorchTrainer::to_input(const Batch& batch) const {
  const torch::Tensor nhwc = torch::from_blob(const_cast<float*>(batch.pictures.data()),
                                              {batch.count, set_.height, set_.width, set_.channels});
  return nhwc.permute({0, 3, 1, 2}).to(device_);
}

// One worker's share of a step: gradients of (its part of) the batch's mean loss, left in its net.
LibtorchTrainer::StepResult LibtorchTrainer::work(int worker, std::span<const int32_t> rows, int64_t batch_size) {
  nn::Net& net = nets_[static_cast<size_t>(worker)];
  net.gradients().zero_();
  net.seed(data::seed_for(config_.seed, static_cast<uint64_t>(progress_.step), static_cast<uint64_t>(worker)));
  if (rows.empty()) return {};
  Batch& batch = batches_[static_cast<size_t>(worker)];
  maker_.make(rows, progress_.epoch, batch);
  const auto classes = static_cast<int64_t>(set_.labels.size());
  const torch::Tensor targets = torch::from_blob(batch.targets.data(), {batch.count, classes}).to(device_);
  const torch::Tensor weights = torch::from_blob(batch.weights.data(), {batch.count}).to(device_);

  torch::Tensor logits, taught;
  {
    const nn::MixedPrecision precision(mixed_, device_);
    const torch::Tensor pictures = to_input(batch);
    if (teacher_) taught = teacher_->remembers() ? teacher_->recall(rows) : teacher_->logits(worker, pictures);
    logits = net.forward(pictures, true).to(torch::kFloat32);
  }
  const torch::Tensor loss = batch_loss(logits, targets, weights, taught, config_);
  (loss / static_cast<double>(batch_size)).backward();
  const torch::Tensor hits = (logits.argmax(1) == targets.argmax(1)).sum();
  return {loss.item<double>(), hits.item<double>()};
}

// Everything that a roll-back brings back: tensors to be read or changed in place.
std::vector<torch::Tensor> LibtorchTrainer::parts() const {
  std::vector<torch::Tensor> all{nets_[0].weights(), average_, average_statistics_, optimiser_->state()};
  for (const nn::Net& net : nets_) all.push_back(net.statistics());
  return all;
}

bool LibtorchTrainer::sound() const {
  for (const torch::Tensor& part : parts())
    if (!torch::isfinite(part).all().item<bool>()) return false;
  return true;
}

void LibtorchTrainer::remember() {
  kept_.clear();
  for (const torch::Tensor& part : parts()) kept_.push_back(part.detach().clone());
}

// The data goes on where it is: the batches that did harm are not met again at once.
void LibtorchTrainer::roll_back(const Callbacks& callbacks) {
  const std::vector<torch::Tensor> now = parts();
  for (size_t i = 0; i < now.size(); ++i) torch::Tensor(now[i]).copy_(kept_[i]);
  optimiser_->set_state(optimiser_->state(), progress_.step - progress_.nan_skipped);  // as a resumed one would count
  guard_.start_again();
  progress_.rate_factor *= Guard::kSlower;
  if (++progress_.rollbacks > Guard::kMostReturns)
    throw host::Error(
        host::Exit::failed,
        "the training comes to nothing: its loss went astray " + std::to_string(progress_.rollbacks) + " times",
        "a lower --learning-rate or --clip may help");
  if (callbacks.on_trouble)
    callbacks.on_trouble("the loss went astray at step " + std::to_string(progress_.step) +
                         ": back to the last good weights, half the learning rate");
}

void LibtorchTrainer::step(std::span<const int32_t> rows, double rate, const Callbacks& callbacks) {
  std::vector<StepResult> results(static_cast<size_t>(workers_->count()));
  workers_->run([&](int w) {
    const Share share = share_of(rows.size(), w, workers_->count());
    results[static_cast<size_t>(w)] =
        work(w, rows.subspan(share.first, share.last - share.first), static_cast<int64_t>(rows.size()));
  });

  const torch::NoGradGuard no_grad;
  StepResult sum;
  for (const StepResult& r : results) sum.loss += r.loss, sum.hits += r.hits;
  torch::Tensor gradients = nets_[0].gradients();
  for (size_t w = 1; w < nets_.size(); ++w) gradients.add_(nets_[w].gradients());
  const double norm = gradients.norm().item<double>();
  ++progress_.step;
  const bool finite = std::isfinite(norm) && std::isfinite(sum.loss);
  const Guard::Verdict verdict = guard_.judge(sum.loss / static_cast<double>(rows.size()), finite);
  if (!finite) ++progress_.nan_skipped;  // one bad batch must not cost the run
  // What is no number may have gone into a batch norm's averages on its way.
  if (verdict == Guard::Verdict::roll_back || (!finite && config_.rollback_after > 0 && !sound()))
    return roll_back(callbacks);
  if (!finite) return;
  if (config_.clip > 0 && norm > config_.clip) gradients.mul_(config_.clip / norm);
  torch::Tensor weights = nets_[0].weights();
  optimiser_->step(weights, gradients, nets_[0].decayed(), rate);
  // A young average follows closely, so that it forgets where training began.
  const double age = static_cast<double>(progress_.step);
  const double keep = std::min<double>(config_.ema, (1 + age) / (10 + age));
  average_.lerp_(nets_[0].weights(), 1 - keep);
  average_statistics_.lerp_(mean_statistics(), 1 - keep);
  if (verdict == Guard::Verdict::fine && guard_.worth_keeping() && sound()) remember();
  progress_.loss_sum += sum.loss, progress_.hit_sum += sum.hits, progress_.norm_sum += norm;
  progress_.seen += static_cast<int64_t>(rows.size());
}

torch::Tensor LibtorchTrainer::mean_statistics() const {
  torch::Tensor sum = nets_[0].statistics().clone();
  for (size_t w = 1; w < nets_.size(); ++w) sum.add_(nets_[w].statistics());
  return sum / static_cast<double>(nets_.size());
}

std::vector<float> LibtorchTrainer::predict(std::span<const int32_t> rows) {
  const size_t classes = set_.labels.size();
  std::vector<float> scores(rows.size() * classes);
  {
    const torch::NoGradGuard no_grad;
    judges_[0].weights().copy_(average_);
    for (nn::Net& judge : judges_) judge.statistics().copy_(average_statistics_);
  }
  workers_->run([&](int w) {
    const torch::NoGradGuard no_grad;
    constexpr size_t kChunk = 128;
    const Share share = share_of(rows.size(), w, workers_->count());
    Batch& batch = batches_[static_cast<size_t>(w)];
    for (size_t at = share.first; at < share.last; at += kChunk) {
      const size_t count = std::min(kChunk, share.last - at);
      maker_.make_plain(rows.subspan(at, count), batch);
      const torch::Tensor p =
          torch::softmax(judges_[static_cast<size_t>(w)].forward(to_input(batch), false), 1).cpu().contiguous();
      std::copy_n(p.data_ptr<float>(), p.numel(), scores.data() + at * classes);
    }
  });
  return scores;
}

EpochRow LibtorchTrainer::finish_epoch(double rate) {
  const double seen = static_cast<double>(std::max<int64_t>(1, progress_.seen));
  EpochRow row;
  row.epoch = ++progress_.epoch;
  row.step = progress_.step;
  row.train_loss = progress_.loss_sum / seen, row.train_acc = progress_.hit_sum / seen;
  row.grad_norm = progress_.norm_sum / static_cast<double>(std::max<int64_t>(1, progress_.batch_in_epoch));
  row.lr = rate;
  row.img_per_s = seen / std::max(1e-9, progress_.epoch_elapsed_s);
  row.nan_skipped = progress_.nan_skipped, row.rollbacks = progress_.rollbacks;
  if (!val_rows_.empty()) {
    const auto scores = predict(val_rows_);
    std::vector<int32_t> labels;
    for (const int32_t r : val_rows_) labels.push_back(set_.label[static_cast<size_t>(r)]);
    const auto report = metrics::classify(scores, labels, static_cast<int>(set_.labels.size()));
    row.val_loss = report.log_loss, row.val_acc = report.accuracy, row.val_balanced_acc = report.balanced_accuracy;
    row.val_f1_macro = report.f1_macro, row.val_ece = report.ece;
  }
  progress_.batch_in_epoch = progress_.seen = 0;
  progress_.loss_sum = progress_.hit_sum = progress_.norm_sum = progress_.epoch_elapsed_s = 0;
  return row;
}

bool LibtorchTrainer::run(const Callbacks& callbacks) {
  const int64_t batch = config_.batch, per_epoch = (static_cast<int64_t>(train_rows_.size()) + batch - 1) / batch;
  const Schedule schedule(config_, per_epoch);
  const auto session = Clock::now();
  const double before = progress_.elapsed_s;
  const auto over = [&] { return schedule.over(before + seconds_since(session), judging_s_); };
  auto saved = Clock::now();
  while (schedule.timed() ? !over() : progress_.epoch < config_.epochs) {
    const auto frozen = frozen_nodes(nets_[0].graph(), config_, progress_.epoch);
    for (nn::Net& net : nets_) net.freeze(frozen);
    const auto order = sampler_.order(progress_.epoch);
    double rate = 0;
    while (progress_.batch_in_epoch < per_epoch && !over()) {
      const auto start = Clock::now();
      rate = progress_.rate_factor * schedule.rate(progress_.step, before + seconds_since(session));
      const size_t first = static_cast<size_t>(progress_.batch_in_epoch * batch),
                   last = std::min(order.size(), first + static_cast<size_t>(batch));
      step(std::span(order).subspan(first, last - first), rate, callbacks);
      ++progress_.batch_in_epoch;
      const double took = seconds_since(start);
      progress_.elapsed_s += took, progress_.epoch_elapsed_s += took;
      // Until it was measured: looking at a picture takes about a third of learning from it.
      if (progress_.epoch == 0)
        judging_s_ = took / static_cast<double>(3 * (last - first)) * static_cast<double>(val_rows_.size());
      if (callbacks.on_step)
        callbacks.on_step(static_cast<int64_t>(last - first),
                          progress_.loss_sum / static_cast<double>(std::max<int64_t>(1, progress_.seen)));
      if (callbacks.should_stop && callbacks.should_stop()) return false;
      if (callbacks.on_checkpoint && seconds_since(saved) > 60.0 * config_.checkpoint_minutes)
        callbacks.on_checkpoint(), saved = Clock::now();
    }
    if (progress_.batch_in_epoch == 0) break;  // the time was up before the epoch began
    // Batch norm's averages have no part in the loss, but in every answer.
    if (config_.rollback_after > 0 && !sound()) roll_back(callbacks);
    const auto start = Clock::now();
    EpochRow row = finish_epoch(rate);
    judging_s_ = seconds_since(start);
    progress_.elapsed_s += judging_s_;
    row.time_s = progress_.elapsed_s;
    const bool best = val_rows_.empty() || row.val_acc > progress_.best_val_acc;  // nothing to judge by: the latest
    if (best) progress_.best_val_acc = row.val_acc, progress_.best_epoch = row.epoch;
    if (callbacks.on_epoch) callbacks.on_epoch(row, best);
  }
  return true;
}

std::map<std::string, ir::Tensor> LibtorchTrainer::state() const {
  std::vector<torch::Tensor> statistics;
  for (const nn::Net& net : nets_) statistics.push_back(net.statistics());
  return {{"train.weights", to_constant(nets_[0].weights())},
          {"train.statistics", to_constant(torch::stack(statistics))},
          {"train.average", to_constant(average_)},
          {"train.average_statistics", to_constant(average_statistics_)},
          {"train.optimiser", to_constant(optimiser_->state())}};
}

void LibtorchTrainer::restore(const Progress& progress, const std::map<std::string, ir::Tensor>& state) {
  const torch::NoGradGuard no_grad;
  const int64_t learned = average_.numel(), gathered = average_statistics_.numel(), workers = workers_->count();
  const torch::Tensor statistics = from_constant(state, "train.statistics", {workers, gathered});
  nets_[0].weights().copy_(from_constant(state, "train.weights", {learned}));
  for (size_t w = 0; w < nets_.size(); ++w) nets_[w].statistics().copy_(statistics[static_cast<int64_t>(w)]);
  average_.copy_(from_constant(state, "train.average", {learned}));
  average_statistics_.copy_(from_constant(state, "train.average_statistics", {gathered}));
  optimiser_->set_state(from_constant(state, "train.optimiser", optimiser_->state().sizes()),
                        progress.step - progress.nan_skipped);
  progress_ = progress;
  if (sound()) remember();  // what is not sound is noticed at the next step, and left for what was kept before
}

ir::Graph LibtorchTrainer::latest() const { return nets_[0].to_graph(nets_[0].weights(), mean_statistics()); }
ir::Graph LibtorchTrainer::averaged() const { return nets_[0].to_graph(average_, average_statistics_); }

}  // namespace

std::unique_ptr<Trainer> make_trainer(const ir::Graph& graph, const data::Dataset& set, const TrainConfig& config) {
  return std::make_unique<LibtorchTrainer>(graph, set, config);
}

}  // namespace dimple::train
