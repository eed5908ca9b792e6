// How fast we train, against what one writes with libtorch alone, in one run: the two take turns, so that what else the
// machine does meets both. The same net, initial weights, order of pictures, optimiser (SGD with Nesterov momentum),
// batch of 64, floats.
//   tensors ready: the plain loop finds its pictures as float tensors; ours makes floats of bytes at every step
//   augmented: both alter every picture; the plain loop by torch's DataLoader with two workers
// Prints a table and writes JSON where --json says. With `--alone 1`, or started as one of several processes
// (train/ranks.h), it measures our own training alone. Processor time per picture is what counts on a busy machine.
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstring>

#include "host/files.h"
#include "host/json.h"
#include "ir/initialise.h"
#include "train/batches.h"
#include "train/plain_loop_bench.h"
#include "train/ranks.h"
#include "train/run_log.h"
#include "train/squares_testing.h"
#include "train/trainer.h"
#include "zoo/dimple_nano.h"
#include "zoo/ds48.h"

namespace dimple::train {
namespace {

constexpr int kBatch = 64;
struct Options {
  int repeats = 7, steps = 30, threads = 2, loader_threads = 0;
  std::string json;
};

struct Spent {
  double wall_s = 0, cpu_s = 0;
};
Spent now() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return {std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(),
          seconds(used.ru_utime) + seconds(used.ru_stime)};
}

struct Samples {
  std::vector<double> rate, cpu_ms;  // pictures per second of wall; processor milliseconds per picture
  void add(const Spent& from, int64_t pictures) {
    const Spent to = now();
    rate.push_back(static_cast<double>(pictures) / (to.wall_s - from.wall_s));
    cpu_ms.push_back(1e3 * (to.cpu_s - from.cpu_s) / static_cast<double>(pictures));
  }
};
double median(std::vector<double> v) {
  std::ranges::sort(v);
  return v.size() % 2 ? v[v.size() / 2] : (v[v.size() / 2 - 1] + v[v.size() / 2]) / 2;
}

TrainConfig config_of(const Options& options, bool augmented) {
  TrainConfig c;
  c.epochs = 100000, c.batch = kBatch, c.learning_rate = 0.02f, c.final_rate = 1, c.warmup_epochs = 0;
  c.weight_decay = 0, c.clip = 0, c.ema = 0, c.vote_share = 0, c.device = "cpu", c.threads = options.threads;
  c.no_augment = !augmented, c.loader_threads = options.loader_threads;
  return c;
}

std::vector<double> losses_of_ours(const ir::Graph& graph, const data::Dataset& set, const TrainConfig& config,
                                   int steps) {
  std::vector<double> losses;
  double before = 0;
  int64_t seen = 0;
  const auto trainer = make_trainer(graph, set, config);
  trainer->run({.on_step =
                    [&](int64_t n, double mean) {
                      if (seen == 0) before = 0;
                      seen += n;
                      losses.push_back((mean * static_cast<double>(seen) - before) / static_cast<double>(n));
                      before = mean * static_cast<double>(seen);
                    },
                .should_stop = [&] { return static_cast<int>(losses.size()) == steps; }});
  return losses;
}

class Plain {
 public:
  Plain(const ir::Graph& graph, std::shared_ptr<PlainNet> net, const data::Dataset& set, const TrainConfig& config,
        double nudge = 0)
      : set_(set),
        config_(config),
        net_(std::move(net)),
        sgd_(net_->parameters(), torch::optim::SGDOptions(config.learning_rate).momentum(0.9).nesterov(true)) {
    copy_weights(graph, *net_);
    rows_ = data::rows_of(set, data::Split::train);
    Batch batch;
    BatchMaker(set, config).make_plain(rows_, batch);
    pictures_ = torch::from_blob(batch.pictures.data(), {batch.count, 1, set.height, set.width}).clone();
    const torch::NoGradGuard no_grad;
    for (auto& [weight, bias] : net_->weights) weight.mul_(1 + nudge * torch::randn_like(weight));
    std::vector<int64_t> labels;
    for (const int32_t r : rows_) labels.push_back(set.label[static_cast<size_t>(r)]);
    labels_ = torch::tensor(labels);
    number_.resize(set.label.size());
    for (size_t i = 0; i < rows_.size(); ++i) number_[static_cast<size_t>(rows_[i])] = static_cast<int64_t>(i);
  }

  double step(const Tensor& pictures, const Tensor& labels) {
    sgd_.zero_grad();
    const Tensor loss = torch::nn::functional::cross_entropy(net_->forward(pictures), labels);
    loss.backward();
    sgd_.step();
    return loss.item<double>();
  }

