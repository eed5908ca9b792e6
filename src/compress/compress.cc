#include "compress/compress.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "compile/for_codes.h"
#include "compile/metadata.h"
#include "compile/quantise.h"
#include "compress/loss_gradients.h"
#include "compress/original.h"
#include "compress/stages.h"
#include "compress/sweep.h"
#include "data/real_pictures.h"
#include "evaluate/layer_losses.h"
#include "host/fields.h"
#include "host/files.h"
#include "host/run_folder.h"
#include "inference/opened_model.h"
#include "profile/host_time.h"
#include "train/schedule.h"
#include "train/training.h"

namespace dimple::compress {
namespace {

namespace fs = std::filesystem;
using host::Error;
using host::Exit;

StageReport measured(const CompressRequest& request, const model::Model& model, const data::Dataset& set,
                     const std::string& file, const host::Task& task) {
  StageReport report;
  report.file = file;
  MeasureOptions options;
  options.test = request.training.session.test, options.seconds = request.timing_seconds;
  options.threads = request.training.session.threads;
  task.progress().start(0, "measuring");
  report.measurement = measure(model, set, options, task);
  task.progress().finish();
  return report;
}

class Run {
 public:
  Run(const CompressRequest& request, const host::Task& task);
  CompressReport run();
  const CompressReport& report() const { return report_; }
  void remove_folder() const { fs::remove_all(folder_); }

 private:
  fs::path file(size_t stage, const char* ending) const;
  std::string stage_name(size_t stage) const;
  void open_folder();
  bool run_stage(size_t stage, model::Model& model);
  bool train_stage(size_t stage, model::Model& model, StageReport& report);
  StageTools tools() const;
  void write_layer_report(const model::Model& model) const;
  void finish(const model::Model& model);
  void check_gates();

