// The speed of our training beside that of a training loop as a libtorch user would write it. The two take turns in one
// run, so that other load of the machine meets both, each in a process of its own, so that neither uses memory that the
// other has prepared or competes with threads that the other left spinning. Both have the same net, initial weights,
// order of pictures, optimiser (SGD with Nesterov momentum), batch of 64, floats.
//   tensors ready: libtorch's loop finds its pictures as float tensors; ours makes floats of bytes at every step
//   augmented: both read PNGs and augment every picture; libtorch's loop whenever its DataLoader (two workers) wants
//   one, ours all of a turn's pictures before it begins, as importers do: within the time of every turn, though once
//   for a training would be enough
// Prints a table and writes JSON where --json says. With `--alone 1`, or started as one of several processes
// (train/ranks.h), it measures our training alone, of pictures that were read before, and adds to the JSON. Ends with 1
// when the two loss curves differ. Processor time per picture is what counts on a busy machine.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>

#include "host/error.h"
#include "host/files.h"
#include "host/json.h"
#include "ir/initialise.h"
#include "train/batches.h"
#include "train/libtorch_loop_bench.h"
#include "train/range.h"
#include "train/ranks.h"
#include "train/run_log.h"
#include "train/squares_testing.h"
#include "train/trainer.h"
#include "train/workers.h"
#include "zoo/dimple_nano.h"
#include "zoo/ds48.h"

namespace dimple::train {
namespace {

constexpr int kBatch = 64;

// All of them to be trained on: looking at validation pictures is no part of the comparison. One label in five is
// wrong: once everything is learned, gradients fade into numbers that processors are slow with.
data::Dataset pictures(int count) {
  data::Dataset set = squares(count, 48);
  std::ranges::fill(set.split, data::Split::train);
  for (size_t i = 0; i < set.label.size(); i += 5) set.label[i] = static_cast<int32_t>(i / 5 % 3);
  return set;
}

struct Options {
  int repeats = 7, steps = 60, threads = 2, loader_threads = 0, shares = 0;
  std::string json, net;  // net: only this one
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

struct Turn {
  int64_t net, augmented, read, steps;
};
struct Measured {
  int64_t pictures = 0;
  Spent spent;
  double loss = 0;  // mean over the turn
  double rate() const { return static_cast<double>(pictures) / spent.wall_s; }
  double cpu_ms() const { return 1e3 * spent.cpu_s / static_cast<double>(pictures); }
};
Measured since(const Spent& start, int64_t pictures, double loss) {
  const Spent end = now();
  return {pictures, {end.wall_s - start.wall_s, end.cpu_s - start.cpu_s}, loss};
}

// A process that takes a turn when it is asked to, and sleeps otherwise. To be made before libtorch starts threads.
class Side {
 public:
  template <class Serve>
  explicit Side(Serve serve) {
    int to[2], from[2];
    if (pipe(to) != 0 || pipe(from) != 0) throw host::Error(host::Exit::failed, "no pipe between two processes");
    child_ = fork();
    if (child_ < 0) throw host::Error(host::Exit::failed, "no process beside this one");
    if (child_ == 0) {
      close(to[1]), close(from[0]);
      Turn turn{};
      while (read(to[0], &turn, sizeof turn) == sizeof turn) {
        const Measured measured = serve(turn);
        if (write(from[1], &measured, sizeof measured) != sizeof measured) break;
      }
      _exit(0);
    }
    close(to[0]), close(from[1]);
    in_ = to[1], out_ = from[0];
  }
  ~Side() {
    close(in_), close(out_);
    waitpid(child_, nullptr, 0);
  }
  Side(const Side&) = delete;
  Side& operator=(const Side&) = delete;

  Measured take(const Turn& turn) {
    Measured measured;
    if (write(in_, &turn, sizeof turn) != sizeof turn || read(out_, &measured, sizeof measured) != sizeof measured)
      throw host::Error(host::Exit::failed, "one of the two loops has died");
    return measured;
  }