  // The next step on tensors that are there, in our order.
  double ready_step() {
    const size_t per_epoch = rows_.size() / kBatch;
    if (at_ % per_epoch == 0) order_ = shuffled(rows_, config_.seed, static_cast<int>(at_ / per_epoch));
    std::vector<int64_t> index;
    for (size_t i = 0; i < kBatch; ++i)
      index.push_back(number_[static_cast<size_t>(order_[at_ % per_epoch * kBatch + i])]);
    ++at_;
    const Tensor rows = torch::tensor(index);
    return step(pictures_.index_select(0, rows), labels_.index_select(0, rows));
  }

  int64_t loaded_steps(int steps) {
    auto loader = torch::data::make_data_loader(PlainData(&set_, true).map(torch::data::transforms::Stack<>()),
                                                torch::data::samplers::RandomSampler(rows_.size()),
                                                torch::data::DataLoaderOptions().batch_size(kBatch).workers(2));
    int64_t pictures = 0;
    for (auto& batch : *loader) {
      step(batch.data, batch.target);
      pictures += batch.data.size(0);
      if (--steps == 0) break;
    }
    return pictures;
  }

 private:
  const data::Dataset& set_;
  const TrainConfig& config_;
  std::shared_ptr<PlainNet> net_;
  torch::optim::SGD sgd_;
  std::vector<int32_t> rows_, order_;
  std::vector<int64_t> number_;
  Tensor pictures_, labels_;
  size_t at_ = 0;
};

// Over the first steps: rounding that differs is soon blown up by training itself.
double largest_gap(const std::vector<double>& a, const std::vector<double>& b, size_t steps) {
  double gap = 0;
  for (size_t i = 0; i < std::min(steps, a.size()); ++i)
    gap = std::max(gap, std::abs(a[i] - b[i]) / std::max(0.05, b[i]));
  return gap;
}

void compare(const char* name, const ir::Graph& graph, const std::function<std::shared_ptr<PlainNet>()>& make_plain,
             const data::Dataset& set, const Options& options, host::Json& out) {
  // Same arithmetic? With one share, batch norm sees what the plain loop's sees, and the curves must be one.
  // How much rounding alone moves a curve shows the plain loop itself, once more from weights off by a millionth.
  constexpr int kSteps = 20;
  TrainConfig ready = config_of(options, false), single = ready;
  single.shares = 1;
  torch::set_num_threads(options.threads);
  const auto plain_losses = [&](double nudge) {
    Plain plain(graph, make_plain(), set, ready, nudge);
    std::vector<double> losses;
    for (int i = 0; i < kSteps; ++i) losses.push_back(plain.ready_step());
    return losses;
  };
  const auto theirs = plain_losses(0);
  const auto nudged = plain_losses(1e-6);
  const auto one = losses_of_ours(graph, set, single, kSteps), shared = losses_of_ours(graph, set, ready, kSteps);
  fmt::print("{}: loss of {} steps from {:.4f} to {:.4f} (ours with one share {:.4f}, with {} {:.4f})\n", name, kSteps,
             theirs.front(), theirs.back(), one.back(), options.threads, shared.back());
  host::Json gaps;
  for (const size_t steps : {3, 8, kSteps}) {
    const double g1 = largest_gap(one, theirs, steps), gs = largest_gap(shared, theirs, steps),
                 g0 = largest_gap(nudged, theirs, steps);
    fmt::print(
        "  largest gap over {} steps: one share {:.2g}, the plain loop nudged by 1e-6 {:.2g}, {} shares "
        "{:.2g}\n",
        steps, g1, g0, options.threads, gs);
    gaps.push_back({{"steps", steps}, {"one_share", g1}, {"plain_nudged", g0}, {"shares", gs}});
  }
  out["losses"].push_back(
      {{"net", name}, {"plain", theirs}, {"ours_one_share", one}, {"ours", shared}, {"gaps", gaps}});

  for (const bool augmented : {false, true}) {
    const TrainConfig config = config_of(options, augmented);
    Plain plain(graph, make_plain(), set, config);
    const auto trainer = make_trainer(graph, set, config);
    Samples a, b;
    std::vector<double> ratio, cpu_ratio;
    for (int r = -1; r < options.repeats; ++r) {  // the first round warms up
      torch::set_num_threads(options.threads);
      Spent start = now();
      int64_t pictures = 0;
      if (augmented)
        pictures = plain.loaded_steps(options.steps);
      else
        for (int i = 0; i < options.steps; ++i, pictures += kBatch) plain.ready_step();
      if (r >= 0) a.add(start, pictures);
      start = now(), pictures = 0;
      int steps = 0;
      trainer->run({.on_step = [&](int64_t n, double) { pictures += n; },
                    .should_stop = [&] { return ++steps == options.steps; }});
      if (r >= 0) {
        b.add(start, pictures);
        ratio.push_back(b.rate.back() / a.rate.back()), cpu_ratio.push_back(a.cpu_ms.back() / b.cpu_ms.back());
      }
    }
    const char* what = augmented ? "augmented" : "tensors ready";
    const auto spread = [](const std::vector<double>& v) {
      return fmt::format("{:.0f}-{:.0f}", *std::ranges::min_element(v), *std::ranges::max_element(v));
    };
    fmt::print("| {} | {} | {:.0f} ({}) | {:.0f} ({}) | {:.2f} ({:.2f}-{:.2f}) | {:.3f} | {:.3f} | {:.2f} |\n", name,
               what, median(a.rate), spread(a.rate), median(b.rate), spread(b.rate), median(ratio),
               *std::ranges::min_element(ratio), *std::ranges::max_element(ratio), median(a.cpu_ms), median(b.cpu_ms),
               median(cpu_ratio));
    out["rows"].push_back({{"net", name},
                           {"case", what},
                           {"plain_img_per_s", a.rate},
                           {"ours_img_per_s", b.rate},
                           {"plain_cpu_ms", a.cpu_ms},
                           {"ours_cpu_ms", b.cpu_ms},
                           {"ratio", median(ratio)},
                           {"cpu_ratio", median(cpu_ratio)}});
  }
}

// Ours alone, as one of the processes that the environment speaks of: pictures per second of all of them.
void run_alone(const char* name, const ir::Graph& graph, const data::Dataset& set, const Options& options) {
  const RankPlace place = rank_from_environment();
  const TrainConfig config = config_of(options, true);
  const auto trainer = make_trainer(graph, set, config);
  Samples samples;
  for (int r = -1; r < options.repeats; ++r) {
    const Spent start = now();
    int64_t pictures = 0;
    int steps = 0;
    trainer->run({.on_step = [&](int64_t n, double) { pictures += n; },
                  .should_stop = [&] { return ++steps >= options.steps; }});
    if (r >= 0) samples.add(start, pictures);
  }
  if (place.leads())
    fmt::print("{}: {} processes of {} threads: {:.0f} img/s, {:.3f} cpu ms/img in this one\n", name, place.world,
               options.threads, median(samples.rate), median(samples.cpu_ms));
}

int run(int argc, char** argv) {
  Options options;
  bool alone = rank_from_environment().world > 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string flag = argv[i];
    if (flag == "--repeats") options.repeats = std::stoi(argv[i + 1]);
    if (flag == "--steps") options.steps = std::stoi(argv[i + 1]);
    if (flag == "--threads") options.threads = std::stoi(argv[i + 1]);
    if (flag == "--loader-threads") options.loader_threads = std::stoi(argv[i + 1]);
    if (flag == "--json") options.json = argv[i + 1];
    if (flag == "--alone") alone = true;
  }
  const data::Dataset set = squares(kBatch * 2 * 60, 48);
  ir::Graph ds48 = zoo::make(zoo::Ds48{.classes = 3, .batch_norm = true});
  ir::initialise(ds48, 1);
  ir::Graph nano = zoo::make(zoo::DimpleNano{.classes = 3, .dropout = 0});  // whose masks would differ
  ir::initialise(nano, 1);
  if (alone) {
    run_alone("ds48", ds48, set, options);
    run_alone("dimple_nano", nano, set, options);
    return 0;
  }
  host::Json out{{"environment", environment()}, {"threads", options.threads}, {"batch", kBatch},
                 {"steps", options.steps},       {"repeats", options.repeats}, {"rows", host::Json::array()}};
  fmt::print(
      "| net | case | plain libtorch img/s | ours img/s | ratio | plain cpu ms/img | ours | ratio |\n"
      "|---|---|---|---|---|---|---|---|\n");
  const auto plain_ds48 = [] { return std::make_shared<PlainDs48>(3); };
  const auto plain_nano = [] { return std::make_shared<PlainNano>(3); };
  compare("ds48", ds48, plain_ds48, set, options, out);
  compare("dimple_nano", nano, plain_nano, set, options, out);
  if (!options.json.empty()) host::write_atomic(options.json, out.dump(1) + "\n");
  return 0;
}

}  // namespace
}  // namespace dimple::train

int main(int argc, char** argv) { return dimple::train::run(argc, argv); }
