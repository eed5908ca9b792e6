#include "train/run_files.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <sstream>
#include <thread>
#include <type_traits>

#include "host/fields.h"
#include "host/files.h"
#include "host/processor.h"
#include "nn/torch.h"
#include "plot/charts.h"

namespace dimple::train {
namespace {

constexpr const char* kLog = "log.jsonl";

std::string csv_of(const std::vector<EpochReport>& epochs) {
  std::string text;
  const EpochReport names;
  EpochReport::visit(names,
                     [&](const char* name, const auto&) { text += (text.empty() ? "" : ",") + std::string(name); });
  text += '\n';
  for (const EpochReport& epoch : epochs) {
    std::string line;
    EpochReport::visit(epoch, [&](const char*, const auto& v) {
      if (!line.empty()) line += ',';
      if constexpr (std::is_integral_v<std::decay_t<decltype(v)>>)
        line += fmt::format("{}", v);
      else
        line += fmt::format("{:.6g}", v);
    });
    text += line + "\n";
  }
  return text;
}

plot::Series series(const std::vector<EpochReport>& epochs, std::string name, double EpochReport::*field) {
  plot::Series s{std::move(name), {}, {}};
  for (const EpochReport& epoch : epochs) s.x.push_back(epoch.epoch), s.y.push_back(epoch.*field);
  return s;
}

std::string curves(const std::vector<EpochReport>& epochs) {
  using Epoch = EpochReport;
  return plot::line_charts(
      "Training",
      {{"Loss",
        "epoch",
        "cross-entropy",
        {series(epochs, "training", &Epoch::train_loss), series(epochs, "validation", &Epoch::val_loss)},
        true},
       {"Accuracy",
        "epoch",
        "share right",
        {series(epochs, "training", &Epoch::train_acc), series(epochs, "validation", &Epoch::val_acc),
         series(epochs, "validation, balanced", &Epoch::val_balanced_acc)},
        true},
       {"Learning rate", "epoch", "", {series(epochs, "learning rate", &Epoch::lr)}, true},
       {"Speed", "epoch", "pictures per second", {series(epochs, "training", &Epoch::img_per_s)}, true, true}});
}

constexpr const char* kProgressKey = "train.progress";

}  // namespace

image::Preprocess preprocess_of(const data::Dataset& set, const Recipe& recipe) {
  image::Preprocess p;
  p.width = set.width, p.height = set.height, p.channels = set.channels;
  p.normalise = recipe.standardise ? image::Normalise::standardise : image::Normalise::offset;
  p.margin_permille = set.framing.margin_permille, p.shift_permille = set.framing.shift_permille;
  return p;
}

host::Json environment() {
  utsname machine{};
  uname(&machine);
  return {{"host", host::processor_name()},
          {"system", fmt::format("{} {}", machine.sysname, machine.release)},
          {"machine", machine.machine},
          {"features", host::fast_features()},
          {"cores", std::thread::hardware_concurrency()},
          {"compiler", __VERSION__},
          {"libtorch", TORCH_VERSION},
          {"cuda", torch::cuda::is_available()}};
}

void write_results(const std::filesystem::path& folder, const std::vector<EpochReport>& epochs) {
  std::string lines;
  for (const EpochReport& epoch : epochs) lines += host::to_json(epoch).dump() + "\n";
  host::write_atomic(folder / kLog, lines);  // first: a resumed training reads it
  host::write_atomic(folder / "results.csv", csv_of(epochs));
  host::write_atomic(folder / "results.svg", curves(epochs));
}

std::vector<EpochReport> read_results(const std::filesystem::path& folder) {
  const std::filesystem::path log = folder / kLog;
  std::vector<EpochReport> epochs;
  if (!host::file_exists(log)) return epochs;
  std::istringstream lines(host::read_text(log));
  lines.exceptions(std::ios::badbit);  // a stream keeps for itself that memory has run out
  for (std::string line; std::getline(lines, line);)
    host::update_from_json(epochs.emplace_back(), host::parse_json(line, log.string()), log.string(),
                           host::Exit::input);
  return epochs;
}

SavedWeights::SavedWeights(const std::filesystem::path& folder, const data::Dataset& set, const Recipe& recipe,
                           const Trainer& trainer, std::vector<std::string> leaks)
    : folder_(folder / "weights"), set_(set), recipe_(recipe), trainer_(trainer), leaks_(std::move(leaks)) {}

model::Model SavedWeights::make_model(ir::Graph graph) const {
  model::Model m;
  m.graph = std::move(graph);
  m.labels = set_.labels;
  m.preprocess = preprocess_of(set_, recipe_);
  for (const std::string& leak : leaks_) m.metadata["leaks"] += leak + "\n";
  Recipe recipe = recipe_;
  recipe.shares = trainer_.shares();  // what 0 came to: the weights depend on it
  m.metadata.insert({{"recipe", host::to_toml(recipe)}, {"data", set_.name}, {"data.sha256", set_.sha256}});
  return m;
}

void SavedWeights::save_last() const {
  model::Checkpoint checkpoint{make_model(trainer_.latest()), trainer_.state()};
  checkpoint.model.metadata[kProgressKey] = host::to_json(trainer_.progress()).dump();
  model::save_checkpoint(last().string(), checkpoint);
}

void SavedWeights::save_best(const EpochReport& epoch) const {
  model::Model m = make_model(trainer_.averaged());
  host::Json metrics = host::to_json(epoch);
  for (const char* moment : {"time_s", "img_per_s"}) metrics.erase(moment);  // the same training is the same file
  m.metadata["metrics"] = metrics.dump();
  model::save_model(best().string(), m);
}

void SavedWeights::restore(Trainer& trainer) const {
  const std::string path = last().string();
  const model::Checkpoint checkpoint = model::load_checkpoint(path);
  const auto it = checkpoint.model.metadata.find(kProgressKey);
  if (it == checkpoint.model.metadata.end())
    throw host::Error(host::Exit::model, path + " holds a model, but no training to go on with");
  Progress progress;
  host::update_from_json(progress, host::parse_json(it->second, path, host::Exit::model), path, host::Exit::model);
  trainer.restore(progress, checkpoint.extra);
}

}  // namespace dimple::train
