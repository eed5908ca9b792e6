#include "train/training.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <optional>

#include "data/load.h"
#include "data/protocol.h"
#include "data/quarantine.h"
#include "data/split.h"
#include "data/split_file.h"
#include "edit/stochastic_depth.h"
#include "edit/surgery.h"
#include "evaluate/answer_files.h"
#include "host/fields.h"
#include "host/files.h"
#include "host/run_folder.h"
#include "host/sha256.h"
#include "ir/cost.h"
#include "ir/initialise.h"
#include "metrics/classification.h"
#include "model/card.h"
#include "model/model.h"
#include "model/state_dict.h"
#include "model/transfer.h"
#include "train/agreement.h"
#include "train/answer.h"
#include "train/freeze.h"
#include "train/ranks.h"
#include "train/run_log.h"
#include "train/test_pictures.h"
#include "zoo/architectures.h"

namespace dimple::train {
namespace {

namespace fs = std::filesystem;
using host::Error;
using host::Exit;
using host::Json;

constexpr const char* kProgressKey = "train.progress";

TrainRequest resumed(const TrainRequest& asked) {
  TrainRequest request = settings_in(asked.resume);
  request.resume = asked.resume;
  request.config.max_minutes = asked.config.max_minutes;  // a limit of this call, not of the training
  // The same data may lie elsewhere now: its checksum is compared.
  if (!asked.data.empty()) {
    if (request.test_data == request.data) request.test_data = asked.data;
    request.data = asked.data;
  }
  // What is learned depends on the shares that work at once, not on how many threads there are today.
  if (const fs::path around = fs::path(asked.resume) / "env.json";
      request.config.shares == 0 && host::file_exists(around))
    request.config.shares = host::parse_json(host::read_text(around), around.string()).value("shares", 0);
  request.load.force = request.load.force || asked.load.force;
  if (!asked.load.votes.empty()) request.load.votes = asked.load.votes;
  if (!asked.test_data.empty()) request.test_data = asked.test_data;
  return request;
}

data::Dataset load(const TrainRequest& request, const host::Task& task) {
  if (request.data.empty())
    throw Error(Exit::usage, "there is nothing to learn from", "name a dataset: dimple train fer2013.csv.xz");
  data::LoadOptions options = request.load;
  options.task = task;
  data::Dataset set =
      data::apply_protocol(request.protocol, data::load_dataset(request.data, options), {.fold = request.fold});
  data::check_trainable(set, request.load.force);
  for (const std::string& leak : data::leaks_of(set)) task.progress().say("forced: " + leak);
  const size_t all = data::rows_of(set, data::Split::train).size();
  if (const size_t kept = training_rows(set, request.config).size(); kept < all)
    task.progress().say(fmt::format("{} training pictures are left out: people do not agree about them", all - kept));
  if (set.target.empty() && request.config.vote_share > 0)
    task.progress().say(set.name + " comes without people's votes: training on its labels alone");
  return set;
}

// The votes are not part of the data's checksum, but the weights depend on them, as they do on a teacher.
std::string votes_sha256(const data::Dataset& set) { return set.votes.empty() ? "" : host::sha256(set.votes); }
std::string teacher_sha256(const TrainConfig& config) {
  return config.teacher.empty() ? "" : host::sha256_file(config.teacher);
}

image::Preprocess preprocess_of(const data::Dataset& set, const TrainConfig& config) {
  image::Preprocess p;
  p.width = set.width, p.height = set.height, p.channels = set.channels;
  p.normalise = config.standardise ? image::Normalise::standardise : image::Normalise::offset;
  p.margin_permille = set.framing.margin_permille, p.shift_permille = set.framing.shift_permille;
  return p;
}

class Run {
 public:
  Run(const TrainRequest& request, const host::Task& task) : request_(request), task_(task), set_(load(request, task)) {
    graph_ = zoo::make(
        request_.config.arch,
        {{set_.height, set_.width, set_.channels}, static_cast<int>(set_.labels.size()), request_.config.width});
    if (request_.config.batch_norms) edit::add_batch_norms(graph_);
    if (request_.config.drop_path > 0) drop_branches();
    ir::initialise(graph_, request_.config.seed);
    const bool fresh = request_.resume.empty();
    frozen_nodes(graph_, request_.config, 0);  // a wrong word is told before anything is made
    // By every rank: one that reads them alone would keep the others waiting, or fail alone.
    if (request_.test) test_pictures_.emplace(set_, request_, task_);
    if (fresh && !request_.config.init.empty()) start_from(request_.config.init);
    trainer_ = make_trainer(graph_, set_, request_.config);  // refuses bad settings before a folder is made
    if (!fresh) folder_ = request_.resume;
    if (!fresh && place_.leads())
      for (const fs::path& folder : {folder_, folder_ / "weights"}) host::remove_leftovers(folder);
    if (fresh && place_.leads()) folder_ = host::make_run_folder("train", {request_.runs, request_.name});
    if (place_.leads()) host::make_folder(folder_ / "weights");
    if (fresh && place_.leads()) write_settings();
    if (!fresh) restore();
  }