 private:
  pid_t child_ = 0;
  int in_ = -1, out_ = -1;
};

struct Samples {
  std::vector<double> rate, cpu_ms, loss;  // pictures per second of wall; processor milliseconds per picture
  void add(const Measured& m) { rate.push_back(m.rate()), cpu_ms.push_back(m.cpu_ms()), loss.push_back(m.loss); }
};
double median(std::vector<double> v) {
  std::ranges::sort(v);
  return v.size() % 2 ? v[v.size() / 2] : (v[v.size() / 2 - 1] + v[v.size() / 2]) / 2;
}

Recipe recipe_of(const Options& options, bool augmented) {
  Recipe r;
  r.epochs = 100000, r.batch = kBatch, r.learning_rate = 0.02f, r.final_rate = 1, r.warmup_epochs = 0;
  r.weight_decay = 0, r.clip = 0, r.ema = 0, r.vote_share = 0;
  r.no_augment = !augmented, r.shares = options.shares;
  return r;
}

Session session_of(const Options& options) {
  Session s;
  s.device = "cpu", s.threads = options.threads, s.loader_threads = options.loader_threads;
  return s;
}

// The trainer tells the mean loss of the epoch so far; this makes sums of steps of it.
class StepLoss {
 public:
  explicit StepLoss(size_t pictures_of_an_epoch) : epoch_(static_cast<int64_t>(pictures_of_an_epoch)) {}
  double sum(int64_t pictures, double mean_so_far) {
    seen_ += pictures;
    const double all = mean_so_far * static_cast<double>(seen_), sum = all - before_;
    before_ = all;
    if (seen_ >= epoch_) seen_ = 0, before_ = 0;
    return sum;
  }

 private:
  int64_t epoch_, seen_ = 0;
  double before_ = 0;
};

std::vector<double> losses_of_ours(const ir::Graph& graph, const data::Dataset& set, const Recipe& recipe,
                                   const Session& session, int steps) {
  std::vector<double> losses;
  StepLoss step(set.size());
  const auto trainer = make_trainer(graph, set, recipe, session);
  trainer->run(
      {.on_step = [&](int64_t n, double mean) { losses.push_back(step.sum(n, mean) / static_cast<double>(n)); },
       .should_stop = [&] { return static_cast<int>(losses.size()) == steps; }});
  return losses;
}

class LibtorchLoop {
 public:
  LibtorchLoop(const ir::Graph& graph, std::shared_ptr<LibtorchNet> net, const data::Dataset& set, const Recipe& recipe,
               double nudge = 0)
      : set_(set),
        recipe_(recipe),
        net_(std::move(net)),
        sgd_(net_->parameters(), torch::optim::SGDOptions(recipe.learning_rate).momentum(0.9).nesterov(true)) {
    copy_weights(graph, *net_);
    rows_ = data::rows_of(set, data::Split::train);
    Batch batch;
    BatchMaker(set, recipe).make_plain(rows_, batch);
    pictures_ = torch::from_blob(batch.pictures.data(), {batch.count, 1, set.height, set.width}).clone();
    const torch::NoGradGuard no_grad;
    for (auto& [weight, bias] : net_->weights) weight.mul_(1 + nudge * torch::randn_like(weight));
    std::vector<int64_t> labels;
    for (const int32_t r : rows_) labels.push_back(set.label[static_cast<size_t>(r)]);
    labels_ = torch::tensor(labels);
    number_.resize(set.label.size());
    for (size_t i = 0; i < rows_.size(); ++i) number_[static_cast<size_t>(rows_[i])] = static_cast<int64_t>(i);
  }

  // Batch norm sees one of `parts` of the batch at a time, as in our shares.
  double step(const Tensor& pictures, const Tensor& labels, int parts = 1) {
    sgd_.zero_grad();
    double sum = 0;
    for (int part = 0; part < parts; ++part) {
      const Range range = range_of(static_cast<size_t>(labels.size(0)), part, parts);
      const auto first = static_cast<int64_t>(range.first), last = static_cast<int64_t>(range.last);
      const Tensor loss = torch::nn::functional::cross_entropy(net_->forward(pictures.slice(0, first, last)),
                                                               labels.slice(0, first, last)) *
                          (static_cast<double>(last - first) / static_cast<double>(labels.size(0)));
      loss.backward();
      sum += loss.item<double>();
    }
    sgd_.step();
    return sum;
  }

  // The next step on tensors that are there, in our order.
  double ready_step(int parts = 1) {
    const size_t per_epoch = rows_.size() / kBatch;
    if (at_ % per_epoch == 0) order_ = shuffled(rows_, recipe_.seed, static_cast<int>(at_ / per_epoch));
    std::vector<int64_t> index;
    for (size_t i = 0; i < kBatch; ++i)
      index.push_back(number_[static_cast<size_t>(order_[at_ % per_epoch * kBatch + i])]);
    ++at_;
    const Tensor rows = torch::tensor(index);
    return step(pictures_.index_select(0, rows), labels_.index_select(0, rows), parts);
  }

