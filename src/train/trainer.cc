#include "train/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "host/error.h"
#include "host/random.h"
#include "host/threads.h"
#include "metrics/classification.h"
#include "nn/memory.h"
#include "nn/net.h"
#include "nn/precision.h"
#include "train/agreement.h"
#include "train/all_reduce.h"
#include "train/batches.h"
#include "train/freeze.h"
#include "train/guard.h"
#include "train/loader.h"
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

// Several processes of a machine take a GPU each.
torch::Device choose_device(const std::string& name, const RankPlace& place) {
  if (name == "cpu") return torch::kCPU;
  if (name == "cuda" && !torch::cuda::is_available())
    throw host::Error(host::Exit::usage, "there is no CUDA device here", "--device cpu trains on the processor");
  if (name == "cuda" || (name == "auto" && torch::cuda::is_available())) {
    const auto index = place.local_rank % std::max<int64_t>(1, static_cast<int64_t>(torch::cuda::device_count()));
    return {torch::kCUDA, static_cast<torch::DeviceIndex>(index)};
  }
  if (name != "auto")
    throw host::Error(host::Exit::usage, "there is no device '" + name + "'", "auto, cpu and cuda are known");
  return torch::kCPU;
}

// A GPU is fed by one thread; a processor works on as many shares as it has cores.
int choose_threads(const TrainConfig& config, const torch::Device& device, const RankPlace& place) {
  if (device.is_cuda()) return 1;
  const int all = host::choose_threads(config.threads);
  return config.threads > 0 ? all : std::max(1, all / place.local_world);
}

size_t choose_shares(const TrainConfig& config, int threads, const RankPlace& place) {
  const int shares = config.shares > 0 ? config.shares : threads * place.world;
  if (shares < place.world)
    throw host::Error(host::Exit::usage, "there are fewer shares than processes",
                      "--shares " + std::to_string(place.world) +
                          " is the least for a new run; one that goes on can have as many processes as shares");
  return static_cast<size_t>(shares);
}

// Neighbours first, then neighbouring pairs ..., so that processes which hold a half or a quarter of the items each
// come to the same sum, bit for bit, when they add theirs.
template <class Items, class Add>
void add_up(Items& items, const Add& add) {
  for (size_t apart = 1; apart < items.size(); apart *= 2)
    for (size_t i = 0; i + apart < items.size(); i += 2 * apart) add(items[i], items[i + apart]);
}

// libtorch 1's lerp_ does not use vectors. What stands still is followed exactly.
void follow(torch::Tensor& average, const torch::Tensor& latest, double keep) {
  average.add_(latest - average, 1 - keep);
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
                      "resume with the architecture and the number of shares (or threads) it was made with");
  return torch::from_blob(const_cast<std::byte*>(it->second.data.data()), dims).clone();
}

void work_alone() {
  torch::set_num_threads(1);
  at::globalContext().setFlushDenormal(true);  // fading gradients would slow a net down tenfold
}

// While it lives this thread is one of the workers, on a processor: the threads that libtorch would wake for it go on
// spinning beside them. One within another changes nothing.
class AloneOnThisThread {
 public:
  explicit AloneOnThisThread(bool wanted) : first_(wanted && !alone_), before_(torch::get_num_threads()) {
    if (first_) alone_ = true, work_alone();
  }
  ~AloneOnThisThread() {
    if (!first_) return;
    alone_ = false;
    torch::set_num_threads(before_);
    at::globalContext().setFlushDenormal(false);
  }
  AloneOnThisThread(const AloneOnThisThread&) = delete;
  AloneOnThisThread& operator=(const AloneOnThisThread&) = delete;

