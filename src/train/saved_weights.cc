#include "train/saved_weights.h"

#include "host/fields.h"
#include "host/files.h"

namespace dimple::train {
namespace {

constexpr const char* kProgressKey = "train.progress";

image::Preprocess preprocess_of(const data::Dataset& set, const Recipe& recipe) {
  image::Preprocess p;
  p.width = set.width, p.height = set.height, p.channels = set.channels;
  p.normalise = recipe.standardise ? image::Normalise::standardise : image::Normalise::offset;
  p.margin_permille = set.framing.margin_permille, p.shift_permille = set.framing.shift_permille;
  return p;
}

}  // namespace

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