  TrainReport go();

 private:
  fs::path last() const { return folder_ / "weights" / "last.safetensors"; }
  fs::path best() const { return folder_ / "weights" / "best.safetensors"; }
  void write_settings() const;
  void drop_branches();
  void start_from(const std::string& weights);
  void restore();
  void save_last() const;
  void save_best(const EpochRow& row) const;
  std::vector<std::string> leaks() const;
  model::Model to_model(ir::Graph graph) const;
  void write_answers();
  void write_card(const evaluate::Answers& answers) const;

  TrainRequest request_;
  const host::Task task_;
  data::Dataset set_;
  ir::Graph graph_;
  std::optional<model::TransferReport> transferred_;
  std::string init_sha256_;  // of the weights it began with
  std::optional<TestPictures> test_pictures_;
  RankPlace place_ = rank_from_environment();
  fs::path folder_;  // rank 0 alone writes into it
  std::unique_ptr<Trainer> trainer_;
  std::vector<EpochRow> epochs_;
};

void Run::write_settings() const {
  host::write_atomic(folder_ / "args.toml", host::to_toml(request_));
  Json around = environment();
  around["processes"] = place_.world, around["threads"] = trainer_->threads(), around["shares"] = trainer_->shares();
  around["precision"] = trainer_->precision();
  host::write_atomic(folder_ / "env.json", around.dump(2) + "\n");
  Json lock{{"data", set_.name},
            {"sha256", set_.sha256},
            {"votes_sha256", votes_sha256(set_)},
            {"labels", set_.labels},
            {"protocol", data::find_protocol(request_.protocol, set_).name},
            {"fold", request_.fold},
            {"init_sha256", init_sha256_},
            {"teacher_sha256", teacher_sha256(request_.config)},
            {"split_sha256", host::sha256(data::split_csv(set_))}};
  for (const data::Split s : {data::Split::train, data::Split::validation, data::Split::test})
    lock["pictures"][data::name_of(s)] = data::rows_of(set_, s).size();
  host::write_atomic(folder_ / "data.lock.json", lock.dump(2) + "\n");
  if (!set_.quarantine.empty()) host::write_atomic(folder_ / "quarantine.csv", data::quarantine_csv(set_));
  if (transferred_) host::write_atomic(folder_ / "init.json", host::to_json(*transferred_).dump(2) + "\n");
}

void Run::drop_branches() {
  if (edit::set_stochastic_depth(graph_, request_.config.drop_path) == 0)
    throw Error(Exit::usage, request_.config.arch + " has no shortcuts beside branches that could be left out",
                "leave --drop-path at 0");
}

void Run::start_from(const std::string& weights) {
  transferred_ = model::transfer(model::load_state_dict(weights), graph_);
  init_sha256_ = host::sha256_file(weights);
  task_.progress().say(model::print(*transferred_));
}

void Run::restore() {
  if (!host::file_exists(last()))
    throw Error(Exit::usage, folder_.string() + " stopped before its first checkpoint", "start it again as a new run");
  const Json lock = host::parse_json(host::read_text(folder_ / "data.lock.json"), "data.lock.json");
  if (host::json_value<std::string>(lock, "sha256", "data.lock.json") != set_.sha256 ||
      host::json_value<std::string>(lock, "votes_sha256", "data.lock.json") != votes_sha256(set_))
    throw Error(Exit::input, request_.data + " is not the data this run began with",
                "its checksum differs from data.lock.json");
  init_sha256_ = lock.value("init_sha256", "");
  if (const std::string taught_by = teacher_sha256(request_.config);
      lock.value("teacher_sha256", taught_by) != taught_by)
    throw Error(Exit::input, request_.config.teacher + " is not the teacher this run began with",
                "its checksum differs from data.lock.json");
  // Who is on which side follows from subjects, protocol and fold as well; a run of before has no such checksum.
  if (lock.contains("split_sha256") && lock["split_sha256"] != host::sha256(data::split_csv(set_)))
    throw Error(Exit::input, "the pictures of " + request_.data + " are not split as when this run began",
                "the checksum of the split differs from data.lock.json");
  const model::Checkpoint checkpoint = model::load_checkpoint(last().string());
  const auto it = checkpoint.model.metadata.find(kProgressKey);
  if (it == checkpoint.model.metadata.end())
    throw Error(Exit::model, last().string() + " holds a model, but no training to go on with");
  Progress at;
  host::update_from_json(at, host::parse_json(it->second, last().string(), Exit::model), last().string(), Exit::model);
  trainer_->restore(at, checkpoint.extra);
  epochs_ = read_results(folder_);
  std::erase_if(epochs_, [&](const EpochRow& row) { return row.epoch > at.epoch; });
  // A kill may have come between the checkpoint and the best weights, which are then those of the checkpoint.
  const bool just_judged = at.batch_in_epoch == 0 && !epochs_.empty() && epochs_.back().epoch == at.epoch;
  if (just_judged && at.best_epoch == at.epoch && place_.leads()) save_best(epochs_.back());
}

std::vector<std::string> Run::leaks() const {
  std::vector<std::string> all = data::leaks_of(set_);
  if (test_pictures_) all.insert(all.end(), test_pictures_->leaks().begin(), test_pictures_->leaks().end());
  return all;
}

model::Model Run::to_model(ir::Graph graph) const {
  model::Model m;
  m.graph = std::move(graph);
  m.labels = set_.labels;
  m.preprocess = preprocess_of(set_, request_.config);
  for (const std::string& leak : leaks()) m.metadata["leaks"] += leak + "\n";
  TrainConfig recipe = request_.config;
  recipe.shares = trainer_->shares(), recipe.max_minutes = 0;  // as it was learned, in one go or in several
  m.metadata.insert({{"recipe", host::to_toml(recipe)}, {"data", set_.name}, {"data.sha256", set_.sha256}});
  return m;
}

void Run::save_last() const {
  model::Checkpoint checkpoint{to_model(trainer_->latest()), trainer_->state()};
  checkpoint.model.metadata[kProgressKey] = host::to_json(trainer_->progress()).dump();
  model::save_checkpoint(last().string(), checkpoint);
}

void Run::save_best(const EpochRow& row) const {
  model::Model m = to_model(trainer_->averaged());
  Json metrics = host::to_json(row);
  for (const char* moment : {"time_s", "img_per_s"}) metrics.erase(moment);  // the same training is the same file
  m.metadata["metrics"] = metrics.dump();
  model::save_model(best().string(), m);
}

// How the weights that are kept as the best answer on the validation pictures, at the end of the run.
void Run::write_answers() {
  evaluate::Answers answers{set_.labels, data::rows_of(set_, data::Split::validation), {}, {}};
  if (!host::file_exists(best())) return;
  if (!answers.rows.empty()) {
    for (const int32_t r : answers.rows) answers.labels.push_back(set_.label[static_cast<size_t>(r)]);
    answers.scores = answer(model::load_model(best().string()).graph, set_, answers.rows, request_.config);
    evaluate::write_answer_files(folder_, set_, answers);
  }
  write_card(answers);
}

// The card of what came out, with validation figures: a test set is looked at once, by `dimple report`.
void Run::write_card(const evaluate::Answers& answers) const {
  const auto figures = metrics::classify(answers.scores, answers.labels, static_cast<int>(answers.classes.size()));
  const ir::Cost cost = ir::estimate_cost(graph_);
  model::Card card;
  card.name = folder_.filename().string(), card.labels = set_.labels;
  const std::string& time = request_.config.time;
  card.summary = fmt::format("{} trained for {} epochs of {}; not yet tested.", request_.config.arch,
                             trainer_->progress().epoch, time.empty() ? std::to_string(request_.config.epochs) : time);
  card.licence = "that of the training data";
  card.input = fmt::format("{}x{}x{}", set_.width, set_.height, set_.channels);
  card.parameters = cost.parameters, card.multiply_adds = cost.multiply_adds, card.weight_bytes = cost.weight_bytes;
  card.training_data = fmt::format("{}, sha256 {}", set_.name, set_.sha256);
  card.test_data = answers.rows.empty()
                       ? "nothing: there are no validation pictures"
                       : "the validation split, which also chose the epoch: expect a little less elsewhere";
  card.command =
      fmt::format("dimple train --config {} --shares {}", (folder_ / "args.toml").string(), trainer_->shares());
  card.measured_on = environment().dump();
  card.limits = leaks();
  if (!answers.rows.empty())
    card.figures = {{"accuracy", figures.accuracy, {}, {}},
                    {"balanced accuracy", figures.balanced_accuracy, {}, {}},
                    {"macro F1", figures.f1_macro, {}, {}}};
  for (size_t c = 0; c < answers.classes.size() && !answers.rows.empty(); ++c) {
    const metrics::ClassFigures& f = figures.per_class[c];
    card.per_class.push_back({answers.classes[c], f.support, f.precision, f.recall, f.f1});
  }
  host::write_atomic(folder_ / "MODEL_CARD.md", model::print_card(card));
}

TrainReport Run::go() {
  const auto pictures = static_cast<int64_t>(data::rows_of(set_, data::Split::train).size());
  const bool validated = !data::rows_of(set_, data::Split::validation).empty();
  const double limit_s = request_.config.max_minutes * 60;
  const auto began = std::chrono::steady_clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count(); };
  const std::string of_all = request_.config.time.empty() ? fmt::format("/{}", request_.config.epochs) : "";
  const auto start_bar = [&] {
    task_.progress().start(pictures, fmt::format("epoch {}{}", trainer_->progress().epoch + 1, of_all));
  };