 private:
  static inline thread_local bool alone_ = false;
  bool first_;
  int before_;
};

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
  int shares() const override { return static_cast<int>(shares_); }
  std::string precision() const override { return mixed_ ? "bf16" : "f32"; }

 private:
  struct StepResult {
    double loss = 0, hits = 0;
  };
  std::span<const int32_t> rows_of_share(std::span<const int32_t> rows, size_t share) const;
  StepResult work(int worker, size_t share, std::span<const int32_t> rows, int64_t batch_size);
  void exchange(torch::Tensor& gradients, torch::Tensor& statistics, StepResult& sum);
  void step(std::span<const int32_t> rows, const Callbacks& callbacks);
  void spread_statistics();
  bool sound() const;
  std::vector<torch::Tensor> parts() const;
  void remember();
  void roll_back(const Callbacks& callbacks);
  EpochRow finish_epoch();
  std::vector<float> predict_together(std::span<const int32_t> rows);
  torch::Tensor to_input(const Batch& batch) const;

  const data::Dataset& set_;
  const TrainConfig& config_;
  RankPlace place_;
  torch::Device device_;
  bool mixed_;
  BatchMaker maker_;
  std::unique_ptr<Workers> workers_;
  std::unique_ptr<AllReduce> others_;  // none in a world of one
  size_t shares_ = 1;                  // of all processes; `mine_` are those of this one
  Share mine_{0, 1};
  std::vector<nn::Net> nets_;           // one per share of ours, sharing weights
  std::vector<nn::Net> judges_;         // one per worker, holding the averaged weights
  std::vector<Batch> batches_;          // one per worker, for validation
  std::vector<int32_t> order_;          // of the epoch's rows
  std::span<const int32_t> next_rows_;  // of the next step of this epoch: the loader makes them ready
  std::unique_ptr<Loader> loader_;
  std::unique_ptr<Optimiser> optimiser_;
  torch::Tensor statistics_;  // the mean of all shares after the last good step
  torch::Tensor average_, average_statistics_;
  std::vector<int32_t> train_rows_, val_rows_;
  Sampler sampler_;
  std::unique_ptr<Teacher> teacher_;
  Guard guard_;
  std::vector<torch::Tensor> kept_;                 // the last good state; see parts()
  double last_judging_s_ = 0;                       // in this session; 0: none yet
  bool stop_wanted_ = false, stop_agreed_ = false;  // by this process; by any, as of the last step
  Progress progress_;
};

LibtorchTrainer::LibtorchTrainer(const ir::Graph& graph, const data::Dataset& set, const TrainConfig& config)
    : set_(set),
      config_(config),
      place_(rank_from_environment()),
      device_(choose_device(config.device, place_)),
      mixed_(nn::use_mixed_precision(config.precision, device_, graph)),
      maker_(set, config),
      train_rows_(training_rows(set, config)),
      val_rows_(data::rows_of(set, data::Split::validation)),
      sampler_(set, train_rows_, config.sampler, config.seed),
      guard_(config.rollback_after, config.explosion) {
  check(config);
  torch::manual_seed(config.seed);
  const int threads = choose_threads(config, device_, place_);
  shares_ = choose_shares(config, threads, place_);
  mine_ = share_of(shares_, place_.rank, place_.world);
  const bool cpu = device_.is_cpu();
  if (cpu) nn::keep_memory();
  workers_ = std::make_unique<Workers>(std::min(threads, static_cast<int>(mine_.last - mine_.first)), [cpu] {
    if (cpu)
      work_alone();
    else
      at::globalContext().setFlushDenormal(true);  // as loader threads do: pictures are the same whoever makes them
  });
  nets_.emplace_back(graph, device_);
  judges_.emplace_back(graph, device_);
  for (size_t s = mine_.first + 1; s < mine_.last; ++s) nets_.push_back(nets_[0].replica());
  for (int w = 1; w < workers_->count(); ++w) judges_.push_back(judges_[0].replica());
  batches_.resize(judges_.size());
  const int loader_threads = config.loader_threads >= 0 ? config.loader_threads : cpu ? 0 : 1;
  loader_ = std::make_unique<Loader>(maker_, loader_threads, nets_.size());
  if (place_.world > 1 && Schedule(config, 1).timed())
    throw host::Error(host::Exit::usage, "--time is for one process: clocks of several do not agree",
                      "--max-minutes ends a training of several");
  if (place_.world > 1) others_ = make_all_reduce(place_, device_, config.rank_timeout_s);
  optimiser_ = make_optimiser(config.optimiser, nets_[0].weights(), config.weight_decay);
  average_ = nets_[0].weights().clone();
  statistics_ = nets_[0].statistics().clone();
  average_statistics_ = statistics_.clone();
  if (!config.teacher.empty()) teacher_ = std::make_unique<Teacher>(set, config, device_, workers_->count());
  if (teacher_ && config.no_augment && config.mixup == 0) teacher_->remember(maker_, train_rows_);
  if (!sound()) throw host::Error(host::Exit::model, "some of the weights to begin with are no numbers");
  remember();
}

torch::Tensor LibtorchTrainer::to_input(const Batch& batch) const {
  const torch::Tensor nhwc = torch::from_blob(const_cast<float*>(batch.pictures.data()),
                                              {batch.count, set_.height, set_.width, set_.channels});
  return nhwc.permute({0, 3, 1, 2}).to(device_);
}