  // Pictures and the mean loss on them.
  std::pair<int64_t, double> loaded_steps(const Files& files, int steps) {
    auto loader = torch::data::make_data_loader(LibtorchData(&set_, &files).map(torch::data::transforms::Stack<>()),
                                                torch::data::samplers::RandomSampler(rows_.size()),
                                                torch::data::DataLoaderOptions().batch_size(kBatch).workers(2));
    int64_t pictures = 0;
    double sum = 0;
    for (auto& batch : *loader) {
      sum += step(batch.data, batch.target) * static_cast<double>(batch.data.size(0));
      pictures += batch.data.size(0);
      if (--steps == 0) break;
    }
    return {pictures, sum / static_cast<double>(pictures)};
  }

 private:
  const data::Dataset& set_;
  const Recipe& recipe_;
  std::shared_ptr<LibtorchNet> net_;
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

struct Contest {
  const char* name;
  ir::Graph graph;
  std::function<std::shared_ptr<LibtorchNet>()> make_libtorch_net;
};

// Same arithmetic? With as many parts as we have shares, libtorch's batch norms see what ours see, and the two
// curves must be one, as far as rounding lets them: how much rounding alone moves a curve shows that loop itself,
// once more from weights off by a millionth. False: they are further apart than kTolerance.
bool compare_losses(const Contest& contest, const data::Dataset& set, const Options& options, host::Json& out) {
  struct Tolerance {
    size_t steps;
    double gap;
  };
  constexpr Tolerance kTolerance[] = {{3, 0.005}, {8, 0.03}, {20, 0.1}};
  constexpr int kSteps = 20;
  bool same = true;
  for (const int parts : {1, options.threads}) {
    Recipe recipe = recipe_of(options, false);
    recipe.shares = parts;
    torch::set_num_threads(options.threads);
    const auto libtorch_losses = [&](double nudge) {
      LibtorchLoop theirs(contest.graph, contest.make_libtorch_net(), set, recipe, nudge);
      std::vector<double> losses;
      for (int i = 0; i < kSteps; ++i) losses.push_back(theirs.ready_step(parts));
      return losses;
    };
    const auto theirs = libtorch_losses(0), nudged = libtorch_losses(1e-6);
    const auto ours = losses_of_ours(contest.graph, set, recipe, session_of(options), kSteps);
    fmt::print("{}, batch norm over {} pictures: loss of {} steps from {:.4f} to {:.4f}, ours {:.4f}\n", contest.name,
               kBatch / parts, kSteps, theirs.front(), theirs.back(), ours.back());
    host::Json gaps;
    for (const auto& [steps, tolerated] : kTolerance) {
      const double gap = largest_gap(ours, theirs, steps), rounding = largest_gap(nudged, theirs, steps);
      same = same && gap <= tolerated;
      fmt::print("  largest gap over {:2} steps: {:.2g}, of libtorch to itself nudged by 1e-6: {:.2g}{}\n", steps, gap,
                 rounding, gap <= tolerated ? "" : fmt::format(": MORE THAN {}", tolerated));
      gaps.push_back({{"steps", steps}, {"gap", gap}, {"plain_nudged", rounding}, {"tolerated", tolerated}});
    }
    out["losses"].push_back(
        {{"net", contest.name}, {"parts", parts}, {"plain", theirs}, {"ours", ours}, {"gaps", gaps}});
    if (options.threads == 1) break;
  }
  return same;
}

// What the two processes do. Each keeps the training it was last asked for, until it is asked for another.
class Contestant {
 public:
  Contestant(const std::vector<Contest>& contests, const data::Dataset& set, const Files& files, const Options& options)
      : contests_(contests), set_(set), files_(files), options_(options) {}

 protected:
  bool takes_up(const Turn& turn) {
    if (began_ && turn.net == turn_.net && turn.augmented == turn_.augmented) return false;
    began_ = true, turn_ = turn, recipe_ = recipe_of(options_, turn.augmented != 0);
    return true;
  }
  const Contest& contest() const { return contests_[static_cast<size_t>(turn_.net)]; }

