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
#include <map>

#include "host/files.h"
#include "train/libtorch_loop_bench.h"
#include "train/run_files.h"
#include "train/schedule.h"
#include "train/squares_testing.h"
#include "train/trainer.h"
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
  int repeats = 7, steps = 60, threads = 2, loader_threads = 0, shares = 0, alone = 0;
  std::string json, net;  // net: only this one
};

Options parse_options(int argc, char** argv) {
  Options o;
  const std::map<std::string, int*> numbers{
      {"--repeats", &o.repeats}, {"--steps", &o.steps},   {"--loader-threads", &o.loader_threads},
      {"--threads", &o.threads}, {"--shares", &o.shares}, {"--alone", &o.alone}};
  const std::map<std::string, std::string*> words{{"--json", &o.json}, {"--net", &o.net}};
  for (int i = 1; i + 1 < argc; i += 2)
    if (numbers.contains(argv[i]))
      *numbers.at(argv[i]) = std::stoi(argv[i + 1]);
    else if (words.contains(argv[i]))
      *words.at(argv[i]) = argv[i + 1];
  if (o.threads < 1 || o.threads > kBatch) throw host::Error(host::Exit::usage, "threads: 1 to 64");
  return o;
}

struct Turn {
  double img_per_s = 0, cpu_ms = 0, loss = 0;  // processor milliseconds per picture; mean loss
};

class Clock {
 public:
  Turn turn(int64_t pictures, double loss_sum) const {
    const double n = static_cast<double>(pictures);
    return {n / watch_.seconds(), 1e3 * (processor_seconds() - before_) / n, loss_sum / n};
  }

 private:
  static double processor_seconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& t) {
      return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
  }
  Stopwatch watch_;
  double before_ = processor_seconds();
};