  Callbacks callbacks;
  if (place_.leads())
    callbacks.on_step = [&](int64_t n, double loss) { task_.progress().advance(n, fmt::format("loss {:.3f}", loss)); };
  callbacks.should_stop = [&] { return task_.cancelled() || (limit_s > 0 && seconds() > limit_s); };
  callbacks.on_checkpoint = [&] {
    if (place_.leads()) save_last();
  };
  callbacks.on_trouble = [&](const std::string& what) {
    if (place_.leads()) task_.progress().say(what);  // all of them see the same trouble
  };
  callbacks.on_epoch = [&](const EpochRow& row, bool is_best) {
    epochs_.push_back(row);
    if (!place_.leads()) return;
    task_.progress().finish();
    const std::string judged = validated ? fmt::format("  val loss {:.4f}  val accuracy {:.4f}{}", row.val_loss,
                                                       row.val_acc, is_best ? " *" : "  ")
                                         : "";
    task_.progress().say(fmt::format("epoch {:3}  train loss {:.4f}{}  {:.0f} pictures/s", row.epoch, row.train_loss,
                                     judged, row.img_per_s));
    // In this order: on the way back a row too many is dropped, and missing best weights are in the checkpoint.
    write_results(folder_, epochs_);
    save_last();
    if (is_best) save_best(row);
    start_bar();
  };