  const std::vector<Contest>& contests_;
  const data::Dataset& set_;
  const Files& files_;
  const Options& options_;
  Recipe recipe_;

 private:
  Turn turn_{};
  bool began_ = false;
};

class LibtorchSide : Contestant {
 public:
  using Contestant::Contestant;
  Measured operator()(const Turn& turn) {
    torch::set_num_threads(options_.threads);
    if (takes_up(turn))
      loop_ = std::make_unique<LibtorchLoop>(contest().graph, contest().make_libtorch_net(), set_, recipe_);
    const Spent start = now();
    if (turn.augmented != 0) {
      const auto [pictures, loss] = loop_->loaded_steps(files_, static_cast<int>(turn.steps));
      return since(start, pictures, loss);
    }
    double sum = 0;
    for (int64_t i = 0; i < turn.steps; ++i) sum += loop_->ready_step();
    return since(start, turn.steps * kBatch, sum / static_cast<double>(turn.steps));
  }

 private:
  std::unique_ptr<LibtorchLoop> loop_;
};

class OurSide : Contestant {
 public:
  using Contestant::Contestant;
  Measured operator()(const Turn& turn) {
    if (own_.size() == 0) own_ = set_;
    if (takes_up(turn)) {
      trainer_.reset();  // it may hold the port at which ranks meet
      trainer_ = make_trainer(contest().graph, own_, recipe_, session_of(options_));
      step_loss_ = StepLoss(own_.size());
    }
    const Spent start = now();
    int64_t pictures = 0, steps = 0;
    double loss = 0;
    if (turn.read != 0) read(std::min(files_.size(), static_cast<size_t>(turn.steps * kBatch)));
    trainer_->run({.on_step = [&](int64_t n, double mean) { pictures += n, loss += step_loss_.sum(n, mean); },
                   .should_stop = [&] { return ++steps == turn.steps; }});
    return since(start, pictures, loss / static_cast<double>(pictures));
  }
  auto shares() const { return trainer_->shares(); }

 private:
  void read(size_t pictures) {
    Workers workers(options_.threads, [] {});
    workers.run([&](int w) {
      const Range range = range_of(pictures, w, workers.count());
      for (size_t i = range.first; i < range.last; ++i)
        std::ranges::copy(media::decode(files_[i], "picture").pixels,
                          own_.pixels.begin() + static_cast<ptrdiff_t>(i * own_.picture_bytes()));
    });
  }