// `share` counts from the first of ours.
std::span<const int32_t> LibtorchTrainer::rows_of_share(std::span<const int32_t> rows, size_t share) const {
  const Share part = share_of(rows.size(), static_cast<int>(mine_.first + share), static_cast<int>(shares_));
  return rows.subspan(part.first, part.last - part.first);
}

// One share of a step: gradients of (its part of) the batch's mean loss, left in its net.
LibtorchTrainer::StepResult LibtorchTrainer::work(int worker, size_t share, std::span<const int32_t> rows,
                                                  int64_t batch_size) {
  nn::Net& net = nets_[share];
  net.gradients().zero_();
  net.seed(host::seed_for(config_.seed, static_cast<uint64_t>(progress_.step), mine_.first + share));
  if (rows.empty()) return {};
  Batch& batch = loader_->take(share, rows, progress_.epoch);
  loader_->announce(share, rows_of_share(next_rows_, share), progress_.epoch);
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

// Gradients, statistics and figures of all processes, added up in one message.
void LibtorchTrainer::exchange(torch::Tensor& gradients, torch::Tensor& statistics, StepResult& sum) {
  const auto figures = torch::tensor({sum.loss, sum.hits, stop_wanted_ ? 1.0 : 0.0}, torch::kFloat32).to(device_);
  torch::Tensor all = torch::cat({gradients, statistics, figures});
  others_->sum(all);
  const int64_t learned = gradients.numel(), gathered = statistics.numel();
  gradients = all.narrow(0, 0, learned);
  statistics = all.narrow(0, learned, gathered);
  const torch::Tensor total = all.narrow(0, learned + gathered, 3).cpu();
  sum.loss = total[0].item<double>(), sum.hits = total[1].item<double>();
  stop_agreed_ = total[2].item<double>() > 0;
}

// Everything that a roll-back brings back: tensors to be read or changed in place.
std::vector<torch::Tensor> LibtorchTrainer::parts() const {
  return {nets_[0].weights(), statistics_, average_, average_statistics_, optimiser_->state()};
}

// What every net goes on from.
void LibtorchTrainer::spread_statistics() {
  for (nn::Net& net : nets_) net.statistics().copy_(statistics_);
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
  spread_statistics();
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

void LibtorchTrainer::step(std::span<const int32_t> rows, const Callbacks& callbacks) {
  std::vector<StepResult> results(nets_.size());
  workers_->run([&](int w) {
    const Share some = share_of(nets_.size(), w, workers_->count());
    for (size_t s = some.first; s < some.last; ++s)
      results[s] = work(w, s, rows_of_share(rows, s), static_cast<int64_t>(rows.size()));
  });

  const torch::NoGradGuard no_grad;
  StepResult sum;
  for (const StepResult& r : results) sum.loss += r.loss, sum.hits += r.hits;
  std::vector<torch::Tensor> parts, gathered;
  for (const nn::Net& net : nets_) parts.push_back(net.gradients()), gathered.push_back(net.statistics());
  const auto add = [](torch::Tensor& to, const torch::Tensor& from) { to.add_(from); };
  add_up(parts, add), add_up(gathered, add);
  torch::Tensor gradients = parts[0], statistics = gathered[0];
  if (others_) exchange(gradients, statistics, sum);
  const double norm = gradients.norm().item<double>();
  ++progress_.step;
  const bool finite = std::isfinite(norm) && std::isfinite(sum.loss);
  const Guard::Verdict verdict = guard_.judge(sum.loss / static_cast<double>(rows.size()), finite);
  progress_.usual_loss = guard_.usual(), progress_.usual_steps = guard_.seen();
  if (!finite) ++progress_.nan_skipped, spread_statistics();  // one bad batch must not cost the run
  if (verdict == Guard::Verdict::roll_back || (!finite && config_.rollback_after > 0 && !sound()))
    return roll_back(callbacks);
  if (!finite) return;
  if (config_.clip > 0 && norm > config_.clip) gradients.mul_(config_.clip / norm);
  torch::Tensor weights = nets_[0].weights();
  optimiser_->step(weights, gradients, nets_[0].decayed(), progress_.rate);
  // A young average follows closely, so that it forgets where training began.
  const double age = static_cast<double>(progress_.step);
  const double keep = std::min<double>(config_.ema, (1 + age) / (10 + age));
  follow(average_, nets_[0].weights(), keep);
  statistics_.copy_(statistics / static_cast<double>(shares_));
  spread_statistics();
  follow(average_statistics_, statistics_, keep);
  if (verdict == Guard::Verdict::fine && guard_.worth_keeping() && sound()) remember();
  progress_.loss_sum += sum.loss, progress_.hit_sum += sum.hits, progress_.norm_sum += norm;
  progress_.seen += static_cast<int64_t>(rows.size());
}

std::vector<float> LibtorchTrainer::predict(std::span<const int32_t> rows) {
  const AloneOnThisThread alone(device_.is_cpu());
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

// Every process looks at its part of the rows; all of them know all answers.
std::vector<float> LibtorchTrainer::predict_together(std::span<const int32_t> rows) {
  if (!others_) return predict(rows);
  const size_t classes = set_.labels.size();
  const Share part = share_of(rows.size(), place_.rank, place_.world);
  const auto mine = predict(rows.subspan(part.first, part.last - part.first));
  std::vector<float> scores(rows.size() * classes, 0);
  std::ranges::copy(mine, scores.begin() + static_cast<std::ptrdiff_t>(part.first * classes));
  torch::Tensor all = torch::from_blob(scores.data(), {static_cast<int64_t>(scores.size())}).to(device_);
  others_->sum(all);
  if (!device_.is_cpu()) std::copy_n(all.cpu().data_ptr<float>(), scores.size(), scores.data());
  return scores;
}

EpochRow LibtorchTrainer::finish_epoch() {
  const double seen = static_cast<double>(std::max<int64_t>(1, progress_.seen));
  EpochRow row;
  row.epoch = progress_.epoch + 1;
  row.step = progress_.step;
  row.train_loss = progress_.loss_sum / seen, row.train_acc = progress_.hit_sum / seen;
  row.grad_norm = progress_.norm_sum / static_cast<double>(std::max<int64_t>(1, progress_.batch_in_epoch));
  row.lr = progress_.rate;
  row.img_per_s = seen / std::max(1e-9, progress_.epoch_elapsed_s);
  row.nan_skipped = progress_.nan_skipped, row.rollbacks = progress_.rollbacks;
  if (!val_rows_.empty()) {
    const auto scores = predict_together(val_rows_);
    std::vector<int32_t> labels;
    for (const int32_t r : val_rows_) labels.push_back(set_.label[static_cast<size_t>(r)]);
    const auto report = metrics::classify(scores, labels, static_cast<int>(set_.labels.size()));
    row.val_loss = report.log_loss, row.val_acc = report.accuracy, row.val_balanced_acc = report.balanced_accuracy;
    row.val_f1_macro = report.f1_macro, row.val_ece = report.ece;
  }
  // Not before: a rank that is lost while all look at the validation pictures leaves an epoch that is not over.
  ++progress_.epoch;
  progress_.batch_in_epoch = progress_.seen = 0;
  progress_.loss_sum = progress_.hit_sum = progress_.norm_sum = progress_.epoch_elapsed_s = 0;
  return row;
}

bool LibtorchTrainer::run(const Callbacks& callbacks) {
  const AloneOnThisThread alone(device_.is_cpu());
  const int64_t batch = config_.batch, per_epoch = (static_cast<int64_t>(train_rows_.size()) + batch - 1) / batch;
  const Schedule schedule(config_, per_epoch);
  const auto session = Clock::now();
  const double before = progress_.elapsed_s;
  const auto used = [&] { return before + seconds_since(session); };
  const auto over = [&] { return schedule.over(used(), progress_.judging_s); };
  auto saved = Clock::now();
  stop_wanted_ = stop_agreed_ = false;
  const auto goes_on = [&] {  // an epoch that has begun is always judged
    return schedule.timed() ? !over() || progress_.batch_in_epoch > 0 : progress_.epoch < config_.epochs;
  };
  while (goes_on()) {
    const auto frozen = frozen_nodes(nets_[0].graph(), config_, progress_.epoch);
    for (nn::Net& net : nets_) net.freeze(frozen);
    loader_->forget();
    order_ = sampler_.order(progress_.epoch);
    const auto rows_of_batch = [&](int64_t number) {
      const size_t first = static_cast<size_t>(number * batch),
                   last = std::min(order_.size(), first + static_cast<size_t>(batch));
      return std::span<const int32_t>(order_).subspan(first, last - first);
    };
    while (progress_.batch_in_epoch < per_epoch && !over()) {
      const auto start = Clock::now();
      progress_.rate = progress_.rate_factor * schedule.rate(progress_.step, used());
      const auto rows = rows_of_batch(progress_.batch_in_epoch);
      next_rows_ = progress_.batch_in_epoch + 1 < per_epoch ? rows_of_batch(progress_.batch_in_epoch + 1)
                                                            : std::span<const int32_t>();
      step(rows, callbacks);
      ++progress_.batch_in_epoch;
      const double took = seconds_since(start);
      progress_.elapsed_s += took, progress_.epoch_elapsed_s += took;
      // Until it was measured: looking at a picture takes about a third of learning from it.
      if (progress_.epoch == 0) {
        const double guess = took / static_cast<double>(3 * rows.size()) * static_cast<double>(val_rows_.size());
        progress_.judging_s = progress_.batch_in_epoch == 1 ? guess : std::min(progress_.judging_s, guess);
      }
      if (callbacks.on_step)
        callbacks.on_step(static_cast<int64_t>(rows.size()),
                          progress_.loss_sum / static_cast<double>(std::max<int64_t>(1, progress_.seen)));
      // Processes stop together, one step after the first of them wants to.
      stop_wanted_ = callbacks.should_stop && callbacks.should_stop();
      if (others_ ? stop_agreed_ : stop_wanted_) return false;
      // Not among bad steps: the weights would be those that a later session goes back to.
      if (callbacks.on_checkpoint && guard_.is_calm() && seconds_since(saved) > 60.0 * config_.checkpoint_minutes)
        callbacks.on_checkpoint(), saved = Clock::now();
    }
    if (progress_.batch_in_epoch == 0) break;  // the time was up before the epoch began
    // Batch norm's averages have no part in the loss, but in every answer.
    if (config_.rollback_after > 0 && !sound()) roll_back(callbacks);
    const auto start = Clock::now();
    EpochRow row = finish_epoch();
    const double judging_s = seconds_since(start);
    // The faster of two: a machine that fell asleep once must not end the training early.
    progress_.judging_s = last_judging_s_ > 0 ? std::min(last_judging_s_, judging_s) : judging_s;
    last_judging_s_ = judging_s;
    progress_.elapsed_s += judging_s;
    row.time_s = progress_.elapsed_s;
    const bool best = val_rows_.empty() || row.val_acc > progress_.best_val_acc;  // nothing to judge by: the latest
    if (best) progress_.best_val_acc = row.val_acc, progress_.best_epoch = row.epoch;
    if (callbacks.on_epoch) callbacks.on_epoch(row, best);
  }
  return true;
}

std::map<std::string, ir::Tensor> LibtorchTrainer::state() const {
  return {{"train.weights", to_constant(nets_[0].weights())},
          {"train.statistics", to_constant(statistics_.repeat({static_cast<int64_t>(shares_), 1}))},
          {"train.average", to_constant(average_)},
          {"train.average_statistics", to_constant(average_statistics_)},
          {"train.optimiser", to_constant(optimiser_->state())}};
}

void LibtorchTrainer::restore(const Progress& progress, const std::map<std::string, ir::Tensor>& state) {
  const torch::NoGradGuard no_grad;
  const int64_t learned = average_.numel(), gathered = average_statistics_.numel();
  statistics_.copy_(from_constant(state, "train.statistics", {static_cast<int64_t>(shares_), gathered})[0]);
  nets_[0].weights().copy_(from_constant(state, "train.weights", {learned}));
  spread_statistics();
  average_.copy_(from_constant(state, "train.average", {learned}));
  average_statistics_.copy_(from_constant(state, "train.average_statistics", {gathered}));
  optimiser_->set_state(from_constant(state, "train.optimiser", optimiser_->state().sizes()),
                        progress.step - progress.nan_skipped);
  progress_ = progress;
  guard_.go_on(progress.usual_loss, progress.usual_steps);
  if (sound()) remember();  // what is not sound is noticed at the next step, and left for what was kept before
}

ir::Graph LibtorchTrainer::latest() const { return nets_[0].to_graph(nets_[0].weights(), statistics_); }
ir::Graph LibtorchTrainer::averaged() const { return nets_[0].to_graph(average_, average_statistics_); }

}  // namespace

std::unique_ptr<Trainer> make_trainer(const ir::Graph& graph, const data::Dataset& set, const TrainConfig& config) {
  return std::make_unique<LibtorchTrainer>(graph, set, config);
}

}  // namespace dimple::train