  if (place_.leads() && request_.resume.empty()) save_last();  // from here on a kill loses nothing
  if (place_.leads()) start_bar();
  TrainReport report;
  try {
    report.finished = trainer_->run(callbacks);
  } catch (const RankLost&) {  // the step that was not finished has left no trace in what is saved
    if (place_.leads()) save_last();
    throw;
  }
  task_.progress().finish();
  if (place_.leads()) {
    if (!report.finished) save_last();
    write_answers();
  }
  const ir::Cost cost = ir::estimate_cost(graph_);
  report.folder = folder_.string();
  report.leads = place_.leads();
  report.epochs = epochs_;
  report.validated = validated;
  report.best_val_acc = trainer_->progress().best_val_acc, report.best_epoch = trainer_->progress().best_epoch;
  report.threads = trainer_->threads(), report.precision = trainer_->precision();
  report.parameters = cost.parameters, report.multiply_adds = cost.multiply_adds;
  report.nan_skipped = trainer_->progress().nan_skipped, report.rollbacks = trainer_->progress().rollbacks;
  report.seconds = trainer_->progress().elapsed_s;
  report.data = set_.name, report.data_sha256 = set_.sha256, report.init_sha256 = init_sha256_;
  if (test_pictures_ && report.finished && place_.leads()) {
    report.test = test_pictures_->test(best().string());
    host::write_atomic(folder_ / "test.json", report.test.dump(2) + "\n");
  }
  return report;
}

}  // namespace

TrainRequest settings_in(const std::string& run_folder) {
  const fs::path args = fs::path(run_folder) / "args.toml";
  if (!host::file_exists(args))
    throw Error(Exit::usage, run_folder + " is not the folder of a training", "it has no args.toml");
  TrainRequest request;
  auto fields = host::fields_of(request);
  host::apply_settings(fields, {.config_path = args.string(), .verb = "train"});
  return request;
}

TrainReport train(const TrainRequest& request, const host::Task& task) {
  check(request.config);
  if (!request.test_data.empty() && !request.test && request.resume.empty())
    throw Error(Exit::usage, "--test-data is for --test, which was not asked for",
                "with --test the best weights answer on it, once, at the end");
  Run run(request.resume.empty() ? request : resumed(request), task);
  return run.go();
}

}  // namespace dimple::train