  data::Dataset own_;
  std::unique_ptr<Trainer> trainer_;
  StepLoss step_loss_{0};
};

void race(int64_t net, const Contest& contest, Side& libtorch, Side& ours, const Options& options, host::Json& out) {
  for (const bool augmented : {false, true}) {
    const Turn turn{net, augmented, augmented, options.steps};
    libtorch.take(turn), ours.take(turn);  // warms up
    Samples a, b;
    std::vector<double> ratio, cpu_ratio;
    for (int r = 0; r < options.repeats; ++r) {
      a.add(libtorch.take(turn)), b.add(ours.take(turn));
      ratio.push_back(b.rate.back() / a.rate.back()), cpu_ratio.push_back(a.cpu_ms.back() / b.cpu_ms.back());
    }
    const char* what = augmented ? "augmented" : "tensors ready";
    const auto spread = [](const std::vector<double>& v) {
      return fmt::format("{:.0f}-{:.0f}", *std::ranges::min_element(v), *std::ranges::max_element(v));
    };
    fmt::print("| {} | {} | {:.0f} ({}) | {:.0f} ({}) | {:.2f} ({:.2f}-{:.2f}) | {:.3f} | {:.3f} | {:.2f} |\n",
               contest.name, what, median(a.rate), spread(a.rate), median(b.rate), spread(b.rate), median(ratio),
               *std::ranges::min_element(ratio), *std::ranges::max_element(ratio), median(a.cpu_ms), median(b.cpu_ms),
               median(cpu_ratio));
    out["rows"].push_back({{"net", contest.name},
                           {"case", what},
                           {"plain_img_per_s", a.rate},
                           {"ours_img_per_s", b.rate},
                           {"plain_cpu_ms", a.cpu_ms},
                           {"ours_cpu_ms", b.cpu_ms},
                           {"plain_loss", a.loss},
                           {"ours_loss", b.loss},
                           {"ratio", median(ratio)},
                           {"cpu_ratio", median(cpu_ratio)}});
  }
}

// Ours alone, as one of the processes that the environment speaks of: pictures per second of all of them.
void run_alone(const std::vector<Contest>& contests, const data::Dataset& set, const Files& files,
               const Options& options) {
  const Rank rank = rank_from_environment();
  OurSide ours(contests, set, files, options);
  host::Json out{{"rows", host::Json::array()}};  // one file for all nets and numbers of processes: rows are added
  if (rank.leads() && host::file_exists(options.json))
    out = host::parse_json(host::read_text(options.json), options.json);
  for (size_t net = 0; net < contests.size(); ++net) {
    const Turn turn{static_cast<int64_t>(net), 1, 0, options.steps};
    ours(turn);  // warms up
    Samples samples;
    for (int r = 0; r < options.repeats; ++r) samples.add(ours(turn));
    const auto shares = ours.shares();
    if (rank.leads())
      fmt::print("{}: {} processes of {} threads, {} shares: {:.0f} img/s, {:.3f} cpu ms/img in this one\n",
                 contests[net].name, rank.world, options.threads, shares, median(samples.rate), median(samples.cpu_ms));
    out["rows"].push_back({{"net", contests[net].name},
                           {"processes", rank.world},
                           {"threads", options.threads},
                           {"shares", shares},
                           {"loader_threads", options.loader_threads},
                           {"steps", options.steps},
                           {"img_per_s", samples.rate},
                           {"cpu_ms", samples.cpu_ms},
                           {"environment", environment()}});
  }
  if (rank.leads() && !options.json.empty()) host::write_atomic(options.json, out.dump(1) + "\n");
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
    if (flag == "--shares") options.shares = std::stoi(argv[i + 1]);
    if (flag == "--net") options.net = argv[i + 1];
    if (flag == "--json") options.json = argv[i + 1];
    if (flag == "--alone") alone = true;
  }
  if (options.threads < 1 || options.threads > kBatch) throw host::Error(host::Exit::usage, "threads: 1 to 64");
  const data::Dataset set = pictures(kBatch * 60);
  const Files files = encode(set);
  std::vector<Contest> contests{
      {"ds48", zoo::make(zoo::Ds48{.classes = 3, .batch_norm = true}),
       [] { return std::make_shared<LibtorchDs48>(3); }},
      {"dimple_nano", zoo::make(zoo::DimpleNano{.classes = 3, .dropout = 0}),  // whose masks would differ
       [] { return std::make_shared<LibtorchNano>(3); }}};
  if (!options.net.empty()) std::erase_if(contests, [&](const Contest& c) { return c.name != options.net; });
  for (Contest& contest : contests) ir::initialise(contest.graph, 1);
  if (alone) {
    if (rank_from_environment().world > 1 && contests.size() > 1)  // they meet at one port, once
      throw host::Error(host::Exit::usage, "several processes measure one net", "name it: --net ds48");
    run_alone(contests, set, files, options);
    return 0;
  }
  Side libtorch{LibtorchSide(contests, set, files, options)}, ours{OurSide(contests, set, files, options)};
  host::Json out{{"environment", environment()}, {"threads", options.threads}, {"batch", kBatch},
                 {"steps", options.steps},       {"repeats", options.repeats}, {"rows", host::Json::array()}};
  fmt::print(
      "| net | case | libtorch img/s | ours img/s | ratio | libtorch cpu ms/img | ours | ratio |\n"
      "|---|---|---|---|---|---|---|---|\n");
  for (size_t net = 0; net < contests.size(); ++net)
    race(static_cast<int64_t>(net), contests[net], libtorch, ours, options, out);
  for (const host::Json& row : out["rows"])
    fmt::print("{}, {}: mean loss of the last turn {:.3f}, ours {:.3f}\n", row["net"].get<std::string>(),
               row["case"].get<std::string>(), row["plain_loss"].back().get<double>(),
               row["ours_loss"].back().get<double>());
  bool same = true;
  for (const Contest& contest : contests) same = compare_losses(contest, set, options, out) && same;
  if (!options.json.empty()) host::write_atomic(options.json, out.dump(1) + "\n");
  return same ? 0 : 1;
}

}  // namespace
}  // namespace dimple::train

int main(int argc, char** argv) { return dimple::train::run(argc, argv); }