  const CompressRequest request_;
  const host::Task task_;
  const std::vector<Stage> stages_;
  const Original original_;
  const train::TrainRequest& training_ = original_.training;
  const data::Dataset& set_ = original_.set;
  const std::vector<int8_t> calibration_;
  const train::Stopwatch watch_;
  fs::path folder_;
  CompressReport report_;
};

Run::Run(const CompressRequest& request, const host::Task& task)
    : request_(request),
      task_(task),
      stages_(plan_stages(request_.methods)),
      original_(load_original(request_, task_)),
      calibration_(data::codes_of(set_, data::spread_rows(set_, data::Split::train, request_.methods.calibration),
                                  original_.model.preprocess.normalise)) {
  open_folder();
}

void Run::open_folder() {
  const train::Session& session = request_.training.session;
  if (session.resume.empty()) {
    folder_ = host::make_run_folder("compress", {session.runs, session.name});
    model::save_model((folder_ / "original.safetensors").string(), original_.model);
    host::write_atomic(folder_ / "args.toml", host::to_toml(request_));  // last: from here on it can be gone on with
  } else {
    folder_ = session.resume;
    host::remove_leftovers(folder_);
  }
  report_.folder = folder_.string(), report_.data = set_.name, report_.data_sha256 = set_.sha256;
}

std::string Run::stage_name(size_t stage) const {
  std::string name = fmt::format("{}-{}", stage + 1, stages_[stage].name);
  std::ranges::replace(name, ' ', '-');
  return name;
}

fs::path Run::file(size_t stage, const char* ending) const { return folder_ / (stage_name(stage) + ending); }

StageTools Run::tools() const {
  StageTools t;
  t.pictures = {calibration_, image::code_scale(original_.model.preprocess.normalise)};
  t.gradients = [this](const ir::Graph& graph) { return loss_gradients(graph, set_, training_.recipe, 2048); };
  t.time = [this](const ir::Graph& graph) {
    model::Model model = original_.model;
    model.graph = graph;
    return profile::measure_time(inference::open_model(model, "shrunk"), {.threads = 1, .seconds = 0.05}, task_)
        .whole.p50_us;
  };
  t.say = [this](const std::string& what) { task_.progress().say(what); };
  return t;
}

// False: stopped before it was over.
bool Run::train_stage(size_t stage, model::Model& model, StageReport& report) {
  const fs::path start = file(stage, ".start.safetensors"), folder = folder_ / "train" / stage_name(stage);
  if (!host::file_exists(start)) {
    model.graph = stages_[stage].begin(model.graph, tools());
    model::save_model(start.string(), model);
  }
  train::TrainRequest request = training_;
  request.recipe.arch = start.string(), request.recipe.init.clear(), request.recipe.width = 1;
  request.recipe.batch_norms = false, request.recipe.drop_path = 0;
  request.recipe.keep_zeros = true;
  stages_[stage].adapt(request.recipe);
  if (const double limit = training_.session.max_minutes; limit > 0)
    request.session.max_minutes = std::max(1e-3, limit - watch_.seconds() / 60);
  request.session.runs = folder_.string(), request.session.name = stage_name(stage), request.session.test = false;
  const bool begun = host::file_exists(folder / "weights" / "last.safetensors");
  request.session.resume = begun ? folder.string() : "";
  if (!begun) fs::remove_all(folder);
  const train::TrainReport trained = train::train(request, {}, task_);
  if (!trained.finished) return false;
  model::Model best = model::load_model((folder / "weights" / "best.safetensors").string());
  model.graph = std::move(best.graph);
  for (auto& [key, value] : best.metadata) model.metadata[key] = std::move(value);  // recipe, data, metrics
  report.epochs = static_cast<int64_t>(trained.epochs.size());
  report.seconds = trained.progress.elapsed_s;
  return true;
}

bool Run::run_stage(size_t stage, model::Model& model) {
  const fs::path result = file(stage, ".safetensors"), figures = file(stage, ".json");
  if (host::file_exists(result) && host::file_exists(figures)) {
    model = model::load_model(result.string());
    host::from_json(report_.stages.emplace_back(), host::parse_json(host::read_text(figures), figures.string()),
                    figures.string());
    return true;
  }
  task_.progress().say(fmt::format("stage {} of {}: {}", stage + 1, stages_.size(), stages_[stage].what));
  StageReport trained;
  if (stages_[stage].trains) {
    if (!train_stage(stage, model, trained)) return false;
  } else {
    if (request_.layer_report) write_layer_report(model);
    model.graph = stages_[stage].begin(model.graph, tools());
  }
  model.metadata["compressed"] += stages_[stage].what + "\n";
  model::save_model(result.string(), model);
  StageReport report = measured(request_, model, set_, result.filename().string(), task_);
  report.name = stages_[stage].name, report.what = stages_[stage].what;
  report.epochs = trained.epochs, report.seconds = trained.seconds;
  host::write_atomic(figures, host::to_json(report).dump(2) + "\n");
  report_.stages.push_back(report);
  return true;
}

// On the network as it is before it becomes integer.
void Run::write_layer_report(const model::Model& model) const {
  const auto rows = data::spread_rows(set_, data::Split::validation, 1000);
  if (rows.empty()) throw Error(Exit::input, "--layer-report: " + set_.name + " has no validation pictures");
  const std::vector<int8_t> codes = data::codes_of(set_, rows, model.preprocess.normalise);
  std::vector<int32_t> labels;
  for (const int32_t row : rows) labels.push_back(set_.label[static_cast<size_t>(row)]);
  const compile::CalibrationSet pictures = tools().pictures;
  const compile::Quantised made = compile::quantise_both(model.graph, pictures);
  evaluate::LayerLosses losses = evaluate::measure_layer_losses(made, model, pictures, {codes, labels},
                                                                {.threads = training_.session.threads}, task_);
  losses.model = model.graph.name;
  evaluate::write_layer_losses(folder_.string(), losses);
}

void Run::finish(const model::Model& model) {
  model::Model packed = model;
  if (packed.graph.input.dtype == DType::f32) packed.graph = compile::folded(packed.graph);
  model::save_model((folder_ / "model.safetensors").string(), packed);
  host::write_atomic(folder_ / "model.dimple", compile::plan(packed));
}

void Run::check_gates() {
  const Measurement& after = report_.stages.back().measurement;
  const double lost = 100 * (report_.stages.front().measurement.judged_accuracy() - after.judged_accuracy());
  report_.missed = evaluate::missed_gates(after.figures(), request_.fail_under);
  if (request_.within >= 0 && lost > static_cast<double>(request_.within))
    report_.missed.push_back(fmt::format("accuracy fell by {:.2f} points, more than {}", lost, request_.within));
}

CompressReport Run::run() {
  model::Model model = original_.model;
  const fs::path figures = folder_ / "original.json";
  if (host::file_exists(figures)) {
    host::from_json(report_.stages.emplace_back(), host::parse_json(host::read_text(figures), figures.string()),
                    figures.string());
  } else {
    StageReport report = measured(request_, model, set_, "original.safetensors", task_);
    report.name = "original", report.what = "as it was given";
    host::write_atomic(figures, host::to_json(report).dump(2) + "\n");
    report_.stages.push_back(report);
  }
  for (size_t i = 0; i < stages_.size(); ++i)
    if (!run_stage(i, model)) return report_;
  finish(model);
  report_.finished = true;
  check_gates();
  host::write_atomic(folder_ / "compress.json", host::to_json(report_).dump(2) + "\n");
  return report_;
}

void check(const CompressRequest& request) {
  check(request.methods);
  evaluate::missed_gates({}, request.fail_under);
  for (const std::string& gate : request.fail_under)
    if (!request.training.session.test && gate.substr(0, gate.find('=')) != "accuracy" && !gate.starts_with("acc="))
      throw Error(Exit::usage, fmt::format("--fail-under {} needs --test", gate),
                  "on validation pictures only the accuracy is measured");
  if (request.layer_report && request.methods.quantise.empty())
    throw Error(Exit::usage, "--layer-report is for --quantise ptq or qat");
  if (!request.sweep.empty() && (!request.fail_under.empty() || request.within >= 0))
    throw Error(Exit::usage, "--fail-under and --within are gates for one network, and --sweep makes several");
  train::check(request.training.recipe), train::check(request.training.session);
}

CompressRequest resumed(const CompressRequest& asked) {
  const std::string& folder = asked.training.session.resume;
  CompressRequest request;
  host::load_run_settings(request, folder, "compress", "a compression");
  request.training.session.resume = folder;
  request.training.session.max_minutes = asked.training.session.max_minutes;
  if (!asked.training.paths.data.empty()) request.training.paths.data = asked.training.paths.data;
  if (request.sweep.empty()) request.model = (fs::path(folder) / "original.safetensors").string();
  return request;
}

}  // namespace

CompressRequest::CompressRequest() {
  train::Recipe& recipe = training.recipe;
  recipe.optimiser = "adamw", recipe.learning_rate = 1e-3f, recipe.weight_decay = 0.01f;
  recipe.epochs = 20, recipe.warmup_epochs = 1;
  recipe.learn_ranges = true;
}

CompressReport compress(const CompressRequest& request, const host::Task& task) {
  const bool goes_on = !request.training.session.resume.empty();
  const CompressRequest asked = goes_on ? resumed(request) : request;
  check(asked);
  if (!asked.sweep.empty()) return sweep(asked, task);
  Run run(asked, task);
  try {
    return run.run();
  } catch (const host::Error& error) {
    if (task.cancelled()) return run.report();  // between two trainings, which save by themselves
    if (!goes_on && error.exit() == Exit::usage) run.remove_folder();  // what cannot be done takes no name
    throw;
  }
}

CompressReport measure_original(const CompressRequest& request, const host::Task& task) {
  const Original given = load_original(request, task);
  CompressReport report;
  StageReport& original = report.stages.emplace_back(measured(request, given.model, given.set, request.model, task));
  original.name = "original", original.what = "as it was given";
  report.finished = true, report.data = given.set.name, report.data_sha256 = given.set.sha256;
  return report;
}

}  // namespace dimple::compress