// A process that takes a turn when it is asked to, and sleeps otherwise. To be made before libtorch starts threads.
class Side {
 public:
  // `make` gives what takes a turn of so many steps.
  template <class Make>
  explicit Side(const Make& make) {
    int to[2], from[2];
    if (pipe(to) != 0 || pipe(from) != 0) throw host::Error(host::Exit::failed, "no pipe between two processes");
    child_ = fork();
    if (child_ < 0) throw host::Error(host::Exit::failed, "no process beside this one");
    if (child_ == 0) {
      close(to[1]), close(from[0]);
      const std::function<Turn(int)> take_turn = make();
      for (int steps = 0; read(to[0], &steps, sizeof steps) == sizeof steps;) {
        const Turn turn = take_turn(steps);
        if (write(from[1], &turn, sizeof turn) != sizeof turn) break;
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

  Turn take(int steps) {
    Turn turn;
    if (write(in_, &steps, sizeof steps) != sizeof steps || read(out_, &turn, sizeof turn) != sizeof turn)
      throw host::Error(host::Exit::failed, "one of the two loops has died");
    return turn;
  }

 private:
  pid_t child_ = 0;
  int in_ = -1, out_ = -1;
};

std::vector<double> column(const std::vector<Turn>& turns, double Turn::*field) {
  std::vector<double> all;
  for (const Turn& turn : turns) all.push_back(turn.*field);
  return all;
}

struct Middle {
  double median, low, high;
};
Middle middle_of(std::vector<double> v) {
  std::ranges::sort(v);
  return {(v[(v.size() - 1) / 2] + v[v.size() / 2]) / 2, v.front(), v.back()};
}

Recipe recipe_of(const Options& options, bool augmented) {
  Recipe r;
  r.epochs = 100000, r.batch = kBatch, r.learning_rate = 0.02f, r.final_rate = 1, r.warmup_epochs = 0;
  r.weight_decay = 0, r.clip = 0, r.ema = 0, r.vote_share = 0;
  r.no_augment = !augmented, r.shares = options.shares;
  return r;
}

class OurTraining {
 public:
  OurTraining(const ir::Graph& graph, const data::Dataset& set, const Recipe& recipe, const Options& options,
              const Rank& rank = {})
      : set_(set), threads_(options.threads) {
    Session s;
    s.device = "cpu", s.threads = options.threads, s.loader_threads = options.loader_threads;
    trainer_ = make_trainer(graph, set_, recipe, s, rank);
  }

  // The mean loss of each step. Every batch is whole.
  std::vector<double> run(int steps) {
    std::vector<double> losses;
    const auto note_loss = [&](int64_t, double) {
      const Progress& at = trainer_->progress();
      losses.push_back((at.loss_sum - (at.batch_in_epoch > 1 ? loss_before_ : 0)) / kBatch);
      loss_before_ = at.loss_sum;
    };
    trainer_->run({.on_step = note_loss, .should_stop = [&] { return static_cast<int>(losses.size()) == steps; }});
    return losses;
  }
  // With `files`, the pictures of a turn are read before it begins.
  Turn take_turn(int steps, const Files* files = nullptr) {
    const Clock clock;
    const int64_t pictures = int64_t{steps} * kBatch;
    if (files) read(*files, std::min(files->size(), static_cast<size_t>(pictures)));
    double sum = 0;
    for (const double loss : run(steps)) sum += loss * kBatch;
    return clock.turn(pictures, sum);
  }
  int shares() const { return trainer_->shares(); }

 private:
  void read(const Files& files, size_t pictures) {
    Workers workers(threads_, [] {});
    workers.run([&](int w) {
      const Range range = range_of(pictures, w, workers.count());
      for (size_t i = range.first; i < range.last; ++i)
        std::ranges::copy(media::decode(files[i], "picture").pixels,
                          set_.pixels.begin() + static_cast<ptrdiff_t>(i * set_.picture_bytes()));
    });
  }

  data::Dataset set_;
  int threads_;
  double loss_before_ = 0;
  std::unique_ptr<Trainer> trainer_;
};

// Same arithmetic? With as many parts as we have shares, libtorch's batch norms see what ours see, and the two
// curves must be one, as far as rounding lets them: how much rounding alone moves a curve shows that loop itself,
// once more from weights off by a millionth. False: they are further apart than kTolerance.
bool compare_losses(const ir::Graph& graph, const data::Dataset& set, const Options& options, host::Json& out) {
  struct Tolerance {
    size_t steps;
    double gap;
  };
  constexpr Tolerance kTolerance[] = {{3, 0.005}, {8, 0.03}, {20, 0.1}};
  constexpr int kSteps = 20;
  const auto largest_gap = [](const std::vector<double>& a, const std::vector<double>& b, size_t steps) {
    double gap = 0;
    for (size_t i = 0; i < steps; ++i) gap = std::max(gap, std::abs(a[i] - b[i]) / std::max(0.05, b[i]));
    return gap;
  };
  bool same = true;
  for (const int parts : {1, options.threads}) {
    Recipe recipe = recipe_of(options, false);
    recipe.shares = parts;
    torch::set_num_threads(options.threads);
    const auto libtorch_losses = [&](double nudge) {
      LibtorchLoop theirs(graph, set, recipe, nudge);
      std::vector<double> losses;
      for (int i = 0; i < kSteps; ++i) losses.push_back(theirs.ready_step(parts));
      return losses;
    };
    const auto theirs = libtorch_losses(0), nudged = libtorch_losses(1e-6);
    const auto ours = OurTraining(graph, set, recipe, options).run(kSteps);
    fmt::print("{}, batch norm over {} pictures: loss of {} steps from {:.4f} to {:.4f}, ours {:.4f}\n", graph.name,
               kBatch / parts, kSteps, theirs.front(), theirs.back(), ours.back());
    host::Json gaps;
    for (const auto& [steps, tolerated] : kTolerance) {
      const double gap = largest_gap(ours, theirs, steps), rounding = largest_gap(nudged, theirs, steps);
      same = same && gap <= tolerated;
      fmt::print("  largest gap over {:2} steps: {:.2g}, of libtorch to itself nudged by 1e-6: {:.2g}{}\n", steps, gap,
                 rounding, gap <= tolerated ? "" : fmt::format(": MORE THAN {}", tolerated));
      gaps.push_back({{"steps", steps}, {"gap", gap}, {"plain_nudged", rounding}, {"tolerated", tolerated}});
    }
    out["losses"].push_back({{"net", graph.name}, {"parts", parts}, {"plain", theirs}, {"ours", ours}, {"gaps", gaps}});
    if (options.threads == 1) break;
  }
  return same;
}

void race(const ir::Graph& graph, const data::Dataset& set, const Files& files, const Options& options,
          host::Json& out) {
  for (const bool augmented : {false, true}) {
    const Recipe recipe = recipe_of(options, augmented);
    Side libtorch([&] {
      torch::set_num_threads(options.threads);
      return [&, loop = std::make_shared<LibtorchLoop>(graph, set, recipe), augmented](int steps) {
        const Clock clock;
        if (augmented)
          return std::apply([&](auto... of) { return clock.turn(of...); }, loop->loaded_steps(files, steps));
        double sum = 0;
        for (int i = 0; i < steps; ++i) sum += loop->ready_step() * kBatch;
        return clock.turn(int64_t{steps} * kBatch, sum);
      };
    });
    Side ours([&] {
      return [&, training = std::make_shared<OurTraining>(graph, set, recipe, options), augmented](int steps) {
        return training->take_turn(steps, augmented ? &files : nullptr);
      };
    });
    libtorch.take(options.steps), ours.take(options.steps);  // warms up
    std::vector<Turn> a, b;
    std::vector<double> ratio, cpu_ratio;
    for (int r = 0; r < options.repeats; ++r) {
      a.push_back(libtorch.take(options.steps)), b.push_back(ours.take(options.steps));
      ratio.push_back(b.back().img_per_s / a.back().img_per_s), cpu_ratio.push_back(a.back().cpu_ms / b.back().cpu_ms);
    }
    const char* what = augmented ? "augmented" : "tensors ready";
    const auto rate = [](const std::vector<Turn>& turns) {
      const Middle m = middle_of(column(turns, &Turn::img_per_s));
      return fmt::format("{:.0f} ({:.0f}-{:.0f})", m.median, m.low, m.high);
    };
    const Middle m = middle_of(ratio);
    fmt::print("| {} | {} | {} | {} | {:.2f} ({:.2f}-{:.2f}) | {:.3f} | {:.3f} | {:.2f} |\n", graph.name, what, rate(a),
               rate(b), m.median, m.low, m.high, middle_of(column(a, &Turn::cpu_ms)).median,
               middle_of(column(b, &Turn::cpu_ms)).median, middle_of(cpu_ratio).median);
    host::Json row{
        {"net", graph.name}, {"case", what}, {"ratio", m.median}, {"cpu_ratio", middle_of(cpu_ratio).median}};
    for (const auto& [side, turns] : {std::pair{"plain", &a}, {"ours", &b}})
      for (const auto& [name, field] :
           {std::pair{"_img_per_s", &Turn::img_per_s}, {"_cpu_ms", &Turn::cpu_ms}, {"_loss", &Turn::loss}})
        row[std::string(side) + name] = column(*turns, field);
    out["rows"].push_back(std::move(row));
  }
}

// Ours alone, as one of the processes that train together: pictures per second of all of them. One file for all nets
// and numbers of processes: rows are added.
void run_alone(const ir::Graph& graph, const data::Dataset& set, const Options& options, const Rank& rank) {
  OurTraining ours(graph, set, recipe_of(options, true), options, rank);
  ours.take_turn(options.steps);  // warms up
  std::vector<Turn> turns;
  for (int r = 0; r < options.repeats; ++r) turns.push_back(ours.take_turn(options.steps));
  if (!rank.leads()) return;
  const auto rates = column(turns, &Turn::img_per_s), cpu_ms = column(turns, &Turn::cpu_ms);
  fmt::print("{}: {} processes of {} threads, {} shares: {:.0f} img/s, {:.3f} cpu ms/img in this one\n", graph.name,
             rank.world, options.threads, ours.shares(), middle_of(rates).median, middle_of(cpu_ms).median);
  if (options.json.empty()) return;
  host::Json out{{"rows", host::Json::array()}};
  if (host::file_exists(options.json)) out = host::parse_json(host::read_text(options.json), options.json);
  out["rows"].push_back({{"net", graph.name},
                         {"processes", rank.world},
                         {"threads", options.threads},
                         {"shares", ours.shares()},
                         {"loader_threads", options.loader_threads},
                         {"steps", options.steps},
                         {"img_per_s", rates},
                         {"cpu_ms", cpu_ms},
                         {"environment", environment()}});
  host::write_atomic(options.json, out.dump(1) + "\n");
}

int run(int argc, char** argv) {
  const Options options = parse_options(argc, argv);
  const Rank rank = rank_from_environment();
  const data::Dataset set = pictures(kBatch * 60);
  std::vector<ir::Graph> graphs{zoo::make(zoo::Ds48{.classes = 3, .batch_norm = true}),
                                zoo::make(zoo::DimpleNano{.classes = 3, .dropout = 0})};  // whose masks would differ
  if (!options.net.empty()) std::erase_if(graphs, [&](const ir::Graph& g) { return g.name != options.net; });
  for (ir::Graph& graph : graphs) ir::initialise(graph, 1);
  if (rank.world > 1 && graphs.size() > 1)  // they meet at one port, once
    throw host::Error(host::Exit::usage, "several processes measure one net", "name it: --net ds48");
  if (options.alone || rank.world > 1) {
    for (const ir::Graph& graph : graphs) run_alone(graph, set, options, rank);
    return 0;
  }
  const Files files = encode(set);
  host::Json out{{"environment", environment()}, {"threads", options.threads}, {"batch", kBatch},
                 {"steps", options.steps},       {"repeats", options.repeats}, {"rows", host::Json::array()}};
  fmt::print(
      "| net | case | libtorch img/s | ours img/s | ratio | libtorch cpu ms/img | ours | ratio |\n"
      "|---|---|---|---|---|---|---|---|\n");
  for (const ir::Graph& graph : graphs) race(graph, set, files, options, out);
  for (const host::Json& row : out["rows"])
    fmt::print("{}, {}: mean loss of the last turn {:.3f}, ours {:.3f}\n", row["net"].get<std::string>(),
               row["case"].get<std::string>(), row["plain_loss"].back().get<double>(),
               row["ours_loss"].back().get<double>());
  bool same = true;
  for (const ir::Graph& graph : graphs) same = compare_losses(graph, set, options, out) && same;
  if (!options.json.empty()) host::write_atomic(options.json, out.dump(1) + "\n");
  return same ? 0 : 1;
}

}  // namespace
}  // namespace dimple::train

int main(int argc, char** argv) { return dimple::train::run(argc, argv); }
