#include "train/training.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "data/quarantine.h"
#include "data/split.h"
#include "host/fields.h"
#include "host/files.h"
#include "host/run_folder.h"
#include "ir/cost.h"
#include "train/make_answers.h"
#include "train/run_files.h"
#include "train/schedule.h"
#include "train/start.h"

namespace dimple::train {
namespace {

namespace fs = std::filesystem;
using host::Error;
using host::Exit;

// A training with its run folder, into which rank 0 alone writes.
class Run {
 public:
  Run(const TrainRequest& request, const Rank& rank, const host::Task& task);
  TrainReport run();

 private:
  bool is_resumed() const { return !request_.session.resume.empty(); }
  void open_folder();
  void write_settings() const;
  void restore();
  Callbacks make_callbacks();
  void start_progress_bar();
  void close_epoch(const EpochReport& epoch, bool is_best);
  std::vector<std::string> leaks() const;
  TrainReport make_report(bool finished) const;

  const TrainRequest request_;
  const host::Task task_;
  const Rank rank_;
  const data::Dataset set_;
  const bool validated_ = !data::rows_of(set_, data::Split::validation).empty();
  InitialNet net_;
  std::optional<TestPictures> test_pictures_;
  std::unique_ptr<Trainer> trainer_;
  fs::path folder_;
  std::optional<SavedWeights> weights_;
  std::vector<EpochReport> epochs_;
};

// Mistakes in the request are found before a folder is made.
Run::Run(const TrainRequest& request, const Rank& rank, const host::Task& task)
    : request_(request),
      task_(task),
      rank_(rank),
      set_(load_training_data(request_, task_)),
      net_(make_initial_net(request_.recipe, set_)) {
  // By every rank: if one alone read them, the others would wait for it.
  if (request_.session.test) test_pictures_.emplace(set_, request_, task_);
  if (!is_resumed()) load_initial_weights(net_, request_.recipe, task_);
  provide_answers(set_, request_.recipe, request_.session, rank_, task_);
  trainer_ = make_trainer(net_.graph, set_, request_.recipe, request_.session, rank_);
  open_folder();
  weights_.emplace(folder_, set_, request_.recipe, *trainer_, leaks());
  if (is_resumed())
    restore();
  else if (rank_.leads())
    write_settings();
}

void Run::open_folder() {
  folder_ = request_.session.resume;
  if (!rank_.leads()) return;
  if (is_resumed())
    for (const fs::path& folder : {folder_, folder_ / "weights"}) host::remove_leftovers(folder);
  else
    folder_ = host::make_run_folder("train", {request_.session.runs, request_.session.name});
  host::make_folder(folder_ / "weights");
}

void Run::write_settings() const {
  host::write_atomic(folder_ / "args.toml", host::to_toml(request_));
  host::Json env = environment();
  env["processes"] = rank_.world, env["threads"] = trainer_->threads(), env["shares"] = trainer_->shares();
  env["precision"] = trainer_->precision();
  host::write_atomic(folder_ / "env.json", env.dump(2) + "\n");
  write_data_lock(folder_, set_, request_, net_.init_sha256);
  if (!set_.quarantine.empty()) host::write_atomic(folder_ / "quarantine.csv", data::quarantine_csv(set_));
  if (net_.transfer) host::write_atomic(folder_ / "init.json", host::to_json(*net_.transfer).dump(2) + "\n");
}

void Run::restore() {
  if (!host::file_exists(weights_->last()))
    throw Error(Exit::usage, folder_.string() + " stopped before its first checkpoint", "start it again as a new run");
  const std::string began_with = check_data_lock(folder_, set_, request_);
  if (!net_.init_sha256.empty() && !began_with.empty() && net_.init_sha256 != began_with)
    throw Error(Exit::input, request_.recipe.arch + " is not the model file this run began with",
                "its checksum differs from data.lock.json");
  net_.init_sha256 = began_with;
  weights_->restore(*trainer_);
  const Progress& at = trainer_->progress();
  epochs_ = read_results(folder_);
  std::erase_if(epochs_, [&](const EpochReport& epoch) { return epoch.epoch > at.epoch; });
  // A kill may have come between the checkpoint and the best weights, which are then those of the checkpoint.
  const bool at_end_of_epoch = at.batch_in_epoch == 0 && !epochs_.empty() && epochs_.back().epoch == at.epoch;
  if (at_end_of_epoch && at.best_epoch == at.epoch && rank_.leads()) weights_->save_best(epochs_.back());
}

std::vector<std::string> Run::leaks() const {
  std::vector<std::string> all = data::leaks_of(set_);
  if (test_pictures_) all.insert(all.end(), test_pictures_->leaks().begin(), test_pictures_->leaks().end());
  return all;
}

void Run::start_progress_bar() {
  const Recipe& recipe = request_.recipe;
  const std::string of_all = recipe.time.empty() ? fmt::format("/{}", recipe.epochs) : "";
  task_.progress().start(static_cast<int64_t>(data::rows_of(set_, data::Split::train).size()),
                         fmt::format("epoch {}{}", trainer_->progress().epoch + 1, of_all));
}

Callbacks Run::make_callbacks() {
  Callbacks callbacks;
  callbacks.should_stop = [this, watch = Stopwatch()] {
    const double limit_s = request_.session.max_minutes * 60;
    return task_.cancelled() || (limit_s > 0 && watch.seconds() > limit_s);
  };
  callbacks.on_epoch = [this](const EpochReport& epoch, bool is_best) { close_epoch(epoch, is_best); };
  if (!rank_.leads()) return callbacks;
  callbacks.on_step = [this](int64_t n, double loss) { task_.progress().advance(n, fmt::format("loss {:.3f}", loss)); };
  callbacks.on_checkpoint = [this] { weights_->save_last(); };
  callbacks.on_trouble = [this](const std::string& what) { task_.progress().say(what); };
  return callbacks;
}

void Run::close_epoch(const EpochReport& epoch, bool is_best) {
  epochs_.push_back(epoch);
  if (!rank_.leads()) return;
  task_.progress().finish();
  const std::string validation = validated_ ? fmt::format("  val loss {:.4f}  val accuracy {:.4f}{}", epoch.val_loss,
                                                          epoch.val_acc, is_best ? " *" : "  ")
                                            : "";
  task_.progress().say(fmt::format("epoch {:3}  train loss {:.4f}{}  {:.0f} pictures/s", epoch.epoch, epoch.train_loss,
                                   validation, epoch.img_per_s));
  // In this order: restore() drops a row too many, and finds missing best weights in the checkpoint.
  write_results(folder_, epochs_);
  weights_->save_last();
  if (is_best) weights_->save_best(epoch);
  start_progress_bar();
}

TrainReport Run::run() {
  const host::StopsByItself saves_first(task_.cancel());  // after the step in hand, which may take seconds
  const Callbacks callbacks = make_callbacks();
  if (rank_.leads()) {
    if (!is_resumed()) weights_->save_last();  // from here on a kill loses nothing
    start_progress_bar();
  }
  bool finished = false;
  try {
    finished = trainer_->run(callbacks);
  } catch (const RankLost&) {  // the step that was interrupted has left no trace in the checkpoint
    if (rank_.leads()) weights_->save_last();
    throw;
  }
  task_.progress().finish();
  if (rank_.leads() && !finished) weights_->save_last();
  if (rank_.leads()) write_validation_files(folder_, set_, request_, *trainer_, *weights_, leaks());
  TrainReport report = make_report(finished);
  if (test_pictures_ && finished && rank_.leads()) {
    const TestReport& test = report.test.emplace<TestReport>(test_pictures_->test(weights_->best().string()));
    host::write_atomic(folder_ / "test.json", host::to_json(test).dump(2) + "\n");
  }
  return report;
}

TrainReport Run::make_report(bool finished) const {
  const ir::Cost cost = ir::estimate_cost(net_.graph);
  TrainReport report;
  report.folder = folder_.string();
  report.leads = rank_.leads(), report.finished = finished;
  report.epochs = epochs_, report.validated = validated_;
  report.progress = trainer_->progress();
  report.threads = trainer_->threads(), report.precision = trainer_->precision();
  report.parameters = cost.parameters, report.multiply_adds = cost.multiply_adds;
  report.data = set_.name, report.data_sha256 = set_.sha256, report.init_sha256 = net_.init_sha256;
  return report;
}

}  // namespace

TrainReport train(const TrainRequest& request, const Rank& rank, const host::Task& task) {
  const Session& session = request.session;
  check(request.recipe), check(session);
  if (!request.paths.test_data.empty() && !session.test && session.resume.empty())
    throw Error(Exit::usage, "--test-data is for --test, which was not asked for",
                "with --test the best weights answer on it, once, at the end");
  return Run(session.resume.empty() ? request : resumed_request(request), rank, task).run();
}

}  // namespace dimple::train
